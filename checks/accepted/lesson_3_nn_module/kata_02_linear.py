"""Other right answers to katas/lesson_3_nn_module/kata_02_linear.py: the tests must accept them."""

import math

import numpy as np
import torch
from torch import nn


class Linear__einsum(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.weight = nn.Parameter(torch.zeros((out_features, in_features)))

    def forward(self, inputs):
        return torch.einsum("...i,oi->...o", inputs, self.weight) + self.bias


class Linear__registered(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.register_parameter("weight", nn.Parameter(torch.zeros(out_features, in_features)))
        self.register_parameter("bias", nn.Parameter(torch.zeros(out_features)))

    def forward(self, inputs):
        return torch.matmul(inputs, self.weight.transpose(0, 1)).add(self.bias)


class Linear__output_by_output(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.size = (in_features, out_features)
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.empty(out_features))
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, inputs):
        columns = [(inputs * row).sum(dim=-1) + shift for row, shift in zip(self.weight, self.bias, strict=True)]
        return torch.stack(columns, dim=-1)


def ready_made__parameters_put_in(weight, bias):
    if bias is not None and tuple(bias.shape) != (len(weight),):
        raise ValueError("a bias for each output")
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight = nn.Parameter(weight.detach().clone())
    layer.bias = None if bias is None else nn.Parameter(bias.detach().clone())
    return layer


def ready_made__loaded(weight, bias):
    state = {"weight": weight}
    if bias is not None:
        if bias.shape != weight.shape[:1]:
            raise ValueError(bias.shape, weight.shape)
        state["bias"] = bias
    layer = nn.Linear(weight.size(1), weight.size(0), bias=bias is not None).to(weight)
    layer.load_state_dict(state)
    return layer


def uniform_init__scaled(layer, generator):
    scale = 1 / math.sqrt(layer.weight.size(1))
    for parameter in (layer.bias, layer.weight):
        if parameter is not None:
            drawn = torch.rand(parameter.shape, generator=generator, device=parameter.device, dtype=parameter.dtype)
            parameter.data.copy_((2 * drawn - 1) * scale)


def uniform_init__nn_init(layer, generator):
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    if layer.bias is not None:
        bound = 1 / math.sqrt(layer.weight.shape[1])
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


@torch.no_grad()
def uniform_init__decorated(layer, generator):
    bound = 1 / layer.weight.shape[-1] ** 0.5
    layer.weight.uniform_(-bound, bound, generator=generator)
    if layer.bias is not None:
        layer.bias.uniform_(-bound, bound, generator=generator)


def spread_through__numpy(layers, inputs):
    spreads = []
    with torch.no_grad():
        for layer in layers:
            inputs = layer(inputs)
            spreads.append(float(inputs.cpu().numpy().astype(np.float64).std()))
    return spreads


@torch.no_grad()
def spread_through__by_hand(layers, inputs):
    outputs = [inputs]
    for layer in layers:
        outputs.append(layer(outputs[-1]))
    return [float((each - each.mean()).square().mean().sqrt()) for each in outputs[1:]]


def spread_through__unbiased_false(layers, inputs):
    spreads = []
    for layer in layers:
        with torch.no_grad():
            inputs = layer(inputs)
        spreads.append(torch.std(inputs, unbiased=False).tolist())
    return spreads


def shapes_at__closure(model, layer, inputs):
    entered = left = None

    def note(module, args, output):
        nonlocal entered, left
        entered, left = tuple(args[0].shape), tuple(output.shape)

    handle = layer.register_forward_hook(note)
    try:
        model(inputs)
    finally:
        handle.remove()
    return entered, left


def shapes_at__two_hooks(model, layer, inputs):
    shapes = {}
    before = layer.register_forward_pre_hook(lambda module, args: shapes.update(entered=args[0].shape))
    after = layer.register_forward_hook(lambda module, args, output: shapes.update(left=output.shape))
    with torch.no_grad():
        model(inputs)
    before.remove()
    after.remove()
    return shapes["entered"], shapes["left"]


def shapes_at__with_block(model, layer, inputs):
    seen = []
    with layer.register_forward_hook(lambda module, args, output: seen.extend([args[0].size(), output.size()])):
        model(inputs)
    return tuple(seen)


def shapes_at__forward_replaced_and_restored(model, layer, inputs):
    seen, forward = [], layer.forward

    def noting(x):
        output = forward(x)
        seen.append((x.shape, output.shape))
        return output

    layer.forward = noting
    model(inputs)
    layer.forward = forward
    return seen[0]


def shapes_at__global_hook(model, layer, inputs):
    seen = {}

    def note(module, args, output):
        if module is layer:
            seen["shapes"] = [list(args[0].shape), list(output.shape)]

    handle = nn.modules.module.register_module_forward_hook(note)
    model(inputs)
    handle.remove()
    return seen["shapes"]


class OptionalBias__chosen_in_init(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, inputs):
        outputs = torch.einsum("...i,oi->...o", inputs, self.weight)
        if self.bias is not None:
            outputs = outputs + self.bias
        return outputs


class OptionalBias__taken_away_again(Linear__einsum):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__(in_features, out_features)
        if not bias:
            self.bias = None

    def forward(self, inputs):
        return inputs @ self.weight.mT + (0 if self.bias is None else self.bias)
