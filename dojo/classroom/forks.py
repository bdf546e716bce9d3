"""Fetches what each fork of a class has published: shallow, several forks at once, and only what has changed.

The cache keeps one file for each fork. Each time, the fork's host is asked once whether the fork has changed. If a
fork does not answer, or if its files can't be read, the cache keeps what was known before.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dojo.classroom.at_once import at_once
from dojo.classroom.fork_data import Claim, ClassPush, Fork
from dojo.classroom.untrusted_git import MOST_FILES, Copy, Objects, Problem, UntrustedGit
from dojo.course.layout import reported_parts
from dojo.progress.history import read_history
from dojo.progress.reading import MOST_BYTES, moment_of, parse_progress
from dojo.support.errors import DojoError
from dojo.support.files import write_json, writing
from dojo.support.plain_data import from_data
from dojo.support.text import clean

# The paths that the course publishes and that a learner must not change.
PROTECTED = reported_parts()

_SCHEMA = 1
# The most bytes of one kata file, and of all kata files together.
_MOST_KATA = 1_000_000
_MOST_KATAS = 20_000_000
_MOST_PUSHES = 2_000


class Forks:
    """The forks of a class, kept in the folder `cache`."""

    def __init__(
        self,
        cache: Path,
        *,
        branch: str,
        seconds: float,
        known: Callable[[str, str | None], bool],
        as_of: datetime.datetime | None = None,
    ) -> None:
        """branch: the branch to which forks publish their progress. seconds: the time limit for each fork.

        known: known(path, id) returns whether a protected path was ever published with this id.
        as_of: use the last commits before this time (default: the newest commits).
        Raises DojoError if git is not installed, if `branch` is not a valid name, or if the cache can't be written.
        """
        if shutil.which("git") is None:
            raise DojoError("git is not installed. dojo class fetches the forks with git: install it.")
        if not re.fullmatch(r"[\w][\w./-]*", branch) or ".." in branch:
            raise DojoError(f"--branch {branch}: this is not a valid name of a branch.")
        self.cache = cache
        self.branch = branch
        self.seconds = seconds
        self.as_of = as_of
        self.git = UntrustedGit(seconds)
        self.known = known
        with writing(cache):
            cache.mkdir(parents=True, exist_ok=True)
            (cache / ".gitignore").write_text("*\n")

    def refresh_all(self, urls: Iterable[str], jobs: int) -> Iterator[tuple[str, Fork]]:
        """Fetch from each URL, `jobs` at a time. Yield each URL and its fork as soon as the fork is fetched."""
        return at_once(self.refresh, dict.fromkeys(urls), jobs, self.git.stop)

    def refresh(self, url: str) -> Fork:
        """Fetch what is new in one fork, and keep it. Whatever a fork does or sends, no error is raised."""
        fork = self._load(url)
        before = dataclasses.replace(fork)
        fork.problem = fork.mark = ""
        try:
            fork.problem, fork.mark = self._fetch_news(fork)
        except (Problem, OSError) as error:
            fork.problem = clean(str(error))
            fork.mark = error.mark if isinstance(error, Problem) else "not read"
            fork.changed = False
        if dataclasses.replace(fork, changed=False) != before:
            self.keep(fork)
        return fork

    def keep(self, fork: Fork) -> None:
        """Write what is known about a fork into the cache. Raises DojoError if it can't be written."""
        with writing(self.cache):
            write_json(self._folder(fork.url) / "fork.json", {"schema": _SCHEMA, **vars(fork), "changed": False})

    def katas(self, fork: Fork) -> dict[str, bytes]:
        """Fetch the files of katas/ at the fork's head, by path within katas/. Raises DojoError if this fails."""
        deadline = time.monotonic() + self.seconds
        try:
            with self.git.copy(fork.url, self._folder(fork.url), deadline) as copy:
                copy.fetch(self._wanted("HEAD", fork.head_commit), "refs/fork/head", filtered="blob:none")
                with copy.objects() as objects:
                    mode, tree = objects.entries("refs/fork/head^{tree}").get("katas", ("", ""))
                    blobs = objects.files(tree) if mode.startswith("40") else {}
                if len(blobs) >= MOST_FILES:
                    raise Problem(f"its katas/ has more than {MOST_FILES:,} files")
                if blobs:
                    copy.fetch_files(sorted(set(blobs.values())), filtered=f"blob:limit={_MOST_KATA}")
                with copy.objects() as objects:
                    found = _contents(objects, blobs)
        except OSError as error:
            raise DojoError(clean(str(error))) from None
        return {path: content for path, content in found.items() if content is not None}

    def _fetch_news(self, fork: Fork) -> tuple[str, str]:
        """Fetch what has changed in a fork; return what is wrong with it, and its mark, or two empty texts."""
        deadline = time.monotonic() + self.seconds
        branch = f"refs/heads/{self.branch}"
        tips = self.git.tips(fork.url, "HEAD", branch, deadline=deadline)
        headless = "" if "HEAD" in tips else self._headless(fork.url, deadline)
        if not tips:
            raise Problem(headless or "the fork is empty, because nothing has been pushed to it yet", "no report")
        if self.as_of is not None:
            tips = self._tips_then(fork.url, tips, self.as_of, deadline)
        progress, head = tips.get(branch), tips.get("HEAD")
        new_progress = progress is not None and progress != fork.progress_commit
        new_head = head not in (None, fork.head_commit)
        fork.changed = new_progress or new_head
        if fork.changed:
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
            with self.git.copy(fork.url, self._folder(fork.url), deadline) as copy:
                if new_head:
                    self._take_head(fork, copy, self._wanted("HEAD", head))
                if new_progress:
                    self._take_progress(fork, copy, now, self._wanted(branch, progress))
            fork.fetched_at = now
        if headless:
            return headless, "no HEAD"
        if progress is None and self.as_of is not None:
            return f"its branch {self.branch} has no commit before {self.as_of:%Y-%m-%d %H:%M %Z}", "no report"
        if progress is None:
            gone = "no longer has a" if fork.progress_commit else "has no"
            off = "In a new fork, Actions are off until its owner enables them"
            return f"the fork {gone} branch {self.branch}. {off}", "no report"
        return fork.damaged, "damaged" if fork.damaged else ""

    def _headless(self, url: str, deadline: float) -> str:
        """The problem of a fork whose HEAD names no branch; "" if it has no branch besides the progress branch."""
        heads = self.git.tips(url, "refs/heads/*", deadline=deadline).keys() - {f"refs/heads/{self.branch}"}
        if not heads:
            return ""
        main = "refs/heads/main" if "refs/heads/main" in heads else "refs/heads/BRANCH"
        return f"its HEAD names no branch, so its katas can't be read. Run there: git symbolic-ref HEAD {main}"

    def _tips_then(self, url: str, tips: dict[str, str], moment: datetime.datetime, deadline: float) -> dict[str, str]:
        """The last commits of these references before a time. References without such a commit are left out."""
        with self.git.copy(url, self._folder(url), deadline) as copy:
            found = {reference: copy.last_before(reference, moment) for reference in tips}
        return {reference: commit for reference, commit in found.items() if commit}

    def _wanted(self, reference: str, commit: str | None) -> str:
        """The reference, or with `as_of` the commit that the reference had at that time."""
        return reference if self.as_of is None or commit is None else commit

    def _take_head(self, fork: Fork, copy: Copy, wanted: str) -> None:
        """Fetch the fork's head, and note the ids of its files."""
        copy.fetch(wanted, "refs/fork/head", filtered="blob:none")
        with copy.objects() as objects:
            commit, head_at = objects.commit("refs/fork/head")
            top = objects.entries("refs/fork/head^{tree}")
            trees: dict[str, str | None] = {}
            files: dict[str, str] = {}
            for path in (*PROTECTED, "katas"):
                folder, _, name = path.rpartition("/")
                entries = objects.entries(top[folder][1]) if folder in top else {} if folder else top
                mode, identity = entries.get(name, ("", None))
                trees[path] = identity
                if identity and mode.startswith("40") and path != "katas" and not self.known(path, identity):
                    files |= {f"{path}/{file}": blob for file, blob in objects.files(identity).items()}
        if trees["katas"] != fork.trees.get("katas"):
            # The verdict was about the old katas.
            fork.verified = None
        fork.trees, fork.files, fork.head_commit, fork.head_at = trees, files, commit, head_at

    def _take_progress(self, fork: Fork, copy: Copy, now: str, wanted: str) -> None:
        """Fetch the fork's progress file and its history."""
        copy.fetch(wanted, "refs/fork/progress", filtered=f"blob:limit={MOST_BYTES}")
        with copy.objects() as objects:
            commit, _ = objects.commit("refs/fork/progress")
            top = objects.entries("refs/fork/progress^{tree}")
            texts = {}
            for name in ("progress.json", "history.jsonl"):
                mode, identity = top.get(name, ("", ""))
                texts[name] = objects.get(identity, MOST_BYTES) if mode.startswith("100") else b""
        # From now on the commit is known. Even if its files are damaged, it is not fetched again.
        fork.progress_commit = commit
        fork.damaged = ""
        try:
            fork.progress = self._claim(texts["progress.json"])
        except DojoError as error:
            fork.damaged = str(error).rstrip(".")
        if texts["history.jsonl"] is None:
            fork.damaged = fork.damaged or f"its history.jsonl is larger than {MOST_BYTES // 1_000_000} MB"
        _take_history(fork, texts["history.jsonl"] or b"", now)

    def _claim(self, text: bytes | None) -> Claim:
        """Read a progress file. `text` is None if the file is too large. Raises DojoError."""
        if text is None:
            raise DojoError(f"its progress.json is larger than {MOST_BYTES // 1_000_000} MB")
        if not text:
            raise DojoError(f"its branch {self.branch} has no progress.json")
        return Claim.of(parse_progress(text, "its progress.json"))

    def _folder(self, url: str) -> Path:
        # With `as_of`, the cache has a separate folder for the fork.
        then = f" {self.as_of.isoformat()}" if self.as_of else ""
        return self.cache / hashlib.sha256(f"{self.branch} {url}{then}".encode()).hexdigest()[:24]

    def _load(self, url: str) -> Fork:
        """The fork as the cache has it. An empty fork if the cache's file is missing, damaged or of another version."""
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            found = json.loads((self._folder(url) / "fork.json").read_text(encoding="utf-8"))
            if found.pop("schema") == _SCHEMA and found["url"] == url:
                fork = from_data(Fork, found)
                if fork.verified and not fork.verified.explained:
                    fork.verified = None
                return fork
        return Fork(url)


def _take_history(fork: Fork, lines: bytes, now: str) -> None:
    """Add the lines of a history file to the fork's history, and note if the file lacks the newest known entry."""
    known = {(push.made_at, push.commit): push for push in fork.history}
    found = {(push.made_at, push.commit): ClassPush.of(push) for push in read_history(lines)}
    if known and list(known)[-1] not in found:
        fork.rewritten = now
    fork.history = sorted((known | found).values(), key=lambda push: moment_of(push.made_at))[-_MOST_PUSHES:]


def _contents(objects: Objects, blobs: dict[str, str]) -> dict[str, bytes | None]:
    """The content of each file of katas/, by path. Each blob is read once. Raises Problem if they are too large."""
    contents: dict[str, bytes | None] = {}
    left = _MOST_KATAS
    for blob in blobs.values():
        if blob not in contents:
            contents[blob] = objects.get(blob, _MOST_KATA)
        left -= len(contents[blob] or b"")
        if left < 0:
            raise Problem(f"its katas/ has more than {_MOST_KATAS // 1_000_000} MB")
    return {path: contents[blob] for path, blob in blobs.items()}
