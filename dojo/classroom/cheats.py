"""Steps whose code reads or changes what judges it, in sentences for an instructor."""

from __future__ import annotations

from dojo.progress.data import Progress
from dojo.support.text import cut, listed, sentence_start

_ADDRESS = "Your code "


def cheats_of(progress: Progress) -> dict[str, str]:
    """The text of the report on each step that cheats, by the step's id."""
    return {step.id: " ".join(step.failure.says) for step in progress.steps if step.cheating and step.failure}


def cheats_said(cheats: dict[str, str]) -> list[str]:
    """Sentences like `The code of full_of reads solutions/….py.` Steps with the same report share a sentence."""
    steps: dict[str, list[str]] = {}
    for step, says in cheats.items():
        steps.setdefault(says, []).append(step.rpartition("/")[2])
    return [_said(says, listed(names)) for says, names in steps.items()]


def _said(says: str, names: str) -> str:
    # The report speaks to the learner.
    if says.startswith(_ADDRESS):
        first = says.removeprefix(_ADDRESS).partition(". ")[0].rstrip(".")
        return cut(f"The code of {names} {first}.", 300)
    return cut(f"The code of {names} cheats: {sentence_start(says)}", 300)
