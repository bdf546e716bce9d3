"""`dojo run --json` and `dojo hint --json` print one object with the documented keys."""

from __future__ import annotations

import json
import re

import pytest

from ..small_course import ROOT, SmallCourse

DOUBLE, TOTAL, COUNTER = (f"lesson_1_numbers/kata_01_doubling/{name}" for name in ("double", "total", "Counter"))
CPU = ("--device", "cpu")


def _documented(heading: str) -> list[str]:
    """The keys in the table below a heading of docs/assistants.md, in their order."""
    text = (ROOT / "docs" / "assistants.md").read_text(encoding="utf-8").partition(f"\n{heading}\n")[2]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text.partition("\n#")[0], re.MULTILINE)
    return [key for row in rows for key in re.findall(r"`(\w+)`", row)]


def test_a_run_stops_at_the_first_red_step(course: SmallCourse):
    course.solve(total="print('here'); return rows.sum()")
    ran = course.dojo("run", "doubling", "--json", *CPU)
    answer = json.loads(ran.out)
    assert ran.status == 1
    assert list(answer) == _documented("### dojo run --json")
    assert answer["report"][0] == "  katas/lesson_1_numbers/kata_01_doubling.py:11"
    assert "  printed   here" in answer.pop("report")
    assert answer == {
        "schema": 1,
        "status": "red",
        "green": [DOUBLE],
        "step": TOTAL,
        "failure": "shape",
        "why": "Without a dim everything is summed.",
        "clue": None,
        "notes": [],
        "next": "dojo hint total",
    }


def test_a_step_that_is_not_written_shows_its_card(course: SmallCourse):
    answer = json.loads(course.dojo("run", "double", "--json", *CPU).out)
    assert (answer["status"], answer["failure"], answer["why"]) == ("red", "not_written", None)
    assert any("Return twice x." in line for line in answer["report"])


def test_a_green_run_leads_to_the_next_step(course: SmallCourse):
    course.solve()
    ran = course.dojo("run", "lesson_1", "--json", *CPU)
    answer = json.loads(ran.out)
    assert (ran.status, answer["status"], answer["green"]) == (0, "green", [DOUBLE, TOTAL, COUNTER])
    assert (answer["step"], answer["report"], answer["next"]) == (None, [], "dojo run shout")


@pytest.mark.full
def test_what_cannot_be_run_is_an_error_and_no_answer(course: SmallCourse):
    assert course.dojo("run", "double", "--json", "--pdb").out == (
        "dojo: --json and --pdb do not work together: leave one of them out.\n"
    )
    ran = course.dojo("run", "double", "--json", "--device", "tpu")
    assert ran.status == 2
    assert ran.out.startswith("dojo: pytest did not finish (exit status 4): ")
    assert ran.lines[-1] == "Run dojo run double to see what it prints."


def test_hints_come_one_at_a_time_and_count(course: SmallCourse):
    answer = json.loads(course.dojo("hint", "--json").out)
    assert list(answer) == _documented("### dojo hint --json")
    assert answer == {
        "schema": 1,
        "step": DOUBLE,
        "file": course.kata,
        "line": 6,
        "hints": [{"number": 1, "fits": False, "text": "A question about double."}],
        "of": 3,
        "left": 2,
        "notes": [],
        "next": "dojo hint",
    }
    assert "Hint 2 of 3" in course.dojo("hint").out
    last = json.loads(course.dojo("hint", "double", "--json").out)
    assert ([hint["number"] for hint in last["hints"]], last["next"]) == ([3], "dojo card double")
    # Those that were shown are shown again.
    assert len(json.loads(course.dojo("hint", "--json").out)["hints"]) == 3


def test_hints_that_are_shown_together_count_too(course: SmallCourse):
    assert len(json.loads(course.dojo("hint", "--all", "--json").out)["hints"]) == 3
    (double, *_) = json.loads(course.dojo("list", "--json").out)
    assert double["hints"] == 3


def test_without_a_step_at_hand_there_is_no_hint(course: SmallCourse):
    course.solve()
    course.pytest()
    ran = course.dojo("hint", "--json")
    assert (ran.status, ran.out) == (2, "dojo: Every step is green. To get a hint anyway: dojo hint STEP\n")
