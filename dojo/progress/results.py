"""Makes the progress of a run from the outcomes of its tests."""

from __future__ import annotations

import dataclasses
import datetime
import platform
from collections.abc import Callable, Collection
from pathlib import Path

from dojo import __version__
from dojo.course.curriculum import Curriculum, Step, behaviour_of_test
from dojo.course.layout import Course, course_name
from dojo.failures.failure import Failure, TestResult
from dojo.progress.data import (
    Clue,
    CourseVersion,
    DeviceStatus,
    Diagnosis,
    Progress,
    StepFailure,
    StepProgress,
    lessons_of,
)
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.support.git import checked_out_commit
from dojo.support.styled_lines import Line
from dojo.support.versions import version_of
from dojo.testbed.devices import Device

# Makes the report on a red step from the step's id, its failure, and the device.
ReportOf = Callable[[str, Failure, str], list[Line]]


@dataclasses.dataclass(frozen=True)
class TestOutcome:
    """The result of one test on one device, its outcome (pytest's: passed, failed or skipped), and its duration."""

    __test__ = False

    result: TestResult
    outcome: str
    seconds: float

    @property
    def kind(self) -> str:
        """The kind of the failure; empty if there is no failure."""
        return self.result.failure.kind if self.result.failure else ""


def summarize(
    course: Course,
    curriculum: Curriculum,
    outcomes: list[TestOutcome],
    devices: list[Device],
    report_of: ReportOf,
    *,
    focused: bool = False,
    seconds: float = 0.0,
    known: Collection[Step] = (),
    walked: Collection[Step] = (),
) -> Progress:
    """The progress of a run that took `seconds`. A step is green only if all of its tests ran and none of them failed.

    focused: whether the steps of `walked` after the first red step count as ahead.
    known: the steps that the run left out because they are known to be green.
    walked: the steps that the run goes through.
    """
    by_step: dict[str, list[TestOutcome]] = {}
    for outcome in outcomes:
        by_step.setdefault(outcome.result.step, []).append(outcome)

    def found(step: Step) -> StepProgress:
        return _step(course, step, by_step.get(step.id, []), devices, report_of)

    progress = Progress(
        course=CourseVersion(course_name(course.root), __version__, checked_out_commit(course.root)),
        judged=course.shown(course.judged),
        made_at=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        python=platform.python_version(),
        torch=version_of("torch"),
        seconds=round(seconds, 3),
        devices=[DeviceStatus(each.name, "left_out" if each.left_out else "run", each.left_out) for each in devices],
        lessons=lessons_of(curriculum, found),
        moved=curriculum.moves,
        focused=focused,
    )
    _mark_known(progress, {step.id for step in known})
    if focused:
        ids = {step.id for step in walked}
        _mark_ahead([step for step in progress.steps if step.id in ids])
    return progress


def _mark_known(progress: Progress, known: set[str]) -> None:
    for step in progress.steps:
        if step.id in known and step.status == NOT_RUN:
            step.status, step.passed = GREEN, step.tests
            progress.remembered.add(step.id)
            step.devices = {device.name: NOT_RUN if device.left_out else GREEN for device in progress.devices}


def _mark_ahead(steps: list[StepProgress]) -> None:
    stopped = False
    for step in steps:
        if stopped and step.status == NOT_RUN:
            step.status = AHEAD
        stopped = stopped or step.is_red


def _step(
    course: Course, step: Step, outcomes: list[TestOutcome], devices: list[Device], report_of: ReportOf
) -> StepProgress:
    failed = [outcome for outcome in outcomes if outcome.outcome == "failed"]
    passed = {outcome.result.test for outcome in outcomes if outcome.outcome == "passed"}
    notes = [note for outcome in outcomes for note in outcome.result.notes]
    found = StepProgress(
        step.id,
        step.name,
        GREEN if passed and {outcome.result.test for outcome in outcomes} >= set(step.tests) else NOT_RUN,
        tests=len(step.tests),
        passed=len(passed - {outcome.result.test for outcome in failed}),
        devices={device.name: _status_on(device, outcomes) for device in devices},
        seconds=round(sum(outcome.seconds for outcome in outcomes), 4),
        notes=list(dict.fromkeys(notes)),
        core=step.is_core,
    )
    if failed:
        # The verdict is the first failure, unless a later test caught the code cheating.
        red = min(failed, key=lambda outcome: outcome.kind != "cheating")
        _add_failure(course, found, red.result, report_of)
    return found


def _status_on(device: Device, outcomes: list[TestOutcome]) -> str:
    found = {outcome.outcome for outcome in outcomes if outcome.result.device == device.name}
    return RED if "failed" in found else GREEN if "passed" in found else NOT_RUN


def _add_failure(course: Course, found: StepProgress, red: TestResult, report_of: ReportOf) -> None:
    """Mark a step as red or broken, from the result of its red test."""
    kind = red.failure.kind if red.failure else ""
    found.status = BROKEN if kind == "broken" else RED
    found.cheating = kind == "cheating"
    found.failing_test, found.failing_device = red.test, red.device or None
    found.behaviour = behaviour_of_test(red.test)
    failure = red.failure
    if failure is not None:
        file = course.shown(Path(failure.file)) if failure.file else None
        found.failure = StepFailure(failure.counts_as, failure.says, failure.raised or None, file, failure.line or None)
        found.diagnosis = Diagnosis(failure.mistake, failure.diagnosis) if failure.mistake else None
        found.clue = Clue(failure.clue.kind, failure.clue.sentence) if failure.clue else None
        found.report = report_of(found.id, failure, red.device)
