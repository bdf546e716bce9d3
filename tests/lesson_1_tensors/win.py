"""What lesson 1 ends with: a line that your own gradient descent has fitted."""

import numpy as np
import torch

from dojo.pictures import data as picture
from katas.lesson_1_tensors import kata_08_linear_regression as kata


def win():
    """The line after 200 steps, through the data that it was fitted to."""
    rng = np.random.default_rng(1)
    x = torch.from_numpy(rng.uniform(-2, 2, 40)).float()
    y = 1.5 * x - 0.5 + torch.from_numpy(0.6 * rng.normal(size=40)).float()
    weights, biases, losses = kata.descend(x[:, None], y, torch.zeros(1), torch.tensor(0.0), 0.05, 200)
    ends = torch.tensor([-2.0, 2.0])
    line = kata.predict(ends[:, None], weights[-1], biases[-1])
    sign = "-" if biases[-1] < 0 else "+"
    return picture.FittedLine(
        f"Your line: y = {float(weights[-1, 0]):.2f} x {sign} {abs(float(biases[-1])):.2f}. "
        f"In 200 steps the loss fell from {float(losses[0]):.2f} to {float(losses[-1]):.2f}.",
        torch.stack([x, y], dim=1).tolist(),
        torch.stack([ends, line], dim=1).tolist(),
    )
