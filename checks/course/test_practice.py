"""The marks of core and practice, and the one function that decides whether practice steps are run."""

from __future__ import annotations

import pytest

from dojo.course.curriculum import core_in, read_curriculum
from dojo.course.practice import practice_choice, read_settings, remember_practice
from dojo.support.errors import DojoError


def test_a_course_without_marks_is_all_core(course):
    curriculum = read_curriculum(course.root)
    assert not curriculum.has_practice
    assert curriculum.walked(practice=False) == tuple(curriculum.steps())


def test_steps_that_core_does_not_name_are_practice(course):
    course.mark("double", "shout")
    curriculum = read_curriculum(course.root)
    assert curriculum.has_practice
    assert [step.name for step in curriculum.walked(practice=False)] == ["double", "shout"]
    assert [step.name for step in curriculum.walked(practice=True)] == ["double", "total", "Counter", "shout"]
    kata = next(curriculum.katas())
    assert ([step.name for step in kata.core], len(kata.practice)) == (["double"], 2)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("", None),
        ('CORE = ("a",)\n', ("a",)),
        ('import torch\nCORE = (\n    "a",  # first\n    "b",\n)\n', ("a", "b")),
        ("CORE = ()\n", ()),
        ("CORES = 1\n", None),
        ("def f():\n    CORE = 1\n", None),
    ],
)
def test_core_is_read_without_running_the_file(text, core):
    assert core_in(text, "lesson_1_a/kata_01_b") == core


@pytest.mark.parametrize(
    "text", ['CORE = ("a")\n', "CORE = names()\n", 'CORE = ["a"]\n', "CORE = (1,)\n", "CORE = (\n"]
)
def test_another_core_is_an_error_that_names_the_file(text):
    with pytest.raises(DojoError, match=r"tests/lesson_1_a/kata_01_b.py: CORE must be a tuple of names"):
        core_in(text, "lesson_1_a/kata_01_b")


def test_the_option_comes_before_the_memory_and_the_memory_before_the_settings(course):
    root = course.root
    assert (practice_choice(root).practice, practice_choice(root).source) == (False, "the default")
    course.write("dojo.toml", "practice = true\n")
    assert (practice_choice(root).practice, practice_choice(root).source) == (True, "dojo.toml: practice = true")
    remember_practice(root, False)
    assert (practice_choice(root).practice, practice_choice(root).source) == (False, "dojo practice off")
    assert practice_choice(root, option=True).practice
    remember_practice(root, True)
    course.write("dojo.toml", "practice = false\n")
    assert (practice_choice(root).practice, practice_choice(root).source) == (True, "dojo practice on")


@pytest.mark.parametrize("damaged", ["", "[", '{"practice": "yes"}', "[]"])
def test_a_damaged_memory_counts_as_no_choice(damaged, course):
    course.write(".dojo/practice.json", damaged)
    course.write("dojo.toml", "practice = true\n")
    assert practice_choice(course.root).source == "dojo.toml: practice = true"


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"practice = yes\n", "is not valid TOML"),
        (b"\xff\n", "is not valid TOML"),
        (b"practice = 1\n", "practice must be true or false, not 1"),
        (b'practice = "on"\n', "practice must be true or false, not 'on'"),
    ],
)
def test_a_malformed_dojo_toml_is_one_clear_error(text, says, course):
    course.mark("double", "shout")
    path = course.write("dojo.toml", text)
    with pytest.raises(DojoError) as caught:
        read_settings(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)
    for arguments in (["watch"], ["hint"], ["run", "kata_01_doubling"]):
        ran = course.dojo(*arguments)
        assert (ran.status, len(ran.lines)) == (2, 1), ran.out
        assert says in ran.out


def test_other_settings_of_an_instructor_are_left_alone(course):
    course.write("dojo.toml", "[grade]\ncore = 10\n")
    assert practice_choice(course.root).source == "the default"


def test_practice_on_and_off_is_remembered_and_said(course):
    assert course.dojo("practice").out == "pytest, dojo run and dojo watch run: core steps (the default)\n"
    assert course.dojo("practice", "on").out.endswith("run: core and practice steps (dojo practice on)\n")
    assert practice_choice(course.root).practice
    assert course.dojo("practice", "off").out.endswith("run: core steps (dojo practice off)\n")
    assert course.dojo("practice", "maybe").status == 2


def test_the_doctor_says_where_the_choice_comes_from(course):
    course.write("dojo.toml", "practice = true\n")
    assert "steps    core and practice steps (dojo.toml: practice = true)" in course.dojo_with_torch("doctor").lines
    course.write("dojo.toml", "practice = [\n")
    ran = course.dojo_with_torch("doctor")
    assert ran.status == 1
    assert "dojo.toml is not valid TOML" in ran.out
