"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_05_in_place.py, for another cause."""

import warnings

import torch


def exp_plus_one__write_hidden__detached(x):
    """The new values were copied over the result of exp."""
    y = x.exp()
    y.data.copy_(y.data + 1)
    return y


def exp_plus_one__not_recorded__detached(x):
    """The result was cut from its graph, with recording on."""
    return (x.exp() + 1).detach()


def zero_negatives__cut_off__under_no_grad(x):
    """Recording was off for the copy and the assignment."""
    with torch.no_grad():
        y = x.clone()
        y[y < 0] = 0
    return y


def zero_negatives__write_hidden__under_no_grad(x):
    """Recording was off for the assignment."""
    y = x.clone()
    with torch.no_grad():
        y[y < 0] = 0
    return y


def column_replaced__write_hidden__through_data(table, column, values):
    """The assignment went through .data."""
    result = table.clone()
    result.data[:, column] = values.detach()
    return result


def column_replaced__values_cut_off__as_numbers(table, column, values):
    """The values went through a Python list."""
    result = table.clone()
    result[:, column] = torch.tensor(values.tolist(), device=table.device)
    return result


def column_replaced__mixed_by_a_mask__difference_added(table, column, values):
    """The difference was added: inf - inf is nan."""
    mask = (torch.arange(table.shape[1], device=table.device) == column).float()
    return table + mask * (values[:, None] - table)


def checked_backward__unchecked__forward_alone(loss_of, w):
    """Anomaly mode was on only while the loss was computed."""
    with torch.autograd.detect_anomaly():
        loss = loss_of(w)
    loss.backward()


def checked_backward__backward_alone__silenced(loss_of, w):
    """All warnings were silenced."""
    with warnings.catch_warnings(), torch.autograd.detect_anomaly():
        warnings.simplefilter("ignore")
        loss_of(w).backward()


def step_together__gradients_of_the_sum__one_pass(first_of, second_of, a, b, learning_rate):
    """There was one backward pass, from the sum."""
    first, second = first_of(a, b), second_of(a, b)
    a.grad = b.grad = None
    (first + second).backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
        b -= learning_rate * b.grad
    return first.item(), second.item()


def step_together__another_tensor_of_that_name__detached(first_of, second_of, a, b, learning_rate):
    """Copies of a and b were updated in place."""
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    new_a, new_b = a.detach().clone(), b.detach().clone()
    new_a -= learning_rate * to_a
    new_b -= learning_rate * to_b
    return first.item(), second.item()


def zero_negatives__tracked_anew__under_no_grad(x):
    """Recording was off for the copy, and the result requires grad."""
    with torch.no_grad():
        y = x.clone()
        y[y < 0] = 0
    return y.requires_grad_()


def column_replaced__table_cut_off__under_no_grad(table, column, values):
    """Recording was off for the copy only."""
    with torch.no_grad():
        result = table.clone()
    result[:, column] = values
    return result


def zero_negatives__write_hidden__difference_detached(x):
    """The difference to the right result is added without its graph."""
    return x + (x.clamp(min=0) - x).detach()


def column_replaced__table_cut_off__not_copied(table, column, values):
    """The detached table shares the memory of the table."""
    result = table.detach()
    result[:, column] = values
    return result


def checked_backward__not_called__another_class(loss_of, w):
    """It is the class set_detect_anomaly."""
    with torch.autograd.set_detect_anomaly:
        loss_of(w).backward()
