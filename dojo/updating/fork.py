"""A learner's fork and the course: what an update finds in their repositories."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from dojo.course.layout import published_trees
from dojo.support.errors import DojoError
from dojo.support.git import Entry, GitError, Repository
from dojo.updating.merge_katas import unwritten

ASK = "Say where the course is: dojo update --from URL, or for all updates: git remote add upstream URL"
Tree = dict[str, Entry]

# The time limit of a git command, in seconds: long enough to fetch over a slow line.
_SECONDS = 300.0
_FETCHED = "refs/dojo/update"
_REF = r"[^\s:^~?*\[\\\x00-\x1f+-][^\s:^~?*\[\\\x00-\x1f]*"
# The folders of the course that a learner has no reason to change.
_COURSES_OWN = published_trees()


def open_fork(root: Path) -> Repository:
    """Return the repository of the fork at `root`. Raises DojoError if it can't be updated in its present state."""
    if shutil.which("git") is None:
        raise DojoError("An update needs git, but git is not installed, or it is not on the PATH.")
    fork = Repository(root, seconds=_SECONDS, may_ask=True)
    top = fork.text_or_none("rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        raise DojoError(f"{root} is not a separate git repository. Only a clone of the course can be updated.")
    if fork.text_or_none("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is None:
        raise DojoError("Nothing has been committed here yet. Only a clone of the course can be updated.")
    for name, what in (
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
    ):
        if (root / fork.text("rev-parse", "--git-path", name)).exists():
            raise DojoError(f"A {what} is in progress here. Finish or abort it (git status says how), then update.")
    if fork.text_or_none("symbolic-ref", "--quiet", "HEAD") is None:
        raise DojoError("An update needs a branch, but no branch is checked out. Check one out: git switch main")
    if fork.text_or_none("var", "GIT_COMMITTER_IDENT") is None:
        raise DojoError(
            "An update makes a commit, but git does not know who you are. Set both: "
            'git config user.name "Your Name", and git config user.email you@example.org'
        )
    return fork


def reason(error: Exception) -> str:
    """Return the sentence in which an update says why it failed."""
    if isinstance(error, GitError):
        if not error.said:
            return f"git {error.command} did not end in {_SECONDS:.0f} s. Nothing was changed."
        return f"git {error.command} failed, and nothing was changed: {error.said}"
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    return str(error)


def source_of(fork: Repository, source: str | None) -> str:
    """Return the remote, URL or path of the course. `source` is what the user named; None means a remote."""
    remotes = fork.text("remote").split()
    if source is None:
        for name in ("upstream", "origin"):
            if name in remotes:
                return name
        raise DojoError(f"This clone has no remote. {ASK}")
    if source.startswith("-") or not source.strip():
        raise DojoError(f"--from {source!r}: that is not a remote, URL or path.")
    # A relative path starts at the current folder, but git runs in the fork's top folder.
    return str(Path(source).absolute()) if source not in remotes and Path(source).exists() else source


def fetch_course(fork: Repository, source: str, ref: str) -> str:
    """Fetch the course and return the commit of `ref`: a branch, a tag, a commit, or HEAD.

    source: a remote, URL or path. Raises DojoError if it can't be fetched or has no such `ref`.
    """
    if not re.fullmatch(_REF, ref) or ".." in ref:
        raise DojoError(f"--to {ref!r}: that is not the name of a branch, tag or commit.")
    try:
        refusal = _fetch(fork, source, ref)
        if not refusal:
            return fork.text("rev-parse", "--verify", f"{_FETCHED}^{{commit}}")
        if _fetch(fork, source, "HEAD"):
            raise DojoError(f"The course at {source} can't be fetched, and nothing was changed: {refusal}")
        # A host does not send a commit for the first digits of its id. But HEAD's history may have the commit.
        is_short_id = re.fullmatch(r"[0-9a-f]{4,40}", ref)
        commit = fork.text_or_none("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") if is_short_id else None
        if commit and fork.is_ancestor(commit, _FETCHED):
            return commit
        raise DojoError(f"The course at {source} has no branch, tag or commit named {ref}.")
    finally:
        fork.text_or_none("update-ref", "-d", _FETCHED)


def _fetch(fork: Repository, source: str, ref: str) -> str:
    """Fetch `ref` into the reference _FETCHED. Return why git refuses, or an empty text."""
    try:
        # Repository.fetch needs git 2.29, and learners may have an older one.
        fork.run("fetch", "--quiet", "--no-tags", "--", source, f"+{ref}:{_FETCHED}")
    except GitError as error:
        if not error.said:
            raise
        return error.said
    return ""


def base_of(fork: Repository, head: str, new: str) -> str | None:
    """Return the course's commit that the fork at `head` was made from, or last updated to.

    A copy or a shallow clone has no history in common with the course. Then this is the version that shares the most
    folders with the fork, or None if no version shares a folder. Of several such versions, it is the one with the
    fewest files that differ from the fork's, and of equal ones the newest.
    """
    common = fork.text_or_none("merge-base", head, new)
    if not common:
        fork.complete_history()
        common = fork.text_or_none("merge-base", head, new)
    return common.splitlines()[0] if common else _most_alike(fork, head, new)


def _most_alike(fork: Repository, head: str, new: str) -> str | None:
    commits = fork.text("rev-list", new).split()
    ids = fork.ids(f"{commit}:{folder}" for commit in [head, *commits] for folder in _COURSES_OWN)
    ours, *theirs = [ids[at : at + len(_COURSES_OWN)] for at in range(0, len(ids), len(_COURSES_OWN))]
    scores = [sum(a is not None and a == b for a, b in zip(ours, each, strict=True)) for each in theirs]
    best = max(scores, default=0)
    if not best:
        return None
    alike = [commit for commit, score in zip(commits, scores, strict=True) if score == best]
    files = fork.tree(head).items()
    return min(alike, key=lambda commit: len(files ^ fork.tree(commit).items())) if len(alike) > 1 else alike[0]


def files_in(fork: Repository, tree: Tree, folder: str) -> dict[str, bytes]:
    """Return the contents of the files in a top folder of a tree, by path. Raises DojoError if git has lost one."""
    entries = {path: entry for path, entry in tree.items() if path.startswith(f"{folder}/") and entry.mode != "160000"}
    contents = fork.files(entry.oid for entry in entries.values())
    for entry in entries.values():
        if entry.oid not in contents:
            raise DojoError(f"git has lost the object {entry.oid}. Nothing was changed. To see more: git fsck")
    return {path: contents[entry.oid] for path, entry in entries.items()}


def holds_answers(fork: Repository, commit: str) -> bool:
    """Return whether katas/ of a commit holds answers. Then the commit is a learner's, not a version of the course."""
    tree = fork.tree(commit)
    return not unwritten(files_in(fork, tree, "katas"), files_in(fork, tree, "mistakes"))


def version_at(fork: Repository, commit: str) -> str:
    """Return a version of the course as the user reads it: its number, commit and day."""
    try:
        settings = fork.file(f"{commit}:pyproject.toml").decode("utf-8", errors="replace")
    except GitError:
        settings = ""
    number = re.search(r'^version\s*=\s*"([\w.+-]{1,40})"', settings, re.MULTILINE)
    day = fork.text("show", "-s", "--format=%cs", commit)
    return f"{number[1] if number else 'version'} {commit[:7]} of {day}"
