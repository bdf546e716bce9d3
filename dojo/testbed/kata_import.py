"""Imports katas: `katas.…` is found in the judged folder, and a file runs when a test first uses it.

So a file that does not import fails inside a test, within the time limit of the test, and never during collection.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import os
import sys
import traceback
import types
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from dojo.course.definitions import read_definitions
from dojo.course.layout import Course
from dojo.support.text import nearest
from dojo.testbed.time_limit import TookTooLong
from dojo.testbed.tracebacks import Frame, frames_within

PACKAGE = "katas"
_RESOLVE = "Keep one of the two versions, and delete the lines with <<<<<<<, ======= and >>>>>>>."


@dataclasses.dataclass(frozen=True)
class Broken:
    """Why a kata file does not import. `line` is 0 if no line is the cause."""

    path: Path
    line: int
    says: str
    remedy: str = ""
    frames: tuple[Frame, ...] = ()


class BrokenKata(Exception):
    """The kata's file does not import, so none of its steps can be judged."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.says)
        self.broken = broken


class MissingStep(AttributeError):
    """The kata's file imports, but does not define what the test asks for."""

    def __init__(self, name: str, path: Path) -> None:
        self.path = path
        there = [other for other in read_definitions(path) if not other.startswith("_")]
        hint = nearest(name, there)
        empty = path.exists() and not path.read_bytes().strip()
        self.says = f"The file is empty, so {name} is missing." if empty else f"There is no {name} in this file."
        self.remedy = (
            _restore(path)
            if empty
            else hint.replace("Did you mean", "Is it now called") or "Was it renamed or deleted?"
        )
        super().__init__(f"{self.says} {self.remedy}")


class KataModule(types.ModuleType):
    """A kata whose file runs when one of its public names is first looked up."""

    _dojo_path: Path
    _dojo_state: str = "waiting"
    _dojo_broken: Broken | None = None

    def __getattr__(self, name: str) -> object:
        # Python and pytest look up private names of a module. Only a public name counts as a use.
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if is_withheld(self):
            os._exit(0)
        if self._dojo_state == "waiting":
            self._dojo_load()
        if self._dojo_broken is not None:
            raise BrokenKata(self._dojo_broken)
        if name in self.__dict__:
            return self.__dict__[name]
        raise MissingStep(name, self._dojo_path)

    def _dojo_load(self) -> None:
        path = self._dojo_path
        self._dojo_state = "running"
        linecache.checkcache(str(path))
        try:
            # Never from a .pyc, whose time stamp is in whole seconds. A file may be saved twice in one second.
            source = path.read_bytes()
            source.decode("utf-8-sig")
            exec(compile(source, str(path), "exec", dont_inherit=True), self.__dict__)
        except KeyboardInterrupt:
            self._dojo_state = "waiting"
            raise
        except BaseException as error:
            self._dojo_broken = _explain(error, path)
            # Every use of the file must fail, even the use of a name that was defined before the failing line.
            for name in [name for name in self.__dict__ if not name.startswith("_")]:
                del self.__dict__[name]
        self._dojo_state = "done"


def kata_module(kata_id: str) -> types.ModuleType:
    """The module of a kata. Its file runs when one of its names is first looked up."""
    return importlib.import_module(_module_name(kata_id))


def _module_name(kata_id: str) -> str:
    return f"{PACKAGE}.{kata_id.replace('/', '.')}"


class _Withheld:
    names: frozenset[str] = frozenset()


def withhold(kata_ids: Iterable[str]) -> None:
    """Keep the code of these katas out of this process: a test that uses a name of one of them ends the process."""
    _Withheld.names = frozenset(map(_module_name, kata_ids))


def is_withheld(module: types.ModuleType) -> bool:
    """Whether this is the module of a kata whose code is kept out of this process."""
    return module.__name__ in _Withheld.names


def unreadable(path: Path) -> Broken | None:
    """Why Python cannot read a kata's file, from its text alone; None if it can. The file is not run."""
    try:
        source = path.read_bytes()
        source.decode("utf-8-sig")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, str(path), "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _explain(error, path)
    return None


def _restore(path: Path) -> str:
    return f"git restore {'/'.join(path.parts[-3:])} brings the stubs back."


def _explain(error: BaseException, path: Path) -> Broken:
    frames = tuple(frames_within(error.__traceback__, path.parent.parent))
    line = frames[-1].line if frames else 0
    unread = None if frames else _explain_unread(error, path)
    if unread is not None:
        return unread
    if isinstance(error, SystemExit):
        says, remedy = "The file ends Python when it is imported.", "Remove the call that ends Python."
    elif isinstance(error, TookTooLong):
        says = f"The file was still running after {error.seconds:g} s when it was imported."
        remedy = "The import of a kata must only define things. Look for a loop outside the functions."
    else:
        says = f"The file stops with {type(error).__name__} when it is imported."
        remedy = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    return Broken(path, line, says, remedy, frames)


def _explain_unread(error: BaseException, path: Path) -> Broken | None:
    """Explain an error that was raised before any line of the file ran; None if it is not about reading the file."""
    if isinstance(error, FileNotFoundError) and not path.exists():
        return Broken(path, 0, "This file is missing.", _restore(path))
    if isinstance(error, UnicodeDecodeError):
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Broken(
            path, line, f"The file is not UTF-8 text (line {line}).", "Save it again with the encoding UTF-8."
        )
    if isinstance(error, SyntaxError):
        conflict = _conflict_in(path)
        if conflict:
            return Broken(path, conflict, "The file contains the marks of a merge conflict.", _RESOLVE)
        remedy = "Indent with spaces only." if isinstance(error, TabError) else ""
        return Broken(path, error.lineno or 0, f"Python can't read this file: {error.msg}.", remedy)
    if isinstance(error, ValueError):
        # In Python 3.10, for a null byte.
        return Broken(path, 0, f"Python can't read this file: {error}.")
    if isinstance(error, OSError):
        return Broken(path, 0, f"This file can't be opened: {error.strerror}.")
    return None


def _conflict_in(path: Path) -> int:
    """The number of the first line that git writes where two versions differ; 0 if there is none."""
    lines = path.read_bytes().splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(b"<<<<<<< ")), 0)


class _KataLoader(importlib.abc.Loader):
    def __init__(self, path: Path) -> None:
        self.path = path

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = KataModule(spec.name)
        module._dojo_path = self.path
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: the file runs when it is first used."""


class KataFinder(importlib.abc.MetaPathFinder):
    """Finds `katas` and its modules in the judged folder of a course."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, *parts = fullname.split(".")
        if package != PACKAGE:
            return None
        place = self.course.judged.joinpath(*parts)
        # The judged folder may lack this lesson. The tests have every lesson.
        if not parts or place.is_dir() or self.course.root.joinpath("tests", *parts).is_dir():
            spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = [str(place)]
            return spec
        file = place.with_suffix(".py")
        if not file.exists() and not self.course.root.joinpath("tests", *parts).with_suffix(".py").exists():
            # A file that the course gives, such as katas/foundations.py.
            file = self.course.root.joinpath("katas", *parts).with_suffix(".py")
            if not file.exists():
                return None
        return importlib.util.spec_from_file_location(fullname, file, loader=_KataLoader(file))

    def install(self) -> None:
        _forget()
        sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        _forget()


def _forget() -> None:
    # A copy of the names, because another thread of the watch's warm process may be importing.
    for name in [name for name in list(sys.modules) if name == PACKAGE or name.startswith(PACKAGE + ".")]:
        del sys.modules[name]
