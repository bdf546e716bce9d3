"""Child processes: lines over pipes, muting a process, and ending the processes that a run leaves behind.

On systems other than Linux, some functions do less or nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

_DIE_WITH_PARENT, _SUBREAPER = 1, 36


class LineReader:
    """Reads whole lines from a pipe, or from a file that grows.

    `at_end` is True if the last `read` found the end: the writer has closed the pipe, or the file has no more data yet.
    """

    def __init__(self, descriptor: int) -> None:
        self.at_end = False
        self._descriptor = descriptor
        self._rest = b""

    @property
    def waiting(self) -> int:
        """The number of bytes that have been read of an incomplete line."""
        return len(self._rest)

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to read; return False if there is nothing after `seconds`."""
        return bool(select.select([self._descriptor], [], [], max(seconds, 0.0))[0])

    def read(self) -> list[bytes]:
        """Read once, and return the lines that are complete now, without their line endings.

        Blocks until there is something to read, unless the descriptor is non-blocking.
        """
        try:
            chunk = os.read(self._descriptor, 1 << 16)
        except BlockingIOError:
            return []
        self.at_end = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return lines


def send(descriptor: int, message: object, default: Callable[[object], object] | None = None) -> None:
    """Write a message of any size as one line of JSON. `default` converts an object that JSON can't hold."""
    line = json.dumps(message, default=default).encode() + b"\n"
    while line:
        line = line[os.write(descriptor, line) :]


def empty_input() -> None:
    """Give this process a standard input that is empty."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def mute(log: Path | None = None) -> None:
    """Give this process an empty standard input, and write its output to the file `log` (default: nowhere)."""
    empty_input()
    target = os.open(log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor in (1, 2):
        os.dup2(target, descriptor)
    os.close(target)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that `end_orphans` finds it."""
    _prctl(_SUBREAPER, 1)


def die_with_parent() -> None:
    """Make the system kill this process when its parent ends, however the parent ends."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def end_group(pid: int) -> None:
    """Kill a process and every process of the group that it leads."""
    for kill in (getattr(os, "killpg", None), os.kill):
        if kill is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


@dataclasses.dataclass(frozen=True)
class Ran:
    """The exit status of a command, and what it printed, standard error included."""

    status: int
    printed: str


def run_in_session(command: list[str], folder: Path, seconds: float, env: dict[str, str]) -> Ran:
    """Run a command in a separate session. Raises subprocess.TimeoutExpired as `wait_or_end` does."""
    # The output goes to a file, because a process that outlives the command would keep a pipe open.
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            # In the same session, the command would get the interrupts of this process.
            start_new_session=True,
        )
        status = wait_or_end(process, seconds)
        printed.seek(0)
        return Ran(status, printed.read().decode("utf-8", errors="replace").strip("\r\n"))


def wait_or_end(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Wait for a process that leads a group, and return its exit status.

    Raises subprocess.TimeoutExpired after `seconds`. In that case, or if the wait is interrupted, the whole group is
    killed.
    """
    try:
        return process.wait(seconds)
    finally:
        if process.returncode is None:
            end_group(process.pid)
            process.wait()


def children() -> set[int]:
    """The ids of this process's children; empty if the system does not list them."""
    with contextlib.suppress(OSError, ValueError):
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    return set()


def end_orphans(known: set[int]) -> None:
    """Kill every child of this process that is not in `known`, with its group and the children adopted from it."""
    for _ in range(10):
        strangers = children() - known
        if not strangers:
            return
        for pid in strangers:
            end_group(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
