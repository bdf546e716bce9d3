"""What lesson 2 ends with: the graph through which your own net learnt XOR."""

import torch

from dojo.pictures import data as picture
from dojo.pictures.graph_recorder import record
from katas.lesson_2_autograd import kata_09_capstone as kata


def win():
    """The graph behind the net's loss after training, with the gradients of its last backward pass."""
    generator = torch.Generator().manual_seed(1)
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).repeat(4, 1)
    features = corners + 0.05 * torch.randn(16, 2, generator=generator)
    targets = torch.tensor([0.0, 1.0, 1.0, 0.0]).repeat(4)
    start = (
        torch.randn(2, 8, generator=generator),
        torch.zeros(8),
        torch.randn(8, generator=generator),
        torch.tensor(0.0),
    )
    start = tuple(parameter.requires_grad_() for parameter in start)
    states, losses = kata.net_descend(features, targets, start, 0.2, 200)
    parameters = [parameter.detach().clone().requires_grad_() for parameter in states[-1]]

    def last_loss():
        loss = kata.net_loss(features, targets, *parameters)
        loss.backward()
        return loss

    return picture.RecordedGraph(
        f"Your net has learnt XOR: its loss fell from {float(losses[0]):.2f} to {float(losses[-1]):.3f}. "
        "This is the graph behind the loss.",
        record(last_loss, kata.__file__),
    )
