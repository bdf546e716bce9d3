"""The specification of katas/lesson_3_nn_module/kata_04_nonlinearity.py."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_owns_memory,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
    kind_of,
)
from katas.lesson_3_nn_module import kata_04_nonlinearity as kata

CORE = ("collapse", "Xor")


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def slopes(result, x, upstream):
    """The gradient at x for this upstream gradient at the result."""
    __tracebackhide__ = True
    if not isinstance(result, torch.Tensor) or result.grad_fn is None:
        raise Mismatch("graph", "The result has no graph, so no gradient can reach the inputs.")
    return torch.autograd.grad(result, x, upstream, allow_unused=True)[0]


def why_unlisted(module, name):
    """Why the module does not list a parameter, in words."""
    if name in module.state_dict():
        return "it is a buffer, which is not trained"
    if name in vars(type(module)):
        return "it is an attribute of the class, not of the module"
    layer, _, last = name.rpartition(".")
    if layer and getattr(getattr(module, layer, None), last, ...) is None:
        return f"the {last} of {layer} is None"
    if layer and not hasattr(module, layer):
        return f"the module has no attribute {layer}"
    if not hasattr(module, name):
        return "the module has no attribute with this name"
    value = getattr(module, name)
    return f"it is {kind_of(value)}, not an nn.Parameter"


def assert_parameters(module, shapes, dtype=torch.float32):
    """Check that the module has parameters with these names and shapes, and no others, and that each can be trained."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    for name, shape in shapes.items():
        if name not in found:
            raise Mismatch("statement", f"named_parameters() lacks {name}, because {why_unlisted(module, name)}.")
        if tuple(found[name].shape) != shape:
            raise Mismatch("shape", f"The parameter {name} has shape {tuple(found[name].shape)}. It must be {shape}.")
        if found[name].dtype != dtype:
            raise Mismatch("dtype", f"The parameter {name} has dtype {found[name].dtype}. It must be {dtype}.")
        if not (found[name].is_leaf and found[name].requires_grad):
            raise Mismatch("statement", f"The parameter {name} can't be trained, because its requires_grad is False.")
    more = [name for name in [*found, *module.state_dict()] if name not in shapes]
    if more:
        raise Mismatch("statement", f"The module also lists {more[0]}, which must not be there.")


def distinct(seed, *shape):
    """The numbers 1, -2, 3, -4 and so on, in an order drawn from `seed`, as float64."""
    numbers = np.arange(1.0, np.prod(shape) + 1)
    numbers[1::2] *= -1
    return np.random.default_rng(seed).permutation(numbers).reshape(shape)


def linear(device, weight, bias, dtype=torch.float32):
    """An nn.Linear with this weight and bias. The bias may be None."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        if bias is not None:
            layer.bias.copy_(torch.tensor(bias))
    return layer.to(device=device, dtype=dtype)


def assert_layer(actual, weight, bias, device, dtype=np.float32):
    __tracebackhide__ = True
    if not isinstance(actual, nn.Linear):
        raise Mismatch("type", f"The result is {kind_of(actual)}. It must be one nn.Linear.")
    if actual.bias is None:
        raise Mismatch("statement", "The result has no bias. It must have one, perhaps of zeros.")
    assert_tensor(actual.weight, weight.astype(dtype), device=device, name="the weight")
    assert_tensor(actual.bias, bias.astype(dtype), device=device, name="the bias")


@pytest.mark.parametrize(("i", "h", "o"), [(2, 5, 3), (4, 3, 1), (1, 2, 4)])
def test_collapse__computes_the_same_as_two_layers(device, i, h, o):
    w1, b1, w2, b2 = distinct(1, h, i), distinct(2, h), distinct(3, o, h), distinct(4, o)
    actual = kata.collapse(linear(device, w1, b1), linear(device, w2, b2))
    assert_layer(actual, w2 @ w1, w2 @ b1 + b2, device)
    x = distinct(5, 6, i)
    assert_tensor(actual(on(device, x)).detach(), float32((x @ w1.T + b1) @ w2.T + b2), device=device, atol=1e-4)


@pytest.mark.parametrize("size", [2, 3])
def test_collapse__is_right_if_both_weights_are_square(device, size):
    w1, b1, w2, b2 = distinct(1, size, size), distinct(2, size), distinct(3, size, size), distinct(4, size)
    actual = kata.collapse(linear(device, w1, b1), linear(device, w2, b2))
    assert_layer(actual, w2 @ w1, w2 @ b1 + b2, device)


def test_collapse__has_the_right_in_features_and_out_features(device):
    actual = kata.collapse(linear(device, distinct(1, 5, 2), None), linear(device, distinct(3, 3, 5), distinct(4, 3)))
    if not isinstance(actual, nn.Linear):
        raise Mismatch("type", f"The result is {kind_of(actual)}. It must be one nn.Linear.")
    assert_value((actual.in_features, actual.out_features), (2, 3), name="(in_features, out_features)")


def test_collapse__accepts_a_first_layer_without_a_bias(device):
    w1, w2, b2 = distinct(1, 5, 2), distinct(3, 3, 5), distinct(4, 3)
    second = linear(device, w2, b2)
    actual = kata.collapse(linear(device, w1, None), second)
    assert_layer(actual, w2 @ w1, b2, device)
    assert_owns_memory(actual.bias, second.bias, name="the bias", other_name="the bias of the second layer")


def test_collapse__accepts_a_second_layer_without_a_bias(device):
    w1, b1, w2 = distinct(1, 5, 2), distinct(2, 5), distinct(3, 3, 5)
    assert_layer(kata.collapse(linear(device, w1, b1), linear(device, w2, None)), w2 @ w1, w2 @ b1, device)


def test_collapse__accepts_two_layers_without_a_bias(device):
    w1, w2 = distinct(1, 5, 2), distinct(3, 3, 5)
    assert_layer(kata.collapse(linear(device, w1, None), linear(device, w2, None)), w2 @ w1, np.zeros(3), device)


def test_collapse__can_be_trained_without_the_two_layers(device):
    first = linear(device, distinct(1, 5, 2), distinct(2, 5))
    second = linear(device, distinct(3, 3, 5), distinct(4, 3))
    given = [*first.parameters(), *second.parameters()]
    names = ["first.weight", "first.bias", "second.weight", "second.bias"]
    with assert_unchanged(**dict(zip(names, given, strict=True))):
        actual = kata.collapse(first, second)
    for name, values in dict(zip(names, given, strict=True)).items():
        for own, parameter in actual.named_parameters():
            assert_owns_memory(parameter, values, name=f"the {own}", other_name=name)
    if not all(now is then for now, then in zip([*first.parameters(), *second.parameters()], given, strict=True)):
        raise Mismatch(
            "mutated", "One of the two layers has another parameter than before. Do not change the two layers."
        )
    assert_parameters(actual, {"weight": (3, 2), "bias": (3,)})
    actual(on(device, distinct(6, 4, 2))).sum().backward()
    if any(each.grad is not None for each in given):
        raise Mismatch("graph", "A gradient of the result reaches the two layers. Its parameters have a graph.")


@pytest.mark.float64
def test_collapse__keeps_float64(device):
    w1, b1, w2, b2 = distinct(1, 5, 2) / 7, distinct(2, 5) / 7, distinct(3, 3, 5) / 7, distinct(4, 3) / 7
    actual = kata.collapse(linear(device, w1, b1, torch.float64), linear(device, w2, b2, torch.float64))
    assert_layer(actual, w2 @ w1, w2 @ b1 + b2, device, np.float64)


def test_collapse__does_what_its_example_shows(example):
    example.check(kata)


CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR_SHAPES = {"hidden.weight": (2, 2), "hidden.bias": (2,), "output.weight": (1, 2), "output.bias": (1,)}
# Hidden sums and outputs are above and below 0, and the weights are not symmetric.
XOR_WEIGHTS = {
    "hidden.weight": np.array([[1.0, 2.0], [-3.0, 0.5]]),
    "hidden.bias": np.array([0.5, -1.0]),
    "output.weight": np.array([[-2.0, 3.0]]),
    "output.bias": np.array([1.5]),
}
XOR_INPUTS = np.array([[1.0, 1.0], [-2.0, 0.5], [-1.0, -2.0], [3.0, -1.0], [0.25, 4.0]])


def loaded_xor(device, dtype=torch.float32):
    """An Xor with XOR_WEIGHTS."""
    __tracebackhide__ = True
    net = kata.Xor()
    assert_parameters(net, XOR_SHAPES)
    net.load_state_dict({name: torch.tensor(values, dtype=torch.float32) for name, values in XOR_WEIGHTS.items()})
    return net.to(device=device, dtype=dtype)


def xor_by_hand(x):
    """The sums in the hidden units, and the results."""
    sums = x @ XOR_WEIGHTS["hidden.weight"].T + XOR_WEIGHTS["hidden.bias"]
    outputs = np.maximum(sums, 0) @ XOR_WEIGHTS["output.weight"].T + XOR_WEIGHTS["output.bias"]
    return sums, outputs[:, 0]


def test_Xor__has_a_hidden_and_an_output_layer():
    net = kata.Xor()
    assert_parameters(net, XOR_SHAPES)
    for name in ("hidden", "output"):
        if not isinstance(getattr(net, name), nn.Linear):
            kind = type(getattr(net, name)).__name__
            raise Mismatch("type", f"The layer {name} is of type {kind}. It must be an nn.Linear.")


def test_Xor__computes_with_the_current_values(device):
    x = on(device, XOR_INPUTS)
    before = kata.Xor().to(device)(x)
    with assert_unchanged(x=x):
        actual = loaded_xor(device)(x)
    if isinstance(actual, torch.Tensor) and torch.equal(actual, before):
        raise Mismatch("statement", "The weights and biases were changed, but your results are the same as before.")
    assert_tensor(actual.detach(), float32(xor_by_hand(XOR_INPUTS)[1]), device=device)


def test_Xor__is_right_for_all_four_inputs(device):
    actual = kata.Xor().to(device)(on(device, CORNERS))
    assert_tensor(actual.detach(), float32([0, 1, 1, 0]), device=device)


def test_Xor__accepts_any_number_of_rows(device):
    net = kata.Xor().to(device)
    for rows in ([1], [3], [2, 0, 1, 3, 3, 0, 2], []):
        x = on(device, np.array(CORNERS)[rows])
        expected = float32(np.array([0, 1, 1, 0])[rows])
        assert_tensor(
            net(x).detach(), expected, device=device, name=f"the result for {len(rows)} row{'s' * (len(rows) != 1)}"
        )


@pytest.mark.float64
def test_Xor__lets_gradients_reach_all_parameters(device):
    net = loaded_xor(device, torch.float64)
    upstream = np.array([1.0, -2.0, 0.5, 3.0, -1.5])
    net(on(device, XOR_INPUTS, torch.float64)).backward(on(device, upstream, torch.float64))
    sums, _ = xor_by_hand(XOR_INPUTS)
    to_sums = upstream[:, None] * XOR_WEIGHTS["output.weight"] * (sums > 0)
    expected = {
        "hidden.weight": to_sums.T @ XOR_INPUTS,
        "hidden.bias": to_sums.sum(axis=0),
        "output.weight": upstream[None] @ np.maximum(sums, 0),
        "output.bias": upstream.sum(keepdims=True),
    }
    for name, parameter in net.named_parameters():
        if parameter.grad is None:
            raise Mismatch("graph", f"No gradient reaches {name}. The graph from {name} to the result is cut.")
        assert_tensor(parameter.grad, expected[name], device=device, name=f"the gradient of {name}")


def test_Xor__has_separate_parameters_in_each_object(device):
    net, x = kata.Xor().to(device), on(device, CORNERS)
    copied = copy.deepcopy(net)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(5.0)
    assert_tensor(copied(x).detach(), float32([0, 1, 1, 0]), device=device, name="the result of a copy")
    another = kata.Xor().to(device)
    assert_tensor(another(x).detach(), float32([0, 1, 1, 0]), device=device, name="the result of a second Xor")
    copied.load_state_dict(net.state_dict())
    # If all parameters are 5, a hidden unit is 5 s + 5 for inputs with the sum s, and the result 2 * 5 * (5 s + 5) + 5.
    assert_tensor(
        copied(x).detach(), float32([55, 105, 105, 155]), device=device, name="the result for parameters of 5"
    )


def test_Xor__does_what_its_example_shows(example):
    example.check(kata)


VALUES = [[1.5, -3.0, 0.25], [-0.5, 2.0, -7.0]]
UPSTREAM = [[2.0, 0.5, -4.0], [-1.0, 3.0, 10.0]]


@pytest.mark.parametrize("values", [VALUES, [-400.0, 0.0, 600.0, -0.5], -2.0, [1.5, 0.25], np.zeros((0, 2))])
def test_relu__keeps_positive_elements(device, values):
    x = on(device, values)
    actual = kata.relu(x)
    assert_tensor(actual, float32(np.maximum(values, 0)), device=device)
    if x.numel():
        assert_owns_memory(actual, x)


def test_relu__has_derivative_1_above_0_and_0_below(device):
    x = on(device, VALUES).requires_grad_()
    actual = slopes(kata.relu(x), x, on(device, UPSTREAM))
    assert_tensor(actual, float32(UPSTREAM) * (np.array(VALUES) > 0), device=device, name="the gradient")


def test_relu__has_derivative_0_at_0(device):
    x = on(device, [0.0, 3.0, 0.0]).requires_grad_()
    actual = slopes(kata.relu(x), x, on(device, [2.0, 5.0, -3.0]))
    assert_tensor(actual, float32([0, 5, 0]), device=device, name="the gradient")


def test_relu__does_not_change_the_inputs(device):
    x = on(device, VALUES)
    with assert_unchanged(inputs=x):
        kata.relu(x)


@pytest.mark.float64
def test_relu__keeps_float64(device):
    assert_tensor(kata.relu(on(device, VALUES, torch.float64)), np.maximum(VALUES, 0), device=device)


def test_relu__does_not_use_the_relu_of_pytorch(device):
    names = ["relu", "relu_", "Tensor.relu", "Tensor.relu_", "nn.functional.relu", "nn.functional.relu_", "nn.ReLU"]
    names += ["nn.functional.leaky_relu", "nn.LeakyReLU", "nn.functional.threshold", "nn.Threshold"]
    with forbid(
        *(f"torch.{name}" for name in names),
        because="Your code uses an activation function of PyTorch. Write relu by hand here.",
    ):
        kata.relu(on(device, VALUES))


def test_relu__does_what_its_example_shows(example):
    example.check(kata)


class Recording(nn.Module):
    """Multiplies x by a parameter, and keeps whether autograd recorded this."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(2.0))
        self.recorded = False

    def forward(self, x):
        answer = x * self.factor
        self.recorded = self.recorded or answer.grad_fn is not None
        return answer


LEFT, RIGHT = [[-1.0, 2.0]], [[3.0, -4.0]]


def test_bends__finds_the_bend_of_a_relu(device):
    # At the midpoint [1, -1] relu is [1, 0]; the mean of [0, 2] and [3, 0] is [1.5, 1].
    assert_value(kata.bends(nn.ReLU(), on(device, LEFT), on(device, RIGHT)), True)


def test_bends__finds_an_upward_bend(device):
    net = nn.Sequential(nn.ReLU(), linear(device, np.array([[-1.0, -3.0]]), np.array([5.0])))
    assert_value(kata.bends(net, on(device, LEFT), on(device, RIGHT)), True)


def test_bends__finds_none_in_a_linear_layer(device):
    layer = linear(device, distinct(1, 3, 2), distinct(2, 3))
    assert_value(kata.bends(layer, on(device, LEFT), on(device, RIGHT)), False)


def test_bends__finds_none_in_a_deep_linear_net(device):
    # Rounding makes these results differ from the mean by about 1e-6.
    layers = [
        linear(device, distinct(i, o, h) / 30, distinct(i, o) / 30) for i, h, o in [(1, 2, 7), (2, 7, 6), (3, 6, 3)]
    ]
    left, right = on(device, distinct(5, 4, 2) / 10), on(device, distinct(6, 4, 2) / 10)
    assert_value(kata.bends(nn.Sequential(*layers), left, right), False)


def test_bends__finds_none_where_a_relu_is_straight(device):
    assert_value(kata.bends(nn.ReLU(), on(device, [[1.0, 5.0]]), on(device, [[3.0, 2.0]])), False)


def test_bends__finds_none_if_no_row_bends(device):
    # Both rows are straight, one above 0 and one below. The mean of all four inputs is 0, in the bend.
    assert_value(kata.bends(nn.ReLU(), on(device, [[1.0], [-3.0]]), on(device, [[3.0], [-1.0]])), False)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_bends__finds_a_bend_in_a_single_entry(device, row):
    left, right = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 1.0]]), np.array([[3.0, 2.0], [1.0, 6.0], [5.0, 7.0]])
    left[row, 1] = -1.0
    assert_value(kata.bends(nn.ReLU(), on(device, left), on(device, right)), True)


def test_bends__does_not_let_two_bends_cancel(device):
    # The two entries bend by the same amount, one down and one up.
    net = nn.Sequential(nn.ReLU(), linear(device, np.array([[1.0, 0.0], [-1.0, 0.0]]), None))
    assert_value(kata.bends(net, on(device, [[-2.0, 0.0]]), on(device, [[2.0, 0.0]])), True)


def test_bends__compares_with_the_tolerance(device):
    # The first row bends by 0.5 and by 1. The norm of the two is 1.12, and their mean 0.75. The other row is straight.
    left, right = on(device, [*LEFT, [1.0, 5.0]]), on(device, [*RIGHT, [3.0, 2.0]])
    for tolerance, expected in [(1.05, False), (0.95, True)]:
        actual = kata.bends(nn.ReLU(), left, right, tolerance=tolerance)
        assert_value(actual, expected, name=f"the result for tolerance {tolerance}")


def test_bends__finds_a_small_bend_between_large_results(device):
    # Near 1000 it bends by 1/128, which float32 holds exactly.
    net = nn.Sequential(nn.ReLU(), linear(device, np.array([[1.0]]), np.array([1000.0])))
    left, right = on(device, [[-1 / 64]]), on(device, [[1 / 64]])
    assert_value(kata.bends(net, left, right), True)


def test_bends__leaves_recording_off_if_it_was_off(device):
    layer = linear(device, distinct(1, 3, 2), distinct(2, 3))
    with torch.no_grad():
        kata.bends(layer, on(device, LEFT), on(device, RIGHT))
        recording = torch.is_grad_enabled()
    if recording:
        raise Mismatch("graph", "Your code left gradient recording on, although it was off before the call.")


def test_bends__records_no_graph(device):
    model, left = Recording().to(device), on(device, LEFT)
    assert_value(kata.bends(model, left, on(device, RIGHT)), False)
    if model.recorded:
        raise Mismatch("graph", "Autograd recorded a graph during your call.")
    if not torch.is_grad_enabled():
        raise Mismatch("statement", "Your code left gradient recording off. It was on before the call.")


def test_bends__does_not_change_the_inputs_and_the_model(device):
    layer, left, right = linear(device, distinct(1, 3, 2), distinct(2, 3)), on(device, LEFT), on(device, RIGHT)
    with assert_unchanged(left=left, right=right, weight=layer.weight, bias=layer.bias):
        kata.bends(layer, left, right)
    assert_parameters(layer, {"weight": (3, 2), "bias": (3,)})


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_bends__does_not_change_training_of_a_module(device, training):
    model = nn.Sequential(linear(device, distinct(1, 3, 2), None), nn.Sequential(nn.ReLU(), nn.Dropout(0.0)))
    model.train(training)
    model[1][1].train(not training)
    before = {name: module.training for name, module in model.named_modules()}
    kata.bends(model, on(device, LEFT), on(device, RIGHT))
    after = {name: module.training for name, module in model.named_modules()}
    assert_value(after, before, name="the dict of `training` of every module after the call")


@pytest.mark.float64
def test_bends__accepts_float64(device):
    # It bends by 1e-9, which only float64 shows.
    net = nn.Sequential(nn.ReLU(), linear(device, np.array([[1.0]]), np.array([1.0]), torch.float64))
    left, right = (on(device, [[end]], torch.float64) for end in (-2e-9, 2e-9))
    assert_value(kata.bends(net, left, right, tolerance=1e-10), True)


def test_bends__does_what_its_example_shows(example):
    example.check(kata)


def logistic(values):
    """The sigmoid in float64, with the form that does not overflow."""
    values = np.asarray(values, dtype=np.float64)
    powers = np.exp(-np.abs(values))
    return np.where(values < 0, powers, 1.0) / (1 + powers)


@pytest.mark.parametrize("values", [VALUES, [-4.0, 0.0, 6.0, 9.0, -12.0], 0.75, np.zeros((0, 2))])
def test_sigmoid__matches_the_formula(device, values):
    assert_tensor(kata.sigmoid(on(device, values)), float32(logistic(values)), device=device)


@pytest.mark.parametrize("values", [[1000.0, 89.0, 20.0], [-1000.0, -89.0, -20.0]])
def test_sigmoid__accepts_large_elements(device, values):
    assert_tensor(kata.sigmoid(on(device, values)), float32(logistic(values)), device=device)


def test_sigmoid__has_the_gradient_of_the_formula(device):
    x = on(device, VALUES).requires_grad_()
    s = logistic(VALUES)
    actual = slopes(kata.sigmoid(x), x, on(device, UPSTREAM))
    assert_tensor(actual, float32(UPSTREAM * s * (1 - s)), device=device, name="the gradient")


def test_sigmoid__has_the_right_gradient_at_0(device):
    x = on(device, [0.0, 2.0, 0.0]).requires_grad_()
    s = logistic([0.0, 2.0, 0.0])
    actual = slopes(kata.sigmoid(x), x, on(device, [4.0, 1.0, -2.0]))
    assert_tensor(actual, float32([4, 1, -2] * s * (1 - s)), device=device, name="the gradient")


@pytest.mark.float64
def test_sigmoid__is_right_to_the_last_digits_of_float64(device):
    values = [-26.0, -24.0, -21.5, 21.5, 24.0, -1000.0, 1000.0]
    x = on(device, values, torch.float64).requires_grad_()
    actual, s = kata.sigmoid(x), logistic(values)
    # Near 1, float64 rounds by 1e-16. The sigmoid of -26 is 5e-12.
    assert_tensor(actual.detach(), s, device=device, rtol=0.0, atol=1e-14)
    gradient = slopes(actual, x, torch.ones_like(x))
    assert_tensor(gradient, s * (1 - s), device=device, rtol=0.0, atol=1e-14, name="the gradient")


@pytest.mark.parametrize("values", [[1000.0, 89.0], [-1000.0, -89.0]])
def test_sigmoid__has_gradient_0_at_large_elements(device, values):
    x = on(device, values).requires_grad_()
    actual = slopes(kata.sigmoid(x), x, on(device, [3.0, -2.0]))
    assert_tensor(actual, np.zeros(2, np.float32), device=device, name="the gradient")


def test_sigmoid__does_not_change_the_inputs(device):
    x = on(device, VALUES)
    with assert_unchanged(inputs=x):
        kata.sigmoid(x)


@pytest.mark.float64
def test_sigmoid__keeps_float64(device):
    assert_tensor(kata.sigmoid(on(device, VALUES, torch.float64)), logistic(VALUES), device=device)


def test_sigmoid__does_not_use_the_sigmoid_of_pytorch(device):
    names = ["sigmoid", "sigmoid_", "Tensor.sigmoid", "Tensor.sigmoid_", "special.expit", "nn.functional.sigmoid"]
    names += ["nn.functional.logsigmoid", "nn.functional.silu", "nn.Sigmoid", "nn.LogSigmoid", "nn.SiLU"]
    with forbid(
        *(f"torch.{name}" for name in names),
        because="Your code uses PyTorch's sigmoid. Write it by hand here.",
    ):
        kata.sigmoid(on(device, VALUES))


def test_sigmoid__does_what_its_example_shows(example):
    example.check(kata)


def with_beta(device, value, dtype=torch.float32):
    """A Swish with this beta."""
    __tracebackhide__ = True
    swish = kata.Swish()
    assert_parameters(swish, {"beta": ()})
    swish.load_state_dict({"beta": torch.tensor(value)})
    return swish.to(device=device, dtype=dtype)


@pytest.mark.parametrize("values", [VALUES, [-4.0, 0.0, 6.0], -2.0, np.zeros((0, 2)), distinct(1, 2, 3, 4) / 4])
def test_Swish__starts_with_beta_1(device, values):
    swish = kata.Swish().to(device)
    expected = float32(values * logistic(values))
    actual = swish(on(device, values))
    assert_tensor(actual.detach() if isinstance(actual, torch.Tensor) else actual, expected, device=device)


def test_Swish__has_one_parameter_named_beta():
    swish = kata.Swish()
    assert_parameters(swish, {"beta": ()})
    assert_tensor(swish.beta.detach(), float32(1), name="beta at the start")


@pytest.mark.parametrize("beta", [2.0, -0.5, 0.0])
def test_Swish__multiplies_by_beta_inside_the_sigmoid(device, beta):
    actual = with_beta(device, beta)(on(device, VALUES)).detach()
    assert_tensor(actual, float32(VALUES * logistic(beta * np.array(VALUES))), device=device)


@pytest.mark.float64
@pytest.mark.parametrize("beta", [2.0, -0.5])
def test_Swish__lets_gradients_reach_beta_and_x(device, beta):
    # y = x s(beta x): dy/dbeta = x^2 s (1 - s), summed up; dy/dx = s + beta x s (1 - s).
    swish = with_beta(device, beta, torch.float64)
    x = on(device, VALUES, torch.float64).requires_grad_()
    swish(x).backward(on(device, UPSTREAM, torch.float64))
    values, s = np.array(VALUES), logistic(beta * np.array(VALUES))
    if swish.beta.grad is None:
        raise Mismatch("graph", "No gradient reaches beta. The graph from beta to the result is cut.")
    expected = (UPSTREAM * values**2 * s * (1 - s)).sum()
    assert_tensor(swish.beta.grad, np.array(expected), device=device, name="the gradient of beta")
    expected = UPSTREAM * (s + beta * values * s * (1 - s))
    assert_tensor(x.grad, expected, device=device, name="the gradient of x")


def test_Swish__accepts_large_elements(device):
    x = on(device, [-1000.0, 1000.0]).requires_grad_()
    swish = kata.Swish().to(device)
    actual = swish(x)
    assert_tensor(actual.detach(), float32([0, 1000]), device=device)
    assert_tensor(slopes(actual, x, on(device, [3.0, -2.0])), float32([0, -2]), device=device, name="the gradient")


def test_Swish__does_not_change_x(device):
    x = on(device, VALUES)
    with assert_unchanged(x=x):
        kata.Swish().to(device)(x)


def test_Swish__works_in_a_sequential(device):
    w1, b1, w2 = distinct(1, 3, 2) / 4, distinct(2, 3) / 4, distinct(3, 1, 3) / 4
    net = nn.Sequential(linear(device, w1, b1), with_beta(device, 2.0), linear(device, w2, None))
    assert_parameters(net, {"0.weight": (3, 2), "0.bias": (3,), "1.beta": (), "2.weight": (1, 3)})
    x = distinct(4, 5, 2)
    sums = x @ w1.T + b1
    expected = (sums * logistic(2 * sums)) @ w2.T
    assert_tensor(net(on(device, x)).detach(), float32(expected), device=device, atol=1e-4)


def test_Swish__has_a_separate_beta_in_each_object(device):
    swish = with_beta(device, 2.0)
    other, copied = kata.Swish().to(device), copy.deepcopy(swish)
    with torch.no_grad():
        swish.beta.fill_(3.0)
    assert_tensor(other.beta.detach(), float32(1), device=device, name="the beta of another Swish")
    assert_tensor(copied.beta.detach(), float32(2), device=device, name="the beta of a copy")
    copied.load_state_dict(swish.state_dict())
    x = on(device, VALUES)
    assert_tensor(copied(x).detach(), float32(VALUES * logistic(3 * np.array(VALUES))), device=device)


def test_Swish__does_what_its_example_shows(example):
    example.check(kata)
