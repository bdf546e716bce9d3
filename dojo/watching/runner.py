"""Running pytest in a process that is warm already, and cancelling a run that a newer save has made stale."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import dojo
from dojo.progress.data import Progress
from dojo.progress.reading import read_progress
from dojo.support.errors import DojoError

# What no run here needs takes time to set up: pytest's plugins for other ways of testing and reporting, asserts that
# are rewritten (the tests' own sentences say more), and other packages' plugins.
_UNUSED = "cacheprovider doctest faulthandler junitxml logging pastebin recwarn setuponly setupplan stepwise unittest"
_LEAN = ["--assert=plain", "-p", "pytest_timeout", *(word for name in _UNUSED.split() for word in ("-p", f"no:{name}"))]
# What a warm process is started as, and where it finds this very package.
WARM = "dojo.watching.warm_server"
PACKAGE_PARENT = str(Path(dojo.__file__).resolve().parent.parent)
# As much of what a run printed is kept, in bytes, from the end: enough to say why it ended.
_TAIL = 2000


@dataclasses.dataclass(frozen=True)
class Finished:
    """A run that has ended: its `status` (pytest's exit status, or minus the signal that ended it; None where it was
    cancelled), its `progress` (None where it wrote none), what it printed last.
    """

    run: int
    status: int | None
    progress: Progress | None
    printed: str = ""


@dataclasses.dataclass(frozen=True)
class Red:
    """A test of a step is red in the run under way, for a reason of this `kind`; its mistake is not known yet."""

    run: int
    step: str
    kind: str
    report: list[list[tuple[str, str]]]


class Runner:
    """Runs pytest with arguments, one run at a time, each in a process that is warm.

    way: `fork` (one process stays warm and forks for each run), `spawn` (a spare process is kept warm for the next
    run), or `auto`: fork where it is safe. What comes of a run is put into `events`, a queue: Red as soon as a test is
    red, and in the end Finished. A warm process that is ready puts a `ready` there.
    """

    def __init__(self, root: Path, events: queue.SimpleQueue[Any], way: str = "auto") -> None:
        self.root = root
        self.events = events
        self.way = way if way != "auto" else "fork" if _can_fork() else "spawn"
        self.ready = False
        self._folder = Path(tempfile.mkdtemp(prefix="dojo-watch-"))
        self._number = 0
        # The run that was asked for last: what is heard of an earlier one is out of date.
        self.latest = 0
        self._running: int | None = None
        self._arguments: list[str] = []
        self._prepared: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._busy: subprocess.Popen[bytes] | None = None
        self._stamp = _stamp()
        self._closed = False
        self._lock = threading.RLock()

    @property
    def running(self) -> bool:
        return self._running is not None

    def start(self) -> None:
        """Start warming a process, if none is warm or warming."""
        with self._lock:
            if self._process is None and not self._closed:
                self._process = self._spawn()

    def run(self, arguments: Sequence[str]) -> None:
        """Start a run of pytest; a run under way is cancelled first."""
        with self._lock:
            self.cancel()
            if _stamp() != self._stamp:
                self.restart()
            self.start()
            if self._prepared is not None and list(arguments) == self._arguments:
                number, self._prepared = self._prepared, None
                asked: dict[str, Any] = {"go": number}
            else:
                self._drop_prepared()
                number, asked = self._next(list(arguments))
            self.latest = self._running = number
            self._arguments = list(arguments)
            process = self._process
            assert process is not None
            if self.way == "spawn":
                self._busy, self._process = process, None
            if not self._ask(process, asked) and self.way == "fork":
                self.restart()
                self._ask_anew(list(arguments))

    def prepare(self) -> None:
        """Make a run with the last one's arguments ready, if none is running: most saves ask for the same again."""
        with self._lock:
            if self.way != "fork" or not self.ready or self.running or self._prepared is not None:
                return
            if self._arguments and self._process is not None:
                number, asked = self._next(self._arguments)
                if self._ask(self._process, {"prepare": asked.pop("run"), **asked}):
                    self._prepared = number

    def _next(self, arguments: list[str]) -> tuple[int, dict[str, Any]]:
        """A new run's number, and what asks for it."""
        self._number += 1
        out = self._folder / f"{self._number}.json"
        return self._number, {
            "run": self._number,
            "arguments": [*arguments, f"--progress-json={out}", *_LEAN],
            "log": str(self._folder / f"{self._number}.log"),
        }

    def _ask_anew(self, arguments: list[str]) -> None:
        """Ask for the run under way once more, under another number: what was to run it is gone."""
        self.latest, asked = self._next(arguments)
        self._running = self.latest
        if self._process is not None:
            self._ask(self._process, asked)

    def unprepare(self) -> None:
        """Drop the run that was made ready: what it has read already is out of date."""
        with self._lock:
            self._drop_prepared()

    def _drop_prepared(self) -> None:
        number, self._prepared = self._prepared, None
        if number is not None and self._process is not None:
            self._ask(self._process, {"cancel": number})

    def cancel(self) -> None:
        """End the run under way, if there is one; nothing more is heard of it."""
        with self._lock:
            number, self._running = self._running, None
            if number is None:
                return
            if self.way == "fork" and self._process is not None:
                self._ask(self._process, {"cancel": number})
            elif self._busy is not None:
                _end(self._busy)
                self._busy = None
                self.start()

    def restart(self) -> None:
        """Begin anew with a fresh process: what the warm one has imported is out of date."""
        with self._lock:
            self._stamp = _stamp()
            self.cancel()
            self._prepared = None
            if self._process is not None:
                _end(self._process)
                self._process = None
            self.start()

    def close(self) -> None:
        """End every process and take away what they wrote."""
        with self._lock:
            self._closed = True
            self._running = None
            for process in (self._process, self._busy):
                if process is not None:
                    _end(process)
            self._process = self._busy = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.ready = False
        errors = (self._folder / "warm.log").open("ab")
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", WARM, str(self.root), self.way],
                cwd=self.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env=_environment(),
            )
        except OSError as error:
            raise DojoError(f"Could not start {sys.executable}: {error.strerror}.") from None
        finally:
            errors.close()
        threading.Thread(target=self._listen, args=(process,), daemon=True, name="dojo-runner").start()
        return process

    def _ask(self, process: subprocess.Popen[bytes], message: dict[str, Any]) -> bool:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(message).encode() + b"\n")
            process.stdin.flush()
        except (BrokenPipeError, OSError, ValueError):
            return False
        return True

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Hear what a warm process says, until it ends."""
        assert process.stdout is not None
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if "ready" in message:
                    self.ready = True
                    self.events.put("ready")
                elif "lost" in message:
                    with self._lock:
                        if self._running == message["lost"]:
                            self._ask_anew(self._arguments)
                elif self._running == message["run"] and "red" in message:
                    self.events.put(Red(message["run"], message["red"], message["kind"], message["report"]))
                elif self._running == message["run"]:
                    self._finish(message["run"], message["status"])
        status = process.wait()
        with self._lock:
            if self.way == "spawn" and process is self._busy:
                self._busy = None
                if self._running is not None:
                    self._finish(self._running, status)
                self.start()
            elif process is self._process and not self._closed:
                # The warm process itself was killed: whatever ran is lost with it, and a new one is warmed.
                self._process = self._prepared = None
                was_ready, self.ready = self.ready, False
                if self._running is not None:
                    self._finish(self._running, status)
                if was_ready:
                    self.start()
                else:
                    self.events.put(DojoError(f"The runner could not start: {self._last_words()}"))

    def _finish(self, run: int, status: int) -> None:
        self._running = None
        self.events.put(Finished(run, status, self._progress(run), self._printed(f"{run}.log")))
        for ending in ("json", "log"):
            with contextlib.suppress(OSError):
                (self._folder / f"{run}.{ending}").unlink()

    def _progress(self, run: int) -> Progress | None:
        try:
            return read_progress(self._folder / f"{run}.json")
        except DojoError:
            return None

    def _printed(self, name: str) -> str:
        try:
            with (self._folder / name).open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(file.tell() - _TAIL, 0))
                return file.read().decode("utf-8", errors="replace").strip()
        except OSError:
            return ""

    def _last_words(self) -> str:
        lines = self._printed("warm.log").splitlines()
        return lines[-1] if lines else "it said nothing."


def _can_fork() -> bool:
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def _environment() -> dict[str, str]:
    """The environment of a warm process."""
    tunables = [os.environ.get("GLIBC_TUNABLES", ""), "glibc.malloc.hugetlb=1"]
    return {
        # A fork copies the table of all pages: with huge ones, from the C library's allocator, it is ten times as fast.
        "PYTHONMALLOC": "malloc",
        **os.environ,
        "GLIBC_TUNABLES": ":".join(filter(None, tunables)),
        "PYTHONPATH": _python_path(),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _python_path() -> str:
    """The warm process finds this very dojo, also where it is not installed."""
    return os.pathsep.join(path for path in (PACKAGE_PARENT, os.environ.get("PYTHONPATH", "")) if path)


def _stamp() -> tuple[str, ...]:
    """What an upgrade of a package changes."""
    found = []
    for package in ("torch", "numpy", "pytest"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            # Asked anew each time: an upgrade is what this is to notice.
            found.append(metadata.version(package))
    return tuple(found)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a warm process and what it started."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        # A process that forks hears that nobody asks any more, and ends its runs.
        process.wait(timeout=0.3)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
