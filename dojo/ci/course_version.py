"""Which version of the course a fork stands on, and in what the fork differs from it."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from dojo.course.layout import pinned_parts
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

# What a verdict depends on, and what makes the report of it: all that a learner has no reason to change.
COURSES_OWN = pinned_parts()
UPSTREAM = "refs/dojo/upstream"
_MOST_CHANGED = 500


@dataclasses.dataclass(frozen=True)
class Pinned:
    """The fork's commit, the course's commit that it stands on, and the course's own files that differ.

    `note` is a sentence where the version was not simply the newest that both histories have; else empty.
    """

    head: str
    commit: str
    changed: list[str]
    note: str = ""

    def as_data(self) -> dict[str, Any]:
        """What stands in a progress file under `judge`."""
        return {"commit": self.commit, "changed": self.changed}


def find_pinned(repository: Repository, upstream: str, branch: str | None = None) -> Pinned:
    """Fetch the course from `upstream` (a URL or a path) and find the version that HEAD stands on.

    branch: the course's branch there; default: the one that the repository itself names as its main one.
    A fork whose history has nothing in common with the course's stands on the newest version. Raises DojoError.
    """
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet: there is nothing to judge.")
    _unshallow(repository)
    try:
        repository.fetch(upstream, f"refs/heads/{branch}" if branch else "HEAD", UPSTREAM)
    except GitError as error:
        named = f" branch {branch}" if branch else ""
        raise DojoError(f"The course could not be fetched from {upstream}{named}: {error.said}") from None
    try:
        commit, note = repository.text("merge-base", "HEAD", UPSTREAM), ""
    except GitError:
        commit = repository.text("rev-parse", UPSTREAM)
        note = (
            "This fork's history has nothing in common with the course's (was it rewritten?): "
            "the course's newest version judged it."
        )
    return Pinned(head, commit, changed_files(repository, commit), note)


def changed_files(repository: Repository, commit: str) -> list[str]:
    """The course's own files in which HEAD differs from a commit of the course."""
    found = repository.names("diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--", *COURSES_OWN)
    return found[:_MOST_CHANGED]


def _unshallow(repository: Repository) -> None:
    """A shallow clone has too little history to find what two have in common: fetch the rest."""
    if repository.text("rev-parse", "--is-shallow-repository") == "true":
        with contextlib.suppress(GitError):
            repository.run("fetch", "--quiet", "--unshallow")
        if repository.text("rev-parse", "--is-shallow-repository") == "true":
            raise DojoError("This clone is shallow and the rest could not be fetched: clone it whole (fetch-depth: 0).")
