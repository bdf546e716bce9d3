"""Answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_07_resuming.py for another reason."""

import copy
import io
import os
import random
import re
import tempfile
from pathlib import Path

import torch


def checkpoint__references__shallow_copy(model, optimizer, scheduler, epoch, generator):
    """copy.copy copies the dicts, but not the tensors in them."""
    return {
        "model": copy.copy(model.state_dict()),
        "optimizer": copy.copy(optimizer.state_dict()),
        "scheduler": copy.copy(scheduler.state_dict()),
        "epoch": epoch,
        "generator": generator.get_state(),
    }


def checkpoint__optimizer_alone_copied__shallow(model, optimizer, scheduler, epoch, generator):
    """The dict of the model is copied, but not the tensors in it."""
    return {
        "model": model.state_dict().copy(),
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "scheduler": copy.deepcopy(scheduler.state_dict()),
        "epoch": epoch,
        "generator": generator.get_state().clone(),
    }


def resume__checkpoint_trained_on__shallow_copy(state, model, optimizer, scheduler, generator):
    """dict() copies the outer dict, but not the tensors in it."""
    state = dict(state)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    generator.set_state(state["generator"])
    return state["epoch"]


def resume__generator_forgotten__global_generator(state, model, optimizer, scheduler, generator):
    """The state goes into the global generator."""
    state = copy.deepcopy(state)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    before = torch.get_rng_state()
    torch.set_rng_state(state["generator"])
    torch.set_rng_state(before)
    return state["epoch"]


def resume__model_forgotten__a_copy_loaded(state, model, optimizer, scheduler, generator):
    """The values go into a copy of the model."""
    state = copy.deepcopy(state)
    copy.deepcopy(model).load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    generator.set_state(state["generator"])
    return state["epoch"]


def write_checkpoint__temporary_file_stays_behind__only_some_errors(path, state):
    """The file is deleted only after another class of error."""
    try:
        torch.save(state, f"{path}.tmp")
    except ValueError:
        os.remove(f"{path}.tmp")
        raise
    os.replace(f"{path}.tmp", path)


def write_checkpoint__path_returned__temporary_one(path, state):
    """The path of the temporary file is returned."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return temporary


def latest__by_the_alphabet__one_digit(folder):
    """The pattern allows one digit."""
    paths = [path for path in Path(folder).iterdir() if re.fullmatch(r"epoch_\d\.pt", path.name)]
    for path in sorted(paths, reverse=True):
        try:
            torch.load(path, map_location="cpu")
            return path
        except Exception:
            continue
    return None


def latest__never_read__size(folder):
    """A file counts as readable if it exists."""
    found = {}
    for path in Path(folder).iterdir():
        if (match := re.fullmatch(r"epoch_(\d+)\.pt", path.name)) and path.is_file():
            found[int(match[1])] = path
    return found[max(found)] if found else None


def latest__everything_trusted__tried_twice(folder):
    """A file that torch.load refuses is read once more, with its code."""
    found = {}
    for path in Path(folder).iterdir():
        if match := re.fullmatch(r"epoch_(\d+)\.pt", path.name):
            found[int(match[1])] = path
    for epoch in sorted(found, reverse=True):
        for only in (True, False):
            try:
                torch.load(found[epoch], map_location="cpu", weights_only=only)
            except Exception:
                continue
            return found[epoch]
    return None


def checkpoint__the_objects_themselves__copied(model, optimizer, scheduler, epoch, generator):
    """The objects are copied, but they are still objects."""
    objects = {"model": model, "optimizer": optimizer, "scheduler": scheduler, "generator": generator}
    return {**copy.deepcopy(objects), "epoch": epoch}


def checkpoint__copies_of_the_objects__model_itself(model, optimizer, scheduler, epoch, generator):
    """The model is not copied."""
    return {
        "model": model,
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "scheduler": copy.deepcopy(scheduler.state_dict()),
        "epoch": epoch,
        "generator": generator.get_state(),
    }


def checkpoint__optimizer_itself__not_copied(model, optimizer, scheduler, epoch, generator):
    """The optimizer is not copied."""
    return {
        "model": copy.deepcopy(model.state_dict()),
        "optimizer": optimizer,
        "scheduler": copy.deepcopy(scheduler.state_dict()),
        "epoch": epoch,
        "generator": generator.get_state(),
    }


def _train(run, features, labels, epochs, orders):
    model, optimizer, scheduler = run
    model.train()
    for _ in epochs:
        for rows in orders().to(features.device).split(4):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(features[rows]), labels[rows]).backward()
            optimizer.step()
        scheduler.step()


def train_until__seeded_in_every_epoch__global_seed(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The global generator gets the same seed in every epoch."""

    def order():
        torch.manual_seed(0)
        return torch.randperm(len(labels))

    _train((model, optimizer, scheduler), features, labels, range(first_epoch, last_epoch), order)


def train_until__global_generator__pythons_random(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Python's random module draws the order."""

    def order():
        return torch.tensor(random.sample(range(len(labels)), len(labels)))

    _train((model, optimizer, scheduler), features, labels, range(first_epoch, last_epoch), order)


def train_until__seeded_with_the_epoch__global_seed(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The global generator gets the number of the epoch as its seed."""
    epochs = iter(range(first_epoch, last_epoch))

    def order():
        torch.manual_seed(next(epochs))
        return torch.randperm(len(labels))

    _train((model, optimizer, scheduler), features, labels, range(first_epoch, last_epoch), order)


def latest__any_beginning__search(folder):
    """re.search finds the end of a name."""
    found = {}
    for path in Path(folder).iterdir():
        if match := re.search(r"(\d+)\.pt$", path.name):
            found[int(match[1])] = path
    for epoch in sorted(found, reverse=True):
        try:
            torch.load(found[epoch], map_location="cpu")
            return found[epoch]
        except Exception:
            continue
    return None


def write_checkpoint__copied_over__bytes(path, state):
    """The bytes are complete before they are written into the file."""
    stream = io.BytesIO()
    torch.save(state, stream)
    Path(path).write_bytes(stream.getvalue())


def write_checkpoint__temporary_file_stays_behind__drawn_name(path, state):
    """The temporary file has a name that is drawn at random."""
    handle, temporary = tempfile.mkstemp(dir=Path(path).parent)
    os.close(handle)
    torch.save(state, temporary)
    os.replace(temporary, path)


def train_until__evaluation_mode__after_each_epoch(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The model goes into eval mode at the end of an epoch, and stays there."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        for rows in torch.randperm(len(labels), generator=generator).to(features.device).split(4):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(features[rows]), labels[rows]).backward()
            optimizer.step()
        scheduler.step()
        model.eval()


def train_until__orders_pile_up__indices(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """A list of row numbers is shuffled again and again."""
    numbers = torch.arange(len(labels))

    def order():
        nonlocal numbers
        numbers = numbers[torch.randperm(len(labels), generator=generator)]
        return numbers

    _train((model, optimizer, scheduler), features, labels, range(first_epoch, last_epoch), order)
