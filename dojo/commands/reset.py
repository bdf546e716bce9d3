"""`dojo reset` and `dojo again` put stubs back. `dojo restore` brings the replaced answers back."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.backups import backup_named, backups, bring_back
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.layout import find_root
from dojo.course.stubs import bring_step_back, put_stubs_back
from dojo.progress.bests import note_bests
from dojo.progress.known_green import recall_green
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN
from dojo.support.errors import DojoError


def _run_reset(arguments: argparse.Namespace) -> int:
    """Put back the stubs of a step, a kata or a lesson, after a backup of the learner's version.

    Raises DojoError if this fails, and then no file has changed.
    """
    root, console = find_root(), Console(highlight=False, soft_wrap=True)
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(arguments.name)
    backup = put_stubs_back(root, curriculum, steps, "reset")
    if backup is None:
        console.print(f"{_are_stubs(steps, 'already {}')}: nothing has changed.")
        return 0
    Memory(root).forget(list(steps))
    console.print(f"{_are_stubs(steps, '{} again')}.")
    console.print(f"Your version is kept: [cyan]dojo restore {backup.name}[/cyan]")
    return 0


def _run_restore(arguments: argparse.Namespace) -> int:
    """Bring back the files of a backup (default: the newest), or the last version of a step.

    The files that are replaced are backed up first.
    """
    root, console, name = find_root(), Console(highlight=False, soft_wrap=True), arguments.backup
    if arguments.list:
        known = backups(root)
        for backup in known:
            console.print(f"[cyan]{backup.name}[/cyan]  {', '.join(backup.files)}")
        if not known:
            console.print("There are no backups yet.")
        return 0
    # The name of a backup begins with its year.
    if name and not name[:4].isdigit():
        backup, before = bring_step_back(root, read_curriculum(root).named(name))
        files = name
    else:
        backup = backup_named(root, name)
        files = ", ".join(f"katas/{file}" for file in backup.files)
        kept = bring_back(root, backup)
        if kept is None:
            console.print(f"{files}: the same as in {backup.name}, so nothing has changed.")
            return 0
        before = kept
    _recall_green(root)
    console.print(f"{files}: restored from {backup.name}.")
    if before.files:
        console.print(f"The replaced version is kept: [cyan]dojo restore {before.name}[/cyan]")
    return 0


def _recall_green(root: Path) -> None:
    # An answer comes back even if the course's own files are broken.
    with contextlib.suppress(DojoError):
        recall_green(root, read_curriculum(root), Memory(root))


def _run_again(arguments: argparse.Namespace) -> int:
    """Begin a lesson (default: the whole course) again. Answers are backed up, and personal bests stay.

    Raises DojoError if this fails, and then no file has changed.
    """
    root, console = find_root(), Console(highlight=False, soft_wrap=True)
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(arguments.lesson) if arguments.lesson else tuple(curriculum.steps())
    memory = Memory(root)
    finished = [step for step in steps if memory.status(step) == GREEN]
    counts = memory.counts(steps)
    was = "was" if len(finished) == 1 else "were"
    were_green = f"{counts.says()} were green" if counts.practice else f"{len(finished)} {was} green"
    note_bests(memory, finished)
    backup = put_stubs_back(root, curriculum, steps, "again")
    memory.forget(list(steps))
    if backup is None:
        console.print(f"{_are_stubs(steps, 'already {}')}: nothing has changed.")
        return 0
    console.print(f"{_are_stubs(steps, '{} again')}. Of these, {were_green}. dojo stats shows your bests.")
    console.print(f"Your answers are kept: [cyan]dojo restore {backup.name}[/cyan]")
    return 0


def _are_stubs(steps: tuple[Step, ...], says: str) -> str:
    """For example `full_of is a stub again` or `3 steps are stubs again`, if `says` is `{} again`."""
    if len(steps) == 1:
        return f"{steps[0].name} is {says.format('a stub')}"
    return f"{len(steps)} steps are {says.format('stubs')}"


def _options_reset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the name of a step, a kata or a lesson")


def _options_restore(parser: argparse.ArgumentParser) -> None:
    says = "a step's name, or the beginning of a backup's name (default: the newest backup)"
    parser.add_argument("backup", nargs="?", help=says)
    parser.add_argument("--list", action="store_true", help="list all backups")


def _options_again(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", nargs="?", help="a lesson or a kata (default: the whole course)")


COMMANDS = {
    "reset": Command(
        "Put the stub of a step back, or the stubs of a kata or a lesson. Your version is kept. To bring it back, use "
        "dojo restore.",
        "dojo reset full_of",
        _options_reset,
        _run_reset,
    ),
    "restore": Command(
        "Bring back the last version of a step, or the files of a backup that dojo reset, dojo again or "
        "dojo update made. The version that is replaced is kept too.",
        "dojo restore    # the newest backup\n"
        "dojo restore full_of    # one step\n"
        "dojo restore 2031-01-30    # an older backup",
        _options_restore,
        _run_restore,
    ),
    "again": Command(
        "Put all stubs of a lesson or of the course back, so that you can write the answers again. Your answers are "
        "kept (dojo restore), and so are your bests (dojo stats).",
        "dojo again lesson_1",
        _options_again,
        _run_again,
    ),
}
