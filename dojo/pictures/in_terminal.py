"""Pictures as lines of text for a terminal, drawn without matplotlib."""

from __future__ import annotations

import itertools
import math
import textwrap
from typing import Any

from dojo.pictures.data import Boundary, Curves, FittedLine, Images, Matrix, Picture, RecordedGraph, Tree
from dojo.pictures.graph import Graph, walk
from dojo.support.styled_lines import Line, Piece, text_of
from dojo.support.text import cut

_BARS = "▁▂▃▄▅▆▇█"
_GREYS = " ░▒▓█"


def picture_lines(picture: Picture, width: int) -> list[Line]:
    """A picture as lines of at most `width` columns. The title comes first."""
    draw: Any = _DRAWN_BY[type(picture)]
    title = [[Piece(part, "bold")] for part in textwrap.wrap(picture.title, width)]
    return [*title, *draw(picture, width)]


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
        signs.append(_BARS[_place(sum(finite) / len(finite), low, high, len(_BARS))])
    return "".join(signs)


def _place(number: float, low: float, high: float, count: int) -> int:
    """The index of the place of a number, if `count` places of equal size lie between `low` and `high`."""
    return min(int((number - low) / (high - low or 1) * count), count - 1)


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
            lines.append([Piece(f"{'':<{label}}  nan or inf: {broken} of {len(curve)} numbers", "bad")])
    if finite:
        said = f"{picture.y or 'value'} by {picture.x}, from {low:.4g} to {high:.4g}"
        lines.append([Piece(said, "dim")])
    return lines


def _boundary(picture: Boundary, width: int) -> list[Line]:
    columns, rows = min(width - 2, 60), 22
    left, right, bottom, top = picture.extent
    tall, wide = len(picture.scores), len(picture.scores[0])
    # Row 0 is the lowest one.
    canvas: list[Line] = []
    for row in range(rows):
        scores = picture.scores[row * tall // rows]
        canvas.append([Piece("░" if scores[n * wide // columns] > 0 else " ", "dim") for n in range(columns)])
    for (x, y), label in zip(picture.points, picture.labels, strict=True):
        point = Piece("●", "good") if label else Piece("○", "accent")
        canvas[_place(y, bottom, top, rows)][_place(x, left, right, columns)] = point
    return [*canvas[::-1], [Piece("● class 1   ○ class 0   ░ where the model predicts class 1", "dim")]]


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
    return "".join(2 * _GREYS[_place(max(n, 0.0), 0.0, brightest, len(_GREYS))] for n in row)


def _matrix(picture: Matrix, width: int) -> list[Line]:
    size = max((len(str(count)) for row in picture.counts for count in row), default=1) + 1
    names = range(len(picture.counts))
    head = "true\\pred " + "".join(f"{name:>{size}}" for name in names)
    lines: list[Line] = [[Piece(cut(head, width), "dim")]]
    for name, row in enumerate(picture.counts):
        line: Line = [Piece(f"{name:>9} ", "dim")]
        for column, count in enumerate(row):
            style = "good" if column == name else "bad" if count else "dim"
            line.append(Piece(f"{count or '·':>{size}}", style))
        lines.append(line)
    return lines


def _fitted_line(picture: FittedLine, width: int) -> list[Line]:
    columns, rows = min(width - 10, 60), 16
    xs, ys = zip(*picture.points, *picture.line, strict=True)
    left, right, bottom, top = min(xs), max(xs), min(ys), max(ys)
    # Row 0 is the lowest one.
    canvas = [[Piece(" ")] * columns for _ in range(rows)]
    for column in range(columns):
        y = _height(picture.line, left + (column + 0.5) * (right - left) / columns)
        if y is not None:
            canvas[_place(y, bottom, top, rows)][column] = Piece("─", "accent")
    for x, y in picture.points:
        canvas[_place(y, bottom, top, rows)][_place(x, left, right, columns)] = Piece("●", "good")
    labels = {0: f"{bottom:.4g}", rows - 1: f"{top:.4g}"}
    lines: list[Line] = [[Piece(f"{labels.get(row, ''):>8} │", "dim"), *canvas[row]] for row in reversed(range(rows))]
    ends = f"{left:.4g}", f"{right:.4g}"
    return [
        *lines,
        [Piece(f"{'':>8} └{'─' * columns}", "dim")],
        [Piece(f"{'':>10}{ends[0]}{picture.x:^{columns - len(ends[0]) - len(ends[1])}}{ends[1]}", "dim")],
        [Piece(f"{'':>10}● the data   ─ the line", "dim")],
    ]


def _height(line: list[list[float]], x: float) -> float | None:
    """The line's y at x; None if x is outside the line."""
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1 or 1)
    return None


def _tree(picture: Tree, width: int) -> list[Line]:
    heads = [
        [Piece(signs, "dim"), Piece(f"{row.name} " if row.name else "", "bold"), Piece(row.what, "accent")]
        for signs, row in zip(branches([row.depth for row in picture.rows]), picture.rows, strict=True)
    ]
    longest = max((len(text_of(head)) for head in heads), default=0)
    return [
        [*head, Piece(f"{'':{longest - len(text_of(head))}}  {row.remark}" if row.remark else "", "dim")]
        for head, row in zip(heads, picture.rows, strict=True)
    ]


def _recorded(picture: RecordedGraph, width: int) -> list[Line]:
    return [_cropped(line, width) for line in graph_lines(picture.graph)]


def _cropped(line: Line, width: int) -> Line:
    kept: Line = []
    for piece in line:
        left = width - len(text_of(kept))
        if left > 0:
            kept.append(Piece(cut(piece.text, left), piece.style))
    return kept


def graph_lines(graph: Graph) -> list[Line]:
    """An autograd graph as an indented tree, the result first. A node that several nodes use is written out once."""
    rows = list(walk(graph))
    lines = []
    for signs, (_, number, again) in zip(branches([depth for depth, _, _ in rows]), rows, strict=True):
        node = graph.nodes[number]
        line = [Piece(signs, "dim"), Piece(node.operation or node.name, "good" if node.is_leaf else "accent")]
        if node.name and node.operation:
            line.append(Piece(f"  {node.name}", "bold"))
        if again:
            line.append(Piece("  (as above)", "dim"))
        else:
            if node.shape not in ("", "()"):
                line.append(Piece(f"  {node.shape}", "dim"))
            line.append(Piece(f"  {node.value}" if node.value else ""))
            line.append(Piece(f"  grad {node.grad}" if node.grad else "", "bold"))
        lines.append(line)
    if graph.left_out:
        lines.append([Piece(f"({graph.left_out} more nodes are not shown)", "dim")])
    return lines


def branches(depths: list[int]) -> list[str]:
    """The lines in front of each row of a tree: a vertical one for each ancestor that has more rows to come."""
    found = []
    for index, depth in enumerate(depths):
        signs = []
        for level in range(1, depth + 1):
            more = next((other for other in depths[index + 1 :] if other <= level), 0) == level
            signs.append(("├─ " if more else "└─ ") if level == depth else ("│  " if more else "   "))
        found.append("".join(signs))
    return found


_DRAWN_BY: dict[type, Any] = {
    Curves: _curves,
    Boundary: _boundary,
    Images: _images,
    Matrix: _matrix,
    FittedLine: _fitted_line,
    Tree: _tree,
    RecordedGraph: _recorded,
}
