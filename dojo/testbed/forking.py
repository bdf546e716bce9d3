"""Work in a muted fork of this process, which sends messages back."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from dojo.support.processes import LineReader, mute, send

_Work = Callable[[Callable[[dict[str, Any]], None]], None]


def in_fork(work: _Work, patience: float) -> Iterator[dict[str, Any]]:
    """Run `work(send)` in a muted fork of this process, and yield the messages that it sends.

    The fork is killed after `patience` seconds without a message. Whatever happens in the fork, this process goes on.
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
        while lines.wait(patience):
            yield from map(json.loads, lines.read())
            if lines.at_end:
                return
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _work_and_end(work: _Work, reader: int, writer: int) -> NoReturn:
    """The fork's whole life. It ends without running anyone's exit handlers."""
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
    """Whether this process may fork and compute on: it runs on Linux, and has not started an accelerator."""
    torch: Any = sys.modules.get("torch")
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return False
    return torch is None or not (torch.cuda.is_initialized() or torch.xpu.is_initialized())
