"""`dojo class`: fetches every fork of a roster, verifies the forks if asked, and writes the page of the class."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from dojo import __version__
from dojo.classroom.cheats import cheats_said
from dojo.classroom.class_data import ClassData, LearnerState, Standing, class_data
from dojo.classroom.fork_data import Fork, Verdict
from dojo.classroom.forks import Forks
from dojo.classroom.gradebook import SYSTEMS, check_roster, gradebook
from dojo.classroom.grading import GradeRules, number, read_rules, time_said
from dojo.classroom.page import check_folder, write_class
from dojo.classroom.published import Published
from dojo.classroom.roster import Learner, read_roster
from dojo.classroom.verify import refuse_without_sandbox, verify_here, verify_on_cluster
from dojo.commands.parser import Command
from dojo.course.curriculum import Curriculum, read_curriculum
from dojo.course.layout import course_name, find_root
from dojo.course.practice import SETTINGS
from dojo.judging.judge import archive_of, key_of
from dojo.judging.sandbox import Limits
from dojo.progress.data import CourseVersion
from dojo.support.errors import DojoError
from dojo.support.files import write_or_refuse
from dojo.support.git import checked_out_commit
from dojo.support.progress_bar import bar
from dojo.support.text import counted, listed

_Done = TypeVar("_Done")
_FETCHES = 16
_SHOWN = 20


def _run(arguments: argparse.Namespace) -> int:
    """Write the page of a class; return 0, or 1 if a fork could not be read or has no verdict.

    Raises DojoError if an option, the roster or the folder can't be used.
    """
    root, folder = find_root(), Path(arguments.out)
    system, verify = arguments.gradebook, arguments.verify
    as_of = time_said(arguments.as_of, "--as-of") if arguments.as_of else None
    _check(arguments)
    learners = read_roster(Path(arguments.roster))
    curriculum = read_curriculum(root)
    rules = _rules(root, curriculum, system, learners) if system else None
    filters, private = (_columns(option, named, learners) for option, named in _named(arguments))
    check_folder(folder)
    published = Published(root)
    forks = Forks(
        folder / "cache", branch=arguments.branch, seconds=arguments.timeout, known=published.knows, as_of=as_of
    )
    console = Console(highlight=False, soft_wrap=True)
    started = time.perf_counter()
    urls = {learner.url: None for learner in learners}
    found = dict(_with_bar(console, "fetching", forks.refresh_all(urls, arguments.jobs or _FETCHES), len(urls)))
    if verify:
        _verify(root, console, forks, found, arguments)
    standings = [_standing(learner, found[learner.url], published) for learner in learners]
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    course = CourseVersion(course_name(root), __version__, checked_out_commit(root))
    data = class_data(curriculum, course, standings, now, as_of)
    write_class(folder, data, filters, private)
    status = _summary(console, folder, data, found, time.perf_counter() - started, verified=verify)
    if rules:
        _write_gradebook(console, folder / f"{system}.csv", gradebook(system, learners, data, rules), rules, data)
    return status


def _rules(root: Path, curriculum: Curriculum, system: str, learners: list[Learner]) -> GradeRules:
    """The instructor's rules. Raises DojoError if they are wrong, or if the system would not find any learner."""
    check_roster(system, learners)
    return read_rules(Path.cwd() / SETTINGS, curriculum, course_name(root))


def _write_gradebook(
    console: Console, path: Path, found: tuple[str, list[str]], rules: GradeRules, data: ClassData
) -> None:
    text, left_out = found
    graded = [learner for learner in data.learners if learner.name not in left_out]
    verified = sum(learner.verified is not None for learner in graded)
    claimed = len(graded) - verified
    write_or_refuse(path, text)
    console.print(f"{path}: grades out of {number(rules.most)} points", markup=False)
    if left_out:
        names = listed(left_out, _SHOWN)
        console.print(f"left out, because their steps or their ids are unknown: {names}", markup=False)
    if claimed and verified:
        console.print(f"The grades of {counted(verified, 'learner')} are verdicts of this machine.")
    if claimed:
        whose = "The other grades" if verified else "The grades"
        console.print(f"{whose} are what the learners' own reports claim. --verify judges their katas here.")
    if rules.late:
        console.print("The late rule was not applied: nothing says when they submitted. Use --as-of for a deadline.")


def _named(arguments: argparse.Namespace) -> list[tuple[str, list[str]]]:
    """Each option that names columns, with its columns. Raises DojoError if both options name a column."""
    both = {each.casefold() for each in arguments.filter} & {each.casefold() for each in arguments.private}
    if both:
        raise DojoError(f"--filter and --private both name {min(both)}: a filter shows the column on the page.")
    return [("--filter", arguments.filter), ("--private", arguments.private)]


def _columns(option: str, named: list[str], learners: list[Learner]) -> list[str]:
    """The columns that an option names, as the roster spells them. Raises DojoError if there is no such column."""
    columns = {column.casefold(): column for column in learners[0].groups}
    ids = [each for each in named if learners[0].has_id(each)]
    if ids and option == "--filter":
        raise DojoError(f"--filter {ids[0]}: no page shows this column, because it is a gradebook's. Name another one.")
    named = [each for each in named if each not in ids]
    for each in named:
        if each.casefold() not in columns:
            others = f"Besides name and url it has: {', '.join(columns.values())}" if columns else "It has name and url"
            raise DojoError(f"{option} {each}: the roster has no such column. {others}.")
    return [columns[each.casefold()] for each in dict.fromkeys(named)]


def _check(arguments: argparse.Namespace) -> None:
    """Raise DojoError if the options are not valid, or if there is no sandbox for --verify."""
    for option in ("jobs", "timeout", "verify_timeout"):
        value = getattr(arguments, option)
        if value is not None and not value > 0:
            raise DojoError(f"--{option.replace('_', '-')} {value:g}: give a number greater than 0.")
    if (arguments.unsafe or arguments.dask) and not arguments.verify:
        option = "--unsafe" if arguments.unsafe else "--dask"
        raise DojoError(f"{option} is for --verify. Add --verify, or leave {option} out.")
    if arguments.verify and not arguments.dask:
        refuse_without_sandbox(unsafe=arguments.unsafe)


def _standing(learner: Learner, fork: Fork, published: Published) -> Standing:
    compared = published.compare(fork.trees, fork.files)
    return Standing(learner, fork, compared, own_head=fork.head_commit not in published.commits)


def _to_judge(archive: bytes, found: dict[str, Fork]) -> dict[str, list[str]]:
    """The URLs of the forks without a verdict on their present katas, by key: equal katas have equal keys."""
    waiting: dict[str, list[str]] = {}
    for url, fork in found.items():
        if not fork.trees:
            if fork.progress:
                # Otherwise the claim would count.
                fork.verified = Verdict("its katas could not be read", {})
            continue
        key = key_of(archive, fork.trees.get("katas"))
        if fork.verified is None or fork.verified.key != key or fork.verified.problem:
            waiting.setdefault(key, []).append(url)
    return waiting


def _verify(root: Path, console: Console, forks: Forks, found: dict[str, Fork], arguments: argparse.Namespace) -> None:
    """Judge the katas of every fork without a verdict, and keep the verdicts. Equal katas are judged once."""
    archive, limits, unsafe = archive_of(root), Limits(seconds=arguments.verify_timeout), arguments.unsafe
    equal = _to_judge(archive, found)
    keys = {url: key for key, urls in equal.items() for url in urls}

    def katas(url: str) -> dict[str, bytes]:
        return forks.katas(found[url])

    def judge(urls: list[str]) -> None:
        """Judge the katas of these forks. A verdict is kept for every fork with equal katas."""
        if arguments.dask:
            verdicts = verify_on_cluster(archive, urls, katas, limits, address=arguments.dask, unsafe=unsafe)
        else:
            jobs = arguments.jobs or os.cpu_count() or 1
            verdicts = verify_here(archive, urls, katas, limits, jobs=jobs, unsafe=unsafe)
        for url, verdict in _with_bar(console, "verifying", verdicts, len(urls)):
            for each in [url] if verdict.problem else equal[keys[url]]:
                found[each].verified = dataclasses.replace(verdict, key=keys[url])
                forks.keep(found[each])

    judge([urls[0] for urls in equal.values()])
    # If there was no verdict, the other forks with these katas are judged too, all at once.
    left = []
    for urls in equal.values():
        verdict = found[urls[0]].verified
        if verdict is None or verdict.problem:
            del urls[0]
            left += urls
    if left:
        judge(left)


def _with_bar(console: Console, what: str, done: Iterator[_Done], total: int) -> Iterator[_Done]:
    """Yield from `done`, and show a bar that counts."""
    with bar(console) as progress:
        task = progress.add_task(what, total=total)
        for each in done:
            progress.advance(task)
            yield each


def _summary(
    console: Console, folder: Path, data: ClassData, found: dict[str, Fork], seconds: float, *, verified: bool
) -> int:
    """Print who needs a look, the totals, and the path of the page. Return 1 if a fork has a problem or no verdict."""
    _say_who_needs_a_look(console, data)
    totals = data.totals
    news = sum(fork.changed for fork in found.values())
    parts = [counted(totals.learners, "learner"), f"{news:,} with something new"]
    parts += [f"{totals.problems:,} with a problem", f"{totals.changed:,} that changed the course"]
    without = _without_verdict(data) if verified else []
    for learner, problem in without[:_SHOWN]:
        console.print(f"{learner}: no verdict: {problem}", markup=False)
    if len(without) > _SHOWN:
        console.print(f"… and {len(without) - _SHOWN} more without a verdict: they are on the page")
    if verified:
        parts.append(f"{totals.differing:,} with a verdict other than claimed")
        parts += [f"{len(without):,} without a verdict"] if without else []
    console.print(f"{', '.join(parts)}, in {seconds:.1f} s", markup=False)
    console.print(f"{folder / 'index.html'}, class.csv, class.json", markup=False)
    return int(totals.problems > 0 or bool(without))


def _without_verdict(data: ClassData) -> list[tuple[str, str]]:
    """The learners whose judgement here ended without a verdict, each with the reason."""
    return [(each.name, each.verified.problem) for each in data.learners if each.verified and each.verified.problem]


def _say_who_needs_a_look(console: Console, data: ClassData) -> None:
    """Print a line for each learner with a problem, with changes to the course, or with a wrong claim.

    Long lists are cut, or left out. The page has all of them.
    """
    problems = [learner for learner in data.learners if learner.problem]
    for learner in problems[:_SHOWN]:
        console.print(f"{learner.name}: {learner.problem}", markup=False)
    if len(problems) > _SHOWN:
        console.print(f"… and {len(problems) - _SHOWN} more: they are on the page")
    cheating = [f"{learner.name}: {says}" for learner in data.learners for says in cheats_said(learner.cheats)]
    for line in cheating[:_SHOWN]:
        console.print(line, markup=False)
    if len(cheating) > _SHOWN:
        console.print(f"… and {len(cheating) - _SHOWN} more such lines: they are on the page")
    for learner in data.learners:
        if data.totals.changed <= _SHOWN:
            for remark in _remarks_on_changes(learner):
                console.print(f"{learner.name}: {remark}", markup=False)
        verified = learner.verified
        if verified and learner.claims_otherwise and data.totals.differing <= _SHOWN:
            claim = f"claimed {learner.green} green, verified {verified.green}"
            console.print(f"{learner.name}: {claim}", markup=False)


def _remarks_on_changes(learner: LearnerState) -> Iterator[str]:
    if learner.changed:
        yield f"changed {listed(learner.changed)}"
    if learner.rewritten:
        yield "the history of its progress was rewritten"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("roster", metavar="ROSTER.csv", help="the roster of the class, with name and url")
    parser.add_argument("--out", metavar="DIR", default="class", help="the folder for the page (default: class)")
    says = "the number of forks at a time (default: fetch 16, verify one for each core)"
    parser.add_argument("--jobs", type=int, metavar="N", help=says)
    parser.add_argument("--branch", default="progress", metavar="NAME", help="where forks publish (default: progress)")
    for option, seconds, what in (("--timeout", 60, "fetching"), ("--verify-timeout", 300, "verifying")):
        says = f"the limit for {what} a fork (default: {seconds})"
        parser.add_argument(option, type=float, default=seconds, metavar="SECONDS", help=says)
    for option, what in (("--filter", "filter the page by this column"), ("--private", "do not show this column")):
        parser.add_argument(option, action="append", default=[], metavar="COLUMN", help=f"{what}; may be repeated")
    parser.add_argument("--as-of", metavar="DATE", help="show the class as it was before this date or time")
    parser.add_argument("--gradebook", choices=SYSTEMS, help="also write the grades ([grade] in dojo.toml) as CSV")
    parser.add_argument("--verify", action="store_true", help="judge the katas of all learners here too, in a sandbox")
    parser.add_argument("--unsafe", action="store_true", help="verify even if there is no sandbox")
    parser.add_argument("--dask", metavar="ADDRESS", help="verify on the workers of this Dask scheduler")


COMMANDS = {
    "class": Command(
        "Fetch the progress that each fork of a class has published, and write a page, a CSV file and a JSON file "
        "about the class. ROSTER.csv has the columns name and url (a URL or a path), and may have others.",
        "dojo class roster.csv\ndojo class roster.csv --verify    # judge the katas of all learners here too",
        _options,
        _run,
    ),
}
