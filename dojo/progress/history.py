"""A learner's history: one line of JSON a push, beside the progress file that the last one left."""

from __future__ import annotations

import json
import re
from typing import Any

from dojo.progress.reading import STATUSES, moment_of, steps_of
from dojo.progress.statuses import BROKEN, GREEN, RED
from dojo.support.text import clean

# Of a longer history the newest lines are read: no page can show more.
_MOST_BYTES = 8_000_000
_MOST_LINES = 5_000
_MOST_STEPS = 5_000


class History(list[dict[str, Any]]):
    """The lines of a history, oldest first; `damaged` counts those that could not be read."""

    damaged: int = 0


def newly_green(progress: dict[str, Any], previous: dict[str, Any] | None) -> list[str]:
    """The ids of the steps that are green now and were not in `previous`; all that are green where it is None."""
    before = _with_status(previous, GREEN)
    return [step["id"] for step in steps_of(progress) if step["status"] == GREEN and step["id"] not in before]


def gone_red(progress: dict[str, Any], previous: dict[str, Any] | None) -> list[str]:
    """The ids of the steps that are red or broken now and were green in `previous`."""
    before = _with_status(previous, GREEN)
    return [step["id"] for step in steps_of(progress) if step["status"] in (RED, BROKEN) and step["id"] in before]


def line_for(progress: dict[str, Any], previous: dict[str, Any] | None, commit: str | None) -> dict[str, Any]:
    """The line of one push: when, at which commit, the totals, and what has changed since `previous`."""
    return {
        "made_at": progress["made_at"],
        "commit": commit,
        "totals": progress["totals"],
        "green": newly_green(progress, previous),
        "red": gone_red(progress, previous),
        "focus": progress["focus"],
    }


def read_history(data: bytes) -> History:
    """The lines of a history file, oldest first. Damaged lines are skipped and counted, never an error."""
    history = History()
    lines = data[-_MOST_BYTES:].split(b"\n")
    if len(data) > _MOST_BYTES:
        # The first of these is what is left of a longer line.
        del lines[0]
    for line in lines[-_MOST_LINES - 1 :]:
        if line.strip():
            try:
                history.append(_checked(json.loads(line)))
            except (ValueError, KeyError, TypeError, RecursionError):
                history.damaged += 1
    # Two pushes at once may have been written in either order.
    history.sort(key=lambda line: moment_of(line["made_at"]))
    return history


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its own keys only. Raises ValueError, KeyError or TypeError."""
    made_at, commit, focus = line["made_at"], line.get("commit"), line.get("focus")
    moment_of(made_at)
    totals = {name: _count(line["totals"][name]) for name in (*STATUSES, "steps")}
    if sum(totals[name] for name in STATUSES) != totals["steps"]:
        raise ValueError(totals)
    return {
        "made_at": made_at,
        "commit": commit if isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{7,64}", commit) else None,
        "totals": totals,
        "green": _ids(line["green"]),
        "red": _ids(line["red"]),
        "focus": clean(focus) if isinstance(focus, str) else None,
    }


def _count(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 1_000_000:
        raise ValueError(number)
    return number


def _ids(found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(found)
    return [clean(each) for each in found[:_MOST_STEPS]]


def _with_status(progress: dict[str, Any] | None, status: str) -> set[str]:
    return {step["id"] for step in steps_of(progress) if step["status"] == status} if progress else set()
