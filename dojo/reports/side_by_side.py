"""The learner's answer and the reference: in two columns, or one below the other if a line is too long for a column."""

from __future__ import annotations

import difflib
import itertools

from dojo.support.styled_lines import Line, Piece


def side_by_side(own: list[str], reference: list[str], width: int) -> list[Line]:
    """Two texts in two columns of a terminal `width` columns wide. Lines that differ are colored."""
    half = max((width - 3) // 2, 20)
    parts = difflib.SequenceMatcher(None, own, reference, autojunk=False).get_opcodes()
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for tag, a, b, c, d in parts:
        styles = ("plain", "plain") if tag == "equal" else ("bad", "good")
        for one, two in itertools.zip_longest(own[a:b], reference[c:d]):
            left.append((one or "", styles[0]))
            right.append((two or "", styles[1]))
    if max(map(len, [*own, *reference]), default=0) <= half:
        rows = [
            [Piece(f"{one:<{half}}", style), Piece(" │ ", "dim"), Piece(two, other)]
            for (one, style), (two, other) in zip(left, right, strict=True)
        ]
        return [[Piece(f"{'yours':<{half}}", "dim"), Piece(" │ ", "dim"), Piece("the reference", "dim")], *rows]
    return [[Piece("yours", "dim")], *_rows(left), [], [Piece("the reference", "dim")], *_rows(right)]


def _rows(texts: list[tuple[str, str]]) -> list[Line]:
    """The texts that are left after the gaps in front of added lines are taken out."""
    return [[Piece(text, style)] for text, style in texts if text or style == "plain"]
