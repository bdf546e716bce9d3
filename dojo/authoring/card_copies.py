"""Copies signatures and docstrings from stubs to solutions, so that an author writes each card once."""

from __future__ import annotations

import ast
from pathlib import Path

from dojo.course.curriculum import Kata
from dojo.course.definitions import Source, read_editable
from dojo.course.layout import file_in
from dojo.support.errors import DojoError

_Lines = tuple[int, int]


def with_cards_of_stubs(root: Path, kata: Kata) -> tuple[str, list[str]]:
    """The text of a kata's solution with the signatures and docstrings of its stubs, and the names of what differed.

    A name is that of a step, or "the introduction" for the docstring of the file. Nothing else of the text changes.
    Raises DojoError if a file cannot be read, or if a stub has a step or a method that the solution does not have.
    """
    stub, solution = (_source(root, file_in(tree, kata.id)) for tree in ("katas", "solutions"))
    lines = list(solution.lines)
    changed = []
    # From the bottom up, so that line numbers stay true.
    for step in sorted(kata.steps, key=lambda step: -_node(solution, step.name, kata.id).lineno):
        heads = _heads(_node(stub, step.name, kata.id), stub)
        own = _heads(_node(solution, step.name, kata.id), solution)
        before = list(lines)
        for name, (first, end) in sorted(heads.items(), reverse=True, key=lambda head: own.get(head[0], (0, 0))):
            if name not in own:
                raise DojoError(f"{file_in('solutions', kata.id)}: {step.name} has no method {name}, but its stub has.")
            lines[own[name][0] : own[name][1]] = stub.lines[first:end]
        if lines != before:
            changed.append(step.name)
    first, end = solution.docstring_lines()
    introduction = stub.lines[slice(*stub.docstring_lines())]
    if lines[first:end] != introduction:
        lines[first:end] = introduction
        changed.append("the introduction")
    return "\n".join(lines), changed[::-1]


def _source(root: Path, name: str) -> Source:
    try:
        source = read_editable((root / name).read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{name} can't be read: {error}.") from None
    if source is None:
        raise DojoError(f"{name} does not parse, or has two statements on a line, or has other line ends than \\n.")
    return source


def _node(source: Source, name: str, kata_id: str) -> ast.FunctionDef | ast.ClassDef:
    found = source.by_name().get(name)
    if found is None or not isinstance(found.node, (ast.FunctionDef, ast.ClassDef)):
        raise DojoError(f"{kata_id}: {name} must be defined in katas/ and in solutions/.")
    return found.node


def _heads(node: ast.FunctionDef | ast.ClassDef, source: Source) -> dict[str, _Lines]:
    """The lines [first, end) of the signature and docstring of a definition, by name, and of each method of a class."""
    found = {"": (node.lineno - 1, _end_of_head(node, source))}
    if isinstance(node, ast.ClassDef):
        for member in node.body:
            if isinstance(member, ast.FunctionDef) and (not member.name.startswith("_") or member.name[:2] == "__"):
                found[member.name] = (member.lineno - 1, _end_of_head(member, source))
    return found


def _end_of_head(node: ast.FunctionDef | ast.ClassDef, source: Source) -> int:
    """The index of the line after the docstring; after the colon if there is no docstring."""
    if ast.get_docstring(node) is not None:
        return node.body[0].end_lineno or node.lineno
    # Comments, blank lines and decorators may stand between the colon and the first statement.
    end = node.body[0].lineno - 1
    while end > node.lineno and not source.lines[end - 1].rstrip().endswith(":"):
        end -= 1
    return end
