"""`dojo class`: fetches every fork of a roster, verifies the forks if asked, and writes the class's page."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from dojo import __version__
from dojo.classroom.class_data import ClassData, LearnerState, Standing, class_data
from dojo.classroom.fork_data import Fork
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
from dojo.support.files import write_text
from dojo.support.git import GitError, Repository
from dojo.support.progress_bar import bar

_FETCHES = 16
_SHOWN = 20


def show_class(
    root: Path,
    roster: Path,
    *,
    folder: Path,
    branch: str,
    jobs: int | None,
    seconds: float,
    verify: bool,
    verify_seconds: float,
    unsafe: bool,
    dask: str | None,
    as_of: datetime.datetime | None,
    system: str | None,
    filters: list[str],
    private: list[str],
) -> int:
    """Write the page of a class into `folder`; return 0, or 1 if a fork could not be read or has no verdict.

    Raises DojoError if nothing can be done.

    as_of: the class as it was before this time. system: also write the CSV for the gradebook of this system.
    filters, private: columns of the roster by which the page filters, and columns that are not on the page.

    jobs: the number of forks that are fetched (default: 16) and verified (default: one per core) at the same time.
    seconds, verify_seconds: the time limits for fetching one fork, and for verifying one fork.
    """
    _check(jobs, seconds, verify_seconds)
    if (unsafe or dask) and not verify:
        raise DojoError(f"{'--unsafe' if unsafe else '--dask'} is for --verify: add it, or leave this out.")
    if verify and not dask:
        refuse_without_sandbox(unsafe=unsafe)
    learners = read_roster(roster)
    curriculum = read_curriculum(root)
    rules = _rules(root, curriculum, system, learners) if system else None
    filters, private = (_columns(option, named, learners) for option, named in _named(filters, private))
    check_folder(folder)
    published = Published(root)
    forks = Forks(folder / "cache", branch=branch, seconds=seconds, known=published.knows, as_of=as_of)
    console = Console(highlight=False, soft_wrap=True)
    started = time.perf_counter()
    urls = {learner.url: None for learner in learners}
    found = dict(_with_bar(console, "fetching", forks.refresh_all(urls, jobs or _FETCHES), len(urls)))
    if verify:
        _verify(root, console, forks, found, jobs, Limits(seconds=verify_seconds), unsafe=unsafe, dask=dask)
    standings = [_standing(learner, found[learner.url], published) for learner in learners]
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    data = class_data(curriculum, _course(root), standings, min(now, as_of) if as_of else now)
    write_class(folder, data, filters, private)
    status = _summary(console, folder, data, found, time.perf_counter() - started, verified=verify)
    if system and rules:
        _write_gradebook(console, folder / f"{system}.csv", gradebook(system, learners, data, rules), rules, verify)
    return status


def _rules(root: Path, curriculum: Curriculum, system: str, learners: list[Learner]) -> GradeRules:
    """The instructor's rules. Raises DojoError if they are wrong, or if the system would find none of the learners."""
    check_roster(system, learners)
    return read_rules(Path.cwd() / SETTINGS, curriculum, course_name(root))


def _write_gradebook(
    console: Console, path: Path, found: tuple[str, list[str]], rules: GradeRules, verified: bool
) -> None:
    text, left_out = found
    try:
        write_text(path, text)
    except OSError as error:
        raise DojoError(f"{path} can't be written ({error.strerror}).") from None
    console.print(f"{path}: grades out of {number(rules.most)} points", markup=False)
    if left_out:
        more = f" and {len(left_out) - _SHOWN} more" if len(left_out) > _SHOWN else ""
        console.print(f"not in it, because nothing is known: {', '.join(left_out[:_SHOWN])}{more}", markup=False)
    if not verified:
        console.print("The grades are what the learners' own reports claim. --verify judges their katas here.")
    if rules.late:
        console.print("The late rule was not applied: no system has taken down a time. Use --as-of for a deadline.")


def _named(filters: list[str], private: list[str]) -> list[tuple[str, list[str]]]:
    """The columns by the option that names them. Raises DojoError if a column is named by both."""
    both = {each.casefold() for each in filters} & {each.casefold() for each in private}
    if both:
        raise DojoError(f"--filter and --private both name {min(both)}: a filter shows the column on the page.")
    return [("--filter", filters), ("--private", private)]


def _columns(option: str, named: list[str], learners: list[Learner]) -> list[str]:
    """The roster's own spelling of columns that an option names. Raises DojoError if there is no such column."""
    columns = {column.casefold(): column for column in learners[0].groups}
    for each in named:
        if each.casefold() not in columns:
            others = f"Besides name and url it has: {', '.join(columns.values())}" if columns else "It has name and url"
            raise DojoError(f"{option} {each}: the roster has no such column. {others}.")
    return [columns[each.casefold()] for each in dict.fromkeys(named)]


def _check(jobs: int | None, seconds: float, verify_seconds: float) -> None:
    for option, value in (("--jobs", jobs), ("--timeout", seconds), ("--verify-timeout", verify_seconds)):
        if value is not None and not value > 0:
            raise DojoError(f"{option} {value:g}: give a number greater than 0.")


def _standing(learner: Learner, fork: Fork, published: Published) -> Standing:
    compared = published.compare(fork.trees, fork.files)
    return Standing(learner, fork, compared, own_head=fork.head_commit not in published.commits)


def _course(root: Path) -> CourseVersion:
    commit: str | None = None
    with contextlib.suppress(GitError):
        commit = Repository(root).text("rev-parse", "HEAD")
    return CourseVersion(course_name(root), __version__, commit)


def _verify(
    root: Path,
    console: Console,
    forks: Forks,
    found: dict[str, Fork],
    jobs: int | None,
    limits: Limits,
    *,
    unsafe: bool,
    dask: str | None,
) -> None:
    """Judge the katas of every fork without a verdict, and keep the verdicts."""
    archive = archive_of(root)
    waiting = []
    for url, fork in found.items():
        if not fork.trees:
            continue
        key = key_of(archive, fork.trees.get("katas"))
        if fork.verified is None or fork.verified.key != key or fork.verified.problem:
            waiting.append(url)

    def katas(url: str) -> dict[str, bytes]:
        return forks.katas(found[url])

    if dask:
        verdicts = verify_on_cluster(archive, waiting, katas, limits, address=dask, unsafe=unsafe)
    else:
        verdicts = verify_here(archive, waiting, katas, limits, jobs=jobs or os.cpu_count() or 1, unsafe=unsafe)
    for url, verdict in _with_bar(console, "verifying", verdicts, len(waiting)):
        fork = found[url]
        fork.verified = dataclasses.replace(verdict, key=key_of(archive, fork.trees.get("katas")))
        forks.keep(fork)


def _with_bar(console: Console, what: str, done: Iterator[tuple[str, Any]], total: int) -> Iterator[tuple[str, Any]]:
    with bar(console) as progress:
        task = progress.add_task(what, total=total)
        for each in done:
            progress.advance(task)
            yield each


def _summary(
    console: Console, folder: Path, data: ClassData, found: dict[str, Fork], seconds: float, *, verified: bool
) -> int:
    """Print who needs a look, the sums, and where the page is. Return 1 if a fork has a problem or no verdict."""
    _say_who_needs_a_look(console, data)
    totals = data.totals
    news = sum(fork.changed for fork in found.values())
    parts = [f"{totals.learners:,} learner{'s' * (totals.learners != 1)}", f"{news:,} with something new"]
    parts += [f"{totals.problems:,} with a problem", f"{totals.changed:,} that changed the course"]
    without = _without_verdict(data) if verified else []
    for learner, problem in without[:_SHOWN]:
        console.print(f"{learner}: no verdict: {problem}", markup=False)
    if len(without) > _SHOWN:
        console.print(f"… and {len(without) - _SHOWN} more without a verdict: they are on the page")
    if verified:
        parts.append(f"{totals.differing:,} verified otherwise than claimed")
        parts += [f"{len(without):,} without a verdict"] if without else []
    console.print(f"{', '.join(parts)}, in {seconds:.1f} s", markup=False)
    console.print(f"{folder / 'index.html'}, class.csv, class.json", markup=False)
    return int(totals.problems > 0 or bool(without))


def _without_verdict(data: ClassData) -> list[tuple[str, str]]:
    """The learners who were judged here and have no verdict, and why."""
    return [(each.name, each.verified.problem) for each in data.learners if each.verified and each.verified.problem]


def _say_who_needs_a_look(console: Console, data: ClassData) -> None:
    """Print a line for each learner with a problem, and for each who changed the course or whose claim is wrong.

    Of the problems only the first are printed, and the other lines only if they are few: the page has them all.
    """
    problems = [learner for learner in data.learners if learner.problem]
    for learner in problems[:_SHOWN]:
        console.print(f"{learner.name}: {learner.problem}", markup=False)
    if len(problems) > _SHOWN:
        console.print(f"… and {len(problems) - _SHOWN} more: they are on the page")
    for learner in data.learners:
        if data.totals.changed <= _SHOWN:
            for remark in _remarks_on_changes(learner):
                console.print(f"{learner.name}: {remark}", markup=False)
        verified = learner.verified
        if verified and verified.differs and data.totals.differing <= _SHOWN:
            claim = f"claimed {learner.green} green, verified {verified.green}"
            console.print(f"{learner.name}: {claim}", markup=False)


def _remarks_on_changes(learner: LearnerState) -> Iterator[str]:
    if learner.changed:
        more = f" and {len(learner.changed) - 3} more" if len(learner.changed) > 3 else ""
        yield f"changed {', '.join(learner.changed[:3])}{more}"
    if learner.rewritten:
        yield "the history of its progress was rewritten"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("roster", metavar="ROSTER.csv", help="the roster of the class: name,url")
    parser.add_argument("--out", metavar="DIR", default="class", help="the folder for the page (default: class)")
    parser.add_argument("--jobs", type=int, metavar="N", help="forks at a time (default: 16; --verify: one per core)")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="limit for fetching a fork (60)")
    parser.add_argument(
        "--branch",
        default="progress",
        metavar="NAME",
        help="where forks publish (default: progress)",
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="COLUMN",
        help="filter the page by this column; may be repeated",
    )
    parser.add_argument(
        "--private",
        action="append",
        default=[],
        metavar="COLUMN",
        help="keep this column off the page; may be repeated",
    )
    parser.add_argument("--verify", action="store_true", help="judge the katas of all learners here too, in a sandbox")
    parser.add_argument(
        "--verify-timeout", type=float, default=300, metavar="SECONDS", help="the limit for verifying a fork (300)"
    )
    parser.add_argument("--unsafe", action="store_true", help="verify even if there is no sandbox")
    parser.add_argument("--as-of", metavar="DATE", help="the class as it was before this date, or this time")
    parser.add_argument("--gradebook", choices=SYSTEMS, help="also write the grades ([grade] in dojo.toml) as CSV")
    parser.add_argument("--dask", metavar="ADDRESS", help="verify on the workers of this Dask scheduler")


def _run(arguments: argparse.Namespace) -> int:
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
        as_of=time_said(arguments.as_of, "--as-of") if arguments.as_of else None,
        system=arguments.gradebook,
        filters=arguments.filter,
        private=arguments.private,
    )


COMMANDS = {
    "class": Command(
        "Fetch the progress that each fork of a class has published, and write a page, a CSV file and a JSON file "
        "about the class. ROSTER.csv has the columns name and url (a URL or a path), and any others.",
        "dojo class roster.csv\ndojo class roster.csv --verify    # judge the katas of all learners here too",
        _options,
        _run,
    ),
}
