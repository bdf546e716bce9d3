"""The specification of katas/lesson_2_autograd/kata_02_backward.py."""

import contextlib

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_no_graph, assert_tensor, assert_unchanged, assert_value
from katas.lesson_2_autograd import kata_02_backward as kata

CORE = ("worked_example", "gradient")


def on(device, values):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def leaf(device, values, grad=None):
    """A tracked leaf, with `grad` already in its .grad."""
    made = on(device, values).requires_grad_()
    if grad is not None:
        made.grad = on(device, grad)
    return made


class _Walks:
    """Counts what a walk backward takes back out of a graph: `with _Walks() as walks: …`."""

    def __enter__(self):
        self.seen = 0
        self._hooks = torch.autograd.graph.saved_tensors_hooks(lambda saved: saved, self._take)
        self._hooks.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        self._hooks.__exit__(kind, error, trace)
        # torch.func's gradients come from a graph too, and refuse to be watched in this way.
        refused = kind is RuntimeError and "saved tensor hooks" in str(error)
        self.seen += refused
        return refused

    def _take(self, saved):
        self.seen += 1
        return saved


def assert_walked(walks):
    if not walks.seen:
        raise Mismatch("statement", "No walk backward went through a graph: the gradients are to come from one.")


@contextlib.contextmanager
def no_trace(**leaves):
    """Check that the values, requires_grad and .grad of the leaves are after the block what they were before it."""
    __tracebackhide__ = True
    before = {
        name: (each.requires_grad, None if each.grad is None else each.grad.tolist()) for name, each in leaves.items()
    }
    with assert_unchanged(**leaves):
        yield
    for name, each in leaves.items():
        tracked, grad = before[name]
        if each.requires_grad is not tracked:
            raise Mismatch("mutated", f"{name}.requires_grad was {tracked} before the call, and is the opposite now.")
        now = None if each.grad is None else each.grad.tolist()
        if now != grad:
            raise Mismatch("mutated", f"{name}.grad was {grad} before the call, and is {now} now.")


def assert_gradient(actual, expected, device, name="the answer", **tolerance):
    __tracebackhide__ = True
    assert_tensor(actual, float32(expected), device=device, name=name, **tolerance)
    assert_no_graph(actual, name=name)


def assert_pair(actual, expected, device, names):
    __tracebackhide__ = True
    if not isinstance(actual, (tuple, list)) or len(actual) != 2:
        raise Mismatch("type", "The answer must be a tuple of two tensors.", actual=actual)
    for each, wanted, name in zip(actual, expected, names, strict=True):
        assert_gradient(each, wanted, device, name)


@pytest.mark.parametrize(("a", "b", "c"), [(3.0, 2.0, 5.0), (-1.5, 4.0, 0.5), (0.25, -2.0, -3.0)])
def test_worked_example__sums_over_both_paths(a, b, c):
    # f = a b^2 + b c, so df/da = b^2, df/db = 2 a b + c, df/dc = b.
    actual = kata.worked_example(a, b, c)
    if isinstance(actual, tuple) and any(isinstance(each, torch.Tensor) for each in actual):
        raise Mismatch("type", "There is a tensor in the answer: four Python floats are asked for.")
    assert_value(actual, ((a * b + c) * b, b * b, 2 * a * b + c, b))


def test_worked_example__is_right_where_b_is_0():
    assert_value(kata.worked_example(2.0, 0.0, 7.0), (0.0, 0.0, 7.0, 0.0))


def test_worked_example__is_right_where_two_values_are_equal():
    assert_value(kata.worked_example(3.0, 3.0, 3.0), (36.0, 9.0, 21.0, 3.0))


def test_worked_example__takes_its_derivatives_from_a_walk_backward():
    with _Walks() as walks:
        kata.worked_example(3.0, 2.0, 5.0)
    assert_walked(walks)


@pytest.mark.parametrize("values", [[1.0, -3.0], [0.5, 2.0, -1.0], [4.0]])
def test_gradient__is_right_at_an_untracked_x(device, values):
    # The derivative of x^3 is 3 x^2.
    x = np.array(values)
    assert_gradient(kata.gradient(lambda x: (x**3).sum(), on(device, values)), 3 * x**2, device)


def test_gradient__is_right_at_a_tracked_x(device):
    weights = on(device, [[1.0, 2.0, -4.0], [0.5, 3.0, 8.0]])
    x = leaf(device, [[1.0, -2.0, 3.0], [4.0, 0.0, 5.0]], [[9.0, 9.0, 9.0], [1.0, 2.0, 3.0]])
    # The derivative of w x^2 is 2 w x.
    actual = kata.gradient(lambda x: (weights * x**2).sum(), x)
    assert_gradient(actual, [[2, -8, -24], [4, 0, 80]], device)


def test_gradient__takes_a_scalar(device):
    assert_gradient(kata.gradient(lambda x: x**2 * 5, on(device, -3.0)), -30.0, device)


def test_gradient__leaves_an_untracked_x_untracked(device):
    x = on(device, [1.0, -3.0])
    with no_trace(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


def test_gradient__leaves_a_tracked_x_as_it_is(device):
    x = leaf(device, [1.0, -3.0], [7.0, 8.0])
    with no_trace(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


def test_gradient__leaves_no_grad_on_a_tracked_x_without_one(device):
    x = leaf(device, [1.0, -3.0])
    with no_trace(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


def test_gradient__leaves_other_tensors_of_f_as_they_are(device):
    w = leaf(device, [2.0, -5.0])
    with no_trace(weights_inside_f=w):
        actual = kata.gradient(lambda x: (w * x).sum(), on(device, [1.0, 3.0]))
    assert_gradient(actual, [2, -5], device)


@pytest.mark.parametrize("direction", [[10.0, 1.0], [0.0, -2.0], [1.0, 1.0]])
def test_towards__weighs_each_y_by_its_direction(device, direction):
    x = leaf(device, [1.0, 2.0, 3.0])
    y = torch.stack([x[0] * x[1], x[2] ** 2])
    # The derivatives of y are the rows (x1, x0, 0) and (0, 0, 2 x2).
    rows = np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 6.0]])
    assert_gradient(kata.towards(y, x, on(device, direction)), np.array(direction) @ rows, device)


def test_towards__is_right_for_a_square_too(device):
    matrix = np.array([[1.0, 2.0, -3.0], [4.0, 0.0, 5.0], [7.0, 6.0, 8.0]])
    x, direction = leaf(device, [0.5, -1.0, 2.0]), [2.0, -1.0, 3.0]
    # y_i = sum over j of A_ij x_j: the derivatives of y are A itself.
    y = (on(device, matrix) * x).sum(dim=1)
    assert_gradient(kata.towards(y, x, on(device, direction)), np.array(direction) @ matrix, device)


def test_towards__reaches_a_value_in_the_middle(device):
    start = leaf(device, [1.0, 2.0, -1.0])
    x = start * 3
    y = x[:2] ** 2
    # dy_i/dx_i = 2 x_i, and x is (3, 6, -3).
    assert_gradient(kata.towards(y, x, on(device, [1.0, -0.5])), [6, -6, 0], device)


def test_towards__takes_a_single_y(device):
    x = leaf(device, [1.0, 2.0, 4.0])
    assert_gradient(kata.towards((x**2).sum()[None], x, on(device, [0.5])), [1, 2, 4], device)


def test_towards__leaves_grad_as_it_is(device):
    x, w, direction = leaf(device, [1.0, 2.0], [7.0, 8.0]), leaf(device, [3.0, 4.0]), on(device, [1.0, 5.0])
    with no_trace(x=x, w=w, direction=direction):
        kata.towards(x * w, x, direction)


@pytest.mark.parametrize(("x", "w"), [([1.0, 2.0], [3.0, -1.0]), ([0.5, -2.0, 4.0], [1.0, 3.0, -0.25]), ([5.0], [2.0])])
def test_gradient_of_middle__is_right_at_w_and_at_z(device, x, w):
    actual = kata.gradient_of_middle(on(device, x), on(device, w))
    # At z = x w it is 2 z, and at w it is 2 z x.
    z = np.array(x) * np.array(w)
    assert_pair(actual, (2 * z * np.array(x), 2 * z), device, ("the gradient at w", "the gradient at z"))


def test_gradient_of_middle__leaves_its_inputs_as_they_are(device):
    x, w = on(device, [1.0, 2.0]), on(device, [3.0, -1.0])
    with no_trace(x=x, w=w):
        kata.gradient_of_middle(x, w)


def test_gradient_of_middle__takes_its_gradients_from_a_graph(device):
    with _Walks() as walks:
        kata.gradient_of_middle(on(device, [1.0, 2.0]), on(device, [3.0, -1.0]))
    assert_walked(walks)


FIRST_AND_SECOND = ("the gradient of the first loss", "the gradient of the second loss")


@pytest.mark.parametrize("values", [[1.0, 2.0], [-1.0, 0.5, 3.0], [2.0]])
def test_two_losses__gives_each_loss_its_own_gradient(device, values):
    actual = kata.two_losses(on(device, values), lambda h: (h**2).sum(), lambda h: h.sum() * 2)
    # The derivative of w^6 is 6 w^5, and that of 2 w^3 is 6 w^2.
    w = np.array(values)
    assert_pair(actual, (6 * w**5, 6 * w**2), device, FIRST_AND_SECOND)


def test_two_losses__is_right_for_losses_of_one_number(device):
    actual = kata.two_losses(on(device, [1.0, -2.0, 3.0]), lambda h: h[0] * h[1], lambda h: h[2] * 2)
    # With h = (1, -8, 27): h1 * 3 w0^2 and h0 * 3 w1^2 at the first two; 2 * 3 w2^2 at the last.
    assert_pair(actual, ([-24, 12, 0], [0, 0, 54]), device, FIRST_AND_SECOND)


def test_two_losses__keeps_the_first_gradient_when_the_second_is_found(device):
    first, _ = kata.two_losses(on(device, [1.0, -2.0]), lambda h: h.sum(), lambda h: (h**2).sum())
    assert_gradient(first, [3, 12], device, FIRST_AND_SECOND[0])


def test_two_losses__leaves_an_untracked_w_untracked(device):
    w = on(device, [1.0, 2.0])
    with no_trace(w=w):
        kata.two_losses(w, lambda h: h.sum(), lambda h: (h**2).sum())


def test_two_losses__leaves_a_tracked_w_as_it_is(device):
    w = leaf(device, [1.0, 2.0], [7.0, 8.0])
    with no_trace(w=w):
        actual = kata.two_losses(w, lambda h: h.sum(), lambda h: (h**2).sum())
    assert_pair(actual, ([3, 12], [6, 192]), device, FIRST_AND_SECOND)


def products(x):
    """x0 x1, x1^2, x2 x0 and x2 x1: of four numbers, none depends on all three."""
    return torch.stack([x[0] * x[1], x[1] ** 2, x[2] * x[0], x[2] * x[1]])


def rows_of_products(a, b, c):
    return [[b, a, 0], [0, 2 * b, 0], [c, 0, a], [0, c, b]]


@pytest.mark.parametrize("values", [[2.0, 5.0, -1.0], [0.5, -3.0, 4.0]])
def test_jacobian__has_a_row_for_each_number_of_f(device, values):
    assert_gradient(kata.jacobian(products, on(device, values)), rows_of_products(*values), device)


def test_jacobian__is_right_for_a_square_too(device):
    actual = kata.jacobian(lambda x: torch.stack([x[0] ** 2 * x[1], x[0] * 3]), on(device, [2.0, 5.0]))
    assert_gradient(actual, [[20, 4], [3, 0]], device)


def test_jacobian__is_0_where_a_number_does_not_depend_on_x(device):
    constant = on(device, 4.0)
    actual = kata.jacobian(lambda x: torch.stack([x[1] ** 2, constant, x[0] * x[2]]), on(device, [1.0, 2.0, 3.0]))
    assert_gradient(actual, [[0, 4, 0], [0, 0, 0], [3, 0, 1]], device)


def test_jacobian__keeps_both_dimensions_of_a_single_number(device):
    assert_gradient(kata.jacobian(lambda x: (x**2).sum()[None], on(device, [1.0, -2.0])), [[2, -4]], device)
    assert_gradient(kata.jacobian(lambda x: torch.cat([x, x**2]), on(device, [3.0])), [[1], [6]], device)


def test_jacobian__leaves_an_untracked_x_untracked(device):
    x = on(device, [2.0, 5.0, -1.0])
    with no_trace(x=x):
        kata.jacobian(products, x)


def test_jacobian__leaves_a_tracked_x_as_it_is(device):
    x = leaf(device, [2.0, 5.0, -1.0], [7.0, 8.0, 9.0])
    with no_trace(x=x):
        actual = kata.jacobian(products, x)
    assert_gradient(actual, rows_of_products(2, 5, -1), device)


READY_MADE = {
    torch.func: ("jacrev", "jacfwd", "vjp", "jvp", "vmap", "grad", "hessian", "linearize"),
    torch.autograd.functional: ("jacobian", "vjp", "jvp"),
}


def test_jacobian__is_not_the_ready_made_one(device, monkeypatch):
    def refuse(*args, **kwargs):
        __tracebackhide__ = True
        raise Mismatch("forbidden", "torch.func and torch.autograd.functional are to be left aside in this step.")

    refused = [getattr(module, name) for module, names in READY_MADE.items() for name in names]
    imported = kata.jacobian.__globals__
    for name in [name for name, value in imported.items() if any(value is each for each in refused)]:
        monkeypatch.setitem(imported, name, refuse)
    for module, names in READY_MADE.items():
        for name in names:
            monkeypatch.setattr(module, name, refuse)
    kata.jacobian(products, on(device, [2.0, 5.0, -1.0]))


@pytest.mark.parametrize("values", [[1.0, 2.0, -1.0], [0.5, 3.0], [[2.0, -2.0, 4.0], [1.5, 0.0, 1.0]]])
def test_second_derivative__is_right_at_each_number(device, values):
    # The second derivative of x^4 - 2 x^3 is 12 x^2 - 12 x.
    x = np.array(values)
    actual = kata.second_derivative(lambda x: x**4 - 2 * x**3, on(device, values))
    assert_gradient(actual, 12 * x**2 - 12 * x, device)


def test_second_derivative__is_right_for_another_function(device):
    x = np.array([0.0, 0.5, 2.0])
    assert_gradient(kata.second_derivative(torch.sin, on(device, x)), -np.sin(x), device)


def test_second_derivative__takes_a_scalar(device):
    assert_gradient(kata.second_derivative(lambda x: x**3, on(device, 2.0)), 12.0, device)


def test_second_derivative__leaves_an_untracked_x_untracked(device):
    x = on(device, [1.0, 2.0, -1.0])
    with no_trace(x=x):
        kata.second_derivative(lambda x: x**3, x)


def test_second_derivative__leaves_a_tracked_x_as_it_is(device):
    x = leaf(device, [1.0, 2.0, -1.0], [7.0, 8.0, 9.0])
    with no_trace(x=x):
        actual = kata.second_derivative(lambda x: x**3, x)
    assert_gradient(actual, [6, 12, -6], device)


@pytest.mark.parametrize("step", [0.25, 0.125])
def test_slopes_along__works_them_out_again_after_each_move(device, step):
    start, curvature = np.array([4.0, -8.0, 1.0]), np.array([1.0, 2.0, 0.5])
    factors = on(device, curvature)
    # The gradient of c x^2 is 2 c x, and each move makes x smaller by the factor 1 - 2 c step.
    expected = [2 * curvature * start * (1 - 2 * curvature * step) ** move + 0.0 for move in range(4)]
    actual = kata.slopes_along(lambda x: (factors * x**2).sum(), on(device, start), step, 4)
    assert_gradient(actual, expected, device)


def test_slopes_along__is_right_where_numbers_depend_on_each_other(device):
    x, expected = np.array([2.0, 3.0]), []
    for _ in range(3):
        # The gradient of x0^2 x1 is (2 x0 x1, x0^2).
        expected.append(np.array([2 * x[0] * x[1], x[0] ** 2]))
        x = x - 0.125 * expected[-1]
    actual = kata.slopes_along(lambda x: x[0] ** 2 * x[1], on(device, [2.0, 3.0]), 0.125, 3)
    assert_gradient(actual, np.stack(expected), device)


def test_slopes_along__begins_at_x(device):
    actual = kata.slopes_along(lambda x: (x**3).sum(), on(device, [1.0, 2.0, -1.0]), 0.5, 1)
    assert_gradient(actual, [[3, 12, 3]], device)


def test_slopes_along__leaves_an_untracked_x_where_it_is(device):
    x = on(device, [4.0, -8.0])
    with no_trace(x=x):
        kata.slopes_along(lambda x: (x**2).sum(), x, 0.25, 3)


def test_slopes_along__leaves_a_tracked_x_as_it_is(device):
    x = leaf(device, [4.0, -8.0], [7.0, 8.0])
    with no_trace(x=x):
        actual = kata.slopes_along(lambda x: (x**2).sum(), x, 0.25, 3)
    assert_gradient(actual, [[8, -16], [4, -8], [2, -4]], device)
