"""A small course in a temporary folder, and a way to run it as a user does."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import torch  # imported once here, so that the runs below, which are forks, need not

from dojo.course.definitions import read_definitions
from dojo.course.layout import find_root

# The runs below are forks: a pool of threads started here would be missing there, and waited for.
torch.set_num_threads(1)

ROOT = find_root(Path(__file__).parent)

DOUBLING = '''\
"""Doubling."""

import torch


def double(x):
    """Return twice x.

    x: (N,) float32.  Returns: (N,), float32.

    >>> double(torch.tensor([1.0]))
    tensor([2.])

    In Foundations: 2 * x.
    """
    raise NotImplementedError


def total(rows):
    """Return the sum of each row.

    >>> total(torch.ones(2, 3))
    tensor([3., 3.])

    In Foundations: rows.sum(axis=1).
    """
    raise NotImplementedError


class Counter:
    """Counts how often it is called.

    >>> Counter(3)()
    4

    In Foundations: a number and a loop.
    """

    def __init__(self, start):
        raise NotImplementedError

    def __call__(self):
        raise NotImplementedError
'''

SOLVED = '''\
"""Doubling."""

import torch


def double(x):
    """Return twice x."""
    return 2 * x


def total(rows):
    """Return the sum of each row."""
    return rows.sum(dim=1)


class Counter:
    """Counts how often it is called."""

    def __init__(self, start):
        self.count = start

    def __call__(self):
        self.count += 1
        return self.count
'''

TESTS = """\
import torch

from dojo.expect import assert_tensor, assert_unchanged, assert_value
from katas.lesson_1_numbers import kata_01_doubling as kata


def test_double__is_twice_the_input(device):
    x = torch.tensor([1.0, 2.5], device=device)
    assert_tensor(kata.double(x), torch.tensor([2.0, 5.0]), device=device)


def test_double__leaves_the_input_alone(device):
    x = torch.tensor([1.0, -2.0], device=device)
    with assert_unchanged(x=x):
        kata.double(x)


def test_total__sums_each_row(device):
    rows = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], device=device)
    assert_tensor(kata.total(rows), torch.tensor([6.0, 15.0]), device=device)


def test_Counter__counts_on_from_the_start():
    counter = kata.Counter(3)
    assert_value(counter(), 4)
    assert_value(counter(), 5, name="the second count")
"""

MISTAKES = '''\
def double__squared(x):
    """Squaring is not doubling: only 2 squared looks like it."""
    return x * x


def double__in_place(x):
    """An operation with = behind it changes the caller's own tensor."""
    x *= 2
    return x


def total__columns(rows):
    """The dim that is summed is the one that disappears: you summed over the rows."""
    return rows.sum(dim=0)


def total__of_everything(rows):
    """Without a dim everything is summed."""
    return rows.sum()


class Counter__starts_anew:
    """A counter that forgets its start has lost what it was given."""

    def __init__(self, start):
        self.count = 0

    def __call__(self):
        self.count += 1
        return self.count


class Counter__does_not_count:
    """A number added and not kept is lost: the object must remember."""

    def __init__(self, start):
        self.count = start

    def __call__(self):
        return self.count + 1
'''

HINTS = "# Hints\n" + "".join(
    f"\n## {step}\n\n### Hint 1\n\nA question about {step}.\n\n### Hint 2: wrong shape\n\nThe shape of {step}.\n"
    f"\n### Hint 3\n\nAlmost the answer of {step}.\n"
    for step in ("double", "total", "Counter")
)

INTRODUCTION = '''\
"""Doubling keeps the shape.

A number is doubled by adding it to itself. This holds for every number
of a tensor:

    >>> 2 * torch.tensor([1.0, 3.0])
    tensor([2., 6.])

Afterwards you can double, sum and count without a loop, and say what
x.sum() does.
"""
'''

WIN = """\
from dojo.pictures import data as picture
from katas.lesson_1_numbers import kata_01_doubling as kata


def win():
    counter = kata.Counter(0)
    return picture.Curves("Your counter counts", {"count": [float(counter()) for _ in range(4)]}, "call", "count")
"""

ONLY_THE_CPU = """
import dojo.testbed.devices, dojo.plugin
dojo.plugin.find_devices = lambda asked: [dojo.testbed.devices.Device("cpu")]
"""

# An answer for `double` whose example records a graph.
RECORDED = '''"""Return twice x.

>>> double(torch.tensor([1.0], requires_grad=True))
"""
return 2 * x
'''

FILES = {
    "katas/lesson_1_numbers/kata_01_doubling.py": DOUBLING,
    "solutions/lesson_1_numbers/kata_01_doubling.py": SOLVED,
    "tests/lesson_1_numbers/kata_01_doubling.py": TESTS,
    "mistakes/lesson_1_numbers/kata_01_doubling.py": MISTAKES,
    "hints/lesson_1_numbers/kata_01_doubling.md": HINTS,
    "katas/lesson_1_numbers/README.md": "# Lesson 1: numbers\n",
    "katas/lesson_2_words/kata_01_shouting.py": "def shout(text):\n    raise NotImplementedError\n",
    "solutions/lesson_2_words/kata_01_shouting.py": "def shout(text):\n    return text.upper()\n",
    "tests/lesson_2_words/kata_01_shouting.py": (
        "from dojo.expect import assert_value\n"
        "from katas.lesson_2_words import kata_01_shouting as kata\n\n\n"
        "def test_shout__is_all_capitals():\n    assert_value(kata.shout('hi'), 'HI')\n"
    ),
    "mistakes/lesson_2_words/kata_01_shouting.py": (
        "def shout__capitalized(text):\n"
        '    """A capital at the front is not all capitals."""\n'
        "    return text.capitalize()\n"
    ),
    "hints/lesson_2_words/kata_01_shouting.md": (
        "# Hints\n\n## shout\n\n### Hint 1\n\nOne\n\n### Hint 2\n\nTwo\n\n### Hint 3\n\nThree\n"
    ),
}


@dataclasses.dataclass
class Ran:
    """What a user saw of a command."""

    status: int
    out: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclasses.dataclass
class SmallCourse:
    """A course of two lessons and four steps, nothing solved."""

    root: Path

    kata = "katas/lesson_1_numbers/kata_01_doubling.py"
    tests = "tests/lesson_1_numbers/kata_01_doubling.py"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def mark(self, *core: str) -> None:
        """Make these steps core, and all others practice."""
        for name in [name for name in FILES if name.startswith("tests/")]:
            path = self.root / name
            head, _, tests = path.read_text().partition("\n\n\ndef test_")
            names = tuple(step for step in core if f"test_{step}__" in FILES[name])
            path.write_text(f"{head}\n\nCORE = {names!r}\n\n\ndef test_{tests}")

    def solve(self, **bodies: str) -> None:
        """Write the solutions into katas/, but with these bodies for the functions named."""
        for name in FILES:
            if name.startswith("solutions/"):
                self.write(name.replace("solutions", "katas", 1), FILES[name])
        self.answer(**bodies)

    def introduce(self) -> None:
        """Give the first kata an introduction."""
        for tree in ("katas", "solutions"):
            path = self.root / self.kata.replace("katas", tree, 1)
            path.write_text(path.read_text().replace('"""Doubling."""\n', INTRODUCTION, 1))

    def add_win(self, text: str = WIN) -> None:
        """Give the first lesson a picture at its end."""
        self.write("tests/lesson_1_numbers/win.py", text)

    def offer_graph(self) -> None:
        """Have the first step offer a picture of its graph."""
        path = self.root / "hints/lesson_1_numbers/kata_01_doubling.md"
        path.write_text(path.read_text().replace("## double\n", "## double\n\nPicture: `dojo graph double`\n", 1))

    def answer(self, **bodies: str) -> None:
        """Replace the bodies of functions in the first kata, keeping everything else."""
        path = self.root / self.kata
        for step, body in bodies.items():
            lines = path.read_text().splitlines()
            definition = read_definitions(path)[step]
            code = textwrap.indent(textwrap.dedent(body), "    ").splitlines()
            lines[definition.line : definition.end_line] = code
            path.write_text("\n".join(lines) + "\n")

    def pytest(
        self,
        *arguments: str,
        cwd: str = ".",
        env: dict[str, str] | None = None,
        seconds: float = 60,
        devices: str = "cpu",
    ) -> Ran:
        """Run `pytest` in the course, in a fork of this process: what is printed is what a user sees.

        devices: `cpu`, for a machine that has no other, so that a test counts once; or `all` that there are.
        """
        plugins = ["only_the_cpu"] if devices == "cpu" else []

        def work() -> int:
            sys.path.insert(0, str(self.root))
            # Not with -p, because a report repeats the arguments. xdist hands only -p on to its workers.
            if "-n" in arguments:
                return pytest.main([*(part for name in plugins for part in ("-p", name)), *arguments])
            return pytest.main(list(arguments), plugins=plugins)

        return self._forked(work, cwd, env or {}, seconds)

    def dojo(self, *arguments: str, cwd: str = ".", env: dict[str, str] | None = None) -> Ran:
        """Run `dojo` in the course, in a fresh Python."""
        return self._fresh("dojo", arguments, cwd, env or {})

    def dojo_with_torch(self, *arguments: str, cwd: str = ".", env: dict[str, str] | None = None) -> Ran:
        """Run `dojo` in the course, in a fork of this process, for a command that imports torch."""
        from dojo.cli import main

        return self._forked(lambda: main(arguments), cwd, {"NO_COLOR": "1"} | (env or {}), 60)

    def fresh(self, *arguments: str, cwd: str = ".", env: dict[str, str] | None = None) -> Ran:
        """Run `pytest` in the course, in a fresh Python: for what must not find torch as another test left it."""
        return self._fresh("pytest", arguments, cwd, env or {})

    def _fresh(self, module: str, arguments: tuple[str, ...], cwd: str, env: dict[str, str]) -> Ran:
        paths = f"{ROOT}{os.pathsep}{self.root}"
        ran = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.root / cwd,
            env=os.environ | {"PYTHONPATH": paths, "COLUMNS": "80", "NO_COLOR": "1"} | env,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout + ran.stderr)

    def _forked(self, work, cwd: str, env: dict[str, str], seconds: float) -> Ran:
        log = self.root / ".log"
        paths = f"{ROOT}{os.pathsep}{self.root}"
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                os.chdir(self.root / cwd)
                for name in [name for name in os.environ if name.startswith(("PYTEST_", "COV_"))]:
                    del os.environ[name]
                os.environ.update({"COLUMNS": "80", "PYTHONPATH": paths, "PY_COLORS": "0", **env})
                descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                nothing = os.open(os.devnull, os.O_RDONLY)
                os.dup2(nothing, 0)
                os.dup2(descriptor, 1)
                os.dup2(descriptor, 2)
                sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
                sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
                sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr
                status = int(work())
            finally:
                with contextlib.suppress(Exception):
                    sys.stdout.flush()
                    sys.stderr.flush()
                os._exit(status)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended, code = os.waitpid(pid, os.WNOHANG)
            if ended:
                text = log.read_text(encoding="utf-8", errors="replace")
                return Ran(os.waitstatus_to_exitcode(code), re.sub(r"in \d+\.\d+ ?s", "in N s", text))
            time.sleep(0.005)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise AssertionError(f"still running after {seconds} s:\n{log.read_text()}")


def small_course(root: Path) -> SmallCourse:
    """A fresh small course in the folder `root`, which is made."""
    small = SmallCourse(root)
    for name, text in FILES.items():
        small.write(name, text)
    small.write("only_the_cpu.py", ONLY_THE_CPU)
    shutil.copy(ROOT / "conftest.py", small.root)
    shutil.copy(ROOT / "pyproject.toml", small.root)
    return small
