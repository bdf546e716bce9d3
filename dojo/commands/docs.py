"""`dojo docs`: the pages of PyTorch's documentation for a step."""

from __future__ import annotations

import argparse
import importlib
import inspect
import socket
import webbrowser
from pathlib import Path

from dojo.commands.parser import Command, optional_step
from dojo.course.curriculum import Step
from dojo.course.documentation import HOST, Page
from dojo.course.layout import find_root
from dojo.progress.asked_step import asked_step
from dojo.progress.memory import Memory
from dojo.reports.documentation import page_lines, pages_for
from dojo.reports.plain_docstring import plain_docstring
from dojo.reports.rich_lines import print_lines
from dojo.support.errors import DojoError

# How long to wait for the host of the documentation, in seconds.
_PATIENCE = 2.0


def show_documentation(root: Path, name: str | None, *, opens: bool = False) -> int:
    """Print the pages for the step called `name` (default: the step in focus), or open them in a browser.

    Without a network, print the docstrings of the objects that the pages document. Raises DojoError for an unknown
    name, or if no browser can be opened.
    """
    step = asked_step(root, name, "To see the documentation of a step: dojo docs STEP")
    pages = pages_for(root, Memory(root), step)
    print_lines(page_lines(step, pages))
    if not pages:
        return 0
    if not _is_online():
        _print_docstrings(step, pages)
    elif opens and not all(webbrowser.open(page.address) for page in pages):
        raise DojoError("No browser could be opened. Open the addresses above by hand.")
    return 0


def _is_online() -> bool:
    try:
        with socket.create_connection((HOST, 443), timeout=_PATIENCE):
            return True
    except OSError:
        return False


def _print_docstrings(step: Step, pages: list[Page]) -> None:
    print(f"\n  {HOST} can't be reached. The installed PyTorch says:")
    for page in pages:
        found = documented(page.documents) if page.documents else None
        text = inspect.getdoc(found) if found is not None else None
        if text:
            print(f"\n{page.documents}\n")
            print("\n".join(f"    {line}".rstrip() for line in plain_docstring(text).splitlines()))


def documented(name: str) -> object:
    """The object of the installed PyTorch with this full name; None if there is none."""
    # pydoc.locate fails if a module has the same name as its function, for example torch.autograd.gradcheck.gradcheck.
    words = name.split(".")
    for at in range(len(words), 0, -1):
        try:
            found: object = importlib.import_module(".".join(words[:at]))
        except ImportError:
            continue
        for word in words[at:]:
            found = getattr(found, word, None)
        return found
    return None


def _options(parser: argparse.ArgumentParser) -> None:
    optional_step(parser)
    parser.add_argument("--open", action="store_true", help="open the pages in a browser too")


def _run(arguments: argparse.Namespace) -> int:
    return show_documentation(find_root(), arguments.step, opens=arguments.open)


COMMANDS = {
    "docs": Command(
        "Show the pages of PyTorch's documentation for a step: the pages of its kata, and the links in the hints that "
        "you have seen. Without a network, show the docstrings of the installed PyTorch.",
        "dojo docs full_of",
        _options,
        _run,
    ),
}
