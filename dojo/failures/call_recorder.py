"""Records how a test calls a step. This happens only if a red test runs again, so green tests do not pay for it."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

from dojo.failures.clues.snapshots import CallValues, copies, own_state
from dojo.failures.failure import Call
from dojo.failures.values import Shown, inline, parameter_lines, show, show_named, source_lines
from dojo.testbed import torch_private

# A test may call a step thousands of times; this many calls are kept.
_MOST_CALLS = 50
# A call with more characters than this shows only the names of its long arguments, and describes them below.
_LONGEST_CALL = 62
_LONGEST_ARGUMENT = 20


class Observer:
    """Records the outermost calls of one step while a test runs."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        # For each call, copies of its values, for clues.
        self.values: list[CallValues] = []
        self._inside = False

    def wrap(self, function: Callable[..., Any], spelled: str, *, method: bool = False) -> Callable[..., Any]:
        """Wrap a function so that each outermost call is recorded; the function itself works as before.

        Args:
            function: the function. Its first argument is `self` if `method` is true.
            spelled: how the call is shown, without its arguments: `double`, `running_mean.add`.
        """

        @functools.wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            # Described before the call, because the call may change its arguments.
            with torch_private.unobserved():
                call = _describe(function, spelled, args, kwargs, method)
                given = _given(function, args, kwargs, method)
                values = _copied(given)
            self._inside = True
            index = len(self.calls)
            self.calls.append(call)
            self.values.append(values)
            try:
                result = function(*args, **kwargs)
            finally:
                self._inside = False
            with torch_private.unobserved():
                returned = None if call.creates else show(result)
            if index < len(self.calls):
                self.calls[index] = dataclasses.replace(call, returned=returned, result_id=id(result))
                with torch_private.unobserved(), contextlib.suppress(Exception):
                    self.values[index] = values.after(result, given)
            if len(self.calls) > _MOST_CALLS:
                # The first call of a class creates the object.
                del self.calls[1:-1], self.values[1:-1]
            return result

        return recorded

    def values_about(self, value: object) -> CallValues:
        """Copies of the values of the last call that `about` returns, and of the arguments that created the object."""
        pairs = list(zip(self.calls, self.values, strict=False))
        made = [values for call, values in pairs if call.creates][-1:]
        calls = [(call, values) for call, values in pairs if not call.creates]
        matching = [values for call, values in calls if value is not ... and call.result_id == id(value)]
        found = (matching or [values for _, values in calls] or made or [CallValues()])[-1]
        return dataclasses.replace(found, arguments={**(made[0].arguments if made else {}), **found.arguments})

    def about(self, value: object, shown: Shown | None = None) -> list[Call]:
        """The calls worth showing: the one that created the object, if any, and the last one that returned `value`.

        If no call returned `value`, the last call takes its place. `shown` is the value in words, with the digits that
        the report shows.
        """
        made = [call for call in self.calls if call.creates][-1:]
        calls = [call for call in self.calls if not call.creates]
        matching = [call for call in calls if value is not ... and call.result_id == id(value)]
        if matching and shown is not None and matching[-1].returned == show(value):
            matching[-1] = dataclasses.replace(matching[-1], returned=shown)
        return made + (matching[-1:] or calls[-1:])


@contextlib.contextmanager
def observed(module: types.ModuleType, step: str) -> Iterator[Observer]:
    """Record the calls of a step (a function, or a class and its public methods) inside the block."""
    observer = Observer()
    target = module.__dict__.get(step)
    with contextlib.ExitStack() as stack:
        if isinstance(target, type):
            instance = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", step).lower()
            spelled = {"__init__": step, "forward": instance, "__call__": instance}
            for name, member in list(vars(target).items()):
                if isinstance(member, types.FunctionType) and (name in spelled or not name.startswith("_")):
                    stack.callback(setattr, target, name, member)
                    shown = spelled.get(name, f"{instance}.{name}")
                    setattr(target, name, observer.wrap(member, shown, method=True))
        elif isinstance(target, types.FunctionType):
            stack.callback(module.__dict__.__setitem__, step, target)
            module.__dict__[step] = observer.wrap(target, step)
        yield observer


@dataclasses.dataclass(frozen=True)
class _Argument:
    """One argument of a call: `typed` is its value on one line, and `prefix` is "name=" or empty."""

    name: str
    value: object
    typed: str
    prefix: str = ""

    @property
    def is_brief(self) -> bool:
        return len(self.typed) <= _LONGEST_ARGUMENT and not self.typed.startswith("<") and not self.has_more

    @functools.cached_property
    def has_more(self) -> bool:
        """Whether one line does not show what matters: the source of a function, or the parameters of a module."""
        if getattr(self.value, "__name__", "") == self.typed:
            return bool(source_lines(self.value))
        return self.typed.endswith("(…)") or bool(parameter_lines(self.value))


def _describe(
    function: Callable[..., Any], spelled: str, args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> Call:
    """Describe a call that is about to be made."""
    creates = function.__name__ == "__init__"
    positional = list(zip(_parameter_names(function, len(args)), args, strict=True))[1 if method else 0 :]
    arguments = [_Argument(name, value, inline(value)) for name, value in positional]
    arguments += [_Argument(name, value, inline(value), f"{name}=") for name, value in kwargs.items()]
    typed = [argument.prefix + argument.typed for argument in arguments]
    text = f"{spelled}({', '.join(typed)})"
    # A large value is "<float32 tensor (3, 3)>"; a result of an operation has "grad_fn=<…>".
    if (
        len(text) <= _LONGEST_CALL
        and not any(re.match("[^=]*=<|<", each) for each in typed)
        and not any(argument.has_more for argument in arguments)
    ):
        return Call(text, creates=creates)
    parts = [argument.prefix + (argument.typed if argument.is_brief else argument.name) for argument in arguments]
    details = [show_named(argument.name, argument.value) for argument in arguments if not argument.is_brief]
    return Call(f"{spelled}({', '.join(parts)})", tuple(details), creates=creates)


def _given(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> dict[str, object]:
    """The arguments themselves, by name. If a method is called, the object's own attributes come first."""
    given: dict[str, object] = {}
    if method and args and function.__name__ != "__init__":
        given |= own_state(args[0])
    names = _parameter_names(function, len(args))
    first = 1 if method else 0
    return given | dict(zip(names[first:], args[first:], strict=False)) | kwargs


def _copied(given: dict[str, object]) -> CallValues:
    """Copies of arguments; no copies if copying fails."""
    try:
        return CallValues(copies(given))
    except Exception:
        # An argument may be an object of a class in the test, and such a class may not allow copies.
        return CallValues()


def _parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    """Names for `count` positional arguments; those of `*words` are words_1, words_2, …"""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "argument")
    return (names + [f"{rest}_{number}" for number in range(1, count - len(names) + 1)])[:count]
