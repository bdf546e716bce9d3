"""How every view of a progress says the same thing: a step's status in words, its report as text, a bar."""

from __future__ import annotations

from typing import Any

from dojo.progress.reading import moment_of, steps_of
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.support.text import one_line

WORDS = {GREEN: "green", RED: "red", BROKEN: "broken", AHEAD: "ahead", NOT_RUN: "not run"}
MARKS = {GREEN: "✓", RED: "✗", BROKEN: "!", AHEAD: "·", NOT_RUN: "–"}


def is_unwritten(step: dict[str, Any]) -> bool:
    """Whether a red step is red only because nobody has written it yet."""
    return step["status"] == RED and step["failure"] is not None and step["failure"]["kind"] == "not_written"


def status_words(step: dict[str, Any]) -> str:
    """A step's status as a person says it."""
    return "red, not written yet" if is_unwritten(step) else WORDS[step["status"]]


def count(steps: list[dict[str, Any]], *statuses: str) -> int:
    return sum(step["status"] in statuses for step in steps)


def lesson_steps(lesson: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for kata in lesson["katas"] for step in kata["steps"]]


def step_of(progress: dict[str, Any], step_id: str | None) -> dict[str, Any] | None:
    return next((step for step in steps_of(progress) if step["id"] == step_id), None)


def place_of(progress: dict[str, Any], step_id: str) -> str:
    """Where a step stands: `lesson 1 · tensors · creating`."""
    for lesson in progress["lessons"]:
        for kata in lesson["katas"]:
            if any(step["id"] == step_id for step in kata["steps"]):
                return one_line(f"lesson {lesson['number']} · {lesson['title']} · {kata['title']}")
    return ""


def report_text(step: dict[str, Any]) -> str:
    """A step's report as plain text; where the file has none, what its failure says."""
    if step["report"]:
        return "\n".join("".join(text for text, _ in line).rstrip() for line in step["report"])
    failure = step["failure"]
    if failure is None:
        return ""
    where = f"{failure['file']}:{failure['line']}" if failure["file"] and failure["line"] else failure["file"]
    return "\n".join(part for part in (where, *failure["says"], failure["raised"]) if part)


def summary(progress: dict[str, Any]) -> str:
    """`57 of 231 steps green, 4 red, 170 not written yet`: what is none is not said."""
    steps = list(steps_of(progress))
    unwritten = sum(is_unwritten(step) for step in steps)
    parts = [f"{count(steps, GREEN)} of {len(steps)} steps green"]
    red = count(steps, RED) - unwritten
    for number, word in (
        (red, "red"),
        (unwritten, "not written yet"),
        (count(steps, BROKEN), "in files that do not import"),
        (count(steps, AHEAD), "ahead"),
        (count(steps, NOT_RUN), "not run"),
    ):
        if number:
            parts.append(f"{number} {word}")
    return ", ".join(parts)


def device_rows(progress: dict[str, Any]) -> list[tuple[str, int, int, int, str]]:
    """For each device: its name, steps that are green, red and not run on it, and why it was left out, or nothing."""
    steps = list(steps_of(progress))
    rows = []
    for device in progress["devices"]:
        there = [step["devices"].get(device["name"], NOT_RUN) for step in steps]
        why = device["reason"] if device["status"] == "left_out" else ""
        counts = (there.count(GREEN), there.count(RED), there.count(NOT_RUN))
        rows.append((one_line(device["name"]), *counts, one_line(why)))
    return rows


def device_differences(progress: dict[str, Any]) -> list[tuple[dict[str, Any], list[str], list[str]]]:
    """The steps that are red on some devices and green on others: each with both lists of devices."""
    found = []
    for step in steps_of(progress):
        red = [one_line(name) for name, status in step["devices"].items() if status == RED]
        green = [one_line(name) for name, status in step["devices"].items() if status == GREEN]
        if red and green:
            found.append((step, red, green))
    return found


def when(made_at: str) -> str:
    """A `made_at` for a person, in UTC."""
    return f"{moment_of(made_at):%Y-%m-%d %H:%M} UTC"


def made_from(progress: dict[str, Any]) -> str:
    """When, from what, with what a progress was made."""
    course = progress["course"]
    parts = [when(progress["made_at"])]
    if progress["judged"] != "katas":
        parts.append(f"judged: {progress['judged']}")
    for name, value in (("course", course["version"]), ("Python", progress["python"]), ("PyTorch", progress["torch"])):
        if value:
            parts.append(f"{name} {value}")
    if course["commit"]:
        parts.append(f"commit {course['commit'][:7]}")
    return one_line(" · ".join(parts))
