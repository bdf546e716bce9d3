"""Styled lines for rich."""

from __future__ import annotations

from rich.text import Text

from dojo.support.styled_lines import Line

_STYLES = {
    "plain": "",
    "dim": "dim",
    "bold": "bold",
    "good": "bold green",
    "bad": "bold red",
    "accent": "cyan",
    "chosen": "reverse",
}


def styled(line: Line) -> Text:
    """A line for rich."""
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    for piece in line:
        text.append(piece.text, style=_STYLES[piece.style])
    return text
