"""Other right answers to katas/lesson_4_training_loop/kata_04_loop.py: the tests must accept them."""

import torch
from torch import nn


def train_step__cleared_first(model, loss_function, optimizer, features, labels):
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return float(loss)


def train_step__cleared_between_forward_and_loss(model, loss_function, optimizer, features, labels):
    predictions = model(features)
    model.zero_grad(set_to_none=False)
    loss = loss_function(predictions, labels)
    value = loss.item()
    loss.backward()
    optimizer.step()
    return value


def train_step__cleared_before_and_after(model, loss_function, optimizer, features, labels):
    for parameter in model.parameters():
        parameter.grad = None
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    return loss.detach().cpu().item()


def train_step__gradients_put_there(model, loss_function, optimizer, features, labels):
    loss = loss_function(model(features), labels)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    return loss.item()


def train_step__closure(model, loss_function, optimizer, features, labels):
    def closure():
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        return loss

    return optimizer.step(closure).item()


def train_epoch__cleared_after_the_update(model, loss_function, optimizer, batches):
    model.train()
    losses, sizes = [], []
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        sizes.append(len(labels))
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


def train_epoch__total_on_the_device(model, loss_function, optimizer, batches):
    total, count = 0, 0
    for features, labels in batches:
        model.train()
        optimizer.zero_grad(set_to_none=False)
        predictions = model(features)
        loss = loss_function(predictions, labels)
        total += loss.detach() * features.shape[0]
        count += features.shape[0]
        loss.backward()
        optimizer.step()
    return (total / count).item()


def train_epoch__running_mean(model, loss_function, optimizer, batches):
    mean, count = 0.0, 0
    model.train(True)
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        count += len(features)
        mean += (loss.item() - mean) * len(features) / count
    return mean


def _epoch(model, loss_function, optimizer, batches):
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_on_device__moved_in_the_loop(model, loss_function, optimizer, loader, device):
    model.train()
    total, count = 0.0, 0
    for features, labels in loader:
        features, labels = features.to(device), labels.to(device, non_blocking=True)
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_on_device__device_of_the_parameters(model, loss_function, optimizer, loader, device):
    place = next(model.parameters()).device

    def moved():
        for batch in loader:
            yield [each.to(place) for each in batch]

    return _epoch(model.to(device), loss_function, optimizer, moved())


def train_on_device__map(model, loss_function, optimizer, loader, device):
    def move(batch):
        return batch[0].to(device), batch[1].to(device)

    return _epoch(model, loss_function, optimizer, map(move, loader))


def fit_epochs__appended(model, loss_function, optimizer, make_batches, epochs):
    losses = []
    while len(losses) < epochs:
        losses.append(_epoch(model, loss_function, optimizer, make_batches()))
    return losses


def fit_epochs__two_loops(model, loss_function, optimizer, make_batches, epochs):
    means = [0.0] * epochs
    for epoch in range(epochs):
        model.train()
        batches = list(make_batches())
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            means[epoch] += loss.item() * len(features)
        means[epoch] /= sum(len(features) for features, _ in batches)
    return means


def fit_line__predictions_flattened(features, targets, learning_rate, steps):
    model = nn.Linear(features.shape[1], 1).to(features.device)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    optimizer, loss_function, losses = torch.optim.SGD(model.parameters(), lr=learning_rate), nn.MSELoss(), []
    for _ in range(steps):
        loss = loss_function(model(features).squeeze(1), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.weight.detach().flatten(), model.bias.detach().reshape(()), losses


def fit_line__loss_by_hand(features, targets, learning_rate, steps):
    model = nn.Linear(features.shape[1], 1, device=features.device)
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.0)
    losses = []
    for _ in range(steps):
        # Plain SGD has no memory: a new one at each step does the same.
        optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
        loss = (model(features) - targets.view(-1, 1)).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss))
    with torch.no_grad():
        return model.weight.clone().squeeze(0), model.bias.clone().squeeze(0), losses


def _validated(model, loss_function, batches):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    with torch.inference_mode():
        losses = [loss_function(model(features), labels).item() for features, labels in batches]
    for module, mode in modes:
        module.training = mode
    rows = [len(features) for features, _ in batches]
    return sum(loss * n for loss, n in zip(losses, rows, strict=True)) / sum(rows)


def train_and_validate__mode_put_back(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    history = {"validation": [], "train": []}
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validated(model, loss_function, validation_batches))
    return history


def train_and_validate__two_lists(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    seen, unseen = [], []
    for _ in range(epochs):
        seen.append(_epoch(model, loss_function, optimizer, train_batches))
        model.train(False)
        total = 0.0
        for features, labels in validation_batches:
            with torch.no_grad():
                predictions = model(features)
            total += loss_function(predictions, labels).item() * len(labels)
        unseen.append(total / sum(len(labels) for _, labels in validation_batches))
    return {"train": seen, "validation": unseen}


def train_and_validate__cleared_after_validating(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validated(model, loss_function, validation_batches))
        optimizer.zero_grad()
    return history


def overfit_one_batch__cleared_at_the_end(make_model, loss_function, make_optimizer, features, labels, steps):
    model, losses = make_model(), []
    optimizer = make_optimizer(list(model.parameters()))
    while len(losses) < steps:
        loss = loss_function(model(features), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        model.zero_grad()
    return losses


def overfit_one_batch__as_an_epoch_of_one_batch(make_model, loss_function, make_optimizer, features, labels, steps):
    model = make_model().train()
    optimizer = make_optimizer(model.parameters())
    return [_epoch(model, loss_function, optimizer, [(features, labels)]) for _ in range(steps)]


def overfit_one_batch__losses_in_a_tensor(make_model, loss_function, make_optimizer, features, labels, steps):
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = torch.zeros(steps)
    for step in range(steps):
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses[step] = loss.item()
    return losses.tolist()
