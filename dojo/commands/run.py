"""`dojo run`: runs the tests of a step, a kata or a lesson once."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root


def run_steps(root: Path, name: str, *, devices: list[str] | None = None, fresh: bool = False) -> int:
    """Run pytest on the steps called `name`. Returns its exit status: 0 if all are green, 1 if a step is red.

    Raises DojoError if no step, kata or lesson has that name.
    """
    steps = read_curriculum(root).chosen(name)
    command = [sys.executable, "-m", "pytest", *(part for step in steps for part in ("--step", step.id))]
    command += [part for device in devices or [] for part in ("--device", device)]
    command += ["--fresh"] if fresh else []
    sys.stdout.flush()
    # A separate process, as if the learner typed pytest. It writes to the same terminal.
    return subprocess.run(command, cwd=root, env=os.environ, check=False).returncode


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a step's, a kata's or a lesson's name")
    parser.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")


def _run(arguments: argparse.Namespace) -> int:
    return run_steps(find_root(), arguments.name, devices=arguments.device, fresh=arguments.fresh)


COMMANDS = {
    "run": Command(
        "Run the tests of a step, a kata or a lesson, stopping at the first red one: pytest --step.",
        "dojo run full_of",
        _options,
        _run,
    ),
}
