"""The class as files to look at: one self-contained page, a table for spreadsheets, and the JSON."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import json
import re
from importlib import resources
from pathlib import Path

from dojo.classroom.class_data import SCHEMA, ClassData, compact
from dojo.support.errors import DojoError
from dojo.support.files import write_json, write_text

_MARK = '<meta name="generator" content="dojo class">'


def write_class(folder: Path, data: ClassData) -> None:
    """Write index.html, class.csv and class.json into `folder`, each whole or not at all.

    Raises DojoError where that can't be done.
    """
    check_folder(folder)
    page = folder / "index.html"
    try:
        write_json(folder / "class.json", {"schema": SCHEMA, **vars(data)})
        write_text(folder / "class.csv", table(data))
        write_text(page, page_of(data))
    except OSError as error:
        raise DojoError(f"{folder} can't be written ({error.strerror}).") from None


def check_folder(folder: Path) -> None:
    """Raises DojoError where `folder` has an index.html that dojo class did not write."""
    page = folder / "index.html"
    try:
        if page.exists() and _MARK.encode() not in page.read_bytes()[:2000]:
            raise DojoError(f"{page} is not a page of dojo class: it stays. Give another folder with --out.")
    except OSError as error:
        raise DojoError(f"{page} can't be read ({error.strerror}).") from None


def page_of(data: ClassData) -> str:
    """The page, as HTML. What learners wrote is in it as data only, and becomes text and nothing else."""
    template = resources.files("dojo.classroom").joinpath("page.html").read_text(encoding="utf-8")
    # No end of a script, no comment and no line separator can stand in what the parser of HTML reads.
    text = json.dumps(compact(data), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    script = re.search(r"<script>(.*?)</script>", template, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    head, tail = template.replace("SCRIPT_DIGEST", digest).split("CLASS_DATA")
    return head.replace("COURSE_NAME", html.escape(str(data.course.name))) + text + tail


def table(data: ClassData) -> str:
    """A line for each learner, as CSV."""
    groups = data.groups
    lessons = [lesson.id for lesson in data.lessons]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ["name", "url", *groups, "problem", "green", *lessons, "focus", "stuck_since", "last_seen"]
    writer.writerow([_cell(head) for head in [*heads, "changed", "verified_green", "verified_differs"]])
    for learner in data.learners:
        verified = learner.verified
        changed = [*(learner.changed or []), *(["history rewritten"] if learner.rewritten else [])]
        row = [
            learner.name,
            learner.url,
            *(learner.groups.get(heading, "") for heading in groups),
            learner.problem,
            learner.green,
            *(learner.lessons[lesson] for lesson in lessons),
            learner.focus,
            learner.stuck_since,
            learner.last_seen,
            " ".join(changed),
            (verified.problem or verified.green) if verified else "",
            " ".join(verified.differs) if verified else "",
        ]
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
