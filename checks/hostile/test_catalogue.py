"""Runs pieces of the catalogue as users do: no piece ends the run, deceives it, or changes another step's result.

Here each mode runs a part of the quick pieces. checks/bench/hostile.py runs all pieces in all modes.
"""

from __future__ import annotations

import sys

import pytest

from .catalogue import PIECES
from .courses import MODES

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs go into forks on Linux alone"),
]

QUICK = [piece for piece in PIECES if piece.quick]
NAMED = [piece for piece in PIECES if piece.name in ("loop", "loop_in_operators", "sleep_in_c")]
SHARES = {
    "plain": [*QUICK[::3], *NAMED],
    "two_processes": [*QUICK[1::3], *NAMED],
    "as_the_fork": QUICK[2::3],
    "watched": [*QUICK[::12], NAMED[0]],
}


@pytest.mark.parametrize("mode", MODES)
def test_the_step_alone_is_hurt(mode, tmp_path):
    assert not list(MODES[mode](SHARES[mode], tmp_path))


def test_there_are_enough():
    assert len({piece.name for piece in PIECES}) == len(PIECES) >= 60
    assert {piece for name in ("plain", "two_processes", "as_the_fork") for piece in SHARES[name]} >= set(QUICK)
