"""`dojo graph`: the autograd graph behind the learner's own result, as a tree and as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dojo.commands.parser import Command
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.layout import Course, find_root
from dojo.course.stubs import refuse_unwritten
from dojo.pictures.graph import Graph
from dojo.pictures.graph_svg import draw
from dojo.pictures.in_terminal import graph_lines
from dojo.reports.rich_lines import styled
from dojo.support.errors import DojoError
from dojo.support.files import write_or_refuse
from dojo.support.versions import check_torch


def _run(arguments: argparse.Namespace) -> int:
    """Run the example in a step's docstring, print the graph behind its result, and draw the graph.

    Raises DojoError if the example does not run or leaves no graph, or if the picture can't be written.
    """
    root = find_root()
    curriculum = read_curriculum(root)
    step = curriculum.named(arguments.step)
    course = Course.at(root, arguments.against, Path.cwd())
    if course.judges_own:
        refuse_unwritten(root, curriculum, step, "there is no graph to draw")
    check_torch()
    graphs = recorded_graphs(course, step)
    number = _valid(arguments.which, graphs, step)
    of = f", graph {number} of {len(graphs)}" if len(graphs) > 1 else ""
    title = f"{step.name}: the graph behind its example{of}"
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(title, style="bold"))
    for line in graph_lines(graphs[number - 1]):
        console.print(styled(line))
    if len(graphs) > 1:
        others = [str(each) for each in range(1, len(graphs) + 1) if each != number]
        which = f"the other graph: {others[0]}" if len(others) == 1 else f"the other graphs: {', '.join(others)}"
        console.print(f"[dim]{which}   (dojo graph {arguments.step} --which {others[0]})[/dim]")
    path = Path(arguments.svg) if arguments.svg else root / ".dojo" / "graphs" / f"{step.id.replace('/', '.')}.svg"
    write_or_refuse(path, draw(graphs[number - 1], title))
    console.print(f"\nas a picture: [cyan]{course.shown(path)}[/cyan]")
    return 0


def recorded_graphs(course: Course, step: Step) -> list[Graph]:
    """The graphs that the example in a step's docstring leaves. Raises DojoError if the example does not run."""
    from dojo.pictures.example import run_example
    from dojo.pictures.graph_recorder import Recorder

    own = (str(course.judged), "<example>")
    recorder = Recorder(lambda path: path.startswith(own))
    return recorder.graphs(run_example(course, step, recorder))


def _valid(which: int | None, graphs: list[Graph], step: Step) -> int:
    """The number of the graph to draw, from 1. Raises DojoError if there is no such graph."""
    if not graphs:
        raise DojoError(
            f"The example of {step.name} records no graph, because no result depends on a tensor that requires grad."
        )
    if which is not None and not 1 <= which <= len(graphs):
        raise DojoError(f"--which {which}: give a number from 1 to {len(graphs)}, the graphs of this example.")
    return which or len(graphs)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", help="a step's name")
    parser.add_argument("--which", type=int, metavar="N", help="draw the N-th graph of the example (default: the last)")
    parser.add_argument("--against", metavar="DIR", help="run the code in this folder, for example solutions")
    parser.add_argument("--svg", metavar="FILE", help="write the picture to FILE (default: a file in .dojo/graphs/)")


COMMANDS = {
    "graph": Command(
        "Run the example on a step's card with your code, and draw the autograd graph that PyTorch "
        "recorded: as a tree in the terminal, and as a picture (SVG).",
        "dojo graph slope_at\ndojo graph slope_at --against solutions    # the graph of the reference answer",
        _options,
        _run,
    ),
}
