"""`dojo ci role`: tells whose repository a job runs in: the course's, a class's, or a learner's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dojo.ci.course_version import refuse_itself
from dojo.ci.github import read_object, tell
from dojo.support.errors import DojoError
from dojo.support.git import Repository
from dojo.support.text import clean
from dojo.updating.fork import holds_answers

COURSE, CLASS, LEARNER, NONE = "course", "class", "learner", "none"


@dataclasses.dataclass(frozen=True)
class Role:
    """The role of a repository: course, class, learner, or none if the role is unknown. `why` is a sentence or two."""

    name: str
    why: str

    def __str__(self) -> str:
        return self.why if self.name == NONE else f"Role: {self.name}. {self.why}"


@dataclasses.dataclass(frozen=True)
class About:
    """A repository, as GitHub describes it. `copied`: others fork it, or may copy it because it is a template."""

    copied: bool = False
    private: bool = False

    @classmethod
    def read(cls, path: Path) -> About:
        """The answer of GitHub's API in a file. Raises DojoError if the file has anything else."""
        found = read_object(path)
        forked = found.get("fork") and found.get("forks_count")
        return cls(copied=bool(found.get("is_template") or forked), private=bool(found.get("private")))


def tell_role(start: Path, *, named: str, upstream: str, about: Path | None) -> int:
    """Print the role of the repository around `start`, tell it to GitHub's job and its summary, and return 0.

    named: the value of the variable DOJO_ROLE, or "". upstream: the address of the repository that this one was made
    from, or "". about: a file with the answer of GitHub's API about the repository (JSON), if it is on GitHub.
    Raises DojoError if the role is unknown, or if a learner's upstream is the repository itself.
    """
    repository = Repository.around(start)
    role = _role_of(repository, named.strip(), upstream.strip(), About.read(about) if about else About())
    if role.name == LEARNER:
        refuse_itself(repository, upstream)
    print(role)
    tell("GITHUB_OUTPUT", f"role={role.name}\n")
    tell("GITHUB_STEP_SUMMARY", f"{role}\n\n")
    return 0


def _role_of(repository: Repository, named: str, upstream: str, about: About) -> Role:
    """The named role, or the role that follows from the state of the repository.

    Raises DojoError if DOJO_ROLE is not valid, or if the address of the course is missing.
    """
    if named not in ("", COURSE, CLASS, LEARNER):
        raise DojoError(f"DOJO_ROLE is {clean(named)!r}. Set it to course, class or learner, or delete it.")
    if named == LEARNER and not upstream:
        raise DojoError("DOJO_ROLE is learner, so set the variable DOJO_UPSTREAM to the address of the course too.")
    if named:
        return Role(named, "The variable DOJO_ROLE says so.")
    answers = holds_answers(repository, "HEAD")
    if upstream and about.copied and not answers:
        return Role(
            CLASS,
            f"This repository was made from {clean(upstream)}, others were made from it, and its katas have no "
            "answers. If it is a learner's, set the variable DOJO_ROLE to learner.",
        )
    if upstream:
        return Role(LEARNER, f"The course at {clean(upstream)} judges this repository.")
    if not answers and not about.private:
        return Role(COURSE, "This repository was not made from another one, and its katas have no answers.")
    return Role(
        NONE,
        "Nothing is done here, because the address of the course is unknown. In a learner's copy, set the variable "
        "DOJO_UPSTREAM to the address of the course. In the course itself, set DOJO_ROLE to course.",
    )
