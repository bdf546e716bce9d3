"""The processes that a check starts: those with a mark in their environment, however deep, and how to end one."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path


def wait_until(mark: str, word: str, *, runs: bool, seconds: float) -> None:
    """Wait until a process that has `mark` in its environment and `word` in its command runs, or until none does."""
    deadline = time.monotonic() + seconds
    while any(word in command for command in commands_of(mark)) != runs:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def commands_of(mark: str) -> list[str]:
    """The command lines of the processes whose environment has the variable `mark` set to 1."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f"{mark}=1".encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, so that its files are deleted. If the program does not, kill it."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
