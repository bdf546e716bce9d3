"""Runs tests again with another answer in place of the learner's, in a child process that may crash or hang.

A case is one test with one answer, or with the learner's own code. Cases run in a fork if forking is safe, otherwise
in a fresh Python. An answer that hangs or kills its process loses only its own case.
"""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dojo.course.kept_answers import Answer, read_answers
from dojo.failures.call_recorder import Observer, observed
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.snapshots import CallValues
from dojo.failures.failure import Call, Failure, FailureSignature
from dojo.failures.stand_in import standing_in
from dojo.failures.test_items import COURSE, ERROR, EXPLANATION, STEP
from dojo.support.errors import DojoError
from dojo.support.plain_data import from_data
from dojo.support.processes import LineReader, send
from dojo.testbed import tampering
from dojo.testbed.forking import in_fork
from dojo.testbed.kata_import import kata_module
from dojo.testbed.pytest_private import run_test

# If a child sends nothing for this many seconds, its current case is lost.
PATIENCE = 3.0
# A fresh Python first has to import torch.
_START = 60.0


@dataclasses.dataclass(frozen=True)
class Case:
    """One test to run, by its node id, with one answer.

    `answer` is the answer's name, and `tree` the folder of its tree; both are empty for the learner's own code.
    `observed` tells whether to record the calls of the learner's own code, and to look for a clue to its failure.
    """

    test: str
    tree: str = ""
    answer: str = ""
    observed: bool = False


@dataclasses.dataclass
class Verdict:
    """The result of one case.

    Attributes:
        failure: why the test was red; None if it was not.
        signature: the failure's signature; None if the answer itself could not be loaded or judged.
        calls: the calls worth showing, if they were recorded.
        lost: whether the case hung or killed its process. Then nothing else is known.
        seconds: how long the test took.
        judged_file: the file that the step's function or class came from.
        skipped: whether pytest skipped the test.
    """

    failure: Failure | None = None
    signature: FailureSignature | None = None
    calls: list[Call] = dataclasses.field(default_factory=list)
    lost: bool = False
    seconds: float = 0.0
    judged_file: str = ""
    skipped: bool = False

    @property
    def green(self) -> bool:
        return not self.lost and not self.skipped and self.failure is None


# Runs cases in a child process, and yields their verdicts as they come, until the child ends or falls silent.
Start = Callable[[list[Case]], Iterator[Verdict]]


def case_for(test: str, answer: Answer) -> Case:
    """The case of one test with one answer."""
    return Case(test, str(answer.path.parents[1]), answer.name)


def run_case(item: pytest.Item, case: Case) -> Verdict:
    """Run one test, from set-up to tear-down, with the case's answer in place."""
    step = item.stash[STEP]
    module = kata_module(step.kata_id)
    item.stash[EXPLANATION] = item.stash[ERROR] = None
    observer: Observer | None = None
    started = time.perf_counter()
    try:
        with contextlib.ExitStack() as stack:
            if case.answer:
                known = read_answers(Path(case.tree), step.kata_id, step.name)
                answer = next(answer for answer in known if answer.name == case.answer)
                stack.enter_context(standing_in(module, answer))
                stack.enter_context(tampering.without_snapshot())
            elif case.observed:
                with contextlib.suppress(Exception):
                    getattr(module, step.name)
                observer = stack.enter_context(observed(module, step.name))
            reports = run_test(item, nextitem=None)
    except DojoError as error:
        return Verdict(Failure("broken", [str(error)], item.name))
    return _verdict(item, reports, observer, time.perf_counter() - started, _file_of(module.__dict__.get(step.name)))


def _verdict(
    item: pytest.Item, reports: list[pytest.TestReport], observer: Observer | None, seconds: float, judged: str
) -> Verdict:
    found, error = item.stash[EXPLANATION], item.stash[ERROR]
    item.stash[ERROR] = None
    if found is not None:
        calls = observer.about(found.actual, found.failure.actual) if observer is not None else []
        if observer is not None and error is not None and found.failure.clue is None:
            found.failure.clue = _clue(error, found.failure.kind, observer.values_about(found.actual), item)
        return Verdict(found.failure, found.signature, calls, seconds=seconds, judged_file=judged)
    failed = [report for report in reports if report.failed]
    if failed:
        return Verdict(Failure("unusable", [str(failed[0].longrepr)], item.name), seconds=seconds)
    return Verdict(seconds=seconds, judged_file=judged, skipped=any(report.skipped for report in reports))


def _clue(error: BaseException, kind: str, values: CallValues, item: pytest.Item) -> Clue | None:
    """The clue to a failure of the learner's code; None if there is none."""
    # A green run does not need this module, so only a red test imports it.
    from dojo.failures.clues.of_failure import clue_of

    try:
        return clue_of(error, kind, values, item.config.stash[COURSE].judged)
    except Exception:
        # Any method of a learner's own class may fail, and the verdict is needed even without a clue.
        return None


def _file_of(target: object) -> str:
    """The file that a step's function or class came from; empty if there is no way to tell."""
    code = getattr(inspect.unwrap(target) if callable(target) else target, "__code__", None)
    if code is not None:
        return str(code.co_filename)
    return str(getattr(sys.modules.get(getattr(target, "__module__", "")), "__file__", ""))


def examine(cases: list[Case], start: Start, deadline: float = float("inf")) -> Iterator[Verdict]:
    """Run cases in child processes that `start` starts, and yield their verdicts, in order.

    If a case is lost, the following ones run in a new child. No child starts after `deadline`, a time of
    `time.monotonic()`. The cases that are left then are lost.
    """
    waiting = list(cases)
    while waiting and time.monotonic() < deadline:
        for verdict in start(list(waiting)):
            waiting.pop(0)
            yield verdict
        if waiting:
            waiting.pop(0)
            yield Verdict(lost=True)
    yield from (Verdict(lost=True) for _ in waiting)


def forked(
    items: dict[str, pytest.Item],
    cases: list[Case],
    *,
    settle: Callable[[], None] | None = None,
    until: int | None = None,
) -> Iterator[Verdict]:
    """Run cases in a fork of this process.

    Args:
        items: the tests by node id.
        cases: the cases.
        settle: what the fork does first.
        until: a descriptor. As soon as it can be read, the fork is killed.
    """
    manager = next(iter(items.values())).config.pluginmanager

    def work(send: Callable[[object], None]) -> None:
        for name in ("capturemanager", "terminalreporter", "dojo-hook-relay"):
            if manager.has_plugin(name):
                manager.unregister(name=name)
        if settle is not None:
            settle()
        # Looking for replaced functions takes longer than most tests, and the first run has done it.
        with tampering.without_snapshot():
            for case in cases:
                send(dataclasses.asdict(run_case(items[case.test], case)))

    return (from_data(Verdict, message) for message in in_fork(work, PATIENCE, until))


def spawned(root: Path, options: list[str], cases: list[Case]) -> Iterator[Verdict]:
    """Run cases in a fresh Python, for machines on which a fork is not safe. Each Python first has to import torch.

    Args:
        root: the course's folder.
        options: options of pytest, so that the fresh Python collects the same tests.
        cases: the cases.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-") as folder:
        plan = Path(folder, "cases.json")
        plan.write_text(json.dumps([dataclasses.asdict(case) for case in cases]), encoding="utf-8")
        answers = Path(folder, "verdicts.jsonl")
        answers.touch()
        tests = list(dict.fromkeys(case.test for case in cases))
        command = [sys.executable, "-m", "pytest", *options, "--dojo-examine", folder, *tests]
        child = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            for line in _lines_of(answers, child):
                yield from_data(Verdict, json.loads(line))
        finally:
            child.kill()
            child.wait()


def _lines_of(file: Path, child: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """The lines that a child process appends to a file, until it ends or falls silent."""
    with file.open("rb") as opened:
        lines = LineReader(opened.fileno())
        quiet_until = time.monotonic() + _START
        while time.monotonic() < quiet_until:
            ended = child.poll() is not None
            for line in lines.read():
                quiet_until = time.monotonic() + PATIENCE
                yield line
            if lines.at_end:
                if ended:
                    return
                time.sleep(0.01)


def run_plan(items: list[pytest.Item], folder: Path) -> None:
    """In the Python that `spawned` starts: run the cases written in a folder, and write the verdicts there."""
    tests = {item.nodeid: item for item in items}
    cases = [from_data(Case, case) for case in json.loads((folder / "cases.json").read_text(encoding="utf-8"))]
    with (folder / "verdicts.jsonl").open("ab", buffering=0) as file:
        for case in cases:
            send(file.fileno(), dataclasses.asdict(run_case(tests[case.test], case)))
