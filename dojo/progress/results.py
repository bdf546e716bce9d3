"""Progress as data: what a run found of every step, made once from the outcomes; every view is made from this."""

from __future__ import annotations

import dataclasses
import datetime
import platform
from pathlib import Path
from typing import Any

from dojo import __version__
from dojo.course.curriculum import Curriculum, Step, behaviour_of_test
from dojo.course.layout import Course, course_name
from dojo.failures.failure import Failure
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED, SCHEMA
from dojo.support.git import checked_out_commit
from dojo.support.versions import version_of
from dojo.testbed.devices import Device


@dataclasses.dataclass(frozen=True)
class TestOutcome:
    """What one test on one device came to: `outcome` is pytest's (passed, failed, skipped)."""

    __test__ = False

    step: str
    test: str
    device: str
    outcome: str
    seconds: float
    failure: Failure | None = None
    notes: tuple[str, ...] = ()


@dataclasses.dataclass
class StepProgress:
    """One step: its status, and for each device whether its tests are green, red or not run there."""

    id: str
    name: str
    status: str
    tests: int
    passed: int = 0
    devices: dict[str, str] = dataclasses.field(default_factory=dict)
    failing_test: str = ""
    failing_device: str = ""
    failure: Failure | None = None
    cheating: bool = False
    notes: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0
    report: list[list[tuple[str, str]]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Progress:
    """What a run found of the whole course, in the course's order."""

    curriculum: Curriculum
    steps: dict[str, StepProgress]
    devices: list[Device]
    judged: str
    seconds: float = 0.0
    focused: bool = False

    def count(self, *statuses: str) -> int:
        return sum(step.status in statuses for step in self.steps.values())

    @property
    def focus(self) -> StepProgress | None:
        """The first step, in the course's order, that is red or broken."""
        return next((step for step in self.steps.values() if step.status in (RED, BROKEN)), None)

    @property
    def complete(self) -> bool:
        return bool(self.steps) and self.count(GREEN) == len(self.steps)


def summarize(
    curriculum: Curriculum,
    outcomes: list[TestOutcome],
    devices: list[Device],
    judged: str,
    *,
    focused: bool,
    seconds: float = 0.0,
) -> Progress:
    """Make the progress of a run from its outcomes. In a `focused` run, what was not reached is ahead.

    A step is green only if every one of its tests ran and none failed: a part of its tests proves nothing.
    """
    by_step: dict[str, list[TestOutcome]] = {}
    for outcome in outcomes:
        by_step.setdefault(outcome.step, []).append(outcome)
    steps = {}
    stopped = False
    for step in curriculum.steps():
        found = _of_step(step, by_step.get(step.id, []), devices)
        if found.status == NOT_RUN and focused and stopped:
            found.status = AHEAD
        stopped = stopped or found.status in (RED, BROKEN)
        steps[step.id] = found
    return Progress(curriculum, steps, devices, judged, seconds, focused)


def _of_step(step: Step, outcomes: list[TestOutcome], devices: list[Device]) -> StepProgress:
    failed = [outcome for outcome in outcomes if outcome.outcome == "failed"]
    ran = {outcome.test for outcome in outcomes if outcome.outcome == "passed"}
    found = StepProgress(step.id, step.name, NOT_RUN, len(step.tests))
    found.passed = len(ran - {outcome.test for outcome in failed})
    found.seconds = sum(outcome.seconds for outcome in outcomes)
    found.notes = list(dict.fromkeys(note for outcome in outcomes for note in outcome.notes))
    for device in devices:
        there = [o.outcome for o in outcomes if o.device == device.name]
        found.devices[device.name] = RED if "failed" in there else GREEN if "passed" in there else NOT_RUN
    if failed:
        cheating = [o for o in failed if o.failure is not None and o.failure.kind == "cheating"]
        found.cheating = bool(cheating)
        first = (cheating or failed)[0]
        found.failure, found.failing_test, found.failing_device = first.failure, first.test, first.device
        found.status = BROKEN if first.failure is not None and first.failure.kind == "broken" else RED
    elif ran and ran | {outcome.test for outcome in outcomes} >= set(step.tests):
        found.status = GREEN
    return found


def to_json(progress: Progress, course: Course) -> dict[str, Any]:
    """The progress as the documented JSON object (docs/progress.md)."""
    focus = progress.focus
    return {
        "schema": SCHEMA,
        "course": {"name": course_name(course.root), "version": __version__, "commit": checked_out_commit(course.root)},
        "judged": progress.judged,
        "made_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "torch": version_of("torch"),
        "seconds": round(progress.seconds, 3),
        "devices": [
            {
                "name": device.name,
                "status": "left_out" if device.left_out else "run",
                "reason": device.left_out,
            }
            for device in progress.devices
        ],
        "totals": {status: progress.count(status) for status in (GREEN, RED, BROKEN, AHEAD, NOT_RUN)}
        | {"steps": len(progress.steps)},
        "focus": focus.id if focus else None,
        "judge": None,
        "lessons": [
            {
                "id": lesson.id,
                "number": lesson.number,
                "title": lesson.title,
                "katas": [
                    {
                        "id": kata.id,
                        "number": kata.number,
                        "title": kata.title,
                        "steps": [_step_json(progress.steps[step.id], course) for step in kata.steps],
                    }
                    for kata in lesson.katas
                ],
            }
            for lesson in progress.curriculum.lessons
        ],
    }


def _step_json(step: StepProgress, course: Course) -> dict[str, Any]:
    failure = step.failure
    return {
        "id": step.id,
        "name": step.name,
        "status": step.status,
        "tests": step.tests,
        "passed": step.passed,
        "devices": step.devices,
        "seconds": round(step.seconds, 4),
        "notes": step.notes,
        "failing_test": step.failing_test or None,
        "failing_device": step.failing_device or None,
        "behaviour": behaviour_of_test(step.failing_test) if step.failing_test else None,
        "failure": None
        if failure is None
        else {
            "kind": failure.kind,
            "says": failure.says,
            "raised": failure.raised or None,
            "file": course.shown(Path(failure.file)) if failure.file else None,
            "line": failure.line or None,
        },
        "cheating": step.cheating,
        "report": step.report,
        "diagnosis": {"mistake": failure.mistake, "says": failure.diagnosis} if failure and failure.mistake else None,
        "clue": {"kind": failure.clue.kind, "says": failure.clue.sentence} if failure and failure.clue else None,
    }
