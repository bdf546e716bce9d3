"""Relations between a wrong value and the arguments of the call, or other items that the call returned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dojo.failures.clues.arrays import Pair, array_of, is_simple
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence
from dojo.support.text import sentence_start


def same_object(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the very object that was passed in, and its entries are the same as before the call.

    Two values are never one object by chance.
    """
    for name in evidence.same_as if evidence.returned else ():
        before = evidence.arrays.get(name)
        if before is not None and np.array_equal(before, pair.actual, equal_nan=True):
            return Clue("is_argument", f"{evidence.start} is {name} itself, unchanged.")
    return None


def equal_to_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value equals one argument, and no other argument.

    At least three different entries have to agree, or a single number has to be one that nobody writes by hand.
    """
    fitting = [name for name, array in evidence.arrays.items() if _is(pair, array)]
    if len(fitting) != 1:
        return None
    return Clue("equals_argument", f"{evidence.start} equals {fitting[0]}, as it was passed in.")


def other_item(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected value is another item of what was returned: the items are in the wrong places.

    At least three different entries have to agree, or a single number that nobody writes by hand. The wrong value
    must not be at that place too.
    """
    for name, value in evidence.results.items():
        array = array_of(value)
        if array is None or not _tells(pair, array) or not pair.equal(pair.expected, array):
            continue
        if not pair.equal(pair.actual, array):
            return Clue("other_place", f"{sentence_start(name)} is the value that was expected here.")
    return None


def reduced_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the sum, the mean, … of one argument, over all of it or along one dimension.

    At least three different entries have to agree, or a single number that is not a round one. The dimension is
    named, so the sentence is a fact even if the learner computed the value in another way.
    """
    for name, array in evidence.arrays.items():
        if array.ndim == 0 or array.size < 3 or array.dtype.kind == "b":
            continue
        for words, reduced in _reductions(array):
            if reduced.size == pair.actual.size and _is(pair, reduced.reshape(pair.actual.shape)):
                return Clue("reduced_argument", f"{evidence.start} equals the {words.format(name)}.")
    return None


def _reductions(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Sums, means, … of an array over all entries and along each dimension, with words that name them."""
    values = array.astype(np.float64)
    with np.errstate(all="ignore"):
        for dimension in (None, *range(array.ndim if array.ndim > 1 else 0)):
            along = "{}" if dimension is None else f"{{}} along dimension {dimension}"
            yield f"mean of {along}", values.mean(axis=dimension)
            yield f"sum of {along}", values.sum(axis=dimension)
            yield f"largest entry of {along}", values.max(axis=dimension)
            yield f"smallest entry of {along}", values.min(axis=dimension)
            yield f"standard deviation (divisor n) of {along}", values.std(axis=dimension)
            if array.shape[dimension or 0] > 1:
                yield f"standard deviation (divisor n - 1) of {along}", values.std(axis=dimension, ddof=1)
            yield f"variance (divisor n) of {along}", values.var(axis=dimension)


def _is(pair: Pair, array: np.ndarray) -> bool:
    """Whether the wrong value is this array, more than by chance, and the expected value is not."""
    return (
        (array.dtype.kind == "b") == pair.is_bool
        and pair.equal(pair.actual, array)
        and not pair.equal(pair.expected, array)
        and _tells(pair, array)
    )


def _tells(pair: Pair, array: np.ndarray) -> bool:
    """Whether an array has so many different entries, or such a number, that nothing is equal to it by chance."""
    return pair.convincing(array) or (array.size == 1 and not is_simple(array.item()))
