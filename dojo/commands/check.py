"""`dojo check`: runs the checks of the machinery and of the course in parallel, with a bar and a table."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from dojo.commands.parser import Command
from dojo.course.layout import find_root
from dojo.support.errors import DojoError
from dojo.support.progress_bar import bar


def check(root: Path, *, processes: int | None = None, expression: str | None = None, full: bool = False) -> int:
    """Run the checks in `processes` processes (default: one for each core). Returns 0 if all pass, else 1.

    `expression` selects checks as pytest's -k does. Without it, the checks marked `full` run only with `full`.
    Raises DojoError if the course has no checks, or if no check is selected.
    """
    if not (root / "checks").is_dir():
        raise DojoError(f"{root} has no checks/ folder: dojo check is for the course's own repository.")
    if processes is not None and processes < 1:
        raise DojoError(f"-n {processes}: give 1 or more processes.")
    arguments = [str(root / "checks"), "-c", str(root / "pyproject.toml"), "--rootdir", str(root), "-p", "no:terminal"]
    arguments += ["-p", "no:cacheprovider", "-n", str(processes or os.cpu_count() or 1), "--dist", "loadgroup"]
    if expression:
        arguments += ["-k", expression]
    elif not full:
        arguments += ["-m", "not full"]
    console = Console(highlight=False)
    with bar(console) as progress:
        report = _Report(console, progress)
        status = pytest.main(arguments, plugins=[report])
    if not report.total and status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise DojoError(f"-k {expression}: no check matches." if expression else "checks/ has no checks.")
    report.show()
    return int(status != pytest.ExitCode.OK)


class _Report:
    """A pytest plugin that counts results and shows them."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self.console = console
        self.progress = progress
        self.task = self.progress.add_task("checking", total=None)
        self.total = 0
        self.started = time.perf_counter()
        self.passed: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.seconds: dict[str, float] = defaultdict(float)
        self.failures: list[tuple[str, str]] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Set the number of checks."""
        self.total = len(ids)
        self.progress.update(self.task, total=self.total)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file of checks that can't be imported as a failure."""
        if report.failed:
            self.failures.append((report.nodeid, report.longreprtext))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a result."""
        row = _row(report.nodeid)
        self.seconds[row] += report.duration
        if report.failed:
            self.failed[row] += 1
            self.failures.append((report.nodeid, report.longreprtext))
        elif report.when == "call" and report.passed:
            self.passed[row] += 1
        elif report.skipped:
            self.skipped[row] += 1
        if report.when == "teardown":
            self.progress.advance(self.task)

    def show(self) -> None:
        """Print the failures in full, the table, the names of the failures, and a last line."""
        for nodeid, text in self.failures:
            self.console.rule(nodeid, style="red")
            self.console.print(text, markup=False)
        table = Table(box=None, pad_edge=False, expand=True)
        table.add_column("checked", no_wrap=True, ratio=1)
        for heading in ("passed", "failed", "skipped", "seconds"):
            table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
        for row in sorted(self.seconds):
            red = "red" if self.failed[row] else ""
            counts = (self.passed[row], self.failed[row], self.skipped[row])
            table.add_row(row, *(str(count or "") for count in counts), f"{self.seconds[row]:.1f}", style=red)
        self.console.print(table)
        self.console.print()
        for nodeid, _ in self.failures:
            self.console.print(f"failed: {nodeid}", style="red", markup=False, soft_wrap=True)
        passed, failed, skipped = (each.total() for each in (self.passed, self.failed, self.skipped))
        self.console.print(f"{passed + failed + skipped} checks in {time.perf_counter() - self.started:.0f} s")
        # Scripts read this line.
        self.console.print(f"{passed} passed, {max(failed, len(self.failures))} failed, {skipped} skipped")


def _row(nodeid: str) -> str:
    """Return the table's row for a check: the name of a check of the curriculum, or the file of another check."""
    path, _, name = nodeid.partition("::")
    folder, _, file = path.removeprefix("checks/").rpartition("/")
    words = name.partition("[")[0] if folder == "curriculum" else f"{folder}_{Path(file).stem.removeprefix('test_')}"
    return words.removeprefix("test_").replace("_", " ").strip()


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-n", type=int, metavar="N", help="the number of processes (default: one for each core)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--full", action="store_true", help="run the slow checks too, as CI does once a week")
    which.add_argument(
        "-k", metavar="EXPRESSION", help="run the checks whose names match, as in pytest -k, the slow checks too"
    )


def _run(arguments: argparse.Namespace) -> int:
    return check(find_root(), processes=arguments.n, expression=arguments.k, full=arguments.full)


COMMANDS = {
    "check": Command(
        "Check the machinery, and check that every step of the course has all its parts and that the parts agree.",
        "dojo check -k full_of",
        _options,
        _run,
    ),
}
