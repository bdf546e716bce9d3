"""How plain `pytest` walks the course: from the first step that is not known to be green to the first red step.

Only the tests of the current kata are collected. A step that is not written yet is red without a test, and so is a
step whose file Python cannot read. Then PyTorch is not imported at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dojo.course.curriculum import Step
from dojo.failures.test_items import DEVICES, STEP
from dojo.progress.known_green import KnownGreen
from dojo.running.arguments import as_argument
from dojo.running.at_a_glance import failure_without_run, report_of_first_test
from dojo.running.one_run import Run


class Walk:
    """A plugin that collects and runs the tests of the steps that a run goes through, in the course's order.

    A run in focus mode ends at the first red step. `known` holds the steps that need not be run; it may be None. If all
    other steps are green, a run of the whole course in focus mode runs the known steps too.
    """

    def __init__(self, config: pytest.Config, run: Run, known: KnownGreen | None) -> None:
        self.config = config
        self._course = run.course
        self._run = run
        self._steps = [step for step in run.walked if not run.only or step.id in run.only]
        self._known = known
        self._done: set[str] = set()
        self._is_inside = False
        config.args[:] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run one kata's tests after another."""
        if self._is_inside or session.testsfailed:
            return None
        self._is_inside = True
        known = [step for step in self._steps if self._known is not None and step in self._known]
        self._run.left_out = known
        try:
            left_out = {step.id for step in known}
            self._walk(session, [step for step in self._steps if step.id not in left_out])
            if self._known is None and not session.testsfailed:
                self._walk(session, [step for step in self._steps if step.id not in self._done])
            if self._run.focused and not self._run.only and not session.testsfailed:
                # Everything is green, so the steps that were left out run too, and the tests that test no step.
                self._run.will_run(self._run.left_out)
                self._run.left_out = []
                new = {step.id for step in self._steps} - self._done
                tests = self._course.root / "tests"
                self._run_tests(session, tests, lambda item: STEP not in item.stash or item.stash[STEP].id in new)
        finally:
            # Even if nothing had to run, pytest must not report a run without tests.
            session.testscollected = max(session.testscollected, len(self._done), 1)
        return True

    def _walk(self, session: pytest.Session, steps: list[Step]) -> None:
        for kata_id in dict.fromkeys(step.kata_id for step in steps):
            waiting = [step for step in steps if step.kata_id == kata_id]
            while waiting and not (session.testsfailed and self._run.focused):
                red = {step.id: failure for step in waiting if (failure := failure_without_run(self._run, step))}
                now = waiting
                if self._run.focused:
                    # The steps before the first step that is red without being run.
                    first = next((n for n, step in enumerate(waiting) if step.id in red), len(waiting))
                    now = waiting[:first] or waiting[:1]
                for step in now:
                    if step.id in red:
                        self._done.add(step.id)
                        report = report_of_first_test(self._course, step, red[step.id])
                        self.config.hook.pytest_runtest_logreport(report=report)
                        if session.shouldfail:
                            raise session.Failed(session.shouldfail)
                self._run_steps(session, [step for step in now if step.id not in red])
                waiting = waiting[len(now) :]

    def _run_steps(self, session: pytest.Session, steps: list[Step]) -> None:
        if steps:
            self._run.will_run(steps)
            chosen = {step.id for step in steps}
            path = self._course.root / "tests" / f"{steps[0].kata_id}.py"
            self._run_tests(session, path, lambda item: STEP in item.stash and item.stash[STEP].id in chosen)
            self._done |= chosen

    def _run_tests(self, session: pytest.Session, path: Path, chosen: Callable[[pytest.Item], bool]) -> None:
        """Collect the tests in a file or folder, and run the chosen ones."""
        self._chosen = chosen
        # Earlier failures would look like errors of this collection.
        failed, session.testsfailed = session.testsfailed, 0
        try:
            session.perform_collect([as_argument(self.config, path)])
            if self._devices_have_changed():
                # The steps that were green on other devices are not known to be green on these.
                self._known = None
                self._run.left_out = []
            self.config.hook.pytest_runtestloop(session=session)
        finally:
            session.testsfailed += failed

    def _devices_have_changed(self) -> bool:
        if self._known is None:
            return False
        before = self._known.memory.devices_in(self._known.environment)
        return bool(before) and before != self.config.stash.get(DEVICES, before)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep only the chosen tests."""
        items[:] = [item for item in items if self._is_inside and self._chosen(item)]
