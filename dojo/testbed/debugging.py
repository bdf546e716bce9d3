"""Debuggers: whether one is in use, where it stops first, and what `breakpoint()` does if nobody can type."""

from __future__ import annotations

import contextlib
import os
import pdb
import re
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

# A call of a debugger in code. A comment does not count.
_STOPS = re.compile(r"^[^#\n]*\b(?:breakpoint|set_trace)\s*\(", re.MULTILINE)


class BreakpointRefused(RuntimeError):
    """Code under test stops for a debugger, and nobody can type here."""


class _Here:
    """The state of this process: whether a person can type, and whether a debugger was opened."""

    can_type = False
    was_opened = False


def is_in_use() -> bool:
    """Whether a debugger follows this process (for example pdb, or debugpy in an editor), or was opened in it."""
    import pytest_timeout

    return _Here.was_opened or bool(pytest_timeout.is_debugging())


def was_opened() -> bool:
    """Whether a debugger was opened in this process."""
    return _Here.was_opened


def note_opened() -> None:
    """Note that a debugger was opened. From then on, changes of streams and signals may come from the debugger."""
    _Here.was_opened = True


def look_around(config: pytest.Config) -> None:
    """Note whether a debugger follows this process, and whether a person can type.

    A debugger needs the terminal, so pytest then stops capturing.
    """
    capture = config.pluginmanager.get_plugin("capturemanager")
    if is_in_use():
        note_opened()
        if capture is not None:
            capture.stop_global_capturing()
            config.pluginmanager.unregister(capture)
            capture = None
    if capture is not None:
        # While pytest captures, it keeps the standard input elsewhere.
        capture.suspend(in_=True)
    try:
        _Here.can_type = os.isatty(0)
    except OSError:
        _Here.can_type = False
    finally:
        if capture is not None:
            # Outside of tests, pytest captures only the standard input.
            capture.resume()
            capture.suspend()


def note_no_terminal() -> None:
    """Note that nobody can type."""
    _Here.can_type = False


def can_type() -> bool:
    """Whether a person can type."""
    return _Here.can_type


def has_breakpoint(files: Iterable[Path]) -> bool:
    """Whether one of these files seems to call a debugger."""
    for file in files:
        with contextlib.suppress(OSError):
            if _STOPS.search(file.read_text(encoding="utf-8", errors="replace")):
                return True
    return False


@contextlib.contextmanager
def without_breakpoints() -> Iterator[None]:
    """In the block, `breakpoint()` and `pdb.set_trace()` raise BreakpointRefused, unless somebody can type.

    PYTHONBREAKPOINT works as in Python: with 0, the code does not stop.
    """
    if can_type() or is_in_use() or os.environ.get("PYTHONBREAKPOINT"):
        yield
        return
    before = sys.breakpointhook, pdb.set_trace
    sys.breakpointhook = pdb.set_trace = _refuse
    try:
        yield
    finally:
        sys.breakpointhook, pdb.set_trace = before


def stop_in(folder: Path, debugger: Any) -> None:
    """If a debugger opens after an error, let it begin in the innermost frame of code in `folder`."""
    get_stack = debugger.get_stack

    def stack_of_the_learner(frame: types.FrameType | None, traceback: types.TracebackType | None) -> tuple[Any, int]:
        stack, index = get_stack(frame, traceback)
        if frame is None:
            own = [at for at, (each, _) in enumerate(stack) if Path(each.f_code.co_filename).is_relative_to(folder)]
            index = own[-1] if own else index
        return stack, index

    debugger.get_stack = stack_of_the_learner


def _refuse(*args: object, **kwargs: object) -> NoReturn:
    raise BreakpointRefused("Your code stops for a debugger, but nobody can type here.")
