"""`dojo doctor`: the versions that are installed, the faults, and for each fault the command that fixes it."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from rich.console import Console
from rich.markup import escape

from dojo.commands.parser import Command
from dojo.course.layout import find_root, home_of_another_clone
from dojo.course.practice import SETTINGS, practice_choice, read_settings
from dojo.support.errors import DojoError
from dojo.testbed.devices import find_devices

_INSTALL = "pip install -c constraints.txt -e ."
_DISTRIBUTION = "pytorch-dojo"

# A sentence that says what is wrong, and the command that fixes it.
_Fault = tuple[str, str]


def _run(arguments: argparse.Namespace) -> int:
    """Print versions, devices and faults; return 0 if there is no fault, else 1. Imports torch."""
    root = find_root()
    console = Console(highlight=False, soft_wrap=True)
    faults: list[_Fault] = []
    console.print(f"course   {root}")
    console.print(f"python   {platform.python_version()} ({sys.executable})")
    faults += _clones(root)
    faults += _steps(root, console)
    faults += _packages(console)
    faults += _programs()
    faults += _memory(root)
    faults += _devices(console)
    faults += _judge(console) if arguments.for_class else []
    for says, remedy in faults:
        console.print(f"\n[red]✗[/red] {says}\n  fix it with: [cyan]{remedy}[/cyan]")
    if not faults:
        console.print("\n[green]✓[/green] nothing is wrong here")
    return int(bool(faults))


def _clones(root: Path) -> list[_Fault]:
    """Find out whether this command belongs to the course that it works on."""
    home = home_of_another_clone(root)
    says = f"The command dojo comes from {escape(str(home))}, and this course has its own."
    return [(says, _INSTALL)] if home else []


def _steps(root: Path, console: Console) -> list[_Fault]:
    """Print which steps `pytest` runs, and which setting decides this."""
    try:
        choice = practice_choice(root)
        read_settings(root / SETTINGS)
    except DojoError as error:
        return [(escape(str(error)), f"edit {SETTINGS}, or remove it")]
    console.print(f"steps    {choice}")
    return []


def _packages(console: Console) -> list[_Fault]:
    """Print the version of every required package. A missing package or a wrong version is a fault."""
    try:
        needed = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return [("The course is not installed in this Python.", _INSTALL)]
    faults = []
    for requirement in map(Requirement, needed):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            faults.append((f"{requirement.name} is not installed.", _INSTALL))
            continue
        console.print(f"{requirement.name:<8} {version}")
        if not requirement.specifier.contains(version, prereleases=True):
            faults.append((f"{requirement.name} {version} is not {requirement.specifier}.", _INSTALL))
    return faults


def _programs() -> list[_Fault]:
    """Find out whether the command `pytest` starts the pytest of this Python."""
    found = shutil.which("pytest")
    here = Path(sys.executable).parent
    if found is None or Path(found).parent != here:
        says = f"The command pytest is {found}, which is not the pytest of this Python."
        activate = r".venv\Scripts\activate" if os.name == "nt" else f". {here / 'activate'}"
        remedy = activate if (here / "activate").exists() else _INSTALL
        return [(says if found else "The command pytest is not on the PATH.", remedy)]
    return []


def _memory(root: Path) -> list[_Fault]:
    folder = root / ".dojo"
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK)):
        return [("The dojo can't write to its folder .dojo/.", f"rm -r {folder}")]
    return []


def _devices(console: Console) -> list[_Fault]:
    try:
        devices = find_devices([])
    except ImportError as error:
        return [(f"PyTorch does not import: {error}", f"{_INSTALL} --force-reinstall")]
    for device in devices:
        left_out = f" [dim](left out: {device.left_out})[/dim]" if device.left_out else ""
        console.print(f"device   {device.name}{left_out}")
    return []


def _judge(console: Console) -> list[_Fault]:
    """Find out whether `dojo class --verify` works on this machine."""
    from dojo.judging.judge import can_verify

    able, says, remedy = can_verify()
    if not able:
        return [(says, remedy)]
    console.print(f"class    {says}")
    return []


def _options(parser: argparse.ArgumentParser) -> None:
    says = "also find out whether this machine can verify a class"
    parser.add_argument("--class", action="store_true", dest="for_class", help=says)


COMMANDS = {
    "doctor": Command(
        "Show versions and devices. For each problem with the installation, show the command that fixes it.",
        "dojo doctor\ndojo doctor --class    # on a machine that verifies a class",
        _options,
        _run,
    ),
}
