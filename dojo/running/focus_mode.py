"""Focus mode: plain `pytest` goes through the steps in order, stops at the first red step, and reports only that."""

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

# Options that ask for a selection, an order or no run at all, with their defaults. With any of these, pytest behaves as
# usual.
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

# The table of styles, in the words of pytest's writer.
_STYLES = {
    style: {"light" if word == "dim" else word: True for word in words.split()} for style, words in STYLES.items()
}


def wants_focus(config: pytest.Config, root: Path) -> bool:
    """Whether plain pytest was started in the course's folder or in katas/, without a choice of tests."""
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
    """The tests in the order of the steps, and for each step in the order of the devices."""
    number = {step.id: index for index, step in enumerate(curriculum.steps())}

    def place(item: pytest.Item) -> tuple[int, int]:
        step, device = item.stash.get(STEP, None), device_of(item)
        step_number = number[step.id] if step is not None else len(number)
        return step_number, devices.index(device) if device in devices else 0

    return sorted(items, key=place)


class FocusReporter(TERMINAL_REPORTER or object):  # type: ignore[misc] # other plugins ask for its methods
    """pytest's terminal reporter. It shows only the step under way (on a terminal), and the report at the end."""

    showheader = False

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self.report: list[Line] = []
        self._live = False

    def pytest_collection(self) -> None:
        """Print nothing."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print nothing."""

    def report_collect(self, final: bool = False) -> None:
        """Print nothing."""

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
        """Keep the counts that other plugins read. Print the test only with -v."""
        category, _, word = self.config.hook.pytest_report_teststatus(report=report, config=self.config)
        self.stats.setdefault(category, []).append(report)
        if self.config.get_verbosity() > 0 and word:
            self.clear()
            self.write_line(f"{report.nodeid} {word[0] if isinstance(word, tuple) else word}")

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Print nothing."""

    def clear(self) -> None:
        """Remove the line of the step under way from the terminal."""
        if self._live:
            self.write("\r\x1b[K")
            self._live = False

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int | pytest.ExitCode) -> Any:
        """Let other plugins add to the report, and print it."""
        result = yield
        self.clear()
        self.config.hook.pytest_terminal_summary(terminalreporter=self, exitstatus=exitstatus, config=self.config)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self) -> Any:
        """Print the errors of the collection, what other plugins add, and the report."""
        self.summary_errors()
        result = yield
        print_lines(self, self.report)
        return result


def print_lines(reporter: Any, lines: list[Line]) -> None:
    """Write styled lines. A terminal gets them wrapped to its width; elsewhere pytest's writer leaves out colors."""
    for line in folded(lines, shutil.get_terminal_size().columns) if reporter.isatty else lines:
        for piece in line:
            reporter.write(piece.text, **_STYLES[piece.style])
        reporter.line("")


def symbols_here() -> Symbols:
    """The symbols that standard output can show."""
    return Symbols.for_encoding(getattr(sys.__stdout__, "encoding", None))


def install(config: pytest.Config) -> None:
    """Replace pytest's terminal reporter. Does nothing if the run has none."""
    standard = config.pluginmanager.getplugin("terminalreporter")
    if standard is not None:
        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(FocusReporter(config), "terminalreporter")
