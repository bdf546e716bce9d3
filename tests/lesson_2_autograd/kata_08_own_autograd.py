"""The specification of katas/lesson_2_autograd/kata_08_own_autograd.py."""

import math
import random

import pytest
import torch

from dojo.expect import Mismatch, assert_value, kind_of
from katas.lesson_2_autograd import kata_08_own_autograd as kata

CORE = ()


class Node:
    """A node of a graph, with a name for the report and a limit on how often its inputs may be read."""

    def __init__(self, name, inputs=(), derivatives=(), grad=0.0, limit=math.inf):
        self.name, self.derivatives, self.grad, self.first_grad = name, derivatives, grad, grad
        self._inputs, self._left = inputs, limit

    @property
    def inputs(self):
        self._left -= 1
        if self._left < 0:
            says = "Your code looks at the same node once for every path. This graph of 41 nodes has 2 ** 40 paths."
            raise Mismatch("statement", says)
        return self._inputs

    def __repr__(self):
        return self.name


def graph_in_words(nodes):
    """What a report says about the graph of `nodes`, nothing if there are many."""
    if len(nodes) >= 10:
        return ""
    parts = [f"{node} is a leaf whose grad was {node.first_grad:g}" for node in nodes if node.first_grad]
    for node in nodes:
        shares = node.derivatives or [None] * len(node.inputs)
        inputs = [
            f"{each}" if share is None else f"{each} ({share:g})"
            for each, share in zip(node.inputs, shares, strict=True)
        ]
        if inputs:
            parts.append(f"{node} has the input{'s' * (len(inputs) > 1)} {' and '.join(inputs)}")
    with_derivatives = ", local derivatives in brackets" if any(node.derivatives for node in nodes) else ""
    return f" The graph{with_derivatives}: {'; '.join(parts)}." if parts else ""


def ladder():
    """The nodes of a graph, the leaf first. Each of the other 40 has the node before it as an input twice."""
    nodes = [Node("node_0", limit=1000)]
    for number in range(1, 41):
        nodes.append(Node(f"node_{number}", (nodes[-1], nodes[-1]), (1.0, 1.0), limit=1000))
    return nodes


def assert_numbers(actual, expected, name="your result", tolerance=1e-9):
    """Check that `actual` is a tuple or list like `expected`, with the same numbers. Integers are accepted too."""
    __tracebackhide__ = True
    if type(actual) is type(expected) and all(type(each) in (int, float) for each in actual):
        actual = type(expected)(float(each) for each in actual)
    assert_value(actual, expected, tolerance=tolerance, name=name)


def assert_each(actual, expected, after=""):
    """Check numbers by name: the keys of both dicts are expressions, for example "a.grad". `after` ends the message."""
    __tracebackhide__ = True
    for name, number in expected.items():
        own = actual[name]
        try:
            assert_value(float(own) if type(own) is int else own, number, tolerance=1e-9, name=name)
        except Mismatch as found:
            raise Mismatch(found.kind, found.says + after, actual=actual, expected=expected) from None


@pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (-3.0, 0.5)])
def test_local_derivatives__is_1_for_each_term_of_a_sum(a, b):
    assert_numbers(kata.local_derivatives("add", (a, b)), (1.0, 1.0))


@pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (-3.0, 0.5), (0.0, 7.0)])
def test_local_derivatives__is_the_other_factor_of_a_product(a, b):
    assert_numbers(kata.local_derivatives("mul", (a, b)), (b, a))


@pytest.mark.parametrize(
    ("a", "n", "slope"),
    # n * a ** (n - 1)
    [(3.0, 2.0, 6.0), (-2.0, 3.0, 12.0), (4.0, 0.5, 0.25), (-2.0, -1.0, -0.25), (5.0, 1.0, 1.0), (5.0, 0.0, 0.0)],
)
def test_local_derivatives__follows_the_power_rule(a, n, slope):
    assert_numbers(kata.local_derivatives("pow", (a, n)), (slope,))


def test_local_derivatives__is_right_for_tanh():
    # 1 - tanh(a)**2. For a = ln(2), tanh(a) is 0.6.
    assert_numbers(kata.local_derivatives("tanh", (math.log(2.0),)), (0.64,))
    assert_numbers(kata.local_derivatives("tanh", (-math.log(2.0),)), (0.64,))
    assert_numbers(kata.local_derivatives("tanh", (0.0,)), (1.0,))


def test_local_derivatives__is_0_for_tanh_at_a_large_number():
    assert_numbers(kata.local_derivatives("tanh", (800.0,)), (0.0,))
    assert_numbers(kata.local_derivatives("tanh", (-800.0,)), (0.0,))


def test_local_derivatives__does_what_its_example_shows(example):
    example.check(kata)


def assert_order(order, nodes):
    """Check that `order` is a list with each of `nodes` once and after its inputs."""
    __tracebackhide__ = True
    if not isinstance(order, list):
        kind = kind_of(order)
        raise Mismatch("type", f"Your result is {kind}. It must be a list.", actual=order)
    names = [getattr(node, "name", repr(node)) for node in order]
    shown = names if len(names) < 10 else len(names)
    place = {id(node): number for number, node in enumerate(order)}
    graph = graph_in_words(nodes)
    for node in nodes:
        if id(node) not in place:
            raise Mismatch("value", f"Your list does not contain {node}.{graph}", actual=shown)
        times = names.count(node.name)
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            raise Mismatch("value", f"Your list contains {node} {often}.{graph}", actual=shown)
        for each in node.inputs:
            if place[id(each)] > place[id(node)]:
                says = f"In your list, {node} stands before its input {each}.{graph}"
                raise Mismatch("value", says, actual=shown)
    if len(order) != len(nodes):
        raise Mismatch(
            "value", f"Your list has {len(order)} entries, but the graph has {len(nodes)} nodes.{graph}", actual=shown
        )


def test_topological_order__puts_a_node_after_its_inputs():
    a, b = Node("a"), Node("b")
    c = Node("c", (a, b))
    d = Node("d", (c,))
    assert_order(kata.topological_order(d), [a, b, c, d])


@pytest.mark.parametrize("reverse", [False, True], ids=["short_path_first", "long_path_first"])
def test_topological_order__handles_paths_of_different_lengths(reverse):
    order = reversed if reverse else iter
    x = Node("x")
    a = Node("a", (x,))
    b = Node("b", (a,))
    root = Node("root", tuple(order((a, b))))
    assert_order(kata.topological_order(root), [x, a, b, root])


@pytest.mark.parametrize("reverse", [False, True], ids=["short_paths_first", "long_paths_first"])
def test_topological_order__handles_paths_that_meet_several_times(reverse):
    order = reversed if reverse else iter
    x, y = Node("x"), Node("y")
    a = Node("a", (x,))
    b = Node("b", tuple(order((x, a))))
    c = Node("c", tuple(order((y, b))))
    root = Node("root", tuple(order((a, c, b))))
    assert_order(kata.topological_order(root), [x, y, a, b, c, root])


def test_topological_order__lists_a_node_once():
    a = Node("a")
    square = Node("square", (a, a))
    assert_order(kata.topological_order(square), [a, square])


def test_topological_order__returns_a_single_leaf():
    a = Node("a")
    assert_order(kata.topological_order(a), [a])


def test_topological_order__gives_independent_results_on_repeated_calls():
    a, b = Node("a"), Node("b")
    c = Node("c", (a, b))
    kata.topological_order(c)
    assert_order(kata.topological_order(c), [a, b, c])
    assert_order(kata.topological_order(Node("d", (a,)))[:1], [a])


def test_topological_order__looks_at_each_node_once():
    nodes = ladder()
    order = kata.topological_order(nodes[-1])
    if order != nodes:
        raise Mismatch("value", "In a graph of 41 nodes, each with the one before it as an input, your order is wrong.")


def test_topological_order__does_what_its_example_shows(example):
    example.check(kata)


def assert_grads(nodes, expected, others=()):
    """Check the grad of each of `nodes`. `others` are the rest of the graph, for the report."""
    __tracebackhide__ = True
    names = [f"{node}.grad" for node in nodes]
    after = graph_in_words([*nodes, *others])
    assert_each(
        dict(zip(names, [node.grad for node in nodes], strict=True)), dict(zip(names, expected, strict=True)), after
    )


def test_backward__multiplies_along_a_path():
    a = Node("a")
    b = Node("b", (a,), (3.0,))
    c = Node("c", (b,), (-5.0,))
    kata.backward(c)
    assert_grads([a, b, c], [-15.0, -5.0, 1.0])


def test_backward__uses_the_derivative_of_each_input():
    a, b, c = Node("a"), Node("b"), Node("c")
    d = Node("d", (a, b), (2.0, 7.0))
    root = Node("root", (d, c), (-3.0, 4.0))
    kata.backward(root)
    assert_grads([a, b, c, d, root], [-6.0, -21.0, 4.0, -3.0, 1.0])


def test_backward__adds_where_a_node_is_used_twice():
    a = Node("a")
    b = Node("b", (a, a), (2.0, 5.0))
    kata.backward(b)
    assert_grads([a], [7.0], others=[b])


@pytest.mark.parametrize("reverse", [False, True], ids=["short_path_first", "long_path_first"])
def test_backward__passes_a_gradient_on_when_it_is_complete(reverse):
    # d root / d a is 2 along the short path, and 3 * 5 along the path through b.
    order = reversed if reverse else iter
    x = Node("x")
    a = Node("a", (x,), (7.0,))
    b = Node("b", (a,), (5.0,))
    root = Node("root", tuple(order((a, b))), tuple(order((2.0, 3.0))))
    kata.backward(root)
    assert_grads([x, a, b, root], [119.0, 17.0, 3.0, 1.0])


def test_backward__adds_to_the_old_grad_of_a_leaf():
    a, b = Node("a", grad=10.0), Node("b", grad=-1.0)
    c = Node("c", (a, b), (4.0, 6.0))
    kata.backward(c)
    assert_grads([a, b], [14.0, 5.0], others=[c])
    kata.backward(c)
    assert_grads([a, b], [18.0, 11.0], others=[c])


def test_backward__replaces_the_old_grad_of_other_nodes():
    a = Node("a")
    b = Node("b", (a,), (3.0,))
    c = Node("c", (b,), (2.0,))
    kata.backward(c)
    kata.backward(c)
    assert_grads([a, b, c], [12.0, 2.0, 1.0])


def test_backward__keeps_two_roots_separate():
    a = Node("a")
    shared = Node("shared", (a,), (3.0,))
    first, second = Node("first", (shared,), (2.0,)), Node("second", (shared,), (5.0,))
    kata.backward(first)
    kata.backward(second)
    assert_grads([a, shared], [21.0, 5.0], others=[first, second])


def test_backward__adds_1_if_the_root_is_a_leaf():
    a = Node("a", grad=10.0)
    kata.backward(a)
    assert_grads([a], [11.0])


def test_backward__looks_at_each_node_once():
    nodes = ladder()
    kata.backward(nodes[-1])
    assert_grads(nodes[:2], [2.0**40, 2.0**39], others=nodes[2:])


def test_backward__does_what_its_example_shows(example):
    example.check(kata)


def value_of(answer, name="the result"):
    """The data of a result that must be a Value."""
    __tracebackhide__ = True
    if not isinstance(answer, kata.Value):
        raise Mismatch("type", f"{name[0].upper()}{name[1:]} is {kind_of(answer)}. It must be a Value.")
    return answer.data


def assert_computes(text, at, expected):
    """Check y = `text` of Values called a, b and c: the data of y, and their grads after y.backward()."""
    __tracebackhide__ = True
    values = dict(zip("abc", map(kata.Value, at), strict=False))
    given = " and ".join(f"{name} = {number:.4g}" for name, number in zip(values, at, strict=True))
    y = eval(text, dict(values))
    actual = {"y.data": value_of(y, text)}
    y.backward()
    actual |= {f"{name}.grad": value.grad for name, value in values.items()}
    after = f" The test computed y = {text} with {given}, and called y.backward()."
    assert_each(actual, dict(zip(actual, expected, strict=True)), after)


def test_Value__starts_as_a_leaf():
    a = kata.Value(2.5)
    assert_value(a.data, 2.5, name="data")
    assert_value(a.grad, 0.0, name="grad")
    assert_value(a.inputs, (), name="inputs")
    assert_value(a.derivatives, (), name="derivatives")


@pytest.mark.parametrize(
    ("text", "at", "data"),
    [
        ("a + b", (2.0, -5.0), -3.0),
        ("a * b", (2.0, -5.0), -10.0),
        ("a - b", (2.0, -5.0), 7.0),
        ("-a", (2.0,), -2.0),
        ("a ** 3", (-2.0,), -8.0),
        ("a ** -0.5", (4.0,), 0.5),
        ("a.tanh()", (math.log(2.0),), 0.6),
    ],
)
def test_Value__computes_the_data(text, at, data):
    values = dict(zip("ab", map(kata.Value, at), strict=False))
    given = " and ".join(f"{name} = {number:.4g}" for name, number in zip("ab", at, strict=False))
    after = f" The test computed y = {text} with {given}."
    assert_each({"y.data": value_of(eval(text, values), text)}, {"y.data": data}, after)


def test_Value__does_not_change_its_inputs():
    a, b = kata.Value(3.0), kata.Value(4.0)
    for answer in (a + b, a * b, a - b, -a, a**2, a.tanh(), 1 + a, 2 * a, 3 - a):
        if answer is a or answer is b:
            raise Mismatch("mutated", "The result is one of the inputs. Each operation must return a new Value.")
    after = " The test computed a + b, a * b and so on. No operation may change a or b."
    assert_each({"a.data": a.data, "b.data": b.data}, {"a.data": 3.0, "b.data": 4.0}, after)


@pytest.mark.parametrize(
    ("text", "at", "derivatives"),
    [
        ("a + b", (2.0, -5.0), (1.0, 1.0)),
        ("a * b", (2.0, -5.0), (-5.0, 2.0)),
        ("a ** 3", (-2.0,), (12.0,)),
        ("a.tanh()", (math.log(2.0),), (0.64,)),
    ],
)
def test_Value__records_inputs_and_local_derivatives(text, at, derivatives):
    values = dict(zip("ab", map(kata.Value, at), strict=False))
    leaves = tuple(values.values())
    answer = eval(text, values)
    value_of(answer, text)
    found = answer.inputs
    if not isinstance(found, tuple) or list(map(id, found)) != list(map(id, leaves)):
        wanted = "(a, b)" if len(leaves) == 2 else "(a,)"
        kind = f"a tuple of {len(found)}" if isinstance(found, tuple) else kind_of(found)
        says = f"The inputs of {text} are {kind}. They must be the tuple {wanted}, with these Values themselves."
        raise Mismatch("statement", says)
    assert_numbers(answer.derivatives, derivatives, name=f"the tuple of the derivatives of {text}")


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    # The data, then the derivative with respect to a, and to b.
    [
        ("a + b", (2.0, -5.0), [-3.0, 1.0, 1.0]),
        ("a * b", (2.0, -5.0), [-10.0, -5.0, 2.0]),
        ("a - b", (2.0, -5.0), [7.0, 1.0, -1.0]),
        ("-a", (2.0,), [-2.0, -1.0]),
        ("a ** 3", (-2.0,), [-8.0, 12.0]),
        ("a ** -0.5", (4.0,), [0.5, -0.0625]),
        ("a.tanh()", (math.log(2.0),), [0.6, 0.64]),
    ],
)
def test_Value__has_the_right_gradient_for_each_operation(text, at, expected):
    assert_computes(text, at, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    # At a = 3: the data, and the derivative.
    [
        ("a + 2", [5.0, 1.0]),
        ("2 + a", [5.0, 1.0]),
        ("a * 2.5", [7.5, 2.5]),
        ("2.5 * a", [7.5, 2.5]),
        ("a - 2", [1.0, 1.0]),
        ("2 - a", [-1.0, -1.0]),
        ("0.5 - a * a", [-8.5, -6.0]),
    ],
)
def test_Value__accepts_numbers_on_either_side(text, expected):
    assert_computes(text, (3.0,), expected)


def test_Value__works_with_sum():
    # sum starts from the number 0.
    assert_computes("sum([a, b * c, b])", (2.0, 3.0, 5.0), [20.0, 1.0, 6.0, 3.0])


@pytest.mark.parametrize(
    ("text", "expected"),
    # At a = 3: the data, and the derivative.
    [("a * a", [9.0, 6.0]), ("a + a", [6.0, 2.0]), ("a - a", [0.0, 0.0]), ("a * a * a - a ** 2", [18.0, 21.0])],
)
def test_Value__adds_the_gradients_of_a_value_used_twice(text, expected):
    assert_computes(text, (3.0,), expected)


def test_Value__accumulates_over_two_backward_calls():
    # y = tanh(a) ** 2 at tanh(a) = 0.6: 2 * 0.6 * 0.64 = 0.768.
    a = kata.Value(math.log(2.0))
    y = a.tanh() ** 2
    y.backward()
    y.backward()
    after = " The test computed y = a.tanh() ** 2, and called y.backward() twice."
    assert_each({"a.grad": a.grad, "y.grad": y.grad}, {"a.grad": 1.536, "y.grad": 1.0}, after)


def program(seed):
    """A few lines of Python that compute y from a, b and c, drawn from `seed`. Later lines use earlier ones."""
    draw = random.Random(seed)
    names = ["a", "b", "c"]
    lines = []
    for name in "def":
        left, right, number = draw.choice(names), draw.choice(names), draw.choice([2, -1.5, 0.25])
        forms = "{0} + {1}|{0} - {1}|{0} * {1}|{0} * {1}|-{0}|({0}).tanh()|({0}.tanh()) ** 3|({0} * {0} + 1) ** -0.5"
        forms += "|{2} + {0}|{0} * {2}|{2} * {0}|{2} - {0}|{0} - {2}|({0} * {0} + 2) ** -1"
        lines.append(f"{name} = " + draw.choice(forms.split("|")).format(left, right, number))
        names.append(name)
    # y uses a, b, c and the last two lines, so paths meet.
    return "; ".join([*lines, "y = a * e + b * f + c"])


def test_Value__agrees_with_pytorch_on_200_expressions():
    draw = random.Random(0)
    for seed in range(200):
        text = program(seed)
        code = compile(text, "expression", "exec")
        at = [draw.uniform(-2, 2) for _ in "abc"]
        ours = dict(zip("abc", map(kata.Value, at), strict=True))
        theirs = {
            name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in zip("abc", at, strict=True)
        }
        exec(code, ours)
        exec(code, theirs)
        ours["y"].backward()
        theirs["y"].backward()
        given = ", ".join(f"{name} = {x:.4g}" for name, x in zip("abc", at, strict=True))
        assert_each(
            {"y.data": ours["y"].data} | {f"{name}.grad": ours[name].grad for name in "abc"},
            {"y.data": theirs["y"].item()} | {f"{name}.grad": theirs[name].grad.item() for name in "abc"},
            f" The test computed: {given}; {text}; y.backward().",
        )


def test_Value__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("a", "b"), [(2.0, 5.0), (-3.0, 0.5)])
def test_gradients__returns_one_derivative_per_input_in_order(a, b):
    # The derivatives are b and a - 3.
    assert_value(kata.gradients(lambda a, b: a * b - 3 * b, [a, b]), [b, a - 3], tolerance=1e-12)


def test_gradients__is_exact():
    # 3 a**2, and -(1 - tanh(b)**2) with tanh(b) = 0.6.
    actual = kata.gradients(lambda a, b: a**3 - b.tanh(), [100.0, math.log(2.0)])
    assert_value(actual, [30000.0, -0.64], tolerance=1e-12)


def test_gradients__adds_the_paths_of_one_input():
    # y = (a + b)**2 * a: the derivatives are (a + b)**2 + 2 * a * (a + b), and 2 * a * (a + b).
    def expression(a, b):
        total = a + b
        return total * total * a

    assert_value(kata.gradients(expression, [2.0, 3.0]), [45.0, 20.0], tolerance=1e-12)


def test_gradients__keeps_equal_numbers_separate():
    # b**2, 2 * a * b and 1.
    assert_value(kata.gradients(lambda a, b, c: a * b * b + c, [3.0, 3.0, 3.0]), [9.0, 18.0, 1.0], tolerance=1e-12)


def test_gradients__is_0_for_an_unused_input():
    assert_value(kata.gradients(lambda a, b, c: 2 * a * c, [2.0, 3.0, 4.0]), [8.0, 0.0, 4.0], tolerance=1e-12)


def test_gradients__accepts_a_single_input():
    assert_value(kata.gradients(lambda a: a, [7.0]), [1.0], tolerance=1e-12)
    assert_value(kata.gradients(lambda a: 1 - a * 4, [7.0]), [-4.0], tolerance=1e-12)


def test_gradients__gives_independent_results_on_repeated_calls():
    for at, expected in (([3.0], [6.0]), ([3.0], [6.0]), ([-1.0], [-2.0])):
        assert_value(kata.gradients(lambda a: a * a, at), expected, tolerance=1e-12)


def test_gradients__does_not_modify_the_list():
    at = [2.0, 5.0]
    kata.gradients(lambda a, b: a * b, at)
    if at != [2.0, 5.0] or any(type(number) is not float for number in at):
        raise Mismatch("mutated", "You changed the list `at`. Work on a copy.")


def test_gradients__calls_the_expression_with_values():
    def expression(a):
        if isinstance(a, torch.Tensor):
            raise Mismatch("forbidden", "You called the expression with a tensor. Call it with your Values.")
        return a * a

    kata.gradients(expression, [3.0])


def test_gradients__does_what_its_example_shows(example):
    example.check(kata)


def test_descend__moves_against_the_gradient():
    # The slope is 2 (a - 3): 7 - 0.25 * 8 = 5, 5 - 0.25 * 4 = 4, and so on.
    positions = kata.descend(lambda a: (a - 3) ** 2, [7.0], 0.25, 3)
    assert_value(positions, [[7.0], [5.0], [4.0], [3.5]], tolerance=1e-9)


def test_descend__uses_the_derivative_of_each_number():
    # The slopes are 2 a and 6 b - 6.
    positions = kata.descend(lambda a, b: a * a + 3 * b * b - 6 * b, [4.0, 3.0], 0.1, 2)
    assert_value(positions, [[4.0, 3.0], [3.2, 1.8], [2.56, 1.32]], tolerance=1e-9)


def test_descend__updates_all_numbers_at_once():
    # The loss is a * b: each slope is the other number.
    positions = kata.descend(lambda a, b: a * b, [4.0, 8.0], 0.5, 2)
    assert_value(positions, [[4.0, 8.0], [0.0, 6.0], [-3.0, 6.0]], tolerance=1e-9)


def test_descend__returns_the_start_for_zero_steps():
    assert_value(kata.descend(lambda a, b: a * b, [4.0, 8.0], 0.5, 0), [[4.0, 8.0]])


def test_descend__does_not_move_where_the_derivative_is_0():
    positions = kata.descend(lambda a, b: (a - 3) ** 2, [3.0, 1.5], 0.25, 2)
    assert_value(positions, [[3.0, 1.5]] * 3, tolerance=1e-9)


def test_descend__does_not_modify_start():
    start = [7.0, -2.0]
    positions = kata.descend(lambda a, b: a * a + b, start, 0.25, 2)
    if start != [7.0, -2.0] or any(type(number) is not float for number in start):
        raise Mismatch("mutated", "You changed the list start. Work on a copy.", actual=start)
    if positions[0] is start:
        raise Mismatch("memory", "The first position is the list start itself. Put a copy of it into your result.")


def test_descend__calls_loss_with_leaves():
    def loss(a, b):
        if a.inputs or b.inputs:
            raise Mismatch(
                "graph",
                "You called loss with Values that have inputs, so the graph grows from step to step. Pass leaves.",
            )
        return a * a + b

    kata.descend(loss, [4.0, 1.0], 0.25, 3)


def test_descend__does_what_its_example_shows(example):
    example.check(kata)
