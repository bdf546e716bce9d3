"""Progress as data: what a run found of every step, made once from the outcomes; every view is made from this."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from dojo import __version__
from dojo.course import Course
from dojo.curriculum import Curriculum, Step, behaviour_of_test
from dojo.devices import Device
from dojo.failure import Failure
from dojo.installed import version_of

SCHEMA = 1

GREEN, RED, BROKEN, AHEAD, NOT_RUN = "green", "red", "broken", "ahead", "not_run"


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
        "course": {"name": course_name(course.root), "version": __version__, "commit": _commit(course.root)},
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
    }


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write JSON whole or not at all: to a temporary file beside `path`, then renamed. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # Without indentation: json writes that ten times as fast, and a save waits for it.
            file.write(json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n")
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def course_name(root: Path) -> str:
    """What the README's first heading calls the course; the folder's name where there is none."""
    try:
        first = (root / "README.md").read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        first = ""
    return first.lstrip("# ").strip() or root.name


def _commit(root: Path) -> str | None:
    """The commit that is checked out, read from git's own files: starting git takes longer than a test."""
    try:
        folder = root / ".git"
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (folder / name).exists():
            return (folder / name).read_text(encoding="utf-8").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        return _asked_of_git(root)


def _asked_of_git(root: Path) -> str | None:
    """The same where .git is no folder here: a worktree, a folder of a larger repository, or none at all."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
