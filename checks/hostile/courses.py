"""Makes courses of the catalogue's pieces, judges them in each way that users do, and says what is wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..forks import ENV, commit, fork_of, publish_course
from ..small_course import DOUBLING, FILES, ROOT, SmallCourse
from .catalogue import IN_THE_JUDGE, SOLVED, Piece

LESSON = "lesson_1_numbers"
# Random cases besides the worked example, so that no constant is the answer.
TESTS = """\
import torch

from dojo.expect import assert_tensor, assert_unchanged, assert_value
from katas.lesson_1_numbers import kata_01_doubling as kata

CPU = torch.device("cpu")


def test_double__is_twice_the_input():
    assert_tensor(kata.double(torch.tensor([1.0, 2.5])), torch.tensor([2.0, 5.0]), device=CPU)
    for n in (1, 3):
        x = torch.randn(n)
        assert_tensor(kata.double(x.clone()), 2 * x, device=CPU)


def test_double__leaves_the_input_alone():
    x = torch.tensor([1.0, -2.0])
    with assert_unchanged(x=x):
        kata.double(x)


def test_total__sums_each_row():
    rows = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert_tensor(kata.total(rows), torch.tensor([6.0, 15.0]), device=CPU)


def test_Counter__counts_on_from_the_start():
    counter = kata.Counter(3)
    assert_value(counter(), 4)
    assert_value(counter(), 5, name="the second count")
"""
_ALL = "All 4 steps are green"
SHOUT = "lesson_2_words/kata_01_shouting"
# Seconds that a step may take here.
LIMIT = 0.6
JUDGE_LIMIT = 2.0
# The memory that no run may exceed, in bytes.
_MOST_MEMORY = 24 << 30
# The longest time for a verdict, in seconds. It covers two tests that are given up, each in a separate fork.
PATIENCE = 30
_WRITTEN_BY_RUNS = {"__pycache__", ".pytest_cache", ".dojo", ".git", "report"}
_UNWANTED = ("INTERNALERROR", "Fatal Python error", "\x1b[2J", "\x1b]0;", "worker 'gw")


def kata_of(number: int, piece: Piece) -> str:
    return f"{LESSON}/kata_{number:03}_{piece.name.lower()}"


def course_of(pieces: list[Piece], root: Path) -> SmallCourse:
    """A course in which each piece is a separate kata, besides a kata that is solved."""
    small = SmallCourse(root)
    _settings(small)
    for name in FILES:
        if "lesson_2" in name:
            small.write(name, FILES[name.replace("katas", "solutions", 1)])
    for number, piece in enumerate(pieces, start=1):
        kata = kata_of(number, piece)
        module = kata.rpartition("/")[2]
        small.write(f"tests/{kata}.py", TESTS.replace("kata_01_doubling", module))
        small.write(f"solutions/{kata}.py", SOLVED)
        small.write(f"mistakes/{kata}.py", "")
        small.write(f"katas/{kata}.py", _bytes(piece).replace(b"kata_01_doubling", module.encode()))
    return small


def plain(pieces: list[Piece], folder: Path) -> list[str]:
    """What is wrong after `pytest --all`; nothing if every piece gets the required verdict."""
    return _judged(pieces, course_of(pieces, folder / "course"), ["pytest", "--all", "-q"])


def two_processes(pieces: list[Piece], folder: Path) -> list[str]:
    """The same, after `pytest -n 2`."""
    return _judged(pieces, course_of(pieces, folder / "course"), ["pytest", "--all", "-q", "-n", "2"])


def as_the_fork(pieces: list[Piece], folder: Path) -> list[str]:
    """The same, after the command that a fork's workflow runs."""
    required = [dict(zip(("kind", "says"), IN_THE_JUDGE.get(piece.name, ()), strict=False)) for piece in pieces]
    pieces = [dataclasses.replace(piece, **changed) for piece, changed in zip(pieces, required, strict=True)]
    course = course_of(pieces, folder / "course")
    # There, each kata has a separate fork, which imports again what it needs.
    settings = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    course.write("pyproject.toml", settings.replace(f"timeout = {LIMIT}\n", f"timeout = {JUDGE_LIMIT}\n"))
    answers = {path: path.read_bytes() for path in sorted((course.root / "katas").rglob("*.py"))}
    for path in answers:
        path.write_text(DOUBLING if "lesson_2" not in str(path) else FILES[f"katas/{SHOUT}.py"], encoding="utf-8")
    upstream = publish_course(course, folder)
    fork = fork_of(upstream, folder)
    for path, answer in answers.items():
        fork.write(path.relative_to(course.root).as_posix(), answer)
    commit(fork, "Answers")
    before = state(fork.root)
    command = ["dojo", "ci", "judge", "--upstream", str(upstream), "--out", "report", "--fail-on", "any-red"]
    ran = _run(fork.root, [*command, "-n", "2"], len(pieces))
    wrong = _wrong_with_run(ran, before, fork.root)
    file = fork.root / "report" / "progress.json"
    return [*wrong, *(_wrong_with_steps(pieces, file) if file.exists() else [f"no report:\n{ran.stdout[-2000:]}"])]


def watched(pieces: list[Piece], folder: Path) -> list[str]:
    """The same for `dojo watch`: each piece is saved while it runs, and then the right answer."""
    small = SmallCourse(folder / "course")
    _settings(small)
    for name, text in FILES.items():
        small.write(name, text)
    small.write(small.tests, TESTS)
    small.write(f"katas/{SHOUT}.py", FILES[f"solutions/{SHOUT}.py"])
    small.write(small.kata, SOLVED)
    before = state(small.root)
    wrong = []
    watch = _Watch(small.root)
    try:
        watch.until(_ALL)
        for piece in pieces:
            try:
                if piece.file and piece.kind == "green":
                    # An answer that differs from a green answer only in its layout is not judged again.
                    small.write(small.kata, SOLVED.replace("2 * x", "x"))
                    watch.until("✗ ")
                watch.heard = ""
                small.write(small.kata, _bytes(piece))
                said = watch.until(_ALL if piece.kind == "green" else "✗ ")
                if piece.kind != "green" and piece.says not in _joined(said):
                    wrong.append(f"{piece.name}: {piece.says!r} is not said:\n{said}")
                watch.heard = ""
                small.write(small.kata, SOLVED)
                # Every other step is judged again, with the same result.
                if piece.kind != "green":
                    watch.until(_ALL)
            except AssertionError as error:
                wrong.append(f"{piece.name}: {error}")
                watch.close()
                small.write(small.kata, SOLVED)
                watch = _Watch(small.root)
                watch.until(_ALL)
        status = watch.close()
        if status:
            wrong.append(f"dojo watch ended with status {status}")
    finally:
        watch.close()
    if state(small.root) != before:
        wrong.append("files of the course have changed")
    wrong += [f"{text!r} was printed" for text in _UNWANTED if text in watch.all]
    return wrong


class _Watch:
    """`dojo watch --plain`, and what it says."""

    def __init__(self, root: Path) -> None:
        self.heard = self.all = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dojo", "watch", "--plain", "--device", "cpu"],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(root),
            preexec_fn=_limited,
        )

    def until(self, wanted: str) -> str:
        """What was said up to `wanted` and the silence after it. Raises AssertionError if it is not said.

        After `All … are green`, nothing more is said.
        """
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                part = os.read(self.process.stdout.fileno(), 1 << 16).decode(errors="replace")
                self.heard += part
                self.all += part
                if not part:
                    break
                if wanted == _ALL and _ALL in self.heard:
                    return self.heard
            elif re.search(wanted, self.heard):
                return self.heard
        raise AssertionError(f"{wanted!r} was never said:\n{self.heard[-3000:]}")

    def close(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


def state(root: Path) -> dict[str, str]:
    """The digest of every file of a course, without the files that runs write."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not _WRITTEN_BY_RUNS & set(path.relative_to(root).parts)
        and path.name not in (".log", "progress.json")
    }


def _settings(small: SmallCourse) -> None:
    small.root.mkdir(parents=True)
    shutil.copy(ROOT / "conftest.py", small.root)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    small.write("pyproject.toml", settings.replace("timeout = 10\n", f"timeout = {LIMIT}\n"))


def _judged(pieces: list[Piece], course: SmallCourse, command: list[str]) -> list[str]:
    before = state(course.root)
    ran = _run(course.root, [*command, "--progress-json", "progress.json"], len(pieces))
    wrong = _wrong_with_run(ran, before, course.root)
    file = course.root / "progress.json"
    return [*wrong, *(_wrong_with_steps(pieces, file) if file.exists() else [f"no report:\n{ran.stdout[-2000:]}"])]


def _run(root: Path, command: list[str], pieces: int) -> subprocess.CompletedProcess[str]:
    module, *arguments = command
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        env=_environment(root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        timeout=60 + PATIENCE * pieces,
        preexec_fn=_limited,
    )


def _environment(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return kept | ENV | {"PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"}


def _limited() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = _MOST_MEMORY if hard < 0 else min(hard, _MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _wrong_with_run(ran: subprocess.CompletedProcess[str], before: dict[str, str], root: Path) -> Iterable[str]:
    if ran.returncode != 1:
        yield f"exit status {ran.returncode}:\n{ran.stdout[-2000:]}"
    if state(root) != before:
        yield "files of the course have changed"
    for text in _UNWANTED:
        if text in ran.stdout:
            yield f"{text!r} was printed"
    left = subprocess.run(["pgrep", "-f", "^sleep 4711"], capture_output=True, check=False).stdout
    if left:
        yield f"a process was left running: {left!r}"


def _wrong_with_steps(pieces: list[Piece], file: Path) -> Iterable[str]:
    progress = json.loads(file.read_text(encoding="utf-8"))
    steps = {step["id"]: step for lesson in progress["lessons"] for kata in lesson["katas"] for step in kata["steps"]}
    if steps[f"{SHOUT}/shout"]["status"] != "green":
        yield "the step of another lesson is hurt"
    for number, piece in enumerate(pieces, start=1):
        kata = kata_of(number, piece)
        others = [steps[f"{kata}/{name}"] for name in ("total", "Counter")]
        yield from (f"{piece.name}: {text}" for text in _wrong(piece, kata, steps[f"{kata}/double"], others))


def _wrong(piece: Piece, kata: str, step: dict[str, Any], others: list[dict[str, Any]]) -> Iterable[str]:
    good = piece.others_green or piece.kind == "green"
    for other in others:
        if (other["status"] == "green") is not good:
            yield f"{other['name']} is {other['status']}: {other['failure']}"
    if step["cheating"] is not (piece.kind == "cheating"):
        yield f"cheating is {step['cheating']}"
    if piece.kind == "green":
        if step["status"] != "green":
            yield f"{step['status']}, not green: {step['failure']}"
        elif piece.says not in " ".join(step["notes"]):
            yield f"{piece.says!r} is not among the notes {step['notes']}"
        return
    if step["status"] != ("broken" if piece.kind == "broken" else "red"):
        yield f"{step['status']}, not {piece.kind}: {step['notes']}"
        return
    failure = step["failure"]
    if piece.kind not in ("", failure["kind"]):
        yield f"the kind is {failure['kind']}, not {piece.kind}: {failure['says']}"
    if piece.says not in " ".join([*failure["says"], failure["raised"] or ""]):
        yield f"{piece.says!r} is not said: {failure['says']} {failure['raised']}"
    # There is one message, and it names the learner's file.
    if not failure["file"].endswith(f"{kata}.py") or not 1 <= len(failure["says"]) <= 3:
        yield f"{failure['file']}: {failure['says']}"


def _joined(said: str) -> str:
    return " ".join(said.split())


def _bytes(piece: Piece) -> bytes:
    return piece.text if isinstance(piece.text, bytes) else piece.text.encode()


MODES = {"plain": plain, "two_processes": two_processes, "as_the_fork": as_the_fork, "watched": watched}
