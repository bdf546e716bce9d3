"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_07_surgery.py for another reason."""

import copy
import math

import torch
from torch import nn


def freeze__gradients_only__method_overwritten(module):
    """False takes the place of the method requires_grad_, and the flag is still on."""
    for parameter in module.parameters():
        parameter.requires_grad_ = False
        parameter.grad = None


def freeze__gradients_kept__by_method(module):
    """requires_grad_ of the module changes the flags alone."""
    module.requires_grad_(False)


def trainable__used_up__list_made_before(model):
    """A list of the iterator was made before the loop."""
    parameters = model.named_parameters()
    list(parameters)
    return [(name, parameter) for name, parameter in parameters if parameter.requires_grad]


def trainable__used_up__of_the_state(model):
    """The tensors of state_dict() do not require grad."""
    return [(name, tensor) for name, tensor in model.state_dict().items() if tensor.requires_grad]


def trainable__detached__clones(model):
    """The parameters are cloned."""
    return [(name, each.clone()) for name, each in model.named_parameters() if each.requires_grad]


def new_head__name_rebound__made_only(model, classes):
    """The new layer is made and never used."""
    old = model[-1]
    nn.Linear(old.in_features, classes, device=old.weight.device, dtype=old.weight.dtype)
    return model


def new_head__only_if_needed__changed_in_place(model, classes):
    """The old layer gets new parameters and sizes."""
    head = model[-1]
    head.out_features = classes
    head.weight = nn.Parameter(head.weight.new_empty(classes, head.in_features))
    head.bias = nn.Parameter(head.bias.new_empty(classes))
    head.reset_parameters()
    return model


def not_held_by__equal_values__compared_by_lists(optimizer, model):
    """The values are compared as lists."""
    held = [parameter.tolist() for group in optimizer.param_groups for parameter in group["params"]]
    return [name for name, parameter in model.named_parameters() if parameter.tolist() not in held]


def move_model__inputs_only__a_copy(model, inputs, device, dtype):
    """A copy of the model is moved."""
    model = copy.deepcopy(model).to(device, dtype)
    return inputs.to(device, dtype)


def move_model__inputs_only__loop_rebinds(model, inputs, device, dtype):
    """The loop assigns to its own variable."""
    for parameter in model.parameters():
        parameter = parameter.to(device, dtype)
    return inputs.to(device, dtype)


def move_model__inputs_only__dtype_forgotten(model, inputs, device, dtype):
    """The model is moved to the device alone."""
    model.to(device)
    return inputs.to(device, dtype)


def move_model__inputs_not_assigned__dtype_forgotten(model, inputs, device, dtype):
    """The inputs are moved to the device alone."""
    model.to(device, dtype)
    return inputs.to(device)


def initialize__zeros__multiplied(model):
    """The old weights are multiplied by 0."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Linear):
                for parameter in module.parameters():
                    parameter *= 0


def initialize__seeded__with_one_generator(model):
    """Each layer draws from a new generator with the same seed."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            generator = torch.Generator().manual_seed(0)
            drawn = torch.empty(module.weight.shape).normal_(std=math.sqrt(2 / module.in_features), generator=generator)
            with torch.no_grad():
                module.weight.copy_(drawn)
                if module.bias is not None:
                    module.bias.zero_()


def initialize__seeded_once__own_generator(model):
    """Each call makes a generator with the same seed."""
    generator = torch.Generator().manual_seed(1)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            drawn = torch.empty(module.weight.shape).normal_(std=math.sqrt(2 / module.in_features), generator=generator)
            with torch.no_grad():
                module.weight.copy_(drawn)
                if module.bias is not None:
                    module.bias.zero_()


def record_activations__hooks_left__remove_not_called(model, inputs, names):
    """`handle.remove` has no parentheses."""
    outputs = {}

    def recorder(name):
        return lambda module, args, output: outputs.__setitem__(name, output.detach().clone())

    handles = [model.get_submodule(name).register_forward_hook(recorder(name)) for name in names]
    model(inputs)
    for handle in handles:
        handle.remove  # noqa: B018
    return outputs


def freeze__flag_on_the_module__method_overwritten(module):
    """False takes the place of the method requires_grad_, and .grad is forgotten too."""
    for parameter in module.parameters():
        parameter.requires_grad_ = False


def freeze__flag_on_the_module__detached(module):
    """detach() returns another tensor, which is not used."""
    for parameter in module.parameters():
        parameter.detach()


def new_head__nothing_returned__name_rebound(model, classes):
    """The model is not changed either."""
    head = model[-1]
    head = nn.Linear(head.in_features, classes, device=head.weight.device, dtype=head.weight.dtype)


def not_held_by__frozen_ones__always_empty(optimizer, model):
    """Each new list is not kept."""
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    names = []
    for name, parameter in model.named_parameters():
        if id(parameter) not in held:
            [*names, name]  # noqa: B018
    return names


def move_model__dtype_forgotten__nothing_moved(model, inputs, device, dtype):
    """Nothing is moved, because the new tensors are not used."""
    for parameter in model.parameters():
        parameter.to(device, dtype)
    inputs.to(device, dtype)
    return inputs


def record_activations__forward_called__empty_name_skipped(model, inputs, names):
    """The name of the model itself counts as no name."""
    outputs = {}

    def recorder(name):
        def record(module, args, output):
            outputs[name] = output.detach().clone()

        return record

    named = [(name, module) for name, module in model.named_modules() if name and name in names]
    handles = [module.register_forward_hook(recorder(name)) for name, module in named]
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def _record(model, inputs, names, hook, register="register_forward_hook"):
    """The dicts that `hook(outputs, name)` fills, one for each name."""
    found = {name: {} for name in names}
    handles = [getattr(model.get_submodule(name), register)(hook(found[name], name)) for name in names]
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return found


def record_activations__graph_kept__not_copied(model, inputs, names):
    """The outputs themselves are kept."""
    found = _record(
        model, inputs, names, lambda outputs, name: lambda module, args, output: outputs.update({name: output})
    )
    return {name: outputs[name] for name, outputs in found.items()}


def record_activations__one_name_for_all__one_dict_for_each(model, inputs, names):
    """Each name has a dict of its own, and the last dict is returned."""
    found = _record(
        model,
        inputs,
        names,
        lambda outputs, name: lambda module, args, output: outputs.update({name: output.detach().clone()}),
    )
    return found[names[-1]] if names else {}


def record_activations__inputs_recorded__pre_hook(model, inputs, names):
    """A pre-hook does not get an output."""

    def hook(outputs, name):
        return lambda module, args: outputs.update({name: args[0].detach().clone()})

    found = _record(model, inputs, names, hook, "register_forward_pre_hook")
    return {name: outputs[name] for name, outputs in found.items()}


def freeze__returns_the_module__gradients_kept(module):
    """The gradients are still there."""
    return module.requires_grad_(False)


def not_held_by__set__frozen_left_out(optimizer, model):
    """Frozen parameters are not listed."""
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return {name for name, each in model.named_parameters() if each.requires_grad and id(each) not in held}
