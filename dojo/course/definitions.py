"""What a Python file defines, read as text: the file is never run, and may be broken."""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
from pathlib import Path

_DEFINES = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
# "^" with re.MULTILINE takes four times as long.
_DEFINED = re.compile(rf"\n{_DEFINES.pattern}")


@dataclasses.dataclass(frozen=True)
class Definition:
    """A function or a class at the top level of a file. `signature` is empty where the file does not parse.

    `line` is that of def or class, `first_line` that of the first decorator, if there is one.
    """

    name: str
    line: int
    end_line: int
    first_line: int = 0
    signature: str = ""
    docstring: str = ""
    is_class: bool = False
    body: str = ""

    @property
    def is_stub(self) -> bool:
        """Whether the body still raises NotImplementedError."""
        return "raise NotImplementedError" in self.body


def read_definitions(path: Path) -> dict[str, Definition]:
    """The public and private top-level definitions of a file by name, in source order; {} if it can't be read.

    A file that does not parse gives names and lines only, found line by line.
    """
    try:
        stat = path.stat()
    except OSError:
        return {}
    return _read(path, stat.st_mtime_ns, stat.st_size)


def read_names(path: Path) -> list[str]:
    """The names of a file's top-level definitions, in source order; [] if it can't be read.

    Found line by line, so that a line of a text that begins with `def` counts as one: for the course's own files, of
    which there are many, and of which every command reads all.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return []
    return list(dict.fromkeys(match[1] for match in _DEFINED.finditer("\n" + text)))


@functools.lru_cache(maxsize=512)
def _read(path: Path, mtime_ns: int, size: int) -> dict[str, Definition]:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _line_by_line(text)
    lines = text.splitlines()
    return {
        node.name: _define(node, lines)
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }


def _define(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]) -> Definition:
    body = "\n".join(lines[node.body[0].lineno - 1 : node.end_lineno])
    return Definition(
        name=node.name,
        line=node.lineno,
        end_line=node.end_lineno or node.lineno,
        first_line=min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]),
        signature=_class_signature(node) if isinstance(node, ast.ClassDef) else ast.unparse(node.args),
        docstring=ast.get_docstring(node) or "",
        is_class=isinstance(node, ast.ClassDef),
        body=body,
    )


def _class_signature(node: ast.ClassDef) -> str:
    """Bases, then the signature of every public method and `__init__`: what a caller can rely on."""
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    methods = [
        f"{method.name}({ast.unparse(method.args)})"
        for method in node.body
        if isinstance(method, ast.FunctionDef) and (method.name == "__init__" or not method.name.startswith("_"))
    ]
    return f"({bases}) " + "; ".join(methods)


def _line_by_line(text: str) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _DEFINES.match(line)
        if match:
            found.setdefault(match[1], Definition(match[1], number, number, number))
    return found
