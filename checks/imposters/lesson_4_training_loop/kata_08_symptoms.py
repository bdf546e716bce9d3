"""Wrong answers that behave like a mistake of lesson_4_training_loop/kata_08_symptoms.py for another reason."""

import copy

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader


def flat_loss__as_it_was__no_step(model, loss_function, optimizer, features, labels, steps):
    """It clears too early; here step() is never called."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        losses.append(loss.item())
    return losses


def flat_loss__a_copy_trained__restored(model, loss_function, optimizer, features, labels, steps):
    """The model itself is trained, and gets its old values back at the end."""
    before = copy.deepcopy(model.state_dict())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.load_state_dict(before)
    return losses


def weights_that_stay__step_not_called__cleared_first(model, head, learning_rate, features, labels, steps):
    """step() is called, but the gradients are cleared directly before it."""
    model[-1] = head
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__as_it_was__labels_as_a_row(model, optimizer, features, labels, steps):
    """The labels get the shape (1, N)."""
    losses = []
    for _ in range(steps):
        loss = ((model(features) - labels[None, :]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_at_chance__another_generator__numpys(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """NumPy draws the order."""
    for _ in range(epochs):
        order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
        for chosen in order.split(batch_size):
            optimizer.zero_grad()
            loss_function(model(features[chosen]), labels[chosen]).backward()
            optimizer.step()


def _classify(model, optimizer, features, labels, steps, loss_of):
    losses = []
    for _ in range(steps):
        loss = loss_of(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def infinite_loss__clamped_probability__loss_clamped(model, optimizer, features, labels, steps):
    """The loss is computed well, and then limited."""

    def loss_of(logits, labels):
        return nn.functional.cross_entropy(logits, labels, reduction="none").clamp(max=27.631021).mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__as_it_was__softmax_by_hand(model, optimizer, features, labels, steps):
    """The softmax is written by hand, and its powers are inf."""

    def loss_of(logits, labels):
        powers = logits.exp()
        return -(powers / powers.sum(dim=1, keepdim=True)).gather(1, labels[:, None]).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def growing_memory__a_number_at_the_end__list(model, loss_function, optimizer, batches):
    """The losses are kept in a list until the end."""
    losses = []
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return torch.stack(losses).mean().item()


def growing_memory__cut_before_backward__recording_off(model, loss_function, optimizer, batches):
    """The loss is computed under no_grad, so it has no graph."""
    total = 0.0
    for features, labels in batches:
        with torch.no_grad():
            loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def growing_memory__no_training__graph_cut_off(model, loss_function, optimizer, batches):
    """backward() is called, on a loss whose graph ends at itself."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels).detach().requires_grad_()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def runs_that_differ__numpys_seed__unseeded(make_model, dataset, batch_size, epochs, seed):
    """No seed is set at all."""
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(epochs):
        for features, labels in DataLoader(dataset, batch_size, shuffle=True):
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def flat_loss__as_it_was__graph_cut_off(model, loss_function, optimizer, features, labels, steps):
    """backward() is called, on a loss whose graph ends at itself."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels).detach().requires_grad_()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def flat_loss__a_turn_late__no_last_update(model, loss_function, optimizer, features, labels, steps):
    """Every round but the last makes its update."""
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        if step < steps - 1:
            optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__head_only__others_frozen(model, head, learning_rate, features, labels, steps):
    """The optimizer has all parameters, but those of the other layers are frozen."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    model[-1] = head
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _repeated(make_model, epochs, seed, batches_of):
    torch.manual_seed(seed)
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(epochs):
        for features, labels in batches_of():
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def runs_that_differ__seeded_in_each_epoch__new_generator(make_model, dataset, batch_size, epochs, seed):
    """The seed is set once, but each epoch makes a generator with the same seed."""

    def batches():
        return DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))

    return _repeated(make_model, epochs, seed, batches)


def runs_that_differ__seeded_in_each_epoch__order_drawn_once(make_model, dataset, batch_size, epochs, seed):
    """The batches of the first epoch are kept for all epochs."""
    batches = []

    def batches_of():
        if not batches:
            batches.extend(DataLoader(dataset, batch_size, shuffle=True))
        return batches

    return _repeated(make_model, epochs, seed, batches_of)


def runs_that_differ__not_shuffled__samples_in_a_list(make_model, dataset, batch_size, epochs, seed):
    """The samples are read once, and never shuffled."""
    samples = [dataset[index] for index in range(len(dataset))]
    return _repeated(make_model, epochs, seed, lambda: DataLoader(samples, batch_size))


def weights_that_stay__as_it_was__head_frozen(model, head, learning_rate, features, labels, steps):
    """The optimizer has all parameters, but those of the head are frozen."""
    model[-1] = head.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__head_only__a_copy_of_the_others(model, head, learning_rate, features, labels, steps):
    """The head is trained in a copy of the model."""
    copied = copy.deepcopy(model)
    copied[-1] = head
    optimizer = torch.optim.SGD(copied.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(copied(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_at_chance__seeded_for_both__the_epoch_as_seed(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The generator gets the number of the epoch as its seed."""
    for epoch in range(epochs):
        order = torch.randperm(len(labels), generator=generator.manual_seed(epoch)).to(labels.device)
        for chosen in order.split(batch_size):
            optimizer.zero_grad()
            loss_function(model(features[chosen]), labels[chosen]).backward()
            optimizer.step()


def growing_memory__no_training__cleared_too_late(model, loss_function, optimizer, batches):
    """The gradients are cleared between backward() and step()."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def growing_memory__a_number_at_the_end__outputs_kept(model, loss_function, optimizer, batches):
    """The losses are numbers, but the model's outputs are kept until the end."""
    total, outputs = 0.0, []
    for features, labels in batches:
        outputs.append(model(features))
        loss = loss_function(outputs[-1], labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def exploding_loss__new_left_raw__train_overwritten(train, labels, new, steps):
    """The name `train` is bound to the standardized rows before new is standardized."""
    train = (train - train.mean(dim=0)) / train.std(dim=0, correction=0)
    new = (new - train.mean(dim=0)) / train.std(dim=0, correction=0)
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for _ in range(steps):
        loss = nn.functional.mse_loss(line(train).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return line(new).squeeze(1)
