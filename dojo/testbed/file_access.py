"""Watches which files of the course a learner's code reads and changes during a test, through Python's audit events.

Code that reads an answer or a test, or looks into the test's frames, is noted. A change to a file of the course is
refused before it happens. Events of the tests, of PyTorch and of the dojo are ignored.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dojo.course.layout import Course, read_parts, secret_folders
from dojo.testbed.pytest_private import IMPORTER
from dojo.testbed.tracebacks import Frame, frame_at

# The folders that no answer may read, everything that decides a verdict, and everything that no answer may change.
_ANSWERS = secret_folders()
_JUDGE = (*_ANSWERS, *read_parts(), ".dojo", ".git")
_KEPT = (*_JUDGE, "katas", "docs", "data", ".github", ".ci", "README.md", "CONTRIBUTING.md", "constraints.txt")
# Python and pytest write here when any code imports something.
_CACHES = ("__pycache__", ".pytest_cache")
# The ways to reach a caller's frame.
_WORDS = (b"f_back", b"f_locals", b"f_globals")
_FRAMES = ("sys._getframe", "sys._current_frames")
_CHANGES = {
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.link": 2,
    "os.symlink": 2,
    "shutil.rmtree": 1,
}
_EVENTS = frozenset(["open", "object.__getattr__", *_FRAMES, *_CHANGES])
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# The code under test may cause an event through Python's library or through pytest's importer.
_LIBRARY = (sysconfig.get_paths()["stdlib"] + os.sep, "<")
_SHOWS_STACKS = (f"{os.sep}traceback.py", f"{os.sep}inspect.py")
_PACKAGES = os.sep + "site-packages" + os.sep


class Cheating(AssertionError):
    """The code under test reads or changes what decides its verdict, at `frame`."""

    kind = "cheating"

    def __init__(self, says: str, frame: Frame | None = None) -> None:
        super().__init__(says)
        self.frame = frame


class Audit:
    """Watches the code under `course.judged`. `found` is the first event that is cheating, or None."""

    def __init__(self, course: Course) -> None:
        # The course that judges a fork is in another folder. The fork's own copies are guarded too.
        self.roots = tuple(f"{root}{os.sep}" for root in dict.fromkeys((course.root, course.judged.parent)))
        self.judged = str(course.judged) + os.sep
        self.found: Cheating | None = None
        # If the judged folder is one of the answers' folders, its code may read it.
        trees = [Path(root, name) for root in self.roots for name in _ANSWERS]
        self.answers = tuple(f"{tree}{os.sep}" for tree in trees if tree not in (course.judged, *course.judged.parents))

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        """Take in an audit event. Raises PermissionError if it would change a file of the course."""
        if event == "open":
            self._see_open(*args)
        elif event in _CHANGES:
            for path in args[: _CHANGES[event]]:
                self._see_change(path)
        elif event != "object.__getattr__" or args[1] == "tb_frame":
            self._see_frames(event)

    def _see_open(self, path: object, mode: object, flags: object) -> None:
        name = _absolute(path)
        if not name.startswith(self.roots):
            return
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITES):
            self._see_change(path)
        elif name.startswith(self.answers):
            frame = self._caller()
            if frame is not None and not self._prints_the_stack(name):
                self._note(
                    f"Your code reads {self._shown(name)}. An answer must not read the files that judge it.", frame
                )

    def _prints_the_stack(self, name: str) -> bool:
        """Whether Python's library reads the file to show the lines of a running function."""
        for frame in _from(sys._getframe(3)):
            file = frame.f_code.co_filename
            if file.startswith(self.judged):
                return False
            if file.endswith(_SHOWS_STACKS):
                return any(each.f_code.co_filename == name for each in _from(frame))
        return False

    def _see_change(self, path: object) -> None:
        name = _absolute(path)
        root = self._root_of(name)
        if not root and not any(root.startswith(name.rstrip(os.sep) + os.sep) for root in self.roots):
            return
        inside = bool(root)
        parts = name[len(root) :].split(os.sep) if inside else []
        if inside and (parts[0] not in _KEPT or set(parts) & set(_CACHES)):
            return
        frame = self._on_stack()
        if frame is None:
            return
        shown = self._shown(name) if inside else "the course's folder"
        if not inside or parts[0] in _JUDGE:
            self._note(f"Your code tried to change {shown}, which judges it. Nothing was changed.", frame)
        raise PermissionError(f"The code of a kata must not change {shown}. Nothing was changed.")

    def _see_frames(self, event: str) -> None:
        """Note code that takes a frame and names a way to its caller: the test's frames hold the expected values."""
        frame = self._caller(own_library=("inspect.py",))
        if frame is None:
            return
        with contextlib.suppress(OSError):
            text = Path(frame.f_code.co_filename).read_bytes()
            if any(word in text for word in _WORDS):
                self._note(
                    "Your code looks into the test that calls it. An answer must not see what the test expects.", frame
                )

    def _caller(self, own_library: tuple[str, ...] = ()) -> types.FrameType | None:
        """The frame that caused the event, if it belongs to the code under test; else None.

        Skips frames of Python's library, or only those in the files `own_library`.
        """
        for frame in _from(sys._getframe(3)):
            file = frame.f_code.co_filename
            if file.startswith(self.judged):
                return frame
            passes = file.endswith(own_library) if own_library else _is_library(file)
            if file != __file__ and not passes:
                return None
        return None

    def _on_stack(self) -> types.FrameType | None:
        """The innermost frame of the code under test, whatever it has called; None if that code is not running."""
        frames = _from(sys._getframe(1))
        return next((frame for frame in frames if frame.f_code.co_filename.startswith(self.judged)), None)

    def _note(self, says: str, frame: types.FrameType) -> None:
        if self.found is None:
            self.found = Cheating(says, frame_at(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))

    def _root_of(self, name: str) -> str:
        """The folder of the course or of the fork that contains a path; empty if neither does."""
        return next((root for root in self.roots if name.startswith(root)), "")

    def _shown(self, name: str) -> str:
        """A path as a person knows it; for compiled code, the path of its source."""
        shown = name[len(self._root_of(name)) :].replace(os.sep, "/")
        folder, cached, file = shown.partition("/__pycache__/")
        return f"{folder}/{file.partition('.')[0]}.py" if cached else shown


class _State:
    """The current audit of this process. An audit hook cannot be removed, so it is installed once."""

    audit: Audit | None = None
    installed = False


@contextlib.contextmanager
def audited(course: Course) -> Iterator[Audit]:
    """Watch the code of `course.judged` in the block."""
    if not _State.installed:
        _State.installed = True
        sys.addaudithook(_hook)
    audit = _State.audit = Audit(course)
    try:
        yield audit
    finally:
        _State.audit = None


def _hook(event: str, args: tuple[Any, ...]) -> None:
    audit = _State.audit
    if audit is None or event not in _EVENTS:
        return
    # The events of `see` itself are not watched.
    _State.audit = None
    try:
        audit.see(event, args)
    finally:
        _State.audit = audit


def _from(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    """A frame and its callers."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _absolute(path: object) -> str:
    try:
        return os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
    except (TypeError, ValueError, OSError):
        return ""


def _is_library(file: str) -> bool:
    return (file.startswith(_LIBRARY) and _PACKAGES not in file) or file.startswith(IMPORTER)
