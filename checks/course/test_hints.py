"""`dojo hint` shows one hint at a time and remembers it, even if the learner's file is broken."""

from __future__ import annotations

import sys

import pytest


def test_each_call_reveals_the_next_hint(course):
    first = course.dojo("hint")
    assert first.status == 0
    assert first.lines[0] == "double  katas/lesson_1_numbers/kata_01_doubling.py:6"
    assert "A question about double." in first.out
    assert "The shape of" not in first.out
    assert "2 more: dojo hint" in first.out
    second = course.dojo("hint").out
    assert "The shape of double." in second
    assert "it fits" not in second, "the heading speaks of another symptom than the one at hand"
    assert "Almost the answer" in course.dojo("hint").out
    again = course.dojo("hint").out
    assert "A question about double." in again
    assert "Almost the answer" in again


def test_the_hint_that_fits_the_failing_test_comes_first(course):
    course.solve(double="return x[:1]")
    course.pytest()
    ran = course.dojo("hint")
    assert "The hint that fits your failure (2 of 3)" in ran.out
    assert "A question about double." in course.dojo("hint").out


def test_naming_a_step_never_moves_the_focus(course):
    assert "A question about total." in course.dojo("hint", "total").out
    assert "A question about double." in course.dojo("hint").out
    course.pytest()
    before = (course.root / ".dojo/steps.json").read_bytes()
    course.dojo("hint", "shout")
    assert (course.root / ".dojo/steps.json").read_bytes() == before


def test_all_shows_the_rest(course):
    out = course.dojo("hint", "double", "--all").out
    assert "A question" in out
    assert "Almost the answer" in out
    assert "There are no more hints." in out


def test_the_focus_follows_the_last_run_and_hints_work_after_success(course):
    course.solve(total="return rows")
    course.pytest()
    assert course.dojo("hint").lines[0].startswith("total ")
    course.solve()
    course.pytest()
    assert "Every step is green" in course.dojo("hint").out
    assert "A question about total." in course.dojo("hint", "total").out


def test_it_works_on_a_broken_file_and_from_a_sub_folder(course):
    course.write(course.kata, "import torch\n\ndef double(x:\n")
    ran = course.dojo("hint", cwd="katas")
    assert ran.lines[0] == "double  katas/lesson_1_numbers/kata_01_doubling.py:3"
    assert "A question about double." in ran.out


def test_a_wrong_name_is_one_clear_error(course):
    ran = course.dojo("hint", "doubel")
    assert (ran.status, ran.out) == (2, "dojo: There is no step named doubel. Did you mean:\n  dojo hint double\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names of files are always text")
def test_a_folder_whose_name_python_cannot_read_is_one_clear_error(course):
    course.root.rename(course.root.with_name("é"))
    course.root = course.root.with_name("é")
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for ran in (course.dojo("list", env=env), course.fresh(env=env)):
        assert ran.status != 0
        assert "Set PYTHONUTF8=1 or LC_ALL=C.UTF-8." in " ".join(ran.out.split())
        assert "Traceback" not in ran.out
    assert course.dojo("list").status == 0


def test_no_course_no_hints_file_or_no_section_is_one_clear_error(course, tmp_path):
    outside = course.dojo("hint", cwd="..")
    assert outside.status == 2
    assert "There is no course in" in outside.out
    course.write("hints/lesson_1_numbers/kata_01_doubling.md", "# Hints\n\n## total\n")
    assert "has no section '## double'" in course.dojo("hint").out
    assert "has no '### Hint 1' in it" in course.dojo("hint", "total").out
    (course.root / "hints/lesson_1_numbers/kata_01_doubling.md").unlink()
    ran = course.dojo("hint")
    assert ran.status == 2
    assert "hints/lesson_1_numbers/kata_01_doubling.md is missing" in ran.out


def test_damaged_or_unwritable_memory_is_said(course):
    course.write(".dojo/hints.json", "{")
    assert ".dojo/hints.json was damaged" in course.dojo("hint").out
    assert "A question about double." not in course.dojo("hint").out, "it went on from a fresh memory"
