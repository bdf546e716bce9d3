"""Changing the shape.

In Foundations you reshaped, transposed and stacked arrays all the time, and much of it carries over. Two
questions come with every change of shape. Do the numbers stay in their order and are only cut anew, or does a
dimension move? And is the answer a view, the same memory looked at in another way, or a copy with its own?
"""

import torch


def flatten_images(images):
    """Return every image as one row of numbers, and keep the batch as it is.

    images: (N, H, W) or (N, C, H, W), no size 0; they may be cut out of larger images.
    Returns: (N, everything else), row n being image n in its order. It may share memory with `images`.

    >>> flatten_images(torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]))
    tensor([[1, 2, 3, 4],
            [5, 6, 7, 8]])

    In Foundations: each picture of digits became a row of features before it met the weights.
    """
    raise NotImplementedError


def drop_channel(images):
    """Return gray images without the dimension that counts their one channel.

    images: (N, 1, H, W), float32; N, H and W may be 1 too.  Returns: (N, H, W), each number in its place. It
    may share memory with `images`, but `images` itself keeps its four dimensions.

    >>> drop_channel(torch.zeros(5, 1, 2, 3)).shape
    torch.Size([5, 2, 3])
    >>> drop_channel(torch.zeros(1, 1, 2, 1)).shape
    torch.Size([1, 2, 1])

    In Foundations: images[:, 0], or np.squeeze told which axis.
    """
    raise NotImplementedError


def channels_first(images):
    """Return the images with their channels in front of height and width, as PyTorch's layers want them.

    images: (N, H, W, C), as picture files are read.  Returns: (N, C, H, W); at [n, c, h, w] stands the number
    that was at [n, h, w, c]: each channel is a whole picture. It may share memory with `images`.

    >>> channels_first(torch.tensor([[[[1, 2, 3], [1, 2, 3]]]])).tolist()
    [[[[1, 1]], [[2, 2]], [[3, 3]]]]

    In Foundations: np.transpose(images, (0, 3, 1, 2)).
    """
    raise NotImplementedError


def split_heads(x, heads):
    """Return the numbers of each position cut into `heads` pieces: all first pieces, all second ones, ….

    x: (B, L, D), D numbers for each of L positions, no size 0.  heads: an int that divides D.
    Returns: (B, heads, L, D // heads); at [b, h, l] stands piece h of x[b, l], a piece being numbers that are
    side by side. It may share memory with `x`.

    >>> split_heads(torch.tensor([[[0, 1, 2, 3], [4, 5, 6, 7]]]), 2).tolist()
    [[[[0, 1], [4, 5]], [[2, 3], [6, 7]]]]

    Grows from: channels_first.
    """
    raise NotImplementedError


def read_down_columns(x):
    """Return the numbers of a table in one dimension, column by column, as a copy.

    x: (R, C), no size 0; it may be a transposed table.  Returns: (R * C,), the first column from the top
    down, then the second, …. The answer always has memory of its own, and `x` stays as it is.

    >>> read_down_columns(torch.tensor([[1, 2, 3], [4, 5, 6]]))
    tensor([1, 4, 2, 5, 3, 6])

    In Foundations: x.flatten(order="F"). PyTorch doesn't know that order.
    """
    raise NotImplementedError


def as_batch(images):
    """Return a list of images as one tensor with a new dimension in front that counts them.

    images: a list of N tensors, N at least 1, all of one shape (any), dtype and device.
    Returns: (N, *shape), dtype and device of the images; at [n] stands images[n]. N counts even when it is 1.

    >>> as_batch([torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])])
    tensor([[1, 2, 3],
            [4, 5, 6]])

    In Foundations: np.array(images) or np.stack(images).
    """
    raise NotImplementedError


def repeat_each(x, times):
    """Return each number of `x` `times` times in a row, then the next number.

    x: (N,), N at least 1, in any order and of any dtype.  times: an int, at least 1.
    Returns: (N * times,), with the dtype and on the device of `x`.

    >>> repeat_each(torch.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    >>> repeat_each(torch.tensor([5, 3]), 3)
    tensor([5, 5, 5, 3, 3, 3])

    In Foundations: np.repeat(x, times), not np.tile(x, times).
    """
    raise NotImplementedError


def independent_rows(row, count):
    """Return `count` copies of a row, one below the other, each to be written to by itself.

    row: (D,), of any dtype; also a column of a table.  count: an int, at least 1.
    Returns: (count, D), dtype and device as `row`. A write to one row changes neither another row nor `row`.

    >>> independent_rows(torch.tensor([7, 8, 9]), 2)
    tensor([[7, 8, 9],
            [7, 8, 9]])

    In Foundations: np.tile(row, (count, 1)); np.broadcast_to could only be read.
    """
    raise NotImplementedError
