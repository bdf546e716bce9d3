"""The words that all views of progress share: a step's status, its report as text, a summary, devices."""

from __future__ import annotations

from typing import NamedTuple

from dojo.progress.data import Progress, StepProgress, count_unwritten
from dojo.progress.reading import moment_of
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.support.styled_lines import text_of
from dojo.support.text import one_line

WORDS = {GREEN: "green", RED: "red", BROKEN: "broken", AHEAD: "ahead", NOT_RUN: "not run"}
SYMBOLS = {GREEN: "✓", RED: "✗", BROKEN: "!", AHEAD: "·", NOT_RUN: "–"}


class DeviceRow(NamedTuple):
    """A device: its name, the number of steps of each status on it, and why it was left out ("" if it ran)."""

    name: str
    green: int
    red: int
    not_run: int
    left_out: str


def status_words(step: StepProgress) -> str:
    """A step's status in words, for example `not run`."""
    return "red, not written yet" if step.is_unwritten else WORDS[step.status]


def place_of(progress: Progress, step: StepProgress) -> str:
    """The step's lesson and kata: `lesson 1 · tensors · creating`."""
    for lesson in progress.lessons:
        for kata in lesson.katas:
            if step in kata.steps:
                return one_line(f"lesson {lesson.number} · {lesson.title} · {kata.title}")
    return ""


def report_text(step: StepProgress) -> str:
    """A step's report as plain text; without a report, what its failure says."""
    if step.report:
        return "\n".join(text_of(line).rstrip() for line in step.report)
    failure = step.failure
    if failure is None:
        return ""
    where = f"{failure.file}:{failure.line}" if failure.file and failure.line else failure.file
    return "\n".join(part for part in (where, *failure.says, failure.raised) if part)


def explained(step: StepProgress) -> str:
    """Why a step is not green, as plain text: its report with the why."""
    if not step.is_red:
        return status_words(step)
    why = why_of(step)
    return report_text(step) + (f"\n\nwhy: {why}" if why else "")


def why_of(step: StepProgress) -> str:
    """The why of a step without a report. Empty otherwise, because a report contains the why."""
    return step.diagnosis.says if step.diagnosis and not step.report else ""


def summary(progress: Progress) -> str:
    """`12 of 110 core steps · 3 of 140 practice, 4 red, 170 not written yet`. A number that is 0 is left out.

    Without practice steps it begins with `57 of 231 steps green`.
    """
    totals, unwritten = progress.totals, count_unwritten(progress.steps)
    others = {
        "red": totals.red - unwritten,
        "not written yet": unwritten,
        "in files that do not import": totals.broken,
        "ahead": totals.ahead,
        "not run": totals.not_run,
    }
    parts = [f"{number} {word}" for word, number in others.items() if number]
    return ", ".join([progress.counts.says(), *parts])


def device_rows(progress: Progress) -> list[DeviceRow]:
    """One row for each device of the run."""
    rows = []
    for device in progress.devices:
        there = [step.devices.get(device.name, NOT_RUN) for step in progress.steps]
        counts = (there.count(GREEN), there.count(RED), there.count(NOT_RUN))
        rows.append(DeviceRow(one_line(device.name), *counts, one_line(device.left_out)))
    return rows


def device_differences(progress: Progress) -> list[tuple[StepProgress, list[str], list[str]]]:
    """The steps that are red on some devices and green on others, each with the names of both groups of devices.

    A step that cheats is red everywhere.
    """
    found = []
    for step in progress.steps:
        red, green = (list(map(one_line, step.devices_with(status))) for status in (RED, GREEN))
        if red and green and not step.cheating:
            found.append((step, red, green))
    return found


def when(made_at: str) -> str:
    """The time `made_at` for people, in UTC."""
    return f"{moment_of(made_at):%Y-%m-%d %H:%M} UTC"


def made_from(progress: Progress) -> str:
    """When the progress was made, and with which versions."""
    course = progress.course
    parts = [when(progress.made_at)]
    if progress.judged != "katas":
        parts.append(f"judged: {progress.judged}")
    versions = {"course": course.version, "Python": progress.python, "PyTorch": progress.torch}
    parts += [f"{name} {version}" for name, version in versions.items() if version]
    if course.commit:
        parts.append(f"commit {course.commit[:7]}")
    return one_line(" · ".join(parts))
