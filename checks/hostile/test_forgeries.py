"""No forgery turns a step green, in CI's judge and in `dojo class --verify`.

Here the class has all forgeries, and CI judges some. checks/bench/forgeries.py lets CI judge all of them, also without
bubblewrap.
"""

from __future__ import annotations

import os
import sys

import pytest

from dojo.judging.judge import Walls, walls_here, why_no_other_user

from ..judging.probes import without_bubblewrap
from .forgeries import FORGERIES
from .judges import in_ci, in_class, left_behind

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the judge works on Linux alone"),
]
FIRST = FORGERIES[:2]
HOSTILE_TO_CI = [*FIRST, *FORGERIES[2::5]]


def _sandbox() -> bool:
    return sys.platform.startswith("linux") and walls_here() is Walls.SANDBOX


@pytest.mark.skipif(not _sandbox(), reason="bubblewrap does not run here")
@pytest.mark.timeout(600)
def test_no_learner_of_a_class_forges_a_verdict(tmp_path):
    assert not list(in_class(FORGERIES, tmp_path))
    assert not left_behind()


@pytest.mark.skipif(not _sandbox(), reason="bubblewrap does not run here")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("forgery", HOSTILE_TO_CI, ids=lambda forgery: forgery.name)
def test_no_learner_forges_a_verdict_in_ci(forgery, tmp_path):
    assert not list(in_ci([forgery], tmp_path))
    assert not left_behind()


@pytest.mark.skipif(os.geteuid() != 0 or bool(why_no_other_user()), reason="no other user can be had here")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("forgery", FIRST, ids=lambda forgery: forgery.name)
def test_no_learner_forges_a_verdict_in_ci_without_a_sandbox(forgery, tmp_path):
    assert not list(in_ci([forgery], tmp_path, without_bubblewrap(tmp_path)))
    assert not left_behind()


def test_there_are_enough():
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES) >= 12
