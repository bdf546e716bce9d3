"""`dojo ci judge`: the course at the fork's pinned version judges the fork's katas, and says what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dojo.ci.annotations import annotation_lines, code_quality
from dojo.ci.course_version import Pinned, find_pinned
from dojo.course.layout import course_name
from dojo.judging.judge import NoVerdict, Walls, archive_of, judge, katas_in, walls_here, why_no_other_user
from dojo.judging.sandbox import Limits, problem
from dojo.progress.data import Judge, Progress, to_json
from dojo.progress.history import gone_red
from dojo.progress.reading import MOST_BYTES, parse_progress
from dojo.reports.markdown import markdown
from dojo.support.errors import DojoError
from dojo.support.files import write_json
from dojo.support.git import GitError, Repository

# A CI ends its jobs itself, and no course takes an hour.
_LIMITS = Limits(seconds=3600.0)
# GitHub leaves out a summary that is larger.
_MOST_SUMMARY = 1_000_000


def judge_fork(
    start: Path,
    *,
    upstream: str,
    branch: str | None,
    out: Path,
    fail_on: str,
    processes: str,
    annotate: bool,
    remote: str,
    progress_branch: str,
) -> int:
    """Judge the fork around `start`; write the report into the folder `out`; return the exit status.

    The report: progress.json, summary.md, and codequality.json for GitLab.
    The status is 1 where a step that was green at the last report is red (`went-red`), or where any
    core step is red (`any-red`).
    Raises DojoError where no verdict could be reached; then nothing is written.
    """
    repository = Repository.around(start)
    if not (repository.root / "katas").is_dir():
        raise DojoError(f"{repository.root} has no katas/: it is no fork of a course.")
    pinned = find_pinned(repository, upstream, branch)
    previous = _previous(repository, remote, progress_branch)
    with _checkout(repository, pinned.commit) as course:
        progress, protection = _judged(course, repository.root, processes, annotate)
        progress.course = dataclasses.replace(progress.course, name=course_name(course), commit=pinned.head)
    progress.judge = Judge(pinned.commit, pinned.changed)
    lost = gone_red(progress, previous)
    summary = markdown(progress, previous) + "".join(f"\n{note}\n" for note in (pinned.note, protection) if note)
    _write(out, progress, code_quality(repository.root, progress, lost), summary)
    remarks = [*filter(None, [pinned.note, _difference(pinned), protection])]
    for line in annotation_lines(repository.root, progress, lost, remarks) if annotate else []:
        print(line)
    print(_sentence(progress, lost))
    for remark in remarks:
        print(remark)
    red = progress.core_focus is not None
    return int(bool(lost) if fail_on == "went-red" else red and fail_on == "any-red")


def _previous(repository: Repository, remote: str, branch: str) -> Progress | None:
    """The last report of this fork; None where there is none, or none that can be read, which is said."""
    tip = f"refs/remotes/{remote}/{branch}"
    # A checkout that may not speak to its remote has what the clone brought.
    with contextlib.suppress(GitError):
        repository.fetch(remote, f"refs/heads/{branch}", tip)
    name = f"{tip}:progress.json"
    size = repository.size(name)
    if size is None:
        return None
    try:
        if size > MOST_BYTES:
            raise DojoError(f"it is larger than {MOST_BYTES // 1_000_000} MB.")
        return parse_progress(repository.run("cat-file", "blob", name), f"progress.json on the branch {branch}")
    except DojoError as error:
        print(f"The last report is not compared with: {error}")
        return None


@contextlib.contextmanager
def _checkout(repository: Repository, commit: str) -> Iterator[Path]:
    """The course at a commit, in a folder of its own that goes away again."""
    with tempfile.TemporaryDirectory(prefix="dojo_course_") as folder:
        course = Path(folder).resolve() / "course"
        repository.run("worktree", "add", "--quiet", "--force", "--detach", str(course), commit)
        try:
            yield course
        finally:
            repository.run("worktree", "remove", "--force", str(course))


def _judged(course: Path, fork: Path, processes: str, annotate: bool) -> tuple[Progress, str]:
    """The progress of the fork's katas by the course's tests, and a remark on what protected the verdict.

    Raises DojoError if there is no verdict.
    """
    walls = walls_here()
    # What a learner's code prints is no command to the CI.
    token = secrets.token_hex(16)
    if annotate:
        print(f"::stop-commands::{token}", flush=True)
    try:
        katas = katas_in(fork / "katas")
        progress = judge(archive_of(course), katas, _LIMITS, walls, processes=processes, relay=True)
    except NoVerdict as error:
        raise DojoError(f"No verdict: {error}.") from None
    finally:
        if annotate:
            print(f"\n::{token}::", flush=True)
    return progress, _protection(walls)


def _protection(walls: Walls) -> str:
    if walls is Walls.SANDBOX:
        return "The learner's code ran in a sandbox."
    if walls is Walls.USER:
        return "The learner's code ran as another user. This machine or container is its sandbox."
    return (
        f"This verdict is not protected against code that attacks the judge: {problem()[0]}, and "
        f"{why_no_other_user()}. This machine or container is the code's sandbox."
    )


def _difference(pinned: Pinned) -> str:
    if not pinned.changed:
        return ""
    shown = ", ".join(pinned.changed[:5]) + (" and others" if len(pinned.changed) > 5 else "")
    number = len(pinned.changed)
    what = "one of the course's own files" if number == 1 else f"{number} of the course's own files"
    return (
        f"This fork differs from the course (at {pinned.commit[:10]}) in {what}: {shown}. "
        "The verdict is from the course's own."
    )


def _sentence(progress: Progress, lost: list[str]) -> str:
    said = f"{progress.counts.are_green()}."
    if lost:
        names = ", ".join(step.rsplit("/", 1)[1] for step in lost)
        said += f" Green at the last report and red now: {names}."
    return said


def _write(out: Path, progress: Progress, quality: list[dict[str, Any]], summary: str) -> None:
    data = summary.encode()
    if len(data) > _MOST_SUMMARY:
        data = data[:_MOST_SUMMARY].rpartition(b"\n")[0] + b"\n\nThe rest is in progress.json.\n"
    try:
        write_json(out / "progress.json", to_json(progress))
        (out / "summary.md").write_bytes(data)
        (out / "codequality.json").write_text(json.dumps(quality, indent=1) + "\n", encoding="utf-8")
        for name, text in (("GITHUB_STEP_SUMMARY", data), ("GITHUB_OUTPUT", b"written=true\n")):
            if os.environ.get(name):
                with open(os.environ[name], "ab") as file:
                    file.write(text)
    except OSError as error:
        raise DojoError(f"The report could not be written: {error}.") from None
