"""Resuming.

A run that takes days will be stopped at some time: the power fails, or the machine is wanted. What it must
write down to go on is more than the weights: the momentum that has gathered, how far the schedule and the
shuffling have come. The proof is exact: resumed, it ends with the same bits as a run that was never stopped.
`generator` is a torch.Generator on the CPU throughout; it shuffles the rows.
"""

import contextlib
import copy
import os
import re
from pathlib import Path

import torch
from torch import nn


def checkpoint(model, optimizer, scheduler, epoch, generator):
    """Return all that the run needs to go on later, in a dictionary that training no longer changes.

    epoch: how many epochs are done, an int.  Returns: under "model", "optimizer" and "scheduler" what the
    load_state_dict of each takes back; under "generator" what its set_state does; under "epoch" that int.
    Copies, of tensors and plain Python only: torch.load reads it with its defaults. The rest stays as it is.

    >>> layer = nn.Linear(3, 2); sgd = torch.optim.SGD(layer.parameters(), lr=0.5)
    >>> schedule = torch.optim.lr_scheduler.StepLR(sgd, 2)
    >>> sorted(checkpoint(layer, sgd, schedule, 4, torch.Generator()))
    ['epoch', 'generator', 'model', 'optimizer', 'scheduler']

    In Foundations: weights and velocity, for momentum had a memory of its own.
    """
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "generator": generator.get_state(),
    }
    return copy.deepcopy(state)


def write_checkpoint(path, state):
    """Write `state` into the file `path`, whole or not at all.

    path: a str or a Path.  Returns: None.  torch.load(path) gives `state` back. All of it is written to a
    temporary file in the same folder, which then takes the place of `path` in one move: at every moment the
    file is the old one or the new, and complete. If writing fails, its error comes out, the old file is as it
    was, and no temporary file stays behind.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_checkpoint(folder + "/epoch_4.pt", {"epoch": 4})
    ...     os.listdir(folder), torch.load(folder + "/epoch_4.pt")
    (['epoch_4.pt'], {'epoch': 4})

    Grows from: save, where a write that failed cost the old file too.
    """
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_checkpoint(path, device):
    """Read a checkpoint from its file, with its tensors on `device`, but for that of the generator.

    path: as from write_checkpoint, on any device, which may not be here.  device: a str or a torch.device.
    Returns: the dictionary; the tensors of "model" and "optimizer" are on `device`. That of "generator" is
    bytes, which set_state takes on the CPU only. A file with code in it is refused, as torch.load does.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     torch.save({"epoch": 4, "generator": torch.Generator().get_state()}, folder + "/4.pt")
    ...     read_checkpoint(folder + "/4.pt", "cpu")["epoch"]
    4

    Grows from: load_onto.
    """
    state = torch.load(path, map_location=device)
    state["generator"] = state["generator"].cpu()
    return state


def resume(state, model, optimizer, scheduler, generator):
    """Put back all that is in `state`, and return the number of the epoch to go on with; the first is 0.

    state: as from checkpoint or read_checkpoint, on any device; it stays as it is, also when training goes
    on.  The others are new, built as for the run that was stopped: whatever numbers they hold, the learning
    rate too, give way. The parameters stay the same objects.  Returns: an int.

    >>> layer = nn.Linear(3, 2); sgd = torch.optim.SGD(layer.parameters(), lr=0.5)
    >>> schedule = torch.optim.lr_scheduler.StepLR(sgd, 2); generator = torch.Generator()
    >>> state = checkpoint(layer, sgd, schedule, 4, generator)
    >>> resume(state, layer, sgd, schedule, generator)
    4

    Grows from: checkpoint.
    """
    # An optimizer goes on with the very tensors that it is given, and changes them in place.
    state = copy.deepcopy(state)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    generator.set_state(state["generator"])
    return state["epoch"]


def train_until(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Train `model` from epoch number first_epoch up to, but without, last_epoch.

    features: (N, D).  labels: (N,), int64. Both on the model's device.  Returns: None.  In every epoch, in
    training mode, `generator` and no other chance shuffles the rows anew; each 4, the last what is left, are
    a step of `optimizer` on their mean cross-entropy. Then one of `scheduler`. So 8 epochs end as 4 and 4 do.

    >>> layer = nn.Linear(1, 2); sgd = torch.optim.SGD(layer.parameters(), lr=0.5)
    >>> schedule = torch.optim.lr_scheduler.StepLR(sgd, 2); x, y = torch.ones(5, 1), torch.tensor([0] * 5)
    >>> train_until(layer, sgd, schedule, torch.Generator(), x, y, 4, 7); schedule.last_epoch
    3

    In Foundations: mini-batch gradient descent with a seeded shuffle.
    """
    model.train()
    for _ in range(first_epoch, last_epoch):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        for rows in order.split(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[rows]), labels[rows]).backward()
            optimizer.step()
        scheduler.step()


def latest(folder):
    """Return the path of the newest checkpoint in `folder` that can be read, or None if there is none.

    folder: a str or a Path of a folder that is there.  Returns: a Path.  Checkpoints are called epoch_9.pt,
    epoch_10.pt; the largest number is the newest, whenever it was written. Other names do not count, nor
    does a file that torch.load can't read, whatever error it raises; one from a device that is not here does.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for epoch in (9, 10):
    ...         torch.save({"epoch": epoch}, f"{folder}/epoch_{epoch}.pt")
    ...     latest(folder).name
    'epoch_10.pt'

    Grows from: write_checkpoint, for others may write less carefully.
    """
    found = {}
    for path in Path(folder).iterdir():
        if match := re.fullmatch(r"epoch_(\d+)\.pt", path.name):
            found[int(match[1])] = path
    for epoch in sorted(found, reverse=True):
        with contextlib.suppress(Exception):
            torch.load(found[epoch], map_location="cpu")
            return found[epoch]
    return None
