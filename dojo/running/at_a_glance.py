"""Steps that are red without being run: their file does not parse, or they are not written yet."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

from dojo.course.curriculum import Step
from dojo.course.definitions import read_definitions
from dojo.course.layout import Course
from dojo.failures.failure import Failure
from dojo.failures.test_items import device_of
from dojo.reports.step_report import plain_report
from dojo.testbed.kata_import import unreadable

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
    """Whether a step is as the course gives it, so that its tests need not be run."""
    path = course.judged / f"{step.kata_id}.py"
    try:
        stat = path.stat()
    except OSError:
        return False
    return step.name in _unwritten(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=64)
def _unwritten(path: Path, mtime_ns: int, size: int) -> frozenset[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names = [getattr(node, "name", "") for node in tree.body]
    steps = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return frozenset(node.name for node in steps if names.count(node.name) == 1 and _is_stub(node))


def _is_stub(node: ast.FunctionDef | ast.ClassDef) -> bool:
    body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    if isinstance(node, ast.ClassDef):
        return bool(body) and all(isinstance(each, ast.FunctionDef) and _is_stub(each) for each in body)
    return len(body) == 1 and ast.unparse(body[0]) == "raise NotImplementedError"


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
    report.dojo = {  # type: ignore[attr-defined]
        "step": step.id,
        "test": failure.test,
        "device": device,
        "failure": failure.as_data(),
        "notes": [],
    }
    return report
