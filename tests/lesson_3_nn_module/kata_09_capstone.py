"""The specification of katas/lesson_3_nn_module/kata_09_capstone.py."""

import copy
import itertools

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    RESULT,
    Mismatch,
    assert_no_graph,
    assert_owns_memory,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
    kind_of,
)
from katas import foundations
from katas.lesson_3_nn_module import kata_09_capstone as kata

CORE = ("TwoLayerNet", "load_foundations", "net_slopes", "go_downhill", "DeepNet")

_ARRAYS = ("weights_1", "bias_1", "weights_2", "bias_2")
_NAMES = ("hidden.weight", "hidden.bias", "output.weight", "output.bias")
_SIZES = [(5, 3, 4), (2, 4, 2), (4, 3, 3), (1, 2, 3), (3, 1, 2), (4, 2, 1), (3, 1, 1)]
_OPTIMIZERS = ("torch.optim.SGD", "torch.optim.Adam")


class TwoLayerNet(nn.Module):
    """The net of the first step, so that the tests of the other steps do not depend on the learner's."""

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
    """Foundations' parameters in the shapes of the module's parameters, by name."""
    weights_1, bias_1, weights_2, bias_2 = parameters
    return dict(zip(_NAMES, (weights_1.T, bias_1, weights_2[None, :], np.array([bias_2])), strict=True))


def _assert_names(found, expected, what):
    __tracebackhide__ = True
    if list(found) != list(expected):
        says = f"{what} has the names {', '.join(found) or 'none'}. It must have {', '.join(expected)}, in this order."
        raise Mismatch("statement", says, actual=list(found), expected=list(expected))


def _hand_set(net, parameters):
    """Write Foundations' parameters into a net. Mismatch if its names or shapes are wrong."""
    __tracebackhide__ = True
    named = dict(net.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, values in _stored(parameters).items():
        if named[name].shape != values.shape:
            raise Mismatch("shape", f"{name} has shape {tuple(named[name].shape)}. It must have {values.shape}.")
        with torch.no_grad():
            named[name].copy_(_on(named[name].device, values, named[name].dtype))
    return net


def _net(device, parameters, dtype=torch.float32):
    return _hand_set(TwoLayerNet(*parameters[0].shape).to(device, dtype), parameters)


def _learners(device, parameters, dtype=torch.float32):
    return _hand_set(kata.TwoLayerNet(*parameters[0].shape).to(device, dtype), parameters)


def _assert_near(actual, expected, dtype, device, name=RESULT):
    __tracebackhide__ = True
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    expected = np.asarray(expected)
    assert_tensor(actual, expected, dtype=dtype, device=device, rtol=tolerance, atol=tolerance, name=name)


def _assert_holds(net, parameters, dtype, device):
    """Check the values of the net's parameters against those of Foundations."""
    __tracebackhide__ = True
    for (name, actual), values in zip(net.named_parameters(), _stored(parameters).values(), strict=True):
        _assert_near(actual.detach(), values, dtype, device, f"the parameter {name}")


def _assert_trainable(module, before=None):
    """Check that every parameter is a leaf that requires grad, and the same object as before."""
    __tracebackhide__ = True
    for name, parameter in module.named_parameters():
        if before is not None and parameter is not before[name]:
            says = f"{name} is a different object now. An optimizer would still hold the old one."
            raise Mismatch("memory", says)
        if not parameter.requires_grad:
            raise Mismatch("graph", f"{name} does not require grad, so no gradient can reach it.")
        if not parameter.is_leaf:
            raise Mismatch("graph", f"{name} is not a leaf: an operation on it was recorded.")


def _assert_recording():
    __tracebackhide__ = True
    if not torch.is_grad_enabled():
        torch.set_grad_enabled(True)
        raise Mismatch("graph", "The call has switched gradient recording off for the whole program.")


@pytest.mark.parametrize(("d", "h"), [(3, 5), (4, 2), (3, 3), (1, 2), (2, 1)])
def test_TwoLayerNet__has_two_linear_layers(device, d, h):
    net = kata.TwoLayerNet(d, h).to(device)
    named = dict(net.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, shape in zip(_NAMES, [(h, d), (h,), (1, h), (1,)], strict=True):
        assert_value(tuple(named[name].shape), shape, name=f"the shape of {name}")
        if named[name].device.type != device.type:
            raise Mismatch("device", f"After net.to(device), {name} is still on {named[name].device.type}.")
    _assert_trainable(net)
    for name in ("hidden", "output"):
        child = getattr(net, name)
        if not isinstance(child, nn.Linear):
            raise Mismatch("type", f"The child {name} is {kind_of(child)}. It must be an nn.Linear.")
    _assert_names(net.state_dict(), _NAMES, "state_dict()")


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_TwoLayerNet__predicts_what_foundations_predicts(device, n, d, h):
    features, _, parameters = _draw(n, n, d, h)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(_learners(device, parameters)(_on(device, features)), expected, torch.float32, device)


def test_TwoLayerNet__can_predict_values_beyond_1(device):
    features, _, parameters = _draw(8, 6, 3, 4)
    parameters = (*parameters[:2], 16 * parameters[2], -20.0)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(_learners(device, parameters)(_on(device, features)), expected, torch.float32, device)


def test_TwoLayerNet__accepts_no_rows(device):
    _, _, parameters = _draw(9, 1, 3, 2)
    assert_tensor(_learners(device, parameters)(_on(device, np.zeros((0, 3)))), np.zeros(0, np.float32), device=device)


@pytest.mark.float64
@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_TwoLayerNet__gets_the_gradients_of_foundations(device, n, d, h):
    features, targets, parameters = _thirds(n + 10, n, d, h)
    net = _learners(device, parameters, torch.float64)
    predictions = net(_on(device, features, torch.float64))
    _assert_near(predictions, foundations.net_predict(features, *parameters), torch.float64, device)
    if not predictions.requires_grad:
        raise Mismatch("graph", "The predictions have no graph, so no gradient can reach a parameter.")
    (3 * ((predictions - _on(device, targets, torch.float64)) ** 2).mean()).backward()
    expected = _stored(foundations.net_gradients(features, targets, *parameters))
    for name, parameter in net.named_parameters():
        if parameter.grad is None:
            raise Mismatch("graph", f"No gradient has reached {name}. Its .grad is None after backward().")
        _assert_near(parameter.grad, 3 * expected[name], torch.float64, device, f"the gradient of {name}")


def test_TwoLayerNet__keeps_the_initial_values_of_its_layers(device):
    # nn.Linear draws from -1 / sqrt(in) to 1 / sqrt(in). None of 100 values is 0, and no two nets are equal.
    first, second = (kata.TwoLayerNet(25, 4).to(device) for _ in range(2))
    named = dict(first.named_parameters())
    _assert_names(named, _NAMES, "named_parameters()")
    for name, bound in zip(_NAMES, (0.2, 0.2, 0.5, 0.5), strict=True):
        values = named[name].detach().cpu().numpy()
        if not values.all():
            raise Mismatch("statement", f"{name} has initial values that are 0. nn.Linear draws them at random.")
        if np.abs(values).max() > bound + 1e-6:
            raise Mismatch(
                "value", f"{name} has an initial value beyond {bound}. nn.Linear draws from -{bound} to {bound}."
            )
    if torch.equal(first.hidden.weight, second.hidden.weight):
        raise Mismatch("statement", "Two nets have the same initial values. Each net must draw new ones.")


def test_TwoLayerNet__loads_the_state_of_another_net(device):
    features, _, parameters = _draw(20, 4, 3, 2)
    saved = _learners(device, parameters)
    twin, other = copy.deepcopy(saved), kata.TwoLayerNet(3, 2).to(device)
    other.load_state_dict(saved.state_dict())
    with torch.no_grad():
        for parameter in saved.parameters():
            parameter.zero_()
    expected = foundations.net_predict(features, *parameters)
    for name, net in (("the predictions of a copy", twin), ("the predictions after load_state_dict", other)):
        _assert_near(net(_on(device, features)), expected, torch.float32, device, name)


def test_TwoLayerNet__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_load_foundations__makes_the_net_predict_the_same(device, n, d, h):
    features, _, parameters = _draw(n + 20, n, d, h)
    net = TwoLayerNet(d, h).to(device)
    kata.load_foundations(net, parameters)
    _assert_holds(net, parameters, torch.float32, device)
    expected = foundations.net_predict(features, *parameters)
    _assert_near(net(_on(device, features)), expected, torch.float32, device, "the prediction of the net")


@pytest.mark.float64
@pytest.mark.parametrize(("d", "h"), [(3, 2), (2, 2)])
def test_load_foundations__does_not_round_for_a_float64_net(device, d, h):
    _, _, parameters = _thirds(30, 4, d, h)
    net = TwoLayerNet(d, h).to(device).double()
    kata.load_foundations(net, parameters)
    # A report of two numbers would not show the digits in which they differ.
    rounded = []
    for (name, actual), values in zip(net.named_parameters(), _stored(parameters).values(), strict=True):
        short = np.float64(np.float32(values))
        if np.array_equal(actual.detach().cpu().numpy(), short) and not np.array_equal(values, short):
            rounded.append(name)
    if rounded:
        was = "were" if len(rounded) > 1 else "was"
        raise Mismatch("dtype", f"{' and '.join(rounded)} {was} rounded to float32, although the net is float64.")
    _assert_holds(net, parameters, torch.float64, device)


@pytest.mark.parametrize(("d", "h"), [(3, 2), (2, 2)])
def test_load_foundations__keeps_the_parameter_objects(device, d, h):
    _, _, parameters = _draw(31, 4, d, h)
    net = TwoLayerNet(d, h).to(device)
    before = dict(net.named_parameters())
    kata.load_foundations(net, parameters)
    _assert_trainable(net, before)
    _assert_recording()


@pytest.mark.parametrize("dtype", [torch.float32, pytest.param(torch.float64, marks=pytest.mark.float64)], ids=str)
def test_load_foundations__does_not_share_memory_with_the_arrays(device, dtype):
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
            raise Mismatch("memory", f"An array was changed after the call, and {name} has changed with it.")


@pytest.mark.parametrize(
    ("name", "shape"),
    [("bias_1", (1,)), ("weights_1", (3, 1)), ("weights_1", (1, 2)), ("weights_2", (1,)), ("weights_1", (2, 3))],
    ids=str,
)
def test_load_foundations__raises_an_error_if_a_shape_does_not_fit(device, name, shape):
    _, _, parameters = _draw(33, 4, 3, 2)
    given = dict(zip(_ARRAYS, parameters, strict=True)) | {name: np.arange(1.0, 1 + np.prod(shape)).reshape(shape)}
    net = TwoLayerNet(3, 2).to(device)
    because = f"{name} has shape {shape}. That does not fit a net with 3 features and 2 hidden values."
    with assert_raises(ValueError, RuntimeError, because=because):
        kata.load_foundations(net, tuple(given.values()))


def test_load_foundations__returns_nothing(device):
    assert_value(kata.load_foundations(TwoLayerNet(3, 2).to(device), _draw(34, 1, 3, 2)[2]), None)


def test_load_foundations__does_what_its_example_shows(example):
    example.check(kata)


def _assert_slopes(actual, expected, dtype, device):
    __tracebackhide__ = True
    if not isinstance(actual, tuple) or len(actual) != 4:
        raise Mismatch("type", "Your result must be a tuple of four tensors, one for each parameter.", actual=actual)
    for name, found, values in zip(_ARRAYS, actual, expected, strict=True):
        _assert_near(found, values, dtype, device, f"the gradient of {name}")


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_net_slopes__returns_the_gradients_of_foundations(device, n, d, h):
    features, targets, parameters = _draw(n + 50, n, d, h)
    answer = kata.net_slopes(_net(device, parameters), _on(device, features), _on(device, targets))
    expected = foundations.net_gradients(features, targets, *parameters)
    _assert_slopes(answer, expected, torch.float32, device)
    for name, found in zip(_ARRAYS, answer, strict=True):
        assert_no_graph(found, name=f"the gradient of {name}")


@pytest.mark.float64
def test_net_slopes__is_exact_in_float64(device):
    features, targets, parameters = _thirds(60, 6, 3, 4)
    net = _net(device, parameters, torch.float64)
    answer = kata.net_slopes(net, _on(device, features, torch.float64), _on(device, targets, torch.float64))
    _assert_slopes(answer, foundations.net_gradients(features, targets, *parameters), torch.float64, device)


def test_net_slopes__does_not_include_an_old_gradient(device):
    features, targets, parameters = _draw(61, 5, 3, 2)
    net, data = _net(device, parameters), (_on(device, features), _on(device, targets))
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    expected = foundations.net_gradients(features, targets, *parameters)
    for _ in range(2):
        _assert_slopes(kata.net_slopes(net, *data), expected, torch.float32, device)


def test_net_slopes__does_not_fill_grad(device):
    features, targets, parameters = _draw(62, 5, 3, 2)
    net = _net(device, parameters)
    kata.net_slopes(net, _on(device, features), _on(device, targets))
    for name, parameter in net.named_parameters():
        if parameter.grad is not None:
            says = f"The .grad of {name} was None before the call. Now it holds a tensor."
            raise Mismatch("mutated", says, actual=parameter.grad, expected=None)


def test_net_slopes__keeps_an_old_gradient_in_grad(device):
    features, targets, parameters = _draw(63, 5, 3, 2)
    net = _net(device, parameters)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    kata.net_slopes(net, _on(device, features), _on(device, targets))
    for name, parameter in net.named_parameters():
        if parameter.grad is None:
            raise Mismatch("mutated", f"The .grad of {name} held a gradient before the call. Now it is None.")
        if not bool((parameter.grad == 7).all()):
            says = f"The call has changed the gradient in the .grad of {name}."
            raise Mismatch("mutated", says, actual=parameter.grad, expected=torch.full_like(parameter.grad, 7.0))


def test_net_slopes__does_not_change_the_net(device):
    features, targets, parameters = _draw(64, 5, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    for gradient in kata.net_slopes(net, _on(device, features), _on(device, targets)):
        gradient += 1
    _assert_holds(net, parameters, torch.float32, device)
    _assert_trainable(net, before)
    _assert_recording()


def test_net_slopes__does_what_its_example_shows(example):
    example.check(kata)


def _assert_losses(actual, expected, tolerance):
    __tracebackhide__ = True
    if not isinstance(actual, list):
        kind = kind_of(actual)
        raise Mismatch("type", f"Your result is {kind}. It must be a list of Python floats.", actual=actual)
    for loss in actual:
        if type(loss) is not float:
            kind = "tensors" if isinstance(loss, torch.Tensor) else f"objects of type {type(loss).__name__}"
            raise Mismatch("type", f"Your list holds {kind}. It must hold Python floats.")
    expected = [float(loss) for loss in expected]
    if len(actual) != len(expected):
        says = f"Your list has {len(actual)} losses. With {len(expected) - 1} updates it must have {len(expected)}."
        raise Mismatch("value", says, actual=actual, expected=expected)
    assert_value(actual, expected, tolerance=tolerance, name="your list of losses")


def _assert_descent(data, learning_rate, steps, dtype, device):
    """Check the losses, and then the parameters of the trained net."""
    __tracebackhide__ = True
    features, targets, parameters = data
    net = _net(device, parameters, dtype)
    losses = kata.go_downhill(net, _on(device, features, dtype), _on(device, targets, dtype), learning_rate, steps)
    states, expected = foundations.net_descend(*data, learning_rate, steps)
    _assert_losses(losses, expected, 1e-5 if dtype == torch.float32 else 1e-12)
    _assert_holds(net, states[-1], dtype, device)


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_go_downhill__does_the_same_as_foundations(device, n, d, h):
    _assert_descent(_draw(n + 70, n, d, h), 0.0625, 3, torch.float32, device)


@pytest.mark.parametrize(("learning_rate", "steps"), [(0.25, 1), (0.125, 2), (0.0, 2), (0.05, 7)])
def test_go_downhill__uses_the_learning_rate_and_the_number_of_steps(device, learning_rate, steps):
    _assert_descent(_draw(71, 4, 3, 2), learning_rate, steps, torch.float32, device)


@pytest.mark.float64
def test_go_downhill__is_exact_in_float64(device):
    _assert_descent(_thirds(72, 6, 3, 4), 0.1, 12, torch.float64, device)


def test_go_downhill__does_not_change_the_net_for_0_steps(device):
    _assert_descent(_draw(73, 4, 3, 2), 0.125, 0, torch.float32, device)


def test_go_downhill__continues_from_the_current_values(device):
    features, targets, parameters = data = _draw(74, 4, 3, 2)
    net = _net(device, parameters)
    losses = [kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2) for _ in range(2)]
    states, expected = foundations.net_descend(*data, 0.125, 4)
    for actual, part in zip(losses, (expected[:3], expected[2:]), strict=True):
        _assert_losses(actual, part, 1e-5)
    _assert_holds(net, states[-1], torch.float32, device)


def test_go_downhill__ignores_an_old_gradient(device):
    features, targets, parameters = data = _draw(75, 4, 3, 2)
    net = _net(device, parameters)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    losses = kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2)
    states, expected = foundations.net_descend(*data, 0.125, 2)
    _assert_losses(losses, expected, 1e-5)
    _assert_holds(net, states[-1], torch.float32, device)


def test_go_downhill__updates_the_given_parameters_in_place(device):
    features, targets, parameters = _draw(76, 4, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    memory = {name: parameter.data_ptr() for name, parameter in before.items()}
    kata.go_downhill(net, _on(device, features), _on(device, targets), 0.125, 2)
    _assert_trainable(net, before)
    for name, parameter in before.items():
        if parameter.data_ptr() != memory[name]:
            raise Mismatch("memory", f"{name} has other memory now. Its values were not changed in place.")
    _assert_recording()


def test_go_downhill__trains_any_module(device):
    # A line, so that Foundations' descend gives the expected values.
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


def test_go_downhill__does_not_change_the_data(device):
    features, targets, parameters = _draw(78, 4, 3, 2)
    features, targets = _on(device, features), _on(device, targets)
    with assert_unchanged(features=features, targets=targets):
        kata.go_downhill(_net(device, parameters), features, targets, 0.125, 2)


def test_go_downhill__does_not_use_torch_optim(device):
    features, targets, parameters = _draw(79, 4, 3, 2)
    with forbid(*_OPTIMIZERS, because="This optimizer updates the parameters for you. Write the update yourself."):
        kata.go_downhill(_net(device, parameters), _on(device, features), _on(device, targets), 0.125, 2)


def test_go_downhill__does_what_its_example_shows(example):
    example.check(kata)


def _deep_net(device, sizes, p, seed, dtype=torch.float32):
    """A DeepNet with drawn values, found by their shapes, and these values as (weight, bias) for each layer."""
    __tracebackhide__ = True
    net = kata.DeepNet(sizes, p).to(device, dtype)
    generator = np.random.default_rng(seed)
    layers = [
        (generator.normal(size=(outputs, inputs)) / 2, generator.normal(size=outputs) / 2)
        for inputs, outputs in itertools.pairwise(sizes)
    ]
    return _fill(net, layers), layers


def _fill(net, layers):
    """Write values into the parameters of the same shapes, which are all different."""
    __tracebackhide__ = True
    found = sorted(tuple(parameter.shape) for parameter in net.parameters())
    shapes = sorted(values.shape for layer in layers for values in layer)
    if found != shapes:
        raise Mismatch("statement", f"parameters() has the shapes {found}. It must have {shapes}.")
    with torch.no_grad():
        for parameter in net.parameters():
            (values,) = [each for layer in layers for each in layer if each.shape == parameter.shape]
            parameter.copy_(_on(parameter.device, values, parameter.dtype))
    return net


def _through(features, layers):
    for weight, bias in layers[:-1]:
        features = np.tanh(features @ weight.T + bias)
    return features @ layers[-1][0].T + layers[-1][1]


@pytest.mark.parametrize("sizes", [[3, 60, 2], [2, 50, 40, 1]])
def test_DeepNet__drops_nothing_in_eval_mode(device, sizes):
    net = kata.DeepNet(sizes, 0.5).to(device).eval()
    features = torch.ones(4, sizes[0], device=device)
    first, second = net(features), net(features)
    if not torch.equal(first, second):
        raise Mismatch("value", "In eval mode, two calls with the same features return different predictions.")


@pytest.mark.parametrize("sizes", [[3, 5, 2], [2, 3, 4, 5, 1], [4, 2]])
def test_DeepNet__lists_the_parameters_of_all_layers(sizes):
    net = kata.DeepNet(sizes, 0.5)
    shapes = [shape for inputs, outputs in itertools.pairwise(sizes) for shape in ((outputs, inputs), (outputs,))]
    found = [tuple(parameter.shape) for parameter in net.parameters()]
    assert_value(sorted(found), sorted(shapes), name="the sorted list of the shapes in parameters()")


@pytest.mark.parametrize("sizes", [[3, 5, 2], [2, 3, 4, 5, 1], [4, 2]])
def test_DeepNet__predicts_through_all_layers(device, sizes):
    net, layers = _deep_net(device, sizes, 0.5, 95)
    features = np.random.default_rng(96).normal(size=(6, sizes[0]))
    _assert_near(net.eval()(_on(device, features)), _through(features, layers), torch.float32, device)


@pytest.mark.float64
def test_DeepNet__works_in_float64(device):
    net, layers = _deep_net(device, [3, 4, 2], 0.5, 97, torch.float64)
    features = np.random.default_rng(98).normal(size=(6, 3))
    expected = _through(features, layers)
    _assert_near(net.eval()(_on(device, features, torch.float64)), expected, torch.float64, device)


def _assert_multiples(predictions, unit, average, deviation, when_none_dropped):
    """Check that each prediction is `unit` times the number of kept elements, which is drawn with this average."""
    __tracebackhide__ = True
    values = predictions.detach().cpu().double().numpy().ravel()
    if np.allclose(values, when_none_dropped, atol=1e-3):
        raise Mismatch("statement", "In train mode, no element was dropped.")
    if (values == 0).sum() > len(values) / 4:
        raise Mismatch("statement", "In train mode, too many predictions are exactly 0.")
    counts = values / unit
    if not np.allclose(counts, counts.round(), atol=1e-3) or abs(counts.mean() - average) > 6 * deviation:
        # Whatever the probability, dropout keeps the mean of the hidden values, here that of one layer.
        if abs(counts.mean() - average) <= 6 * deviation and np.isclose(unit * average, when_none_dropped):
            raise Mismatch("statement", "In train mode, hidden values are not dropped with probability p.")
        raise Mismatch("statement", "In train mode, dropout must be applied once after each tanh, and nowhere else.")


def test_DeepNet__drops_after_tanh_in_train_mode(device):
    # All 100 hidden values are 0.5. With p = 0.75, dropout makes 2 of 25 on average, and 0 of the others.
    layers = [(np.zeros((100, 1)), np.full(100, np.arctanh(0.5))), (np.ones((1, 100)), np.zeros(1))]
    net = kata.DeepNet([1, 100, 1], 0.75).to(device)
    _fill(net, layers).eval().train()
    predictions = net(torch.zeros(64, 1, device=device))
    _assert_multiples(predictions, 2, 25, np.sqrt(100 * 0.25 * 0.75 / 64), 50)


def test_DeepNet__drops_after_each_tanh_in_train_mode(device):
    # The second layer takes 99 of the first layer's values, so its own are tanh(2) or 0, and dropout makes 4 * tanh(2)
    # or 0 of each. Each of the 99 is kept twice with probability 1/16.
    layers = [
        (np.zeros((100, 1)), np.full(100, np.arctanh(0.5))),
        (np.eye(100)[:99], np.zeros(99)),
        (np.ones((1, 99)), np.zeros(1)),
    ]
    net = kata.DeepNet([1, 100, 99, 1], 0.75).to(device)
    _fill(net, layers)
    predictions = net(torch.zeros(64, 1, device=device))
    deviation = np.sqrt(99 / 16 * 15 / 16 / 64)
    _assert_multiples(predictions, 4 * np.tanh(2), 99 / 16, deviation, 99 * np.tanh(np.tanh(np.arctanh(0.5))))


def test_DeepNet__drops_no_features_in_train_mode(device):
    # As in the test before the last, but the hidden values come from the feature. If it is dropped, they are all 0.
    layers = [(np.full((100, 1), np.arctanh(0.5)), np.zeros(100)), (np.ones((1, 100)), np.zeros(1))]
    net = kata.DeepNet([1, 100, 1], 0.75).to(device)
    _fill(net, layers)
    predictions = net(torch.ones(64, 1, device=device)).detach().cpu()
    if (predictions == 0).sum() > 16:
        raise Mismatch("statement", "In train mode, features were dropped. Dropout has its place after each tanh.")
    _assert_multiples(predictions, 2, 25, np.sqrt(100 * 0.25 * 0.75 / 64), 50)


def test_DeepNet__loads_the_state_of_another_net(device):
    saved, layers = _deep_net(device, [3, 5, 4, 2], 0.5, 99)
    other = kata.DeepNet([3, 5, 4, 2], 0.5).to(device)
    other.load_state_dict(copy.deepcopy(saved.state_dict()))
    features = np.random.default_rng(100).normal(size=(6, 3))
    expected = _through(features, layers)
    _assert_near(other.eval()(_on(device, features)), expected, torch.float32, device, "the prediction after loading")


def test_DeepNet__does_what_its_example_shows(example):
    example.check(kata)


_PLACES = ("0.weight", "0.bias", "2.weight", "2.bias")


def _assert_chain(chain):
    __tracebackhide__ = True
    if not isinstance(chain, nn.Sequential):
        kind = kind_of(chain)
        raise Mismatch("type", f"Your result is {kind}. It must be an nn.Sequential.", actual=chain)
    kinds = [type(child).__name__ for child in chain]
    assert_value(kinds, ["Linear", "Tanh", "Linear"], name="the list of the types of your layers")
    _assert_names(chain.state_dict(), _PLACES, "state_dict()")
    return chain


@pytest.mark.parametrize(("n", "d", "h"), _SIZES)
def test_as_sequential__predicts_the_same_in_a_column(device, n, d, h):
    features, _, parameters = _draw(n + 80, n, d, h)
    chain = _assert_chain(kata.as_sequential(_net(device, parameters)))
    for (name, actual), values in zip(chain.named_parameters(), _stored(parameters).values(), strict=True):
        if tuple(actual.shape) == values.shape and not np.isin(actual.detach().cpu().numpy(), values).any():
            raise Mismatch("statement", f"The parameter {name} has new values, and none of the net's.")
        assert_tensor(actual.detach(), np.float32(values), device=device, name=f"the parameter {name}")
    expected = foundations.net_predict(features, *parameters)[:, None]
    _assert_near(chain(_on(device, features)), expected, torch.float32, device, "the prediction of your result")


@pytest.mark.float64
def test_as_sequential__keeps_float64(device):
    _, _, parameters = _thirds(90, 4, 3, 2)
    chain = _assert_chain(kata.as_sequential(_net(device, parameters, torch.float64)))
    for (name, actual), values in zip(chain.named_parameters(), _stored(parameters).values(), strict=True):
        _assert_near(actual.detach(), values, torch.float64, device, f"the parameter {name}")


def test_as_sequential__does_not_share_memory_with_the_net(device):
    _, _, parameters = _draw(91, 4, 3, 2)
    net = _net(device, parameters)
    chain = _assert_chain(kata.as_sequential(net))
    for name, mine, theirs in zip(_PLACES, chain.parameters(), net.parameters(), strict=True):
        assert_owns_memory(
            mine.detach(), theirs.detach(), name=f"{name} of your result", other_name="the net's parameter"
        )


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
        raise Mismatch("graph", "A backward pass through your result has filled .grad of the given net.")


def test_as_sequential__does_not_change_the_net(device):
    _, _, parameters = _draw(93, 4, 3, 2)
    net = _net(device, parameters)
    before = dict(net.named_parameters())
    kata.as_sequential(net)
    _assert_names(dict(net.named_parameters()), _NAMES, "named_parameters() of the given net")
    _assert_trainable(net, before)
    _assert_holds(net, parameters, torch.float32, device)


def test_as_sequential__does_what_its_example_shows(example):
    example.check(kata)
