"""Going backward.

One walk backward through the graph, from the result to the leaves: at each node, the gradient that arrives times the
local derivative. In Foundations you walked it by hand; here you say where the walk begins, where it ends, and with
what. Floats are float32, gradients live on their inputs' device, and inputs stay as they are, as does each `.grad`.
"""

import torch


def worked_example(a, b, c):
    """Return the value of (a * b + c) * b and its derivatives by a, by b and by c.

    Draw the graph first: two edges leave b. Then let one walk backward find the three derivatives: write no
    formula for them.

    a, b, c: Python floats.  Returns: (value, by_a, by_b, by_c), four Python floats.

    >>> worked_example(3.0, 2.0, 5.0)
    (22.0, 4.0, 17.0, 2.0)

    In Foundations: backprop on paper, where a node sums over its paths.
    """
    raise NotImplementedError


def gradient(f, x):
    """Return the gradient of f at x, and leave no trace of having asked.

    f: takes a tensor shaped as x, returns a scalar, shape (), that depends on it.  x: any shape, tracked or not.
    Returns: as x, without a graph. x keeps its requires_grad. No `.grad` changes: not that of x, and not that
    of another tensor that f uses.

    >>> gradient(lambda x: (x**2).sum(), torch.tensor([1.0, -3.0]))
    tensor([ 2., -6.])

    In Foundations: a gradient was what a function returned, and it was written nowhere else.
    """
    raise NotImplementedError


def towards(y, x, direction):
    """Return the gradient at x if `direction` is what arrives at y.

    It is direction @ J, with [i, j] of J the derivative of y[i] by x[j].
    y: (M,), computed from x.  x: (N,), a leaf or not.  direction: (M,).
    Returns: (N,), without a graph. No `.grad` changes. The graph may be used up.

    >>> x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> towards(torch.stack([x[0] * x[1], x[2]]), x, torch.tensor([10.0, 1.0]))
    tensor([20., 10.,  1.])

    In Foundations: the upstream gradient, which was 1 at a scalar loss.
    """
    raise NotImplementedError


def gradient_of_middle(x, w):
    """Return the gradients of a loss at w and at the value in the middle, z.

    The graph: z = x * w, element by element, then loss = (z**2).sum(). Write no formula for a gradient.

    x, w: (N,), neither is tracked, before or after.  Returns: (at w, at z), each (N,), without a graph.

    >>> gradient_of_middle(torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0]))
    (tensor([ 6., -8.]), tensor([ 6., -4.]))

    In Foundations: dz, which you wrote under the node on the way to dw.
    """
    raise NotImplementedError


def two_losses(w, first, second):
    """Return the gradients at w of two losses that share the middle h = w**3, each by itself.

    first, second: take h and return a scalar, shape ().  w: (N,), tracked or not.  Returns: (that of first(h),
    that of second(h)), each (N,), without a graph. w keeps its requires_grad and its `.grad`.

    >>> w = torch.tensor([1.0, 2.0])
    >>> two_losses(w, lambda h: h.sum(), lambda h: h[0] * 10)
    (tensor([ 3., 12.]), tensor([30.,  0.]))

    In Foundations: two walks backward on one drawing.
    """
    raise NotImplementedError


def jacobian(f, x):
    """Return the derivative of each number of f(x) by each of x.

    f: takes (N,), returns (M,). Some of these numbers, not all, may be constants: their rows are 0.  x: (N,).
    Returns: (M, N), a row for each number, without a graph. x keeps its requires_grad and its `.grad`.
    The answer ready-made, in torch.func and torch.autograd.functional, is not allowed.

    >>> jacobian(lambda x: torch.stack([x[0] * x[1], x[1] ** 2]), torch.tensor([2.0, 5.0]))
    tensor([[ 5.,  2.],
            [ 0., 10.]])

    Grows from: towards, whose direction can pick one row. But here the graph must last for all the rows.
    """
    raise NotImplementedError


def second_derivative(f, x):
    """Return the second derivative of f at each number in x.

    f: takes a tensor and works on each of its numbers alone, as x**3 does; its slope is not the same
    everywhere.  x: any shape, tracked or not.  Returns: as x, without a graph. x keeps its requires_grad and
    its `.grad`.

    >>> second_derivative(lambda x: x**3, torch.tensor([1.0, 2.0, -1.0]))
    tensor([ 6., 12., -6.])

    Grows from: gradient. A walk backward is computed by operations, and these can be recorded too.
    """
    raise NotImplementedError


def slopes_along(f, x, step, count):
    """Return the gradients of f at x, then at x - step * gradient, and so on.

    f: takes (N,), returns a scalar, shape ().  x: (N,), tracked or not.  step: a float.  count: at least 1.
    Returns: (count, N), without a graph. x stays where it is, and keeps its requires_grad and its `.grad`.

    >>> slopes_along(lambda x: (x**2).sum(), torch.tensor([4.0, -8.0]), 0.25, 3)
    tensor([[ 8., -16.],
            [ 4.,  -8.],
            [ 2.,  -4.]])

    In Foundations: descend, with new predictions after each update.
    """
    raise NotImplementedError
