"""One run of the learner's code, as data: the report that the learner is shown, in text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from dojo.course.curriculum import Curriculum, Step
from dojo.course.practice import practice_choice
from dojo.progress.data import Progress
from dojo.progress.memory import Memory
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN
from dojo.support.styled_lines import text_of


@dataclasses.dataclass(frozen=True)
class RunAnswer:
    """What `dojo run --json` prints. docs/assistants.md says what the keys mean."""

    status: str
    green: list[str]
    step: str | None
    failure: str | None
    report: list[str]
    why: str | None
    clue: str | None
    notes: list[str]
    next: str


def run_answer(root: Path, curriculum: Curriculum, steps: Sequence[Step], progress: Progress) -> RunAnswer:
    """The result of a run of these steps, which stopped at the first red step."""
    ids = [step.id for step in steps]
    found = [each for each in progress.steps if each.id in ids]
    red = next((each for each in found if each.is_red), None)
    green = [each.id for each in found if each.status == GREEN]
    stopped = curriculum.step(red.id) if red else None
    return RunAnswer(
        status=red.status if red else GREEN if len(green) == len(ids) else NOT_RUN,
        green=green,
        step=red.id if red else None,
        failure=red.failure.kind if red and red.failure else None,
        report=[text_of(line).rstrip() for line in red.report] if red else [],
        why=red.diagnosis.says if red and red.diagnosis else None,
        clue=red.clue.says if red and red.clue else None,
        notes=[note for each in found for note in each.notes],
        next=_next_command(root, curriculum, stopped, broken=red is not None and red.status == BROKEN),
    )


def _next_command(root: Path, curriculum: Curriculum, stopped: Step | None, *, broken: bool) -> str:
    """`dojo hint` for a red step, or `dojo run` for a step in a broken file or for the next step after a green run."""
    focus = stopped or Memory(root).focus(curriculum, practice=practice_choice(root).practice)
    if focus is None:
        return "dojo list"
    return f"dojo {'hint' if stopped and not broken else 'run'} {curriculum.spelling_of(focus)}"
