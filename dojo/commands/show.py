"""`dojo show`: draws what the learner's own code does in a training step."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.curriculum import Curriculum, Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.layout import Course, find_root
from dojo.course.stubs import refuse_unwritten
from dojo.pictures.data import Curves, Picture, as_list
from dojo.pictures.example import own_code, run_example
from dojo.pictures.in_terminal import picture_lines
from dojo.pictures.kept_curves import keep_curves
from dojo.pictures.win import draw_win
from dojo.progress.memory import Memory
from dojo.reports.rich_lines import styled
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line
from dojo.support.versions import check_torch


def _run(arguments: argparse.Namespace) -> int:
    """Draw what the code of a step or a lesson does, in the terminal and, if matplotlib is installed, as a PNG file.

    Raises DojoError if there is nothing to draw, the code does not run, or the file can't be written.
    """
    console = Console(highlight=False)
    root = find_root()
    curriculum = read_curriculum(root)
    course = Course.at(root, arguments.against, Path.cwd())
    lesson = curriculum.lesson_named(arguments.step)
    if lesson is not None:
        png = Path(arguments.png).absolute() if arguments.png else None
        win = draw_win(course, lesson, min(console.width, 100), png)
        _print(win.lines, console)
        console.print(f"\nas a file: [cyan]{course.shown(win.file)}[/cyan]", soft_wrap=True)
        return 0
    step = curriculum.named(arguments.step)
    if course.judges_own:
        refuse_unwritten(root, curriculum, step, "there is nothing to draw")
    check_torch()
    pictures = pictures_of(course, curriculum, step)
    for number, picture in enumerate(pictures):
        if number:
            console.print()
        _print(picture_lines(picture, min(console.width, 100)), console)
    if course.judges_own:
        keep_curves(Memory(root).folder / "curves.json", step.id, pictures)
    path = Path(arguments.png) if arguments.png else root / ".dojo" / "pictures" / f"{step.id.replace('/', '.')}.png"
    try:
        from dojo.pictures.as_png import save_png
    except ImportError:
        console.print('\n[dim]To get a picture as a file: pip install -c constraints.txt -e ".\\[plot]"[/dim]')
        if arguments.png:
            raise DojoError(f"{path} could not be drawn, because matplotlib is not installed.") from None
        return 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_png(pictures, path)
    except (OSError, ValueError) as error:
        raise DojoError(f"{path}: the picture could not be written ({error}).") from None
    console.print(f"\nas a picture: [cyan]{course.shown(path)}[/cyan]", soft_wrap=True)
    return 0


def _print(lines: list[Line], console: Console) -> None:
    for line in lines:
        console.print(styled(line))


def pictures_of(course: Course, curriculum: Curriculum, step: Step) -> list[Picture]:
    """The pictures that the function `show_<step>` of a step returns, or curves of the numbers in its example."""
    path = course.root / "tests" / f"{step.kata_id}.py"
    function = f"show_{step.name}"
    if function in read_definitions(path):
        with own_code(course, step, f"dojo show {step.name}"):
            spec = importlib.util.spec_from_file_location("dojo_shown", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
            return as_list(getattr(module, function)())
    series = _curves_in(run_example(course, step, nullcontext()).get("_")) if _mentions_losses(course, step) else {}
    if not series:
        able = ", ".join(
            each.name
            for each in curriculum.steps()
            if f"show_{each.name}" in read_definitions(course.root / "tests" / f"{each.kata_id}.py")
        )
        raise DojoError(
            f"There is nothing to draw for {step.name}. dojo show draws {able}, and a lesson that is finished: "
            "dojo show lesson_1."
        )
    return [Curves(f"{step.name}: the numbers of its example", series, x="step", y="")]


def _mentions_losses(course: Course, step: Step) -> bool:
    definition = read_definitions(course.root / "solutions" / f"{step.kata_id}.py").get(step.name)
    return definition is not None and "loss" in definition.docstring.lower()


def _curves_in(value: object) -> dict[str, list[float]]:
    """The lists of numbers in the value of an example, by name."""
    if isinstance(value, dict):
        return {str(name): curve for name, part in value.items() for curve in _curves_in(part).values()}
    if isinstance(value, tuple):
        found = [curve for part in value for curve in _curves_in(part).values()]
        return {f"{number}": curve for number, curve in enumerate(found, start=1)}
    if isinstance(value, list) and len(value) > 1 and all(isinstance(number, (int, float)) for number in value):
        return {"loss": [float(number) for number in value]}
    return {}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", help="the name of a step or of a lesson")
    parser.add_argument("--against", metavar="DIR", help="run the code in this folder, for example solutions")
    parser.add_argument("--png", metavar="FILE", help="write the picture to FILE (default: a file in .dojo/pictures/)")


COMMANDS = {
    "show": Command(
        "Run a training step with your code and draw the result: loss curves, the boundary between two classes, or "
        "digits with their predictions. For a lesson, draw the picture at its end. If matplotlib is installed, the "
        "picture is also written as a PNG file.",
        "dojo show fit_line\ndojo show lesson_1\ndojo show fit_line --against solutions    # the reference answer",
        _options,
        _run,
    ),
}
