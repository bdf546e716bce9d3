"""The checks run whole courses inside a test: their time limit is longer than that of a learner's step.

All checks on a kata go to one process, which judges it once; so do those that install sim. What those courses print is
the same on CI and in a developer's shell.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from .small_course import SmallCourse, small_course

HERE = Path(__file__).parent
# By these pytest and rich decide how much they print, how wide and in which colours.
_PRINTING = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS", "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "COLUMNS", "LINES")
# The checks of these files share what takes long to start, and some go on from where the one before them stopped.
_TOGETHER = r"sim/test_sim\.py|notebook/test_kernel\.py|tutor/test_server\.py"
for _name in _PRINTING:
    os.environ.pop(_name, None)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full: slow, so it runs once a week and before a release (dojo check --full)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(120))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For --dist loadgroup: with pytest 9.2, xdist's own no longer sees which group a test is in."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByKata(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            together = re.search(rf"curriculum/.*\[(lesson_\w+/kata_\w+)|({_TOGETHER})", nodeid)
            return together[together.lastindex or 0] if together else nodeid

    return ByKata(config, log)


@pytest.fixture
def course(tmp_path: Path) -> SmallCourse:
    """A fresh small course."""
    return small_course(tmp_path / "course")
