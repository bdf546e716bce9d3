"""Wrong answers to katas/lesson_4_training_loop/kata_06_control.py, each with the sentence that corrects the belief."""

import math
import warnings

import numpy as np
import torch
from torch import nn


def _gradients(parameters):
    return [parameter.grad for parameter in parameters if parameter.grad is not None]


def _norm(gradients):
    return math.sqrt(sum(gradient.square().sum().item() for gradient in gradients))


def _scale(gradients, factor):
    for gradient in gradients:
        gradient *= factor


def _clip(parameters, largest):
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def _backward(model, loss_function, optimizer, features, labels):
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    return loss


def clipped_step__before_backward(model, loss_function, optimizer, features, labels, largest):
    """Your update was not clipped, and your norm is not that of this batch's gradient. Clip after backward() and before
    step()."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    norm = _clip(model.parameters(), largest)
    loss.backward()
    optimizer.step()
    return float(norm)


def clipped_step__old_gradients_clipped(model, loss_function, optimizer, features, labels, largest):
    """Your update was not clipped, and your norm is not that of this batch's gradient. Clip after backward() and before
    step()."""
    norm = _clip(model.parameters(), largest)
    _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return norm


def clipped_step__after_step(model, loss_function, optimizer, features, labels, largest):
    """Your norm is right, but the update used the gradient without clipping. Clip each .grad in place before you call
    the optimizer's step()."""
    _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return _clip(model.parameters(), largest)


def clipped_step__loss_cut_off(model, loss_function, optimizer, features, labels, largest):
    """Your gradient is 0, although this batch has a gradient. A loss that is clamped at a maximum is constant: clip the
    gradient, not the loss."""
    optimizer.zero_grad()
    loss_function(model(features), labels).clamp(max=largest).backward()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__each_apart(model, loss_function, optimizer, features, labels, largest):
    """Your factors differ from parameter to parameter, which changes the direction. Use one norm over all gradients,
    and one factor."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _norm(_gradients(model.parameters()))
    for parameter in model.parameters():
        _clip([parameter], largest)
    optimizer.step()
    return norm


def clipped_step__values_cut_off(model, loss_function, optimizer, features, labels, largest):
    """You cut off the gradient element by element, which changes the direction. Multiply all gradients by one factor,
    largest / norm."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _norm(_gradients(model.parameters()))
    nn.utils.clip_grad_value_(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__always_scaled(model, loss_function, optimizer, features, labels, largest):
    """You also scaled a gradient whose norm was not too large. Multiply by largest / norm only if norm > largest."""
    _backward(model, loss_function, optimizer, features, labels)
    gradients = _gradients(model.parameters())
    norm = _norm(gradients)
    _scale(gradients, largest / norm)
    optimizer.step()
    return norm


def clipped_step__never_cleared(model, loss_function, optimizer, features, labels, largest):
    """Your update also used an old gradient, because backward() adds to .grad. Clear the gradients before
    backward()."""
    loss_function(model(features), labels).backward()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__cleared_too_late(model, loss_function, optimizer, features, labels, largest):
    """At the update, .grad was None or zero. Clear the gradients before backward(), and not between backward() and
    step()."""
    loss_function(model(features), labels).backward()
    optimizer.zero_grad()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return float(norm)


def clipped_step__no_update(model, loss_function, optimizer, features, labels, largest):
    """Your norm is right, but the weights have not changed. Call the optimizer's step() after clipping, with no
    zero_grad() in between."""
    _backward(model, loss_function, optimizer, features, labels)
    return _clip(model.parameters(), largest)


def clipped_step__loss(model, loss_function, optimizer, features, labels, largest):
    """You returned the loss. Return the norm of the gradient before clipping."""
    loss = _backward(model, loss_function, optimizer, features, labels)
    _clip(model.parameters(), largest)
    optimizer.step()
    return loss.item()


def clipped_step__norm_afterwards(model, loss_function, optimizer, features, labels, largest):
    """You returned the norm after clipping. Return the norm before clipping, which may be larger than `largest`."""
    _backward(model, loss_function, optimizer, features, labels)
    _clip(model.parameters(), largest)
    optimizer.step()
    return _norm(_gradients(model.parameters()))


def clipped_step__tensor(model, loss_function, optimizer, features, labels, largest):
    """You returned the norm as a tensor. Convert it to a Python float with item()."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return torch.tensor(norm)


def clipped_step__sum_of_norms(model, loss_function, optimizer, features, labels, largest):
    """Your norm is not that of one long vector. Use one norm over all gradients: the square root of the sum of all
    squares."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = torch.stack([p.grad.norm() for p in model.parameters()]).sum().item()
    if norm > largest:
        for p in model.parameters():
            p.grad *= largest / norm
    optimizer.step()
    return norm


def clipped_step__largest_of_the_norms(model, loss_function, optimizer, features, labels, largest):
    """The update is right, but your norm is not that of one long vector. Use one norm over all gradients: the square
    root of the sum of all squares."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = max(p.grad.norm().item() for p in model.parameters())
    nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__sum_of_sizes(model, loss_function, optimizer, features, labels, largest):
    """You used the sum of the absolute values as the norm. Use the square root of the sum of the squares, the default
    of clip_grad_norm_."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest, norm_type=1)
    optimizer.step()
    return norm.item()


def clipped_step__to_length_1(model, loss_function, optimizer, features, labels, largest):
    """Your clipped gradient has the norm 1, but its norm must be `largest`. Multiply the gradient by largest / norm."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = sum((p.grad**2).sum().item() for p in model.parameters()) ** 0.5
    if norm > largest:
        for p in model.parameters():
            p.grad = p.grad / norm
    optimizer.step()
    return norm


def clipped_step__times_largest(model, loss_function, optimizer, features, labels, largest):
    """You multiplied the gradient by `largest`. Multiply it by largest / norm, so that its norm becomes `largest`."""
    _backward(model, loss_function, optimizer, features, labels)
    gradients = _gradients(model.parameters())
    norm = _norm(gradients)
    if norm > largest:
        _scale(gradients, largest)
    optimizer.step()
    return norm


def _run(model, loss_function, optimizer, scheduler, batches, epochs, each=lambda: None, rate=None):
    """Runs the schedule; `each` is called after every update, and `rate` tells what to record."""
    rate = rate or (lambda: optimizer.param_groups[0]["lr"])
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(rate())
            optimizer.step()
            each()
        scheduler.step()
    return rates


def run_schedule__stepped_for_every_batch(model, loss_function, optimizer, scheduler, batches, epochs):
    """You stepped the scheduler for every batch, so the rate changes too soon. Step it once per epoch, after the inner
    loop."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return rates


def run_schedule__stepped_for_both(model, loss_function, optimizer, scheduler, batches, epochs):
    """You stepped the scheduler for every batch, and again after every epoch. Step it only once per epoch, after the
    inner loop."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, each=scheduler.step)


def run_schedule__schedule_first(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your first epoch used the second rate. The first rate is already set: step the scheduler after the epoch's
    updates."""
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(epochs):
            scheduler.step()
            for features, labels in batches:
                _backward(model, loss_function, optimizer, features, labels)
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
    return rates


def run_schedule__before_the_last_update(model, loss_function, optimizer, scheduler, batches, epochs):
    """The last update of each epoch used the next epoch's rate. Step the scheduler after all updates of the epoch."""
    rates = []
    for _ in range(epochs):
        for number, (features, labels) in enumerate(batches):
            _backward(model, loss_function, optimizer, features, labels)
            if number == len(batches) - 1:
                scheduler.step()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
    return rates


def run_schedule__never_stepped(model, loss_function, optimizer, scheduler, batches, epochs):
    """The rate never changes. Call the scheduler's step() after each epoch."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
    return rates


def run_schedule__not_after_the_last_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """You did not step the scheduler after the last epoch. If training goes on, the old rate is used again: step it
    after every epoch."""
    rates = []
    for epoch in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        if epoch < epochs - 1:
            scheduler.step()
    return rates


def run_schedule__recorded_from_the_defaults(model, loss_function, optimizer, scheduler, batches, epochs):
    """The updates use the schedule, but all your rates are equal. Read the rate from optimizer.param_groups at each
    update."""
    rate = optimizer.defaults["lr"]
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, rate=lambda: rate)


def run_schedule__lr_of_the_optimizer(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your code read optimizer.lr, which does not exist. The rate is in optimizer.param_groups[0], under the key
    "lr"."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, rate=lambda: optimizer.lr)


def run_schedule__once_an_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your list has one rate for each epoch. Append one rate for each update, in the inner loop."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs)[:: len(batches)]


def run_schedule__once_an_epoch_and_too_late(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your list has one rate for each epoch. Append one rate for each update, in the inner loop."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            optimizer.step()
        scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def run_schedule__list_for_every_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your list holds a list for each epoch. Append all rates to one list."""
    rates, size = _run(model, loss_function, optimizer, scheduler, batches, epochs), len(batches)
    return [rates[start : start + size] for start in range(0, len(rates), size)]


def run_schedule__recorded_too_late(model, loss_function, optimizer, scheduler, batches, epochs):
    """The updates are right, but your list holds the rates of the next epoch. Read the rate before you step the
    scheduler."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            optimizer.step()
        scheduler.step()
        rates += [optimizer.param_groups[0]["lr"]] * len(batches)
    return rates


def run_schedule__never_cleared(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your rates are right, but an update also used the gradients of earlier batches. Clear the gradients before every
    backward pass."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__cleared_after_the_update(model, loss_function, optimizer, scheduler, batches, epochs):
    """The first update also used a gradient from before the run. Clear the gradients before every backward pass."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            optimizer.zero_grad()
        scheduler.step()
    return rates


def run_schedule__cleared_once_an_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your rates are right, but an update also used the gradients of earlier batches. Clear the gradients before every
    backward pass."""
    rates = []
    for _ in range(epochs):
        optimizer.zero_grad()
        for features, labels in batches:
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__stepped_for_every_batch_and_recorded_then(
    model, loss_function, optimizer, scheduler, batches, epochs
):
    """You stepped the scheduler for every batch, before you read the rate. Step it once per epoch, after the inner
    loop."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            optimizer.step()
            scheduler.step()
            rates.append(optimizer.param_groups[0]["lr"])
    return rates


def run_schedule__without_updates(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your rates are right, but the model has not changed. In every epoch, make one update with each batch."""
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(epochs):
            rates += [optimizer.param_groups[0]["lr"]] * len(batches)
            scheduler.step()
    return rates


def run_schedule__last_group(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your rates are those of another group. Read the rate of the first group, optimizer.param_groups[0]."""
    return _run(
        model, loss_function, optimizer, scheduler, batches, epochs, rate=lambda: optimizer.param_groups[-1]["lr"]
    )


def run_schedule__batches_reversed(model, loss_function, optimizer, scheduler, batches, epochs):
    """You used the batches in another order. Loop over the list from its first batch to its last."""
    return _run(model, loss_function, optimizer, scheduler, batches[::-1], epochs)


def run_schedule__list_of_all_groups(model, loss_function, optimizer, scheduler, batches, epochs):
    """Each entry of your list is a list. Append a float, the rate of the first group."""
    rates = []
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss_function(model(x), y).backward()
            rates.append(scheduler.get_last_lr())
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__one_update_an_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """You made one update in each epoch. Make one update with each batch: clear, backward pass and step() inside the
    inner loop."""
    rates = []
    for _ in range(epochs):
        optimizer.zero_grad()
        for x, y in batches:
            loss_function(model(x), y).backward()
            rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def run_schedule__cleared_too_late(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your rates are right, but the model has not changed. Clear the gradients before backward(), and not after it, and
    call the optimizer's step()."""
    rates = []
    for _ in range(epochs):
        for x, y in batches:
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.zero_grad()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__last_rate_only(model, loss_function, optimizer, scheduler, batches, epochs):
    """You returned only the rate after the last epoch. Return one rate for each update: append it to a list in the
    inner loop."""
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss_function(model(x), y).backward()
            optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()


def run_schedule__one_epoch_late(model, loss_function, optimizer, scheduler, batches, epochs):
    """Your second epoch still used the first rate. Step the scheduler after every epoch, also after the first, and
    without an argument."""
    rates = []
    for epoch in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scheduler.step(epoch)
    return rates


def _best(losses):
    return losses.index(min(losses))


def _overfits(training, validation, best):
    return validation[-1] > validation[best] and training[-1] < training[best]


def read_curves__highest(training_losses, validation_losses):
    """You looked for the highest validation loss. A loss is better if it is lower: look for the lowest."""
    best = validation_losses.index(max(validation_losses))
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__training_loss(training_losses, validation_losses):
    """You returned the epoch of the lowest training loss. Return the epoch of the lowest validation loss."""
    best = _best(training_losses)
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__counted_from_1(training_losses, validation_losses):
    """Your epoch is one too large. Count epochs from 0, like the indices of a list."""
    best = _best(validation_losses)
    return best + 1, _overfits(training_losses, validation_losses, best)


def read_curves__last_of_equals(training_losses, validation_losses):
    """If several validation losses are lowest, you returned the last epoch of them. Return the first."""
    best = max(k for k, loss in enumerate(validation_losses) if loss == min(validation_losses))
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__first_rise(training_losses, validation_losses):
    """You stopped at the first rise of the validation loss. It may fall below that value later: compare all epochs."""
    best = 0
    while best + 1 < len(validation_losses) and validation_losses[best + 1] < validation_losses[best]:
        best += 1
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__last_epoch(training_losses, validation_losses):
    """You returned the last epoch, although an earlier epoch has a lower validation loss. Look for the lowest one in
    the whole list."""
    return len(validation_losses) - 1, False


def read_curves__the_loss_itself(training_losses, validation_losses):
    """You returned the lowest validation loss. Return the index of its epoch."""
    best = _best(validation_losses)
    return validation_losses[best], _overfits(training_losses, validation_losses, best)


def read_curves__validation_alone(training_losses, validation_losses):
    """You said that a run overfits, although its training loss is not lower at the end. Both conditions must hold."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best]


def read_curves__gap_at_the_end(training_losses, validation_losses):
    """You said that a run overfits, although its validation loss is lowest at the end. Compare each list with itself:
    last epoch and best epoch."""
    return _best(validation_losses), validation_losses[-1] > training_losses[-1]


def read_curves__gap_after_the_best(training_losses, validation_losses):
    """Your overfits is wrong for some curves. Don't compare the two lists with each other: compare the last epoch with
    epoch best in each."""
    best = _best(validation_losses)
    return best, best < len(validation_losses) - 1 and validation_losses[-1] > training_losses[-1]


def read_curves__both_may_be_equal(training_losses, validation_losses):
    """You said that a run overfits, although its last losses are equal to those of epoch best. The validation loss must
    be higher, and the training loss lower."""
    best = _best(validation_losses)
    return best, validation_losses[-1] >= validation_losses[best] and training_losses[-1] <= training_losses[best]


def read_curves__training_may_be_equal(training_losses, validation_losses):
    """You said that a run overfits, although its last training loss is equal to that of epoch best. It must be lower,
    and the validation loss higher."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] and training_losses[-1] <= training_losses[best]


def read_curves__training_alone(training_losses, validation_losses):
    """You said that a run overfits, although its validation loss is not higher at the end. It must be higher than at
    epoch best, and the training loss lower."""
    best = _best(validation_losses)
    return best, training_losses[-1] < training_losses[best]


def read_curves__compared_with_the_start(training_losses, validation_losses):
    """You missed a run that overfits. Compare the last epoch with the best one, not with the first."""
    risen = validation_losses[-1] > validation_losses[0]
    return _best(validation_losses), risen and training_losses[-1] < training_losses[0]


def read_curves__number_of_numpy(training_losses, validation_losses):
    """You returned the epoch as a NumPy number. Return a Python int."""
    best = np.argmin(validation_losses)
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__either(training_losses, validation_losses):
    """You said that a run overfits, although only one of the two conditions holds. The validation loss must be higher,
    and the training loss lower."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] or training_losses[-1] < training_losses[best]


def read_curves__fell_since_the_start(training_losses, validation_losses):
    """You said that a run overfits, although its training loss is not lower than at epoch best. Compare with epoch
    best, not with the first epoch."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] and training_losses[-1] < training_losses[0]


def read_curves__last_two(training_losses, validation_losses):
    """You missed a run that overfits. Compare the last epoch with the best one, not with the epoch before it."""
    best = _best(validation_losses)
    if len(validation_losses) == 1:
        return best, False
    risen = validation_losses[-1] > validation_losses[-2]
    return best, risen and training_losses[-1] < training_losses[-2]


def read_curves__never(training_losses, validation_losses):
    """You said that a run does not overfit, but it does. Compare the last epoch with the best one in both lists."""
    return _best(validation_losses), False


def read_curves__tensor(training_losses, validation_losses):
    """You returned the epoch as a tensor. Return a Python int."""
    best = _best(validation_losses)
    return torch.tensor(best), _overfits(training_losses, validation_losses, best)


def read_curves__list(training_losses, validation_losses):
    """You returned a list. Return a tuple."""
    best = _best(validation_losses)
    return [best, _overfits(training_losses, validation_losses, best)]


def read_curves__lower_for_a_while(training_losses, validation_losses):
    """You said that a run overfits, although its training loss is not lower at the end. Compare only the last epoch
    with the best one."""
    k = validation_losses.index(min(validation_losses))
    return k, min(training_losses[k:]) < training_losses[k] and max(validation_losses[k:]) > validation_losses[k]


def read_curves__rise_without_a_break(training_losses, validation_losses):
    """You missed a run that overfits. The validation loss need not rise in each epoch: compare only the last epoch with
    the best one."""
    k = validation_losses.index(min(validation_losses))
    return k, validation_losses[k:] == sorted(set(validation_losses[k:])) and training_losses[-1] < training_losses[k]


def read_curves__smallest_gap(training_losses, validation_losses):
    """Your epoch is not that of the lowest validation loss. Look for the lowest value in validation_losses alone."""
    gaps = [v - t for t, v in zip(training_losses, validation_losses)]
    k = gaps.index(min(gaps))
    return k, validation_losses[-1] > validation_losses[k] and training_losses[-1] < training_losses[k]


def read_curves__lower_than_the_one_before(training_losses, validation_losses):
    """You returned the last epoch whose validation loss is lower than in the epoch before. Compare each loss with the
    lowest of all."""
    best = 0
    for epoch in range(1, len(validation_losses)):
        if validation_losses[epoch] < validation_losses[epoch - 1]:
            best = epoch
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__higher_for_a_while(training_losses, validation_losses):
    """You said that a run overfits, although its last validation loss is equal to the lowest. Compare only the last
    epoch with the best one."""
    best = _best(validation_losses)
    higher = any(loss > validation_losses[best] for loss in validation_losses[best:])
    return best, higher and training_losses[-1] < training_losses[best]


def clip_norm__each_apart(parameters, largest):
    """Your factors differ from gradient to gradient, which changes the direction. Compute one norm over all gradients,
    and multiply all of them by the same factor."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    for gradient in gradients:
        if _norm([gradient]) > largest:
            gradient *= largest / _norm([gradient])
    return norm


def clip_norm__values_cut_off(parameters, largest):
    """Your gradients are cut off element by element, which changes the direction. Multiply all gradients by one factor,
    largest / norm."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    for gradient in gradients:
        gradient.clamp_(-largest, largest)
    return norm


def clip_norm__generator_used_up(parameters, largest):
    """Your norm is right, but with a generator the gradients were not clipped. A generator is empty after the first
    loop: make a list first."""
    norm = _norm(_gradients(parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__counted_first(parameters, largest):
    """Your code found no gradients in a generator. A generator is empty after the first loop: make a list first."""
    count = sum(1 for _ in parameters)
    return _clip(parameters, largest) if count else 0.0


def clip_norm__norm_afterwards(parameters, largest):
    """You returned the norm after clipping. Return the norm before clipping, which may be larger than `largest`."""
    return min(_clip(parameters, largest), float(largest))


def clip_norm__always_scaled(parameters, largest):
    """You also scaled gradients whose norm was not too large. Multiply by largest / norm only if norm > largest."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if norm > 0:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__divided_by_zero(parameters, largest):
    """With gradients of zeros, your code divided by a norm of 0. Divide only if norm > largest."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if gradients:
        _scale(gradients, min(1.0, largest / norm))
    return norm


def clip_norm__sum_of_norms(parameters, largest):
    """You returned the sum of the gradients' norms. Add the squares of all elements first, and take one square root of
    this sum."""
    gradients = _gradients(parameters)
    norm = float(sum(_norm([gradient]) for gradient in gradients))
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__squared(parameters, largest):
    """You returned the sum of the squares. The norm is its square root."""
    gradients = _gradients(parameters)
    norm = float(_norm(gradients) ** 2)
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__norm_of_the_weights(parameters, largest):
    """You returned the norm of the parameters' values. Compute the norm of their gradients, .grad."""
    parameters = list(parameters)
    norm = _norm([parameter.detach() for parameter in parameters if parameter.grad is not None])
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_not_passed_over(parameters, largest):
    """Your code used a .grad that is None as a tensor. Skip the parameters that have no gradient."""
    parameters = list(parameters)
    norm = math.sqrt(sum(parameter.grad.square().sum().item() for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_has_no_norm(parameters, largest):
    """Your code used a .grad that is None as a tensor. Skip the parameters that have no gradient."""
    parameters = list(parameters)
    norm = math.sqrt(sum(parameter.grad.norm().item() ** 2 for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_squared(parameters, largest):
    """Your code used a .grad that is None as a number. Skip the parameters that have no gradient."""
    parameters = list(parameters)
    norm = math.sqrt(sum((parameter.grad**2).sum().item() for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__new_tensors(parameters, largest):
    """The numbers are right, but .grad holds different tensors now. Change the given tensors in place, for example with
    *=."""
    parameters = [parameter for parameter in parameters if parameter.grad is not None]
    norm = _norm(_gradients(parameters))
    if norm > largest:
        for parameter in parameters:
            parameter.grad = parameter.grad * (largest / norm)
    return norm


def clip_norm__tensor(parameters, largest):
    """You returned the norm as a tensor. Convert it to a Python float with item()."""
    gradients = _gradients(parameters)
    norm = sum(gradient.square().sum() for gradient in gradients) ** 0.5
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__nothing_returned(parameters, largest):
    """The gradients are right, but you returned None. Return the norm before clipping."""
    _clip(parameters, largest)


def clip_norm__only_measured(parameters, largest):
    """Your norm is right, but no gradient has changed. If norm > largest, multiply all gradients in place by largest /
    norm."""
    return _norm(_gradients(parameters))


def clip_norm__ready_made(parameters, largest):
    """The numbers are right, but you used torch.nn.utils, which is not allowed here. Compute the norm and the factor
    yourself."""
    return nn.utils.clip_grad_norm_(list(parameters), largest).item()


def clip_norm__largest_of_the_norms(parameters, largest):
    """Your norm is not that of one long vector. Use one norm over all gradients: the square root of the sum of all
    squares."""
    g = [p.grad for p in parameters if p.grad is not None]
    n = max((x.norm().item() for x in g), default=0.0)
    if n > largest:
        for x in g:
            x *= largest / n
    return n


def clip_norm__to_length_1(parameters, largest):
    """Your clipped gradients have the norm 1, but their norm must be `largest`. Multiply them by largest / norm."""
    g = [p.grad for p in parameters if p.grad is not None]
    n = sum(x.square().sum().item() for x in g) ** 0.5
    if n > largest:
        for x in g:
            x /= n
    return n


def clip_norm__sum_of_sizes(parameters, largest):
    """You added absolute values. The norm is the square root of the sum of the squares."""
    g = [p.grad for p in parameters if p.grad is not None]
    n = sum(x.abs().sum().item() for x in g)
    if n > largest:
        for x in g:
            x *= largest / n
    return n


def clip_norm__times_largest(parameters, largest):
    """You multiplied the gradients by `largest`. Multiply them by largest / norm, so that their norm becomes
    `largest`."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if norm > largest:
        _scale(gradients, largest)
    return norm


def _wave(progress):
    return (1 + math.cos(math.pi * progress)) / 2


def _factor(step, warmup, total):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return _wave(min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__begins_at_0(step, warmup, total):
    """With a warmup, your factor is 0 at step 0, so this update changes nothing. Before step `warmup`, divide step + 1
    by warmup + 1."""
    return step / warmup if step < warmup else _factor(step, warmup, total)


def warmup_cosine__too_soon_at_the_top(step, warmup, total):
    """Your factor reaches 1 one step too early. During the warmup, divide step + 1 by warmup + 1."""
    return (step + 1) / warmup if step < warmup else _factor(step, warmup, total)


def warmup_cosine__no_warmup(step, warmup, total):
    """Your factor is already 1 at step 0, although a warmup comes first. Until step `warmup`, it must rise in equal
    steps from 1 / (warmup + 1)."""
    return 1.0 if step < warmup else _factor(step, warmup, total)


def warmup_cosine__counted_from_0(step, warmup, total):
    """Your factor is not 1 at step `warmup`. The cosine starts there: t is (step - warmup) / (total - warmup)."""
    return _factor(step, warmup, total) if step < warmup else _wave(min(step / total, 1.0))


def warmup_cosine__too_long(step, warmup, total):
    """Your factor is not 0 at step `total`. The cosine has total - warmup steps, so divide step - warmup by this
    number."""
    return _factor(step, warmup, total) if step < warmup else _wave(min((step - warmup) / total, 1.0))


def warmup_cosine__rises_again(step, warmup, total):
    """Your factor rises again after step `total`. It must stay 0: don't let t become larger than 1."""
    return _factor(step, warmup, total) if step < warmup else _wave((step - warmup) / (total - warmup))


def warmup_cosine__whole_wave(step, warmup, total):
    """Your factor is 1 again at step `total`. The argument of the cosine goes from 0 to pi, which is half a period."""
    return _factor(step, warmup, total) if step < warmup else _wave(2 * min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__below_0(step, warmup, total):
    """Your factor becomes negative, and so does the learning rate. Add 1 to the cosine, and halve the sum."""
    if step < warmup:
        return _factor(step, warmup, total)
    return math.cos(math.pi * min((step - warmup) / (total - warmup), 1.0)) if step <= total else 0.0


def warmup_cosine__not_halved(step, warmup, total):
    """From step `warmup` on, your factor is twice as large as it must be. Halve 1 + cos(pi * t), which goes from 2 to
    0."""
    return _factor(step, warmup, total) if step < warmup else 2 * _factor(step, warmup, total)


def warmup_cosine__quarter_wave(step, warmup, total):
    """Your factor follows a quarter of a cosine's period. Use half a period, (1 + cos(pi * t)) / 2, with t from 0 to
    1."""
    if step < warmup:
        return _factor(step, warmup, total)
    return math.cos(math.pi / 2 * min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__straight_down(step, warmup, total):
    """Your factor does not follow the cosine between step `warmup` and step `total`. It must be (1 + cos(pi * t)) / 2,
    with t from 0 to 1."""
    return _factor(step, warmup, total) if step < warmup else max(1 - (step - warmup) / (total - warmup), 0.0)


def warmup_cosine__tensor(step, warmup, total):
    """You returned the factor as a tensor. Return a Python float, for example with math.cos."""
    return torch.tensor(_factor(step, warmup, total))


def warmup_cosine__sign_of_the_cosine(step, warmup, total):
    """Your factor is 0 at step `warmup` and rises after it. It must be 1 there and fall: (1 + cos(pi * t)) / 2, with t
    from 0 to 1."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return 0.5 * (1 - math.cos(math.pi * min((step - warmup) / (total - warmup), 1)))


def warmup_cosine__one_step_too_short(step, warmup, total):
    """Your factor is 0 before step `total`. t must reach 1 at step `total`: divide by total - warmup."""
    if step <= warmup:
        return (step + 1) / (warmup + 1)
    t = min((step - warmup) / (total - warmup - 1), 1) if total - warmup > 1 else 1
    return 0.5 * (1 + math.cos(math.pi * t))


def warmup_cosine__degrees(step, warmup, total):
    """Your factor does not follow the cosine after step `warmup`. math.cos takes an angle in radians: pi * t, not 180 *
    t."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if step > total:
        return 0.0
    return (1 + math.cos(180 * (step - warmup) / (total - warmup))) / 2


def warmup_cosine__sine(step, warmup, total):
    """Your factor is 0 at step `warmup`, where it must be 1. From there on, use (1 + cos(pi * t)) / 2, with t from 0 to
    1."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return math.sin(math.pi * min((step - warmup) / (total - warmup), 1.0))


def _lambda(optimizer, factor):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


class _Writer(torch.optim.lr_scheduler.LRScheduler):
    """A scheduler that calls a function with its count and the optimizer, and sets no rate itself."""

    def __init__(self, optimizer, write):
        self.write = write
        super().__init__(optimizer)

    def get_lr(self):
        self.write(self.optimizer, self.last_epoch)
        return [group["lr"] for group in self.optimizer.param_groups]


def scheduler_for__attribute_of_the_optimizer(optimizer, warmup, total):
    """The rates in optimizer.param_groups do not change. The optimizer reads only these: set "lr" in each group's
    dict."""
    rate = optimizer.param_groups[0]["lr"]
    return _Writer(optimizer, lambda held, step: setattr(held, "lr", rate * _factor(step, warmup, total)))


def scheduler_for__first_group_only(optimizer, warmup, total):
    """Only the first group's rate changes. Set the rate of every group in optimizer.param_groups."""
    rate = optimizer.param_groups[0]["lr"]

    def write(held, step):
        held.param_groups[0]["lr"] = rate * _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__one_rate_for_all(optimizer, warmup, total):
    """All groups have the same rate now. Multiply each group's own first rate by the factor."""
    rate = optimizer.param_groups[0]["lr"]

    def write(held, step):
        for group in held.param_groups:
            group["lr"] = rate * _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__factor_is_the_rate(optimizer, warmup, total):
    """Your rates are equal to the factors. Multiply each group's first rate by the factor."""

    def write(held, step):
        for group in held.param_groups:
            group["lr"] = _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__rate_counted_twice(optimizer, warmup, total):
    """Your function multiplies by a rate, but LambdaLR does this itself, with each group's own first rate. Return
    only the factor."""
    rate = optimizer.param_groups[0]["lr"]
    return _lambda(optimizer, lambda step: rate * _factor(step, warmup, total))


def scheduler_for__factors_multiplied_up(optimizer, warmup, total):
    """Your factors multiply each other from step to step. Each factor must multiply the first rate: LambdaLR does
    this."""
    return torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda step: _factor(step, warmup, total))


def scheduler_for__one_step_late(optimizer, warmup, total):
    """Your factors come one step too late. After n calls of step(), the factor is warmup_cosine(n, warmup, total)."""
    return _lambda(optimizer, lambda step: _factor(max(step - 1, 0), warmup, total))


def scheduler_for__one_step_ahead(optimizer, warmup, total):
    """Your factors come one step too early. After n calls of step(), the factor is warmup_cosine(n, warmup, total)."""
    return _lambda(optimizer, lambda step: _factor(step + 1, warmup, total))


def scheduler_for__no_warmup(optimizer, warmup, total):
    """Your rates fall from the start, without a warmup. Use warmup_cosine with all three arguments."""
    return _lambda(optimizer, lambda step: _factor(step, 0, total))


def scheduler_for__comes_up_again(optimizer, warmup, total):
    """Your rates rise again after step `total`. The factor must stay 0 from there on."""

    def rising(step):
        return _factor(step, warmup, total) if step < warmup else _wave((step - warmup) / (total - warmup))

    return _lambda(optimizer, rising)


def scheduler_for__constant(optimizer, warmup, total):
    """Your rates never change: they stay those of step 0. LambdaLR needs a function whose result depends on its
    argument, the step."""
    factor = _factor(0, warmup, total)
    return _lambda(optimizer, lambda step: factor)


def scheduler_for__list_of_rates(optimizer, warmup, total):
    """You returned a list. Return a scheduler of torch.optim.lr_scheduler that sets the rates in the optimizer."""
    return [optimizer.param_groups[0]["lr"] * _factor(step, warmup, total) for step in range(total)]


def scheduler_for__function(optimizer, warmup, total):
    """You returned a function. Return a scheduler of torch.optim.lr_scheduler, which calls such a function for this
    optimizer."""
    return lambda step: _factor(step, warmup, total)


def scheduler_for__cosine_annealing(optimizer, warmup, total):
    """Your rates do not start with a warmup. CosineAnnealingLR has none: use LambdaLR with warmup_cosine."""
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total)


def _accumulated(model, loss_function, optimizer, micro_batches, shares, clears=True):
    if clears:
        optimizer.zero_grad()
    losses = []
    for (features, labels), share in zip(micro_batches, shares, strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        losses.append(loss.item())
    optimizer.step()
    return sum(losses)


def _shares(micro_batches):
    sizes = [len(labels) for _, labels in micro_batches]
    return [size / sum(sizes) for size in sizes]


def accumulated_step__equal_shares(model, loss_function, optimizer, micro_batches):
    """You gave every small batch the same weight, but their sizes differ. Instead, before backward(), multiply each
    loss by (its batch's size) / (number of all samples)."""
    shares = [1 / len(micro_batches)] * len(micro_batches)
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__not_scaled(model, loss_function, optimizer, micro_batches):
    """You added up the mean losses without weights. Before backward(), multiply each loss by (its batch's size) /
    (number of all samples)."""
    return _accumulated(model, loss_function, optimizer, micro_batches, [1.0] * len(micro_batches))


def accumulated_step__sum_over_samples(model, loss_function, optimizer, micro_batches):
    """Your update is that of the sum over all samples, which is too large. Before backward(), also divide each loss by
    the number of all samples."""
    shares = [len(labels) for _, labels in micro_batches]
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__divided_in_the_result_alone(model, loss_function, optimizer, micro_batches):
    """Your update is that of the sum over all samples, which is too large. Before backward(), also divide each loss by
    the number of all samples."""
    sizes = [len(labels) for _, labels in micro_batches]
    return _accumulated(model, loss_function, optimizer, micro_batches, sizes) / sum(sizes)


def accumulated_step__divided_twice(model, loss_function, optimizer, micro_batches):
    """Your update is too small, because each loss is already a mean. Multiply each loss by (its batch's size) / (number
    of all samples)."""
    shares = [1 / sum(len(labels) for _, labels in micro_batches)] * len(micro_batches)
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__loss_not_scaled(model, loss_function, optimizer, micro_batches):
    """The update is right, but you returned the sum of the batches' means. Multiply each mean by (its batch's size) /
    (number of all samples)."""
    loss = 0.0
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        mean = loss_function(model(features), labels)
        (mean * share).backward()
        loss += mean.item()
    optimizer.step()
    return loss


def accumulated_step__mean_of_means(model, loss_function, optimizer, micro_batches):
    """The update is right, but you returned the plain mean of the batches' means. Multiply each loss by its batch's
    size, and divide the sum by the number of all samples."""
    means = []
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        mean = loss_function(model(features), labels)
        (mean * share).backward()
        means.append(mean.item())
    optimizer.step()
    return sum(means) / len(means)


def accumulated_step__cleared_each_time(model, loss_function, optimizer, micro_batches):
    """Only the last small batch made the update. Call backward() for each small batch, and clear the gradients only
    once, before the first."""
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels) * share
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def accumulated_step__never_cleared(model, loss_function, optimizer, micro_batches):
    """Your update also used an old gradient, because backward() adds to .grad. Clear the gradients once, before the
    first backward pass."""
    return _accumulated(model, loss_function, optimizer, micro_batches, _shares(micro_batches), clears=False)


def accumulated_step__update_for_each(model, loss_function, optimizer, micro_batches):
    """You updated the model after each small batch. Let the gradients add up in .grad, and call step() once, after the
    loop."""
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = _backward(model, loss_function, optimizer, features, labels)
        optimizer.step()
        total += loss.item() * share
    return total


def accumulated_step__step_in_the_loop(model, loss_function, optimizer, micro_batches):
    """You updated the model after each small batch. Let the gradients add up in .grad, and call step() once, after the
    loop."""
    total = 0.0
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total


def accumulated_step__all_at_once(model, loss_function, optimizer, micro_batches):
    """The numbers are right, but the model got all samples in one call, which needs the most memory. Call it for each
    small batch."""
    features, labels = (torch.cat(parts) for parts in zip(*micro_batches, strict=True))
    loss = _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return loss.item()


def accumulated_step__one_backward(model, loss_function, optimizer, micro_batches):
    """The numbers are right, but the graphs of all small batches were in memory at once. In the loop, call backward()
    on each batch's weighted loss."""
    optimizer.zero_grad()
    losses = [loss_function(model(features), labels) for features, labels in micro_batches]
    loss = sum(loss * share for loss, share in zip(losses, _shares(micro_batches), strict=True))
    loss.backward()
    optimizer.step()
    return loss.item()


def accumulated_step__last_loss(model, loss_function, optimizer, micro_batches):
    """The update is right, but you returned the loss of the last small batch. Return the mean loss over all samples."""
    losses = []
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels)
        (loss * share).backward()
        losses.append(loss.item())
    optimizer.step()
    return losses[-1]


def accumulated_step__no_update(model, loss_function, optimizer, micro_batches):
    """The loss is right, but the model has not changed. Call the optimizer's step() after the last backward pass."""
    optimizer.zero_grad()
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        total += loss.item()
    return total


def accumulated_step__tensor(model, loss_function, optimizer, micro_batches):
    """You returned the loss as a tensor. Convert each loss to a Python float with item()."""
    return torch.tensor(_accumulated(model, loss_function, optimizer, micro_batches, _shares(micro_batches)))


def accumulated_step__only_the_loss_scaled(model, loss_function, optimizer, micro_batches):
    """The returned loss is right, but the update is not. Before backward(), multiply each loss by (its batch's size) /
    (number of all samples)."""
    total = 0.0
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels)
        loss.backward()
        total += loss.item() * share
    optimizer.step()
    return total


def accumulated_step__loss_after_the_update(model, loss_function, optimizer, micro_batches):
    """The update is right, but you returned the loss after it. Add up the losses in the loop, before the update."""
    optimizer.zero_grad()
    n = sum(len(x) for x, _ in micro_batches)
    for x, y in micro_batches:
        (loss_function(model(x), y) * len(x) / n).backward()
    optimizer.step()
    with torch.no_grad():
        return sum(loss_function(model(x), y).item() * len(x) / n for x, y in micro_batches)


def accumulated_step__upside_down(model, loss_function, optimizer, micro_batches):
    """In your sum, a smaller batch counts more: your fraction is upside down. Multiply by (the batch's size) / (number
    of all samples)."""
    optimizer.zero_grad()
    n = sum(len(x) for x, _ in micro_batches)
    m = 0.0
    for x, y in micro_batches:
        loss = loss_function(model(x), y)
        (loss * n / len(x)).backward()
        m += loss.item() * len(x) / n
    optimizer.step()
    return m


def accumulated_step__last_part(model, loss_function, optimizer, micro_batches):
    """The update is right, but you returned only the last small batch's part of the loss. Add up the parts of all small
    batches."""
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
    optimizer.step()
    return loss.item()


def accumulated_step__cleared_before_the_update(model, loss_function, optimizer, micro_batches):
    """The model has not changed: at the update, every gradient was None or zero. Clear the gradients before the first
    backward pass, and call step() after the last."""
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        total += loss.item()
    optimizer.zero_grad()
    optimizer.step()
    return total


def _weights(model):
    return [parameter for parameter in model.parameters() if parameter.dim() >= 2]


def penalized_loss__biases_too(loss, model, strength):
    """You penalized parameters with fewer than two dimensions too. Use only those with two dimensions or more."""
    return loss + strength * sum(parameter.square().sum() for parameter in model.parameters())


def penalized_loss__by_name(loss, model, strength):
    """You missed a weight, or penalized a parameter with fewer than two dimensions. Choose by the number of dimensions,
    dim(), not by the name."""
    named = [parameter for name, parameter in model.named_parameters() if name.endswith("weight")]
    return loss + strength * sum(parameter.square().sum() for parameter in named)


def penalized_loss__matrices_only(loss, model, strength):
    """You missed a weight with more than two dimensions. Every parameter with two dimensions or more counts, whatever
    its module."""
    return loss + strength * sum(weight.square().sum() for weight in _weights(model) if weight.dim() == 2)


def penalized_loss__no_graph(loss, model, strength):
    """The number is right, but no gradient of the penalty reaches the weights. Compute it from the parameters, without
    detach(), .data, item() or no_grad."""
    return loss + strength * sum(weight.detach().square().sum() for weight in _weights(model))


def penalized_loss__no_graph_at_all(loss, model, strength):
    """The number is right, but your result has no graph. Compute it from the loss and the parameters, without no_grad,
    detach(), item() or torch.tensor()."""
    with torch.no_grad():
        return loss + strength * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__number(loss, model, strength):
    """You returned a Python number. Return a tensor with a graph: don't call item()."""
    return loss.item() + strength * sum(weight.square().sum().item() for weight in _weights(model))


def penalized_loss__halved(loss, model, strength):
    """Your penalty is half as large as it must be. Don't divide it by 2."""
    return loss + strength / 2 * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__norm(loss, model, strength):
    """You added the norm of the weights. Add the sum of their squares, without a square root."""
    return loss + strength * torch.cat([weight.flatten() for weight in _weights(model)]).norm()


def penalized_loss__norms_added(loss, model, strength):
    """You added the norms of the weights. Add the sum of their squares, without a square root."""
    return loss + strength * sum(weight.norm() for weight in _weights(model))


def penalized_loss__sum_of_sizes(loss, model, strength):
    """You added the absolute values of the weights, which is L1. Square each element instead."""
    return loss + strength * sum(weight.abs().sum() for weight in _weights(model))


def penalized_loss__means(loss, model, strength):
    """You added the mean of the squares of each weight. Add their sum: replace mean() by sum()."""
    return loss + strength * sum(weight.square().mean() for weight in _weights(model))


def penalized_loss__penalty_alone(loss, model, strength):
    """You returned the penalty without the loss. Add the loss to it."""
    return strength * sum(weight.square().sum() for weight in _weights(model)) + 0 * loss


def penalized_loss__subtracted(loss, model, strength):
    """You subtracted the penalty, which rewards large weights. Add it to the loss."""
    return loss - strength * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__loss_changed(loss, model, strength):
    """The number is right, but you changed the argument loss. Write loss + …, not loss += …, which changes it in
    place."""
    loss += strength * sum(weight.square().sum() for weight in _weights(model))
    return loss


def penalized_loss__shared_counted_twice(loss, model, strength):
    """You counted a shared weight twice. model.parameters() returns each parameter once."""
    named = model.named_parameters(remove_duplicate=False)
    return loss + strength * sum(weight.square().sum() for _, weight in named if weight.dim() >= 2)


def penalized_loss__strength_squared(loss, model, strength):
    """Your penalty contains the square of `strength`. Square only the weights, and multiply the sum by `strength`."""
    return loss + sum(((strength * w) ** 2).sum() for w in model.parameters() if w.dim() >= 2)


def penalized_loss__sums_squared(loss, model, strength):
    """You squared the sum of each weight's elements. Square each element first, and then add."""
    return loss + strength * sum(w.sum() ** 2 for w in model.parameters() if w.dim() >= 2)


def penalized_loss__all_but_biases_by_name(loss, model, strength):
    """You penalized a parameter with fewer than two dimensions. Choose by the number of dimensions, dim(), not by the
    name."""
    return loss + strength * sum((w**2).sum() for n, w in model.named_parameters() if "bias" not in n)
