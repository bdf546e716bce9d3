"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_01_parameters.py for another reason."""

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


class Neuron__computed_after_wrapping__product(_Neuron):
    """Each Parameter is multiplied by 1."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach().clone()) * 1.0
        self.bias = nn.Parameter(bias.detach().clone()) * 1.0


class Neuron__comma_at_the_end__two_in_a_tuple(_Neuron):
    """Each attribute is a tuple of a name and the Parameter."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = "weight", nn.Parameter(weight.detach().clone())
        self.bias = "bias", nn.Parameter(bias.detach().clone())


class Neuron__column__of_results(_Neuron):
    """The weight is a column, and the results form a column too."""

    def __init__(self, weight, bias):
        super().__init__(weight.reshape(-1, 1), bias)


class Neuron__not_prepared__too_late(_Neuron):
    """super().__init__() comes after the Parameters."""

    def __init__(self, weight, bias):
        self.weight = nn.Parameter(weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())
        nn.Module.__init__(self)


class Neuron__not_recorded__detached(_Neuron):
    """The result is detached."""

    def forward(self, inputs):
        return super().forward(inputs).detach()


class Neuron__bias_as_a_number__data(_Neuron):
    """The data of the bias."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight + self.bias.data)


class Neuron__parameters_detached__weight_only(_Neuron):
    """Only the weight is detached."""

    def forward(self, inputs):
        return torch.tanh(inputs @ self.weight.data + self.bias)


class Neuron__other_names__in_a_list(nn.Module):
    """The parameters are in a plain list."""

    def __init__(self, weight, bias):
        super().__init__()
        self.kept = [nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())]

    def forward(self, inputs):
        return torch.tanh(inputs @ self.kept[0] + self.kept[1])


class Neuron__plain_tensor__weight_only(_Neuron):
    """Only the weight is a plain tensor."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = weight.detach().clone().requires_grad_()
        self.bias = nn.Parameter(bias.detach().clone())


class Neuron__plain_tensor__detached_after_wrapping(_Neuron):
    """Each Parameter is detached."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight).detach().clone()
        self.bias = nn.Parameter(bias).detach().clone()


class Neuron__buffers__weight_only(_Neuron):
    """Only the weight is a buffer."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.register_buffer("weight", weight.detach().clone())
        self.bias = nn.Parameter(bias.detach().clone())


class Neuron__frozen__as_given(_Neuron):
    """Each Parameter has the requires_grad of its argument."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach().clone(), requires_grad=weight.requires_grad)
        self.bias = nn.Parameter(bias.detach().clone(), requires_grad=bias.requires_grad)


class Neuron__made_of_lists__converted(_Neuron):
    """The arguments are converted to float32 before they are copied."""

    def __init__(self, weight, bias):
        super().__init__(weight.float(), bias.float())


class Neuron__shared_memory__weight_detached(_Neuron):
    """The weight is detached, but not copied."""

    def __init__(self, weight, bias):
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight.detach())
        self.bias = nn.Parameter(bias.detach().clone())


class Neuron__arguments_require_grad__weight_only(_Neuron):
    """Only the weight requires grad afterwards."""

    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        weight.requires_grad_()


class Neuron__not_recorded__new_tensor(_Neuron):
    """The result is a new tensor of the numbers."""

    def forward(self, inputs):
        return torch.tensor(super().forward(inputs).tolist(), dtype=inputs.dtype, device=inputs.device)


class Neuron__parameters_detached__copied_unrecorded(_Neuron):
    """The parameters are copied while nothing is recorded."""

    def forward(self, inputs):
        with torch.no_grad():
            weight, bias = self.weight.clone(), self.bias.clone()
        return torch.tanh(inputs @ weight + bias)


def count_parameters__with_a_gradient__frozen_only(model):
    """The condition is the wrong way around."""
    return sum(parameter.numel() for parameter in model.parameters() if not parameter.requires_grad)


def count_parameters__tensor__frozen_too(model):
    """A tensor, and frozen parameters are counted too."""
    return torch.tensor([parameter.numel() for parameter in model.parameters()]).sum()


def count_parameters__numpy_product__summed_by_numpy(model):
    """The numbers are added up by NumPy."""
    counts = [parameter.numel() for parameter in model.parameters() if parameter.requires_grad]
    return np.sum(counts, dtype=np.int64)


class _Standardizer(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


class Standardizer__swapped__in_init(_Standardizer):
    """The two buffers are registered under each other's names."""

    def __init__(self, mean, std):
        super().__init__(std, mean)


class Standardizer__in_place__variance(_Standardizer):
    """It changes the inputs, and divides by the variance."""

    def forward(self, inputs):
        inputs -= self.mean
        return inputs / self.std**2


class Standardizer__plain_attributes__mean_only(_Standardizer):
    """Only the mean is a plain tensor."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = mean.detach().clone()
        self.register_buffer("std", std.detach().clone())


class Standardizer__parameters__mean_only(_Standardizer):
    """Only the mean is a parameter."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.mean = nn.Parameter(mean.detach().clone())
        self.register_buffer("std", std.detach().clone())


class Standardizer__not_saved__mean_only(_Standardizer):
    """Only the mean is not saved."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach().clone(), persistent=False)
        self.register_buffer("std", std.detach().clone())


class Standardizer__copied_with_requires_grad__switched_on(_Standardizer):
    """The detached copies get the requires_grad of the arguments."""

    def __init__(self, mean, std):
        super().__init__(mean, std)
        self.mean.requires_grad_(mean.requires_grad)
        self.std.requires_grad_(std.requires_grad)


class Standardizer__detached_only__mean(_Standardizer):
    """Only the mean is not copied."""

    def __init__(self, mean, std):
        nn.Module.__init__(self)
        self.register_buffer("mean", mean.detach())
        self.register_buffer("std", std.detach().clone())


class Standardizer__not_recorded__data(_Standardizer):
    """It computes with the data of the inputs."""

    def forward(self, inputs):
        return super().forward(inputs.data)


class Standardizer__shared_memory__assigned(nn.Module):
    """The arguments are assigned to buffers that were None."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", None)
        self.register_buffer("std", None)
        self.mean, self.std = mean, std

    def forward(self, inputs):
        return (inputs - self.mean) / self.std


class Clamp__as_it_was__brackets_missing(nn.Module):
    """super().__init__ is named, but not called."""

    def __init__(self, low, high):
        super().__init__  # noqa: B018
        self.low, self.high = low, high

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Clamp__as_it_was__of_another_class(nn.Module):
    """super(nn.Module, self) skips nn.Module."""

    def __init__(self, low, high):
        super(nn.Module, self).__init__()
        self.low, self.high = low, high

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Clamp__no_module__called_only:
    """It has no method of a module at all."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __call__(self, x):
        return x.clamp(self.low, self.high)


class Clamp__in_place__on_a_detached_tensor(nn.Module):
    """Assignments to elements of a detached tensor."""

    def __init__(self, low, high):
        super().__init__()
        self.low, self.high = low, high

    def forward(self, x):
        x = x.detach()
        x[x < self.low] = self.low
        x[x > self.high] = self.high
        return x


class Clamp__call_replaced__attributes_added(nn.Module):
    """It creates the attributes that a call needs, and no others."""

    def __init__(self, low, high):
        for name in ("_backward_hooks", "_backward_pre_hooks", "_forward_hooks", "_forward_pre_hooks"):
            self.__dict__[name] = {}
        self.low, self.high = low, high

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Clamp__bounds_swapped__in_init(nn.Module):
    """The bounds are swapped in __init__."""

    def __init__(self, low, high):
        super().__init__()
        self.low, self.high = high, low

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Clamp__bounds_are_parameters__with_a_gradient(nn.Module):
    """The parameters are used as the bounds."""

    def __init__(self, low, high):
        super().__init__()
        self.low, self.high = nn.Parameter(torch.tensor(low)), nn.Parameter(torch.tensor(high))

    def forward(self, x):
        return x.clamp(self.low, self.high)


def set_weight__unchecked__assigned(layer, values):
    """An assignment to all elements, which broadcasts too."""
    try:
        with torch.no_grad():
            layer.weight[:] = values
    except RuntimeError as error:
        raise ValueError("the shapes differ") from error


def set_weight__name_only__copy(layer, values):
    """It writes into a copy of the weight."""
    if values.shape != layer.weight.shape:
        raise ValueError("the shapes differ")
    layer.weight.detach().clone().copy_(values.detach())


def set_weight__recorded__in_place_assignment(layer, values):
    """An assignment to all elements, recorded."""
    if values.shape != layer.weight.shape:
        raise ValueError("the shapes differ")
    layer.weight[...] = values


def set_weight__unchecked__printed(layer, values):
    """It compares the shapes, but prints instead of raising."""
    if values.shape != layer.weight.shape:
        print("the shapes differ")
        return
    with torch.no_grad():
        layer.weight.copy_(values)


def set_weight__returned__nothing_written(layer, values):
    """It returns a Parameter of the values, and writes nothing."""
    return nn.Parameter(values.detach().clone())


def set_weight__new_memory__unchecked(layer, values):
    """A copy of the values, whatever its shape."""
    layer.weight.data = values.detach().clone()


def set_weight__left_frozen__detached_in_place(layer, values):
    """The Parameter itself is detached."""
    if values.shape != layer.weight.shape:
        raise ValueError("the shapes differ")
    layer.weight.detach_().copy_(values.detach())
