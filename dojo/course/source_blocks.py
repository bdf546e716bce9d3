"""A kata's file cut into its blocks: what is defined at the top level, line by line, read as text."""

from __future__ import annotations

import ast
import dataclasses
import warnings


@dataclasses.dataclass(frozen=True)
class Block:
    """A named definition, with the comment lines right above it: `lines[first:end]` of its file."""

    name: str
    first: int
    end: int
    lines: tuple[str, ...]
    node: ast.stmt

    def same_as(self, other: Block) -> bool:
        """Whether both say the same; spaces at the ends of lines don't count."""
        return [line.rstrip() for line in self.lines] == [line.rstrip() for line in other.lines]


@dataclasses.dataclass(frozen=True)
class Source:
    """A file that parses. The header is what stands before the first function or class."""

    lines: list[str]
    tree: ast.Module
    blocks: list[Block]

    @property
    def header_end(self) -> int:
        return self.blocks[0].first if self.blocks else len(self.lines)

    @property
    def header(self) -> list[str]:
        """The lines of the header, without blank lines at its end."""
        lines = self.lines[: self.header_end]
        while lines and not lines[-1].strip():
            lines.pop()
        return lines

    def header_statements(self) -> list[ast.stmt]:
        """The statements of the header behind its docstring."""
        found = [node for node in self.tree.body if node.lineno <= self.header_end]
        return found[1:] if ast.get_docstring(self.tree) is not None else found

    def docstring_lines(self) -> tuple[int, int]:
        """Where the docstring is: `lines[first:end]`; nothing at the top where there is none."""
        if ast.get_docstring(self.tree) is None:
            return 0, 0
        node = self.tree.body[0]
        return node.lineno - 1, node.end_lineno or node.lineno

    def text_of(self, node: ast.stmt) -> list[str]:
        return self.lines[node.lineno - 1 : node.end_lineno]

    def named(self, name: str) -> list[Block]:
        """The blocks that define a name; several where it is defined anew."""
        return [block for block in self.blocks if block.name == name]

    def names(self) -> list[str]:
        """What the blocks define, in order."""
        return list(dict.fromkeys(block.name for block in self.blocks))


def read_source(text: str) -> Source | None:
    """The blocks of a text with \\n at its line ends; None where it does not parse or can't be cut into lines."""
    if "\r" in text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = text.split("\n")
    blocks: list[Block] = []
    end = 0
    for node in tree.body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) - 1
        if first < end:
            return None
        name = _name(node, bool(blocks))
        if name is not None:
            while first > end and lines[first - 1].startswith("#"):
                first -= 1
            blocks.append(Block(name, first, node.end_lineno or 0, tuple(lines[first : node.end_lineno]), node))
        end = node.end_lineno or node.lineno
    return Source(lines, tree, blocks)


def bound_by(node: ast.stmt) -> set[str]:
    """The names that an import or an assignment binds."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def used_in(node: ast.AST) -> set[str]:
    """The names that a piece of code reads."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Store)}


def is_stub(block: Block) -> bool:
    """Whether something of it is still to be written."""
    return any("raise NotImplementedError" in line for line in block.lines)


def _name(node: ast.stmt, after_header: bool) -> str | None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if after_header and isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None
