"""Other right answers to katas/lesson_2_autograd/kata_03_accumulation.py: the tests must accept them."""

import torch


def gradients_seen__copied_into_an_empty_one(loss_of, w, times):
    seen = []
    for _ in range(times):
        loss = loss_of(w)
        loss.backward(torch.ones_like(loss))
        seen.append(torch.empty_like(w.grad).copy_(w.grad))
    return seen


def gradients_seen__sums_of_passes(loss_of, w, times):
    seen = []
    for _ in range(times):
        loss_of(w).backward()
        seen += [w.grad + 0]
    return seen


def gradients_seen__rows_of_one_tensor(loss_of, w, times):
    seen = torch.zeros(times, *w.shape, device=w.device)
    for row in range(times):
        loss_of(w).backward()
        seen[row] = w.grad
    return list(seen)


def clear__zeros_where_there_is_one(parameters):
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad.zero_()


def clear__zeros_for_all(parameters):
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None


def clear__deleted(parameters):
    for parameter in list(parameters):
        del parameter.grad


def fresh_gradient__zeroed(loss_of, w):
    if w.grad is not None:
        w.grad.zero_()
    loss_of(w).backward()
    return w.grad.detach().clone()


def fresh_gradient__assigned(loss_of, w):
    (gradient,) = torch.autograd.grad(loss_of(w), w)
    w.grad = gradient
    return gradient.clone()


def fresh_gradient__loss_first(loss_of, w):
    loss = loss_of(w)
    w.grad = torch.zeros_like(w)
    loss.backward()
    return 1 * w.grad


def accumulate__upstream_gradient(loss_of, batches):
    count = sum(features.shape[0] for features, _ in batches)
    for features, targets in batches:
        loss = loss_of(features, targets)
        loss.backward(torch.full_like(loss, len(targets) / count))


def accumulate__last_batch_first(loss_of, batches):
    count = 0
    for _, targets in batches:
        count += targets.numel()
    for features, targets in reversed(batches):
        loss = loss_of(features, targets)
        loss = loss * targets.numel()
        loss = loss / count
        loss.backward()


def train__zeroed_at_both_ends(loss_of, parameters, learning_rate, steps):
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter.sub_(parameter.grad, alpha=learning_rate)
                parameter.grad.zero_()
        losses.append(float(loss))
    return losses


def train__without_grad(loss_of, parameters, learning_rate, steps):
    losses = []
    for _ in range(steps):
        loss = loss_of(*parameters)
        slopes = torch.autograd.grad(loss, parameters)
        losses.append(loss.item())
        with torch.no_grad():
            for parameter, slope in zip(parameters, slopes, strict=True):
                parameter.copy_(parameter - learning_rate * slope)
    return losses


def train__cleared_on_top(loss_of, parameters, learning_rate, steps):
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        losses.append(loss_of(*parameters))
        losses[-1].backward()
        for parameter in parameters:
            parameter.data -= learning_rate * parameter.grad
    return [loss.item() for loss in losses]


def mean_and_sum__times_the_count(losses_of, w):
    losses = losses_of(w)
    w.grad = None
    losses.mean().backward()
    return w.grad, w.grad * losses.numel()


def mean_and_sum__stacked(losses_of, w):
    losses = losses_of(w)
    (gradient,) = torch.autograd.grad(losses.sum(), w)
    both = torch.stack([gradient / len(losses), gradient])
    return both[0], both[1]


def mean_and_sum__upstream_ones(losses_of, w):
    losses = losses_of(w)
    (of_sum,) = torch.autograd.grad(losses, w, torch.ones_like(losses))
    return of_sum / losses.shape[0], of_sum


def mean_and_sum__zeroed_and_cloned(losses_of, w):
    losses = losses_of(w)
    if w.grad is not None:
        w.grad.zero_()
    torch.sum(losses).backward()
    of_sum = w.grad.clone()
    w.grad /= len(losses)
    return w.grad, of_sum
