"""`dojo ci role`: whose repository a job runs in: the course's, a class's, or a learner's."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from dojo.ci.course_version import refuse_itself
from dojo.support.errors import DojoError
from dojo.support.git import Repository
from dojo.support.text import clean
from dojo.updating.fork import holds_answers

COURSE, CLASS, LEARNER, NONE = "course", "class", "learner", "none"
_ROLES = (COURSE, CLASS, LEARNER)


@dataclasses.dataclass(frozen=True)
class Role:
    """The role of a repository: course, class, learner, or none if nobody can tell. `why` is a sentence or two."""

    name: str
    why: str

    def __str__(self) -> str:
        return self.why if self.name == NONE else f"Role: {self.name}. {self.why}"


def tell_role(start: Path, *, named: str, upstream: str, about: Path | None) -> int:
    """Print the role of the repository around `start`, and tell it to GitHub's job and its summary; return 0.

    named: what the variable DOJO_ROLE says, or "". upstream: the address of the repository that this one was made
    from, or "". about: what GitHub says of the repository (JSON of its API), if it is on GitHub.
    Raises DojoError if the role is unknown, or if a learner's upstream is the repository itself.
    """
    repository = Repository.around(start)
    role = role_of(repository, named.strip(), upstream.strip(), _read(about) if about else {})
    if role.name == LEARNER:
        refuse_itself(repository, upstream)
    print(role)
    for name, text in (("GITHUB_OUTPUT", f"role={role.name}\n"), ("GITHUB_STEP_SUMMARY", f"{role}\n\n")):
        if os.environ.get(name):
            with open(os.environ[name], "a", encoding="utf-8") as file:
                file.write(text)
    return 0


def role_of(repository: Repository, named: str, upstream: str, about: dict[str, Any]) -> Role:
    """The role that is named, or else the role that the state of the repository shows. Raises DojoError."""
    if named and named not in _ROLES:
        raise DojoError(f"DOJO_ROLE is {clean(named)!r}: set it to course, class or learner, or delete it.")
    if named == LEARNER and not upstream:
        raise DojoError("DOJO_ROLE says learner: set the variable DOJO_UPSTREAM to the address of the course too.")
    if named:
        return Role(named, "The variable DOJO_ROLE says so.")
    answers = holds_answers(repository, "HEAD")
    given_on = about.get("is_template") or (about.get("fork") and about.get("forks_count"))
    if upstream and given_on and not answers:
        return Role(
            CLASS,
            f"It was made from {clean(upstream)}, others were made from it, and its katas hold no answers. "
            "If it is a learner's, set the variable DOJO_ROLE to learner.",
        )
    if upstream:
        return Role(LEARNER, f"{clean(upstream)} is the course that judges it.")
    if not answers and not about.get("private"):
        return Role(COURSE, "This repository was made from no other, and its katas hold no answers.")
    return Role(
        NONE,
        "Nothing is done here, because nothing says where the course is. In a learner's copy, set the variable "
        "DOJO_UPSTREAM to the address of the course. In the course itself, set DOJO_ROLE to course.",
    )


def _read(about: Path) -> dict[str, Any]:
    try:
        found = json.loads(about.read_bytes())
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DojoError(f"{about} does not hold what GitHub's API says of a repository (JSON).")
    return found
