"""Runs of the small course without a private name of PyTorch or pytest: python -m checks.private_names COURSE NAME …

Prints a JSON object with the exit status and the output of one run for each name. Each run is a fork of this process,
which has imported PyTorch but nothing of dojo/ that uses a private name.
"""

from __future__ import annotations

import importlib
import importlib.abc
import json
import operator
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch.utils.backend_registration

from .small_course import ROOT, Ran, SmallCourse

PLUGIN = """
import os
from checks.private_names import take_away
take_away(os.environ["GONE"])
"""


class _Missing:
    """In a class: an attribute that neither the class nor its instances have."""

    def __get__(self, instance: object, kind: object = None) -> Any:
        raise AttributeError("taken away")


class _Blocks(importlib.abc.MetaPathFinder):
    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if f"{fullname}.".startswith(f"{self.name}."):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def take_away(name: str) -> None:
    """Let a name of PyTorch or pytest be missing in this process, as it may be in another version."""
    place, _, attribute = name.rpartition(".")
    if name in sys.modules or name == "torch._dynamo":
        for loaded in [loaded for loaded in sys.modules if f"{loaded}.".startswith(f"{name}.")]:
            del sys.modules[loaded]
        sys.meta_path.insert(0, _Blocks(name))
        return
    if attribute == "TerminalReporter":
        _import_without_reporter(name)
        return
    top, _, path = place.partition(".")
    owner = operator.attrgetter(path)(sys.modules[top]) if path else sys.modules[top]
    if owner is torch.ops.aten:
        _take_operator_away(type(owner), attribute)
        return
    try:
        delattr(owner, attribute)
    except AttributeError:
        # Inherited from a class that is written in C++.
        setattr(owner, attribute, _Missing())
    except TypeError:
        # A class that is written in C++ can't be changed: put a subclass in its place.
        outer, _, last = path.rpartition(".")
        setattr(operator.attrgetter(outer)(sys.modules[top]), last, type(last, (owner,), {attribute: _Missing()}))


def _import_without_reporter(name: str) -> None:
    """Hide pytest's reporter from dojo/ alone: pytest itself makes one later."""
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(pytest, "TerminalReporter", raising=False)
        patch.delattr(name)
        importlib.import_module("dojo.testbed.pytest_private")


def _take_operator_away(namespace: Any, name: str) -> None:
    find = namespace.__getattr__

    def find_others(self: Any, wanted: str) -> Any:
        if wanted == name:
            raise AttributeError(wanted)
        return find(self, wanted)

    namespace.__getattr__ = find_others
    torch.ops.aten.__dict__.pop(name, None)


def runs_without(course: SmallCourse, names: list[str], *options: str) -> dict[str, Ran]:
    """What a user sees of `pytest` in the course, by the name that is missing."""
    course.write("gone.py", PLUGIN)
    command = [sys.executable, "-m", "checks.private_names", str(course.root), *options, "--", *names]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name: Ran(*found) for name, found in json.loads(ran.stdout).items()}


def main() -> None:
    """Run, and print what came of it."""
    root, *rest = sys.argv[1:]
    options, names = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    course = SmallCourse(Path(root))
    found = {}
    for name in names:
        ran = course.pytest("-p", "gone", *options, devices="all", env={"GONE": name})
        found[name] = (ran.status, ran.out)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
