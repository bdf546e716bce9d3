"""Reading a progress file that somebody else wrote: checked key by key, clean of what a terminal would obey."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED, SCHEMA
from dojo.support.errors import DojoError
from dojo.support.text import clean

STATUSES = (GREEN, RED, BROKEN, AHEAD, NOT_RUN)
# A progress file of this course is under 1 MB; what is much larger is not one.
MOST_BYTES = 8_000_000
_MOST_STEPS = 5_000
_STYLES = ("plain", "dim", "bold", "good", "bad", "accent")


def read_progress(path: Path) -> dict[str, Any]:
    """The progress in a file, with every key of docs/progress.md and nothing else. Raises DojoError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None
    return parse_progress(data, str(path))


def parse_progress(data: bytes, name: str) -> dict[str, Any]:
    """As read_progress, from bytes; `name` is what errors call them."""
    if len(data) > MOST_BYTES:
        raise DojoError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB: it is no progress file.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise DojoError(f"{name} is damaged: it is no JSON.") from None
    schema = found.get("schema") if isinstance(found, dict) else None
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        raise DojoError(
            f"{name} was written by a newer course (schema {schema}): dojo update brings this one up to it."
        )
    if schema != SCHEMA:
        raise DojoError(f"{name} is no progress file: it has no schema {SCHEMA}.")
    try:
        return _checked(found)
    except _Wrong as wrong:
        raise DojoError(f"{name} is damaged or forged: {wrong}.") from None


def steps_of(progress: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a progress, in the course's order."""
    for lesson in progress["lessons"]:
        for kata in lesson["katas"]:
            yield from kata["steps"]


def moment_of(made_at: str) -> datetime.datetime:
    """A `made_at` as a time in UTC. Raises ValueError for a text that is none."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)", made_at)
    if match is None:
        raise ValueError(made_at)
    try:
        moment = datetime.datetime.fromisoformat(match[1] + match[2].replace("Z", "+00:00"))
        return moment.astimezone(datetime.timezone.utc)
    except OverflowError:
        raise ValueError(made_at) from None


class _Wrong(Exception):
    """A key does not hold what it should."""


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    lessons = [_lesson(each, f"lessons[{n}]") for n, each in enumerate(_list(found, "lessons", "the file"))]
    steps = [step for lesson in lessons for kata in lesson["katas"] for step in kata["steps"]]
    if len(steps) > _MOST_STEPS:
        raise _Wrong(f"{len(steps)} steps are more than any course has")
    ids = [step["id"] for step in steps]
    if len(set(ids)) != len(ids):
        raise _Wrong("a step stands in it twice")
    totals = {status: sum(step["status"] == status for step in steps) for status in STATUSES} | {"steps": len(steps)}
    claimed = found.get("totals")
    if not isinstance(claimed, dict) or any(claimed.get(name) != number for name, number in totals.items()):
        raise _Wrong("its totals are not those of its steps")
    focus = next((step["id"] for step in steps if step["status"] in (RED, BROKEN)), None)
    course = found.get("course")
    course = course if isinstance(course, dict) else {}
    judge = found.get("judge")
    return {
        "schema": SCHEMA,
        "course": {key: _text(course, key, "course", or_none=True) for key in ("name", "version", "commit")},
        "judged": _text(found, "judged", "the file"),
        "made_at": _time(found),
        "python": _text(found, "python", "the file", or_none=True),
        "torch": _text(found, "torch", "the file", or_none=True),
        "seconds": _number(found, "seconds", "the file"),
        "devices": [
            {key: _text(each, key, f"devices[{n}]") for key in ("name", "status", "reason")}
            for n, each in enumerate(_list(found, "devices", "the file"))
        ],
        "totals": totals,
        "focus": focus,
        "judge": _judge(judge) if isinstance(judge, dict) else None,
        "lessons": lessons,
    }


def _judge(judge: dict[str, Any]) -> dict[str, Any]:
    changed = judge.get("changed")
    if not isinstance(changed, list) or not all(isinstance(path, str) for path in changed):
        raise _Wrong("judge.changed is no list of paths")
    return {"commit": _text(judge, "commit", "judge", or_none=True), "changed": [clean(path) for path in changed[:500]]}


def _lesson(lesson: Any, where: str) -> dict[str, Any]:
    return {
        "id": _text(lesson, "id", where),
        "number": _whole(lesson, "number", where),
        "title": _text(lesson, "title", where),
        "katas": [_kata(each, f"{where}.katas[{n}]") for n, each in enumerate(_list(lesson, "katas", where))],
    }


def _kata(kata: Any, where: str) -> dict[str, Any]:
    return {
        "id": _text(kata, "id", where),
        "number": _whole(kata, "number", where),
        "title": _text(kata, "title", where),
        "steps": [_step(each, f"{where}.steps[{n}]") for n, each in enumerate(_list(kata, "steps", where))],
    }


def _step(step: Any, where: str) -> dict[str, Any]:
    status = _text(step, "status", where)
    if status not in STATUSES:
        raise _Wrong(f"{where}.status is {status!r}")
    tests, passed = _whole(step, "tests", where), _whole(step, "passed", where)
    if passed > tests or (status == GREEN and step.get("failure") is not None):
        raise _Wrong(f"{where} contradicts itself")
    devices = step.get("devices")
    if not isinstance(devices, dict) or not all(value in (GREEN, RED, NOT_RUN) for value in devices.values()):
        raise _Wrong(f"{where}.devices is not what a run writes")
    return {
        "id": _text(step, "id", where),
        "name": _text(step, "name", where),
        "status": status,
        "tests": tests,
        "passed": passed,
        "devices": {clean(str(name)): value for name, value in list(devices.items())[:50]},
        "seconds": _number(step, "seconds", where),
        "notes": [clean(note) for note in _list(step, "notes", where) if isinstance(note, str)],
        "failing_test": _text(step, "failing_test", where, or_none=True),
        "failing_device": _text(step, "failing_device", where, or_none=True),
        "behaviour": _text(step, "behaviour", where, or_none=True),
        "failure": _failure(step.get("failure"), where),
        "cheating": step.get("cheating") is True,
        "report": _report(step.get("report", []), where),
        "diagnosis": _diagnosis(step.get("diagnosis"), where),
        "clue": _clue(step.get("clue"), where),
    }


def _failure(failure: Any, where: str) -> dict[str, Any] | None:
    if failure is None:
        return None
    line = failure.get("line") if isinstance(failure, dict) else None
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 0):
        raise _Wrong(f"{where}.failure.line is no line")
    return {
        "kind": _text(failure, "kind", where),
        "says": [clean(says) for says in _list(failure, "says", where) if isinstance(says, str)],
        "raised": _text(failure, "raised", where, or_none=True),
        "file": _text(failure, "file", where, or_none=True),
        "line": line,
    }


def _report(report: Any, where: str) -> list[list[list[str]]]:
    if not isinstance(report, list) or len(report) > 500:
        raise _Wrong(f"{where}.report is no list of lines")
    lines = []
    for line in report:
        if not isinstance(line, list) or not all(
            isinstance(piece, list) and len(piece) == 2 and isinstance(piece[0], str) and piece[1] in _STYLES
            for piece in line
        ):
            raise _Wrong(f"{where}.report is no list of lines")
        lines.append([[clean(text), style] for text, style in line])
    return lines


def _diagnosis(diagnosis: Any, where: str) -> dict[str, Any] | None:
    if diagnosis is None:
        return None
    return {key: _text(diagnosis, key, f"{where}.diagnosis") for key in ("mistake", "says")}


def _clue(clue: Any, where: str) -> dict[str, Any] | None:
    """The clue to a red step; files written before the key was there don't have it."""
    return None if clue is None else {key: _text(clue, key, f"{where}.clue") for key in ("kind", "says")}


def _text(data: Any, key: str, where: str, *, or_none: bool = False) -> Any:
    value = data.get(key) if isinstance(data, dict) else ...
    if or_none and (value is None or value is ...):
        return None
    if not isinstance(value, str):
        raise _Wrong(f"{where} has no text {key!r}")
    return clean(value)


def _time(found: dict[str, Any]) -> str:
    made: str = _text(found, "made_at", "the file")
    try:
        moment_of(made)
    except ValueError:
        raise _Wrong("made_at is no date and time") from None
    return made


def _whole(data: Any, key: str, where: str) -> int:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1_000_000:
        raise _Wrong(f"{where} has no whole number {key!r}")
    return value


def _number(data: Any, key: str, where: str) -> float:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise _Wrong(f"{where} has no number {key!r}")
    return value


def _list(data: Any, key: str, where: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, list):
        raise _Wrong(f"{where} has no list {key!r}")
    return value
