"""Other right answers to katas/lesson_3_nn_module/kata_05_modes.py: the tests must accept them."""

import contextlib
import copy

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


class Dropout__bernoulli(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.keep = 1 - p

    def forward(self, x):
        if self.training:
            return x * torch.bernoulli(torch.full_like(x, self.keep)) / self.keep
        return x


class Dropout__where(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        dropped = torch.rand(x.shape, device=x.device) < self.p
        return torch.where(dropped, torch.zeros_like(x), x / (1 - self.p)) if self.training else x.clone()


class Dropout__masked_fill(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.register_buffer("p", torch.tensor(float(p)))

    def forward(self, x):
        if not self.training:
            return x
        p = self.p.item()
        return (x * (1 / (1 - p))).masked_fill(torch.rand(x.shape, device=x.device) < p, 0.0)


class BatchNorm__assigned(nn.Module):
    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__()
        self.m = momentum
        self.eps = eps
        self.register_buffer("running_var", torch.ones(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.bias = nn.Parameter(torch.zeros(size))
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        if not self.training:
            return (x - self.running_mean) * torch.rsqrt(self.running_var + self.eps) * self.weight + self.bias
        n = len(x)
        mean = x.sum(0) / n
        var = ((x - mean) ** 2).sum(0) / n
        self.running_mean = (1 - self.m) * self.running_mean + self.m * mean.detach()
        self.running_var = (1 - self.m) * self.running_var + self.m * var.detach() * n / (n - 1)
        return (x - mean) * torch.rsqrt(var + self.eps) * self.weight + self.bias


class BatchNorm__in_place(nn.Module):
    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight = nn.Parameter(torch.ones(size))
        self.bias = nn.Parameter(torch.zeros(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if self.training:
            var, mean = torch.var_mean(x, dim=0, correction=0)
            with torch.no_grad():
                self.num_batches_tracked += 1
                self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)
                self.running_var += self.momentum * (x.var(dim=0) - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        scale = self.weight / (var + self.eps) ** 0.5
        return x * scale + (self.bias - mean * scale)


class Regularized__pytorchs_own(nn.Module):
    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.norm = nn.BatchNorm1d(hidden)
        self.act = nn.ReLU()
        self.drop = nn.Dropout(p)
        self.last = nn.Linear(hidden, outputs)

    def forward(self, x):
        x = self.act(self.norm(self.first(x)))
        return self.last(self.drop(x))


class Regularized__sequential(nn.Sequential):
    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.add_module("first", nn.Linear(inputs, hidden))
        self.add_module("norm", nn.BatchNorm1d(hidden))
        self.add_module("relu", nn.ReLU())
        self.add_module("drop", nn.Dropout(p))
        self.add_module("last", nn.Linear(hidden, outputs))


@contextlib.contextmanager
def _modes_kept(model):
    before = {module: module.training for module in model.modules()}
    try:
        yield
    finally:
        for module in before:
            module.training = before[module]


def predict__context(model, inputs):
    with _modes_kept(model), torch.no_grad():
        return model.eval()(inputs)


def predict__wholes_first(model, inputs):
    names = {name: module.training for name, module in model.named_modules()}
    try:
        model.train(False)
        with torch.set_grad_enabled(False):
            return model(inputs)
    finally:
        for name, training in names.items():
            model.get_submodule(name).train(training)


def predict__of_a_copy(model, inputs):
    with torch.no_grad():
        return copy.deepcopy(model).eval()(inputs)


def predict__inference(model, inputs):
    on = [module for module in model.modules() if module.training]
    model.eval()
    try:
        with torch.inference_mode():
            answer = model(inputs)
        return answer.clone()
    finally:
        for module in on:
            module.training = True


def slope__loop(model, inputs, direction, step):
    with _modes_kept(model), torch.no_grad():
        model.eval()
        sides = [model(torch.add(inputs, direction, alpha=sign * step)) for sign in (1, -1)]
        return (sides[0] - sides[1]) * (0.5 / step)


def slope__one_batch(model, inputs, direction, step):
    with _modes_kept(model), torch.no_grad():
        model.eval()
        both = model(torch.cat([inputs + step * direction, inputs - step * direction]))
        ahead, behind = both.chunk(2)
        return (ahead - behind) / step / 2


def freeze_statistics__base_class(model):
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.training = False


def freeze_statistics__recursive(model):
    if isinstance(model, _BatchNorm):
        model.train(False)
    for child in model.children():
        freeze_statistics__recursive(child)


def freeze_statistics__apply(model):
    model.apply(lambda module: module.eval() if isinstance(module, _BatchNorm) else module)


def modes__loop(model):
    found = {}
    for name, module in model.named_modules():
        found[name] = ("eval", "train")[module.training]
    return found


def modes__recursive(model):
    def walk(name, module):
        found[name] = "train" if module.training else "eval"
        for key, child in module.named_children():
            walk(f"{name}.{key}" if name else key, child)

    found = {}
    walk("", model)
    return found


def modes__every_name(model):
    return {name: "train" if each.training else "eval" for name, each in model.named_modules(remove_duplicate=False)}


class RunningMean__in_place_unrecorded(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))

    def forward(self, inputs):
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * inputs.mean(dim=0))
        return inputs - self.mean


class RunningMean__step_towards(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.mean = nn.Buffer(torch.zeros((size,)))

    def forward(self, inputs):
        new = (self.mean + (inputs.mean(0) - self.mean) / 10).detach()
        self.mean.copy_(new)
        return inputs - new


def average_predictions__running_sum(model, inputs, samples):
    with _modes_kept(model), torch.no_grad():
        model.eval()
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.train()
        total = 0
        for _ in range(samples):
            total = total + model(inputs)
        return total / samples


def average_predictions__apply(model, inputs, samples):
    with _modes_kept(model), torch.no_grad():
        model.eval().apply(lambda module: module.train(isinstance(module, nn.Dropout)))
        for module in model.modules():
            module.training = type(module) is nn.Dropout
        return sum(model(inputs) / samples for _ in range(samples))


def average_predictions__by_the_name_of_the_class(model, inputs, samples):
    with _modes_kept(model), torch.no_grad():
        for module in model.modules():
            module.training = "Dropout" in type(module).__name__
        return torch.stack([model(inputs) for _ in range(samples)]).mean(dim=0)
