"""Creating tensors.

In Foundations every array began as np.full, np.array, np.arange or a random generator. A tensor begins the same
way. Three things are new to watch: which dtype comes out (PyTorch computes in float32), which device it lives on,
and who else's random numbers you have just moved on.
"""

import torch


def full_of(shape, value):
    """Return a float32 tensor of the given shape with `value` in every place.

    shape: a tuple of sizes.  value: a Python number, an int or a float.  Returns: `shape`, float32.

    >>> full_of((2, 3), 7)
    tensor([[7., 7., 7.],
            [7., 7., 7.]])

    In Foundations: np.full(shape, value, dtype=np.float32).
    """
    raise NotImplementedError


def from_rows(rows):
    """Return the numbers of a nested list as a tensor, with the dtype that fits the numbers.

    rows: a list of equally long lists.  Returns: (len(rows), len(rows[0])); whole numbers come out as int64,
    without loss, and numbers with a point as float32.

    >>> from_rows([[1, 2], [3, 4]]).dtype
    torch.int64

    In Foundations: np.array(rows), where numbers with a point became float64.
    """
    raise NotImplementedError


def single_number(value):
    """Return a float32 tensor that holds one number and has no dimensions at all.

    value: a Python number, an int or a float.  Returns: shape (), float32.

    >>> single_number(3)
    tensor(3.)
    >>> single_number(3).shape
    torch.Size([])

    In Foundations: the loss of a batch was such a number; here it is a tensor of shape ().
    """
    raise NotImplementedError


def zeros_matching(x):
    """Return a new tensor of zeros that matches `x` in shape, in dtype and in device. `x` stays as it is.

    x: a tensor of any shape and dtype, on any device; it may hold nan.  Returns: as `x`, all zeros.

    >>> zeros_matching(torch.tensor([[1, 2, 3]]))
    tensor([[0, 0, 0]])

    In Foundations: np.zeros_like(x), the start of every gradient accumulator.
    """
    raise NotImplementedError


def by_step(start, stop, step):
    """Return the numbers start, start + step, start + 2 * step, … that lie below `stop`; `stop` itself is left out.

    start, stop, step: Python ints, step > 0.  Returns: one dimension, int64.

    >>> by_step(0, 10, 3)
    tensor([0, 3, 6, 9])
    >>> by_step(0, 9, 3)
    tensor([0, 3, 6])

    In Foundations: np.arange, used to cut the data into batches.
    """
    raise NotImplementedError


def by_count(start, stop, count):
    """Return `count` evenly spaced numbers from `start` to `stop`, both ends among them.

    start, stop: Python numbers.  count: an int, at least 2.  Returns: (count,), float32.

    >>> by_count(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])

    In Foundations: np.linspace, the x axis of every curve you drew.
    """
    raise NotImplementedError


def one_hot_rows(labels, classes):
    """Return a row for each label: 1 in the label's column, 0 everywhere else.

    labels: (N,) int64, each at least 0 and below `classes`; not every class need occur.  classes: an int.
    Returns: (N, classes), float32, on the device of `labels`.

    >>> one_hot_rows(torch.tensor([2, 0]), 4)
    tensor([[0., 0., 1., 0.],
            [1., 0., 0., 0.]])

    In Foundations: the targets that you subtracted from the softmax.
    """
    raise NotImplementedError


def seeded_normal(shape, seed):
    """Return random numbers from the standard normal distribution (mean 0, standard deviation 1).

    shape: a tuple of sizes.  seed: an int.  Returns: `shape`, float32, on the CPU. The same shape and seed give the
    same numbers every time, another seed gives others, and PyTorch's global generator is as it was: whoever draws
    from it next gets the numbers that they would have got without you.

    >>> bool((seeded_normal((3,), 7) == seeded_normal((3,), 7)).all())
    True

    In Foundations: np.random.default_rng(seed), a generator of your own, to initialize weights.
    """
    raise NotImplementedError
