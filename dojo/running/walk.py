"""The way of plain `pytest` through the course: from the first step that is not known to be green to the first red one.

Only the tests of the kata at hand are collected. A file that Python cannot read, and a step that is not written yet,
need no test to be red: then PyTorch is not imported at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from dojo.course.curriculum import Step
from dojo.failures.failure import Failure
from dojo.failures.test_items import DEVICES, STEP
from dojo.progress.known_green import KnownGreen
from dojo.running.arguments import as_argument
from dojo.running.at_a_glance import Glance, red_report_of
from dojo.running.one_run import Run


class Walk:
    """A plugin that collects and runs the tests of some steps, in the course's order.

    known: the steps that need not be run. to_the_end: run the known ones too before all are called green.
    stops: whether the first red step ends the run.
    """

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        steps: Iterable[Step],
        known: KnownGreen | None,
        *,
        stops: bool,
        to_the_end: bool,
    ) -> None:
        self.config = config
        self.course = run.course
        self._run = run
        self.skipped: list[Step] = []
        self._steps = list(steps)
        self._known = known
        self._stops = stops
        self._to_the_end = to_the_end
        self._glance = Glance(run.course, runs_given_code=run.runs_given_code)
        self._batch: list[Step] = []
        self._done: set[str] = set()
        self._is_inside = False
        config.args[:] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run one kata's tests after another."""
        if self._is_inside or session.testsfailed:
            return None
        self._is_inside = True
        try:
            self._walk(session, [step for step in self._steps if not self._leave_out(step)])
            if self._known is None and not session.testsfailed:
                self._walk(session, [step for step in self._steps if step.id not in self._done])
            if self._to_the_end and not session.testsfailed:
                # All of it is green: what was left out is run once more, and the tests that belong to no step.
                self._run.will_run(self.skipped)
                self.skipped.clear()
                self._run_tests(session, [self.course.root / "tests"], self._is_new)
        finally:
            # A run in which nothing had to be run is not a run without tests.
            session.testscollected = max(session.testscollected, len(self._done), 1)
        return True

    def _leave_out(self, step: Step) -> bool:
        if self._known is None or step not in self._known:
            return False
        self.skipped.append(step)
        return True

    def _walk(self, session: pytest.Session, steps: list[Step]) -> None:
        katas = list(dict.fromkeys(step.kata_id for step in steps))
        for kata_id in katas:
            waiting = [step for step in steps if step.kata_id == kata_id]
            while waiting and not (session.testsfailed and self._stops):
                seen = [(step, self._glance.failure_of(step)) for step in waiting]
                if self._stops:
                    # The steps before the first that is red without being run.
                    first = next((n for n, (_, failure) in enumerate(seen) if failure is not None), len(seen))
                    now = waiting[:first] or waiting[:1]
                else:
                    now = [step for step, failure in seen if failure is not None] or waiting
                failures = {step: failure for step, failure in seen if failure is not None}
                for step in now:
                    if step in failures:
                        self._report(session, step, failures[step])
                self._run_steps(session, [step for step in now if step not in failures])
                waiting = [step for step in waiting if step not in now]

    def _report(self, session: pytest.Session, step: Step, failure: Failure) -> None:
        self._done.add(step.id)
        report = red_report_of(self.course, step, failure)
        self.config.hook.pytest_runtest_logreport(report=report)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)

    def _run_steps(self, session: pytest.Session, steps: list[Step]) -> None:
        if steps:
            self._run.will_run(steps)
            chosen = {step.id for step in steps}
            path = self.course.root / "tests" / f"{steps[0].kata_id}.py"
            self._run_tests(session, [path], lambda item: STEP in item.stash and item.stash[STEP].id in chosen)
            self._done |= chosen

    def _devices_have_changed(self) -> bool:
        assert self._known is not None
        before = self._known.memory.devices_in(self._known.environment)
        return bool(before) and before != self.config.stash.get(DEVICES, before)

    def _is_new(self, item: pytest.Item) -> bool:
        return STEP not in item.stash or (item.stash[STEP] in self._steps and item.stash[STEP].id not in self._done)

    def _run_tests(self, session: pytest.Session, paths: list[Any], chosen: Callable[[pytest.Item], bool]) -> None:
        self._chosen = chosen
        # Failures before this would look like errors of this collection.
        failed, session.testsfailed = session.testsfailed, 0
        try:
            self._collect_and_run(session, paths)
        finally:
            session.testsfailed += failed

    def _collect_and_run(self, session: pytest.Session, paths: list[Any]) -> None:
        session.perform_collect([as_argument(self.config, path) for path in paths])
        if self._known is not None and self._devices_have_changed():
            # What was green on other devices has to be run.
            self._known = None
            self._run.left_out = []
        self.config.hook.pytest_runtestloop(session=session)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of what was collected, keep the tests at hand."""
        items[:] = [item for item in items if self._is_inside and self._chosen(item)]
