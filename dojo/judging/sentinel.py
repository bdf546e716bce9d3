"""Tells the supervisor at once if a learner's code manipulates the process that judges it.

The tests and the code run in one interpreter, so the code could change the outcome of its own tests. Python announces
most ways to do this by audit events, before they happen. A hook for audit events can't be removed. When the hook has
told the supervisor, the test is red, whatever the process says later.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

_OBJECTS = frozenset(["gc.get_objects", "gc.get_referrers", "gc.get_referents"])
_CODE = frozenset(["code.__new__", "sys.settrace", "sys.setprofile", "sys._settraceallthreads", "sys.addaudithook"])
_FRAMES = frozenset(["sys._getframe", "sys._current_frames", "sys._getframemodulename"])
# Attributes that Python announces when they are read, and when they are set.
_READ, _SET = frozenset(["tb_frame", "gi_frame", "cr_frame", "ag_frame"]), frozenset(["__code__", "f_trace"])
_SAYS = {
    "objects": "Your code searches Python's own memory. An answer must not see what the tests keep there.",
    "code": "Your code traces or rewrites the code that judges it.",
    "frames": "Your code looks into the test that calls it. An answer must not see what the test expects.",
    "memory": "Your code can change Python's memory (ctypes). Then no result of its tests can be trusted.",
}


def watch(folder: str, refuse: Callable[[str], None]) -> None:
    """From now on, call `refuse` with a sentence of _SAYS if code in `folder` does this, at most once a sentence."""
    said: set[str] = set()
    # The hook uses no globals, because the watched code could replace them.
    current, says, objects, code = sys._getframe, _SAYS, _OBJECTS, _CODE
    frames, read, changed = _FRAMES, _READ, _SET

    def on_stack(frame: types.FrameType | None) -> bool:
        while frame is not None:
            if frame.f_code.co_filename.startswith(folder):
                return True
            frame = frame.f_back
        return False

    def asks_itself(frame: types.FrameType | None) -> bool:
        """Whether the code asks for a frame, directly or through the standard library."""
        while frame is not None:
            file, name = frame.f_code.co_filename, frame.f_code.co_name
            if file.startswith(folder):
                return True
            if not (file.endswith("inspect.py") or name in ("walk_stack", "walk_tb") or file.startswith("<string>")):
                return False
            frame = frame.f_back
        return False

    def kind_of(event: str, args: tuple[Any, ...], frame: types.FrameType | None) -> str:
        if event in objects:
            return "objects" if on_stack(frame) else ""
        if event in code or (event == "object.__setattr__" and args[1] in changed):
            return "code" if on_stack(frame) else ""
        if event in frames or (event == "object.__getattr__" and args[1] in read):
            return "frames" if asks_itself(frame) else ""
        return "memory" if event.startswith("ctypes.") and on_stack(frame) else ""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in seen and not event.startswith("ctypes."):
            return
        if "busy" in said:
            return
        said.add("busy")
        try:
            kind = kind_of(event, args, current(1))
            if kind and kind not in said:
                said.add(kind)
                refuse(says[kind])
        finally:
            said.discard("busy")

    seen = objects | code | frames | {"object.__setattr__", "object.__getattr__"}
    sys.addaudithook(hook)
