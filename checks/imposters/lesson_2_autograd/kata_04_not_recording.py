"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_04_not_recording.py, for another cause."""

import torch


def step_downhill__another_tensor_of_that_name__in_the_list(parameters, learning_rate):
    """New tensors were put into the list."""
    with torch.no_grad():
        for i, p in enumerate(parameters):
            if p.grad is not None:
                parameters[i] = (p - learning_rate * p.grad).requires_grad_()


def step_downhill__gradient_scaled__by_a_method(parameters, learning_rate):
    """The gradient was multiplied in place by a method, and the parameter was changed through .data."""
    for p in parameters:
        if p.grad is not None:
            p.data -= p.grad.mul_(learning_rate)


def predict_untracked__untracks_the_inputs__detached_in_place(features, weights):
    """Both inputs were detached in place."""
    return features.detach_() @ weights.detach_()


def without_history__a_copy__through_a_list(x):
    """The values went through a Python list."""
    return torch.tensor(x.tolist(), device=x.device)


def without_history__itself__a_view(x):
    """A view of x was made, which has the graph of x."""
    return x.view_as(x)


def running_mean_loss__kept_in_a_list__appended(losses):
    """The losses were appended to a list, and their sum was turned into a number."""
    seen = []
    for loss in losses:
        seen.append(loss)
    return (sum(seen) / len(seen)).item()


def running_mean_loss__added_into_the_first__through_data(losses):
    """The total began as .data of the first loss."""
    total, count = None, 0
    for loss in losses:
        total = loss.data if total is None else total.add_(loss.data)
        count += 1
    return total.item() / count


def running_mean_loss__tensor__stacked(losses):
    """The losses were stacked, and the mean of the stack has a graph."""
    return torch.stack(list(losses)).mean()


def towards_target__target_with_gradient__cloned(prediction_of, w, target_of):
    """The target was copied by clone(), which is recorded."""
    return ((prediction_of(w) - target_of(w).clone()) ** 2).mean()


def freeze__misspelled__method_overwritten(parameters):
    """The method requires_grad_ was replaced by False, and not called."""
    for p in parameters:
        p.requires_grad_ = False
        p.grad = None


def freeze__misspelled__under_no_grad(parameters):
    """Only the gradients were cleared, with recording off."""
    with torch.no_grad():
        for p in parameters:
            p.grad = None


def evaluate__inference__cloned_inside(f, x):
    """The copy was made inside the block."""
    with torch.inference_mode():
        return f(x).clone()


def evaluate__inference__detached(f, x):
    """The inference tensor was detached after the block."""
    with torch.inference_mode():
        result = f(x)
    return result.detach()


def evaluate__recorded__x_detached(f, x):
    """Only x was detached, but f uses a tensor that requires grad."""
    return f(x.detach())


def evaluate__unrecorded__cut_afterwards(f, x):
    """The computation was recorded, and the result was cut from its graph."""
    return f(x).detach()


def freeze__another_tensor_of_that_name__method_overwritten(parameters):
    """The method requires_grad_ was replaced by False, and the gradients were left."""
    for p in parameters:
        p.requires_grad_ = False


def freeze__another_tensor_of_that_name__in_the_list(parameters):
    """Detached tensors were put into the list."""
    for i, p in enumerate(parameters):
        parameters[i] = p.detach()


def frozen_copy__recorded__x_itself(x):
    """Nothing was copied: x itself was returned."""
    with torch.no_grad():
        return x


def freeze__switched_on__attribute(parameters):
    """requires_grad was set to True."""
    for p in parameters:
        p.requires_grad = True
        p.grad = None


def frozen_copy__tracked_anew__a_view(x):
    """A view that was made under no_grad requires grad as x does."""
    with torch.no_grad():
        return x.view_as(x)
