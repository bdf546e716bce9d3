"""The specification of katas/lesson_1_tensors/kata_08_linear_regression.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_operators,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    count_operators,
    forbid,
)
from katas import foundations
from katas.lesson_1_tensors import kata_08_linear_regression as kata

CORE = ("predict", "mean_squared_error", "gradients", "update", "descend", "compare_lines")


def _draw(seed, *shapes):
    """One float64 array per shape. The values are multiples of 1/8 from -2 to 2, but not 0: exact in float32."""
    generator = np.random.default_rng(seed)
    return [generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8 for shape in shapes]


def _tensors(device, *arrays, dtype=torch.float32):
    return [torch.tensor(array, dtype=dtype, device=device) for array in arrays]


def _parts(answer, *names):
    """The parts of a tuple. A Mismatch says if their number is wrong."""
    if not isinstance(answer, (tuple, list)) or len(answer) != len(names):
        raise Mismatch("type", f"Return a tuple of {len(names)} tensors: {', '.join(names)}.", actual=answer)
    return answer


# Each column has its own scale and centre. Without a value of 1, no forgotten factor goes unnoticed.
_SCALE, _CENTRE = np.array([0.0625, 1.0, 1024.0]), np.array([0.5, -3.0, 2048.0])
_TRUE_WEIGHTS, _TRUE_BIAS = np.array([24.0, -2.0, 0.00390625]), 5.0


def _line(seed, rows):
    """Features whose columns have very different scales, and targets that lie exactly on the true line."""
    (features,) = _draw(seed, (rows, 3))
    features = features * _SCALE + _CENTRE
    return features, foundations.predict(features, _TRUE_WEIGHTS, _TRUE_BIAS)


def _fitted(features, targets, learning_rate, steps):
    """The weights and the bias for raw features after `steps` updates, in NumPy."""
    start = np.zeros(features.shape[1])
    scaled = foundations.standardize(features)
    weights, biases, _ = foundations.descend(scaled, targets, start, 0.0, learning_rate, steps)
    raw = weights[-1] / features.std(axis=0)
    return raw, biases[-1] - raw @ features.mean(axis=0)


@pytest.mark.parametrize("shape", [(4, 3), (2, 5), (3, 1)])
def test_predict__returns_one_number_per_row(device, shape):
    arrays = _draw(4, shape, shape[1:], ())
    actual = kata.predict(*_tensors(device, *arrays))
    assert_tensor(actual, foundations.predict(*arrays), dtype=torch.float32, device=device)


def test_predict__returns_one_entry_for_a_single_row(device):
    arrays = _draw(2, (1, 3), (3,), ())
    actual = kata.predict(*_tensors(device, *arrays))
    assert_tensor(actual, foundations.predict(*arrays), dtype=torch.float32, device=device)


def test_predict__accepts_as_many_rows_as_columns(device):
    arrays = _draw(3, (3, 3), (3,), ())
    actual = kata.predict(*_tensors(device, *arrays))
    assert_tensor(actual, foundations.predict(*arrays), dtype=torch.float32, device=device)


@pytest.mark.float64
def test_predict__keeps_float64(device):
    arrays = [array / 3 for array in _draw(4, (4, 3), (3,), ())]
    actual = kata.predict(*_tensors(device, *arrays, dtype=torch.float64))
    assert_tensor(actual, foundations.predict(*arrays), device=device, rtol=1e-12)


def test_predict__does_not_modify_its_inputs(device):
    features, weights, bias = _tensors(device, *_draw(5, (4, 3), (3,), ()))
    with assert_unchanged(features=features, weights=weights, bias=bias):
        kata.predict(features, weights, bias)


def test_predict__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("count", [5, 1])
def test_mean_squared_error__is_the_mean_of_the_squared_errors(device, count):
    arrays = _draw(6 + count, (count,), (count,))
    actual = kata.mean_squared_error(*_tensors(device, *arrays))
    expected = np.array(foundations.mean_squared_error(*arrays))
    assert_tensor(actual, expected, dtype=torch.float32, device=device)


def test_mean_squared_error__refuses_a_column_and_a_vector(device):
    predictions, targets = _tensors(device, *_draw(8, (4, 1), (4,)))
    because = "Your code accepts the shapes (4, 1) and (4,), whose difference is (4, 4). Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.mean_squared_error(predictions, targets)
    with assert_raises(ValueError, because=because):
        kata.mean_squared_error(targets, predictions)


def test_mean_squared_error__refuses_one_target_for_all_predictions(device):
    predictions, targets = _tensors(device, *_draw(9, (4,), (1,)))
    because = "Your code accepts the shapes (4,) and (1,): one target for four predictions. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.mean_squared_error(predictions, targets)


@pytest.mark.float64
def test_mean_squared_error__keeps_float64(device):
    arrays = [array / 3 for array in _draw(10, (5,), (5,))]
    actual = kata.mean_squared_error(*_tensors(device, *arrays, dtype=torch.float64))
    assert_tensor(actual, np.array(foundations.mean_squared_error(*arrays)), device=device, rtol=1e-12)


def test_mean_squared_error__does_not_modify_its_inputs(device):
    predictions, targets = _tensors(device, *_draw(11, (4,), (4,)))
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.mean_squared_error(predictions, targets)


def test_mean_squared_error__does_not_use_the_ready_made_loss(device):
    predictions, targets = _tensors(device, *_draw(12, (4,), (4,)))
    because = "You used PyTorch's own loss. Compute the loss from the differences."
    with forbid("torch.nn.functional.mse_loss", "torch.nn.MSELoss", because=because):
        kata.mean_squared_error(predictions, targets)


def test_mean_squared_error__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(5, 3), (2, 4), (1, 2), (4, 1)])
def test_gradients__returns_the_gradient_for_the_weights(device, shape):
    arrays = _draw(13, shape, shape[:1], shape[:1])
    weights, _ = _parts(kata.gradients(*_tensors(device, *arrays)), "the weight gradient", "the bias gradient")
    expected, _ = foundations.gradients(*arrays)
    assert_tensor(weights, expected, dtype=torch.float32, device=device, name="the weight gradient")


@pytest.mark.parametrize("shape", [(5, 3), (2, 4)])
def test_gradients__returns_the_gradient_for_the_bias(device, shape):
    arrays = _draw(14, shape, shape[:1], shape[:1])
    _, bias = _parts(kata.gradients(*_tensors(device, *arrays)), "the weight gradient", "the bias gradient")
    expected = np.array(foundations.gradients(*arrays)[1])
    assert_tensor(bias, expected, dtype=torch.float32, device=device, name="the bias gradient")


def test_gradients__accepts_as_many_rows_as_columns(device):
    arrays = _draw(15, (3, 3), (3,), (3,))
    weights, _ = _parts(kata.gradients(*_tensors(device, *arrays)), "the weight gradient", "the bias gradient")
    expected, _ = foundations.gradients(*arrays)
    assert_tensor(weights, expected, dtype=torch.float32, device=device, name="the weight gradient")


@pytest.mark.float64
def test_gradients__keeps_float64(device):
    arrays = [array / 3 for array in _draw(16, (5, 3), (5,), (5,))]
    answer = kata.gradients(*_tensors(device, *arrays, dtype=torch.float64))
    weights, bias = _parts(answer, "the weight gradient", "the bias gradient")
    expected_weights, expected_bias = foundations.gradients(*arrays)
    assert_tensor(weights, expected_weights, device=device, rtol=1e-12, name="the weight gradient")
    assert_tensor(bias, np.array(expected_bias), device=device, rtol=1e-12, name="the bias gradient")


def test_gradients__does_not_modify_its_inputs(device):
    features, predictions, targets = _tensors(device, *_draw(17, (4, 3), (4,), (4,)))
    with assert_unchanged(features=features, predictions=predictions, targets=targets):
        kata.gradients(features, predictions, targets)


def test_gradients__uses_no_loop_over_the_rows(device):
    tensors = _tensors(device, *_draw(18, (60, 3), (60,), (60,)))
    with count_operators() as operators:
        kata.gradients(*tensors)
    assert_operators(operators, 40, "Don't loop over the rows.")


def test_gradients__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("learning_rate", [0.125, 2.0])
def test_update__moves_the_weights_against_their_gradient(device, learning_rate):
    arrays = _draw(19, (3,), (), (3,), ())
    weights, _ = _parts(kata.update(*_tensors(device, *arrays), learning_rate), "the weights", "the bias")
    expected = arrays[0] - learning_rate * arrays[2]
    assert_tensor(weights, expected, dtype=torch.float32, device=device, name="the tensor of new weights")


@pytest.mark.parametrize("learning_rate", [0.125, 2.0])
def test_update__moves_the_bias_against_its_gradient(device, learning_rate):
    arrays = _draw(20, (3,), (), (3,), ())
    _, bias = _parts(kata.update(*_tensors(device, *arrays), learning_rate), "the weights", "the bias")
    expected = np.array(arrays[1] - learning_rate * arrays[3])
    assert_tensor(bias, expected, dtype=torch.float32, device=device, name="the new bias")


def test_update__does_not_modify_its_inputs(device):
    weights, bias, weight_gradient, bias_gradient = _tensors(device, *_draw(21, (3,), (), (3,), ()))
    given = {"weights": weights, "bias": bias}
    with assert_unchanged(**given, weight_gradient=weight_gradient, bias_gradient=bias_gradient):
        kata.update(weights, bias, weight_gradient, bias_gradient, 0.5)


def test_update__returns_new_tensors_even_if_the_gradients_are_0(device):
    weights, bias, weight_gradient, bias_gradient = _tensors(device, np.array([1.5, -2.0]), 0.5, np.zeros(2), 0.0)
    answer = kata.update(weights, bias, weight_gradient, bias_gradient, 0.5)
    new_weights, new_bias = _parts(answer, "the weights", "the bias")
    assert_owns_memory(new_weights, weights, name="your tensor of weights", other_name="the given one")
    assert_owns_memory(new_bias, bias, name="your bias", other_name="the given one")


@pytest.mark.float64
def test_update__keeps_float64(device):
    arrays = [array / 3 for array in _draw(22, (3,), (), (3,), ())]
    answer = kata.update(*_tensors(device, *arrays, dtype=torch.float64), 0.1)
    weights, bias = _parts(answer, "the weights", "the bias")
    assert_tensor(weights, arrays[0] - 0.1 * arrays[2], device=device, rtol=1e-12, name="the tensor of new weights")
    assert_tensor(bias, np.array(arrays[1] - 0.1 * arrays[3]), device=device, rtol=1e-12, name="the new bias")


def test_update__does_what_its_example_shows(example):
    example.check(kata)


_HISTORY = ("the tensor of weights", "the tensor of biases", "the tensor of losses")


def _assert_history(answer, expected, dtype, device, tolerance):
    __tracebackhide__ = True
    for part, numbers, name in zip(_parts(answer, *_HISTORY), expected, _HISTORY, strict=True):
        assert_tensor(part, numbers, dtype=dtype, device=device, rtol=tolerance, atol=tolerance, name=name)


def test_descend__matches_foundations_after_one_update(device):
    arrays = _draw(39, (3, 2), (3,), (2,), ())
    answer = kata.descend(*_tensors(device, *arrays), 0.125, 1)
    _assert_history(answer, foundations.descend(*arrays, 0.125, 1), torch.float32, device, 1e-5)


@pytest.mark.parametrize(("shape", "steps"), [((6, 3), 12), ((5, 1), 3), ((1, 2), 4)])
def test_descend__matches_foundations_after_every_update(device, shape, steps):
    arrays = _draw(23, shape, shape[:1], shape[1:], ())
    answer = kata.descend(*_tensors(device, *arrays), 0.125, steps)
    _assert_history(answer, foundations.descend(*arrays, 0.125, steps), torch.float32, device, 1e-5)


@pytest.mark.float64
def test_descend__matches_foundations_in_float64(device):
    arrays = [array / 3 for array in _draw(24, (7, 3), (7,), (3,), ())]
    answer = kata.descend(*_tensors(device, *arrays, dtype=torch.float64), 0.1, 15)
    _assert_history(answer, foundations.descend(*arrays, 0.1, 15), torch.float64, device, 1e-9)


def test_descend__returns_the_start_for_zero_updates(device):
    arrays = _draw(25, (4, 2), (4,), (2,), ())
    answer = kata.descend(*_tensors(device, *arrays), 0.125, 0)
    _assert_history(answer, foundations.descend(*arrays, 0.125, 0), torch.float32, device, 1e-5)


def test_descend__does_not_modify_its_inputs(device):
    features, targets, weights, bias = _tensors(device, *_draw(26, (4, 3), (4,), (3,), ()))
    with assert_unchanged(features=features, targets=targets, weights=weights, bias=bias):
        kata.descend(features, targets, weights, bias, 0.125, 2)


def test_descend__does_not_use_backward(device):
    tensors = _tensors(device, *_draw(27, (4, 3), (4,), (3,), ()))
    because = "You used PyTorch's own gradients. Use your formula."
    with forbid("torch.Tensor.backward", "torch.autograd.backward", "torch.autograd.grad", because=because):
        kata.descend(*tensors, 0.125, 2)


def test_descend__does_what_its_example_shows(example):
    example.check(kata)


def _losses(features, targets, weights, biases):
    """The mean squared error of each line, in NumPy."""
    lines = zip(weights, biases, strict=True)
    return np.array([foundations.mean_squared_error(foundations.predict(features, *line), targets) for line in lines])


def test_compare_lines__is_0_for_a_line_through_all_points(device):
    features, targets = np.array([[-3.0], [-1.0], [1.0], [3.0]]), np.array([-3.0, 1.0, 5.0, 9.0])
    weights, biases = np.array([[0.0], [2.0]]), np.array([3.0, 3.0])
    actual = kata.compare_lines(*_tensors(device, features, targets, weights, biases))
    assert_tensor(actual, _losses(features, targets, weights, biases), dtype=torch.float32, device=device)


@pytest.mark.parametrize(("rows", "columns", "lines"), [(5, 3, 2), (2, 1, 4), (3, 2, 1)])
def test_compare_lines__returns_the_loss_of_each_line(device, rows, columns, lines):
    arrays = _draw(50 + rows, (rows, columns), (rows,), (lines, columns), (lines,))
    actual = kata.compare_lines(*_tensors(device, *arrays))
    assert_tensor(actual, _losses(*arrays), dtype=torch.float32, device=device)


@pytest.mark.parametrize("columns", [3, 2])
def test_compare_lines__accepts_as_many_lines_as_rows(device, columns):
    arrays = _draw(51, (3, columns), (3,), (3, columns), (3,))
    actual = kata.compare_lines(*_tensors(device, *arrays))
    assert_tensor(actual, _losses(*arrays), dtype=torch.float32, device=device)


def test_compare_lines__accepts_a_single_row(device):
    arrays = _draw(54, (1, 2), (1,), (3, 2), (3,))
    actual = kata.compare_lines(*_tensors(device, *arrays))
    assert_tensor(actual, _losses(*arrays), dtype=torch.float32, device=device)


@pytest.mark.float64
def test_compare_lines__keeps_float64(device):
    arrays = [array / 3 for array in _draw(56, (5, 2), (5,), (3, 2), (3,))]
    actual = kata.compare_lines(*_tensors(device, *arrays, dtype=torch.float64))
    assert_tensor(actual, _losses(*arrays), device=device, rtol=1e-12)


def test_compare_lines__does_not_modify_its_inputs(device):
    features, targets, weights, biases = _tensors(device, *_draw(57, (4, 2), (4,), (3, 2), (3,)))
    with assert_unchanged(features=features, targets=targets, weights=weights, biases=biases):
        kata.compare_lines(features, targets, weights, biases)


def test_compare_lines__does_what_its_example_shows(example):
    example.check(kata)


def _explained(predictions, targets):
    return np.array(1 - foundations.mean_squared_error(predictions, targets) / targets.var())


@pytest.mark.parametrize("count", [5, 2])
def test_explained__is_one_minus_error_over_variance(device, count):
    arrays = _draw(40 + count, (count,), (count,))
    actual = kata.explained(*_tensors(device, *arrays))
    assert_tensor(actual, _explained(*arrays), dtype=torch.float32, device=device)


def test_explained__is_1_for_a_perfect_fit(device):
    (targets,) = _tensors(device, np.array([1.0, 2.0, 4.0, 5.0]))
    assert_tensor(kata.explained(targets.clone(), targets), torch.tensor(1.0), device=device)


def test_explained__is_0_for_the_mean_of_the_targets(device):
    predictions, targets = _tensors(device, np.full(4, 3.0), np.array([1.0, 2.0, 4.0, 5.0]))
    assert_tensor(kata.explained(predictions, targets), torch.tensor(0.0), device=device)


def test_explained__is_negative_if_the_mean_predicts_better(device):
    targets = np.array([1.0, 2.0, 4.0, 5.0])
    actual = kata.explained(*_tensors(device, 2 * targets + 1, targets))
    assert_tensor(actual, _explained(2 * targets + 1, targets), dtype=torch.float32, device=device)


@pytest.mark.float64
def test_explained__keeps_float64(device):
    arrays = [array / 3 for array in _draw(43, (5,), (5,))]
    actual = kata.explained(*_tensors(device, *arrays, dtype=torch.float64))
    assert_tensor(actual, _explained(*arrays), device=device, rtol=1e-12)


def test_explained__does_not_modify_its_inputs(device):
    predictions, targets = _tensors(device, *_draw(44, (4,), (4,)))
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.explained(predictions, targets)


def test_explained__does_what_its_example_shows(example):
    example.check(kata)


def _raw(seed, columns):
    """Weights, a bias, means and standard deviations. No standard deviation is 0 or 1."""
    weights, bias, mean, std = _draw(seed, (columns,), (), (columns,), (columns,))
    return weights, bias, mean, np.abs(std) + 1.25


@pytest.mark.parametrize("columns", [3, 1])
def test_destandardize__returns_the_weights_for_raw_features(device, columns):
    arrays = _raw(28, columns)
    weights, _ = _parts(kata.destandardize(*_tensors(device, *arrays)), "the weights", "the bias")
    assert_tensor(weights, arrays[0] / arrays[3], dtype=torch.float32, device=device, name="the tensor of raw weights")


@pytest.mark.parametrize("columns", [3, 1])
def test_destandardize__returns_the_bias_for_raw_features(device, columns):
    weights, bias, mean, std = arrays = _raw(29, columns)
    _, raw_bias = _parts(kata.destandardize(*_tensors(device, *arrays)), "the weights", "the bias")
    expected = np.array(bias - sum(weights * mean / std))
    assert_tensor(raw_bias, expected, dtype=torch.float32, device=device, name="the raw bias")


def test_destandardize__predicts_the_same_from_raw_features(device):
    features = _draw(30, (6, 2))[0] * np.array([10.0, 0.5]) + np.array([3.0, -7.0])
    weights, bias = np.array([1.5, -0.75]), np.array(2.0)
    tensors = _tensors(device, weights, bias, features.mean(axis=0), features.std(axis=0))
    raw = [part.cpu().numpy() for part in _parts(kata.destandardize(*tensors), "the weights", "the bias")]
    predictions = torch.from_numpy(foundations.predict(features, *raw))
    expected = foundations.predict(foundations.standardize(features), weights, bias)
    assert_tensor(predictions, expected, atol=1e-4, name="the tensor of predictions from raw features")


@pytest.mark.float64
def test_destandardize__keeps_float64(device):
    weights, bias, mean, std = arrays = [array / 3 for array in _raw(31, 3)]
    answer = kata.destandardize(*_tensors(device, *arrays, dtype=torch.float64))
    raw_weights, raw_bias = _parts(answer, "the weights", "the bias")
    assert_tensor(raw_weights, weights / std, device=device, rtol=1e-12, name="the tensor of raw weights")
    expected = np.array(bias - sum(weights * mean / std))
    assert_tensor(raw_bias, expected, device=device, rtol=1e-12, name="the raw bias")


def test_destandardize__does_not_modify_its_inputs(device):
    weights, bias, mean, std = _tensors(device, *_raw(32, 3))
    with assert_unchanged(weights=weights, bias=bias, mean=mean, std=std):
        kata.destandardize(weights, bias, mean, std)


def test_destandardize__does_what_its_example_shows(example):
    example.check(kata)


def test_fit__finds_the_true_weights(device):
    features, targets = _line(33, 40)
    weights, _ = _parts(kata.fit(*_tensors(device, features, targets), 0.375, 30), "the weights", "the bias")
    assert_tensor(
        weights, _TRUE_WEIGHTS, dtype=torch.float32, device=device, rtol=1e-3, atol=0, name="the tensor of weights"
    )


def test_fit__finds_the_true_bias(device):
    features, targets = _line(34, 40)
    _, bias = _parts(kata.fit(*_tensors(device, features, targets), 0.375, 30), "the weights", "the bias")
    expected = np.array(_TRUE_BIAS)
    assert_tensor(bias, expected, dtype=torch.float32, device=device, rtol=1e-3, atol=0, name="the bias")


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_fit__makes_the_given_number_of_updates(device, steps):
    features, targets = _line(35, 6)
    answer = kata.fit(*_tensors(device, features, targets), 0.125, steps)
    weights, bias = _parts(answer, "the weights", "the bias")
    expected_weights, expected_bias = _fitted(features, targets, 0.125, steps)
    after = f"after {steps} update{'s' * (steps != 1)}"
    name = f"{after}, the tensor of weights"
    close = {"dtype": torch.float32, "device": device, "rtol": 1e-4, "atol": 1e-7}
    assert_tensor(weights, expected_weights, **close, name=name)
    assert_tensor(bias, np.array(expected_bias), **{**close, "atol": 1e-4}, name=f"{after}, the bias")


def test_fit__accepts_a_single_column(device):
    (column,) = _draw(36, (5, 1))
    features, targets = column * 50 + 100, column[:, 0] * 3 - 1
    weights, bias = _parts(kata.fit(*_tensors(device, features, targets), 0.25, 5), "the weights", "the bias")
    expected_weights, expected_bias = _fitted(features, targets, 0.25, 5)
    assert_tensor(weights, expected_weights, dtype=torch.float32, device=device, name="the tensor of weights")
    assert_tensor(bias, np.array(expected_bias), dtype=torch.float32, device=device, rtol=1e-4, name="the bias")


@pytest.mark.float64
def test_fit__keeps_float64(device):
    features, targets = _line(37, 7)
    answer = kata.fit(*_tensors(device, features, targets, dtype=torch.float64), 0.2, 6)
    weights, bias = _parts(answer, "the weights", "the bias")
    expected_weights, expected_bias = _fitted(features, targets, 0.2, 6)
    assert_tensor(weights, expected_weights, device=device, rtol=1e-7, atol=0, name="the tensor of weights")
    assert_tensor(bias, np.array(expected_bias), device=device, rtol=1e-7, name="the bias")


def test_fit__does_not_modify_its_inputs(device):
    features, targets = _tensors(device, *_line(38, 5))
    with assert_unchanged(features=features, targets=targets):
        kata.fit(features, targets, 0.125, 2)


def test_fit__does_what_its_example_shows(example):
    example.check(kata)
