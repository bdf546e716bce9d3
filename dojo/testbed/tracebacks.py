"""The frames of a traceback that are the learner's own."""

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


# As many frames are kept.
_MOST = 100

# Answers other than the learner's are imported under this name, so that their frames count as the learner's would.
ANSWERS = "dojo_answers."


def own_frames(tb: types.TracebackType | None, folder: Path) -> list[tuple[types.FrameType, int]]:
    """The frames of `tb`, each with its line, of code under judgement: under `folder`, or an answer.

    Outermost first; of a recursion without end only the innermost.
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
    """The same frames as data: file, line, function and the line's text."""
    return [frame_at(frame.f_code.co_filename, line, frame.f_code.co_name) for frame, line in own_frames(tb, folder)]


def innermost_line(tb: types.TracebackType | None, file: Path) -> int:
    """The line of `file` that was running deepest in `tb`; 0 where none was."""
    lines = [line for entry, line in traceback.walk_tb(tb) if entry.f_code.co_filename == str(file)]
    return lines[-1] if lines else 0


def frame_at(file: str, line: int, function: str) -> Frame:
    """A line of code as data, with its text."""
    return Frame(file, line, function, linecache.getline(file, line).strip())
