"""The answers to a step that the course keeps: the mistakes, and other accepted ways to write it.

A function or class named `full_of__legacy_constructor` in such a file is an answer to the step `full_of`. The docstring
of a mistake is its why.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dojo.course.definitions import read_definitions
from dojo.support.text import one_line


@dataclasses.dataclass(frozen=True)
class Answer:
    """A named answer to a step. `label` is the name after the double underscore, and `says` the docstring."""

    step: str
    label: str
    says: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.step}__{self.label}"


def read_answers(tree: Path, kata_id: str, step: str | None = None) -> list[Answer]:
    """The answers to a kata, or to one of its steps, in the folder `tree`, in source order. Nothing is imported."""
    path = tree / f"{kata_id}.py"
    found = []
    for definition in read_definitions(path).values():
        owner, double, label = definition.name.partition("__")
        if double and owner and label and step in (None, owner):
            found.append(Answer(owner, label, one_line(definition.docstring), path))
    return found
