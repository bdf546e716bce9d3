"""The time that the plugin adds to a green test: python checks/bench/overhead.py [--tests 400] [--runs 5]

Runs the same trivial test functions as steps of a course and as plain pytest functions, alternately, in forks of one
process that has imported everything. The difference for each test is the plugin's time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pytest
import torch  # noqa: F401 - so that no fork imports it

import dojo.expect
import dojo.plugin  # noqa: F401
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)


def seconds(folder: Path, arguments: list[str]) -> float:
    """The wall-clock time of one pytest run in a muted fork."""
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        os._exit(int(pytest.main(["-q", "-p", "no:cacheprovider", *arguments])))
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"the run in {folder} was not green")
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=400)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    body = "    x = torch.ones(3)\n    assert (kata.double(x) == 2 * x).all()\n"
    functions = "\n\n".join(f"def test_double__case_{n}():\n{body}" for n in range(options.tests))
    answer = "def double(x):\n    return 2 * x\n"
    with tempfile.TemporaryDirectory() as folder:
        course, bare = Path(folder, "course"), Path(folder, "bare")
        for path, text in {
            "katas/lesson_1_a/kata_01_b.py": answer,
            "tests/lesson_1_a/kata_01_b.py": f"import torch\nimport katas.lesson_1_a.kata_01_b as kata\n\n{functions}",
        }.items():
            (course / path).parent.mkdir(parents=True)
            (course / path).write_text(text)
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, course)
        bare.mkdir()
        (bare / "answer.py").write_text(answer)
        (bare / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = -p no:anyio -p no:hypothesispytest\n")
        (bare / "test_bare.py").write_text(f"import torch\nimport answer as kata\n\n{functions}")
        cases = {"course": (course, ["--all"]), "bare": (bare, [])}
        for case in cases.values():
            seconds(*case)
        times: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(options.runs):
            for name, case in cases.items():
                times[name].append(seconds(*case))
    course_s, bare_s = (statistics.median(times[name]) for name in ("course", "bare"))
    print(f"{options.tests} tests: as steps {course_s:.3f} s, bare {bare_s:.3f} s (medians of {options.runs})")
    print(f"the plugin's share: {(course_s - bare_s) / options.tests * 1000:.2f} ms a test")


if __name__ == "__main__":
    main()
