"""Other right answers to katas/lesson_4_training_loop/kata_06_control.py: the tests must accept them."""

import functools
import math

import torch


def _clip(parameters, largest):
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))
    for gradient in gradients:
        gradient.mul_(min(1.0, largest / (norm + 1e-6)))
    return norm


def _factor(step, warmup, total):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if step >= total:
        return 0.0
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


def clipped_step__by_hand(model, loss_function, optimizer, features, labels, largest):
    loss = loss_function(model(features), labels)
    optimizer.zero_grad()
    loss.backward()
    norm = _clip(model.parameters(), largest)
    optimizer.step()
    optimizer.zero_grad()
    return norm


def clipped_step__zeros(model, loss_function, optimizer, features, labels, largest):
    model.zero_grad(set_to_none=False)
    loss_function(model(features), labels).backward()
    parameters = [each for group in optimizer.param_groups for each in group["params"]]
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm=largest)
    optimizer.step()
    return float(norm)


def run_schedule__last_rate(model, loss_function, optimizer, scheduler, batches, epochs):
    rates = []
    for _ in range(epochs):
        rates += scheduler.get_last_lr()[:1] * len(batches)
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            model.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
    return rates


def run_schedule__recorded_after_the_update(model, loss_function, optimizer, scheduler, batches, epochs):
    rates = []
    optimizer.zero_grad()
    for _ in range(epochs):
        for features, labels in batches:
            loss_function(model(features), labels).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            rates.append(float(optimizer.param_groups[0]["lr"]))
        scheduler.step()
    return rates


def read_curves__min_by_key(training_losses, validation_losses):
    best = min(range(len(validation_losses)), key=lambda epoch: validation_losses[epoch])
    return best, (validation_losses[best] < validation_losses[-1] and training_losses[best] > training_losses[-1])


def read_curves__loop(training_losses, validation_losses):
    best = 0
    for epoch, loss in enumerate(validation_losses):
        if loss < validation_losses[best]:
            best = epoch
    if validation_losses[-1] <= validation_losses[best]:
        return best, False
    return best, training_losses[-1] < training_losses[best]


def read_curves__tensors(training_losses, validation_losses):
    best = torch.tensor(validation_losses, dtype=torch.float64).argmin().item()
    worse = validation_losses[-1] > validation_losses[best]
    return (best, bool(worse and training_losses[-1] < training_losses[best]))


def clip_norm__always_a_factor(parameters, largest):
    return _clip(parameters, largest)


def clip_norm__one_long_vector(parameters, largest):
    parameters = [parameter for parameter in parameters if parameter.grad is not None]
    if not parameters:
        return 0.0
    norm = torch.cat([parameter.grad.flatten() for parameter in parameters]).norm()
    with torch.no_grad():
        for parameter in parameters:
            parameter.grad.copy_(parameter.grad * (largest / (norm + 1e-6)).clamp(max=1.0))
    return norm.item()


def clip_norm__norm_of_norms(parameters, largest):
    parameters = list(parameters)
    squares = 0.0
    for parameter in parameters:
        if parameter.grad is not None:
            squares += torch.linalg.vector_norm(parameter.grad).item() ** 2
    norm = math.sqrt(squares)
    if norm > largest:
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad /= norm / largest
    return norm


def warmup_cosine__branches(step, warmup, total):
    return _factor(step, warmup, total)


def warmup_cosine__squared(step, warmup, total):
    if step > total:
        return 0.0
    if step >= warmup:
        return math.cos(math.pi / 2 * (step - warmup) / (total - warmup)) ** 2
    return (1 + step) / (1 + warmup)


def warmup_cosine__tensor_inside(step, warmup, total):
    if step < warmup:
        return (step + 1) / (warmup + 1)
    progress = torch.tensor((step - warmup) / (total - warmup), dtype=torch.float64).clamp(max=1)
    return (0.5 + 0.5 * torch.cos(math.pi * progress)).item()


def scheduler_for__partial(optimizer, warmup, total):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, functools.partial(_factor, warmup=warmup, total=total))


def scheduler_for__one_for_each_group(optimizer, warmup, total):
    def factor(step):
        return _factor(step, warmup, total)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, lr_lambda=[factor for _ in optimizer.param_groups])


def scheduler_for__class_of_its_own(optimizer, warmup, total):
    class Wave(torch.optim.lr_scheduler.LRScheduler):
        def get_lr(self):
            return [rate * _factor(self.last_epoch, warmup, total) for rate in self.base_lrs]

    return Wave(optimizer)


def accumulated_step__gradients_scaled(model, loss_function, optimizer, micro_batches):
    optimizer.zero_grad()
    total, samples = 0.0, 0
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels) * len(features)
        loss.backward()
        total += loss.item()
        samples += len(features)
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad /= samples
    optimizer.step()
    optimizer.zero_grad()
    return total / samples


def accumulated_step__gradients_asked_for(model, loss_function, optimizer, micro_batches):
    parameters = [each for each in model.parameters() if each.requires_grad]
    samples = sum(len(features) for features, _ in micro_batches)
    sums, mean = [torch.zeros_like(each) for each in parameters], 0.0
    for features, labels in micro_batches:
        loss = loss_function(model(features), labels) * (len(features) / samples)
        mean += loss.item()
        for total, gradient in zip(sums, torch.autograd.grad(loss, parameters), strict=True):
            total += gradient
    for parameter, total in zip(parameters, sums, strict=True):
        parameter.grad = total
    optimizer.step()
    return mean


def accumulated_step__upstream_gradient(model, loss_function, optimizer, micro_batches):
    sizes = [labels.shape[0] for _, labels in micro_batches]
    model.zero_grad(set_to_none=False)
    losses = []
    for (features, labels), size in zip(micro_batches, sizes, strict=True):
        loss = loss_function(model(features), labels)
        loss.backward(torch.full_like(loss, size / sum(sizes)))
        losses.append(loss.item() * size)
    optimizer.step()
    return sum(losses) / sum(sizes)


def penalized_loss__loop(loss, model, strength):
    for _, parameter in model.named_parameters():
        if parameter.ndim > 1:
            loss = loss + strength * (parameter**2).sum()
    return loss


def penalized_loss__dot_products(loss, model, strength):
    weights = [parameter.flatten() for parameter in model.parameters() if len(parameter.shape) >= 2]
    return loss + strength * torch.stack([weight @ weight for weight in weights]).sum()


def penalized_loss__norm(loss, model, strength):
    long = torch.cat([parameter.reshape(-1) for parameter in model.parameters() if parameter.dim() > 1])
    return torch.add(loss, long.norm() ** 2, alpha=strength)
