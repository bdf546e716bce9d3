"""PyTorch records the graph while it computes.

A tensor requires grad if its requires_grad is True. PyTorch records every
operation on such a tensor, and the result requires grad too. The recorded
operations behind a result are its graph. A tensor is a leaf if no recorded
operation made it. Its grad_fn is then None.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> loss = (w * 10).sum()
    >>> loss.grad_fn.name()
    'SumBackward0'
    >>> loss.backward()
    >>> w.grad
    tensor([10., 10.])

backward() follows the graph back and fills the .grad of the leaves that
require grad. If an operation was not recorded, no gradient gets through it.

Every step: tensors that you return are float32, on the inputs' device.

Afterwards you can say which tensors will get a gradient, and why.
"""

import torch


def tracked(values, device):
    """Return the values as a leaf tensor that requires grad.

    Args:
        values: a nested list of ints and floats, perhaps an empty one.
        device: a torch.device or its name, for example "cpu".

    Returns:
        A float32 leaf tensor that requires grad, in the shape of the list
        and on `device`.

    Example:
        >>> tracked([[1, 2], [3, 4]], "cpu")
        tensor([[1., 2.],
                [3., 4.]], requires_grad=True)

    Foundations: an input with respect to which you take a derivative.
    """
    raise NotImplementedError


def slope_at(f, x):
    """Return the derivative of f at x.

    Args:
        f: a function made of PyTorch operations. It takes a float32
            tensor of shape (), uses it and returns a new one. Call f once.
        x: a Python float.

    Returns:
        A Python float. A difference quotient is not accurate enough.

    Example:
        >>> slope_at(lambda x: x**3 + x, 2.0)
        13.0

    Foundations: the chain rule along the graph, from the result to x.
    """
    raise NotImplementedError


def joined(parts):
    """Join tensors of shape () into one tensor that keeps their graphs.

    Args:
        parts: a list of K tensors of shape () that require grad, K >= 1.
            They may be leaves or results. The same tensor may be in the
            list twice.

    Returns:
        A tensor of shape (K,), in the order of the list. Its graph leads
        back to every part, so backward() reaches them.

    Example:
        >>> a = torch.tensor(1.0, requires_grad=True)
        >>> b = torch.tensor(2.0, requires_grad=True)
        >>> (joined([a, b]) * torch.tensor([3.0, 5.0])).sum().backward()
        >>> a.grad
        tensor(3.)
        >>> b.grad
        tensor(5.)

    Foundations: np.array(parts), but as an operation in the graph.
    """
    raise NotImplementedError


def scaled_leaf(values, factor):
    """Return values * factor as a leaf tensor that requires grad.

    Args:
        values: a tensor of integers or floats in any dtype and shape, that
            does not require grad.
        factor: a Python number.

    Returns:
        A float32 leaf tensor that requires grad, with the shape of values.
        It does not share memory with values.

    Must:
        - not change values or its requires_grad
        - be right if a product is too large for the dtype of values, for
          example 250 * 100 in uint8

    Example:
        >>> scaled_leaf(torch.tensor([1, 2, 5]), 0.5)
        tensor([0.5000, 1.0000, 2.5000], requires_grad=True)

    Foundations: rng.normal(size=n) * 0.1, the first weights of a net.
    """
    raise NotImplementedError


def operations(result):
    """Return the names of the operations behind a result, last one first.

    Args:
        result: any tensor. result.grad_fn is the node of its operation, or
            None. node.name() is the name, and node.next_functions has a
            pair (node, number) for each input, in order. The node is None
            if the input does not require grad. For a leaf that requires
            grad, node.next_functions is empty. Do not list this node.

    Returns:
        A list of str: the operation that made `result`, the one that made
        its first input, and so on. Stop when the first input is a leaf.
        If `result` is a leaf, the list is empty. A tensor that does not
        require grad is a leaf too.

    Example:
        >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> operations((x * 3 + x).sum())
        ['SumBackward0', 'AddBackward0', 'MulBackward0']

    Foundations: the order of backprop by hand, from the loss to the data.
    """
    raise NotImplementedError


def leaves_behind(result):
    """Return all leaves that require grad in the graph of a result.

    Args:
        result: any tensor. The node of a leaf that requires grad has an
            attribute `variable`, which is the leaf itself.

    Returns:
        A list of the leaf tensors themselves, each once, in any order. It
        is [result] if result is such a leaf, and empty if result does not
        require grad.

    Example:
        >>> a = torch.tensor(1.0, requires_grad=True)
        >>> b = torch.tensor(2.0, requires_grad=True)
        >>> len(leaves_behind(a * b + a))
        2

    Grows from: operations, which follows the first inputs only.
    """
    raise NotImplementedError
