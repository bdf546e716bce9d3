"""The frames of a traceback that are the learner's own."""

from __future__ import annotations

import dataclasses
import linecache
import os
import traceback
import types
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Frame:
    """A line of code that was running: absolute file, line from 1, function, and the line's text."""

    file: str
    line: int
    function: str
    source: str


def frames_within(tb: types.TracebackType | None, folder: Path) -> list[Frame]:
    """The frames of `tb` whose file lies under `folder`, outermost first."""
    prefix = str(folder) + os.sep
    return [
        _frame(entry.f_code.co_filename, line, entry.f_code.co_name)
        for entry, line in traceback.walk_tb(tb)
        if entry.f_code.co_filename.startswith(prefix)
    ]


def innermost_line(tb: types.TracebackType | None, file: Path) -> int:
    """The line of `file` that was running deepest in `tb`; 0 where none was."""
    lines = [line for entry, line in traceback.walk_tb(tb) if entry.f_code.co_filename == str(file)]
    return lines[-1] if lines else 0


def _frame(file: str, line: int, function: str) -> Frame:
    return Frame(file, line, function, linecache.getline(file, line).strip())
