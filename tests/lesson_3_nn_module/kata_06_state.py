"""The specification of katas/lesson_3_nn_module/kata_06_state.py."""

import copy
import os
import pickle
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
    assert_unchanged,
    assert_value,
    shares_memory,
)
from katas.lesson_3_nn_module import kata_06_state as kata

CORE = ("snapshot", "save", "load", "load_what_fits")


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
    """A module of a class of its own: constructor arguments, a frozen parameter, a second name, a plain attribute."""

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


def train(model):
    """One step downhill, with a forward pass that moves the running statistics."""
    device = next(model.parameters()).device
    model(torch.tensor([[1.0, 2.0, 4.0], [3.0, 0.0, -5.0]], device=device)).square().sum().backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.25


def numbers_of(state):
    """The values of a state as NumPy arrays of their own, by name."""
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in state.items()}


def assert_state(actual, expected, device, whose="the model's"):
    """Check that `actual`, tensors by name, has the names and the values of `expected`, arrays by name."""
    __tracebackhide__ = True
    if not isinstance(actual, dict):
        raise Mismatch("type", f"What came back is a {type(actual).__name__}; it must be a dictionary.")
    missing = [name for name in expected if name not in actual]
    if missing:
        raise Mismatch("value", f"Among {whose} names, these are missing: {', '.join(missing)}.")
    extra = [str(name) for name in actual if name not in expected]
    if extra:
        raise Mismatch("value", f"Among {whose} names, these are too many: {', '.join(extra)}.")
    for name, values in expected.items():
        assert_tensor(actual[name], values, device=device, name=f"{whose} {name}")


def flags(model):
    """The mode of every module, and whether every parameter is tracked."""
    modes = {name or "the model": module.training for name, module in model.named_modules()}
    return modes, {name: parameter.requires_grad for name, parameter in model.named_parameters()}


def assert_flags(model, expected):
    """Check that the modes and requires_grad of a model are what `flags` noted."""
    __tracebackhide__ = True
    modes, tracked = flags(model)
    for name, training in expected[0].items():
        if modes.get(name) != training:
            mode = "training" if training else "evaluation"
            raise Mismatch("statement", f"The mode of {name} is no longer that of {mode}, as it was.")
    for name, requires_grad in expected[1].items():
        if tracked.get(name) != requires_grad:
            raise Mismatch("statement", f"requires_grad of {name} is no longer {requires_grad}, as it was.")


def assert_same_parameters(model, parameters):
    """Check that the parameters of a model are the very objects in the list `parameters`."""
    __tracebackhide__ = True
    if [id(each) for each in model.parameters()] != [id(each) for each in parameters]:
        raise Mismatch(
            "memory",
            "The model's parameters are other objects than before: whoever holds the old ones holds numbers that "
            "the model no longer uses. Change the numbers in place.",
        )


def assert_the_very(model, actual):
    __tracebackhide__ = True
    if not isinstance(actual, nn.Module):
        kind = "None" if actual is None else f"a {type(actual).__name__}"
        raise Mismatch("type", f"What came back is {kind}; it must be the module that came in.")
    if actual is not model:
        raise Mismatch("memory", "A second module came back; it must be the very one that came in.")


def written(model, tmp_path):
    """What kata.save writes for a model, as torch.load reads it with its defaults."""
    __tracebackhide__ = True
    path = tmp_path / "model.pt"
    assert_value(kata.save(model, path), None)
    if not path.exists():
        raise Mismatch("statement", "There is no file at the path that was given, under that very name.")
    try:
        return torch.load(path)
    except (pickle.UnpicklingError, RuntimeError):
        holds = ""
    try:
        held = torch.load(path, weights_only=False)
        inside = {type(each).__name__ for each in held.values()} if isinstance(held, dict) else set()
        holds = f" What is in it: a {type(held).__name__}{' of ' if inside else ''}{', '.join(sorted(inside))}."
    except Exception:
        holds = " It is not in the form of torch.save at all."
    raise Mismatch("unusable", f"torch.load, with its defaults, refuses the file.{holds}")


def test_snapshot__has_every_parameter_and_buffer(device):
    model = net(device)
    assert_state(kata.snapshot(model), numbers_of(model.state_dict()), device, "the snapshot's")


def test_snapshot__does_not_follow_the_training(device):
    model = net(device)
    before = numbers_of(model.state_dict())
    kept = kata.snapshot(model)
    train(model)
    assert_state(kept, before, device, "the snapshot's")


def test_snapshot__shares_no_memory_with_the_model(device):
    model = net(device)
    kept, state = kata.snapshot(model), model.state_dict()
    for name in state.keys() & kept.keys():
        assert_owns_memory(kept[name], state[name], name=f"the snapshot's {name}", other_name="the model's")


def test_snapshot__is_not_tracked(device):
    for name, tensor in kata.snapshot(net(device)).items():
        assert_no_graph(tensor, name=f"the snapshot's {name}")


def test_snapshot__can_be_loaded_back(device):
    model = net(device)
    before = numbers_of(model.state_dict())
    kept = kata.snapshot(model)
    train(model)
    model.load_state_dict(kept)
    assert_state(model.state_dict(), before, device)


def test_snapshot__leaves_the_model_as_it_is(device):
    model = net(device)
    model.first.eval().requires_grad_(False)
    before, parameters, noted = numbers_of(model.state_dict()), list(model.parameters()), flags(model)
    kata.snapshot(model)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_state(model.state_dict(), before, device)


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


def write(model, name, place, number):
    """Add `number` to one number of one tensor of the model's state."""
    model.state_dict()[name].view(-1)[place] += number


@pytest.mark.parametrize(
    "names",
    [
        ["second.weight"],
        ["second.bias", "first.bias"],
        ["first.weight", "norm.weight", "norm.running_var"],
        ["second.weight", "first.bias", "norm.num_batches_tracked"],
    ],
)
def test_changed__names_what_differs_in_order(device, names):
    model = net(device)
    before = copied(model)
    for name in reversed(names):
        write(model, name, -1, 2)
    assert_value(kata.changed(model, before), names)


def test_changed__is_empty_where_nothing_differs(device):
    model = net(device)
    assert_value(kata.changed(model, copied(model)), [])


def test_changed__sees_what_a_forward_pass_does_to_buffers(device):
    model = net(device)
    before = copied(model)
    model(torch.ones(4, 3, device=device))
    assert_value(kata.changed(model, before), NAMES[-3:])


def test_changed__sees_every_name_after_training(device):
    model = net(device)
    before = copied(model)
    train(model)
    assert_value(kata.changed(model, before), NAMES)


def test_changed__sees_numbers_that_grow_smaller(device):
    model = net(device)
    before = copied(model)
    write(model, "second.weight", 2, -1)
    write(model, "norm.running_mean", 0, -3)
    assert_value(kata.changed(model, before), ["second.weight", "norm.running_mean"])


def test_changed__sees_the_smallest_difference(device):
    model = net(device)
    before = copied(model)
    # Between 8 and 16, the float32 next to a number is 2 ** -20 away.
    write(model, "second.weight", 3, 2**-20)
    assert_value(kata.changed(model, before), ["second.weight"])


def test_changed__sees_numbers_that_changed_places(device):
    model = net(device)
    before = copied(model)
    flipped = before["second.weight"].flip(1)
    model.state_dict()["second.weight"].copy_(flipped)
    assert_value(kata.changed(model, before), ["second.weight"])


def test_changed__sees_a_number_that_became_nan(device):
    model = net(device)
    before = copied(model)
    write(model, "second.weight", 1, float("nan"))
    assert_value(kata.changed(model, before), ["second.weight"])


def test_changed__sees_frozen_parameters_too(device):
    model = net(device)
    model.second.requires_grad_(False)
    before = copied(model)
    write(model, "second.bias", 0, 1)
    write(model, "first.bias", 0, 1)
    assert_value(kata.changed(model, before), ["second.bias", "first.bias"])


def test_changed__goes_by_name_whatever_the_order_of_before(device):
    model = net(device)
    before = dict(reversed(copied(model).items()))
    write(model, "first.weight", 1, 1)
    write(model, "norm.bias", 0, 1)
    assert_value(kata.changed(model, before), ["first.weight", "norm.bias"])


def test_changed__takes_a_tensor_of_no_numbers(device):
    model = nn.ParameterDict({"none": torch.zeros(0, 3, device=device), "one": torch.ones(1, device=device)})
    before = copied(model)
    write(model, "one", 0, 1)
    assert_value(kata.changed(model, before), ["one"])


def test_changed__takes_a_buffer_of_bools(device):
    model = nn.Linear(3, 2).to(device)
    model.register_buffer("mask", torch.tensor([True, False, True], device=device))
    before = copied(model)
    assert_value(kata.changed(model, before), [])
    model.mask[1] = True
    assert_value(kata.changed(model, before), ["mask"])


def test_changed__leaves_the_model_and_before_as_they_are(device):
    model = net(device)
    before = copied(model)
    train(model)
    with assert_unchanged(**{name.replace(".", " "): tensor for name, tensor in before.items()}):
        now = numbers_of(model.state_dict())
        kata.changed(model, before)
    assert_state(model.state_dict(), now, device)
    assert_value(list(before), NAMES, name="the list of the names in before")


def test_save__writes_every_parameter_and_buffer(device, tmp_path):
    model = fill(nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)), 1).to(device)
    held = written(model, tmp_path)
    if isinstance(held, dict):
        held = {name: each.to(device) if isinstance(each, torch.Tensor) else each for name, each in held.items()}
    assert_state(held, numbers_of(model.state_dict()), device, "the file's")


def test_save__takes_the_place_of_an_older_file(device, tmp_path):
    model = fill(nn.Linear(3, 2), 1).to(device)
    written(fill(nn.Linear(4, 1), 2).to(device), tmp_path)
    assert_state(
        {name: each.to(device) for name, each in written(model, tmp_path).items()},
        numbers_of(model.state_dict()),
        device,
        "the file's",
    )


def test_save__takes_the_path_as_a_string(device, tmp_path):
    model = fill(nn.Linear(3, 2), 1).to(device)
    kata.save(model, str(tmp_path / "any name"))
    found = [path.name for path in tmp_path.iterdir()]
    if found != ["any name"]:
        raise Mismatch("statement", f"The path ends in 'any name'; the files that were written are {found}.")


def test_save__leaves_the_model_as_it_is(device, tmp_path):
    model = net(device)
    model.norm.eval()
    model.first.requires_grad_(False)
    before, parameters, noted = numbers_of(model.state_dict()), list(model.parameters()), flags(model)
    kata.save(model, tmp_path / "model.pt")
    assert_state(model.state_dict(), before, device)
    assert_flags(model, noted)
    assert_same_parameters(model, parameters)


def file_of(model, tmp_path, **more):
    """A file with the state of a model, as a right save writes it."""
    path = tmp_path / "model.pt"
    torch.save({**model.state_dict(), **more}, path)
    return path


def test_load__puts_every_parameter_and_buffer_back(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    kata.load(model, file_of(saved, tmp_path))
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load__returns_the_model(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    assert_the_very(model, kata.load(model, str(file_of(saved, tmp_path))))


def test_load__keeps_the_parameters_the_same_objects(device, tmp_path):
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


@pytest.mark.parametrize("fault", ["a name too many", "a name too few", "a wrong shape"])
def test_load__refuses_a_state_that_does_not_fit(device, tmp_path, fault):
    saved, model = net(device, seed=1), net(device, seed=2)
    more = {"a name too many": {"old": torch.ones(1, device=device)}}.get(fault, {})
    if fault == "a name too few":
        del saved.norm
    if fault == "a wrong shape":
        saved.first = nn.Linear(3, 1).to(device)
    path = file_of(saved, tmp_path, **more)
    with assert_raises(RuntimeError, because=f"The file has {fault}, and no error was raised: raise a RuntimeError."):
        kata.load(model, path)


class Intruder:
    """In a file, this is an order to make a folder when the file is read: it stands for any code at all."""

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
        raise Mismatch("statement", "A file can hold code, and load ran it: here it has made a folder.")
    if not refused:
        raise Mismatch("error_expected", "A file that holds more than tensors passed without an error.")


def fits(device):
    """A model and a state that fits it in part: its misfits, by name, and what the model must hold afterwards."""
    model = net(device, seed=2, outputs=2)
    state = copied(net(device, seed=1, outputs=2))
    return model, state


def after(model, state, *names):
    """The numbers of the model, with those of `state` under the names given."""
    return {**numbers_of(model.state_dict()), **{name: numbers_of(state)[name] for name in names}}


def assert_left_over(actual, expected):
    """Check the two lists of names, one after the other; a list that is ... may hold any."""
    __tracebackhide__ = True
    if type(actual) is not tuple or len(actual) != 2:
        kind = f"a tuple of {len(actual)}" if type(actual) is tuple else f"a {type(actual).__name__}"
        raise Mismatch("type", f"The answer is {kind}; it must be a tuple of two lists.")
    for place, name in enumerate(("the model's names that got nothing", "the names in state that were not used")):
        if expected[place] is not ...:
            assert_value(actual[place], expected[place], name=f"the list of {name}")


def assert_all_there(state, names):
    """Check that no name is gone from the dictionary that was passed in."""
    __tracebackhide__ = True
    gone = [name for name in names if name not in state]
    if gone:
        raise Mismatch("mutated", f"state must stay as it is: {gone[0]} is gone from it.")


def test_load_what_fits__takes_a_state_that_fits_altogether(device):
    model, state = fits(device)
    expected = numbers_of(state)
    assert_left_over(kata.load_what_fits(model, state), ([], []))
    assert_state(model.state_dict(), expected, device)


def test_load_what_fits__leaves_out_names_on_both_sides(device):
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


# As many numbers in another shape, a shape that could be broadcast, and sizes that differ.
MISFITS = [("second.weight", (3, 2)), ("first.weight", (2,)), ("norm.running_var", (1,)), ("second.weight", (4, 3))]


def misfit(device, name, shape):
    """A model, a state that fits but for one name of another shape, and what the model must hold afterwards."""
    model, state = fits(device)
    state[name] = torch.arange(float(np.prod(shape)), device=device).reshape(shape)
    return model, state, after(model, state, *(each for each in NAMES if each != name))


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__leaves_out_a_wrong_shape(device, name, shape):
    model, state, expected = misfit(device, name, shape)
    kata.load_what_fits(model, state)
    assert_state(model.state_dict(), expected, device)


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__tells_that_the_tensor_of_a_wrong_shape_got_nothing(device, name, shape):
    model, state, _ = misfit(device, name, shape)
    assert_left_over(kata.load_what_fits(model, state), ([name], ...))


@pytest.mark.parametrize(("name", "shape"), MISFITS)
def test_load_what_fits__tells_that_the_entry_of_a_wrong_shape_was_not_used(device, name, shape):
    model, state, _ = misfit(device, name, shape)
    assert_left_over(kata.load_what_fits(model, state), (..., [name]))


def test_load_what_fits__sorts_the_names(device):
    model, _ = fits(device)
    # Without its count of batches, a BatchNorm is loaded as one of an old PyTorch, and not told as missing.
    count = {NAMES[-1]: model.state_dict()[NAMES[-1]].clone()}
    state = count | {name: torch.ones(2, device=device) for name in ("z", "b", "y")}
    expected = numbers_of(model.state_dict())
    assert_left_over(kata.load_what_fits(model, state), (sorted(NAMES[:-1]), ["b", "y", "z"]))
    assert_state(model.state_dict(), expected, device)


def test_load_what_fits__copies_into_the_parameters(device):
    model, state = fits(device)
    parameters, noted = list(model.parameters()), flags(model)
    kata.load_what_fits(model, state)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_all_there(state, model.state_dict())
    for name, tensor in model.state_dict().items():
        assert_owns_memory(tensor, state[name], name=f"the model's {name}", other_name="the state's")


def test_load_what_fits__leaves_the_state_as_it_is(device):
    model, state = fits(device)
    state["old"], state["first.bias"] = torch.ones(2, device=device), torch.ones(5, device=device)
    names, before = list(state), numbers_of(state)
    kata.load_what_fits(model, state)
    assert_all_there(state, names)
    assert_value(list(state), names, name="the list of the names in state")
    assert_state(state, before, device, "the input's")


def scaled(device):
    model = fill(Scaled(3, note="third try"), 1).to(device)
    model.inner.eval()
    return model


def everything(model):
    """All parameters and buffers by name, every name of them, as NumPy arrays."""
    return numbers_of(tensors_of(model))


def tensors_of(model):
    return dict([*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False)])


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__has_the_same_class_and_values(device, make):
    model = make(device)
    expected = everything(model)
    twin = kata.independent_copy(model)
    if type(twin) is not type(model):
        raise Mismatch("type", f"A {type(twin).__name__} came back; it must be a {type(model).__name__}, as the model.")
    assert_state(tensors_of(twin), expected, device, "the copy's")


def assert_second_and_apart(model, twin, tensors):
    """Check that `twin` is another module, and that none of the tensors of a kind shares memory with the model's."""
    __tracebackhide__ = True
    if twin is model:
        raise Mismatch("memory", "The module that came in came back: a second one is asked for.")
    others = dict(tensors(model))
    for name, tensor in tensors(twin):
        if name in others:
            assert_owns_memory(tensor, others[name], name=f"the copy's {name}", other_name="the model's")


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__has_parameters_of_its_own(device, make):
    model = make(device)
    assert_second_and_apart(model, kata.independent_copy(model), nn.Module.named_parameters)


@pytest.mark.parametrize("make", [net, scaled])
def test_independent_copy__has_buffers_of_its_own(device, make):
    model = make(device)
    assert_second_and_apart(model, kata.independent_copy(model), nn.Module.named_buffers)


def test_independent_copy__is_not_touched_by_training(device):
    model = net(device)
    before = everything(model)
    twin = kata.independent_copy(model)
    train(model)
    assert_state(tensors_of(twin), before, device, "the copy's")


def test_independent_copy__can_be_trained_by_itself(device):
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


def test_independent_copy__keeps_two_names_of_one_parameter(device):
    twin = kata.independent_copy(scaled(device))
    if twin.weight is not twin.also_weight:
        raise Mismatch("statement", "The parameter with two names has become two parameters, which will part ways.")


def test_independent_copy__leaves_the_model_as_it_is(device):
    model = scaled(device)
    before, parameters, noted = everything(model), list(model.parameters()), flags(model)
    kata.independent_copy(model)
    assert_same_parameters(model, parameters)
    assert_flags(model, noted)
    assert_state(tensors_of(model), before, device)


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
                else "a tensor without being a parameter"
                if isinstance(held, torch.Tensor)
                else f"a {type(held).__name__}"
            )
            there = f"self.{name} is {kind}" if held is not None else f"there is no self.{name}"
            raise Mismatch("statement", f"{name} is not among the parameters of Tied: {there}.")
        if tuple(found[name].shape) != shape:
            raise Mismatch(
                "shape",
                f"{name} of Tied({VISIBLE}, {HIDDEN}) has shape {tuple(found[name].shape)}, and must have {shape}.",
            )
        if not found[name].requires_grad or not found[name].is_leaf:
            raise Mismatch("graph", f"{name} must be a leaf with requires_grad.")
    extra = [name for name in found if name not in TIED]
    if extra:
        shared = [n for n in extra if any(shares_memory(found[n], found[name]) for name in TIED)]
        memory = (
            f" ({', '.join(shared)} stands on memory of the others, but is a parameter by itself)" if shared else ""
        )
        raise Mismatch("statement", f"Tied has more parameters than three: {', '.join(extra)} too{memory}.")
    if buffers:
        raise Mismatch("statement", f"Tied has a buffer, and none is asked for: {', '.join(buffers)}.")


def rows(device, *shape, seed=5, dtype=torch.float32):
    values = np.random.default_rng(seed).permutation(np.arange(np.prod(shape, dtype=int))).reshape(shape) / 8 - 0.7
    return torch.tensor(values, dtype=dtype, device=device), values


def test_Tied__has_three_parameters():
    model = kata.Tied(VISIBLE, HIDDEN)
    assert_tied_parameters(model)
    assert_value(sorted(model.state_dict()), sorted(TIED), name="the sorted list of the names in the state")
    count = sum(parameter.numel() for parameter in model.parameters())
    assert_value(count, 11, name="the count of numbers in all parameters")


def test_Tied__draws_the_weight_and_begins_with_biases_of_0():
    model = kata.Tied(25, 80)
    assert_tensor(model.bias_1.detach(), np.zeros(80, np.float32), name="the parameter bias_1")
    assert_tensor(model.bias_2.detach(), np.zeros(25, np.float32), name="the parameter bias_2")
    # Of 2,000 uniform numbers none lies in the last twentieth of the interval: a chance of .95 ** 2000 < 1e-44.
    # The mean of 2,000 has a standard deviation of .2 / sqrt(3 * 2000) = .0026.
    weight = model.weight.detach()
    if weight.min() == weight.max():
        raise Mismatch("statement", "All the numbers in the weight are the same: they must be drawn at random.")
    if weight.abs().max() > 0.2:
        raise Mismatch("statement", "For visible = 25 the weight must lie between -0.2 and 0.2; some of it is beyond.")
    if weight.min() > -0.18 or weight.max() < 0.18 or weight.mean().abs() > 0.016:
        raise Mismatch("statement", "For visible = 25 the weight must fill the interval from -0.2 to 0.2 evenly.")
    if torch.equal(model.weight, kata.Tied(25, 80).weight):
        raise Mismatch("value", "Two modules began with the same weight: it must be drawn anew for each.")


def test_Tied__encodes(device):
    model, p = tied(device)
    x, values = rows(device, 4, VISIBLE)
    expected = np.tanh(values @ p["weight"].T + p["bias_1"])
    assert_tensor(model.encode(x).detach(), expected.astype(np.float32), device=device, name="the answer of encode(x)")


def test_Tied__decodes(device):
    model, p = tied(device)
    h, values = rows(device, 4, HIDDEN)
    expected = values @ p["weight"] + p["bias_2"]
    assert_tensor(model.decode(h).detach(), expected.astype(np.float32), device=device, name="the answer of decode(h)")


@pytest.mark.parametrize("shape", [(5, VISIBLE), (VISIBLE,), (2, 4, VISIBLE), (1, VISIBLE), (0, VISIBLE)])
def test_Tied__goes_there_and_back(device, shape):
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


def test_Tied__has_one_weight_after_loading_and_copying(device):
    model, _ = tied(device, seed=3)
    other, p = tied(device, seed=4)
    x, values = rows(device, 4, VISIBLE)
    expected = np.tanh(values @ p["weight"].T + p["bias_1"]) @ p["weight"] + p["bias_2"]
    model.load_state_dict(other.state_dict())
    assert_tensor(model(x).detach(), expected.astype(np.float32), device=device, rtol=1e-5)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        model.weight.zero_()
    assert_tensor(twin(x).detach(), expected.astype(np.float32), device=device, rtol=1e-5, name="the copy's answer")


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


def test_load_onto__puts_every_parameter_and_buffer_back(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__reads_a_file_from_a_device_that_is_not_here(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    kata.load_onto(file_from(ELSEWHERE, saved, tmp_path), model, device)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__takes_a_file_and_a_model_from_the_cpu_to_the_device(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    actual = kata.load_onto(str(file_of(saved, tmp_path)), model, torch.device(device))
    assert_the_very(model, actual)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__takes_a_file_and_a_model_from_the_device_to_the_cpu(device, tmp_path):
    saved, model = net(device, seed=1), net(device, seed=2)
    actual = kata.load_onto(file_of(saved, tmp_path), model, "cpu")
    assert_the_very(model, actual)
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), "cpu")


def test_load_onto__moves_what_no_state_holds_too(device, tmp_path):
    saved, model = fill(Scaled(3, note=""), 1), fill(Scaled(3, note=""), 2)
    scale = model.scale.numpy().copy()
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_tensor(model.scale, scale, device=device, name="the model's buffer scale, which is in no state,")
    assert_state(model.state_dict(), numbers_of(saved.state_dict()), device)


def test_load_onto__keeps_modes_and_requires_grad(device, tmp_path):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    model.norm.eval()
    model.first.requires_grad_(False)
    noted = flags(model)
    kata.load_onto(file_of(saved, tmp_path), model, device)
    assert_flags(model, noted)


@pytest.mark.parametrize("fault", ["a name too many", "a name too few"])
def test_load_onto__refuses_a_state_that_does_not_fit(device, tmp_path, fault):
    saved, model = net("cpu", seed=1), net("cpu", seed=2)
    if fault == "a name too few":
        del saved.norm
    more = {"old": torch.ones(1)} if fault == "a name too many" else {}
    path = file_of(saved, tmp_path, **more)
    with assert_raises(RuntimeError, because=f"The file has {fault}, and no error was raised: raise a RuntimeError."):
        kata.load_onto(path, model, device)
