"""Other right answers to katas/lesson_3_nn_module/kata_03_composing.py: the tests must accept them."""

from collections import OrderedDict
from itertools import pairwise

import torch
from torch import nn


class Chain__setattr(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        for number, module in enumerate(modules):
            setattr(self, str(number), module)

    def forward(self, x):
        for module in self._modules.values():
            x = module(x)
        return x


class Chain__kept_twice(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        self.steps = modules
        for number, module in enumerate(modules):
            self.register_module(str(number), module)

    def forward(self, x):
        for module in self.steps:
            x = module(x)
        return x


class Chain__by_name(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        self.names = [str(number) for number in range(len(modules))]
        for name, module in zip(self.names, modules, strict=True):
            self.add_module(name, module)

    def forward(self, x):
        for name in self.names:
            x = self.get_submodule(name)(x)
        return x


def mlp__added_one_by_one(sizes):
    model = nn.Sequential()
    for number in range(len(sizes) - 1):
        if number:
            model.append(nn.Tanh())
        model.append(nn.Linear(sizes[number], sizes[number + 1]))
    return model


def mlp__named(sizes):
    modules = OrderedDict()
    for inputs, outputs in pairwise(sizes):
        modules[str(len(modules))] = nn.Linear(inputs, outputs)
        modules[str(len(modules))] = nn.Tanh()
    modules.popitem()
    return nn.Sequential(modules)


def mlp__one_tanh_for_all(sizes):
    tanh = nn.Tanh()
    modules = [nn.Linear(sizes[0], sizes[1])]
    for inputs, outputs in pairwise(sizes[1:]):
        modules.extend((tanh, nn.Linear(inputs, outputs)))
    return nn.Sequential(*modules)


class Stack__appended(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for number in range(len(sizes) - 1):
            self.layers.append(nn.Linear(sizes[number], sizes[number + 1]))

    def forward(self, x):
        for number, layer in enumerate(self.layers):
            if number:
                x = torch.tanh(x)
            x = layer(x)
        return x


class Stack__unpacked(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = tuple(sizes)
        layers = [nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes)]
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x).tanh()
        return last(x)


def repeated__list(make, count):
    return nn.Sequential(*[make() for _ in range(count)])


def repeated__appended(make, count):
    model = nn.Sequential()
    for _ in range(count):
        model.append(make())
    return model


def repeated__added_by_name(make, count):
    model = nn.Sequential()
    for number in range(count):
        model.add_module(str(number), make())
    return model


def forgotten__helper(model):
    def lost(value):
        return isinstance(value, (torch.Tensor, nn.Module))

    found = set()
    for name in model.__dict__:
        value = getattr(model, name)
        if lost(value) or (isinstance(value, list) and any(map(lost, value))):
            found.add(name)
    return sorted(found)


def forgotten__of_version_1(model):
    names = []
    for name, value in vars(model).items():
        held = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value]
        if not name.startswith("_") and any(isinstance(each, (torch.Tensor, nn.Module)) for each in held):
            names.append(name)
    return sorted(names)


class Residual__other_order(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x).add(x)


class Residual__added(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.add_module("inner", inner)

    def forward(self, x):
        return torch.add(x, self.inner(x))


class Branches__loop(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict()
        for name, head in heads.items():
            self.heads[name] = head

    def forward(self, x):
        outputs = {}
        for name in self.heads:
            outputs[name] = self.heads[name](x)
        return outputs


class Branches__ordered(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict(list(heads.items()))

    def forward(self, x):
        return OrderedDict((name, head(x)) for name, head in self.heads.named_children())


def leaf_modules__counted(model):
    return [
        (name, module.__class__.__name__) for name, module in model.named_modules() if len(list(module.children())) == 0
    ]


def leaf_modules__recursion(model):
    found, seen = [], set()

    def visit(module, name):
        if module in seen:
            return
        seen.add(module)
        children = list(module.named_children())
        if not children:
            found.append((name, type(module).__name__))
        for part, child in children:
            visit(child, f"{name}.{part}" if name else part)

    visit(model, "")
    return found
