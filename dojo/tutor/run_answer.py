"""One run of the learner's code, as data: the report that the learner is shown, in text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from dojo.course.curriculum import Curriculum, Step
from dojo.course.practice import practice_choice
from dojo.progress.data import Progress, StepProgress
from dojo.progress.memory import Memory
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN
from dojo.support.styled_lines import text_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunAnswer:
    """The output of `dojo run --json`, in this order. docs/assistants.md says what the keys mean."""

    status: str
    green: list[str]
    step: str | None = None
    failure: str | None = None
    report: list[str] = dataclasses.field(default_factory=list)
    why: str | None = None
    clue: str | None = None
    notes: list[str]
    next: str


def run_answer(root: Path, curriculum: Curriculum, steps: Sequence[Step], progress: Progress) -> RunAnswer:
    """The result of a run of these steps, which stopped at the first red step."""
    by_id = {step.id: step for step in steps}
    found = [each for each in progress.steps if each.id in by_id]
    red = next((each for each in found if each.is_red), None)
    green = [each.id for each in found if each.status == GREEN]
    notes = [note for each in found for note in each.notes]
    if red is not None:
        return _red_answer(red, curriculum.spelling_of(by_id[red.id]), green, notes)
    focus = Memory(root).focus(curriculum, practice=practice_choice(root).practice)
    return RunAnswer(
        status=GREEN if len(green) == len(by_id) else NOT_RUN,
        green=green,
        notes=notes,
        next=f"dojo run {curriculum.spelling_of(focus)}" if focus else "dojo list",
    )


def _red_answer(red: StepProgress, spelling: str, green: list[str], notes: list[str]) -> RunAnswer:
    """The result of a run that stopped at the step `red`. `spelling`: its name in commands."""
    return RunAnswer(
        status=red.status,
        green=green,
        step=red.id,
        failure=red.failure.kind if red.failure else None,
        report=[text_of(line).rstrip() for line in red.report],
        why=red.diagnosis.says if red.diagnosis else None,
        clue=red.clue.says if red.clue else None,
        notes=notes,
        # A hint does not help with a file that does not load.
        next=f"dojo {'run' if red.status == BROKEN else 'hint'} {spelling}",
    )
