"""What a step's code did, as data that can be drawn. The `show_<step>` functions next to the tests return it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Curves:
    """Numbers over time, for example losses by epoch. `series` has a list of numbers for each name."""

    title: str
    series: dict[str, list[float]]
    x: str = "epoch"
    y: str = "loss"


@dataclasses.dataclass(frozen=True)
class Boundary:
    """Points of a plane with their classes, and a model's scores for the places between them.

    Attributes:
        points: shape (N, 2).
        labels: shape (N,), the class of each point: 0 or 1.
        scores: a grid of scores, the row with the lowest y first. A positive score means class 1.
        extent: the left, right, bottom and top ends of the grid.
    """

    title: str
    points: list[list[float]]
    labels: list[int]
    scores: list[list[float]]
    extent: tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Images:
    """Small grey images, each a list of rows of numbers, with their labels and the predicted labels."""

    title: str
    images: list[list[list[float]]]
    labels: list[int]
    predicted: list[int]


@dataclasses.dataclass(frozen=True)
class Matrix:
    """Counts by true class (rows) and predicted class (columns)."""

    title: str
    counts: list[list[int]]


Picture = Curves | Boundary | Images | Matrix


def boundary(
    title: str, points: Any, labels: Any, score: Callable[[Any], Any], *, size: int = 60, margin: float = 0.3
) -> Boundary:
    """Compute a model's scores on a grid of `size` by `size` places around the points.

    Args:
        title: the picture's title.
        points: a tensor of shape (N, 2).
        labels: a tensor of shape (N,), the class of each point: 0 or 1.
        score: a function from a tensor of shape (M, 2) to scores of shape (M,), positive for class 1.
        size: the number of places in each direction.
        margin: how far the grid goes beyond the outermost points.
    """
    import torch

    low, high = points.min(dim=0).values - margin, points.max(dim=0).values + margin
    across = torch.linspace(float(low[0]), float(high[0]), size)
    up = torch.linspace(float(low[1]), float(high[1]), size)
    grid = torch.cartesian_prod(up, across).flip(1)
    with torch.no_grad():
        scores = score(grid).reshape(size, size).tolist()
    extent = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    return Boundary(title, points.tolist(), [int(label) for label in labels], scores, extent)


def as_list(pictures: Picture | Sequence[Picture]) -> list[Picture]:
    """One or several pictures, as a list."""
    return list(pictures) if isinstance(pictures, Sequence) else [pictures]
