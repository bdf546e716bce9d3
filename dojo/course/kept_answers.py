"""Other answers to a step, kept beside the course: mistakes, and accepted ways of writing it.

In such a file a function or class named `full_of__legacy_constructor` is an answer to the step `full_of`. Its
docstring is, for a mistake, the sentence that corrects the belief behind it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dojo.course.definitions import read_definitions


@dataclasses.dataclass(frozen=True)
class Answer:
    """A named answer to a step: `label` is the name behind the double underscore, `says` its docstring."""

    step: str
    label: str
    says: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.step}__{self.label}"


def read_answers(tree: Path, kata_id: str, step: str | None = None) -> list[Answer]:
    """The answers that `tree` keeps for a kata (or for one step of it), in source order. Nothing is imported."""
    path = tree / f"{kata_id}.py"
    found = []
    for definition in read_definitions(path).values():
        owner, double, label = definition.name.partition("__")
        if double and owner and label and step in (None, owner):
            found.append(Answer(owner, label, " ".join(definition.docstring.split()), path))
    return found
