"""Git for repositories that strangers wrote: it asks nobody, runs no hook, and reads no more than it is told to."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from dojo.classroom.roster import is_local, shown_url
from dojo.support.processes import end_group
from dojo.support.text import clean

MOST_TREE = 2_000_000
MOST_FILES = 2_000
# A fork's pack, in bytes, and what git may use to read it.
_MOST_PACK = 64_000_000
_MOST_MEMORY = 600_000_000
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
    # Little memory, whatever is in the pack.
    "core.bigFileThreshold": "1m",
    "core.deltaBaseCacheLimit": "16m",
    "core.packedGitLimit": "64m",
    "core.packedGitWindowSize": "1m",
    "index.threads": "1",
    "pack.threads": "1",
}
# A server may send more than it was asked for: the system ends a git that writes or maps more than this.
_LIMITED = (
    ["sh", "-c", f'ulimit -f {_MOST_PACK // 512}; ulimit -v {_MOST_MEMORY // 1024}; exec "$@"', "sh"]
    if sys.platform.startswith("linux")
    else []
)


class Problem(Exception):
    """Why a fork could not be fetched, in words for the one who teaches."""


class UntrustedGit:
    """Runs git on repositories that may be hostile, each command within its deadline (time.monotonic)."""

    def __init__(self, seconds: float) -> None:
        """seconds: the limit for each fork, as errors name it."""
        self.seconds = seconds
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def stop(self) -> None:
        """End every git that runs."""
        self._stopped = True
        for process in list(self._running):
            end_group(process.pid)

    def objects(self, repository: Path, deadline: float) -> Objects:
        """A reader of one repository's objects."""
        return Objects(repository, self._environment(), deadline)

    def fetch(self, url: str, repository: Path, *wanted: str, filtered: str, deadline: float) -> None:
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
        self.run(*command, *asked, deadline=deadline, url=url, given=given)

    def run(self, *arguments: str, deadline: float, url: str = "", given: bytes = b"") -> bytes:
        """What a command of git prints. Raises Problem where it fails or the time is over."""
        if self._stopped:
            raise Problem("stopped")
        process = subprocess.Popen(
            [*_LIMITED, "git", *arguments],
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
            raise Problem(f"{shown_url(url) or 'git'} did not answer within {self.seconds:g} s") from None
        finally:
            self._running.discard(process)
        if process.returncode in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ) if hasattr(signal, "SIGXFSZ") else False:
            raise Problem(f"it sends more than {_MOST_PACK // 1_000_000} MB")
        if process.returncode:
            raise Problem(_why(told.decode("utf-8", "replace"), url))
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


class Objects:
    """Reads objects of one repository, each no larger than asked for."""

    def __init__(self, repository: Path, environment: dict[str, str], deadline: float) -> None:
        self.id = ""
        self.repository = repository
        self.environment = environment
        self.deadline = deadline
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [*_LIMITED, "git", "-C", str(self.repository), "cat-file", "--batch"],
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

    def __enter__(self) -> Objects:
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
                raise Problem("what it sent could not be read in time")
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
                raise Problem("what it sent can't be read")
            rest -= len(skipped)
        return content if size <= most else None


def entries_of(tree: bytes | None) -> dict[str, tuple[str, str]]:
    """The mode and the id of each name in a tree, from git's own form of it."""
    found = {}
    tree = tree or b""
    start = 0
    while (end := tree.find(b"\0", start)) >= 0:
        mode, _, name = tree[start:end].partition(b" ")
        start = end + 21
        found[name.decode("utf-8", "replace")] = (mode.decode("ascii", "replace"), tree[end + 1 : start].hex())
    return found


def blobs_of(objects: Objects, tree: str) -> dict[str, str]:
    """The id of every file under a tree, by path, at most MOST_FILES; of at most as many folders.

    Links and submodules are no files.
    """
    found: dict[str, str] = {}
    waiting = [("", tree, 0)]
    folders = 0
    while waiting and len(found) < MOST_FILES and folders < MOST_FILES:
        folder, identity, depth = waiting.pop()
        folders += 1
        for name, (mode, child) in entries_of(objects.get(identity, MOST_TREE)).items():
            if name in ("", ".", "..") or "/" in name or "\\" in name:
                continue
            if mode.startswith("40") and depth < 8 and len(waiting) < MOST_FILES:
                waiting.append((f"{folder}{name}/", child, depth + 1))
            elif mode.startswith("100") and len(found) < MOST_FILES:
                found[folder + name] = child
    return found


def committed_at(commit: bytes) -> str | None:
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
