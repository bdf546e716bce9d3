"""The state of a model.

A model's state is all the numbers that it has learnt or gathered: its parameters and its buffers, by name.
`model.state_dict()` is the dictionary of them. It holds the model's own tensors, untracked, and not copies; a
state is kept by copying it or by writing it to a file, and put back with `load_state_dict`.
"""

import math

import torch
from torch import nn


def snapshot(model):
    """Return a copy of the model's state, which stays as it is however the model is trained on.

    model: any module, on any device.  Returns: a dictionary with a tensor for every name in
    model.state_dict(), parameters and buffers, of the same values, dtype and device. The tensors share no
    memory with the model and are not tracked. The model stays as it is.

    >>> layer = nn.BatchNorm1d(1); best = snapshot(layer); outputs = layer(torch.ones(4, 1))
    >>> layer.running_mean, best["running_mean"]
    (tensor([0.1000]), tensor([0.]))

    In Foundations: weights.copy(), which kept the weights of an early step.
    """
    raise NotImplementedError


def changed(model, before):
    """Return the names in the model's state whose tensor is not the same as in the snapshot `before`.

    before: a dictionary with a tensor for every name in model.state_dict(), of the same shape, dtype (any,
    also bool) and device, in any order.  Returns: a list of names, in the order of model.state_dict(). One
    number that differs, by however little, is enough. Buffers count too. Model and `before` stay as they are.

    >>> model = nn.BatchNorm1d(1); before = snapshot(model); outputs = model(torch.ones(4, 1))
    >>> changed(model, before)
    ['running_mean', 'running_var', 'num_batches_tracked']

    Grows from: snapshot.
    """
    raise NotImplementedError


def save(model, path):
    """Write the model's state into the file `path`, as tensors under their names and nothing else.

    path: a str or a Path; what was in the file is lost.  Returns: None.  torch.load(path), with its defaults,
    gives a dictionary with the names and values of model.state_dict(): it reads tensors and plain Python
    only. The model stays as it is, in its mode and on its device.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(nn.Linear(3, 2), folder + "/model.pt")
    ...     list(torch.load(folder + "/model.pt"))
    ['weight', 'bias']

    In Foundations: np.savez("model.npz", weights=weights, bias=bias).
    """
    raise NotImplementedError


def load(model, path):
    """Put the state from the file `path` into `model`, and return `model`.

    path: a file as save writes it, from the same device.  Returns: the very module that came in, with the
    same parameter objects; modes and requires_grad stay. A name too many, too few or of another shape is a
    RuntimeError. A file with more in it than tensors and plain Python is refused, as torch.load does.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     torch.save({"weight": torch.tensor([[3.0]])}, folder + "/model.pt")
    ...     load(nn.Linear(1, 1, bias=False), folder + "/model.pt").weight.item()
    3.0

    Grows from: save.
    """
    raise NotImplementedError


def load_what_fits(model, state):
    """Copy into `model` the entries of `state` that fit, and return the names left over on each side.

    state: a dictionary of tensors by name; it stays as it is. An entry fits if the model's state has that
    name with exactly that shape. The rest of the model stays as it is, its parameters the same objects.
    Returns: a tuple of two sorted lists: the names of the model's state that got nothing, and those in
    `state` that were not used. A name of the wrong shape is in both.

    >>> state = {"weight": torch.ones(1, 2), "bias": torch.ones(5), "old": torch.ones(3)}
    >>> load_what_fits(nn.Linear(2, 1), state)
    (['bias'], ['bias', 'old'])

    Grows from: load, where all of it had to fit.
    """
    raise NotImplementedError


def independent_copy(model):
    """Return a second model, equal to the first, that shares no memory with it.

    model: any module; its constructor's arguments are not known.  Returns: a module of the same class, with
    equal parameters and buffers under their names, and the mode of every module and requires_grad of every
    parameter as they are. What is one parameter under two names stays so. The model stays as it is.

    >>> model = nn.Linear(1, 1); twin = independent_copy(model)
    >>> torch.equal(twin.weight, model.weight), twin.weight is model.weight
    (True, False)

    Grows from: snapshot, which kept the numbers alone.
    """
    raise NotImplementedError


class Tied(nn.Module):
    """An autoencoder whose two layers share one weight: there and back with the same numbers.

    Tied(visible, hidden) has three parameters: weight, (hidden, visible), uniform between -1 / sqrt(visible)
    and 1 / sqrt(visible); bias_1, (hidden,), and bias_2, (visible,), zeros. encode(x), for x of any
    dimensions and then visible, is tanh(x @ weight.T + bias_1); decode(h) is h @ weight + bias_2; forward(x)
    is both in turn. The weight is counted once; its gradient is the sum over both uses.

    >>> model = Tied(3, 2); model(torch.ones(5, 3)).shape
    torch.Size([5, 3])
    >>> sum(parameter.numel() for parameter in model.parameters())
    11

    In Foundations: the two-layer net, and a node that two paths leave.
    """

    def __init__(self, visible, hidden):
        raise NotImplementedError

    def encode(self, x):
        raise NotImplementedError

    def decode(self, h):
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError


def load_onto(path, model, device):
    """Put the state from the file `path` into `model`, with all of `model` on `device`, and return `model`.

    path: a file as save writes it, from any device, which this machine may not have.  device: a str or a
    torch.device.  Returns: the very module that came in, all its parameters and buffers on `device`, its
    modes and requires_grad as they were. A state that doesn't fit is a RuntimeError.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     torch.save({"weight": torch.tensor([[3.0]])}, folder + "/model.pt")
    ...     load_onto(folder + "/model.pt", nn.Linear(1, 1, bias=False), "cpu").weight.item()
    3.0

    Grows from: load, and the devices of lesson 1.
    """
    raise NotImplementedError
