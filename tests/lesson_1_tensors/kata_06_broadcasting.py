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


def distinct(seed, *shape):
    """The whole numbers from 1 on, each once, in an order drawn from `seed`, as float64."""
    count = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(np.arange(1.0, count + 1)).reshape(shape)


def on(device, values):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


@pytest.mark.parametrize(("rows", "columns"), [(4, 3), (2, 5), (3, 3), (3, 1)])
def test_centre_columns__takes_its_own_mean_from_each_column(device, rows, columns):
    x = distinct(rows, rows, columns)
    assert_tensor(kata.centre_columns(on(device, x)), float32(x - x.mean(axis=0)), device=device)


def test_centre_columns__keeps_the_spread_of_a_column(device):
    x = on(device, [[0.0, -8.0], [100.0, -4.0]])
    assert_tensor(kata.centre_columns(x), float32([[-50, -2], [50, 2]]), device=device)


def test_centre_columns__leaves_the_input_as_it_is(device):
    x = on(device, distinct(1, 3, 2))
    with assert_unchanged(x=x):
        kata.centre_columns(x)


def test_centre_columns__makes_a_single_row_zero(device):
    assert_tensor(kata.centre_columns(on(device, [[2.0, -7.0, 5.0]])), np.zeros((1, 3), np.float32), device=device)


@pytest.mark.parametrize(("rows", "columns"), [(2, 3), (4, 2)])
def test_normalize_rows__divides_each_row_by_its_own_sum(device, rows, columns):
    x = distinct(rows, rows, columns)
    assert_tensor(kata.normalize_rows(on(device, x)), float32(x / x.sum(axis=1, keepdims=True)), device=device)


@pytest.mark.parametrize("size", [2, 3])
def test_normalize_rows__is_right_for_a_square_too(device, size):
    x = distinct(size, size, size)
    assert_tensor(kata.normalize_rows(on(device, x)), float32(x / x.sum(axis=1, keepdims=True)), device=device)


def test_normalize_rows__sums_numbers_below_zero_as_they_are(device):
    x = on(device, [[3.0, -1.0, 0.0], [-1.0, -2.0, -5.0]])
    assert_tensor(kata.normalize_rows(x), float32([[1.5, -0.5, 0], [0.125, 0.25, 0.625]]), device=device)


def test_normalize_rows__leaves_the_input_as_it_is(device):
    x = on(device, distinct(1, 2, 3))
    with assert_unchanged(x=x):
        kata.normalize_rows(x)


def test_normalize_rows__makes_ones_of_a_single_column(device):
    assert_tensor(kata.normalize_rows(on(device, [[2.0], [-4.0], [5.0]])), np.ones((3, 1), np.float32), device=device)


@pytest.mark.parametrize(("rows", "columns"), [(2, 4), (3, 2)])
def test_shift_by_row_max__takes_its_own_maximum_from_each_row(device, rows, columns):
    scores = distinct(rows, rows, columns)
    expected = float32(scores - scores.max(axis=1, keepdims=True))
    assert_tensor(kata.shift_by_row_max(on(device, scores)), expected, device=device)


@pytest.mark.parametrize("size", [2, 3])
def test_shift_by_row_max__is_right_for_a_square_too(device, size):
    scores = distinct(size + 2, size, size)
    expected = float32(scores - scores.max(axis=1, keepdims=True))
    assert_tensor(kata.shift_by_row_max(on(device, scores)), expected, device=device)


def test_shift_by_row_max__raises_a_row_that_is_below_zero(device):
    scores = on(device, [[-7.0, -2.0, -3.5], [-9.0, 4.0, 4.0]])
    assert_tensor(kata.shift_by_row_max(scores), float32([[-5, 0, -1.5], [-13, 0, 0]]), device=device)


def test_shift_by_row_max__leaves_the_input_as_it_is(device):
    scores = on(device, distinct(1, 2, 3))
    with assert_unchanged(scores=scores):
        kata.shift_by_row_max(scores)


@pytest.mark.parametrize(("n", "m", "d"), [(4, 2, 3), (1, 5, 2), (3, 3, 4), (2, 3, 3), (3, 1, 2)])
def test_pairwise_distances__measures_every_row_against_every_row(device, n, m, d):
    both = distinct(n, n + m, d)
    expected = float32(foundations.pairwise_distances(both[:n], both[n:]))
    assert_tensor(kata.pairwise_distances(on(device, both[:n]), on(device, both[n:])), expected, device=device)


def test_pairwise_distances__is_0_between_equal_rows(device):
    rows = distinct(0, 3, 2)
    actual = kata.pairwise_distances(on(device, rows), on(device, rows[::-1]))
    assert_tensor(actual, float32(foundations.pairwise_distances(rows, rows[::-1])), device=device)


def test_pairwise_distances__is_exact_far_from_0(device):
    left, right = 5000 + distinct(1, 2, 3) / 4, 5000 + distinct(2, 4, 3) / 4
    expected = float32(foundations.pairwise_distances(left, right))
    assert_tensor(kata.pairwise_distances(on(device, left), on(device, right)), expected, device=device)


def test_pairwise_distances__takes_no_rows(device):
    some, none = on(device, distinct(0, 2, 3)), on(device, np.zeros((0, 3)))
    assert_tensor(kata.pairwise_distances(none, some), np.zeros((0, 2), np.float32), device=device)
    assert_tensor(kata.pairwise_distances(some, none), np.zeros((2, 0), np.float32), device=device)


def test_pairwise_distances__needs_no_loop(device):
    left, right = on(device, distinct(0, 24, 20)), on(device, distinct(1, 22, 20))
    with count_operators() as operators:
        kata.pairwise_distances(left, right)
    assert_operators(operators, 30, "The number of operations must not grow with the number of rows or columns.")


def test_pairwise_distances__is_not_the_ready_made_one(device):
    left, right = on(device, distinct(0, 2, 3)), on(device, distinct(1, 4, 3))
    with forbid("torch.cdist", because="torch.cdist is the whole answer: this step is to build it from broadcasting."):
        kata.pairwise_distances(left, right)


@pytest.mark.parametrize(("rows", "columns"), [(2, 4), (3, 2)])
def test_softmax__makes_probabilities_of_each_row(device, rows, columns):
    scores = distinct(rows, rows, columns) / 2 - 1
    assert_tensor(kata.softmax(on(device, scores)), float32(foundations.softmax(scores)), device=device)


def test_softmax__is_right_for_a_square_too(device):
    scores = distinct(3, 3, 3) / 4
    assert_tensor(kata.softmax(on(device, scores)), float32(foundations.softmax(scores)), device=device)


def test_softmax__bears_large_scores(device):
    scores = [[1000.0, 999.0, 997.5], [300.0, 301.0, 299.0]]
    assert_tensor(
        kata.softmax(on(device, scores)), float32(foundations.softmax(np.array(scores))), device=device, rtol=1e-4
    )


def test_softmax__bears_scores_far_below_zero(device):
    scores = [[-1000.0, -1001.0, -1002.5], [-500.0, -700.0, -499.0]]
    assert_tensor(
        kata.softmax(on(device, scores)), float32(foundations.softmax(np.array(scores))), device=device, rtol=1e-4
    )


def test_softmax__bears_rows_far_apart(device):
    scores = [[800.0, 801.0], [-3.0, -2.5], [-900.0, -900.0]]
    assert_tensor(
        kata.softmax(on(device, scores)), float32(foundations.softmax(np.array(scores))), device=device, rtol=1e-4
    )


def test_softmax__bears_scores_far_apart_within_a_row(device):
    scores = [[1000.0, 0.0, 1.0], [0.0, -1000.0, 0.5], [200.0, 0.0, 0.0], [0.0, 1.0, 1000.0]]
    assert_tensor(
        kata.softmax(on(device, scores)), float32(foundations.softmax(np.array(scores))), device=device, rtol=1e-4
    )


def test_softmax__leaves_the_input_as_it_is(device):
    scores = on(device, distinct(1, 2, 3))
    with assert_unchanged(scores=scores):
        kata.softmax(scores)


def test_softmax__is_not_the_ready_made_one(device):
    spellings = [
        f"{place}.{name}"
        for place in ("torch", "torch.Tensor", "torch.nn.functional", "torch.special")
        for name in ("softmax", "log_softmax")
        if place != "torch.special" or name in dir(torch.special)
    ]
    because = "PyTorch's own softmax is the whole answer: this step is to build it from exp and a sum."
    with forbid(*spellings, "torch.nn.Softmax", "torch.nn.LogSoftmax", because=because):
        kata.softmax(on(device, distinct(0, 2, 3)))


@pytest.mark.parametrize("shape", [(4,), (2, 3), (4, 1), ()])
def test_squared_errors__squares_each_difference(device, shape):
    predictions, targets = distinct(3, *shape) - 2.5, 2 * distinct(4, *shape)
    actual = kata.squared_errors(on(device, predictions), on(device, targets))
    assert_tensor(actual, float32((predictions - targets) ** 2), device=device)


@pytest.mark.parametrize(
    ("predicted", "wanted"),
    [((4, 1), (4,)), ((4,), (4, 1)), ((2, 3), (3,)), ((1, 3), (2, 3)), ((3,), ()), ((2, 3), (3, 2)), ((3, 1), (3, 2))],
)
def test_squared_errors__refuses_shapes_that_differ(device, predicted, wanted):
    predictions, targets = on(device, distinct(1, *predicted)), on(device, distinct(2, *wanted))
    because = f"Predictions of shape {predicted} and targets of shape {wanted} passed for a pair: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.squared_errors(predictions, targets)


@pytest.mark.parametrize(("predicted", "wanted"), [((5, 1), (5,)), ((3,), (2, 3))])
def test_squared_errors__names_both_shapes_in_its_message(device, predicted, wanted):
    predictions, targets = on(device, distinct(1, *predicted)), on(device, distinct(2, *wanted))
    message = ""
    with assert_raises(ValueError, because=f"Shapes {predicted} and {wanted} differ: raise a ValueError."):
        try:
            kata.squared_errors(predictions, targets)
        except ValueError as error:
            message = str(error)
            raise
    for shape in (predicted, wanted):
        if str(shape) not in message and str(list(shape)) not in message:
            raise Mismatch("statement", f"The message of the ValueError does not hold the shape {shape}: {message!r}.")


def test_squared_errors__takes_pairs_of_none(device):
    nothing = on(device, np.zeros((0, 2)))
    assert_tensor(kata.squared_errors(nothing, nothing), np.zeros((0, 2), np.float32), device=device)


def test_squared_errors__leaves_the_inputs_as_they_are(device):
    predictions, targets = on(device, distinct(1, 3)), on(device, [5.0, 7.0, 0.5])
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.squared_errors(predictions, targets)


def _layer(outputs, inputs):
    """A weight and a bias of whole numbers, above and below 0."""
    return distinct(5, outputs, inputs) - 3, 100 * distinct(6, outputs)


@pytest.mark.parametrize(("n", "inputs", "outputs"), [(2, 3, 4), (4, 3, 2), (1, 2, 5), (3, 2, 1)])
def test_linear__multiplies_by_the_weight_and_adds_the_bias(device, n, inputs, outputs):
    x, (weight, bias) = distinct(n, n, inputs), _layer(outputs, inputs)
    actual = kata.linear(on(device, x), on(device, weight), on(device, bias))
    assert_tensor(actual, float32(x @ weight.T + bias), device=device)


def test_linear__is_right_for_a_square_weight_too(device):
    x, (weight, bias) = distinct(2, 3, 3), _layer(3, 3)
    actual = kata.linear(on(device, x), on(device, weight), on(device, bias))
    assert_tensor(actual, float32(x @ weight.T + bias), device=device)


@pytest.mark.parametrize("leading", [(2, 4), (3, 1, 2)])
def test_linear__keeps_all_dimensions_in_front(device, leading):
    x, (weight, bias) = distinct(3, *leading, 3), _layer(5, 3)
    actual = kata.linear(on(device, x), on(device, weight), on(device, bias))
    assert_tensor(actual, float32(x @ weight.T + bias), device=device)


def test_linear__takes_dimensions_that_were_swapped(device):
    x, (weight, bias) = distinct(4, 2, 4, 3), _layer(2, 3)
    actual = kata.linear(on(device, x).transpose(0, 1), on(device, weight), on(device, bias))
    assert_tensor(actual, float32(x.swapaxes(0, 1) @ weight.T + bias), device=device)


def test_linear__leaves_the_inputs_as_they_are(device):
    weight, bias = (on(device, each) for each in _layer(2, 3))
    x = on(device, distinct(1, 2, 3))
    with assert_unchanged(x=x, weight=weight, bias=bias):
        kata.linear(x, weight, bias)


def test_linear__is_not_the_ready_made_one(device):
    weight, bias = (on(device, each) for each in _layer(2, 3))
    because = "PyTorch's own linear layer is the whole answer: this step is to build it from a matrix product."
    with forbid("torch.nn.functional.linear", "torch.nn.Linear", because=because):
        kata.linear(on(device, distinct(1, 4, 3)), weight, bias)


def _grams(batch):
    """The Gram matrix of each item, one after the other."""
    return np.stack([item @ item.T for item in batch])


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4, 2), (1, 2, 3)])
def test_gram__multiplies_the_rows_of_each_item(device, shape):
    batch = distinct(shape[1], *shape) - 5
    assert_tensor(kata.gram(on(device, batch)), float32(_grams(batch)), device=device)


def test_gram__is_right_for_a_cube_too(device):
    batch = distinct(1, 3, 3, 3) - 5
    assert_tensor(kata.gram(on(device, batch)), float32(_grams(batch)), device=device)


def test_gram__keeps_the_items_apart(device):
    batch = on(device, [[[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]], [[0.0, 0.0, 0.0], [0.0, 0.0, 10.0]]])
    assert_tensor(kata.gram(batch), float32([[[5, 6], [6, 10]], [[0, 0], [0, 100]]]), device=device)


def test_gram__takes_a_batch_of_none(device):
    batch = on(device, np.zeros((0, 3, 2)))
    assert_tensor(kata.gram(batch), np.zeros((0, 3, 3), np.float32), device=device)


def test_gram__needs_no_loop(device):
    batch = on(device, distinct(0, 24, 22, 20))
    with count_operators() as operators:
        kata.gram(batch)
    assert_operators(operators, 30, "The number of operations must not grow with the number of items, rows or columns.")
