"""Capstone: descent by autograd alone.

In lesson 1 you fitted a line, and in Foundations a line and a two-layer net, with gradients that you had worked
out on paper. Here the graph works them out, and every number must come out as before. You write each part
yourself: there is nothing from torch.nn or torch.optim in here. Every result has the dtype of what it is made
from, and lives on its device.
"""

import torch


def line_loss(features, targets, weights, bias):
    """Return the line's mean squared error, with a graph back to its parameters.

    features: (N, D).  targets: (N,).  weights: (D,).  bias: shape ().  Returns: shape (). Raise ValueError where
    the predictions' shape is not that of the targets: nothing is broadcast. Work it out yourself, without
    torch.nn. The inputs stay as they are, and nothing is sent backward yet.

    >>> weights, bias = torch.tensor([1.0], requires_grad=True), torch.tensor(1.0, requires_grad=True)
    >>> loss = line_loss(torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0]), weights, bias)
    >>> loss.backward()
    >>> loss.item(), weights.grad, bias.grad
    (2.0, tensor([-6.]), tensor(-2.))

    In Foundations: predict and mean_squared_error.
    """
    predictions = features @ weights + bias
    if predictions.shape != targets.shape:
        raise ValueError(f"predictions {tuple(predictions.shape)} against targets {tuple(targets.shape)}")
    return ((predictions - targets) ** 2).mean()


def slopes(loss, parameters):
    """Return the gradient of the loss for each parameter; no .grad in the graph is touched.

    loss: tracked, shape ().  parameters: tracked leaves, in any iterable, also a generator.  Returns: a list
    of untracked tensors, each shaped as its parameter: zeros where the loss does not depend on it. Each .grad
    is afterwards what it was before, also that of leaves you were not given. The graph may be freed.

    >>> w, b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(3.0, requires_grad=True)
    >>> slopes((w**2).sum(), [w, b]), w.grad
    ([tensor([2., 4.]), tensor(0.)], None)

    In Foundations: gradients and net_gradients, which returned the gradients and stored them nowhere.
    """
    return list(torch.autograd.grad(loss, list(parameters), materialize_grads=True))


def line_descend(features, targets, weights, bias, learning_rate, steps):
    """Return the weights, the bias and the loss of every step of gradient descent, with gradients by autograd.

    features: (N, D).  targets: (N,).  weights: (D,).  bias: shape (). None is tracked, and all stay as they are.
    Returns: a tuple of (steps + 1, D), (steps + 1,) and (steps + 1,), untracked, each from the first state on.
    Weights and bias step together, from the same loss. Write no formula for a gradient; use no torch.optim.

    >>> features, targets = torch.tensor([[1.0], [3.0]]), torch.tensor([2.0, 6.0])
    >>> line_descend(features, targets, torch.tensor([1.0]), torch.tensor(1.0), 0.1, 1)
    (tensor([[1.0000],
            [1.6000]]), tensor([1.0000, 1.2000]), tensor([2.0000, 0.3200]))

    Grows from: line_loss and slopes. In Foundations: descend.
    """
    parameters, history = (weights, bias), []
    for _ in range(steps + 1):
        parameters = [parameter.detach().requires_grad_() for parameter in parameters]
        loss = line_loss(features, targets, *parameters)
        history.append([each.detach() for each in (*parameters, loss)])
        downhill = zip(parameters, slopes(loss, parameters), strict=True)
        parameters = [parameter - learning_rate * slope for parameter, slope in downhill]
    return tuple(torch.stack(column) for column in zip(*history, strict=True))


def net_loss(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Return the net's mean squared error, with a graph back to its parameters.

    The net: tanh(features @ weights_1 + bias_1) @ weights_2 + bias_2.  features: (N, D).  targets: (N,).
    weights_1: (D, H).  bias_1, weights_2: (H,).  bias_2: shape ().  Returns: shape (). Work it out without
    torch.nn. The inputs stay as they are, and nothing is sent backward yet.

    >>> w_1, w_2, b_2 = torch.zeros(1, 2, requires_grad=True), torch.tensor([5.0, 7.0]), torch.tensor(3.0)
    >>> loss = net_loss(torch.tensor([[2.0]]), torch.tensor([1.0]), w_1, torch.zeros(2), w_2, b_2)
    >>> loss.backward()
    >>> loss.item(), w_1.grad
    (4.0, tensor([[40., 56.]]))

    In Foundations: net_predict; and net_gradients, which you need not write any more.
    """
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return line_loss(hidden, targets, weights_2, bias_2)


def net_descend(features, targets, parameters, learning_rate, steps):
    """Return the parameters and the loss of every step of gradient descent on the net's mean squared error.

    parameters: a tuple (weights_1, bias_1, weights_2, bias_2), untracked; it and the data stay as they are.
    Returns: a list of steps + 1 such tuples, and the losses, (steps + 1,); both from the first state on, all
    untracked. Every tensor has memory of its own, the first tuple's too. Write no formula; use no torch.optim.

    >>> start = (torch.zeros(1, 2), torch.zeros(2), torch.zeros(2), torch.tensor(3.0))
    >>> states, losses = net_descend(torch.tensor([[2.0]]), torch.tensor([1.0]), start, 0.25, 1)
    >>> len(states), states[0][3], states[1][3], losses
    (2, tensor(3.), tensor(2.), tensor([4., 1.]))

    Grows from: net_loss and slopes. In Foundations: net_descend.
    """
    states, losses = [], []
    parameters = [parameter.clone() for parameter in parameters]
    for _ in range(steps + 1):
        parameters = [parameter.detach().requires_grad_() for parameter in parameters]
        loss = net_loss(features, targets, *parameters)
        states.append(tuple(parameter.detach() for parameter in parameters))
        losses.append(loss.detach())
        downhill = zip(parameters, slopes(loss, parameters), strict=True)
        parameters = [parameter - learning_rate * slope for parameter, slope in downhill]
    return states, torch.stack(losses)
