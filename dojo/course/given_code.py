"""The given code of repair steps: broken code that the learner fixes, in place of `raise NotImplementedError`.

A step is a repair step if one of its mistakes has the label `as_it_was`. This mistake is the given code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dojo.course.definitions import Source, read_source
from dojo.support.files import read_text_or_empty

AS_IT_WAS = "as_it_was"
# The last two words must stay: `dojo update` of version 1.0.0 refuses a course in which a definition lacks them.
TO_FIX = "# Fix the code below. Unchanged code counts as raise NotImplementedError."

_ENDING = f"__{AS_IT_WAS}"


def read_repairs(root: Path, kata_id: str) -> Source | None:
    """The given code of a kata's repair steps, under the steps' names; None if the kata has no repair steps."""
    return repairs_in(read_text_or_empty(root / "mistakes" / f"{kata_id}.py"))


def repairs_in(mistakes: str) -> Source | None:
    """Like `read_repairs`, from the text of the kata's file in mistakes/."""
    # Most katas have no repair step, and parsing takes much longer than this search.
    source = read_source(mistakes) if _ENDING in mistakes else None
    found = [each for each in source.by_name().values() if each.name.endswith(_ENDING)] if source else []
    if not found:
        return None
    return read_source(joined("\n".join(each.lines).replace(each.name, step_of(each.name)) for each in found))


def step_of(name: str) -> str:
    """The name of a step, from the name of the mistake that is its given code."""
    return name.removesuffix(_ENDING)


def joined(definitions: Iterable[str]) -> str:
    """The text of a file with these definitions."""
    return "\n\n\n".join(definitions) + "\n"
