"""The linear layer.

One layer of a network, first by hand and then ready-made: its weight and bias, the numbers that they start
from, and what a stack of such layers does to the numbers that pass through it. A weight is kept as (out, in):
a row for each output. All is float32 unless said otherwise.
"""

import torch
from torch import nn


class Linear(nn.Module):
    """Each output is the dot product of the inputs with its own row of weights, plus its own bias.

    Linear(in_features, out_features) has two parameters, both of zeros: `weight`, of shape
    (out_features, in_features), and `bias`, (out_features,). It is called on inputs of shape
    (..., in_features), with any dimensions in front or none, and returns (..., out_features). torch.nn.Linear
    and torch.nn.functional.linear, the answer ready-made, are not allowed.

    >>> layer = Linear(3, 2)
    >>> with torch.no_grad():
    ...     layer.weight[0], layer.bias[0] = torch.tensor([1.0, 2.0, 3.0]), 0.5
    >>> layer(torch.tensor([1.0, 1.0, 10.0])).tolist()
    [33.5, 0.0]

    In Foundations: features @ weights_1 + bias_1 in net_predict, where the weights were (in, out).
    """

    def __init__(self, in_features, out_features):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


class OptionalBias(nn.Module):
    """A layer as Linear, whose bias can be left out.

    OptionalBias(in_features, out_features, bias=True) has the parameters, shapes and outputs of Linear. With
    bias=False nothing is added: the attribute `bias` is None, and named_parameters() and state_dict() hold
    `weight` alone. But None is then registered under that name (the method register_parameter does it), so
    that the place is kept for a parameter: assigning a plain tensor to `bias` later raises a TypeError, and an
    nn.Parameter put there is added from then on. nn.Linear, which is not allowed here either, does the same.

    >>> layer = OptionalBias(3, 2, bias=False)
    >>> layer.bias is None, list(layer.state_dict())
    (True, ['weight'])

    Grows from: Linear.
    """

    def __init__(self, in_features, out_features, bias=True):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def uniform_init(layer, generator):
    """Fill weight and bias of the layer with random numbers: uniform between -b and b, b = 1 / sqrt(in).

    layer: a module with the parameters `weight`, (out, in), and `bias`, (out,) or None.  generator: a
    torch.Generator on the layer's device. All numbers come from it, in any order, and it moves on: the next
    layer gets others. PyTorch's global generator stays as it is.
    Returns: None. The parameters are the same objects as before, and nothing is recorded.

    >>> layer = nn.Linear(100, 3)
    >>> uniform_init(layer, torch.Generator().manual_seed(0))
    >>> bool((layer.weight.abs() <= 0.1).all()), bool((layer.bias.abs() <= 0.1).all())
    (True, True)

    In Foundations: the small random weights that a net started from; here, `in` says how small.
    """
    raise NotImplementedError


def ready_made(weight, bias):
    """Return PyTorch's own layer, an nn.Linear, with the numbers of `weight` and `bias`.

    weight: (out, in).  bias: (out,), or None for a layer without; both of one dtype and on one device,
    tracked or not. A bias of another shape, such as (1,), raises a ValueError, even if it could be broadcast.
    Returns: a layer on that device and of that dtype. Its parameters are tracked leaves in memory of their
    own, and no gradient flows from them to the tensors given.

    >>> layer = ready_made(torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), torch.tensor([0.5, 0.0]))
    >>> layer, layer(torch.tensor([1.0, 1.0, 10.0])).tolist()
    (Linear(in_features=3, out_features=2, bias=True), [33.5, 1.0])

    Grows from: Linear.
    """
    raise NotImplementedError


def from_foundations(weights, biases):
    """Return an nn.Linear that computes what `inputs @ weights + biases` computed in NumPy.

    weights: a NumPy array, (in, out), and biases: one, (out,), as in Foundations: float64, or float32.
    Returns: a layer on the CPU, in float32 and in memory of its own: a later change of the arrays does not
    show in it.

    >>> import numpy as np
    >>> layer = from_foundations(np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 0.0]]), np.array([0.5, 0.0]))
    >>> layer, layer(torch.tensor([1.0, 1.0, 10.0])).tolist()
    (Linear(in_features=3, out_features=2, bias=True), [33.5, 1.0])

    In Foundations: hidden, before tanh, in net_predict.
    """
    raise NotImplementedError


def spread_through(layers, inputs):
    """Return how widely the numbers are spread behind each layer of a stack: a list of floats, one for each.

    layers: a list of layers, maybe empty. The first is given the inputs, each other one what the layer before
    it returned.  inputs: (N, in), N at least 1.
    A spread is the standard deviation, with NumPy's divisor (n, not n - 1), of all the numbers that a layer
    returned, taken together. Nothing is recorded on the way; afterwards recording is as it was before.

    Try it on 20 layers of 100 by 100 with weights from the normal distribution; then with uniform_init's.

    >>> double = ready_made(2 * torch.eye(2), None)
    >>> spread_through([double, double, double], torch.tensor([[1.0, -1.0]]))
    [2.0, 4.0, 8.0]

    In Foundations: features.std(), where standardize made it 1 for the first layer alone.
    """
    raise NotImplementedError
