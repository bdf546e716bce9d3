"""`dojo hint`: the next rung for a step."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from dojo.commands.parser import Command
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.hints import Rung, fits, key_of, next_rung, read_hints
from dojo.course.layout import find_root
from dojo.progress.memory import Memory


def show_hint(root: Path, name: str | None, *, everything: bool = False, console: Console | None = None) -> int:
    """Show the next hint of the step called `name` (default: the step in focus), and remember that it was shown.

    With `everything`, show all of them. Never moves the focus. Raises DojoError for a name that is no step's.
    """
    console = console or Console(highlight=False, width=min(Console().width, 88))
    curriculum = read_curriculum(root)
    memory = Memory(root)
    step = curriculum.named(name) if name else memory.focus(curriculum)
    if step is None:
        console.print("Every step is green. For a hint all the same: dojo hint STEP")
        return 0
    rungs = read_hints(root, step)
    _heading(console, root, step)
    revealed = memory.revealed.get(step.id, [])
    kind, test = memory.symptom(step)
    following = next_rung(rungs, revealed, kind, test)
    # Once all are revealed, asking again shows them again.
    for rung in [following] if following and not everything else rungs:
        _show(console, rung, len(rungs), fits(rung, kind, test))
        memory.reveal(step, key_of(rung))
    seen = set(memory.revealed.get(step.id, []))
    left = sum(key_of(rung) not in seen for rung in rungs)
    spelled = f" {step.name}" if name else ""
    if left:
        console.print(f"[dim]{left} more: dojo hint{spelled}[/dim]")
    else:
        console.print("[dim]That is all of them. The docstring and the red report have the rest.[/dim]")
    for problem in memory.problems:
        console.print(f"[dim]{problem}[/dim]")
    return 0


def _heading(console: Console, root: Path, step: Step) -> None:
    path = root / "katas" / f"{step.kata_id}.py"
    definition = read_definitions(path).get(step.name)
    where = path.relative_to(root).as_posix() + (f":{definition.line}" if definition else "")
    console.print(f"[bold]{step.name}[/bold]  [cyan]{where}[/cyan]")


def _show(console: Console, rung: Rung, total: int, fitting: bool) -> None:
    head = f"The hint that fits your failure[/bold] [dim]({rung.number} of {total})[/dim]" if fitting else ""
    console.print(f"\n[bold]{head or f'Hint {rung.number} of {total}[/bold]'}")
    console.print(Markdown(rung.text))
    console.print()


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", nargs="?", help="a step's name; default: the first step that is not green")
    parser.add_argument("--all", action="store_true", help="show every hint of the step")


def _run(arguments: argparse.Namespace) -> int:
    return show_hint(find_root(), arguments.step, everything=arguments.all)


COMMANDS = {
    "hint": Command(
        "Show the next hint for the step in focus, or for the step named. What was shown is remembered.",
        "dojo hint full_of",
        _options,
        _run,
    ),
}
