"""The given code of repair steps: broken code that the learner fixes, in place of `raise NotImplementedError`.

A step is a repair step if its kata has a mistake with the label `as_it_was`. That mistake is the one source of the
given code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dojo.course.definitions import Source, read_source

AS_IT_WAS = "as_it_was"
# Version 1.0.0's `dojo update` refuses a course in which a definition lacks the last two words.
TO_FIX = "# Fix the code below. Until you change it, it counts as raise NotImplementedError."

_ENDING = f"__{AS_IT_WAS}"


def read_repairs(root: Path, kata_id: str) -> Source | None:
    """The given code of a kata's repair steps, each under its step's name; None if the kata has no repair step."""
    try:
        return repairs_in((root / "mistakes" / f"{kata_id}.py").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def repairs_in(mistakes: str) -> Source | None:
    """Like `read_repairs`, from the text of the kata's file in mistakes/."""
    # Most katas have no repair step, and parsing takes much longer than this search.
    source = read_source(mistakes) if _ENDING in mistakes else None
    found = [each for each in source.by_name().values() if each.name.endswith(_ENDING)] if source else []
    if not found:
        return None
    return read_source(joined("\n".join(each.lines).replace(each.name, step_of(each.name)) for each in found))


def step_of(name: str) -> str:
    """The name of the step that the mistake `name` is the given code of."""
    return name.removesuffix(_ENDING)


def joined(definitions: Iterable[str]) -> str:
    """The text of a file with these definitions."""
    return "\n\n\n".join(definitions) + "\n"
