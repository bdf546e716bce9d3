"""The specification of katas/lesson_3_nn_module/kata_05_modes.py."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    forbid,
)
from katas.lesson_3_nn_module import kata_05_modes as kata

CORE = ("Dropout", "BatchNorm", "predict", "modes")


def _draw(seed, *shape):
    """Multiples of 1/4 from 1/4 on, each once, in an order drawn from `seed`. About half of them are negative."""
    rng = np.random.default_rng(seed)
    count = int(np.prod(shape))
    return (rng.permutation(np.arange(1.0, count + 1)) * np.where(rng.random(count) < 0.5, -1, 1) / 4).reshape(shape)


def _on(device, values, dtype=torch.float32, *, tracked=False):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device).requires_grad_(tracked)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _set(parameter, values):
    with torch.no_grad():
        parameter.copy_(_on(parameter.device, values, parameter.dtype))


def _kept(actual, x):
    """An array of bools: where a tensor of the shape and dtype of `x` is not 0."""
    if not isinstance(actual, torch.Tensor) or (actual.shape, actual.dtype) != (x.shape, x.dtype):
        assert_tensor(actual, x)
    return actual.detach().cpu().numpy() != 0


@pytest.mark.parametrize(("p", "scaled"), [(0.75, 12.0), (0.2, 3.75), (0.5, 6.0)])
def test_Dropout__zeroes_or_scales_up_each_element(device, p, scaled):
    x = torch.full((10, 10), 3.0, device=device)
    actual = kata.Dropout(p)(x)
    _kept(actual, x)
    found = sorted({round(each, 5) for each in actual.flatten().tolist()})
    assert_value(
        found,
        [0.0, scaled],
        tolerance=1e-4,
        name=f"the list of the different elements of the result for 100 times 3.0, with p = {p},",
    )


@pytest.mark.parametrize(("p", "shape"), [(0.75, (6, 5)), (0.2, (3, 4, 5)), (0.5, (40,))])
def test_Dropout__scales_up_the_elements_that_it_keeps(device, p, shape):
    values = _draw(1, *shape)
    x = _on(device, values)
    actual = kata.Dropout(p)(x)
    kept = _kept(actual, x)
    assert_tensor(actual, float32(np.where(kept, values / (1 - p), 0)), device=device)


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_Dropout__zeroes_each_element_with_probability_p(device, p):
    x = torch.ones(100, 100, device=device)
    dropped = int((~_kept(kata.Dropout(p)(x), x)).sum())
    # Binomial with n = 10,000: farther off than 6 standard deviations with a chance under 1e-8.
    bound = 6 * math.sqrt(10_000 * p * (1 - p))
    if abs(dropped - 10_000 * p) > bound:
        raise Mismatch("value", f"With p = {p}, {dropped} of 10000 elements became 0.")


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_Dropout__keeps_the_mean(device, p):
    x = torch.ones(10_000, device=device)
    actual = kata.Dropout(p)(x)
    _kept(actual, x)
    # One number is 1 / (1 - p) or 0: mean 1, variance p / (1 - p). Six standard deviations of the mean of 10,000.
    bound = 6 * math.sqrt(p / (1 - p) / 10_000)
    mean = float(actual.mean())
    if abs(mean - 1) > bound:
        raise Mismatch(
            "value", f"With p = {p}, the mean of 10000 ones is {mean:.3f} after your call. It must be about 1."
        )


def test_Dropout__draws_for_each_element_separately(device):
    x = torch.ones(100, 100, device=device)
    kept = _kept(kata.Dropout(0.5)(x), x)
    for what, axis in (("row", 1), ("column", 0)):
        counts = kept.sum(axis=axis)
        # Binomial with n = 100 and p = 0.5 has the standard deviation 5: 6 of these are 30.
        if counts.min() < 20 or counts.max() > 80:
            raise Mismatch("statement", f"Each {what} is kept or dropped as a whole. Draw for each element separately.")


def test_Dropout__draws_again_in_every_call(device):
    x = torch.ones(8, 8, device=device)
    dropout = kata.Dropout(0.5)
    first, second = (_kept(dropout(x), x) for _ in range(2))
    if (first == second).all():
        raise Mismatch("value", "Two calls dropped the same of the 64 elements. Draw again in every call.")


@pytest.mark.parametrize("shape", [(4, 5), (30,), (0, 2)])
def test_Dropout__returns_its_input_in_eval(device, shape):
    values = _draw(2, *shape)
    whole, x = nn.Sequential(kata.Dropout(0.5)).eval(), _on(device, values)
    actual = whole(x)
    if not _kept(actual, x).all():
        raise Mismatch("statement", "Elements were dropped in eval mode.")
    assert_tensor(actual, float32(values), device=device)


def test_Dropout__drops_again_after_eval(device):
    x = torch.ones(64, device=device)
    dropout = kata.Dropout(0.5)
    dropout.eval()(x)
    if _kept(dropout.train()(x), x).all():
        raise Mismatch("value", "After eval() and then train(), no element was dropped. Read the mode in every call.")


def test_Dropout__keeps_every_element_for_p_0(device):
    values = _draw(3, 50, 4)
    assert_tensor(kata.Dropout(0.0)(_on(device, values)), float32(values), device=device)


def test_Dropout__passes_gradients_to_the_kept_elements_only(device):
    x, upstream = _on(device, _draw(4, 6, 5), tracked=True), _draw(5, 6, 5)
    actual = kata.Dropout(0.75)(x)
    kept = _kept(actual, x)
    assert_has_graph(actual)
    actual.backward(_on(device, upstream))
    assert_tensor(x.grad, float32(np.where(kept, upstream * 4, 0)), device=device, name="the gradient of x")


def test_Dropout__does_not_change_the_input(device):
    x = _on(device, _draw(6, 5, 4))
    with assert_unchanged(x=x):
        kata.Dropout(0.5)(x)


@pytest.mark.float64
def test_Dropout__keeps_float64(device):
    values = _draw(7, 5, 4)
    x = _on(device, values, torch.float64)
    actual = kata.Dropout(0.75)(x)
    assert_tensor(actual, np.where(_kept(actual, x), values * 4, 0), device=device)


def test_Dropout__does_not_use_the_dropout_of_pytorch(device):
    x = _on(device, _draw(8, 5, 4))
    names = ("torch.nn.Dropout", "torch.nn.functional.dropout", "torch.dropout", "torch.dropout_")
    more = ("torch.native_dropout", "torch.feature_dropout", "torch.nn.functional.dropout1d")
    because = "PyTorch's dropout is the whole answer. Build dropout from random numbers."
    with forbid(*names, *more, because=because):
        kata.Dropout(0.5)(x)


def test_Dropout__does_what_its_example_shows(example):
    example.check(kata)


_NAMES = ("weight", "bias"), ("running_mean", "running_var")


def _batch_norm(device, size, dtype=torch.float32, **options):
    """A BatchNorm with different numbers in each of its four tensors, and these numbers."""
    module = kata.BatchNorm(size, **options).to(device=device, dtype=dtype)
    numbers = {}
    for seed, name in enumerate(("weight", "bias", "running_mean", "running_var")):
        numbers[name] = _draw(seed, size) + (size if name == "running_var" else 0)
        if isinstance(getattr(module, name, None), torch.Tensor):
            _set(getattr(module, name), numbers[name])
    return module, numbers


def _normalize(x, mean, var, numbers, eps=1e-5):
    return (x - mean) / np.sqrt(var + eps) * numbers["weight"] + numbers["bias"]


def test_BatchNorm__has_parameters_and_buffers_with_these_names(device):
    module = kata.BatchNorm(3).to(device)
    parameters, buffers = dict(module.named_parameters()), dict(module.named_buffers())
    starts = {"weight": 1, "bias": 0, "running_mean": 0, "running_var": 1}
    for what, names, found in (("parameter", _NAMES[0], parameters), ("buffer", _NAMES[1], buffers)):
        for name in names:
            if name not in found:
                raise Mismatch("statement", f"There is no {what} {name}. named_{what}s() has {sorted(found)}.")
            start = np.full(3, starts[name], np.float32)
            assert_tensor(found[name].detach(), start, device=device, name=f"the {what} {name}")
            if what == "parameter" and not (found[name].requires_grad and found[name].is_leaf):
                raise Mismatch("graph", f"{name} must be a leaf tensor that requires grad.")
    assert sorted(parameters) == ["bias", "weight"], f"The parameters are weight and bias, not {sorted(parameters)}."


@pytest.mark.parametrize(("n", "size"), [(5, 3), (2, 4), (3, 3)])
def test_BatchNorm__normalizes_with_the_batch_in_training(device, n, size):
    module, numbers = _batch_norm(device, size)
    x = _draw(9, n, size)
    expected = float32(_normalize(x, x.mean(axis=0), x.var(axis=0), numbers))
    assert_tensor(module(_on(device, x)), expected, device=device, rtol=1e-5)


def test_BatchNorm__adds_eps_under_the_root(device):
    module, numbers = _batch_norm(device, 2, eps=0.75)
    x = np.array([[0.5, 2.0], [1.5, 2.0], [1.0, 2.0]])
    expected = float32(_normalize(x, x.mean(axis=0), x.var(axis=0), numbers, eps=0.75))
    assert_tensor(module(_on(device, x)), expected, device=device, rtol=1e-5)


@pytest.mark.parametrize("momentum", [0.1, 0.75])
def test_BatchNorm__updates_the_running_numbers_in_training(device, momentum):
    module, numbers = _batch_norm(device, 3, momentum=momentum)
    mean, var = numbers["running_mean"], numbers["running_var"]
    for seed, n in enumerate((4, 2, 5)):
        x = _draw(seed, n, 3)
        mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
        var = (1 - momentum) * var + momentum * x.var(axis=0, ddof=1)
        module(_on(device, x))
        after = f"after {seed + 1} batch{'es' if seed else ''}"
        assert_tensor(module.running_mean.detach(), float32(mean), device=device, name=f"the running_mean {after}")
        assert_tensor(module.running_var.detach(), float32(var), device=device, name=f"the running_var {after}")


def test_BatchNorm__updates_the_running_numbers_under_no_grad_too(device):
    module, numbers = _batch_norm(device, 3)
    x = _draw(1, 4, 3)
    with torch.no_grad():
        module(_on(device, x))
    mean = 0.9 * numbers["running_mean"] + 0.1 * x.mean(axis=0)
    assert_tensor(module.running_mean.detach(), float32(mean), device=device, name="the running_mean after a batch")


def test_BatchNorm__keeps_no_graph_in_the_running_numbers(device):
    module, _ = _batch_norm(device, 3)
    for seed in (1, 2):
        module(_on(device, _draw(seed, 4, 3), tracked=True)).sum()
    assert_no_graph(module.running_mean, name="the buffer running_mean")
    assert_no_graph(module.running_var, name="the buffer running_var")


@pytest.mark.parametrize("n", [4, 1, 0])
def test_BatchNorm__normalizes_with_the_running_numbers_in_eval(device, n):
    module, numbers = _batch_norm(device, 3)
    x = _draw(9, n, 3)
    expected = float32(_normalize(x, numbers["running_mean"], numbers["running_var"], numbers))
    assert_tensor(module.eval()(_on(device, x)), expected, device=device, rtol=1e-5)


def test_BatchNorm__does_not_change_the_running_numbers_in_eval(device):
    module, numbers = _batch_norm(device, 3)
    module.eval()(_on(device, _draw(9, 4, 3)))
    for name in _NAMES[1]:
        actual = getattr(module, name).detach()
        assert_tensor(actual, float32(numbers[name]), device=device, name=f"the buffer {name}")


def test_BatchNorm__does_not_change_the_input(device):
    module, _ = _batch_norm(device, 3)
    x = _on(device, _draw(9, 4, 3))
    with assert_unchanged(x=x):
        module(x)


@pytest.mark.float64
@pytest.mark.parametrize("training", [True, False])
def test_BatchNorm__has_the_results_and_gradients_of_the_batch_norm_of_pytorch(device, training):
    module, numbers = _batch_norm(device, 3, torch.float64, momentum=0.3, eps=1e-3)
    theirs = nn.BatchNorm1d(3, momentum=0.3, eps=1e-3).to(device=device, dtype=torch.float64)
    for name, values in numbers.items():
        _set(getattr(theirs, name), values)
    module.train(training)
    theirs.train(training)
    for seed, n in enumerate((4, 2, 5)):
        x, same = (_on(device, _draw(seed, n, 3), torch.float64, tracked=True) for _ in range(2))
        upstream = _on(device, _draw(seed + 5, n, 3), torch.float64)
        actual, expected = module(x), theirs(same)
        assert_tensor(actual.detach(), expected.detach())
        assert_has_graph(actual)
        actual.backward(upstream)
        expected.backward(upstream)
        assert_tensor(x.grad, same.grad, name="the gradient of x")
    for name in _NAMES[0]:
        assert_tensor(getattr(module, name).grad, getattr(theirs, name).grad, name=f"the gradient of {name}")
    for name in _NAMES[1]:
        assert_tensor(getattr(module, name).detach(), getattr(theirs, name), name=f"the buffer {name}")


def test_BatchNorm__can_be_saved_and_copied(device):
    module, _ = _batch_norm(device, 3)
    module(_on(device, _draw(1, 4, 3)))
    twin, other = copy.deepcopy(module), kata.BatchNorm(3).to(device)
    other.load_state_dict(copy.deepcopy(module.state_dict()))
    x = _on(device, _draw(2, 5, 3))
    expected = module.eval()(x).detach()
    module.train()(x)
    assert_tensor(twin.eval()(x).detach(), expected, name="the result of a copy")
    assert_tensor(other.eval()(x).detach(), expected, name="the result after load_state_dict")


def test_BatchNorm__does_not_use_the_batch_norm_of_pytorch(device):
    x = _on(device, _draw(9, 4, 3))
    names = ("torch.nn.BatchNorm1d", "torch.nn.functional.batch_norm", "torch.batch_norm", "torch.native_batch_norm")
    because = "PyTorch's batch norm is the whole answer. Build batch norm from means and variances."
    with forbid(*names, because=because):
        kata.BatchNorm(3).to(device)(x)


def test_BatchNorm__does_what_its_example_shows(example):
    example.check(kata)


def _regularized(device, inputs, hidden, outputs, p, dtype=torch.float32):
    """A Regularized with different numbers in every parameter and buffer, and these numbers."""
    module = kata.Regularized(inputs, hidden, outputs, p).to(device=device, dtype=dtype)
    numbers, found = {}, {**dict(module.named_parameters()), **dict(module.named_buffers())}
    for seed, name in enumerate(_TENSORS):
        if name not in found:
            child, _, tensor = name.partition(".")
            fault = f"has no {tensor}" if child in dict(module.named_children()) else "is not a child of the module"
            raise Mismatch("statement", f"The layer {child!r} {fault}.")
        values = _draw(seed, *found[name].shape)
        numbers[name] = np.abs(values) if name == "norm.running_var" else values
        _set(found[name], numbers[name])
    return module, numbers


_TENSORS = ["first.weight", "first.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"]
_TENSORS += ["last.weight", "last.bias"]


def _evaluate(numbers, x):
    hidden = x @ numbers["first.weight"].T + numbers["first.bias"]
    norm = (hidden - numbers["norm.running_mean"]) / np.sqrt(numbers["norm.running_var"] + 1e-5)
    norm = norm * numbers["norm.weight"] + numbers["norm.bias"]
    return np.maximum(norm, 0) @ numbers["last.weight"].T + numbers["last.bias"]


def test_Regularized__has_four_children_with_these_names(device):
    module = kata.Regularized(3, 5, 2, 0.5).to(device)
    children = dict(module.named_children())
    if not children:
        raise Mismatch(
            "statement", "The module has no children, so train(), eval() and parameters() do not reach a layer."
        )
    for name in ("first", "norm", "drop", "last"):
        if name not in children:
            raise Mismatch(
                "statement",
                f"{name} is not a child of the module, so train(), eval() and parameters() do not reach it.",
            )
    found = {name: tuple(each.shape) for name, each in module.named_parameters()}
    shapes = {"first.weight": (5, 3), "first.bias": (5,), "last.weight": (2, 5), "last.bias": (2,)}
    assert_value(
        found, {**shapes, "norm.weight": (5,), "norm.bias": (5,)}, name="the dict of the shapes of the parameters"
    )


def test_Regularized__returns_the_same_in_every_call_in_eval(device):
    module, _ = _regularized(device, 3, 50, 2, 0.5)
    x = _on(device, _draw(20, 4, 3))
    first, second = (module.eval()(x).detach() for _ in range(2))
    if not torch.equal(first, second):
        raise Mismatch(
            "statement", "In eval mode, two calls with the same input gave two results. Draw no random numbers there."
        )


@pytest.mark.parametrize("n", [4, 1])
def test_Regularized__uses_running_numbers_and_no_dropout_in_eval(device, n):
    module, numbers = _regularized(device, 3, 5, 2, 0.5)
    x = _draw(20, n, 3)
    # The terms of a sum here are of the size of 100, and rounding errors of float32 some 1e-5 of that.
    assert_tensor(module.eval()(_on(device, x)), float32(_evaluate(numbers, x)), device=device, rtol=1e-4, atol=1e-3)


def test_Regularized__returns_the_same_for_a_row_in_any_batch_in_eval(device):
    module, _ = _regularized(device, 3, 5, 2, 0.0)
    x = _on(device, _draw(20, 4, 3))
    among = module.eval()(x)[1:3].detach()
    assert_tensor(module(x[1:3]).detach(), among, rtol=1e-4, atol=1e-3, name="the result for two of four rows")


def test_Regularized__drops_after_relu_with_probability_p_in_training(device):
    module, numbers = _regularized(device, 3, 20, 20, 0.25)
    numbers = {**numbers, "norm.weight": np.full(20, 0.5), "norm.bias": np.full(20, 10.0)}
    numbers = {**numbers, "last.weight": np.eye(20), "last.bias": np.full(20, 5.0)}
    state = module.state_dict()
    for name, values in numbers.items():
        _set(state[name], values)
    x = _draw(21, 100, 3)
    hidden = x @ numbers["first.weight"].T + numbers["first.bias"]
    # relu lets all of these pass: no number in a batch of 100 is 10 standard deviations from the mean.
    norm = (hidden - hidden.mean(axis=0)) / np.sqrt(hidden.var(axis=0) + 1e-5) * 0.5 + 10
    actual = module(_on(device, x)).detach()
    kept = _kept(actual - 5, _on(device, norm))
    if bool((actual == 0).any()):
        raise Mismatch("statement", "Outputs of `last` were dropped. Put the dropout before `last`.")
    if kept.all():
        raise Mismatch("statement", "With p = 0.25, none of the 2000 inputs of `last` was 0.")
    # Binomial with n = 2,000: farther off than 6 standard deviations with a chance under 1e-8.
    if abs((~kept).sum() - 500) > 6 * math.sqrt(2000 * 0.25 * 0.75):
        raise Mismatch("value", f"With p = 0.25, {(~kept).sum()} of the 2000 inputs of `last` were 0.")
    assert_tensor(actual, float32(np.where(kept, norm / 0.75, 0) + 5), device=device, rtol=1e-4, atol=1e-3)


def test_Regularized__updates_the_running_numbers_in_training_only(device):
    module, numbers = _regularized(device, 3, 5, 2, 0.5)
    x = _draw(22, 6, 3)
    hidden = x @ numbers["first.weight"].T + numbers["first.bias"]
    module.train()(_on(device, x))
    module.eval()(_on(device, 2 * x))
    mean = 0.9 * numbers["norm.running_mean"] + 0.1 * hidden.mean(axis=0)
    actual = module.state_dict()["norm.running_mean"]
    assert_tensor(actual, float32(mean), device=device, rtol=1e-5, atol=1e-4, name="the buffer norm.running_mean")


@pytest.mark.float64
def test_Regularized__passes_gradients_to_every_parameter(device):
    module, numbers = _regularized(device, 3, 4, 2, 0.5, torch.float64)
    x, upstream = _draw(23, 5, 3), _draw(24, 5, 2)
    module.eval()(_on(device, x, torch.float64)).backward(_on(device, upstream, torch.float64))
    for name, parameter in module.named_parameters():
        expected = np.zeros(numbers[name].size)
        for i in range(expected.size):
            sides = []
            for h in (1e-5, -1e-5):
                moved = numbers[name].copy()
                moved.flat[i] += h
                sides.append((_evaluate({**numbers, name: moved}, x) * upstream).sum())
            expected[i] = (sides[0] - sides[1]) / 2e-5
        expected = expected.reshape(numbers[name].shape)
        assert_tensor(parameter.grad, expected, device=device, rtol=1e-5, atol=1e-5, name=f"the gradient of {name}")


def test_Regularized__does_what_its_example_shows(example):
    example.check(kata)


class _Notes(list):
    """A list that a copy of the module shares, so that a call of the copy is noted too."""

    def __deepcopy__(self, memo):
        return self


class _Spy(nn.Module):
    """Adds 1 in training, and notes the mode and the grad mode of each call."""

    def __init__(self):
        super().__init__()
        self.seen = _Notes()

    def forward(self, x):
        self.seen.append((self.training, torch.is_grad_enabled()))
        return x + 1 if self.training else x


class _Failing(nn.Module):
    """Raises an error that nothing else raises."""

    def forward(self, x):
        raise ArithmeticError("this model always fails")


def _tree(device, inner=None):
    """A model with three levels and several kinds of layers. Some of them are in eval mode."""
    model = nn.Sequential(
        nn.Linear(3, 3),
        nn.Sequential(nn.BatchNorm1d(3), nn.Sequential(nn.Dropout(0.5), inner or _Spy())),
        nn.Sequential(nn.Dropout(0.25), nn.BatchNorm1d(3)),
    ).to(device)
    model[1][0].eval()
    model[2].eval()
    model[2][0].train()
    return model


def _flags(model):
    return {name or "the model": module.training for name, module in model.named_modules()}


def _assert_flags(model, before, when="after it"):
    after = _flags(model)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        name = "The model" if changed[0] == "the model" else f"The module {changed[0]}"
        was, now = ("train" if each[changed[0]] else "eval" for each in (before, after))
        says = f"{name} was in {was} mode before the call and is in {now} mode {when}. "
        raise Mismatch("statement", f"{says}{len(changed)} of {len(after)} modules changed their mode.")


def _assert_recording(wanted):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    if recording != wanted:
        before, after = ("on" if each else "off" for each in (wanted, recording))
        raise Mismatch("graph", f"The grad mode was {before} before the call and is {after} after it.")


def _scaled_norm(device):
    """A batch norm that returns (x - (1, 2, 3)) / 2 in eval mode."""
    norm = nn.BatchNorm1d(3, eps=1.0).to(device)
    _set(norm.running_mean, [1.0, 2.0, 3.0])
    _set(norm.running_var, [3.0, 3.0, 3.0])
    return norm


@pytest.mark.parametrize("n", [4, 1])
def test_predict__returns_the_result_in_eval_mode(device, n):
    model = nn.Sequential(_scaled_norm(device), nn.Dropout(0.5))
    x = _draw(1, n, 3)
    assert_tensor(kata.predict(model, _on(device, x)).detach(), float32((x - [1, 2, 3]) / 2), device=device)


def test_predict__accepts_a_single_layer(device):
    x = _draw(2, 20, 4)
    assert_tensor(kata.predict(nn.Dropout(0.5), _on(device, x)).detach(), float32(x), device=device)


def test_predict__puts_every_module_in_eval_mode(device):
    model = _tree(device)
    model.training = False  # the flag of the top alone: the layers below are still in training
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    if model[1][1][1].seen[0][0]:
        raise Mismatch("statement", "A module on the third level was in train mode during the call of the model.")


def test_predict__returns_no_graph(device):
    model, x = nn.Linear(3, 2).to(device), _on(device, _draw(1, 4, 3), tracked=True)
    assert_no_graph(kata.predict(model, x))


def test_predict__records_nothing(device):
    model = _tree(device)
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    if model[1][1][1].seen[0][1]:
        raise Mismatch("graph", "Autograd recorded a graph during the call of the model.")


def test_predict__calls_the_model(device):
    model, ran = nn.Linear(3, 2).to(device), []
    model.register_forward_hook(lambda module, args, output: ran.append(len(output)))
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    if not ran:
        raise Mismatch("statement", "The model itself was not called, so its forward hook did not run.")


def test_predict__restores_the_mode_of_every_module(device):
    model = _tree(device)
    before = _flags(model)
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    _assert_flags(model, before)


@pytest.mark.parametrize("training", [True, False])
def test_predict__restores_a_model_in_a_single_mode(device, training):
    model = nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5)).to(device).train(training)
    before = _flags(model)
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    _assert_flags(model, before)


def test_predict__restores_the_modes_after_an_error_too(device):
    model = _tree(device, _Failing())
    before = _flags(model)
    with assert_raises(ArithmeticError, because="The model's error must be passed on: nothing was raised."):
        kata.predict(model, _on(device, _draw(1, 4, 3)))
    _assert_flags(model, before, "after the error of the model")


@pytest.mark.parametrize("recording", [True, False])
def test_predict__does_not_change_the_grad_mode(device, recording):
    with torch.set_grad_enabled(recording):
        kata.predict(nn.Linear(3, 2).to(device), _on(device, _draw(1, 4, 3)))
        _assert_recording(recording)


def test_predict__does_not_change_the_running_statistics(device):
    norm = _scaled_norm(device)
    kata.predict(norm, _on(device, _draw(1, 4, 3)))
    assert_tensor(norm.running_mean, float32([1, 2, 3]), device=device, name="the buffer running_mean")


def test_predict__does_not_change_requires_grad_of_the_parameters(device):
    model = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)).to(device)
    model[0].weight.requires_grad_(False)
    kata.predict(model, _on(device, _draw(1, 4, 3)))
    tracked = [each.requires_grad for each in model.parameters()]
    assert tracked == [False, True, True, True], f"requires_grad of the parameters is {tracked} after the call."


def test_predict__does_what_its_example_shows(example):
    example.check(kata)


class _Square(nn.Module):
    def forward(self, x):
        return x * x


class _Cube(nn.Module):
    def forward(self, x):
        return x * x * x


@pytest.mark.parametrize("step", [0.5, 2.0])
def test_slope__returns_the_slope_of_the_model(device, step):
    x, direction = _draw(1, 4, 3), _draw(2, 4, 3)
    # For a square, a central difference is exact: 2 x d.
    actual = kata.slope(_Square(), _on(device, x), _on(device, direction), step)
    assert_tensor(actual.detach(), float32(2 * x * direction), device=device, rtol=1e-5)


def test_slope__is_a_central_difference(device):
    x, direction = _draw(3, 5), _draw(4, 5)
    # ((x + sd)**3 - (x - sd)**3) / 2s, multiplied out.
    expected = float32(3 * x**2 * direction + 0.25 * direction**3)
    actual = kata.slope(_Cube(), _on(device, x), _on(device, direction), 0.5)
    assert_tensor(actual.detach(), expected, device=device, rtol=1e-4, atol=1e-4)


def test_slope__calls_the_model_without_dropout(device):
    x, direction = _draw(5, 6, 4), _draw(6, 6, 4)
    model = nn.Sequential(nn.Dropout(0.5), _Square())
    actual = kata.slope(model, _on(device, x), _on(device, direction), 0.25)
    assert_tensor(actual.detach(), float32(2 * x * direction), device=device, rtol=1e-4, atol=1e-4)


def test_slope__uses_the_running_numbers_of_batch_norm(device):
    norm = _scaled_norm(device)
    x, direction = _draw(7, 4, 3), _draw(8, 4, 3)
    actual = kata.slope(norm, _on(device, x), _on(device, direction), 0.25)
    assert_tensor(actual.detach(), float32(direction / 2), device=device, rtol=1e-5)
    assert_tensor(norm.running_mean, float32([1, 2, 3]), device=device, name="the buffer running_mean")


def test_slope__returns_no_graph(device):
    model, x = nn.Linear(3, 2).to(device), _on(device, _draw(1, 4, 3))
    assert_no_graph(kata.slope(model, x, _on(device, _draw(2, 4, 3)), 0.5))


def test_slope__restores_the_mode_of_every_module(device):
    model = _tree(device)
    before = _flags(model)
    kata.slope(model, _on(device, _draw(1, 4, 3)), _on(device, _draw(2, 4, 3)), 0.5)
    _assert_flags(model, before)


def test_slope__does_not_change_the_inputs(device):
    inputs, direction = _on(device, _draw(1, 4, 3)), _on(device, _draw(2, 4, 3))
    with assert_unchanged(inputs=inputs, direction=direction):
        kata.slope(_Square(), inputs, direction, 0.5)


def test_slope__does_what_its_example_shows(example):
    example.check(kata)


def _nested(device):
    """A model with two kinds of batch norm on several levels, and dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 2, 2),
        nn.BatchNorm2d(2),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Sequential(nn.Linear(8, 3), nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))),
        nn.BatchNorm1d(3),
    ).to(device)


_NORMS = ("1", "4.1.0", "5")


def _statistics(model):
    return {name: buffer.detach().clone() for name, buffer in model.named_buffers() if "running" in name}


def test_freeze_statistics__puts_every_batch_norm_in_eval_mode(device):
    model = _nested(device)
    kata.freeze_statistics(model)
    for name in _NORMS:
        if model.get_submodule(name).training:
            kind = type(model.get_submodule(name)).__name__
            raise Mismatch("statement", f"The {kind} named {name} is still in train mode.")


def test_freeze_statistics__keeps_the_running_statistics_in_later_training(device):
    model = _nested(device)
    model(_on(device, _draw(1, 4, 1, 3, 3)))
    before = _statistics(model)
    kata.freeze_statistics(model)
    model(_on(device, _draw(2, 4, 1, 3, 3)))
    for name, values in _statistics(model).items():
        assert_tensor(values, before[name], name=f"the buffer {name}")


@pytest.mark.parametrize("layer", [nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d])
def test_freeze_statistics__accepts_a_single_batch_norm(device, layer):
    model = layer(3).to(device)
    kata.freeze_statistics(model)
    assert_value(model.training, False, name=f"the flag training of a {layer.__name__}")


def test_freeze_statistics__makes_batch_norm_use_the_running_numbers(device):
    model = nn.Sequential(_scaled_norm(device))
    kata.freeze_statistics(model)
    x = _draw(3, 4, 3)
    assert_tensor(model(_on(device, x)).detach(), float32((x - [1, 2, 3]) / 2), device=device)


def test_freeze_statistics__does_not_change_the_mode_of_other_modules(device):
    model = _nested(device)
    model[3].eval()
    before = _flags(model)
    kata.freeze_statistics(model)
    _assert_flags(model, {**before, **dict.fromkeys(_NORMS, False)})


def test_freeze_statistics__leaves_other_kinds_of_normalization_in_training(device):
    others = nn.InstanceNorm1d(3, track_running_stats=True), nn.LayerNorm(3), nn.GroupNorm(1, 3)
    model = nn.Sequential(nn.BatchNorm1d(3), *others).to(device)
    kata.freeze_statistics(model)
    for layer in others:
        if not layer.training:
            raise Mismatch("statement", f"The {type(layer).__name__} is in eval mode, but it is not a batch norm.")


class _Gentle(nn.BatchNorm1d):
    """A subclass of a batch norm."""


def test_freeze_statistics__finds_a_subclass_of_a_batch_norm(device):
    model = nn.Sequential(nn.Linear(4, 3), _Gentle(3)).to(device)
    kata.freeze_statistics(model)
    if model[1].training:
        raise Mismatch("statement", "A layer of a subclass of nn.BatchNorm1d is still in train mode.")


def test_freeze_statistics__does_not_change_requires_grad(device):
    model = _nested(device)
    model[0].weight.requires_grad_(False)
    before = {name: each.requires_grad for name, each in model.named_parameters()}
    kata.freeze_statistics(model)
    for name, each in model.named_parameters():
        if each.requires_grad != before[name]:
            raise Mismatch(
                "graph",
                f"requires_grad of {name} was {before[name]} before the call and is {each.requires_grad} after it.",
            )


def test_freeze_statistics__returns_none(device):
    assert_value(kata.freeze_statistics(_nested(device)), None)


def test_freeze_statistics__does_what_its_example_shows(example):
    example.check(kata)


def test_modes__returns_the_mode_of_every_module(device):
    model = nn.Sequential()
    model.add_module("encoder", nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.Dropout(0.5))))
    model.add_module("norm", nn.BatchNorm1d(2))
    model.encoder[1][0].eval()
    model.norm.eval()
    expected = {"": "train", "encoder": "train", "encoder.0": "train", "encoder.1": "train"}
    assert_value(kata.modes(model.to(device)), {**expected, "encoder.1.0": "eval", "norm": "eval"})


def test_modes__reads_the_flag_of_each_module_separately(device):
    model = nn.Sequential(nn.Sequential(nn.Dropout(0.5)), nn.Linear(3, 2)).to(device).eval()
    model[0][0].train()
    assert_value(kata.modes(model), {"": "eval", "0": "eval", "0.0": "train", "1": "eval"})
    model.training = True
    assert_value(kata.modes(model), {"": "train", "0": "eval", "0.0": "train", "1": "eval"})


def test_modes__accepts_a_single_layer(device):
    assert_value(kata.modes(nn.Linear(3, 2).to(device)), {"": "train"})
    assert_value(kata.modes(nn.Linear(3, 2).to(device).eval()), {"": "eval"})


def test_modes__accepts_a_module_in_two_places(device):
    shared = nn.Dropout(0.5).eval()
    found = kata.modes(nn.Sequential(shared, nn.Linear(3, 2), shared).to(device))
    names = [name for name in ("0", "2") if isinstance(found, dict) and name in found] or ["0"]
    assert_value(found, {"": "train", "1": "train"} | dict.fromkeys(names, "eval"))


def test_modes__does_not_change_the_modes(device):
    model = _tree(device)
    before = _flags(model)
    kata.modes(model)
    _assert_flags(model, before)


def test_modes__does_what_its_example_shows(example):
    example.check(kata)


def _batches(seed, *shape):
    """Three batches, and the running mean after each of them."""
    batches, mean, means = [_draw(seed + number, *shape) for number in range(3)], 0.0, []
    for batch in batches:
        mean = 0.9 * mean + 0.1 * batch.mean(axis=0)
        means.append(mean)
    return batches, means


@pytest.mark.parametrize(("rows", "size"), [(4, 3), (3, 5), (1, 2)])
def test_RunningMean__subtracts_the_new_mean(device, rows, size):
    centre = kata.RunningMean(size).to(device)
    for batch, mean in zip(*_batches(20, rows, size), strict=True):
        x = _on(device, batch)
        with assert_unchanged(inputs=x):
            actual = centre(x)
        assert_tensor(actual, float32(batch - mean), device=device)


def _assert_mean(module, expected, device, dtype=torch.float32):
    """Check that `mean` is the only buffer, without a graph, and that there are no parameters."""
    __tracebackhide__ = True
    names = [name for name, _ in module.named_parameters()]
    if names:
        raise Mismatch("statement", f"The module must not have parameters, but it has {names}.")
    buffers = dict(module.named_buffers())
    assert_value(sorted(buffers), ["mean"], name="the list of the names of the buffers")
    assert_value(sorted(module.state_dict()), ["mean"], name="the list of the names in state_dict()")
    assert_tensor(buffers["mean"].detach(), np.asarray(expected), dtype=dtype, device=device, name="the buffer mean")
    assert_no_graph(buffers["mean"], name="the buffer mean")


def test_RunningMean__starts_with_a_buffer_of_zeros(device):
    _assert_mean(kata.RunningMean(3).to(device), np.zeros(3), device)


def test_RunningMean__keeps_its_mean_in_the_buffer(device):
    centre = kata.RunningMean(4).to(device)
    for batch, mean in zip(*_batches(30, 3, 4), strict=True):
        centre(_on(device, batch))
        _assert_mean(centre, mean, device)


def test_RunningMean__keeps_no_graph_in_the_buffer(device):
    centre = kata.RunningMean(3).to(device)
    for number in range(2):
        centre(_on(device, _draw(40 + number, 4, 3), tracked=True))
        assert_no_graph(centre.mean, name="the buffer mean")


def test_RunningMean__supports_a_backward_pass_after_every_call(device):
    centre = kata.RunningMean(3).to(device)
    for number in range(3):
        x, upstream = _on(device, _draw(50 + number, 4, 3), tracked=True), _draw(60 + number, 4, 3)
        actual = centre(x)
        assert_has_graph(actual)
        actual.backward(_on(device, upstream))
        # The mean is a constant, so d(inputs - mean)/d(inputs) = 1.
        assert_tensor(x.grad, float32(upstream), device=device, name="the gradient of inputs")


def test_RunningMean__updates_in_every_mode(device):
    centre = kata.RunningMean(3).to(device)
    for training, batch, mean in zip((False, True, False), *_batches(80, 4, 3), strict=True):
        actual = centre.train(training)(_on(device, batch))
        name = f"your result with training={training}"
        assert_tensor(actual, float32(batch - mean), device=device, name=name)


@pytest.mark.float64
def test_RunningMean__moves_with_its_buffer(device):
    batches, means = _batches(70, 2, 3)
    centre = kata.RunningMean(3).to(device).double()
    for batch, mean in zip(batches, means, strict=True):
        assert_tensor(centre(_on(device, batch, torch.float64)), batch - mean, device=device)
    _assert_mean(centre, means[-1], device, torch.float64)


def test_RunningMean__does_what_its_example_shows(example):
    example.check(kata)


def test_average_predictions__has_dropout_in_training_mode(device):
    x = torch.ones(8, 8, device=device)
    for model in (nn.Sequential(nn.Sequential(nn.Dropout(0.75))).eval(), nn.Dropout(0.75)):
        actual = kata.average_predictions(model, x, 1)
        kept = _kept(actual, x)
        assert_tensor(actual.detach(), float32(np.where(kept, 4, 0)), device=device)
        assert not kept.all(), "Nothing was dropped: dropout was off."


def test_average_predictions__has_everything_else_in_eval_mode(device):
    norm, other = _scaled_norm(device), _Spy()
    other.p = 0.5  # an attribute as that of nn.Dropout
    model = nn.Sequential(norm, nn.Sequential(other, nn.Dropout(0.0)))
    x = _draw(1, 4, 3)
    actual = kata.average_predictions(model, _on(device, x), 3)
    assert_tensor(actual.detach(), float32((x - [1, 2, 3]) / 2), device=device)


def test_average_predictions__does_not_change_the_running_statistics(device):
    norm = _scaled_norm(device)
    kata.average_predictions(nn.Sequential(norm, nn.Dropout(0.5)), _on(device, _draw(1, 4, 3)), 3)
    assert_tensor(norm.running_mean, float32([1, 2, 3]), device=device, name="the buffer running_mean")


def test_average_predictions__averages_over_the_calls(device):
    x = torch.ones(2000, device=device)
    actual = kata.average_predictions(nn.Sequential(nn.Dropout(0.5), _Square()), x, 8)
    _kept(actual, x)
    # A sample is 0 or 4: mean 2, standard deviation 2. Six standard deviations of the mean of 16,000 of them.
    mean = float(actual.mean())
    if abs(mean - 2) > 6 * 2 / math.sqrt(16_000):
        raise Mismatch(
            "value",
            f"Each sample is 0 or 4, with equal chance. The average of 2000 of your results is {mean:.3f}, not 2.",
        )


def test_average_predictions__draws_new_masks_for_each_call(device):
    x = torch.ones(2000, device=device)
    actual = kata.average_predictions(nn.Sequential(nn.Dropout(0.5)), x, 8)
    zeros = int((~_kept(actual, x)).sum())
    # All 8 samples of a number are 0 with a chance of 1/256: 7.8 of 2000 on average, standard deviation 2.8. The
    # 40 allowed are more than 11 of these.
    if zeros > 40:
        raise Mismatch("value", f"{zeros} of 2000 means of 8 samples are 0. The samples share their masks.")


@pytest.mark.parametrize("samples", [1, 5])
def test_average_predictions__calls_the_model_once_for_each_sample(device, samples):
    model = _tree(device)
    kata.average_predictions(model, _on(device, _draw(1, 4, 3)), samples)
    assert_value(len(model[1][1][1].seen), samples, name="the number of calls of the model")


def test_average_predictions__records_nothing(device):
    model = _tree(device)
    actual = kata.average_predictions(model, _on(device, _draw(1, 4, 3), tracked=True), 2)
    assert_no_graph(actual)
    if any(recording for _, recording in model[1][1][1].seen):
        raise Mismatch("graph", "Autograd recorded a graph during the call of the model.")
    _assert_recording(True)


def test_average_predictions__restores_the_mode_of_every_module(device):
    model = _tree(device)
    before = _flags(model)
    kata.average_predictions(model, _on(device, _draw(1, 4, 3)), 2)
    _assert_flags(model, before)


def test_average_predictions__does_what_its_example_shows(example):
    example.check(kata)
