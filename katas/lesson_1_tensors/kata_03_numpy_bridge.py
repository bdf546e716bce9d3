"""The NumPy bridge.

Tensors and arrays turn into each other all the time: data comes in as an array, results go out as one to be
plotted. Three questions stand at the bridge. Is it a copy, or the same memory under another name? Which dtype
arrives (NumPy computes in float64, PyTorch in float32)? And which of the functions that go by one name on
both sides differ?
"""

import numpy as np
import torch


def shared_tensor(array):
    """Return a CPU tensor in the memory of `array`: changes show in both.

    array: a NumPy array of any shape, a slice or a transpose too, but without negative steps, as in
    `array[::-1]`.  Returns: a tensor of its shape and dtype.

    >>> array = np.array([1.0, 2.0, 3.0])
    >>> tensor = shared_tensor(array)
    >>> array[0] = 9
    >>> tensor
    tensor([9., 2., 3.], dtype=torch.float64)

    In Foundations: a slice, another name for the same numbers.
    """
    raise NotImplementedError


def own_tensor(array):
    """Return the numbers of `array` as a float32 tensor with memory of its own.

    array: a NumPy array of any shape, float64 or float32, without negative steps, as in `array[::-1]`.
    Returns: a CPU tensor of the array's shape, float32. A change made in one, before or after, never shows in
    the other; `array` stays as it is.

    >>> array = np.array([1.0, 2.0, 3.0])
    >>> tensor = own_tensor(array)
    >>> array[0] = 9
    >>> tensor
    tensor([1., 2., 3.])

    In Foundations: np.array(array, dtype=np.float32), which always copies.
    """
    raise NotImplementedError


def to_array(tensor):
    """Return the numbers of any tensor as a NumPy array. The tensor stays as it is.

    tensor: any shape, any dtype that NumPy has, on any device. It may be tracked: made with
    requires_grad=True, which you meet in lesson 2, or computed from such a one.  Returns: a NumPy array of
    the tensor's shape and dtype; whether it is a copy is not asked.

    >>> to_array(torch.tensor([1.5, 2.5], requires_grad=True))
    array([1.5, 2.5], dtype=float32)

    In Foundations: everything was an array already; plotting still wants one.
    """
    raise NotImplementedError


def snapshot(tensor):
    """Return the numbers of a tensor in a NumPy array that keeps them.

    tensor: as in to_array, on any device, tracked or not; it stays as it is.  Returns: a NumPy array of its
    shape and dtype. A later in-place change of the one never shows in the other.

    >>> x = torch.tensor([1.0, 2.0])
    >>> kept = snapshot(x)
    >>> x += 10
    >>> kept
    array([1., 2.], dtype=float32)

    In Foundations: weights.copy(), before an update. Grows from: to_array.
    """
    raise NotImplementedError


def mean_along(x, axis):
    """Return the mean of `x` along one axis, which stays in the result with size 1.

    x: a float32 tensor with at least one dimension, on any device.  axis: an int; a negative one counts from
    the end.  Returns: float32, the shape of `x` with 1 in the place of `axis`, on the device of `x`.

    >>> mean_along(torch.tensor([[1.0, 2.0, 6.0], [4.0, 5.0, 9.0]]), 1)
    tensor([[3.],
            [6.]])

    In Foundations: x.mean(axis=axis, keepdims=True). PyTorch calls an axis a dim.
    """
    raise NotImplementedError


def median(x):
    """Return the median of `x` as NumPy computes it.

    x: (N,), float32, N at least 1, in no particular order, on any device; it stays as it is.  Returns: shape
    (), float32, on the device of `x`: the middle one of the sorted values, or the mean of the two middle
    ones if N is even.

    >>> median(torch.tensor([4.0, 1.0, 2.0]))
    tensor(2.)
    >>> median(torch.tensor([4.0, 1.0, 2.0, 3.0]))
    tensor(2.5000)

    In Foundations: np.median(x).
    """
    raise NotImplementedError


def standardize(features):
    """Return the features with each column shifted and scaled to mean 0 and standard deviation 1.

    features: (N, D), float32, N at least 2, no column constant, on any device; it stays as it is.  Returns:
    (N, D), float32, on the device of `features`. The standard deviation is NumPy's: the mean of the N
    squared distances from the mean, and its root.

    >>> standardize(torch.tensor([[1.0, 10.0], [3.0, 50.0]]))
    tensor([[-1., -1.],
            [ 1.,  1.]])

    In Foundations: standardize, which is in katas/foundations.py.
    """
    raise NotImplementedError


def weigh(x, weights):
    """Return `x` times `weights`, place by place, as a float32 tensor where `x` lives.

    x: a float32 tensor of any shape, on any device, tracked or not.  weights: a NumPy array of the same
    shape, float64.  Returns: the shape of `x`, float32, on the device of `x`; tracked if `x` is. Both inputs
    stay as they are.

    >>> weigh(torch.tensor([1.0, 2.0, 3.0]), np.array([0.5, 1.0, 2.0]))
    tensor([0.5000, 2.0000, 6.0000])

    In Foundations: x * weights, where both were arrays.
    """
    raise NotImplementedError
