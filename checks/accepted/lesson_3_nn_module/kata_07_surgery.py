"""Other right answers to katas/lesson_3_nn_module/kata_07_surgery.py: the tests must accept them."""

import math

import torch
from torch import nn


def freeze__by_method(module):
    module.requires_grad_(False)
    module.zero_grad()


def freeze__one_after_the_other(module):
    for _, parameter in module.named_parameters():
        parameter.requires_grad_(False)
    for parameter in module.parameters():
        parameter.grad = None


def freeze__module_by_module(module):
    for part in module.modules():
        for parameter in part.parameters(recurse=False):
            parameter.requires_grad = False
            del parameter.grad


def freeze__detached_in_place(module):
    for parameter in module.parameters():
        parameter.detach_()
        parameter.grad = None


def trainable__loop(model):
    found = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            found.append((name, parameter))
    return found


def trainable__filtered(model):
    return list(filter(lambda pair: pair[1].requires_grad, model.named_parameters()))


def trainable__by_name(model):
    names = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    return [(name, model.get_parameter(name)) for name in names]


def new_head__moved_there(model, classes):
    model[-1] = nn.Linear(model[-1].weight.shape[1], classes).to(model[-1].weight)
    return model


def new_head__by_number(model, classes):
    last = len(model) - 1
    weight = next(model.parameters())
    setattr(model, str(last), nn.Linear(model[last].in_features, classes, device=weight.device, dtype=weight.dtype))
    return model


def new_head__popped(model, classes):
    old = model.pop(-1)
    return model.append(nn.Linear(old.in_features, classes, device=old.bias.device, dtype=old.bias.dtype))


def not_held_by__set_of_tensors(optimizer, model):
    held = set()
    for group in optimizer.param_groups:
        held.update(group["params"])
    return [name for name, parameter in model.named_parameters() if parameter not in held]


def not_held_by__is(optimizer, model):
    names = []
    for name, parameter in model.named_parameters():
        if not any(parameter is other for group in optimizer.param_groups for other in group["params"]):
            names.append(name)
    return names


def not_held_by__dict(optimizer, model):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            names.pop(id(parameter), None)
    return list(names.values())


def move_model__one_after_the_other(model, inputs, device, dtype):
    model = model.to(device).to(dtype)
    return inputs.to(device).to(dtype)


def move_model__named_arguments(model, inputs, device, dtype):
    model.to(dtype=dtype, device=torch.device(device))
    return torch.as_tensor(inputs, device=device, dtype=dtype)


def move_model__by_hand(model, inputs, device, dtype):
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            moved = parameter.detach().to(device, dtype)
            setattr(module, name, nn.Parameter(moved, requires_grad=parameter.requires_grad))
        for name, buffer in list(module.named_buffers(recurse=False)):
            setattr(module, name, buffer.to(device, dtype if buffer.is_floating_point() else None))
    return inputs.to(device=device, dtype=dtype)


def move_model__like_another_tensor(model, inputs, device, dtype):
    example = torch.empty(0, device=device, dtype=dtype)
    model.to(example)
    return inputs.to(example)


def initialize__kaiming(model):
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.constant_(module.bias, 0)


@torch.no_grad()
def initialize__in_place(model):
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.weight.normal_().mul_(math.sqrt(2 / module.weight.shape[1]))
            if module.bias is not None:
                module.bias.zero_()


def initialize__copied_in(model):
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Linear):
                module.weight.copy_(torch.randn_like(module.weight) * (2 / module.in_features) ** 0.5)
                if module.bias is not None:
                    module.bias.fill_(0.0)


def initialize__data(model):
    def draw(module):
        if type(module) is nn.Linear:
            module.weight.data = torch.randn_like(module.weight.data) * math.sqrt(2 / module.in_features)
            if module.bias is not None:
                module.bias.data = torch.zeros_like(module.bias.data)

    model.apply(draw)


def record_activations__names_by_module(model, inputs, names):
    wanted = {module: name for name, module in model.named_modules() if name in names}
    outputs, handles = {}, []

    def record(module, args, output):
        outputs[wanted[module]] = output.detach().clone()

    try:
        for module in wanted:
            handles.append(module.register_forward_hook(record))
        with torch.no_grad():
            model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def record_activations__default_argument(model, inputs, names):
    modules = dict(model.named_modules())
    outputs, handles = {}, []
    for name in names:
        # A value returned from a hook would take the output's place: None leaves it.
        def record(module, args, output, name=name):
            outputs[name] = output.clone().detach()

        handles.append(modules[name].register_forward_hook(record))
    try:
        model(inputs)
    except Exception:
        raise
    finally:
        [handle.remove() for handle in handles]
    return {name: outputs[name] for name in names}


def record_activations__contexts(model, inputs, names):
    from contextlib import ExitStack

    outputs = {}

    def recorder(name):
        return lambda module, args, output: outputs.__setitem__(name, output.detach().clone())

    with ExitStack() as stack:
        for name in names:
            stack.enter_context(model.get_submodule(name).register_forward_hook(recorder(name)))
        model(inputs)
    return outputs
