"""A program in a pseudo-terminal, whose screen and keyboard a check has."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

from .processes import end
from .small_course import ROOT

pyte = pytest.importorskip("pyte")

PATIENCE = 60


class Terminal:
    """A program in a terminal of a given size."""

    def __init__(self, command: list[str], folder: Path, columns: int = 80, rows: int = 24, **env: str) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        # rich would use COLUMNS and LINES instead of the terminal's size.
        around = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=around | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "TERM": "xterm-256color", **env},
        )

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        if hasattr(self, "process"):
            os.kill(self.process.pid, signal.SIGWINCH)

    def read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, wanted: str) -> str:
        """Read until a text is on the screen."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if re.search(wanted, self.text):
                return self.text
            self.read(0.2)
        raise AssertionError(f"{wanted!r} never came; the screen:\n{self.text}")

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Wait for the program to end."""
        deadline = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        while self.read(0.05):
            pass
        return self.process.wait(timeout=1)

    def close(self) -> None:
        end(self.process)
        os.close(self.master)
        os.close(self.slave)
