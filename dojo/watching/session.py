"""The state of a watch, and how a save, a key or a verdict changes the state. `view` makes the lines on the screen."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dojo.course.curriculum import Kata, Step, read_curriculum
from dojo.course.definitions import read_definitions
from dojo.course.hints import Hint, read_hints
from dojo.course.introductions import read_introduction
from dojo.course.layout import Course
from dojo.course.picture_of_step import PictureOfStep, picture_of
from dojo.course.stubs import put_stubs_back, unwritten_steps
from dojo.progress.data import Progress
from dojo.progress.finished import Milestone, newly_finished
from dojo.progress.known_green import KnownGreen
from dojo.progress.memory import Memory
from dojo.progress.statuses import BROKEN, GREEN, RED
from dojo.reports.course_tree import course_lines
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line, Piece, Symbols, lines_from, text_of, wrapped
from dojo.watching.drawing import Drawn, StepDrawn, start_drawing_step
from dojo.watching.runner import Finished, Red, Runner
from dojo.watching.saves import Saved, meaning

_SCROLLS = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -10, "b": -10, "page down": 10, " ": 10}


@dataclasses.dataclass(frozen=True)
class Request:
    """A run of these steps, or of every step if `steps` is empty. `here`: the run is for the step on the screen."""

    steps: tuple[Step, ...]
    here: bool = True


class Watching:
    """The state of a watch over one course. Pass events to it; `view.View` shows it.

    devices: the values of --device for every run.
    fresh: run green steps again, even if their files have not changed.
    start: the step, kata or lesson to start at (default: the first step that is not green). In a kata or a lesson, the
    watch starts at the first step that is not green.
    practice: whether the watch goes from step to step through the practice steps too.
    """

    # The view on the screen: "step", "hint", "compare", "list", "introduction", "documentation", "card", "keys",
    # "picture" (of a lesson) or "drawing" (of a step). Then its first line, and the marked line of the list.
    view = "step"
    top = 0
    cursor = 0
    message = ""
    # The question that waits for y or n.
    question = ""
    # The step that has just become green, and what can be drawn for it.
    finished: Step | None = None
    finished_picture: PictureOfStep | None = None
    # The kata and the lesson that have just been finished, and the lesson's picture as soon as it is drawn.
    milestone = Milestone()
    picture: Drawn | None = None
    # The drawing of a step that a key asked for, as soon as it is ready.
    drawing: StepDrawn | None = None
    # Whether all steps have been run, and every step that the watch goes through is green.
    complete = False
    # Seconds from the last save to its verdict.
    latency: float | None = None
    # The number of runs that have ended.
    verdicts = 0
    # The step that the hints or the comparison on the screen belong to; its hints, and the hint revealed last.
    subject: Step | None = None
    hints: tuple[Hint, ...] = ()
    newest_hint: Hint | None = None

    def __init__(
        self,
        course: Course,
        runner: Runner,
        *,
        devices: Sequence[str] = (),
        fresh: bool = False,
        start: str | None = None,
        practice: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.course = course
        self.runner = runner
        self.curriculum = read_curriculum(course.root)
        self.memory = Memory(course.root)
        self.practice = practice
        self.step = self._start_in(self.curriculum.chosen(start)) if start else self._first_open()
        self.message = self.curriculum.remark_on(start) if start else ""
        # The report on each step that a run has judged, by the step's id.
        self.reports: dict[str, list[Line]] = {}
        self._devices = devices
        self._fresh = fresh
        self._clock = clock
        self._saved_at: float | None = None
        # The ids of the steps that have become green in this watch.
        self.became_green: dict[str, None] = {}
        # The steps that a run of this watch has found green.
        self._checked: set[str] = set()
        # The steps that a run has found green since the last save.
        self._green_now: set[str] = set()
        # The steps that are known to be green with the files as they are; None if the files may have changed.
        self._known: KnownGreen | None = None
        self._request: Request | None = None
        # Whether the run under way has found the step on the screen red.
        self._red_is_shown = False
        self._pending: list[Request] = []
        # Whether the picture of a finished lesson is ready, and has not been shown.
        self._picture_waits = False
        self._confirmed: Callable[[], None] = self._back
        self._meanings = {kata.id: meaning(self.path_of(kata.id)) for kata in self.curriculum.katas()}
        self._texts = {kata.id: self._steps_texts(kata) for kata in self.curriculum.katas()}

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._request is not None

    @property
    def busy(self) -> bool:
        """Whether the verdict on the step on the screen is still to come."""
        return self._request is not None and self._request.here and not self._red_is_shown

    @property
    def checking(self) -> int:
        """The number of green steps that are run again in the background."""
        return len(self._request.steps) if self._request is not None and not self._request.here else 0

    def is_green(self, step: Step) -> bool:
        return self.memory.status(step) == GREEN

    def path_of(self, kata_id: str) -> Path:
        """The learner's file of a kata."""
        return self.course.root / "katas" / f"{kata_id}.py"

    # Events.

    def begin(self) -> None:
        """Run the step on the screen, and later the green steps whose files have changed."""
        if self.step is None:
            self._ask_for(Request(()))
        else:
            self._run_here()
            self._ask_later({kata.id for kata in self.curriculum.katas()})
            self._introduce()
        self._keep_digests()

    def saved(self, event: Saved) -> None:
        """Files have changed: run the step on the screen, and later the green steps that depend on these files."""
        self.message = ""
        if event.course and not self._read_course_again():
            return
        changed = self._changed_katas(event)
        given = any(path.parent == self.course.root / "katas" for path in event.katas)
        if not changed and not event.course and not given:
            return
        if given:
            self.runner.forget()
        self.finished, self.milestone = None, Milestone()
        self.complete = False
        self._pending.clear()
        self._known = None
        self._green_now.clear()
        self._saved_at = self._clock()
        self._follow(changed)
        self._show("step")
        self._run_here()
        everything = event.course or given
        self._ask_later({kata.id for kata in self.curriculum.katas()} if everything else changed)
        self._keep_digests()

    def is_red(self, found: Red) -> None:
        """A test is red in the current run: show its report, which comes once before its diagnosis and once after."""
        step = self.curriculum.step(found.step)
        if found.run != self.runner.latest or self._request is None or step is None or step != self.step:
            return
        self._stop_clock()
        self._red_is_shown = True
        status = BROKEN if found.kind == "broken" else RED
        self.memory.steps[step.id] = {**self.memory.steps.get(step.id, {}), "status": status, "kind": found.kind}
        self.reports[step.id] = lines_from(found.report)

    def ended(self, result: Finished) -> None:
        """A run has ended: take in its verdicts, and go on with the next step or the next run."""
        if result.run != self.runner.latest or self._request is None:
            return
        request, self._request = self._request, None
        self._stop_clock()
        self.verdicts += 1
        green_before = {step.id for step in self.curriculum.steps() if self.is_green(step)}
        self.memory.refresh(result.learned)
        self._known = None
        if result.progress is None:
            self._ended_without_verdict(request, result)
            return
        self._take_reports(result.progress)
        self._tell_what_is_red_again(green_before)
        self._note_milestones(green_before)
        if not request.steps:
            self._after_everything()
        elif request.here and self.step is not None and self.is_green(self.step):
            if self.step.id not in green_before:
                self.finished = self.step
                self.finished_picture = picture_of(self.course.root, self.step)
            self._move_on()
            self._introduce()
        self._next_run()
        self._keep_digests()

    def drawn(self, picture: Drawn) -> None:
        """A finished lesson's picture is there: show it at once, or when the learner leaves another view."""
        self.picture = picture
        self._picture_waits = self.view not in ("step", "introduction") or bool(self.question)
        if not self._picture_waits:
            self._show("picture")

    def pressed(self, key: str) -> bool:
        """A key was pressed. Returns False if the watch ends."""
        if self.question:
            self.question = ""
            if key in ("y", "Y"):
                self._confirmed()
            else:
                self._back()
            return True
        if key in _SCROLLS:
            self._scroll(_SCROLLS[key])
        actions: dict[str, Callable[[], None]] = {
            "enter": self._go_to_cursor if self.view == "list" else self._back,
            "escape": self._back,
            "h": self._hint,
            "i": lambda: self._show_about_step("introduction"),
            "o": lambda: self._show_about_step("documentation"),
            "c": lambda: self._show_about_step("card"),
            "n": lambda: self._step_by(1),
            "p": lambda: self._step_by(-1),
            "l": self._list,
            "d": self._compare,
            "g": self._draw,
            "r": self._reset,
            "a": self._run_everything,
            "?": lambda: self._show("keys"),
        }
        if key in actions:
            actions[key]()
        return key != "q"

    # What the keys do.

    def _show(self, view: str) -> None:
        self.view, self.top = view, 0

    def _show_about(self, step: Step, view: str) -> None:
        self.subject = step
        self._show(view)

    def _back(self) -> None:
        self.message = ""
        waits, self._picture_waits = self._picture_waits, False
        self._show("picture" if waits else "step")

    def _ask(self, question: str, confirmed: Callable[[], None]) -> None:
        self.question, self._confirmed = question, confirmed

    def _rows(self) -> list[Step | None]:
        """The step on each line of the list."""
        return [line.step for line in course_lines(self.curriculum, self.memory, Symbols(), self.step)]

    def _scroll(self, by: int) -> None:
        if self.view != "list":
            self.top = max(self.top + by, 0)
            return
        wanted = self.cursor + by
        places = [number for number, step in enumerate(self._rows()) if step is not None]
        if by < 0:
            places.reverse()
        if places:
            beyond = [place for place in places if (place >= wanted if by > 0 else place <= wanted)]
            self._mark(beyond[0] if beyond else places[-1])

    def _mark(self, row: int) -> None:
        self.cursor = row
        self.top = max(row - 8, 0)

    def _list(self) -> None:
        self._show("list")
        rows = self._rows()
        places = [number for number, step in enumerate(rows) if step is not None]
        here = [number for number in places if rows[number] == self.step]
        self._mark((here or places or [0])[0])

    def _go_to_cursor(self) -> None:
        rows = self._rows()
        step = rows[self.cursor] if self.cursor < len(rows) else None
        if step is not None:
            self._go_to(step)

    def _step_by(self, by: int) -> None:
        steps = [step for step in self.curriculum.steps() if self.goes_through(step)]
        if not steps:
            return
        here = steps.index(self.step) if self.step in steps else (0 if by > 0 else len(steps))
        self._go_to(steps[(here + by) % len(steps)])

    def _go_to(self, step: Step) -> None:
        self.step, self.finished, self.message, self.complete = step, None, "", False
        self.milestone = Milestone()
        self._pending.clear()
        self._show("step")
        self._ask_for(Request((step,)))

    def _hint(self) -> None:
        if self.step is None:
            return
        try:
            self.hints = tuple(read_hints(self.course.root, self.step))
        except DojoError as error:
            self.message = str(error)
            return
        self.newest_hint = self.memory.reveal_next_hint(self.step, list(self.hints))
        self._show_about(self.step, "hint")

    def _show_about_step(self, view: str) -> None:
        if self.step is not None:
            self._show_about(self.step, view)

    def _introduce(self) -> None:
        """Show the introduction of a kata once, before its first step is begun."""
        step = self.step
        if step is None or step.name not in unwritten_steps(self.course.root, self.curriculum.place(step)[1]):
            return
        introduction = read_introduction(self.course.root, step.kata_id)
        if introduction.says_more and self.memory.announce("introductions", [step.kata_id]):
            self._show_about_step("introduction")

    def _compare(self) -> None:
        step = self.finished or self.step
        if step is None:
            return
        if self.is_green(step):
            self._show_about(step, "compare")
        else:
            question = f"{step.name} is not green yet. See the reference?"
            self._ask(question, lambda: self._show_about(step, "compare"))

    def _draw(self) -> None:
        step = self.finished or self.step
        if step is None:
            return
        picture = picture_of(self.course.root, step)
        if picture is None:
            self.message = f"There is nothing to draw for {step.name}."
            self._show("step")
        else:
            self.drawing = None
            self._show_about(step, "drawing")
            start_drawing_step(self.course, step, picture, self.runner.events)

    def _reset(self) -> None:
        step = self.finished or self.step
        if step is not None:
            self._ask(f"Put the stub of {step.name} back? (your version is kept)", lambda: self._reset_now(step))

    def _reset_now(self, step: Step) -> None:
        try:
            backup = put_stubs_back(self.course.root, self.curriculum, (step,), "reset")
        except DojoError as error:
            self.message = str(error)
            return
        self.memory.forget([step])
        kept = f"dojo restore {backup.name} brings your version back." if backup else "It was a stub already."
        self._go_to(step)
        self.message = f"{step.name} is a stub again. {kept}"

    def _run_everything(self) -> None:
        self.message = "Running every step."
        self._pending.clear()
        self._ask_for(Request(()))

    # What a save has changed.

    def _read_course_again(self) -> bool:
        """Read the course's own files again; returns False if they can't be read."""
        self.message = "The course's own files have changed. They are read again."
        try:
            self.curriculum = read_curriculum(self.course.root)
        except DojoError as error:
            self.message = str(error)
            return False
        self.runner.restart()
        self._checked.clear()
        if self.step is not None:
            self.step = self.curriculum.step(self.step.id) or self._first_open()
        self._meanings = {kata.id: self._meanings.get(kata.id, "") for kata in self.curriculum.katas()}
        return True

    def _changed_katas(self, event: Saved) -> set[str]:
        """The ids of the saved katas whose code has changed."""
        katas = self.course.root / "katas"
        found = set()
        for path in event.katas:
            kata_id = path.relative_to(katas).with_suffix("").as_posix()
            if kata_id in self._meanings:
                now = meaning(path)
                if now != self._meanings[kata_id]:
                    self._meanings[kata_id] = now
                    found.add(kata_id)
        return found

    def _follow(self, changed: set[str]) -> None:
        """Go to the step that the learner has written: the first changed step that is not green.

        Stay if the step on the screen has changed too.
        """
        written: list[Step] = []
        for kata in self.curriculum.katas():
            if kata.id in changed:
                texts = self._steps_texts(kata)
                before, self._texts[kata.id] = self._texts.get(kata.id, {}), texts
                written += [step for step in kata.steps if texts.get(step.name) != before.get(step.name)]
                if self.step is None or self.step.kata_id not in changed:
                    # Code between the steps of another kata has changed.
                    written += [step for step in kata.steps if self.goes_through(step)]
        if self.step not in written:
            self.step = next((step for step in written if not self.is_green(step)), self.step)

    def _steps_texts(self, kata: Kata) -> dict[str, list[str]]:
        """The lines of each definition in the learner's file of a kata, by name."""
        return {name: list(found.lines) for name, found in read_definitions(self.path_of(kata.id)).items()}

    # What a run has found.

    def _stop_clock(self) -> None:
        if self._saved_at is not None:
            self.latency, self._saved_at = self._clock() - self._saved_at, None

    def _take_reports(self, progress: Progress) -> None:
        for found in progress.steps:
            if found.status == GREEN or found.is_red:
                self.reports[found.id] = found.report
            if found.status == GREEN:
                self._checked.add(found.id)
                self._green_now.add(found.id)

    def _note_milestones(self, green_before: set[str]) -> None:
        for step in self.curriculum.steps():
            if self.is_green(step) and step.id not in green_before:
                self.became_green[step.id] = None
        new = newly_finished(self.curriculum, self.memory)
        if new != Milestone():
            self.milestone = new

    def _tell_what_is_red_again(self, green_before: set[str]) -> None:
        red_again = [
            step.name
            for step in self.curriculum.steps()
            if step.id in green_before
            and not self.is_green(step)
            and step != self.step
            # If the file on the screen does not import, the screen says so.
            and not (self.memory.status(step) == BROKEN and self.step and step.kata_id == self.step.kata_id)
        ]
        if red_again:
            self.message = f"No longer green: {', '.join(red_again)} (l shows where)."

    def _after_everything(self) -> None:
        """Every step was run: the course is complete, or there is a red step to go to."""
        red = self._first_open()
        self.message = ""
        self._checked.update(step.id for step in self.curriculum.steps())
        if red is None:
            self.step, self.complete = None, True
            self._show("step")
        elif self.step is None or self.is_green(self.step):
            self.step = red

    def _ended_without_verdict(self, request: Request, result: Finished) -> None:
        how = f"it was killed by signal {-result.status}" if result.status < 0 else f"exit status {result.status}"
        last = result.printed.splitlines()[-1:] or [""]
        lines = wrapped(
            f"The run ended without a verdict ({how}). Your code may have ended Python (os._exit, a crash), or used "
            "more memory than there is."
        )
        if last[0]:
            lines += [[Piece(f"  {last[0]}", "dim")]]
        for step in request.steps[:1] or ([self.step] if self.step else []):
            self.reports[step.id] = lines
        if not request.steps:
            self.message = "".join(map(text_of, lines))
            self.step = self.step or next(self.curriculum.steps(), None)

    # The next step, and the next run.

    def _first_open(self) -> Step | None:
        return self.memory.focus(self.curriculum, practice=self.practice)

    def _start_in(self, steps: Sequence[Step]) -> Step:
        """The first of these steps that is not green, or the first one. Practice steps come last without `practice`."""
        ordered = sorted(steps, key=lambda step: not step.is_core and not self.practice)
        return next((step for step in ordered if not self.is_green(step)), ordered[0])

    def goes_through(self, step: Step) -> bool:
        """Whether the watch comes to this step by itself.

        It comes to a practice step with `practice`, or from another practice step of the same kata.
        """
        if step.is_core or self.practice:
            return True
        return self.step is not None and not self.step.is_core and self.step.kata_id == step.kata_id

    def _is_settled(self, step: Step) -> bool:
        """Whether there is no reason to run a step: it is green, and its files have not changed since."""
        if not self.is_green(step):
            return False
        # A step that is never known is run once after each save. With `_fresh`, a known step is run once in this watch.
        return step.id in self._green_now or (self._is_known(step) and (not self._fresh or step.id in self._checked))

    def _is_known(self, step: Step) -> bool:
        """Whether `pytest` would not run this green step again."""
        if self._known is None:
            self._known = KnownGreen(self.course.root, self.curriculum, self.memory, self._devices)
        return step in self._known

    def _keep_digests(self) -> None:
        if self._known is not None:
            self._known.save()

    def _move_on(self) -> None:
        """Go to the next step that is not settled. The search goes on at the start of the course."""
        steps = list(self.curriculum.steps())
        here = steps.index(self.step) if self.step in steps else -1
        following = [*steps[here + 1 :], *steps[: here + 1]]
        following = [step for step in following if self.goes_through(step)]
        self.step = next((step for step in following if not self._is_settled(step)), None)

    def _run_here(self) -> None:
        """Run the step on the screen, and the unsettled steps after it in its kata."""
        if self.step is None:
            self._move_on()
        if self.step is None:
            self._ask_for(Request(()))
            return
        kata = self.curriculum.place(self.step)[1]
        following = [step for step in kata.steps[self.step.number :] if self.goes_through(step)]
        following = [step for step in following if not self._is_settled(step)]
        self._ask_for(Request((self.step, *following)))

    def _ask_for(self, request: Request) -> None:
        self._request, self._red_is_shown = request, False
        chosen = [part for step in request.steps for part in ("--step", step.id)] or ["--all"]
        # The watch itself decides which green steps to run again.
        devices = [part for name in self._devices for part in ("--device", name)]
        self.runner.run([*chosen, "--fresh", *devices], again=request.here)

    def _ask_later(self, kata_ids: set[str]) -> None:
        """Run the unsettled green steps of these katas once no other run is needed."""
        steps = tuple(
            step
            for step in self.curriculum.steps()
            if step.kata_id in kata_ids and self.memory.counts_as_green(step)
            if step != self.step and not self._is_settled(step)
        )
        if steps:
            self._pending.append(Request(steps, here=False))

    def _next_run(self) -> None:
        if self._request is not None:
            return
        if self.step is None and not self.complete:
            self._ask_for(Request(()))
        elif self.step is not None and self._has_no_verdict(self.step):
            self._run_here()
        elif self._pending:
            self._ask_for(self._pending.pop(0))

    def _has_no_verdict(self, step: Step) -> bool:
        return not self._is_settled(step) if self.is_green(step) else step.id not in self.reports
