"""The specification of katas/lesson_3_nn_module/kata_08_embedding_convolution.py."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
    kind_of,
)
from katas.lesson_3_nn_module import kata_08_embedding_convolution as kata

CORE = ()


def distinct(seed, *shape):
    """Distinct multiples of 1/4, below and above 0, in an order drawn from `seed`, as float64."""
    count = int(np.prod(shape))
    return (np.random.default_rng(seed).permutation(count).reshape(shape) - count // 3) / 4


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def tracked(device, values):
    return on(device, values, torch.float64).requires_grad_()


def labels_on(device, values):
    return torch.tensor(np.array(values), dtype=torch.int64, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def assert_parameters(module, **shapes):
    """Check that the parameters of `module` have these names and shapes, and are leaves that require grad."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    if sorted(found) != sorted(shapes):
        asked, has = " and ".join(shapes), ", ".join(found) or "none"
        raise Mismatch("statement", f"named_parameters() must have {asked}, and no others. It has {has}.")
    for name, shape in shapes.items():
        if tuple(found[name].shape) != shape:
            raise Mismatch("shape", f"The parameter {name} has shape {tuple(found[name].shape)}. It must have {shape}.")
        if not (found[name].is_leaf and found[name].requires_grad):
            raise Mismatch("graph", f"The parameter {name} must be a leaf that requires grad.")


def filled(module, device, **values):
    """`module` on `device` with these values in its parameters. Mismatch if names or shapes are wrong."""
    __tracebackhide__ = True
    assert_parameters(module, **{name: np.shape(value) for name, value in values.items()})
    module.to(device)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.tensor(np.array(values[name], order="C"), dtype=parameter.dtype))
    return module


def grad_of(tensor, name):
    __tracebackhide__ = True
    if tensor.grad is None:
        raise Mismatch("graph", f"No gradient has reached {name}. Its .grad is None after backward().")
    return tensor.grad


def assert_backward(answer, upstream):
    """Run a backward pass from `answer` with `upstream`. Mismatch if the answer has no graph."""
    __tracebackhide__ = True
    if not answer.requires_grad:
        raise Mismatch("graph", "Your result has no graph, so no gradient can reach the parameters or inputs.")
    answer.backward(upstream)


def added_rows(labels, upstream, count):
    """The gradient of a table of `count` rows. Each row of `upstream` is added to the row of its label."""
    grad = np.zeros((count, upstream.shape[-1]))
    np.add.at(grad, np.asarray(labels), upstream)
    return grad


def correlated(image, kernel):
    h, w = kernel.shape
    places = np.lib.stride_tricks.sliding_window_view(image, (h, w))
    return (places * kernel).sum(axis=(2, 3))


def convolved(images, weight, bias, stride=1, padding=0):
    """The result of a convolution, position by position."""
    padded = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = weight.shape[2]
    rows = range(0, padded.shape[2] - k + 1, stride)
    columns = range(0, padded.shape[3] - k + 1, stride)
    out = np.zeros((len(images), len(weight), len(rows), len(columns)))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            patch = padded[:, :, row : row + k, column : column + k]
            out[:, :, i, j] = np.einsum("ncij,ocij->no", patch, weight) + bias
    return out


TABLE = distinct(0, 4, 5)


@pytest.mark.parametrize("labels", [[3, 0, 2, 1], [2, 2], [1, 3, 2, 1, 0, 0]])
def test_Embedding__returns_the_row_of_each_label(device, labels):
    table = filled(kata.Embedding(4, 5), device, weight=TABLE)
    assert_tensor(table(labels_on(device, labels)), float32(TABLE[labels]), device=device)


def test_Embedding__keeps_the_dimension_of_a_row_of_size_1(device):
    weight, labels = distinct(5, 4, 1), [3, 0, 2]
    table = filled(kata.Embedding(4, 1), device, weight=weight)
    assert_tensor(table(labels_on(device, labels)), float32(weight[labels]), device=device)


def test_Embedding__has_weight_as_its_only_parameter():
    assert_parameters(kata.Embedding(4, 5), weight=(4, 5))
    assert_parameters(kata.Embedding(2, 7), weight=(2, 7))


def test_Embedding__starts_from_a_standard_normal_distribution():
    table = kata.Embedding(200, 50)
    assert_parameters(table, weight=(200, 50))
    weight = table.weight.detach()
    # Of 10,000 standard normal values, the mean has the standard deviation 0.01, their standard deviation has 0.0071,
    # and the proportion beyond 2, which is 0.0455 on average, has 0.0021. Each bound is 6 of these, chance 2e-9.
    mean, spread, beyond = weight.mean().item(), weight.std().item(), (weight.abs() > 2).double().mean().item()
    if not weight.any():
        raise Mismatch("statement", "All initial values of weight are 0. Draw them from a normal distribution.")
    if abs(mean) >= 0.06:
        raise Mismatch("statement", f"The mean of the initial values of weight is {mean:.2f}. It must be about 0.")
    if abs(spread - 1) >= 0.043:
        bounds = [bound for bound in (0.05, 0.5, 0.95) if spread < bound]
        found = f"below {bounds[0]}" if bounds else f"about {spread:.2f}"
        says = f"The standard deviation of the initial values of weight is {found}. It must be about 1."
        raise Mismatch("statement", says)
    if abs(beyond - 0.0455) >= 0.0126:
        says = "Of the initial values of weight, 1 in 22 must be below -2 or above 2, as in a normal distribution."
        raise Mismatch("statement", says)


@pytest.mark.parametrize("shape", [(), (0,), (2, 4), (4, 1), (2, 1, 3), (2, 0)])
def test_Embedding__accepts_labels_of_any_shape(device, shape):
    labels = np.random.default_rng(1).integers(0, 4, shape)
    table = filled(kata.Embedding(4, 5), device, weight=TABLE)
    assert_tensor(table(labels_on(device, labels)), float32(TABLE[labels]), device=device)


@pytest.mark.float64
def test_Embedding__adds_up_the_gradients_of_a_repeated_label(device):
    table = filled(kata.Embedding(4, 5).double(), device, weight=TABLE)
    labels, upstream = [[2, 0, 2], [3, 2, 0]], distinct(3, 2, 3, 5)
    assert_backward(table(labels_on(device, labels)), on(device, upstream, torch.float64))
    assert_tensor(
        grad_of(table.weight, "weight"), added_rows(labels, upstream, 4), device=device, name="the gradient of weight"
    )


@pytest.mark.float64
def test_Embedding__agrees_with_the_layer_of_pytorch(device):
    table, own = filled(kata.Embedding(4, 5).double(), device, weight=TABLE), nn.Embedding(4, 5).double()
    own = filled(own, device, weight=TABLE)
    labels, upstream = labels_on(device, [[1, 0, 1, 3]]), on(device, distinct(4, 1, 4, 5), torch.float64)
    answer, wanted = table(labels), own(labels)
    assert_tensor(answer, wanted.detach(), device=device)
    assert_backward(answer, upstream)
    wanted.backward(upstream)
    assert_tensor(grad_of(table.weight, "weight"), own.weight.grad, device=device, name="the gradient of weight")


def test_Embedding__can_be_copied_and_saved(device):
    table = filled(kata.Embedding(4, 5), device, weight=TABLE)
    twin, other = copy.deepcopy(table), kata.Embedding(4, 5).to(device)
    other.load_state_dict(table.state_dict())
    filled(table, device, weight=-TABLE)
    for name, each in [("the result of a copy", twin), ("the result after load_state_dict", other)]:
        assert_tensor(each(labels_on(device, [3, 1])), float32(TABLE[[3, 1]]), device=device, name=name)


def test_Embedding__does_not_use_the_embedding_of_pytorch(device):
    because = "PyTorch's own embedding is the whole answer. Use a parameter and an index."
    labels = labels_on(device, [0, 2])
    with forbid("torch.nn.Embedding", "torch.nn.functional.embedding", "torch.embedding", because=because):
        kata.Embedding(3, 2).to(device)(labels)


def test_Embedding__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize(("size", "kernel_size", "padding"), [(7, 3, 0), (8, 1, 0), (5, 2, 1), (6, 5, 3), (9, 4, 2)])
def test_output_size__counts_the_positions(size, kernel_size, stride, padding):
    length = size + 2 * padding
    places = [start for start in range(0, length, stride) if start + kernel_size <= length]
    assert_value(kata.output_size(size, kernel_size, stride, padding), len(places))


@pytest.mark.parametrize(("size", "kernel_size", "padding"), [(4, 4, 0), (1, 1, 0), (3, 7, 2), (1, 3, 1)])
@pytest.mark.parametrize("stride", [1, 3])
def test_output_size__is_1_if_the_kernel_just_fits(size, kernel_size, stride, padding):
    assert_value(kata.output_size(size, kernel_size, stride, padding), 1)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding"), [(2, 3, 1, 0), (2, 3, 2, 0), (3, 9, 4, 2), (0, 1, 1, 0)]
)
def test_output_size__raises_an_error_if_the_kernel_does_not_fit(size, kernel_size, stride, padding):
    with assert_raises(ValueError, because="The kernel is longer than the side with its zeros. Raise a ValueError."):
        kata.output_size(size, kernel_size, stride, padding)


def test_output_size__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("image", "kernel"), [((2, 3), (1, 2)), ((4, 6), (2, 3)), ((5, 3), (4, 1)), ((6, 5), (3, 2))])
def test_correlate__sums_the_products_at_each_position(device, image, kernel):
    pixels, entries = distinct(1, *image), distinct(2, *kernel)
    actual = kata.correlate(on(device, pixels), on(device, entries))
    assert_tensor(actual, float32(correlated(pixels, entries)), device=device)


@pytest.mark.parametrize("k", [2, 3])
def test_correlate__works_for_squares(device, k):
    pixels, entries = distinct(k, 5, 5), distinct(k + 5, k, k)
    actual = kata.correlate(on(device, pixels), on(device, entries))
    assert_tensor(actual, float32(correlated(pixels, entries)), device=device)


def test_correlate__does_not_flip_the_kernel(device):
    # A single 1 in the lower right corner moves the image up and left.
    image = on(device, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    actual = kata.correlate(image, on(device, [[0.0, 0.0], [0.0, 1.0]]))
    assert_tensor(actual, float32([[5, 6], [8, 9]]), device=device)


def test_correlate__accepts_a_kernel_as_large_as_the_image(device):
    image, kernel = on(device, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), on(device, [[1.0, 0.0, -1.0], [2.0, 0.0, 3.0]])
    # 1 - 3 + 8 + 18
    assert_tensor(kata.correlate(image, kernel), float32([[24.0]]), device=device)


@pytest.mark.float64
def test_correlate__lets_gradients_reach_image_and_kernel(device):
    pixels, entries, upstream = distinct(1, 4, 5), distinct(2, 2, 3), distinct(3, 3, 3)
    image, kernel = tracked(device, pixels), tracked(device, entries)
    answer = kata.correlate(image, kernel)
    assert_tensor(answer.detach(), correlated(pixels, entries), device=device)
    assert_backward(answer, on(device, upstream, torch.float64))
    assert_tensor(grad_of(kernel, "kernel"), correlated(pixels, upstream), device=device, name="the gradient of kernel")
    # The gradient of the image is a correlation with the flipped kernel, with zeros on all sides.
    wanted = correlated(np.pad(upstream, ((1, 1), (2, 2))), entries[::-1, ::-1])
    assert_tensor(grad_of(image, "image"), wanted, device=device, name="the gradient of image")


def test_correlate__accepts_non_contiguous_tensors(device):
    pixels, entries = distinct(4, 6, 4), distinct(5, 3, 2)
    actual = kata.correlate(on(device, pixels).T, on(device, entries).T)
    assert_tensor(actual, float32(correlated(pixels.T, entries.T)), device=device)


def test_correlate__does_not_change_its_inputs(device):
    image, kernel = on(device, distinct(1, 3, 4)), on(device, distinct(2, 2, 2))
    with assert_unchanged(image=image, kernel=kernel):
        kata.correlate(image, kernel)


READY_MADE = [
    f"torch.nn.{name}" for name in ("Conv1d", "Conv2d", "Conv3d", "functional.conv1d", "functional.conv2d")
] + ["torch.nn.functional.conv3d", "torch.convolution"]


def test_correlate__does_not_use_the_convolution_of_pytorch(device):
    because = "PyTorch's own convolution is the whole answer. Use products and sums."
    image, kernel = on(device, distinct(1, 3, 4)), on(device, distinct(2, 2, 2))
    with forbid(*READY_MADE, because=because):
        kata.correlate(image, kernel)


def test_correlate__does_what_its_example_shows(example):
    example.check(kata)


def layer_of(device, in_channels, out_channels, kernel_size, **options):
    """A Conv2d with distinct weights and biases, and these as float64 arrays."""
    __tracebackhide__ = True
    weight, bias = distinct(6, out_channels, in_channels, kernel_size, kernel_size), distinct(7, out_channels) + 5
    layer = kata.Conv2d(in_channels, out_channels, kernel_size, **options)
    return filled(layer, device, weight=weight, bias=bias), weight, bias


def test_Conv2d__multiplies_each_patch_by_the_kernel(device):
    # The digits of the result show which pixel has met which element of the kernel.
    weight = [[[[1.0, 10.0], [100.0, 1000.0]]]]
    layer = filled(kata.Conv2d(1, 1, 2), device, weight=weight, bias=[0.5])
    wanted = float32([[[[5421.5, 6532.5]]]])
    name = "the result for the kernel [[1, 10], [100, 1000]] and the bias 0.5"
    assert_tensor(layer(on(device, [[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])), wanted, device=device, name=name)


def test_Conv2d__sums_over_the_channels_and_adds_the_bias(device):
    images = [[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0, 1.0, 0.0], [2.0, 0.0, 0.0]]]]
    weight = [
        [[[1.0, 0.0], [0.0, 2.0]], [[0.0, 10.0], [100.0, 0.0]]],
        [[[0.0, 0.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 0.0]]],
    ]
    layer = filled(kata.Conv2d(2, 2, 2), device, weight=weight, bias=[0.5, -1.0])
    # 1 + 2 * 5 + 10 * 1 + 100 * 2 + 0.5 and 2 + 2 * 6 + 0 + 0 + 0.5, then 3 * 0 - 1 and 3 * 1 - 1.
    assert_tensor(layer(on(device, images)), float32([[[[221.5, 14.5]], [[-1.0, 2.0]]]]), device=device)


@pytest.mark.parametrize(("n", "into", "out", "k"), [(2, 3, 4, 2), (1, 2, 3, 3), (3, 1, 2, 1), (2, 4, 1, 2)])
def test_Conv2d__applies_every_kernel_to_every_image(device, n, into, out, k):
    layer, weight, bias = layer_of(device, into, out, k)
    images = distinct(n, n, into, 5, 6)
    assert_tensor(layer(on(device, images)), float32(convolved(images, weight, bias)), device=device, rtol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(4, 4), (6, 2), (2, 6)])
def test_Conv2d__accepts_square_tall_and_wide_images(device, height, width):
    for stride in (1, 2):
        layer, weight, bias = layer_of(device, 2, 3, 2, stride=stride)
        images = distinct(height, 2, 2, height, width)
        wanted = float32(convolved(images, weight, bias, stride=stride))
        assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


def test_Conv2d__has_weight_and_bias_as_parameters():
    assert_parameters(kata.Conv2d(3, 4, 2), weight=(4, 3, 2, 2), bias=(4,))
    assert_parameters(kata.Conv2d(2, 5, 3, 2, 1), weight=(5, 2, 3, 3), bias=(5,))


def test_Conv2d__starts_from_a_uniform_distribution():
    layer = kata.Conv2d(4, 400, 3)
    assert_parameters(layer, weight=(400, 4, 3, 3), bias=(400,))
    for name in ("weight", "bias"):
        values = getattr(layer, name).detach().double().flatten()
        # b is 1 / sqrt(4 * 3 * 3), and float32 rounds it by less than 1e-7.
        if values.abs().max() > 1 / 6 + 1e-6:
            tenths = 10 * (values.abs() > 1 / 6 + 1e-6).double().mean().item()
            share = f"about {tenths:.0f} in 10" if tenths > 0.5 else "some"
            raise Mismatch("statement", f"Of the initial values of {name}, {share} lie outside [-b, b].")
        # Of n uniform values from -b to b, the mean has the standard deviation b / sqrt(3 * n). For n = 400, 6 of these
        # are 0.0289. The proportion beyond b / 2 is 1/2 with 0.5 / sqrt(n), and 6 of these are 0.15. Chance: 2e-9 each.
        mean, beyond = values.mean().item(), (values.abs() > 1 / 12).double().mean().item()
        if abs(mean) >= 0.029:
            raise Mismatch("statement", f"The mean of the initial values of {name} is {mean:.2f}. It must be about 0.")
        if abs(beyond - 0.5) >= 0.15:
            raise Mismatch("statement", f"Half of the initial values of {name} must lie beyond -b / 2 or b / 2.")


@pytest.mark.parametrize("stride", [2, 3])
def test_Conv2d__uses_the_stride_along_both_sides(device, stride):
    layer, weight, bias = layer_of(device, 2, 3, 2, stride=stride)
    images = distinct(stride, 2, 2, 6, 8)
    wanted = float32(convolved(images, weight, bias, stride=stride))
    assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


@pytest.mark.parametrize("padding", [1, 2])
def test_Conv2d__pads_all_four_sides_with_zeros(device, padding):
    layer, weight, bias = layer_of(device, 2, 3, 3, padding=padding)
    images = distinct(padding, 2, 2, 4, 5)
    wanted = float32(convolved(images, weight, bias, padding=padding))
    assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


@pytest.mark.float64
@pytest.mark.parametrize(("k", "stride", "padding"), [(2, 1, 0), (3, 2, 1), (2, 3, 2), (1, 2, 0)])
def test_Conv2d__agrees_with_the_layer_of_pytorch(device, k, stride, padding):
    weight, bias, pixels = distinct(1, 4, 3, k, k), distinct(2, 4), distinct(3, 2, 3, 6, 7)
    layer = filled(kata.Conv2d(3, 4, k, stride, padding).double(), device, weight=weight, bias=bias)
    own = filled(nn.Conv2d(3, 4, k, stride, padding).double(), device, weight=weight, bias=bias)
    images, same = tracked(device, pixels), tracked(device, pixels)
    answer, wanted = layer(images), own(same)
    assert_tensor(answer, wanted.detach(), device=device)
    upstream = on(device, distinct(4, *wanted.shape), torch.float64)
    assert_backward(answer, upstream)
    wanted.backward(upstream)
    assert_tensor(grad_of(layer.weight, "weight"), own.weight.grad, device=device, name="the gradient of weight")
    assert_tensor(grad_of(layer.bias, "bias"), own.bias.grad, device=device, name="the gradient of bias")
    assert_tensor(grad_of(images, "images"), same.grad, device=device, name="the gradient of images")


def test_Conv2d__can_be_copied_and_saved(device):
    layer, weight, bias = layer_of(device, 2, 3, 2, stride=2, padding=1)
    twin, other = copy.deepcopy(layer), kata.Conv2d(2, 3, 2, 2, 1).to(device)
    other.load_state_dict(layer.state_dict())
    filled(layer, device, weight=-weight, bias=-bias)
    images = distinct(5, 1, 2, 4, 5)
    wanted = float32(convolved(images, weight, bias, 2, 1))
    for name, each in [("the result of a copy", twin), ("the result after load_state_dict", other)]:
        assert_tensor(each(on(device, images)), wanted, device=device, name=name, rtol=1e-5)


def test_Conv2d__does_not_use_the_convolution_of_pytorch(device):
    because = "PyTorch's own convolution is the whole answer. Use patches and a product."
    images = on(device, distinct(1, 1, 2, 3, 4))
    with forbid(*READY_MADE, because=because):
        kata.Conv2d(2, 3, 2).to(device)(images)


def test_Conv2d__does_what_its_example_shows(example):
    example.check(kata)


class _Table(nn.Module):
    """An embedding that is right, by another way than PyTorch's."""

    def __init__(self, count, size):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, size))

    def forward(self, labels):
        return self.weight[labels]


class _Unfolded(nn.Module):
    """A convolution that is right, by another way than PyTorch's."""

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.randn(out_channels))
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, images):
        images = nn.functional.pad(images, [self.padding] * 4)
        windows = images.unfold(2, self.kernel_size, self.stride).unfold(3, self.kernel_size, self.stride)
        return torch.einsum("nchwij,ocij->nohw", windows, self.weight) + self.bias[:, None, None]


class _Off(nn.Linear):
    """A linear layer whose result is wrong by `off`."""

    off = None

    def forward(self, inputs):
        return super().forward(inputs) + self.off


def _layers(device):
    """A module, PyTorch's layer of the same sizes, and inputs for both."""
    values = {"weight": distinct(2, 3, 2, 3, 3), "bias": distinct(3, 3)}
    mine = filled(_Unfolded(2, 3, 3, 2, 1), device, **values)
    theirs = filled(nn.Conv2d(2, 3, 3, stride=2, padding=1), device, **{name: -each for name, each in values.items()})
    convolution = mine, theirs, on(device, distinct(1, 2, 2, 6, 5))
    mine, theirs = filled(_Table(4, 5), device, weight=TABLE), filled(nn.Embedding(4, 5), device, weight=-TABLE)
    return [convolution, (mine, theirs, labels_on(device, [[3, 0], [1, 1]]))]


def _assert_float(actual):
    __tracebackhide__ = True
    if type(actual) is not float:
        kind = kind_of(actual)
        raise Mismatch("type", f"Your result is {kind}. It must be a Python float.", actual=actual)


def test_difference_to_pytorch__is_0_for_layers_that_agree(device):
    for mine, theirs, inputs in _layers(device):
        actual = kata.difference_to_pytorch(mine, theirs, inputs)
        _assert_float(actual)
        assert_value(actual, 0.0, tolerance=1e-4, name=f"the difference to {type(theirs).__name__}")


@pytest.mark.parametrize("sign", [1, -1])
def test_difference_to_pytorch__is_the_largest_absolute_difference(device, sign):
    weight, bias = distinct(4, 2, 3), distinct(5, 2)
    mine = filled(_Off(3, 2), device, weight=weight, bias=bias)
    theirs = filled(nn.Linear(3, 2), device, weight=-weight, bias=-bias)
    mine.off = on(device, np.array([[0.5, -2.0], [1.0, 0.0], [0.25, 0.0]]) * sign)
    actual = kata.difference_to_pytorch(mine, theirs, on(device, distinct(2, 3, 3)))
    _assert_float(actual)
    assert_value(actual, 2.0, tolerance=1e-4)


def test_difference_to_pytorch__copies_the_values_of_your_parameters(device):
    for mine, theirs, inputs in _layers(device):
        before = copy.deepcopy(mine.state_dict())
        kata.difference_to_pytorch(mine, theirs, inputs)
        for name, values in before.items():
            wanted = values.cpu().numpy()
            assert_tensor(getattr(mine, name).detach(), wanted, device=device, name=f"your layer's {name}")
            assert_tensor(getattr(theirs, name).detach(), wanted, device=device, name=f"the {name} of PyTorch's layer")


def test_difference_to_pytorch__does_not_share_memory_between_the_layers(device):
    for mine, theirs, inputs in _layers(device):
        kata.difference_to_pytorch(mine, theirs, inputs)
        for name, parameter in mine.named_parameters():
            theirs_too = getattr(theirs, name).detach()
            assert_owns_memory(theirs_too, parameter.detach(), name=name, other_name="your layer's parameter")


@pytest.mark.parametrize("sizes", [(4, 1), (1, 5), (1, 1)])
def test_difference_to_pytorch__raises_an_error_if_a_shape_differs(device, sizes):
    mine = filled(_Table(*sizes), device, weight=distinct(6, *sizes))
    theirs = filled(nn.Embedding(4, 5), device, weight=TABLE)
    because = f"The weight of your layer has shape {sizes}, and that of PyTorch's layer (4, 5)."
    with assert_raises(RuntimeError, because=because):
        kata.difference_to_pytorch(mine, theirs, labels_on(device, [0]))


def test_difference_to_pytorch__raises_an_error_if_a_name_differs(device):
    mine, theirs = _Table(4, 5), nn.Embedding(4, 5).to(device)
    mine = nn.Sequential(mine.to(device))
    because = "The parameter of your layer is called 0.weight, and that of PyTorch's layer weight."
    with assert_raises(RuntimeError, because=because):
        kata.difference_to_pytorch(mine, theirs, labels_on(device, [0]))


def test_difference_to_pytorch__does_what_its_example_shows(example):
    example.check(kata)


def pooled(images, size):
    n, c, height, width = images.shape
    out = np.zeros((n, c, height // size, width // size))
    for i, j in np.ndindex(*out.shape[2:]):
        out[:, :, i, j] = images[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size].max(axis=(2, 3))
    return out


@pytest.mark.parametrize(
    ("shape", "size"), [((2, 3, 4, 6), 2), ((1, 2, 3, 9), 3), ((3, 1, 8, 2), 2), ((2, 2, 3, 5), 1)]
)
def test_max_pool__returns_the_largest_of_each_square(device, shape, size):
    images = distinct(size, *shape)
    assert_tensor(kata.max_pool(on(device, images), size), float32(pooled(images, size)), device=device)


@pytest.mark.parametrize("size", [2, 3])
def test_max_pool__works_for_as_many_squares_as_a_square_is_wide(device, size):
    images = distinct(size + 3, 2, 2, size**2, size**2)
    assert_tensor(kata.max_pool(on(device, images), size), float32(pooled(images, size)), device=device)


def test_max_pool__keeps_negative_values(device):
    images = -1 - np.abs(distinct(3, 1, 2, 2, 4))
    assert_tensor(kata.max_pool(on(device, images), 2), float32(pooled(images, 2)), device=device)


@pytest.mark.parametrize(("height", "width"), [(4, 5), (5, 4), (3, 3), (2, 1)])
def test_max_pool__raises_an_error_if_size_does_not_divide_a_side(device, height, width):
    images = on(device, distinct(1, 1, 2, height, width))
    because = f"size is 2, which does not divide both sides, {height} and {width}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.max_pool(images, 2)


@pytest.mark.float64
def test_max_pool__lets_the_gradient_reach_only_the_largest(device):
    images = tracked(
        device, [[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 9.0, 7.0]], [[-1.0, -2.0, 8.0, 6.0], [-3.0, -4.0, 5.0, 7.5]]]]
    )
    answer = kata.max_pool(images, 2)
    assert_tensor(answer.detach(), np.array([[[[5.0, 9.0]], [[-1.0, 8.0]]]]), device=device)
    assert_backward(answer, on(device, [[[[2.0, 3.0]], [[-4.0, 0.5]]]], torch.float64))
    wanted = np.array([[[[0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]], [[-4.0, 0.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]]]])
    assert_tensor(grad_of(images, "images"), wanted, device=device, name="the gradient of images")


@pytest.mark.float64
def test_max_pool__counts_equal_elements_once(device):
    # After relu, squares with several zeros are common. Which of the equal elements gets the gradient is open.
    images = tracked(device, [[[[0.0, 0.0, 4.0, 1.0], [0.0, 0.0, 4.0, 2.0]]]])
    answer = kata.max_pool(images, 2)
    assert_tensor(answer.detach(), np.array([[[[0.0, 4.0]]]]), device=device)
    assert_backward(answer, on(device, [[[[3.0, 5.0]]]], torch.float64))
    grad = grad_of(images, "images").cpu()[0, 0]
    sums = [grad[:, :2].sum().item(), grad[:, 2:].sum().item()]
    assert_value(sums, [3.0, 5.0], name="the list of the sums of the gradient over each square")
    assert_tensor(grad[:, 3], np.zeros(2), name="the gradient of the elements that are not the largest")


def test_max_pool__accepts_non_contiguous_images(device):
    images = distinct(2, 2, 6, 4, 3)
    actual = kata.max_pool(on(device, images).permute(0, 3, 1, 2), 2)
    assert_tensor(actual, float32(pooled(images.transpose(0, 3, 1, 2), 2)), device=device)


def test_max_pool__does_not_change_its_input(device):
    images = on(device, distinct(1, 1, 2, 4, 6))
    with assert_unchanged(images=images):
        kata.max_pool(images, 2)


def test_max_pool__does_not_use_the_pooling_of_pytorch(device):
    because = "PyTorch's own pooling is the whole answer. Use a new shape and a maximum."
    images = on(device, distinct(1, 1, 2, 4, 6))
    pools = [f"torch.nn.functional.{name}" for name in ("max_pool2d", "max_pool2d_with_indices", "adaptive_max_pool2d")]
    with forbid("torch.nn.MaxPool2d", "torch.nn.AdaptiveMaxPool2d", "torch.max_pool2d", *pools, because=because):
        kata.max_pool(images, 2)


def test_max_pool__does_what_its_example_shows(example):
    example.check(kata)


_IMAGES = [(1, 8, 8), (3, 6, 10), (2, 7, 9), (1, 10, 5), (2, 4, 4)]


def _flattened(height, width):
    return 8 * len(range(0, height - 3, 2)) * len(range(0, width - 3, 2))


def _assert_layers(net, channels, height, width, classes):
    """Check the two layers, and then the shapes of all parameters."""
    __tracebackhide__ = True
    for name, kind in (("conv", nn.Conv2d), ("head", nn.Linear)):
        layer = getattr(net, name, None)
        if not isinstance(layer, kind):
            has = "missing" if layer is None else kind_of(layer)
            raise Mismatch("type", f"The attribute {name} is {has}. It must be an nn.{kind.__name__}.")
        if any(isinstance(parameter, nn.UninitializedParameter) for parameter in layer.parameters()):
            raise Mismatch("shape", f"The layer {name} has no sizes before the first call.")
    shapes = {
        "conv.weight": (8, channels, 3, 3),
        "conv.bias": (8,),
        "head.weight": (classes, _flattened(height, width)),
        "head.bias": (classes,),
    }
    assert_parameters(net, **shapes)
    return shapes


@pytest.mark.parametrize(("channels", "height", "width"), _IMAGES)
def test_SmallCNN__knows_the_flattened_size(channels, height, width):
    net = kata.SmallCNN(channels, height, width, 5)
    _assert_layers(net, channels, height, width, 5)


@pytest.mark.parametrize(("channels", "height", "width"), _IMAGES)
def test_SmallCNN__applies_all_layers_in_their_order(device, channels, height, width):
    net = kata.SmallCNN(channels, height, width, 5)
    shapes = _assert_layers(net, channels, height, width, 5)
    values = {name: distinct(seed, *shape) / np.prod(shape) for seed, (name, shape) in enumerate(shapes.items())}
    filled(net, device, **values)
    images = distinct(9, 3, channels, height, width) / 10
    hidden = np.maximum(convolved(images, values["conv.weight"], values["conv.bias"]), 0)
    even = hidden[:, :, : hidden.shape[2] // 2 * 2, : hidden.shape[3] // 2 * 2]
    wanted = pooled(even, 2).reshape(3, -1) @ values["head.weight"].T + values["head.bias"]
    assert_tensor(net(on(device, images)), float32(wanted), device=device, rtol=1e-4, atol=1e-4)


def test_SmallCNN__accepts_one_image(device):
    net = kata.SmallCNN(2, 6, 8, 4).to(device)
    actual = net(on(device, distinct(3, 1, 2, 6, 8)))
    assert_value(tuple(actual.shape), (1, 4), name="the shape of the result for one image")


def test_SmallCNN__lets_gradients_reach_all_parameters(device):
    net = kata.SmallCNN(2, 6, 8, 4).to(device)
    net(on(device, distinct(3, 5, 2, 6, 8))).sum().backward()
    for name, parameter in net.named_parameters():
        grad_of(parameter, name)


def test_SmallCNN__does_what_its_example_shows(example):
    example.check(kata)
