"""The worst faults are silent.

They raise no error, and no number looks wrong. The loss falls and the
accuracy is good, but the model is worse than it seems or than it could be.
Only a number that you know beforehand shows such a fault. For example, a
model that knows nothing about 10 classes must begin near this loss:

    >>> loss_function = nn.functional.cross_entropy
    >>> loss_function(torch.zeros(1, 10), torch.tensor([3]))
    tensor(2.3026)
    >>> torch.log(torch.tensor(10.0))
    tensor(2.3026)

All steps but the last are code to fix. The last step is a tool that makes
silent faults visible.

Every step: code to fix has one fault unless the card says two. Results are
on the device of the inputs. Features and labels are not modified.

Afterwards you can find a fault that no error and no loss curve shows.
"""

import copy

import torch
from torch import nn


def prepare(features, labels, count, generator):
    """Fix this split into training and validation. It has two faults.

    Args:
        features, labels: (N, D), float32, and (N,), int64. N > count >= 2.
        generator: on the CPU. It alone decides which samples go where.

    Returns:
        Two tuples (features, labels): `count` training rows, then the rest.

    Must:
        - scale both sets by the same numbers, so that each column of the
          training features has the mean 0 and the torch.std 1

    Symptom: as given, the example shows [1, 2, 2] and 1.0.

    Example:
        >>> x, y = torch.tensor([[1.0], [5.0], [9.0]]), torch.arange(3)
        >>> train, val = prepare(x, y, 2, torch.Generator().manual_seed(1))
        >>> sorted(train[1].tolist() + val[1].tolist())
        [0, 1, 2]
        >>> train[0].sum().item()
        0.0

    Grows from: split and standardize_by_training.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    features = (features - features.mean(dim=0)) / features.std(dim=0)
    order = torch.randperm(len(features), generator=generator)
    order = order.to(features.device)
    training = features[order[:count]], labels[order[:count]]
    validation = features[count:], labels[count:]
    return training, validation


def keep_best(model, train_epoch, validate, epochs):
    """Fix this training loop, which must leave the model at its best epoch.

    Args:
        train_epoch, validate: in each epoch, call train_epoch(model) and
            then loss = validate(model). Some losses may be nan, not all.

    Returns:
        The lowest loss. If several epochs have it, the first one counts.

    Must:
        - at the end only, restore the best epoch's parameters and buffers
        - keep the same Parameter objects: an optimizer may hold them

    Symptom: as given, the example ends with 4.0.

    Example:
        >>> model, losses = nn.BatchNorm1d(1), iter([3.0, 1.0, 2.0])
        >>> train = lambda model: model.weight.data.add_(1.0)  # from 1.0
        >>> keep_best(model, train, lambda model: next(losses), 3)
        1.0
        >>> model.weight.item()
        3.0

    Grows from: EarlyStopping and snapshot.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, model.state_dict()
    model.load_state_dict(best)
    return best_loss


class DropoutNet(nn.Module):
    """A net with dropout between a body and a head. Fix its two faults.

    Args:
        body, head: modules. Only they have parameters.

    Methods:
        forward(x): body, dropout, head. In train mode, each element of
            the body's output becomes 0 with the probability 0.5, and is
            doubled otherwise. In eval mode nothing is dropped.
        validate(loss_function, x, labels): compute
            loss_function(self(x), labels) once, in eval mode and without
            a graph, and return it as a Python float. After that, the net
            has the mode that it had before.

    Symptom: as given, the example shows 1.0 and False.

    Example:
        >>> net = DropoutNet(nn.Identity(), nn.Identity())
        >>> x = torch.ones(4, 1)
        >>> net.validate(nn.MSELoss(), x, x)
        0.0
        >>> net.training
        True

    Grows from: Dropout and modes of lesson 3.
    """

    # Fix the code below. Unchanged code counts as raise NotImplementedError.

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x), 0.5))

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            return loss_function(self(x), labels).item()


def class_step(model, optimizer, features, labels):
    """Fix this update, whose loss stays large even if every answer is right.

    Args:
        model: model(features) returns scores, (N, K), K >= 2, from -1000
            to 1000.
        optimizer: a torch.optim optimizer for the model's parameters. An
            old gradient in .grad must not affect the update.
        features, labels: one batch. labels are classes, (N,), int64.

    Returns:
        A Python float: the mean cross-entropy before the update.

    Symptom: as given, the example returns 0.5514.

    Example:
        >>> model = nn.Linear(1, 3)
        >>> _ = nn.init.zeros_(model.bias)
        >>> model.weight.data = torch.tensor([[100.0], [0.0], [0.0]])
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> x, y = torch.ones(2, 1), torch.tensor([0, 0])
        >>> class_step(model, optimizer, x, y)
        0.0

    Grows from: cross_entropy.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    probabilities = torch.softmax(model(features), dim=1)
    loss = nn.functional.cross_entropy(probabilities, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def padded_mean(scores, labels, padding):
    """Fix this loss of padded sequences, which is too small.

    Args:
        scores: a float32 tensor (N, L, K): N sequences, each of L
            positions, with K scores for each position.
        labels: classes, (N, L), int64. Each sequence has at least one
            real label. Only `padding` follows its last real label.
        padding: a class from 0 to K - 1 that is never a real label.

    Returns:
        A tensor of shape (), with its graph: the mean cross-entropy of
        all real labels in the batch.

    Symptom: as given, the example returns tensor(0.3466), and the loss
    gets smaller still if more padding follows.

    Example:
        >>> scores = torch.tensor([[[0.0, 0.0], [100.0, 0.0]]])
        >>> padded_mean(scores, torch.tensor([[1, 0]]), 0)
        tensor(0.6931)

    Grows from: cross_entropy and pad.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = nn.functional.cross_entropy(scores.transpose(1, 2), labels, reduction="none")
    return losses.masked_fill(labels == padding, 0.0).mean()


def train_on(model, loss_function, make_optimizer, batches, epochs):
    """Fix this training loop, which goes wrong with momentum and with Adam.

    Args:
        make_optimizer: make_optimizer(parameters) returns an optimizer.
        batches: a list of (features, labels). Make one update with each
            batch in each epoch. A gradient from before the call must not
            affect the result.

    Returns:
        A list of Python floats: the loss before each update, in order.

    Symptom: as given, the example shows 0.0588.

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> SGD, loss_function = torch.optim.SGD, nn.MSELoss()
        >>> sgd = lambda parameters: SGD(parameters, lr=0.01, momentum=0.9)
        >>> batches = [(torch.ones(1, 1), torch.ones(1, 1))]
        >>> _ = train_on(model, loss_function, sgd, batches, 3)
        >>> round(model.weight.item(), 4)
        0.1103

    Grows from: Momentum and fit_epochs.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for _ in range(epochs):
        optimizer = make_optimizer(model.parameters())
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def gradient_norms(model, loss_function, features, labels):
    """Return the norm of each parameter's gradient on one batch.

    Args:
        model: an nn.Module. Some of its parameters may be frozen or have
            no effect on the loss. Any .grad may be None or hold an old
            gradient.

    Returns:
        A dict from each parameter's name to a Python float: the norm of
        this batch's gradient, or 0.0 if there is none.

    Must:
        - leave every parameter, every .grad and requires_grad unchanged

    Example:
        >>> model = nn.Linear(2, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> x, y = torch.tensor([[3.0, 4.0]]), torch.tensor([[1.0]])
        >>> norms = gradient_norms(model, nn.MSELoss(), x, y)
        >>> norms["weight"], norms["bias"]
        (10.0, 2.0)

    Grows from: fresh_gradient of lesson 2.
    """
    raise NotImplementedError
