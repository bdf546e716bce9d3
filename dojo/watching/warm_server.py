"""The warm process: it has imported what every run needs, and runs pytest as soon as it is asked.

Started by `dojo.watching.runner` as `python -m dojo.watching.warm_server ROOT fork|spawn`; it is asked in JSON lines on
its standard input and answers in JSON lines on its standard output:

    asked     {"run": 3, "arguments": ["--step", "full_of"], "log": "…"}      {"cancel": 3}
              {"prepare": 4, "arguments": […], "log": "…"}      {"go": 4}
    answers   {"ready": true}     {"run": 3, "status": 1}  (negative: the signal that ended the run)
              {"run": 3, "red": "lesson/kata/step", "kind": "value", "report": […]}  (its mistake is not known yet)
              {"lost": 4}  (what was prepared is not there any more)

A run that is prepared goes as far as it can without looking at a kata, and waits. With `fork` each run is a fork of
this process, which never runs a learner's code itself. With `spawn` it runs once in this process, and ends. It ends
when its standard input closes, and takes whatever a run left behind with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.running import held_start as gates
from dojo.support.processes import adopt_orphans, die_with_parent, end_group, end_orphans
from dojo.support.styled_lines import Line, as_data

# What the first optimizer imports: 1.5 s that no save should wait for.
_LATER = ("torch._dynamo",)


def main() -> None:
    """Warm up, say so, and serve."""
    root, way = Path(sys.argv[1]), sys.argv[2]
    os.chdir(root)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but answers may reach the one who asked.
    os.dup2(2, 1)
    gc.disable()
    for name in ("numpy", "torch", "pytest", "dojo.plugin", "dojo.expect", "pytest_timeout", "xdist.plugin"):
        importlib.import_module(name)
    sys.modules["torch"].set_num_threads(1)
    _say(answers, {"ready": True})
    if way == "fork":
        _Server(root, answers).serve()
    else:
        _run_once(answers)


class _Server:
    """Forks for each run until nobody asks any more; in a quiet moment, warms up what is left."""

    def __init__(self, root: Path, answers: Any) -> None:
        self.root = root
        self.answers = answers
        self.warm = False
        # The runs under way by their process, those that wait at their gate, and those not even begun.
        self.running: dict[int, int] = {}
        self.gates: dict[int, int] = {}
        self.waiting: dict[int, dict[str, Any]] = {}
        # A run tells its status here before it ends: its last words and taking its memory down take a while.
        self.done, self.tell = os.pipe()
        self.answered: set[int] = set()
        self.heard = b""
        self.woken, self.wake = os.pipe()
        for end in (self.done, self.woken, self.wake):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Do what is asked on standard input until it closes."""
        adopt_orphans()
        signal.signal(signal.SIGCHLD, lambda signum, frame: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        buffer = b""
        while True:
            ready = select.select([0, self.done, self.woken], [], [], None if self.warm else 0.2)[0]
            if not ready and not self.running and not self.warm:
                _warm_up(self.root)
                self.warm = True
            if self.done in ready:
                self._hear()
            if self.woken in ready:
                _read(self.woken)
                self._bury()
            if 0 in ready:
                chunk = os.read(0, 1 << 16)
                if not chunk:
                    break
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    self._do(json.loads(line))
            if self.warm:
                for number in list(self.waiting):
                    self._begin(self.waiting.pop(number), hold=True)
        for pid in self.running:
            end_group(pid)
        end_orphans(set(self.running))

    def _do(self, asked: dict[str, Any]) -> None:
        if "run" in asked:
            self._begin(asked, hold=False)
        elif "prepare" in asked:
            # Not before this process is warm itself: what is forked earlier stays as cold as it was.
            self.waiting[asked["prepare"]] = asked | {"run": asked["prepare"]}
        elif "go" in asked:
            self._go(asked["go"])
        elif "cancel" in asked:
            self._cancel(asked["cancel"])

    def _begin(self, asked: dict[str, Any], *, hold: bool) -> None:
        gate, opener = os.pipe() if hold else (-1, -1)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            # While it holds this end itself, it would never hear that nobody asks any more.
            for end in (opener, *self.gates.values()):
                with contextlib.suppress(OSError):
                    os.close(end)
            if hold:
                gates.hold(gate)
            _run(asked, os.fdopen(self.tell, "w", encoding="utf-8"))
        self.running[pid] = asked["run"]
        if hold:
            os.close(gate)
            self.gates[asked["run"]] = opener

    def _go(self, run: int) -> None:
        """Let a run that was made ready go on; where it is lost, say so."""
        asked = self.waiting.pop(run, None)
        opener = self.gates.pop(run, None)
        if asked is not None:
            self._begin(asked, hold=False)
        elif opener is None or run not in self.running.values():
            _say(self.answers, {"lost": run})
        else:
            with contextlib.suppress(BrokenPipeError):
                # One for the run, and one for the fork in which it runs the tests.
                os.write(opener, b"11")
        if opener is not None:
            os.close(opener)

    def _cancel(self, run: int) -> None:
        self.waiting.pop(run, None)
        if run in self.gates:
            os.close(self.gates.pop(run))
        for pid, number in self.running.items():
            if number == run:
                end_group(pid)

    def _hear(self) -> None:
        """Pass on what runs tell of themselves."""
        *lines, self.heard = (self.heard + _read(self.done)).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "status" in told:
                self._answer(told["run"], told["status"])
            else:
                _say(self.answers, told)

    def _answer(self, run: int, status: int) -> None:
        """Tell of a run that is done, once; one that had not been asked for yet is dropped."""
        if run in self.gates:
            os.close(self.gates.pop(run))
        elif run not in self.answered:
            self.answered.add(run)
            _say(self.answers, {"run": run, "status": status})

    def _bury(self) -> None:
        """Take note of every child that has ended, and of what the runs have left behind."""
        while True:
            # Left as it is at first: while it is not buried, no other process has its number.
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if ended is None:
                break
            end_group(ended.si_pid)
            status = os.waitpid(ended.si_pid, 0)[1]
            self._hear()
            run = self.running.pop(ended.si_pid, None)
            if run is not None:
                self._answer(run, os.waitstatus_to_exitcode(status))
                self.answered.discard(run)
            end_orphans(set(self.running))


def _read(descriptor: int) -> bytes:
    """What has been written into a pipe; nothing where nothing has been."""
    with contextlib.suppress(BlockingIOError):
        return os.read(descriptor, 1 << 20)
    return b""


def _warm_up(root: Path) -> None:
    """Import what only some runs need, and run pytest once on a reference answer, so that everything is there."""
    for name in _LATER:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    first = next(read_curriculum(root).steps(), None)
    if first is not None and (root / "solutions").is_dir():
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            pytest.main(["--step", first.id, "--against", "solutions", "-p", "no:cacheprovider"])
        # A run must read the course's files as they are then.
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(root / "tests")):
                del sys.modules[name]
    gc.enable()
    gc.collect()
    gc.freeze()


def _run_once(answers: Any) -> None:
    """Wait for the one run that this process is for. Its end is the answer."""
    threading.Thread(target=lambda: [importlib.import_module(name) for name in _LATER], daemon=True).start()
    line = sys.stdin.readline()
    if line:
        _run(json.loads(line), answers)


def _run(asked: dict[str, Any], tell: Any) -> None:
    """Run pytest in this process, its output in a file, tell the file `tell` what comes of it, and end."""
    status = 70
    try:
        with contextlib.suppress(OSError, AttributeError):
            os.setsid()
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, target)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the process ends
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        status = int(pytest.main(asked["arguments"], plugins=[_Teller(asked["run"], tell)]))
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


class _Teller:
    """A pytest plugin that tells of a red test while its mistake is still being looked for, and of a run's status as
    soon as its progress is written."""

    def __init__(self, run: int, file: Any) -> None:
        self.run = run
        self.file = file

    @pytest.hookimpl(optionalhook=True)
    def pytest_dojo_red(self, step: str, kind: str, report: list[Line]) -> None:
        _say(self.file, {"run": self.run, "red": step, "kind": kind, "report": as_data(report)})

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        _say(self.file, {"run": self.run, "status": int(exitstatus)})


def _say(answers: Any, message: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):
        answers.write(json.dumps(message) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
