"""Every lesson ends with a picture of what its code made; the reference answers draw it."""

from __future__ import annotations

import pytest

from dojo.course.layout import Course
from dojo.pictures.win import draw_win
from dojo.support.styled_lines import text_of

from .conftest import CURRICULUM, ROOT


@pytest.mark.parametrize("lesson", CURRICULUM.lessons, ids=lambda lesson: lesson.id)
def test_a_lesson_ends_with_a_picture(lesson, tmp_path):
    win = draw_win(Course.at(ROOT, "solutions"), lesson, 80, tmp_path / "win.png")
    assert win.file.read_bytes().startswith(b"\x89PNG")
    assert "Your" in "".join(map(text_of, win.lines))
    assert max(len(text_of(line)) for line in win.lines) <= 80
