"""The right numbers in the wrong type, dtype or device, and values that are no numbers at all."""

from __future__ import annotations

import inspect
import sys
import types
from typing import Any

import numpy as np

from dojo.failures.clues.arrays import array_of, pair_of
from dojo.failures.clues.clue import Clue, Evidence
from dojo.failures.values import dtype_name


def not_called(evidence: Evidence) -> Clue | None:
    """The value is a method, a function or a class, and something else was expected."""
    value = evidence.actual
    if callable(evidence.expected) or not isinstance(
        value, (types.MethodType, types.BuiltinMethodType, types.FunctionType, type)
    ):
        return None
    if isinstance(value, type):
        return Clue("not_called", f"{evidence.start} is the class {value.__name__} itself, not an object made from it.")
    return Clue(
        "not_called", f"{evidence.start} is the function {value.__name__}, which was not called: () is missing."
    )


def pair_of_results(evidence: Evidence) -> Clue | None:
    """The value is a pair that a function of PyTorch returns, such as max with a dimension."""
    kind = type(evidence.actual)
    if kind.__module__ != "torch.return_types" or type(evidence.expected) is kind:
        return None
    return Clue(
        "pair_of_results", f"{evidence.start} is all that {kind.__name__} returns with a dimension: two tensors."
    )


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
    """The value is a tuple or list (such as torch.max returns), and one item of it is the expected value.

    The expected value has at least two entries, or is the only item of its shape and dtype.
    """
    value = evidence.actual
    if not isinstance(value, (tuple, list)) or type(value) is type(evidence.expected) or len(value) > 10:
        return None
    expected = array_of(evidence.expected)
    if expected is None or type(evidence.expected) in (list, tuple):
        return None
    fitting = [number for number, item in enumerate(value) if _same_value(evidence, item)]
    if len(fitting) != 1:
        return None
    fields = getattr(type(value), "__match_args__", ())
    field = fields[fitting[0]] if len(fields) == len(value) else ""
    which = f"entry [{fitting[0]}]" + (f", {field}" if isinstance(field, str) and field else "")
    return Clue("part_of_tuple", f"{evidence.start} has {len(value)} entries; the expected value is {which}.")


def right_numbers(evidence: Evidence, kind: str) -> Clue | None:
    """The type, dtype or device is wrong, and the numbers are right, within the tolerance.

    kind: "type", "dtype" or "device", as the test found. Nothing is said if a shape differs as well.
    """
    if not _same_value(evidence, evidence.actual):
        return _other_dtype(evidence) if kind == "dtype" else None
    own, wanted = _attribute(evidence.actual, kind), _attribute(evidence.expected, kind)
    if kind == "type" or not own or not wanted or own == wanted:
        return Clue("only_the_type", f"The numbers are right; only the type of {evidence.it} is not.")
    return Clue(f"only_the_{kind}", f"The numbers are right; only the {kind} is not: it is {own}.")


def _other_dtype(evidence: Evidence) -> Clue | None:
    """The dtype is wrong, and so are the numbers: they are the expected ones, cut off or rounded to integers."""
    own, wanted = array_of(evidence.actual), array_of(evidence.expected)
    if own is None or wanted is None or own.shape != wanted.shape or wanted.dtype.kind != "f" or own.dtype.kind == "f":
        return None
    if own.dtype.kind == "i" and own.size:
        for words, relation in (("cut off", np.trunc(wanted)), ("rounded", np.round(wanted))):
            if np.array_equal(own, relation) and np.count_nonzero(own != wanted):
                return Clue("rounded", f"{evidence.start} has integers: the expected numbers, {words}.")
    return None


def _same_value(evidence: Evidence, value: object) -> bool:
    """Whether a value has the shape and the numbers of the expected value: exactly if integers are expected."""
    wanted = array_of(evidence.expected)
    if wanted is not None and wanted.dtype.kind in "iu":
        own = array_of(value)
        return own is not None and own.shape == wanted.shape and np.array_equal(own, wanted)
    pair = pair_of(value, evidence.expected, evidence.rtol, evidence.atol)
    return pair is not None and pair.equal(pair.actual, pair.expected)


def _attribute(value: object, kind: str) -> str:
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return dtype_name(value.dtype) if kind == "dtype" else str(value.device.type)
    if isinstance(value, np.ndarray) and kind == "dtype":
        return str(value.dtype)
    return ""


def is_generator(evidence: Evidence) -> Clue | None:
    """The value is a generator, and a container or a number was expected."""
    if inspect.isgenerator(evidence.actual) and not inspect.isgenerator(evidence.expected):
        return Clue("generator", f"{evidence.start} is a generator: it holds no values, and can be read only once.")
    return None
