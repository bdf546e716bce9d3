"""Measure a model without changing it.

The loss is what training lowers. You measure how good a model is on other
data, in eval mode and without recording. A measurement must leave no
trace. Every module has its own mode, and train() overwrites them all:

    >>> model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    >>> _ = model[1].eval()  # this layer is frozen
    >>> _ = model.eval()
    >>> _ = model.train()
    >>> model[1].training  # now it is no longer frozen
    True

No error warns you. The same is true if an accuracy compares the shapes
(N, 1) and (N,), or if a mean ignores the sizes of the batches.

Every step: results are on the device of the inputs, and no step modifies
its inputs. Labels are int64.

Afterwards you can evaluate a model in the middle of its training, and
stop the training at the right moment.
"""

import copy
import math

import torch
from torch import nn  # noqa: F401 - the examples use it


def accuracy(logits, labels):
    """Return the fraction of samples whose largest logit is at the label.

    Args:
        logits: shape (N, K), N >= 1: one row for each sample, and one
            column for each class. The values may have any size or sign.
        labels: shape (N,), from 0 to K - 1.

    Returns:
        A float from 0.0 to 1.0. If several logits of a row are equally
        large, only the first of them counts as the largest.

    Example:
        >>> logits = torch.tensor([[0.1, 2.0], [3.0, -1.0]])
        >>> accuracy(logits, torch.tensor([1, 1]))
        0.5

    Foundations: right predictions divided by all predictions.
    """
    return (logits.argmax(dim=1) == labels).float().mean().item()


def evaluate_model(model, loss_function, batches):
    """Return the model's mean loss and accuracy over all samples.

    Args:
        model: returns logits (N, K). Modules inside may be in any mode.
        loss_function: returns the mean loss of a batch, shape ().
        batches: an iterable of (features, labels) with different sizes.
            Read it only once.

    Returns:
        A tuple (loss, accuracy) of floats. All samples have equal weight.

    Must:
        - have every module in eval mode during the calls
        - restore the mode of each module, even if the model raises an
          error, and pass that error on
        - record no graph
        - not change weights, buffers, gradients or the grad mode

    Example:
        >>> x, y = 100 * torch.eye(2), torch.tensor([0, 0])
        >>> evaluate_model(nn.Identity(), nn.CrossEntropyLoss(), [(x, y)])
        (50.0, 0.5)

    Grows from: `predict` in lesson 3, which restores all modes.
    """
    modes = {module: module.training for module in model.modules()}
    loss, right, samples = 0.0, 0, 0
    model.eval()
    try:
        with torch.no_grad():
            for features, labels in batches:
                logits = model(features)
                loss += loss_function(logits, labels).item() * len(labels)
                right += (logits.argmax(dim=1) == labels).sum().item()
                samples += len(labels)
    finally:
        for module, training in modes.items():
            module.training = training
    return loss / samples, right / samples


def confusion_matrix(predicted, labels, classes):
    """Count how often each class was predicted for each label.

    Args:
        predicted, labels: shape (N,), int64, from 0 to classes - 1. Some
            classes may not occur, and N may be 0.
        classes: the number of classes.

    Returns:
        A tensor (classes, classes) of int64. Entry [i, j] is the number
        of samples with label i for which class j was predicted.

    Must:
        - not loop over the samples

    Example:
        >>> predicted = torch.tensor([0, 2, 2, 2])
        >>> confusion_matrix(predicted, torch.tensor([0, 2, 2, 1]), 3)
        tensor([[1, 0, 0],
                [0, 0, 1],
                [0, 0, 2]])

    Grows from: `accuracy`, the sum of the diagonal divided by N.
    """
    counts = torch.bincount(labels * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes)


class EarlyStopping:
    """An object that says when to stop, and keeps the best weights.

    Args:
        patience: the number of failed updates in a row, at least 1,
            after which to stop.

    Attributes:
        best_loss: a float, the lowest loss so far, inf at first.

    Methods:
        update(model, validation_loss): the loss is a float or a tensor
            of shape (). A loss below best_loss becomes best_loss, and
            the model's parameters and buffers are kept, as state_dict()
            has them. An update with any other loss is a failed update.
            Returns True if each of the last `patience` updates has
            failed, and False otherwise.
        restore(model): puts the kept values into the model. Called only
            after a loss below inf, perhaps several times. Returns None.

    Must:
        - not change the model in update
        - keep the same parameter objects in restore
        - count a loss of nan, or one equal to best_loss, as failed

    Example:
        >>> model, stopping = nn.Linear(1, 1), EarlyStopping(patience=2)
        >>> [stopping.update(model, loss) for loss in (3.0, 1.0, 2.0, 4.0)]
        [False, False, False, True]

    Grows from: `snapshot` in lesson 3, taken at the lowest loss.
    """

    def __init__(self, patience):
        self.patience = patience
        self.best_loss = math.inf
        self.best_state = None
        self.waited = 0

    def update(self, model, validation_loss):
        self.waited += 1
        if validation_loss < self.best_loss:
            self.best_loss = float(validation_loss)
            # A state_dict holds the model's own tensors, which training goes on to change.
            self.best_state = copy.deepcopy(model.state_dict())
            self.waited = 0
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.best_state)


def binary_accuracy(outputs, labels):
    """Return the fraction of right predictions of a model with one output.

    Args:
        outputs: logits, shape (N, 1) or (N,), N >= 1. The probability of
            class 1 is sigmoid(logit). Class 1 is predicted if this
            probability is above 0.5.
        labels: shape (N,), 0 or 1.

    Returns:
        A float from 0.0 to 1.0.

    Example:
        >>> outputs = torch.tensor([[0.2], [-3.0], [5.0], [-1.0]])
        >>> binary_accuracy(outputs, torch.tensor([1, 1, 1, 0]))
        0.75

    Grows from: `accuracy`. A single output has no largest logit.
    """
    predicted = outputs.reshape(-1) > 0
    return (predicted == labels).float().mean().item()


def misclassified(model, features, labels, most):
    """Return the indices of wrong predictions, the surest ones first.

    Args:
        model: a module in eval mode that returns logits (N, K).
        features, labels: N samples and their labels. N may be 0.
        most: the largest number of indices to return, at least 1.

    Returns:
        A tensor (M,) of int64 with indices from 0 to N - 1. M is `most`,
        or smaller if fewer predictions are wrong.

    Must:
        - sort by the probability of the predicted class, largest first.
          Equal probabilities may come in any order.
        - record no graph

    Example:
        >>> logits = torch.tensor([[0.0, 2.0], [9.0, 0.0], [0.0, 7.0]])
        >>> misclassified(nn.Identity(), logits, torch.tensor([0, 0, 0]), 5)
        tensor([2, 0])

    Grows from: `accuracy`, and softmax in lesson 1.
    """
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    order = surest[wrong].argsort(descending=True)
    return wrong[order[:most]]


def undisturbed(evaluate):
    """Return evaluate(), and leave the global generator unchanged.

    Args:
        evaluate: a function without arguments. It may draw random
            numbers on the CPU, as every loop over a DataLoader does.

    Returns:
        What evaluate returns.

    Must:
        - restore the state of the global generator afterwards, even if
          evaluate raises an error, and pass that error on
        - call evaluate once, and let it draw the same numbers as it would
          without this function

    Example:
        >>> number = undisturbed(lambda: torch.rand(1))
        >>> torch.equal(number, torch.rand(1))
        True

    Grows from: `evaluate_model`, which restores the modes.
    """
    before = torch.get_rng_state()
    try:
        return evaluate()
    finally:
        torch.set_rng_state(before)
