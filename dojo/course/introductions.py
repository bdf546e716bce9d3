"""The introduction of a kata: the docstring of its file, read as text."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

from dojo.course.definitions import read_source
from dojo.support.files import read_text_or_empty
from dojo.support.text import one_line

_PROMISE = "Afterwards you can"


@dataclasses.dataclass(frozen=True)
class Introduction:
    """The lines of a kata's docstring; empty if the kata has no docstring."""

    lines: tuple[str, ...]

    @property
    def says_more(self) -> bool:
        """Whether the introduction is more than a title."""
        return len(self.lines) > 1

    @property
    def promise(self) -> str:
        """The last sentence that begins with "Afterwards you can", on one line; "" if there is no such sentence."""
        before, promise, after = "\n".join(self.lines).rpartition(_PROMISE)
        if not promise or (before and not before[-1].isspace()):
            return ""
        return one_line(promise + after.partition("\n\n")[0])


def read_introduction(root: Path, kata_id: str) -> Introduction:
    """The introduction of a kata. If the learner's file has no docstring, the solution's docstring is read."""
    sources = (read_source(read_text_or_empty(root / tree / f"{kata_id}.py")) for tree in ("katas", "solutions"))
    texts = (ast.get_docstring(source.tree) for source in sources if source is not None)
    return Introduction(tuple(next(filter(None, texts), "").splitlines()))
