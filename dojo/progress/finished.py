"""Which katas and lessons are finished: all of their core steps are green."""

from __future__ import annotations

import dataclasses

from dojo.course.curriculum import Curriculum, Kata, Lesson, Step
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN


@dataclasses.dataclass(frozen=True)
class Milestone:
    """The last kata and the last lesson that are finished and were not announced before. None if there is none."""

    kata: Kata | None = None
    lesson: Lesson | None = None


def newly_finished(curriculum: Curriculum, memory: Memory) -> Milestone:
    """What has been finished after the last announcement. The memory notes that it is announced now.

    If several katas are new, for example in a course that was solved elsewhere, only the last is announced.
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
