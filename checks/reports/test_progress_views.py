"""`dojo progress`: the views of a progress file. Reading a file runs nothing."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest
from markdown_it import MarkdownIt

from dojo.progress import history
from dojo.progress.data import CourseVersion, Progress
from dojo.progress.reading import parse_progress
from dojo.reports.badge import badge
from dojo.reports.junit import junit
from dojo.reports.markdown import markdown
from dojo.support.styled_lines import Piece

KATA = "lesson_1_numbers/kata_01_doubling"
# Text that somebody might put into a progress file to harm its readers.
HOSTILE = '<img src=x onerror=alert(1)>](http://evil.example) `a|b` **c**\n# d & "e" \'\x1b[2J\ud800'


@pytest.fixture
def mixed(course):
    """A course whose progress.json has two green steps, a red step, and a step in a file that does not import."""
    course.solve(total="return rows.sum(dim=0)")
    course.write("katas/lesson_2_words/kata_01_shouting.py", "def shout(text:\n")
    course.pytest("--all", "--progress-json", "progress.json")
    return course


def _read(course, name="progress.json"):
    return parse_progress((course.root / name).read_bytes(), name)


def _forged(course):
    """A progress with hostile text in every place for text."""
    data = json.loads((course.root / "progress.json").read_text())
    data["course"] = {"name": HOSTILE, "version": HOSTILE, "commit": HOSTILE}
    data["devices"] = [{"name": HOSTILE, "status": "left_out", "reason": HOSTILE}]
    data["judge"] = {"commit": HOSTILE, "changed": [HOSTILE]}
    data["judged"] = data["python"] = data["torch"] = HOSTILE
    for number, lesson in enumerate(data["lessons"]):
        lesson["title"] = HOSTILE
        for kata in lesson["katas"]:
            kata["title"] = HOSTILE
            for place, step in enumerate(kata["steps"]):
                step |= {"id": f"{number}/{place}/{HOSTILE}", "name": HOSTILE, "notes": [HOSTILE]}
                step["devices"] = {HOSTILE: "red", f"{HOSTILE}2": "green"}
                if step["status"] != "green":
                    step |= {"behaviour": HOSTILE, "failing_device": HOSTILE, "report": [[[HOSTILE, "bad"]]]}
                    step["failure"] |= {"says": [HOSTILE], "file": HOSTILE, "raised": HOSTILE, "kind": HOSTILE}
                    step["diagnosis"] = {"mistake": HOSTILE, "says": HOSTILE}
    course.write("forged.json", json.dumps(data))
    return _read(course, "forged.json")


def test_the_terminal_shows_lessons_and_the_step_in_focus(mixed):
    ran = mixed.dojo("progress", "--from", "progress.json")
    assert ran.status == 0
    lessons = [line for line in ran.lines if "━" in line or "──" in line]
    assert [" ".join(line.split()) for line in lessons] == [
        "1 numbers ━━━━━━━━━━━━━━━━──────── 2 of 3 green, 1 red",
        "2 words ──────────────────────── 0 of 1 green, 1 red",
    ]
    assert "2 of 4 steps green, 1 red, 1 in files that do not import" in ran.lines
    # Counts by device say something only if there is an accelerator.
    assert not [line for line in ran.lines if line.startswith("cpu ")]
    progress = json.loads((mixed.root / "progress.json").read_text())
    device = next(each for each in progress["devices"] if each["name"] == "cpu")
    progress["devices"].append(device | {"name": "cuda"})
    (mixed.root / "cuda.json").write_text(json.dumps(progress))
    ran = mixed.dojo("progress", "--from", "cuda.json")
    assert "cpu          2 green, 2 red, 0 not run" in ran.lines
    assert "✗ total   red · lesson 1 · numbers · doubling" in ran.lines
    assert "why       The dim that is summed is the one that disappears" in ran.out
    assert all(len(line) <= 80 for line in ran.lines)


def test_what_is_not_written_is_not_called_wrong(course):
    course.pytest("--all", "--progress-json", "progress.json")
    ran = course.dojo("progress", "--from", "progress.json")
    assert "0 of 4 steps green, 4 not written yet" in ran.lines
    assert ", 3 red" not in ran.out


@pytest.mark.full
def test_without_a_file_every_step_is_run_and_the_own_curves_are_drawn(course):
    course.solve(total="return rows.sum(dim=0)")
    curves = {f"{KATA}/double": [{"title": "halving", "series": {"loss": [4.0, 2.0, 1.0]}, "x": "epoch", "y": "loss"}]}
    course.write(".dojo/curves.json", json.dumps(curves))
    ran = course.dojo("progress", "--html", "out/page.html")
    assert ran.status == 0
    assert ran.lines[0] == "Running the steps that are not known to be green …"
    assert ran.lines[1:] == ["written: out/page.html"]
    page = (course.root / "out/page.html").read_text()
    assert '<p class="large" id="summary">3 of 4 steps green, 1 red</p>' in page
    assert "halving: loss by epoch" in page
    assert json.loads((course.root / ".dojo/curves.json").read_text()) == curves


def test_the_page_takes_a_history_and_curves_and_leaves_out_what_is_damaged(mixed):
    push = history.push_of(_read(mixed), None, "a" * 40)
    mixed.write("history.jsonl", push.as_line() + "{half\n")
    good = {"title": "halving", "series": {"loss": [4.0, 2.0]}, "x": "epoch", "y": "loss"}
    damaged = [3, {"series": {"loss": [1, None]}}, good | {"series": []}, good | {"title": 1}, good]
    mixed.write("curves.json", json.dumps({f"{KATA}/double": damaged, f"{KATA}/total": "nonsense"}))
    options = ("--html", "page.html", "--history", "history.jsonl", "--curves", "curves.json")
    assert mixed.dojo("progress", "--from", "progress.json", *options).status == 0
    page = (mixed.root / "page.html").read_text()
    assert "<code>aaaaaaa</code> · 2 of 4 green" in page
    assert "1 line of the history is damaged and left out." in page
    assert page.count("halving: loss by epoch</figcaption>") == page.count("<figure>") == 1
    # The file may be somebody else's, so the learner's own curves do not belong to it.
    mixed.write(".dojo/curves.json", (mixed.root / "curves.json").read_bytes())
    assert mixed.dojo("progress", "--from", "progress.json", "--html", "page.html").status == 0
    assert "<figure>" not in (mixed.root / "page.html").read_text()


def test_a_run_that_comes_to_no_end_is_said(course):
    course.write("conftest.py", "1 / 0\n")
    ran = course.dojo("progress")
    assert ran.status == 2
    assert "dojo: pytest did not finish (exit status 4): " in ran.out
    assert "ZeroDivisionError" in ran.out


def test_reading_a_file_imports_no_torch_and_writes_nothing(mixed):
    mixed.write("torch.py", "raise SystemExit('torch was imported')\n")
    before = sorted(mixed.root.rglob("*"))
    for options in ([], ["--markdown"], ["--html", "a"], ["--badge", "a"], ["--junit", "a"]):
        ran = mixed.dojo("progress", "--from", "progress.json", *options)
        assert ran.status == 0, ran.out
        (mixed.root / "a").unlink(missing_ok=True)
    assert sorted(mixed.root.rglob("*")) == before


def test_several_views_come_of_one_reading(mixed):
    ran = mixed.dojo(
        *("progress", "--from", "progress.json", "--markdown"),
        *("--html", "page.html", "--badge", "badge.svg", "--junit", "junit.xml"),
    )
    assert ran.lines[0].startswith("## course: 2 of 4 steps green")
    assert [line for line in ran.lines if line.startswith("written: ")] == [
        "written: page.html",
        "written: badge.svg",
        "written: junit.xml",
    ]
    assert (mixed.root / "page.html").read_text().startswith("<!DOCTYPE html>")


def test_markdown_has_the_lessons_what_changed_and_the_focus(mixed):
    mixed.answer(double="return x * x", total="return rows.sum(dim=1)")
    mixed.pytest("--all", "--progress-json", "later.json")
    text = mixed.dojo("progress", "--from", "later.json", "--previous", "progress.json", "--markdown").out
    assert "❌ **1 step went from green to red:** `double`" in text
    assert "✅ **1 step newly green:** `total`" in text
    assert "| 1 | numbers | 2 of 3 | `█████████████░░░░░░░` |" in text
    assert "### In focus: `double`" in text
    assert "why       Squaring is not doubling: only 2 squared looks like it." in text
    # The report already contains the why.
    assert "Why:" not in text
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert next(token.content for token in tokens if token.type == "fence").startswith(f"  {mixed.kata}:")


@pytest.mark.parametrize("reported", [True, False])
def test_nothing_in_markdown_is_obeyed(mixed, reported):
    forged = _forged(mixed)
    if not reported:
        # Without a report, the why comes from the diagnosis.
        for step in forged.steps:
            step.report = []
    text = markdown(forged, forged)
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    assert "<img" not in html
    assert "<a " not in html
    assert html.count("<strong>") == html.count("<strong>Why:</strong>") == (not reported)
    assert html.count("<h2>") == html.count("<h3>") == 1
    assert "\x1b" not in text
    # Each row keeps its cells: four for a lesson, five for a device.
    rows = [row.count("<td") for row in html.split("<tr>")[1:] if "<td" in row]
    assert rows == [4, 4, 5]


@pytest.mark.parametrize("report", ["```\n# out", "````\n</code>", "~~~\nx"])
def test_a_report_does_not_end_its_own_block(mixed, report):
    progress = _read(mixed)
    progress.steps[1].report = [[Piece(line)] for line in report.split("\n")]
    tokens = MarkdownIt("commonmark").parse(markdown(progress))
    assert [token.content for token in tokens if token.type == "fence"] == [report + "\n"]


def test_the_badge_says_how_many_and_is_grey_at_first_and_green_at_last(mixed):
    progress = _read(mixed)
    seen = set()
    for green in (0, 1, 2, 4):
        for number, step in enumerate(progress.steps):
            step.status = "green" if number < green else "red"
        root = ElementTree.fromstring(badge(progress))
        assert root.get("aria-label") == f"dojo: {green} of 4 green"
        texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
        assert [text.text for text in texts] == ["dojo", f"{green} of 4 green"]
        halves = list(root.iter("{http://www.w3.org/2000/svg}rect"))[1:]
        assert sum(float(half.get("width")) for half in halves) == pytest.approx(float(root.get("width")), abs=0.2)
        seen.add(halves[1].get("fill"))
        assert contrast("#ffffff", halves[1].get("fill")) >= 4.5
    assert len(seen) == 4


def test_a_badge_of_a_course_without_steps():
    empty = Progress(CourseVersion(), "katas", "2031-01-30T10:00:00+00:00", None, None, 0.0, [], [])
    assert "0 of 0 green" in badge(empty)


def test_junit_has_a_suite_a_lesson_and_a_case_a_step(mixed):
    assert mixed.dojo("progress", "--from", "progress.json", "--junit", "junit.xml").status == 0
    root = ElementTree.parse(mixed.root / "junit.xml").getroot()
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "0",
    }
    assert [suite.get("name") for suite in root] == ["lesson 1: numbers", "lesson 2: words"]
    assert [(case.get("name"), [child.tag for child in case]) for case in root.iter("testcase")] == [
        ("double", []),
        ("total", ["failure"]),
        ("Counter", []),
        ("shout", ["error"]),
    ]
    failure = root.find(".//failure")
    assert failure.get("type") == "shape"
    assert failure.text.count("The dim that is summed is the one that disappears") == 1
    assert root.find(".//testcase[@name='total']").get("file") == mixed.kata


def test_junit_skips_what_was_not_run(course):
    course.solve(double="return x * x")
    course.pytest("--progress-json", "progress.json")
    root = ElementTree.fromstring(junit(_read(course)))
    assert (root.get("failures"), root.get("skipped")) == ("1", "3")
    assert [case.find("skipped").get("message") for case in root.iter("testcase") if case.find("skipped") is not None]


def test_hostile_text_stays_text_everywhere(mixed):
    forged = _forged(mixed)
    ElementTree.fromstring(badge(forged))
    ElementTree.fromstring(junit(forged))
    ran = mixed.dojo("progress", "--from", "forged.json", "--html", "page.html", "--junit", "junit.xml")
    assert ran.status == 0, ran.out
    assert "<img" not in (mixed.root / "page.html").read_text()
    assert "\x1b" not in mixed.dojo("progress", "--from", "forged.json").out


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "none.json"], "none.json can't be read (No such file or directory)."),
        (["--from", "bad.json"], "bad.json is damaged: it is not JSON."),
        (["--from", "newer.json"], "newer.json comes from a newer version of the course (schema 9). Run dojo update."),
        (["--from", "huge.json"], "huge.json is larger than 8 MB, so it is not a progress file."),
        (["--from", "progress.json", "--previous", "bad.json"], "bad.json is damaged"),
        (["--from", "progress.json", "--history", "none"], "none can't be read"),
        (["--from", "progress.json", "--curves", "none"], "none: there is no such file."),
        (["--from", "progress.json", "--html", "bad.json/x"], "bad.json/x could not be written"),
        (["--previous", "bad.json"], "bad.json is damaged"),
        (["--from", "undated.json"], "undated.json is damaged or forged: made_at is not a date and time."),
    ],
)
def test_bad_input_gets_one_clear_line(course, arguments, says):
    course.pytest("--progress-json", "progress.json")
    good = json.loads((course.root / "progress.json").read_text())
    course.write("bad.json", '{"schema": 1')
    course.write("newer.json", '{"schema": 9}')
    course.write("huge.json", " " * 100_000_000)
    course.write("undated.json", json.dumps(good | {"made_at": "2031-13-01T00:00:00Z"}))
    ran = course.dojo("progress", *arguments)
    assert ran.status == 2
    assert len(ran.lines) == 1
    assert ran.out.startswith(f"dojo: {says}")


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(mixed):
    folder = mixed.root / "page.html"
    folder.mkdir()
    ran = mixed.dojo("progress", "--from", "progress.json", "--html", "page.html")
    assert ran.status == 2
    assert folder.is_dir()
    assert not [path for path in mixed.root.iterdir() if path.name.startswith(".page.html")]


def contrast(one, other):
    """The contrast of two colours like #1a2b3c, as WCAG 2 defines it."""

    def light(colour):
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
