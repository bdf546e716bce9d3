"""The specification of katas/lesson_3_nn_module/kata_08_embedding_convolution.py."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    count_operators,
    forbid,
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
    """Check that these, and no others, are parameters of `module`, each a leaf of the shape named."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    if sorted(found) != sorted(shapes):
        asked = " and ".join(shapes)
        says = ", ".join(found) or "none"
        raise Mismatch("statement", f"The parameters must be {asked}, by these names; named_parameters() has: {says}.")
    for name, shape in shapes.items():
        if tuple(found[name].shape) != shape:
            raise Mismatch("shape", f"The parameter {name} has shape {tuple(found[name].shape)}; asked for is {shape}.")
        if not (found[name].is_leaf and found[name].requires_grad):
            raise Mismatch("graph", f"The parameter {name} must be a leaf that gradients are wanted for.")


def filled(module, device, **values):
    """`module` on `device`, with these values in its parameters, which must have their names and shapes."""
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
        raise Mismatch("graph", f"No gradient reached {name}: its grad is still None after backward.")
    return tensor.grad


def assert_backward(answer, upstream):
    """Go back from `answer` with `upstream`, after a word about an answer that has no way back."""
    __tracebackhide__ = True
    if not answer.requires_grad:
        raise Mismatch("graph", "The answer has no graph behind it: no gradient can flow back from it.")
    answer.backward(upstream)


def added_rows(labels, upstream, count):
    """The gradient of a table of `count` rows: each row of `upstream` added to the row of its label."""
    grad = np.zeros((count, upstream.shape[-1]))
    np.add.at(grad, np.asarray(labels), upstream)
    return grad


def correlated(image, kernel):
    h, w = kernel.shape
    places = np.lib.stride_tricks.sliding_window_view(image, (h, w))
    return (places * kernel).sum(axis=(2, 3))


def convolved(images, weight, bias, stride=1, padding=0):
    """The answer of a convolution, number by number."""
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
def test_Embedding__hands_out_the_row_of_each_label(device, labels):
    table = filled(kata.Embedding(4, 5), device, weight=TABLE)
    assert_tensor(table(labels_on(device, labels)), float32(TABLE[labels]), device=device)


def test_Embedding__keeps_the_dimension_of_a_size_of_1(device):
    weight, labels = distinct(5, 4, 1), [3, 0, 2]
    table = filled(kata.Embedding(4, 1), device, weight=weight)
    assert_tensor(table(labels_on(device, labels)), float32(weight[labels]), device=device)


def test_Embedding__has_weight_as_its_only_parameter():
    assert_parameters(kata.Embedding(4, 5), weight=(4, 5))
    assert_parameters(kata.Embedding(2, 7), weight=(2, 7))


def test_Embedding__starts_from_a_standard_normal():
    table = kata.Embedding(200, 50)
    assert_parameters(table, weight=(200, 50))
    weight = table.weight.detach()
    # Of 10,000 standard normal numbers the mean has a standard deviation of 0.01, their standard deviation one of
    # 0.0071, and the share beyond 2, 0.0455 on average, one of 0.0021: each bound is 6 of these, chance 2e-9.
    mean, spread, beyond = weight.mean().item(), weight.std().item(), (weight.abs() > 2).double().mean().item()
    assert abs(mean) < 0.06, (
        f"The mean of the 10,000 numbers that weight starts from must be about 0; it is {mean:.2f}."
    )
    assert abs(spread - 1) < 0.043, (
        f"The standard deviation of weight at the start must be 1; it is about {spread:.1f}."
    )
    assert abs(beyond - 0.0455) < 0.0126, "One in 22 of the numbers that weight starts from must lie beyond -2 or 2."


@pytest.mark.parametrize("shape", [(), (0,), (2, 4), (4, 1), (2, 1, 3), (2, 0)])
def test_Embedding__takes_labels_of_any_shape(device, shape):
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
def test_Embedding__answers_as_pytorchs_own_layer(device):
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
    for name, each in [("a copy's answer", twin), ("the answer after load_state_dict", other)]:
        assert_tensor(each(labels_on(device, [3, 1])), float32(TABLE[[3, 1]]), device=device, name=name)


def test_Embedding__is_not_the_ready_made_one(device):
    because = "PyTorch's own embedding is the whole answer: this step is to build it from a parameter and its rows."
    labels = labels_on(device, [0, 2])
    with forbid("torch.nn.Embedding", "torch.nn.functional.embedding", "torch.embedding", because=because):
        kata.Embedding(3, 2).to(device)(labels)


@pytest.mark.parametrize(("labels", "count"), [([3, 0, 4, 1], 5), ([1, 1, 0], 4), ([2], 3), ([1, 0, 1], 2)])
def test_one_hot_product__hands_out_the_row_of_each_label(device, labels, count):
    weight = distinct(count, count, 2)
    actual = kata.one_hot_product(labels_on(device, labels), on(device, weight))
    assert_tensor(actual, float32(weight[labels]), device=device)


def test_one_hot_product__is_right_for_as_many_labels_as_rows(device):
    weight, labels = distinct(1, 3, 3), [1, 2, 2]
    actual = kata.one_hot_product(labels_on(device, labels), on(device, weight))
    assert_tensor(actual, float32(weight[labels]), device=device)


@pytest.mark.float64
def test_one_hot_product__sends_the_gradient_to_the_rows_of_the_labels(device):
    weight = tracked(device, distinct(2, 5, 3))
    labels, upstream = [4, 0, 4, 2], distinct(3, 4, 3)
    answer = kata.one_hot_product(labels_on(device, labels), weight)
    assert_tensor(answer.detach(), distinct(2, 5, 3)[labels], device=device)
    assert_backward(answer, on(device, upstream, torch.float64))
    assert_tensor(
        grad_of(weight, "weight"), added_rows(labels, upstream, 5), device=device, name="the gradient of weight"
    )


def test_one_hot_product__takes_no_labels(device):
    actual = kata.one_hot_product(labels_on(device, np.zeros(0)), on(device, distinct(0, 4, 3)))
    assert_tensor(actual, np.zeros((0, 3), np.float32), device=device)


def test_one_hot_product__is_a_product(device):
    labels, weight = labels_on(device, [3, 0, 1]), on(device, distinct(0, 4, 2))
    with count_operators() as operators:
        kata.one_hot_product(labels, weight)
    products = ("mm", "bmm", "addmm", "baddbmm", "mv", "dot", "mul", "matmul", "linear")
    if not any(operators.counts[f"aten::{name}"] for name in products):
        raise Mismatch("statement", "Nothing was multiplied: the rows are to come out of a product, not a look-up.")


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize(("size", "kernel_size", "padding"), [(7, 3, 0), (8, 1, 0), (5, 2, 1), (6, 5, 3), (9, 4, 2)])
def test_output_size__counts_the_places(size, kernel_size, stride, padding):
    length = size + 2 * padding
    places = [start for start in range(0, length, stride) if start + kernel_size <= length]
    assert_value(kata.output_size(size, kernel_size, stride, padding), len(places))


@pytest.mark.parametrize(("size", "kernel_size", "padding"), [(4, 4, 0), (1, 1, 0), (3, 7, 2), (1, 3, 1)])
@pytest.mark.parametrize("stride", [1, 3])
def test_output_size__is_1_where_the_kernel_just_fits(size, kernel_size, stride, padding):
    assert_value(kata.output_size(size, kernel_size, stride, padding), 1)


def test_output_size__is_exact_for_large_numbers():
    # 3 * 10**17 places of stride 3, and one more at the start.
    assert_value(kata.output_size(9 * 10**17 + 2, 2, 3, 0), 3 * 10**17 + 1)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding"), [(2, 3, 1, 0), (2, 3, 2, 0), (3, 9, 4, 2), (0, 1, 1, 0)]
)
def test_output_size__refuses_a_kernel_that_does_not_fit(size, kernel_size, stride, padding):
    with assert_raises(ValueError, because="A kernel longer than the side with its zeros must be a ValueError."):
        kata.output_size(size, kernel_size, stride, padding)


@pytest.mark.parametrize(("image", "kernel"), [((4, 6), (2, 3)), ((5, 3), (4, 1)), ((3, 7), (1, 1)), ((6, 5), (3, 2))])
def test_correlate__sums_the_products_at_every_place(device, image, kernel):
    pixels, entries = distinct(1, *image), distinct(2, *kernel)
    actual = kata.correlate(on(device, pixels), on(device, entries))
    assert_tensor(actual, float32(correlated(pixels, entries)), device=device)


@pytest.mark.parametrize("k", [2, 3])
def test_correlate__is_right_for_squares_too(device, k):
    pixels, entries = distinct(k, 5, 5), distinct(k + 5, k, k)
    actual = kata.correlate(on(device, pixels), on(device, entries))
    assert_tensor(actual, float32(correlated(pixels, entries)), device=device)


def test_correlate__does_not_turn_the_kernel_round(device):
    # A single 1 moves the whole image: to the upper left, if it stands in the lower right corner.
    image = on(device, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    actual = kata.correlate(image, on(device, [[0.0, 0.0], [0.0, 1.0]]))
    assert_tensor(actual, float32([[5, 6], [8, 9]]), device=device)


def test_correlate__takes_a_kernel_as_large_as_the_image(device):
    image, kernel = on(device, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), on(device, [[1.0, 0.0, -1.0], [2.0, 0.0, 3.0]])
    # 1 - 3 + 8 + 18
    assert_tensor(kata.correlate(image, kernel), float32([[24.0]]), device=device)


@pytest.mark.float64
def test_correlate__sends_gradients_to_image_and_kernel(device):
    pixels, entries, upstream = distinct(1, 4, 5), distinct(2, 2, 3), distinct(3, 3, 3)
    image, kernel = tracked(device, pixels), tracked(device, entries)
    answer = kata.correlate(image, kernel)
    assert_tensor(answer.detach(), correlated(pixels, entries), device=device)
    assert_backward(answer, on(device, upstream, torch.float64))
    assert_tensor(grad_of(kernel, "kernel"), correlated(pixels, upstream), device=device, name="the gradient of kernel")
    # What each place was given goes back by way of the kernel, turned round, with zeros all round.
    wanted = correlated(np.pad(upstream, ((1, 1), (2, 2))), entries[::-1, ::-1])
    assert_tensor(grad_of(image, "image"), wanted, device=device, name="the gradient of image")


def test_correlate__bears_an_image_that_does_not_lie_in_order(device):
    pixels, entries = distinct(4, 6, 4), distinct(5, 3, 2)
    actual = kata.correlate(on(device, pixels).T, on(device, entries).T)
    assert_tensor(actual, float32(correlated(pixels.T, entries.T)), device=device)


def test_correlate__leaves_the_inputs_as_they_are(device):
    image, kernel = on(device, distinct(1, 3, 4)), on(device, distinct(2, 2, 2))
    with assert_unchanged(image=image, kernel=kernel):
        kata.correlate(image, kernel)


READY_MADE = [
    f"torch.nn.{name}" for name in ("Conv1d", "Conv2d", "Conv3d", "functional.conv1d", "functional.conv2d")
] + ["torch.nn.functional.conv3d", "torch.convolution"]


def test_correlate__is_not_the_ready_made_one(device):
    because = "PyTorch's own convolution is the whole answer: this step is to build it from products and sums."
    image, kernel = on(device, distinct(1, 3, 4)), on(device, distinct(2, 2, 2))
    with forbid(*READY_MADE, because=because):
        kata.correlate(image, kernel)


def layer_of(device, in_channels, out_channels, kernel_size, **options):
    """A Conv2d with distinct weights and biases, and these as float64 arrays."""
    __tracebackhide__ = True
    weight, bias = distinct(6, out_channels, in_channels, kernel_size, kernel_size), distinct(7, out_channels) + 5
    layer = kata.Conv2d(in_channels, out_channels, kernel_size, **options)
    return filled(layer, device, weight=weight, bias=bias), weight, bias


def test_Conv2d__sums_over_the_channels_and_adds_the_bias(device):
    images = [[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0, 1.0, 0.0], [2.0, 0.0, 0.0]]]]
    weight = [
        [[[1.0, 0.0], [0.0, 2.0]], [[0.0, 10.0], [100.0, 0.0]]],
        [[[0.0, 0.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 0.0]]],
    ]
    layer = filled(kata.Conv2d(2, 2, 2), device, weight=weight, bias=[0.5, -1.0])
    # 1 + 2 * 5 + 10 * 1 + 100 * 2 + 0.5, and 2 + 2 * 6 + 0 + 0 + 0.5; 3 * 0 - 1, and 3 * 1 - 1
    assert_tensor(layer(on(device, images)), float32([[[[221.5, 14.5]], [[-1.0, 2.0]]]]), device=device)


@pytest.mark.parametrize(("n", "into", "out", "k"), [(2, 3, 4, 2), (1, 2, 3, 3), (3, 1, 2, 1), (2, 4, 1, 2)])
def test_Conv2d__lays_every_kernel_on_every_image(device, n, into, out, k):
    layer, weight, bias = layer_of(device, into, out, k)
    images = distinct(n, n, into, 5, 6)
    assert_tensor(layer(on(device, images)), float32(convolved(images, weight, bias)), device=device, rtol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(4, 4), (6, 2), (2, 6)])
def test_Conv2d__takes_images_square_tall_and_wide(device, height, width):
    for stride in (1, 2):
        layer, weight, bias = layer_of(device, 2, 3, 2, stride=stride)
        images = distinct(height, 2, 2, height, width)
        wanted = float32(convolved(images, weight, bias, stride=stride))
        assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


def test_Conv2d__has_weight_and_bias_as_parameters():
    assert_parameters(kata.Conv2d(3, 4, 2), weight=(4, 3, 2, 2), bias=(4,))
    assert_parameters(kata.Conv2d(2, 5, 3, 2, 1), weight=(5, 2, 3, 3), bias=(5,))


def test_Conv2d__starts_evenly_between_its_bounds():
    layer = kata.Conv2d(4, 400, 3)
    assert_parameters(layer, weight=(400, 4, 3, 3), bias=(400,))
    for name, parameter in layer.named_parameters():
        values = parameter.detach().double().flatten()
        # b is 1 / sqrt(4 * 3 * 3), and float32 rounds it by less than 1e-7.
        tenths = 10 * (values.abs() > 1 / 6 + 1e-6).double().mean().item()
        share = f"{tenths:.0f} in 10" if tenths > 0.5 else "some"
        assert tenths == 0, f"Of the numbers that {name} starts from, {share} lie outside -b to b."
        # Of n even numbers from -b to b the mean has a standard deviation of b / sqrt(3 * n); 6 of them for n = 400 are
        # 0.0289. The share beyond b / 2 is 1/2 with 0.5 / sqrt(n), 6 of them are 0.15. Chance: 2e-9 each.
        mean = values.mean().item()
        assert abs(mean) < 0.029, f"The mean of the numbers that {name} starts from must be about 0; it is {mean:.2f}."
        beyond = (values.abs() > 1 / 12).double().mean().item()
        assert abs(beyond - 0.5) < 0.15, f"Half the numbers that {name} starts from must lie beyond -b / 2 or b / 2."


@pytest.mark.parametrize("stride", [2, 3])
def test_Conv2d__moves_by_the_stride_both_down_and_across(device, stride):
    layer, weight, bias = layer_of(device, 2, 3, 2, stride=stride)
    images = distinct(stride, 2, 2, 6, 8)
    wanted = float32(convolved(images, weight, bias, stride=stride))
    assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


@pytest.mark.parametrize("padding", [1, 2])
def test_Conv2d__puts_zeros_on_all_four_sides(device, padding):
    layer, weight, bias = layer_of(device, 2, 3, 3, padding=padding)
    images = distinct(padding, 2, 2, 4, 5)
    wanted = float32(convolved(images, weight, bias, padding=padding))
    assert_tensor(layer(on(device, images)), wanted, device=device, rtol=1e-5)


@pytest.mark.float64
@pytest.mark.parametrize(("k", "stride", "padding"), [(2, 1, 0), (3, 2, 1), (2, 3, 2), (1, 2, 0)])
def test_Conv2d__answers_as_pytorchs_own_layer(device, k, stride, padding):
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


def test_Conv2d__takes_no_images(device):
    layer, _, _ = layer_of(device, 2, 3, 2)
    actual = layer(on(device, np.zeros((0, 2, 4, 6))))
    assert_tensor(actual, np.zeros((0, 3, 3, 5), np.float32), device=device)


def test_Conv2d__can_be_copied_and_saved(device):
    layer, weight, bias = layer_of(device, 2, 3, 2, stride=2, padding=1)
    twin, other = copy.deepcopy(layer), kata.Conv2d(2, 3, 2, 2, 1).to(device)
    other.load_state_dict(layer.state_dict())
    filled(layer, device, weight=-weight, bias=-bias)
    images = distinct(5, 1, 2, 4, 5)
    wanted = float32(convolved(images, weight, bias, 2, 1))
    for name, each in [("a copy's answer", twin), ("the answer after load_state_dict", other)]:
        assert_tensor(each(on(device, images)), wanted, device=device, name=name, rtol=1e-5)


def test_Conv2d__is_not_the_ready_made_one(device):
    because = "PyTorch's own convolution is the whole answer: this step is to build it from patches and a product."
    images = on(device, distinct(1, 1, 2, 3, 4))
    with forbid(*READY_MADE, because=because):
        kata.Conv2d(2, 3, 2).to(device)(images)


def pooled(images, size):
    n, c, height, width = images.shape
    out = np.zeros((n, c, height // size, width // size))
    for i, j in np.ndindex(*out.shape[2:]):
        out[:, :, i, j] = images[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size].max(axis=(2, 3))
    return out


@pytest.mark.parametrize(
    ("shape", "size"), [((2, 3, 4, 6), 2), ((1, 2, 3, 9), 3), ((3, 1, 8, 2), 2), ((2, 2, 3, 5), 1)]
)
def test_max_pool__keeps_the_largest_of_each_square(device, shape, size):
    images = distinct(size, *shape)
    assert_tensor(kata.max_pool(on(device, images), size), float32(pooled(images, size)), device=device)


@pytest.mark.parametrize("size", [2, 3])
def test_max_pool__is_right_for_as_many_squares_as_a_square_is_wide(device, size):
    images = distinct(size + 3, 2, 2, size**2, size**2)
    assert_tensor(kata.max_pool(on(device, images), size), float32(pooled(images, size)), device=device)


def test_max_pool__keeps_numbers_below_0(device):
    images = -1 - np.abs(distinct(3, 1, 2, 2, 4))
    assert_tensor(kata.max_pool(on(device, images), 2), float32(pooled(images, 2)), device=device)


@pytest.mark.parametrize(("height", "width"), [(4, 5), (5, 4), (3, 3), (2, 1)])
def test_max_pool__refuses_sides_that_leave_a_rest(device, height, width):
    images = on(device, distinct(1, 1, 2, height, width))
    with assert_raises(ValueError, because="Where size does not divide both sides, a ValueError must be raised."):
        kata.max_pool(images, 2)


@pytest.mark.float64
def test_max_pool__sends_the_gradient_to_the_largest_alone(device):
    images = tracked(
        device, [[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 9.0, 7.0]], [[-1.0, -2.0, 8.0, 6.0], [-3.0, -4.0, 5.0, 7.5]]]]
    )
    answer = kata.max_pool(images, 2)
    assert_tensor(answer.detach(), np.array([[[[5.0, 9.0]], [[-1.0, 8.0]]]]), device=device)
    assert_backward(answer, on(device, [[[[2.0, 3.0]], [[-4.0, 0.5]]]], torch.float64))
    wanted = np.array([[[[0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]], [[-4.0, 0.0, 0.5, 0.0], [0.0, 0.0, 0.0, 0.0]]]])
    assert_tensor(grad_of(images, "images"), wanted, device=device, name="the gradient of images")


def test_max_pool__bears_images_that_do_not_lie_in_order(device):
    images = distinct(2, 2, 6, 4, 3)
    actual = kata.max_pool(on(device, images).permute(0, 3, 1, 2), 2)
    assert_tensor(actual, float32(pooled(images.transpose(0, 3, 1, 2), 2)), device=device)


def test_max_pool__leaves_the_input_as_it_is(device):
    images = on(device, distinct(1, 1, 2, 4, 6))
    with assert_unchanged(images=images):
        kata.max_pool(images, 2)


def test_max_pool__is_not_the_ready_made_one(device):
    because = "PyTorch's own pooling is the whole answer: this step is to build it from the tensor's shape."
    images = on(device, distinct(1, 1, 2, 4, 6))
    pools = [f"torch.nn.functional.{name}" for name in ("max_pool2d", "max_pool2d_with_indices", "adaptive_max_pool2d")]
    with forbid("torch.nn.MaxPool2d", "torch.nn.AdaptiveMaxPool2d", "torch.max_pool2d", *pools, because=because):
        kata.max_pool(images, 2)


@pytest.mark.parametrize(
    ("sizes", "convolution", "linear"),
    [
        # 4 kernels of 3 * 2 * 2 and a bias; 4 * 4 * 5 outputs of 3 * 5 * 6 inputs and a bias.
        ((3, 4, 5, 6, 2), 52, 7280),
        # 2 kernels of 1 * 3 * 3 and a bias; 2 * 6 * 7 outputs of 1 * 8 * 9 inputs and a bias.
        ((1, 2, 8, 9, 3), 20, 6132),
        # 5 kernels of 2 * 1 * 1 and a bias; 5 * 3 * 2 outputs of 2 * 3 * 2 inputs and a bias.
        ((2, 5, 3, 2, 1), 15, 390),
    ],
)
def test_parameter_counts__counts_the_weights_and_the_biases(sizes, convolution, linear):
    assert_value(kata.parameter_counts(*sizes), (convolution, linear))


def test_parameter_counts__is_the_same_where_there_is_one_place_only():
    # 3 * (2 * 4 * 4 + 1): a kernel as large as the image is a linear layer.
    assert_value(kata.parameter_counts(2, 3, 4, 4, 4), (99, 99))


def test_parameter_counts__counts_what_fills_any_memory():
    # 16 * (3 * 5 * 5 + 1); 16 * 2996 * 3996 outputs of 3 * 3000 * 4000 inputs and a bias.
    assert_value(kata.parameter_counts(3, 16, 3000, 4000, 5), (1216, 16 * 2996 * 3996 * (3 * 3000 * 4000 + 1)))


def test_parameter_counts__gives_the_convolution_as_many_on_a_larger_image():
    for height, width in [(6, 7), (60, 7), (600, 700)]:
        linear = 3 * (height - 2) * (width - 2) * (2 * height * width + 1)
        assert_value(kata.parameter_counts(2, 3, height, width, 3), (57, linear))
