"""Other right answers to katas/lesson_4_training_loop/kata_09_silence.py: the tests must accept them."""

import copy

import torch
from torch import nn


def prepare__parts_first(features, labels, count, generator):
    order = torch.randperm(len(features), generator=generator).to(features.device)
    features, labels = features[order], labels[order]
    mean, std = features[:count].mean(dim=0, keepdim=True), torch.std(features[:count], 0)
    training = (features[:count] - mean) / std, labels[:count]
    return training, ((features[count:] - mean) / std, labels[count:])


def prepare__in_the_old_order(features, labels, count, generator):
    chosen = torch.zeros(len(features), dtype=torch.bool)
    chosen[torch.randperm(len(features), generator=generator)[:count]] = True
    chosen = chosen.to(features.device)
    mean, std = features[chosen].mean(dim=0), features[chosen].std(dim=0)
    return [((features[each] - mean) / std, labels[each]) for each in (chosen, ~chosen)]


def prepare__last_ones_for_training(features, labels, count, generator):
    order = torch.rand(len(features), generator=generator).argsort().to(features.device)
    validation, training = order[:-count], order[-count:]
    x = features[training]
    return tuple(((features[each] - x.mean(0)) / x.std(0), labels[each]) for each in (training, validation))


def prepare__chosen_by_sets(features, labels, count, generator):
    training = torch.randperm(len(features), generator=generator)[:count].sort().values.tolist()
    validation = [row for row in range(len(features)) if row not in set(training)]
    own = features[training]
    scaled = (features - own.mean(dim=0)) / own.var(dim=0).sqrt()
    return (scaled[training], labels[training]), (scaled[validation], labels[validation])


def keep_best__clones(model, train_epoch, validate, epochs):
    best_loss, best = float("inf"), {}
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss = loss
            best = {name: each.detach().clone() for name, each in model.state_dict().items()}
    model.load_state_dict(best)
    return best_loss


def keep_best__all_epochs_kept(model, train_epoch, validate, epochs):
    kept = []
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss == loss:
            kept.append((loss, {name: each.clone() for name, each in model.state_dict().items()}))
    best_loss, best = min(kept, key=lambda pair: pair[0])
    with torch.no_grad():
        for name, each in model.state_dict().items():
            each.copy_(best[name])
    return best_loss


class DropoutNet__mode_passed_on(nn.Module):
    def __init__(self, body, head):
        super().__init__()
        self.body, self.head = body, head

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x), 0.5, training=self.training))

    def validate(self, loss_function, x, labels):
        modes = [(each, each.training) for each in self.modules()]
        self.eval()
        try:
            with torch.no_grad():
                return float(loss_function(self(x), labels))
        finally:
            for each, mode in modes:
                each.training = mode


class DropoutNet__by_hand(nn.Module):
    def __init__(self, body, head):
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, x):
        hidden = self.body(x)
        if self.training:
            hidden = hidden * torch.empty_like(hidden).bernoulli_(0.5) * 2
        return self.head(hidden)

    @torch.no_grad()
    def validate(self, loss_function, x, labels):
        if not self.training:
            return loss_function(self(x), labels).item()
        self.train(False)
        loss = loss_function(self(x), labels).item()
        self.train()
        return loss


class DropoutNet__inference_mode(nn.Module):
    def __init__(self, body, head):
        super().__init__()
        self.body, self.drop, self.head = body, nn.Dropout(), head

    def forward(self, x):
        return self.head(self.drop(self.body(x)))

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        with torch.inference_mode():
            outputs = self(x)
            loss = loss_function(outputs, labels)
        self.train(was_training)
        return loss.item()


def class_step__log_softmax_first(model, optimizer, features, labels):
    # Once more is harmless: probabilities that sum to 1 already are left as they are by it.
    loss = nn.functional.cross_entropy(torch.log_softmax(model(features), dim=1), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def class_step__nll_of_log_softmax(model, optimizer, features, labels):
    model.zero_grad()
    loss = nn.functional.nll_loss(nn.LogSoftmax(dim=1)(model(features)), labels)
    loss.backward()
    optimizer.step()
    return float(loss)


def class_step__by_hand(model, optimizer, features, labels):
    scores = model(features)
    right = scores.gather(1, labels[:, None]).squeeze(1)
    loss = (torch.logsumexp(scores, dim=1) - right).mean()
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    return loss.detach().item()


def padded_mean__real_labels_chosen(scores, labels, padding):
    real = labels != padding
    return nn.functional.cross_entropy(scores[real], labels[real])


def padded_mean__sum_over_count(scores, labels, padding):
    losses = nn.CrossEntropyLoss(reduction="none")(scores.flatten(0, 1), labels.flatten())
    real = (labels != padding).flatten()
    return (losses * real).sum() / real.sum()


def padded_mean__by_hand(scores, labels, padding):
    own = scores.gather(2, labels.unsqueeze(2)).squeeze(2)
    losses = torch.logsumexp(scores, dim=2) - own
    weights = torch.where(labels == padding, 0.0, 1.0)
    return torch.sum(losses * weights) / weights.sum()


def padded_mean__weight_of_0(scores, labels, padding):
    weight = torch.ones(scores.shape[2], device=scores.device)
    weight[padding] = 0
    return nn.functional.cross_entropy(scores.permute(0, 2, 1), labels, weight=weight)


def train_on__one_loop(model, loss_function, make_optimizer, batches, epochs):
    optimizer = make_optimizer(list(model.parameters()))
    losses = []
    for features, labels in batches * epochs:
        loss = loss_function(model(features), labels)
        model.zero_grad()
        loss.backward()
        losses.append(float(loss))
        optimizer.step()
    return losses


def train_on__memory_handed_on(model, loss_function, make_optimizer, batches, epochs):
    losses, memory = [], None
    for _ in range(epochs):
        optimizer = make_optimizer(model.parameters())
        if memory is not None:
            optimizer.load_state_dict(memory)
        for features, labels in batches:
            optimizer.zero_grad()
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        memory = optimizer.state_dict()
    return losses


def gradient_norms__grad_put_back(model, loss_function, features, labels):
    old = {name: parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad(set_to_none=True)
    loss_function(model(features), labels).backward()
    norms = {}
    for name, parameter in model.named_parameters():
        norms[name] = 0.0 if parameter.grad is None else torch.linalg.vector_norm(parameter.grad).item()
        parameter.grad = old[name]
    return norms


def gradient_norms__of_a_copy(model, loss_function, features, labels):
    other = copy.deepcopy(model)
    other.zero_grad()
    loss_function(other(features), labels).backward()
    return {
        name: 0.0 if each.grad is None else each.grad.flatten().norm().item() for name, each in other.named_parameters()
    }


def gradient_norms__one_by_one(model, loss_function, features, labels):
    loss = loss_function(model(features), labels)
    norms = {}
    for name, parameter in model.named_parameters():
        norms[name] = 0.0
        if parameter.requires_grad:
            (slope,) = torch.autograd.grad(
                loss, parameter, retain_graph=True, allow_unused=True, materialize_grads=True
            )
            norms[name] = float(slope.square().sum().sqrt())
    return norms
