"""Gradient descent needs only tensors.

In Foundations you fitted a line with NumPy: predict, measure the error,
compute the gradient by hand, and take a step against it. The same formulas
work with tensors. Here they find the minimum of (w - 3)**2, which is at 3:

    >>> w = torch.tensor(0.0)
    >>> for _ in range(3):
    ...     w = w - 0.25 * 2 * (w - 3)  # the derivative is 2 * (w - 3)
    >>> w
    tensor(2.6250)

Your numbers must match those of Foundations. From lesson 2 on, PyTorch
computes the gradient, and you will know what it computes. Not every
mistake raises an error: a wrong loss is still a number.

Every step: tensors are float32 or float64. Results have the dtype and
device of the inputs, and inputs are not modified.

Afterwards you can write gradient descent with tensors alone, and find a
wrong loss even if no error is raised.
"""

import torch


def predict(features, weights, bias):
    """Return the prediction of a line for each row of features.

    Args:
        features: a tensor (N, D), N >= 1.
        weights, bias: tensors of shapes (D,) and ().

    Returns:
        A tensor (N,), even if N is 1. Each entry is the sum of
        weight * feature over the D columns, plus the bias.

    Example:
        >>> features = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        >>> predict(features, torch.tensor([10.0, 1.0]), torch.tensor(0.5))
        tensor([12.5000, 34.5000, 56.5000])

    Foundations: `foundations.predict`. The same line of code works here.
    """
    raise NotImplementedError


def mean_squared_error(predictions, targets):
    """Return the mean squared error of N predictions, without broadcasting.

    Args:
        predictions, targets: tensors (N,), N >= 1.

    Returns:
        A tensor of shape (): the mean of (prediction - target)**2.

    Must:
        - raise a ValueError if the two shapes differ, for example (N, 1)
          and (N,), or (N,) and (1,)
        - not use PyTorch's mse_loss or MSELoss

    Example:
        >>> targets = torch.tensor([1.0, 2.0, 6.0])
        >>> mean_squared_error(torch.tensor([1.0, 2.0, 3.0]), targets)
        tensor(3.)

    Foundations: `foundations.mean_squared_error`, which accepts (N, 1)
    and (N,), and then returns a wrong number.
    """
    raise NotImplementedError


def gradients(features, predictions, targets):
    """Return the gradient of the mean squared error, by the formula.

    Args:
        features: a tensor (N, D), N >= 1.
        predictions, targets: tensors (N,).

    Returns:
        A tuple (weight_gradient, bias_gradient), of shapes (D,) and ().
        With error = prediction - target, weight_gradient is the mean of
        2 * error * feature over all rows, for each column. bias_gradient
        is the mean of 2 * error.

    Must:
        - use no loop over the rows

    Example:
        >>> features = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        >>> predictions = torch.tensor([1.0, 1.0])
        >>> gradients(features, predictions, torch.tensor([0.0, 3.0]))
        (tensor([-5., -6.]), tensor(-1.))

    Foundations: `foundations.gradients`, which you derived on paper.
    """
    raise NotImplementedError


def update(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Return the weights and the bias after one gradient descent update.

    Args:
        weights, weight_gradient: tensors (D,).
        bias, bias_gradient: tensors of shape ().
        learning_rate: a float > 0 that scales both gradients.

    Returns:
        A tuple (weights, bias) of new tensors. They do not share memory
        with the given ones, even if the gradients are 0.

    Example:
        >>> weights, bias = torch.tensor([1.0, 2.0]), torch.tensor(3.0)
        >>> slopes = torch.tensor([10.0, -10.0])
        >>> update(weights, bias, slopes, torch.tensor(2.0), 0.5)
        (tensor([-4.,  7.]), tensor(2.))

    Foundations: the last two lines of the loop in `foundations.descend`.
    """
    raise NotImplementedError


def descend(features, targets, weights, bias, learning_rate, steps):
    """Return all states of gradient descent on the mean squared error.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        weights, bias: tensors of shapes (D,) and (), the start.
        steps: the number of updates, 0 or more.

    Returns:
        A tuple (weights, biases, losses) of tensors (steps + 1, D),
        (steps + 1,) and (steps + 1,). Index i holds the weights, the
        bias and their loss after i updates, and index 0 the start.

    Must:
        - compute both gradients of an update from the same predictions
        - use your formula, not backward(), which lesson 2 is about

    Example:
        >>> x, y = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0])
        >>> w, b = torch.tensor([1.0]), torch.tensor(1.0)
        >>> weights, biases, losses = descend(x, y, w, b, 0.125, 1)
        >>> losses
        tensor([2.0000, 0.6250])

    Foundations: `foundations.descend`, number for number.
    """
    raise NotImplementedError


def compare_lines(features, targets, weights, biases):
    """Fix this comparison of lines, in which the wrong line wins.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        weights, biases: tensors (K, D) and (K,), K >= 1. Row k and entry
            k are the weights and the bias of line k.

    Returns:
        A tensor (K,): the mean squared error of each line.

    Symptom: as given, the example returns [8.0, 4.0], although the first
    line goes through both points, and the second one does not.

    Example:
        >>> x, y = torch.tensor([[-1.0], [1.0]]), torch.tensor([-2.0, 2.0])
        >>> weights, biases = torch.tensor([[2.0], [0.0]]), torch.zeros(2)
        >>> compare_lines(x, y, weights, biases)
        tensor([0., 4.])

    Grows from: predict and mean_squared_error.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for line in range(len(weights)):
        column = weights[line].unsqueeze(1)
        predictions = features @ column + biases[line]
        losses.append(((predictions - targets) ** 2).mean())
    return torch.stack(losses)


def explained(predictions, targets):
    """Return R²: 1 - (mean squared error) / (variance of the targets).

    Args:
        predictions, targets: tensors (N,), N >= 2. The targets are not
            all equal.

    Returns:
        A tensor of shape (). 1 is a perfect fit, 0 is no better than always
        predicting the mean of the targets, and negative is worse. The
        variance is the mean of (target - mean)**2 over all N targets.

    Example:
        >>> targets = torch.tensor([1.0, 2.0, 3.0])
        >>> explained(torch.tensor([1.0, 2.0, 2.0]), targets)
        tensor(0.5000)

    Foundations: targets.var() is the mean squared error of always
    predicting the mean. NumPy's var divides by N.
    """
    raise NotImplementedError


def destandardize(weights, bias, mean, std):
    """Convert a line for standardized features into one for raw features.

    Args:
        weights, bias: tensors of shapes (D,) and (). They describe
            a line for the features (raw - mean) / std.
        mean, std: tensors (D,), the mean and standard deviation of each
            column of the raw features. No entry of std is 0.

    Returns:
        A tuple (weights, bias) of tensors of the same shapes. This line
        makes the same predictions from the raw features.

    Example:
        >>> weights, bias = torch.tensor([6.0]), torch.tensor(1.0)
        >>> mean, std = torch.tensor([10.0]), torch.tensor([2.0])
        >>> destandardize(weights, bias, mean, std)
        (tensor([3.]), tensor(-29.))

    Foundations: `foundations.standardize`, put into the line's formula.
    """
    raise NotImplementedError


def fit(features, targets, learning_rate, steps):
    """Fit a line by gradient descent on standardized features.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 2. No column of
            features is constant.
        steps: the number of updates, 0 or more.

    Returns:
        A tuple (weights, bias), of shapes (D,) and (). The line is for
        raw features. You find it in three parts:
        1. Standardize each column, with the std that divides by N.
        2. Descend on the mean squared error, from zeros.
        3. Convert the last state to raw features.

    Example:
        >>> x, y = torch.tensor([[0.0], [4.0]]), torch.tensor([1.0, 5.0])
        >>> fit(x, y, 0.5, 1)
        (tensor([1.]), tensor(1.))

    Grows from: descend and destandardize.
    """
    raise NotImplementedError
