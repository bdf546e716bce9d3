"""`dojo completion`: the lines that let a shell complete commands, options and names of steps."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum

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
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def candidates(parser: argparse.ArgumentParser, words: list[str], root: Path | None) -> list[str]:
    """The words that may follow `words` on the command line: commands, or options and names for a command."""
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
    """The names in the course that arguments called "step", "kata", "lesson" or "name" (any of the three) accept."""
    if not arguments & {"step", "kata", "lesson", "name"}:
        return []
    curriculum = read_curriculum(root)
    steps = [step.name for step in curriculum.steps()] if arguments & {"step", "name"} else []
    lessons = [lesson.id for lesson in curriculum.lessons] if arguments & {"lesson", "name"} else []
    katas = [kata.id for kata in curriculum.katas()] if arguments & {"kata", "name"} else []
    return steps + lessons + katas


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=list(_SCRIPTS), help="the shell")


def _run(arguments: argparse.Namespace) -> int:
    print(_SCRIPTS[arguments.shell], end="")
    return 0


COMMANDS = {
    "completion": Command(
        "Print the lines that make your shell complete commands, options, and names of steps.",
        'eval "$(dojo completion bash)"    # in ~/.bashrc\ndojo completion fish | source',
        _options,
        _run,
    ),
}
