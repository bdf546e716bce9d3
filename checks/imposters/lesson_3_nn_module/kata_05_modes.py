"""Wrong answers that behave like a mistake of mistakes/lesson_3_nn_module/kata_05_modes.py for another reason."""

import torch
from torch import nn
from torch.nn import functional as F


class _Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class Dropout__one_mask_for_ever__seeded(_Dropout):
    """Each call sets the seed."""

    def forward(self, x):
        torch.manual_seed(0)
        return super().forward(x)


class Dropout__no_gradient__detached(_Dropout):
    """The result is detached."""

    def forward(self, x):
        return super().forward(x).detach()


class _BatchNorm(nn.Module):
    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight, self.bias = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def forward(self, x):
        if not self.training:
            mean, var = self.running_mean, self.running_var
        else:
            mean, var = x.mean(0), x.var(0, correction=0)
            self.update(x.detach())
        return (x - mean) / (var + self.eps).sqrt() * self.weight + self.bias

    def update(self, x):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(0)
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(0)


class BatchNorm__never_moves__variance_alone(_BatchNorm):
    """Only running_var is updated."""

    def update(self, x):
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(0)


class Regularized__norm_made_in_forward__in_a_list(nn.Module):
    """The layer is in a Python list. It keeps running statistics."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.first, self.norms = nn.Linear(inputs, hidden), [nn.BatchNorm1d(hidden)]
        self.drop, self.last = nn.Dropout(p), nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.last(self.drop(F.relu(self.norms[0](self.first(x)))))


def _modes(model):
    return [(module, module.training) for module in model.modules()]


def _restore(before):
    for module, training in before:
        module.training = training


def predict__error_swallowed__modes_lost(model, inputs):
    """After an error, the modes are not restored either."""
    before = _modes(model)
    model.eval()
    try:
        with torch.no_grad():
            answer = model(inputs)
    except Exception:
        return None
    _restore(before)
    return answer


def freeze_statistics__children_alone__of_two_dimensions(model):
    """Only one class of batch norm is found, at any depth."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def average_predictions__call_for_the_shape__twice_each(model, inputs, samples):
    """Each prediction needs two calls, and the first one is not used."""
    before = _modes(model)
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = torch.stack([(model(inputs), model(inputs))[1] for _ in range(samples)])
    _restore(before)
    return answers.mean(dim=0)


class Regularized__dropout_without_the_mode__train_called(nn.Module):
    """forward() calls train()."""

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.first, self.norm = nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden)
        self.drop, self.last = nn.Dropout(p), nn.Linear(hidden, outputs)

    def forward(self, x):
        self.train()
        return self.last(self.drop(F.relu(self.norm(self.first(x)))))


def predict__mode_of_the_top_for_all__train_of_each(model, inputs):
    """train() is called on each module, and the model itself is the last."""
    before = _modes(model)
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        for module, training in reversed(before):
            module.train(training)


def freeze_statistics__momentum_0__not_called(model):
    """`module.eval` has no parentheses."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
            module.eval  # noqa: B018


def modes__one_for_all__always_train(model):
    """The method train is true in every mode."""
    return {name: "train" if module.train else "eval" for name, module in model.named_modules()}
