"""Renames a step in a kata's file, in every place that means the step."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from dojo.course.definitions import bound_by, read_editable

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEFINES = re.compile(rb"\s*(?:async\s+def|def|class)\s+")


def with_new_name(text: str, old: str, new: str) -> str | None:
    """The text of a file after its definition `old` is renamed to `new`.

    Local variables and attributes that are called `old` keep their names. None if the file can't be edited, does not
    define `old`, already defines `new`, or declares `old` global in a function.
    """
    source = read_editable(text)
    if source is None or not source.named(old) or new in source.bound:
        return None
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and old in node.names:
            return None
    lines = [line.encode() for line in source.lines]
    # From the last place to the first, so that columns stay valid.
    for line, column in sorted(set(_places(source.tree.body, old, lines)), reverse=True):
        before, found, after = lines[line][:column], lines[line][column:][: len(old)], lines[line][column + len(old) :]
        if found != old.encode():
            return None
        lines[line] = before + new.encode() + after
    return b"\n".join(lines).decode()


def _places(nodes: Iterable[ast.AST], name: str, lines: list[bytes]) -> Iterator[tuple[int, int]]:
    """The line and column, from 0, of each place in code where `name` is a name of the file."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == name:
            yield node.lineno - 1, node.col_offset
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
            found = _DEFINES.match(lines[node.lineno - 1])
            yield node.lineno - 1, found.end() if found else 0
        yield from _places(_in_same_file(node, name), name, lines)


def _in_same_file(node: ast.AST, name: str) -> Iterator[ast.AST]:
    """The parts of a piece of code in which `name` is a name of the file, and not a local name."""
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, _LOOPS):
        return iter([] if name in bound_by(*(each.target for each in node.generators)) else children)
    if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return iter(children)
    body: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    outside = [child for child in children if child not in body]
    found = [] if isinstance(node, ast.ClassDef) else list(ast.walk(node.args))
    arguments = [each.arg for each in found if isinstance(each, ast.arg)]
    if name not in arguments and name not in bound_by(*body):
        return iter([*outside, *body])
    if isinstance(node, ast.ClassDef):
        # A method does not see the names of its class.
        methods = [each for each in body if isinstance(each, _FUNCTIONS)]
        return iter([*outside, *(part for method in methods for part in _in_same_file(method, name))])
    return iter(outside)
