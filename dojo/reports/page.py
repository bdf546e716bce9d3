"""A progress as one web page: the course map, the step in focus, devices, the time line, curves, every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dojo.pictures.data import Curves
from dojo.progress.data import Progress, StepProgress, count, count_unwritten
from dojo.progress.history import History, Push
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, STATUSES
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
)
from dojo.support.page_frame import framed
from dojo.support.text import one_line

# Of a long history, the newest pushes are listed; the chart shows all.
_MOST_LISTED = 50
_MOST_NAMES = 30
_TODO = "todo"


def page(
    progress: Progress,
    history: Sequence[Push] = (),
    curves: Mapping[str, Sequence[Curves]] | None = None,
) -> str:
    """The page as text. It needs no other file, no network and no script: a script only filters and unfolds.

    history: lines as read_history returns them, oldest first; curves: by step id, as read_curves returns them.
    """
    numbers = {step.id: number for number, step in enumerate(progress.steps, start=1)}
    name = one_line(progress.course.name or "The course")
    parts = [
        *_head(progress, name),
        *_focus(progress, numbers),
        *_map(progress, numbers),
        *_time_line(history),
        *_devices(progress, numbers),
        *_curves(progress, curves or {}, numbers),
        *_all_steps(progress, numbers),
    ]
    green, steps = progress.totals.green, progress.totals.steps
    return framed(f"{name}: {green} of {steps} green", "\n".join(parts), charts.STYLE + _STYLE, _SCRIPT)


def _head(progress: Progress, name: str) -> list[str]:
    steps = progress.steps
    unwritten = count_unwritten(steps)
    parts = [
        f"<h1>{escape(name)}</h1>",
        f'<p class="large" id="summary">{escape(summary(progress))}</p>',
        _bar(steps),
        f'<p class="quiet">{escape(made_from(progress))}</p>',
        '<ul class="legend" aria-label="The signs of the map">',
    ]
    for status in STATUSES:
        number = count(steps, status) - (unwritten if status == "red" else 0)
        parts.append(f'<li><span class="square {status}">{SYMBOLS[status]}</span> {WORDS[status]}: {number}</li>')
        if status == "red":
            parts.append(f'<li><span class="square {_TODO}">○</span> red, not written yet: {unwritten}</li>')
    parts.append("</ul>")
    if progress.judge and progress.judge.changed:
        paths = "".join(f"<li><code>{_text(path)}</code></li>" for path in progress.judge.changed)
        parts.append(
            '<details class="card"><summary>The course’s own tests judged this: '
            f"{len(progress.judge.changed)} of its files differ here</summary><ul>{paths}</ul></details>"
        )
    return parts


def _bar(steps: list[StepProgress]) -> str:
    percent = 100 * count(steps, GREEN) / max(len(steps), 1)
    return f'<div class="bar" aria-hidden="true"><span style="width:{percent:.2f}%"></span></div>'


def _focus(progress: Progress, numbers: dict[str, int]) -> list[str]:
    step = progress.focus
    if step is None:
        return []
    return [
        '<section class="card" id="focus">',
        f"<h2>In focus: <code>{_text(step.name)}</code></h2>",
        f'<p class="quiet">{escape(status_words(step))} · {escape(place_of(progress, step))} · '
        f'<a href="#step-{numbers[step.id]}">all about it</a></p>',
        *_diagnosis(step),
        *_report(step),
        "</section>",
    ]


def _map(progress: Progress, numbers: dict[str, int]) -> list[str]:
    parts = ['<section id="map">', "<h2>Course map</h2>"]
    for lesson in progress.lessons:
        steps = lesson.steps
        parts += [
            f"<h3>{lesson.number} {_text(lesson.title)} "
            f'<span class="quiet">{count(steps, GREEN)} of {len(steps)}</span></h3>',
            _bar(steps),
            '<ul class="katas">',
        ]
        for kata in lesson.katas:
            squares = "".join(_square(step, numbers[step.id], step is progress.focus) for step in kata.steps)
            parts.append(
                f'<li><span class="kata">{kata.number} {_text(kata.title)}</span>'
                f'<span class="squares">{squares}</span></li>'
            )
        parts.append("</ul>")
    return [*parts, "</section>"]


def _square(step: StepProgress, number: int, focused: bool) -> str:
    says = escape(f"{one_line(step.name)}: {status_words(step)}" + (", in focus" if focused else ""))
    here = " here" if focused else ""
    return (
        f'<a class="square {_look(step)}{here}" href="#step-{number}" data-step="{number}" title="{says}" '
        f'aria-label="{says}">{_mark(step)}</a>'
    )


def _look(step: StepProgress) -> str:
    return _TODO if step.is_unwritten else step.status


def _mark(step: StepProgress) -> str:
    return "○" if step.is_unwritten else SYMBOLS[step.status]


def _time_line(history: Sequence[Push]) -> list[str]:
    damaged = history.damaged if isinstance(history, History) else 0
    if not history and not damaged:
        return []
    parts = ['<section id="time-line">', "<h2>Time line</h2>"]
    if history:
        moments = [moment_of(line.made_at).timestamp() for line in history]
        greens = [line.totals.green for line in history]
        dots = [
            charts.Dot(x, y, f"{when(line.made_at)}: {y} green", bad=bool(line.red))
            for x, y, line in zip(moments, greens, history, strict=True)
        ]
        parts.append(
            charts.chart(
                {"green": list(zip(moments, greens, strict=True))},
                f"Green steps over time: {greens[0]} on {when(history[0].made_at)}, "
                f"{greens[-1]} on {when(history[-1].made_at)}",
                ticks=(history[0].made_at[:10], history[-1].made_at[:10]),
                lowest=0,
                highest=max(max(line.totals.steps for line in history), 1),
                steps=True,
                dots=dots if len(dots) <= _MOST_LISTED else [dot for dot in dots if dot.bad] + dots[-1:],
            )
        )
        parts += _pushes(history)
    if damaged:
        says = "1 line of the history is" if damaged == 1 else f"{damaged} lines of the history are"
        parts.append(f'<p class="quiet">{says} damaged and left out.</p>')
    return [*parts, "</section>"]


def _pushes(history: Sequence[Push]) -> list[str]:
    listed = list(reversed(history[-_MOST_LISTED:]))
    head = f"The {len(listed)} newest of {len(history)} pushes" if len(history) > len(listed) else "Every push"
    parts = [f"<details><summary>{head}</summary>", '<ul class="pushes">']
    for line in listed:
        commit = f" · <code>{line.commit[:7]}</code>" if line.commit else ""
        green, steps = line.totals.green, line.totals.steps
        parts.append(f"<li>{escape(when(line.made_at))}{commit} · {green} of {steps} green")
        if line.red:
            parts.append(f'<br><span class="bad">✗ from green to red:</span> {_names(line.red)}')
        if line.green:
            parts.append(f'<br><span class="good">✓ newly green:</span> {_names(line.green)}')
        parts.append("</li>")
    return [*parts, "</ul></details>"]


def _names(ids: list[str]) -> str:
    rest = f" and {len(ids) - _MOST_NAMES} more" if len(ids) > _MOST_NAMES else ""
    return ", ".join(f"<code>{_text(each.rpartition('/')[2])}</code>" for each in ids[:_MOST_NAMES]) + rest


def _devices(progress: Progress, numbers: dict[str, int]) -> list[str]:
    rows = device_rows(progress)
    if not rows:
        return []
    parts = [
        '<section id="devices">',
        "<h2>Devices</h2>",
        '<div class="scroll" tabindex="0" role="region" aria-label="Results by device"><table>',
        '<thead><tr><th scope="col">device</th><th scope="col" class="number">green</th>'
        '<th scope="col" class="number">red</th><th scope="col" class="number">not run</th></tr></thead><tbody>',
    ]
    for name, green, red, not_run, why in rows:
        note = f'<br><span class="quiet">left out: {escape(why)}</span>' if why else ""
        cells = "".join(f'<td class="number">{number}</td>' for number in (green, red, not_run))
        parts.append(f'<tr><th scope="row"><code>{escape(name)}</code>{note}</th>{cells}</tr>')
    parts.append("</tbody></table></div>")
    different = device_differences(progress)
    if different:
        parts.append("<p>Red on some devices only:</p><ul>")
        for step, red_on, green_on in different:
            parts.append(
                f'<li><a href="#step-{numbers[step.id]}"><code>{_text(step.name)}</code></a>: red on '
                f"{escape(', '.join(red_on))}, green on {escape(', '.join(green_on))}</li>"
            )
        parts.append("</ul>")
    return [*parts, "</section>"]


def _curves(progress: Progress, curves: Mapping[str, Sequence[Curves]], numbers: dict[str, int]) -> list[str]:
    known = [step for step in progress.steps if curves.get(step.id)]
    if not known:
        return []
    parts = ['<section id="curves">', "<h2>Your own curves</h2>"]
    for step in known:
        parts.append(f'<h3><a href="#step-{numbers[step.id]}"><code>{_text(step.name)}</code></a></h3>')
        for picture in curves[step.id]:
            longest = max(len(curve) for curve in picture.series.values())
            ends = "; ".join(f"{name} from {curve[0]:.4g} to {curve[-1]:.4g}" for name, curve in picture.series.items())
            words = one_line(f"{picture.title}: {picture.y or 'value'} by {picture.x or 'step'}")
            parts.append(f"<figure><figcaption>{escape(words)}</figcaption>")
            parts.append(
                charts.chart(
                    {one_line(name): charts.thinned(curve) for name, curve in picture.series.items()},
                    one_line(f"{words}. {ends}"),
                    ticks=(one_line(f"{picture.x or 'step'} 1"), str(longest)),
                )
            )
            parts.append("</figure>")
    return [*parts, "</section>"]


def _all_steps(progress: Progress, numbers: dict[str, int]) -> list[str]:
    parts = ['<section id="steps">', "<h2>Every step</h2>", *_controls(progress)]
    for lesson in progress.lessons:
        parts.append(f'<div class="lesson"><h3>{lesson.number} {_text(lesson.title)}</h3>')
        for kata in lesson.katas:
            green = count(kata.steps, GREEN)
            is_open = " open" if progress.focus in kata.steps else ""
            parts.append(
                f'<details class="of-kata"{is_open}><summary>{kata.number} {_text(kata.title)} '
                f'<span class="quiet">{green} of {len(kata.steps)} green</span></summary>'
            )
            parts += [_step(step, numbers[step.id]) for step in kata.steps]
            parts.append("</details>")
        parts.append("</div>")
    return [*parts, "</section>"]


def _controls(progress: Progress) -> list[str]:
    steps = progress.steps
    buttons = [f'<button type="button" data-status="" aria-pressed="true">all {len(steps)}</button>']
    for status in STATUSES:
        number = count(steps, status)
        if number:
            buttons.append(
                f'<button type="button" data-status="{status}" aria-pressed="false">{WORDS[status]} {number}</button>'
            )
    return [
        # Without the script these would do nothing, so the script shows them.
        '<div class="controls" hidden>',
        '<label for="filter">Find a step</label> <input id="filter" type="search" autocomplete="off">',
        f'<div role="group" aria-label="Show steps that are">{"".join(buttons)}</div>',
        '<button type="button" id="unfold" aria-pressed="false">unfold everything</button>',
        f'<span id="shown" role="status" class="quiet">{len(steps)} steps shown</span>',
        "</div>",
    ]


def _step(step: StepProgress, number: int) -> str:
    found = one_line(f"{step.name} {step.id}").casefold()
    parts = [
        f'<details class="step" id="step-{number}" data-status="{step.status}" data-find="{escape(found)}">',
        f'<summary><span class="square {_look(step)}" aria-hidden="true">{_mark(step)}</span> '
        f'<code>{_text(step.name)}</code> <span class="quiet">{escape(status_words(step))}</span></summary>',
        '<div class="card">',
        f'<p class="quiet">{step.passed} of {step.tests} tests passed'
        + "".join(f" · {_text(name)}: {WORDS[status]}" for name, status in step.devices.items())
        + f" · {step.seconds:.2f} s</p>",
    ]
    if step.behaviour and not step.is_unwritten:
        on = f" on {_text(step.failing_device)}" if step.failing_device else ""
        parts.append(f"<p>The first red test: {_text(step.behaviour)}{on}</p>")
    parts += _diagnosis(step)
    parts += _report(step)
    parts += [f"<p>{_text(note)}</p>" for note in step.notes]
    return "\n".join([*parts, "</div></details>"])


def _diagnosis(step: StepProgress) -> list[str]:
    # A report says it already.
    if not step.diagnosis or step.report:
        return []
    return [f'<p><strong class="why">Why:</strong> {_text(step.diagnosis.says)}</p>']


def _report(step: StepProgress) -> list[str]:
    if step.report:
        lines = [
            "".join(
                escape(piece.text)
                if piece.style == "plain"
                else f'<span class="{piece.style}">{escape(piece.text)}</span>'
                for piece in line
            )
            for line in step.report
        ]
        inside = "\n".join(lines)
    else:
        inside = escape(report_text(step))
    # A line that is too long for a phone scrolls within its box, which a keyboard can reach.
    return [f'<pre tabindex="0" role="region" aria-label="Report">\n{inside}</pre>'] if inside else []


def _text(text: str) -> str:
    return escape(one_line(text))


_STYLE = """
.large{font-size:1.15rem;margin:.25rem 0}
.bar{height:.6rem;border:1px solid var(--quiet);border-radius:4px;overflow:hidden;max-width:40rem}
.bar span{display:block;height:100%;background:var(--good-fill)}
.katas{list-style:none;margin:.4rem 0;padding:0}
.katas li{display:flex;flex-wrap:wrap;gap:.15rem .75rem;padding:.2rem 0;align-items:center}
.kata{flex:0 0 14rem}
.squares{display:flex;flex-wrap:wrap;gap:4px}
.square{display:inline-block;width:26px;height:26px;line-height:24px;text-align:center;border:1px solid var(--quiet);
border-radius:4px;font-size:14px;text-decoration:none;color:var(--quiet);background:var(--paper)}
.square.green{background:var(--good-fill);border-color:var(--good-fill);color:var(--on-fill)}
.square.red{background:var(--bad-fill);border-color:var(--bad-fill);color:var(--on-fill)}
.square.broken{background:var(--broken-fill);border-color:var(--broken-fill);color:var(--on-fill)}
.square.todo{color:var(--text)}
.square.here{outline:2px solid var(--text);outline-offset:1px}
.square.here:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.square.out{opacity:.25}
.controls{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0}
.controls[hidden],.step[hidden],.of-kata[hidden],.lesson[hidden]{display:none}
.controls div{display:flex;flex-wrap:wrap;gap:.25rem}
.of-kata{border-top:1px solid var(--line)}
.of-kata>summary{font-weight:600}
.step{margin-left:.75rem}
.pushes li{margin:.4rem 0}
figure{margin:.5rem 0 1rem}
figcaption{color:var(--quiet)}
@media (max-width:40rem){.kata{flex-basis:100%}.step{margin-left:0}.card{padding:.5rem .6rem}}
@media (forced-colors:active){.square{forced-color-adjust:none}}
"""

_SCRIPT = """
'use strict';
(() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const steps = all('details.step'), folds = all('details.of-kata');
  const squares = new Map(all('#map a.square').map(square => ['step-' + square.dataset.step, square]));
  const find = document.getElementById('filter'), buttons = all('button[data-status]');
  const unfold = document.getElementById('unfold');
  let status = '';
  const show = () => {
    const wanted = find.value.trim().toLowerCase();
    let shown = 0;
    for (const step of steps) {
      const fits = (!status || step.dataset.status === status) && step.dataset.find.includes(wanted);
      step.hidden = !fits;
      squares.get(step.id).classList.toggle('out', !fits);
      shown += fits;
    }
    for (const fold of folds) {
      fold.hidden = !fold.querySelector('.step:not([hidden])');
      if (!fold.hidden && (wanted || status)) fold.open = true;
    }
    for (const lesson of all('.lesson')) lesson.hidden = !lesson.querySelector('.of-kata:not([hidden])');
    document.getElementById('shown').textContent = shown === 1 ? '1 step shown' : shown + ' steps shown';
  };
  const reveal = () => {
    const step = /^#step-[0-9]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!step) return;
    if (step.hidden) { find.value = ''; press(buttons[0]); }
    step.open = true;
    step.closest('.of-kata').open = true;
    step.scrollIntoView();
    step.firstElementChild.focus({preventScroll: true});
  };
  const press = button => {
    status = button.dataset.status;
    for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
    show();
  };
  find.addEventListener('input', show);
  for (const button of buttons) button.addEventListener('click', () => press(button));
  unfold.addEventListener('click', () => {
    const open = unfold.getAttribute('aria-pressed') !== 'true';
    unfold.setAttribute('aria-pressed', String(open));
    for (const fold of [...folds, ...steps]) fold.open = open;
  });
  document.getElementById('map').addEventListener('keydown', event => {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    const order = [...squares.values()], at = order.indexOf(event.target);
    if (by && at >= 0 && order[at + by]) { order[at + by].focus(); event.preventDefault(); }
  });
  addEventListener('hashchange', reveal);
  document.querySelector('.controls').hidden = false;
  reveal();
})();
"""
