"""The file tests/moved.json: the steps that were moved or renamed, and in which version.

The file is a list of rows: `{"from": id, "to": id, "since": version}`. An id is `lesson/kata/name`. Rows are never
deleted, so that a fork of any earlier version finds its steps again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from dojo.support.errors import DojoError

MOVED_FILE = "tests/moved.json"
_Fact = TypeVar("_Fact")
# Most courses have no rows, so the patterns are compiled only when they are used.
_ID = r"lesson_\w+/kata_\w+/[A-Za-z]\w*"
_VERSION = r"\d+(\.\d+){1,2}"


class Move(NamedTuple):
    """A step that had the id `old` before the version `since`, and has had the id `new` since then."""

    old: str
    new: str
    since: str

    @property
    def old_kata(self) -> str:
        return self.old.rpartition("/")[0]

    @property
    def old_name(self) -> str:
        return self.old.rpartition("/")[2]

    def as_row(self) -> dict[str, str]:
        """The move as a row of the file."""
        return {"from": self.old, "to": self.new, "since": self.since}


def read_moves(root: Path) -> tuple[Move, ...]:
    """The moves of the course at `root`; empty if there is no file. Raises DojoError if the file is damaged."""
    try:
        return parse_moves((root / MOVED_FILE).read_bytes(), MOVED_FILE)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DojoError(f"{MOVED_FILE} can't be read ({error.strerror}).") from None


def parse_moves(data: bytes, name: str) -> tuple[Move, ...]:
    """The moves in the bytes of a file. Raises a DojoError that calls the file `name`."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        raise DojoError(f"{name} is not valid JSON. Write a list of rows, or [] if nothing has moved.") from None
    return moves_from(rows, name)


def moves_from(rows: object, name: str) -> tuple[Move, ...]:
    """The moves in JSON data. If a row is wrong, raises a DojoError that calls the data `name`."""
    if not isinstance(rows, list):
        raise DojoError(f"{name} must be a list of rows.")
    moves: list[Move] = []
    for number, row in enumerate(rows, start=1):
        problem = _problem(row, {move.old for move in moves})
        if problem:
            raise DojoError(f"{name}, row {number}: {problem}.")
        moves.append(Move(row["from"], row["to"], row["since"]))
    new_ids = dict.fromkeys(move.old for move in moves)
    if any(current_id(old, moves) in new_ids for old in new_ids):
        raise DojoError(f"{name}: the rows lead in a circle.")
    return tuple(moves)


def check_moves(moves: Iterable[Move], steps: Collection[str]) -> None:
    """Raise DojoError if a row leads from an id that a step still has, or to an id that no step has.

    steps: the ids of the course's steps.
    """
    moves = list(moves)
    for number, move in enumerate(moves, start=1):
        if move.old in steps:
            raise DojoError(f"{MOVED_FILE}, row {number}: the course still has the step {move.old}.")
        if current_id(move.old, moves) not in steps:
            raise DojoError(f"{MOVED_FILE}, row {number}: the course has no step {current_id(move.old, moves)}.")


def current_id(step_id: str, moves: Iterable[Move]) -> str:
    """The id that a step has now. `step_id` may be an id of any earlier version."""
    new = {move.old: move.new for move in moves}
    # A chain has at most one move for each row. With this limit, rows in a circle do no harm.
    for _ in range(len(new)):
        if step_id not in new:
            break
        step_id = new[step_id]
    return step_id


def by_current_id(facts: Mapping[str, _Fact], moves: Sequence[Move]) -> dict[str, _Fact]:
    """The facts about steps, by the ids that the steps have now.

    If there are two facts about a step, the one with the current id is kept.
    """
    if not moves:
        return dict(facts)
    found = {current_id(step_id, moves): fact for step_id, fact in facts.items()}
    return found | {step_id: fact for step_id, fact in facts.items() if current_id(step_id, moves) == step_id}


def _problem(row: object, known: Collection[str]) -> str:
    """What is wrong with a row, or "". `known` holds the ids that earlier rows lead from."""
    if not isinstance(row, dict) or set(row) != {"from", "to", "since"}:
        return 'a row has exactly the keys "from", "to" and "since"'
    for key, pattern, what in (
        ("from", _ID, "an id of the form lesson/kata/name"),
        ("to", _ID, "an id of the form lesson/kata/name"),
        ("since", _VERSION, "a version, for example 2.0.0"),
    ):
        if not isinstance(row[key], str) or not re.fullmatch(pattern, row[key]):
            return f'"{key}" must be {what}'
    if row["from"] == row["to"]:
        return '"from" and "to" are the same'
    if row["from"] in known:
        return f"an earlier row already says where {row['from']} is"
    return ""
