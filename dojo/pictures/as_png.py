"""Pictures as PNG files, drawn with matplotlib (the `plot` extra)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dojo.pictures.data import Boundary, Curves, Images, Matrix, Picture

_COLOURS = ("#4c78a8", "#d1642b", "#2e7d4f", "#8a5ba6")


def save_png(pictures: list[Picture], path: Path) -> None:
    """Draw pictures below each other into one file. Raises OSError, and ValueError if the file's ending is unknown."""
    figure = Figure(figsize=(7, 4.2 * len(pictures)), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(len(pictures), 1, squeeze=False)
    for part, picture in zip(parts[:, 0], pictures, strict=True):
        part.suptitle(picture.title, fontsize=11)
        draw: Any = {Curves: _curves, Boundary: _boundary, Images: _images, Matrix: _matrix}[type(picture)]
        draw(part, picture)
    figure.savefig(path, dpi=110)


def _curves(figure: Any, picture: Curves) -> None:
    axes = figure.subplots()
    for colour, (name, curve) in zip(_COLOURS * len(picture.series), picture.series.items(), strict=False):
        axes.plot(range(1, len(curve) + 1), curve, label=name, color=colour, marker="." if len(curve) < 40 else None)
    axes.set_xlabel(picture.x)
    axes.set_ylabel(picture.y)
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
    for label, colour, mark in ((0, "#b35806", "o"), (1, "#542788", "^")):
        chosen = [point for point, each in zip(picture.points, picture.labels, strict=True) if each == label]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), c=colour, marker=mark, s=18, label=f"class {label}")
    axes.legend()


def _images(figure: Any, picture: Images) -> None:
    across = min(max(len(picture.images), 1), 6)
    down = max(-(-len(picture.images) // across), 1)
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
                colour = "white" if count > most / 2 else "#222"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=colour)
