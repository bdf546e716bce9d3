"""`dojo sync-cards`: copies cards from stubs to solutions, for people who write katas."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.commands.parser import Command
from dojo.course.backups import replace
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import file_in, find_root


def sync_cards(root: Path, name: str | None, *, dry_run: bool = False) -> int:
    """Copy signatures and docstrings from the stubs to the solutions of the kata or lesson `name` (default: all).

    With `dry_run`, only print what would change, and return 1 if anything would. Raises DojoError if a file cannot be
    read or does not parse; then nothing has changed.
    """
    curriculum = read_curriculum(root)
    wanted = {step.kata_id for step in (curriculum.chosen(name) if name else curriculum.steps())}
    found = {kata.id: with_cards_of_stubs(root, kata) for kata in curriculum.katas() if kata.id in wanted}
    different = {kata_id: (text, changed) for kata_id, (text, changed) in found.items() if changed}
    for kata_id, (text, changed) in different.items():
        path = file_in("solutions", kata_id)
        if not dry_run:
            replace(root / path, text.encode())
        print(f"{path}: {', '.join(changed)}")
    if not different:
        print("Every solution has the cards of its stubs.")
    elif dry_run:
        print("These cards differ. Copy them from the stubs: dojo sync-cards")
    return int(dry_run and bool(different))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kata", nargs="?", help="a kata or a lesson; default: all")
    parser.add_argument("--dry-run", action="store_true", help="change nothing; exit status 1 if a card differs")


def _run(arguments: argparse.Namespace) -> int:
    return sync_cards(find_root(), arguments.kata, dry_run=arguments.dry_run)


COMMANDS = {
    "sync-cards": Command(
        "Copy the signatures, cards and introductions from katas/ to solutions/, so that each is written once.",
        "dojo sync-cards accumulation",
        _options,
        _run,
    ),
}
