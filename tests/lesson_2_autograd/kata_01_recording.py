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
    kind_of,
)
from katas.lesson_2_autograd import kata_01_recording as kata

CORE = ("tracked", "slope_at", "joined")


def on(device, values, *, requires_grad=False, dtype=torch.float32):
    return torch.tensor(values, dtype=dtype, device=device, requires_grad=requires_grad)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def assert_leaf_that_requires_grad(actual):
    if not actual.is_leaf:
        raise Mismatch("graph", "Your result is not a leaf: a recorded operation made it.")
    if not actual.requires_grad:
        raise Mismatch("graph", "Your result does not require grad.")


def assert_gradient(leaf, expected, name):
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient has reached {name}: its .grad is None.")
    assert_tensor(leaf.grad, float32(expected), device=leaf.device, name=f"the .grad of {name}")


def assert_keeps_gradient(leaf, upstream):
    """Check that the gradient `upstream`, in the shape of the leaf, arrives in its .grad."""
    assert_leaf_that_requires_grad(leaf)
    (leaf * on(leaf.device, upstream)).sum().backward()
    # The derivative of that sum by each entry of the leaf is the number it is multiplied with.
    assert_gradient(leaf, upstream, "your result")


@pytest.mark.parametrize("values", [[[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], [0.5, 7.0], [[[1.0]], [[2.5]]]])
def test_tracked__holds_the_values_as_float32(device, values):
    assert_tensor(kata.tracked(values, device), float32(values), device=device)


def test_tracked__is_a_leaf_that_requires_grad(device):
    assert_leaf_that_requires_grad(kata.tracked([[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], device))


def test_tracked__is_a_leaf_on_the_cpu(device):
    for place in ("cpu", torch.device("cpu")):
        answer = kata.tracked([0.5, 7.0], place)
        assert_tensor(answer, float32([0.5, 7]), device=place)
        assert_leaf_that_requires_grad(answer)


def test_tracked__accepts_integers(device):
    answer = kata.tracked([[1, 2, 3], [4, 5, 7]], device)
    assert_tensor(answer, float32([[1, 2, 3], [4, 5, 7]]), device=device)
    assert_leaf_that_requires_grad(answer)


def test_tracked__gets_a_gradient(device):
    answer = kata.tracked([[1.5, -2.0, 3.0], [0.25, 5.0, 6.5]], device)
    assert_keeps_gradient(answer, [[2.0, -3.0, 0.5], [7.0, 11.0, -1.0]])


def test_tracked__accepts_an_empty_list(device):
    answer = kata.tracked([], device)
    assert_tensor(answer, float32([]), device=device)
    assert_leaf_that_requires_grad(answer)


def test_tracked__does_what_its_example_shows(example):
    example.check(kata)


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


def test_slope_at__follows_the_branch_that_f_took():
    def bent(x):
        return x * 7 if x > 1 else x**2 + x

    assert_value(kata.slope_at(bent, 2.0), 7.0)
    assert_value(kata.slope_at(bent, 0.5), 2.0)


def test_slope_at__is_exact_for_large_values():
    # The derivative of 4096 + x**2 by x is 2 x.
    assert_value(kata.slope_at(lambda x: 4096 + x**2, 0.375), 0.75, tolerance=1e-5)


def test_slope_at__calls_f_once_with_shape_0():
    given = []

    def f(x):
        given.append(x)
        return x.sum() ** 2

    kata.slope_at(f, 3.0)
    assert_tensor(given[0], float32(3), name="what f was called with")
    if len(given) != 1:
        raise Mismatch("statement", f"f was called {len(given)} times. Call it once: one call records the whole graph.")


def test_slope_at__does_what_its_example_shows(example):
    example.check(kata)


def parts_on(device, values):
    return [on(device, value, requires_grad=True) for value in values]


@pytest.mark.parametrize("values", [[1.5, -2.0, 4.0], [7.0, 3.0], [0.5, 9.0, 8.0, -6.0]])
def test_joined__holds_the_values_in_order(device, values):
    assert_tensor(kata.joined(parts_on(device, values)), float32(values), device=device)


def assert_recorded(answer):
    if answer.requires_grad and answer.grad_fn is None:
        raise Mismatch(
            "graph", "Your result requires grad, but it is a leaf: its graph does not lead back to the parts."
        )
    assert_has_graph(answer)


@pytest.mark.parametrize("upstream", [[2.0, -3.0, 0.5], [0.0, 7.0, 11.0]])
def test_joined__lets_a_gradient_reach_each_part(device, upstream):
    parts = parts_on(device, [1.5, -2.0, 4.0])
    answer = kata.joined(parts)
    assert_recorded(answer)
    (answer * on(device, upstream)).sum().backward()
    for k, (part, gradient) in enumerate(zip(parts, upstream, strict=True)):
        # Part k is entry k of the answer: its gradient is that entry's upstream gradient.
        assert_gradient(part, gradient, f"part {k}")


def test_joined__accepts_results_of_operations(device):
    a, b = parts_on(device, [3.0, 5.0])
    answer = kata.joined([a * b, b, a**2])
    assert_tensor(answer, float32([15, 5, 9]), device=device)
    assert_recorded(answer)
    (answer * on(device, [2.0, 10.0, 0.5])).sum().backward()
    # The derivatives of 2ab + 10b + a**2 / 2 are 2b + a and 2a + 10.
    assert_gradient(a, 13, "a")
    assert_gradient(b, 16, "b")


def test_joined__accepts_one_part_twice(device):
    a, b = parts_on(device, [3.0, 5.0])
    answer = kata.joined([a, b, a])
    assert_tensor(answer, float32([3, 5, 3]), device=device)
    assert_recorded(answer)
    (answer * on(device, [2.0, 7.0, 30.0])).sum().backward()
    assert_gradient(a, 32, "the part that is in the list twice")
    assert_gradient(b, 7, "the other part")


def test_joined__accepts_a_single_part(device):
    (part,) = parts_on(device, [2.5])
    answer = kata.joined([part])
    assert_tensor(answer, float32([2.5]), device=device)
    assert_recorded(answer)
    (answer * 4).sum().backward()
    assert_gradient(part, 4, "the part")


def test_joined__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("values", "factor"), [([[1.0, -2.0, 4.0], [3.0, 0.5, 8.0]], 0.25), ([5.0, 7.0], -3)])
def test_scaled_leaf__holds_the_values_times_the_factor(device, values, factor):
    assert_tensor(kata.scaled_leaf(on(device, values), factor), float32(np.array(values) * factor), device=device)


def test_scaled_leaf__is_a_leaf_that_requires_grad(device):
    assert_leaf_that_requires_grad(kata.scaled_leaf(on(device, [[1.0, -2.0], [3.0, 0.5], [7.0, 9.0]]), 0.5))


@pytest.mark.parametrize(
    "dtype",
    [torch.int64, torch.int32, torch.float16, pytest.param(torch.float64, marks=pytest.mark.float64)],
)
@pytest.mark.parametrize("factor", [0.5, 3])
def test_scaled_leaf__is_a_float32_leaf_for_any_dtype(device, dtype, factor):
    answer = kata.scaled_leaf(on(device, [[1, -2, 7]], dtype=dtype), factor)
    assert_tensor(answer, float32([[1, -2, 7]]) * np.float32(factor), device=device)
    assert_leaf_that_requires_grad(answer)


@pytest.mark.parametrize(("dtype", "values"), [(torch.uint8, [3, 100, 250]), (torch.float16, [1.5, 1000.0, 60000.0])])
def test_scaled_leaf__is_right_for_products_too_large_for_the_input(device, dtype, values):
    answer = kata.scaled_leaf(on(device, values, dtype=dtype), 100)
    assert_tensor(answer, float32(np.array(values) * 100.0), device=device)


@pytest.mark.parametrize("factor", [2.0, 1])
def test_scaled_leaf__leaves_the_input_unchanged(device, factor):
    values = on(device, [1.5, 2.5, -4.0])
    with assert_unchanged(values=values):
        answer = kata.scaled_leaf(values, factor)
    if values.requires_grad:
        raise Mismatch("mutated", "values requires grad after the call. It must not.")
    assert_owns_memory(answer, values)


def test_scaled_leaf__gets_a_gradient(device):
    answer = kata.scaled_leaf(on(device, [1.5, -2.0, 3.0]), 10)
    assert_keeps_gradient(answer, [2.0, 7.0, -0.5])


def test_scaled_leaf__accepts_a_transposed_input(device):
    values = on(device, [[1, 2, 3], [4, 5, 6]], dtype=torch.int64).T
    answer = kata.scaled_leaf(values, 0.5)
    assert_tensor(answer, float32([[0.5, 2], [1, 2.5], [1.5, 3]]), device=device)
    assert_leaf_that_requires_grad(answer)


def test_scaled_leaf__does_what_its_example_shows(example):
    example.check(kata)


def vectors_on(device):
    """Two leaves that require grad, and a tensor that does not."""
    x, w = on(device, [1.0, 2.0, 5.0], requires_grad=True), on(device, [3.0, 0.5, 4.0], requires_grad=True)
    return x, w, on(device, [2.0, 7.0, 6.0])


def test_operations__begins_with_the_last_operation(device):
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


def test_operations__ends_if_a_first_input_does_not_require_grad(device):
    x, _, plain = vectors_on(device)
    assert_value(kata.operations((plain * x.exp()).sum()), ["SumBackward0", "MulBackward0"])
    assert_value(kata.operations((x.exp() * plain).sum()), ["SumBackward0", "MulBackward0", "ExpBackward0"])


def test_operations__accepts_a_single_operation(device):
    x, _, _ = vectors_on(device)
    assert_value(kata.operations(x.sigmoid()), ["SigmoidBackward0"])


def test_operations__is_empty_for_a_leaf(device):
    x, _, _ = vectors_on(device)
    assert_value(kata.operations(x), [])


def test_operations__is_empty_if_nothing_requires_grad(device):
    _, _, plain = vectors_on(device)
    assert_value(kata.operations(plain), [])
    assert_value(kata.operations(plain.exp().sum()), [])


def test_operations__does_what_its_example_shows(example):
    example.check(kata)


def assert_leaves(actual, **leaves):
    """Check that `actual` is a list of the given tensors themselves, each once, in any order."""
    if not isinstance(actual, list):
        raise Mismatch("type", f"Your result is {kind_of(actual)}. Return a list.", actual=actual)
    for each in actual:
        if not isinstance(each, torch.Tensor):
            raise Mismatch("type", f"Your list contains {kind_of(each)}. Return leaf tensors.")
    for name, leaf in leaves.items():
        times = sum(each is leaf for each in actual)
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            raise Mismatch("value", f"The leaf {name} is in your list {often}. It must be there once.")
        alike = [each for each in actual if (each.dtype, each.device) == (leaf.dtype, leaf.device)]
        if times == 0 and any(torch.equal(each, leaf) for each in alike):
            raise Mismatch("value", f"Your list contains another tensor with the values of {name}, not {name} itself.")
        if times == 0:
            raise Mismatch("value", f"Your list does not contain the leaf {name} itself.")
    if len(actual) != len(leaves):
        raise Mismatch(
            "value",
            f"Your list has {len(actual)} tensor{'s' * (len(actual) != 1)}. The graph has {len(leaves)}"
            f" {'leaf that requires' if len(leaves) == 1 else 'leaves that require'} grad.",
        )


def test_leaves_behind__finds_both_leaves_of_a_product(device):
    x, w, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x * w), x=x, w=w)


def test_leaves_behind__finds_leaves_at_every_depth(device):
    x, w, _ = vectors_on(device)
    b = on(device, 0.5, requires_grad=True)
    unused = on(device, 0.5, requires_grad=True)
    assert_leaves(kata.leaves_behind(((b - x.exp()) ** 2 + w.sigmoid()).mean()), x=x, w=w, b=b)
    assert_leaves(kata.leaves_behind((x.exp() * (w + unused.detach())).sum()), x=x, w=w)


def test_leaves_behind__lists_a_leaf_once_if_it_is_used_twice(device):
    x, w, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x * w + x.exp()), x=x, w=w)
    assert_leaves(kata.leaves_behind(x * x), x=x)


def test_leaves_behind__skips_inputs_that_do_not_require_grad(device):
    x, w, plain = vectors_on(device)
    assert_leaves(kata.leaves_behind((plain * x + w * plain).sum()), x=x, w=w)


def test_leaves_behind__lists_leaves_with_equal_values(device):
    a, b = on(device, 2.0, requires_grad=True), on(device, 2.0, requires_grad=True)
    assert_leaves(kata.leaves_behind(a * b), a=a, b=b)


def test_leaves_behind__is_the_result_itself_if_it_is_a_leaf(device):
    x, _, _ = vectors_on(device)
    assert_leaves(kata.leaves_behind(x), x=x)


def test_leaves_behind__is_empty_if_nothing_requires_grad(device):
    _, _, plain = vectors_on(device)
    assert_leaves(kata.leaves_behind(plain))
    assert_leaves(kata.leaves_behind(plain.exp().sum()))


def test_leaves_behind__does_what_its_example_shows(example):
    example.check(kata)
