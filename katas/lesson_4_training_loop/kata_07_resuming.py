"""A run can be resumed.

A run of several days is often stopped: the power fails, or somebody needs
the machine. To go on later, you need more than the weights. An optimizer
with momentum remembers its velocity, but a new one starts without it:

    >>> w = torch.zeros(1, requires_grad=True)
    >>> w.grad = torch.ones(1)
    >>> for _ in range(2):
    ...     sgd = torch.optim.SGD([w], lr=1.0, momentum=0.5)
    ...     sgd.step()
    >>> w.item()  # one optimizer for both updates would reach -2.5
    -2.0

The schedule and the shuffling have a state too. The test is exact: a
resumed run must end with the same bits as a run that never stopped.

Every step: `generator` is a torch.Generator on the CPU. Epochs are counted
from 0, so the number of epochs that are done is the index of the next one.

Afterwards you can stop a run and resume it as if it had never stopped.
"""

import contextlib
import copy
import os
import re
from pathlib import Path

import torch
from torch import nn


def checkpoint(model, optimizer, scheduler, epoch, generator):
    """Return all state that a run needs to go on later, in one dict.

    Args:
        epoch: an int, the number of epochs that are done.

    Returns:
        A dict with five keys. "model", "optimizer", "scheduler": what
        the load_state_dict of each accepts. "generator": what its
        set_state accepts. "epoch": the int.

    Must:
        - contain copies, which do not change when training goes on
        - contain only tensors and plain Python values, for torch.load
        - not change the run or the model's mode

    Example:
        >>> model = nn.Linear(1, 1)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.5)
        >>> schedule = torch.optim.lr_scheduler.StepLR(sgd, 2)
        >>> state = checkpoint(model, sgd, schedule, 4, torch.Generator())
        >>> sorted(state)
        ['epoch', 'generator', 'model', 'optimizer', 'scheduler']

    Foundations: momentum's velocity. Weights are not the whole state.
    """
    raise NotImplementedError


def resume(state, model, optimizer, scheduler, generator):
    """Load a checkpoint into a new run and return the next epoch's index.

    Args:
        state: a dict as from checkpoint, with tensors on any device.

    Returns:
        An int: the index of the next epoch.

    Must:
        - let the run continue, to the last bit, as if it had never stopped
        - keep the same parameter objects in the model
        - not change `state`, now or when training goes on

    Example:
        >>> model = nn.Linear(1, 1)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.5)
        >>> run = [model, sgd, torch.optim.lr_scheduler.StepLR(sgd, 2)]
        >>> names = ["model", "optimizer", "scheduler"]
        >>> old = {n: part.state_dict() for n, part in zip(names, run)}
        >>> old |= {"epoch": 4, "generator": torch.Generator().get_state()}
        >>> resume(old, *run, torch.Generator())
        4

    Grows from: checkpoint. The learning rate is in the optimizer's state.
    """
    raise NotImplementedError


def read_checkpoint(path, device):
    """Read a checkpoint from a file, with its tensors on `device`.

    Args:
        path: a str or a Path of a file with a checkpoint. It may come
            from a device that this machine does not have.
        device: a str or a torch.device.

    Returns:
        The dict. The tensors of "model" and "optimizer" are on `device`,
        and the tensor "generator" is on the CPU, as set_state needs it.
        Raise an error if the file contains code, as torch.load does.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> state = {"epoch": 4, "model": nn.Linear(1, 1).state_dict()}
        >>> sgd = torch.optim.SGD([torch.ones(1)])
        >>> state["optimizer"] = sgd.state_dict()
        >>> state["generator"] = torch.Generator().get_state()
        >>> with TemporaryDirectory() as folder:
        ...     torch.save(state, f"{folder}/4.pt")
        ...     read_checkpoint(f"{folder}/4.pt", "cpu")["epoch"]
        4

    Grows from: `load_onto` in lesson 3, for a model alone.
    """
    raise NotImplementedError


def write_checkpoint(path, state):
    """Write `state` to the file `path`, completely or not at all.

    Args:
        path: a str or a Path. The file may exist already.
        state: a dict. Afterwards, torch.load(path) returns an equal dict.

    Must:
        - write to a temporary file in the same folder, and then move it
          to `path`, so that a complete file is there at every moment
        - if writing fails, pass the error on, keep the old file, and
          delete the temporary file
        - return None

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_checkpoint(folder + "/epoch_4.pt", {"epoch": 4})
        ...     os.listdir(folder)
        ...     torch.load(folder + "/epoch_4.pt")
        ['epoch_4.pt']
        {'epoch': 4}

    Grows from: `save` in lesson 3. There, a failure cost the old file.
    """
    raise NotImplementedError


def train_until(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Train the epochs first_epoch, ..., last_epoch - 1.

    Args:
        features, labels: tensors (N, D), and (N,) of int64, on the
            model's device. Leave them unchanged.

    Must:
        - draw a new order of all rows in each epoch, with all randomness
          from `generator`; never set its seed
        - make one update for every 4 rows, in this order; the last batch
          may be smaller
        - use the mean cross-entropy, and train in train mode
        - step the scheduler once at the end of each epoch; return None

    Example:
        >>> model = nn.Linear(1, 2)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.5)
        >>> schedule = torch.optim.lr_scheduler.StepLR(sgd, 2)
        >>> x, y = torch.ones(5, 1), torch.tensor([0] * 5)
        >>> train_until(model, sgd, schedule, torch.Generator(), x, y, 4, 7)
        >>> schedule.last_epoch
        3

    Foundations: mini-batch gradient descent with a seeded shuffle.
    """
    raise NotImplementedError


def latest(folder):
    """Return the path of the newest checkpoint that torch.load can read.

    Args:
        folder: a str or a Path of a folder. Don't change it. Checkpoints
            are named epoch_9.pt, epoch_10.pt and so on.

    Returns:
        A Path, or None if there is no such checkpoint. The one with the
        largest number is the newest, whenever it was written.

    Must:
        - skip files with other names, and files that torch.load cannot
          read or refuses because of their code, whatever it raises
        - accept a checkpoint from a device that this machine does not have

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     torch.save({"epoch": 9}, folder + "/epoch_9.pt")
        ...     torch.save({"epoch": 10}, folder + "/epoch_10.pt")
        ...     latest(folder).name
        'epoch_10.pt'

    Grows from: write_checkpoint. Other programs may write less carefully.
    """
    raise NotImplementedError
