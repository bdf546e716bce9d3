"""Copies signatures and docstrings from stubs to solutions, so that an author writes each card once."""

from __future__ import annotations

import ast
from pathlib import Path

from dojo.course.curriculum import Kata
from dojo.course.definitions import Source, end_of_head, methods_of, read_editable
from dojo.course.layout import file_in
from dojo.support.errors import DojoError


def with_cards_of_stubs(root: Path, kata: Kata) -> tuple[str, list[str]]:
    """The text of a kata's solution with the signatures and docstrings of its stubs, and the names of what changes.

    A name is a step's, or "the introduction" for the docstring of the file. The rest of the text does not change.
    Raises DojoError if a file can't be read, or if the solution lacks a step or a method of its stubs.
    """
    stub, solution = (_source(root, file_in(tree, kata.id)) for tree in ("katas", "solutions"))
    lines = list(solution.lines)
    changed = []
    # Work from the bottom up, so that line numbers stay valid.
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
        raise DojoError(f"{name} does not parse, has two statements on one line, or has lines that do not end in \\n.")
    return source


def _node(source: Source, name: str, kata_id: str) -> ast.FunctionDef | ast.ClassDef:
    found = source.by_name().get(name)
    if found is None or not isinstance(found.node, (ast.FunctionDef, ast.ClassDef)):
        raise DojoError(f"{kata_id}: {name} must be defined in katas/ and in solutions/.")
    return found.node


def _heads(node: ast.FunctionDef | ast.ClassDef, source: Source) -> dict[str, tuple[int, int]]:
    """The lines [first, end) of the signature and docstring of a definition (""), and of each method of a class."""
    nodes: dict[str, ast.FunctionDef | ast.ClassDef] = {"": node}
    if isinstance(node, ast.ClassDef):
        nodes |= {method.name: method for method in methods_of(node)}
    return {name: (each.lineno - 1, end_of_head(each, source.lines)) for name, each in nodes.items()}
