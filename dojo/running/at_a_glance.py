"""Steps that are red without being run: their file does not parse, or they are not written yet."""

from __future__ import annotations

import ast
import contextlib
import functools
import re
import sys
from pathlib import Path

import pytest

from dojo.course import definitions
from dojo.course.curriculum import Step
from dojo.course.definitions import read_definitions, read_source
from dojo.course.layout import Course
from dojo.course.step_digests import runs_nothing
from dojo.failures.failure import Failure, TestResult
from dojo.failures.test_items import attach_result, device_of
from dojo.reports.step_report import plain_report
from dojo.testbed.kata_import import unreadable

# Every installation has these.
_INSTALLED = {*sys.stdlib_module_names, "torch", "numpy"}
_IMPORTS = re.compile(r"^(?:from|import) ([\w.]+)(?: import ([\w, ]+))?", re.MULTILINE)
_RAISES = re.compile(r"\s*raise NotImplementedError\b")


class Glance:
    """What the text of a course's katas says of their steps. Nothing is imported."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def failure_of(self, step: Step) -> Failure | None:
        """Why a step is red, if its text alone says so."""
        path = self.course.judged / f"{step.kata_id}.py"
        broken = unreadable(path)
        if broken is not None:
            says = [part for part in (broken.says, broken.remedy) if part]
            return Failure("broken", says, step.tests[0], file=str(path), line=broken.line)
        if is_unwritten(self.course, step):
            return not_written(self.course, step, step.tests[0])
        return None


def is_unwritten(course: Course, step: Step) -> bool:
    """Whether a step is as the course gives it, so that its tests need not be run.

    If importing the file could fail, the step is run: then the file may be broken.
    """
    path = course.judged / f"{step.kata_id}.py"
    try:
        stat = path.stat()
    except OSError:
        return False
    given = (course.root / "tests" / f"{step.kata_id}.py", course.root / "solutions" / f"{step.kata_id}.py")
    return step.name in _unwritten(path, stat.st_mtime_ns, stat.st_size, given)


@functools.lru_cache(maxsize=64)
def _unwritten(path: Path, mtime_ns: int, size: int, given: tuple[Path, ...]) -> frozenset[str]:
    """The steps of a file that are unwritten. given: files that the course gives, whose imports work."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    source = read_source(text)
    if source is None or not _imports_without_fail(tree, _imports_of(given)):
        return frozenset()
    names = [each.name for each in source.definitions]
    return frozenset(name for name in names if definitions.is_unwritten(name, source, None))


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
    """The failure of a test of a step that is not written yet, as if the test had been run."""
    path = course.judged / f"{step.kata_id}.py"
    return Failure("not_written", ["It is not written yet."], test, file=str(path), line=_line_of(path, step.name))


def _line_of(path: Path, name: str) -> int:
    """The line that a learner replaces."""
    definition = read_definitions(path)[name]
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    for number in range(definition.line, definition.end_line):
        if _RAISES.match(lines[number]):
            return number + 1
    return definition.line


def report_unwritten(item: pytest.Item, course: Course, step: Step) -> None:
    """Report that a test of a step is red, because the step is not written."""
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
