"""`dojo class`: fetches every fork of a roster, verifies where asked, and writes the class's page."""

from __future__ import annotations

import argparse
import datetime
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from dojo import __version__
from dojo.classroom.class_data import Standing, class_data
from dojo.classroom.forks import Fork, Forks
from dojo.classroom.page import check_folder, write_class
from dojo.classroom.published import Published
from dojo.classroom.roster import Learner, read_roster
from dojo.classroom.verify import refuse_without_sandbox, verify_here, verify_on_cluster
from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import course_name, find_root
from dojo.judging.judge import archive_of, key_of
from dojo.judging.sandbox import Limits
from dojo.support.errors import DojoError
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
) -> int:
    """Write the page of a class into `folder`; return 0, or 1 if a fork could not be read or has no verdict.

    Raises DojoError if nothing can be done.

    jobs: how many forks are fetched (default: 16), and verified (default: one a core), side by side.
    seconds, verify_seconds: the limit for fetching, and for verifying, one fork.
    """
    for option, value in (("--jobs", jobs), ("--timeout", seconds), ("--verify-timeout", verify_seconds)):
        if value is not None and not value > 0:
            raise DojoError(f"{option} {value:g}: give a number greater than 0.")
    if (unsafe or dask) and not verify:
        raise DojoError(f"{'--unsafe' if unsafe else '--dask'} is for --verify: add it, or leave this out.")
    if verify and not dask:
        refuse_without_sandbox(unsafe=unsafe)
    learners = read_roster(roster)
    check_folder(folder)
    published = Published(root)
    forks = Forks(folder / "cache", branch=branch, seconds=seconds, known=published.knows)
    console = Console(highlight=False, soft_wrap=True)
    started = time.perf_counter()
    urls = [learner.url for learner in learners]
    found = dict(_with_bar(console, "fetching", forks.refresh_all(urls, jobs or _FETCHES), len(set(urls))))
    if verify:
        _verify(root, console, forks, found, jobs, Limits(seconds=verify_seconds), unsafe=unsafe, dask=dask)
    standings = [_standing(learner, found[learner.url], published) for learner in learners]
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    data = class_data(read_curriculum(root), _course(root), standings, now)
    write_class(folder, data)
    return _summary(console, folder, data, found, time.perf_counter() - started, verified=verify)


def _standing(learner: Learner, fork: Fork, published: Published) -> Standing:
    compared = published.compare(fork.trees, fork.files)
    return Standing(learner, fork, compared, own_head=fork.head_commit not in published.commits)


def _course(root: Path) -> dict[str, Any]:
    commit: str | None = None
    try:
        commit = Repository(root).text("rev-parse", "HEAD")
    except GitError:
        commit = None
    return {"name": course_name(root), "version": __version__, "commit": commit}


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
    """Judge the katas of every fork whose verdict is not known yet, and keep the verdicts."""
    archive = archive_of(root)
    waiting = []
    for url, fork in found.items():
        if not fork.trees:
            continue
        key = key_of(archive, fork.trees.get("katas"))
        if fork.verified is None or fork.verified["key"] != key or fork.verified["problem"]:
            waiting.append(url)

    def katas(url: str) -> dict[str, bytes]:
        return forks.katas(found[url])

    if dask:
        verdicts = verify_on_cluster(archive, waiting, katas, limits, address=dask, unsafe=unsafe)
    else:
        verdicts = verify_here(archive, waiting, katas, limits, jobs=jobs or os.cpu_count() or 1, unsafe=unsafe)
    for url, verdict in _with_bar(console, "verifying", verdicts, len(waiting)):
        fork = found[url]
        fork.verified = {"key": key_of(archive, fork.trees.get("katas")), **verdict}
        forks.keep(fork)


def _with_bar(console: Console, what: str, done: Iterator[tuple[str, Any]], total: int) -> Iterator[tuple[str, Any]]:
    with bar(console) as progress:
        task = progress.add_task(what, total=total)
        for each in done:
            progress.advance(task)
            yield each


def _summary(
    console: Console, folder: Path, data: dict[str, Any], found: dict[str, Fork], seconds: float, *, verified: bool
) -> int:
    """A line for each learner that needs a look, the first of them at least; then the sums, and where the page is."""
    problems = [(each["name"], each["problem"]) for each in data["learners"] if each["problem"]]
    without = (
        [each for each in data["learners"] if each["verified"] and each["verified"]["problem"]] if verified else []
    )
    problems += [(each["name"], f"no verdict: {each['verified']['problem']}") for each in without]
    for name, problem in problems[:_SHOWN]:
        console.print(f"{name}: {problem}", markup=False)
    if len(problems) > _SHOWN:
        console.print(f"… and {len(problems) - _SHOWN} more: they are on the page")
    for each in data["learners"]:
        if each["changed"] and data["totals"]["changed"] <= _SHOWN:
            more = f" and {len(each['changed']) - 3} more" if len(each["changed"]) > 3 else ""
            console.print(f"{each['name']}: changed {', '.join(each['changed'][:3])}{more}", markup=False)
        if each["rewritten"] and data["totals"]["changed"] <= _SHOWN:
            console.print(f"{each['name']}: the history of its progress was rewritten", markup=False)
        if each["verified"] and each["verified"]["differs"] and data["totals"]["differing"] <= _SHOWN:
            here, claimed = each["verified"]["green"], each["green"]
            console.print(f"{each['name']}: claimed {claimed} green, verified {here}", markup=False)
    totals = data["totals"]
    new = sum(fork.changed for fork in found.values())
    parts = [f"{totals['learners']:,} learner{'s' * (totals['learners'] != 1)}", f"{new:,} with something new"]
    parts += [f"{len(problems) - len(without):,} with a problem", f"{totals['changed']:,} that changed the course"]
    if verified:
        parts.append(f"{totals['differing']:,} verified otherwise than claimed")
        parts += [f"{len(without):,} without a verdict"] if without else []
    console.print(f"{', '.join(parts)}, in {seconds:.1f} s", markup=False)
    console.print(f"{folder / 'index.html'}, class.csv, class.json", markup=False)
    return int(bool(problems))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("roster", metavar="ROSTER.csv", help="who is in the class: name,url")
    parser.add_argument("--out", metavar="DIR", default="class", help="where the page goes (default: class)")
    parser.add_argument("--jobs", type=int, metavar="N", help="forks side by side (default: 16; verifying: one a core)")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="for fetching one fork (60)")
    parser.add_argument("--branch", default="progress", metavar="NAME", help="where forks publish (default: progress)")
    parser.add_argument("--verify", action="store_true", help="judge the learners' katas here too, in a sandbox")
    parser.add_argument(
        "--verify-timeout", type=float, default=300, metavar="SECONDS", help="for verifying one fork (300)"
    )
    parser.add_argument("--unsafe", action="store_true", help="verify also where there is no sandbox")
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
    )


COMMANDS = {
    "class": Command(
        "Fetch the progress that each fork of a class has published, and write one page of it, with CSV and JSON."
        " ROSTER.csv has the columns name and url (a URL or a path), and any others to filter by.",
        "dojo class class_of_2031.csv    or, judging every learner's katas here too: dojo class roster.csv --verify",
        _options,
        _run,
    ),
}
