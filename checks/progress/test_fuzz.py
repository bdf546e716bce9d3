"""Runs a few cases of checks/bench/fuzz.py, which runs 100,000 cases by default."""

from __future__ import annotations

import importlib.util

import pytest

from ..small_course import ROOT

pytest.importorskip("hypothesis")


@pytest.mark.full
def test_parsers_raise_nothing_but_the_documented_errors():
    spec = importlib.util.spec_from_file_location("fuzz", ROOT / "checks" / "bench" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    fuzz = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz)
    assert sum(fuzz.fuzz(500).values()) == 500
