"""A convolution uses the same few weights at every position.

It moves a small kernel over an image and computes a weighted sum at each
position. Compare it with a linear layer. Both of these turn an image of
28 x 28 into one of 26 x 26:

    >>> linear = nn.Linear(28 * 28, 26 * 26)
    >>> sum(parameter.numel() for parameter in linear.parameters())
    530660
    >>> convolution = nn.Conv2d(1, 1, 3)
    >>> sum(parameter.numel() for parameter in convolution.parameters())
    10

An embedding is a table with one row of weights for each label. Both
layers are modules like any other, with parameters and a forward. The shapes
are difficult, and wrong sizes are the most common error.

Every step: results have the dtype and device of the inputs, and inputs
are not modified. All steps are optional practice.

Afterwards you can build a small net for images and compute its sizes.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Embedding(nn.Module):
    """A table with one learned row for each label.

    Args:
        count, size: ints, the number of labels and the length of a row.

    Attributes:
        weight: the only parameter, (count, size), float32, drawn from a
            normal distribution with mean 0 and standard deviation 1.

    Methods:
        forward(labels): the row of each label. labels is an int64 tensor
            of any shape, with 0 <= label < count, and the result has
            shape labels.shape + (size,).

    Must:
        - add up the gradients of a label that appears more than once
        - not use PyTorch's own embedding, neither layer nor function

    Example:
        >>> table = Embedding(3, 2)
        >>> weight = torch.arange(6.0).view(3, 2)
        >>> _ = table.load_state_dict({"weight": weight})
        >>> table(torch.tensor([2, 0])).tolist()
        [[4.0, 5.0], [0.0, 1.0]]

    Grows from: chosen_rows in lesson 1. Here the rows are parameters.
    """

    def __init__(self, count, size):
        raise NotImplementedError

    def forward(self, labels):
        raise NotImplementedError


def output_size(size, kernel_size, stride, padding):
    """Return the number of positions of a kernel along one side.

    Args:
        size: an int, the length of the side.
        kernel_size: an int, the length of the kernel, at least 1.
        stride: an int, the distance between two positions, at least 1.
        padding: an int, the number of zeros added at each of the two ends
            of the side.

    Returns:
        An int. The first position is at the start of the padded side. At
        each position, the whole kernel lies inside the padded side.

    Must:
        - raise a ValueError if the kernel fits nowhere

    Example:
        >>> output_size(5, 3, 1, 0)
        3
        >>> output_size(6, 3, 2, 1)
        3

    Grows from: Python's range. len(range(0, 10, 3)) counts positions too.
    """
    raise NotImplementedError


def correlate(image, kernel):
    """Move a kernel over an image and sum the products at each position.

    Args:
        image, kernel: tensors (H, W) and (h, w) of one dtype, with h <= H
            and w <= W. They may be non-contiguous.

    Returns:
        A tensor of shape (H - h + 1, W - w + 1). Entry [i, j] is the sum
        of kernel * image[i : i + h, j : j + w].

    Must:
        - let gradients reach both image and kernel
        - not use PyTorch's own convolutions. Loops are allowed.

    Example:
        >>> image = torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]])
        >>> correlate(image, torch.tensor([[1.0, 10.0]]))
        tensor([[21.,  2.],
                [43., 54.]])

    Foundations: the weighted sum of a neuron, once for each patch.
    """
    raise NotImplementedError


class Conv2d(nn.Module):
    """A layer that moves kernels over images with several channels.

    Args:
        in_channels, out_channels: ints.
        kernel_size, stride, padding: as in output_size, for H and for W.

    Attributes:
        weight, bias: the only parameters, (out_channels, in_channels, k,
            k) and (out_channels,), with k = kernel_size. They are float32
            and uniform in [-b, b], b = 1 / sqrt(in_channels * k * k).

    Methods:
        forward(images): images has shape (N, in_channels, H, W), and the
            result (N, out_channels, H', W'). Entry [n, o, i, j] is
            bias[o] + (weight[o] * patch).sum(), with the patch
            padded[n, :, s * i : s * i + k, s * j : s * j + k]. Here s is
            the stride, and padded has `padding` zeros on all four edges.

    Must:
        - let gradients reach weight, bias and images
        - not use PyTorch's own convolutions. F.unfold is allowed.

    Example:
        >>> layer = Conv2d(1, 1, 2)
        >>> for parameter in layer.parameters():
        ...     _ = nn.init.ones_(parameter)
        >>> layer(torch.tensor([[[[1.0, 2, 3], [4, 5, 6]]]])).tolist()
        [[[[13.0, 17.0]]]]

    Grows from: correlate and output_size.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        raise NotImplementedError

    def forward(self, images):
        raise NotImplementedError


def difference_to_pytorch(mine, theirs, inputs):
    """Copy your weights into PyTorch's layer and compare both results.

    Args:
        mine: your own module, for example an Embedding, without buffers.
        theirs: PyTorch's own layer of the same kind and sizes, for
            example an nn.Embedding or nn.Conv2d.
        inputs: a tensor that both modules accept.

    Returns:
        A Python float: the largest absolute difference between elements
        of mine(inputs) and theirs(inputs), after theirs has the values
        of the parameters of mine.

    Must:
        - copy the values into theirs. Don't change mine, and don't let
          the two share memory.
        - raise a RuntimeError if names or shapes of parameters differ

    Example:
        >>> mine, theirs = nn.Embedding(3, 2), nn.Embedding(3, 2)
        >>> difference_to_pytorch(mine, theirs, torch.tensor([2, 0]))
        0.0

    Grows from: ready_made, which gave an nn.Linear your weights.
    """
    raise NotImplementedError


def max_pool(images, size):
    """Return the largest element of each square of size x size.

    Args:
        images: a tensor (N, C, H, W). It may be non-contiguous.
        size: an int, at least 1.

    Returns:
        A tensor (N, C, H / size, W / size). The squares of a channel lie
        side by side and do not overlap.

    Must:
        - raise a ValueError if size does not divide both H and W
        - let the gradient reach only the largest element of each square.
          If several elements are equally large, they may share it.
        - not use PyTorch's own max pooling, neither layer nor function

    Example:
        >>> image = torch.tensor([[1.0, 5, 2, 0], [3, 4, 9, 7]])
        >>> max_pool(image[None, None], 2)
        tensor([[[[5., 9.]]]])

    Grows from: split_heads in lesson 1, which split one dimension in two.
    """
    raise NotImplementedError


class SmallCNN(nn.Module):
    """A small net for images: convolution, relu, pooling, linear layer.

    Args:
        channels, height, width: ints, the shape of an image. height and
            width are at least 4 and may be odd.
        classes: an int, the number of classes.

    Attributes:
        conv: an nn.Conv2d from `channels` to 8 channels, with kernels of
            3 x 3, stride 1 and no padding.
        head: an nn.Linear from the flattened, pooled image to `classes`.
            There are no other parameters.

    Methods:
        forward(images): applies conv, relu, max pooling, flattening and
            head. images has shape (N, channels, height, width), and the
            result (N, classes). Max pooling keeps the largest element of
            each square of 2 x 2. It drops the last row or column of an
            odd side, as nn.MaxPool2d does.

    Example:
        >>> net = SmallCNN(1, 28, 28, classes=10)
        >>> net.head.in_features
        1352
        >>> net(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 10])

    Grows from: output_size and max_pool. Here PyTorch's layers do it.
    """

    def __init__(self, channels, height, width, classes):
        raise NotImplementedError

    def forward(self, images):
        raise NotImplementedError
