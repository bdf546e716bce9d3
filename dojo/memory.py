"""What the dojo remembers between runs, in `.dojo/`: each step's last status, and the hints revealed.

It may be stale, damaged, or impossible to write. It is never needed: what can't be read is set aside and said.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dojo.curriculum import Curriculum, Step
from dojo.progress import AHEAD, BROKEN, GREEN, NOT_RUN, RED, Progress, write_json

_SCHEMA = 1


class Memory:
    """The remembered facts of one course. `problems` holds a sentence for whatever could not be read or written."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".dojo"
        self.problems: list[str] = []
        self.steps: dict[str, dict[str, str]] = self._read("steps.json")
        self.revealed: dict[str, list[str]] = self._read("hints.json")

    def focus(self, curriculum: Curriculum) -> Step | None:
        """The first step that is not known to be green; None when all are."""
        return next((step for step in curriculum.steps() if self.status(step) != GREEN), None)

    def status(self, step: Step) -> str:
        return self.steps.get(step.id, {}).get("status", NOT_RUN)

    def symptom(self, step: Step) -> tuple[str, str]:
        """The kind of the step's last failure and the test it failed; empty where it is not known to be red."""
        known = self.steps.get(step.id, {})
        return known.get("kind", ""), known.get("test", "")

    def learn(self, progress: Progress) -> list[str]:
        """Take in what a run found, write it down, and return the ids of the steps that have become green."""
        newly = []
        for step in progress.steps.values():
            if step.status in (AHEAD, NOT_RUN):
                continue
            if step.status == GREEN and self.steps.get(step.id, {}).get("status") in (RED, BROKEN):
                newly.append(step.id)
            known = {"status": step.status}
            if step.failure is not None:
                known |= {"kind": step.failure.kind, "test": step.failing_test}
            self.steps[step.id] = known
        self._write("steps.json", self.steps)
        return newly

    def reveal(self, step: Step, rung: str) -> None:
        """Remember that a rung of a step's hints has been shown."""
        shown = self.revealed.setdefault(step.id, [])
        if rung not in shown:
            shown.append(rung)
            self._write("hints.json", self.revealed)

    def _read(self, name: str) -> Any:
        path = self.folder / name
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["schema"] != _SCHEMA or not _plain(name, data["data"]):
                raise ValueError("another schema")
            return data["data"]
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            self.problems.append(f".dojo/{name} can't be read ({error.strerror}); going on without it.")
            return {}
        except (ValueError, KeyError, TypeError, RecursionError):
            self._set_aside(path)
            return {}

    def _set_aside(self, path: Path) -> None:
        kept = path.with_suffix(".damaged")
        try:
            os.replace(path, kept)
            self.problems.append(f".dojo/{path.name} was damaged; it starts anew (the old one is .dojo/{kept.name}).")
        except OSError:
            self.problems.append(f".dojo/{path.name} is damaged and can't be moved away; going on without it.")

    def _write(self, name: str, data: Any) -> None:
        try:
            write_json(self.folder / name, {"schema": _SCHEMA, "data": data})
        except OSError as error:
            self.problems.append(
                f"Could not remember this in .dojo/ ({error.strerror}); runs work, but dojo hint may offer old steps."
            )


def _plain(name: str, data: Any) -> bool:
    """Whether remembered data has the form that this version writes."""
    if not isinstance(data, dict):
        return False
    if name == "hints.json":
        return all(isinstance(v, list) and all(isinstance(rung, str) for rung in v) for v in data.values())
    return all(isinstance(v, dict) and all(isinstance(word, str) for word in v.values()) for v in data.values())
