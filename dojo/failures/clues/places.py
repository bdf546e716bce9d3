"""Right except in some places: the first row, the diagonal, where an argument is negative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import comb

import numpy as np

from dojo.failures.clues.arrays import Pair, written
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence, plural


def except_one_slice(evidence: Evidence, pair: Pair) -> Clue | None:
    """All wrong entries are in one row or column, or on, above or below the diagonal. Or all right entries are.

    At least two entries are wrong and at least two are right. If k of n entries are wrong, the chance that they are
    together is about the number of slices divided by C(n, k). It must be at most 1 in 20.
    """
    wrong = pair.wrong
    if wrong.ndim != 2 or min(wrong.shape) < 2:
        return None
    count, total = int(np.count_nonzero(wrong)), wrong.size
    if count < 2 or total - count < 2 or comb(total, count) < 20 * sum(wrong.shape):
        return None
    for word, marked in (("wrong", wrong), ("right", ~wrong)):
        holding = [(words, inside) for words, inside in _slices(*wrong.shape) if not marked[~inside].any()]
        for words, inside in holding:
            if marked[inside].all():
                return Clue("one_slice", f"Only {words} of {evidence.it} is {word}.")
        if holding:
            return Clue("one_slice", f"All {word} entries of {evidence.it} are in {holding[0][0]}.")
    return None


def _slices(rows: int, columns: int) -> Iterator[tuple[str, np.ndarray]]:
    """Parts of a matrix, in words and as a mask."""
    numbers = np.indices((rows, columns))
    for axis, what, place, size in ((0, "row", "[{}]", rows), (1, "column", "[:, {}]", columns)):
        for number in range(size):
            ends = {0: f"the first {what}", size - 1: f"the last {what}"}
            yield ends.get(number, f"{what} {place.format(number)}"), numbers[axis] == number
    if rows == columns:
        yield "the diagonal", numbers[0] == numbers[1]
        yield "the part above the diagonal", numbers[0] < numbers[1]
        yield "the part below the diagonal", numbers[0] > numbers[1]


def except_where_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The wrong entries are exactly those at which an argument of the same shape meets a condition.

    The condition and its opposite both occur. If k of n entries are wrong, C(n, k) is at least 10; for rare
    conditions (nan, 0, infinite, equal to another argument) at least 3.
    """
    for name, array in evidence.arrays.items():
        if array.shape == pair.actual.shape and array.dtype.kind != "b":
            words = _condition(array.astype(np.float64), pair.wrong, evidence.numbers)
            if words:
                return Clue("where_argument", f"{evidence.start} is right except where {name} is {words}.")
    return None


def except_where_expected(evidence: Evidence, pair: Pair) -> Clue | None:
    """The wrong entries are exactly those at which the expected value meets a condition. The rule is the same."""
    words = _condition(pair.expected, pair.wrong, {})
    if not words:
        return None
    return Clue("where_expected", f"{evidence.start} is right except where the expected entry is {words}.")


def _condition(values: np.ndarray, wrong: np.ndarray, numbers: Mapping[str, float]) -> str:
    """The first condition that holds at all wrong entries and at no other entry; empty if there is none.

    A condition that may fit by chance does not count.
    """
    cases = comb(wrong.size, int(np.count_nonzero(wrong)))
    for words, mask, rare in _conditions(values, numbers):
        if np.array_equal(mask, wrong) and cases >= (3 if rare else 10):
            return words
    return ""


def _conditions(values: np.ndarray, numbers: Mapping[str, float]) -> Iterator[tuple[str, np.ndarray, bool]]:
    """Conditions in words, where each holds, and whether it is rare."""
    with np.errstate(all="ignore"):
        yield "nan", np.isnan(values), True
        yield "infinite", np.isinf(values), True
        yield "0", values == 0, True
        for name, number in numbers.items():
            yield f"equal to {name}", values == number, True
        yield "negative", values < 0, False
        yield "positive", values > 0, False
        yield "negative or 0", values <= 0, False
        yield "positive or 0", values >= 0, False
        for name, number in numbers.items():
            yield f"above {name}", values > number, False
            yield f"below {name}", values < number, False
        for number in sorted({1.0, float(np.nanmax(values)) if np.isfinite(values).any() else 1.0}):
            yield written(number), values == number, False


def right_start(evidence: Evidence, pair: Pair) -> Clue | None:
    """The first entries or rows are right and all later ones are wrong, of which there are at least two.

    A wrong update does this to a list of losses, because the first entry does not depend on the update.
    """
    if pair.actual.ndim == 0:
        return None
    wrong: np.ndarray = np.any(pair.wrong.reshape(pair.actual.shape[0], -1), axis=1)
    right = int(np.argmax(wrong))
    if not right or not wrong[right:].all() or len(wrong) - right < 2 or pair.distinct(pair.expected[: right + 1]) < 2:
        return None
    unit = evidence.unit(pair.actual.ndim)
    first, verb = (unit, "is") if right == 1 else (f"{right} {plural(unit)}", "are")
    said = f"The first {first} of {evidence.it} {verb} right, and all later {plural(unit)} are wrong."
    return Clue("right_start", said)
