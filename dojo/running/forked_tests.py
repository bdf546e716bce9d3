"""Runs tests in a fork that may die: code that ends, crashes or hangs Python costs only its own test.

The fork runs the tests and reports what happens in lines of JSON. This process passes that on to pytest's hooks. If
the fork dies, the test that was running is red, and the next test runs in a new fork.
"""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import faulthandler
import fcntl
import json
import os
import re
import secrets
import signal
import stat
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

import pytest

from dojo.course.definitions import read_definitions
from dojo.failures.diagnosis import warm_up
from dojo.failures.failure import Failure, TestResult
from dojo.failures.foresight import foresee
from dojo.failures.test_items import (
    COURSE,
    DEVICES,
    ON_RED,
    PATIENCE,
    REUSABLE_FORK,
    STEP,
    WATCH,
    attach_result,
    attached_result,
    result_of,
)
from dojo.judging import sentinel
from dojo.judging.lockdown import Lockdown
from dojo.running import held_start
from dojo.running.at_a_glance import is_run, report_unwritten, unfinished_report
from dojo.running.one_run import RUN
from dojo.support.plain_data import from_data
from dojo.support.processes import (
    LineReader,
    adopt_orphans,
    children,
    die_with_parent,
    empty_input,
    end_group,
    end_orphans,
    send,
)
from dojo.testbed import debugging, pytest_private
from dojo.testbed.forking import compute_on_one_thread, fork_is_safe, limit_resources
from dojo.testbed.process_state import forget_modules
from dojo.testbed.tracebacks import Frame, frame_at

# A fork that says nothing is given up this many seconds after the limit of its test.
_GRACE = 2.0
# A fork that says nothing outside a test's limit is given up after this many seconds. A diagnosis has its own limit.
_QUIET = 60.0
# The number of characters that are passed on from the end of what a test printed.
_PRINTED = 100_000
_OWN_DEVICES = {"cpu", "sim"}
# A line with more bytes than this does not come from the fork's relay.
_LINE = 16 << 20
# If computing time is limited, it is read at this interval, in seconds.
_LOOK = 0.25
# The exit status of a fork in which a test broke the machinery that runs tests.
_SPOILED = 86
_SPOILS = (
    "Your code breaks the test process: it closes or writes to files that are not its own, "
    "or changes Python's own functions."
)

# A test to run, and the test after it.
_Order = tuple[pytest.Item, "pytest.Item | None"]


def is_wanted(session: pytest.Session) -> bool:
    """Whether this run's tests run in forks: they test steps, forking is safe, and nobody debugs or measures them."""
    return not hasattr(session.config, "workerinput") and _is_possible(session)


def reusable_fork_for(session: pytest.Session) -> ReusableFork | None:
    """In an xdist worker, the object that runs the tests of steps in forks, one at a time; otherwise None."""
    return ReusableFork(session) if hasattr(session.config, "workerinput") and _is_possible(session) else None


def _is_possible(session: pytest.Session) -> bool:
    config = session.config
    if COURSE not in config.stash or config.getoption("isolation") == "spawn":
        return False
    if not any(STEP in item.stash for item in session.items):
        return False
    if config.getoption("usepdb", False) or config.getoption("trace", False):
        return False
    if any(config.getoption(name, False) for name in ("setupplan", "setuponly", "setupshow", "collectonly")):
        return False
    if debugging.is_in_use() or _stops_for_a_debugger(session):
        return False
    measured = sys.gettrace() is not None or sys.getprofile() is not None or config.pluginmanager.hasplugin("_cov")
    names = {device.name for device in config.stash.get(DEVICES, []) if not device.left_out}
    return not measured and names <= _OWN_DEVICES and fork_is_safe()


def _stops_for_a_debugger(session: pytest.Session) -> bool:
    """Whether a kata in this run calls a debugger, and a person can type here. A fork has no terminal."""
    if hasattr(session.config, "workerinput") or session.config.getoption("judged") or not debugging.can_type():
        return False
    katas = {item.stash[STEP].kata_id for item in session.items if STEP in item.stash}
    return debugging.has_breakpoint(session.config.stash[COURSE].judged / f"{kata}.py" for kata in katas)


def run(session: pytest.Session) -> None:
    """Run the session's tests, as pytest's own loop does."""
    adopt_orphans()
    index = 0
    while True:
        index = _report_unwritten(session, index)
        if index >= len(session.items):
            return
        batch = _Batch(session, index)
        if _learns_ahead(session, index):
            # The fork does not know what was learned after it was made, so make a new one.
            batch.end()
            batch = _Batch(session, index)
        # If this run is held, the fork is ready when somebody asks for it.
        session.config.stash[RUN].wait_to_be_asked()
        index = batch.run()
        _stop_if_told(session)


def _learns_ahead(session: pytest.Session, index: int) -> bool:
    """While nobody has asked for this run, find out how the mistakes of its first step fail.

    Returns whether something new was found, and still nobody has asked.
    """
    gate = held_start.held()
    new = False
    if gate is not None:
        for foreseen in foresee(session.items[index:], gate):
            new = True
            session.config.hook.pytest_dojo_foreseen(foreseen=foreseen)
    return new and not held_start.is_asked()


def _report_unwritten(session: pytest.Session, index: int) -> int:
    """Report unwritten steps from the test number `index` on; return the number of the next test to run.

    If this run is held, nothing is reported yet: its fork waits before the first test.
    """
    while held_start.held() is None and index < len(session.items) and not is_run(session.items[index]):
        report_unwritten(session.items[index])
        index += 1
        _stop_if_told(session)
    return index


def _stop_if_told(session: pytest.Session) -> None:
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


class ReusableFork:
    """Runs tests in one fork, until a test ends or alters it. Then the next test gets a new fork."""

    def __init__(self, session: pytest.Session) -> None:
        adopt_orphans()
        self.session = session
        self.numbers = {item.nodeid: number for number, item in enumerate(session.items)}
        self.batch: _Batch | None = None
        self.orders = -1

    def run(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """Run and report one test. `following` is the next test if it tests a step too, else None."""
        number = self.numbers[item.nodeid]
        if self.batch is None:
            reader, self.orders = os.pipe()
            self.batch = _Batch(self.session, number, reader, self.orders)
            os.close(reader)
        batch = self.batch
        batch.index = number
        send(self.orders, [number, None if following is None else self.numbers[following.nodeid]])
        batch.listen(until=lambda: batch.index > number)
        if batch.index <= number or batch.over:
            self._end_batch()

    def close(self) -> None:
        """End the fork, and every process that it left behind."""
        self._end_batch()

    def _end_batch(self) -> None:
        batch, self.batch = self.batch, None
        if batch is not None:
            os.close(self.orders)
            batch.end()


class _Batch:
    """The tests that one fork runs.

    index: the number of the test that runs, or that runs next. over: whether the fork runs no further test.
    """

    def __init__(
        self, session: pytest.Session, first: int, orders: int | None = None, close: int | None = None
    ) -> None:
        """Fork. The fork runs every test from the number `first` on, or the tests that come through the pipe `orders`.

        close: a descriptor that the fork must not have.
        """
        self.index = first
        self.over = False
        self._session = session
        self._items = session.items
        # Python writes to this file if it crashes. The file has no name, so nothing is left if this process is killed.
        self._faults = tempfile.TemporaryFile()  # noqa: SIM115
        self._running = False
        self._reported = False
        # Why the running test is red, whatever the fork reports.
        self._refused = ""
        self._timed_out = False
        self._spoiled = False
        # When the fork is given up.
        self._deadline = 0.0
        # The limit of the running test, in seconds, and whether it applies now: only while the code under test runs.
        self._limit = 0.0
        self._timed = False
        # If not 0, the limit is on computing time (dojo.testbed.time_limit). `_computed` is the time of earlier tests.
        self._patience = 0.0
        self._computed = 0.0
        # Every line of the fork's relay begins with this. Code under test does not know it.
        self._token = secrets.token_hex(16).encode()
        self._children = children()
        self._reader, writer = os.pipe()
        self._lines = LineReader(self._reader)
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            for descriptor in (self._reader, close):
                if descriptor is not None:
                    os.close(descriptor)
            _be_the_child(session, first, orders, (writer, self._token), self._faults.fileno())
        os.close(writer)

    def run(self) -> int:
        """Listen until the fork ends; return the number of the first test that has not been run."""
        try:
            self.listen(until=lambda: self.over)
        finally:
            self.over = self.over or (self.index >= len(self._items) and not self._running)
            self.end()
        return self.index

    def end(self) -> None:
        """End the fork. If a test was still running, that test is red."""
        os.close(self._reader)
        # Unless it was given up, the fork may be about to end by itself.
        ends = self._running and not self._timed_out and not self._spoiled
        status = self._status_within(0.2 if self.over else 0.05 if ends else 0.0)
        end_group(self._pid)
        if status is None:
            os.waitpid(self._pid, 0)
        end_orphans(self._children)
        if self._running:
            self._report_death(status)
        self._faults.close()

    def _status_within(self, seconds: float) -> int | None:
        """The exit status of the fork if it ends by itself within `seconds`, else None."""
        deadline = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.001)

    def listen(self, until: Callable[[], bool]) -> None:
        """Take in what the fork says until it ends, is silent for too long, or `until()` is true."""
        self._deadline = time.monotonic() + _QUIET
        while not until():
            wait = self._deadline - time.monotonic()
            if wait <= 0 or self._has_computed_too_long():
                self._timed_out = True
                return
            if not self._lines.wait(min(wait, _LOOK) if self._patience else wait):
                continue
            lines = self._lines.read()
            if self._lines.at_end:
                return
            for line in lines:
                try:
                    self._take(line)
                except (ValueError, TypeError, KeyError, AttributeError):
                    # Code under test has written where only the fork's relay writes.
                    self._spoiled = True
                    return
                if self.over:
                    return
            if self._lines.waiting > _LINE:
                self._spoiled = True
                return
            if not self._running and (self._session.shouldfail or self._session.shouldstop):
                return

    def _has_computed_too_long(self) -> bool:
        """Whether all threads of the running test together are past its limit on computing time."""
        if not (self._patience and self._running and self._timed):
            return False
        with contextlib.suppress(OSError, ValueError, IndexError):
            return _computed(self._pid) - self._computed > self._limit + _GRACE
        return False

    def _take(self, line: bytes) -> None:
        """Take in a line. Raises ValueError, TypeError or KeyError if the fork's relay did not write it."""
        token, _, text = line.partition(b" ")
        if not secrets.compare_digest(token, self._token):
            raise ValueError("not from the fork's relay")
        said, data = json.loads(text)
        self._deadline = time.monotonic() + _QUIET
        # The method for each thing that _HookRelay says. It gets the data that the relay adds.
        methods: dict[str, Callable[..., None]] = {
            "start": self._take_start,
            "limit": self._take_limit,
            "refuse": self._take_refusal,
            "report": self._take_report,
            "warning": self._take_warning,
            "early": self._take_early,
            "finish": self._take_finish,
        }
        methods[said](self._items[min(self.index, len(self._items) - 1)], **data)

    def _take_start(self, item: pytest.Item) -> None:
        self._running, self._reported, self._refused = True, False, ""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)

    def _take_limit(self, item: pytest.Item, seconds: float, patience: float) -> None:
        self._timed = bool(seconds)
        if seconds:
            self._limit, self._patience = seconds, patience
            self._deadline = time.monotonic() + (patience or 1) * (seconds + _GRACE)
            self._computed = _computed(self._pid) if patience else 0.0

    def _take_refusal(self, item: pytest.Item, says: str) -> None:
        self._refused = self._refused or says
        # The test is red in any case, so its end is not worth a long wait.
        self._deadline = min(self._deadline, time.monotonic() + self._limit + _GRACE)

    def _take_report(self, item: pytest.Item, data: object) -> None:
        report = item.config.hook.pytest_report_from_serializable(config=item.config, data=data)
        self._make_sure_of(report, item)
        self._reported = self._reported or report.when == "call"
        item.ihook.pytest_runtest_logreport(report=report)

    def _take_warning(self, item: pytest.Item, category: str, text: str, filename: str, lineno: int) -> None:
        kind = getattr(builtins, category, None)
        if not (isinstance(kind, type) and issubclass(kind, Warning)):
            kind = UserWarning
        warning = warnings.WarningMessage(kind(text), kind, filename, lineno)
        item.config.hook.pytest_warning_recorded.call_historic(
            kwargs={"warning_message": warning, "when": "runtest", "nodeid": item.nodeid, "location": None}
        )

    def _take_early(self, item: pytest.Item, result: object) -> None:
        item.config.stash[ON_RED](from_data(TestResult, result))

    def _take_finish(self, item: pytest.Item, over: bool) -> None:
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self._running = False
        self.over = over or bool(self._refused)
        self.index += 1

    def _make_sure_of(self, report: Any, item: pytest.Item) -> None:
        """Make sure that a report is about the running test, whatever the fork says. A refused test is red."""
        report.nodeid, report.location = item.nodeid, item.location
        if report.when not in ("setup", "call", "teardown") or report.outcome not in ("passed", "failed", "skipped"):
            raise ValueError("not a report of pytest's")
        told = attached_result(report)
        if STEP not in item.stash or told is None:
            report.__dict__.pop("dojo", None)
            return
        failure = told.failure
        if self._refused and report.when == "call" and report.outcome == "passed":
            failure = _failure_at_definition(item, "cheating", [self._refused])
            report.outcome, report.longrepr = "failed", self._refused
        attach_result(report, result_of(item, failure, told.notes))

    def _report_death(self, status: int | None) -> None:
        """Report the test that was running as red, because the fork died or was given up."""
        item = self._items[self.index]
        if not self._reported:
            failure = self._death(item, status)
            result = result_of(item, failure, []) if STEP in item.stash else None
            report = unfinished_report(item.nodeid, item.location, "\n".join(failure.says), result)
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self.index += 1

    def _death(self, item: pytest.Item, status: int | None) -> Failure:
        spoiled = self._spoiled or status == _SPOILED
        says = _SPOILS if spoiled else _last_words(self._limit if self._timed_out else None, status)
        failure = _failure_at_definition(item, "timeout" if self._timed_out else "crash", [says])
        frame = _frame_of_fault(self._faults, item.config.stash[COURSE].judged)
        if frame is not None:
            failure.frames = [frame]
            failure.file, failure.line = frame.file, frame.line
            failure.says.append(f"It was on line {frame.line}: {frame.source}")
        return failure


def _failure_at_definition(item: pytest.Item, kind: str, says: list[str]) -> Failure:
    """A failure that points at the definition of the step, or at the test's file if the test tests no step."""
    step = item.stash.get(STEP, None)
    path = item.config.stash[COURSE].judged / f"{step.kata_id}.py" if step is not None else item.path
    definition = read_definitions(path).get(step.name) if step is not None else None
    test = getattr(item, "originalname", item.name)
    return Failure(kind, says, test, file=str(path), line=definition.line if definition else 0)


def _last_words(limit: float | None, status: int | None) -> str:
    """Why a fork is gone: after `limit` seconds it was given up, or it ended with `status`."""
    if limit is not None:
        return f"It was still running after {limit + _GRACE:g} s and could not be interrupted."
    if status is None or status >= 0:
        shown = "" if status is None else f" (exit status {status})"
        return f"Your code ends Python itself{shown}, so nothing is returned. Use return instead."
    name = signal.Signals(-status).name if -status in {number.value for number in signal.Signals} else str(-status)
    if name == "SIGKILL":
        return "The system killed your code. Most likely it asked for more memory than there is."
    return f"Your code crashed Python ({name}). This is not an exception, so `except` cannot catch it."


def _computed(pid: int) -> float:
    """The computing time of a process with all its threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _frame_of_fault(faults: IO[bytes], folder: Path) -> Frame | None:
    """The learner's innermost line in what Python wrote to the file `faults` when it crashed."""
    faults.seek(0)
    text = faults.read().decode(errors="replace")
    for file, line, function in re.findall(r'File "(.+?)", line (\d+) in (\S+)', text):
        if file.startswith(str(folder) + os.sep):
            return frame_at(file, int(line), function)
    return None


class _HookRelay:
    """In the fork, tells the parent process what pytest's hooks are told."""

    def __init__(self, config: pytest.Config, writer: int, token: bytes) -> None:
        self.config = config
        self.writer = writer
        self._write = _writer(writer, token)
        self.pid = os.getpid()
        self.item: pytest.Item | None = None
        self.tells_warnings = False
        # Whether a test has altered this fork, so that it must run no further test.
        self.over = False
        # Whether the fork runs no further test in any case.
        self.last = False

    def say(self, said: str, **data: Any) -> None:
        if os.getpid() != self.pid:
            # Code under test has forked, and its copy has come back here.
            os._exit(0)
        self._write(json.dumps([said, data], default=str).encode())

    def say_early(self, result: TestResult) -> None:
        self.say("early", result=dataclasses.asdict(result))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        self.say("start")

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        report.sections = [(name, text[-_PRINTED:]) for name, text in report.sections]
        self.say("report", data=self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        watch = self.item.stash.get(WATCH, None) if self.item is not None else None
        self.over = self.last or (watch is not None and watch.altered)
        self.say("finish", over=self.over)

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        if not self.tells_warnings:
            return
        self.say(
            "warning",
            category=warning_message.category.__name__,
            text=str(warning_message.message),
            filename=warning_message.filename,
            lineno=warning_message.lineno,
        )

    @pytest.hookimpl(wrapper=True, optionalhook=True)
    def pytest_timeout_set_timer(self, item: pytest.Item, settings: Any) -> Iterator[None]:
        result = yield
        self.say("limit", seconds=float(settings.timeout or 0), patience=item.stash.get(PATIENCE, 0.0))
        return result

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_cancel_timer(self) -> None:
        self.say("limit", seconds=0.0, patience=0.0)


def _writer(descriptor: int, token: bytes) -> Callable[[bytes], None]:
    """A function that writes a line. Only the function holds the token."""
    write, head = os.write, token + b" "

    def write_line(text: bytes) -> None:
        line = head + text + b"\n"
        while line:
            line = line[write(descriptor, line) :]

    return write_line


def _in_order(session: pytest.Session, first: int) -> Iterator[_Order]:
    """Every test of the session from the number `first` on."""
    for index in range(first, len(session.items)):
        yield session.items[index], session.items[index + 1] if index + 1 < len(session.items) else None
        if session.shouldfail or session.shouldstop:
            return


def _as_told(session: pytest.Session, reader: int) -> Iterator[_Order]:
    """The tests that a pipe names by their numbers, each with the test that follows it."""
    with os.fdopen(reader, "rb") as orders:
        for line in orders:
            number, following = json.loads(line)
            yield session.items[number], None if following is None else session.items[following]


def _hide_the_run(session: pytest.Session) -> None:
    """Remove the run from pytest's global names. It is there for pytest's asserts, and any code can find it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not hasattr(finder, "session")]
    pytest_private.forget_the_run()
    plugin = session.config.pluginmanager.get_plugin("assertion")
    if plugin is not None:
        session.config.pluginmanager.unregister(plugin)


def _kata(item: pytest.Item) -> str:
    step = item.stash.get(STEP, None)
    return step.kata_id if step is not None else ""


def _be_the_child(
    session: pytest.Session, first: int, orders: int | None, writer: tuple[int, bytes], faults: int
) -> NoReturn:
    """The fork's whole life: run the tests from `first` on, or those that the pipe `orders` names, and report each.

    writer: the descriptor to write to, and the token. faults: the descriptor that Python writes to if it crashes.
    No exit handlers run.
    """
    status = _SPOILED
    try:
        die_with_parent()
        os.setsid()
        # Ctrl-C is for the process that the person started. Only the learner's code can still raise it here.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        empty_input()
        debugging.note_no_terminal()
        limit_resources()
        compute_on_one_thread()
        faulthandler.enable(file=faults)
        relay = _HookRelay(session.config, _out_of_reach(writer[0]), writer[1])
        _leave_the_run(session, relay, {relay.writer, orders, held_start.held()})
        if held_start.held() is not None:
            warm_up(session.items[first:])
            held_start.pass_through()
        judged = session.config.getoption("judged")
        if judged:
            Lockdown.from_text(judged).enter()
            _hide_the_run(session)
            sentinel.watch(
                f"{session.config.stash[COURSE].judged}{os.sep}", lambda says: relay.say("refuse", says=says)
            )
        for item, following in _in_order(session, first) if orders is None else _as_told(session, orders):
            relay.item = item
            # A kata can harm the fork that imports it, so no other kata may use this fork.
            relay.last = bool(judged) and following is not None and _kata(following) != _kata(item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if relay.over:
                break
        status = 0
    finally:
        os._exit(status)


def _out_of_reach(writer: int) -> int:
    """Move the descriptor to a number that the code under test is unlikely to close or write to by chance."""
    high = 900
    os.dup2(writer, high)
    os.close(writer)
    return high


def _leave_the_run(session: pytest.Session, relay: _HookRelay, ways: set[int | None]) -> None:
    """In the fork, print nothing, and speak through `relay` alone.

    Of all descriptors that can be written to, only the pipes `ways` and files without a name stay open.
    """
    session.config.stash[REUSABLE_FORK] = None
    manager = session.config.pluginmanager
    for name, plugin in list(manager.list_name_plugin()):
        # An xdist worker runs a copy of xdist's module under another name.
        if plugin is not None and (name == "terminalreporter" or type(plugin).__name__ == "WorkerInteractor"):
            manager.unregister(plugin)
    # While pytest captures, it keeps a copy of the terminal. execnet keeps its connection to the main process.
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        with contextlib.suppress(OSError):
            status = os.fstat(number)
            mode = status.st_mode
            # pytest captures in files without a name, and Python writes to one if it crashes.
            written = stat.S_ISREG(mode) and status.st_nlink and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE
            speaks = written or stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode) or os.isatty(number)
            if number not in {0, 1, 2, *ways} and speaks:
                os.dup2(nothing, number)
    os.close(nothing)
    forget_modules({item.module.__name__ for item in session.items if isinstance(item, pytest.Function)})
    if ON_RED in session.config.stash:
        session.config.stash[ON_RED] = relay.say_early
    manager.register(relay, "dojo-hook-relay")
    # When the relay is registered, pytest tells it about every earlier warning. The parent process knows these.
    relay.tells_warnings = True
