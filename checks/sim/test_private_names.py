"""The private names that `sim` is built from: without any of them a run goes on without `sim`, and says why."""

from __future__ import annotations

import pytest

from dojo.sim import private

from ..private_names import runs_without
from ..small_course import small_course


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("private") / "course")
    course.solve(double="return x * x")
    return runs_without(course, private.NAMES)


@pytest.mark.full
@pytest.mark.parametrize("name", private.NAMES)
def test_a_run_without_a_private_name_goes_on_without_sim_and_says_why(runs, name):
    ran = runs[name]
    assert ran.status == 1
    assert "2 of 2 values differ" in ran.out
    said = [line for line in ran.lines if line.startswith("not run on sim: ")]
    assert len(said) == 1
    assert said[0].endswith(f" lacks what `sim` is built from ({name})")
