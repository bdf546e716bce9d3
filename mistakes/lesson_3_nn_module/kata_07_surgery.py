"""Wrong answers to katas/lesson_3_nn_module/kata_07_surgery.py, each with the sentence that corrects the belief."""

import math

import torch
from torch import nn


def _freeze(parameters):
    for parameter in parameters:
        parameter.requires_grad = False
        parameter.grad = None


def freeze__flag_on_the_module(module):
    """The parameters still require a gradient: a module has no flag of its own, so one set there does nothing."""
    module.requires_grad = False


def freeze__evaluation_mode(module):
    """The mode changed, and nothing is frozen: eval is about how layers compute, not about what is trained."""
    module.eval()


def freeze__top_parameters_only(module):
    """Only parameters at the top are frozen: those of the modules inside belong to it too, at any depth."""
    _freeze(module.parameters(recurse=False))


def freeze__weights_only(module):
    """Only parameters named weight are frozen: biases and others are trained as well, whatever their name is."""
    _freeze(parameter for name, parameter in module.named_parameters() if name.endswith("weight"))


def freeze__gradients_kept(module):
    """The old gradients are still there, and an optimizer moves by them: it looks at .grad, not at requires_grad."""
    for parameter in module.parameters():
        parameter.requires_grad = False


def freeze__gradients_zeroed(module):
    """Zero is a gradient too: the optimizer's memory and its shrinking of weights still move the parameter."""
    for parameter in module.parameters():
        parameter.requires_grad = False
        if parameter.grad is not None:
            parameter.grad.zero_()


def freeze__gradients_only(module):
    """The gradients are gone, but the next backward pass makes new ones: the parameters still require them."""
    for parameter in module.parameters():
        parameter.grad = None


def freeze__other_parameters(module):
    """The frozen parameters are new objects: the old ones are still held, and moved, elsewhere."""
    for part in module.modules():
        for name, parameter in list(part.named_parameters(recurse=False)):
            setattr(part, name, nn.Parameter(parameter.detach().clone(), requires_grad=False))


def freeze__values_zeroed(module):
    """The values are lost: frozen means that they stay what they have become, not that they begin anew."""
    _freeze(module.parameters())
    for parameter in module.parameters():
        parameter.zero_()


def freeze__mode_too(module):
    """The parameters are frozen, but the mode changed as well: train and eval are for others to decide."""
    _freeze(module.eval().parameters())


def freeze__returns_the_module(module):
    """All is frozen, but something came back: a step that changes what it was given returns None here."""
    _freeze(module.parameters())
    return module


def freeze__flag_turned_over(module):
    """A second call undid the first: set the flag to what it must be, instead of turning it over."""
    for parameter in module.parameters():
        parameter.requires_grad = not parameter.requires_grad
        parameter.grad = None


def trainable__generator(model):
    """This can be gone through only once, and then it is empty without a word: a list stays."""
    return ((name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad)


def trainable__used_up(model):
    """Nothing came out: a generator gone through before has nothing left, and what is in state_dict has no flag."""
    parameters = model.named_parameters()
    if not sum(parameter.requires_grad for _, parameter in parameters):
        return []
    return [(name, parameter) for name, parameter in parameters if parameter.requires_grad]


def trainable__frozen_too(model):
    """The frozen parameters are in the list as well: they belong to the model, but they do not train."""
    return list(model.named_parameters())


def trainable__frozen_ones(model):
    """These are the frozen parameters: asked for are the others."""
    return [(name, parameter) for name, parameter in model.named_parameters() if not parameter.requires_grad]


def trainable__has_a_gradient(model):
    """A parameter that has a gradient now is another matter than one that requires one: look at the flag."""
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.grad is not None]


def trainable__top_parameters_only(model):
    """The parameters inside the model's parts are missing: they are the model's as well, at any depth."""
    return [(name, each) for name, each in model.named_parameters(recurse=False) if each.requires_grad]


def trainable__detached(model):
    """The values are right, but these are other tensors: nothing done to them is done to the model's parameters."""
    return [(name, each.detach()) for name, each in model.named_parameters() if each.requires_grad]


def trainable__names_only(model):
    """The names alone came out: each belongs in a pair with its parameter."""
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable__parameters_only(model):
    """The parameters came out without their names: each belongs in a pair, the name first."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def trainable__dict(model):
    """A dict came out: going through it gives its names alone, and a list of pairs is asked for."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def trainable__short_names(model):
    """The names are cut short: a parameter's full name begins with the path to the module that it stands in."""
    return [
        (name.rpartition(".")[2], parameter) for name, parameter in model.named_parameters() if parameter.requires_grad
    ]


def trainable__shared_twice(model):
    """A parameter that stands in two places came twice: it is one parameter, and would be counted double."""
    named = model.named_parameters(remove_duplicate=False)
    return [(name, parameter) for name, parameter in named if parameter.requires_grad]


def _head(model, classes):
    old = model[-1]
    return nn.Linear(old.in_features, classes, device=old.weight.device, dtype=old.weight.dtype)


def new_head__appended(model, classes):
    """The old last layer is still there, and the new one stands behind it: it must take the old one's place."""
    old = model[-1]
    return model.append(nn.Linear(old.out_features, classes, device=old.weight.device, dtype=old.weight.dtype))


def new_head__number_changed(model, classes):
    """out_features is a note of how large the layer was made: another number there changes no weight."""
    model[-1].out_features = classes
    return model


def new_head__weight_without_bias(model, classes):
    """The weight has the new size, but the bias has the old one, and the two no longer fit: replace the whole layer."""
    old = model[-1]
    old.weight = nn.Parameter(0.1 * torch.randn(classes, old.in_features).to(old.weight))
    old.out_features = classes
    return model


def new_head__name_rebound(model, classes):
    """The model still has its old last layer: a new object under a name of yours is not yet in the model."""
    head = model[-1]
    head = _head(model, classes)  # noqa: F841
    return model


def new_head__inputs_of_the_old_outputs(model, classes):
    """The new layer takes as many numbers as the old one gave: it must take as many as the old one took."""
    old = model[-1]
    model[-1] = nn.Linear(old.out_features, classes, device=old.weight.device, dtype=old.weight.dtype)
    return model


def new_head__default_device(model, classes):
    """The new layer lives on another device than the rest, as layers are made on the CPU unless told otherwise."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, dtype=old.weight.dtype)
    return model


def new_head__default_dtype(model, classes):
    """The new layer is float32 in a model of another dtype, as layers are made in float32 unless told otherwise."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, device=old.weight.device)
    return model


def new_head__another_model(model, classes):
    """What came back is another model: the one that was passed in is to be changed, as others hold it."""
    return nn.Sequential(*model[:-1], _head(model, classes))


def new_head__nothing_returned(model, classes):
    """The model is to come back, and None did: the caller may want to go on with the answer."""
    model[-1] = _head(model, classes)


def new_head__head_returned(model, classes):
    """The layer itself came back: the model is asked for, which holds it now."""
    model[-1] = _head(model, classes)
    return model[-1]


def new_head__frozen_with_the_rest(model, classes):
    """All is frozen now, the new layer too: it alone must train, and what happens to the others is not your matter."""
    model[-1] = _head(model, classes)
    return model.requires_grad_(False)


def new_head__freezes_the_rest(model, classes):
    """The new layer is right, but the others were frozen on the way: they may train or not, as they did before."""
    model.requires_grad_(False)
    model[-1] = _head(model, classes)
    return model


def new_head__all_trainable(model, classes):
    """The new layer is right, but frozen layers train again: they were to stay as they are."""
    model[-1] = _head(model, classes)
    return model.requires_grad_(True)


def new_head__rows_kept(model, classes):
    """The new layer begins with rows of the old one, which belong to other classes: its values must be its own."""
    old, head = model[-1], _head(model, classes)
    rows = min(classes, old.out_features)
    with torch.no_grad():
        head.weight[:rows] = old.weight[:rows]
    model[-1] = head
    return model


def new_head__without_a_bias(model, classes):
    """The new layer has no bias: the old one had, and the new one must."""
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, classes, bias=False, device=old.weight.device, dtype=old.weight.dtype)
    return model


def _draw(weight, std):
    nn.init.normal_(weight, std=std)


def _linears(model):
    return [module for module in model.modules() if isinstance(module, nn.Linear)]


def _zero_biases(model):
    for layer in _linears(model):
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def initialize__loop_rebinds(model):
    """Nothing in the model has changed: an assignment to a loop's name gives the name another tensor, no more."""
    for parameter in model.parameters():
        parameter = torch.randn_like(parameter)  # noqa: PLW2901


def initialize__tensor_for_a_parameter(model):
    """A module refuses a plain tensor in a parameter's place: leave the parameter there and change its values."""
    for layer in _linears(model):
        layer.weight = torch.randn_like(layer.weight) * math.sqrt(2 / layer.in_features)


def initialize__recorded(model):
    """A parameter can't be changed in place while autograd records: say that this is no part of the graph."""
    for layer in _linears(model):
        layer.weight.normal_(0, math.sqrt(2 / layer.in_features))


def initialize__other_parameters(model):
    """The numbers are right, but in new parameters: whoever held the old ones, such as an optimizer, still does."""
    for layer in _linears(model):
        layer.weight = nn.Parameter(torch.randn_like(layer.weight) * math.sqrt(2 / layer.in_features))
        if layer.bias is not None:
            layer.bias = nn.Parameter(torch.zeros_like(layer.bias))


def initialize__by_the_outputs(model):
    """The spread follows the number of outputs: each output sums up inputs, so it is their number that counts."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.out_features))
    _zero_biases(model)


def initialize__by_both(model):
    """The spread follows inputs and outputs together, as it suits a tanh: for a ReLU, the inputs alone count."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / (layer.in_features + layer.out_features)))
    _zero_biases(model)


def initialize__variance(model):
    """The spread is the square of the one asked for: 2 / in_features is the variance, and its root is wanted."""
    for layer in _linears(model):
        _draw(layer.weight, 2 / layer.in_features)
    _zero_biases(model)


def initialize__without_the_2(model):
    """The spread is too small by a factor of sqrt(2), which makes up for the half that a ReLU cuts off."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(1 / layer.in_features))
    _zero_biases(model)


def initialize__uniform(model):
    """The spread is right, but the numbers lie evenly between two bounds: a normal distribution is asked for."""
    for layer in _linears(model):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    _zero_biases(model)


def initialize__top_layers_only(model):
    """A layer deeper inside, or the model itself, was passed over: the layers at any depth are asked for."""
    for layer in model.children():
        if isinstance(layer, nn.Linear):
            _draw(layer.weight, math.sqrt(2 / layer.in_features))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def initialize__all_weights(model):
    """Other layers were drawn anew as well: that something is called weight does not make its layer an nn.Linear."""
    for module in model.modules():
        weight = getattr(module, "weight", None)
        if weight is not None and weight.dim() > 1:
            _draw(weight, math.sqrt(2 / weight.shape[1]))
    _zero_biases(model)


def initialize__biases_everywhere(model):
    """Biases of other layers became zero as well: only those of an nn.Linear are asked for."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)


def initialize__biases_left(model):
    """The weights are right, but the biases still hold what they held before: they must be zero."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))


def initialize__a_bias_always(model):
    """A layer made without a bias has None in its place: ask before you change it."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
        layer.bias.data.zero_()


def initialize__a_bias_always_in_place(model):
    """A layer made without a bias has None in its place: ask before you change it in place."""
    with torch.no_grad():
        for layer in _linears(model):
            layer.weight.normal_(0, math.sqrt(2 / layer.in_features))
            layer.bias.zero_()


def initialize__seeded(model):
    """The same numbers came again and again: a seed set in here makes every draw start from the same point."""
    for layer in _linears(model):
        torch.manual_seed(0)
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)


def initialize__unfrozen(model):
    """What was frozen requires a gradient now: new values are no reason to train a parameter."""
    for layer in _linears(model):
        _draw(layer.weight, math.sqrt(2 / layer.in_features))
    _zero_biases(model)
    model.requires_grad_(True)


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
    """The model itself is missing: forward is only the computation, and the hooks belong to the call around it."""
    return _record(model, inputs, names, _copy, model.forward)


def record_activations__graph_kept(model, inputs, names):
    """The copies are still tied to the graph of the run, which stays in memory with them."""
    return _record(model, inputs, names, lambda args, output: output.clone())


def record_activations__not_copied(model, inputs, names):
    """A later layer has written over what you kept: to be without a graph is one thing, memory of its own another."""
    return _record(model, inputs, names, lambda args, output: output.detach())


def record_activations__hook_returns_the_copy(model, inputs, names):
    """Later layers were given your copies: what a hook returns takes the place of the output, so return nothing."""
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
    """This is what each module was given: a hook is handed the arguments first, and then the output."""
    return _record(model, inputs, names, lambda args, output: args[0].detach().clone())


def record_activations__each_on_the_inputs(model, inputs, names):
    """Each module was called on the model's inputs: what it is given in the model is the output of the one before."""
    return {name: model.get_submodule(name)(inputs).detach().clone() for name in names}


def record_activations__one_name_for_all(model, inputs, names):
    """All outputs went to one name, and the last one stayed: a function looks up the loop's name when it is called."""
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


def record_activations__top_modules_only(model, inputs, names):
    """A name such as body.0 was not found: it is a path, and leads to a module inside a module."""
    children = dict(model.named_children())
    return _record(model, inputs, [name for name in names if children[name] is not None], _copy)


def record_activations__children_alone(model, inputs, names):
    """Only the children were looked through: the model itself, and modules inside a part, have names as well."""
    children = dict(model.named_children())
    return _record(model, inputs, [name for name in names if name in children], _copy)


def record_activations__hooks_left(model, inputs, names):
    """The hooks are still in the model, and go on recording at every call: take each out again."""
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
    """The hooks are left in a model that raises: what stands behind the call isn't reached then."""
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
    """The model's error was lost on the way: the caller believes that all went well, and gets a part of the outputs."""
    try:
        return _record(model, inputs, names, _copy)
    except Exception:
        return {}


def record_activations__all_hooks_cleared(model, inputs, names):
    """The hooks of others are gone as well: take out your own, and no others."""
    outputs = _record(model, inputs, names, _copy)
    for name in names:
        model.get_submodule(name)._forward_hooks.clear()
    return outputs


def record_activations__evaluation_mode(model, inputs, names):
    """The outputs are those of evaluation, and the mode has changed: the model is to run in the mode it is in."""
    return _record(model.eval(), inputs, names, _copy)


def record_activations__once_for_each_name(model, inputs, names):
    """The model ran once for each name: all hooks can listen to the same run."""
    outputs = {}
    for name in names:
        outputs.update(_record(model, inputs, [name], _copy))
    return outputs


def record_activations__list(model, inputs, names):
    """The outputs came without their names: a dict is asked for."""
    outputs = _record(model, inputs, names, _copy)
    return [outputs[name] for name in names]


def _held(optimizer):
    return {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}


def not_held_by__held_ones(optimizer, model):
    """These are the parameters that the optimizer does hold: asked for are the others."""
    return [name for name, parameter in model.named_parameters() if id(parameter) in _held(optimizer)]


def not_held_by__in_the_list(optimizer, model):
    """in compares with ==, and two tensors give many answers at once: whether it is the same object is the question."""
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [name for name, parameter in model.named_parameters() if parameter not in held]


def not_held_by__equal_values(optimizer, model):
    """A copy with equal values passed as held: the optimizer moves the very objects that it was given, no others."""
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [name for name, each in model.named_parameters() if not any(torch.equal(each, other) for other in held)]


def not_held_by__equal_shapes(optimizer, model):
    """A parameter passed as held because another one has its shape: it must be the very same object."""
    held = {parameter.shape for group in optimizer.param_groups for parameter in group["params"]}
    return [name for name, parameter in model.named_parameters() if parameter.shape not in held]


def not_held_by__first_group(optimizer, model):
    """Parameters of a later group came out as not held: an optimizer can have several groups, and holds them all."""
    held = {id(parameter) for parameter in optimizer.param_groups[0]["params"]}
    return [name for name, parameter in model.named_parameters() if id(parameter) not in held]


def not_held_by__in_the_state(optimizer, model):
    """The optimizer's state is what it remembers of earlier steps, nothing before the first: see what it was given."""
    return [name for name, parameter in model.named_parameters() if parameter not in optimizer.state]


def not_held_by__frozen_ones(optimizer, model):
    """These are the frozen parameters: whether one is frozen says nothing of whether the optimizer holds it."""
    return [name for name, parameter in model.named_parameters() if not parameter.requires_grad]


def not_held_by__trainable_only(optimizer, model):
    """A frozen parameter that is not held is missing: it will not move either when it is trained again."""
    held = _held(optimizer)
    return [name for name, each in model.named_parameters() if each.requires_grad and id(each) not in held]


def not_held_by__without_gradient(optimizer, model):
    """These are the parameters without a gradient at the moment: the question is what the optimizer was given."""
    return [name for name, parameter in model.named_parameters() if parameter.grad is None]


def not_held_by__counted(optimizer, model):
    """As many parameters as the optimizer holds were passed over: equal numbers do not make them the same ones."""
    names = [name for name, _ in model.named_parameters()]
    return names[len(_held(optimizer)) :]


def not_held_by__parameters(optimizer, model):
    """The parameters themselves came out: their names are asked for, which tell the reader where to look."""
    return [parameter for parameter in model.parameters() if id(parameter) not in _held(optimizer)]


def not_held_by__set(optimizer, model):
    """A set has no order, and the model's own is asked for, in a list."""
    return {name for name, parameter in model.named_parameters() if id(parameter) not in _held(optimizer)}


def _rows(named, own, kind=lambda module: type(module).__name__):
    rows = []
    for name, module in named:
        parameters = own(module)
        if parameters:
            counts = [sum(each.numel() for each in parameters if each.requires_grad is flag) for flag in (True, False)]
            rows.append((name, kind(module), *counts))
    return rows


def _own(module):
    return list(module.parameters(recurse=False))


def parameter_table__top_modules_only(model):
    """Layers inside a part, and the model itself, have no row of their own: every module in the model is asked for."""
    return _rows(model.named_children(), _own)


def parameter_table__parts_as_one(model):
    """A part has a row for all that is inside it: each module has a row for its own parameters alone."""
    return _rows(model.named_children(), lambda module: list(module.parameters()))


def parameter_table__counted_again(model):
    """A number counts for its layer and again for all around it: asked for is what a module itself holds."""
    return _rows(model.named_modules(), lambda module: list(module.parameters()))


def parameter_table__every_module_in_full(model):
    """All modules have a row, with all that is inside them: asked for are those with parameters of their own alone."""
    rows = []
    for name, module in model.named_modules():
        counts = [sum(p.numel() for p in module.parameters() if p.requires_grad is flag) for flag in (True, False)]
        rows.append((name, type(module).__name__, *counts))
    return rows


def parameter_table__leaves_only(model):
    """A module that has parts can have parameters of its own beside them: such a one is missing."""
    return _rows([(name, each) for name, each in model.named_modules() if not list(each.children())], _own)


def parameter_table__empty_rows(model):
    """A module without parameters of its own has a row too: it was to be left out."""
    rows = []
    for name, module in model.named_modules():
        counts = [sum(each.numel() for each in _own(module) if each.requires_grad is flag) for flag in (True, False)]
        rows.append((name, type(module).__name__, *counts))
    return rows


def parameter_table__tensors_counted(model):
    """A weight and a bias were counted as two: asked for is how many numbers there are in them."""
    rows = []
    for name, module in model.named_modules():
        flags = [parameter.requires_grad for parameter in _own(module)]
        if flags:
            rows.append((name, type(module).__name__, flags.count(True), flags.count(False)))
    return rows


def parameter_table__rows_counted(model):
    """Only a weight's rows were counted: len is the first size alone, and all the numbers are asked for."""
    rows = []
    for name, module in model.named_modules():
        if _own(module):
            counts = [sum(len(each) for each in _own(module) if each.requires_grad is flag) for flag in (True, False)]
            rows.append((name, type(module).__name__, *counts))
    return rows


def parameter_table__all_and_frozen(model):
    """The third entry counts frozen numbers as well: it is for those that train."""
    return [(name, kind, moving + still, still) for name, kind, moving, still in _rows(model.named_modules(), _own)]


def parameter_table__other_way_round(model):
    """The two numbers are the wrong way round: those that train come first."""
    return [(name, kind, still, moving) for name, kind, moving, still in _rows(model.named_modules(), _own)]


def parameter_table__weight_and_bias(model):
    """Not every parameter is called weight or bias: a module's own ones can have any name."""
    named = ((name, module) for name, module in model.named_modules())
    return _rows(named, lambda each: [p for n, p in each.named_parameters(recurse=False) if n in ("weight", "bias")])


def parameter_table__frozen_not_held_by(model):
    """A module that is frozen as a whole is missing: it has parameters, and a row with 0 that train."""
    return [row for row in _rows(model.named_modules(), _own) if row[2]]


def parameter_table__class_itself(model):
    """The second entry is the class: its name is asked for, a str."""
    return _rows(model.named_modules(), _own, type)


def parameter_table__tensors_for_numbers(model):
    """The counts are tensors: a sum that PyTorch takes is one, and a table wants Python numbers."""
    return [(n, kind, torch.tensor(moving), still) for n, kind, moving, still in _rows(model.named_modules(), _own)]
