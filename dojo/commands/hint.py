"""`dojo hint`: the next hint for a step."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.hints import Hint, read_hints
from dojo.course.layout import file_in, find_root
from dojo.course.practice import practice_choice
from dojo.progress.memory import Memory
from dojo.reports.markdown_lines import markdown_lines
from dojo.reports.rich_lines import styled


def show_hint(root: Path, name: str | None, *, everything: bool = False, console: Console | None = None) -> int:
    """Show the next hint for the step called `name` (default: the step in focus), and remember it as shown.

    With `everything`, show all hints of the step. The focus stays where it is. Raises DojoError for an unknown name.
    """
    console = console or Console(highlight=False, width=min(Console().width, 88))
    curriculum = read_curriculum(root)
    memory = Memory(root)
    step = curriculum.named(name) if name else memory.focus(curriculum, practice=practice_choice(root).practice)
    if step is None:
        what = "step" if memory.focus(curriculum, practice=True) is None else "core step"
        console.print(f"Every {what} is green. For a hint all the same: dojo hint STEP")
        return 0
    hints = read_hints(root, step)
    _heading(console, root, step)
    following = None if everything else memory.reveal_next_hint(step, hints)
    # Once all hints were shown, dojo hint shows all of them again.
    for hint in [following] if following else hints:
        _show(console, hint, len(hints), hint.fits(*memory.symptom(step)))
        memory.reveal(step, hint.key)
    left = sum(hint.key not in memory.revealed[step.id] for hint in hints)
    spelled = f" {name}" if name else ""
    if left:
        console.print(f"[dim]{left} more: dojo hint{spelled}[/dim]")
    else:
        console.print(f"[dim]That is all of them. The card says what is asked: dojo card{spelled}[/dim]")
    for problem in memory.problems:
        console.print(f"[dim]{problem}[/dim]")
    return 0


def _heading(console: Console, root: Path, step: Step) -> None:
    where = file_in("katas", step.kata_id)
    definition = read_definitions(root / where).get(step.name)
    console.print(f"[bold]{step.name}[/bold]  [cyan]{where}{f':{definition.line}' if definition else ''}[/cyan]")


def _show(console: Console, hint: Hint, total: int, fitting: bool) -> None:
    head = f"The hint that fits your failure[/bold] [dim]({hint.number} of {total})[/dim]" if fitting else ""
    console.print(f"\n[bold]{head or f'Hint {hint.number} of {total}[/bold]'}")
    for line in markdown_lines(hint.text, console.width):
        console.print(styled(line), soft_wrap=True)
    console.print()


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", nargs="?", help="a step's name; default: the first step that is not green")
    parser.add_argument("--all", action="store_true", help="show every hint of the step")


def _run(arguments: argparse.Namespace) -> int:
    return show_hint(find_root(), arguments.step, everything=arguments.all)


COMMANDS = {
    "hint": Command(
        "Show the next hint for a step. The hints that you have seen are remembered. If there is no hint "
        "left, all are shown again.",
        "dojo hint\ndojo hint full_of",
        _options,
        _run,
    ),
}
