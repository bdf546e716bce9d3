"""Autograd notices in-place changes.

To save memory, the graph refers to tensors that the backward pass needs,
and does not copy them. So whether you may change a tensor in place depends
on the operations that made it or use it:

    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> y = 3 * x
    >>> y += 1  # fine: the derivative of 3 * x is 3, and y is not needed
    >>> y.sum().backward()
    >>> x.grad
    tensor([3., 3.])

With `y = x.sigmoid()`, the graph needs y, because the derivative of sigmoid
is y * (1 - y). After `y += 1`, backward() raises an error. If you hide the
change from autograd, for example with .data, the gradient is just wrong.

Every step: tensors are float32, and results are on the inputs' device. Only
step_together changes the values of an input.

Afterwards you can say which in-place changes autograd allows, and why.
"""

import torch


def exp_plus_one(x):
    """Return exp(x) + 1, with the right gradient for x.

    Args:
        x: a tensor of any shape: a leaf tensor or the result of an
            operation. It may require grad.

    Returns:
        A tensor with the shape of x that does not share memory with x.
        If x requires grad, the result has a graph.

    Example:
        >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
        >>> exp_plus_one(x).sum().backward()
        >>> x.grad
        tensor([1.0000, 2.7183])

    Foundations: the node e = exp(x). Its local derivative is e, the
    result itself.
    """
    return x.exp() + 1


def zero_negatives(x):
    """Return a copy of x with 0 in place of each negative element.

    Args:
        x: a tensor of any shape: a leaf tensor or the result of an
            operation. It may require grad.

    Returns:
        A tensor with the shape of x that does not share memory with x.
        If x requires grad, the result has a graph. Its derivative with
        respect to x is 1 where x > 0, and 0 where x < 0.

    Example:
        >>> x = torch.tensor([3.0, -2.0], requires_grad=True)
        >>> y = zero_negatives(x)
        >>> y.tolist()
        [3.0, 0.0]
        >>> (5 * y).sum().backward()
        >>> x.grad
        tensor([5., 0.])

    Foundations: y = x.copy(), then y[y < 0] = 0.
    """
    y = x.clone()
    y[y < 0] = 0
    return y


def column_replaced(table, column, values):
    """Return a copy of the table in which `values` replace one column.

    Args:
        table: a tensor (R, C): a leaf tensor or the result of an
            operation. The column may contain nan and inf.
        column: an int, 0 <= column < C.
        values: a tensor (R,). `values` and `table` may require grad.

    Returns:
        A tensor (R, C) that does not share memory with the inputs. It has
        a graph if an input requires grad. The gradient of the new column
        goes to `values`, and that of the other columns goes to `table`.

    Example:
        >>> table = torch.ones(2, 3, requires_grad=True)
        >>> values = torch.tensor([5.0, 6.0], requires_grad=True)
        >>> (10 * column_replaced(table, 1, values)).sum().backward()
        >>> values.grad
        tensor([10., 10.])
        >>> table.grad
        tensor([[10.,  0., 10.],
                [10.,  0., 10.]])

    Foundations: copy the table, then copy[:, column] = values.
    """
    result = table.clone()
    result[:, column] = values
    return result


def checked_backward(loss_of, w):
    """Compute the loss and run backward(), both in anomaly mode.

    Args:
        loss_of: a function; loss_of(w) returns the loss, shape (). It may
            contain a mistake. Call it once.
        w: a leaf tensor that requires grad. w.grad is None at first.

    Must:
        - if a gradient becomes nan in the backward pass, raise PyTorch's
          RuntimeError, which names the operation
        - if the backward pass fails, pass PyTorch's error on, and let
          PyTorch warn which line of loss_of caused it
        - leave anomaly mode off afterwards, even after an error
        - if there is no error, leave the gradient in w.grad
        - return None

    Example:
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> checked_backward(lambda w: w**2, w)
        >>> w.grad
        tensor(6.)

    Grows from: exp_plus_one. PyTorch's error there names exp, but not its
    line, and recommends anomaly mode.
    """
    with torch.autograd.detect_anomaly():
        loss_of(w).backward()


def step_together(first_of, second_of, a, b, learning_rate):
    """Update a with the first loss's gradient, and b with the second's.

    Args:
        first_of, second_of: functions that take a and b and return a loss
            of shape (). Call each once, with the given a and b.
        a, b: leaf tensors that require grad, before and after the call.
            .grad may hold an old gradient. Afterwards it may hold anything.

    Returns:
        A tuple (first loss, second loss): two Python floats.

    Must:
        - compute both losses and gradients at the old values of a and b
        - subtract learning_rate * gradient in place

    Example:
        >>> a = torch.tensor(2.0, requires_grad=True)
        >>> b = torch.tensor(5.0, requires_grad=True)
        >>> step_together(torch.mul, lambda a, b: a * b**2, a, b, 0.1)
        (10.0, 50.0)
        >>> b
        tensor(3., requires_grad=True)

    Foundations: all gradients first, then all updates.
    """
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()
