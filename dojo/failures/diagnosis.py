"""Naming the mistake behind a red test: the one that, in the learner's place, fails the same test the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dojo.course.kept_answers import read_answers
from dojo.failures.failure import Failure, Fingerprint
from dojo.failures.rerun import Case, Verdict, case_for, examine, forked, spawned
from dojo.failures.test_items import COURSE, DEVICES, STEP, device_of
from dojo.testbed.forking import fork_is_safe

# Verdicts by test and by the name of the answer; the empty name is the learner's own code.
Verdicts = dict[tuple[str, str], Verdict]

# A whole diagnosis takes no longer, in seconds: a verdict without its reason beats no verdict.
LIMIT = 8.0
# These say all there is to say by themselves.
_CLEAR = {"not_written", "broken", "missing", "timeout", "crash", "cheating"}


def diagnose(item: pytest.Item, failure: Failure, fingerprint: Fingerprint) -> None:
    """Run the red test again in a child: note the calls it makes, and the mistake that fails as it does.

    Fills `failure.calls`, and `failure.mistake` and `failure.diagnosis` where exactly one mistake fits.
    """
    if failure.kind in _CLEAR or item.config.getoption("usepdb", False):
        return
    deadline = time.monotonic() + LIMIT
    course = item.config.stash[COURSE]
    step = item.stash[STEP]
    mistakes = {answer.name: answer for answer in read_answers(course.root / "mistakes", step.kata_id, step.name)}
    items = {test.nodeid: test for test in _tests_like(item)}

    def ask(tests: list[str], names: list[str]) -> Verdicts:
        pairs = [(test, name) for test in tests for name in names]
        cases = [case_for(test, mistakes[name]) if name else Case(test) for test, name in pairs]
        return dict(zip(pairs, examine(cases, _starter(item, items), deadline), strict=True))

    first = ask([item.nodeid], ["", *mistakes])
    own = first[item.nodeid, ""]
    if not own.lost:
        failure.calls = list(own.calls)
        if own.green:
            failure.notes.append("Run again at once, this test was green: the answer is not the same every time.")
    fitting = [name for name in mistakes if alike(fingerprint, first[item.nodeid, name])]
    name = narrow(fitting, [test for test in items if test != item.nodeid], ask)
    if name:
        failure.mistake = mistakes[name].label
        failure.diagnosis = mistakes[name].says
    elif own.failure is not None and alike(fingerprint, own):
        # Only if the test failed in the same way again: a clue must be true of the values that are shown.
        failure.clue = own.failure.clue


def warm_up(items: list[pytest.Item]) -> None:
    """Read the mistakes of the steps that `items` test, so that a diagnosis finds them read."""
    for item in items:
        if STEP in item.stash:
            read_answers(item.config.stash[COURSE].root / "mistakes", item.stash[STEP].kata_id)


def narrow(names: list[str], tests: list[str], ask: Callable[[list[str], list[str]], Verdicts]) -> str:
    """The one of `names` that behaves as the learner's own code on `tests` too; empty where none or several do.

    `ask(tests, names)` gives the verdicts of tests on the answers named; the empty name is the learner's own code.
    To be named, a mistake must be green wherever the learner's code is; of several, it must agree with it on more
    tests than the others do. (The learner's code may have a second fault, and be red where no mistake is.)
    """
    if not names:
        return ""
    verdicts = ask(tests, ["", *names])
    known = [test for test in tests if not verdicts[test, ""].lost]

    def agrees(name: str, test: str) -> bool:
        own, other = verdicts[test, ""], verdicts[test, name]
        return other.green if own.green else alike(own.fingerprint, other)

    agreed = {
        name: sum(agrees(name, test) for test in known)
        for name in names
        if all(verdicts[test, name].green for test in known if verdicts[test, ""].green)
    }
    closest = [name for name, count in agreed.items() if count == max(agreed.values())]
    return closest[0] if len(closest) == 1 else ""


def alike(own: Fingerprint | None, verdict: Verdict) -> bool:
    """Whether a mistake's verdict is red in the way that `own` was."""
    return own is not None and verdict.fingerprint is not None and own.same_as(verdict.fingerprint)


def _tests_like(item: pytest.Item) -> list[pytest.Item]:
    """Every test of the item's step on the item's device, whether this run selected it or not, in source order."""
    step = item.stash[STEP]
    found: list[pytest.Item] = []
    selected = {other.nodeid: other for other in item.session.items}
    parent: Any = item.parent
    for each in parent.collect():
        other = selected.get(each.nodeid, each)
        if other.originalname in step.tests and device_of(other) == device_of(item):
            other.stash.setdefault(STEP, step)
            found.append(other)
    return [item if other.nodeid == item.nodeid else other for other in found] or [item]


def _starter(item: pytest.Item, items: dict[str, pytest.Item]) -> Callable[[list[Case]], Iterator[dict[str, Any]]]:
    config = item.config
    if config.getoption("isolation") == "fork" or (config.getoption("isolation") == "auto" and fork_is_safe()):
        return lambda cases: forked(items, cases)
    course = config.stash[COURSE]
    options = ["--against", str(course.judged), "-p", "no:cacheprovider", "-p", "no:xdist"]
    for device in config.stash[DEVICES]:
        if not device.left_out:
            options += ["--device", device.name]
    return lambda cases: spawned(course.root, options, cases)
