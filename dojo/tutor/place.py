"""Where the learner is, and what is known about other steps. The learner's code does not run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dojo.course.curriculum import Curriculum, Lesson, Step, behaviour_of_test, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.hints import read_hints
from dojo.course.layout import file_in
from dojo.course.practice import practice_choice
from dojo.progress.asked_step import asked_step
from dojo.progress.memory import Memory


@dataclasses.dataclass(frozen=True)
class Place:
    """A step, and what is known about it from its last run.

    `failure` is the kind of its last failure, `test` what the failing test checks. `hints_shown` has numbers of hints.
    """

    step: str
    file: str
    line: int | None
    lesson: str
    kata: str
    core: bool
    status: str
    failure: str | None
    test: str | None
    runs: int
    hints_shown: list[int]
    hints: int
    notes: list[str]
    next: str


@dataclasses.dataclass(frozen=True)
class KnownStep:
    """A step, and its status in its last run."""

    step: str
    core: bool
    status: str
    is_here: bool


@dataclasses.dataclass(frozen=True)
class LessonCounts:
    """The numbers of steps of a lesson that are known to be green, and of all its steps."""

    lesson: str
    core_green: int
    core: int
    practice_green: int
    practice: int


@dataclasses.dataclass(frozen=True)
class KnownProgress:
    """The counts of each lesson, and the steps of one lesson, kata or step."""

    lessons: list[LessonCounts]
    steps: list[KnownStep]


def place_of(root: Path, name: str | None) -> Place:
    """The facts about the step called `name` (default: the step in focus). Raises DojoError like `asked_step`."""
    curriculum, memory = read_curriculum(root), Memory(root)
    step = asked_step(root, name, "To see a step anyway, name it.", memory)
    lesson, kata = curriculum.place(step)
    where = file_in("katas", step.kata_id)
    definition = read_definitions(root / where).get(step.name)
    failure, test = memory.symptom(step)
    hints, shown = read_hints(root, step), memory.revealed.get(step.id, [])
    return Place(
        step=step.id,
        file=where,
        line=definition.line if definition else None,
        lesson=f"{lesson.number} {lesson.title}",
        kata=f"{kata.number} {kata.title}, step {step.number} of {len(kata.steps)}",
        core=step.is_core,
        status=memory.status(step),
        failure=failure or None,
        test=behaviour_of_test(test) or None,
        runs=memory.effort(step).runs,
        hints_shown=[each.number for each in hints if each.key in shown],
        hints=len(hints),
        notes=memory.problems,
        next=f"dojo run {curriculum.spelling_of(step)}",
    )


def known_progress(root: Path, name: str | None) -> KnownProgress:
    """The counts, and the steps of what is called `name` (default: the kata in focus).

    Raises DojoError if nothing, or more than one thing, has that name.
    """
    curriculum, memory = read_curriculum(root), Memory(root)
    focus = memory.focus(curriculum, practice=practice_choice(root).practice)
    chosen = curriculum.chosen(name) if name else _kata_of(curriculum, focus)
    return KnownProgress(
        lessons=[_counts(lesson, memory) for lesson in curriculum.lessons],
        steps=[KnownStep(step.id, step.is_core, memory.status(step), step == focus) for step in chosen],
    )


def _kata_of(curriculum: Curriculum, step: Step | None) -> tuple[Step, ...]:
    return curriculum.place(step)[1].steps if step else ()


def _counts(lesson: Lesson, memory: Memory) -> LessonCounts:
    return LessonCounts(f"{lesson.number} {lesson.title}", *memory.counts(lesson.steps))
