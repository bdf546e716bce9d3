"""The verdicts of the tests on every answer in the course: stubs, solutions, mistakes and accepted ways."""

from __future__ import annotations

import doctest
import re

import pytest

from dojo.authoring.judge_answers import OWN, name_of
from dojo.course.curriculum import Kata, Step, step_of_test
from dojo.course.definitions import read_definitions
from dojo.course.kept_answers import Answer
from dojo.course.stubs import stub_of

from .conftest import ROOT, repair_steps


def test_a_stub_is_red_because_it_is_not_written(step: Step, judge):
    found = {t: v for t, v in judge(step.kata_id, "katas").verdicts.items() if t.step == step.name}
    assert {step_of_test(trial.test.partition("[")[0]) for trial in found} == {step.name}
    is_repair = step in repair_steps()
    for trial, verdict in found.items():
        kind = verdict.failure.kind if verdict.failure else "green"
        assert is_repair or kind == "not_written", f"{trial.test} on the stub: {kind}: {verdict.failure}"
        assert verdict.judged_file == str(ROOT / "katas" / f"{step.kata_id}.py")
    # Given code runs, and fails a test.
    assert not any(verdict.lost for verdict in found.values())
    assert any(verdict.failure for verdict in found.values())


def test_a_solution_is_green_on_every_device_and_is_what_was_judged(step: Step, judge):
    found = _verdicts(step.kata_id, step.name, OWN, judge)
    assert {trial.test.partition("[")[0] for trial in found} == set(step.tests)
    for trial, verdict in found.items():
        assert verdict.green, f"{trial.test} on the solution: {verdict.failure}"
        assert verdict.judged_file == str(ROOT / "solutions" / f"{step.kata_id}.py")


def test_a_step_is_quick_on_the_solution(step: Step, judge):
    found = _verdicts(step.kata_id, step.name, OWN, judge)
    # A step should take 50 ms. The limit is far above, so that it finds a needless loop and not a busy machine.
    assert max(verdict.seconds for verdict in found.values()) < 5


def test_a_mistake_is_rejected(kata: Kata, mistake: Answer, judge):
    verdicts = _verdicts(kata.id, mistake.step, name_of(mistake), judge)
    assert any(v.failure is not None for v in verdicts.values()), "every test accepts it"
    lost = [trial.test for trial, verdict in verdicts.items() if verdict.lost]
    assert not lost, f"it ends or hangs the process in {lost}"


def test_a_mistake_is_diagnosed_as_itself_and_as_no_other(kata: Kata, mistake: Answer, judge):
    assert judge(kata.id, "solutions").diagnoses[mistake.name] == mistake.name


@pytest.mark.full
def test_an_imposter_gets_the_why_of_its_mistake(kata: Kata, imposter: Answer, judge):
    """An imposter `step__label__word` behaves like the mistake `step__label` for another reason.

    People read whether the why is true of both.
    """
    assert judge(kata.id, "solutions").diagnoses[imposter.name] == imposter.name.rpartition("__")[0]


def test_an_accepted_way_is_green_on_every_device(kata: Kata, accepted: Answer, judge):
    for trial, verdict in _verdicts(kata.id, accepted.step, name_of(accepted), judge).items():
        assert verdict.green, f"{trial.test} on {accepted.name}: {verdict.failure}"


def test_the_card_of_a_repair_step_says_what_its_example_shows_on_the_given_code(repair: Step):
    shown = [found for example, found in _run_example(repair, stub_of(ROOT, repair)) if found != example.want]
    assert shown, "the example does not show the fault"
    docstring = " ".join(read_definitions(ROOT / "katas" / f"{repair.kata_id}.py")[repair.name].docstring.split())
    symptom = re.search(r"Symptom: (.*?) Example:", docstring)
    assert symptom, "a repair step has a section Symptom, right before its Example"
    said = _numbers_in(symptom[1])
    errors = re.findall(r"\b[A-Z]\w*Error\b", symptom[1])
    assert said or errors, "the Symptom names what the example shows"
    for error in errors:
        assert error in shown, f"the example raises no {error}: {shown}"
    for number in said:
        decimals = len(number.partition(".")[2])
        rounded = {f"{float(each):.{decimals}f}" for each in _numbers_in("".join(shown))}
        assert f"{float(number):.{decimals}f}" in rounded, f"the example does not show {number}: {shown}"


def _run_example(step: Step, code: str) -> list[tuple[doctest.Example, str]]:
    """The statements of a step's example, each with what it prints if `code` defines the step."""
    path = ROOT / "solutions" / f"{step.kata_id}.py"
    namespace: dict[str, object] = {"__name__": "solution"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    exec(code, namespace)
    [test] = doctest.DocTestFinder().find(namespace[step.name], step.name, globs=namespace, module=False)[:1]
    found: list[tuple[doctest.Example, str]] = []

    class Runner(doctest.DocTestRunner):
        def report_success(self, out, test, example, got):
            found.append((example, got))

        report_failure = report_success

        def report_unexpected_exception(self, out, test, example, exc_info):
            found.append((example, exc_info[0].__name__))

    Runner().run(test, out=lambda text: None)
    return found


def _numbers_in(text: str) -> list[str]:
    """The numbers in a text, and the truth values as 1 and 0."""
    text = re.sub(r"\bTrue\b", "1", re.sub(r"\bFalse\b", "0", text))
    return re.findall(r"(?<![\w.])-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)(?!\w)", text)


def test_the_examples_of_the_docstrings_are_true(kata: Kata):
    path = ROOT / "solutions" / f"{kata.id}.py"
    namespace: dict[str, object] = {"__name__": "solution"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    for step in kata.steps:
        for test in doctest.DocTestFinder().find(namespace[step.name], step.name, globs=dict(namespace), module=False):
            runner.run(test, out=said.append)
    assert not said, "".join(said)
    assert runner.tries >= len(kata.steps)


def _verdicts(kata_id: str, step: str, answer: str, judge):
    """The verdicts of a step's tests on one answer to it."""
    found = judge(kata_id, "solutions").verdicts.items()
    return {trial: verdict for trial, verdict in found if (trial.step, trial.answer) == (step, answer)}
