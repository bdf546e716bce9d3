"""`dojo list` and `dojo stats`: the whole course and where one stands in it, from what is remembered."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from pathlib import Path

from dojo.commands.parser import Command, no_options
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.layout import find_root
from dojo.progress.bests import bests
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN
from dojo.reports.course_tree import course_lines
from dojo.reports.rich_lines import columns, print_lines
from dojo.support.styled_lines import Marks

_DAY = 86_400


def show_list(root: Path, lesson: str | None, *, as_json: bool = False) -> int:
    """Print every step of the course (or of what `lesson` names) with its last status, as a tree or as JSON."""
    curriculum = read_curriculum(root)
    memory = Memory(root)
    chosen = set(curriculum.chosen(lesson)) if lesson else set(curriculum.steps())
    focus = memory.focus(curriculum)
    if as_json:
        # Written as it is: a terminal's width must not break a line of it.
        print(json.dumps([_as_data(step, memory, focus) for step in curriculum.steps() if step in chosen], indent=1))
        return 0
    marks = Marks.for_encoding(sys.stdout.encoding)
    if not memory.steps:
        note = "Nothing has been run here yet, so nothing is known to be green: pytest, or dojo watch."
        print(textwrap.fill(note, columns()) + "\n")
    lines = course_lines(curriculum, memory, marks, focus)
    print_lines(line.pieces for line in lines if line.step is None or line.step in chosen)
    return 0


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


def show_stats(root: Path) -> int:
    """Print what the course has cost so far: runs, time and hints by lesson, the dearest steps, and bests."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
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


def _options_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", nargs="?", help="only this lesson, kata or step")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _run_list(arguments: argparse.Namespace) -> int:
    return show_list(find_root(), arguments.lesson, as_json=arguments.json)


def _run_stats(arguments: argparse.Namespace) -> int:
    return show_stats(find_root())


COMMANDS = {
    "list": Command(
        "Show every step with its last status. Nothing is run: pytest and dojo watch do that.",
        "dojo list    or one lesson only: dojo list lesson_1",
        _options_list,
        _run_list,
    ),
    "stats": Command(
        "Show runs, time and hints by lesson, the steps that took the most runs, and your bests.",
        "dojo stats",
        no_options,
        _run_stats,
    ),
}
