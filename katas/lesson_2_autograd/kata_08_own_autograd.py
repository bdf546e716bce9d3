"""Your own autograd.

Backprop by hand was always the same walk: draw the nodes, write the local derivative at each edge, go back
from the last node to the first, multiply and add. Here you teach Python to do the walk. The nodes hold one
float each, and no tensor is needed: the tests alone use PyTorch, to see that your gradients are the ones it
finds.
"""

import math


def local_derivatives(operation, inputs):
    """Return the local derivatives at one node of a graph, one for each input, at the inputs' values.

    operation: "add", a + b; "mul", a * b; "pow", a ** n; or "tanh", tanh(a).  inputs: a tuple of floats:
    (a, b), (a, n) with an `a` that is not 0, or (a,).  Returns: a tuple of numbers, as many as inputs; but
    for "pow" one only, that of a: n is a constant.

    >>> local_derivatives("mul", (2.0, 5.0))
    (5.0, 2.0)
    >>> local_derivatives("pow", (3.0, 2.0))
    (6.0,)

    In Foundations: the number that you wrote at each edge of a node.
    """
    raise NotImplementedError


def topological_order(root):
    """Return a list of `root` and all nodes behind it, each once, and each after all of its inputs.

    root: a node: an object with `.inputs`, a tuple of nodes, which is () for a leaf. One node may be an input
    of several others, or twice of one. Any order that keeps the rule is right. Graphs are deep: 5,000 nodes
    in a row, too many for a function that calls itself.

    >>> a = Value(2.0); b = a.tanh(); c = a * b  # a Value, which you write later, is such a node
    >>> topological_order(c) == [a, b, c]
    True

    In Foundations: the order in which you filled in the nodes' values, from left to right.
    """
    raise NotImplementedError


def backward(root):
    """Add the derivative of `root` with respect to each node to its `.grad`.

    root: a node as in topological_order, also with `.grad`, a float, and `.derivatives`, a number for each
    input; so are all nodes behind it.  Returns: None.  A leaf (a node without inputs) keeps what it had in
    the sum: a second call adds to it again. At all other nodes, grad begins at 0.0. As deep as before.

    >>> a = Value(3.0, (), ()); square = Value(9.0, (a, a), (3.0, 3.0))
    >>> backward(square); a.grad, square.grad
    (6.0, 1.0)

    In Foundations: upstream gradient times local derivative, and a sum where paths meet.
    """
    raise NotImplementedError


class Value:
    """A number that records how it was computed, so that backward finds its derivatives.

    Value(2.0) is a leaf: .data 2.0, .grad 0.0, .inputs and .derivatives (). +, -, *, ** with a number, - in
    front and .tanh() make new ones, with a plain number on either side of +, - and * too. a + b, a * b, a**3
    and a.tanh() have the Values they are made of in .inputs, in that order, and the local derivatives in
    .derivatives, as tuples. .backward() is backward.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> (1 - a * b).backward(); a.grad, b.grad
    (3.0, -2.0)

    Grows from: local_derivatives and backward.
    """

    def __init__(self, data, inputs=(), derivatives=()):
        raise NotImplementedError

    def __add__(self, other):
        raise NotImplementedError

    def __mul__(self, other):
        raise NotImplementedError

    def __pow__(self, exponent):
        raise NotImplementedError

    def tanh(self):
        raise NotImplementedError

    def __neg__(self):
        raise NotImplementedError

    def __sub__(self, other):
        raise NotImplementedError

    def __radd__(self, other):
        raise NotImplementedError

    def __rmul__(self, other):
        raise NotImplementedError

    def __rsub__(self, other):
        raise NotImplementedError

    def backward(self):
        raise NotImplementedError


def gradients(expression, at):
    """Return the derivatives of an expression with respect to each of its inputs, at the numbers in `at`.

    expression: a function of as many Values as `at` has numbers; it returns a Value, and may leave inputs
    out. at: a list of floats; it stays as it is.  Returns: a list of floats, one for each number, in that
    order, exact up to rounding. Compute with your Value, not with tensors.

    >>> gradients(lambda a, b: a * b + a, [2.0, 5.0])
    [6.0, 2.0]

    In Foundations: what you checked with central differences.
    """
    raise NotImplementedError


def descend(loss, start, learning_rate, steps):
    """Go downhill on `loss` from `start`, and return every position: a list of steps + 1 lists of floats.

    loss: a function of as many Values as `start` has numbers.  start: a list of floats; it stays as it is,
    and a copy of it is the first position.  In a step all numbers move at once, each by the learning rate
    times its derivative at the last position. In every step `loss` is given leaves: no graph grows from step
    to step.

    >>> descend(lambda a: a**2, [8.0], 0.25, 2)
    [[8.0], [4.0], [2.0]]

    In Foundations: descend.
    """
    raise NotImplementedError
