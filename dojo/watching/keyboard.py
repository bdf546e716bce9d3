"""Reads single keys from the terminal, without waiting for the end of a line."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import re
import select
import sys
import threading
from collections.abc import Iterator
from typing import Any

_NAMES = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\x03": "q",
    "\x04": "q",
}
# An arrow or a page key is one sequence that begins with escape; every other key is a character.
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])?|[^\x1b]", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Key:
    """A pressed key: a character, or one of up, down, page up, page down, enter, escape; empty for other keys."""

    name: str


@contextlib.contextmanager
def keys(events: queue.SimpleQueue[Any]) -> Iterator[None]:
    """Put a Key into `events` for each key that is pressed during the block, and restore the terminal afterwards."""
    stop = threading.Event()
    if os.name == "nt":
        threading.Thread(target=_from_windows, args=(events, stop), daemon=True).start()
        try:
            yield
        finally:
            stop.set()
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    waker, wake = os.pipe()
    thread = threading.Thread(target=_from_terminal, args=(descriptor, waker, events), daemon=True, name="dojo-keys")
    thread.start()
    try:
        yield
    finally:
        os.write(wake, b".")
        thread.join(timeout=1)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        os.close(wake)
        os.close(waker)


def _from_terminal(descriptor: int, waker: int, events: queue.SimpleQueue[Any]) -> None:
    while True:
        ready = select.select([descriptor, waker], [], [])[0]
        if waker in ready:
            return
        try:
            typed = os.read(descriptor, 64)
        except OSError:
            typed = b""
        if not typed:
            events.put(Key("q"))
            return
        # Keys that are pressed quickly arrive together.
        for name in _KEY.findall(typed.decode("utf-8", errors="ignore")):
            events.put(Key(_NAMES.get(name, name if len(name) == 1 else "")))


def _from_windows(events: queue.SimpleQueue[Any], stop: threading.Event) -> None:
    import msvcrt

    codes = {"H": "up", "P": "down", "I": "page up", "Q": "page down"}
    wide: Any = msvcrt
    while not stop.is_set():
        if not wide.kbhit():
            stop.wait(0.02)
            continue
        typed = wide.getwch()
        if typed in ("\x00", "\xe0"):
            events.put(Key(codes.get(wide.getwch(), "")))
        else:
            events.put(Key(_NAMES.get(typed, typed)))
