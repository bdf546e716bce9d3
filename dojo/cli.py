"""The command line of the dojo. Commands that only read never import torch, nor a learner's file."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from dojo import __version__
from dojo.course.layout import find_root
from dojo.support.errors import DojoError
from dojo.support.text import nearest


def main(argv: Sequence[str] | None = None) -> int:
    """Run the `dojo` command; return its exit status: 0 done, 1 something is red, 2 it could not be done."""
    parser = _parser()
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["complete"]:
        return _complete(parser, words[1:])
    # Without a command: watch.
    arguments = parser.parse_args(words if words else ["watch"])
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except DojoError as error:
        print(f"dojo: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read this has gone: nothing more is to be written, at exit neither.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
        return 1
    except KeyboardInterrupt:
        return 130


class _Parser(argparse.ArgumentParser):
    """Says which commands are nearest to one that does not exist."""

    def error(self, message: str) -> NoReturn:
        match = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if match:
            known = re.findall(r"[\w-]+", match[2])
            message = f"there is no {match[1]}. {nearest(match[1], known) or 'dojo --help lists the commands.'}"
        self.exit(2, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="dojo",
        description="The course's own command line. Without a command: dojo watch. To run katas once: pytest",
        epilog="Each command has its own --help, with an example.",
    )
    parser.add_argument("--version", action="version", version=f"dojo {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser, required=False)

    def add(name: str, function: Callable[[argparse.Namespace], int], about: str, more: str, example: str) -> Any:
        command = commands.add_parser(name, help=about, description=more, epilog=f"example: {example}")
        command.set_defaults(command=function)
        return command

    watch = add(
        "watch",
        _watch,
        "save a file, see the verdict (also: dojo alone)",
        "Watch katas/: each time you save, the step at hand is judged at once. Keys: h hint, n and p next and previous "
        "step, l list, d compare, r reset, a run all, q quit. Where there is no terminal, reports are printed.",
        "dojo watch    or, at a step of your choice: dojo watch softmax_rows",
    )
    watch.add_argument("step", nargs="?", help="begin at this step (default: the first that is not green)")
    watch.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    watch.add_argument("--fresh", action="store_true", help="run green steps again, also where nothing has changed")
    watch.add_argument("--poll", action="store_true", help="look at files in turn instead of waiting for events")
    watch.add_argument("--plain", action="store_true", help="print reports one after another instead of a screen")
    watch.add_argument(
        "--isolation",
        choices=["auto", "fork", "spawn"],
        default="auto",
        help="where runs go: into forks of a warm process, or into spare processes (default: auto)",
    )

    run = add(
        "run",
        _run,
        "run one step, as pytest does",
        "Run the tests of a step, a kata or a lesson, stopping at the first red one: pytest --step.",
        "dojo run full_of",
    )
    run.add_argument("name", help="a step's, a kata's or a lesson's name")
    run.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")

    listed = add(
        "list",
        _list,
        "show every step and its last status",
        "Show every step with its last status. Nothing is run: pytest and dojo watch do that.",
        "dojo list    or one lesson only: dojo list lesson_1",
    )
    listed.add_argument("lesson", nargs="?", help="only this lesson, kata or step")
    listed.add_argument("--json", action="store_true", help="as JSON")

    hint = add(
        "hint",
        _hint,
        "show the next hint for the step in focus, or for the step named",
        "Show the next hint for the step in focus, or for the step named. What was shown is remembered.",
        "dojo hint full_of",
    )
    hint.add_argument("step", nargs="?", help="a step's name; default: the first step that is not green")
    hint.add_argument("--all", action="store_true", help="show every hint of the step")

    diff = add(
        "diff",
        _diff,
        "show your answer beside the reference",
        "Show your answer beside the reference, and how many operators each makes PyTorch run in the docstring's "
        "example. For a step that is green.",
        "dojo diff full_of",
    )
    diff.add_argument("step", help="a step's name")
    diff.add_argument("--spoil", action="store_true", help="also before the step is green")

    graph = add(
        "graph",
        _graph,
        "draw the autograd graph that your own code recorded",
        "Run the example of a step's docstring with your own code, and draw the autograd graph that PyTorch recorded "
        "behind its result: as a tree here, and as a picture (SVG).",
        "dojo graph slope_at    or, for a reference answer: dojo graph slope_at --against solutions",
    )
    graph.add_argument("step", help="a step's name")
    graph.add_argument("--which", type=int, metavar="N", help="the N-th graph of the example (default: the last)")
    graph.add_argument("--against", metavar="DIR", help="the code in DIR (same tree as katas/), such as solutions")
    graph.add_argument("--svg", metavar="FILE", help="write the picture to FILE (default: a file in .dojo/graphs/)")

    show = add(
        "show",
        _show,
        "draw what your own code did in a training step",
        "Run a training step with your own code and draw what came of it: loss curves, the boundary between two "
        "classes, digits with predictions. In the terminal, and as a PNG where matplotlib is installed.",
        "dojo show fit_line    or, for a reference answer: dojo show fit_line --against solutions",
    )
    show.add_argument("step", help="a step's name")
    show.add_argument("--against", metavar="DIR", help="the code in DIR (same tree as katas/), such as solutions")
    show.add_argument("--png", metavar="FILE", help="write the picture to FILE (default: a file in .dojo/pictures/)")

    opened = add(
        "open",
        _open,
        "open a step in your editor, at its line",
        "Open a step's file at its line in the editor that VISUAL or EDITOR names.",
        "dojo open full_of",
    )
    opened.add_argument("step", nargs="?", help="a step's name; default: the first step that is not green")

    reset = add(
        "reset",
        _reset,
        "put stubs back; your version is kept",
        "Put the stub of a step, or those of a kata or a lesson, back. Your version is kept: dojo restore.",
        "dojo reset full_of",
    )
    reset.add_argument("name", help="a step's, a kata's or a lesson's name")

    restore = add(
        "restore",
        _restore,
        "bring back what a reset set aside",
        "Bring back the files that dojo reset, dojo again or dojo update set aside. What they replace is kept too.",
        "dojo restore    or an older one: dojo restore 2031-01-30",
    )
    restore.add_argument("backup", nargs="?", help="a backup's name or its beginning; default: the newest")
    restore.add_argument("--list", action="store_true", help="show the backups there are")

    again = add(
        "again",
        _again,
        "begin anew: a kata is for repeating",
        "Set your answers aside and put the stubs back, to go through a lesson or the course once more. Your bests "
        "(runs, time, hints) stay: dojo stats.",
        "dojo again lesson_1",
    )
    again.add_argument("lesson", nargs="?", help="a lesson, or a kata; default: the whole course")

    add(
        "stats",
        _stats,
        "show what the course has cost you so far",
        "Show runs, time and hints by lesson, the steps that took the most runs, and your bests.",
        "dojo stats",
    )

    progress = add(
        "progress",
        _progress,
        "show your progress, or write it as a page, a badge, …",
        "Run every step of yours (pytest --all, in a process of its own) and show what came of it: lessons with bars, "
        "devices, the step in focus. With --from nothing is run: the file is read. Exit status 0 also where steps are "
        "red.",
        "dojo progress    or, from a file: dojo progress --from progress.json --html page.html",
    )
    progress.add_argument(
        "--from", dest="source", metavar="FILE", help="what pytest --progress-json wrote; run nothing"
    )
    progress.add_argument("--previous", metavar="FILE", help="an earlier progress file: say what went green or red")
    progress.add_argument("--history", metavar="FILE", help="one line of JSON a push: the page's time line")
    progress.add_argument(
        "--curves", metavar="FILE", help="the page's loss curves (default: .dojo/curves.json; none with --from)"
    )
    progress.add_argument("--markdown", action="store_true", help="print Markdown, as a CI service shows it")
    progress.add_argument("--html", metavar="FILE", help="write a page that stands by itself")
    progress.add_argument("--badge", metavar="FILE", help="write a badge (SVG)")
    progress.add_argument("--junit", metavar="FILE", help="write a JUnit file (XML), a testcase a step")

    classroom = add(
        "class",
        _class,
        "see where a class stands: for those who teach",
        "Fetch the progress that each fork of a class has published, and write one page of it, with CSV and JSON. "
        "ROSTER.csv has the columns name and url (a URL or a path), and any others to filter by.",
        "dojo class class_of_2031.csv    or, judging every learner's katas here too: dojo class roster.csv --verify",
    )
    classroom.add_argument("roster", metavar="ROSTER.csv", help="who is in the class: name,url")
    classroom.add_argument("--out", metavar="DIR", default="class", help="where the page goes (default: class)")
    classroom.add_argument(
        "--jobs", type=int, metavar="N", help="forks side by side (default: 16; verifying: one a core)"
    )
    classroom.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="for fetching one fork (60)")
    classroom.add_argument(
        "--branch", default="progress", metavar="NAME", help="where forks publish (default: progress)"
    )
    classroom.add_argument("--verify", action="store_true", help="judge the learners' katas here too, in a sandbox")
    classroom.add_argument(
        "--verify-timeout", type=float, default=300, metavar="SECONDS", help="for verifying one fork (300)"
    )
    classroom.add_argument("--unsafe", action="store_true", help="verify also where there is no sandbox")
    classroom.add_argument("--dask", metavar="ADDRESS", help="verify on the workers of this Dask scheduler")

    update = add(
        "update",
        _update,
        "bring a newer version of the course into your fork; your answers stay",
        "Bring a newer version of the course into this fork: new steps and changed tests come in, your answers stay. "
        "Where the text of a step that you have written changed, the new stub is put beside your file. What katas/ "
        "held is kept: dojo restore.",
        "dojo update    or, where there is no remote named upstream: dojo update --from URL",
    )
    update.add_argument(
        "--from", dest="source", metavar="REMOTE", help="a remote, URL or path of the course (default: upstream)"
    )
    update.add_argument(
        "--to", metavar="REF", default="HEAD", help="a branch, tag or commit of it (default: its main branch)"
    )
    update.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    new = add(
        "new",
        _new,
        "begin a new step: for those who write katas",
        "Write the skeleton of a step into every tree: test, solution, stub, hints, mistakes, accepted ways. What is "
        "to be filled in says TODO, and dojo check fails until it is. A kata that is new gets its files.",
        "dojo new lesson_1 creating clip_rows    or, in a new kata: dojo new 1 kata_09_sorting sort_rows",
    )
    new.add_argument("lesson", help="a lesson: its folder, number or title")
    new.add_argument("kata", help="a kata of it, or kata_NN_name for a new one")
    new.add_argument("step", help="the name of the new step")
    new.add_argument("--class", dest="is_class", action="store_true", help="the step is a class, not a function")
    new.add_argument("--after", metavar="STEP", help="put it behind this step (default: at the end of the kata)")

    check = add(
        "check",
        _check,
        "check the course itself: for those who write katas",
        "Check the machinery, and that every step of the course has all its parts and that they hold.",
        "dojo check -k full_of",
    )
    check.add_argument("-n", type=int, metavar="N", help="processes side by side (default: one a core)")
    check.add_argument("-k", metavar="EXPRESSION", help="only the checks whose names match, as in pytest -k")

    add(
        "doctor",
        _doctor,
        "show versions and devices, and what is wrong with the installation",
        "Show versions and devices, and what is wrong with the installation and how to mend it.",
        "dojo doctor",
    )

    published = add(
        "publish-solutions",
        _publish_solutions,
        "write a branch to compare your katas with",
        "Write a branch whose tree is this one with katas/ filled in from solutions/. Your files are not touched. Then "
        "git diff solutions -- katas/lesson_1_tensors shows what differs.",
        "dojo publish-solutions    or, for the course's own repository: dojo publish-solutions --push origin",
    )
    published.add_argument("--branch", default="solutions", metavar="NAME", help="the branch (default: solutions)")
    published.add_argument("--main", default="main", metavar="NAME", help="the branch to start from (default: main)")
    published.add_argument("--push", metavar="REMOTE", help="also push the branch to this remote")

    _add_ci(add)

    completion = add(
        "completion",
        _completion,
        "make your shell complete commands and step names",
        "Print the lines that make a shell complete the dojo's commands, options and step names.",
        'bash: eval "$(dojo completion bash)" in ~/.bashrc; fish: dojo completion fish | source',
    )
    completion.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell")
    return parser


def _add_ci(add: Callable[..., Any]) -> None:
    """The commands that the workflows of a CI are made of."""
    ci = add(
        "ci",
        _ci_judge,
        "what the workflows of a CI do: judge a fork, publish its progress",
        "The commands that .github/workflows and .gitlab-ci.yml are made of. Each can be run by hand.",
        "dojo ci judge --upstream URL --out report",
    )
    parts = ci.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser, required=True)

    def part(name: str, function: Callable[[argparse.Namespace], int], about: str, more: str, example: str) -> Any:
        command = parts.add_parser(name, help=about, description=more, epilog=f"example: {example}")
        command.set_defaults(command=function)
        return command

    judge = part(
        "judge",
        _ci_judge,
        "judge this fork with the course's own tests",
        "Find the version of the course that this fork stands on, and let its own tests judge this fork's katas. "
        "Writes progress.json, summary.md and codequality.json. Exit status 1 says that a "
        "step went red, 2 that there is no verdict.",
        "dojo ci judge --upstream URL --out report",
    )
    judge.add_argument("--upstream", required=True, metavar="URL", help="where the course is: a URL or a path")
    judge.add_argument("--branch", metavar="NAME", help="the course's branch there (default: its main one)")
    judge.add_argument("--out", required=True, metavar="DIR", help="the folder to write into")
    judge.add_argument(
        "--fail-on",
        choices=["went-red", "any-red", "never"],
        default="went-red",
        help="exit with status 1 where a step went from green to red (default), where any is red, or never",
    )
    judge.add_argument("-n", default="auto", metavar="N", help="processes side by side (default: one a core)")
    judge.add_argument("--annotations", action="store_true", help="print them also where this is no job of GitHub's")
    _add_progress_branch(judge, "--progress-branch")

    publish = part(
        "publish",
        _ci_publish,
        "write a report to the fork's branch progress",
        "Check a progress file key by key and add it to a branch, with the history, a badge and a page. Runs no code "
        "of katas/, and leaves the working tree as it is.",
        "dojo ci publish --progress report/progress.json",
    )
    publish.add_argument("--progress", required=True, metavar="FILE", help="the progress file that dojo ci judge wrote")
    publish.add_argument("--commit", metavar="ID", help="the commit that it is about (default: HEAD)")
    publish.add_argument("--upstream", metavar="URL", help="find anew in what the fork differs from the course there")
    publish.add_argument("--upstream-branch", metavar="NAME", help="the course's branch there (default: its main one)")
    publish.add_argument("--push-option", action="append", default=[], metavar="OPTION", help="as git push has it")
    _add_progress_branch(publish, "--branch")

    stray = part(
        "stray-pull-request",
        _ci_stray,
        "look whether a pull request was meant for a fork",
        "Say whether a pull request to the course changes katas/ alone, and write a kind note to its author. "
        "Closing it is the workflow's affair.",
        "dojo ci stray-pull-request --event event.json --files files.json --out note.md",
    )
    stray.add_argument("--event", required=True, metavar="FILE", help="the event as GitHub tells it (JSON)")
    stray.add_argument(
        "--files", required=True, metavar="FILE", help="the changed files: GitHub's JSON, or a line each"
    )
    stray.add_argument("--out", required=True, metavar="FILE", help="where to write the note")


def _add_progress_branch(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument("--remote", default="origin", metavar="NAME", help="the fork's remote (default: origin)")
    command.add_argument(
        name,
        dest="progress_branch",
        default="progress",
        metavar="NAME",
        help="the branch of the reports (default: progress)",
    )


def _watch(arguments: argparse.Namespace) -> int:
    from dojo.commands.watch import watch

    return watch(
        find_root(),
        step=arguments.step,
        devices=arguments.device,
        fresh=arguments.fresh,
        isolation=arguments.isolation,
        poll=arguments.poll,
        plain=arguments.plain,
    )


def _run(arguments: argparse.Namespace) -> int:
    from dojo.commands.run import run_steps

    return run_steps(find_root(), arguments.name, devices=arguments.device)


def _list(arguments: argparse.Namespace) -> int:
    from dojo.commands.list import show_list

    return show_list(find_root(), arguments.lesson, as_json=arguments.json)


def _diff(arguments: argparse.Namespace) -> int:
    from dojo.commands.diff import show_diff

    return show_diff(find_root(), arguments.step, spoil=arguments.spoil)


def _show(arguments: argparse.Namespace) -> int:
    from dojo.commands.show import show_step

    file = Path(arguments.png) if arguments.png else None
    return show_step(find_root(), arguments.step, against=arguments.against, file=file)


def _open(arguments: argparse.Namespace) -> int:
    from dojo.commands.open import open_step

    return open_step(find_root(), arguments.step)


def _reset(arguments: argparse.Namespace) -> int:
    from dojo.commands.reset import reset

    return reset(find_root(), arguments.name)


def _restore(arguments: argparse.Namespace) -> int:
    from dojo.commands.reset import restore

    return restore(find_root(), arguments.backup, show_list=arguments.list)


def _again(arguments: argparse.Namespace) -> int:
    from dojo.commands.reset import again

    return again(find_root(), arguments.lesson)


def _stats(arguments: argparse.Namespace) -> int:
    from dojo.commands.list import show_stats

    return show_stats(find_root())


def _publish_solutions(arguments: argparse.Namespace) -> int:
    from dojo.commands.publish_solutions import publish_solutions

    return publish_solutions(Path.cwd(), branch=arguments.branch, main=arguments.main, push=arguments.push)


def _ci_judge(arguments: argparse.Namespace) -> int:
    from dojo.ci.judge import judge

    return judge(
        Path.cwd(),
        upstream=arguments.upstream,
        branch=arguments.branch,
        out=Path(arguments.out),
        fail_on=arguments.fail_on,
        processes=arguments.n,
        annotate=arguments.annotations or bool(os.environ.get("GITHUB_ACTIONS")),
        remote=arguments.remote,
        progress_branch=arguments.progress_branch,
    )


def _ci_publish(arguments: argparse.Namespace) -> int:
    from dojo.ci.publish import publish

    return publish(
        Path.cwd(),
        file=Path(arguments.progress),
        remote=arguments.remote,
        branch=arguments.progress_branch,
        commit=arguments.commit,
        upstream=arguments.upstream,
        upstream_branch=arguments.upstream_branch,
        push_options=arguments.push_option,
    )


def _ci_stray(arguments: argparse.Namespace) -> int:
    from dojo.ci.stray_pull_request import look_at_pull_request

    return look_at_pull_request(Path(arguments.event), files=Path(arguments.files), out=Path(arguments.out))


def _completion(arguments: argparse.Namespace) -> int:
    from dojo.commands.completion import script

    print(script(arguments.shell), end="")
    return 0


def _complete(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Asked by a shell, not by a person: what may come next."""
    from dojo.commands.completion import candidates

    try:
        root = find_root()
    except DojoError:
        root = None
    print("\n".join(candidates(parser, [word for word in words if word != "--"], root)))
    return 0


def _hint(arguments: argparse.Namespace) -> int:
    from dojo.commands.hint import show_hint

    return show_hint(find_root(), arguments.step, everything=arguments.all)


def _progress(arguments: argparse.Namespace) -> int:
    from dojo.commands.progress import show_progress

    def path(name: str | None) -> Path | None:
        return Path(name) if name else None

    return show_progress(
        source=path(arguments.source),
        previous=path(arguments.previous),
        history=path(arguments.history),
        curves=path(arguments.curves),
        as_markdown=arguments.markdown,
        html=path(arguments.html),
        badge_file=path(arguments.badge),
        junit_file=path(arguments.junit),
    )


def _update(arguments: argparse.Namespace) -> int:
    from dojo.commands.update import update

    return update(find_root(), source=arguments.source, ref=arguments.to, dry_run=arguments.dry_run)


def _new(arguments: argparse.Namespace) -> int:
    from dojo.commands.new import new_step

    return new_step(
        find_root(),
        arguments.lesson,
        arguments.kata,
        arguments.step,
        is_class=arguments.is_class,
        after=arguments.after,
    )


def _check(arguments: argparse.Namespace) -> int:
    from dojo.commands.check import check

    return check(find_root(), processes=arguments.n, expression=arguments.k)


def _class(arguments: argparse.Namespace) -> int:
    from dojo.commands.class_ import show_class

    return show_class(
        find_root(),
        Path(arguments.roster),
        folder=Path(arguments.out),
        branch=arguments.branch,
        jobs=arguments.jobs,
        seconds=arguments.timeout,
        verify=arguments.verify,
        verify_seconds=arguments.verify_timeout,
        unsafe=arguments.unsafe,
        dask=arguments.dask,
    )


def _graph(arguments: argparse.Namespace) -> int:
    from dojo.commands.graph import show_graph

    file = Path(arguments.svg) if arguments.svg else None
    return show_graph(find_root(), arguments.step, against=arguments.against, which=arguments.which, file=file)


def _doctor(arguments: argparse.Namespace) -> int:
    from dojo.commands.doctor import diagnose_installation

    return diagnose_installation(find_root())
