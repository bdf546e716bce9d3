"""The course as a tree of lines, each step with its last status."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from dojo.course.curriculum import Curriculum, Step
from dojo.progress.memory import Memory
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN, RED
from dojo.support.styled_lines import Line, Piece, Symbols


@dataclasses.dataclass(frozen=True)
class CourseLine:
    """A line of the tree. `step` is None in a heading."""

    pieces: Line
    step: Step | None = None


def course_lines(
    curriculum: Curriculum, memory: Memory, symbols: Symbols, focus: Step | None, changed: Collection[Step] = ()
) -> list[CourseLine]:
    """The lessons, katas and steps, one on each line. `focus` is marked as the place where the learner is.

    changed: green steps whose files have changed since they were green.
    """
    lines = []
    for lesson in curriculum.lessons:
        counts = memory.counts(lesson.steps)
        says = counts.short(symbols.dot) if curriculum.has_practice else f"{counts.core_green} of {counts.core}"
        head = [Piece(f"Lesson {lesson.number} {symbols.dot} {lesson.title}", "bold")]
        lines.append(CourseLine([*head, Piece(f"  {says}", "dim")]))
        for kata in lesson.katas:
            lines.append(CourseLine([Piece(f"  {kata.number} {kata.title}", "accent")]))
            lines += [CourseLine(_step_pieces(step, memory, symbols, focus, changed), step) for step in kata.steps]
    return lines


def _step_pieces(step: Step, memory: Memory, symbols: Symbols, focus: Step | None, changed: Collection[Step]) -> Line:
    # A step that nobody has begun looks the same, whether a run has seen it or not.
    status = NOT_RUN if memory.symptom(step)[0] == "not_written" else memory.status(step)
    signs = {GREEN: (symbols.good, "good"), RED: (symbols.bad, "bad"), BROKEN: (symbols.bad, "bad")}
    symbol, style = signs.get(status, (symbols.waiting, "dim"))
    pieces = [Piece(f"    {symbol} ", style), Piece(step.name, "plain" if status != NOT_RUN else "dim")]
    if not step.is_core:
        pieces.append(Piece("  practice", "dim"))
    if step == focus:
        pieces.append(Piece("  you are here", "bold"))
    if step in changed:
        pieces.append(Piece("  changed since it was green", "dim"))
    if status == BROKEN:
        was_green = "was green, but " if memory.counts_as_green(step) else ""
        pieces.append(Piece(f"  {was_green}its file does not import", "dim"))
    return pieces
