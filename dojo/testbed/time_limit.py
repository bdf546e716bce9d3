"""The time limit of a test: an exception in the learner's own line, so that the report can name that line.

pytest-timeout decides when a limit applies, and how long it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import types
from collections.abc import Callable

# Code may catch the exception (`except:` in a loop), so it is raised again at this interval, in seconds.
_AGAIN = 0.5
_PATIENCE_UNDER_LOAD = 3.0


class TookTooLong(BaseException):
    """A test passed its limit, in seconds. A BaseException, so that `except Exception` does not catch it."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"took longer than {seconds:g} s")
        self.seconds = seconds


def patience_here() -> float:
    """The `patience` of a limit in a learner's own run: 3 if more processes compute than there are cores, else 0."""
    loaded = sys.platform == "linux" and os.getloadavg()[0] > (os.cpu_count() or 1)
    return _PATIENCE_UNDER_LOAD if loaded else 0.0


def start_limit(
    seconds: float, method: str, suspended: Callable[[], bool], patience: float = 0.0
) -> Callable[[], float]:
    """Raise TookTooLong in the main thread after `seconds`; return a function that cancels the limit.

    The returned function returns the limit in seconds if it was passed, else 0.

    method: pytest-timeout's, `signal`, or `thread`, which can only interrupt Python code.
    suspended: nothing is raised while suspended() is True, because a debugger is open.
    patience: if not 0, the limit is on this process's computing time. On the clock it may be `patience` times as long.
    """
    if method == "signal" and hasattr(signal, "SIGALRM"):
        return _by_signal(seconds, suspended, patience)
    return _by_thread(seconds, suspended)


def _by_signal(seconds: float, suspended: Callable[[], bool], patience: float) -> Callable[[], float]:
    rang = 0.0
    limits = [(signal.SIGALRM, signal.ITIMER_REAL, seconds * (patience or 1))]
    limits += [(signal.SIGPROF, signal.ITIMER_PROF, seconds)] if patience else []

    def ring(signum: int, frame: types.FrameType | None) -> None:
        nonlocal rang
        if not suspended():
            rang = next(limit for number, _, limit in limits if number == signum)
            raise TookTooLong(rang)

    before = []
    for number, timer, limit in limits:
        before.append(signal.signal(number, ring))
        signal.setitimer(timer, limit, _AGAIN)

    def cancel() -> float:
        for (number, timer, _), handler in zip(limits, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
        return rang

    return cancel


def _by_thread(seconds: float, suspended: Callable[[], bool]) -> Callable[[], float]:
    rang = 0.0
    main = threading.main_thread().ident
    done = threading.Event()

    class Limit(TookTooLong):
        def __init__(self) -> None:
            super().__init__(seconds)

    def watch() -> None:
        nonlocal rang
        wait = seconds
        while not done.wait(wait):
            if not suspended():
                rang = seconds
                # This function takes a class, and makes the instance in the interrupted thread.
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main or 0), ctypes.py_object(Limit))
            wait = _AGAIN

    thread = threading.Thread(target=watch, daemon=True, name="dojo-time-limit")
    thread.start()

    def cancel() -> float:
        done.set()
        with contextlib.suppress(RuntimeError):
            thread.join(timeout=_AGAIN)
        return rang

    return cancel
