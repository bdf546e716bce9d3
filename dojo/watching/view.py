"""What is on the screen while files are watched, as lines. No terminal in here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dojo.course.cards import definition_with_card, every_step
from dojo.course.curriculum import Curriculum, Step
from dojo.course.definitions import read_definitions
from dojo.course.layout import Course
from dojo.progress.memory import Memory
from dojo.progress.statuses import GREEN
from dojo.reports.card import card_lines
from dojo.reports.course_tree import course_lines
from dojo.reports.step_report import unwritten_lines
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols, wrapped

_KEYS = (
    ("h", "hint"),
    ("n", "next"),
    ("p", "previous"),
    ("l", "list"),
    ("d", "compare"),
    ("r", "reset"),
    ("a", "run all"),
    ("q", "quit"),
)


class View:
    """The lines of a watch, made from where it stands: Watching says what that is."""

    course: Course
    curriculum: Curriculum
    memory: Memory
    symbols: Symbols
    root: Path
    step: Step | None
    view: str
    top: int
    message: str
    finished: Step | None
    complete: bool
    latency: float | None
    _request: object | None
    _asks: tuple[str, Callable[[], None]] | None
    _reports: dict[str, list[Line]]
    _body: list[Line]
    _cursor: int

    def lines(self, width: int, height: int) -> list[Line]:
        """The whole screen, `height` lines."""
        head = self._head(width)
        foot = [self._keys(width)]
        room = max(height - len(head) - len(foot), 1)
        body = self._body_lines(width)
        self.top = max(0, min(self.top, len(body) - room))
        shown = body[self.top : self.top + room]
        hidden = len(body) - self.top - len(shown)
        if hidden > 0:
            shown = [*shown[:-1], [Piece(f"  … {hidden + 1} more lines (down, space)", "dim")]]
        shown += [[] for _ in range(room - len(shown))]
        return [*head, *shown, *foot]

    def report(self) -> list[Line]:
        """What there is to say of the step shown, for a terminal that is only printed to."""
        return [*self._announcements(), *self._step_lines(80)]

    def _head(self, width: int) -> list[Line]:
        steps = list(self.curriculum.steps())
        green = sum(self.memory.status(step) == GREEN for step in steps)
        bar = max(min(width - 58, 30), 8)
        filled = green * bar // max(len(steps), 1)
        state = "running …" if self._request is not None else ""
        if not state and self.latency is not None:
            state = f"verdict in {self.latency:.2f} s"
        line: Line = [
            Piece("dojo ", "bold"),
            Piece(self.symbols.full * filled, "good"),
            Piece(self.symbols.empty * (bar - filled), "dim"),
            Piece(f" {green} of {len(steps)} green"),
        ]
        skipped = self._skipped()
        if skipped:
            line.append(Piece(f"  {len(skipped)} skipped", "dim"))
        used = sum(len(piece.text) for piece in line)
        if state and used + len(state) + 2 <= width:
            line.append(Piece(" " * (width - used - len(state)) + state, "dim"))
        return [line, []]

    def _keys(self, width: int) -> Line:
        if self._asks is not None:
            return [
                Piece(self._asks[0], "bold"),
                Piece("  y", "accent"),
                Piece(" yes  "),
                Piece("n", "accent"),
                Piece(" no"),
            ]
        line: Line = []
        keys = _KEYS if self.view != "list" else (("enter", "go there"), ("escape", "back"), *_KEYS[-2:])
        for key, word in keys:
            piece = [Piece(key, "accent"), Piece(f" {word}  ", "dim")]
            if sum(len(p.text) for p in [*line, *piece]) <= width + 2:
                line += piece
        return line

    def _body_lines(self, width: int) -> list[Line]:
        if self.view == "list":
            return self._list_lines()
        if self.view in ("hint", "compare"):
            return self._body
        return [*self._announcements(), *self._step_lines(width)]

    def _announcements(self) -> list[Line]:
        lines: list[Line] = []
        if self.finished is not None:
            lines.append(
                [
                    Piece(f"{self.symbols.good} {self.finished.name} is green", "good"),
                    Piece("   d compares it with the reference", "dim"),
                ]
            )
        if self.message:
            lines += wrapped(self.message)
        return [*lines, []] if lines else []

    def _step_lines(self, width: int) -> list[Line]:
        if self.step is None or self.complete:
            return self._finish_lines()
        step = self.step
        lesson, kata = self.curriculum.place(step)
        status = self.memory.status(step)
        known = step.id in self._reports
        sign, style = (self.symbols.good, "good") if self._is_green(step) else (self.symbols.bad, "bad")
        if not known and not self._is_green(step):
            sign, style = self.symbols.waiting, "dim"
        lines: list[Line] = [
            [
                Piece(f"{sign} {step.name}", style),
                Piece(f"   step {step.number} of {len(kata.steps)}, lesson {lesson.number}", "bold"),
                Piece(f" {self.symbols.dot} {lesson.title} {self.symbols.dot} {kata.title}", "dim"),
            ]
        ]
        report = self._reports.get(step.id, [])
        path = self._path(step.kata_id)
        definition = read_definitions(path).get(step.name)
        shared = every_step(self.root, step.kata_id)
        task = card_lines(step, definition_with_card(self.root, step), shared, width)
        if self._is_green(step):
            where = self.course.shown(path) + (f":{definition.line}" if definition else "")
            lines += [[Piece("  "), Piece(where, "accent")], [], *task]
            return lines
        if not known:
            lines.append([Piece("  " + ("running …" if self._request else f"last seen {status}"), "dim")])
            return [*lines, [], *task]
        if width < WIDTH and report and report == unwritten_lines(self.course, step, report[0]):
            report = unwritten_lines(self.course, step, report[0], width)
        lines += report
        if self.memory.symptom(step)[0] not in ("not_written", "broken", "missing"):
            lines += [[], *task]
        return lines

    def _finish_lines(self) -> list[Line]:
        if self._request is not None:
            return [[Piece("Every step is green. Running all of it once more …", "good")]]
        if not self.complete:
            return [[Piece("Waiting for the verdict.", "dim")]]
        steps = len(list(self.curriculum.steps()))
        return [
            [Piece(f"{self.symbols.good} All {steps} steps are green.", "good")],
            [],
            *wrapped(
                "You wrote all of it. Can you say of each line why it is there? d compares a step with the "
                "reference, l goes to any, and dojo again begins a round anew: a kata is for repeating."
            ),
        ]

    def _list_lines(self) -> list[Line]:
        lines = []
        for number, line in enumerate(course_lines(self.curriculum, self.memory, self.symbols, self.step)):
            pieces = line.pieces
            if number == self._cursor:
                pieces = [Piece("".join(piece.text for piece in pieces), "chosen")]
            lines.append(pieces)
        return lines

    def _is_green(self, step: Step) -> bool:
        return self.memory.status(step) == GREEN

    def _skipped(self) -> list[Step]:
        """The steps before the one shown that are not green."""
        if self.step is None:
            return []
        before = []
        for step in self.curriculum.steps():
            if step == self.step:
                break
            if not self._is_green(step):
                before.append(step)
        return before

    def _path(self, kata_id: str) -> Path:
        return self.root / "katas" / f"{kata_id}.py"
