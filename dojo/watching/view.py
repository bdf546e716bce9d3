"""The screen of a watch, as lines made from its state. This module does not touch the terminal."""

from __future__ import annotations

from collections.abc import Callable

from dojo.course.cards import definition_with_card, every_step
from dojo.course.curriculum import Step
from dojo.course.definitions import code_of, read_definitions
from dojo.course.introductions import read_introduction
from dojo.progress.statuses import BROKEN
from dojo.reports.between_steps import finished_lines, no_win_lines, other_file_lines, picture_offer_lines, win_lines
from dojo.reports.card import card_lines, introduction_lines
from dojo.reports.course_tree import course_lines
from dojo.reports.documentation import page_lines, pages_for
from dojo.reports.markdown_lines import markdown_lines
from dojo.reports.practice import all_green_line, offer_lines, practice_left_lines
from dojo.reports.side_by_side import side_by_side
from dojo.reports.step_report import heading, still_counted_lines, unwritten_lines
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols, folded, text_of, wrapped
from dojo.support.text import counted
from dojo.watching.session import Watching

# Each key with its word for the last line, and what it does.
_KEYS = (
    ("h", "hint", "show the next hint"),
    ("i", "intro", "show the introduction of the kata"),
    ("c", "card", "show the whole card of the step"),
    ("o", "docs", "show the pages of PyTorch's documentation"),
    ("n", "next", "go to the next step"),
    ("p", "previous", "go to the previous step"),
    ("l", "list", "show all steps, and go to one of them"),
    ("d", "compare", "compare your answer with the reference"),
    ("g", "draw", "draw what your code did, or the graph that it recorded"),
    ("r", "reset", "put the stub back; your version is kept"),
    ("a", "all", "run all steps"),
    ("?", "keys", "show what the keys do"),
    ("q", "quit", "leave the watch"),
)
_SCROLLS = (("up, down", "", "scroll by a line"), ("b, space", "", "scroll by ten lines"))
_KEYS_OF_A_LIST = (
    ("enter", "go there", "go to the chosen step"),
    ("escape", "back", "go back to the step"),
    *_KEYS[-2:],
)
_KEYS_OF_A_PAGE = (("escape", "to the step", "go back to the step"), *_KEYS[:1], *_KEYS[-3:])
# The report on a step that fails in one of these ways already shows the task, or says what is wrong with the file.
_WITHOUT_TASK = ("not_written", "broken", "missing")

# The lines of these views are cut at the edge of the screen, and not wrapped.
_DRAWN = ("list", "compare", "picture", "drawing")

# At most this many steps are named at the end of a watch.
_NAMED = 6


class View:
    """Makes the lines of a watch."""

    def __init__(self, watching: Watching, symbols: Symbols) -> None:
        self.watching = watching
        self.symbols = symbols

    def screen(self, width: int, height: int) -> list[Line]:
        """The whole screen: `height` lines of at most `width` characters. Scrolls up if `top` is too far down."""
        watching = self.watching
        head = self._head(width)
        foot = [self._keys(width)]
        room = max(height - len(head) - len(foot), 1)
        body = self._body(width)
        if watching.view not in _DRAWN:
            body = folded(body, width, breaks_words=True)
        watching.top = max(0, min(watching.top, len(body) - room))
        shown = body[watching.top : watching.top + room]
        hidden = len(body) - watching.top - len(shown)
        if hidden > 0:
            shown = [*shown[:-1], [Piece(f"  … {hidden + 1} more lines (down, space)", "dim")]]
        shown += [[] for _ in range(room - len(shown))]
        return [*head, *shown, *foot]

    def report(self, width: int = WIDTH) -> list[Line]:
        """The report on the current step. A watch without a full screen prints it."""
        introduction = [*self._introduction(), []] if self.watching.view == "introduction" else []
        return [*self._announcements(), *introduction, *self._step(width)]

    def _head(self, width: int) -> list[Line]:
        watching = self.watching
        steps = [step for step in watching.curriculum.steps() if watching.goes_through(step)]
        counts = watching.memory.counts(watching.curriculum.steps())
        says = counts.says(self.symbols.dot) if counts.practice else counts.short()
        bar = max(min(width - 44 - max(len(says), 14), 30), 8)
        filled = counts.filled(bar)
        state = "running …" if watching.busy else ""
        if not state and watching.latency is not None:
            state = f"verdict in {watching.latency:.2f} s"
        elif not state and watching.checking:
            state = f"checking {counted(watching.checking, 'step')}"
        line: Line = [
            Piece("dojo ", "bold"),
            Piece(self.symbols.full * filled, "good"),
            Piece(self.symbols.empty * (bar - filled), "dim"),
            Piece(f" {says}"),
        ]
        before = steps[: steps.index(watching.step)] if watching.step in steps else []
        skipped = len(before) - sum(map(watching.memory.counts_as_green, before))
        used = len(text_of(line))
        said = f"  {skipped} skipped" if skipped else ""
        if used + len(said) + (len(state) + 2 if state else 0) <= width:
            line.append(Piece(said, "dim"))
            used += len(said)
        if state and used + len(state) + 2 <= width:
            line.append(Piece(" " * (width - used - len(state)) + state, "dim"))
        return [line, []]

    def _keys(self, width: int) -> Line:
        if self.watching.question:
            return [
                Piece(self.watching.question, "bold"),
                Piece("  y", "accent"),
                Piece(" yes  "),
                Piece("n", "accent"),
                Piece(" no"),
            ]
        view = self.watching.view
        keys = _KEYS_OF_A_LIST if view == "list" else _KEYS if view == "step" else _KEYS_OF_A_PAGE
        while True:
            line: Line = []
            for key, word, _ in keys:
                line += [Piece(key, "accent"), Piece(f" {word}  ", "dim")]
            if len(text_of(line)) <= width + 2 or len(keys) <= 2:
                return line
            # The last two keys show all keys and leave the watch.
            keys = (*keys[:-3], *keys[-2:])

    def _body(self, width: int) -> list[Line]:
        bodies: dict[str, Callable[[], list[Line]]] = {
            "list": self._list,
            "hint": lambda: self._hints(width),
            "compare": lambda: self._comparison(width),
            "documentation": self._documentation,
            "keys": _key_lines,
            "card": lambda: self._card(width),
            "introduction": lambda: [*self._announcements(), *self._introduction(width)],
            "picture": self.picture,
            "drawing": self._drawing,
            "step": lambda: self.report(width),
        }
        return bodies[self.watching.view]()

    def _announcements(self) -> list[Line]:
        lines: list[Line] = []
        if self.watching.finished is not None:
            lines.append(
                [
                    Piece(f"{self.symbols.good} {self.watching.finished.name} is green", "good"),
                    Piece("   d compares it with the reference", "dim"),
                ]
            )
            lines += picture_offer_lines(self.watching.finished_picture, "g")
        root, curriculum = self.watching.course.root, self.watching.curriculum
        lines += finished_lines(root, curriculum, self.watching.milestone, self.symbols)
        if self.watching.milestone.lesson is not None:
            number = self.watching.milestone.lesson.number
            draws = [Piece("   what your code made: ", "dim"), Piece(f"dojo show lesson_{number}", "accent")]
            lines.append([Piece(f"{self.symbols.good} Lesson {number} is finished.", "good"), *draws])
        if self.watching.finished is not None:
            lines += self._offer(self.watching.finished)
        lines += other_file_lines(curriculum, self.watching.finished, self.watching.step, self._green())
        if self.watching.message:
            lines += wrapped(self.watching.message)
        return [*lines, []] if lines else []

    def _offer(self, finished: Step) -> list[Line]:
        """The command for the kata's practice steps once its core is green; one line once its practice is green."""
        watching = self.watching
        kata = watching.curriculum.place(finished)[1]
        steps = kata.core if finished.is_core else kata.practice
        if not kata.practice or not all(map(watching.is_green, steps)):
            return []
        if not finished.is_core:
            return [all_green_line(kata, steps, self.symbols)]
        is_said = watching.milestone.kata == kata
        return offer_lines(watching.curriculum, kata, self._green(), self.symbols, is_said=is_said)

    def _introduction(self, width: int = WIDTH) -> list[Line]:
        subject = self.watching.subject
        if subject is None:
            return []
        return introduction_lines(read_introduction(self.watching.course.root, subject.kata_id), width)

    def _documentation(self) -> list[Line]:
        watching = self.watching
        if watching.subject is None:
            return []
        return page_lines(watching.subject, pages_for(watching.course.root, watching.memory, watching.subject))

    def picture(self) -> list[Line]:
        """The picture of the lesson that was finished last; empty if there is no picture."""
        drawn = self.watching.picture
        if drawn is None:
            return []
        if drawn.win is None:
            return no_win_lines(drawn.lesson.number, drawn.problem, self.symbols)
        file = self.watching.course.shown(drawn.win.file)
        return win_lines(drawn.lesson.number, drawn.win.lines, file, self.symbols)

    def _drawing(self) -> list[Line]:
        """The drawing of a step by `dojo graph` or `dojo show`, as soon as it is ready."""
        drawn, step = self.watching.drawing, self.watching.subject
        if step is None:
            return []
        if drawn is None or drawn.step != step:
            return [[Piece(f"Drawing {step.name} …", "dim")]]
        return drawn.lines

    def farewell(self) -> str:
        """One line for the end of a watch: what has become green, and what is next."""
        watching = self.watching
        names = [step.name for step in watching.curriculum.steps() if step.id in watching.became_green]
        shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        said = f"Green in this session: {shown}." if names else "No step became green in this session."
        following = watching.memory.focus(watching.curriculum, practice=watching.practice)
        return f"{said} Next: {following.name}." if following else f"{said} Every step is green."

    def _step(self, width: int) -> list[Line]:
        watching, step = self.watching, self.watching.step
        if step is None or watching.complete:
            return self._finish()
        title = self._title(step)
        root = watching.course.root
        task = self._card(width, step)
        if watching.is_green(step):
            path = watching.path_of(step.kata_id)
            definition = read_definitions(path).get(step.name)
            where = watching.course.shown(path) + (f":{definition.line}" if definition else "")
            return [title, [Piece("  "), Piece(where, "accent")], [], *task]
        if step.id not in watching.reports:
            state = "running …" if watching.running else f"last seen {watching.memory.status(step)}"
            return [title, [Piece(f"  {state}", "dim")], [], *task]
        report = watching.reports[step.id]
        if width < WIDTH and report and report == unwritten_lines(watching.course, step, report[0]):
            report = unwritten_lines(watching.course, step, report[0], width)
        if self._is_broken(step):
            kata = watching.curriculum.place(step)[1]
            return [title, *report, [], *still_counted_lines(sum(map(watching.memory.counts_as_green, kata.steps)))]
        if watching.memory.symptom(step)[0] in _WITHOUT_TASK:
            return [title, *report]
        asked = [line for line in task[1:2] if definition_with_card(root, step)]
        return [title, *report, [], *asked, [Piece("      The whole card: ", "dim"), Piece("c", "accent")]]

    def _card(self, width: int, step: Step | None = None) -> list[Line]:
        """The card of a step (default: of the step that the view is about), and what all steps share."""
        step, root = step or self.watching.subject, self.watching.course.root
        if step is None:
            return []
        return card_lines(step, definition_with_card(root, step), every_step(root, step.kata_id), width)

    def _title(self, step: Step) -> Line:
        sign = Piece(self.symbols.waiting, "dim")
        if self.watching.is_green(step):
            sign = Piece(self.symbols.good, "good")
        elif step.id in self.watching.reports:
            sign = Piece(self.symbols.bad, "bad")
        return heading(self.watching.curriculum, step, sign, self.symbols, broken=self._is_broken(step))

    def _is_broken(self, step: Step) -> bool:
        """Whether the report on a step says that its file does not import."""
        return step.id in self.watching.reports and self.watching.memory.status(step) == BROKEN

    def _finish(self) -> list[Line]:
        watching = self.watching
        steps = list(watching.curriculum.steps())
        green = self._green()
        kind = "steps" if len(green) == len(steps) else "core steps"
        if watching.running:
            return [[Piece(f"All {kind} are green. Running every step once more …", "good")]]
        if not watching.complete:
            return [[Piece("Waiting for the verdict.", "dim")]]
        number = sum(step.is_core for step in steps) if kind == "core steps" else len(steps)
        return [
            [Piece(f"{self.symbols.good} All {number} {kind} are green.", "good")],
            [],
            *wrapped(
                "You wrote all of it. Can you explain every line? d compares a step with the reference, l goes to "
                "any step, and dojo again begins a new round: a kata is there to be repeated."
            ),
            *practice_left_lines(watching.curriculum, green),
        ]

    def _green(self) -> set[str]:
        """The ids of the green steps."""
        return {step.id for step in self.watching.curriculum.steps() if self.watching.is_green(step)}

    def _list(self) -> list[Line]:
        watching = self.watching
        rows = course_lines(watching.curriculum, watching.memory, self.symbols, watching.step)
        lines = [row.pieces for row in rows]
        if watching.cursor < len(lines):
            lines[watching.cursor] = [Piece(text_of(lines[watching.cursor]), "chosen")]
        return lines

    def _hints(self, width: int) -> list[Line]:
        step, hints = self.watching.subject, self.watching.hints
        shown = self.watching.memory.revealed.get(step.id, []) if step is not None else []
        lines: list[Line] = []
        for hint in hints:
            if hint.key in shown:
                style = "bold" if hint == self.watching.newest_hint else "dim"
                lines.append([Piece(f"Hint {hint.number} of {len(hints)}", style)])
                lines += [*markdown_lines(hint.text, min(width, WIDTH)), []]
        left = len(hints) - len(shown)
        return [*lines, [Piece(f"{left} more: h" if left else "That was the last hint.", "dim")]]

    def _comparison(self, width: int) -> list[Line]:
        step = self.watching.subject
        if step is None:
            return []
        own = code_of(self.watching.path_of(step.kata_id), step.name)
        reference = code_of(self.watching.course.root / "solutions" / f"{step.kata_id}.py", step.name)
        return [
            [
                Piece(step.name, "bold"),
                Piece("   the operators of each: ", "dim"),
                Piece(f"dojo diff {self.watching.curriculum.spelling_of(step)}", "accent"),
            ],
            [],
            *side_by_side(own, reference, width),
        ]


def _key_lines() -> list[Line]:
    keys = (*_KEYS, *_KEYS_OF_A_LIST[:2], *_SCROLLS)
    return [[Piece(f"  {key:11}", "accent"), Piece(does)] for key, _, does in keys]
