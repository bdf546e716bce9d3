"""Notes that a CI service shows next to the learner's lines: workflow commands (GitHub), code quality (GitLab)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from dojo.ci.github import command
from dojo.course.definitions import read_definitions
from dojo.progress.data import Progress, StepProgress

# GitHub shows at most ten commands of a kind for each step of a job.
_MOST = 10
_SEVERITIES = {"error": "critical", "warning": "major", "notice": "info"}


def annotation_lines(root: Path, progress: Progress, lost: list[str], remarks: list[str]) -> list[str]:
    """One workflow command for each red step that GitHub shows, most important first, and one for each remark.

    `lost` has the ids of the steps that were green before.
    """
    chosen = _chosen(progress, lost)
    lines = []
    for kind, most in (("error", _MOST), ("warning", _MOST - len(remarks)), ("notice", _MOST)):
        for step in [step for found, step in chosen if found == kind][:most]:
            file, line = _place(root, step)
            lines.append(command(kind, "\n".join(_says(step)), file=file, line=line, title=_title(step)))
    return lines + [command("warning", remark, title="The course's own files") for remark in remarks]


def code_quality(root: Path, progress: Progress, lost: list[str]) -> str:
    """The JSON that GitLab shows in merge requests. It has the same steps as the workflow commands."""
    found = []
    for kind, step in _chosen(progress, lost):
        file, line = _place(root, step)
        found.append(
            {
                "description": f"{_title(step)}: {' '.join(_says(step))}",
                "check_name": step.name,
                "fingerprint": hashlib.sha256(f"{kind} {step.id} {step.failing_test}".encode()).hexdigest(),
                "severity": _SEVERITIES[kind],
                "location": {"path": file, "lines": {"begin": line}},
            }
        )
    return json.dumps(found, indent=1) + "\n"


def _chosen(progress: Progress, lost: list[str]) -> list[tuple[str, StepProgress]]:
    """The red steps to show, each with its kind: an error if the step was green before, otherwise a warning.

    A step that is not written yet is shown only if it is in focus, and then as a notice: it is the next step to write.
    """
    chosen = []
    focus = progress.core_focus
    for step in progress.steps:
        if step.is_red:
            kind = "error" if step.id in lost else "notice" if step.is_unwritten else "warning"
            if kind != "notice" or step is focus:
                chosen.append((kind, step))
    return chosen


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
    return says or ["This step is red."]


def _place(root: Path, step: StepProgress) -> tuple[str, int]:
    """The file and the line of the failure if the file is the learner's, otherwise those of the step's definition."""
    failure = step.failure
    if failure and failure.file and failure.line and failure.file.startswith("katas/"):
        return failure.file, failure.line
    file = f"katas/{step.kata_id}.py"
    definition = read_definitions(root / file).get(step.name)
    return file, definition.line if definition else 1
