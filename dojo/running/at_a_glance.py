"""Steps that are red without being run: their file does not parse, or they are not written yet."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import re
import sys
from pathlib import Path

import pytest

from dojo.course import definitions
from dojo.course.curriculum import Step
from dojo.course.definitions import read_definitions, read_source
from dojo.course.given_code import TO_FIX, read_repairs
from dojo.course.layout import ALL_TREES, Course
from dojo.course.step_digests import runs_nothing
from dojo.failures.failure import NOT_FIXED, Failure, TestResult
from dojo.failures.test_items import COURSE, STEP, attach_result, device_of
from dojo.reports.step_report import plain_report
from dojo.running.one_run import RUN
from dojo.testbed.kata_import import unreadable

# Every installation has these.
_INSTALLED = {*sys.stdlib_module_names, "torch", "numpy"}
_IMPORTS = re.compile(r"^(?:from|import) ([\w.]+)(?: import ([\w, ]+))?", re.MULTILINE)
_RAISES = re.compile(rf"\s*(?:{re.escape(TO_FIX)}|raise NotImplementedError\b)")


@dataclasses.dataclass(frozen=True)
class _Text:
    """What the text of a kata's file says.

    Attributes:
        unwritten: the names of the steps that are as the course gives them.
        to_fix: the repair steps among them.
        imports: whether importing the file can only define names, so that it cannot fail.
    """

    unwritten: frozenset[str] = frozenset()
    to_fix: frozenset[str] = frozenset()
    imports: bool = False


class Glance:
    """What the text of a course's katas says of their steps. Nothing is imported.

    runs_given_code: whether the run shows how the given code of repair steps fails. Then these steps need a run.
    """

    def __init__(self, course: Course, *, runs_given_code: bool = False) -> None:
        self.course = course
        self._runs_given_code = runs_given_code

    def failure_of(self, step: Step) -> Failure | None:
        """Why a step is red, if its text alone says so."""
        path = self.course.judged / f"{step.kata_id}.py"
        broken = unreadable(path)
        if broken is not None:
            says = [part for part in (broken.says, broken.remedy) if part]
            return Failure("broken", says, step.tests[0], file=str(path), line=broken.line)
        if self._runs_given_code and is_given_code(self.course, step):
            return None
        if is_unwritten(self.course, step):
            return not_written(self.course, step, step.tests[0])
        return None


def is_unwritten(course: Course, step: Step) -> bool:
    """Whether a step is as the course gives it, so that its tests need not be run.

    If importing the file could fail, the step is run: then the file may be broken.
    """
    text = _text_of(course, step)
    return text.imports and step.name in text.unwritten


def is_given_code(course: Course, step: Step) -> bool:
    """Whether a step is a repair step whose code is as the course gives it."""
    return step.name in _text_of(course, step).to_fix


def _text_of(course: Course, step: Step) -> _Text:
    path = course.judged / f"{step.kata_id}.py"
    # Answers that the course keeps are always run. Only a learner's file can be unwritten.
    if course.judged in [course.root / tree for tree in ALL_TREES if tree != "katas"]:
        return _Text()
    try:
        stat = path.stat()
    except OSError:
        return _Text()
    return _read(path, stat.st_mtime_ns, stat.st_size, course.root, step.kata_id)


@functools.lru_cache(maxsize=64)
def _read(path: Path, mtime_ns: int, size: int, root: Path, kata_id: str) -> _Text:
    """Read a file. It counts as written if it cannot be read or does not parse."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return _Text()
    source = read_source(text)
    if source is None:
        return _Text()
    repairs = read_repairs(root, kata_id)
    names = [each.name for each in source.definitions]
    unwritten = frozenset(name for name in names if definitions.is_unwritten(name, source, repairs))
    # The course gives these files, so their imports work.
    given = (root / "tests" / f"{kata_id}.py", root / "solutions" / f"{kata_id}.py")
    return _Text(
        unwritten,
        unwritten & frozenset(repairs.names() if repairs else ()),
        bool(unwritten) and _imports_without_fail(tree, _imports_of(given)),
    )


def _imports_without_fail(tree: ast.Module, known: set[str]) -> bool:
    """Whether running a file can do nothing but define: no call, and no import that may not work here."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            if not all(f"from {node.module} import {alias.name}" in known for alias in node.names):
                return False
        elif isinstance(node, ast.Import):
            if not all(
                alias.name.partition(".")[0] in _INSTALLED or f"import {alias.name}" in known for alias in node.names
            ):
                return False
        elif not runs_nothing(node):
            return False
    return True


def _imports_of(files: tuple[Path, ...]) -> set[str]:
    """The imports at the top of files, one text for each name."""
    found: set[str] = set()
    for path in files:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for module, names in _IMPORTS.findall(path.read_text(encoding="utf-8")):
                if names:
                    found |= {f"from {module} import {name.split()[0]}" for name in names.split(",")}
                else:
                    found.add(f"import {module}")
    return found


def not_written(course: Course, step: Step, test: str) -> Failure:
    """The failure of a test of a step that is as the course gives it, as if the test had been run."""
    path = course.judged / f"{step.kata_id}.py"
    is_given = is_given_code(course, step)
    says = NOT_FIXED if is_given else "It is not written yet."
    return Failure(
        "not_written",
        [says],
        test,
        file=str(path),
        line=_line_of(path, step.name),
        is_given_code=is_given,
    )


def _line_of(path: Path, name: str) -> int:
    """The line that a learner replaces."""
    definition = read_definitions(path)[name]
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    for number in range(definition.line, definition.end_line):
        if _RAISES.match(lines[number]):
            return number + 1
    return definition.line


def is_run(item: pytest.Item) -> bool:
    """Whether a test is run. The tests of an unwritten step are red without being run."""
    step = item.stash.get(STEP, None)
    if step is None:
        return True
    course = item.config.stash[COURSE]
    shows_given_code = item.config.stash[RUN].runs_given_code and is_given_code(course, step)
    return shows_given_code or not is_unwritten(course, step)


def report_unwritten(item: pytest.Item) -> None:
    """Report that a test of a step is red, because the step is not written."""
    course, step = item.config.stash[COURSE], item.stash[STEP]
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    failure = not_written(course, step, getattr(item, "originalname", item.name))
    report = _red_report(course, step, failure, item.nodeid, item.location, device_of(item))
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def red_report_of(course: Course, step: Step, failure: Failure) -> pytest.TestReport:
    """A red report on the first test of a step that was not run."""
    path = course.root / "tests" / f"{step.kata_id}.py"
    test = failure.test
    found = re.search(rf"^def {test}\(([^)]*)\)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    on = "[cpu]" if found and re.search(r"\bdevice\b", found[1]) else ""
    name = f"tests/{step.kata_id}.py"
    return _red_report(course, step, failure, f"{name}::{test}{on}", (name, 0, f"{test}{on}"), "cpu")


def _red_report(
    course: Course, step: Step, failure: Failure, nodeid: str, location: tuple[str, int | None, str], device: str
) -> pytest.TestReport:
    report = pytest.TestReport(
        nodeid=nodeid,
        location=location,
        keywords={},
        outcome="failed",
        longrepr=plain_report(course, step, failure, device),
        when="call",
    )
    attach_result(report, TestResult(step.id, failure.test, device, failure))
    return report
