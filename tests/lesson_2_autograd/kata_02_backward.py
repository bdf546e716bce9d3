"""The specification of katas/lesson_2_autograd/kata_02_backward.py."""

import contextlib

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_no_graph, assert_tensor, assert_unchanged, assert_value
from katas.lesson_2_autograd import kata_02_backward as kata

CORE = ("worked_example", "gradient", "towards")


def on(device, values):
    return torch.tensor(np.array(values, order="C"), dtype=torch.float32, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def leaf(device, values, grad=None):
    """A leaf tensor that requires grad, with `grad` already in its .grad."""
    made = on(device, values).requires_grad_()
    if grad is not None:
        made.grad = on(device, grad)
    return made


class _Kept:
    """Multiplies what a graph keeps for its backward pass by a factor: `with _Kept(0.0) as kept: …`.

    So a derivative that comes from a graph is another one in this block, and one that comes from a formula is the same.
    `refused`: the code cannot run in this block.
    """

    def __init__(self, factor):
        self.factor = factor

    def __enter__(self):
        self.refused = False
        self._hooks = torch.autograd.graph.saved_tensors_hooks(lambda kept: kept, lambda kept: kept * self.factor)
        self._hooks.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        self._hooks.__exit__(kind, error, trace)
        # torch.func takes its gradients from a graph too, and raises an error inside these hooks.
        self.refused = kind is RuntimeError and "saved tensor hooks" in str(error)
        return self.refused


@contextlib.contextmanager
def no_side_effects(**tensors):
    """Check that the values, requires_grad and .grad of the tensors are the same after the block as before it."""
    __tracebackhide__ = True
    before = {
        name: (each.requires_grad, None if each.grad is None else each.grad.tolist()) for name, each in tensors.items()
    }
    with assert_unchanged(**tensors):
        yield
    for name, each in tensors.items():
        required, grad = before[name]
        if each.requires_grad is not required:
            raise Mismatch("mutated", f"{name}.requires_grad was {required} before the call. Now it is {not required}.")
        now = None if each.grad is None else each.grad.tolist()
        if now != grad:
            raise Mismatch("mutated", f"{name}.grad was {grad} before the call. Now it is {now}.")


def assert_gradient(actual, expected, device, name="your result"):
    __tracebackhide__ = True
    try:
        assert_tensor(actual, float32(expected), device=device, name=name)
    except Mismatch as mismatch:
        if mismatch.kind == "value" and np.allclose(actual.detach().cpu(), expected, rtol=0.02, atol=0.02):
            mismatch.says = (
                f"{name.capitalize()} is close, but not exact. A difference quotient is not accurate enough."
            )
            mismatch.args = (mismatch.says,)
        raise
    assert_no_graph(actual, name=name)


def assert_pair(actual, expected, device, names):
    __tracebackhide__ = True
    if not isinstance(actual, (tuple, list)) or len(actual) != 2:
        raise Mismatch("type", "Return a tuple of two tensors.", actual=actual)
    for each, wanted, name in zip(actual, expected, names, strict=True):
        assert_gradient(each, wanted, device, name)


@pytest.mark.parametrize(("a", "b", "c"), [(3.0, 2.0, 5.0), (-1.5, 4.0, 0.5), (0.25, -2.0, -3.0)])
def test_worked_example__sums_over_both_paths(a, b, c):
    # f = a b^2 + b c, so df/da = b^2, df/db = 2 a b + c, df/dc = b.
    actual = kata.worked_example(a, b, c)
    if isinstance(actual, tuple) and any(isinstance(each, torch.Tensor) for each in actual):
        raise Mismatch("type", "The returned tuple contains a tensor. Return four Python floats.")
    assert_value(actual, ((a * b + c) * b, b * b, 2 * a * b + c, b))


def test_worked_example__is_right_if_b_is_0():
    assert_value(kata.worked_example(2.0, 0.0, 7.0), (0.0, 0.0, 7.0, 0.0))


def test_worked_example__is_right_if_all_values_are_equal():
    assert_value(kata.worked_example(3.0, 3.0, 3.0), (36.0, 9.0, 21.0, 3.0))


def test_worked_example__takes_all_derivatives_from_a_backward_pass():
    actual = (0.0,) * 4
    with _Kept(0.0) as kept:
        actual = kata.worked_example(3.0, 2.0, 5.0)
    if not kept.refused and any(actual[1:]):
        raise Mismatch("statement", "At least one derivative does not come from a backward pass. All three must.")


def test_worked_example__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("values", [[1.0, -3.0], [0.5, 2.0, -1.0], [4.0], []])
def test_gradient__is_right_if_x_does_not_require_grad(device, values):
    # The derivative of x^3 is 3 x^2.
    x = np.array(values)
    assert_gradient(kata.gradient(lambda x: (x**3).sum(), on(device, values)), 3 * x**2, device)


def test_gradient__is_right_if_x_requires_grad(device):
    weights = on(device, [[1.0, 2.0, -4.0], [0.5, 3.0, 8.0]])
    x = leaf(device, [[1.0, -2.0, 3.0], [4.0, 0.0, 5.0]], [[9.0, 9.0, 9.0], [1.0, 2.0, 3.0]])
    # The derivative of w x^2 is 2 w x.
    actual = kata.gradient(lambda x: (weights * x**2).sum(), x)
    assert_gradient(actual, [[2, -8, -24], [4, 0, 80]], device)


def test_gradient__is_right_for_shape_0(device):
    assert_gradient(kata.gradient(lambda x: x**2 * 5, on(device, -3.0)), -30.0, device)


def test_gradient__leaves_an_x_that_does_not_require_grad_unchanged(device):
    x = on(device, [1.0, -3.0])
    with no_side_effects(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


def test_gradient__leaves_an_x_that_requires_grad_unchanged(device):
    x = leaf(device, [1.0, -3.0], [7.0, 8.0])
    with no_side_effects(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


def test_gradient__leaves_an_x_without_grad_unchanged(device):
    x = leaf(device, [1.0, -3.0])
    with no_side_effects(x=x):
        kata.gradient(lambda x: (x**2).sum(), x)


@pytest.mark.parametrize("old", [None, [7.0, 8.0]])
def test_gradient__leaves_other_tensors_of_f_unchanged(device, old):
    w = leaf(device, [2.0, -5.0], old)
    with no_side_effects(w=w):
        actual = kata.gradient(lambda x: (w * x).sum(), on(device, [1.0, 3.0]))
    assert_gradient(actual, [2, -5], device)


def test_gradient__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("direction", [[10.0, 1.0], [0.0, -2.0], [1.0, 1.0]])
def test_towards__multiplies_direction_by_the_jacobian(device, direction):
    x = leaf(device, [1.0, 2.0, 3.0])
    y = torch.stack([x[0] * x[1], x[2] ** 2])
    # The derivatives of y are the rows (x1, x0, 0) and (0, 0, 2 x2).
    rows = np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 6.0]])
    assert_gradient(kata.towards(y, x, on(device, direction)), np.array(direction) @ rows, device)


def test_towards__is_right_for_a_square_jacobian(device):
    matrix = np.array([[1.0, 2.0, -3.0], [4.0, 0.0, 5.0], [7.0, 6.0, 8.0]])
    x, direction = leaf(device, [0.5, -1.0, 2.0]), [2.0, -1.0, 3.0]
    # y_i = sum over j of A_ij x_j: the derivatives of y are A itself.
    y = (on(device, matrix) * x).sum(dim=1)
    assert_gradient(kata.towards(y, x, on(device, direction)), np.array(direction) @ matrix, device)


def test_towards__is_right_if_x_is_not_a_leaf(device):
    start = leaf(device, [1.0, 2.0, -1.0])
    x = start * 3
    y = x[:2] ** 2
    # dy_i/dx_i = 2 x_i, and x is (3, 6, -3).
    assert_gradient(kata.towards(y, x, on(device, [1.0, -0.5])), [6, -6, 0], device)


def test_towards__accepts_a_y_of_shape_1(device):
    x = leaf(device, [1.0, 2.0, 4.0])
    assert_gradient(kata.towards((x**2).sum()[None], x, on(device, [0.5])), [1, 2, 4], device)


def test_towards__leaves_every_grad_unchanged(device):
    x, w, direction = leaf(device, [1.0, 2.0], [7.0, 8.0]), leaf(device, [3.0, 4.0]), on(device, [1.0, 5.0])
    with no_side_effects(x=x, w=w, direction=direction):
        kata.towards(x * w, x, direction)


def test_towards__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("x", "w"), [([1.0, 2.0], [3.0, -1.0]), ([0.5, -2.0, 4.0], [1.0, 3.0, -0.25]), ([5.0], [2.0])])
def test_gradient_of_middle__is_right_at_w_and_at_z(device, x, w):
    actual = kata.gradient_of_middle(on(device, x), on(device, w))
    # At z = x w it is 2 z, and at w it is 2 z x.
    z = np.array(x) * np.array(w)
    assert_pair(actual, (2 * z * np.array(x), 2 * z), device, ("the gradient at w", "the gradient at z"))


def test_gradient_of_middle__leaves_its_inputs_unchanged(device):
    x, w = on(device, [1.0, 2.0]), on(device, [3.0, -1.0])
    with no_side_effects(x=x, w=w):
        kata.gradient_of_middle(x, w)


def test_gradient_of_middle__takes_both_gradients_from_a_backward_pass(device):
    x, w = on(device, [1.0, 2.0]), on(device, [3.0, -1.0])
    with _Kept(2.0) as kept:
        at_w, at_z = kata.gradient_of_middle(x, w)
    if kept.refused:
        return
    for name, each, by_formula in (("z", at_z, 2 * x * w), ("w", at_w, x * at_z), ("w", at_w, 2 * x * x * w)):
        if torch.equal(each, by_formula):
            raise Mismatch("statement", f"The gradient at {name} does not come from a backward pass.")


def test_gradient_of_middle__does_what_its_example_shows(example):
    example.check(kata)


def sums(arriving, shape):
    """The sum of what arrives at all places of each entry, one place after the other."""
    total = np.zeros(shape)
    places = np.broadcast_to(np.arange(total.size).reshape(shape), arriving.shape)
    for entry, value in zip(places.flat, arriving.flat, strict=True):
        total.flat[entry] += value
    return total


def quarters(shape):
    """Different multiples of 1/4 in this shape: float32 adds them without rounding."""
    return (np.arange(np.prod(shape, dtype=int)) ** 2 % 23 - 7).reshape(shape) / 4


@pytest.mark.parametrize("full", [(4, 3), (3, 3), (2, 4, 3)])
def test_sum_over_broadcast__adds_the_rows_for_a_bias(device, full):
    arriving = quarters(full)
    assert_gradient(kata.sum_over_broadcast(on(device, arriving), (3,)), sums(arriving, (3,)), device)


@pytest.mark.parametrize(
    ("full", "shape"), [((4, 3), (4, 1)), ((3, 3), (3, 1)), ((4, 3), (1, 3)), ((2, 4, 3), (2, 1, 3)), ((4, 3), (1, 1))]
)
def test_sum_over_broadcast__keeps_dimensions_of_size_1(device, full, shape):
    arriving = quarters(full)
    assert_gradient(kata.sum_over_broadcast(on(device, arriving), shape), sums(arriving, shape), device)


@pytest.mark.parametrize(("full", "shape"), [((2, 4, 3), (4, 1)), ((2, 3), ()), ((3,), ()), ((2, 1, 3), (1, 3))])
def test_sum_over_broadcast__adds_over_all_broadcast_dimensions(device, full, shape):
    arriving = quarters(full)
    assert_gradient(kata.sum_over_broadcast(on(device, arriving), shape), sums(arriving, shape), device)


@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (1,), ()])
def test_sum_over_broadcast__adds_nothing_if_the_shapes_are_equal(device, shape):
    arriving = quarters(shape)
    assert_gradient(kata.sum_over_broadcast(on(device, arriving), shape), arriving, device)


def test_sum_over_broadcast__leaves_arriving_unchanged(device):
    arriving = on(device, quarters((4, 3)))
    with no_side_effects(arriving=arriving):
        kata.sum_over_broadcast(arriving, (3,))


def test_sum_over_broadcast__does_what_its_example_shows(example):
    example.check(kata)


FIRST_AND_SECOND = ("the gradient of the first loss", "the gradient of the second loss")


@pytest.mark.parametrize("values", [[1.0, 2.0], [-1.0, 0.5, 3.0], [2.0]])
def test_two_losses__returns_a_separate_gradient_for_each_loss(device, values):
    actual = kata.two_losses(on(device, values), lambda h: (h**2).sum(), lambda h: h.sum() * 2)
    # The derivative of w^6 is 6 w^5, and that of 2 w^3 is 6 w^2.
    w = np.array(values)
    assert_pair(actual, (6 * w**5, 6 * w**2), device, FIRST_AND_SECOND)


def test_two_losses__is_right_for_losses_of_single_entries(device):
    actual = kata.two_losses(on(device, [1.0, -2.0, 3.0]), lambda h: h[0] * h[1], lambda h: h[2] * 2)
    # With h = (1, -8, 27): h1 * 3 w0^2 and h0 * 3 w1^2 at the first two; 2 * 3 w2^2 at the last.
    assert_pair(actual, ([-24, 12, 0], [0, 0, 54]), device, FIRST_AND_SECOND)


def test_two_losses__returns_a_first_gradient_without_the_second(device):
    first, _ = kata.two_losses(on(device, [1.0, -2.0]), lambda h: h.sum(), lambda h: (h**2).sum())
    assert_gradient(first, [3, 12], device, FIRST_AND_SECOND[0])


def test_two_losses__leaves_a_w_that_does_not_require_grad_unchanged(device):
    w = on(device, [1.0, 2.0])
    with no_side_effects(w=w):
        kata.two_losses(w, lambda h: h.sum(), lambda h: (h**2).sum())


def test_two_losses__leaves_a_w_that_requires_grad_unchanged(device):
    w = leaf(device, [1.0, 2.0], [7.0, 8.0])
    with no_side_effects(w=w):
        actual = kata.two_losses(w, lambda h: h.sum(), lambda h: (h**2).sum())
    assert_pair(actual, ([3, 12], [6, 192]), device, FIRST_AND_SECOND)


def test_two_losses__leaves_other_tensors_of_the_losses_unchanged(device):
    u, v = leaf(device, [1.0, 5.0]), leaf(device, [3.0, 4.0], [7.0, 8.0])
    with no_side_effects(u=u, v=v):
        actual = kata.two_losses(on(device, [1.0, 2.0]), lambda h: (h * u).sum(), lambda h: (h * v).sum())
    # The derivative of u w^3 is 3 u w^2.
    assert_pair(actual, ([3, 60], [9, 48]), device, FIRST_AND_SECOND)


def test_two_losses__does_what_its_example_shows(example):
    example.check(kata)


def products(x):
    """x0 x1, x1^2, x2 x0 and x2 x1: none of the four depends on all three."""
    return torch.stack([x[0] * x[1], x[1] ** 2, x[2] * x[0], x[2] * x[1]])


def rows_of_products(a, b, c):
    return [[b, a, 0], [0, 2 * b, 0], [c, 0, a], [0, c, b]]


@pytest.mark.parametrize("values", [[2.0, 5.0, -1.0], [0.5, -3.0, 4.0]])
def test_jacobian__has_a_row_for_each_entry_of_f(device, values):
    assert_gradient(kata.jacobian(products, on(device, values)), rows_of_products(*values), device)


def test_jacobian__is_right_if_it_is_square(device):
    actual = kata.jacobian(lambda x: torch.stack([x[0] ** 2 * x[1], x[0] * 3]), on(device, [2.0, 5.0]))
    assert_gradient(actual, [[20, 4], [3, 0]], device)


def test_jacobian__has_zeros_for_a_constant(device):
    constant = on(device, 4.0)
    actual = kata.jacobian(lambda x: torch.stack([x[1] ** 2, constant, x[0] * x[2]]), on(device, [1.0, 2.0, 3.0]))
    assert_gradient(actual, [[0, 4, 0], [0, 0, 0], [3, 0, 1]], device)


def test_jacobian__keeps_dimensions_of_size_1(device):
    assert_gradient(kata.jacobian(lambda x: (x**2).sum()[None], on(device, [1.0, -2.0])), [[2, -4]], device)
    assert_gradient(kata.jacobian(lambda x: torch.cat([x, x**2]), on(device, [3.0])), [[1], [6]], device)


def test_jacobian__leaves_an_x_that_does_not_require_grad_unchanged(device):
    x = on(device, [2.0, 5.0, -1.0])
    with no_side_effects(x=x):
        kata.jacobian(products, x)


def test_jacobian__leaves_an_x_that_requires_grad_unchanged(device):
    x = leaf(device, [2.0, 5.0, -1.0], [7.0, 8.0, 9.0])
    with no_side_effects(x=x):
        actual = kata.jacobian(products, x)
    assert_gradient(actual, rows_of_products(2, 5, -1), device)


def test_jacobian__leaves_other_tensors_of_f_unchanged(device):
    w = leaf(device, [2.0, -5.0])
    with no_side_effects(w=w):
        actual = kata.jacobian(lambda x: w * x**2, on(device, [1.0, 3.0]))
    assert_gradient(actual, [[4, 0], [0, -30]], device)


READY_MADE = {
    torch.func: ("jacrev", "jacfwd", "vjp", "jvp", "vmap", "grad", "hessian", "linearize"),
    torch.autograd.functional: ("jacobian", "vjp", "jvp"),
}


def test_jacobian__does_not_use_torch_func(device, monkeypatch):
    def refuse(*args, **kwargs):
        __tracebackhide__ = True
        raise Mismatch("forbidden", "Do not use torch.func or torch.autograd.functional in this step.")

    refused = [getattr(module, name) for module, names in READY_MADE.items() for name in names]
    imported = kata.jacobian.__globals__
    for name in [name for name, value in imported.items() if any(value is each for each in refused)]:
        monkeypatch.setitem(imported, name, refuse)
    for module, names in READY_MADE.items():
        for name in names:
            monkeypatch.setattr(module, name, refuse)
    kata.jacobian(products, on(device, [2.0, 5.0, -1.0]))


def test_jacobian__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("values", [[1.0, 2.0, -1.0], [0.5, 3.0], [[2.0, -2.0, 4.0], [1.5, 0.0, 1.0]]])
def test_second_derivative__is_right_for_a_polynomial(device, values):
    # The second derivative of x^4 - 2 x^3 is 12 x^2 - 12 x.
    x = np.array(values)
    actual = kata.second_derivative(lambda x: x**4 - 2 * x**3, on(device, values))
    assert_gradient(actual, 12 * x**2 - 12 * x, device)


def test_second_derivative__is_right_for_the_sine(device):
    x = np.array([0.0, 0.5, 2.0])
    assert_gradient(kata.second_derivative(torch.sin, on(device, x)), -np.sin(x), device)


def test_second_derivative__accepts_shape_0(device):
    assert_gradient(kata.second_derivative(lambda x: x**3, on(device, 2.0)), 12.0, device)


def test_second_derivative__leaves_an_x_that_does_not_require_grad_unchanged(device):
    x = on(device, [1.0, 2.0, -1.0])
    with no_side_effects(x=x):
        kata.second_derivative(lambda x: x**3, x)


def test_second_derivative__leaves_an_x_that_requires_grad_unchanged(device):
    x = leaf(device, [1.0, 2.0, -1.0], [7.0, 8.0, 9.0])
    with no_side_effects(x=x):
        actual = kata.second_derivative(lambda x: x**3, x)
    assert_gradient(actual, [6, 12, -6], device)


def test_second_derivative__leaves_other_tensors_of_f_unchanged(device):
    w = leaf(device, 2.0)
    with no_side_effects(w=w):
        actual = kata.second_derivative(lambda x: w * x**3, on(device, [1.0, -3.0]))
    assert_gradient(actual, [12, -36], device)


def test_second_derivative__does_what_its_example_shows(example):
    example.check(kata)
