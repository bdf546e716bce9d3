"""Silence.

The worst faults raise no error, and no number looks wrong: the loss falls, the accuracy is good, only less
so than it could be, or better than it will ever be again. You have met all these rules; here each of them is
broken in code that runs. In the first six steps the code stands in the docstring, with what it shows: write
it anew without its fault, and let the rest be as it is. The last two are tools that make such code speak.
"""

import copy

import torch
from torch import nn


def class_step(model, optimizer, features, labels):
    """Repair this update, and return the loss before it.

        probabilities = torch.softmax(model(features), dim=1)
        loss = nn.functional.cross_entropy(probabilities, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    What it shows: accuracy 1.00, and every answer is sure. But the loss, which should go to 0, ends at 0.5514
    for 3 classes, and at 1.4612 for 10.

    model: gives scores (N, K) for features, K at least 2.  labels: (N,), int64, the right classes.
    Returns: a Python float, the mean cross-entropy. Scores may be as large as 1000 or as small as -1000: the
    update is still finite.

    >>> model = nn.Linear(1, 3); _ = nn.init.zeros_(model.bias)
    >>> model.weight.data = torch.tensor([[100.0], [0.0], [0.0]])
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> class_step(model, optimizer, torch.ones(2, 1), torch.tensor([0, 0]))
    0.0

    Grows from: cross_entropy.
    """
    loss = nn.functional.cross_entropy(model(features), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def prepare(features, labels, count, generator):
    """Repair this, which makes two parts of the samples, `count` for training and the others for validation.

        features = (features - features.mean(dim=0)) / features.std(dim=0)
        order = torch.randperm(len(features), generator=generator)
        order = order.to(features.device)
        training = features[order[:count]], labels[order[:count]]
        validation = features[count:], labels[count:]
        return training, validation

    What it shows: a large net gets 0.94 of the validation samples right, and of new ones 0.67. There are two
    faults: by each of them, the one part knows something of the other.

    features: (N, D), float32.  labels: (N,), int64.  count: at least 2, less than N.  generator: on the CPU;
    it alone draws which samples go where.  Returns: two pairs (features, labels), scaled in both parts by
    what can be known from training; std(dim=0), with the divisor N - 1, stays here. Any order within a part
    will do. What is given stays as it is.

    >>> x, y = torch.tensor([[1.0], [5.0], [9.0]]), torch.tensor([10, 20, 30])
    >>> training, validation = prepare(x, y, 2, torch.Generator().manual_seed(0))
    >>> sorted(torch.cat([training[1], validation[1]]).tolist()), training[0].sum()
    ([10, 20, 30], tensor(0.))

    Grows from: split and standardize_by_training.
    """
    order = torch.randperm(len(features), generator=generator).to(features.device)
    training, validation = order[:count], order[count:]
    mean, std = features[training].mean(dim=0), features[training].std(dim=0)
    scaled = (features - mean) / std
    return (scaled[training], labels[training]), (scaled[validation], labels[validation])


def keep_best(model, train_epoch, validate, epochs):
    """Repair this, which is to train and to leave the model as it was when its validation loss was lowest.

        best_loss, best = float("inf"), None
        for _ in range(epochs):
            train_epoch(model)
            loss = validate(model)
            if loss < best_loss:
                best_loss, best = loss, model.state_dict()
        model.load_state_dict(best)
        return best_loss

    What it shows: 0.21 is returned, but validate(model) is 0.35 afterwards, as it was after the last epoch.

    train_epoch(model): trains the model in place.  validate(model): a float; one of them is below inf.
    Returns: the lowest, the first of them if several are equal. All parameters and buffers are then as they
    were at that moment; the parameters stay the same objects. Every epoch trains once and validates once.

    >>> model = nn.Linear(1, 1, bias=False); weights, losses = iter([5.0, 6.0, 7.0]), iter([3.0, 1.0, 2.0])
    >>> train_epoch = lambda model: nn.init.constant_(model.weight, next(weights))
    >>> keep_best(model, train_epoch, lambda model: next(losses), 3), model.weight.item()
    (1.0, 6.0)

    Grows from: EarlyStopping, and snapshot of lesson 3.
    """
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


class DropoutNet(nn.Module):
    """Repair this net.

        def __init__(self, body, head):
            super().__init__()
            self.body, self.head = body, head
        def forward(self, x):
            return self.head(nn.functional.dropout(self.body(x), 0.5))
        def validate(self, loss_function, x, labels):
            self.eval()
            with torch.no_grad():
                return loss_function(self(x), labels).item()

    What it shows: for the same samples, validate gives 1.017, then 0.976. There are two faults, each in a
    method of its own; as long as the first is there, the second is not seen.

    body, head: modules, and the only ones with parameters.  forward: half of what the body gives is dropped
    when the net is in training, nothing in eval.  validate: a Python float, the loss in eval, without a
    graph; afterwards the net is in the mode in which it was.

    >>> net = DropoutNet(nn.Identity(), nn.Identity())
    >>> net.validate(nn.MSELoss(), torch.ones(4, 1), torch.ones(4, 1)), net.training
    (0.0, True)

    Grows from: train and eval of lesson 3.
    """

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


def train_clipped(model, loss_function, optimizer, batches, largest):
    """Repair this, which is to make every update by a gradient whose norm is `largest` or less.

        losses = []
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            for parameter in model.parameters():
                nn.utils.clip_grad_norm_(parameter, largest)
            losses.append(loss.item())
        return losses

    What it shows: no .grad is longer than `largest` after any update. But one update moved a weight by 50,
    with learning rate 1 and `largest` 1. There are two faults: what is clipped, and when.
    The norm is that of all gradients together, as one long vector, which keeps its direction; one that is
    short enough stays as it is.  batches: pairs (features, labels).  Returns: the losses before each update.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.constant_(model.weight, 10.0)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    >>> train_clipped(model, nn.MSELoss(), optimizer, [(torch.ones(4, 1), torch.zeros(4, 1))] * 2, 3.0)
    [100.0, 49.0]

    Grows from: clipped_step.
    """
    losses = []
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), largest)
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_on(model, loss_function, make_optimizer, batches, epochs):
    """Repair this training. With plain SGD it does what it should; with momentum or Adam it does not.

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

    What it shows: the weight of the example goes to 0.02, 0.0396, 0.0588; by hand, to 0.02, 0.0576, 0.1103.
    make_optimizer(parameters): a new optimizer of torch.optim.  batches: a list of pairs (features, labels).
    Returns: a list of floats, the loss before each update, all epochs in a row.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> make_optimizer = lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
    >>> _ = train_on(model, nn.MSELoss(), make_optimizer, [(torch.ones(1, 1), torch.ones(1, 1))], 3)
    >>> round(model.weight.item(), 4)
    0.1103

    Grows from: Momentum and fit_epochs.
    """
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def gradient_norms(model, loss_function, features, labels):
    """Return the norm of each parameter's gradient on a batch; the weights and what is in .grad stay.

    loss_function(outputs, labels): the loss, shape ().  Returns: a dict from the name of each of the model's
    parameters, such as "0.weight", to a Python float: the root of the summed squares of its gradient, of this
    batch alone. It is 0.0 for a parameter that has no part in the loss, and for a frozen one. In .grad is
    afterwards what was there before: old numbers, or None. Buffers may move, as in every pass. (Norms of 0.0
    show layers that are dead; norms that shrink from the last layer to the first, a gradient that vanishes.)

    >>> model = nn.Linear(2, 1); _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    >>> gradient_norms(model, nn.MSELoss(), torch.tensor([[3.0, 4.0]]), torch.tensor([[1.0]]))
    {'weight': 10.0, 'bias': 2.0}

    Grows from: update_sizes, and fresh_gradient of lesson 2.
    """
    norms = {name: 0.0 for name, _ in model.named_parameters()}
    free = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    loss = loss_function(model(features), labels)
    gradients = torch.autograd.grad(loss, list(free.values()), allow_unused=True)
    for name, gradient in zip(free, gradients, strict=True):
        if gradient is not None:
            norms[name] = gradient.norm().item()
    return norms


def overfit_one_batch(make_model, loss_function, make_optimizer, features, labels, steps):
    """Train a new model on one batch, again and again, and return its losses.

    make_model(): a new model, on the device of the batch, in the mode in which it is to be trained.
    make_optimizer(parameters): a new optimizer of torch.optim.  loss_function(outputs, labels): the loss,
    shape ().  features, labels: the one batch; it stays as it is.  Returns: a list of `steps` floats, the
    loss before each update; [] for 0 steps. One model and one optimizer are made, and each update is by the
    gradient of the whole batch at that moment. (A sound model learns a few samples by heart: the list goes to
    about 0. One that can't do this is broken, and more data will not help.)

    >>> def make_model():
    ...     model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    ...     return model
    >>> make_optimizer = lambda parameters: torch.optim.SGD(parameters, lr=0.25)
    >>> x, y = torch.tensor([[1.0]]), torch.tensor([[2.0]])
    >>> overfit_one_batch(make_model, nn.MSELoss(), make_optimizer, x, y, 4)
    [4.0, 1.0, 0.25, 0.0625]

    Grows from: train_step.
    """
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
