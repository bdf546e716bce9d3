"""Wrong answers to katas/lesson_4_training_loop/kata_07_resuming.py, each with the sentence that corrects it."""

import contextlib
import copy
import os
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn


def _states(model, optimizer, scheduler, epoch, generator):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "generator": generator.get_state(),
    }


def _copies(*run):
    return copy.deepcopy(_states(*run))


def checkpoint__references(model, optimizer, scheduler, epoch, generator):
    """Your dict changes when training goes on, because a state_dict holds the same tensors as the run. Copy all of it,
    for example with copy.deepcopy."""
    return _states(model, optimizer, scheduler, epoch, generator)


def checkpoint__model_alone_copied(model, optimizer, scheduler, epoch, generator):
    """The momentum in your dict changes when training goes on. Copy the optimizer's state_dict too, with all tensors in
    it."""
    state = _states(model, optimizer, scheduler, epoch, generator)
    return {**state, "model": copy.deepcopy(state["model"])}


def checkpoint__optimizer_alone_copied(model, optimizer, scheduler, epoch, generator):
    """The model's values in your dict change when training goes on. Copy each tensor of the model's state_dict too."""
    state = _states(model, optimizer, scheduler, epoch, generator)
    return {**state, "optimizer": copy.deepcopy(state["optimizer"])}


def checkpoint__model_only(model, optimizer, scheduler, epoch, generator):
    """Your dict lacks the state of optimizer, scheduler and generator, so these would start again. Add all five
    keys."""
    return {"model": copy.deepcopy(model.state_dict()), "epoch": epoch}


def checkpoint__generator_left_out(model, optimizer, scheduler, epoch, generator):
    """Your dict lacks "generator", so a resumed run would shuffle the rows in another order. Add
    generator.get_state()."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    del state["generator"]
    return state


def checkpoint__scheduler_left_out(model, optimizer, scheduler, epoch, generator):
    """Your dict lacks "scheduler", so a resumed run would start its schedule again. Add scheduler.state_dict()."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    del state["scheduler"]
    return state


def checkpoint__parameters_only(model, optimizer, scheduler, epoch, generator):
    """Your model entry lacks the buffers, for example running means. Use the model's state_dict(), which contains
    them."""
    parameters = {name: each.detach().clone() for name, each in model.named_parameters()}
    return {**_copies(model, optimizer, scheduler, epoch, generator), "model": parameters}


def checkpoint__learning_rate_for_the_optimizer(model, optimizer, scheduler, epoch, generator):
    """Your optimizer entry is not the optimizer's state_dict, so the momentum is lost. Use optimizer.state_dict()."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    return {**state, "optimizer": {"lr": optimizer.param_groups[0]["lr"]}}


def checkpoint__settings_of_the_optimizer(model, optimizer, scheduler, epoch, generator):
    """Your optimizer entry has the settings, but not what the optimizer remembers for each parameter. Use its whole
    state_dict()."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    state["optimizer"]["state"] = {}
    return state


def checkpoint__the_objects_themselves(model, optimizer, scheduler, epoch, generator):
    """Your dict contains objects instead of their states. Use the state_dict() of model, optimizer and scheduler, and
    generator.get_state()."""
    return {
        "model": model,
        "optimizer": optimizer,
        "scheduler": scheduler,
        "epoch": epoch,
        "generator": generator,
    }


def checkpoint__copies_of_the_objects(model, optimizer, scheduler, epoch, generator):
    """Your model entry is an nn.Module. Use the model's state_dict(), which contains only tensors."""
    state = _states(model, optimizer, scheduler, epoch, generator)
    return copy.deepcopy({**state, "model": model})


def checkpoint__methods_not_called(model, optimizer, scheduler, epoch, generator):
    """Your dict contains methods instead of what they return. Call them, with parentheses: state_dict() and
    get_state()."""
    return {
        "model": model.state_dict,
        "optimizer": optimizer.state_dict,
        "scheduler": scheduler.state_dict,
        "epoch": epoch,
        "generator": generator.get_state,
    }


def checkpoint__epoch_from_numpy(model, optimizer, scheduler, epoch, generator):
    """Your epoch is a NumPy number, which torch.load refuses by default. Use the int that you got."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "epoch": np.int64(epoch)}


def checkpoint__epoch_counted_on(model, optimizer, scheduler, epoch, generator):
    """Your epoch is one too large. `epoch` is already the number of epochs that are done: don't add 1."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "epoch": epoch + 1}


def checkpoint__seed_for_the_generator(model, optimizer, scheduler, epoch, generator):
    """Your generator entry is an int. A seed does not say how many numbers were drawn since: use
    generator.get_state()."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": generator.initial_seed()}


def checkpoint__generator_itself(model, optimizer, scheduler, epoch, generator):
    """Your generator entry is a torch.Generator, but set_state needs a tensor. Use generator.get_state()."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": copy.deepcopy(generator)}


def checkpoint__global_generator(model, optimizer, scheduler, epoch, generator):
    """Your generator entry is the state of another generator. Use get_state() of the generator that you got."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": torch.get_rng_state()}


def checkpoint__rates_for_the_scheduler(model, optimizer, scheduler, epoch, generator):
    """Your scheduler entry is a list. Use the scheduler's state_dict(), which also holds its count."""
    return copy.deepcopy(
        dict(
            model=model.state_dict(),
            optimizer=optimizer.state_dict(),
            scheduler=scheduler.get_last_lr(),
            epoch=epoch,
            generator=generator.get_state(),
        )
    )


def checkpoint__other_keys(model, optimizer, scheduler, epoch, generator):
    """Your dict has other keys. The five keys are "model", "optimizer", "scheduler", "epoch" and "generator"."""
    return copy.deepcopy(
        dict(
            model_state_dict=model.state_dict(),
            optimizer_state_dict=optimizer.state_dict(),
            scheduler=scheduler.state_dict(),
            epoch=epoch,
            generator=generator.get_state(),
        )
    )


def checkpoint__optimizer_itself(model, optimizer, scheduler, epoch, generator):
    """Your optimizer entry is an optimizer object. Use the optimizer's state_dict()."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "optimizer": copy.deepcopy(optimizer)}


def checkpoint__left_in_evaluation_mode(model, optimizer, scheduler, epoch, generator):
    """You changed the model's mode. Read its state without a call of train() or eval()."""
    model.eval()
    return _copies(model, optimizer, scheduler, epoch, generator)


def checkpoint__left_in_train_mode(model, optimizer, scheduler, epoch, generator):
    """You changed the model's mode. Read its state without a call of train() or eval()."""
    model.eval()
    state = _copies(model, optimizer, scheduler, epoch, generator)
    model.train()
    return state


def checkpoint__gradients_cleared(model, optimizer, scheduler, epoch, generator):
    """You changed the gradients of the model. A checkpoint only reads the run: don't clear them."""
    optimizer.zero_grad()
    return _copies(model, optimizer, scheduler, epoch, generator)


def _resume(state, model, optimizer, scheduler, generator, *left_out):
    state = copy.deepcopy(state)
    if "model" not in left_out:
        model.load_state_dict(state["model"])
    if "optimizer" not in left_out:
        optimizer.load_state_dict(state["optimizer"])
    if "scheduler" not in left_out:
        scheduler.load_state_dict(state["scheduler"])
    if "generator" not in left_out:
        generator.set_state(state["generator"])
    return state["epoch"]


def resume__optimizer_forgotten(state, model, optimizer, scheduler, generator):
    """The optimizer is still the new one, without the momentum and the learning rate of the checkpoint. Call its
    load_state_dict()."""
    return _resume(state, model, optimizer, scheduler, generator, "optimizer")


def resume__momentum_restarts(state, model, optimizer, scheduler, generator):
    """The learning rate is right, but the momentum is missing. Restore the optimizer with its load_state_dict()."""
    for group, saved in zip(optimizer.param_groups, state["optimizer"]["param_groups"], strict=True):
        group["lr"] = saved["lr"]
    return _resume(state, model, optimizer, scheduler, generator, "optimizer")


def resume__learning_rate_of_the_new_optimizer(state, model, optimizer, scheduler, generator):
    """The momentum is right, but the learning rate is that of the new optimizer. Keep the rate that load_state_dict()
    restores."""
    rates = [group["lr"] for group in optimizer.param_groups]
    epoch = _resume(state, model, optimizer, scheduler, generator)
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    return epoch


def resume__scheduler_forgotten(state, model, optimizer, scheduler, generator):
    """The next learning rates are not those of the stopped run. Restore the scheduler with its load_state_dict()."""
    return _resume(state, model, optimizer, scheduler, generator, "scheduler")


def resume__generator_forgotten(state, model, optimizer, scheduler, generator):
    """The generator draws other numbers than the stopped run would. Call its set_state() with the saved state."""
    return _resume(state, model, optimizer, scheduler, generator, "generator")


def resume__generator_seeded_again(state, model, optimizer, scheduler, generator):
    """The generator draws other numbers than the stopped run would. Restore it with set_state(), and don't set a
    seed."""
    epoch = _resume(state, model, optimizer, scheduler, generator, "generator")
    generator.manual_seed(0)
    return epoch


def resume__model_forgotten(state, model, optimizer, scheduler, generator):
    """The model still has the values of the new run. Call its load_state_dict()."""
    return _resume(state, model, optimizer, scheduler, generator, "model")


def resume__parameters_only(state, model, optimizer, scheduler, generator):
    """The model's parameters are right, but its buffers are not restored. Use the model's load_state_dict(), which
    restores both."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(state["model"][name])
    return _resume(state, model, optimizer, scheduler, generator, "model")


def resume__parameters_replaced(state, model, optimizer, scheduler, generator):
    """The model has new parameters, and the optimizer still changes the old ones. Copy the values into the existing
    parameters."""
    epoch = _resume(state, model, optimizer, scheduler, generator, "model")
    model.load_state_dict(copy.deepcopy(state["model"]), assign=True)
    return epoch


def resume__checkpoint_trained_on(state, model, optimizer, scheduler, generator):
    """The checkpoint changes when training goes on: the optimizer keeps the tensors that it gets. Pass a deep copy of
    the state."""
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    generator.set_state(state["generator"])
    return state["epoch"]


def resume__one_epoch_skipped(state, model, optimizer, scheduler, generator):
    """Your index is one too large, so one epoch would be skipped. Epochs count from 0: return the saved number of
    epochs itself."""
    return _resume(state, model, optimizer, scheduler, generator) + 1


def resume__one_epoch_again(state, model, optimizer, scheduler, generator):
    """Your index is one too small, so one epoch would run twice. Epochs count from 0: return the saved number of epochs
    itself."""
    return _resume(state, model, optimizer, scheduler, generator) - 1


def resume__nothing_returned(state, model, optimizer, scheduler, generator):
    """You returned None. Return the index of the next epoch."""
    _resume(state, model, optimizer, scheduler, generator)


def resume__entries_taken_out(state, model, optimizer, scheduler, generator):
    """You changed the argument state: entries are missing now. Read the entries and leave them in the dict."""
    copied = copy.deepcopy(state)
    for key in ("model", "optimizer", "scheduler", "generator"):
        state.pop(key)
    return _resume(copied, model, optimizer, scheduler, generator)


def resume__schedule_stepped_forward(state, model, optimizer, scheduler, generator):
    """The learning rate is not that of the checkpoint. Restore the scheduler with load_state_dict(), and don't step
    it."""
    s = copy.deepcopy(state)
    model.load_state_dict(s["model"])
    optimizer.load_state_dict(s["optimizer"])
    generator.set_state(s["generator"])
    for _ in range(s["epoch"]):
        scheduler.step()
    return s["epoch"]


def read_checkpoint__where_it_was_saved(path, device):
    """Your tensors are on the device that they were saved from, which may be missing. Pass map_location to
    torch.load."""
    return torch.load(path)


def read_checkpoint__generator_moved_too(path, device):
    """The generator's state is on `device`, where set_state does not accept it. Load the file onto the CPU, and move
    only the model and the optimizer."""
    return torch.load(path, map_location=device)


def read_checkpoint__all_on_the_cpu(path, device):
    """Your tensors of the model and the optimizer are on the CPU. Only the generator's state belongs there: load the
    others onto `device`."""
    return torch.load(path, map_location="cpu")


def read_checkpoint__model_alone_moved(path, device):
    """The model's tensors are on `device`, but the optimizer's are not. Load both onto `device`."""
    state = torch.load(path, map_location="cpu")
    state["model"] = {name: tensor.to(device) for name, tensor in state["model"].items()}
    return state


def read_checkpoint__optimizer_alone_moved(path, device):
    """The optimizer's tensors are on `device`, but the model's are not. Load both onto `device`."""
    state = torch.load(path, map_location=device)
    state["model"] = {name: tensor.cpu() for name, tensor in state["model"].items()}
    state["generator"] = state["generator"].cpu()
    return state


def read_checkpoint__everything_trusted(path, device):
    """Your code ran code from the file. Read only tensors and plain Python values: leave weights_only at its default,
    True."""
    state = torch.load(path, map_location=device, weights_only=False)
    state["generator"] = state["generator"].cpu()
    return state


def read_checkpoint__generator_of_another_dtype(path, device):
    """The generator's state has another dtype than the saved one. set_state needs uint8: don't convert it."""
    state = torch.load(path, map_location=device)
    state["generator"] = state["generator"].cpu().long()
    return state


def read_checkpoint__model_only(path, device):
    """You returned only the model's entry. Return the whole dict."""
    return torch.load(path, map_location=device)["model"]


def read_checkpoint__dict_moved(path, device):
    """Your code called to() on a dict, which has no such method. Pass map_location to torch.load instead."""
    s = torch.load(path).to(device)
    return s


def read_checkpoint__generator_made(path, device):
    """Your "generator" entry is a torch.Generator. Return the saved state, a tensor on the CPU."""
    s = torch.load(path, map_location=device)
    s["generator"] = torch.Generator().set_state(s["generator"].cpu())
    return s


def read_checkpoint__generator_dropped(path, device):
    """Your dict lacks the key "generator". Return the whole dict, with this tensor on the CPU."""
    s = torch.load(path, map_location=device)
    del s["generator"]
    return s


def read_checkpoint__error_swallowed(path, device):
    """Your code raised no error for a file that contains code. Don't catch the error of torch.load."""
    try:
        s = torch.load(path, map_location=device)
        s["generator"] = s["generator"].cpu()
        return s
    except Exception:
        return None


def write_checkpoint__straight_into_the_file(path, state):
    """When writing failed, the old file was lost. Write to a temporary file in the same folder, move it with
    os.replace, and delete it after an error."""
    torch.save(state, path)


def write_checkpoint__temporary_file_stays_behind(path, state):
    """When writing failed, your temporary file stayed in the folder. In a finally block, delete it if it still
    exists."""
    torch.save(state, f"{path}.tmp")
    os.replace(f"{path}.tmp", path)


def write_checkpoint__moved_after_the_deletion(path, state):
    """Your code deleted the temporary file before it moved it. Move it inside the try block, right after writing."""
    try:
        torch.save(state, f"{path}.tmp")
    finally:
        os.remove(f"{path}.tmp")
    os.replace(f"{path}.tmp", path)


def write_checkpoint__copied_over(path, state):
    """Your code wrote into the old file, so for a moment this file was incomplete. Write to a temporary file, and move
    it to `path` with os.replace."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        shutil.copyfile(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__removed_first(path, state):
    """Your code removed the old file before the new one was complete. Don't remove it: os.replace replaces it in one
    operation."""
    Path(path).unlink(missing_ok=True)
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__removed_before_the_move(path, state):
    """Your code removed the old file before the move, so for a moment there was none. Use os.replace, which replaces it
    in one operation."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        Path(path).unlink(missing_ok=True)
        os.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__temporary_file_elsewhere(path, state):
    """Your temporary file was in another folder, which may be on another disk. Put it into the folder of `path`, so
    that the move is one operation."""
    with tempfile.TemporaryDirectory() as folder:
        torch.save(state, f"{folder}/state.pt")
        os.replace(f"{folder}/state.pt", path)


def write_checkpoint__error_swallowed(path, state):
    """When writing failed, your code raised no error, so the caller believes that the state is saved. Delete the
    temporary file, but pass the error on."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    except Exception:
        temporary.unlink(missing_ok=True)


def write_checkpoint__never_moved(path, state):
    """There is no file with the given name, only a temporary one. Move the temporary file to `path` at the end."""
    torch.save(state, f"{path}.tmp")


def write_checkpoint__suffix_replaced(path, state):
    """There is no file with the given name. Use `path` as it is, with any ending or none."""
    final = Path(path).with_suffix(".ckpt")
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__old_one_kept_beside(path, state):
    """The old file is still in the folder under another name. The new file must replace it, and no other file may
    stay."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        if Path(path).exists():
            shutil.copyfile(path, f"{path}.old")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__old_one_written_back(path, state):
    """Your code wrote into the old file, so for a moment this file was incomplete. Write to a temporary file, and then
    move it with os.replace."""
    old = Path(path).read_bytes() if Path(path).exists() else None
    try:
        torch.save(state, path)
    except Exception:
        if old is not None:
            Path(path).write_bytes(old)
        else:
            Path(path).unlink(missing_ok=True)
        raise


def write_checkpoint__removed_although_moved(path, state):
    """Your code tried to delete a temporary file that no longer existed, because it was moved. Use
    unlink(missing_ok=True)."""
    tmp = Path(f"{path}.tmp")
    try:
        torch.save(state, tmp)
        os.replace(tmp, path)
    finally:
        tmp.unlink()


def write_checkpoint__path_returned(path, state):
    """You returned a path. Return None: leave out the return statement."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return Path(path)


def _train(
    run,
    features,
    labels,
    epochs,
    *,
    draw=lambda count, generator: torch.randperm(count, generator=generator),
    before=lambda generator: None,
    batches=lambda order: order.split(4),
    labels_of=lambda labels, rows: labels[rows],
    reduction="mean",
    clear=True,
    per_batch=False,
    schedule=True,
    training=True,
):
    model, optimizer, scheduler, generator = run
    model.train(training)
    for _ in epochs:
        before(generator)
        for rows in batches(draw(len(features), generator).to(features.device)):
            if clear:
                optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(features[rows]), labels_of(labels, rows), reduction=reduction)
            loss.backward()
            optimizer.step()
            if per_batch:
                scheduler.step()
        if schedule and not per_batch:
            scheduler.step()


def train_until__seeded_in_every_epoch(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """All your epochs use the same order. Draw a new order from `generator` in each epoch, and don't set a seed."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, before=lambda g: g.manual_seed(0))


def train_until__shuffled_once(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """All epochs of a call use the same order. Draw a new order in each epoch, inside the outer loop."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    order = torch.randperm(len(features), generator=generator)
    _train(run, features, labels, epochs, draw=lambda count, g: order)


def train_until__seeded_with_the_epoch(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Generators with different seeds gave the same order. Draw the order from `generator` as it is, and don't set a
    seed."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    numbers = iter(epochs)
    _train(run, features, labels, epochs, before=lambda g: g.manual_seed(next(numbers)))


def train_until__seeded_at_the_start(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your calls draw the same orders again. Draw from `generator` as it is, and don't reset it."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    generator.manual_seed(generator.initial_seed())
    _train(run, features, labels, epochs)


def train_until__not_shuffled(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You used the rows in their original order. Draw an order from `generator`, for example with torch.randperm."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda count, g: torch.arange(count))


def train_until__global_generator(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your order does not come from `generator` alone. Draw it with a function of PyTorch to which you can pass
    generator=generator."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda count, g: torch.randperm(count))


def train_until__drawn_with_replacement(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """In one epoch, some rows came more than once and others never. Use each row exactly once, for example with
    torch.randperm."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda n, g: torch.randint(n, (n,), generator=g))


def train_until__last_batch_dropped(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You left out the last rows of the epoch. The last batch may have fewer than 4 rows: use it too."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, batches=lambda order: order[: len(order) // 4 * 4].view(-1, 4))


def train_until__one_batch(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You used all rows in one batch. Make one update for each 4 rows."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, batches=lambda order: [order])


def train_until__labels_not_shuffled(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your updates use rows with the labels of other rows. Index the labels with the same order: labels[rows]."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, labels_of=lambda labels, rows: labels[: len(rows)])


def train_until__summed_loss(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your loss is the sum over the rows of a batch, so your updates are too large. Use the mean cross-entropy."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, reduction="sum")


def train_until__gradients_added_up(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your updates also used the gradients of earlier batches. Clear the gradients before every backward pass."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, clear=False)


def train_until__schedule_by_batches(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You stepped the scheduler after every batch, so the rate changes too soon. Step it once at the end of each
    epoch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, per_batch=True)


def train_until__schedule_stands_still(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """You never stepped the scheduler, so the learning rate does not change. Step it once at the end of each epoch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, schedule=False)


def train_until__schedule_once_a_call(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """You stepped the scheduler once per call. Step it once at the end of each epoch, inside the outer loop."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, schedule=False)
    scheduler.step()


def train_until__last_epoch_too(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You trained one epoch too many. last_epoch itself does not count, as in range(first_epoch, last_epoch)."""
    _train((model, optimizer, scheduler, generator), features, labels, range(first_epoch, last_epoch + 1))


def train_until__from_the_beginning(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You trained the epochs before first_epoch again. Start at first_epoch: range(first_epoch, last_epoch)."""
    _train((model, optimizer, scheduler, generator), features, labels, range(last_epoch))


def train_until__first_epoch_left_out(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """You trained one epoch too few. first_epoch counts, and only last_epoch does not: range(first_epoch,
    last_epoch)."""
    _train((model, optimizer, scheduler, generator), features, labels, range(first_epoch + 1, last_epoch))


def train_until__evaluation_mode(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The model got a batch in eval mode, in which dropout is off. Call train() at the start of each epoch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, training=False)


def train_until__mode_left_as_it_came(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """A model that was in eval mode was also trained in eval mode. Call train() first."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, training=model.training)


def train_until__labels_shuffled_apart(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Your updates use rows with the labels of other rows. Use one order for both, features[rows] and labels[rows]."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        p = torch.randperm(len(features), generator=generator).to(features.device)
        features, labels = features[p], labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
        for x, y in zip(features.split(4), labels.split(4)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        scheduler.step()


def train_until__four_batches(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your batches do not have 4 rows each. split(4) makes batches of 4 rows, but chunk(4) makes 4 batches."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        p = torch.randperm(len(features), generator=generator).to(features.device)
        for r in p.chunk(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[r]), labels[r]).backward()
            optimizer.step()
        scheduler.step()


def train_until__softmax_first(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your updates are not those of the cross-entropy of the model's outputs. cross_entropy needs logits: don't apply
    softmax before it."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        p = torch.randperm(len(features), generator=generator).to(features.device)
        for r in p.split(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[r]).softmax(1), labels[r]).backward()
            optimizer.step()
        scheduler.step()


def train_until__schedule_first(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Your first epoch used the second learning rate. Step the scheduler at the end of each epoch."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        scheduler.step()
        p = torch.randperm(len(features), generator=generator).to(features.device)
        for r in p.split(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[r]), labels[r]).backward()
            optimizer.step()


def train_until__generator_of_its_own(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Your orders do not depend on what `generator` drew before. Draw from `generator` itself, and don't make another
    one."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        g = torch.Generator().manual_seed(generator.initial_seed() + _)
        p = torch.randperm(len(features), generator=g).to(features.device)
        for r in p.split(4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[r]), labels[r]).backward()
            optimizer.step()
        scheduler.step()


def train_until__one_update_an_epoch(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """You made one update in each epoch. Make one update with each batch: clear, backward pass and step() inside the
    inner loop."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        p = torch.randperm(len(features), generator=generator).to(features.device)
        optimizer.zero_grad()
        for r in p.split(4):
            nn.functional.cross_entropy(model(features[r]), labels[r]).backward()
        optimizer.step()
        scheduler.step()


def train_until__labels_in_their_old_order(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Your updates use rows with the labels of other rows. Index the labels with the same order: labels[rows]."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        for start in range(0, len(features), 4):
            optimizer.zero_grad()
            outputs = model(features[order[start : start + 4]])
            nn.functional.cross_entropy(outputs, labels[start : start + 4]).backward()
            optimizer.step()
        scheduler.step()


def train_until__orders_pile_up(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """In each epoch, you shuffled the order of the epoch before, so a resumed run gets other orders. In each epoch,
    shuffle the rows as they were given."""
    model.train()
    for _ in range(first_epoch, last_epoch):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        features, labels = features[order], labels[order]
        for x, y in zip(features.split(4), labels.split(4)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        scheduler.step()


def _numbered(folder, pattern=r"epoch_(\d+)\.pt", match=re.fullmatch):
    found = {}
    for path in sorted(Path(folder).iterdir()):
        if named := match(pattern, path.name):
            found[int(named[1])] = path
    return found


def _first_readable(paths, location="cpu"):
    for path in paths:
        with contextlib.suppress(Exception):
            torch.load(path, map_location=location)
            return path
    return None


def _newest_first(folder):
    found = _numbered(folder)
    return [found[number] for number in sorted(found, reverse=True)]


def latest__by_the_alphabet(folder):
    """You did not return the checkpoint with the largest number. A number may have several digits: compare numbers as
    ints, not as strings."""
    return _first_readable(sorted(_numbered(folder).values(), key=lambda path: path.name, reverse=True))


def latest__by_the_clock(folder):
    """You did not return the checkpoint with the largest number, but the one that was written last. Compare the numbers
    in the names."""
    return _first_readable(sorted(_numbered(folder).values(), key=os.path.getmtime, reverse=True))


def latest__never_read(folder):
    """You returned a file that torch.load can't read. Load each file with map_location="cpu", and skip it if this
    raises an error."""
    found = _newest_first(folder)
    return found[0] if found else None


def latest__empty_files_only(folder):
    """You returned a file that torch.load can't read, although it is not empty. Try to load each file, and skip it if
    this raises an error."""
    found = [path for path in _newest_first(folder) if path.stat().st_size]
    return found[0] if found else None


def latest__one_kind_of_error(folder):
    """Your code raised an error for a file that torch.load can't read. Such errors are of several classes: catch
    Exception, and skip the file."""
    for path in _newest_first(folder):
        try:
            torch.load(path, map_location="cpu")
            return path
        except RuntimeError:
            continue
    return None


def latest__gives_up_at_the_first(folder):
    """You returned None, because the newest file can't be read. Go on with the next older one."""
    return _first_readable(_newest_first(folder)[:1])


def latest__oldest(folder):
    """You returned the oldest checkpoint. Start with the largest number."""
    return _first_readable(reversed(_newest_first(folder)))


def latest__every_name_with_a_number(folder):
    """You returned a file with another name. The whole name must be epoch_, a number and .pt: use re.fullmatch."""
    found = _numbered(folder, r".*_(\d+)", re.match)
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__names_that_go_on(folder):
    """You returned a file whose name goes on after .pt. The whole name must match: use re.fullmatch."""
    found = _numbered(folder, match=re.match)
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__other_names_not_expected(folder):
    """Your code raised an error for a file with another name. Skip every file whose whole name is not epoch_, a number
    and .pt."""
    found = {int(path.stem.removeprefix("epoch_")): path for path in Path(folder).iterdir()}
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__largest_of_none(folder):
    """Your code raised an error for a folder without checkpoints. Return None there."""
    found = [path for path in _numbered(folder).values() if _first_readable([path])]
    return max(found, key=lambda path: int(path.stem.removeprefix("epoch_")))


def latest__where_it_was_saved(folder):
    """You skipped a checkpoint from a device that is not on this machine. Load it with map_location="cpu"."""
    return _first_readable(_newest_first(folder), None)


def latest__number(folder):
    """You returned the number of the epoch. Return the Path of its file."""
    path = _first_readable(_newest_first(folder))
    return path and int(path.stem.removeprefix("epoch_"))


def latest__path_as_text(folder):
    """You returned a str. Return a Path."""
    path = _first_readable(_newest_first(folder))
    return path and str(path)


def latest__contents(folder):
    """You returned what the file contains. Return its Path."""
    path = _first_readable(_newest_first(folder))
    return path and torch.load(path, map_location="cpu")


def latest__removes_the_unreadable(folder):
    """The path is right, but files are missing from the folder now. Don't delete or rename files."""
    for path in _newest_first(folder):
        if _first_readable([path]):
            return path
        path.unlink()
    return None


def latest__glob_trusted(folder):
    """Your code raised an error for a file whose name has no number. Skip the files with other names, for example with
    re.fullmatch."""
    c = sorted(Path(folder).glob("epoch_*.pt"), key=lambda p: int(p.stem.split("_")[1]))
    for p in reversed(c):
        try:
            torch.load(p, map_location="cpu")
            return p
        except Exception:
            continue
    return None


def latest__error_passed_on(folder):
    """Your code raised an error for a file that torch.load can't read. Catch it, and go on with the next file."""
    c = [p for p in Path(folder).iterdir() if re.fullmatch(r"epoch_\d+\.pt", p.name)]
    return (
        max(c, key=lambda p: int(p.stem[6:]), default=None)
        if c and torch.load(max(c, key=lambda p: int(p.stem[6:])))
        else None
    )


def latest__two_kinds_of_error(folder):
    """Your code raised an error for a file that torch.load can't read. Such errors are of several classes: catch
    Exception, and skip the file."""
    for path in _newest_first(folder):
        try:
            torch.load(path, map_location="cpu")
            return path
        except (RuntimeError, EOFError):
            continue
    return None


def latest__name_alone(folder):
    """You returned the name of the file without its folder. Return the whole path: Path(folder) / name."""
    path = _first_readable(_newest_first(folder))
    return path and Path(path.name)


def latest__any_beginning(folder):
    """You returned a file whose name does not begin with epoch_. The whole name must be epoch_, a number and .pt: match
    all of it."""
    found = _numbered(folder, r".*?(\d+)\.pt")
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__error_for_none(folder):
    """Your code raised an error for a folder without checkpoints. Return None there."""
    path = _first_readable(_newest_first(folder))
    if path is None:
        raise FileNotFoundError(folder)
    return path


def latest__everything_trusted(folder):
    """Your code ran code from a file. Leave weights_only at its default, True, and skip a file that torch.load
    refuses."""
    for path in _newest_first(folder):
        with contextlib.suppress(Exception):
            torch.load(path, map_location="cpu", weights_only=False)
            return path
    return None
