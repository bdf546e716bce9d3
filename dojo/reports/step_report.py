"""The learner's reports, as lines of styled text for the terminal, the watch and pytest's own sections."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection
from pathlib import Path

from dojo.course.cards import definition_with_card, every_step
from dojo.course.curriculum import Curriculum, Step, behaviour_of_test
from dojo.course.layout import Course
from dojo.failures.failure import Call, Failure
from dojo.failures.values import Shown
from dojo.progress.counts import Counts
from dojo.progress.data import Progress, StepProgress
from dojo.progress.statuses import BROKEN, GREEN
from dojo.reports.card import card_lines
from dojo.reports.practice import finished_core_lines, practice_left_lines
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols, text_of, wrapped
from dojo.support.text import counted, cut, listed

_LABEL = 10
# A report has at most this many lines below its title, so that a watch of 24 rows shows all of it. The rows of values
# get the lines that are left.
_LINES = 19
_ROWS = 8
# A report is made shorter step by step: the rows of an argument, the rows of a compared value, and whether a value that
# fits on one line gets only one.
_SHORTER = [
    (_ROWS, _ROWS, False),
    *((given, _ROWS, True) for given in range(_ROWS, 1, -1)),
    *((2, rows, True) for rows in (6, 5, 4)),
    *((1, rows, True) for rows in (4, 3, 2)),
    *((0, rows, True) for rows in (2, 1)),
]
# The items of a container are shown even if only its type or length is wrong.
_CONTAINERS = ("list", "tuple", "named", "dict", "set", "frozenset")
# A report names at most this many of the steps that have become green.
_NEWLY = 6
_WRITE = "Write it where the file says raise NotImplementedError."
_FIX = "Fix the code below the docstring."
# In a notebook, the card is above the cell, and the code in the cell has no docstring.
_WRITE_IN_CELL = "Write it where the cell says raise NotImplementedError."
_FIX_IN_CELL = "Fix the code in the cell."
_COMPARE = [Piece("  git diff --no-index katas solutions", "accent")]


def newly_lines(newly: list[str], symbols: Symbols) -> list[Line]:
    """A line about the steps with these ids, which a run found green for the first time; [] if there are none."""
    if not newly:
        return []
    names = listed([step_id.rsplit("/", 1)[1] for step_id in newly], _NEWLY)
    return [[Piece(f"{symbols.good} {names} {'is' if len(newly) == 1 else 'are'} green now", "good")]]


def red_report(course: Course, curriculum: Curriculum, found: StepProgress, symbols: Symbols, width: int) -> list[Line]:
    """The report on a red step: about 25 lines of 80 columns, or a card. Only a card is made narrower for `width`."""
    step = curriculum.step(found.id)
    assert step is not None
    head = heading(curriculum, step, Piece(symbols.bad, "bad"), symbols, broken=found.status == BROKEN)
    return [head, *_report_on(course, step, found, width)]


def heading(curriculum: Curriculum, step: Step, sign: Piece, symbols: Symbols, *, broken: bool) -> Line:
    """The first line about a step: its name and where it is. If the step's file does not import, it names the file.

    Core steps and practice steps are counted separately: `core step 3 of 4`.
    """
    lesson, kata = curriculum.place(step)
    alike = kata.core if step.is_core else kata.practice
    kind = "" if alike == kata.steps and step.is_core else "core " if step.is_core else "practice "
    name, position = step.name, f"{kind}step {alike.index(step) + 1} of {len(alike)}, "
    if broken:
        name, position = f"{kata.file}.py does not import", ""
    return [
        Piece(f"{sign.text} {name}", sign.style),
        Piece(f"   {position}lesson {lesson.number}", "bold"),
        Piece(f" {symbols.dot} {lesson.title} {symbols.dot} {kata.title}", "dim"),
    ]


def still_counted_lines(number: int) -> list[Line]:
    """A line about a file that does not import: `number` steps still count as green. [] if `number` is 0."""
    words = f"{counted(number, 'step')} of this file {'counts' if number == 1 else 'count'} as green, as before."
    return [[Piece(words, "dim")]] if number else []


def _report_on(course: Course, step: Step, found: StepProgress, width: int) -> list[Line]:
    """The report that a run made for 80 columns. On a narrower screen, a card is laid out again."""
    if found.is_unwritten and found.report and width < WIDTH:
        return unwritten_lines(course, step, found.report[0], width)
    failure = Failure("unusable", ["The test could not be run."], found.failing_test or "")
    return found.report or failure_lines(course, step, failure, found.failing_device or "")


def failure_lines(
    course: Course, step: Step, failure: Failure, device: str, *, in_notebook: bool = False
) -> list[Line]:
    """One failure: the place, what the test checks, what is wrong, the call, the values, the diagnosis.

    If the step is not written: the place, the card, and what to do. In a notebook, the cell is below the card, so the
    card is left out.
    """
    write, fix = (_WRITE_IN_CELL, _FIX_IN_CELL) if in_notebook else (_WRITE, _FIX)
    path = _file_of(course, step, failure)
    lines = [_place(course, path, failure.line)]
    if failure.kind == "not_written" and not failure.is_given_code:
        way = failure.clue.sentence if failure.clue else write
        notes = [line for note in failure.notes for line in _labelled("note", [note])]
        if in_notebook:
            return [*lines, [], *_labelled("", [way]), *notes]
        return [*unwritten_lines(course, step, lines[0], way=way), *notes]
    if failure.is_given_code and not in_notebook:
        lines += [[], *_card(course, step, WIDTH), []]
    if failure.kind == "not_written":
        return [*lines, *([[]] if in_notebook else []), *_labelled("", [*failure.says, fix])]
    if failure.kind == "broken":
        says = _labelled("", failure.says, "bad")
        return [*lines, [], *says, *_source_lines(path, failure.line), *_frame_lines(course, failure)]
    card = len(lines) - 1
    on = f" on {device}" if device and device != "cpu" else ""
    on += ", a simulated GPU" if device == "sim" else ""
    lines += [[Piece(f"  the test: {step.name} {behaviour_of_test(failure.test)}{on}", "dim")], []]
    lines += _labelled("", failure.says, "bad")
    end = _end_lines(failure, fix)
    for given, rows, brief in _SHORTER:
        found = _found_lines(course, failure, given, rows, brief)
        if len(lines) - card + len(found) + len(end) <= _LINES:
            break
    return [*lines, *found, *end]


def _found_lines(course: Course, failure: Failure, given: int, rows: int, brief: bool) -> list[Line]:
    """The call, the error and the values. An argument gets at most `given` rows, a compared value at most `rows`.

    brief: whether a value gets only one line if it fits there.
    """
    lines = _call_lines(failure.calls, given, brief)
    if failure.raised:
        lines += _labelled("raised", [failure.raised])
        lines += _frame_lines(course, failure)
    return lines + _value_lines(failure, rows, brief)


def _end_lines(failure: Failure, fix: str) -> list[Line]:
    lines: list[Line] = []
    if failure.printed:
        lines += _labelled("printed", _few(failure.printed.splitlines(), 3))
    for warned in failure.warned[:2]:
        lines += _labelled("warned", [warned], "dim", 2)
    for note in failure.notes:
        lines += _labelled("note", [note])
    if failure.is_given_code:
        lines += [[], *_labelled("", [fix])]
    if failure.diagnosis:
        lines += [[], *_labelled("why", [failure.diagnosis], "accent")]
    elif failure.clue:
        lines += [[], *_labelled("clue", [failure.clue.sentence], "accent")]
    return lines


def _file_of(course: Course, step: Step, failure: Failure) -> Path:
    return Path(failure.file) if failure.file else course.judged / f"{step.kata_id}.py"


def _place(course: Course, path: Path, line: int) -> Line:
    return [Piece("  "), Piece(course.shown(path) + (f":{line}" if line else ""), "accent")]


def unwritten_lines(course: Course, step: Step, place: Line, width: int = WIDTH, way: str = _WRITE) -> list[Line]:
    """The report on a step that is not written: the line with its place, its card, and `way`, what to do."""
    return [place, [], *_card(course, step, width), [], *_labelled("", [way])]


def _card(course: Course, step: Step, width: int) -> list[Line]:
    definition = definition_with_card(course.root, step, course.judged)
    return card_lines(step, definition, every_step(course.root, step.kata_id), width)


def plain_report(course: Course, step: Step, failure: Failure, device: str) -> str:
    """One failure as text, for pytest's own FAILURES section and JUnit files."""
    if failure.kind == "not_written":
        lines = [_place(course, _file_of(course, step, failure), failure.line), *_labelled("", failure.says)]
    else:
        lines = failure_lines(course, step, failure, device)
    return "\n".join(["", *(text_of(line).rstrip() for line in lines), ""])


def finish(progress: Progress, symbols: Symbols, judged_own: bool) -> list[Line]:
    """The report on a run in which all steps are green. `judged_own`: whether it judged the learner's own katas."""
    lines: list[Line] = []
    for lesson in progress.lessons:
        lines.append([Piece(f"Lesson {lesson.number} {symbols.dot} {lesson.title}", "bold")])
        for kata in lesson.katas:
            lines.append(
                [
                    Piece(f"  {symbols.good} ", "good"),
                    Piece(f"{kata.title:<38.38}"),
                    Piece(symbols.full * len(kata.steps), "good"),
                    Piece(f" {len(kata.steps)}", "dim"),
                ]
            )
    lines += [[], [Piece(f"{symbols.good} All {len(progress.steps)} steps are green.", "good")]]
    lines += _what_ran(progress, progress.steps)
    if judged_own:
        question = "You wrote all of it. Can you say why each line is there? Compare with the reference:"
        lines += [[], *wrapped(question), _COMPARE]
    return lines


def core_finish(progress: Progress, curriculum: Curriculum, green: Collection[str], symbols: Symbols) -> list[Line]:
    """The report on a run in which all core steps of the course are green.

    green: the ids of all green steps; a practice step is green if it is remembered as green.
    """
    core = [step for step in progress.steps if step.core]
    return [
        *finished_core_lines(curriculum, green, symbols),
        [],
        [Piece(f"{symbols.good} All {len(core)} core steps are green.", "good")],
        *_what_ran(progress, core),
        [],
        *wrapped("Your code goes all the way from a single tensor to a trained model. Compare it with the reference:"),
        _COMPARE,
        *practice_left_lines(curriculum, green),
    ]


def _what_ran(progress: Progress, steps: list[StepProgress]) -> list[Line]:
    tests = sum(step.tests for step in steps)
    return wrapped(f"{counted(tests, 'test')} on {_devices(progress)} in {progress.seconds:.1f} s.")


def _devices(progress: Progress) -> str:
    return " and ".join(device.name for device in progress.devices if not device.left_out)


def green_report(progress: Progress, symbols: Symbols) -> list[Line]:
    """The report on a run of selected steps that are all green."""
    green = [step for step in progress.steps if step.status == GREEN]
    subjects = [f"{step.name} is" for step in green] if len(green) <= _NEWLY else [f"All {len(green)} steps are"]
    ran = sum(step.tests for step in green if step.id not in progress.remembered)
    last = f"   {counted(ran, 'test')} on {_devices(progress)}" if ran else ""
    lines: list[Line] = [[Piece(f"{symbols.good} {subject} green", "good")] for subject in subjects]
    return [*lines[:-1], *([*line, Piece(last, "dim")] for line in lines[-1:])]


def left_out_lines(progress: Progress) -> list[Line]:
    """A line for every device that was left out."""
    return [
        [Piece(f"not run on {device.name}: {device.left_out}", "dim")] for device in progress.devices if device.left_out
    ]


def progress_line(counts: Counts, symbols: Symbols, *, with_practice: bool = False, width: int = 30) -> Line:
    """A bar for the core steps (`with_practice`: for all steps), and both counts."""
    filled = counts.filled(width, with_practice=with_practice)
    return [
        Piece(symbols.full * filled, "good"),
        Piece(symbols.empty * (width - filled), "dim"),
        Piece(f" {counts.says(symbols.dot)}"),
    ]


def _call_lines(calls: list[Call], rows: int, brief: bool) -> list[Line]:
    lines: list[Line] = []
    for call in calls:
        lines += _labelled("called", [call.text], "plain", 2)
        for argument in call.details:
            shown = Shown(argument.brief) if brief and argument.brief else argument
            lines += [_indented(text, "dim") for text in (shown.summary, *(f"  {row}" for row in shown.rows(rows)))]
    return lines


def _value_lines(failure: Failure, rows: int, brief: bool) -> list[Line]:
    returned = failure.calls[-1].returned if failure.calls else None
    actual, expected = failure.actual, failure.expected
    if actual is None:
        return _shown_lines("returned", returned, rows, brief) if returned is not None and not failure.raised else []
    # The compared value may be only a part of the returned value, or its gradient.
    label, other = "returned" if returned is not None and returned == actual else "yours", "expected"
    if failure.kind == "mutated":
        label, other = "now", "before"
    numbers = failure.kind in ("value", "mutated") or expected is None
    lines = _shown_lines(label, actual, rows, brief, numbers or failure.kind == "shape")
    return lines + (_shown_lines(other, expected, rows, brief, numbers) if expected is not None else [])


def _shown_lines(label: str, shown: Shown, rows: int, brief: bool, numbers: bool = True) -> list[Line]:
    if not numbers and shown.summary.partition(" ")[0] not in _CONTAINERS:
        shown = Shown(shown.summary)
    elif brief and shown.brief:
        shown = Shown(shown.brief)
    return [*_labelled(label, [shown.summary], "plain", 2), *map(_indented, shown.rows(rows))]


def _indented(text: str, style: str = "plain") -> Line:
    return [Piece(" " * (_LABEL + 2) + cut(text, WIDTH - _LABEL - 2), style)]


def _frame_lines(course: Course, failure: Failure) -> list[Line]:
    """The learner's own frames, the innermost last."""
    lines: list[Line] = []
    # A function that calls itself has a frame for each call. One frame is enough.
    different = [frame for i, frame in enumerate(failure.frames) if [frame] != failure.frames[i + 1 : i + 2]]
    for frame in different[-3:]:
        where = f"{course.shown(Path(frame.file))}:{frame.line}"
        inside = "" if frame.function == "<module>" else f" in {frame.function}"
        lines.append([Piece(" " * (_LABEL + 2)), Piece(where, "accent"), Piece(inside, "dim")])
        lines.append([Piece(" " * (_LABEL + 4) + cut(frame.source, WIDTH - _LABEL - 4))])
    return lines


def _source_lines(path: Path, line: int) -> list[Line]:
    """A line of a file and the line before it, with their numbers."""
    try:
        text = path.read_bytes().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    shown = []
    for number in range(max(line - 1, 1), line + 1):
        if 0 < number <= len(text):
            style = "plain" if number == line else "dim"
            shown.append([Piece(cut(f"  {number:>5} | {text[number - 1]}".replace("\t", "→   "), WIDTH), style)])
    return shown


def _labelled(label: str, texts: list[str], style: str = "plain", most: int = 4) -> list[Line]:
    """Paragraphs with a label in the left column, wrapped to at most `most` lines each."""
    lines: list[Line] = []
    indent = "  " if not label else " " * (_LABEL + 2)
    for text in texts:
        # A line does not end inside [0, 2].
        whole = re.sub(r"[\[(][-\w., ]{1,16}[\])]", lambda found: found[0].replace(" ", "\xa0"), text)
        room = WIDTH - len(indent)
        wrapped = textwrap.wrap(whole, room, max_lines=most, placeholder=" …", break_on_hyphens=False) or [""]
        for part in (part.replace("\xa0", " ") for part in wrapped):
            head = f"  {label:<{_LABEL}}" if label and not lines else indent
            lines.append([Piece(head, "dim"), Piece(part, style)])
    return lines


def _few(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], "…"]
