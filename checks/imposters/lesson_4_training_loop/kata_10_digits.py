"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_10_digits.py for another reason."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def _parts(images, labels, order, device="cpu"):
    inputs = torch.from_numpy(images).reshape(len(images), 64).float().div(16).to(device)
    targets, order, fifth = torch.from_numpy(labels).to(device), order.to(device), len(images) // 5
    return tuple(
        (inputs[rows], targets[rows]) for rows in (order[2 * fifth :], order[:fifth], order[fifth : 2 * fifth])
    )


def prepare_digits__seed_set_inside__seeded_anew(images, labels, generator):
    """The generator that is passed in gets a seed."""
    return _parts(images, labels, torch.randperm(len(images), generator=generator.manual_seed(3)))


def prepare_digits__too_small_parts__test_images_in_training(images, labels, generator):
    """Validation and test have their size, but training has the test images too."""
    inputs = torch.from_numpy(images).reshape(len(images), 64).float() / 16
    targets, fifth = torch.from_numpy(labels), len(images) // 5
    order = torch.randperm(len(images), generator=generator)
    parts = order[fifth:], order[:fifth], order[fifth : 2 * fifth]
    return tuple((inputs[rows], targets[rows]) for rows in parts)


class _Net(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(torch.relu(self.hidden(inputs)))


# A test compares the name of the returned model's class.
_Net.__name__ = "DigitNet"


def _train(model, optimizer, inputs, labels, epochs, orders, batch_size):
    losses = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for rows in orders().to(inputs.device).split(batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(labels))
    return losses


def train_digits__seed_set_inside__seeded_anew(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The generator that is passed in gets a seed before the first epoch."""
    generator.manual_seed(1)
    return _train(
        model, optimizer, inputs, labels, epochs, lambda: torch.randperm(len(labels), generator=generator), batch_size
    )


def train_digits__shuffled_once__seeded_each_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Each epoch starts the generator from the same state."""
    state = generator.get_state()

    def order():
        generator.set_state(state)
        return torch.randperm(len(labels), generator=generator)

    return _train(model, optimizer, inputs, labels, epochs, order, batch_size)


def train_digits__all_at_once__whole_dataset(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """The loop goes over epochs only."""
    losses = []
    for _ in range(epochs):
        rows = torch.randperm(len(labels), generator=generator).to(labels.device)
        optimizer.zero_grad()
        loss = F.cross_entropy(model.train()(inputs[rows]), labels[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_digits__shuffled_once__seeded_in_each_epoch(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """An order is drawn in each epoch, from a generator that was given the same seed again."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        order = torch.randperm(len(inputs), generator=generator.manual_seed(0)).to(inputs.device)
        for rows in order.split(batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(inputs))
    return losses


def _run(images, labels, epochs, device, generator, make, measure):
    training, validation, test = _parts(images, labels, torch.randperm(len(images), generator=generator), device)
    model = _Net(128).to(device)
    optimizer, history = make(model), {"train": [], "validation": []}
    for epoch in range(epochs):
        if epoch and measure == "new":
            optimizer = make(model)
        history["train"] += _train(
            model, optimizer, *training, 1, lambda: torch.randperm(len(training[1]), generator=generator), 64
        )
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
            if measure == "watch":
                model(test[0])
    with torch.no_grad():
        found = [(model(part[0]).argmax(dim=1) == part[1]).float().mean().item() for part in (validation, test)]
    return model, history, {"validation": found[0], "test": found[1]}


def recognize__new_optimizer_each_epoch__momentum(images, labels, epochs, device, generator):
    """The optimizer is SGD with momentum."""

    def make(model):
        return torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    return _run(images, labels, epochs, device, generator, make, "new")


def recognize__tested_in_each_epoch__only_shown(images, labels, epochs, device, generator):
    """The test part is shown to the model after each epoch, and nothing is measured there."""

    def make(model):
        return torch.optim.Adam(model.parameters(), lr=0.01)

    return _run(images, labels, epochs, device, generator, make, "watch")


def prepare_digits__global_generator__numpys(images, labels, generator):
    """NumPy's global generator draws the order."""
    return _parts(images, labels, torch.from_numpy(np.random.permutation(len(images))))


class DigitNet__layers_in_a_list__local_names(nn.Module):
    """The layers are local names."""

    def __init__(self, hidden_features):
        super().__init__()
        hidden = nn.Linear(64, hidden_features)
        output = nn.Linear(hidden_features, 10)
        self.apply_all = lambda inputs: output(torch.relu(hidden(inputs)))

    def forward(self, inputs):
        return self.apply_all(inputs)


def train_digits__cleared_before_the_update__no_backward(
    model, optimizer, inputs, labels, epochs, batch_size, generator
):
    """backward() is missing."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(inputs), generator=generator).to(inputs.device).split(batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(inputs))
    return losses


def train_digits__global_generator__loader(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """A DataLoader shuffles, without the generator."""
    model.train()
    losses = []
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, labels), batch_size, shuffle=True)
    for _ in range(epochs):
        total = 0.0
        for features, targets in loader:
            loss = F.cross_entropy(model(features), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(targets)
        losses.append(total / len(inputs))
    return losses


def recognize__validated_on_what_was_learnt__after_all_epochs(images, labels, epochs, device, generator):
    """All epochs are one call, and the model is validated once, after them."""
    training, validation, test = _parts(images, labels, torch.randperm(len(images), generator=generator), device)
    model = _Net(128).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = _train(
        model, optimizer, *training, epochs, lambda: torch.randperm(len(training[1]), generator=generator), 64
    )
    with torch.no_grad():
        loss = F.cross_entropy(model(validation[0]), validation[1]).item()
        found = [(model(part[0]).argmax(dim=1) == part[1]).float().mean().item() for part in (validation, test)]
    return model, {"train": losses, "validation": [loss] * epochs}, {"validation": found[0], "test": found[1]}


def _with_adam(images, labels, epochs, device, generator):
    def make(model):
        return torch.optim.Adam(model.parameters(), lr=0.01)

    return _run(images, labels, epochs, device, generator, make, "")


def recognize__percent__counts(images, labels, epochs, device, generator):
    """The accuracies are numbers of right predictions."""
    model, history, found = _with_adam(images, labels, epochs, device, generator)
    return model, history, {name: each * (len(images) // 5) for name, each in found.items()}


def recognize__steps_too_small__few_hidden_units(images, labels, epochs, device, generator):
    """The hidden layer is too small."""
    training, validation, test = _parts(images, labels, torch.randperm(len(images), generator=generator), device)
    model = _Net(3).to(device)
    optimizer, history = torch.optim.Adam(model.parameters(), lr=0.001), {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _train(
            model, optimizer, *training, 1, lambda: torch.randperm(len(training[1]), generator=generator), 64
        )
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
    with torch.no_grad():
        found = [(model(part[0]).argmax(dim=1) == part[1]).float().mean().item() for part in (validation, test)]
    return model, history, {"validation": found[0], "test": found[1]}


def train_digits__mode_left_as_it_was__eval_after_each_epoch(
    model, optimizer, inputs, labels, epochs, batch_size, generator
):
    """The model goes into eval mode at the end of an epoch, and stays there."""
    model.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(inputs), generator=generator).to(inputs.device).split(batch_size):
            loss = F.cross_entropy(model(inputs[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(inputs))
        model.eval()
    return losses


def recognize__accuracies_swapped__leak(images, labels, epochs, device, generator):
    """The validation losses come from the test part."""
    training, validation, test = _parts(images, labels, torch.randperm(len(images), generator=generator), device)
    model = _Net(128).to(device)
    optimizer, history = torch.optim.Adam(model.parameters(), lr=0.01), {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"] += _train(
            model, optimizer, *training, 1, lambda: torch.randperm(len(training[1]), generator=generator), 64
        )
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(test[0]), test[1]).item())
    with torch.no_grad():
        found = [(model(part[0]).argmax(dim=1) == part[1]).float().mean().item() for part in (validation, test)]
    return model, history, {"validation": found[0], "test": found[1]}
