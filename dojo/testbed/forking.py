"""Work in a muted fork of this process, which sends messages back."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from dojo.support.processes import LineReader, mute, send

# The largest file that a learner's code may write, including what it prints, in bytes.
_FILE = 1 << 30
# The most memory that a fork may ask for in addition to what it has, in bytes.
_MEMORY = 8 << 30

# A message is anything that JSON can hold.
_Work = Callable[[Callable[[object], None]], None]


def in_fork(work: _Work, patience: float, until: int | None = None) -> Iterator[Any]:
    """Run `work(send)` in a muted fork of this process, and yield the messages that it sends.

    The fork is killed after `patience` seconds without a message, and as soon as the descriptor `until` can be read.
    Whatever happens in the fork, this process goes on.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _work_and_end(work, reader, writer)
    os.close(writer)
    lines = LineReader(reader)
    try:
        while not lines.at_end:
            ready = select.select([reader, *([] if until is None else [until])], [], [], patience)[0]
            if ready != [reader]:
                return
            yield from map(json.loads, lines.read())
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _work_and_end(work: _Work, reader: int, writer: int) -> NoReturn:
    """The fork's whole life. No exit handlers run."""
    try:
        os.close(reader)
        mute()
        compute_on_one_thread()
        work(lambda message: send(writer, message))
    finally:
        os._exit(0)


def compute_on_one_thread() -> None:
    """Let PyTorch compute on one thread in a fork: OpenMP's threads are not forked, and PyTorch would wait for them."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def limit_resources() -> None:
    """In a fork: let a huge allocation, and a file that grows without end, fail in the line that asks for it."""
    # Windows has no such module, and no forks.
    import resource

    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE if hard < 0 else min(_FILE, hard), hard))
    with contextlib.suppress(OSError, ValueError, IndexError):
        available = next(
            int(line.split()[1]) * 1024
            for line in Path("/proc/meminfo").read_text().splitlines()
            if line.startswith("MemAvailable")
        )
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + min(available // 2, _MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def fork_is_safe() -> bool:
    """Whether a fork of this process can compute: it runs on Linux, and no accelerator has been started."""
    torch: Any = sys.modules.get("torch")
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return False
    return torch is None or not (torch.cuda.is_initialized() or torch.xpu.is_initialized())
