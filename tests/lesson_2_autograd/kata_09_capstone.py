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
    assert_value,
    forbid,
)
from katas import foundations
from katas.lesson_2_autograd import kata_09_capstone as kata

CORE = ("line_loss", "slopes", "line_descend", "net_loss", "net_descend", "fit_cooling")

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


def _assert_equal(actual, expected, dtype, device, name="the result"):
    tolerance = 1e-5 if dtype == torch.float32 else 1e-9
    expected = np.asarray(expected)
    assert_tensor(actual, expected, dtype=dtype, device=device, rtol=tolerance, atol=tolerance, name=name)


def _assert_gradients(leaves, expected, names, dtype, device):
    for leaf, gradient, name in zip(leaves, expected, names, strict=True):
        if leaf.grad is None:
            raise Mismatch("graph", f"After a backward pass from the loss, {name}.grad is still None.")
        _assert_equal(leaf.grad, gradient, dtype, device, f"{name}.grad after a backward pass")


def _assert_still_without_grad(**tensors):
    for name, tensor in tensors.items():
        if tensor.requires_grad:
            raise Mismatch("mutated", f"The argument {name} requires grad now. It did not before the call.")
        if tensor.grad is not None:
            raise Mismatch("mutated", f"The argument {name} has a .grad now. It was None before the call.")


def _parts(answer, *names):
    """The parts of a tuple; Mismatch if it has another number of them."""
    if not isinstance(answer, (tuple, list)) or len(answer) != len(names):
        raise Mismatch("type", f"Return a tuple of {len(names)}: {', '.join(names)}.", actual=answer)
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
        raise Mismatch("statement", "Your code ran no backward pass. Let autograd compute the gradients.")


def _assert_mean_loss(loss_of, arrays, expected, expected_gradients, names, dtype, device):
    """The loss, and its gradients after a backward pass from 3 times the loss."""
    data, leaves = _tensors(device, *arrays[:2], dtype=dtype), _leaves(device, *arrays[2:], dtype=dtype)
    loss = loss_of(*data, *leaves)
    _assert_equal(loss, expected, dtype, device)
    assert_has_graph(loss)
    (3 * loss).backward()
    _assert_gradients(leaves, [3 * gradient for gradient in expected_gradients], names, dtype, device)


def _assert_inputs_unchanged(loss_of, given, leaves):
    with assert_unchanged(**given, **leaves):
        loss_of(*given.values(), *leaves.values())
    if any(leaf.grad is not None for leaf in leaves.values()):
        raise Mismatch("mutated", "Your code called backward(): a parameter's .grad is no longer None.")


def _assert_line_loss(arrays, dtype, device):
    features, targets, weights, bias = arrays
    predictions = foundations.predict(features, weights, bias)
    expected = foundations.mean_squared_error(predictions, targets)
    gradients = foundations.gradients(features, predictions, targets)
    _assert_mean_loss(kata.line_loss, arrays, expected, gradients, _LINE, dtype, device)


@pytest.mark.parametrize(("n", "d"), [(5, 3), (3, 3), (2, 4), (1, 2)])
def test_line_loss__is_right_and_its_gradients_reach_the_parameters(device, n, d):
    _assert_line_loss(_line(n, n, d), torch.float32, device)


@pytest.mark.float64
def test_line_loss__works_in_float64(device):
    _assert_line_loss([array / 3 for array in _line(7, 4, 3)], torch.float64, device)


@pytest.mark.parametrize("shape", [(4, 1), (1,), (3,), ()])
def test_line_loss__raises_a_value_error_for_different_shapes(device, shape):
    features, targets, *start = _draw(8, (4, 2), shape, (2,), ())
    because = f"Predictions of shape (4,) were compared with targets of shape {shape}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.line_loss(*_tensors(device, features, targets), *_leaves(device, *start))


def test_line_loss__leaves_the_inputs_unchanged(device):
    arrays = _line(9, 4, 3)
    given = dict(zip(("features", "targets"), _tensors(device, *arrays[:2]), strict=True))
    _assert_inputs_unchanged(kata.line_loss, given, dict(zip(_LINE, _leaves(device, *arrays[2:]), strict=True)))


def test_line_loss__does_not_use_torch_nn(device):
    features, targets, *start = _line(10, 4, 3)
    because = "This function is from torch.nn. Compute the loss from the differences."
    with forbid(*_LAYERS, because=because):
        kata.line_loss(*_tensors(device, features, targets), *_leaves(device, *start))


def test_line_loss__does_what_its_example_shows(example):
    example.check(kata)


def _list(answer, count):
    if not isinstance(answer, list) or len(answer) != count:
        raise Mismatch("type", f"Return a list of {count} tensors, one for each parameter.", actual=answer)
    return answer


def _assert_slopes(answer, expected, dtype, device):
    for number, (actual, gradient) in enumerate(zip(answer, expected, strict=True)):
        _assert_equal(actual, gradient, dtype, device, f"the gradient of parameters[{number}]")
        assert_no_graph(actual, name=f"the gradient of parameters[{number}]")


def _cubic(device, w, v):
    """Leaves for `w` (n,) and `v` (m, n), and the loss 5 * sum(v @ w**2); its gradients by hand.

    d/dw = 10 w * (the sums of v's columns), d/dv = 5 w**2 in each row.
    """
    leaves = _leaves(device, w, v)
    return leaves, 5 * (leaves[1] @ leaves[0] ** 2).sum(), [10 * w * v.sum(axis=0), 5 * w**2 + np.zeros(v.shape)]


@pytest.mark.parametrize(("m", "n"), [(3, 2), (2, 4), (1, 1)])
@pytest.mark.parametrize("kind", [list, iter])
def test_slopes__returns_a_gradient_for_each_parameter(device, m, n, kind):
    leaves, loss, expected = _cubic(device, *_draw(m, (n,), (m, n)))
    _assert_slopes(_list(kata.slopes(loss, kind(leaves)), 2), expected, torch.float32, device)


def test_slopes__returns_zeros_for_a_parameter_that_the_loss_does_not_use(device):
    w, idle, bias = _leaves(device, *_draw(5, (3,), (2, 4), ()))
    answer = _list(kata.slopes((2 * w).sum() + 3 * bias, [w, idle, bias]), 3)
    _assert_slopes(answer, [np.full(3, 2.0), np.zeros((2, 4)), 3.0], torch.float32, device)


def test_slopes__ignores_and_keeps_an_old_gradient(device):
    (w, v), loss, expected = _cubic(device, *_draw(6, (3,), (2, 3)))
    before = _draw(7, (3,))[0]
    w.grad = held = _tensors(device, before)[0]
    answer = _list(kata.slopes(loss, [w, v]), 2)
    _assert_slopes(answer, expected, torch.float32, device)
    if w.grad is None:
        raise Mismatch("mutated", "A parameter's .grad held a gradient before the call. It is None now.")
    _assert_equal(w.grad, before, torch.float32, device, "the old gradient in a parameter's .grad")
    _assert_equal(held, before, torch.float32, device, "the tensor that was in a parameter's .grad")
    if v.grad is not None:
        raise Mismatch("mutated", "A parameter's .grad was None before the call. It holds a gradient now.")


def test_slopes__leaves_the_grad_of_other_leaves_unchanged(device):
    (w, v), loss, _ = _cubic(device, *_draw(8, (3,), (2, 3)))
    kata.slopes(loss, [w])
    if v.grad is not None:
        raise Mismatch("mutated", "A leaf that is not among the parameters has a .grad now. It was None before.")


def test_slopes__keeps_the_order_of_the_parameters(device):
    (w, v), loss, expected = _cubic(device, *_draw(4, (3,), (2, 3)))
    _assert_slopes(_list(kata.slopes(loss, [v, w]), 2), expected[::-1], torch.float32, device)


def test_slopes__leaves_the_parameters_unchanged(device):
    (w, v), loss, _ = _cubic(device, *_draw(9, (3,), (2, 3)))
    with assert_unchanged(w=w, v=v):
        kata.slopes(loss, [w, v])
    if not (w.requires_grad and v.requires_grad):
        raise Mismatch("mutated", "A parameter no longer requires grad. It did before the call.")


@pytest.mark.float64
def test_slopes__works_in_float64(device):
    w, idle = _leaves(device, np.array([1.0, 2.0]) / 3, np.ones(3), dtype=torch.float64)
    answer = _list(kata.slopes((w**2).sum(), [w, idle]), 2)
    _assert_slopes(answer, [np.array([2.0, 4.0]) / 3, np.zeros(3)], torch.float64, device)


def test_slopes__does_what_its_example_shows(example):
    example.check(kata)


def _assert_line_history(arrays, learning_rate, steps, dtype, device):
    answer = kata.line_descend(*_tensors(device, *arrays, dtype=dtype), learning_rate, steps)
    names = ("weights", "biases", "losses")
    expected = foundations.descend(*arrays, learning_rate, steps)
    for actual, column, name in zip(_parts(answer, *names), expected, names, strict=True):
        _assert_equal(actual, column, dtype, device, name)
        assert_no_graph(actual, name=name)


@pytest.mark.parametrize(("n", "d", "steps"), [(3, 2, 1), (6, 3, 12), (1, 2, 4), (4, 2, 0)])
def test_line_descend__matches_descend_from_foundations(device, n, d, steps):
    _assert_line_history(_line(23 + n, n, d), 0.0625, steps, torch.float32, device)


@pytest.mark.float64
def test_line_descend__works_in_float64(device):
    _assert_line_history([array / 3 for array in _line(24, 7, 3)], 0.1, 15, torch.float64, device)


def test_line_descend__leaves_the_inputs_unchanged(device):
    names = ("features", "targets", *_LINE)
    given = dict(zip(names, _tensors(device, *_line(26, 4, 3)), strict=True))
    with assert_unchanged(**given):
        kata.line_descend(*given.values(), 0.125, 2)
    _assert_still_without_grad(**given)


def test_line_descend__computes_its_gradients_with_autograd(device):
    tensors = _tensors(device, *_line(27, 4, 3))
    with _Passes() as passes:
        kata.line_descend(*tensors, 0.125, 2)
    _assert_passes(passes)


def test_line_descend__does_not_use_torch_optim(device):
    tensors = _tensors(device, *_line(28, 4, 3))
    with forbid(*_OPTIMIZERS, because="This optimizer updates the parameters for you. Write the update yourself."):
        kata.line_descend(*tensors, 0.125, 2)


def test_line_descend__does_what_its_example_shows(example):
    example.check(kata)


def _assert_net_loss(arrays, dtype, device):
    features, targets, *parameters = arrays
    expected = foundations.mean_squared_error(foundations.net_predict(features, *parameters), targets)
    gradients = foundations.net_gradients(*arrays)
    _assert_mean_loss(kata.net_loss, arrays, expected, gradients, _NET, dtype, device)


@pytest.mark.parametrize(("n", "d", "h"), [(5, 3, 4), (4, 2, 1), (1, 2, 3), (3, 3, 3)])
def test_net_loss__is_right_and_its_gradients_reach_the_parameters(device, n, d, h):
    _assert_net_loss(_net(30 + n, n, d, h), torch.float32, device)


@pytest.mark.parametrize("trained", range(4))
def test_net_loss__accepts_parameters_that_do_not_require_grad(device, trained):
    arrays = _net(43, 4, 2, 3)
    tensors = _tensors(device, *arrays)
    tensors[2 + trained].requires_grad_()
    loss = kata.net_loss(*tensors)
    assert_has_graph(loss)
    loss.backward()
    for name, tensor in zip(_NET, tensors[2:], strict=True):
        if tensor.requires_grad != (name == _NET[trained]):
            raise Mismatch("mutated", f"The argument {name} requires grad now. It did not before the call.")
    expected = foundations.net_gradients(*arrays)[trained]
    _assert_gradients([tensors[2 + trained]], [expected], [_NET[trained]], torch.float32, device)


@pytest.mark.float64
def test_net_loss__works_in_float64(device):
    _assert_net_loss([array / 3 for array in _net(40, 5, 2, 3)], torch.float64, device)


def test_net_loss__leaves_the_inputs_unchanged(device):
    arrays = _net(41, 4, 2, 3)
    given = dict(zip(("features", "targets"), _tensors(device, *arrays[:2]), strict=True))
    _assert_inputs_unchanged(kata.net_loss, given, dict(zip(_NET, _leaves(device, *arrays[2:]), strict=True)))


def test_net_loss__does_not_use_torch_nn(device):
    arrays = _net(42, 4, 2, 3)
    because = "This function is from torch.nn. Compute the loss from the formula of the net."
    with forbid(*_LAYERS, because=because):
        kata.net_loss(*_tensors(device, *arrays[:2]), *_leaves(device, *arrays[2:]))


def test_net_loss__does_what_its_example_shows(example):
    example.check(kata)


def _states(answer, count):
    """The states and the losses; Mismatch if they are not a list of `count` tuples of four, and another part."""
    states, losses = _parts(answer, "states", "losses")
    if not isinstance(states, list) or len(states) != count:
        raise Mismatch("type", f"states must be a list of steps + 1 tuples, here {count}.", actual=states)
    for state in states:
        if not isinstance(state, tuple) or len(state) != 4:
            raise Mismatch("type", f"Each state must be a tuple of four: {', '.join(_NET)}.", actual=state)
    return states, losses


def _trainable(device, arrays, frozen=(), dtype=torch.float32):
    """The net's four parameters as leaves, those in `frozen` without requires_grad."""
    tensors = _tensors(device, *arrays, dtype=dtype)
    return tuple(each.requires_grad_(name not in frozen) for name, each in zip(_NET, tensors, strict=True))


def _net_history(features, targets, state, frozen, learning_rate, steps):
    """The states and losses of gradient descent in NumPy, with the parameters in `frozen` never updated."""
    states, losses = [], []
    for _ in range(steps + 1):
        states.append(state)
        losses.append(foundations.mean_squared_error(foundations.net_predict(features, *state), targets))
        gradients = foundations.net_gradients(features, targets, *state)
        state = [
            parameter if name in frozen else parameter - learning_rate * gradient
            for name, parameter, gradient in zip(_NET, state, gradients, strict=True)
        ]
    return states, losses


def _assert_net_history(arrays, learning_rate, steps, dtype, device, frozen=()):
    features, targets = _tensors(device, *arrays[:2], dtype=dtype)
    start = _trainable(device, arrays[2:], frozen, dtype)
    states, losses = _states(kata.net_descend(features, targets, start, learning_rate, steps), steps + 1)
    expected_states, expected_losses = _net_history(*arrays[:2], arrays[2:], frozen, learning_rate, steps)
    for number, (state, expected) in enumerate(zip(states, expected_states, strict=True)):
        for name, actual, wanted in zip(_NET, state, expected, strict=True):
            _assert_equal(actual, wanted, dtype, device, f"{name} in states[{number}]")
            assert_no_graph(actual, name=f"{name} in states[{number}]")
    _assert_equal(losses, expected_losses, dtype, device, "losses")
    assert_no_graph(losses, name="losses")


@pytest.mark.parametrize(("n", "d", "h", "steps"), [(3, 2, 4, 1), (5, 3, 2, 8), (1, 2, 3, 3), (4, 2, 1, 0)])
def test_net_descend__matches_net_descend_from_foundations(device, n, d, h, steps):
    _assert_net_history(_net(50 + n, n, d, h), 0.0625, steps, torch.float32, device)


@pytest.mark.parametrize("frozen", [("weights_1", "bias_1"), ("bias_2",), ("bias_1", "weights_2", "bias_2")])
def test_net_descend__never_updates_a_frozen_parameter(device, frozen):
    _assert_net_history(_net(59, 4, 2, 3), 0.0625, 3, torch.float32, device, frozen)


@pytest.mark.float64
def test_net_descend__works_in_float64(device):
    _assert_net_history([array / 1.5 for array in _net(60, 6, 3, 2)], 0.1, 12, torch.float64, device)


@pytest.mark.parametrize("frozen", [(), ("weights_1", "bias_1")])
def test_net_descend__returns_states_that_share_no_memory(device, frozen):
    arrays = _net(61, 4, 2, 3)
    start = _trainable(device, arrays[2:], frozen)
    states, _ = _states(kata.net_descend(*_tensors(device, *arrays[:2]), start, 0.125, 2), 3)
    for number, state in enumerate(states):
        for place, (name, actual) in enumerate(zip(_NET, state, strict=True)):
            after = f"{name} in states[{number}]"
            assert_owns_memory(actual, start[place], name=after, other_name=f"the given {name}")
            for earlier in range(number):
                assert_owns_memory(actual, states[earlier][place], name=after, other_name=f"that in states[{earlier}]")


def test_net_descend__leaves_the_inputs_unchanged(device):
    arrays = _net(62, 4, 2, 3)
    features, targets = _tensors(device, *arrays[:2])
    start = _trainable(device, arrays[2:], ("bias_1",))
    given = dict(zip(_NET, start, strict=True))
    with assert_unchanged(features=features, targets=targets, **given):
        kata.net_descend(features, targets, start, 0.125, 2)
    for name, tensor in given.items():
        if tensor.requires_grad != (name != "bias_1"):
            raise Mismatch("mutated", f"The argument {name} has another requires_grad than before the call.")
        if tensor.grad is not None:
            raise Mismatch("mutated", f"The argument {name} has a .grad now. It was None before the call.")


def test_net_descend__computes_its_gradients_with_autograd(device):
    arrays = _net(63, 4, 2, 3)
    features, targets = _tensors(device, *arrays[:2])
    with _Passes() as passes:
        kata.net_descend(features, targets, _trainable(device, arrays[2:]), 0.125, 2)
    _assert_passes(passes)


def test_net_descend__does_not_use_torch_optim(device):
    arrays = _net(64, 4, 2, 3)
    features, targets = _tensors(device, *arrays[:2])
    with forbid(*_OPTIMIZERS, because="This optimizer updates the parameters for you. Write the update yourself."):
        kata.net_descend(features, targets, _trainable(device, arrays[2:]), 0.125, 2)


def test_net_descend__does_what_its_example_shows(example):
    example.check(kata)


def _cooling(measured, first, keep, learning_rate, steps):
    """The fit in NumPy, with gradients by hand: d/dfirst = keep**t, d/dkeep = first * t * keep**(t - 1)."""
    minutes, losses = np.arange(1, len(measured) + 1), []
    for _ in range(steps):
        errors = first * keep**minutes - measured
        to_first = (2 * errors * keep**minutes).mean()
        to_keep = (2 * errors * first * minutes * keep ** (minutes - 1)).mean()
        losses.append((errors**2).mean())
        first, keep = first - learning_rate * to_first, keep - learning_rate * to_keep
    return first, keep, losses


def _assert_fit(parts, measured, start, learning_rate, steps, dtype, device):
    """Compare those parts of the result that are named: "first", "keep" or "losses"."""
    names = ("first", "keep", "losses")
    given = _tensors(device, measured, *start, dtype=dtype)
    answer = dict(zip(names, _parts(kata.fit_cooling(*given, learning_rate, steps), *names), strict=True))
    expected = dict(zip(names, _cooling(np.array(measured), *start, learning_rate, steps), strict=True))
    for name in parts:
        if name == "losses":
            losses = [float(loss) for loss in expected[name]]
            assert_value(answer[name], losses, tolerance=1e-4 if dtype == torch.float32 else 1e-9, name=name)
        else:
            _assert_equal(answer[name], expected[name], dtype, device, name)
            assert_no_graph(answer[name], name=name)


_CURVES = [([3.0, 2.0, 1.5], 1), ([3.0], 2), ([1.75, 1.0, 0.75, 0.5], 5), ([2.0, 1.0], 0)]


@pytest.mark.parametrize(("measured", "steps"), _CURVES)
def test_fit_cooling__updates_first(device, measured, steps):
    _assert_fit(["first"], measured, (1.5, 0.75), 0.125, steps, torch.float32, device)


@pytest.mark.parametrize(("measured", "steps"), _CURVES)
def test_fit_cooling__updates_keep(device, measured, steps):
    _assert_fit(["keep"], measured, (1.5, 0.75), 0.125, steps, torch.float32, device)


@pytest.mark.parametrize(("measured", "steps"), _CURVES)
def test_fit_cooling__returns_the_loss_before_each_update(device, measured, steps):
    _assert_fit(["losses"], measured, (1.5, 0.75), 0.125, steps, torch.float32, device)


@pytest.mark.float64
def test_fit_cooling__works_in_float64(device):
    _assert_fit(["first", "keep", "losses"], [1.7, 1.1, 0.8], (1.3, 0.9), 0.1, 6, torch.float64, device)


def test_fit_cooling__leaves_the_inputs_unchanged(device):
    given = dict(zip(("measured", "first", "keep"), _tensors(device, [3.0, 2.0], 1.5, 0.75), strict=True))
    with assert_unchanged(**given):
        kata.fit_cooling(*given.values(), 0.125, 2)
    _assert_still_without_grad(**given)


def test_fit_cooling__does_not_use_torch_optim(device):
    given = _tensors(device, [3.0, 2.0], 1.5, 0.75)
    with forbid(*_OPTIMIZERS, because="This optimizer updates the values for you. Write the update yourself."):
        kata.fit_cooling(*given, 0.125, 2)


def test_fit_cooling__does_what_its_example_shows(example):
    example.check(kata)
