"""The learner's answer next to the reference: the code in two columns."""

from __future__ import annotations

import difflib
import itertools
import re

from dojo.support.styled_lines import Line, Piece


def side_by_side(own: list[str], reference: list[str], width: int) -> list[Line]:
    """Two texts in two columns of a terminal `width` columns wide. Lines that differ are colored."""
    half = max((width - 3) // 2, 20)
    lines: list[Line] = [[Piece(f"{'yours':<{half}}", "dim"), Piece(" │ ", "dim"), Piece("the reference", "dim")]]
    matcher = difflib.SequenceMatcher(None, own, reference, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        left, right = _wrapped(own[a:b], half), _wrapped(reference[c:d], half)
        for one, two in itertools.zip_longest(left, right, fillvalue=""):
            own_style, style = ("plain", "plain") if tag == "equal" else ("bad", "good")
            lines.append([Piece(f"{one:<{half}}", own_style), Piece(" │ ", "dim"), Piece(two, style)])
    return lines


def _wrapped(lines: list[str], width: int) -> list[str]:
    """Lines of code. A line that is too long is broken between words or operators, and its rest is indented."""
    found = []
    for line in lines:
        indent = " " * min(len(line) - len(line.lstrip()) + 8, width // 2)
        row = ""
        # A part is the white space between two words, or a word with the operators after it.
        for part in re.findall(r"\s+|\w+[^\w\s]*|[^\w\s]+", line):
            if row.strip() and len(row) + len(part.rstrip()) > width:
                found.append(row.rstrip())
                row = indent + part.lstrip()
            else:
                row += part
            while len(row) > width:
                found.append(row[:width])
                row = indent + row[width:]
        found.append(row.rstrip())
    return found
