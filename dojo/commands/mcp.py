"""`dojo mcp`: serve the course to an assistant over the Model Context Protocol."""

from __future__ import annotations

import sys
from pathlib import Path

from dojo.commands.parser import Command, no_options
from dojo.course.layout import find_root
from dojo.support.errors import DojoError


def serve(root: Path) -> int:
    """Serve the course until standard input ends. Raises DojoError if the package mcp is missing."""
    try:
        from dojo.tutor.server import Tools, server_for
    except ImportError:
        raise DojoError('mcp 2.0 or newer is not installed: pip install -c constraints.txt -e ".[tutor]"') from None
    if sys.stdin.isatty():
        print("dojo mcp is waiting for an assistant on standard input. Ctrl-C ends it.", file=sys.stderr)
    server_for(Tools(root)).run("stdio")
    return 0


COMMANDS = {
    "mcp": Command(
        "Serve the course to an assistant over the Model Context Protocol, on standard input and output. An assistant "
        "starts this command by itself. No tool shows a solution, or a hint before its turn.",
        "dojo mcp",
        no_options,
        lambda arguments: serve(find_root()),
    ),
}
