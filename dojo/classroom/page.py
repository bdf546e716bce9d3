"""Writes a class as files: a page, a table for spreadsheets, and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from dojo.classroom.class_data import SCHEMA, ClassData, compact
from dojo.classroom.csv_text import csv_text
from dojo.support.errors import DojoError
from dojo.support.files import write_json, write_text
from dojo.support.page_frame import Html, fill, framed, read

_GENERATOR = "dojo class"
_MARK = f'<meta name="generator" content="{_GENERATOR}">'


def write_class(folder: Path, data: ClassData, filters: Sequence[str] = (), private: Sequence[str] = ()) -> None:
    """Write index.html, class.csv and class.json into `folder`, each whole or not at all. Raises DojoError.

    filters, private: columns of the roster by which the page filters, and columns that only the other files have.
    """
    check_folder(folder)
    try:
        write_json(folder / "class.json", {"schema": SCHEMA, **vars(data)})
        write_text(folder / "class.csv", table(data))
        write_text(folder / "index.html", page_of(data, filters, private))
    except OSError as error:
        raise DojoError(f"{folder} can't be written ({error.strerror}).") from None


def check_folder(folder: Path) -> None:
    """Raise DojoError if `folder` has an index.html that dojo class did not write."""
    page = folder / "index.html"
    try:
        if page.exists() and _MARK.encode() not in page.read_bytes()[:2000]:
            raise DojoError(f"{page} is not a page of dojo class: it stays. Give another folder with --out.")
    except OSError as error:
        raise DojoError(f"{page} can't be read ({error.strerror}).") from None


def page_of(data: ClassData, filters: Sequence[str] = (), private: Sequence[str] = ()) -> str:
    """Return the page as HTML. The texts of learners are in it as data, which its script shows as text only."""
    # The parser of HTML must not find the end of a script, a comment or a line separator in the data.
    text = json.dumps(compact(data, filters, private), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    course = str(data.course.name)
    page, style, script = (read("dojo.classroom", f"page.{ending}") for ending in ("html", "css", "js"))
    body = fill(page, course=course, data=Html(text))
    return framed(f"The class · {course}", body, style=style, script=script, generator=_GENERATOR)


def table(data: ClassData) -> str:
    """Return CSV with one row for each learner."""
    groups = data.groups
    lessons = [lesson.id for lesson in data.lessons]
    heads = ["name", "url", *groups, "problem", "green", "core_green", *lessons, "focus", "stuck_since", "last_seen"]
    rows: list[list[object]] = [[*heads, "changed", "verified_green", "verified_differs"]]
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
            " ".join(verified.differs) if verified else "",
        ]
        rows.append(row)
    return csv_text(rows)
