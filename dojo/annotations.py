"""What a CI shows beside the learner's own lines: workflow commands of GitHub, properly escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dojo.definitions import read_definitions
from dojo.progress import BROKEN, RED
from dojo.progress_file import steps_of

# GitHub shows no more of a kind than ten for each step of a job.
_MOST = 10


def annotation_lines(root: Path, progress: dict[str, Any], lost: list[str], remarks: list[str]) -> list[str]:
    """One line for each thing to show, the most telling first.

    A step that went red is an error, another red one a warning, and one that is not written yet is shown only where
    it is the step in focus: that is no fault, but what comes next.
    """
    steps = [step for step in steps_of(progress) if step["status"] in (RED, BROKEN)]
    unwritten = {step["id"] for step in steps if (step["failure"] or {}).get("kind") == "not_written"}
    errors = [step for step in steps if step["id"] in lost]
    warnings = [step for step in steps if step["id"] not in lost and step["id"] not in unwritten]
    notices = [step for step in steps if step["id"] == progress["focus"] and step["id"] in unwritten - {*lost}]
    lines = [_of_step("error", root, step) for step in errors[:_MOST]]
    lines += [_of_step("warning", root, step) for step in warnings[: _MOST - len(remarks)]]
    lines += [command("warning", remark, title="The course's own files") for remark in remarks]
    return lines + [_of_step("notice", root, step) for step in notices]


def command(kind: str, text: str, **properties: str | int) -> str:
    """`::kind name=value,…::text`, such that nothing in a value or in the text ends it early."""
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(text)}"


def _of_step(kind: str, root: Path, step: dict[str, Any]) -> str:
    failure = step["failure"] or {}
    says = [*failure.get("says", []), *filter(None, [failure.get("raised")])]
    if failure.get("kind") == "not_written":
        says = ["This is the next step to write."]
    if step["diagnosis"]:
        says.append(f"Why: {step['diagnosis']['says']}")
    file, line = _place(root, step, failure)
    behaviour = f": {step['behaviour']}" if step["behaviour"] and failure.get("kind") != "not_written" else ""
    return command(kind, "\n".join(says) or "It is red.", file=file, line=line, title=step["name"] + behaviour)


def _place(root: Path, step: dict[str, Any], failure: dict[str, Any]) -> tuple[str, int]:
    """The learner's own line: that of the failure, or where the step begins."""
    if (failure.get("file") or "").startswith("katas/") and failure.get("line"):
        return failure["file"], failure["line"]
    file = f"katas/{step['id'].rpartition('/')[0]}.py"
    definition = read_definitions(root / file).get(step["name"])
    return file, definition.line if definition else 1


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
