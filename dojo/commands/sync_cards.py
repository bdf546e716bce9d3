"""`dojo sync-cards`: copies cards from stubs to solutions and to the lessons' pages, for authors of katas."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.authoring.lesson_pages import with_katas
from dojo.commands.parser import Command
from dojo.course.backups import replace
from dojo.course.curriculum import Lesson, read_curriculum
from dojo.course.layout import file_in, find_root


def _run(arguments: argparse.Namespace) -> int:
    """Copy signatures and docstrings from the stubs to the solutions of a kata or a lesson (default: all).

    The lessons' pages get the examples of the introductions, the names of the steps, and the links to documentation.
    With --dry-run, only print what would change, and return 1 if anything would. Raises DojoError if a file can't be
    read or does not parse; then nothing has changed.
    """
    root, dry_run = find_root(), arguments.dry_run
    curriculum = read_curriculum(root)
    wanted = {step.kata_id for step in (curriculum.chosen(arguments.kata) if arguments.kata else curriculum.steps())}
    found = {kata.id: with_cards_of_stubs(root, kata) for kata in curriculum.katas() if kata.id in wanted}
    different = {kata_id: (text, changed) for kata_id, (text, changed) in found.items() if changed}
    lessons = [lesson for lesson in curriculum.lessons if wanted & {kata.id for kata in lesson.katas}]
    pages = {path: text for lesson in lessons for path, text in _pages(root, lesson) if path.read_text("utf-8") != text}
    for kata_id, (text, changed) in different.items():
        path = file_in("solutions", kata_id)
        if not dry_run:
            replace(root / path, text.encode())
        print(f"{path}: {', '.join(changed)}")
    for page, text in pages.items():
        if not dry_run:
            replace(page, text.encode())
        print(f"{page.relative_to(root).as_posix()}: the parts of its katas")
    if not different and not pages:
        print("The solutions and the lessons' pages agree with the stubs.")
    elif dry_run:
        print("These differ from the stubs. To copy: dojo sync-cards")
    return int(dry_run and bool(different or pages))


def _pages(root: Path, lesson: Lesson) -> list[tuple[Path, str]]:
    """The page of a lesson with the current parts of its katas; [] if the lesson has no page."""
    page = root / "katas" / lesson.id / "README.md"
    return [(page, with_katas(root, page.read_text(encoding="utf-8"), lesson))] if page.is_file() else []


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kata", nargs="?", help="a kata or a lesson (default: all)")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; the exit status is 1 if a card differs")


COMMANDS = {
    "sync-cards": Command(
        "Copy the signatures, cards and introductions from katas/ to solutions/ and to the lessons' "
        "pages, so that you write each of them once.",
        "dojo sync-cards accumulation",
        _options,
        _run,
    ),
}
