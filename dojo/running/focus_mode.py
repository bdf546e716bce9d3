"""Focus mode: plain `pytest` goes through the steps in order, stops at the first red one, and speaks of it alone."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from dojo.course.curriculum import Curriculum
from dojo.failures.test_items import STEP, device_of
from dojo.support.styled_lines import STYLES, Line, Symbols, folded
from dojo.testbed.pytest_private import TERMINAL_REPORTER

# What asks for a selection or an order of one's own; then pytest behaves as it always does.
_SELECTS = {
    "all_steps": False,
    "keyword": "",
    "markexpr": "",
    "lf": False,
    "failedfirst": False,
    "newfirst": False,
    "stepwise": False,
    "stepwise_skip": False,
    "collectonly": False,
    "maxfail": 0,
    "deselect": None,
    "numprocesses": None,
    "tx": [],
    "looponfail": False,
    "examine": None,
    "setupplan": False,
    "setuponly": False,
    "markers": False,
    "showfixtures": False,
    "show_fixtures_per_test": False,
    "version": 0,
    "help": False,
}

# The words of the style table, as pytest's writer calls them.
_STYLES = {
    style: {"light" if word == "dim" else word: True for word in words.split()} for style, words in STYLES.items()
}


def wants_focus(config: pytest.Config, root: Path) -> bool:
    """Whether this run was started without naming any tests, from the course's folder or from katas/."""
    if TERMINAL_REPORTER is None:
        return False
    if any(config.getoption(name, default) not in (default, None, False) for name, default in _SELECTS.items()):
        return False
    source = config.args_source
    if source is pytest.Config.ArgsSource.TESTPATHS:
        return True
    folder = config.invocation_params.dir
    return source is pytest.Config.ArgsSource.INVOCATION_DIR and (root / "katas") in (folder, *folder.parents)


def in_order(items: list[pytest.Item], curriculum: Curriculum, devices: list[str]) -> list[pytest.Item]:
    """The tests in the order a learner meets them: by step; in a step, first everything on the first device."""
    number = {step.id: index for index, step in enumerate(curriculum.steps())}

    def place(item: pytest.Item) -> tuple[int, int]:
        step = item.stash.get(STEP, None)
        device = device_of(item)
        return (
            number[step.id] if step is not None else len(number),
            devices.index(device) if device in devices else 0,
        )

    return sorted(items, key=place)


class FocusReporter(TERMINAL_REPORTER or object):  # type: ignore[misc] # other plugins ask for its methods
    """pytest's terminal reporter, silent but for the step under way (on a terminal) and the report at the end."""

    showheader = False

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self.report: list[Line] = []
        self._live = False

    def pytest_collection(self) -> None:
        """Collecting takes no time worth a word."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say nothing: how many tests there are is not what a learner asks."""

    def report_collect(self, final: bool = False) -> None:
        """As above."""

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """On a terminal, show which step is under way."""
        if self.config.getoption("capture") != "no":
            self.show_under_way(location[2].partition("[")[0].removeprefix("test_").partition("__")[0])

    def show_under_way(self, text: str) -> None:
        """On a terminal, show what is under way on one line that the report replaces."""
        if self.isatty:
            self.write(f"\r\x1b[K  {text} …", flush=True, light=True)
            self._live = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the counts that other plugins read; print nothing but, with -v, each finished test."""
        category, _, word = self.config.hook.pytest_report_teststatus(report=report, config=self.config)
        self.stats.setdefault(category, []).append(report)
        if self.config.get_verbosity() > 0 and word:
            self.clear()
            self.write_line(f"{report.nodeid} {word[0] if isinstance(word, tuple) else word}")

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Nothing to add."""

    def clear(self) -> None:
        """Take the line of the step under way off the terminal."""
        if self._live:
            self.write("\r\x1b[K")
            self._live = False

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int | pytest.ExitCode) -> Any:
        """Print what collection could not read, what other plugins add, and the report."""
        result = yield
        self.clear()
        self.config.hook.pytest_terminal_summary(terminalreporter=self, exitstatus=exitstatus, config=self.config)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self) -> Any:
        self.summary_errors()
        result = yield
        print_lines(self, self.report)
        return result


def print_lines(reporter: Any, lines: list[Line]) -> None:
    """Write styled lines, in a terminal folded to its width. Elsewhere pytest's own writer leaves out the colours."""
    for line in folded(lines, shutil.get_terminal_size().columns) if reporter.isatty else lines:
        for piece in line:
            reporter.write(piece.text, **_STYLES[piece.style])
        reporter.line("")


def symbols_of(reporter: Any) -> Symbols:
    """The signs that the reporter's file can hold."""
    return Symbols.for_encoding(getattr(sys.__stdout__, "encoding", None))


def install(config: pytest.Config) -> FocusReporter | None:
    """Put the quiet reporter in the place of pytest's; None where the run has no terminal reporter at all."""
    standard = config.pluginmanager.getplugin("terminalreporter")
    if standard is None:
        return None
    config.pluginmanager.unregister(standard)
    reporter = FocusReporter(config)
    config.pluginmanager.register(reporter, "terminalreporter")
    return reporter
