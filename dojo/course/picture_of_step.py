"""The picture to look at when a step is green. A line in the step's section of the hint file names it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.hints import sections_of
from dojo.course.layout import file_in
from dojo.support.files import read_text_or_empty

_LINE = re.compile(r"Picture: `dojo (graph|show) (\w+)`")
_SAYS = {"graph": "See the graph that your code recorded", "show": "See what your training did"}


@dataclasses.dataclass(frozen=True)
class PictureOfStep:
    """A command that draws what the code of a step does: "graph" or "show", with the name of the step."""

    command: str
    name: str

    @property
    def says(self) -> str:
        """A sentence for the learner about the picture."""
        return _SAYS[self.command]


def picture_of(root: Path, step: Step) -> PictureOfStep | None:
    """The picture that a step's section in its hint file names; None if the section names no picture."""
    lines = read_text_or_empty(root / file_in("hints", step.kata_id)).splitlines()
    for name, first, end in sections_of(lines):
        if name == step.name:
            found = next(filter(None, map(_LINE.fullmatch, lines[first:end])), None)
            return PictureOfStep(found[1], found[2]) if found else None
    return None
