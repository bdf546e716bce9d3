"""Holds a run that was prepared before anybody asked for it, until somebody asks."""

from __future__ import annotations

import os
import select


class _Held:
    by: int | None = None


def hold(descriptor: int) -> None:
    """Make this process's next run wait before its first test until a byte arrives on `descriptor`.

    A fork that is made before then waits for a separate byte. The process ends if the other end is closed first.
    """
    _Held.by = descriptor


def held() -> int | None:
    """The descriptor that this process's run must wait for; None if it need not wait."""
    return _Held.by


def is_asked() -> bool:
    """Whether somebody has asked for the held run, or has closed the other end. True if no run is held."""
    return _Held.by is None or bool(select.select([_Held.by], [], [], 0)[0])


def pass_through() -> bool:
    """Wait if this process's run is held; return whether it was."""
    descriptor, _Held.by = _Held.by, None
    if descriptor is None:
        return False
    if not os.read(descriptor, 1):
        os._exit(0)
    os.close(descriptor)
    return True
