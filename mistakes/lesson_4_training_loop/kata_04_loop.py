"""Wrong answers to katas/lesson_4_training_loop/kata_04_loop.py, each with the sentence that corrects the belief."""

import copy

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
    """The gradients of all steps were added up: backward adds to .grad, so what lies there must be cleared first."""
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__first_parameter_speaks_for_all(model, loss_function, optimizer, features, labels):
    """Whether there are old gradients was asked of the first parameter alone: clear them without asking."""
    if next(model.parameters()).grad is not None:
        optimizer.zero_grad()
    return train_step__no_clearing(model, loss_function, optimizer, features, labels)


def train_step__train_mode_where_the_whole_is(model, loss_function, optimizer, features, labels):
    """Parts in eval mode were put in train mode: model.train() reaches all of them, and a frozen part is to stay."""
    if model.training:
        model.train()
    optimizer.zero_grad()
    return train_step__no_clearing(model, loss_function, optimizer, features, labels)


def train_step__cleared_before_the_update(model, loss_function, optimizer, features, labels):
    """All four ran, and nothing moved: between backward and the update, the gradients must not be cleared."""
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def train_step__update_not_called(model, loss_function, optimizer, features, labels):
    """The gradients were there, but the optimizer never ran: a method's name does nothing without its brackets."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step  # noqa: B018
    return loss.item()


def train_step__backward_not_called(model, loss_function, optimizer, features, labels):
    """The optimizer ran, but no gradient reached the parameters: was backward called, with its brackets, on a loss that
    is still tied to the model?"""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward  # noqa: B018
    optimizer.step()
    return loss.item()


def train_step__update_before_backward(model, loss_function, optimizer, features, labels):
    """The optimizer ran before there was a gradient: it reads what backward has left in .grad."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    optimizer.step()
    loss.backward()
    return loss.item()


def train_step__loss_with_its_graph(model, loss_function, optimizer, features, labels):
    """The loss came back as a tensor: whoever keeps it may keep its graph too, and asked for is a plain number."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss


def train_step__loss_after_the_update(model, loss_function, optimizer, features, labels):
    """This is the loss after the update, for which the model had to be called again: asked for is the one before."""
    _step(model, loss_function, optimizer, features, labels)
    with torch.no_grad():
        return loss_function(model(features), labels).item()


def train_step__forward_twice(model, loss_function, optimizer, features, labels):
    """The model was called twice for one update: that costs twice the time, and dropout would answer differently."""
    loss = loss_function(model(features), labels).item()
    _step(model, loss_function, optimizer, features, labels)
    return loss


def train_step__update_by_hand(model, loss_function, optimizer, features, labels):
    """The optimizer did not run, though the weights moved: momentum, and all else it remembers, is lost."""
    optimizer.zero_grad()
    loss = loss_function(model(features), labels)
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
    return loss.item()


def train_step__labels_first(model, loss_function, optimizer, features, labels):
    """Predictions come first and labels second: a squared error is the same either way, cross-entropy is not."""
    optimizer.zero_grad()
    loss = loss_function(labels, model(features))
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__graph_cut(model, loss_function, optimizer, features, labels):
    """There is no way back from the loss to the parameters: the forward pass must be recorded, and not be cut off."""
    optimizer.zero_grad()
    loss = loss_function(model(features).detach(), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step__eval_mode(model, loss_function, optimizer, features, labels):
    """The model was switched to eval mode, where dropout does nothing: a step keeps the mode it finds."""
    model.eval()
    return _step(model, loss_function, optimizer, features, labels)


def train_step__train_mode(model, loss_function, optimizer, features, labels):
    """The model was switched to train mode: that is up to the caller, and a step keeps the mode it finds."""
    model.train()
    return _step(model, loss_function, optimizer, features, labels)


def train_epoch__mean_of_means(model, loss_function, optimizer, batches):
    """Every batch counted alike, however short: a mean of means is the mean of all only where the sizes are equal."""
    model.train()
    losses = [_step(model, loss_function, optimizer, *batch) for batch in batches]
    return sum(losses) / len(losses)


def train_epoch__sum_of_means_by_rows(model, loss_function, optimizer, batches):
    """The batches' means were added up and divided by the number of rows: a mean must become a sum again first."""
    model.train()
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels)
        count += len(features)
    return total / count


def train_epoch__never_divided(model, loss_function, optimizer, batches):
    """This is the sum of the losses of all rows: it is still to be divided by their number."""
    model.train()
    return sum(_step(model, loss_function, optimizer, *batch) * len(batch[0]) for batch in batches)


def train_epoch__last_loss(model, loss_function, optimizer, batches):
    """This is the loss of the last batch alone: asked for is the mean over the rows of all of them."""
    model.train()
    for features, labels in batches:
        loss = _step(model, loss_function, optimizer, features, labels)
    return loss


def train_epoch__loss_after_the_epoch(model, loss_function, optimizer, batches):
    """These are losses of the weights at the end: each batch's loss is to be taken before its own update."""
    batches = list(batches)
    _epoch(model, loss_function, optimizer, batches)
    return _mean_loss(model, loss_function, batches)


def train_epoch__mode_left_alone(model, loss_function, optimizer, batches):
    """The model kept the mode it came in: it may come from a validation, so switch it at the start of every pass."""
    total, count = 0.0, 0
    for features, labels in batches:
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_epoch__cleared_once(model, loss_function, optimizer, batches):
    """Each update had the gradients of the earlier batches in it: clear them for every batch, not for every epoch."""
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
    """There was one update for the whole epoch: each batch is to have its own, and the next starts from there."""
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
    """The model saw the first batch again and again: every iter of a list begins anew, while a for loop goes on."""
    model.train()
    batches = batches if isinstance(batches, list) else list(batches)
    total, count = 0.0, 0
    for _ in range(len(batches)):
        features, labels = next(iter(batches))
        total += _step(model, loss_function, optimizer, features, labels) * len(features)
        count += len(features)
    return total / count


def train_epoch__asks_for_the_length(model, loss_function, optimizer, batches):
    """A generator does not know how many batches it has: count the rows while you go through it."""
    model.train()
    total, count = 0.0, 0
    for i in range(len(batches)):
        total += _step(model, loss_function, optimizer, *batches[i]) * len(batches[i][0])
        count += len(batches[i][0])
    return total / count


def train_epoch__counted_first(model, loss_function, optimizer, batches):
    """From a generator, no batch reached the model: one pass uses it up, so count and train in the same one."""
    model.train()
    count = sum(len(features) for features, _ in batches)
    return sum(_step(model, loss_function, optimizer, *batch) * len(batch[0]) for batch in batches) / count


def train_epoch__short_batch_left_out(model, loss_function, optimizer, batches):
    """A batch shorter than the first was left out: its rows are samples like the others, and never get their turn."""
    batches = list(batches)
    return _epoch(model, loss_function, optimizer, [b for b in batches if len(b[0]) >= len(batches[0][0])])


def train_epoch__total_with_graphs(model, loss_function, optimizer, batches):
    """The answer is a tensor: a total of losses that are tensors has the graphs of all batches behind it."""
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
    """The number is right, but on the way to it every batch's graph was kept: make each loss a number at once."""
    return train_epoch__total_with_graphs(model, loss_function, optimizer, batches).item()


def fit_epochs__last_loss(model, loss_function, optimizer, make_batches, epochs):
    """One number came back: every epoch has a mean loss of its own, and they are asked for in a list."""
    loss = 0.0
    for _ in range(epochs):
        loss = _epoch(model, loss_function, optimizer, make_batches())
    return loss


def fit_epochs__batches_made_once(model, loss_function, optimizer, make_batches, epochs):
    """After the first epoch the generator was used up, and there were no rows to divide by: make one each time."""
    batches = make_batches()
    return [_epoch(model, loss_function, optimizer, batches) for _ in range(epochs)]


def fit_epochs__same_batches_kept(model, loss_function, optimizer, make_batches, epochs):
    """Every epoch had the batches of the first, in their order: ask for new ones at the start of each epoch."""
    batches = list(make_batches())
    return [_epoch(model, loss_function, optimizer, batches) for _ in range(epochs)]


def fit_epochs__optimizer_made_anew(model, loss_function, optimizer, make_batches, epochs):
    """Momentum was lost at the end of each epoch: an optimizer has a memory, which a new one begins without."""
    losses = []
    for _ in range(epochs):
        anew = type(optimizer)(model.parameters(), **optimizer.defaults)
        losses.append(_epoch(model, loss_function, anew, make_batches()))
    return losses


def fit_epochs__seeded_every_epoch(model, loss_function, optimizer, make_batches, epochs):
    """A seed was set in every epoch, so each draws the same order: a seed is set once, by whoever starts the run."""
    losses = []
    for _ in range(epochs):
        torch.manual_seed(0)
        losses.append(_epoch(model, loss_function, optimizer, make_batches()))
    return losses


def fit_epochs__seeded_at_the_start(model, loss_function, optimizer, make_batches, epochs):
    """The orders were not drawn from the caller's seed: set none, and draw nothing that nobody asked for."""
    torch.manual_seed(0)
    return [_epoch(model, loss_function, optimizer, make_batches()) for _ in range(epochs)]


def fit_epochs__batches_made_once(model, loss_function, optimizer, make_batches, epochs):
    """The second epoch found no batches: a generator is used up after one pass. Call make_batches in every epoch."""
    batches = make_batches()
    return [_epoch(model, loss_function, optimizer, batches) for _ in range(epochs)]


def fit_epochs__one_epoch_missing(model, loss_function, optimizer, make_batches, epochs):
    """There was one epoch too few: range(1, n) has n - 1 numbers in it."""
    return [_epoch(model, loss_function, optimizer, make_batches()) for _ in range(1, epochs)]


def fit_epochs__losses_with_graphs(model, loss_function, optimizer, make_batches, epochs):
    """The list holds tensors: a loss that is kept as a tensor can keep its whole graph, so keep plain numbers."""
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
    """The model came in eval mode and was trained in it: every epoch is to begin by switching to train mode."""
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
    """Predictions in a column met targets in a row, (N, 1) against (N,): all pairs, and only their mean is learned."""
    model, losses = _line(features, targets, learning_rate, steps, _all_pairs)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__random_start(features, targets, learning_rate, steps):
    """The weights did not start at zeros: a new layer draws random numbers."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), zeros=())
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__bias_drawn(features, targets, learning_rate, steps):
    """The weights started at zeros, but the bias did not: a layer draws that at random too."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), zeros=("weight",))
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__gradients_added_up(features, targets, learning_rate, steps):
    """From the second step on, old gradients took part in the update: clear them for every step."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(), clear=False)
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__sum_of_squares(features, targets, learning_rate, steps):
    """The squares were added up, not averaged: steps and losses are N times too large."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss(reduction="sum"))
    return model.weight.detach()[0], model.bias.detach()[0], losses


def fit_line__weights_as_a_matrix(features, targets, learning_rate, steps):
    """A layer's weight has a row for each output, (1, D): asked for is that row by itself, (D,)."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach(), model.bias.detach()[0], losses


def fit_line__bias_as_a_vector(features, targets, learning_rate, steps):
    """A layer's bias has an entry for each output, (1,): asked for is that entry by itself, shape ()."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach()[0], model.bias.detach(), losses


def fit_line__squeezed(features, targets, learning_rate, steps):
    """With a single column the weights have lost their dimension: a squeeze drops every dimension of size 1."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight.detach().squeeze(), model.bias.detach().squeeze(), losses


def fit_line__with_graph(features, targets, learning_rate, steps):
    """The numbers are right, but they are still tied to the parameters: autograd goes on recording what they meet."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    return model.weight[0], model.bias[0], losses


def fit_line__one_loss_too_many(features, targets, learning_rate, steps):
    """There is a loss too many, that after the last update: the list has one for each step."""
    model, losses = _line(features, targets[:, None], learning_rate, steps, nn.MSELoss())
    last = nn.functional.mse_loss(model(features), targets[:, None]).item()
    return model.weight.detach()[0], model.bias.detach()[0], [*losses, last]


def _history(train, validation):
    return {"train": train, "validation": validation}


def train_and_validate__no_eval_mode(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """The validation ran in train mode: not to record is one thing, dropout and batch norm are another."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_mean_loss(model, loss_function, validation_batches))
    return history


def train_and_validate__train_mode_once(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """From the second epoch on, the model was trained in eval mode: a mode stays until it is switched back."""
    history = _history([], [])
    model.train()
    for _ in range(epochs):
        history["train"].append(train_epoch__mode_left_alone(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validate(model, loss_function, validation_batches))
    return history


def train_and_validate__recorded(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Eval mode does not stop autograd from recording: a graph was built for every validation batch, for nothing."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        model.eval()
        total = sum(loss_function(model(x), y).item() * len(x) for x, y in validation_batches)
        history["validation"].append(total / sum(len(x) for x, _ in validation_batches))
    return history


def train_and_validate__labels_first(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """The loss of the validation batches was given the labels first: PyTorch's losses take the model's answer first."""
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
    """The model has learned from the validation batches too: what it was trained on says nothing of unseen data."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_epoch(model, loss_function, optimizer, validation_batches))
    return history


def train_and_validate__validates_first(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Each validation came before the epoch's updates: it is to judge the weights that the epoch has led to."""
    history = _history([], [])
    for _ in range(epochs):
        history["validation"].append(_validate(model, loss_function, validation_batches))
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
    return history


def train_and_validate__at_the_end_alone(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """There was one validation, after all the epochs: each is to be followed by one, to see when it gets worse."""
    losses = [_epoch(model, loss_function, optimizer, train_batches) for _ in range(epochs)]
    return _history(losses, [_validate(model, loss_function, validation_batches)])


def train_and_validate__mean_of_means(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """In validation, every batch counted alike, however short: weigh each loss by the rows behind it."""
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        losses = [_validate(model, loss_function, [batch]) for batch in validation_batches]
        history["validation"].append(sum(losses) / len(losses))
    return history


def train_and_validate__first_batch_alone(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Only the first validation batch was looked at: the mean is to be over the rows of all of them."""
    return _with_validation(model, loss_function, optimizer, train_batches, validation_batches[:1], epochs)


def _with_validation(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    history = _history([], [])
    for _ in range(epochs):
        history["train"].append(_epoch(model, loss_function, optimizer, train_batches))
        history["validation"].append(_validate(model, loss_function, validation_batches))
    return history


def train_and_validate__training_rows_again(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """The validation went through the training batches: those it has learned from, and the others are unseen."""
    return _with_validation(model, loss_function, optimizer, train_batches, train_batches, epochs)


def train_and_validate__pair_of_lists(model, loss_function, optimizer, train_batches, validation_batches, epochs):
    """Two lists came back in a tuple: asked for is a dict, in which each has its name."""
    return tuple(_with_validation(model, loss_function, optimizer, train_batches, validation_batches, epochs).values())


def _sizes(before, after):
    return {name: ((after[name] - before[name]).norm() / before[name].norm()).item() for name in before}


def _copies(model):
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


def update_sizes__no_copy(model, loss_function, optimizer, features, labels):
    """Nothing seems to have moved: what you kept is the parameters' own memory, and it has changed along with them."""
    before = {name: parameter.detach() for name, parameter in model.named_parameters()}
    _step(model, loss_function, optimizer, features, labels)
    return _sizes(before, _copies(model))


def update_sizes__divided_by_the_new_size(model, loss_function, optimizer, features, labels):
    """The change was divided by the size after the update: asked for is the part of what was there before."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    after = _copies(model)
    return {name: ((after[name] - before[name]).norm() / after[name].norm()).item() for name in before}


def update_sizes__change_alone(model, loss_function, optimizer, features, labels):
    """These are the sizes of the changes: each is still to be divided by the size of its parameter."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    return {name: (now - before[name]).norm().item() for name, now in _copies(model).items()}


def update_sizes__change_of_the_size(model, loss_function, optimizer, features, labels):
    """This is how much the size has changed: a tensor can move far and keep its size, so subtract the tensors first."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    after = _copies(model)
    return {name: ((after[name].norm() - before[name].norm()).abs() / before[name].norm()).item() for name in before}


def update_sizes__from_the_gradient(model, loss_function, optimizer, features, labels):
    """The gradient times the learning rate is the update of plain SGD alone: look at what the weights really did."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    rate = optimizer.param_groups[0]["lr"]
    return {
        name: 0.0 if parameter.grad is None else (rate * parameter.grad.norm() / before[name].norm()).item()
        for name, parameter in model.named_parameters()
    }


def update_sizes__mean_of_ratios(model, loss_function, optimizer, features, labels):
    """Each entry was divided by itself, and then averaged: a size is one number for the whole tensor."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    return {
        name: ((parameter.detach() - before[name]).abs() / before[name].abs()).mean().item()
        for name, parameter in model.named_parameters()
    }


def update_sizes__tensors(model, loss_function, optimizer, features, labels):
    """The entries are tensors, and plain numbers are asked for."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    return {name: (now - before[name]).norm() / before[name].norm() for name, now in _copies(model).items()}


def update_sizes__frozen_left_out(model, loss_function, optimizer, features, labels):
    """A frozen parameter is missing: it is a parameter still, and has moved by 0.0."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    found = _sizes(before, _copies(model))
    return {name: found[name] for name, parameter in model.named_parameters() if parameter.requires_grad}


def update_sizes__buffers_too(model, loss_function, optimizer, features, labels):
    """There are names of buffers among them: a state dict holds more than parameters, such as running means."""
    before = copy.deepcopy(model.state_dict())
    _step(model, loss_function, optimizer, features, labels)
    after = model.state_dict()
    return {name: ((after[name] - before[name]).float().norm() / before[name].float().norm()).item() for name in before}


def update_sizes__list(model, loss_function, optimizer, features, labels):
    """A list of numbers does not say whose they are: asked for is a dict, from names to numbers."""
    before = _copies(model)
    _step(model, loss_function, optimizer, features, labels)
    return list(_sizes(before, _copies(model)).values())
