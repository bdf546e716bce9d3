"""The course as data: Lesson > Kata > Step > Test. It is read from the folders, and no code of the course runs.

The tests are the specification, and learners do not edit them. So the steps have the order of the test files, and of
the tests in each file. There is no other list of steps.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dojo.course.definitions import names_in
from dojo.course.layout import kata_files
from dojo.course.moved import Move, check_moves, current_id, read_moves
from dojo.support.errors import DojoError
from dojo.support.files import read_text_or_empty
from dojo.support.text import clean

if TYPE_CHECKING:
    from dojo.course.naming import Names

TEST_NAME = re.compile(r"test_(?P<step>[A-Za-z](?:_?[A-Za-z0-9])*)__(?P<behaviour>[a-z0-9](?:_?[a-z0-9])*)")
# "^" with re.MULTILINE takes four times as long.
_CORE = re.compile(r"\nCORE\b(?:[ ]*=[ ]*(\([^()]*\)))?")
_FOLDER = re.compile(r"lesson_(\d+)_(\w+)")
_FILE = re.compile(r"kata_(\d+)_(\w+)")


@dataclasses.dataclass(frozen=True)
class Step:
    """A function or class to write. `id` is `lesson/kata/name`, and `number` counts from 1 in the kata.

    A step is core or practice. Everybody needs the core steps, and a practice step deepens one of them.
    """

    id: str
    name: str
    number: int
    tests: tuple[str, ...]
    is_core: bool = True

    @property
    def kata_id(self) -> str:
        return self.id.rsplit("/", 1)[0]


@dataclasses.dataclass(frozen=True)
class Kata:
    """A file of a lesson. `id` is `lesson/kata`, the path of the file in every tree, without its extension."""

    id: str
    number: int
    title: str
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        """The name of the file, without its extension."""
        return self.id.partition("/")[2]

    @property
    def core(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_core)

    @property
    def practice(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.is_core)


@dataclasses.dataclass(frozen=True)
class Lesson:
    """A folder of katas."""

    id: str
    number: int
    title: str
    katas: tuple[Kata, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for kata in self.katas for step in kata.steps)


@dataclasses.dataclass(frozen=True)
class Curriculum:
    """Every lesson of a course, in order. `moves` lists the steps that had another id in an earlier version."""

    lessons: tuple[Lesson, ...]
    moves: tuple[Move, ...] = ()

    def katas(self) -> Iterator[Kata]:
        for lesson in self.lessons:
            yield from lesson.katas

    def steps(self) -> Iterator[Step]:
        for kata in self.katas():
            yield from kata.steps

    @property
    def has_practice(self) -> bool:
        """Whether the course has practice steps."""
        return any(not step.is_core for step in self.steps())

    def walked(self, *, practice: bool) -> tuple[Step, ...]:
        """The steps that a run without a selection walks, in order: the core steps, or with `practice` all steps."""
        return tuple(step for step in self.steps() if practice or step.is_core)

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps() if step.id == step_id), None)

    def place(self, step: Step) -> tuple[Lesson, Kata]:
        """The lesson and the kata that a step belongs to."""
        for lesson in self.lessons:
            for kata in lesson.katas:
                if kata.id == step.kata_id:
                    return lesson, kata
        raise KeyError(step.id)

    def named(self, name: str) -> Step:
        """The step called `name`: its name, `kata/name`, `lesson/name` or its id, now or in an earlier version.

        Raises UnclearName if there is no such step, or more than one.
        """
        step_id = self._names("step").the_one(name, "step").id
        return next(step for step in self.steps() if step.id == step_id)

    def lesson_named(self, name: str) -> Lesson | None:
        """The lesson with this folder, number or title. None if there is no such lesson."""
        from dojo.course.naming import spoken

        wanted = spoken(name).casefold()
        for lesson in self.lessons:
            if wanted in map(str.casefold, _lesson_spellings(lesson.id, lesson.number, lesson.title)):
                return lesson
        return None

    def kata_named(self, name: str) -> Kata | None:
        """The kata with this file or title. None if there is no such kata, or more than one."""
        found = {each.id for each in self._names("kata").find(name)}
        return next((kata for kata in self.katas() if found == {kata.id}), None)

    def chosen(self, name: str) -> tuple[Step, ...]:
        """The steps called `name`: all steps of a lesson or a kata, or a single step.

        A lesson is named by its folder, number or title, and a kata by its file or title. Raises UnclearName if `name`
        means nothing, or more than one thing.
        """
        found = self._names("lesson", "kata", "step").the_one(name, "step, kata or lesson").id
        return tuple(step for step in self.steps() if f"{step.id}/".startswith(f"{found}/"))

    def is_now(self, old_id: str, step: Step) -> bool:
        """Whether a step had `old_id`, a different id, in an earlier version."""
        return current_id(old_id, self.moves) == step.id != old_id

    def spelling_of(self, step: Step) -> str:
        """The shortest name of a step that a command understands as this step."""
        return self._names("lesson", "kata", "step").spelling(step.id)

    def remark_on(self, name: str) -> str:
        """A sentence with the new name of a step if `name` is its old name; otherwise ""."""
        if not self.moves:
            return ""
        names = self._names("lesson", "kata", "step")
        found = names.find(name)
        if len(found) != 1 or not found[0].is_old:
            return ""
        return f"The new name of {clean(name)} is {names.spelling(found[0].id)}."

    def _names(self, *kinds: str) -> Names:
        """The names of these kinds of things: "lesson", "kata" and "step". Old names of steps are included."""
        from dojo.course.naming import Names, Thing  # most runs look up no name

        things = []
        for lesson in self.lessons:
            above = _lesson_spellings(lesson.id, lesson.number, lesson.title)
            things += [Thing(lesson.id, (above,))] if "lesson" in kinds else []
            for kata in lesson.katas:
                own = _kata_spellings(kata.file)
                things += [Thing(kata.id, (above, own))] if "kata" in kinds else []
                things += [Thing(step.id, (above, own, (step.name,))) for step in kata.steps if "step" in kinds]
        for move in self.moves if "step" in kinds else ():
            folder, file, name = move.old.split("/")
            above = _lesson_spellings(folder, *_number_and_title(_FOLDER, folder))
            levels = (above, _kata_spellings(file), (name,))
            things.append(Thing(current_id(move.old, self.moves), levels, is_old=True))
        return Names(things)


def read_curriculum(root: Path) -> Curriculum:
    """Read the course at `root` from its folder tests/. No file of the course is imported.

    Raises DojoError if tests/moved.json is damaged.
    """
    lessons: dict[str, list[Kata]] = {}
    for path in kata_files(root / "tests"):
        kata_id = f"{path.parent.name}/{path.stem}"
        number, title = _number_and_title(_FILE, path.stem)
        lessons.setdefault(path.parent.name, []).append(Kata(kata_id, number, title, _steps(kata_id, path)))
    moves = read_moves(root)
    if moves:
        check_moves(moves, {step.id for katas in lessons.values() for kata in katas for step in kata.steps})
    return Curriculum(tuple(lesson_from_folder(root, name, tuple(katas)) for name, katas in lessons.items()), moves)


def lesson_from_folder(root: Path, name: str, katas: tuple[Kata, ...] = ()) -> Lesson:
    """The lesson in the folder `name`, with these katas. Its title comes from its page."""
    return Lesson(name, *_number_and_title(_FOLDER, name, _heading(root / "katas" / name)), katas)


def step_of_test(name: str) -> str | None:
    """The step that a test belongs to; None if the test's name does not follow the pattern."""
    match = TEST_NAME.fullmatch(name)
    return match["step"] if match else None


def behaviour_of_test(name: str) -> str:
    """The behaviour in a test's name, in words."""
    match = TEST_NAME.fullmatch(name)
    return (match["behaviour"] if match else name).replace("_", " ")


def _steps(kata_id: str, path: Path) -> tuple[Step, ...]:
    text = read_text_or_empty(path)
    core = core_in(text, kata_id)
    return tuple(
        Step(f"{kata_id}/{name}", name, number, tuple(names), core is None or name in core)
        for number, (name, names) in enumerate(tests_by_step(text).items(), start=1)
    )


def tests_by_step(text: str) -> dict[str, list[str]]:
    """The names of the tests in the text of a kata's tests, by step."""
    tests: dict[str, list[str]] = {}
    for name in names_in(text):
        step = step_of_test(name)
        if step is not None:
            tests.setdefault(step, []).append(name)
    return tests


def core_in(text: str, kata_id: str) -> tuple[str, ...] | None:
    """The names in the constant CORE of a kata's tests. None if there is no CORE: then every step is core.

    Raises DojoError if CORE is not a tuple of names.
    """
    match = _CORE.search("\n" + text)
    if match is None:
        return None
    with contextlib.suppress(SyntaxError, ValueError):
        found = ast.literal_eval(match[1] or "")
        if isinstance(found, tuple) and all(isinstance(name, str) for name in found):
            return found
    raise DojoError(f'tests/{kata_id}.py: CORE must be a tuple of names of steps, for example CORE = ("full_of",).')


def _lesson_spellings(folder: str, number: int, title: str) -> tuple[str, ...]:
    short = f"lesson_{number}" if _FOLDER.fullmatch(folder) else folder
    return short, folder, str(number), title, folder.removeprefix(f"{short}_")


def _kata_spellings(file: str) -> tuple[str, ...]:
    match = _FILE.fullmatch(file)
    return (file, match[2], match[2].replace("_", " "), f"kata_{match[1]}") if match else (file,)


def _number_and_title(pattern: re.Pattern[str], name: str, title: str = "") -> tuple[int, str]:
    match = pattern.fullmatch(name)
    if match is None:
        return 0, title or name
    return int(match[1]), title or match[2].replace("_", " ")


def _heading(folder: Path) -> str:
    """The words after the colon in the first heading of a lesson's page; "" if there are no such words."""
    first = read_text_or_empty(folder / "README.md").partition("\n")[0]
    return first.lstrip("# ").partition(":")[2].strip() if first.startswith("# ") else ""
