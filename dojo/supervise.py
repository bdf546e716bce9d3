"""Running tests in a fork that may die: a learner's code that ends, crashes or hangs Python costs its own test alone.

The fork runs the tests and tells what happens in JSON lines; this process passes that on to pytest's own hooks, and,
where the fork dies, reports the test that was running as red and goes on with the next one in a new fork.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import re
import resource
import select
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, NoReturn

import pytest

from dojo.curriculum import Step
from dojo.definitions import read_definitions
from dojo.examine import fork_is_safe
from dojo.failure import Failure
from dojo.frames import Frame
from dojo.keys import COURSE, DEVICES, STEP
from dojo.processes import adopt_orphans, children, die_with_parent, end_group, end_orphans

# Seconds over a test's own limit after which a fork that still has not said anything is given up.
_GRACE = 2.0
# What a fork may take to say that it has begun a test, or is done with one: diagnosing has a limit of its own.
_QUIET = 60.0
# Of what a test printed, as much is passed on, in characters.
_PRINTED = 100_000
_OWN_DEVICES = {"cpu", "sim"}


def is_wanted(session: pytest.Session) -> bool:
    """Whether this run's tests go into forks: where forking is safe, and nobody is debugging or measuring them."""
    config = session.config
    if COURSE not in config.stash or not session.items or config.getoption("isolation") == "spawn":
        return False
    if hasattr(config, "workerinput") or config.getoption("usepdb", False) or config.getoption("trace", False):
        return False
    if any(config.getoption(name, False) for name in ("setupplan", "setuponly", "setupshow", "collectonly")):
        return False
    measured = sys.gettrace() is not None or sys.getprofile() is not None or config.pluginmanager.hasplugin("_cov")
    names = {device.name for device in config.stash.get(DEVICES, []) if not device.left_out}
    return not measured and names <= _OWN_DEVICES and fork_is_safe()


def run(session: pytest.Session) -> None:
    """Run the session's tests, as pytest's own loop does."""
    adopt_orphans()
    index = 0
    with tempfile.TemporaryDirectory(prefix="dojo-run-", ignore_cleanup_errors=True) as folder:
        while index < len(session.items):
            index = _Batch(session, index, Path(folder, "faults")).run()
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)


class _Batch:
    """The tests from one on, in one fork."""

    def __init__(self, session: pytest.Session, first: int, faults: Path) -> None:
        self.session = session
        self.items = session.items
        self.index = first
        self.faults = faults
        self.running = False
        self.reported = False
        self.limit = 0.0
        self.deadline = time.monotonic() + _QUIET
        self.timed_out = False

    def run(self) -> int:
        """Run until the fork ends; return the number of the first test that has not been run."""
        before = children()
        reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _be_the_child(self.session, self.index, writer, self.faults)
        os.close(writer)
        status: int | None = None
        try:
            self._listen(reader)
        finally:
            os.close(reader)
            # It may be gone already; if not, it has nothing more to say.
            if self.index >= len(self.items) and not self.running:
                self._let_end(pid)
            ended = os.waitpid(pid, os.WNOHANG)
            if ended[0] == 0 and not self.timed_out and self.running:
                time.sleep(0.05)
                ended = os.waitpid(pid, os.WNOHANG)
            if ended[0] == 0:
                end_group(pid)
                os.waitpid(pid, 0)
            else:
                status = os.waitstatus_to_exitcode(ended[1])
                end_group(pid)
            end_orphans(before)
        if self.running:
            self._report_death(status)
        return self.index

    def _let_end(self, pid: int) -> None:
        """A fork that has done all its tests ends at once."""
        deadline = time.monotonic() + 0.2
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                    return
            time.sleep(0.001)

    def _listen(self, reader: int) -> None:
        buffer = b""
        while True:
            wait = self.deadline - time.monotonic()
            if wait <= 0 or not select.select([reader], [], [], wait)[0]:
                self.timed_out = True
                return
            chunk = os.read(reader, 1 << 16)
            if not chunk:
                return
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
            if not self.running and (self.session.shouldfail or self.session.shouldstop):
                return

    def _take(self, message: dict[str, Any]) -> None:
        item = self.items[min(self.index, len(self.items) - 1)]
        said = message["say"]
        self.deadline = time.monotonic() + _QUIET
        if said == "start":
            self.running, self.reported = True, False
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        elif said == "limit":
            self.limit = message["seconds"] or self.limit
            if message["seconds"]:
                self.deadline = time.monotonic() + message["seconds"] + _GRACE
        elif said == "report":
            report = item.config.hook.pytest_report_from_serializable(config=item.config, data=message["data"])
            self.reported = self.reported or report.when == "call"
            item.ihook.pytest_runtest_logreport(report=report)
        elif said == "warning":
            category = getattr(__import__("builtins"), message["category"], UserWarning)
            warning = warnings.WarningMessage(
                category(message["text"]), category, message["filename"], message["lineno"]
            )
            item.config.hook.pytest_warning_recorded.call_historic(
                kwargs={"warning_message": warning, "when": "runtest", "nodeid": item.nodeid, "location": None}
            )
        elif said == "finish":
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            self.running = False
            self.index += 1

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
                report.dojo = {  # type: ignore[attr-defined]
                    "step": step.id,
                    "test": getattr(item, "originalname", item.name),
                    "device": str(getattr(getattr(item, "callspec", None), "params", {}).get("device", "cpu")),
                    "failure": failure.as_data(),
                    "notes": [],
                }
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        self.index += 1

    def _failure(self, item: pytest.Item, step: Step | None, status: int | None) -> Failure:
        course = item.config.stash[COURSE]
        kind = "timeout" if self.timed_out else "crash"
        says = [_last_words(self.limit if self.timed_out else None, status)]
        failure = Failure(kind, says, getattr(item, "originalname", item.name))
        path = course.judged / f"{step.kata_id}.py" if step is not None else item.path
        frame = _frame_of_fault(self.faults, course.judged)
        if frame is not None:
            failure.frames = [frame]
            failure.file, failure.line = frame.file, frame.line
            failure.says.append(f"It was on line {frame.line}: {frame.source}")
        else:
            definition = read_definitions(path).get(step.name) if step is not None else None
            failure.file, failure.line = str(path), definition.line if definition else 0
        return failure


def _last_words(limit: float | None, status: int | None) -> str:
    if limit is not None:
        return f"It was still running after {limit + _GRACE:g} s, and could not be interrupted."
    if status is None or status >= 0:
        shown = "" if status is None else f" (exit status {status})"
        return f"Your code ends Python itself{shown}: nothing comes back to the one who called it. Return instead."
    name = signal.Signals(-status).name if -status in {number.value for number in signal.Signals} else str(-status)
    if name == "SIGKILL":
        return "Your code was killed by the system: most likely it asked for more memory than there is."
    return f"Your code crashed Python ({name}): it was not an exception, and no `except` sees it."


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


class _Teller:
    """In the fork: tells the other side what pytest's hooks are told."""

    def __init__(self, config: pytest.Config, writer: int) -> None:
        self.config = config
        self.writer = writer
        self.pid = os.getpid()

    def say(self, said: str, **data: Any) -> None:
        if os.getpid() != self.pid:
            # Code under test has forked, and its copy has come back here: it has nothing to say.
            os._exit(0)
        line = json.dumps({"say": said, **data}, default=str).encode() + b"\n"
        while line:
            line = line[os.write(self.writer, line) :]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        self.say("start")

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        report.sections = [(name, text[-_PRINTED:]) for name, text in report.sections]
        self.say("report", data=self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        self.say("finish")

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        self.say(
            "warning",
            category=warning_message.category.__name__,
            text=str(warning_message.message),
            filename=warning_message.filename,
            lineno=warning_message.lineno,
        )

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_set_timer(self, settings: Any) -> None:
        self.say("limit", seconds=float(settings.timeout or 0))

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_cancel_timer(self) -> None:
        self.say("limit", seconds=0.0)


def _be_the_child(session: pytest.Session, first: int, writer: int, faults: Path) -> NoReturn:
    """The fork's whole life: run the tests from `first` on, telling of each, and end without anyone's exit handlers."""
    status = 1
    try:
        die_with_parent()
        os.setsid()
        # Ctrl-C is for the process that the person started; what is left of it here is the learner's own.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        _limit_memory()
        torch: Any = sys.modules.get("torch")
        if torch is not None:
            # OpenMP's threads did not come along: the first parallel operation would wait for them for ever.
            torch.set_num_threads(1)
        log = faults.open("w")
        faulthandler.enable(file=log)
        manager = session.config.pluginmanager
        if manager.has_plugin("terminalreporter"):
            manager.unregister(name="terminalreporter")
        # Of a number that the code under test is unlikely to close or write to by chance.
        high = 900
        os.dup2(writer, high)
        os.close(writer)
        manager.register(_Teller(session.config, high), "dojo-teller")
        for index in range(first, len(session.items)):
            item = session.items[index]
            following = session.items[index + 1] if index + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail or session.shouldstop:
                break
        status = 0
    finally:
        os._exit(status)


def _limit_memory() -> None:
    """Let an allocation that the machine can't hold fail in the line that asks for it."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        available = next(
            int(line.split()[1]) * 1024
            for line in Path("/proc/meminfo").read_text().splitlines()
            if line.startswith("MemAvailable")
        )
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = used + available
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
