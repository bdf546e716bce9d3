"""Runs a command of the course in another process, and shows in the notebook what it prints."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from IPython.display import display
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from dojo.support.errors import DojoError
from dojo.support.processes import Ran, run_in_session

_COLUMNS = 88
# Colors that are readable on a light page and on a dark page: black, red, green, yellow, blue, magenta, cyan, white.
_COLORS = [(0, 0, 0), (214, 64, 64), (34, 150, 74), (176, 124, 0), (52, 118, 214), (168, 84, 186), (0, 140, 158)]
_THEME = TerminalTheme((255, 255, 255), (0, 0, 0), [*_COLORS, (128, 128, 128)])
_PAGE = '<pre style="white-space:pre;overflow-x:auto;line-height:normal;font-family:monospace">{code}</pre>'
# Some commands have their own magic in a notebook. `%dojo` runs the others. The text does not change where it names a
# command for a terminal.
_OWN = ("hint", "diff", "graph", "show", "progress")
_OTHERS = "run|practice|list|card|intro|docs|reset|restore|again|stats|update|doctor"
_COMMANDS = re.compile(rf"(?<![/.%-])(?<!-m )(?<!stops there: )dojo (?=({'|'.join(_OWN)}|{_OTHERS})\b)")
# The word that `dojo` prints before an error, perhaps in color.
_NAMED = re.compile(r"^((?:\x1b\[[\d;]*m)*)dojo: ")
_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


def run(root: Path, words: list[str], seconds: float) -> Ran:
    """Run `python -m WORDS` in the course. Raises DojoError if the command takes longer than `seconds`.

    If it does, or if the user interrupts it, the command is ended with everything that it started.
    """
    try:
        return run_in_session([sys.executable, "-m", *words], root, seconds, _environment(root))
    except subprocess.TimeoutExpired:
        raise DojoError(f"This took longer than {seconds:g} s, so it was ended.") from None


def as_magics(text: str) -> str:
    """The text with the commands of the course as a cell runs them: `%hint` for `dojo hint`."""
    return _COMMANDS.sub(lambda command: "%" if command[1] in _OWN else "%dojo ", _NAMED.sub(r"\1", text))


def show(printed: str, picture: Path | None = None) -> None:
    """Show what a command printed: in color, or as plain text if the notebook shows no HTML. `picture` goes first."""
    text = Text.from_ansi(as_magics(printed))
    bundle = {"text/plain": text.plain}
    if picture is not None and picture.is_file():
        data = picture.read_bytes()
        is_text = picture.suffix == ".svg"
        bundle[_KINDS[picture.suffix]] = data.decode() if is_text else base64.b64encode(data).decode()
    else:
        text.highlight_regex(r"https?://[^\s)]+", lambda address: Style(link=address))
        # rich would show the text by itself if it noticed the notebook.
        console = Console(file=io.StringIO(), record=True, width=_COLUMNS, force_jupyter=False)
        console.print(text, soft_wrap=True)
        bundle["text/html"] = console.export_html(theme=_THEME, code_format=_PAGE, inline_styles=True)
    display(bundle, raw=True)


def _environment(root: Path) -> dict[str, str]:
    paths = [str(root), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": str(_COLUMNS),
        "PY_COLORS": "1",
        "FORCE_COLOR": "1",
        # For rich: no animation.
        "TTY_INTERACTIVE": "0",
        # A kernel sets a backend that only works inside the kernel.
        "MPLBACKEND": "agg",
    }
