"""The warm process: it has imported what every run needs, and it runs pytest on request.

`dojo.watching.runner` starts it as `python -m dojo.watching.warm_server ROOT fork|spawn`. It reads requests from
standard input and writes answers to standard output (dojo/watching/messages.py).

A prepared run goes as far as it can without reading a kata, and waits. With `fork`, each run is a fork of this
process, which never runs a learner's code itself. With `spawn`, one run takes place in this process, which then ends.
The process ends when its standard input is closed, and ends whatever its runs left behind.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.failures import foresight
from dojo.failures.diagnosis import import_all
from dojo.running import held_start
from dojo.running.one_run import RUN
from dojo.support.processes import LineReader, adopt_orphans, die_with_parent, end_group, end_orphans, mute
from dojo.support.styled_lines import Line, as_data
from dojo.testbed import torch_private
from dojo.watching.messages import Answer, Request, answer_from, request_from, send_answer

_EARLY = ("numpy", "torch", "pytest", "dojo.plugin", "dojo.expect", "pytest_timeout", "xdist.plugin")
# In seconds. After this time without a request the process warms up completely.
_QUIET = 0.2


def main() -> None:
    """Warm up, say so, and serve."""
    root, way = Path(sys.argv[1]), sys.argv[2]
    os.chdir(root)
    answers = os.dup(1)
    # Only answers may reach the reader of standard output.
    os.dup2(2, 1)
    gc.disable()
    for name in _EARLY:
        importlib.import_module(name)
    sys.modules["torch"].set_num_threads(1)
    send_answer(answers, Answer("ready"))
    if way == "fork":
        _Server(root, answers).serve()
    else:
        _run_once(answers)


class _Server:
    """Forks for each run. In a quiet moment it warms up completely."""

    def __init__(self, root: Path, answers: int) -> None:
        self.root = root
        self.answers = answers
        self.warm = False
        # Process id to run number, of the runs that have begun.
        self.running: dict[int, int] = {}
        # Run number to the pipe that opens its gate, of the prepared runs that wait.
        self.gates: dict[int, int] = {}
        # Run number to request, of the prepared runs that have not begun.
        self.waiting: dict[int, Request] = {}
        self.answered: set[int] = set()
        # A run sends its status through this pipe before it ends, because ending a large process takes a while.
        self.done, self.tell = os.pipe()
        self.told = LineReader(self.done)
        self.woken, self.wake = os.pipe()
        for end in (self.done, self.woken, self.wake):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Do what standard input asks until it closes."""
        adopt_orphans()
        signal.signal(signal.SIGCHLD, lambda signum, frame: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        requests = LineReader(0)
        while not requests.at_end:
            ready = select.select([0, self.done, self.woken], [], [], None if self.warm else _QUIET)[0]
            if not ready and not self.running and not self.warm:
                _warm_up(self.root)
                self.warm = True
            if self.done in ready:
                self._pass_on()
            if self.woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.woken, 1 << 16)
                self._reap_children()
            if 0 in ready:
                for line in requests.read():
                    self._do(request_from(line))
            if self.warm and not requests.at_end:
                for number in list(self.waiting):
                    self._begin(self.waiting.pop(number), hold=True)
        for pid in self.running:
            end_group(pid)
        end_orphans(set(self.running))

    def _do(self, request: Request) -> None:
        if request.do == "run":
            self._begin(request, hold=False)
        elif request.do == "prepare":
            # It begins when this process is warm: a fork made earlier would stay cold.
            self.waiting[request.run] = request
        elif request.do == "go":
            self._go(request.run)
        elif request.do == "forget":
            foresight.forget()
        else:
            self._cancel(request.run)

    def _begin(self, request: Request, *, hold: bool) -> None:
        gate, opener = os.pipe() if hold else (-1, -1)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            # A fork that holds a writing end itself would never see its gate's pipe closed.
            for end in (opener, *self.gates.values()):
                with contextlib.suppress(OSError):
                    os.close(end)
            if hold:
                held_start.hold(gate)
            _run(request, self.tell)
        self.running[pid] = request.run
        if hold:
            os.close(gate)
            self.gates[request.run] = opener

    def _go(self, run: int) -> None:
        """Let a prepared run go on; if it is gone, say so."""
        request = self.waiting.pop(run, None)
        opener = self.gates.pop(run, None)
        if request is not None:
            self._begin(request, hold=False)
        elif opener is None or run not in self.running.values():
            send_answer(self.answers, Answer("lost", run))
        else:
            with contextlib.suppress(BrokenPipeError):
                # One byte for the run, and one for the fork in which it runs the tests. If the run has just replaced
                # this fork, the first fork may take one too.
                os.write(opener, b"111")
        if opener is not None:
            os.close(opener)

    def _cancel(self, run: int) -> None:
        self.waiting.pop(run, None)
        if run in self.gates:
            os.close(self.gates.pop(run))
        for pid, number in self.running.items():
            if number == run:
                end_group(pid)

    def _pass_on(self) -> None:
        """Pass on what runs have sent."""
        for line in self.told.read():
            try:
                answer = answer_from(line)
            except (ValueError, TypeError, KeyError, AttributeError):
                # A run was killed while it wrote.
                continue
            if answer.foreseen is not None:
                foresight.note(answer.foreseen)
            elif answer.what == "ended":
                self._answer_once(answer)
            else:
                send_answer(self.answers, answer)

    def _answer_once(self, answer: Answer) -> None:
        """Pass on the end of a run once; drop the end of a prepared run that still waits."""
        run = answer.run
        if run in self.gates:
            os.close(self.gates.pop(run))
        elif run not in self.answered:
            self.answered.add(run)
            send_answer(self.answers, answer)

    def _reap_children(self) -> None:
        """Reap every child that has ended, and end what the runs have left behind."""
        while True:
            # WNOWAIT leaves the child a zombie, so that no other process can get its id before its group is ended.
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if ended is None:
                break
            end_group(ended.si_pid)
            status = os.waitpid(ended.si_pid, 0)[1]
            self._pass_on()
            run = self.running.pop(ended.si_pid, None)
            if run is not None:
                self._answer_once(Answer("ended", run, status=os.waitstatus_to_exitcode(status)))
                self.answered.discard(run)
            end_orphans(set(self.running))


def _warm_up(root: Path) -> None:
    """Import what only some runs need, and run pytest once on a reference answer, so that all of pytest is loaded."""
    torch_private.import_compiler()
    import_all()
    first = next(read_curriculum(root).steps(), None)
    if first is not None and (root / "solutions").is_dir():
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            pytest.main(["--step", first.id, "--against", "solutions", "-p", "no:cacheprovider"])
        # Each run must read the course's test files again.
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(root / "tests")):
                del sys.modules[name]
    gc.enable()
    gc.collect()
    gc.freeze()


def _run_once(answers: int) -> None:
    """Wait for the one run of this process, and run it."""
    threading.Thread(target=torch_private.import_compiler, daemon=True).start()
    line = sys.stdin.readline()
    if line:
        _run(request_from(line), answers)


def _run(request: Request, teller: int) -> NoReturn:
    """Run pytest in this process with its output in a file, send events through the descriptor `teller`, and end."""
    status = 70
    try:
        with contextlib.suppress(OSError, AttributeError):
            os.setsid()
        mute(Path(request.log))
        status = int(pytest.main(request.arguments, plugins=[_EventSender(request.run, teller)]))
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


class _EventSender:
    """A pytest plugin: sends red tests, what was foreseen, and the status once the progress is written."""

    def __init__(self, run: int, teller: int) -> None:
        self.run = run
        self.teller = teller

    @pytest.hookimpl(optionalhook=True)
    def pytest_dojo_red(self, step: str, kind: str, report: list[Line]) -> None:
        lines = [[list(piece) for piece in line] for line in as_data(report)]
        send_answer(self.teller, Answer("red", self.run, step, kind, lines))

    @pytest.hookimpl(optionalhook=True)
    def pytest_dojo_foreseen(self, foreseen: foresight.Foreseen) -> None:
        send_answer(self.teller, Answer("foreseen", self.run, foreseen=foreseen))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        run = session.config.stash.get(RUN, None)
        learned = run.learned if run is not None else {}
        send_answer(self.teller, Answer("ended", self.run, status=int(exitstatus), learned=learned))


if __name__ == "__main__":
    main()
