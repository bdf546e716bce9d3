"""The grades of a class as the CSV that a gradebook imports: Canvas or Moodle (docs/grading.md)."""

from __future__ import annotations

from collections.abc import Callable

from dojo.classroom.class_data import ClassData, LearnerState
from dojo.classroom.csv_text import csv_text
from dojo.classroom.grading import GradeRules, number
from dojo.classroom.roster import Learner
from dojo.progress.statuses import GREEN
from dojo.support.errors import DojoError

# The columns by which Moodle finds a learner: the heading in a roster, and Moodle's own heading.
_MOODLE = {"username": "Username", "id number": "ID number", "email address": "Email address"}
# The learners, each with the points as text.
_Graded = list[tuple[Learner, str]]


def _canvas(graded: _Graded, rules: GradeRules, _: list[Learner]) -> list[list[str]]:
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", rules.name]
    # In the row with these words, Canvas reads the points of the assignment.
    rows = [heads, ["    Points Possible", "", "", "", "", number(rules.most)]]
    for learner, points in graded:
        ids = [learner.ids.get(heading, "") for heading in ("id", "sis user id", "sis login id")]
        section = next((cell for head, cell in learner.groups.items() if head.casefold() == "section"), "")
        rows.append([learner.name, *ids, section, points])
    return rows


def _moodle(graded: _Graded, rules: GradeRules, learners: list[Learner]) -> list[list[str]]:
    used = [heading for heading in _MOODLE if any(learner.ids.get(heading) for learner in learners)]
    heads = [*(_MOODLE[heading] for heading in used), rules.name]
    return [heads, *([*(learner.ids.get(heading, "") for heading in used), points] for learner, points in graded)]


_Rows = Callable[[_Graded, GradeRules, list[Learner]], list[list[str]]]
_ROWS: dict[str, _Rows] = {"canvas": _canvas, "moodle": _moodle}
SYSTEMS = tuple(_ROWS)


def check_roster(system: str, learners: list[Learner]) -> None:
    """Raise DojoError if the system cannot find any of these learners. Canvas also finds learners by their names."""
    if system == "moodle" and not any(_has_moodle_id(learner) for learner in learners):
        raise DojoError(
            "--gradebook moodle: Moodle cannot find a learner by name. Give the roster a column email, id number or "
            "username."
        )


def gradebook(system: str, learners: list[Learner], data: ClassData, rules: GradeRules) -> tuple[str, list[str]]:
    """The text of the CSV, and the names of the learners who are left out.

    A learner is left out if nothing is known about the steps, or if Moodle could not find the learner.
    """
    graded: _Graded = []
    left_out = []
    for learner, state in zip(learners, data.learners, strict=True):
        green = _green(state, data.steps)
        if green is None or (system == "moodle" and not _has_moodle_id(learner)):
            # In the gradebook, an empty cell would remove the learner's grade.
            left_out.append(learner.name)
        else:
            graded.append((learner, number(rules.of(green))))
    return csv_text(_ROWS[system](graded, rules, learners)), left_out


def _has_moodle_id(learner: Learner) -> bool:
    return any(learner.ids.get(heading) for heading in _MOODLE)


def _green(state: LearnerState, steps: list[str]) -> set[str] | None:
    """The green steps: as verified if there is a verdict, otherwise as claimed. None if nothing is known."""
    verified = state.verified
    if verified.problem if verified else state.made_at is None:
        return None
    differs = verified.differs if verified else {}
    return {step for step in steps if differs.get(step, state.status.get(step)) == GREEN}
