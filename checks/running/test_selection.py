"""Whatever is selected by the user behaves as in plain pytest."""

from __future__ import annotations

import re
import xml.etree.ElementTree

import pytest

NODE = "tests/lesson_1_numbers/kata_01_doubling.py::test_total__sums_each_row"


def _counts(ran):
    return ran.lines[-1].strip("= ").partition(" in ")[0]


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        (["--all"], "5 failed"),
        (["tests"], "5 failed"),
        (["tests/lesson_1_numbers"], "4 failed"),
        (["katas/lesson_1_numbers/kata_01_doubling.py"], "4 failed"),
        (["katas/lesson_2_words"], "1 failed"),
        ([NODE], "1 failed"),
        ([NODE + "[cpu]"], "1 failed"),
        (["-k", "double or shout"], "3 failed, 2 deselected"),
        (["-x", "--all"], "1 failed"),
        (["--maxfail=2"], "2 failed"),
    ],
)
def test_a_selection_runs_whole(course, arguments, counts):
    ran = course.pytest(*arguments)
    assert ran.status == 1
    assert _counts(ran) == counts
    assert re.search(r"0 of \d steps? green", ran.out)


def test_plain_failures_are_short_and_in_the_learners_terms(course):
    course.solve(double="return x + 2")
    ran = course.pytest("tests", "-k", "twice")
    assert "  called    double(tensor([1. , 2.5]))" in ran.lines
    assert "runtestprotocol" not in ran.out
    assert "assert_tensor" not in ran.out


def test_a_long_traceback_can_be_asked_for(course):
    course.solve(double="return x + 2")
    ran = course.pytest("tests", "-k", "twice", "--tb=long")
    assert "assert_tensor(kata.double(x)" in ran.out


def test_against_judges_another_folder(course):
    ran = course.pytest("--against", "solutions")
    assert ran.status == 0
    assert "All 4 steps are green" in ran.out
    assert "You wrote" not in ran.out
    assert course.pytest("--against", str(course.root / "solutions"), "--all").status == 0


@pytest.mark.parametrize("folder", ["nowhere", "hints"])
def test_against_a_folder_that_mirrors_nothing_is_one_clear_error(course, folder):
    ran = course.pytest("--against", folder)
    assert ran.status == 4
    assert ran.out.startswith(f"ERROR: --against {folder}: ")
    assert len(ran.out.strip().splitlines()) == 1


def test_lf_runs_what_failed_last(course):
    course.solve(double="return x + 2")
    course.pytest("--all")
    ran = course.pytest("--lf", "--co", "-q")
    assert "1 test collected" in ran.out
    course.solve()
    ran = course.pytest("--lf")
    assert ran.status == 0
    assert "passed" in _counts(ran)


def test_sw_stops_and_goes_on(course):
    course.solve(double="return x + 2")
    assert "1 failed" in _counts(course.pytest("--sw"))
    course.solve()
    ran = course.pytest("--sw")
    assert ran.status == 0
    assert "5 passed" in _counts(ran)


def test_collect_only_runs_nothing(course):
    ran = course.pytest("--co", "-q")
    assert ran.status == 0
    assert NODE + "[cpu]" in ran.lines
    assert "5 tests collected" in ran.out


@pytest.mark.full
def test_workers_give_the_same_verdicts(course):
    course.solve(total="return rows.sum(dim=0)")
    ran = course.pytest("-n", "2", "--progress-json", "p.json")
    assert ran.status == 1
    assert _counts(ran).startswith("1 failed, 4 passed")
    assert "3 of 4 steps green, 1 red" in ran.out
    assert "  why       The dim that is summed" in ran.out


def test_junit_has_the_learners_report(course):
    course.solve(double="return x + 2")
    course.pytest("--junitxml", "out.xml", "--all")
    tree = xml.etree.ElementTree.parse(course.root / "out.xml")
    failures = [failure.text for failure in tree.iter("failure")]
    assert len(failures) == 1
    assert "called    double(" in failures[0]


def test_a_kata_that_is_not_there_is_one_clear_error(course):
    ran = course.pytest("katas/lesson_1_numbers/kata_01_doubing.py")
    assert ran.status == 4
    assert "the course has no such kata. Did you mean lesson_1_numbers/kata_01_doubling.py" in ran.out


def test_answers_are_never_collected_as_tests(course):
    ran = course.pytest(".", "--co", "-q")
    assert "5 tests collected" in ran.out


def test_a_single_test_that_passes_is_reported_as_a_part_of_its_step(course):
    course.solve()
    ran = course.pytest(f"{course.tests}::test_double__is_twice_the_input[cpu]")
    assert ran.status == 0
    assert "double: 1 of 2 tests passed. To run all: dojo run double" in ran.lines
