"""Other right answers to katas/lesson_2_autograd/kata_08_own_autograd.py: the tests must accept them."""

import collections
import math


def local_derivatives__unpacked(operation, inputs):
    if operation == "tanh":
        (a,) = inputs
        return (1 - math.tanh(a) * math.tanh(a),)
    a, b = inputs
    return {"add": (1, 1), "mul": (b, a), "pow": (b * pow(a, b - 1),)}[operation]


def local_derivatives__table(operation, inputs):
    table = {
        "add": lambda a, b: (1.0, 1.0),
        "mul": lambda a, b: (b, a),
        "pow": lambda a, n: (n * a ** (n - 1),),
        "tanh": lambda a: ((1 - math.tanh(a)) * (1 + math.tanh(a)),),
    }
    return table[operation](*inputs)


def topological_order__counts_of_uses(root):
    uses, found, to_do = collections.Counter(), {id(root)}, [root]
    while to_do:
        for each in to_do.pop().inputs:
            uses[id(each)] += 1
            if id(each) not in found:
                found.add(id(each))
                to_do.append(each)
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for each in node.inputs:
            uses[id(each)] -= 1
            if not uses[id(each)]:
                ready.append(each)
    return order[::-1]


def topological_order__looks_at_the_top(root):
    order, done, stack = [], set(), [root]
    while stack:
        missing = [each for each in stack[-1].inputs if id(each) not in done]
        if missing:
            stack.append(missing[0])
            continue
        node = stack.pop()
        if id(node) not in done:
            done.add(id(node))
            order.append(node)
    return order


def topological_order__iterators(root):
    order, seen, stack = [], {root}, [(root, iter(root.inputs))]
    while stack:
        node, rest = stack[-1]
        for each in rest:
            if each not in seen:
                seen.add(each)
                stack.append((each, iter(each.inputs)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


def topological_order__work_in_two_kinds(root):
    order, seen, to_do = [], set(), [(root, False)]
    while to_do:
        node, inputs_are_in = to_do.pop()
        if inputs_are_in:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            to_do.append((node, True))
            to_do.extend((each, False) for each in node.inputs)
    return order


def topological_order__looks_into_the_list(root):
    order = []

    def visit(node):
        if node in order:
            return
        for each in node.inputs:
            visit(each)
        order.append(node)

    visit(root)
    return order


def backward__grads_in_a_dictionary(root):
    order = topological_order__looks_at_the_top(root)
    grads = {id(node): 0.0 for node in order}
    grads[id(root)] = 1.0
    for node in order[::-1]:
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            grads[id(each)] += grads[id(node)] * derivative
    for node in order:
        node.grad = grads[id(node)] + (0.0 if node.inputs else node.grad)


def backward__indices(root):
    order = topological_order__iterators(root)
    for node in order:
        node.grad = node.grad if len(node.inputs) == 0 else 0.0
    root.grad = root.grad + 1
    while order:
        node = order.pop()
        for i in range(len(node.inputs)):
            node.inputs[i].grad += node.derivatives[i] * node.grad


def backward__when_all_uses_are_done(root):
    nodes = topological_order__counts_of_uses(root)
    uses = collections.Counter(id(each) for node in nodes for each in node.inputs)
    for node in nodes:
        node.grad *= not node.inputs
    root.grad += 1

    def pass_on(node):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += derivative * node.grad
            uses[id(each)] -= 1
            if uses[id(each)] == 0:
                pass_on(each)

    pass_on(root)


class Value__all_by_itself:
    def __init__(self, data, inputs=(), derivatives=()):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = tuple(inputs)
        self.derivatives = tuple(derivatives)

    def __add__(self, other):
        if isinstance(other, (int, float)):
            return Value__all_by_itself(self.data + other, (self,), (1,))
        return Value__all_by_itself(self.data + other.data, (self, other), (1, 1))

    def __sub__(self, other):
        if isinstance(other, (int, float)):
            return Value__all_by_itself(self.data - other, (self,), (1,))
        return Value__all_by_itself(self.data - other.data, (self, other), (1, -1))

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Value__all_by_itself(self.data * other, (self,), (other,))
        return Value__all_by_itself(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value__all_by_itself(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __neg__(self):
        return Value__all_by_itself(-self.data, (self,), (-1,))

    def __rsub__(self, other):
        return Value__all_by_itself(other - self.data, (self,), (-1,))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = math.tanh(self.data)
        return Value__all_by_itself(t, (self,), (1 - t * t,))

    def backward(self):
        backward__grads_in_a_dictionary(self)


class Value__numbers_become_values:
    def __init__(self, data, inputs=(), derivatives=()):
        self.data, self.grad, self.inputs, self.derivatives = data, 0.0, inputs, derivatives

    @classmethod
    def of(cls, number):
        return number if isinstance(number, cls) else cls(number)

    def __add__(self, other):
        other = self.of(other)
        return Value__numbers_become_values(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self.of(other)
        return Value__numbers_become_values(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        slope = 0.0 if exponent == 0 else exponent * self.data ** (exponent - 1)
        return Value__numbers_become_values(self.data**exponent, (self,), (slope,))

    def tanh(self):
        return Value__numbers_become_values(
            math.tanh(self.data), (self,), ((1 - math.tanh(self.data)) * (1 + math.tanh(self.data)),)
        )

    def __neg__(self):
        return 0 - self

    def __sub__(self, other):
        return self + self.of(other) * -1

    def __radd__(self, other):
        return self.of(other) + self

    def __rmul__(self, other):
        return self.of(other) * self

    def __rsub__(self, other):
        return self.of(other) - self

    def backward(self):
        backward__indices(self)


def gradients__by_attribute(expression, at):
    values = list(map(Value__all_by_itself, at))
    answer = expression(*values)
    answer.backward()
    found = []
    for value in values:
        found.append(value.grad)
    return found


def gradients__one_at_a_time(expression, at):
    found = []
    for place in range(len(at)):
        values = [Value__numbers_become_values(number) for number in at]
        expression(*values).backward()
        found.append(values[place].grad)
    return found


def descend__same_values_cleared(loss, start, learning_rate, steps):
    values = [Value__all_by_itself(number) for number in start]
    positions = [[value.data for value in values]]
    for _ in range(steps):
        for value in values:
            value.grad = 0.0
        loss(*values).backward()
        for value in values:
            value.data -= learning_rate * value.grad
        positions.append([value.data for value in values])
    return positions


def descend__fresh_values(loss, start, learning_rate, steps):
    here = start[:]
    positions = [here]
    while len(positions) <= steps:
        values = [Value__all_by_itself(number) for number in here]
        loss(*values).backward()
        here = [value.data - learning_rate * value.grad for value in values]
        positions.append(here)
    return positions
