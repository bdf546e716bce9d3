"""Progress as a web page: the course map, the step in focus, the timeline, devices, curves, and all reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dojo.course.moved import Move, by_current_id
from dojo.pictures.data import Curves
from dojo.progress.counts import Counts
from dojo.progress.data import LessonProgress, Progress, StepProgress, count, count_unwritten, counts_of
from dojo.progress.history import History, Push, through_moves
from dojo.progress.reading import moment_of
from dojo.progress.statuses import STATUSES
from dojo.reports import charts
from dojo.reports.wording import (
    SYMBOLS,
    WORDS,
    device_differences,
    device_rows,
    made_from,
    place_of,
    report_text,
    status_words,
    summary,
    when,
    why_of,
)
from dojo.support.page_frame import Fragments, Html, framed, read
from dojo.support.styled_lines import Piece
from dojo.support.text import one_line

_fill = Fragments("dojo.reports", "page.html")
# The list shows the newest pushes of a long history. The chart shows all pushes.
_MOST_LISTED = 50
_MOST_NAMES = 30


def page(
    progress: Progress,
    history: Sequence[Push] = (),
    curves: Mapping[str, Sequence[Curves]] | None = None,
) -> str:
    """Return the page as one HTML document. It needs no other file and no network. Its script only filters and expands.

    history: the pushes as read_history returns them, oldest first. curves: by step id, as read_curves returns them.
    """
    steps, focus = progress.steps, progress.next_step
    numbers = {step.id: number for number, step in enumerate(steps, start=1)}
    name = progress.course.name or "The course"
    body = _fill(
        "page",
        name=name,
        summary=summary(progress),
        made_from=made_from(progress),
        number=len(steps),
        bar=_bar(steps),
        signs=_signs(steps),
        changed=_changed(progress),
        focus=_focus(progress, numbers),
        map=[_map_of(lesson, focus, numbers) for lesson in progress.lessons],
        time_line=_time_line(history, progress.moved),
        devices=_devices(progress, numbers),
        curves=_curves(steps, by_current_id(curves or {}, progress.moved), numbers),
        buttons=_buttons(steps),
        lessons=[_lesson(lesson, focus, numbers) for lesson in progress.lessons],
    )
    title = f"{name}: {progress.counts.short()}"
    style = read("dojo.support", "page_frame.css") + read("dojo.reports", "page.css")
    return framed(title, body, style=style, script=read("dojo.reports", "page.js"))


def _bar(steps: list[StepProgress]) -> Html:
    # The bar counts core steps, or practice steps if there are no core steps.
    counts = counts_of(steps)
    green, number = (counts.core_green, counts.core) if counts.core else (counts.practice_green, counts.practice)
    return _fill("bar", percent=f"{100 * green / max(number, 1):.2f}")


def _signs(steps: list[StepProgress]) -> list[Html]:
    unwritten = count_unwritten(steps)
    signs = []
    for status in STATUSES:
        number = count(steps, status) - (unwritten if status == "red" else 0)
        signs.append(_fill("sign", look=status, mark=SYMBOLS[status], words=WORDS[status], number=number))
        if status == "red":
            signs.append(_fill("sign", look="todo", mark="○", words="red, not written yet", number=unwritten))
    return signs


def _changed(progress: Progress) -> str:
    if not progress.judge or not progress.judge.changed:
        return ""
    paths = [_fill("changed-path", path=path) for path in progress.judge.changed]
    return _fill("changed", number=len(paths), paths=paths)


def _focus(progress: Progress, numbers: Mapping[str, int]) -> str:
    step = progress.next_step
    if step is None:
        return ""
    return _fill(
        "focus",
        name=step.name,
        status=status_words(step),
        place=place_of(progress, step),
        number=numbers[step.id],
        why=_why(step),
        report=_report(step),
    )


def _map_of(lesson: LessonProgress, focus: StepProgress | None, numbers: Mapping[str, int]) -> Html:
    steps = lesson.steps
    katas = [
        _fill(
            "map-kata",
            number=kata.number,
            title=kata.title,
            squares=[_square(step, numbers[step.id], step is focus) for step in kata.steps],
        )
        for kata in lesson.katas
    ]
    # `3 of 5`, or with practice steps `3 of 5 core · 1 of 4 practice`.
    counts = counts_of(steps).short().removesuffix(" green")
    return _fill("map-lesson", number=lesson.number, title=lesson.title, counts=counts, bar=_bar(steps), katas=katas)


def _square(step: StepProgress, number: int, in_focus: bool) -> Html:
    label = f"{step.name}: {status_words(step)}"
    label += ("" if step.core else ", practice") + (", in focus" if in_focus else "")
    look = _look(step) + ("" if step.core else " practice") + (" here" if in_focus else "")
    return _fill("square", look=look, number=number, label=label, mark=_mark(step))


def _look(step: StepProgress) -> str:
    return "todo" if step.is_unwritten else step.status


def _mark(step: StepProgress) -> str:
    return "○" if step.is_unwritten else SYMBOLS[step.status]


def _time_line(history: Sequence[Push], moves: Sequence[Move]) -> str:
    damaged = history.damaged if isinstance(history, History) else 0
    if not history and not damaged:
        return ""
    note = "1 line of the history is" if damaged == 1 else f"{damaged} lines of the history are"
    return _fill(
        "time-line",
        chart=_history_chart(history) if history else "",
        pushes=_pushes(history, moves) if history else "",
        damaged=_fill("quiet", text=f"{note} damaged and left out.") if damaged else "",
    )


def _history_chart(history: Sequence[Push]) -> Html:
    moments = [moment_of(push.made_at).timestamp() for push in history]
    greens = [push.totals.green for push in history]
    dots = [
        charts.Dot(x, y, f"{when(push.made_at)}: {y} green", bad=bool(push.red))
        for x, y, push in zip(moments, greens, history, strict=True)
    ]
    first, last = history[0].made_at, history[-1].made_at
    return charts.chart(
        {"green": list(zip(moments, greens, strict=True))},
        f"Green steps over time: {greens[0]} on {when(first)}, {greens[-1]} on {when(last)}",
        ticks=(first[:10], last[:10]),
        highest=max(1, *(push.totals.steps for push in history)),
        steps=True,
        dots=dots if len(dots) <= _MOST_LISTED else [dot for dot in dots if dot.bad] + dots[-1:],
    )


def _pushes(history: Sequence[Push], moves: Sequence[Move]) -> Html:
    listed = history[-_MOST_LISTED:]
    head = f"The {len(listed)} newest of {len(history)} pushes" if len(history) > len(listed) else "Every push"
    return _fill("pushes", head=head, pushes=[_push(through_moves(push, moves)) for push in reversed(listed)])


def _push(push: Push) -> Html:
    return _fill(
        "push",
        made_at=when(push.made_at),
        commit=_fill("commit", commit=push.commit[:7]) if push.commit else "",
        counts=_counts_of_push(push),
        gone_red=_fill("gone-red", names=_names(push.red)) if push.red else "",
        newly_green=_fill("newly-green", names=_names(push.green)) if push.green else "",
    )


def _counts_of_push(push: Push) -> str:
    core, totals = push.core_totals or push.totals, push.totals
    return Counts(core.green, core.steps, totals.green - core.green, totals.steps - core.steps).short()


def _names(ids: Sequence[str]) -> Html:
    names = [_fill("code", text=each.rpartition("/")[2]) for each in ids[:_MOST_NAMES]]
    return Html(", ".join(names) + (f" and {len(ids) - _MOST_NAMES} more" if len(ids) > _MOST_NAMES else ""))


def _devices(progress: Progress, numbers: Mapping[str, int]) -> str:
    rows = [
        _fill(
            "device",
            name=name,
            left_out=_fill("left-out", reason=reason) if reason else "",
            green=green,
            red=red,
            not_run=not_run,
        )
        for name, green, red, not_run, reason in device_rows(progress)
    ]
    if not rows:
        return ""
    different = [
        _fill("difference", number=numbers[step.id], name=step.name, red=", ".join(red), green=", ".join(green))
        for step, red, green in device_differences(progress)
    ]
    return _fill("devices", rows=rows, differences=_fill("differences", steps=different) if different else "")


def _curves(steps: list[StepProgress], curves: Mapping[str, Sequence[Curves]], numbers: Mapping[str, int]) -> str:
    known = [
        _fill("curves-of-step", number=numbers[step.id], name=step.name, figures=map(_figure, curves[step.id]))
        for step in steps
        if curves.get(step.id)
    ]
    return _fill("curves", steps=known) if known else ""


def _figure(picture: Curves) -> Html:
    longest = max(map(len, picture.series.values()))
    ends = "; ".join(f"{name} from {curve[0]:.4g} to {curve[-1]:.4g}" for name, curve in picture.series.items())
    caption = f"{picture.title}: {picture.y or 'value'} by {picture.x or 'step'}"
    series = {name: charts.thinned(curve) for name, curve in picture.series.items()}
    drawn = charts.chart(series, f"{caption}. {ends}", ticks=(f"{picture.x or 'step'} 1", str(longest)))
    return _fill("figure", caption=caption, chart=drawn)


def _buttons(steps: list[StepProgress]) -> list[Html]:
    numbers = [("", "all", len(steps)), *((status, WORDS[status], count(steps, status)) for status in STATUSES)]
    return [
        _fill("button", status=status, words=words, number=number, pressed="false" if status else "true")
        for status, words, number in numbers
        if number or not status
    ]


def _lesson(lesson: LessonProgress, focus: StepProgress | None, numbers: Mapping[str, int]) -> Html:
    katas = [
        _fill(
            "kata",
            number=kata.number,
            title=kata.title,
            counts=counts_of(kata.steps).short(),
            open=Html(" open") if focus in kata.steps else "",
            steps=[_step(step, numbers[step.id]) for step in kata.steps],
        )
        for kata in lesson.katas
    ]
    return _fill("lesson", number=lesson.number, title=lesson.title, katas=katas)


def _step(step: StepProgress, number: int) -> Html:
    devices = [f"{name}: {WORDS[status]}" for name, status in step.devices.items()]
    on = f" on {step.failing_device}" if step.failing_device else ""
    has_red_test = step.behaviour and not step.is_unwritten
    return _fill(
        "step",
        number=number,
        status=step.status,
        found=one_line(f"{step.name} {step.id}").casefold(),
        look=_look(step),
        mark=_mark(step),
        name=step.name,
        words=status_words(step) + ("" if step.core else " · practice"),
        facts=" · ".join([f"{step.passed} of {step.tests} tests passed", *devices, f"{step.seconds:.2f} s"]),
        first_red=_fill("paragraph", text=f"The first red test: {step.behaviour}{on}") if has_red_test else "",
        why=_why(step),
        report=_report(step),
        notes=[_fill("paragraph", text=note) for note in step.notes],
    )


def _why(step: StepProgress) -> str:
    why = why_of(step)
    return _fill("why", says=why) if why else ""


def _report(step: StepProgress) -> str:
    lines = ["".join(map(_piece, line)) for line in step.report] or [escape(report_text(step))]
    # A line that is too long for a phone scrolls within its box, which a keyboard can reach.
    return _fill("report", lines=Html("\n".join(lines))) if any(lines) else ""


def _piece(piece: Piece) -> str:
    # Spaces matter in a report, so its text is not put on one line.
    text = Html(escape(piece.text))
    return text if piece.style == "plain" else _fill("piece", style=piece.style, text=text)
