"""A module knows its parameters.

A model is an object of a class that is derived from torch.nn.Module. Its
__init__ first calls super().__init__(). To use the model, call the object:
model(inputs) runs its method forward(inputs).

A module notices what is assigned to its attributes. It lists a tensor as a
parameter if the tensor is wrapped in nn.Parameter, and only then:

    >>> line = nn.Module()
    >>> line.slope = nn.Parameter(torch.tensor(3.0))
    >>> line.start = torch.tensor(1.0)  # a plain tensor
    >>> [name for name, _ in line.named_parameters()]
    ['slope']

A plain tensor is not trained, moved or saved with the module, and you see
no error.

Every step: tensors are float32 or float64, and modules work after double().
Results have the dtype and device of the inputs. Inputs are not modified.

Afterwards you can say which tensors a module trains, moves and saves.
"""

import torch
from torch import nn


class Neuron(nn.Module):
    """A neuron as a module: it computes tanh(inputs @ weight + bias).

    Args:
        weight, bias: tensors of shapes (D,) and (), the values to start
            from. They may require grad.

    Attributes:
        weight, bias: the only parameters. Each is a leaf tensor that
            requires grad, with the values, shape, dtype and device of
            the argument.

    Methods:
        forward(inputs): tanh(inputs @ weight + bias), with the current
            values of the parameters. inputs has shape (..., D), for
            example (D,) or (N, D), and the result has shape (...,).

    Must:
        - copy the arguments: share no memory with them
        - not change the arguments, or whether they require grad
        - let gradients reach both parameters and the inputs

    Example:
        >>> neuron = Neuron(torch.tensor([1.0, -2.0]), torch.tensor(0.5))
        >>> sorted(dict(neuron.named_parameters()))
        ['bias', 'weight']
        >>> neuron(torch.tensor([[1.5, 1.0], [2.0, 0.5]])).detach()
        tensor([0.0000, 0.9051])

    Foundations: one hidden neuron, np.tanh(features @ weights + bias).
    """

    def __init__(self, weight, bias):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def count_parameters(model):
    """Return how many numbers the model can learn.

    Args:
        model: an nn.Module. It may contain other modules, at any depth.

    Returns:
        An int: the number of elements of all parameters that require
        grad, in the model and in the modules inside it.

    Must:
        - leave out frozen parameters (their requires_grad is False)
        - leave out tensors that are not parameters
        - count a parameter once, even if it has several names

    Example:
        >>> model = nn.Module()
        >>> model.weight = nn.Parameter(torch.ones(3, 2))
        >>> model.bias = nn.Parameter(torch.ones(3))
        >>> count_parameters(model)
        9

    Foundations: D weights and one bias for each neuron, added up.
    """
    raise NotImplementedError


class Standardizer(nn.Module):
    """A module that standardizes inputs with a fixed mean and std.

    Args:
        mean, std: tensors of shape (D,). They may require grad.

    Attributes:
        mean, std: buffers with the values of the arguments. A buffer is
            a tensor of the module that no optimizer changes. .to() and
            .double() convert it, and state_dict() contains it. Neither
            buffer requires grad.

    Methods:
        forward(inputs): (inputs - mean) / std. inputs has shape
            (..., D), for example (D,) or (N, D).

    Must:
        - have no parameters and no other buffers
        - copy the arguments: the buffers share no memory with them, and
          are not connected to their graph
        - let gradients reach the inputs

    Example:
        >>> mean, std = torch.tensor([1.0, 10.0]), torch.tensor([2.0, 5.0])
        >>> standardizer = Standardizer(mean, std)
        >>> standardizer(torch.tensor([[3.0, 0.0]]))
        tensor([[ 1., -2.]])
        >>> sorted(standardizer.state_dict())
        ['mean', 'std']

    Foundations: the training set's mean and std, used on later rows too.
    """

    def __init__(self, mean, std):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


class Clamp(nn.Module):
    """Fix this module: you can create it, but any call raises an error.

    Args:
        low, high: floats, low < high.

    Methods:
        forward(x): x with each element below low set to low, and each
            element above high set to high. x may have any shape.

    Must:
        - have no parameters
        - support every method of nn.Module, for example eval()
        - work inside another module too

    Symptom: as given, the call in the example raises an AttributeError:
    'Clamp' object has no attribute '_backward_hooks'.

    Example:
        >>> clamp = Clamp(0.0, 1.0)
        >>> clamp(torch.tensor([-2.0, 0.5, 7.0]))
        tensor([0.0000, 0.5000, 1.0000])
        >>> list(clamp.parameters())
        []

    Grows from: Neuron.
    """

    # Fix the code below. Unchanged code counts as raise NotImplementedError.

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def forward(self, x):
        return x.clamp(self.low, self.high)


def set_weight(layer, values):
    """Copy `values` into the parameter layer.weight, in place.

    Args:
        layer: an nn.Module with a parameter `weight`. The parameter may
            be frozen, and its .grad may hold a gradient.
        values: a tensor on the same device. It may require grad.

    Must:
        - raise a ValueError if the shapes differ, even if PyTorch could
          broadcast. layer.weight then keeps its values
        - keep layer.weight the same Parameter in the same memory, with
          the same dtype, requires_grad and .grad
        - share no memory between layer.weight and values
        - record no graph: layer.weight is still a leaf tensor
        - return None

    Example:
        >>> layer = nn.Module()
        >>> layer.weight = nn.Parameter(torch.tensor([1.0, 2.0]))
        >>> set_weight(layer, torch.tensor([3.0, 4.0]))
        >>> layer.weight.tolist()
        [3.0, 4.0]

    Foundations: weights[:] = values, which broadcasts too.
    """
    raise NotImplementedError
