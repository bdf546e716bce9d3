"""What tests assert with: every helper says what is wrong in the learner's terms.

Order of a comparison: type, device, dtype, shape, and only then values; so a wrong shape is never reported as a
wrong value, and nothing is broadcast. `actual` comes first, `expected` second, as in torch.testing.
"""

from __future__ import annotations

import collections
import contextlib
import math
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes

from dojo.failures.values import as_array, dtype_name, inline, shape_words
from dojo.support.text import with_article
from dojo.testbed.devices import looser

# Relative and absolute tolerance by dtype: those of torch.testing.assert_close.
TOLERANCES = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}


# Types whose name alone might be read as a dtype, or as a tensor's.
_PLAIN = ("bool", "int", "float", "complex", "str")


class Mismatch(AssertionError):
    """An answer is not what the step asks for.

    `kind` is one of failure.KINDS; `says` one or two sentences to the learner; `actual` and `expected` the values
    compared, where two values were; `rtol` and `atol` the tolerances; `name` what the messages call `actual`.
    """

    def __init__(
        self,
        kind: str,
        says: str,
        *,
        actual: object = ...,
        expected: object = ...,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        name: str = "",
    ) -> None:
        super().__init__(says)
        self.kind = kind
        self.says = says
        self.actual = actual
        self.expected = expected
        self.rtol = rtol
        self.atol = atol
        self.name = name


def assert_tensor(
    actual: object,
    expected: Any,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    name: str = "the answer",
) -> None:
    """Check that `actual` is a tensor equal to `expected` in device, dtype, shape and values, in that order.

    expected: a tensor, NumPy array or nested list; its dtype is the one asked for unless `dtype` is given. A
        nested list of Python floats asks for the default dtype.
    device: where the answer must live; not checked where it is None and `expected` is not a tensor.
    rtol, atol: tolerances; those of torch.testing for the dtype, widened on a real accelerator, where not given.
    name: what the messages call the value.

    Raises Mismatch.
    """
    __tracebackhide__ = True
    wanted = expected if isinstance(expected, torch.Tensor) else _wanted(expected)
    if dtype is not None:
        wanted = wanted.to(dtype)
    place = torch.device(device) if device is not None else wanted.device
    checks_device = device is not None or isinstance(expected, torch.Tensor)
    kind, says = _first_fault(actual, wanted, place if checks_device else None, rtol, atol, name)
    if kind:
        shown = wanted.to(place) if checks_device and place.type != "meta" else wanted
        relative, absolute = tolerances(shown.dtype, place.type, rtol, atol)
        raise Mismatch(kind, says, actual=actual, expected=shown, rtol=relative, atol=absolute, name=name)


def tolerances(dtype: torch.dtype, device: str, rtol: float | None, atol: float | None) -> tuple[float, float]:
    """The relative and the absolute tolerance of a comparison: those given, else those of the dtype on the device."""
    factor = looser(device)
    default_rtol, default_atol = TOLERANCES.get(dtype, (1e-7, 1e-7))
    return default_rtol * factor if rtol is None else rtol, default_atol * factor if atol is None else atol


def _first_fault(
    actual: Any,
    wanted: torch.Tensor,
    place: torch.device | None,
    rtol: float | None,
    atol: float | None,
    name: str,
) -> tuple[str, str]:
    """The kind of the first difference between an answer and what is wanted, and the sentence on it; empty if none."""
    # Not isinstance: an object may say that its class is another.
    if not issubclass(type(actual), torch.Tensor):
        return _claim(actual, name) or ("type", _not_a_tensor(actual, name))
    if not _is_ordinary(type(actual)):
        return "type", f"{_start(name)} is {with_article(type(actual).__name__)}; an ordinary tensor is asked for."
    if actual.layout is not torch.strided:
        return "type", f"{_start(name)} is a sparse tensor; an ordinary one is asked for."
    if place is not None and actual.device.type != place.type:
        return "device", f"{_start(name)} lives on {actual.device.type}; it must live on {place.type}."
    if actual.dtype != wanted.dtype:
        return "dtype", f"{_start(name)} has dtype {dtype_name(actual.dtype)}; it must be {dtype_name(wanted.dtype)}."
    if actual.shape != wanted.shape:
        return "shape", f"{_start(name)} has {shape_words(actual.shape)}; it must have {shape_words(wanted.shape)}."
    difference = _difference(actual, wanted, rtol, atol)
    if difference and name != "the answer":
        difference = f"{_start(name)}: {difference[0].lower()}{difference[1:]}"
    return ("value", difference) if difference else ("", "")


def assert_value(actual: object, expected: object, *, tolerance: float = 1e-6, name: str = "the answer") -> None:
    """Check that `actual` is the plain Python value `expected`: its type first, then its value.

    Numbers inside tuples, lists and dicts are compared within `tolerance` (relative and absolute). A tensor where
    a number is asked for is a mismatch of type, and so is a bool for an int. Raises Mismatch.
    """
    __tracebackhide__ = True
    if type(actual) is not type(expected):
        kind = type(expected).__name__ if expected is not None else "None"
        claim = _claim(actual, name)
        raise Mismatch(
            *(claim or ("type", f"{_start(name)} is {_kind(actual)}; it must be {_kind_wanted(kind)}.")),
            actual=actual,
            expected=expected,
            rtol=tolerance,
            atol=tolerance,
            name=name,
        )
    if not _same(actual, expected, tolerance):
        kind, says = _first_difference(actual, expected, tolerance, name)
        raise Mismatch(kind, says, actual=actual, expected=expected, rtol=tolerance, atol=tolerance, name=name)


@contextlib.contextmanager
def assert_unchanged(**inputs: Any) -> Iterator[None]:
    """Check that the tensors and arrays given by name hold the same values, shape and dtype after the block.

    Raises Mismatch of kind `mutated`, naming the first that changed.
    """
    __tracebackhide__ = True
    before = {name: _snapshot(value) for name, value in inputs.items()}
    yield
    for name, value in inputs.items():
        after = _snapshot(value)
        as_it_was = (after.dtype, after.shape) == (before[name].dtype, before[name].shape)
        if not as_it_was or not np.array_equal(after, before[name], equal_nan=after.dtype.kind in "fc"):
            lost = "has lost the values" if as_it_was else "finds another dtype or shape"
            raise Mismatch(
                "mutated",
                f"The input {name} was changed: whoever passed it in {lost}.",
                actual=value,
                expected=torch.from_numpy(before[name]) if isinstance(value, torch.Tensor) else before[name],
            )


def assert_shares_memory(actual: Any, other: Any, *, name: str = "the answer", other_name: str = "the input") -> None:
    """Check that a write through `actual` shows in `other` (tensors or arrays): a view. Raises Mismatch."""
    __tracebackhide__ = True
    if not shares_memory(actual, other):
        raise Mismatch(
            "memory",
            f"{_start(name)} has memory of its own: it must be the same memory as {other_name}, "
            "so that a change of one shows in the other.",
        )


def assert_owns_memory(actual: Any, other: Any, *, name: str = "the answer", other_name: str = "the input") -> None:
    """Check that a write through `actual` never shows in `other` (tensors or arrays): a copy. Raises Mismatch."""
    __tracebackhide__ = True
    if shares_memory(actual, other):
        raise Mismatch(
            "memory",
            f"{_start(name)} is the same memory as {other_name}: a change of one shows in the other. "
            "It must be a copy.",
        )


def shares_memory(left: Any, right: Any) -> bool:
    """Whether two tensors or arrays stand on overlapping bytes."""
    (left_start, left_end), (right_start, right_end) = _bytes_of(left), _bytes_of(right)
    return max(left_start, right_start) < min(left_end, right_end)


def assert_has_graph(actual: torch.Tensor, *, name: str = "the answer") -> None:
    """Check that autograd recorded how `actual` was computed. Raises Mismatch."""
    __tracebackhide__ = True
    if actual.grad_fn is None:
        raise Mismatch("graph", f"{_start(name)} has no graph behind it: no gradient can flow back from it.")


def assert_no_graph(actual: torch.Tensor, *, name: str = "the answer") -> None:
    """Check that no graph hangs on `actual`, and none will. Raises Mismatch."""
    __tracebackhide__ = True
    if actual.grad_fn is not None:
        raise Mismatch("graph", f"{_start(name)} still carries a graph: autograd recorded how it was computed.")
    if actual.requires_grad:
        raise Mismatch("graph", f"{_start(name)} is tracked: whatever is computed from it will be recorded.")


@contextlib.contextmanager
def assert_raises(*kinds: type[BaseException], because: str) -> Iterator[None]:
    """Check that the block raises one of `kinds`. `because` is the sentence for an answer that raises nothing.

    Raises Mismatch of kind `error_expected`; an error of another kind passes through.
    """
    __tracebackhide__ = True
    try:
        yield
    except kinds as error:
        # A stub's own error is a RuntimeError to Python, and no answer.
        if isinstance(error, NotImplementedError) and NotImplementedError not in kinds:
            raise
        return
    except Exception as error:
        with contextlib.suppress(Exception):
            error.expected_instead = " or ".join(kind.__name__ for kind in kinds)  # type: ignore[attr-defined]
        raise
    raise Mismatch("error_expected", because)


# From a list of numbers (`torch.tensor([1, 2], device="sim")`, `x[[0, 1]]`) PyTorch makes a tensor on a device of sim's
# kind in a way that no dispatch mode can watch, and fails in one with these words.
_CANNOT_WATCH = "func != nullptr INTERNAL ASSERT FAILED"


class _Unwatched(TorchFunctionMode):
    """Runs a call that can't be watched once more, without dispatch modes, and counts it as one operator."""

    def __init__(self, counts: collections.Counter[str]) -> None:
        super().__init__()
        self.counts = counts

    def __torch_function__(
        self, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        __tracebackhide__ = True
        try:
            return func(*args, **(kwargs or {}))
        except RuntimeError as error:
            if _CANNOT_WATCH not in str(error):
                raise
        self.counts[f"aten::{func.__name__}"] += 1
        with _disable_current_modes():
            return func(*args, **(kwargs or {}))


class Operators(TorchDispatchMode):
    """Counts the operators that PyTorch runs, by name (`aten::mul`), whatever way they were called."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counts: collections.Counter[str] = collections.Counter()
        self.unwatched = _Unwatched(self.counts)

    def __enter__(self) -> Operators:
        self.unwatched.__enter__()  # type: ignore[no-untyped-call]
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        self.unwatched.__exit__(*error)  # type: ignore[no-untyped-call]

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here; a mode that says otherwise imports torch._dynamo at its first use, for 2 s."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.counts[func._schema.name] += 1
        return func(*args, **(kwargs or {}))

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def count_operators() -> Operators:
    """A context that counts the operators run inside it: `with count_operators() as operators: …`."""
    return Operators()


def assert_operators(operators: Operators, at_most: int, because: str) -> None:
    """Check that no more than `at_most` operators ran. `because` says what the step asks for. Raises Mismatch."""
    __tracebackhide__ = True
    if operators.total > at_most:
        most, times = operators.counts.most_common(1)[0]
        raise Mismatch(
            "operators",
            f"{because} Yours ran {operators.total} tensor operations ({most.removeprefix('aten::')} {times} times); "
            f"{at_most} are enough.",
        )


class _Forbidden(TorchFunctionMode):
    """Refuses the functions named, in whatever spelling they are called (function, method, torch.nn.functional)."""

    def __init__(self, functions: list[Any], because: str) -> None:
        super().__init__()
        self.functions = functions
        self.because = because

    def __torch_function__(
        self, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        __tracebackhide__ = True
        if any(func is refused or func == refused for refused in self.functions):
            raise Mismatch("forbidden", self.because)
        return func(*args, **(kwargs or {}))


# Functions from these modules pass by a TorchFunctionMode: they are refused where they are looked up.
_UNSEEN = ("torch.autograd", "torch.func", "torch._functorch")


@contextlib.contextmanager
def forbid(*names: str, because: str) -> Iterator[None]:
    """Refuse the functions, methods and classes named (`torch.softmax`, `torch.nn.Linear`) inside the block.

    A name imported beforehand is refused too, but for functions of torch.func and torch.autograd. `because` is the
    sentence the learner reads. Raises Mismatch of kind `forbidden` when one of them is used, and ValueError for a
    name that is not in this PyTorch.
    """
    __tracebackhide__ = True
    found = [_resolve(name) for name in names]
    functions = [each for each in found if not isinstance(each, type)]

    def refuse(*args: object, **kwargs: object) -> None:
        __tracebackhide__ = True
        raise Mismatch("forbidden", because)

    with contextlib.ExitStack() as stack:
        for name, each in zip(names, found, strict=True):
            if isinstance(each, type):
                stack.callback(setattr, each, "__init__", each.__init__)  # type: ignore[misc]
                each.__init__ = refuse  # type: ignore[misc]
            elif getattr(each, "__module__", "").startswith(_UNSEEN):
                owner, _, attribute = name.rpartition(".")
                stack.callback(setattr, _resolve(owner), attribute, each)
                setattr(_resolve(owner), attribute, refuse)
        stack.enter_context(_Forbidden(functions, because))
        yield


def _resolve(name: str) -> Any:
    first, *parts = name.split(".")
    place: Any = torch if first == "torch" else None
    for part in parts:
        place = getattr(place, part, None)
    if place is None:
        raise ValueError(f"forbid({name!r}): there is no such name in this PyTorch")
    return place


def _wanted(expected: Any) -> torch.Tensor:
    if isinstance(expected, np.ndarray):
        return torch.from_numpy(np.ascontiguousarray(expected).reshape(expected.shape))
    return torch.tensor(expected)


def _claim(actual: object, name: str) -> tuple[str, str] | None:
    """A kind and a sentence where an answer of a type of its own says that it is equal to anything; else None."""
    if type(actual).__module__ in ("builtins", "numpy", "torch"):
        return None
    try:
        claims = (actual == object()) is True
    except Exception:
        return None
    return ("cheating", f"{_start(name)} claims to be equal to everything: it is no answer.") if claims else None


def _is_ordinary(kind: type) -> bool:
    """Whether a tensor's type is one of PyTorch's own: another may answer for its values as it likes."""
    home = sys.modules.get(kind.__module__) if kind.__module__.partition(".")[0] == "torch" else None
    return kind is torch.Tensor or getattr(home, kind.__name__, None) is kind


def _not_a_tensor(actual: object, name: str) -> str:
    if actual is None:
        why = " A function without return gives None, and so does a .grad that nothing has filled."
        return f"{_start(name)} is None." + (why if name == "the answer" else "")
    if isinstance(actual, torch.Tensor):
        return (
            f"{_start(name)} says of itself that it is a tensor, and is a {type(actual).__name__}: it must be a tensor."
        )
    return f"{_start(name)} is {_kind(actual)}; it must be a tensor."


def _difference(actual: torch.Tensor, wanted: torch.Tensor, rtol: float | None, atol: float | None) -> str:
    """What differs between two tensors of one dtype and shape, in words; empty where nothing does."""
    left, right = as_array(actual), as_array(wanted)
    if left.size == 0:
        return ""
    if left.dtype.kind in "fc":
        relative, absolute = tolerances(actual.dtype, actual.device.type, rtol, atol)
        close = np.isclose(left, right, rtol=relative, atol=absolute, equal_nan=True)
        wide = np.complex128 if left.dtype.kind == "c" else np.float64
        with np.errstate(all="ignore"):
            gap = np.abs(left.astype(wide) - right.astype(wide))
        gap = np.where(np.isnan(gap), np.inf, gap)
    else:
        close = left == right
        gap = np.abs(left.astype(object) - right.astype(object)) if left.dtype.kind != "b" else ~close
    wrong = int(close.size - np.count_nonzero(close))
    if not wrong:
        return ""
    if close.size == 1:
        return "The value is not the expected one."
    alike = wrong > 1 and bool(np.all(gap[~close] == gap[~close].flat[0]))
    gap = np.where(close, -1, gap)
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    text = f"{wrong} of {close.size} values {'differ' if wrong > 1 else 'differs'}"
    if left.dtype.kind == "b":
        return f"{text}, the first at {list(where)}."
    largest = gap[where]
    if not math.isfinite(largest):
        first = np.argwhere(~close)[0]
        return f"{text}, the first at {[int(i) for i in first]}."
    if alike:
        return f"{text}, the first at {list(where)}, each by {float(largest):.4g}."
    return f"{text}, most of all at {list(where)}: by {float(largest):.4g}."


def _first_difference(actual: Any, expected: Any, tolerance: float, name: str) -> tuple[str, str]:
    """The kind of the first difference between two values that are not the same, and a sentence on it."""
    if type(actual) is not type(expected):
        wanted = _kind_wanted(type(expected).__name__) if expected is not None else "None"
        return "type", f"{_start(name)} is {_kind(actual)}; it must be {wanted}."
    of = "" if name == "the answer" else f" of {name}"
    if isinstance(expected, (list, tuple)):
        if len(actual) != len(expected):
            return "value", f"{_start(name)} has {_items(len(actual))}; it must have {len(expected)}."
        for number, (own, other) in enumerate(zip(actual, expected, strict=True), start=1):
            if type(own) is not type(other) or not _same(own, other, tolerance):
                return _first_difference(own, other, tolerance, f"item {number} of {len(expected)}{of}")
    if isinstance(expected, dict):
        for key in expected:
            if key not in actual:
                return "value", f"{_start(name)} has nothing for {inline(key)}."
            if type(actual[key]) is not type(expected[key]) or not _same(actual[key], expected[key], tolerance):
                return _first_difference(actual[key], expected[key], tolerance, f"what stands at {inline(key)}{of}")
        extra = next((key for key in actual if key not in expected), None)
        if extra is not None:
            return "value", f"{_start(name)} has {inline(extra)} in it, which does not belong there."
    if name == "the answer" or isinstance(expected, (set, frozenset)):
        return "value", f"{_start(name)} is not the one expected."
    return "value", f"{_start(name)} is {inline(actual)}; it must be {inline(expected)}."


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(
            type(a) is type(b) and _same(a, b, tolerance) for a, b in zip(left, right, strict=True)
        )
    if isinstance(right, dict):
        return left.keys() == right.keys() and all(
            type(left[k]) is type(right[k]) and _same(left[k], right[k], tolerance) for k in right
        )
    if isinstance(right, float):
        return math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance) or (left != left and right != right)
    return bool(left == right)


def _snapshot(value: Any) -> Any:
    return as_array(value).copy() if isinstance(value, torch.Tensor) else np.array(value, copy=True)


def _bytes_of(value: Any) -> tuple[int, int]:
    """Where the first byte of a tensor's or array's numbers stands, and where the last one ends."""
    if isinstance(value, torch.Tensor):
        start, strides = value.data_ptr(), [int(stride) * value.itemsize for stride in value.stride()]
    else:
        start, strides = value.ctypes.data, list(value.strides)
    if 0 in value.shape:
        return start, start
    reach = [(size - 1) * stride for size, stride in zip(value.shape, strides, strict=True)]
    return start + sum(min(each, 0) for each in reach), start + sum(max(each, 0) for each in reach) + value.itemsize


def _kind(value: object) -> str:
    """`a list`, `a NumPy array`, `a tensor`, …: the type of a value in words."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "a NumPy array"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    if isinstance(value, np.generic):
        return f"a numpy.{type(value).__name__}"
    return with_article(type(value).__name__)


def _kind_wanted(kind: str) -> str:
    """The type asked for in words: `a Python float`, `a list`, `None`."""
    if kind in _PLAIN:
        return f"a Python {kind}"
    return kind if kind == "None" else with_article(kind)


def _start(name: str) -> str:
    return name[0].upper() + name[1:]


__all__ = [
    "Mismatch",
    "Operators",
    "assert_has_graph",
    "assert_no_graph",
    "assert_operators",
    "assert_owns_memory",
    "assert_raises",
    "assert_shares_memory",
    "assert_tensor",
    "assert_unchanged",
    "assert_value",
    "count_operators",
    "forbid",
    "shares_memory",
]
