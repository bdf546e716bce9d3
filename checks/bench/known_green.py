"""How long pytest and dojo progress take late in the course, against version 1.0.0: python checks/bench/known_green.py

Both versions run in copies of the course, in turn (A B A B …), in fresh processes. A first run, which is not counted,
makes the green steps known. Prints medians in seconds, the difference to a fresh clone, and ratios pair by pair.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)
OLD = "a607f12"
PYTEST = [sys.executable, "-m", "pytest"]
PROGRESS = [sys.executable, "-m", "dojo", "progress"]


def seconds(command: list[str], folder: Path) -> float:
    """The wall-clock time of a command in a copy of the course, its output thrown away."""
    env = os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1"}
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def copies(folder: Path) -> dict[str, Path]:
    """The course as version 1.0.0 has it, and as it is here; nothing solved."""
    found = {"1.0.0": folder / "old", "now": folder / "new"}
    found["1.0.0"].mkdir()
    archive = subprocess.run(["git", "archive", OLD], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=found["1.0.0"], input=archive, check=True)
    hidden = shutil.ignore_patterns(".git", ".venv", ".dojo", "__pycache__", "checks")
    shutil.copytree(ROOT, found["now"], ignore=hidden)
    return found


def solve(course: Path, lessons: int) -> None:
    """Put the reference answers of the first lessons into katas/, and take away what is remembered."""
    for number, lesson in enumerate(read_curriculum(course).lessons, start=1):
        source = course / ("solutions" if number <= lessons else "given")
        if not (course / "given" / lesson.id).exists():
            shutil.copytree(course / "katas" / lesson.id, course / "given" / lesson.id)
        for path in (source / lesson.id).glob("kata_*.py"):
            shutil.copy(path, course / "katas" / lesson.id)
    shutil.rmtree(course / ".dojo", ignore_errors=True)


def next_step_is_red(course: Path, lessons: int) -> None:
    """Write a wrong answer into the first step of the next lesson."""
    step = read_curriculum(course).lessons[lessons].steps[0]
    path = course / "katas" / f"{step.kata_id}.py"
    path.write_text(path.read_text().replace("raise NotImplementedError", "return None", 1))


def compare(name: str, commands: dict[str, tuple[list[str], Path]], runs: int) -> dict[str, float]:
    """Time commands in turn; print and return their medians."""
    times: dict[str, list[float]] = {label: [] for label in commands}
    for _ in range(runs):
        for label, (command, folder) in commands.items():
            times[label].append(seconds(command, folder))
    medians = {label: statistics.median(found) for label, found in times.items()}
    print(f"{name:<52}" + "".join(f"  {label} {median:6.2f} s" for label, median in medians.items()), flush=True)
    return medians


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        courses = copies(Path(name))
        plain = Path(name, "plain")
        plain.mkdir()
        (plain / "test_empty.py").write_text("def test_empty():\n    pass\n")
        empty = [*PYTEST, "-q", "-p", "no:anyio", "-p", "no:hypothesispytest"]
        both = {label: (PYTEST, course) for label, course in courses.items()}
        for course in courses.values():
            seconds(PYTEST, course)
        fresh = compare("fresh clone: an unwritten step", {**both, "empty test": (empty, plain)}, runs)
        print(f"    against plain pytest on one empty test: {fresh['now'] / fresh['empty test']:.2f}")
        kata = courses["now"] / "katas" / f"{next(read_curriculum(courses['now']).steps()).kata_id}.py"
        text = kata.read_text()
        kata.write_text(f"{text}\ndef (:\n")
        broken = compare("a file that does not parse", {"now": both["now"], "empty test": (empty, plain)}, runs)
        print(f"    against plain pytest on one empty test: {broken['now'] / broken['empty test']:.2f}")
        kata.write_text(text)
        for lessons in (1, 2, 3):
            for course in courses.values():
                solve(course, lessons)
                seconds(PYTEST, course)
            found = compare(f"lessons 1 to {lessons} solved: an unwritten step", both, runs)
            for course in courses.values():
                next_step_is_red(course, lessons)
                seconds(PYTEST, course)
            red = compare(f"lessons 1 to {lessons} solved: a red step", both, runs)
            more = (found["now"] - fresh["now"], red["now"] - fresh["now"])
            print(f"    more than in a fresh clone: unwritten {more[0]:.2f} s, red {more[1]:.2f} s")
        for lessons in (1, 3, 4):
            for course in courses.values():
                solve(course, lessons)
                seconds([*PYTEST, "--all"], course)
            compare(f"dojo progress, lessons 1 to {lessons} solved", {k: (PROGRESS, c) for k, c in courses.items()}, 1)


if __name__ == "__main__":
    main()
