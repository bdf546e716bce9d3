"""What lesson 3 ends with: a model made of your own modules."""

import numpy as np
import torch
from torch import nn

from dojo.pictures import data as picture
from katas.lesson_3_nn_module import kata_03_composing as composing
from katas.lesson_3_nn_module import kata_05_modes as modes
from katas.lesson_3_nn_module import kata_09_capstone as capstone


def win():
    """The tree of a model for two moons, and what your two-layer net makes of them."""
    model = composing.Chain(
        modes.BatchNorm(2),
        nn.Linear(2, 16),
        nn.Tanh(),
        modes.Dropout(0.1),
        composing.Stack([16, 16, 1]),
    )
    points, labels = _moons()
    torch.manual_seed(0)
    net = capstone.TwoLayerNet(2, 16)
    losses = capstone.go_downhill(net, points, labels, 0.3, 800)
    return [
        picture.module_tree("A model of your own modules", model),
        picture.boundary(
            f"Your two-layer net tells two moons apart: its loss fell from {losses[0]:.2f} to {losses[-1]:.2f}",
            points,
            labels,
            lambda grid: net(grid) - 0.5,
        ),
    ]


def _moons():
    """120 points of two interleaved moons, shape (120, 2), and the moon of each, 0.0 or 1.0."""
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 2
    angles = rng.uniform(0, np.pi, 120)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points[labels == 1] = [1.0, 0.5] - points[labels == 1]
    points += 0.12 * rng.normal(size=points.shape)
    return torch.from_numpy(points).float(), torch.from_numpy(labels).float()
