"""A module can contain modules.

If you assign a module to an attribute of another module, it becomes a child
of that module. The parameters of a child are listed with dotted names:

    >>> model = nn.Module()
    >>> model.inner = nn.Linear(2, 3)
    >>> model.others = [nn.Linear(3, 1)]  # a plain list
    >>> [name for name, _ in model.named_parameters()]
    ['inner.weight', 'inner.bias']

A module does not look into plain lists and dicts. For these, PyTorch has
containers that are modules: nn.ModuleList and nn.ModuleDict.

To run a module, call it: module(x). Functions attached to a module (hooks)
run in module(x), but not in module.forward(x).

Every step: use the given modules themselves, not copies. Run every module
by calling it, as in module(x). Inputs are not modified.

Afterwards you can say which layers a model contains, and which are missing.
"""

from itertools import pairwise

import torch
from torch import nn


class Chain(nn.Module):
    """A module that applies other modules, one after another.

    Args:
        modules: any number of modules, perhaps none. The same module may
            be given several times, and then it runs several times.

    Attributes:
        "0", "1", ...: the given modules become the children of the
            chain, under these names and in this order.

    Methods:
        forward(x): passes x to the first module, the result to the
            second, and so on. Returns the result of the last module, or
            x if there are no modules.

    Must:
        - not use nn.Sequential, which does the whole job
        - not use the name of a method of nn.Module, such as `modules` or
          `children`, for an attribute

    Example:
        >>> chain = Chain(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        >>> [name for name, _ in chain.named_parameters()]
        ['0.weight', '0.bias', '2.weight', '2.bias']
        >>> Chain(nn.ReLU(), nn.Tanh())(torch.tensor([-5.0, 100.0]))
        tensor([0., 1.])

    Foundations: the layers of a net, each computed from the one before.
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
    """Return a net of linear layers with tanh between them.

    Args:
        sizes: [inputs, hidden 1, ..., outputs]: at least two ints. A list
            of two has no hidden layer. The list is not modified.

    Returns:
        An nn.Sequential. It has an nn.Linear with a bias from each size
        to the next, and an nn.Tanh after each nn.Linear except the last.

    Must:
        - create a new nn.Linear for each layer, even for equal sizes
        - leave the parameters as nn.Linear initializes them

    Example:
        >>> mlp([2, 8, 1])
        Sequential(
          (0): Linear(in_features=2, out_features=8, bias=True)
          (1): Tanh()
          (2): Linear(in_features=8, out_features=1, bias=True)
        )

    Grows from: Chain. nn.Sequential is PyTorch's version of it.
    """
    modules = []
    for inputs, outputs in pairwise(sizes):
        modules += [nn.Linear(inputs, outputs), nn.Tanh()]
    return nn.Sequential(*modules[:-1])


class Stack(nn.Module):
    """The same net as mlp(sizes), with its layers in a list.

    Args:
        sizes: a list of at least two ints, as in mlp.

    Attributes:
        layers: the only child, an nn.ModuleList. It contains an nn.Linear
            with a bias from each size to the next, and nothing else.

    Methods:
        forward(x): applies the layers in order, with tanh after each
            layer except the last. x has shape (..., sizes[0]), for example
            (D,) or (N, D). The result has shape (..., sizes[-1]).

    Example:
        >>> stack = Stack([2, 8, 1])
        >>> [name for name, _ in stack.named_parameters()][:2]
        ['layers.0.weight', 'layers.0.bias']
        >>> stack(torch.zeros(5, 2)).shape
        torch.Size([5, 1])

    Grows from: Chain. You registered its modules by hand. nn.ModuleList
    registers a list of modules, but has no forward().
    """

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


def repeated(make, count):
    """Return an nn.Sequential of `count` new layers, made by make().

    Args:
        make: a function; make() returns a new module in each call.
        count: an int, 0 or more.

    Returns:
        An nn.Sequential of the modules that make() returned, in the order
        of the calls.

    Must:
        - call make exactly `count` times

    Example:
        >>> model = repeated(lambda: nn.Linear(4, 4), 3)
        >>> len(model)
        3
        >>> sum(parameter.numel() for parameter in model.parameters())
        60

    Grows from: mlp, whose layers do not share parameters.
    """
    return nn.Sequential(*(make() for _ in range(count)))


def forgotten(model):
    """Find the tensors and modules that a model has but does not register.

    Args:
        model: an nn.Module. Attributes of its children do not count.

    Returns:
        A sorted list of the names of two kinds of attributes of the
        model object: plain tensors, and plain lists in which at least
        one item is itself a tensor or a module.

    Must:
        - leave out all other names, including those of parameters,
          buffers and children, because the module registers these

    Example:
        >>> model = nn.Module()
        >>> model.weight = nn.Parameter(torch.ones(2))
        >>> model.scale = torch.ones(2)
        >>> model.layers = [nn.Tanh()]
        >>> model.sizes = [2, 3]
        >>> forgotten(model)
        ['layers', 'scale']

    Grows from: Stack, whose layers would be lost in a plain list.
    """
    names = []
    for name, value in vars(model).items():
        held = value if isinstance(value, list) else [value]
        if any(isinstance(each, (torch.Tensor, nn.Module)) for each in held):
            names.append(name)
    return sorted(names)


class Residual(nn.Module):
    """A module that adds its input to the result of another module.

    Args:
        inner: a module. Its result has the shape of its input.

    Attributes:
        inner: the given module, the only child.

    Methods:
        forward(x): returns x + inner(x), a new tensor.

    Must:
        - call inner once
        - let gradients reach inner's parameters, and reach x on both paths
        - not modify the tensor that inner returned

    Example:
        >>> block = Residual(nn.Tanh())
        >>> block(torch.tensor([0.0, 100.0]))
        tensor([  0., 101.])

    Foundations: two paths from one node, whose gradients add up.
    """

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Branches(nn.Module):
    """A module that passes one input to several modules, by name.

    Args:
        heads: a dict from names to modules. It is not modified.

    Attributes:
        heads: the only child, an nn.ModuleDict of the given modules,
            under their names and in their order.

    Methods:
        forward(x): returns a dict with the same names, in the same
            order. Each value is the result of the module with
            this name for x.

    Must:
        - let gradients reach x from all results

    Example:
        >>> branches = Branches({"same": nn.Identity(), "tanh": nn.Tanh()})
        >>> results = branches(torch.tensor([0.0, 100.0]))
        >>> list(results)
        ['same', 'tanh']
        >>> results["tanh"]
        tensor([0., 1.])

    Grows from: Stack. An nn.ModuleDict registers a dict of modules.
    """

    def __init__(self, heads):
        super().__init__()
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        return {name: head(x) for name, head in self.heads.items()}


def leaf_modules(model):
    """List the modules of a model that have no children.

    Args:
        model: an nn.Module, which may itself have no children.

    Returns:
        A list of tuples (name, class name), two strings each, in the
        order of registration: what is inside a child comes before the
        next child. The name is the dotted name, for example "blocks.0",
        and "" for the model itself.

    Must:
        - find modules at any depth
        - list a module once, under its first name, if it is registered
          several times

    Example:
        >>> inner = nn.Sequential(nn.Tanh(), nn.Linear(3, 1))
        >>> leaf_modules(nn.Sequential(nn.Linear(2, 3), inner))
        [('0', 'Linear'), ('1.0', 'Tanh'), ('1.1', 'Linear')]

    Grows from: Chain and its children.
    """
    found = []
    for name, module in model.named_modules():
        if not list(module.children()):
            found.append((name, type(module).__name__))
    return found
