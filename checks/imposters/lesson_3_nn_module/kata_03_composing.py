"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_03_composing.py for another reason."""

from itertools import pairwise

import torch
from torch import nn


class Chain__plain_list__dict(nn.Module):
    """The modules are in a dict."""

    def __init__(self, *modules):
        super().__init__()
        self.steps = dict(enumerate(modules))

    def forward(self, x):
        for module in self.steps.values():
            x = module(x)
        return x


class Chain__one_name_for_all__attribute(nn.Module):
    """Each module is assigned to the same attribute."""

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            setattr(self, "0", module)

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


class Residual__two_turns__for_the_gradient(nn.Module):
    """The second call of inner is multiplied by 0."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x) + 0 * self.inner(x)


class Residual__way_around_cut__clone(nn.Module):
    """x is copied while nothing is recorded."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        with torch.no_grad():
            around = x.clone()
        return around + self.inner(x)


class Branches__outputs_detached__unrecorded(nn.Module):
    """The heads run while nothing is recorded."""

    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        with torch.no_grad():
            return {name: head(x) for name, head in self.heads.items()}


class Branches__plain_dict__callers_dict(nn.Module):
    """The modules stay in the dict that was given."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        return {name: head(x) for name, head in self.heads.items()}


class Residual__plain_list__hidden(nn.Module):
    """The attribute is set in a way that registers nothing."""

    def __init__(self, inner):
        super().__init__()
        self.__dict__["inner"] = inner

    def forward(self, x):
        return x + self.inner(x)


class Chain__children_each_once__registered_once(nn.Module):
    """A module that was given twice is registered once."""

    def __init__(self, *modules):
        super().__init__()
        for number, module in enumerate(dict.fromkeys(modules)):
            self.add_module(str(number), module)

    def forward(self, x):
        for module in self._modules.values():
            x = module(x)
        return x


class Chain__children_hidden__list(nn.Module):
    """The attribute is a list."""

    def __init__(self, *modules):
        super().__init__()
        self.children = list(modules)
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for module in self.children:
            x = module(x)
        return x


class Stack__layers_not_called__weights(nn.Module):
    """The weights and biases of the layers are used."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(x @ layer.weight.T + layer.bias)
        return x @ self.layers[-1].weight.T + self.layers[-1].bias


class Residual__inner_not_recorded__data(nn.Module):
    """The data of the result, whose graph is cut off."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x).data


class _Chain(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        self.count = len(modules)
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for number in range(self.count):
            x = getattr(self, str(number))(x)
        return x


class Chain__not_recorded__detached(_Chain):
    """The result is detached."""

    def forward(self, x):
        return super().forward(x).detach()


class Chain__list_between__module(nn.Module):
    """The given modules are children of an nn.Module."""

    def __init__(self, *modules):
        super().__init__()
        self.inside = nn.Module()
        for number, module in enumerate(modules):
            self.inside.add_module(str(number), module)

    def forward(self, x):
        for module in self.inside._modules.values():
            x = module(x)
        return x


def mlp__copies_for_equal_sizes__seeded_for_each_layer(sizes):
    """A seed is set before each layer."""
    found = []
    for pair in pairwise(sizes):
        torch.manual_seed(0)
        found += [nn.Linear(*pair), nn.Tanh()]
    return nn.Sequential(*found[:-1])


class Stack__another_name__a_sequential(nn.Module):
    """The layers are in an nn.Sequential of another name."""

    def __init__(self, sizes):
        super().__init__()
        self.linears = nn.Sequential(*[nn.Linear(*pair) for pair in pairwise(sizes)])

    def forward(self, x):
        for layer in self.linears[:-1]:
            x = torch.tanh(layer(x))
        return self.linears[-1](x)


def repeated__one_too_many__while(make, count):
    """A loop whose condition is <= in the place of <."""
    layers = []
    while len(layers) <= count:
        layers.append(make())
    return nn.Sequential(*layers)


def forgotten__not_sorted__tensors_only(model):
    """The names of plain tensors, in the order of the attributes."""
    return [name for name, value in vars(model).items() if isinstance(value, torch.Tensor)]


class Residual__in_place__method(nn.Module):
    """The method add_."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x.add_(self.inner(x))
