"""Styled lines for rich."""

from __future__ import annotations

from rich.text import Text

from dojo.support.styled_lines import STYLES, Line

# A list on the screen also has a chosen row, which no report has.
_STYLES = STYLES | {"chosen": "reverse"}


def styled(line: Line) -> Text:
    """The line as rich's text. Rich cuts it at the edge of the terminal."""
    text = Text(no_wrap=True, overflow="ellipsis", end="")
    for piece in line:
        text.append(piece.text, style=_STYLES[piece.style])
    return text
