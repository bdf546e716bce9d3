"""Capstone: linear regression.

In Foundations you fitted a line with NumPy: predict, measure the error, work out the gradient by hand, step
downhill. Here you do it again with tensors only, and it must follow the NumPy course number for number. Every result
has the dtype of what it is made from, and lives on its device.
"""

import torch


def predict(features, weights, bias):
    """Return the line's answer for each row: the row's numbers, each times its weight, summed, plus the bias.

    features: (N, D).  weights: (D,).  bias: shape ().  Returns: (N,), also where N is 1. The inputs stay as they are.

    >>> features = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> predict(features, torch.tensor([10.0, 1.0]), torch.tensor(0.5))
    tensor([12.5000, 34.5000, 56.5000])

    In Foundations: predict; the line of NumPy reads the same here.
    """
    raise NotImplementedError


def mean_squared_error(predictions, targets):
    """Return the mean of the squared differences; raise ValueError where the two shapes differ.

    predictions, targets: (N,).  Returns: shape (). Nothing is broadcast: (N, 1) against (N,) is refused too. Work
    it out yourself, without the losses in torch.nn. The inputs stay as they are.

    >>> mean_squared_error(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 6.0]))
    tensor(3.)

    In Foundations: mean_squared_error, where (N, 1) against (N,) passed in silence.
    """
    raise NotImplementedError


def explained(predictions, targets):
    """Return which share of the targets' variance the predictions explain: 1 - mean squared error / variance.

    predictions, targets: (N,), float; the targets are not all alike.  Returns: shape (). 1 says that nothing is
    missed, and 0 that guessing the targets' mean every time would do as well; below 0 it would do better. The
    inputs stay as they are.

    >>> explained(torch.tensor([1.0, 2.0, 2.0]), torch.tensor([1.0, 2.0, 3.0]))
    tensor(0.5000)

    In Foundations: targets.var() is the mean squared error of always guessing the mean. A loss of 3 is much or
    little only beside it.
    """
    raise NotImplementedError


def gradients(features, predictions, targets):
    """Return the gradient of the mean squared error, for the weights and for the bias, by the formula.

    With error = prediction - target: the mean over the rows of 2 * error * feature, and that of 2 * error.

    features: (N, D).  predictions, targets: (N,).  Returns: a tuple of (D,) and shape (). No loop over the rows.

    >>> features = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> gradients(features, torch.tensor([1.0, 1.0]), torch.tensor([0.0, 3.0]))
    (tensor([-5., -6.]), tensor(-1.))

    In Foundations: gradients, which you worked out on paper.
    """
    raise NotImplementedError


def update(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Return new weights and a new bias, one step downhill. The tensors given stay as they are.

    weights, weight_gradient: (D,).  bias, bias_gradient: shape ().  learning_rate: a Python float.
    Returns: a tuple of (D,) and shape (), with memory of their own.

    >>> update(torch.tensor([1.0, 2.0]), torch.tensor(3.0), torch.tensor([10.0, -10.0]), torch.tensor(2.0), 0.1)
    (tensor([0., 3.]), tensor(2.8000))

    In Foundations: the two lines that end each turn of descend.
    """
    raise NotImplementedError


def descend(features, targets, weights, bias, learning_rate, steps):
    """Return the weights, the bias and the loss of every step of gradient descent on the mean squared error.

    features: (N, D).  targets: (N,).  weights: (D,).  bias: shape ().  Returns: a tuple of (steps + 1, D),
    (steps + 1,) and (steps + 1,), each from the first state on. Weights and bias step together, from the same
    predictions, by your own formula and not backward(). The inputs stay as they are.

    >>> features, targets = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0])
    >>> descend(features, targets, torch.tensor([1.0]), torch.tensor(1.0), 0.1, 1)
    (tensor([[1.0000],
            [1.6000]]), tensor([1.0000, 1.2000]), tensor([2.0000, 0.3200]))

    In Foundations: descend; every number must come out again.
    """
    raise NotImplementedError


def destandardize(weights, bias, mean, std):
    """Return the weights and the bias for raw features that predict what these do for standardized ones.

    weights, bias: (D,) and shape (), found on (features - mean) / std.  mean, std: (D,), no std is 0.
    Returns: a tuple of (D,) and shape (). The inputs stay as they are.

    >>> destandardize(torch.tensor([6.0]), torch.tensor(1.0), torch.tensor([10.0]), torch.tensor([2.0]))
    (tensor([3.]), tensor(-29.))

    In Foundations: standardize; here you multiply w * (x - mean) / std out, and sort by what stands before x.
    """
    raise NotImplementedError


def fit(features, targets, learning_rate, steps):
    """Return the weights and the bias, for the RAW features, that gradient descent on standardized ones finds.

    Standardize the columns (with the std that divides by N), start from zeros, take `steps` steps of gradient
    descent on the mean squared error, and express the last state for the raw features.

    features: (N, D), no column constant.  targets: (N,).  Returns: (D,) and shape (). The inputs stay as they are.

    >>> weights, bias = fit(torch.tensor([[100.0], [200.0], [300.0]]), torch.tensor([3.0, 5.0, 7.0]), 0.5, 1)
    >>> weights, bias.round(decimals=3)
    (tensor([0.0200]), tensor(1.))

    Grows from: descend and destandardize. In Foundations: standardize.
    """
    raise NotImplementedError
