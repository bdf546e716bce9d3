"""The typed keys under which the plugin keeps its data on pytest's own objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dojo.course.curriculum import Curriculum, Step
from dojo.course.layout import Course
from dojo.failures.failure import Failure, Fingerprint
from dojo.testbed.devices import Device
from dojo.testbed.test_guard import Watch

COURSE = pytest.StashKey[Course]()
CURRICULUM = pytest.StashKey[Curriculum]()
DEVICES = pytest.StashKey[list[Device]]()
STEP = pytest.StashKey[Step]()
WATCH = pytest.StashKey[Watch]()
# Why the test went red, how to recognize the same failure, and the value that was refused (... where none was).
RESULT = pytest.StashKey[tuple[Failure, Fingerprint, object] | None]()
# The error behind a red test; kept only in the child of an examination, where the key is set beforehand.
ERROR = pytest.StashKey[BaseException | None]()
# What runs the tests of steps in an xdist worker (supervise.Keeper; None where they run in the worker itself).
KEEPER = pytest.StashKey[Any]()
# Told the step, the failure and the device of a red test while its mistake is still being looked for.
EARLY = pytest.StashKey[Callable[..., None]]()


def device_of(item: Any) -> str:
    """The name of the device that a test is parametrized over; `cpu` where it is over none."""
    return str(getattr(getattr(item, "callspec", None), "params", {}).get("device", "cpu"))
