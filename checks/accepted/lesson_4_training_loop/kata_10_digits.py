"""Other right answers to katas/lesson_4_training_loop/kata_10_digits.py: the tests must accept them."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def prepare_digits__random_split(images, labels, generator):
    flat = torch.tensor(images, dtype=torch.float32).flatten(1).div(16)
    data = TensorDataset(flat, torch.tensor(labels))
    count = len(images) // 5
    parts = random_split(data, [len(images) - count, count], generator=generator)
    return tuple(tuple(each[part.indices] for each in data.tensors) for part in parts)


def prepare_digits__mask(images, labels, generator):
    held_out = torch.rand(len(images), generator=generator).argsort() < len(images) // 5
    inputs = torch.from_numpy((images.reshape(-1, 64) / 16).astype(np.float32))
    targets = torch.from_numpy(labels.copy())
    return (inputs[~held_out], targets[~held_out]), (inputs[held_out], targets[held_out])


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


def held_out_accuracy__mean(model, inputs, labels):
    before = model.training
    with torch.inference_mode():
        right = model.eval()(inputs).max(dim=1).indices == labels
    model.train(before)
    return right.float().mean(dtype=torch.float32).item()


def held_out_accuracy__image_by_image(model, inputs, labels):
    before, right = model.training, 0
    model.eval()
    with torch.no_grad():
        for row, label in zip(inputs, labels, strict=True):
            right += int(model(row[None]).argmax() == label)
    model.train(before)
    return right / len(labels)


def confusion__loop(model, inputs, labels):
    counts = torch.zeros(10, 10, dtype=torch.int64, device=inputs.device)
    with torch.no_grad():
        for shown, read in zip(labels.tolist(), model(inputs).argmax(dim=1).tolist(), strict=True):
            counts[shown, read] += 1
    return counts


@torch.no_grad()
def confusion__one_hot(model, inputs, labels):
    read = F.one_hot(model(inputs).argmax(dim=1), 10)
    return (F.one_hot(labels, 10)[:, :, None] * read[:, None, :]).sum(dim=0)


@torch.no_grad()
def misread__sorted_numbers(model, inputs, labels, most):
    sureness, read = F.softmax(model(inputs), dim=-1).max(dim=-1)
    numbers = [i for i in range(len(labels)) if read[i] != labels[i]]
    numbers.sort(key=lambda i: -sureness[i].item())
    wrong = torch.tensor(numbers[:most], dtype=torch.int64, device=inputs.device)
    return inputs[wrong].view(-1, 8, 8), labels[wrong], read[wrong]


@torch.no_grad()
def misread__sure_by_log_sum(model, inputs, labels, most):
    logits = model(inputs)
    best, read = logits.max(dim=1)
    sureness = torch.where(read == labels, -torch.inf, best - logits.logsumexp(dim=1))
    count = min(most, int((read != labels).sum()))
    wrong = sureness.topk(count).indices
    return inputs[wrong].unflatten(1, (8, 8)), labels[wrong], read[wrong]


def _parts(images, labels, device, generator):
    order = torch.randperm(len(images), generator=generator)
    inputs = torch.from_numpy(images).flatten(1).float().div(16)[order].to(device)
    targets = torch.from_numpy(labels)[order].to(device)
    cut = len(images) - len(images) // 5
    return inputs[:cut], targets[:cut], inputs[cut:], targets[cut:]


class _Net(nn.Module):
    def __init__(self, hidden_features):
        super().__init__()
        self.hidden = nn.Linear(64, hidden_features)
        self.output = nn.Linear(hidden_features, 10)

    def forward(self, inputs):
        return self.output(F.relu(self.hidden(inputs)))


def _run(images, labels, epochs, device, generator, hidden, make, batch_size):
    inputs, targets, others, theirs = _parts(images, labels, device, generator)
    model = _Net(hidden).to(device)
    optimizer, train, validation = make(model.parameters()), [], []
    for _ in range(epochs):
        train += train_digits__data_loader(model, optimizer, inputs, targets, 1, batch_size, generator)
        model.eval()
        with torch.no_grad():
            logits = model(others)
        validation.append(float(F.cross_entropy(logits, theirs)))
    accuracy = (logits.argmax(dim=1) == theirs).double().mean().item()
    return model, {"validation": validation, "train": train}, accuracy


def recognize__momentum(images, labels, epochs, device, generator):
    def make(parameters):
        return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)

    return _run(images, labels, epochs, device, generator, 64, make, 32)


def recognize__adamw(images, labels, epochs, device, generator):
    def make(parameters):
        return torch.optim.AdamW(parameters, lr=0.005, weight_decay=0.01)

    return _run(images, labels, epochs, device, generator, 100, make, 50)
