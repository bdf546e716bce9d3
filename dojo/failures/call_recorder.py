"""Watching how a test calls a step: used only when a red test is run again, so it costs nothing when green."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from dojo.failures.calls import Call
from dojo.failures.clues.snapshots import CallValues, copies, own_state
from dojo.failures.values import inline, show

_KEPT = 50
_INLINE = 62


class Observer:
    """Records the outermost calls of one step while a test runs."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        # For each call, copies of its values, for clues.
        self.values: list[CallValues] = []
        self._inside = False

    def wrap(self, function: Callable[..., Any], spelled: str, *, method: bool = False) -> Callable[..., Any]:
        """`function`, recording each call from outside as `spelled(arguments)`; behaves as before otherwise."""

        @functools.wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            # Described before the call: the call may change its arguments.
            with _unseen():
                text, details = _describe(function, spelled, args, kwargs, method)
                given = _given(function, args, kwargs, method)
                values = _copied(given)
            creates = function.__name__ == "__init__"
            self._inside = True
            index = len(self.calls)
            self.calls.append(Call(text, details, creates=creates))
            self.values.append(values)
            try:
                result = function(*args, **kwargs)
            finally:
                self._inside = False
            with _unseen():
                returned = None if creates else show(result)
            if index < len(self.calls):
                self.calls[index] = Call(text, details, returned, id(result), creates)
                with _unseen(), contextlib.suppress(Exception):
                    self.values[index] = values.after(result, given)
            if len(self.calls) > _KEPT:
                # The first call made the object, where it is a class.
                del self.calls[1:-1], self.values[1:-1]
            return result

        return recorded

    def values_about(self, value: object) -> CallValues:
        """Copies of the values of the call that `about` shows last, with what made the object, if one was made."""
        pairs = list(zip(self.calls, self.values, strict=False))
        made = [values for call, values in pairs if call.creates][-1:]
        calls = [(call, values) for call, values in pairs if not call.creates]
        matching = [values for call, values in calls if value is not ... and call.result_id == id(value)]
        found = (matching or [values for _, values in calls] or made or [CallValues()])[-1]
        return dataclasses.replace(found, arguments={**(made[0].arguments if made else {}), **found.arguments})

    def about(self, value: object) -> list[Call]:
        """The calls worth showing: what made the object, if one was made, and the call that returned `value`.

        Where no call returned it, the last one.
        """
        made = [call for call in self.calls if call.creates][-1:]
        calls = [call for call in self.calls if not call.creates]
        matching = [call for call in calls if value is not ... and call.result_id == id(value)]
        return made + (matching[-1:] or calls[-1:])


@contextlib.contextmanager
def observed(module: types.ModuleType, step: str) -> Iterator[Observer]:
    """Record the calls of a step (a function, or a class and its public methods) inside the block."""
    observer = Observer()
    target = module.__dict__.get(step)
    with contextlib.ExitStack() as stack:
        if isinstance(target, type):
            spoken = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", step).lower()
            for name, member in list(vars(target).items()):
                if not isinstance(member, types.FunctionType) or (name.startswith("_") and name not in _SPOKEN):
                    continue
                spelled = {"__init__": step, "forward": spoken, "__call__": spoken}.get(name, f"{spoken}.{name}")
                stack.callback(setattr, target, name, member)
                setattr(target, name, observer.wrap(member, spelled, method=True))
        elif isinstance(target, types.FunctionType):
            stack.callback(module.__dict__.__setitem__, step, target)
            module.__dict__[step] = observer.wrap(target, step)
        yield observer


_SPOKEN = ("__init__", "__call__")


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """Keep what describing a value does from a test that counts operators or forbids names."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        yield
        return
    from torch.utils._python_dispatch import _disable_current_modes

    with torch._C.DisableTorchFunction(), _disable_current_modes():
        yield


def _describe(
    function: Callable[..., Any], spelled: str, args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> tuple[str, tuple[str, ...]]:
    given = args[1:] if method else args
    short = [inline(value) for value in given] + [f"{name}={inline(value)}" for name, value in kwargs.items()]
    text = f"{spelled}({', '.join(short)})"
    if len(text) <= _INLINE and not any(part.partition("=")[2].startswith("<") or part[0] == "<" for part in short):
        return text, ()
    names = _parameter_names(function, len(args))[1 if method else 0 :]
    spelled_args, details = [], []
    for name, value, word in zip(
        [*names, *kwargs],
        [*given, *kwargs.values()],
        [*short[: len(given)], *map(inline, kwargs.values())],
        strict=False,
    ):
        if len(word) <= 20 and not word.startswith("<"):
            spelled_args.append(f"{name}={word}" if name in kwargs else word)
            continue
        spelled_args.append(name if name not in kwargs else f"{name}={name}")
        shown = show(value)
        details.append(f"{name}: {shown.summary}")
        fits = len(shown.lines) <= 5
        details.extend("  " + line for line in (shown.lines if fits else [*shown.lines[:4], "…"]))
    return f"{spelled}({', '.join(spelled_args)})", tuple(details)


def _given(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> dict[str, object]:
    """The arguments themselves by name; of a method, what its object holds comes first."""
    given: dict[str, object] = {}
    if method and args and function.__name__ != "__init__":
        given |= own_state(args[0])
    names = _parameter_names(function, len(args))
    first = 1 if method else 0
    return given | dict(zip(names[first:], args[first:], strict=False)) | kwargs


def _copied(given: dict[str, object]) -> CallValues:
    try:
        return CallValues(copies(given))
    except Exception:
        # An argument of the test's own making may refuse to be copied.
        return CallValues()


def _parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "argument")
    return (names + [f"{rest}_{number}" for number in range(1, count - len(names) + 1)])[:count]
