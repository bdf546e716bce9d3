"""The dtype decides what a tensor can hold.

There are three kinds of dtype: bool, integer dtypes like int64, and float
dtypes like float32. Each dtype has its limits:

    >>> torch.tensor([2.9, -2.9], dtype=torch.int64)  # no fractions
    tensor([ 2, -2])
    >>> torch.tensor([255], dtype=torch.uint8) + 1  # 255 is the largest
    tensor([0], dtype=torch.uint8)
    >>> torch.tensor([2**24 + 1.0]) == 2**24  # float32 has no 2**24 + 1
    tensor([True])

None of these lines raises an error. NumPy often chose float64 by itself,
which hides such limits. In PyTorch you convert dtypes yourself, in the
right place: a mean needs floats, and an index needs integers.

Every step: the result is on the device of the input tensors. The card says
which dtype the result has. Inputs are not modified.

Afterwards you can say which dtype a result has and what a conversion loses.
"""

import torch


def to_float32(values):
    """Convert a tensor to float32.

    Args:
        values: a tensor of any shape that holds floats, integers or
            bools.

    Returns:
        A float32 tensor with the same shape and the same numbers, rounded
        to float32. True becomes 1, and False becomes 0. If `values` is
        float32 already, you may return `values` itself.

    Example:
        >>> to_float32(torch.tensor([[1, 2, 3]]))
        tensor([[1., 2., 3.]])

    Foundations: values.astype(np.float32).
    """
    raise NotImplementedError


def mean_of_integers(counts):
    """Return the mean of all elements of an integer tensor.

    Args:
        counts: an int64 tensor of any shape, with at least one element.

    Returns:
        A float32 tensor of shape (). It keeps the fraction of the mean.

    Example:
        >>> mean_of_integers(torch.tensor([1, 2, 4, 4]))
        tensor(2.7500)

    Foundations: counts.mean(), which converts integers to float64.
    """
    raise NotImplementedError


def fraction_true(mask):
    """Return the fraction of a mask's elements that are True.

    Args:
        mask: a bool tensor of any shape, with at least one element.

    Returns:
        A float32 tensor of shape (): 1 if all elements are True, and 0 if
        all elements are False.

    Example:
        >>> fraction_true(torch.tensor([True, False, True, True]))
        tensor(0.7500)

    Foundations: (predictions == labels).mean(), the accuracy.
    """
    raise NotImplementedError


def within(x, low, high):
    """Return a mask: True where low < x < high, False elsewhere.

    Args:
        x: a float32 tensor of any shape. It may contain nan.
        low, high: Python numbers, low < high. Both ends are excluded.

    Returns:
        A bool tensor with the shape of x. It is False where x is nan.

    Example:
        >>> within(torch.tensor([1.0, 2.0, 3.0, 4.0]), 1, 4)
        tensor([False,  True,  True, False])

    Foundations: the mask that selected the data without outliers.
    """
    raise NotImplementedError


def same_tensor(a, b):
    """Return True if two tensors have the same shape, dtype and values.

    Args:
        a, b: tensors of any shape and dtype, on one device. They may
            contain nan.

    Returns:
        A Python bool. nan counts as equal to nan, but not to a number.

    Must:
        - compare exactly: the smallest difference gives False

    Example:
        >>> a = torch.tensor([1.0, float("nan")])
        >>> same_tensor(a, a.clone())
        True
        >>> same_tensor(torch.tensor([1.0]), torch.tensor([1]))
        False

    Foundations: np.array_equal(a, b, equal_nan=True), which ignores dtypes.
    """
    raise NotImplementedError


def whole_and_rest(total, size):
    """Divide integers by `size`. Return whole quotients and remainders.

    Args:
        total: an int64 tensor of any shape, with at least one element. It
            may contain negative numbers, and numbers above 2**53.
        size: an int >= 1.

    Returns:
        A tuple (whole, rest): two int64 tensors with the shape of total.
        For every element, whole * size + rest == total and
        0 <= rest < size, exactly.

    Example:
        >>> whole, rest = whole_and_rest(torch.tensor([7, 8, -1]), 4)
        >>> whole
        tensor([ 1,  2, -1])
        >>> rest
        tensor([3, 0, 3])

    Foundations: np.divmod(index, width), the row and column of a pixel.
    """
    raise NotImplementedError


def sum_dtype(a, b):
    """Return the dtype that a + b has in PyTorch, without adding them.

    Args:
        a: a tensor of any shape and dtype.
        b: a tensor on the same device, or a Python number. If b is a
            tensor, its shape need not fit the shape of a.

    Returns:
        A torch.dtype. The kinds are, from low to high: bool, integer,
        float. A number counts only if its kind is higher than that of
        the tensor. The same holds for a tensor of shape () next to a
        tensor with dimensions.

    Example:
        >>> sum_dtype(torch.tensor([1, 2, 3]), 0.5)
        torch.float32
        >>> sum_dtype(torch.ones(3, dtype=torch.float16), torch.tensor(0.5))
        torch.float16

    Foundations: np.result_type(a, b), which follows other rules.
    """
    raise NotImplementedError


def to_bytes(pixels):
    """Convert brightness from floats, 0 to 1, to bytes, 0 to 255.

    Args:
        pixels: a float32 tensor of any shape. 0 is black, and 1 is white.
            Some elements may be below 0 or above 1.

    Returns:
        A uint8 tensor with the shape of pixels: 255 * pixels, rounded to
        the nearest integer. Elements below 0 become 0, and elements above
        1 become 255. A number halfway between two integers may become
        either.

    Example:
        >>> to_bytes(torch.tensor([0.0, 0.25, 1.0, 1.5]))
        tensor([  0,  64, 255, 255], dtype=torch.uint8)

    Foundations: image / 255, which turned bytes into floats. Here you
    turn floats back into bytes.
    """
    raise NotImplementedError
