"""`dojo list` and `dojo stats`: the whole course with the last known status of each step."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dojo.commands.parser import Command, no_options
from dojo.course.curriculum import Curriculum, Step, read_curriculum
from dojo.course.layout import find_root
from dojo.course.practice import practice_choice
from dojo.progress.bests import bests
from dojo.progress.known_green import KnownGreen
from dojo.progress.memory import Effort, Memory
from dojo.reports.course_tree import course_lines
from dojo.reports.rich_lines import columns, print_lines
from dojo.support.styled_lines import Symbols
from dojo.support.text import counted

if TYPE_CHECKING:
    from rich.table import Table

_DAY = 86_400


def _run_list(arguments: argparse.Namespace) -> int:
    """Print each step with its last status, as a tree or as JSON."""
    root = find_root()
    curriculum = read_curriculum(root)
    memory = Memory(root)
    chosen = set(curriculum.chosen(arguments.lesson) if arguments.lesson else curriculum.steps())
    focus = memory.focus(curriculum, practice=practice_choice(root).practice)
    if arguments.json:
        # Without rich, which would wrap the lines to the terminal's width.
        changed = _changed(root, curriculum, memory)
        found = [_as_data(step, memory, focus, changed) for step in curriculum.steps() if step in chosen]
        print(json.dumps(found, indent=1))
        return 0
    symbols = Symbols.for_encoding(sys.stdout.encoding)
    if not memory.steps:
        note = "Nothing has been run here yet, so no step is known to be green. Run pytest or dojo watch."
        print(textwrap.fill(note, columns()) + "\n")
    lines = course_lines(curriculum, memory, symbols, focus, _changed(root, curriculum, memory))
    print_lines(line.pieces for line in lines if line.step is None or line.step in chosen)
    return 0


def _changed(root: Path, curriculum: Curriculum, memory: Memory) -> set[Step]:
    """The green steps whose files have changed since they were green."""
    known = KnownGreen(root, curriculum, memory)
    changed = {step for step in curriculum.steps() if known.has_changed(step)}
    known.save()
    return changed


def _as_data(step: Step, memory: Memory, focus: Step | None, changed: set[Step]) -> dict[str, object]:
    kind, test = memory.symptom(step)
    effort = memory.effort(step)
    return {
        "id": step.id,
        "name": step.name,
        "core": step.is_core,
        "status": memory.status(step),
        "changed": step in changed,
        "focus": step == focus,
        "failure": kind or None,
        "test": test or None,
        "runs": effort.runs,
        "seconds": effort.seconds,
        "hints": effort.hints,
    }


def _run_stats(arguments: argparse.Namespace) -> int:
    """Print runs and hints by lesson, the steps that took the most runs, and bests."""
    from rich.console import Console

    root = find_root()
    console = Console(highlight=False)
    curriculum = read_curriculum(root)
    memory = Memory(root)
    efforts = {step: memory.effort(step) for step in curriculum.steps()}
    console.print(_table(curriculum, memory, efforts))
    hard = sorted((step for step in efforts if efforts[step].runs > 1), key=lambda step: -efforts[step].runs)[:5]
    if hard:
        console.print("\nThe steps that took the most runs:")
    for step in hard:
        effort = efforts[step]
        console.print(f"  {step.name}: {effort.runs} runs, {counted(effort.hints, 'hint')}")
    week = time.time() - 7 * _DAY
    lately = sum(effort.green_at is not None and effort.green_at > week for effort in efforts.values())
    console.print(f"\n{counted(lately, 'step')} went green in the last 7 days.")
    known = bests(memory).values()
    if known:
        rounds = max(best.rounds for best in known)
        times = "once" if rounds == 1 else f"{rounds:.0f} times"
        runs = sum(best.runs for best in known)
        console.print(f"You have started again {times}. Your best so far: {len(known)} steps in {runs:.0f} runs.")
    changed = len(_changed(root, curriculum, memory))
    if changed:
        which = "1 green step has" if changed == 1 else f"{changed} green steps have"
        console.print(f"{which} changed since the last run. To see what is still green, run pytest.", style="dim")
    for problem in memory.problems:
        console.print(problem, style="dim")
    return 0


def _table(curriculum: Curriculum, memory: Memory, efforts: dict[Step, Effort]) -> Table:
    """Each lesson with its green steps, runs and hints."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    greens = ("core", "practice") if curriculum.has_practice else ("green",)
    for heading in ("lesson", *greens, "runs to green", "hints"):
        table.add_column(heading, justify="left" if heading == "lesson" else "right")
    for lesson in curriculum.lessons:
        own = [efforts[step] for step in lesson.steps]
        counts = memory.counts(lesson.steps)
        green = [f"{counts.core_green}/{counts.core}", f"{counts.practice_green}/{counts.practice}"]
        table.add_row(
            f"{lesson.number} {lesson.title}",
            *green[: len(greens)],
            str(sum(effort.runs for effort in own)),
            str(sum(effort.hints for effort in own)),
        )
    return table


def _options_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", nargs="?", help="show only this lesson, kata or step")
    parser.add_argument("--json", action="store_true", help="print JSON")


COMMANDS = {
    "list": Command(
        "Show every step with its last status. This command runs no tests. To run them, use pytest or dojo watch.",
        "dojo list\ndojo list lesson_1    # one lesson only",
        _options_list,
        _run_list,
    ),
    "stats": Command(
        "Show your runs and hints by lesson, the steps that took the most runs, and your bests.",
        "dojo stats",
        no_options,
        _run_stats,
    ),
}
