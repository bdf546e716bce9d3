"""The definitions in a Python file, read as text. The file is never run, and it may be broken.

Use `read_definitions` if you need the definitions of a file, and `read_source` to compare or edit the file. Only
`is_unwritten` decides whether a step is unwritten.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import itertools
import re
import warnings
from pathlib import Path

from dojo.support.files import read_text, read_text_or_empty

_DEFINES = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
# "^" with re.MULTILINE takes four times as long.
_DEFINED = re.compile(rf"\n{_DEFINES.pattern}")
# With these names, a file can bind a name that none of its statements contains.
_BINDS_BY_TEXT = {"globals", "locals", "exec", "eval", "importlib", "__import__"}
# These decorators change how a function is called, so a stub has them. All others are part of an answer.
GIVEN_DECORATORS = {"staticmethod", "classmethod", "property"}
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclasses.dataclass(frozen=True)
class Definition:
    """A function, a class or a variable at the top level of a file.

    `line` is the number of the line with `def` or `class`, and `first_line` that of the first decorator. Both count
    from 1. `lines` are the lines from `first_line` to `end_line`, and `comments` the comment lines directly above them.
    `node` is None if the file does not parse. Then `lines` has only the line with `def` or `class`.
    """

    name: str
    line: int
    first_line: int
    end_line: int
    lines: tuple[str, ...]
    comments: tuple[str, ...] = ()
    node: ast.stmt | None = None

    @property
    def top(self) -> int:
        """The index of the first comment line. `lines[top:end_line]` of the file equals `block`."""
        return self.first_line - 1 - len(self.comments)

    @property
    def block(self) -> tuple[str, ...]:
        """The comment lines above the definition, and its own lines."""
        return self.comments + self.lines

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_variable(self) -> bool:
        return self.node is not None and not isinstance(self.node, _DEFINING)

    @functools.cached_property
    def signature(self) -> str:
        """The arguments of a function, or the bases, the public methods and the `__init__` of a class."""
        if isinstance(self.node, ast.ClassDef):
            methods = [
                f"{method.name}({ast.unparse(method.args)})"
                for method in self.node.body
                if isinstance(method, ast.FunctionDef)
                and (method.name == "__init__" or not method.name.startswith("_"))
            ]
            return f"({', '.join(map(ast.unparse, self.node.bases))}) " + "; ".join(methods)
        return ast.unparse(self.node.args) if isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""

    @functools.cached_property
    def docstring(self) -> str:
        return (ast.get_docstring(self.node) or "") if isinstance(self.node, _DEFINING) else ""

    @property
    def code(self) -> list[str]:
        """The lines without the docstring and without the blank line after it."""
        if not self.docstring or not isinstance(self.node, _DEFINING):
            return list(self.lines)
        said = self.node.body[0]
        before = self.lines[: said.lineno - self.first_line]
        after = self.lines[(said.end_lineno or said.lineno) + 1 - self.first_line :]
        return [*before, *(after if not after or after[0].strip() else after[1:])]

    def same_as(self, other: Definition) -> bool:
        """Whether both have the same lines and comments. Trailing spaces do not count."""
        return [line.rstrip() for line in self.block] == [line.rstrip() for line in other.block]


@dataclasses.dataclass(frozen=True)
class Source:
    """A file that parses. Its header is everything above its first function or class.

    `definitions` are the functions and classes, and the variables that are assigned below the header.
    """

    lines: list[str]
    tree: ast.Module
    definitions: list[Definition]

    @property
    def header_end(self) -> int:
        return self.definitions[0].top if self.definitions else len(self.lines)

    @property
    def header(self) -> list[str]:
        """The lines of the header, without blank lines at its end."""
        lines = self.lines[: self.header_end]
        while lines and not lines[-1].strip():
            lines.pop()
        return lines

    def header_statements(self) -> list[ast.stmt]:
        """The statements of the header after its docstring."""
        found = [node for node in self.tree.body if node.lineno <= self.header_end]
        return found[1:] if ast.get_docstring(self.tree) is not None else found

    def docstring_lines(self) -> tuple[int, int]:
        """Where the module docstring is: `lines[first:end]`, or (0, 0) if there is no docstring."""
        if ast.get_docstring(self.tree) is None:
            return 0, 0
        node = self.tree.body[0]
        return node.lineno - 1, node.end_lineno or node.lineno

    def text_of(self, node: ast.stmt) -> list[str]:
        return self.lines[node.lineno - 1 : node.end_lineno]

    def named(self, name: str) -> list[Definition]:
        """The definitions of a name: more than one if the file defines the name again."""
        return [each for each in self.definitions if each.name == name]

    def names(self) -> list[str]:
        """The names that the file defines, in order."""
        return list(dict.fromkeys(each.name for each in self.definitions))

    def by_name(self) -> dict[str, Definition]:
        """The functions and classes by name, the last one if the file defines a name again."""
        return {each.name: each for each in self.definitions if not each.is_variable}

    def end_of(self, definition: Definition) -> int:
        """The index of the line after a definition and after the indented comments that belong to its body."""
        at = definition.end_line
        while at < len(self.lines) and self.lines[at].strip() and self.lines[at][0] in " \t":
            at += 1
        return at

    @functools.cached_property
    def bound(self) -> list[str]:
        """The names that the file binds at its top level, one entry for each binding."""
        return bound_by(*self.tree.body)

    @functools.cached_property
    def binds_by_text(self) -> bool:
        """Whether the file may bind names that are not in `bound`, for example with `import *`, globals() or exec()."""
        return "*" in self.bound or any(map(_binds_by_text, ast.walk(self.tree)))


def read_source(text: str) -> Source | None:
    """The definitions in a text with any line endings; None if the text does not parse."""
    try:
        return parse_source(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse_source(text: str) -> Source:
    """Like `read_source`, but raises SyntaxError, ValueError, RecursionError or MemoryError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with warnings.catch_warnings():
        # Python warns about an invalid escape sequence when the file runs. That is enough.
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    lines = text.split("\n")
    found: list[Definition] = []
    end = 0
    for node in tree.body:
        first, last = _lines_of(node)
        name = _name(node, after_header=bool(found))
        if name is not None:
            top = first - 1
            while top > end and lines[top - 1].startswith("#"):
                top -= 1
            comments, own = tuple(lines[top : first - 1]), tuple(lines[first - 1 : last])
            found.append(Definition(name, node.lineno, first, last, own, comments, node))
        end = last
    return Source(lines, tree, found)


def read_editable(text: str) -> Source | None:
    """Like `read_source`, but also None if the text can't be edited line by line.

    It can't if two statements share a line, or if a line does not end in \\n.
    """
    source = None if "\r" in text else read_source(text)
    if source is None:
        return None
    places = [_lines_of(node) for node in source.tree.body]
    apart = all(first > end for (_, end), (first, _) in itertools.pairwise(places))
    return source if apart else None


def read_definitions(path: Path) -> dict[str, Definition]:
    """The functions and classes of a file by name, in source order; {} if the file can't be read.

    If the file does not parse, the definitions are found line by line.
    """
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return {}


def name_at(path: Path, line: int) -> str:
    """The name of the function or class of a file that a line is in; empty if the line is in none."""
    inside = [each.name for each in read_definitions(path).values() if each.first_line <= line <= each.end_line]
    return inside[0] if inside else ""


def names_in(text: str) -> list[str]:
    """The names of the functions and classes that a text defines, in source order.

    The names are found line by line, because every command reads all tests of the course. So a line in a string that
    begins with `def` counts too.
    """
    return list(dict.fromkeys(match[1] for match in _DEFINED.finditer("\n" + text)))


def code_of(path: Path, name: str) -> list[str]:
    """The lines of the definition `name` in a file, without its docstring; [] if there is no such definition."""
    definition = read_definitions(path).get(name)
    return definition.code if definition else []


def defined_twice(path: Path, name: str) -> str:
    """A sentence if a file defines a function or class more than once at its top level; otherwise ""."""
    source = read_source(read_text_or_empty(path))
    found = [each for each in source.named(name) if not each.is_variable] if source else []
    if len(found) < 2:
        return ""
    lines = [str(each.line) for each in found]
    where = f"{', '.join(lines[:-1])} and {lines[-1]}"
    return f"{name} is defined {len(found)} times in this file: on lines {where}. Python uses the last definition."


def is_unwritten(name: str, own: Source, given: Source | None) -> bool:
    """Whether the step `name` is still the given code. If in doubt, the step counts as written.

    own: the learner's file. given: a source that defines the step as the course gives it. If `given` is None or does
    not define the name, the given code is `raise NotImplementedError` as the body of the function or of each method.

    The step is unwritten if its code equals the given code, and if the learner's file binds its name nowhere else.
    Docstrings and comments do not count.
    """
    found = own.named(name)
    if len(found) != 1 or found[0].is_variable:
        return False
    started = given.named(name) if given else []
    same = _code(found[0].node) == _code(started[-1].node) if started else _is_stub(found[0].node)
    return same and own.bound.count(name) == 1 and not own.binds_by_text


def bound_by(*nodes: ast.AST) -> list[str]:
    """The names that code binds in its own scope, one entry for each binding; "*" for `import *`.

    Names that a nested function declares `global` count too.
    """
    found: list[str] = []
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.append(node.id)
        elif isinstance(node, ast.alias):
            found.append((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.append(node.rest)
        else:
            name = getattr(node, "name", None)
            found += [name] if isinstance(name, str) else []
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, _DEFINING):
            found += [name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names]
            children = [child for child in children if child not in node.body]
        waiting += children
    return found


def methods_of(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """The methods of a class, without those whose names begin with a single underscore."""
    found = [member for member in node.body if isinstance(member, ast.FunctionDef)]
    return [each for each in found if not each.name.startswith("_") or each.name.startswith("__")]


def end_of_head(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> int:
    """The index of the line after a definition's docstring, or after its signature if it has no docstring.

    lines: the lines of the file.
    """
    if ast.get_docstring(node) is not None:
        return node.body[0].end_lineno or node.lineno
    # Comments, blank lines and decorators may stand between the signature and the first statement.
    end = node.body[0].lineno - 1
    while end > node.lineno and (lines[end - 1].lstrip().startswith("#") or not lines[end - 1].rstrip().endswith(":")):
        end -= 1
    return end


def used_in(node: ast.AST) -> set[str]:
    """The names that code reads."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Store)}


@functools.lru_cache(maxsize=64)
def _read(path: Path, mtime_ns: int, size: int) -> dict[str, Definition]:
    text = read_text(path)
    source = read_source(text)
    if source is not None:
        return source.by_name()
    found: dict[str, Definition] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _DEFINES.match(line)
        if match:
            found.setdefault(match[1], Definition(match[1], number, number, number, (line,)))
    return found


def _lines_of(node: ast.stmt) -> tuple[int, int]:
    """The numbers of the first line of a statement, decorators included, and of its last line."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]), node.end_lineno or node.lineno


def _name(node: ast.stmt, *, after_header: bool) -> str | None:
    """The name that a statement defines; None if the statement is not a definition."""
    if isinstance(node, _DEFINING):
        return node.name
    if after_header and isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        return target.id if isinstance(target, ast.Name) else None
    return None


def _binds_by_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in _BINDS_BY_TEXT
    if isinstance(node, ast.Attribute):
        return node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys"
    return isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Name) and node.func.id == "vars"


def _is_stub(node: ast.AST | None) -> bool:
    """Whether `raise NotImplementedError` is the whole body of a function, or of each method of a class."""
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return False
    if not {ast.unparse(each) for each in node.decorator_list} <= GIVEN_DECORATORS:
        return False
    if isinstance(node, ast.ClassDef):
        return all(map(_is_stub, _body(node)))
    return [ast.unparse(each) for each in _body(node)] == ["raise NotImplementedError"]


def _code(node: ast.AST | None) -> str:
    """Code in a form that does not depend on docstrings, comments and layout."""
    return ast.dump(_without_docstrings(node)) if isinstance(node, _DEFINING) else ""


def _without_docstrings(node: ast.AST) -> ast.AST:
    if not isinstance(node, _DEFINING):
        return node
    return type(node)(**(dict(ast.iter_fields(node)) | {"body": [*map(_without_docstrings, _body(node))]}))


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.stmt]:
    """The statements of a definition after its docstring."""
    return node.body[1:] if ast.get_docstring(node) is not None else node.body
