"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_02_optimizers.py otherwise."""

import torch


class _SGD:
    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr = lr

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * parameter.grad

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None


class PlainSGD__generator_kept__an_iterator(_SGD):
    """An iterator over a list is kept."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = iter(list(parameters)), lr


class PlainSGD__name_rebound__copy_updated(_SGD):
    """A copy is updated in place."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.detach().clone().sub_(self.lr * parameter.grad)


class PlainSGD__lr_of_the_beginning__factor_kept(_SGD):
    """A factor is computed when the object is made."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, lr)
        self.factor = -lr

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.add_(parameter.grad, alpha=self.factor)


class Momentum__nothing_remembered__zeros_in_each_step(_SGD):
    """The velocities are set to zeros at the start of each step."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.velocities[i].zero_()
                self.velocities[i].mul_(self.mu).add_(parameter.grad)
                ahead = parameter.grad + self.mu * self.velocities[i] if self.nesterov else self.velocities[i]
                parameter -= self.lr * ahead


def parameter_groups__copies__data(model, weight_decay):
    """The data of the parameters."""
    parameters = [parameter.data for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in parameters if parameter.dim() >= 2], "weight_decay": weight_decay},
        {"params": [parameter for parameter in parameters if parameter.dim() < 2], "weight_decay": 0.0},
    ]


def set_learning_rate__attribute__defaults(optimizer, lr):
    """The defaults are changed."""
    optimizer.defaults["lr"] = lr


def set_learning_rate__attribute__another_optimizer(optimizer, lr):
    """Another optimizer is made, and nobody uses it."""
    optimizer = torch.optim.SGD([dict(group) for group in optimizer.param_groups], lr=lr)


def set_learning_rate__made_anew__state_cleared(optimizer, lr):
    """The state is cleared."""
    optimizer.state.clear()
    for group in optimizer.param_groups:
        group["lr"] = lr


def set_learning_rate__all_settings_reset__decay_switched_off(optimizer, lr):
    """The weight decay is set to 0."""
    for group in optimizer.param_groups:
        group["lr"], group["weight_decay"] = lr, 0


def set_learning_rate__one_group_for_all__a_new_optimizer(optimizer, lr):
    """The groups and the state of a new optimizer."""
    anew = type(optimizer)([parameter for group in optimizer.param_groups for parameter in group["params"]], lr=lr)
    optimizer.param_groups, optimizer.state, optimizer.defaults = anew.param_groups, anew.state, anew.defaults


class PlainSGD__copies_held__data(_SGD):
    """The data of the parameters is kept, which shares their memory."""

    def __init__(self, parameters, lr):
        super().__init__([parameter.data for parameter in parameters], lr)


class Momentum__ready_made__base_class(torch.optim.Optimizer):
    """The base class of PyTorch's optimizers, with a step() of its own."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, {})
        self.lr, self.mu, self.nesterov = lr, mu, nesterov
        self.parameters = self.param_groups[0]["params"]
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity.mul_(self.mu).add_(parameter.grad)
                parameter -= self.lr * (parameter.grad + self.mu * velocity if self.nesterov else velocity)


class Momentum__velocities_in_the_default_dtype__device_given(_SGD):
    """The zeros are on the parameter's device."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros(p.shape, device=p.device) for p in self.parameters]

    @torch.no_grad()
    def step(self):
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity.mul_(self.mu).add_(parameter.grad)
                parameter -= self.lr * (parameter.grad + self.mu * velocity if self.nesterov else velocity)


class Adam__one_list_for_both__same_tensors_in_two_lists(_SGD):
    """Two lists hold the same tensors."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.eps, self.t = betas, eps, [0] * len(self.parameters)
        zeros = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.exp_avg, self.exp_avg_sq = list(zeros), list(zeros)

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.t[i] += 1
                self.exp_avg[i].mul_(beta1).add_(parameter.grad, alpha=1 - beta1)
                self.exp_avg_sq[i].mul_(beta2).add_(parameter.grad**2, alpha=1 - beta2)
                m = self.exp_avg[i] / (1 - beta1 ** self.t[i])
                v = self.exp_avg_sq[i] / (1 - beta2 ** self.t[i])
                parameter -= self.lr * m / (v.sqrt() + self.eps)


def set_learning_rate__groups_replaced__settings_deleted(optimizer, lr):
    """The other settings are deleted from the groups, which are still the same dicts."""
    for group in optimizer.param_groups:
        for key in group.keys() - {"params"}:
            del group[key]
        group["lr"] = lr


class PlainSGD__name_rebound__result_unused(_SGD):
    """The result of sub() is not used."""

    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.sub(self.lr * parameter.grad)


class PlainSGD__cleared_after_the_step__gradient_scaled(_SGD):
    """.grad is replaced by lr * gradient, and nothing is cleared."""

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter.grad = self.lr * parameter.grad
                parameter -= parameter.grad


class Momentum__generator_read_twice__made_in_the_first_step(_SGD):
    """The velocities are made in the first step, in a list that is empty before."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = []

    @torch.no_grad()
    def step(self):
        if not self.velocities:
            self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity.mul_(self.mu).add_(parameter.grad)
                parameter -= self.lr * (parameter.grad + self.mu * velocity if self.nesterov else velocity)


class Momentum__one_velocity_for_all__shape_of_the_first(_SGD):
    """Each parameter has a velocity, but all of these have the shape of the first parameter."""

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros_like(self.parameters[0]) for _ in self.parameters]

    @torch.no_grad()
    def step(self):
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity.mul_(self.mu).add_(parameter.grad)
                parameter -= self.lr * (parameter.grad + self.mu * velocity if self.nesterov else velocity)


class Adam__eps_added_to_the_quotient__no_eps(_SGD):
    """eps is not used at all."""

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.t = betas, [0] * len(self.parameters)
        self.exp_avg = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                self.t[i] += 1
                self.exp_avg[i].mul_(beta1).add_(parameter.grad, alpha=1 - beta1)
                self.exp_avg_sq[i].mul_(beta2).add_(parameter.grad**2, alpha=1 - beta2)
                m = self.exp_avg[i] / (1 - beta1 ** self.t[i])
                parameter -= self.lr * m / (self.exp_avg_sq[i] / (1 - beta2 ** self.t[i])).sqrt()
