"""Runs git on repositories that may be hostile. This git asks nothing, runs no hook, and reads a limited amount."""

from __future__ import annotations

import contextlib
import datetime
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from dojo.classroom.roster import is_local, shown_url
from dojo.support.errors import DojoError
from dojo.support.processes import end_group
from dojo.support.text import clean

_MOST_TREE = 2_000_000
MOST_FILES = 2_000
# In bytes: the size of a fork's pack, the memory that git may use to read it, and the memory that git may map.
_MOST_PACK = 64_000_000
_MOST_MEMORY = 200_000_000
_MOST_MAPPED = 600_000_000
_MOST_DEPTH = 8
# The most bytes that git may print: names of branches, and messages of a server.
_MOST_PRINTED = 1_000_000
# git also serves repositories on this disk. Without this setting it would ignore the filter and send large files.
_LOCAL_SIDE = "git -c uploadpack.allowFilter=true upload-pack"
# These settings of the user say how git reaches a host.
_KEPT = (
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_NO_VERIFY",
    "GIT_PROXY_COMMAND",
    "GIT_EXEC_PATH",
    "GIT_CONFIG_GLOBAL",
)
# git remembers which objects a filter left out, but only for a remote with a name.
_REMOTE = "fork"
_QUIET_CONFIG = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",
    "fetch.negotiationAlgorithm": "noop",
    "transfer.credentialsInUrl": "allow",
    "credential.interactive": "false",
    "protocol.ext.allow": "never",
    # Use little memory, whatever the pack holds.
    "core.bigFileThreshold": "1m",
    "core.deltaBaseCacheLimit": "16m",
    "core.packedGitLimit": "64m",
    "core.packedGitWindowSize": "1m",
    "index.threads": "1",
    "pack.threads": "1",
}
# A server may send more than git asked for. The system ends git if it exceeds these limits.
_BOUNDS = f"ulimit -f {_MOST_PACK // 512}; ulimit -d {_MOST_MEMORY // 1024}; ulimit -v {_MOST_MAPPED // 1024}"
_LIMITED = ["sh", "-c", f'{_BOUNDS}; exec "$@"', "sh"] if sys.platform.startswith("linux") else []


class Problem(DojoError):
    """Why a fork could not be fetched. The message follows "Ada: " and has no full stop. `mark` is its short form."""

    def __init__(self, message: str, mark: str = "not read") -> None:
        super().__init__(message)
        self.mark = mark


class UntrustedGit:
    """Runs git on repositories that may be hostile. Each method raises Problem if git fails or is too slow.

    A `deadline` is a time of time.monotonic().
    """

    def __init__(self, seconds: float) -> None:
        """seconds: the time limit for each fork, for error messages."""
        self.seconds = seconds
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def stop(self) -> None:
        """Kill every running git, and do not start another."""
        self._stopped = True
        for process in list(self._running):
            end_group(process.pid)

    def tips(self, url: str, *references: str, deadline: float) -> dict[str, str]:
        """Return the commit of each of these references of the repository at `url`. Missing references are left out."""
        told = self.run("ls-remote", "--", url, *references, deadline=deadline, url=url)
        lines = (line.partition("\t") for line in told.decode("utf-8", "replace").splitlines())
        return {name: commit for commit, _, name in lines}

    @contextlib.contextmanager
    def copy(self, url: str, folder: Path, deadline: float) -> Iterator[Copy]:
        """Make an empty repository in `folder` that can fetch from `url`. It is deleted afterwards."""
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("git-*"):
            shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="git-", dir=folder, ignore_cleanup_errors=True) as name:
            self.run("init", "-q", "--bare", "--template=", name, deadline=deadline)
            yield Copy(self, url, Path(name), deadline)

    def run(self, *arguments: str, deadline: float, url: str = "", given: bytes = b"") -> bytes:
        """Return what a command prints. The command may only reach `url`, and its standard input is `given`."""
        if self._stopped:
            raise Problem("stopped")
        # These are files, not pipes, so the limit on the size of files also limits what git prints.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
            process = subprocess.Popen(
                [*_LIMITED, "git", *arguments],
                env=_environment(url),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=told,
                start_new_session=True,
            )
            self._running.add(process)
            try:
                process.communicate(given, timeout=max(deadline - time.monotonic(), 0.01))
            except subprocess.TimeoutExpired:
                end_group(process.pid)
                process.communicate()
                raise Problem(
                    f"{shown_url(url) or 'git'} did not answer within {self.seconds:g} s", "no answer"
                ) from None
            finally:
                self._running.discard(process)
            printed, remarks = _start_of(out, _MOST_PRINTED + 1), _start_of(told, _MOST_PRINTED)
        if _LIMITED and process.returncode in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
            raise Problem(f"the fork sends more than {_MOST_PACK // 1_000_000} MB")
        if process.returncode:
            raise _why(remarks.decode("utf-8", "replace"), url)
        if len(printed) > _MOST_PRINTED:
            raise Problem(f"the names of its branches have more than {_MOST_PRINTED // 1_000_000} MB")
        return printed


def _start_of(file: IO[bytes], most: int) -> bytes:
    file.seek(0)
    return file.read(most)


class Copy:
    """A bare repository on this disk that holds what was fetched from one fork."""

    def __init__(self, git: UntrustedGit, url: str, path: Path, deadline: float) -> None:
        self._git = git
        self._url = url
        self._path = path
        self._deadline = deadline

    def fetch(self, reference: str, to: str, *, filtered: str) -> None:
        """Fetch the commit of a reference into the reference `to`. `filtered` says which objects git leaves out."""
        self._fetch(f"+{reference}:{to}", filtered=filtered, options=("--depth=1",))

    def last_before(self, reference: str, moment: datetime.datetime) -> str | None:
        """Fetch a reference's commits, and return the last commit before a time; None if there is no such commit.

        Commits that a merge brought into the branch do not count, because the merge may be later than the time.
        """
        self._fetch(f"+{reference}:refs/fork/dated", filtered="tree:0")
        options = ("--first-parent", "-1", f"--before={math.ceil(moment.timestamp()) - 1}")
        command = ("-C", str(self._path), "rev-list", *options, "refs/fork/dated")
        return self._git.run(*command, deadline=self._deadline, url=self._url).decode().strip() or None

    def fetch_files(self, ids: Iterable[str], *, filtered: str) -> None:
        """Fetch the contents of files by their ids. `filtered` says which contents git leaves out."""
        given = "".join(f"{each}\n" for each in ids).encode()
        self._fetch(filtered=filtered, given=given, options=("--stdin",))

    def objects(self) -> Objects:
        """Return a reader of the objects that were fetched."""
        return Objects(self._path, self._deadline)

    def _fetch(self, *wanted: str, filtered: str, given: bytes = b"", options: tuple[str, ...] = ()) -> None:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", f"--filter={filtered}", *options)
        if is_local(self._url):
            options += ("--upload-pack", _LOCAL_SIDE)
        command = ("-C", str(self._path), "fetch", *options, "--", _REMOTE, *wanted)
        self._git.run(*command, deadline=self._deadline, url=self._url, given=given)


class Objects:
    """Reads objects of one repository. An object that is larger than the given limit counts as missing."""

    def __init__(self, repository: Path, deadline: float) -> None:
        self._repository = repository
        self._deadline = deadline
        self._start()

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def get(self, name: str, most: int) -> bytes | None:
        """Return an object's content, or None if it is missing or has more than `most` bytes. Raises Problem."""
        return self._read(name, most)[1]

    def commit(self, name: str) -> tuple[str, str | None]:
        """Return a commit's id ("" if it is missing) and the time at which it was made (ISO 8601), if known."""
        identity, content = self._read(name, _MOST_TREE)
        return identity, _committed_at(content or b"")

    def entries(self, tree: str) -> dict[str, tuple[str, str]]:
        """Return the mode and the id of each entry of a tree, by name. A missing tree is empty."""
        return entries_of(self.get(tree, _MOST_TREE) or b"")

    def files(self, tree: str) -> dict[str, str]:
        """Return the id of each file under a tree, by path, without links and submodules.

        Large trees are cut off: the result has at most MOST_FILES files, from at most MOST_FILES folders.
        """
        found: dict[str, str] = {}
        waiting = [("", tree, 0)]
        folders = 0
        while waiting and len(found) < MOST_FILES and folders < MOST_FILES:
            folder, identity, depth = waiting.pop()
            folders += 1
            for name, (mode, child) in self.entries(identity).items():
                if name in ("", ".", "..") or "/" in name or "\\" in name:
                    continue
                if mode.startswith("40") and depth < _MOST_DEPTH and len(waiting) < MOST_FILES:
                    waiting.append((f"{folder}{name}/", child, depth + 1))
                elif mode.startswith("100") and len(found) < MOST_FILES:
                    found[folder + name] = child
        return found

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [*_LIMITED, "git", "-C", str(self._repository), "cat-file", "--batch"],
            env=_environment(""),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        left = max(self._deadline - time.monotonic(), 0.01)
        self._timer = threading.Timer(left, end_group, [self._process.pid])
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self._timer.cancel()
        end_group(self._process.pid)
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()

    def _read(self, name: str, most: int) -> tuple[str, bytes | None]:
        """Return an object's id and its content; "" and None if the object is missing."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with contextlib.suppress(BrokenPipeError):
            stdin.write(name.encode() + b"\n")
            stdin.flush()
        header = stdout.readline().split()
        if not header:
            # git has ended: at the deadline, or because a filter left this object out.
            self._end()
            if time.monotonic() >= self._deadline:
                raise Problem("git could not read its files in time")
            self._start()
            return "", None
        if len(header) != 3:
            return "", None
        size = int(header[2])
        content = stdout.read(min(size, most))
        rest = size - len(content) + 1
        while rest > 0:
            skipped = stdout.read(min(rest, 1 << 20))
            if not skipped:
                raise Problem("git could not read its files")
            rest -= len(skipped)
        return header[0].decode(), content if size <= most else None


def entries_of(tree: bytes) -> dict[str, tuple[str, str]]:
    """Return the mode and the id of each entry of a tree, by name. `tree` is in git's own format."""
    found = {}
    start = 0
    while (end := tree.find(b"\0", start)) >= 0:
        mode, _, name = tree[start:end].partition(b" ")
        start = end + 21
        found[name.decode("utf-8", "replace")] = (mode.decode("ascii", "replace"), tree[end + 1 : start].hex())
    return found


def _environment(url: str) -> dict[str, str]:
    """Return the environment of a git that asks nothing and runs nothing. It may only reach `url` ("": no address)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    ssh = os.environ.get("GIT_SSH_COMMAND", "ssh")
    environment |= {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_SSH_COMMAND": f"{ssh} -o BatchMode=yes",
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh" if url else "nothing",
        # Otherwise git would fetch an object that a filter left out as soon as the object is read.
        "GIT_NO_LAZY_FETCH": "1",
    }
    settings = _QUIET_CONFIG | ({f"remote.{_REMOTE}.url": url} if url else {})
    environment["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def _committed_at(commit: bytes) -> str | None:
    match = re.search(rb"^committer .*> (\d{1,11}) [+-]\d{4}$", commit.partition(b"\n\n")[0], re.MULTILINE)
    if match is None:
        return None
    with contextlib.suppress(OverflowError, ValueError, OSError):
        return datetime.datetime.fromtimestamp(int(match[1]), datetime.timezone.utc).isoformat()
    return None


def _why(told: str, url: str) -> Problem:
    """Return why git failed: in the dojo's words if the reason is known, otherwise in git's words."""
    shown = shown_url(url)
    text = " ".join(told.split())
    if re.search(r"could not read Username|Authentication failed|Permission denied|terminal prompts disabled", text):
        access = "gh auth setup-git, or use an ssh address" if "://" in url else "add your key to ssh-agent"
        says = f"{shown} is private, or does not exist. Give git access first, for example: {access}"
        return Problem(says, "private")
    if re.search(r"not appear to be a git repository|[Rr]epository .*not found|does not exist|not a git rep", text):
        return Problem(f"there is no git repository at {shown}", "no fork")
    if "unsafe repository" in text or "dubious ownership" in text:
        allow = f"git config --global --add safe.directory {shown}"
        return Problem(f"{shown} belongs to another user. To allow it: {allow}")
    if re.search(r"[Oo]ut of memory|malloc failed|mmap failed", text):
        return Problem(f"git needs more than {_MOST_MEMORY // 1_000_000} MB of memory to read what the fork sends")
    if "couldn't find remote ref" in text:
        return Problem("a branch was deleted during the fetch")
    lines = [line for line in told.splitlines() if line.startswith(("fatal:", "error:", "ssh:"))]
    said = " ".join((lines or told.splitlines() or ["it failed"])[0].partition(": ")[2].split()) or "it failed"
    said = clean(said.replace(url, shown))
    return Problem(f"{shown} does not answer: {shown_url(said)[:300]}", "no answer")
