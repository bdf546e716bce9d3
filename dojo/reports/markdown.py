"""Progress as Markdown for GitHub and GitLab: for a job's summary, a comment, or a wiki."""

from __future__ import annotations

import re

from dojo.progress.data import Progress, counts_of
from dojo.progress.history import gone_red, newly_green
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
from dojo.support.text import counted, listed, one_line

_BAR = 20
_MOST_NAMES = 50


def markdown(progress: Progress, previous: Progress | None = None) -> str:
    """The lessons with bars, what changed after the earlier progress `previous`, and the step in focus."""
    name = progress.course.name or "The course"
    parts = [f"## {escaped(name)}: {summary(progress)}", *_judge(progress)]
    if previous is not None:
        parts += _changes(gone_red(progress, previous), "went from green to red", "❌")
        parts += _changes(newly_green(progress, previous), "newly green", "✅")
    parts += [_lessons(progress), *_focus(progress), *_devices(progress), f"<sub>{escaped(made_from(progress))}</sub>"]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows unchanged and on one line: no HTML, links, emphasis, or new cells of a table.

    The text must follow something else on its line. At the start of a line, a dash would begin a list.
    """
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub makes a link of a bare address, so the dot of "www." and the colon of "://" are escaped too.
    return re.sub(r"[\\`*_{}\[\]()#|~!$@^]|(?<=www)\.|:(?=//)", r"\\\g<0>", plain, flags=re.IGNORECASE)


def code(text: str) -> str:
    """Text as code within a line, or within a cell of a table."""
    plain = one_line(text)
    fence = "`" * (_longest_run(plain) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{space}{plain}{space}{fence}".replace("|", r"\|") if plain else ""


def code_block(text: str) -> str:
    """Text as a block of code. Nothing in the text can end the block."""
    fence = "`" * max(_longest_run(text) + 1, 3)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _judge(progress: Progress) -> list[str]:
    changed = progress.judge.changed if progress.judge else []
    if not changed:
        return []
    names = ", ".join(code(path) for path in changed[:10]) + (" …" if len(changed) > 10 else "")
    return [
        f"> The course's own tests judged this. {counted(len(changed), 'file')} of the course "
        f"{'differs' if len(changed) == 1 else 'differ'} here: {names}"
    ]


def _changes(ids: list[str], what: str, mark: str) -> list[str]:
    if not ids:
        return []
    names = listed([code(each.rpartition("/")[2]) for each in ids], _MOST_NAMES)
    return [f"{mark} **{counted(len(ids), 'step')} {what}:** {names}"]


def _lessons(progress: Progress) -> str:
    practice = progress.counts.practice > 0
    head, rule = ("core | practice", "--: | --:") if practice else ("green", "--:")
    lines = [f"| | lesson | {head} | |", f"| --: | --- | {rule} | --- |"]
    for lesson in progress.lessons:
        counts = counts_of(lesson.steps)
        filled = counts.filled(_BAR)
        cells = [str(lesson.number), escaped(lesson.title), f"{counts.core_green} of {counts.core}"]
        cells += [f"{counts.practice_green} of {counts.practice}"] if practice else []
        lines.append(f"| {' | '.join(cells)} | `{'█' * filled}{'░' * (_BAR - filled)}` |")
    return "\n".join(lines)


def _focus(progress: Progress) -> list[str]:
    step = progress.next_step
    if step is None:
        return []
    parts = [
        f"### In focus: {code(step.name)}",
        f"{status_words(step)} · {escaped(place_of(progress, step))}",
    ]
    report, why = report_text(step), why_of(step)
    if why:
        parts.append(f"**Why:** {escaped(why)}")
    return [*parts, code_block(report)] if report else parts


def _devices(progress: Progress) -> list[str]:
    rows = device_rows(progress)
    different = device_differences(progress)
    if not rows or (len(rows) < 2 and not rows[0].left_out and not different):
        return []
    lines = ["| device | green | red | not run | |", "| --- | --: | --: | --: | --- |"]
    lines += [
        f"| {code(name)} | {green} | {red} | {not_run} | {escaped(f'left out: {why}') if why else ''} |"
        for name, green, red, not_run, why in rows
    ]
    parts = ["\n".join(lines)]
    if different:
        some = [f"{code(step.name)} ({escaped(', '.join(red))})" for step, red, _ in different[:_MOST_NAMES]]
        parts.append(f"Red on some devices only: {', '.join(some)}")
    return parts
