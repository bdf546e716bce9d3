"""The stub of a step: the solution's signature and docstring, and a body that is still to be written or to be fixed."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

from dojo.course.backups import Backup, back_up, backups, replace
from dojo.course.curriculum import Curriculum, Kata, Step
from dojo.course.definitions import GIVEN_DECORATORS, Definition, Source, is_unwritten, parse_source, read_source
from dojo.course.given_code import TO_FIX, joined, read_repairs
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

_BODY = "raise NotImplementedError"


def stub_of(root: Path, step: Step) -> str:
    """The text of a step's stub, without a line end at its end. Raises DojoError if there is no solution."""
    path = root / "solutions" / f"{step.kata_id}.py"
    try:
        return _stubs_in(parse_source(path.read_text(encoding="utf-8")), read_repairs(root, step.kata_id))[step.name]
    except (OSError, SyntaxError, ValueError) as error:
        shown = path.relative_to(root).as_posix()
        raise DojoError(f"The stub of {step.name} can't be made: {shown}: {error}") from None
    except KeyError:
        raise DojoError(f"The stub of {step.name} can't be made: the solution does not define it.") from None


def unwritten_steps(root: Path, kata: Kata) -> frozenset[str]:
    """The names of a kata's steps that are unwritten in the learner's file. Nothing is imported.

    No step counts as unwritten if the file cannot be read or does not parse. Nothing is kept in memory, because the
    process that asks may run the learner's code later, and the solution is not for that code to find.
    """
    try:
        own = read_source((root / "katas" / f"{kata.id}.py").read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError:
        return frozenset()
    try:
        solution = read_source((root / "solutions" / f"{kata.id}.py").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        solution = None
    repairs = read_repairs(root, kata.id)
    given = read_source("\n".join(_stubs_in(solution, repairs).values())) if solution else repairs
    return frozenset(step.name for step in kata.steps if own and is_unwritten(step.name, own, given))


def refuse_unwritten(root: Path, curriculum: Curriculum, step: Step, then: str) -> None:
    """Raise DojoError if a step is unwritten in the learner's file. `then` says what cannot be done therefore."""
    if step.name in unwritten_steps(root, curriculum.place(step)[1]):
        raise DojoError(f"{step.name} is not written yet, so {then}. It is in katas/{step.kata_id}.py.")


def stub_file_of(root: Path, kata: Kata) -> str:
    """The text of a kata's whole file as the course gives it.

    The text comes from the learner's own history if that goes back far enough, and from the solutions otherwise.
    """
    stubs = [stub_of(root, step) for step in kata.steps]
    path = f"katas/{kata.id}.py"
    for text in _versions(root, path):
        if all(f"\n{stub}\n" in text for stub in stubs):
            return text
    solution = parse_source((root / "solutions" / f"{kata.id}.py").read_text(encoding="utf-8"))
    return joined(["\n".join(solution.header), *stubs])


def cards_of(root: Path, kata_id: str) -> str:
    """The text of a kata's solution with stubs in the place of its answers."""
    solution = parse_source((root / "solutions" / f"{kata_id}.py").read_text(encoding="utf-8"))
    return joined(["\n".join(solution.header), *_stubs_in(solution, read_repairs(root, kata_id)).values()])


def _versions(root: Path, path: str) -> Iterator[str]:
    """Yield a file's versions in the learner's own history, the newest first."""
    repository = Repository(root, seconds=20.0)
    with contextlib.suppress(GitError):
        for commit in repository.text("log", "--format=%H", "--", path).split():
            # The commit may be the one that deleted the file.
            with contextlib.suppress(GitError):
                yield repository.file(f"{commit}:{path}").decode("utf-8", errors="replace")


def put_stubs_back(root: Path, curriculum: Curriculum, steps: tuple[Step, ...], why: str) -> Backup | None:
    """Back up the learner's answers to these steps and write the stubs over them. None if nothing differed."""
    texts: dict[Path, str] = {}
    for kata in curriculum.katas():
        chosen = [step for step in kata.steps if step in steps]
        path = root / "katas" / f"{kata.id}.py"
        if not chosen:
            continue
        text = stub_file_of(root, kata) if len(chosen) == len(kata.steps) else _with_stubs(root, path, kata, chosen)
        if has_windows_line_ends(path):
            text = text.replace("\n", "\r\n")
        if not path.exists() or path.read_bytes() != text.encode():
            texts[path] = text
    if not texts:
        return None
    backup = back_up(root, list(texts), why)
    for path, text in texts.items():
        replace(path, text.encode())
    return backup


def bring_step_back(root: Path, step: Step) -> tuple[Backup, Backup]:
    """Put the last version of a step that was set aside back into the learner's file.

    Returns the backup that the version comes from, and a new backup of the file as it was. Raises DojoError if no
    backup has another version of the step than the stub and the learner's file, or if the file cannot be edited.
    """
    path = root / "katas" / f"{step.kata_id}.py"
    own, lines = editable(root, path, step.kata_id)
    answer = answer_in(own, step)
    given = parse_source(stub_of(root, step))
    for backup in backups(root):
        kept = backup.folder / f"{step.kata_id}.py"
        old = read_source(kept.read_bytes().decode("utf-8-sig", errors="replace")) if kept.is_file() else None
        version = old.by_name().get(step.name) if old else None
        if old is None or version is None or version.same_as(answer) or is_unwritten(step.name, old, given):
            continue
        lines[answer.first_line - 1 : answer.end_line] = version.lines
        end = "\r\n" if has_windows_line_ends(path) else "\n"
        before = back_up(root, [path], "restore")
        replace(path, (end.join(lines) + end).encode())
        return backup, before
    raise DojoError(f"No other version of {step.name} has been set aside. dojo restore --list shows what has.")


def answer_in(own: Source, step: Step) -> Definition:
    """The definition of a step in a learner's file. Raises DojoError if there is none."""
    answer = own.by_name().get(step.name)
    if answer is None:
        raise DojoError(
            f"katas/{step.kata_id}.py has no {step.name} that could be replaced. To get a stub first: "
            f"dojo reset {step.name}"
        )
    return answer


def has_windows_line_ends(path: Path) -> bool:
    """Whether the lines of a learner's file end as on Windows."""
    return path.exists() and b"\r\n" in path.read_bytes()


def editable(root: Path, path: Path, kata_id: str) -> tuple[Source, list[str]]:
    """A learner's file and its lines, to change steps in. Raises DojoError if the file can't be read or parsed."""
    shown = path.relative_to(root).as_posix()
    try:
        source = read_source(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read ({error}). The whole file: dojo reset {kata_id}") from None
    if source is None:
        raise DojoError(f"{shown} is no valid Python, so a step of it can't be found. The whole: dojo reset {kata_id}")
    return source, source.lines if source.lines[-1] else source.lines[:-1]


def _with_stubs(root: Path, path: Path, kata: Kata, steps: list[Step]) -> str:
    """The text of the learner's file with the stubs of some steps in place of their answers."""
    source, lines = editable(root, path, kata.id)
    answers = source.by_name()
    missing = [step for step in steps if step.name not in answers]
    # From the bottom up, so that line numbers stay true.
    for step in sorted((step for step in steps if step not in missing), key=lambda step: -answers[step.name].line):
        answer = answers[step.name]
        lines[answer.first_line - 1 : answer.end_line] = stub_of(root, step).splitlines()
    for step in missing:
        lines += ["", "", *stub_of(root, step).splitlines()]
    return "\n".join(lines) + "\n"


def _stubs_in(solution: Source, repairs: Source | None) -> dict[str, str]:
    """The text of the stub of every function and class of a solution, by name. repairs: the code of repair steps."""
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
    """The lines of a definition up to the end of its docstring; without a docstring, its signature."""
    if ast.get_docstring(node) is not None:
        last = node.body[0].end_lineno or node.lineno
    elif isinstance(node, ast.ClassDef):
        last = node.lineno
    else:
        # The signature ends at the last line before the body that ends in a colon.
        last = node.body[0].lineno - 1
        while last > node.lineno and not lines[last - 1].rstrip().endswith(":"):
            last -= 1
    return lines[node.lineno - 1 : last]


def _code_to_fix(given: Definition, lines: list[str]) -> list[str]:
    """The body of a repair step's stub. lines: those of the file that defines the given code."""
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
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and (not member.name.startswith("_") or member.name.startswith("__")):
            found += ["", *_stub_of_function(member, lines)]
    return found
