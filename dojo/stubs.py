"""The stub of a step, made from its solution: signature and docstring, and a body that is still to be written."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

from dojo.course import DojoError
from dojo.curriculum import Kata, Step

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
    for commit in _git(root, "log", "--format=%H", "--", path).split():
        text = _git(root, "show", f"{commit}:{path}")
        if all(f"\n{stub}\n" in text for stub in stubs):
            return text
    return "\n\n\n".join([_header(root / "solutions" / f"{kata.id}.py"), *stubs]) + "\n"


def _header(path: Path) -> str:
    """What stands in a file before its first function or class."""
    text = path.read_text(encoding="utf-8")
    first = next(node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    start = min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])
    return "\n".join(text.splitlines()[: start - 1]).rstrip()


def _git(root: Path, *arguments: str) -> str:
    try:
        ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.decode("utf-8", errors="replace") if ran.returncode == 0 else ""
