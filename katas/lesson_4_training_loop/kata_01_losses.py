"""Losses.

A loss turns predictions and targets into the one number that training pushes down. You know the formulas:
here you write them once more by hand, stable for numbers of any size, and then take PyTorch's own, which are
the same formulas with rules about shapes and dtypes. Where these are broken there is often no error, only
another number. Every loss is a tensor of shape (), unless you are asked not to reduce it, float32, on the
device of its inputs, and gradients flow back from it; the inputs stay as they are.
"""

import torch
from torch import nn


def squared_loss(predictions, targets, reduction="mean"):
    """Return the squared differences of predictions and targets, reduced as `reduction` says.

    predictions, targets: float32, of one shape, any number of dimensions.  reduction: "mean", over all the
    numbers; "sum"; or "none": each square stays. Where the two shapes differ, raise a ValueError; its message
    holds both, as (4, 1) or as torch.Size([4, 1]). PyTorch's own mse_loss and MSELoss are not allowed.

    >>> squared_loss(torch.tensor([1.0, 2.0]), torch.tensor([4.0, 3.0]))
    tensor(5.)
    >>> squared_loss(torch.tensor([1.0, 2.0]), torch.tensor([4.0, 3.0]), "none")
    tensor([9., 1.])

    In Foundations: mean_squared_error.
    """
    raise NotImplementedError


def cross_entropy(logits, labels):
    """Return the mean over rows of -log(softmax(row)[label of the row]).

    logits: (N, K), float32: scores of any size, 1000 or -1000 too, where exp alone is inf or 0; N and K at
    least 1.  labels: (N,), int64, from 0 to K - 1.  The gradient that autograd finds is (softmax - one_hot) /
    N. PyTorch's own cross_entropy, nll_loss, softmax and log_softmax, in whatever spelling, are not allowed.

    >>> cross_entropy(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))
    tensor(0.6931)
    >>> cross_entropy(torch.tensor([[1000.0, -1000.0]]), torch.tensor([1]))
    tensor(2000.)

    In Foundations: -log of the right label's share: log of the sum of exp(score), less the label's score.
    """
    raise NotImplementedError


def smoothed_cross_entropy(logits, labels, smoothing):
    """Return the cross-entropy with targets that are less than sure.

    logits: (N, K), float32, of any size.  labels: (N,), int64.  smoothing: a float s from 0 to 1. The target
    of a row is 1 - s at its label, 0 elsewhere, and s / K more at each of the K classes, the label's too.
    Returns: the mean over rows of the sum of target * -log(softmax(row)). Not allowed are the same functions
    as in cross_entropy; your own is.

    >>> logits, labels = torch.tensor([[2.0, 0.0]]), torch.tensor([0])
    >>> smoothed_cross_entropy(logits, labels, 0.0), smoothed_cross_entropy(logits, labels, 0.5)
    (tensor(0.1269), tensor(0.6269))

    Grows from: cross_entropy, whose targets are 1 at the label and 0 elsewhere.
    """
    raise NotImplementedError


def binary_cross_entropy(logits, targets):
    """Return the mean of -t log(p) - (1 - t) log(1 - p), where p is the sigmoid of the logit.

    logits: (N,), float32, of any size.  targets t: (N,), float32, from 0 to 1; N at least 1. Where the shapes
    differ, raise a ValueError. The gradient that autograd finds is (p - t) / N everywhere, at a logit of 0
    too, where abs and clamp have a corner. PyTorch's own binary_cross_entropy and
    binary_cross_entropy_with_logits, in whatever spelling, are not allowed.

    >>> binary_cross_entropy(torch.tensor([1000.0, 1000.0]), torch.tensor([1.0, 0.5]))
    tensor(250.)

    Grows from: cross_entropy: it is that of two classes whose scores are 0 and the logit.
    """
    raise NotImplementedError


def class_loss(logits, labels):
    """Return the mean cross-entropy, from PyTorch's own loss object, which you make and then call.

    logits: (N, K), float32, with labels (N,); or (N, L, K), as for N sequences of L items each, with labels
    (N, L): the last dimension is that of the classes. labels: int64, int32 or uint8, from 0 to K - 1.
    Returns: the mean over all the labels.

    >>> class_loss(torch.tensor([[0.0, 0.0]]), torch.tensor([1], dtype=torch.int32))
    tensor(0.6931)
    >>> class_loss(torch.zeros(4, 5, 2), torch.ones(4, 5, dtype=torch.int64))
    tensor(0.6931)

    Grows from: cross_entropy, which you need not write again from here on.
    """
    raise NotImplementedError


def one_unit_loss(outputs, labels):
    """Return the mean binary cross-entropy of a net that ends in one unit, from one of PyTorch's loss objects.

    outputs: (N, 1), float32, what the last linear layer gave: logits, of any size.  labels: (N,), int64, each
    0 or 1; N at least 1.  Returns: as binary_cross_entropy does for these logits and labels.

    >>> one_unit_loss(torch.tensor([[0.0], [2.0]]), torch.tensor([1, 1]))
    tensor(0.4100)

    Grows from: class_loss, for two classes and a single output.
    """
    raise NotImplementedError


def soft_target_loss(logits, targets):
    """Return the mean over rows of the sum of target * -log(softmax(row)), if the targets are probabilities.

    logits: (N, K), float32, of any size; N and K at least 1.  targets: (N, K), float32.  Where a target is
    below 0, or a row of targets sums to 0.99 or less or to 1.01 or more, raise a ValueError; sums within
    0.001 of 1 are right. PyTorch's own cross-entropy takes such a table too, and checks nothing: you may use
    it for the rest.

    >>> soft_target_loss(torch.tensor([[0.0, 0.0], [4.0, 0.0]]), torch.tensor([[0.5, 0.5], [0.25, 0.75]]))
    tensor(1.8556)

    Grows from: smoothed_cross_entropy, whose targets were a table too.
    """
    raise NotImplementedError
