"""What a CI shows beside the learner's own lines: in GitHub's workflow commands, and in GitLab's report."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from dojo.course.definitions import read_definitions
from dojo.progress.reading import steps_of
from dojo.progress.statuses import BROKEN, RED

# GitHub shows no more of a kind than ten for each step of a job.
_MOST = 10


def annotation_lines(root: Path, progress: dict[str, Any], lost: list[str], remarks: list[str]) -> list[str]:
    """One line for each thing that GitHub is to show, the most telling first; no more of a kind than it shows."""
    chosen = _chosen(progress, lost)
    lines = []
    for kind, most in (("error", _MOST), ("warning", _MOST - len(remarks)), ("notice", _MOST)):
        lines += [_line(kind, root, step) for step in [step for found, step in chosen if found == kind][:most]]
    return lines + [command("warning", remark, title="The course's own files") for remark in remarks]


def code_quality(root: Path, progress: dict[str, Any], lost: list[str]) -> list[dict[str, Any]]:
    """The same for GitLab: what its merge requests read as a report of code quality."""
    severities = {"error": "critical", "warning": "major", "notice": "info"}
    found = []
    for kind, step in _chosen(progress, lost):
        file, line = _place(root, step)
        found.append(
            {
                "description": f"{_title(step)}: {' '.join(_says(step))}",
                "check_name": step["name"],
                "fingerprint": hashlib.sha256(f"{kind} {step['id']} {step['failing_test']}".encode()).hexdigest(),
                "severity": severities[kind],
                "location": {"path": file, "lines": {"begin": line}},
            }
        )
    return found


def command(kind: str, text: str, **properties: str | int) -> str:
    """`::kind name=value,…::text`, such that nothing in a value or in the text ends it early."""
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(text)}"


def _chosen(progress: dict[str, Any], lost: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """What to show, and how: a step that went red is an error, another red one a warning.

    One that is not written yet is shown only where it is the step in focus: that is no fault, but what comes next.
    """
    chosen = []
    for step in steps_of(progress):
        if step["status"] in (RED, BROKEN):
            kind = "error" if step["id"] in lost else "notice" if _unwritten(step) else "warning"
            if kind != "notice" or step["id"] == progress["focus"]:
                chosen.append((kind, step))
    return chosen


def _line(kind: str, root: Path, step: dict[str, Any]) -> str:
    file, line = _place(root, step)
    return command(kind, "\n".join(_says(step)), file=file, line=line, title=_title(step))


def _unwritten(step: dict[str, Any]) -> bool:
    return (step["failure"] or {}).get("kind") == "not_written"


def _title(step: dict[str, Any]) -> str:
    behaviour = f": {step['behaviour']}" if step["behaviour"] and not _unwritten(step) else ""
    return f"{step['name']}{behaviour}"


def _says(step: dict[str, Any]) -> list[str]:
    if _unwritten(step):
        return ["This is the next step to write."]
    failure = step["failure"] or {}
    says = [*failure.get("says", []), *filter(None, [failure.get("raised")])]
    if step["diagnosis"]:
        says.append(f"Why: {step['diagnosis']['says']}")
    elif step["clue"]:
        says.append(f"Clue: {step['clue']['says']}")
    return says or ["It is red."]


def _place(root: Path, step: dict[str, Any]) -> tuple[str, int]:
    """The learner's own line: that of the failure, or where the step begins."""
    failure = step["failure"] or {}
    if (failure.get("file") or "").startswith("katas/") and failure.get("line"):
        return failure["file"], failure["line"]
    file = f"katas/{step['id'].rpartition('/')[0]}.py"
    definition = read_definitions(root / file).get(step["name"])
    return file, definition.line if definition else 1


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
