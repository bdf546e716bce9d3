"""Naming the mistake behind a red test: the one that, in the learner's place, fails the same test the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dojo.answers import read_answers
from dojo.examine import Case, Verdict, case_for, examine, fork_is_safe, forked, spawned
from dojo.failure import Failure, Fingerprint
from dojo.keys import COURSE, DEVICES, STEP

# A whole diagnosis takes no longer, in seconds: a verdict without its reason beats no verdict.
LIMIT = 8.0
# These say all there is to say by themselves.
_CLEAR = {"not_written", "broken", "missing", "timeout"}


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

    def ask(test: str, names: list[str]) -> dict[str, Verdict]:
        cases = [case_for(test, mistakes[name]) if name else Case(test) for name in names]
        verdicts = examine(cases, _starter(item, items), deadline)
        return dict(zip(names, verdicts, strict=True))

    first = ask(item.nodeid, ["", *mistakes])
    own = first.pop("")
    if not own.lost:
        failure.calls = list(own.calls)
        if own.green:
            failure.notes.append("Run again at once, this test was green: the answer is not the same every time.")
    name = narrow(alike(fingerprint, first), [test for test in items if test != item.nodeid], ask)
    if name:
        failure.mistake = mistakes[name].label
        failure.diagnosis = mistakes[name].says


def narrow(names: list[str], tests: list[str], ask: Callable[[str, list[str]], dict[str, Verdict]]) -> str:
    """The one of `names` that behaves as the learner's own code on `tests` too; empty where none or several do.

    `ask(test, names)` gives the verdict of a test on each answer named; the empty name is the learner's own code.
    No test is run once a single name is left.
    """
    for test in tests:
        if len(names) < 2:
            break
        verdicts = ask(test, ["", *names])
        own = verdicts[""]
        if own.lost:
            continue
        if own.green:
            names = [name for name in names if verdicts[name].green]
        elif own.fingerprint is not None:
            names = alike(own.fingerprint, {name: verdicts[name] for name in names})
    return names[0] if len(names) == 1 else ""


def alike(own: Fingerprint, verdicts: dict[str, Verdict]) -> list[str]:
    """The names whose verdict failed as `own` did."""
    prints = {name: verdict.fingerprint for name, verdict in verdicts.items()}
    return [name for name, other in prints.items() if other is not None and own.same_as(other)]


def _tests_like(item: pytest.Item) -> list[pytest.Item]:
    """Every test of the item's step on the item's device, whether this run selected it or not, in source order."""
    step = item.stash[STEP]
    found: list[pytest.Item] = []
    selected = {other.nodeid: other for other in item.session.items}
    parent: Any = item.parent
    for each in parent.collect():
        other = selected.get(each.nodeid, each)
        if other.originalname in step.tests and _device(other) == _device(item):
            other.stash.setdefault(STEP, step)
            found.append(other)
    return [item if other.nodeid == item.nodeid else other for other in found] or [item]


def _device(item: Any) -> str:
    return str(getattr(getattr(item, "callspec", None), "params", {}).get("device", ""))


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
