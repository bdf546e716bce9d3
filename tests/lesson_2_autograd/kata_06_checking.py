"""The specification of katas/lesson_2_autograd/kata_06_checking.py."""

import math

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas import foundations
from katas.lesson_2_autograd import kata_06_checking as kata

CORE = ("central_difference", "passes_gradcheck")


def drawn(seed, *shape):
    """Numbers drawn from `seed` between -2 and 2, none closer to 0 than 0.2, as float64."""
    generator = np.random.default_rng(seed)
    return generator.uniform(0.2, 2, shape) * generator.choice([-1.0, 1.0], shape)


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def gradient_after(answer, x, upstream):
    """The gradient of `x` after a backward pass from `answer` with the gradient `upstream`."""
    assert_has_graph(answer)
    answer.backward(upstream)
    if x.grad is None:
        raise Mismatch("graph", "After a backward pass from your result, the .grad of the input is None.")
    return x.grad


def _assert_flags_unchanged(x, requires_grad):
    if x.requires_grad != requires_grad:
        raise Mismatch("mutated", f"x.requires_grad was {requires_grad} before the call. Leave it unchanged.")
    if x.grad is not None:
        raise Mismatch("mutated", "x.grad was None before the call. It holds a gradient now.")


# For f(x) = sum(x³), the difference with a step of h is 3x² + h², exactly.
@pytest.mark.float64
@pytest.mark.parametrize(("shape", "h"), [((4,), 0.5), ((2, 3), 0.3), ((3, 1, 2), 1e-3)])
def test_central_difference__steps_h_to_each_side(device, shape, h):
    x = drawn(1, *shape)
    actual = kata.central_difference(lambda x: (x**3).sum(), on(device, x, torch.float64), h)
    # A step that was rounded to float32 is off by more than this.
    assert_tensor(actual, 3 * x**2 + h**2, device=device, rtol=1e-9, atol=1e-9)


@pytest.mark.float64
@pytest.mark.parametrize("n", [3, 5])
def test_central_difference__moves_one_entry_at_a_time(device, n):
    # f(x) = product of x, and the slope for an entry is the product of all others.
    x = drawn(n, n)
    expected = np.array([np.delete(x, i).prod() for i in range(n)])
    assert_tensor(kata.central_difference(torch.prod, on(device, x, torch.float64), 0.1), expected, device=device)


@pytest.mark.float64
def test_central_difference__accepts_a_single_number(device):
    actual = kata.central_difference(lambda x: x**3, on(device, 2.0, torch.float64), 0.5)
    assert_tensor(actual, np.array(12.25), device=device)


@pytest.mark.float64
def test_central_difference__accepts_a_transposed_matrix(device):
    x, scale = drawn(3, 2, 3), drawn(4, 3, 2)
    scales = on(device, scale, torch.float64)
    actual = kata.central_difference(lambda x: (scales * x**3).sum(), on(device, x, torch.float64).T, 0.5)
    assert_tensor(actual, scale * (3 * x.T**2 + 0.25), device=device)


@pytest.mark.float64
@pytest.mark.parametrize("requires_grad", [False, True])
def test_central_difference__leaves_x_unchanged(device, requires_grad):
    x = on(device, [0.1, 0.7, -1.3, 1e-9], torch.float64).requires_grad_(requires_grad)
    with assert_unchanged(x=x):
        kata.central_difference(lambda x: (x**3).sum(), x, 0.3)
    _assert_flags_unchanged(x, requires_grad)


@pytest.mark.float64
def test_central_difference__returns_no_graph(device):
    scale = on(device, [3.0, 5.0], torch.float64).requires_grad_()
    x = on(device, [1.0, 2.0], torch.float64).requires_grad_()
    actual = kata.central_difference(lambda x: (scale * x**2).sum(), x, 0.5)
    assert_tensor(actual, np.array([6.0, 20.0]), device=device)
    assert_no_graph(actual)


def test_central_difference__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.float64
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("f", [torch.tanh, torch.prod, lambda x: (x**3).sum(), torch.relu, lambda x: 5 * x.T.exp()])
def test_passes_gradcheck__is_true_for_a_right_gradient(device, dtype, f):
    assert_value(kata.passes_gradcheck(f, on(device, drawn(7, 2, 3), dtype)), True)


@pytest.mark.float64
@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * x.detach(),  # slope x, the differences find 2x
        lambda x: 0.99 * x + 0.01 * x.detach(),  # slope 0.99, the differences find 1
        lambda x: 3 * x.detach(),  # no slope at all
    ],
)
def test_passes_gradcheck__is_false_for_a_wrong_gradient(device, f):
    assert_value(kata.passes_gradcheck(f, on(device, drawn(8, 3))), False)


@pytest.mark.float64
@pytest.mark.parametrize(("f", "kink"), [(torch.relu, 0.0), (lambda x: x.clamp(max=2), 2.0)])
def test_passes_gradcheck__is_false_at_a_kink(device, f, kink):
    assert_value(kata.passes_gradcheck(f, on(device, [0.5, kink, -1.5])), False)


@pytest.mark.float64
def test_passes_gradcheck__checks_at_the_values_of_x(device):
    # Right below 1, wrong above.
    def f(x):
        return torch.where(x < 1, x**2, x * x.detach())

    assert_value(kata.passes_gradcheck(f, on(device, [0.5, -3.0])), True)
    assert_value(kata.passes_gradcheck(f, on(device, [0.5, 3.0])), False)


@pytest.mark.float64
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("requires_grad", [False, True])
def test_passes_gradcheck__leaves_x_unchanged(device, dtype, requires_grad):
    x = on(device, [0.1, -0.7, 1.3], dtype).requires_grad_(requires_grad)
    with assert_unchanged(x=x):
        kata.passes_gradcheck(torch.tanh, x)
    _assert_flags_unchanged(x, requires_grad)


@pytest.mark.float64
def test_passes_gradcheck__keeps_the_device_of_x(device):
    scale, seen = on(device, [2.0, 3.0], torch.float64), []

    def f(x):
        seen.append(x.device.type)
        return (scale.to(x.device) * x).tanh()

    assert_value(kata.passes_gradcheck(f, on(device, [0.5, -0.25])), True)
    if set(seen) != {device.type}:
        raise Mismatch("device", f"f got a tensor that is not on {device.type}, the device of x.")


def test_passes_gradcheck__does_what_its_example_shows(example):
    example.check(kata)


def _sets(device, dtype=torch.float32):
    """Two sets of gradients; the largest relative error is 0.5, the entry 2 against 4."""
    by_hand = {"w": on(device, [[2.0, 100.0, -3.0]], dtype), "b": on(device, [0.0, -5.0], dtype)}
    by_autograd = {"w": on(device, [[4.0, 110.0, -3.0]], dtype), "b": on(device, [0.0, -4.0], dtype)}
    return by_hand, by_autograd


def test_largest_error__is_the_error_of_the_worst_entry(device):
    by_hand, by_autograd = _sets(device)
    assert_value(kata.largest_error(by_hand, by_autograd), 0.5)
    assert_value(kata.largest_error(by_autograd, by_hand), 0.5)


def test_largest_error__looks_at_every_name(device):
    for worst in ("first", "second", "third"):
        by_hand = {name: on(device, [1.0, 2.0]) for name in ("first", "second", "third")}
        by_autograd = {name: on(device, [1.0, 5.0 if name == worst else 2.5]) for name in by_hand}
        assert_value(kata.largest_error(by_hand, by_autograd), 0.6)


def test_largest_error__uses_absolute_values(device):
    # |1 - -3| / 3
    actual = kata.largest_error({"w": on(device, [1.0, 8.0])}, {"w": on(device, [-3.0, 8.0])})
    assert_value(actual, 4 / 3)
    actual = kata.largest_error({"w": on(device, [-3.0, 8.0])}, {"w": on(device, [1.0, 8.0])})
    assert_value(actual, 4 / 3, name="the result with the two sets exchanged")


def test_largest_error__pairs_gradients_by_name(device):
    by_hand = {"w": on(device, [1.0, 2.0]), "b": on(device, [8.0, 4.0])}
    by_autograd = {"b": on(device, [8.0, 5.0]), "w": on(device, [1.0, 2.0])}
    assert_value(kata.largest_error(by_hand, by_autograd), 0.2)


def test_largest_error__is_0_if_both_are_0(device):
    zeros = {"w": on(device, [[0.0, 0.0]])}
    assert_value(kata.largest_error(zeros, {"w": on(device, [[0.0, 0.0]])}), 0.0)


def test_largest_error__does_not_divide_by_a_number_near_0(device):
    # |1e-10 - 3e-10| / 1e-8
    actual = kata.largest_error({"w": on(device, [1e-10, 1.0])}, {"w": on(device, [3e-10, 1.0])})
    assert_value(actual, 0.02)


@pytest.mark.parametrize("name", ["first", "second"])
def test_largest_error__is_nan_if_any_entry_is_nan(device, name):
    by_hand = {"first": on(device, [1.0, 2.0]), "second": on(device, [3.0, 4.0])}
    broken = {**by_hand, name: on(device, [math.nan, 2.0])}
    assert_value(kata.largest_error(broken, by_hand), math.nan)
    assert_value(kata.largest_error(by_hand, broken), math.nan)


@pytest.mark.parametrize(("hand", "autograd"), [((4, 1), (4,)), ((1,), (3,)), ((3, 2), (2, 3)), ((1, 2), (2,))])
def test_largest_error__raises_a_value_error_for_different_shapes(device, hand, autograd):
    by_hand = {"b": on(device, [1.0]), "w": on(device, np.ones(hand))}
    by_autograd = {"b": on(device, [1.0]), "w": on(device, np.ones(autograd))}
    because = f"A gradient of shape {hand} was compared with one of shape {autograd}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.largest_error(by_hand, by_autograd)


@pytest.mark.float64
def test_largest_error__works_in_float64(device):
    by_hand, by_autograd = {"w": on(device, [1.0], torch.float64)}, {"w": on(device, [1 + 1e-9], torch.float64)}
    assert_value(kata.largest_error(by_hand, by_autograd), 1e-9, tolerance=1e-12)


def test_largest_error__leaves_the_inputs_unchanged(device):
    by_hand, by_autograd = _sets(device)
    given = {f"by_hand[{name!r}]": each for name, each in by_hand.items()}
    given |= {f"by_autograd[{name!r}]": each for name, each in by_autograd.items()}
    with assert_unchanged(**given):
        kata.largest_error(by_hand, by_autograd)


def test_largest_error__does_what_its_example_shows(example):
    example.check(kata)


def _loss(device):
    """A loss of two parameters and, in NumPy, its gradients: (a · c)² + sum(b³)."""
    a, b, c = drawn(1, 3), drawn(2, 2), drawn(3, 3)
    parameters = {"a": on(device, a).requires_grad_(), "b": on(device, b).requires_grad_()}
    loss = (parameters["a"] * on(device, c)).sum() ** 2 + (parameters["b"] ** 3).sum()
    return parameters, loss, {"a": 2 * (a @ c) * c, "b": 3 * b**2}


@pytest.mark.parametrize("wrong", [[], ["a"], ["b"], ["a", "b"]])
def test_wrong_terms__returns_the_names_of_the_wrong_gradients(device, wrong):
    parameters, loss, right = _loss(device)
    by_hand = {name: on(device, right[name] * (2 if name in wrong else 1)) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), wrong)


NET = ("weights_1", "bias_1", "weights_2", "bias_2")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("none", []),
        ("the slope of tanh is left out", ["weights_1", "bias_1"]),
        ("the slope of tanh is 1 - sums**2", ["weights_1", "bias_1"]),
        ("the biases are divided by N twice", ["bias_1", "bias_2"]),
        ("the loss is a sum", [*NET]),
        ("the first weights are transposed", ["weights_1"]),
    ],
)
def test_wrong_terms__finds_the_fault_in_backprop_by_hand(device, fault, expected):
    features, targets, *parameters = drawn(1, 4, 3), drawn(2, 4), drawn(3, 3, 3), drawn(4, 3), drawn(5, 3), drawn(6)
    gradients = dict(zip(NET, foundations.net_gradients(features, targets, *parameters), strict=True))
    if "tanh" in fault:
        sums = features @ parameters[0] + parameters[1]
        errors = np.tanh(sums) @ parameters[2] + parameters[3] - targets
        to_sums = 2 * errors[:, None] / 4 * parameters[2] * (1 if "left out" in fault else 1 - sums**2)
        gradients |= {"weights_1": features.T @ to_sums, "bias_1": to_sums.sum(axis=0)}
    elif "biases" in fault:
        gradients |= {name: gradients[name] / 4 for name in ("bias_1", "bias_2")}
    elif "sum" in fault:
        gradients = {name: 4 * gradient for name, gradient in gradients.items()}
    elif "transposed" in fault:
        gradients["weights_1"] = gradients["weights_1"].T
    leaves = {name: on(device, each).requires_grad_() for name, each in zip(NET, parameters, strict=True)}
    hidden = torch.tanh(on(device, features) @ leaves["weights_1"] + leaves["bias_1"])
    loss = ((hidden @ leaves["weights_2"] + leaves["bias_2"] - on(device, targets)) ** 2).mean()
    by_hand = {name: on(device, gradient) for name, gradient in gradients.items()}
    assert_value(kata.wrong_terms(by_hand, leaves, loss), expected)


@pytest.mark.parametrize("entry", [0, 1, 2])
def test_wrong_terms__finds_a_single_wrong_entry(device, entry):
    parameters, loss, right = _loss(device)
    right["a"][entry] *= 1.01
    by_hand = {name: on(device, right[name]) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["a"])


def test_wrong_terms__finds_errors_that_cancel(device):
    parameters, loss, right = _loss(device)
    by_hand = {"a": on(device, right["a"]), "b": on(device, right["b"] + [0.5, -0.5])}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["b"])


def test_wrong_terms__accepts_rounding_errors(device):
    parameters, loss, right = _loss(device)
    by_hand = {name: on(device, right[name] * (1 + 1e-4)) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), [])


@pytest.mark.parametrize(("off", "expected"), [(5e-7, []), (-5e-7, []), (5e-6, ["w"])])
def test_wrong_terms__accepts_a_tiny_error_beside_0(device, off, expected):
    # loss = sum(w²): autograd's gradient is 2 w, here (0, 6).
    parameter = on(device, [0.0, 3.0]).requires_grad_()
    by_hand = {"w": on(device, [off, 6.0])}
    assert_value(kata.wrong_terms(by_hand, {"w": parameter}, (parameter**2).sum()), expected)


def test_wrong_terms__pairs_by_name_in_the_order_of_by_hand(device):
    parameters, loss, right = _loss(device)
    right_ones = {name: on(device, right[name]) for name in ("b", "a")}
    assert_value(kata.wrong_terms(right_ones, parameters, loss), [])
    parameters, loss, right = _loss(device)
    wrong_ones = {name: on(device, -right[name]) for name in ("b", "a")}
    assert_value(kata.wrong_terms(wrong_ones, parameters, loss), ["b", "a"])


def test_wrong_terms__counts_nan_as_wrong(device):
    parameters, loss, right = _loss(device)
    by_hand = {"a": on(device, [math.nan, *right["a"][1:]]), "b": on(device, right["b"])}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["a"])


@pytest.mark.parametrize("hand", [[0.25, 0.0], [0.25, math.nan], [math.nan, math.nan]])
def test_wrong_terms__counts_nan_from_autograd_as_wrong(device, hand):
    # The root below 0 is replaced, but its gradient is nan all the same.
    parameter = on(device, [4.0, -1.0]).requires_grad_()
    loss = torch.where(parameter > 0, parameter.sqrt(), 0.0).sum()
    assert_value(kata.wrong_terms({"w": on(device, hand)}, {"w": parameter}, loss), ["w"])


@pytest.mark.parametrize("shape", [(1,), (), (3, 1), (1, 3), (2,)])
def test_wrong_terms__counts_a_different_shape_as_wrong(device, shape):
    # loss = 2 · sum(w): each gradient is 2, so any shape that broadcasts has the right numbers.
    parameter = on(device, [1.0, -3.0, 5.0]).requires_grad_()
    by_hand = {"w": on(device, np.full(shape, 2.0))}
    assert_value(kata.wrong_terms(by_hand, {"w": parameter}, 2 * parameter.sum()), ["w"])


@pytest.mark.parametrize(
    ("hand", "expected"), [([0.0, 0.0], []), ([0.0, 1.0], ["unused"]), ([0.0, 5e-7], []), ([2e-6, 0.0], ["unused"])]
)
def test_wrong_terms__checks_a_parameter_that_the_loss_does_not_use(device, hand, expected):
    parameters, loss, right = _loss(device)
    parameters["unused"] = on(device, [7.0, 8.0]).requires_grad_()
    by_hand = {**{name: on(device, right[name]) for name in right}, "unused": on(device, hand)}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), expected)


@pytest.mark.parametrize("shape", [(1,), (), (3, 2)])
def test_wrong_terms__counts_zeros_of_a_different_shape_as_wrong(device, shape):
    parameters, loss, right = _loss(device)
    parameters["unused"] = on(device, [7.0, 8.0]).requires_grad_()
    by_hand = {**{name: on(device, right[name]) for name in right}, "unused": on(device, np.zeros(shape))}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["unused"])


def test_wrong_terms__fills_no_grad(device):
    parameters, loss, right = _loss(device)
    by_hand = {name: on(device, right[name]) for name in right}
    with assert_unchanged(**by_hand):
        kata.wrong_terms(by_hand, parameters, loss)
    for name, parameter in parameters.items():
        if parameter.grad is not None:
            raise Mismatch("statement", f"The .grad of {name} was None before the call. It holds a gradient now.")


def test_wrong_terms__keeps_an_old_gradient(device):
    parameters, loss, right = _loss(device)
    parameters["a"].grad, parameters["b"].grad = on(device, [1.0, 2.0, 3.0]), on(device, [4.0, 5.0])
    by_hand = {name: on(device, right[name]) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), [])
    for name, expected in (("a", [1, 2, 3]), ("b", [4, 5])):
        assert_tensor(parameters[name].grad, float32(expected), device=device, name=f"the .grad of {name}")


def test_wrong_terms__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (1,), ()])
def test_root_mean_square__is_the_root_of_the_mean_of_squares(device, shape):
    errors = drawn(14, *shape)
    expected = float32(np.sqrt((errors**2).mean()))
    assert_tensor(kata.root_mean_square(on(device, errors).requires_grad_()), expected, device=device)


@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_root_mean_square__has_the_right_gradient(device, shape):
    # The slope for an error e of N is e / (N · rms); an upstream gradient multiplies it.
    errors = drawn(10, *shape)
    x, upstream = on(device, errors).requires_grad_(), 3.0
    expected = float32(upstream * errors / (errors.size * np.sqrt((errors**2).mean())))
    actual = gradient_after(kata.root_mean_square(x), x, on(device, upstream))
    assert_tensor(actual, expected, device=device, rtol=1e-5, atol=1e-6, name="the gradient")


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1,)])
def test_root_mean_square__has_gradient_0_if_all_errors_are_0(device, shape):
    x = torch.zeros(shape, device=device, requires_grad=True)
    actual = gradient_after(kata.root_mean_square(x), x, on(device, 3.0))
    assert_tensor(actual, np.zeros(shape, np.float32), device=device, name="the gradient")


@pytest.mark.parametrize("size", [0.0, 1e-5, 1e-3])
def test_root_mean_square__is_right_for_small_errors(device, size):
    errors = on(device, [size, -size]).requires_grad_()
    assert_tensor(kata.root_mean_square(errors), float32(size), device=device, rtol=0, atol=1.1e-6)


def test_root_mean_square__leaves_the_errors_unchanged(device):
    errors = on(device, [3.0, 0.0, -4.0]).requires_grad_()
    with assert_unchanged(errors=errors):
        kata.root_mean_square(errors)


def test_root_mean_square__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_safe_sqrt__is_the_root_of_entries_above_0(device, shape):
    x = np.abs(drawn(11, *shape))
    assert_tensor(kata.safe_sqrt(on(device, x).requires_grad_()), float32(np.sqrt(x)), device=device)


def test_safe_sqrt__is_0_everywhere_else(device):
    x = on(device, [[4.0, 0.0, -9.0], [-0.25, 2.25, -0.0]]).requires_grad_()
    assert_tensor(kata.safe_sqrt(x), float32([[2, 0, 0], [0, 1.5, 0]]), device=device)


def test_safe_sqrt__has_the_right_gradient_above_0(device):
    # 1 / (2 · root), times the upstream gradient.
    x = on(device, [4.0, 0.25, 100.0]).requires_grad_()
    actual = gradient_after(kata.safe_sqrt(x), x, on(device, [1.0, 3.0, -2.0]))
    assert_tensor(actual, float32([0.25, 3, -0.1]), device=device, name="the gradient")


def test_safe_sqrt__has_gradient_0_below_0(device):
    x = on(device, [4.0, -9.0, -0.25]).requires_grad_()
    actual = gradient_after(kata.safe_sqrt(x), x, on(device, [1.0, 3.0, -2.0]))
    assert_tensor(actual, float32([0.25, 0, 0]), device=device, name="the gradient")


def test_safe_sqrt__has_gradient_0_at_0(device):
    x = on(device, [0.0, 4.0]).requires_grad_()
    actual = gradient_after(kata.safe_sqrt(x), x, on(device, [3.0, 2.0]))
    assert_tensor(actual, float32([0, 0.5]), device=device, name="the gradient")


def test_safe_sqrt__has_a_graph_if_no_entry_is_above_0(device):
    x = on(device, [0.0, -4.0]).requires_grad_()
    actual = gradient_after(kata.safe_sqrt(x), x, on(device, [3.0, 2.0]))
    assert_tensor(actual, float32([0, 0]), device=device, name="the gradient")


@pytest.mark.parametrize("small", [(1e-12, 1e-8), (1e-30, 1e-14)])
def test_safe_sqrt__is_exact_for_small_entries(device, small):
    # The slope of the root is 1 / (2 · root).
    roots, upstream = np.sqrt(small), np.array([1.0, 2.0])
    x = on(device, small).requires_grad_()
    answer = kata.safe_sqrt(x)
    assert_tensor(answer, float32(roots), device=device, rtol=1e-5, atol=0)
    actual = gradient_after(answer, x, on(device, upstream))
    assert_tensor(actual, float32(upstream / (2 * roots)), device=device, rtol=1e-5, name="the gradient")


@pytest.mark.parametrize("requires_grad", [False, True])
def test_safe_sqrt__leaves_x_unchanged(device, requires_grad):
    x = on(device, [4.0, 0.0, -9.0]).requires_grad_(requires_grad)
    with assert_unchanged(x=x):
        kata.safe_sqrt(x)


def test_safe_sqrt__does_what_its_example_shows(example):
    example.check(kata)
