"""Answers that behave like a mistake in mistakes/lesson_2_autograd/kata_06_checking.py, for another reason."""

import torch


def _steps(x, h):
    return h * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(x.numel(), *x.shape)


def central_difference__a_copy_is_moved__contiguous(f, x, h):
    """The flat tensor is a view of what contiguous() returned, which is a copy."""
    moved = x.detach().clone()
    flat, slopes = moved.contiguous().view(-1), []
    with torch.no_grad():
        for index in range(x.numel()):
            old = flat[index].item()
            flat[index] = old + h
            up = f(moved).item()
            flat[index] = old - h
            slopes.append((up - f(moved).item()) / (2 * h))
            flat[index] = old
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def central_difference__a_copy_is_moved__result(f, x, h):
    """The slopes were written to a flat copy of the result."""
    slopes = torch.zeros_like(x)
    with torch.no_grad():
        for index, step in enumerate(_steps(x, h)):
            slopes.flatten()[index] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes.detach()


def central_difference__back_to_the_middle__view(f, x, h):
    """What was kept of an entry is a view, so that it changed with the entry."""
    moved, slopes = x.detach().clone().contiguous(), []
    flat = moved.view(-1)
    with torch.no_grad():
        for index in range(x.numel()):
            old, number = flat[index], flat[index].item()
            flat[index] = old + h
            up = f(moved).item()
            flat[index] = old - h
            slopes.append((up - f(moved).item()) / (2 * h))
            flat[index] = number
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def central_difference__times_h__two_factors(f, x, h):
    """The difference was multiplied by h / 2."""
    with torch.no_grad():
        slopes = [(f(x + step) - f(x - step)).item() * (h / 2) for step in _steps(x, h)]
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def _gradients(by_hand, parameters, loss):
    return torch.autograd.grad(loss, [parameters[name] for name in by_hand], materialize_grads=True)


def largest_error__divided_by_one_side__smaller(by_hand, by_autograd):
    """Each difference is divided by the smaller of the two sizes."""
    for name, a in by_hand.items():
        if a.shape != by_autograd[name].shape:
            raise ValueError
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    errors = [((a - b).abs() / torch.minimum(a.abs(), b.abs()).clamp(min=1e-8)).max() for a, b in pairs]
    return torch.stack(errors).max().item()


def largest_error__sizes_of_other_entries__norms(by_hand, by_autograd):
    """Whole tensors are compared by their norms."""
    for name, a in by_hand.items():
        if a.shape != by_autograd[name].shape:
            raise ValueError
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    return max(((a - b).norm() / max(a.norm(), b.norm(), 1e-8)).item() for a, b in pairs)


def wrong_terms__sums_compared__means(by_hand, parameters, loss):
    """The means of the entries are compared."""
    found = []
    for (name, mine), gradient in zip(by_hand.items(), _gradients(by_hand, parameters, loss), strict=True):
        if mine.shape != gradient.shape or not torch.allclose(mine.mean(), gradient.mean(), rtol=1e-3, atol=1e-6):
            found.append(name)
    return found


def wrong_terms__nan_passes__largest_difference(by_hand, parameters, loss):
    """The largest excess over the tolerance is compared with 0."""
    found = []
    for (name, mine), gradient in zip(by_hand.items(), _gradients(by_hand, parameters, loss), strict=True):
        if mine.shape != gradient.shape or ((mine - gradient).abs() - 1e-6 - 1e-3 * gradient.abs()).max() > 0:
            found.append(name)
    return found


def passes_gradcheck__in_float32__inside_f(f, x):
    """gradcheck got float64, but f got float32."""
    probe = x.detach().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(lambda y: f(y.float()).double(), (probe,), raise_exception=False)


def passes_gradcheck__float64_input_tracked__itself(f, x):
    """A float64 x is used as it is, and only a float32 x is converted."""
    probe = x if x.dtype == torch.float64 else x.detach().double()
    return torch.autograd.gradcheck(f, (probe.requires_grad_(),), raise_exception=False)


def root_mean_square__a_number_without_graph__read_out(errors):
    """The mean was read out as a Python number."""
    return torch.tensor((errors.square().mean() + 1e-12).sqrt().item(), device=errors.device)


def safe_sqrt__clamped__maximum(x):
    """Entries below 0 became 0 by maximum."""
    return torch.maximum(x, torch.zeros_like(x)).sqrt()


def safe_sqrt__without_graph__no_grad(x):
    """The roots were computed under no_grad."""
    with torch.no_grad():
        return torch.where(x > 0, x.clamp(min=0).sqrt(), 0.0)
