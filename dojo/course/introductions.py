"""The introduction of a kata: the docstring of its file, read as text."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

from dojo.course.definitions import read_source

_PROMISE = "Afterwards you can"


@dataclasses.dataclass(frozen=True)
class Introduction:
    """The lines of a kata's docstring. There are no lines if the kata has no docstring."""

    lines: tuple[str, ...]

    @property
    def says_more(self) -> bool:
        """Whether the introduction is more than a title."""
        return len(self.lines) > 1

    @property
    def promise(self) -> str:
        """The last sentence that begins with "Afterwards you can", on one line; empty if there is no such sentence."""
        before, promise, after = "\n".join(self.lines).rpartition(_PROMISE)
        if not promise or (before and not before[-1].isspace()):
            return ""
        return " ".join((promise + after.partition("\n\n")[0]).split())


def read_introduction(root: Path, kata_id: str) -> Introduction:
    """The introduction of a kata. Without a docstring in the learner's file, the reference's docstring is read."""
    texts = (_docstring(root / tree / f"{kata_id}.py") for tree in ("katas", "solutions"))
    return Introduction(tuple(next((text for text in texts if text), "").splitlines()))


def _docstring(path: Path) -> str:
    """The docstring of a file; empty if the file cannot be read or does not parse."""
    try:
        source = read_source(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
    return (ast.get_docstring(source.tree) or "") if source is not None else ""
