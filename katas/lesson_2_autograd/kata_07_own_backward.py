"""You can write your own backward.

A node of the graph needs two functions. forward computes the result, and
backward turns the upstream gradient (the loss's gradient at this result)
into the gradient at the input. ctx carries data from forward to backward:

    >>> class Triple(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x): return 3 * x
    ...     @staticmethod
    ...     def backward(ctx, upstream): return upstream * 3
    >>> x = torch.tensor(5.0, requires_grad=True)
    >>> torch.autograd.grad(10 * Triple.apply(x), x)  # upstream was 10
    (tensor(30.),)

You need this if PyTorch has no gradient for a function, or not the one you
want. All steps are optional practice. They show how a node works.

Every step: inputs are float32 or float64. Results and gradients have their
dtype and device. Neither the inputs nor upstream gradients are modified.

Afterwards you can give an operation any gradient that you choose.
"""

import torch


class Square(torch.autograd.Function):
    """A node of the graph that squares each element of x.

    Args:
        ctx: an object that both methods receive. In forward,
            ctx.save_for_backward(x) keeps x. In backward,
            ctx.saved_tensors is the tuple of all tensors kept.

    Methods:
        forward(ctx, x): returns x**2. x has any shape.
        backward(ctx, upstream): returns the gradient at x. upstream has
            the shape of the result.

    Must:
        - if x is changed in place after forward, still use the old x in
          backward, or raise an error. PyTorch raises this error for
          tensors that save_for_backward keeps

    Example:
        >>> x = torch.tensor([1.0, -3.0], requires_grad=True)
        >>> (5 * Square.apply(x)).sum().backward()
        >>> x.grad
        tensor([ 10., -30.])

    Foundations: upstream gradient times local derivative, at one node.
    """

    @staticmethod
    def forward(ctx, x):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, upstream):
        raise NotImplementedError


class Relu(torch.autograd.Function):
    """A node that keeps positive elements and sets all others to 0.

    Methods:
        forward(ctx, x): returns max(x, 0), element by element. x has
            any shape.
        backward(ctx, upstream): returns the gradient at x, which is 0
            where x <= 0.

    Must:
        - not use PyTorch's relu. clamp, maximum and where are allowed

    Example:
        >>> x = torch.tensor([-1.0, 2.0], requires_grad=True)
        >>> (10 * Relu.apply(x) + x).sum().backward()
        >>> x.grad
        tensor([ 1., 11.])

    Foundations: max(x, 0) has the local derivative 0 or 1.
    """

    @staticmethod
    def forward(ctx, x):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, upstream):
        raise NotImplementedError


class ClampStraightThrough(torch.autograd.Function):
    """A node that clamps x to a range but lets every gradient pass.

    Methods:
        forward(ctx, x, low, high): returns x, with low in place of
            smaller elements and high in place of larger ones. x has any
            shape. low and high are Python numbers, low <= high.
        backward(ctx, upstream): returns a tuple, one entry for each
            input. The gradient at x is upstream itself, even where x is
            outside the range. A Python number has the gradient None.

    Example:
        >>> x = torch.tensor([-7.0, 0.5, 9.0], requires_grad=True)
        >>> (4 * ClampStraightThrough.apply(x, -1, 1)).sum().backward()
        >>> x.grad
        tensor([4., 4., 4.])

    Grows from: Relu, which stops the gradient where it clamps.
    """

    @staticmethod
    def forward(ctx, x, low, high):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, upstream):
        raise NotImplementedError


class Product(torch.autograd.Function):
    """A node that multiplies a and b, element by element.

    Args:
        ctx: ctx.needs_input_grad is a tuple of booleans, one for each
            input of forward: True if this input needs a gradient.

    Methods:
        forward(ctx, a, b): returns a * b. a and b have the same shape.
        backward(ctx, upstream): returns a tuple, the gradients at a and
            at b. Return None for an input that needs no gradient.

    Must:
        - not compute a gradient that is not needed

    Example:
        >>> a = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> b = torch.tensor([3.0, 5.0], requires_grad=True)
        >>> (10 * Product.apply(a, b)).sum().backward()
        >>> a.grad
        tensor([30., 50.])
        >>> b.grad
        tensor([10., 20.])

    Foundations: in a product, each local derivative is the other factor.
    """

    @staticmethod
    def forward(ctx, a, b):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, upstream):
        raise NotImplementedError


class SoftmaxCrossEntropy(torch.autograd.Function):
    """A node that computes the mean cross-entropy loss from scores.

    Methods:
        forward(ctx, scores, labels): returns the mean over all rows of
            -log(softmax(row)[label of the row]), shape (). scores has
            shape (N, K), N >= 1. labels is int64, shape (N,), with
            values from 0 to K - 1.
        backward(ctx, upstream): returns a tuple. For scores:
            upstream * (softmax - one_hot) / N, where one_hot[i, j] is 1
            if j == labels[i], and 0 otherwise. For labels: None.

    Must:
        - be accurate for scores far from 0, for example 1000 or -2000
        - give the same gradient if backward runs a second time
        - not use PyTorch's cross_entropy. softmax and log_softmax are
          allowed

    Example:
        >>> scores = torch.tensor([[0.0, 0.0], [9.0, 9.0]]).requires_grad_()
        >>> loss = SoftmaxCrossEntropy.apply(scores, torch.tensor([1, 0]))
        >>> (8 * loss).backward()
        >>> scores.grad
        tensor([[ 2., -2.],
                [-2.,  2.]])

    Foundations: `foundations.softmax`, then -log of the probability of
    the right label. Both together have this short gradient.
    """

    @staticmethod
    def forward(ctx, scores, labels):
        raise NotImplementedError

    @staticmethod
    def backward(ctx, upstream):
        raise NotImplementedError
