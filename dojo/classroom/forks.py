"""Fetching what each fork of a class has published, with git itself: shallow, side by side, only what has changed.

What is known of a fork is kept in one file of a cache. Where a fork is as it was, one question to its host is all;
where a fork does not answer, or sends what can't be read, what was known before stays.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from dojo.classroom.untrusted_git import MOST_TREE, Problem, UntrustedGit, blobs_of, committed_at, entries_of
from dojo.progress.history import read_history
from dojo.progress.reading import MOST_BYTES, moment_of, parse_progress, steps_of
from dojo.progress.statuses import BROKEN, RED
from dojo.support.errors import DojoError
from dojo.support.files import write_json
from dojo.support.text import clean

# What the course publishes and a learner leaves alone.
PROTECTED = ("tests", "dojo", "conftest.py", "solutions", "mistakes", ".github/workflows")

_SCHEMA = 1
_MOST_KATA = 1_000_000
_MOST_PUSHES = 2_000


@dataclasses.dataclass
class Fork:
    """What is known of a fork.

    `problem` is a sentence on why it is not as new as it could be, or empty; `damaged` what is wrong with its
    progress file. `changed` is whether the last fetch found something new, `fetched_at` when one last did. Commits
    are git's ids, times ISO 8601. `progress` is what summary_of makes of the newest progress file that could be read.
    `history` is one entry a push, oldest first. `trees` has the id of each protected path, or null where it is
    missing, and that of `katas`; `files` the blobs under protected paths that differ. `rewritten` is when the history
    was found to have lost what it held before. `verified` is a verdict of dojo.classroom.verify, with the `key` it is
    for.
    """

    url: str
    problem: str = ""
    changed: bool = False
    fetched_at: str | None = None
    progress_commit: str | None = None
    head_commit: str | None = None
    head_at: str | None = None
    progress: dict[str, Any] | None = None
    history: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    trees: dict[str, str | None] = dataclasses.field(default_factory=dict)
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    rewritten: str | None = None
    damaged: str = ""
    verified: dict[str, Any] | None = None


class Forks:
    """The forks of a class, kept in the folder `cache`."""

    def __init__(self, cache: Path, *, branch: str, seconds: float, known: Callable[[str, str | None], bool]) -> None:
        """branch: where forks publish their progress. seconds: the limit for each fork.

        known: whether a protected path's id is a published one; of those that are not, the files are noted.
        Raises DojoError where git is not installed, or the cache can't be written.
        """
        if shutil.which("git") is None:
            raise DojoError("git is not installed: dojo class fetches with it.")
        if not re.fullmatch(r"[\w][\w./-]*", branch) or ".." in branch:
            raise DojoError(f"--branch {branch}: that is no name of a branch.")
        self.cache = cache
        self.branch = branch
        self.seconds = seconds
        self.git = UntrustedGit(seconds)
        self.known = known
        try:
            cache.mkdir(parents=True, exist_ok=True)
            (cache / ".gitignore").write_text("*\n")
        except OSError as error:
            raise DojoError(f"{cache} can't be written ({error.strerror}).") from None

    def refresh_all(self, urls: Iterable[str], jobs: int) -> Iterator[tuple[str, Fork]]:
        """Fetch from each URL, `jobs` at a time; yield each fork as it is done."""
        with ThreadPoolExecutor(jobs) as pool:
            waiting = {pool.submit(self.refresh, url): url for url in dict.fromkeys(urls)}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
            except BaseException:
                self.stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def stop(self) -> None:
        """End every git that runs."""
        self.git.stop()

    def refresh(self, url: str) -> Fork:
        """Fetch what is new in one fork, and keep it. Never raises for what a fork does or sends."""
        folder = self._folder(url)
        fork = self._load(folder, url)
        before = dataclasses.asdict(fork)
        fork.problem = ""
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        deadline = time.monotonic() + self.seconds
        try:
            progress, head = self._published(url, deadline)
            if progress is None and head is None:
                raise Problem("it is empty: nothing has been pushed to it yet")
            fork.changed = (progress or fork.progress_commit, head) != (fork.progress_commit, fork.head_commit)
            if fork.changed:
                with _emptied(folder) as repository:
                    self.git.run("init", "-q", "--bare", "--template=", str(repository), deadline=deadline)
                    if head is not None and head != fork.head_commit:
                        self._take_head(fork, repository, deadline)
                    if progress is not None and progress != fork.progress_commit:
                        self._take_progress(fork, repository, now, deadline)
                fork.fetched_at = now
            fork.problem = fork.damaged
            if progress is None:
                gone = "no longer has a" if fork.progress_commit else "has no"
                fork.problem = (
                    f"it {gone} branch {self.branch}: in a new fork, Actions are off until its owner enables them"
                )
        except Problem as problem:
            fork.problem = str(problem)
            fork.changed = False
        except (OSError, DojoError) as error:
            fork.problem = clean(str(error))
        if dataclasses.asdict(fork) | {"changed": False} != before:
            self.keep(fork)
        return fork

    def keep(self, fork: Fork) -> None:
        """Write what is known of a fork. Raises DojoError where that can't be done."""
        try:
            write_json(
                self._folder(fork.url) / "fork.json", {"schema": _SCHEMA, **dataclasses.asdict(fork), "changed": False}
            )
        except OSError as error:
            raise DojoError(f"{self.cache} can't be written ({error.strerror}).") from None

    def katas(self, fork: Fork) -> dict[str, bytes]:
        """The files in katas/ at the fork's head, by path within it. Raises DojoError where they can't be had."""
        deadline = time.monotonic() + self.seconds
        try:
            with _emptied(self._folder(fork.url)) as repository:
                self.git.run("init", "-q", "--bare", "--template=", str(repository), deadline=deadline)
                self.git.fetch(fork.url, repository, "+HEAD:refs/fork/head", filtered="blob:none", deadline=deadline)
                with self.git.objects(repository, deadline) as objects:
                    tree = entries_of(objects.get("refs/fork/head^{tree}", MOST_TREE)).get("katas")
                    blobs = blobs_of(objects, tree[1]) if tree and tree[0].startswith("40") else {}
                if blobs:
                    wanted = sorted(set(blobs.values()))
                    self.git.fetch(
                        fork.url, repository, *wanted, filtered=f"blob:limit={_MOST_KATA}", deadline=deadline
                    )
                with self.git.objects(repository, deadline) as objects:
                    found = {path: objects.get(blob, _MOST_KATA) for path, blob in blobs.items()}
        except Problem as problem:
            raise DojoError(str(problem)) from None
        except OSError as error:
            raise DojoError(clean(str(error))) from None
        return {path: content for path, content in found.items() if content is not None}

    def _published(self, url: str, deadline: float) -> tuple[str | None, str | None]:
        branch = f"refs/heads/{self.branch}"
        told = self.git.run("ls-remote", "--", url, "HEAD", branch, deadline=deadline, url=url)
        lines = (line.partition("\t") for line in told.decode("utf-8", "replace").splitlines())
        refs = {name: identity for identity, _, name in lines}
        return refs.get(branch), refs.get("HEAD")

    def _take_head(self, fork: Fork, repository: Path, deadline: float) -> None:
        self.git.fetch(fork.url, repository, "+HEAD:refs/fork/head", filtered="blob:none", deadline=deadline)
        with self.git.objects(repository, deadline) as objects:
            commit = objects.get("refs/fork/head", MOST_TREE) or b""
            commit_id = objects.id
            fork.head_at = committed_at(commit)
            top = entries_of(objects.get("refs/fork/head^{tree}", MOST_TREE))
            trees: dict[str, str | None] = {}
            files: dict[str, str] = {}
            for path in (*PROTECTED, "katas"):
                folder, _, name = path.rpartition("/")
                entries = entries_of(objects.get(top[folder][1], MOST_TREE)) if folder in top else {} if folder else top
                mode, identity = entries.get(name, ("", None))
                trees[path] = identity
                if identity and mode.startswith("40") and path != "katas" and not self.known(path, identity):
                    files |= {f"{path}/{file}": blob for file, blob in blobs_of(objects, identity).items()}
        fork.trees, fork.files, fork.head_commit = trees, files, commit_id

    def _take_progress(self, fork: Fork, repository: Path, now: str, deadline: float) -> None:
        refspec = f"+refs/heads/{self.branch}:refs/fork/progress"
        self.git.fetch(fork.url, repository, refspec, filtered=f"blob:limit={MOST_BYTES}", deadline=deadline)
        with self.git.objects(repository, deadline) as objects:
            objects.get("refs/fork/progress", MOST_TREE)
            commit_id = objects.id
            top = entries_of(objects.get("refs/fork/progress^{tree}", MOST_TREE))
            texts = {}
            for name in ("progress.json", "history.jsonl"):
                mode, identity = top.get(name, ("", ""))
                texts[name] = objects.get(identity, MOST_BYTES) if mode.startswith("100") else b""
        # What follows may find fault with the file; the commit is seen either way, and not fetched again.
        fork.progress_commit = commit_id
        fork.damaged = ""
        try:
            text = texts["progress.json"]
            if text is None:
                raise DojoError(
                    f"its progress.json is larger than {MOST_BYTES // 1_000_000} MB: it is no progress file."
                )
            if not text:
                raise DojoError(f"its branch {self.branch} has no progress.json.")
            fork.progress = summary_of(parse_progress(text, "its progress.json"))
        except DojoError as error:
            fork.damaged = str(error).rstrip(".")
        pushes = read_history(texts["history.jsonl"] or b"")
        if texts["history.jsonl"] is None:
            fork.damaged = fork.damaged or f"its history.jsonl is larger than {MOST_BYTES // 1_000_000} MB"
        entries = [
            {key: push.get(key) for key in ("made_at", "commit", "focus")} | {"green": push["totals"]["green"]}
            for push in pushes
        ]
        held = {(entry["made_at"], entry["commit"]) for entry in entries}
        if fork.history and (fork.history[-1]["made_at"], fork.history[-1]["commit"]) not in held:
            fork.rewritten = now
        merged = {(entry["made_at"], entry["commit"]): entry for entry in [*fork.history, *entries]}
        fork.history = sorted(merged.values(), key=lambda entry: moment_of(entry["made_at"]))[-_MOST_PUSHES:]

    def _folder(self, url: str) -> Path:
        return self.cache / hashlib.sha256(f"{self.branch} {url}".encode()).hexdigest()[:24]

    def _load(self, folder: Path, url: str) -> Fork:
        """What was known before; nothing where it can't be read, or was written by another version."""
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads((folder / "fork.json").read_text(encoding="utf-8"))
            if found.pop("schema") == _SCHEMA and found["url"] == url:
                return Fork(**found)
        return Fork(url)


def summary_of(progress: dict[str, Any]) -> dict[str, Any]:
    """What the class's page needs of a progress: when and where it was made, each step's status, and why it is red."""
    steps = list(steps_of(progress))
    return {
        "made_at": progress["made_at"],
        "commit": progress["course"]["commit"],
        "focus": progress["focus"],
        "status": {step["id"]: step["status"] for step in steps},
        "red": {
            step["id"]: {
                "behaviour": step["behaviour"],
                "kind": step["failure"]["kind"] if step["failure"] else None,
                **_cause(step),
            }
            for step in steps
            if step["status"] in (RED, BROKEN)
        },
    }


def _cause(step: dict[str, Any]) -> dict[str, str | None]:
    """The mistake behind a red step and its sentence; a clue stands in its place as "clue: KIND"."""
    if step["diagnosis"]:
        return {"mistake": step["diagnosis"]["mistake"], "says": step["diagnosis"]["says"]}
    if step["clue"]:
        return {"mistake": f"clue: {step['clue']['kind']}", "says": step["clue"]["says"]}
    return {"mistake": None, "says": None}


@contextlib.contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    """A place for a repository that is needed for a moment."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("git-*"):
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="git-", dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)
