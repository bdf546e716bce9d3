"""Progress for a terminal: the lessons with bars, what changed, and the step in focus with its report."""

from __future__ import annotations

import textwrap

from dojo.progress.data import LessonProgress, Progress, count, count_unwritten, counts_of
from dojo.progress.history import gone_red, newly_green
from dojo.progress.statuses import BROKEN, RED
from dojo.reports.wording import (
    device_differences,
    device_rows,
    made_from,
    place_of,
    report_text,
    status_words,
    summary,
    why_of,
)
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols
from dojo.support.text import cut, listed, one_line

_BAR = 24
# The width of a bar next to two counts.
_NARROW_BAR = 10
_TITLE = 26


def terminal_lines(progress: Progress, previous: Progress | None, symbols: Symbols) -> list[Line]:
    """The lines to print, with what changed after `previous`. All but the report have at most 80 columns."""
    name = one_line(progress.course.name or "The course")
    lines: list[Line] = [[Piece(cut(name, WIDTH), "bold")]]
    lines += [[Piece(part, "dim")] for part in textwrap.wrap(_plain(made_from(progress), symbols), WIDTH)]
    if progress.judge and progress.judge.changed:
        lines += _paragraph("The course's own tests judged this; these files differ", progress.judge.changed, "bad")
    bar = _NARROW_BAR if progress.counts.practice else _BAR
    lines += [[], *(_lesson_line(lesson, symbols, bar) for lesson in progress.lessons), []]
    lines += [[Piece(part, "bold")] for part in textwrap.wrap(_plain(summary(progress), symbols), WIDTH)]
    if previous is not None:
        gone, newly = gone_red(progress, previous), newly_green(progress, previous)
        if gone:
            lines += _paragraph(f"{symbols.bad} from green to red", _names(gone), "bad")
        if newly:
            lines += _paragraph(f"{symbols.good} newly green", _names(newly), "good")
    lines += _device_lines(progress, symbols)
    return lines + _focus_lines(progress, symbols)


def _lesson_line(lesson: LessonProgress, symbols: Symbols, bar: int) -> Line:
    steps = lesson.steps
    counts = counts_of(steps)
    red = count(steps, RED, BROKEN) - count_unwritten(steps)
    filled = counts.filled(bar)
    core_green, _, rest = counts.short(symbols.dot).partition(" ")
    title = cut(one_line(f"{lesson.number} {lesson.title}"), _TITLE)
    line = [
        Piece(f"{title:<{_TITLE}} "),
        Piece(symbols.full * filled, "good"),
        Piece(symbols.empty * (bar - filled), "dim"),
        Piece(f" {core_green:>3} {rest}"),
    ]
    return [*line, Piece(f", {red} red", "bad")] if red else line


def _device_lines(progress: Progress, symbols: Symbols) -> list[Line]:
    """The counts by device if there is an accelerator, and the steps that are red on some devices only."""
    lines: list[Line] = []
    rows = device_rows(progress)
    has_accelerator = any(row.name not in ("cpu", "sim") for row in rows)
    for name, green, red, not_run, why in rows if has_accelerator else ():
        says = f"left out: {why}" if why else f"{green} green, {red} red, {not_run} not run"
        counts = Piece(cut(says, WIDTH - 13), "dim" if why else "plain")
        lines.append([Piece(f"{cut(name, 12):<12} ", "accent"), counts])
    for step, red_on, green_on in device_differences(progress)[:10]:
        says = f"{one_line(step.name)}: red on {', '.join(red_on)}, green on {', '.join(green_on)}"
        lines.append([Piece(f"{symbols.bad} ", "bad"), Piece(cut(says, WIDTH - 2))])
    return [[], *lines] if lines else []


def _focus_lines(progress: Progress, symbols: Symbols) -> list[Line]:
    step = progress.next_step
    if step is None:
        return []
    place = _plain(f"   {status_words(step)} · {place_of(progress, step)}", symbols)
    name = cut(one_line(step.name), 40)
    lines: list[Line] = [[], [Piece(f"{symbols.bad} {name}", "bad"), Piece(cut(place, WIDTH - len(name) - 2), "dim")]]
    if step.report:
        lines += [[Piece(_one_row(piece.text), piece.style) for piece in line] for line in step.report]
    else:
        lines += [[Piece(f"  {text}")] for text in report_text(step).splitlines()]
        if why_of(step):
            lines += _paragraph("  why", [why_of(step)], "accent")
    return lines


def _one_row(text: str) -> str:
    # A run writes pieces without line breaks, but a file may be forged.
    return text.replace("\n", " ").replace("\t", "    ")


def _paragraph(label: str, items: list[str], style: str) -> list[Line]:
    text = f"{label}: {listed(list(map(one_line, items)), 20)}"
    return [[Piece(part, style)] for part in textwrap.wrap(text, WIDTH, subsequent_indent="  ")]


def _names(ids: list[str]) -> list[str]:
    return [each.rpartition("/")[2] for each in ids]


def _plain(text: str, symbols: Symbols) -> str:
    return text.replace("·", symbols.dot)
