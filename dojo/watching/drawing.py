"""Draws while the watch goes on: the picture of a finished lesson, and the picture of a step."""

from __future__ import annotations

import dataclasses
import os
import queue
import subprocess
import sys
import threading
from typing import Any

from dojo.course.curriculum import Lesson, Step
from dojo.course.layout import Course
from dojo.course.picture_of_step import PictureOfStep
from dojo.pictures.win import Win, draw_win, win_file
from dojo.support.errors import DojoError
from dojo.support.processes import run_in_session
from dojo.support.styled_lines import WIDTH, Line, Piece
from dojo.support.text import harmless

# The learner's code may take 20 s of this (dojo/pictures/example.py).
_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A lesson's picture. If there is no picture, `win` is None, and `problem` says why."""

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


@dataclasses.dataclass(frozen=True)
class StepDrawn:
    """The output of the command for a step's picture."""

    step: Step
    lines: list[Line]


def start_drawing_step(course: Course, step: Step, picture: PictureOfStep, events: queue.SimpleQueue[Any]) -> None:
    """Run the command that draws a step. Another thread waits for it, and puts a StepDrawn into `events`."""

    def draw() -> None:
        text = _printed_by(course, [picture.command, picture.name])
        events.put(StepDrawn(step, [[Piece(harmless(line))] for line in text.splitlines()]))

    threading.Thread(target=draw, name="dojo-drawing", daemon=True).start()


def _printed_by(course: Course, command: list[str]) -> str:
    env = {**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        return run_in_session([sys.executable, "-m", "dojo", *command], course.root, _SECONDS, env).printed
    except subprocess.TimeoutExpired:
        return f"dojo {' '.join(command)} was not ready after {_SECONDS:g} s."
