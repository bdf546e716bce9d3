"""The next hint for a step, as data. A hint that is asked for counts as shown."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dojo.course.definitions import read_definitions
from dojo.course.hints import read_hints
from dojo.course.layout import file_in
from dojo.progress.asked_step import asked_step
from dojo.progress.memory import Memory


@dataclasses.dataclass(frozen=True)
class ShownHint:
    """A hint: its number, whether it is for the way in which the step fails, and its Markdown."""

    number: int
    fits: bool
    text: str


@dataclasses.dataclass(frozen=True)
class HintAnswer:
    """The output of `dojo hint --json`. docs/assistants.md says what the keys mean."""

    step: str
    file: str
    line: int | None
    hints: list[ShownHint]
    of: int
    left: int
    notes: list[str]
    next: str


def next_hint(root: Path, name: str | None, *, everything: bool = False) -> HintAnswer:
    """The next hint for the step called `name` (default: the step in focus), remembered as shown.

    Returns all hints of the step with `everything`, or if all hints were shown before. The focus does not change.
    Raises DojoError for an unknown name, and AllGreen if there is no step in focus.
    """
    memory = Memory(root)
    step = asked_step(root, name, "To get a hint anyway: dojo hint STEP", memory)
    hints = read_hints(root, step)
    following = None if everything else memory.reveal_next_hint(step, hints)
    shown = [following] if following else hints
    for hint in shown:
        memory.reveal(step, hint.key)
    where = file_in("katas", step.kata_id)
    definition = read_definitions(root / where).get(step.name)
    left = sum(hint.key not in memory.revealed[step.id] for hint in hints)
    return HintAnswer(
        step=step.id,
        file=where,
        line=definition.line if definition else None,
        hints=[ShownHint(hint.number, hint.fits(*memory.symptom(step)), hint.text) for hint in shown],
        of=len(hints),
        left=left,
        notes=memory.problems,
        next=f"dojo {'hint' if left else 'card'}{f' {name}' if name else ''}",
    )
