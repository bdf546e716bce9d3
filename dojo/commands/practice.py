"""`dojo practice`: whether `pytest`, `dojo run` and `dojo watch` run the practice steps too."""

from __future__ import annotations

import argparse

from dojo.commands.parser import Command
from dojo.course.layout import find_root
from dojo.course.practice import practice_choice, remember_practice


def _run(arguments: argparse.Namespace) -> int:
    """Remember the choice, if one was made. Print the choice, and where it comes from."""
    root = find_root()
    if arguments.word is not None:
        remember_practice(root, arguments.word == "on")
    print(f"pytest, dojo run and dojo watch run: {practice_choice(root)}")
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    says = "your choice (default: show the current choice)"
    parser.add_argument("word", nargs="?", choices=("on", "off"), metavar="on|off", help=says)


COMMANDS = {
    "practice": Command(
        "Choose whether pytest, dojo run and dojo watch run the practice steps too (on) or only the core steps "
        "(off). The choice is remembered for this folder. For a single run, use the option --practice of these "
        "commands.",
        "dojo practice on",
        _options,
        _run,
    ),
}
