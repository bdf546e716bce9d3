"""Work in a mute fork of this process, which sends messages home."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any


def in_fork(work: Callable[[Callable[[dict[str, Any]], None]], None], patience: float) -> Iterator[dict[str, Any]]:
    """Run `work(send)` in a mute fork of this process, and yield what it sends.

    The fork is killed where it sends nothing for `patience` seconds; whatever it does, this process goes on.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be_a_child(work, reader, writer)
    os.close(writer)
    try:
        yield from _messages(reader, patience)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _be_a_child(work: Callable[[Callable[[dict[str, Any]], None]], None], reader: int, writer: int) -> None:
    """The child's whole life: mute, do the work, end without running anyone's exit handlers."""
    try:
        os.close(reader)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        if "torch" in sys.modules:
            # OpenMP's threads did not come along: the first parallel operation would wait for them for ever.
            sys.modules["torch"].set_num_threads(1)
        with os.fdopen(writer, "wb", buffering=0) as pipe:
            work(lambda message: write_message(pipe, message))
    finally:
        os._exit(0)


def fork_is_safe() -> bool:
    """Whether this process may fork and go on computing: Linux, and no accelerator of its own has been started."""
    torch: Any = sys.modules.get("torch")
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return False
    return torch is None or not (torch.cuda.is_initialized() or torch.xpu.is_initialized())


def write_message(file: Any, message: dict[str, Any]) -> None:
    file.write(json.dumps(message).encode() + b"\n")


def _messages(reader: int, patience: float) -> Iterator[dict[str, Any]]:
    buffer = b""
    while select.select([reader], [], [], patience)[0]:
        chunk = os.read(reader, 1 << 16)
        if not chunk:
            return
        *lines, buffer = (buffer + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)
