"""The Markdown of a hint as lines, without importing rich. Paragraphs are wrapped, and code is not changed."""

from __future__ import annotations

import re

from dojo.support.styled_lines import WIDTH, Line, Piece, address_line, wrapped

_LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) ")


def markdown_lines(text: str, width: int = WIDTH) -> list[Line]:
    """The lines of a text. The address of a link stands alone below its paragraph, to be clicked or copied."""
    lines: list[Line] = []
    for number, block in enumerate(re.split(r"(```.*?```)", text, flags=re.DOTALL)):
        if number % 2:
            lines += [[Piece(f"    {line}")] for line in block.splitlines()[1:-1]] + [[]]
            continue
        for paragraph in filter(str.strip, block.split("\n\n")):
            lines += [*_paragraph_lines(paragraph.strip(), width), []]
    return lines[:-1]


def _paragraph_lines(paragraph: str, width: int) -> list[Line]:
    if all(map(_ITEM.match, paragraph.splitlines())):
        return [line for item in paragraph.splitlines() for line in _paragraph_lines(f" {item}", width)]
    addresses = [match[2] for match in _LINK.finditer(paragraph)]
    words = " ".join(_LINK.sub(r"\1", paragraph).split())
    return [*wrapped(words, width), *map(address_line, addresses)]
