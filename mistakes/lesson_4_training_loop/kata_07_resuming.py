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
    """The tensors in it are the run's own, and go on being trained: a state_dict holds references, not copies."""
    return _states(model, optimizer, scheduler, epoch, generator)


def checkpoint__model_alone_copied(model, optimizer, scheduler, epoch, generator):
    """The model's numbers are copies, but the optimizer's momentum still follows the training: copy that too."""
    state = _states(model, optimizer, scheduler, epoch, generator)
    return {**state, "model": copy.deepcopy(state["model"])}


def checkpoint__optimizer_alone_copied(model, optimizer, scheduler, epoch, generator):
    """The optimizer's numbers are copies, but the model's still follow the training: copy those too."""
    state = _states(model, optimizer, scheduler, epoch, generator)
    return {**state, "optimizer": copy.deepcopy(state["optimizer"])}


def checkpoint__model_only(model, optimizer, scheduler, epoch, generator):
    """The weights are not the whole run: momentum, the schedule, the epoch and the shuffling would all begin anew."""
    return {"model": copy.deepcopy(model.state_dict()), "epoch": epoch}


def checkpoint__generator_left_out(model, optimizer, scheduler, epoch, generator):
    """The generator is missing: the resumed run would shuffle as in its first epoch again."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    del state["generator"]
    return state


def checkpoint__scheduler_left_out(model, optimizer, scheduler, epoch, generator):
    """The scheduler is missing: the resumed run would begin its schedule from the start."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    del state["scheduler"]
    return state


def checkpoint__parameters_only(model, optimizer, scheduler, epoch, generator):
    """The model's buffers are missing: what it has gathered, such as running means, is part of its state."""
    parameters = {name: each.detach().clone() for name, each in model.named_parameters()}
    return {**_copies(model, optimizer, scheduler, epoch, generator), "model": parameters}


def checkpoint__learning_rate_for_the_optimizer(model, optimizer, scheduler, epoch, generator):
    """Under "optimizer" is a learning rate alone: the momentum that it has gathered is lost."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    return {**state, "optimizer": {"lr": optimizer.param_groups[0]["lr"]}}


def checkpoint__settings_of_the_optimizer(model, optimizer, scheduler, epoch, generator):
    """The optimizer's settings are there, but what it has gathered for each parameter is not: momentum begins anew."""
    state = _copies(model, optimizer, scheduler, epoch, generator)
    state["optimizer"]["state"] = {}
    return state


def checkpoint__the_objects_themselves(model, optimizer, scheduler, epoch, generator):
    """These are the objects, code and all, and torch.load does not trust such a file: asked for is what they hold."""
    return {
        "model": model,
        "optimizer": optimizer,
        "scheduler": scheduler,
        "epoch": epoch,
        "generator": generator,
    }


def checkpoint__methods_not_called(model, optimizer, scheduler, epoch, generator):
    """There are methods in it, and not what they return: they were not called, the brackets are missing."""
    return {
        "model": model.state_dict,
        "optimizer": optimizer.state_dict,
        "scheduler": scheduler.state_dict,
        "epoch": epoch,
        "generator": generator.get_state,
    }


def checkpoint__epoch_from_numpy(model, optimizer, scheduler, epoch, generator):
    """The epoch is a number of NumPy's, which torch.load refuses by default: a plain int is asked for."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "epoch": np.int64(epoch)}


def checkpoint__epoch_counted_on(model, optimizer, scheduler, epoch, generator):
    """The epoch is one too large: the number that was given already counts those that are done."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "epoch": epoch + 1}


def checkpoint__seed_for_the_generator(model, optimizer, scheduler, epoch, generator):
    """A seed says where the generator began, and not how far it has come: its state is asked for."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": generator.initial_seed()}


def checkpoint__generator_itself(model, optimizer, scheduler, epoch, generator):
    """Under "generator" is a generator: torch.load refuses such an object, and set_state wants a state, a tensor."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": copy.deepcopy(generator)}


def checkpoint__global_generator(model, optimizer, scheduler, epoch, generator):
    """This is the state of another generator: the rows are shuffled by the one that was given, not by PyTorch's own."""
    return {**_copies(model, optimizer, scheduler, epoch, generator), "generator": torch.get_rng_state()}


def write_checkpoint__straight_into_the_file(path, state):
    """The new state went straight into the file: when that fails half-way, the old one is lost with it."""
    torch.save(state, path)


def write_checkpoint__temporary_file_stays_behind(path, state):
    """When writing fails, a half-written temporary file stays in the folder: it must be removed whatever happens."""
    torch.save(state, f"{path}.tmp")
    os.replace(f"{path}.tmp", path)


def write_checkpoint__copied_over(path, state):
    """Copying is writing too: while the copy is made, and when it fails, the file is neither old nor new."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        shutil.copyfile(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__removed_first(path, state):
    """The old file was removed before the new one was written: in between there is none at all."""
    Path(path).unlink(missing_ok=True)
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__removed_before_the_move(path, state):
    """The old file was removed just before the move: a stop in between leaves none. A move can replace it."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        Path(path).unlink(missing_ok=True)
        os.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__temporary_file_elsewhere(path, state):
    """The temporary file was in a folder of its own: only within one folder is the move sure to be a single step."""
    with tempfile.TemporaryDirectory() as folder:
        torch.save(state, f"{folder}/state.pt")
        os.replace(f"{folder}/state.pt", path)


def write_checkpoint__error_swallowed(path, state):
    """The error was swallowed: clean up after it, but let it out, or the caller believes that the state is safe."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, path)
    except Exception:
        temporary.unlink(missing_ok=True)


def write_checkpoint__never_moved(path, state):
    """The state is in a temporary file, and stays there: it must take the place of the file at the end."""
    torch.save(state, f"{path}.tmp")


def write_checkpoint__suffix_replaced(path, state):
    """Under the name that was given there is no file: it is to be used as it is, whatever it ends in."""
    final = Path(path).with_suffix(".ckpt")
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)


def write_checkpoint__old_one_kept_beside(path, state):
    """The old file is still there under another name, and nobody asked for it: the new one is to take its place."""
    temporary = Path(f"{path}.tmp")
    try:
        torch.save(state, temporary)
        if Path(path).exists():
            shutil.copyfile(path, f"{path}.old")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_checkpoint__where_it_was_saved(path, device):
    """The tensors went back to where they were saved, which may be a device that is not here: say where they go."""
    return torch.load(path)


def read_checkpoint__generator_moved_too(path, device):
    """The generator's state was moved to the device with the rest: it is a tensor, but one that must stay behind."""
    return torch.load(path, map_location=device)


def read_checkpoint__all_on_the_cpu(path, device):
    """All of it is on the CPU, whatever device was asked for: only the generator's state is to be there."""
    return torch.load(path, map_location="cpu")


def read_checkpoint__model_alone_moved(path, device):
    """The model's numbers are on the device, but the optimizer's momentum is not: it belongs with them."""
    state = torch.load(path, map_location="cpu")
    state["model"] = {name: tensor.to(device) for name, tensor in state["model"].items()}
    return state


def read_checkpoint__optimizer_alone_moved(path, device):
    """The optimizer's momentum is on the device, but the model's numbers are not: they belong with it."""
    state = torch.load(path, map_location=device)
    state["model"] = {name: tensor.cpu() for name, tensor in state["model"].items()}
    state["generator"] = state["generator"].cpu()
    return state


def read_checkpoint__everything_trusted(path, device):
    """Any code in the file was run: a checkpoint of tensors and plain Python needs no such trust."""
    state = torch.load(path, map_location=device, weights_only=False)
    state["generator"] = state["generator"].cpu()
    return state


def read_checkpoint__generator_of_another_dtype(path, device):
    """The generator's state is no longer made of bytes, uint8: set_state wants the numbers in this dtype."""
    state = torch.load(path, map_location=device)
    state["generator"] = state["generator"].cpu().long()
    return state


def read_checkpoint__model_only(path, device):
    """Only the model's part came back: the whole dictionary is asked for."""
    return torch.load(path, map_location=device)["model"]


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
    """The optimizer is as new: its momentum begins from nothing, and its learning rate is not the one reached."""
    return _resume(state, model, optimizer, scheduler, generator, "optimizer")


def resume__momentum_restarts(state, model, optimizer, scheduler, generator):
    """The learning rate was taken over, but the momentum begins anew: the next steps are not those of the run."""
    for group, saved in zip(optimizer.param_groups, state["optimizer"]["param_groups"], strict=True):
        group["lr"] = saved["lr"]
    return _resume(state, model, optimizer, scheduler, generator, "optimizer")


def resume__learning_rate_of_the_new_optimizer(state, model, optimizer, scheduler, generator):
    """The momentum is back, but the learning rate is the new optimizer's: the run goes on with the one it had."""
    rates = [group["lr"] for group in optimizer.param_groups]
    epoch = _resume(state, model, optimizer, scheduler, generator)
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    return epoch


def resume__scheduler_forgotten(state, model, optimizer, scheduler, generator):
    """The schedule begins from its start: the next fall of the learning rate comes too late."""
    return _resume(state, model, optimizer, scheduler, generator, "scheduler")


def resume__generator_forgotten(state, model, optimizer, scheduler, generator):
    """The generator is as new: the rows will not come in the order that they would have come in without the stop."""
    return _resume(state, model, optimizer, scheduler, generator, "generator")


def resume__generator_seeded_again(state, model, optimizer, scheduler, generator):
    """The generator was seeded: it is to stand where it stood when the checkpoint was made, and not at a beginning."""
    epoch = _resume(state, model, optimizer, scheduler, generator, "generator")
    generator.manual_seed(0)
    return epoch


def resume__model_forgotten(state, model, optimizer, scheduler, generator):
    """The model still holds the new run's numbers: the weights of the checkpoint were not put into it."""
    return _resume(state, model, optimizer, scheduler, generator, "model")


def resume__parameters_only(state, model, optimizer, scheduler, generator):
    """The model's parameters are back, but its buffers are not: they are part of its state too."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(state["model"][name])
    return _resume(state, model, optimizer, scheduler, generator, "model")


def resume__parameters_replaced(state, model, optimizer, scheduler, generator):
    """The model has new parameters now, and the optimizer still moves the old: put the numbers into those there are."""
    epoch = _resume(state, model, optimizer, scheduler, generator, "model")
    model.load_state_dict(copy.deepcopy(state["model"]), assign=True)
    return epoch


def resume__checkpoint_trained_on(state, model, optimizer, scheduler, generator):
    """Momentum in the checkpoint changes when training goes on: an optimizer may keep the very tensors it is given."""
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    generator.set_state(state["generator"])
    return state["epoch"]


def resume__one_epoch_skipped(state, model, optimizer, scheduler, generator):
    """One epoch would be skipped: with 4 done, from 0 to 3, the next has the number 4."""
    return _resume(state, model, optimizer, scheduler, generator) + 1


def resume__one_epoch_again(state, model, optimizer, scheduler, generator):
    """One epoch would be done twice: the checkpoint says how many are done, and with 4 done the next is number 4."""
    return _resume(state, model, optimizer, scheduler, generator) - 1


def resume__nothing_returned(state, model, optimizer, scheduler, generator):
    """All is back in place, but None came out: the caller must know which epoch comes next."""
    _resume(state, model, optimizer, scheduler, generator)


def resume__entries_taken_out(state, model, optimizer, scheduler, generator):
    """The checkpoint has lost entries: whoever wants to resume from it a second time needs it as it was."""
    copied = copy.deepcopy(state)
    for key in ("model", "optimizer", "scheduler", "generator"):
        state.pop(key)
    return _resume(copied, model, optimizer, scheduler, generator)


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
    """Every epoch has the same order: whoever seeds in the loop draws the same numbers again each time round."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, before=lambda g: g.manual_seed(0))


def train_until__shuffled_once(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Every epoch of a call has the order of its first: the rows are to be shuffled anew in each epoch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    order = torch.randperm(len(features), generator=generator)
    _train(run, features, labels, epochs, draw=lambda count, g: order)


def train_until__seeded_with_the_epoch(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The orders depend on the epoch's number alone: a run with another seed would shuffle in the very same way."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    numbers = iter(epochs)
    _train(run, features, labels, epochs, before=lambda g: g.manual_seed(next(numbers)))


def train_until__seeded_at_the_start(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Each call begins with the same orders: the generator was set back, and is to go on from where it stands."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    generator.manual_seed(generator.initial_seed())
    _train(run, features, labels, epochs)


def train_until__not_shuffled(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The rows came in the order in which they stand: the generator is there to shuffle them."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda count, g: torch.arange(count))


def train_until__global_generator(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The order was drawn from another source than the generator given, and what no checkpoint holds is lost."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda count, g: torch.randperm(count))


def train_until__drawn_with_replacement(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """Some rows came twice in an epoch, and others not at all: a shuffle has each of them once."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, draw=lambda n, g: torch.randint(n, (n,), generator=g))


def train_until__last_batch_dropped(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Rows were left over at the end of the epoch: a batch of fewer than 4 is a batch too."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, batches=lambda order: order[: len(order) // 4 * 4].view(-1, 4))


def train_until__one_batch(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """All the rows went in at once: batches of 4 are asked for, each with a step of its own."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, batches=lambda order: [order])


def train_until__labels_not_shuffled(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The rows were shuffled, and the labels not with them: each label belongs to its row."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, labels_of=lambda labels, rows: labels[: len(rows)])


def train_until__summed_loss(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The steps are as many times too long as a batch has rows: the mean of the losses is asked for, not the sum."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, reduction="sum")


def train_until__gradients_added_up(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Each step was made with the gradients of all the batches so far: they must be cleared for each batch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, clear=False)


def train_until__schedule_by_batches(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The scheduler moved with every batch: this schedule counts epochs, so the learning rate falls too soon."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, per_batch=True)


def train_until__schedule_stands_still(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The scheduler never moved, and the learning rate with it: it needs a step at the end of every epoch."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, schedule=False)


def train_until__schedule_once_a_call(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """The scheduler moved once, when all the epochs were over: each epoch ends with a step of it."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, schedule=False)
    scheduler.step()


def train_until__last_epoch_too(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """There was one epoch too many: last_epoch itself is no longer part of it, as in range."""
    _train((model, optimizer, scheduler, generator), features, labels, range(first_epoch, last_epoch + 1))


def train_until__from_the_beginning(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """Epochs that were done before the stop were done again: the first one of this call is first_epoch."""
    _train((model, optimizer, scheduler, generator), features, labels, range(last_epoch))


def train_until__first_epoch_left_out(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """There was one epoch too few: first_epoch itself is still to be done, and only last_epoch is not."""
    _train((model, optimizer, scheduler, generator), features, labels, range(first_epoch + 1, last_epoch))


def train_until__evaluation_mode(model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch):
    """The model was trained in evaluation mode: its running statistics stand still, and dropout would be off."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, training=False)


def train_until__mode_left_as_it_came(
    model, optimizer, scheduler, generator, features, labels, first_epoch, last_epoch
):
    """A model that came in evaluation mode stayed in it: a resumed one may well do so. Say which mode you need."""
    run, epochs = (model, optimizer, scheduler, generator), range(first_epoch, last_epoch)
    _train(run, features, labels, epochs, training=model.training)


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
    """In the alphabet epoch_10 comes before epoch_9: the names must be compared by the numbers in them."""
    return _first_readable(sorted(_numbered(folder).values(), key=lambda path: path.name, reverse=True))


def latest__by_the_clock(folder):
    """The file that was written last came back: such times change in copying, and the number in the name counts."""
    return _first_readable(sorted(_numbered(folder).values(), key=os.path.getmtime, reverse=True))


def latest__never_read(folder):
    """The largest number came back, readable or not: a file may be half-written, and only reading it tells."""
    found = _newest_first(folder)
    return found[0] if found else None


def latest__empty_files_only(folder):
    """Empty files were passed over, but not others that can't be read: only reading a file tells."""
    found = [path for path in _newest_first(folder) if path.stat().st_size]
    return found[0] if found else None


def latest__one_kind_of_error(folder):
    """A file that can't be read fails in many ways: here only RuntimeErrors were caught, and another came out."""
    for path in _newest_first(folder):
        try:
            torch.load(path, map_location="cpu")
            return path
        except RuntimeError:
            continue
    return None


def latest__gives_up_at_the_first(folder):
    """When the newest file can't be read, the search is not over: an older one may be whole."""
    return _first_readable(_newest_first(folder)[:1])


def latest__oldest(folder):
    """This is the oldest that can be read: the search must begin at the largest number."""
    return _first_readable(reversed(_newest_first(folder)))


def latest__every_name_with_a_number(folder):
    """Files of other names were taken for checkpoints: the whole name must be epoch_, a number and .pt."""
    found = _numbered(folder, r".*_(\d+)", re.match)
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__names_that_go_on(folder):
    """A name that goes on behind .pt, such as that of a temporary file, was taken for a checkpoint's."""
    found = _numbered(folder, match=re.match)
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__other_names_not_expected(folder):
    """A name with no number in it stopped the search: a folder may hold other files, which do not count."""
    found = {int(path.stem.removeprefix("epoch_")): path for path in Path(folder).iterdir()}
    return _first_readable([found[number] for number in sorted(found, reverse=True)])


def latest__largest_of_none(folder):
    """A folder without checkpoints is no error, it is how every run begins: None is the answer there."""
    found = [path for path in _numbered(folder).values() if _first_readable([path])]
    return max(found, key=lambda path: int(path.stem.removeprefix("epoch_")))


def latest__where_it_was_saved(folder):
    """A checkpoint from a device that is not here was passed over: read it so that its tensors come to the CPU."""
    return _first_readable(_newest_first(folder), None)


def latest__number(folder):
    """This is the number of the epoch: asked for is the path of its file."""
    path = _first_readable(_newest_first(folder))
    return path and int(path.stem.removeprefix("epoch_"))


def latest__path_as_text(folder):
    """The path came back as a str, and a Path is asked for."""
    path = _first_readable(_newest_first(folder))
    return path and str(path)


def latest__contents(folder):
    """This is what is in the file: asked for is its path."""
    path = _first_readable(_newest_first(folder))
    return path and torch.load(path, map_location="cpu")


def latest__removes_the_unreadable(folder):
    """The path is right, but files are gone from the folder: whoever looks for the newest is not asked to tidy up."""
    for path in _newest_first(folder):
        if _first_readable([path]):
            return path
        path.unlink()
    return None
