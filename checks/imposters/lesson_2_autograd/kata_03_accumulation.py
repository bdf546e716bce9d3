"""Wrong answers that behave like a mistake of mistakes/lesson_2_autograd/kata_03_accumulation.py for another reason."""

import torch


def clear__stops_at_none__first_alone(parameters):
    """It returns after the first gradient that is None; here an exception ends the loop."""
    try:
        for parameter in parameters:
            parameter.grad.zero_()
    except AttributeError:
        pass


def train__cleared_before_the_update__new_names(loss_of, parameters, learning_rate, steps):
    """`parameter = parameter - …` binds a local name to a new tensor."""
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss = loss_of(*parameters)
        loss.backward()
        for parameter in parameters:
            parameter = parameter - learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def train__new_tensors_in_the_list__cloned(loss_of, parameters, learning_rate, steps):
    """The list gets clones, which are updated in place."""
    for place, parameter in enumerate(parameters):
        parameters[place] = parameter.detach().clone().requires_grad_()
    losses = []
    for _ in range(steps):
        for parameter in parameters:
            parameter.grad = None
        loss = loss_of(*parameters)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
        losses.append(loss.item())
    return losses


def mean_and_sum__divided_in_place__one_tensor(losses_of, w):
    """The gradient of the mean is returned twice, and nothing is divided."""
    of_mean = torch.autograd.grad(losses_of(w).mean(), w)[0]
    return of_mean, of_mean


def clear__of_the_container__read(parameters):
    """The .grad of the container is read, not set."""
    parameters.grad.zero_()


def gradients_seen__cleared_in_between__never_filled(loss_of, w, times):
    """torch.autograd.grad computes each gradient, so nothing is cleared."""
    return [torch.autograd.grad(loss_of(w), w)[0] for _ in range(times)]


def mean_and_sum__swapped__sum_twice(losses_of, w):
    """The gradient of the sum is returned twice."""
    (of_sum,) = torch.autograd.grad(losses_of(w).sum(), w)
    return of_sum, of_sum.clone()


def mean_and_sum__swapped__multiplied_in_place(losses_of, w):
    """The gradient of the mean is multiplied in place."""
    losses = losses_of(w)
    (of_mean,) = torch.autograd.grad(losses.mean(), w)
    return of_mean, of_mean.mul_(len(losses))
