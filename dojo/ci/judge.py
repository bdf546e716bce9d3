"""`dojo ci judge`: judges a fork's katas with the version of the course that the fork is based on. Writes a report."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dojo.ci.annotations import annotation_lines, code_quality
from dojo.ci.course_version import Pinned, find_pinned
from dojo.ci.github import tell
from dojo.course.layout import course_name
from dojo.judging.judge import NoVerdict, archive_of, judge, protection_of, walls_here
from dojo.judging.sandbox import Limits
from dojo.judging.submission import katas_in
from dojo.progress.data import Judge, Progress, to_json
from dojo.progress.history import gone_red
from dojo.progress.reading import parse_progress
from dojo.reports.markdown import markdown
from dojo.support.errors import DojoError
from dojo.support.files import write_json, write_text, writing
from dojo.support.git import GitError, Repository

# The judging of a course takes less than an hour.
_LIMITS = Limits(seconds=3600.0)
# GitHub does not show a larger summary.
_MOST_SUMMARY = 1_000_000


def judge_fork(
    start: Path,
    *,
    upstream: str,
    out: Path,
    fail_on: str,
    processes: str,
    annotate: bool,
    remote: str,
    progress_branch: str,
) -> int:
    """Judge the fork around `start`, write the report into the folder `out`, and return the exit status.

    The report is progress.json, summary.md, and codequality.json for GitLab. The status is 1 if a step that was green
    in the last report is red (fail_on="went-red"), or if a core step is red (fail_on="any-red").
    annotate: print what pytest prints, and what GitHub shows at the learner's lines.
    remote, progress_branch: where the last report is.
    Raises DojoError if there is no verdict. Then nothing is written.
    """
    repository = Repository.around(start)
    if not (repository.root / "katas").is_dir():
        raise DojoError(f"{repository.root} is not a fork of a course, because it has no folder katas/.")
    pinned = find_pinned(repository, upstream)
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
    """The last report of this fork; None if there is no report. A line says so if the report can't be read."""
    tip = f"refs/remotes/{remote}/{branch}"
    # If this checkout may not fetch from its remote, use what the clone has.
    with contextlib.suppress(GitError):
        repository.fetch(remote, f"refs/heads/{branch}", tip)
    report = repository.file_or_none(f"{tip}:progress.json")
    try:
        return None if report is None else parse_progress(report, f"progress.json on the branch {branch}")
    except DojoError as error:
        print(f"This report is not compared with the last one: {error}")
        return None


@contextlib.contextmanager
def _checkout(repository: Repository, commit: str) -> Iterator[Path]:
    """The course at a commit, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="dojo_course_") as folder:
        course = Path(folder).resolve() / "course"
        repository.run("worktree", "add", "--quiet", "--force", "--detach", str(course), commit)
        try:
            yield course
        finally:
            repository.run("worktree", "remove", "--force", str(course))


def _judged(course: Path, fork: Path, processes: str, annotate: bool) -> tuple[Progress, str]:
    """The progress of the fork's katas in the course's tests, and a remark about what protected the verdict.

    Raises DojoError if there is no verdict.
    """
    walls = walls_here()
    # GitHub must not obey what a learner's code prints.
    token = secrets.token_hex(16)
    if annotate:
        print(f"::stop-commands::{token}", flush=True)
    try:
        katas = katas_in(fork / "katas")
        progress = judge(archive_of(course), katas, _LIMITS, walls, processes=processes, relay=annotate)
    except NoVerdict as error:
        raise DojoError(f"No verdict: {error}.") from None
    finally:
        if annotate:
            print(f"\n::{token}::", flush=True)
    return progress, protection_of(walls)


def _difference(pinned: Pinned) -> str:
    if not pinned.changed:
        return ""
    shown = ", ".join(pinned.changed[:5]) + (" and others" if len(pinned.changed) > 5 else "")
    number = len(pinned.changed)
    what = "one of the course's own files" if number == 1 else f"{number} of the course's own files"
    return (
        f"This fork differs from the course (at {pinned.commit[:10]}) in {what}: {shown}. "
        "The verdict comes from the course's own files."
    )


def _sentence(progress: Progress, lost: list[str]) -> str:
    said = f"{progress.counts.are_green()}."
    if lost:
        names = ", ".join(step.rsplit("/", 1)[1] for step in lost)
        said += f" Green in the last report and red now: {names}."
    return said


def _write(out: Path, progress: Progress, quality: str, summary: str) -> None:
    data = summary.encode()
    if len(data) > _MOST_SUMMARY:
        summary = data[:_MOST_SUMMARY].rpartition(b"\n")[0].decode() + "\n\nThe rest is in progress.json.\n"
    with writing(out):
        write_json(out / "progress.json", to_json(progress))
        write_text(out / "summary.md", summary)
        write_text(out / "codequality.json", quality)
    tell("GITHUB_STEP_SUMMARY", summary)
    tell("GITHUB_OUTPUT", "written=true\n")
