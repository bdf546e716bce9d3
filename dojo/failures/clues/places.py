"""Right except in some places: the first row, the diagonal, where an argument is negative."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

import numpy as np

from dojo.failures.clues.arguments import arrays_of, scalars_of
from dojo.failures.clues.arrays import Pair, written
from dojo.failures.clues.clue import Clue, Evidence


def except_one_slice(evidence: Evidence, pair: Pair) -> Clue | None:
    """All wrong entries are in one row, one column or on the diagonal; or all right ones are.

    At least two entries are wrong and at least two are right. If there are k wrong ones among n, they are together
    by chance in about 1 of C(n, k) cases, times the number of slices; this must be 1 of 20 or rarer.
    """
    if not pair.same_shape or pair.actual.ndim != 2 or min(pair.actual.shape) < 2:
        return None
    wrong = pair.wrong
    count, total = int(np.count_nonzero(wrong)), wrong.size
    if count < 2 or total - count < 2 or comb(total, count) < 20 * sum(wrong.shape):
        return None
    for mask, start in ((wrong, "Only {} of {} is wrong."), (~wrong, "Only {} of {} is right.")):
        for words, slice_ in _slices(wrong.shape):
            if mask[slice_].all() and not mask[~slice_].any():
                return Clue("one_slice", start.format(words, evidence.it))
        for words, slice_ in _slices(wrong.shape):
            if not mask[~slice_].any():
                return Clue(
                    "one_slice", f"All {'wrong' if mask is wrong else 'right'} entries of {evidence.it} are in {words}."
                )
    return None


def _slices(shape: tuple[int, ...]) -> Iterator[tuple[str, np.ndarray]]:
    rows, columns = shape
    for what, size in (("row", rows), ("column", columns)):
        for number in range(size):
            mask = np.zeros(shape, bool)
            mask[(number, slice(None)) if what == "row" else (slice(None), number)] = True
            place = "the first" if number == 0 else "the last" if number == size - 1 else ""
            yield f"{place} {what}" if place else f"{what} {number}", mask
    if rows == columns:
        yield "the diagonal", np.eye(rows, dtype=bool)
        yield "the part above the diagonal", np.triu(np.ones(shape, bool), 1)
        yield "the part below the diagonal", np.tril(np.ones(shape, bool), -1)


def except_where_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """Exactly those entries are wrong at which an argument of the same shape fulfils a condition.

    The condition and its opposite both occur. If k of n entries are wrong, C(n, k) is at least 10; for rare
    conditions (nan, 0, infinite, equal to another argument) at least 3.
    """
    if not pair.same_shape or pair.actual.ndim == 0:
        return None
    wrong = pair.wrong
    count, total = int(np.count_nonzero(wrong)), wrong.size
    if not count or count == total:
        return None
    for name, array in arrays_of(evidence.arguments).items():
        if array.shape != wrong.shape or array.dtype.kind == "b":
            continue
        for words, mask, rare in _conditions(array.astype(np.float64), evidence):
            if np.array_equal(mask, wrong) and comb(total, count) >= (3 if rare else 10):
                return Clue("where_argument", f"{evidence.start} is right except where {name} is {words}.")
    return None


def except_where_expected(evidence: Evidence, pair: Pair) -> Clue | None:
    """Exactly those entries are wrong at which the expected value fulfils a condition. The rule is the same."""
    if not pair.same_shape or pair.actual.ndim == 0 or pair.is_bool:
        return None
    wrong = pair.wrong
    count, total = int(np.count_nonzero(wrong)), wrong.size
    if not count or count == total:
        return None
    for words, mask, rare in _conditions(pair.expected, Evidence(None, None)):
        if np.array_equal(mask, wrong) and comb(total, count) >= (3 if rare else 10):
            return Clue("where_expected", f"{evidence.start} is right except where the expected entry is {words}.")
    return None


def _conditions(values: np.ndarray, evidence: Evidence) -> Iterator[tuple[str, np.ndarray, bool]]:
    with np.errstate(all="ignore"):
        yield "nan", np.isnan(values), True
        yield "infinite", np.isinf(values), True
        yield "0", values == 0, True
        for name, number in scalars_of(evidence.arguments).items():
            yield f"equal to {name}", values == number, True
        yield "negative", values < 0, False
        yield "positive", values > 0, False
        yield "negative or 0", values <= 0, False
        yield "positive or 0", values >= 0, False
        for name, number in scalars_of(evidence.arguments).items():
            yield f"above {name}", values > number, False
            yield f"below {name}", values < number, False
        for number in sorted({1.0, float(np.nanmax(values)) if np.isfinite(values).any() else 1.0}):
            yield f"{written(number)}", values == number, False


def right_start(evidence: Evidence, pair: Pair) -> Clue | None:
    """The first entries or rows are right and all later ones are wrong, of which there are at least two.

    A wrong update does this to a list of losses: the first entry knows nothing of it.
    """
    if not pair.same_shape or pair.actual.ndim == 0 or pair.actual.shape[0] < 3:
        return None
    wrong: np.ndarray = np.any(pair.wrong.reshape(pair.actual.shape[0], -1), axis=1)
    right = int(np.argmax(wrong)) if wrong.any() else 0
    later = len(wrong) - right
    if not right or not wrong[right:].all() or later < 2:
        return None
    if pair.distinct(pair.expected[: right + 1]) < 2:
        return None
    what = evidence.unit(pair.actual.ndim)
    first = f"The first {what} is" if right == 1 else f"The first {right} {_plural(what)} are"
    return Clue("right_start", f"{first} right; from number {right + 1} on, every {what} of {evidence.it} is wrong.")


def _plural(what: str) -> str:
    return "entries" if what == "entry" else "rows"
