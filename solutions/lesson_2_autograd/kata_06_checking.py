"""Checking gradients.

By hand, by central differences, by autograd: three ways to one gradient. Where two of them disagree, one is
wrong, and seldom does an error say so. The last two steps are about functions whose values are fine at 0,
while their gradient there is not. Tensors that you return live where the inputs live.
"""

import torch


def central_difference(f, x, h):
    """Return the gradient of `f` at `x` by central differences, with a step of `h` either way.

    f: takes a tensor like `x`, returns a float64 tensor of shape ().  x: float64, of any shape, also
    empty, tracked or not.  h: a float above 0.  Returns: as `x`, without a graph; `x` stays as it is. The
    entry for x[i] is (f with h added to x[i] - f with h taken from it) / (2 * h), also where h is large.

    >>> central_difference(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0], dtype=torch.float64), 0.5)
    tensor([ 3.2500, 12.2500], dtype=torch.float64)

    In Foundations: the gradient check, one weight after the other.
    """
    steps = h * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(x.numel(), *x.shape)
    with torch.no_grad():
        slopes = [(f(x + step) - f(x - step)).item() / (2 * h) for step in steps]
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def largest_error(by_hand, by_autograd):
    """Return the largest relative error between two sets of gradients, as a Python float.

    by_hand, by_autograd: dicts of name to tensor, the same names in any order; one float dtype, none empty.
    The relative error of two entries a and b is |a - b| / max(|a|, |b|, 1e-8). If any entry is nan, so is the
    answer. If the two shapes of a name differ, raise a ValueError, even if PyTorch could broadcast them.

    >>> largest_error({"w": torch.tensor([1.0, 3.0])}, {"w": torch.tensor([1.0, 4.0])})
    0.25

    Grows from: squared_errors of lesson 1, which refused shapes that differ.
    """
    errors = []
    for name, a in by_hand.items():
        b = by_autograd[name]
        if a.shape != b.shape:
            raise ValueError(f"{name}: by hand {tuple(a.shape)}, by autograd {tuple(b.shape)}")
        errors.append(((a - b).abs() / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)).max())
    # Python's max would lose a nan that does not come first.
    return torch.stack(errors).max().item()


def net_gradients(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Return the gradients of a net's mean squared error, by hand, without autograd.

    The net: tanh(features @ weights_1 + bias_1) @ weights_2 + bias_2.  features: (N, D).  targets: (N,).
    weights_1: (D, H).  bias_1, weights_2: (H,).  bias_2: ().  All float32, or all float64; none is tracked.
    Returns: a tuple of four tensors, of the shapes and in the order of the weights and biases.

    >>> one = torch.ones(1)
    >>> net_gradients(one[None], one, torch.zeros(1, 1), 0 * one, 2 * one, torch.tensor(0.0))
    (tensor([[-4.]]), tensor([-4.]), tensor([0.]), tensor(-2.))

    In Foundations: net_gradients, with arrays.
    """
    hidden = torch.tanh(features @ weights_1 + bias_1)
    errors = hidden @ weights_2 + bias_2 - targets
    to_predictions = 2 * errors / len(errors)
    to_hidden = to_predictions[:, None] * weights_2
    to_sums = to_hidden * (1 - hidden**2)
    return features.T @ to_sums, to_sums.sum(dim=0), hidden.T @ to_predictions, to_predictions.sum()


def wrong_terms(by_hand, parameters, loss):
    """Return the list of names whose gradient by hand is not autograd's, in the order of `by_hand`.

    by_hand: a dict of name to tensor.  parameters: a dict of the same names, in any order, to tracked
    tensors.  loss: shape (), computed from them; its graph may be spent; the gradient of one it does not use
    is 0. A gradient by hand is wrong if its shape is, or if an entry is nan, or further from autograd's entry
    g than 1e-6 + 1e-3 * |g|, or if g is nan. Every .grad stays as it is.

    >>> w = torch.tensor([2.0, 3.0], requires_grad=True)
    >>> wrong_terms({"w": torch.tensor([2.0, 3.0])}, {"w": w}, (w**2).sum())
    ['w']

    Grows from: largest_error, which says how wrong; this says where.
    """
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], materialize_grads=True)
    return [
        name
        for (name, mine), gradient in zip(by_hand.items(), gradients, strict=True)
        if mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6)
    ]


def passes_gradcheck(f, x):
    """Return whether torch.autograd.gradcheck accepts the gradient of `f` at `x`: True or False.

    f: takes a float tensor of any dtype, returns one.  x: float32 or float64, tracked or not; it stays as it
    is. gradcheck takes differences with a step of 1e-6, too small for float32: give it a tracked float64
    tensor of its own, with the values and the device of `x`, and leave its tolerances alone. At the kink of
    relu, 0, central differences find 0.5: False is right there, though autograd does not err.

    >>> passes_gradcheck(torch.relu, torch.tensor([-1.0, 2.0])), passes_gradcheck(torch.relu, torch.zeros(1))
    (True, False)

    Grows from: central_difference, which gradcheck does inside.
    """
    probe = x.detach().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(f, (probe,), raise_exception=False)


def root_mean_square(errors):
    """Return the root of the mean of the squares of all errors, with a gradient that is never nan.

    errors: float32, of any shape, not empty, tracked.  Returns: shape (), with a graph. Where all errors are
    0, so is their gradient. The answer may be off by 1e-6: 1e-12 added under the root does no more than that.

    >>> root_mean_square(torch.tensor([3.0, 0.0, 4.0, 0.0]))
    tensor(2.5000)

    In Foundations: mean_squared_error, and its root.
    """
    # The root's slope at 0 is infinite, and inf * 0 is nan: it never meets 0.
    return (errors.square().mean() + 1e-12).sqrt()


def safe_sqrt(x):
    """Return the root of each entry above 0, and 0 for each other one, with a gradient that is never nan.

    x: float32, of any shape, tracked, without nan.  Returns: as `x`, with a graph; `x` stays as it is.
    Each entry that is not above 0 has gradient 0. Nothing is added under the root: small entries come out as
    exactly as others.

    >>> safe_sqrt(torch.tensor([4.0, 0.0, -9.0]))
    tensor([2., 0., 0.])

    Grows from: root_mean_square, now entry by entry, where some have no root.
    """
    # Both branches of a where are differentiated, and inf * 0 is nan: no root is taken outside x > 0.
    positive = x > 0
    roots = torch.where(positive, x, 1.0).sqrt()
    return torch.where(positive, roots, 0.0)
