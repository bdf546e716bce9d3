"""Processes that a run leaves behind, on Linux: adopting them, and ending them. Elsewhere each does what it can."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

_DIE_WITH_PARENT, _SUBREAPER = 1, 36


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent ends, so that end_orphans finds them."""
    _prctl(_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have this process killed when the one that started it ends, however it ends."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def end_group(pid: int) -> None:
    """Kill a process and every process of the group that it leads."""
    for kill in (getattr(os, "killpg", None), os.kill):
        if kill is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def children() -> set[int]:
    """The processes whose parent this process is; empty where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    return set()


def end_orphans(known: set[int]) -> None:
    """Kill every child of this process that is not among `known`, with its group, and children that come to it."""
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
