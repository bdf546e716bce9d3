"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_04_nonlinearity.py for other reasons."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def collapse__frozen__made_under_no_grad(first, second):
    """`nn.Parameter` is given the requires_grad of a tensor that was computed without recording."""
    with torch.no_grad():
        weight = second.weight @ first.weight
        bias = second(first(first.weight.new_zeros(first.in_features)))
    one = nn.Linear(weight.shape[1], weight.shape[0])
    one.weight = nn.Parameter(weight, requires_grad=weight.requires_grad)
    one.bias = nn.Parameter(bias, requires_grad=bias.requires_grad)
    return one


def relu__derivative_1_at_0__other_condition(inputs):
    """The condition counts 0 among the positive elements."""
    return torch.where(inputs >= 0, inputs, 0.0)


def relu__derivative_one_half_at_0__half_a_sum(inputs):
    """Half the sum of x and its absolute value, whose derivative at 0 is 0."""
    return (inputs + inputs.abs()) / 2


def relu__graph_cut__recording_off(inputs):
    """The computation is not recorded."""
    with torch.no_grad():
        return inputs * (inputs > 0)


def sigmoid__clamped_at_20__rounded_to_float32(inputs):
    """The computation is in float32."""
    x = inputs.float()
    powers = torch.exp(torch.where(x < 0, x, -x))
    return (torch.where(x < 0, powers, 1.0) / (1 + powers)).to(inputs.dtype)


def sigmoid__by_absolute_value__sign(inputs):
    """A power of the sign's product, whose derivative at 0 is 0 too."""
    powers = torch.exp(-inputs * inputs.sign())
    return torch.where(inputs < 0, powers, 1.0) / (1 + powers)


class Swish__beta_taken_out__data(nn.Module):
    """The data of beta."""

    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * torch.sigmoid(self.beta.data * x)


class Swish__starts_at_0__zeros(nn.Module):
    """beta is a tensor of zeros, and silu of it is never used."""

    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return F.sigmoid(x * self.beta) * x


def bends__exactly__not_equal(model, left, right, tolerance=1e-4):
    """`!=` for a comparison with the tolerance."""
    with torch.no_grad():
        return bool((2 * model((left + right) / 2) != model(left) + model(right)).any())


def bends__norm__sum_of_sizes(model, left, right, tolerance=1e-4):
    """The sum of the absolute values."""
    with torch.no_grad():
        gap = model((left + right) / 2) - (model(left) + model(right)) / 2
    return bool(gap.abs().sum() > tolerance)


def sigmoid__graph_cut__numpy(inputs):
    """NumPy computes the result."""
    x = inputs.detach().cpu().double().numpy()
    powers = np.exp(-np.abs(x))
    return torch.tensor(np.where(x < 0, powers, 1.0) / (1 + powers), dtype=inputs.dtype, device=inputs.device)


def bends__eval_left_on__one_module(model, left, right, tolerance=1e-4):
    """Each module is put into train mode at the end."""
    with torch.no_grad():
        gap = model((left + right) / 2) - (model(left) + model(right)) / 2
    for module in model.modules():
        module.training = False
    return bool((gap.abs() > tolerance).any())


def sigmoid__as_the_formula_says__replaced_far_out(inputs):
    """Far from 0 the result is replaced, but the graph still has the inf."""
    s = 1 / (1 + torch.exp(-inputs))
    return torch.where(inputs < -100, 0.0, torch.where(inputs > 100, 1.0, s))


def sigmoid__clamped_at_20__epsilon(inputs):
    """A small number is added below the line."""
    powers = torch.exp(torch.where(inputs < 0, inputs, -inputs))
    return torch.where(inputs < 0, powers, 1.0) / (1 + powers + 1e-10)


def sigmoid__clamped_at_20__at_30(inputs):
    """The limit is further out, but float64 still tells more numbers apart."""
    return 1 / (1 + torch.exp(-inputs.clamp(-30, 30)))
