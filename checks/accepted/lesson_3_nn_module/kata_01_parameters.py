"""Other right answers to katas/lesson_3_nn_module/kata_01_parameters.py: the tests must accept them."""

import math

import torch
from torch import nn


class Neuron__registered_by_name(nn.Module):
    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.register_parameter("bias", nn.Parameter(bias.clone()))
        self.register_parameter("weight", nn.Parameter(weight.clone()))

    def forward(self, inputs):
        return (self.bias + torch.matmul(inputs, self.weight)).tanh()


class Neuron__products_summed(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.size = len(weight)
        with torch.no_grad():
            self.weight = nn.Parameter(weight + 0)
            self.bias = nn.Parameter(bias * 1)

    def forward(self, inputs):
        return torch.tanh((inputs * self.weight).sum(dim=-1) + self.bias)


class Neuron__empty_then_filled(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros_like(weight)), nn.Parameter(torch.zeros_like(bias))
        self.load_state_dict({"weight": weight, "bias": bias})

    def forward(self, inputs):
        return torch.einsum("...d,d->...", inputs, self.weight).add(self.bias).tanh()


def count_parameters__product_of_sizes(model):
    total = 0
    for _, parameter in model.named_parameters():
        if parameter.requires_grad:
            total += math.prod(parameter.shape)
    return total


def count_parameters__walk(model):
    seen = {}
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None and parameter.requires_grad:
                seen[id(parameter)] = parameter.nelement()
    return sum(seen.values())


def shapes__loop(model):
    found = {}
    for name, parameter in model.named_parameters():
        found[name] = tuple(parameter.size())
    return found


def shapes__walk(model):
    found, seen = {}, set()
    for path, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                found[f"{path}.{name}" if path else name] = tuple(parameter.shape)
    return found


class Standardizer__buffer_objects(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.std = nn.Buffer(torch.clone(std.detach()))
        self.mean = nn.Buffer(torch.clone(mean.detach()))

    def forward(self, inputs):
        return (inputs - self.mean).div(self.std)


class Standardizer__filled_later(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", None)
        self.register_buffer("std", None)
        with torch.no_grad():
            self.mean, self.std = mean.clone(), std.clone()

    def forward(self, inputs):
        centred = inputs.clone()
        centred -= self.mean
        return centred / self.std


class RunningMean__in_place_unrecorded(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))

    def forward(self, inputs):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * inputs.mean(dim=0))
        return inputs - self.mean


class RunningMean__lerp(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.mean = nn.Buffer(torch.zeros((size,)))

    def forward(self, inputs):
        new = (self.mean + (inputs.mean(0) - self.mean) / 10).detach()
        self.mean.copy_(new)
        return inputs - new


def forgotten__helper(model):
    def lost(value):
        return isinstance(value, (torch.Tensor, nn.Module))

    found = set()
    for name in model.__dict__:
        value = getattr(model, name)
        if name[0] == "_":
            continue
        if isinstance(value, dict):
            value = list(value.values())
        if lost(value) or (isinstance(value, (list, tuple)) and any(map(lost, value))):
            found.add(name)
    return sorted(found)


def forgotten__one_expression(model):
    kinds = (torch.Tensor, nn.Module)
    return sorted(
        name
        for name, value in vars(model).items()
        if not name.startswith("_")
        and (
            isinstance(value, kinds)
            or (isinstance(value, (list, tuple)) and any(isinstance(each, kinds) for each in value))
            or (isinstance(value, dict) and any(isinstance(each, kinds) for each in value.values()))
        )
    )


def set_weight__assigned_to_all_of_it(layer, values):
    if list(values.shape) != list(layer.weight.shape):
        raise ValueError(f"{values.shape} does not fit {layer.weight.shape}")
    with torch.no_grad():
        layer.weight[...] = values


def set_weight__through_data(layer, values):
    if values.size() != layer.weight.size():
        raise ValueError(values.shape, layer.weight.shape)
    layer.weight.data.copy_(values.detach())


def set_weight__through_detach(layer, values):
    weight = layer.weight.detach()
    if tuple(values.shape) == tuple(weight.shape):
        weight.copy_(values.detach())
    else:
        raise ValueError(f"{list(values.shape)} {list(weight.shape)}")
