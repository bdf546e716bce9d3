"""Optimizers.

An optimizer holds the parameters, and moves each of them by its gradient whenever you call step(). You know
the formulas; here you build them as objects, in the way of torch.optim: the same numbers at every step, and a
memory that lasts from one step to the next. All updates happen in place and are not recorded. In your classes,
PyTorch's own optimizers are not allowed.
"""

import torch


class PlainSGD:
    """Gradient descent as an object: it holds the parameters, and step() moves them.

    PlainSGD(parameters, lr): tracked leaves, in any iterable, also a generator. `.lr` may be set anew later.
    step(): each parameter moves in its own memory, by -lr * .grad, and stays a tracked leaf; one whose .grad
    is None stays where it is. Each .grad and the grad mode stay as they are.  zero_grad(): afterwards each
    .grad is None or zeros, as you like. torch.optim is not allowed in your classes.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True); w.grad = torch.tensor([10.0, -20.0])
    >>> PlainSGD([w], lr=0.1).step(); w
    tensor([0., 4.], requires_grad=True)

    In Foundations: w -= learning_rate * gradient.
    """

    def __init__(self, parameters, lr):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError

    def zero_grad(self):
        raise NotImplementedError


class Momentum(PlainSGD):
    """Gradient descent with momentum: gradients push each parameter's velocity.

    Momentum(parameters, lr, mu, nesterov=False): as PlainSGD, and `.velocities`, a list of one tensor for
    each parameter, like it, zeros at first.  step(): velocity = mu * velocity + .grad, then the parameter
    moves by -lr * velocity; with nesterov, by -lr * (.grad + mu * velocity), also the new one. Where .grad is
    None, neither changes. A velocity changes in step() alone, whatever becomes of .grad.

    >>> w = torch.tensor([0.0], requires_grad=True); w.grad = torch.tensor([1.0])
    >>> optimizer = Momentum([w], lr=1.0, mu=0.5)
    >>> optimizer.step(); optimizer.step(); w, optimizer.velocities
    (tensor([-2.5000], requires_grad=True), [tensor([1.5000])])

    In Foundations: the ball that rolls downhill.
    """

    def __init__(self, parameters, lr, mu, nesterov=False):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError


class DecayedSGD(PlainSGD):
    """Gradient descent that also pulls every number towards 0: weight decay, that is L2 regularization.

    DecayedSGD(parameters, lr, weight_decay): as PlainSGD, but step() goes by .grad + weight_decay * parameter
    in place of .grad, with the parameter as it was before the step. Every parameter that has a gradient
    decays, a bias too, and one whose gradient is zeros; where .grad is None, nothing changes. Each .grad
    stays as it is.

    >>> w = torch.tensor([2.0, -4.0], requires_grad=True); w.grad = torch.tensor([1.0, 0.0])
    >>> DecayedSGD([w], lr=0.5, weight_decay=0.25).step(); w
    tensor([ 1.2500, -3.5000], requires_grad=True)

    In Foundations: L2 regularization, whose part of the gradient grows with the weight.
    """

    def __init__(self, parameters, lr, weight_decay):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError


class Adam(PlainSGD):
    """Adam: the mean gradient, divided by the root of the mean squared gradient.

    Adam(parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8): as PlainSGD, and `.exp_avg` and `.exp_avg_sq`,
    lists of one tensor for each parameter, like it, zeros at first.  step(): exp_avg becomes beta1 * exp_avg
    + (1 - beta1) * .grad, exp_avg_sq likewise with beta2 and .grad**2. The parameter moves by
    -lr * m / (sqrt(v) + eps): m is exp_avg / (1 - beta1**t), v is exp_avg_sq / (1 - beta2**t), and t counts
    this parameter's updates, from 1. Where .grad is None, nothing changes.

    >>> w = torch.tensor([1.0, 1.0], requires_grad=True); w.grad = torch.tensor([100.0, -0.5])
    >>> Adam([w], lr=0.1).step(); w
    tensor([0.9000, 1.1000], requires_grad=True)

    In Foundations: the formula of Adam, with its bias correction.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError


class AdamW(Adam):
    """Adam with weight decay that goes past the averages, straight to the parameter.

    AdamW(parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01): as Adam, but step() first
    multiplies each parameter that has a gradient by 1 - lr * weight_decay, in place, with the lr of that
    moment, and then takes the step of Adam. .grad and the averages know nothing of the decay.

    >>> w = torch.tensor([10.0], requires_grad=True)
    >>> w.grad = torch.tensor([0.0])
    >>> AdamW([w], lr=0.5, weight_decay=0.125).step(); w
    tensor([9.3750], requires_grad=True)

    Grows from: Adam.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        raise NotImplementedError

    def step(self):
        raise NotImplementedError


def parameter_groups(model, weight_decay):
    """Return the parameters of `model` in two groups: those that decay, and those that don't.

    model: an nn.Module.  Returns: what torch.optim takes in place of parameters, a list of dicts, here two,
    with the keys "params" and "weight_decay": first the parameters of two or more dimensions, with
    `weight_decay`; then the others, such as biases, with 0.0. "params" is a list, perhaps empty, of the
    model's own objects, in its order, each once, without the frozen ones (requires_grad False).

    >>> weights, others = parameter_groups(torch.nn.Linear(3, 2), 0.1)
    >>> weights["weight_decay"], [parameter.shape for parameter in weights["params"]]
    (0.1, [torch.Size([2, 3])])

    In Foundations: the penalty on the weights, which left the bias out.
    """
    raise NotImplementedError


def set_learning_rate(optimizer, lr):
    """Give an optimizer of torch.optim a new learning rate, from its next step on.

    optimizer: one from torch.optim, with one group of parameters or more: .param_groups is a list of dicts,
    and torch.optim looks up each setting there, at every step.  lr: a float.  Returns: None. All groups get
    the same `lr`; their other settings stay, and so does what the optimizer remembers of earlier steps.

    >>> w = torch.tensor([1.0], requires_grad=True); w.grad = torch.tensor([1.0])
    >>> optimizer = torch.optim.SGD([w], lr=0.5)
    >>> set_learning_rate(optimizer, 0.25); optimizer.step(); w
    tensor([0.7500], requires_grad=True)

    Grows from: parameter_groups.
    """
    raise NotImplementedError
