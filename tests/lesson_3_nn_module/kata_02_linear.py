"""The specification of katas/lesson_3_nn_module/kata_02_linear.py."""

import copy
import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
)
from katas.lesson_3_nn_module import kata_02_linear as kata

CORE = ("Linear", "ready_made")

# Every shape in front of the last dimension that a layer is asked to take.
IN_FRONT = [(), (4,), (2, 4), (2, 1, 3), (1,), (0,)]
IN_FRONT_NAMES = ["vector", "rows", "three_dimensions", "four_dimensions", "one_row", "no_rows"]


def distinct(seed, *shape):
    """Numbers between -1.9 and 2.2, no two alike, in an order drawn from `seed`, as float64."""
    count = math.prod(shape)
    return np.random.default_rng(seed).permutation(np.linspace(-2.0, 2.0, count + 2)[1:-1] + 0.125).reshape(shape)


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def plain(module, name):
    """The attribute, which must be a tensor."""
    __tracebackhide__ = True
    value = getattr(module, name, None)
    if not isinstance(value, torch.Tensor):
        raise Mismatch("type", f"The layer has no tensor under the name {name}: {name} is to be a parameter of it.")
    return value


def hand_set(module, weight, bias=None):
    """Write numbers into the parameters of a layer, whose shapes must be those of the numbers."""
    __tracebackhide__ = True
    for name, values in (("weight", weight), ("bias", bias)):
        if values is not None:
            parameter = plain(module, name)
            if parameter.shape != values.shape:
                shapes = f"{tuple(parameter.shape)}; it must have {values.shape}"
                raise Mismatch("shape", f"The parameter {name} has shape {shapes}.")
            with torch.no_grad():
                parameter.copy_(on(parameter.device, values, parameter.dtype))
    return module


def assert_outputs(actual, x, weight, bias, device):
    """Check what a layer with these numbers returned for x; the numbers are named in the words where they are few."""
    __tracebackhide__ = True
    name = "the answer"
    if isinstance(actual, torch.Tensor) and weight.size <= 9:
        name += f" with weight {np.round(weight, 3).tolist()}"
        name += f" and bias {np.round(bias, 3).tolist()}" if bias is not None else ""
    expected = x @ weight.T + (0 if bias is None else bias)
    assert_tensor(actual, float32(expected), device=device, name=name)


def assert_parameters(module, **expected):
    """Check the names of a layer's parameters, then of each its shape, values and device, and that it is a leaf."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    if sorted(found) != sorted(expected):
        says = (
            f"named_parameters() gives {', '.join(sorted(found)) or 'nothing'}; it must give "
            f"{' and '.join(sorted(expected, reverse=True))}."
        )
        if not set(expected) <= set(found):
            says += " A tensor is found there if it is an nn.Parameter that __init__ assigned to an attribute of self."
        raise Mismatch("value", says, actual=sorted(found), expected=sorted(expected))
    for name, (values, device) in expected.items():
        if not found[name].requires_grad:
            raise Mismatch("graph", f"The parameter {name} is not tracked: no gradient will reach it.")
        assert_tensor(found[name].detach(), values, device=device, name=f"the parameter {name}")


def assert_gradients(module, inputs, weight, upstream, with_bias=True):
    """Check the gradients of (upstream * outputs).sum() by the inputs and by every parameter of a layer in float64."""
    __tracebackhide__ = True
    x = on(next(iter(module.parameters())).device, inputs, torch.float64).requires_grad_()
    outputs = module(x)
    assert_has_graph(outputs)
    outputs.backward(on(x.device, upstream, torch.float64))
    flat_inputs, flat_upstream = inputs.reshape(-1, inputs.shape[-1]), upstream.reshape(-1, upstream.shape[-1])
    expected = {"weight": (module.weight, flat_upstream.T @ flat_inputs), "inputs": (x, upstream @ weight)}
    if with_bias:
        expected["bias"] = (module.bias, flat_upstream.sum(axis=0))
    for name, (tensor, slope) in expected.items():
        if tensor.grad is None:
            raise Mismatch("graph", f"No gradient has reached {name}: the way from it to the outputs is cut.")
        assert_tensor(tensor.grad, slope, device=x.device, name=f"the gradient of {name}")


def needs_parameters(module):
    """Check that there is something to move, copy, save or train."""
    __tracebackhide__ = True
    if not list(module.parameters()):
        raise Mismatch("value", "The layer has no parameters: there is nothing to train.")
    return module


BY_HAND = "The layer is to be built by hand here: a product and a sum, and two parameters of its own."


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 2), (3, 3), (1, 2)])
def test_Linear__has_a_weight_and_a_bias_that_start_at_zero(device, inputs, outputs):
    layer = kata.Linear(inputs, outputs).to(device)
    weight, bias = np.zeros((outputs, inputs), np.float32), np.zeros(outputs, np.float32)
    assert_parameters(layer, weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(4, 3, 2), (2, 2, 5), (1, 4, 1)])
def test_Linear__gives_every_output_its_own_weights_and_bias(device, rows, inputs, outputs):
    x, weight, bias = distinct(1, rows, inputs), distinct(2, outputs, inputs), distinct(3, outputs)
    layer = hand_set(kata.Linear(inputs, outputs).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("size", [2, 3])
def test_Linear__is_right_for_a_square_too(device, size):
    x, weight, bias = distinct(4, size, size), distinct(5, size, size), distinct(6, size)
    layer = hand_set(kata.Linear(size, size).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_Linear__takes_any_dimensions_in_front(device, in_front):
    x, weight, bias = distinct(7, *in_front, 3), distinct(8, 2, 3), distinct(9, 2)
    layer = hand_set(kata.Linear(3, 2).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.float64
@pytest.mark.parametrize("in_front", [(4,), (2, 3), ()], ids=["rows", "three_dimensions", "vector"])
def test_Linear__sends_a_gradient_to_inputs_weight_and_bias(device, in_front):
    x, weight, bias, upstream = distinct(1, *in_front, 3), distinct(2, 2, 3), distinct(3, 2), distinct(4, *in_front, 2)
    layer = needs_parameters(hand_set(kata.Linear(3, 2).double().to(device), weight, bias))
    assert_gradients(layer, x, weight, upstream)


def test_Linear__agrees_with_the_ready_made_layer(device):
    x, upstream = on(device, distinct(1, 5, 4)), on(device, distinct(2, 5, 3))
    theirs = nn.Linear(4, 3).to(device)
    ours = kata.Linear(4, 3).to(device)
    hand_set(ours, theirs.weight.detach().cpu().numpy(), theirs.bias.detach().cpu().numpy())
    expected = theirs(x)
    assert_tensor(ours(x).detach(), expected.detach())
    needs_parameters(ours)(x).backward(upstream)
    expected.backward(upstream)
    for name, parameter in theirs.named_parameters():
        assert_tensor(getattr(ours, name).grad, parameter.grad, name=f"the gradient of {name}")


def test_Linear__lets_a_copy_go_its_own_way(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    layer = hand_set(kata.Linear(3, 2).to(device), weight, bias)
    twin = copy.deepcopy(layer)
    hand_set(layer, 0 * weight, 0 * bias)
    x = distinct(3, 4, 3)
    assert_tensor(twin(on(device, x)), float32(x @ weight.T + bias), device=device, name="the outputs of the copy")


def test_Linear__loads_what_another_has_saved(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    saved = hand_set(kata.Linear(3, 2).to(device), weight, bias).state_dict()
    assert_value(sorted(saved), ["bias", "weight"], name="the list of the names in state_dict()")
    other = kata.Linear(3, 2).to(device)
    other.load_state_dict(saved)
    x = distinct(3, 4, 3)
    assert_tensor(other(on(device, x)), float32(x @ weight.T + bias), device=device)


def test_Linear__is_made_by_hand(device):
    with forbid("torch.nn.Linear", "torch.nn.functional.linear", because=BY_HAND):
        kata.Linear(3, 2).to(device)(on(device, distinct(1, 4, 3)))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 2), (3, 3)])
def test_OptionalBias__has_a_weight_and_a_bias_unless_told_otherwise(device, inputs, outputs):
    weight, bias = np.zeros((outputs, inputs), np.float32), np.zeros(outputs, np.float32)
    for layer in (kata.OptionalBias(inputs, outputs), kata.OptionalBias(inputs, outputs, bias=True)):
        assert_parameters(layer.to(device), weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 1), (3, 3)])
def test_OptionalBias__has_the_weight_alone_without_a_bias(device, inputs, outputs):
    layer = kata.OptionalBias(inputs, outputs, bias=False).to(device)
    assert_parameters(layer, weight=(np.zeros((outputs, inputs), np.float32), device))
    assert_value(list(layer.state_dict()), ["weight"], name="the list of the names in state_dict()")


def test_OptionalBias__has_none_for_a_bias_that_is_not_held_by():
    layer = kata.OptionalBias(3, 2, bias=False)
    if not hasattr(layer, "bias"):
        raise Mismatch("missing", "The layer has no attribute bias: it must be there, and be None.")
    if layer.bias is not None:
        raise Mismatch("value", "The attribute bias is not None.", actual=layer.bias, expected=None)


def test_OptionalBias__keeps_the_place_for_a_parameter():
    layer = kata.OptionalBias(3, 2, bias=False)
    because = (
        "A plain tensor was assigned to bias, and nothing refused it: as a parameter that is None, the name is "
        "kept for an nn.Parameter."
    )
    with assert_raises(TypeError, because=because):
        layer.bias = torch.ones(2)
    layer.bias = nn.Parameter(torch.ones(2))
    assert_value(sorted(layer.state_dict()), ["bias", "weight"], name="the list of the names, with a bias put there,")


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_OptionalBias__adds_the_bias_that_it_has(device, in_front):
    x, weight, bias = distinct(1, *in_front, 3), distinct(2, 2, 3), distinct(3, 2)
    layer = hand_set(kata.OptionalBias(3, 2).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("outputs", [1, 2])
def test_OptionalBias__lets_a_bias_of_zeros_learn(device, outputs):
    layer = hand_set(kata.OptionalBias(3, outputs).to(device), distinct(6, outputs, 3), np.zeros(outputs))
    layer(on(device, distinct(7, 4, 3))).sum().backward()
    if layer.bias.grad is None:
        raise Mismatch("graph", "The bias is zeros, and got no gradient: it was not added, and can never become more.")
    assert_tensor(layer.bias.grad, np.full(outputs, 4, np.float32), device=device, name="the gradient of bias")


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_OptionalBias__adds_nothing_without_a_bias(device, in_front):
    x, weight = distinct(4, *in_front, 3), distinct(5, 2, 3)
    layer = hand_set(kata.OptionalBias(3, 2, bias=False).to(device), weight)
    assert_outputs(layer(on(device, x)), x, weight, None, device)


@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__is_right_for_a_square_too(device, bias):
    x, weight, shift = distinct(6, 3, 3), distinct(7, 3, 3), distinct(8, 3) if bias else None
    layer = hand_set(kata.OptionalBias(3, 3, bias=bias).to(device), weight, shift)
    assert_outputs(layer(on(device, x)), x, weight, shift, device)


def test_OptionalBias__adds_a_bias_put_there_later(device):
    x, weight, bias = distinct(9, 4, 3), distinct(10, 2, 3), distinct(11, 2)
    layer = hand_set(kata.OptionalBias(3, 2, bias=False).to(device), weight)
    layer.bias = nn.Parameter(on(device, bias))
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.float64
@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__sends_a_gradient_to_whatever_it_has(device, bias):
    x, weight, upstream = distinct(1, 2, 4, 3), distinct(2, 2, 3), distinct(4, 2, 4, 2)
    layer = kata.OptionalBias(3, 2, bias=bias).double().to(device)
    hand_set(layer, weight, distinct(3, 2) if bias else None)
    assert_gradients(needs_parameters(layer), x, weight, upstream, with_bias=bias)


@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__loads_what_another_has_saved(device, bias):
    weight, shift = distinct(1, 2, 3), distinct(2, 2) if bias else None
    layer = hand_set(kata.OptionalBias(3, 2, bias=bias).to(device), weight, shift)
    twin, other = copy.deepcopy(layer), kata.OptionalBias(3, 2, bias=bias).to(device)
    other.load_state_dict(layer.state_dict())
    hand_set(layer, 0 * weight, 0 * shift if bias else None)
    x = distinct(3, 4, 3)
    expected = float32(x @ weight.T + (shift if bias else 0))
    assert_tensor(other(on(device, x)), expected, device=device)
    assert_tensor(twin(on(device, x)), expected, device=device, name="the outputs of a copy")


@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__is_made_by_hand(device, bias):
    with forbid("torch.nn.Linear", "torch.nn.functional.linear", because=BY_HAND):
        kata.OptionalBias(3, 2, bias=bias).to(device)(on(device, distinct(1, 4, 3)))


def seeded(device, seed):
    return torch.Generator(device=device).manual_seed(seed)


def numbers(layer):
    return torch.cat([parameter.detach().reshape(-1) for parameter in layer.parameters()])


def coarse(low, high):
    """The ends of a range, rounded to about a fortieth of it: the same whatever was drawn first."""
    step = 10.0 ** math.floor(math.log10(high - low)) / 20
    return tuple(float(f"{round(end / step) * step:.3g}") for end in (low, high))


def assert_uniform(tensor, bound, name):
    """Check that at least 900 numbers look drawn from the uniform distribution between -bound and bound.

    Moved and scaled to lie between 0 and 1, uniform numbers u have mean 1/2 and standard deviation sqrt(1/12), and
    (u - 1/2)**2 has mean 1/12 and standard deviation sqrt(1/180); the mean of n of them has a standard deviation that
    is smaller by sqrt(n). Six of these are a chance below 1e-8. That none of 900 numbers lies within the last fortieth
    of the range at one end is 0.975**900 < 1e-9.
    """
    __tracebackhide__ = True
    values = tensor.detach().cpu().numpy().astype(np.float64) / bound
    low, high = values.min(), values.max()
    wanted = f"they must be spread evenly between -{bound:.3g} and {bound:.3g}."
    if low == high:
        raise Mismatch("value", f"The numbers in {name} are all {low * bound:.3g}; {wanted}", actual=tensor)
    units = (values - low) / (high - low)
    six = 6 / math.sqrt(values.size)
    variance = ((units - 0.5) ** 2).mean()
    if abs(units.mean() - 0.5) > six / math.sqrt(12) or abs(variance - 1 / 12) > six / math.sqrt(180):
        says = f"The numbers in {name}, from {low * bound:.3g} to {high * bound:.3g}, are not spread evenly; {wanted}"
        if max(-low, high) > 1 + 1e-6:
            raise Mismatch("value", f"{says} Some lie beyond.")
        raise Mismatch("value", says)
    if max(-low, high) > 1 + 1e-6 or min(-low, high) < 0.95:
        ends = f"{low * bound:.3g} and {high * bound:.3g}"
        raise Mismatch(
            "value",
            f"The numbers in {name} are spread evenly between {ends}; {wanted}",
            actual=coarse(low * bound, high * bound),
            expected=(-float(f"{bound:.3g}"), float(f"{bound:.3g}")),
        )


@pytest.mark.parametrize(("inputs", "outputs"), [(16, 1000), (900, 25), (30, 30)])
def test_uniform_init__draws_the_weight_within_its_bounds(device, inputs, outputs):
    layer = nn.Linear(inputs, outputs).to(device)
    with torch.no_grad():
        layer.weight.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 5))
    assert_uniform(layer.weight, 1 / math.sqrt(inputs), "weight")


@pytest.mark.parametrize(("inputs", "outputs"), [(16, 1000), (4, 900)])
def test_uniform_init__draws_the_bias_within_the_same_bounds(device, inputs, outputs):
    layer = nn.Linear(inputs, outputs).to(device)
    with torch.no_grad():
        layer.bias.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 6))
    assert_uniform(layer.bias, 1 / math.sqrt(inputs), "bias")


def test_uniform_init__fills_a_layer_without_a_bias(device):
    layer = nn.Linear(25, 40, bias=False).to(device)
    with torch.no_grad():
        layer.weight.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 7))
    assert_uniform(layer.weight, 0.2, "weight")
    if layer.bias is not None:
        raise Mismatch("value", "The layer had no bias, and has one now.")


def test_uniform_init__keeps_the_parameters_that_the_layer_had(device):
    layer = nn.Linear(3, 4).to(device)
    before = dict(layer.named_parameters())
    kata.uniform_init(layer, seeded(device, 1))
    for name, parameter in before.items():
        if getattr(layer, name) is not parameter:
            raise Mismatch(
                "memory", f"{name} is another object now: whoever held the old one, as an optimizer does, has lost it."
            )
        if not (parameter.is_leaf and parameter.requires_grad):
            raise Mismatch("graph", f"{name} is no tracked leaf any more: filling it was recorded, or it was cut off.")


def test_uniform_init__returns_nothing(device):
    assert_value(kata.uniform_init(nn.Linear(3, 2).to(device), seeded(device, 1)), None)


def test_uniform_init__gives_the_same_numbers_for_the_same_seed(device):
    first, second, third = (nn.Linear(5, 4).to(device) for _ in range(3))
    kata.uniform_init(first, seeded(device, 3))
    kata.uniform_init(second, seeded(device, 3))
    kata.uniform_init(third, seeded(device, 4))
    if not torch.equal(numbers(first), numbers(second)):
        raise Mismatch("value", "Two generators of the same seed gave two layers different numbers.")
    if torch.equal(numbers(first), numbers(third)):
        raise Mismatch("value", "Generators of two different seeds gave two layers the same numbers.")


def test_uniform_init__gives_the_next_layer_other_numbers(device):
    first, second = (nn.Linear(5, 4).to(device) for _ in range(2))
    generator = seeded(device, 3)
    kata.uniform_init(first, generator)
    kata.uniform_init(second, generator)
    if torch.equal(first.weight, second.weight) or torch.equal(first.bias, second.bias):
        raise Mismatch("value", "One generator filled two layers, one after the other, with the same numbers.")


def test_uniform_init__leaves_the_global_generator_alone(device):
    def drawn(between):
        torch.manual_seed(1)
        torch.rand(3, device=device)  # someone has drawn before: putting back the seed is not putting back the state
        between()
        return torch.rand(4, device=device), torch.rand(4)

    layer, generator = nn.Linear(3, 2).to(device), seeded(device, 1)
    expected = drawn(lambda: None)
    actual = drawn(lambda: kata.uniform_init(layer, generator))
    if not all(map(torch.equal, actual, expected)):
        raise Mismatch("mutated", "PyTorch's global generator has moved: the next to draw from it gets other numbers.")


def assert_is_linear(layer, inputs, outputs):
    __tracebackhide__ = True
    if not isinstance(layer, nn.Linear):
        kind = "None" if layer is None else f"of type {type(layer).__name__}"
        raise Mismatch("type", f"The answer is {kind}; it must be an nn.Linear.", actual=layer)
    sizes = (layer.in_features, layer.out_features)
    assert_value(sizes, (inputs, outputs), name="the pair (in_features, out_features) of the layer")


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (2, 5), (4, 4), (3, 1)])
def test_ready_made__has_the_numbers_as_its_own_parameters(device, inputs, outputs):
    weight, bias = float32(distinct(1, outputs, inputs)), float32(distinct(2, outputs))
    layer = kata.ready_made(on(device, weight), on(device, bias))
    assert_is_linear(layer, inputs, outputs)
    assert_parameters(layer, weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (3, 3)])
def test_ready_made__has_no_bias_where_there_is_none(device, inputs, outputs):
    weight = float32(distinct(3, outputs, inputs))
    layer = kata.ready_made(on(device, weight), None)
    assert_is_linear(layer, inputs, outputs)
    assert_parameters(layer, weight=(weight, device))
    x = distinct(4, 5, inputs)
    assert_tensor(layer(on(device, x)), float32(x @ weight.T), device=device)


@pytest.mark.parametrize("size", [(3, 2), (3, 3)], ids=["oblong", "square"])
def test_ready_made__computes_with_them(device, size):
    weight, bias, x = distinct(5, *size[::-1]), distinct(6, size[1]), distinct(7, 2, 4, size[0])
    layer = kata.ready_made(on(device, weight), on(device, bias))
    assert_tensor(layer(on(device, x)), float32(x @ weight.T + bias), device=device)


def test_ready_made__has_memory_of_its_own(device):
    weight, bias = on(device, distinct(1, 2, 3)), on(device, distinct(2, 2))
    layer = kata.ready_made(weight, bias)
    for name, given in (("weight", weight), ("bias", bias)):
        assert_owns_memory(
            plain(layer, name), given, name=f"the {name} of the layer", other_name=f"the {name} that was given"
        )


def test_ready_made__learns_apart_from_tracked_tensors(device):
    weight = on(device, distinct(1, 2, 3)).requires_grad_()
    bias = on(device, distinct(2, 2)).requires_grad_()
    with assert_unchanged(weight=weight, bias=bias):
        layer = kata.ready_made(weight, 3 * bias)
    for name in ("weight", "bias"):
        parameter = plain(layer, name)
        if not (parameter.is_leaf and parameter.requires_grad):
            raise Mismatch("graph", f"The {name} of the layer is no tracked leaf: nothing could train it.")
    layer(on(device, distinct(3, 4, 3))).sum().backward()
    if layer.weight.grad is None or layer.bias.grad is None:
        raise Mismatch("graph", "No gradient has reached the parameters of the layer.")
    if weight.grad is not None or bias.grad is not None:
        raise Mismatch("graph", "A gradient has flowed through the layer to the tensors that were given.")
    if not (weight.requires_grad and bias.requires_grad):
        raise Mismatch("mutated", "The tensors that were given are not tracked any more.")


@pytest.mark.float64
def test_ready_made__keeps_the_dtype(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    layer = kata.ready_made(on(device, weight, torch.float64), on(device, bias, torch.float64))
    assert_parameters(layer, weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize("shape", [(1,), (2,), (), (3, 1), (1, 3)], ids=str)
def test_ready_made__refuses_a_bias_that_does_not_fit(device, shape):
    weight, bias = on(device, distinct(1, 3, 2)), on(device, distinct(2, *shape))
    because = f"A weight of shape (3, 2) and a bias of shape {shape} made a layer: raise a ValueError instead."
    with assert_raises(ValueError, because=because):
        kata.ready_made(weight, bias)


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (2, 4), (1, 3), (3, 1)])
def test_from_foundations__computes_the_same_as_numpy(inputs, outputs):
    weights, biases, x = distinct(1, inputs, outputs), distinct(2, outputs), distinct(3, 5, inputs)
    layer = kata.from_foundations(weights, biases)
    assert_parameters(layer, weight=(float32(weights.T), "cpu"), bias=(float32(biases), "cpu"))
    assert_tensor(layer(on("cpu", x)), float32(x @ weights + biases))


@pytest.mark.parametrize("size", [2, 3])
def test_from_foundations__is_right_for_a_square_too(size):
    weights, biases, x = distinct(4, size, size), distinct(5, size), distinct(6, 4, size)
    layer = kata.from_foundations(weights, biases)
    assert_parameters(layer, weight=(float32(weights.T), "cpu"), bias=(float32(biases), "cpu"))
    assert_tensor(layer(on("cpu", x)), float32(x @ weights + biases))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (2, 4)])
def test_from_foundations__is_a_layer_of_the_right_sizes(inputs, outputs):
    layer = kata.from_foundations(distinct(1, inputs, outputs), distinct(2, outputs))
    assert_is_linear(layer, inputs, outputs)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_from_foundations__has_memory_of_its_own(dtype):
    weights, biases = distinct(1, 3, 2).astype(dtype), distinct(2, 2).astype(dtype)
    with assert_unchanged(weights=weights, biases=biases):
        layer = kata.from_foundations(weights, biases)
    before = {name: plain(layer, name).detach().clone() for name in ("weight", "bias")}
    weights += 1
    biases += 1
    for name, kept in before.items():
        if not torch.equal(getattr(layer, name), kept):
            raise Mismatch("memory", f"The arrays were changed, and that shows in the {name} of the layer.")


def test_from_foundations__takes_a_transposed_array():
    weights, biases, x = distinct(1, 2, 3).T, distinct(2, 2), distinct(3, 4, 3)
    layer = kata.from_foundations(weights, biases)
    assert_tensor(layer(on("cpu", x)), float32(x @ weights + biases))


class Probe(nn.Linear):
    """A layer that remembers the last outputs it returned, and how often it was called."""

    def __init__(self, weight, bias, device):
        super().__init__(weight.shape[1], weight.shape[0], device=device)
        hand_set(self, weight, bias)
        self.calls = 0

    def _get_name(self):
        return "Linear"  # what it is to the learner who sees it in a call

    def forward(self, inputs):
        self.calls += 1
        self.returned = super().forward(inputs)
        return self.returned


def stack(device, *sizes):
    """Layers of these sizes with numbers of their own, and a function that gives all their outputs in NumPy."""
    given = [
        (distinct(i + 10, after, before), distinct(i + 50, after))
        for i, (before, after) in enumerate(itertools.pairwise(sizes))
    ]

    def outputs(x):
        found = []
        for weight, bias in given:
            x = x @ weight.T + bias
            found.append(x)
        return found

    return [Probe(weight, bias, device) for weight, bias in given], outputs


def assert_spreads(actual, expected):
    __tracebackhide__ = True
    if isinstance(actual, list):
        for value in actual:
            if type(value) is not float:
                kind = "tensors" if isinstance(value, torch.Tensor) else f"numbers of type {type(value).__name__}"
                raise Mismatch("type", f"The list holds {kind}; it must hold Python floats.", actual=actual)
        if len(actual) != len(expected):
            raise Mismatch(
                "value", f"The list holds {len(actual)} spreads, behind {len(expected)} layers.", actual=actual
            )
    assert_value(actual, [float(value) for value in expected], tolerance=1e-5)


@pytest.mark.parametrize("sizes", [(3, 4), (2, 5, 3), (4, 2, 3, 5), (3, 3, 3)], ids=str)
def test_spread_through__measures_behind_every_layer(device, sizes):
    layers, outputs = stack(device, *sizes)
    x = distinct(1, 6, sizes[0])
    assert_spreads(kata.spread_through(layers, on(device, x)), [each.std() for each in outputs(x)])


@pytest.mark.parametrize("factor", [1 / 8, 1.0, 2.0])
def test_spread_through__sees_numbers_vanish_or_explode(device, factor):
    # Each layer only multiplies, and the inputs have mean 0 and standard deviation 1: powers of the factor are left.
    layers = [Probe(factor * np.eye(2), np.zeros(2), device) for _ in range(10)]
    x = on(device, [[1.0, -1.0], [-1.0, 1.0]])
    actual = [value / factor ** (i + 1) for i, value in enumerate(kata.spread_through(layers, x))]
    assert_spreads(actual, [1.0] * 10)


def test_spread_through__takes_a_single_row(device):
    layers, outputs = stack(device, 3, 4, 1)
    x = distinct(1, 1, 3)
    assert_spreads(kata.spread_through(layers, on(device, x)), [each.std() for each in outputs(x)])


def test_spread_through__records_nothing(device):
    layers, _ = stack(device, 3, 4, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    for layer in layers:
        assert_no_graph(layer.returned, name="what a layer returned")


def test_spread_through__leaves_recording_on(device):
    layers, _ = stack(device, 3, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    if not torch.is_grad_enabled():
        raise Mismatch("graph", "Recording is off now, for everyone who comes after: it was on before.")


def test_spread_through__leaves_recording_off_where_it_was(device):
    layers, _ = stack(device, 3, 2)
    with torch.no_grad():
        kata.spread_through(layers, on(device, distinct(1, 5, 3)))
        recording = torch.is_grad_enabled()
    if recording:
        raise Mismatch("graph", "Recording is on now, though it was off before the call: it must be as it was.")


def test_spread_through__leaves_the_inputs_as_they_are(device):
    layers, _ = stack(device, 3, 2)
    x = on(device, distinct(1, 5, 3)).requires_grad_()
    with assert_unchanged(inputs=x):
        kata.spread_through(layers, x)
    if not x.requires_grad:
        raise Mismatch("mutated", "The inputs are not tracked any more.")


def test_spread_through__asks_every_layer_once(device):
    layers, _ = stack(device, 3, 4, 3, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    calls = [layer.calls for layer in layers]
    assert_value(calls, [1, 1, 1], name="the list of how often each layer was called")


def test_spread_through__answers_an_empty_list_for_no_layers(device):
    assert_spreads(kata.spread_through([], on(device, distinct(1, 5, 3))), [])
