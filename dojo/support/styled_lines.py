"""Lines of styled text. Every report, screen and list is made of them."""

from __future__ import annotations

import dataclasses
import textwrap

WIDTH = 80

# The styles of a piece, in the words of rich. Everything that draws lines follows this table.
STYLES = {
    "plain": "",
    "dim": "dim",
    "bold": "bold",
    "good": "bold green",
    "bad": "bold red",
    "accent": "cyan",
}


@dataclasses.dataclass(frozen=True)
class Piece:
    """A run of text in one style, a key of STYLES. A terminal that supports it makes `link`, an address, clickable."""

    text: str
    style: str = "plain"
    link: str = ""


Line = list[Piece]


@dataclasses.dataclass(frozen=True)
class Symbols:
    """The symbols that a report uses."""

    good: str = "✓"
    bad: str = "✗"
    waiting: str = "·"
    full: str = "━"
    empty: str = "─"
    dot: str = "·"

    @classmethod
    def for_encoding(cls, encoding: str | None) -> Symbols:
        """The symbols that an encoding can hold: plain ASCII if it cannot hold the usual ones."""
        try:
            "✓✗━─·…".encode(encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            return cls("+", "x", ".", "#", "-", "-")
        return cls()


def as_data(lines: list[Line]) -> list[list[tuple[str, str]]]:
    """Lines as plain data for JSON: the text and the style of each piece."""
    return [[(piece.text, piece.style) for piece in line] for line in lines]


def lines_from(data: list[list[tuple[str, str]]]) -> list[Line]:
    """The lines that as_data turned into data."""
    return [[Piece(text, style) for text, style in line] for line in data]


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


def address_line(address: str, indent: str = "") -> Line:
    """An address alone on its line, to be clicked or copied."""
    return [*([Piece(indent)] if indent else []), Piece(address, "accent", address)]


def folded(lines: list[Line], width: int) -> list[Line]:
    """The lines, with each address that is wider than `width` continued on the next lines. Other lines stay."""
    found: list[Line] = []
    for line in lines:
        long = next((piece for piece in line if piece.link), None)
        if long is None or len(text_of(line)) <= width:
            found.append(line)
        else:
            parts = textwrap.wrap(text_of(line).strip(), width, break_on_hyphens=False)
            found += [[Piece(part, long.style, long.link)] for part in parts]
    return found


def wrapped(text: str, width: int = WIDTH) -> list[Line]:
    """A paragraph as lines of at most `width` columns. A longer word, for example an address, is not broken."""
    return [[Piece(part)] for part in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)]
