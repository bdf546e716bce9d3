"""Why nonlinearity.

Linear layers in a row are one linear layer, however many they are. What makes a net more than that stands
between them: a function that bends, put on each number by itself. Here you collapse layers, write such
functions by hand, make one a module with a parameter of its own, solve with two bends what no line can, and
look for bends.
"""

import torch
from torch import nn


def collapse(first, second):
    """Return one nn.Linear that computes what second(first(x)) computes, for every x.

    first: nn.Linear(I, H).  second: nn.Linear(H, O), of the same dtype and device; one or both may have been
    made with bias=False.  Returns: an nn.Linear(I, O) that always has a bias, of their dtype and on their
    device. Its parameters can be trained, have memory of their own and no graph; `first` and `second` stay as
    they are.

    >>> first, second = nn.Linear(4, 100), nn.Linear(100, 3)
    >>> collapse(first, second)
    Linear(in_features=4, out_features=3, bias=True)

    In Foundations: W2 (W1 x + b1) + b2, multiplied out.
    """
    one = nn.Linear(first.in_features, second.out_features).to(first.weight)
    with torch.no_grad():
        one.weight.copy_(second.weight @ first.weight)
        # At 0 the weights are out of play: what is left of both layers is the bias.
        one.bias.copy_(second(first(first.weight.new_zeros(first.in_features))))
    return one


def relu(inputs):
    """Return each number that is above 0, and 0 for each that is not.

    inputs: float32 or float64, any shape; it stays as it is.  Returns: as `inputs`, a new tensor that
    autograd can go back through: the derivative is 1 above 0, and 0 below 0 and at 0 itself. PyTorch's own
    relu, in whatever spelling, is not allowed.

    >>> x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
    >>> torch.autograd.grad(relu(x).sum(), x)
    (tensor([0., 0., 1.]),)

    Grows from: Relu of lesson 2, where you wrote backward; now autograd does it.
    """
    return torch.where(inputs > 0, inputs, 0.0)


def sigmoid(inputs):
    """Return 1 / (1 + exp(-x)) for each number x of the inputs, which lies between 0 and 1.

    inputs: float32 or float64, any shape, numbers of any size: 1000 or -1000 too, where exp alone is inf or
    0. It stays as it is.  Returns: as `inputs`. The derivative that autograd finds is right everywhere too:
    s(1 - s) for each answer s. PyTorch's own sigmoid, in whatever spelling, is not allowed.

    >>> x = torch.tensor([-1000.0, 0.0, 1000.0], requires_grad=True)
    >>> sigmoid(x).tolist(), torch.autograd.grad(sigmoid(x).sum(), x)
    ([0.0, 0.5, 1.0], (tensor([0.0000, 0.2500, 0.0000]),))

    Grows from: softmax of lesson 1, which let exp meet no number above 0.
    """
    # exp never meets a number above 0, not even in the half that `where` leaves out.
    powers = torch.exp(torch.where(inputs < 0, inputs, -inputs))
    return torch.where(inputs < 0, powers, 1.0) / (1 + powers)


class Swish(nn.Module):
    """An activation with a bend that is learned: x * sigmoid(beta * x), for each number x of the inputs.

    Swish() has one parameter, `beta`: a float32 tensor of shape (), which starts at 1.  forward(x): x of any
    shape, in beta's dtype and on its device; it stays as it is.  Returns: as x. As a module, it may stand
    between layers in nn.Sequential. Ready-made functions are allowed, and so is your own sigmoid.

    >>> net = nn.Sequential(nn.Linear(2, 3), Swish(), nn.Linear(3, 1))
    >>> [name for name, _ in net.named_parameters()]
    ['0.weight', '0.bias', '1.beta', '2.weight', '2.bias']

    In Foundations: the place of tanh in the two-layer net.
    """

    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.ones(()))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class Xor(nn.Module):
    """A net that tells two inputs apart: 1 for (0, 1) and (1, 0), but 0 for (0, 0) and (1, 1).

    Xor() sets its own weights, to any that solve it: nothing is trained. It has `hidden`, nn.Linear(2, 2),
    and `output`, nn.Linear(2, 1), all four of their parameters trainable.  forward(x): x is (N, 2).  Returns:
    (N,): output of relu of hidden of x, whatever weights are loaded later. Ready-made functions are allowed.

    >>> Xor()(torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])).tolist()
    [0.0, 1.0, 1.0, 0.0]

    In Foundations: the two-layer net, with two hidden units and weights found by thinking.
    """

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        with torch.no_grad():
            # How many inputs are 1, and by how many that is more than one.
            self.hidden.weight.copy_(torch.tensor([[1.0, 1.0], [1.0, 1.0]]))
            self.hidden.bias.copy_(torch.tensor([0.0, -1.0]))
            self.output.weight.copy_(torch.tensor([[1.0, -2.0]]))
            self.output.bias.zero_()

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze(1)


def bends(model, left, right, tolerance=1e-4):
    """Tell whether the model leaves the straight line between its answers at `left` and at `right`.

    model: a module; it stays as it is.  left, right: inputs for it, (N, D), N at least 1.  Returns: True if
    at their midpoint any number of the answer differs by more than `tolerance`, up or down, from the mean of
    the answers at both ends; else False. No graph is recorded, and afterwards recording is as it was before.

    >>> left, right = torch.tensor([[-1.0, 0.0]]), torch.tensor([[3.0, 4.0]])
    >>> bends(nn.Sequential(nn.Linear(2, 32), nn.Linear(32, 1)), left, right), bends(nn.ReLU(), left, right)
    (False, True)

    In Foundations: predict, where half way between two rows the answer was half way too.
    """
    with torch.no_grad():
        middle = model((left + right) / 2)
        straight = (model(left) + model(right)) / 2
    return bool(((middle - straight).abs() > tolerance).any())
