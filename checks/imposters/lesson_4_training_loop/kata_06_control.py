"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_06_control.py for another reason."""

import math

import torch
from torch import nn


def clipped_step__loss_cut_off__minimum(model, loss_function, optimizer, features, labels, largest):
    """torch.minimum with a constant cuts the loss off."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    torch.minimum(loss, torch.full_like(loss, largest)).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm.item()


def clipped_step__never_cleared__cleared_by_a_local_name(model, loss_function, optimizer, features, labels, largest):
    """`gradient = None` binds a local name, and clears nothing."""
    for gradient in [parameter.grad for parameter in model.parameters()]:
        gradient = None  # noqa: F841
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm.item()


def clipped_step__cleared_too_late__set_to_none(model, loss_function, optimizer, features, labels, largest):
    """The gradients are set to zero by hand after the backward pass."""
    loss_function(model(features), labels).backward()
    for parameter in model.parameters():
        parameter.grad.zero_()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.step()
    return norm.item()


def run_schedule__recorded_from_the_defaults__read_once(model, loss_function, optimizer, scheduler, batches, epochs):
    """The rate is read once, before the loop."""
    rate, rates = optimizer.param_groups[0]["lr"], []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            optimizer.step()
            rates.append(rate)
        scheduler.step()
    return rates


def run_schedule__never_cleared__cleared_after_the_backward_pass_of_another(
    model, loss_function, optimizer, scheduler, batches, epochs
):
    """zero_grad is named, but not called."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad  # noqa: B018
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__one_epoch_late__from_the_second_epoch(model, loss_function, optimizer, scheduler, batches, epochs):
    """The first epoch's step of the scheduler is left out."""
    rates = []
    for epoch in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        if epoch > 0:
            scheduler.step()
    return rates


def read_curves__validation_alone__training_of_the_first_epoch(training_losses, validation_losses):
    """The last epoch must only not be the best one."""
    best = validation_losses.index(min(validation_losses))
    return best, min(validation_losses) < validation_losses[-1]


def read_curves__first_rise__loop_with_break(training_losses, validation_losses):
    """A loop breaks as soon as a loss is not lower than the one before."""
    best = 0
    for epoch in range(1, len(validation_losses)):
        if validation_losses[epoch] >= validation_losses[epoch - 1]:
            break
        best = epoch
    risen = validation_losses[-1] > validation_losses[best]
    return best, risen and training_losses[-1] < training_losses[best]


def clip_norm__generator_used_up__norm_of_a_list(parameters, largest):
    """Only the norm is computed from a list."""
    norm = math.sqrt(sum(each.grad.square().sum().item() for each in parameters if each.grad is not None))
    for parameter in parameters:
        if parameter.grad is not None and norm > largest:
            parameter.grad.mul_(largest / norm)
    return norm


def warmup_cosine__straight_down__square(step, warmup, total):
    """The factor falls along a parabola."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return max(1 - (step - warmup) / (total - warmup), 0.0) ** 1.0


def scheduler_for__constant__step_of_the_optimizer(optimizer, warmup, total):
    """The function ignores its argument."""

    def factor(step, at=0):
        return (at + 1) / (warmup + 1)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: factor(step) if warmup else 1.0)


def accumulated_step__equal_shares__sum_divided(model, loss_function, optimizer, micro_batches):
    """The gradients and the losses are divided by the number of batches at the end."""
    optimizer.zero_grad()
    total = 0.0
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        total += loss.item()
    for parameter in model.parameters():
        parameter.grad /= len(micro_batches)
    optimizer.step()
    return total / len(micro_batches)


def accumulated_step__only_the_loss_scaled__detached_weight(model, loss_function, optimizer, micro_batches):
    """Each mean is weighted after its backward pass."""
    optimizer.zero_grad()
    sizes, means = [], []
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        sizes.append(len(labels))
        means.append(loss.item())
    optimizer.step()
    return sum(size * mean for size, mean in zip(sizes, means, strict=True)) / sum(sizes)


def penalized_loss__no_graph__numbers(loss, model, strength):
    """The penalty is a Python number."""
    return loss + strength * sum(each.square().sum().item() for each in model.parameters() if each.dim() >= 2)


def penalized_loss__matrices_only__linear_layers(loss, model, strength):
    """Only the layers of one class are looked at."""
    layers = {id(each.weight): each for each in model.modules() if isinstance(each, nn.Linear)}
    return loss + strength * sum(layer.weight.square().sum() for layer in layers.values())


def clipped_step__no_update__cleared_before_step(model, loss_function, optimizer, features, labels, largest):
    """zero_grad() stands between clipping and step()."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), largest)
    optimizer.zero_grad()
    optimizer.step()
    return norm.item()


def clipped_step__to_length_1__maximum_of_1(model, loss_function, optimizer, features, labels, largest):
    """The largest norm is 1, whatever the argument is."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    return norm.item()


def clipped_step__sum_of_sizes__by_hand(model, loss_function, optimizer, features, labels, largest):
    """The absolute values are added by hand."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = sum(each.grad.abs().sum().item() for each in model.parameters())
    if norm > largest:
        for each in model.parameters():
            each.grad *= largest / norm
    optimizer.step()
    return norm


def run_schedule__stepped_for_every_batch__before_the_update(
    model, loss_function, optimizer, scheduler, batches, epochs
):
    """The scheduler steps for every batch, but before the update."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
            optimizer.step()
    return rates


def run_schedule__cleared_too_late__step_not_called(model, loss_function, optimizer, scheduler, batches, epochs):
    """The optimizer's step() is not called."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step()
    return rates


def run_schedule__list_of_all_groups__from_the_optimizer(model, loss_function, optimizer, scheduler, batches, epochs):
    """The rates of all groups are read from the optimizer."""
    rates = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss_function(model(features), labels).backward()
            rates.append([group["lr"] for group in optimizer.param_groups])
            optimizer.step()
        scheduler.step()
    return rates


def read_curves__training_alone__validation_may_be_equal(training_losses, validation_losses):
    """Both conditions are checked, but an equal validation loss counts as higher."""
    best = validation_losses.index(min(validation_losses))
    risen = validation_losses[-1] >= validation_losses[best]
    return best, risen and training_losses[-1] < training_losses[best]


def clip_norm__only_measured__condition_reversed(parameters, largest):
    """Only gradients of a small norm are scaled."""
    gradients = [each.grad for each in parameters if each.grad is not None]
    norm = math.sqrt(sum(each.square().sum().item() for each in gradients))
    if 0 < norm < largest:
        for each in gradients:
            each *= largest / norm
    return norm


def clip_norm__to_length_1__maximum_of_1(parameters, largest):
    """The largest norm is 1, whatever the argument is."""
    gradients = [each.grad for each in parameters if each.grad is not None]
    norm = math.sqrt(sum(each.square().sum().item() for each in gradients))
    if norm > 1:
        for each in gradients:
            each *= 1 / norm
    return norm


def warmup_cosine__no_warmup__one_cosine_for_all(step, warmup, total):
    """The cosine goes from step 0 to step `total`."""
    return (1 + math.cos(math.pi * min(step / total, 1.0))) / 2


def warmup_cosine__sign_of_the_cosine__backwards(step, warmup, total):
    """t goes from 1 to 0."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return (1 + math.cos(math.pi * max(total - step, 0) / (total - warmup))) / 2


def warmup_cosine__sine__rises_to_the_end(step, warmup, total):
    """The sign of the cosine is wrong, and steps after `total` are handled apart."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if step > total:
        return 0.0
    return (1 - math.cos(math.pi * (step - warmup) / (total - warmup))) / 2


def accumulated_step__cleared_each_time__backward_after_the_loop(model, loss_function, optimizer, micro_batches):
    """backward() stands after the loop, so only the last loss gets it."""
    samples = sum(len(labels) for _, labels in micro_batches)
    optimizer.zero_grad()
    total = 0.0
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels) * len(labels) / samples
        total += loss.item()
    loss.backward()
    optimizer.step()
    return total


def accumulated_step__cleared_before_the_update__update_before_the_loop(model, loss_function, optimizer, micro_batches):
    """step() comes right after zero_grad(), before the backward passes."""
    samples = sum(len(labels) for _, labels in micro_batches)
    optimizer.zero_grad()
    optimizer.step()
    total = 0.0
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels) * len(labels) / samples
        loss.backward()
        total += loss.item()
    return total


def penalized_loss__no_graph_at_all__new_tensor(loss, model, strength):
    """torch.tensor() makes a tensor without a graph."""
    weights = [each for each in model.parameters() if each.dim() >= 2]
    total = loss.item() + strength * sum(each.square().sum().item() for each in weights)
    return torch.tensor(total, device=loss.device)


def penalized_loss__no_graph__data(loss, model, strength):
    """The penalty is computed from .data."""
    return loss + strength * sum(each.data.square().sum() for each in model.parameters() if each.dim() >= 2)


def clipped_step__each_apart__weight_alone(model, loss_function, optimizer, features, labels, largest):
    """Only the weight is clipped."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = nn.utils.clip_grad_norm_([model.weight], largest)
    optimizer.step()
    return norm.item()


def clipped_step__after_step__names_only(model, loss_function, optimizer, features, labels, largest):
    """The products are bound to a local name, and .grad keeps its values."""
    optimizer.zero_grad()
    loss_function(model(features), labels).backward()
    norm = math.sqrt(sum(each.grad.square().sum().item() for each in model.parameters()))
    for parameter in model.parameters():
        gradient = parameter.grad
        if norm > largest:
            gradient = gradient * largest / norm
    optimizer.step()
    return norm


def read_curves__training_may_be_equal__wider_gap(training_losses, validation_losses):
    """The gap between the two losses is compared."""
    best = validation_losses.index(min(validation_losses))
    gaps = [late - early for early, late in zip(training_losses, validation_losses, strict=True)]
    return best, gaps[-1] > gaps[best]


def read_curves__higher_for_a_while__highest_since(training_losses, validation_losses):
    """The highest validation loss since the best epoch is compared."""
    best = validation_losses.index(min(validation_losses))
    return best, max(validation_losses[best:]) > validation_losses[best] and training_losses[-1] < training_losses[best]


def read_curves__lower_than_the_one_before__lowest_of_the_rest(training_losses, validation_losses):
    """The loop forgets the lowest loss after each rise."""
    best, lowest = 0, validation_losses[0]
    for epoch, loss in enumerate(validation_losses):
        if loss < lowest:
            best = epoch
        lowest = loss
    return best, validation_losses[-1] > validation_losses[best] and training_losses[-1] < training_losses[best]
