"""Relations of a list over time (losses, rates, positions) to the expected one: lags, means, sums, standing still."""

from __future__ import annotations

import numpy as np

from dojo.failures.clues.arrays import Pair
from dojo.failures.clues.clue import Clue, Evidence


def _rows(array: np.ndarray) -> np.ndarray:
    return array.reshape(array.shape[0], -1)


def stands_still(evidence: Evidence, pair: Pair) -> Clue | None:
    """All entries or rows equal one of the expected ones, of which at least three are different."""
    if not pair.same_shape or pair.actual.ndim == 0 or pair.actual.shape[0] < 3 or pair.is_bool:
        return None
    rows, expected = _rows(pair.actual), _rows(pair.expected)
    if not all(pair.equal(row, rows[0]) for row in rows):
        return None
    if len({tuple(np.round(row, 6)) for row in expected.tolist()}) < 3:
        return None
    what = evidence.unit(pair.actual.ndim)
    for words, place in (("first", 0), ("last", -1)):
        if pair.equal(rows[0], expected[place]):
            return Clue(f"all_{words}", f"Every {what} of {evidence.it} is the {words} expected one; nothing changes.")
    return None


def running(evidence: Evidence, pair: Pair) -> Clue | None:
    """The entries are running sums or running means of the expected ones, or their differences.

    At least three different entries have to agree.
    """
    if not pair.same_shape or pair.actual.ndim == 0 or pair.actual.shape[0] < 3 or pair.is_bool:
        return None
    sums = np.cumsum(pair.expected, axis=0)
    counts = np.arange(1, len(sums) + 1).reshape(-1, *([1] * (pair.actual.ndim - 1)))
    what = evidence.unit(pair.actual.ndim)
    for words, relation in (("sum", sums), ("mean", sums / counts)):
        if pair.proves(relation):
            return Clue(
                f"running_{words}", f"Every {what} of {evidence.it} is the {words} of the expected ones so far."
            )
    return None


def grouped(evidence: Evidence, pair: Pair) -> Clue | None:
    """The entries are every k-th expected entry, or means or sums of k of them; or the other way round.

    At least three different entries of the longer list, and two of the shorter one, have to agree.
    """
    if pair.actual.ndim != 1 or pair.expected.ndim != 1 or pair.is_bool or pair.same_shape:
        return None
    own, wanted = pair.actual, pair.expected
    short, long = sorted((own, wanted), key=len)
    if len(short) < 2 or len(long) % len(short) or pair.distinct(long) < 3 or pair.distinct(short) < 2:
        return None
    groups = long.reshape(len(short), -1)
    size = groups.shape[1]
    for words, relation in (
        ("the mean of", groups.mean(axis=1)),
        ("the sum of", groups.sum(axis=1)),
        ("the first of", groups[:, 0]),
        ("the last of", groups[:, -1]),
    ):
        if pair.equal(short, relation):
            if len(own) < len(wanted):
                return Clue("grouped", f"Every entry of {evidence.it} is {words} {size} expected entries.")
            return Clue("grouped", f"Every expected entry is {words} {size} entries of {evidence.it}.")
    return None


def same_direction(evidence: Evidence, pair: Pair) -> Clue | None:
    """The first entries are equal, and the wrong list rises where the expected one falls, from first to last.

    At least four entries; every step of the one rises and every step of the other falls.
    """
    if not pair.same_shape or pair.actual.ndim != 1 or len(pair.actual) < 4 or pair.is_bool:
        return None
    own, wanted = np.diff(pair.actual), np.diff(pair.expected)
    if not pair.equal(pair.actual[:1], pair.expected[:1]):
        return None
    if (own > 0).all() and (wanted < 0).all():
        return Clue("wrong_direction", f"{evidence.start} rises from entry to entry; the expected one falls.")
    if (own < 0).all() and (wanted > 0).all():
        return Clue("wrong_direction", f"{evidence.start} falls from entry to entry; the expected one rises.")
    return None
