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


def clip_norm__each_apart(parameters, largest):
    """Each gradient was shortened by a factor of its own, which turns the update's direction: one norm, one factor."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    for gradient in gradients:
        if _norm([gradient]) > largest:
            gradient *= largest / _norm([gradient])
    return norm


def clip_norm__values_cut_off(parameters, largest):
    """Each number was cut off at the limit by itself: what is limited here is the length of all of them together."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    for gradient in gradients:
        gradient.clamp_(-largest, largest)
    return norm


def clip_norm__generator_used_up(parameters, largest):
    """With a list it works, with model.parameters() not: that one can be gone through once, then it is empty."""
    norm = _norm(_gradients(parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__counted_first(parameters, largest):
    """From model.parameters() came the norm 0: it can be gone through once, and something used it up before."""
    count = sum(1 for _ in parameters)
    return _clip(parameters, largest) if count else 0.0


def clip_norm__norm_afterwards(parameters, largest):
    """What came back is the norm after clipping: asked for is the one before, which tells how wild the run is."""
    return min(_clip(parameters, largest), float(largest))


def clip_norm__always_scaled(parameters, largest):
    """Short gradients were stretched to the limit: it is the most that is allowed, and they must stay as they are."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if norm > 0:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__divided_by_zero(parameters, largest):
    """Gradients of nothing but 0 have the norm 0, and dividing by it fails, or makes nan: only a long one needs it."""
    gradients = _gradients(parameters)
    norm = _norm(gradients)
    if gradients:
        _scale(gradients, min(1.0, largest / norm))
    return norm


def clip_norm__sum_of_norms(parameters, largest):
    """The norms of the gradients were added up: lengths add up only along one line. Add the squares, then one root."""
    gradients = _gradients(parameters)
    norm = float(sum(_norm([gradient]) for gradient in gradients))
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__squared(parameters, largest):
    """This is the sum of the squares: the norm is its root."""
    gradients = _gradients(parameters)
    norm = float(_norm(gradients) ** 2)
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__norm_of_the_weights(parameters, largest):
    """The parameters' own values were measured, not their gradients: those are what must not be too long."""
    parameters = list(parameters)
    norm = _norm([parameter.detach() for parameter in parameters if parameter.grad is not None])
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_not_passed_over(parameters, largest):
    """A parameter that no loss has reached has None for a gradient, and None has no squares: pass it over."""
    parameters = list(parameters)
    norm = math.sqrt(sum(parameter.grad.square().sum().item() for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_has_no_norm(parameters, largest):
    """Where no loss has reached a parameter, its gradient is None, which has no norm: such a one is passed over."""
    parameters = list(parameters)
    norm = math.sqrt(sum(parameter.grad.norm().item() ** 2 for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__none_squared(parameters, largest):
    """None was to be squared: it is the gradient of a parameter that no loss has reached, which is passed over."""
    parameters = list(parameters)
    norm = math.sqrt(sum((parameter.grad**2).sum().item() for parameter in parameters))
    if norm > largest:
        _scale(_gradients(parameters), largest / norm)
    return norm


def clip_norm__new_tensors(parameters, largest):
    """The numbers are right, but new tensors hang in .grad: whoever holds the old ones sees nothing of it."""
    parameters = [parameter for parameter in parameters if parameter.grad is not None]
    norm = _norm(_gradients(parameters))
    if norm > largest:
        for parameter in parameters:
            parameter.grad = parameter.grad * (largest / norm)
    return norm


def clip_norm__tensor(parameters, largest):
    """The norm came as a tensor, and a Python float is asked for."""
    gradients = _gradients(parameters)
    norm = sum(gradient.square().sum() for gradient in gradients) ** 0.5
    if norm > largest:
        _scale(gradients, largest / norm)
    return norm


def clip_norm__nothing_returned(parameters, largest):
    """The gradients are clipped, but the norm is not returned: it is what you watch a run by."""
    _clip(parameters, largest)


def clip_norm__only_measured(parameters, largest):
    """The norm is right, but no gradient was shortened."""
    return _norm(_gradients(parameters))


def clip_norm__ready_made(parameters, largest):
    """The numbers are right, but PyTorch's own clipping was to be left aside here: it is a root, a sum and a factor."""
    return nn.utils.clip_grad_norm_(list(parameters), largest).item()


def _backward(model, loss_function, optimizer, features, labels):
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    return loss


def clipped_step__before_backward(model, loss_function, optimizer, features, labels, largest):
    """Clipping came before backward, when the gradient was not there yet: the norm is 0, and the update unclipped."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    norm = _clip(model.parameters(), largest)
    loss.backward()
    optimizer.step()
    return float(norm)


def clipped_step__old_gradients_clipped(model, loss_function, optimizer, features, labels, largest):
    """What was measured and clipped is the gradient left from before: this batch's went into the update unclipped."""
    norm = _clip(model.parameters(), largest)
    _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return norm


def clipped_step__after_step(model, loss_function, optimizer, features, labels, largest):
    """The norm is right, but the update was as long as without clipping: it must come before the optimizer's step."""
    _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return _clip(model.parameters(), largest)


def clipped_step__loss_cut_off(model, loss_function, optimizer, features, labels, largest):
    """A loss cut off at the limit is a constant above it, and has gradient 0: cut the gradient, and not the loss."""
    optimizer.zero_grad()
    loss_function(model(features), labels).clamp(max=largest).backward()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__each_apart(model, loss_function, optimizer, features, labels, largest):
    """Weight and bias were clipped apart, which turns the direction of the update: one norm goes over all of them."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _norm(_gradients(model.parameters()))
    for parameter in model.parameters():
        _clip([parameter], largest)
    optimizer.step()
    return norm


def clipped_step__values_cut_off(model, loss_function, optimizer, features, labels, largest):
    """Every number was cut off by itself, so the update has another direction, and may still be too long."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _norm(_gradients(model.parameters()))
    nn.utils.clip_grad_value_(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__always_scaled(model, loss_function, optimizer, features, labels, largest):
    """A short gradient was stretched to the limit: clipping shortens, and leaves what is short enough."""
    _backward(model, loss_function, optimizer, features, labels)
    gradients = _gradients(model.parameters())
    norm = _norm(gradients)
    _scale(gradients, largest / norm)
    optimizer.step()
    return norm


def clipped_step__never_cleared(model, loss_function, optimizer, features, labels, largest):
    """The gradient left from before was added to this batch's, and clipping hides it: clear before going backward."""
    loss_function(model(features), labels).backward()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return norm


def clipped_step__cleared_too_late(model, loss_function, optimizer, features, labels, largest):
    """The gradients were cleared after backward, this batch's with them: nothing is left to clip, or to step by."""
    loss_function(model(features), labels).backward()
    optimizer.zero_grad()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return float(norm)


def clipped_step__no_update(model, loss_function, optimizer, features, labels, largest):
    """The norm is right, but the weights have not moved: the optimizer must make its step, after the clipping."""
    _backward(model, loss_function, optimizer, features, labels)
    return _clip(model.parameters(), largest)


def clipped_step__loss(model, loss_function, optimizer, features, labels, largest):
    """This is the loss: the norm of the gradient is asked for."""
    loss = _backward(model, loss_function, optimizer, features, labels)
    _clip(model.parameters(), largest)
    optimizer.step()
    return loss.item()


def clipped_step__norm_afterwards(model, loss_function, optimizer, features, labels, largest):
    """This is the norm after clipping, which never says more than the limit: asked for is the one before."""
    _backward(model, loss_function, optimizer, features, labels)
    _clip(model.parameters(), largest)
    optimizer.step()
    return _norm(_gradients(model.parameters()))


def clipped_step__tensor(model, loss_function, optimizer, features, labels, largest):
    """The norm came as a tensor, and a Python float is asked for."""
    _backward(model, loss_function, optimizer, features, labels)
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    return torch.tensor(norm)


def _wave(progress):
    return (1 + math.cos(math.pi * progress)) / 2


def _factor(step, warmup, total):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return _wave(min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__begins_at_0(step, warmup, total):
    """The factor is 0 at step 0, and the first update is lost: the climb begins one part above 0."""
    return step / warmup if step < warmup else _factor(step, warmup, total)


def warmup_cosine__too_soon_at_the_top(step, warmup, total):
    """The factor is 1 one step too early: it is step `warmup` that has the 1, so the climb has warmup + 1 parts."""
    return (step + 1) / warmup if step < warmup else _factor(step, warmup, total)


def warmup_cosine__no_warmup(step, warmup, total):
    """The climb is missing: the factor is 1 from the start, and the first updates are the largest."""
    return 1.0 if step < warmup else _factor(step, warmup, total)


def warmup_cosine__counted_from_0(step, warmup, total):
    """The wave began at step 0, so there is a jump after the warmup: it must begin, with 1, at step `warmup`."""
    return _factor(step, warmup, total) if step < warmup else _wave(min(step / total, 1.0))


def warmup_cosine__too_long(step, warmup, total):
    """The wave is as long as the whole run, so it does not reach 0 at `total`: it has only what the warmup leaves."""
    return _factor(step, warmup, total) if step < warmup else _wave(min((step - warmup) / total, 1.0))


def warmup_cosine__rises_again(step, warmup, total):
    """After the end the factor rises again, as a cosine does: the progress must not grow beyond 1."""
    return _factor(step, warmup, total) if step < warmup else _wave((step - warmup) / (total - warmup))


def warmup_cosine__whole_wave(step, warmup, total):
    """The factor is back at 1 at the end: a whole wave of the cosine is two pi long, and half of one is asked for."""
    return _factor(step, warmup, total) if step < warmup else _wave(2 * min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__below_0(step, warmup, total):
    """The factor falls below 0, and the run would go uphill: the wave must be lifted by 1, and halved."""
    if step < warmup:
        return _factor(step, warmup, total)
    return math.cos(math.pi * min((step - warmup) / (total - warmup), 1.0)) if step <= total else 0.0


def warmup_cosine__not_halved(step, warmup, total):
    """The wave begins at 2: one plus a cosine goes from 2 to 0, so it is still to be halved."""
    return _factor(step, warmup, total) if step < warmup else 2 * _factor(step, warmup, total)


def warmup_cosine__quarter_wave(step, warmup, total):
    """Only a quarter of a wave, from the top down to 0: it is steepest at the end, where it should be slow."""
    if step < warmup:
        return _factor(step, warmup, total)
    return math.cos(math.pi / 2 * min((step - warmup) / (total - warmup), 1.0))


def warmup_cosine__straight_down(step, warmup, total):
    """The factor falls in a straight line: it is to follow a cosine, slow at both ends."""
    return _factor(step, warmup, total) if step < warmup else max(1 - (step - warmup) / (total - warmup), 0.0)


def warmup_cosine__tensor(step, warmup, total):
    """The factor came as a tensor, and a Python float is asked for."""
    return torch.tensor(_factor(step, warmup, total))


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
    """The rates never change: an attribute optimizer.lr is read by nobody. They stand in optimizer.param_groups."""
    rate = optimizer.param_groups[0]["lr"]
    return _Writer(optimizer, lambda held, step: setattr(held, "lr", rate * _factor(step, warmup, total)))


def scheduler_for__first_group_only(optimizer, warmup, total):
    """Only the first group's rate follows the plan: an optimizer can have more groups, and all must follow."""
    rate = optimizer.param_groups[0]["lr"]

    def write(held, step):
        held.param_groups[0]["lr"] = rate * _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__one_rate_for_all(optimizer, warmup, total):
    """All groups have the first one's rate now: each has a rate of its own, which the factor multiplies."""
    rate = optimizer.param_groups[0]["lr"]

    def write(held, step):
        for group in held.param_groups:
            group["lr"] = rate * _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__factor_is_the_rate(optimizer, warmup, total):
    """The factor itself was taken for the rate: it multiplies the rate that the group came with."""

    def write(held, step):
        for group in held.param_groups:
            group["lr"] = _factor(step, warmup, total)

    return _Writer(optimizer, write)


def scheduler_for__rate_counted_twice(optimizer, warmup, total):
    """The rate is in there twice: a LambdaLR multiplies by the rate itself, and its function gives the factor alone."""
    rate = optimizer.param_groups[0]["lr"]
    return _lambda(optimizer, lambda step: rate * _factor(step, warmup, total))


def scheduler_for__factors_multiplied_up(optimizer, warmup, total):
    """Each factor multiplied the rate of the step before, so they piled up: each belongs to the rate at the start."""
    return torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda step: _factor(step, warmup, total))


def scheduler_for__one_step_late(optimizer, warmup, total):
    """Every factor comes one step too late, and the first one twice: the scheduler counts from 0 by itself."""
    return _lambda(optimizer, lambda step: _factor(max(step - 1, 0), warmup, total))


def scheduler_for__one_step_ahead(optimizer, warmup, total):
    """Every factor comes one step too early: the scheduler counts its first step as 0, as warmup_cosine does."""
    return _lambda(optimizer, lambda step: _factor(step + 1, warmup, total))


def scheduler_for__no_warmup(optimizer, warmup, total):
    """The wave comes down from the start, and nothing climbs before it: the warmup is part of the plan."""
    return _lambda(optimizer, lambda step: _factor(step, 0, total))


def scheduler_for__comes_up_again(optimizer, warmup, total):
    """The rates rise again after the end: a plan that is over must stay at 0."""

    def rising(step):
        return _factor(step, warmup, total) if step < warmup else _wave((step - warmup) / (total - warmup))

    return _lambda(optimizer, rising)


def scheduler_for__constant(optimizer, warmup, total):
    """The rate is that of step 0 for ever: what the scheduler needs is the function, to call it anew at each step."""
    factor = _factor(0, warmup, total)
    return _lambda(optimizer, lambda step: factor)


def scheduler_for__list_of_rates(optimizer, warmup, total):
    """These are the rates, and a scheduler is asked for: an object that sets them in the optimizer, step by step."""
    return [optimizer.param_groups[0]["lr"] * _factor(step, warmup, total) for step in range(total)]


def scheduler_for__function(optimizer, warmup, total):
    """This is the function of the step: a scheduler of PyTorch's must be built round it, for this optimizer."""
    return lambda step: _factor(step, warmup, total)


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
    """The schedule was stepped for every batch, and the rate fell far too fast: it counts its calls, here epochs."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return rates


def run_schedule__stepped_for_both(model, loss_function, optimizer, scheduler, batches, epochs):
    """The schedule was stepped for every batch and for every epoch too: here it counts epochs alone."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, each=scheduler.step)


def run_schedule__schedule_first(model, loss_function, optimizer, scheduler, batches, epochs):
    """The first rate lasted one epoch too few: the schedule was stepped before the epoch's updates, not after."""
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
    """The last update of each epoch was made with the next epoch's rate: the schedule comes after all the updates."""
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
    """The rate never changes: a schedule does nothing by itself, and must be stepped after each epoch."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
    return rates


def run_schedule__not_after_the_last_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """The schedule was not stepped after the last epoch: a run that goes on from here would repeat a rate."""
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
    """The list holds the rate at the start only, while the updates follow the plan: the rate is in param_groups."""
    rate = optimizer.defaults["lr"]
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, rate=lambda: rate)


def run_schedule__lr_of_the_optimizer(model, loss_function, optimizer, scheduler, batches, epochs):
    """An optimizer has no attribute lr: its rates stand in param_groups, one for each group."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs, rate=lambda: optimizer.lr)


def run_schedule__once_an_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """There is one rate for each epoch in the list: one for each update is asked for."""
    return _run(model, loss_function, optimizer, scheduler, batches, epochs)[:: len(batches)]


def run_schedule__list_for_every_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """Each epoch has a list of its own inside the list: all the rates stand in one."""
    rates, size = _run(model, loss_function, optimizer, scheduler, batches, epochs), len(batches)
    return [rates[start : start + size] for start in range(0, len(rates), size)]


def run_schedule__recorded_too_late(model, loss_function, optimizer, scheduler, batches, epochs):
    """The updates are right, but the list has the rates of the next epoch: record before the schedule is stepped."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            optimizer.step()
        scheduler.step()
        rates += [optimizer.param_groups[0]["lr"]] * len(batches)
    return rates


def run_schedule__never_cleared(model, loss_function, optimizer, scheduler, batches, epochs):
    """The rates are right, but the updates grow and grow: the gradients of all batches before are still in the sum."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__cleared_after_the_update(model, loss_function, optimizer, scheduler, batches, epochs):
    """A gradient left from before the run went into its first update: clear before the first backward pass, too."""
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
    """The rates are right, but each update was made by the gradients of all the epoch's batches so far, added up."""
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
    """The schedule was stepped for every batch, and the rate recorded only after that: it counts epochs here."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            _backward(model, loss_function, optimizer, features, labels)
            optimizer.step()
            scheduler.step()
            rates.append(optimizer.param_groups[0]["lr"])
    return rates


def run_schedule__without_updates(model, loss_function, optimizer, scheduler, batches, epochs):
    """The rates are right, but the model has not moved: an update belongs to each of them."""
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(epochs):
            rates += [optimizer.param_groups[0]["lr"]] * len(batches)
            scheduler.step()
    return rates


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
    """Each small batch counted the same, whatever its size: dividing by their number is right for equal sizes only."""
    shares = [1 / len(micro_batches)] * len(micro_batches)
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__not_scaled(model, loss_function, optimizer, micro_batches):
    """The mean losses were added up as they are: the update is longer with each batch more. Each is only a share."""
    return _accumulated(model, loss_function, optimizer, micro_batches, [1.0] * len(micro_batches))


def accumulated_step__sum_over_samples(model, loss_function, optimizer, micro_batches):
    """This is the sum over the samples: the loss's scale is the update's, so divide by the number of all of them."""
    shares = [len(labels) for _, labels in micro_batches]
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__divided_twice(model, loss_function, optimizer, micro_batches):
    """The update is too short: each loss is a mean already, and only its batch's share is still to multiply it."""
    shares = [1 / sum(len(labels) for _, labels in micro_batches)] * len(micro_batches)
    return _accumulated(model, loss_function, optimizer, micro_batches, shares)


def accumulated_step__loss_not_scaled(model, loss_function, optimizer, micro_batches):
    """The update is right, but the loss is the sum of the batches' means: weigh them by their samples here, too."""
    loss = 0.0
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        mean = loss_function(model(features), labels)
        (mean * share).backward()
        loss += mean.item()
    optimizer.step()
    return loss


def accumulated_step__mean_of_means(model, loss_function, optimizer, micro_batches):
    """The update is right, but the loss is the plain mean of the batches' means: larger batches weigh more."""
    means = []
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        mean = loss_function(model(features), labels)
        (mean * share).backward()
        means.append(mean.item())
    optimizer.step()
    return sum(means) / len(means)


def accumulated_step__cleared_each_time(model, loss_function, optimizer, micro_batches):
    """Only the last small batch made the update: clearing between the backward passes throws away the others."""
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels) * share
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total


def accumulated_step__never_cleared(model, loss_function, optimizer, micro_batches):
    """A gradient left from before went into the update: clear once, before the first backward pass."""
    return _accumulated(model, loss_function, optimizer, micro_batches, _shares(micro_batches), clears=False)


def accumulated_step__update_for_each(model, loss_function, optimizer, micro_batches):
    """Each small batch moved the model by itself: they are to add up first, and make one update together."""
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = _backward(model, loss_function, optimizer, features, labels)
        optimizer.step()
        total += loss.item() * share
    return total


def accumulated_step__step_in_the_loop(model, loss_function, optimizer, micro_batches):
    """The model moved after each small batch, by all that had been added up so far: one update is due, at the end."""
    total = 0.0
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total


def accumulated_step__all_at_once(model, loss_function, optimizer, micro_batches):
    """The numbers are right, but all samples went in together: it is what does not fit into the memory."""
    features, labels = (torch.cat(parts) for parts in zip(*micro_batches, strict=True))
    loss = _backward(model, loss_function, optimizer, features, labels)
    optimizer.step()
    return loss.item()


def accumulated_step__one_backward(model, loss_function, optimizer, micro_batches):
    """The numbers are right, but all graphs were kept until one backward pass at the end: go backward in each turn."""
    optimizer.zero_grad()
    losses = [loss_function(model(features), labels) for features, labels in micro_batches]
    loss = sum(loss * share for loss, share in zip(losses, _shares(micro_batches), strict=True))
    loss.backward()
    optimizer.step()
    return loss.item()


def accumulated_step__last_loss(model, loss_function, optimizer, micro_batches):
    """The update is right, but this is the last small batch's loss: the mean over all samples is asked for."""
    losses = []
    optimizer.zero_grad()
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels)
        (loss * share).backward()
        losses.append(loss.item())
    optimizer.step()
    return losses[-1]


def accumulated_step__no_update(model, loss_function, optimizer, micro_batches):
    """The loss is right, but the model has not moved: after the last backward pass the optimizer must step."""
    optimizer.zero_grad()
    total = 0.0
    for (features, labels), share in zip(micro_batches, _shares(micro_batches), strict=True):
        loss = loss_function(model(features), labels) * share
        loss.backward()
        total += loss.item()
    return total


def accumulated_step__tensor(model, loss_function, optimizer, micro_batches):
    """The loss came as a tensor, and a Python float is asked for: a tensor may hold on to its graph."""
    return torch.tensor(_accumulated(model, loss_function, optimizer, micro_batches, _shares(micro_batches)))


def _weights(model):
    return [parameter for parameter in model.parameters() if parameter.dim() >= 2]


def penalized_loss__biases_too(loss, model, strength):
    """Biases and other parameters with fewer than two dimensions were counted, too: they are free to be large."""
    return loss + strength * sum(parameter.square().sum() for parameter in model.parameters())


def penalized_loss__by_name(loss, model, strength):
    """Parameters were chosen by their names: a scale may be called weight, a weight something else. Ask the shape."""
    named = [parameter for name, parameter in model.named_parameters() if name.endswith("weight")]
    return loss + strength * sum(parameter.square().sum() for parameter in named)


def penalized_loss__matrices_only(loss, model, strength):
    """Only parameters with just two dimensions were counted: those with more, as of a convolution, are weights too."""
    return loss + strength * sum(weight.square().sum() for weight in _weights(model) if weight.dim() == 2)


def penalized_loss__no_graph(loss, model, strength):
    """The loss is right, but the penalty is a mere number to autograd: no gradient of it reaches the weights."""
    return loss + strength * sum(weight.detach().square().sum() for weight in _weights(model))


def penalized_loss__no_graph_at_all(loss, model, strength):
    """The number is right, but there is no graph behind it: nothing can go backward, not even from the loss."""
    with torch.no_grad():
        return loss + strength * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__number(loss, model, strength):
    """This is a Python number: a tensor with a graph is asked for, to go backward from."""
    return loss.item() + strength * sum(weight.square().sum().item() for weight in _weights(model))


def penalized_loss__halved(loss, model, strength):
    """The penalty is half of what is asked for: some write it with 1/2, so that its slope has no 2; here it has."""
    return loss + strength / 2 * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__norm(loss, model, strength):
    """The norm of the weights was added: the penalty is the sum of the squares, without a root."""
    return loss + strength * torch.cat([weight.flatten() for weight in _weights(model)]).norm()


def penalized_loss__norms_added(loss, model, strength):
    """The norms of the weights were added up: each is a root, and the sum of the squares is asked for, without one."""
    return loss + strength * sum(weight.norm() for weight in _weights(model))


def penalized_loss__sum_of_sizes(loss, model, strength):
    """The sizes of the weights were added up, which is L1: here each one is squared."""
    return loss + strength * sum(weight.abs().sum() for weight in _weights(model))


def penalized_loss__means(loss, model, strength):
    """Means of the squares were added: then a weight in a large matrix is pulled less. The sum is asked for."""
    return loss + strength * sum(weight.square().mean() for weight in _weights(model))


def penalized_loss__penalty_alone(loss, model, strength):
    """This is the penalty alone: the loss is still to be added to it."""
    return strength * sum(weight.square().sum() for weight in _weights(model)) + 0 * loss


def penalized_loss__subtracted(loss, model, strength):
    """The penalty was taken away: then large weights would be rewarded."""
    return loss - strength * sum(weight.square().sum() for weight in _weights(model))


def penalized_loss__loss_changed(loss, model, strength):
    """The number is right, but the loss that came in has changed: += writes into the caller's tensor."""
    loss += strength * sum(weight.square().sum() for weight in _weights(model))
    return loss


def penalized_loss__shared_counted_twice(loss, model, strength):
    """A weight that two layers share was counted twice: it is one parameter, and model.parameters() gives it once."""
    named = model.named_parameters(remove_duplicate=False)
    return loss + strength * sum(weight.square().sum() for _, weight in named if weight.dim() >= 2)


def _best(losses):
    return losses.index(min(losses))


def _overfits(training, validation, best):
    return validation[-1] > validation[best] and training[-1] < training[best]


def read_curves__highest(training_losses, validation_losses):
    """You stop where the validation loss is highest: best is the highest of accuracies, but the lowest of losses."""
    best = validation_losses.index(max(validation_losses))
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__training_loss(training_losses, validation_losses):
    """The epoch is that of the lowest training loss, which falls as it learns by heart: ask the validation loss."""
    best = _best(training_losses)
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__counted_from_1(training_losses, validation_losses):
    """The epoch is one too large: epochs count from 0, as places in a list do."""
    best = _best(validation_losses)
    return best + 1, _overfits(training_losses, validation_losses, best)


def read_curves__last_of_equals(training_losses, validation_losses):
    """Of several equal lowest losses you took the last: the first is asked for, as the rest brought nothing."""
    best = max(k for k, loss in enumerate(validation_losses) if loss == min(validation_losses))
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__first_rise(training_losses, validation_losses):
    """You stopped at the first rise of the validation loss: it may fall again, below where it was."""
    best = 0
    while best + 1 < len(validation_losses) and validation_losses[best + 1] < validation_losses[best]:
        best += 1
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__last_epoch(training_losses, validation_losses):
    """The last epoch came out every time: where the validation loss is lowest must be looked for."""
    return len(validation_losses) - 1, False


def read_curves__the_loss_itself(training_losses, validation_losses):
    """This is the lowest loss: the number of its epoch is asked for."""
    best = _best(validation_losses)
    return validation_losses[best], _overfits(training_losses, validation_losses, best)


def read_curves__validation_alone(training_losses, validation_losses):
    """A run whose training loss has not fallen since was called overfitting: it only got worse, on both sides."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best]


def read_curves__gap_at_the_end(training_losses, validation_losses):
    """A gap between the two losses was taken for overfitting: the validation loss must have risen since its best."""
    return _best(validation_losses), validation_losses[-1] > training_losses[-1]


def read_curves__gap_after_the_best(training_losses, validation_losses):
    """You compared the two losses with each other: each is to be compared with what it was itself at the best epoch."""
    best = _best(validation_losses)
    return best, best < len(validation_losses) - 1 and validation_losses[-1] > training_losses[-1]


def read_curves__both_may_be_equal(training_losses, validation_losses):
    """Where a loss ends as it was at the best epoch, it is neither higher nor lower: such a run does not overfit."""
    best = _best(validation_losses)
    return best, validation_losses[-1] >= validation_losses[best] and training_losses[-1] <= training_losses[best]


def read_curves__training_may_be_equal(training_losses, validation_losses):
    """A training loss that ends as it was at the best epoch was taken for lower: the model learnt nothing since."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] and training_losses[-1] <= training_losses[best]


def read_curves__training_alone(training_losses, validation_losses):
    """You said that a run overfits whose validation loss ends as low as at its best: it must end higher, too."""
    best = _best(validation_losses)
    return best, training_losses[-1] < training_losses[best]


def read_curves__compared_with_the_start(training_losses, validation_losses):
    """The ends of the curves were compared with their beginnings: compare them with the best epoch instead."""
    risen = validation_losses[-1] > validation_losses[0]
    return _best(validation_losses), risen and training_losses[-1] < training_losses[0]


def read_curves__number_of_numpy(training_losses, validation_losses):
    """The epoch came as a number of NumPy's, and a Python int is asked for."""
    best = np.argmin(validation_losses)
    return best, _overfits(training_losses, validation_losses, best)


def read_curves__either(training_losses, validation_losses):
    """One of two conditions was enough for you: both must hold, the validation loss higher and the training lower."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] or training_losses[-1] < training_losses[best]


def read_curves__fell_since_the_start(training_losses, validation_losses):
    """The training loss at the end was compared with that of the start: it must be lower than at the best epoch."""
    best = _best(validation_losses)
    return best, validation_losses[-1] > validation_losses[best] and training_losses[-1] < training_losses[0]


def read_curves__last_two(training_losses, validation_losses):
    """You compared the last epoch with the one before: asked for is whether it is worse than the best."""
    best = _best(validation_losses)
    if len(validation_losses) == 1:
        return best, False
    risen = validation_losses[-1] > validation_losses[-2]
    return best, risen and training_losses[-1] < training_losses[-2]


def read_curves__never(training_losses, validation_losses):
    """No run overfits, by your answer: compare the ends of both curves with the best epoch."""
    return _best(validation_losses), False


def read_curves__tensor(training_losses, validation_losses):
    """The epoch came as a tensor, and an int is asked for."""
    best = _best(validation_losses)
    return torch.tensor(best), _overfits(training_losses, validation_losses, best)


def read_curves__list(training_losses, validation_losses):
    """The two came in a list, and a tuple is asked for."""
    best = _best(validation_losses)
    return [best, _overfits(training_losses, validation_losses, best)]
