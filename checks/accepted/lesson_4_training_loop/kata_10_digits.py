"""Other right answers to katas/lesson_4_training_loop/kata_10_digits.py: the tests must accept them."""

import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def prepare_digits__random_split(images, labels, generator):
    flat = torch.tensor(images, dtype=torch.float32).flatten(1).div(16)
    data = TensorDataset(flat, torch.tensor(labels))
    count = len(images) // 5
    parts = random_split(data, [len(images) - 2 * count, count, count], generator=generator)
    return tuple(tuple(each[part.indices] for each in data.tensors) for part in parts)


def prepare_digits__mask(images, labels, generator):
    place = torch.rand(len(images), generator=generator).argsort() // (len(images) // 5)
    inputs = torch.from_numpy((images.reshape(-1, 64) / 16).astype(np.float32))
    targets = torch.from_numpy(labels.copy())
    return tuple((inputs[mask], targets[mask]) for mask in (place > 1, place == 0, place == 1))


@torch.inference_mode()
def choose_and_test__loop(models, validation, test):
    index, best = 0, -1
    for i, model in enumerate(models):
        right = int((model(validation[0]).argmax(dim=-1) == validation[1]).sum())
        if right > best:
            index, best = i, right
    right = sum(int(models[index](row[None]).argmax() == label) for row, label in zip(*test, strict=True))
    return index, best / len(validation[1]), right / len(test[1])


def choose_and_test__argmax(models, validation, test):
    def accuracy(model, part):
        with torch.no_grad():
            return torch.sum(model(part[0]).max(dim=1).indices == part[1]).item() / part[1].numel()

    found = np.array([accuracy(model, validation) for model in models])
    index = int(np.argmax(found))
    return index, float(found[index]), accuracy(models[index], test)


class DigitNet__relu_as_a_child(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)
        self.relu = nn.ReLU()

    def forward(self, inputs):
        return self.output(self.relu(self.hidden(inputs)))


class DigitNet__clamped(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.add_module("hidden", nn.Linear(64, hidden_features))
        self.add_module("output", nn.Linear(hidden_features, 10))

    def forward(self, inputs):
        return self.output(self.hidden(inputs).clamp(min=0))


class DigitNet__with_modules_without_parameters(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(64, hidden_features)
        self.relu = nn.ReLU()
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(self.relu(self.hidden(self.flatten(inputs))))


def train_digits__data_loader(model, optimizer, inputs, labels, epochs, batch_size, generator):
    batches = DataLoader(TensorDataset(inputs, labels), batch_size, shuffle=True, generator=generator)
    loss_function, losses = nn.CrossEntropyLoss(), []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for x, y in batches:
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
        losses.append(total / len(labels))
    return losses


def train_digits__cleared_after_the_update(model, optimizer, inputs, labels, epochs, batch_size, generator):
    optimizer.zero_grad(set_to_none=False)
    losses = []
    for _ in range(epochs):
        model.train()
        order, total = torch.randperm(len(labels), generator=generator).to(labels.device), 0.0
        for start in range(0, len(labels), batch_size):
            rows = order[start : start + batch_size]
            found = F.nll_loss(F.log_softmax(model(inputs[rows]), dim=1), labels[rows], reduction="sum")
            (found / len(rows)).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            total += float(found)
        losses.append(total / len(labels))
    return losses


def train_digits__cleared_last(model, optimizer, inputs, labels, epochs, batch_size, generator):
    losses = []
    for _ in range(epochs):
        found = []
        for rows in torch.randperm(len(labels), generator=generator).to(labels.device).split(batch_size):
            model.train()
            each = F.cross_entropy(model(inputs[rows]), labels[rows], reduction="none")
            each.mean().backward()
            optimizer.step()
            optimizer.zero_grad()
            found.append(each.detach())
        losses.append(torch.cat(found).mean().item())
    return losses


def _parts(images, labels, device, generator):
    order = torch.randperm(len(images), generator=generator)
    inputs = torch.from_numpy(images).flatten(1).float().div(16)[order].to(device)
    targets = torch.from_numpy(labels)[order].to(device)
    fifth = len(images) // 5
    sizes = [len(images) - 2 * fifth, fifth, fifth]
    return list(zip(inputs.split(sizes), targets.split(sizes), strict=True))


class _Net(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(F.relu(self.hidden(inputs)))


def _run(images, labels, epochs, device, generator, hidden, make, batch_size):
    (inputs, targets), (others, theirs), test = _parts(images, labels, device, generator)
    model = _Net(hidden).to(device)
    optimizer, train, validation = make(model.parameters()), [], []
    for _ in range(epochs):
        train += train_digits__data_loader(model, optimizer, inputs, targets, 1, batch_size, generator)
        model.eval()
        with torch.no_grad():
            logits = model(others)
        validation.append(float(F.cross_entropy(logits, theirs)))
    accuracies = {"test": (model(test[0]).argmax(dim=1) == test[1]).double().mean().item()}
    accuracies["validation"] = (logits.argmax(dim=1) == theirs).double().mean().item()
    return model, {"validation": validation, "train": train}, accuracies


def recognize__momentum(images, labels, epochs, device, generator):
    def make(parameters):
        return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)

    return _run(images, labels, epochs, device, generator, 64, make, 32)


def recognize__adamw(images, labels, epochs, device, generator):
    def make(parameters):
        return torch.optim.AdamW(parameters, lr=0.005, weight_decay=0.01)

    return _run(images, labels, epochs, device, generator, 100, make, 50)


def recognize__best_epoch_restored(images, labels, epochs, device, generator):
    training, validation, test = _parts(images, labels, device, generator)
    model = _Net(128).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    history, best, state = {"train": [], "validation": []}, float("inf"), None
    for _ in range(epochs):
        history["train"] += train_digits__data_loader(model, optimizer, *training, 1, 64, generator)
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
        if history["validation"][-1] < best:
            best, state = history["validation"][-1], copy.deepcopy(model.state_dict())
    model.load_state_dict(state)
    with torch.no_grad():
        found = [(model(inputs).argmax(dim=1) == y).float().mean().item() for inputs, y in (validation, test)]
    return model, history, dict(zip(("validation", "test"), found, strict=True))


def recognize__copy_of_the_best_model(images, labels, epochs, device, generator):
    training, validation, test = _parts(images, labels, device, generator)
    model = _Net(128).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    history, lowest, best = {"train": [], "validation": []}, float("inf"), None
    for _ in range(epochs):
        history["train"] += train_digits__data_loader(model, optimizer, *training, 1, 64, generator)
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
        if history["validation"][-1] < lowest:
            lowest, best = history["validation"][-1], copy.deepcopy(model)
    with torch.no_grad():
        found = [(best(inputs).argmax(dim=1) == y).float().mean().item() for inputs, y in (validation, test)]
    return best, history, dict(zip(("validation", "test"), found, strict=True))


def recognize__best_state_in_a_new_model(images, labels, epochs, device, generator):
    training, validation, test = _parts(images, labels, device, generator)
    model = _Net(128).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    history, states = {"train": [], "validation": []}, []
    for _ in range(epochs):
        history["train"] += train_digits__data_loader(model, optimizer, *training, 1, 64, generator)
        states.append({name: each.clone() for name, each in model.state_dict().items()})
        with torch.no_grad():
            history["validation"].append(F.cross_entropy(model(validation[0]), validation[1]).item())
    best = _Net(128).to(device)
    best.load_state_dict(states[history["validation"].index(min(history["validation"]))])
    best.eval()
    with torch.no_grad():
        found = [(best(inputs).argmax(dim=1) == y).float().mean().item() for inputs, y in (validation, test)]
    return best, history, dict(zip(("validation", "test"), found, strict=True))
