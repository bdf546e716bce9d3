"""`dojo check`: its table, its last line and its exit status."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from dojo.course.curriculum import read_curriculum

from ..small_course import ROOT

PASSING = "def test_truth():\n    assert True\n"


@pytest.mark.full
def test_it_ends_with_a_table_and_a_line(course):
    course.write("checks/machinery/test_one.py", PASSING)
    course.write("checks/curriculum/test_two.py", PASSING.replace("truth", "every_step_is_there"))
    ran = course.dojo("check", "-n", "1")
    assert ran.status == 0, ran.out
    assert any(line.startswith("every step is there") for line in ran.lines)
    assert any(line.startswith("machinery one") for line in ran.lines)
    assert ran.lines[-1] == "2 passed, 0 failed, 0 skipped"


@pytest.mark.full
def test_a_failure_is_shown_in_full_and_in_the_status(course):
    course.write("checks/machinery/test_one.py", PASSING + "def test_lie():\n    assert 1 == 2\n")
    course.write("checks/machinery/test_broken.py", "import nosuch\n")
    ran = course.dojo("check")
    assert ran.status == 1
    assert "nosuch" in ran.out
    course.write("checks/machinery/test_broken.py", "")
    ran = course.dojo("check")
    assert ran.status == 1
    assert "assert 1 == 2" in ran.out
    assert ran.lines[-3] == "failed: checks/machinery/test_one.py::test_lie"
    assert ran.lines[-1] == "1 passed, 1 failed, 0 skipped"


@pytest.mark.full
def test_a_selection_of_nothing_is_an_error(course):
    course.write("checks/machinery/test_one.py", PASSING)
    ran = course.dojo("check", "-k", "nosuch")
    assert (ran.status, ran.out) == (2, "dojo: -k nosuch: no check matches.\n")
    assert course.dojo("check", "-n", "0").status == 2


def test_slow_checks_run_if_they_are_asked_for(course):
    slow = PASSING.replace("truth", "all")
    course.write("checks/machinery/test_one.py", f"import pytest\n{PASSING}@pytest.mark.full\n{slow}")
    assert course.dojo("check").lines[-1] == "1 passed, 0 failed, 0 skipped"
    assert course.dojo("check", "--full").lines[-1] == "2 passed, 0 failed, 0 skipped"
    assert course.dojo("check", "-k", "test_all").lines[-1] == "1 passed, 0 failed, 0 skipped"
    ran = course.dojo("check", "--full", "-k", "test_all")
    assert (ran.status, "not allowed with" in ran.out) == (2, True)


def test_a_course_without_checks_is_one_clear_error(course):
    ran = course.dojo("check")
    assert ran.status == 2
    assert "has no checks/ folder" in ran.out


@pytest.mark.full
def test_all_checks_on_a_kata_go_to_one_process():
    command = [sys.executable, "-m", "pytest", "checks/curriculum", "-v", "-n", "2", "--dist", "loadgroup"]
    command += ["-p", "no:cacheprovider", "-k", "signature and (kata_01_creating or kata_02_dtypes or kata_04_shapes)"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.findall(r"\[(gw\d)\] .*PASSED .*\[(lesson_\w+/kata_\w+)/", ran.stdout)
    katas = ("kata_01_creating", "kata_02_dtypes", "kata_04_shapes")
    steps = [step for kata in katas for step in read_curriculum(ROOT).chosen(kata)]
    assert len(found) == len(steps), ran.stdout
    assert len(set(found)) == 3
    assert len({worker for worker, _ in found}) == 2
