"""Parameters.

A model keeps its numbers in an object of a class that you derive from torch.nn.Module. Its `__init__` first
calls super().__init__(); calling the object, model(inputs), runs its `forward`. The module looks at whatever
you assign to self: what it knows as a parameter, it can list, move to another device, save, and hand to
whoever updates it. What it doesn't know is left behind without a word. Here you learn what it knows.
"""

import torch
from torch import nn


class Neuron(nn.Module):
    """A neuron: tanh of the inputs' dot product with its weight, plus its bias.

    Neuron(weight, bias): tensors of shapes (D,) and (), tracked or not. The neuron has two parameters named
    `weight` and `bias`: tracked leaves with these values, shapes, dtype and device, in memory of their own.
    The tensors given stay as they are, and no gradient flows back to them.
    forward(inputs): (D,), (N, D), or more dimensions in front, as in (B, T, D).  Returns: as inputs, less D.

    >>> neuron = Neuron(torch.tensor([1.0, -2.0]), torch.tensor(0.5))
    >>> neuron(torch.tensor([[1.5, 1.0], [2.0, 0.5]]))
    tensor([0.0000, 0.9051], grad_fn=<TanhBackward0>)

    In Foundations: a neuron of the hidden layer, np.tanh(features @ weights + bias).
    """

    def __init__(self, weight, bias):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def count_parameters(model):
    """Return how many numbers the model can learn: the sizes of its parameters, added up, as an int.

    model: any module; modules inside it count too, at any depth. A parameter known under several names counts
    once. A frozen one, whose requires_grad is False, doesn't count, nor does a tensor that is no parameter.

    >>> count_parameters(Neuron(torch.tensor([1.0, 2.0, 3.0]), torch.tensor(0.5)))
    4

    In Foundations: D weights and a bias for each neuron, counted by hand.
    """
    raise NotImplementedError


def shapes(model):
    """Return a dict with the shape of each parameter of the model under its name.

    model: any module; modules inside it count too, at any depth: their parameters have dotted names.
    Returns: a dict of names to plain tuples, (3,) and not torch.Size([3]), in the model's own order. Frozen
    parameters are in it. One known under several names is in it once, under the first.

    >>> model = nn.Module()
    >>> model.left = Neuron(torch.ones(3), torch.tensor(0.0))
    >>> model.scale = nn.Parameter(torch.ones(2, 1))
    >>> shapes(model)
    {'scale': (2, 1), 'left.weight': (3,), 'left.bias': ()}

    In Foundations: the shapes of weights_1, bias_1, weights_2 and bias_2.
    """
    raise NotImplementedError


class Standardizer(nn.Module):
    """Takes a given mean from its inputs and divides by a given standard deviation. It learns nothing.

    Standardizer(mean, std): tensors of shape (D,), tracked or not. The module keeps copies named `mean` and
    `std`: no parameters, never tracked, but .to() and .double() take them along with the module, and they are
    in its state_dict(), the dict of all that is saved. Such tensors are its buffers: see register_buffer.
    forward(inputs): (D,), (N, D), or more dimensions in front; stays as it is.  Returns: as inputs; gradients
    flow back to the inputs.

    >>> standardizer = Standardizer(torch.tensor([1.0, 10.0]), torch.tensor([2.0, 5.0]))
    >>> standardizer(torch.tensor([[3.0, 0.0]])), list(standardizer.state_dict())
    (tensor([[ 1., -2.]]), ['mean', 'std'])

    In Foundations: standardize, with the training set's mean and std kept for later rows.
    """

    def __init__(self, mean, std):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


class RunningMean(nn.Module):
    """Takes from its inputs a mean that it keeps up to date itself.

    RunningMean(size): an int. Its one buffer, `mean`, is (size,), float32, zeros at first. No parameters.
    forward(inputs): (N, size), N at least 1, of the buffer's dtype and device; stays as it is. Every call,
    whatever .train() or .eval() was called before, first makes the mean 0.9 times what it was plus 0.1 times
    that of these rows; then it returns inputs - mean. For gradients the mean is a constant: it is never
    tracked, and no graph hangs on it.

    >>> centre = RunningMean(2)
    >>> centre(torch.tensor([[10.0, 0.0], [30.0, 20.0]]))
    tensor([[ 8., -1.],
            [28., 19.]])
    >>> centre.mean
    tensor([2., 1.])

    Grows from: Standardizer. In Foundations: momentum, 0.9 times the old plus a share of the new.
    """

    def __init__(self, size):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def forgotten(model):
    """Return a sorted list of the names of the model's attributes that the module doesn't look after.

    model: any module; only its own attributes count, not those of modules inside it. They are in vars(model).
    There, names that begin with "_" don't count: behind them the module keeps what it looks after. Any other
    name is forgotten if it holds a tensor, or a list, tuple or dict with a tensor or a module directly in it
    (in a dict: as a value), a parameter in a list too. What is derived from these types counts as they do.

    >>> model = nn.Module()
    >>> model.weight = nn.Parameter(torch.ones(2))
    >>> model.scale, model.layers, model.sizes = torch.ones(2), [nn.Module()], [2, 3]
    >>> forgotten(model)
    ['layers', 'scale']

    Grows from: Neuron and Standardizer, and what they would have lost.
    """
    raise NotImplementedError


def set_weight(layer, values):
    """Write `values` into the parameter `weight` of a layer, in the memory that it has.

    layer: any module with a parameter `weight`, frozen or not.  values: a tensor on its device, tracked or
    not; stays as it is, and shares no memory with the layer.  Returns: nothing. layer.weight stays the same
    Parameter, a leaf, with its dtype, requires_grad and .grad. Where the shapes differ, even if PyTorch could
    broadcast, raise a ValueError with both in its message, as (2,) or torch.Size([2]): the weight stays.

    >>> neuron = Neuron(torch.tensor([1.0, 2.0]), torch.tensor(0.5))
    >>> set_weight(neuron, torch.tensor([3.0, 4.0]))
    >>> neuron.weight
    Parameter containing:
    tensor([3., 4.], requires_grad=True)

    In Foundations: weights[:] = values, which broadcast too.
    """
    raise NotImplementedError
