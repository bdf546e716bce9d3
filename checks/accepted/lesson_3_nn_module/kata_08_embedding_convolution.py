"""Other right answers to katas/lesson_3_nn_module/kata_08_embedding_convolution.py: the tests must accept them."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn


class Embedding__index_select(nn.Module):
    def __init__(self, count, size):
        super().__init__()
        self.size = size
        self.weight = nn.Parameter(torch.empty(count, size))
        nn.init.normal_(self.weight)

    def forward(self, labels):
        rows = torch.index_select(self.weight, 0, labels.reshape(-1))
        return rows.reshape(*labels.shape, self.size)


class Embedding__one_hot(nn.Module):
    def __init__(self, count, size):
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.normal(0.0, 1.0, (count, size))))

    def forward(self, labels):
        places = torch.arange(len(self.weight), device=labels.device)
        return (labels[..., None] == places).to(self.weight.dtype) @ self.weight


class Embedding__identity(nn.Module):
    def __init__(self, count, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        ones = F.one_hot(labels, len(self.weight)).to(self.weight.dtype)
        return ones @ self.weight


class Embedding__gathered(nn.Module):
    def __init__(self, count, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn((count, size)))

    def forward(self, labels):
        flat = labels.flatten()[:, None].expand(-1, self.weight.shape[1])
        return self.weight.gather(0, flat).view(labels.shape + self.weight.shape[1:])


def output_size__counted_by_range(size, kernel_size, stride, padding):
    count = len(range(0, size + 2 * padding - kernel_size + 1, stride))
    if count == 0:
        raise ValueError("the kernel does not fit")
    return count


def output_size__divmod(size, kernel_size, stride, padding):
    if kernel_size > size + 2 * padding:
        raise ValueError
    steps, _ = divmod(size + 2 * padding - kernel_size, stride)
    return 1 + steps


def output_size__floor_of_a_quotient(size, kernel_size, stride, padding):
    if size + 2 * padding < kernel_size:
        raise ValueError("the kernel does not fit")
    return math.floor((size + 2 * padding - kernel_size) / stride + 1)


def output_size__stride_added(size, kernel_size, stride, padding):
    places = (size + padding + padding - kernel_size + stride) // stride
    if size + 2 * padding - kernel_size < 0:
        raise ValueError(f"{kernel_size} > {size}")
    return places


def correlate__place_by_place(image, kernel):
    h, w = kernel.shape
    rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
    sums = [(image[i : i + h, j : j + w] * kernel).sum() for i in range(rows) for j in range(columns)]
    return torch.stack(sums).reshape(rows, columns)


def correlate__unfolded_twice(image, kernel):
    patches = image.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return torch.einsum("ijkl,kl->ij", patches, kernel)


def correlate__unfold(image, kernel):
    patches = F.unfold(image[None, None], tuple(kernel.shape))
    return (kernel.reshape(1, -1) @ patches).reshape(image.shape[0] - kernel.shape[0] + 1, -1)


def correlate__written_into_zeros(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    out = image.new_zeros(height - h + 1, width - w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = torch.sum(image[i : i + h, j : j + w] * kernel)
    return out


def _bound(in_channels, kernel_size):
    return 1 / (in_channels * kernel_size * kernel_size) ** 0.5


class Conv2d__place_by_place(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        bound = _bound(in_channels, kernel_size)
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(out_channels))
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)
        self.k, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, images):
        p, k = self.padding, self.k
        images = F.pad(images, (p, p, p, p))
        rows = []
        for i in range(0, images.shape[2] - k + 1, self.stride):
            row = []
            for j in range(0, images.shape[3] - k + 1, self.stride):
                patch = images[:, :, i : i + k, j : j + k].flatten(1)
                row.append(patch @ self.weight.flatten(1).T + self.bias)
            rows.append(torch.stack(row, dim=-1))
        return torch.stack(rows, dim=2)


class Conv2d__windows(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        bound = _bound(in_channels, kernel_size)
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter((torch.rand(shape) * 2 - 1) * bound)
        self.bias = nn.Parameter((torch.rand(out_channels) * 2 - 1) * bound)
        self.options = (kernel_size, stride, padding)

    def forward(self, images):
        k, stride, padding = self.options
        n, c, height, width = images.shape
        padded = images.new_zeros(n, c, height + 2 * padding, width + 2 * padding)
        padded[:, :, padding : padding + height, padding : padding + width] = images
        windows = padded.unfold(2, k, stride).unfold(3, k, stride)
        return torch.einsum("nchwij,ocij->nohw", windows, self.weight) + self.bias.view(1, -1, 1, 1)


class Conv2d__kernel_entry_by_kernel_entry(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        bound = _bound(in_channels, kernel_size)
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound))
        self.weight = nn.Parameter(
            torch.empty(out_channels, in_channels, kernel_size, kernel_size).uniform_(-bound, bound)
        )
        self.k, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, images):
        images = F.pad(images, [self.padding] * 4)
        height, width = images.shape[2] - self.k + 1, images.shape[3] - self.k + 1
        total = self.bias[:, None, None]
        for i in range(self.k):
            for j in range(self.k):
                part = images[:, :, i : i + height : self.stride, j : j + width : self.stride]
                total = total + torch.einsum("nchw,oc->nohw", part, self.weight[:, :, i, j])
        return total


def difference_to_pytorch__parameter_by_parameter(mine, theirs, inputs):
    ours, others = dict(mine.named_parameters()), dict(theirs.named_parameters())
    if ours.keys() != others.keys() or any(ours[name].shape != others[name].shape for name in ours):
        raise RuntimeError("the parameters differ in names or shapes")
    with torch.no_grad():
        for name in others:
            others[name].copy_(ours[name])
        return float(torch.max(torch.abs(theirs(inputs) - mine(inputs))))


def difference_to_pytorch__norm(mine, theirs, inputs):
    theirs.load_state_dict(copy.deepcopy(mine.state_dict()))
    return torch.linalg.vector_norm(mine(inputs) - theirs(inputs), ord=float("inf")).item()


def difference_to_pytorch__both_ends(mine, theirs, inputs):
    theirs.load_state_dict(mine.state_dict(), strict=True)
    difference = (theirs(inputs) - mine(inputs)).detach()
    return max(difference.max().item(), -difference.min().item())


def max_pool__reshaped(images, size):
    n, c, height, width = images.shape
    if height % size != 0 or width % size != 0:
        raise ValueError("no whole number of squares")
    return images.reshape(n, c, height // size, size, width // size, size).max(dim=5).values.max(dim=3).values


def max_pool__every_size_th(images, size):
    if any(side % size for side in images.shape[2:]):
        raise ValueError(f"{tuple(images.shape)} and {size}")
    parts = [images[:, :, i::size, j::size] for i in range(size) for j in range(size)]
    return torch.stack(parts).amax(dim=0)


def max_pool__windows(images, size):
    if images.shape[2] % size or images.shape[3] % size:
        raise ValueError("size")
    return images.unfold(2, size, size).unfold(3, size, size).flatten(4).max(dim=4)[0]


def max_pool__square_by_square(images, size):
    height, width = images.shape[2:]
    if height % size or width % size:
        raise ValueError("size")
    rows = [
        torch.stack(
            [images[:, :, i : i + size, j : j + size].flatten(2).max(-1).values for j in range(0, width, size)], dim=-1
        )
        for i in range(0, height, size)
    ]
    return torch.stack(rows, dim=2)


class SmallCNN__sequence(nn.Module):
    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, kernel_size=3)
        self.head = nn.Linear(8 * (height // 2 - 1) * (width // 2 - 1), classes)

    def forward(self, images):
        return nn.Sequential(self.conv, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), self.head)(images)


class SmallCNN__measured(nn.Module):
    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.pool = nn.MaxPool2d(2)
        with torch.no_grad():
            size = self.features(torch.zeros(1, channels, height, width)).shape[1]
        self.head = nn.Linear(size, classes)

    def features(self, images):
        return torch.relu(self.pool(self.conv(images))).flatten(start_dim=1)

    def forward(self, images):
        return self.head(self.features(images))


class SmallCNN__lazy_and_called(nn.Module):
    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.head = nn.LazyLinear(classes)
        self(torch.zeros(1, channels, height, width))

    def forward(self, images):
        hidden = F.relu(self.conv(images))
        rows, columns = hidden.shape[2] // 2, hidden.shape[3] // 2
        squares = hidden[:, :, : 2 * rows, : 2 * columns].unflatten(3, (columns, 2)).unflatten(2, (rows, 2))
        return self.head(squares.amax(dim=(3, 5)).reshape(len(images), -1))
