"""A linear layer has one row of weights for each output.

You wrote `inputs @ weights + bias` in NumPy, with weights of shape
(in, out). PyTorch's layer stores the same numbers transposed:

    >>> layer = nn.Linear(3, 2)  # 3 inputs, 2 outputs
    >>> layer.weight.shape  # one row for each output
    torch.Size([2, 3])
    >>> layer(torch.ones(5, 4, 3)).shape  # it maps the last dimension
    torch.Size([5, 4, 2])

If the weight is square, a forgotten transpose raises no error. The initial
values matter too: in a stack of layers, numbers soon vanish or explode if
the weights are too small or too large. You write the layer by hand first.
After that, nn.Linear saves you typing and hides nothing from you.

Every step: layers are float32 unless the card says otherwise. Results are
on the device of the inputs.

Afterwards you can write nn.Linear by hand, with its initial values.
"""

import torch
from torch import nn


class Linear(nn.Module):
    """A hand-written linear layer: each output is a weighted sum plus a bias.

    Args:
        in_features, out_features: ints, at least 1.

    Attributes:
        weight: a parameter of zeros, (out_features, in_features).
        bias: a parameter of zeros, (out_features,).

    Methods:
        forward(inputs): inputs has shape (..., in_features), with any
            number of leading dimensions, including none. The result has
            shape (..., out_features). For an input x, entry o of the
            result is bias[o] + sum over i of weight[o, i] * x[i].

    Must:
        - have no other parameters
        - let gradients reach inputs, weight and bias
        - not use nn.Linear or nn.functional.linear, because you write
          them here

    Example:
        >>> layer = Linear(3, 2)
        >>> layer.weight.data[0] = torch.tensor([1.0, 2.0, 3.0])
        >>> layer.bias.data[0] = 0.5
        >>> layer(torch.tensor([1.0, 1.0, 10.0])).tolist()
        [33.5, 0.0]

    Foundations: features @ weights_1 + bias_1 in
    `foundations.net_predict`, with weights of shape (in, out).
    """

    def __init__(self, in_features, out_features):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def ready_made(weight, bias):
    """Return an nn.Linear with the given weight and bias.

    Args:
        weight: a tensor (out, in), which may require grad.
        bias: a tensor (out,), which may require grad, or None for a
            layer without a bias. It has the dtype and device of weight.

    Returns:
        An nn.Linear with that dtype and device, whose parameters have
        the given values. The parameters are leaf tensors that require
        grad and share no memory with `weight` and `bias`.

    Must:
        - raise a ValueError if the shape of bias is not (out,), even if
          PyTorch could broadcast it, for example (1,)
        - not change the given tensors, and let no gradient reach them

    Example:
        >>> weight = torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
        >>> layer = ready_made(weight, torch.tensor([0.5, 0.0]))
        >>> layer(torch.tensor([1.0, 1.0, 10.0])).tolist()
        [33.5, 1.0]

    Grows from: Linear. From here on you may use nn.Linear instead.
    """
    raise NotImplementedError


def uniform_init(layer, generator):
    """Fill the layer's weight and bias with uniform random numbers.

    Args:
        layer: a module with the parameters weight, of shape (out, in),
            and bias, of shape (out,). The bias may also be None.
        generator: a torch.Generator on the layer's device. All
            randomness comes from it. Do not seed it.

    Must:
        - draw each number uniformly between -b and b, with
          b = 1 / sqrt(in) for the weight and for the bias
        - keep the same parameter objects: leaf tensors that require grad
        - leave the global generator unchanged
        - return None

    Example:
        >>> layer = nn.Linear(4, 1000)
        >>> uniform_init(layer, torch.Generator().manual_seed(0))
        >>> round(layer.weight.min().item(), 1)
        -0.5
        >>> round(layer.bias.max().item(), 1)
        0.5

    Foundations: small random weights at first. Here `in` says how small.
    """
    raise NotImplementedError


def spread_through(layers, inputs):
    """Return the standard deviation of the result of each layer in a stack.

    Args:
        layers: a list of modules, perhaps empty. Each layer receives the
            result of the layer before it. The first receives `inputs`.
        inputs: a tensor (N, in), N >= 1, on any device. It is not modified.

    Returns:
        A list with one Python float for each layer: the standard
        deviation of all entries of its result. Divide by n, not n - 1.

    Must:
        - call each layer exactly once
        - record no graph, not even during the calls
        - leave the grad mode, the layers and their requires_grad unchanged

    Example:
        >>> double = nn.Linear(2, 2, bias=False)
        >>> double.weight.data = torch.tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> spread_through([double] * 3, torch.tensor([[1.0, -1.0]]))
        [2.0, 4.0, 8.0]

    Foundations: `foundations.standardize` gives each column of inputs the
    standard deviation 1. Here you see what later layers make of it.
    """
    raise NotImplementedError


def shapes_at(model, layer, inputs):
    """Run the model once, and return the shapes at one of its layers.

    Args:
        model: an nn.Module. It raises no error for `inputs`.
        layer: the model or a module in it, at any depth. It is called
            once, with one tensor, and returns one tensor.

    Returns:
        A tuple (entered, left): the shapes of the layer's input and output.

    Must:
        - call model(inputs) exactly once
        - leave no hook behind (a hook is a function that a module calls
          when it runs), and keep all other hooks

    Example:
        >>> model = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
        >>> entered, left = shapes_at(model, model[1], torch.ones(5, 3, 4))
        >>> tuple(entered)
        (5, 12)
        >>> tuple(left)
        (5, 2)

    Grows from: Linear. Calling a module runs its forward and its hooks.
    """
    raise NotImplementedError


class OptionalBias(nn.Module):
    """A hand-written linear layer whose bias can be left out.

    Args:
        in_features, out_features: ints, at least 1.
        bias: a bool, True by default. If it is False, there is no bias.

    Attributes:
        weight: a parameter of zeros, (out_features, in_features).
        bias: a parameter of zeros, (out_features,), or None.

    Methods:
        forward(inputs): as in Linear. The bias is added unless it is
            None at the time of the call.

    Must:
        - without a bias, list only "weight" in named_parameters() and
          state_dict()
        - without a bias, register the parameter `bias` as None
          (register_parameter). Then layer.bias = tensor raises a
          TypeError, and layer.bias = nn.Parameter(...) sets the bias
        - not use nn.Linear or nn.functional.linear

    Example:
        >>> layer = OptionalBias(3, 2, bias=False)
        >>> layer.bias is None
        True
        >>> list(layer.state_dict())
        ['weight']

    Grows from: Linear. nn.Linear has the same argument.
    """

    def __init__(self, in_features, out_features, bias=True):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError
