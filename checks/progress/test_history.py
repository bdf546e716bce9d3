"""The history of pushes: what a line holds, and that a damaged line is the only one that is lost."""

from __future__ import annotations

import dataclasses
import json

import pytest

from dojo.course.moved import Move
from dojo.progress.data import to_json
from dojo.progress.history import gone_red, newly_green, push_of, read_history, through_moves
from dojo.progress.reading import parse_progress


@pytest.fixture
def pushes(course):
    """Two progresses: double is green and total is red, then double is red and total is green."""
    course.solve(total="return rows")
    course.pytest("--all", "--progress-json", "one.json")
    course.solve(double="return x")
    course.pytest("--all", "--progress-json", "two.json")
    return [parse_progress((course.root / name).read_bytes(), name) for name in ("one.json", "two.json")]


def _line(pushes):
    """The line of the first push as JSON data."""
    return json.loads(push_of(pushes[0], None, None).as_line())


def test_a_line_says_what_changed(pushes):
    one, two = pushes
    kata = "lesson_1_numbers/kata_01_doubling"
    push = push_of(two, one, "abc1234")
    assert push.green == newly_green(two, one) == [f"{kata}/total"]
    assert push.red == gone_red(two, one) == [f"{kata}/double"]
    assert push.focus == f"{kata}/double"
    assert push.totals.green == 3
    first = push_of(one, None, None)
    assert len(first.green) == 3
    assert first.red == []


def test_a_step_that_was_not_run_has_not_gone_red(pushes):
    one, two = pushes
    for step in two.steps:
        step.status = "not_run"
    assert gone_red(two, one) == []


def test_what_is_written_is_read_back(pushes):
    one, two = pushes
    written = [push_of(one, None, "a" * 40), push_of(two, one, "b" * 40)]
    history = read_history("".join(push.as_line() for push in written).encode())
    assert list(history) == written
    assert history.damaged == 0


@pytest.mark.full
@pytest.mark.parametrize(
    "damage",
    [
        b"{half a li",
        b"[]",
        b"null",
        b'{"made_at": 3}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"made_at": "2031-13-40T00:00:00Z", "totals": {}, "green": [], "red": []}',
        b'{"made_at": "2031-01-01T00:00:00Z", "totals": {"steps": -1}, "green": [], "red": []}',
    ],
)
def test_a_damaged_line_costs_only_itself(pushes, damage):
    good = push_of(pushes[0], None, None).as_line().encode()
    history = read_history(good + b"\n" + damage + b"\n" + good)
    assert len(history) == 2
    assert history.damaged == 1


def test_lines_of_two_pushes_at_once_stand_in_the_order_of_time(pushes):
    line = _line(pushes)
    times = ["2031-01-02T00:00:00Z", "2031-01-01T23:30:00+00:00", "2031-01-02T00:30:00+01:00"]
    history = read_history("\n".join(json.dumps(line | {"made_at": time}) for time in times).encode())
    assert [push.made_at for push in history] == [times[1], times[2], times[0]]


def test_of_a_huge_history_the_newest_lines_are_read(pushes):
    line = _line(pushes)
    old, new = json.dumps(line | {"focus": "old"}), json.dumps(line | {"focus": "new"})
    history = read_history((old + "\n" + " " * 9_000_000 + "\n" + new).encode())
    assert [push.focus for push in history] == ["new"]
    assert len(read_history((new + "\n").encode() * 6_000)) <= 5_001


def test_what_a_terminal_would_obey_is_taken_out(pushes):
    line = _line(pushes) | {"commit": "<b>", "red": ["\x1b[2J"]}
    read = read_history(json.dumps(line).encode())[0]
    assert read.commit is None
    assert read.red == ["\ufffd[2J"]


def test_an_earlier_progress_and_its_pushes_are_read_through_the_rows_of_moved_steps(pushes):
    one, two = pushes
    kata = "lesson_1_numbers/kata_01_doubling"
    before = parse_progress(json.dumps(to_json(one)).encode(), "one")
    next(step for step in before.steps if step.name == "Counter").id = "lesson_9_old/kata_01_old/Clicker"
    assert newly_green(two, before) == [f"{kata}/total", f"{kata}/Counter"]
    two.moved = (Move("lesson_9_old/kata_01_old/Clicker", f"{kata}/Counter", "2.0.0"),)
    assert newly_green(two, before) == [f"{kata}/total"]
    assert gone_red(two, before) == [f"{kata}/double"]
    push = dataclasses.replace(push_of(before, None, None), focus="lesson_9_old/kata_01_old/Clicker")
    assert "lesson_9_old/kata_01_old/Clicker" in push.green
    now = through_moves(push, two.moved)
    assert now.focus == f"{kata}/Counter"
    assert set(now.green) == set(push_of(one, None, None).green)
