"""Wrong answers to katas/lesson_4_training_loop/kata_09_silence.py, each with the sentence that corrects the belief."""

import copy

import torch
from torch import nn


def _update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def class_step__as_it_was(model, optimizer, features, labels):
    """Cross-entropy takes scores and does softmax itself: done twice, it leaves even a sure, right answer a loss."""
    probabilities = torch.softmax(model(features), dim=1)
    loss = nn.functional.cross_entropy(probabilities, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def class_step__floor_taken_away(model, optimizer, features, labels):
    """A loss less a constant has the same gradient: the number that is shown is nicer, the training is as weak."""
    probabilities = torch.softmax(model(features), dim=1)
    classes = probabilities.shape[1]
    floor = torch.log(1 + (classes - 1) * torch.exp(torch.tensor(-1.0))).item()
    loss = nn.functional.cross_entropy(probabilities, labels) - floor
    _update(optimizer, loss)
    return loss.item()


def class_step__repaired_on_paper(model, optimizer, features, labels):
    """The loss that comes back is right, but the update was made by another one: the fault is hidden, not gone."""
    scores = model(features)
    _update(optimizer, nn.functional.cross_entropy(torch.softmax(scores, dim=1), labels))
    return nn.functional.cross_entropy(scores.detach(), labels).item()


def class_step__shifted_by_the_largest_of_all(model, optimizer, features, labels):
    """Rows far below the largest score of all have only zeros left after exp: shift each row by its own largest."""
    scores = model(features)
    shifted = scores - scores.max()
    own = shifted[torch.arange(len(labels), device=labels.device), labels]
    loss = (shifted.exp().sum(dim=1).log() - own).mean()
    _update(optimizer, loss)
    return loss.item()


def class_step__no_logarithm(model, optimizer, features, labels):
    """A loss below 0: these are the probabilities of the right classes, with a minus; the logarithm is missing."""
    loss = nn.functional.nll_loss(torch.softmax(model(features), dim=1), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__logarithm_of_0(model, optimizer, features, labels):
    """A probability too small for float32 is 0, and its logarithm infinite: softmax and logarithm belong in one."""
    loss = nn.functional.nll_loss(torch.log(torch.softmax(model(features), dim=1)), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__kept_from_0(model, optimizer, features, labels):
    """A little number, added so that no logarithm is infinite, puts an end to large losses: they are cut off."""
    loss = nn.functional.nll_loss(torch.log(torch.softmax(model(features), dim=1) + 1e-9), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__no_softmax(model, optimizer, features, labels):
    """These are the scores of the right classes, with a minus: the softmax and its logarithm are missing."""
    loss = nn.functional.nll_loss(model(features), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__summed(model, optimizer, features, labels):
    """The losses were added up: of a mean over the batch, the gradient does not grow with the number of samples."""
    loss = nn.functional.cross_entropy(model(features), labels, reduction="sum")
    _update(optimizer, loss)
    return loss.item()


def class_step__sigmoid(model, optimizer, features, labels):
    """The scores were squashed one by one instead: cross-entropy takes them as they are, of any size."""
    loss = nn.functional.cross_entropy(torch.sigmoid(model(features)), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__old_gradients(model, optimizer, features, labels):
    """The loss is repaired, but now old gradients count: clear them ahead of backward, as the code did."""
    loss = nn.functional.cross_entropy(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def _parts(features, labels, training, validation):
    return (features[training], labels[training]), (features[validation], labels[validation])


def _order(features, generator):
    return torch.randperm(len(features), generator=generator).to(features.device)


def _scaled(features, by):
    return (features - by.mean(dim=0)) / by.std(dim=0)


def prepare__as_it_was(features, labels, count, generator):
    """Training is drawn from all rows, validation is the last of them, some drawn too; and mean and std know both."""
    features = (features - features.mean(dim=0)) / features.std(dim=0)
    order = torch.randperm(len(features), generator=generator)
    order = order.to(features.device)
    training = features[order[:count]], labels[order[:count]]
    validation = features[count:], labels[count:]
    return training, validation


def prepare__scaled_by_all(features, labels, count, generator):
    """No sample is in both parts now. But mean and std were taken of all rows: of those for validation, too."""
    order = _order(features, generator)
    return _parts(_scaled(features, features), labels, order[:count], order[count:])


def prepare__samples_in_both(features, labels, count, generator):
    """Mean and std are those of training now. But validation still holds samples that are in training as well."""
    order = _order(features, generator)
    last = torch.arange(count, len(features), device=features.device)
    return _parts(_scaled(features, features[order[:count]]), labels, order[:count], last)


def prepare__scaled_by_the_first_rows(features, labels, count, generator):
    """Mean and std are those of the first rows that were given: training is made of the rows that were drawn."""
    order = _order(features, generator)
    return _parts(_scaled(features, features[:count]), labels, order[:count], order[count:])


def prepare__each_by_itself(features, labels, count, generator):
    """Validation has a mean and std of its own here: the same sample would look different to the model in it."""
    order = _order(features, generator)
    (x, y), (other_x, other_y) = _parts(features, labels, order[:count], order[count:])
    return (_scaled(x, x), y), (_scaled(other_x, other_x), other_y)


def prepare__validation_not_scaled(features, labels, count, generator):
    """Training is scaled, validation is not: the model would meet numbers of another size than it learned from."""
    order = _order(features, generator)
    (x, y), validation = _parts(features, labels, order[:count], order[count:])
    return (_scaled(x, x), y), validation


def prepare__not_drawn(features, labels, count, generator):
    """Apart they are, but not drawn: where the rows are in order, by class or by day, the parts are of two kinds."""
    order = torch.arange(len(features), device=features.device)
    return _parts(_scaled(features, features[:count]), labels, order[:count], order[count:])


def prepare__drawn_elsewhere(features, labels, count, generator):
    """The split is not the generator's: with the same seed, other samples come into training the next time."""
    order = _order(features, None)
    return _parts(_scaled(features, features[order[:count]]), labels, order[:count], order[count:])


def prepare__labels_left_behind(features, labels, count, generator):
    """The rows were drawn and the labels were not: they belong to other rows now."""
    order = _order(features, generator)
    scaled = _scaled(features, features[order[:count]])[order]
    return (scaled[:count], labels[:count]), (scaled[count:], labels[count:])


def prepare__in_place(features, labels, count, generator):
    """The numbers are right, but features has changed: an in-place operation writes to the caller's tensor."""
    order = _order(features, generator)
    mean, std = features[order[:count]].mean(dim=0), features[order[:count]].std(dim=0)
    features -= mean
    features /= std
    return _parts(features, labels, order[:count], order[count:])


def _keep(model, train_epoch, validate, epochs, snapshot):
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, snapshot(model)
    model.load_state_dict(best, strict=False)
    return best_loss


def keep_best__as_it_was(model, train_epoch, validate, epochs):
    """What was kept are the model's own tensors, and training went on in them: only copies stay as they are."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, model.state_dict()
    model.load_state_dict(best)
    return best_loss


def keep_best__last_loss(model, train_epoch, validate, epochs):
    """Now loss and model agree, but both are those of the last epoch: the number was changed, not the model."""
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
    return loss


def keep_best__buffers_not_copied(model, train_epoch, validate, epochs):
    """The parameters are the best, the buffers are the last: what is not learned belongs to the model as well."""
    return _keep(
        model,
        train_epoch,
        validate,
        epochs,
        lambda model: {name: each.detach().clone() for name, each in model.named_parameters()},
    )


def keep_best__parameters_not_copied(model, train_epoch, validate, epochs):
    """The buffers are those of the best epoch, but the parameters have followed training: they need copies too."""
    return _keep(
        model, train_epoch, validate, epochs, lambda model: {name: each.clone() for name, each in model.named_buffers()}
    )


def keep_best__later_of_equals(model, train_epoch, validate, epochs):
    """Of two epochs that are equally good, the later one was kept: the first is asked for."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss <= best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__better_than_the_last_one(model, train_epoch, validate, epochs):
    """A loss that is lower than the one before it need not be the lowest: compare with the best so far."""
    before = float("inf")
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < before:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
        before = loss
    model.load_state_dict(best)
    return best_loss


def keep_best__ends_at_the_first_rise(model, train_epoch, validate, epochs):
    """Training ended as soon as a loss was no better than the best: all the epochs were asked for."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if not loss < best_loss:
            break
        best_loss, best = loss, copy.deepcopy(model.state_dict())
    if best is not None:
        model.load_state_dict(best)
    return best_loss


def keep_best__validated_again(model, train_epoch, validate, epochs):
    """validate ran more than once in an epoch: that costs its time again, and with dropout or a draw it differs."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__other_parameters(model, train_epoch, validate, epochs):
    """The numbers are the best, but in parameters that are new: an optimizer that holds the old ones has lost them."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best, assign=True)
    return best_loss


def keep_best__starts_at_nan(model, train_epoch, validate, epochs):
    """Nothing is lower than nan: once the best loss is nan, no epoch can be better."""
    best_loss, best = None, None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if best_loss is None or loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


class _DropoutNet(nn.Module):
    """A right one, for the mistakes to differ from in one method."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x), 0.5, self.training))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


class DropoutNet__as_it_was(nn.Module):
    """eval reaches registered modules only, so this dropout never stops; and after validate nobody says train again."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x), 0.5))

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            return loss_function(self(x), labels).item()


class DropoutNet__stays_in_eval(_DropoutNet):
    """Dropout stops in eval now, and with the first validation it stops for good: a mode stays until it is changed."""

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            return loss_function(self(x), labels).item()


class DropoutNet__dropout_never_stops(_DropoutNet):
    """The modes come and go as they should, but the dropout in forward does not hear of them."""

    def forward(self, x):
        return self.head(nn.Dropout(0.5)(self.body(x)))


class DropoutNet__never_in_eval(_DropoutNet):
    """Without eval the net validates while it drops: that nothing is recorded does not change a layer's mode."""

    def validate(self, loss_function, x, labels):
        with torch.no_grad():
            return loss_function(self(x), labels).item()


class DropoutNet__always_back_to_training(_DropoutNet):
    """The net was in eval before, and is in training now: what was asked for is the mode that it came with."""

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train()
        return loss


class DropoutNet__only_the_top(_DropoutNet):
    """The net alone has changed its mode here: body and head, and what is in them, go on in training."""

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.training = False
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.training = was_training
        return loss


class DropoutNet__no_dropout(_DropoutNet):
    """Nothing is dropped any more, not even in training: the numbers are steady, and the net is another."""

    def forward(self, x):
        return self.head(self.body(x))


class DropoutNet__not_doubled(_DropoutNet):
    """Half is dropped, but what is left is not doubled: the head would get sums half as large as in eval."""

    def forward(self, x):
        hidden = self.body(x)
        if self.training:
            hidden = hidden * (torch.rand_like(hidden) < 0.5)
        return self.head(hidden)


class DropoutNet__after_the_head(_DropoutNet):
    """The answers are dropped here, not what the body gives: dropout has its place before the head."""

    def forward(self, x):
        return nn.functional.dropout(self.head(self.body(x)), 0.5, self.training)


class DropoutNet__recorded(_DropoutNet):
    """The loss is right, but autograd has recorded its way: the mode of a net has nothing to do with recording."""

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


def _train_clipped(model, loss_function, optimizer, batches, clip):
    losses = []
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        clip()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_clipped__as_it_was(model, loss_function, optimizer, batches, largest):
    """The updates were made by whole gradients: clipping changes .grad, and counts only from backward to step."""
    losses = []
    for features, labels in batches:
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        for parameter in model.parameters():
            nn.utils.clip_grad_norm_(parameter, largest)
        losses.append(loss.item())
    return losses


def train_clipped__each_apart(model, loss_function, optimizer, batches, largest):
    """Each parameter was clipped by itself: together they are still too long, and point elsewhere."""

    def clip():
        for parameter in model.parameters():
            nn.utils.clip_grad_norm_(parameter, largest)

    return _train_clipped(model, loss_function, optimizer, batches, clip)


def train_clipped__entries_clipped(model, loss_function, optimizer, batches, largest):
    """Each number was cut off by itself: together they can still be too long, and the direction is lost."""
    return _train_clipped(
        model,
        loss_function,
        optimizer,
        batches,
        lambda: nn.utils.clip_grad_value_(model.parameters(), largest),
    )


def train_clipped__always_as_long(model, loss_function, optimizer, batches, largest):
    """Short gradients were stretched until they are as long as `largest`: clipping only ever shortens."""

    def clip():
        norm = sum(parameter.grad.square().sum() for parameter in model.parameters()).sqrt()
        for parameter in model.parameters():
            parameter.grad *= largest / norm

    return _train_clipped(model, loss_function, optimizer, batches, clip)


def train_clipped__generator_used_up(model, loss_function, optimizer, batches, largest):
    """Only the first batch was clipped: model.parameters() can be gone through once, and then it is empty."""
    parameters = model.parameters()
    return _train_clipped(
        model, loss_function, optimizer, batches, lambda: nn.utils.clip_grad_norm_(parameters, largest)
    )


def train_clipped__loss_clipped(model, loss_function, optimizer, batches, largest):
    """The loss was cut off, not its gradient: a loss above the limit is then a constant, and nothing moves."""
    return _train_clipped(
        model,
        lambda outputs, labels: loss_function(outputs, labels).clamp(max=largest),
        optimizer,
        batches,
        lambda: None,
    )


def train_clipped__weights_pulled_back(model, loss_function, optimizer, batches, largest):
    """The way of the weights was shortened after the update: the learning rate and momentum count after clipping."""
    losses = []
    for features, labels in batches:
        before = [parameter.detach().clone() for parameter in model.parameters()]
        losses += _train_clipped(model, loss_function, optimizer, [(features, labels)], lambda: None)
        with torch.no_grad():
            ways = [now - old for now, old in zip(model.parameters(), before, strict=True)]
            norm = sum(way.square().sum() for way in ways).sqrt()
            for parameter, old, way in zip(model.parameters(), before, ways, strict=True):
                parameter.copy_(old + way * min(1.0, (largest / norm).item()))
    return losses


def train_clipped__old_gradients(model, loss_function, optimizer, batches, largest):
    """The gradients of all the batches were added up, and their sum was clipped: clear them ahead of backward."""
    losses = []
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), largest)
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_on__as_it_was(model, loss_function, make_optimizer, batches, epochs):
    """A new optimizer has forgotten all that the old one had gathered, momentum and averages: each epoch made one."""
    losses = []
    for _ in range(epochs):
        optimizer = make_optimizer(model.parameters())
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def train_on__weights_only(model, loss_function, make_optimizer, batches, epochs):
    """The bias never moved: an optimizer updates what it was given, and here that is all of the model's parameters."""
    losses, optimizer = [], make_optimizer([each for each in model.parameters() if each.dim() > 1])
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__new_in_every_batch(model, loss_function, make_optimizer, batches, epochs):
    """Every update was a first one: what an optimizer remembers has to last over all batches and all epochs."""
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(make_optimizer(model.parameters()), loss)
            losses.append(loss.item())
    return losses


def train_on__plain_sgd(model, loss_function, make_optimizer, batches, epochs):
    """Plain gradient descent forgets nothing because it has no memory: the optimizer asked for was another."""
    rate = make_optimizer(model.parameters()).param_groups[0]["lr"]
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
    return losses


def train_on__rate_raised(model, loss_function, make_optimizer, batches, epochs):
    """A higher learning rate makes up for lost momentum in some runs: in others, as with plain SGD, it is a fault."""
    losses = []
    for epoch in range(epochs):
        optimizer = make_optimizer(model.parameters())
        optimizer.param_groups[0]["lr"] *= epoch + 1
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__generator_used_up(model, loss_function, make_optimizer, batches, epochs):
    """model.parameters() can be gone through once: the second optimizer got an empty list of parameters."""
    parameters = model.parameters()
    losses = []
    for _ in range(epochs):
        optimizer = make_optimizer(parameters)
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__copies(model, loss_function, make_optimizer, batches, epochs):
    """The model has not moved: the optimizer holds copies, and an optimizer changes only what it was given."""
    optimizer = make_optimizer([parameter.detach().clone().requires_grad_() for parameter in model.parameters()])
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
    return losses


def train_on__never_cleared(model, loss_function, make_optimizer, batches, epochs):
    """The optimizer is one now, but the gradients add up over the updates: its memory is not meant to be in .grad."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_on__cleared_once_an_epoch(model, loss_function, make_optimizer, batches, epochs):
    """The optimizer is one now, but within an epoch the gradients add up: clear them for each batch."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def train_on__last_epoch_only(model, loss_function, make_optimizer, batches, epochs):
    """The training is right, but these are the losses of one epoch: those of all of them are asked for."""
    optimizer = make_optimizer(model.parameters())
    for _ in range(epochs):
        losses = []
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__losses_with_their_graphs(model, loss_function, make_optimizer, batches, epochs):
    """The losses are tensors here: floats are asked for, which hold on to no graph."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        losses.append(loss_function(model(features), labels))
        _update(optimizer, losses[-1])
    return losses


def _measured(model, loss_function, features, labels, measure=lambda gradient: gradient.norm().item()):
    """Right, but for the measure."""
    parameters = dict(model.named_parameters())
    free = {name: parameter for name, parameter in parameters.items() if parameter.requires_grad}
    gradients = torch.autograd.grad(
        loss_function(model(features), labels), list(free.values()), allow_unused=True, materialize_grads=True
    )
    found = dict(zip(free, gradients, strict=True))
    return {name: measure(found[name]) if name in found else 0.0 for name in parameters}


def gradient_norms__left_behind(model, loss_function, features, labels):
    """The norms are right, but the gradients still lie in .grad: the next update would be made by them as well."""
    model.zero_grad()
    loss_function(model(features), labels).backward()
    return {
        name: 0.0 if parameter.grad is None else parameter.grad.norm().item()
        for name, parameter in model.named_parameters()
    }


def gradient_norms__cleared_afterwards(model, loss_function, features, labels):
    """The norms are right, but old gradients are gone: somebody had gathered them for an update."""
    norms = gradient_norms__left_behind(model, loss_function, features, labels)
    model.zero_grad()
    return norms


def gradient_norms__old_ones_counted(model, loss_function, features, labels):
    """Old gradients were measured too: backward adds to what lies in .grad."""
    old = {name: None if p.grad is None else p.grad.clone() for name, p in model.named_parameters()}
    loss_function(model(features), labels).backward()
    norms = {name: 0.0 if p.grad is None else p.grad.norm().item() for name, p in model.named_parameters()}
    for name, parameter in model.named_parameters():
        parameter.grad = old[name]
    return norms


def gradient_norms__squared(model, loss_function, features, labels):
    """These are sums of squares: a norm is the root of one."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.square().sum().item())


def gradient_norms__mean_size(model, loss_function, features, labels):
    """This is the mean size of a gradient's numbers: a norm is a length, the root of their summed squares."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.abs().mean().item())


def gradient_norms__largest(model, loss_function, features, labels):
    """This is each gradient's largest number: a norm is a length, the root of the summed squares of all."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.abs().max().item())


def gradient_norms__row_by_row(model, loss_function, features, labels):
    """A norm for each row of a gradient is not a number: all that belongs to one parameter makes one norm."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.norm(dim=-1))


def gradient_norms__tensors(model, loss_function, features, labels):
    """The norms are right, but they are tensors: Python floats are asked for."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.norm())


def gradient_norms__of_the_weights(model, loss_function, features, labels):
    """These are the norms of the parameters: asked for are those of their gradients."""
    return {name: parameter.norm().item() for name, parameter in model.named_parameters()}


def gradient_norms__one_for_all(model, loss_function, features, labels):
    """One norm over all parameters does not say where the gradient is lost: each name has one of its own."""
    norms = _measured(model, loss_function, features, labels)
    return dict.fromkeys(norms, sum(norm**2 for norm in norms.values()) ** 0.5)


def gradient_norms__unused_refused(model, loss_function, features, labels):
    """A parameter may have no part in the loss: it has no gradient then, and 0.0 is what the tool should say."""
    parameters = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    gradients = torch.autograd.grad(loss_function(model(features), labels), list(parameters.values()))
    found = {name: gradient.norm().item() for name, gradient in zip(parameters, gradients, strict=True)}
    return {name: found.get(name, 0.0) for name, _ in model.named_parameters()}


def gradient_norms__frozen_refused(model, loss_function, features, labels):
    """A parameter may be frozen: nobody can ask for its gradient, and 0.0 is what the tool should say."""
    parameters = dict(model.named_parameters())
    loss = loss_function(model(features), labels)
    gradients = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True, materialize_grads=True)
    return {name: gradient.norm().item() for name, gradient in zip(parameters, gradients, strict=True)}


def gradient_norms__frozen_left_out(model, loss_function, features, labels):
    """Frozen parameters are missing: every name is to be there, these with 0.0."""
    norms = _measured(model, loss_function, features, labels)
    return {name: norms[name] for name, parameter in model.named_parameters() if parameter.requires_grad}


def gradient_norms__unfrozen(model, loss_function, features, labels):
    """A frozen parameter was made to require a gradient: it is to stay frozen, with 0.0 for its norm."""
    for parameter in model.parameters():
        parameter.requires_grad_()
    return _measured(model, loss_function, features, labels)


def _overfit(model, loss_function, optimizer, features, labels, steps):
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
    return losses
