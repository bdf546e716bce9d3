"""Many shapes can share one memory.

In memory, the elements of a tensor stand one after another. x.stride() says
how far apart in memory two neighbors are, for each dimension. A view has a
different shape or stride, but the same memory:

    >>> x = torch.tensor([[1, 2, 3], [4, 5, 6]])  # in memory: 1 2 3 4 5 6
    >>> x.stride(), x.is_contiguous()
    ((3, 1), True)
    >>> x.t().stride(), x.t().is_contiguous()  # no element has moved
    ((1, 3), False)

x is contiguous: row by row, its elements are in memory order. x.t() is not
contiguous. reshape() keeps the order in which you read the elements, and a
transpose changes it. If you use the wrong one of the two, the shape may be
right, but the elements are scrambled, and PyTorch raises no error.

Every step: results have the dtype and device of the inputs. Inputs are not
modified. A result may share memory with them, unless the card forbids it.

Afterwards you can say whether a change of shape reorders the elements, and
whether it copies them.
"""

import torch


def flatten_images(images):
    """Turn every image of a batch into one row.

    Args:
        images: a tensor (N, H, W) or (N, C, H, W). All sizes are at least
            1. The images may be slices of larger ones.

    Returns:
        A tensor (N, H * W) or (N, C * H * W). Row n holds the elements of
        image n in their order.

    Example:
        >>> images = torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
        >>> flatten_images(images)
        tensor([[1, 2, 3, 4],
                [5, 6, 7, 8]])

    Foundations: each image became a row of features for a linear layer.
    """
    return images.flatten(start_dim=1)


def as_batch(images):
    """Stack a list of images into one tensor, with a new first dimension.

    Args:
        images: a list of N >= 1 tensors with the same shape, dtype and
            device. Any shape is possible, including ().

    Returns:
        A tensor (N, *shape). Entry n is equal to images[n].

    Example:
        >>> as_batch([torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])])
        tensor([[1, 2, 3],
                [4, 5, 6]])

    Foundations: np.stack(images).
    """
    return torch.stack(images)


def join_batches(batches):
    """Join a list of batches into one batch, along the first dimension.

    Args:
        batches: a non-empty list of tensors (n, *shape) with the same
            shape, dtype and device. shape may be (). n >= 1 may differ
            from batch to batch, and the last batch may be smaller.

    Returns:
        A tensor (N, *shape): all entries of all batches, in their order.
        N is the sum of all n.

    Example:
        >>> first = torch.tensor([[1, 2], [3, 4]])
        >>> last = torch.tensor([[5, 6]])
        >>> join_batches([first, last])
        tensor([[1, 2],
                [3, 4],
                [5, 6]])

    Foundations: np.concatenate(batches).
    """
    return torch.cat(batches)


def channels_first(images):
    """Move the channels of images in front of height and width.

    Args:
        images: a tensor (N, H, W, C), the layout of images from files.

    Returns:
        A tensor (N, C, H, W), which PyTorch's image layers expect, with
        result[n, c, h, w] == images[n, h, w, c].

    Example:
        >>> pixels = torch.tensor([[[[1, 2, 3], [1, 2, 3]]]])
        >>> channels_first(pixels).tolist()
        [[[[1, 1]], [[2, 2]], [[3, 3]]]]

    Foundations: np.transpose(images, (0, 3, 1, 2)).
    """
    return images.permute(0, 3, 1, 2)


def reshape_without_copy(x, shape):
    """Return x in another shape, in the same memory, or raise an error.

    Args:
        x: a tensor of any dtype. It may be transposed, or a part of a
            larger tensor.
        shape: a tuple of sizes, for the same number of elements as x.

    Returns:
        A tensor of this shape that shares memory with x. Row by row, it
        has the elements of x in the same order.

    Must:
        - raise a RuntimeError if a copy is needed: x.t() with (6,) below
        - accept every x and shape that need no copy

    Example:
        >>> x = torch.tensor([[1, 2, 3], [4, 5, 6]])
        >>> y = reshape_without_copy(x, (3, 2))
        >>> y[0, 1] = 0
        >>> x
        tensor([[1, 0, 3],
                [4, 5, 6]])

    Foundations: x.reshape(shape), which does not tell you when it copies.
    """
    # view raises the error by itself. reshape would copy.
    return x.view(shape)


def drop_channel(images):
    """Remove the channel dimension from gray images.

    Args:
        images: a tensor (N, 1, H, W). N, H and W may be 1 too.

    Returns:
        A tensor (N, H, W) with result[n, h, w] == images[n, 0, h, w].

    Example:
        >>> drop_channel(torch.zeros(5, 1, 2, 3)).shape
        torch.Size([5, 2, 3])
        >>> drop_channel(torch.zeros(1, 1, 2, 1)).shape
        torch.Size([1, 2, 1])

    Foundations: images[:, 0].
    """
    return images.squeeze(1)


def split_heads(x, heads):
    """Split the features of each position into pieces, one for each head.

    Args:
        x: a tensor (B, L, D): D features for each of L positions. All
            sizes are at least 1.
        heads: the number of pieces, an int that divides D.

    Returns:
        A tensor (B, heads, L, D // heads). Entry [b, h, l] is piece h of
        x[b, l]. A piece consists of D // heads neighboring features.

    Example:
        >>> x = torch.tensor([[[0, 1, 2, 3], [4, 5, 6, 7]]])
        >>> split_heads(x, 2).tolist()
        [[[[0, 1], [4, 5]], [[2, 3], [6, 7]]]]

    Grows from: channels_first. A transformer (the kind of net behind
    language models) splits its features like this in every layer.
    """
    batch, length, width = x.shape
    # Split first, while the features of a position are next to each other. Then move the heads.
    pieces = x.reshape(batch, length, heads, width // heads)
    return pieces.transpose(1, 2)


def repeat_each(x, times):
    """Repeat each element `times` times in a row.

    Args:
        x: a tensor (N,) of any dtype, N >= 1.
        times: an int, at least 1.

    Returns:
        A tensor (N * times,) with the dtype of x.

    Example:
        >>> repeat_each(torch.tensor([5, 3]), 3)
        tensor([5, 5, 5, 3, 3, 3])

    Foundations: np.repeat(x, times), not np.tile(x, times).
    """
    return x.repeat_interleave(times)


def independent_rows(row, count):
    """Return a table of `count` equal rows, each with its own memory.

    Args:
        row: a tensor (D,) of any dtype. It may be a column of a table.
        count: an int, at least 1.

    Returns:
        A tensor (count, D). Each row is equal to `row`.

    Must:
        - not share memory between rows, or with `row`

    Example:
        >>> rows = independent_rows(torch.tensor([7, 8]), 2)
        >>> rows[0, 0] = 1
        >>> rows
        tensor([[1, 8],
                [7, 8]])

    Foundations: np.tile(row, (count, 1)).
    """
    # repeat copies. expand would show the memory of one row many times.
    return row.repeat(count, 1)
