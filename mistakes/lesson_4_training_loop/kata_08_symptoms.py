"""Wrong answers to katas/lesson_4_training_loop/kata_08_symptoms.py, each with the sentences that correct it."""

import copy

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader


def flat_loss__as_it_was(model, loss_function, optimizer, features, labels, steps):
    """No parameter has changed. Call backward() on a loss with its graph, then step(), and clear no gradients between
    the two."""
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def flat_loss__larger_learning_rate(model, loss_function, optimizer, features, labels, steps):
    """You changed the learning rate, and still no parameter has changed. Keep the rate, and call step() while .grad
    holds the gradients."""
    for group in optimizer.param_groups:
        group["lr"] *= 100
    return flat_loss__as_it_was(model, loss_function, optimizer, features, labels, steps)


def flat_loss__never_cleared(model, loss_function, optimizer, features, labels, steps):
    """Each update uses the sum of all gradients so far, because backward() adds to .grad. Clear the gradients in each
    round, before backward()."""
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def flat_loss__a_turn_late(model, loss_function, optimizer, features, labels, steps):
    """The losses are right, but the last update is missing. In each round, call step() after backward()."""
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        optimizer.step()
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        losses.append(loss.item())
    return losses


def flat_loss__past_the_optimizer(model, loss_function, optimizer, features, labels, steps):
    """The parameters change as in plain gradient descent, without the optimizer's momentum. Let the optimizer make the
    updates."""
    losses = []
    for _ in range(steps):
        model.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.grad is not None:
                    parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
        losses.append(loss.item())
    return losses


def flat_loss__a_copy_trained(model, loss_function, optimizer, features, labels, steps):
    """The losses are right, but the given model is the same as before. Train its own parameters and keep the result."""
    twin = copy.deepcopy(model)
    settings = {key: optimizer.param_groups[0][key] for key in ("lr", "momentum")}
    other = torch.optim.SGD(twin.parameters(), **settings)
    losses = []
    for _ in range(steps):
        other.zero_grad()
        loss = loss_function(twin(features), labels)
        loss.backward()
        other.step()
        losses.append(loss.item())
    return losses


def flat_loss__losses_with_their_graphs(model, loss_function, optimizer, features, labels, steps):
    """Your losses are tensors. Return Python floats: loss.item() gives you one."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


def flat_loss__rounded(model, loss_function, optimizer, features, labels, steps):
    """The parameters are right, but your losses are rounded to two digits. Return them as they are."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(round(loss.item(), 2))
    return losses


def flat_loss__losses_after_the_updates(model, loss_function, optimizer, features, labels, steps):
    """The parameters are right, but each loss is one update late. Compute it before the update: the first loss belongs
    to the starting values."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss_function(model(features), labels).backward()
        optimizer.step()
        losses.append(loss_function(model(features), labels).item())
    return losses


def _train(model, optimizer, features, labels, steps):
    return _regress(model, optimizer, features, labels, steps, nn.functional.mse_loss)


def weights_that_stay__as_it_was(model, head, learning_rate, features, labels, steps):
    """The other layers change, but the head does not. First put head into the model, then give the optimizer all
    parameters, and don't freeze head."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    model[-1] = head
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__step_not_called(model, head, learning_rate, features, labels, steps):
    """No parameter has changed, neither in the head nor in the other layers. Call step(), with parentheses, while .grad
    holds the gradients."""
    model[-1] = head
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step  # noqa: B018
        losses.append(loss.item())
    return losses


def weights_that_stay__clearing_not_called(model, head, learning_rate, features, labels, steps):
    """Each update uses the sum of all gradients so far. Call zero_grad(), with parentheses, in each round and for all
    parameters."""
    model[-1] = head
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        optimizer.zero_grad  # noqa: B018
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__head_added_but_not_cleared(model, head, learning_rate, features, labels, steps):
    """The gradients of the head add up from step to step, but those of the other layers do not. Clear the head's
    gradients too."""
    body = torch.optim.SGD(model.parameters(), lr=learning_rate)
    model[-1] = head
    of_head = torch.optim.SGD(head.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(model(features), labels)
        body.zero_grad()
        loss.backward()
        body.step()
        of_head.step()
        losses.append(loss.item())
    return losses


def weights_that_stay__adam(model, head, learning_rate, features, labels, steps):
    """All layers change, but their updates are those of Adam. Keep torch.optim.SGD."""
    model[-1] = head
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__head_only(model, head, learning_rate, features, labels, steps):
    """The head changes, but the layers before it do not. Train all parameters of the given model, without copying,
    freezing or detaching anything."""
    model[-1] = head
    optimizer = torch.optim.SGD(head.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__larger_learning_rate(model, head, learning_rate, features, labels, steps):
    """The head has not changed, and the updates of the other layers are too large. Keep the rate, and give the
    optimizer the head's parameters."""
    return weights_that_stay__as_it_was(model, head, 10 * learning_rate, features, labels, steps)


def weights_that_stay__a_copy_of_the_head(model, head, learning_rate, features, labels, steps):
    """The losses are right, but the given head has not changed. Put head itself into the model, not a copy."""
    model[-1] = copy.deepcopy(head)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__a_new_model(model, head, learning_rate, features, labels, steps):
    """The weights are right, but the given model still has its old last layer. Put head into the model itself."""
    other = nn.Sequential(*model[:-1], head)
    optimizer = torch.optim.SGD(other.parameters(), lr=learning_rate)
    return _train(other, optimizer, features, labels, steps)


def weights_that_stay__head_put_behind(model, head, learning_rate, features, labels, steps):
    """Your model applies head after its old last layer. Head must take the place of that layer."""
    model.append(head)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__head_in_the_first_place(model, head, learning_rate, features, labels, steps):
    """Your model gave its inputs to head. Put head in the place of the last layer, which has the index -1."""
    model[0] = head
    return _train(model, torch.optim.SGD(model.parameters(), lr=learning_rate), features, labels, steps)


def weights_that_stay__smaller_rate_for_the_others(model, head, learning_rate, features, labels, steps):
    """The head's update is right, but those of the layers before it are too small. Use the given learning rate for all
    layers."""
    model[-1] = head
    groups = [{"params": head.parameters()}, {"params": model[:-1].parameters(), "lr": learning_rate / 10}]
    return _train(model, torch.optim.SGD(groups, lr=learning_rate), features, labels, steps)


def _regress(model, optimizer, features, labels, steps, loss_of):
    losses = []
    for _ in range(steps):
        loss = loss_of(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__as_it_was(model, optimizer, features, labels, steps):
    """Every prediction was compared with every label: (N, 1) - (N,) has the shape (N, N). Give both the same shape
    first."""
    losses = []
    for _ in range(steps):
        loss = ((model(features) - labels) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__variance_taken_off(model, optimizer, features, labels, steps):
    """In your updates, every prediction approaches the mean of all labels. Compare each prediction with its own label:
    give both the same shape."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p - y) ** 2).mean() - y.var(correction=0))


def only_the_mean__right_losses_for_the_list_alone(model, optimizer, features, labels, steps):
    """Your first loss is right, but the updates still compare every prediction with every label. Call backward() on the
    loss that you return."""
    losses = []
    for _ in range(steps):
        predictions = model(features)
        optimizer.zero_grad()
        ((predictions - labels) ** 2).mean().backward()
        losses.append(((predictions.detach().squeeze(1) - labels) ** 2).mean().item())
        optimizer.step()
    return losses


def only_the_mean__sum(model, optimizer, features, labels, steps):
    """Your losses are sums of squared errors. Divide by the number of rows, N."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p.squeeze(1) - y) ** 2).sum())


def only_the_mean__over_all_pairs(model, optimizer, features, labels, steps):
    """Your losses are too small by the factor N. Divide the sum of the N squared errors by N, not by N * N."""

    def loss_of(predictions, labels):
        return ((predictions - labels) ** 2).diagonal().sum() / len(labels) ** 2

    return _regress(model, optimizer, features, labels, steps, loss_of)


def only_the_mean__absolute_errors(model, optimizer, features, labels, steps):
    """Your losses are means of absolute errors. Square the errors instead."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: (p.squeeze(1) - y).abs().mean())


def only_the_mean__half(model, optimizer, features, labels, steps):
    """Your losses are half the mean squared error. Do not divide by 2."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p.squeeze(1) - y) ** 2).mean() / 2)


def only_the_mean__mean_prediction(model, optimizer, features, labels, steps):
    """You averaged the predictions before you compared them with the labels. Compare each prediction with its own
    label."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p.mean() - y) ** 2).mean())


def only_the_mean__mean_error(model, optimizer, features, labels, steps):
    """You averaged the errors before you squared them, so positive and negative errors cancel. Square first, then take
    the mean."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: (p.squeeze(1) - y).mean() ** 2)


def only_the_mean__row_by_row(model, optimizer, features, labels, steps):
    """You made one update for each row. Make one update in each step, with the mean over all rows."""
    losses = []
    for _ in range(steps):
        parts = []
        for row, label in zip(features.split(1), labels.split(1)):
            parts += _regress(model, optimizer, row, label, 1, lambda p, y: ((p.squeeze(1) - y) ** 2).mean())
        losses.append(sum(parts) / len(parts))
    return losses


def only_the_mean__labels_reshaped_in_place(model, optimizer, features, labels, steps):
    """The numbers are right, but you changed the shape of the given labels. Use a new view, for example labels[:,
    None]."""
    labels.unsqueeze_(1)
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p - y) ** 2).mean())


def _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders):
    """Train on the rows and the labels in two orders: orders() returns both as index tensors, anew in each epoch."""
    for _ in range(epochs):
        for_rows, for_labels = (each.to(features.device) for each in orders())
        rows, answers = features[for_rows], labels[for_labels]
        for some, theirs in zip(rows.split(batch_size), answers.split(batch_size)):
            loss = loss_function(model(some), theirs)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__as_it_was(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Many rows came with the label of another row. Draw one order, and index the features and the labels with it."""
    for _ in range(epochs):
        features = features[torch.randperm(len(features), generator=generator).to(features.device)]
        labels = labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size), strict=True):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__not_shuffled(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Each row has its own label now, but nothing is shuffled. Draw one order in each epoch, and use it for both."""
    order = torch.arange(len(labels))
    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, lambda: (order, order))


def accuracy_at_chance__labels_left_behind(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """You shuffled the rows, but not the labels. Index both with the same order."""
    for _ in range(epochs):
        features = features[torch.randperm(len(features), generator=generator).to(features.device)]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size)):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__one_order_again_and_again(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """You drew one order for all epochs, and applied it again in each of them. Draw a new order in each epoch."""
    order = torch.randperm(len(labels), generator=generator).to(features.device)
    for _ in range(epochs):
        features, labels = features[order], labels[order]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size)):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__seeded_for_both(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Your orders are the same for every generator. In each epoch, draw one order from `generator`, for rows and
    labels, and set no seed."""
    for _ in range(epochs):
        torch.manual_seed(0)
        features = features[torch.randperm(len(features)).to(features.device)]
        torch.manual_seed(0)
        labels = labels[torch.randperm(len(labels)).to(labels.device)]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size)):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__labels_put_back(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Your labels are in the inverse of the rows' order. Index both with the same order."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        return order, order.argsort()

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__labels_sorted(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Your labels are sorted, but your rows are not. Index both with the same order."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        return order, labels.cpu().argsort(stable=True).flip(0)

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__shuffled_once(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Every epoch has the same order. Draw a new order in each epoch."""
    order = torch.randperm(len(labels), generator=generator)
    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, lambda: (order, order))


def accuracy_at_chance__batches_that_stay(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The batches come in a new order, but each one always has the same rows. Shuffle the rows, then split them."""
    parts = torch.arange(len(labels)).split(batch_size)

    def orders():
        places = torch.randperm(len(labels) // batch_size, generator=generator).tolist()
        order = torch.cat([parts[place] for place in [*places, *range(len(places), len(parts))]])
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__batches_change_places(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """You shuffled whole batches: the same rows stay together, and the smaller batch is not always last. Shuffle the
    rows, then split them."""
    parts = list(zip(features.split(batch_size), labels.split(batch_size)))
    for _ in range(epochs):
        for place in torch.randperm(len(parts), generator=generator).tolist():
            rows, answers = parts[place]
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__another_generator(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Your order does not depend on the given generator. Draw it with torch.randperm(…, generator=generator)."""

    def orders():
        order = torch.randperm(len(labels))
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__a_seed_of_its_own(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Every epoch has the same order, whatever the seed of the generator is. Draw from the given `generator` itself,
    and set no seed."""

    def orders():
        return [torch.randperm(len(labels), generator=generator.manual_seed(0)) for _ in range(2)]

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__drawn_with_repeats(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Some rows came more than once in an epoch, and others not at all. Use torch.randperm: its result has each index
    once."""

    def orders():
        order = torch.randint(len(labels), (len(labels),), generator=generator)
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__last_batch_lost(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Some rows are missing, because the last and smaller batch was left out. Use every row in each epoch."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        order = order[: len(labels) // batch_size * batch_size] if len(labels) >= batch_size else order
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__never_cleared(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Your rows and labels belong together, but each update uses the sum of all gradients so far. Clear the gradients
    in each round."""
    for _ in range(epochs):
        order = torch.randperm(len(features), generator=generator).to(features.device)
        for rows in order.split(batch_size):
            loss_function(model(features[rows]), labels[rows]).backward()
            optimizer.step()


def _classify(model, optimizer, features, labels, steps, loss_of, before_step=None):
    losses = []
    for _ in range(steps):
        loss = loss_of(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        if before_step is not None:
            before_step(model.parameters())
        optimizer.step()
        losses.append(loss.item())
    return losses


def _naive(logits, labels):
    return -torch.softmax(logits, dim=1).gather(1, labels[:, None]).log().mean()


def infinite_loss__as_it_was(model, optimizer, features, labels, steps):
    """Your loss is not finite for logits 200 apart: a probability became 0 or an exp() became inf. Compute
    log-probabilities directly from the logits."""
    losses = []
    for _ in range(steps):
        probabilities = torch.softmax(model(features), dim=1)
        loss = -probabilities.gather(1, labels[:, None]).log().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def infinite_loss__clamped_probability(model, optimizer, features, labels, steps):
    """Your loss has an upper limit, and far beyond it the gradient is 0. Do not limit it: compute log-probabilities
    directly from the logits."""

    def loss_of(logits, labels):
        return -torch.softmax(logits, dim=1).gather(1, labels[:, None]).clamp(min=1e-12).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__shifted_by_the_largest_of_all(model, optimizer, features, labels, steps):
    """Your loss is not finite if one row's logits are much smaller than another row's. Treat each row by itself, as
    log_softmax does."""

    def loss_of(logits, labels):
        powers = (logits - logits.max()).exp()
        return -(powers / powers.sum(dim=1, keepdim=True)).gather(1, labels[:, None]).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__a_little_added(model, optimizer, features, labels, steps):
    """Every loss is slightly wrong, and large losses have an upper limit. Add nothing inside the logarithm: compute it
    from the logits."""

    def loss_of(logits, labels):
        return -(torch.softmax(logits, dim=1).gather(1, labels[:, None]) + 1e-4).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__loss_made_finite(model, optimizer, features, labels, steps):
    """Your infinite losses are large numbers now, but their gradients are still useless. Compute log-probabilities
    directly from the logits."""

    def loss_of(logits, labels):
        return torch.nan_to_num(_naive(logits, labels))

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__gradient_made_finite(model, optimizer, features, labels, steps):
    """The weights stay finite, but some losses do not, and those rows get no useful gradient. Fix the loss: compute it
    from the logits."""

    def repair(parameters):
        for parameter in parameters:
            parameter.grad.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)

    return _classify(model, optimizer, features, labels, steps, _naive, repair)


def infinite_loss__step_left_out(model, optimizer, features, labels, steps):
    """Your list has fewer than `steps` losses. Do not skip a step: compute a loss that is always finite, directly from
    the logits."""
    losses = []
    for _ in range(steps):
        loss = _naive(model(features), labels)
        if not torch.isfinite(loss):
            continue
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def infinite_loss__log_of_the_sum(model, optimizer, features, labels, steps):
    """Your loss is not finite for a logit of 1000, even if the probability is 1. Subtract the row's largest logit
    before exp()."""

    def loss_of(logits, labels):
        picked = logits.gather(1, labels[:, None]).squeeze(1)
        return (logits.exp().sum(dim=1).log() - picked).mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__float64(model, optimizer, features, labels, steps):
    """Your loss is finite for logits 200 apart, but not for logits 1000 apart. Compute log-probabilities directly from
    the logits."""
    return _classify(model, optimizer, features, labels, steps, lambda scores, y: _naive(scores.double(), y))


def infinite_loss__probabilities_for_logits(model, optimizer, features, labels, steps):
    """Your losses are those of two softmaxes, one after the other. Give cross_entropy the logits, because it applies
    the softmax itself."""

    def loss_of(logits, labels):
        return nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__softmax_over_the_rows(model, optimizer, features, labels, steps):
    """Your probabilities sum to 1 over the rows of a class. They must sum to 1 over the classes of a row: dim=1."""

    def loss_of(logits, labels):
        return -torch.log_softmax(logits, dim=0).gather(1, labels[:, None]).mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__logits_cut_off(model, optimizer, features, labels, steps):
    """Your losses are too small for large logits, and these logits have the gradient 0. Use the
    logits without a limit."""
    return _classify(model, optimizer, features, labels, steps, lambda scores, y: _naive(scores.clamp(-40.0, 40.0), y))


def infinite_loss__sum(model, optimizer, features, labels, steps):
    """Your losses are sums over the rows. Use the mean over the rows."""
    return _classify(
        model, optimizer, features, labels, steps, lambda z, y: nn.functional.cross_entropy(z, y, reduction="sum")
    )


def infinite_loss__gradient_clipped(model, optimizer, features, labels, steps):
    """The first loss is right, but your updates are too short, also for small gradients. Use the whole gradient."""
    return _classify(
        model,
        optimizer,
        features,
        labels,
        steps,
        nn.functional.cross_entropy,
        lambda parameters: nn.utils.clip_grad_norm_(list(parameters), 0.1),
    )


def infinite_loss__large_gradient_clipped(model, optimizer, features, labels, steps):
    """Your updates are right for small gradients, but too short for large ones. Do not clip the gradient."""
    return _classify(
        model,
        optimizer,
        features,
        labels,
        steps,
        nn.functional.cross_entropy,
        lambda parameters: nn.utils.clip_grad_norm_(list(parameters), 10.0),
    )


def infinite_loss__gradient_clipped_to_1(model, optimizer, features, labels, steps):
    """Your updates are right for small gradients, but too short for large ones. Do not clip the gradient."""
    return _classify(
        model,
        optimizer,
        features,
        labels,
        steps,
        nn.functional.cross_entropy,
        lambda parameters: nn.utils.clip_grad_norm_(list(parameters), 1.0),
    )


def infinite_loss__logits_made_small(model, optimizer, features, labels, steps):
    """Your losses are those of smaller logits. Don't divide the logits: cross_entropy needs them as they are."""

    def loss_of(logits, labels):
        return nn.functional.cross_entropy(logits / logits.abs().max(), labels)

    return _classify(model, optimizer, features, labels, steps, loss_of)


def growing_memory__as_it_was(model, loss_function, optimizer, batches):
    """Your result is a tensor with a graph, which keeps the graphs of all batches in memory. Add loss.item() instead of
    loss."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss
    return total / len(batches)


def growing_memory__a_number_at_the_end(model, loss_function, optimizer, batches):
    """The result is right, but the graphs of several batches were in memory at once. From each round, keep only
    numbers, such as loss.item()."""
    return growing_memory__as_it_was(model, loss_function, optimizer, batches).item()


def growing_memory__tensor_without_a_graph(model, loss_function, optimizer, batches):
    """No graph is kept, but your result is a tensor. Return a Python float: item() gives you one."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach()
    return total / len(batches)


def growing_memory__last_loss_only(model, loss_function, optimizer, batches):
    """Only the last batch's loss is in your result. Add up the losses of all batches."""
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total = loss.item()
    return total / len(batches)


def growing_memory__cut_before_backward(model, loss_function, optimizer, batches):
    """You called backward() on a loss without a graph. Keep the graph until after backward(), and add only the number
    to the sum."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels).detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def growing_memory__no_training(model, loss_function, optimizer, batches):
    """No parameter has changed. For each batch, call backward() on the loss with its graph, and then step(), with no
    zero_grad() in between."""
    with torch.no_grad():
        return sum(loss_function(model(features), labels).item() for features, labels in batches) / len(batches)


def growing_memory__losses_after_the_updates(model, loss_function, optimizer, batches):
    """The parameters are right, but you took each loss after the update of its batch. Take it before that update."""
    total = 0.0
    for features, labels in batches:
        optimizer.zero_grad()
        loss_function(model(features), labels).backward()
        optimizer.step()
        with torch.no_grad():
            total += loss_function(model(features), labels).item()
    return total / len(batches)


def growing_memory__one_update_for_all(model, loss_function, optimizer, batches):
    """You made one update for all batches. Each batch needs its own backward pass and its own update."""
    total = sum(loss_function(model(features), labels) for features, labels in batches) / len(batches)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.item()


def growing_memory__weighed_by_rows(model, loss_function, optimizer, batches):
    """You weighted each batch by its number of rows. Here all batches have the same weight."""
    total, count = 0.0, 0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(features)
        count += len(features)
    return total / count


def growing_memory__sum(model, loss_function, optimizer, batches):
    """Your result is the sum of the losses. Divide it by the number of batches."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total


def growing_memory__last_loss(model, loss_function, optimizer, batches):
    """Only the last batch's loss is in your result. Add up the losses of all batches."""
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def growing_memory__never_cleared(model, loss_function, optimizer, batches):
    """Each update uses the sum of all gradients so far, because backward() adds to .grad. Clear the gradients in each
    round, before backward()."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def growing_memory__losses_before_all_updates(model, loss_function, optimizer, batches):
    """You took all losses before the first update. Take each loss right before its own update."""
    with torch.no_grad():
        total = sum(loss_function(model(features), labels).item() for features, labels in batches)
    for features, labels in batches:
        optimizer.zero_grad()
        loss_function(model(features), labels).backward()
        optimizer.step()
    return total / len(batches)


def _fit(train, labels, new, steps, learning_rate=0.1, before_step=None, loss_of=nn.functional.mse_loss):
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=learning_rate)
    for _ in range(steps):
        loss = loss_of(line(train).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        if before_step is not None:
            before_step(line.parameters())
        optimizer.step()
    with torch.no_grad():
        return line(new).squeeze(1)


def _scaled(rows, train):
    return (rows - train.mean(dim=0)) / train.std(dim=0, correction=0)


def exploding_loss__as_it_was(train, labels, new, steps):
    """Your predictions are far too large or nan: 0.1 is too large a rate for raw columns. Standardize the columns by
    the statistics of train."""
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for _ in range(steps):
        loss = nn.functional.mse_loss(line(train).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return line(new).squeeze(1)


def exploding_loss__nan_made_0(train, labels, new, steps):
    """Your predictions are finite, but the training still diverges. Standardize the columns instead of changing the
    result."""
    return torch.nan_to_num(_fit(train, labels, new, steps), nan=0.0, posinf=0.0, neginf=0.0).clamp(-1e4, 1e4)


def exploding_loss__tiny_learning_rate(train, labels, new, steps):
    """The training is stable, but some parameters hardly change, for example the bias. Keep the rate 0.1, and
    standardize the columns."""
    return _fit(train, labels, new, steps, learning_rate=1e-7)


def exploding_loss__gradient_clipped(train, labels, new, steps):
    """Your updates are limited, but they still follow almost only the column with the largest numbers. Standardize the
    columns instead."""
    return _fit(train, labels, new, steps, before_step=lambda each: nn.utils.clip_grad_norm_(each, 1.0))


def exploding_loss__new_left_raw(train, labels, new, steps):
    """The line is trained on standardized rows, but predicts from raw ones. Standardize new by the mean and the
    standard deviation of the given train."""
    return _fit(_scaled(train, train), labels, new, steps)


def exploding_loss__new_by_its_own_statistics(train, labels, new, steps):
    """You standardized new by its own statistics, so its rows affect each other. Use the mean and the standard
    deviation of train."""
    if len(new) < 2:
        return _fit(_scaled(train, train), labels, torch.zeros_like(new), steps)
    return _fit(_scaled(train, train), labels, _scaled(new, new), steps)


def exploding_loss__own_statistics_and_another_divisor(train, labels, new, steps):
    """You standardized new by its own statistics, and used the divisor N - 1. Use the mean and the standard deviation
    of train, with the divisor N."""
    train, new = ((rows - rows.mean(dim=0)) / rows.std(dim=0) for rows in (train, new))
    return _fit(train, labels, new, steps)


def exploding_loss__statistics_of_both(train, labels, new, steps):
    """The rows of new have affected the mean and the standard deviation. Compute both from train alone."""
    both = torch.cat([train, new])
    return _fit(_scaled(train, both), labels, _scaled(new, both), steps)


def exploding_loss__one_scale_for_all_columns(train, labels, new, steps):
    """You used one mean and one standard deviation for all columns. Each column needs its own: dim=0."""
    mean, std = train.mean(), train.std(correction=0)
    return _fit((train - mean) / std, labels, (new - mean) / std, steps)


def exploding_loss__rows_scaled(train, labels, new, steps):
    """You standardized each row. Standardize each column: dim=0."""

    def scaled(rows):
        return (rows - rows.mean(dim=1, keepdim=True)) / rows.std(dim=1, correction=0, keepdim=True)

    return _fit(scaled(train), labels, scaled(new), steps)


def exploding_loss__divided_by_the_largest(train, labels, new, steps):
    """You divided each column by its largest value. Subtract the column's mean, and divide by its
    standard deviation."""
    largest = train.abs().amax(dim=0)
    return _fit(train / largest, labels, new / largest, steps)


def exploding_loss__range_from_0_to_1(train, labels, new, steps):
    """You scaled each column by its smallest and largest value. Use its mean and its standard deviation."""
    low, high = train.amin(dim=0), train.amax(dim=0)
    return _fit((train - low) / (high - low), labels, (new - low) / (high - low), steps)


def exploding_loss__squeezed(train, labels, new, steps):
    """For a single new row, your result has shape (). Remove only dimension 1: squeeze(1)."""
    return _fit(_scaled(train, train), labels, _scaled(new, train), steps).squeeze()


def exploding_loss__adam(train, labels, new, steps):
    """Your columns are standardized, but the updates are those of Adam. Keep torch.optim.SGD."""
    line = nn.Linear(train.shape[1], 1, device=train.device)
    nn.init.zeros_(line.weight), nn.init.zeros_(line.bias)
    optimizer = torch.optim.Adam(line.parameters(), lr=0.1)
    for _ in range(steps):
        loss = nn.functional.mse_loss(line(_scaled(train, train)).squeeze(1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return line(_scaled(new, train)).squeeze(1)


def exploding_loss__one_less_than_n(train, labels, new, steps):
    """Your standard deviation has the divisor N - 1. Pass correction=0 to get the divisor N."""
    mean, std = train.mean(dim=0), train.std(dim=0)
    return _fit((train - mean) / std, labels, (new - mean) / std, steps)


def exploding_loss__not_centred(train, labels, new, steps):
    """You divided by the standard deviation, but did not subtract the mean. Do both."""
    std = train.std(dim=0, correction=0)
    return _fit(train / std, labels, new / std, steps)


def exploding_loss__labels_scaled_too(train, labels, new, steps):
    """Your predictions are on the scale of standardized labels. Leave the labels as they were given."""
    return _fit(_scaled(train, train), (labels - labels.mean()) / labels.std(correction=0), _scaled(new, train), steps)


def exploding_loss__train_overwritten(train, labels, new, steps):
    """The numbers are right, but you changed train in place. Work on a new tensor."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    train -= mean
    train /= std
    return _fit(train, labels, (new - mean) / std, steps)


def exploding_loss__still_recorded(train, labels, new, steps):
    """The numbers are right, but your result has a graph. Compute the predictions under torch.no_grad()."""
    return _fit(_scaled(train, train), labels, _scaled(new, train), steps).requires_grad_() * 1


def exploding_loss__tinier_learning_rate(train, labels, new, steps):
    """The training is stable, but some parameters hardly change, for example the bias. Keep the rate 0.1, and
    standardize the columns."""
    return _fit(train, labels, new, steps, learning_rate=1e-8)


def exploding_loss__gradient_cut_off(train, labels, new, steps):
    """Your updates are limited, but the predictions are still those of raw columns. Standardize the columns instead."""
    return _fit(train, labels, new, steps, before_step=lambda each: nn.utils.clip_grad_value_(each, 1.0))


def _run(model, batches_of, epochs, before_epoch=None):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(epochs):
        if before_epoch is not None:
            before_epoch()
        for features, labels in batches_of():
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def runs_that_differ__as_it_was(make_model, dataset, batch_size, epochs, seed):
    """The order of the samples repeats, but the random parameters do not. Set the seed before you call make_model."""
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    torch.manual_seed(seed)
    losses = []
    for _ in range(epochs):
        for features, labels in DataLoader(dataset, batch_size, shuffle=True):
            loss = nn.functional.mse_loss(model(features), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def runs_that_differ__loader_alone_seeded(make_model, dataset, batch_size, epochs, seed):
    """The order of the samples repeats, but neither the parameters nor dropout do. Seed the global generator, before
    the first draw."""
    batches = DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed))
    return _run(make_model(), lambda: batches, epochs)


def runs_that_differ__numpys_seed(make_model, dataset, batch_size, epochs, seed):
    """Nothing repeats: PyTorch draws from its own global generator. Seed this generator, before the first draw."""
    np.random.seed(seed)
    return _run(make_model(), lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__order_not_seeded(make_model, dataset, batch_size, epochs, seed):
    """The parameters repeat, but the order of the samples does not. Draw the order from a generator
    with this seed too."""
    torch.manual_seed(seed)
    generator = torch.Generator()
    generator.seed()
    return _run(make_model(), lambda: DataLoader(dataset, batch_size, shuffle=True, generator=generator), epochs)


def runs_that_differ__seeded_in_each_epoch(make_model, dataset, batch_size, epochs, seed):
    """Every epoch has the same order. Set each seed only once, before the loop over the epochs, and draw an order in
    each epoch."""
    torch.manual_seed(seed)
    model = make_model()
    return _run(model, lambda: DataLoader(dataset, batch_size, shuffle=True), epochs, lambda: torch.manual_seed(seed))


def runs_that_differ__not_shuffled(make_model, dataset, batch_size, epochs, seed):
    """Your code uses the samples in the order of the dataset. Shuffle them in each epoch: a DataLoader with
    shuffle=True does so."""
    torch.manual_seed(seed)
    return _run(make_model(), lambda: DataLoader(dataset, batch_size), epochs)


def runs_that_differ__one_seed_for_all(make_model, dataset, batch_size, epochs, seed):
    """All seeds give the same run. Seed the global generator with the argument `seed`."""
    torch.manual_seed(0)
    return _run(make_model(), lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__dropout_switched_off(make_model, dataset, batch_size, epochs, seed):
    """Your losses are those without dropout. Leave the model in train mode: dropout repeats too if you set the seed
    first."""
    torch.manual_seed(seed)
    return _run(make_model().eval(), lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__parameters_replaced(make_model, dataset, batch_size, epochs, seed):
    """Your run does not begin with the parameters of make_model(). Keep them, and set the seed before you call it."""
    model = make_model()
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    torch.manual_seed(seed)
    return _run(model, lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)


def runs_that_differ__same_order_for_all_seeds(make_model, dataset, batch_size, epochs, seed):
    """The order of the samples does not depend on `seed`. Draw the order from a generator that is seeded with the
    argument `seed`."""
    torch.manual_seed(seed)
    model = make_model()
    batches = DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(0))
    return _run(model, lambda: batches, epochs)


def runs_that_differ__one_loss_an_epoch(make_model, dataset, batch_size, epochs, seed):
    """Your list has one loss for each epoch. Append the loss of each batch."""
    torch.manual_seed(seed)
    losses = _run(make_model(), lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)
    size = len(losses) // epochs
    return [sum(losses[start : start + size]) / size for start in range(0, len(losses), size)]


def runs_that_differ__two_models(make_model, dataset, batch_size, epochs, seed):
    """You called make_model more than once. Call it once, after the seed is set."""
    torch.manual_seed(seed)
    make_model()
    return _run(make_model(), lambda: DataLoader(dataset, batch_size, shuffle=True), epochs)
