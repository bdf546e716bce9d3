"""The specification of katas/lesson_3_nn_module/kata_01_parameters.py."""

import copy

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
    kind_of,
    shares_memory,
)
from katas.lesson_3_nn_module import kata_01_parameters as kata

CORE = ("Neuron", "count_parameters", "Standardizer")


def _draw(seed, *shape):
    """Eighths from -2 to 2 without 0, as float64. They are exact in float32."""
    generator = np.random.default_rng(seed)
    return np.asarray(generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8)


def _on(device, values, *, dtype=torch.float32, requires_grad=False):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device, requires_grad=requires_grad)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _what_is_at(module, name):
    """What a module holds under a name, as the end of a sentence."""
    held = getattr(module, name, None)
    if held is None:
        return f"nothing is assigned to self.{name}."
    if isinstance(held, nn.Parameter):
        return f"self.{name} is a Parameter."
    if name in dict(module.named_buffers()):
        return f"self.{name} is a buffer."
    if isinstance(held, torch.Tensor):
        origin = ", computed from another tensor." if held.grad_fn is not None else "."
        return f"self.{name} is a plain tensor{origin}"
    return f"self.{name} is {kind_of(held)}."


def _assert_parameters(module, **expected):
    """Check that the module has these parameters and no others, each with its values, and that each requires grad."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    for name in expected:
        if name not in found:
            raise Mismatch("statement", f"The module has no parameter {name}: {_what_is_at(module, name)}")
    for name in found:
        if name not in expected:
            raise Mismatch("statement", f"The module also has a parameter {name}, which the card does not name.")
    for name, values in expected.items():
        assert_tensor(found[name], float32(values), name=f"the parameter {name}")
        if not found[name].requires_grad:
            raise Mismatch("statement", f"The parameter {name} is frozen: its requires_grad is False.")


def _assert_buffers(module, **expected):
    """Check that the module has these buffers with these values, no graph, no other buffers and no parameters."""
    __tracebackhide__ = True
    found = dict(module.named_buffers())
    for name in expected:
        if name not in found:
            raise Mismatch("statement", f"The module has no buffer {name}: {_what_is_at(module, name)}")
    for name in [*found, *dict(module.named_parameters())]:
        if name not in expected:
            raise Mismatch(
                "statement", f"The module also has a parameter or buffer {name}, which the card does not name."
            )
    for name, values in expected.items():
        assert_tensor(found[name], float32(values), name=f"the buffer {name}")
        assert_no_graph(found[name], name=f"the buffer {name}")


def _assert_saved(module, *names):
    """Check which names are in the state_dict of a module."""
    __tracebackhide__ = True
    saved = set(module.state_dict())
    for name in names:
        if name not in saved:
            raise Mismatch("statement", f"state_dict() does not contain {name}, so it would not be saved.")
    for name in sorted(saved.difference(names)):
        raise Mismatch("statement", f"state_dict() contains {name}, which the card does not name.")


def _assert_moved(module, device, dtype, *names):
    __tracebackhide__ = True
    for name in names:
        held = getattr(module, name, None)
        if not isinstance(held, torch.Tensor):
            raise Mismatch("statement", f"The module has no tensor {name}: {_what_is_at(module, name)}")
        if held.device.type != torch.device(device).type:
            raise Mismatch("device", f"The module was moved to {device}, but {name} is still on {held.device.type}.")
        if held.dtype != dtype:
            raise Mismatch("dtype", f"The module is {str(dtype)[6:]} now, but {name} is still {str(held.dtype)[6:]}.")


def _assert_gradient(leaf, expected, name, dtype=torch.float32):
    __tracebackhide__ = True
    if not isinstance(leaf, torch.Tensor):
        raise Mismatch("statement", f"{name} is {kind_of(leaf)}. It must be a tensor.")
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient has reached {name}: its .grad is None.")
    assert_tensor(leaf.grad, np.asarray(expected), dtype=dtype, device=leaf.device, name=f"the gradient of {name}")


def test_Neuron__has_the_parameters_weight_and_bias(device):
    weight, bias = _draw(1, 3), 0.75
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    _assert_parameters(neuron, weight=weight, bias=bias)
    _assert_saved(neuron, "weight", "bias")


@pytest.mark.parametrize(("rows", "size"), [(4, 3), (2, 5), (3, 1)])
def test_Neuron__computes_one_output_for_each_row(device, rows, size):
    weight, bias, inputs = _draw(size, size), _draw(rows, 1)[0], _draw(9, rows, size)
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


@pytest.mark.parametrize("shape", [(), (2, 4), (0,), (2, 1, 3)])
def test_Neuron__accepts_any_leading_dimensions(device, shape):
    weight, bias, inputs = _draw(2, 3), -0.5, _draw(3, *shape, 3)
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


@pytest.mark.parametrize("requires_grad", [False, True])
def test_Neuron__copies_its_arguments(device, requires_grad):
    weight = _on(device, _draw(4, 4), requires_grad=requires_grad)
    bias = _on(device, 1.25, requires_grad=requires_grad)
    with assert_unchanged(weight=weight, bias=bias):
        neuron = kata.Neuron(weight, bias)
    for name, given in [("weight", weight), ("bias", bias)]:
        kept = getattr(neuron, name, None)
        if not isinstance(kept, torch.Tensor):
            raise Mismatch("statement", f"The neuron has no {name}: {_what_is_at(neuron, name)}")
        assert_owns_memory(kept, given, name=f"the neuron's {name}", other_name=f"the argument {name}")
        if not kept.is_leaf:
            raise Mismatch("graph", f"The neuron's {name} is not a leaf tensor: it has a graph.")
        if given.requires_grad is not requires_grad:
            says = f"requires_grad of the argument {name} was {requires_grad}, and is now {given.requires_grad}."
            raise Mismatch("mutated", says)


def test_Neuron__computes_with_the_current_parameters(device):
    neuron = kata.Neuron(_on(device, _draw(5, 3)), _on(device, 0.5))
    weight, bias, inputs = _draw(6, 3), -0.25, _draw(7, 2, 3)
    with torch.no_grad():
        for parameter in neuron.parameters():
            parameter.copy_(_on(device, weight if parameter.dim() else bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


@pytest.mark.float64
def test_Neuron__keeps_the_dtype(device):
    weight, bias = _draw(22, 3), _draw(23, 1)[0]
    neuron = kata.Neuron(_on(device, weight, dtype=torch.float64), _on(device, bias, dtype=torch.float64))
    for name, values in (("weight", weight), ("bias", bias)):
        assert_tensor(getattr(neuron, name, None), np.asarray(values), device=device, name=f"the parameter {name}")


@pytest.mark.float64
def test_Neuron__lets_gradients_reach_parameters_and_inputs(device):
    weight, bias, inputs, upstream = _draw(8, 3) / 4, 0.25, _draw(9, 5, 3) / 2, _draw(10, 5)
    neuron = kata.Neuron(_on(device, weight, dtype=torch.float64), _on(device, bias, dtype=torch.float64))
    leaf = _on(device, inputs, dtype=torch.float64, requires_grad=True)
    answer = neuron(leaf)
    assert_has_graph(answer)
    answer.backward(_on(device, upstream, dtype=torch.float64))
    # d tanh(s)/ds = 1 - tanh(s)**2, times the upstream gradient. The rest is as in net_gradients of Foundations.
    to_sums = upstream * (1 - np.tanh(inputs @ weight + bias) ** 2)
    _assert_gradient(getattr(neuron, "weight", None), inputs.T @ to_sums, "weight", torch.float64)
    _assert_gradient(getattr(neuron, "bias", None), to_sums.sum(), "bias", torch.float64)
    _assert_gradient(leaf, to_sums[:, None] * weight, "the inputs", torch.float64)


@pytest.mark.float64
def test_Neuron__moves_with_its_parameters(device):
    weight, bias, inputs = _draw(11, 3), 0.125, _draw(12, 2, 3)
    neuron = kata.Neuron(_on("cpu", weight), _on("cpu", bias)).to(device).double()
    _assert_moved(neuron, device, torch.float64, "weight", "bias")
    actual = neuron(_on(device, inputs, dtype=torch.float64))
    assert_tensor(actual, np.tanh(inputs @ weight + bias), device=device)


def test_Neuron__is_saved_and_copied_with_its_parameters(device):
    weight, bias, inputs = _draw(13, 3), -0.75, _draw(14, 2, 3)
    expected = float32(np.tanh(inputs @ weight + bias))
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    other = kata.Neuron(_on(device, _draw(15, 3)), _on(device, 2.0))
    other.load_state_dict(neuron.state_dict())
    name = f"your result after load_state_dict from a Neuron with weight={weight.tolist()}, bias={bias}"
    assert_tensor(other(_on(device, inputs)), expected, device=device, name=name)
    twin = copy.deepcopy(neuron)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert_tensor(
        neuron(_on(device, inputs)), expected, device=device, name="your result after a change of a deep copy"
    )


def test_Neuron__does_what_its_example_shows(example):
    example.check(kata)


def _parameter(device, *shape, frozen=False):
    return nn.Parameter(torch.ones(shape, device=device), requires_grad=not frozen)


def _module(**attributes):
    """A module with these attributes."""
    module = nn.Module()
    for name, value in attributes.items():
        setattr(module, name, value)
    return module


def _nested(device):
    """A module with 2 * 3 elements, 4 more in its child, and 5 and 2 * 1 * 2 more in the child of that child."""
    inmost = _module(weight=_parameter(device, 5), gain=_parameter(device, 2, 1, 2))
    return _module(weight=_parameter(device, 2, 3), first=_module(weight=_parameter(device, 4), last=inmost))


def test_count_parameters__adds_up_the_elements(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3, 4), bias=_parameter(device, 3))), 15)
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 2, 3, 5))), 30)


def test_count_parameters__counts_in_modules_at_any_depth(device):
    assert_value(kata.count_parameters(_nested(device)), 19)


def test_count_parameters__counts_one_for_an_empty_shape(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3), bias=_parameter(device))), 4)


def test_count_parameters__leaves_out_other_tensors(device):
    model = _module(weight=_parameter(device, 3), plain=torch.ones(7, device=device, requires_grad=True))
    model.register_buffer("mean", torch.zeros(20, device=device))
    assert_value(kata.count_parameters(model), 3)


def test_count_parameters__leaves_out_frozen_parameters(device):
    model = _module(weight=_parameter(device, 3, 2), bias=_parameter(device, 10, frozen=True))
    model.inner = _module(weight=_parameter(device, 30, frozen=True), bias=_parameter(device, 4))
    assert_value(kata.count_parameters(model), 10)


def test_count_parameters__counts_a_parameter_with_two_names_once(device):
    shared = _parameter(device, 2, 3)
    assert_value(kata.count_parameters(_module(weight=shared, again=shared, bias=_parameter(device, 4))), 10)


def test_count_parameters__counts_a_parameter_of_two_modules_once(device):
    shared = _parameter(device, 2, 3)
    model = _module(weight=shared, inner=_module(weight=shared, bias=_parameter(device, 4)))
    model.same_module = model.inner
    assert_value(kata.count_parameters(model), 10)


def test_count_parameters__counts_two_parameters_of_equal_shape(device):
    model = _module(left=_module(weight=_parameter(device, 2, 3)), right=_module(weight=_parameter(device, 2, 3)))
    assert_value(kata.count_parameters(model), 12)


def test_count_parameters__returns_0_if_nothing_can_learn(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3, frozen=True))), 0)
    assert_value(kata.count_parameters(nn.Module()), 0)


def test_count_parameters__does_what_its_example_shows(example):
    example.check(kata)


def _spread(seed, size):
    return np.abs(_draw(seed, size)) + 0.5


@pytest.mark.parametrize("shape", [(4, 3), (2, 5), (3,), (2, 1, 4), (0, 2)])
def test_Standardizer__subtracts_the_mean_and_divides_by_std(device, shape):
    mean, std, inputs = _draw(1, shape[-1]), _spread(2, shape[-1]), _draw(3, *shape)
    standardizer = kata.Standardizer(_on(device, mean), _on(device, std))
    x = _on(device, inputs)
    with assert_unchanged(inputs=x):
        actual = standardizer(x)
    assert_tensor(actual, float32((inputs - mean) / std), device=device)


def test_Standardizer__divides_by_a_small_std(device):
    mean, std, inputs = _draw(20, 3), np.array([2**-10, 1.0, 2**-13]), _draw(21, 4, 3)
    actual = kata.Standardizer(_on(device, mean), _on(device, std))(_on(device, inputs))
    assert_tensor(actual, float32((inputs - mean) / std), device=device)


@pytest.mark.parametrize("requires_grad", [False, True])
def test_Standardizer__has_the_buffers_mean_and_std(device, requires_grad):
    mean, std = _draw(4, 3), _spread(5, 3)
    given = [_on(device, values, requires_grad=requires_grad) for values in (mean, std)]
    standardizer = kata.Standardizer(*given)
    _assert_buffers(standardizer, mean=mean, std=std)
    _assert_saved(standardizer, "mean", "std")


def test_Standardizer__copies_its_arguments(device):
    mean, std = _on(device, _draw(6, 3)), _on(device, _spread(7, 3))
    with assert_unchanged(mean=mean, std=std):
        standardizer = kata.Standardizer(mean, std)
    for name, given in [("mean", mean), ("std", std)]:
        kept = getattr(standardizer, name, None)
        if not isinstance(kept, torch.Tensor):
            raise Mismatch("statement", f"The module has no {name}: {_what_is_at(standardizer, name)}")
        assert_owns_memory(kept, given, name=f"the module's {name}", other_name=f"the argument {name}")


@pytest.mark.float64
def test_Standardizer__moves_with_its_buffers(device):
    mean, std, inputs = _draw(8, 3), _spread(9, 3), _draw(10, 2, 3)
    standardizer = kata.Standardizer(_on("cpu", mean), _on("cpu", std)).to(device).double()
    _assert_moved(standardizer, device, torch.float64, "mean", "std")
    actual = standardizer(_on(device, inputs, dtype=torch.float64))
    assert_tensor(actual, (inputs - mean) / std, device=device)


def test_Standardizer__is_saved_and_copied_with_its_buffers(device):
    mean, std, inputs = _draw(11, 3), _spread(12, 3), _draw(13, 2, 3)
    expected = float32((inputs - mean) / std)
    standardizer = kata.Standardizer(_on(device, mean), _on(device, std))
    other = kata.Standardizer(_on(device, _draw(14, 3)), _on(device, _spread(15, 3)))
    other.load_state_dict(standardizer.state_dict())
    name = f"your result after load_state_dict from a Standardizer with mean={mean.tolist()}, std={std.tolist()}"
    assert_tensor(other(_on(device, inputs)), expected, device=device, name=name)
    twin = copy.deepcopy(standardizer)
    with torch.no_grad():
        for buffer in twin.buffers():
            buffer.fill_(7)
    actual = standardizer(_on(device, inputs))
    assert_tensor(actual, expected, device=device, name="your result after a change of a deep copy")


def test_Standardizer__lets_gradients_reach_the_inputs(device):
    std, upstream = _spread(16, 3), _draw(17, 4, 3)
    inputs = _on(device, _draw(18, 4, 3), requires_grad=True)
    answer = kata.Standardizer(_on(device, _draw(19, 3)), _on(device, std))(inputs)
    assert_has_graph(answer)
    answer.backward(_on(device, upstream))
    # d((x - mean) / std)/dx = 1 / std
    _assert_gradient(inputs, float32(upstream / std), "the inputs")


def test_Standardizer__does_what_its_example_shows(example):
    example.check(kata)


def _called(clamp, x):
    """What clamp(x) returns. An attribute that nn.Module should have created is named in the message."""
    __tracebackhide__ = True
    try:
        return clamp(x)
    except AttributeError as error:
        if "attribute '_" not in str(error):
            raise
        raise Mismatch("error", f"The call clamp(x) raises an AttributeError: {error}.") from None


@pytest.mark.parametrize("shape", [(6,), (3, 4), (), (0, 2)])
def test_Clamp__limits_every_element(device, shape):
    x = _draw(21, *shape)
    for low, high in ((-0.5, 1.0), (0.25, 0.75)):
        given = _on(device, x)
        with assert_unchanged(x=given):
            actual = _called(kata.Clamp(low, high), given)
        assert_tensor(actual, float32(np.clip(x, low, high)), device=device)


def _assert_is_module(clamp):
    __tracebackhide__ = True
    if not isinstance(clamp, nn.Module):
        raise Mismatch("type", f"Clamp(-0.5, 1.0) is {kind_of(clamp)}. It must be an nn.Module.")


def test_Clamp__has_no_parameters():
    clamp = kata.Clamp(-0.5, 1.0)
    _assert_is_module(clamp)
    names = [name for name, _ in clamp.named_parameters()]
    assert_value(names, [], name="the list of the names of its parameters")


def test_Clamp__supports_the_methods_of_a_module(device):
    clamp = kata.Clamp(-0.5, 1.0)
    _assert_is_module(clamp)
    for name in ("state_dict", "eval", "double", "zero_grad", "modules", "buffers", "extra_repr"):
        list(getattr(clamp, name)() or ()) if name in ("modules", "buffers") else getattr(clamp, name)()
    seen = []
    handle = clamp.register_forward_hook(lambda module, given, output: seen.append(module))
    clamp(torch.zeros(2, device=device))
    handle.remove()
    if not seen:
        raise Mismatch("statement", "A call of the module does not run the functions that were registered with it.")


def test_Clamp__can_be_a_part_of_another_module(device):
    model = _module(clamp=kata.Clamp(-0.5, 1.0)).to(device)
    model.eval()
    assert_value(model.clamp.training, False, name="the flag training of the part after eval()")
    assert_value(sorted(model.state_dict()), sorted(f"clamp.{name}" for name in model.clamp.state_dict()),
                 name="the list of the names in state_dict()")  # fmt: skip
    assert_tensor(copy.deepcopy(model).clamp(_on(device, [-3.0, 0.0, 3.0])), [-0.5, 0.0, 1.0], device=device)


def test_Clamp__does_what_its_example_shows(example):
    example.check(kata)


def _layers(device):
    """Layers with weights of shapes (5, 3), (3,) and (4, 2). The last weight is frozen."""
    frozen = nn.Embedding(4, 2, device=device).requires_grad_(False)
    return [nn.Linear(3, 5, device=device), nn.LayerNorm(3, device=device), frozen]


def test_set_weight__writes_the_values(device):
    for number, layer in enumerate(_layers(device)):
        values = _draw(80 + number, *layer.weight.shape)
        assert_value(kata.set_weight(layer, _on(device, values)), None)
        assert_tensor(layer.weight, float32(values), device=device, name="layer.weight")


def test_set_weight__keeps_the_parameter(device):
    for layer in _layers(device):
        before, required = layer.weight, layer.weight.requires_grad
        memory, gradient = before.detach(), torch.ones_like(before)
        before.grad = gradient
        kata.set_weight(layer, _on(device, _draw(90, *before.shape)))
        if layer.weight is not before:
            raise Mismatch(
                "statement",
                "layer.weight is a different Parameter now. Change the old one in place.",
            )
        if not shares_memory(before, memory):
            raise Mismatch("memory", "layer.weight has different memory now. Write the values into its old memory.")
        if before.requires_grad is not required:
            says = f"requires_grad of layer.weight was {required}, and is now {before.requires_grad}."
            raise Mismatch("graph", says)
        if not before.is_leaf:
            raise Mismatch("graph", "layer.weight is no longer a leaf tensor: it has a graph.")
        if before.grad is not gradient or not torch.equal(gradient, torch.ones_like(gradient)):
            raise Mismatch("mutated", "layer.weight.grad has changed.")


@pytest.mark.parametrize("requires_grad", [False, True])
def test_set_weight__copies_the_values(device, requires_grad):
    for number, layer in enumerate(_layers(device)):
        values = _on(device, _draw(100 + number, *layer.weight.shape), requires_grad=requires_grad)
        with assert_unchanged(values=values):
            kata.set_weight(layer, values)
        assert_owns_memory(layer.weight, values, name="layer.weight", other_name="values")
        if not layer.weight.is_leaf or layer.weight.requires_grad is not (number < 2):
            raise Mismatch("graph", "layer.weight has a graph, or its requires_grad has changed.")


@pytest.mark.float64
def test_set_weight__keeps_the_dtype(device):
    for number, layer in enumerate(_layers(device)):
        values = _draw(110 + number, *layer.weight.shape)
        kata.set_weight(layer, _on(device, values, dtype=torch.float64))
        assert_tensor(layer.weight, float32(values), device=device, name="layer.weight")


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 5), (15,), (5, 7), (), (1, 5, 3)])
def test_set_weight__raises_an_error_for_another_shape(device, shape):
    layer, values = nn.Linear(3, 5, device=device), _on(device, _draw(120, *shape))
    with assert_raises(
        ValueError,
        because=f"The shapes (5, 3) and {shape} differ, but no ValueError was raised.",
    ):
        kata.set_weight(layer, values)


@pytest.mark.parametrize("shape", [(3,), (5, 7)])
def test_set_weight__keeps_the_weight_if_it_raises(device, shape):
    layer, values = nn.Linear(3, 5, device=device), _on(device, _draw(130, *shape))
    before = layer.weight.detach().clone()
    with assert_raises(
        ValueError,
        because=f"The shapes (5, 3) and {shape} differ, but no ValueError was raised.",
    ):
        kata.set_weight(layer, values)
    assert_tensor(layer.weight, before, device=device, name="layer.weight after the ValueError")


def test_set_weight__does_what_its_example_shows(example):
    example.check(kata)
