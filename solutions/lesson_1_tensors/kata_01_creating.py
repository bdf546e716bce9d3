"""Every new tensor has a dtype and a device.

A tensor is an array with one more property: its device, the processor
whose memory holds the numbers. Functions that create a tensor accept
dtype= and device=. If you leave them out, PyTorch chooses:

    >>> torch.ones(3).dtype  # NumPy would choose float64
    torch.float32
    >>> torch.randperm(3).dtype  # 0, 1 and 2 in random order
    torch.int64
    >>> torch.ones(3).device
    device(type='cpu')

A wrong choice often raises no error at first. The error comes later, for
example from the mean of integers, or from tensors on two devices.

Every step: return a float32 tensor unless the card says otherwise, on the
device of the input tensor (CPU if there is none). Inputs are not modified.

Afterwards you can create a tensor with the dtype and device that you need.
"""

import torch


def full_of(shape, value):
    """Return a float32 tensor of the given shape, filled with one value.

    Args:
        shape: a tuple of sizes. It may be () or contain 0.
        value: an int or a float. The result is float32 in both cases.

    Example:
        >>> full_of((2, 3), 7)
        tensor([[7., 7., 7.],
                [7., 7., 7.]])

    Foundations: np.full(shape, value).
    """
    # Without dtype=, an int would make int64.
    return torch.full(shape, value, dtype=torch.float32)


def from_rows(rows):
    """Return a nested list as a tensor, with the dtype of its numbers.

    Args:
        rows: a non-empty list of lists of ints and floats. All rows have
            the same length, at least 1.

    Returns:
        A tensor of shape (len(rows), len(rows[0])). It is int64 if all
        numbers are ints, and float32 if at least one is a float.

    Must:
        - if all numbers are ints, keep them exact, even 2**53 + 1

    Example:
        >>> from_rows([[1, 2], [3, 4]])
        tensor([[1, 2],
                [3, 4]])
        >>> from_rows([[1, 2.5]])
        tensor([[1.0000, 2.5000]])

    Foundations: np.array(rows), which makes floats float64.
    """
    return torch.tensor(rows)


def zeros_matching(x):
    """Return zeros with the shape, dtype and device of x.

    Args:
        x: a tensor of any shape and dtype, for example bool or int64. It
            may contain nan and inf.

    Example:
        >>> zeros_matching(torch.tensor([[1, 2, 3]]))
        tensor([[0, 0, 0]])

    Foundations: np.zeros_like(x). A sum of gradients starts like this.
    """
    return torch.zeros_like(x)


def seeded_normal(shape, seed):
    """Return normally distributed random numbers that `seed` determines.

    Args:
        shape: a tuple of at least one size.
        seed: an int >= 0.

    Returns:
        A tensor of the given shape with draws from the normal
        distribution (mean 0, standard deviation 1). The same shape and
        seed always give the same numbers. A different seed gives
        different numbers. You may use any generator.

    Must:
        - leave the global generator unchanged. torch.randn draws from it
          unless you pass another generator.

    Example:
        >>> first = seeded_normal((3,), seed=7)
        >>> second = seeded_normal((3,), seed=7)
        >>> torch.equal(first, second)
        True

    Foundations: np.random.default_rng(seed), a separate generator.
    """
    # A separate generator: the global one does not change.
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator)


def single_number(value):
    """Return one number as a float32 tensor without dimensions.

    Args:
        value: an int or a float.

    Returns:
        A float32 tensor of shape (), even if `value` is an int.

    Example:
        >>> single_number(3)
        tensor(3.)
        >>> single_number(3).shape
        torch.Size([])

    Foundations: the loss of a batch. In PyTorch, a loss is a tensor of
    shape ().
    """
    return torch.tensor(value, dtype=torch.float32)


def by_step(start, stop, step):
    """Return start, start + step, start + 2 * step, … while below stop.

    Args:
        start, stop: ints, start <= stop.
        step: an int >= 1.

    Returns:
        An int64 tensor with one dimension. It never contains stop, and it
        is empty if start == stop.

    Example:
        >>> by_step(0, 10, 3)
        tensor([0, 3, 6, 9])
        >>> by_step(0, 9, 3)
        tensor([0, 3, 6])

    Foundations: np.arange, for example for the first row of each batch.
    """
    return torch.arange(start, stop, step)


def by_count(start, stop, count):
    """Return `count` evenly spaced numbers from start to stop, inclusive.

    Args:
        start, stop: ints or floats. stop may be equal to start or smaller.
        count: an int >= 2.

    Returns:
        A float32 tensor of shape (count,). Its first element is start,
        and its last element is stop, both rounded to float32.

    Example:
        >>> by_count(0, 1, 5)
        tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])

    Foundations: np.linspace, the x axis of every curve you drew.
    """
    return torch.linspace(start, stop, count)


def one_hot_rows(labels, classes):
    """Return one row per label: 1 in the label's column, 0 elsewhere.

    Args:
        labels: an int64 tensor of shape (N,), N >= 0. Each label is at
            least 0 and below `classes`. Some classes may not occur.
        classes: an int, the number of columns.

    Returns:
        A float32 tensor of shape (N, classes).

    Example:
        >>> one_hot_rows(torch.tensor([2, 0]), 4)
        tensor([[0., 0., 1., 0.],
                [1., 0., 0., 0.]])

    Foundations: the targets that you subtracted from the softmax.
    """
    # one_hot returns int64. The rows are compared with probabilities, which are floats.
    return torch.nn.functional.one_hot(labels, classes).to(torch.float32)
