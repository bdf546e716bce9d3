"""Answers that behave like a mistake in mistakes/lesson_2_autograd/kata_09_capstone.py, for another reason."""

import torch


def _loss(features, targets, weights, bias):
    predictions = features @ weights + bias
    if predictions.shape != targets.shape:
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def _net_loss(features, targets, weights_1, bias_1, weights_2, bias_2):
    return _loss(torch.tanh(features @ weights_1 + bias_1), targets, weights_2, bias_2)


def line_loss__not_recorded__new_tensor(features, targets, weights, bias):
    """A new tensor was made of the loss's value."""
    return torch.tensor(_loss(features, targets, weights, bias).item(), dtype=weights.dtype, device=weights.device)


def line_loss__bias_cut_off__as_a_number(features, targets, weights, bias):
    """The bias was read out as a Python number."""
    return _loss(features, targets, weights, bias.item())


def line_loss__reshaped__viewed(features, targets, weights, bias):
    """The targets were viewed in the shape of the predictions."""
    predictions = features @ weights + bias
    return ((predictions - targets.view_as(predictions)) ** 2).mean()


def line_descend__snapshots_share_memory__views(features, targets, weights, bias, learning_rate, steps):
    """The history holds views of the parameters."""
    weights, bias = weights.clone().requires_grad_(), bias.clone().requires_grad_()
    history = []
    for step in range(steps + 1):
        loss = _loss(features, targets, weights, bias)
        history.append((weights.detach().view(-1), bias.data, loss.item()))
        if step < steps:
            loss.backward()
            for parameter in (weights, bias):
                parameter.data -= learning_rate * parameter.grad
                parameter.grad = None
    losses = torch.tensor([row[2] for row in history], dtype=weights.dtype, device=weights.device)
    return torch.stack([row[0] for row in history]), torch.stack([row[1] for row in history]), losses


def net_loss__hidden_layer_cut_off__no_grad(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The hidden layer was computed under no_grad."""
    with torch.no_grad():
        hidden = torch.tanh(features @ weights_1 + bias_1)
    return _loss(hidden, targets, weights_2, bias_2)


def net_descend__nothing_updated__name_only(features, targets, parameters, learning_rate, steps):
    """The update was assigned to a name of the loop."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    states, losses = [], []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        states.append(tuple(parameter.detach().clone() for parameter in parameters))
        losses.append(loss.detach())
        for parameter in parameters:
            if parameter.requires_grad:
                (slope,) = torch.autograd.grad(loss, parameter, retain_graph=True)
                parameter = parameter - learning_rate * slope
    return states, torch.stack(losses)


def net_descend__nothing_updated__copies_with_a_graph(features, targets, parameters, learning_rate, steps):
    """The copies were made with clone() alone, so that they have no .grad."""
    parameters = [parameter.clone() for parameter in parameters]
    states, losses = [], []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        states.append(tuple(parameter.detach().clone() for parameter in parameters))
        losses.append(loss.detach())
        loss.backward(retain_graph=True)
        with torch.no_grad():
            for parameter in parameters:
                if parameter.is_leaf and parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
    return states, torch.stack(losses)


def net_descend__frozen_ones_trained__turned_on(features, targets, parameters, learning_rate, steps):
    """The copies were all made to require grad."""
    parameters = [parameter.detach().clone().requires_grad_() for parameter in parameters]
    states, losses = [], []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        states.append(tuple(parameter.detach().clone() for parameter in parameters))
        losses.append(loss.detach())
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
                parameter.grad = None
    return states, torch.stack(losses)


def _fit(next_temperature, first, keep, measured, learning_rate, steps):
    first, keep = first.clone().requires_grad_(), keep.clone().requires_grad_()
    losses = []
    for _ in range(steps):
        temperature, predictions = first, []
        for _ in range(len(measured)):
            temperature = next_temperature(temperature, keep)
            predictions.append(temperature)
        loss = ((torch.stack(predictions) - measured) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in (first, keep):
                if parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None
    return first.detach(), keep.detach(), losses


def fit_cooling__as_it_was__new_leaves(measured, first, keep, learning_rate, steps):
    """Each temperature became a new leaf that requires grad."""
    return _fit(lambda t, keep: keep * t.detach().requires_grad_(), first, keep, measured, learning_rate, steps)


def fit_cooling__as_it_was__numbers(measured, first, keep, learning_rate, steps):
    """Each temperature was read out as a Python number."""
    return _fit(lambda t, keep: keep * t.item(), first, keep, measured, learning_rate, steps)


def fit_cooling__first_reached_alone__number(measured, first, keep, learning_rate, steps):
    """`keep` was read out as a Python number, and the temperatures kept their graph."""
    return _fit(lambda t, keep: keep.item() * t, first, keep, measured, learning_rate, steps)


def line_loss__flattened__entries_counted(features, targets, weights, bias):
    """The numbers of entries were compared."""
    predictions = features @ weights + bias
    if predictions.numel() != targets.numel():
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def fit_cooling__given_values_tracked__attribute(measured, first, keep, learning_rate, steps):
    """requires_grad was set by an assignment."""
    fitted = _fit(lambda t, keep: keep * t, first, keep, measured, learning_rate, steps)
    first.requires_grad = keep.requires_grad = True
    return fitted
