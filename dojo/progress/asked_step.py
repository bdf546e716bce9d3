"""The step that a command is about: the named step, or the step in focus."""

from __future__ import annotations

from pathlib import Path

from dojo.course.curriculum import Step, read_curriculum
from dojo.course.practice import practice_choice
from dojo.progress.memory import Memory
from dojo.support.errors import DojoError


class AllGreen(DojoError):
    """No step was named, and no step is in focus, because all core steps (or all steps) are green."""


def asked_step(root: Path, name: str | None, otherwise: str, memory: Memory | None = None) -> Step:
    """The step called `name`, or the step in focus if there is no name.

    Raises DojoError for an unknown name, and AllGreen if no step is in focus. The text of AllGreen ends in
    `otherwise`, which says how to name a step.
    """
    curriculum = read_curriculum(root)
    memory = memory or Memory(root)
    step = curriculum.named(name) if name else memory.focus(curriculum, practice=practice_choice(root).practice)
    if step is None:
        what = "step" if memory.focus(curriculum, practice=True) is None else "core step"
        raise AllGreen(f"Every {what} is green. {otherwise}")
    return step
