"""A conversion copies only if it must.

A NumPy array and a CPU tensor can share memory: two names for the same
numbers. NumPy computes in float64 and PyTorch in float32, so you convert
often. A conversion to another dtype needs new memory. If there is nothing
to convert, PyTorch returns the same memory:

    >>> x = torch.tensor([1.0, 2.0])  # float32
    >>> y = x.to(torch.float32)
    >>> z = x.to(torch.float64)
    >>> x[0] = 9
    >>> y, z
    (tensor([9., 2.]), tensor([1., 2.], dtype=torch.float64))

This is why code can be right for one dtype and overwrite your data for
another. PyTorch raises no error. A second trap: some functions have the
same name in both libraries, but compute different results.

Every step: inputs are not modified. A tensor that you return is on the
device of the given tensor, or on the CPU if you get only an array.

Afterwards you can say whether a result shares memory with its input.
"""

import numpy as np  # noqa: F401, the examples use it
import torch


def shared_tensor(array):
    """Return a tensor that shares memory with a NumPy array.

    Args:
        array: a NumPy array of any shape, with a dtype that PyTorch has
            too. It may be a slice or a transpose, but it is not reversed
            like a[::-1].

    Returns:
        A tensor with the shape and dtype of `array`. A change in one of
        them shows in the other.

    Example:
        >>> array = np.array([1.0, 2.0, 3.0])
        >>> tensor = shared_tensor(array)
        >>> array[0] = 9
        >>> tensor
        tensor([9., 2., 3.], dtype=torch.float64)

    Foundations: a slice of an array shares memory with it, too.
    """
    return torch.from_numpy(array)


def own_tensor(array):
    """Return a NumPy array's numbers as a float32 tensor, always a copy.

    Args:
        array: a NumPy array of any shape, float64 or float32. It may be a
            slice, but it is not reversed like a[::-1].

    Returns:
        A float32 tensor with the shape of `array`.

    Must:
        - not share memory with `array`, whatever its dtype is

    Example:
        >>> array = np.array([1.0, 2.0, 3.0], dtype=np.float32)
        >>> tensor = own_tensor(array)
        >>> array[0] = 9
        >>> tensor
        tensor([1., 2., 3.])

    Foundations: np.array(array, dtype=np.float32), which always copies.
    """
    # A conversion copies only if the dtype changes. torch.tensor always copies.
    return torch.tensor(array, dtype=torch.float32)


def mean_along(x, axis):
    """Return the mean along one axis, and keep that axis with size 1.

    Args:
        x: a float32 tensor with at least one dimension.
        axis: an int. A negative axis counts from the end.

    Returns:
        A float32 tensor. Its shape is that of x, with 1 at `axis`.

    Example:
        >>> x = torch.tensor([[1.0, 2.0, 6.0], [4.0, 5.0, 9.0]])
        >>> mean_along(x, 1)
        tensor([[3.],
                [6.]])

    Foundations: x.mean(axis=axis, keepdims=True). PyTorch calls an axis
    a dim.
    """
    return x.mean(dim=axis, keepdim=True)


def to_array(tensor):
    """Convert any tensor to a NumPy array.

    Args:
        tensor: a tensor of any shape, on any device, with a dtype that
            NumPy has too. It may require grad, which means that PyTorch
            records what you compute from it. Lesson 2 is about this.

    Returns:
        A NumPy array with the shape and dtype of `tensor`. It may share
        memory with `tensor`.

    Must:
        - leave tensor.requires_grad unchanged

    Example:
        >>> to_array(torch.tensor([1.5, 2.5], requires_grad=True))
        array([1.5, 2.5], dtype=float32)

    Foundations: all your data were arrays. Plotting still needs arrays.
    """
    return tensor.detach().cpu().numpy()


def snapshot(tensor):
    """Copy a tensor into a NumPy array that does not change with it.

    Args:
        tensor: a tensor of any shape, on any device, with a dtype that
            NumPy has too. It may require grad (see `to_array`).

    Returns:
        A NumPy array with the shape and dtype of `tensor`.

    Must:
        - not share memory with `tensor`, on any device
        - leave tensor.requires_grad unchanged

    Example:
        >>> x = torch.tensor([1.0, 2.0])
        >>> kept = snapshot(x)
        >>> x += 10
        >>> kept
        array([1., 2.], dtype=float32)

    Grows from: to_array. In Foundations you copied weights like this
    before an update: weights.copy().
    """
    return tensor.detach().cpu().numpy().copy()


def median(x):
    """Return the median, as np.median computes it.

    Args:
        x: a float32 tensor (N,) of finite numbers in any order, N >= 1.

    Returns:
        A float32 tensor of shape (): the middle one of the sorted values.
        If N is even, it is the mean of the two middle values.

    Example:
        >>> median(torch.tensor([4.0, 1.0, 2.0]))
        tensor(2.)
        >>> median(torch.tensor([4.0, 1.0, 2.0, 3.0]))
        tensor(2.5000)

    Foundations: np.median(x).
    """
    # torch.median never averages. Of two middle values it returns the lower one.
    return x.quantile(0.5)


def weigh(x, weights):
    """Multiply a tensor by an array of weights, element by element.

    Args:
        x: a float32 tensor of any shape, on any device. It may require
            grad: PyTorch then records what you compute from it, and can
            compute gradients for x later. Lesson 2 is about this.
        weights: a float64 NumPy array with the shape of x.

    Returns:
        A float32 tensor with the shape of x.

    Must:
        - let the gradient reach x if x requires grad
        - return a tensor that does not require grad if x does not

    Example:
        >>> x = torch.tensor([1.0, 2.0, 3.0])
        >>> weigh(x, np.array([0.5, 1.0, 2.0]))
        tensor([0.5000, 2.0000, 6.0000])

    Foundations: x * weights, where both were arrays.
    """
    return x * torch.as_tensor(weights, dtype=x.dtype, device=x.device)
