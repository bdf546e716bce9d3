"""The training loop.

forward, loss, backward, update: the four lines that you wrote by hand for every model now hold for any of them,
because the model, the loss and the optimizer each keep their part to themselves. What is left to you is to call
them in order, to know what each of them leaves behind, and to count right.
"""

import torch
from torch import nn


def train_step(model, loss_function, optimizer, features, labels):
    """Make one update of the model on one batch, and return the loss that the batch had before it.

    model: an nn.Module.  loss_function: takes predictions and labels, in that order; returns a scalar tensor.
    optimizer: any of torch.optim, made for the model's parameters.  features, labels: tensors on the model's
    device; they stay as they are.  Returns: a Python float. The model is called once, and the optimizer
    updates once, by this batch's gradient alone: what lay in .grad before has no part in it. The model's mode
    stays as it is.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> train_step(model, nn.MSELoss(), optimizer, torch.tensor([[1.0]]), torch.tensor([[2.0]]))
    4.0
    >>> model.weight.item()
    1.0

    In Foundations: one turn of the loop in descend.
    """
    predictions = model(features)
    loss = loss_function(predictions, labels)
    # Anywhere after the last update and before backward will do.
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def train_epoch(model, loss_function, optimizer, batches):
    """Train the model on every batch once, in order, in train mode, and return the mean loss of the samples.

    batches: an iterable of (features, labels), at least one, each with one row or more; it may be a
    generator, and the last batch may be shorter. The rest is as in train_step; loss_function is a mean over
    the rows.  Returns: a Python float: the mean over all rows of all batches, each batch's loss taken before
    its own update. No graph is kept longer than till the next batch has been worked through.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    >>> batches = [(torch.ones(2, 1), torch.ones(2, 1)), (torch.ones(1, 1), torch.full((1, 1), 4.0))]
    >>> train_epoch(model, nn.MSELoss(), optimizer, batches)  # (1 + 1 + 16) / 3
    6.0

    Grows from: train_step.
    """
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        # The batch's loss is a mean: times its rows it is a sum again, and sums may be added.
        total += train_step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def fit_epochs(model, loss_function, optimizer, make_batches, epochs):
    """Train the model for a number of epochs, and return the list of their mean losses, as floats.

    make_batches: a function without arguments; every call returns the batches of one epoch: a generator, often
    in an order drawn anew. Call it once for each epoch.  epochs: an int; for 0 the list is empty. The rest is
    as in train_epoch. The optimizer keeps what it remembers from epoch to epoch, and random numbers run on:
    set no seed.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> batch = torch.tensor([[1.0]]), torch.tensor([[2.0]])
    >>> fit_epochs(model, nn.MSELoss(), optimizer, lambda: iter([batch]), 3)
    [4.0, 1.0, 0.25]

    Grows from: train_epoch.
    """
    return [train_epoch(model, loss_function, optimizer, make_batches()) for _ in range(epochs)]


def fit_line(features, targets, learning_rate, steps):
    """Fit a line by gradient descent from zeros, with nn.Linear, nn.MSELoss and torch.optim.SGD.

    features: (N, D), float32.  targets: (N,), float32. N and D at least 1; both stay as they are.  steps: an
    int, 0 or more: that many updates, each on all rows.  Returns: three things: the weights, (D,), and the
    bias, shape (), after the last update, float32, on the device of the features, without a graph; and the
    list of the losses before each update, as floats. They are those of descend in Foundations.

    >>> fit_line(torch.tensor([[1.0], [-1.0]]), torch.tensor([2.0, 0.0]), 0.25, 1)
    (tensor([0.5000]), tensor(0.5000), [2.0])

    In Foundations: descend, started at zeros.
    """
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    # The model answers (N, 1): against (N,), every prediction would meet every target.
    column = targets[:, None]
    losses = [train_step(model, nn.MSELoss(), optimizer, features, column) for _ in range(steps)]
    return model.weight.detach()[0], model.bias.detach()[0], losses


def train_and_validate(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Train for a number of epochs, look at unseen data after each, and return both histories of losses.

    train_batches, validation_batches: lists of (features, labels), as in train_epoch. An epoch trains in train
    mode, and then goes through all the validation batches in eval mode: nothing is recorded, no weight moves.
    Returns: a dict of two lists with a float for each epoch: "train", what train_epoch returns, and
    "validation", the mean loss of the validation rows after that epoch's updates.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> x, y, other = torch.tensor([[1.0]]), torch.tensor([[2.0]]), torch.tensor([[3.0]])
    >>> train_and_validate(model, nn.MSELoss(), optimizer, [(x, y)], [(x, other)], 2)
    {'train': [4.0, 1.0], 'validation': [4.0, 2.25]}

    Grows from: train_epoch, and train and eval of lesson 3.
    """
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"].append(train_epoch(model, loss_function, optimizer, train_batches))
        model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for features, labels in validation_batches:
                total += loss_function(model(features), labels).item() * len(features)
                count += len(features)
        history["validation"].append(total / count)
    return history


def update_sizes(model, loss_function, optimizer, features, labels):
    """Make one update, as in train_step, and return by what part of its size each parameter has moved.

    The size of a tensor is the root of the sum of its squares. No parameter is all zeros.  Returns: a dict
    from the name of each parameter of the model, such as "0.weight", to a float: the size of the difference
    that the update made, divided by the size before it. A frozen parameter has moved by 0.0. (In a network
    that learns well it is about 0.001: a good thing to print while one trains.)

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.ones_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> update_sizes(model, nn.MSELoss(), optimizer, torch.tensor([[1.0]]), torch.tensor([[2.0]]))
    {'weight': 0.5}

    Grows from: train_step, and snapshot of lesson 3.
    """
    # The optimizer writes into the parameters' own memory: only a copy still holds what was there before.
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    train_step(model, loss_function, optimizer, features, labels)
    return {
        name: ((parameter.detach() - before[name]).norm() / before[name].norm()).item()
        for name, parameter in model.named_parameters()
    }
