"""`dojo reset`, `dojo restore` and `dojo again`: stubs back, and back again what they replaced."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from dojo.backups import Backup, backup_named, backups, bring_back, keep, replace
from dojo.course import DojoError
from dojo.curriculum import Curriculum, Kata, Step, read_curriculum
from dojo.definitions import read_definitions
from dojo.memory import Memory
from dojo.progress import GREEN, write_json
from dojo.stubs import stub_file_of, stub_of


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


def put_stubs_back(root: Path, curriculum: Curriculum, steps: tuple[Step, ...], why: str) -> Backup | None:
    """Write the stubs of steps over the learner's answers, after keeping these. None where nothing differed."""
    texts: dict[Path, str] = {}
    for kata in curriculum.katas():
        chosen = [step for step in kata.steps if step in steps]
        path = root / "katas" / f"{kata.id}.py"
        if not chosen:
            continue
        text = stub_file_of(root, kata) if len(chosen) == len(kata.steps) else _with_stubs(root, path, kata, chosen)
        if not path.exists() or path.read_bytes() != text.encode():
            texts[path] = text
    if not texts:
        return None
    backup = keep(root, list(texts), why)
    for path, text in texts.items():
        replace(path, text.encode())
    return backup


def _with_stubs(root: Path, path: Path, kata: Kata, steps: list[Step]) -> str:
    """The learner's file with the stubs of some of its steps in the places of their answers."""
    shown = path.relative_to(root).as_posix()
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read ({error}). The whole file: dojo reset {kata.id}") from None
    definitions = read_definitions(path)
    if any(not definition.body for definition in definitions.values()):
        raise DojoError(f"{shown} is no valid Python, so a step of it can't be found. The whole: dojo reset {kata.id}")
    # From the bottom up, so that line numbers stay true.
    places = [(definitions.get(step.name), step) for step in steps]
    for definition, step in sorted(places, key=lambda place: -(place[0].line if place[0] else 1 << 30)):
        stub = stub_of(root, step).splitlines()
        if definition is None:
            lines += ["", "", *stub]
        else:
            lines[definition.first_line - 1 : definition.end_line] = stub
    return "\n".join(lines) + "\n"


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


def bests(memory: Memory) -> dict[str, dict[str, float]]:
    """The least of runs, seconds and hints that each step has ever cost, over all rounds."""
    try:
        data = json.loads((memory.folder / "bests.json").read_text(encoding="utf-8"))
        return {
            str(step): {key: float(best[key]) for key in ("runs", "seconds", "hints", "rounds")}
            for step, best in data.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def note_bests(memory: Memory, steps: list[Step]) -> None:
    """Compare what green steps have cost with the best so far, and keep the less."""
    known = bests(memory)
    for step in steps:
        cost = memory.cost(step)
        now = {"runs": float(cost.runs), "seconds": cost.seconds, "hints": float(cost.hints)}
        before = known.get(step.id)
        best = {key: min(value, before[key]) for key, value in now.items()} if before else now
        known[step.id] = best | {"rounds": (before["rounds"] if before else 0) + 1}
    try:
        write_json(memory.folder / "bests.json", known)
    except OSError as error:
        said = f"Your bests could not be written to .dojo/ ({error.strerror}), so nothing was changed."
        raise DojoError(said) from None


def _count(steps: tuple[Step, ...]) -> str:
    return f"{steps[0].name} is" if len(steps) == 1 else f"{len(steps)} steps are"
