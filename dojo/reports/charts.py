"""Line charts as SVG, for a page: they take its colours, so that they are readable in light and in dark."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 14, 12, 30
# Lines differ in their dashes too: not by colour alone.
_DASHES = ("", "7 4", "2 3", "10 3 2 3")

STYLE = """
.chart{width:100%;max-width:640px;height:auto;display:block;font:12px system-ui,sans-serif}
.chart text{fill:var(--quiet)}.chart .axis{stroke:var(--line)}.chart .curve{fill:none;stroke-width:2}
.chart .s0{stroke:var(--link)}.chart .s1{stroke:var(--bad)}.chart .s2{stroke:var(--good)}.chart .s3{stroke:var(--why)}
.chart .dot{fill:var(--link)}.chart .dot.bad{fill:var(--bad)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.25rem 0;padding:0;list-style:none}
.legend svg{width:28px;height:8px;margin-right:.4rem;vertical-align:middle}
@media (max-width:40rem){.chart{font-size:21px}.chart .curve{stroke-width:3}}
.legend line{stroke-width:2}.legend .s0{stroke:var(--link)}.legend .s1{stroke:var(--bad)}
.legend .s2{stroke:var(--good)}.legend .s3{stroke:var(--why)}
"""


@dataclasses.dataclass(frozen=True)
class Dot:
    """A point that is marked and has words of its own, shown where a pointer rests on it."""

    x: float
    y: float
    words: str
    bad: bool = False


def chart(
    series: dict[str, Sequence[tuple[float, float]]],
    label: str,
    *,
    ticks: tuple[str, str],
    lowest: float | None = None,
    highest: float | None = None,
    steps: bool = False,
    dots: Sequence[Dot] = (),
) -> str:
    """Lines through points (x, y) as SVG, with a legend where there are more than one.

    label: what the picture shows, in words; ticks: what stands at the left and right end of the x axis; lowest and
    highest: the ends of the y axis where the points are not to choose them; steps: whether y jumps at each point.
    """
    points = [point for line in series.values() for point in line]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom = min(y for _, y in points) if lowest is None else lowest
    top = max(y for _, y in points) if highest is None else highest

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - left) / (right - left) if right > left else 0.5
        up = (y - bottom) / (top - bottom) if top > bottom else 0.5
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = [f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">']
    # Where the ends were chosen, what is counted is whole: the middle may not be.
    middle = [(bottom + top) / 2] if highest is None else []
    for y in dict.fromkeys((bottom, *middle, top)):
        height = place(left, y)[1]
        parts.append(f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{y:.4g}</text>')
    floor = _HEIGHT - 8
    parts.append(f'<text x="{_LEFT}" y="{floor}">{escape(ticks[0])}</text>')
    if ticks[1] != ticks[0]:
        parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{floor}" text-anchor="end">{escape(ticks[1])}</text>')
    for number, line in enumerate(series.values()):
        path = _path([place(x, y) for x, y in line], steps)
        parts.append(f'<path class="curve s{number % 4}"{_dashes(number)} d="{path}"/>')
    for dot in dots:
        x, y = place(dot.x, dot.y)
        style = "dot bad" if dot.bad else "dot"
        parts.append(
            f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(dot.words)}</title></circle>'
        )
    parts.append("</svg>")
    if len(series) > 1:
        items = "".join(
            f'<li><svg viewBox="0 0 28 8" aria-hidden="true"><line class="s{number % 4}"{_dashes(number)} '
            f'x1="0" x2="28" y1="4" y2="4"/></svg>{escape(name)}</li>'
            for number, name in enumerate(series)
        )
        parts.append(f'<ul class="legend">{items}</ul>')
    return "\n".join(parts)


def thinned(numbers: Sequence[float], most: int = 400) -> list[tuple[float, float]]:
    """Numbers as points (1, first), (2, second), …; of more than `most`, evenly chosen ones and the last."""
    every = math.ceil(len(numbers) / most)
    chosen = list(range(0, len(numbers), every))
    if chosen[-1] != len(numbers) - 1:
        chosen.append(len(numbers) - 1)
    return [(float(index + 1), numbers[index]) for index in chosen]


def _path(points: Sequence[tuple[float, float]], steps: bool) -> str:
    words = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for x, y in points[1:]:
        words.append(f"H{x:.1f}V{y:.1f}" if steps else f"L{x:.1f} {y:.1f}")
    return "".join(words)


def _dashes(number: int) -> str:
    # Four colours, and other dashes for each four: twelve lines differ.
    dashes = _DASHES[(number // 4 + number) % 4]
    return f' stroke-dasharray="{dashes}"' if dashes else ""
