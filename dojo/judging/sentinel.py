"""Tells the supervisor at once if a learner's code manipulates the process that judges it.

The tests and the code run in one interpreter, so the code could change the outcome of its own tests. Python announces
most ways to do this by audit events, before they happen. A hook for audit events can't be removed. When the hook has
told the supervisor, the test is red, whatever the process says later.
"""

from __future__ import annotations

import _thread
import sys
import types
from collections.abc import Callable
from typing import Any

_OBJECTS = frozenset(["gc.get_objects", "gc.get_referrers", "gc.get_referents"])
_CODE = frozenset(["code.__new__", "sys.settrace", "sys.setprofile", "sys._settraceallthreads", "sys.addaudithook"])
_FRAMES = frozenset(["sys._getframe", "sys._current_frames", "sys._getframemodulename"])
# Attributes that Python announces when they are read, and when they are set.
_READ, _SET = frozenset(["tb_frame", "gi_frame", "cr_frame", "ag_frame"]), frozenset(["__code__", "f_trace"])
_ANNOUNCED = _OBJECTS | _CODE | _FRAMES | {"object.__setattr__", "object.__getattr__"}
_SAYS = {
    "objects": "Your code searches Python's own memory. An answer must not see what the tests keep there.",
    "code": "Your code traces or rewrites the code that judges it.",
    "frames": "Your code looks into the test that calls it. An answer must not see what the test expects.",
    "memory": "Your code can change Python's memory (ctypes). Then no result of its tests can be trusted.",
}


def watch(folder: str, refuse: Callable[[str], None]) -> None:
    """From now on, call `refuse` with a sentence of _SAYS if code in `folder` does what it says.

    Each sentence is used at most once.
    """
    # The hook uses no globals, because the watched code could replace them.
    current, thread, says, announced = sys._getframe, _thread.get_ident, _SAYS, _ANNOUNCED
    kind_of, is_from_folder = _kinds(), _origins(folder)
    said: set[str] = set()
    busy: set[int] = set()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in announced and not event.startswith("ctypes."):
            return
        # The hook's own steps are announced too. An event in another thread must not be missed meanwhile.
        me = thread()
        if me in busy:
            return
        busy.add(me)
        try:
            kind = kind_of(event, args)
            if kind and kind not in said and is_from_folder(kind, current(1)):
                said.add(kind)
                refuse(says[kind])
        finally:
            busy.discard(me)

    sys.addaudithook(hook)


def _kinds() -> Callable[[str, tuple[Any, ...]], str]:
    """Return the function that finds the key of _SAYS for an event, whoever causes it; "" if there is none."""
    objects, code, frames, read, changed = _OBJECTS, _CODE, _FRAMES, _READ, _SET
    type_of, text = type, str

    def kind_of(event: str, args: tuple[Any, ...]) -> str:
        if event in objects:
            return "objects"
        if event in code or (event == "object.__setattr__" and is_one(args[1], changed)):
            return "code"
        if event in frames or (event == "object.__getattr__" and is_one(args[1], read)):
            return "frames"
        return "memory" if event.startswith("ctypes.") else ""

    def is_one(name: object, names: frozenset[str]) -> bool:
        # The watched code can announce an event itself, with an object whose methods are its own.
        return type_of(name) is text and name in names

    return kind_of


def _origins(folder: str) -> Callable[[str, types.FrameType | None], bool]:
    """Return the function that says whether an event of a kind, in a frame, comes from code in `folder`."""
    # The watched code can give its file a name whose methods are its own, so the methods of `str` are called.
    starts, ends = str.startswith, str.endswith

    def is_from_folder(kind: str, frame: types.FrameType | None) -> bool:
        return asks_itself(frame) if kind == "frames" else is_on_stack(frame)

    def is_on_stack(frame: types.FrameType | None) -> bool:
        while frame is not None:
            if starts(frame.f_code.co_filename, folder):
                return True
            frame = frame.f_back
        return False

    def asks_itself(frame: types.FrameType | None) -> bool:
        """Whether the code asks for a frame, directly or through the standard library."""
        while frame is not None:
            file, name = frame.f_code.co_filename, frame.f_code.co_name
            if starts(file, folder):
                return True
            if not (ends(file, "inspect.py") or name in ("walk_stack", "walk_tb") or starts(file, "<string>")):
                return False
            frame = frame.f_back
        return False

    return is_from_folder
