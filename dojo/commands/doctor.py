"""`dojo doctor`: what is installed, what is wrong with it, and the command that fixes it."""

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


def diagnose_installation(root: Path, console: Console | None = None, *, for_class: bool = False) -> int:
    """Print versions, devices and faults; return 0 if there is no fault, else 1. Imports torch.

    for_class: say as well whether this machine can verify a class.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    faults: list[tuple[str, str]] = []
    console.print(f"course   {root}")
    console.print(f"python   {platform.python_version()} ({sys.executable})")
    faults += _clones(root)
    faults += _walked(root, console)
    faults += _packages(console)
    faults += _programs()
    faults += _memory(root)
    faults += _devices(console)
    faults += _judge(console) if for_class else []
    for says, remedy in faults:
        console.print(f"\n[red]✗[/red] {says}\n  fix it with: [cyan]{remedy}[/cyan]")
    if not faults:
        console.print("\n[green]✓[/green] nothing is wrong here")
    return int(bool(faults))


def _clones(root: Path) -> list[tuple[str, str]]:
    """Whether this command belongs to the course that it works on."""
    home = home_of_another_clone(root)
    return (
        [(f"The command dojo comes from {escape(str(home))}, and this course has its own.", _INSTALL)] if home else []
    )


def _walked(root: Path, console: Console) -> list[tuple[str, str]]:
    """Which steps are walked, and where this was said."""
    try:
        choice = practice_choice(root)
        read_settings(root / SETTINGS)
    except DojoError as error:
        return [(escape(str(error)), f"edit {SETTINGS}, or remove it")]
    console.print(f"walked   {choice}")
    return []


def _packages(console: Console) -> list[tuple[str, str]]:
    """Print the version of every required package; return those that are missing or of a wrong version."""
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


def _programs() -> list[tuple[str, str]]:
    """A fault if the command `pytest` starts another Python's pytest."""
    found = shutil.which("pytest")
    here = Path(sys.executable).parent
    if found is None or Path(found).parent != here:
        where = f"The pytest that you start is {found}" if found else "pytest is not on the PATH"
        activate = r".venv\Scripts\activate" if os.name == "nt" else f". {here / 'activate'}"
        return [(f"{where}: not this Python's.", activate if (here / "activate").exists() else _INSTALL)]
    return []


def _memory(root: Path) -> list[tuple[str, str]]:
    folder = root / ".dojo"
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK)):
        return [("What the dojo remembers can't be written to .dojo/.", f"rm -r {folder}")]
    return []


def _devices(console: Console) -> list[tuple[str, str]]:
    try:
        devices = find_devices([])
    except ImportError as error:
        return [(f"PyTorch does not import: {error}", f"{_INSTALL} --force-reinstall")]
    for device in devices:
        console.print(
            f"device   {device.name}" + (f" [dim](left out: {device.left_out})[/dim]" if device.left_out else "")
        )
    return []


def _judge(console: Console) -> list[tuple[str, str]]:
    """Whether `dojo class --verify` works on this machine."""
    from dojo.judging.judge import can_verify

    able, says, remedy = can_verify()
    if not able:
        return [(says, remedy)]
    console.print(f"class    {says}")
    return []


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--class", action="store_true", dest="for_class", help="say also whether this machine can verify a class"
    )


def _run(arguments: argparse.Namespace) -> int:
    return diagnose_installation(find_root(), for_class=arguments.for_class)


COMMANDS = {
    "doctor": Command(
        "Show versions and devices, and for each problem of the installation what to do.",
        "dojo doctor\ndojo doctor --class    # on a machine that verifies a class",
        _options,
        _run,
    ),
}
