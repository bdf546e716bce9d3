"""Snapshots of the names that a verdict relies on, so that a replaced function can be put back."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import sys
import types

# Bound here, so that learner's code that replaces Python's own names does not change this module.
from builtins import (  # noqa: UP029
    any,
    callable,
    delattr,
    getattr,
    isinstance,
    len,
    list,
    map,
    setattr,
    tuple,
    type,
    vars,
    zip,
)
from collections.abc import Iterator, Mapping
from operator import attrgetter, is_not
from typing import Any

_MODULES = (
    "dataclasses functools gc importlib inspect io itertools json.decoder linecache math ntpath operator os posixpath "
    "random select sys threading traceback types typing numpy numpy.linalg numpy.random numpy.testing pluggy pytest "
    "torch torch.autograd torch.func torch.linalg torch.nn torch.nn.functional torch.optim torch.overrides "
    "torch.testing"
)
# The private modules that define these public names are guarded too.
_DEFINED = {
    "pytest": "CallInfo Function Item Session TestReport approx fixture importorskip raises",
    "torch": "Tensor.backward",
    "torch.testing": "assert_close",
}
# The modules that are used between a green test and the next test.
_FIRST = ("builtins", "contextlib", "json", "json.encoder", "signal", "time")
# torch.Storage changes with the default dtype. pytest sets the others: two when a test is red, and, before pytest 8.4,
# the hooks around each test.
_MOVING = ("torch.Storage", "sys.last_type", "sys.last_exc", "sys.unraisablehook", "threading.excepthook")
_OWN = f"{__name__.partition('.')[0]}."
_PYTORCH = f"{os.sep}torch{os.sep}"
_CLASSES = (("torch", "Tensor"), ("torch.nn", "Module"), ("torch.nn", "Parameter"))


@dataclasses.dataclass
class _Names:
    """The names of a module or a class, in the order in which they were defined, and what they stood for."""

    owner: Any
    path: str
    names: tuple[str, ...]
    values: tuple[Any, ...]

    @classmethod
    def of(cls, owner: Any, path: str) -> _Names:
        now = vars(owner)
        return cls(owner, path, tuple(now), tuple(now.values()))

    def put_back(self) -> list[str]:
        """Put back every function and class that was replaced or deleted; return their full names."""
        now = vars(self.owner)
        added = isinstance(self.owner, type) and len(now) > len(self.values)
        if len(now) >= len(self.values) and not added and not any(map(is_not, self.values, now.values())):
            return []
        found = [*self._put_back_replaced(now), *(self._take_out_added(now) if isinstance(self.owner, type) else [])]
        self.names, self.values = tuple(now), tuple(now.values())
        return found

    def _put_back_replaced(self, now: Mapping[str, Any]) -> list[str]:
        found = []
        for name, value in zip(self.names, self.values):  # noqa: B905 - equally long, and strict costs time
            if callable(value) and now.get(name) is not value:
                full = f"{self.path}.{name}".removeprefix(".")
                if full not in _MOVING and not _wraps(now.get(name), value):
                    setattr(self.owner, name, value)
                    found.append(full)
        return found

    def _take_out_added(self, now: Mapping[str, Any]) -> list[str]:
        """Remove functions that hide an inherited one. Other additions are harmless: copying a class makes some."""
        added = [name for name in now if name not in self.names and callable(now[name]) and _inherits(self.owner, name)]
        for name in added:
            delattr(self.owner, name)
        return [f"{self.path}.{name}" for name in added]


class Originals:
    """The values of the names in every guarded module and class that is loaded now."""

    def __init__(self) -> None:
        first = {name: sys.modules[name] for name in _FIRST if name in sys.modules}
        # Only these are guarded: a fork copies a page of memory for each object that it looks at.
        rest = {**_guarded(), **{name: sys.modules[name] for name in list(sys.modules) if name.startswith(_OWN)}}
        for package, name in _CLASSES:
            if package in sys.modules:
                rest[f"{package}.{name}"] = getattr(sys.modules[package], name)
        self._kept = [_Names.of(owner, path.removeprefix("builtins")) for path, owner in {**first, **rest}.items()]
        self._first = len(first)

    def put_back(self, thorough: bool) -> list[str]:
        """Put back every function and class that was replaced or deleted; return their full names.

        thorough: look at all names, which takes as long as a small test. Otherwise only at the modules of `_FIRST`.
        """
        found: list[str] = []
        for each in self._kept if thorough else self._kept[: self._first]:
            found += each.put_back()
        return found

    def add_new_modules(self) -> None:
        """Guard the modules of the dojo that were imported after the snapshot."""
        known = {names.path for names in self._kept}
        new = [name for name in list(sys.modules) if name.startswith(_OWN) and name not in known]
        self._kept += [_Names.of(sys.modules[name], name) for name in new]


def _inherits(kind: type, name: str) -> bool:
    return any(name in vars(base) for base in kind.__mro__[1:])


def _wraps(new: Any, old: Any) -> bool:
    """Whether PyTorch itself has wrapped one of its own functions, as it does when it imports its compiler."""
    code = getattr(new, "__code__", None)
    return getattr(new, "__wrapped__", None) is old and code is not None and _PYTORCH in code.co_filename


def _guarded() -> dict[str, types.ModuleType]:
    """The guarded modules that are loaded now and belong to other packages, by name."""
    names = _MODULES.split()
    for module, paths in _DEFINED.items():
        if module in sys.modules:
            names += [_home(module, path) for path in paths.split()]
    return {name: sys.modules[name] for name in names if name in sys.modules}


@functools.cache
def _home(module: str, path: str) -> str:
    """The name of the module that defines a public name, as it was before any code under test ran."""
    home: str = attrgetter(path)(sys.modules[module]).__module__
    return home


def modules() -> dict[str, types.ModuleType]:
    """Every guarded module that is loaded now and belongs to another package, by name."""
    return {**{name: sys.modules[name] for name in _FIRST if name in sys.modules}, **_guarded()}


class _Snapshot:
    originals: Originals | None = None


def snapshot() -> None:
    """Note what all names stand for. Call it before any code under test runs in this process."""
    _Snapshot.originals = Originals()


def guard_new_modules() -> None:
    """Guard the modules of the dojo that were imported after `snapshot`. Call it before code under test runs again."""
    if _Snapshot.originals is not None:
        _Snapshot.originals.add_new_modules()


@contextlib.contextmanager
def without_snapshot() -> Iterator[None]:
    """Put nothing back in the block, in which the course's own answers run."""
    kept, _Snapshot.originals = _Snapshot.originals, None
    try:
        yield
    finally:
        _Snapshot.originals = kept


def put_back(thorough: bool) -> list[str]:
    """Put back what was replaced after `snapshot`; return the full names. Does nothing without a snapshot."""
    return _Snapshot.originals.put_back(thorough) if _Snapshot.originals is not None else []
