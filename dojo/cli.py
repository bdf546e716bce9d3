"""The command line of the dojo. Commands that only read never import torch or a learner's file."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from dojo import __version__
from dojo.commands.parser import Parser
from dojo.support.errors import DojoError, UnclearName

# For each command: its module in dojo.commands, which is imported only when the command runs, and its line of help.
COMMANDS = {
    "watch": ("watch", "judge your code each time you save (dojo without a command does the same)"),
    "run": ("run", "run a step, a kata or a lesson"),
    "practice": ("practice", "choose whether the practice steps run too"),
    "list": ("list", "show every step and its last status"),
    "card": ("card", "show a step's card: what to write, with an example"),
    "intro": ("card", "show a kata's introduction"),
    "hint": ("hint", "show the next hint for a step"),
    "docs": ("docs", "show the pages of PyTorch's documentation for a step"),
    "diff": ("diff", "show your answer next to the reference answer"),
    "graph": ("graph", "draw the autograd graph that your code recorded"),
    "show": ("show", "draw the result of your training"),
    "open": ("open", "open a step in your editor, at its line"),
    "reset": ("reset", "put back the stub of a step; your version is kept"),
    "restore": ("reset", "bring back an answer from a backup"),
    "again": ("reset", "start a lesson again; your answers are kept"),
    "stats": ("list", "show your runs and hints by lesson"),
    "progress": ("progress", "show your progress, or write a page or a badge"),
    "class": ("class_", "for instructors: show the progress of a class"),
    "grade": ("grade", "for instructors: grade a submission, for many grading systems"),
    "autograder": ("grade", "for instructors: write the zip that Gradescope runs"),
    "update": ("update", "bring a newer version of the course into your fork; your answers stay"),
    "new": ("new", "for authors: write the skeleton of a new step"),
    "sync-cards": ("sync_cards", "for authors: copy cards from stubs to solutions"),
    "check": ("check", "for authors: check the course itself"),
    "doctor": ("doctor", "show versions and devices, and what is wrong with the installation"),
    "notebooks": ("notebooks", "for authors: write the notebooks of the lessons"),
    "mcp": ("mcp", "serve the course to an assistant that tutors (Model Context Protocol)"),
    "publish-solutions": ("publish_solutions", "make a branch with all solutions, for comparison"),
    "ci": ("ci", "for CI: judge a fork, and publish its progress"),
    "completion": ("completion", "make your shell complete commands and names of steps"),
}


# The arguments of commands that may be the name of a step, a kata or a lesson.
NAMES = ("step", "name", "lesson")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `dojo` command and return its exit status: 0 done, 1 something is red, 2 an error."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["complete"]:
        return _complete(words[1:])
    # Without a command: watch.
    words = words or ["watch"]
    arguments = parser_for(words).parse_args(words, argparse.Namespace(words=words))
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        _remark_on_another_clone()
        _remark_on_old_names(arguments)
        return command(arguments)
    except UnclearName as error:
        print(f"dojo: {error.as_commands(['dojo', *words])}", file=sys.stderr)
        return 2
    except DojoError as error:
        print(f"dojo: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Nobody reads the output any more, so Python must not write the rest at exit.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
        return 1
    except KeyboardInterrupt:
        return 130


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the command line. Only the command in `words` gets its options."""
    parser = Parser(
        prog="dojo",
        description=(
            "The commands of the course. Without a command, dojo starts dojo watch. To run the katas once: pytest"
        ),
        epilog="dojo COMMAND --help shows the options of a command, and an example.",
    )
    parser.add_argument("--version", action="version", version=f"dojo {__version__}")
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser, required=False)
    chosen = next((word for word in words if not word.startswith("-")), None)
    # Making the parsers of all commands takes 5 ms. If the command is known, only its own is made.
    for name in (chosen,) if chosen in COMMANDS and words[0] == chosen else COMMANDS:
        module, line = COMMANDS[name]
        command = parsers.add_parser(name, help=line)
        if name == chosen:
            importlib.import_module(f"dojo.commands.{module}").COMMANDS[name].fill(command)
    return parser


def _remark_on_another_clone() -> None:
    """Print both folders if this command comes from one clone of the course and works on another."""
    from dojo.course.layout import find_root, home_of_another_clone

    try:
        root = find_root()
    except DojoError:
        return
    home = home_of_another_clone(root)
    if home is not None:
        print(f"dojo: this command comes from {home}, and it works on the course in {root}.", file=sys.stderr)


def _remark_on_old_names(arguments: argparse.Namespace) -> None:
    """If an argument is a name that a step no longer has, print the new name as a dim line."""
    typed = [value for key, value in vars(arguments).items() if key in NAMES and isinstance(value, str)]
    if not typed:
        return
    from dojo.course.curriculum import read_curriculum
    from dojo.course.layout import find_root
    from dojo.course.moved import read_moves

    root = find_root()
    if read_moves(root):
        curriculum = read_curriculum(root)
        for remark in filter(None, map(curriculum.remark_on, typed)):
            dim = ("\x1b[2m", "\x1b[0m") if sys.stderr.isatty() and "NO_COLOR" not in os.environ else ("", "")
            print(f"{dim[0]}{remark}{dim[1]}", file=sys.stderr)


def _complete(words: list[str]) -> int:
    """Print the words that may come next, for a shell's completion."""
    from dojo.commands.completion import candidates
    from dojo.course.layout import find_root

    words = [word for word in words if word != "--"]
    try:
        root = find_root()
    except DojoError:
        root = None
    print("\n".join(candidates(parser_for(words), words, root)))
    return 0
