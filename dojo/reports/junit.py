"""Progress as a JUnit file, which most CI services can show. A lesson is a test suite, and a step is a test case."""

from __future__ import annotations

from xml.etree import ElementTree

from dojo.progress.data import Progress, StepProgress, count, counts_of
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.reports.wording import explained, status_words
from dojo.support.text import one_line


def junit(progress: Progress) -> str:
    """The text of the file. A red step is a failure, a broken step an error. A step that was not run is skipped."""
    root = ElementTree.Element("testsuites", {"name": progress.course.name or "course", **_numbers(progress.steps)})
    for lesson in progress.lessons:
        name = one_line(f"lesson {lesson.number}: {lesson.title}")
        about = {"name": name, **_numbers(lesson.steps), "timestamp": progress.made_at}
        suite = ElementTree.SubElement(root, "testsuite", about)
        if progress.counts.practice:
            properties = ElementTree.SubElement(suite, "properties")
            ElementTree.SubElement(properties, "property", {"name": "green", "value": counts_of(lesson.steps).short()})
        for step in lesson.steps:
            _case(suite, step)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _numbers(steps: list[StepProgress]) -> dict[str, str]:
    return {
        "tests": str(len(steps)),
        "failures": str(count(steps, RED)),
        "errors": str(count(steps, BROKEN)),
        "skipped": str(count(steps, AHEAD, NOT_RUN)),
        "time": f"{sum(step.seconds for step in steps):.3f}",
    }


def _case(suite: ElementTree.Element, step: StepProgress) -> None:
    about = {"classname": step.kata_id.replace("/", "."), "name": step.name, "time": f"{step.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", about)
    failure = step.failure
    if failure is not None and failure.file:
        case.set("file", failure.file)
    if step.is_red:
        element = ElementTree.SubElement(case, "failure" if step.status == RED else "error")
        element.set("type", failure.kind if failure else "red")
        element.set("message", " ".join(failure.says) if failure else status_words(step))
        element.text = explained(step)
    elif step.status != GREEN:
        ElementTree.SubElement(case, "skipped", {"message": status_words(step)})
