"""A learner's fork: what an update finds there, and what it commits and keeps."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path

from dojo.course import backups
from dojo.support.errors import DojoError
from dojo.support.git import Entry, Git
from dojo.updating.merge_katas import KatasMerge, is_kata
from dojo.updating.plan import Plan

ASK = "Say where the course is: dojo update --from URL, or once and for all: git remote add upstream URL"


def check_repository(git: Git) -> None:
    top = git.says("rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != git.root.resolve():
        raise DojoError(f"{git.root} is not a git repository of its own: only a clone of the course can be updated.")
    if git.says("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
        raise DojoError("Nothing has been committed here yet: only a clone of the course can be updated.")
    for name, what in (
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
    ):
        if (git.root / git.text("rev-parse", "--git-path", name)).exists():
            raise DojoError(f"A {what} is under way here. Finish it or give it up (git status says how), then update.")
    if git.says("symbolic-ref", "--quiet", "HEAD") is None:
        raise DojoError("No branch is checked out, so none could hold the update. Choose one: git switch main")
    if git.says("var", "GIT_COMMITTER_IDENT") is None:
        raise DojoError(
            'git does not know who you are, and an update is a commit: git config user.name "Your Name", and '
            "git config user.email you@example.org"
        )


def source_of(git: Git, source: str | None) -> str:
    """The remote, URL or path that the course comes from."""
    remotes = git.text("remote").split()
    if source is None:
        for name in ("upstream", "origin"):
            if name in remotes:
                return name
        raise DojoError(f"This clone has no remote. {ASK}")
    if source.startswith("-") or not source.strip():
        raise DojoError(f"--from {source!r}: that is no remote, URL or path.")
    # A path is meant from where the person is.
    return str(Path(source).absolute()) if source not in remotes and Path(source).exists() else source


def katas_of(git: Git, commit: str) -> dict[str, bytes]:
    tree: dict[str, Entry] = {path: entry for path, entry in git.tree(commit).items() if is_kata(path)}
    blobs = git.blobs(entry.oid for entry in tree.values())
    return {path: blobs[entry.oid] for path, entry in tree.items()}


def commit_of(git: Git, plan: Plan) -> str:
    """The commit that the branch moves to: a merge, or the course's own where the fork adds nothing to it."""
    with tempfile.TemporaryDirectory(prefix="dojo-update-") as folder:
        tree = git.write_tree(plan.tree, Path(folder) / "index")
    if plan.base == plan.head and tree == git.text("rev-parse", f"{plan.new}^{{tree}}"):
        return plan.new
    message = f"Bring in the course at {plan.new[:7]} (dojo update)"
    return git.text("commit-tree", tree, "-p", plan.head, "-p", plan.new, "-m", message)


def back_up(git: Git, plan: Plan) -> backups.Backup | None:
    """Copy what changes on disk, and all of katas/ that is not committed; None where there is no such thing."""
    root = git.root
    paths = [*plan.write, *plan.delete, *git.changed(), *git.untracked("katas")]
    katas = [path for path in dict.fromkeys(paths) if path.startswith("katas/") and (root / path).is_file()]
    if not katas and not plan.replaced:
        return None
    backup = backups.back_up(root, [root / path for path in katas], "update")
    for path in plan.replaced:
        copy = root / ".dojo" / "replaced" / backup.name / path
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((root / path).read_bytes())
        except OSError as error:
            raise DojoError(f"No copy of {path} could be made, so nothing was changed: {error.strerror}.") from None
    return backup


def new_ids(katas: KatasMerge, ids: set[str]) -> dict[str, str]:
    """What steps are called after the update: by old id."""
    moved = dict(katas.moved)
    found = {}
    for step_id in sorted(ids):
        kata_id, _, name = step_id.rpartition("/")
        path = f"katas/{kata_id}.py"
        path = moved.get(f"{path}:{name}", f"{katas.renamed.get(path, path)}:{name}").partition(":")[0]
        found[step_id] = f"{path.removeprefix('katas/').removesuffix('.py')}/{name}"
    return found


def version_at(git: Git, commit: str) -> str:
    """A course version as a person speaks of it: number, commit and day."""
    number = None
    with contextlib.suppress(DojoError):
        found = re.search(
            r'^version\s*=\s*"([\w.+-]{1,40})"', git.text("show", f"{commit}:pyproject.toml"), re.MULTILINE
        )
        number = found[1] if found else None
    day = git.text("show", "-s", "--format=%cs", commit)
    return f"{number or 'version'} {commit[:7]} of {day}"
