"""Other right answers to katas/lesson_2_autograd/kata_06_checking.py: the tests must accept them."""

import itertools

import torch
from torch.autograd.gradcheck import GradcheckError, gradcheck


def central_difference__index_by_index(f, x, h):
    slopes = torch.zeros_like(x)
    with torch.no_grad():
        for index in itertools.product(*map(range, x.shape)):
            up, down = x.clone(), x.clone()
            up[index] += h
            down[index] -= h
            slopes[index] = (f(up) - f(down)) / (2 * h)
    return slopes


def central_difference__flat_copy(f, x, h):
    flat = x.detach().flatten().clone()
    slopes = torch.zeros_like(flat)
    for i, old in enumerate(flat.tolist()):
        flat[i] = old + h
        up = f(flat.reshape(x.shape)).item()
        flat[i] = old - h
        down = f(flat.reshape(x.shape)).item()
        flat[i] = old
        slopes[i] = (up - down) / (2 * h)
    return slopes.reshape(x.shape)


def passes_gradcheck__error_caught(f, x):
    try:
        return gradcheck(f, x.detach().double().clone().requires_grad_(True))
    except GradcheckError:
        return False


def passes_gradcheck__from_a_list(f, x):
    own = torch.tensor(x.tolist(), dtype=torch.float64, device=x.device, requires_grad=True)
    return bool(gradcheck(f, [own], raise_exception=False))


def largest_error__one_long_vector(by_hand, by_autograd):
    for name in by_hand:
        if by_hand[name].shape != by_autograd[name].shape:
            raise ValueError(name)
    a = torch.cat([gradient.flatten() for gradient in by_hand.values()])
    b = torch.cat([by_autograd[name].flatten() for name in by_hand])
    larger = torch.where(a.abs() > b.abs(), a.abs(), b.abs())
    return float((torch.abs(a - b) / torch.where(larger < 1e-8, 1e-8, larger)).max())


def largest_error__entry_by_entry(by_hand, by_autograd):
    worst = 0.0
    for name in sorted(by_autograd):
        if list(by_hand[name].shape) != list(by_autograd[name].shape):
            raise ValueError(f"{name}: the shapes differ")
        pairs = zip(by_hand[name].flatten().tolist(), by_autograd[name].flatten().tolist(), strict=True)
        for a, b in pairs:
            error = abs(a - b) / max(abs(a), abs(b), 1e-8)
            if error != error:
                return float("nan")
            worst = max(worst, error)
    return worst


def wrong_terms__one_by_one(by_hand, parameters, loss):
    found = []
    for name in by_hand:
        (gradient,) = torch.autograd.grad(loss, parameters[name], retain_graph=True, allow_unused=True)
        if gradient is None:
            gradient = torch.zeros_like(parameters[name])
        mine = by_hand[name]
        if mine.shape != gradient.shape or not (mine - gradient).abs().le(1e-6 + 1e-3 * gradient.abs()).all():
            found.append(name)
    return found


def wrong_terms__grads_put_back(by_hand, parameters, loss):
    before = {name: parameter.grad for name, parameter in parameters.items()}
    for parameter in parameters.values():
        parameter.grad = None
    loss.backward()
    found = []
    for name, mine in by_hand.items():
        gradient = parameters[name].grad
        gradient = torch.zeros_like(parameters[name]) if gradient is None else gradient
        close = mine.shape == gradient.shape and torch.isclose(mine, gradient, rtol=1e-3, atol=1e-6).all().item()
        if not close:
            found.append(name)
    for name, parameter in parameters.items():
        parameter.grad = before[name]
    return found


def wrong_terms__tolerance_measured_on_the_other_side(by_hand, parameters, loss):
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], materialize_grads=True)
    found = []
    for (name, mine), gradient in zip(by_hand.items(), gradients, strict=True):
        if mine.shape != gradient.shape or not torch.allclose(gradient, mine, rtol=1e-3, atol=1e-6):
            found.append(name)
    return found


def root_mean_square__norm(errors):
    return torch.linalg.vector_norm(errors) / errors.numel() ** 0.5


def root_mean_square__clamped_below(errors):
    return torch.sqrt((errors * errors).mean().clamp(min=1e-12))


def root_mean_square__chosen_beforehand(errors):
    mean = (errors**2).mean()
    zero = mean == 0
    return torch.where(zero, 0.0, torch.where(zero, 1.0, mean).sqrt())


def safe_sqrt__masked_assignment(x):
    answer = torch.zeros_like(x, requires_grad=False)
    positive = x > 0
    answer[positive] = x[positive].sqrt()
    return answer


def safe_sqrt__filled_and_multiplied(x):
    return x.masked_fill(x <= 0, 1.0).sqrt() * (x > 0)


def safe_sqrt__relu(x):
    # The backward pass of relu sets gradients to 0 instead of multiplying by 0.
    return torch.relu(x).sqrt()


def safe_sqrt__masked_before_the_root(x):
    filled = x.clone()
    filled[x <= 0] = 0
    return filled.sqrt()
