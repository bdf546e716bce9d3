"""Every private name of pytest that the dojo uses, from pytest 8.3 on, and what happens without it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from dojo.support.private_names import PrivateName, find

_PROTOCOL = PrivateName(
    "pytest",
    "_pytest.runner",
    "runtestprotocol",
    "a red test can't be run again, so its report may not say why it is red.",
)
_REPORTER = PrivateName(
    "pytest",
    "_pytest.terminal",
    "TerminalReporter",
    "`pytest` runs every step and prints pytest's own report.",
)
_FOUND = "a judge leaves the run where code under test can find it."
_DEBUGGER = PrivateName("pytest", "_pytest.debugging", "pytestPDB", _FOUND)
_ASSERTS = PrivateName("pytest", "_pytest.assertion", "util", _FOUND)
NAMES = (_PROTOCOL, _REPORTER)

# Found now: later, code under test may have put something else in their place.
_run_protocol = find(_PROTOCOL)
# pytest's own reporter, which newer versions export; None if this pytest does not have it.
TERMINAL_REPORTER: Any = getattr(pytest, "TerminalReporter", None) or find(_REPORTER)

# The folder of pytest's importer, which rewrites asserts. Its name is private, a function in it is public.
IMPORTER = str(Path(str(sys.modules[pytest.register_assert_rewrite.__module__].__file__)).parent) + os.sep


def missing() -> list[str]:
    """A sentence about each private name that this pytest lacks."""
    found = {_PROTOCOL: _run_protocol, _REPORTER: TERMINAL_REPORTER}
    return [name.missing() for name, value in found.items() if value is None]


def run_test(item: pytest.Item, nextitem: pytest.Item | None) -> list[pytest.TestReport]:
    """Run a test from set-up to tear-down, and return its reports without passing them on to other plugins."""
    reports: list[pytest.TestReport]
    if _run_protocol is not None:
        reports = _run_protocol(item, nextitem=nextitem, log=False)
        return reports
    reports = [_phase(item, "setup")]
    if reports[0].passed:
        reports.append(_phase(item, "call"))
    return [*reports, _phase(item, "teardown", nextitem=nextitem)]


def forget_the_run() -> None:
    """Remove the run from pytest's global names, where its debugger and its asserts keep it."""
    debugger, asserts = find(_DEBUGGER), find(_ASSERTS)
    if debugger is not None:
        debugger._config = debugger._pluginmanager = None
        debugger._saved = []
    if asserts is not None:
        asserts._config = asserts._reprcompare = asserts._assertion_pass = None


def _phase(item: pytest.Item, when: Any, **arguments: Any) -> pytest.TestReport:
    """Run one phase of a test through pytest's public hooks."""
    hook = getattr(item.ihook, f"pytest_runtest_{when}")
    call = pytest.CallInfo.from_call(
        lambda: hook(item=item, **arguments), when=when, reraise=(pytest.exit.Exception, KeyboardInterrupt)
    )
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    return report
