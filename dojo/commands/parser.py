"""The parts of a command, and a parser that suggests the nearest command for an unknown word."""

from __future__ import annotations

import argparse
import re
import shutil
import textwrap
from collections.abc import Callable
from typing import NoReturn

from dojo.support.text import nearest


class Command:
    """A command: the description and the examples in its --help, its options, and its action.

    example: command lines, one a line, each perhaps with a comment after "#".

    add_options(parser) adds the options to the command's parser. run(arguments) returns the exit status.
    """

    def __init__(
        self,
        about: str,
        example: str,
        add_options: Callable[[argparse.ArgumentParser], None],
        run: Callable[[argparse.Namespace], int],
    ) -> None:
        self.about = about
        self.example = example
        self.add_options = add_options
        self.run = run

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
    """A parser that suggests the nearest commands for an unknown one."""

    def error(self, message: str) -> NoReturn:
        match = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if match:
            known = re.findall(r"[\w-]+", match[2])
            message = f"there is no {match[1]}. {nearest(match[1], known) or 'dojo --help lists the commands.'}"
        self.exit(2, f"{self.prog}: {message}\n")


def no_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing: for a command without options."""
