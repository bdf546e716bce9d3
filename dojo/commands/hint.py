"""`dojo hint`: the next hint for a step."""

from __future__ import annotations

import argparse

from rich.console import Console

from dojo.commands.parser import Command, optional_step
from dojo.course.layout import find_root
from dojo.progress.asked_step import AllGreen
from dojo.reports.markdown_lines import markdown_lines
from dojo.reports.rich_lines import styled
from dojo.tutor.as_json import json_of
from dojo.tutor.hint_answer import HintAnswer, ShownHint, next_hint


def _run(arguments: argparse.Namespace) -> int:
    """Show the next hint for a step, or all hints, and remember them as shown. Raises DojoError for an unknown name."""
    if arguments.json:
        print(json_of(next_hint(find_root(), arguments.step, everything=arguments.all)))
        return 0
    console = Console(highlight=False, width=min(Console().width, 88))
    try:
        answer = next_hint(find_root(), arguments.step, everything=arguments.all)
    except AllGreen as remark:
        console.print(str(remark))
        return 0
    place = f"{answer.file}:{answer.line}" if answer.line else answer.file
    console.print(f"[bold]{answer.step.rpartition('/')[2]}[/bold]  [cyan]{place}[/cyan]")
    for hint in answer.hints:
        _show(console, hint, answer.of)
    console.print(f"[dim]{_rest(answer)}[/dim]")
    for problem in answer.notes:
        console.print(f"[dim]{problem}[/dim]")
    return 0


def _rest(answer: HintAnswer) -> str:
    if answer.left:
        return f"{answer.left} more: {answer.next}"
    return f"There are no more hints. The card says what to write: {answer.next}"


def _show(console: Console, hint: ShownHint, total: int) -> None:
    head = f"The hint that fits your failure[/bold] [dim]({hint.number} of {total})[/dim]" if hint.fits else ""
    console.print(f"\n[bold]{head or f'Hint {hint.number} of {total}[/bold]'}")
    for line in markdown_lines(hint.text, console.width):
        console.print(styled(line), soft_wrap=True)
    console.print()


def _options(parser: argparse.ArgumentParser) -> None:
    optional_step(parser)
    parser.add_argument("--all", action="store_true", help="show every hint of the step")
    parser.add_argument("--json", action="store_true", help="print JSON, for an assistant; the hint counts as shown")


COMMANDS = {
    "hint": Command(
        "Show the next hint for a step. The dojo remembers the hints that you have seen. When you have seen all hints, "
        "it shows all of them again.",
        "dojo hint\ndojo hint full_of",
        _options,
        _run,
    ),
}
