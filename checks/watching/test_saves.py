"""However an editor saves a file, `dojo watch` runs once and shows one verdict."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import watchfiles

from dojo.watching.saves import Polling, Saved, Saves

from ..processes import end
from ..small_course import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="reads from a pipe with select")

PATIENCE = 60
# Longer than one save of an editor takes, and longer than a run takes here. In seconds.
QUIET = 0.8


class Lines:
    """`dojo watch` without a terminal, and its output."""

    def __init__(self, root: Path, *options: str, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dojo", "watch", "--device", "cpu", *options],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{root}", "PYTHONUNBUFFERED": "1", **env},
        )

    def read(self, seconds: float) -> str:
        """The output until `seconds` have passed without more output."""
        assert self.process.stdout is not None
        said = ""
        while select.select([self.process.stdout], [], [], seconds)[0]:
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                break
            said += data.decode()
        return said

    def wait_for(self, wanted: str) -> str:
        said = ""
        deadline = time.monotonic() + PATIENCE
        while wanted not in said and time.monotonic() < deadline:
            said += self.read(0.1)
        assert wanted in said, said
        return said

    def close(self) -> None:
        end(self.process)


@pytest.fixture
def watch(course):
    opened = []

    def start(*options: str, **env: str) -> Lines:
        opened.append(Lines(course.root, *options, **env))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def truncated_and_written_later(path: Path, text: str) -> None:
    with path.open("w") as file:
        file.flush()
        time.sleep(0.02)
        file.write(text)


def in_pieces(path: Path, text: str) -> None:
    half = len(text) // 2
    with path.open("w") as file:
        for part in (text[:half], text[half:]):
            file.write(part)
            file.flush()
            time.sleep(0.005)


def renamed_over(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.tmp123")
    new.write_text(text)
    os.replace(new, path)


def as_vim_does(path: Path, text: str) -> None:
    swap, backup, probe = path.with_name(f".{path.name}.swp"), path.with_name(f"{path.name}~"), path.with_name("4913")
    swap.write_bytes(b"b0VIM 9.0")
    probe.touch()
    probe.unlink()
    path.rename(backup)
    path.write_text(text)
    backup.unlink()
    swap.unlink()


def as_emacs_does(path: Path, text: str) -> None:
    lock, backup = path.with_name(f".#{path.name}"), path.with_name(f"{path.name}~")
    lock.symlink_to("someone@somewhere.1234:5678")
    shutil.copy2(path, backup)
    path.write_text(text)
    lock.unlink()


def twice(path: Path, text: str) -> None:
    path.write_text(text)
    path.touch()
    time.sleep(0.03)
    path.write_text(text)


def with_a_formatter(path: Path, text: str) -> None:
    path.write_text(text)
    time.sleep(0.3)
    path.write_text(text.replace("    return", "    # as it was\n    return").replace(" * ", "  *  "))


WAYS = [
    in_place,
    truncated_and_written_later,
    in_pieces,
    renamed_over,
    as_vim_does,
    as_emacs_does,
    twice,
    with_a_formatter,
]


@pytest.mark.full
def test_one_save_is_one_run_and_one_verdict(course, watch):
    path = course.root / course.kata
    stub = path.read_text()
    course.answer(double="return x * x")
    wrong = path.read_text()
    path.write_text(stub)
    watched = watch()
    watched.wait_for("Write it where the file says")
    watched.read(QUIET)
    for save in WAYS:
        save(path, wrong)
        said = watched.wait_for("Squaring is not doubling") + watched.read(QUIET)
        assert said.count("✗ double") == said.count("Squaring is not doubling") == 1, f"{save.__name__}: {said}"
        path.write_text(stub)
        # A second verdict on the stub would appear in the output of the next way to save.
        watched.wait_for("Write it where the file says")


def test_a_save_that_changes_nothing_is_no_run(course, watch):
    course.answer(double="return x * x")
    watched = watch()
    watched.wait_for("Squaring is not doubling")
    watched.read(QUIET)
    path = course.root / course.kata
    path.write_text(path.read_text() + "\n# a remark\n")
    assert watched.read(QUIET) == ""


@pytest.mark.full
def test_changed_tests_are_read_anew(course, watch):
    course.answer(double="return 2 * x", total="raise ValueError('mine')")
    watched = watch()
    watched.wait_for("mine")
    watched.read(QUIET)
    tests = course.root / course.tests
    tests.write_text(tests.read_text() + "\n\ndef test_double__is_what_the_new_test_says():\n    assert False\n")
    watched.wait_for("No longer green: double")


def test_what_is_given_is_read_anew(course, watch):
    course.write("katas/given.py", "FACTOR = 2\n")
    tests = course.root / course.tests
    tests.write_text(
        f"from katas.given import FACTOR\n{tests.read_text()}\n\n"
        "def test_double__takes_the_factor_given():\n    assert_value(FACTOR, 2, name='the factor')\n"
    )
    course.answer(double="return 2 * x", total="raise ValueError('mine')")
    watched = watch()
    watched.wait_for("mine")
    watched.read(QUIET)
    course.write("katas/given.py", "FACTOR = 5\n")
    watched.wait_for("No longer green: double")


def _warm(root: Path) -> set[str]:
    command = ["pgrep", "-f", f"dojo.watching.warm_server {root} "]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return set(found.stdout.split())


@pytest.mark.full
def test_an_upgraded_package_is_imported_anew(course, watch):
    course.answer(double="return x * x")
    watched = watch()
    watched.wait_for("Squaring is not doubling")
    watched.read(QUIET)
    before = _warm(course.root)
    assert before
    course.write("pytest-99.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pytest\nVersion: 99.0\n")
    course.answer(double="return 2 * x")
    watched.wait_for("total")
    after = _warm(course.root)
    assert after
    assert not before & after


@pytest.mark.full
def test_green_steps_are_run_again_only_when_asked(course, watch):
    ran = course.root / ".ran"
    # The tests note each run: an answer that writes files would be run each time.
    tests = course.root / course.tests
    noted = f"def test_double__is_twice_the_input(device):\n    open({str(ran)!r}, 'a').write('x')\n"
    tests.write_text(tests.read_text().replace("def test_double__is_twice_the_input(device):\n", noted))
    course.solve(total="raise ValueError('mine')")
    # On the devices of the watch.
    assert "mine" in course.pytest("--all", "--device", "cpu").out
    times = ran.read_text()
    watched = watch()
    watched.wait_for("mine")
    watched.read(QUIET)
    assert ran.read_text() == times
    watched = watch("--fresh")
    watched.wait_for("mine")
    watched.read(QUIET)
    assert len(ran.read_text()) > len(times)


@pytest.mark.parametrize(
    ("fails", "reason"),
    [
        (False, "saved files are not announced on this drive"),
        (True, "No space left on device (os error 28)"),
    ],
)
def test_where_saves_are_not_heard_the_files_are_looked_at(course, monkeypatch, fails, reason):
    watch = watchfiles.watch

    def deaf(*folders, **options):
        if options["force_polling"]:
            yield from watch(*folders, **options)
        elif fails:
            raise OSError("No space left on device (os error 28)\nmore")
        while not options["stop_event"].is_set():
            time.sleep(0.01)

    monkeypatch.setattr(watchfiles, "watch", deaf)
    (course.root / ".dojo").mkdir()
    events: queue.SimpleQueue[object] = queue.SimpleQueue()
    saves = Saves(course.root, events)
    saves.start()
    try:
        assert events.get(timeout=PATIENCE) == Polling(reason)
        deadline = time.monotonic() + PATIENCE
        heard: object = None
        while not isinstance(heard, Saved) and time.monotonic() < deadline:
            course.answer(double=f"return {time.monotonic()}")
            with contextlib.suppress(queue.Empty):
                heard = events.get(timeout=1)
        assert heard == Saved(frozenset({course.root / course.kata}), course=False)
    finally:
        saves.close()
        saves.join(timeout=PATIENCE)
    assert not (course.root / ".dojo" / ".probe").exists()
