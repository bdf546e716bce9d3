"""`dojo list` and `dojo stats`: the whole course and where one stands in it, from what is remembered."""

from __future__ import annotations

import json
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dojo.curriculum import Curriculum, Step, read_curriculum
from dojo.memory import Memory
from dojo.progress import BROKEN, GREEN, NOT_RUN, RED
from dojo.report import Line, Marks, Piece
from dojo.reset_command import bests
from dojo.screen import styled

_DAY = 86_400


def show_list(root: Path, lesson: str | None, *, as_json: bool = False, console: Console | None = None) -> int:
    """Print every step of the course (or of what `lesson` names) with its last status, as a tree or as JSON."""
    console = console or Console(highlight=False)
    curriculum = read_curriculum(root)
    memory = Memory(root)
    chosen = set(curriculum.chosen(lesson)) if lesson else set(curriculum.steps())
    focus = memory.focus(curriculum)
    if as_json:
        # Written as it is: a terminal's width must not break a line of it.
        print(json.dumps([_as_data(step, memory, focus) for step in curriculum.steps() if step in chosen], indent=1))
        return 0
    marks = Marks.for_encoding(console.encoding)
    if not memory.steps:
        console.print("Nothing has been run here yet, so nothing is known to be green: pytest, or dojo watch.\n")
    for line in course_lines(curriculum, memory, marks, focus):
        if line.step is None or line.step in chosen:
            console.print(styled(line.pieces), no_wrap=True, crop=True)
    return 0


class CourseLine:
    """One line of the course's tree: a heading, or a step."""

    def __init__(self, pieces: Line, step: Step | None = None) -> None:
        self.pieces = pieces
        self.step = step


def course_lines(curriculum: Curriculum, memory: Memory, marks: Marks, focus: Step | None) -> list[CourseLine]:
    """The course as a tree, each step with the sign of its last status."""
    lines = []
    behind = True
    for lesson in curriculum.lessons:
        green = sum(memory.status(step) == GREEN for step in lesson.steps)
        head = [Piece(f"Lesson {lesson.number} {marks.dot} {lesson.title}", "bold")]
        lines.append(CourseLine([*head, Piece(f"  {green} of {len(lesson.steps)}", "dim")]))
        for kata in lesson.katas:
            lines.append(CourseLine([Piece(f"  {kata.number} {kata.title}", "accent")]))
            for step in kata.steps:
                if step == focus:
                    behind = False
                lines.append(CourseLine(_step_pieces(step, memory, marks, focus, behind), step))
    return lines


def _step_pieces(step: Step, memory: Memory, marks: Marks, focus: Step | None, behind: bool) -> Line:
    status = memory.status(step)
    sign, style = {GREEN: (marks.good, "good"), RED: (marks.bad, "bad"), BROKEN: (marks.bad, "bad")}.get(
        status, (marks.waiting, "dim")
    )
    pieces = [Piece(f"    {sign} ", style), Piece(step.name, "plain" if status != NOT_RUN else "dim")]
    if step == focus:
        pieces.append(Piece("  you are here", "bold"))
    if status == BROKEN:
        pieces.append(Piece("  its file does not import", "dim"))
    elif status == RED and memory.symptom(step)[0] == "not_written":
        pieces.append(Piece("  not written yet", "dim"))
    return pieces


def _as_data(step: Step, memory: Memory, focus: Step | None) -> dict[str, object]:
    kind, test = memory.symptom(step)
    cost = memory.cost(step)
    return {
        "id": step.id,
        "name": step.name,
        "status": memory.status(step),
        "focus": step == focus,
        "failure": kind or None,
        "test": test or None,
        "runs": cost.runs,
        "seconds": cost.seconds,
        "hints": cost.hints,
    }


def show_stats(root: Path, console: Console | None = None) -> int:
    """Print what the course has cost so far: runs, time and hints by lesson, the dearest steps, and bests."""
    console = console or Console(highlight=False)
    curriculum = read_curriculum(root)
    memory = Memory(root)
    table = Table(box=None, pad_edge=False)
    for heading in ("lesson", "green", "runs", "time", "hints"):
        table.add_column(heading, justify="left" if heading == "lesson" else "right")
    for lesson in curriculum.lessons:
        costs = [memory.cost(step) for step in lesson.steps]
        green = sum(memory.status(step) == GREEN for step in lesson.steps)
        table.add_row(
            f"{lesson.number} {lesson.title}",
            f"{green}/{len(lesson.steps)}",
            str(sum(cost.runs for cost in costs)),
            duration(sum(cost.seconds for cost in costs)),
            str(sum(cost.hints for cost in costs)),
        )
    console.print(table)
    costs_of = {step: memory.cost(step) for step in curriculum.steps()}
    dear = sorted((step for step in costs_of if costs_of[step].runs > 1), key=lambda step: -costs_of[step].runs)[:5]
    if dear:
        console.print("\nThe steps that took the most runs:")
        for step in dear:
            cost = costs_of[step]
            console.print(f"  {step.name}: {cost.runs} runs, {duration(cost.seconds)}, {_hints(cost.hints)}")
    lately = [cost.green_at for cost in costs_of.values() if cost.green_at and time.time() - cost.green_at < 7 * _DAY]
    console.print(f"\n{len(lately)} steps went green in the last 7 days.")
    known = bests(memory)
    if known:
        rounds = max(best["rounds"] for best in known.values())
        total = sum(best["seconds"] for best in known.values())
        console.print(f"Bests over {rounds:.0f} rounds: {len(known)} steps in {duration(total)}.")
    for problem in memory.problems:
        console.print(problem, style="dim")
    return 0


def duration(seconds: float) -> str:
    """`0 s`, `45 s`, `12 min`, `3 h 05 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _hints(number: int) -> str:
    return "1 hint" if number == 1 else f"{number} hints"
