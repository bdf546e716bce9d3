"""Symptoms.

Eight pieces of training code that run, and go wrong where you can see it: a loss that stays or swings,
infinity and nan, a model that has learned nothing, memory that fills up. You did the same work by hand when
you checked a gradient: find the first number that is not what the formula says. Each docstring shows the code
and what came of it. Write it anew without its fault. What cures the cause counts; what hides the symptom does
not. All that is sound stays as it is, the learning rate too.
"""

import torch
from torch import nn


def flat_loss(model, loss_function, optimizer, features, labels, steps):
    """Repair this training. On the example below it returned [4.0, 4.0, 4.0].

        losses = []
        for _ in range(steps):
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model, loss_function, optimizer: as in train_step; the optimizer may be any of torch.optim. No parameter
    has a gradient yet.  Returns: a list of `steps` floats, the loss before each update. The optimizer is the
    one that updates, with the settings it has.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> flat_loss(model, nn.MSELoss(), optimizer, torch.tensor([[1.0]]), torch.tensor([[2.0]]), 3)
    [4.0, 1.0, 0.25]

    Grows from: train_step.
    """
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def swinging_loss(model, loss_function, optimizer, batches, epochs):
    """Repair this training, whose loss falls and rises again: [4.0, 2.25, 0.39, 0.17, 1.78, 3.73] below.

        losses = []
        for _ in range(epochs):
            for features, labels in batches:
                loss = loss_function(model(features), labels)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
        return losses

    model, loss_function, optimizer: as in train_step; the optimizer may be any of torch.optim. No parameter
    has a gradient yet.  batches: a list of (features, labels).  Returns: a list of floats, the loss of each
    batch before its update, in all epochs. Every batch makes one update, with its own gradient as it is.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.125)
    >>> batches = [(torch.tensor([[1.0]]), torch.tensor([[2.0]]))] * 2
    >>> [round(loss, 2) for loss in swinging_loss(model, nn.MSELoss(), optimizer, batches, 3)]
    [4.0, 2.25, 1.27, 0.71, 0.4, 0.23]

    Grows from: clear.
    """
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def exploding_loss(train, labels, new, steps):
    """Repair this training. On the example below its loss is 500, then 5e14, then 5e26, then inf, then nan.

        line = nn.Linear(train.shape[1], 1, device=train.device)
        nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
        optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
        for _ in range(steps):
            loss = nn.functional.mse_loss(line(train).squeeze(1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            return line(new).squeeze(1)

    train: (N, D), no column of which is constant; labels: (N,); new: (M, D), M at least 0; all float32.
    All stay as they are.  Returns: the predictions for `new`, (M,), as large as labels are, without a graph.
    A learning rate of 0.1 is right for columns in the scale that standardize_by_training gives, deviations
    over N as there: it stays, and so do the start at zeros and the number of steps.

    >>> train, new = torch.tensor([[1000.0], [3000.0]]), torch.tensor([[2000.0], [4000.0]])
    >>> exploding_loss(train, torch.tensor([10.0, 30.0]), new, 1)
    tensor([4., 8.])

    In Foundations: standardize, which came before descend.
    """
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    train, new = (train - mean) / std, (new - mean) / std
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for _ in range(steps):
        loss = nn.functional.mse_loss(line(train).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return line(new).squeeze(1)


def infinite_loss(model, optimizer, features, labels, steps):
    """Repair this training. On the example below it returned [inf, nan, nan].

        losses = []
        for _ in range(steps):
            probabilities = torch.softmax(model(features), dim=1)
            loss = -probabilities.gather(1, labels[:, None]).log().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model: answers (N, D) with logits, (N, K), of any size: 1000 and -1000 too.  optimizer: any of
    torch.optim.  labels: (N,), int64, classes.  Returns: a list of `steps` floats, the mean cross-entropy
    before each update, as large as it is: nothing is cut off or added, neither in the loss nor in the gradient.

    >>> model = nn.Linear(1, 2, bias=False)
    >>> _ = model.load_state_dict({"weight": torch.tensor([[200.0], [0.0]])})
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=40.0)
    >>> infinite_loss(model, optimizer, torch.tensor([[1.0]]), torch.tensor([1]), 3)
    [200.0, 120.0, 40.0]

    Grows from: cross_entropy.
    """
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean(model, optimizer, features, labels, steps):
    """Repair this training. The labels below are twice the features; the model learns to answer 0 to all.

        losses = []
        for _ in range(steps):
            loss = ((model(features) - labels) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    Its losses are [5.0, 4.25, 4.0625], and the weight goes from 1 to 0, not to 2.
    model: answers features, (N, D), with predictions, (N, 1).  labels: (N,), float32, a number for each row,
    N at least 1; they stay as they are.  Returns: a list of `steps` floats, the mean squared error of the N
    rows before each update.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.ones_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> only_the_mean(model, optimizer, torch.tensor([[-1.0], [1.0]]), torch.tensor([-2.0, 2.0]), 3)
    [1.0, 0.25, 0.0625]

    Grows from: squared_errors.
    """
    losses = []
    for _ in range(steps):
        predictions = model(features).squeeze(1)
        loss = ((predictions - labels) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_at_chance(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Repair this training. On images of the ten digits, the model it leaves is right about one in ten.

        for _ in range(epochs):
            features = features[torch.randperm(len(features), generator=generator).to(features.device)]
            labels = labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
            for rows, answers in zip(features.split(batch_size), labels.split(batch_size)):
                loss = loss_function(model(rows), answers)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    features: (N, D).  labels: (N,), int64; label i belongs to row i. Both stay as they are.  generator: on
    the CPU. In every epoch, each row reaches the model once, in an order drawn anew from `generator`, in
    batches of batch_size, the last with what is left; loss_function gets the answers to a batch, and the
    labels of the rows in it.  Returns: None.

    >>> features, labels, met = torch.arange(6.0)[:, None], torch.arange(6), []
    >>> def loss(answers, labels): met.append((answers[:, 0] == labels).tolist()); return answers.mean()
    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.ones_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    >>> accuracy_at_chance(model, loss, optimizer, features, labels, 4, 1, torch.Generator()); met
    [[True, True, True, True], [True, True]]

    Grows from: minibatches.
    """
    for _ in range(epochs):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        features, labels = features[order], labels[order]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size), strict=True):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def weights_that_stay(model, head, learning_rate, features, labels, steps):
    """Repair this training, in which the weights of `head`, the new last layer, never move.

        optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
        model[-1] = head
        losses = []
        for _ in range(steps):
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model: an nn.Sequential.  head: a module: itself, not a copy, it takes the place of the last layer, and is
    trained with all the layers before it. No parameter has a gradient yet.  labels: shaped as the new model's
    answers.  Returns: a list of `steps` floats, the loss before each update. It was 4.0 each time below.

    >>> model = nn.Sequential(nn.Linear(1, 1))
    >>> head = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(head.weight)
    >>> weights_that_stay(model, head, 0.25, torch.tensor([[1.0]]), torch.tensor([[2.0]]), 3)
    [4.0, 1.0, 0.25]

    Grows from: train_step.
    """
    model[-1] = head
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def growing_memory(model, loss_function, optimizer, batches):
    """Repair this training, which needs more memory with every batch, until there is none left.

        total = 0.0
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss
        return total / len(batches)

    batches: a list of (features, labels), at least one.  Returns: a Python float: the mean of the batches'
    losses, each taken before its own update, and each counted alike. While a batch's loss is worked out, no
    graph is left but that of the batch before; at the end, none is.

    >>> model = nn.Linear(1, 1, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
    >>> batches = [(torch.tensor([[1.0]]), torch.tensor([[2.0]]))] * 2
    >>> growing_memory(model, nn.MSELoss(), optimizer, batches)  # was tensor(2.5000, grad_fn=<DivBackward0>)
    2.5

    Grows from: running_mean_loss.
    """
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)
