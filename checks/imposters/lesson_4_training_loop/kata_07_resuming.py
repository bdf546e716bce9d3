"""Answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_07_resuming.py for another reason."""

import copy
import os
import re
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
