"""`dojo practice`: whether `pytest`, `dojo run` and `dojo watch` walk the practice steps too."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.layout import find_root
from dojo.course.practice import practice_choice, remember_practice


def practice(root: Path, word: str | None) -> int:
    """Remember the choice, `on` or `off`, and print what is walked and where this was said. None only prints."""
    if word is not None:
        remember_practice(root, word == "on")
    print(f"pytest, dojo run and dojo watch walk: {practice_choice(root)}")
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "word",
        nargs="?",
        choices=("on", "off"),
        metavar="on|off",
        help="without it, the present choice is shown",
    )


def _run(arguments: argparse.Namespace) -> int:
    return practice(find_root(), arguments.word)


COMMANDS = {
    "practice": Command(
        "Choose whether pytest and dojo watch walk the practice steps too (on) or only the core steps "
        "(off). The choice is remembered for this folder. For a single run, pytest, dojo run and dojo "
        "watch have the option --practice.",
        "dojo practice on",
        _options,
        _run,
    ),
}
