"""`dojo ci publish`: write a fork's branch `progress`. It runs no learner's code and does not trust its input."""

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
from dojo.progress.reading import MOST_BYTES, parse_progress, read_progress
from dojo.reports.badge import badge
from dojo.reports.page import page
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository

PROGRESS, HISTORY, BADGE, PAGE = "progress.json", "history.jsonl", "badge.svg", "index.html"
TRIES = 5
# The size of a history file, in bytes, beyond which it is not even read.
_MOST_HISTORY = 200_000_000


@dataclasses.dataclass
class _Published:
    """What the branch holds: its commit, the last report and its history. `remarks` say what could not be read."""

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
    upstream_branch: str | None,
    push_options: list[str],
) -> int:
    """Add the report in `file` to a branch of `remote`; return 0.

    commit: the learner's commit that the report is about; None means HEAD.
    upstream: the course's URL or path. If it is given, the report's own claims about the judge are replaced: the
    course's version and the files that differ from it are found again.
    The working tree, the index and HEAD do not change. Raises DojoError if the report is damaged or can't be pushed;
    then the branch has not changed.
    """
    repository = Repository.around(start)
    progress = read_progress(file)
    head = repository.commit(commit or "HEAD")
    if head is None:
        raise DojoError(f"There is no commit {commit or 'HEAD'} here.")
    progress.course = dataclasses.replace(progress.course, commit=head)
    if upstream:
        pinned = find_pinned(repository, upstream, upstream_branch)
        progress.judge = Judge(pinned.commit, pinned.changed)
    for attempt in range(1, TRIES + 1):
        published = _read_branch(repository, remote, branch)
        made, remarks = _commit(repository, published, progress, head)
        if _push(repository, published.tip, made, remote, branch, push_options):
            for remark in [*published.remarks, *remarks]:
                print(remark)
            print(f"The report of {head[:10]} is on the branch {branch}.")
            return 0
        if attempt < TRIES:
            print("Somebody else pushed at the same time: once more, on top of theirs.")
            time.sleep(random.uniform(0, 0.2 * 2**attempt))
    raise DojoError(f"Others pushed to {branch} {TRIES} times in a row. Nothing was lost: run this again.")


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
        raise DojoError(f"{remote} could not be asked for its branch {branch}: {error.said}") from None
    found = _Published(tip=repository.commit(reference))
    report = _file(repository, f"{found.tip}:{PROGRESS}", MOST_BYTES, found.remarks)
    if report is not None:
        try:
            found.progress = parse_progress(report, PROGRESS)
        except DojoError as error:
            found.remarks.append(f"On the branch {branch}, {error} It is replaced; its commit keeps it.")
    lines = _file(repository, f"{found.tip}:{HISTORY}", _MOST_HISTORY, found.remarks)
    if lines is not None:
        history = read_history(lines)
        found.history = list(history)
        if history.damaged:
            number = "1 line" if history.damaged == 1 else f"{history.damaged} lines"
            found.remarks.append(f"On the branch {branch}, {number} of {HISTORY} can't be read and are left out.")
    if all(repository.size(f"{found.tip}:{name}") is None for name in (PROGRESS, HISTORY)):
        found.remarks.append(f"The branch {branch} held no report: what it holds stays, and the report is put beside.")
    return found


def _file(repository: Repository, name: str, most: int, remarks: list[str]) -> bytes | None:
    """Return a file (`commit:path`), or None if there is none or, with a remark, if it is too large."""
    size = repository.size(name)
    if size is None:
        return None
    if size > most:
        short = name.partition(":")[2]
        remarks.append(f"{short} is larger than {most // 1_000_000} MB and is begun anew; its commit keeps it.")
        return None
    return repository.file(name)


def _commit(repository: Repository, published: _Published, progress: Progress, head: str) -> tuple[str, list[str]]:
    """Store the branch's next commit; return its id, and remarks for the user."""
    remarks = []
    history = list(published.history)
    before = published.progress.course.commit if published.progress else None
    # The history has one line per commit. If a commit is judged again, its new line replaces the old one.
    if history and history[-1].commit == head:
        history.pop()
    shown = progress
    if before and before != head:
        if repository.commit(before) is None:
            with contextlib.suppress(GitError):
                repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "origin", before)
        if published.progress and repository.is_ancestor(head, before):
            remarks.append(f"{before[:10]}, which is newer, was published first: this adds its line to the history.")
            shown = published.progress
        elif not repository.is_ancestor(before, head):
            remarks.append(
                f"The last report was of {before[:10]}, which is not in this history (rewritten, or another branch): "
                "its lines are kept."
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
