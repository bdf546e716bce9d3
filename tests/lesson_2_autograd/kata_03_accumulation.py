"""The specification of katas/lesson_2_autograd/kata_03_accumulation.py."""

import weakref

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_no_graph,
    assert_owns_memory,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas import foundations
from katas.lesson_2_autograd import kata_03_accumulation as kata

CORE = ("gradients_seen", "clear", "accumulate", "train")


def _draw(seed, *shapes):
    """A float64 array for each shape: multiples of 1/8 from -2 to 2 without 0, which float32 holds exactly."""
    generator = np.random.default_rng(seed)
    return [generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8 for shape in shapes]


def _on(device, array):
    return torch.tensor(array, dtype=torch.float32, device=device)


def _leaf(device, array, grad=None):
    """A leaf tensor that requires grad. If `grad` is given, it is in .grad."""
    leaf = torch.tensor(array, dtype=torch.float32, device=device, requires_grad=True)
    if grad is not None:
        leaf.grad = _on(device, grad)
    return leaf


def _cubes(device, factors):
    """The loss 3 * sum(factors * w**3 + w), whose gradient by hand is 9 * factors * w**2 + 3."""
    factors = _on(device, factors)
    return lambda w: 3 * (factors * w**3 + w).sum()


def _cubes_gradient(factors, w):
    return 9 * factors * w**2 + 3


def _assert_grad(parameter, expected, device, name="w"):
    if parameter.grad is None:
        raise Mismatch("statement", f"After the call, the .grad of {name} is None. It must hold a gradient.")
    expected = np.asarray(expected)
    assert_tensor(
        parameter.grad,
        expected,
        dtype=torch.float32,
        device=device,
        rtol=1e-5,
        atol=1e-5,
        name=f"the .grad of {name}",
    )


def _assert_gradient(actual, expected, device, name="your result"):
    expected = np.asarray(expected)
    assert_tensor(actual, expected, dtype=torch.float32, device=device, rtol=1e-5, atol=1e-5, name=name)


def _seen(answer, times):
    if not isinstance(answer, list) or len(answer) != times:
        raise Mismatch("type", f"Your result must be a list of {times} tensors, one for each pass.", actual=answer)
    return answer


@pytest.mark.parametrize(("shape", "times"), [((3,), 3), ((2, 4), 4), ((), 2)])
def test_gradients_seen__adds_each_gradient_to_the_one_before(device, shape, times):
    factors, start = _draw(times, shape, shape)
    seen = _seen(kata.gradients_seen(_cubes(device, factors), _leaf(device, start), times), times)
    for number, each in enumerate(seen, start=1):
        expected = number * _cubes_gradient(factors, start)
        _assert_gradient(each, expected, device, f"the gradient after pass {number}")


def test_gradients_seen__keeps_an_old_gradient_in_the_sum(device):
    factors, start, before = _draw(5, (3,), (3,), (3,))
    seen = _seen(kata.gradients_seen(_cubes(device, factors), _leaf(device, start, before), 2), 2)
    for number, each in enumerate(seen, start=1):
        expected = before + number * _cubes_gradient(factors, start)
        _assert_gradient(each, expected, device, f"the gradient after pass {number}")


def test_gradients_seen__leaves_the_last_gradient_in_grad(device):
    factors, start = _draw(6, (2, 3), (2, 3))
    w = _leaf(device, start)
    kata.gradients_seen(_cubes(device, factors), w, 3)
    _assert_grad(w, 3 * _cubes_gradient(factors, start), device)


@pytest.mark.parametrize("times", [1, 3])
def test_gradients_seen__returns_copies(device, times):
    factors, start = _draw(7, (4,), (4,))
    w = _leaf(device, start)
    seen = _seen(kata.gradients_seen(_cubes(device, factors), w, times), times)
    _assert_grad(w, times * _cubes_gradient(factors, start), device)
    for number, each in enumerate(seen, start=1):
        name = f"the gradient after pass {number}"
        assert_owns_memory(each, w.grad, name=name, other_name="w.grad")
        for later in seen[number:]:
            assert_owns_memory(each, later, name=name, other_name="a later gradient")


def test_gradients_seen__returns_an_empty_list_for_0_passes(device):
    _seen(kata.gradients_seen(_cubes(device, [2.0]), _leaf(device, [3.0]), 0), 0)


def test_gradients_seen__does_not_change_w(device):
    w = _leaf(device, [3.0, -1.0])
    with assert_unchanged(w=w):
        kata.gradients_seen(_cubes(device, [2.0, 0.5]), w, 2)


@pytest.mark.parametrize("times", [3, 1])
def test_gradients_seen__calls_loss_of_once_for_each_pass(device, times):
    calls, cubes = [], _cubes(device, [2.0, 0.5])

    def loss_of(w):
        calls.append("call")
        return cubes(w)

    kata.gradients_seen(loss_of, _leaf(device, [3.0, -1.0]), times)
    if len(calls) != times:
        says = f"Number of calls of loss_of: {len(calls)}. Call it once for each of the {times} passes."
        raise Mismatch("statement", says)


def test_gradients_seen__does_what_its_example_shows(example):
    example.check(kata)


def _parameters(device):
    """Three leaf tensors of different shapes with different gradients, then their values and gradients in NumPy."""
    shapes = [(3,), (2, 4), ()]
    values, grads = _draw(10, *shapes), _draw(11, *shapes)
    return [_leaf(device, value, grad) for value, grad in zip(values, grads, strict=True)], values, grads


def _assert_cleared(parameters):
    for number, each in enumerate(parameters, start=1):
        if each.grad is not None and not bool((each.grad == 0).all()):
            says = f"Parameter {number} of {len(parameters)} still has a gradient. Its .grad must be None or all zeros."
            raise Mismatch("value", says, actual=each.grad, expected=torch.zeros_like(each.grad))


@pytest.mark.parametrize("count", [1, 3])
def test_clear__leaves_no_gradient(device, count):
    parameters = _parameters(device)[0][:count]
    kata.clear(parameters)
    _assert_cleared(parameters)


def test_clear__accepts_a_generator(device):
    parameters = _parameters(device)[0]
    kata.clear(each for each in parameters)
    _assert_cleared(parameters)


@pytest.mark.parametrize("without", [[0, 1, 2], [1], [0], [2]])
def test_clear__accepts_parameters_without_a_gradient(device, without):
    parameters = _parameters(device)[0]
    for number in without:
        parameters[number].grad = None
    kata.clear(parameters)
    _assert_cleared(parameters)


def test_clear__clears_gradients_with_nan_and_inf(device):
    parameters = [_leaf(device, [1.0, 2.0], [np.nan, 1.0]), _leaf(device, [3.0], [np.inf])]
    kata.clear(parameters)
    _assert_cleared(parameters)


def test_clear__does_not_change_the_values(device):
    first, second, third = _parameters(device)[0]
    with assert_unchanged(first=first, second=second, third=third):
        kata.clear([first, second, third])


def test_clear__does_not_change_requires_grad(device):
    parameters = [*_parameters(device)[0], _on(device, [1.0, 2.0])]
    kata.clear(parameters)
    actual = [each.requires_grad for each in parameters]
    if actual != [True, True, True, False]:
        raise Mismatch("statement", f"requires_grad was [True, True, True, False]. After the call it is {actual}.")


def test_clear__keeps_old_gradients_out_of_the_next_one(device):
    parameters, values, _ = _parameters(device)
    for factor in (5.0, -3.0):
        kata.clear(parameters)
        # d/dp of factor * sum(p**2) is 2 * factor * p.
        sum(factor * (each**2).sum() for each in parameters).backward()
        for number, (each, value) in enumerate(zip(parameters, values, strict=True), start=1):
            _assert_grad(each, 2 * factor * value, device, f"parameter {number}")


def test_clear__returns_none(device):
    assert_value(kata.clear(_parameters(device)[0]), None)


def test_clear__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(3,), (2, 4), ()])
def test_fresh_gradient__returns_the_gradient(device, shape):
    factors, start = _draw(20, shape, shape)
    actual = kata.fresh_gradient(_cubes(device, factors), _leaf(device, start))
    _assert_gradient(actual, _cubes_gradient(factors, start), device)


@pytest.mark.parametrize("shape", [(4,), (3, 2)])
def test_fresh_gradient__does_not_include_an_old_gradient(device, shape):
    factors, start, before = _draw(21, shape, shape, shape)
    actual = kata.fresh_gradient(_cubes(device, factors), _leaf(device, start, before))
    _assert_gradient(actual, _cubes_gradient(factors, start), device)


def test_fresh_gradient__leaves_the_gradient_in_grad(device):
    factors, start, before = _draw(22, (3,), (3,), (3,))
    for grad in (before, None):
        w = _leaf(device, start, grad)
        kata.fresh_gradient(_cubes(device, factors), w)
        _assert_grad(w, _cubes_gradient(factors, start), device)


def test_fresh_gradient__returns_a_copy_of_grad(device):
    factors, start = _draw(23, (3,), (3,))
    w = _leaf(device, start)
    actual = kata.fresh_gradient(_cubes(device, factors), w)
    _assert_grad(w, _cubes_gradient(factors, start), device)
    assert_owns_memory(actual, w.grad, other_name="w.grad")


def test_fresh_gradient__is_right_on_repeated_calls(device):
    first, second, start = _draw(24, (3,), (3,), (3,))
    w = _leaf(device, start)
    for factors in (first, second, first):
        actual = kata.fresh_gradient(_cubes(device, factors), w)
        _assert_gradient(actual, _cubes_gradient(factors, start), device)


def test_fresh_gradient__does_not_change_w(device):
    w = _leaf(device, [3.0, -1.0], [7.0, 7.5])
    with assert_unchanged(w=w):
        kata.fresh_gradient(_cubes(device, [2.0, 0.5]), w)


def test_fresh_gradient__has_no_graph(device):
    assert_no_graph(kata.fresh_gradient(_cubes(device, [2.0, 0.5]), _leaf(device, [3.0, -1.0])))


def test_fresh_gradient__does_what_its_example_shows(example):
    example.check(kata)


def _batches(device, features, targets, sizes):
    """The rows in pairs of tensors, `sizes` rows each."""
    ends = np.cumsum(sizes)
    return [
        (_on(device, features[end - size : end]), _on(device, targets[end - size : end]))
        for end, size in zip(ends, sizes, strict=True)
    ]


def _samples(seed, sizes):
    features, targets, weights, bias = _draw(seed, (sum(sizes), 3), (sum(sizes),), (3,), ())
    to_weights, to_bias = foundations.gradients(features, foundations.predict(features, weights, bias), targets)
    return features, targets, weights, bias, to_weights, to_bias


@pytest.mark.parametrize("sizes", [(5, 2, 1), (1, 4), (2, 1, 3, 1)])
def test_accumulate__weights_each_batch_by_its_size(device, sizes):
    features, targets, weights, bias, to_weights, to_bias = _samples(len(sizes), sizes)
    w, b = _leaf(device, weights), _leaf(device, bias)
    kata.accumulate(lambda x, y: ((x @ w + b - y) ** 2).mean(), _batches(device, features, targets, sizes))
    _assert_grad(w, to_weights, device, "the weights")
    _assert_grad(b, to_bias, device, "the bias")


@pytest.mark.parametrize("sizes", [(3, 3), (4,)])
def test_accumulate__is_right_for_batches_of_equal_size(device, sizes):
    features, targets, weights, bias, to_weights, to_bias = _samples(30 + len(sizes), sizes)
    w, b = _leaf(device, weights), _leaf(device, bias)
    kata.accumulate(lambda x, y: ((x @ w + b - y) ** 2).mean(), _batches(device, features, targets, sizes))
    _assert_grad(w, to_weights, device, "the weights")
    _assert_grad(b, to_bias, device, "the bias")


def test_accumulate__accepts_any_mean_loss(device):
    features, targets, weights = _draw(33, (6, 2), (6,), (2,))
    w = _leaf(device, weights)
    kata.accumulate(lambda x, y: (torch.tanh(x @ w) * y).mean(), _batches(device, features, targets, (4, 2)))
    # d/dw of mean(y * tanh(x @ w)) is mean(y * (1 - tanh(x @ w)**2) * x).
    slopes = targets * (1 - np.tanh(features @ weights) ** 2)
    _assert_grad(w, features.T @ slopes / len(slopes), device)


def test_accumulate__calls_loss_of_once_for_each_batch(device):
    sizes = (2, 4, 1)
    features, targets, weights, *_ = _samples(34, sizes)
    w, calls = _leaf(device, weights), []

    def loss_of(x, y):
        calls.append((len(x), len(y)))
        return ((x @ w - y) ** 2).mean()

    kata.accumulate(loss_of, _batches(device, features, targets, sizes))
    if sorted(calls) != [(1, 1), (2, 2), (4, 4)]:
        counts = ", ".join(str(rows) for rows, _ in calls) or "nothing"
        says = f"The batches have 2, 4 and 1 samples, but loss_of was called on {counts}. Call it once for each batch."
        raise Mismatch("statement", says)


class _Kept:
    """Holds a tensor that the graph keeps for the backward pass. It is freed together with the graph."""

    def __init__(self, tensor):
        self.tensor = tensor


def test_accumulate__keeps_one_graph_at_a_time(device):
    sizes = (2, 3, 1)
    features, targets, weights, *_ = _samples(35, sizes)
    w, kept = _leaf(device, weights), []

    def pack(tensor):
        holder = _Kept(tensor)
        kept.append(weakref.ref(holder))
        return holder

    def loss_of(x, y):
        if any(each() is not None for each in kept):
            says = "During a call of loss_of, the graph of an earlier batch was still in memory."
            raise Mismatch("graph", says)
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda holder: holder.tensor):
            return ((x @ w - y) ** 2).mean()

    kata.accumulate(loss_of, _batches(device, features, targets, sizes))


def test_accumulate__returns_none(device):
    sizes = (2, 1)
    features, targets, weights, *_ = _samples(36, sizes)
    w = _leaf(device, weights)
    answer = kata.accumulate(lambda x, y: ((x @ w - y) ** 2).mean(), _batches(device, features, targets, sizes))
    assert_value(answer, None)


def test_accumulate__does_what_its_example_shows(example):
    example.check(kata)


def _linear_loss(device, features, targets):
    x, y = _on(device, features), _on(device, targets)
    return lambda weights, bias: ((x @ weights + bias - y) ** 2).mean()


def _assert_losses(actual, expected):
    """Compare the losses. Both are rounded, because float32 has fewer digits than a Python float."""
    if isinstance(actual, list):
        actual = [round(each, 6) if type(each) is float else each for each in actual]
    expected = [round(float(loss), 6) for loss in expected]
    assert_value(actual, expected, tolerance=1e-4, name="the list of losses")


def _assert_trained(parameters, expected, names, device):
    for each, value, name in zip(parameters, expected, names, strict=True):
        value = np.asarray(value)
        assert_tensor(each, value, dtype=torch.float32, device=device, rtol=1e-4, atol=1e-5, name=f"the {name}")


@pytest.mark.parametrize(("rows", "columns", "steps"), [(6, 3, 4), (3, 2, 6), (4, 1, 1)])
def test_train__follows_the_descent_of_foundations(device, rows, columns, steps):
    features, targets, weights, bias = _draw(40 + rows, (rows, columns), (rows,), (columns,), ())
    all_weights, biases, losses = foundations.descend(features, targets, weights, bias, 0.05, steps)
    parameters = [_leaf(device, weights), _leaf(device, bias)]
    actual = kata.train(_linear_loss(device, features, targets), parameters, 0.05, steps)
    _assert_losses(actual, losses[:-1])
    _assert_trained(parameters, (all_weights[-1], biases[-1]), ("weights", "bias"), device)


def test_train__follows_the_descent_of_a_net_of_two_layers(device):
    shapes = [(5, 2), (5,), (2, 3), (3,), (3,), ()]
    features, targets, *start = _draw(41, *shapes)
    states, losses = foundations.net_descend(features, targets, start, 0.1, 4)
    x, y = _on(device, features), _on(device, targets)

    def loss_of(weights_1, bias_1, weights_2, bias_2):
        return ((torch.tanh(x @ weights_1 + bias_1) @ weights_2 + bias_2 - y) ** 2).mean()

    parameters = [_leaf(device, each) for each in start]
    actual = kata.train(loss_of, parameters, 0.1, 4)
    _assert_losses(actual, losses[:-1])
    names = ("first weights", "first bias", "second weights", "second bias")
    _assert_trained(parameters, states[-1], names, device)


def test_train__does_not_include_an_old_gradient(device):
    features, targets, weights, bias, before, bias_before = _draw(42, (5, 2), (5,), (2,), (), (2,), ())
    all_weights, biases, losses = foundations.descend(features, targets, weights, bias, 0.05, 3)
    parameters = [_leaf(device, weights, before), _leaf(device, bias, bias_before)]
    actual = kata.train(_linear_loss(device, features, targets), parameters, 0.05, 3)
    _assert_losses(actual, losses[:-1])
    _assert_trained(parameters, (all_weights[-1], biases[-1]), ("weights", "bias"), device)


def test_train__changes_nothing_in_0_steps(device):
    weights, bias = _leaf(device, [1.0, 2.0]), _leaf(device, 3.0)
    with assert_unchanged(weights=weights, bias=bias):
        actual = kata.train(_linear_loss(device, [[1.0, 0.5]], [2.0]), [weights, bias], 0.1, 0)
    assert_value(actual, [], name="the list of losses")


def test_train__writes_into_the_memory_of_the_parameters(device):
    weights, bias = _leaf(device, [1.0, 2.0]), _leaf(device, 3.0)
    view = weights.detach()
    kata.train(_linear_loss(device, [[1.0, 0.5]], [2.0]), [weights, bias], 0.1, 1)
    # The loss is (1 + 1 + 3 - 2)² = 9, and its gradient at the weights is 2 * 3 * [1, 0.5].
    expected = np.array([0.4, 1.7], dtype=np.float32)
    assert_tensor(view, expected, device=device, rtol=1e-5, name="a view of the weights, taken before the call")


def test_train__keeps_leaf_tensors_that_require_grad(device):
    parameters = [_leaf(device, [1.0, 2.0]), _leaf(device, 3.0)]
    given = list(parameters)
    kata.train(_linear_loss(device, [[1.0, 0.5]], [2.0]), given, 0.1, 2)
    if [id(each) for each in given] != [id(each) for each in parameters]:
        raise Mismatch("statement", "Your code put other tensors into the list. Update the given tensors in place.")
    for each in parameters:
        if not each.is_leaf or not each.requires_grad:
            raise Mismatch("statement", "After the call, a parameter is not a leaf tensor that requires grad.")


def test_train__does_what_its_example_shows(example):
    example.check(kata)


def _squares(device, features, targets, passes=None):
    """The squared error of each row. Each backward pass through the errors adds an entry to `passes`."""
    x, y = _on(device, features), _on(device, targets)

    def losses_of(w):
        losses = (x @ w - y) ** 2
        if passes is not None:
            losses.register_hook(lambda _: passes.append("pass"))
        return losses

    return losses_of


def _pair(answer):
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Mismatch(
            "type",
            "Your result must be a tuple: the gradient of the mean, then the gradient of the sum.",
            actual=answer,
        )
    return answer


def _assert_pair(answer, of_mean, of_sum, device):
    mean, total = _pair(answer)
    _assert_gradient(mean, of_mean, device, "the gradient of the mean")
    _assert_gradient(total, of_sum, device, "the gradient of the sum")


@pytest.mark.parametrize(("rows", "columns"), [(5, 3), (2, 4), (3, 3)])
def test_mean_and_sum__returns_both_gradients(device, rows, columns):
    features, targets, start = _draw(50 + rows, (rows, columns), (rows,), (columns,))
    answer = kata.mean_and_sum(_squares(device, features, targets), _leaf(device, start))
    of_mean, _ = foundations.gradients(features, features @ start, targets)
    _assert_pair(answer, of_mean, rows * of_mean, device)


def test_mean_and_sum__does_not_include_an_old_gradient(device):
    features, targets, start, before = _draw(51, (5, 3), (5,), (3,), (3,))
    answer = kata.mean_and_sum(_squares(device, features, targets), _leaf(device, start, before))
    of_mean, _ = foundations.gradients(features, features @ start, targets)
    _assert_pair(answer, of_mean, 5 * of_mean, device)


def test_mean_and_sum__runs_one_backward_pass(device):
    features, targets, start = _draw(52, (4, 2), (4,), (2,))
    passes = []
    kata.mean_and_sum(_squares(device, features, targets, passes), _leaf(device, start))
    if len(passes) != 1:
        raise Mismatch("statement", f"Number of backward passes through the losses: {len(passes)}. There must be one.")


def test_mean_and_sum__returns_two_tensors_that_share_no_memory(device):
    features, targets, start = _draw(53, (4, 2), (4,), (2,))
    mean, total = _pair(kata.mean_and_sum(_squares(device, features, targets), _leaf(device, start)))
    assert_owns_memory(mean, total, name="the gradient of the mean", other_name="the gradient of the sum")


def test_mean_and_sum__returns_equal_gradients_for_one_sample(device):
    features, targets, start = _draw(54, (1, 3), (1,), (3,))
    answer = kata.mean_and_sum(_squares(device, features, targets), _leaf(device, start))
    of_mean, _ = foundations.gradients(features, features @ start, targets)
    _assert_pair(answer, of_mean, of_mean, device)


def test_mean_and_sum__accepts_a_w_of_any_shape(device):
    factors, start = _draw(55, (4,), ())
    on_device = _on(device, factors)
    answer = kata.mean_and_sum(lambda w: on_device * w**2, _leaf(device, start))
    # d/dw of f * w**2 is 2 * f * w, for each sample's f.
    _assert_pair(answer, 2 * start * factors.mean(), 2 * start * factors.sum(), device)
    (grid,) = _draw(56, (2, 3))
    answer = kata.mean_and_sum(lambda w: on_device * (w**2).sum(), _leaf(device, grid))
    _assert_pair(answer, 2 * grid * factors.mean(), 2 * grid * factors.sum(), device)


def test_mean_and_sum__does_what_its_example_shows(example):
    example.check(kata)
