"""A grade: points for green steps, by the rules that an instructor sets under [grade] in dojo.toml."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Collection
from fractions import Fraction
from pathlib import Path
from typing import Any

from dojo.classroom.cheats import cheats_of, cheats_said
from dojo.course.curriculum import Curriculum, Step
from dojo.course.practice import read_settings
from dojo.progress.data import CourseVersion, Progress, StepFailure, StepProgress, lessons_of
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, RED
from dojo.support.errors import DojoError
from dojo.support.text import nearest

_DAY = datetime.timedelta(days=1)
_MOST = 1_000_000


@dataclasses.dataclass(frozen=True)
class LateRule:
    """A late submission loses `per_day` percent of the points for each day, or part of a day, after `due`.

    A submission is late if it comes later than `grace` after `due`. It never loses more than `at_most` percent.
    """

    due: datetime.datetime
    per_day: Fraction
    grace: datetime.timedelta
    at_most: Fraction

    def applied(self, submitted: datetime.datetime) -> tuple[str, Fraction]:
        """A sentence about a submission, and the percentage of the points that the submission loses."""
        at = f"Submitted {submitted.astimezone(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC"
        late = submitted - self.due
        if late <= self.grace:
            return f"{at}, on time.", Fraction()
        days = math.ceil(late / _DAY)
        lost = min(self.per_day * days, self.at_most)
        return f"{at}, {days} day{'s' * (days != 1)} late: {number(lost)}% of the points are lost.", lost


@dataclasses.dataclass(frozen=True)
class GradeRules:
    """`points` has the points of each step that counts, by the step's id, in the order of the course."""

    name: str
    points: dict[str, Fraction]
    late: LateRule | None = None

    @property
    def most(self) -> Fraction:
        return sum(self.points.values(), Fraction())

    def of(self, green: Collection[str]) -> Fraction:
        """The points for these green steps, without the late rule."""
        return sum((points for step, points in self.points.items() if step in green), Fraction())


@dataclasses.dataclass(frozen=True)
class GradedStep:
    """A step that counts. `number` has the numbers of the lesson, the kata and the step, for example 1.3.2."""

    step: StepProgress
    number: str
    most: Fraction

    @property
    def points(self) -> Fraction:
        return self.most if self.step.status == GREEN else Fraction()


@dataclasses.dataclass(frozen=True)
class Grade:
    """The grade of one submission.

    problem: a sentence that says why nothing could be judged, or "". late: a sentence about the late rule, or "".
    lost: the percentage of the points that the late rule takes away. remarks: sentences about the submission.
    """

    rules: GradeRules
    progress: Progress
    steps: tuple[GradedStep, ...]
    remarks: tuple[str, ...] = ()
    problem: str = ""
    late: str = ""
    lost: Fraction = Fraction()

    @property
    def most(self) -> Fraction:
        return self.rules.most

    @property
    def kept(self) -> Fraction:
        """The fraction of the points that remains after the late rule."""
        return 1 - self.lost / 100

    @property
    def points(self) -> Fraction:
        return self.kept * sum((step.points for step in self.steps), Fraction())


def grade_of(
    progress: Progress,
    rules: GradeRules,
    submitted: datetime.datetime | None,
    *,
    remarks: tuple[str, ...] = (),
    problem: str = "",
) -> Grade:
    """The grade for a progress. `submitted` is None if the time of the submission is unknown."""
    steps = tuple(
        GradedStep(step, f"{lesson.number}.{kata.number}.{place}", rules.points[step.id])
        for lesson in progress.lessons
        for kata in lesson.katas
        for place, step in enumerate(kata.steps, start=1)
        if step.id in rules.points
    )
    late, lost = "", Fraction()
    if rules.late and submitted:
        late, lost = rules.late.applied(submitted)
    elif rules.late and not problem:
        unknown = "The late rule was not applied, because the time of the submission is unknown. Give --submitted TIME."
        remarks = (*remarks, unknown)
    remarks = (*cheats_said(cheats_of(progress)), *remarks)
    return Grade(rules, progress, steps, remarks, problem, late, lost)


def nothing_judged(curriculum: Curriculum, course: CourseVersion, problem: str) -> Progress:
    """A progress for a submission that could not be judged. Every step is red, and its report is `problem`."""

    def unjudged(step: Step) -> StepProgress:
        failure = StepFailure("unusable", [problem])
        return StepProgress(step.id, step.name, RED, tests=len(step.tests), failure=failure, core=step.is_core)

    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return Progress(course, "katas", now, None, None, 0.0, [], lessons_of(curriculum, unjudged))


def number(value: Fraction) -> str:
    """A number with at most two decimal places: `20`, `82.14`."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def time_said(text: str, option: str) -> datetime.datetime:
    """The time in the value of an option: 2026-12-01, 2026-12-01T23:59, 2026-12-01T23:59:00+01:00 or …Z.

    A time without an offset is in this machine's time zone. Raises DojoError if the text is not a time.
    """
    try:
        return moment_of(text)
    except ValueError:
        pass
    try:
        return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        example = "for example 2026-12-01 or 2026-12-01T23:59:00+01:00"
        raise DojoError(f"{option} {text}: this is not a time. Give a date or a time, {example}.") from None


def read_rules(path: Path, curriculum: Curriculum, name: str) -> GradeRules:
    """The rules under [grade] in a dojo.toml. Without the file or the table, the core steps are worth 100 points.

    name: the name of the grade if the file has none. Raises DojoError for the first wrong setting.
    """
    settings = read_settings(path)
    table = _Table(path, "grade", settings.get("grade", {}), ("name", "core", "practice", "lessons", "late"))
    weights = _weights(table.table("lessons", None), curriculum)
    points: dict[str, Fraction] = {}
    for key, most, is_core in (
        ("core", table.number("core", 100), True),
        ("practice", table.number("practice", 0), False),
    ):
        counted = {
            step.id: weights[lesson.id]
            for lesson in curriculum.lessons
            for step in lesson.steps
            if step.is_core == is_core and weights[lesson.id]
        }
        if most and not counted:
            raise DojoError(f"{path}: [grade] gives {number(most)} points for {key} steps, but no {key} step counts.")
        points |= {step: most * weight / sum(counted.values()) for step, weight in counted.items() if most}
    if not points:
        raise DojoError(f"{path}: [grade] gives no points. Set core or practice to more than 0.")
    late = table.table("late", ("due", "per_day", "grace_minutes", "at_most"))
    ordered = {step.id: points[step.id] for step in curriculum.steps() if step.id in points}
    return GradeRules(table.text("name", name), ordered, _late(late) if late.keys else None)


def _weights(table: _Table, curriculum: Curriculum) -> dict[str, Fraction]:
    weights = {lesson.id: Fraction(1) for lesson in curriculum.lessons}
    for key in table.keys:
        lesson = curriculum.lesson_named(key)
        if lesson is None:
            raise table.wrong(f"there is no lesson {key}. {nearest(key, list(weights)) or 'See dojo list.'}")
        weights[lesson.id] = table.number(key, 1)
    return weights


def _late(table: _Table) -> LateRule:
    due = table.keys.get("due")
    if not isinstance(due, datetime.datetime) or due.tzinfo is None:
        raise table.wrong("due must be a time with an offset, for example due = 2026-12-01T23:59:00+01:00.")
    if "per_day" not in table.keys:
        raise table.wrong("per_day is missing: the percentage that each day costs, for example per_day = 10.")
    grace = datetime.timedelta(minutes=float(table.number("grace_minutes", 0)))
    return LateRule(due, table.number("per_day", 0, 100), grace, table.number("at_most", 100, 100))


class _Table:
    """A table of dojo.toml. `keys` has its values by key. Each method checks one value, or raises DojoError."""

    def __init__(self, path: Path, name: str, found: object, known: tuple[str, ...] | None) -> None:
        """known: the keys that the table may have; None means any key."""
        self._path = path
        self._name = name
        if not isinstance(found, dict):
            raise DojoError(f"{path}: {name} must be a table: [{name}].")
        self.keys: dict[str, Any] = found
        for key in found:
            if known is not None and key not in known:
                hint = nearest(key, list(known)) or f"The settings are {', '.join(known)}."
                raise self.wrong(f"there is no setting {key}. {hint}")

    def wrong(self, sentence: str) -> DojoError:
        return DojoError(f"{self._path}: [{self._name}] {sentence}")

    def table(self, key: str, known: tuple[str, ...] | None) -> _Table:
        return _Table(self._path, f"{self._name}.{key}", self.keys.get(key, {}), known)

    def text(self, key: str, default: str) -> str:
        found = self.keys.get(key, default)
        if not isinstance(found, str) or not found.strip() or not found.isprintable():
            raise self.wrong(f"{key} must be text on one line, not {found!r}.")
        return found

    def number(self, key: str, default: int, most: int = _MOST) -> Fraction:
        """A number from 0 to `most`."""
        found = self.keys.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= most:
            raise self.wrong(f"{key} must be a number from 0 to {most:,}, not {found!r}.")
        # 0.1 means exactly one tenth.
        return Fraction(str(found))
