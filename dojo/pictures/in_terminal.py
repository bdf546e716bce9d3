"""Pictures as lines of text for a terminal, drawn without matplotlib."""

from __future__ import annotations

import math
from typing import Any

from dojo.pictures.data import Boundary, Curves, Images, Matrix, Picture
from dojo.support.styled_lines import Line, Piece
from dojo.support.text import cut

_BARS = "▁▂▃▄▅▆▇█"
_GREYS = " ░▒▓█"


def picture_lines(picture: Picture, width: int) -> list[Line]:
    """A picture as lines of at most `width` columns. The first line is the title."""
    draw: Any = {Curves: _curves, Boundary: _boundary, Images: _images, Matrix: _matrix}[type(picture)]
    return [[Piece(picture.title, "bold")], *draw(picture, width)]


def sparkline(numbers: list[float], width: int, low: float, high: float) -> str:
    """Numbers between `low` and `high` as a row of at most `width` bars; `!` stands for nan and inf."""
    columns = min(width, len(numbers))
    signs = []
    for column in range(columns):
        part = numbers[column * len(numbers) // columns : (column + 1) * len(numbers) // columns]
        finite = [number for number in part if math.isfinite(number)]
        if not finite:
            signs.append("!")
            continue
        share = (sum(finite) / len(finite) - low) / (high - low) if high > low else 0.0
        signs.append(_BARS[min(int(share * len(_BARS)), len(_BARS) - 1)])
    return "".join(signs)


def _curves(picture: Curves, width: int) -> list[Line]:
    finite = [number for curve in picture.series.values() for number in curve if math.isfinite(number)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    label = max((len(name) for name in picture.series), default=0)
    lines: list[Line] = []
    for name, curve in picture.series.items():
        ends = f"  {curve[0]:.4g} → {curve[-1]:.4g}" if curve else ""
        bars = sparkline(curve, max(width - label - 28, 8), low, high)
        lines.append([Piece(f"{name:<{label}}  ", "dim"), Piece(bars, "accent"), Piece(ends)])
        broken = sum(not math.isfinite(number) for number in curve)
        if broken:
            lines.append([Piece(f"{'':<{label}}  {broken} of {len(curve)} are no numbers (nan or inf)", "bad")])
    if finite:
        said = f"{picture.y or 'value'} by {picture.x}, from {low:.4g} to {high:.4g}"
        lines.append([Piece(said, "dim")])
    return lines


def _boundary(picture: Boundary, width: int) -> list[Line]:
    columns, rows = min(width - 2, 60), 22
    left, right, bottom, top = picture.extent
    canvas = [[" "] * columns for _ in range(rows)]
    styles = [["plain"] * columns for _ in range(rows)]
    tall, wide = len(picture.scores), len(picture.scores[0])
    for row in range(rows):
        for column in range(columns):
            score = picture.scores[(rows - 1 - row) * tall // rows][column * wide // columns]
            canvas[row][column], styles[row][column] = ("░", "dim") if score > 0 else (" ", "dim")
    for (x, y), label in zip(picture.points, picture.labels, strict=True):
        column = min(int((x - left) / (right - left or 1) * columns), columns - 1)
        row = rows - 1 - min(int((y - bottom) / (top - bottom or 1) * rows), rows - 1)
        canvas[row][column], styles[row][column] = ("●", "good") if label else ("○", "accent")
    lines: list[Line] = [
        [Piece(sign, style) for sign, style in zip(signs, kinds, strict=True)]
        for signs, kinds in zip(canvas, styles, strict=True)
    ]
    return [*lines, [Piece("● class 1   ○ class 0   ░ where the model says class 1", "dim")]]


def _images(picture: Images, width: int) -> list[Line]:
    lines: list[Line] = []
    across = max((width + 2) // 18, 1)
    for start in range(0, len(picture.images), across):
        some = range(start, min(start + across, len(picture.images)))
        heads = [f"read {picture.predicted[n]}, is {picture.labels[n]}" for n in some]
        lines.append([Piece("  ".join(f"{head:<16}" for head in heads), "bold")])
        for row in range(len(picture.images[start])):
            lines.append(
                [Piece("  ".join(_grey_row(picture.images[n][row], _brightest(picture.images[n])) for n in some))]
            )
        lines.append([])
    return lines[:-1]


def _brightest(image: list[list[float]]) -> float:
    return max((max(row) for row in image), default=0.0) or 1.0


def _grey_row(row: list[float], brightest: float) -> str:
    return "".join(2 * _GREYS[min(int(max(n, 0.0) / brightest * len(_GREYS)), len(_GREYS) - 1)] for n in row)


def _matrix(picture: Matrix, width: int) -> list[Line]:
    size = max((len(str(count)) for row in picture.counts for count in row), default=1) + 1
    names = range(len(picture.counts))
    head = "is \\ said " + "".join(f"{name:>{size}}" for name in names)
    lines: list[Line] = [[Piece(cut(head, width), "dim")]]
    for name, row in enumerate(picture.counts):
        line: Line = [Piece(f"{name:>9} ", "dim")]
        for column, count in enumerate(row):
            style = "good" if column == name else "bad" if count else "dim"
            line.append(Piece(f"{count or '·':>{size}}", style))
        lines.append(line)
    return lines
