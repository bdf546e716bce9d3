"""Other right answers to katas/lesson_4_training_loop/kata_08_symptoms.py: the tests must accept them."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader


def flat_loss__cleared_after_the_update(model, loss_function, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def flat_loss__zeros_before_backward(model, loss_function, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        losses.append(loss_function(model(features), labels))
        optimizer.zero_grad(set_to_none=False)
        losses[-1].backward()
        optimizer.step()
    return [float(loss) for loss in losses]


def flat_loss__closure(model, loss_function, optimizer, features, labels, steps):
    def closure():
        model.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        return loss

    return [optimizer.step(closure).item() for _ in range(steps)]


def weights_that_stay__group_added(model, head, learning_rate, features, labels, steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    model[-1] = head
    optimizer.add_param_group({"params": head.parameters()})
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__two_optimizers(model, head, learning_rate, features, labels, steps):
    model[len(model) - 1] = head
    optimizers = [torch.optim.SGD(part.parameters(), lr=learning_rate) for part in model if list(part.parameters())]
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def only_the_mean__labels_in_a_column(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels[:, None])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__reshaped(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        loss = ((model(features).reshape(labels.shape) - labels) ** 2).sum() / len(labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__diagonal(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        loss = ((model(features) - labels) ** 2).diagonal().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def accuracy_at_chance__index_by_index(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    for _ in range(epochs):
        for chosen in torch.randperm(len(labels), generator=generator).to(labels.device).split(batch_size):
            optimizer.zero_grad()
            loss_function(model(features[chosen]), labels[chosen]).backward()
            optimizer.step()


def accuracy_at_chance__loader(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    pairs = torch.utils.data.TensorDataset(features, labels)
    batches = DataLoader(pairs, batch_size, shuffle=True, generator=generator)
    for _ in range(epochs):
        for rows, answers in batches:
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__state_put_back(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    for _ in range(epochs):
        state = generator.get_state()
        features = features[torch.randperm(len(features), generator=generator).to(features.device)]
        generator.set_state(state)
        labels = labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
        for batch in range(math.ceil(len(labels) / batch_size)):
            part = slice(batch * batch_size, (batch + 1) * batch_size)
            optimizer.zero_grad()
            loss_function(model(features[part]), labels[part]).backward()
            optimizer.step()


def infinite_loss__log_softmax(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        logs = torch.log_softmax(model(features), dim=1)
        loss = -logs.gather(1, labels[:, None]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def infinite_loss__logsumexp(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        logits = model(features)
        loss = (logits.logsumexp(dim=1) - logits.gather(1, labels[:, None]).squeeze(1)).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def infinite_loss__largest_taken_off(model, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        logits = model(features)
        shifted = logits - logits.max(dim=1, keepdim=True).values
        logs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
        loss = nn.functional.nll_loss(logs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def growing_memory__list_of_numbers(model, loss_function, optimizer, batches):
    losses = []
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        losses.append(float(loss))
        loss.backward()
        optimizer.step()
    return math.fsum(losses) / len(losses)


def growing_memory__detached(model, loss_function, optimizer, batches):
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach()
        del loss
    return (total / len(batches)).item()


def growing_memory__added_unrecorded(model, loss_function, optimizer, batches):
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            total += loss
    return float(total) / len(batches)


def growing_memory__outputs_without_a_graph(model, loss_function, optimizer, batches):
    outputs, losses = [], []
    for features, labels in batches:
        output = model(features)
        loss = loss_function(output, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        outputs.append(output.detach())
        losses.append(loss.item())
    return sum(losses) / len(losses)


def exploding_loss__batch_norm(train, labels, new, steps):
    scaler = nn.BatchNorm1d(train.shape[1], eps=1e-30, momentum=1.0, affine=False, device=train.device)
    scaled = scaler(train)
    mean = scaler.running_mean
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(line(scaled).squeeze(1), labels).backward()
        optimizer.step()
    deviation = scaler.running_var.mul((len(train) - 1) / len(train)).sqrt()
    return line((new - mean) / deviation).squeeze(1).detach()


def exploding_loss__by_hand(train, labels, new, steps):
    mean = train.mean(dim=0, keepdim=True)
    deviation = ((train - mean) ** 2).mean(dim=0, keepdim=True).sqrt()
    rows = (train - mean) / deviation
    weights, bias = train.new_zeros(train.shape[1]), train.new_zeros(())
    for _ in range(steps):
        errors = rows @ weights + bias - labels
        weights = weights - 0.1 * 2 * rows.T @ errors / len(errors)
        bias = bias - 0.1 * 2 * errors.mean()
    return (new - mean) / deviation @ weights + bias


def exploding_loss__moved_into_the_weights(train, labels, new, steps):
    std, mean = torch.std_mean(train, dim=0, correction=0)
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(line(train.sub(mean).div(std))[:, 0], labels).backward()
        optimizer.step()
    with torch.no_grad():
        line.weight /= std
        return (new - mean) @ line.weight[0] + line.bias


def _run(model, batches, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def runs_that_differ__forked(make_model, dataset, batch_size, epochs, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return _run(make_model(), DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__seeded_twice(make_model, dataset, batch_size, epochs, seed):
    torch.manual_seed(seed)
    model = make_model()
    torch.manual_seed(seed)
    return _run(model, DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__loader_with_its_own_generator(make_model, dataset, batch_size, epochs, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed + 1)
    model = make_model()
    return _run(model, DataLoader(dataset, batch_size, shuffle=True, generator=generator), epochs)


def runs_that_differ__samples_read_once(make_model, dataset, batch_size, epochs, seed):
    torch.manual_seed(seed)
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    generator = torch.Generator().manual_seed(seed)
    samples = [dataset[index] for index in range(len(dataset))]
    losses = []
    for _ in range(epochs):
        order = torch.randperm(len(samples), generator=generator).tolist()
        for start in range(0, len(order), batch_size):
            batch = [samples[index] for index in order[start : start + batch_size]]
            features, labels = (torch.stack(parts) for parts in zip(*batch, strict=True))
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
