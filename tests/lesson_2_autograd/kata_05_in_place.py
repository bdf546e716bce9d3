"""The specification of katas/lesson_2_autograd/kata_05_in_place.py."""

import contextlib
import warnings

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas.lesson_2_autograd import kata_05_in_place as kata

CORE = ("exp_plus_one", "zero_negatives")


def _draw(seed, *shape):
    """Multiples of 1/8 from -2 to 2 without 0, as float64. float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8


def _on(device, values, *, requires_grad=False):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device, requires_grad=requires_grad)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _assert_gradient(leaf, expected, name):
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient reached {name}: its .grad is None.")
    assert_tensor(leaf.grad, float32(expected), device=leaf.device, name=f"the gradient at {name}")


def _assert_leaf_that_requires_grad(tensor, name):
    if not tensor.is_leaf:
        raise Mismatch("graph", f"{name} is no longer a leaf tensor: it has a graph now.")
    if not tensor.requires_grad:
        raise Mismatch("graph", f"{name} no longer requires grad, so it will get no gradients.")


@pytest.mark.parametrize("shape", [(4,), (2, 3), (), (0,)])
def test_exp_plus_one__returns_the_values(device, shape):
    x = _draw(1, *shape)
    assert_tensor(kata.exp_plus_one(_on(device, x)), float32(np.exp(x) + 1), device=device)
    assert_tensor(kata.exp_plus_one(_on(device, x, requires_grad=True)), float32(np.exp(x) + 1), device=device)


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_exp_plus_one__has_the_right_gradient(device, shape):
    x, upstream = _draw(2, *shape), _draw(3, *shape)
    leaf = _on(device, x, requires_grad=True)
    actual = kata.exp_plus_one(leaf)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # d(exp(x) + 1)/dx = exp(x), times the upstream gradient.
    _assert_gradient(leaf, np.exp(x) * upstream, "x")


def test_exp_plus_one__has_the_right_gradient_inside_a_larger_graph(device):
    w = _draw(4, 3)
    leaf = _on(device, w, requires_grad=True)
    x = leaf * leaf
    with assert_unchanged(x=x):
        actual = kata.exp_plus_one(x)
    assert_has_graph(actual)
    # d(exp(w²) + 1)²/dw = 2 (exp(w²) + 1) exp(w²) 2 w
    (actual**2).sum().backward()
    _assert_gradient(leaf, 4 * w * np.exp(w**2) * (np.exp(w**2) + 1), "a leaf from which x was computed")


@pytest.mark.parametrize("requires_grad", [True, False])
def test_exp_plus_one__does_not_change_x(device, requires_grad):
    x = _on(device, _draw(5, 2, 3), requires_grad=requires_grad)
    with assert_unchanged(x=x):
        actual = kata.exp_plus_one(x)
    assert_owns_memory(actual, x)
    if x.requires_grad is not requires_grad:
        raise Mismatch("mutated", f"The requires_grad of x was {requires_grad}. Now it is {x.requires_grad}.")


def test_exp_plus_one__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("values", [[3.0, -2.0, 0.5, -8.0], [[-1.5, 2.0, 7.0], [4.0, -0.25, -3.0]], -2.0, 5.0, []])
def test_zero_negatives__returns_zeros_in_place_of_negatives(device, values):
    expected = float32(np.where(np.array(values) < 0, 0, values))
    assert_tensor(kata.zero_negatives(_on(device, values)), expected, device=device)
    assert_tensor(kata.zero_negatives(_on(device, values, requires_grad=True)), expected, device=device)


@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_zero_negatives__has_no_gradient_for_negatives(device, shape):
    x, upstream = _draw(6, *shape), _draw(7, *shape)
    leaf = _on(device, x, requires_grad=True)
    actual = kata.zero_negatives(leaf)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # Where x is negative, the result is the constant 0, so its derivative is 0.
    _assert_gradient(leaf, np.where(x > 0, upstream, 0), "x")


@pytest.mark.parametrize("requires_grad", [True, False])
def test_zero_negatives__does_not_change_x(device, requires_grad):
    x = _on(device, [[1.5, -2.0, 0.25], [-0.5, 3.0, -1.25]], requires_grad=requires_grad)
    with assert_unchanged(x=x):
        actual = kata.zero_negatives(x)
    assert_owns_memory(actual, x)
    if x.requires_grad is not requires_grad:
        raise Mismatch("mutated", f"The requires_grad of x was {requires_grad}. Now it is {x.requires_grad}.")


def test_zero_negatives__returns_a_copy_if_no_element_is_negative(device):
    x = _on(device, [1.0, 2.0, 4.0])
    assert_owns_memory(kata.zero_negatives(x), x)


def test_zero_negatives__does_not_change_the_result_of_an_operation(device):
    w = np.array([[1.5, -2.0, 0.25], [-0.5, 3.0, -1.25]])
    leaf = _on(device, w, requires_grad=True)
    x = leaf.T * 3
    with assert_unchanged(x=x):
        actual = kata.zero_negatives(x)
    assert_tensor(actual, float32(np.where(w.T < 0, 0, 3 * w.T)), device=device)
    assert_has_graph(actual)
    # d(3w)²/dw = 18 w where w is positive. The other term adds 5 * 3 everywhere.
    ((actual**2).sum() + (5 * x).sum()).backward()
    _assert_gradient(leaf, 15 + np.where(w > 0, 18 * w, 0), "a leaf from which x was computed")


def test_zero_negatives__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("r", "c", "column"), [(2, 4, 1), (3, 2, 0), (1, 3, 2), (4, 1, 0), (3, 3, 1), (0, 2, 1)])
def test_column_replaced__returns_the_values_in_the_column(device, r, c, column):
    table, values = _draw(12, r, c), _draw(13, r)
    expected = table.copy()
    expected[:, column] = values
    for requires_grad in (False, True):
        inputs = [_on(device, each, requires_grad=requires_grad) for each in (table, values)]
        actual = kata.column_replaced(inputs[0], column, inputs[1])
        assert_tensor(actual, float32(expected), device=device)


@pytest.mark.parametrize(("r", "c", "column"), [(2, 4, 1), (3, 2, 0), (3, 3, 1)])
def test_column_replaced__has_gradients_for_both_inputs(device, r, c, column):
    table, values = _on(device, _draw(14, r, c), requires_grad=True), _on(device, _draw(15, r), requires_grad=True)
    upstream = _draw(16, r, c)
    actual = kata.column_replaced(table, column, values)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # The gradient of the column goes to the values. The result does not depend on the table's own column.
    _assert_gradient(values, upstream[:, column], "values")
    to_table = upstream.copy()
    to_table[:, column] = 0
    _assert_gradient(table, to_table, "table")


def test_column_replaced__accepts_a_table_that_does_not_require_grad(device):
    values, upstream = _on(device, [1.0, 2.0], requires_grad=True), _draw(17, 2, 3)
    table = _on(device, _draw(18, 2, 3))
    actual = kata.column_replaced(table, 2, values)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    _assert_gradient(values, upstream[:, 2], "values")
    if table.requires_grad:
        raise Mismatch("mutated", "The table requires grad now. It did not before the call.")


def test_column_replaced__removes_nan_and_inf(device):
    table, values = _on(device, [[1.0, np.inf, 2.0], [4.0, np.nan, 8.0]]), _on(device, [5.0, 7.0])
    assert_tensor(kata.column_replaced(table, 1, values), float32([[1, 5, 2], [4, 7, 8]]), device=device)


@pytest.mark.parametrize("requires_grad", [True, False])
def test_column_replaced__does_not_change_the_inputs(device, requires_grad):
    table, values = (_on(device, _draw(len(shape), *shape), requires_grad=requires_grad) for shape in [(2, 3), (2,)])
    with assert_unchanged(table=table, values=values):
        actual = kata.column_replaced(table, 0, values)
    assert_owns_memory(actual, table, other_name="the table")
    assert_owns_memory(actual, values, other_name="the values")
    if not table.is_leaf or not values.is_leaf:
        raise Mismatch("mutated", "An input is no longer a leaf tensor: you recorded a change of it.")


def test_column_replaced__does_not_change_the_result_of_an_operation(device):
    w = _on(device, _draw(21, 3, 2), requires_grad=True)
    table = (w * 2).T
    with assert_unchanged(table=table):
        actual = kata.column_replaced(table, 1, w[1].detach())
    assert_has_graph(actual)
    (actual.sum() + 10 * table.sum()).backward()
    # The result adds 2, except in row 1 of w, which is column 1 of the table. The table adds 20.
    _assert_gradient(w, [[22, 22], [20, 20], [22, 22]], "a leaf from which the table was computed")


def test_column_replaced__does_what_its_example_shows(example):
    example.check(kata)


def square(w):
    return (w**2).sum()


def root_times_zero(w):
    return (0 * w.sqrt()).sum()


def overwritten_exp(w):
    y = w.exp()
    y += 1
    return y.sum()


@contextlib.contextmanager
def _caught_warnings():
    """Catches all warnings, and checks that anomaly mode is off at the end."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield caught
        finally:
            left_on = torch.is_anomaly_enabled()
            torch.autograd.set_detect_anomaly(False)
    if left_on:
        raise Mismatch("statement", "Anomaly mode is still on after the call.")


def _failure(loss_of, w, because):
    """The RuntimeError of checked_backward, and its warnings. `because` is the message if there is no error."""
    errors = []
    with _caught_warnings() as caught, assert_raises(RuntimeError, because=because):
        try:
            kata.checked_backward(loss_of, w)
        except RuntimeError as error:
            errors.append(error)
            raise
    return errors[0], caught


def _ignoring_its_error(loss_of, w):
    try:
        kata.checked_backward(loss_of, w)
    except NotImplementedError:  # a RuntimeError too, raised by a step that is not written
        raise
    except RuntimeError:
        pass


def test_checked_backward__leaves_the_gradient_in_grad(device):
    values = _draw(30, 3)
    w = _on(device, values, requires_grad=True)
    with _caught_warnings():
        kata.checked_backward(square, w)
    _assert_gradient(w, 2 * values, "w")


def test_checked_backward__raises_an_error_if_a_gradient_becomes_nan(device):
    because = "The gradient of sqrt is nan here, but no RuntimeError reached the caller."
    error, _ = _failure(root_times_zero, _on(device, [4.0, 0.0], requires_grad=True), because)
    if "SqrtBackward" not in str(error):
        raise Mismatch("statement", f"The error does not name SqrtBackward0. It says: {error}")


def test_checked_backward__warns_which_line_is_at_fault(device):
    because = "The result of exp was changed in place, but no RuntimeError reached the caller."
    _, caught = _failure(overwritten_exp, _on(device, [1.0, 2.0], requires_grad=True), because)
    if not any("overwritten_exp" in str(each.message) for each in caught):
        raise Mismatch("statement", "No warning of PyTorch names the line of loss_of that computes exp.")


def test_checked_backward__leaves_anomaly_mode_off_after_an_error(device):
    with _caught_warnings():
        _ignoring_its_error(root_times_zero, _on(device, [0.0], requires_grad=True))


@pytest.mark.parametrize("loss_of", [square, root_times_zero])
def test_checked_backward__computes_the_loss_once(device, loss_of):
    calls = []

    def counted(w):
        calls.append("call")
        return loss_of(w)

    with _caught_warnings():
        _ignoring_its_error(counted, _on(device, [3.0, 0.0], requires_grad=True))
    if len(calls) != 1:
        raise Mismatch("statement", f"loss_of was called {len(calls)} times. Call it once.")


def test_checked_backward__does_not_change_w(device):
    w = _on(device, [3.0, -1.0], requires_grad=True)
    with assert_unchanged(w=w), _caught_warnings():
        kata.checked_backward(square, w)
    _assert_leaf_that_requires_grad(w, "The tensor w")


def test_checked_backward__returns_none(device):
    with _caught_warnings():
        actual = kata.checked_backward(square, _on(device, [3.0, -1.0], requires_grad=True))
    assert_value(actual, None)


@pytest.mark.filterwarnings("ignore")
def test_checked_backward__does_what_its_example_shows(example):
    example.check(kata)


def a_times_b_squared(a, b):
    return (a * b**2).sum()


def a_times_b_cubed(a, b):
    return (a * b**3).sum()


def squared_error(a, b):
    return ((a * b - 3) ** 2).sum()


def exp_and_square(a, b):
    return (a * b).exp().sum() + (b * b).sum()


# Each case: the two losses, with the derivatives by hand of the first by a and of the second by b.
LOSSES = [
    ((a_times_b_squared, lambda a, b: b**2), (a_times_b_cubed, lambda a, b: 3 * a * b**2)),
    ((squared_error, lambda a, b: 2 * (a * b - 3) * b), (exp_and_square, lambda a, b: a * np.exp(a * b) + 2 * b)),
]


def _pair(device, shape=(3,)):
    a, b = _draw(22, *shape), _draw(24, *shape)
    return a, b, _on(device, a, requires_grad=True), _on(device, b, requires_grad=True)


@pytest.mark.parametrize("learning_rate", [0.5, 0.125])
@pytest.mark.parametrize("which", range(len(LOSSES)))
def test_step_together__updates_each_tensor_by_its_own_loss(device, which, learning_rate):
    (first_of, to_a), (second_of, to_b) = LOSSES[which]
    a, b, leaf_a, leaf_b = _pair(device)
    kata.step_together(first_of, second_of, leaf_a, leaf_b, learning_rate)
    assert_tensor(leaf_a, float32(a - learning_rate * to_a(a, b)), device=device, rtol=1e-5, name="the leaf a")
    assert_tensor(leaf_b, float32(b - learning_rate * to_b(a, b)), device=device, rtol=1e-5, name="the leaf b")


def test_step_together__writes_into_the_memory_of_both_tensors(device):
    (first_of, to_a), (second_of, to_b) = LOSSES[0]
    a, b, leaf_a, leaf_b = _pair(device)
    view_a, view_b = leaf_a.detach(), leaf_b.detach()
    kata.step_together(first_of, second_of, leaf_a, leaf_b, 0.5)
    for view, expected, which in [(view_a, a - 0.5 * to_a(a, b), "a"), (view_b, b - 0.5 * to_b(a, b), "b")]:
        name = f"a view of {which}, taken before the call"
        assert_tensor(view, float32(expected), device=device, rtol=1e-5, name=name)


def test_step_together__returns_the_losses_from_before_the_update(device):
    # 2 * 9 and 2 * 27; 4 * 1 and 4 * -1.
    for a, b, losses in [(2.0, 3.0, (18.0, 54.0)), (4.0, -1.0, (4.0, -4.0))]:
        leaves = _on(device, a, requires_grad=True), _on(device, b, requires_grad=True)
        actual = kata.step_together(a_times_b_squared, a_times_b_cubed, *leaves, 0.5)
        if isinstance(actual, tuple) and any(isinstance(each, torch.Tensor) for each in actual):
            raise Mismatch("type", "Your result contains a tensor. Return two Python floats.")
        assert_value(actual, losses)


def test_step_together__keeps_both_leaf_tensors_that_require_grad(device):
    _, _, a, b = _pair(device)
    kata.step_together(a_times_b_squared, a_times_b_cubed, a, b, 0.5)
    _assert_leaf_that_requires_grad(a, "The tensor a")
    _assert_leaf_that_requires_grad(b, "The tensor b")


def test_step_together__ignores_an_old_gradient(device):
    (first_of, to_a), (second_of, to_b) = LOSSES[0]
    a, b, leaf_a, leaf_b = _pair(device)
    leaf_a.grad, leaf_b.grad = _on(device, [7.0, 9.0, -5.0]), _on(device, [100.0, 3.0, 11.0])
    kata.step_together(first_of, second_of, leaf_a, leaf_b, 0.25)
    assert_tensor(leaf_a, float32(a - 0.25 * to_a(a, b)), device=device, rtol=1e-5, name="the leaf a")
    assert_tensor(leaf_b, float32(b - 0.25 * to_b(a, b)), device=device, rtol=1e-5, name="the leaf b")


def test_step_together__is_right_on_repeated_calls(device):
    (first_of, to_a), (second_of, to_b) = LOSSES[0]
    a, b, leaf_a, leaf_b = _pair(device)
    for _ in range(3):
        kata.step_together(first_of, second_of, leaf_a, leaf_b, 0.0625)
        a, b = a - 0.0625 * to_a(a, b), b - 0.0625 * to_b(a, b)
    assert_tensor(leaf_a, float32(a), device=device, rtol=1e-4, name="the leaf a after 3 steps")
    assert_tensor(leaf_b, float32(b), device=device, rtol=1e-4, name="the leaf b after 3 steps")


def test_step_together__calls_each_function_once(device):
    _, _, a, b = _pair(device)
    calls = []

    def counted(name, loss_of):
        def count(a_given, b_given):
            calls.append(name)
            if a_given is not a or b_given is not b:
                says = f"The function of the {name} loss got another tensor than the given a and b."
                raise Mismatch("statement", says)
            return loss_of(a_given, b_given)

        return count

    kata.step_together(counted("first", a_times_b_squared), counted("second", a_times_b_cubed), a, b, 0.5)
    for name in ("first", "second"):
        times = calls.count(name)
        if times != 1:
            raise Mismatch("statement", f"The function of the {name} loss was called {times} times. Call it once.")


def test_step_together__does_what_its_example_shows(example):
    example.check(kata)
