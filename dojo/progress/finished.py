"""Which katas and lessons are finished: all of their core steps are green."""

from __future__ import annotations

import dataclasses

from dojo.course.curriculum import Curriculum, Kata, Lesson, Step
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN


@dataclasses.dataclass(frozen=True)
class Milestone:
    """The last kata and the last lesson that are newly finished; each is None if there is none."""

    kata: Kata | None = None
    lesson: Lesson | None = None


def newly_finished(curriculum: Curriculum, memory: Memory) -> Milestone:
    """Return what has been finished since the last call. The memory remembers it as announced.

    If several katas are new, for example in a course that was solved elsewhere, only the last kata is returned.
    """
    katas = [kata for kata in curriculum.katas() if _is_green(kata.steps, memory)]
    lessons = [lesson for lesson in curriculum.lessons if _is_green(lesson.steps, memory)]
    ids = [*(kata.id for kata in katas), *(lesson.id for lesson in lessons)]
    new = memory.announce("finished", ids)
    return Milestone(
        next((kata for kata in reversed(katas) if kata.id in new), None),
        next((lesson for lesson in reversed(lessons) if lesson.id in new), None),
    )


def _is_green(steps: tuple[Step, ...], memory: Memory) -> bool:
    core = [step for step in steps if step.is_core] or steps
    return bool(core) and all(memory.status(step) == GREEN for step in core)
