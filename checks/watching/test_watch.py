"""`dojo watch` in a terminal, with keys and saved files, as a learner uses it."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from ..small_course import ROOT, SOLVED
from ..terminal import PATIENCE, Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")


@pytest.fixture
def watch(course, request):
    """Start `dojo watch` in the small course, on the CPU only."""
    opened = []

    def start(*options: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        command = [sys.executable, "-m", "dojo", "watch", "--device", "cpu", *options]
        opened.append(Terminal(command, course.root, columns, rows, **env))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def test_the_given_code_of_a_repair_step_shows_how_it_fails(course, watch):
    mistakes = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    mistakes.write_text(mistakes.read_text().replace("double__squared", "double__as_it_was"))
    assert course.dojo("reset", "double").status == 0
    screen = watch()
    text = screen.wait_for("Fix the code below the docstring")
    assert text.count("Return twice x.") == 1
    assert "values differ" in text
    assert "Squaring is not doubling" not in text
    course.answer(double="square = x * x\nreturn square")
    screen.wait_for("Squaring is not doubling")
    course.answer(double="return 2 * x")
    screen.wait_for("✗ total   step 2 of 3")


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.full)])
def test_from_red_to_green_and_on(course, watch, isolation, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    screen = watch("--isolation", isolation, TMPDIR=str(temporary))
    screen.wait_for("Write it where the file says raise NotImplementedError")
    assert "✗ double   step 1 of 3, lesson 1 · numbers · doubling" in screen.text
    assert "Return twice x." in screen.text
    assert "0 of 4 green" in screen.text
    assert "q quit" in screen.screen.display[23]
    course.answer(double="return x * x")
    text = screen.wait_for("Squaring is not doubling")
    assert "values differ" in text
    assert "verdict in " in text
    course.answer(double="return 2 * x")
    text = screen.wait_for("✗ total   step 2 of 3")
    assert "✓ double is green   d compares it with the reference" in text
    assert "1 of 4 green" in text
    screen.press("d")
    screen.wait_for(r"return 2 \* x +│ +return 2 \* x")
    screen.press("q")
    assert screen.end() == 0
    # PyTorch keeps a folder of its own.
    assert [path.name for path in temporary.iterdir() if path.name.startswith("dojo")] == []
    # The terminal is restored: no alternate screen, a visible cursor, echo on.
    restored, _, farewell = screen.raw.rstrip().rpartition(b"\x1b[?1049l")
    assert restored.endswith(b"\x1b[?25h")
    assert farewell == b"Green in this session: double. Next: total."
    assert b"\x1b[?1049l" in screen.raw
    assert termios.tcgetattr(screen.slave) == screen.before
    assert b"Traceback" not in screen.raw


@pytest.mark.full
def test_the_watch_goes_through_the_core_and_counts_both(course, watch):
    course.mark("double", "shout")
    screen = watch()
    text = screen.wait_for("✗ double   core step 1 of 1")
    assert "0 of 2 core steps · 0 of 2 practice" in text
    course.answer(double="return 2 * x")
    text = screen.wait_for("✗ shout   step 1 of 1")
    assert "✓ Kata 1 of lesson 1 is finished: doubling" in text
    assert "its practice: dojo run --practice kata_01_doubling  2 steps" in text
    assert "skipped" not in text, "practice steps are not skipped"
    screen.press("p")
    screen.wait_for("✓ double   core step 1 of 1")
    course.write("katas/lesson_2_words/kata_01_shouting.py", "def shout(text):\n    return text.upper()\n")
    text = screen.wait_for("All 2 core steps are green")
    assert "2 practice steps are left" in text
    # A practice step that is written is judged, and the watch stays in its kata.
    course.answer(total="return rows.sum(dim=1)")
    text = screen.wait_for("✗ Counter   practice step 2 of 2")
    assert "2 of 2 core steps · 1 of 2 practice" in text


def test_with_practice_the_watch_goes_through_every_step(course, watch):
    course.mark("double", "shout")
    course.answer(double="return 2 * x")
    screen = watch("--practice")
    screen.wait_for("✗ total   practice step 1 of 2")


@pytest.mark.full
@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_a_red_verdict_does_not_wait_for_its_diagnosis(course, watch, isolation):
    screen = watch("--isolation", isolation)
    screen.wait_for("Write it where the file says")
    # The answer is run again for the diagnosis.
    course.answer(double="import time\ntime.sleep(0.6)\nreturn x * x")
    assert "Squaring" not in screen.wait_for("values differ")
    screen.wait_for("Squaring is not doubling")


@pytest.mark.full
@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_a_clue_follows_where_no_mistake_fits(course, watch, isolation):
    screen = watch("--isolation", isolation)
    screen.wait_for("Write it where the file says")
    course.answer(double="return -2 * x")
    screen.wait_for(r"is the expected one with the opposite\s+sign")


def test_a_watch_of_a_lesson_starts_at_its_first_open_step(course, watch):
    screen = watch("words")
    screen.wait_for("✗ shout   step 1 of 1, lesson 2")


def test_keys(course, watch):
    screen = watch()
    screen.wait_for("✗ double")
    screen.press("h")
    screen.wait_for("Hint 1 of 3")
    screen.press("h")
    screen.wait_for("The shape of double")
    screen.press("\x1b")
    screen.wait_for("Return twice x")
    screen.press("n")
    screen.wait_for("✗ total")
    assert "1 skipped" in screen.text
    screen.press("p")
    screen.wait_for("✗ double")
    screen.press("d")
    screen.wait_for("double is not green yet. See the reference")
    screen.press("n")
    screen.wait_for("Return twice x")
    screen.press("d")
    screen.wait_for("See the reference")
    screen.press("y")
    screen.wait_for(r"│ +return 2 \* x")
    screen.press("l")
    screen.wait_for("you are here")
    assert "Lesson 2 · words" in screen.text
    screen.press("\x1b[B\x1b[B")
    screen.press("\r")
    screen.wait_for("✗ Counter")
    course.answer(double="return 3 * x")
    screen.wait_for("values differ")
    screen.press("r")
    screen.wait_for("Put the stub of")
    screen.press("y")
    screen.wait_for("dojo restore")
    assert "raise NotImplementedError" in (course.root / course.kata).read_text()
    screen.press("q")
    assert screen.end() == 0


@pytest.mark.full
def test_everything_green_is_run_once_more_and_the_end_is_said(course, watch):
    course.solve(total="raise ValueError")
    screen = watch()
    screen.wait_for("✗ total")
    assert "1 of 4 green" in screen.text
    course.solve()
    text = screen.wait_for("All 4 steps are green")
    assert "4 of 4 green" in text


@pytest.fixture
def runs_of_double(course):
    """A function that tells how often the test of `double` has run."""
    log = course.root / "runs of double"
    log.touch()
    tests = course.root / course.tests
    text = tests.read_text()
    first = re.search(r"def test_double__\w+\(.*\):\n", text)
    assert first is not None
    tests.write_text(text.replace(first[0], f"{first[0]}    open({str(log)!r}, 'a').write('x')\n", 1))
    return lambda: len(log.read_text())


@pytest.mark.full
@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_a_green_step_is_not_run_again_when_another_step_of_its_file_is_saved(course, watch, runs_of_double, isolation):
    course.answer(double="return 2 * x")
    screen = watch("--isolation", isolation)
    screen.wait_for("✗ total")
    before = runs_of_double()
    assert before
    course.answer(total="return rows")
    screen.wait_for("differ|shape")
    course.answer(total="return rows.sum(dim=1)")
    screen.wait_for("✗ Counter")
    assert runs_of_double() == before
    screen.press("q")
    assert screen.end() == 0
    # What the watch has found green, pytest does not run again, and the other way round.
    assert "2 green steps have not changed and were not run again" in course.pytest("--device", "cpu").out
    watch().wait_for("✗ Counter")
    assert runs_of_double() == before
    course.answer(double="return x + x")
    screen = watch()
    screen.wait_for("✗ Counter")
    deadline = time.monotonic() + PATIENCE
    while runs_of_double() == before and time.monotonic() < deadline:
        screen.read(0.2)
    assert runs_of_double() > before


@pytest.mark.full
def test_a_green_step_that_must_always_be_run_does_not_keep_the_watch_busy(course, watch):
    course.solve(double="open\nreturn 2 * x", total="return rows")
    screen = watch()
    screen.wait_for("✗ total")
    course.solve(double="open\nreturn 2 * x")
    screen.wait_for("All 4 steps are green")


@pytest.mark.full
def test_a_verdict_that_cannot_be_written_is_known_until_the_end(course, watch):
    course.write(".dojo", "in the way")
    screen = watch()
    screen.wait_for("✗ double")
    course.answer(double="return 2 * x")
    screen.wait_for("✗ total")
    course.answer(total="return rows.sum(dim=1)")
    screen.wait_for("✗ Counter")
    assert "2 of 4 green" in screen.text


@pytest.mark.full
def test_a_hint_that_was_read_elsewhere_is_not_shown_as_new(course, watch):
    screen = watch()
    screen.wait_for("Write it where the file says")
    assert "A question about double" in course.dojo("hint").out
    course.answer(double="return 3 * x")
    screen.wait_for("verdict in .*(.*\n)*.*values differ")
    screen.press("h")
    assert "A question about double" in screen.wait_for("Hint [23] of 3")


@pytest.mark.full
def test_a_step_that_goes_red_again_is_said(course, watch):
    course.solve(total="raise ValueError")
    screen = watch()
    screen.wait_for("✗ total")
    course.solve(double="return x", total="raise ValueError")
    screen.wait_for("No longer green: double")


@pytest.mark.full
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("import os; os._exit(0)", "Your code ends Python itself"),
        ("while True: pass", "It was still running after"),
        ("import ctypes; ctypes.string_at(0)", "crashed Python"),
        ("import os; os.close(1); os.close(2); return x", "values differ"),
    ],
)
def test_the_runner_survives(course, watch, body, says):
    course.write("pyproject.toml", (course.root / "pyproject.toml").read_text().replace("timeout = 10", "timeout = 1"))
    course.answer(double=body)
    screen = watch()
    screen.wait_for(says)
    started = time.monotonic()
    course.answer(double="return 2 * x")
    screen.wait_for("✓ double is green")
    assert time.monotonic() - started < 20


def test_a_save_during_a_run_cancels_it(course, watch):
    options = (course.root / "pyproject.toml").read_text()
    course.write("pyproject.toml", options.replace("timeout = 10", "timeout = 100"))
    course.answer(double="import time; time.sleep(60)\nreturn x")
    screen = watch()
    screen.wait_for("running …")
    time.sleep(1)
    course.answer(double="return 2 * x")
    started = time.monotonic()
    screen.wait_for("✓ double is green")
    assert time.monotonic() - started < 30


@pytest.mark.full
def test_another_size(course, watch):
    screen = watch(columns=120, rows=40)
    screen.wait_for("✗ double")
    screen.resize(60, 14)
    screen.wait_for(r"more lines \(down, space\)")
    deadline = time.monotonic() + 5
    while screen.read(0.3) and time.monotonic() < deadline:
        pass
    assert all(len(line.rstrip()) <= 60 for line in screen.screen.display)
    screen.press(" ")
    screen.wait_for("Write it where")


@pytest.mark.full
def test_without_colour_the_screen_says_the_same(course, watch):
    screen = watch(NO_COLOR="1")
    screen.wait_for("✗ double")
    assert not re.search(rb"\x1b\[[0-9;]*3[0-9]m", screen.raw)


def test_a_kata_that_is_broken_and_one_that_is_deleted(course, watch):
    screen = watch()
    screen.wait_for("✗ double")
    course.write(course.kata, "def double(x:\n")
    screen.wait_for("Python can't read this file")
    (course.root / course.kata).unlink()
    screen.wait_for("This file is missing")
    course.write(course.kata, SOLVED)
    screen.wait_for("✗ shout")


@pytest.mark.full
@pytest.mark.parametrize("poll", [False, True])
def test_where_there_is_no_terminal_reports_are_printed(course, poll):
    process = subprocess.Popen(
        [sys.executable, "-m", "dojo", "watch", "--device", "cpu", *(["--poll"] if poll else [])],
        cwd=course.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{course.root}", "PYTHONUNBUFFERED": "1"},
    )
    try:
        said = _read_until(process, "Write it where the file says")
        course.answer(double="return x * x")
        said += _read_until(process, "Squaring is not doubling")
        assert "\x1b" not in said
        if poll:
            assert "Files are checked four times a second: as asked." in said
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def _read_until(process, wanted: str) -> str:
    assert process.stdout is not None
    said = ""
    deadline = time.monotonic() + PATIENCE
    while wanted not in said and time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.5)[0]:
            data = os.read(process.stdout.fileno(), 1 << 16)
            if not data:
                break
            said += data.decode()
    assert wanted in said, said
    return said


def test_nothing_is_left_behind(course, watch):
    screen = watch()
    screen.wait_for("✗ double")
    children = subprocess.run(
        ["pgrep", "-f", f"dojo.watching.warm_server {course.root}"], capture_output=True, text=True, check=False
    ).stdout.split()
    assert children
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.process.wait()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and any(map(_is_running, children)):
        time.sleep(0.05)
    assert not any(map(_is_running, children))


def _is_running(pid: str) -> bool:
    """Whether a process runs. A zombie does not, although it is listed until its new parent reaps it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_wrong_name_gets_the_nearest(course):
    ran = course.dojo("watch", "duoble")
    assert (ran.status, "dojo watch double" in ran.out) == (2, True)


def test_keys_show_the_documentation_and_what_the_keys_do(course, watch):
    address = "https://docs.pytorch.org/docs/stable/generated/torch.mul.html"
    hints = course.root / "hints/lesson_1_numbers/kata_01_doubling.md"
    hints.write_text(hints.read_text().replace("# Hints\n", f"# Hints\n\nSee [`torch.mul`]({address}).\n", 1))
    screen = watch()
    screen.wait_for("Write it where the file says")
    screen.press("o")
    screen.wait_for(address)
    screen.press("?")
    text = screen.wait_for("run all steps")
    assert "go to the chosen step" in text
    screen.press("\x1b")
    screen.wait_for("Write it where the file says")
