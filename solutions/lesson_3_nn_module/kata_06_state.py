"""A model's state is its parameters and buffers, by name.

`model.state_dict()` returns the state as a dict of tensors. They don't
require grad, but they share memory with the model:

    >>> layer = nn.Linear(1, 1)
    >>> state = layer.state_dict()
    >>> list(state)
    ['weight', 'bias']
    >>> _ = nn.init.constant_(layer.weight, 7.0)
    >>> state["weight"].item()  # the dict has the new value too
    7.0

So if you want to keep a state, copy it or write it to a file. A state has
no code, no modes and no requires_grad. A buffer that was registered with
persistent=False is not in the state, and is never saved.

Every step: `model` is any nn.Module on any device. Its values, modes and
requires_grad do not change unless the card says otherwise.

Afterwards you can keep a model's state, save it and load it.
"""

import copy
import math

import torch
from torch import nn


def snapshot(model):
    """Return a copy of the model's state that training does not change.

    Returns:
        A dict of tensors with the names of model.state_dict(), and with
        the same values, dtypes and device. The tensors do not require
        grad and do not share memory with the model.

    Example:
        >>> layer = nn.BatchNorm1d(1)
        >>> kept = snapshot(layer)
        >>> _ = layer(torch.ones(4, 1))  # changes the running mean
        >>> layer.running_mean
        tensor([0.1000])
        >>> kept["running_mean"]
        tensor([0.])

    Foundations: weights.copy(), which kept the weights of an early step.
    """
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def save(model, path):
    """Write the model's state to a file that torch.load can read.

    Args:
        path: a str or a Path. A file that is already there is replaced.

    Must:
        - let torch.load(path) return a dict with the names and values
          of model.state_dict()
        - write only tensors and plain Python values. By default,
          torch.load refuses modules and NumPy arrays.
        - write to exactly this path, and add no ending to it
        - return None

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(nn.Linear(3, 2), folder + "/model.pt")
        ...     list(torch.load(folder + "/model.pt"))
        ['weight', 'bias']

    Foundations: np.savez("model.npz", weights=weights, bias=bias).
    """
    torch.save(model.state_dict(), path)


def load(model, path):
    """Load a state from a file into the model, and return the model.

    Args:
        path: a str or a Path. `save` wrote this file on the model's device.

    Returns:
        The given model, with the values of the file. Its parameters are
        the same objects as before.

    Must:
        - raise a RuntimeError if a name is missing or not expected, or
          if a shape differs. Then some values may already have changed.
        - raise an error if the file contains more than tensors and
          plain Python values, and never run code from the file

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = folder + "/model.pt"
        ...     torch.save({"weight": torch.tensor([[3.0]])}, path)
        ...     load(nn.Linear(1, 1, bias=False), path).weight.item()
        3.0

    Grows from: save.
    """
    model.load_state_dict(torch.load(path))
    return model


def strip_prefix(state, prefix):
    """Return the state with a prefix removed from its names.

    Args:
        state: a dict of tensors by name. If a model was saved inside a
            wrapper, each name has a prefix, as in "module.weight".
        prefix: a str, for example "module.". It may contain any
            characters. No two names are equal after it is removed.

    Returns:
        A new dict with the same tensors, not copies of them. If a name
        begins with the prefix, the prefix is removed there once. All
        other names are the same as in `state`.

    Must:
        - not change `state`

    Example:
        >>> state = {"module.weight": torch.ones(1), "m": torch.ones(2)}
        >>> sorted(strip_prefix(state, "module."))
        ['m', 'weight']

    Grows from: load, which refuses a state with other names.
    """
    return {name.removeprefix(prefix): tensor for name, tensor in state.items()}


def load_what_fits(model, state):
    """Load the entries of a state that fit, and list the other names.

    Args:
        state: a dict of tensors by name. An entry fits if the model's
            state has the same name with exactly the same shape.

    Returns:
        A tuple (missing, unused) of two sorted lists. missing: the names
        in the model's state that were not loaded. unused: those in `state`
        that were not used. A name whose shapes differ is in both.

    Must:
        - keep the same parameter objects, with their memory and dtype
        - not change `state`

    Example:
        >>> state = {"weight": torch.ones(1, 2), "bias": torch.ones(5)}
        >>> missing, unused = load_what_fits(nn.Linear(2, 1), state)
        >>> missing
        ['bias']
        >>> unused
        ['bias']

    Grows from: load, where every entry has to fit.
    """
    own = model.state_dict()
    # strict=False forgives names, but still raises an error on a wrong shape.
    fitting = {name: tensor for name, tensor in state.items() if name in own and own[name].shape == tensor.shape}
    model.load_state_dict(fitting, strict=False)
    return sorted(own.keys() - fitting.keys()), sorted(state.keys() - fitting.keys())


def independent_copy(model):
    """Return a second model, equal to the first, with its own memory.

    Args:
        model: an nn.Module of any class. You do not know the arguments
            of its constructor.

    Returns:
        A module of the same class. Its parameters and buffers have the
        same names and equal values, and share no memory with the
        model. This includes buffers with persistent=False. Modes and
        requires_grad are the same too. If a parameter has two names in
        the model, it is also one parameter with two names in the copy.

    Example:
        >>> model = nn.Linear(1, 1)
        >>> twin = independent_copy(model)
        >>> torch.equal(twin.weight, model.weight)
        True
        >>> twin.weight is model.weight
        False

    Grows from: snapshot, which copied the values alone.
    """
    return copy.deepcopy(model)


class Tied(nn.Module):
    """An autoencoder whose encoder and decoder share one weight.

    Args:
        visible, hidden: ints, at least 1.

    Attributes:
        weight: a parameter, (hidden, visible), drawn uniformly between
            -b and b with b = 1 / sqrt(visible), anew for each module.
        bias_1, bias_2: parameters of zeros, (hidden,) and (visible,).

    Methods:
        encode(x): tanh(x @ weight.T + bias_1). x is (..., visible).
        decode(h): h @ weight + bias_2, without tanh. h is (..., hidden).
        forward(x): decode(encode(x)), shape (..., visible).

    Must:
        - have no other parameters and no buffers
        - let the gradients of both uses add up in weight.grad
        - still share the weight after the module is moved, converted to
          another dtype, loaded or copied
        - accept any number of leading dimensions, including none

    Example:
        >>> model = Tied(3, 2)
        >>> model(torch.ones(5, 3)).shape
        torch.Size([5, 3])
        >>> sum(parameter.numel() for parameter in model.parameters())
        11

    Foundations: the two-layer net, and a node where two paths start.
    """

    def __init__(self, visible, hidden):
        super().__init__()
        bound = 1 / math.sqrt(visible)
        self.weight = nn.Parameter(torch.empty(hidden, visible).uniform_(-bound, bound))
        self.bias_1 = nn.Parameter(torch.zeros(hidden))
        self.bias_2 = nn.Parameter(torch.zeros(visible))

    def encode(self, x):
        return torch.tanh(x @ self.weight.T + self.bias_1)

    def decode(self, h):
        return h @ self.weight + self.bias_2

    def forward(self, x):
        return self.decode(self.encode(x))


def load_onto(path, model, device):
    """Load a state into the model, and move all of it to a device.

    Args:
        path: a str or a Path. `save` wrote the file, perhaps on a device
            that this machine does not have.
        device: a str or a torch.device.

    Returns:
        The given model, with the values of the file. All of it is on
        `device`, even buffers with persistent=False (not in the file).

    Must:
        - raise a RuntimeError if names or shapes differ from the model's

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = folder + "/model.pt"
        ...     torch.save({"weight": torch.tensor([[3.0]])}, path)
        ...     model = nn.Linear(1, 1, bias=False)
        ...     load_onto(path, model, "cpu").weight.item()
        3.0

    Grows from: load, and the devices of lesson 1.
    """
    model.load_state_dict(torch.load(path, map_location=device))
    return model.to(device)
