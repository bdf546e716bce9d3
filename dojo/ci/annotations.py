"""What a CI service shows next to the learner's own lines: GitHub's workflow commands, and GitLab's report."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from dojo.course.definitions import read_definitions
from dojo.progress.data import Progress, StepProgress

# GitHub shows at most ten of a kind for each step of a job.
_MOST = 10


def annotation_lines(root: Path, progress: Progress, lost: list[str], remarks: list[str]) -> list[str]:
    """One workflow command for each red step that GitHub should show, the most important first, then the remarks.

    `lost` has the ids of the steps that were green before. There are never more of a kind than GitHub shows.
    """
    chosen = _chosen(progress, lost)
    lines = []
    for kind, most in (("error", _MOST), ("warning", _MOST - len(remarks)), ("notice", _MOST)):
        lines += [_line(kind, root, step) for step in [step for found, step in chosen if found == kind][:most]]
    return lines + [command("warning", remark, title="The course's own files") for remark in remarks]


def code_quality(root: Path, progress: Progress, lost: list[str]) -> list[dict[str, Any]]:
    """The same steps as GitLab's code quality report, which GitLab shows in merge requests."""
    severities = {"error": "critical", "warning": "major", "notice": "info"}
    found = []
    for kind, step in _chosen(progress, lost):
        file, line = _place(root, step)
        found.append(
            {
                "description": f"{_title(step)}: {' '.join(_says(step))}",
                "check_name": step.name,
                "fingerprint": hashlib.sha256(f"{kind} {step.id} {step.failing_test}".encode()).hexdigest(),
                "severity": severities[kind],
                "location": {"path": file, "lines": {"begin": line}},
            }
        )
    return found


def command(kind: str, text: str, **properties: str | int) -> str:
    """`::kind name=value,…::text`. Nothing in a value or in the text can end the command early."""
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(text)}"


def _chosen(progress: Progress, lost: list[str]) -> list[tuple[str, StepProgress]]:
    """The steps to show, each with its kind: a step that went red is an error, any other red step a warning.

    A step that is not written yet is no fault. It is shown only if it is the step in focus, as the next step to do.
    """
    chosen = []
    focus = progress.core_focus
    for step in progress.steps:
        if step.is_red:
            kind = "error" if step.id in lost else "notice" if step.is_unwritten else "warning"
            if kind != "notice" or step is focus:
                chosen.append((kind, step))
    return chosen


def _line(kind: str, root: Path, step: StepProgress) -> str:
    file, line = _place(root, step)
    return command(kind, "\n".join(_says(step)), file=file, line=line, title=_title(step))


def _title(step: StepProgress) -> str:
    return f"{step.name}: {step.behaviour}" if step.behaviour and not step.is_unwritten else step.name


def _says(step: StepProgress) -> list[str]:
    if step.is_unwritten:
        return ["This is the next step to write."]
    failure = step.failure
    says = [*failure.says, *filter(None, [failure.raised])] if failure else []
    if step.diagnosis:
        says.append(f"Why: {step.diagnosis.says}")
    elif step.clue:
        says.append(f"Clue: {step.clue.says}")
    return says or ["It is red."]


def _place(root: Path, step: StepProgress) -> tuple[str, int]:
    """The learner's own file and line: where the failure is, or where the step begins."""
    failure = step.failure
    if failure and failure.file and failure.line and failure.file.startswith("katas/"):
        return failure.file, failure.line
    file = f"katas/{step.kata_id}.py"
    definition = read_definitions(root / file).get(step.name)
    return file, definition.line if definition else 1


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
