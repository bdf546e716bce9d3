"""A run can be controlled.

A training loop can be right and still fail. One huge gradient
moves the weights far away, or a learning rate that was good at first is
too large later. The cure is often one line in the right place. A schedule,
for example, changes the rate only when you call its step():

    >>> optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=8.0)
    >>> schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    >>> optimizer.step()  # an update with the rate 8
    >>> schedule.step()  # halves the rate, for the next update
    >>> optimizer.param_groups[0]["lr"]
    4.0

In the wrong place, such a line raises no error. The model learns worse.

Every step: tensors are float32. loss_function(outputs, labels) returns a
batch's mean loss, shape (). Return numbers as Python numbers, not tensors.

Afterwards you can limit a gradient, plan a learning rate and read curves.
"""

import math

import torch
from torch import nn


def clipped_step(model, loss_function, optimizer, features, labels, largest):
    """Make one update with the gradient clipped to a largest norm.

    Args:
        largest: a number > 0. Clip only if the norm is larger.

    Returns:
        A Python float: the norm before clipping. It is the norm of one
        long vector, which holds the gradients of all parameters.

    Must:
        - clip by multiplying all gradients by largest / norm
        - ignore old gradients: before the call, a .grad may hold one

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.constant_(model.weight, 10.0)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> x, y = torch.ones(4, 1), torch.zeros(4, 1)
        >>> clipped_step(model, nn.MSELoss(), sgd, x, y, 3.0)
        20.0
        >>> model.weight.item()
        7.0

    Grows from: train_step. In the example, 10 becomes 10 - 3.
    """
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm.item()


def run_schedule(model, loss_function, optimizer, scheduler, batches, epochs):
    """Train with a schedule that counts epochs; return the rates used.

    Args:
        scheduler: a torch.optim scheduler. The first rate is already set.
        batches: a list of (features, labels), on the model's device.

    Returns:
        A list of floats, one for each update, in order: the learning
        rate of the optimizer's first group during this update.

    Must:
        - in every epoch, make one update with each batch, in order
        - step the scheduler once after each epoch, including the last
        - ignore old gradients: before the call, a .grad may hold one

    Example:
        >>> model, mse = nn.Linear(1, 1), nn.MSELoss()
        >>> sgd = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> halve = torch.optim.lr_scheduler.StepLR(sgd, 1, gamma=0.5)
        >>> batches = [(torch.ones(2, 1), torch.zeros(2, 1))] * 2
        >>> run_schedule(model, mse, sgd, halve, batches, 3)
        [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]

    Foundations: `foundations.descend`, with a rate that changes.
    """
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def read_curves(training_losses, validation_losses):
    """Find the best epoch, and say whether the run overfits after it.

    Args:
        training_losses, validation_losses: lists of floats of the same
            length, at least 1, with one entry for each epoch.

    Returns:
        A tuple (best, overfits) of an int and a bool. best is the index
        of the lowest validation loss, the first if several are equal.
        overfits compares the last epoch with epoch best: it is True if
        the validation loss is higher and the training loss is lower.

    Must:
        - not change the lists

    Example:
        >>> read_curves([3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 3.0])
        (1, True)
        >>> read_curves([3.0, 2.0, 4.0], [3.5, 2.5, 4.5])
        (1, False)

    Foundations: the two curves that you looked at. Here, numbers decide.
    """
    best = validation_losses.index(min(validation_losses))
    overfits = validation_losses[-1] > validation_losses[best] and training_losses[-1] < training_losses[best]
    return best, overfits


def clip_norm(parameters, largest):
    """Clip gradients in place to a largest norm; return the old norm.

    Args:
        parameters: an iterable of parameters. It may be a generator,
            which can be read only once. A .grad may be None.

    Returns:
        A Python float: the norm before clipping, the square root of the
        sum of g² over all elements g of all gradients (0.0 for none).

    Must:
        - if norm > largest, multiply all gradients by largest / norm, in
          place; otherwise leave them unchanged
        - not change the parameters, and not use torch.nn.utils

    Example:
        >>> w = torch.tensor([1.0, 1.0], requires_grad=True)
        >>> w.grad = torch.tensor([30.0, 40.0])
        >>> clip_norm([w], 1.0)
        50.0
        >>> w.grad
        tensor([0.6000, 0.8000])

    Grows from: clipped_step. Here you write the clipping yourself.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = sum(gradient.square().sum().item() for gradient in gradients) ** 0.5
    if norm > largest:
        for gradient in gradients:
            gradient *= largest / norm
    return norm


def warmup_cosine(step, warmup, total):
    """Return a factor for the learning rate that rises, then falls to 0.

    Args:
        step: the index of an update, an int >= 0.
        warmup, total: ints, 0 <= warmup < total.

    Returns:
        A Python float:
        - (step + 1) / (warmup + 1) before step `warmup`
        - (1 + cos(pi * t)) / 2 from step `warmup` to step `total`, where
          t = (step - warmup) / (total - warmup) goes from 0 to 1
        - 0 after step `total`

    Example:
        >>> [round(warmup_cosine(step, 3, 7), 4) for step in range(9)]
        [0.25, 0.5, 0.75, 1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]

    Foundations: the learning rate, one number in `foundations.descend`.
    """
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = min((step - warmup) / (total - warmup), 1.0)
    return (1 + math.cos(math.pi * progress)) / 2


def scheduler_for(optimizer, warmup, total):
    """Return a scheduler that multiplies the rates by warmup_cosine.

    Args:
        optimizer: a torch.optim optimizer. It may have several groups
            of parameters, each with its own learning rate.
        warmup, total: ints, 0 <= warmup < total.

    Returns:
        A scheduler of torch.optim.lr_scheduler. After n calls of its
        step(), each group has the rate that it had at first, times
        warmup_cosine(n, warmup, total). This holds for n = 0 too.

    Example:
        >>> sgd = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=8.0)
        >>> scheduler = scheduler_for(sgd, 3, 5)
        >>> rates = []
        >>> for _ in range(6):
        ...     rates.append(round(sgd.param_groups[0]["lr"], 4))
        ...     sgd.step()
        ...     scheduler.step()
        >>> rates
        [2.0, 4.0, 6.0, 8.0, 4.0, 0.0]

    Grows from: warmup_cosine.
    """
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warmup_cosine(step, warmup, total))


def accumulated_step(model, loss_function, optimizer, micro_batches):
    """Make one update on several small batches, as if they were one.

    Args:
        micro_batches: a list of (features, labels), of different sizes.

    Returns:
        A Python float: the mean loss over all samples before the update.

    Must:
        - update once, with the gradient of the mean loss over all samples
        - ignore old gradients: before the call, a .grad may hold one
        - call the model once for each small batch, in order
        - run a batch's backward pass before the next call of the model

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> sgd = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> three = torch.ones(3, 1), torch.ones(3, 1)
        >>> one = torch.ones(1, 1), torch.full((1, 1), 5.0)
        >>> accumulated_step(model, nn.MSELoss(), sgd, [three, one])
        7.0

    Grows from: `accumulate` in lesson 2. Here, 7 is (3 * 1 + 25) / 4.
    """
    samples = sum(len(labels) for _, labels in micro_batches)
    total = 0.0
    optimizer.zero_grad()
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels) * len(labels) / samples
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def penalized_loss(loss, model, strength):
    """Return the loss plus a penalty on large weights.

    Args:
        loss: a tensor of shape (), with a graph.
        model: an nn.Module with at least one weight. Its weights are the
            parameters of two dimensions or more, whatever their names.
        strength: a number >= 0.

    Returns:
        A tensor of shape (), loss + strength * s. Here s is the sum of
        w² over all elements w of all weights. A weight that two layers
        share counts once.

    Must:
        - let gradients reach the weights through the loss and through s
        - not modify the loss or the model; leave backward() to the caller

    Example:
        >>> model = nn.Linear(2, 1)
        >>> model.weight.data = torch.tensor([[3.0, -4.0]])
        >>> penalized_loss(model.bias.sum() * 0, model, 0.5).item()
        12.5

    Foundations: L2 regularization, whose formula you know.
    """
    return loss + strength * sum(weight.square().sum() for weight in model.parameters() if weight.dim() >= 2)
