"""The assertions for the tests of katas. Each one raises a Mismatch that tells the learner what is wrong.

A comparison checks the type, the device, the dtype, the shape and then the values, so a wrong shape is never reported
as a wrong value, and nothing is broadcast. `actual` comes first and `expected` second, as in torch.testing.
`name` is what the message calls the value, for example "the gradient". It begins in lower case.
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

from dojo.failures.values import as_array, dtype_name, inline, kind_name, shape_words
from dojo.support.text import counted, is_plural, sentence_start, with_article
from dojo.testbed import torch_private
from dojo.testbed.devices import looser

# The relative and the absolute tolerance for each dtype, as in torch.testing.assert_close.
TOLERANCES = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}

# What the messages call the value that the learner's code returned.
RESULT = "your result"

# Types whose names could be mistaken for a dtype or for a tensor.
_PLAIN = ("bool", "int", "float", "complex", "str")


class Mismatch(AssertionError):
    """An answer is not what the step asks for. Tests may raise it themselves.

    Args:
        kind: a key of `dojo.course.failure_kinds.KINDS`.
        says: one or two sentences that tell the learner what is wrong.
        actual, expected: the values that were compared, for the report; leave them out if no values were.
        rtol, atol: the relative and the absolute tolerance of the comparison.
        name: what the messages call `actual`.

    Example:
        raise Mismatch("statement", "The list now holds different tensors. Update the given ones in place.")
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
    name: str = RESULT,
) -> None:
    """Check that `actual` is a tensor equal to `expected` in device, dtype, shape and values, in this order.

    Args:
        actual: the answer, any object.
        expected: a tensor, a NumPy array, a number or a nested list of numbers. Python floats get the default dtype.
            nan equals nan.
        device: the device that the answer must be on; only its type is compared, not its index. By default it is the
            device of `expected` if that is a tensor; otherwise the device is not checked.
        dtype: the dtype that the answer must have (default: the dtype of `expected`).
        rtol, atol: the relative and the absolute tolerance (default: those of torch.testing.assert_close for the
            dtype, and larger ones on a real accelerator). Integers and booleans must be equal.
        name: what the message calls the answer.

    Raises Mismatch of kind "type", "device", "dtype", "shape" or "value", and "cheating" if the answer's own `==`
    accepts everything.

    Example:
        assert_tensor(kata.double(x), [2.0, 5.0], device=device)
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
    """The relative and the absolute tolerance of a comparison: the given ones, or else the dtype's on the device."""
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
    """The kind of the first difference between two tensors, and a sentence about it; both empty if they are equal."""
    # isinstance would believe an object that sets __class__.
    if not issubclass(type(actual), torch.Tensor):
        return _claim(actual, name) or ("type", _not_a_tensor(actual, name))
    if not _is_ordinary(type(actual)):
        return "type", f"{_is(name)} {with_article(type(actual).__name__)}. {_it(name)} must be an ordinary tensor."
    if actual.layout is not torch.strided:
        return "type", f"{_is(name)} a sparse tensor. {_it(name)} must be an ordinary tensor."
    if place is not None and actual.device.type != place.type:
        return "device", f"{_is(name)} on {actual.device.type}. {_it(name)} must be on {place.type}."
    if actual.dtype != wanted.dtype:
        must = f"{_it(name)} must have dtype {dtype_name(wanted.dtype)}."
        return "dtype", f"{_has(name)} dtype {dtype_name(actual.dtype)}. {must}"
    if actual.shape != wanted.shape:
        return "shape", f"{_has(name)} {shape_words(actual.shape)}. {_it(name)} must have {shape_words(wanted.shape)}."
    difference = _difference(actual, wanted, rtol, atol)
    if difference and wanted.numel() == 1:
        shown, must = _apart(*(as_array(each).reshape(-1)[0].item() for each in (actual, wanted)))
        difference = f"{_is(name.rstrip(','))} {shown}. {_it(name)} must be {must}."
    elif difference and name != RESULT:
        difference = f"{sentence_start(name.rstrip(','))}: {difference[0].lower()}{difference[1:]}"
    return ("value", difference) if difference else ("", "")


def assert_value(actual: object, expected: object, *, tolerance: float = 1e-6, name: str = RESULT) -> None:
    """Check that `actual` is the plain Python value `expected`: first the type, then the value.

    Args:
        actual: the answer, any object. Its type must be exactly that of `expected`: a tensor or a bool is not an int.
        expected: a number, a string, None, or tuples, lists, dicts and sets of these.
        tolerance: the relative and absolute tolerance for floats, even inside tuples, lists and dicts. nan equals nan.
        name: what the message calls the answer.

    Raises Mismatch of kind "type" or "value", and "cheating" if the answer's own `==` accepts everything.

    Example:
        assert_value(kata.mean(x), 2.5, name="the mean")
    """
    __tracebackhide__ = True
    if not _same(actual, expected, tolerance):
        claim = _claim(actual, name) if type(actual) is not type(expected) else None
        kind, says = claim or _first_difference(actual, expected, tolerance, name)
        raise Mismatch(kind, says, actual=actual, expected=expected, rtol=tolerance, atol=tolerance, name=name)


@contextlib.contextmanager
def assert_unchanged(**inputs: Any) -> Iterator[None]:
    """Check that tensors and arrays have the same values, shape and dtype after the block as before.

    Args:
        inputs: the tensors and NumPy arrays, by the names that the message uses for them.

    Raises Mismatch of kind "mutated" with the name of the first input that changed.

    Example:
        with assert_unchanged(x=x):
            kata.double(x)
    """
    __tracebackhide__ = True
    before = {name: _snapshot(value) for name, value in inputs.items()}
    yield
    for name, value in inputs.items():
        after = _snapshot(value)
        as_it_was = (after.dtype, after.shape) == (before[name].dtype, before[name].shape)
        if not as_it_was or not np.array_equal(after, before[name], equal_nan=after.dtype.kind in "fc"):
            what = "values" if as_it_was else "dtype or the shape"
            raise Mismatch(
                "mutated",
                f"You changed the {what} of the argument {name}.",
                actual=value,
                expected=torch.from_numpy(before[name]) if isinstance(value, torch.Tensor) else before[name],
            )


def assert_shares_memory(actual: Any, other: Any, *, name: str = RESULT, other_name: str = "the input") -> None:
    """Check that two tensors or arrays share memory: `actual` is a view of `other`.

    Raises Mismatch of kind "memory". `other_name` is what the message calls `other`.
    """
    __tracebackhide__ = True
    if not shares_memory(actual, other):
        raise Mismatch(
            "memory",
            f"{sentence_start(name)} does not share memory with {other_name}. A change to one must show in the other.",
        )


def assert_owns_memory(actual: Any, other: Any, *, name: str = RESULT, other_name: str = "the input") -> None:
    """Check that two tensors or arrays do not share memory: `actual` is a copy.

    Raises Mismatch of kind "memory". `other_name` is what the message calls `other`.
    """
    __tracebackhide__ = True
    if shares_memory(actual, other):
        raise Mismatch(
            "memory",
            f"{sentence_start(name)} shares memory with {other_name}. It must be a copy.",
        )


def shares_memory(left: Any, right: Any) -> bool:
    """Whether the bytes from the first to the last element of two tensors or arrays overlap."""
    (left_start, left_end), (right_start, right_end) = _bytes_of(left), _bytes_of(right)
    return max(left_start, right_start) < min(left_end, right_end)


def assert_has_graph(actual: torch.Tensor, *, name: str = RESULT) -> None:
    """Check that autograd recorded how `actual` was computed. Raises Mismatch of kind "graph"."""
    __tracebackhide__ = True
    if actual.grad_fn is None:
        raise Mismatch("graph", f"{_has(name)} no graph, so no gradient can flow back.")


def assert_no_graph(actual: torch.Tensor, *, name: str = RESULT) -> None:
    """Check that `actual` has no graph and does not require grad. Raises Mismatch of kind "graph"."""
    __tracebackhide__ = True
    if actual.grad_fn is not None:
        raise Mismatch("graph", f"{_has(name)} a graph, because autograd recorded the computation.")
    if actual.requires_grad:
        raise Mismatch("graph", f"{sentence_start(name)} requires grad. {_it(name)} must not.")


@contextlib.contextmanager
def assert_raises(*kinds: type[BaseException], because: str) -> Iterator[None]:
    """Check that the block raises an error of one of these classes.

    Args:
        kinds: the classes. Other errors pass through. So does NotImplementedError, because a stub raises it, unless it
            is one of these classes.
        because: the message if the block raises no error.

    Raises Mismatch of kind "error_expected".

    Example:
        with assert_raises(ValueError, because="It accepts a negative length."):
            kata.zeros(-1)
    """
    __tracebackhide__ = True
    try:
        yield
    except kinds as error:
        if isinstance(error, NotImplementedError) and NotImplementedError not in kinds:
            raise
        return
    except Exception as error:
        with contextlib.suppress(Exception):
            error.expected_instead = " or ".join(kind.__name__ for kind in kinds)  # type: ignore[attr-defined]
        raise
    raise Mismatch("error_expected", because)


# Inside a dispatch mode, PyTorch can't make a tensor on a device like sim from a list of numbers, for example in
# `torch.tensor([1, 2], device="sim")` or `x[[0, 1]]`. It raises an error with these words.
_CANNOT_WATCH = "func != nullptr INTERNAL ASSERT FAILED"


class _Unwatched(TorchFunctionMode):
    """If a call fails inside a dispatch mode, repeats it without dispatch modes and counts it as one operator."""

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
        with torch_private.without_modes():
            return func(*args, **(kwargs or {}))


class Operators(torch_private.operator_mode()):  # type: ignore[misc]
    """Counts the operators that PyTorch runs inside a block, however the code spells them.

    Attributes:
        counts: a Counter of the operators by name, for example `aten::mul`.
        total: the sum of all counts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.counts: collections.Counter[str] = collections.Counter()
        self.unwatched = _Unwatched(self.counts)

    def __enter__(self) -> Operators:
        self.unwatched.__enter__()  # type: ignore[no-untyped-call]
        super().__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.unwatched.__exit__(*error)  # type: ignore[no-untyped-call]

    def __torch_dispatch__(
        self, func: Any, types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.counts[func.name().partition(".")[0]] += 1
        return func(*args, **(kwargs or {}))

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def count_operators() -> Operators:
    """Count the operators that PyTorch runs inside a block. Unlike the time, their number is always the same.

    Example:
        with count_operators() as operators:
            kata.pairwise(x)
        assert_operators(operators, 4, "Use no loop over the rows.")
    """
    return Operators()


def assert_operators(operators: Operators, at_most: int, because: str) -> None:
    """Check that at most `at_most` operators ran inside a block of count_operators.

    `because` says in a sentence what the step asks for. The message adds the counts.

    Raises Mismatch of kind "operators".
    """
    __tracebackhide__ = True
    if operators.total > at_most:
        most, times = operators.counts.most_common(1)[0]
        raise Mismatch(
            "operators",
            f"{because} Your code ran {operators.total} tensor operations ({most.removeprefix('aten::')} {times} "
            f"times). {at_most} {'is' if at_most == 1 else 'are'} enough.",
        )


class _Forbidden(TorchFunctionMode):
    """Refuses PyTorch's functions, even if they are called as a method or from torch.nn.functional."""

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


# A TorchFunctionMode does not see the functions of these modules, so forbid() replaces them in their modules.
_UNSEEN = ("torch.autograd", "torch.func", torch_private.FUNCTION_TRANSFORMS)


@contextlib.contextmanager
def forbid(*names: str, because: str) -> Iterator[None]:
    """Refuse some of PyTorch's functions, methods and classes inside the block.

    Args:
        names: full names, for example `torch.softmax`, `torch.Tensor.softmax`, `torch.nn.Linear`. They are refused
            even if the code imported them earlier, except for functions of torch.func and torch.autograd.
        because: the message if the code uses one of them.

    Raises Mismatch of kind "forbidden", and ValueError if this PyTorch lacks one of the names.

    Example:
        with forbid("torch.softmax", "torch.nn.functional.softmax", because="Write the formula of softmax yourself."):
            kata.softmax(x)
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
    """The kind and the sentence of a mismatch if an object of the learner's own class equals everything; else None."""
    if type(actual).__module__ in ("builtins", "numpy", "torch"):
        return None
    try:
        claims = (actual == object()) is True
    except Exception:
        return None
    says = f"{sentence_start(name)} says that it equals everything. Return an ordinary value."
    return ("cheating", says) if claims else None


def _is_ordinary(kind: type) -> bool:
    """Whether a tensor's type is one of PyTorch's own. A learner's subclass may lie about its values."""
    home = sys.modules.get(kind.__module__) if kind.__module__.partition(".")[0] == "torch" else None
    return kind is torch.Tensor or getattr(home, kind.__name__, None) is kind


def _not_a_tensor(actual: object, name: str) -> str:
    if actual is None:
        why = " A function without return returns None."
        return f"{sentence_start(name)} is None." + (why if name == RESULT else "")
    if isinstance(actual, torch.Tensor):
        kind = with_article(type(actual).__name__)
        return f"{sentence_start(name)} says that it is a tensor, but it is {kind}. It must be a tensor."
    return f"{_is(name)} {kind_of(actual)}. {_it(name)} must be a tensor."


def _difference(actual: torch.Tensor, wanted: torch.Tensor, rtol: float | None, atol: float | None) -> str:
    """A sentence about how two tensors of the same dtype and shape differ; empty if they are equal."""
    left, right = as_array(actual), as_array(wanted)
    if left.dtype.kind in "fc":
        relative, absolute = tolerances(actual.dtype, actual.device.type, rtol, atol)
        close = np.isclose(left, right, rtol=relative, atol=absolute, equal_nan=True)
    else:
        close = left == right
    if np.all(close):
        return ""
    return _count_of_wrong(close, left, right)


def _gaps(left: Any, right: Any) -> Any:
    """The absolute differences between two arrays of the same dtype; inf if one of two numbers is nan."""
    if left.dtype.kind == "b":
        return left != right
    wide = np.complex128 if left.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        gaps = np.abs(left.astype(wide) - right.astype(wide))
    return np.where(np.isnan(gaps), np.inf, gaps)


def _count_of_wrong(close: Any, left: Any, right: Any) -> str:
    """A sentence that says how many elements are not close to the expected ones, where, and by how much."""
    wrong = int(close.size - np.count_nonzero(close))
    text = f"{wrong} of {close.size} values {'differ' if wrong > 1 else 'differs'}"
    first = [int(i) for i in np.argwhere(~close)[0]]
    place = f"{'the first ' if wrong > 1 else ''}at {first}"
    if left.dtype.kind in "iu":
        return f"{text}, {place}: {left[tuple(first)]} instead of {right[tuple(first)]}."
    gaps = _gaps(left, right)
    largest = np.max(gaps[~close])
    if gaps.dtype.kind == "b" or not math.isfinite(largest):
        return f"{text}, {place}."
    if wrong == 1:
        return f"{text}, by {float(largest):.4g} at {first}."
    if bool(np.all(gaps[~close] == largest)):
        return f"{text}, {place}, each by {float(largest):.4g}."
    at = np.unravel_index(int(np.argmax(np.where(close, -1, gaps))), gaps.shape)
    return f"{text}. The largest difference is {float(largest):.4g}, at {[int(i) for i in at]}."


def _first_difference(actual: Any, expected: Any, tolerance: float, name: str, place: str = "") -> tuple[str, str]:
    """The kind of the first difference between two values that are not the same, and a sentence about it.

    place: where the values are inside the value that `name` names, for example `[0]['loss']`.
    """
    whole = f"entry {place} of {name}" if place else name
    if type(actual) is not type(expected):
        return "type", f"{_is(whole)} {kind_of(actual)}. {_it(whole)} must be {_kind_wanted(expected)}."
    if isinstance(expected, (list, tuple)):
        if len(actual) != len(expected):
            return "value", f"{_has(whole)} {counted(len(actual), 'item')}. {_it(whole)} must have {len(expected)}."
        places: list[Any] = list(range(len(expected)))
    elif isinstance(expected, dict):
        places = list(expected)
        missing = next((key for key in expected if key not in actual), None)
        extra = next((key for key in actual if key not in expected), None)
        if missing is not None:
            return "value", f"{_has(whole)} no entry {inline(missing)}."
        if extra is not None:
            return "value", f"{_has(whole)} an entry {inline(extra)}, which does not belong there."
    else:
        shown, wanted = _apart(actual, expected)
        return "value", f"{_is(whole)} {shown}. {_it(whole)} must be {wanted}."
    at = next(key for key in places if not _same(actual[key], expected[key], tolerance))
    return _first_difference(actual[at], expected[at], tolerance, name, f"{place}[{inline(at)}]")


def _apart(actual: Any, expected: Any) -> tuple[str, str]:
    """Two values of one type as text. Floats have at least 6 digits, and enough to tell them apart."""
    if isinstance(expected, float):
        for digits in range(6, 18):
            shown, wanted = (str(float(f"{value:.{digits}g}")) for value in (actual, expected))
            if shown != wanted:
                return shown, wanted
    return inline(actual), inline(expected)


def _same(left: Any, right: Any, tolerance: float) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(_same(a, b, tolerance) for a, b in zip(left, right, strict=True))
    if isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key], tolerance) for key in right)
    if isinstance(right, float):
        return math.isclose(left, right, rel_tol=tolerance, abs_tol=tolerance) or (left != left and right != right)
    return bool(left == right)


def _snapshot(value: Any) -> Any:
    return as_array(value).copy() if isinstance(value, torch.Tensor) else np.array(value, copy=True)


def _bytes_of(value: Any) -> tuple[int, int]:
    """The address of the first byte of a tensor's or array's elements, and the address after the last byte."""
    if isinstance(value, torch.Tensor):
        start, strides = value.data_ptr(), [int(stride) * value.itemsize for stride in value.stride()]
    else:
        start, strides = value.ctypes.data, list(value.strides)
    if 0 in value.shape:
        return start, start
    reach = [(size - 1) * stride for size, stride in zip(value.shape, strides, strict=True)]
    return start + sum(min(each, 0) for each in reach), start + sum(max(each, 0) for each in reach) + value.itemsize


def kind_of(value: object) -> str:
    """The type of a value in words: `a list`, `a NumPy array`, `a tensor`."""
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
    return with_article(kind_name(value))


def _kind_wanted(expected: object) -> str:
    """The type of an expected value in words: `a Python float`, `a list`, `None`."""
    if expected is None:
        return "None"
    kind = type(expected).__name__
    return f"a Python {kind}" if kind in _PLAIN else with_article(kind)


def _is(name: str) -> str:
    return f"{sentence_start(name)} {'are' if is_plural(name) else 'is'}"


def _has(name: str) -> str:
    return f"{sentence_start(name)} {'have' if is_plural(name) else 'has'}"


def _it(name: str) -> str:
    return "They" if is_plural(name) else "It"
