"""Controlling a run.

A loop that learns can still be steered. A gradient that is too long is clipped, the learning rate rises and
falls by a plan, a batch that does not fit is taken in parts, large weights cost something, and two curves say
when to stop. Most of it is one line that must stand in its right place in the loop: in the wrong one there is
no error, only another run. All tensors are float32, and a model and its batches live on one device.
"""

import math

import torch
from torch import nn


def clip_norm(parameters, largest):
    """Shorten the gradients in place, if their norm, over all of them as one long vector, is above `largest`.

    parameters: any iterable of parameters, such as a generator; one whose .grad is None is passed over.
    largest: a number above 0.  Returns: the norm before, a Python float; 0.0 if there is no gradient. If it
    is above `largest`, one factor shortens all the gradients, so that the norm becomes `largest`; if not,
    they stay as they are. The parameters keep their values. torch.nn.utils, where all this is ready-made, is
    not allowed.

    >>> w = torch.tensor([1.0, 1.0], requires_grad=True)
    >>> w.grad = torch.tensor([30.0, 40.0])
    >>> clip_norm([w], 1.0), w.grad
    (50.0, tensor([0.6000, 0.8000]))

    In Foundations: the length of a vector, the root of its summed squares.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = sum(gradient.square().sum().item() for gradient in gradients) ** 0.5
    if norm > largest:
        for gradient in gradients:
            gradient *= largest / norm
    return norm


def clipped_step(model, loss_function, optimizer, features, labels, largest):
    """Make one update of the model by a gradient of norm `largest` or less; return the norm before clipping.

    loss_function(outputs, labels): the loss, shape ().  optimizer: holds the model's parameters; gradients
    left from before must not count. clip_norm is allowed here, and so is PyTorch's own.  Returns: the norm of
    the batch's gradient, not clipped yet, a Python float. What .grad holds afterwards is up to you.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.constant_(model.weight, 10.0)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> clipped_step(model, nn.MSELoss(), optimizer, torch.ones(4, 1), torch.zeros(4, 1), 3.0)
    20.0
    >>> model.weight.item()  # 10 - 3
    7.0

    Grows from: train_step.
    """
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm.item()


def warmup_cosine(step, warmup, total):
    """Return the factor for the learning rate at a step: it climbs to 1 in a line, then falls to 0 in a wave.

    step: an int, counted from 0.  warmup, total: ints, 0 <= warmup < total.  Returns: a Python float.
    - Before step `warmup` it is (step + 1) / (warmup + 1): never 0, or an update would be lost.
    - From step `warmup`, where it is 1, to step `total`, where it is 0, it follows half a wave of the cosine,
      lifted and halved: slow at both ends, steepest in the middle, where it is 0.5.
    - After step `total` it stays 0.

    >>> [round(warmup_cosine(step, 3, 7), 4) for step in range(9)]
    [0.25, 0.5, 0.75, 1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]

    In Foundations: the learning rate, one number for the whole of descend.
    """
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = min((step - warmup) / (total - warmup), 1.0)
    return (1 + math.cos(math.pi * progress)) / 2


def scheduler_for(optimizer, warmup, total):
    """Return a scheduler for the optimizer that multiplies its learning rates by warmup_cosine.

    optimizer: one from torch.optim, maybe with several groups of parameters, each with a rate of its own.
    Returns: a scheduler of torch.optim.lr_scheduler. Each group's rate is the rate that it came with, times
    the factor of the step: that of step 0 from the start, and of the next step after each call of the
    scheduler's step().

    >>> optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=8.0)
    >>> scheduler, rates = scheduler_for(optimizer, 3, 5), []
    >>> for _ in range(6):
    ...     rates.append(round(optimizer.param_groups[0]["lr"], 4))
    ...     optimizer.step(); scheduler.step()
    >>> rates
    [2.0, 4.0, 6.0, 8.0, 4.0, 0.0]

    Grows from: warmup_cosine.
    """
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warmup_cosine(step, warmup, total))


def run_schedule(model, loss_function, optimizer, scheduler, batches, epochs):
    """Train with a schedule that counts epochs, and return the learning rate that each update was made with.

    batches: a list of pairs (features, labels), all used in every epoch, in order, with an update for each,
    by its own gradient alone: those left from before, too, must not count. loss_function(outputs, labels):
    the loss, shape ().  scheduler: one for the optimizer; its first rate is that of the whole first epoch,
    its second that of the second, and so on; it is stepped after the last epoch, too.  Returns: a list of
    Python floats, one for each update, in order: the rate of the optimizer's first group.

    >>> model = nn.Linear(1, 1); optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    >>> batches = [(torch.ones(2, 1), torch.zeros(2, 1)), (torch.ones(1, 1), torch.zeros(1, 1))]
    >>> run_schedule(model, nn.MSELoss(), optimizer, scheduler, batches, 3)
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]

    In Foundations: descend, with another learning rate from time to time.
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


def accumulated_step(model, loss_function, optimizer, micro_batches):
    """Make one update from several small batches: the one that all their samples together would have made.

    micro_batches: a list of pairs, features (n, D) and labels (n, ...), of uneven n, at least 1.
    loss_function(outputs, labels): the mean loss of these n samples, shape ().  Gradients left from before
    must not count. Each pair goes through the model once and by itself, in order, and its graph is freed by a
    backward pass before the next one goes in.  Returns: the mean loss of all the samples before the update, a
    Python float.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> parts = [(torch.ones(3, 1), torch.ones(3, 1)), (torch.ones(1, 1), torch.full((1, 1), 5.0))]
    >>> accumulated_step(model, nn.MSELoss(), optimizer, parts), model.weight.item()
    (7.0, 4.0)

    Grows from: accumulate.
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
    """Return the loss plus a penalty: `strength` times the sum of the squares of all the model's weights.

    loss: shape (), with a graph.  model: any nn.Module; its weights are the parameters with two dimensions or
    more, whatever their names. Biases and others with fewer stay out, free to be large.  strength: a number.
    Returns: a tensor, shape (), with a graph: backward gives each weight w its gradient of the loss, and
    2 * strength * w in addition. `loss` and the model stay as they are.

    >>> model = nn.Linear(2, 1); model.weight.data = torch.tensor([[3.0, -4.0]])
    >>> loss = penalized_loss(model.bias.sum() * 0, model, 0.5); loss.backward()
    >>> loss.item(), model.weight.grad
    (12.5, tensor([[ 3., -4.]]))

    In Foundations: L2 regularization, which was a formula there.
    """
    return loss + strength * sum(weight.square().sum() for weight in model.parameters() if weight.dim() >= 2)


def read_curves(training_losses, validation_losses):
    """Return the epoch at which to stop, and whether the run overfits after it.

    training_losses, validation_losses: lists of floats, one for each epoch, equally long, at least 1.
    Returns: a tuple of an int and a bool. The epoch, counted from 0, is the one with the lowest validation
    loss, the first of them if several are equal. The run overfits if, at its last epoch, the validation loss
    is higher than at that epoch, and the training loss lower: it learns on, but what it learns is of no use.

    >>> read_curves([3.0, 2.0, 1.0, 0.5], [3.5, 2.5, 2.75, 3.0])
    (1, True)
    >>> read_curves([3.0, 2.0, 4.0], [3.5, 2.5, 4.5])
    (1, False)

    In Foundations: the curves that you looked at; here the numbers answer.
    """
    best = validation_losses.index(min(validation_losses))
    overfits = validation_losses[-1] > validation_losses[best] and training_losses[-1] < training_losses[best]
    return best, overfits
