"""The judge believes a verdict only if its nonce, its steps, its totals and the exit status agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.judging import judge as judging
from dojo.judging.judge import NoVerdict, Walls
from dojo.judging.sandbox import Limits, Result, run_limited
from dojo.judging.submission import katas_in

from ..forks import report
from ..small_course import DOUBLING, SOLVED

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the judge works on Linux alone")
ALL = ("double", "total", "Counter", "shout")
NONCE = "00ff"


def _steps(progress):
    return [step for lesson in progress["lessons"] for kata in lesson["katas"] for step in kata["steps"]]


@pytest.fixture
def verdict(course):
    """What the judge makes of a supervisor's message, and of how the supervisor ended."""

    def make(*, green=ALL, status=0, ended="", told="", message=None, steps=None, **changed):
        progress = report(course, green=green)
        known = [step["id"] for step in _steps(progress)]
        sent = {"nonce": NONCE, "status": status, "progress": progress} | changed
        printed = json.dumps(sent).encode() if message is None else message
        return judging._verdict(Result(status, printed, told, ended), NONCE, steps or known)

    return make


def test_a_verdict_that_agrees_counts(verdict):
    assert verdict().totals.green == 4
    assert verdict(green=("double",), status=1).totals.green == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"status": 137}, "the judge ended with status 137"),
        ({"status": -9, "told": "Traceback\nMemoryError: no\nmore"}, "status -9: MemoryError: no"),
        ({"status": -15, "told": "FF\n"}, "the judge ended with status -15$"),
        ({"status": 2}, "the judge ended with status 2"),
        ({"status": 1}, r"its verdict and the judge's exit status \(1\) contradict each other"),
        ({"green": ("double",)}, r"its verdict and the judge's exit status \(0\) contradict each other"),
        ({"nonce": ""}, "damaged or forged"),
        ({"nonce": "00fe"}, "damaged or forged"),
        ({"nonce": None}, "damaged or forged"),
        ({"message": b""}, "damaged or forged"),
        ({"message": b"[1]"}, "damaged or forged"),
        ({"message": b"[" * 100_000}, "damaged or forged"),
        ({"message": b'{"nonce": "00ff", "status": 0, "progress": {}}'}, "not a progress file"),
        ({"steps": ["lesson_1/kata_1/other"]}, "damaged or forged"),
        ({"ended": "it took longer than 4 s"}, "it took longer than 4 s"),
    ],
)
def test_anything_else_is_no_verdict(verdict, wrong, says):
    with pytest.raises(NoVerdict, match=says):
        verdict(**wrong)


def test_a_verdict_of_which_no_step_was_run_is_none(verdict, course):
    progress = report(course, green=ALL)
    for step in _steps(progress):
        step |= {"status": "not_run", "passed": 0}
    for totals in ("totals", "core_totals"):
        progress[totals] |= {"green": 0, "not_run": 4}
    with pytest.raises(NoVerdict, match="no step could be run"):
        verdict(progress=progress)


@LINUX
def test_links_and_large_files_are_no_katas(tmp_path):
    folder = tmp_path / "katas"
    (folder / "lesson").mkdir(parents=True)
    (folder / "lesson" / "kata.py").write_text("x = 1\n")
    (folder / "lesson" / "large.py").write_bytes(bytes(9_000_000))
    (tmp_path / "secret").write_text("x")
    (folder / "lesson" / "link.py").symlink_to(tmp_path / "secret")
    (folder / "other").symlink_to(tmp_path)
    assert katas_in(folder) == {"lesson/kata.py": b"x = 1\n"}


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 0), (SOLVED, 1), ("def double(", 1), (f"{DOUBLING}\n{'#' * 200_000}\n", 1), (f"{DOUBLING}\nX = 3\n", 0)],
    ids=["given", "solved", "broken", "large", "with_own_lines"],
)
def test_katas_that_are_written_are_counted(course, text, number):
    if text is not None:
        course.write(course.kata, text)
    katas = katas_in(course.root / "katas")
    assert judging._written(course.root, read_curriculum(course.root), katas) == number


@LINUX
def test_a_group_is_ended_when_its_sum_is_too_large(tmp_path):
    code = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        kept = bytearray(b"1" * 150_000_000)
        time.sleep(60)
time.sleep(60)
"""
    limits = Limits(seconds=50, memory=300_000_000)
    result = _limited(code, limits)
    assert result.ended == "it used more than 0.3 GB of memory"


@LINUX
def test_a_group_whose_sum_is_too_large_ends_within_half_a_second(tmp_path):
    # One process has less than the limit, two have more. Then the second notes the time until it is killed.
    code = """
import os, sys, time
kept = bytearray(b"1" * 150_000_000)
with open(sys.argv[1], "w", buffering=1) as notes:
    if os.fork() == 0:
        more = bytearray(b"1" * 250_000_000)
        while True:
            print(time.monotonic(), file=notes)
            time.sleep(0.01)
time.sleep(60)
"""
    notes = tmp_path / "notes"

    def seconds():
        assert _limited(code, Limits(seconds=50, memory=400_000_000), str(notes)).ended
        times = list(map(float, notes.read_text().split()))
        return times[-1] - times[0] if times else 0.0

    # The machine may be busy with something else.
    assert min(seconds() for _ in range(3)) < 0.5


@LINUX
@pytest.mark.parametrize("code", ["while True: pass", "import time\ntime.sleep(60)"], ids=["computing", "asleep"])
def test_a_group_is_ended_after_its_time(code):
    assert _limited(code, Limits(seconds=1)).ended == "it took longer than 1 s"


def _limited(code: str, limits: Limits, *arguments: str) -> Result:
    command = [sys.executable, "-c", code, *arguments]
    return run_limited(command, cwd="/", env=dict(os.environ), given=b"", limits=limits)


@LINUX
def test_a_system_without_a_judge_says_so(monkeypatch):
    monkeypatch.setattr(judging.lockdown, "is_supported", lambda: False)
    with pytest.raises(judging.DojoError, match=r"The judge works only on Linux \(x86-64 or arm64\)"):
        judging.judge(b"", {}, Limits(), Walls.SANDBOX)


@LINUX
def test_the_supervisor_refuses_to_judge_without_forks(course):
    course.solve()
    options = ["--dojo-judged", "::0:/tmp".replace("::", ":1000000000:"), "--all", "--isolation", "spawn"]
    command = [sys.executable, "-m", "dojo.running.judged_run", *options]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ran = run_limited(command, cwd=str(course.root), env=env, given=b"nonce", limits=Limits())
    assert ran.status == 4, ran.told
    assert "The judge runs each test in a fork, and forks are not possible here." in ran.told
    assert ran.printed == b""


@LINUX
def test_the_supervisor_ends_if_the_judge_is_gone(course):
    course.solve(double="import time\ntime.sleep(60)")
    command = [sys.executable, "-m", "dojo.running.judged_run", "--dojo-judged", ":1000000000:0:/tmp", "--all"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, cwd=course.root, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 3
