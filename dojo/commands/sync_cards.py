"""`dojo sync-cards`: copies cards from stubs to solutions and lessons' pages, for people who write katas."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.authoring.lesson_pages import with_katas
from dojo.commands.parser import Command
from dojo.course.backups import replace
from dojo.course.curriculum import Lesson, read_curriculum
from dojo.course.layout import file_in, find_root


def sync_cards(root: Path, name: str | None, *, dry_run: bool = False) -> int:
    """Copy signatures and docstrings from the stubs to the solutions of the kata or lesson `name` (default: all).

    The pages of their lessons get the examples of the introductions, the names of the steps and the documentation.
    With `dry_run`, only print what would change, and return 1 if anything would. Raises DojoError if a file cannot be
    read or does not parse; then nothing has changed.
    """
    curriculum = read_curriculum(root)
    wanted = {step.kata_id for step in (curriculum.chosen(name) if name else curriculum.steps())}
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
        print(f"{page.relative_to(root).as_posix()}: what its katas say")
    if not different and not pages:
        print("Every solution has the cards of its stubs, and every page what its katas say.")
    elif dry_run:
        print("These differ. Copy them from the stubs: dojo sync-cards")
    return int(dry_run and bool(different or pages))


def _pages(root: Path, lesson: Lesson) -> list[tuple[Path, str]]:
    """The page of a lesson with what its katas say; empty if the lesson has no page."""
    page = root / "katas" / lesson.id / "README.md"
    return [(page, with_katas(root, page.read_text(encoding="utf-8"), lesson))] if page.is_file() else []


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kata", nargs="?", help="a kata or a lesson; default: all")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; the exit status is 1 if a card differs")


def _run(arguments: argparse.Namespace) -> int:
    return sync_cards(find_root(), arguments.kata, dry_run=arguments.dry_run)


COMMANDS = {
    "sync-cards": Command(
        "Copy the signatures, cards and introductions from katas/ to solutions/ and to the lessons' "
        "pages, so that you write each of them once.",
        "dojo sync-cards accumulation",
        _options,
        _run,
    ),
}
