"""Without a bend, many linear layers are one linear layer.

Two linear layers in a row compute a linear function, and so do a hundred.
A function with a bend between them changes this:

    >>> x = torch.tensor([-1.0, 0.0, 1.0])
    >>> 2 * (3 * x + 1) + 5  # two layers, one line: 6 * x + 7
    tensor([ 1.,  7., 13.])
    >>> 2 * torch.relu(3 * x + 1) + 5  # no longer a line
    tensor([ 5.,  7., 13.])
    >>> nn.ReLU()(x)  # the same bend as a module, for nn.Sequential
    tensor([0., 0., 1.])

If you forget the function between two layers, PyTorch raises no error.
The net trains, but it can only learn what a single layer can learn.

Every step: tensors are float32 or float64. Results have the dtype and
device of the inputs, and inputs are not modified.

Afterwards you can say why a net needs bends, and write them by hand.
"""

import torch
from torch import nn


def collapse(first, second):
    """Return one nn.Linear that computes the same as two in a row.

    Args:
        first: an nn.Linear from I to H features. Its bias may be None.
        second: an nn.Linear from H to O features. Its bias may be None.

    Returns:
        An nn.Linear from I to O features, with the dtype and device of
        the two layers. Its result is second(first(x)) for every x, up to
        rounding. It always has a bias, and its parameters are leaf
        tensors that require grad.

    Must:
        - not change the two layers, and not share memory with them
        - let no gradient reach the two layers

    Example:
        >>> first, second = nn.Linear(1, 1), nn.Linear(1, 1)
        >>> first.weight.data[0] = first.bias.data[0] = 3.0
        >>> second.weight.data[0] = second.bias.data[0] = 2.0
        >>> collapse(first, second)(torch.tensor([10.0])).item()
        68.0

    Foundations: W2 (W1 x + b1) + b2, multiplied out.
    """
    raise NotImplementedError


class Xor(nn.Module):
    """A net that returns 1 if exactly one of its two inputs is 1, else 0.

    Attributes:
        hidden: an nn.Linear from 2 to 2 features.
        output: an nn.Linear from 2 to 1 feature.

    Methods:
        forward(x): output(relu(hidden(x))) as a tensor of shape (N,),
            for x of shape (N, 2), N >= 0.

    Must:
        - be right for the four inputs of the example from the start:
          __init__ sets weights and biases that you found by thinking
        - compute with the current values of the layers, even after
          somebody has changed them
        - let gradients reach the weight and the bias of both layers, and
          have no other parameters

    Example:
        >>> net = Xor()
        >>> net(torch.tensor([[0.0, 0.0], [0.0, 1.0]])).tolist()
        [0.0, 1.0]
        >>> net(torch.tensor([[1.0, 0.0], [1.0, 1.0]])).tolist()
        [1.0, 0.0]

    Grows from: collapse, and `replace_negatives` in lesson 1. With the
    value 0 it is relu, so torch.relu is allowed here.
    """

    def __init__(self):
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError


def relu(inputs):
    """Return each positive element, and 0 for every other element.

    Args:
        inputs: a tensor of any shape with finite elements.

    Returns:
        A tensor that does not share memory with `inputs`. Autograd
        records it: the derivative is 1 where an element is above 0, and
        0 elsewhere, including at 0.

    Must:
        - not use an activation function of PyTorch in any form, for
          example relu, nn.ReLU or leaky_relu

    Example:
        >>> x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
        >>> relu(x).sum().backward()
        >>> x.grad
        tensor([0., 0., 1.])

    Grows from: Relu in lesson 2, where you wrote backward by hand.
    """
    raise NotImplementedError


def bends(model, left, right, tolerance=1e-4):
    """Return True if the model bends between two inputs.

    Args:
        model: an nn.Module, which maps (N, D) to a tensor. You need not
            call eval() or train().
        left, right: tensors (N, D), N >= 1.

    Returns:
        A bool: True if |model(middle) - mean| > tolerance for at least
        one entry. Here middle is (left + right) / 2, and mean is
        (model(left) + model(right)) / 2.

    Must:
        - record no graph, and not change the grad mode
        - not change any parameter, or the flag `training` of any module

    Example:
        >>> left, right = torch.tensor([[-1.0]]), torch.tensor([[3.0]])
        >>> bends(nn.Linear(1, 1), left, right)
        False
        >>> bends(nn.ReLU(), left, right)
        True

    Foundations: `foundations.predict` is a straight line: no bends.
    """
    raise NotImplementedError


def sigmoid(inputs):
    """Return 1 / (1 + exp(-x)) for each element x.

    Args:
        inputs: a tensor of any shape. Its elements may be large, for
            example 1000 or -1000. exp(1000) is inf.

    Returns:
        A tensor s, 0 <= s <= 1. The gradient that autograd computes is
        s * (1 - s), even for large elements and at 0.

    Must:
        - keep absolute errors of s and the gradient <= 1e-14 in float64
        - not use PyTorch's sigmoid, logsigmoid or silu in any form

    Example:
        >>> x = torch.tensor([-1000.0, 0.0, 1000.0], requires_grad=True)
        >>> s = sigmoid(x)
        >>> s.tolist()
        [0.0, 0.5, 1.0]
        >>> s.sum().backward()
        >>> x.grad
        tensor([0.0000, 0.2500, 0.0000])

    Grows from: softmax in lesson 1. There you gave exp no positive number.
    """
    raise NotImplementedError


class Swish(nn.Module):
    """An activation whose bend is learned: x * sigmoid(beta * x).

    Attributes:
        beta: a float32 parameter of shape (), which starts at 1.

    Methods:
        forward(x): x * sigmoid(beta * x), element by element. x has any
            shape, and the dtype and device of beta.

    Must:
        - have no other parameters
        - let gradients reach x and beta
        - give the right result and the right gradients for large
          elements too, for example 1000 and -1000

    Example:
        >>> net = nn.Sequential(nn.Linear(2, 3), Swish())
        >>> list(net.state_dict())
        ['0.weight', '0.bias', '1.beta']
        >>> net[1](torch.tensor([0.0, 1000.0])).tolist()
        [0.0, 1000.0]

    Grows from: sigmoid. From here on you may use torch.sigmoid for it.
    """

    def __init__(self):
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError
