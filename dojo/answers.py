"""Other answers to a step, kept beside the course: mistakes, and accepted ways of writing it.

In such a file a function or class named `full_of__legacy_constructor` is an answer to the step `full_of`. Its
docstring is, for a mistake, the sentence that corrects the belief behind it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import sys
import types
from collections.abc import Iterator
from pathlib import Path

from dojo.course import DojoError
from dojo.definitions import read_definitions
from dojo.frames import ANSWERS


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


def load_answer(answer: Answer) -> object:
    """Import the answer's file (once a process) and return the function or class, under the step's own name.

    Raises DojoError where the file does not import.
    """
    module_name = ANSWERS + ".".join(answer.path.with_suffix("").parts[-3:])
    module = sys.modules.get(module_name)
    if module is None:
        spec = importlib.util.spec_from_file_location(module_name, answer.path)
        if spec is None or spec.loader is None:
            raise DojoError(f"{answer.path} is not a Python file.")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise DojoError(f"{answer.path} does not import: {type(error).__name__}: {error}") from error
        sys.modules[module_name] = module
    found = getattr(module, answer.name)
    # Under the step's name, so that reprs and messages are those that a learner's own code would give.
    found.__name__ = found.__qualname__ = answer.step
    return found


@contextlib.contextmanager
def standing_in(module: types.ModuleType, answer: Answer) -> Iterator[None]:
    """Put an answer in the place of the learner's own inside the block. Raises DojoError as load_answer does."""
    getattr(module, answer.step, None)  # a kata that waits for its first use runs now, not over the answer
    namespace = module.__dict__
    before = namespace.get(answer.step, ...)
    namespace[answer.step] = load_answer(answer)
    try:
        yield
    finally:
        if before is ...:
            del namespace[answer.step]
        else:
            namespace[answer.step] = before
