"""Judges forgeries in CI and in a class, and says what is wrong with the outcome."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..classroom.test_class import Class, progress_of
from ..forks import ENV, commit, fork_of, publish_course, report
from ..small_course import FILES, SmallCourse, small_course
from .forgeries import Forgery

ALL = ("double", "total", "Counter", "shout")


def in_ci(forgeries: Iterable[Forgery], folder: Path, env: dict[str, str] | None = None) -> Iterator[str]:
    """What is wrong after `dojo ci judge` on each forgery. Nothing is yielded if all forgeries fail."""
    for forgery in forgeries:
        place = folder / forgery.name
        place.mkdir()
        upstream = publish_course(small_course(place / "course"), place)
        fork = fork_of(upstream, place)
        fork.write(fork.kata, forgery.kata(json.dumps(report(fork, green=ALL))))
        fork.write("katas/lesson_2_words/kata_01_shouting.py", "def shout(text):\n    return text\n")
        commit(fork, "forged")
        arguments = ["ci", "judge", "--upstream", str(upstream), "--out", "report", "-n", "2", "--fail-on", "any-red"]
        ran = fork.dojo(*arguments, env=ENV | (env or {}))
        yield from (f"{forgery.name}: {text}" for text in _wrong_in_ci(fork, ran.status, ran.out, forgery))
        shutil.rmtree(place)


def _wrong_in_ci(fork: SmallCourse, status: int, out: str, forgery: Forgery) -> Iterator[str]:
    file = fork.root / "report" / "progress.json"
    before = file.read_bytes() if file.exists() else None
    time.sleep(forgery.lingers)
    if before is None:
        if status != 2 or "No verdict: " not in out.splitlines()[-1]:
            yield f"no verdict, and status {status}: {out[-1500:]}"
        return
    if file.read_bytes() != before:
        yield "the report was rewritten after the judge had ended"
    progress = json.loads(before)
    if status != 1 or progress["totals"]["green"]:
        yield f"status {status}, {progress['totals']}: {out[-1500:]}"


def in_class(forgeries: Iterable[Forgery], folder: Path) -> Iterator[str]:
    """The same after one `dojo class --verify`. All learners of the class forge, except one."""
    course = small_course(folder / "course")
    class_ = Class(course, folder)
    finished = json.dumps(report(course, green=ALL))
    class_.fork("honest", solved=[name.partition("/")[2] for name in FILES if name.startswith("solutions/")])
    class_.publish("honest", progress_of(ALL))
    for forgery in forgeries:
        class_.fork(forgery.name)
        class_.commit(
            forgery.name,
            {
                course.kata: forgery.kata(finished),
                "katas/lesson_2_words/kata_01_shouting.py": "def shout(text):\n    return text\n",
            },
        )
        class_.publish(forgery.name, progress_of(ALL))
    ran = class_.show("--verify", "--jobs", "2", "--verify-timeout", "60")
    lost = 0
    for learner in json.loads((class_.out / "class.json").read_text())["learners"]:
        lost += bool(learner["verified"]["problem"])
        yield from (f"{learner['name']}: {text}" for text in _wrong_in_class(learner, ran.out))
    if ran.status != int(lost > 0):
        yield f"{lost} without a verdict, and status {ran.status}: {ran.out[-1500:]}"


def _wrong_in_class(learner: dict[str, Any], out: str) -> Iterator[str]:
    verified = learner["verified"]
    if learner["name"] == "honest":
        if verified["problem"] or verified["green"] != len(ALL):
            yield f"an honest learner is hurt: {verified}"
    elif verified["problem"]:
        if (
            f"{learner['name']}: no verdict: {verified['problem']}" not in out
            and "more: they are on the page" not in out
        ):
            yield f"nothing is said of {verified['problem']}: {out[-1500:]}"
    elif verified["green"] or len(verified["differs"]) != len(ALL):
        yield f"forged: {verified}"


def left_behind() -> list[str]:
    """The processes that are left of a judgement. They belong to users without an account."""
    told = subprocess.run(["ps", "-eo", "ppid,uid,args"], capture_output=True, text=True, check=True).stdout
    words = [line.split(None, 2) for line in told.splitlines()[1:]]
    # The processes of another judgement that runs now have parents.
    return [line[2][:200] for line in words if line[0] == "1" and 61184 <= int(line[1]) < 65520 and os.getuid() == 0]
