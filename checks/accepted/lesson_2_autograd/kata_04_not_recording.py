"""Other right answers to katas/lesson_2_autograd/kata_04_not_recording.py: the tests must accept them."""

import torch


@torch.no_grad()
def step_downhill__decorated(parameters, learning_rate):
    for p in parameters:
        if p.grad is None:
            continue
        p.sub_(p.grad, alpha=learning_rate)


def step_downhill__through_a_detached_view(parameters, learning_rate):
    for p in parameters:
        if p.grad is not None:
            p.detach().sub_(learning_rate * p.grad)


def step_downhill__copied_into_place(parameters, learning_rate):
    with torch.no_grad():
        for p in list(parameters):
            if p.grad is not None:
                p.copy_(p - learning_rate * p.grad)


def step_downhill__data(parameters, learning_rate):
    for p in parameters:
        if p.grad is not None:
            p.data -= learning_rate * p.grad


def predict_untracked__both_detached(features, weights):
    return features.detach() @ weights.detach()


@torch.no_grad()
def predict_untracked__decorated(features, weights):
    return (features * weights).sum(dim=1) if features.shape[1:] == weights.shape else features.mv(weights)


def predict_untracked__set_and_put_back(features, weights):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        return torch.matmul(features, weights)
    finally:
        torch.set_grad_enabled(before)


def frozen_copy__cloned_unrecorded(x):
    with torch.no_grad():
        return x.clone()


def frozen_copy__cloned_first(x):
    return x.clone().detach()


def frozen_copy__copied_into_an_empty_one(x):
    return torch.empty_like(x, requires_grad=False).copy_(x.detach())


def running_mean_loss__list_of_numbers(losses):
    numbers = [loss.item() for loss in losses]
    return sum(numbers) / len(numbers)


def running_mean_loss__detached_total(losses):
    total, count = 0.0, 0
    for loss in losses:
        total = total + loss.detach()
        count += 1
    return (total / count).item()


def running_mean_loss__running(losses):
    mean = 0.0
    for count, loss in enumerate(losses, start=1):
        mean += (float(loss) - mean) / count
    return mean


def towards_target__ready_made(prediction_of, w, target_of):
    return torch.nn.functional.mse_loss(prediction_of(w), target_of(w).detach())


def towards_target__copied_unrecorded(prediction_of, w, target_of):
    with torch.no_grad():
        target = target_of(w).clone()
    return (prediction_of(w) - target).square().mean()


def towards_target__detached_twice(prediction_of, w, target_of):
    gaps = target_of(w.detach()).detach() - prediction_of(w)
    return (gaps * gaps).sum() / len(gaps)


def without_history__data(x):
    return x.data


def without_history__as_a_function(x):
    return torch.detach(x) if x.requires_grad else x


def freeze__attribute(parameters):
    for p in parameters:
        p.requires_grad = False
        p.grad = None


def freeze__detached_in_place(parameters):
    for p in list(parameters):
        p.grad = None
        p.detach_()


def evaluate__decorated(f, x):
    return torch.inference_mode()(f)(x).clone()


def evaluate__detached_as_well(f, x):
    with torch.inference_mode():
        result = f(x.detach())
    return result.clone().detach()


def evaluate__copied_into_an_ordinary_tensor(f, x):
    with torch.inference_mode():
        result = f(x)
    return torch.empty(result.shape, dtype=result.dtype, device=result.device).copy_(result)
