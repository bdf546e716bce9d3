"""Broadcasting lines up shapes from the right.

A sum, mean or maximum over one dimension removes that dimension, unless
you keep it with size 1. Broadcasting then compares two shapes, from the
right. Two sizes must be equal, or one of them must be 1 or missing:

    >>> x = torch.tensor([[1.0, 3.0], [10.0, 30.0]])
    >>> x - x.mean(dim=1, keepdim=True)  # (2, 2) - (2, 1): row by row
    tensor([[ -1.,   1.],
            [-10.,  10.]])
    >>> x - x.mean(dim=1)  # (2, 2) - (2,): column by column
    tensor([[ -1., -17.],
            [  8.,  10.]])

The second result is wrong if you meant the rows, and PyTorch raises no
error. Many wrong losses come from two shapes that broadcast by accident.

Every step: arguments and results are float32 tensors on one device.
No argument is modified.

Afterwards you can predict what broadcasting does with any two shapes.
"""

import torch


def centre_columns(x):
    """Subtract each column's mean from that column of x.

    Args:
        x: a tensor (N, D), N >= 1.

    Returns:
        A tensor (N, D). Each of its columns has mean 0.

    Example:
        >>> centre_columns(torch.tensor([[1.0, 10.0], [3.0, 50.0]]))
        tensor([[ -1., -20.],
                [  1.,  20.]])

    Foundations: the first half of `foundations.standardize`.
    """
    return x - x.mean(dim=0)


def softmax(scores):
    """Turn each row of scores into probabilities that sum to 1.

    Args:
        scores: a tensor (N, K), N >= 1 and K >= 1. Scores may be far from
            0, for example 1000 or -1000, where exp alone is inf or 0.

    Returns:
        A tensor (N, K): exp(scores[i, j]) / (the sum of exp over row i).

    Must:
        - return no nan and no inf, for scores of any size
        - not use PyTorch's softmax or log_softmax, in any spelling

    Example:
        >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 1000.0]]))
        tensor([[0.5000, 0.5000],
                [0.5000, 0.5000]])

    Foundations: `foundations.softmax`.
    """
    # Subtracting one number from all scores of a row does not change the result. The largest exp is then 1.
    powers = torch.exp(scores - scores.amax(dim=1, keepdim=True))
    return powers / powers.sum(dim=1, keepdim=True)


def squared_errors(predictions, targets):
    """Return the squared error of each pair, and refuse unequal shapes.

    Args:
        predictions, targets: tensors of any shape. Both must have the same
            shape.

    Returns:
        A tensor of this shape, (prediction - target)² for each pair.

    Must:
        - raise a ValueError if the shapes differ, for example (4, 1) and
          (4,), even if PyTorch could broadcast them
        - name both shapes in the message, as (4, 1) or torch.Size([4, 1])

    Example:
        >>> predictions = torch.tensor([1.0, 2.0])
        >>> squared_errors(predictions, torch.tensor([4.0, 2.5]))
        tensor([9.0000, 0.2500])

    Foundations: `foundations.mean_squared_error`, before the mean.
    """
    # Broadcasting would compute (N, N) from (N, 1) and (N,): every prediction against every target.
    if predictions.shape != targets.shape:
        raise ValueError(f"predictions have shape {predictions.shape}, targets {targets.shape}")
    return (predictions - targets) ** 2


def linear(x, weight, bias):
    """Compute the outputs of a linear layer: weighted sums plus a bias.

    Args:
        x: a tensor (N, I), or with more leading dimensions, for example
            (B, L, I). It may be non-contiguous.
        weight: a tensor (O, I), with one row for each output.
        bias: a tensor (O,).

    Returns:
        A tensor (N, O), or (B, L, O): the shape of x except for the last
        size. Entry [n, o] is the dot product of x[n] and weight[o], plus
        bias[o].

    Must:
        - not use torch.nn.functional.linear or torch.nn.Linear

    Example:
        >>> weight = torch.tensor([[3.0, 4.0], [5.0, 6.0]])
        >>> bias = torch.tensor([0.5, 0.0])
        >>> linear(torch.tensor([[1.0, 2.0]]), weight, bias)
        tensor([[11.5000, 17.0000]])

    Foundations: `foundations.predict`, with more than one output.
    """
    return x @ weight.T + bias


def pairwise_distances(left, right):
    """Return the distance from every row of left to every row of right.

    Args:
        left, right: tensors (N, D) and (M, D). N and M may be 0.

    Returns:
        A tensor (N, M). Entry [i, j] is the Euclidean distance from
        left[i] to right[j].

    Must:
        - use no Python loop over rows or columns
        - stay accurate for rows that are close to each other but far from
          the origin. Don't use a² + b² - 2ab.
        - stay accurate for tiny distances. Equal rows have distance 0, so
          don't add an epsilon.
        - not use torch.cdist

    Example:
        >>> left = torch.tensor([[0.0, 0.0]])
        >>> pairwise_distances(left, torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
        tensor([[5., 1.]])

    Foundations: `foundations.pairwise_distances`.
    """
    # (N, 1, D) and (1, M, D) broadcast to (N, M, D): every row meets every row.
    differences = left[:, None, :] - right[None, :, :]
    return differences.square().sum(dim=2).sqrt()


def gram(batch):
    """Return the dot products of all pairs of rows within each item.

    Args:
        batch: a tensor (B, N, D), B items of N rows. B may be 0.

    Returns:
        A tensor (B, N, N). Entry [b, i, j] is the dot product of
        batch[b, i] and batch[b, j].

    Must:
        - use no Python loop over items, rows or columns

    Example:
        >>> gram(torch.tensor([[[1.0, 2.0], [0.0, 3.0]]]))
        tensor([[[5., 6.],
                 [6., 9.]]])

    Foundations: X @ X.T, now for B matrices at once.
    """
    return batch @ batch.transpose(1, 2)
