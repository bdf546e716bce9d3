"""Relations between a wrong value and the arguments of the call, or what else the call returned."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np

from dojo.failures.clues.arrays import Pair, array_of, is_simple
from dojo.failures.clues.clue import Clue, Evidence
from dojo.support.text import sentence_start

# More than this many arguments are not compared.
_MOST = 60


@dataclasses.dataclass(frozen=True)
class Size:
    """A size that occurs among the arguments, and how a learner writes it: `len(x)`, `x.shape[1]`."""

    value: int
    written: str


def arrays_of(values: Mapping[str, object]) -> dict[str, np.ndarray]:
    """Those of the values that are arrays of numbers, as arrays."""
    found = {}
    for name, value in list(values.items())[:_MOST]:
        array = array_of(value)
        if array is not None and array.size:
            found[name] = array
    return found


def sizes_of(arguments: Mapping[str, object]) -> list[Size]:
    """The sizes above 1 that have one meaning: each is the first size of all arguments that have it, or occurs once.

    Also the number of entries of an argument with two dimensions or more, if no size is equal to it, and if it is not
    a power of 10: such a factor is as often a learning rate.
    """
    places: dict[int, list[tuple[str, int]]] = {}
    counts: dict[int, str] = {}
    for name, value in list(arguments.items())[:_MOST]:
        array = array_of(value)
        shape = array.shape if array is not None else (len(value),) if isinstance(value, (list, tuple, dict)) else ()
        for dimension, size in enumerate(shape):
            places.setdefault(size, []).append((name, dimension))
        if len(shape) > 1:
            counts.setdefault(int(np.prod(shape)), f"{name}.numel()")
    found = []
    for size, where in places.items():
        if size > 1 and (len(where) == 1 or all(dimension == 0 for _, dimension in where)):
            name, dimension = where[0]
            found.append(Size(size, f"{name}.shape[{dimension}]" if dimension else f"len({name})"))
    return found + [Size(size, text) for size, text in counts.items() if size not in (*places, 10, 100, 1000)]


def scalars_of(arguments: Mapping[str, object]) -> dict[str, float]:
    """The arguments that are one number, such as a learning rate."""
    arrays = arrays_of(arguments)
    return {name: float(array) for name, array in arrays.items() if array.ndim == 0 and array.dtype.kind != "b"}


def same_object(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the very object that was passed in, and its entries are those from before the call.

    Identity can't come about by chance.
    """
    for name in evidence.same_as if evidence.returned else ():
        before = array_of(evidence.arguments.get(name))
        if before is not None and np.array_equal(before, pair.actual, equal_nan=True):
            return Clue("is_argument", f"{evidence.start} is {name} itself, unchanged.")
    return None


def equal_to_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value equals one argument, and no other one.

    At least three different entries have to agree, or a single number has to be one that nobody writes by hand.
    """
    fitting = [name for name, array in arrays_of(evidence.arguments).items() if _is(pair, array)]
    if len(fitting) != 1:
        return None
    return Clue("equals_argument", f"{evidence.start} equals {fitting[0]}, as it was passed in.")


def other_item(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected value is another item of what was returned: the items are in the wrong places.

    At least three different entries have to agree, or a single number that nobody writes by hand; the wrong value
    must not be at that place too.
    """
    for name, value in evidence.results.items():
        array = array_of(value)
        if array is None or not _tells(pair, array) or not pair.equal(pair.expected, array):
            continue
        if array.shape == pair.actual.shape and pair.equal(pair.actual, array):
            continue
        return Clue("other_place", f"{sentence_start(name)} is what was expected here.")
    return None


def reduced_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the sum, the mean, … of one argument, over all of it or along one dimension.

    At least three different entries have to agree, or a single number that is not a round one. The names of the
    dimensions are stated, so the sentence is a fact even if the learner computed it in another way.
    """
    for name, array in arrays_of(evidence.arguments).items():
        if array.ndim == 0 or array.size < 3 or array.dtype.kind == "b":
            continue
        for words, reduced in reductions(array):
            if reduced.size == pair.actual.size and _is(pair, reduced.reshape(pair.actual.shape)):
                return Clue("reduced_argument", f"{evidence.start} equals the {words.format(name)}.")
    return None


def reductions(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
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
    if array.shape != pair.actual.shape or (array.dtype.kind == "b") != pair.is_bool:
        return False
    if not pair.equal(pair.actual, array) or pair.equal(pair.expected, array):
        return False
    return _tells(pair, array)


def _tells(pair: Pair, array: np.ndarray) -> bool:
    """Whether an array has so many different entries, or such a number, that nothing is equal to it by chance."""
    return pair.convincing(array) or (array.size == 1 and not is_simple(array.ravel()[0].item()))
