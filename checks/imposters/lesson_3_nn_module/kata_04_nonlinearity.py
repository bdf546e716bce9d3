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


class _Xor(nn.Module):
    def __init__(self, hidden=((1.0, 1.0), (1.0, 1.0)), hidden_bias=(0.0, -1.0), output=(1.0, -2.0), output_bias=0.0):
        super().__init__()
        self.hidden, self.output = nn.Linear(2, 2), nn.Linear(2, 1)
        values = torch.tensor(hidden), torch.tensor(hidden_bias), torch.tensor([output]), torch.tensor([output_bias])
        for parameter, value in zip(self.parameters(), values, strict=True):
            parameter.data.copy_(value)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x))).squeeze(1)


class Xor__no_nonlinearity__half_everywhere(_Xor):
    """The weights are those of the best net without a bend, which returns one half."""

    def __init__(self):
        super().__init__(((0.0, 0.0), (0.0, 0.0)), (0.0, 0.0), (0.0, 0.0), 0.5)

    def forward(self, x):
        return self.output(self.hidden(x)).squeeze(1)


class Xor__no_nonlinearity__other_weights(_Xor):
    """Other weights."""

    def __init__(self):
        super().__init__(((1.0, -1.0), (-1.0, 1.0)), (0.0, 0.0), (1.0, 1.0))

    def forward(self, x):
        return self.output(self.hidden(x)).squeeze(1)


class Xor__results_without_the_layers__weights_set_in_forward(_Xor):
    """Each call sets the weights again."""

    def forward(self, x):
        with torch.no_grad():
            for parameter, value in zip(self.parameters(), _Xor().parameters(), strict=True):
                parameter.copy_(value)
        return super().forward(x)


class Xor__results_without_the_layers__condition(_Xor):
    """A comparison of the two inputs."""

    def forward(self, x):
        return (x[:, 0] != x[:, 1]).to(x.dtype)


class Xor__sigmoid_between__other_weights(_Xor):
    """The weights are those for relu."""

    def forward(self, x):
        return self.output(torch.sigmoid(self.hidden(x))).squeeze(1)


def relu__ready_made__leaky(inputs):
    """leaky_relu with the slope 0."""
    return F.leaky_relu(inputs, 0.0)


def bends__kinds_of_layers__all_but_linear(model, left, right, tolerance=1e-4):
    """It lists the layers that do not bend."""
    return any(not isinstance(module, nn.Linear | nn.Sequential) for module in model.modules())


def sigmoid__wrong_sign__softmax(inputs):
    """The other entry of a softmax over two numbers."""
    return torch.softmax(torch.stack([inputs, torch.zeros_like(inputs)]), dim=0)[1]


class Xor__another_bend__other_weights(_Xor):
    """The bend is |x| too, and the four results are wrong."""

    def forward(self, x):
        return self.output(self.hidden(x).abs()).squeeze(1)


class Xor__named_by_number__own_parameters(nn.Module):
    """The net has parameters of its own, and no layers."""

    def __init__(self):
        super().__init__()
        self.weight_1, self.bias_1 = nn.Parameter(torch.ones(2, 2)), nn.Parameter(torch.tensor([0.0, -1.0]))
        self.weight_2, self.bias_2 = nn.Parameter(torch.tensor([1.0, -2.0])), nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        return torch.relu(x @ self.weight_1.T + self.bias_1) @ self.weight_2 + self.bias_2


class Xor__frozen__one_layer(_Xor):
    """Only the hidden layer is frozen."""

    def __init__(self):
        super().__init__()
        self.hidden.requires_grad_(False)


def bends__all_rows_together__all_pairs(model, left, right, tolerance=1e-4):
    """Each row of left is compared with each row of right."""
    with torch.no_grad():
        gap = model((left[:, None] + right) / 2) - (model(left)[:, None] + model(right)) / 2
    return bool((gap.abs() > tolerance).any())


class Xor__step_at_the_end__clamped(_Xor):
    """The results are clamped to the range from 0 to 1."""

    def forward(self, x):
        return super().forward(x).clamp(0, 1)


def bends__not_halved__half_of_the_difference(model, left, right, tolerance=1e-4):
    """The midpoint is half of the difference."""
    with torch.no_grad():
        gap = model((right - left) / 2) - (model(left) + model(right)) / 2
    return bool((gap.abs() > tolerance).any())


class _Swish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))


class Swish__wrong_sign__one_minus(_Swish):
    """The sigmoid is subtracted from 1."""

    def forward(self, x):
        return x * (1 - torch.sigmoid(self.beta * x))


class Swish__beta_taken_out__no_grad(_Swish):
    """The sigmoid is computed under no_grad."""

    def forward(self, x):
        with torch.no_grad():
            factor = torch.sigmoid(self.beta * x)
        return x * factor


def relu__graph_cut__from_numbers(inputs):
    """The result is a new tensor, made of Python numbers."""
    return torch.tensor(
        [max(0.0, x) for x in inputs.flatten().tolist()], dtype=inputs.dtype, device=inputs.device
    ).view(inputs.shape)
