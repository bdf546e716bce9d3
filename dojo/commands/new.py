"""`dojo new`: writes the skeleton of a new step into all trees, for authors of katas."""

from __future__ import annotations

import argparse
import builtins
import contextlib
import keyword
import re
from pathlib import Path

from rich.console import Console

from dojo.authoring.scaffold import NewStep, left_to_do, names_in, new_file, with_mark, with_step
from dojo.commands.parser import Command
from dojo.course.backups import replace
from dojo.course.curriculum import Curriculum, Kata, Lesson, lesson_from_folder, read_curriculum, step_of_test
from dojo.course.layout import ALL_TREES, file_in, find_root, lesson_pages
from dojo.support.errors import DojoError
from dojo.support.text import nearest

_NEW_KATA = re.compile(r"kata_(\d{2})_([a-z0-9]+(?:_[a-z0-9]+)*)")
_MOST_STEPS = 12


def _run(arguments: argparse.Namespace) -> int:
    """Write the skeleton of a step into every tree, at the end of its kata or after another step; return 0.

    For a new kata, its files are made. Raises DojoError if anything is wrong, and then no file has changed.
    """
    root, after = find_root(), arguments.after
    step = NewStep(arguments.step, is_class=arguments.is_class, is_repair=arguments.repair)
    if step_of_test(f"test_{step.name}__x") != step.name or keyword.iskeyword(step.name):
        raise DojoError(f"{step.name} can't be the name of a step. Examples: clip_rows, or ClipRows for a class.")
    curriculum = read_curriculum(root)
    home = _kata(_lesson(root, curriculum, arguments.lesson), arguments.kata)
    _check_name(curriculum, home, step.name)
    _check_place(home, step, after)
    texts = {file_in(tree, home.id): _text(root, tree, home, step, after) for tree in ALL_TREES}
    tests = file_in("tests", home.id)
    texts[tests] = with_mark(texts[tests], home.id, step.name, is_core=not arguments.practice)
    _write_all(root, texts)
    _show_tasks(root, home, step, after, "practice" if arguments.practice else "core")
    return 0


def _check_name(curriculum: Curriculum, home: Kata, name: str) -> None:
    """Raise DojoError if Python or another kata has a function or class with this name."""
    if hasattr(builtins, name):
        raise DojoError(f"{name} is the name of something that Python has built in. Choose another name.")
    for kata in curriculum.katas():
        if kata.id != home.id and name in {step.name for step in kata.steps}:
            raise DojoError(f"{kata.id} already has a step {name}. Choose another name.")


def _check_place(kata: Kata, step: NewStep, after: str | None) -> None:
    """Raise DojoError if the kata is full, or has no step `after`."""
    names = [each.name for each in kata.steps]
    if step.name not in names and len(names) >= _MOST_STEPS:
        raise DojoError(f"{kata.id} has {len(names)} steps, and a kata has at most {_MOST_STEPS}. Begin a new kata.")
    if after is not None and after not in names:
        close = nearest(after, names) or (f"It has {', '.join(names)}." if names else "It is new.")
        raise DojoError(f"--after {after}: {kata.id} has no such step. {close}")


def _show_tasks(root: Path, kata: Kata, step: NewStep, after: str | None, mark: str) -> None:
    """Print what the author must write now, and where."""
    console = Console(highlight=False, soft_wrap=True)
    names = [each.name for each in kata.steps]
    place = names.index(after) + 2 if after is not None else len(names) + 1
    left = left_to_do(root, kata.id, step.name)
    console.print(f"{step.name} is step {place} of {kata.id}. It is a {mark} step. Replace each TODO, in this order:\n")
    for tree, task in step.tasks().items():
        line = next(line for line in left if line.startswith(f"{file_in(tree, kata.id)}:"))
        console.print(f"  {':'.join(line.split(':')[:2])}  {task}", markup=False)
    if not names:
        page = f"katas/{kata.id.partition('/')[0]}/README.md"
        console.print(f"\nThe kata is new: it needs a line in {page}.")
    console.print(f"\nThen: [cyan]dojo sync-cards {kata.file}[/cyan]")
    console.print(f"and:  [cyan]pytest --against solutions -k test_{step.name}__[/cyan]")
    console.print(f"and:  [cyan]dojo check -k {step.name}[/cyan]")
    console.print("At the end: [cyan]dojo notebooks[/cyan], and a line in CHANGELOG.md")


def _lesson(root: Path, curriculum: Curriculum, name: str) -> Lesson:
    """The lesson called `name`. So far it may have nothing but its page."""
    known = {lesson.id: lesson for lesson in curriculum.lessons}
    for page in lesson_pages(root):
        if page.parent.name not in known:
            known[page.parent.name] = lesson_from_folder(root, page.parent.name)
    found = Curriculum(tuple(known.values())).lesson_named(name)
    if found is None:
        close = f"{nearest(name, list(known))} For a new lesson, first make its folder in katas/ with a README.md."
        raise DojoError(f"There is no lesson {name}. {close.strip()}")
    return found


def _kata(lesson: Lesson, name: str) -> Kata:
    """The kata of a lesson called `name`, or a new kata if `name` is the file name of the lesson's next kata."""
    wanted = name.strip().replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".py").casefold()
    for kata in lesson.katas:
        file = kata.file.casefold()
        numbers = (str(kata.number), f"kata_{kata.number}", f"kata_{kata.number:02}")
        if wanted in (file, file.split("_", 2)[-1], kata.title.casefold(), *numbers):
            return kata
    number = max((kata.number for kata in lesson.katas), default=0) + 1
    match = _NEW_KATA.fullmatch(wanted)
    if match is None:
        close = nearest(wanted, [kata.file for kata in lesson.katas])
        slug = re.sub(r"\W+", "_", wanted).strip("_") or "name"
        said = f"There is no kata {name} in {lesson.id}. {close} A new one is called kata_{number:02}_{slug}."
        raise DojoError(said.replace("  ", " "))
    if int(match[1]) != number:
        raise DojoError(f"{wanted}: the next kata of {lesson.id} is number {number}, kata_{number:02}_{match[2]}.")
    return Kata(f"{lesson.id}/{wanted}", number, match[2].replace("_", " "), ())


def _text(root: Path, tree: str, kata: Kata, step: NewStep, after: str | None) -> str:
    """The new text of a kata's file in a tree."""
    name = file_in(tree, kata.id)
    path = root / name
    if not path.exists():
        return new_file(tree, kata.id, kata.title[:1].upper() + kata.title[1:], step)
    try:
        text = path.read_bytes().decode("utf-8")
        if step.name in names_in(tree, text):
            raise DojoError(f"{name} already has something named {step.name}. Choose another name.")
        return with_step(tree, text, step, after)
    except KeyError:
        raise DojoError(f"{name} does not have {after}, so {step.name} can't follow it. Add {after} first.") from None
    except (OSError, ValueError) as error:
        raise DojoError(f"The step can't be added to {name}: {error}.") from None


def _write_all(root: Path, texts: dict[str, str]) -> None:
    """Write all files, or leave all of them as they were."""
    before = {name: (root / name).read_bytes() if (root / name).exists() else None for name in texts}
    written = []
    try:
        for name, text in texts.items():
            replace(root / name, text.encode())
            written.append(name)
    except DojoError:
        for name in written:
            old = before[name]
            with contextlib.suppress(DojoError, OSError):
                (root / name).unlink() if old is None else replace(root / name, old)
        raise


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", help="a lesson: its folder, number or title")
    parser.add_argument("kata", help="a kata of the lesson, or kata_NN_name for a new kata")
    parser.add_argument("step", help="the name of the new step")
    parser.add_argument("--class", dest="is_class", action="store_true", help="the step is a class, not a function")
    parser.add_argument("--repair", action="store_true", help="the step is broken code that the learner fixes")
    parser.add_argument("--practice", action="store_true", help="the step is a practice step (default: a core step)")
    parser.add_argument("--after", metavar="STEP", help="put it after this step (default: at the end of the kata)")


COMMANDS = {
    "new": Command(
        "Write the skeleton of a new step: test, stub, solution, hints, mistakes and accepted ways. Each gap says "
        "TODO, and dojo check fails until all gaps are filled. If the kata is new, the command makes its files.",
        "dojo new lesson_1 creating clip_rows\ndojo new 1 kata_09_sorting sort_rows    # in a new kata",
        _options,
        _run,
    ),
}
