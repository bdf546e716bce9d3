"""Debuggers stop in the learner's own line, in a terminal and in an editor."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time

import pytest

from ..small_course import ROOT
from ..terminal import Terminal

IN_A_TERMINAL = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
KATA = r"katas/lesson_1_numbers/kata_01_doubling\.py"
STEP = ("--device", "cpu", "--step", "double")
# What the code under test did not change must not be noted.
NEVER = re.compile(r"Your code changed|still running after|nobody can type")


@pytest.fixture
def terminal(course):
    """Start a Python module in a terminal, in the small course."""
    opened = []

    def start(*command: str) -> Terminal:
        opened.append(Terminal([sys.executable, "-m", *command], course.root, columns=200, rows=50))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@IN_A_TERMINAL
def test_a_breakpoint_stops_in_its_line_and_then_the_report_follows(course, terminal):
    course.solve(double="y = 3 * x\nbreakpoint()\nreturn y")
    screen = terminal("pytest", *STEP)
    assert re.search(rf"{KATA}\(9\)double\(\)\n-> return y", screen.wait_for(r"\(Pdb\)"))
    screen.press("p y\n")
    screen.wait_for(r"tensor\(\[3\.0000, 7\.5000\]\)")
    screen.press("c\n")
    text = screen.wait_for("values differ")
    assert screen.end() == 1
    assert not NEVER.search(text)


@pytest.mark.full
@IN_A_TERMINAL
def test_no_time_limit_while_a_debugger_is_open(course, terminal):
    (course.root / "pyproject.toml").write_text(
        (course.root / "pyproject.toml").read_text().replace("timeout = 10", "timeout = 1")
    )
    course.solve(double="import pdb; pdb.set_trace()\nreturn 2 * x")
    screen = terminal("pytest", *STEP)
    for _ in range(2):
        screen.wait_for(r"\(Pdb\)\s*$")
        time.sleep(1.5)
        screen.press("c\n")
        screen.wait_for("PDB continue")
    assert screen.end() == 0
    assert not NEVER.search(screen.text)


@pytest.mark.full
@IN_A_TERMINAL
@pytest.mark.parametrize("command", [("pytest", "--pdb", *STEP), ("dojo", "run", "--device", "cpu", "--pdb", "double")])
def test_an_error_opens_the_debugger_in_the_learners_line(course, terminal, command):
    course.solve(double="rows = [x, x[:1]]\nreturn torch.stack(rows)")
    screen = terminal(*command)
    text = screen.wait_for(r"\(Pdb\)")
    assert re.search(rf"{KATA}\(8\)double\(\)\n-> return torch\.stack\(rows\)", text)
    screen.press("q\n")
    assert screen.end() == 2
    assert "Error" not in screen.text.replace("_pytest.outcomes.Exit", "")


@pytest.mark.full
@IN_A_TERMINAL
def test_trace_stops_in_the_test_and_steps_into_the_learners_code(course, terminal):
    course.solve(double="y = 2 * x\nreturn y")
    screen = terminal("pytest", "--trace", *STEP)
    screen.wait_for(r"\(Pdb\)")
    for seen in (r"-> assert_tensor\(kata\.double\(x\)", rf"{KATA}\(6\)double\(\)"):
        screen.press("s\n")
        screen.wait_for(seen)


@pytest.mark.full
@IN_A_TERMINAL
def test_pdb_that_starts_pytest_stops_at_its_breakpoints(course, terminal):
    course.solve(double="y = 2 * x\nreturn y")
    screen = terminal("pdb", "-m", "pytest", *STEP)
    screen.wait_for(r"\(Pdb\)")
    screen.press(f"b {KATA.replace(chr(92), '')}:8\n")
    screen.wait_for("Breakpoint 1")
    screen.press("c\n")
    screen.wait_for(rf"{KATA}\(8\)double\(\)\n-> return y")
    screen.press("cl 1\nc\n")
    assert "double is green" in screen.wait_for("exited via sys.exit")
    assert not NEVER.search(screen.text)


@pytest.mark.full
@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_breakpoint_where_nobody_can_type_is_answered_with_the_command_that_works(course, stop):
    course.solve(double=f"{stop}\nreturn 2 * x")
    for options in ((), ("--isolation", "spawn"), ("-n", "1")):
        ran = course.pytest("--step", "double", *options)
        assert ran.status == 1
        assert "nobody can type here" in ran.out
        assert "dojo run double" in ran.out


def test_a_breakpoint_that_python_was_told_to_skip_does_not_stop(course):
    course.solve(double="breakpoint()\nreturn 2 * x")
    assert course.pytest("--step", "double", env={"PYTHONBREAKPOINT": "0"}).status == 0


class Editor:
    """An editor that debugs a test, as the Debug Adapter Protocol has it."""

    def __init__(self, folder, *arguments: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-Xfrozen_modules=off", "-m", "debugpy", "--listen", f"127.0.0.1:{port}"]
        self.process = subprocess.Popen(
            [*command, "--wait-for-client", "-m", "pytest", *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        self.input = self.socket.makefile("rb")
        self.sent = 0
        self.printed = ""

    def ask(self, command: str, **arguments: object) -> None:
        self.sent += 1
        message = {"seq": self.sent, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(message).encode()
        self.socket.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def wait_for(self, *kinds: str) -> dict:
        """The next event or response of one of these kinds."""
        while True:
            length = 0
            while line := self.input.readline().strip():
                length = int(line.rpartition(b":")[2]) if line.startswith(b"Content-Length") else length
            assert length, "debugpy has closed the connection"
            message = json.loads(self.input.read(length))
            if message.get("event") == "output":
                self.printed += message["body"]["output"]
            if message.get("event") in kinds or message.get("command") in kinds:
                return message

    def close(self) -> None:
        self.input.close()
        self.socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()


@pytest.mark.full
def test_an_editor_stops_at_its_breakpoint(course):
    pytest.importorskip("debugpy")
    course.solve(double="y = 2 * x\nreturn y")
    test = f"{course.tests}::test_double__is_twice_the_input[cpu]"
    editor = Editor(course.root, "--rootdir", str(course.root), test)
    try:
        editor.ask("initialize", adapterID="checks", pathFormat="path", linesStartAt1=True, columnsStartAt1=True)
        editor.wait_for("initialize")
        editor.ask("attach", justMyCode=True)
        editor.wait_for("initialized")
        editor.ask("setBreakpoints", source={"path": str(course.root / course.kata)}, breakpoints=[{"line": 8}])
        editor.ask("configurationDone")
        thread = editor.wait_for("stopped", "terminated")["body"]["threadId"]
        editor.ask("stackTrace", threadId=thread, startFrame=0, levels=1)
        frame = editor.wait_for("stackTrace")["body"]["stackFrames"][0]
        assert (frame["source"]["path"], frame["line"]) == (str(course.root / course.kata), 8)
        editor.ask("continue", threadId=thread)
        editor.wait_for("terminated")
        assert not NEVER.search(editor.printed)
    finally:
        editor.close()
