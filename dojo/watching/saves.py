"""Notices that a file was saved, whatever the editor does to save it."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import queue
import threading
import time
from pathlib import Path
from typing import Any

import watchfiles

from dojo.course.layout import read_parts

# After this time without an event, in seconds, the drive is assumed to announce no events.
_PROBE = 1.5
# How often watchfiles looks for new events, in milliseconds. It returns after one quiet interval.
_STEP = 12
_POLL = 250
_PARTS = read_parts()


@dataclasses.dataclass(frozen=True)
class Saved:
    """Files have changed. `katas`: the learner's files. `course`: whether another file of the course has changed."""

    katas: frozenset[Path]
    course: bool


@dataclasses.dataclass(frozen=True)
class Polling:
    """The files are read at intervals from now on, because of `reason`."""

    reason: str


class Saves(threading.Thread):
    """Puts a Saved into `events` whenever files of the course at `root` change, until closed."""

    def __init__(self, root: Path, events: queue.SimpleQueue[Any], *, poll: bool | None = None) -> None:
        super().__init__(daemon=True, name="dojo-saves")
        self.root = root
        self.events = events
        self.poll = poll
        self._stop_now = threading.Event()
        self._heard = threading.Event()
        self._again = threading.Event()

    def run(self) -> None:
        """Watch until closed; poll if events do not arrive."""
        if self.poll:
            self.events.put(Polling("as asked"))
        elif self.poll is None:
            threading.Thread(target=self._probe, daemon=True, name="dojo-probe").start()
        while not self._stop_now.is_set():
            self._again.clear()
            try:
                self._watch()
            except (OSError, RuntimeError) as error:
                # There are no inotify watches left, or a watched folder was deleted.
                if self.poll or self._stop_now.is_set():
                    time.sleep(1)
                self._poll_because(str(error).partition("\n")[0])

    def close(self) -> None:
        self._stop_now.set()
        self._again.set()

    def _watch(self) -> None:
        folders = [self.root / name for name in ("katas", ".dojo", *_PARTS) if (self.root / name).exists()]
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=400,
            step=_STEP if not self.poll else 50,
            stop_event=_Either(self._stop_now, self._again),  # watchfiles calls only is_set
            rust_timeout=1000,
            force_polling=self.poll,
            poll_delay_ms=_POLL,
            raise_interrupt=False,
        ):
            self._tell({Path(name) for _, name in changes})

    def _tell(self, paths: set[Path]) -> None:
        self._heard.set()
        relative = {path.relative_to(self.root) for path in paths if self.root in path.parents}
        katas = {self.root / path for path in relative if path.parts[0] == "katas" and path.suffix == ".py"}
        course = any(
            path.parts[0] in _PARTS and path.suffix in (".py", ".md", ".toml") and "__pycache__" not in path.parts
            for path in relative
        )
        if katas or course:
            self.events.put(Saved(frozenset(katas), course))

    def _probe(self) -> None:
        """Write a file in a watched folder, and poll if no event arrives."""
        path = self.root / ".dojo" / ".probe"
        for _ in range(2):
            if self._stop_now.wait(_PROBE / 2) or self._heard.is_set():
                break
            try:
                path.write_text(str(time.time()), encoding="utf-8")
            except OSError:
                # Nobody can save a file on a read-only drive.
                return
            if self._stop_now.wait(_PROBE / 2):
                break
        with contextlib.suppress(OSError):
            path.unlink()
        if not self._heard.is_set() and not self._stop_now.is_set():
            self._poll_because("saved files are not announced on this drive")

    def _poll_because(self, reason: str) -> None:
        if not self.poll:
            self.poll = True
            self.events.put(Polling(reason))
            self._again.set()


class _Either:
    """Is set if either of two events is set."""

    def __init__(self, first: threading.Event, second: threading.Event) -> None:
        self._events = (first, second)

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


def meaning(path: Path) -> str:
    """The code of a file as a text. Two files that differ only in layout and comments have the same text.

    Some editors empty a file before they write it, so an empty or missing file is read again after a short wait. The
    text is empty if the file still is.
    """
    for _ in range(2):
        with contextlib.suppress(OSError):
            text = path.read_bytes()
            if text.strip():
                break
        time.sleep(0.03)
    else:
        return ""
    try:
        # Given bytes, ast.parse would accept a comment that is not UTF-8, but importing the kata does not.
        return ast.dump(ast.parse(text.decode("utf-8-sig")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text.decode("utf-8", errors="replace")
