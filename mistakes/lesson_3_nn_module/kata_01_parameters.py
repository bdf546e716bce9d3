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
    """Your result is inputs @ weight + bias, without tanh. Apply tanh to that sum."""

    def forward(self, inputs):
        return inputs @ self.weight + self.bias


class Neuron__bias_outside(_Neuron):
    """You added the bias after tanh. Add it to the dot product, before tanh."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight) + self.bias


class Neuron__sigmoid(_Neuron):
    """Your result is the sigmoid of inputs @ weight + bias. Apply tanh instead."""

    def forward(self, inputs):
        return torch.sigmoid(inputs @ self.weight + self.bias)


class Neuron__no_bias(_Neuron):
    """Your result does not depend on the bias. Add the bias to the dot product, before tanh."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight)


class Neuron__summed_over_all_rows(_Neuron):
    """Your result is one number for all rows. Sum only over the last dimension, as @ does."""

    def forward(self, inputs):
        return torch.tanh((inputs * self.weight).sum() + self.bias)


class Neuron__matrices_only(_Neuron):
    """Your forward() fails for some numbers of leading dimensions. The operator @ accepts any."""

    def forward(self, inputs):
        return torch.tanh(torch.mv(inputs, self.weight) + self.bias)


class Neuron__row(_Neuron):
    """The parameter weight is a matrix with one row. Keep the argument's shape, (D,)."""

    def __init__(self, weight, bias):
        super().__init__(weight[None], bias)

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight[0] + self.bias)


class Neuron__column(_Neuron):
    """The parameter weight is a matrix with one column. Keep the argument's shape, (D,)."""

    def __init__(self, weight, bias):
        super().__init__(weight[:, None], bias)

    def forward(self, inputs):
        return torch.tanh((inputs @ self.weight)[..., 0] + self.bias)


class Neuron__not_prepared(_Neuron):
    """You assigned a Parameter before the __init__ of nn.Module had run. Call it first, through super()."""

    def __init__(self, weight, bias):
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())


class Neuron__names_without_self(_Neuron):
    """The module has no attributes weight and bias. Assign each Parameter to self, for example self.weight =
    nn.Parameter(…)."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        weight = nn.Parameter(weight.detach().clone())
        bias = nn.Parameter(bias.detach().clone())


class Neuron__comma_at_the_end(_Neuron):
    """self.weight is a tuple, and a module does not look into tuples. Assign the Parameter itself, without a comma at
    the end of the line."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = (nn.Parameter(weight.detach().clone()),)
        self.bias = (nn.Parameter(bias.detach().clone()),)


class Neuron__plain_tensor(_Neuron):
    """self.weight is a plain tensor, not a parameter. Wrap the finished tensors for weight and bias in nn.Parameter."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = weight.detach().clone().requires_grad_()
        self.bias = bias.detach().clone().requires_grad_()


class Neuron__computed_after_wrapping(_Neuron):
    """self.weight was computed from another tensor, for example by * or .to(), so it is not a Parameter. Wrap it in
    nn.Parameter last."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.tensor(weight.tolist(), dtype=torch.float64)).to(weight)
        self.bias = nn.Parameter(torch.tensor(bias.tolist(), dtype=torch.float64)).to(bias)


class Neuron__bias_plain(_Neuron):
    """The weight is a parameter, but the bias is a plain tensor. Wrap the bias in nn.Parameter too."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = bias.detach().clone().requires_grad_()


class Neuron__buffers(_Neuron):
    """self.weight is a buffer, which is saved but not learned. Make weight and bias parameters with nn.Parameter."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.register_buffer("weight", weight.detach().clone())
        self.register_buffer("bias", bias.detach().clone())


class Neuron__other_names(nn.Module):
    """Your module has no parameters with the names weight and bias. Assign one nn.Parameter to self.weight and one to
    self.bias."""

    def __init__(self, weight, bias):
        super().__init__()
        self.w = nn.Parameter(weight.detach().clone())
        self.b = nn.Parameter(bias.detach().clone())

    def forward(self, inputs):
        return torch.tanh(inputs @ self.w + self.b)


class Neuron__frozen(_Neuron):
    """The parameter weight is frozen, so it would not learn. Leave requires_grad of both parameters True, the default
    of nn.Parameter."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.requires_grad_(False)


class Neuron__made_of_lists(_Neuron):
    """Your parameters do not have the dtype of the arguments. Copy each argument with clone(), and do not convert it,
    for example with float() or tolist()."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(torch.tensor(weight.tolist(), device=weight.device))
        self.bias = nn.Parameter(torch.tensor(bias.tolist(), device=bias.device))


class Neuron__shared_memory(_Neuron):
    """A parameter shares memory with its argument. Neither nn.Parameter nor detach() copies, so call clone() too."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)


class Neuron__arguments_require_grad(_Neuron):
    """An argument requires grad after the call, but it did not before. Leave the arguments unchanged, because an
    nn.Parameter requires grad by itself."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        weight.requires_grad_()
        bias.requires_grad_()


class Neuron__first_values_used(_Neuron):
    """Your result does not change if the parameters change. Compute with self.weight and self.bias."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.given = weight.detach().clone(), bias.detach().clone()

    def forward(self, inputs):
        weight, bias = self.given
        return torch.tanh(inputs @ weight + bias)


class Neuron__not_recorded(_Neuron):
    """The numbers are right, but your result has no graph. Use operations of PyTorch, without torch.tensor(), detach(),
    .data or no_grad."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class Neuron__parameters_detached(_Neuron):
    """No gradient reaches the weight. Compute with self.weight and self.bias themselves, without torch.tensor(),
    detach(), .data or no_grad."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight.detach() + self.bias.detach())


class Neuron__bias_as_a_number(_Neuron):
    """No gradient reaches the bias. Compute with self.bias itself, without item(), detach(), .data or no_grad."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight + self.bias.item())


class Neuron__arguments_frozen(_Neuron):
    """An argument required grad before the call, and now it does not. detach() gives you a tensor without changing the
    argument."""

    def __init__(self, weight, bias):
        super().__init__(weight.requires_grad_(False), bias.requires_grad_(False))


def count_parameters__tensors(model):
    """You counted the parameters. Count the elements of each parameter."""
    return sum(1 for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__rows(model):
    """You counted only the first dimension of each parameter. Count all elements with numel()."""
    return sum(
        parameter.shape[0] if parameter.dim() else 1 for parameter in model.parameters() if parameter.requires_grad
    )


def count_parameters__length_of_each(model):
    """You used len(), which is only the first dimension, and which fails for shape (). Count all elements with
    numel()."""
    return sum(len(parameter) for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__sizes_added(model):
    """You added up the sizes of each shape. The number of elements is their product: numel()."""
    return sum(sum(parameter.shape) for parameter in model.parameters() if parameter.requires_grad)


def count_parameters__own_only(model):
    """You counted only the model's own parameters. Count those of the modules inside it too."""
    return sum(parameter.numel() for parameter in model.parameters(recurse=False) if parameter.requires_grad)


def count_parameters__children_only(model):
    """You counted only the parameters of the modules inside. Count the model's own parameters too."""
    return sum(
        parameter.numel() for child in model.children() for parameter in child.parameters() if parameter.requires_grad
    )


def count_parameters__with_a_gradient(model):
    """Your result is 0 for models that can learn. Count a parameter if its requires_grad is True, whatever its .grad
    is."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.grad is not None)


def count_parameters__one_level_down(model):
    """Your count goes only one level down. Modules inside the model may contain modules too."""
    modules = {id(module): module for module in [model, *model.children()]}.values()
    found = {id(p): p for module in modules for p in module.parameters(recurse=False) if p.requires_grad}
    return sum(parameter.numel() for parameter in found.values())


def count_parameters__modules_with_what_they_contain(model):
    """You counted some parameters several times. parameters() of a module already includes those of modules inside."""
    return sum(p.numel() for module in model.modules() for p in module.parameters() if p.requires_grad)


def count_parameters__frozen_too(model):
    """You counted frozen parameters. Leave out parameters whose requires_grad is False."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_parameters__all_that_is_saved(model):
    """You counted buffers, which can't learn. Count only parameters whose requires_grad is True."""
    return sum(tensor.numel() for tensor in model.state_dict().values())


def count_parameters__once_for_each_name(model):
    """You counted a parameter with two names twice. It is one tensor, so count it once."""
    every = model.named_parameters(remove_duplicate=False)
    return sum(parameter.numel() for _, parameter in every if parameter.requires_grad)


def count_parameters__module_by_module(model):
    """You counted a parameter twice that two modules share. It is one tensor, so count it once."""
    own = sum(parameter.numel() for parameter in model.parameters(recurse=False) if parameter.requires_grad)
    return own + sum(count_parameters__module_by_module(child) for child in model.children())


def count_parameters__once_for_each_shape(model):
    """You counted two parameters of the same shape once. They are different tensors, so count both."""
    return sum({tuple(p.shape): p.numel() for p in model.parameters() if p.requires_grad}.values())


def count_parameters__once_for_each_number(model):
    """You counted two parameters with the same number of elements once, as a set of numbers does. Count both."""
    return sum({parameter.numel() for parameter in model.parameters() if parameter.requires_grad})


def count_parameters__tensor(model):
    """Your result is a tensor. Return a Python int."""
    return torch.tensor([parameter.numel() for parameter in model.parameters() if parameter.requires_grad]).sum()


def count_parameters__numpy_product(model):
    """Your result is a number of NumPy. Return a Python int."""
    return sum(np.prod(tuple(parameter.shape)) for parameter in model.parameters() if parameter.requires_grad)


class _Standardizer(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


class Standardizer__variance(_Standardizer):
    """You divided by std**2. Divide by std."""

    def forward(self, inputs):
        return (inputs - self.mean) / self.std**2


class Standardizer__mean_last(_Standardizer):
    """You divided first and then subtracted the mean. Subtract the mean first."""

    def forward(self, inputs):
        return inputs / self.std - self.mean


class Standardizer__swapped(_Standardizer):
    """You subtracted std and divided by the mean, or you swapped the two buffers. Register each under its own name,
    subtract the mean, and divide by std."""

    def forward(self, inputs):
        return (inputs - self.std) / self.mean


class Standardizer__statistics_of_the_inputs(_Standardizer):
    """Your result depends on the mean and std of the inputs. Use the mean and std that the module was given."""

    def forward(self, inputs):
        return (inputs - inputs.mean(0)) / inputs.std(0)


class Standardizer__other_names(nn.Module):
    """The module has no buffers with the names mean and std. register_buffer() takes the name as its first argument."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mu", mean.detach().clone())
        self.register_buffer("sigma", std.detach().clone())

    def forward(self, inputs):
        return (inputs - self.mu) / self.sigma


class Standardizer__in_place(_Standardizer):
    """You changed the argument inputs. Return a new tensor instead of writing to inputs."""

    def forward(self, inputs):
        inputs -= self.mean
        return inputs / self.std


class Standardizer__not_prepared(_Standardizer):
    """You registered a buffer before the __init__ of nn.Module had run. Call it first, through super()."""

    def __init__(self, mean, std):
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())


class Standardizer__plain_attributes(_Standardizer):
    """mean is a plain tensor, so the module does not move or save it. Register mean and std with register_buffer()."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = mean.detach().clone()
        self.std = std.detach().clone()


class Standardizer__std_plain(_Standardizer):
    """The mean is a buffer, but std is a plain tensor. Register std with register_buffer() too."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach().clone())
        self.std = std.detach().clone()


class Standardizer__parameters(_Standardizer):
    """mean is a parameter, but it must be a buffer. Register mean and std with register_buffer()."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(mean.detach().clone(), requires_grad=False)
        self.std = nn.Parameter(std.detach().clone(), requires_grad=False)


class Standardizer__not_saved(_Standardizer):
    """A buffer is not in state_dict(), so it would not be saved. Register both buffers as persistent, which is the
    default."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach().clone(), persistent=False)
        self.register_buffer("std", std.detach().clone(), persistent=False)


class Standardizer__graph_of_the_given(_Standardizer):
    """If an argument requires grad, your buffer has a graph. Detach the argument before you copy it."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.clone())
        self.register_buffer("std", std.clone())


class Standardizer__copied_with_requires_grad(_Standardizer):
    """If an argument requires grad, your buffer requires grad too. Register a copy of the detached argument, and leave
    its requires_grad False."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", copy.deepcopy(mean))
        self.register_buffer("std", copy.deepcopy(std))


class Standardizer__shared_memory(_Standardizer):
    """You registered the arguments themselves, not copies. Register a detached copy of each."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)


class Standardizer__detached_only(_Standardizer):
    """A buffer shares memory with its argument. Neither detach() nor .data copies, so call clone() too."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach())
        self.register_buffer("std", std.detach())


class Standardizer__not_recorded(_Standardizer):
    """The numbers are right, but your result has no graph. Use operations of PyTorch, without torch.tensor(), detach(),
    .data or no_grad."""

    def forward(self, inputs):
        with torch.no_grad():
            return super().forward(inputs)


class Standardizer__epsilon_added(_Standardizer):
    """Your results differ slightly from (inputs - mean) / std. Divide by std itself, without a small number added to
    it."""

    def forward(self, inputs):
        return (inputs - self.mean) / (self.std + 1e-5)


class Standardizer__tiny_number_added(_Standardizer):
    """If std is small, your results are too close to 0. Divide by std itself, without a small number added to it."""

    def forward(self, inputs):
        return (inputs - self.mean) / (self.std + 1e-8)


class Clamp__as_it_was(nn.Module):
    """Your object lacks attributes that nn.Module creates in its __init__. Your own __init__ must call it, through
    super()."""

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def forward(self, x):
        return x.clamp(self.low, self.high)


class _Clamp(nn.Module):
    def __init__(self, low, high):
        super().__init__()
        self.low, self.high = low, high

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Clamp__arguments_passed_on(_Clamp):
    """The __init__ of nn.Module raised an error, because you passed arguments to it. Call it
    without arguments."""

    def __init__(self, low, high):
        nn.Module.__init__(self, low, high)


class Clamp__call_replaced(nn.Module):
    """The call works now, but other methods of nn.Module fail. Your __init__ must call the __init__ of nn.Module, which
    prepares all methods."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __call__(self, x):
        return x.clamp(self.low, self.high)


class Clamp__no_module:
    """Your class is no longer derived from nn.Module. Derive from it, and run its __init__ through super()."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __call__(self, x):
        return x.clamp(self.low, self.high)

    def parameters(self):
        return iter(())


class Clamp__bounds_swapped(_Clamp):
    """Every element of your result is the same bound. Use low as the lower bound and high as the upper one, and do not
    swap them."""

    def forward(self, x):
        return x.clamp(self.high, self.low)


class Clamp__lower_bound_only(_Clamp):
    """Elements above high are still above it. Limit the elements on both sides."""

    def forward(self, x):
        return x.clamp(min=self.low)


class Clamp__upper_bound_only(_Clamp):
    """Elements below low are still below it. Limit the elements on both sides."""

    def forward(self, x):
        return x.clamp(max=self.high)


class Clamp__in_place(_Clamp):
    """You changed the argument x. x[…] = … and methods like clamp_() write to x, so make a new tensor."""

    def forward(self, x):
        return x.clamp_(self.low, self.high)


class Clamp__bounds_are_parameters(_Clamp):
    """low and high are parameters, but the module must have no parameters. Keep them as floats."""

    def __init__(self, low, high):
        nn.Module.__init__(self)
        self.low, self.high = nn.Parameter(torch.tensor(low)), nn.Parameter(torch.tensor(high))

    def forward(self, x):
        return x.clamp(self.low.item(), self.high.item())


def _check(layer, values):
    if values.shape != layer.weight.shape:
        raise ValueError(f"layer.weight has shape {tuple(layer.weight.shape)}, values has {tuple(values.shape)}")


def set_weight__unchecked(layer, values):
    """You raised no ValueError for some values of another shape. Compare the shapes yourself, because PyTorch may
    broadcast."""
    try:
        with torch.no_grad():
            layer.weight.copy_(values)
    except RuntimeError as error:
        raise ValueError("the shapes differ") from error


def set_weight__returned(layer, values):
    """You returned a tensor. Write the values into layer.weight in place, and return None."""
    _check(layer, values)
    with torch.no_grad():
        return layer.weight.copy_(values)


def set_weight__data_replaced(layer, values):
    """You put the tensor `values` into layer.weight, whatever its shape. Compare the shapes first, then write into the
    old memory, for example with copy_()."""
    layer.weight.data = values.detach()


def set_weight__data_shared(layer, values):
    """layer.weight shares memory with `values` now. Copy the values into the memory that layer.weight has."""
    _check(layer, values)
    layer.weight.data = values.detach()


def set_weight__new_memory(layer, values):
    """The values are right, but layer.weight has new memory. Write into its old memory, for example with copy_() under
    no_grad()."""
    _check(layer, values)
    layer.weight.data = values.detach().clone().to(layer.weight.dtype)


def set_weight__name_only(layer, values):
    """The values of layer.weight have not changed. Write into layer.weight in place, not into a copy or a local
    name."""
    _check(layer, values)
    weight = layer.weight
    weight = values.detach().clone()  # noqa: F841


def set_weight__tensor_assigned(layer, values):
    """You assigned a plain tensor to layer.weight, which raises an error. Copy the values into the Parameter."""
    _check(layer, values)
    layer.weight = values.detach().clone()


def set_weight__new_parameter(layer, values):
    """You assigned a new Parameter, but other code may hold the old one. Copy the values into the old one under
    no_grad()."""
    _check(layer, values)
    required = layer.weight.requires_grad
    layer.weight = nn.Parameter(values.detach().clone().to(layer.weight.dtype), requires_grad=required)


def set_weight__recorded(layer, values):
    """You changed a leaf tensor in place while autograd was recording. Write inside a block with torch.no_grad()."""
    _check(layer, values)
    layer.weight.copy_(values)


def set_weight__left_frozen(layer, values):
    """layer.weight required grad before the call, and it is frozen now. Write the values under no_grad(), without
    changing requires_grad."""
    _check(layer, values)
    layer.weight.requires_grad_(False).copy_(values.detach())


def set_weight__thawed(layer, values):
    """A frozen weight requires grad after your call. Write the values under no_grad(), without changing
    requires_grad."""
    _check(layer, values)
    layer.weight.requires_grad_(False).copy_(values.detach())
    layer.weight.requires_grad_(True)


def set_weight__gradient_cleared(layer, values):
    """The values are right, but layer.weight.grad has changed. Leave .grad unchanged."""
    _check(layer, values)
    with torch.no_grad():
        layer.weight.copy_(values)
    layer.weight.grad = None


def set_weight__count_compared(layer, values):
    """You accepted values of another shape with the same number of elements. Compare the shapes."""
    if values.numel() != layer.weight.numel():
        raise ValueError(f"layer.weight has shape {tuple(layer.weight.shape)}, values has {tuple(values.shape)}")
    with torch.no_grad():
        layer.weight.copy_(values.reshape(layer.weight.shape))


def set_weight__another_error(layer, values):
    """You raised an AssertionError, as assert does. Raise a ValueError if the shapes differ."""
    assert values.shape == layer.weight.shape
    set_weight__unchecked(layer, values)


def set_weight__written_first(layer, values):
    """PyTorch raised its own error when you wrote the values. Compare the shapes before you write, and raise a
    ValueError."""
    with torch.no_grad():
        layer.weight.copy_(values)
    _check(layer, values)


def set_weight__checked_too_late(layer, values):
    """You raised the ValueError after the write, so layer.weight has changed. Compare the shapes first."""
    shapes = f"layer.weight has shape {tuple(layer.weight.shape)}, values has {tuple(values.shape)}"
    different = values.shape != layer.weight.shape
    try:
        set_weight__unchecked(layer, values)
    except RuntimeError as error:
        raise ValueError(shapes) from error
    if different:
        raise ValueError(shapes)
