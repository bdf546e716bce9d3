"""The specification of katas/lesson_1_tensors/kata_06_broadcasting.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_operators,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    count_operators,
    forbid,
)
from katas import foundations
from katas.lesson_1_tensors import kata_06_broadcasting as kata

CORE = ("centre_columns", "softmax", "squared_errors", "linear")


def _distinct(seed, *shape):
    """The integers from 1 on, each once, in an order drawn from `seed`, as float64."""
    count = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(np.arange(1.0, count + 1)).reshape(shape)


def _on(device, values):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device)


def _float32(values):
    return np.asarray(values, dtype=np.float32)


@pytest.mark.parametrize(("rows", "columns"), [(4, 3), (2, 5), (3, 3), (3, 1)])
def test_centre_columns__subtracts_the_mean_of_each_column(device, rows, columns):
    x = _distinct(rows, rows, columns)
    assert_tensor(kata.centre_columns(_on(device, x)), _float32(x - x.mean(axis=0)), device=device)


def test_centre_columns__keeps_the_differences_within_a_column(device):
    x = _on(device, [[0.0, -8.0], [100.0, -4.0]])
    assert_tensor(kata.centre_columns(x), _float32([[-50, -2], [50, 2]]), device=device)


def test_centre_columns__does_not_change_the_argument(device):
    x = _on(device, _distinct(1, 3, 2))
    with assert_unchanged(x=x):
        kata.centre_columns(x)


def test_centre_columns__returns_zeros_for_a_single_row(device):
    assert_tensor(kata.centre_columns(_on(device, [[2.0, -7.0, 5.0]])), np.zeros((1, 3), np.float32), device=device)


def test_centre_columns__does_what_its_example_shows(example):
    example.check(kata)


def _assert_softmax(scores, device):
    """Check softmax without an absolute tolerance, so that a small probability counts as much as a large one."""
    expected = _float32(foundations.softmax(np.array(scores)))
    assert_tensor(kata.softmax(_on(device, scores)), expected, device=device, rtol=1e-4, atol=0)


@pytest.mark.parametrize(("rows", "columns"), [(2, 4), (3, 2), (3, 1), (1, 4)])
def test_softmax__turns_each_row_into_probabilities(device, rows, columns):
    scores = _distinct(rows, rows, columns) / 2 - 1
    assert_tensor(kata.softmax(_on(device, scores)), _float32(foundations.softmax(scores)), device=device)


def test_softmax__is_right_for_a_square_matrix(device):
    scores = _distinct(3, 3, 3) / 4
    assert_tensor(kata.softmax(_on(device, scores)), _float32(foundations.softmax(scores)), device=device)


def test_softmax__accepts_large_scores(device):
    scores = [[1000.0, 999.0, 997.5], [300.0, 301.0, 299.0]]
    _assert_softmax(scores, device)


def test_softmax__accepts_scores_far_below_zero(device):
    scores = [[-1000.0, -1001.0, -1002.5], [-500.0, -900.0, -499.0]]
    _assert_softmax(scores, device)


def test_softmax__accepts_rows_of_very_different_sizes(device):
    scores = [[800.0, 801.0], [-3.0, -2.5], [-900.0, -900.0]]
    _assert_softmax(scores, device)


def test_softmax__accepts_very_different_scores_in_one_row(device):
    scores = [[1000.0, 0.0, 1.0], [0.0, -1000.0, 0.5], [200.0, 0.0, 0.0], [0.0, 1.0, 1000.0]]
    _assert_softmax(scores, device)


def test_softmax__does_not_change_the_argument(device):
    scores = _on(device, _distinct(1, 2, 3))
    with assert_unchanged(scores=scores):
        kata.softmax(scores)


def test_softmax__does_not_use_the_function_of_pytorch(device):
    spellings = [
        f"{place}.{name}"
        for place in ("torch", "torch.Tensor", "torch.nn.functional", "torch.special")
        for name in ("softmax", "log_softmax")
        if place != "torch.special" or name in dir(torch.special)
    ]
    because = "You used PyTorch's softmax, which is not allowed here. Build it from exp and a sum."
    with forbid(*spellings, "torch.nn.Softmax", "torch.nn.LogSoftmax", because=because):
        kata.softmax(_on(device, _distinct(0, 2, 3)))


def test_softmax__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (4, 1), ()])
def test_squared_errors__squares_each_difference(device, shape):
    predictions, targets = _distinct(3, *shape) - 2.5, 2 * _distinct(4, *shape)
    actual = kata.squared_errors(_on(device, predictions), _on(device, targets))
    assert_tensor(actual, _float32((predictions - targets) ** 2), device=device)


@pytest.mark.parametrize(
    ("predicted", "wanted"),
    [((4, 1), (4,)), ((4,), (4, 1)), ((2, 3), (3,)), ((1, 3), (2, 3)), ((3,), ()), ((2, 3), (3, 2)), ((3, 1), (3, 2))],
)
def test_squared_errors__raises_a_value_error_if_the_shapes_differ(device, predicted, wanted):
    predictions, targets = _on(device, _distinct(1, *predicted)), _on(device, _distinct(2, *wanted))
    because = f"Your code accepts predictions of shape {predicted} and targets of shape {wanted}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.squared_errors(predictions, targets)


@pytest.mark.parametrize(("predicted", "wanted"), [((5, 1), (5,)), ((3,), (2, 3))])
def test_squared_errors__names_both_shapes_in_the_message(device, predicted, wanted):
    predictions, targets = _on(device, _distinct(1, *predicted)), _on(device, _distinct(2, *wanted))
    message = ""
    with assert_raises(ValueError, because=f"The shapes {predicted} and {wanted} differ. Raise a ValueError."):
        try:
            kata.squared_errors(predictions, targets)
        except ValueError as error:
            message = str(error)
            raise
    for shape in (predicted, wanted):
        if str(shape) not in message and str(list(shape)) not in message:
            raise Mismatch(
                "statement", f"The message of your ValueError does not contain the shape {shape}: {message!r}."
            )


def test_squared_errors__accepts_empty_tensors(device):
    nothing = _on(device, np.zeros((0, 2)))
    assert_tensor(kata.squared_errors(nothing, nothing), np.zeros((0, 2), np.float32), device=device)


def test_squared_errors__does_not_change_the_arguments(device):
    predictions, targets = _on(device, _distinct(1, 3)), _on(device, [5.0, 7.0, 0.5])
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.squared_errors(predictions, targets)


def test_squared_errors__does_what_its_example_shows(example):
    example.check(kata)


def _layer(outputs, inputs):
    """A weight and a bias of integers, positive and negative."""
    return _distinct(5, outputs, inputs) - 3, 100 * _distinct(6, outputs) - 250


# The first case has as many rows as outputs, so that a transposed result or bias raises no error.
@pytest.mark.parametrize(("n", "inputs", "outputs"), [(3, 2, 3), (2, 3, 4), (4, 3, 2), (1, 2, 5), (3, 2, 1)])
def test_linear__multiplies_by_the_weight_and_adds_the_bias(device, n, inputs, outputs):
    x, (weight, bias) = _distinct(n, n, inputs), _layer(outputs, inputs)
    actual = kata.linear(_on(device, x), _on(device, weight), _on(device, bias))
    assert_tensor(actual, _float32(x @ weight.T + bias), device=device)


def test_linear__is_right_for_a_square_weight(device):
    x, (weight, bias) = _distinct(2, 3, 3), _layer(3, 3)
    actual = kata.linear(_on(device, x), _on(device, weight), _on(device, bias))
    assert_tensor(actual, _float32(x @ weight.T + bias), device=device)


@pytest.mark.parametrize("leading", [(2, 4), (3, 1, 2)])
def test_linear__keeps_all_dimensions_in_front(device, leading):
    x, (weight, bias) = _distinct(3, *leading, 3), _layer(5, 3)
    actual = kata.linear(_on(device, x), _on(device, weight), _on(device, bias))
    assert_tensor(actual, _float32(x @ weight.T + bias), device=device)


def test_linear__accepts_a_non_contiguous_x(device):
    x, (weight, bias) = _distinct(4, 2, 4, 3), _layer(2, 3)
    actual = kata.linear(_on(device, x).transpose(0, 1), _on(device, weight), _on(device, bias))
    assert_tensor(actual, _float32(x.swapaxes(0, 1) @ weight.T + bias), device=device)


def test_linear__does_not_change_the_arguments(device):
    weight, bias = (_on(device, each) for each in _layer(2, 3))
    x = _on(device, _distinct(1, 2, 3))
    with assert_unchanged(x=x, weight=weight, bias=bias):
        kata.linear(x, weight, bias)


def test_linear__does_not_use_the_layer_of_pytorch(device):
    weight, bias = (_on(device, each) for each in _layer(2, 3))
    because = "You used PyTorch's linear layer, which is not allowed here. Build it from a matrix product."
    with forbid("torch.nn.functional.linear", "torch.nn.Linear", because=because):
        kata.linear(_on(device, _distinct(1, 4, 3)), weight, bias)


def test_linear__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("n", "m", "d"), [(4, 2, 3), (1, 5, 2), (3, 3, 4), (2, 3, 3), (3, 1, 2)])
def test_pairwise_distances__compares_every_row_with_every_row(device, n, m, d):
    both = _distinct(n, n + m, d)
    expected = _float32(foundations.pairwise_distances(both[:n], both[n:]))
    assert_tensor(kata.pairwise_distances(_on(device, both[:n]), _on(device, both[n:])), expected, device=device)


def test_pairwise_distances__is_0_for_equal_rows(device):
    rows = _distinct(0, 3, 2)
    actual = kata.pairwise_distances(_on(device, rows), _on(device, rows[::-1]))
    expected = _float32(foundations.pairwise_distances(rows, rows[::-1]))
    assert_tensor(actual, expected, device=device, rtol=1e-5, atol=0)


def test_pairwise_distances__is_accurate_for_tiny_distances(device):
    # Multiples of 2**-24, about 6e-8. An epsilon of 1e-6 in a difference, or of 1e-12 below the root, shows here.
    left, right = _distinct(3, 2, 3) * 2**-24, _distinct(4, 4, 3) * 2**-24
    expected = _float32(foundations.pairwise_distances(left, right))
    actual = kata.pairwise_distances(_on(device, left), _on(device, right))
    assert_tensor(actual, expected, device=device, rtol=1e-5, atol=0)


def test_pairwise_distances__is_accurate_far_from_the_origin(device):
    # Two groups of rows, on both sides of the origin. So it does not help to subtract one mean from all rows.
    sides = np.array([[1], [-1], [1], [-1]])
    left, right = sides[:2] * (5000 + _distinct(1, 2, 3) / 4), sides * (5000 + _distinct(2, 4, 3) / 4)
    expected = _float32(foundations.pairwise_distances(left, right))
    assert_tensor(kata.pairwise_distances(_on(device, left), _on(device, right)), expected, device=device)


def test_pairwise_distances__needs_no_loop(device):
    left, right = _on(device, _distinct(0, 24, 20)), _on(device, _distinct(1, 22, 20))
    with count_operators() as operators:
        kata.pairwise_distances(left, right)
    assert_operators(operators, 30, "The number of operations must not grow with the number of rows or columns.")


def test_pairwise_distances__accepts_zero_rows(device):
    some, none = _on(device, _distinct(0, 2, 3)), _on(device, np.zeros((0, 3)))
    assert_tensor(kata.pairwise_distances(none, some), np.zeros((0, 2), np.float32), device=device)
    assert_tensor(kata.pairwise_distances(some, none), np.zeros((2, 0), np.float32), device=device)


def test_pairwise_distances__does_not_use_cdist(device):
    left, right = _on(device, _distinct(0, 2, 3)), _on(device, _distinct(1, 4, 3))
    with forbid("torch.cdist", because="You used torch.cdist, which is not allowed here. Build it from broadcasting."):
        kata.pairwise_distances(left, right)


def test_pairwise_distances__does_not_change_the_arguments(device):
    left, right = _on(device, _distinct(0, 2, 3)), _on(device, _distinct(1, 4, 3))
    with assert_unchanged(left=left, right=right):
        kata.pairwise_distances(left, right)


def test_pairwise_distances__does_what_its_example_shows(example):
    example.check(kata)


def _grams(batch):
    """The Gram matrix of each item, one after the other."""
    return np.stack([item @ item.T for item in batch])


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4, 2), (1, 2, 3)])
def test_gram__multiplies_the_rows_of_each_item(device, shape):
    batch = _distinct(shape[1], *shape) - 5
    assert_tensor(kata.gram(_on(device, batch)), _float32(_grams(batch)), device=device)


def test_gram__is_right_for_three_equal_sizes(device):
    batch = _distinct(1, 3, 3, 3) - 5
    assert_tensor(kata.gram(_on(device, batch)), _float32(_grams(batch)), device=device)


def test_gram__keeps_the_items_apart(device):
    batch = _on(device, [[[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]], [[0.0, 0.0, 0.0], [0.0, 0.0, 10.0]]])
    assert_tensor(kata.gram(batch), _float32([[[5, 6], [6, 10]], [[0, 0], [0, 100]]]), device=device)


def test_gram__needs_no_loop(device):
    batch = _on(device, _distinct(0, 24, 22, 20))
    with count_operators() as operators:
        kata.gram(batch)
    assert_operators(operators, 30, "The number of operations must not grow with the number of items, rows or columns.")


def test_gram__accepts_zero_items(device):
    batch = _on(device, np.zeros((0, 3, 2)))
    assert_tensor(kata.gram(batch), np.zeros((0, 3, 3), np.float32), device=device)


def test_gram__does_not_change_the_argument(device):
    batch = _on(device, _distinct(1, 2, 3, 2))
    with assert_unchanged(batch=batch):
        kata.gram(batch)


def test_gram__does_what_its_example_shows(example):
    example.check(kata)
