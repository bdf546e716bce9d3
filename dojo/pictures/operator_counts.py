"""How many operators PyTorch dispatches for a step's example: a measure of work that never depends on the clock."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dojo.course.curriculum import Step
from dojo.course.layout import Course
from dojo.pictures.example import run_example
from dojo.testbed import torch_private


class _Counting(torch_private.operator_mode()):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = str(func.overloadpacket)
        # What an optimizer does for a profiler, and torch.tensor with its own numbers, is no work on tensors.
        if not name.startswith("profiler.") and name != "aten.lift_fresh":
            self.counts[name.removeprefix("aten.")] += 1
        return func(*args, **(kwargs or {}))


def count_example(course: Course, step: Step) -> Counter[str]:
    """The operators dispatched while the example of a step's docstring runs. Raises DojoError where it does not run."""
    modes: list[_Counting] = []

    def around(names: dict[str, Any]) -> _Counting:
        modes.append(_Counting())
        return modes[0]

    run_example(course, step, around)
    return modes[0].counts
