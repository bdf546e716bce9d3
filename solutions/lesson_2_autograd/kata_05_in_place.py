"""In place.

To save memory, autograd keeps no copies: a node keeps the very tensors that its local derivative needs, and counts how
often they are written to. Write to one of them, and the walk backward raises an error; hide the write, and the
gradient is wrong without a word. Here you learn where a write is fine. All is float32, on its inputs' device.
"""

import torch


def exp_plus_one(x):
    """Return exp(x) + 1, through which the right gradient flows back to x.

    Try `y = x.exp()`, then `y += 1`, and read the error that the walk backward raises.

    x: any shape, tracked or not, a leaf or not; it stays as it is.
    Returns: as x, in memory of its own; recorded if x is tracked.

    >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
    >>> y = exp_plus_one(x)
    >>> y.sum().backward()
    >>> y.tolist(), x.grad
    ([2.0, 3.7182817459106445], tensor([1.0000, 2.7183]))

    In Foundations: the node e = exp(x), whose local derivative you read off its result: it is e again.
    """
    return x.exp() + 1


def zero_negatives(x):
    """Return a copy of x with 0 in the place of each negative number, -inf too; gradients flow back to the others.

    The gradient of the answer by x is 1 where x is positive, and 0 where it is negative.
    x: any shape, tracked or not, a leaf or not; it stays as it is.
    Returns: as x, in memory of its own; recorded if x is tracked.

    >>> x = torch.tensor([3.0, -2.0], requires_grad=True)
    >>> y = zero_negatives(x)
    >>> (5 * y).sum().backward()
    >>> y.tolist(), x.grad
    ([3.0, 0.0], tensor([5., 0.]))

    In Foundations: y = x.copy(); y[y < 0] = 0.
    """
    y = x.clone()
    y[y < 0] = 0
    return y


def move_leaf(w, amount):
    """Add `amount` to the tracked leaf w, in place, and return w.

    w: a tracked leaf of any shape.  amount: as w, but untracked; it stays as it is.
    Returns: w, the very same tensor, with new numbers in its own memory. It is still a tracked leaf: the move
    is not recorded. Its `.grad` and the grad mode stay as they are.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> move_leaf(w, torch.tensor([10.0, -20.0]))
    tensor([ 11., -18.], requires_grad=True)

    In Foundations: w += amount, which was never part of the graph.
    """
    with torch.no_grad():
        w += amount
    return w


def column_replaced(table, column, values):
    """Return the table with one column, whatever it holds, replaced by the values; gradients flow back to both.

    table: (R, C).  column: an int, from 0 to C - 1.  values: (R,).  Each of the two is tracked or not, a leaf
    or not, and stays as it is.
    Returns: (R, C), in memory of its own; recorded if one of them is tracked.

    >>> table, values = torch.ones(2, 3, requires_grad=True), torch.tensor([5.0, 6.0], requires_grad=True)
    >>> answer = column_replaced(table, 1, values)
    >>> answer.sum().backward()
    >>> answer.tolist(), table.grad.tolist(), values.grad.tolist()
    ([[1.0, 5.0, 1.0], [1.0, 6.0, 1.0]], [[1.0, 0.0, 1.0], [1.0, 0.0, 1.0]], [1.0, 1.0])

    In Foundations: answer = table.copy(); answer[:, column] = values.
    """
    answer = table.clone()
    answer[:, column] = values
    return answer


def step_together(first_of, second_of, a, b, learning_rate):
    """Move a against the gradient of the first loss and b against that of the second, both from the old values.

    first_of, second_of: each takes a and b, and returns a scalar, shape (). Call each once, with a and b as they
    come.  a, b: tracked leaves; both losses depend on both.
    Returns: (first loss, second loss), Python floats, from before the move. a and b change in place, each by
    -learning_rate * gradient, and stay tracked leaves. A `.grad` may hold anything, before and after.

    >>> a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(5.0, requires_grad=True)
    >>> step_together(lambda a, b: a * b, lambda a, b: a * b**2, a, b, 0.1)
    (10.0, 50.0)
    >>> a.item(), b.item()
    (1.5, 3.0)

    In Foundations: all gradients first, then all updates.
    """
    first, second = first_of(a, b), second_of(a, b)
    (to_a,) = torch.autograd.grad(first, a)
    (to_b,) = torch.autograd.grad(second, b)
    with torch.no_grad():
        a -= learning_rate * to_a
        b -= learning_rate * to_b
    return first.item(), second.item()
