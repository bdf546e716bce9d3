"""The right numbers in the wrong type, dtype or device, and values that are not numbers at all."""

from __future__ import annotations

import inspect
import sys
import types
from typing import Any

import numpy as np

from dojo.failures.clues.arrays import array_of, numbers_or_values, pair_of
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence, listed
from dojo.failures.values import dtype_name


def not_called(evidence: Evidence) -> Clue | None:
    """The value is a method, a function or a class, and something else was expected."""
    value = evidence.actual
    if callable(evidence.expected):
        return None
    if isinstance(value, type):
        return Clue("not_called", f"{evidence.start} is the class {value.__name__} itself, not an object made from it.")
    if isinstance(value, (types.MethodType, types.BuiltinMethodType, types.FunctionType)):
        said = f"{evidence.start} is the function {value.__name__} itself, not the result of calling it."
        return Clue("not_called", said)
    return None


def pair_of_results(evidence: Evidence) -> Clue | None:
    """The value is the tuple of tensors that a function of PyTorch returns, for example max with a dimension."""
    kind = type(evidence.actual)
    if kind.__module__ != "torch.return_types" or type(evidence.expected) is kind:
        return None
    fields = listed(getattr(kind, "__match_args__", ("several tensors",)))
    return Clue("pair_of_results", f"{evidence.start} is the whole tuple that {kind.__name__} returns: {fields}.")


def only_item(evidence: Evidence) -> Clue | None:
    """A tuple or list of one item was expected, and the value is that item."""
    expected = evidence.expected
    if type(expected) not in (tuple, list) or not isinstance(expected, (tuple, list)) or len(expected) != 1:
        return None
    pair = pair_of(evidence.actual, expected[0], evidence.rtol, evidence.atol)
    if pair is None or not pair.equal(pair.actual, pair.expected):
        return None
    kind = type(expected).__name__
    return Clue("only_item", f"{evidence.start} is right, but it must be the only item of a {kind}.")


def part_of_tuple(evidence: Evidence) -> Clue | None:
    """The value is a tuple or list (for example of torch.max), and one item of it is the expected value.

    No other item has the same shape and numbers.
    """
    value = evidence.actual
    if not isinstance(value, (tuple, list)) or type(value) is type(evidence.expected) or len(value) > 10:
        return None
    if isinstance(evidence.expected, (list, tuple)):
        return None
    fitting = [number for number, item in enumerate(value) if _same_value(evidence, item)]
    if len(fitting) != 1:
        return None
    fields = getattr(type(value), "__match_args__", ())
    called = f" ({fields[fitting[0]]})" if len(fields) == len(value) else ""
    count = "1 entry" if len(value) == 1 else f"{len(value)} entries"
    said = f"{evidence.start} has {count}. The expected value is entry [{fitting[0]}]{called}."
    return Clue("part_of_tuple", said)


def right_numbers(evidence: Evidence, kind: str) -> Clue | None:
    """The type, dtype or device is wrong, and the numbers are right, within the tolerance.

    kind: "type", "dtype" or "device", as the test found. Nothing is said if a shape differs as well.
    """
    if not _same_value(evidence, evidence.actual):
        return _other_dtype(evidence) if kind == "dtype" else None
    entries = numbers_or_values(array_of(evidence.expected))
    own, wanted = _attribute(evidence.actual, kind), _attribute(evidence.expected, kind)
    if kind == "type" or own == wanted:
        return Clue("only_the_type", f"The {entries} are right, but the type of {evidence.it} is not.")
    return Clue(f"only_the_{kind}", f"The {entries} are right, but the {kind} is {own}, not {wanted}.")


def _other_dtype(evidence: Evidence) -> Clue | None:
    """The dtype is wrong, and so are the numbers: they are the expected ones, truncated or rounded to integers."""
    own, wanted = array_of(evidence.actual), array_of(evidence.expected)
    if own is None or wanted is None or own.shape != wanted.shape or wanted.dtype.kind != "f" or own.dtype.kind != "i":
        return None
    for words, relation in (("truncated", np.trunc(wanted)), ("rounded", np.round(wanted))):
        if own.size and np.array_equal(own, relation):
            return Clue("rounded", f"{evidence.start} has the expected numbers, {words} to integers.")
    return None


def _same_value(evidence: Evidence, value: object) -> bool:
    """Whether a value has the shape and the numbers of the expected value. Integers must be equal."""
    wanted = array_of(evidence.expected)
    if wanted is not None and wanted.dtype.kind == "i":
        own = array_of(value)
        return own is not None and own.shape == wanted.shape and np.array_equal(own, wanted)
    pair = pair_of(value, evidence.expected, evidence.rtol, evidence.atol)
    return pair is not None and pair.equal(pair.actual, pair.expected)


def _attribute(value: object, kind: str) -> str:
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return dtype_name(value.dtype) if kind == "dtype" else str(value.device.type)
    return str(value.dtype) if isinstance(value, np.ndarray) and kind == "dtype" else ""


def is_generator(evidence: Evidence) -> Clue | None:
    """The value is a generator, and a container or a number was expected."""
    if inspect.isgenerator(evidence.actual) and not inspect.isgenerator(evidence.expected):
        said = f"{evidence.start} is a generator. It holds no values yet, and it can be read only once."
        return Clue("generator", said)
    return None
