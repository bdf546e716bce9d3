"""`dojo open`: opens a step in the learner's editor."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from dojo.commands.parser import Command, optional_step
from dojo.course.curriculum import Step
from dojo.course.definitions import read_definitions
from dojo.course.layout import find_root
from dojo.progress.asked_step import asked_step
from dojo.support.errors import DojoError

# How to name a line: `file:line`, an option with `file:line`, or --line. Most editors accept `+line`.
_COLON = {"subl", "zed", "hx", "helix", "micro"}
_GOTO = {"code", "code-insiders", "codium", "cursor", "windsurf"}
_LINE = {"pycharm", "charm", "idea", "gedit", "kate"}
_GUESSES = ("code", "nano", "vim", "vi", "notepad")


def _run(arguments: argparse.Namespace) -> int:
    """Open the file of a step (default: the step in focus) at its line; return the editor's exit status.

    Raises DojoError if there is no editor, or if no step was named and no step is in focus.
    """
    root = find_root()
    command = _editor_command(root, asked_step(root, arguments.step, "To open a step: dojo open STEP"))
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        raise DojoError(f"{command[0]} could not be started ({error.strerror}). Set EDITOR to your editor.") from None


def _editor_command(root: Path, step: Step) -> list[str]:
    """The command that opens a step's file at its line in the learner's editor.

    Raises DojoError if neither VISUAL nor EDITOR is set and no common editor is installed.
    """
    path = root / "katas" / f"{step.kata_id}.py"
    definition = read_definitions(path).get(step.name)
    line = definition.line if definition else 1
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, _GUESSES), None)
    if wanted is None:
        raise DojoError(f"No editor was found. Set EDITOR, for example EDITOR=nano. The step is at {path}:{line}")
    try:
        words = shlex.split(wanted, posix=os.name != "nt")
    except ValueError:
        words = [wanted]
    editor = Path(words[0]).stem.lower()
    if editor in _GOTO:
        return [*words, "--goto", f"{path}:{line}"]
    if editor in _COLON:
        return [*words, f"{path}:{line}"]
    if editor in _LINE:
        return [*words, "--line", str(line), str(path)]
    if editor == "notepad":
        return [*words, str(path)]
    return [*words, f"+{line}", str(path)]


COMMANDS = {
    "open": Command(
        "Open a step's file in the editor that the variable VISUAL or EDITOR names, at the line of the step.",
        "dojo open full_of",
        optional_step,
        _run,
    ),
}
