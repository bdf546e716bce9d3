"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_04_loop.py for another reason."""

import torch
from torch import nn


def _step(model, loss_function, optimizer, features, labels):
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def _epoch(model, loss_function, optimizer, batches):
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_step__no_clearing__fresh_names(model, loss_function, optimizer, features, labels):
    """`gradient = None` binds a local name, and clears nothing."""
    for gradient in [parameter.grad for parameter in model.parameters()]:
        gradient = None  # noqa: F841
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__backward_not_called__another_loss(model, loss_function, optimizer, features, labels):
    """backward() runs on a new leaf with the loss's value."""
    optimizer.zero_grad()
    loss = torch.tensor(loss_function(model(features), labels).item(), requires_grad=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__update_not_called__rate_of_0(model, loss_function, optimizer, features, labels):
    """The update is made by another optimizer, whose rate is 0."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=0.0).step()
    return loss.item()


def train_epoch__mean_of_means__running(model, loss_function, optimizer, batches):
    """A running mean over the batches instead of the samples."""
    model.train()
    mean = 0.0
    for number, (features, labels) in enumerate(batches, start=1):
        mean += (_step(model, loss_function, optimizer, features, labels) - mean) / number
    return mean


def train_epoch__first_batch_alone__return_in_the_loop(model, loss_function, optimizer, batches):
    """The return is inside the loop."""
    model.train()
    for features, labels in batches:
        return _step(model, loss_function, optimizer, features, labels)
    return 0.0


def train_epoch__multiplied_before_backward__gradient_given(model, loss_function, optimizer, batches):
    """backward() starts from n in the place of 1."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward(torch.full_like(loss, len(features)))
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_on_device__not_moved__result_unused(model, loss_function, optimizer, loader, device):
    """`to` is called, but its result is not used."""
    model.train()
    total, count = 0.0, 0
    for features, labels in loader:
        features.to(device)
        labels.to(device)
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_on_device__on_the_cpu__at_the_end(model, loss_function, optimizer, loader, device):
    """The training is on the device, and the model is moved to the CPU afterwards."""
    mean = _epoch(model, loss_function, optimizer, ((x.to(device), y.to(device)) for x, y in loader))
    model.cpu()
    return mean


def train_on_device__all_at_once__first_read(model, loss_function, optimizer, loader, device):
    """The batches are moved one by one, but the loader was read as a list before."""
    batches = list(loader)
    return _epoch(model, loss_function, optimizer, ((x.to(device), y.to(device)) for x, y in batches))


def fit_epochs__same_batches_kept__cached(model, loss_function, optimizer, make_batches, epochs):
    """The batches are made at the first epoch, and remembered."""
    losses, batches = [], None
    for _ in range(epochs):
        batches = batches or list(make_batches())
        losses.append(_epoch(model, loss_function, optimizer, batches))
    return losses


def fit_epochs__optimizer_made_anew__memory_cleared(model, loss_function, optimizer, make_batches, epochs):
    """The optimizer is the given one, but its state is emptied."""
    losses = []
    for _ in range(epochs):
        optimizer.state.clear()
        losses.append(_epoch(model, loss_function, optimizer, make_batches()))
    return losses


def fit_line__early_break__no_progress(features, targets, learning_rate, steps):
    """It stops when the loss no longer falls, and not when it is small."""
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = _step(model, nn.MSELoss(), optimizer, features, targets[:, None])
        if losses and loss >= losses[-1]:
            break
        losses.append(loss)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__every_pair__flattened(features, targets, learning_rate, steps):
    """The predictions lie in a row, and the targets in a column."""
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)

    def loss_function(predictions, labels):
        return ((predictions.squeeze(1) - labels) ** 2).mean()

    losses = [_step(model, loss_function, optimizer, features, targets[:, None]) for _ in range(steps)]
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__row_by_row__mean_of_the_rows(features, targets, learning_rate, steps):
    """Each loss is the mean over the rows of a pass."""
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    pairs = list(zip(features.split(1), targets[:, None].split(1), strict=True))
    losses = [_epoch(model, nn.MSELoss(), optimizer, pairs) for _ in range(steps)]
    return model.weight.detach()[0], model.bias.detach()[0], losses


def train_and_validate__no_eval_mode__back_in_train(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    """eval() is called before the training, which puts the model back into train mode."""
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        model.eval()
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        with torch.no_grad():
            total = sum(loss_function(model(x), y).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def overfit_one_batch__no_update__one_loss(make_model, loss_function, make_optimizer, features, labels, steps):
    """The loss is computed once, before the loop."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    loss = loss_function(model(features), labels)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        optimizer.step()
        losses.append(loss.item())
    return losses


def overfit_one_batch__no_update__copies(make_model, loss_function, make_optimizer, features, labels, steps):
    """The optimizer holds copies of the parameters."""
    model = make_model()
    optimizer = make_optimizer([parameter.detach().clone().requires_grad_() for parameter in model.parameters()])
    return [_step(model, loss_function, optimizer, features, labels) for _ in range(steps)]


def train_step__update_by_hand__a_new_optimizer(model, loss_function, optimizer, features, labels):
    """A new optimizer with the same learning rate makes the update."""
    anew = torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    return _step(model, loss_function, anew, features, labels)


def train_step__graph_cut__a_new_tensor(model, loss_function, optimizer, features, labels):
    """backward() is called on a new tensor with the loss's value."""
    optimizer.zero_grad()
    loss = torch.tensor(loss_function(model(features), labels).item())
    loss.backward()
    optimizer.step()
    return loss.item()


def train_epoch__mode_left_alone__attribute_of_the_whole(model, loss_function, optimizer, batches):
    """Only the attribute of the whole model is set, and its parts stay in eval mode."""
    model.training = True
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_epoch__cleared_once__never(model, loss_function, optimizer, batches):
    """The gradients are never cleared."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_epoch__counted_first__as_a_list(model, loss_function, optimizer, batches):
    """The sizes are read as a list, without a loop that trains."""
    model.train()
    sizes = [len(features) for features, _ in batches]
    total = 0.0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
    return total / sum(sizes)


def train_epoch__short_batch_left_out__the_last(model, loss_function, optimizer, batches):
    """The last batch is left out if there are several."""
    batches = list(batches)
    return _epoch(model, loss_function, optimizer, batches[:-1] or batches)


def train_and_validate__train_mode_once__never(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    """The model is in eval mode in all epochs."""
    history = {"train": [], "validation": []}
    model.eval()
    for _ in range(epochs):
        total = sum(_step(model, loss_function, optimizer, x, y) * len(x) for x, y in train_batches)
        history["train"].append(total / sum(len(x) for x, _ in train_batches))
        with torch.no_grad():
            total = sum(loss_function(model(x), y).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def train_and_validate__no_eval_mode__attribute_of_the_whole(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    """Only the attribute of the whole model is set, and its parts stay in train mode."""
    history = {"train": [], "validation": []}
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        model.training = False
        with torch.no_grad():
            total = sum(loss_function(model(x), y).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def train_step__backward_not_called__new_leaf(model, loss_function, optimizer, features, labels):
    """The graph of the loss begins at a new leaf, made from the predictions."""
    optimizer.zero_grad()
    loss = loss_function(model(features).detach().requires_grad_(), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def overfit_one_batch__a_new_optimizer_each_step__state_cleared(
    make_model, loss_function, make_optimizer, features, labels, steps
):
    """There is one optimizer, but its state is cleared in each step."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.state.clear()
        losses.append(_step(model, loss_function, optimizer, features, labels))
    return losses


def train_step__first_parameter_speaks_for_all__if_all_have_one(model, loss_function, optimizer, features, labels):
    """The gradients are cleared only if all parameters have one."""
    if all(parameter.grad is not None for parameter in model.parameters()):
        optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def fit_line__sum_of_squares__rate_and_losses(features, targets, learning_rate, steps):
    """The mean is used, but the learning rate and the losses are multiplied by N."""
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate * len(features))
    losses = [_step(model, nn.MSELoss(), optimizer, features, targets[:, None]) for _ in range(steps)]
    return model.weight.detach()[0], model.bias.detach()[0], [loss * len(features) for loss in losses]
