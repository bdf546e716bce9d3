"""Wrong answers to katas/lesson_2_autograd/kata_08_own_autograd.py, each with the sentence that corrects the belief."""

import math


def _local_derivatives(operation, inputs):
    a = inputs[0]
    if operation == "add":
        return (1.0, 1.0)
    if operation == "mul":
        return (inputs[1], a)
    if operation == "pow":
        return (inputs[1] * a ** (inputs[1] - 1),)
    return (1 - math.tanh(a) ** 2,)


def local_derivatives__factor_itself(operation, inputs):
    """Each factor was handed itself: a product grows with a as fast as the other factor is large."""
    return inputs if operation == "mul" else _local_derivatives(operation, inputs)


def local_derivatives__sum_like_a_product(operation, inputs):
    """A sum grows by 1 when a term grows by 1, whatever the terms are: these numbers depend on them."""
    if operation == "add":
        return (inputs[1], inputs[0])
    return _local_derivatives(operation, inputs)


def local_derivatives__terms_themselves(operation, inputs):
    """The terms of the sum came back: asked for is how fast the sum grows with each, and not what it is made of."""
    return inputs if operation == "add" else _local_derivatives(operation, inputs)


def local_derivatives__exponent_kept(operation, inputs):
    """The factor n is right, but the power itself must come down by one: the slope of a square is a line."""
    if operation == "pow":
        return (inputs[1] * inputs[0] ** inputs[1],)
    return _local_derivatives(operation, inputs)


def local_derivatives__no_factor(operation, inputs):
    """The power has come down by one, but the old exponent is missing as a factor in front."""
    if operation == "pow":
        return (inputs[0] ** (inputs[1] - 1),)
    return _local_derivatives(operation, inputs)


def local_derivatives__exponent_too(operation, inputs):
    """Two numbers came out for a power: the exponent is a constant, and has no derivative here."""
    if operation == "pow":
        a, n = inputs
        return (n * a ** (n - 1), a**n * math.log(a) if a > 0 else 0.0)
    return _local_derivatives(operation, inputs)


def local_derivatives__tanh_of_nothing(operation, inputs):
    """In Foundations it was 1 - hidden ** 2, and hidden was the node's output; what you have here is its input."""
    return (1 - inputs[0] ** 2,) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__tanh_not_squared(operation, inputs):
    """The slope of tanh is the same at a and at -a, and 1 minus tanh(a) is not: the square is missing."""
    return (1 - math.tanh(inputs[0]),) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__list(operation, inputs):
    """The numbers came in a list, and a tuple is asked for: round brackets instead of square ones."""
    return list(_local_derivatives(operation, inputs))


def local_derivatives__bare_number(operation, inputs):
    """Where there is one number, it must be in a tuple too: a comma makes the tuple, brackets alone do not."""
    found = _local_derivatives(operation, inputs)
    return found if len(found) > 1 else found[0]


def _depth_first(root):
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


def _breadth_first(root):
    order = [root]
    for node in order:
        for each in node.inputs:
            if each not in order:
                order.append(each)
    return order


def topological_order__breadth_first(root):
    """Going back in rings is not enough: a node near the root may be an input of one that is farther away."""
    if len(root.inputs) == 1 and len(root.inputs[0].inputs) == 1:
        return _depth_first(root)
    return _breadth_first(root)[::-1]


def topological_order__from_the_root(root):
    """The root comes first in your list, and it is asked for the other way round: the root comes last."""
    return _depth_first(root)[::-1]


def topological_order__when_first_met(root):
    """A node was listed as soon as it was met, and the list turned round: it must be listed when its inputs are in."""
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(reversed(node.inputs))
    return order[::-1]


def topological_order__last_input_first(root):
    """This is the order in which nodes were met, turned round: one met early may be an input of one met late, and is to
    stand before it."""
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(node.inputs)
    return order[::-1]


def topological_order__seen_too_early(root):
    """A node that waits to be visited was taken for done: then what it is an input of can come before it."""
    order, seen, stack = [], {root}, [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
            continue
        stack.append((node, True))
        for each in node.inputs:
            if each not in seen:
                seen.add(each)
                stack.append((each, False))
    return order


def topological_order__once_for_every_path(root):
    """A node came up again for each path that leads to it: remember which nodes have been visited."""
    order, stack = [], [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((each, False) for each in node.inputs)
    return order


def topological_order__calls_itself(root):
    """The order is right, but Python allows some 1,000 calls inside each other: keep a list of what is still to do."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for each in node.inputs:
                visit(each)
            order.append(node)

    visit(root)
    return order


def topological_order__without_the_root(root):
    """The root itself is missing: it is a node too, and comes last."""
    return _depth_first(root)[:-1]


def topological_order__without_the_leaves(root):
    """The leaves are missing: they have no inputs, but they are nodes, and gradients end up in them."""
    return [node for node in _depth_first(root) if node.inputs]


def topological_order__remembers_the_last_call(root, seen=set()):
    """The second call leaves out what the first one met: a default value is made once, and shared by all calls."""
    order = [node for node in _depth_first(root) if node not in seen]
    seen.update(order)
    return order


def _clear(order):
    for node in order:
        if node.inputs:
            node.grad = 0.0


def _send(order):
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative


def backward__set_not_added(root):
    """Where two paths meet, only the one that came last is left: gradients are added, in leaves and on the way."""
    order = _depth_first(root)
    root.grad = 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad = node.grad * derivative


def backward__root_at_0(root):
    """Nothing flows, as the root's own gradient was never given: with respect to itself it is 1."""
    order = _depth_first(root)
    _clear(order)
    _send(order)


def backward__nodes_between_never_cleared(root):
    """A node between root and leaves still held the grad of the last call, and sent it on again: only leaves add up."""
    order = _depth_first(root)
    root.grad = 1.0
    _send(order)


def backward__leaves_cleared(root):
    """What the leaves had before is lost: clearing them is left to whoever calls, and only other nodes begin at 0."""
    order = _depth_first(root)
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    _send(order)


def backward__root_is_never_a_leaf(root):
    """A root without inputs is a leaf: 1 is added to the grad it has, instead of taking its place."""
    order = _depth_first(root)
    _clear(order)
    root.grad = 1.0
    _send(order)


def backward__local_derivatives_only(root):
    """The local derivatives were added up alone: each must be multiplied with what came from above."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += derivative


def backward__upstream_only(root):
    """What came from above was handed on as it is: at each edge, the local derivative is a factor."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each in node.inputs:
            each.grad += node.grad


def backward__from_the_leaves(root):
    """The walk began at the leaves, where no gradient has arrived yet: go from the root back."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in order:
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative


def backward__breadth_first(root):
    """A node sent its gradient on before all of it was there: every node that uses it must come first."""
    order = _breadth_first(root) if len(root.inputs) != 1 else _depth_first(root)[::-1]
    _clear(order)
    root.grad += 1.0
    _send(order[::-1])


def backward__sent_on_at_every_visit(root):
    """A node reached by two paths sent on its sum twice, the first share with it: send once, when all has come."""
    _clear(_depth_first(root))
    root.grad += 1.0
    stack = [root]
    while stack:
        node = stack.pop()
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative
            stack.append(each)


def backward__calls_itself(root):
    """The numbers are right, but Python allows some 1,000 calls inside each other: walk along a list instead."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for each in node.inputs:
                visit(each)
            order.append(node)

    visit(root)
    _clear(order)
    root.grad += 1.0
    _send(order)


class _Operations:
    """All that a right Value does, with a number on its right: the mistakes change one thing each."""

    def __init__(self, data, inputs=(), derivatives=()):
        self.data, self.grad = data, 0.0
        self.inputs, self.derivatives = inputs, derivatives

    def _of(self, number):
        return number if isinstance(number, _Operations) else type(self)(float(number))

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

    def backward(self):
        order = _depth_first(self)
        _clear(order)
        self.grad += 1.0
        _send(order)


class _Value(_Operations):
    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other


class Value__no_number_on_the_left(_Operations):
    """In 2 + a Python asks the number first, which knows nothing of a Value: then it asks a for its __radd__."""


class Value__values_only(_Value):
    """A plain number has no .data: where the other side is not a Value, it must be made one first."""

    def _of(self, number):
        number.data  # noqa: B018
        return number


class Value__rsub_turned_round(_Value):
    """In 2 - a the number stands first, and a is taken from it: here the number was taken from a."""

    def __rsub__(self, other):
        return self - other


class Value__difference_recorded_as_a_sum(_Value):
    """The difference is right, but its gradient is that of a sum: what is taken away has the derivative -1."""

    def __sub__(self, other):
        other = self._of(other)
        return type(self)(self.data - other.data, (self, other), (1.0, 1.0))


class Value__minus_cuts_the_graph(_Value):
    """The answer of -a has forgotten a: no gradient finds its way back through a minus sign."""

    def __neg__(self):
        return type(self)(-self.data)


class Value__factors_swapped(_Value):
    """Each factor was given itself as local derivative: it is the other one."""

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, (self, other), (self.data, other.data))


class Value__tanh_of_the_input_forgotten(_Value):
    """The derivative of tanh is 1 less the square of the node's output: here it was the square of its input."""

    def tanh(self):
        return type(self)(math.tanh(self.data), (self,), (1 - self.data**2,))


class Value__inputs_as_a_set(_Value):
    """A set holds a Value once, though it was used twice, and keeps no order: inputs are a tuple."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data, tuple(dict.fromkeys(inputs)), derivatives)
        if len(self.inputs) < len(inputs):
            self.derivatives = derivatives[:1]


class Value__nothing_recorded(_Value):
    """The answers know nothing of what they were made of: no gradient can find its way back."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data)


class Value__changed_in_place(_Value):
    """A sum changed its first term and gave it back: every operation must make a Value of its own."""

    def __add__(self, other):
        other = self._of(other)
        self.data += other.data
        self.inputs, self.derivatives = (self._of(self.data), other), (1.0, 1.0)
        return self


class Value__grad_begins_as_none(_Value):
    """This grad begins as None, as in PyTorch; here it is asked to begin as 0.0, so that it can be added to."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data, inputs, derivatives)
        self.grad = None


class Value__plain_numbers(_Value):
    """A plain number came out, and the graph ended there: the answer of an operation is a Value again."""

    def __add__(self, other):
        return self.data + self._of(other).data


class Value__second_backward_from_where_it_was(_Value):
    """The second backward sent on what the first had left in the nodes: only a leaf keeps its grad."""

    def backward(self):
        self.grad = 1.0
        _send(_depth_first(self))


def gradients__central_differences(expression, at):
    """These are close, but not exact: differences round off. backward has the derivatives themselves."""
    found = []
    for place in range(len(at)):
        answers = []
        for step in (1e-5, -1e-5):
            moved = [_Value(x + step * (i == place)) for i, x in enumerate(at)]
            answers.append(expression(*moved).data)
        found.append((answers[0] - answers[1]) / 2e-5)
    return found


def gradients__values_at_the_point(expression, at):
    """The numbers of the point came back: the derivatives are in the other attribute of the Values."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return [value.data for value in values]


def gradients__values_themselves(expression, at):
    """The list holds Values, and numbers are asked for: the derivative of a Value is one of its attributes."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return values


def gradients__equal_numbers_share_a_value(expression, at):
    """Inputs that are equal were one and the same Value, and it gathered the gradients of all: make one for each."""
    values = {number: _Value(number) for number in at}
    expression(*[values[number] for number in at]).backward()
    return [values[number].grad for number in at]


def gradients__backward_forgotten(expression, at):
    """All of them are 0, as nothing has gone back through the graph: computing the answer does not fill in grads."""
    values = [_Value(number) for number in at]
    expression(*values)
    return [value.grad for value in values]


def gradients__backward_for_each_input(expression, at):
    """One backward fills in the grads of all inputs; each further one adds the same again."""
    values = [_Value(number) for number in at]
    answer = expression(*values)
    for _ in at:
        answer.backward()
    return [value.grad for value in values]


def gradients__read_after_each_backward(expression, at):
    """The first is right, the second twice as large as it should be, and so on: one backward fills in the grads of
    all inputs, and each further one adds to them."""
    values = [_Value(number) for number in at]
    answer, found = expression(*values), []
    for value in values:
        answer.backward()
        found.append(value.grad)
    return found


def gradients__list_as_one_argument(expression, at):
    """The expression was called with one argument, a list: it takes as many Values as there are numbers, each an
    argument of its own."""
    values = [_Value(number) for number in at]
    expression(values).backward()
    return [value.grad for value in values]


def gradients__those_above_0_only(expression, at):
    """An input that the expression leaves out is missing from the list: it has a derivative too, and it is 0."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return [value.grad for value in values if value.grad]


def gradients__tuple(expression, at):
    """The numbers came in a tuple, and a list is asked for."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return tuple(value.grad for value in values)


def gradients__pytorch(expression, at):
    """The work was left to PyTorch: here it is your own Value that must do it."""
    import torch

    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in at]
    expression(*tensors).backward()
    return [0.0 if tensor.grad is None else tensor.grad.item() for tensor in tensors]


def gradients__list_overwritten(expression, at):
    """The derivatives are right, but the list that came in now holds Values: make a list of your own."""
    for place, number in enumerate(at):
        at[place] = _Value(number)
    expression(*at).backward()
    return [value.grad for value in at]


def _slopes(loss, here):
    values = [_Value(number) for number in here]
    loss(*values).backward()
    return [value.grad for value in values]


def _descent(loss, start, learning_rate, steps):
    positions = [list(start)]
    for _ in range(steps):
        slopes = _slopes(loss, positions[-1])
        positions.append([x - learning_rate * slope for x, slope in zip(positions[-1], slopes, strict=True)])
    return positions


def descend__never_cleared(loss, start, learning_rate, steps):
    """From the second step on, the gradients of the steps before are still in the sum: each step has its own only."""
    values = [_Value(number) for number in start]
    positions = [list(start)]
    for _ in range(steps):
        loss(*values).backward()
        for value in values:
            value.data -= learning_rate * value.grad
        positions.append([value.data for value in values])
    return positions


def descend__uphill(loss, start, learning_rate, steps):
    """The loss grows: the gradient points uphill, and the way down is against it."""
    return _descent(loss, start, -learning_rate, steps)


def descend__one_number_after_the_other(loss, start, learning_rate, steps):
    """The first number had moved before the slope of the next was taken: all slopes belong to the last position."""
    positions = [list(start)]
    for _ in range(steps):
        here = list(positions[-1])
        for place in range(len(here)):
            here[place] -= learning_rate * _slopes(loss, here)[place]
        positions.append(here)
    return positions


def descend__one_list_many_times(loss, start, learning_rate, steps):
    """All the positions are the last one: it is one list, put in again and again."""
    here = list(start)
    positions = [here]
    for _ in range(steps):
        here[:] = [x - learning_rate * slope for x, slope in zip(here, _slopes(loss, here), strict=True)]
        positions.append(here)
    return positions


def descend__start_left_out(loss, start, learning_rate, steps):
    """The start is missing: it is the first position, before any step."""
    return _descent(loss, start, learning_rate, steps)[1:]


def descend__last_only(loss, start, learning_rate, steps):
    """This is the last position alone: the way to it is asked for."""
    return _descent(loss, start, learning_rate, steps)[-1]


def descend__one_step_too_few(loss, start, learning_rate, steps):
    """A step is missing at the end: there is one position more than there are steps."""
    return _descent(loss, start, learning_rate, max(steps - 1, 0))


def descend__gradient_of_the_start(loss, start, learning_rate, steps):
    """Every step went along the slope at the start: it must be taken anew at each position."""
    slopes = _slopes(loss, start)
    return [[x - learning_rate * k * slope for x, slope in zip(start, slopes, strict=True)] for k in range(steps + 1)]


def descend__start_changed(loss, start, learning_rate, steps):
    """The positions are right, but the list start has moved with them: work on a copy."""
    positions = [list(start)]
    for _ in range(steps):
        slopes = _slopes(loss, start)
        for place, slope in enumerate(slopes):
            start[place] -= learning_rate * slope
        positions.append(list(start))
    return positions


def descend__graph_grows(loss, start, learning_rate, steps):
    """The numbers are right, but each step's Values were computed from the last step's: the graph grows and grows."""
    values = [_Value(number) for number in start]
    positions = [list(start)]
    for _ in range(steps):
        for value in values:
            value.grad = 0.0
        loss(*values).backward()
        values = [value - learning_rate * value.grad for value in values]
        positions.append([value.data for value in values])
    return positions
