"""Styled lines on a terminal: as texts of rich, or printed without rich, which takes long to import."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dojo.support.styled_lines import STYLES, Line, Piece, folded, text_of

if TYPE_CHECKING:
    from rich.text import Text

# A list on the screen also has a chosen row, which no report has.
_STYLES = STYLES | {"chosen": "reverse"}
_CODES = {"bold": "1", "dim": "2", "reverse": "7", "red": "31", "green": "32", "cyan": "36"}
_COLORS = ("red", "green", "cyan")


def styled(line: Line) -> Text:
    """Return a line as a Text of rich. A line that is too long for the terminal ends in an ellipsis."""
    from rich.text import Text

    text = Text(no_wrap=True, overflow="ellipsis", end="")
    for piece in line:
        style = f"{_STYLES[piece.style]} link {piece.link}" if piece.link else _STYLES[piece.style]
        text.append(piece.text, style=style)
    return text


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines. In a terminal, a line that is too wide continues on the next one. Nothing is cut."""
    folds = folded(list(lines), columns()) if sys.stdout.isatty() else lines
    if os.name == "nt" or os.environ.keys() & {"FORCE_COLOR", "TTY_COMPATIBLE"}:
        # Only rich knows what these variables mean, and what a Windows console can show.
        from rich.console import Console

        console = Console(highlight=False)
        for line in folds:
            console.print(styled(line), soft_wrap=True)
        return
    has_colors = sys.stdout.isatty() and not _is_dumb()
    for line in folds:
        print("".join(map(_in_color, line)) if has_colors else text_of(line))


def columns() -> int:
    """Return the width that rich finds: the width of the first standard stream that is a terminal, else 80."""
    if sys.stdout.isatty() and _is_dumb():
        return 80
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdigit():
        return int(wanted) or 80
    for descriptor in (0, 1, 2):
        with contextlib.suppress(OSError):
            return os.get_terminal_size(descriptor).columns or 80
    return 80


def _is_dumb() -> bool:
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def _in_color(piece: Piece) -> str:
    words = [word for word in _STYLES[piece.style].split() if not (word in _COLORS and os.environ.get("NO_COLOR"))]
    codes = ";".join(_CODES[word] for word in words)
    text = f"\x1b]8;;{piece.link}\x1b\\{piece.text}\x1b]8;;\x1b\\" if piece.link else piece.text
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and piece.text else text
