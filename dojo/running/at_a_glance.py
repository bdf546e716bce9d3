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
from dojo.failures.test_items import COURSE, STEP, attach_result, device_of, result_of
from dojo.reports.step_report import plain_report
from dojo.running.one_run import RUN, Run
from dojo.testbed.kata_import import unreadable

# Every installation has these.
_INSTALLED = {*sys.stdlib_module_names, "torch", "numpy"}
_IMPORTS = re.compile(r"^(?:from|import) ([\w.]+)(?: import ([\w, ]+))?", re.MULTILINE)
_RAISES = re.compile(rf"\s*(?:{re.escape(TO_FIX)}|raise NotImplementedError\b)")


@dataclasses.dataclass(frozen=True)
class _Given:
    """The steps of a kata's file that are as the course gives them.

    Attributes:
        repairs: the names of the repair steps among them.
        unwritten: all their names; none if importing the file may fail, because then the file may be broken.
    """

    repairs: frozenset[str] = frozenset()
    unwritten: frozenset[str] = frozenset()


def failure_without_run(run: Run, step: Step) -> Failure | None:
    """Why a step is red, if its text alone shows this; otherwise None."""
    path = run.course.judged / f"{step.kata_id}.py"
    broken = unreadable(path)
    if broken is not None:
        says = [part for part in (broken.says, broken.remedy) if part]
        return Failure("broken", says, step.tests[0], file=str(path), line=broken.line)
    return _not_written(run.course, step, step.tests[0]) if _needs_no_run(run, step) else None


def is_given_code(course: Course, step: Step) -> bool:
    """Whether a step is a repair step whose code is as the course gives it."""
    return step.name in _given_in(course, step).repairs


def is_run(item: pytest.Item) -> bool:
    """Whether a test is run. The tests of an unwritten step are red without being run."""
    step = item.stash.get(STEP, None)
    return step is None or not _needs_no_run(item.config.stash[RUN], step)


def _needs_no_run(run: Run, step: Step) -> bool:
    """Whether a step is as the course gives it, and the run does not show how given code fails."""
    shows = run.runs_given_code and is_given_code(run.course, step)
    return not shows and step.name in _given_in(run.course, step).unwritten


def _given_in(course: Course, step: Step) -> _Given:
    path = course.judged / f"{step.kata_id}.py"
    # Answers that the course keeps are always run. Only a learner's file can be unwritten.
    if course.judged in [course.root / tree for tree in ALL_TREES if tree != "katas"]:
        return _Given()
    try:
        stat = path.stat()
    except OSError:
        return _Given()
    return _read(path, stat.st_mtime_ns, stat.st_size, course.root, step.kata_id)


@functools.lru_cache(maxsize=64)
def _read(path: Path, mtime_ns: int, size: int, root: Path, kata_id: str) -> _Given:
    """Read a file. Its steps count as written if it cannot be read or does not parse."""
    try:
        source = read_source(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        source = None
    if source is None:
        return _Given()
    repairs = read_repairs(root, kata_id)
    given = frozenset(name for name in source.names() if definitions.is_unwritten(name, source, repairs))
    # The course gives these files, so their imports work.
    known = _imports_of(root / "tests" / f"{kata_id}.py", root / "solutions" / f"{kata_id}.py") if given else set()
    return _Given(
        repairs=given & frozenset(repairs.names() if repairs else ()),
        unwritten=given if _imports_without_fail(source.tree, known) else frozenset(),
    )


def _imports_without_fail(tree: ast.Module, known: set[str]) -> bool:
    """Whether running a file can only bind names: it calls nothing, and imports nothing that may be missing here."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            works = all(f"from {node.module} import {alias.name}" in known for alias in node.names)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            works = all(name.partition(".")[0] in _INSTALLED or f"import {name}" in known for name in names)
        else:
            works = runs_nothing(node)
        if not works:
            return False
    return True


def _imports_of(*files: Path) -> set[str]:
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


def _not_written(course: Course, step: Step, test: str) -> Failure:
    """The failure that a test would show if it ran on the code that the course gives."""
    path = course.judged / f"{step.kata_id}.py"
    is_given = is_given_code(course, step)
    says = NOT_FIXED if is_given else "It is not written yet."
    return Failure("not_written", [says], test, file=str(path), line=_line_of(path, step.name), is_given_code=is_given)


def _line_of(path: Path, name: str) -> int:
    """The line that a learner replaces."""
    definition = read_definitions(path)[name]
    numbered = enumerate(definition.lines, start=definition.first_line)
    return next((number for number, line in numbered if _RAISES.match(line)), definition.line)


def report_unwritten(item: pytest.Item) -> None:
    """Report that a test of a step is red, because the step is not written."""
    course, step = item.config.stash[COURSE], item.stash[STEP]
    failure = _not_written(course, step, getattr(item, "originalname", item.name))
    says = plain_report(course, step, failure, device_of(item))
    report = unfinished_report(item.nodeid, item.location, says, result_of(item, failure, []))
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def report_of_first_test(course: Course, step: Step, failure: Failure) -> pytest.TestReport:
    """A red report on the first test of a step whose tests did not run."""
    path = course.root / "tests" / f"{step.kata_id}.py"
    test = failure.test
    found = re.search(rf"^def {test}\(([^)]*)\)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    name = f"{test}[cpu]" if found and re.search(r"\bdevice\b", found[1]) else test
    file = f"tests/{step.kata_id}.py"
    result = TestResult(step.id, test, "cpu", failure)
    return unfinished_report(f"{file}::{name}", (file, 0, name), plain_report(course, step, failure, "cpu"), result)


def unfinished_report(
    nodeid: str, location: tuple[str, int | None, str], says: str, result: TestResult | None
) -> pytest.TestReport:
    """A red report on a test that pytest did not finish. `result` is None if the test tests no step."""
    report = pytest.TestReport(
        nodeid=nodeid, location=location, keywords={}, outcome="failed", longrepr=says, when="call"
    )
    if result is not None:
        attach_result(report, result)
    return report
