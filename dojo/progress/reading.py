"""Reads a progress file that somebody else wrote. Every key is checked, and control characters are removed."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

from dojo.course.curriculum import Curriculum
from dojo.course.moved import Move, moves_from
from dojo.progress.data import (
    Clue,
    CourseVersion,
    DeviceStatus,
    Diagnosis,
    Judge,
    KataProgress,
    LessonProgress,
    Progress,
    StepFailure,
    StepProgress,
    totals_of,
)
from dojo.progress.statuses import GREEN, NOT_RUN, RED, SCHEMA, STATUSES
from dojo.support.errors import DojoError
from dojo.support.styled_lines import STYLES, Line, Piece
from dojo.support.text import clean

# A progress file of this course has less than 1 MB. A much larger file is something else.
MOST_BYTES = 8_000_000
_MOST_STEPS = 5_000
_MOST_LINES = 500
_MOST_PATHS = 500
_MOST_DEVICES = 50
_STYLES = tuple(STYLES)


def read_progress(path: Path) -> Progress:
    """Return the progress in a file. Raises DojoError if the file can't be read or is not a progress file."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    return parse_progress(data, str(path))


def parse_progress(data: bytes, name: str) -> Progress:
    """Return the progress in the bytes of a file. Raises DojoError; its text calls the file `name`."""
    if len(data) > MOST_BYTES:
        raise DojoError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB, so it is not a progress file.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise DojoError(f"{name} is damaged: it is not JSON.") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        raise DojoError(f"{name} comes from a newer version of the course (schema {schema}). Run dojo update.")
    if schema != SCHEMA:
        raise DojoError(f"{name} is not a progress file: it has no schema {SCHEMA}.")
    try:
        return _progress(Checked(found))
    except Wrong as wrong:
        raise DojoError(f"{name} is damaged or forged: {wrong}.") from None


def take_marks(progress: Progress, curriculum: Curriculum) -> None:
    """If a progress has no marks of core and practice, take the marks of the course `curriculum`."""
    if not progress.marked:
        core = {step.id: step.is_core for step in curriculum.steps()}
        for step in progress.steps:
            step.core = core.get(step.id, step.core)
        progress.marked = True


def moment_of(made_at: str) -> datetime.datetime:
    """Return a `made_at` as a time in UTC. Raises ValueError if the text is not a time."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", made_at)
    if match is None:
        raise ValueError(made_at)
    try:
        moment = datetime.datetime.fromisoformat(match[1] + match[2].replace("Z", "+00:00"))
        return moment.astimezone(datetime.timezone.utc)
    except OverflowError:
        raise ValueError(made_at) from None


class Wrong(ValueError):
    """The value of a key is not valid."""


class Checked:
    """A JSON object that somebody else wrote, and its place in the file. Each method checks one key or raises Wrong.

    Anything that is not a JSON object counts as an object without keys.
    """

    def __init__(self, found: object, place: str = "") -> None:
        self.keys: dict[str, Any] = found if isinstance(found, dict) else {}
        self.place = place

    def __str__(self) -> str:
        return self.place or "the file"

    def text(self, key: str) -> str:
        value = self.keys.get(key)
        if not isinstance(value, str):
            raise Wrong(f"{self} has no text {key!r}")
        return clean(value)

    def text_or_none(self, key: str) -> str | None:
        return None if self.keys.get(key) is None else self.text(key)

    def whole(self, key: str) -> int:
        value = self.keys.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1_000_000:
            raise Wrong(f"{self} has no integer {key!r}")
        return value

    def whole_or_none(self, key: str) -> int | None:
        return None if self.keys.get(key) is None else self.whole(key)

    def number(self, key: str) -> float:
        value = self.keys.get(key)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e9:
            raise Wrong(f"{self} has no number {key!r}")
        return value

    def items(self, key: str) -> list[Any]:
        value = self.keys.get(key)
        if not isinstance(value, list):
            raise Wrong(f"{self} has no list {key!r}")
        return value

    def texts(self, key: str) -> list[str]:
        """The texts in a list. Anything else in the list is left out."""
        return [clean(each) for each in self.items(key) if isinstance(each, str)]

    def objects(self, key: str) -> list[Checked]:
        return [Checked(each, f"{self._place_of(key)}[{n}]") for n, each in enumerate(self.items(key))]

    def inner(self, key: str) -> Checked:
        return Checked(self.keys.get(key), self._place_of(key))

    def inner_or_none(self, key: str) -> Checked | None:
        return None if self.keys.get(key) is None else self.inner(key)

    def _place_of(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def _progress(file: Checked) -> Progress:
    lessons = [_lesson(each) for each in file.objects("lessons")]
    course = file.inner("course")
    _check_steps([step for lesson in lessons for step in lesson.steps], file)
    return Progress(
        course=CourseVersion(*(course.text_or_none(key) for key in ("name", "version", "commit"))),
        judged=file.text("judged"),
        made_at=_made_at(file),
        python=file.text_or_none("python"),
        torch=file.text_or_none("torch"),
        seconds=file.number("seconds"),
        devices=[DeviceStatus(*map(each.text, ("name", "status", "reason"))) for each in file.objects("devices")],
        lessons=lessons,
        judge=_judge(file),
        marked="core_totals" in file.keys,
        moved=_moved(file),
    )


def _check_steps(steps: list[StepProgress], file: Checked) -> None:
    if len(steps) > _MOST_STEPS:
        raise Wrong(f"{len(steps)} steps are more than any course has")
    if len({step.id for step in steps}) != len(steps):
        raise Wrong("a step is in it twice")
    sums = {"totals": totals_of(steps)}
    if "core_totals" in file.keys:
        sums["core_totals"] = totals_of([step for step in steps if step.core])
    for key, totals in sums.items():
        claimed = file.inner(key).keys
        if any(claimed.get(name) != number for name, number in vars(totals).items()):
            raise Wrong(f"its {key} do not match its steps")


def _made_at(file: Checked) -> str:
    made_at = file.text("made_at")
    try:
        moment_of(made_at)
    except ValueError:
        raise Wrong("made_at is not a date and time") from None
    return made_at


def _judge(file: Checked) -> Judge | None:
    if not isinstance(file.keys.get("judge"), dict):
        return None
    judge = file.inner("judge")
    changed = judge.keys.get("changed")
    if not isinstance(changed, list) or not all(isinstance(path, str) for path in changed):
        raise Wrong("judge.changed is not a list of paths")
    return Judge(judge.text_or_none("commit"), [clean(path) for path in changed[:_MOST_PATHS]])


def _moved(file: Checked) -> tuple[Move, ...]:
    """The rows of moved steps. A file of version 1.0.0 has none."""
    rows = file.keys.get("moved", [])
    if isinstance(rows, list) and len(rows) > _MOST_STEPS:
        raise Wrong(f"{len(rows)} moved steps are more than any course has")
    try:
        return moves_from(rows, "moved")
    except DojoError as error:
        raise Wrong(str(error).rstrip(".")) from None


def _lesson(lesson: Checked) -> LessonProgress:
    about = lesson.text("id"), lesson.whole("number"), lesson.text("title")
    return LessonProgress(*about, [_kata(each) for each in lesson.objects("katas")])


def _kata(kata: Checked) -> KataProgress:
    about = kata.text("id"), kata.whole("number"), kata.text("title")
    return KataProgress(*about, [_step(each) for each in kata.objects("steps")])


def _step(step: Checked) -> StepProgress:
    status = step.text("status")
    if status not in STATUSES:
        raise Wrong(f"{step}.status is {status!r}")
    tests, passed = step.whole("tests"), step.whole("passed")
    if passed > tests or (status == GREEN and step.keys.get("failure") is not None):
        raise Wrong(f"{step} contradicts itself")
    return StepProgress(
        step.text("id"),
        step.text("name"),
        status,
        tests,
        passed,
        _devices(step),
        seconds=step.number("seconds"),
        notes=step.texts("notes"),
        failing_test=step.text_or_none("failing_test"),
        failing_device=step.text_or_none("failing_device"),
        behaviour=step.text_or_none("behaviour"),
        failure=_failure(step),
        cheating=step.keys.get("cheating") is True,
        report=_report(step),
        diagnosis=_diagnosis(step),
        core=step.keys.get("core") is not False,
        clue=_clue(step),
    )


def _devices(step: Checked) -> dict[str, str]:
    devices = step.keys.get("devices")
    if not isinstance(devices, dict) or not all(status in (GREEN, RED, NOT_RUN) for status in devices.values()):
        raise Wrong(f"{step}.devices is not what a run writes")
    return {clean(name): status for name, status in list(devices.items())[:_MOST_DEVICES]}


def _failure(step: Checked) -> StepFailure | None:
    failure = step.inner_or_none("failure")
    if failure is None:
        return None
    raised, file = failure.text_or_none("raised"), failure.text_or_none("file")
    return StepFailure(failure.text("kind"), failure.texts("says"), raised, file, failure.whole_or_none("line"))


def _report(step: Checked) -> list[Line]:
    report = step.keys.get("report", [])
    if not isinstance(report, list) or len(report) > _MOST_LINES or not all(map(_is_line, report)):
        raise Wrong(f"{step}.report is not a list of lines")
    return [[Piece(clean(text), style) for text, style in line] for line in report]


def _is_line(line: object) -> bool:
    return isinstance(line, list) and all(
        isinstance(piece, list) and len(piece) == 2 and isinstance(piece[0], str) and piece[1] in _STYLES
        for piece in line
    )


def _diagnosis(step: Checked) -> Diagnosis | None:
    diagnosis = step.inner_or_none("diagnosis")
    return None if diagnosis is None else Diagnosis(diagnosis.text("mistake"), diagnosis.text("says"))


def _clue(step: Checked) -> Clue | None:
    # A file from the time before clues lacks this key.
    clue = step.inner_or_none("clue")
    return None if clue is None else Clue(clue.text("kind"), clue.text("says"))
