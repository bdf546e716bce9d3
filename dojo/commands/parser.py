"""What a command is made of, and the parser that names what comes nearest to a word it does not know."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import NoReturn

from dojo.support.text import nearest


class Command:
    """A command: what its --help says about it, an example, its options, and what it does.

    add_options: given the command's parser, adds its options. run: given what was parsed, returns the exit status.
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
        """Make `parser` this command's."""
        parser.description, parser.epilog = self.about, f"example: {self.example}"
        parser.set_defaults(command=self.run)
        self.add_options(parser)


class Parser(argparse.ArgumentParser):
    """Says which commands are nearest to one that does not exist."""

    def error(self, message: str) -> NoReturn:
        match = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if match:
            known = re.findall(r"[\w-]+", match[2])
            message = f"there is no {match[1]}. {nearest(match[1], known) or 'dojo --help lists the commands.'}"
        self.exit(2, f"{self.prog}: {message}\n")


def no_options(parser: argparse.ArgumentParser) -> None:
    """For a command that takes none."""
