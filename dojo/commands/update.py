"""`dojo update`: bring a newer version of the course into a fork, and keep the learner's answers."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dojo.commands.parser import Command
from dojo.course.backups import Backup
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root
from dojo.progress.known_green import KnownGreen
from dojo.progress.memory import Memory
from dojo.progress.reading import read_progress
from dojo.progress.statuses import BROKEN, GREEN, RED
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository
from dojo.support.text import clean
from dojo.updating.apply import alone, back_up, commit_of, interrupted, move, settle
from dojo.updating.fork import ASK, fetch_course, holds_answers, open_fork, reason, source_of, version_at
from dojo.updating.merge_katas import KatasMerge
from dojo.updating.old_forks import finish_in_lock
from dojo.updating.plan import Plan, make_plan

_INSTALL = "pip install -c constraints.txt -e ."
_STYLES = {
    "new": "green",
    "renewed": "green",
    "tests": "green",
    "renamed": "cyan",
    "moved": "cyan",
    "kept": "cyan",
    "returned": "yellow",
    "replaced": "yellow",
    "dropped": "yellow",
    "red": "bold red",
}
# What a pyproject.toml asks for, as the course writes it.
_REQUIRED = re.compile(r"^(?:requires-python|dependencies) = (?:\[.*?\]|[^\n\[]*)$", re.MULTILINE | re.DOTALL)
# The time limit of the run of the steps that were green, in seconds.
_RUN_LIMIT = 600.0


def update(root: Path, *, source: str | None, ref: str, dry_run: bool = False, console: Console | None = None) -> int:
    """Bring the course's version `ref` from `source` into the fork at `root`; return 0.

    source: a remote, URL or path. None means the remote `upstream`, or `origin` if it is the course.
    The learner's answers stay, and each file of katas/ that changes is copied to a backup. Raises DojoError if the
    update is impossible; then nothing has changed.
    """
    console = console or Console(highlight=False, soft_wrap=True, markup=False)
    try:
        fork = open_fork(root)
        with alone(root):
            _settle(console, fork, dry_run)
            finished = "" if dry_run else finish_in_lock(root)
            if finished:
                console.print(clean(finished), style="dim")
            head = fork.text("rev-parse", "--verify", "HEAD^{commit}")
            source = source_of(fork, source)
            new = fetch_course(fork, source, ref)
            if source == "origin" and holds_answers(fork, new):
                raise DojoError(f"The remote origin is a fork with answers in it, not the course. {ASK}")
            if fork.is_ancestor(new, head):
                console.print(f"Already up to date with {clean(source)} ({version_at(fork, new)}).")
                return 0
            plan = make_plan(fork, head, new)
            versions = f"From {clean(source)}: {version_at(fork, plan.base)} → {version_at(fork, new)}"
            if dry_run:
                console.print(versions)
                _print_changes(console, plan, None)
                console.print("This was --dry-run: nothing has been changed.")
            else:
                _apply(console, fork, plan, versions)
    except GitError as error:
        raise DojoError(reason(error)) from None
    return 0


def _settle(console: Console, fork: Repository, dry_run: bool) -> None:
    """Undo or complete an earlier update that was killed."""
    if interrupted(fork.root):
        if dry_run:
            raise DojoError("An earlier update was interrupted. dojo update puts that right first.")
        settled = settle(fork)
        if settled:
            console.print(settled)


def _apply(console: Console, fork: Repository, plan: Plan, versions: str) -> None:
    """Carry out the plan, print what changed, and run the steps that were green."""
    commit = commit_of(fork, plan)
    green = _known_green(fork.root)
    backup = back_up(fork, plan)
    move(fork, plan, commit)
    console.print(versions)
    _print_changes(console, plan, backup)
    _print_next_steps(console, fork, plan, commit, backup)
    _run_again(console, fork.root, plan, green)


def _known_green(root: Path) -> set[str]:
    """The ids of the steps that were green when they last ran, and that the learner has not changed since."""
    curriculum, memory = read_curriculum(root), Memory(root)
    known = KnownGreen(root, curriculum, memory)
    steps = [step for step in curriculum.steps() if memory.status(step) == GREEN]
    return {step.id for step in steps if not known.has_changed(step)}


def _print_changes(console: Console, plan: Plan, backup: Backup | None) -> None:
    """Print what an update changes. `backup` has the learner's files; it is None before anything has changed."""
    for changes in (_changed_katas(plan.katas), _dropped(plan.katas, backup), _changed_files(plan, backup)):
        for word, says in changes:
            console.print(Text.assemble((f"{word:<10}", _STYLES[word]), clean(says)))


def _changed_katas(katas: KatasMerge) -> Iterator[tuple[str, str]]:
    for old, new in katas.renamed.items():
        yield "renamed", f"{old} is called {new} now: what you wrote in it came along."
    for step, to in katas.moved:
        yield _moved(step, to, to.partition(":")[0] == katas.renamed.get(step.partition(":")[0]))
    for path, names in _by_file(katas.added):
        yield "new", f"{names}  in {path}"
    for path, names in _by_file(katas.renewed):
        yield "renewed", f"{names}, stubs still: their text is new  in {path}"
    for path, names in _by_file(katas.cards):
        yield "renewed", f"{names}: your answer stays, its card is new  in {path}"
    for step, path in katas.reads_differently.items():
        yield "kept", f"{_name(step)}: your answer. Its task reads differently now: {path}"
    for path, beside in katas.stays.items():
        yield "kept", f"{path} as you have it. The course's new one is beside it: {beside}"
    for step in katas.helpers:
        yield "kept", f"{_name(step)}: no step any more, but your code calls it."


def _moved(step: str, to: str, file_is_renamed: bool) -> tuple[str, str]:
    """What to print of an answer that has a new kata or a new name."""
    path, _, name = to.partition(":")
    said = [] if file_is_renamed or path == step.partition(":")[0] else [f"has moved to {path}"]
    said += [f"is called {name} now"] if name != _name(step) else []
    return "moved" if len(said) != 1 or name == _name(
        step
    ) else "renamed", f"{_name(step)} {' and '.join(said)}: your answer came along."


def _dropped(katas: KatasMerge, backup: Backup | None) -> Iterator[tuple[str, str]]:
    for step in katas.dropped:
        path, _, name = step.partition(":")
        told = f"{name} is no step any more" if name else f"{path} is no kata any more"
        where = f": your answer is kept in the backup ({path})" if backup else "; your answer goes to a backup"
        yield "dropped", told + where


def _changed_files(plan: Plan, backup: Backup | None) -> Iterator[tuple[str, str]]:
    for path in plan.replaced:
        copy = f" (yours: .dojo/replaced/{backup.name}/{path})" if backup else "; yours will be kept"
        yield "replaced", f"{path} is the course's again{copy}"
    for path, new in plan.used.items():
        yield "kept", f"{path} as you have it. The course's new one is beside it: {new}"
    for path in plan.returned:
        yield "returned", f"{path}, which your fork had deleted, belongs to the course"
    tests = [path for path in plan.tree if path.startswith("tests/") and plan.changes(path)]
    tests = [path for path in tests if path in plan.head_tree and path not in plan.replaced]
    if tests:
        more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
        yield "tests", f"changed: {', '.join(tests[:3])}{more}"


def _by_file(steps: list[str]) -> list[tuple[str, str]]:
    """Return each file with the names of its steps."""
    found: dict[str, list[str]] = {}
    for step in steps:
        path, _, name = step.partition(":")
        found.setdefault(path, []).append(name)
    return [(path, ", ".join(names)) for path, names in found.items()]


def _name(step: str) -> str:
    return step.partition(":")[2]


def _print_next_steps(console: Console, fork: Repository, plan: Plan, commit: str, backup: Backup | None) -> None:
    branch = fork.text("symbolic-ref", "--short", "HEAD")
    what = "the course's own commit" if commit == plan.new else "a merge commit"
    console.print(f"Your branch {clean(branch)} is at {commit[:7]} now, {what}. To publish it: git push")
    if any(letters.strip() for path, letters in fork.changed().items() if path.startswith("katas/")):
        console.print("What you had not committed in katas/ is not committed now either.")
    if backup is not None and backup.files:
        console.print(f"katas/ as it was: dojo restore {backup.name}")
    if _requirements(fork, plan.head) != _requirements(fork, commit):
        console.print(f"The course asks for other versions of its packages now: {_INSTALL}")


def _requirements(fork: Repository, commit: str) -> list[str]:
    """The versions that a commit of the course asks for."""
    texts = []
    for name in ("pyproject.toml", "constraints.txt"):
        oid = fork.ids([f"{commit}:{name}"])[0]
        texts.append(fork.file(oid).decode("utf-8", errors="replace") if oid else "")
    settings, constraints = texts
    lines = (line.strip() for line in constraints.splitlines())
    return [*_REQUIRED.findall(settings), *(line for line in lines if line and not line.startswith("#"))]


def _run_again(console: Console, root: Path, plan: Plan, green: set[str]) -> None:
    """Run the steps that were green and whose files have changed, and print which of them are red now."""
    ids = {old: plan.new_id(old) for old in sorted(green)}
    Memory(root).rename({old: new for old, new in ids.items() if old != new})
    steps = {step.id: step for step in read_curriculum(root).steps()}
    run = [
        steps[new]
        for old, new in ids.items()
        if new in steps and (old != new or plan.changes_verdict(steps[new].kata_id))
    ]
    if not run:
        return
    console.print(f"Running the steps that were green and that the update may have changed ({len(run)}) …")
    status = _statuses(root, sorted({f"tests/{step.kata_id}.py" for step in run}))
    if status is None:
        console.print("That run did not come to an end. See for yourself: pytest --all")
        return
    red = [step for step in run if status.get(step.id) in (RED, BROKEN)]
    for step in red:
        console.print(f"red       {clean(step.id)} was green before this update: pytest -k test_{step.name}__")
    console.print(f"{len(run) - len(red)} of {len(run)} are green as before.")


def _statuses(root: Path, files: list[str]) -> dict[str, str] | None:
    """Run files of tests; return the status of each step by its id, or None if the run has no result."""
    with tempfile.TemporaryDirectory(prefix="dojo-update-") as folder:
        path = Path(folder) / "progress.json"
        command = [sys.executable, "-m", "pytest", *files, "--tb=no", "-q", "--progress-json", str(path)]
        try:
            subprocess.run(
                command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=_RUN_LIMIT, check=False
            )
            return {step.id: step.status for step in read_progress(path).steps}
        except (subprocess.TimeoutExpired, DojoError):
            return None


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="source", metavar="REMOTE", help="a remote, URL or path of the course (default: upstream)"
    )
    parser.add_argument(
        "--to", metavar="REF", default="HEAD", help="a branch, tag or commit of it (default: its main branch)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")


def _run(arguments: argparse.Namespace) -> int:
    return update(find_root(), source=arguments.source, ref=arguments.to, dry_run=arguments.dry_run)


COMMANDS = {
    "update": Command(
        "Bring a newer version of the course into your fork. Your answers stay. If the text of a step "
        "that you have written changed, the new stub is put next to your file. What the update replaces "
        "in katas/ is kept: dojo restore.",
        "dojo update\ndojo update --from URL    # if no remote is called upstream",
        _options,
        _run,
    ),
}
