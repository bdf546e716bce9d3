"""Real git repositories for the tests: a course, its forks with their remotes, and invented reports."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from .invented import invented_report
from .small_course import SmallCourse

# No user's settings, and no variable of a real CI.
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
    """Return what a git command prints. The command must succeed."""
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | ENV, input=given, capture_output=True, check=False
    )
    assert ran.returncode == 0, (arguments, ran.stderr.decode())
    return ran.stdout.decode().strip()


def commit(course: SmallCourse, message: str) -> str:
    """Commit everything; return the commit's id."""
    git(course.root, "add", "--all")
    git(course.root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(course.root, "rev-parse", "HEAD")


def publish_course(course: SmallCourse, folder: Path) -> Path:
    """Make the course a repository with a bare remote; return the remote."""
    course.write(".gitignore", "__pycache__/\n.dojo/\n.pytest_cache/\n.log\n/report/\n")
    git(course.root, "init", "--quiet", "--initial-branch=main")
    commit(course, "The course")
    git(folder, "clone", "--quiet", "--bare", str(course.root), "upstream.git")
    git(course.root, "remote", "add", "origin", str(folder / "upstream.git"))
    return folder / "upstream.git"


def fork_of(upstream: Path, folder: Path, name: str = "fork") -> SmallCourse:
    """Make a fork: a bare remote (`NAME.git`) and a clone (`NAME`); return the clone."""
    git(folder, "clone", "--quiet", "--bare", str(upstream), f"{name}.git")
    return clone_of(folder / f"{name}.git", folder / name)


def clone_of(remote: Path, to: Path) -> SmallCourse:
    git(to.parent, "clone", "--quiet", str(remote), str(to))
    return SmallCourse(to)


def report(course: SmallCourse, *, green: tuple[str, ...] = (), made_at: str = "2031-01-30T12:00:00+00:00") -> dict:
    """Return the data of a progress file in which only these steps are green, and all others red."""
    return invented_report(course.root, green, made_at)


def write_report(course: SmallCourse, **how) -> Path:
    """Write an invented report to a file that git ignores; return its path."""
    return course.write("report/progress.json", json.dumps(report(course, **how)))


def history(remote: Path, branch: str = "progress") -> list[dict]:
    """Return the lines of a remote's published history."""
    return [json.loads(line) for line in git(remote, "show", f"{branch}:history.jsonl").splitlines()]
