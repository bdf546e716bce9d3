"""Look at the test data only once, when all choices are made.

Divide the data into three parts. The model learns from the training part.
You compare models, sizes and learning rates on the validation part. But
this choice favors models that were only lucky. Here 100 models guess:

    >>> g = torch.Generator().manual_seed(0)
    >>> guesses = torch.randint(10, (100, 50), generator=g)
    >>> labels = torch.randint(10, (50,), generator=g)
    >>> (guesses == labels).float().mean(dim=1).max()
    tensor(0.2400)

The best of them seems to read 24% of 50 images, and on new images it will
read 10%. The test part shows how good the chosen model really is.

The 1,797 images of this kata are real digits, written by 13 people. A
small net reads more than 95% of new ones, after seconds of training.

Every step: labels are int64, and no step modifies its images or labels.

Afterwards you can go from raw arrays to an honest test accuracy.
"""

import torch
import torch.nn.functional as F
from torch import nn


def prepare_digits(images, labels, generator):
    """Divide images and labels at random into three parts, as tensors.

    Args:
        images: a NumPy array (N, 8, 8) of float64, from 0 to 16.
        labels: a NumPy array (N,).
        generator: a torch.Generator on the CPU. All randomness comes
            from it, and all splits are equally likely.

    Returns:
        Three tuples (inputs, labels) of CPU tensors, in a tuple
        (training, validation, test). inputs is float32, (M, 64): the
        pixels of each image, row by row, divided by 16.

    Must:
        - put each image into one part, with its label in the same place
        - put N // 5 images into validation and N // 5 into test

    Example:
        >>> from katas import digits
        >>> parts = prepare_digits(*digits.load(), torch.Generator())
        >>> [len(inputs) for inputs, _ in parts]
        [1079, 359, 359]

    Grows from: `split`, and `from_numpy` in lesson 1.
    """
    inputs = torch.from_numpy(images).reshape(len(images), 64).to(torch.float32) / 16
    targets = torch.from_numpy(labels)
    order, fifth = torch.randperm(len(images), generator=generator), len(images) // 5
    parts = order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth]
    return tuple((inputs[rows], targets[rows]) for rows in parts)


@torch.no_grad()
def _accuracy(model, inputs, labels):
    return (model(inputs).argmax(dim=1) == labels).float().mean().item()


def choose_and_test(models, validation, test):
    """Choose the best model by validation accuracy, and test only that one.

    Args:
        models: a list of one or more modules in eval mode. Each returns
            logits (N, K) for inputs (N, D).
        validation, test: tuples (inputs, labels), with N >= 1.

    Returns:
        A tuple (index, validation_accuracy, test_accuracy) of an int
        and two floats. models[index] is the most accurate model on the
        validation part, the first one if several are equally accurate.

    Must:
        - show the test inputs to no other model, and only once
        - record no graph

    Example:
        >>> models = [nn.Identity(), nn.Softmin(dim=1)]
        >>> one = torch.tensor([[1.0, 2.0]]), torch.tensor([0])
        >>> two = torch.tensor([[2.0, 1.0]]), torch.tensor([0])
        >>> choose_and_test(models, one, two)
        (1, 1.0, 0.0)

    Grows from: `accuracy`, and the parts of `prepare_digits`.
    """
    found = [_accuracy(model, *validation) for model in models]
    index = found.index(max(found))
    return index, found[index], _accuracy(models[index], *test)


class DigitNet(nn.Module):
    """A net with one hidden layer and ten logits, one for each digit.

    Attributes:
        hidden: an nn.Linear from 64 to `hidden_features`.
        output: an nn.Linear from `hidden_features` to 10.

    Methods:
        forward(inputs): applies hidden, relu and output to inputs of
            shape (N, 64). Returns the logits, shape (N, 10).

    Must:
        - leave the parameters as nn.Linear initializes them
        - have no other parameters or buffers

    Example:
        >>> net = DigitNet(32)
        >>> list(net.state_dict())
        ['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias']
        >>> net(torch.zeros(5, 64)).shape
        torch.Size([5, 10])

    Grows from: `TwoLayerNet` in lesson 3, which has one output and tanh.
    """

    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.hidden(inputs)))


def train_digits(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Train on shuffled batches and return the mean loss of each epoch.

    Args:
        model: returns logits, shape (N, K). Put it into train mode.
        generator: a torch.Generator on the CPU, for all randomness.

    Returns:
        A list of `epochs` floats: the mean cross-entropy of all images,
        each batch's loss taken before its own update.

    Must:
        - make one update for each batch, on its mean cross-entropy
        - use each image once per epoch, in a new order each time
        - use the remaining images in a smaller last batch

    Example:
        >>> x, y = torch.zeros(4, 1), torch.tensor([1, 1, 1, 1])
        >>> model, g = nn.Linear(1, 2), torch.Generator()
        >>> _ = nn.init.zeros_(model.bias)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=2.0)
        >>> torch.tensor(train_digits(model, optimizer, x, y, 2, 4, g))
        tensor([0.6931, 0.1269])

    Grows from: `fit_epochs` and `minibatches`.
    """
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(inputs), generator=generator).to(inputs.device).split(batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(inputs))
    return losses


def recognize(images, labels, epochs, device, generator):
    """Prepare the digits, train a DigitNet, and measure it twice.

    Args:
        images, labels: arrays as from digits.load(), or a part of them.
        device: the device on which the model is trained and returned.
        generator: on the CPU, for the split and the order.

    Returns:
        A tuple (model, history, accuracies): the model after the last or
        the best epoch, and two dicts. history["train"] has the losses of
        train_digits, and history["validation"] the loss after each epoch.
        accuracies has two floats for this model, "validation" and "test".

    Must:
        - reach a test accuracy of 0.95 with all images and 30 epochs
        - show each test image to the model once, after the last update
        - make one torch.optim optimizer; train only on the training part

    Example:
        >>> from katas.digits import load
        >>> sorted(recognize(*load(), 1, "cpu", torch.Generator())[2])
        ['test', 'validation']

    Grows from: all steps of this kata. Choose sizes, optimizer and rate.
    """
    parts = prepare_digits(images, labels, generator)
    training, validation, test = ([each.to(device) for each in part] for part in parts)
    model = DigitNet(128).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += train_digits(model, optimizer, *training, 1, 64, generator)
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
    accuracies = {"validation": _accuracy(model, *validation), "test": _accuracy(model, *test)}
    return model, history, accuracies
