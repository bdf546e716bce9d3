"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_03_composing.py for another reason."""

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
