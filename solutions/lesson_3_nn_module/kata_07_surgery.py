"""Surgery: changing a model that exists.

A model that has learned one task is a good start for the next. Most of it is kept as it is, frozen; the last
layer, its head, is replaced; and before you train, you look inside and see what will move. Lesson 4 is about
optimizers. Here it is enough that an optimizer is an object that was given parameters and holds them, and
that its step() moves each of them by what is in its .grad, as descend did in Foundations.
"""

import math

import torch
from torch import nn


def freeze(module):
    """Stop the training of everything in `module`: no optimizer moves any of its parameters from now on.

    module: an nn.Module, perhaps a part of a model, perhaps in mid-training, with gradients.  Returns: None.
    Every parameter in it, at any depth, stays the same object with the same values, but requires no gradient
    any more, and its .grad is None: an optimizer that remembers earlier steps, or shrinks weights, moves a
    parameter on zeros too. All else stays as it is.

    >>> layer = nn.Linear(2, 1)
    >>> freeze(layer)
    >>> [parameter.requires_grad for parameter in layer.parameters()]
    [False, False]

    In Foundations: a weight that you left out of the update.
    """
    for parameter in module.parameters():
        parameter.requires_grad = False
        parameter.grad = None


def trainable(model):
    """Return the parameters that still train, those that require a gradient, each with its name.

    model: any nn.Module, perhaps frozen in part.  Returns: a list of pairs (name, parameter), in the model's
    own order; the names are full, such as "body.0.weight", and the parameters the model's own objects. One
    that stands in two places comes once, under the first name. The list can be gone through again and again.

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1, bias=False))
    >>> freeze(model[0])
    >>> [(name, parameter.shape) for name, parameter in trainable(model)]
    [('1.weight', torch.Size([1, 3]))]

    Grows from: freeze.
    """
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]


def new_head(model, classes):
    """Give `model` a new last layer, with `classes` outputs, and return the model itself.

    model: an nn.Sequential, perhaps frozen, on one device, in one dtype; its last layer is an nn.Linear with
    a bias.  Returns: `model`, where instead of that layer stands a fresh nn.Linear with a bias, for the same
    inputs, on the same device, in the same dtype, with start values of its own, and trainable. All other
    layers stay, as they are.

    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 10))
    >>> new_head(model, 3)[-1]
    Linear(in_features=8, out_features=3, bias=True)

    In Foundations: weights_2 and bias_2 of the two-layer net, begun anew.
    """
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, device=old.weight.device, dtype=old.weight.dtype)
    return model


def initialize(model):
    """Draw start values for every nn.Linear in `model` anew, as they suit layers that a ReLU follows.

    model: an nn.Module with nn.Linear layers at any depth, or itself one; some may lack a bias.
    Returns: None.  Each weight is drawn from the normal distribution with mean 0 and standard deviation
    sqrt(2 / in_features); each bias is 0. The parameters stay the same objects, and require a gradient or not
    as before. Other kinds of layers stay as they are.

    >>> layer = nn.Linear(2, 3)
    >>> initialize(layer)
    >>> layer.bias.tolist()
    [0.0, 0.0, 0.0]

    In Foundations: rng.normal(size=n) * 0.1, how weights began.
    """

    @torch.no_grad()
    def draw(module):
        if isinstance(module, nn.Linear):
            module.weight.normal_(std=math.sqrt(2 / module.in_features))
            if module.bias is not None:
                module.bias.zero_()

    model.apply(draw)


def record_activations(model, inputs, names):
    """Run the model once on `inputs`, and return what the named modules inside it gave as outputs.

    model: an nn.Module, left in its mode.  inputs: a tensor.  names: a list of names of modules in the model,
    such as "body.0", or "" for itself; each gives a tensor, once.  Returns: a dict, name -> output: a copy
    without a graph, safe from later layers that work in place. The run itself goes as it would without you.
    No hook of yours is left in, even if the model raises (let the error pass on); others' hooks stay. A hook
    is a function(module, args, output); what register_forward_hook returns has a remove(), which takes it away.

    >>> model = nn.Sequential(nn.ReLU(), nn.Flatten(0))
    >>> record_activations(model, torch.tensor([[-1.0, 2.0]]), ["0", ""])
    {'0': tensor([[0., 2.]]), '': tensor([0., 2.])}

    In Foundations: the values at the nodes of the graph, filled in on the way forward.
    """
    outputs = {}

    # A function makes a `name` of its own for each hook; all lambdas of one loop share the loop's.
    def recorder(name):
        def record(module, args, output):
            outputs[name] = output.detach().clone()

        return record

    handles = [model.get_submodule(name).register_forward_hook(recorder(name)) for name in names]
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def not_held_by(optimizer, model):
    """Return the names of the parameters of `model` that the optimizer does not hold: it never moves them.

    optimizer: one from torch.optim: .param_groups is a list of dicts, and each has a list of parameters that
    it holds under "params".  model: an nn.Module.  Returns: a list of full names, in the model's own order,
    whether frozen or not. An equal parameter is not the same: a layer put in later, or a copy of the model,
    has parameters of its own.

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> not_held_by(optimizer, new_head(model, 4))
    ['1.weight', '1.bias']

    Grows from: new_head.
    """
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if id(parameter) not in held]


def parameter_table(model):
    """Return a table of the model: how many numbers each of its modules trains, and how many are frozen.

    model: an nn.Module.  Returns: a list of tuples (name, kind, trainable, frozen), in the model's own order,
    one for each module with parameters of its own, not only inside its parts. name: its full name, "" for the
    model; kind: its class's name; trainable, frozen: how many numbers its own parameters hold that require a
    gradient, and that do not.

    >>> model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    >>> freeze(model[0])
    >>> parameter_table(model)
    [('0', 'Linear', 0, 40), ('2', 'Linear', 27, 0)]

    In Foundations: the sizes of weights_1, bias_1 and the others, added up.
    """
    rows = []
    for name, module in model.named_modules():
        own = list(module.parameters(recurse=False))
        if own:
            moving = sum(parameter.numel() for parameter in own if parameter.requires_grad)
            still = sum(parameter.numel() for parameter in own if not parameter.requires_grad)
            rows.append((name, type(module).__name__, moving, still))
    return rows
