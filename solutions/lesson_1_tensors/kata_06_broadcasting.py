"""Broadcasting and reducing.

A sum, a mean or a maximum along a dimension makes that dimension disappear, and broadcasting lines up what is
left from the right. Both are as in NumPy, and so is the danger: along the wrong dimension there is often no
error, only other numbers. Every step answers in float32, on the device of its inputs, and leaves the inputs alone.
"""

import torch


def centre_columns(x):
    """Return `x` with each column's own mean taken from it, so that every column has mean 0.

    x: (N, D), float32, N at least 1.  Returns: as `x`, a new tensor; `x` stays as it is.

    >>> centre_columns(torch.tensor([[1.0, 10.0], [3.0, 50.0]]))
    tensor([[ -1., -20.],
            [  1.,  20.]])

    In Foundations: the first half of standardize.
    """
    return x - x.mean(dim=0)


def normalize_rows(x):
    """Return `x` with each row divided by its own sum, so that every row sums to 1.

    x: (N, D), float32, N at least 1; no row sums to 0.  Returns: as `x`, a new tensor; `x` stays as it is.

    >>> normalize_rows(torch.tensor([[1.0, 3.0], [2.0, 2.0]]))
    tensor([[0.2500, 0.7500],
            [0.5000, 0.5000]])

    In Foundations: the second line of softmax, where axis=1 did not stand alone.
    """
    # A row of x is lined up with its own sum only while the sums stand in a column, (N, 1).
    return x / x.sum(dim=1, keepdim=True)


def shift_by_row_max(scores):
    """Return the scores with each row's own largest one taken from it: that one becomes 0, none is above.

    scores: (N, K), float32, N and K at least 1.  Returns: as `scores`, a new tensor; `scores` stays as it is.

    >>> shift_by_row_max(torch.tensor([[1.0, 4.0], [9.0, 7.0]]))
    tensor([[-3.,  0.],
            [ 0., -2.]])

    In Foundations: scores - scores.max(axis=1, keepdims=True), the first line of softmax.
    """
    return scores - scores.amax(dim=1, keepdim=True)


def pairwise_distances(left, right):
    """Return the Euclidean distance of every row of `left` to every row of `right`.

    left: (N, D), float32.  right: (M, D), float32.  Returns: (N, M). N or M may be 0. Rows that lie close
    together and far from 0 come out as exactly as others. No Python loop: the same few tensor operations do
    for any N, M and D. torch.cdist, the answer ready-made, is not allowed.

    >>> pairwise_distances(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])

    In Foundations: pairwise_distances, with [:, None, :] and [None, :, :].
    """
    # (N, 1, D) against (1, M, D): every row meets every row.
    differences = left[:, None, :] - right[None, :, :]
    return differences.square().sum(dim=2).sqrt()


def softmax(scores):
    """Turn each row of scores into probabilities: exp of each score, divided by the sum of these in its row.

    scores: (N, K), float32, N and K at least 1, of any size: 1000 or -1000 too, where exp alone is inf or 0.
    Returns: as `scores`, each row sums to 1. PyTorch's own softmax and log_softmax, in whatever spelling, are
    not allowed.

    >>> softmax(torch.tensor([[0.0, 0.0], [1000.0, 1000.0]]))
    tensor([[0.5000, 0.5000],
            [0.5000, 0.5000]])

    In Foundations: softmax.
    """
    # A row less its maximum has the same softmax, and its largest exp is 1.
    powers = torch.exp(scores - scores.amax(dim=1, keepdim=True))
    return powers / powers.sum(dim=1, keepdim=True)


def squared_errors(predictions, targets):
    """Return the squared difference of each prediction from its own target, and refuse shapes that differ.

    predictions, targets: float32, both of the same shape, any number of dimensions.  Returns: that shape.
    Where the two shapes differ, such as (4, 1) against (4,), raise a ValueError, even if PyTorch could
    broadcast them; its message holds both shapes, written as (4, 1) or as torch.Size([4, 1]).

    >>> squared_errors(torch.tensor([1.0, 2.0]), torch.tensor([4.0, 2.5]))
    tensor([9.0000, 0.2500])

    In Foundations: mean_squared_error, before the mean.
    """
    # Broadcasting would make (N, N) of (N, 1) and (N,): every prediction against every target.
    if predictions.shape != targets.shape:
        raise ValueError(f"predictions have shape {predictions.shape}, targets {targets.shape}")
    return (predictions - targets).square()


def linear(x, weight, bias):
    """Return each row's dot product with every row of `weight`, plus `bias`: a layer of a neural network.

    x: (N, I), float32, or with more dimensions in front, such as (B, L, I).  weight: (O, I).  bias: (O,).
    Returns: (N, O), or (B, L, O): as `x`, but for the last size. torch.nn.functional.linear and
    torch.nn.Linear, the answer ready-made, are not allowed.

    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0], [5.0, 6.0]]), torch.tensor([0.5, 0.0]))
    tensor([[11.5000, 17.0000]])

    In Foundations: predict, with a row of weights for each of O outputs.
    """
    return x @ weight.T + bias


def gram(batch):
    """Return, for each item of the batch, the dot products of all its rows with each other.

    batch: (B, N, D), float32; B may be 0.  Returns: (B, N, N); entry [b, i, j] is row i of item b times row j
    of item b. No Python loop: the same few tensor operations do for any B, N and D.

    >>> gram(torch.tensor([[[1.0, 2.0], [0.0, 3.0]]]))
    tensor([[[5., 6.],
             [6., 9.]]])

    In Foundations: X @ X.T, now for B of them at once.
    """
    return batch @ batch.transpose(1, 2)
