"""The specification of katas/lesson_3_nn_module/kata_06_state.py."""

import copy
import os
import pickle
import sys
import types
import zipfile

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
    assert_value,
    kind_of,
    shares_memory,
)
from katas.lesson_3_nn_module import kata_06_state as kata

CORE = ("snapshot", "save", "load")


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """Let pickle find Scaled, and nothing else of this file, which the judge takes out of sys.modules."""
    module = types.ModuleType(__name__)
    vars(module)["Scaled"] = Scaled
    monkeypatch.setitem(sys.modules, __name__, module)


def fill(model, seed):
    """Give every parameter and buffer of `model` distinct numbers drawn from `seed`; return the model."""
    draw = np.random.default_rng(seed)
    with torch.no_grad():
        for tensor in [*model.parameters(), *model.buffers()]:
            numbers = draw.permutation(np.arange(1.0, tensor.numel() + 1)).reshape(tuple(tensor.shape)) + 8 * seed
            tensor.copy_(torch.tensor(numbers).to(tensor.dtype))
    return model


def net(device, seed=1, outputs=1):
    """A small model with parameters and, in its last module, buffers; its names are not in alphabetical order."""
    model = nn.Sequential()
    model.add_module("second", nn.Linear(3, 2))
    model.add_module("first", nn.Linear(2, outputs))
    model.add_module("norm", nn.BatchNorm1d(outputs))
    return fill(model, seed).to(device)


class Scaled(nn.Module):
    """A class with constructor arguments, a frozen parameter, a parameter with two names, and a plain attribute."""

    def __init__(self, columns, note):
        super().__init__()
        self.note = note
        self.weight = nn.Parameter(torch.zeros(columns))
        self.frozen = nn.Parameter(torch.zeros(2), requires_grad=False)
        self.also_weight = self.weight
        self.inner = nn.BatchNorm1d(columns)
        self.register_buffer("scale", torch.ones(columns), persistent=False)

    def forward(self, x):
        return self.inner(x * self.weight) * self.scale


def scaled(device):
    model = fill(Scaled(3, note="third try"), 1).to(device)
    model.inner.eval()
    return model


def train(model):
    """One update of the parameters, with a forward pass that changes the running statistics."""
    device = next(model.parameters()).device
    model(torch.tensor([[1.0, 2.0, 4.0], [3.0, 0.0, -5.0]], device=device)).square().sum().backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.25


def numbers_of(state):
    """Copies of the values of a state as NumPy arrays, by name."""
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in state.items()}


def assert_state(actual, expected, device, whose="the model's"):
    """Check that `actual`, tensors by name, has the names and the values of `expected`, arrays by name."""
    __tracebackhide__ = True
    if not isinstance(actual, dict):
        raise Mismatch("type", f"The result is {kind_of(actual)}. It must be a dict.")
    missing = [name for name in expected if name not in actual]
    if missing:
        raise Mismatch(
            "value", f"Among {whose} names, {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        )
    extra = [str(name) for name in actual if name not in expected]
    if extra:
        raise Mismatch(
            "value", f"Among {whose} names, {', '.join(extra)} {'is' if len(extra) == 1 else 'are'} not expected."
        )
    for name, values in expected.items():
        assert_tensor(actual[name], values, device=device, name=f"{whose} {name}")


def flags(model):
    """The mode of every module, and requires_grad of every parameter."""
    modes = {name or "The model": module.training for name, module in model.named_modules()}
    return modes, {name: parameter.requires_grad for name, parameter in model.named_parameters()}


def assert_flags(model, expected):
    """Check that the modes and requires_grad of a model are what `flags` noted."""
    __tracebackhide__ = True
    modes, tracked = flags(model)
    for name, training in expected[0].items():
        if modes.get(name) != training:
            mode = "train" if training else "eval"
            raise Mismatch("statement", f"{name} is no longer in {mode} mode.")
    for name, requires_grad in expected[1].items():
        if tracked.get(name) != requires_grad:
            raise Mismatch("statement", f"requires_grad of {name} is no longer {requires_grad}.")


def assert_same_parameters(model, parameters):
    """Check that the parameters of a model are the very objects in the list `parameters`."""
    __tracebackhide__ = True
    if [id(each) for each in model.parameters()] != [id(each) for each in parameters]:
        raise Mismatch(
            "memory",
            "The model's parameters are different objects than before, but an optimizer still has the old ones. "
            "Change the values in place.",
        )


def assert_the_very(model, actual):
    __tracebackhide__ = True
    if not isinstance(actual, nn.Module):
        kind = kind_of(actual)
        raise Mismatch("type", f"The result is {kind}. It must be the given model.")
    if actual is not model:
        raise Mismatch("memory", "The result is another module. It must be the given model itself.")


def written(model, tmp_path):
    """What kata.save writes for a model, as torch.load reads it with its defaults."""
    __tracebackhide__ = True
    path = tmp_path / "model.pt"
    assert_value(kata.save(model, path), None)
    if not path.exists():
        raise Mismatch("statement", "There is no file at the given path.")
    try:
        return torch.load(path)
    except (pickle.UnpicklingError, RuntimeError):
        holds = ""
    try:
        held = torch.load(path, weights_only=False)
        inside = {type(each).__name__ for each in held.values()} if isinstance(held, dict) else set()
        holds = f" It contains {kind_of(held)}{' of ' if inside else ''}{', '.join(sorted(inside))}."
    except Exception:
        holds = " It was not written by torch.save."
    raise Mismatch("unusable", f"torch.load, with its defaults, refuses the file.{holds}")


@pytest.mark.parametrize("make", [net, scaled])
def test_snapshot__has_the_names_of_the_state(device, make):
    model = make(device)
    expected = numbers_of(model.state_dict())
    assert_state(kata.snapshot(model), expected, device, "the snapshot's")


def test_snapshot__keeps_its_values_while_the_model_trains(device):
    model = net(device)
    before = numbers_of(model.state_dict())
    kept = kata.snapshot(model)
    train(model)
    assert_state(kept, before, device, "the snapshot's")


def test_snapshot__does_not_share_memory_with_the_model(device):
    model = net(device)
    kept, state = kata.snapshot(model), model.state_dict()
    for name in state.keys() & kept.keys():
        assert_owns_memory(kept[name], state[name], name=f"the snapshot's {name}", other_name="the model's")


def test_snapshot__does_not_require_grad(device):
    for name, tensor in kata.snapshot(net(device)).items():
        assert_no_graph(tensor, name=f"the snapshot's {name}")


def test_snapshot__can_be_loaded_into_the_model(device):
    model = net(device)
    before = numbers_of(model.state_dict())
    kept = kata.snapshot(model)
    train(model)
    model.load_state_dict(kept)
    assert_state(model.state_dict(), before, device)


def test_snapshot__does_not_change_the_model(device):
    model = net(device)
    model.first.eval().requires_grad_(False)
    before, parameters, noted = numbers_of(model.state_dict()), list(model.parameters()), flags(model)
    kata.snapshot(model)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_state(model.state_dict(), before, device)


def test_snapshot__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("make", [net, scaled])
def test_save__writes_every_parameter_and_buffer(device, tmp_path, make):
    model = make(device)
    held = written(model, tmp_path)
    if isinstance(held, dict):
        held = {name: each.to(device) if isinstance(each, torch.Tensor) else each for name, each in held.items()}
    assert_state(held, numbers_of(model.state_dict()), device, "the file's")


def test_save__replaces_an_older_file(device, tmp_path):
    model = fill(nn.Linear(3, 2), 1).to(device)
    written(fill(nn.Linear(4, 1), 2).to(device), tmp_path)
    assert_state(
        {name: each.to(device) for name, each in written(model, tmp_path).items()},
        numbers_of(model.state_dict()),
        device,
        "the file's",
    )


def test_save__writes_to_exactly_the_given_path(device, tmp_path):
    model = fill(nn.Linear(3, 2), 1).to(device)
    kata.save(model, str(tmp_path / "any name"))
    found = [path.name for path in tmp_path.iterdir()]
    if found != ["any name"]:
        raise Mismatch("statement", f"The path ends in 'any name', but the folder contains {found}.")


def test_save__does_not_change_the_model(device, tmp_path):
    model = net(device)
    model.norm.eval()
    model.first.requires_grad_(False)
    before, parameters, noted = numbers_of(model.state_dict()), list(model.parameters()), flags(model)
    kata.save(model, tmp_path / "model.pt")
    assert_state(model.state_dict(), before, device)
    assert_flags(model, noted)
    assert_same_parameters(model, parameters)


def test_save__does_what_its_example_shows(example):
    example.check(kata)


def file_of(model, tmp_path, **more):
    """A file with the state of a model, as a right save writes it."""
    path = tmp_path / "model.pt"
    torch.save({**model.state_dict(), **more}, path)
    return path


def test_load__loads_every_parameter_and_buffer(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    kata.load(model, file_of(saved, tmp_path))
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load__returns_the_given_model(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    assert_the_very(model, kata.load(model, str(file_of(saved, tmp_path))))


def test_load__keeps_the_same_parameter_objects(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    parameters = list(model.parameters())
    kata.load(model, file_of(saved, tmp_path))
    assert_same_parameters(model, parameters)


def test_load__keeps_modes_and_requires_grad(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    model.norm.eval()
    model.first.requires_grad_(False)
    noted = flags(model)
    kata.load(model, file_of(saved, tmp_path))
    assert_flags(model, noted)


@pytest.mark.parametrize(
    "fault", ["a name that the model does not have", "no entry for a name of the model", "a wrong shape"]
)
def test_load__raises_an_error_if_the_state_does_not_fit(device, tmp_path, fault):
    saved, model = net(device, seed=1), net(device, seed=2)
    more = {"a name that the model does not have": {"old": torch.ones(1, device=device)}}.get(fault, {})
    if fault == "no entry for a name of the model":
        del saved.norm
    if fault == "a wrong shape":
        # It can be broadcast to (1, 2).
        saved.first = nn.Linear(1, 1).to(device)
    path = file_of(saved, tmp_path, **more)
    with assert_raises(RuntimeError, because=f"The file has {fault}. Raise a RuntimeError."):
        kata.load(model, path)


class Intruder:
    """An object that makes a folder when a file with it is read. It stands for any code."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_load__does_not_run_code_from_the_file(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    path, folder = file_of(saved, tmp_path, intruder=Intruder(str(tmp_path / "made"))), tmp_path / "made"
    refused = False
    try:
        kata.load(model, path)
    except NotImplementedError:
        raise
    except Exception:
        refused = True
    if folder.exists():
        raise Mismatch("statement", "Your load ran code that was in the file: it made a folder.")
    if not refused:
        raise Mismatch(
            "error_expected", "The file contains an object that is not a tensor. Raise an error, as torch.load does."
        )


def test_load__does_what_its_example_shows(example):
    example.check(kata)


NAMES = [
    "second.weight",
    "second.bias",
    "first.weight",
    "first.bias",
    "norm.weight",
    "norm.bias",
    "norm.running_mean",
    "norm.running_var",
    "norm.num_batches_tracked",
]


def copied(model):
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def wrapped(device):
    """A model, and its state saved inside a wrapper whose child is called module."""
    model = net(device)
    wrapper = nn.ModuleDict({"module": model})
    return model, copied(wrapper)


def assert_stripped(actual, expected, state):
    """Check the names, and that the tensors are those in `state`. expected: new name -> old name."""
    __tracebackhide__ = True
    if not isinstance(actual, dict):
        raise Mismatch("type", f"The result is {kind_of(actual)}. It must be a dict.")
    if actual is state:
        raise Mismatch("mutated", "The result is state itself. Return a new dict.")
    missing = [name for name in expected if name not in actual]
    other = [name for name in actual if name not in expected]
    if missing or other:
        lacks = f"The result has no name {missing[0]!r}. " if missing else ""
        has = f"The names of the result include {other[0]!r}, which must not be there." if other else ""
        raise Mismatch("value", f"{lacks}{has}".strip(), actual=sorted(actual, key=str), expected=sorted(expected))
    for name, old in expected.items():
        if isinstance(actual[name], torch.Tensor) and actual[name] is not state[old] and old in state:
            assert_tensor(actual[name], numbers_of(state)[old], name=f"the result's {name}")
            raise Mismatch("memory", f"The tensor {name} of the result is a copy. Use the tensor in state itself.")
        assert_tensor(actual[name], state[old], name=f"the result's {name}")


def stripped(state, prefix, expected):
    """Call strip_prefix, and check that it returns `expected` and leaves `state` unchanged."""
    __tracebackhide__ = True
    before = dict(state)
    actual = kata.strip_prefix(state, prefix)
    assert_all_there(state, before)
    assert_value(list(state), list(before), name="the list of names in state, after the call,")
    assert_stripped(actual, expected, before)


def test_strip_prefix__removes_the_prefix_of_every_name(device):
    model, state = wrapped(device)
    stripped(state, "module.", {name: f"module.{name}" for name in NAMES})
    actual = kata.strip_prefix(state, "module.")
    assert_state(actual, numbers_of(model.state_dict()), device, "the result's")


def entries(device, *names):
    return {name: torch.tensor([float(place), 7.0], device=device) for place, name in enumerate(names)}


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod."])
def test_strip_prefix__keeps_the_rest_of_each_name(device, prefix):
    # The rest begins with characters of the prefix.
    names = ["module.weight", "o.d.u.l.e.m.bias", "mode.scale", "."]
    stripped(entries(device, *(prefix + name for name in names)), prefix, {name: prefix + name for name in names})


def test_strip_prefix__removes_it_only_once(device):
    names = {"module.weight": "module.module.weight", "module.module.bias": "module.module.module.bias"}
    stripped(entries(device, *names.values()), "module.", names)


def test_strip_prefix__keeps_names_that_do_not_begin_with_it(device):
    names = {"body.module.weight": "body.module.weight", "bias": "module.bias", "module": "module", "mod": "mod"}
    stripped(entries(device, *names.values()), "module.", names)


def test_strip_prefix__accepts_any_characters_in_the_prefix(device):
    names = {"moduleXweight": "moduleXweight", "weight": "module.weight"}
    stripped(entries(device, *names.values()), "module.", names)
    names = {"1": "net[0]+(a).1", "net0a.1": "net0a.1"}
    stripped(entries(device, *names.values()), "net[0]+(a).", names)


def test_strip_prefix__accepts_an_empty_state():
    stripped({}, "module.", {})


def test_strip_prefix__does_what_its_example_shows(example):
    example.check(kata)


def fits(device):
    """A model, and a state that fits it."""
    model = net(device, seed=2, outputs=2)
    state = copied(net(device, seed=1, outputs=2))
    return model, state


def after(model, state, *names):
    """The numbers of the model, with those of `state` under the names given."""
    return {**numbers_of(model.state_dict()), **{name: numbers_of(state)[name] for name in names}}


def assert_left_over(actual, expected):
    """Check the two lists of names. A list that is ... may have any names."""
    __tracebackhide__ = True
    if type(actual) is not tuple or len(actual) != 2:
        kind = f"a tuple of {len(actual)}" if type(actual) is tuple else kind_of(actual)
        raise Mismatch("type", f"The result is {kind}. It must be a tuple of two lists.")
    for place, name in enumerate(("names that were not loaded", "unused names")):
        if expected[place] is not ...:
            assert_value(actual[place], expected[place], name=f"the list of {name}")


def assert_all_there(state, names):
    """Check that no name was removed from the dict."""
    __tracebackhide__ = True
    gone = [name for name in names if name not in state]
    if gone:
        raise Mismatch("mutated", f"Your code removed {gone[0]} from state.")


def test_load_what_fits__loads_a_state_that_fits_completely(device):
    model, state = fits(device)
    expected = numbers_of(state)
    assert_left_over(kata.load_what_fits(model, state), ([], []))
    assert_state(model.state_dict(), expected, device)


def test_load_what_fits__lists_names_that_are_on_one_side_only(device):
    model, state = fits(device)
    for name in ("second.bias", "norm.running_mean", "first.weight"):
        del state[name]
    state["old.weight"], state["a"] = torch.ones(2, device=device), torch.ones(1, device=device)
    expected = after(model, state, *(name for name in NAMES if name in state))
    assert_left_over(
        kata.load_what_fits(model, state),
        (["first.weight", "norm.running_mean", "second.bias"], ["a", "old.weight"]),
    )
    assert_state(model.state_dict(), expected, device)


# The same number of entries in another shape, shapes that could be broadcast, and other sizes.
MISFITS = [("second.weight", (3, 2)), ("first.weight", (2,)), ("norm.running_var", (1,)), ("second.weight", (4, 3))]


def misfit(device, name, shape):
    """A model, a state with one entry of another shape, and the values that the model must have afterwards."""
    model, state = fits(device)
    state[name] = torch.arange(float(np.prod(shape)), device=device).reshape(shape)
    return model, state, after(model, state, *(each for each in NAMES if each != name))


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__does_not_load_an_entry_of_another_shape(device, name, shape):
    model, state, expected = misfit(device, name, shape)
    kata.load_what_fits(model, state)
    assert_state(model.state_dict(), expected, device)


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__lists_another_shape_as_missing(device, name, shape):
    model, state, _ = misfit(device, name, shape)
    assert_left_over(kata.load_what_fits(model, state), ([name], ...))


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__lists_another_shape_as_unused(device, name, shape):
    model, state, _ = misfit(device, name, shape)
    assert_left_over(kata.load_what_fits(model, state), (..., [name]))


def test_load_what_fits__sorts_the_names(device):
    model, _ = fits(device)
    # Without num_batches_tracked, BatchNorm loads as if from an old PyTorch, and does not report it as missing.
    count = {NAMES[-1]: model.state_dict()[NAMES[-1]].clone()}
    state = count | {name: torch.ones(2, device=device) for name in ("z", "b", "y")}
    expected = numbers_of(model.state_dict())
    assert_left_over(kata.load_what_fits(model, state), (sorted(NAMES[:-1]), ["b", "y", "z"]))
    assert_state(model.state_dict(), expected, device)


def test_load_what_fits__copies_into_the_same_parameters(device):
    model, state = fits(device)
    parameters, noted = list(model.parameters()), flags(model)
    kata.load_what_fits(model, state)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_all_there(state, model.state_dict())
    for name, tensor in model.state_dict().items():
        assert_owns_memory(tensor, state[name], name=f"the model's {name}", other_name="the state's")


def test_load_what_fits__does_not_change_the_state(device):
    model, state = fits(device)
    state["old"], state["first.bias"] = torch.ones(2, device=device), torch.ones(5, device=device)
    names, before = list(state), numbers_of(state)
    kata.load_what_fits(model, state)
    assert_all_there(state, names)
    assert_value(list(state), names, name="the list of the names in state")
    assert_state(state, before, device, "the input's")


def test_load_what_fits__does_what_its_example_shows(example):
    example.check(kata)


def everything(model):
    """All parameters and buffers as NumPy arrays, under each of their names."""
    return numbers_of(tensors_of(model))


def tensors_of(model):
    return dict([*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False)])


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__has_the_same_class_and_values(device, make):
    model = make(device)
    expected = everything(model)
    twin = kata.independent_copy(model)
    if type(twin) is not type(model):
        raise Mismatch("type", f"The result is {kind_of(twin)}. The model is {kind_of(model)}.")
    assert_state(tensors_of(twin), expected, device, "the copy's")


def assert_second_and_apart(model, twin, tensors):
    """Check that `twin` is another module, and that its tensors of one kind do not share memory with the model's."""
    __tracebackhide__ = True
    if twin is model:
        raise Mismatch("memory", "The result is the given model itself. Return a second module.")
    others = dict(tensors(model))
    for name, tensor in tensors(twin):
        if name in others:
            assert_owns_memory(tensor, others[name], name=f"the copy's {name}", other_name="the model's")


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__does_not_share_parameters(device, make):
    model = make(device)
    assert_second_and_apart(model, kata.independent_copy(model), nn.Module.named_parameters)


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__does_not_share_buffers(device, make):
    model = make(device)
    assert_second_and_apart(model, kata.independent_copy(model), nn.Module.named_buffers)


def test_independent_copy__does_not_change_when_the_model_trains(device):
    model = net(device)
    before = everything(model)
    twin = kata.independent_copy(model)
    train(model)
    assert_state(tensors_of(twin), before, device, "the copy's")


def test_independent_copy__can_be_trained_without_the_model(device):
    model = net(device)
    before = everything(model)
    train(kata.independent_copy(model))
    assert_state(tensors_of(model), before, device)


@pytest.mark.parametrize("training", [True, False])
def test_independent_copy__keeps_the_mode_of_every_module(device, training):
    model = scaled(device).train(training)
    model.inner.train(not training)
    assert_flags(kata.independent_copy(model), flags(model))


def test_independent_copy__keeps_requires_grad(device):
    model = scaled(device).eval()
    assert_flags(kata.independent_copy(model), flags(model))


def test_independent_copy__keeps_one_parameter_with_two_names(device):
    twin = kata.independent_copy(scaled(device))
    if twin.weight is not twin.also_weight:
        raise Mismatch("statement", "In the model, weight and also_weight are one parameter. In the copy they are two.")


def test_independent_copy__does_not_change_the_model(device):
    model = scaled(device)
    before, parameters, noted = everything(model), list(model.parameters()), flags(model)
    kata.independent_copy(model)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_state(tensors_of(model), before, device)


def test_independent_copy__does_what_its_example_shows(example):
    example.check(kata)


VISIBLE, HIDDEN = 3, 2
TIED = {"weight": (HIDDEN, VISIBLE), "bias_1": (HIDDEN,), "bias_2": (VISIBLE,)}


def tied_numbers(seed=0):
    draw = np.random.default_rng(seed)
    return {
        name: draw.permutation(np.arange(1.0, np.prod(shape) + 1)).reshape(shape) / 4 - 0.6
        for name, shape in TIED.items()
    }


def tied(device, seed=0, dtype=torch.float32):
    """A Tied with numbers set by hand; and these numbers."""
    __tracebackhide__ = True
    model, numbers = kata.Tied(VISIBLE, HIDDEN), tied_numbers(seed)
    assert_tied_parameters(model)
    with torch.no_grad():
        for name, values in numbers.items():
            getattr(model, name).copy_(torch.tensor(values))
    return model.to(device=device, dtype=dtype), numbers


def assert_tied_parameters(model):
    """Check that weight, bias_1 and bias_2 are the parameters, that they are shaped right, and that no others are."""
    __tracebackhide__ = True
    found = dict(model.named_parameters(remove_duplicate=False))
    buffers = dict(model.named_buffers())
    for name, shape in TIED.items():
        if name not in found:
            held = getattr(model, name, None)
            kind = (
                "a buffer"
                if name in buffers
                else "a plain tensor"
                if isinstance(held, torch.Tensor)
                else f"a {type(held).__name__}"
            )
            there = f"self.{name} is {kind}" if held is not None else f"there is no self.{name}"
            raise Mismatch("statement", f"{name} is not a parameter of Tied: {there}.")
        if tuple(found[name].shape) != shape:
            raise Mismatch(
                "shape",
                f"{name} of Tied({VISIBLE}, {HIDDEN}) has shape {tuple(found[name].shape)}. It must be {shape}.",
            )
        if not found[name].requires_grad or not found[name].is_leaf:
            raise Mismatch("graph", f"{name} must be a leaf tensor that requires grad.")
    extra = [name for name in found if name not in TIED]
    if extra:
        shared = [n for n in extra if any(shares_memory(found[n], found[name]) for name in TIED)]
        memory = f" ({', '.join(shared)} shares memory with the others, but is another parameter)" if shared else ""
        raise Mismatch("statement", f"Tied has more than three parameters: also {', '.join(extra)}{memory}.")
    if buffers:
        raise Mismatch("statement", f"Tied must have no buffer, but it has {', '.join(buffers)}.")


def rows(device, *shape, seed=5, dtype=torch.float32):
    values = np.random.default_rng(seed).permutation(np.arange(np.prod(shape, dtype=int))).reshape(shape) / 8 - 0.7
    return torch.tensor(values, dtype=dtype, device=device), values


def test_Tied__has_three_parameters():
    model = kata.Tied(VISIBLE, HIDDEN)
    assert_tied_parameters(model)
    assert_value(sorted(model.state_dict()), sorted(TIED), name="the sorted list of names in the state")
    count = sum(parameter.numel() for parameter in model.parameters())
    assert_value(count, 11, name="the number of entries in all parameters")


def test_Tied__starts_with_a_random_weight_and_zero_biases():
    model = kata.Tied(25, 80)
    for name, size in (("bias_1", 80), ("bias_2", 25)):
        bias = getattr(model, name).detach()
        if bias.shape == (size,) and bias.any():
            raise Mismatch("statement", "Your biases are not 0 at the start.")
        assert_tensor(bias, np.zeros(size, np.float32), name=f"the parameter {name}")
    # Of 2,000 uniform numbers none lies in the last twentieth of the interval: a chance of .95 ** 2000 < 1e-44.
    # The mean of 2,000 has a standard deviation of .2 / sqrt(3 * 2000) = .0026.
    weight = model.weight.detach()
    if weight.min() == weight.max():
        raise Mismatch("statement", "All entries of the weight are equal. Draw them at random.")
    if weight.abs().max() > 0.2:
        raise Mismatch(
            "statement", "If visible is 25, the weight must lie between -0.2 and 0.2, but some entries do not."
        )
    if weight.min() > -0.18 or weight.max() < 0.18 or weight.mean().abs() > 0.016:
        raise Mismatch("statement", "If visible is 25, the weight must fill the interval from -0.2 to 0.2 evenly.")
    if torch.equal(model.weight, kata.Tied(25, 80).weight):
        raise Mismatch("value", "Two modules have the same weight. Draw a new weight for each.")


def test_Tied__encodes(device):
    model, p = tied(device)
    x, values = rows(device, 4, VISIBLE)
    expected = np.tanh(values @ p["weight"].T + p["bias_1"])
    assert_tensor(model.encode(x).detach(), expected.astype(np.float32), device=device, name="the result of encode(x)")


def test_Tied__decodes(device):
    model, p = tied(device)
    h, values = rows(device, 4, HIDDEN)
    expected = values @ p["weight"] + p["bias_2"]
    assert_tensor(model.decode(h).detach(), expected.astype(np.float32), device=device, name="the result of decode(h)")


@pytest.mark.parametrize("shape", [(5, VISIBLE), (VISIBLE,), (2, 4, VISIBLE), (1, VISIBLE), (0, VISIBLE)])
def test_Tied__decodes_what_it_encoded(device, shape):
    model, p = tied(device, seed=1)
    x, values = rows(device, *shape)
    expected = np.tanh(values @ p["weight"].T + p["bias_1"]) @ p["weight"] + p["bias_2"]
    assert_tensor(model(x).detach(), expected.astype(np.float32), device=device, rtol=1e-5)


@pytest.mark.float64
def test_Tied__adds_the_gradients_of_both_uses(device):
    model, p = tied(device, seed=2, dtype=torch.float64)
    x, values = rows(device, 4, VISIBLE, dtype=torch.float64)
    upstream, up = rows(device, 4, VISIBLE, seed=6, dtype=torch.float64)
    (model(x) * upstream).sum().backward()
    hidden = np.tanh(values @ p["weight"].T + p["bias_1"])
    to_sums = (up @ p["weight"].T) * (1 - hidden**2)
    expected = {
        "weight": to_sums.T @ values + hidden.T @ up,
        "bias_1": to_sums.sum(axis=0),
        "bias_2": up.sum(axis=0),
    }
    for name, gradient in expected.items():
        assert_tensor(getattr(model, name).grad, gradient, device=device, name=f"the gradient of {name}")


def test_Tied__still_shares_the_weight_after_loading_and_copying(device):
    model, _ = tied(device, seed=3)
    other, p = tied(device, seed=4)
    x, values = rows(device, 4, VISIBLE)
    expected = np.tanh(values @ p["weight"].T + p["bias_1"]) @ p["weight"] + p["bias_2"]
    model.load_state_dict(other.state_dict())
    assert_tensor(model(x).detach(), expected.astype(np.float32), device=device, rtol=1e-5)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        model.weight.zero_()
    assert_tensor(
        twin(x).detach(), expected.astype(np.float32), device=device, rtol=1e-5, name="the result of the copy"
    )


def test_Tied__does_what_its_example_shows(example):
    example.check(kata)


def file_from(device_name, saved, tmp_path):
    """A file with the state of `saved`, a model on the CPU, that says it was written on another device."""
    plain, path = file_of(saved, tmp_path), tmp_path / "from_elsewhere.pt"
    word, other = (b"X" + len(each).to_bytes(4, "little") + each for each in (b"cpu", device_name.encode()))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry.filename, data.replace(word, other) if entry.filename.endswith(".pkl") else data)
    return path


# No machine has as many.
ELSEWHERE = "cuda:99"


def test_load_onto__loads_every_parameter_and_buffer(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__reads_a_file_from_a_device_that_is_not_here(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    kata.load_onto(file_from(ELSEWHERE, saved, tmp_path), model, device)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__moves_a_model_from_the_cpu_to_the_device(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    actual = kata.load_onto(str(file_of(saved, tmp_path)), model, torch.device(device))
    assert_the_very(model, actual)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__moves_a_model_from_the_device_to_the_cpu(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    actual = kata.load_onto(file_of(saved, tmp_path), model, "cpu")
    assert_the_very(model, actual)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), "cpu")


def test_load_onto__moves_buffers_that_are_not_in_the_file(device, tmp_path):
    saved, model = fill(Scaled(3, note=""), 1), fill(Scaled(3, note=""), 2)
    scale = model.scale.numpy().copy()
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_tensor(model.scale, scale, device=device, name="the model's buffer scale, which is not in the file,")
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__keeps_modes_and_requires_grad(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    model.norm.eval()
    model.first.requires_grad_(False)
    noted = flags(model)
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_flags(model, noted)


@pytest.mark.parametrize(
    "fault", ["a name that the model does not have", "no entry for a name of the model", "a wrong shape"]
)
def test_load_onto__raises_an_error_if_the_state_does_not_fit(device, tmp_path, fault):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    if fault == "no entry for a name of the model":
        del saved.norm
    if fault == "a wrong shape":
        # It can be broadcast to (1, 2).
        saved.first = nn.Linear(1, 1)
    more = {"old": torch.ones(1)} if fault == "a name that the model does not have" else {}
    path = file_of(saved, tmp_path, **more)
    with assert_raises(RuntimeError, because=f"The file has {fault}. Raise a RuntimeError."):
        kata.load_onto(path, model, device)


def test_load_onto__does_what_its_example_shows(example):
    example.check(kata)
