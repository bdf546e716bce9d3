"""Runs the mistakes of a step before any of its tests is red, so that a diagnosis finds their verdicts ready.

`dojo watch` does this while the learner types. The verdict on a mistake depends only on files of the course. A case
that uses the learner's code ends its fork, and is left to the diagnosis itself.
"""

from __future__ import annotations

import dataclasses
import functools
import select
from collections.abc import Iterator

import pytest

from dojo.course.kept_answers import read_answers
from dojo.failures.rerun import Case, Verdict, case_for, examine, forked
from dojo.failures.test_items import COURSE, CURRICULUM, STEP
from dojo.testbed.forking import limit_resources
from dojo.testbed.kata_import import withhold
from dojo.testbed.process_state import forget_modules

_known: dict[Case, Verdict] = {}


@dataclasses.dataclass(frozen=True)
class Foreseen:
    """The verdict on a mistake, before the learner's answer is known."""

    case: Case
    verdict: Verdict


def note(foreseen: Foreseen) -> None:
    """Keep a verdict in this process and in its future forks."""
    _known[foreseen.case] = foreseen.verdict


def forget() -> None:
    """Forget all verdicts, because a file of the course has changed."""
    _known.clear()


def verdict_on(case: Case) -> Verdict | None:
    """The verdict on a case, if it was foreseen."""
    verdict = _known.get(case)
    return None if verdict is None or verdict.lost else verdict


def foresee(items: list[pytest.Item], until: int) -> Iterator[Foreseen]:
    """Run the first step's mistakes, in forks of this process, and note their verdicts.

    Args:
        items: tests, in the order of the run.
        until: a descriptor. As soon as it can be read, nothing more is run.
    """
    step = items[0].stash.get(STEP, None)
    if step is None:
        return

    def settle() -> None:
        """Make this process like the fork that runs the learner's tests, but without the learner's code."""
        limit_resources()
        forget_modules({item.module.__name__ for item in items if isinstance(item, pytest.Function)})
        withhold(kata.id for kata in items[0].config.stash[CURRICULUM].katas())

    answers = read_answers(items[0].config.stash[COURSE].root / "mistakes", step.kata_id, step.name)
    tests = {item.nodeid: item for item in items if item.stash.get(STEP, None) == step}
    cases = [case for test in tests for answer in answers if (case := case_for(test, answer)) not in _known]
    start = functools.partial(forked, tests, settle=settle, until=until)
    for case, verdict in zip(cases, examine(cases, start), strict=True):
        if select.select([until], [], [], 0)[0]:
            return
        note(found := Foreseen(case, verdict))
        yield found
