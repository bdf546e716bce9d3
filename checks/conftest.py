"""The checks run whole courses inside a test: their time limit is longer than that of a learner's step.

All checks on a kata go to one process, which judges it once; so do those that install sim.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


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
            together = re.search(r"curriculum/.*\[(lesson_\w+/kata_\w+)|(machinery/test_sim\.py)", nodeid)
            return together[together.lastindex or 0] if together else nodeid

    return ByKata(config, log)
