"""The command line of the dojo. Commands that only read never import torch, nor a learner's file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dojo import __version__
from dojo.course import DojoError, find_root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `dojo` command; return its exit status: 0 done, 1 something is red, 2 it could not be done."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] | None = getattr(arguments, "command", None)
    if command is None:
        parser.print_help()
        return 0
    try:
        return command(arguments)
    except DojoError as error:
        print(f"dojo: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dojo", description="Hints, and checks of the course. To run the katas themselves: pytest"
    )
    parser.add_argument("--version", action="version", version=f"dojo {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    hint = commands.add_parser(
        "hint",
        help="show the next hint for the step in focus, or for the step named",
        description="Show the next hint for the step in focus, or for the step named. What was shown is remembered.",
        epilog="example: dojo hint full_of",
    )
    hint.add_argument("step", nargs="?", help="a step's name; default: the first step that is not green")
    hint.add_argument("--all", action="store_true", help="show every hint of the step")
    hint.set_defaults(command=_hint)

    check = commands.add_parser(
        "check",
        help="check the course itself: for those who write katas",
        description="Check the machinery, and that every step of the course has all its parts and that they hold.",
        epilog="example: dojo check -k full_of",
    )
    check.add_argument("-n", type=int, metavar="N", help="processes side by side (default: one a core)")
    check.add_argument("-k", metavar="EXPRESSION", help="only the checks whose names match, as in pytest -k")
    check.set_defaults(command=_check)

    graph = commands.add_parser(
        "graph",
        help="draw the autograd graph that your own code recorded",
        description="Run the example of a step's docstring with your own code, and draw the autograd graph that "
        "PyTorch recorded behind its result: as a tree here, and as a picture (SVG).",
        epilog="example: dojo graph slope_at    or, for a reference answer: dojo graph slope_at --against solutions",
    )
    graph.add_argument("step", help="a step's name")
    graph.add_argument("--which", type=int, metavar="N", help="the N-th graph of the example (default: the last)")
    graph.add_argument("--against", metavar="DIR", help="the code in DIR (same tree as katas/), such as solutions")
    graph.add_argument("--svg", metavar="FILE", help="write the picture to FILE (default: a file in .dojo/graphs/)")
    graph.set_defaults(command=_graph)

    doctor = commands.add_parser(
        "doctor",
        help="show versions and devices, and what is wrong with the installation",
        description="Show versions and devices, and what is wrong with the installation and how to mend it.",
        epilog="example: dojo doctor",
    )
    doctor.set_defaults(command=_doctor)
    return parser


def _hint(arguments: argparse.Namespace) -> int:
    from dojo.hint_command import show_hint

    return show_hint(find_root(), arguments.step, everything=arguments.all)


def _check(arguments: argparse.Namespace) -> int:
    from dojo.check_command import check

    return check(find_root(), processes=arguments.n, expression=arguments.k)


def _graph(arguments: argparse.Namespace) -> int:
    from dojo.graph_command import show_graph

    file = Path(arguments.svg) if arguments.svg else None
    return show_graph(find_root(), arguments.step, against=arguments.against, which=arguments.which, file=file)


def _doctor(arguments: argparse.Namespace) -> int:
    from dojo.doctor_command import diagnose_installation

    return diagnose_installation(find_root())


if __name__ == "__main__":
    sys.exit(main())
