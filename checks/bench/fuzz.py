"""Damaged and hostile input to every parser of ours: python checks/bench/fuzz.py [--cases 100000]

Each parser may answer, or raise the error that it documents (DojoError); anything else is printed and ends the run.
The cases are shared out evenly; the seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dojo.classroom.roster import read_roster
from dojo.course.curriculum import Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.hints import next_hint, read_hints
from dojo.progress.memory import Memory
from dojo.progress.reading import parse_progress
from dojo.support.errors import DojoError

STEP = Step("lesson_1_a/kata_01_b/double", "double", 1, ("test_double__doubles",))
_WORDS = st.sampled_from(
    [
        "def ",
        "class ",
        "test_double__doubles",
        "(",
        ")",
        ":",
        "\n",
        "    ",
        "return x",
        "async ",
        "@",
        '"""',
        "\\",
        "\t",
    ]
)
_CODE = st.one_of(st.binary(max_size=200), st.lists(st.one_of(_WORDS, st.text(max_size=8)), max_size=40).map("".join))
_HINT_WORDS = st.sampled_from(
    ["## double", "### Hint 1", "### Hint 2: wrong shape", "```", "\n", "# ", "### Hint x", "`"]
)
_HINTS = st.one_of(
    st.binary(max_size=200), st.lists(st.one_of(_HINT_WORDS, st.text(max_size=8)), max_size=40).map("\n".join)
)
_CELLS = st.sampled_from(
    ["name", "url", "group", "Ada", "https://example.org/x", "../fork", "-u", ",", ";", '"', "\n", " "]
)
_ROSTER = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(_CELLS, st.text(max_size=8)), max_size=30).map("".join),
    st.lists(st.one_of(_CELLS, st.text(max_size=8)), max_size=30).map(lambda cells: "name,url\n" + ",".join(cells)),
)
_PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12))
_KEYS = st.sampled_from(
    [
        "schema",
        "course",
        "judged",
        "made_at",
        "seconds",
        "devices",
        "totals",
        "focus",
        "lessons",
        "id",
        "number",
        "title",
        "katas",
        "steps",
        "name",
        "status",
        "tests",
        "passed",
        "notes",
        "failure",
        "report",
        "diagnosis",
        "cheating",
        "data",
    ]
)
_ANY = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=6)),
    max_leaves=20,
)
_STEP = {
    "id": "a/b/c",
    "name": "c",
    "status": "green",
    "tests": 1,
    "passed": 1,
    "devices": {},
    "seconds": 0.1,
    "notes": [],
    "failure": None,
}
_PROGRESS = {
    "schema": 1,
    "judged": "katas",
    "made_at": "2031-01-30T10:00:00+00:00",
    "seconds": 1.0,
    "devices": [],
    "totals": {"green": 1, "red": 0, "broken": 0, "ahead": 0, "not_run": 0, "steps": 1},
    "lessons": [{"id": "a", "number": 1, "title": "a", "katas": [{"id": "a/b", "number": 1, "title": "b"}]}],
}


@st.composite
def _almost(draw: Any) -> bytes:
    """A progress file that is right but for one or two values."""
    step, progress = dict(_STEP), json.loads(json.dumps(_PROGRESS))
    progress["lessons"][0]["katas"][0]["steps"] = [step]
    lesson = progress["lessons"][0]
    places = [step, progress, lesson, lesson["katas"][0]]
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from(places))
        place[draw(st.sampled_from(sorted(place)))] = draw(_ANY)
    return json.dumps(progress).encode()


def _targets(folder: Path) -> dict[str, Callable[[int], None]]:
    """By name: what runs so many cases of one parser."""
    tests = folder / "tests" / "lesson_1_a" / "kata_01_b.py"
    hints = folder / "hints" / "lesson_1_a" / "kata_01_b.md"
    for path in (tests, hints, folder / ".dojo" / "x"):
        path.parent.mkdir(parents=True)
    number = 0

    def write(path: Path, data: bytes | str) -> None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))

    def curriculum(data: bytes | str) -> None:
        nonlocal number
        # Files are known by their time and size: each case is a file of its own.
        number += 1
        path = tests.with_name(f"kata_{number}.py")
        write(path, data)
        try:
            read_definitions(path)
            read_curriculum(folder)
        finally:
            path.unlink()

    def rungs(data: bytes | str) -> None:
        write(hints, data)
        next_hint(read_hints(folder, STEP), [], "shape", "test_double__doubles")

    def progress(data: bytes) -> None:
        parse_progress(data, "progress.json")

    def roster(data: bytes | str) -> None:
        write(folder / "roster.csv", data)
        read_roster(folder / "roster.csv")

    def memory(data: bytes) -> None:
        for name in ("steps.json", "hints.json", "devices.json"):
            write(folder / ".dojo" / name, data)
        known = Memory(folder)
        known.effort(STEP)
        known.symptom(STEP)
        known.stamps(STEP)
        known.devices_in(STEP.id)

    as_json = _ANY.map(lambda value: json.dumps(value).encode())
    remembered = st.builds(
        lambda data: json.dumps({"schema": 1, "data": data}).encode(), st.dictionaries(st.just(STEP.id), _ANY)
    )
    inputs: dict[str, tuple[Any, Any]] = {
        "curriculum and definitions": (curriculum, _CODE),
        "hints": (rungs, _HINTS),
        "progress files": (progress, st.one_of(st.binary(max_size=200), as_json, _almost())),
        "roster": (roster, _ROSTER),
        "memory": (memory, st.one_of(st.binary(max_size=200), as_json, remembered)),
    }

    def runner(parse: Any, strategy: Any) -> Callable[[int], None]:
        def run(cases: int) -> None:
            @hypothesis.seed(1234)
            @settings(
                max_examples=cases,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            )
            @given(strategy)
            def case(data: Any) -> None:
                try:
                    parse(data)
                except DojoError as error:
                    if not str(error).strip():
                        raise ValueError("an error without a word") from error

            case()

        return run

    return {name: runner(*pair) for name, pair in inputs.items()}


def fuzz(cases: int) -> dict[str, int]:
    """Run so many cases in all; return how many of each parser. Raises whatever a parser should not have raised."""
    with tempfile.TemporaryDirectory() as folder:
        targets = _targets(Path(folder))
        share = cases // len(targets)
        for run in targets.values():
            run(share)
    return dict.fromkeys(targets, share)


def main() -> None:
    """Fuzz and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    started = time.perf_counter()
    for name, count in fuzz(parser.parse_args().cases).items():
        print(f"{name}: {count} cases")
    print(f"nothing but the documented errors, in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
