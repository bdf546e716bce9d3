"""Other right answers to katas/lesson_4_training_loop/kata_02_optimizers.py: the tests must accept them."""

import math

import torch


class PlainSGD__zeros(torch.nn.Module):
    def __init__(self, parameters, lr):
        super().__init__()
        self.held = tuple(parameters)
        self.lr = lr

    def step(self):
        with torch.no_grad():
            for parameter in self.held:
                if parameter.grad is None:
                    continue
                parameter.add_(parameter.grad, alpha=-self.lr)

    def zero_grad(self):
        for parameter in self.held:
            if parameter.grad is not None:
                parameter.grad.zero_()


class PlainSGD__data:
    def __init__(self, parameters, lr):
        self.params = [*parameters]
        self.lr = lr

    def step(self):
        for parameter in self.params:
            if parameter.grad is not None:
                parameter.data -= self.lr * parameter.grad

    def zero_grad(self):
        for parameter in self.params:
            if parameter.grad is not None:
                parameter.grad = torch.zeros_like(parameter)


class _Held(PlainSGD__data):
    pass


class Momentum__new_tensors(_Held):
    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros_like(parameter) for parameter in self.params]

    def step(self):
        with torch.no_grad():
            for i, parameter in enumerate(self.params):
                if parameter.grad is not None:
                    self.velocities[i] = self.mu * self.velocities[i] + parameter.grad
                    parameter -= self.lr * self.velocities[i] * (self.mu if self.nesterov else 1)
                    if self.nesterov:
                        parameter -= self.lr * parameter.grad


class Momentum__cloned_first_gradient(_Held):
    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [parameter.detach() * 0 for parameter in self.params]
        self.fresh = set(range(len(self.params)))

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.params):
            gradient = parameter.grad
            if gradient is None:
                continue
            if i in self.fresh:
                self.fresh.remove(i)
                self.velocities[i] = gradient.clone()
            else:
                self.velocities[i].mul_(self.mu).add_(gradient)
            direction = gradient.add(self.velocities[i], alpha=self.mu) if self.nesterov else self.velocities[i]
            parameter.sub_(self.lr * direction)


class Adam__in_place(_Held):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.exp_avg = [torch.zeros_like(parameter) for parameter in self.params]
        self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.params]
        self.t = dict.fromkeys(self.params, 0)

    @torch.no_grad()
    def step(self):
        for parameter, mean, square in zip(self.params, self.exp_avg, self.exp_avg_sq, strict=True):
            if parameter.grad is None:
                continue
            self.t[parameter] += 1
            mean.lerp_(parameter.grad, 1 - self.betas[0])
            square.mul_(self.betas[1]).addcmul_(parameter.grad, parameter.grad, value=1 - self.betas[1])
            size = self.lr / (1 - self.betas[0] ** self.t[parameter])
            root = square.sqrt() / math.sqrt(1 - self.betas[1] ** self.t[parameter]) + self.eps
            parameter.addcdiv_(mean, root, value=-size)


class Adam__powers_kept(_Held):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.exp_avg = [torch.zeros_like(parameter) for parameter in self.params]
        self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.params]
        self.powers = [(1.0, 1.0) for _ in self.params]

    def step(self):
        with torch.no_grad():
            for i, parameter in enumerate(self.params):
                if parameter.grad is not None:
                    self._update(i, parameter, parameter.grad, *self.betas)

    def _update(self, i, parameter, gradient, beta1, beta2):
        self.exp_avg[i] = self.exp_avg[i] + (1 - beta1) * (gradient - self.exp_avg[i])
        self.exp_avg_sq[i] = self.exp_avg_sq[i] + (1 - beta2) * (gradient * gradient - self.exp_avg_sq[i])
        first, second = self.powers[i][0] * beta1, self.powers[i][1] * beta2
        self.powers[i] = (first, second)
        root = torch.sqrt(self.exp_avg_sq[i] / (1 - second))
        parameter -= self.lr * (self.exp_avg[i] / (1 - first)) / (root + self.eps)


class DecayedSGD__shrunk_first(_Held):
    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, lr)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.params:
            if parameter.grad is not None:
                parameter.mul_(1 - self.lr * self.weight_decay).sub_(self.lr * parameter.grad)


class DecayedSGD__gradient_and_penalty(_Held):
    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, lr)
        self.weight_decay = weight_decay

    def step(self):
        for parameter in self.params:
            if parameter.grad is not None:
                penalty = self.weight_decay * parameter.detach().clone()
                parameter.data.add_(parameter.grad + penalty, alpha=-self.lr)


class AdamW__decay_by_subtraction(Adam__in_place):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.params:
            if parameter.grad is not None:
                parameter -= self.lr * self.weight_decay * parameter
        super().step()


class AdamW__one_by_one(Adam__powers_kept):
    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps)
        self.weight_decay = weight_decay

    def _update(self, i, parameter, gradient, beta1, beta2):
        parameter.mul_(1 - self.lr * self.weight_decay)
        super()._update(i, parameter, gradient, beta1, beta2)


def parameter_groups__loop(model, weight_decay):
    weights, others = [], []
    for parameter in model.parameters():
        if parameter.requires_grad:
            (weights if parameter.ndim > 1 else others).append(parameter)
    return [{"params": weights, "weight_decay": weight_decay}, {"weight_decay": 0, "params": others}]


def parameter_groups__named(model, weight_decay):
    named = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    vectors = [name for name, parameter in named.items() if len(parameter.shape) < 2]
    weights = [parameter for name, parameter in named.items() if name not in vectors]
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": [named[name] for name in vectors], "weight_decay": 0.0},
    ]


def set_learning_rate__updated(optimizer, lr):
    for number in range(len(optimizer.param_groups)):
        optimizer.param_groups[number].update(lr=lr)


def set_learning_rate__by_state_dict(optimizer, lr):
    state = optimizer.state_dict()
    for group in state["param_groups"]:
        group["lr"] = lr
    optimizer.load_state_dict(state)
