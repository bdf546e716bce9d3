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

# The files on which a verdict and its report depend. A learner has no reason to change them.
_COURSES_OWN = pinned_parts()
_UPSTREAM = "refs/dojo/upstream"
_MOST_CHANGED = 500
_WHAT_TO_DO = (
    "In a learner's fork or copy, set the variable DOJO_UPSTREAM to the address of the course. In the fork of a class, "
    "set the variable DOJO_ROLE to class."
)


@dataclasses.dataclass(frozen=True)
class Pinned:
    """The fork's commit `head`, the course's `commit` that the fork is based on, and how the two differ.

    `changed` has the course's own files that differ. `note` is a sentence if the fork and the course share no history,
    otherwise "".
    """

    head: str
    commit: str
    changed: list[str]
    note: str = ""


def find_pinned(repository: Repository, upstream: str) -> Pinned:
    """Fetch the course's main branch from `upstream`, a URL or path, and find the version that HEAD is based on.

    For a copy that shares no history with the course, this is the version that is most like the copy.
    Raises DojoError if there is no commit, if a shallow clone can't be completed, or if the course can't be fetched.
    Also raises DojoError if `upstream` is this repository, or is not a course.
    """
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet, so there is nothing to judge.")
    if not repository.complete_history():
        raise DojoError(
            "This clone is shallow, and the rest of its history could not be fetched. Clone the whole history "
            "(fetch-depth: 0)."
        )
    refuse_itself(repository, upstream)
    try:
        repository.fetch(upstream, "HEAD", _UPSTREAM)
    except GitError as error:
        private = re.search(r"could not read Username|Authentication failed|Permission denied", error.said)
        said = f"The course could not be fetched from {upstream}: {error.said.rstrip('.')}."
        case, variable = ("course is private", "DOJO_READ_TOKEN") if private else ("address is wrong", "DOJO_UPSTREAM")
        raise DojoError(f"{said} If the {case}, see {variable} in docs/forks.md.") from None
    commit, note = base_of(repository, head, _UPSTREAM), ""
    if commit is None:
        commit = repository.text("rev-parse", _UPSTREAM)
        note = "The newest version of the course judged this repository, because the two have nothing in common."
    elif not repository.is_ancestor(commit, head):
        note = (
            f"This copy shares no history with the course. Version {commit[:10]} of the course judged this copy, "
            "because its tests, hints and solutions are most like those of the copy."
        )
    if holds_answers(repository, commit):
        raise DojoError(f"{upstream} is not a course: its commit {commit[:10]} has answers in katas/. {_WHAT_TO_DO}")
    changed = repository.records("diff", "--name-only", "--no-renames", "-z", commit, head, "--", *_COURSES_OWN)
    return Pinned(head, commit, [clean(path) for path in changed[:_MOST_CHANGED]], note)


def refuse_itself(repository: Repository, upstream: str) -> None:
    """Raise DojoError if `upstream` is this repository, because nothing may judge itself."""
    root = repository.root
    own = {_place(address, root) for address in (str(root), *_origin_of(root), *_address_in_ci())}
    for address in (upstream, *_origin_of(root / upstream)):
        if _place(address, root) in own:
            raise DojoError(f"{address} is this repository itself, and nothing judges itself. {_WHAT_TO_DO}")


def _address_in_ci() -> list[str]:
    """The address of this job's repository on GitHub or GitLab, in a list; an empty list outside a job."""
    server, name = os.environ.get("GITHUB_SERVER_URL", "https://github.com"), os.environ.get("GITHUB_REPOSITORY")
    return [*([f"{server}/{name}"] if name else []), *filter(None, [os.environ.get("CI_PROJECT_URL")])]


def _origin_of(folder: Path) -> list[str]:
    """The address that a clone was made from, in a list; an empty list for a folder that is not a clone."""
    origin = Repository(folder).address_of("origin") if folder.is_dir() else ""
    return [origin] if origin else []


def _place(address: str, root: Path) -> str:
    """The same text for each spelling of an address: host and path. For a path from `root`: the folder's real path."""
    # ssh and git write host:path. A single letter before the colon is a drive of Windows.
    at_host = re.fullmatch(r"(?:[^/\\@:]+@)?([^/\\@:]{2,}):(?!//)(.+)", address)
    parts = urlsplit(f"ssh://{at_host[1]}/{at_host[2]}" if at_host else address)
    if parts.scheme in ("", "file") or len(parts.scheme) == 1:
        return str((root / (parts.path if parts.scheme == "file" else address)).resolve())
    return f"{parts.hostname}{parts.path.rstrip('/').removesuffix('.git')}".lower()
