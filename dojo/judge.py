"""Judging every answer that a course keeps: its solutions, mistakes and accepted ways, with its own tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dojo.answers import Answer, read_answers
from dojo.diagnosis import alike, narrow
from dojo.examine import Case, Verdict, case_for, in_fork, run_case, verdict_data, verdict_from
from dojo.focus import device_of
from dojo.keys import STEP

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


Verdicts = dict[Trial, Verdict]


def judge_kata(
    root: Path, kata_id: str, against: Path, trees: list[Path], steps: frozenset[str] | None = None
) -> Verdicts:
    """Run a kata's tests on the code in `against` and on every answer in `trees`, in forks of this process.

    steps: the names of the steps to judge (default: all of the kata).
    A trial that ended or silenced its process is lost, and the others go on in a new one.
    """
    verdicts: Verdicts = {}
    while True:
        begun: list[Trial] = []
        for message in in_fork(_work(root, kata_id, against, trees, steps, set(verdicts)), _PATIENCE):
            trial = Trial(**message["trial"])
            if "begun" in message:
                begun.append(trial)
            else:
                verdicts[trial] = verdict_from(message)
        lost = [trial for trial in begun if trial not in verdicts]
        if not lost:
            return verdicts
        verdicts[lost[-1]] = Verdict(lost=True)


def _work(
    root: Path, kata_id: str, against: Path, trees: list[Path], steps: frozenset[str] | None, done: set[Trial]
) -> Callable[[Callable[[dict[str, Any]], None]], None]:
    def work(send: Callable[[dict[str, Any]], None]) -> None:
        arguments = [str(root / "tests" / f"{kata_id}.py"), "--against", str(against), "--rootdir", str(root)]
        # This is a fork already: the tests run in it, not in another.
        arguments += ["--isolation", "spawn"]
        unused = ("cacheprovider", "terminal", "xdist", "logging", "faulthandler", "junitxml")
        quiet = [*(word for name in unused for word in ("-p", f"no:{name}")), "-c", str(root / "pyproject.toml")]
        pytest.main([*arguments, *quiet], plugins=[_Judge(trees, kata_id, steps, done, send)])

    return work


class _Judge:
    """A plugin that runs each test on each answer in place of the run's own loop."""

    def __init__(
        self,
        trees: list[Path],
        kata_id: str,
        steps: frozenset[str] | None,
        done: set[Trial],
        send: Callable[[dict[str, Any]], None],
    ):
        self.answers = [answer for tree in trees for answer in read_answers(tree, kata_id)]
        self.steps = steps
        self.done = done
        self.send = send

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            step = item.stash.get(STEP, None)
            if step is None or (self.steps is not None and step.name not in self.steps):
                continue
            answers: list[Answer | None] = [None, *(each for each in self.answers if each.step == step.name)]
            for answer in answers:
                trial = Trial(step.name, name_of(answer), device_of(item), item.name)
                if trial not in self.done:
                    self.send({"trial": dataclasses.asdict(trial), "begun": True})
                    case = case_for(item.nodeid, answer) if answer else Case(item.nodeid)
                    self.send({"trial": dataclasses.asdict(trial), **verdict_data(run_case(item, case))})
        return True


def name_of(answer: Answer | None) -> str:
    """What a trial calls an answer: its tree and its name, so that two trees may use one name."""
    return f"{answer.path.parents[1].name}:{answer.name}" if answer else OWN


def diagnosed_as(verdicts: Verdicts, step: str, learner: str, mistakes: list[str]) -> str:
    """The one of `mistakes` that a learner who wrote the answer `learner` would be told of; empty where none.

    Goes the way of a real diagnosis: the first red test in the order of the course, then the others on its device.
    """
    devices = list(dict.fromkeys(trial.device for trial in verdicts if trial.step == step))
    for device in devices:
        tests = [t.test for t in verdicts if (t.step, t.answer, t.device) == (step, learner, device)]
        own = {test: verdicts[Trial(step, learner, device, test)] for test in tests}
        red = [test for test in tests if not (own[test].green or own[test].skipped)]
        if not red:
            continue

        def ask(tests: list[str], names: list[str], device: str = device) -> dict[tuple[str, str], Verdict]:
            pairs = [(test, name) for test in tests for name in names]
            return {(test, name): verdicts[Trial(step, name or learner, device, test)] for test, name in pairs}

        first = ask(red[:1], mistakes)
        fitting = [name for name in mistakes if alike(own[red[0]].fingerprint, first[red[0], name])]
        return narrow(fitting, [test for test in tests if test != red[0]], ask)
    return ""
