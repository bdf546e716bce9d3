"""The progress page in a browser: its counts, width, console, keyboard and colors."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from dojo.pictures.data import Curves
from dojo.progress.data import CourseVersion, to_json
from dojo.progress.history import read_history
from dojo.progress.reading import parse_progress
from dojo.reports.page import page
from dojo.support.page_frame import Html, fill, framed, read

from ..classroom.browser import browser  # noqa: F401 - a fixture
from .test_progress_views import HOSTILE, contrast

pytestmark = pytest.mark.full

LONG = "a_name_of_a_step_that_is_as_long_as_a_line_of_code_may_be_and_then_some_more_of_it_" * 2
STATUSES = ("green", "red", "broken", "ahead", "not_run")


def _progress(lessons=4, katas=8, steps=7):
    """Return the progress of a course of the usual size, with all statuses, long names, two devices and reports."""
    statuses = itertools.cycle(["green"] * 9 + ["red", "green", "broken", "ahead", "not_run", "red"])
    failure = {"kind": "value", "says": ["It is wrong."], "raised": None, "file": "katas/a.py", "line": 3}
    data: dict = {
        "schema": 1,
        "course": {"name": "A <b>course</b>", "version": "1.2", "commit": "c" * 40},
        "judged": "katas",
        "made_at": "2031-01-30T12:00:00+00:00",
        "python": "3.11",
        "torch": "2.6",
        "seconds": 3.0,
        "devices": [
            {"name": "cpu", "status": "run", "reason": ""},
            {"name": "sim", "status": "run", "reason": ""},
            {"name": "cuda", "status": "left_out", "reason": "its memory is full"},
        ],
        "judge": {"commit": "d" * 40, "changed": ["tests/x.py"]},
        "lessons": [],
    }
    for lesson in range(1, lessons + 1):
        made = {"id": f"lesson_{lesson}", "number": lesson, "title": f"lesson {lesson}", "katas": []}
        for kata in range(1, katas + 1):
            ident = f"lesson_{lesson}/kata_{kata:02}"
            made["katas"].append({"id": ident, "number": kata, "title": f"kata {kata}", "steps": []})
            for step in range(1, steps + 1):
                status = next(statuses)
                red = status in ("red", "broken")
                unwritten = {"kind": "not_written"} if step % 2 else {}
                name = LONG if (lesson, kata, step) == (1, 2, 3) else f"step_{step}"
                made["katas"][-1]["steps"].append(
                    {
                        "id": f"{ident}/{name}",
                        "name": name,
                        "status": status,
                        "tests": 3,
                        "passed": 3 if status == "green" else 0,
                        "devices": {"cpu": "green" if status in ("green", "red") else "not_run", "sim": status}
                        if status in ("green", "red")
                        else {"cpu": "not_run", "sim": "not_run"},
                        "seconds": 0.5,
                        "notes": [],
                        "failure": failure | unwritten if red else None,
                        "report": [[["x" * 200, "bad"]], [["  why  ", "dim"], ["a <reason>", "accent"]]] if red else [],
                        "behaviour": "is right" if red else None,
                    }
                )
        data["lessons"].append(made)
    found = [step["status"] for lesson in data["lessons"] for kata in lesson["katas"] for step in kata["steps"]]
    data["totals"] = {status: found.count(status) for status in STATUSES} | {"steps": len(found)}
    return parse_progress(json.dumps(data).encode(), "made up")


def _history(progress, pushes=30):
    totals = vars(progress.totals)
    lines = []
    for push in range(pushes):
        green = min(push * 3, totals["steps"])
        lines.append(
            {
                "made_at": f"2031-01-{push + 1:02}T10:00:00Z",
                "commit": "e" * 40,
                "totals": dict.fromkeys(STATUSES, 0)
                | {"green": green, "red": totals["steps"] - green, "steps": totals["steps"]},
                "green": [f"lesson_1/kata_01/step_{push}"],
                "red": ["lesson_1/kata_01/step_1"] if push == 9 else [],
                "focus": None,
            }
        )
    return read_history("\n".join([*map(json.dumps, lines), "{damaged"]).encode())


CURVES = Curves("two losses", {"train": [2.0, 1.0, 0.5], "val <b>": [2.1, 1.4, 1.1]})


@pytest.fixture
def made(tmp_path):
    """The file of a page, and the progress that it shows."""
    progress = _progress()
    path = tmp_path / "page.html"
    curves = {"lesson_1/kata_01/step_1": [CURVES], "unknown/step": [CURVES]}
    path.write_text(page(progress, _history(progress), curves), encoding="utf-8")
    return path, progress


def test_the_console_is_silent_and_would_not_be_of_an_error(made, browser, tmp_path):  # noqa: F811
    path, _ = made
    shown = browser.load(path)
    assert not shown.console
    assert "steps shown" in shown.document
    bad = tmp_path / "bad.html"
    bad.write_text(framed("bad", Html(), script="missing.name = 1"))
    assert "missing is not defined" in browser.load(bad).console[0]


def test_counts_are_those_of_the_file(made, browser):  # noqa: F811
    path, progress = made
    totals = vars(progress.totals)
    found = browser.ask(
        path,
        1280,
        """const count = selector => doc.querySelectorAll(selector).length;
        const by = {};
        for (const status of ['green', 'red', 'todo', 'broken', 'ahead', 'not_run'])
          by[status] = count('#map a.square.' + status);
        return {by, details: count('details.step'), katas: count('#map .katas li'), title: doc.title,
          summary: doc.getElementById('summary').textContent, open: count('details.of-kata[open]'),
          labels: [...doc.querySelectorAll('#map a.square')].slice(8, 12).map(a => a.getAttribute('aria-label')),
          signs: [...new Set([...doc.querySelectorAll('#map a.square')].map(a => a.textContent))].sort(),
          devices: [...doc.querySelectorAll('#devices tbody tr')].map(r => r.innerText.replace(/\\s+/g, ' ').trim()),
          dots: count('#time-line circle'), bad: count('#time-line circle.bad'), pushes: count('.pushes li'),
          curves: count('#curves .curve'),
          differ: count('#devices li'), first: doc.querySelector('#devices li').textContent}""",
    )
    unwritten = sum(s.status == "red" and s.failure.kind == "not_written" for s in progress.steps)
    assert found["by"] == {status: totals[status] for status in STATUSES} | {
        "todo": unwritten,
        "red": totals["red"] - unwritten,
    }
    assert 0 < unwritten < totals["red"]
    assert found["details"] == totals["steps"] == 224
    assert found["katas"] == 32
    assert found["title"] == f"A <b>course</b>: {totals['green']} of 224 green"
    assert found["summary"].startswith(f"{totals['green']} of 224 steps green, ")
    assert found["open"] == 1
    assert found["labels"][1:] == [f"{LONG}: red, not written yet, in focus", "step_4: green", "step_5: broken"]
    assert len(found["signs"]) == 6
    ran = totals["green"] + totals["red"]
    assert found["devices"] == [
        f"cpu {ran} 0 {224 - ran}",
        f"sim {totals['green']} {totals['red']} {224 - ran}",
        "cuda left out: its memory is full 0 0 224",
    ]
    assert found["differ"] == totals["red"]
    assert found["first"] == f"{LONG}: red on sim, green on cpu"
    assert (found["dots"], found["bad"], found["pushes"], found["curves"]) == (30, 1, 30, 2)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(made, browser, width):  # noqa: F811
    path, _ = made
    found = browser.ask(
        path,
        width,
        """const folded = doc.documentElement.scrollWidth;
        doc.getElementById('unfold').click();
        for (const each of doc.querySelectorAll('details')) each.open = true;
        const outside = [...doc.querySelectorAll('main *')].filter(each => !each.closest('pre, .scroll, svg')
          && each.getBoundingClientRect().right > page.innerWidth + 0.5).map(each => each.outerHTML.slice(0, 80));
        return {inner: page.innerWidth, folded, unfolded: doc.documentElement.scrollWidth, outside,
          square: doc.querySelector('#map a.square').getBoundingClientRect().width}""",
    )
    assert found["inner"] == width
    assert found["folded"] <= width
    assert found["unfolded"] <= width
    assert found["outside"] == []
    # WCAG 2.2 requires 24 pixels for a finger.
    assert found["square"] >= 24


def test_the_width_of_a_page_that_is_too_wide_is_seen(browser, tmp_path):  # noqa: F811
    path = tmp_path / "wide.html"
    path.write_text(framed("wide", Html('<div style="width:500px">x</div>')))
    assert browser.ask(path, 360, "return {wide: doc.documentElement.scrollWidth}")["wide"] > 500


def test_filters_and_keys(made, browser):  # noqa: F811
    path, progress = made
    found = browser.ask(
        path,
        1280,
        """const shown = () => doc.getElementById('shown').textContent;
        const visible = () => [...doc.querySelectorAll('details.step')].filter(each => each.checkVisibility()).length;
        const find = doc.getElementById('filter');
        const answer = {start: shown()};
        doc.querySelector('button[data-status=red]').click();
        answer.red = [shown(), visible()];
        answer.faded = doc.querySelectorAll('#map .square.out').length;
        find.value = 'LESSON_2/KATA_03'; find.dispatchEvent(new page.Event('input'));
        doc.querySelector('button[data-status=""]').click();
        answer.kata = [shown(), visible()];
        find.value = 'nothing like it'; find.dispatchEvent(new page.Event('input'));
        answer.none = [shown(), visible()];
        find.value = ''; find.dispatchEvent(new page.Event('input'));
        answer.all = shown();
        const squares = doc.querySelectorAll('#map a.square');
        squares[0].focus();
        const key = name => doc.activeElement.dispatchEvent(
          new page.KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
        key('ArrowRight'); key('ArrowRight'); key('ArrowLeft');
        answer.at = [...squares].indexOf(doc.activeElement);
        answer.tabs = [...squares].filter(each => each.tabIndex === 0).length;
        answer.scrolls = [...doc.querySelectorAll('pre')].every(each => each.tabIndex === 0);
        return answer""",
    )
    totals = vars(progress.totals)
    assert found["start"] == found["all"] == "224 steps shown"
    assert found["red"] == [f"{totals['red']} steps shown", totals["red"]]
    assert found["faded"] == 224 - totals["red"]
    assert found["kata"] == ["7 steps shown", 7]
    assert found["none"] == ["0 steps shown", 0]
    assert found["at"] == 1
    assert found["tabs"] == 224
    assert found["scrolls"]


def test_a_square_leads_to_its_step_unfolded(made, browser):  # noqa: F811
    path, _ = made
    shown = browser.load(path, part="#step-200")
    assert re.search(r'<details class="step" id="step-200"[^>]* open', shown.document)
    assert not re.search(r'<details class="step" id="step-199"[^>]* open', shown.document)


def test_without_a_script_everything_is_there_and_nothing_dead(made, browser):  # noqa: F811
    path, _ = made
    found = browser.ask(
        path,
        360,
        """const all = selector => [...doc.querySelectorAll(selector)];
        const visible = selector => all(selector).filter(each => each.checkVisibility()).length;
        const answer = {controls: visible('.controls'), steps: visible('details.step'), squares: visible('a.square')};
        for (const each of doc.querySelectorAll('details.of-kata:not([open]) > summary')) each.click();
        answer.unfolded = visible('details.step');
        return answer""",
        scripts=False,
    )
    assert found == {"controls": 0, "steps": 7, "squares": 224, "unfolded": 224}


def test_nothing_in_a_name_is_obeyed(browser, tmp_path):  # noqa: F811
    text = json.dumps(to_json(_progress(2, 2, 7))).replace(
        "step_4", "<script>document.title='bad'</script><img src=x>\\\"'"
    )
    progress = parse_progress(text.encode(), "forged")
    progress.course = CourseVersion(HOSTILE.replace("\ud800", ""))
    progress.lessons[0].title = HOSTILE.replace("\ud800", "")
    curves = {progress.steps[0].id: [Curves("</svg><script>x</script>", {"<b>": [1.0, 2.0]}, "<i>", "<u>")]}
    path = tmp_path / "page.html"
    path.write_text(page(progress, _history(progress), curves), encoding="utf-8")
    shown = browser.load(path)
    assert not shown.console
    assert "<img" not in shown.document
    assert shown.document.count("<script>") == 1
    assert "document.title='bad'" in shown.document
    assert "<title>&lt;img" in shown.document


def test_even_a_script_that_got_in_would_not_run(browser, tmp_path):  # noqa: F811
    path = tmp_path / "page.html"
    body = Html("<p>before</p><script>document.querySelector('p').textContent = 'ran'</script>")
    path.write_text(framed("page", body))
    shown = browser.load(path)
    assert "<p>before</p>" in shown.document
    assert "Content Security Policy" in shown.console[0]


def test_the_page_names_nothing_outside_itself(made):
    path, _ = made
    text = path.read_text()
    assert not re.findall(r"(?:src|href|url|@import)\s*[=(]?\s*[\"']?(?:https?:|//)", text)
    assert {ref[0] for ref in re.findall(r'href="([^"]+)"', text)} == {"#", "d"}
    assert re.findall(r'href="([^#][^"]*)"', text) == ["data:,"]


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_in_light_and_in_dark(dark):
    style = read("dojo.support", "page_frame.css")
    light, _, night = style.partition("@media (prefers-color-scheme: dark)")
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", night if dark else light))
    for text, ground in itertools.product(("text", "quiet", "link", "good", "bad", "why"), ("paper", "card")):
        assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
    for background in ("good-fill", "bad-fill", "broken-fill"):
        assert contrast(colors["on-fill"], colors[background]) >= 4.5, background
    assert contrast(colors["paper"], colors["link"]) >= 4.5


def test_a_picture_of_it_is_drawn_dark_where_dark_is_preferred(made, browser, tmp_path):  # noqa: F811
    from matplotlib.image import imread

    path, _ = made
    means = []
    for scheme in (1, 0):
        file = tmp_path / f"{scheme}.png"
        browser.picture(path, file, 1280, 900, f"--blink-settings=preferredColorScheme={scheme}")
        drawn = imread(file)[..., :3]
        assert drawn.shape[1] == 1280
        means.append(float(drawn.mean()))
    assert means[0] > 0.7
    assert means[1] < 0.3


@pytest.mark.full
@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_the_page_breaks_no_rule_of_accessibility(made, browser, scheme):  # noqa: F811
    path, _ = made
    assert browser.violations(path, f"--blink-settings=preferredColorScheme={scheme}") == []


def test_a_page_that_breaks_a_rule_of_accessibility_is_seen(browser, tmp_path):  # noqa: F811
    path = tmp_path / "bad.html"
    words = "".join(f"<p>{number}</p>" for number in range(9))
    path.write_text(f'<html><head></head><body><img src="data:,"><button></button>{words}</body></html>')
    found = " ".join(browser.violations(path))
    assert "image-alt" in found
    assert "button-name" in found


def test_a_page_without_history_curves_or_steps(browser, tmp_path):  # noqa: F811
    progress = _progress(0)
    path = tmp_path / "page.html"
    path.write_text(page(progress))
    shown = browser.load(path)
    assert not shown.console
    assert "0 of 0 steps green" in shown.document
    assert "Timeline" not in shown.document
    assert "Your own curves" not in shown.document


def test_a_value_is_escaped_once_and_html_is_not_escaped():
    row = fill("<td>$value</td>", value="a <b>\n'$value' & co")
    assert row == "<td>a &lt;b&gt; &#x27;$value&#x27; &amp; co</td>"
    assert fill("<tr>$rows</tr>", rows=[row, Html("<td>")]) == f"<tr>{row}\n<td></tr>"
    # Text that is joined with HTML is no longer HTML.
    assert "&lt;td&gt;" in fill("$cell", cell="" + row)
    with pytest.raises(KeyError):
        fill("$missing", other=1)
