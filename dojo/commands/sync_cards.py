"""`dojo sync-cards`: copies cards from stubs to solutions and to the lessons' pages, for authors of katas."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.authoring.lesson_pages import with_katas
from dojo.commands.parser import Command
from dojo.course.backups import replace
from dojo.course.curriculum import Curriculum, read_curriculum
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
    # All files are read before the first file changes.
    outdated = [*_solutions(root, curriculum, wanted), *_pages(root, curriculum, wanted)]
    for each in outdated:
        if not dry_run:
            replace(root / each.path, each.text.encode())
        print(f"{each.path}: {each.parts}")
    if not outdated:
        print("The solutions and the lessons' pages agree with the stubs.")
    elif dry_run:
        print("These differ from the stubs. To copy: dojo sync-cards")
    return int(dry_run and bool(outdated))


@dataclasses.dataclass(frozen=True)
class _Outdated:
    """A file that differs from the stubs: its path in the course, its text as it should be, and which parts differ."""

    path: str
    text: str
    parts: str


def _solutions(root: Path, curriculum: Curriculum, wanted: set[str]) -> Iterator[_Outdated]:
    for kata in curriculum.katas():
        if kata.id in wanted:
            text, changed = with_cards_of_stubs(root, kata)
            if changed:
                yield _Outdated(file_in("solutions", kata.id), text, ", ".join(changed))


def _pages(root: Path, curriculum: Curriculum, wanted: set[str]) -> Iterator[_Outdated]:
    """The pages of the lessons of these katas. A lesson may have no page."""
    for lesson in curriculum.lessons:
        path = f"katas/{lesson.id}/README.md"
        if wanted & {kata.id for kata in lesson.katas} and (root / path).is_file():
            found = (root / path).read_text(encoding="utf-8")
            text = with_katas(root, found, lesson)
            if text != found:
                yield _Outdated(path, text, "the parts of its katas")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kata", nargs="?", help="a kata or a lesson (default: all)")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; the exit status is 1 if a file differs")


COMMANDS = {
    "sync-cards": Command(
        "Copy the signatures, cards and introductions from katas/ to solutions/ and to the lessons' "
        "pages, so that you write each of them once.",
        "dojo sync-cards accumulation",
        _options,
        _run,
    ),
}
