"""The picture of a finished lesson, drawn while the watch goes on."""

from __future__ import annotations

import dataclasses
import queue
import threading
from typing import Any

from dojo.course.curriculum import Lesson
from dojo.course.layout import Course
from dojo.pictures.win import Win, draw_win, win_file
from dojo.support.errors import DojoError
from dojo.support.styled_lines import WIDTH


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A lesson's picture is there; or `win` is None, and `problem` says why there is no picture."""

    lesson: Lesson
    win: Win | None = None
    problem: str = ""


def start_drawing(course: Course, lesson: Lesson, events: queue.SimpleQueue[Any]) -> None:
    """Draw a lesson's picture in another thread, which puts a Drawn into `events`. Does nothing without a win file."""

    def draw() -> None:
        try:
            events.put(Drawn(lesson, draw_win(course, lesson, WIDTH)))
        except DojoError as error:
            events.put(Drawn(lesson, problem=str(error)))

    if win_file(course.root, lesson).is_file():
        threading.Thread(target=draw, name="dojo-picture", daemon=True).start()
