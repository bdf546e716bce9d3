"""What plain `pytest` prints between two steps: a finished kata, a finished lesson, the next kata's introduction."""

from __future__ import annotations

from collections.abc import Callable, Collection

from dojo.course.curriculum import Curriculum, Kata, Lesson
from dojo.course.introductions import read_introduction
from dojo.course.layout import Course
from dojo.course.picture_of_step import picture_of
from dojo.pictures.win import draw_win, win_file
from dojo.progress.data import Progress
from dojo.progress.finished import newly_finished
from dojo.progress.memory import Memory
from dojo.reports.between_steps import (
    finished_lines,
    no_win_lines,
    other_file_lines,
    picture_offer_lines,
    win_lines,
)
from dojo.reports.card import introduction_lines
from dojo.support.errors import DojoError
from dojo.support.styled_lines import WIDTH, Line, Symbols


def milestone_lines(
    course: Course,
    curriculum: Curriculum,
    progress: Progress,
    newly: list[str],
    green: Collection[str],
    symbols: Symbols,
    offers: Callable[[Kata | None], list[Line]],
    tell: Callable[[str], None],
    *,
    introduces: bool,
) -> list[Line]:
    """The lines between the steps that are green now and the step in focus. Each milestone is shown once.

    Args:
        course, curriculum: the course, with the learner's own katas.
        progress: the run.
        newly: the ids of the steps that this run found green for the first time.
        green: the ids of all green steps.
        symbols: the symbols that the terminal can show.
        offers: offers(kata) returns the lines that offer practice. `kata` is what the report calls finished, or None.
        tell: tell(text) shows what is under way, if it takes a while.
        introduces: whether to show the introduction of a kata that begins.
    """
    memory = Memory(course.root)
    finished = newly_finished(curriculum, memory)
    parts = [[*finished_lines(course.root, curriculum, finished, symbols), *offers(finished.kata)]]
    if finished.lesson is not None and win_file(course.root, finished.lesson).is_file():
        tell("drawing what your code made")
        parts.append(_win_lines(course, finished.lesson, symbols))
    focus = curriculum.step(progress.focus.id) if progress.focus is not None else None
    last = curriculum.step(newly[-1]) if newly else None
    picture = picture_of(course.root, last) if last is not None else None
    parts += [picture_offer_lines(picture), other_file_lines(curriculum, last, focus, green)]
    if introduces and progress.focus is not None and progress.focus.is_unwritten:
        introduction = read_introduction(course.root, progress.focus.kata_id)
        if introduction.says_more and memory.announce("introductions", [progress.focus.kata_id]):
            parts.append(introduction_lines(introduction))
    return [line for part in parts if part for line in (*part, [])]


def _win_lines(course: Course, lesson: Lesson, symbols: Symbols) -> list[Line]:
    try:
        win = draw_win(course, lesson, WIDTH)
    except DojoError as error:
        return no_win_lines(lesson.number, str(error), symbols)
    return win_lines(lesson.number, win.lines, course.shown(win.file), symbols)
