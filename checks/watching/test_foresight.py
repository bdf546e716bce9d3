"""While a learner types, the watch runs the mistakes of the step, so that a diagnosis finds their verdicts ready."""

from __future__ import annotations

import os
import sys
import time

import pytest

from ..terminal import PATIENCE, Terminal

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks are needed"),
]

MISTAKES = "mistakes/lesson_1_numbers/kata_01_doubling.py"
WHY = "Squaring is not doubling"


@pytest.fixture
def watch(course):
    opened = []

    def start() -> Terminal:
        command = [sys.executable, "-m", "dojo", "watch", "--device", "cpu"]
        opened.append(Terminal(command, course.root))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


class Log:
    """A file that code under test appends a letter to."""

    def __init__(self, path) -> None:
        self.path = path
        self.path.touch()
        self.line = (
            f"    __import__('os').write(__import__('os').open({str(path)!r}, {os.O_WRONLY | os.O_APPEND}), b'x')"
        )

    @property
    def length(self) -> int:
        return self.path.stat().st_size

    def settled(self, screen: Terminal, at_least: int) -> int:
        """The length, as soon as it has reached `at_least` and has not changed for a second."""
        deadline = time.monotonic() + PATIENCE
        before, since = -1, time.monotonic()
        while time.monotonic() < deadline:
            screen.read(0.1)
            if self.length != before:
                before, since = self.length, time.monotonic()
            elif before >= at_least and time.monotonic() - since > 1:
                return before
        raise AssertionError(f"{self.length} of {at_least}")


def test_a_mistake_runs_once_and_again_when_the_course_changes(course, watch, tmp_path):
    log = Log(tmp_path / "log")
    path = course.root / MISTAKES
    path.write_text(path.read_text().replace("    return x * x\n", f"{log.line}\n    return x * x\n"))
    screen = watch()
    screen.wait_for("Write it where the file says")
    known = log.settled(screen, 1)
    course.answer(double="return x * x")
    screen.wait_for(WHY)
    course.answer(double="return 3 * x")
    screen.wait_for("largest|most of all|3 times|differ")
    course.answer(double="squared = x * x\nreturn squared")
    screen.wait_for(WHY)
    assert log.settled(screen, known) == known, "the verdicts on the mistake were known"
    path.write_text(path.read_text().replace("Squaring is not doubling", "You squared x"))
    screen.wait_for("You squared x")
    assert log.settled(screen, known + 1) > known


def test_the_learners_code_does_not_run_ahead(course, watch, tmp_path):
    """The tests of the step use another step of the learner's, so the verdicts on its mistakes depend on that step."""
    log = Log(tmp_path / "log")
    tests = course.root / course.tests
    tests.write_text(tests.read_text().replace("kata.double(x)", "kata.double(x + 0 * kata.total(x[None]).sum())"))
    course.answer(total=f"{log.line.strip()}\nreturn rows.sum(dim=1)")
    screen = watch()
    screen.wait_for("Write it where the file says")
    before = log.settled(screen, 0)
    screen.read(2)
    assert log.settled(screen, before) == before
    course.answer(double="return x * x")
    screen.wait_for(WHY)
    assert log.length > before
