"""Which version of the course a fork is based on, and how the fork differs from it."""

from __future__ import annotations

import dataclasses

from dojo.course.layout import pinned_parts
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository
from dojo.support.text import clean

# What a verdict depends on, and what makes the report of it: all that a learner has no reason to change.
COURSES_OWN = pinned_parts()
UPSTREAM = "refs/dojo/upstream"
_MOST_CHANGED = 500


@dataclasses.dataclass(frozen=True)
class Pinned:
    """The fork's commit `head`, the course's commit that the fork is based on, and the files that differ.

    `changed` has only the course's own files. `note` is a sentence if the fork's history could not be used, else "".
    """

    head: str
    commit: str
    changed: list[str]
    note: str = ""


def find_pinned(repository: Repository, upstream: str, branch: str | None = None) -> Pinned:
    """Fetch the course from `upstream`, a URL or path, and find the version that HEAD is based on.

    branch: the course's branch; None means the main branch of `upstream`. A fork without any history in common with
    the course counts as based on the newest version. Raises DojoError if there is no commit, if a shallow clone can't
    be completed, or if the course can't be fetched.
    """
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet: there is nothing to judge.")
    if not repository.complete_history():
        raise DojoError("This clone is shallow and the rest could not be fetched: clone it whole (fetch-depth: 0).")
    try:
        repository.fetch(upstream, f"refs/heads/{branch}" if branch else "HEAD", UPSTREAM)
    except GitError as error:
        named = f" branch {branch}" if branch else ""
        raise DojoError(f"The course could not be fetched from {upstream}{named}: {error.said}") from None
    commit, note = repository.text_or_none("merge-base", "HEAD", UPSTREAM), ""
    if commit is None:
        commit = repository.text("rev-parse", UPSTREAM)
        note = (
            "This fork's history has nothing in common with the course's (was it rewritten?): "
            "the course's newest version judged it."
        )
    return Pinned(head, commit, changed_files(repository, commit), note)


def changed_files(repository: Repository, commit: str) -> list[str]:
    """Return the course's own files in which HEAD differs from a commit of the course."""
    found = repository.records("diff", "--name-only", "--no-renames", "-z", commit, "HEAD", "--", *COURSES_OWN)
    return [clean(path) for path in found[:_MOST_CHANGED]]
