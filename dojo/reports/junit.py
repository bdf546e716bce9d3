"""A progress as a JUnit file, which most CI services can show: a testsuite a lesson, a testcase a step."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from dojo.progress.reading import steps_of
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.reports.wording import count, lesson_steps, report_text, status_words
from dojo.support.text import one_line


def junit(progress: dict[str, Any]) -> str:
    """The file as text. A red step is a failure, a broken one an error; one that is ahead or was not run is skipped."""
    steps = list(steps_of(progress))
    root = ElementTree.Element("testsuites", {"name": progress["course"]["name"] or "course", **_numbers(steps)})
    for lesson in progress["lessons"]:
        own = lesson_steps(lesson)
        name = one_line(f"lesson {lesson['number']}: {lesson['title']}")
        suite = ElementTree.SubElement(
            root, "testsuite", {"name": name, **_numbers(own), "timestamp": progress["made_at"]}
        )
        for step in own:
            _case(suite, step)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _numbers(steps: list[dict[str, Any]]) -> dict[str, str]:
    return {
        "tests": str(len(steps)),
        "failures": str(count(steps, RED)),
        "errors": str(count(steps, BROKEN)),
        "skipped": str(count(steps, AHEAD, NOT_RUN)),
        "time": f"{sum(step['seconds'] for step in steps):.3f}",
    }


def _case(suite: ElementTree.Element, step: dict[str, Any]) -> None:
    kata = step["id"].rpartition("/")[0]
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {"classname": kata.replace("/", "."), "name": step["name"], "time": f"{step['seconds']:.3f}"},
    )
    failure = step["failure"]
    if failure is not None and failure["file"]:
        case.set("file", failure["file"])
    if step["status"] in (RED, BROKEN):
        element = ElementTree.SubElement(case, "failure" if step["status"] == RED else "error")
        element.set("type", failure["kind"] if failure else "red")
        element.set("message", " ".join(failure["says"]) if failure else status_words(step))
        element.text = report_text(step)
        # A report says it already.
        if step["diagnosis"] and not step["report"]:
            element.text += f"\n\nwhy: {step['diagnosis']['says']}"
    elif step["status"] != GREEN:
        ElementTree.SubElement(case, "skipped", {"message": status_words(step)})
