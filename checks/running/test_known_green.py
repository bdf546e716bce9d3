"""A step that is known to be green is not run again, and nothing is taken for green that is not."""

from __future__ import annotations

import json
import os

import pytest

from ..small_course import ROOT


@pytest.fixture
def ran(course):
    """Runs pytest, and tells which tests really ran: each call of a step leaves a line in a file."""
    log = course.root / "ran"
    plugin = (
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_call(item):\n"
        f"    open({str(log)!r}, 'a').write(item.originalname + chr(10))\n"
        "    return (yield)\n"
    )
    course.write("notes_runs.py", plugin)

    def run(*arguments: str, **how):
        log.write_text("")
        found = course.pytest("-p", "notes_runs", *arguments, **how)
        found.tests = log.read_text().split()
        found.steps = {test.split("__")[0].removeprefix("test_") for test in found.tests}
        return found

    return run


def _replace(course, old: str, new: str) -> None:
    text = (course.root / course.kata).read_text()
    assert old in text
    course.write(course.kata, text.replace(old, new, 1))


def without_torch(course, *arguments: str):
    """Run pytest in a fresh Python in which importing PyTorch is an error."""
    course.write("hidden/torch/__init__.py", "raise ImportError('PyTorch is not for this run')\n")
    paths = os.pathsep.join([str(course.root / "hidden"), str(course.root), str(ROOT)])
    return course._fresh("pytest", arguments, ".", {"PYTHONPATH": paths})


def test_a_stub_is_answered_without_pytorch(course):
    found = without_torch(course)
    assert found.status == 1
    assert found.lines[0].startswith("✗ double")
    assert "Return twice x." in found.out
    assert "0 of 4 steps green" in found.out


def test_a_broken_file_is_answered_without_pytorch(course):
    course.write(course.kata, "def double(x:\n")
    found = without_torch(course)
    assert found.status == 1
    assert "Python can't read this file" in found.out


def test_the_answer_is_the_one_of_a_run(course):
    """A stub that is not run gives the report that running it would give."""
    course.solve(double="raise NotImplementedError")
    course.pytest()
    glance = course.pytest()
    # A file that does something when it is imported is run.
    _replace(course, "import torch\n", "import torch;len('')\n")
    assert course.pytest().out == glance.out


def test_what_is_green_is_not_run_again(course, ran):
    course.solve(total="return rows")
    assert ran().steps == {"double", "total"}
    again = ran()
    assert again.steps == {"total"}
    assert "1 of 4 steps green" in again.out
    assert "1 green step has not changed and was not run again.\nRun all: pytest -p notes_runs --fresh" in again.out
    assert ran("--fresh").steps == {"double", "total"}
    assert ran("--all").steps == {"double", "total", "Counter", "shout"}


def test_before_all_is_called_green_everything_runs_once_more(course, ran):
    course.solve(total="return rows")
    ran()
    course.solve()
    last = ran()
    assert last.status == 0
    assert last.steps == {"double", "total", "Counter", "shout"}
    assert "All 4 steps are green." in last.out
    assert "not run again" not in last.out
    # And once more if nothing has changed at all.
    assert ran().steps == {"double", "total", "Counter", "shout"}


def test_an_edit_that_turns_a_green_step_red_is_found_at_once(course, ran):
    course.solve(total="return rows")
    ran()
    _replace(course, "import torch\n", "import torch\n\nFACTOR = 2\n")
    _replace(course, "2 * x", "FACTOR * x")
    assert ran().steps == {"double", "total"}
    _replace(course, "FACTOR = 2", "FACTOR = 3")
    found = ran()
    assert found.lines[0].startswith("✗ double")
    assert found.steps == {"double"}
    assert "0 of 4 steps green" in found.out


@pytest.mark.full
@pytest.mark.parametrize(
    "change",
    [
        lambda course: course.write("katas/given.py", "GIVEN = 1\n"),
        lambda course: course.write("conftest.py", (course.root / "conftest.py").read_text() + "\n# changed\n"),
        lambda course: course.write(course.tests, (course.root / course.tests).read_text() + "\n# changed\n"),
    ],
)
def test_what_the_course_changes_is_run_again(course, ran, change):
    course.solve(total="return rows")
    ran()
    change(course)
    assert ran().steps == {"double", "total"}


def test_another_version_is_another_verdict(course, ran, monkeypatch):
    course.solve(total="return rows")
    ran()
    monkeypatch.setattr("dojo.testbed.environment._machine", lambda: "another machine")
    assert ran().steps == {"double", "total"}
    monkeypatch.undo()
    # Both are remembered.
    assert ran().steps == {"total"}


def test_other_devices_are_another_verdict(course, ran):
    course.solve(total="return rows")
    assert ran("--device", "cpu").steps == {"double", "total"}
    assert ran().steps == {"double", "total"}
    assert ran("--device", "cpu").steps == {"total"}


def test_what_was_green_on_fewer_devices_is_not_known_to_be_green(course, ran):
    """The devices are known only when PyTorch is imported."""
    course.solve(total="return rows")
    assert "1 of 4 steps green" in ran().out
    one, two = '[dojo.testbed.devices.Device("cpu")]', '[dojo.testbed.devices.Device(n) for n in ("cpu", "meta")]'
    course.write("only_the_cpu.py", (course.root / "only_the_cpu.py").read_text().replace(one, two))
    assert "0 of 4 steps green" in ran().out
    assert ran().steps == {"double"}


def test_a_step_that_cannot_be_followed_is_always_run(course, ran):
    course.solve(total="return rows")
    _replace(course, "import torch\n", "import os\n\nimport torch\n")
    ran()
    assert ran().steps == {"double", "total"}


def test_a_file_saved_while_the_run_goes_on_was_not_judged(course, ran):
    course.solve(total="return rows")
    path = course.root / course.kata
    course.write(
        "saves.py",
        "from pathlib import Path\n"
        "def pytest_runtest_teardown():\n"
        f"    path = Path({str(path)!r})\n"
        "    path.write_text(path.read_text().replace('return 2 * x', 'return 2 * x + 0'))\n",
    )
    assert ran("-p", "saves").steps == {"double", "total"}
    assert ran().steps == {"double", "total"}
    assert ran().steps == {"total"}


@pytest.mark.full
def test_dojo_run_and_progress_remember_too(course, ran):
    course.solve(total="return rows")
    ran()
    again = ran("--step", "double")
    assert again.status == 0
    assert again.steps == set()
    assert "double is green" in again.out
    assert "not run again" in again.out
    assert ran("--step", "double", "--fresh").steps == {"double"}
    everything = ran("--all", "--dojo-remember", "--progress-json", "progress.json")
    assert everything.steps == {"total", "Counter", "shout"}
    data = json.loads((course.root / "progress.json").read_text())
    assert data["totals"] | {"steps": 4} == {"green": 3, "red": 1, "broken": 0, "ahead": 0, "not_run": 0, "steps": 4}
    (double, *_) = data["lessons"][0]["katas"][0]["steps"]
    assert (double["status"], double["passed"], double["tests"], double["devices"]) == ("green", 2, 2, {"cpu": "green"})


def test_nothing_is_remembered_of_another_folder(course, ran):
    course.solve()
    ran()
    assert ran("--against", "solutions").steps == {"double", "total", "Counter", "shout"}


@pytest.mark.full
def test_an_unwritten_stub_is_red_everywhere_without_being_run(course, ran):
    course.solve()
    course.answer(double="raise NotImplementedError")
    for arguments in (("--all",), ("--all", "-n", "1"), (course.tests,), ("--all", "--isolation", "spawn")):
        found = ran(*arguments)
        assert "double" not in found.steps, arguments
        assert {"total", "Counter"} <= found.steps or "-n" in arguments
        assert found.status == 1
        assert "2 failed" in found.out


def test_a_course_of_stubs_needs_no_fork(course):
    course.write("no_fork.py", "import os\nos.fork = None\n")
    ran = course.pytest("--all", "-p", "no_fork")
    assert ran.status == 1
    assert "5 failed" in ran.out
    assert "0 of 4 steps green" in ran.out


@pytest.mark.full
def test_the_memory_that_cannot_be_read_costs_time_alone(course, ran):
    course.solve(total="return rows")
    ran()
    for name in ("digests.json", "devices.json", "steps.json"):
        course.write(f".dojo/{name}", "{")
        assert "total" in ran().steps
        ran()


@pytest.mark.full
@pytest.mark.parametrize(
    "line",
    [
        "import nosuch",
        "from math import nosuch",
        "x = 1 / 0",
        "x = nosuch",
        "def f(x=nosuch): pass",
        "@nosuch\ndef f(): pass",
        "class C(nosuch): pass",
        "class C:\n    x = nosuch",
        "from torch import nosuch",
        "raise ValueError",
        "def f(x: nosuch): pass",
    ],
)
def test_a_file_that_may_not_import_is_run_before_its_stub_is_called_unwritten(course, line):
    path = course.root / course.kata
    course.write(course.kata, path.read_text().replace("import torch\n", f"import torch\n\n{line}\n", 1))
    assert "The file stops with" in course.pytest().out


_STATIC = "class C:\n    @staticmethod\n    def f(x):\n        return x"


@pytest.mark.parametrize(
    "line", ["import numpy as np", "X = 3", "import math", "def _f(x, y=2):\n    return x", _STATIC, ""]
)
def test_a_stub_in_a_file_with_the_learners_own_lines_is_answered_at_once(course, ran, line):
    path = course.root / course.kata
    course.write(course.kata, path.read_text().replace("import torch\n", f"import torch\n\n{line}\n", 1))
    found = ran()
    assert found.steps == set()
    assert "Write it where the file says raise NotImplementedError." in found.out


@pytest.mark.full
@pytest.mark.parametrize("options", [(), ("-n", "1"), ("--isolation", "spawn")])
def test_a_stub_between_two_written_steps_of_different_katas_disturbs_neither(course, options):
    """pytest tears down what a test does not share with the next one that is run."""
    course.solve(total="raise NotImplementedError")
    course.write(course.kata, (course.root / course.kata).read_text().partition("\n\nclass Counter")[0] + "\n")
    course.write(course.tests, (course.root / course.tests).read_text().partition("\n\ndef test_Counter")[0] + "\n")
    found = course.pytest("--all", *options)
    assert "1 failed, 3 passed" in found.out, found.out
    assert "2 of 3 steps green, 1 red" in found.out
