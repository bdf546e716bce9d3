"""A backward pass is the backprop that you did by hand.

It starts at a result and follows the graph to the leaves. At each
operation it multiplies the gradient that arrives by the local derivative.
Where paths meet, it adds. The gradient that arrives at the result is 1 if
the result has shape (). For any other shape, you must pass it in:

    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> y = 5 * x
    >>> y.backward()
    Traceback (most recent call last):
    RuntimeError: grad can be implicitly created only for scalar outputs
    >>> y.backward(torch.tensor([1.0, 10.0]))
    >>> x.grad
    tensor([ 5., 50.])

PyTorch follows the graph it recorded, not the formula you had in mind.

Every step: tensors are float32. Results are on the inputs' device and don't
require grad. Existing tensors keep their values, requires_grad and .grad.

Afterwards you can say what a backward pass computes, and check it by hand.
"""

import torch


def worked_example(a, b, c):
    """Fix this code: one derivative is wrong, and no error is raised.

    Args:
        a, b, c: Python floats.

    Returns:
        A tuple (value, by_a, by_b, by_c) of four Python floats: the value
        of (a * b + c) * b, and its derivatives with respect to a, b and c.

    Must:
        - take all three derivatives from a backward pass

    Symptom: as given, the example's derivative with respect to b is 11.0.

    Example:
        >>> worked_example(3.0, 2.0, 5.0)
        (22.0, 4.0, 17.0, 2.0)

    Foundations: backprop on paper. Draw the graph, and compute what each
    path from b to the value contributes. Which paths add up to 11, and
    which to 17?
    """
    # Fix the code below. Unchanged code counts as raise NotImplementedError.
    leaf_a, leaf_b, leaf_c = (torch.tensor(each, requires_grad=True) for each in (a, b, c))
    total = leaf_a * b + leaf_c
    value = total * leaf_b
    value.backward()
    return value.item(), leaf_a.grad.item(), leaf_b.grad.item(), leaf_c.grad.item()


def gradient(f, x):
    """Return the gradient of f at x, without any side effect.

    Args:
        f: a function; f(x) returns a tensor of shape () that depends on x.
        x: a leaf tensor of any shape. It may or may not require grad, and
            x.grad may already hold a gradient.

    Returns:
        A tensor with the shape of x.

    Must:
        - leave every .grad unchanged, even the .grad of tensors that f uses

    Example:
        >>> gradient(lambda x: (x**2).sum(), torch.tensor([1.0, -3.0]))
        tensor([ 2., -6.])

    Foundations: `foundations.gradients` returns the gradients and writes
    them nowhere else.
    """
    raise NotImplementedError


def towards(y, x, direction):
    """Return the gradient at x if `direction` arrives at the vector y.

    Args:
        y: a tensor of shape (M,), computed from x. Its graph is not needed
            after the call.
        x: a tensor of shape (N,) that requires grad, a leaf or not.
        direction: a tensor of shape (M,), the gradient that arrives at y.

    Returns:
        A tensor of shape (N,): direction @ J with J[i, j] = dy[i]/dx[j].

    Example:
        >>> x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        >>> y = torch.stack([x[0] * x[1], x[2]])
        >>> towards(y, x, torch.tensor([10.0, 1.0]))
        tensor([20., 10.,  1.])

    Foundations: the upstream gradient. For a loss of shape (), it is 1.
    """
    raise NotImplementedError


def gradient_of_middle(x, w):
    """Return the gradients of a loss at w and at z, a result in the middle.

    Args:
        x, w: tensors of shape (N,) that do not require grad.

    Returns:
        A tuple (at_w, at_z) of two tensors of shape (N,): the gradients of
        the loss (z**2).sum() at w and at z, with z = x * w.

    Must:
        - take both gradients from a backward pass, not from formulas

    Example:
        >>> x, w = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
        >>> gradient_of_middle(x, w)
        (tensor([ 6., -8.]), tensor([ 6., -4.]))

    Foundations: dz, which you wrote below z on the way back to w.
    """
    raise NotImplementedError


def sum_over_broadcast(arriving, shape):
    """Return the gradient at a tensor that was broadcast.

    Args:
        arriving: a tensor of any shape, the gradient that arrives at the
            broadcast result.
        shape: a tuple, the shape before broadcasting. A tensor of this
            shape can be broadcast to arriving.shape.

    Returns:
        A tensor of shape `shape`. Broadcasting uses each entry in one or
        more places. The entry's gradient is the sum of what arrives at
        these places. The result may share memory with arriving.

    Example:
        >>> arriving = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
        >>> sum_over_broadcast(arriving, (3,))
        tensor([11., 22., 33.])
        >>> sum_over_broadcast(arriving, (2, 1))
        tensor([[ 6.],
                [60.]])

    Foundations: a bias is added to every row, so its gradient is
    to_sums.sum(axis=0) in `foundations.net_gradients`.
    """
    raise NotImplementedError


def two_losses(w, first, second):
    """Return the gradients at w of two losses that both use h = w**3.

    Args:
        w: a leaf tensor of shape (N,). It may or may not require grad, and
            w.grad may already hold a gradient.
        first, second: functions; first(h) and second(h) return the losses,
            tensors of shape () that depend on h.

    Returns:
        A tuple (of_first, of_second) of two tensors of shape (N,): the
        gradient of first(h) alone and the gradient of second(h) alone.

    Example:
        >>> w = torch.tensor([1.0, 2.0])
        >>> two_losses(w, lambda h: h.sum(), lambda h: h[0] * 10)
        (tensor([ 3., 12.]), tensor([30.,  0.]))

    Foundations: two backward passes over one drawing.
    """
    raise NotImplementedError


def jacobian(f, x):
    """Return the derivative of every f(x)[i] with respect to every x[j].

    Args:
        f: a function; f(x) returns a tensor of shape (M,), M >= 1. Some of
            its entries, but not all, may be constants.
        x: a leaf tensor of shape (N,), N >= 1. It may or may not require
            grad, and x.grad may already hold a gradient.

    Returns:
        A tensor J of shape (M, N) with J[i, j] = df(x)[i]/dx[j]. The row
        of a constant is 0.

    Must:
        - not use torch.func or torch.autograd.functional

    Example:
        >>> x = torch.tensor([2.0, 5.0])
        >>> jacobian(lambda x: torch.stack([x[0] * x[1], x[1] ** 2]), x)
        tensor([[ 5.,  2.],
                [ 0., 10.]])

    Grows from: towards. The right direction picks one row of J.
    """
    raise NotImplementedError


def second_derivative(f, x):
    """Return the second derivative of f at each entry of x.

    Args:
        f: a function that treats each entry alone, for example x**3. Its
            first derivative is not constant.
        x: a leaf tensor of any shape, not empty. It may or may not require
            grad, and x.grad may already hold a gradient.

    Returns:
        A tensor with the shape of x.

    Example:
        >>> x = torch.tensor([1.0, 2.0, -1.0])
        >>> second_derivative(lambda x: x**3, x)
        tensor([ 6., 12., -6.])

    Grows from: gradient. A backward pass consists of operations too, and
    PyTorch can record them.
    """
    raise NotImplementedError
