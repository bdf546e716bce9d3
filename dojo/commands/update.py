"""`dojo update`: brings a newer version of the course into a fork. The learner's answers stay."""

from __future__ import annotations

import argparse
import re
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
from dojo.progress.statuses import GREEN
from dojo.running.progress_of_run import progress_of_run
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository
from dojo.support.text import clean, listed
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
# The requirements in a pyproject.toml, as the course writes them.
_REQUIRED = re.compile(r"^(?:requires-python|dependencies) = (?:\[.*?\]|[^\n\[]*)$", re.MULTILINE | re.DOTALL)


def _run(arguments: argparse.Namespace) -> int:
    """Bring a version of the course into the fork; return 0.

    The learner's answers stay, and each file of katas/ that changes is copied to a backup. Raises DojoError if the
    update is impossible; then nothing has changed.
    """
    root, dry_run = find_root(), arguments.dry_run
    console = Console(highlight=False, soft_wrap=True, markup=False)
    try:
        fork = open_fork(root)
        with alone(root):
            _settle(console, fork, dry_run)
            finished = "" if dry_run else finish_in_lock(root)
            if finished:
                console.print(clean(finished), style="dim")
            head = fork.text("rev-parse", "--verify", "HEAD^{commit}")
            source = source_of(fork, arguments.source)
            new = fetch_course(fork, source, arguments.to)
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
                console.print("This was --dry-run: nothing has changed.")
            else:
                _apply(console, fork, plan, versions)
    except GitError as error:
        raise DojoError(reason(error)) from None
    return 0


def _settle(console: Console, fork: Repository, dry_run: bool) -> None:
    """Undo or complete an earlier update that was killed."""
    if interrupted(fork.root):
        if dry_run:
            raise DojoError("An earlier update was interrupted. First run dojo update without --dry-run.")
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
    """The ids of the steps that were green when they last ran, and that the learner has not changed since then."""
    curriculum, memory = read_curriculum(root), Memory(root)
    known = KnownGreen(root, curriculum, memory)
    steps = [step for step in curriculum.steps() if memory.status(step) == GREEN]
    return {step.id for step in steps if not known.has_changed(step)}


def _print_changes(console: Console, plan: Plan, backup: Backup | None) -> None:
    """Print what an update changes. `backup` has the learner's files. It is None before anything has changed."""
    for changes in (_changed_katas(plan.katas), _dropped(plan.katas, backup), _changed_files(plan, backup)):
        for word, says in changes:
            console.print(Text.assemble((f"{word:<10}", _STYLES[word]), clean(says)))


def _changed_katas(katas: KatasMerge) -> Iterator[tuple[str, str]]:
    for old, new in katas.renamed.items():
        yield "renamed", f"{old} is now called {new}. Your code has moved there too."
    for step, to in katas.moved:
        yield _moved(step, to, to.partition(":")[0] == katas.renamed.get(step.partition(":")[0]))
    for path, names in _by_file(katas.added):
        yield "new", f"{names}  in {path}"
    for path, names in _by_file(katas.renewed):
        yield "renewed", f"{names}: not written yet, and the stub is new  in {path}"
    for path, names in _by_file(katas.cards):
        yield "renewed", f"{names}: the card is new, and your answer stays  in {path}"
    for step, path in katas.reads_differently.items():
        yield "kept", f"{_name(step)}: your answer stays, but its task has changed. See {path}"
    for path, new in katas.stays.items():
        yield _stays(path, new)
    for step in katas.helpers:
        yield "kept", f"{_name(step)} is no longer a step, but your code calls it."


def _stays(path: str, new: str) -> tuple[str, str]:
    """The line about a file that stays as the learner has it."""
    return "kept", f"{path} stays as you have it. The course's new version is next to it: {new}"


def _moved(step: str, to: str, file_is_renamed: bool) -> tuple[str, str]:
    """The line about an answer that has a new kata or a new name."""
    path, _, name = to.partition(":")
    has_moved = not file_is_renamed and path != step.partition(":")[0]
    is_renamed = name != _name(step)
    said = ([f"has moved to {path}"] if has_moved else []) + ([f"is now called {name}"] if is_renamed else [])
    word = "renamed" if is_renamed and not has_moved else "moved"
    return word, f"{_name(step)} {' and '.join(said)}. Your answer stays."


def _dropped(katas: KatasMerge, backup: Backup | None) -> Iterator[tuple[str, str]]:
    for step in katas.dropped:
        path, _, name = step.partition(":")
        told = f"{name} is no longer a step" if name else f"{path} is no longer a kata"
        yield "dropped", f"{told}. Your answer {f'is in the backup ({path})' if backup else 'will be in a backup'}."


def _changed_files(plan: Plan, backup: Backup | None) -> Iterator[tuple[str, str]]:
    for path in plan.replaced:
        kept = f"Yours is in .dojo/replaced/{backup.name}/{path}" if backup else "Yours will be kept."
        yield "replaced", f"{path} is the course's version again. {kept}"
    for path, new in plan.used.items():
        yield _stays(path, new)
    for path in plan.returned:
        yield "returned", f"{path} belongs to the course. Your fork had deleted it."
    tests = [path for path in plan.tree if path.startswith("tests/") and plan.changes(path)]
    tests = [path for path in tests if path in plan.head_tree and path not in plan.replaced]
    if tests:
        yield "tests", f"changed: {listed(tests)}"


def _by_file(steps: list[str]) -> list[tuple[str, str]]:
    """Each file with the names of its steps."""
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
    console.print(f"Your branch {clean(branch)} is now at {commit[:7]}, {what}. To publish it: git push")
    if any(letters.strip() for path, letters in fork.changed().items() if path.startswith("katas/")):
        console.print("The changes in katas/ that you had not committed are still not committed.")
    if backup is not None and backup.files:
        console.print(f"To get katas/ back as it was: dojo restore {backup.name}")
    if _requirements(fork, plan.head) != _requirements(fork, commit):
        console.print(f"The course now needs other versions of its packages: {_INSTALL}")


def _requirements(fork: Repository, commit: str) -> list[str]:
    """The versions of packages that a commit of the course needs."""
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
    files = sorted({f"tests/{step.kata_id}.py" for step in run})
    try:
        progress = progress_of_run(root, [*files, "--tb=no", "-q"], "pytest --all")
    except DojoError as error:
        console.print(clean(str(error)))
        return
    red_ids = {step.id for step in progress.steps if step.is_red}
    red = [step for step in run if step.id in red_ids]
    for step in red:
        console.print(f"red       {clean(step.id)} was green before this update: pytest -k test_{step.name}__")
    console.print(f"{len(run) - len(red)} of {len(run)} are still green.")


def _options(parser: argparse.ArgumentParser) -> None:
    says = "where the course is: a remote, URL or path (default: the remote upstream, otherwise origin)"
    parser.add_argument("--from", dest="source", metavar="REMOTE", help=says)
    says = "the branch, tag or commit of the course (default: its main branch)"
    parser.add_argument("--to", metavar="REF", default="HEAD", help=says)
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")


COMMANDS = {
    "update": Command(
        "Bring a newer version of the course into your fork. Your answers stay. If the task of a step that you have "
        "written has changed, the new stub is put next to your file. A copy of each file in "
        "katas/ that changes is kept (dojo restore).",
        "dojo update\ndojo update --from URL    # if the course is not the remote upstream",
        _options,
        _run,
    ),
}
