"""What a step's own code did, as data that can be drawn: returned by the `show_<step>` functions beside the tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Curves:
    """Numbers over time, such as losses by epoch. series: a list of numbers for each name, such as "train"."""

    title: str
    series: dict[str, list[float]]
    x: str = "epoch"
    y: str = "loss"


@dataclasses.dataclass(frozen=True)
class Boundary:
    """Points of a plane with their classes, and what a model makes of every place between them.

    points: (N, 2); labels: (N,) of whole numbers; scores: rows from the lowest y to the highest, of numbers that grow
    with the model's belief in class 1, 0 in the middle; extent: (left, right, bottom, top) of the scores.
    """

    title: str
    points: list[list[float]]
    labels: list[int]
    scores: list[list[float]]
    extent: tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Images:
    """Small grey images with what they show and what was predicted. images: each a list of rows of numbers."""

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
    """The Boundary of a model on a grid of `size` by `size` places.

    points: (N, 2) tensor. labels: (N,) tensor. score: takes a tensor (M, 2) and returns (M,), above 0 for class 1.
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
    """One picture or several, as a list."""
    return list(pictures) if isinstance(pictures, Sequence) else [pictures]
