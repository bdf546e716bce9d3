"""One run of the tests: its outcomes as they come, and what is made of them at the end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dojo.course.curriculum import Curriculum, Kata, Step
from dojo.course.layout import Course
from dojo.failures.failure import Failure
from dojo.failures.test_items import attached_result
from dojo.progress.counts import Counts
from dojo.progress.data import Progress, StepProgress, counts_of, to_json
from dojo.progress.known_green import KnownGreen
from dojo.progress.memory import Memory
from dojo.progress.results import TestOutcome, summarize
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN, RED
from dojo.reports.practice import all_green_line, offer_lines
from dojo.reports.step_report import (
    core_finish,
    failure_lines,
    finish,
    green_report,
    left_out_lines,
    newly_lines,
    progress_line,
    red_report,
    still_counted_lines,
)
from dojo.running import held_start
from dojo.running.focus_mode import FocusReporter, print_lines, symbols_here
from dojo.running.milestones import milestone_lines
from dojo.support.files import write_json
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols, text_of
from dojo.testbed import pytest_private, torch_private
from dojo.testbed.devices import Device
from dojo.testbed.environment import environment_digest

# Of the steps for which only some tests ran, a run names at most this many.
_MOST_PARTS = 3

RUN = pytest.StashKey["Run"]()


class Run:
    """Collects outcomes and reports on them, in the process that the person started, even under xdist."""

    def __init__(
        self,
        course: Course,
        curriculum: Curriculum,
        focused: bool,
        json_file: Path | None,
        only: frozenset[str] = frozenset(),
        asked: Sequence[str] = (),
        walked: Sequence[Step] = (),
        typed: str = "pytest",
    ) -> None:
        self.course = course
        self.curriculum = curriculum
        self.focused = focused
        self.json_file = json_file
        self.only = only
        self.asked = asked
        # The steps that a run without a selection walks.
        self.walked = walked
        # The command that started this run, as the learner typed it.
        self.typed = typed
        self.devices: list[Device] = []
        self.outcomes: list[TestOutcome] = []
        self.progress: Progress | None = None
        self.newly: list[str] = []
        # Katas with their core steps, or their practice steps, if this run was the first to find all of these green.
        self.done: list[tuple[Kata, tuple[Step, ...]]] = []
        # The ids of all green steps of the course, including steps that this run did not walk.
        self.green: frozenset[str] = frozenset()
        # How many of them count only because they were green before their file stopped importing.
        self.still_counted = 0
        self.problems: list[str] = []
        # The steps that do not run again, because they are known to be green.
        self.left_out: list[Step] = []
        # What is remembered about the steps that this run judged, as in .dojo/steps.json.
        self.learned: dict[str, dict[str, str]] = {}
        self.begin()

    def wait_to_be_asked(self) -> None:
        """If this run is held, wait until somebody asks for it, and begin it anew."""
        if held_start.pass_through():
            steps = [step for step in self.curriculum.steps() if step.id in self._digests]
            self.begin()
            self.will_run(steps)

    def begin(self) -> None:
        """Start the clock, and forget what the files were before this run was asked for."""
        self._digests: dict[str, str] = {}
        self._started = time.perf_counter()

    def will_run(self, steps: Iterable[Step]) -> None:
        """Note what the verdicts on these steps depend on, before their code runs.

        A file that is saved later has not been judged.
        """
        if self.judges_own:
            known = self._known_now()
            self._digests |= {step.id: known.digest(step) for step in steps}
            known.save()

    def _known_now(self) -> KnownGreen:
        return KnownGreen(self.course.root, self.curriculum, Memory(self.course.root), self.asked)

    def _stamps_that_hold(self) -> dict[str, str]:
        """The stamps of the steps whose files have not changed since the run began."""
        known = self._known_now()
        steps = {outcome.result.step for outcome in self.outcomes}
        return {
            step.id: known.stamp(step)
            for step in self.curriculum.steps()
            if step.id in steps and known.digest(step) == self._digests.get(step.id)
        }

    @property
    def judges_own(self) -> bool:
        """Whether the learner's own folder is judged. Only then is the run remembered."""
        return self.course.judges_own

    @property
    def in_notebook(self) -> bool:
        """Whether a cell of a notebook started this run. The card and the introduction are above this cell."""
        return self.typed.startswith("%")

    @property
    def runs_given_code(self) -> bool:
        """Whether the run shows how the given code of repair steps fails, as `pytest`, `dojo run` and the watch do."""
        return self.judges_own and (self.focused or bool(self.only))

    def take(self, report: pytest.TestReport) -> bool:
        """Take in the report of one phase; return whether a test of a step is red."""
        result = attached_result(report)
        if result is None or (report.when != "call" and report.outcome == "passed"):
            return False
        self.outcomes.append(TestOutcome(result, report.outcome, report.duration))
        return report.outcome == "failed"

    def report_of(self, step_id: str, failure: Failure, device: str) -> list[Line]:
        """The report on a red step."""
        step = self.curriculum.step(step_id)
        if step is None:
            return []
        return failure_lines(self.course, step, failure, device, in_notebook=self.in_notebook)

    def close(self) -> None:
        """Make the progress of the run, remember it, and write it to the file of --progress-json."""
        self.problems += [*pytest_private.missing(), *torch_private.missing()]
        environment = environment_digest(self.asked)
        memory = Memory(self.course.root)
        if self.devices and self.judges_own:
            memory.note_devices(environment, self.devices)
        # A run that has not imported PyTorch takes the devices from the run before it.
        self.devices = self.devices or memory.devices_in(environment)
        self.progress = summarize(
            self.course,
            self.curriculum,
            self.outcomes,
            self.devices,
            self.report_of,
            focused=self.focused and not self.only,
            seconds=time.perf_counter() - self._started,
            known=self.left_out,
            walked=self.walked,
        )
        if self.judges_own and self.outcomes:
            before = self._all_green(memory)
            self.newly = memory.learn(self.progress, self._stamps_that_hold())
            judged = [step.id for step in self.progress.steps if step.status == GREEN or step.is_red]
            self.learned = {step_id: memory.steps[step_id] for step_id in judged if step_id in memory.steps}
            self.done = [each for each in self._all_green(memory) if each not in before]
            self.problems += memory.problems
        self.green = self._green_steps(memory)
        if self.json_file is not None:
            try:
                write_json(self.json_file, to_json(self.progress))
            except OSError as error:
                self.problems.append(f"--progress-json {self.json_file}: could not be written ({error.strerror}).")

    def _all_green(self, memory: Memory) -> list[tuple[Kata, tuple[Step, ...]]]:
        """For katas with practice: each with its core steps, and with its practice steps, if these are all green."""
        parts = [
            (kata, steps) for kata in self.curriculum.katas() if kata.practice for steps in (kata.core, kata.practice)
        ]
        return [(kata, steps) for kata, steps in parts if steps and all(map(memory.counts_as_green, steps))]

    def _green_steps(self, memory: Memory) -> frozenset[str]:
        """The ids of the green steps. A step that this run does not reach is green if it is remembered as green.

        So is a step whose file does not import.
        """
        assert self.progress is not None
        green = {step.id for step in self.progress.steps if step.status == GREEN}
        if self.judges_own:
            known = {step.id: step.kata_id for step in self.curriculum.steps() if memory.counts_as_green(step)}
            broken = {step.kata_id for step in self.progress.steps if step.status == BROKEN}
            held = {id_ for id_ in known if known[id_] in broken and (not self.only or id_ in self.only)}
            self.still_counted = len(held)
            green |= held | (known.keys() - self._reached())
        return frozenset(green)

    def _reached(self) -> set[str]:
        """The ids of the steps that this run goes through, if none of them is red."""
        return set(self.only) or {step.id for step in self.walked}

    @property
    def counts(self) -> Counts:
        """The counts for the whole course, or for the selected steps; in any other run, for the steps that ran."""
        assert self.progress is not None
        if self.focused or self.only:
            steps = [step for step in self.curriculum.steps() if not self.only or step.id in self.only]
            return Counts.of((step.is_core, step.id in self.green) for step in steps)
        return counts_of(step for step in self.progress.steps if step.status != NOT_RUN)

    def report(self, reporter: Any) -> list[Line]:
        """What focus mode prints: the report on the first red step, or on a run that is all green."""
        assert self.progress is not None
        symbols = symbols_here()
        focus = self.progress.focus
        between: list[Line] = []
        for_a_person = not self.only or self.typed.startswith("dojo run") or self.in_notebook
        if self.judges_own and for_a_person and reporter.config.get_verbosity() >= 0:
            between = milestone_lines(
                self.course,
                self.curriculum,
                self.progress,
                self.newly,
                self.green,
                symbols,
                lambda said: self._offers(symbols, said),
                reporter.show_under_way,
                introduces=not self.in_notebook,
            )
        elif offers := self._offers(symbols):
            between = [*offers, []]
        if focus is not None:
            width = shutil.get_terminal_size().columns
            newly = newly_lines(self.newly, symbols)
            lines = [
                *(newly and [*newly, []]),
                *between,
                *red_report(self.course, self.curriculum, focus, symbols, width),
                [],
                *self._next_commands(focus),
                self._progress_line(symbols),
                *still_counted_lines(self.still_counted),
            ]
        elif self.only:
            green = green_report(self.progress, symbols)
            after = self._after_green()
            # The last line of `between` is empty.
            lines = [*green, *(between and [[], *(between if after else between[:-1])]), *after]
        elif self.progress.complete:
            lines = [*between, *finish(self.progress, symbols, self.judges_own)]
        elif self.progress.core_complete:
            lines = [*between, *core_finish(self.progress, self.curriculum, self.green, symbols)]
        else:
            lines = [self._progress_line(symbols)]
        return [*lines, *self._remarks()]

    def _progress_line(self, symbols: Symbols) -> Line:
        return progress_line(self.counts, symbols, with_practice=bool(self.only))

    def _next_commands(self, focus: StepProgress) -> list[Line]:
        """The commands for a hint and for the same run. A hint without a name is for the core step under way."""
        again = [Piece("again: ", "dim"), Piece(self.typed, "accent")]
        if focus.status == BROKEN:
            return [[Piece("  "), *again]]
        step = self.curriculum.step(focus.id)
        hint = "dojo hint"
        if step is not None and not (focus.core and self.judges_own and not self.only):
            hint += f" {self.curriculum.spelling_of(step)}"
        first: Line = [Piece("  a hint: ", "dim"), Piece(hint, "accent")]
        whole = [*first, Piece("    "), *again]
        return [whole] if len(text_of(whole)) <= WIDTH else [first, [Piece("  "), *again]]

    def _after_green(self) -> list[Line]:
        """After a run of one step that is green: the commands that compare the answer and run the next open step."""
        if len(self.only) != 1 or not self.judges_own or self.progress is None:
            return []
        [step] = [step for step in self.curriculum.steps() if step.id in self.only]
        found = self.progress.step(step.id)
        if found is None or found.status != GREEN:
            return []
        spelled = self.curriculum.spelling_of
        line: Line = [Piece("  compare: ", "dim"), Piece(f"dojo diff {spelled(step)}", "accent")]
        steps = list(self.curriculum.steps())
        following = [each for each in steps[steps.index(step) + 1 :] if each.id not in self.green]
        near = [each for each in following if each.is_core or (not step.is_core and each.kata_id == step.kata_id)]
        if near:
            way = self._cell_of(near[0], step) if self.in_notebook else f"dojo run {spelled(near[0])}"
            line += [Piece("    next: ", "dim"), Piece(way, "accent")]
        return [line]

    def _cell_of(self, step: Step, last: Step) -> str:
        """Which cell of a notebook a step has. `last` is the step whose cell has been run."""
        lesson = self.curriculum.place(step)[0]
        elsewhere = lesson != self.curriculum.place(last)[0]
        return f"{step.name}, in notebooks/lesson_{lesson.number}.ipynb" if elsewhere else step.name

    def _offers(self, symbols: Symbols, said: Kata | None = None) -> list[Line]:
        """A line on the last kata whose practice this run has finished, and an offer of practice.

        said: the kata that the report already calls finished.

        The offer is for the last kata whose core this run has finished, unless the run walks its practice steps anyway.
        """
        reached = self._reached()
        practice = [kata for kata, steps in self.done if steps == kata.practice][-1:]
        core = [kata for kata, steps in self.done if steps == kata.core][-1:]
        lines = [all_green_line(kata, kata.practice, symbols) for kata in practice]
        for kata in core:
            if not any(step.id in reached for step in kata.practice):
                lines += offer_lines(
                    self.curriculum, kata, self.green, symbols, is_said=kata == said, in_notebook=self.in_notebook
                )
        return lines

    def summary(self, reporter: Any) -> None:
        """Print the progress on the steps that ran, at the end of a run with pytest's own reporter."""
        if self.progress is None or not self.outcomes or isinstance(reporter, FocusReporter):
            return
        reporter.write_sep("-", "steps")
        progress = self._progress_line(symbols_here())
        if not self.only and self.progress.count(NOT_RUN):
            progress.append(Piece(f" ({len(self.progress.steps)} in all)", "dim"))
        red = self.progress.count(RED, BROKEN)
        if red:
            progress.append(Piece(f", {red} red", "bad"))
        print_lines(reporter, [progress, *self._lines_on_parts(), *self._remarks()])

    def _lines_on_parts(self) -> list[Line]:
        """A line for each step that passed all tests that ran, if only some of its tests ran."""
        assert self.progress is not None
        parts = [step for step in self.progress.steps if step.status == NOT_RUN and step.passed]
        return [
            [Piece(f"{step.name}: {step.passed} of {step.tests} tests passed. To run all: dojo run {step.name}")]
            for step in parts[:_MOST_PARTS]
        ]

    def _remarks(self) -> list[Line]:
        """Notes on green steps, problems of the run, and what did not run."""
        assert self.progress is not None
        notes = [note for step in self.progress.steps if step.failure is None for note in step.notes]
        said = [*dict.fromkeys(notes), *self.problems]
        if self.left_out:
            number = len(self.left_out)
            green = "1 green step has" if number == 1 else f"{number} green steps have"
            run = "was" if number == 1 else "were"
            # A cell of a notebook takes no options.
            fresh = [] if self.in_notebook else [f"Run all: {self.typed} --fresh"]
            said.append(f"{green} not changed and {run} not run again.")
            said += fresh
        return left_out_lines(self.progress) + [[Piece(text, "dim")] for text in said]
