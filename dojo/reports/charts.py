"""Line charts as SVG. They take the colors of their page, so they are readable in light and dark mode."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from dojo.support.page_frame import Fragments, Html

_fill = Fragments("dojo.reports", "charts.html")
_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 626, 12, 190
# Not by color alone: lines also differ in their dashes.
_DASHES = ("none", "7 4", "2 3", "10 3 2 3")

Point = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Dot:
    """A marked point. Its words appear when the pointer rests on it."""

    x: float
    y: float
    words: str
    bad: bool = False


@dataclasses.dataclass(frozen=True)
class _Scale:
    """The ranges of x and y that the chart shows."""

    left: float
    right: float
    bottom: float
    top: float

    def place(self, x: float, y: float) -> Point:
        """Return where a point is drawn; in the middle if the range is empty."""
        across = (x - self.left) / (self.right - self.left) if self.right > self.left else 0.5
        up = (y - self.bottom) / (self.top - self.bottom) if self.top > self.bottom else 0.5
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)


def chart(
    series: Mapping[str, Sequence[Point]],
    label: str,
    *,
    ticks: tuple[str, str],
    highest: float | None = None,
    steps: bool = False,
    dots: Sequence[Dot] = (),
) -> Html:
    """Return lines through points (x, y) as SVG, with a legend if there are several lines.

    label: says in words what the picture shows. ticks: the words at both ends of the x axis. highest: if given, the y
    axis goes from 0 to it. steps: whether y stays constant between two points.
    """
    points = [point for line in series.values() for point in line]
    xs, ys = zip(*points, strict=True)
    scale = _Scale(min(xs), max(xs), *((min(ys), max(ys)) if highest is None else (0, highest)))
    # `highest` is a count, whose half may not be an integer.
    middle = [(scale.bottom + scale.top) / 2] if highest is None else []
    return _fill(
        "chart",
        width=_WIDTH,
        height=_HEIGHT,
        label=label,
        left=_LEFT,
        right=_RIGHT,
        floor=_HEIGHT - 8,
        first_tick=ticks[0],
        last_tick=ticks[1] if ticks[1] != ticks[0] else "",
        grid=[_grid_line(scale, y) for y in dict.fromkeys((scale.bottom, *middle, scale.top))],
        curves=[
            _fill("curve", **_look(number), path=_path([scale.place(x, y) for x, y in line], steps))
            for number, line in enumerate(series.values())
        ],
        dots=[_dot(scale, dot) for dot in dots],
        legend=_legend(series) if len(series) > 1 else "",
    )


def thinned(numbers: Sequence[float], most: int = 400) -> list[Point]:
    """Return numbers as points (1, first), (2, second), …; if they are more than `most`, every nth and the last."""
    every = math.ceil(len(numbers) / most)
    chosen = list(range(0, len(numbers), every))
    if chosen[-1] != len(numbers) - 1:
        chosen.append(len(numbers) - 1)
    return [(float(index + 1), numbers[index]) for index in chosen]


def _grid_line(scale: _Scale, value: float) -> Html:
    y = scale.place(scale.left, value)[1]
    return _fill(
        "grid-line",
        left=_LEFT,
        right=_RIGHT,
        y=f"{y:.1f}",
        text_x=_LEFT - 6,
        text_y=f"{y + 4:.1f}",
        value=f"{value:.4g}",
    )


def _dot(scale: _Scale, dot: Dot) -> Html:
    x, y = scale.place(dot.x, dot.y)
    return _fill("dot", style="dot bad" if dot.bad else "dot", x=f"{x:.1f}", y=f"{y:.1f}", words=dot.words)


def _legend(series: Mapping[str, object]) -> Html:
    entries = [_fill("legend-entry", **_look(number), name=name) for number, name in enumerate(series)]
    return _fill("legend", entries=entries)


def _look(number: int) -> dict[str, object]:
    """Return the color and the dashes of a line. Sixteen consecutive lines differ."""
    return {"color": number % 4, "dashes": _DASHES[(number // 4 + number) % 4]}


def _path(points: Sequence[Point], steps: bool) -> str:
    (x, y), *rest = points
    return f"M{x:.1f} {y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" if steps else f"L{x:.1f} {y:.1f}" for x, y in rest)
