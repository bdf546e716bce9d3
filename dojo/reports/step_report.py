"""The learner's reports, as lines of styled text for the terminal, the watch and pytest's own sections."""

from __future__ import annotations

import textwrap
from pathlib import Path

from dojo.course.curriculum import Curriculum, Step, behaviour_of_test
from dojo.course.definitions import Definition, read_definitions
from dojo.course.layout import Course
from dojo.failures.failure import Call, Failure
from dojo.failures.values import Shown
from dojo.progress.data import Progress, StepProgress
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN, RED
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols, text_of, wrapped
from dojo.support.text import cut

_LABEL = 10
_DOCSTRING = 14
_VALUES = 5
# The items of a container are shown even if only its type or length is wrong.
_CONTAINERS = ("list", "tuple", "dict", "set", "frozenset")
# At most this many of the steps that have become green are named.
_NEWLY = 6
_NEXT_COMMANDS = [
    Piece("  a hint: ", "dim"),
    Piece("dojo hint", "accent"),
    Piece("    again: ", "dim"),
    Piece("pytest", "accent"),
]


def red_report(
    course: Course,
    curriculum: Curriculum,
    found: StepProgress,
    progress: Progress,
    symbols: Symbols,
    newly: list[str],
) -> list[Line]:
    """The whole report on a run that stops at a red step: about 25 lines of 80 columns.

    Args:
        course, curriculum: the course.
        found: the red step.
        progress: the run.
        symbols: the symbols that the terminal can show.
        newly: the ids of the steps that this run found green for the first time.
    """
    step = curriculum.step(found.id)
    assert step is not None
    lesson, kata = curriculum.place(step)
    lines: list[Line] = []
    if newly:
        names = ", ".join(step_id.rsplit("/", 1)[1] for step_id in newly[:_NEWLY])
        names += f" and {len(newly) - _NEWLY} more" if len(newly) > _NEWLY else ""
        lines += [[Piece(f"{symbols.good} {names} {'is' if len(newly) == 1 else 'are'} green now", "good")], []]
    lines += [
        [
            Piece(f"{symbols.bad} {step.name}", "bad"),
            Piece(f"   step {step.number} of {len(kata.steps)}, lesson {lesson.number}", "bold"),
            Piece(f" {symbols.dot} {lesson.title} {symbols.dot} {kata.title}", "dim"),
        ]
    ]
    failure = Failure("unusable", ["The test could not be run."], found.failing_test or "")
    lines += found.report or failure_lines(course, step, failure, found.failing_device or "")
    return [*lines, [], _NEXT_COMMANDS, progress_line(progress, symbols)]


def failure_lines(course: Course, step: Step, failure: Failure, device: str) -> list[Line]:
    """One failure: the place, what the test checks, what is wrong, the call, the values, the diagnosis."""
    path = Path(failure.file) if failure.file else course.judged / f"{step.kata_id}.py"
    where = course.shown(path) + (f":{failure.line}" if failure.line else "")
    lines: list[Line] = [[Piece("  "), Piece(where, "accent")]]
    if failure.kind == "not_written":
        task = docstring_lines(step, read_definitions(path).get(step.name))
        way = failure.clue.sentence if failure.clue else "Write it where the file says raise NotImplementedError."
        return [*lines, [], *task, [], *_labelled("", [way])]
    if failure.kind == "broken":
        says = _labelled("", failure.says, "bad")
        return [*lines, [], *says, *_source_lines(path, failure.line), *_frame_lines(course, failure)]
    on = f" on {device}" if device and device != "cpu" else ""
    lines += [[Piece(f"  the test: {step.name} {behaviour_of_test(failure.test)}{on}", "dim")], []]
    lines += _labelled("", failure.says, "bad")
    lines += _call_lines(failure.calls)
    if failure.raised:
        lines += _labelled("raised", [failure.raised])
        lines += _frame_lines(course, failure)
    lines += _value_lines(failure)
    if failure.printed:
        lines += _labelled("printed", _few(failure.printed.splitlines(), 3))
    for warned in failure.warned[:2]:
        lines += _labelled("warned", [warned], "dim", 2)
    for note in failure.notes:
        lines += _labelled("note", [note])
    if failure.diagnosis:
        lines += [[], *_labelled("why", [failure.diagnosis], "accent")]
    elif failure.clue:
        lines += [[], *_labelled("clue", [failure.clue.sentence], "accent")]
    return lines


def plain_report(course: Course, step: Step, failure: Failure, device: str) -> str:
    """One failure as text, for pytest's own FAILURES section and JUnit files."""
    lines = failure_lines(course, step, failure, device)
    if failure.kind == "not_written":
        lines = [*lines[:1], [Piece("  It is not written yet.")]]
    return "\n".join(["", *(text_of(line).rstrip() for line in lines), ""])


def finish(progress: Progress, symbols: Symbols, judged_own: bool) -> list[Line]:
    """The report on a run in which all steps of the course are green. `judged_own`: the learner's own katas."""
    steps = len(progress.steps)
    devices = [device.name for device in progress.devices if not device.left_out]
    tests = sum(step.tests for step in progress.steps)
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
    lines += [[], [Piece(f"{symbols.good} All {steps} steps are green.", "good")]]
    lines += wrapped(f"{tests} tests on {' and '.join(devices)} in {progress.seconds:.1f} s.")
    if judged_own:
        lines += [
            [],
            *wrapped("You wrote all of it. Can you say of each line why it is there? Compare with the reference:"),
            [Piece("  git diff --no-index katas solutions", "accent")],
        ]
    return lines


def green_report(progress: Progress, symbols: Symbols) -> list[Line]:
    """The report on a run of selected steps that are all green."""
    devices = " and ".join(device.name for device in progress.devices if not device.left_out)
    return [
        [
            Piece(f"{symbols.good} {step.name} is green", "good"),
            Piece("" if step.id in progress.remembered else f"   {step.tests} tests on {devices}", "dim"),
        ]
        for step in progress.steps
        if step.status == GREEN
    ]


def left_out_lines(progress: Progress) -> list[Line]:
    """A line for every device that is available but was not used, so that no device is silently missing."""
    return [
        [Piece(f"not run on {device.name}: {device.left_out}", "dim")] for device in progress.devices if device.left_out
    ]


def progress_line(progress: Progress, symbols: Symbols, width: int = 30) -> Line:
    """One bar over the steps of the whole course; of a selection, over the steps that ran."""
    steps = len(progress.steps)
    counted = steps if progress.focused else steps - progress.count(NOT_RUN)
    total = max(counted, 1)
    green = progress.count(GREEN)
    red = progress.count(RED, BROKEN)
    filled = green * width // total
    pieces = [
        Piece(symbols.full * filled, "good"),
        Piece(symbols.empty * (width - filled), "dim"),
        Piece(f" {green} of {counted} steps green"),
    ]
    if counted < steps:
        pieces.append(Piece(f" ({steps} in all)", "dim"))
    if red and not progress.focused:
        pieces.append(Piece(f", {red} red", "bad"))
    return pieces


def docstring_lines(step: Step, definition: Definition | None, *, whole: bool = False) -> list[Line]:
    """The signature and the docstring of a step's stub: the learner's task.

    Args:
        step: the step.
        definition: its definition in the file; None if the file has none.
        whole: whether to show all of the docstring, not only its first 14 lines.
    """
    if definition is None or not definition.docstring:
        return _labelled("", ["It is not written yet."], "bad")
    keyword = "class" if definition.is_class else "def"
    signature = definition.signature.partition(") ")[0] + ")" if definition.is_class else f"({definition.signature})"
    head = f"{keyword} {step.name}{signature}:"
    lines: list[Line] = [[Piece("  " + (head if len(head) <= WIDTH - 4 else f"{keyword} {step.name}(…):"), "bold")]]
    docstring = _reflowed(definition.docstring, WIDTH - 6)
    hidden = len(docstring) - _DOCSTRING
    for text in docstring if whole or hidden < 2 else [*docstring[:_DOCSTRING], f"… ({hidden} more lines in the file)"]:
        lines.append([Piece(f"      {text}")] if text else [])
    return lines


def _reflowed(docstring: str, width: int) -> list[str]:
    """Wrap a docstring's paragraphs to a width. Examples and indented listings keep their lines."""
    lines: list[str] = []
    for paragraph in docstring.split("\n\n"):
        code = paragraph.lstrip().startswith(">>>") or all(line[:2] in ("  ", "") for line in paragraph.splitlines())
        lines += paragraph.splitlines() if code else textwrap.wrap(" ".join(paragraph.split()), width)
        lines.append("")
    return lines[:-1]


def _call_lines(calls: list[Call]) -> list[Line]:
    lines: list[Line] = []
    for call in calls:
        lines += _labelled("called", [call.text], "plain", 2)
        lines += [
            [Piece(" " * _LABEL + "  " + cut(detail, WIDTH - _LABEL - 2), "dim")]
            for detail in _few(list(call.details), 5)
        ]
    return lines


def _value_lines(failure: Failure) -> list[Line]:
    returned = failure.calls[-1].returned if failure.calls else None
    actual, expected = failure.actual, failure.expected
    if actual is None:
        return _shown_lines("returned", returned) if returned is not None and not failure.raised else []
    # The compared value may be only a part of the returned value, or its gradient.
    label, other = "returned" if returned is not None and returned == actual else "yours", "expected"
    if failure.kind == "mutated":
        label, other = "now", "before"
    numbers = failure.kind in ("value", "mutated") or expected is None
    lines = _shown_lines(label, actual, numbers or failure.kind == "shape")
    return lines + (_shown_lines(other, expected, numbers) if expected is not None else [])


def _shown_lines(label: str, shown: Shown, numbers: bool = True) -> list[Line]:
    lines = _labelled(label, [shown.summary], "plain", 2)
    if numbers or shown.summary.partition(" ")[0] in _CONTAINERS:
        for text in _few(list(shown.lines), _VALUES):
            lines.append([Piece(" " * (_LABEL + 2) + cut(text, WIDTH - _LABEL - 2))])
    return lines


def _frame_lines(course: Course, failure: Failure) -> list[Line]:
    """The learner's own frames, the innermost last."""
    lines: list[Line] = []
    # A function that calls itself has a frame for each call; one is enough.
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
        wrapped = textwrap.wrap(text, WIDTH - len(indent), break_on_hyphens=False) or [""]
        for part in _few(wrapped, most):
            head = f"  {label:<{_LABEL}}" if label and not lines else indent
            lines.append([Piece(head, "dim"), Piece(part, style)])
    return lines


def _few(lines: list[str], most: int, rest: str = "…") -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], rest]
