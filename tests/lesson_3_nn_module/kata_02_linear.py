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
    kind_of,
)
from katas.lesson_3_nn_module import kata_02_linear as kata

CORE = ("Linear", "ready_made")

# The dimensions in front of the last one.
IN_FRONT = [(), (4,), (2, 4), (2, 1, 3), (1,), (0,)]
IN_FRONT_NAMES = ["vector", "rows", "three_dimensions", "four_dimensions", "one_row", "no_rows"]


def distinct(seed, *shape):
    """Different numbers between -1.9 and 2.2, in an order drawn from `seed`, as float64."""
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
        raise Mismatch("type", f"The layer has no tensor with the name {name}. It must be a parameter of the layer.")
    return value


def hand_set(module, weight, bias=None):
    """Copy values into the parameters of a layer, which must have the same shapes."""
    __tracebackhide__ = True
    for name, values in (("weight", weight), ("bias", bias)):
        if values is not None:
            parameter = plain(module, name)
            if parameter.shape != values.shape:
                shapes = f"{tuple(parameter.shape)}. It must have shape {values.shape}."
                raise Mismatch("shape", f"The parameter {name} has shape {shapes}")
            with torch.no_grad():
                parameter.copy_(on(parameter.device, values, parameter.dtype))
    return module


def assert_outputs(actual, x, weight, bias, device):
    """Check the result of a layer with these parameters for x. The message shows small parameters."""
    __tracebackhide__ = True
    name = "the result"
    if isinstance(actual, torch.Tensor) and weight.size <= 9:
        name += f" with weight {np.round(weight, 3).tolist()}"
        name += f" and bias {np.round(bias, 3).tolist()}" if bias is not None else ""
    expected = x @ weight.T + (0 if bias is None else bias)
    assert_tensor(actual, float32(expected), device=device, name=name)


def assert_zeros(module, device, **shapes):
    """Check that a layer has float32 parameters with these names and shapes, and that they are zeros."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    for name, shape in shapes.items():
        tensor = found.get(name)
        # Whatever the initial values are, the message is the same.
        if tensor is not None and (tensor.shape, tensor.dtype) == (shape, torch.float32) and bool((tensor != 0).any()):
            raise Mismatch("statement", f"The parameter {name} does not start at zeros.")
    assert_parameters(module, **{name: (np.zeros(shape, np.float32), device) for name, shape in shapes.items()})


def assert_parameters(module, **expected):
    """Check the names of a layer's parameters, then the values of each, and that it requires grad."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    if sorted(found) != sorted(expected):
        says = (
            f"named_parameters() lists {', '.join(sorted(found)) or 'nothing'}. It must list "
            f"{' and '.join(sorted(expected, reverse=True))}."
        )
        if not set(expected) <= set(found):
            says += " It lists each nn.Parameter that __init__ assigned to an attribute of self."
        raise Mismatch("value", says, actual=sorted(found), expected=sorted(expected))
    for name, (values, device) in expected.items():
        if not found[name].requires_grad:
            raise Mismatch("graph", f"The parameter {name} does not require grad, so it can't be trained.")
        assert_tensor(found[name].detach(), values, device=device, name=f"the parameter {name}")


def assert_gradients(module, inputs, weight, upstream, with_bias=True):
    """Check the gradients of (upstream * outputs).sum() at the inputs and at each parameter of a layer in float64."""
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
            raise Mismatch("graph", f"No gradient reaches {name}. The graph from {name} to the result is cut.")
        assert_tensor(tensor.grad, slope, device=x.device, name=f"the gradient of {name}")


def needs_parameters(module):
    """Check that there is a parameter to train."""
    __tracebackhide__ = True
    if not list(module.parameters()):
        raise Mismatch("value", "The layer has no parameters, so there is nothing to train.")
    return module


BY_HAND = "Your code uses PyTorch's linear layer. Write it by hand here: a product and a sum."


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 2), (3, 3), (1, 2)])
def test_Linear__has_a_weight_and_a_bias_of_zeros(device, inputs, outputs):
    layer = kata.Linear(inputs, outputs).to(device)
    assert_zeros(layer, device, weight=(outputs, inputs), bias=(outputs,))


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(4, 3, 2), (2, 2, 5), (1, 4, 1)])
def test_Linear__computes_a_weighted_sum_plus_a_bias_for_each_output(device, rows, inputs, outputs):
    x, weight, bias = distinct(1, rows, inputs), distinct(2, outputs, inputs), distinct(3, outputs)
    layer = hand_set(kata.Linear(inputs, outputs).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("size", [2, 3])
def test_Linear__is_right_if_the_weight_is_square(device, size):
    x, weight, bias = distinct(4, size, size), distinct(5, size, size), distinct(6, size)
    layer = hand_set(kata.Linear(size, size).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_Linear__accepts_any_dimensions_in_front(device, in_front):
    x, weight, bias = distinct(7, *in_front, 3), distinct(8, 2, 3), distinct(9, 2)
    layer = hand_set(kata.Linear(3, 2).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.float64
@pytest.mark.parametrize("in_front", [(4,), (2, 3), ()], ids=["rows", "three_dimensions", "vector"])
def test_Linear__lets_gradients_reach_inputs_weight_and_bias(device, in_front):
    x, weight, bias, upstream = distinct(1, *in_front, 3), distinct(2, 2, 3), distinct(3, 2), distinct(4, *in_front, 2)
    layer = needs_parameters(hand_set(kata.Linear(3, 2).double().to(device), weight, bias))
    assert_gradients(layer, x, weight, upstream)


def test_Linear__matches_the_linear_layer_of_pytorch(device):
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


def test_Linear__can_be_copied(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    layer = hand_set(kata.Linear(3, 2).to(device), weight, bias)
    twin = copy.deepcopy(layer)
    hand_set(layer, 0 * weight, 0 * bias)
    x = distinct(3, 4, 3)
    assert_tensor(twin(on(device, x)), float32(x @ weight.T + bias), device=device, name="the outputs of the copy")


def test_Linear__can_be_saved_and_loaded(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    saved = hand_set(kata.Linear(3, 2).to(device), weight, bias).state_dict()
    assert_value(sorted(saved), ["bias", "weight"], name="the list of the names in state_dict()")
    other = kata.Linear(3, 2).to(device)
    other.load_state_dict(saved)
    x = distinct(3, 4, 3)
    assert_tensor(other(on(device, x)), float32(x @ weight.T + bias), device=device)


def test_Linear__does_not_use_the_linear_layer_of_pytorch(device):
    with forbid("torch.nn.Linear", "torch.nn.functional.linear", because=BY_HAND):
        kata.Linear(3, 2).to(device)(on(device, distinct(1, 4, 3)))


def test_Linear__does_what_its_example_shows(example):
    example.check(kata)


def assert_is_linear(layer, inputs, outputs):
    __tracebackhide__ = True
    if not isinstance(layer, nn.Linear):
        kind = kind_of(layer)
        own = ", your own one" if type(layer).__name__ == "Linear" else ""
        raise Mismatch("type", f"The result is {kind}{own}. It must be an nn.Linear.", actual=layer)
    sizes = (layer.in_features, layer.out_features)
    assert_value(sizes, (inputs, outputs), name="the tuple (in_features, out_features) of the layer")


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (2, 5), (4, 4), (3, 1)])
def test_ready_made__has_the_given_values_as_parameters(device, inputs, outputs):
    weight, bias = float32(distinct(1, outputs, inputs)), float32(distinct(2, outputs))
    layer = kata.ready_made(on(device, weight), on(device, bias))
    assert_is_linear(layer, inputs, outputs)
    assert_parameters(layer, weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 2), (3, 3)])
def test_ready_made__has_no_bias_if_none_is_given(device, inputs, outputs):
    weight = float32(distinct(3, outputs, inputs))
    layer = kata.ready_made(on(device, weight), None)
    assert_is_linear(layer, inputs, outputs)
    assert_parameters(layer, weight=(weight, device))
    x = distinct(4, 5, inputs)
    assert_tensor(layer(on(device, x)), float32(x @ weight.T), device=device)


@pytest.mark.parametrize("size", [(3, 2), (3, 3)], ids=["oblong", "square"])
def test_ready_made__computes_with_the_given_values(device, size):
    weight, bias, x = distinct(5, *size[::-1]), distinct(6, size[1]), distinct(7, 2, 4, size[0])
    layer = kata.ready_made(on(device, weight), on(device, bias))
    assert_tensor(layer(on(device, x)), float32(x @ weight.T + bias), device=device)


def test_ready_made__does_not_share_memory_with_the_given_tensors(device):
    weight, bias = on(device, distinct(1, 2, 3)), on(device, distinct(2, 2))
    layer = kata.ready_made(weight, bias)
    for name, given in (("weight", weight), ("bias", bias)):
        assert_owns_memory(plain(layer, name), given, name=f"the {name} of the layer", other_name=f"the given {name}")


def test_ready_made__lets_no_gradient_reach_the_given_tensors(device):
    weight = on(device, distinct(1, 2, 3)).requires_grad_()
    bias = on(device, distinct(2, 2)).requires_grad_()
    with assert_unchanged(weight=weight, bias=bias):
        layer = kata.ready_made(weight, 3 * bias)
    for name in ("weight", "bias"):
        parameter = plain(layer, name)
        if not (parameter.is_leaf and parameter.requires_grad):
            raise Mismatch("graph", f"The {name} of the layer is not a leaf that requires grad.")
    layer(on(device, distinct(3, 4, 3))).sum().backward()
    if layer.weight.grad is None or layer.bias.grad is None:
        raise Mismatch("graph", "No gradient reaches the parameters of the layer.")
    if weight.grad is not None or bias.grad is not None:
        raise Mismatch("graph", "A gradient reaches the given tensors. Copy their values without recording.")
    if not (weight.requires_grad and bias.requires_grad):
        raise Mismatch("mutated", "The given tensors no longer require grad.")


@pytest.mark.float64
def test_ready_made__keeps_float64(device):
    weight, bias = distinct(1, 2, 3), distinct(2, 2)
    layer = kata.ready_made(on(device, weight, torch.float64), on(device, bias, torch.float64))
    assert_parameters(layer, weight=(weight, device), bias=(bias, device))


@pytest.mark.parametrize("shape", [(1,), (2,), (), (3, 1), (1, 3)], ids=str)
def test_ready_made__raises_an_error_if_the_bias_has_the_wrong_shape(device, shape):
    weight, bias = on(device, distinct(1, 3, 2)), on(device, distinct(2, *shape))
    because = f"You accepted a bias of shape {shape} for a weight of shape (3, 2). Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.ready_made(weight, bias)


def test_ready_made__does_what_its_example_shows(example):
    example.check(kata)


def seeded(device, seed):
    return torch.Generator(device=device).manual_seed(seed)


def numbers(layer):
    return torch.cat([parameter.detach().reshape(-1) for parameter in layer.parameters()])


def coarse(low, high):
    """The ends of a range, rounded to about a fortieth of it, so that they do not depend on the seed."""
    step = 10.0 ** math.floor(math.log10(high - low)) / 20
    return tuple(float(f"{round(end / step) * step:.3g}") for end in (low, high))


def assert_uniform(tensor, bound, name):
    """Check that at least 900 numbers could be drawn from the uniform distribution between -bound and bound.

    Shifted and scaled to lie between 0 and 1, uniform numbers u have mean 1/2 and standard deviation sqrt(1/12), and
    (u - 1/2)**2 has mean 1/12 and standard deviation sqrt(1/180). The mean of n of them has a standard deviation that
    is smaller by sqrt(n). A gap of six of these has a probability below 1e-8. The probability that none of 900 numbers
    lies within the last fortieth of the range at one end is 0.975**900 < 1e-9.
    """
    __tracebackhide__ = True
    values = tensor.detach().cpu().numpy().astype(np.float64) / bound
    low, high = values.min(), values.max()
    wanted = f"They must be uniform between -{bound:.3g} and {bound:.3g}."
    if low == high:
        raise Mismatch("value", f"The numbers in {name} are all {low * bound:.3g}. {wanted}", actual=tensor)
    # Of 16000 numbers in float32, uniform and different, hardly one is drawn twice.
    if np.unique(values).size < values.size / 2:
        raise Mismatch("statement", f"Most numbers in {name} stand there several times. Draw each of them separately.")
    units = (values - low) / (high - low)
    six = 6 / math.sqrt(values.size)
    variance = ((units - 0.5) ** 2).mean()
    if abs(units.mean() - 0.5) > six / math.sqrt(12) or abs(variance - 1 / 12) > six / math.sqrt(180):
        says = f"The numbers in {name}, from {low * bound:.3g} to {high * bound:.3g}, are not uniform. {wanted}"
        if max(-low, high) > 1 + 1e-6:
            raise Mismatch("value", f"{says} Some are outside.")
        raise Mismatch("value", says)
    if max(-low, high) > 1 + 1e-6 or min(-low, high) < 0.95:
        ends = f"{low * bound:.3g} and {high * bound:.3g}"
        raise Mismatch(
            "value",
            f"The numbers in {name} are uniform between {ends}. {wanted}",
            actual=coarse(low * bound, high * bound),
            expected=(-float(f"{bound:.3g}"), float(f"{bound:.3g}")),
        )


@pytest.mark.parametrize(("inputs", "outputs"), [(16, 1000), (900, 25), (30, 30)])
def test_uniform_init__draws_the_weight_uniformly_between_its_bounds(device, inputs, outputs):
    layer = nn.Linear(inputs, outputs).to(device)
    with torch.no_grad():
        layer.weight.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 5))
    assert_uniform(layer.weight, 1 / math.sqrt(inputs), "weight")


@pytest.mark.parametrize(("inputs", "outputs"), [(16, 1000), (4, 900)])
def test_uniform_init__draws_the_bias_between_the_same_bounds(device, inputs, outputs):
    layer = nn.Linear(inputs, outputs).to(device)
    with torch.no_grad():
        layer.bias.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 6))
    assert_uniform(layer.bias, 1 / math.sqrt(inputs), "bias")


def test_uniform_init__accepts_a_layer_without_a_bias(device):
    layer = nn.Linear(25, 40, bias=False).to(device)
    with torch.no_grad():
        layer.weight.fill_(9.0)
    kata.uniform_init(layer, seeded(device, 7))
    assert_uniform(layer.weight, 0.2, "weight")
    if layer.bias is not None:
        raise Mismatch("value", "The layer had no bias, and now it has one.")


def test_uniform_init__keeps_the_parameters_of_the_layer(device):
    layer = nn.Linear(3, 4).to(device)
    before = dict(layer.named_parameters())
    kata.uniform_init(layer, seeded(device, 1))
    for name, parameter in before.items():
        if getattr(layer, name) is not parameter:
            raise Mismatch(
                "memory", f"layer.{name} is a new object. An optimizer that holds the old one would no longer train it."
            )
        if not (parameter.is_leaf and parameter.requires_grad):
            raise Mismatch("graph", f"layer.{name} is no longer a leaf that requires grad.")


def test_uniform_init__returns_none(device):
    assert_value(kata.uniform_init(nn.Linear(3, 2).to(device), seeded(device, 1)), None)


def test_uniform_init__draws_the_same_numbers_for_the_same_seed(device):
    first, second, third = (nn.Linear(5, 4).to(device) for _ in range(3))
    kata.uniform_init(first, seeded(device, 3))
    kata.uniform_init(second, seeded(device, 3))
    kata.uniform_init(third, seeded(device, 4))
    if not torch.equal(numbers(first), numbers(second)):
        raise Mismatch("value", "Two generators with the same seed gave two layers different numbers.")
    if torch.equal(numbers(first), numbers(third)):
        raise Mismatch("value", "Two generators with different seeds gave two layers the same numbers.")


def test_uniform_init__draws_other_numbers_for_the_next_layer(device):
    first, second = (nn.Linear(5, 4).to(device) for _ in range(2))
    generator = seeded(device, 3)
    kata.uniform_init(first, generator)
    kata.uniform_init(second, generator)
    if torch.equal(first.weight, second.weight) or torch.equal(first.bias, second.bias):
        raise Mismatch("value", "One generator gave two layers the same numbers, one after the other.")


def test_uniform_init__leaves_the_global_generator_unchanged(device):
    def drawn(between):
        torch.manual_seed(1)
        torch.rand(3, device=device)  # so that setting the seed again does not restore the state
        between()
        return torch.rand(4, device=device), torch.rand(4)

    layer, generator = nn.Linear(3, 2).to(device), seeded(device, 1)
    expected = drawn(lambda: None)
    actual = drawn(lambda: kata.uniform_init(layer, generator))
    if not all(map(torch.equal, actual, expected)):
        raise Mismatch("mutated", "You changed the state of the global generator. Draw from the given generator only.")


def test_uniform_init__does_what_its_example_shows(example):
    example.check(kata)


class Probe(nn.Linear):
    """A layer that keeps its last result, and counts its calls."""

    def __init__(self, weight, bias, device):
        super().__init__(weight.shape[1], weight.shape[0], device=device)
        hand_set(self, weight, bias)
        self.calls = 0

    def _get_name(self):
        return "Linear"  # the name that a learner sees in a report

    def forward(self, inputs):
        self.calls += 1
        self.returned = super().forward(inputs)
        return self.returned


def stack(device, *sizes):
    """Layers of these sizes with different numbers, and a function that computes all their results in NumPy."""
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
                raise Mismatch("type", f"The list holds {kind}. It must hold Python floats.", actual=actual)
        if len(actual) != len(expected):
            raise Mismatch("value", f"The list holds {len(actual)} numbers for {len(expected)} layers.", actual=actual)
    assert_value(actual, [float(value) for value in expected], tolerance=1e-5)


@pytest.mark.parametrize("sizes", [(3, 4), (2, 5, 3), (4, 2, 3, 5), (3, 3, 3)], ids=str)
def test_spread_through__returns_the_standard_deviation_after_each_layer(device, sizes):
    layers, outputs = stack(device, *sizes)
    x = distinct(1, 6, sizes[0])
    assert_spreads(kata.spread_through(layers, on(device, x)), [each.std() for each in outputs(x)])


@pytest.mark.parametrize("factor", [1 / 8, 1.0, 2.0])
def test_spread_through__shows_numbers_that_vanish_or_explode(device, factor):
    # Each layer multiplies by the factor, and the inputs have standard deviation 1: the results are its powers.
    layers = [Probe(factor * np.eye(2), np.zeros(2), device) for _ in range(10)]
    x = on(device, [[1.0, -1.0], [-1.0, 1.0]])
    actual = [value / factor ** (i + 1) for i, value in enumerate(kata.spread_through(layers, x))]
    assert_spreads(actual, [1.0] * 10)


def test_spread_through__accepts_a_single_row(device):
    layers, outputs = stack(device, 3, 4, 1)
    x = distinct(1, 1, 3)
    assert_spreads(kata.spread_through(layers, on(device, x)), [each.std() for each in outputs(x)])


def test_spread_through__records_no_graph(device):
    layers, _ = stack(device, 3, 4, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    for layer in layers:
        assert_no_graph(layer.returned, name="the result of a layer")


def test_spread_through__leaves_recording_on(device):
    layers, _ = stack(device, 3, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    if not torch.is_grad_enabled():
        raise Mismatch("graph", "Your code left gradient recording off. It was on before the call.")


def test_spread_through__leaves_recording_off_if_it_was_off(device):
    layers, _ = stack(device, 3, 2)
    with torch.no_grad():
        kata.spread_through(layers, on(device, distinct(1, 5, 3)))
        recording = torch.is_grad_enabled()
    if recording:
        raise Mismatch("graph", "Your code left gradient recording on, although it was off before the call.")


def test_spread_through__does_not_change_the_inputs(device):
    layers, _ = stack(device, 3, 2)
    x = on(device, distinct(1, 5, 3)).requires_grad_()
    with assert_unchanged(inputs=x):
        kata.spread_through(layers, x)
    if not x.requires_grad:
        raise Mismatch("mutated", "The inputs no longer require grad.")


def test_spread_through__does_not_change_the_layers(device):
    layers, _ = stack(device, 3, 4, 2)
    layers[1].bias.requires_grad_(False)
    given = {f"{name} of layers[{i}]": each for i in (0, 1) for name, each in layers[i].named_parameters()}
    with assert_unchanged(**given):
        kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    for i, layer in enumerate(layers):
        for name, parameter in layer.named_parameters():
            if parameter.requires_grad is not ((i, name) != (1, "bias")):
                raise Mismatch(
                    "mutated", "Your code changed requires_grad of a parameter. Leave the layers as you found them."
                )


def test_spread_through__calls_each_layer_once(device):
    layers, _ = stack(device, 3, 4, 3, 2)
    kata.spread_through(layers, on(device, distinct(1, 5, 3)))
    calls = [layer.calls for layer in layers]
    if max(calls) > 1:
        raise Mismatch("statement", "Your code called at least one layer more than once.")
    assert_value(calls, [1, 1, 1], name="the list of the numbers of calls")


def test_spread_through__returns_an_empty_list_for_no_layers(device):
    assert_spreads(kata.spread_through([], on(device, distinct(1, 5, 3))), [])


def test_spread_through__does_what_its_example_shows(example):
    example.check(kata)


def hooked(device):
    """A model whose layers run in another order than they are registered, and its layers by name."""

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Linear(4, 2)
            self.body = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(6, 4), nn.Tanh()))
            self.calls = 0

        def forward(self, x):
            self.calls += 1
            return self.last(self.body(x) + 1)

    return Model().to(device)


def hooks_of(model):
    """The names of the functions that run with the modules of a model, besides their forward."""
    found = []
    for name, module in model.named_modules():
        for kind in ("_forward_hooks", "_forward_pre_hooks"):
            found += [f"{name or 'model'}: {each!r}" for each in getattr(module, kind).values()]
        if getattr(module.forward, "__func__", None) is not type(module).forward:
            found.append(f"{name or 'model'}: forward")
    found += [f"global: {each!r}" for each in nn.modules.module._global_forward_hooks.values()]
    return found + [f"global: {each!r}" for each in nn.modules.module._global_forward_pre_hooks.values()]


def assert_shapes(actual, entered, left):
    __tracebackhide__ = True
    if not isinstance(actual, tuple | list) or len(actual) != 2 or not all(isinstance(s, tuple | list) for s in actual):
        raise Mismatch("type", "Return a tuple of two shapes: (entered, left).", actual=actual)
    found = tuple(tuple(shape) for shape in actual)
    if found != (entered, left):
        says = f"The shapes (entered, left) are {found}. They must be {(entered, left)}."
        raise Mismatch("value", says, actual=found, expected=(entered, left))


@pytest.mark.parametrize(
    ("name", "entered", "left"),
    [
        ("body.1.0", (5, 6), (5, 4)),
        ("last", (5, 4), (5, 2)),
        ("body.0", (5, 2, 3), (5, 6)),
        ("body", (5, 2, 3), (5, 4)),
    ],
)
def test_shapes_at__returns_the_shapes_of_input_and_output(device, name, entered, left):
    model = hooked(device)
    x = on(device, distinct(1, 5, 2, 3))
    assert_shapes(kata.shapes_at(model, model.get_submodule(name), x), entered, left)


@pytest.mark.parametrize("count", [1, 0], ids=["one_row", "no_rows"])
def test_shapes_at__accepts_any_number_of_rows(device, count):
    model = hooked(device)
    x = on(device, distinct(1, count, 2, 3))
    assert_shapes(kata.shapes_at(model, model.body[1][0], x), (count, 6), (count, 4))


def test_shapes_at__accepts_the_model_as_the_layer(device):
    model = nn.Linear(3, 2).to(device)
    assert_shapes(kata.shapes_at(model, model, on(device, distinct(1, 3))), (3,), (2,))


def test_shapes_at__calls_the_model_once(device):
    model = hooked(device)
    kata.shapes_at(model, model.last, on(device, distinct(1, 5, 2, 3)))
    assert_value(model.calls, 1, name="the number of calls of the model")


def test_shapes_at__leaves_no_hook_behind(device):
    model = hooked(device)
    before = hooks_of(model)
    kata.shapes_at(model, model.body[1][0], on(device, distinct(1, 5, 2, 3)))
    more = [each for each in hooks_of(model) if each not in before]
    if more:
        functions = f"{len(more)} more function{'s' * (len(more) > 1)}"
        raise Mismatch("mutated", f"After your call, the model still runs {functions} of yours. Remove what you added.")


def test_shapes_at__keeps_the_hooks_of_others(device):
    model, calls = hooked(device), []
    layer, x = model.body[1][0], on(device, distinct(1, 5, 2, 3))
    layer.register_forward_hook(lambda *args: calls.append("after"))
    layer.register_forward_pre_hook(lambda *args: calls.append("before"))
    kata.shapes_at(model, layer, x)
    calls.clear()
    model(x)
    assert_value(calls, ["before", "after"], name="the list of the hooks that ran in a later call of the model")


def test_shapes_at__does_not_change_the_inputs(device):
    model, x = hooked(device), on(device, distinct(1, 5, 2, 3))
    with assert_unchanged(inputs=x):
        kata.shapes_at(model, model.last, x)


def test_shapes_at__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 2), (3, 3)])
def test_OptionalBias__has_a_weight_and_a_bias_by_default(device, inputs, outputs):
    for layer in (kata.OptionalBias(inputs, outputs), kata.OptionalBias(inputs, outputs, bias=True)):
        assert_zeros(layer.to(device), device, weight=(outputs, inputs), bias=(outputs,))


@pytest.mark.parametrize(("inputs", "outputs"), [(3, 5), (4, 1), (3, 3)])
def test_OptionalBias__lists_only_the_weight_without_a_bias(device, inputs, outputs):
    layer = kata.OptionalBias(inputs, outputs, bias=False).to(device)
    assert_zeros(layer, device, weight=(outputs, inputs))
    assert_value(list(layer.state_dict()), ["weight"], name="the list of the names in state_dict()")


def test_OptionalBias__has_none_as_its_bias_without_a_bias():
    layer = kata.OptionalBias(3, 2, bias=False)
    if not hasattr(layer, "bias"):
        raise Mismatch("statement", "The layer has no attribute bias. It must have one, and it must be None.")
    if layer.bias is not None:
        raise Mismatch(
            "value", "layer.bias is not None, although bias=False was given.", actual=layer.bias, expected=None
        )


def test_OptionalBias__reserves_the_name_for_a_parameter():
    layer = kata.OptionalBias(3, 2, bias=False)
    because = "With bias=False, layer.bias = tensor must raise a TypeError. It raised none."
    with assert_raises(TypeError, because=because):
        layer.bias = torch.ones(2)
    layer.bias = nn.Parameter(torch.ones(2))
    assert_value(sorted(layer.state_dict()), ["bias", "weight"], name="the list of the names after a bias was assigned")


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_OptionalBias__adds_the_bias(device, in_front):
    x, weight, bias = distinct(1, *in_front, 3), distinct(2, 2, 3), distinct(3, 2)
    layer = hand_set(kata.OptionalBias(3, 2).to(device), weight, bias)
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.parametrize("outputs", [1, 2])
def test_OptionalBias__lets_gradients_reach_a_bias_of_zeros(device, outputs):
    layer = hand_set(kata.OptionalBias(3, outputs).to(device), distinct(6, outputs, 3), np.zeros(outputs))
    layer(on(device, distinct(7, 4, 3))).sum().backward()
    if layer.bias.grad is None:
        raise Mismatch("graph", "A bias of zeros received no gradient, so it was not added and can never be trained.")
    assert_tensor(layer.bias.grad, np.full(outputs, 4, np.float32), device=device, name="the gradient of bias")


@pytest.mark.parametrize("in_front", IN_FRONT, ids=IN_FRONT_NAMES)
def test_OptionalBias__adds_nothing_without_a_bias(device, in_front):
    x, weight = distinct(4, *in_front, 3), distinct(5, 2, 3)
    layer = hand_set(kata.OptionalBias(3, 2, bias=False).to(device), weight)
    assert_outputs(layer(on(device, x)), x, weight, None, device)


@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__is_right_if_the_weight_is_square(device, bias):
    x, weight, shift = distinct(6, 3, 3), distinct(7, 3, 3), distinct(8, 3) if bias else None
    layer = hand_set(kata.OptionalBias(3, 3, bias=bias).to(device), weight, shift)
    assert_outputs(layer(on(device, x)), x, weight, shift, device)


def test_OptionalBias__adds_a_bias_that_was_assigned_later(device):
    x, weight, bias = distinct(9, 4, 3), distinct(10, 2, 3), distinct(11, 2)
    layer = hand_set(kata.OptionalBias(3, 2, bias=False).to(device), weight)
    layer.bias = nn.Parameter(on(device, bias))
    assert_outputs(layer(on(device, x)), x, weight, bias, device)


@pytest.mark.float64
@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__lets_gradients_reach_inputs_and_all_parameters(device, bias):
    x, weight, upstream = distinct(1, 2, 4, 3), distinct(2, 2, 3), distinct(4, 2, 4, 2)
    layer = kata.OptionalBias(3, 2, bias=bias).double().to(device)
    hand_set(layer, weight, distinct(3, 2) if bias else None)
    assert_gradients(needs_parameters(layer), x, weight, upstream, with_bias=bias)


@pytest.mark.parametrize("bias", [True, False], ids=["with_bias", "without_bias"])
def test_OptionalBias__can_be_saved_loaded_and_copied(device, bias):
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
def test_OptionalBias__does_not_use_the_linear_layer_of_pytorch(device, bias):
    with forbid("torch.nn.Linear", "torch.nn.functional.linear", because=BY_HAND):
        kata.OptionalBias(3, 2, bias=bias).to(device)(on(device, distinct(1, 4, 3)))


def test_OptionalBias__does_what_its_example_shows(example):
    example.check(kata)
