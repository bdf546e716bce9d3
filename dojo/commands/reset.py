"""`dojo reset`, `dojo restore` and `dojo again`: stubs back, and back again what they replaced."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from dojo.course.backups import backup_named, backups, bring_back
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.stubs import put_stubs_back
from dojo.progress.bests import note_bests
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN


def reset(root: Path, name: str, console: Console | None = None) -> int:
    """Put the stubs of a step, a kata or a lesson back; keep the learner's version in a backup.

    Raises DojoError, having changed nothing.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(name)
    backup = put_stubs_back(root, curriculum, steps, "reset")
    if backup is None:
        console.print(f"{_count(steps)} already a stub: nothing changed.")
        return 0
    Memory(root).forget(list(steps))
    console.print(f"{_count(steps)} a stub again.")
    console.print(f"Your version is kept: [cyan]dojo restore {backup.name}[/cyan]")
    return 0


def restore(root: Path, name: str | None, *, show_list: bool = False, console: Console | None = None) -> int:
    """Bring back the files of a backup (default: the newest); what they replace becomes a backup itself."""
    console = console or Console(highlight=False, soft_wrap=True)
    if show_list:
        for backup in backups(root):
            console.print(f"[cyan]{backup.name}[/cyan]  {', '.join(backup.files)}")
        if not backups(root):
            console.print("Nothing has been set aside yet.")
        return 0
    backup = backup_named(root, name)
    before = bring_back(root, backup)
    files = ", ".join(f"katas/{name}" for name in backup.files)
    if before is None:
        console.print(f"{files}: already as in {backup.name}.")
        return 0
    console.print(f"{files}: back as in {backup.name}.")
    if before.files:
        console.print(f"What stood there is kept: [cyan]dojo restore {before.name}[/cyan]")
    return 0


def again(root: Path, name: str | None, console: Console | None = None) -> int:
    """Begin a lesson (default: the whole course) anew; answers are set aside, and personal bests kept.

    Raises DojoError, having changed nothing.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(name) if name else tuple(curriculum.steps())
    memory = Memory(root)
    finished = [step for step in steps if memory.status(step) == GREEN]
    note_bests(memory, finished)
    backup = put_stubs_back(root, curriculum, steps, "again")
    memory.forget(list(steps))
    if backup is None:
        console.print("Everything there is a stub already: go ahead.")
        return 0
    console.print(f"{_count(steps)} a stub again; {len(finished)} were green, and their bests are in dojo stats.")
    console.print(f"Your answers are kept: [cyan]dojo restore {backup.name}[/cyan]")
    return 0


def _count(steps: tuple[Step, ...]) -> str:
    return f"{steps[0].name} is" if len(steps) == 1 else f"{len(steps)} steps are"
