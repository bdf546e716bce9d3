"""The parts of a command, and a parser that suggests similar commands for an unknown one."""

from __future__ import annotations

import argparse
import dataclasses
import re
import shutil
import textwrap
from collections.abc import Callable
from typing import NoReturn

from dojo.support.text import nearest


@dataclasses.dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        about: the description in its --help.
        example: one or more command lines for its --help, each on a line, perhaps with a comment after "#".
        add_options: a function that adds its options to its parser.
        run: a function that runs the command and returns the exit status.
    """

    about: str
    example: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]

    def fill(self, parser: argparse.ArgumentParser) -> None:
        """Add this command to its parser."""
        head, *more = self.example.splitlines()
        width = max(shutil.get_terminal_size().columns - 2, 20)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.description = textwrap.fill(self.about, width)
        parser.epilog = "\n  ".join([f"example{'s' if more else ''}:", head, *more])
        parser.set_defaults(command=self.run)
        self.add_options(parser)


class Parser(argparse.ArgumentParser):
    """A parser that suggests similar commands for an unknown one, and names the values of an option."""

    def error(self, message: str) -> NoReturn:
        match = re.search(r"argument (\S+): invalid choice: '(.*?)' \(choose from (.*)\)", message, re.DOTALL)
        if match:
            name, value, known = match[1].rpartition("/")[2], match[2], re.findall(r"[\w-]+", match[3])
            if name == "COMMAND":
                message = f"there is no {value}. {nearest(value, known) or f'{self.prog} --help lists the commands.'}"
            else:
                said = f"{name} {value}" if name.startswith("-") else value
                message = f"{said}: choose {', '.join(known[:-1])} or {known[-1]}."
        number = re.search(r"argument (\S+): invalid (?:int|float) value: '(.*)'", message, re.DOTALL)
        if number:
            message = f"{number[1].rpartition('/')[2]} {number[2]}: give a number."
        unknown = re.search(r"unrecognized arguments: (.*)", message, re.DOTALL)
        if unknown:
            message = f"{unknown[1]}: unknown. {self.prog} COMMAND --help shows what a command takes."
        self.exit(2, f"{self.prog}: {message}\n")


def optional_step(parser: argparse.ArgumentParser) -> None:
    """Add the name of a step, which may be left out."""
    parser.add_argument("step", nargs="?", help="a step's name (default: the first step that is not green)")


def no_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing. This is for a command without options."""
