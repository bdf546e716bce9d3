"""Writes a class as files: a page, a table for spreadsheets, and JSON."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dojo.classroom.cheats import cheats_said
from dojo.classroom.class_data import ClassData, ClassKata, LearnerState, Verified
from dojo.classroom.csv_text import csv_text
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, NOT_RUN
from dojo.support.errors import DojoError
from dojo.support.files import write_json, write_text, writing
from dojo.support.page_frame import Html, fill, framed, read

_SCHEMA = 1
_MOST_PUSHES = 60
_MOST_CHANGED = 50
_GENERATOR = "dojo class"
_MARK = f'<meta name="generator" content="{_GENERATOR}">'


def write_class(folder: Path, data: ClassData, filters: Sequence[str], private: Sequence[str]) -> None:
    """Write index.html, class.csv and class.json into `folder`, each whole or not at all. Raises DojoError.

    filters: the columns of the roster by which the page can filter. private: columns that the page does not have.
    """
    with writing(folder):
        write_json(folder / "class.json", {"schema": _SCHEMA, **vars(data)})
        write_text(folder / "class.csv", _table(data))
        write_text(folder / "index.html", page_of(data, filters, private))


def check_folder(folder: Path) -> None:
    """Raise DojoError if `folder` has an index.html that dojo class did not write."""
    page = folder / "index.html"
    try:
        if page.exists() and _MARK.encode() not in page.read_bytes()[:2000]:
            raise DojoError(
                f"{page} is not a page of dojo class, so the file was not changed. Give another folder: --out DIR"
            )
    except OSError as error:
        raise DojoError(f"{page} can't be read ({error.strerror}).") from None


def page_of(data: ClassData, filters: Sequence[str], private: Sequence[str]) -> str:
    """Return the page as HTML. Texts of learners are data in it, and its script shows them as text only."""
    text = json.dumps(_compact(data, filters, private), ensure_ascii=False, separators=(",", ":"))
    # The HTML parser must not find the end of a script, a comment or a line separator in the data.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    course = str(data.course.name)
    page, style, script = (read("dojo.classroom", f"page.{ending}") for ending in ("html", "css", "js"))
    body = fill(page, course=course, data=Html(text))
    return framed(f"The class · {course}", body, style=style, script=script, generator=_GENERATOR)


def _table(data: ClassData) -> str:
    """Return CSV with one row for each learner."""
    groups = data.groups
    lessons = [lesson.id for lesson in data.lessons]
    heads = ["name", "url", *groups, "problem", "green", "core_green", *lessons, "focus", "stuck_since", "last_seen"]
    heads += ["changed", "verified_green", "verified_differs", "verified_core_green", "cheats"]
    rows: list[list[object]] = [list(heads)]
    for learner in data.learners:
        verified = learner.verified
        changed = [*(learner.changed or []), *(["history rewritten"] if learner.rewritten else [])]
        row: list[object] = [
            learner.name,
            learner.url,
            *(learner.groups.get(heading, "") for heading in groups),
            learner.problem,
            learner.green,
            learner.core_green,
            *(learner.lessons[lesson] for lesson in lessons),
            learner.focus,
            learner.stuck_since,
            learner.last_seen,
            " ".join(changed),
            (verified.problem or verified.green) if verified else "",
            len(verified.differs) if verified and not verified.problem and learner.made_at else "",
            verified.core_green if verified else "",
            " ".join(cheats_said(learner.cheats)),
        ]
        rows.append(row)
    return csv_text(rows)


def _compact(data: ClassData, filters: Sequence[str], private: Sequence[str]) -> dict[str, Any]:
    """The data in the page's script: steps by number, statuses as text, times in seconds, and no empty keys."""
    place = {step: number for number, step in enumerate(data.steps)}
    groups = [heading for heading in data.groups if heading not in private]
    said: dict[tuple[str, str], int] = {}
    learners = [_row(learner, place, groups, said, data.course.commit) for learner in data.learners]
    return {
        "course": data.course.name,
        "made": _seconds(data.made_at),
        "asOf": _seconds(data.as_of),
        "compared": any(learner.changed is not None for learner in data.learners),
        "lessons": [
            {"n": lesson.number, "t": lesson.title, "k": [_kata(kata) for kata in lesson.katas]}
            for lesson in data.lessons
        ],
        "groups": groups,
        "filters": [groups.index(heading) for heading in filters],
        "says": [list(key) for key in said],
        "costly": [
            [place[cost.step], cost.learners, cost.now, cost.pushes, cost.days, cost.median_days]
            for cost in data.costly
        ],
        "diagnoses": [[place[found.step], found.mistake, found.says, found.learners] for found in data.diagnoses],
        "learners": learners,
    }


def _kata(kata: ClassKata) -> dict[str, Any]:
    """The title of a kata, the names of its steps, and the places of the practice steps among them."""
    practice = [place for place, step in enumerate(kata.steps) if step not in kata.core]
    return _filled({"t": kata.title, "s": [step.rsplit("/", 1)[1] for step in kata.steps], "p": practice})


def _row(
    learner: LearnerState,
    place: dict[str, int],
    groups: list[str],
    said: dict[tuple[str, str], int],
    newest: str | None,
) -> dict[str, Any]:
    """The row of a learner. New mistakes are added to `said`, which numbers them. `newest`: the course's commit."""
    full: dict[str, Any] = {
        "n": learner.name,
        "u": learner.url,
        "g": [learner.groups.get(heading, "") for heading in groups],
        "s": _runs(_letter(learner, step, learner.status.get(step, NOT_RUN)) for step in place),
        "a": _seconds(learner.made_at),
        "l": _seconds(learner.last_seen),
        "f": None if learner.focus is None else place[learner.focus],
        "t": _seconds(learner.stuck_since),
        "p": learner.problem,
        "m": learner.mark,
        "x": cheats_said(learner.cheats),
        "y": _seconds(learner.version_at) if newest and learner.version != newest else None,
        "c": (learner.changed or [])[:_MOST_CHANGED],
        "o": learner.older,
        "w": _seconds(learner.rewritten),
        "d": _diagnosed(learner, place, said),
        "h": [
            [_seconds(push.made_at), push.green, -1 if push.focus is None else place[push.focus]]
            for push in learner.pushes[-_MOST_PUSHES:]
        ],
        "v": _verdict(learner, learner.verified, place) if learner.verified else None,
    }
    return _filled(full)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """The data without empty values."""
    return {key: value for key, value in data.items() if value not in (None, [], "")}


def _diagnosed(learner: LearnerState, place: dict[str, int], said: dict[tuple[str, str], int]) -> list[int]:
    """Two numbers for each red step that is written: its place, and the place of its mistake and text in `said`."""
    diagnosed = []
    for step, red in learner.red.items():
        if red.is_unwritten:
            continue
        text = learner.cheats.get(step) or red.says or (f"red: {red.behaviour}" if red.behaviour else red.kind or "")
        diagnosed += [place[step], said.setdefault((red.mistake or "", text), len(said))]
    return diagnosed


def _letter(learner: LearnerState, step: str, status: str) -> str:
    """The letter of a status on the page: its first, or u if the step is not written yet."""
    red = learner.red.get(step)
    return "u" if red and red.is_unwritten and status != GREEN else status[0]


def _verdict(learner: LearnerState, verified: Verified, place: dict[str, int]) -> dict[str, Any]:
    differs = [[place[step], _letter(learner, step, status)] for step, status in verified.differs.items()]
    return _filled(
        {
            "p": verified.problem,
            "n": verified.green,
            "k": verified.core_green,
            "d": differs,
            "o": verified.claim_is_older,
        }
    )


def _runs(letters: Iterable[str]) -> str:
    """Letters of statuses, with repeats counted: g3r1 is three green steps and a red step.

    Empty if nothing was run.
    """
    runs = [(letter, len(list(run))) for letter, run in itertools.groupby(letters)]
    if {letter for letter, _ in runs} <= {"n"}:
        return ""
    return "".join(f"{letter}{number}" for letter, number in runs)


def _seconds(made_at: str | None) -> int | None:
    return None if made_at is None else int(moment_of(made_at).timestamp())
