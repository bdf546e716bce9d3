"""The specification of katas/lesson_3_nn_module/kata_03_composing.py."""

import copy
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import Mismatch, assert_owns_memory, assert_tensor, assert_unchanged, assert_value, forbid, kind_of
from katas import foundations
from katas.lesson_3_nn_module import kata_03_composing as kata

CORE = ("Chain", "mlp", "Stack", "repeated", "forgotten")


def drawn(seed, *shape):
    """Random numbers between -1 and 1 from `seed`, as float64."""
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def linear(weight, bias):
    """An nn.Linear with this weight and bias."""
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        layer.bias.copy_(torch.tensor(bias))
    return layer


def net(x, *layers):
    """The output of a net of layers (weight, bias) with tanh between them, computed by NumPy."""
    for weight, bias in layers[:-1]:
        x = np.tanh(x @ weight.T + bias)
    return x @ layers[-1][0].T + layers[-1][1]


def assert_net_answer(actual, x, layers, device):
    """Check what such a net returned for x. The message shows the weights and biases if there are few of them."""
    __tracebackhide__ = True
    name = "your result"
    if isinstance(actual, torch.Tensor) and sum(each.size for layer in layers for each in layer) <= 12:
        shown = [f"{np.round(weight, 3).tolist()} and {np.round(bias, 3).tolist()}" for weight, bias in layers]
        name += f" with weight and bias {', then '.join(shown)}"
    assert_tensor(actual, float32(net(x, *layers)), device=device, name=name)


def drawn_layers(seed, sizes):
    """A weight and a bias for each layer of a net with these sizes, in NumPy."""
    pairs = enumerate(pairwise(sizes))
    return [(drawn(seed + 2 * i, outputs, inputs), drawn(seed + 2 * i + 1, outputs)) for i, (inputs, outputs) in pairs]


def assert_module(model, name):
    """Check that `model` is an nn.Module."""
    __tracebackhide__ = True
    if not isinstance(model, nn.Module):
        raise Mismatch("type", f"{name} is {kind_of(model)}. It must be an nn.Module.")


def assert_names(model, expected):
    """Check the names in model.state_dict(), in their order."""
    __tracebackhide__ = True
    assert_module(model, "The model")
    names = list(model.state_dict())
    if expected and not names:
        raise Mismatch(
            "statement",
            "The model has no parameters: parameters() and state_dict() are empty, so nothing can be trained or saved. "
            f"The first name must be {expected[0]}.",
        )
    if names != expected and [name.partition(".")[2] for name in names] == expected:
        raise Mismatch(
            "statement",
            "Each name in state_dict() has one part too many in front. The given modules must be children of the model "
            f"itself, not of one of its children. The first name must be {expected[0]}.",
        )
    assert_value(names, expected, name="the list of the names in state_dict()")


def set_parameters(model, names, values):
    """Check the names and shapes of the parameters, and then set their values, in order."""
    __tracebackhide__ = True
    assert_names(model, names)
    state = model.state_dict()
    shapes = {name: tuple(state[name].shape) for name in names}
    wanted = {name: value.shape for name, value in zip(names, values, strict=True)}
    assert_value(shapes, wanted, name="the dict of the shapes of the parameters")
    with torch.no_grad():
        for name, value in zip(names, values, strict=True):
            state[name].copy_(torch.tensor(value))


def assert_leaves(model):
    """Check that all parameters are leaf tensors that require grad."""
    __tracebackhide__ = True
    for name, parameter in model.named_parameters():
        if not parameter.is_leaf or not parameter.requires_grad:
            raise Mismatch("graph", f"The parameter {name} must be a leaf tensor that requires grad.")


def assert_gradient(tensor, expected, name):
    """Check that a gradient is there, and its values."""
    __tracebackhide__ = True
    if tensor.grad is None:
        raise Mismatch("graph", f"No gradient has reached {name}: its .grad is None.")
    assert_tensor(tensor.grad, expected, name=f"the gradient of {name}")


def assert_net_gradients(model, names, device):
    """Check the gradients of the mean squared error of a net with 3 inputs, 4 hidden neurons and 1 output."""
    __tracebackhide__ = True
    (weight_1, bias_1), (weight_2, bias_2) = drawn_layers(7, [3, 4, 1])
    model = model.double()
    set_parameters(model, names, [weight_1, bias_1, weight_2, bias_2])
    model = model.to(device)
    x, targets = drawn(1, 5, 3), drawn(2, 5)
    errors = model(on(device, x, torch.float64))[:, 0] - on(device, targets, torch.float64)
    errors.square().mean().backward()
    slopes = foundations.net_gradients(x, targets, weight_1.T, bias_1, weight_2[0], bias_2[0])
    expected = [slopes[0].T, slopes[1], slopes[2][None], slopes[3].reshape(1)]
    parameters = dict(model.named_parameters())
    for name, slope in zip(names, expected, strict=True):
        assert_gradient(parameters[name], slope, name)


def assert_hooks_run(model, x, modules, called="given modules"):
    """Check that model(x) calls each of these modules once. A call runs their forward hooks, and forward() does not."""
    __tracebackhide__ = True
    seen = []
    for number, module in enumerate(modules):
        module.register_forward_hook(lambda module, given, output, number=number: seen.append(number))
    model(x)
    if sorted(seen) != list(range(len(modules))):
        if not set(modules) & set(model.modules()):
            raise Mismatch(
                "memory",
                "None of the given modules is a part of the model. Use the given modules themselves, not copies.",
            )
        raise Mismatch(
            "statement",
            f"In one forward pass, {len(seen)} calls of the {called} were counted. It must be {len(modules)}. "
            "Call each module once, as in module(x).",
        )


def first_output(answer):
    return next(iter(answer.values())) if isinstance(answer, dict) else answer


def assert_copies(model, x):
    """Check that a deep copy gives the same result, and that a change of the copy does not change the model."""
    __tracebackhide__ = True
    twin = copy.deepcopy(model)
    before = first_output(model(x)).detach().clone()
    assert_tensor(first_output(twin(x)).detach(), before, name="the result of a deep copy")
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.add_(1.0)
    after = first_output(model(x)).detach()
    if not torch.equal(after, before):
        raise Mismatch("memory", "A deep copy was changed, and now the model itself gives another result.")
    if torch.equal(first_output(twin(x)).detach(), before):
        raise Mismatch("statement", "1 was added to all parameters of a deep copy, but its result is the same.")


def children_of(model, expected, name):
    """Check that the children are these modules themselves."""
    __tracebackhide__ = True
    if [id(each) for each in model] != [id(each) for each in expected]:
        raise Mismatch("memory", f"{name} must be the given modules themselves, in their order, and no others.")


def test_Chain__names_its_modules_by_number():
    modules = [nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1, bias=False)]
    chain = kata.Chain(*modules)
    assert_names(chain, ["0.weight", "0.bias", "2.weight"])
    children = dict(chain.named_children())
    assert_value(list(children), ["0", "1", "2"], name="the list of the names of its children")
    children_of(children.values(), modules, "Its children")
    assert_leaves(chain)


def test_Chain__hides_no_method_of_a_module():
    modules = [nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)]
    chain = kata.Chain(*modules)
    for name in ["modules", "children", "parameters", "buffers", "named_modules", "named_children", "named_parameters"]:
        held = getattr(chain, name)
        if not callable(held):
            raise Mismatch(
                "statement",
                f"chain.{name} is not a method any more, so chain.{name}() can't be called. Every module has a method "
                "with this name.",
            )
    walked = list(chain.modules())
    if not all(any(each is module for each in walked) for module in modules):
        raise Mismatch("statement", "chain.modules() does not yield all of the given modules.")


def test_Chain__passes_x_through_each_module_in_turn(device):
    layers = drawn_layers(0, [3, 5, 2])
    chain = kata.Chain(linear(*layers[0]), nn.Tanh(), linear(*layers[1]))
    assert_module(chain, "The chain")
    x = drawn(9, 4, 3)
    assert_tensor(chain.to(device)(on(device, x)), float32(net(x, *layers)), device=device)


def test_Chain__accepts_any_number_of_modules(device):
    weights = [linear(np.array([[2.0]]), np.array([float(number)])) for number in range(12)]
    # y = 2 * y + number, 12 times.
    y = 0.5
    for number in range(12):
        y = 2 * y + number
    x = on(device, [[0.5]])
    assert_tensor(kata.Chain(*weights).to(device)(x), float32([[y]]), device=device)
    assert_tensor(kata.Chain(weights[3]).to(device)(x), float32([[4.0]]), device=device)


def test_Chain__returns_x_if_it_is_empty(device):
    assert_tensor(kata.Chain().to(device)(on(device, [1.0, -2.0])), float32([1, -2]), device=device)


def test_Chain__runs_a_module_twice_that_is_given_twice(device):
    (layer,) = drawn_layers(3, [3, 3])
    x = drawn(9, 2, 3)
    twice, tanh = linear(*layer), nn.Tanh()
    chain = kata.Chain(twice, tanh, twice, tanh).to(device)
    assert_tensor(chain(on(device, x)), float32(np.tanh(net(x, layer, layer))), device=device)


def test_Chain__calls_each_module_once(device):
    modules = [nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)]
    chain = kata.Chain(*modules).to(device)
    assert_hooks_run(chain, on(device, drawn(0, 4, 2)), modules)


@pytest.mark.float64
def test_Chain__lets_gradients_reach_every_parameter(device):
    chain = kata.Chain(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    assert_net_gradients(chain, ["0.weight", "0.bias", "2.weight", "2.bias"], device)


def test_Chain__loads_the_state_dict_of_a_sequential(device):
    layers = drawn_layers(0, [3, 5, 2])
    other = nn.Sequential(linear(*layers[0]), nn.Tanh(), linear(*layers[1]))
    chain = kata.Chain(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    assert_names(chain, list(other.state_dict()))
    chain.load_state_dict(other.state_dict())
    x = drawn(9, 2, 3)
    assert_tensor(chain.to(device)(on(device, x)), float32(net(x, *layers)), device=device)


def test_Chain__can_be_copied(device):
    chain = kata.Chain(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    assert_names(chain, ["0.weight", "0.bias", "2.weight", "2.bias"])
    assert_copies(chain.to(device), on(device, drawn(0, 4, 3)))


def test_Chain__does_not_use_a_sequential():
    modules = [nn.Linear(2, 3), nn.Tanh()]
    with forbid("torch.nn.Sequential", because="nn.Sequential does the whole job of this step."):
        kata.Chain(*modules)(torch.zeros(1, 2))


def test_Chain__does_what_its_example_shows(example):
    example.check(kata)


MLP_NAMES = ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]


def assert_sequential(model):
    __tracebackhide__ = True
    if not isinstance(model, nn.Sequential):
        raise Mismatch("type", f"Your result is {kind_of(model)}. It must be an nn.Sequential.")


@pytest.mark.parametrize("sizes", [[3, 5, 2], [2, 1], [1, 4, 3, 2]])
def test_mlp__contains_linear_layers_and_tanh(sizes):
    model = kata.mlp(list(sizes))
    assert_sequential(model)
    kinds = [type(module).__name__ for module in model]
    assert_value(kinds, (["Linear", "Tanh"] * (len(sizes) - 1))[:-1], name="the list of the classes in it")
    shapes = [(module.in_features, module.out_features) for module in model if isinstance(module, nn.Linear)]
    assert_value(shapes, list(pairwise(sizes)), name="the list of the layers' sizes, in and out,")


@pytest.mark.parametrize("sizes", [[2, 5, 4, 3], [3, 1, 2, 1]])
def test_mlp__puts_tanh_between_the_layers(device, sizes):
    layers = drawn_layers(0, sizes)
    model = kata.mlp(list(sizes))
    set_parameters(model, MLP_NAMES, [each for layer in layers for each in layer])
    x = drawn(9, 4, sizes[0])
    assert_tensor(model.to(device)(on(device, x)), float32(net(x, *layers)), device=device)


def test_mlp__creates_a_new_layer_for_equal_sizes(device):
    layers = drawn_layers(0, [3, 3, 3, 3])
    model = kata.mlp([3, 3, 3, 3])
    assert_names(model, MLP_NAMES)
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != 36:
        raise Mismatch(
            "statement",
            f"mlp([3, 3, 3, 3]) has parameters with {count} elements. Three layers with 12 each have 36.",
        )
    set_parameters(model, MLP_NAMES, [each for layer in layers for each in layer])
    x = drawn(9, 4, 3)
    assert_tensor(model.to(device)(on(device, x)), float32(net(x, *layers)), device=device)


def assert_evenly_within(parameter, bound, name):
    """Check that the elements u look uniform between -bound and bound, as nn.Linear draws them.

    u / bound has mean 0 and standard deviation sqrt(1/3). Its square has mean 1/3 and standard deviation sqrt(4/45).
    The mean of n of them has a standard deviation that is smaller by sqrt(n). A distance of six of these has a chance
    below 1e-8.
    """
    __tracebackhide__ = True
    units = parameter.detach().numpy().astype(np.float64) / bound
    centred = abs(units.mean()) < 6 * np.sqrt(1 / 3 / units.size)
    wide = abs((units**2).mean() - 1 / 3) < 6 * np.sqrt(4 / 45 / units.size)
    if not (centred and wide and abs(units).max() < 1 + 1e-6):
        raise Mismatch(
            "value",
            f"{name} is not as nn.Linear initializes it: random and uniform between {-bound:.3g} and {bound:.3g}.",
            actual=parameter,
        )


def test_mlp__leaves_the_initial_parameters():
    model = kata.mlp([16, 400, 900])
    assert_names(model, MLP_NAMES[:4])
    for name, parameter in model.named_parameters():
        # nn.Linear draws weight and bias between -1 / sqrt(in) and 1 / sqrt(in).
        assert_evenly_within(parameter, 1 / 4 if name.startswith("0") else 1 / 20, name)


def _assert_different_weights(layers, where):
    __tracebackhide__ = True
    weights = [layer.weight for layer in layers if isinstance(layer, nn.Linear)]
    for number, weight in enumerate(weights):
        for other in weights[:number]:
            assert_owns_memory(weight, other, name="the weight of a layer", other_name="the weight of another layer")
            if torch.equal(weight, other):
                raise Mismatch("value", f"Two layers {where} start with equal weights.")


def test_mlp__draws_new_weights_for_every_layer():
    _assert_different_weights(kata.mlp([4, 4, 4]), "of one net")


def test_mlp__draws_new_weights_in_every_call():
    _assert_different_weights([*kata.mlp([4, 4]), *kata.mlp([4, 4])], "of two nets")


@pytest.mark.float64
def test_mlp__lets_gradients_reach_every_parameter(device):
    assert_net_gradients(kata.mlp([3, 4, 1]), MLP_NAMES[:4], device)


def test_mlp__does_not_modify_sizes():
    sizes = [2, 5, 3]
    assert_sequential(kata.mlp(sizes))
    if sizes != [2, 5, 3]:
        raise Mismatch("mutated", "The list sizes was [2, 5, 3] before the call, and it is different now.")


def test_mlp__does_what_its_example_shows(example):
    example.check(kata)


STACK_NAMES = [f"layers.{number}.{name}" for number in range(3) for name in ("weight", "bias")]


def test_Stack__keeps_its_layers_in_a_module_list():
    stack = kata.Stack([3, 5, 2])
    assert_module(stack, "The stack")
    layers = getattr(stack, "layers", None)
    if layers is None:
        raise Mismatch("type", "The stack has no attribute `layers`.")
    if not isinstance(layers, nn.ModuleList):
        raise Mismatch("type", f"`layers` is {kind_of(layers)}. It must be an nn.ModuleList.")
    assert_value([type(layer).__name__ for layer in layers], ["Linear"] * 2, name="the list of the classes in `layers`")
    assert_value([name for name, _ in stack.named_children()], ["layers"], name="the list of the names of its children")


@pytest.mark.parametrize("sizes", [[2, 5, 4, 3], [3, 1, 2, 1]])
def test_Stack__has_a_weight_and_a_bias_for_every_layer(sizes):
    stack = kata.Stack(list(sizes))
    set_parameters(stack, STACK_NAMES, [each for layer in drawn_layers(0, sizes) for each in layer])
    assert_leaves(stack)


@pytest.mark.parametrize("sizes", [[2, 5, 4, 3], [3, 1, 2, 1], [3, 3, 3, 3]])
def test_Stack__puts_tanh_between_the_layers(device, sizes):
    layers = drawn_layers(0, sizes)
    stack = kata.Stack(list(sizes))
    set_parameters(stack, STACK_NAMES, [each for layer in layers for each in layer])
    x = drawn(9, 4, sizes[0])
    assert_net_answer(stack.to(device)(on(device, x)), x, layers, device)


def test_Stack__accepts_a_single_layer(device):
    layers = drawn_layers(4, [3, 2])
    stack = kata.Stack([3, 2])
    set_parameters(stack, STACK_NAMES[:2], layers[0])
    x = drawn(9, 4, 3)
    assert_net_answer(stack.to(device)(on(device, x)), x, layers, device)


@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 4, 3)])
def test_Stack__accepts_any_leading_dimensions(device, shape):
    layers = drawn_layers(0, [3, 5, 2])
    stack = kata.Stack([3, 5, 2])
    set_parameters(stack, STACK_NAMES[:4], [each for layer in layers for each in layer])
    x = drawn(9, *shape)
    assert_net_answer(stack.to(device)(on(device, x)), x, layers, device)


def test_Stack__calls_each_layer_once(device):
    stack = kata.Stack([3, 5, 2])
    assert_names(stack, STACK_NAMES[:4])
    assert_hooks_run(stack.to(device), on(device, drawn(0, 4, 3)), list(stack.layers), "layers")


def test_Stack__gives_the_same_result_twice(device):
    stack = kata.Stack([3, 4, 2]).to(device)
    x = on(device, drawn(0, 4, 3))
    first, second = stack(x).detach(), stack(x).detach()
    if not torch.equal(first, second):
        raise Mismatch("statement", "Two calls with the same x gave different results.")


@pytest.mark.float64
def test_Stack__lets_gradients_reach_every_parameter(device):
    assert_net_gradients(kata.Stack([3, 4, 1]), STACK_NAMES[:4], device)


def test_Stack__loads_the_state_of_another(device):
    stack, other = kata.Stack([3, 5, 2]).to(device), kata.Stack([3, 5, 2]).to(device)
    assert_names(stack, STACK_NAMES[:4])
    other.load_state_dict(stack.state_dict())
    x = on(device, drawn(0, 4, 3))
    assert_tensor(other(x).detach(), stack(x).detach(), name="the result of a second stack with the state of the first")


def test_Stack__can_be_copied(device):
    stack = kata.Stack([3, 4, 2])
    assert_names(stack, STACK_NAMES[:4])
    assert_copies(stack.to(device), on(device, drawn(0, 4, 3)))


def test_Stack__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("count", [3, 1, 0])
def test_repeated__returns_a_sequential_of_count_layers(count):
    model = kata.repeated(lambda: nn.Linear(4, 4), count)
    assert_sequential(model)
    assert_value(
        [type(module).__name__ for module in model], ["Linear"] * count, name="the list of the classes in your result"
    )


def test_repeated__shares_no_parameters_between_layers():
    model = kata.repeated(lambda: nn.Linear(4, 4), 3)
    assert_names(model, [f"{number}.{name}" for number in range(3) for name in ("weight", "bias")])
    count = sum(parameter.numel() for parameter in model.parameters())
    if count != 60:
        raise Mismatch(
            "statement",
            f"The layers have parameters with {count} elements. Three layers with 20 each have 60.",
        )
    before = model[2].weight.detach().clone()
    with torch.no_grad():
        model[0].weight.add_(1.0)
    if not torch.equal(model[2].weight, before):
        raise Mismatch(
            "memory", "The weight of the first layer was changed, and the weight of the last layer changed too."
        )


@pytest.mark.parametrize("count", [4, 1, 0])
def test_repeated__calls_make_once_for_each_layer(count):
    made = []

    def make():
        made.append(nn.Linear(2, 2))
        return made[-1]

    model = kata.repeated(make, count)
    assert_sequential(model)
    assert_value(len(made), count, name="the number of times that make was called")
    children_of(model, made, "The layers")


def test_repeated__has_different_weights_in_each_layer():
    model = kata.repeated(lambda: nn.Linear(4, 4), 3)
    assert_sequential(model)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        if torch.equal(model[first].weight, model[second].weight):
            raise Mismatch(
                "value", "Two layers start with equal weights, although make() draws new weights in each call."
            )


def test_repeated__applies_the_layers_in_order(device):
    layers = drawn_layers(0, [2, 2, 2, 2])
    waiting = iter([linear(*layer) for layer in layers])
    model = kata.repeated(lambda: next(waiting), 3).to(device)
    assert_sequential(model)
    x = expected = drawn(9, 4, 2)
    for weight, bias in layers:
        expected = expected @ weight.T + bias
    assert_tensor(model(on(device, x)), float32(expected), device=device)


def test_repeated__does_what_its_example_shows(example):
    example.check(kata)


class _Model(nn.Module):
    """A module with these attributes, which shows them in a report."""

    def __init__(self, **attributes):
        super().__init__()
        for name, value in attributes.items():
            setattr(self, name, value)

    def __repr__(self):
        shown = {**self._parameters, **self._buffers, **self._modules, **self.__dict__}
        own = {name: value for name, value in shown.items() if name[0] != "_" and name != "training"}
        return f"Model({', '.join(f'{name}={_short(value)}' for name, value in own.items())})"


def _short(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    if isinstance(value, (torch.Tensor, nn.Module)):
        return type(value).__name__
    return repr(value)


def _assert_forgotten(model, *names):
    __tracebackhide__ = True
    assert_value(kata.forgotten(model), list(names))


def _parameter(device, size):
    return nn.Parameter(torch.ones(size, device=device))


def test_forgotten__finds_plain_tensors(device):
    model = _Model(scale=torch.ones(2, device=device), weight=_parameter(device, 3))
    model.angle = torch.ones(2, device=device, requires_grad=True)
    _assert_forgotten(model, "angle", "scale")


def test_forgotten__finds_lists_of_modules(device):
    model = _Model(first=nn.Tanh(), layers=[nn.Linear(3, 2, device=device), nn.Tanh()], one=[nn.Tanh()])
    _assert_forgotten(model, "layers", "one")


def test_forgotten__finds_lists_of_tensors(device):
    model = _Model(weights=[_parameter(device, 3)], constants=[torch.ones(2, device=device)])
    _assert_forgotten(model, "constants", "weights")


def test_forgotten__leaves_out_what_is_registered(device):
    model = _Model(weight=_parameter(device, 3), inner=nn.Linear(3, 2, device=device))
    model.layers = nn.ModuleList([nn.Tanh()])
    model.register_buffer("mean", torch.zeros(2, device=device))
    _assert_forgotten(model)


def test_forgotten__finds_one_tensor_or_module_among_other_items(device):
    _assert_forgotten(_Model(mixed=[2, "tanh", torch.ones(2, device=device), None], more=[0.5, nn.Tanh()]), "mixed",
                      "more")  # fmt: skip


def test_forgotten__leaves_out_other_attributes(device):
    model = _Model(sizes=[2, 3], name="net", empty=[], rate=0.5, nothing=None, scale=torch.ones(2, device=device))
    _assert_forgotten(model, "scale")


def test_forgotten__looks_only_at_the_items_of_a_list(device):
    scale = torch.ones(2, device=device)
    _assert_forgotten(_Model(rows=[[scale, scale], [scale]], both=[[2, 3], scale]), "both")


def test_forgotten__leaves_out_attributes_of_children(device):
    inner = _Model(scale=torch.ones(2, device=device), layers=[nn.Tanh()])
    _assert_forgotten(_Model(inner=inner, gain=torch.ones(1, device=device)), "gain")


def test_forgotten__sorts_the_names(device):
    scale = torch.ones(2, device=device)
    _assert_forgotten(_Model(w=scale, b=scale, layers=[nn.Tanh()], a_last=scale, z=scale), "a_last", "b", "layers",
                      "w", "z")  # fmt: skip


def test_forgotten__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(4, 3), (3,), (0, 3), (2, 2, 3)])
def test_Residual__adds_what_inner_returns(device, shape):
    (layer,) = drawn_layers(0, [3, 3])
    x = drawn(9, *shape)
    block = kata.Residual(linear(*layer))
    assert_module(block, "The block")
    assert_tensor(block.to(device)(on(device, x)), float32(x + net(x, layer)), device=device)


def test_Residual__has_the_child_inner():
    inner = nn.Linear(3, 3)
    block = kata.Residual(inner)
    assert_names(block, ["inner.weight", "inner.bias"])
    children_of(block.children(), [inner], "Its only child")
    assert_leaves(block)


@pytest.mark.float64
def test_Residual__lets_gradients_flow_on_both_paths(device):
    weight, bias = drawn_layers(0, [3, 3])[0]
    block = kata.Residual(linear(weight, bias)).double()
    assert_names(block, ["inner.weight", "inner.bias"])
    block = block.to(device)
    x, upstream = drawn(1, 4, 3), drawn(2, 4, 3)
    leaf = on(device, x, torch.float64).requires_grad_()
    (block(leaf) * on(device, upstream, torch.float64)).sum().backward()
    parameters = dict(block.named_parameters())
    assert_gradient(parameters["inner.weight"], upstream.T @ x, "inner.weight")
    assert_gradient(parameters["inner.bias"], upstream.sum(axis=0), "inner.bias")
    assert_gradient(leaf, upstream + upstream @ weight, "x")


def test_Residual__does_not_modify_x(device):
    block = kata.Residual(nn.Linear(3, 3)).to(device)
    x = on(device, drawn(0, 4, 3))
    with assert_unchanged(x=x):
        answer = block(x)
    assert_owns_memory(answer, x)


def test_Residual__does_not_modify_x_if_inner_returns_x(device):
    block = kata.Residual(nn.Identity()).to(device)
    values = drawn(1, 4, 3)
    x = on(device, values)
    with assert_unchanged(x=x):
        answer = block(x)
    assert_tensor(answer, float32(2 * values), device=device)


@pytest.mark.float64
def test_Residual__does_not_modify_the_result_of_inner(device):
    block = kata.Residual(nn.Tanh()).to(device)
    values, upstream = drawn(3, 4, 3), drawn(4, 4, 3)
    x = on(device, values, torch.float64).requires_grad_()
    block(x).backward(on(device, upstream, torch.float64))
    # The derivative of tanh is 1 - tanh**2, and the direct path adds 1.
    assert_gradient(x, upstream * (2 - np.tanh(values) ** 2), "x")


def test_Residual__calls_inner_once(device):
    inner = nn.Linear(3, 3)
    block = kata.Residual(inner).to(device)
    assert_hooks_run(block, on(device, drawn(0, 4, 3)), [inner])


def test_Residual__can_contain_another_residual(device):
    (layer,) = drawn_layers(0, [3, 3])
    block = kata.Residual(kata.Residual(linear(*layer)))
    assert_names(block, ["inner.inner.weight", "inner.inner.bias"])
    x = drawn(9, 4, 3)
    assert_tensor(block.to(device)(on(device, x)), float32(2 * x + net(x, layer)), device=device)


def test_Residual__loads_the_state_of_another(device):
    block, other = kata.Residual(nn.Linear(3, 3)).to(device), kata.Residual(nn.Linear(3, 3)).to(device)
    assert_names(block, ["inner.weight", "inner.bias"])
    other.load_state_dict(block.state_dict())
    x = on(device, drawn(0, 4, 3))
    assert_tensor(other(x).detach(), block(x).detach(), name="the result of a second block with the state of the first")
    assert_copies(block, x)


def test_Residual__does_what_its_example_shows(example):
    example.check(kata)


BRANCH_NAMES = ["heads.price.weight", "heads.price.bias", "heads.kind.weight", "heads.kind.bias"]


def branches_of(layers):
    """Branches with two of these layers, and the dict of modules that it was made from."""
    heads = {"price": linear(*layers[0]), "kind": linear(*layers[1])}
    return kata.Branches(heads), heads


def two_layers():
    return [(drawn(0, 2, 3), drawn(1, 2)), (drawn(2, 4, 3), drawn(3, 4))]


def assert_outputs(answer, expected, device):
    """Check a dict of results: its names in their order, then every tensor."""
    __tracebackhide__ = True
    if not isinstance(answer, dict):
        raise Mismatch("type", f"Your result is {kind_of(answer)}. It must be a dict.")
    assert_value(list(answer), list(expected), name="the list of the names in your result")
    for name, output in expected.items():
        assert_tensor(answer[name], float32(output), device=device, name=f"the result of {name!r}")


@pytest.mark.parametrize("shape", [(4, 3), (3,), (0, 3)])
def test_Branches__passes_x_to_every_module(device, shape):
    layers = two_layers()
    branches, _ = branches_of(layers)
    assert_module(branches, "The answer")
    x = drawn(9, *shape)
    expected = {"price": net(x, layers[0]), "kind": net(x, layers[1])}
    assert_outputs(branches.to(device)(on(device, x)), expected, device)


def test_Branches__accepts_any_number_of_heads(device):
    names = ["first", "zero", "Second", "b_1", "a", "7"]
    layers = {name: (drawn(number, 2, 2), drawn(number + 10, 2)) for number, name in enumerate(names)}
    x = drawn(9, 4, 2)
    for heads in (layers, {"a": layers["a"]}):
        branches = kata.Branches({name: linear(*layer) for name, layer in heads.items()})
        assert_outputs(
            branches.to(device)(on(device, x)), {name: net(x, layer) for name, layer in heads.items()}, device
        )


def test_Branches__registers_its_heads_under_their_names():
    branches, heads = branches_of(two_layers())
    assert_names(branches, BRANCH_NAMES)
    assert_value([name for name, _ in branches.named_children()], ["heads"], name="the list of its children's names")
    if list(heads) != ["price", "kind"]:
        raise Mismatch("mutated", "The dict heads had the names 'price' and 'kind' before, and it is different now.")
    if not isinstance(branches.heads, nn.ModuleDict):
        raise Mismatch("type", f"`heads` is {kind_of(branches.heads)}. It must be an nn.ModuleDict.")
    children_of(branches.heads.values(), heads.values(), "The heads")
    assert_leaves(branches)


def test_Branches__calls_each_head_once(device):
    branches, heads = branches_of(two_layers())
    branches = branches.to(device)
    for head in heads.values():
        head.to(device)
    assert_hooks_run(branches, on(device, drawn(0, 4, 3)), list(heads.values()))


@pytest.mark.float64
def test_Branches__adds_up_the_gradients_at_x(device):
    layers = two_layers()
    branches, _ = branches_of(layers)
    branches = branches.double()
    assert_names(branches, BRANCH_NAMES)
    branches = branches.to(device)
    x, price, kind = drawn(5, 4, 3), drawn(6, 4, 2), drawn(7, 4, 4)
    leaf = on(device, x, torch.float64).requires_grad_()
    answer = branches(leaf)
    if not isinstance(answer, dict):
        raise Mismatch("type", f"Your result is {kind_of(answer)}. It must be a dict.")
    sums = [(answer[name] * on(device, each, torch.float64)).sum() for name, each in (("price", price), ("kind", kind))]
    if not all(each.requires_grad for each in sums):
        raise Mismatch("graph", "A result has no graph, so no gradient can reach x or the parameters from it.")
    (sums[0] + sums[1]).backward()
    assert_gradient(leaf, price @ layers[0][0] + kind @ layers[1][0], "x")
    parameters = dict(branches.named_parameters())
    for name, upstream in (("price", price), ("kind", kind)):
        assert_gradient(parameters[f"heads.{name}.weight"], upstream.T @ x, f"heads.{name}.weight")
        assert_gradient(parameters[f"heads.{name}.bias"], upstream.sum(axis=0), f"heads.{name}.bias")


def test_Branches__loads_the_state_of_another(device):
    branches, _ = branches_of(two_layers())
    other = kata.Branches({"price": nn.Linear(3, 2), "kind": nn.Linear(3, 4)})
    assert_names(branches, BRANCH_NAMES)
    other.load_state_dict(branches.state_dict())
    x = on(device, drawn(9, 4, 3))
    branches, other = branches.to(device), other.to(device)
    assert_outputs(other(x), {name: output.detach().cpu().numpy() for name, output in branches(x).items()}, device)
    assert_copies(branches, x)


def test_Branches__does_what_its_example_shows(example):
    example.check(kata)


class Doubling(nn.Module):
    """A module without children."""

    def forward(self, x):
        return 2 * x


class Net(nn.Module):
    """A module with a parameter, a child that is a layer, and two children that are containers."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.stem = nn.Linear(2, 3)
        self.blocks = nn.ModuleList([nn.Sequential(nn.Linear(3, 3), nn.Tanh()), Doubling()])
        self.heads = nn.ModuleDict({"kind": nn.Linear(3, 4), "a": nn.Identity()})


def assert_leaf_modules(model, expected):
    __tracebackhide__ = True
    assert_value(kata.leaf_modules(model), expected)


def test_leaf_modules__lists_names_and_classes():
    assert_leaf_modules(nn.Sequential(nn.Linear(2, 3), nn.Tanh()), [("0", "Linear"), ("1", "Tanh")])
    assert_leaf_modules(nn.Sequential(Doubling()), [("0", "Doubling")])


def test_leaf_modules__finds_modules_at_any_depth():
    expected = [
        ("stem", "Linear"),
        ("blocks.0.0", "Linear"),
        ("blocks.0.1", "Tanh"),
        ("blocks.1", "Doubling"),
        ("heads.kind", "Linear"),
        ("heads.a", "Identity"),
    ]
    assert_leaf_modules(Net(), expected)
    inside = nn.Sequential(nn.Sequential(nn.Sequential(Net())))
    assert_leaf_modules(inside, [(f"0.0.0.{name}", kind) for name, kind in expected])


def test_leaf_modules__keeps_the_order_of_registration():
    model = nn.Sequential(*[nn.Tanh() if number % 2 else nn.Linear(1, 1) for number in range(12)])
    assert_leaf_modules(model, [(str(number), "Tanh" if number % 2 else "Linear") for number in range(12)])


def test_leaf_modules__lists_a_model_without_children():
    assert_leaf_modules(nn.Linear(2, 3), [("", "Linear")])
    assert_leaf_modules(Doubling(), [("", "Doubling")])


def test_leaf_modules__lists_an_empty_container():
    assert_leaf_modules(nn.Sequential(nn.Tanh(), nn.Sequential()), [("0", "Tanh"), ("1", "Sequential")])


def test_leaf_modules__lists_a_shared_module_once():
    tanh = nn.Tanh()
    model = nn.Sequential(nn.Linear(2, 2), tanh, nn.Sequential(nn.Linear(2, 1), tanh), tanh)
    assert_leaf_modules(model, [("0", "Linear"), ("1", "Tanh"), ("2.0", "Linear")])


def test_leaf_modules__does_what_its_example_shows(example):
    example.check(kata)
