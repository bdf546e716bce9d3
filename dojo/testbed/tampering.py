"""The names that the judge relies on, as they were before a learner's code ran: what replaces one is put back."""

from __future__ import annotations

import contextlib
import os
import sys

# Of these, what a learner's code makes of Python's own names must not be met here.
from builtins import (  # noqa: UP029
    any,
    callable,
    delattr,
    enumerate,
    getattr,
    isinstance,
    len,
    list,
    map,
    setattr,
    sorted,
    tuple,
    type,
    vars,
    zip,
)
from collections.abc import Iterable, Iterator
from operator import is_not
from typing import Any

_MODULES = frozenset(
    [
        "dataclasses",
        "functools",
        "gc",
        "importlib",
        "inspect",
        "io",
        "itertools",
        "json.decoder",
        "linecache",
        "math",
        "operator",
        "os",
        "posixpath",
        "ntpath",
        "random",
        "select",
        "sys",
        "threading",
        "traceback",
        "types",
        "typing",
        "numpy",
        "numpy.linalg",
        "numpy.random",
        "numpy.testing",
        "torch",
        "torch._tensor",
        "torch.autograd",
        "torch.func",
        "torch.linalg",
        "torch.nn",
        "torch.nn.functional",
        "torch.optim",
        "torch.overrides",
        "torch.testing",
        "torch.testing._comparison",
        "pytest",
        "_pytest.fixtures",
        "_pytest.main",
        "_pytest.nodes",
        "_pytest.outcomes",
        "_pytest.python",
        "_pytest.python_api",
        "_pytest.raises",
        "_pytest.reports",
        "_pytest.runner",
        "pluggy",
    ]
)
# What stands between a green test and the next one.
_FIRST = ("builtins", "contextlib", "json", "json.encoder", "signal", "time")
# The first stands for another class at each default dtype; pytest itself sets the others: the next two when a test is
# red, the hooks around each test (before pytest 8.4).
_MOVING = ("torch.Storage", "sys.last_type", "sys.last_exc", "sys.unraisablehook", "threading.excepthook")
_OWN = f"{__name__.partition('.')[0]}."
_PYTORCH = f"{os.sep}torch{os.sep}"
_CLASSES = (("torch", "Tensor"), ("torch.nn", "Module"), ("torch.nn", "Parameter"))


class Originals:
    """The names of the modules and classes above that are loaded now, and what they stand for."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, Any, tuple[str, ...], tuple[Any, ...]]] = []
        # Not all modules are gone through: in a fork, each object that is touched costs a page of memory of its own.
        self._keep_modules(_FIRST)
        self._first = len(self._kept)
        self._keep_modules(sorted(_MODULES))
        # Every module of this package, in whatever package inside it.
        self._keep_modules([name for name in list(sys.modules) if name.startswith(_OWN)])
        for package, name in _CLASSES:
            if package in sys.modules:
                self._keep(f"{package}.{name}", getattr(sys.modules[package], name))

    def _keep_modules(self, names: Iterable[str]) -> None:
        for name in names:
            if name in sys.modules:
                self._keep(name.removeprefix("builtins"), sys.modules[name])

    def _keep(self, name: str, owner: Any) -> None:
        names = vars(owner)
        self._kept.append((name, owner, tuple(names), tuple(names.values())))

    def put_back(self, thorough: bool) -> list[str]:
        """Put back every function and class that has been replaced or taken away; return their names.

        Where not `thorough`, look only at what telling of a green test needs: all are thousands, and cost as much as
        a small test.
        """
        found: list[str] = []
        looked_at = self._kept if thorough else self._kept[: self._first]
        for index, (name, owner, names, values) in enumerate(looked_at):
            now = vars(owner)
            # Names stand in the order in which they were made.
            if (
                len(now) >= len(values)
                and not any(map(is_not, values, now.values()))
                and not (isinstance(owner, type) and len(now) > len(values))
            ):
                continue
            for key, value in zip(names, values):  # noqa: B905 - of one length, and strict is not free
                if not callable(value) or now.get(key) is value:
                    continue
                said = f"{name}.{key}".removeprefix(".")
                if said not in _MOVING and not _wraps(now.get(key), value):
                    setattr(owner, key, value)
                    found.append(said)
            if isinstance(owner, type):
                # A function of its own in a class hides the one that it inherits; copying notes other things there.
                for key in [key for key in now if key not in names and callable(now[key]) and _inherits(owner, key)]:
                    delattr(owner, key)
                    found.append(f"{name}.{key}")
            self._kept[index] = (name, owner, tuple(now), tuple(now.values()))
        return found


def _inherits(kind: type, name: str) -> bool:
    return any(name in vars(base) for base in kind.__mro__[1:])


def _wraps(new: Any, old: Any) -> bool:
    """Whether PyTorch itself has put a function around one of its own, as torch._dynamo does when it is imported."""
    code = getattr(new, "__code__", None)
    return getattr(new, "__wrapped__", None) is old and code is not None and _PYTORCH in code.co_filename


def modules() -> dict[str, Any]:
    """The modules above that are loaded now, by name."""
    return {name: sys.modules[name] for name in (*_FIRST, *_MODULES) if name in sys.modules}


class _Kept:
    originals: Originals | None = None


def keep() -> None:
    """Keep what all names stand for now: before any code under test has run in this process."""
    _Kept.originals = Originals()


@contextlib.contextmanager
def not_kept() -> Iterator[None]:
    """Look for nothing that was replaced inside the block, in which the course's own answers run."""
    kept, _Kept.originals = _Kept.originals, None
    try:
        yield
    finally:
        _Kept.originals = kept


def put_back(thorough: bool) -> list[str]:
    """Put back what was replaced since `keep`; return the names, and none where nothing was kept."""
    return _Kept.originals.put_back(thorough) if _Kept.originals is not None else []
