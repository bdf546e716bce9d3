"""Dtypes.

In Foundations nearly every array was float64, and NumPy changed dtypes for you without a word. PyTorch
computes in float32, keeps whole numbers and truth values apart from it, and refuses to average either. Three
things are new to watch: which dtype goes in, which one comes out, and what is lost on the way between them.
"""

import torch


def to_float32(values):
    """Return the same numbers as float32, in the same shape and on the same device.

    values: a tensor of any shape and dtype (True counts as 1, False as 0). It stays as it is; if it is
    float32 already, it may itself be the answer.  Returns: as `values`, float32.

    >>> to_float32(torch.tensor([[1, 2, 3]]))
    tensor([[1., 2., 3.]])

    In Foundations: values.astype(np.float32).
    """
    return values.to(torch.float32)


def mean_of_integers(counts):
    """Return the mean of all the whole numbers in a tensor, with what stands behind the point.

    counts: a tensor of any shape with at least one element, int64.  Returns: shape (), float32.

    >>> mean_of_integers(torch.tensor([1, 2, 4, 4]))
    tensor(2.7500)

    In Foundations: counts.mean(), which made float64 of whole numbers by itself.
    """
    return counts.to(torch.float32).mean()


def fraction_true(mask):
    """Return the share of True among all the elements of a mask: 1 where all are True, 0 where none is.

    mask: a tensor of any shape with at least one element, bool.  Returns: shape (), float32.

    >>> fraction_true(torch.tensor([True, False, True, True]))
    tensor(0.7500)

    In Foundations: (predictions == labels).mean(), the accuracy.
    """
    return mask.to(torch.float32).mean()


def within(x, low, high):
    """Return a mask: True where an element lies between `low` and `high`, False where it doesn't.

    x: a tensor of any shape, float32.  low, high: Python numbers, low < high; neither of them lies between
    the two.  Returns: the shape of `x`, bool.

    >>> within(torch.tensor([1.0, 2.0, 3.0, 4.0]), 1, 4)
    tensor([False,  True,  True, False])

    In Foundations: the mask that kept the outliers out of the data.
    """
    # & binds more tightly than < and >: without the parentheses it would join low and x first.
    return (x > low) & (x < high)


def whole_and_rest(total, size):
    """Return how many whole pieces each number holds, and what is left over.

    total: any shape, int64, with negative and very large numbers too; it stays as it is.  size: a Python int,
    size > 0.  Returns: a tuple (whole, rest), both shaped as `total`, int64. For every number, negative ones
    too, whole * size + rest == total and 0 <= rest < size.

    >>> whole_and_rest(torch.tensor([7, 8, -1]), 4)
    (tensor([ 1,  2, -1]), tensor([3, 0, 3]))

    In Foundations: np.divmod(total, size), a pixel's row and column.
    """
    return total // size, total % size


def sum_dtype(a, b):
    """Return the dtype that a + b would have, without adding anything.

    a, b: tensors of any dtype, on one device; their shapes need not fit together.  Returns: a torch.dtype.
    Beside a tensor that has dimensions, one of shape () widens nothing of its own sort (truth values are one
    sort, whole numbers another, numbers with a point the third).

    >>> sum_dtype(torch.tensor([1, 2, 3]), torch.tensor([0.5, 0.25]))
    torch.float32

    In Foundations: np.result_type(a, b), which would say float64 here.
    """
    return torch.result_type(a, b)


def to_bytes(pixels):
    """Return each pixel's brightness as image files keep it: 0 to 255, uint8.

    pixels: a tensor of any shape, float32, from about 0 (black) to about 1 (white); it stays as it is.
    Returns: the same shape, uint8. 0 becomes 0, 1 becomes 255, and what lies between them the nearest whole
    number (either one, where two are equally near). All below 0 becomes 0, all above 1 becomes 255.

    >>> to_bytes(torch.tensor([0.0, 0.25, 1.0, 1.5]))
    tensor([  0,  64, 255, 255], dtype=torch.uint8)

    In Foundations: image / 255 made floats of bytes; this is the way back.
    """
    # A cast cuts off what stands behind the point, and has no room for 256: round and clamp come before it.
    return (pixels * 255).round().clamp(0, 255).to(torch.uint8)


def same_tensor(a, b):
    """Say whether two tensors are the same in shape, dtype and every value.

    a, b: tensors of any shape and dtype, on one device. A nan is the same as a nan, and as nothing else.
    Returns: a Python bool.

    >>> same_tensor(torch.tensor([1.0, float("nan")]), torch.tensor([1.0, float("nan")]))
    True
    >>> same_tensor(torch.tensor([1.0]), torch.tensor([1]))
    False

    In Foundations: np.array_equal(a, b, equal_nan=True), save for the dtype.
    """
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    both_nan = a.isnan() & b.isnan()
    return bool(((a == b) | both_nan).all())
