"""The stub of a step: the solution's signature and docstring, and a body that the learner writes or fixes."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

from dojo.course.backups import Backup, back_up, backups, replace
from dojo.course.curriculum import Curriculum, Kata, Step
from dojo.course.definitions import (
    GIVEN_DECORATORS,
    Definition,
    Source,
    end_of_head,
    is_unwritten,
    methods_of,
    parse_source,
    read_source,
)
from dojo.course.given_code import TO_FIX, joined, read_repairs
from dojo.course.layout import file_in
from dojo.support.errors import DojoError
from dojo.support.files import bytes_like, read_text, read_text_or_empty
from dojo.support.git import GitError, Repository

_BODY = "raise NotImplementedError"


def stub_of(root: Path, step: Step) -> str:
    """The text of a step's stub, without a final line break. Raises DojoError if there is no solution."""
    try:
        return _stubs_in(_solution(root, step.kata_id), read_repairs(root, step.kata_id))[step.name]
    except (OSError, SyntaxError, ValueError) as error:
        shown = file_in("solutions", step.kata_id)
        raise DojoError(f"The stub of {step.name} can't be made: {shown}: {error}") from None
    except KeyError:
        raise DojoError(f"The stub of {step.name} can't be made: the solution does not define {step.name}.") from None


def _solution(root: Path, kata_id: str) -> Source:
    return parse_source(read_text(root / file_in("solutions", kata_id)))


def unwritten_steps(root: Path, kata: Kata) -> frozenset[str]:
    """The names of a kata's steps that are unwritten in the learner's file. Nothing is imported.

    If the file can't be read or does not parse, no step counts as unwritten. Nothing is kept in memory, because this
    process may run the learner's code later, and that code must not find the solution.
    """
    own, solution = (read_source(read_text_or_empty(root / file_in(tree, kata.id))) for tree in ("katas", "solutions"))
    repairs = read_repairs(root, kata.id)
    stubs = _stubs_in(solution, repairs) if solution else {}
    given = read_source("\n".join(stubs.values())) if stubs else repairs
    return frozenset(step.name for step in kata.steps if own and is_unwritten(step.name, own, given))


def refuse_unwritten(root: Path, curriculum: Curriculum, step: Step, then: str) -> None:
    """Raise DojoError if a step is unwritten in the learner's file. `then` is the consequence, for the sentence."""
    if step.name in unwritten_steps(root, curriculum.place(step)[1]):
        raise DojoError(f"{step.name} is not written yet, so {then}. It is in katas/{step.kata_id}.py.")


def stub_file_of(root: Path, kata: Kata) -> str:
    """The text of a kata's whole file as the course gives it.

    The text comes from the learner's git history if the history has it, and otherwise from the solutions.
    """
    stubs = [stub_of(root, step) for step in kata.steps]
    path = f"katas/{kata.id}.py"
    for text in _versions(root, path):
        if all(f"\n{stub}\n" in text for stub in stubs):
            return text
    return joined(["\n".join(_solution(root, kata.id).header), *stubs])


def cards_of(root: Path, kata_id: str) -> str:
    """The text of a kata's solution with stubs in place of its answers."""
    solution = _solution(root, kata_id)
    return joined(["\n".join(solution.header), *_stubs_in(solution, read_repairs(root, kata_id)).values()])


def _versions(root: Path, path: str) -> Iterator[str]:
    """Yield the versions of a file in the learner's git history, the newest first."""
    repository = Repository(root, seconds=20.0)
    with contextlib.suppress(GitError):
        for commit in repository.text("log", "--format=%H", "--", path).split():
            # The commit may have deleted the file.
            with contextlib.suppress(GitError):
                yield repository.file(f"{commit}:{path}").decode("utf-8", errors="replace")


def put_stubs_back(root: Path, curriculum: Curriculum, steps: tuple[Step, ...], why: str) -> Backup | None:
    """Back up the learner's answers to these steps and put the stubs in their place. None if nothing differed."""
    files: dict[Path, bytes] = {}
    for kata in curriculum.katas():
        chosen = [step for step in kata.steps if step in steps]
        path = root / "katas" / f"{kata.id}.py"
        if not chosen:
            continue
        text = stub_file_of(root, kata) if len(chosen) == len(kata.steps) else _with_stubs(root, path, kata, chosen)
        before = path.read_bytes() if path.exists() else b""
        if before != bytes_like(before, text):
            files[path] = bytes_like(before, text)
    if not files:
        return None
    backup = back_up(root, list(files), why)
    for path, data in files.items():
        replace(path, data)
    return backup


def bring_step_back(root: Path, step: Step) -> tuple[Backup, Backup]:
    """Put the newest version of a step that the backups have into the learner's file.

    Returns the backup with this version, and a new backup of the file before the change. Raises DojoError if no backup
    has a version that differs from the stub and from the learner's file, or if the file can't be edited.
    """
    path = root / "katas" / f"{step.kata_id}.py"
    own, lines = editable(root, path, step.kata_id)
    answer = answer_in(own, step)
    given = parse_source(stub_of(root, step))
    for backup in backups(root):
        old = read_source(read_text_or_empty(backup.folder / f"{step.kata_id}.py"))
        version = old.by_name().get(step.name) if old else None
        if old is None or version is None or version.same_as(answer) or is_unwritten(step.name, old, given):
            continue
        lines[answer.first_line - 1 : answer.end_line] = version.lines
        before = back_up(root, [path], "restore")
        replace(path, bytes_like(path.read_bytes(), "\n".join(lines) + "\n"))
        return backup, before
    raise DojoError(f"No backup has another version of {step.name}. dojo restore --list shows all backups.")


def answer_in(own: Source, step: Step) -> Definition:
    """The definition of a step in a learner's file. Raises DojoError if there is none."""
    answer = own.by_name().get(step.name)
    if answer is None:
        raise DojoError(
            f"katas/{step.kata_id}.py does not define {step.name}, so it can't be replaced. To get a stub: "
            f"dojo reset {step.name}"
        )
    return answer


def editable(root: Path, path: Path, kata_id: str) -> tuple[Source, list[str]]:
    """A learner's file and its lines, for edits. Raises DojoError if the file can't be read or parsed."""
    shown = path.relative_to(root).as_posix()
    whole = f"To reset the whole file: dojo reset {kata_id}"
    try:
        source = read_source(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read ({error}). {whole}") from None
    if source is None:
        raise DojoError(f"{shown} is not valid Python, so its steps can't be found. {whole}")
    return source, source.lines if source.lines[-1] else source.lines[:-1]


def _with_stubs(root: Path, path: Path, kata: Kata, steps: list[Step]) -> str:
    """The text of the learner's file with the stubs of some steps in place of their answers."""
    source, lines = editable(root, path, kata.id)
    answers = source.by_name()
    missing = [step for step in steps if step.name not in answers]
    # Work from the bottom up, so that the line numbers stay valid.
    for step in sorted((step for step in steps if step not in missing), key=lambda step: -answers[step.name].line):
        answer = answers[step.name]
        lines[answer.first_line - 1 : answer.end_line] = stub_of(root, step).splitlines()
    for step in missing:
        lines += ["", "", *stub_of(root, step).splitlines()]
    return "\n".join(lines) + "\n"


def _stubs_in(solution: Source, repairs: Source | None) -> dict[str, str]:
    """The stub of every function and class in a solution, by name. repairs: the given code of repair steps."""
    given = repairs.by_name() if repairs else {}
    stubs = {}
    lines = solution.lines
    for each in solution.definitions:
        if isinstance(each.node, (ast.ClassDef, ast.FunctionDef)):
            if repairs and each.name in given:
                stub = [*_task_of(each.node, lines), *_code_to_fix(given[each.name], repairs.lines)]
            elif isinstance(each.node, ast.ClassDef):
                stub = _stub_of_class(each.node, lines)
            else:
                stub = _stub_of_function(each.node, lines)
            stubs[each.name] = "\n".join(stub)
    return stubs


def _task_of(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> list[str]:
    """The lines of a definition up to the end of its docstring, or its signature if it has no docstring."""
    return lines[node.lineno - 1 : end_of_head(node, lines)]


def _code_to_fix(given: Definition, lines: list[str]) -> list[str]:
    """The body of a repair step's stub. lines: the lines of the file with the given code."""
    assert isinstance(given.node, (ast.FunctionDef, ast.ClassDef))
    task = _task_of(given.node, lines)
    gap = [""] if given.is_class else []
    body = lines[given.line - 1 + len(task) : given.end_line]
    while not body[0].strip():
        body = body[1:]
    return [*gap, f"    {TO_FIX}", *gap, *body]


def _stub_of_function(node: ast.FunctionDef, lines: list[str]) -> list[str]:
    given = [each for each in node.decorator_list if isinstance(each, ast.Name) and each.id in GIVEN_DECORATORS]
    decorators = [lines[decorator.lineno - 1] for decorator in given]
    return [*decorators, *_task_of(node, lines), " " * (node.col_offset + 4) + _BODY]


def _stub_of_class(node: ast.ClassDef, lines: list[str]) -> list[str]:
    found = _task_of(node, lines)
    for method in methods_of(node):
        found += ["", *_stub_of_function(method, lines)]
    return found
