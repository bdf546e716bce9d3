"""The specification of katas/lesson_2_autograd/kata_04_not_recording.py."""

import weakref

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_shares_memory,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas import foundations
from katas.lesson_2_autograd import kata_04_not_recording as kata

CORE = ("step_downhill", "predict_untracked", "frozen_copy", "running_mean_loss", "towards_target")


def _draw(seed, *shape):
    """Multiples of 1/8 from -2 to 2 without 0, as float64. float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8


def _on(device, values, *, requires_grad=False, grad=None):
    tensor = torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device, requires_grad=requires_grad)
    if grad is not None:
        tensor.grad = _on(device, grad)
    return tensor


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _assert_leaf_that_requires_grad(tensor, name):
    if not tensor.is_leaf:
        raise Mismatch("graph", f"{name} is no longer a leaf tensor: it has a graph now.")
    if not tensor.requires_grad:
        raise Mismatch("graph", f"{name} no longer requires grad, so it will get no gradients.")


def _assert_recording(on):
    if torch.is_grad_enabled() is not on:
        now, before = ("on", "off") if not on else ("off", "on")
        raise Mismatch("statement", f"Recording is {now} after the call. It was {before} before the call.")


@pytest.mark.parametrize("learning_rate", [0.5, 0.125])
def test_step_downhill__moves_each_parameter_against_its_gradient(device, learning_rate):
    w, b = _draw(1, 3, 2), _draw(2, 4)
    to_w, to_b = _draw(3, 3, 2), _draw(4, 4)
    weights, bias = _on(device, w, requires_grad=True, grad=to_w), _on(device, b, requires_grad=True, grad=to_b)
    kata.step_downhill([weights, bias], learning_rate)
    assert_tensor(weights, float32(w - learning_rate * to_w), device=device, name="the first parameter")
    assert_tensor(bias, float32(b - learning_rate * to_b), device=device, name="the second parameter")


def test_step_downhill__keeps_each_parameter_a_leaf_that_requires_grad(device):
    weights, bias = (_on(device, _draw(s, 3), requires_grad=True, grad=_draw(s + 5, 3)) for s in (1, 2))
    kata.step_downhill([weights, bias], 0.5)
    _assert_leaf_that_requires_grad(weights, "The first parameter")
    _assert_leaf_that_requires_grad(bias, "The second parameter")


def test_step_downhill__writes_into_the_memory_of_the_parameter(device):
    weights = _on(device, [[1.0, 2.0, 3.0]], requires_grad=True, grad=[[2.0, 4.0, -8.0]])
    row = weights.detach()[0]
    kata.step_downhill([weights], 0.5)
    assert_tensor(row, float32([0, 0, 7]), device=device, name="a view of the parameter, taken before the call")


def test_step_downhill__does_not_change_the_gradients(device):
    to_w, to_b = _draw(3, 2), _draw(4, 3, 1)
    weights = _on(device, _draw(1, 2), requires_grad=True, grad=to_w)
    bias = _on(device, _draw(2, 3, 1), requires_grad=True, grad=to_b)
    kata.step_downhill([weights, bias], 0.25)
    assert_tensor(weights.grad, float32(to_w), device=device, name="the first .grad")
    assert_tensor(bias.grad, float32(to_b), device=device, name="the second .grad")


def test_step_downhill__skips_a_parameter_without_a_gradient(device):
    first, last = (_on(device, [4.0, 6.0], requires_grad=True, grad=[2.0, -2.0]) for _ in range(2))
    without = _on(device, [1.0, 3.0, 5.0], requires_grad=True)
    kata.step_downhill([first, without, last], 0.5)
    assert_tensor(without, float32([1, 3, 5]), device=device, name="the parameter without a gradient")
    assert_tensor(first, float32([3, 7]), device=device, name="the parameter before it")
    assert_tensor(last, float32([3, 7]), device=device, name="the parameter after it")


def test_step_downhill__matches_descend_from_foundations(device):
    features, targets = _draw(1, 4, 2), _draw(2, 4)
    x, y = _on(device, features), _on(device, targets)
    weights, bias = _on(device, [0.5, -1.0], requires_grad=True), _on(device, 0.25, requires_grad=True)
    for _ in range(3):
        weights.grad = bias.grad = None
        ((x @ weights + bias - y) ** 2).mean().backward()
        kata.step_downhill([weights, bias], 0.125)
    history, biases, _ = foundations.descend(features, targets, np.array([0.5, -1.0]), 0.25, 0.125, 3)
    assert_tensor(weights, float32(history[-1]), device=device, name="the weights after 3 steps")
    assert_tensor(bias, float32(biases[-1]), device=device, name="the bias after 3 steps")


@pytest.mark.parametrize("recording", [True, False])
def test_step_downhill__does_not_change_the_grad_mode(device, recording):
    weights = _on(device, [1.0, 2.0], requires_grad=True, grad=[1.0, 1.0])
    with torch.set_grad_enabled(recording):
        kata.step_downhill([weights], 0.5)
        _assert_recording(recording)


def test_step_downhill__returns_none(device):
    assert_value(kata.step_downhill([_on(device, [1.0, 2.0], requires_grad=True, grad=[1.0, 1.0])], 0.5), None)


def test_step_downhill__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("n", "d"), [(4, 3), (1, 2), (0, 2)])
def test_predict_untracked__returns_the_product_without_a_graph(device, n, d):
    features, weights = _draw(1, n, d), _draw(2, d)
    actual = kata.predict_untracked(_on(device, features), _on(device, weights, requires_grad=True))
    assert_tensor(actual, float32(features @ weights), device=device)
    assert_no_graph(actual)


def test_predict_untracked__has_no_graph_if_the_features_require_grad(device):
    features, weights = _draw(1, 2, 3), _draw(2, 3)
    for weights_require_grad in (False, True):
        actual = kata.predict_untracked(
            _on(device, features, requires_grad=True), _on(device, weights, requires_grad=weights_require_grad)
        )
        assert_tensor(actual, float32(features @ weights), device=device)
        assert_no_graph(actual)


def test_predict_untracked__records_nothing_during_the_call(device):
    features, weights = _on(device, _draw(1, 2, 3), requires_grad=True), _on(device, _draw(2, 3), requires_grad=True)
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: kept.append(0) or tensor, lambda tensor: tensor):
        kata.predict_untracked(features, weights)
    if kept:
        raise Mismatch("graph", "Autograd recorded the product. It kept the inputs for a backward pass.")


def test_predict_untracked__does_not_change_the_inputs(device):
    features, weights = _on(device, _draw(1, 2, 3), requires_grad=True), _on(device, _draw(2, 3), requires_grad=True)
    with assert_unchanged(features=features, weights=weights):
        kata.predict_untracked(features, weights)
    _assert_leaf_that_requires_grad(weights, "The tensor weights")
    _assert_leaf_that_requires_grad(features, "The tensor features")


@pytest.mark.parametrize("recording", [True, False])
def test_predict_untracked__does_not_change_the_grad_mode(device, recording):
    features, weights = _on(device, _draw(1, 2, 3)), _on(device, _draw(2, 3), requires_grad=True)
    with torch.set_grad_enabled(recording):
        kata.predict_untracked(features, weights)
        _assert_recording(recording)


class _NoProduct(Exception):
    """PyTorch's error for shapes that do not fit, of any class."""


def _multiply(features, weights):
    try:
        kata.predict_untracked(features, weights)
    except NotImplementedError:  # a RuntimeError too, raised by a step that is not written
        raise
    except (RuntimeError, ValueError, IndexError) as error:
        raise _NoProduct from error


@pytest.mark.parametrize("recording", [True, False])
def test_predict_untracked__restores_the_grad_mode_after_an_error(device, recording):
    features, weights = _on(device, _draw(1, 2, 3)), _on(device, _draw(2, 4), requires_grad=True)
    with torch.set_grad_enabled(recording):
        with assert_raises(_NoProduct, because="The shapes (2, 3) and (4,) have no product. Pass PyTorch's error on."):
            _multiply(features, weights)
        _assert_recording(recording)


def test_predict_untracked__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (), (0,)])
def test_frozen_copy__returns_the_values_without_the_graph(device, shape):
    values = _draw(1, *shape)
    x = 2 * _on(device, values, requires_grad=True)
    with assert_unchanged(x=x):
        actual = kata.frozen_copy(x)
    assert_tensor(actual, float32(2 * values), device=device)
    assert_no_graph(actual)
    _assert_recording(True)


def test_frozen_copy__does_not_share_memory_with_x(device):
    leaf = _on(device, _draw(1, 2, 3), requires_grad=True)
    assert_owns_memory(kata.frozen_copy(leaf), leaf)
    made = 2 * leaf
    assert_owns_memory(kata.frozen_copy(made), made)


def test_frozen_copy__keeps_its_values_after_an_update_of_x(device):
    values = _draw(2, 4)
    w = _on(device, values, requires_grad=True)
    kept = kata.frozen_copy(w)
    assert_no_graph(kept)
    with torch.no_grad():
        w += 1
    assert_tensor(kept, float32(values), device=device, name="the copy, after an update of x")


def test_frozen_copy__copies_a_tensor_that_does_not_require_grad(device):
    x = _on(device, _draw(3, 2, 2))
    assert_owns_memory(kata.frozen_copy(x), x)


def test_frozen_copy__accepts_a_transposed_x(device):
    values = _draw(1, 2, 3)
    x = (2 * _on(device, values, requires_grad=True)).T
    actual = kata.frozen_copy(x)
    assert_tensor(actual, float32(2 * values.T), device=device)
    assert_owns_memory(actual, x)


def test_frozen_copy__leaves_x_its_graph(device):
    values = _draw(1, 3)
    w = _on(device, values, requires_grad=True)
    x = w**2
    kata.frozen_copy(x)
    assert_has_graph(x, name="the tensor x")
    # d(5 w²)/dw = 10 w
    (5 * x).sum().backward()
    assert_tensor(w.grad, float32(10 * values), device=device, name="the gradient that flows back through x")
    kata.frozen_copy(w)
    _assert_leaf_that_requires_grad(w, "The leaf that was passed in")


def test_frozen_copy__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("numbers", [[0.5, 2.0, 8.0, 1.5], [3.0, 0.25], [-4.5]])
def test_running_mean_loss__returns_the_mean_as_a_float(device, numbers):
    w = _on(device, 2.0, requires_grad=True)
    assert_value(kata.running_mean_loss([w * (number / 2) for number in numbers]), float(np.mean(numbers)))


def test_running_mean_loss__accepts_a_generator(device):
    w = _on(device, 2.0, requires_grad=True)
    actual = kata.running_mean_loss((w - target) ** 2 for target in [1.0, 4.0, 8.0])
    assert_value(actual, (1 + 4 + 36) / 3)


def _alive(references):
    return sum(reference() is not None for reference in references)


def _made_one_by_one(device, watched):
    """Yields losses that are computed on demand, and adds weak references to `watched`.

    "losses" has references to the losses, and "graphs" to tensors that only the graph of a loss refers to.
    """
    w = _on(device, [1.0, 2.0], requires_grad=True)

    def make(number):
        row = _on(device, [number, -number])
        loss = (w * row).sum() ** 2
        watched["graphs"].append(weakref.ref(row))
        watched["losses"].append(weakref.ref(loss))
        return loss

    for number in (1.0, 3.0, 2.0, 5.0):
        if not torch.is_grad_enabled():
            raise Mismatch("graph", "Recording is off while the generator computes its loss, so the loss has no graph.")
        yield make(number)


@pytest.mark.parametrize("what", ["losses", "graphs"])
def test_running_mean_loss__keeps_no_losses_and_no_graphs(device, what):
    watched = {"losses": [], "graphs": []}

    def losses():
        for loss in _made_one_by_one(device, watched):
            alive = _alive(watched[what])
            if alive > 2:
                says = (
                    f"{alive} {what} are in memory at once. While the next one is computed, keep at most the last one."
                )
                raise Mismatch("graph", says)
            yield loss
            del loss

    actual = kata.running_mean_loss(losses())
    assert_value(actual, (1 + 9 + 4 + 25) / 4)
    if _alive(watched[what]):
        raise Mismatch("graph", f"{_alive(watched[what])} of the {what} are still in memory after the call.")


def test_running_mean_loss__leaves_recording_on_for_the_generator(device):
    assert_value(kata.running_mean_loss(_made_one_by_one(device, {"losses": [], "graphs": []})), (1 + 9 + 4 + 25) / 4)


def test_running_mean_loss__does_not_change_the_losses(device):
    w = _on(device, 2.0, requires_grad=True)
    first, second = w * 2, w * 5
    with assert_unchanged(first_loss=first, second_loss=second):
        kata.running_mean_loss([first, second])
    _assert_recording(True)
    assert_has_graph(first, name="the first loss")
    assert_has_graph(second, name="the second loss")


def test_running_mean_loss__does_what_its_example_shows(example):
    example.check(kata)


def _go_backward(loss):
    """Runs a backward pass. Raises a Mismatch if the graph of the loss is freed already."""
    assert_has_graph(loss)
    try:
        loss.backward()
    except RuntimeError as error:
        if "a second time" not in str(error):
            raise
        says = "The test can't call backward() on the loss: a backward pass has freed its graph already."
        raise Mismatch("graph", says) from error


def _linear_case(device, n, d):
    """The prediction a @ w and the target b @ w + 0.5: arrays in float64, and functions on the device."""
    a, b, w = _draw(n, n, d), _draw(n + 1, n, d), _draw(n + 2, d)
    a_there, b_there = _on(device, a), _on(device, b)
    return a, b @ w + 0.5, w, lambda w: a_there @ w, lambda w: b_there @ w + 0.5


@pytest.mark.parametrize(("n", "d"), [(4, 3), (3, 2), (1, 2)])
def test_towards_target__returns_the_mean_squared_error(device, n, d):
    a, target, w, prediction_of, target_of = _linear_case(device, n, d)
    loss = kata.towards_target(prediction_of, _on(device, w, requires_grad=True), target_of)
    assert_tensor(loss, float32(((a @ w - target) ** 2).mean()), device=device, rtol=1e-5)
    assert_has_graph(loss)
    _assert_recording(True)


@pytest.mark.parametrize(("n", "d"), [(4, 3), (3, 2), (1, 2)])
def test_towards_target__has_a_gradient_through_the_prediction_only(device, n, d):
    a, target, w, prediction_of, target_of = _linear_case(device, n, d)
    weights = _on(device, w, requires_grad=True)
    loss = kata.towards_target(prediction_of, weights, target_of)
    assert_has_graph(loss)
    _go_backward(3 * loss)
    # With a constant t: d mean((a w - t)²)/dw = 2/n aᵀ (a w - t); times the 3 that comes from above.
    expected = 3 * 2 / n * a.T @ (a @ w - target)
    assert_tensor(weights.grad, float32(expected), device=device, rtol=1e-5, name="the gradient")


def test_towards_target__accepts_w_itself_as_the_target(device):
    values = _draw(5, 4)
    w = _on(device, values, requires_grad=True)
    loss = kata.towards_target(lambda w: 3 * w, w, lambda w: w)
    _go_backward(loss)
    # With a constant t: d mean((3 w - t)²)/dw = 2/4 * 3 (3 w - t), where t is w's value.
    assert_tensor(w.grad, float32(2 / 4 * 3 * (3 * values - values)), device=device, name="the gradient")


def test_towards_target__has_no_gradient_for_other_tensors_in_the_target(device):
    values = _draw(6, 3)
    w, u, v = (_on(device, each, requires_grad=True) for each in (values, 2.0, 5.0))
    loss = kata.towards_target(lambda w: u * w, w, lambda w: v * w)
    _go_backward(loss)
    to_v = torch.zeros_like(v) if v.grad is None else v.grad
    assert_tensor(to_v, float32(0), device=device, name="the gradient of a tensor that only the target uses")
    # With a constant t: d mean((u w - t)²)/du = 2 mean(w (u w - t)).
    expected = 2 * (values * (2 * values - 5 * values)).mean()
    assert_tensor(u.grad, float32(expected), device=device, name="the gradient of a tensor that the prediction uses")


def test_towards_target__does_not_change_w_or_its_grad(device):
    w = _on(device, _draw(7, 3), requires_grad=True)
    with assert_unchanged(w=w):
        kata.towards_target(lambda w: 2 * w, w, lambda w: w**2)
    _assert_leaf_that_requires_grad(w, "The tensor w")
    if w.grad is not None:
        raise Mismatch("graph", "w.grad is not None after the call. Leave backward() to the caller.")


def test_towards_target__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (), (0,)])
def test_without_history__returns_the_values_without_the_graph(device, shape):
    values = _draw(1, *shape)
    x = 2 * _on(device, values, requires_grad=True)
    with assert_unchanged(x=x):
        actual = kata.without_history(x)
    assert_tensor(actual, float32(2 * values), device=device)
    assert_no_graph(actual)
    _assert_recording(True)


@pytest.mark.parametrize("requires_grad", [True, False])
def test_without_history__accepts_a_leaf(device, requires_grad):
    values = _draw(2, 4)
    actual = kata.without_history(_on(device, values, requires_grad=requires_grad))
    assert_tensor(actual, float32(values), device=device)
    assert_no_graph(actual)


def test_without_history__shares_memory_with_x(device):
    leaf = _on(device, _draw(1, 2, 3), requires_grad=True)
    assert_shares_memory(kata.without_history(leaf), leaf)
    made = 2 * leaf
    assert_shares_memory(kata.without_history(made), made)


def test_without_history__leaves_x_its_graph(device):
    values = _draw(1, 3)
    w = _on(device, values, requires_grad=True)
    x = w**2
    kata.without_history(x)
    assert_has_graph(x, name="the tensor x")
    # d(5 w²)/dw = 10 w
    (5 * x).sum().backward()
    assert_tensor(w.grad, float32(10 * values), device=device, name="the gradient that flows back through x")
    kata.without_history(w)
    _assert_leaf_that_requires_grad(w, "The leaf that was passed in")


def test_without_history__shares_memory_with_a_transposed_x(device):
    values = _draw(1, 2, 3)
    x = (2 * _on(device, values, requires_grad=True)).T
    actual = kata.without_history(x)
    assert_tensor(actual, float32(2 * values.T), device=device)
    assert_shares_memory(actual, x)


def test_without_history__does_what_its_example_shows(example):
    example.check(kata)


def test_freeze__makes_each_parameter_not_require_grad(device):
    weights, bias = _on(device, _draw(1, 3, 2), requires_grad=True), _on(device, _draw(2, 2), requires_grad=True)
    x = _on(device, _draw(3, 4, 3))
    kata.freeze([weights, bias])
    _assert_recording(True)
    assert_no_graph(weights, name="the first parameter")
    assert_no_graph(bias, name="the second parameter")
    assert_no_graph(x @ weights + bias, name="a result that is computed from the parameters")


def test_freeze__sets_each_grad_to_none(device):
    weights = _on(device, _draw(1, 3), requires_grad=True, grad=_draw(2, 3))
    without = _on(device, _draw(3, 2), requires_grad=True)
    bias = _on(device, 0.5, requires_grad=True, grad=2.0)
    kata.freeze([weights, without, bias])
    for name, parameter in (("first", weights), ("second", without), ("third", bias)):
        if parameter.grad is not None:
            raise Mismatch("statement", f"The .grad of the {name} parameter is not None.", actual=parameter.grad)


def test_freeze__does_not_change_the_values(device):
    weights, bias = _on(device, _draw(1, 3), requires_grad=True, grad=_draw(2, 3)), _on(device, 0.5, requires_grad=True)
    with assert_unchanged(weights=weights, bias=bias):
        kata.freeze([weights, bias])


def test_freeze__accepts_a_parameter_that_does_not_require_grad(device):
    weights, bias = _on(device, _draw(1, 2)), _on(device, _draw(2, 3), requires_grad=True)
    kata.freeze([weights, bias])
    assert_no_graph(weights, name="the parameter that did not require grad before")
    assert_no_graph(bias, name="the other parameter")


def test_freeze__does_not_change_other_tensors(device):
    frozen = _on(device, [1.0, 2.0], requires_grad=True, grad=[5.0, 6.0])
    other = _on(device, [3.0, 4.0], requires_grad=True, grad=[7.0, 8.0])
    kata.freeze([frozen])
    _assert_leaf_that_requires_grad(other, "A parameter that was not passed in")
    assert_tensor(other.grad, float32([7, 8]), device=device, name="the gradient of a parameter not passed in")
    (other * frozen).sum().backward()
    # d(other * frozen)/d(other) = frozen, added to the old gradient
    assert_tensor(other.grad, float32([8, 10]), device=device, name="the gradient of a parameter not passed in")


def test_freeze__returns_none(device):
    assert_value(kata.freeze([_on(device, [1.0, 2.0], requires_grad=True)]), None)


def test_freeze__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(3,), (2, 3), ()])
def test_evaluate__returns_an_ordinary_tensor_without_a_graph(device, shape):
    values, scale = _draw(1, *shape), _draw(2, *shape)
    w = _on(device, scale, requires_grad=True)
    for requires_grad in (False, True):
        actual = kata.evaluate(lambda x: x * w + 1, _on(device, values, requires_grad=requires_grad))
        assert_tensor(actual, float32(values * scale + 1), device=device)
        assert_no_graph(actual)
        if actual.is_inference():
            raise Mismatch("unusable", "The result is an inference tensor, so it can't be used for a gradient.")
    _assert_recording(True)


def test_evaluate__calls_f_in_inference_mode(device):
    seen = []

    def f(x):
        seen.append(torch.is_inference_mode_enabled())
        return x + 1

    kata.evaluate(f, _on(device, [1.0, 2.0], requires_grad=True))
    if not seen or not all(seen):
        raise Mismatch("statement", "Inference mode was off while f ran.")


def test_evaluate__switches_inference_mode_off_again(device):
    kata.evaluate(lambda x: x + 1, _on(device, [1.0, 2.0]))
    if torch.is_inference_mode_enabled():
        raise Mismatch("statement", "Inference mode is still on after the call.")


def test_evaluate__returns_a_result_for_a_recorded_computation(device):
    values, scale = _draw(3, 4), _draw(4, 4)
    w = _on(device, scale, requires_grad=True)
    result = kata.evaluate(lambda x: x * w, _on(device, values))
    (2 * result * w).sum().backward()
    # The result r counts as a constant: d(2 r w)/dw = 2 r.
    assert_tensor(w.grad, float32(2 * values * scale), device=device, name="the gradient of a later loss")


def test_evaluate__does_not_change_x(device):
    x = _on(device, _draw(5, 3), requires_grad=True)
    with assert_unchanged(x=x):
        kata.evaluate(lambda x: x**2, x)
    _assert_leaf_that_requires_grad(x, "The tensor x")


def test_evaluate__does_what_its_example_shows(example):
    example.check(kata)
