"""The learner's own frames in a traceback."""

from __future__ import annotations

import collections
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


# At most this many frames are kept.
_MOST = 100
# Other answers are imported under this name, so that their frames count as the learner's.
ANSWERS = "dojo_answers."


def own_frames(tb: types.TracebackType | None, folder: Path) -> list[tuple[types.FrameType, int]]:
    """The frames of `tb` that belong to the code under test, in `folder` or in another answer, with their lines.

    Outermost first; at most the innermost 100, in case of an endless recursion.
    """
    prefix = str(folder) + os.sep
    found = collections.deque(
        (
            (frame, line)
            for frame, line in traceback.walk_tb(tb)
            if frame.f_code.co_filename.startswith(prefix)
            or str(frame.f_globals.get("__name__", "")).startswith(ANSWERS)
        ),
        maxlen=_MOST,
    )
    return list(found)


def frames_within(tb: types.TracebackType | None, folder: Path) -> list[Frame]:
    """The frames that `own_frames` returns, as data."""
    return [frame_at(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in own_frames(tb, folder)]


def innermost_line(tb: types.TracebackType | None, file: Path) -> int:
    """The innermost line of `file` in `tb`; 0 if no line of `file` was running."""
    lines = [line for entry, line in traceback.walk_tb(tb) if entry.f_code.co_filename == str(file)]
    return lines[-1] if lines else 0


def frame_at(file: str, line: int, function: str) -> Frame:
    """A frame as data, with the text of its line."""
    return Frame(file, line, function, linecache.getline(file, line).strip())
