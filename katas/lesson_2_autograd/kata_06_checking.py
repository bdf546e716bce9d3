"""A gradient can be wrong without an error.

A formula may contain a mistake, and a graph may miss an operation. PyTorch
then computes a wrong gradient and says nothing. Here x * x.detach() has the
values of x**2, but autograd sees only one of the two factors:

    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> (x * x.detach()).backward()
    >>> x.grad
    tensor(3.)
    >>> (4.0**2 - 2.0**2) / 2  # the slope from two values around 3
    6.0

So compute the gradient in a second way, and compare. Differences of values
need no derivative. PyTorch checks its own gradients in this way. The last
two steps repair gradients that are nan although the value is fine.

Every step: tensors that you return are on the device of the inputs. Inputs
keep their values, .grad and requires_grad.

Afterwards you can check any gradient with differences of values.
"""

import torch


def central_difference(f, x, h):
    """Return the gradient of f at x by central differences with step h.

    Args:
        f: a function; f of a tensor like x returns a float64 tensor of
            shape ().
        x: a non-empty float64 tensor of any shape. It may be transposed,
            and it may require grad.
        h: a float > 0, not always small.

    Returns:
        A float64 tensor with the shape of x that does not require grad.
        Its entry at index i is (f(up) - f(down)) / (2 * h). Here up is x
        with h added to x[i], and down is x with h subtracted from x[i].

    Example:
        >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64)
        >>> central_difference(lambda x: (x**3).sum(), x, 0.5)
        tensor([ 3.2500, 12.2500], dtype=torch.float64)

    Foundations: the gradient check, one weight at a time.
    """
    raise NotImplementedError


def passes_gradcheck(f, x):
    """Return whether torch.autograd.gradcheck accepts f's gradient at x.

    Args:
        f: a function that accepts a float32 or float64 tensor and returns
            a tensor of the same dtype.
        x: a float32 or float64 tensor that may require grad.

    Returns:
        True or False. For a wrong gradient, return False and raise no
        error. At a kink, the result is False too: for relu at 0, autograd
        gives 0, but gradcheck's differences give 0.5.

    Must:
        - give gradcheck a float64 tensor with the values of x, on its
          device: gradcheck's steps of 1e-6 are too small for float32
        - not change gradcheck's tolerances

    Example:
        >>> passes_gradcheck(torch.relu, torch.tensor([-1.0, 2.0]))
        True
        >>> passes_gradcheck(torch.relu, torch.tensor([0.0]))
        False

    Grows from: central_difference, which gradcheck computes internally.
    """
    raise NotImplementedError


def largest_error(by_hand, by_autograd):
    """Return the largest relative error between two sets of gradients.

    Args:
        by_hand, by_autograd: dicts of tensors of one float dtype. Both
            have the same names, perhaps in another order. Neither a dict
            nor a tensor is empty.

    Returns:
        A Python float: the largest |a - b| / max(|a|, |b|, 1e-8). Here a
        is an entry of by_hand, and b is the same entry of by_autograd.
        The result is nan if any entry is nan.

    Must:
        - raise a ValueError if the two tensors of a name differ in shape,
          even if PyTorch could broadcast them

    Example:
        >>> by_hand = {"w": torch.tensor([1.0, 3.0])}
        >>> largest_error(by_hand, {"w": torch.tensor([1.0, 4.0])})
        0.25

    Grows from: squared_errors in lesson 1, which checks shapes, too.
    """
    raise NotImplementedError


def wrong_terms(by_hand, parameters, loss):
    """Return the names of the hand-written gradients that are wrong.

    Args:
        by_hand: a dict of tensors, the gradients to check.
        parameters: a dict of leaf tensors that require grad. It has the
            same names as by_hand, perhaps in another order.
        loss: a tensor of shape (), computed from some or all of the
            parameters. Its graph may be freed.

    Returns:
        A list of names in the order of by_hand. A gradient is wrong if
        its shape differs from autograd's, or if any entry differs from
        autograd's entry g by more than about 1e-6 + 1e-3 * |g|. It is
        wrong, too, if an entry of either gradient is nan. For a parameter
        that the loss does not use, g is 0.

    Example:
        >>> w = torch.tensor([2.0, 3.0], requires_grad=True)
        >>> by_hand = {"w": torch.tensor([2.0, 3.0])}
        >>> wrong_terms(by_hand, {"w": w}, (w**2).sum())
        ['w']

    Grows from: largest_error, which does not say where the error is.
    """
    raise NotImplementedError


def root_mean_square(errors):
    """Return sqrt(mean(errors**2)), with a gradient that is never nan.

    Args:
        errors: a non-empty float32 tensor of any shape that requires grad.
            All of its entries may be 0.

    Returns:
        A float32 tensor of shape () with a graph. It may be off by 1e-6.
        If all errors are 0, all their gradients are 0.

    Example:
        >>> errors = torch.zeros(3, requires_grad=True)
        >>> root_mean_square(errors).backward()
        >>> errors.grad
        tensor([0., 0., 0.])
        >>> root_mean_square(torch.tensor([3.0, 0.0, 4.0, 0.0]))
        tensor(2.5000)

    Foundations: the root of `foundations.mean_squared_error`.
    """
    raise NotImplementedError


def safe_sqrt(x):
    """Return sqrt(x) where x > 0 and 0 elsewhere, with no nan gradient.

    Args:
        x: a float32 tensor of any shape, without nan. It may require grad.

    Returns:
        A float32 tensor with the shape of x. If x requires grad, so does
        the result. Entries that are not above 0 have gradient 0.

    Must:
        - be exact for small entries too: add nothing under the root

    Example:
        >>> x = torch.tensor([4.0, 0.0, -9.0], requires_grad=True)
        >>> roots = safe_sqrt(x)
        >>> roots.detach()
        tensor([2., 0., 0.])
        >>> roots.sum().backward()
        >>> x.grad
        tensor([0.2500, 0.0000, 0.0000])

    Grows from: root_mean_square, here for each entry by itself.
    """
    raise NotImplementedError
