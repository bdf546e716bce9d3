"""The learner's bests over several rounds of the course."""

from __future__ import annotations

import dataclasses
import json

from dojo.course.curriculum import Step
from dojo.course.moved import by_current_id
from dojo.progress.memory import Memory
from dojo.support.errors import DojoError
from dojo.support.files import write_json

_FILE = "bests.json"


@dataclasses.dataclass(frozen=True)
class Best:
    """The fewest runs, seconds and hints that a step took in any round, and the number of rounds."""

    runs: float
    seconds: float
    hints: float
    rounds: float


def bests(memory: Memory) -> dict[str, Best]:
    """The best of each step, by the step's id. Empty if the file is missing or damaged."""
    try:
        data = json.loads((memory.folder / _FILE).read_text(encoding="utf-8"))
        names = [field.name for field in dataclasses.fields(Best)]
        found = {str(step): Best(*(float(best[name]) for name in names)) for step, best in data.items()}
        return by_current_id(found, memory.moves)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def note_bests(memory: Memory, steps: list[Step]) -> None:
    """Compare the efforts for green steps with their bests, and keep the smaller numbers.

    Raises DojoError if the file can't be written.
    """
    known = bests(memory)
    for step in steps:
        effort = memory.effort(step)
        now = Best(float(effort.runs), effort.seconds, float(effort.hints), 1)
        before = known.get(step.id)
        known[step.id] = now if before is None else _better(before, now)
    try:
        write_json(memory.folder / _FILE, dict(known))
    except OSError as error:
        says = f"Your bests can't be written to .dojo/ ({error.strerror}), so nothing was changed."
        raise DojoError(says) from None


def _better(one: Best, other: Best) -> Best:
    least = {name: min(value, getattr(other, name)) for name, value in vars(one).items()}
    return Best(**(least | {"rounds": one.rounds + other.rounds}))
