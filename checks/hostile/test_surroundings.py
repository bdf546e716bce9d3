"""Courses in unusual places, and on machines with a fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import pytest

from ..small_course import ROOT, SmallCourse

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts a drive of its own")
# Runs a script that may mount drives which no other process sees.
_ALONE = ["unshare", "--map-root-user", "--mount", "bash", "-euc"]


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    script = "mount -t tmpfs -o size=64k none /mnt"
    return subprocess.run([*_ALONE, script], capture_output=True, check=False).returncode == 0


def _in_a_drive(course: SmallCourse, mount: str, commands: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Mount a drive with `mount`, copy the course to the drive, and run shell commands there.

    Returns the exit status and the output of each command.
    """
    if not _can_mount():
        pytest.skip("no drive can be mounted here")
    place = course.root.parent / "drive"
    place.mkdir()
    script = [mount.format(course=course.root, place=place), f"cd {place}"]
    for name, command in commands.items():
        script.append(f"status=0; ({command}) > {place.parent}/{name}.log 2>&1 || status=$?")
        script.append(f"echo $status > {place.parent}/{name}.status")
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{course.root}", "NO_COLOR": "1", "COLUMNS": "200"}
    subprocess.run([*_ALONE, "\n".join(script)], env=env, check=True, capture_output=True)
    return {
        name: (int((place.parent / f"{name}.status").read_text()), (place.parent / f"{name}.log").read_text())
        for name in commands
    }


def _dojo(*arguments: str) -> str:
    return f"{sys.executable} -m dojo {' '.join(arguments)}"


def _pytest(*arguments: str) -> str:
    return f"{sys.executable} -m pytest -p only_the_cpu -q {' '.join(arguments)}"


def _until_red(command: str) -> str:
    """Run a command until it has reported a red step, at most 20 s. The command itself never ends."""
    waits = "for _ in $(seq 200); do grep -q 'Return the sum of each row' ../said && break; sleep 0.1; done"
    return f"{command} > ../said 2>&1 & {waits}; kill $!; wait; cat ../said"


@LINUX
def test_a_full_disk_loses_nothing_and_is_said(course):
    course.solve(total="return rows  # mine")
    kata = "cat katas/lesson_1_numbers/kata_01_doubling.py"
    fill = (
        "mount -t tmpfs -o size=400k none {place} && cp -r {course}/. {place} && cat /dev/zero > {place}/zero || true"
    )
    ran = _in_a_drive(
        course,
        fill,
        {
            "pytest": _pytest("--all", "--progress-json=progress.json"),
            "focus": _pytest(),
            "reset": _dojo("reset", "total"),
            "again": _dojo("again"),
            "hint": _dojo("hint", "total"),
            "list": _dojo("list"),
            "kata": kata,
            "left": "find . -name '.*.json.*' -o -name '.kata*'",
        },
    )
    assert ran["pytest"][0] == 1
    assert "3 of 4 steps green" in ran["pytest"][1]
    assert "could not be written" in ran["pytest"][1]
    assert "✗ total" in ran["focus"][1]
    for name in ("reset", "again"):
        assert ran[name][0] == 2
        assert "nothing was changed" in ran[name][1]
        assert len(ran[name][1].splitlines()) == 1
    assert ran["hint"][0] == 0
    assert "A question about total." in ran["hint"][1]
    assert ran["list"][0] == 0
    assert "return rows  # mine" in ran["kata"][1]
    assert not ran["left"][1]
    assert not [name for name, (_, text) in ran.items() if "Traceback" in text or "INTERNALERROR" in text]


@LINUX
def test_a_read_only_checkout_can_be_judged(course):
    course.solve(total="return rows")
    only_read = "mount --bind {course} {place} && mount -o remount,ro,bind {place}"
    ran = _in_a_drive(
        course,
        only_read,
        {
            "two": _pytest("--all", "-n", "2"),
            "focus": _pytest(),
            "watch": _until_red(_dojo("watch", "--plain", "--device", "cpu")),
            "reset": _dojo("reset", "total"),
            "hint": _dojo("hint", "total"),
            "list": _dojo("list"),
        },
    )
    assert ran["two"][0] == 1
    assert "3 of 4 steps green" in ran["two"][1]
    for name in ("focus", "watch"):
        assert "✗ total" in ran[name][1], ran[name]
    assert ran["reset"][0] == 2
    assert "nothing was changed" in ran["reset"][1]
    assert ran["hint"][0] == ran["list"][0] == 0
    assert not [name for name, (_, text) in ran.items() if "Traceback" in text or "INTERNALERROR" in text]


def test_two_at_once(course):
    course.solve(total="return rows")
    before = {path: path.read_bytes() for path in (course.root / "katas").rglob("*.py")}
    ran = []

    def work(*arguments: str) -> None:
        for _ in range(1 if arguments[0] == "run" else 3):
            ran.append(course.dojo(*arguments))

    commands = [("hint", "total"), ("hint", "double"), ("list",), ("run", "double"), ("run", "total")]
    threads = [threading.Thread(target=work, args=command) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == 11
    assert all(each.status in (0, 1) and "Traceback" not in each.out for each in ran), ran
    assert {path: path.read_bytes() for path in (course.root / "katas").rglob("*.py")} == before
    for path in (course.root / ".dojo").glob("*.json"):
        json.loads(path.read_text())
    # If two write at the same moment, one result may be lost, but the files are complete.
    assert course.dojo("list").status == 0


def test_two_resets_at_once_keep_every_answer(course):
    course.solve(double="return x + x  # mine")
    threads = [threading.Thread(target=course.dojo, args=("reset", name)) for name in ("double", "total", "Counter")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    copies = [path.read_text() for path in (course.root / ".dojo" / "backups").rglob("*.py")]
    assert any("# mine" in text and "def __call__" in text for text in copies)
    text = (course.root / course.kata).read_text()
    assert "raise NotImplementedError" in text
    compile(text, "kata", "exec")


def test_a_clock_set_back(course, tmp_path):
    course.solve(double="return x + x  # older")
    early = tmp_path / "early"
    early.mkdir()
    (early / "sitecustomize.py").write_text(
        textwrap.dedent("""\
            import datetime, time
            now, real = datetime.datetime.now, time.time
            class Then(datetime.datetime):
                now = classmethod(lambda cls, tz=None: now(tz) - datetime.timedelta(days=400))
            datetime.datetime = Then
            time.time = lambda: real() - 400 * 86400
        """)
    )
    assert course.fresh("-p", "only_the_cpu", "-q").status == 0
    assert course.dojo("reset", "double").status == 0
    course.solve(double="return x + x  # newer", total="return rows")
    back = {"PYTHONPATH": os.pathsep.join([str(early), str(ROOT), str(course.root)])}
    assert course.dojo("reset", "double", env=back).status == 0
    # The newest copy is the copy that was made last, whatever the clock said.
    assert course.dojo("restore", env=back).status == 0
    assert "# newer" in (course.root / course.kata).read_text()
    # This save is older than the remembered one. It is judged all the same.
    os.utime(course.root / course.kata, (0, 0))
    ran = course.dojo("run", "total", env=back)
    assert ran.status == 1
    assert "✗ total" in ran.out
    for command in ("list", "stats", "hint"):
        ran = course.dojo(command, env=back)
        assert ran.status == 0, ran.out


def test_a_path_of_any_letters(course, tmp_path):
    place = "mit Leerzeichen, Übungen – 練習, it's $HOME [1] %s {x}"
    _works(SmallCourse(Path(shutil.copytree(course.root, tmp_path / place / "der Kurs"))))


def test_another_drive(course):
    drive = Path("/dev/shm")
    if not os.access(drive, os.W_OK) or drive.stat().st_dev == course.root.stat().st_dev:
        pytest.skip("no second drive to write to")
    with tempfile.TemporaryDirectory(dir=drive) as folder:
        _works(SmallCourse(Path(shutil.copytree(course.root, Path(folder, "course")))))


def _works(course: SmallCourse) -> None:
    course.solve(total="return rows.sum(dim=0)")
    ran = course.fresh("-p", "only_the_cpu", "-q", "--progress-json", "progress.json", "--all", "-n", "2")
    assert ran.status == 1, ran.out
    assert "INTERNALERROR" not in ran.out
    assert json.loads((course.root / "progress.json").read_text())["totals"]["green"] == 3
    ran = course.dojo("run", "total")
    assert "katas/lesson_1_numbers/kata_01_doubling.py" in ran.out
    assert "you summed over the rows" in " ".join(ran.out.split())
    assert course.dojo("reset", "total").status == 0
    assert course.dojo("restore").status == 0
    assert "dim=0" in (course.root / course.kata).read_text()
