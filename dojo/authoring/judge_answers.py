"""Judges every answer that a course keeps (solutions, mistakes, accepted answers) with the course's own tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dojo.course.kept_answers import Answer, read_answers
from dojo.failures.diagnosis import Verdicts, alike, narrow
from dojo.failures.rerun import Case, Verdict, case_for, run_case
from dojo.failures.test_items import STEP, device_of
from dojo.support.plain_data import from_data
from dojo.testbed import torch_private
from dojo.testbed.forking import in_fork
from dojo.testbed.process_state import forget_modules

# A child that is silent for longer than the limit of a test (10 s) hangs in a way that this limit can't stop.
_PATIENCE = 30.0

OWN = ""


@dataclasses.dataclass(frozen=True)
class Trial:
    """One test of a step on one device with one answer. `answer` is the result of `name_of`."""

    step: str
    answer: str
    device: str
    test: str


@dataclasses.dataclass
class Judged:
    """The result of judging a kata.

    Attributes:
        verdicts: the verdict of each trial that was run.
        diagnoses: for the name of each mistake and each imposter, the name of the mistake that its author would be
            told about; "" if there is no such mistake.
    """

    verdicts: dict[Trial, Verdict] = dataclasses.field(default_factory=dict)
    diagnoses: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class _Message:
    """A message of a fork: a trial that begins, a trial with its verdict, or a mistake with its diagnosis."""

    trial: Trial | None = None
    verdict: Verdict | None = None
    mistake: str = ""
    diagnosis: str = ""


def judge_kata(
    root: Path,
    kata_id: str,
    against: Path,
    trees: list[Path],
    mistakes: Path | None = None,
    steps: frozenset[str] | None = None,
    device: str | None = None,
    imposters: Path | None = None,
) -> Judged:
    """Run a kata's tests on its code and on other answers, in forks of this process.

    A trial that ends or blocks its fork is lost, and the following trials run in a new fork.

    Args:
        root: the course's folder.
        kata_id: the kata.
        against: the folder of the tree with the kata's code.
        trees: the folders of the trees with the other answers.
        mistakes: the folder of the tree with the mistakes to diagnose. Only the tests that a diagnosis needs are run.
        steps: the names of the steps to judge (default: all of the kata).
        device: the only device to run the tests on (default: the devices that `pytest` would use).
        imposters: the folder of the tree with other wrong answers to diagnose, as if a learner had written them.
    """
    # Every fork inherits PyTorch and what its first optimizer imports.
    torch_private.import_compiler()
    judged = Judged()
    answers = [answer for tree in trees for answer in read_answers(tree, kata_id)]
    known = read_answers(mistakes, kata_id) if mistakes else []
    others = read_answers(imposters, kata_id) if imposters else []
    arguments = [str(root / "tests" / f"{kata_id}.py"), "--against", str(against)]
    arguments += ["--device", device] if device else []

    def work(send: Callable[[object], None]) -> None:
        judge = _Judge(answers, known, others, steps, judged, lambda message: send(dataclasses.asdict(message)))
        _run_tests(root, arguments, judge)

    while True:
        lost = _listen(judged, (from_data(_Message, message) for message in in_fork(work, _PATIENCE)))
        if lost is None:
            return judged
        judged.verdicts[lost] = Verdict(lost=True)


def _listen(judged: Judged, messages: Iterator[_Message]) -> Trial | None:
    """Collect a fork's messages; return the trial in which the fork ended, or None if it finished its work."""
    running = None
    for message in messages:
        if message.trial is None:
            judged.diagnoses[message.mistake] = message.diagnosis
        elif message.verdict is None:
            running = message.trial
        else:
            judged.verdicts[message.trial] = message.verdict
            running = None
    return running


def _run_tests(root: Path, arguments: list[str], plugin: object) -> None:
    # This process is a fork whose output nobody sees, so the tests need neither forks nor capturing.
    arguments = [*arguments, "--rootdir", str(root), "-c", str(root / "pyproject.toml"), "--isolation", "spawn", "-s"]
    unused = ("cacheprovider", "terminal", "xdist", "logging", "faulthandler", "junitxml")
    pytest.main([*arguments, *(word for name in unused for word in ("-p", f"no:{name}"))], plugins=[plugin])


@dataclasses.dataclass(eq=False)
class _Judge:
    """A pytest plugin that replaces the loop of the run: it runs each test on each answer."""

    answers: list[Answer]
    mistakes: list[Answer]
    imposters: list[Answer]
    steps: frozenset[str] | None
    judged: Judged
    send: Callable[[_Message], None]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # A learner's run does this too.
        forget_modules({item.module.__name__ for item in session.items if isinstance(item, pytest.Function)})
        for step_name, tests in self._tests_by_step(session).items():
            for answer in [None, *_of_step(self.answers, step_name)]:
                for item in tests:
                    self._try(item, answer)
            mistakes = _of_step(self.mistakes, step_name)
            for wrong in (*mistakes, *_of_step(self.imposters, step_name)):
                if wrong.name not in self.judged.diagnoses:
                    found = self._diagnose(tests, wrong, mistakes)
                    self.send(_Message(mistake=wrong.name, diagnosis=found))
        return True

    def _tests_by_step(self, session: pytest.Session) -> dict[str, list[pytest.Item]]:
        """The tests of each step that is judged, by the step's name."""
        items: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            step = item.stash.get(STEP, None)
            if step is not None and (self.steps is None or step.name in self.steps):
                items.setdefault(step.name, []).append(item)
        return items

    def _diagnose(self, tests: list[pytest.Item], mistake: Answer, mistakes: list[Answer]) -> str:
        """The name of the mistake that the author of `mistake` would be told about; "" if there is no such mistake.

        As in a learner's run, the first red test in the course's order is diagnosed.
        """
        for device in dict.fromkeys(device_of(item) for item in tests):
            items = {item.name: item for item in tests if device_of(item) == device}
            for test, item in items.items():
                own = self._try(item, mistake)
                if not own.green and not own.skipped:
                    return self._diagnose_red(items, test, own, mistake, mistakes)
        return ""

    def _diagnose_red(
        self, items: dict[str, pytest.Item], test: str, own: Verdict, mistake: Answer, mistakes: list[Answer]
    ) -> str:
        """Diagnose `mistake`, which is red in `test` with the verdict `own`. `items`: the tests on one device."""
        answers = {"": mistake, **{each.name: each for each in mistakes}}

        def ask(tests: list[str], names: list[str]) -> Verdicts:
            return {(test, name): self._try(items[test], answers[name]) for test in tests for name in names}

        first = ask([test], [each.name for each in mistakes])
        fitting = [each.name for each in mistakes if alike(own.signature, first[test, each.name])]
        if fitting == [mistake.name]:
            # The other tests can't change this, because the mistake agrees with itself on all of them.
            return mistake.name
        return narrow(fitting, [other for other in items if other != test], ask)

    def _try(self, item: pytest.Item, answer: Answer | None) -> Verdict:
        """The verdict of a test on an answer, or on the kata's own code (None). The test runs at most once."""
        trial = Trial(item.stash[STEP].name, name_of(answer), device_of(item), item.name)
        if trial not in self.judged.verdicts:
            self.send(_Message(trial))
            case = case_for(item.nodeid, answer) if answer else Case(item.nodeid)
            verdict = self.judged.verdicts[trial] = run_case(item, case)
            self.send(_Message(trial, verdict))
        return self.judged.verdicts[trial]


def _of_step(answers: list[Answer], step_name: str) -> list[Answer]:
    return [answer for answer in answers if answer.step == step_name]


def name_of(answer: Answer | None) -> str:
    """The name of an answer in a trial. It has the answer's tree, because two trees may use the same name."""
    return f"{answer.path.parents[1].name}:{answer.name}" if answer else OWN
