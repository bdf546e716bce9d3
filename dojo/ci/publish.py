"""`dojo ci publish`: writes a fork's branch `progress`. It runs no learner's code and does not trust its input."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import random
import time
from pathlib import Path

from dojo.ci.course_version import find_pinned
from dojo.progress.data import Judge, Progress, to_json
from dojo.progress.history import Push, push_of, read_history
from dojo.progress.reading import parse_progress, read_progress
from dojo.reports.badge import badge
from dojo.reports.page import page
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

PROGRESS, HISTORY, BADGE, PAGE = "progress.json", "history.jsonl", "badge.svg", "index.html"
_TRIES = 5


@dataclasses.dataclass
class _Published:
    """The branch: its commit `tip`, the last report and its history. `remarks` say what could not be read."""

    tip: str | None = None
    progress: Progress | None = None
    history: list[Push] = dataclasses.field(default_factory=list)
    remarks: list[str] = dataclasses.field(default_factory=list)


def publish(
    start: Path,
    *,
    file: Path,
    remote: str,
    branch: str,
    commit: str | None,
    upstream: str | None,
    push_options: list[str],
) -> int:
    """Add the report in `file` to a branch of `remote`; return 0.

    commit: the learner's commit that the report is about; None means HEAD.
    upstream: the course's URL or path. If it is given, the course's version and the files that differ from it are
    found again, and replace what the report claims.
    The working tree, the index and HEAD do not change. Raises DojoError if the report is damaged or can't be pushed.
    Then the branch has not changed.
    """
    repository = Repository.around(start)
    progress = read_progress(file)
    head = repository.commit(commit or "HEAD")
    if head is None:
        raise DojoError(f"This repository has no commit {commit or 'HEAD'}.")
    progress.course = dataclasses.replace(progress.course, commit=head)
    if upstream:
        pinned = find_pinned(repository, upstream)
        progress.judge = Judge(pinned.commit, pinned.changed)
    for attempt in range(1, _TRIES + 1):
        published = _read_branch(repository, remote, branch)
        made, remarks = _commit(repository, remote, published, progress, head)
        if _push(repository, published.tip, made, remote, branch, push_options):
            for remark in [*published.remarks, *remarks]:
                print(remark)
            print(f"The report of {head[:10]} is on the branch {branch}.")
            return 0
        if attempt < _TRIES:
            print("Somebody else pushed at the same time. This report is added on top of theirs.")
            time.sleep(random.uniform(0, 0.2 * 2**attempt))
    raise DojoError(f"Others pushed to {branch} {_TRIES} times in a row. Nothing was lost. Run this command again.")


def _push(
    repository: Repository, tip: str | None, made: str, remote: str, branch: str, push_options: list[str]
) -> bool:
    """Push the commit `made`; return False if somebody else moved the branch from `tip`. Raises DojoError."""
    options = [word for option in push_options for word in ("--push-option", option)]
    try:
        repository.run("push", "--quiet", "--no-verify", *options, "--", remote, f"{made}:refs/heads/{branch}")
    except GitError as error:
        if repository.remote_tip(remote, branch) == tip:
            raise DojoError(
                f"The branch {branch} could not be pushed to {remote}: {error.said} "
                "On GitHub, Settings > Actions > General > Workflow permissions must allow writing."
            ) from None
        return False
    return True


def _read_branch(repository: Repository, remote: str, branch: str) -> _Published:
    """Fetch the branch and read its files. A damaged file is a remark and not an error."""
    try:
        tip = repository.remote_tip(remote, branch)
        if tip is None:
            return _Published()
        reference = f"refs/dojo/published/{branch}"
        repository.fetch(remote, f"refs/heads/{branch}", reference)
    except GitError as error:
        raise DojoError(f"The branch {branch} could not be fetched from {remote}: {error.said}") from None
    found = _Published(tip=repository.commit(reference))
    report, lines = (repository.file_or_none(f"{found.tip}:{name}") for name in (PROGRESS, HISTORY))
    try:
        found.progress = None if report is None else parse_progress(report, PROGRESS)
    except DojoError as error:
        found.remarks.append(f"On the branch {branch}, {error} It is replaced. The branch's history keeps it.")
    history = read_history(lines or b"")
    found.history = list(history)
    if history.damaged:
        number = "1 line" if history.damaged == 1 else f"{history.damaged} lines"
        found.remarks.append(f"On the branch {branch}, {number} of {HISTORY} could not be read. The rest is kept.")
    if report is None and lines is None:
        found.remarks.append(f"The branch {branch} had no report. Its files stay, and the report is added.")
    return found


def _commit(
    repository: Repository, remote: str, published: _Published, progress: Progress, head: str
) -> tuple[str, list[str]]:
    """Store the branch's next commit; return its id, and remarks for the user."""
    remarks = []
    history = list(published.history)
    before = published.progress.course.commit if published.progress else None
    # The history has one line per commit. If a commit is judged again, the new line replaces the old line.
    if history and history[-1].commit == head:
        history.pop()
    shown = progress
    if before and before != head:
        if repository.commit(before) is None:
            with contextlib.suppress(GitError):
                repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, before)
        if published.progress and repository.is_ancestor(head, before):
            remarks.append(f"The report of {before[:10]}, a newer commit, stays. {head[:10]} is added to the history.")
            shown = published.progress
        elif not repository.is_ancestor(before, head):
            remarks.append(
                f"The last report was about {before[:10]}, which is not an earlier commit of {head[:10]}: the history "
                "was rewritten, or the branch is different. The old lines of the history are kept."
            )
    history.append(push_of(progress, published.progress, head))
    texts = {
        PROGRESS: json.dumps(to_json(shown), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        HISTORY: "".join(push.as_line() for push in history),
        BADGE: badge(shown),
        PAGE: page(shown, history),
    }
    files = {name: repository.write_file(text.encode("utf-8", errors="replace")) for name, text in texts.items()}
    tree = repository.write_tree(files, base=published.tip)
    parents = [published.tip] if published.tip else []
    message = f"{progress.counts.are_green()} at {head[:10]}"
    return repository.write_commit(tree, parents, message), remarks
