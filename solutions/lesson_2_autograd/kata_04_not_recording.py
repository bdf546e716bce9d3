"""Not recording.

Autograd records whatever happens to a tracked tensor. Often you don't want that: an update is no part of
the graph, a prediction for a customer needs no gradient, and a logged number must not drag a graph along.
Here you switch recording off, cut graphs, and take tensors out of them. All is float32, and every result
lives on its inputs' device.
"""

import torch


def step_downhill(parameters, learning_rate):
    """Take one step of gradient descent, in place: each parameter moves against its own gradient.

    parameters: tracked leaves, in any iterable, also a generator, which can be gone through only once.
    Returns: nothing. Each parameter changes in its own memory, by -learning_rate * .grad, and stays a
    tracked leaf. The grad mode, which is whether autograd records, and each .grad stay as they are, and so
    does a parameter whose .grad is None.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> w.grad = torch.tensor([10.0, -20.0])
    >>> step_downhill([w], 0.1)
    >>> w
    tensor([0., 4.], requires_grad=True)

    In Foundations: w -= learning_rate * gradient, for each parameter.
    """
    with torch.no_grad():
        for parameter in parameters:
            if parameter.grad is not None:
                parameter -= learning_rate * parameter.grad


def predict_untracked(features, weights):
    """Return the matrix product of `features` and `weights`, which is not recorded.

    features: (N, D), weights: (D,), tracked or not; they stay so.  Returns: (N,), not tracked. No graph is
    made at all: one that is cut off later has held on to its inputs by then. The grad mode is afterwards
    what it was, on or off, even if the shapes don't fit: PyTorch's error is passed on.

    >>> w = torch.tensor([2.0, -1.0], requires_grad=True)
    >>> predict_untracked(torch.tensor([[1.0, 1.0], [3.0, 0.5]]), w)
    tensor([1.0000, 5.5000])

    In Foundations: predict, without a bias; nothing was ever recorded there.
    """
    with torch.no_grad():
        return features @ weights


def without_history(x):
    """Return the values of `x` as a tensor without a graph behind it, in the memory of `x`.

    x: any shape, tracked or not, a leaf or not; it keeps its graph, and gradients still flow through it.
    Returns: as `x`, but not tracked.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> x = 3 * w
    >>> without_history(x), x.requires_grad
    (tensor([3., 6.]), True)

    In Foundations: a number taken from the graph, with no edge back to its node.
    """
    return x.detach()


def frozen_copy(x):
    """Return the values that `x` has now, without a graph behind them, in memory of their own.

    x: any shape, tracked or not, a leaf or not; it keeps its graph.  Returns: as `x`, but not tracked; a
    later change of `x` does not show in it.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> before = frozen_copy(w)
    >>> with torch.no_grad():
    ...     w += 10
    >>> before
    tensor([1., 2.])

    In Foundations: weights.copy().
    """
    return x.detach().clone()


def running_mean_loss(losses):
    """Return the mean of the losses, as a Python float, without keeping their graphs.

    losses: an iterable of one or more tracked losses of shape (), often a generator, which makes each when
    it is asked for it.  Returns: a float. Let go of each loss and its graph once the next one comes: no more
    than two are alive at a time, none at the end. The losses stay as they are. A generator's code runs in your grad
    mode: leave that on.

    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> running_mean_loss((w - target) ** 2 for target in [1.0, 4.0])
    2.5

    In Foundations: the mean of a list of losses, which were plain numbers.
    """
    total, count = 0.0, 0
    for loss in losses:
        total += loss.item()
        count += 1
    return total / count


def towards_target(prediction_of, w, target_of):
    """Return a prediction's mean squared error against a target through which no gradient flows back.

    w: a tracked leaf.  prediction_of, target_of: functions of `w` that return (N,). Either may use other
    tracked tensors too, and target_of may return `w` itself.  Returns: shape (), with a graph in which the
    target is a constant. You don't go backward here.

    >>> w = torch.tensor([2.0, 4.0], requires_grad=True)
    >>> loss = towards_target(lambda w: 3 * w, w, lambda w: w)
    >>> loss.backward()
    >>> loss.item(), w.grad
    (40.0, tensor([12., 24.]))

    In Foundations: mean_squared_error, whose targets were plain numbers.
    """
    target = target_of(w).detach()
    return ((prediction_of(w) - target) ** 2).mean()


def freeze(parameters):
    """Make the parameters untracked, in place: no gradient will come to them any more.

    parameters: leaves, in any iterable, also a generator, which can be gone through only once; some may be
    untracked already, or have no gradient.  Returns: nothing. They stay the same tensors with the same
    values; each .grad is None afterwards. Other tensors and the grad mode stay as they are.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> freeze([w])
    >>> w
    tensor([1., 2.])

    In Foundations: a parameter that you left out of the update.
    """
    for parameter in parameters:
        parameter.requires_grad_(False)
        parameter.grad = None


def evaluate(f, x):
    """Return f(x), with recording off while `f` runs, for use in a recorded computation later.

    f: returns a new tensor; may use tracked tensors of its own.  x: any shape; stays as it is.
    Returns: f(x), not tracked: later on, it is a constant among tracked tensors. The grad mode is afterwards
    what it was, on or off, even if `f` raises an error: that is passed on.

    >>> w = torch.tensor([2.0, 3.0], requires_grad=True)
    >>> result = evaluate(lambda x: x * w, torch.tensor([1.0, 10.0]))
    >>> (result * w).sum().backward()
    >>> result, w.grad
    (tensor([ 2., 30.]), tensor([ 2., 30.]))

    Grows from: predict_untracked, for any function.
    """
    # inference_mode would be a little faster, but what it makes can't be used in a recorded computation.
    with torch.no_grad():
        return f(x)
