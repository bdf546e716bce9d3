"""Modules have two modes.

Every module has a flag, `training`. The module is in train mode if the
flag is True, and in eval mode if it is False. Most layers ignore the
flag, but dropout and batch norm do not. train() and eval() set the flag
of a module and of all modules inside it, and they change nothing else:

    >>> model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    >>> _ = model.eval()
    >>> model[1].training  # eval() reaches the layers inside
    False
    >>> model(torch.ones(1, 3)).requires_grad  # autograd still records
    True

If you forget eval(), PyTorch raises no error. Your predictions then
change from call to call and depend on the other samples in the batch.

Every step: tensors are float32, and layers also work in float64. Results
have the dtype and device of the inputs, and inputs are not modified.

Afterwards you can say what train() and eval() change, and what they don't.
"""

import torch
from torch import nn


class Dropout(nn.Module):
    """Set random elements to 0 in train mode, and none in eval mode.

    Args:
        p: a float, 0 <= p < 1.

    Methods:
        forward(x): x may have any shape. In train mode, each element
            becomes 0 with probability p, and is divided by 1 - p
            otherwise. In eval mode, the result is equal to x.

    Must:
        - draw for every element separately, and anew in every call
        - follow every change of the mode
        - let gradients reach the kept elements, and only these
        - not use PyTorch's own dropout, neither layers nor functions.
          Other functions that draw random numbers are allowed.

    Example:
        >>> dropout = Dropout(0.75)
        >>> dropout(torch.ones(1000)).unique()
        tensor([0., 4.])
        >>> dropout.eval()(torch.ones(1000)).unique()
        tensor([1.])

    Foundations: dropout's two formulas, for training and afterwards.
    """

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand_like(x) >= self.p
        return x * kept / (1 - self.p)


class BatchNorm(nn.Module):
    """Normalize each column with batch statistics or running statistics.

    Attributes:
        weight, bias: the only parameters, (size,), ones and zeros.
        running_mean, running_var: buffers, (size,), zeros and ones.

    Methods:
        forward(x): (x - mean) / sqrt(var + eps) * weight + bias for x
            of shape (N, size). In train mode, N >= 2, and mean and var
            (divisor N) are those of each column of x. In eval mode,
            N >= 0, and mean and var are running_mean and running_var.

    Must:
        - in train mode only, set each buffer to
          (1 - momentum) * old + momentum * new, where new is the
          batch's mean for running_mean, and its var (divisor N - 1) for
          running_var. Do this even under no_grad.
        - let gradients flow through the batch's mean and var
        - keep no graph in the buffers
        - not use PyTorch's own batch norm, neither layer nor function

    Example:
        >>> BatchNorm(1, eps=0.0)(torch.tensor([[2.0], [6.0]])).tolist()
        [[-1.0], [1.0]]

    Foundations: standardized columns, then a learned scale and shift.
    """

    def __init__(self, size, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(size))
        self.bias = nn.Parameter(torch.zeros(size))
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=0), x.var(dim=0, correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=0), self.momentum)
        return (x - mean) / torch.sqrt(var + self.eps) * self.weight + self.bias


class Regularized(nn.Module):
    """Put batch norm, relu and dropout between two linear layers.

    Attributes:
        first: an nn.Linear from `inputs` to `hidden` features.
        norm: a batch norm of size `hidden`, yours or PyTorch's, with
            the default momentum and eps.
        drop: a dropout with probability p, yours or PyTorch's.
        last: an nn.Linear from `hidden` to `outputs` features.

    Methods:
        forward(x): applies first, norm, relu, drop and last to x, in
            this order. x has shape (N, inputs), with N >= 2 in train
            mode. The result has shape (N, outputs).

    Must:
        - make all four children, so that train() and eval() reach them
        - have no other parameters
        - let gradients reach every parameter

    Example:
        >>> Regularized(3, 4, 2, p=0.5)(torch.ones(5, 3)).shape
        torch.Size([5, 2])

    Grows from: Dropout and BatchNorm.
    """

    def __init__(self, inputs, hidden, outputs, p):
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.norm = BatchNorm(hidden)
        self.drop = Dropout(p)
        self.last = nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.last(self.drop(torch.relu(self.norm(self.first(x)))))


def predict(model, inputs):
    """Return model(inputs) in eval mode, and restore all modes.

    Args:
        model: an nn.Module. The modules inside it may have any modes.

    Returns:
        The tensor model(inputs), which does not require grad. Every
        module is in eval mode during the call, at any depth.

    Must:
        - restore the mode of each module, even if the model raises an
          error, and pass that error on
        - record no graph, not even during the call
        - call model(inputs), not model.forward(inputs)
        - not change the grad mode, requires_grad or running statistics

    Example:
        >>> model = nn.Sequential(nn.Dropout(0.5), nn.Flatten())
        >>> predict(model, torch.tensor([[1.0, 2.0]]))
        tensor([[1., 2.]])
        >>> model.training
        True

    Grows from: `predict_untracked` in lesson 2, which records no graph.
    """
    before = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return model(inputs)
    finally:
        for module, training in before:
            module.training = training


def slope(model, inputs, direction, step):
    """Return how fast the model's output changes in one direction.

    Args:
        model: an nn.Module. The modules inside it may have any modes.
        inputs, direction: tensors of the same shape.
        step: a float > 0.

    Returns:
        A tensor that does not require grad, the central difference
        (f(inputs + step * direction) - f(inputs - step * direction))
        / (2 * step). Here f is the model, with all of it in eval mode.

    Must:
        - restore the mode of each module before you return
        - not change running statistics

    Example:
        >>> x = torch.tensor([1.0, 2.0])
        >>> slope(nn.Dropout(0.5), x, torch.tensor([3.0, 0.0]), 0.25)
        tensor([3., 0.])

    Foundations: central differences, with which you checked gradients.
    """
    ahead = predict(model, inputs + step * direction)
    behind = predict(model, inputs - step * direction)
    return (ahead - behind) / (2 * step)


def freeze_statistics(model):
    """Put every batch norm layer in eval mode, and no other module.

    Args:
        model: an nn.Module in train mode, perhaps a batch norm layer
            itself. Modules inside it may already be in eval mode.

    Must:
        - find batch norm layers at any depth: nn.BatchNorm1d,
          nn.BatchNorm2d, nn.BatchNorm3d and their subclasses
        - leave all other modules in their mode, including LayerNorm,
          GroupNorm and InstanceNorm
        - not change running statistics or requires_grad
        - return None

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
        >>> freeze_statistics(model)
        >>> model[0].training
        True
        >>> model[1].training
        False

    Grows from: BatchNorm, which changes its buffers in train mode only.
    """
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.eval()


def modes(model):
    """Return the mode of the model and of every module inside it.

    Args:
        model: an nn.Module. The modules inside it may have any modes.

    Returns:
        A dict with an entry for each module, at any depth. The key is
        the module's dotted name, for example "encoder.norm", and "" for
        the model itself. The value is "train" or "eval". If a module is
        in two places, one of its names is enough.

    Must:
        - not change any mode

    Example:
        >>> model = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))
        >>> _ = model[1].eval()
        >>> modes(model)
        {'': 'train', '0': 'train', '1': 'eval'}

    Grows from: predict, which changes modes and puts them back.
    """
    return {name: "train" if module.training else "eval" for name, module in model.named_modules()}


class RunningMean(nn.Module):
    """Subtract a mean that is updated in every call.

    Attributes:
        mean: the only buffer, of shape (size,), zeros at first. There
            are no parameters.

    Methods:
        forward(inputs): inputs has shape (N, size), N >= 1. First sets
            the buffer to 0.9 * old + 0.1 * batch, where batch is the
            mean of each column of inputs. Then returns inputs - mean,
            with the new mean.

    Must:
        - update the buffer in train mode and in eval mode
        - keep no graph in the buffer
        - let gradients reach inputs, with the mean treated as a constant

    Example:
        >>> center = RunningMean(2)
        >>> center(torch.tensor([[10.0, 0.0], [30.0, 20.0]]))
        tensor([[ 8., -1.],
                [28., 19.]])
        >>> center.mean
        tensor([2., 1.])

    Grows from: Standardizer in kata 1. BatchNorm has such a buffer too,
    but updates it only in train mode.
    """

    def __init__(self, size):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))

    def forward(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * inputs.detach().mean(dim=0)
        return inputs - self.mean


def average_predictions(model, inputs, samples):
    """Return the mean of several predictions, made with dropout on.

    Args:
        model: an nn.Module in any mode, perhaps an nn.Dropout itself.
        samples: the number of predictions, at least 1.

    Returns:
        A tensor that does not require grad, with the shape of one
        prediction: the mean over all predictions, element by element.

    Must:
        - call the model exactly `samples` times
        - have every nn.Dropout in train mode, with new masks in each
          call, and every other module in eval mode, at any depth. Other
          dropout classes, like nn.Dropout2d, may be in either mode.
        - record no graph, not even during the calls
        - restore all modes, and not change grad mode or running statistics

    Example:
        >>> model = nn.Sequential(nn.Dropout(0.5), nn.Flatten())
        >>> average_predictions(model, torch.ones(1, 1000), 2).unique()
        tensor([0., 1., 2.])

    Grows from: predict. Here, one kind of layer stays in train mode.
    """
    before = [(module, module.training) for module in model.modules()]
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = [model(inputs) for _ in range(samples)]
    for module, training in before:
        module.training = training
    return torch.stack(answers).mean(dim=0)
