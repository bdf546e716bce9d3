"""An optimizer is your update rule in an object.

You know the rules: gradient descent, momentum, weight decay, Adam. An
optimizer holds the parameters, and step() applies one rule to all of them.
It also keeps what a rule must remember from step to step:

    >>> w = torch.tensor([10.0], requires_grad=True)
    >>> w.grad = torch.tensor([4.0])
    >>> optimizer = torch.optim.SGD([w], lr=0.5, momentum=0.5)
    >>> optimizer.step()  # 10 - 0.5 * 4
    >>> optimizer.step()  # the velocity is now 0.5 * 4 + 4
    >>> w
    tensor([5.], requires_grad=True)

Nothing in step() is new to you. Your classes make the same updates as
PyTorch's optimizers, and the tests compare them for 50 steps.

Every step: step() skips a parameter whose .grad is None. It does not change
.grad or the grad mode. Your classes must not use torch.optim.

Afterwards you can say what optimizer.step() does to each parameter.
"""

import torch


class PlainSGD:
    """Gradient descent as an object.

    Args:
        parameters: leaf tensors that require grad, in any iterable, for
            example a list or the generator model.parameters().
        lr: the learning rate, a float.

    Attributes:
        lr: may be changed later. The next step uses the new value.

    Methods:
        step(): updates each parameter with a gradient g:
            parameter = parameter - lr * g
        zero_grad(): sets each .grad to None or to zeros.

    Must:
        - update each parameter in its own memory, so that it stays a
          leaf tensor that requires grad

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> w.grad = torch.tensor([4.0, -8.0])
        >>> PlainSGD([w], lr=0.25).step()
        >>> w
        tensor([0., 4.], requires_grad=True)

    Foundations: w -= learning_rate * gradient.
    """

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


class Momentum(PlainSGD):
    """Gradient descent with momentum.

    Args:
        parameters, lr: as in PlainSGD.
        mu: a float, 0 <= mu < 1.

    Attributes:
        velocities: a list with one tensor for each parameter, of its
            shape, dtype and device, zeros at first.

    Methods:
        step(): updates each parameter with a gradient g:
            velocity = mu * velocity + g
            parameter = parameter - lr * velocity
            With nesterov, the second line becomes
            parameter = parameter - lr * (g + mu * velocity)

    Must:
        - change a velocity only when step() updates its parameter

    Example:
        >>> w = torch.tensor([0.0], requires_grad=True)
        >>> w.grad = torch.tensor([1.0])
        >>> optimizer = Momentum([w], lr=1.0, mu=0.5)
        >>> optimizer.step()
        >>> optimizer.step()
        >>> w
        tensor([-2.5000], requires_grad=True)

    Foundations: momentum, the ball that rolls downhill.
    """

    def __init__(self, parameters, lr, mu, nesterov=False):
        super().__init__(parameters, lr)
        self.mu, self.nesterov = mu, nesterov
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]

    @torch.no_grad()
    def step(self):
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is None:
                continue
            velocity.mul_(self.mu).add_(parameter.grad)
            ahead = parameter.grad + self.mu * velocity if self.nesterov else velocity
            parameter -= self.lr * ahead


class Adam(PlainSGD):
    """Adam: the mean gradient, divided by the root of the mean square.

    Args:
        parameters, lr: as in PlainSGD.
        betas: two floats (beta1, beta2), at least 0 and below 1.

    Attributes:
        exp_avg, exp_avg_sq: lists with one tensor for each parameter,
            of its shape, dtype and device, zeros at first.

    Methods:
        step(): updates each parameter with a gradient g:
            exp_avg = beta1 * exp_avg + (1 - beta1) * g
            exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * g**2
            m = exp_avg / (1 - beta1**t)
            v = exp_avg_sq / (1 - beta2**t)
            parameter = parameter - lr * m / (sqrt(v) + eps)

    Must:
        - count t for each parameter: 1 in its first update, then 2, ...
        - change both averages only when step() updates the parameter

    Example:
        >>> w = torch.tensor([1.0, 1.0], requires_grad=True)
        >>> w.grad = torch.tensor([100.0, -0.5])
        >>> Adam([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 1.1000], requires_grad=True)

    Foundations: the formula of Adam, with its bias correction.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.exp_avg = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.exp_avg_sq = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.updates = [0] * len(self.parameters)

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is None:
                continue
            self.updates[i] += 1
            self.exp_avg[i] = beta1 * self.exp_avg[i] + (1 - beta1) * parameter.grad
            self.exp_avg_sq[i] = beta2 * self.exp_avg_sq[i] + (1 - beta2) * parameter.grad**2
            m = self.exp_avg[i] / (1 - beta1 ** self.updates[i])
            v = self.exp_avg_sq[i] / (1 - beta2 ** self.updates[i])
            parameter -= self.lr * m / (v.sqrt() + self.eps)


class DecayedSGD(PlainSGD):
    """Gradient descent with weight decay, which is L2 regularization.

    Args:
        parameters, lr: as in PlainSGD.
        weight_decay: a float, at least 0.

    Methods:
        step(): updates each parameter with a gradient g:
            parameter = parameter - lr * (g + weight_decay * parameter)

    Must:
        - decay every parameter that has a gradient, biases too, even if
          the gradient is all zeros

    Example:
        >>> w = torch.tensor([2.0, -4.0], requires_grad=True)
        >>> w.grad = torch.tensor([1.0, 0.0])
        >>> DecayedSGD([w], lr=0.5, weight_decay=0.25).step()
        >>> w
        tensor([ 1.2500, -3.5000], requires_grad=True)

    Foundations: L2 regularization. The penalty adds to the gradient.
    """

    def __init__(self, parameters, lr, weight_decay):
        super().__init__(parameters, lr)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter -= self.lr * (parameter.grad + self.weight_decay * parameter)


class AdamW(Adam):
    """Adam with weight decay on the parameter, not in the gradient.

    Args:
        parameters, lr, betas, eps: as in Adam.
        weight_decay: a float, at least 0.

    Methods:
        step(): updates each parameter with a gradient in two parts:
            1. parameter = parameter * (1 - lr * weight_decay)
            2. the update of Adam, from .grad as it is

    Must:
        - decay every parameter that has a gradient, biases too, even if
          the gradient is all zeros

    Example:
        >>> w = torch.tensor([10.0], requires_grad=True)
        >>> w.grad = torch.tensor([0.0])
        >>> AdamW([w], lr=0.5, weight_decay=0.125).step()
        >>> w
        tensor([9.3750], requires_grad=True)

    Grows from: Adam.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps)
        self.weight_decay = weight_decay

    @torch.no_grad()
    def step(self):
        for parameter in self.parameters:
            if parameter.grad is not None:
                parameter *= 1 - self.lr * self.weight_decay
        super().step()


def parameter_groups(model, weight_decay):
    """Put the parameters into two groups: with weight decay and without.

    Args:
        model: an nn.Module.
        weight_decay: a float, at least 0.

    Returns:
        A list of two dicts with the keys "params" (a list, perhaps
        empty) and "weight_decay". The first has the parameters of two or
        more dimensions, and its decay is `weight_decay`. The second has
        the others, for example biases, and its decay is 0.0.

    Must:
        - leave out frozen parameters (their requires_grad is False)
        - keep the model's order, and list a shared parameter only once

    Example:
        >>> groups = parameter_groups(torch.nn.Linear(3, 2), 0.1)
        >>> groups[0]["weight_decay"]
        0.1
        >>> [p.shape for p in groups[0]["params"]]
        [torch.Size([2, 3])]

    Foundations: the penalty on the weights, which left out the bias.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]


def set_learning_rate(optimizer, lr):
    """Give a torch.optim optimizer a new learning rate for the next steps.

    Args:
        optimizer: has one or more groups of parameters. The list
            optimizer.param_groups holds a dict of settings for each
            group, which step() reads.
        lr: a float: the new learning rate of every group.

    Must:
        - keep the other settings of each group
        - keep what the optimizer remembers, for example velocities
        - update no parameter, and return None

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> w.grad = torch.tensor([1.0])
        >>> optimizer = torch.optim.SGD([w], lr=0.5)
        >>> set_learning_rate(optimizer, 0.25)
        >>> optimizer.step()
        >>> w
        tensor([0.7500], requires_grad=True)

    Grows from: parameter_groups.
    """
    for group in optimizer.param_groups:
        group["lr"] = lr
