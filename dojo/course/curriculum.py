"""The course as data: Lesson > Kata > Step > Test, read from the folders without running any code of the course.

The tests are the specification, and learners do not edit them. So the order of the tests' files, and of the tests in
a file, is the order of the steps. There is no other list of steps.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from dojo.course.definitions import names_in, text_of
from dojo.course.layout import kata_files
from dojo.support.errors import DojoError
from dojo.support.text import nearest

TEST_NAME = re.compile(r"test_(?P<step>[A-Za-z](?:_?[A-Za-z0-9])*)__(?P<behaviour>[a-z0-9](?:_?[a-z0-9])*)")
# "^" with re.MULTILINE takes four times as long.
_CORE = re.compile(r"\nCORE\b(?:[ ]*=[ ]*(\([^()]*\)))?")
_FOLDER = re.compile(r"lesson_(\d+)_(\w+)")
_FILE = re.compile(r"kata_(\d+)_(\w+)")


@dataclasses.dataclass(frozen=True)
class Step:
    """A function or class to write. `id` is `lesson/kata/name`, and `number` counts from 1 in its kata.

    A step is core or practice: everybody needs the core steps, and a practice step deepens one of them.
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
    """A file of a lesson. `id` is `lesson/kata`: the path of the file in every tree, without the ending."""

    id: str
    number: int
    title: str
    steps: tuple[Step, ...]

    @property
    def file(self) -> str:
        """The name of the file, without the ending."""
        return self.id.partition("/")[2]

    @property
    def core(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_core)

    @property
    def practice(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.is_core)

    def is_named(self, wanted: str) -> bool:
        """Whether a name in small letters means this kata: its id, the end of its id, or its title."""
        own = self.id.casefold()
        return wanted in (own, self.title.casefold()) or own.endswith("/" + wanted)


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
    """Every lesson of a course, in order."""

    lessons: tuple[Lesson, ...]

    def katas(self) -> Iterator[Kata]:
        for lesson in self.lessons:
            yield from lesson.katas

    def steps(self) -> Iterator[Step]:
        for kata in self.katas():
            yield from kata.steps

    @property
    def has_practice(self) -> bool:
        """Whether a step of the course is practice. A course without marks has only core steps."""
        return any(not step.is_core for step in self.steps())

    def walked(self, *, practice: bool) -> tuple[Step, ...]:
        """The steps that a run without a selection walks, in order: the core steps, with `practice` all steps."""
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
        """The step called `name`: a step's name, `kata/name`, `lesson/name`, or a whole id.

        Raises DojoError if there is no such step, or more than one. The message offers the nearest names.
        """
        wanted = _spoken(name).replace(".", "/")
        steps = list(self.steps())
        before, _, last = wanted.rpartition("/")
        lesson = self.lesson_named(before) if before else None
        for same in (str.__eq__, lambda a, b: a.casefold() == b.casefold()):
            found = [
                step
                for step in steps
                if same(step.id, wanted)
                or same(step.name, wanted)
                or step.id.endswith("/" + wanted)
                or (lesson is not None and step in lesson.steps and same(step.name, last))
            ]
            if len(found) == 1:
                return found[0]
            if found:
                ids = ", ".join(step.id for step in found)
                raise DojoError(f"{name} could mean more than one step: {ids}. Write the one that you mean.")
        raise DojoError(f"There is no step named {name}. {nearest(last, list({s.name: None for s in steps}))}".strip())

    def lesson_named(self, name: str) -> Lesson | None:
        """The lesson called `name`: a folder, a number or a title. None if there is no such lesson."""
        wanted = _spoken(name).casefold()
        for lesson in self.lessons:
            if wanted in (lesson.id.casefold(), f"lesson_{lesson.number}", str(lesson.number), lesson.title.casefold()):
                return lesson
        return None

    def chosen(self, name: str) -> tuple[Step, ...]:
        """The steps called `name`: those of a lesson or a kata, or a single step.

        A lesson is named by its folder, number or title, and a kata by its file or its title. Raises DojoError if
        nothing has that name, or more than one thing.
        """
        lesson = self.lesson_named(name)
        if lesson is not None:
            return lesson.steps
        wanted = _spoken(name).casefold()
        katas = [kata for kata in self.katas() if kata.is_named(wanted)]
        steps = [step for step in self.steps() if step.name.casefold() == wanted]
        if len(katas) == 1 and not steps:
            return katas[0].steps
        if katas:
            ids = ", ".join([*(kata.id for kata in katas), *(step.id for step in steps)])
            raise DojoError(f"{name} could mean more than one: {ids}. Write the one that you mean.")
        try:
            return (self.named(name),)
        except DojoError as error:
            if " could mean " in str(error):
                raise
            names = [lesson.id for lesson in self.lessons] + [kata.file for kata in self.katas()]
            names += [step.name for step in self.steps()]
            said = f"There is no step, kata or lesson named {name}. {nearest(_spoken(name), names)}"
            raise DojoError(said.strip()) from None


def _spoken(name: str) -> str:
    """A name as in an id: without the folder of a tree, an ending, or brackets."""
    plain = name.strip().removesuffix("()").replace("\\", "/").strip("/").replace(".py", "").replace("::", "/")
    return plain.removeprefix("./").removeprefix("katas/").removeprefix("tests/")


def read_curriculum(root: Path) -> Curriculum:
    """The course at `root`, read from its tests/ folder. No file of the course is imported."""
    lessons: dict[str, list[Kata]] = {}
    for path in kata_files(root / "tests"):
        kata_id = f"{path.parent.name}/{path.stem}"
        number, title = _number_and_title(_FILE, path.stem)
        lessons.setdefault(path.parent.name, []).append(Kata(kata_id, number, title, _steps(kata_id, path)))
    return Curriculum(tuple(lesson_from_folder(root, name, tuple(katas)) for name, katas in lessons.items()))


def lesson_from_folder(root: Path, name: str, katas: tuple[Kata, ...] = ()) -> Lesson:
    """The lesson in the folder `name`, with these katas. Its title comes from its page."""
    return Lesson(name, *_number_and_title(_FOLDER, name, _heading(root / "katas" / name)), katas)


def step_of_test(name: str) -> str | None:
    """The step that a test belongs to; None if the test's name does not follow the pattern."""
    match = TEST_NAME.fullmatch(name)
    return match["step"] if match else None


def behaviour_of_test(name: str) -> str:
    """The behaviour that a test's name states, in words."""
    match = TEST_NAME.fullmatch(name)
    return (match["behaviour"] if match else name).replace("_", " ")


def _steps(kata_id: str, path: Path) -> tuple[Step, ...]:
    text = ""
    with contextlib.suppress(OSError):
        text = text_of(path)
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
    """The names in the constant CORE of a kata's tests; None if there is no CORE, and then every step is core.

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


def _number_and_title(pattern: re.Pattern[str], name: str, title: str = "") -> tuple[int, str]:
    match = pattern.fullmatch(name)
    if match is None:
        return 0, title or name
    return int(match[1]), title or match[2].replace("_", " ")


def _heading(folder: Path) -> str:
    """The words after the colon in the first heading of a lesson's page; "" if there are none."""
    try:
        first = (folder / "README.md").read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return ""
    return first.lstrip("# ").partition(":")[2].strip() if first.startswith("# ") else ""
