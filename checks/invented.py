"""An invented report of a course, made without PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dojo.course.curriculum import read_curriculum
from dojo.course.layout import Course
from dojo.failures.failure import Failure, TestResult
from dojo.progress.data import to_json
from dojo.progress.results import TestOutcome, summarize
from dojo.testbed.devices import Device


def invented_report(root: Path, green: tuple[str, ...], made_at: str) -> dict[str, Any]:
    """Return the data of a progress file in which only these steps are green, and all others red."""
    curriculum = read_curriculum(root)
    outcomes = []
    for step in curriculum.steps():
        failure = None if step.name in green else Failure("value", ["The value is wrong."], step.tests[0])
        for test in step.tests:
            result = TestResult(step.id, test, "cpu", failure)
            outcomes.append(TestOutcome(result, "failed" if failure else "passed", 0.01))
    progress = summarize(Course.at(root), curriculum, outcomes, [Device("cpu")], lambda *_: [])
    return to_json(progress) | {"made_at": made_at}
