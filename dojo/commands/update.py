"""`dojo update`: a newer version of the course, and the learner's answers kept."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dojo.commands.parser import Command
from dojo.course.backups import Backup
from dojo.course.curriculum import Curriculum, read_curriculum
from dojo.course.layout import find_root
from dojo.progress.memory import Memory
from dojo.progress.reading import read_progress
from dojo.progress.statuses import BROKEN, GREEN, RED
from dojo.support.errors import DojoError
from dojo.support.git import Git
from dojo.support.text import clean
from dojo.updating.apply import alone, interrupted, move, settle
from dojo.updating.fork import ASK, back_up, check_repository, commit_of, katas_of, new_ids, source_of, version_at
from dojo.updating.merge_katas import unwritten
from dojo.updating.plan import Plan, judging, make_plan, trees_of

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
# A run of the steps that were green may take this long, in seconds.
_RUN_LIMIT = 600.0


def update(root: Path, *, source: str | None, ref: str, dry_run: bool = False, console: Console | None = None) -> int:
    """Bring the course's version `ref` (default: its main branch) from `source` into this fork; return 0.

    source: a remote's name, a URL or a path (default: the remote `upstream`; `origin`, where that is the course).
    The learner's answers stay, and every file of katas/ that changes is kept in a backup. Raises DojoError, having
    changed nothing.
    """
    console = console or Console(highlight=False, soft_wrap=True, markup=False)
    git = Git(root)
    check_repository(git)
    with alone(root):
        if interrupted(root):
            if dry_run:
                raise DojoError("An earlier update was interrupted. dojo update puts that right first.")
            settled = settle(git)
            if settled:
                console.print(settled)
        head = git.text("rev-parse", "--verify", "HEAD^{commit}")
        source = source_of(git, source)
        new = git.fetch(source, ref)
        if source == "origin" and not unwritten(katas_of(git, new)):
            raise DojoError(f"The remote origin is a fork with answers in it, not the course. {ASK}")
        if git.run("merge-base", "--is-ancestor", new, head, check=False).returncode == 0:
            console.print(f"Already up to date with {clean(source)} ({version_at(git, new)}).")
            return 0
        plan = make_plan(git, head, new)
        versions = f"From {clean(source)}: {version_at(git, plan.base)} → {version_at(git, new)}"
        if dry_run:
            console.print(versions)
            _tell(console, plan, None)
            console.print("This was --dry-run: nothing has been changed.")
            return 0
        commit = commit_of(git, plan)
        curriculum = read_curriculum(root)
        green = _green(root, curriculum)
        backup = back_up(git, plan)
        move(git, plan, commit)
        console.print(versions)
        _tell(console, plan, backup)
        _tell_where(console, git, plan, commit, backup)
        _compare(console, root, plan, green)
    return 0


def _tell(console: Console, plan: Plan, backup: Backup | None) -> None:
    """Say what an update changes. backup: what was set aside; None where nothing is (yet)."""
    katas = plan.katas
    for old, new in katas.renamed.items():
        _line(console, "renamed", f"{old} is called {new} now: what you wrote in it came along.")
    for step, to in katas.moved:
        _line(console, "moved", f"{_name(step)} has moved to {to.partition(':')[0]}: your answer came along.")
    for path, names in _by_file(katas.added):
        _line(console, "new", f"{names}  in {path}")
    for path, names in _by_file(katas.renewed):
        _line(console, "renewed", f"{names}, stubs still: their text is new  in {path}")
    for step, path in katas.reads_differently.items():
        _line(console, "kept", f"{_name(step)}: your answer. Its task reads differently now: {path}")
    for path, beside in katas.stays.items():
        _line(console, "kept", f"{path} as you have it. The course's new one is beside it: {beside}")
    for step in katas.helpers:
        _line(console, "kept", f"{_name(step)}: no step any more, but your code calls it.")
    for step in katas.dropped:
        path = step.partition(":")[0]
        told = f"{_name(step)} is no step any more" if _name(step) else f"{path} is no kata any more"
        where = f": your answer is kept in the backup ({path})" if backup else "; your answer goes to a backup"
        _line(console, "dropped", told + where)
    for path in plan.replaced:
        copy = f" (yours: .dojo/replaced/{backup.name}/{path})" if backup else "; yours will be kept"
        _line(console, "replaced", f"{path} is the course's again{copy}")
    for path in plan.returned:
        _line(console, "returned", f"{path}, which your fork had deleted, belongs to the course")
    tests = [path for path in plan.tree if path.startswith("tests/") and plan.changes(path)]
    tests = [path for path in tests if path in plan.head_tree and path not in plan.replaced]
    if tests:
        more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
        _line(console, "tests", f"changed: {', '.join(tests[:3])}{more}")


def _line(console: Console, word: str, says: str) -> None:
    console.print(Text.assemble((f"{word:<10}", _STYLES[word]), clean(says)))


def _by_file(steps: list[str]) -> list[tuple[str, str]]:
    """Each file with the names of its steps."""
    found: dict[str, list[str]] = {}
    for step in steps:
        path, _, name = step.partition(":")
        found.setdefault(path, []).append(name)
    return [(path, ", ".join(names)) for path, names in found.items()]


def _name(step: str) -> str:
    return step.partition(":")[2]


def _tell_where(console: Console, git: Git, plan: Plan, commit: str, backup: Backup | None) -> None:
    branch = git.text("symbolic-ref", "--short", "HEAD")
    what = "the course's own commit" if commit == plan.new else "a merge commit"
    console.print(f"Your branch {clean(branch)} is at {commit[:7]} now, {what}. To publish it: git push")
    if any(letters.strip() for path, letters in git.changed().items() if path.startswith("katas/")):
        console.print("What you had not committed in katas/ is not committed now either.")
    if backup is not None and backup.files:
        console.print(f"katas/ as it was: dojo restore {backup.name}")
    if plan.changes("pyproject.toml", "constraints.txt"):
        console.print(f"The course asks for other versions of its packages now: {_INSTALL}")


def _green(root: Path, curriculum: Curriculum) -> set[str]:
    """The ids of the steps that were green when they ran last."""
    memory = Memory(root)
    return {step.id for step in curriculum.steps() if memory.status(step) == GREEN}


def _compare(console: Console, root: Path, plan: Plan, green: set[str]) -> None:
    """Run the steps that were green and whose files the update has changed, and say which are red now."""
    ids = new_ids(plan.katas, green)
    Memory(root).rename({old: new for old, new in ids.items() if old != new})
    curriculum = read_curriculum(root)
    there = {step.id: step for step in curriculum.steps()}
    everything = plan.changes(*judging())
    run = [
        step_id
        for old, step_id in ids.items()
        if step_id in there and (everything or old != step_id or plan.changes(*trees_of(there[step_id].kata_id)))
    ]
    if not run:
        return
    files = sorted({f"tests/{there[step_id].kata_id}.py" for step_id in run})
    says = f"Running the steps that were green and that the update may have changed ({len(run)}) …"
    console.print(says)
    with tempfile.TemporaryDirectory(prefix="dojo-update-") as folder:
        path = Path(folder) / "progress.json"
        command = [sys.executable, "-m", "pytest", *files, "--tb=no", "-q", "--progress-json", str(path)]
        try:
            subprocess.run(
                command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=_RUN_LIMIT, check=False
            )
            status = {step.id: step.status for step in read_progress(path).steps}
        except (subprocess.TimeoutExpired, DojoError):
            console.print("That run did not come to an end. See for yourself: pytest --all")
            return
    red = [step_id for step_id in run if status.get(step_id) in (RED, BROKEN)]
    for step_id in red:
        console.print(
            f"red       {clean(step_id)} was green before this update: pytest -k test_{there[step_id].name}__"
        )
    console.print(f"{len(run) - len(red)} of {len(run)} are green as before.")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="source", metavar="REMOTE", help="a remote, URL or path of the course (default: upstream)"
    )
    parser.add_argument(
        "--to", metavar="REF", default="HEAD", help="a branch, tag or commit of it (default: its main branch)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


def _run(arguments: argparse.Namespace) -> int:
    return update(find_root(), source=arguments.source, ref=arguments.to, dry_run=arguments.dry_run)


COMMANDS = {
    "update": Command(
        "Bring a newer version of the course into this fork: new steps and changed tests come in, your answers "
        "stay. Where the text of a step that you have written changed, the new stub is put beside your file. What"
        " katas/ held is kept: dojo restore.",
        "dojo update    or, where there is no remote named upstream: dojo update --from URL",
        _options,
        _run,
    ),
}
