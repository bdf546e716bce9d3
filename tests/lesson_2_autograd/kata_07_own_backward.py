"""The specification of katas/lesson_2_autograd/kata_07_own_backward.py."""

import re

import numpy as np
import pytest
import torch
from torch.autograd.gradcheck import GradcheckError

from dojo import expect
from dojo.expect import Mismatch, assert_unchanged, count_operators, forbid
from katas import foundations
from katas.lesson_2_autograd import kata_07_own_backward as kata

CORE = ()


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def leaf(device, values, dtype=torch.float32):
    return on(device, values, dtype).requires_grad_()


def float32(values):
    return np.asarray(values, dtype=np.float32)


def short(values):
    """Numbers without their .0. A report shows no calls of a class, so the name of a value must show the inputs."""
    return str(values).replace(".0,", ",").replace(".0]", "]")


def given(**inputs):
    """The inputs, in parentheses, at the end of a name. `assert_tensor` puts them into a sentence of their own."""
    return f"({', '.join(f'{name} = {short(values)}' for name, values in inputs.items())})"


def assert_tensor(actual, expected, *, name, **more):
    """As in dojo.expect. Inputs at the end of the name stand in the last sentence of the message."""
    __tracebackhide__ = True
    plain, _, inputs = name.rpartition(" (")
    try:
        expect.assert_tensor(actual, expected, name=plain or name, **more)
    except Mismatch as found:
        says = f"{found.says} The inputs: {inputs[:-1]}." if plain else found.says
        values = {"actual": found.actual, "expected": found.expected, "rtol": found.rtol, "atol": found.atol}
        raise Mismatch(found.kind, says, **values, name=found.name) from None


def gradients(result, inputs, upstream):
    """The gradients at the inputs if `upstream` arrives at the result, None for an input that received none."""
    __tracebackhide__ = True
    try:
        return torch.autograd.grad(result, inputs, upstream, allow_unused=True)
    except RuntimeError as error:
        refuse_returned(str(error))
        raise


def refuse_returned(error):
    """Say in plain words what PyTorch's error says about the tuple that backward returned. Do nothing otherwise."""
    __tracebackhide__ = True
    places = ["first", "second", "third", "fourth"]
    if found := re.search(r"returned an incorrect number of gradients \(expected (\d+), got (\d+)\)", error):
        wanted, got = map(int, found.groups())
        one = "It must return one, because forward has one input besides ctx."
        several = f"It must return {wanted}, one for each input of forward besides ctx."
        returned = f"Your backward returned {got} gradient{'s' * (got != 1)}."
        raise Mismatch("statement", f"{returned} {one if wanted == 1 else several}")
    if found := re.search(r"returned a gradient different than None at position (\d+)", error):
        place = places[int(found[1]) - 1]
        says = f"Entry [{int(found[1]) - 1}] of what your backward returned is not None. It must be None, because"
        raise Mismatch("statement", f"{says} the {place} input of forward besides ctx is not a tensor.")
    if found := re.search(r"returned an invalid gradient at index (\d+) - got (\[.*?\]) .* with (\[.*?\])", error):
        place, own, wanted = (
            places[int(found[1])],
            *(each.replace("[", "(").replace("]", ")") for each in found.groups()[1:]),
        )
        raise Mismatch(
            "shape", f"The gradient that backward returned for the {place} input has shape {own}, not {wanted}."
        )


def assert_gradient(actual, expected, device, name="the gradient at x", **tolerance):
    __tracebackhide__ = True
    assert_tensor(actual, float32(expected), device=device, name=name, **tolerance)


def assert_gradcheck(function, *inputs):
    """Check every derivative against central differences, in float64."""
    __tracebackhide__ = True
    try:
        torch.autograd.gradcheck(function, inputs)
    except GradcheckError as error:
        says = "In float64, gradcheck finds another gradient: your backward does not fit your forward."
        raise Mismatch("value", says) from error


VALUES = [[1.0, -3.0, 0.5], [4.0, -2.0, 7.0]]
UPSTREAM = [[2.0, 0.5, -4.0], [-1.0, 3.0, 10.0]]


@pytest.mark.parametrize("values", [[1.0, -3.0, 0.5], [[4.0, -2.0], [0.0, 7.0], [1.5, 2.5]], -6.0, []])
def test_Square__squares_each_element(device, values):
    actual = kata.Square.apply(on(device, values))
    assert_tensor(actual, float32(np.array(values) ** 2), device=device, name=f"the result {given(x=values)}")


def test_Square__does_not_modify_x(device):
    x = leaf(device, VALUES)
    with assert_unchanged(x=x):
        kata.Square.apply(x)


def test_Square__has_the_gradient_of_a_square(device):
    # The derivative of x^2 is 2 x.
    x = leaf(device, VALUES)
    (actual,) = gradients(kata.Square.apply(x).sum(), [x], None)
    assert_gradient(actual, 2 * np.array(VALUES), device, f"the gradient at x {given(x=VALUES, upstream=1)}")


def test_Square__uses_the_upstream_gradient(device):
    x = leaf(device, VALUES)
    (actual,) = gradients(kata.Square.apply(x), [x], on(device, UPSTREAM))
    name = f"the gradient at x {given(x=VALUES, upstream=UPSTREAM)}"
    assert_gradient(actual, np.array(UPSTREAM) * 2 * np.array(VALUES), device, name)


def test_Square__does_not_modify_the_upstream_gradient(device):
    x, upstream = leaf(device, VALUES), on(device, UPSTREAM)
    with assert_unchanged(x=x, upstream=upstream):
        gradients(kata.Square.apply(x), [x], upstream)


def test_Square__is_right_inside_a_longer_graph(device):
    # ((3 x)^2)^2 = 81 x^4, and its derivative is 324 x^3.
    x = leaf(device, [1.0, -0.5])
    (actual,) = gradients(kata.Square.apply(kata.Square.apply(x * 3)).sum(), [x], None)
    name = f"the gradient of Square(Square(3 * x)).sum() {given(x=[1, -0.5])}"
    assert_gradient(actual, [324, -40.5], device, name)


def test_Square__is_right_or_raises_an_error_if_x_was_changed(device):
    start = leaf(device, [1.0, -3.0])
    x = start * 2
    result = kata.Square.apply(x)
    x.add_(100)
    try:
        (actual,) = gradients(result, [start], on(device, [1.0, 0.5]))
    except RuntimeError:
        return
    # (2 s)^2 = 4 s^2, and its derivative is 8 s.
    name = "the gradient at start, after x = 2 * start was changed in place"
    assert_gradient(actual, [8, -12], device, name)


@pytest.mark.float64
def test_Square__passes_gradcheck(device):
    assert_gradcheck(kata.Square.apply, leaf(device, VALUES, torch.float64))


def test_Square__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("values", [[1.0, -3.0, 0.5], [[4.0, -2.0], [0.0, 7.0], [-1.5, -2.5]], -6.0, []])
def test_Relu__keeps_positive_elements_only(device, values):
    actual = kata.Relu.apply(on(device, values))
    assert_tensor(actual, float32(np.maximum(values, 0)), device=device, name=f"the result {given(x=values)}")


def test_Relu__does_not_modify_x(device):
    x = leaf(device, VALUES)
    with assert_unchanged(x=x):
        kata.Relu.apply(x)


def test_Relu__passes_the_gradient_where_x_is_positive(device):
    x = leaf(device, VALUES)
    (actual,) = gradients(kata.Relu.apply(x), [x], on(device, UPSTREAM))
    name = f"the gradient at x {given(x=VALUES, upstream=UPSTREAM)}"
    assert_gradient(actual, [[2, 0, -4], [-1, 0, 10]], device, name)


def test_Relu__has_the_gradient_0_where_x_is_0(device):
    values, upstream = [0.0, 1.0, 0.0, -2.0], [5.0, 6.0, -7.0, 8.0]
    x = leaf(device, values)
    (actual,) = gradients(kata.Relu.apply(x), [x], on(device, upstream))
    assert_gradient(actual, [0, 6, 0, 0], device, f"the gradient at x {given(x=values, upstream=upstream)}")


def test_Relu__does_not_modify_the_upstream_gradient(device):
    x, upstream = leaf(device, VALUES), on(device, UPSTREAM)
    result = kata.Relu.apply(x)
    with assert_unchanged(x=x, upstream=upstream):
        gradients(result, [x], upstream)


def test_Relu__is_right_next_to_another_path(device):
    # relu(x) + 3 x: the derivative is 4 where x > 0, and 3 where x < 0.
    values, upstream = [-1.0, 2.0, -5.0], [1.0, 10.0, 0.5]
    x = leaf(device, values)
    (actual,) = gradients(kata.Relu.apply(x) + x * 3, [x], on(device, upstream))
    name = f"the gradient of Relu(x) + 3 * x {given(x=values, upstream=upstream)}"
    assert_gradient(actual, [3, 40, 1.5], device, name)


def test_Relu__does_not_call_the_relu_of_pytorch(device):
    places = ("torch", "torch.Tensor", "torch.nn.functional")
    names = [f"{place}.{name}" for place in places for name in ("relu", "relu_")]
    x = leaf(device, VALUES)
    because = "Your code calls PyTorch's relu. Write forward and backward without it."
    with forbid(*names, "torch.nn.ReLU", because=because), count_operators() as operators:
        gradients(kata.Relu.apply(x), [x], on(device, UPSTREAM))
    if operators.counts["aten::relu"] or operators.counts["aten::relu_"]:
        raise Mismatch("forbidden", because)


@pytest.mark.float64
def test_Relu__passes_gradcheck(device):
    assert_gradcheck(kata.Relu.apply, leaf(device, VALUES, torch.float64))


def test_Relu__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [(VALUES, -1, 2), (VALUES, 0.75, 4.5), (VALUES, -2.5, -2.5), (VALUES, -9, 9), (3.0, -1, 1), ([], -1, 1)],
)
def test_ClampStraightThrough__clamps_each_element(device, values, low, high):
    actual = kata.ClampStraightThrough.apply(on(device, values), low, high)
    name = f"the result {given(x=values, low=low, high=high)}"
    assert_tensor(actual, float32(np.clip(values, low, high)), device=device, name=name)


def test_ClampStraightThrough__does_not_modify_x(device):
    x = leaf(device, VALUES)
    with assert_unchanged(x=x):
        kata.ClampStraightThrough.apply(x, -1, 2)


@pytest.mark.parametrize(("low", "high"), [(-1, 2), (0.75, 4.5)])
def test_ClampStraightThrough__passes_the_gradient_on_unchanged(device, low, high):
    x = leaf(device, VALUES)
    (actual,) = gradients(kata.ClampStraightThrough.apply(x, low, high), [x], on(device, UPSTREAM))
    name = f"the gradient at x {given(x=VALUES, low=low, high=high, upstream=UPSTREAM)}"
    assert_gradient(actual, UPSTREAM, device, name)


def test_ClampStraightThrough__does_not_modify_the_upstream_gradient(device):
    x, upstream = leaf(device, VALUES), on(device, UPSTREAM)
    with assert_unchanged(x=x, upstream=upstream):
        gradients(kata.ClampStraightThrough.apply(x, -1, 2), [x], upstream)


def test_ClampStraightThrough__is_right_inside_a_longer_graph(device):
    # y = (clamp(3 x))^2: the upstream gradient is 2 clamp(3 x) = 2 * (1, 0.75, -1), and the derivative of 3 x is 3.
    x = leaf(device, [2.0, 0.25, -4.0])
    (actual,) = gradients((kata.ClampStraightThrough.apply(x * 3, -1, 1) ** 2).sum(), [x], None)
    name = f"the gradient of (ClampStraightThrough(3 * x, -1, 1) ** 2).sum() {given(x=[2, 0.25, -4])}"
    assert_gradient(actual, [6, 4.5, -6], device, name)


@pytest.mark.float64
def test_ClampStraightThrough__is_exact_in_float64(device):
    x = leaf(device, [-7.0, 0.15, 9.0], torch.float64)
    result = kata.ClampStraightThrough.apply(x, 0.1, 0.3)
    assert_tensor(result, np.array([0.1, 0.15, 0.3]), device=device, rtol=1e-14, atol=0, name="the result in float64")
    (actual,) = gradients(result, [x], on(device, [0.7, -0.1, 3.0], torch.float64))
    assert_tensor(actual, np.array([0.7, -0.1, 3.0]), device=device, rtol=1e-14, atol=0, name="the gradient at x")


def test_ClampStraightThrough__does_what_its_example_shows(example):
    example.check(kata)


FACTORS = [[5.0, 2.0, -6.0], [0.25, 8.0, 3.0]]


@pytest.mark.parametrize(("values", "factors"), [(VALUES, FACTORS), (3.0, -2.0), ([], [])])
def test_Product__multiplies_element_by_element(device, values, factors):
    actual = kata.Product.apply(on(device, values), on(device, factors))
    name = f"the result {given(a=values, b=factors)}"
    assert_tensor(actual, float32(np.array(values) * factors), device=device, name=name)


def test_Product__does_not_modify_a_or_b(device):
    a, b = leaf(device, VALUES), leaf(device, FACTORS)
    with assert_unchanged(a=a, b=b):
        kata.Product.apply(a, b)


@pytest.mark.parametrize("swapped", [False, True])
def test_Product__returns_a_gradient_for_each_input(device, swapped):
    values, factors = (FACTORS, VALUES) if swapped else (VALUES, FACTORS)
    a, b = leaf(device, values), leaf(device, factors)
    # d(a b)/da = b, d(a b)/db = a.
    at_a, at_b = gradients(kata.Product.apply(a, b), [a, b], on(device, UPSTREAM))
    inputs = given(a=values, b=factors, upstream=UPSTREAM)
    assert_gradient(at_a, np.array(UPSTREAM) * factors, device, f"the gradient at a {inputs}")
    assert_gradient(at_b, np.array(UPSTREAM) * values, device, f"the gradient at b {inputs}")


def test_Product__is_right_where_a_factor_is_0(device):
    values, factors, upstream = [0.0, 2.0, 0.0], [3.0, 0.0, 0.0], [1.0, -10.0, 2.0]
    a, b = leaf(device, values), leaf(device, factors)
    at_a, at_b = gradients(kata.Product.apply(a, b), [a, b], on(device, upstream))
    inputs = given(a=values, b=factors, upstream=upstream)
    assert_gradient(at_a, [3, 0, 0], device, f"the gradient at a {inputs}")
    assert_gradient(at_b, [0, -20, 0], device, f"the gradient at b {inputs}")


def test_Product__is_right_for_a_tensor_times_itself(device):
    x = leaf(device, [2.0, -3.0])
    (actual,) = gradients(kata.Product.apply(x, x), [x], on(device, [1.0, 10.0]))
    name = f"the gradient of Product(x, x) {given(x=[2, -3], upstream=[1, 10])}"
    assert_gradient(actual, [4, -60], device, name)


def test_Product__does_not_modify_the_upstream_gradient(device):
    a, b, upstream = leaf(device, VALUES), leaf(device, FACTORS), on(device, UPSTREAM)
    with assert_unchanged(a=a, b=b, upstream=upstream):
        gradients(kata.Product.apply(a, b), [a, b], upstream)


@pytest.mark.parametrize("needed", ["a", "b"])
def test_Product__is_right_if_one_input_requires_grad(device, needed):
    inputs = {"a": on(device, VALUES), "b": on(device, FACTORS)}
    inputs[needed].requires_grad_()
    result = kata.Product.apply(inputs["a"], inputs["b"])
    (actual,) = gradients(result, [inputs[needed]], on(device, UPSTREAM))
    other = FACTORS if needed == "a" else VALUES
    name = f"only {needed} requires grad: the gradient at {needed}"
    assert_gradient(actual, np.array(UPSTREAM) * other, device, name)


@pytest.mark.parametrize("needed", ["a", "b"])
def test_Product__does_not_compute_a_gradient_that_is_not_needed(device, needed):
    def operations(names):
        inputs = {"a": on(device, VALUES), "b": on(device, FACTORS)}
        leaves = [inputs[name].requires_grad_() for name in names]
        result, upstream = kata.Product.apply(inputs["a"], inputs["b"]), on(device, UPSTREAM)
        with count_operators() as operators:
            gradients(result, leaves, upstream)
        return operators.total

    one, both = operations(needed), operations("ab")
    if one >= both:
        says = (
            f"If only {needed} requires grad, your backward pass runs {one} tensor operations. If both do, it runs "
            f"{both}. Do not compute the gradient that is not needed."
        )
        raise Mismatch("operators", says)


@pytest.mark.float64
def test_Product__passes_gradcheck(device):
    assert_gradcheck(kata.Product.apply, leaf(device, VALUES, torch.float64), leaf(device, FACTORS, torch.float64))


def test_Product__does_what_its_example_shows(example):
    example.check(kata)


# The second pair of scores and labels never has the last class, so the number of classes is not max(labels) + 1.
ROWS = [
    ([[1.0, 2.0, -0.5], [0.0, 3.0, 1.5]], [2, 0]),
    ([[1.0, 2.0, 0.5], [0.0, -3.0, 1.5], [4.0, 0.25, 3.0]], [1, 1, 0]),
    ([[0.5, -1.0], [2.0, 2.5], [-3.0, 0.0], [1.0, 1.0]], [0, 0, 1, 1]),
    ([[0.5, 1.0, -2.0, 1.5]], [3]),
]
LARGE = [[1000.0, 0.0, 999.0], [-1000.0, -1001.0, -2000.0]]


def _loss(scores, labels):
    """The mean of log(sum of exp) - the score of the label, each row shifted by its maximum."""
    shifted = np.array(scores) - np.max(scores, axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]).mean()


def _gradient(scores, labels):
    """(softmax - one_hot) / N, derived on paper."""
    scores = np.array(scores)
    return (foundations.softmax(scores) - np.eye(scores.shape[1])[labels]) / len(labels)


@pytest.mark.parametrize(("scores", "labels"), ROWS)
def test_SoftmaxCrossEntropy__averages_the_loss_over_the_rows(device, scores, labels):
    actual = kata.SoftmaxCrossEntropy.apply(on(device, scores), on(device, labels, torch.int64))
    name = f"the loss {given(scores=scores, labels=labels)}"
    assert_tensor(actual, float32(_loss(scores, labels)), device=device, name=name)


@pytest.mark.parametrize("labels", [[0, 1], [2, 2], [1, 0]])
def test_SoftmaxCrossEntropy__is_accurate_for_large_scores(device, labels):
    actual = kata.SoftmaxCrossEntropy.apply(on(device, LARGE), on(device, labels, torch.int64))
    inputs, expected = given(scores=LARGE, labels=labels), _loss(LARGE, labels)
    if isinstance(actual, torch.Tensor) and actual.shape == () and 0 < float(actual) < expected / 2:
        # An epsilon inside the log, or a clamp. The numbers differ, but the mistake is the same: show no values.
        raise Mismatch("value", f"The loss is not near {expected:.6g}. The inputs: {inputs[1:-1]}.")
    assert_tensor(actual, float32(expected), device=device, rtol=1e-4, name=f"the loss {inputs}")


def test_SoftmaxCrossEntropy__does_not_modify_scores_or_labels(device):
    scores, labels = leaf(device, ROWS[0][0]), on(device, ROWS[0][1], torch.int64)
    with assert_unchanged(scores=scores, labels=labels):
        kata.SoftmaxCrossEntropy.apply(scores, labels)


@pytest.mark.parametrize(("scores", "labels"), ROWS)
def test_SoftmaxCrossEntropy__returns_the_gradient_at_the_scores(device, scores, labels):
    x = leaf(device, scores)
    result = kata.SoftmaxCrossEntropy.apply(x, on(device, labels, torch.int64))
    (actual,) = gradients(result, [x], None)
    name = f"the gradient at scores {given(scores=scores, labels=labels, upstream=1)}"
    assert_gradient(actual, _gradient(scores, labels), device, name)


@pytest.mark.parametrize("factor", [8.0, -0.5])
def test_SoftmaxCrossEntropy__uses_the_upstream_gradient(device, factor):
    scores, labels = ROWS[2]
    x = leaf(device, scores)
    result = kata.SoftmaxCrossEntropy.apply(x, on(device, labels, torch.int64))
    (actual,) = gradients(result * factor, [x], None)
    name = f"the gradient at scores {given(scores=scores, labels=labels)[:-1]}, upstream = {factor:g})"
    assert_gradient(actual, factor * _gradient(scores, labels), device, name)


def test_SoftmaxCrossEntropy__has_the_right_gradient_for_large_scores(device):
    labels = [1, 0]
    x = leaf(device, LARGE)
    result = kata.SoftmaxCrossEntropy.apply(x, on(device, labels, torch.int64))
    (actual,) = gradients(result, [x], None)
    name = f"the gradient at scores {given(scores=LARGE, labels=labels, upstream=1)}"
    assert_gradient(actual, _gradient(LARGE, labels), device, name, rtol=1e-4)


def test_SoftmaxCrossEntropy__gives_the_same_gradient_a_second_time(device):
    scores, labels = ROWS[0]
    x = leaf(device, scores)
    result = kata.SoftmaxCrossEntropy.apply(x, on(device, labels, torch.int64))
    torch.autograd.grad(result, x, retain_graph=True, allow_unused=True)
    (actual,) = gradients(result, [x], None)
    assert_gradient(actual, _gradient(scores, labels), device, "the gradient at scores in the second backward pass")


def test_SoftmaxCrossEntropy__does_not_modify_the_upstream_gradient(device):
    scores, labels = leaf(device, ROWS[0][0]), on(device, ROWS[0][1], torch.int64)
    upstream = on(device, 8.0)
    with assert_unchanged(scores=scores, labels=labels, upstream=upstream):
        gradients(kata.SoftmaxCrossEntropy.apply(scores, labels), [scores], upstream)


def test_SoftmaxCrossEntropy__does_not_call_cross_entropy(device, monkeypatch):
    scores, labels = leaf(device, ROWS[0][0]), on(device, ROWS[0][1], torch.int64)
    because = "Your code calls PyTorch's cross_entropy. Compute the loss and its gradient without it."

    def refuse(*args, **kwargs):
        raise Mismatch("forbidden", because)

    with forbid("torch.nn.functional.cross_entropy", "torch.nn.CrossEntropyLoss", because=because):
        # `forbid` sees the forward pass only, because PyTorch turns it off during a backward pass.
        monkeypatch.setattr(torch.nn.functional, "cross_entropy", refuse)
        gradients(kata.SoftmaxCrossEntropy.apply(scores, labels), [scores], None)


@pytest.mark.float64
def test_SoftmaxCrossEntropy__passes_gradcheck(device):
    scores, labels = ROWS[0]
    assert_gradcheck(
        kata.SoftmaxCrossEntropy.apply, leaf(device, scores, torch.float64), on(device, labels, torch.int64)
    )


def test_SoftmaxCrossEntropy__does_what_its_example_shows(example):
    example.check(kata)
