"""A module computes what your formulas computed.

You know the two-layer net already. In Foundations you derived its
gradients, and in lesson 2 autograd computed them. Now the net becomes a
module, and all of its numbers must stay the same.

Only the shapes differ. A weight for D inputs and H outputs has shape
(D, H) in Foundations, and (H, D) in nn.Linear:

    >>> layer = nn.Linear(3, 2)
    >>> features = torch.ones(4, 3)
    >>> by_hand = features @ layer.weight.T + layer.bias
    >>> torch.allclose(layer(features), by_hand)
    True

If D = H, both layouts have the same shape, and a mix-up raises no error.
So compare a new model with numbers that you trust, on a small example.

Every step: results have the dtype and device of the net. Features,
targets and arrays are not modified.

Afterwards you can turn a model you trust into a module, and check it.
"""

import torch
from torch import nn


class TwoLayerNet(nn.Module):
    """A linear layer, tanh, and a linear layer with one output.

    Args:
        in_features, hidden_features: ints, called D and H below.

    Attributes:
        hidden: an nn.Linear from D features to H.
        output: an nn.Linear from H features to 1, assigned after hidden.
            Both layers have a bias, and keep the initial values that
            nn.Linear draws. The net has no other parameters.

    Methods:
        forward(features): returns one prediction for each row, shape
            (N,): the only column of output(tanh(hidden(features))).
            features has shape (N, D), and N may be 0 or 1.

    Must:
        - let gradients reach every parameter

    Example:
        >>> net = TwoLayerNet(3, 4)
        >>> list(net.state_dict())
        ['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias']
        >>> net(torch.zeros(5, 3)).shape
        torch.Size([5])

    Foundations: `foundations.net_predict`.
    """

    def __init__(self, in_features, hidden_features):
        raise NotImplementedError

    def forward(self, features):
        raise NotImplementedError


def load_foundations(net, parameters):
    """Copy the parameters of a net from Foundations into a module.

    Args:
        net: a TwoLayerNet, float32 or float64. Afterwards it predicts
            what `foundations.net_predict` predicts with `parameters`.
        parameters: a tuple (weights_1, bias_1, weights_2, bias_2): three
            float64 arrays (D, H), (H,) and (H,), and a Python float.

    Must:
        - write in place: keep the parameter objects, which require grad
        - raise a ValueError or RuntimeError if a shape is not exactly
          right. Don't broadcast. Some parameters may have changed then.
        - keep all digits if net is float64, and share memory with no array
        - return None, and leave the grad mode on

    Example:
        >>> import numpy as np
        >>> net, b, v = nn.Module(), np.array([1.0]), np.array([4.0])
        >>> net.hidden, net.output = nn.Linear(2, 1), nn.Linear(1, 1)
        >>> load_foundations(net, (np.array([[2.0], [0.5]]), b, v, 3.0))
        >>> net.hidden.weight.tolist()
        [[2.0, 0.5]]

    Grows from: ready_made, which wrote a weight and a bias into a layer.
    """
    raise NotImplementedError


def net_slopes(net, features, targets):
    """Return the gradients of the loss in the shapes of Foundations.

    Args:
        net: a TwoLayerNet. All of its parameters require grad.
        features, targets: tensors (N, D) and (N,), N >= 1.

    Returns:
        A tuple of four tensors that do not require grad: the gradients of
        the mean of (net(features) - targets)**2. Their shapes are those
        of weights_1, bias_1, weights_2, bias_2: (D, H), (H,), (H,) and ().

    Must:
        - leave every .grad as it was, and not include an old gradient
        - not change the net or the grad mode

    Example:
        >>> net = nn.Sequential()
        >>> net.hidden, net.output = nn.Linear(2, 4), nn.Linear(4, 1)
        >>> net.flat = nn.Flatten(0)
        >>> gradients = net_slopes(net, torch.ones(3, 2), torch.zeros(3))
        >>> [tuple(gradient.shape) for gradient in gradients]
        [(2, 4), (4,), (4,), ()]

    Foundations: `foundations.net_gradients`.
    """
    raise NotImplementedError


def go_downhill(net, features, targets, learning_rate, steps):
    """Train the net by gradient descent and return the losses.

    Args:
        net: any nn.Module. net(features) has shape (N,). All parameters
            require grad. .grad may hold anything, before and afterwards.
        features, targets: tensors (N, D) and (N,), N >= 1.
        steps: the number of updates, 0 or more.

    Returns:
        A list of steps + 1 Python floats: the mean of
        (net(features) - targets)**2 before each update and at the end.

    Must:
        - compute all gradients of an update before you change anything
        - update in place: keep each object, its memory and requires_grad
        - not use torch.optim, and leave the grad mode on

    Example:
        >>> net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Flatten(0))
        >>> _ = nn.init.constant_(net[0].weight, 8.0)
        >>> go_downhill(net, torch.ones(1, 1), torch.zeros(1), 0.25, 2)
        [64.0, 16.0, 4.0]

    Foundations: `foundations.net_descend`, which made new arrays.
    """
    raise NotImplementedError


class DeepNet(nn.Module):
    """Fix this net: eval() does not switch its dropout off.

    Args:
        sizes: a list of at least 2 ints: the number of features, the
            sizes of the hidden layers, and the number of outputs.
        p: a float, 0 <= p < 1.

    Methods:
        forward(features): applies one linear layer from each size to the
            next. After each layer, except the last, it applies tanh and
            then dropout with probability p. features has shape
            (N, sizes[0]), and the result has shape (N, sizes[-1]).

    Must:
        - support the methods of nn.Module for all layers, for example
          eval(), parameters(), double() and load_state_dict()
        - have no parameters except those of the linear layers

    Symptom: as given, the example shows False. In eval mode, the
    predictions still change from call to call.

    Example:
        >>> net = DeepNet([3, 100, 1], p=0.5).eval()
        >>> features = torch.ones(1, 3)
        >>> torch.equal(net(features), net(features))
        True

    Grows from: Stack and Dropout.
    """

    # Fix the code below. Unchanged code counts as raise NotImplementedError.

    def __init__(self, sizes, p):
        super().__init__()
        self.hidden = []
        for i in range(len(sizes) - 2):
            linear = nn.Linear(sizes[i], sizes[i + 1])
            self.hidden.append(nn.Sequential(linear, nn.Tanh(), nn.Dropout(p)))
        self.last = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, features):
        for block in self.hidden:
            features = block(features)
        return self.last(features)


def as_sequential(net):
    """Return the same net as an nn.Sequential of three layers.

    Args:
        net: a TwoLayerNet.

    Returns:
        An nn.Sequential of an nn.Linear, an nn.Tanh and an nn.Linear,
        with the net's values under the names "0.weight", "0.bias",
        "2.weight" and "2.bias". Its result has shape (N, 1).

    Must:
        - share no memory with the net, and not change it
        - have parameters that require grad

    Example:
        >>> net = nn.Module()
        >>> net.hidden, net.output = nn.Linear(2, 1), nn.Linear(1, 1)
        >>> chain = as_sequential(net)
        >>> list(chain.state_dict())
        ['0.weight', '0.bias', '2.weight', '2.bias']
        >>> torch.equal(chain[0].weight, net.hidden.weight)
        True

    Grows from: load. A state fits only a module with the same names.
    """
    raise NotImplementedError
