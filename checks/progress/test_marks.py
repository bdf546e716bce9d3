"""The marks of core and practice in a progress file, and a file that has none."""

from __future__ import annotations

import json

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.progress.history import push_of, read_history
from dojo.progress.reading import parse_progress, take_marks
from dojo.support.errors import DojoError


@pytest.fixture
def written(course):
    """The data of a progress file in which the core step `double` is green, and the practice step `total` is red."""
    course.mark("double", "shout")
    course.solve(total="return rows")
    course.write("katas/lesson_2_words/kata_01_shouting.py", "def shout(text):\n    return text\n")
    course.pytest("--all", "--progress-json", "progress.json")
    return json.loads((course.root / "progress.json").read_text())


def _parsed(data):
    return parse_progress(json.dumps(data).encode(), "progress.json")


def _without_marks(data):
    del data["core_totals"], data["core_focus"]
    for lesson in data["lessons"]:
        for kata in lesson["katas"]:
            for step in kata["steps"]:
                del step["core"]
    return data


def test_the_marks_are_read_back(written):
    progress = _parsed(written)
    assert progress.marked
    assert [step.name for step in progress.steps if step.core] == ["double", "shout"]
    assert progress.focus.name == "total"
    assert progress.core_focus.name == progress.next_step.name == "shout"
    assert tuple(progress.counts) == (1, 2, 1, 2)
    assert progress.counts.says() == "1 of 2 core steps · 1 of 2 practice"


def test_a_file_without_marks_takes_them_from_the_course_at_hand(written, course):
    progress = _parsed(_without_marks(written))
    assert not progress.marked
    assert progress.next_step.name == "total"
    assert progress.counts.says() == "2 of 4 steps green"
    take_marks(progress, read_curriculum(course.root))
    assert progress.next_step.name == "shout"
    assert tuple(progress.counts) == (1, 2, 1, 2)


def test_a_file_with_marks_keeps_them(written, course):
    course.write(course.tests, (course.root / course.tests).read_text().replace("('double',)", "('total',)"))
    progress = _parsed(written)
    take_marks(progress, read_curriculum(course.root))
    assert [step.name for step in progress.steps if step.core] == ["double", "shout"]


def test_the_command_takes_the_marks_of_its_course(written, course):
    course.write("old.json", json.dumps(_without_marks(written)))
    assert "1 of 2 core steps · 1 of 2 practice, 2 red" in course.dojo("progress", "--from", "old.json").lines


def test_totals_of_the_core_that_are_not_those_of_its_steps_are_refused(written):
    written["core_totals"]["green"] = 2
    with pytest.raises(DojoError, match="its core_totals do not match its steps"):
        _parsed(written)


def test_a_push_has_the_core_and_a_line_of_the_first_version_has_not(written):
    push = push_of(_parsed(written), None, None)
    assert (push.totals.green, push.core_totals.green, push.core_totals.steps) == (2, 1, 2)
    assert (push.focus, push.next_step) == (written["focus"], written["core_focus"])
    assert list(read_history(push.as_line().encode())) == [push]
    line = json.loads(push.as_line())
    del line["core_totals"], line["core_focus"]
    (old,) = read_history(json.dumps(line).encode())
    assert (old.core_totals, old.next_step) == (None, written["focus"])
    line["core_totals"] = {"green": 3}
    assert read_history(json.dumps(line).encode()).damaged == 1
