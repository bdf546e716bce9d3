"""Kills each command once. checks/bench/kills.py kills each 50 times."""

from __future__ import annotations

import sys

import pytest

from .kills import COMMANDS, killed

pytestmark = pytest.mark.full


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for orphans in /proc")
def test_a_killed_command_loses_nothing(tmp_path):
    assert not killed(tmp_path, list(COMMANDS), times=1, seed=3, say=print)
