"""Autograd replaces your formulas, but not your decisions.

In Foundations you derived a formula for each gradient of a line and of a
two-layer net. Autograd needs only the loss, and its numbers are the same:

    >>> x = torch.tensor([1.0, 2.0])
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> errors = w * x - 5
    >>> (errors**2).mean().backward()
    >>> w.grad
    tensor(-10.)
    >>> (2 * errors * x).mean().item()  # by the formula
    -10.0

A new model needs no new formula. But you still decide what is a leaf, what
is recorded, and what is updated. If a part of the model is missing from
the graph, its parameters learn nothing, and autograd raises no error.

Every step: results have the dtype and device of the inputs. Inputs and
their .grad do not change. Write each step without torch.nn and torch.optim.

Afterwards you can train a model without a formula for its gradients.
"""

import torch


def line_loss(features, targets, weights, bias):
    """Return the mean squared error of a line, with a graph.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        weights, bias: leaf tensors (D,) and () that require grad.

    Returns:
        A tensor of shape (): the mean of (predictions - targets)**2 with
        predictions = features @ weights + bias.

    Must:
        - raise a ValueError if the shapes of the predictions and the
          targets differ, even if PyTorch could broadcast them
        - not call backward(), which is left to the caller

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> b = torch.tensor(1.0, requires_grad=True)
        >>> x, y = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0])
        >>> line_loss(x, y, w, b).backward()
        >>> b.grad
        tensor(-2.)

    Foundations: `foundations.predict` and `foundations.mean_squared_error`.
    """
    raise NotImplementedError


def slopes(loss, parameters):
    """Return the gradient of the loss for each parameter; change no .grad.

    Args:
        loss: a tensor of shape () that requires grad. Its graph may be
            freed.
        parameters: an iterable of leaf tensors that require grad, for
            example a list or a generator, which can be read only once.

    Returns:
        A list with one tensor for each parameter, with its shape. The
        tensor is all zeros if the loss does not depend on the parameter.
        It does not require grad.

    Must:
        - leave every .grad as it was, even those of leaves that are not
          among the parameters

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> b = torch.tensor(3.0, requires_grad=True)
        >>> slopes((w**2).sum(), [w, b])
        [tensor([2., 4.]), tensor(0.)]

    Foundations: `foundations.net_gradients` returned gradients, too.
    """
    raise NotImplementedError


def line_descend(features, targets, weights, bias, learning_rate, steps):
    """Fit a line by gradient descent and return the whole history.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        weights, bias: the values to start from, tensors (D,) and (). They
            do not require grad.
        steps: the number of updates, 0 or more.

    Returns:
        A tuple (weights, biases, losses) with the shapes (steps + 1, D),
        (steps + 1,) and (steps + 1,). Row i holds the values after i
        updates, and row 0 those at the start. No tensor requires grad.

    Must:
        - compute both gradients of an update with autograd, from one loss

    Example:
        >>> x, y = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0])
        >>> w, b = torch.tensor([1.0]), torch.tensor(1.0)
        >>> weights, biases, losses = line_descend(x, y, w, b, 0.125, 1)
        >>> biases
        tensor([1.0000, 1.2500])

    Grows from: line_loss and slopes, in the loop of `foundations.descend`.
    """
    raise NotImplementedError


def net_loss(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Return the mean squared error of a two-layer net, with a graph.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        weights_1, bias_1, weights_2, bias_2: tensors (D, H), (H,), (H,)
            and (). Each of them may require grad or not.

    Returns:
        A tensor of shape (): the mean of (predictions - targets)**2 with
        hidden = tanh(features @ weights_1 + bias_1)
        predictions = hidden @ weights_2 + bias_2

    Must:
        - not call backward(), which is left to the caller

    Example:
        >>> w_1 = torch.zeros(1, 2, requires_grad=True)
        >>> w_2, b_2 = torch.tensor([5.0, 7.0]), torch.tensor(3.0)
        >>> x, y = torch.tensor([[2.0]]), torch.tensor([1.0])
        >>> net_loss(x, y, w_1, torch.zeros(2), w_2, b_2).backward()
        >>> w_1.grad
        tensor([[40., 56.]])

    Foundations: `foundations.net_predict`.
    """
    raise NotImplementedError


def net_descend(features, targets, parameters, learning_rate, steps):
    """Train the parameters that require grad, and return all states.

    Args:
        features, targets: tensors (N, D) and (N,), N >= 1.
        parameters: a tuple (weights_1, bias_1, weights_2, bias_2) of leaf
            tensors. At least one requires grad; the others are frozen.
        steps: the number of updates, 0 or more.

    Returns:
        A tuple (states, losses): a list of steps + 1 tuples like
        `parameters`, and a tensor of their losses, (steps + 1,). Index i
        is the state after i updates. No tensor requires grad.

    Must:
        - compute all gradients of an update with autograd, from one loss
        - share no memory between states or with the given parameters

    Example:
        >>> b_2 = torch.tensor(3.0, requires_grad=True)
        >>> net = (torch.zeros(1, 2), torch.zeros(2), torch.zeros(2), b_2)
        >>> net_descend(torch.ones(1, 1), torch.ones(1), net, 0.25, 1)[1]
        tensor([4., 1.])

    Grows from: net_loss and slopes.
    """
    raise NotImplementedError


def fit_cooling(measured, first, keep, learning_rate, steps):
    """Fix this fit of a cooling curve: it never updates `first`.

    Args:
        measured: the temperatures after 1, 2, ..., N minutes, (N,), N >= 1.
        first, keep: the values to start from, tensors of shape () that do
            not require grad. In the model, the temperature is `first` at
            minute 0, and each minute multiplies it by `keep`.
        steps: the number of updates, 0 or more.

    Returns:
        A tuple (first, keep, losses): the two values after all updates,
        which do not require grad, and a list of Python floats. Each one
        is the mean squared error before an update.

    Symptom: as given, `first` is still 1 in the example, without an error.

    Example:
        >>> measured, one = torch.tensor([2.0, 2.0]), torch.tensor(1.0)
        >>> fit_cooling(measured, one, one, 0.25, 1)
        (tensor(1.5000), tensor(1.7500), [1.0])

    Foundations: backprop goes back through every operation between a
    parameter and the loss.
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    parameters = [first.clone().requires_grad_(), keep.clone().requires_grad_()]
    losses = []
    for _ in range(steps):
        temperature, predictions = parameters[0], []
        for _ in range(len(measured)):
            temperature = parameters[1] * temperature.detach()
            predictions.append(temperature)
        loss = ((torch.stack(predictions) - measured) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None
    return parameters[0].detach(), parameters[1].detach(), losses
