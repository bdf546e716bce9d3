"""The specification of katas/lesson_2_autograd/kata_01_recording.py."""

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
from katas.lesson_2_autograd import kata_01_recording as kata

CORE = ("tracked", "slope_at", "joined")


def on(device, values, *, requires_grad=False, dtype=torch.float32):
    return torch.tensor(values, dtype=dtype, device=device, requires_grad=requires_grad)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def assert_tracked_leaf(actual):
    """Check that a tensor is a start of the graph: first that it is a leaf, then that it is tracked."""
    if not actual.is_leaf:
        raise Mismatch("graph", "The answer is the result of an operation on a tracked tensor; it must be a leaf.")
    if not actual.requires_grad:
        raise Mismatch("graph", "The answer is a leaf, but its requires_grad is False: nothing will be recorded.")


def assert_gradient(leaf, expected, name):
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient has flowed back to {name}: its .grad is None.")
    assert_tensor(leaf.grad, float32(expected), device=leaf.device, name=f"the .grad of {name}")


def assert_keeps_gradient(leaf, upstream):
    """Check that a gradient, the numbers `upstream` in the leaf's shape, arrives in its .grad."""
    assert_tracked_leaf(leaf)
    (leaf * on(leaf.device, upstream)).sum().backward()
    # The derivative of that sum by each entry of the leaf is the number it is multiplied with.
    assert_gradient(leaf, upstream, "the answer")


@pytest.mark.parametrize("values", [[[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], [0.5, 7.0], [[[1.0]], [[2.5]]]])
def test_tracked__holds_the_values_as_float32(device, values):
    assert_tensor(kata.tracked(values, device), float32(values), device=device)


def test_tracked__is_a_tracked_leaf(device):
    assert_tracked_leaf(kata.tracked([[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], device))


def test_tracked__is_a_leaf_on_the_cpu_too(device):
    for place in ("cpu", torch.device("cpu")):
        answer = kata.tracked([0.5, 7.0], place)
        assert_tensor(answer, float32([0.5, 7]), device=place)
        assert_tracked_leaf(answer)


def test_tracked__takes_whole_numbers(device):
    answer = kata.tracked([[1, 2, 3], [4, 5, 7]], device)
    assert_tensor(answer, float32([[1, 2, 3], [4, 5, 7]]), device=device)
    assert_tracked_leaf(answer)


def test_tracked__keeps_the_gradient_that_flows_back(device):
    answer = kata.tracked([[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], device)
    assert_keeps_gradient(answer, [[2.0, -3.0, 0.5], [7.0, 11.0, -1.0]])


def test_tracked__takes_an_empty_list(device):
    answer = kata.tracked([], device)
    assert_tensor(answer, float32([]), device=device)
    assert_tracked_leaf(answer)


@pytest.mark.parametrize(("values", "factor"), [([[1.0, -2.0, 4.0], [3.0, 0.5, 8.0]], 0.25), ([5.0, 7.0], -3)])
def test_scaled_leaf__holds_the_values_times_the_factor(device, values, factor):
    assert_tensor(kata.scaled_leaf(on(device, values), factor), float32(np.array(values) * factor), device=device)


def test_scaled_leaf__is_a_tracked_leaf(device):
    assert_tracked_leaf(kata.scaled_leaf(on(device, [[1.0, -2.0], [3.0, 0.5], [7.0, 9.0]]), 0.5))


@pytest.mark.parametrize(
    "dtype",
    [torch.int64, torch.int32, torch.float16, pytest.param(torch.float64, marks=pytest.mark.float64)],
)
@pytest.mark.parametrize("factor", [0.5, 3])
def test_scaled_leaf__is_a_float32_leaf_whatever_the_input_is(device, dtype, factor):
    answer = kata.scaled_leaf(on(device, [[1, -2, 7]], dtype=dtype), factor)
    assert_tensor(answer, float32([[1, -2, 7]]) * np.float32(factor), device=device)
    assert_tracked_leaf(answer)


@pytest.mark.parametrize(("dtype", "values"), [(torch.uint8, [3, 100, 250]), (torch.float16, [1.5, 1000.0, 60000.0])])
def test_scaled_leaf__has_products_too_large_for_the_input(device, dtype, values):
    answer = kata.scaled_leaf(on(device, values, dtype=dtype), 100)
    assert_tensor(answer, float32(np.array(values) * 100.0), device=device)


@pytest.mark.parametrize("factor", [2.0, 1])
def test_scaled_leaf__leaves_the_input_as_it_is(device, factor):
    values = on(device, [1.5, 2.5, -4.0])
    with assert_unchanged(values=values):
        answer = kata.scaled_leaf(values, factor)
    if values.requires_grad:
        raise Mismatch("mutated", "The input is tracked now: only the answer was to be.")
    assert_owns_memory(answer, values)


def test_scaled_leaf__keeps_the_gradient_that_flows_back(device):
    answer = kata.scaled_leaf(on(device, [1.5, -2.0, 3.0]), 10)
    assert_keeps_gradient(answer, [2.0, 7.0, -0.5])


def test_scaled_leaf__takes_an_input_that_does_not_lie_in_order(device):
    values = on(device, [[1, 2, 3], [4, 5, 6]], dtype=torch.int64).T
    answer = kata.scaled_leaf(values, 0.5)
    assert_tensor(answer, float32([[0.5, 2], [1, 2.5], [1.5, 3]]), device=device)
    assert_tracked_leaf(answer)


# By hand: each function with its derivative.
SLOPES = [
    (lambda x: x**2, lambda x: 2 * x),
    (lambda x: (x * 3).sin() * x, lambda x: np.sin(3 * x) + 3 * x * np.cos(3 * x)),
    (lambda x: (x * x + 1).sqrt().log(), lambda x: x / (x * x + 1)),
    (lambda x: 5 - x * 4, lambda x: -4.0),
]


@pytest.mark.parametrize("x", [0.5, -2.0, 3.25])
@pytest.mark.parametrize("which", range(len(SLOPES)))
def test_slope_at__is_the_derivative(which, x):
    f, derivative = SLOPES[which]
    assert_value(kata.slope_at(f, x), float(derivative(x)), tolerance=1e-5)


def test_slope_at__goes_the_way_that_the_function_went():
    def bent(x):
        return x * 7 if x > 1 else x**2 + x

    assert_value(kata.slope_at(bent, 2.0), 7.0)
    assert_value(kata.slope_at(bent, 0.5), 2.0)


def test_slope_at__is_exact_where_the_values_are_large():
    # The derivative of 4096 + x**2 by x is 2 x.
    assert_value(kata.slope_at(lambda x: 4096 + x**2, 0.375), 0.75, tolerance=1e-5)


def test_slope_at__calls_the_function_once_with_a_single_number():
    given = []

    def f(x):
        given.append(x)
        return x.sum() ** 2

    kata.slope_at(f, 3.0)
    assert_tensor(given[0], float32(3), name="what f was called with")
    assert len(given) == 1, f"f was called {len(given)} times; one call records all that is needed."


def parts_on(device, values):
    return [on(device, value, requires_grad=True) for value in values]


@pytest.mark.parametrize("values", [[1.5, -2.0, 4.0], [7.0, 3.0], [0.5, 9.0, 8.0, -6.0]])
def test_joined__holds_the_values_in_order(device, values):
    assert_tensor(kata.joined(parts_on(device, values)), float32(values), device=device)


def assert_recorded(answer):
    if answer.requires_grad and answer.grad_fn is None:
        raise Mismatch("graph", "The answer is tracked, but it is a leaf: the graph begins at it, not at the parts.")
    assert_has_graph(answer)


@pytest.mark.parametrize("upstream", [[2.0, -3.0, 0.5], [0.0, 7.0, 11.0]])
def test_joined__lets_each_part_have_its_gradient(device, upstream):
    parts = parts_on(device, [1.5, -2.0, 4.0])
    answer = kata.joined(parts)
    assert_recorded(answer)
    (answer * on(device, upstream)).sum().backward()
    for k, (part, gradient) in enumerate(zip(parts, upstream, strict=True)):
        # Part k is entry k of the answer: its gradient is that entry's upstream gradient.
        assert_gradient(part, gradient, f"part {k}")


def test_joined__lets_the_gradient_through_results_of_operations(device):
    a, b = parts_on(device, [3.0, 5.0])
    answer = kata.joined([a * b, b, a**2])
    assert_tensor(answer, float32([15, 5, 9]), device=device)
    assert_recorded(answer)
    (answer * on(device, [2.0, 10.0, 0.5])).sum().backward()
    # The derivatives of 2ab + 10b + a**2 / 2 are 2b + a and 2a + 10.
    assert_gradient(a, 13, "a")
    assert_gradient(b, 16, "b")


def test_joined__adds_the_gradients_of_a_part_that_stands_there_twice(device):
    a, b = parts_on(device, [3.0, 5.0])
    answer = kata.joined([a, b, a])
    assert_tensor(answer, float32([3, 5, 3]), device=device)
    assert_recorded(answer)
    (answer * on(device, [2.0, 7.0, 30.0])).sum().backward()
    assert_gradient(a, 32, "the part that stands there twice")
    assert_gradient(b, 7, "the other part")


def test_joined__takes_a_single_part(device):
    (part,) = parts_on(device, [2.5])
    answer = kata.joined([part])
    assert_tensor(answer, float32([2.5]), device=device)
    assert_recorded(answer)
    (answer * 4).sum().backward()
    assert_gradient(part, 4, "the part")


def vectors_on(device):
    """Two tracked leaves and one untracked tensor."""
    x, w = on(device, [1.0, 2.0, 5.0], requires_grad=True), on(device, [3.0, 0.5, 4.0], requires_grad=True)
    return x, w, on(device, [2.0, 7.0, 6.0])


def test_operations__names_them_from_the_last_to_the_first(device):
    x, w, _ = vectors_on(device)
    expected = ["MeanBackward0", "PowBackward0", "AddBackward0", "MulBackward0"]
    assert_value(kata.operations(((x * w + x) ** 2).mean()), expected)
    assert_value(kata.operations(x.exp().sqrt().exp()), ["ExpBackward0", "SqrtBackward0", "ExpBackward0"])


def test_operations__follows_the_first_input(device):
    x, w, _ = vectors_on(device)
    left, right = x.exp(), w.sigmoid().sqrt()
    assert_value(kata.operations((left * right).sum()), ["SumBackward0", "MulBackward0", "ExpBackward0"])
    expected = ["SumBackward0", "MulBackward0", "SqrtBackward0", "SigmoidBackward0"]
    assert_value(kata.operations((right * left).sum()), expected)


def test_operations__ends_where_the_first_input_is_not_tracked(device):
    x, _, untracked = vectors_on(device)
    assert_value(kata.operations((untracked * x.exp()).sum()), ["SumBackward0", "MulBackward0"])
    assert_value(kata.operations((x.exp() * untracked).sum()), ["SumBackward0", "MulBackward0", "ExpBackward0"])


def test_operations__are_one_where_there_is_one(device):
    x, _, _ = vectors_on(device)
    assert_value(kata.operations(x.sigmoid()), ["SigmoidBackward0"])


def test_operations__are_none_behind_a_leaf(device):
    x, _, _ = vectors_on(device)
    assert_value(kata.operations(x), [])


def test_operations__are_none_behind_an_untracked_tensor(device):
    _, _, untracked = vectors_on(device)
    assert_value(kata.operations(untracked), [])
    assert_value(kata.operations(untracked.exp().sum()), [])


def assert_leaves(actual, **leaves):
    """Check that `actual` is a list of the very tensors given, each once, in any order."""
    if not isinstance(actual, list):
        raise Mismatch("type", f"The answer has the type {type(actual).__name__}; it must be a list.", actual=actual)
    for each in actual:
        if not isinstance(each, torch.Tensor):
            raise Mismatch("type", f"There is a {type(each).__name__} in the list; only tensors belong there.")
    for name, leaf in leaves.items():
        times = sum(each is leaf for each in actual)
        if times > 1:
            raise Mismatch("value", f"The leaf {name} is in the list {times} times; it must be there once.")
        if times == 0:
            raise Mismatch("value", f"The leaf {name} is not in the list (itself, not one with the same numbers).")
    if len(actual) != len(leaves):
        raise Mismatch("value", f"The list has {len(actual)} tensors; the graph reaches {len(leaves)} tracked leaves.")


def test_leaves_behind__finds_both_leaves_of_a_product(device):
    x, w, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x * w), x=x, w=w)


def test_leaves_behind__finds_leaves_at_every_depth(device):
    x, w, _ = vectors_on(device)
    b = on(device, 0.5, requires_grad=True)
    unused = on(device, 0.5, requires_grad=True)
    assert_leaves(kata.leaves_behind(((b - x.exp()) ** 2 + w.sigmoid()).mean()), x=x, w=w, b=b)
    assert_leaves(kata.leaves_behind((x.exp() * (w + unused.detach())).sum()), x=x, w=w)


def test_leaves_behind__lists_a_leaf_once_that_was_used_twice(device):
    x, w, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x * w + x.exp()), x=x, w=w)
    assert_leaves(kata.leaves_behind(x * x), x=x)


def test_leaves_behind__passes_over_inputs_that_are_not_tracked(device):
    x, w, untracked = vectors_on(device)
    assert_leaves(kata.leaves_behind((untracked * x + w * untracked).sum()), x=x, w=w)


def test_leaves_behind__tells_leaves_with_equal_values_apart(device):
    a, b = on(device, 2.0, requires_grad=True), on(device, 2.0, requires_grad=True)
    assert_leaves(kata.leaves_behind(a * b), a=a, b=b)


def test_leaves_behind__is_the_leaf_itself_where_nothing_was_computed(device):
    x, _, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x), x=x)


def test_leaves_behind__is_empty_for_an_untracked_tensor(device):
    _, _, untracked = vectors_on(device)
    assert_leaves(kata.leaves_behind(untracked))
    assert_leaves(kata.leaves_behind(untracked.exp().sum()))


def test_leaves_behind__looks_at_each_node_once(device):
    x = on(device, 1.0, requires_grad=True)
    total = x
    for _ in range(60):
        total = total + total
    assert_leaves(kata.leaves_behind(total), x=x)
