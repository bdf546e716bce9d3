"""Running tests again with another answer in the learner's place, where it can do no harm.

An examination is a list of cases: an answer (or none: the code as it is) and a test. It runs in a child process:
a fork where forking is safe, else a fresh Python. An answer that hangs or kills the child costs only its own case.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from dojo.course.kept_answers import Answer, read_answers
from dojo.failures.call_recorder import Observer, observed
from dojo.failures.calls import Call
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.snapshots import CallValues
from dojo.failures.failure import Failure, Fingerprint
from dojo.failures.stand_in import standing_in
from dojo.failures.test_items import COURSE, ERROR, RESULT, STEP
from dojo.support.errors import DojoError
from dojo.testbed import tampering
from dojo.testbed.forking import in_fork, write_message

# Seconds without a word from the child after which its present case is given up.
PATIENCE = 3.0
# A fresh Python first has to import torch.
_START = 60.0


@dataclasses.dataclass(frozen=True)
class Case:
    """One test to run with one answer: `answer` is a path and a name in it, or empty for the code as it is."""

    test: str
    tree: str = ""
    answer: str = ""


@dataclasses.dataclass
class Verdict:
    """What a case came to. `lost` is set where it hung or killed its process; else red exactly if `failure`."""

    failure: Failure | None = None
    fingerprint: Fingerprint | None = None
    calls: list[Call] = dataclasses.field(default_factory=list)
    lost: bool = False
    seconds: float = 0.0
    judged_file: str = ""
    skipped: bool = False

    @property
    def green(self) -> bool:
        return not self.lost and not self.skipped and self.failure is None


def case_for(test: str, answer: Answer) -> Case:
    """The case of one test against one answer."""
    return Case(test, str(answer.path.parents[1]), answer.name)


def run_cases(items: dict[str, pytest.Item], cases: list[Case], send: Callable[[dict[str, Any]], None]) -> None:
    """Run cases in this process, telling each verdict as it comes. `items` holds the tests by node id."""
    for number, case in enumerate(cases):
        verdict = run_case(items[case.test], case)
        send({"case": number, **verdict_data(verdict)})


def run_case(item: pytest.Item, case: Case, *, calls: bool = True) -> Verdict:
    """Run one test, from set-up to tear-down, with the case's answer in place.

    calls: whether to note the calls, where the code as it is stands in it.
    """
    step = item.stash[STEP]
    module = importlib.import_module("katas." + step.kata_id.replace("/", "."))
    item.stash[RESULT] = None
    item.stash[ERROR] = None
    observer: Observer | None = None
    started = time.perf_counter()
    try:
        with contextlib.ExitStack() as stack:
            if case.answer:
                known = read_answers(Path(case.tree), step.kata_id, step.name)
                answer = next(answer for answer in known if answer.name == case.answer)
                stack.enter_context(standing_in(module, answer))
                stack.enter_context(tampering.not_kept())
            elif calls:
                with contextlib.suppress(Exception):
                    getattr(module, step.name)
                observer = stack.enter_context(observed(module, step.name))
            reports = runtestprotocol(item, log=False, nextitem=None)
    except DojoError as error:
        return Verdict(Failure("broken", [str(error)], item.name), None)
    seconds = time.perf_counter() - started
    judged = _file_of(module.__dict__.get(step.name))
    result = item.stash[RESULT]
    if result is None:
        failed = [report for report in reports if report.failed]
        if failed:
            return Verdict(Failure("unusable", [str(failed[0].longrepr)], item.name), None, seconds=seconds)
        return Verdict(seconds=seconds, judged_file=judged, skipped=any(report.skipped for report in reports))
    failure, fingerprint, actual = result
    behind, item.stash[ERROR] = item.stash[ERROR], None
    noted = observer.about(actual) if observer is not None else []
    if observer is not None and behind is not None and failure.clue is None:
        failure.clue = _clue(behind, failure.kind, observer.values_about(actual), item)
    return Verdict(failure, fingerprint, noted, seconds=seconds, judged_file=judged)


def _clue(error: BaseException, kind: str, values: CallValues, item: pytest.Item) -> Clue | None:
    # Imported only when a test is red: numpy takes time to load.
    from dojo.failures.clues.of_failure import clue_of

    try:
        return clue_of(error, kind, values, item.config.stash[COURSE].judged)
    except Exception:
        # A value of the learner's own type may fail at anything; the verdict matters more than its clue.
        return None


def _file_of(target: object) -> str:
    """The file that a step's function or class really came from; empty where there is no telling."""
    code = getattr(inspect.unwrap(target) if callable(target) else target, "__code__", None)
    if code is not None:
        return str(code.co_filename)
    return str(getattr(sys.modules.get(getattr(target, "__module__", "")), "__file__", ""))


def examine(
    cases: list[Case], start: Callable[[list[Case]], Iterator[dict[str, Any]]], deadline: float = float("inf")
) -> list[Verdict]:
    """A verdict for every case, in order. A case that ends its process is lost, and the others go on in a new one.

    `start(cases)` runs cases in a child and yields its messages. Past `deadline` (time.monotonic) the rest is lost.
    """
    verdicts = [Verdict(lost=True) for _ in cases]
    waiting = list(range(len(cases)))
    while waiting and time.monotonic() < deadline:
        done = 0
        for message in start([cases[index] for index in waiting]):
            verdicts[waiting[message["case"]]] = verdict_from(message)
            done = message["case"] + 1
        waiting = waiting[done + 1 :]
    return verdicts


def forked(items: dict[str, pytest.Item], cases: list[Case]) -> Iterator[dict[str, Any]]:
    """Run cases in a fork of this process and yield its messages until it ends, or falls silent."""
    manager = next(iter(items.values())).config.pluginmanager

    def work(send: Callable[[dict[str, Any]], None]) -> None:
        for name in ("capturemanager", "terminalreporter", "dojo-teller"):
            if manager.has_plugin(name):
                manager.unregister(name=name)
        run_cases(items, cases, send)

    return in_fork(work, PATIENCE)


def spawned(root: Path, options: list[str], cases: list[Case]) -> Iterator[dict[str, Any]]:
    """Run cases in a fresh Python, for where a fork is not safe. `options` are the run's own pytest options."""
    with tempfile.TemporaryDirectory(prefix="dojo-") as folder:
        plan = Path(folder, "cases.json")
        plan.write_text(json.dumps([dataclasses.asdict(case) for case in cases]), encoding="utf-8")
        said = Path(folder, "verdicts.jsonl")
        said.touch()
        tests = list(dict.fromkeys(case.test for case in cases))
        command = [sys.executable, "-m", "pytest", *options, "--dojo-examine", folder, *tests]
        child = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            with said.open("rb") as lines:
                quiet_until = time.monotonic() + _START
                while time.monotonic() < quiet_until:
                    ended = child.poll() is not None
                    line = lines.readline()
                    if line.endswith(b"\n"):
                        quiet_until = time.monotonic() + PATIENCE
                        yield json.loads(line)
                    elif ended:
                        return
                    else:
                        lines.seek(-len(line), os.SEEK_CUR)
                        time.sleep(0.01)
        finally:
            child.kill()
            child.wait()


def run_plan(items: list[pytest.Item], folder: Path) -> None:
    """The other end of `spawned`: run the cases written in a folder, and write the verdicts there."""
    cases = [Case(**case) for case in json.loads((folder / "cases.json").read_text(encoding="utf-8"))]
    with (folder / "verdicts.jsonl").open("ab", buffering=0) as file:
        run_cases({item.nodeid: item for item in items}, cases, lambda message: write_message(file, message))


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, to be sent between processes."""
    return {
        "failure": verdict.failure.as_data() if verdict.failure else None,
        "fingerprint": dataclasses.asdict(verdict.fingerprint) if verdict.fingerprint else None,
        "calls": [dataclasses.asdict(call) for call in verdict.calls],
        "seconds": verdict.seconds,
        "judged_file": verdict.judged_file,
        "skipped": verdict.skipped,
    }


def verdict_from(data: dict[str, Any]) -> Verdict:
    """The verdict that verdict_data made `data` from."""
    fingerprint = data["fingerprint"]
    return Verdict(
        Failure.from_data(data["failure"]) if data["failure"] else None,
        Fingerprint(**{**fingerprint, "values": tuple(fingerprint["values"])}) if fingerprint else None,
        [Call.from_data(call) for call in data["calls"]],
        seconds=data["seconds"],
        judged_file=data["judged_file"],
        skipped=data["skipped"],
    )
