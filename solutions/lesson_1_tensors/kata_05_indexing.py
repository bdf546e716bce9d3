"""Brackets return a view or a copy.

PyTorch's brackets work like NumPy's. A slice returns a view, which shares
memory with x. A list, a boolean mask or a tensor of indices returns a copy:

    >>> x = torch.tensor([10, 20, 30])
    >>> view, copy = x[1:], x[[1, 2]]
    >>> view[0] = 99
    >>> copy[1] = 77
    >>> x  # only the first write has reached x
    tensor([10, 99, 30])

If you write into a copy, PyTorch raises no error, and x keeps its old
values. To change x itself, assign to it directly: x[[1, 2]] = 0.

Every step: keep the input's dtype and device unless the card says
otherwise. Only `clear_rows` changes an argument.

Afterwards you can say what shape brackets return, and whether they copy.
"""

import torch


def drop_nan(x):
    """Return all entries of x that are not nan, and all rows without nan.

    Args:
        x: a float32 tensor (N, D). It may contain inf, which is not nan.

    Returns:
        A tuple (entries, rows). entries has shape (n,): all entries that
        are not nan, row by row. rows has shape (m, D): all rows that
        contain no nan, in the order of x. n and m may be 0.

    Must:
        - return tensors that do not share memory with x, even if x
          contains no nan

    Example:
        >>> x = torch.tensor([[1.0, 2.0], [float("nan"), 4.0]])
        >>> entries, rows = drop_nan(x)
        >>> entries
        tensor([1., 2., 4.])
        >>> rows
        tensor([[1., 2.]])

    Foundations: boolean masks, which gave you copies there too.
    """
    is_nan = x.isnan()
    # A mask of x's shape selects entries. A mask of shape (N,) selects rows.
    return x[~is_nan], x[~is_nan.any(dim=1)]


def replace_negatives(x, value):
    """Return a copy of x in which `value` replaces every negative element.

    Args:
        x: a float32 tensor of any shape. It may contain inf and nan. nan
            is not negative.
        value: a Python number, which may be negative too.

    Must:
        - return a tensor that does not share memory with x, even if no
          element is negative

    Example:
        >>> replace_negatives(torch.tensor([-2.0, 0.0, 3.0, -1.0]), 9)
        tensor([9., 0., 3., 9.])

    Foundations: a boolean mask, or np.where.
    """
    return torch.where(x < 0, value, x)


def label_scores(scores, labels):
    """Return one score from each row: the score of the row's label.

    Args:
        scores: a float32 tensor (N, K), which may contain -inf. Column j
            holds the scores of class j. N may be 0.
        labels: an int64 tensor (N,) of classes, from 0 to K - 1.

    Returns:
        A tensor (N,): scores[i, labels[i]] for every row i.

    Must:
        - use no Python loop over the rows

    Example:
        >>> scores = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        >>> label_scores(scores, torch.tensor([2, 0]))
        tensor([3., 4.])

    Foundations: the loss was -log(the probability of the right class).
    """
    # Two index tensors are paired: row 0 with labels[0], row 1 with labels[1], …
    return scores[torch.arange(len(labels), device=labels.device), labels]


def most_likely(probabilities):
    """Return the most likely class of each row, and its probability.

    Args:
        probabilities: a float32 tensor (N, K), N >= 1 and K >= 1. Column
            j belongs to class j. All values in a row differ.

    Returns:
        A tuple (classes, largest). classes is an int64 tensor (N,): the
        column of the largest value in each row. largest is a float32
        tensor (N,): these largest values.

    Example:
        >>> p = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]])
        >>> classes, largest = most_likely(p)
        >>> classes
        tensor([1, 0])
        >>> largest
        tensor([0.7000, 0.5000])

    Foundations: p.argmax(axis=1) and p.max(axis=1) in NumPy.
    """
    largest, classes = probabilities.max(dim=1)
    return classes, largest


def top_classes(scores, k):
    """Return the columns of the k largest scores of each row, best first.

    Args:
        scores: a float32 tensor (N, K). All scores in a row differ. N may
            be 0.
        k: an int from 1 to K.

    Returns:
        An int64 tensor (N, k). In each row, the column of the largest
        score comes first, then the column of the second largest, …

    Example:
        >>> scores = torch.tensor([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]])
        >>> top_classes(scores, 2)
        tensor([[1, 2],
                [0, 2]])

    Grows from: most_likely, which found the best class only.
    """
    return scores.topk(k, dim=1).indices


def bottom_stripes(x):
    """Return columns 0, 2, 4, … of the last two rows of x, as a view.

    Args:
        x: a tensor (R, C) of any dtype, R >= 2. It may be a view itself,
            for example a transpose.

    Returns:
        A tensor of shape (2, ceil(C / 2)) that shares memory with x.

    Example:
        >>> bottom_stripes(torch.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
        tensor([[4, 6],
                [7, 9]])

    Foundations: slices, which were views there too.
    """
    return x[-2:, ::2]


def chosen_rows(x, rows):
    """Return the listed rows of x, in the order of the list.

    Args:
        x: a tensor (R, C) of any dtype.
        rows: a non-empty list of Python ints from 0 to R - 1. A row may be
            listed more than once.

    Returns:
        A tensor (len(rows), C) that does not share memory with x.

    Example:
        >>> chosen_rows(torch.tensor([[1, 2], [3, 4], [5, 6]]), [2, 0, 0])
        tensor([[5, 6],
                [1, 2],
                [1, 2]])

    Foundations: a list of indices in the brackets, which made a copy.
    """
    return x[rows]


def clear_rows(x, rows, column):
    """Set x[row, column] to 0 for each row in rows, and return x.

    Args:
        x: a tensor (R, C) of any dtype. It may be a view, for example a
            transpose, and it may contain nan and inf. Change it in place.
        rows: an int64 tensor (M,), in any order, perhaps with repeats. M
            may be 0.
        column: an int from 0 to C - 1.

    Must:
        - change no other entry of x

    Example:
        >>> x = torch.tensor([[1, 2], [3, 4], [5, 6]])
        >>> clear_rows(x, torch.tensor([2, 0]), 1)
        tensor([[1, 0],
                [3, 4],
                [5, 0]])

    Foundations: an assignment to an indexed array.
    """
    x[rows, column] = 0
    return x


def in_parts(x, parts):
    """Split x into parts of equal length, in order, as views of x.

    Args:
        x: a tensor (N,) of any dtype, N >= 1. It may be a view itself, for
            example y[::2].
        parts: an int >= 1 that divides N, the number of parts.

    Returns:
        A list or tuple of `parts` tensors of shape (N / parts,). Each one
        shares memory with x.

    Example:
        >>> first, second = in_parts(torch.tensor([1, 2, 3, 4, 5, 6]), 2)
        >>> second
        tensor([4, 5, 6])

    Foundations: np.split(x, parts).
    """
    return x.chunk(parts)


def shuffle_together(inputs, labels, seed):
    """Return the rows of inputs and labels in the same random order.

    Args:
        inputs, labels: tensors (N, D) and (N,) of any dtypes, on one
            device, N >= 1.
        seed: an int >= 0, which decides the order.

    Returns:
        A tuple (inputs, labels) with the shapes of the arguments. It
        contains every row exactly once, with its own label.

    Must:
        - return the same order whenever N and the seed are the same
        - make all orders equally likely
        - leave the global generators of PyTorch, NumPy and Python
          unchanged

    Example:
        >>> x, y = torch.tensor([[1], [2], [3]]), torch.tensor([1, 2, 3])
        >>> rows, labels = shuffle_together(x, y, 5)
        >>> torch.equal(rows[:, 0], labels)
        True

    Foundations: rng.permutation, as an index into both arrays.
    """
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels[order]
