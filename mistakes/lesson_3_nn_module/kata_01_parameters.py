"""Wrong answers to katas/lesson_3_nn_module/kata_01_parameters.py, each with the sentence that corrects the belief."""

import copy

import numpy as np
import torch
from torch import nn


class _Neuron(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight + self.bias)


class Neuron__no_tanh(_Neuron):
    """This is the sum before tanh: the neuron's answer lies between -1 and 1."""

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Neuron__bias_outside(_Neuron):
    """The bias was added after tanh: it belongs inside, to the dot product."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight) + self.bias


class Neuron__bias_not_held_by(_Neuron):
    """The bias makes no difference to your answers: it must be added before tanh."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight)


class Neuron__matrices_only(_Neuron):
    """A matrix times a vector is all that this product takes: @ takes any dimensions in front."""

    def forward(self, inputs):
        return torch.tanh(torch.mv(inputs, self.weight) + self.bias)


class Neuron__column(_Neuron):
    """The answers stand in a column, (N, 1): a weight of shape (D,) makes one number of each row."""

    def __init__(self, weight, bias):
        super().__init__(weight.reshape(-1, 1), bias)


class Neuron__not_prepared(_Neuron):
    """A module must be made ready before it can take a parameter: the __init__ of nn.Module comes first."""

    def __init__(self, weight, bias):
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())


class Neuron__names_without_self(_Neuron):
    """A name without self. in front is gone when __init__ ends: the module sees only what is assigned to self."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        weight = nn.Parameter(weight.detach().clone())
        bias = nn.Parameter(bias.detach().clone())


class Neuron__comma_at_the_end(_Neuron):
    """A comma at the end of a line makes a tuple: the module looks for a Parameter at self.name itself."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = (nn.Parameter(weight.detach().clone()),)
        self.bias = (nn.Parameter(bias.detach().clone()),)


class Neuron__plain_tensor(_Neuron):
    """A plain tensor on self is no parameter, tracked or not: the module looks for a type of its own."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = weight.detach().clone().requires_grad_()
        self.bias = bias.detach().clone().requires_grad_()


class Neuron__computed_after_wrapping(_Neuron):
    """What is computed from a Parameter, be it by * or by .to(), is a plain tensor: wrap last of all."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach().clone()) * 1.0
        self.bias = nn.Parameter(bias.detach().clone()) * 1.0


class Neuron__bias_plain(_Neuron):
    """The weight is a parameter, but the bias is none: it is to be learned as well."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = bias.detach().clone().requires_grad_()


class Neuron__buffers(_Neuron):
    """A buffer moves and is saved with the module, but it is not learned: the weight and bias are."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.register_buffer("weight", weight.detach().clone())
        self.register_buffer("bias", bias.detach().clone())


class Neuron__other_names(nn.Module):
    """The name on self is the parameter's name: others look for it, and for its entry in a saved file."""

    def __init__(self, weight, bias):
        super().__init__()
        self.w = nn.Parameter(weight.detach().clone())
        self.b = nn.Parameter(bias.detach().clone())

    def forward(self, inputs):
        return torch.tanh(inputs @ self.w + self.b)


class Neuron__frozen(_Neuron):
    """Both are parameters, but frozen ones: no gradient will come to them."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.requires_grad_(False)


class Neuron__made_of_lists(_Neuron):
    """The values were taken over, but not the dtype: a neuron made of float64 tensors must compute in float64."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.tensor(weight.tolist(), device=weight.device))
        self.bias = nn.Parameter(torch.tensor(bias.tolist(), device=bias.device))


class Neuron__shared_memory(_Neuron):
    """A Parameter takes over the memory of the tensor it is made of: whoever gave that would see it change."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)


class Neuron__tracks_what_was_given(_Neuron):
    """The tensors that came in are tracked now: only the neuron's own copies are to be."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        weight.requires_grad_()
        bias.requires_grad_()


class Neuron__tensors_given_used(_Neuron):
    """There are parameters, but your answers don't come from them: when they are updated, nothing changes."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.given = weight.detach().clone(), bias.detach().clone()

    def forward(self, inputs):
        weight, bias = self.given
        return torch.tanh(inputs @ weight + bias)


class Neuron__not_recorded(_Neuron):
    """The numbers are right, but the graph between parameters and answer is cut: they would never learn."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class Neuron__parameters_detached(_Neuron):
    """Gradients flow to the inputs, but not to weight and bias: compute with the parameters themselves."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight.detach() + self.bias.detach())


def count_parameters__tensors(model):
    """You counted the parameters, and each holds many numbers: it is these that are asked for."""
    return sum(1 for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__rows(model):
    """The first size of a parameter is not how many numbers it holds: multiply all of its sizes."""
    return sum(
        parameter.shape[0] if parameter.dim() else 1 for parameter in model.parameters() if parameter.requires_grad
    )


def count_parameters__length_of_each(model):
    """len is the first size alone, and a parameter of shape () has none: what does it hold all together?"""
    return sum(len(parameter) for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__sizes_added(model):
    """The sizes of a parameter were added up: it holds as many numbers as their product says."""
    return sum(sum(parameter.shape) for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__own_only(model):
    """The modules inside the model have parameters too, at any depth, and these are missing."""
    return sum(parameter.numel() for parameter in model.parameters(recurse=False) if parameter.requires_grad)


def count_parameters__one_level_down(model):
    """A module in the model has modules in it too: going one level down leaves out those below."""
    modules = {id(module): module for module in [model, *model.children()]}.values()
    found = {id(p): p for module in modules for p in module.parameters(recurse=False) if p.requires_grad}
    return sum(parameter.numel() for parameter in found.values())


def count_parameters__frozen_too(model):
    """A frozen parameter was counted: no gradient comes to it, so it learns nothing."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_parameters__all_that_is_saved(model):
    """You counted all that is saved with the model: buffers and frozen parameters are in that, but aren't learned."""
    return sum(tensor.numel() for tensor in model.state_dict().values())


def count_parameters__once_for_each_name(model):
    """A parameter with two names was counted twice: it is one tensor, with one memory and one gradient."""
    every = model.named_parameters(remove_duplicate=False)
    return sum(parameter.numel() for _, parameter in every if parameter.requires_grad)


def count_parameters__module_by_module(model):
    """A parameter that two modules share was counted in each of them: it is one tensor, and counts once."""
    own = sum(parameter.numel() for parameter in model.parameters(recurse=False) if parameter.requires_grad)
    return own + sum(count_parameters__module_by_module(child) for child in model.children())


def count_parameters__once_for_each_shape(model):
    """Two parameters of one shape are two all the same: only the very same tensor counts once."""
    return sum({tuple(p.shape): p.numel() for p in model.parameters() if p.requires_grad}.values())


def count_parameters__tensor(model):
    """The number is right, but it is in a tensor: a Python int is asked for."""
    return torch.tensor([parameter.numel() for parameter in model.parameters() if parameter.requires_grad]).sum()


def count_parameters__numpy_product(model):
    """The number is right, but it is NumPy's: a Python int is asked for."""
    return np.sum([np.prod(p.shape, dtype=np.int64) for p in model.parameters() if p.requires_grad], dtype=np.int64)


def shapes__sizes(model):
    """The shapes came as torch.Size: that is a kind of tuple, but a plain tuple is asked for."""
    return {name: parameter.shape for name, parameter in model.named_parameters()}


def shapes__lists(model):
    """The sizes came in lists, and a shape is a tuple."""
    return {name: list(parameter.shape) for name, parameter in model.named_parameters()}


def shapes__numbers(model):
    """How many numbers there are doesn't tell the shape: (2, 3) and (6,) hold equally many."""
    return {name: parameter.numel() for name, parameter in model.named_parameters()}


def shapes__parameters(model):
    """These are the parameters themselves: the shape of each is asked for."""
    return dict(model.named_parameters())


def shapes__pairs(model):
    """The pairs are right, but they came in a list: a dict finds a shape by its name."""
    return [(name, tuple(parameter.shape)) for name, parameter in model.named_parameters()]


def shapes__all_that_is_saved(model):
    """A state_dict holds buffers too, and what is shared under every name: ask for the parameters alone."""
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def shapes__trainable(model):
    """A frozen parameter is missing: it is a parameter all the same, and has a shape."""
    return {name: tuple(p.shape) for name, p in model.named_parameters() if p.requires_grad}


def shapes__own_only(model):
    """The modules inside the model have parameters too, at any depth, and these are missing."""
    return {name: tuple(parameter.shape) for name, parameter in model.named_parameters(recurse=False)}


def shapes__last_part_of_the_name(model):
    """Two modules may both have a weight: without the way to it in front, one takes the other's place."""
    return {name.split(".")[-1]: tuple(parameter.shape) for name, parameter in model.named_parameters()}


def shapes__every_name(model):
    """A shared parameter is in the dict under each of its names: the first is enough."""
    return {name: tuple(p.shape) for name, p in model.named_parameters(remove_duplicate=False)}


def shapes__sorted(model):
    """The names were sorted: the order of the model is that in which it was built, and it tells you more."""
    return {name: tuple(parameter.shape) for name, parameter in sorted(model.named_parameters())}


class _Standardizer(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


class Standardizer__variance(_Standardizer):
    """You divided by the square of std: it is std itself that brings the spread to 1."""

    def forward(self, inputs):
        return (inputs - self.mean) / self.std**2


class Standardizer__mean_last(_Standardizer):
    """The mean was taken away after dividing: take it away first, then divide the rest."""

    def forward(self, inputs):
        return inputs / self.std - self.mean


class Standardizer__in_place(_Standardizer):
    """The numbers are right, but the inputs have changed: an in-place operation writes to the caller's tensor."""

    def forward(self, inputs):
        inputs -= self.mean
        return inputs / self.std


class Standardizer__not_prepared(_Standardizer):
    """A module must be made ready before it can take anything in: the __init__ of nn.Module comes first."""

    def __init__(self, mean, std):
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())


class Standardizer__plain_attributes(_Standardizer):
    """A plain tensor on self stays behind when the module moves, and isn't saved: let the module know of it."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = mean.detach().clone()
        self.std = std.detach().clone()


class Standardizer__std_plain(_Standardizer):
    """The mean is a buffer, but std is none: each needs to be made known to the module."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach().clone())
        self.std = std.detach().clone()


class Standardizer__parameters(_Standardizer):
    """A parameter is there to be learned, and these are to stay as they are: a module can keep such tensors too."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(mean.detach().clone(), requires_grad=False)
        self.std = nn.Parameter(std.detach().clone(), requires_grad=False)


class Standardizer__not_saved(_Standardizer):
    """These move with the module, but they are not in its state_dict: whoever loads the file won't have them."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach().clone(), persistent=False)
        self.register_buffer("std", std.detach().clone(), persistent=False)


class Standardizer__graph_of_the_given(_Standardizer):
    """A clone of a tracked tensor has a graph behind it: cut that off before the module keeps it."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.clone())
        self.register_buffer("std", std.clone())


class Standardizer__copied_as_it_was(_Standardizer):
    """What the module keeps is tracked, as the tensor given was: autograd is to have no part in a buffer."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", copy.deepcopy(mean))
        self.register_buffer("std", copy.deepcopy(std))


class Standardizer__shared_memory(_Standardizer):
    """What the module keeps is the caller's own memory: when that changes, so does the module."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)


class Standardizer__detached_only(_Standardizer):
    """What the module keeps has no graph, but it is still the caller's own memory: a detached tensor is no copy."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach())
        self.register_buffer("std", std.detach())


class Standardizer__not_recorded(_Standardizer):
    """mean and std are not tracked anyway; with recording off, what came before the inputs gets no gradient."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class _RunningMean(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0)

    def forward(self, inputs):
        self.update(inputs)
        return inputs - self.mean


class RunningMean__shares_swapped(_RunningMean):
    """The old mean has the small share: 0.9 belongs to what is kept, and 0.1 to what is new."""

    def update(self, inputs):
        self.mean = 0.1 * self.mean + 0.9 * inputs.detach().mean(dim=0)


class RunningMean__last_batch_only(_RunningMean):
    """The mean of these rows alone was taken: the one from the calls before keeps nine tenths of its say."""

    def update(self, inputs):
        self.mean = inputs.detach().mean(dim=0)


class RunningMean__all_columns_together(_RunningMean):
    """One mean was taken of all the numbers: every column has its own."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean()


class RunningMean__old_mean(_RunningMean):
    """The mean from before the call was taken from the inputs: update it first."""

    def forward(self, inputs):
        answer = inputs - self.mean
        self.update(inputs)
        return answer


class RunningMean__not_kept(_RunningMean):
    """The new mean is in a name that is gone when forward ends: the next call begins at zeros again."""

    def forward(self, inputs):
        mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0)
        return inputs - mean


class RunningMean__row_kept(_RunningMean):
    """The numbers are right, but the buffer has become a row, (1, size): it must keep its shape."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0, keepdim=True)


class RunningMean__in_place(_RunningMean):
    """The numbers are right, but the inputs have changed: the subtraction wrote to the caller's tensor."""

    def forward(self, inputs):
        self.update(inputs)
        with torch.no_grad():
            inputs -= self.mean
        return inputs * 1


class RunningMean__recorded(_RunningMean):
    """The mean was recorded: it drags the graph of every call before, and backward goes through that again."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.mean(dim=0)


class RunningMean__cut_too_late(_RunningMean):
    """The gradients are right, but the buffer holds a graph that grows with every call: cut it before you keep it."""

    def update(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.mean(dim=0)

    def forward(self, inputs):
        self.update(inputs)
        return inputs - self.mean.detach()


class RunningMean__nothing_recorded(_RunningMean):
    """The mean is not to be recorded, but the subtraction is: no gradient flows back to the inputs now."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class RunningMean__in_training_only(_RunningMean):
    """After .eval() the mean stood still: here every call brings it up to date, in whatever mode the module is."""

    def update(self, inputs):
        if self.training:
            super().update(inputs)


class RunningMean__plain_attribute(_RunningMean):
    """The mean is a plain tensor: it isn't saved with the module, and stays behind when the module moves."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = torch.zeros(size)

    def forward(self, inputs):
        self.mean = self.mean.to(inputs.device)
        return super().forward(inputs)


class RunningMean__parameter(_RunningMean):
    """The mean is a parameter, and parameters are what is learned by gradients: this is kept by a rule of its own."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(torch.zeros(size))

    def update(self, inputs):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * inputs.mean(dim=0))


class RunningMean__assigned_to_a_parameter(_RunningMean):
    """A tensor can't take a parameter's place; and the mean is none: it isn't learned, only kept."""

    def __init__(self, size):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(torch.zeros(size), requires_grad=False)


class RunningMean__not_prepared(_RunningMean):
    """A module must be made ready before it can take anything in: the __init__ of nn.Module comes first."""

    def __init__(self, size):
        self.register_buffer("mean", torch.zeros(size))


def _held(value):
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _names(model, forgets):
    return sorted(name for name, value in vars(model).items() if not name.startswith("_") and forgets(value))


def _kept_outside(each):
    return isinstance(each, (torch.Tensor, nn.Module))


def _right(model):
    return _names(model, lambda value: any(map(_kept_outside, _held(value))))


def forgotten__tensors_themselves(model):
    """A list, tuple or dict hides what is in it from the module: look into these too."""
    return _names(model, lambda value: isinstance(value, torch.Tensor))


def forgotten__tracked_only(model):
    """A tensor that is not tracked is forgotten too: it won't be moved or saved with the module."""
    return _names(model, lambda value: any(
        isinstance(each, nn.Module) or (isinstance(each, torch.Tensor) and each.requires_grad) for each in _held(value)
    ))  # fmt: skip


def forgotten__no_modules(model):
    """Modules in a list are forgotten with all the parameters they have: look for these beside tensors."""
    return _names(model, lambda value: any(isinstance(each, torch.Tensor) for each in _held(value)))


def forgotten__no_tensors_inside(model):
    """A tensor in a list is as lost as one outside of it, a Parameter too: look for it beside modules."""
    return _names(model, lambda value: isinstance(value, torch.Tensor) or any(
        isinstance(each, nn.Module) for each in _held(value)
    ))  # fmt: skip


def forgotten__lists_only(model):
    """A tuple hides what is in it just as a list does, and so does a dict."""
    return _names(model, lambda value: any(
        _kept_outside(each) for each in (value if isinstance(value, list) else [value])
    ))  # fmt: skip


def forgotten__keys_of_a_dict(model):
    """Going through a dict gives its keys: what it holds are the values."""
    return _names(model, lambda value: any(
        _kept_outside(each) for each in (value if isinstance(value, (list, tuple, dict)) else [value])
    ))  # fmt: skip


def forgotten__all_of_them(model):
    """One tensor or module among other things is enough, and of nothing at all, everything is true."""
    return _names(model, lambda value: all(map(_kept_outside, _held(value))))


def forgotten__first_only(model):
    """Not every thing inside was looked at for itself: one tensor or module, anywhere in it, is enough."""
    return _names(model, lambda value: any(map(_kept_outside, _held(value)[:1])))


def forgotten__every_container(model):
    """A list, tuple or dict of plain numbers loses nothing: what counts is what is in it."""
    return _names(model, lambda value: isinstance(value, (torch.Tensor, list, tuple, dict)))


def forgotten__every_dict(model):
    """The module's own dicts are listed, such as _parameters: names with "_" in front don't count."""
    return sorted(name for name, value in vars(model).items() if isinstance(value, (torch.Tensor, list, tuple, dict)))


def forgotten__any_depth(model):
    """What lies deeper was found too, in a list within a list: only what is directly inside is asked for."""

    def forgets(value):
        return any(
            _kept_outside(each) or (isinstance(each, (list, tuple, dict)) and forgets(each)) for each in _held(value)
        )

    return _names(model, forgets)


def forgotten__exact_types(model):
    """An OrderedDict is a dict, and a namedtuple a tuple: what is derived from a type is of that type as well."""

    def held(value):
        if type(value) is dict:
            return list(value.values())
        return list(value) if type(value) in (list, tuple) else [value]

    return _names(model, lambda value: any(map(_kept_outside, held(value))))


def forgotten__underscores_too(model):
    """_parameters, _buffers and _modules are where the module keeps what it looks after: these don't count."""
    return sorted(name for name, value in vars(model).items() if any(map(_kept_outside, _held(value))))


def forgotten__children_too(model):
    """What a module inside forgets is that module's own affair: here only the model itself is asked about."""
    return sorted({name for module in model.modules() for name in _right(module)})


def forgotten__not_sorted(model):
    """All the names are there, in the order in which they were assigned: they are to be sorted."""
    right = _right(model)
    return [name for name in vars(model) if name in right]


def forgotten__set(model):
    """The names came in a set, which has no order: a sorted list is asked for."""
    return set(_right(model))


def forgotten__values(model):
    """These are what the names hold: the names are asked for."""
    return [getattr(model, name) for name in _right(model)]


def _check(layer, values):
    if values.shape != layer.weight.shape:
        raise ValueError(f"the weight has shape {tuple(layer.weight.shape)}, the values {tuple(values.shape)}")


def set_weight__unchecked(layer, values):
    """The values were broadcast: a row of three filled every row of the weight without a word. Compare shapes first."""
    with torch.no_grad():
        layer.weight.copy_(values.broadcast_to(layer.weight.shape))


def set_weight__data_replaced(layer, values):
    """The weight took over the tensor as it was: no shape was compared, and no number copied."""
    layer.weight.data = values.detach()


def set_weight__data_shared(layer, values):
    """The weight stands in the memory of values now: a copy is asked for, in the memory that it had."""
    _check(layer, values)
    layer.weight.data = values.detach()


def set_weight__new_memory(layer, values):
    """It is the same Parameter, but in other memory: whoever looks at the old memory sees the old values."""
    _check(layer, values)
    layer.weight.data = values.detach().clone().to(layer.weight.dtype)


def set_weight__name_only(layer, values):
    """Assigning to a name makes the name stand for another tensor: the layer's weight hasn't heard of it."""
    _check(layer, values)
    weight = layer.weight
    weight = values.detach().clone()  # noqa: F841


def set_weight__tensor_assigned(layer, values):
    """A plain tensor can't take a parameter's place, so an error came: write into the parameter instead."""
    _check(layer, values)
    layer.weight = values.detach().clone()


def set_weight__new_parameter(layer, values):
    """This is a new Parameter: whoever holds the old one, to update it, goes on with that."""
    _check(layer, values)
    tracked = layer.weight.requires_grad
    layer.weight = nn.Parameter(values.detach().clone().to(layer.weight.dtype), requires_grad=tracked)


def set_weight__recorded(layer, values):
    """A tracked leaf can't be written to while autograd records: switch recording off for the write."""
    _check(layer, values)
    layer.weight.copy_(values)


def set_weight__left_frozen(layer, values):
    """The weight is frozen now: the write is done, but no gradient will come to it any more."""
    _check(layer, values)
    layer.weight.requires_grad_(False).copy_(values.detach())


def set_weight__thawed(layer, values):
    """A frozen weight came out tracked: whether it learns is not for this function to decide."""
    _check(layer, values)
    layer.weight.requires_grad_(False).copy_(values.detach())
    layer.weight.requires_grad_(True)


def set_weight__gradient_cleared(layer, values):
    """The values are right, but the weight's .grad is gone: it was to stay."""
    _check(layer, values)
    with torch.no_grad():
        layer.weight.copy_(values)
    layer.weight.grad = None


def set_weight__count_compared(layer, values):
    """Equally many numbers can stand in another shape: compare the shapes, not how many numbers there are."""
    if values.numel() != layer.weight.numel():
        raise ValueError(f"the weight has shape {tuple(layer.weight.shape)}, the values {tuple(values.shape)}")
    with torch.no_grad():
        layer.weight.copy_(values.reshape(layer.weight.shape))


def set_weight__another_error(layer, values):
    """An AssertionError came out, as from assert: what a caller may get wrong is a ValueError, which you raise."""
    assert values.shape == layer.weight.shape, f"{values.shape} {layer.weight.shape}"
    set_weight__unchecked(layer, values)


def set_weight__checked_too_late(layer, values):
    """The error came after the write: the weight was already changed. Compare first."""
    shapes = f"the weight has shape {tuple(layer.weight.shape)}, the values {tuple(values.shape)}"
    different = values.shape != layer.weight.shape
    try:
        set_weight__unchecked(layer, values)
    except RuntimeError as error:
        raise ValueError(shapes) from error
    if different:
        raise ValueError(shapes)


def set_weight__says_nothing_of_the_shapes(layer, values):
    """Whoever reads the message wants to know which shapes met: put both into it."""
    if values.shape != layer.weight.shape:
        raise ValueError("the shapes differ")
    set_weight__unchecked(layer, values)


def set_weight__names_one_shape(layer, values):
    """One shape alone does not say what it failed to match: the message must hold both."""
    if values.shape != layer.weight.shape:
        raise ValueError(f"the weight has shape {tuple(layer.weight.shape)}")
    set_weight__unchecked(layer, values)
