"""Real repositories of git for the tests: a course's own, forks of it with their remotes, and made-up reports."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from dojo.course.curriculum import read_curriculum
from dojo.course.layout import Course
from dojo.failures.failure import Failure
from dojo.progress.data import to_json
from dojo.progress.results import TestOutcome, summarize
from dojo.testbed.devices import Device

from .small_course import SmallCourse

# Nobody's own settings, and always the same dates.
ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Someone" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "someone@example.org" for who in ("AUTHOR", "COMMITTER")},
    "GITHUB_ACTIONS": "",
    "GITHUB_STEP_SUMMARY": "",
    "GITHUB_OUTPUT": "",
}


def git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """What a command of git prints; it must succeed."""
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | ENV, input=given, capture_output=True, check=False
    )
    assert ran.returncode == 0, (arguments, ran.stderr.decode())
    return ran.stdout.decode().strip()


def commit(course: SmallCourse, message: str) -> str:
    """Commit everything; the commit's id."""
    git(course.root, "add", "--all")
    git(course.root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(course.root, "rev-parse", "HEAD")


def publish_course(course: SmallCourse, folder: Path) -> Path:
    """Make the course a repository with a bare remote of its own; the remote."""
    course.write(".gitignore", "__pycache__/\n.dojo/\n.pytest_cache/\n.log\n/report/\n")
    git(course.root, "init", "--quiet", "--initial-branch=main")
    commit(course, "The course")
    git(folder, "clone", "--quiet", "--bare", str(course.root), "upstream.git")
    git(course.root, "remote", "add", "origin", str(folder / "upstream.git"))
    return folder / "upstream.git"


def fork_of(upstream: Path, folder: Path, name: str = "fork") -> SmallCourse:
    """A fork with a bare remote (`NAME.git`) and a clone (`NAME`)."""
    git(folder, "clone", "--quiet", "--bare", str(upstream), f"{name}.git")
    return clone_of(folder / f"{name}.git", folder / name)


def clone_of(remote: Path, to: Path) -> SmallCourse:
    git(to.parent, "clone", "--quiet", str(remote), str(to))
    return SmallCourse(to)


def report(course: SmallCourse, *, green: tuple[str, ...] = (), made_at: str = "2031-01-30T12:00:00+00:00") -> dict:
    """A progress file's data: these steps are green, every other is red."""
    curriculum = read_curriculum(course.root)
    outcomes = []
    for step in curriculum.steps():
        failure = None if step.name in green else Failure("value", ["The value is wrong."], step.tests[0])
        for test in step.tests:
            outcomes.append(TestOutcome(step.id, test, "cpu", "failed" if failure else "passed", 0.01, failure))
    progress = summarize(Course.at(course.root), curriculum, outcomes, [Device("cpu")], lambda *_: [])
    return to_json(progress) | {"made_at": made_at}


def write_report(course: SmallCourse, **how) -> Path:
    """A made-up report in a file that git ignores; its path."""
    return course.write("report/progress.json", json.dumps(report(course, **how)))


def history(remote: Path, branch: str = "progress") -> list[dict]:
    """The lines of a remote's published history."""
    return [json.loads(line) for line in git(remote, "show", f"{branch}:history.jsonl").splitlines()]
