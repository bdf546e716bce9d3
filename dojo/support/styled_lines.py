"""Lines of styled text: what every report, screen and list is made of."""

from __future__ import annotations

import dataclasses
import textwrap

WIDTH = 80


@dataclasses.dataclass(frozen=True)
class Piece:
    """A run of text in one style: plain, dim, bold, good (green), bad (red), accent."""

    text: str
    style: str = "plain"


Line = list[Piece]


@dataclasses.dataclass(frozen=True)
class Marks:
    """The signs that a report uses; `ASCII` where the terminal's encoding has no others."""

    good: str = "✓"
    bad: str = "✗"
    waiting: str = "·"
    full: str = "━"
    empty: str = "─"
    dot: str = "·"

    @classmethod
    def for_encoding(cls, encoding: str | None) -> Marks:
        try:
            "✓✗━─·…".encode(encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            return cls("+", "x", ".", "#", "-", "-")
        return cls()


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


def wrapped(text: str) -> list[Line]:
    """A paragraph as lines of the report's width."""
    return [[Piece(part)] for part in textwrap.wrap(text, WIDTH)]
