"""Recording.

In Foundations you drew the computational graph by hand before you walked it backwards. PyTorch draws it
while it computes: every operation on a tracked tensor (`requires_grad` is True) leaves a node behind, and its
result is tracked too. A tensor that no operation on a tracked one made is a leaf: a start of the graph. A
tracked leaf keeps the gradient that flows back to it, in `.grad`; the result of an operation does not.
"""

import torch


def tracked(values, device):
    """Return the values as a tensor on which PyTorch records every operation: a tracked leaf.

    values: a nested list of numbers, whole or not.  device: a torch.device or its name.
    Returns: float32, in the list's shape, on `device`; a leaf, with `requires_grad` True.

    >>> tracked([[1, 2], [3, 4]], "cpu")
    tensor([[1., 2.],
            [3., 4.]], requires_grad=True)

    In Foundations: a value at the start of the computational graph, whose gradient you want in the end.
    """
    raise NotImplementedError


def scaled_leaf(values, factor):
    """Return the values times `factor` as a tracked leaf: the graph begins here, with the scaled numbers.

    values: an untracked tensor of any shape, of whole numbers or numbers with a point, in any dtype; it stays
    as it is, untracked.  factor: a Python number.  Returns: as `values`, but float32; a leaf, with memory of
    its own and `requires_grad` True. Products that the dtype of `values` can't hold are right too.

    >>> scaled_leaf(torch.tensor([1, 2, 5]), 0.5)
    tensor([0.5000, 1.0000, 2.5000], requires_grad=True)

    In Foundations: rng.normal(size=n) * 0.1, how weights begin.
    """
    raise NotImplementedError


def slope_at(f, x):
    """Return the derivative of `f` at `x`, which PyTorch finds by walking the recorded graph backwards.

    f: a function that takes one tensor, float32, of shape (), and returns another of shape (), made from it
    by torch operations. Call it once.  x: a Python float.  Returns: a Python float.

    >>> slope_at(lambda x: x**3 + x, 2.0)
    13.0

    In Foundations: the chain rule along the graph, from the result, with the upstream gradient 1, to x.
    """
    raise NotImplementedError


def joined(parts):
    """Return the parts in one tensor, so that a gradient flows back from it to each of the parts.

    parts: a list of K tracked tensors of shape (), float32, on one device, K at least 1; leaves or results of
    operations, and one may stand there twice.  Returns: (K,), in the list's order, on that device.

    >>> a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    >>> (joined([a, b]) * torch.tensor([3.0, 5.0])).sum().backward()
    >>> a.grad, b.grad
    (tensor(3.), tensor(5.))

    In Foundations: np.array(parts), but as a node of the graph.
    """
    raise NotImplementedError


def operations(result):
    """Return the names of the operations behind a result, the last one first, as PyTorch names their nodes.

    A result's node is its `grad_fn`. A node has a `name()`, and in `next_functions` a pair (node, number) for
    each input, with None for an untracked one's node. A tracked leaf's node is named
    `torch::autograd::AccumulateGrad`; its next_functions is empty, and its `.variable` is the leaf.
    result: any tensor.  Returns: a list of str: the operation that made the result, then the one that made
    that one's first input, and so on, until a first input is a leaf or not tracked; the leaf's node is left
    out. Behind a leaf or an untracked tensor there are none: an empty list.

    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> operations((x * 3 + x).sum())
    ['SumBackward0', 'AddBackward0', 'MulBackward0']

    In Foundations: the order in which you worked backprop, from the loss towards the data.
    """
    raise NotImplementedError


def leaves_behind(result):
    """Return all the tracked leaves that the graph behind a result reaches, by any path.

    result: any tensor.  Returns: a list, in any order, of the tensors themselves, each once, however often it
    was used. A leaf's node, AccumulateGrad, holds it as `.variable`. A result that is a tracked leaf gives a
    list of it alone, an untracked one an empty list. Look at each node once: 60 sums of a value with itself
    have 2**60 paths.

    >>> a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    >>> len(leaves_behind(a * b + a))
    2

    Grows from: operations.
    """
    raise NotImplementedError
