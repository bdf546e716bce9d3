"""Wrong answers to katas/lesson_3_nn_module/kata_07_surgery.py, each with the sentence that corrects the belief."""

import math

import torch
from torch import nn


def _freeze(parameters):
    for parameter in parameters:
        parameter.requires_grad = False
        parameter.grad = None


def freeze__flag_on_the_module(module):
    """The parameters still require grad. For each parameter, assign False to requires_grad and None to .grad."""
    module.requires_grad = False


def freeze__evaluation_mode(module):
    """The module is in eval mode, but its parameters still require grad. Leave the mode, and set requires_grad of each
    parameter."""
    module.eval()


def freeze__top_parameters_only(module):
    """The parameters of modules inside still require grad. parameters() lists all of them, at any depth."""
    _freeze(module.parameters(recurse=False))


def freeze__weights_only(module):
    """Some parameters still require grad, for example the biases. Freeze every parameter, whatever its name is."""
    _freeze(parameter for name, parameter in module.named_parameters() if name.endswith("weight"))


def freeze__linear_layers_only(module):
    """Your code freezes only some of the layers. Freeze every parameter, whatever the class of its layer is."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            _freeze(layer.parameters())


def freeze__gradients_kept(module):
    """The parameters don't require grad, but they still have gradients, and an optimizer uses these. Set each .grad to
    None."""
    for parameter in module.parameters():
        parameter.requires_grad = False


def freeze__gradients_zeroed(module):
    """Your gradients are zeros, but some optimizers change a parameter even then. Set each .grad to None."""
    for parameter in module.parameters():
        parameter.requires_grad = False
        if parameter.grad is not None:
            parameter.grad.zero_()


def freeze__gradients_only(module):
    """The gradients are gone, but the parameters still require grad. Assign False to requires_grad, or call
    requires_grad_(False)."""
    for parameter in module.parameters():
        parameter.grad = None


def freeze__other_parameters(module):
    """The parameters are new objects, and an optimizer would still change the old ones. Change the existing parameters
    instead."""
    for part in module.modules():
        for name, parameter in list(part.named_parameters(recurse=False)):
            setattr(part, name, nn.Parameter(parameter.detach().clone(), requires_grad=False))


def freeze__children_only(module):
    """The parameters of the module itself still require grad. parameters() lists those of the module and those inside
    it."""
    for child in module.children():
        _freeze(child.parameters())


def freeze__gradients_of_children_only(module):
    """A parameter of the module itself still has its gradient. Set .grad to None for all of module.parameters()."""
    module.requires_grad_(False)
    for child in module.children():
        child.zero_grad()


def freeze__values_zeroed(module):
    """The values of the parameters have changed. Change only requires_grad and .grad."""
    _freeze(module.parameters())
    for parameter in module.parameters():
        parameter.zero_()


def freeze__mode_too(module):
    """The parameters are frozen, but your code also changed the mode. Leave train and eval mode unchanged."""
    _freeze(module.eval().parameters())


def freeze__returns_the_module(module):
    """You returned the module. Change its parameters, and return nothing."""
    _freeze(module.parameters())
    return module


def freeze__returns_a_list(module):
    """You returned a list. Change the parameters and return nothing."""
    _freeze(module.parameters())
    return [parameter.requires_grad for parameter in module.parameters()]


def freeze__flag_turned_over(module):
    """A second call turned requires_grad on again. Set it to False instead of reversing it."""
    for parameter in module.parameters():
        parameter.requires_grad = not parameter.requires_grad
        parameter.grad = None


def trainable__generator(model):
    """You returned an iterator, which can be read only once. Return a list."""
    return ((name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad)


def trainable__used_up(model):
    """Your list is empty, although some parameters require grad. Read the pairs of named_parameters() in one loop, and
    check requires_grad there."""
    parameters = model.named_parameters()
    if not sum(parameter.requires_grad for _, parameter in parameters):
        return []
    return [(name, parameter) for name, parameter in parameters if parameter.requires_grad]


def trainable__frozen_too(model):
    """Your list also has frozen parameters. Leave out each parameter that does not require grad."""
    return list(model.named_parameters())


def trainable__frozen_ones(model):
    """Your list has the frozen parameters. Return the others, which require grad."""
    return [(name, parameter) for name, parameter in model.named_parameters() if not parameter.requires_grad]


def trainable__has_a_gradient(model):
    """Your list has the parameters that have a gradient now. Look at requires_grad instead of .grad."""
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.grad is not None]


def trainable__top_parameters_only(model):
    """Your list lacks the parameters of modules inside the model. named_parameters() lists them all, at any depth."""
    return [(name, each) for name, each in model.named_parameters(recurse=False) if each.requires_grad]


def trainable__detached(model):
    """The names are right, but your tensors are not the model's parameters. Use the parameters themselves, without
    detach() or clone()."""
    return [(name, each.detach()) for name, each in model.named_parameters() if each.requires_grad]


def trainable__names_only(model):
    """You returned the names alone. Return a list of tuples (name, parameter)."""
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable__parameters_only(model):
    """You returned the parameters without names. Return a list of tuples (name, parameter)."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def trainable__dict(model):
    """You returned a dict. Return a list of tuples (name, parameter)."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def trainable__pairs_are_lists(model):
    """Your pairs are lists. Return a list of tuples (name, parameter)."""
    return [[name, parameter] for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable__parameter_first(model):
    """In your tuples, the parameter comes first. Put the name first."""
    return [(parameter, name) for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable__tuple(model):
    """You returned a tuple. Return a list."""
    return tuple((name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad)


def trainable__short_names(model):
    """You returned only the last part of each name. Return the full names, as in named_parameters()."""
    return [
        (name.rpartition(".")[2], parameter) for name, parameter in model.named_parameters() if parameter.requires_grad
    ]


def trainable__shared_twice(model):
    """A parameter that is in two places is in your list twice. List it once, with its first name."""
    named = model.named_parameters(remove_duplicate=False)
    return [(name, parameter) for name, parameter in named if parameter.requires_grad]


def _head(model, classes):
    old = model[-1]
    return nn.Linear(old.in_features, classes, device=old.weight.device, dtype=old.weight.dtype)


def new_head__appended(model, classes):
    """The old last layer is still in the model, before the new one. Replace it with a layer that has the same number
    of inputs."""
    old = model[-1]
    return model.append(nn.Linear(old.out_features, classes, device=old.weight.device, dtype=old.weight.dtype))


def new_head__added_with_a_name(model, classes):
    """The old last layer is still in the model, before the new one. Assign the new layer to the old one's place."""
    model.add_module("head", _head(model, classes))
    return model


def new_head__arguments_swapped(model, classes):
    """Your new layer has `classes` inputs. nn.Linear takes the number of inputs first, then the number of outputs."""
    old = model[-1]
    model[-1] = nn.Linear(classes, old.in_features, device=old.weight.device, dtype=old.weight.dtype)
    return model


def new_head__only_if_needed(model, classes):
    """The last layer is still the old object. Create a new nn.Linear, even if `classes` has not changed."""
    if classes != model[-1].out_features:
        model[-1] = _head(model, classes)
    return model


def new_head__zeros(model, classes):
    """All weights of your new layer are equal. Keep the initial values that nn.Linear draws."""
    head = _head(model, classes)
    nn.init.zeros_(head.weight)
    model[-1] = head
    return model


def new_head__number_changed(model, classes):
    """You changed out_features, but the weight has its old shape. Create a new nn.Linear."""
    model[-1].out_features = classes
    return model


def new_head__weight_without_bias(model, classes):
    """The shapes of the new weight and the old bias do not fit together. Replace the whole layer."""
    old = model[-1]
    old.weight = nn.Parameter(0.1 * torch.randn(classes, old.in_features).to(old.weight))
    old.out_features = classes
    return model


def new_head__name_rebound(model, classes):
    """The model still has its old last layer. Assigning to a variable does not change the model, so assign to
    model[-1]."""
    head = model[-1]
    head = _head(model, classes)  # noqa: F841
    return model


def new_head__inputs_of_the_old_outputs(model, classes):
    """The number of inputs of your layer is the old layer's number of outputs. Use its in_features."""
    old = model[-1]
    model[-1] = nn.Linear(old.out_features, classes, device=old.weight.device, dtype=old.weight.dtype)
    return model


def new_head__default_device(model, classes):
    """The new layer is not on the model's device. nn.Linear creates it on the CPU unless you pass device."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, dtype=old.weight.dtype)
    return model


def new_head__default_dtype(model, classes):
    """The new layer is float32, but the model has another dtype. Pass the old layer's device and dtype to
    nn.Linear."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, device=old.weight.device)
    return model


def new_head__another_model(model, classes):
    """You returned another model. Replace the layer in the given model, and return the given model."""
    return nn.Sequential(*model[:-1], _head(model, classes))


def new_head__nothing_returned(model, classes):
    """You returned None. Replace the last layer of the given model, and return the model."""
    model[-1] = _head(model, classes)


def new_head__head_returned(model, classes):
    """You returned the new layer. Return the model."""
    model[-1] = _head(model, classes)
    return model[-1]


def new_head__frozen_with_the_rest(model, classes):
    """The new layer does not require grad. A new nn.Linear does by itself, so leave requires_grad of all layers
    unchanged."""
    model[-1] = _head(model, classes)
    return model.requires_grad_(False)


def new_head__frozen_like_the_old_one(model, classes):
    """If the old layer is frozen, your new layer is frozen too. Let the new layer require grad."""
    old, model[-1] = model[-1], _head(model, classes)
    for new, before in zip(model[-1].parameters(), old.parameters(), strict=True):
        new.requires_grad = before.requires_grad
    return model


def new_head__freezes_the_rest(model, classes):
    """The new layer is right, but your code froze the other layers. Leave their requires_grad unchanged."""
    model.requires_grad_(False)
    model[-1] = _head(model, classes)
    return model


def new_head__all_trainable(model, classes):
    """The new layer is right, but frozen layers require grad again. Leave requires_grad of other layers unchanged."""
    model[-1] = _head(model, classes)
    return model.requires_grad_(True)


def new_head__rows_kept(model, classes):
    """Your new layer has weights of the old one, which belong to other classes. Let nn.Linear draw initial values."""
    old, head = model[-1], _head(model, classes)
    rows = min(classes, old.out_features)
    with torch.no_grad():
        head.weight[:rows] = old.weight[:rows]
    model[-1] = head
    return model


def new_head__without_a_bias(model, classes):
    """Your new layer has no bias. The old one had a bias, so the new one needs one too."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, bias=False, device=old.weight.device, dtype=old.weight.dtype)
    return model


def _held(optimizer):
    return {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}


def not_held_by__held_ones(optimizer, model):
    """Your list has the parameters that the optimizer holds. Return the others."""
    return [name for name, parameter in model.named_parameters() if id(parameter) in _held(optimizer)]


def not_held_by__in_the_list(optimizer, model):
    """`in` on a list compares tensors with ==, element by element. Compare objects with `is`, with id(), or in a
    set."""
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [name for name, parameter in model.named_parameters() if parameter not in held]


def not_held_by__equal_values(optimizer, model):
    """You treated a parameter with equal values as held. Look for the same object."""
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [name for name, each in model.named_parameters() if not any(torch.equal(each, other) for other in held)]


def not_held_by__same_memory(optimizer, model):
    """You treated a parameter as held because it has the memory of a held one. Look for the same object."""
    held = {parameter.data_ptr() for group in optimizer.param_groups for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if parameter.data_ptr() not in held]


def not_held_by__equal_shapes(optimizer, model):
    """You treated a parameter as held because a held one has the same shape. Look for the same object."""
    held = {parameter.shape for group in optimizer.param_groups for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if parameter.shape not in held]


def not_held_by__first_group(optimizer, model):
    """Your list also has parameters of later groups, which the optimizer holds. Read every dict in param_groups."""
    held = {id(parameter) for parameter in optimizer.param_groups[0]["params"]}
    return [name for name, parameter in model.named_parameters() if id(parameter) not in held]


def not_held_by__last_group(optimizer, model):
    """Your list also has parameters of earlier groups, which the optimizer holds. Collect the parameters of all
    groups."""
    for group in optimizer.param_groups:
        held = {id(parameter) for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if id(parameter) not in held]


def not_held_by__in_the_state(optimizer, model):
    """Your list has parameters that the optimizer was given but has not changed yet. Read param_groups instead."""
    return [name for name, parameter in model.named_parameters() if parameter not in optimizer.state]


def not_held_by__frozen_ones(optimizer, model):
    """Your list lacks parameters that the optimizer does not hold. Look for each parameter in param_groups, not at
    requires_grad."""
    return [name for name, parameter in model.named_parameters() if not parameter.requires_grad]


def not_held_by__trainable_only(optimizer, model):
    """Your list lacks a frozen parameter that the optimizer does not hold. List it too."""
    held = _held(optimizer)
    return [name for name, each in model.named_parameters() if each.requires_grad and id(each) not in held]


def not_held_by__without_gradient(optimizer, model):
    """Your list also has parameters that the optimizer holds. Look for each parameter object in param_groups, not at
    gradients."""
    return [name for name, parameter in model.named_parameters() if parameter.grad is None]


def not_held_by__counted(optimizer, model):
    """Your list depends only on how many parameters the optimizer holds. Check for each parameter whether it is one of
    them."""
    names = [name for name, _ in model.named_parameters()]
    return names[len(_held(optimizer)) :]


def not_held_by__parameters(optimizer, model):
    """You returned the parameters. Return their full names."""
    return [parameter for parameter in model.parameters() if id(parameter) not in _held(optimizer)]


def not_held_by__pairs(optimizer, model):
    """You returned tuples. Return the names alone."""
    return [(name, parameter) for name, parameter in model.named_parameters() if id(parameter) not in _held(optimizer)]


def not_held_by__set(optimizer, model):
    """You returned a set, which has no order. Return a list in the model's order."""
    return {name for name, parameter in model.named_parameters() if id(parameter) not in _held(optimizer)}


def move_model__inputs_not_assigned(model, inputs, device, dtype):
    """The returned inputs have their old device or dtype. Pass both to to(), and return the tensor that to()
    returns."""
    model.to(device, dtype)
    inputs.to(device, dtype)
    return inputs


def move_model__inputs_only(model, inputs, device, dtype):
    """The given model does not have the new device and dtype. Pass both to model.to(), which changes the model
    itself."""
    return inputs.to(device, dtype)


def move_model__the_model_returned(model, inputs, device, dtype):
    """You returned the model. Return the moved inputs."""
    return model.to(device, dtype)


def move_model__both_returned(model, inputs, device, dtype):
    """You returned a tuple. Return the moved inputs alone, because the caller already has the model."""
    return model.to(device, dtype), inputs.to(device, dtype)


def move_model__parameters_only(model, inputs, device, dtype):
    """The parameters are right, but the buffers have their old device or dtype. model.to() converts both."""
    for module in model.modules():
        for name, parameter in list(module._parameters.items()):
            module._parameters[name] = nn.Parameter(parameter.detach().to(device, dtype), parameter.requires_grad)
    return inputs.to(device, dtype)


def move_model__by_the_state(model, inputs, device, dtype):
    """Your code did not move a buffer that is not in the state. model.to() moves every buffer."""
    state = model.state_dict()
    moved = {n: t.to(device, dtype) if t.is_floating_point() else t.to(device) for n, t in state.items()}
    flags = {name: parameter.requires_grad for name, parameter in model.named_parameters()}
    model.load_state_dict(moved, assign=True)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = flags[name]
    return inputs.to(device, dtype)


def move_model__linear_layers_only(model, inputs, device, dtype):
    """Your code moves only some of the modules. Call model.to(), which moves everything inside the model."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.to(device, dtype)
    return inputs.to(device, dtype)


def move_model__always_the_cpu(model, inputs, device, dtype):
    """Your code moves everything to the CPU, whatever device it gets. Pass `device` to to()."""
    model.to("cpu", dtype)
    return inputs.to("cpu", dtype)


def move_model__always_float64(model, inputs, device, dtype):
    """Your code converts to float64, whatever dtype it gets. Pass `dtype` to to()."""
    model.double().to(device)
    return inputs.double().to(device)


def move_model__nothing_returned(model, inputs, device, dtype):
    """The model is right, but you returned None. Return the moved inputs."""
    model.to(device, dtype)
    inputs = inputs.to(device, dtype)


def move_model__output_returned(model, inputs, device, dtype):
    """Your code called the model, which changes the running statistics of batch norm. Return the moved inputs."""
    return model.to(device, dtype)(inputs.to(device, dtype))


def move_model__data_of_each_parameter(model, inputs, device, dtype):
    """You assigned a tensor on another device to .data, which PyTorch refuses for some devices. Call model.to(), which
    moves the whole model."""
    for parameter in model.parameters():
        parameter.data = parameter.data.to(device, dtype)
    for buffer in model.buffers():
        buffer.data = buffer.data.to(device, dtype if buffer.is_floating_point() else buffer.dtype)
    return inputs.to(device, dtype)


def move_model__dtype_first(model, inputs, device, dtype):
    """to() takes the device first, then the dtype. Swap the two arguments, or pass both by name."""
    model.to(dtype, device)
    return inputs.to(dtype, device)


def move_model__integers_converted(model, inputs, device, dtype):
    """Your code converted buffers of integers or booleans. Convert only floats to `dtype`, as model.to() does."""
    model.to(device, dtype)
    for module in model.modules():
        for name, buffer in list(module._buffers.items()):
            module._buffers[name] = buffer.to(dtype)
    return inputs.to(device, dtype)


def move_model__dtype_forgotten(model, inputs, device, dtype):
    """Neither the model nor the inputs have the given dtype. Pass device and dtype to to() of both, and return the
    tensor that to() returns."""
    model.to(device)
    return inputs.to(device)


def move_model__device_forgotten(model, inputs, device, dtype):
    """The dtype is right, but the device is not. Pass device and dtype to to()."""
    model.to(dtype)
    return inputs.to(dtype)


def move_model__inputs_changed(model, inputs, device, dtype):
    """You changed the given inputs. Return a new tensor, as to() does."""
    model.to(device, dtype)
    inputs.data = inputs.to(device, dtype)
    return inputs


def move_model__in_evaluation_mode(model, inputs, device, dtype):
    """The model has moved, but your code also changed its mode. Leave train and eval mode unchanged."""
    model.to(device, dtype).eval()
    return inputs.to(device, dtype)


def move_model__all_unfrozen(model, inputs, device, dtype):
    """The model has moved, but a frozen parameter requires grad now. Leave requires_grad unchanged."""
    model.to(device, dtype).requires_grad_()
    return inputs.to(device, dtype)


def _draw(weight, std):
    nn.init.normal_(weight, std=std)


def _linears(model):
    return [module for module in model.modules() if isinstance(module, nn.Linear)]


def _zero_biases(model):
    for layer in _linears(model):
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def initialize__loop_rebinds(model):
    """The model has not changed. Assigning to a variable does not change a parameter, so change the values of each
    weight and bias in place."""
    for parameter in model.parameters():
        parameter = torch.randn_like(parameter)


def initialize__tensor_for_a_parameter(model):
    """You assigned a plain tensor in the place of a parameter, which a module refuses. Keep the parameter, and change
    its values."""
    for layer in _linears(model):
        layer.weight = torch.randn_like(layer.weight) * math.sqrt(2 / layer.in_features)


def initialize__recorded(model):
    """Autograd refused to record your change of a parameter in place. Make the change under torch.no_grad()."""
    for layer in _linears(model):
        layer.weight.normal_(0, math.sqrt(2 / layer.in_features))


def initialize__other_parameters(model):
    """The values are right, but the parameters are new objects. An optimizer would still have the old ones, so change
    values in place."""
    for layer in _linears(model):
        layer.weight = nn.Parameter(torch.randn_like(layer.weight) * math.sqrt(2 / layer.in_features))
        if layer.bias is not None:
            layer.bias = nn.Parameter(torch.zeros_like(layer.bias))


def initialize__zeros(model):
    """All your weights are 0, so all units of a layer stay equal in training. Draw the weights at random."""
    for layer in _linears(model):
        nn.init.zeros_(layer.weight)
    _zero_biases(model)


def initialize__by_the_outputs(model):
    """Your standard deviation depends on out_features. Use sqrt(2 / in_features)."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.out_features))
    _zero_biases(model)


def initialize__by_both(model):
    """Your standard deviation depends on in_features and out_features. Use sqrt(2 / in_features)."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / (layer.in_features + layer.out_features)))
    _zero_biases(model)


def initialize__variance(model):
    """Your standard deviation is 2 / in_features, which is the variance. Take its square root."""
    for layer in _linears(model):
        _draw(layer.weight, 2 / layer.in_features)
    _zero_biases(model)


def initialize__without_the_2(model):
    """Your standard deviation is too small by a factor of sqrt(2). Use sqrt(2 / in_features)."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(1 / layer.in_features))
    _zero_biases(model)


def initialize__as_a_new_layer(model):
    """Your standard deviation is 1 / sqrt(3 * in_features), as in a new nn.Linear. Use sqrt(2 / in_features)."""
    for layer in _linears(model):
        layer.reset_parameters()


def initialize__standard_normal(model):
    """Your standard deviation is 1 for every layer. Use sqrt(2 / in_features)."""
    for layer in _linears(model):
        _draw(layer.weight, 1.0)
    _zero_biases(model)


def initialize__uniform(model):
    """The standard deviation is right, but your values are not normally distributed. Draw them from a normal
    distribution."""
    for layer in _linears(model):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    _zero_biases(model)


def initialize__top_layers_only(model):
    """Your code left out an nn.Linear deeper in the model, or the model itself. modules() lists all of them."""
    for layer in model.children():
        if isinstance(layer, nn.Linear):
            _draw(layer.weight, math.sqrt(2 / layer.in_features))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def initialize__all_weights(model):
    """Your code also changed layers of other classes. Check that a module is an nn.Linear first."""
    for module in model.modules():
        weight = getattr(module, "weight", None)
        if weight is not None and weight.dim() > 1:
            _draw(weight, math.sqrt(2 / weight.shape[1]))
    _zero_biases(model)


def initialize__biases_everywhere(model):
    """Your code also set biases of other layers to 0. Change only those of an nn.Linear."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)


def initialize__biases_left(model):
    """The weights are right, but the biases have their old values. Set them to 0."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))


def initialize__a_bias_always(model):
    """If a layer has no bias, its bias is None, which has no .data. Check this first."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
        layer.bias.data.zero_()


def initialize__a_bias_always_in_place(model):
    """If a layer has no bias, its bias is None, which has no methods of a tensor. Check this first."""
    with torch.no_grad():
        for layer in _linears(model):
            layer.weight.normal_(0, math.sqrt(2 / layer.in_features))
            layer.bias.zero_()


def initialize__seeded(model):
    """Two layers got the same values. Draw each weight from the global generator, and do not set its seed."""
    for layer in _linears(model):
        torch.manual_seed(0)
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)


def initialize__seeded_once(model):
    """Two calls drew the same values. Draw from the global generator, and do not set its seed."""
    torch.manual_seed(0)
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)


def initialize__returns_the_model(model):
    """You returned a value. Return None, as Python's in-place methods do."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)
    return model


def initialize__unfrozen(model):
    """A frozen parameter requires grad after your call. Leave requires_grad unchanged."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)
    model.requires_grad_(True)


def initialize__shape_swapped(model):
    """Your code changed the shape of a weight. The weight of an nn.Linear has the shape (out_features, in_features)."""
    for layer in _linears(model):
        size = layer.in_features, layer.out_features
        layer.weight.data = torch.randn(size, device=layer.weight.device) * math.sqrt(2 / layer.in_features)
    _zero_biases(model)


def _record(model, inputs, names, keep, call=None):
    outputs = {}

    def recorder(name):
        def record(module, args, output):
            outputs[name] = keep(args, output)

        return record

    handles = [model.get_submodule(name).register_forward_hook(recorder(name)) for name in names]
    try:
        (call or model)(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def _copy(args, output):
    return output.detach().clone()


def record_activations__forward_called(model, inputs, names):
    """The output of the model itself is missing. Its name is "", and its hooks run if you call the model, but not if
    you call its forward."""
    return _record(model, inputs, names, _copy, model.forward)


def record_activations__graph_kept(model, inputs, names):
    """The values are right, but your tensors have a graph. Return detached copies."""
    return _record(model, inputs, names, lambda args, output: output.clone())


def record_activations__not_copied(model, inputs, names):
    """Your output shares memory with the model's tensors, so a later layer can change it. Copy it with clone()."""
    return _record(model, inputs, names, lambda args, output: output.detach())


def record_activations__hook_returns_the_copy(model, inputs, names):
    """The next layer received your copy. A value that a hook returns replaces the output, so let your hook return
    None."""
    outputs = {}

    def recorder(name):
        def record(module, args, output):
            outputs[name] = output.detach().clone()
            return outputs[name]

        return record

    handles = [model.get_submodule(name).register_forward_hook(recorder(name)) for name in names]
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def record_activations__inputs_recorded(model, inputs, names):
    """You recorded what each module received. A hook of register_forward_hook gets the module, its arguments and its
    output."""
    return _record(model, inputs, names, lambda args, output: args[0].detach().clone())


def record_activations__each_on_the_inputs(model, inputs, names):
    """You called each module on the model's inputs. In the model, a module receives what the module before returned."""
    return {name: model.get_submodule(name)(inputs).detach().clone() for name in names}


def record_activations__one_name_for_all(model, inputs, names):
    """Your dict has only the last name. Use one dict, and give each hook its own name, because a hook runs after the
    loop."""
    outputs, handles = {}, []
    for name in names:
        record = lambda module, args, output: outputs.update({name: output.detach().clone()})  # noqa: E731, B023
        handles.append(model.get_submodule(name).register_forward_hook(record))
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def record_activations__last_module_of_the_model(model, inputs, names):
    """Your dict has only the name of the last module. A hook runs after the loop, so give each hook its own name."""
    outputs, handles = {}, []
    for name, module in model.named_modules():
        if name in names:
            record = lambda module, args, output: outputs.update({name: output.detach().clone()})  # noqa: E731, B023
            handles.append(module.register_forward_hook(record))
    try:
        model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def record_activations__top_modules_only(model, inputs, names):
    """Your code did not find a module inside another module, for example body.0. get_submodule() finds it."""
    children = dict(model.named_children())
    return _record(model, inputs, [name for name in names if children[name] is not None], _copy)


def record_activations__children_alone(model, inputs, names):
    """Your dict lacks the model itself, or modules deeper inside. get_submodule() finds both."""
    children = dict(model.named_children())
    return _record(model, inputs, [name for name in names if name in children], _copy)


def record_activations__hooks_left(model, inputs, names):
    """Your hooks are still in the model. Remove each of them after the call."""
    outputs = {}

    def recorder(name):
        def record(module, args, output):
            outputs[name] = output.detach().clone()

        return record

    for name in names:
        model.get_submodule(name).register_forward_hook(recorder(name))
    model(inputs)
    return outputs


def record_activations__hooks_left_after_an_error(model, inputs, names):
    """If the model raises an error, your hooks stay in it. Remove them in a `finally:` block."""
    outputs = {}

    def recorder(name):
        def record(module, args, output):
            outputs[name] = output.detach().clone()

        return record

    handles = [model.get_submodule(name).register_forward_hook(recorder(name)) for name in names]
    model(inputs)
    for handle in handles:
        handle.remove()
    return outputs


def record_activations__error_swallowed(model, inputs, names):
    """Your function returned although the model raised an error. Remove the hooks, but let the error pass."""
    try:
        return _record(model, inputs, names, _copy)
    except Exception:
        return {}


def record_activations__all_hooks_cleared(model, inputs, names):
    """Your code removed hooks that were there before. Remove only your own."""
    outputs = _record(model, inputs, names, _copy)
    for name in names:
        model.get_submodule(name)._forward_hooks.clear()
    return outputs


def record_activations__evaluation_mode(model, inputs, names):
    """The mode of the model has changed, or its outputs are those of eval mode. Leave its mode unchanged."""
    return _record(model.eval(), inputs, names, _copy)


def record_activations__once_for_each_name(model, inputs, names):
    """You ran the model once for each name. Register all hooks first, then run the model once."""
    outputs = {}
    for name in names:
        outputs.update(_record(model, inputs, [name], _copy))
    return outputs


def record_activations__called_twice_in_all(model, inputs, names):
    """You ran the model more than once. Register the hooks first, then run the model once."""
    model(inputs)
    return _record(model, inputs, names, _copy)


def record_activations__list(model, inputs, names):
    """You returned a list. Return a dict from each name to its output."""
    outputs = _record(model, inputs, names, _copy)
    return [outputs[name] for name in names]
