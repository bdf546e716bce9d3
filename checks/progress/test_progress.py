"""`--progress-json`: writes what a run found as the documented JSON."""

from __future__ import annotations

import json

import pytest

from ..small_course import ROOT


def _read(course, name="p.json"):
    return json.loads((course.root / name).read_text())


def test_a_focused_run_says_green_red_and_ahead(course):
    course.solve(total="return rows.sum(dim=0)")
    course.pytest("--progress-json", "out/p.json")
    data = _read(course, "out/p.json")
    assert data["schema"] == 1
    assert data["totals"] == {"green": 1, "red": 1, "broken": 0, "ahead": 2, "not_run": 0, "steps": 4}
    assert data["focus"] == "lesson_1_numbers/kata_01_doubling/total"
    assert data["devices"][0] == {"name": "cpu", "status": "run", "reason": ""}
    steps = data["lessons"][0]["katas"][0]["steps"]
    assert [step["status"] for step in steps] == ["green", "red", "ahead"]
    red = steps[1]
    assert red["failing_test"] == "test_total__sums_each_row"
    assert red["behaviour"] == "sums each row"
    assert red["failure"]["kind"] == "shape"
    assert red["failure"]["file"] == course.kata
    assert red["diagnosis"] == {
        "mistake": "columns",
        "says": "The dim that is summed is the one that disappears: you summed over the rows.",
    }
    assert red["devices"]["cpu"] == "red"
    assert steps[0]["seconds"] > 0


def test_a_part_of_a_steps_tests_never_makes_it_green(course):
    course.solve()
    course.pytest("-k", "twice", "--progress-json", "p.json")
    assert _read(course)["totals"]["green"] == 0
    assert _read(course)["totals"]["not_run"] == 4


def test_broken_is_a_status_of_its_own(course):
    course.solve()
    course.write(course.kata, "def f(:\n")
    course.pytest("--all", "--progress-json", "p.json")
    assert _read(course)["totals"] == {"green": 1, "red": 0, "broken": 3, "ahead": 0, "not_run": 0, "steps": 4}


@pytest.mark.full
def test_workers_write_the_same_data(course):
    course.solve(double="return x * x")
    course.pytest("--all", "--progress-json", "one.json")
    course.pytest("-n", "2", "--progress-json", "two.json")
    one, two = _read(course, "one.json"), _read(course, "two.json")
    assert one["totals"] == two["totals"]
    assert one["devices"] == two["devices"]
    first, second = (data["lessons"][0]["katas"][0]["steps"][0] for data in (one, two))
    assert first["diagnosis"] == second["diagnosis"] != None  # noqa: E711 - all three are compared


def test_a_file_that_cannot_be_written_is_said(course):
    course.write("file", "")
    ran = course.pytest("--progress-json", "file/p.json")
    assert "could not be written" in ran.out
    assert ran.lines[0].startswith("✗ double")


def test_an_old_file_is_replaced_whole(course):
    course.write("p.json", "old" * 100_000)
    course.pytest("--progress-json", "p.json")
    assert _read(course)["schema"] == 1
    assert not [path for path in course.root.iterdir() if path.name.startswith(".p.json")]


def test_judging_another_folder_leaves_the_memory_alone(course):
    course.pytest("--against", "solutions", "--progress-json", "p.json")
    assert _read(course)["judged"] == "solutions"
    assert not (course.root / ".dojo").exists()


@pytest.mark.parametrize(
    "key", ["schema", "course", "judged", "totals", "focus", "devices", "lessons", "diagnosis", "notes"]
)
def test_every_field_is_documented(key):
    assert f"`{key}`" in (ROOT / "docs" / "progress.md").read_text()
