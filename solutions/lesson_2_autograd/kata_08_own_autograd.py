"""An autograd engine is a small program.

A graph has one node for each number. The inputs of a node are the nodes
that it was computed from. A node without inputs is a leaf. The backward
pass starts at the result, which is the root. At each node, it multiplies
the upstream gradient (the root's gradient at this node) by local
derivatives:

    >>> a, b = 2.0, 3.0
    >>> c = a * b
    >>> y = c**2
    >>> at_c = 1.0 * (2 * c)  # upstream 1.0, local derivative 2 * c
    >>> at_c * b  # upstream at_c, local derivative b: this is dy/da
    36.0

loss.backward() does the same with tensors. Here you write it yourself, for
any expression. All steps are optional practice. They show you how
backward() works.

Every step: numbers are Python floats, and plain Python is enough.

Afterwards you can explain everything that loss.backward() does.
"""

import math


def local_derivatives(operation, inputs):
    """Return the derivative of one operation with respect to each input.

    Args:
        operation: "add" for a + b, "mul" for a * b, "pow" for a**n, or
            "tanh" for tanh(a).
        inputs: a tuple of floats: (a, b) for "add" and "mul", (a, n)
            with a != 0 for "pow", and (a,) for "tanh".

    Returns:
        A tuple of numbers, one for each input. For "pow" the tuple has
        only the derivative with respect to a, because n is a constant.

    Must:
        - accept any a for "tanh", even 800.0, where the derivative is 0

    Example:
        >>> local_derivatives("mul", (2.0, 5.0))
        (5.0, 2.0)
        >>> local_derivatives("pow", (3.0, 2.0))
        (6.0,)

    Foundations: the number that you wrote at each edge of the graph.
    """
    a = inputs[0]
    if operation == "add":
        return (1.0, 1.0)
    if operation == "mul":
        return (inputs[1], a)
    if operation == "pow":
        return (inputs[1] * a ** (inputs[1] - 1),)
    return (1 - math.tanh(a) ** 2,)


def topological_order(root):
    """Return a list of all nodes of a graph, each after its inputs.

    Args:
        root: a node: an object with .inputs, a tuple of nodes, which is
            () for a leaf. A node may be an input of several nodes, or
            twice an input of one node. Nodes can be put into a set.

    Returns:
        A list of root, its inputs, their inputs and so on, each node
        once. Any order is right if every node comes after its inputs.

    Must:
        - process each node once, not once for each path that leads to
          it: a graph of 41 nodes can have 2**40 paths

    Example:
        >>> class Node:
        ...     inputs = ()
        >>> a, b, c = Node(), Node(), Node()
        >>> b.inputs, c.inputs = (a,), (a, b)
        >>> topological_order(c) == [a, b, c]
        True

    Foundations: the order in which you computed the nodes' values.
    """
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for each in node.inputs:
                visit(each)
            order.append(node)

    visit(root)
    return order


def backward(root):
    """Leave root's derivative with respect to each node in the node's .grad.

    Args:
        root: a node as in topological_order. Each node also has .grad,
            a float, and .derivatives, one local derivative for each input.

    Must:
        - process each node once, not once for each path
        - add to the old .grad of a leaf, so that a second call adds the
          derivative again, as in PyTorch
        - replace the old .grad of every other node

    Example:
        >>> class Node:
        ...     grad, inputs, derivatives = 0.0, (), ()
        >>> a, square = Node(), Node()
        >>> square.inputs, square.derivatives = (a, a), (3.0, 3.0)
        >>> backward(square)
        >>> a.grad
        6.0

    Foundations: upstream gradient times local derivative, and a sum
    where paths meet.
    """
    order = topological_order(root)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    root.grad += 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative


class Value:
    """A number that records how it was computed.

    Args:
        data: a float.
        inputs, derivatives: tuples as in `backward`, () for a leaf.

    Attributes:
        data, inputs, derivatives: the arguments.
        grad: a float, at first 0.0.

    Methods:
        a + b, a * b, a**n, a.tanh(): return a new Value. Its inputs are
            (a, b) or (a,), and its derivatives are the tuple of
            `local_derivatives`. n is a plain number.
        -a, a - b: return a new Value too, with the right gradients.
        a.backward(): does what the function `backward` does.

    Must:
        - accept a plain number on either side of +, * and -
        - not change a or b

    Example:
        >>> a, b = Value(2.0), Value(-3.0)
        >>> (1 - a * b).backward()
        >>> a.grad
        3.0
        >>> b.grad
        -2.0

    Grows from: local_derivatives and backward.
    """

    def __init__(self, data, inputs=(), derivatives=()):
        self.data, self.grad = data, 0.0
        self.inputs, self.derivatives = inputs, derivatives

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.data + other.data, (self, other), local_derivatives("add", (self.data, other.data)))

    def __mul__(self, other):
        other = _as_value(other)
        return Value(self.data * other.data, (self, other), local_derivatives("mul", (self.data, other.data)))

    def __pow__(self, exponent):
        return Value(self.data**exponent, (self,), local_derivatives("pow", (self.data, exponent)))

    def tanh(self):
        return Value(math.tanh(self.data), (self,), local_derivatives("tanh", (self.data,)))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_as_value(other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def backward(self):
        backward(self)


def _as_value(number):
    return number if isinstance(number, Value) else Value(float(number))


def gradients(expression, at):
    """Return the derivative of an expression with respect to each input.

    Args:
        expression: a function that takes one Value for each number in
            `at`, as separate arguments, and returns a Value. It may
            leave some of them unused.
        at: a list of floats, the values of the inputs.

    Returns:
        A list of floats, one for each number in `at`, in this order.

    Must:
        - be exact up to rounding, unlike central differences
        - call the expression with your Values, not with tensors
        - not modify `at`

    Example:
        >>> gradients(lambda a, b: a * b + a, [2.0, 5.0])
        [6.0, 2.0]

    Foundations: the gradients that you checked by central differences.
    """
    values = [Value(number) for number in at]
    expression(*values).backward()
    return [value.grad for value in values]


def descend(loss, start, learning_rate, steps):
    """Run gradient descent and return all positions, from start on.

    Args:
        loss: a function that takes one Value for each number in start,
            as separate arguments, and returns a Value.
        start: a list of floats.
        steps: the number of updates, 0 or more.

    Returns:
        A list of steps + 1 lists of floats: a copy of start, then the
        position after each update.

    Must:
        - update all numbers at once: number - learning_rate * derivative,
          with the derivatives at the last position
        - call loss with leaves for every update, so that no graph grows
        - not modify start

    Example:
        >>> descend(lambda a: a**2, [8.0], 0.25, 2)
        [[8.0], [4.0], [2.0]]

    Foundations: `foundations.descend`.
    """
    positions = [list(start)]
    for _ in range(steps):
        slopes = gradients(loss, positions[-1])
        moved = [number - learning_rate * slope for number, slope in zip(positions[-1], slopes, strict=True)]
        positions.append(moved)
    return positions
