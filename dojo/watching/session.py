"""What is on the screen while files are watched, and what a save, a key or a verdict changes. No terminal in here."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from dojo.course.curriculum import Curriculum, Kata, Step, read_curriculum
from dojo.course.definitions import code_of, read_definitions
from dojo.course.hints import read_hints
from dojo.course.layout import Course
from dojo.course.stubs import put_stubs_back
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN, RED
from dojo.reports.course_tree import course_lines
from dojo.reports.side_by_side import side_by_side
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line, Piece, Symbols, lines_from, wrapped
from dojo.watching.runner import Finished, Red, Runner
from dojo.watching.saves import Saved, meaning
from dojo.watching.view import View


@dataclasses.dataclass(frozen=True)
class Request:
    """A run that is wanted: of these steps, or (`steps` empty) of everything. `here`: it is for the step shown."""

    steps: tuple[Step, ...]
    here: bool = True


class Watching(View):
    """The state of a watch over one course. Give it events; ask it for lines.

    arguments: pytest options for every run, such as ["--device", "cpu"]. With `fresh`, green steps whose files are
    unchanged are run again all the same.
    """

    def __init__(
        self,
        course: Course,
        runner: Runner,
        *,
        arguments: list[str] | None = None,
        fresh: bool = False,
        start: str | None = None,
        symbols: Symbols | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.course = course
        self.root = course.root
        self.runner = runner
        self.arguments = arguments or []
        self.symbols = symbols or Symbols()
        self.clock = clock
        self.curriculum: Curriculum = read_curriculum(self.root)
        self.memory = Memory(self.root)
        self.step: Step | None = self.curriculum.named(start) if start else self._first_open()
        self.width = 80
        self.view = "step"
        self.top = 0
        self.message = ""
        self.finished: Step | None = None
        self.complete = False
        self.latency: float | None = None
        self.verdicts = 0
        self._fresh = fresh
        self._checked: set[str] = set()
        self._reports: dict[str, list[Line]] = {}
        self._pending: list[Request] = []
        self._request: Request | None = None
        self._since = 0.0
        self._meanings: dict[str, str] = {}
        self._asks: tuple[str, Callable[[], None]] | None = None
        self._body: list[Line] = []
        self._cursor = 0
        self._texts: dict[str, dict[str, list[str]]] = {}
        for kata in self.curriculum.katas():
            self._meanings[kata.id] = meaning(self._path(kata.id))
            self._texts[kata.id] = self._steps_texts(kata)

    # Events. Each returns whether to go on.

    def begin(self) -> None:
        """Run what is not known to be green."""
        if self.step is None:
            self._ask_for(Request(()))
        else:
            self._run_here()
            self._ask_later({kata.id for kata in self.curriculum.katas()})

    def saved(self, event: Saved) -> None:
        """Files changed: judge what depends on them."""
        if event.course:
            self.message = "The course's own files changed: everything is read anew."
            try:
                self.curriculum = read_curriculum(self.root)
            except DojoError as error:
                self.message = str(error)
                return
            self.runner.restart()
            self._checked.clear()
            if self.step is not None:
                self.step = self.curriculum.step(self.step.id) or self._first_open()
            self._meanings = {kata.id: self._meanings.get(kata.id, "") for kata in self.curriculum.katas()}
        changed = self._changed(event)
        given = any(path.parent == self.root / "katas" for path in event.katas)
        if not changed and not event.course and not given:
            return
        if given:
            self.runner.unprepare()
        self.finished = None
        self.complete = False
        self._pending.clear()
        self._since = self.clock()
        self._follow(changed)
        self._show("step")
        self._run_here()
        everything = event.course or given
        self._ask_later({kata.id for kata in self.curriculum.katas()} if everything else changed)

    def _ask_later(self, kata_ids: set[str]) -> None:
        """Have the green steps of these katas that are not settled run when there is nothing else to do."""
        steps = tuple(
            step
            for step in self.curriculum.steps()
            if step.kata_id in kata_ids and self._is_green(step) and step != self.step and not self._is_settled(step)
        )
        if steps:
            self._pending.append(Request(steps, here=False))

    def is_red(self, found: Red) -> None:
        """The run under way has a red test: show it while its mistake is still being looked for."""
        step = self.curriculum.step(found.step)
        if found.run != self.runner.latest or self._request is None or step is None or step != self.step:
            return
        self._took()
        self.memory.steps[step.id] = {**self.memory.steps.get(step.id, {}), "status": RED, "kind": found.kind}
        self._reports[step.id] = lines_from(found.report)

    def _took(self) -> None:
        if self._since:
            self.latency, self._since = self.clock() - self._since, 0.0

    def ended(self, result: Finished) -> None:
        """A run has come to its end: take its outcome in, and go on to what comes next."""
        if result.run != self.runner.latest or self._request is None:
            return
        request, self._request = self._request, None
        self._took()
        self.verdicts += 1
        was = {step.id: self.memory.status(step) for step in self.curriculum.steps()}
        before, self.memory = self.memory, Memory(self.root)
        self.memory.keep_in_mind(result.progress.steps if result.progress else [], before)
        if result.progress is None:
            self._ended_without_verdict(request, result)
            return
        for found in result.progress.steps:
            if found.status == GREEN or found.is_red:
                self._reports[found.id] = found.report
            if found.status == GREEN:
                self._checked.add(found.id)
        red_again = [
            step.name
            for step in self.curriculum.steps()
            if was[step.id] == GREEN and self.memory.status(step) not in (GREEN, "") and step != self.step
        ]
        if red_again:
            self.message = f"{', '.join(red_again)} was green before and is red now (l shows where)."
        if not request.steps:
            self._after_everything()
        elif request.here and self.step is not None and self._is_green(self.step):
            if was[self.step.id] != GREEN:
                self.finished = self.step
            self._move_on()
        self._next_run()

    def pressed(self, key: str) -> bool:
        """A key: returns False where it ends the watch."""
        if self._asks is not None:
            _, act = self._asks
            self._asks = None
            if key in ("y", "Y"):
                act()
            else:
                self._show("step")
            return True
        if key == "q":
            return False
        if key in ("up", "k"):
            self._scroll(-1)
        elif key in ("down", "j"):
            self._scroll(1)
        elif key in ("page up", "b"):
            self._scroll(-10)
        elif key in ("page down", " "):
            self._scroll(10)
        elif key == "enter" and self.view == "list":
            self._go_to_cursor()
        elif key in ("escape", "enter"):
            self._show("step")
        elif key == "h":
            self._hint()
        elif key in ("n", "p"):
            self._step_by(1 if key == "n" else -1)
        elif key == "l":
            self._list()
        elif key == "d":
            self._compare()
        elif key == "r":
            self._reset()
        elif key == "a":
            self.message = "Running every step."
            self._pending.clear()
            self._ask_for(Request(()))
        return True

    # What is shown.

    @property
    def busy(self) -> bool:
        """Whether the verdict on the step shown is still to come."""
        return self._request is not None and self._request.here

    # What the keys do.

    def _show(self, view: str, body: list[Line] | None = None) -> None:
        self.view, self.top, self._body = view, 0, body or []

    def _scroll(self, by: int) -> None:
        if self.view != "list":
            self.top = max(self.top + by, 0)
            return
        rows = course_lines(self.curriculum, self.memory, self.symbols, self.step)
        wanted = self._cursor + by
        places = [number for number, row in enumerate(rows) if row.step is not None]
        if places:
            ahead = [place for place in places if (place >= wanted if by > 0 else place <= wanted)]
            self._cursor = (ahead[0] if by > 0 else ahead[-1]) if ahead else (places[-1] if by > 0 else places[0])
            self.top = max(self._cursor - 8, 0)

    def _list(self) -> None:
        self._show("list")
        rows = course_lines(self.curriculum, self.memory, self.symbols, self.step)
        places = [number for number, row in enumerate(rows) if row.step is not None]
        here = [number for number in places if rows[number].step == self.step]
        self._cursor = (here or places or [0])[0]
        self.top = max(self._cursor - 8, 0)

    def _go_to_cursor(self) -> None:
        rows = course_lines(self.curriculum, self.memory, self.symbols, self.step)
        step = rows[self._cursor].step if self._cursor < len(rows) else None
        if step is not None:
            self._go_to(step)

    def _step_by(self, by: int) -> None:
        steps = list(self.curriculum.steps())
        if not steps:
            return
        here = steps.index(self.step) if self.step in steps else (0 if by > 0 else len(steps))
        self._go_to(steps[(here + by) % len(steps)])

    def _go_to(self, step: Step) -> None:
        self.step, self.finished, self.message, self.complete = step, None, "", False
        self._pending.clear()
        self._show("step")
        self._ask_for(Request((step,), here=True))

    def _hint(self) -> None:
        if self.step is None:
            return
        try:
            hints = read_hints(self.root, self.step)
        except DojoError as error:
            self.message = str(error)
            return
        following = self.memory.reveal_next_hint(self.step, hints)
        shown = self.memory.revealed.get(self.step.id, [])
        lines: list[Line] = []
        for hint in hints:
            if hint.key in shown:
                newest = hint == following
                lines.append([Piece(f"Hint {hint.number} of {len(hints)}", "bold" if newest else "dim")])
                for paragraph in hint.text.split("\n"):
                    lines += wrapped(paragraph) if paragraph else [[]]
                lines.append([])
        left = len(hints) - len(shown)
        more = f"{left} more: h" if left else "That is all of them."
        lines.append([Piece(f"{more}   back: escape", "dim")])
        self._show("hint", lines)

    def _compare(self) -> None:
        step = self.finished or self.step
        if step is None:
            return
        if self._is_green(step):
            self._show_comparison(step)
        else:
            self._asks = (
                f"{step.name} is not green yet. See the reference?",
                lambda: self._show_comparison(step),
            )

    def _show_comparison(self, step: Step) -> None:
        own = code_of(self._path(step.kata_id), step.name)
        reference = code_of(self.root / "solutions" / f"{step.kata_id}.py", step.name)
        self._show(
            "compare",
            [
                [
                    Piece(step.name, "bold"),
                    Piece("   the operators of each: ", "dim"),
                    Piece(f"dojo diff {step.name}", "accent"),
                ],
                [],
                *side_by_side(own, reference, self.width),
            ],
        )

    def _reset(self) -> None:
        step = self.finished or self.step
        if step is not None:
            self._asks = (f"Put the stub of {step.name} back? (your version is kept)", lambda: self._reset_now(step))

    def _reset_now(self, step: Step) -> None:
        try:
            backup = put_stubs_back(self.root, self.curriculum, (step,), "reset")
        except DojoError as error:
            self.message = str(error)
            return
        self.memory.forget([step])
        kept = f"dojo restore {backup.name} brings your version back." if backup else "It was a stub already."
        self._go_to(step)
        self.message = f"{step.name} is a stub again. {kept}"

    # Which step, and which run.

    def _first_open(self) -> Step | None:
        return self.memory.focus(self.curriculum)

    def _is_settled(self, step: Step) -> bool:
        """Whether there is nothing to run a step for."""
        return self.memory.is_fresh(step) and (not self._fresh or step.id in self._checked)

    def _is_waiting(self, step: Step) -> bool:
        """Whether a step is still to be judged before there is anything to say of it."""
        return not self._is_settled(step) if self._is_green(step) else step.id not in self._reports

    def _follow(self, changed: set[str]) -> None:
        """Go where the learner has been writing: to the first step that is new and not green, if not the one shown."""
        written: list[Step] = []
        for kata in self.curriculum.katas():
            if kata.id in changed:
                texts = self._steps_texts(kata)
                before, self._texts[kata.id] = self._texts.get(kata.id, {}), texts
                written += [step for step in kata.steps if texts.get(step.name) != before.get(step.name)]
                if self.step is None or self.step.kata_id not in changed:
                    # Something else in another kata's file than the one shown.
                    written += kata.steps
        if self.step not in written:
            self.step = next((step for step in written if not self._is_green(step)), self.step)

    def _steps_texts(self, kata: Kata) -> dict[str, list[str]]:
        """The lines of each step's definition, as they stand in the learner's file."""
        return {name: list(found.lines) for name, found in read_definitions(self._path(kata.id)).items()}

    def _move_on(self) -> None:
        """To the next step that is not settled, in the course's order, and round to those that were skipped."""
        steps = list(self.curriculum.steps())
        here = steps.index(self.step) if self.step in steps else -1
        for step in [*steps[here + 1 :], *steps[: here + 1]]:
            if not self._is_settled(step):
                self.step = step
                return
        self.step = None

    def _run_here(self) -> None:
        """Run the step shown and, should it be green, those that follow it in its kata."""
        if self.step is None:
            self._move_on()
        if self.step is None:
            self._ask_for(Request(()))
            return
        kata = self.curriculum.place(self.step)[1]
        following = [step for step in kata.steps[self.step.number :] if not self._is_settled(step)]
        self._ask_for(Request((self.step, *following)))

    def _ask_for(self, request: Request) -> None:
        self._request = request
        chosen = [part for step in request.steps for part in ("--step", step.id)] or ["--all"]
        self.runner.run([*chosen, *self.arguments])

    def _next_run(self) -> None:
        if self._request is not None:
            return
        if self.step is None and not self.complete:
            self._ask_for(Request(()))
        elif self.step is not None and self._is_waiting(self.step):
            self._run_here()
        elif self._pending:
            self._ask_for(self._pending.pop(0))

    def _after_everything(self) -> None:
        """Everything has been run: the course is done, or there is a red step to go to."""
        red = self._first_open()
        self.message = ""
        self._checked.update(step.id for step in self.curriculum.steps())
        if red is None:
            self.step, self.complete = None, True
            self._show("step")
        elif self.step is None or self._is_green(self.step):
            self.step = red

    def _ended_without_verdict(self, request: Request, result: Finished) -> None:
        status = result.status or 0
        how = f"it was killed by signal {-status}" if status < 0 else f"exit status {status}"
        last = result.printed.splitlines()[-1:] or [""]
        lines = wrapped(
            f"The run ended without a verdict ({how}). Your code may have ended Python (os._exit, a crash), or used "
            "more memory than there is."
        )
        if last[0]:
            lines += [[Piece(f"  {last[0]}", "dim")]]
        for step in request.steps[:1] or ([self.step] if self.step else []):
            self._reports[step.id] = lines
        if not request.steps:
            self.message = "".join(piece.text for line in lines for piece in line)
            self.step = self.step or next(self.curriculum.steps(), None)

    def _changed(self, event: Saved) -> set[str]:
        """The katas among the files saved that now mean something else."""
        found = set()
        for path in event.katas:
            if path.parent == self.root / "katas":
                continue
            kata_id = path.relative_to(self.root / "katas").with_suffix("").as_posix()
            if kata_id in self._meanings:
                now = meaning(path)
                if now != self._meanings[kata_id]:
                    self._meanings[kata_id] = now
                    found.add(kata_id)
        return found
