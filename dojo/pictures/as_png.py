"""Pictures as PNG files, drawn with matplotlib (the `plot` extra)."""

from __future__ import annotations

import itertools
import math
import textwrap
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path as Curve

from dojo.pictures.data import Boundary, Curves, FittedLine, Images, Matrix, Picture, RecordedGraph, Tree
from dojo.pictures.graph_svg import lay_out, texts_of
from dojo.pictures.in_terminal import branches

_COLORS = ("#4c78a8", "#d1642b", "#2e7d4f", "#8a5ba6")


def save_png(pictures: list[Picture], path: Path) -> None:
    """Draw pictures one below the other in a file. Raises OSError, and ValueError if its extension is unknown."""
    sizes = [_size(picture) for picture in pictures]
    width, heights = max(width for width, _ in sizes), [height for _, height in sizes]
    figure = Figure(figsize=(width, sum(heights)), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(len(pictures), 1, squeeze=False, height_ratios=heights)
    for part, picture in zip(parts[:, 0], pictures, strict=True):
        # About twelve characters of this font fit into an inch.
        part.suptitle(textwrap.fill(picture.title, int(12 * width)), fontsize=11)
        draw: Any = _DRAWN_BY[type(picture)]
        draw(part, picture)
    figure.savefig(path, dpi=110)


def _size(picture: Picture) -> tuple[float, float]:
    """The width and height of a picture, in inches."""
    if isinstance(picture, RecordedGraph):
        layout = lay_out(picture.graph)
        return max(layout.width / 100, 6), layout.height / 100 + 0.2
    return 7, (0.6 + 0.24 * len(picture.rows)) if isinstance(picture, Tree) else 4.2


def _curves(figure: Any, picture: Curves) -> None:
    axes = figure.subplots()
    for color, (name, curve) in zip(_COLORS * len(picture.series), picture.series.items(), strict=False):
        axes.plot(range(1, len(curve) + 1), curve, label=name, color=color, marker="." if len(curve) < 40 else None)
    axes.set_xlabel(picture.x)
    axes.set_ylabel(picture.y)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    if len(picture.series) > 1:
        axes.legend()


def _boundary(figure: Any, picture: Boundary) -> None:
    axes = figure.subplots()
    most = max((abs(score) for row in picture.scores for score in row), default=1.0) or 1.0
    axes.imshow(
        picture.scores,
        extent=picture.extent,
        origin="lower",
        aspect="auto",
        cmap="PuOr",
        vmin=-most,
        vmax=most,
        alpha=0.6,
    )
    axes.contour(picture.scores, levels=[0.0], extent=picture.extent, colors="#333", linewidths=1)
    for label, color, mark in ((0, "#b35806", "o"), (1, "#542788", "^")):
        chosen = [point for point, each in zip(picture.points, picture.labels, strict=True) if each == label]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), c=color, marker=mark, s=18, label=f"class {label}")
    axes.legend()


def _images(figure: Any, picture: Images) -> None:
    down = max(math.ceil(len(picture.images) / 6), 1)
    across = max(math.ceil(len(picture.images) / down), 1)
    grid = figure.subplots(down, across, squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for axes, image, label, predicted in zip(
        grid.flat, picture.images, picture.labels, picture.predicted, strict=False
    ):
        axes.imshow(image, cmap="gray_r")
        axes.set_title(
            f"read {predicted}, is {label}", fontsize=9, color="#2e7d4f" if label == predicted else "#b4301a"
        )


def _matrix(figure: Any, picture: Matrix) -> None:
    axes = figure.subplots()
    axes.imshow(picture.counts, cmap="Blues")
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_xticks(range(len(picture.counts)))
    axes.set_yticks(range(len(picture.counts)))
    most = max((count for row in picture.counts for count in row), default=0)
    for row, counts in enumerate(picture.counts):
        for column, count in enumerate(counts):
            if count:
                color = "white" if count > most / 2 else "#222"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=color)


def _fitted_line(figure: Any, picture: FittedLine) -> None:
    axes = figure.subplots()
    axes.scatter(*zip(*picture.points, strict=True), color="#2e7d4f", s=22, label="the data")
    axes.plot(*zip(*picture.line, strict=True), color="#4c78a8", linewidth=2, label="the line")
    axes.set_xlabel(picture.x)
    axes.set_ylabel(picture.y)
    axes.grid(alpha=0.3)
    axes.legend()


def _tree(figure: Any, picture: Tree) -> None:
    axes = _empty_axes(figure)
    axes.set_xlim(0, 80)
    axes.set_ylim(len(picture.rows), 0)
    for number, (signs, row) in enumerate(
        zip(branches([row.depth for row in picture.rows]), picture.rows, strict=True)
    ):
        head = f"{row.name} " if row.name else ""
        blank = " " * len(signs)
        for text, color, weight in (
            (signs, "#999", "normal"),
            (blank + head, "#222", "bold"),
            (blank + " " * len(head) + row.what, "#4c78a8", "normal"),
            (f"{'':46}{row.remark}", "#666", "normal"),
        ):
            axes.text(0, number + 0.5, text, family="monospace", fontsize=10, color=color, weight=weight, va="center")


def _recorded(figure: Any, picture: RecordedGraph) -> None:
    layout = lay_out(picture.graph)
    axes = _empty_axes(figure)
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height - 20, 40)
    for points in layout.edges:
        places = [points[0]]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            bend = (x2 - x1) / 2
            places += [(x1 + bend, y1), (x2 - bend, y2), (x2, y2)]
        codes = [Curve.MOVETO, *[Curve.CURVE4] * (len(places) - 1)]
        axes.add_patch(PathPatch(Curve(places, codes), fill=False, edgecolor="#8aa3bd", linewidth=1.3))
    for number, (node, box) in enumerate(zip(picture.graph.nodes, layout.boxes, strict=True)):
        face, edge = ("#e3f1e7", "#2e7d4f") if node.is_leaf else ("#eaf1f8", "#4c78a8")
        style = f"round,pad=0,rounding_size={16 if node.is_leaf else 6}"
        shape = FancyBboxPatch((box.left, box.top), box.width, 38, boxstyle=style, facecolor=face, edgecolor=edge)
        shape.set_linewidth(3 if number == 0 else 1.3)
        axes.add_patch(shape)
        head, below = texts_of(node)
        middle = box.left + box.width / 2
        small: Any = {"ha": "center", "va": "center", "family": "monospace", "fontsize": 7.5}
        axes.text(middle, box.top + (12 if below else 19), head, weight="bold", color="#222", **small)
        axes.text(middle, box.top + 27, below, color="#222", **small)
        axes.text(middle, box.top + 48, f"grad {node.grad}" if node.grad else "", color="#b4501a", **small)


def _empty_axes(figure: Any) -> Any:
    axes = figure.subplots()
    axes.axis("off")
    return axes


_DRAWN_BY = {
    Curves: _curves,
    Boundary: _boundary,
    Images: _images,
    Matrix: _matrix,
    FittedLine: _fitted_line,
    Tree: _tree,
    RecordedGraph: _recorded,
}
