"""The learner's bests over several rounds."""

from __future__ import annotations

import json

from dojo.course.curriculum import Step
from dojo.progress.memory import Memory
from dojo.support.errors import DojoError
from dojo.support.files import write_json


def bests(memory: Memory) -> dict[str, dict[str, float]]:
    """The least of runs, seconds and hints that each step has ever cost, over all rounds."""
    try:
        data = json.loads((memory.folder / "bests.json").read_text(encoding="utf-8"))
        return {
            str(step): {key: float(best[key]) for key in ("runs", "seconds", "hints", "rounds")}
            for step, best in data.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def note_bests(memory: Memory, steps: list[Step]) -> None:
    """Compare what green steps have cost with the best so far, and keep the less."""
    known = bests(memory)
    for step in steps:
        cost = memory.cost(step)
        now = {"runs": float(cost.runs), "seconds": cost.seconds, "hints": float(cost.hints)}
        before = known.get(step.id)
        best = {key: min(value, before[key]) for key, value in now.items()} if before else now
        known[step.id] = best | {"rounds": (before["rounds"] if before else 0) + 1}
    try:
        write_json(memory.folder / "bests.json", known)
    except OSError as error:
        said = f"Your bests could not be written to .dojo/ ({error.strerror}), so nothing was changed."
        raise DojoError(said) from None
