"""The data that the plugin keeps on pytest's own objects: typed keys, and the result of a test on its report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from dojo.course.curriculum import Curriculum, Step
from dojo.course.layout import Course
from dojo.failures.failure import Explanation, Failure, TestResult
from dojo.support.plain_data import from_data
from dojo.testbed.devices import Device
from dojo.testbed.test_guard import Watch

COURSE = pytest.StashKey[Course]()
CURRICULUM = pytest.StashKey[Curriculum]()
DEVICES = pytest.StashKey[list[Device]]()
STEP = pytest.StashKey[Step]()
WATCH = pytest.StashKey[Watch]()
# The explanation of a red test; None until the test is red.
EXPLANATION = pytest.StashKey[Explanation | None]()
# The exception behind a red test. It is kept only in the child of an examination, which sets the key beforehand.
ERROR = pytest.StashKey[BaseException | None]()
# In an xdist worker, the reusable fork that runs the tests of steps; None if they run in the worker itself.
REUSABLE_FORK = pytest.StashKey[Any]()
# The patience of a test's time limit (dojo.testbed.time_limit).
PATIENCE = pytest.StashKey[float]()
# Called with the result of a red test before its mistake is known, and again if a mistake or a clue was found.
ON_RED = pytest.StashKey[Callable[[TestResult], None]]()


def device_of(item: Any) -> str:
    """The name of the device that a test is parametrized over; `cpu` if it is parametrized over no device."""
    return str(getattr(getattr(item, "callspec", None), "params", {}).get("device", "cpu"))


def result_of(item: pytest.Item, failure: Failure | None, notes: list[str]) -> TestResult:
    """The result of a step's test."""
    return TestResult(item.stash[STEP].id, getattr(item, "originalname", item.name), device_of(item), failure, notes)


def attach_result(report: pytest.TestReport, result: TestResult) -> None:
    """Add a result to pytest's report, as plain types only: pipes and xdist carry reports between processes."""
    report.dojo = dataclasses.asdict(result)  # type: ignore[attr-defined]


def attached_result(report: pytest.TestReport) -> TestResult | None:
    """The result that attach_result added to a report; None if the report is not about a step."""
    data = getattr(report, "dojo", None)
    return None if data is None else from_data(TestResult, data)
