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
    """Eighths from -2 to 2 but for 0, as float64: float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8


def _on(device, values, *, tracked=False, grad=None):
    tensor = torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device, requires_grad=tracked)
    if grad is not None:
        tensor.grad = _on(device, grad)
    return tensor


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _assert_tracked_leaf(tensor, name):
    if not tensor.is_leaf:
        raise Mismatch("graph", f"{name} is no leaf any more: a graph hangs on it.")
    if not tensor.requires_grad:
        raise Mismatch("graph", f"{name} is no longer tracked: no gradient will come to it.")


def _assert_recording(on):
    if torch.is_grad_enabled() is not on:
        now, before = ("on", "off") if not on else ("off", "on")
        raise Mismatch("statement", f"Recording is {now} afterwards; it was {before} before the call.")


@pytest.mark.parametrize("learning_rate", [0.5, 0.125])
def test_step_downhill__moves_each_parameter_against_its_gradient(device, learning_rate):
    w, b = _draw(1, 3, 2), _draw(2, 4)
    to_w, to_b = _draw(3, 3, 2), _draw(4, 4)
    weights, bias = _on(device, w, tracked=True, grad=to_w), _on(device, b, tracked=True, grad=to_b)
    kata.step_downhill([weights, bias], learning_rate)
    assert_tensor(weights, float32(w - learning_rate * to_w), device=device, name="the first parameter")
    assert_tensor(bias, float32(b - learning_rate * to_b), device=device, name="the second parameter")


def test_step_downhill__keeps_each_parameter_a_tracked_leaf(device):
    weights, bias = (_on(device, _draw(s, 3), tracked=True, grad=_draw(s + 5, 3)) for s in (1, 2))
    kata.step_downhill([weights, bias], 0.5)
    _assert_tracked_leaf(weights, "The first parameter")
    _assert_tracked_leaf(bias, "The second parameter")


def test_step_downhill__writes_into_the_memory_of_the_parameter(device):
    weights = _on(device, [[1.0, 2.0, 3.0]], tracked=True, grad=[[2.0, 4.0, -8.0]])
    row = weights.detach()[0]
    kata.step_downhill([weights], 0.5)
    assert_tensor(row, float32([0, 0, 7]), device=device, name="a view of the parameter, taken before")


def test_step_downhill__leaves_the_gradients_as_they_are(device):
    to_w, to_b = _draw(3, 2), _draw(4, 3, 1)
    weights, bias = _on(device, _draw(1, 2), tracked=True, grad=to_w), _on(device, _draw(2, 3, 1), tracked=True)
    bias.grad = _on(device, to_b)
    kata.step_downhill([weights, bias], 0.25)
    assert_tensor(weights.grad, float32(to_w), device=device, name="the first .grad")
    assert_tensor(bias.grad, float32(to_b), device=device, name="the second .grad")


def test_step_downhill__leaves_a_parameter_without_a_gradient_alone(device):
    first, last = (_on(device, [4.0, 6.0], tracked=True, grad=[2.0, -2.0]) for _ in range(2))
    without = _on(device, [1.0, 3.0, 5.0], tracked=True)
    kata.step_downhill([first, without, last], 0.5)
    assert_tensor(without, float32([1, 3, 5]), device=device, name="the parameter without a gradient")
    assert_tensor(first, float32([3, 7]), device=device, name="the parameter before it")
    assert_tensor(last, float32([3, 7]), device=device, name="the parameter after it")


def test_step_downhill__takes_a_generator(device):
    first = _on(device, [4.0, 6.0], tracked=True, grad=[2.0, -2.0])
    second = _on(device, [[1.0]], tracked=True, grad=[[-4.0]])
    kata.step_downhill((each for each in (first, second)), 0.5)
    assert_tensor(first, float32([3, 7]), device=device, name="the first parameter")
    assert_tensor(second, float32([[3]]), device=device, name="the second parameter")


def test_step_downhill__can_be_taken_again_and_again(device):
    features, targets = _draw(1, 4, 2), _draw(2, 4)
    x, y = _on(device, features), _on(device, targets)
    weights, bias = _on(device, [0.5, -1.0], tracked=True), _on(device, 0.25, tracked=True)
    for _ in range(3):
        weights.grad = bias.grad = None
        ((x @ weights + bias - y) ** 2).mean().backward()
        kata.step_downhill([weights, bias], 0.125)
    history, biases, _ = foundations.descend(features, targets, np.array([0.5, -1.0]), 0.25, 0.125, 3)
    assert_tensor(weights, float32(history[-1]), device=device, name="the weights after 3 steps")
    assert_tensor(bias, float32(biases[-1]), device=device, name="the bias after 3 steps")


@pytest.mark.parametrize("recording", [True, False])
def test_step_downhill__leaves_the_grad_mode_as_it_was(device, recording):
    weights = _on(device, [1.0, 2.0], tracked=True, grad=[1.0, 1.0])
    with torch.set_grad_enabled(recording):
        kata.step_downhill([weights], 0.5)
        _assert_recording(recording)


def test_step_downhill__returns_nothing(device):
    assert_value(kata.step_downhill([_on(device, [1.0, 2.0], tracked=True, grad=[1.0, 1.0])], 0.5), None)


@pytest.mark.parametrize(("n", "d"), [(4, 3), (1, 2), (0, 2)])
def test_predict_untracked__multiplies_without_a_graph(device, n, d):
    features, weights = _draw(1, n, d), _draw(2, d)
    actual = kata.predict_untracked(_on(device, features), _on(device, weights, tracked=True))
    assert_tensor(actual, float32(features @ weights), device=device)
    assert_no_graph(actual)


def test_predict_untracked__records_nothing_for_tracked_features_either(device):
    features, weights = _draw(1, 2, 3), _draw(2, 3)
    for track_weights in (False, True):
        actual = kata.predict_untracked(
            _on(device, features, tracked=True), _on(device, weights, tracked=track_weights)
        )
        assert_tensor(actual, float32(features @ weights), device=device)
        assert_no_graph(actual)


def test_predict_untracked__keeps_no_input_for_a_backward(device):
    features, weights = _on(device, _draw(1, 2, 3), tracked=True), _on(device, _draw(2, 3), tracked=True)
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: kept.append(0) or tensor, lambda tensor: tensor):
        kata.predict_untracked(features, weights)
    if kept:
        raise Mismatch("graph", "The product was recorded: autograd kept its inputs for a backward.")


def test_predict_untracked__leaves_the_inputs_tracked(device):
    features, weights = _on(device, _draw(1, 2, 3), tracked=True), _on(device, _draw(2, 3), tracked=True)
    with assert_unchanged(features=features, weights=weights):
        kata.predict_untracked(features, weights)
    _assert_tracked_leaf(features, "The tensor features")
    _assert_tracked_leaf(weights, "The tensor weights")


@pytest.mark.parametrize("recording", [True, False])
def test_predict_untracked__leaves_the_grad_mode_as_it_was(device, recording):
    features, weights = _on(device, _draw(1, 2, 3)), _on(device, _draw(2, 3), tracked=True)
    with torch.set_grad_enabled(recording):
        kata.predict_untracked(features, weights)
        _assert_recording(recording)


class _NoProduct(Exception):
    """What PyTorch raises of shapes that don't fit, whichever kind it is."""


def _multiply(features, weights):
    try:
        kata.predict_untracked(features, weights)
    except NotImplementedError:  # a RuntimeError too, but of a step that is not written
        raise
    except (RuntimeError, ValueError, IndexError) as error:
        raise _NoProduct from error


@pytest.mark.parametrize("recording", [True, False])
def test_predict_untracked__leaves_the_grad_mode_as_it_was_after_an_error(device, recording):
    features, weights = _on(device, _draw(1, 2, 3)), _on(device, _draw(2, 4), tracked=True)
    with torch.set_grad_enabled(recording):
        with assert_raises(_NoProduct, because="(2, 3) and (4,) have no product: PyTorch's error is to be passed on."):
            _multiply(features, weights)
        _assert_recording(recording)


@pytest.mark.parametrize("shape", [(3,), (2, 3), ()])
def test_without_history__gives_the_values_without_the_graph(device, shape):
    values = _draw(1, *shape)
    x = 2 * _on(device, values, tracked=True)
    actual = kata.without_history(x)
    assert_tensor(actual, float32(2 * values), device=device)
    assert_no_graph(actual)


@pytest.mark.parametrize("tracked", [True, False])
def test_without_history__takes_a_leaf(device, tracked):
    values = _draw(2, 4)
    actual = kata.without_history(_on(device, values, tracked=tracked))
    assert_tensor(actual, float32(values), device=device)
    assert_no_graph(actual)


def test_without_history__stays_in_the_memory_of_x(device):
    leaf = _on(device, _draw(1, 2, 3), tracked=True)
    assert_shares_memory(kata.without_history(leaf), leaf)
    made = 2 * leaf
    assert_shares_memory(kata.without_history(made), made)


def test_without_history__leaves_x_its_graph(device):
    values = _draw(1, 3)
    w = _on(device, values, tracked=True)
    x = w**2
    kata.without_history(x)
    assert_has_graph(x, name="the tensor x")
    # d(5 w²)/dw = 10 w
    (5 * x).sum().backward()
    assert_tensor(w.grad, float32(10 * values), device=device, name="the gradient that flows back through x")
    kata.without_history(w)
    _assert_tracked_leaf(w, "The leaf that was passed in")


def test_without_history__stays_in_the_memory_of_a_transposed_x(device):
    values = _draw(1, 2, 3)
    x = (2 * _on(device, values, tracked=True)).T
    actual = kata.without_history(x)
    assert_tensor(actual, float32(2 * values.T), device=device)
    assert_shares_memory(actual, x)


@pytest.mark.parametrize("shape", [(3,), (2, 3), ()])
def test_frozen_copy__gives_the_values_without_the_graph(device, shape):
    values = _draw(1, *shape)
    x = 2 * _on(device, values, tracked=True)
    actual = kata.frozen_copy(x)
    assert_tensor(actual, float32(2 * values), device=device)
    assert_no_graph(actual)


def test_frozen_copy__has_memory_of_its_own(device):
    leaf = _on(device, _draw(1, 2, 3), tracked=True)
    assert_owns_memory(kata.frozen_copy(leaf), leaf)
    made = 2 * leaf
    assert_owns_memory(kata.frozen_copy(made), made)


def test_frozen_copy__outlives_an_update_of_a_leaf(device):
    values = _draw(2, 4)
    w = _on(device, values, tracked=True)
    kept = kata.frozen_copy(w)
    assert_no_graph(kept)
    with torch.no_grad():
        w += 1
    assert_tensor(kept, float32(values), device=device, name="the copy, after an update of x")


def test_frozen_copy__copies_what_is_not_tracked_too(device):
    x = _on(device, _draw(3, 2, 2))
    assert_owns_memory(kata.frozen_copy(x), x)


def test_frozen_copy__takes_a_transposed_x(device):
    values = _draw(1, 2, 3)
    x = (2 * _on(device, values, tracked=True)).T
    actual = kata.frozen_copy(x)
    assert_tensor(actual, float32(2 * values.T), device=device)
    assert_owns_memory(actual, x)


def test_frozen_copy__leaves_x_its_graph(device):
    values = _draw(1, 3)
    w = _on(device, values, tracked=True)
    x = w**2
    kata.frozen_copy(x)
    assert_has_graph(x, name="the tensor x")
    # d(5 w²)/dw = 10 w
    (5 * x).sum().backward()
    assert_tensor(w.grad, float32(10 * values), device=device, name="the gradient that flows back through x")
    kata.frozen_copy(w)
    _assert_tracked_leaf(w, "The leaf that was passed in")


@pytest.mark.parametrize("numbers", [[0.5, 2.0, 8.0, 1.5], [3.0, 0.25], [-4.5]])
def test_running_mean_loss__is_the_mean_as_a_number(device, numbers):
    w = _on(device, 2.0, tracked=True)
    assert_value(kata.running_mean_loss([w * (number / 2) for number in numbers]), float(np.mean(numbers)))


def test_running_mean_loss__takes_a_generator(device):
    w = _on(device, 2.0, tracked=True)
    actual = kata.running_mean_loss((w - target) ** 2 for target in [1.0, 4.0, 8.0])
    assert_value(actual, (1 + 4 + 36) / 3)


def test_running_mean_loss__leaves_the_losses_as_they_are(device):
    w = _on(device, 2.0, tracked=True)
    first, second = w * 2, w * 5
    with assert_unchanged(first_loss=first, second_loss=second):
        kata.running_mean_loss([first, second])


def _alive(references):
    return sum(reference() is not None for reference in references)


def _made_one_by_one(device, watched):
    """Losses of a training run, each made when asked for. Puts into `watched` a weak reference for each.

    To the loss itself under "losses"; under "graphs" to a tensor that nothing but the loss's graph holds.
    """
    w = _on(device, [1.0, 2.0], tracked=True)

    def make(number):
        row = _on(device, [number, -number])
        loss = (w * row).sum() ** 2
        watched["graphs"].append(weakref.ref(row))
        watched["losses"].append(weakref.ref(loss))
        return loss

    for number in (1.0, 3.0, 2.0, 5.0):
        if not torch.is_grad_enabled():
            raise Mismatch("graph", "Recording is off while the generator makes its loss: it gets no graph.")
        yield make(number)


@pytest.mark.parametrize("what", ["losses", "graphs"])
def test_running_mean_loss__lets_go_of_losses_and_graphs(device, what):
    watched = {"losses": [], "graphs": []}

    def losses():
        for loss in _made_one_by_one(device, watched):
            alive = _alive(watched[what])
            if alive > 2:
                raise Mismatch("graph", f"{alive} {what} are alive at once; two are enough: the new one and the last.")
            yield loss
            del loss

    actual = kata.running_mean_loss(losses())
    assert_value(actual, (1 + 9 + 4 + 25) / 4)
    if _alive(watched[what]):
        raise Mismatch("graph", f"{_alive(watched[what])} of the {what} are still alive at the end.")


def test_running_mean_loss__leaves_recording_on_for_the_generator(device):
    assert_value(kata.running_mean_loss(_made_one_by_one(device, {"losses": [], "graphs": []})), (1 + 9 + 4 + 25) / 4)


def _go_backward(loss):
    """A backward pass from the loss, once for all: Mismatch where its graph is used up."""
    assert_has_graph(loss)
    try:
        loss.backward()
    except RuntimeError as error:
        if "a second time" not in str(error):
            raise
        says = "The test's own backward pass failed: the graph of the loss has been gone through already."
        raise Mismatch("graph", says) from error


def _linear_case(device, n, d):
    """Prediction a @ w and target b @ w + 0.5, in float64 and as functions on the device; w too."""
    a, b, w = _draw(n, n, d), _draw(n + 1, n, d), _draw(n + 2, d)
    a_there, b_there = _on(device, a), _on(device, b)
    return a, b @ w + 0.5, w, lambda w: a_there @ w, lambda w: b_there @ w + 0.5


@pytest.mark.parametrize(("n", "d"), [(4, 3), (3, 2), (1, 2)])
def test_towards_target__is_the_mean_squared_error(device, n, d):
    a, target, w, prediction_of, target_of = _linear_case(device, n, d)
    loss = kata.towards_target(prediction_of, _on(device, w, tracked=True), target_of)
    assert_tensor(loss, float32(((a @ w - target) ** 2).mean()), device=device, rtol=1e-5)
    assert_has_graph(loss)


@pytest.mark.parametrize(("n", "d"), [(4, 3), (3, 2), (1, 2)])
def test_towards_target__sends_the_gradient_through_the_prediction_alone(device, n, d):
    a, target, w, prediction_of, target_of = _linear_case(device, n, d)
    weights = _on(device, w, tracked=True)
    loss = kata.towards_target(prediction_of, weights, target_of)
    assert_has_graph(loss)
    _go_backward(3 * loss)
    # With t constant: d mean((a w - t)²)/dw = 2/n aᵀ (a w - t); times the 3 that comes from above.
    expected = 3 * 2 / n * a.T @ (a @ w - target)
    assert_tensor(weights.grad, float32(expected), device=device, rtol=1e-5, name="the gradient")


def test_towards_target__takes_w_itself_for_the_target(device):
    values = _draw(5, 4)
    w = _on(device, values, tracked=True)
    loss = kata.towards_target(lambda w: 3 * w, w, lambda w: w)
    _go_backward(loss)
    # With t constant: d mean((3 w - t)²)/dw = 2/4 * 3 (3 w - t), where t is w's value.
    assert_tensor(w.grad, float32(2 / 4 * 3 * (3 * values - values)), device=device, name="the gradient")


def test_towards_target__sends_no_gradient_to_other_tensors_of_the_target(device):
    values = _draw(6, 3)
    w, u, v = _on(device, values, tracked=True), _on(device, 2.0, tracked=True), _on(device, 5.0, tracked=True)
    loss = kata.towards_target(lambda w: u * w, w, lambda w: v * w)
    _go_backward(loss)
    to_v = torch.zeros_like(v) if v.grad is None else v.grad
    assert_tensor(to_v, float32(0), device=device, name="the gradient of a tensor that only the target uses")
    # With t constant: d mean((u w - t)²)/du = 2 mean(w (u w - t)).
    expected = 2 * (values * (2 * values - 5 * values)).mean()
    assert_tensor(u.grad, float32(expected), device=device, name="the gradient of a tensor that the prediction uses")


def test_towards_target__leaves_w_as_it_is(device):
    w = _on(device, _draw(7, 3), tracked=True)
    with assert_unchanged(w=w):
        kata.towards_target(lambda w: 2 * w, w, lambda w: w**2)
    _assert_tracked_leaf(w, "The tensor w")
    if w.grad is not None:
        raise Mismatch("graph", "The gradient of w is there before anyone asked for it.")


def test_freeze__makes_each_parameter_untracked(device):
    weights, bias = _on(device, _draw(1, 3, 2), tracked=True), _on(device, _draw(2, 2), tracked=True)
    x = _on(device, _draw(3, 4, 3))
    kata.freeze([weights, bias])
    _assert_recording(True)
    assert_no_graph(weights, name="the first parameter")
    assert_no_graph(bias, name="the second parameter")
    assert_no_graph(x @ weights + bias, name="what is computed from the parameters")


def test_freeze__drops_the_gradients(device):
    weights = _on(device, _draw(1, 3), tracked=True, grad=_draw(2, 3))
    without = _on(device, _draw(3, 2), tracked=True)
    bias = _on(device, 0.5, tracked=True, grad=2.0)
    kata.freeze([weights, without, bias])
    for name, parameter in (("first", weights), ("second", without), ("third", bias)):
        if parameter.grad is not None:
            raise Mismatch("statement", f"The .grad of the {name} parameter is not None.", actual=parameter.grad)


def test_freeze__leaves_the_values_as_they_are(device):
    weights, bias = _on(device, _draw(1, 3), tracked=True, grad=_draw(2, 3)), _on(device, 0.5, tracked=True)
    with assert_unchanged(weights=weights, bias=bias):
        kata.freeze([weights, bias])


def test_freeze__takes_a_generator(device):
    parameters = [_on(device, _draw(seed, 2), tracked=True, grad=_draw(seed + 9, 2)) for seed in (1, 2, 3)]
    kata.freeze(parameter for parameter in parameters)
    for place, parameter in zip(("first", "second", "third"), parameters, strict=True):
        assert_no_graph(parameter, name=f"the {place} parameter")
        if parameter.grad is not None:
            raise Mismatch("statement", f"The .grad of the {place} parameter is not None.", actual=parameter.grad)


def test_freeze__takes_what_is_untracked_already(device):
    weights, bias = _on(device, _draw(1, 2)), _on(device, _draw(2, 3), tracked=True)
    kata.freeze([weights, bias])
    assert_no_graph(weights, name="the parameter that was untracked before")
    assert_no_graph(bias, name="the other parameter")


def test_freeze__leaves_others_alone(device):
    frozen = _on(device, [1.0, 2.0], tracked=True, grad=[5.0, 6.0])
    other = _on(device, [3.0, 4.0], tracked=True, grad=[7.0, 8.0])
    kata.freeze([frozen])
    _assert_tracked_leaf(other, "A parameter that was not passed in")
    assert_tensor(other.grad, float32([7, 8]), device=device, name="the gradient of a parameter not passed in")
    (other * frozen).sum().backward()
    # d(other · frozen)/d other = frozen, added to what was there
    assert_tensor(other.grad, float32([8, 10]), device=device, name="the gradient of a parameter not passed in")


def test_freeze__returns_nothing(device):
    assert_value(kata.freeze([_on(device, [1.0, 2.0], tracked=True)]), None)


@pytest.mark.parametrize("shape", [(3,), (2, 3), ()])
def test_evaluate__gives_the_result_without_a_graph(device, shape):
    values, scale = _draw(1, *shape), _draw(2, *shape)
    w = _on(device, scale, tracked=True)
    for tracked in (False, True):
        actual = kata.evaluate(lambda x: x * w + 1, _on(device, values, tracked=tracked))
        assert_tensor(actual, float32(values * scale + 1), device=device)
        assert_no_graph(actual)


def test_evaluate__records_nothing_for_a_tracked_x(device):
    actual = kata.evaluate(lambda x: 2 * x, _on(device, [1.0, 3.0], tracked=True))
    assert_tensor(actual, float32([2, 6]), device=device)
    assert_no_graph(actual)


def test_evaluate__gives_a_result_for_later_use(device):
    values, scale = _draw(3, 4), _draw(4, 4)
    w = _on(device, scale, tracked=True)
    result = kata.evaluate(lambda x: x * w, _on(device, values))
    if result.is_inference():
        raise Mismatch("unusable", "The result can't be used in a recorded computation: it is an inference tensor.")
    (2 * result * w).sum().backward()
    # The result r counts as a constant: d(2 r w)/dw = 2 r.
    assert_tensor(w.grad, float32(2 * values * scale), device=device, name="the gradient of a later loss")


def test_evaluate__has_recording_off_while_f_runs(device):
    seen = []

    def f(x):
        seen.append(torch.is_grad_enabled())
        return x + 1

    kata.evaluate(f, _on(device, [1.0, 2.0], tracked=True))
    if any(seen):
        raise Mismatch("graph", "Recording was on while f ran.")


def test_evaluate__leaves_x_as_it_is(device):
    x = _on(device, _draw(5, 3), tracked=True)
    with assert_unchanged(x=x):
        kata.evaluate(lambda x: x**2, x)
    _assert_tracked_leaf(x, "The tensor x")


@pytest.mark.parametrize("recording", [True, False])
def test_evaluate__leaves_the_grad_mode_as_it_was(device, recording):
    with torch.set_grad_enabled(recording):
        kata.evaluate(lambda x: 2 * x, _on(device, [1.0, 2.0]))
        _assert_recording(recording)


@pytest.mark.parametrize("recording", [True, False])
def test_evaluate__leaves_the_grad_mode_as_it_was_after_an_error(device, recording):
    def f(x):
        raise KeyError("no such feature")

    with torch.set_grad_enabled(recording):
        with assert_raises(KeyError, because="f raised a KeyError, and it was not passed on."):
            kata.evaluate(f, _on(device, [1.0, 2.0]))
        _assert_recording(recording)
