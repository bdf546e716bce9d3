"""The specification of katas/lesson_3_nn_module/kata_07_surgery.py."""

import collections
import copy
import math

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
    kind_of,
)
from katas.lesson_3_nn_module import kata_07_surgery as kata

CORE = ("freeze", "trainable", "new_head", "not_held_by", "move_model")


class _Scaled(nn.Module):
    """A layer inside a module that also has a parameter itself."""

    def __init__(self, layer, width):
        super().__init__()
        self.scale = nn.Parameter(torch.full((width,), 0.5))
        self.layer = layer

    def forward(self, x):
        return self.scale * self.layer(x)


def _model(device):
    """body.0: a Linear; body.1: a BatchNorm1d; body.2: a _Scaled Linear; head: a Linear."""
    body = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), _Scaled(nn.Linear(4, 5), 5))
    return nn.Sequential(collections.OrderedDict(body=body, head=nn.Linear(5, 2))).to(device)


BODY = [
    "body.0.weight",
    "body.0.bias",
    "body.1.weight",
    "body.1.bias",
    "body.2.scale",
    "body.2.layer.weight",
    "body.2.layer.bias",
]
HEAD = ["head.weight", "head.bias"]


def _draw(device, seed, *shape):
    """Eighths from -2 to 2 but for 0: float32 holds them, and their products, without rounding."""
    generator = np.random.default_rng(seed)
    values = generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8
    return torch.tensor(values, dtype=torch.float32, device=device)


def _numbers(tensor):
    return tensor.detach().cpu().double().numpy()


def _send_gradients(model, device):
    """Give every parameter of `model` a gradient that is not zero."""
    for seed, parameter in enumerate(model.parameters()):
        parameter.grad = _draw(device, seed, *parameter.shape)


def _snapshot(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _assert_values_kept(before, model, because):
    after = model.state_dict()
    for name, value in before.items():
        if name not in after:
            raise Mismatch("statement", f"The model no longer has {name}.")
        if after[name].shape != value.shape or not np.array_equal(_numbers(after[name]), _numbers(value)):
            raise Mismatch("mutated", f"The values of {name} have changed. {because}", actual=after[name])


def _assert_same_parameters(before, model):
    after = dict(model.named_parameters())
    for name, parameter in before.items():
        if after.get(name) is not parameter:
            raise Mismatch("statement", f"{name} is a different object now. An optimizer would still have the old one.")


def _scaled(device):
    """scale, and layer: a Linear."""
    return _Scaled(nn.Linear(3, 2), 2).to(device)


@pytest.mark.parametrize("make", [_model, _scaled])
def test_freeze__turns_off_requires_grad_at_any_depth(device, make):
    model = make(device)
    answer = kata.freeze(model)
    tracked = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert_value(tracked, [], name="the list of parameters that still require grad")
    assert_value(answer, None)


def test_freeze__freezes_a_single_layer(device):
    layer = nn.Linear(3, 2).to(device)
    kata.freeze(layer)
    tracked = [name for name, parameter in layer.named_parameters() if parameter.requires_grad]
    assert_value(tracked, [], name="the list of parameters that still require grad")


@pytest.mark.parametrize("make", [_model, _scaled])
def test_freeze__sets_every_gradient_to_none(device, make):
    model = make(device)
    _send_gradients(model, device)
    kata.freeze(model)
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            holds = "is a tensor of zeros" if not _numbers(parameter.grad).any() else "is still a gradient"
            raise Mismatch("value", f"The .grad of {name} {holds}. It must be None.")


def test_freeze__stops_an_optimizer_in_the_middle_of_training(device):
    model = _model(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9, weight_decay=0.1)
    _send_gradients(model, device)
    optimizer.step()
    kata.freeze(model.body)
    before = _snapshot(model)
    optimizer.step()
    _assert_values_kept(
        {name: before[name] for name in BODY}, model, "An optimizer's step changed it, although it is frozen."
    )
    moved = [name for name in HEAD if not np.array_equal(_numbers(before[name]), _numbers(model.state_dict()[name]))]
    assert_value(moved, HEAD, name="the list of parameters outside the frozen part that the optimizer still changes")


def test_freeze__keeps_the_parameters_and_their_values(device):
    model = _model(device)
    _send_gradients(model, device)
    before, parameters = _snapshot(model), dict(model.named_parameters())
    kata.freeze(model)
    _assert_values_kept(before, model, "Freezing must not change them.")
    _assert_same_parameters(parameters, model)


def test_freeze__does_not_change_the_rest_of_the_model(device):
    model = _model(device)
    _send_gradients(model, device)
    gradients = {name: model.get_parameter(name).grad for name in HEAD}
    kata.freeze(model.body)
    for name in HEAD:
        if not model.get_parameter(name).requires_grad or model.get_parameter(name).grad is not gradients[name]:
            raise Mismatch(
                "statement", f"{name} was frozen too, or has lost its gradient. It is not in the given module."
            )


@pytest.mark.parametrize("training", [True, False])
def test_freeze__does_not_change_the_mode(device, training):
    model = _model(device).train(training)
    kata.freeze(model)
    if any(module.training is not training for module in model.modules()):
        raise Mismatch("statement", "Your code changed the mode of the module. Leave train and eval mode unchanged.")


def test_freeze__can_be_called_twice(device):
    model = _model(device)
    kata.freeze(model)
    kata.freeze(model)
    assert not any(parameter.requires_grad for parameter in model.parameters()), (
        "The second call turned requires_grad on again."
    )


def test_freeze__does_what_its_example_shows(example):
    example.check(kata)


def _frozen_by_hand(model, names):
    for name in names:
        model.get_parameter(name).requires_grad = False
    return model


def _assert_pairs(pairs, model, names):
    if type(pairs) is not list:
        raise Mismatch(
            "type",
            f"The result is {kind_of(pairs)}. It must be a list, which can be read repeatedly.",
        )
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[0], str):
            says = "The first item of the list is not a tuple (name, parameter)."
            raise Mismatch("type", says if pair is pairs[0] else says.replace("The first", "An"), actual=pair)
    frozen = [name for name, parameter in model.named_parameters() if not parameter.requires_grad]
    assert_value([name for name, _ in pairs], names, name=f"the list of names (frozen: {', '.join(frozen) or 'none'})")
    for name, parameter in pairs:
        if parameter is not model.get_parameter(name):
            raise Mismatch("memory", f"The tensor beside {name} is not the model's parameter.")


def test_trainable__lists_parameters_that_are_not_frozen(device):
    model = _frozen_by_hand(_model(device), ["body.0.weight", "body.1.weight", "body.2.layer.bias", "head.weight"])
    expected = ["body.0.bias", "body.1.bias", "body.2.scale", "body.2.layer.weight", "head.bias"]
    _assert_pairs(kata.trainable(model), model, expected)


def test_trainable__lists_all_parameters_of_a_new_model(device):
    model = _model(device)
    _assert_pairs(kata.trainable(model), model, BODY + HEAD)


def test_trainable__includes_parameters_of_the_model_itself(device):
    model = _Scaled(nn.Linear(3, 2), 2).to(device)
    _assert_pairs(kata.trainable(model), model, ["scale", "layer.weight", "layer.bias"])


def test_trainable__returns_a_list_that_can_be_read_twice(device):
    model = _frozen_by_hand(_model(device), BODY)
    pairs = kata.trainable(model)
    count = sum(parameter.numel() for _, parameter in pairs)
    assert_value(count, 12, name="the number of entries, in a first loop,")
    assert_value([name for name, _ in pairs], HEAD, name="the list of names, in a second loop,")


def test_trainable__depends_on_requires_grad_not_on_a_gradient(device):
    model = _model(device)
    _send_gradients(model.body, device)
    _frozen_by_hand(model, ["body.0.weight"])
    _assert_pairs(kata.trainable(model), model, BODY[1:] + HEAD)


def test_trainable__lists_a_shared_parameter_once(device):
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3)).to(device)
    model[1].weight = model[0].weight
    _assert_pairs(kata.trainable(model), model, ["0.weight", "0.bias", "1.bias"])


def test_trainable__returns_an_empty_list_if_all_is_frozen(device):
    model = _frozen_by_hand(_model(device), BODY + HEAD)
    _assert_pairs(kata.trainable(model), model, [])


def test_trainable__does_what_its_example_shows(example):
    example.check(kata)


def _plain(device, inputs, dtype=torch.float32):
    return nn.Sequential(nn.Linear(3, inputs), nn.ReLU(), nn.Linear(inputs, 6)).to(device, dtype)


def _assert_is_the_model(answer, model):
    if answer is None:
        raise Mismatch("type", "The result is None. Return the model.")
    if not isinstance(answer, nn.Sequential):
        raise Mismatch("type", f"The result is {kind_of(answer)}. It must be the given model.")
    if answer is not model:
        raise Mismatch("type", "The result is another model. Change the given model, and return it.")


def _assert_head(head, inputs, classes, device, dtype=torch.float32):
    if not isinstance(head, nn.Linear):
        raise Mismatch("type", f"The last layer is {kind_of(head)}. It must be an nn.Linear.")
    assert_value((head.in_features, head.out_features), (inputs, classes), name="(in_features, out_features)")
    shapes = {name: tuple(parameter.shape) for name, parameter in head.named_parameters()}
    wanted = {"weight": (classes, inputs), "bias": (classes,)}
    assert_value(shapes, wanted, name="the dict of the shapes in the last layer")
    for name, parameter in head.named_parameters():
        if parameter.device.type != torch.device(device).type:
            raise Mismatch(
                "device",
                f"The {name} of the last layer is on {parameter.device.type}, "
                f"but the other layers are on {torch.device(device).type}.",
            )
        if parameter.dtype != dtype:
            raise Mismatch("dtype", f"The {name} of the last layer is {parameter.dtype}, the other layers are {dtype}.")


@pytest.mark.parametrize(("inputs", "classes"), [(5, 4), (4, 9), (5, 1)])
def test_new_head__has_the_given_number_of_outputs(device, inputs, classes):
    model = _plain(device, inputs)
    answer = kata.new_head(model, classes)
    _assert_is_the_model(answer, model)
    assert_value(len(model), 3, name="the number of layers")
    _assert_head(model[-1], inputs, classes, device)
    x = _draw(device, 0, 7, 3)
    hidden = np.maximum(_numbers(x) @ _numbers(model[0].weight).T + _numbers(model[0].bias), 0)
    expected = hidden @ _numbers(model[2].weight).T + _numbers(model[2].bias)
    assert_tensor(model(x), expected.astype(np.float32), rtol=1e-5, device=device, name="the model's output")


@pytest.mark.float64
def test_new_head__keeps_the_dtype(device):
    model = _plain(device, 5, torch.float64)
    kata.new_head(model, 4)
    _assert_head(model[-1], 5, 4, device, torch.float64)


def test_new_head__does_not_change_the_other_layers(device):
    model = _plain(device, 5)
    layers, before = list(model)[:-1], _snapshot(model[:-1])
    kata.new_head(model, 4)
    if any(now is not then for now, then in zip(list(model)[:-1], layers, strict=True)):
        raise Mismatch("statement", "A layer before the last one is a different object now.")
    _assert_values_kept(before, model, "Replace only the last layer.")


def test_new_head__draws_new_start_values(device):
    model = _plain(device, 5)
    old = model[-1]
    with torch.no_grad():
        for seed, parameter in enumerate(old.parameters()):
            parameter.copy_(_draw(device, seed, *parameter.shape) + 4)
    before = _snapshot(old)
    kata.new_head(model, 6)
    if model[-1] is old:
        raise Mismatch("statement", "The last layer is still the old object. Create a new nn.Linear.")
    if np.isin(_numbers(model[-1].weight), _numbers(before["weight"])).any():
        raise Mismatch("value", "The new last layer has values of the old one. Draw new initial values.")
    assert len(np.unique(_numbers(model[-1].weight))) > 1, "All initial values of the weight are equal."
    _assert_values_kept(before, old, "Other code may still use the old layer.")


def test_new_head__is_trainable_in_a_frozen_model(device):
    model = _plain(device, 5)
    for parameter in model.parameters():
        parameter.requires_grad = False
    kata.new_head(model, 4)
    flags = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    wanted = {"0.weight": False, "0.bias": False, "2.weight": True, "2.bias": True}
    assert_value(flags, wanted, name="the dict of requires_grad")


def test_new_head__keeps_requires_grad_of_other_layers(device):
    model = _plain(device, 5)
    model[0].weight.requires_grad = False
    kata.new_head(model, 4)
    flags = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    wanted = {"0.weight": False, "0.bias": True, "2.weight": True, "2.bias": True}
    assert_value(flags, wanted, name="the dict of requires_grad")


def test_new_head__replaces_the_only_layer(device):
    model = nn.Sequential(nn.Linear(4, 2)).to(device)
    kata.new_head(model, 3)
    _assert_head(model[0], 4, 3, device)


def test_new_head__does_what_its_example_shows(example):
    example.check(kata)


def _assert_names(actual, expected):
    if type(actual) is not list:
        raise Mismatch("type", f"The result is {kind_of(actual)}. It must be a list.", actual=actual)
    assert_value(actual, expected)


@pytest.mark.parametrize("classes", [3, 2])
def test_not_held_by__lists_the_parameters_of_a_new_layer(device, classes):
    model = _model(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.head = nn.Linear(5, classes).to(device)
    _assert_names(kata.not_held_by(optimizer, model), HEAD)


def test_not_held_by__returns_an_empty_list_if_all_are_held(device):
    model = _model(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    _assert_names(kata.not_held_by(optimizer, model), [])


def test_not_held_by__reads_every_group(device):
    model = _model(device)
    groups = [{"params": list(model.body[2].parameters())}, {"params": [model.head.weight], "lr": 0.5}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    _assert_names(kata.not_held_by(optimizer, model), [*BODY[:4], "head.bias"])


def test_not_held_by__does_not_confuse_equal_values(device):
    model = _model(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    twin = copy.deepcopy(model)
    _assert_names(kata.not_held_by(optimizer, twin), BODY + HEAD)
    model.head = twin.head
    _assert_names(kata.not_held_by(optimizer, model), HEAD)


def test_not_held_by__does_not_confuse_parameters_on_the_same_memory(device):
    model = _model(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.head.weight = nn.Parameter(model.head.weight.detach())
    _assert_names(kata.not_held_by(optimizer, model), ["head.weight"])


def test_not_held_by__lists_frozen_parameters_too(device):
    model = _frozen_by_hand(_model(device), [*BODY[:4], "head.weight"])
    held = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD([*held, model.body[0].weight], lr=0.1)
    model.head.weight.requires_grad = True
    _assert_names(kata.not_held_by(optimizer, model), [*BODY[1:4], "head.weight"])


def test_not_held_by__lists_parameters_that_a_step_does_not_change(device):
    model = _model(device)
    optimizer = torch.optim.SGD([model.head.bias, model.body[0].weight], lr=0.1)
    names = kata.not_held_by(optimizer, model)
    before = _snapshot(model)
    _send_gradients(model, device)
    optimizer.step()
    still = [
        name for name, value in model.named_parameters() if np.array_equal(_numbers(value), _numbers(before[name]))
    ]
    _assert_names(names, still)


def test_not_held_by__returns_the_same_after_a_step(device):
    model = _model(device)
    optimizer = torch.optim.SGD(model.body.parameters(), lr=0.1, momentum=0.9)
    _send_gradients(model, device)
    optimizer.step()
    optimizer.zero_grad()
    _assert_names(kata.not_held_by(optimizer, model), HEAD)


def test_not_held_by__does_what_its_example_shows(example):
    example.check(kata)


class _Buffers(nn.Module):
    """A layer with buffers of several kinds, besides a parameter."""

    def __init__(self, width):
        super().__init__()
        self.shift = nn.Parameter(torch.arange(float(width)))
        self.register_buffer("kept", torch.arange(1.0, width + 1))
        self.register_buffer("unsaved", torch.arange(2.0, width + 2), persistent=False)
        self.register_buffer("steps", torch.tensor(7))
        self.register_buffer("mask", torch.tensor([True, False]))

    def forward(self, x):
        return x + self.shift * self.kept + self.unsaved


def _mixed(device):
    """A model with parameters and buffers at several depths."""
    layers = collections.OrderedDict(body=nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), end=_Buffers(4))
    return nn.Sequential(layers).to(device)


def _tensors(model):
    return {**dict(model.named_parameters()), **dict(model.named_buffers())}


def _assert_moved(model, values, device, dtype):
    """Check the device, the dtype and the values of every parameter and buffer. values: arrays by name."""
    __tracebackhide__ = True
    for name, tensor in _tensors(model).items():
        kind = "parameter" if name in dict(model.named_parameters()) else "buffer"
        if tensor.device.type != torch.device(device).type:
            raise Mismatch(
                "device",
                f"After the call, the model's {kind} {name} is on {tensor.device.type}. "
                f"It must be on {torch.device(device).type}.",
            )
        floats = np.issubdtype(values[name].dtype, np.floating)
        if floats and tensor.dtype != dtype:
            raise Mismatch("dtype", f"After the call, the model's {kind} {name} has dtype {tensor.dtype}, not {dtype}.")
        if not floats and tensor.detach().cpu().numpy().dtype != values[name].dtype:
            raise Mismatch("dtype", f"After the call, {name} has dtype {tensor.dtype}. It was not a float before.")
        if not np.array_equal(_numbers(tensor), values[name].astype(np.float64)):
            raise Mismatch("mutated", f"After the call, the model's {kind} {name} has other values.", actual=tensor)


def _arrays(model):
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in _tensors(model).items()}


@pytest.mark.float64
def test_move_model__converts_the_given_model(device):
    model, x = _mixed(device), _draw(device, 0, 5, 3)
    before = _arrays(model)
    kata.move_model(model, x, device, torch.float64)
    _assert_moved(model, before, device, torch.float64)


@pytest.mark.parametrize("name", [str, torch.device])
def test_move_model__moves_the_given_model_to_the_device(device, name):
    model, x = _mixed("cpu"), _draw("cpu", 0, 5, 3)
    before = _arrays(model)
    kata.move_model(model, x, name(device), torch.float32)
    _assert_moved(model, before, device, torch.float32)


@pytest.mark.float64
def test_move_model__moves_the_given_model_back_to_the_cpu(device):
    model, x = _mixed(device), _draw(device, 0, 5, 3)
    before = _arrays(model)
    kata.move_model(model, x, "cpu", torch.float64)
    _assert_moved(model, before, "cpu", torch.float64)


@pytest.mark.float64
def test_move_model__returns_inputs_moved_back_to_the_cpu(device):
    x = _draw(device, 0, 5, 3)
    moved = kata.move_model(_mixed(device), x, "cpu", torch.float64)
    assert_tensor(moved, _numbers(x), device="cpu", name="the returned tensor")


def test_move_model__returns_the_moved_inputs(device):
    x = _draw("cpu", 1, 5, 3)
    moved = kata.move_model(_mixed("cpu"), x, device, torch.float32)
    assert_tensor(moved, _numbers(x).astype(np.float32), device=device, name="the returned tensor")


@pytest.mark.float64
def test_move_model__accepts_inputs_that_differ_from_the_model(device):
    x = _draw("cpu", 2, 4, 3).double()
    moved = kata.move_model(_mixed(device), x, device, torch.float32)
    assert_tensor(moved, _numbers(x).astype(np.float32), device=device, name="the returned tensor")
    x = _draw(device, 3, 4, 3)
    moved = kata.move_model(_mixed("cpu").double(), x, device, torch.float64)
    assert_tensor(moved, _numbers(x), device=device, name="the returned tensor")


@pytest.mark.float64
def test_move_model__makes_both_fit(device):
    model, x = _mixed("cpu").eval(), _draw("cpu", 4, 5, 3)
    moved = kata.move_model(model, x, device, torch.float64)
    weight, bias = _numbers(model.body[0].weight), _numbers(model.body[0].bias)
    hidden = (_numbers(x) @ weight.T + bias) / math.sqrt(1 + 1e-5)
    expected = hidden + np.arange(4.0) * np.arange(1.0, 5) + np.arange(2.0, 6)
    assert_tensor(model(moved).detach(), expected, device=device, name="the model's output for the moved inputs")


@pytest.mark.float64
def test_move_model__does_not_change_the_inputs(device):
    x = _draw(device, 5, 5, 3)
    with assert_unchanged(inputs=x):
        kata.move_model(_mixed(device), x, "cpu", torch.float64)
    if x.dtype != torch.float32 or x.device.type != torch.device(device).type:
        raise Mismatch("mutated", f"The given inputs are now {x.dtype} on {x.device.type}. Leave them unchanged.")


def test_move_model__keeps_modes_and_requires_grad(device):
    model = _mixed("cpu")
    model.body[1].eval()
    model.body[0].weight.requires_grad = False
    modes = {name: module.training for name, module in model.named_modules()}
    flags = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    kata.move_model(model, _draw("cpu", 6, 5, 3), device, torch.float32)
    now = {name: module.training for name, module in model.named_modules()}
    assert_value(now, modes, name="the dict of the modules' training flags")
    now = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    assert_value(now, flags, name="the dict of requires_grad")


def test_move_model__keeps_what_is_a_parameter_and_what_is_a_buffer(device):
    model = _mixed("cpu")
    names = [name for name, _ in model.named_parameters()], [name for name, _ in model.named_buffers()]
    state = list(model.state_dict())
    kata.move_model(model, _draw("cpu", 7, 5, 3), device, torch.float32)
    now = [name for name, _ in model.named_parameters()], [name for name, _ in model.named_buffers()]
    assert_value(now[0], names[0], name="the list of the names of parameters")
    assert_value(now[1], names[1], name="the list of the names of buffers")
    assert_value(list(model.state_dict()), state, name="the list of names in the state")


def test_move_model__does_what_its_example_shows(example):
    example.check(kata)


def _assert_drawn(layer, where):
    """Check mean, spread and shape of what was drawn: at 6 standard deviations, chance fails it less than once in 1e8.

    With n numbers of standard deviation s, their mean has standard deviation s / sqrt(n), their own standard
    deviation has s / sqrt(2 n), and the share p = 0.6827 within s of 0 has sqrt(p (1 - p) / n).
    """
    weight, std = _numbers(layer.weight), math.sqrt(2 / layer.in_features)
    n = weight.size
    if not np.isclose(weight.std(), std, rtol=6 / math.sqrt(2 * n), atol=0):
        raise Mismatch(
            "value",
            f"The standard deviation of {where} is {weight.std():.4g}. It must be about {std:.4g}.",
            actual=float(weight.std()),
            expected=std,
        )
    if abs(weight.mean()) > 6 * std / math.sqrt(n):
        raise Mismatch("value", f"The mean of {where} is not 0.", actual=float(weight.mean()), expected=0.0)
    share, within = 0.6827, float((np.abs(weight) < std).mean())
    if abs(within - share) > 6 * math.sqrt(share * (1 - share) / n):
        raise Mismatch(
            "value",
            f"The values of {where} are not from a normal distribution: "
            f"{within:.1%} of them are within one standard deviation of 0. It must be about 68.3%.",
        )
    if layer.bias is not None and _numbers(layer.bias).any():
        raise Mismatch("value", f"The bias of the layer with {where} is not 0.", actual=layer.bias)


@pytest.mark.parametrize(("inputs", "outputs"), [(200, 300), (400, 100)])
def test_initialize__draws_with_the_right_standard_deviation(device, inputs, outputs):
    layer = nn.Linear(inputs, outputs).to(device)
    answer = kata.initialize(layer)
    _assert_drawn(layer, "the weight")
    assert_value(answer, None)


def test_initialize__reaches_layers_at_any_depth(device):
    deep = nn.Sequential(nn.ReLU(), _Scaled(nn.Linear(150, 250), 250))
    model = nn.Sequential(nn.Linear(50, 150), deep, nn.Linear(250, 80)).to(device)
    kata.initialize(model)
    for name in ("0", "1.1.layer", "2"):
        _assert_drawn(model.get_submodule(name), f"the weight of layer {name}")


def test_initialize__accepts_layers_without_a_bias(device):
    model = nn.Sequential(nn.Linear(120, 150, bias=False), nn.Linear(150, 90)).to(device)
    kata.initialize(model)
    _assert_drawn(model[0], "the weight of layer 0")
    _assert_drawn(model[1], "the weight of layer 1")
    assert model[0].bias is None, "The layer without a bias has a bias now."


def test_initialize__keeps_the_parameters_and_requires_grad(device):
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).to(device)
    model[0].weight.requires_grad = False
    parameters = dict(model.named_parameters())
    flags = {name: parameter.requires_grad for name, parameter in parameters.items()}
    shapes = {name: tuple(parameter.shape) for name, parameter in parameters.items()}
    kata.initialize(model)
    _assert_same_parameters(parameters, model)
    for name, parameter in parameters.items():
        assert_value(tuple(parameter.shape), shapes[name], name=f"the shape of {name}")
        if not parameter.is_leaf:
            raise Mismatch("graph", f"{name} is not a leaf tensor now. Your code recorded a graph.")
        if parameter.requires_grad is not flags[name]:
            raise Mismatch("graph", f"requires_grad of {name} is no longer {flags[name]}.")


def test_initialize__does_not_change_other_layers(device):
    others = [nn.Embedding(4, 3), nn.BatchNorm1d(3), nn.Conv1d(2, 3, 2), _Scaled(nn.ReLU(), 3)]
    model = nn.Sequential(*others, nn.Linear(3, 2)).to(device)
    with torch.no_grad():
        model[1].bias.fill_(0.25)
    before = _snapshot(model[:-1])
    kata.initialize(model)
    _assert_values_kept(before, model, "Change only layers of class nn.Linear.")


def test_initialize__draws_new_values_for_each_layer(device):
    model = nn.Sequential(nn.Linear(4, 5), nn.Linear(4, 5)).to(device)
    kata.initialize(model)
    first, second = _numbers(model[0].weight), _numbers(model[1].weight)
    if np.array_equal(first, second):
        raise Mismatch("value", "Two layers of one size have the same values. Draw each weight separately.")
    kata.initialize(model)
    if np.array_equal(first, _numbers(model[0].weight)):
        raise Mismatch("value", "A second call drew the same values as the first.")


def test_initialize__does_what_its_example_shows(example):
    example.check(kata)


def _net(device, inplace=False):
    """Names: body, body.0, body.1, head. Returns the model, and a function for its outputs by NumPy."""
    body = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=inplace))
    model = nn.Sequential(collections.OrderedDict(body=body, head=nn.Linear(4, 2))).to(device)
    with torch.no_grad():
        for seed, parameter in enumerate(model.parameters()):
            parameter.copy_(_draw(device, seed + 7, *parameter.shape))
    w1, b1, w2, b2 = [_numbers(parameter) for parameter in model.parameters()]

    def expected(x):
        sums = _numbers(x) @ w1.T + b1
        hidden = np.maximum(sums, 0)
        out = hidden @ w2.T + b2
        found = {"": out, "body": hidden, "body.0": sums, "body.1": hidden, "head": out}
        return {name: value.astype(np.float32) for name, value in found.items()}

    return model, expected


def _assert_records(records, expected, device):
    if not isinstance(records, dict):
        raise Mismatch("type", f"The result is {kind_of(records)}. It must be a dict.", actual=records)
    missing = [name for name in expected if name not in records]
    if missing:
        raise Mismatch("statement", f'The dict has no entry "{missing[0]}".', actual=records)
    others = [name for name in records if name not in expected]
    if others:
        raise Mismatch("statement", f"The dict has the key {others[0]!r}, which is not in names.", actual=records)
    for name, value in expected.items():
        assert_tensor(records[name], value, device=device, rtol=1e-5, name=f'the output of "{name}"')


@pytest.mark.parametrize("names", [["body.0", "head"], ["body"], ["head", "body.1", "body.0"]])
def test_record_activations__returns_the_outputs_by_name(device, names):
    model, expected = _net(device)
    x = _draw(device, len(names), 5, 3)
    with assert_unchanged(inputs=x):
        records = kata.record_activations(model, x, names)
    _assert_records(records, {name: expected(x)[name] for name in names}, device)


def test_record_activations__records_the_model_itself(device):
    model, expected = _net(device)
    x = _draw(device, 4, 5, 3)
    records = kata.record_activations(model, x, ["", "body"])
    _assert_records(records, {name: expected(x)[name] for name in ("", "body")}, device)


def test_record_activations__accepts_no_names(device):
    model, _ = _net(device)
    assert_value(kata.record_activations(model, _draw(device, 0, 2, 3), []), {})


def test_record_activations__returns_tensors_without_a_graph(device):
    model, _ = _net(device)
    for name, value in kata.record_activations(model, _draw(device, 4, 5, 3), ["body.0", "head"]).items():
        assert_no_graph(value, name=f'the output of "{name}"')


def test_record_activations__is_not_changed_by_a_later_layer(device):
    model, expected = _net(device, inplace=True)
    x = _draw(device, 4, 5, 3)
    records = kata.record_activations(model, x, ["body.0"])
    _assert_records(records, {"body.0": expected(x)["body.0"]}, device)
    same = nn.Sequential(nn.Identity(), nn.ReLU()).to(device)
    assert_owns_memory(kata.record_activations(same, x, ["0"])["0"], x, name='the output of "0"')


def _hooks(model):
    return {name: len(module._forward_hooks) for name, module in model.named_modules() if module._forward_hooks}


def _assert_no_hooks(model, records, device):
    before = copy.deepcopy(records)
    with torch.no_grad():
        model(_draw(device, 9, 2, 3))
    if _hooks(model) or any(value.shape != before[name].shape for name, value in records.items()):
        raise Mismatch("statement", "One of your hooks is still in the model, so it runs in every later call.")


def test_record_activations__removes_its_hooks(device):
    model, _ = _net(device)
    records = kata.record_activations(model, _draw(device, 4, 5, 3), ["body", "head"])
    _assert_no_hooks(model, records, device)


def test_record_activations__leaves_other_hooks_in_place(device):
    model, _ = _net(device)
    seen = []
    model.body.register_forward_hook(lambda module, args, output: seen.append(len(output)))
    kata.record_activations(model, _draw(device, 4, 5, 3), ["body", "head"])
    model(_draw(device, 9, 2, 3))
    if seen == [5]:
        raise Mismatch("statement", "A hook that was there before your call no longer runs. Your code removed it.")
    assert_value(seen, [5, 2], name="the list of batch sizes that an older hook received")


def test_record_activations__passes_each_output_on_to_the_next_layer(device):
    model, gave, given = nn.Sequential(nn.Linear(3, 4), nn.Tanh()).to(device), [], []
    model[0].register_forward_hook(lambda module, args, output: gave.append(output))
    model[1].register_forward_pre_hook(lambda module, args: given.append(args[0]))
    kata.record_activations(model, _draw(device, 4, 5, 3), ["0", "1"])
    if [id(each) for each in given] != [id(each) for each in gave]:
        raise Mismatch(
            "statement",
            "A layer received a tensor that the layer before did not return. Did a hook return something?",
        )


class _Breaks(nn.Module):
    """A layer that raises an error while `fails` is True."""

    fails = True

    def forward(self, x):
        if self.fails:
            raise ZeroDivisionError("the layer failed")
        return x


def test_record_activations__removes_its_hooks_after_an_error(device):
    model = nn.Sequential(nn.Linear(3, 2), _Breaks()).to(device)
    with assert_raises(ZeroDivisionError, because="The model raised an error. Pass it on."):
        kata.record_activations(model, _draw(device, 4, 5, 3), ["0", "1"])
    model[1].fails = False
    _assert_no_hooks(model, {}, device)


def test_record_activations__calls_the_model_once(device):
    model, _ = _net(device)
    seen = []
    model.head.register_forward_hook(lambda module, args, output: seen.append(len(output)))
    kata.record_activations(model, _draw(device, 4, 5, 3), ["body", "body.1", "head"])
    assert_value(len(seen), 1, name="the number of calls of the model")


@pytest.mark.parametrize(("training", "kept"), [(True, 0.0), (False, 1.0)])
def test_record_activations__does_not_change_the_mode(device, training, kept):
    # In training this dropout drops everything; in evaluation, nothing.
    model = nn.Sequential(nn.Identity(), nn.Dropout(1.0)).to(device).train(training)
    x = _draw(device, 4, 5, 3)
    records = kata.record_activations(model, x, ["1"])
    _assert_records(records, {"1": (kept * _numbers(x)).astype(np.float32)}, device)
    if any(module.training is not training for module in model.modules()):
        raise Mismatch("statement", "The mode of the model has changed.")


def test_record_activations__does_what_its_example_shows(example):
    example.check(kata)
