"""Which why or clue each of many wrong answers gets, and how often each kind of clue is shown.

usage: python checks/bench/clues.py FOLDER [--no-mistakes]

FOLDER holds LESSON/KATA.py files with top-level functions or classes called STEP__LABEL. Each takes the place of its
step in a copy of solutions/, and pytest judges it as a learner's own answer, in a fork of this process. With
--no-mistakes nothing is read from mistakes/, so that every answer that is red may get a clue. Names with `__` are
answers; all else is copied with them.
"""

from __future__ import annotations

import ast
import collections
import importlib
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from dojo.failures import rerun

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 120
_FORK = multiprocessing.get_context("fork")


def answers_in(folder: Path):
    """For each answer: the kata's id, the step, the label, the answer's source, and the source of its helpers."""
    for path in sorted(folder.glob("lesson_*/*.py")):
        text = path.read_text(encoding="utf-8")
        shared, found = [], []
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            named = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and "__" in node.name.strip("_")
            (found if named else shared).append((node, source))
        beside = "\n".join(source for _, source in shared)
        for node, source in found:
            step, label = node.name.split("__", 1)
            yield f"{path.parent.name}/{path.stem}", step, label, source.replace(node.name, step), beside


def put_in_place(kata: Path, step: str, source: str, beside: str) -> bool:
    """Write an answer over its step in a solution file; False if the file has no such step."""
    text = kata.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == step:
            body = [*lines[: node.lineno - 1], beside, "\n\n\n", source, "\n", *lines[node.end_lineno :]]
            kata.write_text("".join(body), encoding="utf-8")
            return True
    return False


def judge(course: Path, kata_id: str, step: str, source: str, beside: str) -> tuple[dict | None, list[float]]:
    """The step in the progress that a run on the answer writes, and how many seconds each search for a clue took.

    The step is None if the answer has no place or no verdict.
    """
    with tempfile.TemporaryDirectory() as name:
        tree, report, times = Path(name, "answer"), Path(name, "progress.json"), Path(name, "times")
        shutil.copytree(course / "solutions", tree)
        if not put_in_place(tree / f"{kata_id}.py", step, source, beside):
            return None, []
        options = [f"--step={kata_id}/{step}", f"--against={tree}", f"--progress-json={report}", "-q"]
        run = _FORK.Process(target=_run, args=(course, [*options, "-p", "no:cacheprovider"], times))
        run.start()
        run.join(_PATIENCE)
        run.kill()
        seconds = [float(line) for line in times.read_text().split()] if times.exists() else []
        if not report.exists():
            return None, seconds
        lessons = json.loads(report.read_text(encoding="utf-8"))["lessons"]
        steps = [each for lesson in lessons for kata in lesson["katas"] for each in kata["steps"]]
        return next(each for each in steps if each["id"] == f"{kata_id}/{step}"), seconds


def _run(course: Path, options: list[str], times: Path) -> None:
    """Run pytest in this process, without its output. The seconds of each search for a clue go to a file."""
    os.chdir(course)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    search = rerun._clue

    def timed(*values: Any) -> Any:
        started = time.perf_counter()
        found = search(*values)
        with times.open("a", encoding="utf-8") as file:
            print(time.perf_counter() - started, file=file)
        return found

    rerun._clue = timed
    pytest.main(options)


def main() -> None:
    folder = Path(sys.argv[1])
    # The first optimizer imports this. It takes 1.5 s, which each fork would need.
    importlib.import_module("torch._dynamo")
    with tempfile.TemporaryDirectory() as name:
        course = ROOT
        if "--no-mistakes" in sys.argv:
            course = Path(name, "course")
            shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(".git", "__pycache__"))
            for path in (course / "mistakes").rglob("*.py"):
                path.unlink()
        kinds: collections.Counter[str] = collections.Counter()
        searches: list[float] = []
        for kata_id, step, label, source, beside in answers_in(folder):
            found, seconds = judge(course, kata_id, step, source, beside)
            searches += seconds
            if found is None or found["status"] == "green":
                kinds["green" if found else "not judged"] += 1
                print(f"{kata_id}/{step} {label}: {'green' if found else 'not judged'}", flush=True)
                continue
            said = found["diagnosis"] or found["clue"] or {"says": "-"}
            kinds[said.get("kind") or ("why" if found["diagnosis"] else "neither")] += 1
            print(
                f"{kata_id}/{step} {label}: {found['failure']['says']}\n    {said.get('kind', 'why')}: {said['says']}"
            )
    total = sum(kinds.values()) - kinds["green"] - kinds["not judged"]
    print(f"\n{total - kinds['neither']} of {total} red answers have a why or a clue")
    for kind, count in kinds.most_common():
        print(f"{count:5} {kind}")
    if len(searches) > 1:
        worst = statistics.quantiles(searches, n=20)[-1]
        middle = statistics.median(searches)
        print(f"{len(searches)} searches for a clue: {1000 * middle:.1f} ms (median), {1000 * worst:.1f} ms (95%)")


if __name__ == "__main__":
    main()
