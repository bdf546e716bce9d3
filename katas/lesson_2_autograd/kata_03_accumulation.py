"""Gradients accumulate.

backward() adds to .grad. It does not replace the old gradient. The first
backward pass turns None into a gradient. After that, every pass adds its
gradient to what .grad holds, until you clear it:

    >>> a = torch.tensor(2.0, requires_grad=True)
    >>> (10 * a).backward()
    >>> a.grad
    tensor(10.)
    >>> (10 * a).backward()
    >>> a.grad  # the gradient is still 10, but .grad holds 10 + 10
    tensor(20.)

If you forget to clear .grad, PyTorch raises no error, but the updates are
wrong. If you accumulate on purpose, you can train with batches that are too
large for memory.

Every step: tensors are float32. Tensors that you return are on the device
of the inputs. Only `train` changes the values of a parameter.

Afterwards you can say what .grad holds at any line of a training loop.
"""

import torch


def gradients_seen(loss_of, w, times):
    """Run `times` backward passes and return w.grad after each of them.

    Args:
        loss_of: a function; loss_of(w) returns the loss, shape (). Call
            it once for each pass.
        w: a leaf tensor of any shape that requires grad. w.grad may
            already hold a gradient.
        times: the number of passes, 0 or more.

    Returns:
        A list of `times` tensors with the shape of w: w.grad as it was
        after each pass. No entry shares memory with w.grad or with
        another entry.

    Must:
        - never clear w.grad: not before, between or after the passes

    Example:
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> gradients_seen(lambda w: w**2, w, 3)
        [tensor(6.), tensor(12.), tensor(18.)]

    Foundations: a node that is used twice receives the sum of both
    gradients. Two passes add up in the same way.
    """
    raise NotImplementedError


def clear(parameters):
    """Clear all gradients: each .grad becomes None or all zeros.

    Args:
        parameters: an iterable of leaf tensors, for example a list or a
            generator. A .grad may be None, or contain nan or inf.

    Must:
        - leave the parameters' values and requires_grad unchanged
        - return None

    Example:
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> w.grad = torch.tensor(100.0)
        >>> clear([w])
        >>> (w**2).backward()
        >>> w.grad
        tensor(6.)

    Foundations: `foundations.gradients` starts from zero on every call, but
    backward() does not. In lesson 4, optimizer.zero_grad() does this job.
    """
    raise NotImplementedError


def fresh_gradient(loss_of, w):
    """Return the gradient at w, even if w.grad holds an old gradient.

    Args:
        loss_of: a function; loss_of(w) returns the loss, shape ().
        w: a leaf tensor of any shape that requires grad.

    Returns:
        A tensor with the shape of w that does not require grad and does
        not share memory with w.grad.

    Must:
        - leave the same gradient in w.grad, without the old one

    Example:
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> fresh_gradient(lambda w: w**2, w)
        tensor(6.)
        >>> fresh_gradient(lambda w: 5 * w, w)
        tensor(5.)

    Grows from: gradients_seen and clear.
    """
    raise NotImplementedError


def accumulate(loss_of, batches):
    """Leave the gradient of the mean loss over all samples in .grad.

    Args:
        loss_of: a function; loss_of(features, targets) returns the mean
            loss of these samples, shape (). It uses some parameters. The
            .grad of each is None at first, and must hold the result.
        batches: a non-empty list of pairs (features, targets) with
            shapes (n, D) and (n,). n >= 1 may differ from batch to batch.

    Must:
        - call loss_of once for each batch
        - free each batch's graph with a backward pass before the next call
        - return None

    Example:
        >>> w = torch.tensor(2.0, requires_grad=True)
        >>> x, y = torch.ones(4, 1), torch.tensor([4.0, 4.0, 4.0, 8.0])
        >>> batches = [(x[:3], y[:3]), (x[3:], y[3:])]
        >>> accumulate(lambda x, y: (w * y).mean(), batches)
        >>> w.grad
        tensor(5.)

    Foundations: the mean over all samples, from sums over parts of them.
    """
    raise NotImplementedError


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
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def mean_and_sum(losses_of, w):
    """Return the gradients of the losses' mean and sum from one backward pass.

    Args:
        losses_of: a function; losses_of(w) returns one loss per sample,
            shape (N,), N >= 1.
        w: a leaf tensor of any shape that requires grad. An old gradient
            in w.grad must not affect the result. Afterwards w.grad may
            hold anything.

    Returns:
        A tuple (gradient of the mean, gradient of the sum): two tensors
        with the shape of w that do not share memory with each other.

    Example:
        >>> w = torch.tensor(2.0, requires_grad=True)
        >>> mean_and_sum(lambda w: w * torch.tensor([1.0, 2.0, 6.0]), w)
        (tensor(3.), tensor(9.))

    Foundations: the 1 / N in `foundations.gradients`. A sum has none.
    """
    raise NotImplementedError
