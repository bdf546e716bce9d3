"""Composing.

A module may be made of modules: those assigned to its attributes, or kept in one of PyTorch's containers,
are its children, and their parameters are its own, under dotted names such as "0.weight". Nets are built from
parts in this way, and parts from smaller ones. A module is used by calling it, model(x): that runs its forward,
and then its forward hooks, functions that others have hung on it with model.register_forward_hook(function) to
hear of every pass.
"""

from itertools import pairwise

import torch
from torch import nn


class Chain(nn.Module):
    """Modules in a row: each gets what the one before it returned, and the first gets x.

    Chain(first, second, ...): any number of modules, the very ones given become its children. They are called
    "0", "1", ... in that order, so that the names in state_dict() are those of nn.Sequential: "0.weight". The
    same module may be given twice, and then has its turn twice.  forward(x): what the last one returns, or x
    where there is none. In every pass the forward hooks of the modules run. nn.Sequential, the answer
    ready-made, is not allowed. All that a module can do, such as chain.modules(), it can do still.

    >>> chain = Chain(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    >>> list(chain.state_dict())
    ['0.weight', '0.bias', '2.weight', '2.bias']

    In Foundations: the layers of a net, each computed from the one before.
    """

    def __init__(self, *modules):
        super().__init__()
        self.count = len(modules)
        for number, module in enumerate(modules):
            self.add_module(str(number), module)

    def forward(self, x):
        for number in range(self.count):
            x = getattr(self, str(number))(x)
        return x


def mlp(sizes):
    """Return an nn.Sequential: a linear layer from each size to the next, tanh between any two layers.

    sizes: a list of at least 2 ints; it stays as it is.  Returns: an nn.Sequential that holds nn.Linear and
    nn.Tanh in turn, first and last an nn.Linear: no tanh after the last. Every layer has a bias, and
    parameters of its own, started as nn.Linear starts them, where sizes are equal too.

    >>> mlp([2, 8, 1])
    Sequential(
      (0): Linear(in_features=2, out_features=8, bias=True)
      (1): Tanh()
      (2): Linear(in_features=8, out_features=1, bias=True)
    )

    Grows from: Chain. nn.Sequential is PyTorch's own.
    """
    modules = []
    for inputs, outputs in pairwise(sizes):
        modules += [nn.Linear(inputs, outputs), nn.Tanh()]
    return nn.Sequential(*modules[:-1])


class Stack(nn.Module):
    """The same net as mlp(sizes), with a forward of your own: its linear layers are in a list.

    Stack(sizes): sizes as in mlp. Its only child is an nn.ModuleList called `layers`, of nn.Linear alone, one
    from each size to the next: "layers.0.weight", "layers.0.bias", "layers.1.weight", ...
    forward(x): x is (..., sizes[0]), with any dimensions in front or none.  Returns: (..., sizes[-1]), with
    tanh after every layer but the last.

    >>> stack = Stack([2, 8, 1])
    >>> list(stack.state_dict())[:2]
    ['layers.0.weight', 'layers.0.bias']
    >>> stack(torch.zeros(5, 2)).shape
    torch.Size([5, 1])

    In Foundations: net_predict, for any number of layers.
    """

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


def repeated(make, count):
    """Return an nn.Sequential of `count` layers, a new one from make() for each.

    make: a function without arguments that returns a new module each time it is called. count: an int, 0 or
    more.  Returns: an nn.Sequential of the modules that make() returned, in that order, under the names "0", "1", …
    that it gives them itself. Call it once for each layer, and no more often: no two layers share parameters, nor
    have to start alike.

    >>> model = repeated(lambda: nn.Linear(4, 4), 3)
    >>> len(model), sum(parameter.numel() for parameter in model.parameters())
    (3, 60)

    Grows from: mlp. In Foundations: weights drawn anew for every layer.
    """
    return nn.Sequential(*(make() for _ in range(count)))


class Residual(nn.Module):
    """A module with a way around it: what it returns is added to what it was given.

    Residual(inner): inner, a module that returns the shape it is given, becomes the only child, called `inner`.
    forward(x): a new tensor, x + inner(x); x stays as it is. inner has one turn in a pass, and its forward
    hooks run. The gradient goes both ways: around inner, and through it.

    >>> block = Residual(nn.Tanh())
    >>> block(torch.tensor([0.0, 100.0]))
    tensor([  0., 101.])

    In Foundations: a node with two paths from it, where the gradients add.
    """

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Branches(nn.Module):
    """Several modules side by side, each under a name: every one gets the same x.

    Branches(heads): heads, a dict of names and modules, which stays as it is. Its only child is an
    nn.ModuleDict called `heads`, of these very modules; parameters such as "heads.price.weight". Whoever
    changes the dict afterwards does not change the Branches.  forward(x): a dict of each name and what its
    module returns for x, in the order of the heads. The forward hooks of the modules run.

    >>> branches = Branches({"same": nn.Identity(), "bounded": nn.Tanh()})
    >>> branches(torch.tensor([0.0, 100.0]))
    {'same': tensor([  0., 100.]), 'bounded': tensor([0., 1.])}

    Grows from: Stack. In Foundations: one node read by several others.
    """

    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        return {name: head(x) for name, head in self.heads.items()}


def leaf_modules(model):
    """Return what a model is made of in the end: the name and class of each module that has no children.

    model: an nn.Module.  Returns: a list of (name, class name), tuples of two str, in the order in which the
    modules were registered. The name is the dotted one, all the way from the model; it is "" for a model
    that has no children itself. A module that is registered twice is listed once, under its first name.

    >>> leaf_modules(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Tanh(), nn.Linear(3, 1))))
    [('0', 'Linear'), ('1.0', 'Tanh'), ('1.1', 'Linear')]

    Grows from: Chain, whose children you named. As in lesson 2, walking a graph to its leaves.
    """
    found = []
    for name, module in model.named_modules():
        if not list(module.children()):
            found.append((name, type(module).__name__))
    return found
