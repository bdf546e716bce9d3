"""What a learner reads between two steps: what is finished, what comes next, and the next kata's introduction."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from pathlib import Path

from dojo.course.curriculum import Curriculum, Step
from dojo.course.introductions import read_introduction
from dojo.course.layout import file_in
from dojo.course.picture_of_step import PictureOfStep
from dojo.progress.finished import Milestone
from dojo.reports.practice import practice_command
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols


def finished_lines(root: Path, curriculum: Curriculum, finished: Milestone, symbols: Symbols) -> list[Line]:
    """The lines about a finished kata, with the promise in its introduction. Empty if no kata is finished."""
    kata = finished.kata
    if kata is None:
        return []
    lesson = curriculum.place(kata.steps[0])[0]
    head = f"{symbols.good} Kata {kata.number} of lesson {lesson.number} is finished: {kata.title}"
    promise = read_introduction(root, kata.id).promise
    return [[Piece(head, "good")], *([Piece(f"  {part}")] for part in textwrap.wrap(promise, WIDTH - 2))]


def other_file_lines(
    curriculum: Curriculum, last: Step | None, following: Step | None, green: Collection[str]
) -> list[Line]:
    """A line if the next step is in another file than the last one, after a line for each kata in between.

    The katas in between are those that are all practice and not all green. `green` holds the ids of the green steps.
    """
    if last is None or following is None or last.kata_id == following.kata_id:
        return []
    ids = [kata.id for kata in curriculum.katas()]
    between = list(curriculum.katas())[ids.index(last.kata_id) + 1 : ids.index(following.kata_id)]
    skipped = [kata for kata in between if not kata.core and any(step.id not in green for step in kata.steps)]
    lines: list[Line] = [
        [Piece(f"Kata {kata.number} is all practice: ", "dim"), Piece(practice_command(curriculum, kata), "accent")]
        for kata in skipped
    ]
    file = Piece(file_in("katas", following.kata_id), "accent")
    return [*lines, [Piece("The next step is in another file: ", "dim"), file]]


def picture_offer_lines(picture: PictureOfStep | None, key: str = "") -> list[Line]:
    """A line with the command, or in the watch the key, that draws this picture. Empty if there is none to draw."""
    if picture is None:
        return []
    by = key or f"dojo {picture.command} {picture.name}"
    return [[Piece(f"{picture.says}: ", "dim"), Piece(by, "accent")]]


def win_lines(lesson_number: int, drawn: list[Line], file: str, symbols: Symbols) -> list[Line]:
    """A finished lesson, with the picture of what the learner's own code made, and where the picture is kept."""
    head = f"{symbols.good} Lesson {lesson_number} is finished. Your own code made this:"
    return [
        [Piece(head, "good")],
        [Piece("To share it: ", "dim"), Piece(file, "accent")],
        [Piece("To see it again: ", "dim"), Piece(f"dojo show lesson_{lesson_number}", "accent")],
        [],
        *drawn,
    ]


def no_win_lines(lesson_number: int, problem: str, symbols: Symbols) -> list[Line]:
    """A finished lesson whose picture could not be drawn."""
    return [
        [Piece(f"{symbols.good} Lesson {lesson_number} is finished.", "good")],
        *([Piece(part, "dim")] for part in textwrap.wrap(problem, WIDTH)),
    ]
