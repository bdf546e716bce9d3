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


def count_parameters__numpy_product__summed_by_numpy(model):
    """The numbers are added up by NumPy."""
    counts = [parameter.numel() for parameter in model.parameters() if parameter.requires_grad]
    return np.sum(counts, dtype=np.int64)


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
