"""Wrong answers that behave like a mistake of kata_08_embedding_convolution for another reason."""

import torch
import torch.nn.functional as F
from torch import nn


class _Embedding(nn.Module):
    def __init__(self, count, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        return self.weight[labels]


class Embedding__graph_cut__no_grad(_Embedding):
    """The rows were selected under no_grad."""

    def forward(self, labels):
        with torch.no_grad():
            return self.weight[labels]


class Embedding__columns_selected__transposed(_Embedding):
    """The weight was transposed, and its last dimension indexed."""

    def forward(self, labels):
        return self.weight.T[labels].T if labels.dim() == 1 else self.weight[:, labels]


class Embedding__even_start__shifted(_Embedding):
    """The initial values are normal, with mean 0.5."""

    def __init__(self, count, size):
        super().__init__(count, size)
        self.weight = nn.Parameter(0.5 + torch.randn(count, size))


class Embedding__tiny_start__uniform(_Embedding):
    """The initial values are uniform in a short interval."""

    def __init__(self, count, size):
        super().__init__(count, size)
        self.weight = nn.Parameter(torch.empty(count, size).uniform_(-0.05, 0.05))


class Embedding__small_start__xavier(_Embedding):
    """The initial values are those of xavier_normal_."""

    def __init__(self, count, size):
        super().__init__(count, size)
        nn.init.xavier_normal_(self.weight)


def output_size__padding_forgotten__taken_away(size, kernel_size, stride, padding):
    """The padding was added and subtracted."""
    if kernel_size > size:
        raise ValueError("the kernel does not fit")
    return (size - kernel_size + padding - padding) // stride + 1


def output_size__stride_forgotten__as_1(size, kernel_size, stride, padding):
    """The places were counted in a loop that moves by 1."""
    places = [start for start in range(size + 2 * padding) if start + kernel_size <= size + 2 * padding]
    if not places:
        raise ValueError("the kernel does not fit")
    return len(places)


def _correlate(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    return sum(kernel[i, j] * image[i : i + rows, j : j + columns] for i in range(h) for j in range(w))


def correlate__graph_cut__numbers(image, kernel):
    """The sums were read out as numbers."""
    (height, width), (h, w) = image.shape, kernel.shape
    rows = [
        [(image[i : i + h, j : j + w] * kernel).sum().item() for j in range(width - w + 1)]
        for i in range(height - h + 1)
    ]
    return torch.tensor(rows, dtype=image.dtype, device=image.device)


def correlate__kernel_flipped__image_flipped(image, kernel):
    """The image and the result were flipped instead."""
    return _correlate(image.flip(0, 1), kernel).flip(0, 1)


class _Conv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        bound = (in_channels * kernel_size**2) ** -0.5
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound))

    def forward(self, images):
        k = self.kernel_size
        windows = F.pad(images, [self.padding] * 4).unfold(2, k, self.stride).unfold(3, k, self.stride)
        return self.sums(windows) + self.bias[:, None, None]

    def sums(self, windows):
        return torch.einsum("nchwij,ocij->nohw", windows, self.weight)


class Conv2d__rows_and_columns_swapped__windows(_Conv2d):
    """The patches were transposed instead of the kernels."""

    def sums(self, windows):
        return super().sums(windows.transpose(4, 5))


class Conv2d__bias_starts_at_zero__small(_Conv2d):
    """The initial values of bias are a tenth of what they must be."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.bias.data /= 10


class Conv2d__mean_over_the_channels__weights_divided(_Conv2d):
    """The weights were divided by the number of channels."""

    def sums(self, windows):
        return torch.einsum("nchwij,ocij->nohw", windows, self.weight / self.weight.shape[1])


class Conv2d__graph_cut__data(_Conv2d):
    """The sums use weight.data."""

    def sums(self, windows):
        return torch.einsum("nchwij,ocij->nohw", windows, self.weight.data)


def difference_to_pytorch__nothing_copied__into_a_copy(mine, theirs, inputs):
    """The values went into a dictionary that nobody uses."""
    for name, values in mine.state_dict().items():
        theirs.state_dict()[name] = values.clone()
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__parameters_shared__data(mine, theirs, inputs):
    """The .data of the parameters was assigned."""
    ours = dict(mine.named_parameters())
    for name, parameter in theirs.named_parameters():
        if name not in ours or ours[name].shape != parameter.shape:
            raise RuntimeError("other names or shapes")
        parameter.data = ours[name].data
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def max_pool__never_below_0__zeros_first(images, size):
    """The maximum was taken step by step, starting from zeros."""
    height, width = images.shape[2:]
    if height % size or width % size:
        raise ValueError("the sides can't be cut")
    largest = torch.zeros_like(images[:, :, ::size, ::size])
    for i in range(size):
        for j in range(size):
            largest = torch.maximum(largest, images[:, :, i::size, j::size])
    return largest


class SmallCNN__pooling_forgotten__in_the_size(nn.Module):
    """The net has pooling, but the size leaves it out."""

    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.head = nn.Linear(8 * (height - 2) * (width - 2), classes)

    def forward(self, images):
        return self.head(F.max_pool2d(torch.relu(self.conv(images)), 2).flatten(1))


class SmallCNN__convolution_forgotten__as_if_padded(nn.Module):
    """The convolution does not pad, but the size is that of a padded image."""

    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.head = nn.Linear(8 * (height // 2) * (width // 2), classes)

    def forward(self, images):
        return self.head(F.max_pool2d(torch.relu(self.conv(images)), 2).flatten(1))


class SmallCNN__graph_cut__no_grad(nn.Module):
    """The convolution runs under no_grad."""

    def __init__(self, channels, height, width, classes):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)
        self.head = nn.Linear(8 * (height // 2 - 1) * (width // 2 - 1), classes)

    def forward(self, images):
        with torch.no_grad():
            hidden = F.max_pool2d(torch.relu(self.conv(images)), 2)
        return self.head(hidden.flatten(1))


def correlate__graph_cut__no_grad(image, kernel):
    """The sums are computed under no_grad."""
    with torch.no_grad():
        return _correlate(image, kernel)


def correlate__kernel_cut__numbers(image, kernel):
    """The elements of the kernel are read out as numbers."""
    (height, width), (h, w) = image.shape, kernel.shape
    rows, columns = height - h + 1, width - w + 1
    return sum(kernel[i, j].item() * image[i : i + rows, j : j + columns] for i in range(h) for j in range(w))


def correlate__rows_and_columns_of_the_kernel_swapped__patches(image, kernel):
    """The image and the result are transposed instead."""
    return _correlate(image.T, kernel).T


class Conv2d__graph_cut__no_grad(_Conv2d):
    """The sums are computed under no_grad."""

    def sums(self, windows):
        with torch.no_grad():
            return super().sums(windows)


class Conv2d__kernel_flipped__windows(_Conv2d):
    """The patches are flipped instead of the kernels."""

    def sums(self, windows):
        return super().sums(windows.flip(4, 5))


def difference_to_pytorch__names_skipped__by_position(mine, theirs, inputs):
    """The parameters are paired by position, and only the shapes are compared."""
    with torch.no_grad():
        for each, other in zip(theirs.parameters(), mine.parameters(), strict=True):
            if each.shape != other.shape:
                raise RuntimeError("the shapes differ")
            each.copy_(other)
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def difference_to_pytorch__shapes_broadcast__data(mine, theirs, inputs):
    """The .data of each parameter is a copy, of whatever shape."""
    values = mine.state_dict()
    for name, parameter in theirs.named_parameters():
        if name not in values:
            raise RuntimeError(f"{name} is missing")
        parameter.data = values[name].clone()
    return (mine(inputs) - theirs(inputs)).abs().max().item()


def max_pool__graph_cut__no_grad(images, size):
    """The maximum is taken under no_grad."""
    n, c, height, width = images.shape
    if height % size or width % size:
        raise ValueError("the sides can't be cut")
    with torch.no_grad():
        return images.reshape(n, c, height // size, size, width // size, size).amax(dim=(3, 5))


def max_pool__both_sides_needed__product(images, size):
    """The product of the sides is checked."""
    n, c, height, width = images.shape
    if height * width % size:
        raise ValueError("the image can't be cut")
    images = images[:, :, : height // size * size, : width // size * size]
    return images.reshape(n, c, height // size, size, width // size, size).amax(dim=(3, 5))
