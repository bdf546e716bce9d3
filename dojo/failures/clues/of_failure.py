"""A red test's clue: the evidence is put together from the error and from the values of the call."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dojo.failures.clues.arrays import pair_of
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.compute import clue_for
from dojo.failures.clues.errors import clue_for_error
from dojo.failures.clues.evidence import Evidence
from dojo.failures.clues.snapshots import CallValues, copied

# The kinds of failure that an error of the answer, or of the backward pass through it, leads to.
_RAISED = ("error", "unusable", "signature")


def clue_of(error: BaseException, kind: str, values: CallValues, folder: Path) -> Clue | None:
    """The clue to the failure that `error` led to; None if there is none.

    Args:
        error: the exception that made the test red.
        kind: the kind of the failure.
        values: copies of what the step was called with and of what it returned.
        folder: the folder of the code that is judged.

    May raise any error, because any method of a learner's own class may fail.
    """
    if kind in _RAISED:
        return clue_for_error(error, folder)
    evidence = Evidence(
        getattr(error, "actual", ...),
        getattr(error, "expected", ...),
        getattr(error, "rtol", 0.0),
        getattr(error, "atol", 0.0),
        getattr(error, "name", ""),
        values.arguments,
        values.results,
        returned=_is_result(getattr(error, "actual", ...), values),
        same_as=values.same_as,
    )
    if kind == "mutated":
        return _of_mutation(evidence, values)
    return clue_for(evidence, kind)


def _is_result(actual: object, values: CallValues) -> bool:
    """Whether the compared value is what the call returned: the object, or one with the same numbers."""
    result, copy = values.result, copied(actual)
    if id(actual) == values.result_id:
        return True
    if copy is ... or result is ... or type(copy) is not type(result):
        return False
    pair = pair_of(copy, result, 0.0, 0.0)
    return pair.equal(pair.actual, pair.expected) if pair is not None else copy is None or copy == result


def _of_mutation(evidence: Evidence, values: CallValues) -> Clue | None:
    """An argument was changed: it now holds what was returned, or only some of its entries changed."""
    pair = pair_of(evidence.actual, evidence.expected, 0.0, 0.0)
    if pair is None or not pair.same_shape:
        return None
    result = pair_of(values.result, evidence.actual, 1e-6, 1e-8)
    if result is not None and result.equal(result.actual, result.expected) and result.distinct(result.actual) >= 2:
        return Clue("result_in_argument", "The argument now holds the same numbers as your result.")
    if pair.actual.size > 2 and pair.clear(pair.expected).any() and not pair.actual.any():
        return Clue("argument_zeroed", "Every entry of the argument is 0 now.")
    changed = int(np.count_nonzero(pair.wrong))
    if 0 < changed < pair.actual.size:
        return Clue("argument_in_part", f"{changed} of the {pair.actual.size} entries of the argument changed.")
    return None
