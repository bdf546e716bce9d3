"""The specification of katas/lesson_4_training_loop/kata_07_resuming.py."""

import contextlib
import copy
import errno
import functools
import os
import pickle
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import Mismatch, assert_raises, assert_tensor, assert_unchanged, assert_value
from katas import foundations
from katas.lesson_4_training_loop import kata_07_resuming as kata

CORE = ("checkpoint", "resume")


def distinct(seed, *shape):
    """The integers from 1 on, each once, in an order drawn from `seed`, scaled to between -1 and 1, as float64."""
    count = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(np.arange(1.0, count + 1)).reshape(shape) / count * 2 - 1


def examples(device, count, dtype=torch.float32):
    """Features (count, 3), whose first column tells the rows apart, and labels of 2 classes."""
    features = torch.tensor(distinct(count, count, 3), dtype=dtype, device=device)
    labels = torch.tensor(np.random.default_rng(count).integers(0, 2, count), device=device)
    return features, labels


class Net(nn.Module):
    """A small model with parameters and, if normalized, buffers. It records the batches and the modes of its calls."""

    def __init__(self, normalized=True):
        super().__init__()
        self.second = nn.Linear(3, 4) if normalized else nn.Identity()
        self.first = nn.BatchNorm1d(4) if normalized else nn.Identity()
        self.last = nn.Linear(4 if normalized else 3, 2)
        self.met = []
        self.modes = []

    def forward(self, x):
        self.met.append(x.detach()[:, 0].tolist())
        self.modes.append(self.training)
        return self.last(self.first(self.second(x)))


def new_run(device, seed=1, kind="SGD", lr=0.25, normalized=True, dtype=torch.float32):
    """A run before its first epoch; all of its numbers are drawn from `seed`."""
    model = Net(normalized)
    with torch.no_grad():
        for place, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.tensor(distinct(10 * seed + place, *parameter.shape)))
    model.to(device=device, dtype=dtype)
    if kind == "SGD":
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    generator = torch.Generator().manual_seed(seed)
    return types.SimpleNamespace(model=model, optimizer=optimizer, scheduler=scheduler, generator=generator)


def parts(run):
    return run.model, run.optimizer, run.scheduler, run.generator


def go_on(run, epochs, count=6):
    """Train a run by `epochs`, as a right train_until does; return the run."""
    features, labels = examples(next(run.model.parameters()).device, count)
    for _ in range(epochs):
        for rows in torch.randperm(count, generator=run.generator).to(features.device).split(4):
            run.optimizer.zero_grad()
            nn.functional.cross_entropy(run.model(features[rows]), labels[rows]).backward()
            run.optimizer.step()
        run.scheduler.step()
    return run


@functools.cache
def trained(device, kind="SGD", epochs=3):
    """A run after some epochs, made once: only for reading."""
    return go_on(new_run(device, kind=kind), epochs)


def state_of(run, epoch):
    """The run's checkpoint, as a right checkpoint makes it."""
    return copy.deepcopy(
        {
            "model": run.model.state_dict(),
            "optimizer": run.optimizer.state_dict(),
            "scheduler": run.scheduler.state_dict(),
            "epoch": epoch,
            "generator": run.generator.get_state(),
        }
    )


def put_back(state, run):
    """Do with the run what a right resume does; return the run."""
    state = copy.deepcopy(state)
    for name in ("model", "optimizer", "scheduler"):
        getattr(run, name).load_state_dict(state[name])
    run.generator.set_state(state["generator"])
    return run


def a_kind(value):
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0] in 'aeiouAEIOU' or name == 'SGD' else 'a'} {name}"


def assert_same(actual, expected, name):
    """Check that two checkpoints, or parts of them, are equal to the last bit, on any devices."""
    __tracebackhide__ = True
    if isinstance(expected, torch.Tensor):
        here = actual.detach().cpu() if isinstance(actual, torch.Tensor) else actual
        assert_tensor(here, expected.detach().cpu(), rtol=0, atol=0, name=name)
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            raise Mismatch("type", f"{name[0].upper()}{name[1:]} is {a_kind(actual)}; it must be a dict.")
        missing = [key for key in expected if key not in actual]
        extra = [key for key in actual if key not in expected]
        if missing or extra:
            words = [f"is missing {missing[0]!r}"] if missing else []
            words += [f"must not have {extra[0]!r}"] if extra else []
            raise Mismatch("statement", f"{name[0].upper()}{name[1:]} {' and '.join(words)}.")
        for key, value in expected.items():
            assert_same(actual[key], value, f"{name}[{key!r}]")
    elif isinstance(expected, (list, tuple)):
        if not isinstance(actual, (list, tuple)) or len(actual) != len(expected):
            raise Mismatch("type", f"{name[0].upper()}{name[1:]} must be a list of {len(expected)}.")
        for place, value in enumerate(expected):
            assert_same(actual[place], value, f"{name}[{place}]")
    else:
        assert_value(actual, expected, tolerance=0, name=name)


def entry(state, key):
    """state[key], for a state that must be a dictionary with that key."""
    __tracebackhide__ = True
    if not isinstance(state, dict):
        raise Mismatch("type", f"The result is {a_kind(state)}; it must be a dict.")
    if key not in state:
        raise Mismatch(
            "statement", f"The key {key!r} is missing. The keys are: {', '.join(map(str, state)) or 'none'}."
        )
    return state[key]


def assert_state(actual, expected):
    __tracebackhide__ = True
    for key in expected:
        assert_same(entry(actual, key), expected[key], f"the entry state[{key!r}]")


def assert_draws(generator, expected, says):
    """Check that a generator has the state of `expected`."""
    __tracebackhide__ = True
    if not torch.equal(generator.get_state(), expected.get_state()):
        # The next orders are for the report. `expected` must not change.
        ahead = torch.Generator()
        ahead.set_state(expected.get_state())
        orders = [torch.randperm(6, generator=each) for each in (generator, ahead)]
        raise Mismatch("value", says, actual=orders[0], expected=orders[1])


def assert_bits(model, expected, whose):
    __tracebackhide__ = True
    for name, tensor in expected.state_dict().items():
        assert_tensor(model.state_dict()[name].detach(), tensor, rtol=0, atol=0, name=f"{whose} {name}")


def names_in(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def file_of(state, tmp_path, name="state.pt"):
    torch.save(state, tmp_path / name)
    return tmp_path / name


def file_from(device_name, state, tmp_path, name="from_elsewhere.pt"):
    """A file with a state, made on the CPU, that says it was written on another device."""
    plain, path = file_of(state, tmp_path, "plain"), tmp_path / name
    word, other = (b"X" + len(each).to_bytes(4, "little") + each for each in (b"cpu", device_name.encode()))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for each in source.infolist():
            data = source.read(each)
            target.writestr(each.filename, data.replace(word, other) if each.filename.endswith(".pkl") else data)
    plain.unlink()
    return path


def assert_lives_on(state, device):
    """Check that the model's tensors and the optimizer's tensors that are shaped like parameters are on the device."""
    __tracebackhide__ = True
    found = {f"state['model'][{name!r}]": tensor for name, tensor in state["model"].items()}
    for number, held in state["optimizer"]["state"].items():
        # A count of steps may be on any device.
        shaped = {name: tensor for name, tensor in held.items() if tensor is not None and tensor.dim()}
        found |= {f"state['optimizer']['state'][{number}][{name!r}]": tensor for name, tensor in shaped.items()}
    wanted = torch.device(device).type
    wrong = [name for name, tensor in found.items() if tensor.device.type != wanted]
    if wrong:
        count = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        lives = found[wrong[0]].device.type
        raise Mismatch("device", f"{wrong[0]}{count} must be on {wanted}, not on {lives}.")


def checkpoint_of(run, epoch):
    return kata.checkpoint(run.model, run.optimizer, run.scheduler, epoch, run.generator)


def test_checkpoint__has_the_five_keys(device):
    state = checkpoint_of(go_on(new_run(device), 1), 1)
    for key in ("model", "optimizer", "scheduler", "epoch", "generator"):
        entry(state, key)
    assert_value(len(state), 5, name="the number of keys")


def test_checkpoint__contains_the_model_and_its_buffers(device):
    run = go_on(new_run(device), 1)
    assert_same(entry(checkpoint_of(run, 1), "model"), state_of(run, 1)["model"], "the entry state['model']")


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_checkpoint__contains_the_optimizer_and_its_momentum(device, kind):
    run = go_on(new_run(device, kind=kind), 1)
    held = entry(checkpoint_of(run, 1), "optimizer")
    assert_same(held, state_of(run, 1)["optimizer"], "the entry state['optimizer']")


def test_checkpoint__contains_the_state_of_the_scheduler(device):
    run = go_on(new_run(device), 3)
    held = entry(checkpoint_of(run, 3), "scheduler")
    assert_same(held, state_of(run, 3)["scheduler"], "the entry state['scheduler']")


@pytest.mark.parametrize("epoch", [4, 0])
def test_checkpoint__contains_the_epoch_as_an_int(device, epoch):
    assert_value(entry(checkpoint_of(new_run(device), epoch), "epoch"), epoch, name="the entry state['epoch']")


def test_checkpoint__contains_the_state_of_the_generator(device):
    run = new_run(device, seed=5)
    torch.randperm(7, generator=run.generator)
    held = entry(checkpoint_of(run, 1), "generator")
    assert_same(held, run.generator.get_state(), "the entry state['generator']")


@pytest.mark.parametrize(
    ("kind", "part"), [("SGD", "model"), ("SGD", "optimizer"), ("SGD", "everything else"), ("Adam", "optimizer")]
)
def test_checkpoint__does_not_change_when_training_goes_on(device, kind, part):
    run = go_on(new_run(device, kind=kind), 1)
    before = state_of(run, 1)
    state = checkpoint_of(run, 1)
    go_on(run, 1)
    keys = [part] if part in before else ["scheduler", "epoch", "generator"]
    for key in keys:
        assert_same(entry(state, key), before[key], f"after one more epoch, the entry state['{key}']")


def test_checkpoint__can_be_read_by_torch_load(device, tmp_path):
    run = go_on(new_run(device), 1)
    state = checkpoint_of(run, 1)
    try:
        torch.save(state, tmp_path / "state.pt")
        torch.load(tmp_path / "state.pt")
    except Exception as error:
        kinds = {f"{key}: {type(value).__name__}" for key, value in state.items()}
        says = f"torch.load, without other arguments, refuses a file of the checkpoint ({type(error).__name__})."
        raise Mismatch("unusable", f"{says} Its values are {', '.join(sorted(kinds))}.") from None


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_checkpoint__does_not_change_the_run(device, mode):
    run = go_on(new_run(device), 1)
    before = state_of(run, 1)
    gradients = {name: parameter.grad.clone() for name, parameter in run.model.named_parameters()}
    run.model.train(mode == "train")
    checkpoint_of(run, 1)
    assert_same(state_of(run, 1), before, "the run")
    if run.model.training != (mode == "train"):
        now = "train" if run.model.training else "eval"
        raise Mismatch("mutated", f"The model was in {mode} mode, and now it is in {now} mode.")
    for name, parameter in run.model.named_parameters():
        if parameter.grad is None:
            raise Mismatch("mutated", f"The parameter {name} had a gradient, and now its .grad is None.")
        assert_tensor(parameter.grad, gradients[name], rtol=0, atol=0, name=f"the gradient of {name}")


def test_checkpoint__does_what_its_example_shows(example):
    example.check(kata)


def stopped_and_new(device, kind="SGD", epochs=3, written_on=None):
    """A run stopped after some epochs, its state, and a new run with other numbers and another learning rate."""
    run = trained(written_on or device, kind, epochs)
    return run, state_of(run, epochs), new_run(device, seed=2, kind=kind, lr=0.75)


def test_resume__restores_the_model_and_its_buffers(device):
    stopped, state, run = stopped_and_new(device)
    kata.resume(state, *parts(run))
    assert_bits(run.model, stopped.model, "the model's")


@pytest.mark.parametrize("epochs", [3, 1])
def test_resume__returns_the_index_of_the_next_epoch(device, epochs):
    _, state, run = stopped_and_new(device, epochs=epochs)
    assert_value(kata.resume(state, *parts(run)), epochs)


def test_resume__keeps_the_parameters_the_same_objects(device):
    _, state, run = stopped_and_new(device)
    parameters = list(run.model.parameters())
    kata.resume(state, *parts(run))
    if [id(each) for each in run.model.parameters()] != [id(each) for each in parameters]:
        says = "The model's parameters are different objects now, and the optimizer changes the old ones."
        raise Mismatch("memory", says)


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_resume__restores_the_momentum(device, kind):
    stopped, state, run = stopped_and_new(device, kind=kind)
    kata.resume(state, *parts(run))
    for place, (old, new) in enumerate(zip(stopped.model.parameters(), run.model.parameters(), strict=True)):
        for name, value in stopped.optimizer.state[old].items():
            if name not in run.optimizer.state[new]:
                says = f"The optimizer has no {name} for parameter {place}."
                raise Mismatch("statement", says)
            assert_same(run.optimizer.state[new][name], value, f"the {name} of parameter {place}")


def test_resume__restores_the_learning_rate(device):
    _, state, run = stopped_and_new(device)
    kata.resume(state, *parts(run))
    # It began with .25, and was halved after 2 of 3 epochs.
    assert_value(run.optimizer.param_groups[0]["lr"], 0.125, name="the optimizer's learning rate")


def test_resume__restores_the_schedule(device):
    _, state, run = stopped_and_new(device)
    kata.resume(state, *parts(run))
    rates = []
    for _ in range(4):
        run.optimizer.step()
        run.scheduler.step()
        rates.append(run.optimizer.param_groups[0]["lr"])
    # Halved after 2, 4 and 6 epochs; 3 of them are done.
    assert_value(rates, [0.0625, 0.0625, 0.03125, 0.03125], name="the list of the next 4 learning rates")


def test_resume__restores_the_generator(device):
    stopped, state, run = stopped_and_new(device)
    kata.resume(state, *parts(run))
    says = "The generator has another state than the checkpoint, so the next order of the rows differs."
    assert_draws(run.generator, stopped.generator, says)


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_resume__ends_like_a_run_that_never_stopped(device, kind):
    _, state, run = stopped_and_new(device, kind=kind)
    kata.resume(state, *parts(run))
    never_stopped = trained(device, kind, 6)
    assert_bits(go_on(run, 3).model, never_stopped.model, "after 3 more epochs, the model's")


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_resume__leaves_the_checkpoint_unchanged_when_training_goes_on(device, kind):
    _, state, run = stopped_and_new(device, kind=kind)
    before = copy.deepcopy(state)
    kata.resume(state, *parts(run))
    assert_state(state, before)
    go_on(run, 1)
    assert_state(state, before)


def test_resume__accepts_a_checkpoint_from_another_device(device):
    _, state, run = stopped_and_new(device, written_on="cpu")
    kata.resume(state, *parts(run))
    assert_same(run.model.state_dict(), state["model"], "the state of the model")
    assert_lives_on({"model": run.model.state_dict(), "optimizer": run.optimizer.state_dict()}, device)


def test_resume__does_what_its_example_shows(example):
    example.check(kata)


# No machine has so many devices.
ELSEWHERE = "cuda:99"


def test_read_checkpoint__returns_what_is_in_the_file(device, tmp_path):
    state = state_of(trained(device, "Adam"), 3)
    assert_state(kata.read_checkpoint(file_of(state, tmp_path), device), state)


def test_read_checkpoint__loads_a_file_from_the_cpu_to_the_device(device, tmp_path):
    state = state_of(trained("cpu"), 3)
    found = kata.read_checkpoint(str(file_of(state, tmp_path)), torch.device(device))
    assert_state(found, state)
    assert_lives_on(found, device)


def test_read_checkpoint__loads_a_file_from_the_device_to_the_cpu(device, tmp_path):
    state = state_of(trained(device), 3)
    found = kata.read_checkpoint(file_of(state, tmp_path), "cpu")
    assert_state(found, state)
    assert_lives_on(found, "cpu")


def test_read_checkpoint__reads_a_file_from_a_device_that_is_missing(device, tmp_path):
    state = state_of(trained("cpu"), 3)
    found = kata.read_checkpoint(file_from(ELSEWHERE, state, tmp_path), device)
    assert_state(found, state)
    assert_lives_on(found, device)


def test_read_checkpoint__returns_a_state_that_the_generator_accepts(device, tmp_path):
    run = trained("cpu")
    held = entry(kata.read_checkpoint(file_of(state_of(run, 3), tmp_path), device), "generator")
    if isinstance(held, torch.Tensor) and held.device.type != "cpu":
        says = f"The generator's state is on {held.device.type}. set_state accepts it only on the CPU."
        raise Mismatch("device", says)
    generator = torch.Generator()
    generator.set_state(held)
    assert_draws(
        generator, run.generator, "The generator's state is not the one that was saved: it draws other numbers next."
    )


class Intruder:
    """In a file, this object creates a folder when the file is read. It stands for any code."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_read_checkpoint__does_not_run_code_from_the_file(device, tmp_path):
    folder = tmp_path / "made"
    path = file_of({**state_of(new_run(device), 0), "intruder": Intruder(str(folder))}, tmp_path)
    refused = False
    try:
        kata.read_checkpoint(path, device)
    except NotImplementedError:
        raise
    except Exception:
        refused = True
    if folder.exists():
        raise Mismatch("statement", "The file contained code, and your code ran it: it created a folder.")
    if not refused:
        raise Mismatch("error_expected", "The file contains code. Expected an error, but your code raised none.")


def test_read_checkpoint__does_what_its_example_shows(example):
    example.check(kata)


class Watcher:
    """An object that calls a function when it is written."""

    def __init__(self, function):
        self.function = function

    def __reduce__(self):
        self.function()
        return int, (0,)


def disk_full():
    raise OSError(errno.ENOSPC, "No space left on device")


def test_write_checkpoint__writes_a_file_that_torch_load_reads(device, tmp_path):
    state = state_of(trained(device), 3)
    assert_value(kata.write_checkpoint(tmp_path / "epoch_2.pt", state), None)
    if not (tmp_path / "epoch_2.pt").exists():
        raise Mismatch("statement", f"There is no file epoch_2.pt. The folder contains {names_in(tmp_path)}.")
    try:
        found = torch.load(tmp_path / "epoch_2.pt")
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        says = f"torch.load, without other arguments, can't read the file ({type(error).__name__})."
        raise Mismatch("unusable", says) from None
    assert_state(found, state)


def test_write_checkpoint__writes_one_file_with_the_given_name(device, tmp_path):
    kata.write_checkpoint(str(tmp_path / "any name"), {"weight": torch.ones(3, device=device)})
    if names_in(tmp_path) != ["any name"]:
        raise Mismatch("statement", f"The path ends in 'any name'; the files in the folder are {names_in(tmp_path)}.")


def test_write_checkpoint__replaces_an_older_file(device, tmp_path):
    path = tmp_path / "state.pt"
    torch.save({"weight": torch.zeros(2, device=device), "epoch": 1}, path)
    new = {"weight": torch.ones(3, device=device), "epoch": 2}
    kata.write_checkpoint(path, new)
    assert_state(torch.load(path), new)
    assert_value(names_in(tmp_path), ["state.pt"], name="the list of files in the folder")


def test_write_checkpoint__passes_on_the_error_if_writing_fails(device, tmp_path):
    state = {"weight": torch.ones(3, device=device), "more": Watcher(disk_full)}
    because = "Writing failed because the disk was full, but your code raised no error."
    with assert_raises(OSError, because=because):
        kata.write_checkpoint(tmp_path / "state.pt", state)


def fail_to_write(path, device):
    with contextlib.suppress(OSError):
        kata.write_checkpoint(path, {"weight": torch.ones(3, device=device), "more": Watcher(disk_full)})


def test_write_checkpoint__keeps_the_old_file_if_writing_fails(device, tmp_path):
    path = tmp_path / "state.pt"
    torch.save({"weight": torch.zeros(2), "epoch": 1}, path)
    before = path.read_bytes()
    fail_to_write(path, device)
    if not path.exists() or path.read_bytes() != before:
        how = "has changed" if path.exists() else "is gone"
        raise Mismatch("statement", f"Writing the new state failed, and the old file {how}.")


def test_write_checkpoint__leaves_no_temporary_file_if_writing_fails(device, tmp_path):
    fail_to_write(tmp_path / "state.pt", device)
    if names_in(tmp_path):
        # Without names, which may be drawn at random: a report finds a mistake by these sentences.
        raise Mismatch("statement", "Writing failed, and a file is left in the folder, which was empty before.")


def test_write_checkpoint__has_a_complete_file_at_every_moment(device, tmp_path, monkeypatch):
    path, other_name = tmp_path / "state.pt", tmp_path / "other name"
    torch.save({"weight": torch.zeros(2), "epoch": 1}, path)
    before, moments = path.read_bytes(), {}

    def look(moment):
        moments[moment] = path.exists() and path.read_bytes() == before

    def watched(move):
        def moved(source, target, *args, **kwargs):
            if Path(target) == path:
                look("when the new file was moved to its place")
            return move(source, target, *args, **kwargs)

        return moved

    monkeypatch.setattr(os, "replace", watched(os.replace))
    monkeypatch.setattr(os, "rename", watched(os.rename))
    os.link(path, other_name)
    weight = torch.ones(3, device=device)
    kata.write_checkpoint(path, {"more": Watcher(lambda: look("while the new file was written")), "weight": weight})
    monkeypatch.undo()
    for moment, whole in moments.items():
        if not whole:
            raise Mismatch("statement", f"The old file was missing or incomplete {moment}.")
    # A file that was written into changes under its other name too. A file that was replaced does not.
    if other_name.read_bytes() != before:
        says = "The new state was written into the old file. For a moment, this file was incomplete."
        raise Mismatch("statement", says)


def test_write_checkpoint__moves_within_one_folder(device, tmp_path, monkeypatch):
    def on_another_disk(move):
        def moved(source, target, *args, **kwargs):
            if Path(source).resolve().parent != Path(target).resolve().parent:
                raise Mismatch(
                    "statement",
                    "The temporary file was in another folder, which may be on another disk. Put it into the folder of "
                    "the file, so that the move is one operation.",
                )
            return move(source, target, *args, **kwargs)

        return moved

    monkeypatch.setattr(os, "replace", on_another_disk(os.replace))
    monkeypatch.setattr(os, "rename", on_another_disk(os.rename))
    new = {"weight": torch.ones(3, device=device)}
    kata.write_checkpoint(tmp_path / "state.pt", new)
    monkeypatch.undo()
    assert_state(torch.load(tmp_path / "state.pt"), new)


def test_write_checkpoint__does_what_its_example_shows(example):
    example.check(kata)


def rows_met(model, features):
    """The batches that a model has met, as lists of row numbers; a row that is none of the features is -1."""
    numbers = {value: row for row, value in enumerate(features[:, 0].tolist())}
    return [[numbers.get(value, -1) for value in batch] for batch in model.met]


def orders(device, count, epochs, generator):
    """The order of the rows in each epoch, when a new run is trained for some epochs with the generator."""
    run, (features, labels) = new_run(device, normalized=False), examples(device, count)
    kata.train_until(run.model, run.optimizer, run.scheduler, generator, features, labels, 0, epochs)
    flat = [row for batch in rows_met(run.model, features) for row in batch]
    return [flat[start : start + count] for start in range(0, len(flat), count)]


@pytest.mark.parametrize(("count", "sizes"), [(10, [4, 4, 2]), (8, [4, 4]), (3, [3])])
def test_train_until__uses_every_row_once_per_epoch_in_batches_of_4(device, count, sizes):
    run, (features, labels) = new_run(device), examples(device, count)
    kata.train_until(*parts(run), features, labels, 0, 1)
    batches = rows_met(run.model, features)
    assert_value([len(batch) for batch in batches], sizes, name="the list of the batches' sizes")
    met = sorted(row for batch in batches for row in batch)
    assert_value(met, list(range(count)), name="the sorted list of the rows used in an epoch")


@pytest.mark.parametrize(("first", "last"), [(0, 3), (2, 7), (3, 3)])
def test_train_until__runs_from_first_epoch_up_to_last_epoch(device, first, last):
    run, (features, labels) = new_run(device, normalized=False), examples(device, 4)
    assert_value(kata.train_until(*parts(run), features, labels, first, last), None)
    # 4 rows are one batch.
    assert_value(len(run.model.met), last - first, name=f"the number of epochs from {first} up to {last}")


@pytest.mark.float64
def test_train_until__makes_the_updates_that_you_make_by_hand(device):
    run = new_run(device, normalized=False, dtype=torch.float64)
    features, labels = examples(device, 10, torch.float64)
    weight, bias = (each.detach().cpu().numpy().copy() for each in run.model.parameters())
    kata.train_until(*parts(run), features, labels, 0, 3)
    x, y, rate = features.cpu().numpy(), labels.cpu().numpy(), 0.25
    velocity = [np.zeros_like(weight), np.zeros_like(bias)]
    batches = rows_met(run.model, features)
    assert_value(len(batches), 9, name="the number of batches in 3 epochs")
    for number, rows in enumerate(batches):
        slopes = (foundations.softmax(x[rows] @ weight.T + bias) - np.eye(2)[y[rows]]) / len(rows)
        velocity = [0.9 * velocity[0] + slopes.T @ x[rows], 0.9 * velocity[1] + slopes.sum(axis=0)]
        weight, bias = weight - rate * velocity[0], bias - rate * velocity[1]
        # 3 batches are an epoch, and the rate is halved after every second.
        rate = 0.25 * 0.5 ** ((number + 1) // 6)
    for parameter, expected, name in zip(run.model.parameters(), (weight, bias), ("weight", "bias"), strict=True):
        assert_tensor(parameter.detach(), expected, device=device, name=f"the {name} after 3 epochs")


def test_train_until__steps_the_scheduler_after_each_epoch(device):
    run, (features, labels) = new_run(device, normalized=False), examples(device, 6)
    rates = []
    run.optimizer.register_step_pre_hook(lambda optimizer, *_: rates.append(optimizer.param_groups[0]["lr"]))
    kata.train_until(*parts(run), features, labels, 0, 3)
    assert_value(run.scheduler.last_epoch, 3, name="the number of the scheduler's steps in 3 epochs")
    assert_value(rates, [0.25] * 4 + [0.125] * 2, name="the list of learning rates in 3 epochs of 2 batches")


# Two orders of 12 rows, drawn at random, are the same with a chance of 1 in 12!, under 1e-8.
def test_train_until__draws_a_new_order_in_each_epoch(device):
    found = orders(device, 12, 2, torch.Generator().manual_seed(7))
    if list(range(12)) in found:
        raise Mismatch("statement", "The rows were used in their original order. Shuffle them.")
    if found[0] == found[1]:
        raise Mismatch("statement", "Two epochs used the rows in the same order. Draw a new order in each epoch.")


def test_train_until__takes_all_randomness_from_the_generator(device):
    found = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        found.append(orders(device, 12, 2, torch.Generator().manual_seed(7)))
    if found[0] != found[1]:
        says = "Two generators with the same state gave different orders, so some randomness comes from elsewhere."
        raise Mismatch("statement", says)


def test_train_until__draws_other_orders_for_another_seed(device):
    one, other = (orders(device, 12, 2, torch.Generator().manual_seed(seed)) for seed in (7, 8))
    if one[0] == other[0] or one[1] == other[1]:
        says = "Generators with different seeds gave the same order."
        raise Mismatch("statement", says)


def test_train_until__does_not_reset_the_generator(device):
    moved = torch.Generator().manual_seed(7)
    torch.randperm(12, generator=moved)
    one, other = orders(device, 12, 1, torch.Generator().manual_seed(7)), orders(device, 12, 1, moved)
    if one == other:
        says = "A generator that had drawn numbers before gave the same order as a new one."
        raise Mismatch("statement", says)


@pytest.mark.parametrize(("kind", "half"), [("SGD", 4), ("Adam", 2)])
def test_train_until__ends_the_same_with_a_stop_and_without(device, kind, half):
    features, labels = examples(device, 5)
    never_stopped, stopped = (new_run(device, kind=kind, normalized=False) for _ in range(2))
    kata.train_until(*parts(never_stopped), features, labels, 0, 2 * half)
    kata.train_until(*parts(stopped), features, labels, 0, half)
    resumed = put_back(state_of(stopped, half), new_run(device, seed=2, kind=kind, lr=0.75, normalized=False))
    kata.train_until(*parts(resumed), features, labels, half, 2 * half)
    assert_bits(resumed.model, never_stopped.model, f"after {half} epochs, a stop and {half} more, the model's")


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_train_until__trains_in_train_mode(device, mode):
    run, (features, labels) = new_run(device), examples(device, 4)
    run.model.train(mode == "train")
    kata.train_until(*parts(run), features, labels, 0, 2)
    if not all(run.model.modes):
        raise Mismatch("statement", f"The model was in {mode} mode before the call, and it got a batch in eval mode.")


def test_train_until__leaves_features_and_labels_unchanged(device):
    run, (features, labels) = new_run(device), examples(device, 10)
    with assert_unchanged(features=features, labels=labels):
        kata.train_until(*parts(run), features, labels, 0, 1)


def test_train_until__does_what_its_example_shows(example):
    example.check(kata)


def write_all(folder, *epochs):
    """Write a checkpoint for each epoch, in that order, a minute apart."""
    for minute, epoch in enumerate(epochs):
        path = file_of({"epoch": epoch, "model": {"weight": torch.ones(50)}}, folder, f"epoch_{epoch}.pt")
        os.utime(path, (1e9 + 60 * minute,) * 2)


def assert_found(folder, name):
    __tracebackhide__ = True
    actual = kata.latest(folder)
    if isinstance(actual, str):
        raise Mismatch("type", "The result is a str; it must be a Path.")
    if actual is None or not isinstance(actual, Path):
        raise Mismatch("type", f"The result is {a_kind(actual)}; it must be the Path of {name}.")
    if actual != Path(folder) / name:
        said = str(actual).replace(str(folder), "folder")
        says = f"The result is {said}; it must be folder/{name}. The folder contains {', '.join(names_in(folder))}."
        raise Mismatch("statement", says)


@pytest.mark.parametrize("epochs", [(1, 2, 3), (7,), (4, 8)])
def test_latest__finds_the_newest(tmp_path, epochs):
    write_all(tmp_path, *epochs)
    assert_found(tmp_path, f"epoch_{epochs[-1]}.pt")


@pytest.mark.parametrize("epochs", [(8, 9, 10), (2, 99, 100)])
def test_latest__compares_numbers_and_not_strings(tmp_path, epochs):
    write_all(tmp_path, *epochs)
    assert_found(tmp_path, f"epoch_{epochs[-1]}.pt")


@pytest.mark.parametrize("epochs", [(3, 1, 2), (5, 4)])
def test_latest__ignores_when_a_file_was_written(tmp_path, epochs):
    write_all(tmp_path, *epochs)
    assert_found(tmp_path, f"epoch_{epochs[0]}.pt")


def test_latest__accepts_the_folder_as_a_string(tmp_path):
    write_all(tmp_path, 1, 2)
    assert_found(str(tmp_path), "epoch_2.pt")


def spoil(path, how):
    """Put a file at `path` that can't be read."""
    whole = file_of({"model": {"weight": torch.ones(50)}}, path.parent, path.name).read_bytes()
    path.write_bytes({"half": whole[: len(whole) // 2], "empty": b"", "text": b"hello\n"}[how])


@pytest.mark.parametrize("how", ["half", "empty", "text"])
def test_latest__skips_a_file_that_torch_load_can_not_read(tmp_path, how):
    write_all(tmp_path, 2, 3)
    spoil(tmp_path / "epoch_4.pt", how)
    spoil(tmp_path / "epoch_11.pt", how)
    assert_found(tmp_path, "epoch_3.pt")


def test_latest__skips_a_file_that_contains_code(tmp_path):
    write_all(tmp_path, 2, 3)
    made = tmp_path / "made"
    file_of({"epoch": 4, "intruder": Intruder(str(made))}, tmp_path, "epoch_4.pt")
    actual = kata.latest(tmp_path)
    if made.exists():
        raise Mismatch("statement", "The file epoch_4.pt contained code, and your code ran it: it created a folder.")
    if actual == tmp_path / "epoch_4.pt":
        raise Mismatch("statement", "You returned epoch_4.pt. It contains code, so torch.load refuses it by default.")
    assert_found(tmp_path, "epoch_3.pt")


def test_latest__skips_other_names(tmp_path):
    write_all(tmp_path, 2, 3)
    for name in ("epoch_9.pt.tmp", "best_10.pt", "epoch_final.pt", "my_epoch_12.pt", "notes.txt", "epoch_13"):
        file_of({"epoch": 20}, tmp_path, name)
    assert_found(tmp_path, "epoch_3.pt")


@pytest.mark.parametrize("what", ["an empty folder", "other names", "half-written files"])
def test_latest__returns_none_if_there_is_no_checkpoint(tmp_path, what):
    if what == "other names":
        file_of({"epoch": 20}, tmp_path, "best.pt")
    if what == "half-written files":
        spoil(tmp_path / "epoch_1.pt", "half")
    assert_value(kata.latest(tmp_path), None, name=f"the result for {what}")


def test_latest__accepts_a_file_from_a_device_that_is_missing(tmp_path):
    write_all(tmp_path, 2)
    file_from(ELSEWHERE, {"model": {"weight": torch.ones(3)}}, tmp_path, "epoch_3.pt")
    assert_found(tmp_path, "epoch_3.pt")


def test_latest__does_not_change_the_folder(tmp_path):
    write_all(tmp_path, 2, 3)
    spoil(tmp_path / "epoch_4.pt", "half")
    file_of({"epoch": 20}, tmp_path, "best.pt")
    before = names_in(tmp_path)
    kata.latest(tmp_path)
    assert_value(names_in(tmp_path), before, name="the list of files in the folder")


def test_latest__does_what_its_example_shows(example):
    example.check(kata)
