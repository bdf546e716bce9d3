"""Runs pytest in a warm process, and cancels a run that a newer save has made stale."""

from __future__ import annotations

import contextlib
import dataclasses
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
from typing import Any, Literal

import dojo
from dojo.progress.data import Progress
from dojo.progress.reading import read_progress
from dojo.support.errors import DojoError
from dojo.support.processes import LineReader
from dojo.watching.messages import Answer, Request, answer_from, send_request

# No run here needs these, and each takes time to set up: pytest's plugins for other ways to test and to report, its
# rewriting of asserts (the tests have their own sentences), and the plugins of other packages.
_UNUSED = "cacheprovider doctest faulthandler junitxml logging pastebin recwarn setuponly setupplan stepwise unittest"
_LEAN = ["--assert=plain", "-p", "pytest_timeout", *(word for name in _UNUSED.split() for word in ("-p", f"no:{name}"))]
# The module of a warm process, and the folder in which it finds this package.
WARM = "dojo.watching.warm_server"
PACKAGE_PARENT = str(Path(dojo.__file__).resolve().parent.parent)
# The end of a run's output that is kept, in bytes: enough to show why the run ended.
_TAIL = 2000


@dataclasses.dataclass(frozen=True)
class Finished:
    """A run has ended.

    status: pytest's exit status, or minus the number of the signal that ended the run.
    progress: None if the run wrote no progress.
    learned: what the run remembered of the steps that it judged, as in .dojo/steps.json.
    printed: the end of the run's output.
    """

    run: int
    status: int
    progress: Progress | None
    learned: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    printed: str = ""


@dataclasses.dataclass(frozen=True)
class Red:
    """A test of a step is red in the current run, for a reason of this `kind`, with this report."""

    run: int
    step: str
    kind: str
    report: list[list[tuple[str, str]]]


class Runner:
    """Runs pytest with arguments, one run at a time, each in a process that is warm.

    way: `fork` (one process stays warm and forks for each run), `spawn` (a spare process is warmed for the next run),
    or `auto` (fork if it is safe).
    events: a queue. It gets "ready" when a process is warm, Red as soon as a test is red, Finished at the end of a
    run, and a DojoError if no process can be warmed.
    """

    def __init__(self, root: Path, events: queue.SimpleQueue[Any], way: str = "auto") -> None:
        self.root = root
        self.events = events
        self.way = way if way != "auto" else "fork" if _can_fork() else "spawn"
        self.ready = False
        # The last run that was asked for: events of an earlier run are out of date.
        self.latest = 0
        self._folder = Path(tempfile.mkdtemp(prefix="dojo-watch-"))
        self._number = 0
        self._running: int | None = None
        self._arguments: list[str] = []
        # The arguments of the run that the next save is likely to ask for.
        self._likely: list[str] = []
        self._prepared: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._busy: subprocess.Popen[bytes] | None = None
        self._versions = _versions()
        self._closed = False
        self._lock = threading.RLock()

    @property
    def running(self) -> bool:
        return self._running is not None

    def start(self) -> None:
        """Start to warm a process, unless one is warm or warming."""
        with self._lock:
            if self._process is None and not self._closed:
                self._process = self._spawn()

    def run(self, arguments: Sequence[str], *, again: bool = True) -> None:
        """Start a run of pytest; cancel the current run first.

        again: whether the next save is likely to ask for the same run.
        """
        with self._lock:
            self.cancel()
            if _versions() != self._versions:
                self.restart()
            self.start()
            if self._prepared is not None and list(arguments) == self._likely:
                number, self._prepared = self._prepared, None
                request = Request("go", number)
            else:
                self.unprepare()
                request = self._next("run", list(arguments))
                number = request.run
            self.latest = self._running = number
            self._arguments = list(arguments)
            if again:
                self._likely = self._arguments
            process = self._process
            assert process is not None
            if self.way == "spawn":
                self._busy, self._process = process, None
            if not self._ask(process, request) and self.way == "fork":
                self.restart()
                self._ask_again()

    def prepare(self) -> None:
        """If no run is under way, prepare the one that the next save is likely to ask for."""
        with self._lock:
            if self.way != "fork" or not self.ready or self.running or self._prepared is not None:
                return
            if self._likely and self._process is not None:
                request = self._next("prepare", self._likely)
                if self._ask(self._process, request):
                    self._prepared = request.run

    def unprepare(self) -> None:
        """Drop the prepared run, because something that it has read is out of date."""
        with self._lock:
            number, self._prepared = self._prepared, None
            if number is not None and self._process is not None:
                self._ask(self._process, Request("cancel", number))

    def forget(self) -> None:
        """Drop the prepared run and what runs have foreseen, because a file that the course gives has changed."""
        with self._lock:
            self.unprepare()
            if self.way == "fork" and self._process is not None:
                self._ask(self._process, Request("forget", 0))

    def cancel(self) -> None:
        """End the current run, if there is one. It puts no more events into the queue."""
        with self._lock:
            number, self._running = self._running, None
            if number is None:
                return
            if self.way == "fork" and self._process is not None:
                self._ask(self._process, Request("cancel", number))
            elif self._busy is not None:
                _end(self._busy)
                self._busy = None
                self.start()

    def restart(self) -> None:
        """Begin again with a fresh process, because something that the warm one has imported is out of date."""
        with self._lock:
            self._versions = _versions()
            self.cancel()
            self._prepared = None
            if self._process is not None:
                _end(self._process)
                self._process = None
            self.start()

    def close(self) -> None:
        """End every process and delete the files that they wrote."""
        with self._lock:
            self._closed = True
            self._running = None
            for process in (self._process, self._busy):
                if process is not None:
                    _end(process)
            self._process = self._busy = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _next(self, do: Literal["run", "prepare"], arguments: list[str]) -> Request:
        """The request for a run with a new number."""
        self._number += 1
        out = self._folder / f"{self._number}.json"
        log = self._folder / f"{self._number}.log"
        return Request(do, self._number, [*arguments, f"--progress-json={out}", *_LEAN], str(log))

    def _ask_again(self) -> None:
        """Ask for the current run again under a new number, because the process that had it is gone."""
        request = self._next("run", self._arguments)
        self.latest = request.run
        self._running = self.latest
        if self._process is not None:
            self._ask(self._process, request)

    def _ask(self, process: subprocess.Popen[bytes], request: Request) -> bool:
        assert process.stdin is not None
        try:
            send_request(process.stdin.fileno(), request)
        except (OSError, ValueError):
            return False
        return True

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

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Take in the answers of a warm process until it ends."""
        assert process.stdout is not None
        lines = LineReader(process.stdout.fileno())
        while not lines.at_end:
            for line in lines.read():
                with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                    answer = answer_from(line)
                    with self._lock:
                        self._take(answer)
        process.stdout.close()
        status = process.wait()
        with self._lock:
            if self.way == "spawn" and process is self._busy:
                self._busy = None
                self._finish(status)
                self.start()
            elif process is self._process and not self._closed:
                self._lose_process(status)

    def _take(self, answer: Answer) -> None:
        if answer.what == "ready":
            self.ready = True
            self.events.put("ready")
        elif answer.run != self._running:
            return
        elif answer.what == "lost":
            self._ask_again()
        elif answer.what == "red":
            report = [[(text, style) for text, style in line] for line in answer.report]
            self.events.put(Red(answer.run, answer.step, answer.kind, report))
        else:
            self._finish(answer.status, answer.learned)

    def _lose_process(self, status: int) -> None:
        """The warm process has ended, and so has the current run. Warm another, unless this one never got warm."""
        self._process = self._prepared = None
        was_ready, self.ready = self.ready, False
        self._finish(status)
        if was_ready:
            self.start()
        else:
            last = self._printed("warm.log").splitlines()[-1:] or ["it printed nothing."]
            self.events.put(DojoError(f"The runner could not start: {last[0]}"))

    def _finish(self, status: int, learned: dict[str, dict[str, str]] | None = None) -> None:
        """End the current run, if there is one, and put its end into `events`."""
        run, self._running = self._running, None
        if run is None:
            return
        self.events.put(Finished(run, status, self._progress(run), learned or {}, self._printed(f"{run}.log")))
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


def _can_fork() -> bool:
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def _environment() -> dict[str, str]:
    """The environment of a warm process."""
    tunables = [os.environ.get("GLIBC_TUNABLES", ""), "glibc.malloc.hugetlb=1"]
    return {
        # A fork copies the table of all pages. With the huge pages of the C library's allocator it is 10 times as fast.
        "PYTHONMALLOC": "malloc",
        **os.environ,
        "GLIBC_TUNABLES": ":".join(filter(None, tunables)),
        # The warm process must find this package, even if the package is not installed.
        "PYTHONPATH": os.pathsep.join(filter(None, (PACKAGE_PARENT, os.environ.get("PYTHONPATH", "")))),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _versions() -> tuple[str, ...]:
    """The installed versions of what a warm process imports. They are read each time, to notice an upgrade."""
    found = []
    for package in ("torch", "numpy", "pytest"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(metadata.version(package))
    return tuple(found)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a warm process and everything that it started."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        # A process that forks sees its input closed, and ends its runs.
        process.wait(timeout=0.3)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
