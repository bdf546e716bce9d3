"""One judging of each kata serves every check on it (in one process: checks of a kata share an xdist group)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from dojo.answers import read_answers
from dojo.course import find_root
from dojo.curriculum import read_curriculum
from dojo.judge import Verdicts, judge_kata

ROOT = find_root(Path(__file__).parent)
CURRICULUM = read_curriculum(ROOT)
ACCEPTED = ROOT / "checks" / "accepted"


@functools.cache
def _judge(kata_id: str, folder: str) -> Verdicts:
    trees = [ROOT / "mistakes", ACCEPTED] if folder == "solutions" else []
    return judge_kata(ROOT, kata_id, ROOT / folder, trees)


@pytest.fixture
def judge() -> Callable[[str, str], Verdicts]:
    """`judge(kata_id, "solutions")` or `judge(kata_id, "katas")`: the verdicts on a kata, judged once."""
    return _judge


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a check for every kata, step, mistake or accepted way that it asks for by name."""
    steps = [(step, kata) for kata in CURRICULUM.katas() for step in kata.steps]
    if "mistake" in metafunc.fixturenames or "accepted" in metafunc.fixturenames:
        name = "mistake" if "mistake" in metafunc.fixturenames else "accepted"
        tree = ROOT / "mistakes" if name == "mistake" else ACCEPTED
        answers = [(kata, answer) for kata in CURRICULUM.katas() for answer in read_answers(tree, kata.id)]
        metafunc.parametrize(
            ("kata", name),
            [pytest.param(k, a, marks=pytest.mark.xdist_group(k.id), id=f"{k.id}/{a.name}") for k, a in answers],
        )
    elif "step" in metafunc.fixturenames:
        metafunc.parametrize("step", [pytest.param(s, marks=pytest.mark.xdist_group(k.id), id=s.id) for s, k in steps])
    elif "kata" in metafunc.fixturenames:
        katas = CURRICULUM.katas()
        metafunc.parametrize("kata", [pytest.param(k, marks=pytest.mark.xdist_group(k.id), id=k.id) for k in katas])
