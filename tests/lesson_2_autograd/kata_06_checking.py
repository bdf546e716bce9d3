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
    forbid,
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
    """The gradient of `x` once `upstream` has flowed back from `answer`."""
    assert_has_graph(answer)
    answer.backward(upstream)
    if x.grad is None:
        raise Mismatch("graph", "No gradient came back to the input: the answer's graph does not lead to it.")
    return x.grad


# For f(x) = sum(x³), the difference with a step of h is 3x² + h², exactly.
@pytest.mark.float64
@pytest.mark.parametrize(("shape", "h"), [((4,), 0.5), ((2, 3), 0.3), ((3, 1, 2), 1e-3)])
def test_central_difference__takes_a_step_either_way(device, shape, h):
    x = drawn(1, *shape)
    actual = kata.central_difference(lambda x: (x**3).sum(), on(device, x, torch.float64), h)
    # A step that has been through float32 is off by more than this.
    assert_tensor(actual, 3 * x**2 + h**2, device=device, rtol=1e-9, atol=1e-9)


@pytest.mark.float64
@pytest.mark.parametrize("n", [3, 5])
def test_central_difference__moves_one_entry_at_a_time(device, n):
    # f(x) = product of x, and the slope for an entry is the product of all others.
    x = drawn(n, n)
    expected = np.array([np.delete(x, i).prod() for i in range(n)])
    assert_tensor(kata.central_difference(torch.prod, on(device, x, torch.float64), 0.1), expected, device=device)


@pytest.mark.float64
def test_central_difference__takes_one_number(device):
    actual = kata.central_difference(lambda x: x**3, on(device, 2.0, torch.float64), 0.5)
    assert_tensor(actual, np.array(12.25), device=device)


@pytest.mark.float64
def test_central_difference__takes_an_x_without_numbers(device):
    actual = kata.central_difference(torch.sum, on(device, np.zeros((2, 0)), torch.float64), 0.5)
    assert_tensor(actual, np.zeros((2, 0)), device=device)


@pytest.mark.float64
def test_central_difference__takes_a_matrix_turned_round(device):
    x, scale = drawn(3, 2, 3), drawn(4, 3, 2)
    scales = on(device, scale, torch.float64)
    actual = kata.central_difference(lambda x: (scales * x**3).sum(), on(device, x, torch.float64).T, 0.5)
    assert_tensor(actual, scale * (3 * x.T**2 + 0.25), device=device)


@pytest.mark.float64
@pytest.mark.parametrize("tracked", [False, True])
def test_central_difference__leaves_the_input_as_it_is(device, tracked):
    x = on(device, [0.1, 0.7, -1.3, 1e-9], torch.float64).requires_grad_(tracked)
    with assert_unchanged(x=x):
        kata.central_difference(lambda x: (x**3).sum(), x, 0.3)
    assert x.requires_grad == tracked, "Whether the input is tracked has changed: that is for its owner to say."
    assert x.grad is None, "The input has a .grad now: nothing was to be written there."


@pytest.mark.float64
def test_central_difference__has_no_graph(device):
    scale = on(device, [3.0, 5.0], torch.float64).requires_grad_()
    x = on(device, [1.0, 2.0], torch.float64).requires_grad_()
    actual = kata.central_difference(lambda x: (scale * x**2).sum(), x, 0.5)
    assert_tensor(actual, np.array([6.0, 20.0]), device=device)
    assert_no_graph(actual)


def _sets(device, dtype=torch.float32):
    """Two sets of gradients; the largest relative error is 0.5, the entry 2 against 4."""
    by_hand = {"w": on(device, [[2.0, 100.0, -3.0]], dtype), "b": on(device, [0.0, -5.0], dtype)}
    by_autograd = {"w": on(device, [[4.0, 110.0, -3.0]], dtype), "b": on(device, [0.0, -4.0], dtype)}
    return by_hand, by_autograd


def test_largest_error__is_that_of_the_worst_entry(device):
    by_hand, by_autograd = _sets(device)
    assert_value(kata.largest_error(by_hand, by_autograd), 0.5)
    assert_value(kata.largest_error(by_autograd, by_hand), 0.5)


def test_largest_error__may_stand_under_any_name(device):
    for worst in ("first", "second", "third"):
        by_hand = {name: on(device, [1.0, 2.0]) for name in ("first", "second", "third")}
        by_autograd = {name: on(device, [1.0, 5.0 if name == worst else 2.5]) for name in by_hand}
        assert_value(kata.largest_error(by_hand, by_autograd), 0.6)


def test_largest_error__divides_by_the_larger_of_two_signs(device):
    # |1 - -3| / 3
    actual = kata.largest_error({"w": on(device, [1.0, 8.0])}, {"w": on(device, [-3.0, 8.0])})
    assert_value(actual, 4 / 3)
    actual = kata.largest_error({"w": on(device, [-3.0, 8.0])}, {"w": on(device, [1.0, 8.0])})
    assert_value(actual, 4 / 3, name="the answer with the two sets exchanged")


def test_largest_error__goes_by_name_and_not_by_order(device):
    by_hand = {"w": on(device, [1.0, 2.0]), "b": on(device, [8.0, 4.0])}
    by_autograd = {"b": on(device, [8.0, 5.0]), "w": on(device, [1.0, 2.0])}
    assert_value(kata.largest_error(by_hand, by_autograd), 0.2)


def test_largest_error__is_0_where_both_are_0(device):
    zeros = {"w": on(device, [[0.0, 0.0]])}
    assert_value(kata.largest_error(zeros, {"w": on(device, [[0.0, 0.0]])}), 0.0)


def test_largest_error__grows_small_where_both_are_tiny(device):
    # |1e-10 - 3e-10| / 1e-8
    actual = kata.largest_error({"w": on(device, [1e-10, 1.0])}, {"w": on(device, [3e-10, 1.0])})
    assert_value(actual, 0.02)


@pytest.mark.parametrize("name", ["first", "second"])
def test_largest_error__lets_no_nan_pass(device, name):
    by_hand = {"first": on(device, [1.0, 2.0]), "second": on(device, [3.0, 4.0])}
    broken = {**by_hand, name: on(device, [math.nan, 2.0])}
    assert_value(kata.largest_error(broken, by_hand), math.nan)
    assert_value(kata.largest_error(by_hand, broken), math.nan)


@pytest.mark.parametrize(("hand", "autograd"), [((4, 1), (4,)), ((1,), (3,)), ((3, 2), (2, 3)), ((1, 2), (2,))])
def test_largest_error__refuses_shapes_that_differ(device, hand, autograd):
    by_hand = {"b": on(device, [1.0]), "w": on(device, np.ones(hand))}
    by_autograd = {"b": on(device, [1.0]), "w": on(device, np.ones(autograd))}
    because = f"A gradient of shape {hand} was compared with one of shape {autograd}: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.largest_error(by_hand, by_autograd)


@pytest.mark.float64
def test_largest_error__is_exact_in_float64(device):
    by_hand, by_autograd = {"w": on(device, [1.0], torch.float64)}, {"w": on(device, [1 + 1e-9], torch.float64)}
    assert_value(kata.largest_error(by_hand, by_autograd), 1e-9, tolerance=1e-12)


def _net(n, d, h):
    """Features, targets, weights_1, bias_1, weights_2 and bias_2 of a net."""
    return drawn(1, n, d), drawn(2, n), drawn(3, d, h), drawn(4, h), drawn(5, h), drawn(6)


NAMES = ("weights_1", "bias_1", "weights_2", "bias_2")


def _assert_net_gradients(device, sizes, dtype=torch.float32, **tolerances):
    net = _net(*sizes)
    actual = kata.net_gradients(*(on(device, each, dtype) for each in net))
    if not isinstance(actual, tuple) or len(actual) != 4:
        raise Mismatch("type", "The answer must be a tuple of four gradients.", actual=actual)
    for name, gradient, expected in zip(NAMES, actual, foundations.net_gradients(*net), strict=True):
        expected = np.asarray(expected)
        name = f"the gradient of {name}"
        assert_tensor(gradient, expected, device=device, dtype=dtype, name=name, **tolerances)


@pytest.mark.parametrize("sizes", [(5, 2, 3), (4, 3, 2)])
def test_net_gradients__are_those_of_the_mean(device, sizes):
    _assert_net_gradients(device, sizes, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sizes", [(4, 3, 3), (3, 2, 3), (3, 3, 3)])
def test_net_gradients__are_right_where_sizes_are_equal(device, sizes):
    _assert_net_gradients(device, sizes, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("sizes", [(1, 2, 3), (4, 1, 1)])
def test_net_gradients__take_sizes_of_one(device, sizes):
    _assert_net_gradients(device, sizes, rtol=1e-4, atol=1e-5)


@pytest.mark.float64
def test_net_gradients__are_exact_in_float64(device):
    _assert_net_gradients(device, (6, 3, 4), torch.float64, rtol=1e-12, atol=1e-12)


def test_net_gradients__leave_the_inputs_as_they_are(device):
    net = [on(device, each) for each in _net(4, 2, 3)]
    with assert_unchanged(**dict(zip(("features", "targets", *NAMES), net, strict=True))):
        kata.net_gradients(*net)


def test_net_gradients__are_worked_out_by_hand(device):
    because = "Autograd worked the gradients out: this step is to go back through the net by hand."

    def refuse(tensor):
        raise Mismatch("forbidden", because)

    # Where autograd records anything of this net, it saves tensors.
    saving = torch.autograd.graph.saved_tensors_hooks(refuse, lambda tensor: tensor)
    with forbid("torch.autograd.grad", "torch.Tensor.backward", because=because), saving:
        kata.net_gradients(*(on(device, each) for each in _net(4, 2, 3)))


def _loss(device):
    """A loss of two parameters and, in NumPy, its gradients: (a · c)² + sum(b³)."""
    a, b, c = drawn(1, 3), drawn(2, 2), drawn(3, 3)
    parameters = {"a": on(device, a).requires_grad_(), "b": on(device, b).requires_grad_()}
    loss = (parameters["a"] * on(device, c)).sum() ** 2 + (parameters["b"] ** 3).sum()
    return parameters, loss, {"a": 2 * (a @ c) * c, "b": 3 * b**2}


@pytest.mark.parametrize("wrong", [[], ["a"], ["b"], ["a", "b"]])
def test_wrong_terms__names_those_that_are_wrong(device, wrong):
    parameters, loss, right = _loss(device)
    by_hand = {name: on(device, right[name] * (2 if name in wrong else 1)) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), wrong)


@pytest.mark.parametrize("entry", [0, 1, 2])
def test_wrong_terms__sees_a_single_wrong_entry(device, entry):
    parameters, loss, right = _loss(device)
    right["a"][entry] *= 1.01
    by_hand = {name: on(device, right[name]) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["a"])


def test_wrong_terms__sees_errors_that_cancel(device):
    parameters, loss, right = _loss(device)
    by_hand = {"a": on(device, right["a"]), "b": on(device, right["b"] + [0.5, -0.5])}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["b"])


def test_wrong_terms__forgives_rounding(device):
    parameters, loss, right = _loss(device)
    by_hand = {name: on(device, right[name] * (1 + 1e-4)) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), [])


@pytest.mark.parametrize(("off", "expected"), [(5e-7, []), (-5e-7, []), (5e-6, ["w"])])
def test_wrong_terms__forgives_what_is_tiny(device, off, expected):
    # loss = sum(w²): autograd's gradient is 2 w, here (0, 6).
    parameter = on(device, [0.0, 3.0]).requires_grad_()
    by_hand = {"w": on(device, [off, 6.0])}
    assert_value(kata.wrong_terms(by_hand, {"w": parameter}, (parameter**2).sum()), expected)


def test_wrong_terms__goes_by_name_in_the_order_of_by_hand(device):
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
def test_wrong_terms__counts_another_shape_as_wrong(device, shape):
    # loss = 2 · sum(w): each gradient is 2, so that any shape that broadcasts holds the right numbers.
    parameter = on(device, [1.0, -3.0, 5.0]).requires_grad_()
    by_hand = {"w": on(device, np.full(shape, 2.0))}
    assert_value(kata.wrong_terms(by_hand, {"w": parameter}, 2 * parameter.sum()), ["w"])


@pytest.mark.parametrize(
    ("hand", "expected"), [([0.0, 0.0], []), ([0.0, 1.0], ["unused"]), ([0.0, 5e-7], []), ([2e-6, 0.0], ["unused"])]
)
def test_wrong_terms__takes_a_parameter_that_the_loss_does_not_use(device, hand, expected):
    parameters, loss, right = _loss(device)
    parameters["unused"] = on(device, [7.0, 8.0]).requires_grad_()
    by_hand = {**{name: on(device, right[name]) for name in right}, "unused": on(device, hand)}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), expected)


@pytest.mark.parametrize("shape", [(1,), (), (3, 2)])
def test_wrong_terms__counts_zeros_of_another_shape_as_wrong(device, shape):
    parameters, loss, right = _loss(device)
    parameters["unused"] = on(device, [7.0, 8.0]).requires_grad_()
    by_hand = {**{name: on(device, right[name]) for name in right}, "unused": on(device, np.zeros(shape))}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), ["unused"])


def test_wrong_terms__fills_no_grad(device):
    parameters, loss, right = _loss(device)
    kata.wrong_terms({name: on(device, right[name]) for name in right}, parameters, loss)
    for name, parameter in parameters.items():
        if parameter.grad is not None:
            raise Mismatch("statement", f"The .grad of {name} was empty and is filled now: leave it as it was.")


def test_wrong_terms__keeps_what_is_in_a_grad(device):
    parameters, loss, right = _loss(device)
    parameters["a"].grad, parameters["b"].grad = on(device, [1.0, 2.0, 3.0]), on(device, [4.0, 5.0])
    by_hand = {name: on(device, right[name]) for name in right}
    assert_value(kata.wrong_terms(by_hand, parameters, loss), [])
    for name, expected in (("a", [1, 2, 3]), ("b", [4, 5])):
        assert_tensor(parameters[name].grad, float32(expected), device=device, name=f"the .grad of {name}")


@pytest.mark.float64
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("f", [torch.tanh, torch.prod, lambda x: (x**3).sum(), torch.relu, lambda x: 5 * x.T.exp()])
def test_passes_gradcheck__is_true_of_a_right_gradient(device, dtype, f):
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
def test_passes_gradcheck__is_false_of_a_wrong_gradient(device, f):
    assert_value(kata.passes_gradcheck(f, on(device, drawn(8, 3))), False)


@pytest.mark.float64
@pytest.mark.parametrize(("f", "kink"), [(torch.relu, 0.0), (lambda x: x.clamp(max=2), 2.0)])
def test_passes_gradcheck__is_false_at_a_kink(device, f, kink):
    assert_value(kata.passes_gradcheck(f, on(device, [0.5, kink, -1.5])), False)


@pytest.mark.float64
def test_passes_gradcheck__checks_where_the_input_is(device):
    # Right below 1, wrong above.
    def f(x):
        return torch.where(x < 1, x**2, x * x.detach())

    assert_value(kata.passes_gradcheck(f, on(device, [0.5, -3.0])), True)
    assert_value(kata.passes_gradcheck(f, on(device, [0.5, 3.0])), False)


@pytest.mark.float64
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("tracked", [False, True])
def test_passes_gradcheck__leaves_the_input_as_it_is(device, dtype, tracked):
    x = on(device, [0.1, -0.7, 1.3], dtype).requires_grad_(tracked)
    with assert_unchanged(x=x):
        kata.passes_gradcheck(torch.tanh, x)
    assert x.requires_grad == tracked, "Whether the input is tracked has changed: that is for its owner to say."
    assert x.grad is None, "The input has a .grad now: nothing was to be written there."


@pytest.mark.float64
def test_passes_gradcheck__works_where_the_input_lives(device):
    scale, seen = on(device, [2.0, 3.0], torch.float64), []

    def f(x):
        seen.append(x.device.type)
        return (scale.to(x.device) * x).tanh()

    assert_value(kata.passes_gradcheck(f, on(device, [0.5, -0.25])), True)
    if set(seen) != {device.type}:
        raise Mismatch("device", f"f was given a tensor that is not on {device.type}, where the input lives.")


@pytest.mark.parametrize("shape", [(4,), (2, 3), (1,), ()])
def test_root_mean_square__is_the_root_of_the_mean_of_squares(device, shape):
    errors = drawn(9, *shape)
    expected = float32(np.sqrt((errors**2).mean()))
    assert_tensor(kata.root_mean_square(on(device, errors).requires_grad_()), expected, device=device)


@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_root_mean_square__has_its_own_gradient(device, shape):
    # The slope for an error e of N is e / (N · rms); an upstream gradient multiplies it.
    errors = drawn(10, *shape)
    x, upstream = on(device, errors).requires_grad_(), 3.0
    expected = float32(upstream * errors / (errors.size * np.sqrt((errors**2).mean())))
    actual = gradient_after(kata.root_mean_square(x), x, on(device, upstream))
    assert_tensor(actual, expected, device=device, rtol=1e-5, atol=1e-6, name="the gradient")


@pytest.mark.parametrize("shape", [(3,), (2, 2), (1,)])
def test_root_mean_square__has_gradient_0_where_all_errors_are_0(device, shape):
    x = torch.zeros(shape, device=device, requires_grad=True)
    actual = gradient_after(kata.root_mean_square(x), x, on(device, 3.0))
    assert_tensor(actual, np.zeros(shape, np.float32), device=device, name="the gradient")


@pytest.mark.parametrize("size", [0.0, 1e-5, 1e-3])
def test_root_mean_square__is_right_for_small_errors(device, size):
    errors = on(device, [size, -size]).requires_grad_()
    assert_tensor(kata.root_mean_square(errors), float32(size), device=device, rtol=0, atol=1.1e-6)


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_safe_sqrt__takes_the_root_of_what_is_above_0(device, shape):
    x = np.abs(drawn(11, *shape))
    assert_tensor(kata.safe_sqrt(on(device, x).requires_grad_()), float32(np.sqrt(x)), device=device)


def test_safe_sqrt__is_0_everywhere_else(device):
    x = on(device, [[4.0, 0.0, -9.0], [-0.25, 2.25, -0.0]]).requires_grad_()
    assert_tensor(kata.safe_sqrt(x), float32([[2, 0, 0], [0, 1.5, 0]]), device=device)


def test_safe_sqrt__has_the_gradient_of_the_root_above_0(device):
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


def test_safe_sqrt__has_a_graph_where_nothing_is_above_0(device):
    x = on(device, [0.0, -4.0]).requires_grad_()
    actual = gradient_after(kata.safe_sqrt(x), x, on(device, [3.0, 2.0]))
    assert_tensor(actual, float32([0, 0]), device=device, name="the gradient")


@pytest.mark.parametrize("small", [(1e-12, 1e-8), (1e-30, 1e-14)])
def test_safe_sqrt__is_exact_for_small_numbers(device, small):
    # The slope of the root is 1 / (2 · root).
    roots, upstream = np.sqrt(small), np.array([1.0, 2.0])
    x = on(device, small).requires_grad_()
    answer = kata.safe_sqrt(x)
    assert_tensor(answer, float32(roots), device=device, rtol=1e-5, atol=0)
    actual = gradient_after(answer, x, on(device, upstream))
    assert_tensor(actual, float32(upstream / (2 * roots)), device=device, rtol=1e-5, name="the gradient")


@pytest.mark.parametrize("tracked", [False, True])
def test_safe_sqrt__leaves_the_input_as_it_is(device, tracked):
    x = on(device, [4.0, 0.0, -9.0]).requires_grad_(tracked)
    with assert_unchanged(x=x):
        kata.safe_sqrt(x)
