"""The right numbers in another arrangement: shapes, transposes, orders, and sums that are still to be taken."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dojo.failures.clues.arguments import sizes_of
from dojo.failures.clues.arrays import Pair, is_simple
from dojo.failures.clues.clue import Clue, Evidence

# Permutations of more dimensions than this are not tried.
_DIMENSIONS = 5


def only_the_shape(evidence: Evidence, pair: Pair) -> Clue | None:
    """The shapes differ, and the numbers are the expected ones in the expected order.

    Without a rule against chance: all numbers agree, so the sentence says no more than the values show.
    """
    if pair.same_shape or pair.actual.size != pair.expected.size:
        return None
    if not pair.equal(pair.actual.ravel(), pair.expected.ravel()):
        return None
    ones = tuple(size for size in pair.actual.shape if size != 1) == tuple(s for s in pair.expected.shape if s != 1)
    if ones and pair.actual.ndim > pair.expected.ndim:
        return Clue("extra_dimension", f"The numbers are right, but {evidence.it} has {_dimensions(pair)} too many.")
    if ones and pair.actual.ndim < pair.expected.ndim:
        return Clue("missing_dimension", f"The numbers are right, but {evidence.it} lacks {_dimensions(pair)}.")
    return Clue("reshaped", f"The numbers and their order are right; only the shape of {evidence.it} is not.")


def _dimensions(pair: Pair) -> str:
    count = abs(pair.actual.ndim - pair.expected.ndim)
    return "a dimension of size 1" if count == 1 else f"{count} dimensions of size 1"


def permuted(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one with its dimensions in another order.

    At least three different entries have to agree, and at least two of them have to change places.
    """
    if pair.actual.ndim != pair.expected.ndim or not 2 <= pair.actual.ndim <= _DIMENSIONS:
        return None
    for order in itertools.permutations(range(pair.actual.ndim)):
        if order != tuple(range(pair.actual.ndim)) and pair.proves(pair.expected.transpose(order)):
            if pair.actual.ndim == 2:
                return Clue("transposed", f"{evidence.start} is the expected one transposed.")
            # order[i] is the dimension of the expected value that stands at i in the wrong one.
            return Clue("permuted", f"{evidence.start} has the expected dimensions in another order: {list(order)}.")
    return None


def flipped(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one in reverse order along one dimension; three different entries or more."""
    if not pair.same_shape:
        return None
    for dimension in range(pair.actual.ndim):
        if pair.proves(np.flip(pair.expected, dimension)):
            along = "" if pair.actual.ndim == 1 else f" along dimension {dimension}"
            return Clue("reversed", f"{evidence.start} is the expected one in reverse order{along}.")
    return None


def other_order(evidence: Evidence, pair: Pair) -> Clue | None:
    """The same entries, or the same rows, in another order; at least four of them are different."""
    if not pair.same_shape or pair.is_bool or not pair.wrong.any():
        return None
    if pair.actual.ndim > 1 and pair.actual.shape[0] > 2:
        rows = _sorted_rows(pair.actual), _sorted_rows(pair.expected)
        if pair.equal(*rows) and pair.distinct(pair.expected) >= 4:
            return Clue("other_order", f"The rows of {evidence.it} are the expected ones in another order.")
    if pair.actual.ndim > 1:
        for dimension in range(pair.actual.ndim):
            left, right = np.sort(pair.actual, axis=dimension), np.sort(pair.expected, axis=dimension)
            if pair.equal(left, right) and pair.distinct(pair.expected) >= 4:
                return Clue(
                    "other_order",
                    f"Along dimension {dimension}, {evidence.it} has the expected entries in another order.",
                )
    left, right = np.sort(pair.actual, axis=None), np.sort(pair.expected, axis=None)
    if not pair.equal(left, right) or pair.distinct(pair.expected) < 4:
        return None
    ordered = " It is sorted." if pair.actual.ndim == 1 and pair.equal(pair.actual, left) else ""
    return Clue("other_order", f"{evidence.start} has the expected entries in another order.{ordered}")


def _sorted_rows(array: np.ndarray) -> np.ndarray:
    flat = array.reshape(array.shape[0], -1)
    return flat[np.lexsort(flat.T[::-1])]


def shifted(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries or rows stand one place too early or too late; those that agree are convincing."""
    if not pair.same_shape or pair.actual.ndim == 0 or pair.actual.shape[0] < 3:
        return None
    if not pair.wrong.any() or not (pair.convincing(pair.expected[1:]) and pair.convincing(pair.expected[:-1])):
        return None
    what = evidence.unit(pair.actual.ndim)
    if pair.equal(pair.actual[1:], pair.expected[:-1]) and not pair.equal(pair.expected[1:], pair.expected[:-1]):
        return Clue("one_late", f"{evidence.start} is one {what} behind: its [1] is the expected [0], and so on.")
    if pair.equal(pair.actual[:-1], pair.expected[1:]) and not pair.equal(pair.expected[1:], pair.expected[:-1]):
        return Clue("one_early", f"{evidence.start} is one {what} ahead: its [0] is the expected [1], and so on.")
    return None


def too_many_or_few(evidence: Evidence, pair: Pair) -> Clue | None:
    """One dimension is too long or too short, and what both have is equal at one end.

    At least two different entries have to agree, or one that is not a round number.
    """
    if pair.actual.ndim != pair.expected.ndim:
        return None
    unequal = [d for d in range(pair.actual.ndim) if pair.actual.shape[d] != pair.expected.shape[d]]
    if len(unequal) != 1:
        return None
    dimension = unequal[0]
    own, wanted = pair.actual.shape[dimension], pair.expected.shape[dimension]
    common = min(own, wanted)
    if not common or not own:
        return None
    ends = (("at the end", slice(0, common)), ("at the beginning", slice(-common, None)))
    for place, part in ends:
        left, right = _along(pair.actual, dimension, part), _along(pair.expected, dimension, part)
        if pair.equal(left, right) and (pair.distinct(right) >= 2 or not is_simple(right.ravel()[0].item())):
            what = "column" if pair.actual.ndim == 2 and dimension == 1 else evidence.unit(pair.actual.ndim)
            what = what if abs(own - wanted) == 1 else "entries" if what == "entry" else f"{what}s"
            count = "one" if abs(own - wanted) == 1 else str(abs(own - wanted))
            if own < wanted:
                return Clue("too_few", f"{evidence.start} lacks {count} {what} {place}; the others are right.")
            return Clue("too_many", f"{evidence.start} has {count} {what} too many {place}; the others are right.")
    return None


def _along(array: np.ndarray, dimension: int, part: slice) -> np.ndarray:
    return array[(slice(None),) * dimension + (part,)]


def not_reduced(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected value is the sum, the mean, … of the wrong one, over all of it or along one dimension.

    The expected value has at least two different entries, or the wrong one at least three.
    """
    if pair.is_bool or pair.actual.size <= pair.expected.size or pair.distinct(pair.actual) < 3:
        return None
    for dimension in (None, *range(pair.actual.ndim)):
        for words, reduced in _reduced(pair.actual, dimension):
            if reduced.size == pair.expected.size and pair.equal(reduced.ravel(), pair.expected.ravel()):
                along = "" if dimension is None or pair.actual.ndim == 1 else f" along dimension {dimension}"
                if pair.expected.ndim and pair.expected.size > 1 and pair.distinct(pair.expected) < 2:
                    continue
                return Clue("not_reduced", f"The {words} of {evidence.it}{along} is what was expected.")
    square = pair.expected.ndim == 1 and pair.expected.size > 1 and pair.actual.shape == pair.expected.shape * 2
    if square and pair.equal(np.diagonal(pair.actual), pair.expected):
        return Clue("diagonal", f"The diagonal of {evidence.it} is what was expected.")
    return None


def _reduced(array: np.ndarray, dimension: int | None) -> Iterator[tuple[str, np.ndarray]]:
    with np.errstate(all="ignore"):
        yield "sum", np.asarray(array.sum(axis=dimension))
        yield "mean", np.asarray(array.mean(axis=dimension))
        yield "largest entry", np.asarray(array.max(axis=dimension))


def repeated(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one several times over, as broadcasting makes it; two different entries or more."""
    if pair.actual.size <= pair.expected.size or pair.distinct(pair.expected) < 2:
        return None
    for shape, along in _broadcastable(pair.expected.shape, pair.actual.ndim):
        try:
            wide = np.broadcast_to(pair.expected.reshape(shape), pair.actual.shape)
        except ValueError:
            continue
        if pair.equal(pair.actual, wide):
            return Clue("repeated", f"{evidence.start} holds the expected numbers {pair.actual.shape[along]} times.")
    return None


def _broadcastable(shape: tuple[int, ...], dimensions: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """A shape with one dimension of size 1 put in, at every place, and that place."""
    if len(shape) == dimensions - 1:
        for place in range(dimensions):
            yield (*shape[:place], 1, *shape[place:]), place


def reduced_away(evidence: Evidence, pair: Pair) -> Clue | None:
    """The wrong value is the sum, the mean, … of the expected one: a dimension was reduced that should stay.

    The expected value has at least three different entries; a single wrong number is compared with all of them.
    """
    if pair.is_bool or pair.actual.size >= pair.expected.size or pair.distinct(pair.expected) < 3:
        return None
    for dimension in (None, *range(pair.expected.ndim)):
        for words, reduced in _reduced(pair.expected, dimension):
            if reduced.size == pair.actual.size and pair.equal(reduced.ravel(), pair.actual.ravel()):
                along = "" if dimension is None or pair.expected.ndim == 1 else f" along dimension {dimension}"
                return Clue("reduced_away", f"{evidence.start} is the {words} of the expected entries{along}.")
    return None


def sizes_in_other_order(evidence: Evidence, pair: Pair) -> Clue | None:
    """The shape has the expected sizes in another order, and the sizes are not all equal. The numbers are wrong too."""
    own, wanted = pair.actual.shape, pair.expected.shape
    if own == wanted or sorted(own) != sorted(wanted) or len(own) < 2:
        return None
    return Clue(
        "sizes_in_other_order", f"{evidence.start} has the expected sizes in another order: {own}, not {wanted}."
    )


def pairs_of_all(evidence: Evidence, pair: Pair) -> Clue | None:
    """An (N, N) value was made where (N,) was expected: a column was broadcast against a row."""
    own, wanted = pair.actual.shape, pair.expected.shape
    if len(wanted) == 1 and wanted[0] > 1 and own == (wanted[0], wanted[0]):
        return Clue(
            "every_pair", f"{evidence.start} has an entry for every pair of {wanted[0]} and {wanted[0]} entries."
        )
    return None


# A property that slices of an array may have, how it is measured, and its value.
_PROPERTIES: tuple[tuple[str, Callable[..., Any], float], ...] = (
    ("sum to 1", np.sum, 1.0),
    ("have mean 0", np.mean, 0.0),
    ("have 0 as their largest entry", np.max, 0.0),
    ("have 0 as their smallest entry", np.min, 0.0),
    ("have 1 as their largest entry", np.max, 1.0),
    ("have norm 1", np.linalg.norm, 1.0),
    ("have standard deviation 1", np.std, 1.0),
)


def normalized_otherwise(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected rows (or columns) sum to 1, have mean 0, …; of the wrong value, the columns do, or all of it.

    Or the wrong rows have another such property. The shape is at least (2, 2); no slice is constant or has a property
    that the other dimension of the expected value has too, and the wrong value lacks the expected property.
    """
    if pair.is_bool or not pair.same_shape or pair.actual.ndim != 2 or min(pair.actual.shape) < 2:
        return None
    if pair.distinct(pair.actual) < 3 or not np.isfinite(pair.actual).all():
        return None
    for words, measure, goal in _PROPERTIES:
        for dimension, name, other in ((1, "rows", "columns"), (0, "columns", "rows")):
            if not _holds(pair, measure, goal, pair.expected, dimension):
                continue
            if _holds(pair, measure, goal, pair.actual, dimension):
                continue
            if _holds(pair, measure, goal, pair.expected, 1 - dimension):
                continue
            found = _property_of_yours(evidence, pair, dimension, (words, measure, goal))
            if found:
                return Clue("other_property", f"{found}; the {name} should {words}.".replace("{other}", other))
    return None


def _property_of_yours(
    evidence: Evidence, pair: Pair, dimension: int, wanted: tuple[str, Callable[..., Any], float]
) -> str:
    """The first part of a sentence: what the wrong value has in place of the wanted property; empty if nothing."""
    words, measure, goal = wanted
    if _holds(pair, measure, goal, pair.actual, 1 - dimension):
        return f"The {{other}} of {evidence.it} {words}"
    if _holds(pair, measure, goal, pair.actual.reshape(1, -1), 1):
        verb = words.replace("have", "has").replace("sum ", "sums ").replace("their", "its")
        return f"All of {evidence.it} together {verb}"
    name = ("columns", "rows")[dimension]
    for others, other_measure, other_goal in _PROPERTIES:
        holds = [_holds(pair, other_measure, other_goal, each, dimension) for each in (pair.actual, pair.expected)]
        if others != words and holds == [True, False]:
            return f"The {name} of {evidence.it} {others}"
    return ""


def _holds(pair: Pair, measure: Callable[..., Any], goal: float, array: np.ndarray, dimension: int) -> bool:
    with np.errstate(all="ignore"):
        values = measure(array, axis=dimension)
    return bool(np.isclose(values, goal, rtol=0, atol=max(1e-5, min(pair.atol, 1e-3))).all())


def each_slice(evidence: Evidence, pair: Pair) -> Clue | None:
    """Each row (or column) is the expected one times a number of its own, or plus a number of its own.

    There are at least two rows, with at least three different clear entries each, of which the last two or more
    prove what the first one sets; and the numbers differ from row to row. With more dimensions, slices along one of
    them take the place of the rows.
    """
    if pair.is_bool or not pair.same_shape or pair.actual.ndim < 2 or not np.isfinite(pair.actual).all():
        return None
    for dimension in range(pair.actual.ndim):
        name = ("row", "column")[dimension] if pair.actual.ndim == 2 else f"slice along dimension {dimension}"
        both = (np.moveaxis(each, dimension, 0) for each in (pair.actual, pair.expected))
        own, wanted = (each.reshape(each.shape[0], -1) for each in both)
        if len(own) < 2 or any(pair.distinct(row[pair.clear(row)]) < 3 for row in wanted):
            continue
        offsets = own[:, :1] - wanted[:, :1]
        if pair.distinct(offsets) > 1 and pair.equal(own, wanted + offsets):
            return Clue("offset_by_slice", f"In each {name} of {evidence.it}, every entry is off by the same amount.")
        largest = np.abs(wanted).argmax(axis=1)
        lines = np.arange(len(own))
        factors = (own[lines, largest] / wanted[lines, largest])[:, None]
        if pair.distinct(factors) > 1 and pair.equal(own, wanted * factors) and pair.clear(factors).all():
            return Clue(
                "factor_by_slice", f"Each {name} of {evidence.it} is the expected one times a number of its own."
            )
    return None


def size_of_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """One size is wrong, and both it and the expected size are sizes of the arguments that have one meaning each."""
    if pair.actual.ndim != pair.expected.ndim:
        return None
    sizes = {size.value: size.written for size in sizes_of(evidence.arguments)}
    for own, wanted in zip(pair.actual.shape, pair.expected.shape, strict=True):
        if own != wanted and own in sizes and wanted in sizes:
            return Clue(
                "other_size", f"A size of {evidence.it} is {own}, which is {sizes[own]}, not {wanted}, {sizes[wanted]}."
            )
    return None
