"""`dojo completion`: what makes a shell complete the dojo's commands, options and step names."""

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
    """The lines that a shell's start-up file evaluates. Raises DojoError for a shell that is not known."""
    scripts = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
    if shell not in scripts:
        raise DojoError(f"There is no completion for {shell}. Give one of {', '.join(SHELLS)}.")
    return scripts[shell]


def candidates(parser: argparse.ArgumentParser, words: list[str], root: Path | None) -> list[str]:
    """What may follow `words` on the command line: commands; or a command's options and, where it takes one, names."""
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction)).choices
    command = next((word for word in words if word in commands), None)
    if command is None:
        return [*(name for name in commands if name != "complete"), "--help", "--version"]
    parser = commands[command]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            parser = next((action.choices[word] for word in words if word in action.choices), parser)
    actions = parser._actions
    found = [option for action in actions for option in action.option_strings if option.startswith("--")]
    takes = {action.dest for action in actions if not action.option_strings}
    for action in actions:
        if not action.option_strings and action.choices:
            found += list(action.choices)
    if root is not None and takes & {"step", "name", "lesson"}:
        curriculum = read_curriculum(root)
        if "step" in takes or "name" in takes:
            found += [step.name for step in curriculum.steps()]
        if "name" in takes or "lesson" in takes:
            found += [lesson.id for lesson in curriculum.lessons]
        if "name" in takes:
            found += [kata.id for kata in curriculum.katas()]
    return list(dict.fromkeys(found))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell")


def _run(arguments: argparse.Namespace) -> int:
    print(script(arguments.shell), end="")
    return 0


COMMANDS = {
    "completion": Command(
        "Print the lines that make a shell complete the dojo's commands, options and step names.",
        'bash: eval "$(dojo completion bash)" in ~/.bashrc; fish: dojo completion fish | source',
        _options,
        _run,
    ),
}
