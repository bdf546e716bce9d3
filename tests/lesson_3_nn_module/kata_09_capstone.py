"""The specification of katas/lesson_3_nn_module/kata_09_capstone.py."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
)
from katas import foundations
from katas.lesson_3_nn_module import kata_09_capstone as kata

CORE = ("TwoLayerNet", "load_foundations", "net_slopes", "go_downhill")

_ARRAYS = ("weights_1", "bias_1", "weights_2", "bias_2")
_NAMES = ("hidden.weight", "hidden.bias", "output.weight", "output.bias")
_SIZES = [(5, 3, 4), (2, 4, 2), (4, 3, 3), (1, 2, 3), (3, 1, 2), (4, 2, 1), (3, 1, 1)]
_OPTIMIZERS = ("torch.optim.SGD", "torch.optim.Adam")


class TwoLayerNet(nn.Module):
    """The net of the first step, so that the tests of the others do not hang on the learner's."""

    def __init__(self, in_features, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(in_features, hidden_features)
        self.output = nn.Linear(hidden_features, 1)

    def forward(self, features):
        return self.output(torch.tanh(self.hidden(features)))[:, 0]


def _draw(seed, n, d, h):
    """Features (n, d), targets (n,), and Foundations' parameters, in float64; float32 holds them without rounding."""
    generator = np.random.default_rng(seed)
    shapes = [(n, d), (n,), (d, h), (h,), (h,), ()]
    arrays = [generator.integers(1, 17, shape) * generator.choice([-1, 1], shape) / 8 for shape in shapes]
    weights_1, bias_1, weights_2, bias_2 = (array / 2 for array in arrays[2:])
    return *arrays[:2], (weights_1, bias_1, weights_2, float(bias_2))


def _thirds(seed, n, d, h):
    """As _draw, of numbers that float32 would round."""
    features, targets, parameters = _draw(seed, n, d, h)
    return features / 3, targets / 3, tuple(each / 3 for each in parameters)


def _on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def _stored(parameters):
    """Foundations' parameters as a net keeps them, by name."""
    weights_1, bias_1, weights_2, bias_2 = parameters
    return dict(zip(_NAMES, (weights_1.T, bias_1, weights_2[None, :], np.array([bias_2])), strict=True))


def _assert_names(found, expected, what):
    __tracebackhide__ = True
    if list(found) != list(expected):
        says = f"{what} gives {', '.join(found) or 'nothing'}; it must give {', '.join(expected)}, in this order."
        raise Mismatch("missing", says, actual=list(found), expected=list(expected))


def _hand_set(net, parameters):
    """Write Foundations' parameters into a net that has them under the right names, in the right shapes."""
    __tracebackhide__ = True
    named = dict(net.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, values in _stored(parameters).items():
        if named[name].shape != values.shape:
            raise Mismatch("shape", f"{name} has shape {tuple(named[name].shape)}; it must have {values.shape}.")
        with torch.no_grad():
            named[name].copy_(_on(named[name].device, values, named[name].dtype))
    return net


def _net(device, parameters, dtype=torch.float32):
    return _hand_set(TwoLayerNet(*parameters[0].shape).to(device, dtype), parameters)


def _learners(device, parameters, dtype=torch.float32):
    return _hand_set(kata.TwoLayerNet(*parameters[0].shape).to(device, dtype), parameters)


def _assert_near(actual, expected, dtype, device, name="the answer"):
    __tracebackhide__ = True
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    expected = np.asarray(expected)
    assert_tensor(actual, expected, dtype=dtype, device=device, rtol=tolerance, atol=tolerance, name=name)


def _assert_holds(net, parameters, dtype, device):
    """Check the net's numbers against Foundations', one parameter after the other."""
    __tracebackhide__ = True
    for (name, actual), values in zip(net.named_parameters(), _stored(parameters).values(), strict=True):
        _assert_near(actual.detach(), values, dtype, device, f"the parameter {name}")


def _assert_trainable(module, before=None):
    """Check that every parameter is a tracked leaf, and still the object that it was."""
    __tracebackhide__ = True
    for name, parameter in module.named_parameters():
        if before is not None and parameter is not before[name]:
            says = f"{name} is another object now: whoever held the old one, as an optimizer does, has lost it."
            raise Mismatch("memory", says)
        if not parameter.requires_grad:
            raise Mismatch("graph", f"{name} is not tracked any more: no gradient will reach it.")
        if not parameter.is_leaf:
            raise Mismatch("graph", f"{name} is no leaf any more: what was done to it was recorded.")


def _assert_recording():
    __tracebackhide__ = True
    if not torch.is_grad_enabled():
        torch.set_grad_enabled(True)
        raise Mismatch("graph", "Recording is off now, for everyone who comes after: it was on before.")


@pytest.mark.parametrize(("d", "h"), [(3, 5), (4, 2), (3, 3), (1, 2), (2, 1)])
def test_TwoLayerNet__has_two_linear_layers(device, d, h):
    net = kata.TwoLayerNet(d, h).to(device)
    named = dict(net.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, shape in zip(_NAMES, [(h, d), (h,), (1, h), (1,)], strict=True):
        assert_value(tuple(named[name].shape), shape, name=f"the shape of {name}")
        if named[name].device.type != device.type:
            raise Mismatch("device", f"{name} is still on {named[name].device.type} after net.to(device).")
    _assert_trainable(net)
    for name, child in net.named_children():
        if not isinstance(child, nn.Linear):
            raise Mismatch("type", f"The child {name} is of type {type(child).__name__}; it must be an nn.Linear.")
    _assert_names(net.state_dict(), _NAMES, "state_dict()")


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_TwoLayerNet__predicts_what_foundations_predicts(device, n, d, h):
    features, _, parameters = _draw(n, n, d, h)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(_learners(device, parameters)(_on(device, features)), expected, torch.float32, device)


def test_TwoLayerNet__lets_predictions_leave_the_range_of_tanh(device):
    features, _, parameters = _draw(8, 6, 3, 4)
    parameters = (*parameters[:2], 16 * parameters[2], -20.0)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(_learners(device, parameters)(_on(device, features)), expected, torch.float32, device)


def test_TwoLayerNet__takes_no_rows(device):
    _, _, parameters = _draw(9, 1, 3, 2)
    assert_tensor(_learners(device, parameters)(_on(device, np.zeros((0, 3)))), np.zeros(0, np.float32), device=device)


@pytest.mark.float64
@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_TwoLayerNet__sends_every_gradient_that_foundations_found(device, n, d, h):
    features, targets, parameters = _thirds(n + 10, n, d, h)
    net = _learners(device, parameters, torch.float64)
    predictions = net(_on(device, features, torch.float64))
    _assert_near(predictions, foundations.net_predict(features, *parameters), torch.float64, device)
    if not predictions.requires_grad:
        raise Mismatch("graph", "The predictions have no graph behind them: no gradient can flow back to a parameter.")
    (3 * ((predictions - _on(device, targets, torch.float64)) ** 2).mean()).backward()
    expected = _stored(foundations.net_gradients(features, targets, *parameters))
    for name, parameter in net.named_parameters():
        if parameter.grad is None:
            raise Mismatch("graph", f"No gradient has reached {name}: the way from it to the predictions is cut.")
        _assert_near(parameter.grad, 3 * expected[name], torch.float64, device, f"the gradient of {name}")


def test_TwoLayerNet__starts_as_its_layers_start(device):
    # nn.Linear draws from -1 / sqrt(in) to 1 / sqrt(in): of 100 such numbers, none is zero, and no two nets are alike.
    first, second = (kata.TwoLayerNet(25, 4).to(device) for _ in range(2))
    named = dict(first.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, bound in zip(_NAMES, (0.2, 0.2, 0.5, 0.5), strict=True):
        values = named[name].detach().cpu().numpy()
        if not values.all():
            raise Mismatch("value", f"{name} starts with zeros: the numbers that nn.Linear drew are lost.")
        if np.abs(values).max() > bound + 1e-6:
            raise Mismatch("value", f"{name} starts with numbers beyond {bound}: nn.Linear draws within that.")
    if torch.equal(first.hidden.weight, second.hidden.weight):
        raise Mismatch("value", "Two nets start with the same numbers: each must draw its own.")


def test_TwoLayerNet__loads_what_another_has_saved(device):
    features, _, parameters = _draw(20, 4, 3, 2)
    saved = _learners(device, parameters)
    twin, other = copy.deepcopy(saved), kata.TwoLayerNet(3, 2).to(device)
    other.load_state_dict(saved.state_dict())
    with torch.no_grad():
        for parameter in saved.parameters():
            parameter.zero_()
    expected = foundations.net_predict(features, *parameters)
    for name, net in (("the predictions of a copy", twin), ("the predictions of a net that has loaded", other)):
        _assert_near(net(_on(device, features)), expected, torch.float32, device, name)


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_load_foundations__makes_the_net_predict_the_same(device, n, d, h):
    features, _, parameters = _draw(n + 20, n, d, h)
    net = TwoLayerNet(d, h).to(device)
    kata.load_foundations(net, parameters)
    _assert_holds(net, parameters, torch.float32, device)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(net(_on(device, features)), expected, torch.float32, device, "what the net predicts")


@pytest.mark.float64
@pytest.mark.parametrize(("d", "h"), [(3, 2), (2, 2)])
def test_load_foundations__rounds_nothing_in_a_float64_net(device, d, h):
    _, _, parameters = _thirds(30, 4, d, h)
    net = TwoLayerNet(d, h).to(device).double()
    kata.load_foundations(net, parameters)
    # A report of two numbers would not show the digits in which these differ.
    rounded = []
    for (name, actual), values in zip(net.named_parameters(), _stored(parameters).values(), strict=True):
        short = np.float64(np.float32(values))
        if np.array_equal(actual.detach().cpu().numpy(), short) and not np.array_equal(values, short):
            rounded.append(name)
    if rounded:
        was = "were" if len(rounded) > 1 else "was"
        raise Mismatch("dtype", f"{' and '.join(rounded)} {was} rounded to float32: a float64 net holds more digits.")
    _assert_holds(net, parameters, torch.float64, device)


@pytest.mark.parametrize(("d", "h"), [(3, 2), (2, 2)])
def test_load_foundations__keeps_the_parameters_that_the_net_had(device, d, h):
    _, _, parameters = _draw(31, 4, d, h)
    net = TwoLayerNet(d, h).to(device)
    before = dict(net.named_parameters())
    kata.load_foundations(net, parameters)
    _assert_trainable(net, before)
    _assert_recording()


@pytest.mark.parametrize("dtype", [torch.float32, pytest.param(torch.float64, marks=pytest.mark.float64)], ids=str)
def test_load_foundations__shares_no_memory_with_the_arrays(device, dtype):
    _, _, parameters = _draw(32, 4, 3, 2)
    arrays = dict(zip(_ARRAYS[:3], parameters[:3], strict=True))
    net = TwoLayerNet(3, 2).to(device, dtype)
    with assert_unchanged(**arrays):
        kata.load_foundations(net, parameters)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    for array in arrays.values():
        array += 1
    for name, parameter, kept in zip(_NAMES, net.parameters(), before, strict=True):
        if not torch.equal(parameter.detach(), kept):
            raise Mismatch("memory", f"An array was changed after loading, and that shows in {name}.")


@pytest.mark.parametrize(
    ("name", "shape"),
    [("bias_1", (1,)), ("weights_1", (3, 1)), ("weights_1", (1, 2)), ("weights_2", (1,)), ("weights_1", (2, 3))],
    ids=str,
)
def test_load_foundations__refuses_a_shape_that_does_not_fit(device, name, shape):
    _, _, parameters = _draw(33, 4, 3, 2)
    given = dict(zip(_ARRAYS, parameters, strict=True)) | {name: np.arange(1.0, 1 + np.prod(shape)).reshape(shape)}
    net = TwoLayerNet(3, 2).to(device)
    because = f"{name} of shape {shape} went into a net of 3 features and 2 hidden numbers: it does not fit there."
    with assert_raises(ValueError, RuntimeError, because=because):
        kata.load_foundations(net, tuple(given.values()))


def test_load_foundations__returns_nothing(device):
    assert_value(kata.load_foundations(TwoLayerNet(3, 2).to(device), _draw(34, 1, 3, 2)[2]), None)


def _assert_foundations(actual, parameters, dtype):
    """Check a tuple of three arrays and a float, whose numbers must be exactly those of `parameters`."""
    __tracebackhide__ = True
    if not isinstance(actual, tuple) or len(actual) != 4:
        says = "The answer is not a tuple of four: weights_1, bias_1, weights_2 and bias_2."
        raise Mismatch("type", says, actual=actual)
    for name, found, values in zip(_ARRAYS[:3], actual, parameters, strict=False):
        if not isinstance(found, np.ndarray):
            kind = "a tensor" if isinstance(found, torch.Tensor) else f"of type {type(found).__name__}"
            raise Mismatch("type", f"{name} is {kind}; it must be a NumPy array.", actual=found)
        if found.dtype != dtype:
            raise Mismatch("dtype", f"{name} has dtype {found.dtype}; the net has {np.dtype(dtype)}.", actual=found)
        if found.shape != values.shape:
            says = f"{name} has shape {found.shape}; it must have {values.shape}."
            raise Mismatch("shape", says, actual=found, expected=values)
        if not np.array_equal(found, values.astype(dtype)):
            says = f"{name} does not have the net's numbers, or not in their places."
            raise Mismatch("value", says, actual=found, expected=values.astype(dtype))
    assert_value(actual[3], float(np.dtype(dtype).type(parameters[3])), tolerance=0, name="the number bias_2")


@pytest.mark.parametrize(("d", "h"), [(3, 4), (4, 2), (3, 3), (1, 3), (2, 1)])
def test_to_foundations__gives_the_numbers_in_the_shapes_of_foundations(device, d, h):
    _, _, parameters = _draw(40, 1, d, h)
    _assert_foundations(kata.to_foundations(_net(device, parameters)), parameters, np.float32)


@pytest.mark.float64
def test_to_foundations__keeps_float64(device):
    _, _, parameters = _thirds(41, 1, 3, 2)
    _assert_foundations(kata.to_foundations(_net(device, parameters, torch.float64)), parameters, np.float64)


@pytest.mark.parametrize(("d", "h"), [(3, 2), (1, 3), (2, 1)])
def test_to_foundations__is_left_alone_by_further_training(device, d, h):
    _, _, parameters = _draw(42, 1, d, h)
    net = _net(device, parameters)
    answer = kata.to_foundations(net)
    _assert_foundations(answer, parameters, np.float32)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter += 1
    for name, found, values in zip(_ARRAYS[:3], answer, parameters, strict=False):
        if not np.array_equal(found, values):
            raise Mismatch("memory", f"The net was changed afterwards, and that shows in {name}: it is no copy.")


def test_to_foundations__leaves_the_net_as_it_is(device):
    _, _, parameters = _draw(43, 1, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    answer = kata.to_foundations(net)
    _assert_foundations(answer, parameters, np.float32)
    for found in answer[:3]:
        found += 1
    _assert_holds(net, parameters, torch.float32, device)
    _assert_trainable(net, before)


def _assert_slopes(actual, expected, dtype, device):
    __tracebackhide__ = True
    if not isinstance(actual, tuple) or len(actual) != 4:
        raise Mismatch("type", "The answer is not a tuple of four tensors, one for each parameter.", actual=actual)
    for name, found, values in zip(_ARRAYS, actual, expected, strict=True):
        _assert_near(found, values, dtype, device, f"the gradient of {name}")


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_net_slopes__gives_every_gradient_of_foundations(device, n, d, h):
    features, targets, parameters = _draw(n + 50, n, d, h)
    answer = kata.net_slopes(_net(device, parameters), _on(device, features), _on(device, targets))
    expected = foundations.net_gradients(features, targets, *parameters)
    _assert_slopes(answer, expected, torch.float32, device)
    for name, found in zip(_ARRAYS, answer, strict=True):
        assert_no_graph(found, name=f"the gradient of {name}")


@pytest.mark.float64
def test_net_slopes__agrees_to_the_last_digits_in_float64(device):
    features, targets, parameters = _thirds(60, 6, 3, 4)
    net = _net(device, parameters, torch.float64)
    answer = kata.net_slopes(net, _on(device, features, torch.float64), _on(device, targets, torch.float64))
    _assert_slopes(answer, foundations.net_gradients(features, targets, *parameters), torch.float64, device)


def test_net_slopes__counts_nothing_from_before(device):
    features, targets, parameters = _draw(61, 5, 3, 2)
    net, data = _net(device, parameters), (_on(device, features), _on(device, targets))
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    expected = foundations.net_gradients(features, targets, *parameters)
    for _ in range(2):
        _assert_slopes(kata.net_slopes(net, *data), expected, torch.float32, device)


def test_net_slopes__leaves_no_grad_behind(device):
    features, targets, parameters = _draw(62, 5, 3, 2)
    net = _net(device, parameters)
    kata.net_slopes(net, _on(device, features), _on(device, targets))
    for name, parameter in net.named_parameters():
        if parameter.grad is not None:
            says = f"The .grad of {name} was None before, and it holds a tensor afterwards."
            raise Mismatch("mutated", says, actual=parameter.grad, expected=None)


def test_net_slopes__leaves_a_grad_that_was_there(device):
    features, targets, parameters = _draw(63, 5, 3, 2)
    net = _net(device, parameters)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    kata.net_slopes(net, _on(device, features), _on(device, targets))
    for name, parameter in net.named_parameters():
        if parameter.grad is None:
            raise Mismatch("mutated", f"The .grad of {name} held numbers before, and it is None afterwards.")
        if not bool((parameter.grad == 7).all()):
            says = f"The .grad of {name} held numbers before, and others afterwards."
            raise Mismatch("mutated", says, actual=parameter.grad, expected=torch.full_like(parameter.grad, 7.0))


def test_net_slopes__leaves_the_net_as_it_is(device):
    features, targets, parameters = _draw(64, 5, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    for gradient in kata.net_slopes(net, _on(device, features), _on(device, targets)):
        gradient += 1
    _assert_holds(net, parameters, torch.float32, device)
    _assert_trainable(net, before)
    _assert_recording()


def _assert_losses(actual, expected, tolerance):
    __tracebackhide__ = True
    if not isinstance(actual, list):
        kind = "None" if actual is None else f"of type {type(actual).__name__}"
        raise Mismatch("type", f"The answer is {kind}; it must be a list of floats.", actual=actual)
    for loss in actual:
        if type(loss) is not float:
            kind = "tensors" if isinstance(loss, torch.Tensor) else f"numbers of type {type(loss).__name__}"
            raise Mismatch("type", f"The list holds {kind}; it must hold Python floats.", actual=actual)
    expected = [float(loss) for loss in expected]
    if len(actual) != len(expected):
        says = f"The list holds {len(actual)} losses; there are {len(expected)}, the first before any step."
        raise Mismatch("value", says, actual=actual, expected=expected)
    assert_value(actual, expected, tolerance=tolerance, name="the list of losses")


def _assert_descent(data, learning_rate, steps, dtype, device):
    """Check the losses, and then where the net has come to."""
    __tracebackhide__ = True
    features, targets, parameters = data
    net = _net(device, parameters, dtype)
    losses = kata.go_downhill(net, _on(device, features, dtype), _on(device, targets, dtype), learning_rate, steps)
    states, expected = foundations.net_descend(*data, learning_rate, steps)
    _assert_losses(losses, expected, 1e-5 if dtype == torch.float32 else 1e-12)
    _assert_holds(net, states[-1], dtype, device)


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_go_downhill__goes_the_way_of_foundations(device, n, d, h):
    _assert_descent(_draw(n + 70, n, d, h), 0.0625, 3, torch.float32, device)


@pytest.mark.parametrize(("learning_rate", "steps"), [(0.25, 1), (0.125, 2), (0.0, 2), (0.05, 7)])
def test_go_downhill__goes_by_the_learning_rate_and_the_steps(device, learning_rate, steps):
    _assert_descent(_draw(71, 4, 3, 2), learning_rate, steps, torch.float32, device)


@pytest.mark.float64
def test_go_downhill__agrees_to_the_last_digits_in_float64(device):
    _assert_descent(_thirds(72, 6, 3, 4), 0.1, 12, torch.float64, device)


def test_go_downhill__stays_where_it_is_for_no_steps(device):
    _assert_descent(_draw(73, 4, 3, 2), 0.125, 0, torch.float32, device)


def test_go_downhill__goes_on_from_where_it_stopped(device):
    features, targets, parameters = data = _draw(74, 4, 3, 2)
    net = _net(device, parameters)
    losses = [kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2) for _ in range(2)]
    states, expected = foundations.net_descend(*data, 0.125, 4)
    for actual, part in zip(losses, (expected[:3], expected[2:]), strict=True):
        _assert_losses(actual, part, 1e-5)
    _assert_holds(net, states[-1], torch.float32, device)


def test_go_downhill__counts_nothing_from_before(device):
    features, targets, parameters = data = _draw(75, 4, 3, 2)
    net = _net(device, parameters)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    losses = kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2)
    states, expected = foundations.net_descend(*data, 0.125, 2)
    _assert_losses(losses, expected, 1e-5)
    _assert_holds(net, states[-1], torch.float32, device)


def test_go_downhill__changes_the_very_parameters_of_the_net(device):
    features, targets, parameters = _draw(76, 4, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    memory = {name: parameter.data_ptr() for name, parameter in before.items()}
    kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2)
    _assert_trainable(net, before)
    for name, parameter in before.items():
        if parameter.data_ptr() != memory[name]:
            raise Mismatch("memory", f"{name} stands on other memory now: its numbers were not changed in place.")
    _assert_recording()


def test_go_downhill__trains_any_module(device):
    # A line, so that Foundations' descend knows the way.
    features, targets, _ = _draw(77, 5, 3, 1)
    line = nn.Sequential(nn.Linear(3, 1), nn.Flatten(0)).to(device)
    with torch.no_grad():
        line[0].weight.copy_(_on(device, [[0.5, -1.0, 0.25]]))
        line[0].bias.fill_(0.75)
    losses = kata.go_downhill(line, _on(device, features), _on(device, targets), 0.125, 3)
    start = np.array([0.5, -1.0, 0.25]), 0.75
    weights, biases, expected = foundations.descend(features, targets, *start, 0.125, 3)
    _assert_losses(losses, expected, 1e-5)
    _assert_near(line[0].weight.detach()[0], weights[-1], torch.float32, device, "the weight of a line")
    _assert_near(line[0].bias.detach()[0], biases[-1], torch.float32, device, "the bias of a line")


def test_go_downhill__leaves_the_data_as_they_are(device):
    features, targets, parameters = _draw(78, 4, 3, 2)
    features, targets = _on(device, features), _on(device, targets)
    with assert_unchanged(features=features, targets=targets):
        kata.go_downhill(_net(device, parameters), features, targets, 0.125, 2)


def test_go_downhill__does_without_torch_optim(device):
    features, targets, parameters = _draw(79, 4, 3, 2)
    with forbid(*_OPTIMIZERS, because="This optimizer takes the steps for you: here you take them yourself."):
        kata.go_downhill(_net(device, parameters), _on(device, features), _on(device, targets), 0.125, 2)


_PLACES = ("0.weight", "0.bias", "2.weight", "2.bias")


def _assert_chain(chain):
    __tracebackhide__ = True
    if not isinstance(chain, nn.Sequential):
        kind = "None" if chain is None else f"of type {type(chain).__name__}"
        raise Mismatch("type", f"The answer is {kind}; it must be an nn.Sequential.", actual=chain)
    kinds = [type(child).__name__ for child in chain]
    assert_value(kinds, ["Linear", "Tanh", "Linear"], name="the list of the kinds of layers in the answer")
    _assert_names(chain.state_dict(), _PLACES, "state_dict()")
    return chain


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_as_sequential__predicts_the_same_in_a_column(device, n, d, h):
    features, _, parameters = _draw(n + 80, n, d, h)
    chain = _assert_chain(kata.as_sequential(_net(device, parameters)))
    for (name, actual), values in zip(chain.named_parameters(), _stored(parameters).values(), strict=True):
        assert_tensor(actual.detach(), np.float32(values), device=device, name=f"the parameter {name}")
    expected = foundations.net_predict(features, *parameters)[:, None]
    _assert_near(chain(_on(device, features)), expected, torch.float32, device, "what the answer predicts")


@pytest.mark.float64
def test_as_sequential__keeps_float64(device):
    _, _, parameters = _thirds(90, 4, 3, 2)
    chain = _assert_chain(kata.as_sequential(_net(device, parameters, torch.float64)))
    for (name, actual), values in zip(chain.named_parameters(), _stored(parameters).values(), strict=True):
        _assert_near(actual.detach(), values, torch.float64, device, f"the parameter {name}")


def test_as_sequential__shares_no_memory_with_the_net(device):
    _, _, parameters = _draw(91, 4, 3, 2)
    net = _net(device, parameters)
    chain = _assert_chain(kata.as_sequential(net))
    for name, mine, theirs in zip(_PLACES, chain.parameters(), net.parameters(), strict=True):
        assert_owns_memory(mine.detach(), theirs.detach(), name=name, other_name="the net's own")


def test_as_sequential__can_be_trained(device):
    features, targets, parameters = _draw(92, 5, 3, 2)
    net = _net(device, parameters)
    chain = _assert_chain(kata.as_sequential(net))
    _assert_trainable(chain)
    ((chain(_on(device, features))[:, 0] - _on(device, targets)) ** 2).mean().backward()
    expected = _stored(foundations.net_gradients(features, targets, *parameters)).values()
    for (name, parameter), values in zip(chain.named_parameters(), expected, strict=True):
        _assert_near(parameter.grad, values, torch.float32, device, f"the gradient of {name}")
    if any(parameter.grad is not None for parameter in net.parameters()):
        raise Mismatch("graph", "A gradient has flowed through the answer to the net that was given.")


def test_as_sequential__leaves_the_net_as_it_is(device):
    _, _, parameters = _draw(93, 4, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    kata.as_sequential(net)
    _assert_names(dict(net.named_parameters()), _NAMES, "named_parameters() of the net that was given")
    _assert_trainable(net, before)
    _assert_holds(net, parameters, torch.float32, device)
