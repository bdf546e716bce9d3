"""The steps that need not run again: they were green, and nothing that they depend on has changed since."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from dojo.course.curriculum import Curriculum, Step
from dojo.course.step_digests import StepDigests
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN, NOT_RUN
from dojo.testbed.environment import environment_digest


class KnownGreen:
    """The steps of a course that are known to be green with the files as they are now.

    devices: the values of --device.
    """

    def __init__(self, root: Path, curriculum: Curriculum, memory: Memory, devices: Iterable[str] = ()) -> None:
        self.memory = memory
        self._digests = StepDigests(root, curriculum)
        self._asked = tuple(devices)

    @functools.cached_property
    def environment(self) -> str:
        return environment_digest(self._asked)

    def __contains__(self, step: Step) -> bool:
        stamps = self.memory.stamps(step) if self.memory.status(step) == GREEN else []
        return bool(stamps) and self.stamp(step) in stamps

    def stamp(self, step: Step) -> str:
        """Everything that a verdict on the step depends on, as one word; empty if the step must be run each time.

        The devices are those of the last run in this environment, because finding them again would need PyTorch.
        """
        digest = self._digests.of(step)
        devices = ",".join(device.name for device in self.memory.devices_in(self.environment) if not device.left_out)
        return f"{self.environment}:{devices}:{digest}" if digest else ""

    def digest(self, step: Step) -> str:
        """The digest of what the step's verdict depends on in the course; empty if the step must be run each time."""
        return self._digests.of(step)

    def has_changed(self, step: Step) -> bool:
        """Whether a green step's files have changed since it was green. Versions and devices do not count."""
        stamps = self.memory.stamps(step)
        if self.memory.status(step) != GREEN or not stamps:
            return False
        digest = self._digests.of(step)
        return not any(stamp.endswith(f":{digest}") for stamp in stamps)

    def save(self) -> None:
        """Keep the digests, so that the next command need not read the same files."""
        self._digests.save()


def recall_green(root: Path, curriculum: Curriculum, memory: Memory) -> None:
    """Restore each forgotten step that was green, if nothing that it depends on has changed."""
    digests = StepDigests(root, curriculum)

    def is_as_it_was(step: Step) -> bool:
        stamps = memory.set_aside.get(step.id, {}).get("green", "").split()
        digest = digests.of(step) if stamps and memory.status(step) == NOT_RUN else ""
        return bool(digest) and any(stamp.endswith(f":{digest}") for stamp in stamps)

    memory.recall(list(filter(is_as_it_was, curriculum.steps())))
