"""You can change a model that already exists.

A model that has learned one task is a good start for the next. You freeze
most of it, replace its last layer (the head), and move it to a device.
An optimizer, the subject of lesson 4, is an object that holds parameters.
Its step() changes each of its parameters that has a gradient:

    >>> layer = nn.Linear(1, 1)
    >>> before = layer.bias.item()
    >>> optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    >>> layer.weight.grad = torch.ones(1, 1)
    >>> optimizer.step()  # weight -= 0.5 * weight.grad
    >>> layer.bias.item() == before  # the bias has no gradient
    True

So after each change, ask two questions. Which parameters require grad?
And which of them does the optimizer hold?

Every step: modules can be at any depth in `model`. Values, modes and
requires_grad change only if the card says so.

Afterwards you can adapt a trained model to a new task.
"""

import math

import torch
from torch import nn


def freeze(module):
    """Stop the training of every parameter in a module.

    Args:
        module: an nn.Module, perhaps a part of a model. Its parameters
            may have gradients, because training may have begun.

    Must:
        - set requires_grad of each parameter to False
        - set .grad of each parameter to None. Zeros are not enough: some
          optimizers change a parameter even if its gradient is zeros
        - keep the same parameter objects, with the same values
        - return None

    Example:
        >>> layer = nn.Linear(2, 1)
        >>> layer.weight.grad = torch.ones(1, 2)
        >>> freeze(layer)
        >>> layer.weight.requires_grad
        False
        >>> print(layer.weight.grad)
        None

    Foundations: a weight that you left out of the update.
    """
    for parameter in module.parameters():
        parameter.requires_grad = False
        parameter.grad = None


def trainable(model):
    """List the parameters that still train, each with its name.

    Args:
        model: an nn.Module. Some of its parameters may be frozen.

    Returns:
        A list of tuples (name, parameter), in the model's order: one for
        each parameter that requires grad. The name is the full name, for
        example "body.0.weight". The parameter is the model's object. If
        it is in two places, list it once, with its first name.

    Example:
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
        >>> _ = model[0].requires_grad_(False)
        >>> [name for name, _ in trainable(model)]
        ['1.weight', '1.bias']

    Grows from: freeze.
    """
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]


def new_head(model, classes):
    """Replace the last layer of a model, and return the model.

    Args:
        model: an nn.Sequential on one device, in one dtype. Its last
            layer, model[-1], is an nn.Linear with a bias. Parameters of
            any layer may be frozen.
        classes: the number of outputs of the new layer, at least 1.

    Returns:
        The given model. Its last layer is a new nn.Linear with a bias.
        It has the same number of inputs, the same device and the same
        dtype as the old one.

    Must:
        - draw new initial values, even if the number of outputs is the same
        - let the new layer require grad, even if the model is frozen
        - change neither the other layers nor the old last layer

    Example:
        >>> model = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 10))
        >>> new_head(model, 3)[-1]
        Linear(in_features=8, out_features=3, bias=True)

    Foundations: weights_2 and bias_2 of the two-layer net, drawn anew.
    """
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, device=old.weight.device, dtype=old.weight.dtype)
    return model


def not_held_by(optimizer, model):
    """List the parameters of a model that an optimizer does not hold.

    Args:
        optimizer: a torch.optim optimizer. optimizer.param_groups is a
            list of dicts. For each group, group["params"] is the list of
            its parameters.

    Returns:
        A list of full names, for example "body.0.weight", in the model's
        order: the parameters that the optimizer was not given, so that its
        step() never changes them. Frozen parameters are listed too.

    Must:
        - look for the same object: a parameter with equal values, or
          even with the same memory, is a different parameter

    Example:
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> model[1] = nn.Linear(3, 4)
        >>> not_held_by(optimizer, model)
        ['1.weight', '1.bias']

    Grows from: new_head.
    """
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if id(parameter) not in held]


def move_model(model, inputs, device, dtype):
    """Move a model to a device and a dtype, and return the moved inputs.

    Args:
        model: an nn.Module. It may have buffers.
        inputs: a tensor of floats. Its device and dtype may differ from
            those of the model.
        device: a str or a torch.device.
        dtype: a dtype for floats, for example torch.float64.

    Returns:
        A tensor: the inputs on `device` and in `dtype`.

    Must:
        - change the given model: move all of its parameters and buffers
        - keep the dtype of buffers that are not floats
        - not change `inputs`

    Example:
        >>> model, x = nn.Linear(2, 1), torch.ones(3, 2)
        >>> moved = move_model(model, x, "cpu", torch.float64)
        >>> [model.weight.dtype, moved.dtype, x.dtype]
        [torch.float64, torch.float64, torch.float32]

    Grows from: move_batch. to() changes a module, but never a tensor.
    """
    model.to(device, dtype)
    return inputs.to(device, dtype)


def initialize(model):
    """Draw new initial values for every nn.Linear in a model.

    Args:
        model: an nn.Module with nn.Linear layers, or an nn.Linear itself.
            Some layers may have no bias.

    Must:
        - draw each weight from a normal distribution: mean 0, standard
          deviation sqrt(2 / in_features). This suits a ReLU that follows.
        - set each bias to 0
        - draw new numbers for each layer and in each call
        - keep each parameter: the same object, a leaf, its requires_grad
        - not change other kinds of layers
        - return None

    Example:
        >>> layer = nn.Linear(2, 10_000)
        >>> initialize(layer)
        >>> round(layer.weight.std().item(), 1)
        1.0
        >>> layer.bias.max().item()
        0.0

    Foundations: rng.normal(size=n) * 0.1, how weights began.
    """

    @torch.no_grad()
    def draw(module):
        if isinstance(module, nn.Linear):
            module.weight.normal_(std=math.sqrt(2 / module.in_features))
            if module.bias is not None:
                module.bias.zero_()

    model.apply(draw)


def record_activations(model, inputs, names):
    """Run a model once, and return the outputs of the named modules.

    Args:
        names: a list of module names, for example "body.0", or "" for the
            model itself. Each module is called once and returns a tensor.

    Returns:
        A dict from each name to a copy of its module's output, without a
        graph. The copy does not change if a later layer works in place.

    Must:
        - call model(inputs) once. You may do this under no_grad
        - let the next layer receive the output itself, not your copy
        - remove your hooks and no others, even if the model raises an
          error, and pass that error on. To add a hook: handle =
          module.register_forward_hook(hook). Remove: handle.remove()

    Example:
        >>> model = nn.Sequential(nn.ReLU(), nn.Flatten(0))
        >>> outputs = record_activations(model, torch.ones(1, 2), ["0"])
        >>> outputs["0"]
        tensor([[1., 1.]])

    Foundations: the values at the graph's nodes, in the forward pass.
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
