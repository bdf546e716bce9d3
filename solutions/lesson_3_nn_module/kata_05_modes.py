"""train and eval.

Some layers do one thing while a model learns and another while it answers. Which of the two is a flag, `training`,
that every module carries; train() and eval() set it in a module and in all modules below it, and in nothing else.
Whether autograd records is a switch of its own: eval() does not touch it, and no_grad does not touch the flag.
"""

import torch
from torch import nn


class Dropout(nn.Module):
    """Zero some of the numbers at random in training, and none in eval.

    Dropout(p): a probability, 0 <= p < 1.  forward(x): float32 or float64, any shape.  Returns: in training,
    a new tensor, as `x`: each number by itself is 0 with probability p, else it is divided by 1 - p, which
    keeps the mean; which ones is drawn anew at every call. In eval, `x` as it is. Gradients reach the kept
    numbers alone. By hand: the ready-made dropouts of PyTorch are not allowed.

    >>> sorted(set(Dropout(0.75)(torch.ones(1000)).tolist()))
    [0.0, 4.0]
    >>> Dropout(0.75).eval()(torch.tensor([1.0, 2.0]))
    tensor([1., 2.])

    In Foundations: dropout, there as a formula.
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
    """Normalize each column: by the batch in training, by what was seen in training in eval.

    BatchNorm(size, momentum=0.1, eps=1e-5): parameters `weight`, ones, and `bias`, zeros; buffers
    `running_mean`, zeros, and `running_var`, ones; all (size,), float32.  forward(x): (N, size), of their
    dtype; in training N >= 2.  Returns: (x - mean) / sqrt(var + eps) * weight + bias. In training, mean and
    var (divided by N) are the batch's, and gradients flow through them; each running number becomes
    (1 - momentum) * old + momentum * the batch's, with var divided by N - 1; no graph hangs on it. In eval,
    the running ones serve, and stay. PyTorch's own batch norm is not allowed.

    >>> BatchNorm(1, eps=0.0)(torch.tensor([[2.0], [6.0]])).tolist()
    [[-1.0], [1.0]]

    In Foundations: standardize, with two numbers to learn for each column.
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
    """A network of two layers with batch norm and dropout, which train() and eval() reach.

    Regularized(inputs, hidden, outputs, p) has these children: `first`, an nn.Linear from inputs to hidden;
    `norm`, a batch norm of size hidden; `drop`, a dropout of probability p; `last`, an nn.Linear from hidden
    to outputs. Batch norm and dropout may be yours or PyTorch's. Nothing else in it has parameters.
    forward(x): (N, inputs).  Returns: (N, outputs): x through first, norm, relu, drop and last, in turn.

    >>> model = Regularized(3, 4, 2, 0.5)
    >>> sorted(name for name, child in model.named_children())
    ['drop', 'first', 'last', 'norm']

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
    """Return the answer of `model` to `inputs`, all of it in eval mode, and leave no trace of it.

    model: a module; some parts of it may be in training and others in eval.  inputs: a tensor.
    Returns: what the call model(inputs) returns, a tensor; nothing is recorded by autograd.  Afterwards every
    module in the model has the mode it had before, even if the model raises an error, which passes through;
    and autograd records or not, as before.

    >>> model = nn.Sequential(nn.Dropout(0.5), nn.Flatten())
    >>> predict(model, torch.tensor([[1.0, 2.0]])), model.training
    (tensor([[1., 2.]]), True)

    Grows from: predict_untracked, which turned off one of the two switches.
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
    """Return how fast the model's answer changes as the inputs move in a direction: a central difference.

    model: a module, perhaps with dropout and in training.  inputs, direction: float32, of one shape.
    step: a float above 0.  Returns: as the model's answer: the difference of its answers at
    inputs + step * direction and inputs - step * direction, divided by the distance of 2 * step. Both are
    answers in eval mode, without a graph. Modes and inputs stay as they are.

    >>> slope(nn.Dropout(0.5), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 0.0]), 0.25)
    tensor([3., 0.])

    In Foundations: the central differences that checked your gradients.
    """
    ahead = predict(model, inputs + step * direction)
    behind = predict(model, inputs - step * direction)
    return (ahead - behind) / (2 * step)


def freeze_statistics(model):
    """Put every batch norm layer of the model in eval mode: its running statistics stay as they are.

    model: a module, in training, that holds batch norm layers (nn.BatchNorm1d, nn.BatchNorm2d or
    nn.BatchNorm3d, or a subclass of one) at any depth, or is one.  Returns: None.  All other modules keep
    their mode, even if they normalize too, and all parameters their requires_grad: they go on to learn.

    >>> model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    >>> freeze_statistics(model); model.training, model[1].training
    (True, False)

    Grows from: BatchNorm, whose running numbers are no parameters.
    """
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.eval()


def modes(model):
    """Return the mode of every module in the model, by name: a dict of "train" or "eval".

    model: a module; it stays as it is.  Returns: a dict with an entry for each module at any depth. Names
    are dotted, such as "encoder.norm", and that of the model itself is "".

    >>> model = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5))
    >>> _ = model[1].eval()
    >>> modes(model)
    {'': 'train', '0': 'train', '1': 'eval'}

    Grows from: predict, which switched the modes without a look at them.
    """
    return {name: "train" if module.training else "eval" for name, module in model.named_modules()}


def average_predictions(model, inputs, samples):
    """Return the mean of `samples` answers of the model, with dropout on and everything else in eval mode.

    model: a module, in any mode, with nn.Dropout layers at any depth.  inputs: a tensor.  samples: an int, at
    least 1: the model is called that many times, with new masks each time.  Returns: as one answer of the
    model: the mean over the calls; no graph. Running statistics, and every module's mode, stay as they were.

    >>> model = nn.Sequential(nn.Dropout(0.5), nn.Flatten()).eval()
    >>> average_predictions(model, torch.ones(1, 1000), 1).unique()
    tensor([0., 2.])

    Grows from: predict, with one kind of layer switched on again.
    """
    before = [(module, module.training) for module in model.modules()]
    for module, _ in before:
        module.training = isinstance(module, nn.Dropout)
    with torch.no_grad():
        answers = [model(inputs) for _ in range(samples)]
    for module, training in before:
        module.training = training
    return torch.stack(answers).mean(dim=0)
