"""Work in a muted fork of this process, which sends messages back."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from dojo.support.processes import LineReader, mute, send

# A message is anything that JSON can hold.
_Work = Callable[[Callable[[object], None]], None]


def in_fork(work: _Work, patience: float) -> Iterator[Any]:
    """Run `work(send)` in a muted fork of this process, and yield the messages that it sends, as `in_forks` does."""
    return (message for _, message in in_forks([work], patience))


def in_forks(works: Sequence[_Work], patience: float) -> Iterator[tuple[int, Any]]:
    """Run each `work(send)` in a separate fork, all at once. Yields each message with the index of its work.

    A fork is killed after `patience` seconds without a message. Whatever happens in a fork, this process goes on.
    """
    forks = [_Fork(work, patience) for work in works]
    try:
        while open_forks := [fork for fork in forks if fork.is_open]:
            longest = min(fork.quiet_until for fork in open_forks) - time.monotonic()
            ready = select.select(open_forks, [], [], max(longest, 0.0))[0]
            for fork in open_forks:
                if fork in ready:
                    yield from ((forks.index(fork), message) for message in fork.read())
                elif time.monotonic() >= fork.quiet_until:
                    fork.end()
    finally:
        for fork in forks:
            fork.end()


class _Fork:
    """A muted fork of this process, and the pipe on which it sends messages."""

    def __init__(self, work: _Work, patience: float) -> None:
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _work_and_end(work, self._reader, writer)
        os.close(writer)
        self._lines = LineReader(self._reader)
        self._patience = patience
        self.quiet_until = time.monotonic() + patience
        self.is_open = True

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return self._reader

    def read(self) -> Iterator[Any]:
        """Yield the messages that have come. Blocks until there is something to read."""
        yield from map(json.loads, self._lines.read())
        self.quiet_until = time.monotonic() + self._patience
        self.is_open = not self._lines.at_end

    def end(self) -> None:
        """Kill the fork if it has not ended."""
        if self._pid:
            os.close(self._reader)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        self._pid, self.is_open = 0, False


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


def fork_is_safe() -> bool:
    """Whether a fork of this process can compute: it runs on Linux, and no accelerator has been started."""
    torch: Any = sys.modules.get("torch")
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return False
    return torch is None or not (torch.cuda.is_initialized() or torch.xpu.is_initialized())
