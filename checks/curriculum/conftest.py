"""Each kata is judged once for all checks on it. They run in one process (see checks/conftest.py)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from dojo.authoring.judge_answers import Judged, judge_kata
from dojo.authoring.scaffold import left_to_do
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.given_code import read_repairs
from dojo.course.kept_answers import Answer, read_answers
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)
CURRICULUM = read_curriculum(ROOT)
ACCEPTED = ROOT / "checks" / "accepted"
IMPOSTERS = ROOT / "checks" / "imposters"
_TREES = {"mistake": ROOT / "mistakes", "accepted": ACCEPTED, "imposter": IMPOSTERS}


@functools.cache
def repair_steps() -> list[Step]:
    """The steps whose stubs are code to fix."""
    found = []
    for kata in CURRICULUM.katas():
        repairs = read_repairs(ROOT, kata.id)
        found += [step for step in kata.steps if repairs and step.name in repairs.by_name()]
    return found


@functools.cache
def _judge(kata_id: str, folder: str, steps: frozenset[str], imposters: bool) -> Judged:
    if folder == "katas":
        # A stub is unwritten on every device.
        return judge_kata(ROOT, kata_id, ROOT / folder, [], steps=steps, device="cpu")
    others = IMPOSTERS if imposters else None
    return judge_kata(ROOT, kata_id, ROOT / folder, [ACCEPTED], ROOT / "mistakes", steps, imposters=others)


@pytest.fixture(scope="session")
def selected(request: pytest.FixtureRequest) -> dict[str, frozenset[str]]:
    """The names of the steps that this run checks, by kata. With -k the other steps cost nothing."""
    found = {step_of(item) for item in request.session.items} - {None}
    return {kata_id: frozenset(name for kata, name in found if kata == kata_id) for kata_id, _ in found}


@pytest.fixture(scope="session")
def has_imposters(request: pytest.FixtureRequest) -> bool:
    """Whether this run checks imposters. Their checks are marked full, and without them imposters cost nothing."""
    return any("imposter" in item.callspec.params for item in request.session.items if hasattr(item, "callspec"))


@pytest.fixture
def judge(selected: dict[str, frozenset[str]], has_imposters: bool) -> Callable[[str, str], Judged]:
    """A function `judge(kata_id, folder)`: the verdicts on a kata in "solutions" or "katas", judged once."""
    return lambda kata_id, folder: _judge(kata_id, folder, selected[kata_id], has_imposters)


@pytest.fixture(autouse=True)
def _skip_unless_finished(request: pytest.FixtureRequest) -> None:
    """Skip the checks of an unfinished step, except the one check that says what is missing."""
    step = step_of(request.node)
    if step and request.function.__name__ != "test_nothing_of_a_step_is_still_to_do" and left_to_do(ROOT, *step):
        pytest.skip(f"{step[1]} is not finished.")


def step_of(item: pytest.Item) -> tuple[str, str] | None:
    """The id of the kata and the name of the step that a check is about; None if it is about more than one step."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    answer = next((given[name] for name in _TREES if name in given), None)
    if isinstance(answer, Answer):
        return given["kata"].id, answer.step
    step = given.get("step") or given.get("repair")
    return (step.kata_id, step.name) if isinstance(step, Step) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a check for every kata, step, mistake, accepted way or imposter, as the check's arguments say."""
    katas = list(CURRICULUM.katas())
    name = next((name for name in _TREES if name in metafunc.fixturenames), "")
    if name:
        answers = [(kata, answer) for kata in katas for answer in read_answers(_TREES[name], kata.id)]
        metafunc.parametrize(
            ("kata", name),
            [pytest.param(k, a, id=f"{k.id}/{a.name}") for k, a in answers],
        )
    elif "step" in metafunc.fixturenames:
        metafunc.parametrize("step", [pytest.param(step, id=step.id) for kata in katas for step in kata.steps])
    elif "repair" in metafunc.fixturenames:
        metafunc.parametrize("repair", [pytest.param(step, id=step.id) for step in repair_steps()])
    elif "kata" in metafunc.fixturenames:
        metafunc.parametrize("kata", [pytest.param(kata, id=kata.id) for kata in katas])
