"""Debuggers: when one is in use, where it stops first, and what `breakpoint()` means where nobody can type."""

from __future__ import annotations

import os
import pdb
import re
import sys
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import pytest

# A call of a debugger in code. A comment does not count.
_STOPS = re.compile(r"^[^#\n]*\b(?:breakpoint|set_trace)\s*\(", re.MULTILINE)


class BreakpointRefused(RuntimeError):
    """Code under test stops for a debugger, and nobody can type here."""


class _Here:
    """What is known of this process: whether a person can type, and whether a debugger was opened."""

    can_type = False
    was_opened = False


def is_in_use() -> bool:
    """Whether a debugger follows this process (pdb, or debugpy in an editor), or was opened in it."""
    import pytest_timeout

    return _Here.was_opened or bool(pytest_timeout.is_debugging())


def was_opened() -> bool:
    """Whether a debugger was opened in this process."""
    return _Here.was_opened


def note_opened() -> None:
    """Note that a debugger was opened. From then on it changes streams and signals, and no code of a learner does."""
    _Here.was_opened = True


def look_around(config: pytest.Config) -> None:
    """Note whether a debugger follows this process, and whether a person can type to it.

    A debugger that follows the process needs the terminal, so pytest no longer captures.
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
            # As before: outside of tests, pytest captures the standard input alone.
            capture.resume()
            capture.suspend()


def note_no_terminal() -> None:
    """Note that nobody can type to this process."""
    _Here.can_type = False


def can_type() -> bool:
    """Whether a person can type to this process."""
    return _Here.can_type


def has_breakpoint(files: Iterable[Path]) -> bool:
    """Whether one of these files seems to call a debugger."""
    for file in files:
        try:
            if _STOPS.search(file.read_text(encoding="utf-8", errors="replace")):
                return True
        except OSError:
            continue
    return False


def refuse_breakpoints() -> list[tuple[Any, str, Any]]:
    """Let `breakpoint()` and `pdb.set_trace()` raise BreakpointRefused, unless somebody can answer them.

    Returns what was replaced, for `allow_breakpoints`. PYTHONBREAKPOINT=0 goes on without a stop, as Python has it.
    """
    if can_type() or is_in_use() or os.environ.get("PYTHONBREAKPOINT"):
        return []
    replaced = [(sys, "breakpointhook", sys.breakpointhook), (pdb, "set_trace", pdb.set_trace)]
    for place, name, _ in replaced:
        setattr(place, name, _refuse)
    return replaced


def allow_breakpoints(replaced: list[tuple[Any, str, Any]]) -> None:
    """Undo `refuse_breakpoints`."""
    for place, name, value in replaced:
        setattr(place, name, value)


def stop_in(folder: Path, debugger: Any) -> None:
    """Let a debugger that opens after an error begin in the innermost frame of code in `folder`, if there is one."""
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
