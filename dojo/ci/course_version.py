"""Which version of the course a fork is based on, and how the fork differs from it."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from dojo.course.layout import pinned_parts
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository
from dojo.support.text import clean
from dojo.updating.fork import base_of, holds_answers

# What a verdict depends on, and what makes the report of it: all that a learner has no reason to change.
COURSES_OWN = pinned_parts()
UPSTREAM = "refs/dojo/upstream"
_MOST_CHANGED = 500
_WHAT_TO_DO = (
    "In a learner's fork or copy, set the variable DOJO_UPSTREAM to the address of the course. In the fork of a class, "
    "set the variable DOJO_ROLE to class."
)


@dataclasses.dataclass(frozen=True)
class Pinned:
    """The fork's commit `head`, the course's commit that the fork is based on, and the files that differ.

    `changed` has only the course's own files. `note` is a sentence if the fork and the course share no history.
    """

    head: str
    commit: str
    changed: list[str]
    note: str = ""


def find_pinned(repository: Repository, upstream: str, branch: str | None = None) -> Pinned:
    """Fetch the course from `upstream`, a URL or path, and find the version that HEAD is based on.

    branch: the course's branch; None means the main branch of `upstream`. A copy that shares no history with the
    course counts as based on the version that is most like it. Raises DojoError if there is no commit, if a shallow
    clone can't be completed, if the course can't be fetched, or if `upstream` is this repository or no course.
    """
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet: there is nothing to judge.")
    if not repository.complete_history():
        raise DojoError("This clone is shallow and the rest could not be fetched: clone it whole (fetch-depth: 0).")
    refuse_itself(repository, upstream)
    try:
        repository.fetch(upstream, f"refs/heads/{branch}" if branch else "HEAD", UPSTREAM)
    except GitError as error:
        named = f" branch {branch}" if branch else ""
        raise DojoError(f"The course could not be fetched from {upstream}{named}: {error.said}") from None
    commit, note = base_of(repository, head, UPSTREAM), ""
    if commit is None:
        commit = repository.text("rev-parse", UPSTREAM)
        note = "This repository has nothing in common with the course: the course's newest version judged it."
    elif not repository.is_ancestor(commit, head):
        note = (
            f"This copy shares no history with the course. Version {commit[:10]} judged it, because its tests, hints "
            "and solutions are most like those of this copy."
        )
    if holds_answers(repository, commit):
        raise DojoError(f"{upstream} is no course: its commit {commit[:10]} holds answers in katas/. {_WHAT_TO_DO}")
    return Pinned(head, commit, changed_files(repository, commit), note)


def refuse_itself(repository: Repository, upstream: str) -> None:
    """Raise DojoError if `upstream` is this repository, which would judge itself."""
    root = repository.root
    own = {_place(address, root) for address in (str(root), *_origin_of(root), *_address_in_ci())}
    for address in (upstream, *_origin_of(root / upstream)):
        if _place(address, root) in own:
            raise DojoError(f"{address} is this repository itself, and nothing judges itself. {_WHAT_TO_DO}")


def changed_files(repository: Repository, commit: str) -> list[str]:
    """Return the course's own files in which HEAD differs from a commit of the course."""
    found = repository.records("diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--", *COURSES_OWN)
    return [clean(path) for path in found[:_MOST_CHANGED]]


def _address_in_ci() -> list[str]:
    """The address of the repository whose job this is, as GitHub and GitLab say it; an empty list anywhere else."""
    server, name = os.environ.get("GITHUB_SERVER_URL", "https://github.com"), os.environ.get("GITHUB_REPOSITORY")
    return [*([f"{server}/{name}"] if name else []), *filter(None, [os.environ.get("CI_PROJECT_URL")])]


def _origin_of(folder: Path) -> list[str]:
    """The address that a clone was made from, in a list; an empty list for a folder that is no clone."""
    origin = Repository(folder).text_or_none("remote", "get-url", "origin") if folder.is_dir() else None
    return [origin] if origin else []


def _place(address: str, root: Path) -> str:
    """One spelling of an address: host and path, or for a path, which starts at `root`, the folder's real path."""
    # ssh and git write host:path. A single letter before the colon is a drive of Windows.
    at_host = re.fullmatch(r"(?:[^/\\@:]+@)?([^/\\@:]{2,}):(?!//)(.+)", address)
    parts = urlsplit(f"ssh://{at_host[1]}/{at_host[2]}" if at_host else address)
    if parts.scheme in ("", "file") or len(parts.scheme) == 1:
        return str((root / (parts.path if parts.scheme == "file" else address)).resolve())
    return f"{parts.hostname}{parts.path.rstrip('/').removesuffix('.git')}".lower()
