"""`dojo run`: runs the tests of a step, a kata or a lesson once."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root
from dojo.course.practice import practice_choice
from dojo.progress.statuses import GREEN
from dojo.running.progress_of_run import progress_of_run
from dojo.support.errors import DojoError
from dojo.tutor.as_json import json_of
from dojo.tutor.run_answer import run_answer


def _run(arguments: argparse.Namespace) -> int:
    """Run pytest on a step, a kata or a lesson. Returns its exit status: 0 if all steps are green, 1 if a step is red.

    A kata or a lesson means its core steps. It means all of its steps with --practice, if practice is on, or if it has
    no core steps. Raises DojoError if no step, kata or lesson has the given name.
    """
    if arguments.json and arguments.pdb:
        raise DojoError("--json and --pdb do not work together: leave one of them out.")
    root = find_root()
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(arguments.name)
    core = tuple(step for step in steps if step.is_core)
    if core and len(core) < len(steps) and not practice_choice(root, option=arguments.practice).practice:
        steps = core
    options = [part for step in steps for part in ("--step", step.id)]
    options += [part for device in arguments.device or [] for part in ("--device", device)]
    options += [f"--{option}" for option in ("fresh", "pdb") if getattr(arguments, option)]
    if arguments.json:
        progress = progress_of_run(root, options, f"dojo run {arguments.name}")
        answer = run_answer(root, curriculum, steps, progress)
        print(json_of(answer))
        return 0 if answer.status == GREEN else 1
    sys.stdout.flush()
    # This is a separate process, as if the learner typed pytest. It writes to the same terminal.
    typed = shlex.join(["dojo", *arguments.words])
    command = [sys.executable, "-m", "pytest", *options, f"--dojo-typed={typed}"]
    return subprocess.run(command, cwd=root, check=False).returncode


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the name of a step, a kata or a lesson")
    parser.add_argument("--practice", action="store_true", help="run the practice steps of a kata or a lesson too")
    parser.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")
    parser.add_argument("--pdb", action="store_true", help="open Python's debugger where a step fails")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, for an assistant")


COMMANDS = {
    "run": Command(
        "Run the tests of a step, or of the core steps of a kata or a lesson, in order. The run stops at the first red "
        "step.",
        "dojo run full_of\ndojo run --practice kata_01_creating    # the practice steps of the kata too",
        _options,
        _run,
    ),
}
