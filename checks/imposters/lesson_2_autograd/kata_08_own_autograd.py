"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_08_own_autograd.py, for another reason."""

import math


def local_derivatives__cosh_overflows__exp(operation, inputs):
    """exp(2 * 800) overflows, not cosh(800)."""
    a, b = inputs[0], inputs[-1]
    if operation == "tanh":
        square = math.exp(2 * a)
        return (4 * square / (square + 1) ** 2,)
    return {"add": (1.0, 1.0), "mul": (b, a), "pow": (b * a ** (b - 1) if a else 0.0,)}[operation]


def _depth_first(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for each in node.inputs:
                visit(each)
            order.append(node)

    visit(root)
    return order


def topological_order__before_its_inputs__breadth_first(root):
    """Each node is listed when it is first met, level by level."""
    order = [root]
    for node in order:
        order += [each for each in dict.fromkeys(node.inputs) if each not in order]
    return order


def topological_order__breadth_first__level_by_level(root):
    """Whole levels are put in front of the list, and a node stays at the first level that it was met on."""
    order, level = [root], [root]
    while level:
        level = [each for node in level for each in node.inputs]
        for each in level:
            if each not in order:
                order.insert(0, each)
    return order


def topological_order__every_path_followed__depths(root):
    """The depth of a node is computed anew for each path, and the nodes are sorted by depth."""
    depths = {}

    def depth(node):
        depths[node] = 1 + max((depth(each) for each in node.inputs), default=0)
        return depths[node]

    depth(root)
    return sorted(depths, key=depths.get)


def backward__root_at_0__misspelled(root):
    """The 1.0 goes to an attribute of another name."""
    order = _depth_first(root)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    root.grads = 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative


class _Value:
    def __init__(self, data, inputs=(), derivatives=()):
        self.data, self.grad, self.inputs, self.derivatives = data, 0.0, inputs, derivatives

    def _of(self, number):
        return number if isinstance(number, _Value) else type(self)(float(number))

    def __add__(self, other):
        other = self._of(other)
        return type(self)(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return type(self)(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def tanh(self):
        return type(self)(math.tanh(self.data), (self,), (1 - math.tanh(self.data) ** 2,))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self._of(other)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def backward(self):
        order = _depth_first(self)
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for each, derivative in zip(node.inputs, node.derivatives, strict=True):
                each.grad += node.grad * derivative


class Value__no_number_on_the_left__refuses(_Value):
    """The methods are there, but they return NotImplemented."""

    def __radd__(self, other):
        return NotImplemented

    __rmul__ = __rsub__ = __radd__


class Value__nothing_recorded__inputs_dropped(_Value):
    """Every operation passes its inputs on, but they are not kept."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data)


def gradients__backward_forgotten__read_too_early(expression, at):
    """backward() is called, but after .grad was read."""
    values = [_Value(number) for number in at]
    found = [value.grad for value in values]
    expression(*values).backward()
    return found


def gradients__backward_for_each_input__two_results(expression, at):
    """The expression is computed twice, with a backward pass each time."""
    values = [_Value(number) for number in at]
    for _ in range(2):
        expression(*values).backward()
    return [value.grad for value in values]


def descend__one_list_many_times__one_list_repeated(loss, start, learning_rate, steps):
    """The last position alone is computed, and then repeated."""
    here = list(start)
    for _ in range(steps):
        values = [_Value(number) for number in here]
        loss(*values).backward()
        here = [value.data - learning_rate * value.grad for value in values]
    return [here] * (steps + 1)


def descend__never_cleared__summed_by_hand(loss, start, learning_rate, steps):
    """Each update has new Values, but the derivatives are added to those of earlier updates."""
    positions, sums = [list(start)], [0.0] * len(start)
    for _ in range(steps):
        values = [_Value(number) for number in positions[-1]]
        loss(*values).backward()
        sums = [total + value.grad for total, value in zip(sums, values, strict=True)]
        positions.append([value.data - learning_rate * total for value, total in zip(values, sums, strict=True)])
    return positions
