"""The specification of katas/lesson_2_autograd/kata_05_in_place.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_owns_memory,
    assert_tensor,
    assert_unchanged,
    assert_value,
)
from katas.lesson_2_autograd import kata_05_in_place as kata

CORE = ("exp_plus_one",)


def _draw(seed, *shape):
    """Eighths from -2 to 2 but for 0, as float64: float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8


def _on(device, values, *, tracked=False):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device, requires_grad=tracked)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _assert_gradient(leaf, expected, name):
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient has flowed back to {name}: its .grad is None.")
    assert_tensor(leaf.grad, float32(expected), device=leaf.device, name=f"the gradient at {name}")


def _assert_tracked_leaf(tensor, name):
    if not tensor.is_leaf:
        raise Mismatch("graph", f"{name} is no leaf any more: a graph hangs on it.")
    if not tensor.requires_grad:
        raise Mismatch("graph", f"{name} is no longer tracked: no gradient will come to it.")


@pytest.mark.parametrize("shape", [(4,), (2, 3), (), (0,)])
def test_exp_plus_one__has_the_values(device, shape):
    x = _draw(1, *shape)
    assert_tensor(kata.exp_plus_one(_on(device, x)), float32(np.exp(x) + 1), device=device)
    assert_tensor(kata.exp_plus_one(_on(device, x, tracked=True)), float32(np.exp(x) + 1), device=device)


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_exp_plus_one__lets_the_right_gradient_flow_back(device, shape):
    x, upstream = _draw(2, *shape), _draw(3, *shape)
    leaf = _on(device, x, tracked=True)
    actual = kata.exp_plus_one(leaf)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # d(exp(x) + 1)/dx = exp(x), times what arrives.
    _assert_gradient(leaf, np.exp(x) * upstream, "x")


def test_exp_plus_one__is_right_in_the_middle_of_a_graph(device):
    w = _draw(4, 3)
    leaf = _on(device, w, tracked=True)
    x = leaf * leaf
    with assert_unchanged(x=x):
        actual = kata.exp_plus_one(x)
    assert_has_graph(actual)
    # d(exp(w²) + 1)²/dw = 2 (exp(w²) + 1) exp(w²) 2 w
    (actual**2).sum().backward()
    _assert_gradient(leaf, 4 * w * np.exp(w**2) * (np.exp(w**2) + 1), "a leaf from which x was computed")


@pytest.mark.parametrize("tracked", [True, False])
def test_exp_plus_one__leaves_x_as_it_is(device, tracked):
    x = _on(device, _draw(5, 2, 3), tracked=tracked)
    with assert_unchanged(x=x):
        actual = kata.exp_plus_one(x)
    assert_owns_memory(actual, x)
    if x.requires_grad is not tracked:
        raise Mismatch("mutated", f"The requires_grad of x was {tracked}; now it is {x.requires_grad}.")


@pytest.mark.parametrize("values", [[3.0, -2.0, 0.5, -8.0], [[-1.5, 2.0, 7.0], [4.0, -0.25, -3.0]], -2.0, 5.0, []])
def test_zero_negatives__has_zeros_for_the_negatives(device, values):
    expected = float32(np.where(np.array(values) < 0, 0, values))
    assert_tensor(kata.zero_negatives(_on(device, values)), expected, device=device)
    assert_tensor(kata.zero_negatives(_on(device, values, tracked=True)), expected, device=device)


@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_zero_negatives__lets_gradients_flow_to_the_others_alone(device, shape):
    x, upstream = _draw(6, *shape), _draw(7, *shape)
    leaf = _on(device, x, tracked=True)
    actual = kata.zero_negatives(leaf)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # What stands where x is negative is the constant 0: its derivative by x is 0.
    _assert_gradient(leaf, np.where(x > 0, upstream, 0), "x")


@pytest.mark.parametrize("tracked", [True, False])
def test_zero_negatives__leaves_x_as_it_is(device, tracked):
    x = _on(device, [[1.5, -2.0, 0.25], [-0.5, 3.0, -1.25]], tracked=tracked)
    with assert_unchanged(x=x):
        actual = kata.zero_negatives(x)
    assert_owns_memory(actual, x)
    if x.requires_grad is not tracked:
        raise Mismatch("mutated", f"The requires_grad of x was {tracked}; now it is {x.requires_grad}.")


def test_zero_negatives__is_a_copy_where_none_is_negative(device):
    x = _on(device, [1.0, 2.0, 4.0])
    assert_owns_memory(kata.zero_negatives(x), x)


def test_zero_negatives__has_a_zero_for_minus_infinity_too(device):
    expected = float32([0, 2, np.inf, 0])
    assert_tensor(kata.zero_negatives(_on(device, [-np.inf, 2.0, np.inf, -1.0])), expected, device=device)


def test_zero_negatives__leaves_the_result_of_an_operation_as_it_is(device):
    w = np.array([[1.5, -2.0, 0.25], [-0.5, 3.0, -1.25]])
    leaf = _on(device, w, tracked=True)
    x = leaf.T * 3
    with assert_unchanged(x=x):
        actual = kata.zero_negatives(x)
    assert_tensor(actual, float32(np.where(w.T < 0, 0, 3 * w.T)), device=device)
    assert_has_graph(actual)
    # d(3w)²/dw = 18 w where w is positive; x has a gradient of 5 * 3 everywhere, by the other way.
    ((actual**2).sum() + (5 * x).sum()).backward()
    _assert_gradient(leaf, 15 + np.where(w > 0, 18 * w, 0), "a leaf from which x was computed")


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_move_leaf__returns_w_itself_with_the_new_numbers(device, shape):
    values, amount = _draw(10, *shape), _draw(11, *shape)
    w = _on(device, values, tracked=True)
    actual = kata.move_leaf(w, _on(device, amount))
    assert_tensor(actual, float32(values + amount), device=device)
    assert_tensor(w, float32(values + amount), device=device, name="the tensor w afterwards")
    if actual is not w:
        raise Mismatch("memory", "The answer is another tensor than w, though it has the numbers asked for.")


def test_move_leaf__keeps_w_a_tracked_leaf(device):
    w = _on(device, [1.0, 2.0, 4.0], tracked=True)
    kata.move_leaf(w, _on(device, [0.5, -3.0, 8.0]))
    _assert_tracked_leaf(w, "The tensor w")
    # d(w²)/dw = 2w, with the numbers that w has now.
    (w**2).sum().backward()
    _assert_gradient(w, [3, -2, 24], "w")


def test_move_leaf__stays_in_the_memory_of_w(device):
    w = _on(device, [[1.0, 2.0, 4.0]], tracked=True)
    row = w.detach()[0]
    kata.move_leaf(w, _on(device, [[0.5, -3.0, 8.0]]))
    assert_tensor(row, float32([1.5, -1, 12]), device=device, name="a view of w, taken before")


def test_move_leaf__leaves_the_amount_and_the_gradient_as_they_are(device):
    w, amount = _on(device, [1.0, 2.0], tracked=True), _on(device, [0.5, -3.0])
    w.grad = _on(device, [7.0, 9.0])
    with assert_unchanged(amount=amount):
        kata.move_leaf(w, amount)
    if w.grad is None or w.grad.tolist() != [7, 9]:
        now = None if w.grad is None else w.grad.tolist()
        raise Mismatch("mutated", f"w.grad was [7.0, 9.0] before the call, and is {now} now.")
    if amount.requires_grad:
        raise Mismatch("mutated", "The amount is tracked now; it was not.")


@pytest.mark.parametrize("recording", [True, False])
def test_move_leaf__leaves_the_grad_mode_as_it_was(device, recording):
    w = _on(device, [1.0, 2.0], tracked=True)
    with torch.set_grad_enabled(recording):
        kata.move_leaf(w, _on(device, [0.5, -3.0]))
        if torch.is_grad_enabled() is not recording:
            raise Mismatch("statement", "The call has switched recording " + ("off." if recording else "on."))


@pytest.mark.parametrize(("r", "c", "column"), [(2, 4, 1), (3, 2, 0), (1, 3, 2), (4, 1, 0), (3, 3, 1)])
def test_column_replaced__has_the_values_in_the_column(device, r, c, column):
    table, values = _draw(12, r, c), _draw(13, r)
    expected = table.copy()
    expected[:, column] = values
    for tracked in (False, True):
        actual = kata.column_replaced(_on(device, table, tracked=tracked), column, _on(device, values, tracked=tracked))
        assert_tensor(actual, float32(expected), device=device)


@pytest.mark.parametrize(("r", "c", "column"), [(2, 4, 1), (3, 2, 0), (3, 3, 1)])
def test_column_replaced__lets_gradients_flow_to_both(device, r, c, column):
    table, values = _on(device, _draw(14, r, c), tracked=True), _on(device, _draw(15, r), tracked=True)
    upstream = _draw(16, r, c)
    actual = kata.column_replaced(table, column, values)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    # What arrives at the column goes to the values; the table's own column is in the answer no more.
    _assert_gradient(values, upstream[:, column], "values")
    to_table = upstream.copy()
    to_table[:, column] = 0
    _assert_gradient(table, to_table, "table")


def test_column_replaced__takes_an_untracked_table(device):
    values, upstream = _on(device, [1.0, 2.0], tracked=True), _draw(17, 2, 3)
    table = _on(device, _draw(18, 2, 3))
    actual = kata.column_replaced(table, 2, values)
    assert_has_graph(actual)
    (actual * _on(device, upstream)).sum().backward()
    _assert_gradient(values, upstream[:, 2], "values")
    if table.requires_grad:
        raise Mismatch("mutated", "The table is tracked now; it was not.")


def test_column_replaced__leaves_nothing_of_what_is_not_a_number(device):
    table, values = _on(device, [[1.0, np.inf, 2.0], [4.0, np.nan, 8.0]]), _on(device, [5.0, 7.0])
    assert_tensor(kata.column_replaced(table, 1, values), float32([[1, 5, 2], [4, 7, 8]]), device=device)


@pytest.mark.parametrize("tracked", [True, False])
def test_column_replaced__leaves_the_inputs_as_they_are(device, tracked):
    table, values = _on(device, _draw(19, 2, 3), tracked=tracked), _on(device, _draw(20, 2), tracked=tracked)
    with assert_unchanged(table=table, values=values):
        actual = kata.column_replaced(table, 0, values)
    assert_owns_memory(actual, table, other_name="the table")
    assert_owns_memory(actual, values, other_name="the values")
    if not table.is_leaf or not values.is_leaf:
        raise Mismatch("mutated", "An input is no leaf any more: the write was recorded in it.")


def test_column_replaced__leaves_the_result_of_an_operation_as_it_is(device):
    w = _on(device, _draw(21, 3, 2), tracked=True)
    table = (w * 2).T
    with assert_unchanged(table=table):
        actual = kata.column_replaced(table, 1, w[1].detach())
    assert_has_graph(actual)
    (actual.sum() + 10 * table.sum()).backward()
    # 2 by way of the answer, but not in row 1 of w, which is the column 1 of the table; 20 by way of the table.
    _assert_gradient(w, [[22, 22], [20, 20], [22, 22]], "a leaf from which the table was computed")


def a_times_b_squared(a, b):
    return (a * b**2).sum()


def a_times_b_cubed(a, b):
    return (a * b**3).sum()


def squared_error(a, b):
    return ((a * b - 3) ** 2).sum()


def exp_and_square(a, b):
    return (a * b).exp().sum() + (b * b).sum()


# Each case: the two losses, and by hand the derivative of the first by a and of the second by b.
LOSSES = [
    ((a_times_b_squared, lambda a, b: b**2), (a_times_b_cubed, lambda a, b: 3 * a * b**2)),
    ((squared_error, lambda a, b: 2 * (a * b - 3) * b), (exp_and_square, lambda a, b: a * np.exp(a * b) + 2 * b)),
]


def _pair(device, shape=(3,)):
    a, b = _draw(22, *shape), _draw(24, *shape)
    return a, b, _on(device, a, tracked=True), _on(device, b, tracked=True)


@pytest.mark.parametrize("learning_rate", [0.5, 0.125])
@pytest.mark.parametrize("which", range(len(LOSSES)))
def test_step_together__moves_each_against_its_own_loss(device, which, learning_rate):
    (first_of, to_a), (second_of, to_b) = LOSSES[which]
    a, b, leaf_a, leaf_b = _pair(device)
    kata.step_together(first_of, second_of, leaf_a, leaf_b, learning_rate)
    assert_tensor(leaf_a, float32(a - learning_rate * to_a(a, b)), device=device, rtol=1e-5, name="the leaf a")
    assert_tensor(leaf_b, float32(b - learning_rate * to_b(a, b)), device=device, rtol=1e-5, name="the leaf b")


def test_step_together__returns_the_losses_from_before_the_move(device):
    # 2 * 9 and 2 * 27; 4 * 1 and 4 * -1.
    for a, b, losses in [(2.0, 3.0, (18.0, 54.0)), (4.0, -1.0, (4.0, -4.0))]:
        leaves = _on(device, a, tracked=True), _on(device, b, tracked=True)
        actual = kata.step_together(a_times_b_squared, a_times_b_cubed, *leaves, 0.5)
        if isinstance(actual, tuple) and any(isinstance(each, torch.Tensor) for each in actual):
            raise Mismatch("type", "There is a tensor in the answer: two Python floats are asked for.")
        assert_value(actual, losses)


def test_step_together__keeps_both_tracked_leaves(device):
    _, _, a, b = _pair(device)
    kata.step_together(a_times_b_squared, a_times_b_cubed, a, b, 0.5)
    _assert_tracked_leaf(a, "The tensor a")
    _assert_tracked_leaf(b, "The tensor b")


def test_step_together__counts_no_gradient_from_earlier(device):
    (first_of, to_a), (second_of, to_b) = LOSSES[0]
    a, b, leaf_a, leaf_b = _pair(device)
    leaf_a.grad, leaf_b.grad = _on(device, [7.0, 9.0, -5.0]), _on(device, [100.0, 3.0, 11.0])
    kata.step_together(first_of, second_of, leaf_a, leaf_b, 0.25)
    assert_tensor(leaf_a, float32(a - 0.25 * to_a(a, b)), device=device, rtol=1e-5, name="the leaf a")
    assert_tensor(leaf_b, float32(b - 0.25 * to_b(a, b)), device=device, rtol=1e-5, name="the leaf b")


def test_step_together__can_be_taken_again_and_again(device):
    (first_of, to_a), (second_of, to_b) = LOSSES[0]
    a, b, leaf_a, leaf_b = _pair(device)
    for _ in range(3):
        kata.step_together(first_of, second_of, leaf_a, leaf_b, 0.0625)
        a, b = a - 0.0625 * to_a(a, b), b - 0.0625 * to_b(a, b)
    assert_tensor(leaf_a, float32(a), device=device, rtol=1e-4, name="the leaf a after 3 steps")
    assert_tensor(leaf_b, float32(b), device=device, rtol=1e-4, name="the leaf b after 3 steps")


def test_step_together__calls_each_loss_once(device):
    _, _, a, b = _pair(device)
    calls = []

    def counted(name, loss_of):
        def count(a_given, b_given):
            calls.append(name)
            if a_given is not a or b_given is not b:
                raise Mismatch("statement", f"The {name} loss was called with other tensors than a and b.")
            return loss_of(a_given, b_given)

        return count

    kata.step_together(counted("first", a_times_b_squared), counted("second", a_times_b_cubed), a, b, 0.5)
    for name in ("first", "second"):
        times = calls.count(name)
        assert times == 1, f"The {name} loss was computed {times} times; one call is enough."
