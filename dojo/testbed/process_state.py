"""Puts back what a learner's code changes in the process, except PyTorch's settings, and says so."""

from __future__ import annotations

import os
import signal
import sys
import threading
import types
from typing import Any, ClassVar

from dojo.testbed import debugging, tampering, torch_private

_SIGNALS = [
    getattr(signal, f"SIG{name}")
    for name in ("INT", "TERM", "ALRM", "CHLD", "HUP", "PIPE", "USR1", "USR2", "VTALRM", "PROF")
    if hasattr(signal, f"SIG{name}")
]
_NOTED = ("PYTEST_CURRENT_TEST", "TORCHINDUCTOR_", "TRITON_")
# A thread that is about to end gets this much time, in seconds.
_ENDING = 0.05


class ProcessState:
    """The environment, import paths, modules, streams, signal handlers and threads as they are now.

    `altered` is set if the process may differ from before, although everything was put back.
    """

    def __init__(self) -> None:
        self.altered = False
        self.environ = os.environ
        self.environment = _environment()
        self.path = list(sys.path)
        self.finders = list(sys.meta_path)
        self.compiler = torch_private.COMPILER in sys.modules
        self.streams = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}
        self.handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        self.threads = set(threading.enumerate())
        self.depth = sys.getrecursionlimit()
        # A debugger or a coverage tool may have set them.
        self.tracers = (sys.gettrace(), sys.getprofile())

    def put_back(self, thorough: bool) -> list[str]:
        """Put everything back; return a sentence about each change.

        thorough: look at the imported modules too. There are thousands of them.
        """
        found = [*self._environment(), *self._import_paths(), *(self._modules() if thorough else ())]
        if not debugging.is_in_use():
            found += [*self._streams(), *self._handlers(), *self._tracers()]
        if sys.getrecursionlimit() != self.depth:
            sys.setrecursionlimit(self.depth)
            found.append("the recursion limit")
        said = [f"Your code changed {what} for the whole process. The old state was restored." for what in found]
        left = self._threads_left()
        if left:
            self.altered = True
            threads = "a thread" if left == 1 else f"{left} threads"
            said.append(f"Your code left {threads} running. End each thread that you start.")
        return said

    def _threads_left(self) -> int:
        """The number of threads that the code under test has started and that still run."""
        new = [thread for thread in threading.enumerate() if thread not in self.threads]
        for thread in new[:1]:
            thread.join(_ENDING)
        return sum(thread.is_alive() for thread in new)

    def _environment(self) -> list[str]:
        os.environ = self.environ  # noqa: B003 - the same object as before
        raw = _environment()
        if raw == self.environment:
            return []
        now, before = ({os.fsdecode(k): os.fsdecode(v) for k, v in each.items()} for each in (raw, self.environment))
        names = sorted(
            name for name in now.keys() | before if not name.startswith(_NOTED) and now.get(name) != before.get(name)
        )
        for name in names:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]
        return [f"the environment ({', '.join(names[:3])})"] if names else []

    def _import_paths(self) -> list[str]:
        found = []
        places: list[tuple[str, list[Any], list[Any]]] = [
            ("sys.path", sys.path, self.path),
            ("sys.meta_path", sys.meta_path, self.finders),
        ]
        for name, now, before in places:
            # In older versions of PyTorch, importing the compiler adds import paths.
            if now[: len(before)] == before and self.compiler != (torch_private.COMPILER in sys.modules):
                continue
            if now != before:
                now[:] = before
                found.append(f"the import paths ({name})")
        return found

    def _modules(self) -> list[str]:
        before, less = _Imported.modules, len(sys.modules) < _Imported.count
        names = [name for name, module in before.items() if sys.modules.get(name) is not module]
        for name in names:
            sys.modules[name] = before[name]
        snapshot_modules()
        self.altered = self.altered or less or bool(names)
        shown = f": {', '.join(names[:3])}" if names else ""
        return [f"imported modules (sys.modules{shown})"] if names or less else []

    def _streams(self) -> list[str]:
        found = []
        for name, stream in self.streams.items():
            if getattr(sys, name) is not stream:
                setattr(sys, name, stream)
                found.append(f"sys.{name}")
        return found

    def _tracers(self) -> list[str]:
        if sys.gettrace() is self.tracers[0] and sys.getprofile() is self.tracers[1]:
            return []
        sys.settrace(self.tracers[0])
        sys.setprofile(self.tracers[1])
        return ["the trace or profile function"]

    def _handlers(self) -> list[str]:
        found = []
        for number, handler in self.handlers.items():
            if signal.getsignal(number) is not handler and threading.current_thread() is threading.main_thread():
                self.altered = True
                found.append(f"the handler of {number.name}")
                if handler is not None:
                    signal.signal(number, handler)
        return found


class _Imported:
    """The guarded modules by name, and the number of modules in sys.modules."""

    modules: ClassVar[dict[str, types.ModuleType]] = {}
    count = 0


def forget_modules(names: set[str]) -> None:
    """Remove the modules of tests from sys.modules. An answer that imports a test then reads a file, and is caught."""
    for name in names:
        sys.modules.pop(name, None)
        package, _, module = name.rpartition(".")
        vars(sys.modules.get(package, sys)).pop(module, None)
    snapshot_modules()


def snapshot_modules() -> None:
    """Note what the names of the guarded modules stand for."""
    _Imported.modules, _Imported.count = tampering.modules(), len(sys.modules)


def _environment() -> dict[Any, Any]:
    """The undecoded environment, without the name of the test. Decoding it takes longer than a small test."""
    kept: dict[Any, Any] = getattr(os.environ, "_data", {}).copy()
    for name in ("PYTEST_CURRENT_TEST", b"PYTEST_CURRENT_TEST"):
        kept.pop(name, None)
    return kept
