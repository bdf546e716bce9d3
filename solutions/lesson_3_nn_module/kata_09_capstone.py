"""Capstone: the two-layer net as a module.

You have had this net twice: in Foundations with gradients by hand, in lesson 2 by autograd alone. Now it is a
module, with the same numbers in it, and everything that comes out must be what NumPy gave: its predictions,
every gradient, and each step downhill. Foundations' parameters are a tuple: weights_1 (D, H), bias_1 (H,),
weights_2 (H,) and bias_2, a number.
"""

import torch
from torch import nn


class TwoLayerNet(nn.Module):
    """The net of Foundations: a linear layer, tanh, and a second linear layer, with one number for each row.

    TwoLayerNet(in_features, hidden_features) has two children, each an nn.Linear with a bias, started as
    nn.Linear starts: `hidden`, from in_features to hidden_features, and then `output`, from hidden_features
    to 1, with nothing after it. forward(features) takes (N, in_features), returns (N,): one row gives (1,),
    and no rows give (0,).

    >>> net = TwoLayerNet(3, 4)
    >>> list(net.state_dict())
    ['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias']
    >>> net(torch.zeros(5, 3)).shape
    torch.Size([5])

    In Foundations: net_predict.
    """

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features))).squeeze(-1)


def load_foundations(net, parameters):
    """Write Foundations' parameters into the net, so that it predicts what net_predict predicts with them.

    net: a TwoLayerNet; it keeps its dtype and device, its parameters stay the same objects, tracked leaves.
    parameters: (weights_1, bias_1, weights_2, bias_2), three NumPy arrays and a float, all float64; they stay
    as they are, and a float64 net has exactly their numbers.  Returns: None. A shape that does not fit is a
    ValueError or a RuntimeError, even where it could be broadcast, such as (1,) for bias_1.

    >>> import numpy as np
    >>> net = TwoLayerNet(2, 1)
    >>> load_foundations(net, (np.array([[1.0], [0.5]]), np.array([-2.0]), np.array([3.0]), 0.25))
    >>> net.hidden.weight.tolist(), net(torch.tensor([[1.0, 2.0]])).tolist()
    ([[1.0, 0.5]], [0.25])

    Grows from: ready_made and load_what_fits.
    """
    # The dtype is for bias_2 alone: of a Python float, PyTorch makes float32.
    weights_1, bias_1, weights_2, bias_2 = (torch.tensor(each, dtype=torch.float64) for each in parameters)
    net.hidden.load_state_dict({"weight": weights_1.T, "bias": bias_1})
    net.output.load_state_dict({"weight": weights_2[None, :], "bias": bias_2[None]})


def to_foundations(net):
    """Return the net's parameters in Foundations' shapes: the way back from load_foundations.

    net: a TwoLayerNet, on any device; it stays as it is.
    Returns: a tuple (weights_1, bias_1, weights_2, bias_2): NumPy arrays of shapes (D, H), (H,) and (H,), of
    the net's dtype, and a Python float. They share no memory with the net: training it on leaves them alone.

    >>> net = TwoLayerNet(2, 3)
    >>> with torch.no_grad():
    ...     net.output.weight[:], net.output.bias[:] = torch.tensor([3.0, 4.0, 5.0]), 0.25
    >>> weights_1, bias_1, weights_2, bias_2 = to_foundations(net)
    >>> weights_1.shape, bias_1.shape, weights_2.tolist(), bias_2
    ((2, 3), (3,), [3.0, 4.0, 5.0], 0.25)

    Grows from: load_foundations and snapshot.
    """
    numbers = [tensor.cpu().numpy().copy() for tensor in net.state_dict().values()]
    weight_1, bias_1, weight_2, bias_2 = numbers
    return weight_1.T, bias_1, weight_2[0], bias_2.item()


def net_slopes(net, features, targets):
    """Return the gradients of the net's mean squared error, in Foundations' shapes.

    net: a TwoLayerNet.  features: (N, D) and targets: (N,), tensors of its dtype, on its device.
    Returns: a tuple of four untracked tensors, of that dtype and there too: (D, H), (H,), (H,) and ().
    Nothing of an earlier backward pass is in them, and each parameter's .grad is what it was before.

    >>> import numpy as np
    >>> net = TwoLayerNet(1, 2)
    >>> load_foundations(net, (np.zeros((1, 2)), np.zeros(2), np.ones(2), 3.0))
    >>> net_slopes(net, torch.tensor([[2.0]]), torch.tensor([1.0]))
    (tensor([[8., 8.]]), tensor([4., 4.]), tensor([0., 0.]), tensor(4.))

    Grows from: slopes, in lesson 2. In Foundations: net_gradients.
    """
    loss = ((net(features) - targets) ** 2).mean()
    weight_1, bias_1, weight_2, bias_2 = torch.autograd.grad(loss, list(net.parameters()))
    return weight_1.T, bias_1, weight_2[0], bias_2[0]


def go_downhill(net, features, targets, learning_rate, steps):
    """Train the net by `steps` steps of gradient descent on its mean squared error, and return the losses.

    net: any module, with no parameter frozen, that takes features, (N, D), and returns (N,). Its parameters
    change in place: the same objects, on the same memory, tracked leaves. All step together, from the same
    loss. targets: (N,).
    Returns: a list of steps + 1 floats: the loss before each step, and the one after the last. What is in
    .grad beforehand does not count; what is in it afterwards is up to you. torch.optim is not allowed.

    >>> net = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Flatten(0)); net[0].weight.data.fill_(8.0)
    tensor([[8.]])
    >>> go_downhill(net, torch.ones(1, 1), torch.zeros(1), 0.25, 2), net[0].weight.item()
    ([64.0, 16.0, 4.0], 2.0)

    Grows from: net_descend, in lesson 2, which made new tensors. In Foundations: net_descend.
    """
    parameters, losses = list(net.parameters()), []
    for step in range(steps + 1):
        loss = ((net(features) - targets) ** 2).mean()
        losses.append(loss.item())
        if step < steps:
            slopes = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for parameter, slope in zip(parameters, slopes, strict=True):
                    parameter -= learning_rate * slope
    return losses


def as_sequential(net):
    """Return the same net without a class of its own: an nn.Sequential of nn.Linear, nn.Tanh and nn.Linear.

    net: a TwoLayerNet in any dtype and on any device; it stays as it is.
    Returns: an nn.Sequential of that dtype and on that device, with the net's numbers under the names
    "0.weight", "0.bias", "2.weight" and "2.bias", as tracked leaves in memory of their own. It returns
    (N, 1): a column with the numbers of the net.

    >>> net = TwoLayerNet(3, 4)
    >>> chain = as_sequential(net)
    >>> list(chain.state_dict()), chain(torch.zeros(5, 3)).shape
    (['0.weight', '0.bias', '2.weight', '2.bias'], torch.Size([5, 1]))
    >>> torch.equal(chain[0].weight, net.hidden.weight), chain[0].weight is net.hidden.weight
    (True, False)

    Grows from: mlp, and the names in state_dict.
    """
    hidden_features, in_features = net.hidden.weight.shape
    chain = nn.Sequential(nn.Linear(in_features, hidden_features), nn.Tanh(), nn.Linear(hidden_features, 1))
    chain.to(net.hidden.weight)
    state = net.state_dict()
    chain.load_state_dict({name.replace("hidden", "0").replace("output", "2"): state[name] for name in state})
    return chain
