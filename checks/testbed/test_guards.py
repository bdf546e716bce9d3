"""The guards around each test: seeds, restored settings with a message, a time limit, and no input()."""

from __future__ import annotations

import re
import sys

import pytest


def test_an_endless_loop_is_red_and_names_its_line(course):
    course.solve(double="while True:\n    y = x")
    ran = course.pytest("-o", "timeout=1")
    assert ran.status == 1
    # On a loaded machine, up to three times as long.
    assert re.search("It was still running after [1-3] s. It was on line", ran.out)
    assert f"{course.kata}:" in ran.lines[1]


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_loop_that_swallows_errors_ends_too(course, method):
    course.solve(double="for _ in range(10 ** 12):\n    try:\n        x.sum()\n    except Exception:\n        pass")
    ran = course.pytest("-o", "timeout=1", "-o", f"timeout_method={method}", seconds=20)
    assert ran.status == 1
    assert re.search("It was still running after [1-3] s.", ran.out)


def test_the_other_steps_are_judged_after_an_endless_loop(course):
    course.solve(double="while True:\n    y = x")
    ran = course.pytest("--all", "-o", "timeout=1", seconds=20)
    assert "2 failed, 3 passed" in ran.out


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked for its load")
@pytest.mark.parametrize(
    ("load", "body", "says"),
    [
        (0, "import time; time.sleep(1.5)", "It was still running after 1 s."),
        (99, "import time; time.sleep(1.5)", "✓ doubling"),
        (99, "while True: pass", "It was still running after [1-3] s."),
    ],
)
def test_on_a_loaded_machine_the_clock_may_show_three_times_the_limit(course, load, body, says):
    course.solve(double=f"{body}\nreturn 2 * x")
    course.write("as_loaded.py", f"import os\nos.getloadavg = lambda: ({load}.0, 0.0, 0.0)\n")
    assert re.search(says, course.pytest("-p", "as_loaded", "-o", "timeout=1").out)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("torch.set_default_dtype(torch.float64)", "Your code changed the default dtype to torch.float64"),
        ("torch.set_grad_enabled(False)", "Your code changed gradient recording (grad mode) to False"),
        ("torch.set_num_threads(torch.get_num_threads() + 3)", "Your code changed the number of threads to"),
        ("torch.set_default_device('meta')", "Your code changed the default device to meta"),
        ("import os; os.chdir('/')", "Your code changed the current folder"),
    ],
)
def test_global_settings_are_put_back_and_said(course, body, says):
    course.solve(double=f"y = 2 * x\n{body}\nreturn y")
    ran = course.pytest("--all")
    assert says in " ".join(ran.out.split())
    # The setting is restored: no later step sees the change.
    assert "4 of 4 steps green" in ran.out or "3 of 4 steps green, 1 red" in ran.out


@pytest.mark.full
@pytest.mark.parametrize("change", ["sys.path.append('/nowhere')", "sys.meta_path.append(Adds())"])
def test_what_importing_a_part_of_pytorch_changes_is_no_change_of_the_learners(course, change):
    text = (course.root / "conftest.py").read_text() if (course.root / "conftest.py").exists() else ""
    course.write(
        "conftest.py",
        text + "\nimport sys\n\n\nclass Adds:\n    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'torch._dynamo' and self is first:\n            {change}\n\n\n"
        "first = Adds()\nsys.meta_path.insert(0, first)\n",
    )
    course.solve(double="import torch._dynamo\nreturn 2 * x", total="import sys\nsys.path.append('/mine')")
    # In a fresh Python, because this process may have imported it already.
    said = " ".join(course.fresh("--all", "--device", "cpu").out.split())
    assert said.count("Your code changed") == 1
    assert "Your code changed the import paths (sys.path) for the whole process. The old state was restored." in said


def test_every_test_starts_from_the_same_seeds(course):
    course.write(
        "tests/lesson_2_words/kata_01_shouting.py",
        "import random\nimport numpy as np\nimport torch\nfrom dojo.expect import assert_value\n"
        "from katas.lesson_2_words import kata_01_shouting as kata\n"
        "drawn = []\n"
        + "".join(
            f"def test_shout__{name}():\n"
            "    drawn.append((random.random(), float(np.random.rand()), float(torch.rand(()))))\n"
            "    kata.shout('a')\n    assert_value(drawn[-1], drawn[0])\n"
            for name in ("one", "two")
        ),
    )
    course.solve()
    assert course.pytest("katas/lesson_2_words").status == 0


def test_input_is_refused_with_a_sentence(course):
    course.solve(double="input('x? ')")
    for more in ([], ["-s"]):
        ran = course.pytest(*more)
        assert "Your code calls input(), but nobody can type while tests run." in ran.out


def test_warnings_turned_into_errors_are_errors(course):
    course.solve(double="import warnings\nwarnings.warn('no')\nreturn 2 * x")
    assert course.pytest().status == 0
    assert "UserWarning: no" in course.pytest("-W", "error").out


def test_a_bare_assert_in_a_test_shows_its_sentence(course):
    path = course.root / course.tests
    path.write_text(
        path.read_text().replace(
            "        kata.double(x)\n", "        kata.double(x)\n    assert False, 'A sentence.'\n"
        )
    )
    course.solve()
    assert "  A sentence." in course.pytest().lines


def test_what_came_back_but_cannot_be_used(course):
    path = course.root / course.tests
    path.write_text(path.read_text().replace("        kata.double(x)\n", "        kata.double(x).sum()\n"))
    course.solve(double="return 2 * x if x[1] > 0 else None")
    ran = course.pytest()
    assert "The test can't use your result." in ran.out
    assert "'NoneType' object has no attribute 'sum'" in ran.out


TRACING = """

import sys

SEEN = set()


def _trace(frame, event, arg):
    if "/katas/" in frame.f_code.co_filename:
        SEEN.add(frame.f_code.co_name)
    return _trace


def pytest_collection_finish():
    sys.settrace(_trace)


def pytest_unconfigure():
    sys.settrace(None)
    print("traced:", *sorted(SEEN))
"""


def test_a_debugger_sees_every_step(course):
    course.solve()
    conftest = (course.root / "conftest.py").read_text()
    course.write("conftest.py", conftest + TRACING)
    ran = course.pytest("--all")
    assert "4 of 4 steps green" in ran.out
    assert "for the whole process" not in ran.out
    traced = next(line for line in ran.lines if line.startswith("traced:"))
    assert {"double", "total", "shout"} <= set(traced.split())


def test_a_tracer_of_the_learners_is_taken_away(course):
    course.solve(double="import sys; sys.settrace(lambda *_: None); return 2 * x")
    ran = course.pytest("--all")
    assert "Your code changed the trace or profile function" in " ".join(ran.out.split())
