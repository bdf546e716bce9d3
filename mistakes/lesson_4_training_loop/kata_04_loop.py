"""Wrong answers to katas/lesson_4_training_loop/kata_04_loop.py, each with the sentence that corrects the belief."""

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


@torch.no_grad()
def _mean_loss(model, loss_function, batches):
    total = sum(loss_function(model(features), labels).item() * len(features) for features, labels in batches)
    return total / sum(len(features) for features, _ in batches)


def _validate(model, loss_function, batches):
    model.eval()
    return _mean_loss(model, loss_function, batches)


def train_step__no_clearing(model, loss_function, optimizer, features, labels):
    """Your update also used old gradients, because backward() adds to .grad. Clear all gradients before backward() in
    every step."""
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__first_parameter_speaks_for_all(model, loss_function, optimizer, features, labels):
    """You cleared old gradients only on a condition, and here only one parameter had a gradient. Clear all gradients in
    every step."""
    if next(model.parameters()).grad is not None:
        optimizer.zero_grad()
    return train_step__no_clearing(model, loss_function, optimizer, features, labels)


def train_step__train_mode_where_the_whole_is(model, loss_function, optimizer, features, labels):
    """You put a part of the model into train mode. Leave every module's mode unchanged: a frozen part may be in eval
    mode on purpose."""
    if model.training:
        model.train()
    optimizer.zero_grad()
    return train_step__no_clearing(model, loss_function, optimizer, features, labels)


def train_step__cleared_last(model, loss_function, optimizer, features, labels):
    """A gradient that was there before the call counts in your update. Clearing last is right only if all code does so:
    clear before backward()."""
    loss = train_step__no_clearing(model, loss_function, optimizer, features, labels)
    optimizer.zero_grad()
    return loss


def train_step__cleared_before_the_update(model, loss_function, optimizer, features, labels):
    """No parameter has changed, although the optimizer made its update. Don't clear the gradients between the backward
    pass and the update."""
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def train_step__update_not_called(model, loss_function, optimizer, features, labels):
    """The gradients were there, but the given optimizer made no update. Call its method step(), with parentheses."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step  # noqa: B018
    return loss.item()


def train_step__backward_not_called(model, loss_function, optimizer, features, labels):
    """The optimizer ran, but no gradient reached the parameters. Call backward() on the loss itself, with parentheses,
    and don't cut its graph."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward  # noqa: B018
    optimizer.step()
    return loss.item()


def train_step__update_before_backward(model, loss_function, optimizer, features, labels):
    """The optimizer ran before the backward pass. It reads .grad, so call backward() first."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    optimizer.step()
    loss.backward()
    return loss.item()


def train_step__loss_with_its_graph(model, loss_function, optimizer, features, labels):
    """You returned the loss as a tensor. Return a Python float: loss.item() gives you one, without the graph."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss


def train_step__loss_after_the_update(model, loss_function, optimizer, features, labels):
    """You called the model again and returned the loss after the update. Return the loss that you called backward()
    on."""
    _step(model, loss_function, optimizer, features, labels)
    with torch.no_grad():
        return loss_function(model(features), labels).item()


def train_step__loss_of_all_samples(model, loss_function, optimizer, features, labels):
    """Your result is the loss times the number of samples. The loss function returns a mean: return this mean."""
    return _step(model, loss_function, optimizer, features, labels) * len(features)


def train_step__forward_twice(model, loss_function, optimizer, features, labels):
    """You called the model twice for one update. Call it once: one forward pass gives both the loss and the
    gradients."""
    loss = loss_function(model(features), labels).item()
    _step(model, loss_function, optimizer, features, labels)
    return loss


def train_step__update_by_hand(model, loss_function, optimizer, features, labels):
    """The parameters have changed, but the given optimizer made no update. Call its method step(), which also applies
    momentum."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
    return loss.item()


def train_step__labels_first(model, loss_function, optimizer, features, labels):
    """You passed the labels first. Pass predictions first, then labels: a symmetric loss, such as the squared error,
    would hide the difference."""
    optimizer.zero_grad()
    loss = loss_function(labels, model(features))
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__graph_cut(model, loss_function, optimizer, features, labels):
    """You called backward() on a tensor without a graph. Call it on the loss itself, and record the forward pass,
    without detach() or no_grad()."""
    optimizer.zero_grad()
    loss = loss_function(model(features).detach(), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__eval_mode(model, loss_function, optimizer, features, labels):
    """You put the model into eval mode, in which dropout does nothing. Leave the mode as the caller chose it."""
    model.eval()
    return _step(model, loss_function, optimizer, features, labels)


def train_step__train_mode(model, loss_function, optimizer, features, labels):
    """You put the model into train mode. Leave the mode as the caller chose it."""
    model.train()
    return _step(model, loss_function, optimizer, features, labels)


def train_epoch__mean_of_means(model, loss_function, optimizer, batches):
    """You gave every batch the same weight, but their sizes differ. Multiply each loss by its batch's size, and divide
    the sum by the number of all samples."""
    model.train()
    losses = [_step(model, loss_function, optimizer, *batch) for batch in batches]
    return sum(losses) / len(losses)


def train_epoch__sum_of_means_by_rows(model, loss_function, optimizer, batches):
    """You added the batches' means and divided by the number of samples. Multiply each mean by its batch's size before
    you add it."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels)
        count += len(features)
    return total / count


def train_epoch__never_divided(model, loss_function, optimizer, batches):
    """You returned the sum of the losses of all samples. Divide it by the number of samples."""
    model.train()
    return sum(_step(model, loss_function, optimizer, *batch) * len(batch[0]) for batch in batches)


def train_epoch__last_loss(model, loss_function, optimizer, batches):
    """You returned the loss of the last batch alone. Return the mean over the samples of all batches."""
    model.train()
    for features, labels in batches:
        loss = _step(model, loss_function, optimizer, features, labels)
    return loss


def train_epoch__loss_after_the_epoch(model, loss_function, optimizer, batches):
    """Your result is the mean loss of the weights at the end of the epoch. Take each batch's loss before its own
    update."""
    batches = list(batches)
    _epoch(model, loss_function, optimizer, batches)
    return _mean_loss(model, loss_function, batches)


def train_epoch__losses_after_their_updates(model, loss_function, optimizer, batches):
    """The updates are right, but you took each batch's loss after its own update. Take it before: it is the loss that
    you call backward() on."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        _step(model, loss_function, optimizer, features, labels)
        total += _mean_loss(model, loss_function, [(features, labels)]) * len(features)
        count += len(features)
    return total / count


def train_epoch__loss_before_the_epoch(model, loss_function, optimizer, batches):
    """Your result is the mean loss of the weights at the start of the epoch. Take each batch's loss right before its
    own update."""
    batches = list(batches)
    loss = _mean_loss(model, loss_function, batches)
    _epoch(model, loss_function, optimizer, batches)
    return loss


def train_epoch__first_batch_alone(model, loss_function, optimizer, batches):
    """Only the first batch made an update. Go through all batches, and return after the loop."""
    return _epoch(model, loss_function, optimizer, list(batches)[:1])


def train_epoch__all_in_one(model, loss_function, optimizer, batches):
    """You made one update in the whole epoch, from all samples together. Make one for each batch."""
    model.train()
    features, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return _step(model, loss_function, optimizer, features, labels)


def train_epoch__divided_by_the_batches(model, loss_function, optimizer, batches):
    """You divided the losses of all samples by the number of batches. Divide by the number of samples."""
    batches = list(batches)
    return _epoch(model, loss_function, optimizer, batches) * sum(len(x) for x, _ in batches) / len(batches)


def train_epoch__divided_by_the_last_size(model, loss_function, optimizer, batches):
    """You divided by the size of the last batch. Add up the sizes of all batches, and divide by their sum."""
    batches = list(batches)
    mean = _epoch(model, loss_function, optimizer, batches)
    return mean * sum(len(x) for x, _ in batches) / len(batches[-1][0])


def train_epoch__counted_afterwards(model, loss_function, optimizer, batches):
    """A generator was empty when you read it a second time. Count the samples in the loop that trains."""
    model.train()
    total = sum(_step(model, loss_function, optimizer, *batch) * len(batch[0]) for batch in batches)
    return total / sum(len(features) for features, _ in batches)


def train_epoch__mode_left_alone(model, loss_function, optimizer, batches):
    """The model was given in eval mode, and you trained all or a part of it in eval mode. Put all of it into train mode
    first."""
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_epoch__cleared_once(model, loss_function, optimizer, batches):
    """Your updates also used the gradients of earlier batches. Clear the gradients for every batch, before its backward
    pass."""
    model.train()
    optimizer.zero_grad()
    total, count = 0.0, 0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_epoch__one_update(model, loss_function, optimizer, batches):
    """You made one update in the whole epoch. Make one for each batch: clear the gradients, call backward(), then
    step()."""
    model.train()
    optimizer.zero_grad()
    total, count = 0.0, 0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        total += loss.item() * len(features)
        count += len(features)
    optimizer.step()
    return total / count


def train_epoch__first_batch_again(model, loss_function, optimizer, batches):
    """The model saw only the first batch, again and again. Use one `for` loop: each iter() of a list starts from the
    beginning."""
    model.train()
    batches = batches if isinstance(batches, list) else list(batches)
    total, count = 0.0, 0
    for _ in range(len(batches)):
        features, labels = next(iter(batches))
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_epoch__asks_for_the_length(model, loss_function, optimizer, batches):
    """You used len() or an index. A generator supports neither, so loop over it once, and count the samples in that
    loop."""
    model.train()
    total, count = 0.0, 0
    for i in range(len(batches)):
        total += _step(model, loss_function, optimizer, *batches[i]) * len(batches[i][0])
        count += len(batches[i][0])
    return total / count


def train_epoch__counted_first(model, loss_function, optimizer, batches):
    """You read the generator before you trained, so no batch reached the model. Count and train in the same loop."""
    model.train()
    count = sum(len(features) for features, _ in batches)
    return sum(_step(model, loss_function, optimizer, *batch) * len(batch[0]) for batch in batches) / count


def train_epoch__short_batch_left_out(model, loss_function, optimizer, batches):
    """You left out a small batch. Its samples count like all others, so train on every batch, the last one too."""
    batches = list(batches)
    return _epoch(model, loss_function, optimizer, [b for b in batches if len(b[0]) >= len(batches[0][0])])


def train_epoch__total_with_graphs(model, loss_function, optimizer, batches):
    """Your result is a tensor, and it has the graphs of all batches. Add up numbers: loss.item() * len(labels)."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        total += loss * len(features)
        count += len(features)
    return total / count


def train_epoch__number_at_the_end(model, loss_function, optimizer, batches):
    """The number is right, but you kept the graph of every batch until the end. Convert each loss to a number at
    once."""
    return train_epoch__total_with_graphs(model, loss_function, optimizer, batches).item()


def train_epoch__multiplied_before_backward(model, loss_function, optimizer, batches):
    """Your updates are too large, by the size of the batch. Call backward() on the mean loss, and multiply only its
    number by the batch's size."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels) * len(features)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(features)
    return total / count


def train_on_device__not_moved(model, loss_function, optimizer, loader, device):
    """The model is on `device`, but its input is on the CPU. features.to(device) returns a new tensor: use the tensor
    that it returns."""
    return _epoch(model, loss_function, optimizer, loader)


def train_on_device__labels_not_moved(model, loss_function, optimizer, loader, device):
    """The predictions are on `device`, but the labels are on the CPU. Move the labels of every batch too."""
    return _epoch(model, loss_function, optimizer, ((features.to(device), labels) for features, labels in loader))


def train_on_device__on_the_cpu(model, loss_function, optimizer, loader, device):
    """Your code moved the model away from `device`. Leave the model there, and move only the batches, to the `device`
    that you were given."""
    return _epoch(model.to("cpu"), loss_function, optimizer, loader)


def train_on_device__back_at_the_end(model, loss_function, optimizer, loader, device):
    """The result is right, but you trained on the CPU. Leave the model on `device`, and move the batches."""
    mean = _epoch(model.to("cpu"), loss_function, optimizer, loader)
    model.to(device)
    return mean


def train_on_device__predictions_moved(model, loss_function, optimizer, loader, device):
    """The numbers are right, but the loss function got tensors on the CPU. Move the labels to `device`, and leave the
    predictions there."""
    model.train()
    total, count = 0.0, 0
    for features, labels in loader:
        loss = loss_function(model(features.to(device)).cpu(), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def train_on_device__all_at_once(model, loss_function, optimizer, loader, device):
    """The numbers are right, but you read the whole loader before the first update. Read and move one batch in each
    round of the loop."""
    batches = [(features.to(device), labels.to(device)) for features, labels in loader]
    return _epoch(model, loss_function, optimizer, batches)


def train_on_device__all_in_one(model, loss_function, optimizer, loader, device):
    """You put all batches together and made one update. Make one for each batch of the loader."""
    features, labels = (torch.cat(parts).to(device) for parts in zip(*loader, strict=True))
    return _epoch(model, loss_function, optimizer, [(features, labels)])


def train_on_device__mean_of_means(model, loss_function, optimizer, loader, device):
    """You gave every batch the same weight, but their sizes differ. Multiply each loss by its batch's size, and divide
    the sum by the number of all samples."""
    model.train()
    losses = [_step(model, loss_function, optimizer, x.to(device), y.to(device)) for x, y in loader]
    return sum(losses) / len(losses)


def train_on_device__mode_left_alone(model, loss_function, optimizer, loader, device):
    """The model was given in eval mode, and you trained all or a part of it in eval mode. Put all of it into train mode
    first."""
    moved = ((features.to(device), labels.to(device)) for features, labels in loader)
    return train_epoch__mode_left_alone(model, loss_function, optimizer, moved)


def fit_epochs__last_loss(model, loss_function, optimizer, make_batches, epochs):
    """You returned one number. Return a list with the mean loss of each epoch."""
    loss = 0.0
    for _ in range(epochs):
        loss = _epoch(model, loss_function, optimizer, make_batches())
    return loss


def fit_epochs__mean_of_all_epochs(model, loss_function, optimizer, make_batches, epochs):
    """You returned one number. Return a list with the mean loss of each epoch."""
    losses = [_epoch(model, loss_function, optimizer, make_batches()) for _ in range(epochs)]
    return sum(losses) / epochs


def fit_epochs__last_batch_of_each_epoch(model, loss_function, optimizer, make_batches, epochs):
    """Your list has the loss of the last batch of each epoch. Return the mean over all samples of the epoch."""
    model.train()
    losses = []
    for _ in range(epochs):
        for batch in make_batches():
            loss = _step(model, loss_function, optimizer, *batch)
        losses.append(loss)
    return losses


def fit_epochs__make_batches_not_called(model, loss_function, optimizer, make_batches, epochs):
    """You used make_batches itself as the batches. Call it in every epoch: make_batches() returns the batches."""
    return [_epoch(model, loss_function, optimizer, make_batches) for _ in range(epochs)]


def fit_epochs__losses_of_the_batches(model, loss_function, optimizer, make_batches, epochs):
    """Your list has a loss for each batch. Return one for each epoch: the mean over its samples."""
    return [_epoch(model, loss_function, optimizer, [batch]) for _ in range(epochs) for batch in make_batches()]


def fit_epochs__batches_made_once(model, loss_function, optimizer, make_batches, epochs):
    """Your second epoch had no batches, because a generator can be read only once. Call make_batches() in every
    epoch."""
    batches = make_batches()
    return [_epoch(model, loss_function, optimizer, batches) for _ in range(epochs)]


def fit_epochs__same_batches_kept(model, loss_function, optimizer, make_batches, epochs):
    """You called make_batches() once and used the same batches in every epoch. Call it at the start of each epoch."""
    batches = list(make_batches())
    return [_epoch(model, loss_function, optimizer, batches) for _ in range(epochs)]


def fit_epochs__optimizer_made_anew(model, loss_function, optimizer, make_batches, epochs):
    """The optimizer lost its momentum between epochs. Use the given optimizer in all epochs, and do not reset its
    state."""
    losses = []
    for _ in range(epochs):
        anew = type(optimizer)(model.parameters(), **optimizer.defaults)
        losses.append(_epoch(model, loss_function, anew, make_batches()))
    return losses


def fit_epochs__seeded_every_epoch(model, loss_function, optimizer, make_batches, epochs):
    """Every epoch had the same order. Set no seed: the caller sets one, once for the whole run."""
    losses = []
    for _ in range(epochs):
        torch.manual_seed(0)
        losses.append(_epoch(model, loss_function, optimizer, make_batches()))
    return losses


def fit_epochs__seeded_at_the_start(model, loss_function, optimizer, make_batches, epochs):
    """The orders do not follow from the caller's seed. Set no seed, and draw no random numbers yourself."""
    torch.manual_seed(0)
    return [_epoch(model, loss_function, optimizer, make_batches()) for _ in range(epochs)]


def fit_epochs__one_epoch_missing(model, loss_function, optimizer, make_batches, epochs):
    """You trained for one epoch too few. range(epochs) has `epochs` numbers, and range(1, epochs) has one less."""
    return [_epoch(model, loss_function, optimizer, make_batches()) for _ in range(1, epochs)]


def fit_epochs__losses_with_graphs(model, loss_function, optimizer, make_batches, epochs):
    """Your list contains tensors. Return Python floats: loss.item() gives you one, without the graph."""
    losses = []
    for _ in range(epochs):
        model.train()
        total, count = 0.0, 0
        for features, labels in make_batches():
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            total += loss * len(features)
            count += len(features)
        losses.append(total / count)
    return losses


def fit_epochs__mode_left_alone(model, loss_function, optimizer, make_batches, epochs):
    """The model was given in eval mode, and you trained all or a part of it in eval mode. Put all of it into train mode
    in every epoch."""
    return [train_epoch__mode_left_alone(model, loss_function, optimizer, make_batches()) for _ in range(epochs)]


def _line(features, targets, learning_rate, steps, loss_function, *, clear=True, zeros=("weight", "bias")):
    model = nn.Linear(features.shape[1], 1, device=features.device)
    for name in zeros:
        nn.init.zeros_(getattr(model, name))
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        if clear:
            optimizer.zero_grad()
        loss = loss_function(model(features), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def _all_pairs(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def fit_line__every_pair(features, targets, learning_rate, steps):
    """Your result is that of predictions (N, 1) minus targets (N,), which broadcast to (N, N). Give both the same
    shape."""
    model, losses = _line(features, targets, learning_rate, steps, _all_pairs)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__random_start(features, targets, learning_rate, steps):
    """The line does not start at zeros, because a new nn.Linear draws random numbers. Set weight and bias to 0."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), zeros=())
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__bias_drawn(features, targets, learning_rate, steps):
    """The weights start at 0, but the bias does not. A new nn.Linear draws both at random, so set both to 0."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), zeros=("weight",))
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__gradients_added_up(features, targets, learning_rate, steps):
    """From the second update on, old gradients took part. Clear the gradients in every step."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), clear=False)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__sum_of_squares(features, targets, learning_rate, steps):
    """Your losses and updates are N times too large, as with the sum of the squared errors. Use their mean."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(reduction="sum"))
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__weights_as_a_matrix(features, targets, learning_rate, steps):
    """Your weights have the shape (1, D) instead of (D,). Return index 0 of the layer's weight and of its bias, with
    the shapes (D,) and ()."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach(), model.bias.detach()[0], losses


def fit_line__bias_as_a_vector(features, targets, learning_rate, steps):
    """Your bias has the shape (1,): a layer's bias has an entry for each output. Return this entry alone, shape ()."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach()[0], model.bias.detach(), losses


def fit_line__squeezed(features, targets, learning_rate, steps):
    """For D = 1 your weights have the shape (). squeeze() drops every dimension of size 1: take the first row
    instead."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach().squeeze(), model.bias.detach().squeeze(), losses


def fit_line__with_graph(features, targets, learning_rate, steps):
    """The numbers are right, but your tensors still have a graph or require grad. Detach them."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight[0], model.bias[0], losses


def fit_line__one_loss_too_many(features, targets, learning_rate, steps):
    """Your list has one loss too many, the one after the last update. Return one for each update, taken before it."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    last = nn.functional.mse_loss(model(features), targets[:, None]).item()
    return model.weight.detach()[0], model.bias.detach()[0], [*losses, last]


def fit_line__losses_after_the_updates(features, targets, learning_rate, steps):
    """Each loss is one update late. Take it before the update: the first loss belongs to weights and a bias of 0."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    last = nn.functional.mse_loss(model(features), targets[:, None]).item()
    return model.weight.detach()[0], model.bias.detach()[0], [*losses, last][1:]


def fit_line__layer_left_on_the_cpu(features, targets, learning_rate, steps):
    """Your layer is on the CPU, and the features are not. Create it with device=features.device, or move it with
    to()."""
    model = nn.Linear(features.shape[1], 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = [_step(model, nn.MSELoss(), optimizer, features, targets[:, None]) for _ in range(steps)]
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__row_by_row(features, targets, learning_rate, steps):
    """You made an update for each row. Use all rows for each update."""
    model = nn.Linear(features.shape[1], 1, device=features.device)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        for row, target in zip(features, targets, strict=True):
            loss = _step(model, nn.MSELoss(), optimizer, row[None], target[None, None])
        losses.append(loss)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__early_break(features, targets, learning_rate, steps):
    """Your list ends when the loss is 0. Make all updates, and return a loss for each."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    while len(losses) > 1 and max(losses[-2:]) < 1e-9:
        losses.pop()
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__through_0(features, targets, learning_rate, steps):
    """Your weights are those of a line through 0, without a bias. Train the layer's bias too."""
    model = nn.Linear(features.shape[1], 1, bias=False, device=features.device)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = [_step(model, nn.MSELoss(), optimizer, features, targets[:, None]) for _ in range(steps)]
    return model.weight.detach()[0], torch.zeros((), device=features.device), losses


def _history(train, validation):
    return {"train": train, "validation": validation}


def train_and_validate__no_eval_mode(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """In validation, all or a part of the model was in train mode. Call eval() on the model first: no_grad() only stops
    recording, and dropout goes on."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_mean_loss(model, loss_function, validation_batches))
    return history


def train_and_validate__train_mode_once(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You trained in eval mode, at least from the second epoch on. A mode lasts until you set another, so set train
    mode in every epoch."""
    history = _history([], [])
    model.train()
    for _ in range(epochs):
        history["train"].append(train_epoch__mode_left_alone(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validate(model, loss_function, validation_batches))
    return history


def train_and_validate__recorded(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Autograd recorded a graph for validation batches. Eval mode does not stop the recording: use no_grad()."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        model.eval()
        total = sum(loss_function(model(x), y).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def train_and_validate__labels_first(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """In validation you passed the labels first. PyTorch's losses need predictions first, then labels."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        model.eval()
        with torch.no_grad():
            total = sum(loss_function(y, model(x)).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def train_and_validate__trains_on_everything(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    """You also trained on the validation batches. Only compute their loss: they stand for data that the model has never
    learned from."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_epoch(model, loss_function, optimizer, validation_batches))
    return history


def train_and_validate__validates_first(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You validated before the updates of each epoch. Validate after them."""
    history = _history([], [])
    for _ in range(epochs):
        history["validation"].append(_validate(model, loss_function, validation_batches))
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
    return history


def train_and_validate__at_the_end_alone(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You validated once, after all epochs. Validate after each epoch, to see when the loss begins to rise."""
    losses = [_epoch(model, loss_function, optimizer, train_batches) for _ in range(epochs)]
    return _history(losses, [_validate(model, loss_function, validation_batches)])


def train_and_validate__batches_at_the_end(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You validated once, after all epochs, and returned a loss for each batch. Validate after each epoch, and return
    the mean over all validation samples."""
    losses = [_epoch(model, loss_function, optimizer, train_batches) for _ in range(epochs)]
    return _history(losses, [_validate(model, loss_function, [batch]) for batch in validation_batches])


def train_and_validate__mean_of_means(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """In validation you gave every batch the same weight, but their sizes differ. Multiply each loss by its batch's
    size, and divide the sum by the number of all samples."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        losses = [_validate(model, loss_function, [batch]) for batch in validation_batches]
        history["validation"].append(sum(losses) / len(losses))
    return history


def train_and_validate__first_batch_alone(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You validated on the first batch only. Return the mean over the samples of all validation batches."""
    return _with_validation(model, loss_function, optimizer, train_batches, validation_batches[:1], epochs)


def _with_validation(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validate(model, loss_function, validation_batches))
    return history


def train_and_validate__last_batch_alone(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Your validation loss is that of the last batch. Return the mean over the samples of all validation batches."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        losses = [_validate(model, loss_function, [batch]) for batch in validation_batches]
        history["validation"].append(losses[-1])
    return history


def train_and_validate__training_rows_again(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You validated on the training batches. Use the validation batches, which the model has never seen."""
    return _with_validation(model, loss_function, optimizer, train_batches, train_batches, epochs)


def train_and_validate__train_loss_after_the_epoch(
    model, loss_function, optimizer, train_batches, validation_batches, epochs
):
    """Your training losses are those of the weights after each epoch. Use what train_epoch returns: each batch's loss
    before its own update."""
    history = _history([], [])
    for _ in range(epochs):
        _epoch(model, loss_function, optimizer, train_batches)
        history["train"].append(_validate(model, loss_function, train_batches))
        history["validation"].append(_validate(model, loss_function, validation_batches))
    return history


def train_and_validate__pair_of_lists(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """You returned a tuple of two lists. Return a dict with the keys "train" and "validation"."""
    return tuple(_with_validation(model, loss_function, optimizer, train_batches, validation_batches, epochs).values())


def _overfit(model, loss_function, optimizer, features, labels, steps):
    return [_step(model, loss_function, optimizer, features, labels) for _ in range(steps)]


def overfit_one_batch__a_new_model_each_step(make_model, loss_function, make_optimizer, features, labels, steps):
    """You made a new model for each update, so no update builds on the one before. Call make_model() once, before the
    loop."""
    losses = []
    for _ in range(steps):
        model = make_model()
        losses += _overfit(model, loss_function, make_optimizer(model.parameters()), features, labels, 1)
    return losses


def overfit_one_batch__a_new_optimizer_each_step(make_model, loss_function, make_optimizer, features, labels, steps):
    """The optimizer lost its momentum after each update. Make one optimizer before the loop, and keep its state."""
    model = make_model()
    losses = []
    for _ in range(steps):
        losses += _overfit(model, loss_function, make_optimizer(model.parameters()), features, labels, 1)
    return losses


def overfit_one_batch__no_update(make_model, loss_function, make_optimizer, features, labels, steps):
    """All your losses are equal. Call the model in every step, and update the parameters of the model that you call."""
    model = make_model()
    with torch.no_grad():
        return [loss_function(model(features), labels).item() for _ in range(steps)]


def overfit_one_batch__two_models(make_model, loss_function, make_optimizer, features, labels, steps):
    """You made two models, and the model that you call never changes. Make one, and give its parameters to the
    optimizer."""
    model = make_model()
    return _overfit(model, loss_function, make_optimizer(make_model().parameters()), features, labels, steps)


def overfit_one_batch__losses_after_the_updates(make_model, loss_function, make_optimizer, features, labels, steps):
    """Each loss is one update late. Take it before the update: the first loss belongs to the new model."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        _step(model, loss_function, optimizer, features, labels)
        losses.append(_mean_loss(model, loss_function, [(features, labels)]))
    return losses


def overfit_one_batch__one_loss_more(make_model, loss_function, make_optimizer, features, labels, steps):
    """Your list has one loss too many, the one after the last update. Return one for each update, taken before it."""
    model = make_model()
    losses = _overfit(model, loss_function, make_optimizer(model.parameters()), features, labels, steps)
    return [*losses, _mean_loss(model, loss_function, [(features, labels)])]


def overfit_one_batch__ends_near_0(make_model, loss_function, make_optimizer, features, labels, steps):
    """Your list is too short: you stopped when the loss was small. Make all the updates."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    while len(losses) < steps and (not losses or losses[-1] > 1e-3):
        losses += _overfit(model, loss_function, optimizer, features, labels, 1)
    return losses


def overfit_one_batch__never_cleared(make_model, loss_function, make_optimizer, features, labels, steps):
    """Your updates also used the gradients of earlier updates. Clear the gradients in every step."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    return [train_step__no_clearing(model, loss_function, optimizer, features, labels) for _ in range(steps)]


def overfit_one_batch__sample_by_sample(make_model, loss_function, make_optimizer, features, labels, steps):
    """You made an update for each sample. Pass the whole batch to the model, for one update."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        parts = list(zip(features.split(1), labels.split(1), strict=True))
        losses.append(sum(_step(model, loss_function, optimizer, *part) for part in parts) / len(parts))
    return losses


def overfit_one_batch__one_sample_per_update(make_model, loss_function, make_optimizer, features, labels, steps):
    """Each of your updates used only one sample. Pass the whole batch to the model, for every update."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    parts = list(zip(features.split(1), labels.split(1), strict=True))
    return [_step(model, loss_function, optimizer, *parts[i % len(parts)]) for i in range(steps)]


def overfit_one_batch__make_model_not_called(make_model, loss_function, make_optimizer, features, labels, steps):
    """You used make_model itself as the model. Call it once: make_model() returns a new model."""
    optimizer = make_optimizer(make_model.parameters())
    return _overfit(make_model, loss_function, optimizer, features, labels, steps)


def overfit_one_batch__only_the_last(make_model, loss_function, make_optimizer, features, labels, steps):
    """You returned one number. Return a list with the loss before each update, which shows how the loss falls."""
    model = make_model()
    losses = _overfit(model, loss_function, make_optimizer(model.parameters()), features, labels, steps)
    return losses[-1] if losses else float("nan")


def overfit_one_batch__losses_with_their_graphs(make_model, loss_function, make_optimizer, features, labels, steps):
    """Your losses are tensors. Return Python floats: loss.item() gives you one, without the graph."""
    model = make_model()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(steps):
        losses.append(loss_function(model(features), labels))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    return losses
