"""Your own backward.

A node of the graph is two functions: what it computes, and how it takes a gradient back. You write both, in
a subclass of torch.autograd.Function; `Square.apply(x)` runs the first and leaves your node behind. `ctx` is
the node: `ctx.save_for_backward(x)` in forward keeps tensors, `ctx.saved_tensors` in backward is their tuple.
Inputs are float32 or float64, results and gradients as well, on the inputs' device; inputs stay as they are.
"""

import torch


class Square(torch.autograd.Function):
    """The node that squares each number of x.

    forward: x of any shape.  Returns: as x.  backward: takes the upstream gradient, shaped as the result.
    Returns: the gradient at x. Should x be changed in place between the two walks, the gradient is still
    that of the x that was squared, or the walk back raises an error: PyTorch sees to that for what is saved.

    >>> x = torch.tensor([1.0, -3.0], requires_grad=True)
    >>> (Square.apply(x) * 5).sum().backward()
    >>> x.grad
    tensor([ 10., -30.])

    In Foundations: the upstream gradient, and the local derivative 2x, written at one node of the graph.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


class Relu(torch.autograd.Function):
    """The node that keeps the numbers above 0 and makes the others 0.

    forward: x of any shape.  Returns: as x.  backward: takes the upstream gradient, shaped as the result;
    it is not yours, others read it too, so it stays as it is.  Returns: the gradient at x; where x is 0, it
    is 0. PyTorch's own relu, in whatever spelling, is not allowed.

    >>> x = torch.tensor([-1.0, 2.0], requires_grad=True)
    >>> (Relu.apply(x) + x).sum().backward()
    >>> x.grad
    tensor([1., 2.])

    In Foundations: np.maximum(x, 0), whose local derivative is 0 or 1.
    """

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * (x > 0)


class Product(torch.autograd.Function):
    """The node that multiplies a by b, element by element.

    forward: a and b, of one shape.  Returns: as a.  backward: takes the upstream gradient, shaped as the
    result.  Returns: a tuple of two, the gradients at a and at b. Where one input is not tracked, its
    gradient is not asked for: don't compute it; None stands in its place.

    >>> a = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> b = torch.tensor([3.0, 5.0], requires_grad=True)
    >>> (Product.apply(a, b) * 10).sum().backward()
    >>> a.grad, b.grad
    (tensor([30., 50.]), tensor([10., 20.]))

    In Foundations: a product's local derivatives, each the other factor.
    """

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        at_a = upstream * b if ctx.needs_input_grad[0] else None
        at_b = upstream * a if ctx.needs_input_grad[1] else None
        return at_a, at_b


class ClampStraightThrough(torch.autograd.Function):
    """The node that brings each number into the range from low to high, and goes back as if it had not.

    forward: x of any shape; low and high, Python numbers, low at most high.  Returns: as x, with low in place
    of what is below, high in place of what is above.  backward: takes the upstream gradient, shaped as the
    result, and passes it on to x unchanged, outside the range too. Numbers have no gradient: None stands in
    their places.

    >>> x = torch.tensor([-7.0, 0.5, 9.0], requires_grad=True)
    >>> (ClampStraightThrough.apply(x, -1, 1) * 4).sum().backward()
    >>> x.grad
    tensor([4., 4., 4.])

    Grows from: Relu, whose gradient stops where it clamps; here you decide that it does not.
    """

    @staticmethod
    def forward(ctx, x, low, high):
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None, None


class SoftmaxCrossEntropy(torch.autograd.Function):
    """One node from scores to loss: the mean over rows of -log(softmax(row)[label of the row]).

    forward: scores (N, K), 1000 or -1000 too; labels (N,), int64; N at least 1.  Returns: shape ().
    backward: takes the upstream gradient, shape ().  Returns: for scores, upstream times
    (softmax - one_hot) / N, where one_hot has a 1 at each row's label and 0 elsewhere; for labels, None.
    A second walk back gives the same. softmax and log_softmax are allowed, cross_entropy is not.

    >>> scores = torch.tensor([[0.0, 0.0], [1000.0, 0.0]], requires_grad=True)
    >>> (SoftmaxCrossEntropy.apply(scores, torch.tensor([1, 0])) * 8).backward()
    >>> scores.grad
    tensor([[ 2., -2.],
            [ 0.,  0.]])

    In Foundations: softmax, and -log of the right label's share.
    """

    @staticmethod
    def forward(ctx, scores, labels):
        logs = torch.log_softmax(scores, dim=1)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, upstream):
        logs, labels = ctx.saved_tensors
        one_hot = torch.nn.functional.one_hot(labels, logs.shape[1])
        return upstream * (logs.exp() - one_hot) / len(labels), None
