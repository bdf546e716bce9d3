"""Accumulation: gradients add up.

A parameter's .grad is one tensor that goes on changing: every backward pass adds to what it holds, and
nothing but you empties it. Forget that, and there is no error, only a gradient that grows. Make use of it,
and a batch too large for the memory can be taken in parts. Every tensor here is float32, and every result
lives on its input's device.
"""

import torch


def gradients_seen(loss_of, w, times):
    """Work out loss_of(w) anew and send it backward, `times` times; return what w.grad held after each.

    loss_of: a function that returns a loss of shape ().  w: a tracked leaf, any shape.
    Returns: a list of `times` tensors shaped as w, each with memory of its own. Clear nothing: what w.grad
    holds before the first pass counts too, and what it holds after the last one stays.

    >>> gradients_seen(lambda w: w**2, torch.tensor(3.0, requires_grad=True), 3)
    [tensor(6.), tensor(12.), tensor(18.)]

    In Foundations: a node that is used twice has the sum of both gradients; .grad sums over the passes, too.
    """
    seen = []
    for _ in range(times):
        loss_of(w).backward()
        # w.grad is one tensor that every pass adds to: only a copy keeps what it holds now.
        seen.append(w.grad.clone())
    return seen


def clear(parameters):
    """Leave no gradient in any of the parameters: afterwards each one's .grad is None or all zeros.

    parameters: any iterable of leaves, such as a list or a generator; some may have no gradient yet.
    Returns: nothing. Values and requires_grad stay as they are.

    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> w.grad = torch.tensor(100.0)
    >>> clear([w]), (w**2).backward(), w.grad
    (None, None, tensor(6.))

    In Foundations: gradients, which worked everything out anew at every call.
    """
    for parameter in parameters:
        parameter.grad = None


def fresh_gradient(loss_of, w):
    """Return the gradient of loss_of at w, and nothing from before, even if w.grad holds something.

    loss_of: a function that returns a loss of shape ().  w: a tracked leaf, any shape.
    Returns: an untracked tensor shaped as w that shares no memory with w.grad, which holds the same numbers
    afterwards. The values of w stay as they are.

    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> fresh_gradient(lambda w: w**2, w), fresh_gradient(lambda w: 5 * w, w)
    (tensor(6.), tensor(5.))

    Grows from: gradients_seen and clear.
    """
    clear([w])
    loss_of(w).backward()
    return w.grad.clone()


def accumulate(loss_of, batches):
    """Leave in each parameter's .grad the gradient of the mean loss over the samples of all batches together.

    batches: a list of pairs, features (n, D) and targets (n,), of uneven n.  loss_of(features, targets): the
    mean loss of these n samples, shape (); its parameters have no gradient yet.  Returns: nothing. Call
    loss_of once on each batch, and free its graph by a backward pass before the next call.

    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> x, y = torch.ones(4, 1), torch.tensor([4.0, 4.0, 4.0, 8.0])
    >>> accumulate(lambda x, y: (w * y).mean(), [(x[:3], y[:3]), (x[3:], y[3:])]), w.grad
    (None, tensor(5.))

    In Foundations: the mean over all samples, split into sums over parts of them.
    """
    count = sum(len(targets) for _, targets in batches)
    for features, targets in batches:
        # A mean over n samples is worth n / count of the mean over all.
        share = len(targets) / count
        (loss_of(features, targets) * share).backward()


def train(loss_of, parameters, learning_rate, steps):
    """Fix this gradient descent, which goes wrong from the second update on.

    Args:
        loss_of: loss_of(*parameters) returns the loss, shape (), and uses
            all parameters.
        parameters: a list of leaf tensors that require grad. Update them
            in place. An old gradient in .grad must not affect the result.
        steps: the number of updates, 0 or more.

    Returns:
        A list of Python floats: the loss before each update.

    Symptom: as given, the example's last loss is 12.25.

    Example:
        >>> w = torch.tensor(4.0, requires_grad=True)
        >>> train(lambda w: w**2, [w], 0.25, 4)
        [16.0, 4.0, 1.0, 0.25]

    Foundations: `foundations.descend` and `foundations.net_descend`.
    """
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        clear(parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def mean_and_sum(losses_of, w):
    """Return the gradients at w of the mean of the losses and of their sum, both from one backward pass.

    losses_of: a function that returns a loss for each of N samples, shape (N,), N at least 1.  w: a leaf that
    requires a gradient, any shape. What its .grad holds before must not count; what it holds afterwards is up
    to you.  Returns: a tuple of two tensors shaped as w, that share no memory with each other.

    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> mean_and_sum(lambda w: w * torch.tensor([1.0, 2.0, 6.0]), w)
    (tensor(3.), tensor(9.))

    In Foundations: the 1 / N in gradients, which a sum does not have.
    """
    losses = losses_of(w)
    total = fresh_gradient(lambda _: losses.sum(), w)
    return total / len(losses), total
