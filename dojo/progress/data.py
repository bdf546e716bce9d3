"""A progress as data: the state of every step. Every view is made from these classes; docs/progress.md has the JSON.

A run makes a progress (`dojo.progress.results`), and `dojo.progress.reading` reads one from a file. This module must
not import anything that needs more than the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from dojo.course.curriculum import Curriculum, Step
from dojo.course.moved import Move
from dojo.progress.counts import Counts
from dojo.progress.statuses import BROKEN, GREEN, RED, SCHEMA, STATUSES
from dojo.support.styled_lines import Line, as_data


@dataclasses.dataclass(frozen=True)
class StepFailure:
    """Why a step is red. `kind` is a key of dojo/course/failure_kinds.py, `says` has one or more sentences.

    `raised` is the error's type and message; `file` (as the learner would type it) and `line` say where to look.
    """

    kind: str
    says: list[str]
    raised: str | None = None
    file: str | None = None
    line: int | None = None


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """The mistake that was recognized: its name, and its why."""

    mistake: str
    says: str


@dataclasses.dataclass(frozen=True)
class Clue:
    """A fact about a failure whose mistake was not recognized: its kind (docs/clues.md), and its sentence."""

    kind: str
    says: str


@dataclasses.dataclass
class StepProgress:
    """One step. `tests` and `passed` count test functions; `devices` has green, red or not_run for each device.

    `seconds` is the time spent in the step's tests. `failing_test`, `failing_device` and `behaviour` (what the test
    checks, in words) describe the first red test. `report` is the report on the failure that the learner sees.
    `core` is False for a practice step.
    """

    id: str
    name: str
    status: str
    tests: int
    passed: int = 0
    devices: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    notes: list[str] = dataclasses.field(default_factory=list)
    failing_test: str | None = None
    failing_device: str | None = None
    behaviour: str | None = None
    failure: StepFailure | None = None
    cheating: bool = False
    report: list[Line] = dataclasses.field(default_factory=list)
    diagnosis: Diagnosis | None = None
    core: bool = True
    clue: Clue | None = None

    @property
    def kata_id(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def is_red(self) -> bool:
        """Whether the step is red or broken."""
        return self.status in (RED, BROKEN)

    @property
    def is_unwritten(self) -> bool:
        """Whether the step is red only because nobody has written it yet."""
        return self.status == RED and self.failure is not None and self.failure.kind == "not_written"

    def devices_with(self, status: str) -> list[str]:
        """The names of the devices on which the step has this status."""
        return [name for name, found in self.devices.items() if found == status]


@dataclasses.dataclass
class KataProgress:
    id: str
    number: int
    title: str
    steps: list[StepProgress]


@dataclasses.dataclass
class LessonProgress:
    id: str
    number: int
    title: str
    katas: list[KataProgress]

    @property
    def steps(self) -> list[StepProgress]:
        return [step for kata in self.katas for step in kata.steps]


@dataclasses.dataclass(frozen=True)
class DeviceStatus:
    """A device: `status` is run or left_out, and `reason` says why it was left out."""

    name: str
    status: str = "run"
    reason: str = ""

    @property
    def left_out(self) -> str:
        """Why the device was left out; empty if it ran."""
        return self.reason if self.status == "left_out" else ""


@dataclasses.dataclass(frozen=True)
class CourseVersion:
    """The course's name, the version of its machinery, and the commit of the checkout or the commit that was judged."""

    name: str | None = None
    version: str | None = None
    commit: str | None = None


@dataclasses.dataclass(frozen=True)
class Judge:
    """The course that judged a fork: its commit, and the paths in which the fork differs from it."""

    commit: str | None
    changed: list[str]


@dataclasses.dataclass(frozen=True)
class Totals:
    """The number of steps with each status, and of all steps."""

    green: int = 0
    red: int = 0
    broken: int = 0
    ahead: int = 0
    not_run: int = 0
    steps: int = 0


@dataclasses.dataclass
class Progress:
    """The state of the whole course, in the order of its steps.

    `judged` is the folder whose code was judged, `made_at` a time in UTC (ISO 8601), `seconds` the time that the run
    took. `moved` says which steps of the course had another id in an earlier version. `focused` is whether the run
    stopped at the first red step; it is not part of the JSON.
    `marked` is whether it is known which steps are core: a file of version 1.0.0 does not say so.
    """

    course: CourseVersion
    judged: str
    made_at: str
    python: str | None
    torch: str | None
    seconds: float
    devices: list[DeviceStatus]
    lessons: list[LessonProgress]
    judge: Judge | None = None
    moved: tuple[Move, ...] = ()
    focused: bool = dataclasses.field(default=False, compare=False)
    marked: bool = dataclasses.field(default=True, compare=False)
    # Ids of the steps that were known to be green and were not run. Not part of the JSON.
    remembered: set[str] = dataclasses.field(default_factory=set, compare=False)

    @property
    def steps(self) -> list[StepProgress]:
        return [step for lesson in self.lessons for step in lesson.steps]

    def step(self, step_id: str | None) -> StepProgress | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def count(self, *statuses: str) -> int:
        return count(self.steps, *statuses)

    @property
    def totals(self) -> Totals:
        return totals_of(self.steps)

    @property
    def focus(self) -> StepProgress | None:
        """The first step that is red or broken; None if there is no such step."""
        return next((step for step in self.steps if step.is_red), None)

    @property
    def core_totals(self) -> Totals:
        return totals_of([step for step in self.steps if step.core])

    @property
    def core_focus(self) -> StepProgress | None:
        """The first core step that is red or broken; None if there is no such step."""
        return next((step for step in self.steps if step.core and step.is_red), None)

    @property
    def next_step(self) -> StepProgress | None:
        """The step that views show in focus: the first red core step or, if there is none, the first red step."""
        return self.core_focus or self.focus

    @property
    def counts(self) -> Counts:
        return counts_of(self.steps)

    @property
    def core_complete(self) -> bool:
        """Whether there are core steps, and all of them are green."""
        return {step.status for step in self.steps if step.core} == {GREEN}

    @property
    def complete(self) -> bool:
        """Whether there are steps, and all of them are green."""
        return {step.status for step in self.steps} == {GREEN}


def lessons_of(curriculum: Curriculum, step_of: Callable[[Step], StepProgress]) -> list[LessonProgress]:
    """The lessons of a course, with step_of(step) for each step."""
    return [
        LessonProgress(
            lesson.id,
            lesson.number,
            lesson.title,
            [KataProgress(kata.id, kata.number, kata.title, list(map(step_of, kata.steps))) for kata in lesson.katas],
        )
        for lesson in curriculum.lessons
    ]


def count(steps: Iterable[StepProgress], *statuses: str) -> int:
    """The number of steps that have one of these statuses."""
    return sum(step.status in statuses for step in steps)


def counts_of(steps: Iterable[StepProgress]) -> Counts:
    return Counts.of((step.core, step.status == GREEN) for step in steps)


def totals_of(steps: list[StepProgress]) -> Totals:
    return Totals(**{status: count(steps, status) for status in STATUSES}, steps=len(steps))


def count_unwritten(steps: Iterable[StepProgress]) -> int:
    """The number of steps that are red only because nobody has written them yet."""
    return sum(step.is_unwritten for step in steps)


def to_json(progress: Progress) -> dict[str, Any]:
    """The progress as the documented JSON object (docs/progress.md). It shares lists with `progress`."""
    focus, core_focus = progress.focus, progress.core_focus
    return {
        "schema": SCHEMA,
        "course": vars(progress.course),
        "judged": progress.judged,
        "made_at": progress.made_at,
        "python": progress.python,
        "torch": progress.torch,
        "seconds": progress.seconds,
        "devices": [vars(device) for device in progress.devices],
        "totals": vars(progress.totals),
        "focus": focus.id if focus else None,
        "core_totals": vars(progress.core_totals),
        "core_focus": core_focus.id if core_focus else None,
        "judge": vars(progress.judge) if progress.judge else None,
        "moved": [move.as_row() for move in progress.moved],
        "lessons": [
            vars(lesson)
            | {"katas": [vars(kata) | {"steps": [_step_json(step) for step in kata.steps]} for kata in lesson.katas]}
            for lesson in progress.lessons
        ],
    }


def _step_json(step: StepProgress) -> dict[str, Any]:
    return vars(step) | {
        "failure": vars(step.failure) if step.failure else None,
        "report": as_data(step.report),
        "diagnosis": vars(step.diagnosis) if step.diagnosis else None,
        "clue": vars(step.clue) if step.clue else None,
    }
