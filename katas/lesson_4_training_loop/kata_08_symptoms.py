"""Training that goes wrong has symptoms.

Each step is training code that runs and visibly goes wrong.
The loss stays flat or becomes infinite, the model learns nothing, memory
fills up, or two runs differ. The cause is rarely in the line where you see
the symptom. So follow the numbers from the start, and find the first number
that differs from the formula:

    >>> errors = torch.zeros(4) - torch.tensor([1.0, 2.0, 3.0, 6.0])
    >>> (errors.mean() ** 2).item()  # is this the mean squared error?
    9.0
    >>> (errors**2).mean().item()  # by hand: (1 + 4 + 9 + 36) / 4
    12.5

Fix the cause. Code that only hides the symptom does not pass.

Every step: the given code has one fault, and its learning rate is right.
Results are on the device of the inputs. The data is not modified.

Afterwards you can find the line that causes a bad loss curve.
"""

import torch
from torch import nn
from torch.utils.data import DataLoader


def flat_loss(model, loss_function, optimizer, features, labels, steps):
    """Fix this training loop, whose loss stays flat.

    Args:
        model, loss_function: loss_function(model(features), labels)
            returns the loss, shape (). No parameter has a gradient yet.
        optimizer: a torch.optim optimizer for the model's parameters. It
            makes the updates. Do not change its settings.
        features, labels: one batch, which is used for all updates.
        steps: the number of updates, 0 or more.

    Returns:
        A list of Python floats: the loss before each update.

    Symptom: as given, the example returns [4.0, 4.0, 4.0].

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> x, y = torch.tensor([[1.0]]), torch.tensor([[2.0]])
        >>> flat_loss(model, nn.MSELoss(), optimizer, x, y, 3)
        [4.0, 1.0, 0.25]

    Grows from: train_step.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay(model, head, learning_rate, features, labels, steps):
    """Fix this training loop, which never changes the weights of the new head.

    Args:
        model: an nn.Sequential. No parameter has a gradient yet.
        head: a module. Use head itself, not a copy, as the last layer.
        learning_rate: for plain SGD on the head and all layers before it.
        features, labels: one batch. labels have the shape of the outputs.
        steps: the number of updates, 0 or more.

    Returns:
        A list of Python floats: the loss (mean squared error) before each
        update.

    Symptom: as given, the example returns [4.0, 4.0, 4.0].

    Example:
        >>> model = nn.Sequential(nn.Linear(1, 1))
        >>> head = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(head.weight)
        >>> x, y = torch.tensor([[1.0]]), torch.tensor([[2.0]])
        >>> weights_that_stay(model, head, 0.25, x, y, 3)
        [4.0, 1.0, 0.25]

    Grows from: train_step.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
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


def only_the_mean(model, optimizer, features, labels, steps):
    """Fix this training loop, whose model predicts the same for all rows.

    Args:
        model: model(features) returns predictions of shape (N, 1).
        optimizer: as in flat_loss.
        features, labels: float32 tensors (N, D) and (N,), N >= 1.
        steps: the number of updates. Each update uses all rows.

    Returns:
        A list of Python floats: the mean squared error of the N rows
        before each update.

    Symptom: as given, the example returns [5.0, 4.25, 4.0625]. The labels
    are twice the features, but the weight does not approach two.

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.ones_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> x, y = torch.tensor([[-1.0], [1.0]]), torch.tensor([-2.0, 2.0])
        >>> only_the_mean(model, optimizer, x, y, 3)
        [1.0, 0.25, 0.0625]

    Grows from: squared_errors.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for _ in range(steps):
        loss = ((model(features) - labels) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_at_chance(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Fix this training loop, whose model does no better than chance.

    Args:
        features, labels: (N, D) and (N,). Row i belongs to label i.
        batch_size: may be larger than N. The last batch may be smaller.
        generator: on the CPU. Draw a new order from it for each epoch.

    Must:
        - use each row once in each epoch, together with its own label

    Symptom: as given, the example prints [False, True] and [False].

    Example:
        >>> x, y = torch.arange(3.0)[:, None], torch.arange(3)
        >>> w, g = torch.ones(1, requires_grad=True), torch.Generator()
        >>> def loss(outputs, labels):
        ...     print((outputs[:, 0] == labels).tolist())
        ...     return outputs.mean()
        >>> model, sgd = lambda x: w * x, torch.optim.SGD([w], lr=0.0)
        >>> accuracy_at_chance(model, loss, sgd, x, y, 2, 1, g)
        [True, True]
        [True]

    Grows from: minibatches.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    for _ in range(epochs):
        features = features[torch.randperm(len(features), generator=generator).to(features.device)]
        labels = labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size), strict=True):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def infinite_loss(model, optimizer, features, labels, steps):
    """Fix this classifier's training, whose loss is inf and then nan.

    Args:
        model: model(features) returns logits, (N, K), from -1000 to 1000.
        optimizer, steps: as in flat_loss.
        features, labels: one batch. labels are classes, (N,), int64.

    Returns:
        A list of Python floats: the mean cross-entropy before each update.

    Must:
        - limit neither the loss nor the gradient, however large they are

    Symptom: as given, the example returns [inf, nan, nan].

    Example:
        >>> model = nn.Linear(1, 2, bias=False)
        >>> model.weight.data = torch.tensor([[200.0], [0.0]])
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=40.0)
        >>> x, y = torch.tensor([[1.0]]), torch.tensor([1])
        >>> infinite_loss(model, optimizer, x, y, 3)
        [200.0, 120.0, 40.0]

    Grows from: cross_entropy.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for _ in range(steps):
        probabilities = torch.softmax(model(features), dim=1)
        loss = -probabilities.gather(1, labels[:, None]).log().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def growing_memory(model, loss_function, optimizer, batches):
    """Fix this training loop, which needs more memory with every batch.

    Args:
        batches: a non-empty list of (features, labels).

    Returns:
        A Python float: the mean of the batches' losses, each one taken
        before its own update. All batches have the same weight.

    Must:
        - keep the graph of at most one earlier batch in memory when you
          call loss_function, and no graph at the end

    Symptom: the example returns tensor(2.5000, grad_fn=<DivBackward0>).

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(model.weight)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        >>> batches = [(torch.tensor([[1.0]]), torch.tensor([[2.0]]))] * 2
        >>> growing_memory(model, nn.MSELoss(), optimizer, batches)
        2.5

    Grows from: running_mean_loss.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss
    return total / len(batches)


def exploding_loss(train, labels, new, steps):
    """Fix this training loop, whose loss goes to infinity and then to nan.

    Args:
        train, labels: (N, D) and (N,), float32. No column is constant.
        new: the rows to predict for, a float32 tensor (M, D). M may be 0.
        steps: the number of updates.

    Returns:
        A tensor (M,) without a graph: the predictions for `new`.

    Must:
        - keep the start at zeros and the learning rate 0.1, which fits
          columns with mean 0 and standard deviation 1 (divisor N)
        - predict for each row of `new` independently of the others

    Symptom: as given, the example returns tensor([20000004., 40000004.]).

    Example:
        >>> train = torch.tensor([[1000.0], [3000.0]])
        >>> new = torch.tensor([[2000.0], [4000.0]])
        >>> exploding_loss(train, torch.tensor([10.0, 30.0]), new, 1)
        tensor([4., 8.])

    Grows from: standardize_by_training.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
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


def runs_that_differ(make_model, dataset, batch_size, epochs, seed):
    """Fix this training run, which cannot be repeated although it sets a seed.

    Args:
        make_model: make_model() returns a new model in train mode, with
            random parameters and perhaps dropout. Call it once.
        dataset: a non-empty dataset of (features, labels).
        epochs: each epoch uses each sample once, in a new random order.
        seed: an int. Two calls with the same seed return the same losses,
            whatever was drawn before. Different seeds give different runs.

    Returns:
        A list of Python floats: each batch's loss before its update.

    Symptom: as given, the example prints False.

    Example:
        >>> data = [(torch.tensor([1.0]), torch.tensor([2.0]))]
        >>> def run():
        ...     make_model = lambda: nn.Linear(1, 1)
        ...     return runs_that_differ(make_model, data, 1, 2, seed=0)
        >>> run() == run()
        True

    Grows from: loader.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    torch.manual_seed(seed)
    losses = []
    for _ in range(epochs):
        for features, labels in DataLoader(dataset, batch_size, shuffle=True):
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
