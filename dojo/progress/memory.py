"""The memory of the dojo between runs, in `.dojo/`: each step's last status, its cost, and the hints shown.

Nothing depends on these files. They may be out of date, damaged, or not writable. A damaged file is moved away.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dojo.course.curriculum import Curriculum, Step
from dojo.course.hints import Hint, next_hint
from dojo.course.moved import by_current_id, read_moves
from dojo.progress.counts import Counts
from dojo.progress.statuses import AHEAD, BROKEN, GREEN, NOT_RUN, RED
from dojo.support.files import write_json
from dojo.testbed.devices import Device

if TYPE_CHECKING:
    # A command that only reads the memory need not define the classes of a progress.
    from dojo.progress.data import Progress

_SCHEMA = 1
# In seconds. A longer time between two runs is a pause.
_PAUSE = 600.0
# A step may be green in several environments, for example with and without --device cpu. At most this many are kept.
_MOST_STAMPS = 4


@dataclasses.dataclass(frozen=True)
class Effort:
    """The cost of a step: runs until it was green, seconds (a pause counts as ten minutes), and hints shown.

    `green_at` is the Unix time at which it was first green, or None.
    """

    runs: int
    seconds: float
    hints: int
    green_at: float | None


class Memory:
    """The memory of one course. `problems` has a sentence for each file that could not be read or written.

    A step that had another id in an earlier version is known under its present id.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".dojo"
        self.problems: list[str] = []
        self.moves = read_moves(root)
        self.steps: dict[str, dict[str, str]] = by_current_id(self._read("steps.json"), self.moves)
        self.revealed: dict[str, list[str]] = by_current_id(self._read("hints.json"), self.moves)
        # The facts about green steps from before they were forgotten.
        self.set_aside: dict[str, dict[str, str]] = by_current_id(self._read("set_aside.json"), self.moves)
        # The ids that have been shown: of katas under "introductions", and of katas and lessons under "finished".
        self.shown: dict[str, list[str]] = self._read("shown.json")
        # The devices of the last run in each environment, as `name|why it was left out`.
        self.devices: dict[str, list[str]] = self._read("devices.json")

    def focus(self, curriculum: Curriculum, *, practice: bool) -> Step | None:
        """The first core step (with `practice`: the first step) that is not known to be green; None if all are."""
        return next((step for step in curriculum.walked(practice=practice) if self.status(step) != GREEN), None)

    def counts(self, steps: Iterable[Step]) -> Counts:
        """How many of these steps are core, how many are practice, and how many of each count as green."""
        return Counts.of((step.is_core, self.counts_as_green(step)) for step in steps)

    def counts_as_green(self, step: Step) -> bool:
        """Whether a step is known to be green, or its file does not import and the step was green before."""
        return self.status(step) == GREEN or (self.status(step) == BROKEN and "green" in self.steps[step.id])

    def status(self, step: Step) -> str:
        return self.steps.get(step.id, {}).get("status", NOT_RUN)

    def stamps(self, step: Step) -> list[str]:
        """The stamps of the green verdicts. A stamp stands for all that a verdict depends on (known_green.py)."""
        return self.steps.get(step.id, {}).get("green", "").split()

    def effort(self, step: Step) -> Effort:
        """The effort that a step has taken so far."""
        known = self.steps.get(step.id, {})
        return Effort(
            runs=int(_number(known.get("runs"))),
            seconds=_number(known.get("seconds")),
            hints=len(self.revealed.get(step.id, [])),
            green_at=_number(known.get("green_at")) or None,
        )

    def forget(self, steps: list[Step]) -> None:
        """Forget these steps. The facts about green steps are set aside."""
        for step in steps:
            facts = self.steps.pop(step.id, {})
            if facts.get("status") == GREEN:
                self.set_aside[step.id] = facts
            self.revealed.pop(step.id, None)
        self._write("set_aside.json", self.set_aside)
        self._write("steps.json", self.steps)
        self._write("hints.json", self.revealed)
        parts = {part for step in steps for part in (step.kata_id, step.kata_id.partition("/")[0])}
        if parts & {*self.shown.get("finished", [])}:
            self.shown["finished"] = [part for part in self.shown["finished"] if part not in parts]
            self._write("shown.json", self.shown)

    def recall(self, steps: list[Step]) -> None:
        """Restore these steps from what was set aside."""
        for step in steps:
            self.steps[step.id] = self.set_aside.pop(step.id)
        if steps:
            self._write("steps.json", self.steps)
            self._write("set_aside.json", self.set_aside)

    def rename(self, ids: dict[str, str]) -> None:
        """Move what is known about steps from their old ids, the keys of `ids`, to their new ids."""
        known = [ids.keys() & facts.keys() for facts in (self.steps, self.revealed)]
        for old, new in ids.items():
            if old in self.steps:
                self.steps.setdefault(new, self.steps.pop(old))
            if old in self.revealed:
                self.revealed.setdefault(new, self.revealed.pop(old))
        if any(known):
            self._write("steps.json", self.steps)
            self._write("hints.json", self.revealed)

    def symptom(self, step: Step) -> tuple[str, str]:
        """The kind of the step's last failure and the test that failed; empty if the step is not known to be red."""
        known = self.steps.get(step.id, {})
        return known.get("kind", ""), known.get("test", "")

    def learn(self, progress: Progress, stamps: Mapping[str, str] | None = None) -> list[str]:
        """Remember what a run found, and return the ids of the steps that were red before and are green now.

        A run of a step that is not written costs nothing. A step whose file does not import keeps its green stamps.

        stamps: by step id, what a green verdict of this run depends on.
        """
        newly = []
        now = time.time()
        # The time after the previous run, up to a pause, was spent on the steps that were not green.
        since = max((_number(known.get("at")) for known in self.steps.values()), default=0.0)
        passed = min(max(now - since, 0.0), _PAUSE) if since else 0.0
        for step in progress.steps:
            if step.status in (AHEAD, NOT_RUN) or step.id in progress.remembered:
                continue
            before = self.steps.get(step.id, {})
            if step.status == GREEN and before.get("status") in (RED, BROKEN) and "green" not in before:
                newly.append(step.id)
            known = {"status": step.status, "at": f"{now:.0f}"}
            if step.failure is not None:
                known |= {"kind": step.failure.kind, "test": step.failing_test or ""}
            if step.status == GREEN:
                known["green"] = _with_stamp(before, (stamps or {}).get(step.id, ""))
            elif step.status == BROKEN and "green" in before:
                known["green"] = before["green"]
            self.steps[step.id] = known | _effort_after(before, known, passed, is_unwritten=step.is_unwritten)
        self._write("steps.json", self.steps)
        return newly

    def refresh(self, learned: dict[str, dict[str, str]]) -> None:
        """Read again what other processes wrote, and add what a run `learned`, in case it could not be written."""
        self.steps = {**self.steps, **self._read("steps.json"), **learned}
        self.revealed = {**self.revealed, **self._read("hints.json")}
        self.devices = {**self.devices, **self._read("devices.json")}

    def announce(self, what: str, ids: list[str]) -> list[str]:
        """Remember that these ids are shown, and return those that have not been shown before.

        what: "introductions" or "finished".
        """
        known = self.shown.get(what, [])
        new = [each for each in ids if each not in known]
        if new:
            self.shown[what] = [*known, *new]
            self._write("shown.json", self.shown)
        return new

    def note_devices(self, environment: str, devices: Sequence[Device]) -> None:
        """Remember which devices a run in this environment has found."""
        found = [f"{device.name}|{device.left_out}" for device in devices]
        if self.devices.get(environment) != found:
            self.devices[environment] = found
            self._write("devices.json", self.devices)

    def devices_in(self, environment: str) -> list[Device]:
        """The devices of the last run in this environment; empty if there was none."""
        return [Device(*text.split("|", 1)) for text in self.devices.get(environment, [])]

    def reveal_next_hint(self, step: Step, hints: list[Hint]) -> Hint | None:
        """Choose the hint to show next, remember that it was shown, and return it; None if all were shown."""
        # Another process may have shown hints meanwhile.
        self.revealed = {**self.revealed, **self._read("hints.json")}
        following = next_hint(hints, self.revealed.get(step.id, []), *self.symptom(step))
        if following is not None:
            self.reveal(step, following.key)
        return following

    def reveal(self, step: Step, key: str) -> None:
        """Remember that the hint with this key has been shown."""
        shown = self.revealed.setdefault(step.id, [])
        if key not in shown:
            shown.append(key)
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
            self.problems.append(f".dojo/{name} can't be read ({error.strerror}), so the run goes on without it.")
            return {}
        except (ValueError, KeyError, TypeError, RecursionError):
            self._move_away(path)
            return {}

    def _move_away(self, path: Path) -> None:
        kept = path.with_suffix(".damaged")
        try:
            os.replace(path, kept)
            self.problems.append(f".dojo/{path.name} was damaged. It is now .dojo/{kept.name}, and a new file begins.")
        except OSError:
            self.problems.append(f".dojo/{path.name} is damaged and can't be moved away. Delete it.")

    def _write(self, name: str, data: Any) -> None:
        try:
            write_json(self.folder / name, {"schema": _SCHEMA, "data": data})
        except OSError as error:
            says = f"Could not write to .dojo/ ({error.strerror}). Runs work, but dojo hint may offer an old step."
            self.problems.append(says)


def _with_stamp(before: Mapping[str, str], stamp: str) -> str:
    """The stamps of a step that is now green with `stamp`, the latest last. Only the current green streak counts."""
    kept = [*(each for each in before.get("green", "").split() if each != stamp), stamp]
    return " ".join(kept[-_MOST_STAMPS:]).strip()


def _effort_after(
    before: Mapping[str, str], known: Mapping[str, str], passed: float, *, is_unwritten: bool
) -> dict[str, str]:
    """The cost of a step after a run that left it as `known`. A run after the first green run costs nothing."""
    effort = {key: before[key] for key in ("runs", "seconds", "green_at") if key in before}
    if "green_at" in effort or is_unwritten:
        return effort
    effort["runs"] = str(int(_number(before.get("runs"))) + 1)
    if "status" in before:
        effort["seconds"] = f"{_number(before.get('seconds')) + passed:.0f}"
    if known["status"] == GREEN:
        effort["green_at"] = known["at"]
    return effort


def _number(text: str | None) -> float:
    """A remembered number; 0 if it is missing or not a number."""
    try:
        return max(float(text or 0), 0.0)
    except ValueError:
        return 0.0


def _plain(name: str, data: Any) -> bool:
    """Whether remembered data has the form that this version writes."""
    if not isinstance(data, dict):
        return False
    if name in ("hints.json", "devices.json", "shown.json"):
        return all(isinstance(v, list) and all(isinstance(word, str) for word in v) for v in data.values())
    return all(isinstance(v, dict) and all(isinstance(word, str) for word in v.values()) for v in data.values())
