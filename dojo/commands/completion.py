"""`dojo completion`: the lines that let a shell complete commands, options and names of steps."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.support.errors import DojoError

SHELLS = ("bash", "zsh", "fish")

_BASH = """\
_dojo() {
    local word="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($(compgen -W "$(dojo complete -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "$word"))
}
complete -o default -F _dojo dojo
"""
_ZSH = """\
#compdef dojo
_dojo() {
    local -a found
    found=(${(f)"$(dojo complete -- ${words[2,CURRENT-1]} 2>/dev/null)"})
    (( ${#found} )) && compadd -a found || _files
}
compdef _dojo dojo
"""
_FISH = """\
complete -c dojo -f -a '(dojo complete -- (commandline -opc)[2..] 2>/dev/null)'
"""


def script(shell: str) -> str:
    """The lines for a shell's start-up file. Raises DojoError for an unknown shell."""
    scripts = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
    if shell not in scripts:
        raise DojoError(f"There is no completion for {shell}. Give one of {', '.join(SHELLS)}.")
    return scripts[shell]


def candidates(parser: argparse.ArgumentParser, words: list[str], root: Path | None) -> list[str]:
    """What may follow `words` on the command line: a command, or an option or a name that the command accepts."""
    commands = _subcommands(parser)
    command = next((word for word in words if word in commands), None)
    if command is None:
        return [*(name for name in commands if name != "complete"), "--help", "--version"]
    parser = commands[command]
    inner = _subcommands(parser)
    parser = next((inner[word] for word in words if word in inner), parser)
    options = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
    arguments = [action for action in parser._actions if not action.option_strings]
    choices = [choice for action in arguments for choice in action.choices or ()]
    names = _names(root, {action.dest for action in arguments}) if root is not None else []
    return list(dict.fromkeys([*options, *choices, *names]))


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return found[0] if found else {}


def _names(root: Path, arguments: set[str]) -> list[str]:
    """The names in the course that arguments called "step", "name" or "lesson" accept."""
    if not arguments & {"step", "name", "lesson"}:
        return []
    curriculum = read_curriculum(root)
    steps = [step.name for step in curriculum.steps()] if arguments & {"step", "name"} else []
    lessons = [lesson.id for lesson in curriculum.lessons] if arguments & {"lesson", "name"} else []
    katas = [kata.id for kata in curriculum.katas()] if "name" in arguments else []
    return steps + lessons + katas


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell")


def _run(arguments: argparse.Namespace) -> int:
    print(script(arguments.shell), end="")
    return 0


COMMANDS = {
    "completion": Command(
        "Print the lines that make a shell complete the commands, options and names of steps.",
        'eval "$(dojo completion bash)"    # in ~/.bashrc\ndojo completion fish | source',
        _options,
        _run,
    ),
}
