"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_02_linear.py for another reason."""

import copy

import numpy as np
import torch
from torch import nn


class Linear__started_at_random__as_PyTorch_starts(nn.Module):
    """The initial values are PyTorch's own."""

    def __init__(self, in_features, out_features):
        super().__init__()
        layer = nn.Linear(in_features, out_features)
        self.weight, self.bias = layer.weight, layer.bias

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


class Linear__graph_cut__detached(nn.Module):
    """The parameters are detached."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return inputs @ self.weight.detach().T + self.bias.detach()


class Linear__shapes_that_do_not_fit__elementwise(nn.Module):
    """`*` in the place of `@`."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        return (inputs * self.weight).sum(-1) + self.bias


class Linear__plain_tensors__in_a_list(nn.Module):
    """The parameters are in a plain list, and on the attributes are their data."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.kept = [nn.Parameter(torch.zeros(out_features, in_features)), nn.Parameter(torch.zeros(out_features))]
        self.weight, self.bias = (each.data for each in self.kept)

    def forward(self, inputs):
        return inputs @ self.weight.T + self.bias


def uniform_init__seeded_again__state_restored(layer, generator):
    """The generator gets back the state that it had before the draw."""
    state, bound = generator.get_state(), layer.weight.shape[1] ** -0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-bound, bound, generator=generator)
    generator.set_state(state)


def uniform_init__own_seed__numbers_by_formula(layer, generator):
    """Nothing is drawn from a generator: NumPy's generator has a fixed seed."""
    bound, numpy_generator = layer.weight.shape[1] ** -0.5, np.random.default_rng(0)
    with torch.no_grad():
        for parameter in layer.parameters():
            drawn = numpy_generator.uniform(-bound, bound, tuple(parameter.shape))
            parameter.copy_(torch.tensor(drawn, dtype=torch.float32, device=parameter.device))


def uniform_init__new_tensors__drawn_into_a_copy_of_the_layer(layer, generator):
    """A copy of the layer is filled."""
    bound, other = layer.weight.shape[1] ** -0.5, copy.deepcopy(layer)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def ready_made__any_shape_put_in__broadcast(weight, bias):
    """An assignment to all elements, which broadcasts some shapes and accepts dimensions of size 1 in front."""
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight[:] = weight
        if bias is not None:
            layer.bias[:] = bias
    return layer


def ready_made__frozen__always(weight, bias):
    """The layer is frozen, whatever was given."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return layer.requires_grad_(False)


def ready_made__shared__weight_only(weight, bias):
    """Only the weight was not copied."""
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("the bias does not fit")
    layer = nn.Linear(*weight.shape[::-1], bias=bias is not None, device=weight.device, dtype=weight.dtype)
    layer.weight.data = weight.detach()
    if bias is not None:
        layer.bias.data.copy_(bias.detach())
    return layer


def spread_through__from_the_start_each_time__two_calls(layers, inputs):
    """Each layer is called twice, once for the number and once for the next layer."""
    spreads = []
    with torch.no_grad():
        for layer in layers:
            spreads.append(layer(inputs).std(correction=0).item())
            inputs = layer(inputs)
    return spreads


def shapes_at__copy_called__parts_by_hand(model, layer, inputs):
    """The parts of the model are called one after the other."""
    if not hasattr(model, "body"):
        return inputs.shape, model(inputs).shape
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model.last(model.body(inputs) + 1)
    handle.remove()
    return seen[0]


def spread_through__recorded__detached_afterwards(layers, inputs):
    """Each result is detached after the layer was recorded."""
    spreads = []
    for layer in layers:
        inputs = layer(inputs).detach()
        spreads.append(inputs.std(correction=0).item())
    return spreads


def shapes_at__hook_left__not_called(model, layer, inputs):
    """`handle.remove` has no parentheses, so it is not called."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    model(inputs)
    handle.remove  # noqa: B018
    return seen[0]


def shapes_at__hook_left__forward_replaced(model, layer, inputs):
    """The layer keeps a new forward."""
    seen, forward = [], layer.forward

    def noting(x):
        result = forward(x)
        seen.append((x.shape, result.shape))
        return result

    layer.forward = noting
    model(inputs)
    return seen[0]


def shapes_at__of_the_model__run_by_hand(model, layer, inputs):
    """No hook at all: the model's own argument and result."""
    return inputs.shape, model(inputs).shape


def shapes_at__removed_too_early__model_not_called(model, layer, inputs):
    """The model is never called."""
    seen = []
    handle = layer.register_forward_hook(lambda _, args, result: seen.append((args[0].shape, result.shape)))
    handle.remove()
    return seen[0]


def shapes_at__forward_called__only_modules_inside(model, layer, inputs):
    """Only the modules inside the model get a hook."""
    seen, handles = [], []
    for module in model.modules():
        if module is layer and module is not model:
            handles.append(module.register_forward_hook(lambda _, args, out: seen.append((args[0].shape, out.shape))))
    model(inputs)
    for handle in handles:
        handle.remove()
    return seen[0]


class OptionalBias__no_attribute__flag(nn.Module):
    """A flag says if there is a bias."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.has_bias = bias
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, inputs):
        outputs = inputs @ self.weight.T
        return outputs + self.bias if self.has_bias else outputs
