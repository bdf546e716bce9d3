"""The stub of a step, made from its solution: signature and docstring, and a body that is still to be written."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

from dojo.course.backups import Backup, keep, replace
from dojo.course.curriculum import Curriculum, Kata, Step
from dojo.course.definitions import read_definitions
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

_BODY = "raise NotImplementedError"
_KEPT = {"staticmethod", "classmethod", "property"}


def stub_of(root: Path, step: Step) -> str:
    """The text of a step's stub, without a line end at its end. Raises DojoError where there is no solution."""
    path = root / "solutions" / f"{step.kata_id}.py"
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError) as error:
        shown = path.relative_to(root).as_posix()
        raise DojoError(f"The stub of {step.name} can't be made: {shown}: {error}") from None
    lines = text.splitlines()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == step.name:
            return "\n".join(_of_class(node, lines) if isinstance(node, ast.ClassDef) else _of_function(node, lines))
    raise DojoError(f"The stub of {step.name} can't be made: the solution does not define it.")


def _of_function(node: ast.FunctionDef, lines: list[str]) -> list[str]:
    # What changes how it is called belongs to the stub; any other decorator is a part of the answer.
    called = [each for each in node.decorator_list if isinstance(each, ast.Name) and each.id in _KEPT]
    decorators = [lines[decorator.lineno - 1] for decorator in called]
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    last = node.body[0].end_lineno or node.lineno
    if len(body) == len(node.body):
        # No docstring: the signature ends at the last line before the body that ends in a colon.
        last = node.body[0].lineno - 1
        while last > node.lineno and not lines[last - 1].rstrip().endswith(":"):
            last -= 1
    return [*decorators, *lines[node.lineno - 1 : last], " " * (node.col_offset + 4) + _BODY]


def _of_class(node: ast.ClassDef, lines: list[str]) -> list[str]:
    docstring_end = node.body[0].end_lineno if ast.get_docstring(node) is not None else node.lineno
    found = lines[node.lineno - 1 : docstring_end]
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and (not member.name.startswith("_") or member.name.startswith("__")):
            found += ["", *_of_function(member, lines)]
    return found


def stub_file_of(root: Path, kata: Kata) -> str:
    """The text of a kata's whole file as the course gives it.

    The learner's own history has it, where it goes back far enough; else it is made from the solutions.
    """
    stubs = [stub_of(root, step) for step in kata.steps]
    path = f"katas/{kata.id}.py"
    for text in _versions(root, path):
        if all(f"\n{stub}\n" in text for stub in stubs):
            return text
    return "\n\n\n".join([_header(root / "solutions" / f"{kata.id}.py"), *stubs]) + "\n"


def _header(path: Path) -> str:
    """What stands in a file before its first function or class."""
    text = path.read_text(encoding="utf-8")
    first = next(node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    start = min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])
    return "\n".join(text.splitlines()[: start - 1]).rstrip()


def _versions(root: Path, path: str) -> Iterator[str]:
    """Yield a file's versions in the learner's own history, the newest first."""
    repository = Repository(root, seconds=20.0)
    with contextlib.suppress(GitError):
        for commit in repository.text("log", "--format=%H", "--", path).split():
            # The commit may be the one that deleted the file.
            with contextlib.suppress(GitError):
                yield repository.file(f"{commit}:{path}").decode("utf-8", errors="replace")


def put_stubs_back(root: Path, curriculum: Curriculum, steps: tuple[Step, ...], why: str) -> Backup | None:
    """Write the stubs of steps over the learner's answers, after keeping these. None where nothing differed."""
    texts: dict[Path, str] = {}
    for kata in curriculum.katas():
        chosen = [step for step in kata.steps if step in steps]
        path = root / "katas" / f"{kata.id}.py"
        if not chosen:
            continue
        text = stub_file_of(root, kata) if len(chosen) == len(kata.steps) else _with_stubs(root, path, kata, chosen)
        if not path.exists() or path.read_bytes() != text.encode():
            texts[path] = text
    if not texts:
        return None
    backup = keep(root, list(texts), why)
    for path, text in texts.items():
        replace(path, text.encode())
    return backup


def _with_stubs(root: Path, path: Path, kata: Kata, steps: list[Step]) -> str:
    """The learner's file with the stubs of some of its steps in the places of their answers."""
    shown = path.relative_to(root).as_posix()
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read ({error}). The whole file: dojo reset {kata.id}") from None
    definitions = read_definitions(path)
    if any(not definition.body for definition in definitions.values()):
        raise DojoError(f"{shown} is no valid Python, so a step of it can't be found. The whole: dojo reset {kata.id}")
    # From the bottom up, so that line numbers stay true.
    places = [(definitions.get(step.name), step) for step in steps]
    for definition, step in sorted(places, key=lambda place: -(place[0].line if place[0] else 1 << 30)):
        stub = stub_of(root, step).splitlines()
        if definition is None:
            lines += ["", "", *stub]
        else:
            lines[definition.first_line - 1 : definition.end_line] = stub
    return "\n".join(lines) + "\n"
