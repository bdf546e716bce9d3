"""What the watch shows between two steps, and what it says at its end."""

from __future__ import annotations

import os
import signal
import time

import pytest

from ..small_course import INTRODUCTION, RECORDED, SOLVED
from .test_watch import pytestmark, watch  # noqa: F401 - the fixture, and where it runs

FIRST = "katas/lesson_1_numbers/kata_01_doubling.py"


@pytest.mark.full
def test_an_introduction_is_shown_once_and_a_key_brings_it_back(course, watch):  # noqa: F811
    course.introduce()
    screen = watch(rows=40)
    assert "Doubling keeps the shape" in screen.wait_for("escape to the step")
    screen.press("\x1b")
    screen.wait_for("✗ double   step 1 of 3")
    assert "Doubling keeps the shape" not in screen.text
    screen.press("i")
    screen.wait_for("Doubling keeps the shape")
    screen.press("q")
    assert screen.end() == 0
    again = watch(rows=40)
    again.wait_for("✗ double   step 1 of 3")
    assert "Doubling keeps the shape" not in again.text


@pytest.mark.full
@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_the_end_of_a_lesson_and_of_the_watch(course, watch, options):  # noqa: F811
    course.introduce()
    course.add_win()
    screen = watch(*options, rows=50)
    screen.wait_for("Doubling keeps the shape")
    course.write(FIRST, SOLVED.replace('"""Doubling."""\n', INTRODUCTION))
    screen.wait_for("Lesson 1 is finished. Your own code made this:")
    screen.wait_for("Your counter counts")
    screen.wait_for("To share it: .dojo/pictures/lesson_1_numbers")
    if not options:
        screen.press("\x1b")
    screen.wait_for("✗ shout   step 1 of 1")
    assert "✓ Kata 1 of lesson 1 is finished: doubling" in screen.text
    assert "Afterwards you can double, sum and count" in screen.text
    assert "The next step is in another file: katas/lesson_2_words/kata_01_shouting.py" in screen.text
    if options:
        os.kill(screen.process.pid, signal.SIGINT)
    else:
        screen.press("q")
    screen.wait_for("Green in this session: double, total, Counter. Next: shout.")
    assert screen.end() == 0


@pytest.mark.full
def test_the_picture_of_a_lesson_waits_until_another_view_is_left(course, watch):  # noqa: F811
    course.add_win()
    screen = watch(rows=50)
    screen.wait_for("✗ double   step 1 of 3")
    course.write(FIRST, SOLVED)
    screen.wait_for("Lesson 1 is finished.   what your code made: dojo show lesson_1|Your own code made this")
    screen.press("l")
    screen.wait_for("numbers")
    deadline = time.monotonic() + 60
    while not list((course.root / ".dojo/pictures").glob("lesson_1*")) and time.monotonic() < deadline:
        screen.read(0.2)
    screen.read(1)
    screen.press("\x1b")
    screen.wait_for("Your own code made this:")


def test_a_watch_in_which_nothing_became_green_says_what_is_next(course, watch):  # noqa: F811
    screen = watch()
    screen.wait_for("✗ double   step 1 of 3")
    screen.press("q")
    screen.wait_for("No step became green in this session. Next: double.")


@pytest.mark.full
def test_a_step_that_is_green_offers_its_picture_and_a_key_draws_it(course, watch):  # noqa: F811
    course.offer_graph()
    screen = watch(rows=40)
    screen.wait_for("✗ double   step 1 of 3")
    course.answer(double=RECORDED)
    screen.wait_for("See the graph that your code recorded: g")
    screen.press("g")
    screen.wait_for("double: the graph behind its example")
    screen.wait_for(r"└─ x  \(1,\)")
    screen.press("n")
    screen.wait_for("✗ Counter   step 3 of 3")
    screen.press("g")
    screen.wait_for("There is nothing to draw for Counter.")
