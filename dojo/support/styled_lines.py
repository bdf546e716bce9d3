"""Lines of styled text. Every report, screen and list consists of such lines."""

from __future__ import annotations

import dataclasses
import re
import textwrap
import unicodedata

WIDTH = 80

# The styles of a piece, as rich names them. Everything that draws lines uses this table.
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
    """A run of text. `style` is a key of STYLES. If `link` is an address, a terminal may make the text clickable."""

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
        """The symbols for an encoding: plain ASCII if the encoding does not have the usual symbols."""
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
    """An address on a separate line, so that it can be clicked or copied."""
    return [*([Piece(indent)] if indent else []), Piece(address, "accent", address)]


def folded(lines: list[Line], width: int, *, breaks_words: bool = False) -> list[Line]:
    """The lines, each broken at spaces into lines of at most `width` columns.

    A word that is wider than a line, for example an address, stays whole unless `breaks_words`.
    """
    return [part for line in lines for part in _folded(line, width, breaks_words)]


def _folded(line: Line, width: int, breaks_words: bool) -> list[Line]:
    if cell_len(text_of(line)) <= width:
        return [line]
    indent = len(text_of(line)) - len(text_of(line).lstrip())
    following = Piece(" " * min(indent + 2, width // 2))
    lines: list[Line] = [[]]
    used = 0
    for word in _words(line, width - len(following.text) if breaks_words else 0):
        size = cell_len(text_of(word))
        if used + cell_len(text_of(word).rstrip()) > width and used > len(following.text):
            # An indent that leaves no room for the word is cut.
            lines = [each for each in lines if text_of(each).strip()] + [[following]]
            used = len(following.text)
        lines[-1] += word
        used += size
    return lines


def cell_len(text: str) -> int:
    """The number of columns of a text in a terminal. A wide letter has two, an accent on another letter none."""
    if text.isascii():
        return len(text)
    marks = sum(unicodedata.combining(letter) != 0 for letter in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def _words(line: Line, widest: int) -> list[Line]:
    """The words of a line, each with the spaces after it, in parts of at most `widest` columns unless `widest` is 0.

    The spaces at the start of the line count as a word.
    """
    words: list[Line] = [[]]
    for piece in line:
        for text in re.findall(r" +|[^ ]+", piece.text):
            if text[0] != " " and (not words[-1] or text_of(words[-1]).endswith(" ")):
                words.append([])
            for part in _parts(text, widest):
                # Spaces stay with the word before them, even if they are wider than the line.
                if widest and part.strip() and cell_len(text_of(words[-1]) + part) > widest:
                    words.append([])
                words[-1].append(dataclasses.replace(piece, text=part))
    return [word for word in words if word]


def _parts(text: str, widest: int) -> list[str]:
    """A word in parts of at most `widest` columns, or whole if `widest` is 0."""
    parts = [""]
    for letter in text:
        if widest and cell_len(parts[-1] + letter) > widest:
            parts.append("")
        parts[-1] += letter
    return parts


def wrapped(text: str, width: int = WIDTH) -> list[Line]:
    """A paragraph as lines of at most `width` columns. A longer word, for example an address, is not broken."""
    return [[Piece(part)] for part in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)]
