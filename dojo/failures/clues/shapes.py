"""The right numbers in another arrangement: shapes, transposes, orders, and sums that are missing."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dojo.failures.clues.arrays import Pair, is_simple, numbers_or_values
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence, plural

# Permutations of more dimensions than this are not tried.
_DIMENSIONS = 5


def only_the_shape(evidence: Evidence, pair: Pair) -> Clue | None:
    """The numbers are the expected ones in the expected order, and only the shapes differ.

    All numbers agree, so no further rule has to rule out a coincidence.
    """
    if not pair.equal(pair.actual.ravel(), pair.expected.ravel()):
        return None
    numbers = numbers_or_values(pair.expected)
    more = pair.actual.ndim - pair.expected.ndim
    sizes = [[size for size in each.shape if size != 1] for each in (pair.actual, pair.expected)]
    if not more or sizes[0] != sizes[1]:
        said = f"The {numbers} and their order are right, but the shape of {evidence.it} is not."
        return Clue("reshaped", said)
    ones = "one dimension of size 1" if abs(more) == 1 else f"{abs(more)} dimensions of size 1"
    if more > 0:
        return Clue("extra_dimension", f"The {numbers} are right, but {evidence.it} has {ones} too many.")
    return Clue("missing_dimension", f"The {numbers} are right, but {evidence.it} lacks {ones}.")


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
            said = f"{evidence.start} is the expected one with its dimensions in the order {list(order)}."
            return Clue("permuted", said)
    return None


def flipped(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one in reverse order along one dimension; three different entries or more."""
    for dimension in range(pair.actual.ndim):
        if pair.proves(np.flip(pair.expected, dimension)):
            along = _along(pair.actual, dimension)
            return Clue("reversed", f"{evidence.start} is the expected one in reverse order{along}.")
    return None


def other_order(evidence: Evidence, pair: Pair) -> Clue | None:
    """The same entries, or the same rows, in another order; at least four of them are different."""
    own, wanted = pair.actual, pair.expected
    if pair.distinct(wanted) < 4:
        return None
    if own.ndim > 1:
        if own.shape[0] > 2 and pair.equal(_sorted_rows(own), _sorted_rows(wanted)):
            units = plural(evidence.unit(own.ndim))
            return Clue("other_order", f"The {units} of {evidence.it} are the expected ones in another order.")
        for dimension in range(own.ndim):
            if pair.equal(np.sort(own, axis=dimension), np.sort(wanted, axis=dimension)):
                said = f"Along dimension {dimension}, {evidence.it} has the expected entries in another order."
                return Clue("other_order", said)
    ordered = np.sort(own, axis=None)
    if not pair.equal(ordered, np.sort(wanted, axis=None)):
        return None
    how = ", but sorted" if own.ndim == 1 and pair.equal(own, ordered) else " in another order"
    return Clue("other_order", f"{evidence.start} has the expected entries{how}.")


def _sorted_rows(array: np.ndarray) -> np.ndarray:
    flat = array.reshape(array.shape[0], -1)
    return flat[np.lexsort(flat.T[::-1])]


def shifted(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries or rows are one place too early or too late; those that agree are convincing."""
    if pair.actual.ndim == 0 or pair.actual.shape[0] < 3:
        return None
    first, last = pair.expected[:-1], pair.expected[1:]
    if not (pair.convincing(first) and pair.convincing(last)) or pair.equal(last, first):
        return None
    unit = evidence.unit(pair.actual.ndim)
    if pair.equal(pair.actual[1:], first):
        said = f"{evidence.start} is one {unit} late: its {unit} [1] is the expected {unit} [0], and so on."
        return Clue("one_late", said)
    if pair.equal(pair.actual[:-1], last):
        said = f"{evidence.start} is one {unit} early: its {unit} [0] is the expected {unit} [1], and so on."
        return Clue("one_early", said)
    return None


def too_many_or_few(evidence: Evidence, pair: Pair) -> Clue | None:
    """One dimension is too long or too short, and the entries at one of its ends are the expected ones.

    At least two different entries have to agree, or one that is not a round number.
    """
    own, wanted = pair.actual.shape, pair.expected.shape
    unequal = [d for d, sizes in enumerate(zip(own, wanted, strict=False)) if sizes[0] != sizes[1]]
    if len(own) != len(wanted) or len(unequal) != 1:
        return None
    dimension = unequal[0]
    more = own[dimension] - wanted[dimension]
    common = min(own[dimension], wanted[dimension])
    unit = evidence.unit(len(own), dimension)
    units = plural(unit)
    of = f" of dimension {dimension}" if unit == "slice" else ""
    count = f"one {unit}" if abs(more) == 1 else f"{abs(more)} {units}"
    for end, part in (("at the end", slice(0, common)), ("at the beginning", slice(-common, None))):
        places = (slice(None),) * dimension + (part,)
        left, right = pair.actual[places], pair.expected[places]
        if pair.equal(left, right) and (pair.distinct(right) >= 2 or not is_simple(right.ravel()[0].item())):
            kind, said = ("too_many", f"has {count} too many") if more > 0 else ("too_few", f"lacks {count}")
            return Clue(kind, f"{evidence.start} {said} {end}{of}. The other {units} are right.")
    return None


def not_reduced(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected value is the sum, the mean, … of the wrong one, over all of it or along one dimension.

    The wrong value has at least three different entries, and the expected one two, unless it is a single number.
    """
    if pair.is_bool or pair.actual.size <= pair.expected.size or pair.distinct(pair.actual) < 3:
        return None
    single = pair.expected.size == 1
    for words, reduced in _reductions(pair.actual):
        if pair.equal(reduced.ravel(), pair.expected.ravel()) and (single or pair.distinct(pair.expected) >= 2):
            return Clue("not_reduced", f"The {words.format(evidence.it)} is the expected value.")
    square = pair.expected.ndim == 1 and not single and pair.actual.shape == pair.expected.shape * 2
    if square and pair.equal(np.diagonal(pair.actual), pair.expected):
        return Clue("diagonal", f"The diagonal of {evidence.it} is the expected value.")
    return None


def reduced_away(evidence: Evidence, pair: Pair) -> Clue | None:
    """The wrong value is the sum, the mean, … of the expected one: a dimension that should stay was reduced.

    The expected value has at least three different entries. A single wrong number is compared with all of them.
    """
    if pair.is_bool or pair.actual.size >= pair.expected.size or pair.distinct(pair.expected) < 3:
        return None
    for words, reduced in _reductions(pair.expected):
        if pair.equal(reduced.ravel(), pair.actual.ravel()):
            said = words.format("the expected entries").replace("largest entry", "largest")
            return Clue("reduced_away", f"{evidence.start} is the {said}.")
    return None


def _reductions(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """The sum, the mean and the largest entry, over all of an array and along each dimension, in words."""
    with np.errstate(all="ignore"):
        for dimension in (None, *range(array.ndim)):
            along = "" if dimension is None else _along(array, dimension)
            yield f"sum of {{}}{along}", np.asarray(array.sum(axis=dimension))
            yield f"mean of {{}}{along}", np.asarray(array.mean(axis=dimension))
            yield f"largest entry of {{}}{along}", np.asarray(array.max(axis=dimension))


def _along(array: np.ndarray, dimension: int) -> str:
    return "" if array.ndim == 1 else f" along dimension {dimension}"


def repeated(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one several times over, as broadcasting makes it; two different entries or more."""
    if pair.actual.size <= pair.expected.size or pair.distinct(pair.expected) < 2:
        return None
    if pair.actual.ndim != pair.expected.ndim + 1:
        return None
    for place in range(pair.actual.ndim):
        try:
            wide = np.broadcast_to(np.expand_dims(pair.expected, place), pair.actual.shape)
        except ValueError:
            continue
        if pair.equal(pair.actual, wide):
            times = pair.actual.size // pair.expected.size
            return Clue("repeated", f"{evidence.start} holds the expected numbers {times} times.")
    return None


def sizes_in_other_order(evidence: Evidence, pair: Pair) -> Clue | None:
    """The shape has the expected sizes in another order. The numbers are wrong too."""
    own, wanted = pair.actual.shape, pair.expected.shape
    if sorted(own) != sorted(wanted):
        return None
    said = f"{evidence.start} has the expected sizes in another order: its shape is {own}, not {wanted}."
    return Clue("sizes_in_other_order", said)


def pairs_of_all(evidence: Evidence, pair: Pair) -> Clue | None:
    """The shape is (N, N), and (N,) was expected: a column was broadcast against a row."""
    own, wanted = pair.actual.shape, pair.expected.shape
    if len(wanted) == 1 and wanted[0] > 1 and own == wanted * 2:
        said = f"{evidence.start} has an entry for each pair (i, j), but one entry for each i was expected."
        return Clue("every_pair", said)
    return None


@dataclasses.dataclass(frozen=True)
class _Property:
    """A property that the rows or columns of an array may have: the measure of each of them is `goal`."""

    words: str
    measure: Callable[..., Any]
    goal: float

    def holds(self, pair: Pair, array: np.ndarray, axis: int) -> bool:
        """Whether all slices along an axis of an array have the property."""
        with np.errstate(all="ignore"):
            values = self.measure(array, axis=axis)
        return bool(np.isclose(values, self.goal, rtol=0, atol=max(1e-5, min(pair.atol, 1e-3))).all())


_PROPERTIES = (
    _Property("sum to 1", np.sum, 1.0),
    _Property("have mean 0", np.mean, 0.0),
    _Property("have 0 as their largest entry", np.max, 0.0),
    _Property("have 0 as their smallest entry", np.min, 0.0),
    _Property("have 1 as their largest entry", np.max, 1.0),
    _Property("have norm 1", np.linalg.norm, 1.0),
    _Property("have standard deviation 1 (divisor n)", np.std, 1.0),
)


def normalized_otherwise(evidence: Evidence, pair: Pair) -> Clue | None:
    """The expected rows sum to 1, have mean 0, …; in the wrong value, the columns do, or the value as a whole.

    Or the wrong rows have another such property. The shape is at least (2, 2). The wrong rows lack the expected
    property, and so do the expected columns. All of this holds with rows and columns exchanged too.
    """
    if pair.actual.ndim != 2 or min(pair.actual.shape) < 2:
        return None
    if pair.distinct(pair.actual) < 3 or not np.isfinite(pair.actual).all():
        return None
    for wanted in _PROPERTIES:
        for axis, name in ((1, "rows"), (0, "columns")):
            if not wanted.holds(pair, pair.expected, axis):
                continue
            if wanted.holds(pair, pair.actual, axis) or wanted.holds(pair, pair.expected, 1 - axis):
                continue
            found = _property_of_yours(evidence, pair, axis, wanted)
            if found:
                return Clue("other_property", f"{found}, but the {name} should {wanted.words}.")
    return None


def _property_of_yours(evidence: Evidence, pair: Pair, axis: int, wanted: _Property) -> str:
    """The first part of a sentence: what the wrong value has in place of the wanted property; empty if nothing."""
    own, other = ("columns", "rows") if axis == 0 else ("rows", "columns")
    if wanted.holds(pair, pair.actual, 1 - axis):
        return f"The {other} of {evidence.it} {wanted.words}"
    if wanted.holds(pair, pair.actual.reshape(1, -1), 1):
        verb = wanted.words.replace("have", "has").replace("sum ", "sums ").replace("their", "its")
        return f"{evidence.start} as a whole {verb}"
    for each in _PROPERTIES:
        if each.holds(pair, pair.actual, axis) and not each.holds(pair, pair.expected, axis):
            return f"The {own} of {evidence.it} {each.words}"
    return ""


def each_slice(evidence: Evidence, pair: Pair) -> Clue | None:
    """Each row (or column) is the expected one times a number, or plus a number, and the numbers differ.

    There are at least two rows, with at least three different clear entries each. One entry of a row sets its number,
    and the others prove it. With more dimensions, slices along one of them take the place of the rows.
    """
    if pair.actual.ndim < 2 or not np.isfinite(pair.actual).all():
        return None
    for dimension in range(pair.actual.ndim):
        both = (np.moveaxis(each, dimension, 0) for each in (pair.actual, pair.expected))
        own, wanted = (each.reshape(each.shape[0], -1) for each in both)
        if len(own) < 2 or any(pair.distinct(row[pair.clear(row)]) < 3 for row in wanted):
            continue
        kind, words = _number_by_row(pair, own, wanted)
        if kind:
            unit = evidence.unit(pair.actual.ndim, dimension)
            along = f" along dimension {dimension}" if unit == "slice" else ""
            said = f"Each {unit}{along} of {evidence.it} is the expected {unit} {words} a number"
            return Clue(kind, f"{said}, which is not the same for every {unit}.")
    return None


def _number_by_row(pair: Pair, own: np.ndarray, wanted: np.ndarray) -> tuple[str, str]:
    """The kind of clue and its word if each row of `own` is that of `wanted` plus or times a number; else empty."""
    offsets = own[:, :1] - wanted[:, :1]
    if pair.distinct(offsets) > 1 and pair.equal(own, wanted + offsets):
        return "offset_by_slice", "plus"
    largest = np.abs(wanted).argmax(axis=1)
    lines = np.arange(len(own))
    factors = (own[lines, largest] / wanted[lines, largest])[:, None]
    if pair.distinct(factors) > 1 and pair.equal(own, wanted * factors) and pair.clear(factors).all():
        return "factor_by_slice", "times"
    return "", ""


def size_of_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """One size is wrong. Both it and the expected size are sizes of the arguments with only one meaning."""
    if pair.actual.ndim != pair.expected.ndim:
        return None
    sizes = {size.value: size.written for size in evidence.sizes}
    for dimension, (own, wanted) in enumerate(zip(pair.actual.shape, pair.expected.shape, strict=True)):
        if own != wanted and own in sizes and wanted in sizes:
            found = f"Dimension {dimension} of {evidence.it} has size {own}, which is {sizes[own]}"
            return Clue("other_size", f"{found}. The expected size is {wanted}, which is {sizes[wanted]}.")
    return None
