"""Names the mistake behind a red test. In place of the answer, the mistake fails the same test in the same way."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import pytest

from dojo.course.kept_answers import Answer, read_answers
from dojo.failures.failure import Failure, FailureSignature
from dojo.failures.foresight import verdict_on
from dojo.failures.rerun import Case, Start, Verdict, case_for, examine, forked, spawned
from dojo.failures.test_items import COURSE, DEVICES, STEP, device_of
from dojo.testbed import debugging, torch_private
from dojo.testbed.forking import fork_is_safe

# Verdicts by test and by the name of the answer. The empty name is the learner's own code.
Verdicts = dict[tuple[str, str], Verdict]
# Runs each of these tests with each of these answers.
Ask = Callable[[list[str], list[str]], Verdicts]

# A diagnosis stops after this many seconds: a report without a reason is better than no report.
LIMIT = 8.0
# Failures of these kinds need no diagnosis.
_CLEAR = {"not_written", "broken", "missing", "timeout", "crash", "cheating"}
_TESTS = pytest.StashKey[list[Any]]()


def diagnose(item: pytest.Item, failure: Failure, signature: FailureSignature) -> None:
    """Run a red test again in a child process, to record its calls and to find the mistake that fails in the same way.

    Fills `failure.calls`, and `failure.mistake` and `failure.diagnosis` if exactly one mistake fits. If no mistake
    fits, it fills `failure.clue`. The given code of a repair step gets neither: finding the mistake is the task.
    """
    if failure.kind in _CLEAR or item.config.getoption("usepdb", False) or debugging.is_in_use():
        return
    examination = _Examination(item, {} if failure.is_given_code else _mistakes_of(item))
    ask, mistakes, red = examination.ask, examination.mistakes, item.nodeid
    # The learner's own code and the mistakes are run in as few children as possible.
    unknown = any(examination.foreseen(red, name) is None for name in mistakes)
    first = ask([red], [*([""] if unknown else []), *mistakes])
    fitting = [name for name in mistakes if alike(signature, first[red, name])]
    telling = examination.telling_tests(fitting)
    own = ask([red, *telling], ["", *fitting])[red, ""]
    if not own.lost:
        failure.calls = list(own.calls)
        if own.green:
            says = "When this test ran again, it was green. Your code does not give the same result every time."
            failure.notes.append(says)
    name = narrow(fitting, telling, ask)
    if name:
        failure.mistake = mistakes[name].label
        failure.diagnosis = mistakes[name].says
    elif own.failure is not None and alike(signature, own):
        # Only if the test failed in the same way again: a clue must be true of the values in the report.
        failure.clue = None if failure.is_given_code else own.failure.clue


class _Examination:
    """Runs the tests of a step with its mistakes and the learner's own code, until the time for a diagnosis is up.

    No case runs twice, and a case whose verdict was foreseen does not run.

    Args:
        item: the red test.
        mistakes: the mistakes by name.
    """

    def __init__(self, item: pytest.Item, mistakes: dict[str, Answer]) -> None:
        self.red = item.nodeid
        self.mistakes = mistakes
        self.items = {test.nodeid: test for test in _tests_like(item)}
        self._start = _starter(item, self.items)
        self._deadline = time.monotonic() + LIMIT
        self._verdicts: dict[Case, Verdict] = {}

    def ask(self, tests: list[str], names: list[str]) -> Verdicts:
        cases = {(test, name): self._case(test, name) for test in tests for name in names}
        missing = [case for case in cases.values() if self._known(case) is None]
        self._verdicts.update(zip(missing, examine(missing, self._start, self._deadline), strict=True))
        return {pair: self._known(case) or Verdict(lost=True) for pair, case in cases.items()}

    def foreseen(self, test: str, name: str) -> Verdict | None:
        """The verdict on a mistake, if it is known already."""
        return self._known(self._case(test, name))

    def telling_tests(self, names: list[str]) -> list[str]:
        """The other tests, except those that tell nothing: all of these mistakes are known to be green on them."""

        def is_green(test: str, name: str) -> bool:
            verdict = self.foreseen(test, name)
            return verdict is not None and verdict.green

        others = [test for test in self.items if test != self.red]
        return [test for test in others if not all(is_green(test, name) for name in names)]

    def _case(self, test: str, name: str) -> Case:
        return case_for(test, self.mistakes[name]) if name else Case(test, observed=test == self.red)

    def _known(self, case: Case) -> Verdict | None:
        return self._verdicts.get(case) or verdict_on(case)


def _mistakes_of(item: pytest.Item) -> dict[str, Answer]:
    step = item.stash[STEP]
    answers = read_answers(item.config.stash[COURSE].root / "mistakes", step.kata_id, step.name)
    return {answer.name: answer for answer in answers}


def import_all() -> None:
    """Import what only a diagnosis needs, so that no diagnosis has to wait for it."""
    import dojo.failures.clues.of_failure  # noqa: F401

    with torch_private.unobserved():
        pass


def warm_up(items: list[pytest.Item]) -> None:
    """Read what a diagnosis of the first of these tests needs from the course's files."""
    if items and STEP in items[0].stash:
        _mistakes_of(items[0])
        _tests_like(items[0])


def narrow(names: list[str], tests: list[str], ask: Ask) -> str:
    """Find the one mistake that behaves like the learner's own code on other tests too.

    A mistake fits only if it is green on all tests on which the learner's code is green. If several fit, the
    mistake that agrees with the learner's code on the most tests is found. (The learner's code may have a second fault,
    and so be red on a test on which no mistake is red.)

    Args:
        names: the names of the mistakes that fail the first test in the same way.
        tests: the step's other tests, at least those on which one of these mistakes is not green.
        ask: runs tests with answers.

    Returns:
        The mistake's name; empty if none fits, if several agree on the same number of tests, or if there was no time to
        find out how a mistake behaves that may fit.
    """
    verdicts = ask(tests, ["", *names])
    known = [test for test in tests if not verdicts[test, ""].lost]

    def agrees(name: str, test: str) -> bool:
        own, other = verdicts[test, ""], verdicts[test, name]
        return other.green if own.green else alike(own.signature, other)

    def is_refuted(name: str) -> bool:
        others = (verdicts[test, name] for test in known if verdicts[test, ""].green)
        return any(not (other.green or other.lost) for other in others)

    fitting = [name for name in names if not is_refuted(name)]
    if any(verdicts[test, name].lost for name in fitting for test in known):
        return ""
    agreed = {name: sum(agrees(name, test) for test in known) for name in fitting}
    closest = [name for name, count in agreed.items() if count == max(agreed.values())]
    return closest[0] if len(closest) == 1 else ""


def alike(own: FailureSignature | None, verdict: Verdict) -> bool:
    """Whether a mistake is red in the same way as the learner's code."""
    return own is not None and verdict.signature is not None and own.same_as(verdict.signature)


def _tests_like(item: pytest.Item) -> list[pytest.Item]:
    """All tests of the item's step on the item's device, in source order, even tests that this run did not select."""
    step = item.stash[STEP]
    found: list[pytest.Item] = []
    selected = {other.nodeid: other for other in item.session.items}
    parent: Any = item.parent
    if _TESTS not in parent.stash:
        parent.stash[_TESTS] = list(parent.collect())
    for each in parent.stash[_TESTS]:
        other = selected.get(each.nodeid, each)
        if other.originalname in step.tests and device_of(other) == device_of(item):
            other.stash.setdefault(STEP, step)
            found.append(other)
    return [item if other.nodeid == item.nodeid else other for other in found] or [item]


def _starter(item: pytest.Item, items: dict[str, pytest.Item]) -> Start:
    """How this run's options say that cases must run: in a fork, or in a fresh Python."""
    config = item.config
    if config.getoption("isolation") == "fork" or (config.getoption("isolation") == "auto" and fork_is_safe()):
        return functools.partial(forked, items)
    course = config.stash[COURSE]
    options = ["--against", str(course.judged), "-p", "no:cacheprovider", "-p", "no:xdist"]
    for device in config.stash[DEVICES]:
        if not device.left_out:
            options += ["--device", device.name]
    return functools.partial(spawned, course.root, options)
