"""A training loop is five lines.

You wrote them by hand for a line and for a net: predict, compute the loss,
find the gradients, update, repeat. In PyTorch, a separate object does each
part, so the same lines train any model. The optimizer does only what you
tell it:

    >>> model = nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.ones_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> model(torch.tensor([[3.0]])).sum().backward()
    >>> optimizer.step()
    >>> optimizer.step()  # .grad still holds the 3: it counts twice
    >>> model.weight.item()
    -5.0

A wrong order raises no error. The model learns worse.

Every step: loss_function(predictions, labels) returns a batch's mean loss,
shape (). Losses that you return are floats. The data is not modified.

Afterwards you can write a training loop from memory and run it on a GPU.
"""

import torch
from torch import nn


def train_step(model, loss_function, optimizer, features, labels):
    """Make one update on one batch and return the loss before it.

    Args:
        model: an nn.Module. Leave the mode of each module unchanged.
        features, labels: one batch, on the model's device.

    Returns:
        A Python float: the loss of the batch before the update.

    Must:
        - ignore old gradients, which .grad may hold before the call
        - run model, loss function, backward pass and update once, in order

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> x, y = torch.tensor([[1.0]]), torch.tensor([[2.0]])
        >>> train_step(model, nn.MSELoss(), sgd, x, y)
        4.0
        >>> model.weight.item()
        1.0

    Foundations: one round of the loop in `foundations.descend`.
    """
    raise NotImplementedError


def train_epoch(model, loss_function, optimizer, batches):
    """Train on each batch once, in order; return the mean loss per sample.

    Args:
        model: an nn.Module, in any mode. Train it in train mode.
        batches: an iterable of (features, labels), not empty. Sizes may
            differ. It may be a generator, which can be read only once.

    Returns:
        A Python float: the mean loss over all samples. Each batch's loss
        is taken before its own update.

    Must:
        - keep at most the graphs of the current and the previous batch

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.0)
        >>> two = torch.ones(2, 1), torch.ones(2, 1)
        >>> one = torch.ones(1, 1), torch.full((1, 1), 4.0)
        >>> train_epoch(model, nn.MSELoss(), sgd, [two, one])
        6.0

    Grows from: train_step. In the example, 6 is (1 + 1 + 16) / 3.
    """
    raise NotImplementedError


def train_on_device(model, loss_function, optimizer, loader, device):
    """Train one epoch on a device, with batches from the CPU.

    Args:
        loader: a DataLoader, or another iterable of (features, labels),
            which are on the CPU. Read it only once.
        device: a torch.device. The model is on it, and stays there.

    Returns:
        A Python float: the mean loss over all samples, as in train_epoch.

    Must:
        - do what train_epoch does, with all computations on `device`
        - move one batch at a time: update, and then read the next batch

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> loader = [(torch.ones(2, 1), torch.full((2, 1), 2.0))] * 2
        >>> device = torch.device("cpu")
        >>> train_on_device(model, nn.MSELoss(), sgd, loader, device)
        2.5

    Grows from: train_epoch, and move_batch of lesson 1.
    """
    raise NotImplementedError


def fit_epochs(model, loss_function, optimizer, make_batches, epochs):
    """Train for a number of epochs and return the mean loss of each.

    Args:
        model, loss_function, optimizer: as in train_epoch.
        make_batches: make_batches() returns the batches of one epoch,
            often as a Python generator. Call it once for each epoch.
        epochs: the number of epochs, 0 or more.

    Returns:
        A list of Python floats: for each epoch, what train_epoch returns.

    Must:
        - use the given optimizer in all epochs: it keeps a state
        - leave the random numbers to make_batches: set no seed

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> batch = torch.tensor([[1.0]]), torch.tensor([[2.0]])
        >>> fit_epochs(model, nn.MSELoss(), sgd, lambda: iter([batch]), 3)
        [4.0, 1.0, 0.25]

    Grows from: train_epoch.
    """
    raise NotImplementedError


def fit_line(features, targets, learning_rate, steps):
    """Fit a line by gradient descent, with nn.Linear and torch.optim.SGD.

    Args:
        features, targets: float32 tensors (N, D) and (N,) on one device,
            with N >= 1 and D >= 1.
        steps: the number of updates, 0 or more. Each one uses all rows
            and the mean squared error.

    Returns:
        A tuple (weights, bias, losses). The first two are float32 tensors
        (D,) and () on the device of the features, without a graph. losses
        is a list of Python floats, the loss before each update.

    Must:
        - start with weights and a bias of 0
        - make all updates, even if the loss is already 0

    Example:
        >>> x, y = torch.tensor([[1.0], [-1.0]]), torch.tensor([2.0, 0.0])
        >>> fit_line(x, y, 0.25, 1)
        (tensor([0.5000]), tensor(0.5000), [2.0])

    Foundations: `foundations.descend`, started at zeros.
    """
    raise NotImplementedError


def train_and_validate(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Train, look at unseen data after each epoch, and return both losses.

    Args:
        train_batches, validation_batches: as in train_epoch, but lists.

    Returns:
        A dict of two lists, "train" and "validation", with one float for
        each epoch: what train_epoch returns, and the mean loss over all
        validation samples. Validate after the updates of each epoch.

    Must:
        - train in train mode, and validate in eval mode without a graph

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> x = torch.tensor([[1.0]])
        >>> seen, new = [(x, 2 * x)], [(x, 3 * x)]
        >>> h = train_and_validate(model, nn.MSELoss(), sgd, seen, new, 2)
        >>> h["train"], h["validation"]
        ([4.0, 1.0], [4.0, 2.25])

    Grows from: train_epoch. At the end, the model may be in any mode.
    """
    raise NotImplementedError


def overfit_one_batch(make_model, loss_function, make_optimizer, features, labels, steps):
    """Train a new model on one batch again and again; return its losses.

    Args:
        make_model: make_model() returns a new model in train mode, on the
            device of the batch. Call it once.
        make_optimizer: make_optimizer(parameters) returns a new optimizer.
        features, labels: one batch. Every update uses all of it.
        steps: the number of updates, 0 or more.

    Returns:
        A list of Python floats: the loss before each update.

    Example:
        >>> def make_model():
        ...     model = nn.Linear(1, 1, bias=False)
        ...     _ = nn.init.zeros_(model.weight)
        ...     return model
        >>> x, y = torch.tensor([[1.0]]), torch.tensor([[2.0]])
        >>> make_sgd = lambda ps: torch.optim.SGD(ps, lr=0.25)
        >>> overfit_one_batch(make_model, nn.MSELoss(), make_sgd, x, y, 4)
        [4.0, 1.0, 0.25, 0.0625]

    Grows from: train_step. Try this first with any new model: if the loss
    does not come near 0, look for a fault before you train for hours.
    """
    raise NotImplementedError
