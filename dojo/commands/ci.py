"""`dojo ci …`: the commands that the workflows of a CI run."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dojo.commands.parser import Command, Parser


def _options_judge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--upstream", required=True, metavar="URL", help="where the course is: a URL or a path")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder to write into")
    parser.add_argument(
        "--fail-on",
        choices=["went-red", "any-red", "never"],
        default="went-red",
        help="exit with status 1 if a step went from green to red (default), if a core step is red, or never",
    )
    parser.add_argument(
        "-n", default="auto", metavar="N", help="the number of processes (default: auto, at most one for each core)"
    )
    _add_progress_branch(parser, "--progress-branch")


def _run_judge(arguments: argparse.Namespace) -> int:
    from dojo.ci.judge import judge_fork

    return judge_fork(
        Path.cwd(),
        upstream=arguments.upstream,
        out=Path(arguments.out),
        fail_on=arguments.fail_on,
        processes=arguments.n,
        annotate=bool(os.environ.get("GITHUB_ACTIONS")),
        remote=arguments.remote,
        progress_branch=arguments.progress_branch,
    )


def _options_role(parser: argparse.ArgumentParser) -> None:
    says = "the repository that this one was made from (default: DOJO_UPSTREAM)"
    parser.add_argument("--upstream", default="", metavar="URL", help=says)
    parser.add_argument("--about", metavar="FILE", help="the answer of GitHub's API about this repository (JSON)")
    parser.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="the repository (default: this one)")


def _run_role(arguments: argparse.Namespace) -> int:
    from dojo.ci.role import tell_role

    return tell_role(
        Path(arguments.folder).absolute(),
        named=os.environ.get("DOJO_ROLE", ""),
        upstream=arguments.upstream or os.environ.get("DOJO_UPSTREAM", ""),
        about=Path(arguments.about) if arguments.about else None,
    )


def _options_publish(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--progress", required=True, metavar="FILE", help="the progress file that dojo ci judge wrote")
    parser.add_argument("--commit", metavar="ID", help="the commit that was judged (default: HEAD)")
    parser.add_argument("--upstream", metavar="URL", help="compare the fork again with the course at this URL")
    parser.add_argument("--push-option", action="append", default=[], metavar="OPTION", help="an option for git push")
    _add_progress_branch(parser, "--branch")


def _run_publish(arguments: argparse.Namespace) -> int:
    from dojo.ci.publish import publish

    return publish(
        Path.cwd(),
        file=Path(arguments.progress),
        remote=arguments.remote,
        branch=arguments.progress_branch,
        commit=arguments.commit,
        upstream=arguments.upstream,
        push_options=arguments.push_option,
    )


def _options_stray(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--event", required=True, metavar="FILE", help="the event, as GitHub sends it (JSON)")
    says = "the list of changed files: GitHub's JSON, or one path on each line"
    parser.add_argument("--files", required=True, metavar="FILE", help=says)
    parser.add_argument("--out", required=True, metavar="FILE", help="where to write the note")


def _run_stray(arguments: argparse.Namespace) -> int:
    from dojo.ci.stray_pull_request import look_at_pull_request

    return look_at_pull_request(Path(arguments.event), files=Path(arguments.files), out=Path(arguments.out))


def _add_progress_branch(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument("--remote", default="origin", metavar="NAME", help="the fork's remote (default: origin)")
    says = "the branch of the reports (default: progress)"
    command.add_argument(name, dest="progress_branch", default="progress", metavar="NAME", help=says)


_PARTS = {
    "role": (
        "tell whose repository this is: the course's, a class's or a learner's",
        Command(
            "Print the role of this repository: course, class or learner. The variable DOJO_ROLE sets the role. If it "
            "is not set, the role follows from the state of the repository.",
            "dojo ci role --upstream URL",
            _options_role,
            _run_role,
        ),
    ),
    "judge": (
        "judge this fork with the course's own tests",
        Command(
            "Find the version of the course that this fork is based on, and judge the fork's katas with the tests of "
            "that version. Write progress.json, summary.md and codequality.json. The exit status is 1 if a step went "
            "red, and 2 if there is no verdict.",
            "dojo ci judge --upstream URL --out report",
            _options_judge,
            _run_judge,
        ),
    ),
    "publish": (
        "write a report to the fork's branch progress",
        Command(
            "Check a progress file key by key, and add it to a branch with the history, a badge and a page. No code "
            "in katas/ runs, and the working tree does not change.",
            "dojo ci publish --progress report/progress.json",
            _options_publish,
            _run_publish,
        ),
    ),
    "stray-pull-request": (
        "find out whether a pull request was meant for a fork",
        Command(
            "Find out whether a pull request to the course has only answers, and write a note to its author. The "
            "workflow closes the pull request.",
            "dojo ci stray-pull-request --event event.json --files files.json --out note.md",
            _options_stray,
            _run_stray,
        ),
    ),
}


def _options(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser, required=True)
    for name, (line, part) in _PARTS.items():
        part.fill(parts.add_parser(name, help=line))


COMMANDS = {
    "ci": Command(
        "The commands that .github/workflows and .gitlab-ci.yml run. You can run each of them by hand.",
        "dojo ci judge --upstream URL --out report",
        _options,
        _run_judge,
    ),
}
