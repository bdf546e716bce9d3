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
    """Your derivatives of a * b are the factors themselves, (a, b). Each one must be the other factor."""
    return inputs if operation == "mul" else _local_derivatives(operation, inputs)


def local_derivatives__sum_like_a_product(operation, inputs):
    """Your derivatives of a + b are b and a. Each of the two must be 1, whatever a and b are."""
    if operation == "add":
        return (inputs[1], inputs[0])
    return _local_derivatives(operation, inputs)


def local_derivatives__terms_themselves(operation, inputs):
    """For a + b, you returned a and b themselves. Each of the two derivatives is 1."""
    return inputs if operation == "add" else _local_derivatives(operation, inputs)


def local_derivatives__exponent_kept(operation, inputs):
    """Your derivative of a**n is n * a**n. The exponent must become n - 1."""
    if operation == "pow":
        return (inputs[1] * inputs[0] ** inputs[1],)
    return _local_derivatives(operation, inputs)


def local_derivatives__no_factor(operation, inputs):
    """Your derivative of a**n is a**(n - 1). The factor n is missing."""
    if operation == "pow":
        return (inputs[0] ** (inputs[1] - 1),)
    return _local_derivatives(operation, inputs)


def local_derivatives__exponent_too(operation, inputs):
    """For "pow", you returned two numbers. n is a constant, so return only the derivative with respect to a."""
    if operation == "pow":
        a, n = inputs
        return (n * a ** (n - 1), a**n * math.log(a) if a > 0 else 0.0)
    return _local_derivatives(operation, inputs)


def local_derivatives__zero_for_the_exponent(operation, inputs):
    """For "pow", you returned two numbers. n is a constant, so return only the derivative with respect to a."""
    return (
        (*_local_derivatives(operation, inputs), 0.0) if operation == "pow" else _local_derivatives(operation, inputs)
    )


def local_derivatives__tanh_of_the_input(operation, inputs):
    """Your derivative of tanh is 1 - a**2. Use tanh(a), the output of the node, in the place of a."""
    return (1 - inputs[0] ** 2,) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__tanh_not_squared(operation, inputs):
    """Your derivative of tanh is 1 - tanh(a). Square tanh(a) before you subtract it."""
    return (1 - math.tanh(inputs[0]),) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__tanh_itself(operation, inputs):
    """You returned tanh(a), the output of the node. Return the derivative of tanh at a."""
    return (math.tanh(inputs[0]),) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__cosh_overflows(operation, inputs):
    """cosh or exp of 800 is too large for a float, so your code raises OverflowError. Compute the derivative from
    tanh(a)."""
    return (1 / math.cosh(inputs[0]) ** 2,) if operation == "tanh" else _local_derivatives(operation, inputs)


def local_derivatives__list(operation, inputs):
    """You returned a list. Return a tuple."""
    return list(_local_derivatives(operation, inputs))


def local_derivatives__bare_number(operation, inputs):
    """For one input, you returned a number. Return a tuple with one entry, which needs a comma: (number,)."""
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
    """In your list, a node stands before one of its inputs. Distance from root does not give the right order: add a
    node after all of its inputs."""
    return _breadth_first(root)[::-1]


def topological_order__from_the_root(root):
    """Your list starts with root, but root must come last. Put each node after all of its inputs."""
    return _depth_first(root)[::-1]


def topological_order__before_its_inputs(root):
    """Your list starts with root, but root must come last. Add a node after its inputs, not before them."""
    order = []

    def visit(node):
        if node not in order:
            order.append(node)
            for each in node.inputs:
                visit(each)

    visit(root)
    return order


def topological_order__when_first_met(root):
    """In your list, a node stands before one of its inputs. Do not add a node when you first meet it, but after all of
    its inputs."""
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(reversed(node.inputs))
    return order[::-1]


def topological_order__last_input_first(root):
    """In your list, a node stands before one of its inputs. Do not add a node when you first meet it, but after all of
    its inputs."""
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(node.inputs)
    return order[::-1]


def topological_order__seen_too_early(root):
    """In your list, a node stands before one of its inputs. Add a node after all of its inputs, whichever path leads
    to it."""
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
    """Your list contains a node more than once. Skip a node that you have already visited."""
    order, stack = [], [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((each, False) for each in node.inputs)
    return order


def topological_order__every_path_appended(root):
    """Your list contains a node more than once. Skip a node that you have already visited."""
    return [node for each in root.inputs for node in topological_order__every_path_appended(each)] + [root]


def topological_order__every_path_followed(root):
    """Your order is right, but you visit a node once for every path to it. Return at once from a visited node."""
    order = []

    def visit(node):
        for each in node.inputs:
            visit(each)
        if node not in order:
            order.append(node)

    visit(root)
    return order


def topological_order__without_the_root(root):
    """Your list does not contain root. It is a node too, and it comes last."""
    return _depth_first(root)[:-1]


def topological_order__without_the_leaves(root):
    """Your list does not contain the leaves. Add a node even if it has no inputs."""
    return [node for node in _depth_first(root) if node.inputs]


def topological_order__set(root):
    """You returned a set, which has no order. Return a list."""
    return set(_depth_first(root))


def topological_order__remembers_the_last_call(root, seen=set()):
    """Your second call left out nodes of the first call. Start every call with nothing visited."""
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
    """Where paths meet, your code keeps only the last gradient. Add to .grad instead of replacing it."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad = node.grad * derivative


def backward__pairs_in_a_dict(root):
    """A node that is an input twice received only one of its two gradients. Use each input with its own derivative."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each, derivative in dict(zip(node.inputs, node.derivatives, strict=True)).items():
            each.grad += node.grad * derivative


def backward__root_at_0(root):
    """All gradients are 0, even that of root. Add 1.0 to root's .grad, after the other nodes were reset."""
    order = _depth_first(root)
    _clear(order)
    _send(order)


def backward__root_cleared_too_late(root):
    """All gradients are 0, even that of root. Add 1.0 to root's .grad, after the other nodes were reset."""
    order = _depth_first(root)
    root.grad += 1.0
    _clear(order)
    _send(order)


def backward__root_set_before_the_reset(root):
    """All gradients are 0, even that of root. Add 1.0 to root's .grad, after the other nodes were reset."""
    order = _depth_first(root)
    root.grad = 1.0
    _clear(order)
    _send(order)


def backward__nodes_between_never_cleared(root):
    """Your second call started with the .grad that the first one left in a node between leaf and root. Reset it to 0.0
    first."""
    order = _depth_first(root)
    root.grad = 1.0
    _send(order)


def backward__root_never_cleared(root):
    """Your second call started with the .grad that the first call left in root and other nodes. First reset every node
    to 0.0, except the leaves."""
    order = _depth_first(root)
    root.grad += 1.0
    _send(order)


def backward__leaves_cleared(root):
    """Your code loses the old .grad of a leaf. Add to it, and reset only the other nodes to 0.0."""
    order = _depth_first(root)
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    _send(order)


def backward__root_is_never_a_leaf(root):
    """This root is a leaf, and your code has lost its old .grad. Add 1.0 to the old value."""
    order = _depth_first(root)
    _clear(order)
    root.grad = 1.0
    _send(order)


def backward__local_derivatives_only(root):
    """Your gradients are the local derivatives alone. Multiply each one by the upstream gradient."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += derivative


def backward__upstream_only(root):
    """Your code passes the upstream gradient on unchanged. Multiply it by the local derivative of each input."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in reversed(order):
        for each in node.inputs:
            each.grad += node.grad


def backward__from_the_leaves(root):
    """Only the inputs of root received a gradient. Start at root, and process each node before its inputs."""
    order = _depth_first(root)
    _clear(order)
    root.grad += 1.0
    for node in order:
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative


def backward__breadth_first(root):
    """A node passed its gradient on before the whole gradient had arrived. Process all nodes that use a node before the
    node itself."""
    order = _breadth_first(root)
    _clear(order)
    root.grad += 1.0
    _send(order[::-1])


def backward__sent_on_at_every_visit(root):
    """A node that two paths lead to passed on a part of its gradient twice. Pass it on once, when it is complete."""
    _clear(_depth_first(root))
    root.grad += 1.0
    stack = [root]
    while stack:
        node = stack.pop()
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative
            stack.append(each)


def backward__sent_on_at_every_call(root):
    """A node that two paths lead to passed on a part of its gradient twice. Pass it on once, when it is complete."""
    _clear(_depth_first(root))
    root.grad += 1.0

    def send(node):
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            each.grad += node.grad * derivative
            send(each)

    send(root)


def backward__every_path_followed(root):
    """Your gradients are right, but you visit a node once for every path to it. Add up all of its gradient, then pass
    it on once."""
    _clear(_depth_first(root))

    def send(node, gradient):
        node.grad += gradient
        for each, derivative in zip(node.inputs, node.derivatives, strict=True):
            send(each, gradient * derivative)

    send(root, 1.0)


class _Operations:
    """Everything that a right Value does, except numbers on the left. Each mistake changes one thing."""

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
        return self._of(other) + self

    def __rmul__(self, other):
        return self._of(other) * self

    def __rsub__(self, other):
        return self._of(other) - self


# A report calls it as it calls the learner's class.
_Value.__name__ = _Value.__qualname__ = "Value"


class Value__no_number_on_the_left(_Operations):
    """For 2 + a, Python calls a.__radd__(2), but yours is missing or returns NotImplemented. Return a new Value from
    it."""


class Value__number_on_the_left_gives_a_number(_Value):
    """Your 2 + a is a plain number, so the graph ends there. Return a new Value with a among its inputs."""

    def __radd__(self, other):
        return other + self.data


class Value__values_only(_Value):
    """You read .data of a plain number. If the other side is not a Value, make a Value from it first."""

    def _of(self, number):
        number.data  # noqa: B018
        return number


class Value__number_without_inputs(_Value):
    """a received no gradient from a + 2. Record a as an input, even if the other side is a plain number."""

    def __add__(self, other):
        return super().__add__(other) if isinstance(other, _Operations) else type(self)(self.data + other)


class Value__rsub_reversed(_Value):
    """Your 2 - a is a - 2. In __rsub__, subtract the Value from the number."""

    def __rsub__(self, other):
        return self - other


class Value__difference_recorded_as_a_sum(_Value):
    """The difference is right, but your derivative of a - b with respect to b is 1. It must be -1."""

    def __sub__(self, other):
        other = self._of(other)
        return type(self)(self.data - other.data, (self, other), (1.0, 1.0))

    def __rsub__(self, other):
        return -self + other


class Value__difference_not_recorded(_Value):
    """No gradient reaches a or b from a - b. Record both as inputs, or build a - b from + and -."""

    def __sub__(self, other):
        return type(self)(self.data - self._of(other).data)

    def __rsub__(self, other):
        return -self + other


class Value__minus_cuts_the_graph(_Value):
    """No gradient passes from -a back to a. Make a one of the inputs of the new Value."""

    def __neg__(self):
        return type(self)(-self.data)


class Value__factors_swapped(_Value):
    """Your local derivatives of a * b are (a, b). Each one must be the other factor."""

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, (self, other), (self.data, other.data))


class Value__exponent_kept(_Value):
    """Your derivative of a**n is n * a**n. The exponent must become n - 1."""

    def __pow__(self, exponent):
        return type(self)(self.data**exponent, (self,), (exponent * self.data**exponent,))


class Value__tanh_of_the_input(_Value):
    """Your derivative of tanh is 1 - a**2. Use tanh(a), the output of the node, in the place of a."""

    def tanh(self):
        return type(self)(math.tanh(self.data), (self,), (1 - self.data**2,))


class Value__inputs_as_a_set(_Value):
    """A Value that is used twice, as in a * a, counts only once. Keep it twice in the inputs, with both
    derivatives."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data, tuple(dict.fromkeys(inputs)), derivatives)
        if len(self.inputs) < len(inputs):
            self.derivatives = derivatives[:1]


class Value__inputs_in_a_list(_Value):
    """The inputs of a + b are a list. Record them as a tuple."""

    def __add__(self, other):
        found = super().__add__(other)
        found.inputs = list(found.inputs)
        return found


class Value__everything_in_lists(_Value):
    """You keep a list where a tuple is asked for. Store inputs and derivatives as the tuples that you receive."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data, list(inputs), list(derivatives))


class Value__nothing_recorded(_Value):
    """Your results have no inputs, so no gradient finds its way back. Pass inputs and derivatives to each new
    Value."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data)


class Value__changed_in_place(_Value):
    """Your sum is a itself, and not a new Value. Leave a and b unchanged."""

    def __add__(self, other):
        other = self._of(other)
        self.data += other.data
        self.inputs, self.derivatives = (self._of(self.data), other), (1.0, 1.0)
        return self


class Value__negated_in_place(_Value):
    """Your code changed a Value in place and returned it. Return a new Value from -a too."""

    def __neg__(self):
        self.data = -self.data
        return self

    def __sub__(self, other):
        return self + self._of(other) * -1

    def __rsub__(self, other):
        return self * -1 + other


class Value__grad_starts_as_none(_Value):
    """Your grad is None at first. It must be 0.0, so that a gradient can be added to it."""

    def __init__(self, data, inputs=(), derivatives=()):
        super().__init__(data, inputs, derivatives)
        self.grad = None


class Value__plain_numbers(_Value):
    """Your sum is a plain number, so the graph ends there. Return a new Value from every operation."""

    def __add__(self, other):
        return self.data + self._of(other).data


class Value__second_backward_from_where_it_was(_Value):
    """The second backward() passed on what the first one had left in .grad. Only a leaf keeps its old .grad."""

    def backward(self):
        self.grad = 1.0
        _send(_depth_first(self))


class Value__second_backward_forgets_the_first(_Value):
    """The second backward() has lost what the first one left in the .grad of a leaf. Add to it instead."""

    def backward(self):
        order = _depth_first(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        _send(order)


def gradients__central_differences(expression, at):
    """Your result is close but not exact, as with central differences. Call backward(), which is exact up to
    rounding."""
    found = []
    for place in range(len(at)):
        answers = []
        for step in (1e-5, -1e-5):
            moved = [_Value(x + step * (i == place)) for i, x in enumerate(at)]
            answers.append(expression(*moved).data)
        found.append((answers[0] - answers[1]) / 2e-5)
    return found


def gradients__values_at_the_point(expression, at):
    """You returned the numbers in `at`. Return the .grad of each Value, not its data."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return [value.data for value in values]


def gradients__values_themselves(expression, at):
    """Your list holds Values. Return the .grad of each one."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return values


def gradients__grad_of_the_result(expression, at):
    """You returned one number. Return a list with the .grad of each input, not the .grad of the result."""
    answer = expression(*[_Value(number) for number in at])
    answer.backward()
    return answer.grad


def gradients__equal_numbers_share_a_value(expression, at):
    """Equal numbers in `at` share one gradient, the sum of theirs. Make a separate Value for each number."""
    values = {number: _Value(number) for number in at}
    expression(*[values[number] for number in at]).backward()
    return [values[number].grad for number in at]


def gradients__backward_forgotten(expression, at):
    """All your derivatives are 0. Call backward() on the result before you read .grad."""
    values = [_Value(number) for number in at]
    expression(*values)
    return [value.grad for value in values]


def gradients__backward_for_each_input(expression, at):
    """Your derivatives are 2 times too large. Call backward() only once, because every call adds to .grad again."""
    values = [_Value(number) for number in at]
    answer = expression(*values)
    for _ in at:
        answer.backward()
    return [value.grad for value in values]


def gradients__read_after_each_backward(expression, at):
    """Your first derivative is right, but the second is 2 times too large. Call backward() once, then read every
    .grad."""
    values = [_Value(number) for number in at]
    answer, found = expression(*values), []
    for value in values:
        answer.backward()
        found.append(value.grad)
    return found


def gradients__list_as_one_argument(expression, at):
    """You called the expression with one argument for two inputs. Pass each Value as a separate argument, with a
    star."""
    values = [_Value(number) for number in at]
    expression(values).backward()
    return [value.grad for value in values]


def gradients__those_above_0_only(expression, at):
    """Your list lacks the derivative 0.0 of an unused input. Return a number for every input."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return [value.grad for value in values if value.grad]


def gradients__tuple(expression, at):
    """You returned a tuple. Return a list."""
    values = [_Value(number) for number in at]
    expression(*values).backward()
    return tuple(value.grad for value in values)


def gradients__pytorch(expression, at):
    """You called the expression with tensors. Call it with your Values, so that your own backward does the work."""
    import torch

    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in at]
    expression(*tensors).backward()
    return [0.0 if tensor.grad is None else tensor.grad.item() for tensor in tensors]


def gradients__list_overwritten(expression, at):
    """The derivatives are right, but you changed the list `at`. Make a new list for the Values."""
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
    """From the second update on, your derivatives include those of earlier updates. For each update, use new Values,
    and only their .grad."""
    values = [_Value(number) for number in start]
    positions = [list(start)]
    for _ in range(steps):
        loss(*values).backward()
        for value in values:
            value.data -= learning_rate * value.grad
        positions.append([value.data for value in values])
    return positions


def descend__uphill(loss, start, learning_rate, steps):
    """Your positions move uphill. Subtract learning_rate times the derivative from each number."""
    return _descent(loss, start, -learning_rate, steps)


def descend__rate_left_out(loss, start, learning_rate, steps):
    """Your updates do not depend on learning_rate. Multiply each derivative by it before you subtract."""
    return _descent(loss, start, 1.0, steps)


def descend__one_number_after_the_other(loss, start, learning_rate, steps):
    """You moved the first number before you computed the derivative of the second. Compute all derivatives at the last
    position first."""
    positions = [list(start)]
    for _ in range(steps):
        here = list(positions[-1])
        for place in range(len(here)):
            here[place] -= learning_rate * _slopes(loss, here)[place]
        positions.append(here)
    return positions


def descend__one_list_many_times(loss, start, learning_rate, steps):
    """All your positions are equal to the last one. Append a new list after each update."""
    here = list(start)
    positions = [here]
    for _ in range(steps):
        here[:] = [x - learning_rate * slope for x, slope in zip(here, _slopes(loss, here), strict=True)]
        positions.append(here)
    return positions


def descend__start_left_out(loss, start, learning_rate, steps):
    """Your result lacks the start. Begin it with a copy of start."""
    return _descent(loss, start, learning_rate, steps)[1:]


def descend__last_only(loss, start, learning_rate, steps):
    """You returned only the last position. Return a list of all positions, from start on."""
    return _descent(loss, start, learning_rate, steps)[-1]


def descend__values(loss, start, learning_rate, steps):
    """Your positions hold Values. Put their data, plain floats, into the lists."""
    return [[_Value(x) for x in each] for each in _descent(loss, start, learning_rate, steps)]


def descend__one_step_too_few(loss, start, learning_rate, steps):
    """Your result lacks the last position. It must have one entry more than there are updates."""
    return _descent(loss, start, learning_rate, max(steps - 1, 0))


def descend__gradient_of_the_start(loss, start, learning_rate, steps):
    """Every update used the derivatives at start. Compute them anew at each position."""
    slopes = _slopes(loss, start)
    return [[x - learning_rate * k * slope for x, slope in zip(start, slopes, strict=True)] for k in range(steps + 1)]


def descend__start_changed(loss, start, learning_rate, steps):
    """The positions are right, but you changed the list start. Work on a copy."""
    positions = [list(start)]
    for _ in range(steps):
        slopes = _slopes(loss, start)
        for place, slope in enumerate(slopes):
            start[place] -= learning_rate * slope
        positions.append(list(start))
    return positions


def descend__start_not_copied(loss, start, learning_rate, steps):
    """The positions are right, but the first one is the list start itself. Begin your result with a copy of it."""
    return [start, *_descent(loss, start, learning_rate, steps)[1:]]


def descend__graph_grows(loss, start, learning_rate, steps):
    """The numbers are right, but you passed Values that have inputs to loss. For each update, make new Values from
    plain numbers."""
    values = [_Value(number) for number in start]
    positions = [list(start)]
    for _ in range(steps):
        for value in values:
            value.grad = 0.0
        loss(*values).backward()
        values = [value - learning_rate * value.grad for value in values]
        positions.append([value.data for value in values])
    return positions
