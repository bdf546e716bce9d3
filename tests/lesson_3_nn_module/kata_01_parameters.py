"""The specification of katas/lesson_3_nn_module/kata_01_parameters.py."""

import collections
import copy

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    shares_memory,
)
from katas.lesson_3_nn_module import kata_01_parameters as kata

CORE = ("Neuron", "count_parameters", "Standardizer", "forgotten")


def _draw(seed, *shape):
    """Eighths from -2 to 2 but for 0, as float64: float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return np.asarray(generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8)


def _on(device, values, *, dtype=torch.float32, tracked=False):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device, requires_grad=tracked)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _what_is_at(module, name):
    """A sentence on what a module holds under a name, where that is not what it should be."""
    held = getattr(module, name, None)
    if held is None:
        return f"nothing was assigned to self.{name}."
    if isinstance(held, nn.Parameter):
        return f"self.{name} is a Parameter."
    if name in dict(module.named_buffers()):
        return f"self.{name} is a buffer."
    if isinstance(held, torch.Tensor):
        way = ", and no leaf: it was computed from another one." if held.grad_fn is not None else "."
        return f"self.{name} is a plain tensor{way}"
    return f"self.{name} is of type {type(held).__name__}."


def _assert_parameters(module, **expected):
    """Check that the module has these parameters and no others, each a tracked leaf with its values."""
    __tracebackhide__ = True
    found = dict(module.named_parameters())
    for name in expected:
        if name not in found:
            raise Mismatch("statement", f"The module has no parameter {name}: {_what_is_at(module, name)}")
    for name in found:
        if name not in expected:
            raise Mismatch("statement", f"The module has a parameter {name}, which is not asked for.")
    for name, values in expected.items():
        assert_tensor(found[name], float32(values), name=f"the parameter {name}")
        if not found[name].requires_grad:
            raise Mismatch("statement", f"The parameter {name} is frozen: its requires_grad is False.")


def _assert_buffers(module, **expected):
    """Check that the module has these buffers and no others, each untracked and with its values; no parameters."""
    __tracebackhide__ = True
    found = dict(module.named_buffers())
    for name in expected:
        if name not in found:
            raise Mismatch("statement", f"The module has no buffer {name}: {_what_is_at(module, name)}")
    for name in [*found, *dict(module.named_parameters())]:
        if name not in expected:
            raise Mismatch("statement", f"The module holds {name} too, which is not asked for.")
    for name, values in expected.items():
        assert_tensor(found[name], float32(values), name=f"the buffer {name}")
        assert_no_graph(found[name], name=f"the buffer {name}")


def _assert_saved(module, *names):
    """Check which names are in the state_dict of a module."""
    __tracebackhide__ = True
    saved = set(module.state_dict())
    for name in names:
        if name not in saved:
            raise Mismatch("statement", f"{name} is not in the state_dict: it is lost when the module is saved.")
    for name in sorted(saved.difference(names)):
        raise Mismatch("statement", f"{name} is in the state_dict, and is not asked for.")


def _assert_moved(module, device, dtype, *names):
    __tracebackhide__ = True
    for name in names:
        held = getattr(module, name, None)
        if not isinstance(held, torch.Tensor):
            raise Mismatch("statement", f"The module has lost {name}: {_what_is_at(module, name)}")
        if held.device.type != torch.device(device).type:
            raise Mismatch("device", f"{name} stayed behind on {held.device.type} when the module moved to {device}.")
        if held.dtype != dtype:
            raise Mismatch("dtype", f"{name} is {str(held.dtype)[6:]} still; the module was made {str(dtype)[6:]}.")


def _assert_gradient(leaf, expected, name, dtype=torch.float32):
    __tracebackhide__ = True
    if not isinstance(leaf, torch.Tensor):
        raise Mismatch("statement", f"The {name} is of type {type(leaf).__name__}; it must be a parameter.")
    if leaf.grad is None:
        raise Mismatch("graph", f"No gradient has flowed back to {name}: its .grad is None.")
    assert_tensor(leaf.grad, np.asarray(expected), dtype=dtype, device=leaf.device, name=f"the gradient at {name}")


def _assert_recorded(actual):
    __tracebackhide__ = True
    if actual.grad_fn is None:
        raise Mismatch("graph", "The answer has no graph behind it: no gradient can flow back from it.")


@pytest.mark.parametrize(("rows", "size"), [(4, 3), (2, 5), (3, 1)])
def test_Neuron__answers_for_each_row(device, rows, size):
    weight, bias, inputs = _draw(size, size), _draw(rows, 1)[0], _draw(9, rows, size)
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


def test_Neuron__has_the_parameters_weight_and_bias(device):
    weight, bias = _draw(1, 3), 0.75
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    _assert_parameters(neuron, weight=weight, bias=bias)
    _assert_saved(neuron, "weight", "bias")


@pytest.mark.parametrize("shape", [(), (2, 4), (0,), (2, 1, 3)])
def test_Neuron__takes_any_dimensions_in_front(device, shape):
    weight, bias, inputs = _draw(2, 3), -0.5, _draw(3, *shape, 3)
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


@pytest.mark.parametrize("tracked", [False, True])
def test_Neuron__copies_the_tensors_given(device, tracked):
    weight, bias = _on(device, _draw(4, 4), tracked=tracked), _on(device, 1.25, tracked=tracked)
    with assert_unchanged(weight=weight, bias=bias):
        neuron = kata.Neuron(weight, bias)
    for name, given in [("weight", weight), ("bias", bias)]:
        kept = getattr(neuron, name, None)
        if not isinstance(kept, torch.Tensor):
            raise Mismatch("statement", f"The neuron has no {name}: {_what_is_at(neuron, name)}")
        assert_owns_memory(kept, given, name=f"the neuron's {name}", other_name="the tensor given")
        if not kept.is_leaf:
            raise Mismatch("graph", f"The neuron's {name} is no leaf: a graph hangs on it.")
        if given.requires_grad is not tracked:
            was, now = ("tracked", "untracked") if tracked else ("untracked", "tracked")
            raise Mismatch("mutated", f"The {name} given was {was}; making a neuron of it has made it {now}.")


def test_Neuron__computes_with_the_parameters_it_has_now(device):
    neuron = kata.Neuron(_on(device, _draw(5, 3)), _on(device, 0.5))
    weight, bias, inputs = _draw(6, 3), -0.25, _draw(7, 2, 3)
    with torch.no_grad():
        for parameter in neuron.parameters():
            parameter.copy_(_on(device, weight if parameter.dim() else bias))
    assert_tensor(neuron(_on(device, inputs)), float32(np.tanh(inputs @ weight + bias)), device=device)


@pytest.mark.float64
def test_Neuron__lets_the_right_gradients_flow_back(device):
    weight, bias, inputs, upstream = _draw(8, 3) / 4, 0.25, _draw(9, 5, 3) / 2, _draw(10, 5)
    neuron = kata.Neuron(_on(device, weight, dtype=torch.float64), _on(device, bias, dtype=torch.float64))
    leaf = _on(device, inputs, dtype=torch.float64, tracked=True)
    answer = neuron(leaf)
    _assert_recorded(answer)
    answer.backward(_on(device, upstream, dtype=torch.float64))
    # d tanh(s)/ds = 1 - tanh(s)**2, times what arrives; then as in Foundations' net_gradients.
    to_sums = upstream * (1 - np.tanh(inputs @ weight + bias) ** 2)
    _assert_gradient(getattr(neuron, "weight", None), inputs.T @ to_sums, "weight", torch.float64)
    _assert_gradient(getattr(neuron, "bias", None), to_sums.sum(), "bias", torch.float64)
    _assert_gradient(leaf, to_sums[:, None] * weight, "the inputs", torch.float64)


@pytest.mark.float64
def test_Neuron__is_moved_with_all_it_has(device):
    weight, bias, inputs = _draw(11, 3), 0.125, _draw(12, 2, 3)
    neuron = kata.Neuron(_on("cpu", weight), _on("cpu", bias)).to(device).double()
    _assert_moved(neuron, device, torch.float64, "weight", "bias")
    actual = neuron(_on(device, inputs, dtype=torch.float64))
    assert_tensor(actual, np.tanh(inputs @ weight + bias), device=device)


def test_Neuron__is_saved_and_copied_with_all_it_has(device):
    weight, bias, inputs = _draw(13, 3), -0.75, _draw(14, 2, 3)
    expected = float32(np.tanh(inputs @ weight + bias))
    neuron = kata.Neuron(_on(device, weight), _on(device, bias))
    other = kata.Neuron(_on(device, _draw(15, 3)), _on(device, 2.0))
    other.load_state_dict(neuron.state_dict())
    name = f"the answer after load_state_dict from a Neuron with weight={weight.tolist()}, bias={bias}"
    assert_tensor(other(_on(device, inputs)), expected, device=device, name=name)
    twin = copy.deepcopy(neuron)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert_tensor(neuron(_on(device, inputs)), expected, device=device, name="its answer after its copy has changed")


def _parameter(device, *shape, frozen=False):
    return nn.Parameter(torch.ones(shape, device=device), requires_grad=not frozen)


def _module(**attributes):
    """A module that holds what is given, by name."""
    module = nn.Module()
    for name, value in attributes.items():
        setattr(module, name, value)
    return module


def _nested(device):
    """A module with 2 * 3 numbers of its own, 4 one level down, and 5 and 2 * 1 * 2 two levels down."""
    inmost = _module(weight=_parameter(device, 5), gain=_parameter(device, 2, 1, 2))
    return _module(weight=_parameter(device, 2, 3), first=_module(weight=_parameter(device, 4), last=inmost))


def test_count_parameters__adds_up_their_sizes(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3, 4), bias=_parameter(device, 3))), 15)
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 2, 3, 5))), 30)


def test_count_parameters__counts_what_is_inside_at_any_depth(device):
    assert_value(kata.count_parameters(_nested(device)), 19)


def test_count_parameters__counts_one_for_no_dimensions(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3), bias=_parameter(device))), 4)


def test_count_parameters__leaves_out_what_is_no_parameter(device):
    model = _module(weight=_parameter(device, 3), plain=torch.ones(7, device=device, requires_grad=True))
    model.register_buffer("mean", torch.zeros(20, device=device))
    assert_value(kata.count_parameters(model), 3)


def test_count_parameters__leaves_out_what_is_frozen(device):
    model = _module(weight=_parameter(device, 3, 2), bias=_parameter(device, 10, frozen=True))
    model.inner = _module(weight=_parameter(device, 30, frozen=True), bias=_parameter(device, 4))
    assert_value(kata.count_parameters(model), 10)


def test_count_parameters__counts_once_what_has_two_names(device):
    shared = _parameter(device, 2, 3)
    assert_value(kata.count_parameters(_module(weight=shared, again=shared, bias=_parameter(device, 4))), 10)


def test_count_parameters__counts_once_what_two_modules_share(device):
    shared = _parameter(device, 2, 3)
    model = _module(weight=shared, inner=_module(weight=shared, bias=_parameter(device, 4)))
    model.same_module = model.inner
    assert_value(kata.count_parameters(model), 10)


def test_count_parameters__counts_twins_both(device):
    model = _module(left=_module(weight=_parameter(device, 2, 3)), right=_module(weight=_parameter(device, 2, 3)))
    assert_value(kata.count_parameters(model), 12)


def test_count_parameters__finds_none_where_there_are_none(device):
    assert_value(kata.count_parameters(_module(weight=_parameter(device, 3, frozen=True))), 0)
    assert_value(kata.count_parameters(nn.Module()), 0)


def _assert_shapes(actual, expected):
    __tracebackhide__ = True
    for name, shape in actual.items() if isinstance(actual, dict) else ():
        if type(shape) in (list, torch.Size):
            raise Mismatch("type", f"The shape of {name} is a {type(shape).__name__}; a plain tuple is asked for.",
                           actual=actual, expected=expected)  # fmt: skip
    assert_value(actual, expected)
    if list(actual) != list(expected):
        raise Mismatch("value", "All is there, but in another order than the model's.", actual=actual,
                       expected=expected)  # fmt: skip


def test_shapes__has_each_shape_under_its_name(device):
    model = _module(weight=_parameter(device, 3, 4), bias=_parameter(device, 3), gain=_parameter(device))
    _assert_shapes(kata.shapes(model), {"weight": (3, 4), "bias": (3,), "gain": ()})


def test_shapes__has_dotted_names_at_any_depth(device):
    expected = {"weight": (2, 3), "first.weight": (4,), "first.last.weight": (5,), "first.last.gain": (2, 1, 2)}
    _assert_shapes(kata.shapes(_nested(device)), expected)


def test_shapes__leaves_out_what_is_no_parameter(device):
    model = _module(weight=_parameter(device, 3), plain=torch.ones(7, device=device, requires_grad=True))
    model.register_buffer("mean", torch.zeros(20, device=device))
    _assert_shapes(kata.shapes(model), {"weight": (3,)})


def test_shapes__has_what_is_frozen(device):
    model = _module(weight=_parameter(device, 3, 2, frozen=True), bias=_parameter(device, 4))
    _assert_shapes(kata.shapes(model), {"weight": (3, 2), "bias": (4,)})


def test_shapes__has_what_is_shared_once(device):
    shared = _parameter(device, 2, 3)
    model = _module(inner=_module(weight=shared, bias=_parameter(device, 4)), outer=_module(weight=shared))
    _assert_shapes(kata.shapes(model), {"inner.weight": (2, 3), "inner.bias": (4,)})


def test_shapes__is_empty_where_there_are_none(device):
    model = nn.Module()
    model.register_buffer("mean", torch.zeros(2, device=device))
    assert_value(kata.shapes(model), {})


def _spread(seed, size):
    return np.abs(_draw(seed, size)) + 0.5


@pytest.mark.parametrize("shape", [(4, 3), (2, 5), (3,), (2, 1, 4), (0, 2)])
def test_Standardizer__takes_the_mean_and_divides_by_the_spread(device, shape):
    mean, std, inputs = _draw(1, shape[-1]), _spread(2, shape[-1]), _draw(3, *shape)
    standardizer = kata.Standardizer(_on(device, mean), _on(device, std))
    x = _on(device, inputs)
    with assert_unchanged(inputs=x):
        actual = standardizer(x)
    assert_tensor(actual, float32((inputs - mean) / std), device=device)


@pytest.mark.parametrize("tracked", [False, True])
def test_Standardizer__keeps_both_without_learning_them(device, tracked):
    mean, std = _draw(4, 3), _spread(5, 3)
    standardizer = kata.Standardizer(_on(device, mean, tracked=tracked), _on(device, std, tracked=tracked))
    _assert_buffers(standardizer, mean=mean, std=std)
    _assert_saved(standardizer, "mean", "std")


def test_Standardizer__copies_the_tensors_given(device):
    mean, std = _on(device, _draw(6, 3)), _on(device, _spread(7, 3))
    with assert_unchanged(mean=mean, std=std):
        standardizer = kata.Standardizer(mean, std)
    for name, given in [("mean", mean), ("std", std)]:
        kept = getattr(standardizer, name, None)
        if not isinstance(kept, torch.Tensor):
            raise Mismatch("statement", f"The module has no {name}: {_what_is_at(standardizer, name)}")
        assert_owns_memory(kept, given, name=f"the module's {name}", other_name="the tensor given")


@pytest.mark.float64
def test_Standardizer__is_moved_with_all_it_has(device):
    mean, std, inputs = _draw(8, 3), _spread(9, 3), _draw(10, 2, 3)
    standardizer = kata.Standardizer(_on("cpu", mean), _on("cpu", std)).to(device).double()
    _assert_moved(standardizer, device, torch.float64, "mean", "std")
    actual = standardizer(_on(device, inputs, dtype=torch.float64))
    assert_tensor(actual, (inputs - mean) / std, device=device)


def test_Standardizer__is_saved_and_copied_with_all_it_has(device):
    mean, std, inputs = _draw(11, 3), _spread(12, 3), _draw(13, 2, 3)
    expected = float32((inputs - mean) / std)
    standardizer = kata.Standardizer(_on(device, mean), _on(device, std))
    other = kata.Standardizer(_on(device, _draw(14, 3)), _on(device, _spread(15, 3)))
    other.load_state_dict(standardizer.state_dict())
    name = f"the answer after load_state_dict from a Standardizer with mean={mean.tolist()}, std={std.tolist()}"
    assert_tensor(other(_on(device, inputs)), expected, device=device, name=name)
    twin = copy.deepcopy(standardizer)
    with torch.no_grad():
        for buffer in twin.buffers():
            buffer.fill_(7)
    actual = standardizer(_on(device, inputs))
    assert_tensor(actual, expected, device=device, name="its answer after its copy has changed")


def test_Standardizer__lets_gradients_flow_to_the_inputs(device):
    std, upstream = _spread(16, 3), _draw(17, 4, 3)
    inputs = _on(device, _draw(18, 4, 3), tracked=True)
    answer = kata.Standardizer(_on(device, _draw(19, 3)), _on(device, std))(inputs)
    _assert_recorded(answer)
    answer.backward(_on(device, upstream))
    # d((x - mean) / std)/dx = 1 / std
    _assert_gradient(inputs, float32(upstream / std), "the inputs")


def _batches(seed, *shape):
    """Three batches, and the running mean after each."""
    batches, mean, means = [_draw(seed + number, *shape) for number in range(3)], 0.0, []
    for batch in batches:
        mean = 0.9 * mean + 0.1 * batch.mean(axis=0)
        means.append(mean)
    return batches, means


@pytest.mark.parametrize(("rows", "size"), [(4, 3), (3, 5), (1, 2)])
def test_RunningMean__takes_the_mean_it_has_after_the_update(device, rows, size):
    centre = kata.RunningMean(size).to(device)
    for batch, mean in zip(*_batches(20, rows, size), strict=True):
        x = _on(device, batch)
        with assert_unchanged(inputs=x):
            actual = centre(x)
        assert_tensor(actual, float32(batch - mean), device=device)


def test_RunningMean__begins_with_a_buffer_of_zeros():
    centre = kata.RunningMean(3)
    _assert_buffers(centre, mean=np.zeros(3))
    _assert_saved(centre, "mean")


def test_RunningMean__keeps_its_mean_in_the_buffer(device):
    centre = kata.RunningMean(4).to(device)
    for batch, mean in zip(*_batches(30, 3, 4), strict=True):
        centre(_on(device, batch))
        _assert_buffers(centre, mean=mean)


def test_RunningMean__keeps_no_graph(device):
    centre = kata.RunningMean(3).to(device)
    for number in range(2):
        centre(_on(device, _draw(40 + number, 4, 3), tracked=True))
        assert_no_graph(centre.mean, name="the mean")


def test_RunningMean__can_go_backward_after_every_call(device):
    centre = kata.RunningMean(3).to(device)
    for number in range(3):
        inputs, upstream = _on(device, _draw(50 + number, 4, 3), tracked=True), _draw(60 + number, 4, 3)
        answer = centre(inputs)
        _assert_recorded(answer)
        answer.backward(_on(device, upstream))
        # The mean is a constant: d(x - mean)/dx = 1.
        _assert_gradient(inputs, float32(upstream), "the inputs")


def test_RunningMean__updates_in_every_mode(device):
    centre = kata.RunningMean(3).to(device)
    for training, batch, mean in zip((False, True, False), *_batches(80, 4, 3), strict=True):
        actual = centre.train(training)(_on(device, batch))
        name = f"the answer with .training {training}"
        assert_tensor(actual, float32(batch - mean), device=device, name=name)


@pytest.mark.float64
def test_RunningMean__is_moved_and_saved_with_its_mean(device):
    batches, means = _batches(70, 2, 3)
    centre = kata.RunningMean(3).to(device).double()
    _assert_moved(centre, device, torch.float64, "mean")
    for batch, mean in zip(batches, means, strict=True):
        assert_tensor(centre(_on(device, batch, dtype=torch.float64)), batch - mean, device=device)
    other = kata.RunningMean(3).to(device).double()
    other.load_state_dict(centre.state_dict())
    assert_tensor(other.mean, means[-1], device=device, name="the mean of a module with its state")


def _forgets(model, *names):
    __tracebackhide__ = True
    assert_value(kata.forgotten(model), list(names))


def test_forgotten__finds_plain_tensors(device):
    model = _module(scale=torch.ones(2, device=device), weight=_parameter(device, 3))
    model.angle = torch.ones(2, device=device, requires_grad=True)
    _forgets(model, "angle", "scale")


def test_forgotten__leaves_out_what_the_module_looks_after(device):
    model = _module(weight=_parameter(device, 3), inner=_nested(device), layers=nn.ModuleList([nn.Module()]))
    model.register_buffer("mean", torch.zeros(2, device=device))
    model._cache = torch.ones(2, device=device)
    _forgets(model)


def test_forgotten__finds_modules_in_a_list_or_tuple(device):
    model = _module(layers=[_nested(device), nn.Module()], heads=(nn.Module(),), first=nn.Module())
    _forgets(model, "heads", "layers")


def test_forgotten__finds_tensors_in_a_list_or_tuple(device):
    weight = _parameter(device, 3)
    _forgets(_module(weights=[weight], weight=weight, both=(torch.ones(2, device=device), weight)), "both", "weights")


def test_forgotten__finds_the_values_of_a_dict(device):
    _forgets(_module(parts={"left": nn.Module()}, gains={"right": torch.ones(2, device=device)}), "gains", "parts")


def test_forgotten__finds_one_among_other_things(device):
    mixed = [2, "tanh", torch.ones(2, device=device), None]
    _forgets(_module(mixed=mixed, table={"size": 3, "layer": nn.Module()}), "mixed", "table")


def test_forgotten__leaves_out_other_values(device):
    values = {"sizes": [2, 3], "name": "net", "empty": [], "rate": 0.5, "nothing": None, "table": {"rate": 0.5}}
    _forgets(
        _module(**values, deep=torch.float32, array=np.ones(2), pair=(), scale=torch.ones(2, device=device)), "scale"
    )


def test_forgotten__looks_no_deeper_than_directly_inside(device):
    scale = torch.ones(2, device=device)
    model = _module(nested=[[scale], (nn.Module(),)], table={"inside": [scale], "further": {"in": scale}}, flat=[scale])
    _forgets(model, "flat")


class _Scale(torch.Tensor):
    """A kind of tensor."""


_Pair = collections.namedtuple("_Pair", ["left", "right"])


class _Layers(list):
    """A kind of list."""


def test_forgotten__finds_what_is_derived_from_these_types(device):
    scale, layer = torch.ones(2, device=device), nn.Module()
    table, layers = collections.OrderedDict(first=layer), _Layers([layer])
    model = _module(ordered=table, pair=_Pair(1, scale), mine=layers, scale=scale.as_subclass(_Scale))
    _forgets(model, "mine", "ordered", "pair", "scale")


def test_forgotten__leaves_out_what_children_forget(device):
    model = _module(inner=_module(scale=torch.ones(2, device=device)), gain=torch.ones(1, device=device))
    _forgets(model, "gain")


def test_forgotten__sorts_the_names(device):
    model = nn.Module()
    for name in ["w", "b", "layers", "a_last", "z"]:
        setattr(model, name, [nn.Module()] if name == "layers" else torch.ones(2, device=device))
    _forgets(model, "a_last", "b", "layers", "w", "z")


def _layers(device):
    """Layers whose weights are (5, 3), (3,) and (4, 2), and frozen in the last."""
    frozen = nn.Embedding(4, 2, device=device).requires_grad_(False)
    return [nn.Linear(3, 5, device=device), nn.LayerNorm(3, device=device), frozen]


def test_set_weight__writes_the_values(device):
    for number, layer in enumerate(_layers(device)):
        values = _draw(80 + number, *layer.weight.shape)
        assert_value(kata.set_weight(layer, _on(device, values)), None)
        assert_tensor(layer.weight, float32(values), device=device, name="the weight")


def test_set_weight__keeps_the_parameter(device):
    for layer in _layers(device):
        before, tracked = layer.weight, layer.weight.requires_grad
        memory, gradient = before.detach(), torch.ones_like(before)
        before.grad = gradient
        kata.set_weight(layer, _on(device, _draw(90, *before.shape)))
        if layer.weight is not before:
            raise Mismatch("statement", "The weight is another Parameter now: whoever holds the one before loses it.")
        if not shares_memory(before, memory):
            raise Mismatch(
                "memory", "The weight has other memory now: the values must be written into the memory it has."
            )
        if before.requires_grad is not tracked:
            raise Mismatch("graph", f"The weight's requires_grad was {tracked}; now it is {before.requires_grad}.")
        if not before.is_leaf:
            raise Mismatch("graph", "The weight is no leaf any more: a graph hangs on it.")
        if before.grad is not gradient:
            raise Mismatch("mutated", "The weight's .grad has changed.")


@pytest.mark.parametrize("tracked", [False, True])
def test_set_weight__copies_the_values(device, tracked):
    for number, layer in enumerate(_layers(device)):
        values = _on(device, _draw(100 + number, *layer.weight.shape), tracked=tracked)
        with assert_unchanged(values=values):
            kata.set_weight(layer, values)
        assert_owns_memory(layer.weight, values, name="the weight", other_name="values")
        if not layer.weight.is_leaf or layer.weight.requires_grad is not (number < 2):
            raise Mismatch("graph", "Recording went on: the weight has a graph, or is tracked as values was.")


@pytest.mark.float64
def test_set_weight__keeps_the_dtype(device):
    for number, layer in enumerate(_layers(device)):
        values = _draw(110 + number, *layer.weight.shape)
        kata.set_weight(layer, _on(device, values, dtype=torch.float64))
        assert_tensor(layer.weight, float32(values), device=device, name="the weight")


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 5), (15,), (5, 7), (), (1, 5, 3)])
def test_set_weight__refuses_another_shape(device, shape):
    layer, values = nn.Linear(3, 5, device=device), _on(device, _draw(120, *shape))
    with assert_raises(ValueError, because=f"The weight is (5, 3), and values of shape {shape} raised no ValueError."):
        kata.set_weight(layer, values)


@pytest.mark.parametrize("shape", [(3,), (5, 7)])
def test_set_weight__leaves_the_weight_when_it_refuses(device, shape):
    layer, values = nn.Linear(3, 5, device=device), _on(device, _draw(130, *shape))
    before = layer.weight.detach().clone()
    with assert_raises(ValueError, because=f"The weight is (5, 3), and values of shape {shape} raised no ValueError."):
        kata.set_weight(layer, values)
    assert_tensor(layer.weight, before, device=device, name="the weight after the refusal")


@pytest.mark.parametrize("shape", [(3,), (5, 7)])
def test_set_weight__names_both_shapes(device, shape):
    layer, values = nn.Linear(3, 5, device=device), _on(device, _draw(140, *shape))
    message = ""
    with assert_raises(ValueError, because=f"The weight is (5, 3), and values of shape {shape} raised no ValueError."):
        try:
            kata.set_weight(layer, values)
        except ValueError as error:
            message = str(error)
            raise
    for wanted in [(5, 3), shape]:
        if str(wanted) not in message and str(list(wanted)) not in message:
            raise Mismatch("statement", f"The message doesn't hold the shape {wanted}: {message!r}.")
