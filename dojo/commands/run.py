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
from dojo.course.practice import practice_choice


def run_steps(
    root: Path,
    name: str,
    *,
    practice: bool = False,
    devices: list[str] | None = None,
    fresh: bool = False,
    pdb: bool = False,
) -> int:
    """Run pytest on the steps called `name`. Returns its exit status: 0 if all are green, 1 if a step is red.

    Of a kata or a lesson, the core steps are run; with `practice`, or if practice is on, all steps. A kata or lesson
    without core steps, and a step by its name, is always run. With `pdb`, Python's debugger opens where a step fails.
    Raises DojoError if no step, kata or lesson has that
    name.
    """
    steps = read_curriculum(root).chosen(name)
    core = tuple(step for step in steps if step.is_core)
    if core and len(core) < len(steps) and not practice_choice(root, option=practice).practice:
        steps = core
    command = [sys.executable, "-m", "pytest", *(part for step in steps for part in ("--step", step.id))]
    command += [part for device in devices or [] for part in ("--device", device)]
    command += ["--fresh"] if fresh else []
    command += ["--pdb"] if pdb else []
    sys.stdout.flush()
    # A separate process, as if the learner typed pytest. It writes to the same terminal.
    return subprocess.run(command, cwd=root, env=os.environ, check=False).returncode


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a step's, a kata's or a lesson's name")
    parser.add_argument("--practice", action="store_true", help="run the practice steps of a kata or a lesson too")
    parser.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")
    parser.add_argument("--pdb", action="store_true", help="open Python's debugger where a step fails")


def _run(arguments: argparse.Namespace) -> int:
    return run_steps(
        find_root(),
        arguments.name,
        practice=arguments.practice,
        devices=arguments.device,
        fresh=arguments.fresh,
        pdb=arguments.pdb,
    )


COMMANDS = {
    "run": Command(
        "Run the tests of a step, or of the core steps of a kata or a lesson, in order. The run stops at "
        "the first red step.",
        "dojo run full_of\ndojo run --practice kata_01_creating    # the practice steps of the kata too",
        _options,
        _run,
    ),
}
