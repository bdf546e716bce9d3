"""Judging every answer that a course keeps: its solutions, mistakes and accepted ways, with its own tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dojo.course.kept_answers import Answer, read_answers
from dojo.failures.diagnosis import alike, narrow
from dojo.failures.rerun import Case, Verdict, case_for, run_case, verdict_data, verdict_from
from dojo.failures.test_items import STEP, device_of
from dojo.testbed import torch_private
from dojo.testbed.forking import in_fork

# Past a test's own limit (10 s), a silent child is stuck where no limit reaches.
_PATIENCE = 15.0

OWN = ""


@dataclasses.dataclass(frozen=True)
class Trial:
    """One test of a step, on one device, with one answer: `answer` is the name in its file, or OWN."""

    step: str
    answer: str
    device: str
    test: str


@dataclasses.dataclass
class Judged:
    """What a judging found.

    verdicts: of every trial that was run.
    diagnoses: by the name of a mistake, the name of the one that a learner who wrote it would be told of; empty where
    none.
    """

    verdicts: dict[Trial, Verdict] = dataclasses.field(default_factory=dict)
    diagnoses: dict[str, str] = dataclasses.field(default_factory=dict)


def judge_kata(
    root: Path,
    kata_id: str,
    against: Path,
    trees: list[Path],
    mistakes: Path | None = None,
    steps: frozenset[str] | None = None,
    device: str | None = None,
) -> Judged:
    """Run a kata's tests on the code in `against` and on every answer in `trees`, in forks of this process.

    mistakes: a tree of answers to diagnose. Of the tests on one of them only those are run that its diagnosis asks for.
    steps: the names of the steps to judge (default: all of the kata).
    device: the only device to run them on (default: those that `pytest` would).
    A trial that ended or silenced its process is lost, and the others go on in a new one.
    """
    # Imported here, PyTorch (and what its first optimizer imports) is there in every fork.
    torch_private.import_compiler()
    judged = Judged()
    answers = [answer for tree in trees for answer in read_answers(tree, kata_id)]
    known = read_answers(mistakes, kata_id) if mistakes else []
    arguments = [
        str(root / "tests" / f"{kata_id}.py"),
        "--against",
        str(against),
        *(["--device", device] if device else []),
    ]

    def work(send: Callable[[dict[str, Any]], None]) -> None:
        _run(root, arguments, _Judge(answers, known, steps, judged, send))

    while True:
        begun: list[Trial] = []
        for message in in_fork(work, _PATIENCE):
            if "diagnosis" in message:
                judged.diagnoses[message["mistake"]] = message["diagnosis"]
                continue
            trial = Trial(**message["trial"])
            if "begun" in message:
                begun.append(trial)
            else:
                judged.verdicts[trial] = verdict_from(message)
        lost = [trial for trial in begun if trial not in judged.verdicts]
        if not lost:
            return judged
        judged.verdicts[lost[-1]] = Verdict(lost=True)


def _run(root: Path, arguments: list[str], plugin: object) -> None:
    # This is a fork already, and mute: the tests run in it, not in another, and what they print goes nowhere.
    arguments = [*arguments, "--rootdir", str(root), "-c", str(root / "pyproject.toml"), "--isolation", "spawn", "-s"]
    unused = ("cacheprovider", "terminal", "xdist", "logging", "faulthandler", "junitxml")
    pytest.main([*arguments, *(word for name in unused for word in ("-p", f"no:{name}"))], plugins=[plugin])


class _Judge:
    """A plugin that runs each test on each answer in place of the run's own loop."""

    def __init__(
        self,
        answers: list[Answer],
        mistakes: list[Answer],
        steps: frozenset[str] | None,
        judged: Judged,
        send: Callable[[dict[str, Any]], None],
    ):
        self.answers = answers
        self.mistakes = mistakes
        self.steps = steps
        self.judged = judged
        self.send = send

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            step = item.stash.get(STEP, None)
            if step is not None and (self.steps is None or step.name in self.steps):
                items.setdefault(step.name, []).append(item)
        for step_name, tests in items.items():
            for answer in [None, *(each for each in self.answers if each.step == step_name)]:
                for item in tests:
                    self._try(item, answer)
            mistakes = [each for each in self.mistakes if each.step == step_name]
            for mistake in mistakes:
                if mistake.name not in self.judged.diagnoses:
                    found = self._diagnose(tests, mistake, mistakes)
                    self.send({"mistake": mistake.name, "diagnosis": found})
        return True

    def _diagnose(self, tests: list[pytest.Item], mistake: Answer, mistakes: list[Answer]) -> str:
        """The name of the one of `mistakes` that a learner who wrote `mistake` would be told of; empty where none.

        Goes the way of a real diagnosis: the first red test in the order of the course, then the others on its device.
        """
        answers = {"": mistake, **{each.name: each for each in mistakes}}
        for device in dict.fromkeys(device_of(item) for item in tests):
            items = {item.name: item for item in tests if device_of(item) == device}

            def ask(
                tests: list[str], names: list[str], items: dict[str, pytest.Item] = items
            ) -> dict[tuple[str, str], Verdict]:
                return {(test, name): self._try(items[test], answers[name]) for test in tests for name in names}

            for test, item in items.items():
                own = self._try(item, mistake)
                if own.green or own.skipped:
                    continue
                first = ask([test], [each.name for each in mistakes])
                fitting = [each.name for each in mistakes if alike(own.fingerprint, first[test, each.name])]
                if fitting == [mistake.name]:
                    # Nothing agrees with it on the other tests as well as it does itself.
                    return mistake.name
                return narrow(fitting, [other for other in items if other != test], ask)
        return ""

    def _try(self, item: pytest.Item, answer: Answer | None) -> Verdict:
        """The verdict of a test on an answer (or the code as it is); the test is run at most once."""
        trial = Trial(item.stash[STEP].name, name_of(answer), device_of(item), item.name)
        if trial not in self.judged.verdicts:
            self.send({"trial": dataclasses.asdict(trial), "begun": True})
            case = case_for(item.nodeid, answer) if answer else Case(item.nodeid)
            verdict = self.judged.verdicts[trial] = run_case(item, case, calls=False)
            self.send({"trial": dataclasses.asdict(trial), **verdict_data(verdict)})
        return self.judged.verdicts[trial]


def name_of(answer: Answer | None) -> str:
    """What a trial calls an answer: its tree and its name, so that two trees may use one name."""
    return f"{answer.path.parents[1].name}:{answer.name}" if answer else OWN
