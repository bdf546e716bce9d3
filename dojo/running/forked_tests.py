"""Running tests in a fork that may die: a learner's code that ends, crashes or hangs Python costs its own test alone.

The fork runs the tests and tells what happens in JSON lines; this process passes that on to pytest's own hooks, and,
where the fork dies, reports the test that was running as red and goes on with the next one in a new fork.
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
from typing import Any, NoReturn

import pytest

from dojo.course.curriculum import Step
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
from dojo.judging.lockdown import be_unreadable as be_unreadable
from dojo.running import held_start
from dojo.running.at_a_glance import is_run, report_unwritten
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
from dojo.testbed.tracebacks import Frame

# Seconds over a test's own limit after which a fork that still has not said anything is given up.
_GRACE = 2.0
# What a fork may take to say that it has begun a test, or is done with one: diagnosing has a limit of its own.
_QUIET = 60.0
# Of what a test printed, as much is passed on, in characters.
_PRINTED = 100_000
_OWN_DEVICES = {"cpu", "sim"}
# A line from a fork is longer only if code under test wrote it, in bytes.
_LINE = 16 << 20
# While a fork is judged, its computing time is looked at this often, in seconds.
_LOOK = 0.25
# The exit status of a fork in which running a test broke what runs tests.
_SPOILED = 86


# A test to run, and the one after it.
_Order = tuple[pytest.Item, "pytest.Item | None"]


def is_wanted(session: pytest.Session) -> bool:
    """Whether this run's tests go into forks: learners' steps, where forking is safe and nobody debugs or measures."""
    return not hasattr(session.config, "workerinput") and _is_possible(session)


def reusable_fork_for(session: pytest.Session) -> ReusableFork | None:
    """In an xdist worker: what runs tests of steps in forks, one at a time as xdist asks for them; else None."""
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
    """Whether a person can type here, and a kata that is run calls a debugger: a fork has no terminal."""
    if hasattr(session.config, "workerinput") or session.config.getoption("judged") or not debugging.can_type():
        return False
    katas = {item.stash[STEP].kata_id for item in session.items if STEP in item.stash}
    return debugging.has_breakpoint(session.config.stash[COURSE].judged / f"{kata}.py" for kata in katas)


def run(session: pytest.Session) -> None:
    """Run the session's tests, as pytest's own loop does."""
    adopt_orphans()
    index = 0
    with tempfile.TemporaryDirectory(prefix="dojo-run-", ignore_cleanup_errors=True) as folder:
        while True:
            index = _report_unwritten(session, index)
            if index >= len(session.items):
                return
            batch = _Batch(session, index, Path(folder, "faults"))
            batch.start()
            if _learns_ahead(session, index):
                # A fork knows what was known when it was made.
                batch.end()
                batch.start()
            # Where nobody has asked for this run yet, the fork is there already when somebody does.
            session.config.stash[RUN].wait_to_be_asked()
            index = batch.run()
            _stop_if_told(session)


def _learns_ahead(session: pytest.Session, index: int) -> bool:
    """While nobody has asked for this run: find out how the mistakes of its first step fail. Whether that was new."""
    gate = held_start.held()
    new = False
    if gate is not None:
        for foreseen in foresee(session.items[index:], gate):
            new = True
            session.config.hook.pytest_dojo_foreseen(foreseen=foreseen)
    return new and not held_start.is_asked()


def _report_unwritten(session: pytest.Session, index: int) -> int:
    """Report on the unwritten steps from a test on; return the number of the next test that is run.

    If a fork has to wait until somebody asks for this run, it waits with the first test, whatever that is.
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
    """Runs tests in a fork that is kept for the next one, until a test ends it or leaves it other than it was."""

    def __init__(self, session: pytest.Session) -> None:
        adopt_orphans()
        self.session = session
        self.numbers = {item.nodeid: number for number, item in enumerate(session.items)}
        self.folder = tempfile.TemporaryDirectory(prefix="dojo-run-", ignore_cleanup_errors=True)
        self.batch: _Batch | None = None
        self.orders = -1

    def run(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """Run one test, and report on it; `following` is the test of a step that comes next, or None."""
        number = self.numbers[item.nodeid]
        if self.batch is None:
            self.batch = _Batch(self.session, number, Path(self.folder.name, "faults"))
            reader, self.orders = os.pipe()
            self.batch.start(orders=reader, close=self.orders)
            os.close(reader)
        batch = self.batch
        batch.index = number
        order = [number, None if following is None else self.numbers[following.nodeid]]
        send(self.orders, order)
        batch.listen(until=lambda: batch.index > number)
        if batch.index <= number or batch.over:
            self._end_batch()

    def close(self) -> None:
        """End the fork, and what is left of it."""
        self._end_batch()
        self.folder.cleanup()

    def _end_batch(self) -> None:
        batch, self.batch = self.batch, None
        if batch is not None:
            os.close(self.orders)
            batch.end()


class _Batch:
    """The tests from one on, in one fork."""

    def __init__(self, session: pytest.Session, first: int, faults: Path) -> None:
        self.session = session
        self.items = session.items
        self.index = first
        self.faults = faults
        self.running = False
        self.reported = False
        self.over = False
        self.limit = 0.0
        # If not 0, the limit is on computing time (dojo.testbed.time_limit).
        self.patience = 0.0
        self.deadline = 0.0
        # Whether the limit runs: it is on the code under test alone.
        self.timed = False
        self.timed_out = False
        self.spoiled = False
        self._pid = 0
        self._reader = -1
        self._lines = LineReader(-1)
        self._before: set[int] = set()
        # Every line of the fork begins with this: code under test does not know it.
        self._token = secrets.token_hex(16).encode()
        self._judged = bool(session.config.getoption("judged"))
        self._computed = 0.0
        # Why the test that runs is red, whatever the fork says of it.
        self._refused = ""

    def run(self) -> int:
        """Listen until the fork ends; return the number of the first test that has not been run."""
        try:
            self.listen(until=lambda: self.over)
        finally:
            self.over = self.over or (self.index >= len(self.items) and not self.running)
            self.end()
        return self.index

    def start(self, orders: int | None = None, close: int | None = None) -> None:
        """Fork. The fork runs every test from `self.index` on, or those that come through the pipe `orders`.

        close: a descriptor that is not for the fork.
        """
        self._before = children()
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            for descriptor in (self._reader, close):
                if descriptor is not None:
                    os.close(descriptor)
            _be_the_child(self.session, self.index, orders, (writer, self._token), self.faults)
        os.close(writer)
        self._lines = LineReader(self._reader)

    def end(self) -> None:
        """End the fork, if it has not ended; where a test was running, that test is red for it."""
        os.close(self._reader)
        status: int | None = None
        # It may be gone already; if not, it has nothing more to say.
        if self.over:
            self._let_end()
        ended = os.waitpid(self._pid, os.WNOHANG)
        if ended[0] == 0 and not self.timed_out and not self.spoiled and self.running:
            time.sleep(0.05)
            ended = os.waitpid(self._pid, os.WNOHANG)
        if ended[0] == 0:
            end_group(self._pid)
            os.waitpid(self._pid, 0)
        else:
            status = os.waitstatus_to_exitcode(ended[1])
            end_group(self._pid)
        end_orphans(self._before)
        if self.running:
            self._report_death(status)

    def _let_end(self) -> None:
        """A fork that has done all its tests ends at once."""
        deadline = time.monotonic() + 0.2
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                    return
            time.sleep(0.001)

    def listen(self, until: Callable[[], bool]) -> None:
        """Take in what the fork says until it ends, falls silent for too long, or `until()`."""
        self.deadline = time.monotonic() + _QUIET
        while not until():
            wait = self.deadline - time.monotonic()
            if wait <= 0 or self._has_computed_too_long():
                self.timed_out = True
                return
            if not self._lines.wait(min(wait, _LOOK) if self.patience else wait):
                continue
            lines = self._lines.read()
            if self._lines.at_end:
                return
            for line in lines:
                try:
                    self._take(self._message(line))
                except (ValueError, TypeError, KeyError, AttributeError):
                    # Code under test has written where only the fork's own relay writes.
                    self.spoiled = True
                    return
                if self.over:
                    # Whatever else it says.
                    return
            if self._lines.waiting > _LINE:
                self.spoiled = True
                return
            if not self.running and (self.session.shouldfail or self.session.shouldstop):
                return

    def _message(self, line: bytes) -> dict[str, Any]:
        """The message in a line of the fork. Raises ValueError if the fork's own relay has not written it."""
        token, _, text = line.partition(b" ")
        if not secrets.compare_digest(token, self._token):
            raise ValueError("not from the fork's own relay")
        message = json.loads(text)
        if not isinstance(message, dict):
            raise ValueError("no message")
        return message

    def _has_computed_too_long(self) -> bool:
        """If there is patience with a test, its limit is computing time, of all threads; the clock may show more."""
        if not (self.patience and self.running and self.timed):
            return False
        with contextlib.suppress(OSError, ValueError, IndexError):
            return _computed(self._pid) - self._computed > self.limit + _GRACE
        return False

    def _take(self, message: dict[str, Any]) -> None:
        item = self.items[min(self.index, len(self.items) - 1)]
        said = message["say"]
        self.deadline = time.monotonic() + _QUIET
        if said == "start":
            self.running, self.reported, self._refused = True, False, ""
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        elif said == "limit":
            self.limit = message["seconds"] or self.limit
            self.timed = bool(message["seconds"])
            if message["seconds"]:
                self.patience = message["patience"]
                self.deadline = time.monotonic() + (self.patience or 1) * (message["seconds"] + _GRACE)
                self._computed = _computed(self._pid) if self.patience else 0.0
        elif said == "refuse":
            self._refused = self._refused or message["says"]
            # It is red in any case: nothing more is worth waiting for.
            self.deadline = min(self.deadline, time.monotonic() + self.limit + _GRACE)
        elif said == "report":
            report = item.config.hook.pytest_report_from_serializable(config=item.config, data=message["data"])
            self._make_sure_of(report, item)
            self.reported = self.reported or report.when == "call"
            item.ihook.pytest_runtest_logreport(report=report)
        elif said == "warning":
            category = getattr(builtins, message["category"], None)
            if not (isinstance(category, type) and issubclass(category, Warning)):
                category = UserWarning
            warning = warnings.WarningMessage(
                category(message["text"]), category, message["filename"], message["lineno"]
            )
            item.config.hook.pytest_warning_recorded.call_historic(
                kwargs={"warning_message": warning, "when": "runtest", "nodeid": item.nodeid, "location": None}
            )
        elif said == "early":
            item.config.stash[ON_RED](from_data(TestResult, message["result"]))
        elif said == "finish":
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            self.running = False
            self.over = message["over"] or bool(self._refused)
            self.index += 1

    def _make_sure_of(self, report: Any, item: pytest.Item) -> None:
        """A report is on the test that runs, whatever the fork says; what was refused is red."""
        report.nodeid, report.location = item.nodeid, item.location
        if report.when not in ("setup", "call", "teardown") or report.outcome not in ("passed", "failed", "skipped"):
            raise ValueError("no report of pytest's")
        step, told = item.stash.get(STEP, None), attached_result(report)
        if step is None or told is None:
            report.__dict__.pop("dojo", None)
            return
        failure = told.failure
        if self._refused and report.when == "call" and report.outcome == "passed":
            failure = Failure("cheating", [self._refused], getattr(item, "originalname", item.name))
            self._place(failure, item, step)
            report.outcome, report.longrepr = "failed", self._refused
        attach_result(report, result_of(item, failure, told.notes))

    def _report_death(self, status: int | None) -> None:
        """The fork died, or was given up, while a test ran: that test is red, for this reason."""
        item = self.items[self.index]
        step = item.stash.get(STEP, None)
        if not self.reported:
            failure = self._failure(item, step, status)
            report = pytest.TestReport(
                nodeid=item.nodeid,
                location=item.location,
                keywords={},
                outcome="failed",
                longrepr="\n".join(failure.says),
                when="call",
            )
            if step is not None:
                attach_result(report, result_of(item, failure, []))
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self.index += 1

    def _failure(self, item: pytest.Item, step: Step | None, status: int | None) -> Failure:
        course = item.config.stash[COURSE]
        kind = "timeout" if self.timed_out else "crash"
        spoiled = self.spoiled or status == _SPOILED
        says = [_SPOILS if spoiled else _last_words(self.limit if self.timed_out else None, status)]
        failure = Failure(kind, says, getattr(item, "originalname", item.name))
        frame = _frame_of_fault(self.faults, course.judged)
        if frame is not None:
            failure.frames = [frame]
            failure.file, failure.line = frame.file, frame.line
            failure.says.append(f"It was on line {frame.line}: {frame.source}")
        else:
            self._place(failure, item, step)
        return failure

    def _place(self, failure: Failure, item: pytest.Item, step: Step | None) -> None:
        """Put a failure at the definition of its step."""
        course = item.config.stash[COURSE]
        path = course.judged / f"{step.kata_id}.py" if step is not None else item.path
        definition = read_definitions(path).get(step.name) if step is not None else None
        failure.file, failure.line = str(path), definition.line if definition else 0


_SPOILS = (
    "Your code breaks the test process: it closes or writes to files that are not its own, "
    "or changes Python's own functions."
)


def _last_words(limit: float | None, status: int | None) -> str:
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
    """Seconds of computing of a process, with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _frame_of_fault(faults: Path, folder: Path) -> Frame | None:
    """The learner's innermost line in what Python wrote when it crashed."""
    try:
        text = faults.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    for file, line, function in re.findall(r'File "(.+?)", line (\d+) in (\S+)', text):
        if file.startswith(str(folder) + os.sep):
            with contextlib.suppress(OSError, IndexError):
                source = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()[int(line) - 1].strip()
                return Frame(file, int(line), function, source)
    return None


class _HookRelay:
    """In the fork: tells the other side what pytest's hooks are told."""

    def __init__(self, config: pytest.Config, writer: int, token: bytes) -> None:
        self.config = config
        self.writer = writer
        self.write = _writer(writer, token)
        self.pid = os.getpid()
        self.item: pytest.Item | None = None
        self.tells_warnings = False
        # Whether this fork is other than it was, and no place for another test.
        self.over = False
        # Whether the next test has a fork of its own in any case.
        self.last = False

    def say(self, said: str, **data: Any) -> None:
        if os.getpid() != self.pid:
            # Code under test has forked, and its copy has come back here: it has nothing to say.
            os._exit(0)
        self.write(json.dumps({"say": said, **data}, default=str).encode())

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
    """A function that writes a line; what it needs is nowhere but in it."""
    write, head = os.write, token + b" "

    def write_line(text: bytes) -> None:
        line = head + text + b"\n"
        while line:
            line = line[write(descriptor, line) :]

    return write_line


def _in_order(session: pytest.Session, first: int) -> Iterator[_Order]:
    """Every test of the session from one on."""
    for index in range(first, len(session.items)):
        yield session.items[index], session.items[index + 1] if index + 1 < len(session.items) else None
        if session.shouldfail or session.shouldstop:
            return


def _as_told(session: pytest.Session, reader: int) -> Iterator[_Order]:
    """The tests that a pipe names by their numbers, each with the one that follows it."""
    with os.fdopen(reader, "rb") as orders:
        for line in orders:
            number, following = json.loads(line)
            yield session.items[number], None if following is None else session.items[following]


def _hide_the_run(session: pytest.Session) -> None:
    """Take the run away from where any code can find it: pytest keeps it in global names, for asserts and debuggers."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not hasattr(finder, "session")]
    pytest_private.forget_the_run()
    plugin = session.config.pluginmanager.get_plugin("assertion")
    if plugin is not None:
        session.config.pluginmanager.unregister(plugin)


def _kata(item: pytest.Item) -> str:
    step = item.stash.get(STEP, None)
    return step.kata_id if step is not None else ""


def _be_the_child(
    session: pytest.Session, first: int, orders: int | None, writer: tuple[int, bytes], faults: Path
) -> NoReturn:
    """The fork's whole life: run the tests from `first` on, or those that the pipe `orders` names; tell of each.

    It ends without anyone's exit handlers.
    """
    status = _SPOILED
    try:
        die_with_parent()
        os.setsid()
        # Ctrl-C is for the process that the person started; what is left of it here is the learner's own.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        empty_input()
        debugging.note_no_terminal()
        limit_resources()
        compute_on_one_thread()
        log = faults.open("w")
        faulthandler.enable(file=log)
        relay = _HookRelay(session.config, _out_of_reach(writer[0]), writer[1])
        _leave_the_run(session, relay, {relay.writer, orders, held_start.held()}, log.fileno())
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
            # What a kata does to the fork that imports it, it does to its own tests alone.
            relay.last = bool(judged) and following is not None and _kata(following) != _kata(item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if relay.over:
                break
        status = 0
    finally:
        os._exit(status)


def _out_of_reach(writer: int) -> int:
    """The descriptor under a number that the code under test is unlikely to close or write to by chance."""
    high = 900
    os.dup2(writer, high)
    os.close(writer)
    return high


def _leave_the_run(session: pytest.Session, relay: _HookRelay, ways: set[int | None], log: int) -> None:
    """In the fork: print nothing, and speak to nobody but through `relay`.

    Of all that can be written to, only the pipes `ways`, the file `log` and what pytest captures in stay open.
    """
    session.config.stash[REUSABLE_FORK] = None
    manager = session.config.pluginmanager
    for name, plugin in list(manager.list_name_plugin()):
        # xdist has its worker run a copy of its module, under another name.
        if plugin is not None and (name == "terminalreporter" or type(plugin).__name__ == "WorkerInteractor"):
            manager.unregister(plugin)
    # pytest keeps the terminal in a copy while it captures; execnet keeps the way to the main process.
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        with contextlib.suppress(OSError):
            status = os.fstat(number)
            mode = status.st_mode
            # What pytest captures in has no name.
            written = stat.S_ISREG(mode) and status.st_nlink and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE
            speaks = written or stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode) or os.isatty(number)
            if number not in {0, 1, 2, log, *ways} and speaks:
                os.dup2(nothing, number)
    os.close(nothing)
    forget_modules({item.module.__name__ for item in session.items if isinstance(item, pytest.Function)})
    if ON_RED in session.config.stash:
        session.config.stash[ON_RED] = relay.say_early
    manager.register(relay, "dojo-hook-relay")
    # While it is registered, pytest tells it of every warning before: those are known.
    relay.tells_warnings = True
