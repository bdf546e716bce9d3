"""What a step's code did, as data that can be drawn. The `show_<step>` functions next to the tests return it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from dojo.pictures.graph import Graph


@dataclasses.dataclass(frozen=True)
class Curves:
    """Numbers over time, for example losses by epoch. `series` has a list of numbers for each name."""

    title: str
    series: dict[str, list[float]]
    x: str = "epoch"
    y: str = "loss"


@dataclasses.dataclass(frozen=True)
class Boundary:
    """Points in a plane with their classes, and a model's scores on a grid around them.

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
    """Small gray images, each a list of rows of numbers, with their labels and the predicted labels."""

    title: str
    images: list[list[list[float]]]
    labels: list[int]
    predicted: list[int]


@dataclasses.dataclass(frozen=True)
class Matrix:
    """Counts by true class (rows) and predicted class (columns)."""

    title: str
    counts: list[list[int]]


@dataclasses.dataclass(frozen=True)
class FittedLine:
    """Points in a plane, and a line through them.

    Attributes:
        points: shape (N, 2).
        line: shape (M, 2), points on the line from left to right, at least 2.
        x, y: the names of the axes.
    """

    title: str
    points: list[list[float]]
    line: list[list[float]]
    x: str = "x"
    y: str = "y"


@dataclasses.dataclass(frozen=True)
class Branch:
    """A row of a tree: its depth (0 for the root), its name, what it is, and a remark."""

    depth: int
    name: str
    what: str
    remark: str = ""


@dataclasses.dataclass(frozen=True)
class Tree:
    """A tree, for example the modules inside a module. Each row directly follows its parent or a sibling's branch."""

    title: str
    rows: list[Branch]


@dataclasses.dataclass(frozen=True)
class RecordedGraph:
    """An autograd graph; dojo/pictures/graph_recorder.py records it."""

    title: str
    graph: Graph


Picture = Curves | Boundary | Images | Matrix | FittedLine | Tree | RecordedGraph


def boundary(
    title: str, points: Any, labels: Any, score: Callable[[Any], Any], *, size: int = 60, margin: float = 0.3
) -> Boundary:
    """Compute a model's scores on a grid of `size` by `size` points around the given points.

    Args:
        title: the picture's title.
        points: a tensor of shape (N, 2).
        labels: a tensor of shape (N,), the class of each point: 0 or 1.
        score: a function from a tensor of shape (M, 2) to scores of shape (M,), positive for class 1.
        size: the number of grid points in each direction.
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


def module_tree(title: str, model: Any) -> Tree:
    """The modules inside an nn.Module as a tree, each with its own parameters and buffers."""
    rows: list[Branch] = []

    def add(depth: int, name: str, module: Any) -> None:
        count = sum(parameter.numel() for parameter in module.parameters())
        remark = f"{count:,} parameters" if count else ""
        rows.append(Branch(depth, name, type(module).__name__, remark))
        for own, tensor in module.named_parameters(recurse=False):
            rows.append(Branch(depth + 1, own, str(tuple(tensor.shape)), "" if tensor.requires_grad else "frozen"))
        for own, tensor in module.named_buffers(recurse=False):
            rows.append(Branch(depth + 1, own, str(tuple(tensor.shape)), "a buffer"))
        for own, child in module.named_children():
            add(depth + 1, own, child)

    add(0, "", model)
    return Tree(title, rows)


def as_list(pictures: Picture | Sequence[Picture]) -> list[Picture]:
    """One or several pictures, as a list."""
    return list(pictures) if isinstance(pictures, Sequence) else [pictures]
