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
