"""A learner's history: one line of JSON for each push, stored next to the progress file of the last push."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence

from dojo.course.moved import Move, current_id
from dojo.progress.data import Progress, Totals
from dojo.progress.reading import Checked, moment_of
from dojo.progress.statuses import GREEN, STATUSES
from dojo.support.text import clean

# Only the newest lines of a longer history are read, because no page can show more.
_MOST_BYTES = 8_000_000
_MOST_LINES = 5_000
_MOST_STEPS = 5_000


@dataclasses.dataclass(frozen=True)
class Push:
    """One push: `made_at`, `totals` and `focus` (the id of a step) as in the progress file, and the pushed commit.

    `green` has the ids of the steps that became green, and `red` the ids of green steps that became red or broken.
    In a line of version 1.0.0, `core_totals` and `core_focus` are None. `core_focus` is None if no core step is red.
    """

    made_at: str
    commit: str | None
    totals: Totals
    green: list[str]
    red: list[str]
    focus: str | None
    core_totals: Totals | None = None
    core_focus: str | None = None

    @property
    def next_step(self) -> str | None:
        """The id of the step that views show in focus."""
        return self.core_focus or self.focus

    def as_line(self) -> str:
        """The push as a line of JSON (docs/progress.md) with its line break."""
        totals = {"totals": vars(self.totals), "core_totals": vars(self.core_totals) if self.core_totals else None}
        return json.dumps(vars(self) | totals, ensure_ascii=False, allow_nan=False) + "\n"


class History(list[Push]):
    """The pushes of a history, oldest first. `damaged` is the number of lines that could not be read."""

    damaged: int = 0


def newly_green(progress: Progress, previous: Progress | None) -> list[str]:
    """The ids of the steps that are green and were not green in `previous`."""
    before = _green_before(progress, previous)
    return [step.id for step in progress.steps if step.status == GREEN and step.id not in before]


def gone_red(progress: Progress, previous: Progress | None) -> list[str]:
    """The ids of the steps that are red or broken and were green in `previous`."""
    before = _green_before(progress, previous)
    return [step.id for step in progress.steps if step.is_red and step.id in before]


def push_of(progress: Progress, previous: Progress | None, commit: str | None) -> Push:
    """The push that published `progress` after `previous`."""
    focus, core_focus = progress.focus, progress.core_focus
    return Push(
        progress.made_at,
        commit,
        progress.totals,
        newly_green(progress, previous),
        gone_red(progress, previous),
        focus.id if focus else None,
        progress.core_totals,
        core_focus.id if core_focus else None,
    )


def through_moves(push: Push, moves: Sequence[Move]) -> Push:
    """The push with the ids that its steps have now."""
    if not moves:
        return push
    green, red = ([current_id(step_id, moves) for step_id in ids] for ids in (push.green, push.red))
    return dataclasses.replace(push, green=green, red=red, focus=push.focus and current_id(push.focus, moves))


def read_history(data: bytes) -> History:
    """Return the pushes in a history file, oldest first. Damaged lines are left out and counted."""
    history = History()
    lines = data[-_MOST_BYTES:].split(b"\n")
    if len(data) > _MOST_BYTES:
        # The first line was cut.
        del lines[0]
    for line in lines[-_MOST_LINES - 1 :]:
        if line.strip():
            try:
                history.append(_push(Checked(json.loads(line))))
            except (ValueError, RecursionError):
                history.damaged += 1
    # Two pushes at the same time may have been written in either order.
    history.sort(key=lambda push: moment_of(push.made_at))
    return history


def _push(line: Checked) -> Push:
    """Check a line. Raises ValueError."""
    made_at, commit = line.text("made_at"), line.keys.get("commit")
    moment_of(made_at)
    core_totals = line.inner_or_none("core_totals")
    return Push(
        made_at,
        commit if isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{7,64}", commit) else None,
        _totals(line.inner("totals")),
        _ids(line, "green"),
        _ids(line, "red"),
        _id_or_none(line.keys.get("focus")),
        None if core_totals is None else _totals(core_totals),
        _id_or_none(line.keys.get("core_focus")),
    )


def _totals(found: Checked) -> Totals:
    totals = Totals(*(found.whole(name) for name in (*STATUSES, "steps")))
    if totals.green + totals.red + totals.broken + totals.ahead + totals.not_run != totals.steps:
        raise ValueError(totals)
    return totals


def _id_or_none(found: object) -> str | None:
    return clean(found) if isinstance(found, str) else None


def _ids(line: Checked, key: str) -> list[str]:
    found = line.items(key)
    if not all(isinstance(each, str) for each in found):
        raise ValueError(found)
    return [clean(each) for each in found[:_MOST_STEPS]]


def _green_before(progress: Progress, previous: Progress | None) -> set[str]:
    """The ids, as in `progress`, of the steps that were green in `previous`."""
    green = (step.id for step in (previous.steps if previous else []) if step.status == GREEN)
    return {current_id(step_id, progress.moved) for step_id in green}
