"""`dojo card` and `dojo intro`: a step's card and a kata's introduction, without importing PyTorch."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.commands.parser import Command, optional_step
from dojo.course.cards import definition_with_card, every_step
from dojo.course.curriculum import Curriculum, Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.introductions import read_introduction
from dojo.course.layout import file_in, find_root
from dojo.course.practice import practice_choice
from dojo.progress.memory import Memory
from dojo.reports.card import card_lines, introduction_lines
from dojo.reports.rich_lines import columns, print_lines
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Piece


def show_card(root: Path, name: str | None) -> int:
    """Print the card of the step called `name` (default: the step in focus), and what all steps of its kata share.

    Raises DojoError if no step, or more than one, has that name.
    """
    curriculum = read_curriculum(root)
    step = curriculum.named(name) if name else _in_focus(root, curriculum)
    where = file_in("katas", step.kata_id)
    own = read_definitions(root / where).get(step.name)
    shared = every_step(root, step.kata_id)
    print_lines(
        [
            [Piece(f"  {where}{f':{own.line}' if own else ''}", "accent")],
            [],
            *card_lines(step, definition_with_card(root, step), shared, columns()),
        ]
    )
    return 0


def show_introduction(root: Path, name: str | None) -> int:
    """Print the introduction of the kata called `name` (default: the kata in focus). A step's name means its kata.

    If a kata and a step have the same name, the name means the kata.
    Raises DojoError if nothing has that name, if it means more than one kata, or if the kata has no introduction.
    """
    curriculum = read_curriculum(root)
    kata = curriculum.kata_named(name) if name else None
    steps = kata.steps if kata else curriculum.chosen(name) if name else (_in_focus(root, curriculum),)
    kata_ids = list(dict.fromkeys(step.kata_id for step in steps))
    if len(kata_ids) != 1:
        commands = "".join(f"\n  dojo intro {kata_id}" for kata_id in kata_ids)
        raise DojoError(f"{name} means more than one kata. Name one of them:{commands}")
    introduction = read_introduction(root, kata_ids[0])
    if not introduction.lines:
        raise DojoError(f"{kata_ids[0]} has no introduction.")
    print_lines(introduction_lines(introduction, columns()))
    return 0


def _in_focus(root: Path, curriculum: Curriculum) -> Step:
    """The step in focus, or the last step if all steps are green."""
    focus = Memory(root).focus(curriculum, practice=practice_choice(root).practice)
    step = focus or next(reversed(list(curriculum.steps())), None)
    if step is None:
        raise DojoError("This course has no steps.")
    return step


def _intro_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kata", nargs="?", help="a kata, or a step of it (default: the first kata that is not green)")


COMMANDS = {
    "card": Command(
        "Show a step's card: what to write, with an example. The card is the docstring of the step's stub.",
        "dojo card full_of",
        optional_step,
        lambda arguments: show_card(find_root(), arguments.step),
    ),
    "intro": Command(
        "Show a kata's introduction: the idea of the kata, with an example.",
        "dojo intro accumulation",
        _intro_options,
        lambda arguments: show_introduction(find_root(), arguments.kata),
    ),
}
