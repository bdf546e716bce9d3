"""Private names of other packages, and the sentence to print if the installed version lacks a name."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.util
from typing import Any

from dojo.support.versions import version_of


@dataclasses.dataclass(frozen=True)
class PrivateName:
    """`name` in `module`, or the module itself if `name` is empty. `lost` says what a run lacks without it."""

    package: str
    module: str
    name: str
    lost: str

    def missing(self) -> str:
        """A sentence about the missing name; "" if it is there. Does not import the module if there is no `name`."""
        try:
            there = find(self) if self.name else importlib.util.find_spec(self.module)
        except (ImportError, ValueError):
            there = None
        path = f"{self.module}.{self.name}" if self.name else self.module
        package = "PyTorch" if self.package == "torch" else self.package
        return "" if there else f"{package} {version_of(self.package)} has no {path}: {self.lost}"


@functools.cache
def find(private: PrivateName) -> Any:
    """Return the object with this name, or None if it is missing. Imports its module. The result is cached."""
    try:
        module = importlib.import_module(private.module)
    except ImportError:
        return None
    return getattr(module, private.name, None) if private.name else module
