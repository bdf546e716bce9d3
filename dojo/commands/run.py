"""`dojo run`: runs the tests of a step, a kata or a lesson once."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root
from dojo.course.practice import practice_choice
from dojo.progress.statuses import GREEN
from dojo.running.progress_of_run import progress_of_run
from dojo.support.errors import DojoError
from dojo.tutor.as_json import json_of
from dojo.tutor.run_answer import run_answer


def run_steps(root: Path, name: str, options: Sequence[str], *, practice: bool = False, as_json: bool = False) -> int:
    """Run pytest on the steps called `name`. Returns its exit status: 0 if all are green, 1 if a step is red.

    Of a kata or a lesson, the core steps are run; with `practice`, or if practice is on, all steps. A kata or lesson
    without core steps, and a step by its name, is always run. `options` are more options for pytest. With `as_json`,
    print what the run has found as JSON, and nothing else. Raises DojoError if no step, kata or lesson has that name.
    """
    curriculum = read_curriculum(root)
    steps = curriculum.chosen(name)
    core = tuple(step for step in steps if step.is_core)
    if core and len(core) < len(steps) and not practice_choice(root, option=practice).practice:
        steps = core
    options = [*(part for step in steps for part in ("--step", step.id)), *options]
    if as_json:
        answer = run_answer(root, curriculum, steps, progress_of_run(root, options, f"dojo run {name}"))
        print(json_of(answer))
        return 0 if answer.status == GREEN else 1
    sys.stdout.flush()
    # A separate process, as if the learner typed pytest. It writes to the same terminal.
    return subprocess.run([sys.executable, "-m", "pytest", *options], cwd=root, check=False).returncode


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a step's, a kata's or a lesson's name")
    parser.add_argument("--practice", action="store_true", help="run the practice steps of a kata or a lesson too")
    parser.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")
    parser.add_argument("--pdb", action="store_true", help="open Python's debugger where a step fails")
    parser.add_argument("--json", action="store_true", help="print what the run has found as JSON, for an assistant")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.json and arguments.pdb:
        raise DojoError("With --json nobody can type to a debugger: leave out --json or --pdb.")
    options = [part for device in arguments.device or [] for part in ("--device", device)]
    options += [f"--{option}" for option in ("fresh", "pdb") if getattr(arguments, option)]
    return run_steps(find_root(), arguments.name, options, practice=arguments.practice, as_json=arguments.json)


COMMANDS = {
    "run": Command(
        "Run the tests of a step, or of the core steps of a kata or a lesson, in order. The run stops at "
        "the first red step.",
        "dojo run full_of\ndojo run --practice kata_01_creating    # the practice steps of the kata too",
        _options,
        _run,
    ),
}
