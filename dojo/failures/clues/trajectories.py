"""Relations between a list over time (losses, rates, positions) and the expected one: sums, means, no change."""

from __future__ import annotations

import numpy as np

from dojo.failures.clues.arrays import Pair
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence, plural


def stands_still(evidence: Evidence, pair: Pair) -> Clue | None:
    """All entries or rows equal the first or the last expected one. At least three expected ones are different."""
    if pair.actual.ndim == 0 or pair.actual.shape[0] < 3:
        return None
    rows, expected = (each.reshape(each.shape[0], -1) for each in (pair.actual, pair.expected))
    if not all(pair.equal(row, rows[0]) for row in rows):
        return None
    if len({tuple(np.round(row, 6)) for row in expected.tolist()}) < 3:
        return None
    unit = evidence.unit(pair.actual.ndim)
    for word, place in (("first", 0), ("last", -1)):
        if pair.equal(rows[0], expected[place]):
            said = f"Every {unit} of {evidence.it} equals the {word} expected {unit}"
            return Clue(f"all_{word}", f"{said}, but the expected {plural(unit)} are not all equal.")
    return None


def running(evidence: Evidence, pair: Pair) -> Clue | None:
    """The entries are running sums or running means of the expected ones. Three different entries have to agree."""
    if pair.actual.ndim == 0 or pair.actual.shape[0] < 3:
        return None
    sums = np.cumsum(pair.expected, axis=0)
    counts = np.arange(1, len(sums) + 1).reshape(-1, *([1] * (pair.actual.ndim - 1)))
    unit = evidence.unit(pair.actual.ndim)
    for word, relation in (("sum", sums), ("mean", sums / counts)):
        if pair.proves(relation):
            said = f"Every {unit} of {evidence.it} is the {word} of the expected {plural(unit)} up to this place."
            return Clue(f"running_{word}", said)
    return None


def grouped(evidence: Evidence, pair: Pair) -> Clue | None:
    """The entries are every k-th expected entry, or means or sums of k of them; or the other way round.

    At least three different entries of the longer list, and two of the shorter one, have to agree.
    """
    if pair.actual.ndim != 1 or pair.expected.ndim != 1 or pair.is_bool:
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
                said = f"Every entry of {evidence.it} is {words} {size} consecutive expected entries."
            else:
                said = f"Every expected entry is {words} {size} consecutive entries of {evidence.it}."
            return Clue("grouped", said)
    return None


def other_direction(evidence: Evidence, pair: Pair) -> Clue | None:
    """The first entries are equal, and the wrong list rises while the expected one falls, from first to last.

    At least four entries; every step of the one rises and every step of the other falls.
    """
    if pair.actual.ndim != 1 or len(pair.actual) < 4 or not pair.equal(pair.actual[:1], pair.expected[:1]):
        return None
    own, wanted = np.diff(pair.actual), np.diff(pair.expected)
    for sign, yours, other in ((1, "rises", "falls"), (-1, "falls", "rises")):
        if (sign * own > 0).all() and (sign * wanted < 0).all():
            said = f"{evidence.start} {yours} from entry to entry, but the expected one {other}."
            return Clue("wrong_direction", said)
    return None
