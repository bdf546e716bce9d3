"""Code that ends, crashes or hangs Python itself: its own test is red, and the run goes on."""

from __future__ import annotations

import os
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs go into forks on Linux alone")

ENDS = {
    "import os; os._exit(0)": "Your code ends Python itself (exit status 0)",
    "import os; os._exit(3)": "Your code ends Python itself (exit status 3)",
    "import ctypes; ctypes.string_at(0)": "Your code crashed Python (SIGSEGV)",
    "import os; os.abort()": "Your code crashed Python (SIGABRT)",
    "import os; os.kill(os.getpid(), 9)": "The system killed your code.",
}


@pytest.mark.full
@pytest.mark.parametrize("body", ENDS)
def test_the_step_is_red_and_says_why_and_every_other_step_is_judged(course, body):
    course.solve(total=body)
    ran = course.pytest("--all")
    assert ran.status == 1
    assert ENDS[body] in " ".join(ran.out.split())
    assert "Fatal Python error" not in ran.out
    assert "3 of 4 steps green, 1 red" in ran.out
    assert "4 passed" in ran.out
    assert "1 failed" in ran.out


def test_a_crash_names_the_line(course):
    course.solve(double="import ctypes\ny = x + 1\nreturn ctypes.string_at(0)")
    ran = course.pytest()
    assert ran.lines[0].startswith("✗ double   step 1 of 3")
    assert "kata_01_doubling.py:9" in ran.out
    assert "It was on line 9: return ctypes.string_at(0)" in ran.out


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\nwhile True: pass",
        "import ctypes; ctypes.PyDLL(None).sleep(60)",
    ],
)
def test_what_cannot_be_interrupted_is_given_up(course, body):
    course.solve(double=body)
    started = time.monotonic()
    ran = course.pytest("-o", "timeout=0.5")
    assert time.monotonic() - started < 40
    assert ran.lines[0].startswith("✗ double")
    assert "still running after" in ran.out


def test_processes_left_running_are_ended(course, tmp_path):
    note = tmp_path / "pid"
    body = "import subprocess\nchild = subprocess.Popen(['sleep', '987'], start_new_session=True)\n"
    body += f"open({str(note)!r}, 'w').write(str(child.pid))\nreturn 2 * x"
    course.solve(double=body)
    assert course.pytest("--all").status == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


@pytest.mark.full
@pytest.mark.parametrize("body", ["raise KeyboardInterrupt", "import pytest; pytest.exit('enough')", "exit()"])
def test_what_would_end_pytest_is_an_error_of_the_step(course, body):
    course.solve(double=body)
    ran = course.pytest("--all")
    assert ran.status == 1
    assert "3 of 4 steps green, 1 red" in ran.out
    assert "Your code raises an error" in ran.out


def test_a_fork_that_comes_back_does_not_run_the_tests_twice(course):
    course.solve(double="import os\nif os.fork() == 0: return x\nreturn 2 * x")
    ran = course.pytest("--all")
    assert "4 of 4 steps green" in ran.out
    assert ran.status == 0


def test_memory_that_is_not_there_is_an_error_in_the_learners_line(course):
    course.solve(double="return torch.ones(10**13)")
    ran = course.pytest()
    assert "Your code raises an error." in ran.out
    assert "allocate" in ran.out


@pytest.mark.full
def test_an_endless_print_does_not_fill_the_report(course):
    course.solve(double="for _ in range(200_000): print('x' * 100)\nreturn x")
    ran = course.pytest("--all")
    assert len(ran.out) < 300_000
    assert ran.status == 1


def test_warnings_reach_pytests_own_summary(course):
    course.solve(double="import warnings\nwarnings.warn('careful there')\nreturn 2 * x")
    assert "careful there" in course.pytest("--all").out


def test_the_log_files_and_other_plugins_see_the_outcomes(course, tmp_path):
    course.solve(double="import os; os._exit(0)")
    course.pytest("--all", "--junitxml", str(tmp_path / "j.xml"))
    assert 'failures="2"' in (tmp_path / "j.xml").read_text()
    assert "test_double__is_twice_the_input" in course.pytest("--all", "--lf").out
    assert course.pytest("-x", "--all").out.count("Your code ends Python") == 1
