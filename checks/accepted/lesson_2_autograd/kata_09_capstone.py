"""Other right answers to katas/lesson_2_autograd/kata_09_capstone.py: the tests must accept them."""

import torch


def _loss(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("shapes differ")
    return (predictions - targets).square().mean()


def _net(features, weights_1, bias_1, weights_2, bias_2):
    return (features @ weights_1 + bias_1).tanh() @ weights_2 + bias_2


def line_loss__by_products(features, targets, weights, bias):
    return _loss((features * weights).sum(dim=1) + bias, targets)


def line_loss__errors_times_errors(features, targets, weights, bias):
    errors = torch.matmul(features, weights) + bias
    if errors.shape != targets.shape:
        raise ValueError
    errors = errors - targets
    return errors @ errors / len(errors)


def slopes__none_replaced(loss, parameters):
    parameters = list(parameters)
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found, strict=True)]


def slopes__one_by_one(loss, parameters):
    return [
        torch.autograd.grad(loss, parameter, retain_graph=True, materialize_grads=True)[0] for parameter in parameters
    ]


def line_descend__backward_in_place(features, targets, weights, bias, learning_rate, steps):
    weights, bias = weights.clone().requires_grad_(), bias.clone().requires_grad_()
    history = []
    for step in range(steps + 1):
        loss = _loss(features @ weights + bias, targets)
        history.append((weights.detach().clone(), bias.detach().clone(), loss.detach()))
        if step < steps:
            loss.backward()
            with torch.no_grad():
                for parameter in (weights, bias):
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None
    return tuple(torch.stack(column) for column in zip(*history, strict=True))


def line_descend__through_torch_func(features, targets, weights, bias, learning_rate, steps):
    def loss_of(weights, bias):
        return _loss(features @ weights + bias, targets)

    history = []
    for _ in range(steps + 1):
        history.append((weights, bias, loss_of(weights, bias)))
        to_weights, to_bias = torch.func.grad(loss_of, argnums=(0, 1))(weights, bias)
        weights, bias = weights - learning_rate * to_weights, bias - learning_rate * to_bias
    return tuple(torch.stack(column) for column in zip(*history, strict=True))


def net_loss__method(features, targets, weights_1, bias_1, weights_2, bias_2):
    return _loss(_net(features, weights_1, bias_1, weights_2, bias_2), targets)


def net_loss__by_exponentials(features, targets, weights_1, bias_1, weights_2, bias_2):
    grown = torch.exp(2 * (features @ weights_1 + bias_1))
    return _loss(((grown - 1) / (grown + 1)) @ weights_2 + bias_2, targets)


def net_descend__backward_in_place(features, targets, parameters, learning_rate, steps):
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    states, losses = [], []
    for _ in range(steps + 1):
        loss = _loss(_net(features, *parameters), targets)
        states.append(tuple(parameter.detach().clone() for parameter in parameters))
        losses.append(loss.detach())
        loss.backward()
        for parameter in parameters:
            if parameter.grad is not None:
                with torch.no_grad():
                    parameter.sub_(learning_rate * parameter.grad)
                parameter.grad.zero_()
    return states, torch.stack(losses)


def net_descend__from_the_last_state(features, targets, parameters, learning_rate, steps):
    states = [tuple(parameter.detach().clone() for parameter in parameters)]
    losses = features.new_empty(steps + 1)
    for step in range(steps + 1):
        pairs = zip(states[-1], parameters, strict=True)
        leaves = [last.clone().requires_grad_(given.requires_grad) for last, given in pairs]
        loss = _loss(_net(features, *leaves), targets)
        losses[step] = loss.detach()
        if step < steps:
            loss.backward()
            new = [leaf - learning_rate * leaf.grad if leaf.requires_grad else leaf for leaf in leaves]
            states.append(tuple(each.detach() for each in new))
    return states, losses


def net_descend__steps_of_zero(features, targets, parameters, learning_rate, steps):
    trained = [parameter.requires_grad for parameter in parameters]
    now, states, losses = [parameter.detach().clone() for parameter in parameters], [], []
    for _ in range(steps + 1):
        leaves = [parameter.clone().requires_grad_() for parameter in now]
        loss = _loss(_net(features, *leaves), targets)
        states.append(tuple(now))
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss, leaves)
        now = [p - learning_rate * g * wanted for p, g, wanted in zip(now, gradients, trained, strict=True)]
    return states, torch.tensor(losses, dtype=features.dtype, device=features.device)


def fit_cooling__powers(measured, first, keep, learning_rate, steps):
    minutes = torch.arange(1, len(measured) + 1, device=measured.device)
    losses = []
    for _ in range(steps):
        leaves = [first.detach().requires_grad_(), keep.detach().requires_grad_()]
        loss = _loss(leaves[0] * leaves[1] ** minutes, measured)
        losses.append(float(loss))
        to_first, to_keep = torch.autograd.grad(loss, leaves)
        first, keep = first - learning_rate * to_first, keep - learning_rate * to_keep
    return first, keep, losses


def fit_cooling__products_in_a_row(measured, first, keep, learning_rate, steps):
    first, keep = first.clone().requires_grad_(), keep.clone().requires_grad_()
    losses = []
    for _ in range(steps):
        predictions = first * torch.cumprod(keep.expand(len(measured)), dim=0)
        loss = _loss(predictions, measured)
        losses.append(loss.detach().item())
        first.grad = keep.grad = None
        loss.backward()
        with torch.no_grad():
            first.sub_(learning_rate * first.grad)
            keep.sub_(learning_rate * keep.grad)
    return first.detach(), keep.detach(), losses
