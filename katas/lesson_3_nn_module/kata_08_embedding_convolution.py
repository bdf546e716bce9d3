"""Embedding and convolution.

Two more layers, and the same two parts as ever: parameters, and a forward. An embedding is a table of rows
that are learned; a convolution lays one small kernel of weights on every place of an image. You build both by
hand, and PyTorch's own, given the same weights, must answer the same.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Embedding(nn.Module):
    """A table with a row for each label, which hands out the rows of labels.

    Embedding(count, size): its only parameter is `weight`, (count, size), float32, drawn from the normal
    distribution of mean 0 and standard deviation 1.  forward(labels): int64, from 0 to count - 1, in any
    shape.  Returns: labels.shape + (size,). Where a label comes up again, its gradients add up. PyTorch's own
    embedding, in whatever spelling, is not allowed.

    >>> table = Embedding(3, 2)
    >>> _ = table.load_state_dict({"weight": torch.arange(6.0).view(3, 2)})
    >>> table(torch.tensor([2, 0])).tolist()
    [[4.0, 5.0], [0.0, 1.0]]

    Grows from: chosen_rows, in lesson 1.
    """

    def __init__(self, count, size):
        raise NotImplementedError

    def forward(self, labels):
        raise NotImplementedError


def one_hot_product(labels, weight):
    """Return the row of `weight` for each label once more, now as a product of a matrix and `weight`.

    labels: (N,), int64, each from 0 to K - 1; N may be 0.  weight: (K, D), float32 or float64.  Returns:
    (N, D), of the dtype of `weight`. Row n of the matrix is 0 but for a single 1, and the gradient of
    `weight` comes out as that of the table. Looking rows up in `weight` itself is not allowed.

    >>> one_hot_product(torch.tensor([2, 0]), torch.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    tensor([[4., 5.],
            [0., 1.]])

    Grows from: Embedding, and a linear layer without a bias.
    """
    raise NotImplementedError


def output_size(size, kernel_size, stride, padding):
    """Return how many places a kernel has along one side of an image: that long is this side of the answer.

    size: the side's length.  padding: how many zeros are put at each of its two ends.  kernel_size: the
    kernel's length.  stride: how far it moves from a place to the next; the first place is the very start,
    and none goes past the end. All are ints, however large; kernel_size and stride are at least 1.  Returns:
    an int. Where there is no place at all, raise a ValueError.

    >>> output_size(5, 3, 1, 0), output_size(6, 3, 2, 1)
    (3, 3)

    As in range: len(range(0, 10, 3)) counts places too.
    """
    raise NotImplementedError


def correlate(image, kernel):
    """Return the sum of kernel times patch, at every place where the kernel fits.

    image: (H, W), kernel: (h, w), from (1, 1) to (H, W), both float32 or both float64.  Returns:
    (H - h + 1, W - w + 1), of their dtype: entry [i, j] has the kernel's upper left corner on image[i, j]. It
    is laid on as it is, not turned round. Gradients reach both; both stay as they are. PyTorch's own
    convolutions, in whatever spelling, are not allowed; loops are.

    >>> correlate(torch.tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]]), torch.tensor([[1.0, 10.0]]))
    tensor([[21.,  2.],
            [43., 54.]])

    In Foundations: a neuron's weighted sum, of one patch after the other.
    """
    raise NotImplementedError


class Conv2d(nn.Module):
    """A layer that lays kernels on images of several channels, and adds a bias.

    Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0): ints, as in output_size, for both
    sides. With k for kernel_size, the parameters are `weight`, (out_channels, in_channels, k, k), and `bias`,
    (out_channels,), float32, drawn evenly from -b to b, b = 1 / sqrt(in_channels * k * k).  forward(images):
    (N, in_channels, H, W), of their dtype, N may be 0.  Returns: (N, out_channels, H', W'), of that dtype.
    PyTorch's own convolutions are not allowed; torch.nn.functional.unfold is.

    >>> layer = Conv2d(1, 1, 2)
    >>> _ = layer.load_state_dict({"weight": torch.ones(1, 1, 2, 2), "bias": torch.ones(1)})
    >>> layer(torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])).tolist()
    [[[[13.0, 17.0]]]]

    Grows from: correlate and output_size.
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        raise NotImplementedError

    def forward(self, images):
        raise NotImplementedError


def max_pool(images, size):
    """Cut every channel into squares of size x size, side by side, and return the largest number of each.

    images: (N, C, H, W), float32 or float64.  size: an int.  Returns: as images, (N, C, H / size, W / size);
    images stay as they are. Where `size` does not divide both sides, raise a ValueError. The gradient of each
    answer goes to the number that was the largest, and to no other. PyTorch's own max pooling is not allowed.

    >>> max_pool(torch.tensor([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 9.0, 7.0]]]]), 2)
    tensor([[[[5., 9.]]]])

    Grows from: split_heads, in lesson 1, where one side became two.
    """
    raise NotImplementedError


def parameter_counts(in_channels, out_channels, height, width, kernel_size):
    """Return how many numbers each of two layers learns that turn an image into one of the same new size.

    The image: (in_channels, height, width).  Its new size: (out_channels, height', width'), as Conv2d makes
    it with stride 1 and no padding.  Returns: a tuple of two ints: first for that Conv2d, then for a linear
    layer from all the image's numbers to all the new ones. Biases count. Images may be so large that the
    linear layer would fill any memory.

    >>> parameter_counts(1, 2, 4, 4, 3)
    (20, 136)

    In Foundations: the weights and biases of a layer, which you counted by hand. Here one kernel serves all
    places.
    """
    raise NotImplementedError
