"""What plain `pytest` says between two steps: introductions, finished katas, and what a lesson's code has made."""

from __future__ import annotations

import importlib.util
import json

import pytest

from ..small_course import INTRODUCTION, RECORDED

TITLE = "Doubling keeps the shape."
PROMISE = "  Afterwards you can double, sum and count without a loop, and say what x.sum()"
LESSON = "✓ Lesson 1 is finished. Your own code made this:"


def solve_the_first_kata(course, **bodies):
    """Write the first kata, with these bodies for the functions named, and leave the second."""
    introduced = INTRODUCTION in (course.root / course.kata).read_text()
    shout = (course.root / "katas/lesson_2_words/kata_01_shouting.py").read_text()
    course.solve()
    course.write("katas/lesson_2_words/kata_01_shouting.py", shout)
    if introduced:
        course.introduce()
    course.answer(**bodies)


def test_an_introduction_is_shown_once_before_the_first_step_is_begun(course):
    course.introduce()
    ran = course.pytest()
    title = ran.lines.index(TITLE)
    assert title < ran.lines.index("✗ double   step 1 of 3, lesson 1 · numbers · doubling")
    assert "    >>> 2 * torch.tensor([1.0, 3.0])" in ran.lines
    assert max(map(len, ran.lines)) <= 80
    assert TITLE not in course.pytest().lines


def test_no_introduction_is_shown_once_a_step_is_begun(course):
    course.introduce()
    course.answer(double="return x")
    assert TITLE not in course.pytest().lines
    # The next step of the kata is not begun yet.
    course.answer(double="return 2 * x")
    assert TITLE in course.pytest().lines


def test_an_introduction_too_wide_for_the_report_is_wrapped_and_its_code_is_not(course):
    path = course.root / course.kata
    long = " ".join(["word"] * 30)
    path.write_text(path.read_text().replace('"""Doubling."""', f'"""Doubling.\n\n{long}\n\n    x  =  1\n"""'))
    ran = course.pytest()
    assert " ".join(["word"] * 16) in ran.lines
    assert "    x  =  1" in ran.lines


@pytest.mark.full
@pytest.mark.parametrize(
    "arguments", [("--all",), ("-q",), ("-n", "1"), ("--against", "solutions"), ("tests",), ("--step", "Counter")]
)
def test_other_runs_say_nothing_of_it(course, arguments):
    course.introduce()
    course.add_win()
    assert "Doubling keeps the shape" not in course.pytest(*arguments).out
    solve_the_first_kata(course)
    ran = course.pytest(*arguments)
    assert "Afterwards you can" not in ran.out
    assert "finished" not in ran.out
    # It was not counted as shown.
    ran = course.pytest()
    assert PROMISE in ran.lines
    assert LESSON in ran.lines


def test_a_finished_kata_repeats_its_promise_once_and_names_the_next_file(course):
    course.introduce()
    solve_the_first_kata(course, double="return x")
    assert "finished" not in course.pytest().out
    solve_the_first_kata(course)
    ran = course.pytest()
    start = ran.lines.index("✓ Kata 1 of lesson 1 is finished: doubling")
    assert ran.lines[start + 1 : start + 3] == [PROMISE, "  does."]
    assert "The next step is in another file: katas/lesson_2_words/kata_01_shouting.py" in ran.lines
    again = course.pytest()
    assert "finished" not in again.out
    assert "another file" not in again.out


@pytest.mark.full
def test_a_step_that_becomes_green_offers_its_picture_once(course):
    course.offer_graph()
    offer = "See the graph that your code recorded: dojo graph double"
    assert offer not in course.pytest().lines
    course.answer(double=RECORDED)
    assert offer in course.pytest().lines
    assert offer not in course.pytest().lines
    ran = course.dojo("graph", "double")
    assert "└─ x  (1,)" in ran.out, ran


def test_the_promise_of_a_kata_without_an_introduction_is_left_out(course):
    solve_the_first_kata(course)
    ran = course.pytest()
    assert "✓ Kata 1 of lesson 1 is finished: doubling" in ran.lines
    assert "Afterwards" not in ran.out


def test_a_course_that_was_solved_elsewhere_announces_its_last_kata_alone(course):
    course.introduce()
    course.solve()
    ran = course.pytest()
    assert "✓ Kata 1 of lesson 2 is finished: shouting" in ran.lines
    assert "lesson 1 is finished" not in ran.out
    assert "✓ All 4 steps are green." in ran.lines


@pytest.mark.full
def test_a_cell_of_a_notebook_is_told_what_is_finished_and_where_the_next_cell_is(course):
    course.introduce()
    course.add_win()
    solve_the_first_kata(course)
    first, _, ran = (
        course.pytest("--step", name, f"--dojo-typed=%%kata {name}") for name in ("double", "total", "Counter")
    )
    assert first.lines[-1] == "  compare: dojo diff double    next: total"
    assert PROMISE in ran.lines
    assert LESSON in ran.lines
    assert ran.lines[-1] == "  compare: dojo diff Counter    next: shout, in notebooks/lesson_2.ipynb"


@pytest.mark.full
def test_the_end_of_a_lesson_shows_what_the_learners_code_made_once(course):
    course.add_win()
    solve_the_first_kata(course)
    ran = course.pytest()
    start = ran.lines.index(LESSON)
    assert ran.lines[start + 4] == "Your counter counts"
    assert "1 → 4" in ran.lines[start + 5]
    ending = "png" if importlib.util.find_spec("matplotlib") else "txt"
    file = course.root / f".dojo/pictures/lesson_1_numbers.{ending}"
    assert f"To share it: .dojo/pictures/{file.name}" in ran.lines
    assert "To see it again: dojo show lesson_1" in ran.lines
    assert file.stat().st_size > 50
    assert "finished" not in course.pytest().out


@pytest.mark.full
def test_a_round_begun_anew_announces_its_end_again(course):
    course.add_win()
    solve_the_first_kata(course)
    assert LESSON in course.pytest().lines
    assert course.dojo("again", "double").status == 0
    assert "finished" not in course.pytest().out
    course.answer(double="return 2 * x")
    assert LESSON in course.pytest().lines


@pytest.mark.full
@pytest.mark.parametrize(
    ("win", "says"),
    [
        ("def win():\n    1 / 0\n", "The code of this picture raised ZeroDivisionError: division by zero"),
        ("import os\nos._exit(3)\n", "The picture of lesson 1 could not be drawn: its process ended."),
        ("this is no Python\n", "The code of this picture raised SyntaxError"),
        ("def win():\n    return 5\n", "The picture of lesson 1 could not be drawn: its process ended."),
    ],
)
def test_a_picture_that_fails_costs_one_line(course, win, says):
    course.add_win(win)
    solve_the_first_kata(course)
    ran = course.pytest()
    assert ran.lines[ran.lines.index("✓ Lesson 1 is finished.") + 1].startswith(says)
    assert "✗ shout   step 1 of 1, lesson 2 · words · shouting" in ran.lines
    assert "Traceback" not in ran.out


def test_what_has_been_shown_may_be_damaged(course):
    course.introduce()
    course.pytest()
    path = course.root / ".dojo/shown.json"
    assert json.loads(path.read_text())["data"] == {"introductions": ["lesson_1_numbers/kata_01_doubling"]}
    path.write_text("nonsense")
    assert TITLE in course.pytest().lines
