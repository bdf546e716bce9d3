"""Indexing tensors.

NumPy's brackets work here as they did in Foundations: slices, lists, masks and index arrays. What matters
most is whether a bracket shares memory with the tensor or copies from it: it decides which changes are lost.
"""

import torch


def bottom_stripes(x):
    """Return every second column, from column 0 on, of the last two rows of `x`, as a view of `x`.

    x: (R, C), R at least 2, any dtype; it may be a view itself.  Returns: (2, C / 2 rounded up), as `x`; a
    change of one shows in the other.

    >>> bottom_stripes(torch.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
    tensor([[4, 6],
            [7, 9]])

    In Foundations: slicing, which made views there too.
    """
    return x[-2:, ::2]


def chosen_rows(x, rows):
    """Return the rows of `x` that a list names: in the order of the list, and as often as they stand in it.

    x: (R, C), any dtype.  rows: a list of one Python int or more, each at least 0 and below R.
    Returns: (len(rows), C), as `x`, in memory of its own.

    >>> chosen_rows(torch.tensor([[1, 2], [3, 4], [5, 6]]), [2, 0, 0])
    tensor([[5, 6],
            [1, 2],
            [1, 2]])

    In Foundations: indexing with a list, which made a copy where a slice made a view.
    """
    return x[rows]


def label_scores(scores, labels):
    """Return from each row of `scores` the one score in the column of the row's label, without a Python loop.

    scores: (N, K) float32; it may hold -inf.  labels: (N,) int64, each at least 0 and below K.  N may be 0.
    Returns: (N,) float32, row 0's score for labels[0], row 1's for labels[1], …

    >>> label_scores(torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([2, 0]))
    tensor([3., 4.])

    In Foundations: the probability of each right answer, whose log was the loss.
    """
    # Two index tensors are paired: row 0 with labels[0], row 1 with labels[1], …
    return scores[torch.arange(len(labels), device=labels.device), labels]


def clear_rows(x, rows, column):
    """Set x[row, column] to 0 for every row in `rows`, in `x` itself, and return `x`.

    x: (R, C), any dtype; it may hold nan and may be a view, such as a transpose; all else in it stays.
    rows: (M,) int64, in any order, perhaps with repeats, perhaps empty.  column: an int, at least 0.

    >>> clear_rows(torch.tensor([[1, 2], [3, 4], [5, 6]]), torch.tensor([2, 0]), 1)
    tensor([[1, 0],
            [3, 4],
            [5, 0]])

    In Foundations: assigning to an indexed array, as when you masked entries.
    """
    x[rows, column] = 0
    return x


def replace_negatives(x, value):
    """Return a new tensor: as `x`, but `value` wherever `x` is below 0. `x` stays as it is.

    x: float32, any shape; it may hold nan, which is not below 0 and stays nan, and infinities.
    value: a Python number, of any sign.  Returns: as `x`, in memory of its own.

    >>> replace_negatives(torch.tensor([-2.0, 0.0, 3.0, -1.0]), 9)
    tensor([9., 0., 3., 9.])

    In Foundations: a boolean mask, or np.where.
    """
    return torch.where(x < 0, value, x)


def top_classes(scores, k):
    """Return for each row the columns of its `k` largest scores, that of the largest first.

    scores: (N, K) float32; no two scores of a row are equal.  k: an int, at least 1 and at most K.
    Returns: (N, k) int64.

    >>> top_classes(torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]), 2)
    tensor([[1, 2],
            [0, 2]])

    In Foundations: np.argsort along each row; with k = 1 it was np.argmax, your prediction.
    """
    return scores.topk(k, dim=1).indices


def in_parts(x, parts):
    """Cut `x` into `parts` pieces of equal length, in order.

    x: (N,), any dtype.  parts: an int, at least 1, that divides N without remainder; N is at least 1.
    Returns: a list or tuple of `parts` tensors of shape (N / parts,), each a view of `x`.

    >>> first, second = in_parts(torch.tensor([1, 2, 3, 4, 5, 6]), 2)
    >>> first, second
    (tensor([1, 2, 3]), tensor([4, 5, 6]))

    In Foundations: np.split(x, parts).
    """
    return x.chunk(parts)


def shuffle_together(inputs, labels, seed):
    """Return the tuple (inputs, labels) with the rows of both in one random order, decided by `seed` alone.

    inputs: (N, D), labels: (N,), on one device, any dtypes; both stay as they are.  seed: an int, at least 0.
    Every row comes out once, with its label; every order is equally likely. The global generators of PyTorch,
    NumPy and Python are as they were.

    >>> data, classes = shuffle_together(torch.tensor([[1, 1], [2, 2], [3, 3]]), torch.tensor([1, 2, 3]), 5)
    >>> bool((data[:, 0] == classes).all())
    True

    In Foundations: rng.permutation, by which you indexed both arrays.
    """
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels[order]
