"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_09_silence.py for another reason."""

import copy

import torch
from torch import nn


def prepare__samples_in_both__drawn_twice(features, labels, count, generator):
    """Validation is drawn a second time, in an order that has nothing to do with the first."""
    order = torch.randperm(len(features), generator=generator).to(features.device)
    training = order[:count]
    x = (features - features[training].mean(dim=0)) / features[training].std(dim=0)
    other = torch.randperm(len(features), generator=generator).to(features.device)[count:]
    return (x[training], labels[training]), (x[other], labels[other])


def prepare__not_drawn__sorted(features, labels, count, generator):
    """The order is drawn, and then sorted."""
    order = torch.randperm(len(features), generator=generator).sort().values.to(features.device)
    x = (features - features[order[:count]].mean(dim=0)) / features[order[:count]].std(dim=0)
    return (x[order[:count]], labels[order[:count]]), (x[order[count:]], labels[order[count:]])


def keep_best__as_it_was__shallow_copy(model, train_epoch, validate, epochs):
    """A copy of the dict, which holds the same tensors."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.copy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__as_it_was__never_loaded(model, train_epoch, validate, epochs):
    """A good copy is kept, but never loaded."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    assert best is not None
    return best_loss


class DropoutNet__never_in_eval__too_late(nn.Module):
    """eval() is called after the forward pass."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head, self.drop = body, head, nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        with torch.no_grad():
            outputs = self(x)
            self.eval()
            loss = loss_function(outputs, labels).item()
        self.train(was_training)
        return loss


class DropoutNet__recorded__detached(nn.Module):
    """The loss is detached after autograd has recorded it."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head, self.drop = body, head, nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        loss = loss_function(self(x), labels).detach().item()
        self.train(was_training)
        return loss


class DropoutNet__dropout_never_stops__always_on(nn.Module):
    """The dropout is by hand, and does not look at the mode."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        hidden = self.body(x)
        return self.head(2 * hidden * (torch.rand_like(hidden) < 0.5))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


class DropoutNet__whole_rows__one_mask_for_a_row(nn.Module):
    """A mask with one entry for each row is drawn by hand."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        x = self.body(x)
        if self.training:
            x = x * (torch.rand(len(x), 1, device=x.device) < 0.5) * 2
        return self.head(x)

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


def keep_best__as_it_was__name_only(model, train_epoch, validate, epochs):
    """`model = best` binds a local name."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model)
    model = best
    return best_loss


def keep_best__starts_at_nan__min_of_a_list(model, train_epoch, validate, epochs):
    """min() of a list that begins with nan is nan."""
    losses, states = [], []
    for _ in range(epochs):
        train_epoch(model)
        losses.append(validate(model))
        states.append(copy.deepcopy(model.state_dict()))
    best = losses.index(min(losses))
    model.load_state_dict(states[best])
    return losses[best]


def class_step__as_it_was__by_another_name(model, optimizer, features, labels):
    """The softmax is a module."""
    loss = nn.CrossEntropyLoss()(nn.Softmax(dim=1)(model(features)), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def class_step__no_update__cleared_too_late(model, optimizer, features, labels):
    """The gradients are cleared between backward() and step()."""
    loss = nn.functional.cross_entropy(model(features), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def class_step__no_update__step_first(model, optimizer, features, labels):
    """step() comes before backward()."""
    loss = nn.functional.cross_entropy(model(features), labels)
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()
    return loss.item()


def padded_mean__padding_counted__default_of_minus_100(scores, labels, padding):
    """The labels -100 are ignored, and the padding is another label."""
    return nn.CrossEntropyLoss()(scores.flatten(0, 1), labels.flatten())


def padded_mean__as_it_was__times_the_mask(scores, labels, padding):
    """The mask is a factor, and the mean goes over all products."""
    losses = nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), reduction="none")
    return torch.mean(losses * (labels.flatten() != padding))


def train_on__as_it_was__memory_cleared(model, loss_function, make_optimizer, batches, epochs):
    """There is one optimizer, but its state is emptied in every epoch."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        optimizer.state.clear()
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def train_on__copies__cleared_before_the_update(model, loss_function, make_optimizer, batches, epochs):
    """The optimizer has the parameters, but no gradients at its step()."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.item())
    return losses


def gradient_norms__old_ones_counted__added(model, loss_function, features, labels):
    """The gradient of this batch is added to the old one by hand."""
    free = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(
        loss_function(model(features), labels), list(free.values()), allow_unused=True, materialize_grads=True
    )
    norms = {name: 0.0 for name, _ in model.named_parameters()}
    for (name, parameter), gradient in zip(free.items(), gradients, strict=True):
        total = gradient if parameter.grad is None else gradient + parameter.grad
        norms[name] = total.norm().item()
    return norms


def prepare__not_drawn__seeded(features, labels, count, generator):
    """The order is drawn from the generator, after it got a seed."""
    order = torch.randperm(len(features), generator=generator.manual_seed(0)).to(features.device)
    x = (features - features[order[:count]].mean(dim=0)) / features[order[:count]].std(dim=0)
    return (x[order[:count]], labels[order[:count]]), (x[order[count:]], labels[order[count:]])


def keep_best__validated_again__after_loading(model, train_epoch, validate, epochs):
    """The best state is validated once more at the end."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return validate(model)


def keep_best__goes_back_in_the_loop__after_every_epoch(model, train_epoch, validate, epochs):
    """The best state is loaded at the end of every epoch."""
    best_loss, best = float("inf"), copy.deepcopy(model.state_dict())
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
        model.load_state_dict(best)
    return best_loss


def keep_best__goes_back_in_the_loop__copy_trained(model, train_epoch, validate, epochs):
    """Each epoch trains a copy, and the model gets its state only if the copy is better."""
    best_loss = float("inf")
    for _ in range(epochs):
        trial = copy.deepcopy(model)
        train_epoch(trial)
        loss = validate(trial)
        if loss < best_loss:
            best_loss = loss
            model.load_state_dict(trial.state_dict())
    return best_loss


def padded_mean__classes_mixed_up__view(scores, labels, padding):
    """view() regroups the scores too."""
    N, L, K = scores.shape
    return nn.functional.cross_entropy(scores.view(N, K, L), labels, ignore_index=padding)


class DropoutNet__only_the_top__dropout_alone(nn.Module):
    """Only the dropout goes into eval mode."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head, self.drop = body, head, nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.drop.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.drop.train(was_training)
        return loss


class DropoutNet__recorded__computed_twice(nn.Module):
    """The loss is computed twice, without a graph."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head, self.drop = body, head, nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.no_grad():
            print("validation loss:", loss_function(self(x), labels).item())
            loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


class DropoutNet__recorded__outputs_detached(nn.Module):
    """The outputs are detached after autograd has recorded them."""

    def __init__(self, body, head):
        super().__init__()
        self.body, self.head, self.drop = body, head, nn.Dropout(0.5)

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        loss = loss_function(self(x).detach(), labels).item()
        self.train(was_training)
        return loss
