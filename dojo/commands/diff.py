"""`dojo diff`: the learner's answer next to the reference, with the number of operators that each runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.definitions import code_of
from dojo.course.layout import Course, find_root
from dojo.course.stubs import unwritten_steps
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN
from dojo.reports.rich_lines import styled
from dojo.reports.side_by_side import side_by_side
from dojo.support.errors import DojoError
from dojo.support.text import counted
from dojo.support.versions import check_torch


def _run(arguments: argparse.Namespace) -> int:
    """Print the learner's answer and the reference side by side.

    Raises DojoError without --spoil, if the step is not known to be green.
    """
    console = Console(highlight=False)
    root = find_root()
    curriculum = read_curriculum(root)
    step = curriculum.named(arguments.step)
    if not arguments.spoil and Memory(root).status(step) != GREEN:
        raise DojoError(
            f"{step.name} is not known to be green. Run it first. To see the reference anyway: "
            f"dojo diff {arguments.step} --spoil"
        )
    own = code_of(root / "katas" / f"{step.kata_id}.py", step.name)
    reference = code_of(root / "solutions" / f"{step.kata_id}.py", step.name)
    if not reference:
        raise DojoError(f"solutions/{step.kata_id}.py does not define {step.name}.")
    is_written = step.name not in unwritten_steps(root, curriculum.place(step)[1])
    for line in side_by_side(own or ["(not in the file)"], reference, min(console.width, 160)):
        console.print(styled(line))
    if is_written:
        console.print()
        # Show the code before PyTorch is imported.
        sys.stdout.flush()
        for text in _operator_lines(root, step):
            console.print(text, style="dim")
    return 0


def _operator_lines(root: Path, step: Step) -> list[str]:
    """A line for each answer: the number of operators that the step's example runs; [] if both numbers are 0."""
    check_torch()
    lines = []
    called = False
    for label, against in (("yours", None), ("the reference", "solutions")):
        try:
            number = _count_operators(Course.at(root, against), step)
        except DojoError as error:
            lines.append(f"{label}: not counted: {error}")
            called = True
            continue
        called = called or bool(number)
        lines.append(f"{label}: the example runs {counted(number, 'PyTorch operator')}")
    return lines if called else []


def _count_operators(course: Course, step: Step) -> int:
    """The number of operators that the step's example runs. Raises DojoError if the example does not run."""
    from dojo.expect import count_operators
    from dojo.pictures.example import run_example

    operators = count_operators()
    run_example(course, step, operators)
    # An optimizer's calls for a profiler, and the copy that torch.tensor makes, are not counted.
    return sum(
        number
        for name, number in operators.counts.items()
        if not name.startswith("profiler::") and name != "aten::lift_fresh"
    )


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", help="a step's name")
    parser.add_argument("--spoil", action="store_true", help="show the reference even if the step is not green yet")


COMMANDS = {
    "diff": Command(
        "Show your answer next to the reference answer, and how many PyTorch operators each of them runs "
        "in the example on the card. The step must be green.",
        "dojo diff full_of",
        _options,
        _run,
    ),
}
