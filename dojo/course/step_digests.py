"""Digests of everything in the course's files that the verdict on a step depends on.

Equal digests mean equal verdicts. A digest covers the step's own code, the code of its file that can affect the step,
the kata's tests, every other kata that the file or its tests import, the given files, data/, conftest.py and
pyproject.toml. If a file does something that this module can't follow, its steps have no digest and always run.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dojo.course.curriculum import Curriculum, Step
from dojo.course.definitions import GIVEN_DECORATORS
from dojo.support.files import write_json

_SCHEMA = 1
_FILE = "digests.json"
# A file may import these modules, because what they do depends only on the code that calls them.
_KNOWN = frozenset(
    [
        "__future__",
        "abc",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "enum",
        "functools",
        "itertools",
        "math",
        "numbers",
        "numpy",
        "operator",
        "random",
        "re",
        "statistics",
        "string",
        "torch",
        "types",
        "typing",
        "warnings",
        "weakref",
    ]
)
# With these names, code can read or change things that this module does not see.
_OUTSIDE = frozenset(["open", "__import__", "breakpoint", "__file__", "__builtins__"])
# With these names, code can reach every name of the file it is in.
_DYNAMIC = frozenset(["eval", "exec", "globals", "locals", "vars", "setattr", "delattr"])
_DYNAMIC_ATTRIBUTES = frozenset(["__dict__", "__globals__", "__doc__", "__code__", "__closure__", "__defaults__"])
# These decorators change nothing outside the function that they decorate.
_DECORATORS = ("property", "staticmethod", "classmethod", "torch.", "functools.", "dataclass", "contextlib.")

_TESTS_IMPORT = re.compile(r"^\s*(?:from|import) (katas[\w.]*)(?: import ([\w, ]+))?", re.MULTILINE)

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class _Kept(NamedTuple):
    """What is known about a kata's file: the digests of its steps, and `key`, a digest of the files behind them."""

    key: str
    imports: list[str]
    steps: dict[str, str]

    def is_whole(self) -> bool:
        """Whether the types are those that `save` writes. A damaged file may hold anything."""
        if not isinstance(self.imports, list) or not isinstance(self.steps, dict):
            return False
        return all(isinstance(text, str) for text in (self.key, *self.imports, *self.steps.values()))


class StepDigests:
    """The digests of the steps of a course. A change to a file after its digest was first needed does not count.

    A file is parsed only if its content is new. The results are kept in `.dojo/digests.json`.
    """

    def __init__(self, root: Path, curriculum: Curriculum) -> None:
        self.root = root
        self._katas = {kata.id: kata for kata in curriculum.katas()}
        self._path = root / ".dojo" / _FILE
        self._contents: dict[str, str] = {}
        self._found: dict[str, dict[str, str]] = {}
        self._kept = _read(self._path)
        self._changed = False
        self._given = self._digest_of_given()

    def of(self, step: Step) -> str:
        """The digest of a step; "" if the step must be run to know its verdict."""
        return self._of_kata(step.kata_id).get(step.name, "")

    def save(self) -> None:
        """Keep the results for the next time. If the folder can't be written, this only costs time."""
        if self._changed:
            self._changed = False
            with contextlib.suppress(OSError):
                write_json(self._path, {"schema": _SCHEMA, "katas": {k: v._asdict() for k, v in self._kept.items()}})

    def _of_kata(self, kata_id: str) -> dict[str, str]:
        if kata_id not in self._found:
            kept = self._kept.get(kata_id)
            if kept is not None and kept.key == self._key(kata_id, kept.imports):
                self._found[kata_id] = kept.steps
            else:
                self._found[kata_id] = self._read_kata(kata_id)
        return self._found[kata_id]

    def _read_kata(self, kata_id: str) -> dict[str, str]:
        path, tests = self.root / "katas" / f"{kata_id}.py", self.root / "tests" / f"{kata_id}.py"
        imports = self._imports_of([path, tests])
        names = [step.name for step in self._katas[kata_id].steps]
        steps: dict[str, str] = {}
        if imports is not None:
            imports.discard(f"katas/{kata_id}.py")
            around = self._key(kata_id, sorted(imports), own=False)
            code = _Code(path.read_bytes().decode("utf-8-sig"))
            steps = {name: _digest([around, *code.affecting(name)]) for name in names}
        kept = sorted(imports or ())
        self._kept[kata_id] = _Kept(self._key(kata_id, kept), kept, steps)
        self._changed = True
        return steps

    def _imports_of(self, files: Iterable[Path]) -> set[str] | None:
        """The files of katas/ that these files import, directly or indirectly; None if this can't be known."""
        found: set[str] = set()
        waiting = list(files)
        while waiting:
            modules = self._modules_in(waiting.pop())
            if modules is None:
                return None
            for module in modules:
                file = self._file_of(module)
                if file is None:
                    return None
                # The given files are part of every digest.
                if file.parent != self.root / "katas" and self._shown(file) not in found:
                    found.add(self._shown(file))
                    waiting.append(file)
        return found

    def _modules_in(self, path: Path) -> list[str] | None:
        """The modules of katas/ that a file imports; None if the file does something that can't be followed."""
        try:
            text = path.read_bytes().decode("utf-8-sig")
            if self.root / "tests" in path.parents:
                return _imported_by_tests(text)
            tree = ast.parse(text)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        modules = list(_imported(tree))
        others = {module.partition(".")[0] for module in modules} - _KNOWN - {"katas"}
        if others or _names_in(tree) & _OUTSIDE:
            return None
        return [module for module in modules if module.startswith("katas.")]

    def _file_of(self, module: str) -> Path | None:
        """The file of a module in katas/; for a name in a module, the module's file. None if there is no file."""
        path = self.root.joinpath(*module.split("."))
        for candidate in (path, path.parent):
            if candidate.with_suffix(".py").is_file():
                return candidate.with_suffix(".py")
        return None

    def _key(self, kata_id: str, imports: list[str], *, own: bool = True) -> str:
        files = [f"tests/{kata_id}.py", *imports, *([f"katas/{kata_id}.py"] if own else [])]
        return _digest([self._given, *map(self._content, files)])

    def _content(self, name: str) -> str:
        if name not in self._contents:
            self._contents[name] = _content_of(self.root / name)
        return self._contents[name]

    def _digest_of_given(self) -> str:
        files = [self.root / "conftest.py", self.root / "pyproject.toml"]
        files += sorted((self.root / "katas").glob("*.py"))
        files += sorted(path for path in (self.root / "data").glob("*") if path.is_file())
        return _digest([f"{self._shown(path)} {_content_of(path)}" for path in files])

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


class _Code:
    """The parts of a kata's file: definitions, and statements that run when the file is imported."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self._whole = _dump(tree)
        plain = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._is_dynamic = bool(plain & _DYNAMIC or _names_in(tree) & _DYNAMIC_ATTRIBUTES)
        self._base: list[ast.stmt] = []
        self._definitions: list[_Definition] = []
        for node in tree.body:
            if isinstance(node, _Definition) and _is_quiet(node):
                self._definitions.append(node)
            elif not _is_text(node):
                self._base.append(node)
        self._names = {id(node): _names_in(node) for node in self._definitions}
        self._variables = {name for node in self._base for name in _bound_by(node)}
        self._imported = _imported_names(tree)
        # Two functions may use the same name for a local variable. Only the names of the file are shared.
        shared = self._variables | {node.name for node in self._definitions} | self._imported
        self._changes = {id(node): _changed_by(node) & (shared | _not_local(node)) for node in self._definitions}

    def affecting(self, step: str) -> Iterator[str]:
        """The code that can affect a step: what it names, directly or indirectly, and the code that changes these."""
        if self._is_dynamic:
            yield self._whole
            return
        taken: list[ast.stmt] = list(self._base)
        # Code can use an import without naming it: 2 * x calls torch.mul.
        names = {step, *self._imported}.union(*(_names_in(node) - _bound_by(node) for node in self._base))
        rest = list(self._definitions)
        while True:
            found = [node for node in rest if node.name in names or self._touches(node, names)]
            if not found:
                break
            taken += found
            rest = [node for node in rest if node not in found]
            names = names.union(*(self._names[id(node)] for node in found))
        yield from sorted(map(_dump, taken))

    def _touches(self, node: _Definition, names: set[str]) -> bool:
        """Whether a definition changes one of these names, or uses one that is a variable of the file."""
        return bool(self._changes[id(node)] & names or self._names[id(node)] & self._variables & names)


def _names_in(node: ast.AST) -> set[str]:
    """Every name and attribute that is written in a piece of code."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.Attribute):
            found.add(each.attr)
    return found


def _imported_by_tests(text: str) -> list[str]:
    """The modules of katas/ that a file of tests imports. Parsing the file would take longer than many of its tests."""
    found = []
    for module, names in _TESTS_IMPORT.findall(text):
        found += [f"{module}.{name.split()[0]}" for name in names.split(",")] if names else [module]
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports. A relative import and `import *` are "?", which is on no list of modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or any(alias.name == "*" for alias in node.names):
                yield "?"
            elif node.module == "katas" or (node.module or "").startswith("katas."):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module or "?"


def runs_nothing(node: ast.stmt) -> bool:
    """Whether a statement at the top of a file only binds names, and can't fail."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        # Defaults and annotations are computed when the function is defined.
        computed = (ast.Name, ast.Attribute, ast.Call)
        decorators = [each for each in node.decorator_list if ast.unparse(each) not in GIVEN_DECORATORS]
        parts = [node.args, *([node.returns] if node.returns else []), *decorators]
        return not any(isinstance(each, computed) for part in parts for each in ast.walk(part))
    if isinstance(node, ast.ClassDef):
        return _is_quiet(node) and not node.decorator_list and all(map(runs_nothing, node.body))
    value = getattr(node, "value", None)
    return _is_text(node) or (_is_assignment(node) and isinstance(value, ast.Constant))


def _is_quiet(node: _Definition) -> bool:
    """Whether the definition does nothing but bind its own name when Python runs it."""
    if isinstance(node, ast.ClassDef):
        if node.keywords:
            return False
        quiet = all(
            _is_quiet(each)
            if isinstance(each, _Definition)
            else isinstance(each, ast.Pass) or _is_text(each) or (_is_assignment(each) and not _calls(each))
            for each in node.body
        )
    else:
        defaults = [each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
        quiet = not any(map(_calls, defaults))
    return quiet and all(ast.unparse(each).startswith(_DECORATORS) for each in node.decorator_list)


def _is_assignment(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(target, ast.Name) for target in targets)


def _calls(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call) for each in ast.walk(node))


def _is_text(node: ast.stmt) -> bool:
    """Whether a statement is only a constant, for example a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bound_by(node: ast.AST) -> set[str]:
    """The variables that a statement binds. Imported names do not count."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _imported_names(tree: ast.AST) -> set[str]:
    nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return {(alias.asname or alias.name).partition(".")[0] for node in nodes for alias in node.names}


def _not_local(node: ast.AST) -> set[str]:
    """The names in a definition that no function in it binds."""
    bound = _bound_by(node) | {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    return _names_in(node) - bound


def _changed_by(node: ast.AST) -> set[str]:
    """The names whose attributes or items a piece of code sets, and the names that it declares global."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Global):
            found |= set(each.names)
        elif isinstance(each, (ast.Attribute, ast.Subscript)) and not isinstance(each.ctx, ast.Load):
            root: ast.AST = each
            while isinstance(root, (ast.Attribute, ast.Subscript)):
                root = root.value
            if isinstance(root, ast.Name) and root.id not in ("self", "cls"):
                found.add(root.id)
    return found


def _dump(node: ast.AST) -> str:
    """A piece of code as text, without docstrings, comments and layout."""
    for each in ast.walk(node):
        body = getattr(each, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]) and isinstance(each, (_Definition, ast.Module)):
            each.body = body[1:]
    return ast.dump(node, annotate_fields=False)


def _content_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "missing"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _read(path: Path) -> dict[str, _Kept]:
    """The results that were kept, by kata; {} if the file is missing, damaged or of another version."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        katas = data["katas"] if data["schema"] == _SCHEMA else {}
        kept = {name: _Kept(**kata) for name, kata in katas.items()}
        return {name: each for name, each in kept.items() if each.is_whole()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
