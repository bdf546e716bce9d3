"""A loss is one number that training makes smaller.

You know the formulas. Here you write them so that they are right for large
scores too. float32 rounds a very small probability to exactly 0:

    >>> scores = torch.tensor([3.0, 203.0])
    >>> scores.softmax(dim=0).log()  # log of a probability rounded to 0
    tensor([-inf, 0.])
    >>> scores.log_softmax(dim=0)  # the same logarithm, without rounding
    tensor([-200.,    0.])

Then you use PyTorch's own losses. They compute the same formulas, but each
loss has rules about shapes and dtypes. If you break a rule, PyTorch often
raises no error: it returns a wrong number, and training gets worse.

Every step: floats are float32. Return a tensor of shape () with a graph, on
the inputs' device, unless the card says otherwise. Inputs are not modified.

Afterwards you can write a loss by hand and choose one of PyTorch's.
"""

import torch
from torch import nn


def squared_loss(predictions, targets, reduction="mean"):
    """Return the squared differences: their mean, their sum or all of them.

    Args:
        predictions, targets: tensors of one shape, with any number of
            dimensions.
        reduction: "mean" (over all elements), "sum" or "none".

    Returns:
        A tensor of shape (). For "none", all squares, in the shape of
        the inputs.

    Must:
        - raise a ValueError if the two shapes differ. Its message
          contains both, written as (4, 1) or as torch.Size([4, 1]).
        - not use PyTorch's mse_loss or MSELoss

    Example:
        >>> p, t = torch.tensor([1.0, 2.0]), torch.tensor([4.0, 3.0])
        >>> squared_loss(p, t)
        tensor(5.)
        >>> squared_loss(p, t, "none")
        tensor([9., 1.])

    Foundations: `foundations.mean_squared_error`.
    """
    raise NotImplementedError


def cross_entropy(logits, labels):
    """Return the mean over the rows of -log(softmax(row)[label]).

    Args:
        logits: (N, K), with N >= 1 and K >= 1. A row has one score for
            each class. Scores may be far from 0: 1000 or -1000.
        labels: (N,), int64, from 0 to K - 1: the right class of a row.

    Must:
        - be accurate for large scores, where exp(score) is inf or 0
        - have the gradient (softmax(row) - one_hot(label)) / N
        - not use PyTorch's cross_entropy, nll_loss, softmax or
          log_softmax, neither functions nor modules

    Example:
        >>> cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
        tensor(0.6931)
        >>> x = torch.tensor([[1000.0, -1000.0]])
        >>> cross_entropy(x, torch.tensor([1]))
        tensor(2000.)

    Foundations: the loss of softmax regression. On paper, one row's
    loss is log(sum(exp(row))) - row[label].
    """
    raise NotImplementedError


def class_loss(logits, labels):
    """Return the mean cross-entropy over all labels, with PyTorch's loss.

    Args:
        logits: (N, K), or (N, L, K) for N sequences of L items each.
            The last dimension has one score for each class. Logits may
            be non-contiguous.
        labels: (N,) or (N, L), from 0 to K - 1. The dtype is int64,
            int32 or uint8.

    Example:
        >>> class_loss(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
        tensor(0.6931)
        >>> logits = torch.tensor([[[0.0, 2.0], [0.0, 2.0]]])
        >>> class_loss(logits, torch.tensor([[1, 1]]))
        tensor(0.1269)

    Grows from: cross_entropy. You need not write it again:
    nn.CrossEntropyLoss computes the same.
    """
    raise NotImplementedError


def one_unit_loss(outputs, labels):
    """Return the binary cross-entropy of a net that ends in one unit.

    Args:
        outputs: (N, 1), N >= 1: what the last linear layer returns, no
            sigmoid yet. Outputs are from -1000 to 1000.
        labels: (N,), int64, each 0 or 1.

    Returns:
        A tensor of shape (): the mean over the rows of -log(p) if the
        label is 1, and of -log(1 - p) if it is 0. Here p is the sigmoid
        of the output, the probability of label 1.

    Example:
        >>> outputs = torch.tensor([[0.0], [2.0]])
        >>> one_unit_loss(outputs, torch.tensor([1, 1]))
        tensor(0.4100)

    Grows from: class_loss. For one unit, PyTorch has another loss.
    """
    raise NotImplementedError


def smoothed_cross_entropy(logits, labels, smoothing):
    """Return the cross-entropy with label smoothing.

    Args:
        logits: (N, K). Scores may be far from 0: 1000 or -1000.
        labels: (N,), int64, from 0 to K - 1.
        smoothing: a float s, 0 <= s <= 1, spread over all classes.

    Returns:
        A tensor of shape (): the mean over the rows of
        sum(target * -log(softmax(row))). The target is s / K at every
        class, plus 1 - s at the label.

    Must:
        - not use PyTorch's cross_entropy, nll_loss, softmax or
          log_softmax. Your own cross_entropy is allowed.

    Example:
        >>> logits, labels = torch.tensor([[2.0, 0.0]]), torch.tensor([0])
        >>> smoothed_cross_entropy(logits, labels, 0.0)
        tensor(0.1269)
        >>> smoothed_cross_entropy(logits, labels, 0.5)
        tensor(0.6269)

    Grows from: cross_entropy. Its target is 1 at the label, 0 elsewhere.
    """
    raise NotImplementedError


def binary_cross_entropy(logits, targets):
    """Return the mean of -t * log(p) - (1 - t) * log(1 - p).

    Args:
        logits: (N,), N >= 1. p is the sigmoid of a logit. Logits are
            from -1000 to 1000.
        targets: (N,): the t of the formula, 0 <= t <= 1.

    Must:
        - be accurate for large logits, where p is rounded to 0 or 1
        - raise a ValueError if the two shapes differ
        - have the gradient (p - t) / N, even at a logit of 0, where abs
          and clamp have a corner
        - not use PyTorch's binary_cross_entropy, neither with logits
          nor without, neither functions nor modules

    Example:
        >>> targets = torch.tensor([1.0, 0.5])
        >>> binary_cross_entropy(torch.tensor([1000.0, 1000.0]), targets)
        tensor(250.)

    Grows from: one_unit_loss. PyTorch's loss has this formula inside.
    """
    raise NotImplementedError


def padded_loss(logits, labels, padding):
    """Return the mean cross-entropy over the labels that are not padding.

    Args:
        logits: (N, L, K): N sequences of L items, scores for K classes.
        labels: (N, L), int64. Items with the label `padding` make short
            sequences longer. The other labels are from 0 to K - 1, and
            there is at least one of these.
        padding: an int, for example -100. If it is from 0 to K - 1,
            labels of that class do not count.

    Must:
        - give every other label the same weight, even in sequences of
          different lengths
        - give the logits of padded items a gradient of 0

    Example:
        >>> labels = torch.tensor([[0, 1, 1], [1, -1, -1]])
        >>> padded_loss(torch.zeros(2, 3, 2), labels, -1)
        tensor(0.6931)

    Grows from: class_loss, which counts every label.
    """
    raise NotImplementedError
