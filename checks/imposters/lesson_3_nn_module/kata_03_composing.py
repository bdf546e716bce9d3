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
