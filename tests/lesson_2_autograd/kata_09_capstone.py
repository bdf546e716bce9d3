"""The specification of katas/lesson_2_autograd/kata_09_capstone.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    forbid,
)
from katas import foundations
from katas.lesson_2_autograd import kata_09_capstone as kata

CORE = ("line_loss", "slopes", "line_descend", "net_loss", "net_descend")

_LINE = ("weights", "bias")
_NET = ("weights_1", "bias_1", "weights_2", "bias_2")
_LAYERS = ("torch.nn.functional.mse_loss", "torch.nn.MSELoss", "torch.nn.Linear", "torch.nn.functional.linear")
_OPTIMIZERS = ("torch.optim.SGD", "torch.optim.Adam")


def _draw(seed, *shapes):
    """A float64 array for each shape, of eighths from -2 to 2 but for 0: float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    return [generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8 for shape in shapes]


def _line(seed, n, d):
    """Features, targets, weights and bias."""
    return _draw(seed, (n, d), (n,), (d,), ())


def _net(seed, n, d, h):
    """Features, targets, and the net's four parameters, small enough that tanh is nowhere flat."""
    arrays = _draw(seed, (n, d), (n,), (d, h), (h,), (h,), ())
    return [*arrays[:2], *(array / 2 for array in arrays[2:])]


def _tensors(device, *arrays, dtype=torch.float32):
    return [torch.tensor(array, dtype=dtype, device=device) for array in arrays]


def _leaves(device, *arrays, dtype=torch.float32):
    return [tensor.requires_grad_() for tensor in _tensors(device, *arrays, dtype=dtype)]


def _assert_equal(actual, expected, dtype, device, name="the answer"):
    tolerance = 1e-5 if dtype == torch.float32 else 1e-9
    expected = np.asarray(expected)
    assert_tensor(actual, expected, dtype=dtype, device=device, rtol=tolerance, atol=tolerance, name=name)


def _assert_gradients(leaves, expected, names, dtype, device):
    for leaf, gradient, name in zip(leaves, expected, names, strict=True):
        if leaf.grad is None:
            raise Mismatch("graph", f"After a backward pass from the loss, no gradient has reached {name}.")
        _assert_equal(leaf.grad, gradient, dtype, device, f"the gradient that reaches {name}")


def _assert_untouched(**tensors):
    for name, tensor in tensors.items():
        if tensor.requires_grad:
            raise Mismatch("mutated", f"The input {name} is tracked now: it was not when it was passed in.")
        if tensor.grad is not None:
            raise Mismatch("mutated", f"The input {name} has a .grad now: it had none when it was passed in.")


def _parts(answer, *names):
    """The parts of a tuple; Mismatch where it has another number of them."""
    if not isinstance(answer, (tuple, list)) or len(answer) != len(names):
        raise Mismatch("type", f"The answer is not a tuple of {len(names)}: {', '.join(names)}.", actual=answer)
    return answer


class _Passes:
    """Counts what a backward pass takes back out of a graph: `with _Passes() as passes: …`."""

    def __enter__(self):
        self.seen = 0
        self._hooks = torch.autograd.graph.saved_tensors_hooks(lambda saved: saved, self._take)
        self._hooks.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        self._hooks.__exit__(kind, error, trace)
        # torch.func's gradients come from a graph too, and refuse to be watched in this way.
        refused = kind is RuntimeError and "saved tensor hooks" in str(error)
        self.seen += refused
        return refused

    def _take(self, saved):
        self.seen += 1
        return saved


def _assert_passes(passes):
    if not passes.seen:
        raise Mismatch("statement", "No backward pass went through a graph: the gradients were to come from one.")


def _assert_mean_loss(loss_of, arrays, expected, expected_gradients, names, dtype, device):
    """The loss and, with 3 coming from above, its gradients."""
    data, leaves = _tensors(device, *arrays[:2], dtype=dtype), _leaves(device, *arrays[2:], dtype=dtype)
    loss = loss_of(*data, *leaves)
    _assert_equal(loss, expected, dtype, device)
    assert_has_graph(loss)
    (3 * loss).backward()
    _assert_gradients(leaves, [3 * gradient for gradient in expected_gradients], names, dtype, device)


def _assert_line_loss(arrays, dtype, device):
    features, targets, weights, bias = arrays
    predictions = foundations.predict(features, weights, bias)
    expected = foundations.mean_squared_error(predictions, targets)
    gradients = foundations.gradients(features, predictions, targets)
    _assert_mean_loss(kata.line_loss, arrays, expected, gradients, _LINE, dtype, device)


@pytest.mark.parametrize(("n", "d"), [(5, 3), (3, 3), (2, 4), (1, 2)])
def test_line_loss__gives_the_error_and_a_graph_back_to_the_parameters(device, n, d):
    _assert_line_loss(_line(n, n, d), torch.float32, device)


@pytest.mark.float64
def test_line_loss__keeps_float64(device):
    _assert_line_loss([array / 3 for array in _line(7, 4, 3)], torch.float64, device)


@pytest.mark.parametrize("shape", [(4, 1), (1,), (3,)])
def test_line_loss__refuses_shapes_that_differ_with_a_value_error(device, shape):
    features, targets, *start = _draw(8, (4, 2), shape, (2,), ())
    because = f"Predictions of shape (4,) against targets of shape {shape} pass: this is to raise a ValueError."
    with assert_raises(ValueError, because=because):
        try:
            kata.line_loss(*_tensors(device, features, targets), *_leaves(device, *start))
        except AssertionError as error:
            if isinstance(error, Mismatch):
                raise
            says = f"Targets of shape {shape} raise an AssertionError: a ValueError is asked for."
            raise Mismatch("error_expected", says) from None


def test_line_loss__leaves_the_inputs_as_they_are(device):
    features, targets = _tensors(device, *_line(9, 4, 3)[:2])
    weights, bias = _leaves(device, *_line(9, 4, 3)[2:])
    with assert_unchanged(features=features, targets=targets, weights=weights, bias=bias):
        kata.line_loss(features, targets, weights, bias)
    if weights.grad is not None or bias.grad is not None:
        raise Mismatch("mutated", "A gradient is there before anyone asked for it: the loss is not sent backward.")


def test_line_loss__does_without_torch_nn(device):
    features, targets, *start = _line(10, 4, 3)
    because = "This comes ready-made from torch.nn: the step is to work the loss out from the differences."
    with forbid(*_LAYERS, because=because):
        kata.line_loss(*_tensors(device, features, targets), *_leaves(device, *start))


def _list(answer, count):
    if not isinstance(answer, list) or len(answer) != count:
        raise Mismatch("type", f"The answer must be a list of {count} tensors, one for each parameter.", actual=answer)
    return answer


def _assert_slopes(answer, expected, dtype, device):
    for number, (actual, gradient) in enumerate(zip(answer, expected, strict=True)):
        _assert_equal(actual, gradient, dtype, device, f"the gradient of parameters[{number}]")


def _cubic(device, w, v):
    """Leaves for `w` (n,) and `v` (m, n), and the loss 5 * sum(v @ w**2); its gradients by hand.

    d/dw = 10 w * (the sums of v's columns), d/dv = 5 w**2 in each row.
    """
    leaves = _leaves(device, w, v)
    return leaves, 5 * (leaves[1] @ leaves[0] ** 2).sum(), [10 * w * v.sum(axis=0), 5 * w**2 + np.zeros(v.shape)]


@pytest.mark.parametrize(("m", "n"), [(3, 2), (2, 4), (1, 1)])
@pytest.mark.parametrize("kind", [list, iter])
def test_slopes__gives_a_gradient_for_each_parameter(device, m, n, kind):
    leaves, loss, expected = _cubic(device, *_draw(m, (n,), (m, n)))
    answer = _list(kata.slopes(loss, kind(leaves)), 2)
    _assert_slopes(answer, expected, torch.float32, device)
    for number, actual in enumerate(answer):
        assert_no_graph(actual, name=f"the gradient of parameters[{number}]")


def test_slopes__goes_by_the_order_of_the_parameters(device):
    (w, v), loss, expected = _cubic(device, *_draw(4, (3,), (2, 3)))
    answer = _list(kata.slopes(loss, [v, w]), 2)
    _assert_slopes(answer, expected[::-1], torch.float32, device)


def test_slopes__gives_zeros_where_the_loss_does_not_depend(device):
    w, idle, bias = _leaves(device, *_draw(5, (3,), (2, 4), ()))
    answer = _list(kata.slopes((2 * w).sum() + 3 * bias, [w, idle, bias]), 3)
    _assert_slopes(answer, [np.full(3, 2.0), np.zeros((2, 4)), 3.0], torch.float32, device)


def test_slopes__counts_nothing_from_before_and_leaves_each_grad_as_it_is(device):
    (w, v), loss, expected = _cubic(device, *_draw(6, (3,), (2, 3)))
    before = _draw(7, (3,))[0]
    w.grad = held = _tensors(device, before)[0]
    answer = _list(kata.slopes(loss, [w, v]), 2)
    _assert_slopes(answer, expected, torch.float32, device)
    if w.grad is None:
        raise Mismatch("mutated", "A parameter's .grad held numbers before, and is None afterwards.")
    _assert_equal(w.grad, before, torch.float32, device, "the .grad of a parameter that had one before")
    _assert_equal(held, before, torch.float32, device, "the tensor that was in a parameter's .grad before")
    if v.grad is not None:
        raise Mismatch("mutated", "A parameter's .grad was None before, and it holds a gradient afterwards.")


def test_slopes__leaves_the_grad_of_other_leaves_as_it_is(device):
    (w, v), loss, _ = _cubic(device, *_draw(8, (3,), (2, 3)))
    kata.slopes(loss, [w])
    if v.grad is not None:
        raise Mismatch("mutated", "A leaf that you were not given has a .grad now: the pass went to all leaves.")


@pytest.mark.float64
def test_slopes__keeps_float64(device):
    w, idle = _leaves(device, np.array([1.0, 2.0]) / 3, np.ones(3), dtype=torch.float64)
    answer = _list(kata.slopes((w**2).sum(), [w, idle]), 2)
    _assert_slopes(answer, [np.array([2.0, 4.0]) / 3, np.zeros(3)], torch.float64, device)


def _assert_line_history(arrays, learning_rate, steps, dtype, device):
    answer = kata.line_descend(*_tensors(device, *arrays, dtype=dtype), learning_rate, steps)
    parts = _parts(answer, "the weights", "the bias", "the losses")
    expected = foundations.descend(*arrays, learning_rate, steps)
    for actual, column, name in zip(parts, expected, ("the weights", "the bias", "the losses"), strict=True):
        _assert_equal(actual, column, dtype, device, f"the history of {name}")
        assert_no_graph(actual, name=f"the history of {name}")


@pytest.mark.parametrize(("n", "d", "steps"), [(3, 2, 1), (6, 3, 12), (1, 2, 4), (4, 2, 0)])
def test_line_descend__follows_foundations_at_every_step(device, n, d, steps):
    _assert_line_history(_line(23 + n, n, d), 0.0625, steps, torch.float32, device)


@pytest.mark.float64
def test_line_descend__follows_foundations_in_float64(device):
    _assert_line_history([array / 3 for array in _line(24, 7, 3)], 0.1, 15, torch.float64, device)


def test_line_descend__leaves_the_tensors_given_as_they_are(device):
    names = ("features", "targets", *_LINE)
    given = dict(zip(names, _tensors(device, *_line(26, 4, 3)), strict=True))
    with assert_unchanged(**given):
        kata.line_descend(*given.values(), 0.125, 2)
    _assert_untouched(**given)


def test_line_descend__takes_its_gradients_from_a_graph(device):
    tensors = _tensors(device, *_line(27, 4, 3))
    with _Passes() as passes:
        kata.line_descend(*tensors, 0.125, 2)
    _assert_passes(passes)


def test_line_descend__does_without_torch_optim(device):
    tensors = _tensors(device, *_line(28, 4, 3))
    with forbid(*_OPTIMIZERS, because="This optimizer takes the steps for you: here you take them yourself."):
        kata.line_descend(*tensors, 0.125, 2)


def _assert_net_loss(arrays, dtype, device):
    features, targets, *parameters = arrays
    expected = foundations.mean_squared_error(foundations.net_predict(features, *parameters), targets)
    gradients = foundations.net_gradients(*arrays)
    _assert_mean_loss(kata.net_loss, arrays, expected, gradients, _NET, dtype, device)


@pytest.mark.parametrize(("n", "d", "h"), [(5, 3, 4), (4, 2, 1), (1, 2, 3), (3, 3, 3)])
def test_net_loss__gives_the_error_and_a_graph_back_to_the_parameters(device, n, d, h):
    _assert_net_loss(_net(30 + n, n, d, h), torch.float32, device)


@pytest.mark.float64
def test_net_loss__keeps_float64(device):
    _assert_net_loss([array / 3 for array in _net(40, 5, 2, 3)], torch.float64, device)


def test_net_loss__leaves_the_inputs_as_they_are(device):
    arrays = _net(41, 4, 2, 3)
    given = dict(zip(("features", "targets"), _tensors(device, *arrays[:2]), strict=True))
    leaves = dict(zip(_NET, _leaves(device, *arrays[2:]), strict=True))
    with assert_unchanged(**given, **leaves):
        kata.net_loss(*given.values(), *leaves.values())
    if any(leaf.grad is not None for leaf in leaves.values()):
        raise Mismatch("mutated", "A gradient is there before anyone asked for it: the loss is not sent backward.")


def test_net_loss__does_without_torch_nn(device):
    arrays = _net(42, 4, 2, 3)
    because = "This comes ready-made from torch.nn: the step is to work the loss out from the net's formula."
    with forbid(*_LAYERS, because=because):
        kata.net_loss(*_tensors(device, *arrays[:2]), *_leaves(device, *arrays[2:]))


def _states(answer, count):
    """The states and the losses; Mismatch where they are not a list of `count` tuples of four, and another part."""
    states, losses = _parts(answer, "the states", "the losses")
    if not isinstance(states, list) or len(states) != count:
        raise Mismatch("type", f"The states must be a list of {count} tuples, one more than steps.", actual=states)
    for state in states:
        if not isinstance(state, tuple) or len(state) != 4:
            raise Mismatch("type", f"Each state must be a tuple of four: {', '.join(_NET)}.", actual=state)
    return states, losses


def _assert_net_history(arrays, learning_rate, steps, dtype, device):
    features, targets, *start = _tensors(device, *arrays, dtype=dtype)
    states, losses = _states(kata.net_descend(features, targets, tuple(start), learning_rate, steps), steps + 1)
    expected_states, expected_losses = foundations.net_descend(*arrays[:2], arrays[2:], learning_rate, steps)
    for number, (state, expected) in enumerate(zip(states, expected_states, strict=True)):
        for name, actual, wanted in zip(_NET, state, expected, strict=True):
            _assert_equal(actual, wanted, dtype, device, f"the {name} in states[{number}]")
            assert_no_graph(actual, name=f"the {name} in states[{number}]")
    _assert_equal(losses, expected_losses, dtype, device, "the history of the losses")
    assert_no_graph(losses, name="the history of the losses")


@pytest.mark.parametrize(("n", "d", "h", "steps"), [(3, 2, 4, 1), (5, 3, 2, 8), (1, 2, 3, 3), (4, 2, 1, 0)])
def test_net_descend__follows_foundations_at_every_step(device, n, d, h, steps):
    _assert_net_history(_net(50 + n, n, d, h), 0.0625, steps, torch.float32, device)


@pytest.mark.float64
def test_net_descend__follows_foundations_in_float64(device):
    _assert_net_history([array / 1.5 for array in _net(60, 6, 3, 2)], 0.1, 12, torch.float64, device)


def test_net_descend__gives_every_tensor_memory_of_its_own(device):
    features, targets, *start = _tensors(device, *_net(61, 4, 2, 3))
    states, _ = _states(kata.net_descend(features, targets, tuple(start), 0.125, 2), 3)
    for number, state in enumerate(states):
        for place, (name, actual) in enumerate(zip(_NET, state, strict=True)):
            after = f"the {name} in states[{number}]"
            assert_owns_memory(actual, start[place], name=after, other_name=f"the {name} you were given")
            for earlier in range(number):
                assert_owns_memory(actual, states[earlier][place], name=after, other_name=f"that in states[{earlier}]")


def test_net_descend__leaves_the_tensors_given_as_they_are(device):
    given = dict(zip(("features", "targets", *_NET), _tensors(device, *_net(62, 4, 2, 3)), strict=True))
    features, targets, *start = given.values()
    with assert_unchanged(**given):
        kata.net_descend(features, targets, tuple(start), 0.125, 2)
    _assert_untouched(**given)


def test_net_descend__takes_its_gradients_from_a_graph(device):
    features, targets, *start = _tensors(device, *_net(63, 4, 2, 3))
    with _Passes() as passes:
        kata.net_descend(features, targets, tuple(start), 0.125, 2)
    _assert_passes(passes)


def test_net_descend__does_without_torch_optim(device):
    features, targets, *start = _tensors(device, *_net(64, 4, 2, 3))
    with forbid(*_OPTIMIZERS, because="This optimizer takes the steps for you: here you take them yourself."):
        kata.net_descend(features, targets, tuple(start), 0.125, 2)
