"""An own answer beside the reference: the code in two columns."""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
from pathlib import Path

from dojo.course.definitions import read_definitions
from dojo.support.styled_lines import Line, Piece


def side_by_side(own: list[str], reference: list[str], width: int) -> list[Line]:
    """Two texts in two columns of a terminal `width` columns wide; lines that differ are coloured."""
    half = max((width - 3) // 2, 20)
    lines: list[Line] = [[Piece(f"{'yours':<{half}}", "dim"), Piece(" │ ", "dim"), Piece("the reference", "dim")]]
    matcher = difflib.SequenceMatcher(None, own, reference, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        left, right = _wrapped(own[a:b], half), _wrapped(reference[c:d], half)
        for row in range(max(len(left), len(right))):
            one = left[row] if row < len(left) else ""
            two = right[row] if row < len(right) else ""
            same = tag == "equal"
            lines.append(
                [
                    Piece(f"{one:<{half}}", "plain" if same else "bad"),
                    Piece(" │ ", "dim"),
                    Piece(two, "plain" if same else "good"),
                ]
            )
    return lines


def _wrapped(lines: list[str], width: int) -> list[str]:
    """Lines of code broken where they are too long, between words and signs; what goes on is indented further."""
    found = []
    for line in lines:
        indent = " " * min(len(line) - len(line.lstrip()) + 8, width // 2)
        row = ""
        # A word with the signs behind it, or the space between two.
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


def code_of(path: Path, step: str) -> list[str]:
    """The lines of a step's definition in a file, without its docstring; empty where it is not there."""
    definition = read_definitions(path).get(step)
    if definition is None:
        return []
    text = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    lines = text[definition.first_line - 1 : definition.end_line]
    if not definition.docstring:
        return lines
    node = ast.parse(textwrap.dedent("\n".join(lines))).body[0]
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    said = node.body[0]
    without = lines[: said.lineno - 1] + lines[said.end_lineno or said.lineno :]
    # An empty line that stood between the docstring and the code has nothing to part any more.
    if said.lineno - 1 < len(without) and not without[said.lineno - 1].strip():
        del without[said.lineno - 1]
    return without
