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
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from dojo.classroom.roster import is_local, shown_url
from dojo.progress.history import read_history
from dojo.progress.reading import MOST_BYTES, moment_of, parse_progress, steps_of
from dojo.progress.statuses import BROKEN, RED
from dojo.support.errors import DojoError
from dojo.support.files import write_json
from dojo.support.processes import end_group
from dojo.support.text import clean

# What the course publishes and a learner leaves alone.
PROTECTED = ("tests", "dojo", "conftest.py", "solutions", "mistakes", ".github/workflows")

_SCHEMA = 1
_MOST_TREE = 2_000_000
_MOST_KATA = 1_000_000
_MOST_FILES = 2_000
_MOST_PUSHES = 2_000
# For paths, git starts the other side itself, and there leaving out large files must be allowed.
_LOCAL_SIDE = "git -c uploadpack.allowFilter=true upload-pack"
# How git reaches a host is the user's own affair.
_KEPT = (
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_NO_VERIFY",
    "GIT_PROXY_COMMAND",
    "GIT_EXEC_PATH",
    "GIT_CONFIG_GLOBAL",
)
# What a filter leaves out is remembered for a remote with a name, not for a path.
_REMOTE = "fork"
_QUIET_CONFIG = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",
    "transfer.credentialsInUrl": "allow",
    "credential.interactive": "false",
    "protocol.ext.allow": "never",
}


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
        self.known = known
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False
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
        self._stopped = True
        for process in list(self._running):
            end_group(process.pid)

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
                raise _Problem("it is empty: nothing has been pushed to it yet")
            fork.changed = (progress or fork.progress_commit, head) != (fork.progress_commit, fork.head_commit)
            if fork.changed:
                with _emptied(folder) as repository:
                    self._git("init", "-q", "--bare", "--template=", str(repository), deadline=deadline)
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
        except _Problem as problem:
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
                self._git("init", "-q", "--bare", "--template=", str(repository), deadline=deadline)
                self._fetch(fork.url, repository, "+HEAD:refs/fork/head", filtered="blob:none", deadline=deadline)
                with _Objects(repository, self._environment(), deadline) as objects:
                    tree = _entries(objects.get("refs/fork/head^{tree}", _MOST_TREE)).get("katas")
                    blobs = _blobs(objects, tree[1]) if tree and tree[0].startswith("40") else {}
                if blobs:
                    wanted = sorted(set(blobs.values()))
                    self._fetch(fork.url, repository, *wanted, filtered=f"blob:limit={_MOST_KATA}", deadline=deadline)
                with _Objects(repository, self._environment(), deadline) as objects:
                    found = {path: objects.get(blob, _MOST_KATA) for path, blob in blobs.items()}
        except _Problem as problem:
            raise DojoError(str(problem)) from None
        except OSError as error:
            raise DojoError(clean(str(error))) from None
        return {path: content for path, content in found.items() if content is not None}

    def _published(self, url: str, deadline: float) -> tuple[str | None, str | None]:
        branch = f"refs/heads/{self.branch}"
        told = self._git("ls-remote", "--", url, "HEAD", branch, deadline=deadline, url=url)
        lines = (line.partition("\t") for line in told.decode("utf-8", "replace").splitlines())
        refs = {name: identity for identity, _, name in lines}
        return refs.get(branch), refs.get("HEAD")

    def _take_head(self, fork: Fork, repository: Path, deadline: float) -> None:
        self._fetch(fork.url, repository, "+HEAD:refs/fork/head", filtered="blob:none", deadline=deadline)
        with _Objects(repository, self._environment(), deadline) as objects:
            commit = objects.get("refs/fork/head", _MOST_TREE) or b""
            commit_id = objects.id
            fork.head_at = _committed_at(commit)
            top = _entries(objects.get("refs/fork/head^{tree}", _MOST_TREE))
            trees: dict[str, str | None] = {}
            files: dict[str, str] = {}
            for path in (*PROTECTED, "katas"):
                folder, _, name = path.rpartition("/")
                entries = _entries(objects.get(top[folder][1], _MOST_TREE)) if folder in top else {} if folder else top
                mode, identity = entries.get(name, ("", None))
                trees[path] = identity
                if identity and mode.startswith("40") and path != "katas" and not self.known(path, identity):
                    files |= {f"{path}/{file}": blob for file, blob in _blobs(objects, identity).items()}
        fork.trees, fork.files, fork.head_commit = trees, files, commit_id

    def _take_progress(self, fork: Fork, repository: Path, now: str, deadline: float) -> None:
        refspec = f"+refs/heads/{self.branch}:refs/fork/progress"
        self._fetch(fork.url, repository, refspec, filtered=f"blob:limit={MOST_BYTES}", deadline=deadline)
        with _Objects(repository, self._environment(), deadline) as objects:
            objects.get("refs/fork/progress", _MOST_TREE)
            commit_id = objects.id
            top = _entries(objects.get("refs/fork/progress^{tree}", _MOST_TREE))
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

    def _fetch(self, url: str, repository: Path, *wanted: str, filtered: str, deadline: float) -> None:
        """Fetch branches, one commit deep, or single objects by their ids, without what `filtered` leaves out."""
        options = ["--quiet", "--no-tags", "--no-write-fetch-head", f"--filter={filtered}"]
        # An object has no depth; and there is nothing to negotiate.
        alone = not wanted[0].startswith("+")
        options += ["--stdin"] if alone else ["--depth=1"]
        if is_local(url):
            options += ["--upload-pack", _LOCAL_SIDE]
        asked = [] if alone else wanted
        given = "".join(f"{each}\n" for each in wanted).encode() if alone else b""
        command = ("-C", str(repository), "-c", "fetch.negotiationAlgorithm=noop", "fetch", *options, "--", _REMOTE)
        self._git(*command, *asked, deadline=deadline, url=url, given=given)

    def _git(self, *arguments: str, deadline: float, url: str = "", given: bytes = b"") -> bytes:
        """What a command of git prints. Raises _Problem where it fails or the time is over."""
        if self._stopped:
            raise _Problem("stopped")
        process = subprocess.Popen(
            ["git", *arguments],
            env=self._environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._running.add(process)
        try:
            out, told = process.communicate(given, timeout=max(deadline - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            end_group(process.pid)
            process.communicate()
            raise _Problem(f"{shown_url(url) or 'git'} did not answer within {self.seconds:g} s") from None
        finally:
            self._running.discard(process)
        if process.returncode:
            raise _Problem(_why(told.decode("utf-8", "replace"), url))
        return out

    def _environment(self, url: str = "") -> dict[str, str]:
        """What git is told by its surroundings: to ask nobody, to run nothing, to fetch from `url`."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT
        }
        ssh = os.environ.get("GIT_SSH_COMMAND", "ssh")
        environment |= {
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "SSH_ASKPASS": "",
            "GIT_SSH_COMMAND": f"{ssh} -o BatchMode=yes",
            # Reading must not fetch by itself what a fetch has left out.
            "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh" if url else "nothing",
            "GIT_NO_LAZY_FETCH": "1",
        }
        settings = _QUIET_CONFIG | ({f"remote.{_REMOTE}.url": url} if url else {})
        environment["GIT_CONFIG_COUNT"] = str(len(settings))
        for number, (key, value) in enumerate(settings.items()):
            environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return environment

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
                "mistake": step["diagnosis"]["mistake"] if step["diagnosis"] else None,
                "says": step["diagnosis"]["says"] if step["diagnosis"] else None,
            }
            for step in steps
            if step["status"] in (RED, BROKEN)
        },
    }


class _Problem(Exception):
    """Why a fork could not be fetched, in words for the one who teaches."""


class _Objects:
    """Reads objects of one repository, each no larger than asked for."""

    def __init__(self, repository: Path, environment: dict[str, str], deadline: float) -> None:
        self.id = ""
        self.repository = repository
        self.environment = environment
        self.deadline = deadline
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            ["git", "-C", str(self.repository), "cat-file", "--batch"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.timer = threading.Timer(max(self.deadline - time.monotonic(), 0.01), end_group, [self.process.pid])
        self.timer.daemon = True
        self.timer.start()

    def _end(self) -> None:
        self.timer.cancel()
        end_group(self.process.pid)
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()

    def __enter__(self) -> _Objects:
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def get(self, name: str, most: int) -> bytes | None:
        """An object's content; None where it was left out of the fetch, or is larger than `most` bytes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(name.encode() + b"\n")
            self.process.stdin.flush()
        header = self.process.stdout.readline().split()
        if not header:
            # git ends at an object that a filter left out; or the time is over.
            self._end()
            if time.monotonic() >= self.deadline:
                raise _Problem("what it sent could not be read in time")
            self._start()
            return None
        if len(header) != 3:
            return None
        self.id, size = header[0].decode(), int(header[2])
        content = self.process.stdout.read(min(size, most))
        rest = size - len(content) + 1
        while rest > 0:
            skipped = self.process.stdout.read(min(rest, 1 << 20))
            if not skipped:
                raise _Problem("what it sent can't be read")
            rest -= len(skipped)
        return content if size <= most else None


@contextlib.contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    """A place for a repository that is needed for a moment."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("git-*"):
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="git-", dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _entries(tree: bytes | None) -> dict[str, tuple[str, str]]:
    """The mode and the id of each name in a tree, from git's own form of it."""
    found = {}
    rest = tree or b""
    while rest:
        head, _, rest = rest.partition(b"\0")
        mode, _, name = head.partition(b" ")
        found[name.decode("utf-8", "replace")] = (mode.decode("ascii", "replace"), rest[:20].hex())
        rest = rest[20:]
    return found


def _blobs(objects: _Objects, tree: str) -> dict[str, str]:
    """The id of every file under a tree, by path. Links and submodules are no files. At most _MOST_FILES."""
    found: dict[str, str] = {}
    waiting = [("", tree, 0)]
    while waiting and len(found) < _MOST_FILES:
        folder, identity, depth = waiting.pop()
        for name, (mode, child) in _entries(objects.get(identity, _MOST_TREE)).items():
            if name in ("", ".", "..") or "/" in name or "\\" in name:
                continue
            if mode.startswith("40") and depth < 8:
                waiting.append((f"{folder}{name}/", child, depth + 1))
            elif mode.startswith("100"):
                found[folder + name] = child
    return found


def _committed_at(commit: bytes) -> str | None:
    match = re.search(rb"^committer .*> (\d{1,11}) [+-]\d{4}$", commit.partition(b"\n\n")[0], re.MULTILINE)
    if match is None:
        return None
    with contextlib.suppress(OverflowError, ValueError, OSError):
        return datetime.datetime.fromtimestamp(int(match[1]), datetime.timezone.utc).isoformat()
    return None


def _why(told: str, url: str) -> str:
    """git's own words on a failure, in ours where they are known."""
    shown = shown_url(url)
    text = " ".join(told.split())
    if re.search(r"could not read Username|Authentication failed|Permission denied|terminal prompts disabled", text):
        return f"{shown} asks for a password or a key that this machine does not have: is it private?"
    if re.search(r"not appear to be a git repository|[Rr]epository .*not found|does not exist|not a git rep", text):
        return f"there is no git repository at {shown}"
    if "unsafe repository" in text or "dubious ownership" in text:
        return f"{shown} belongs to another user: git config --global --add safe.directory {shown}"
    if "couldn't find remote ref" in text:
        return "a branch went away while it was fetched"
    lines = [line for line in told.splitlines() if line.startswith(("fatal:", "error:", "ssh:"))]
    said = " ".join((lines or told.splitlines() or ["it failed"])[0].partition(": ")[2].split()) or "it failed"
    said = clean(said.replace(url, shown))
    return f"{shown} does not answer: {shown_url(said)[:300]}"
