"""Both counts, of the core and of the practice, in every view."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

STUB = "raise NotImplementedError"


@pytest.fixture
def marked(course):
    """A course with one green core step of two, and one green practice step of two."""
    course.mark("double", "shout")
    course.solve(total=STUB)
    course.write("katas/lesson_2_words/kata_01_shouting.py", "def shout(text):\n    raise NotImplementedError\n")
    course.pytest("--all", "--progress-json", "progress.json")
    return course


def test_the_terminal(marked):
    ran = marked.dojo("progress", "--from", "progress.json")
    lessons = [" ".join(line.split()) for line in ran.lines if "━" in line or "──" in line]
    assert lessons == ["1 numbers ━━━━━━━━━━ 1 of 1 core · 1 of 2 practice", "2 words ────────── 0 of 1 green"]
    assert "1 of 2 core steps · 1 of 2 practice, 2 not written yet" in ran.lines
    assert any(line.startswith("✗ shout   red, not written yet") for line in ran.lines), "a core step is in focus"
    assert all(len(line) <= 80 for line in ran.lines)


def test_markdown(marked):
    text = marked.dojo("progress", "--from", "progress.json", "--markdown").out
    assert "1 of 2 core steps · 1 of 2 practice, 2 not written yet" in text.splitlines()[0]
    assert "| | lesson | core | practice | |" in text
    assert "| 1 | numbers | 1 of 1 | 1 of 2 | `████████████████████` |" in text
    assert "### In focus: `shout`" in text


def test_page_badge_and_junit(marked):
    marked.dojo("progress", "--from", "progress.json", "--html", "a.html", "--badge", "b.svg", "--junit", "c.xml")
    page = (marked.root / "a.html").read_text()
    assert ": 1 of 2 core · 1 of 2 practice</title>" in page
    assert '<p class="large" id="summary">1 of 2 core steps · 1 of 2 practice, 2 not written yet</p>' in page
    assert '<span style="width:50.00%">' in page
    assert re.search(r'class="square todo practice"[^>]*title="total: red, not written yet, practice"', page)
    assert "In focus: <code>shout</code>" in page
    badge = (marked.root / "b.svg").read_text()
    assert "<title>dojo: 1 of 2 core · 1 of 2 practice</title>" in badge
    assert "#4d7a0f" in badge, "half of the core"
    suite = ElementTree.parse(marked.root / "c.xml").getroot()[0]
    assert suite.find("properties/property").attrib == {"name": "green", "value": "1 of 1 core · 1 of 2 practice"}


def test_list_and_stats_and_again(marked):
    lines = marked.dojo("list").lines
    assert lines[0] == "Lesson 1 · numbers  1 of 1 core · 1 of 2 practice"
    assert "    · total  practice" in lines
    assert "    · shout  you are here" in lines
    found = json.loads(marked.dojo("list", "--json").out)
    assert {step["name"]: (step["core"], step["focus"]) for step in found} == {
        "double": (True, False),
        "total": (False, False),
        "Counter": (False, False),
        "shout": (True, True),
    }
    table = marked.dojo("stats").lines
    assert table[0].split()[:3] == ["lesson", "core", "practice"]
    assert table[1].split()[:4] == ["1", "numbers", "1/1", "1/2"]
    says = "4 steps are stubs again. Of these, 1 of 2 core steps · 1 of 2 practice were green."
    assert says in marked.dojo("again").out


def test_hint_and_open_are_for_the_first_core_step(marked):
    assert marked.dojo("hint").lines[0].startswith("shout  katas/lesson_2_words")
    marked.dojo("practice", "on")
    assert marked.dojo("hint").lines[0].startswith("total  katas/lesson_1_numbers")


def test_when_the_core_is_green_hint_says_so(marked):
    marked.solve(total=STUB)
    marked.pytest()
    assert marked.dojo("hint").out == "Every core step is green. To get a hint anyway: dojo hint STEP\n"
