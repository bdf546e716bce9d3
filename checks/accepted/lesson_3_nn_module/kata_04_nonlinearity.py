"""Other right answers to katas/lesson_3_nn_module/kata_04_nonlinearity.py: the tests must accept them."""

import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def collapse__biases_case_by_case(first, second):
    weight = second.weight @ first.weight
    bias = torch.zeros(second.out_features, dtype=weight.dtype, device=weight.device)
    if first.bias is not None:
        bias += second.weight @ first.bias
    if second.bias is not None:
        bias += second.bias
    one = nn.Linear(first.in_features, second.out_features)
    one.weight, one.bias = nn.Parameter(weight), nn.Parameter(bias)
    with torch.enable_grad():
        one.requires_grad_()
    return one


def collapse__new_parameters(first, second):
    one = nn.Linear(first.in_features, second.out_features)
    one.weight = nn.Parameter(second.weight @ first.weight)
    one.bias = nn.Parameter(second(first(first.weight.new_zeros(1, first.in_features)))[0])
    return one


def collapse__by_asking(first, second):
    with torch.no_grad():
        eye = torch.eye(first.in_features, dtype=first.weight.dtype, device=first.weight.device)
        origin = second(first(torch.zeros_like(eye[0])))
        columns = second(first(eye)) - origin
    one = nn.Linear(first.in_features, second.out_features, dtype=eye.dtype, device=eye.device)
    one.weight.data, one.bias.data = columns.T.contiguous(), origin
    return one


class Xor__two_differences(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.hidden.weight = nn.Parameter(torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))
        self.hidden.bias = nn.Parameter(torch.zeros(2))
        self.output.weight = nn.Parameter(torch.ones(1, 2))
        self.output.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.output(F.relu(self.hidden(x)))[:, 0]


class Xor__neither_and_both(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 2)
        self.output = nn.Linear(2, 1)
        self.relu = nn.ReLU()
        with torch.no_grad():
            self.hidden.weight[0], self.hidden.weight[1] = torch.tensor(-3.0), torch.tensor(2.0)
            self.hidden.bias[0], self.hidden.bias[1] = 3.0, -2.0
            self.output.weight[0, 0], self.output.weight[0, 1] = -1 / 3, -0.5
            nn.init.ones_(self.output.bias)

    def forward(self, x):
        return torch.squeeze(self.output(self.relu(self.hidden(x))), dim=-1)


class Xor__data_and_flatten(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(2, 1)
        self.hidden = nn.Linear(2, 2)
        self.hidden.weight.data[:] = 1.0
        self.hidden.bias.data = torch.tensor([-1.0, 0.0])
        self.output.weight.data = torch.tensor([[-2.0, 1.0]])
        self.output.bias.data.fill_(0.0)

    def forward(self, x):
        return self.output(self.hidden(x).clamp(min=0)).flatten()


def relu__product(inputs):
    return inputs * (inputs > 0)


def relu__masked_copy(inputs):
    kept = inputs.clone()
    kept[inputs <= 0] = 0
    return kept


def relu__filled(inputs):
    return inputs.masked_fill(inputs <= 0, 0.0)


def relu__number_by_number(inputs):
    numbers = [each if each > 0 else each * 0 for each in inputs.flatten()]
    return torch.stack(numbers).reshape(inputs.shape) if numbers else inputs.clone()


@torch.no_grad()
def bends__as_a_decorator(model, left, right, tolerance=1e-4):
    gap = model(torch.lerp(left, right, 0.5)) - model(left) / 2 - model(right) / 2
    return gap.abs().max().item() > tolerance


def bends__all_at_once(model, left, right, tolerance=1e-4):
    with torch.inference_mode():
        start, middle, end = model(torch.cat([left, (left + right) / 2, right])).chunk(3)
        return not torch.allclose(middle, (start + end) / 2, rtol=0.0, atol=tolerance)


def bends__row_by_row(model, left, right, tolerance=1e-4):
    with torch.no_grad():
        rows = zip(model(left), model((left + right) / 2), model(right), strict=True)
        return any(bool(torch.any(abs(2 * m - a - b) > 2 * tolerance)) for a, m, b in rows)


def bends__modes_restored(model, left, right, tolerance=1e-4):
    before = {module: module.training for module in model.modules()}
    try:
        with torch.no_grad():
            model.eval()
            gap = 2 * model((left + right) / 2) - model(left) - model(right)
    finally:
        for module, training in before.items():
            module.training = training
    return gap.abs().amax().item() > 2 * tolerance


def sigmoid__tanh(inputs):
    return (1 + torch.tanh(inputs / 2)) / 2


def sigmoid__logaddexp(inputs):
    return torch.exp(-torch.logaddexp(torch.zeros_like(inputs), -inputs))


def sigmoid__softmax_of_two(inputs):
    return torch.stack([inputs, torch.zeros_like(inputs)]).softmax(dim=0)[0]


def sigmoid__clamped_far_out(inputs):
    return 1 / (1 + torch.exp(-inputs.clamp(-40, 40)))


def sigmoid__masks(inputs):
    answer = torch.empty_like(inputs)
    negative = inputs < 0
    powers = inputs[negative].exp()
    answer[negative] = powers / (1 + powers)
    answer[~negative] = 1 / (1 + (-inputs[~negative]).exp())
    return answer


class Swish__registered(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter("beta", nn.Parameter(torch.tensor(1.0)))

    def forward(self, x):
        return torch.mul(x, F.sigmoid(x * self.beta))


class Swish__own_sigmoid(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * (1 + torch.tanh(self.beta * x / 2)) / 2
