"""Wrong answers to katas/lesson_4_training_loop/kata_08_symptoms.py, each with the sentence that puts it right."""

import copy

import torch
from torch import nn


def flat_loss__as_it_was(model, loss_function, optimizer, features, labels, steps):
    """Nothing moves: the update uses what lies in .grad, and between backward and the update that was cleared."""
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def flat_loss__larger_learning_rate(model, loss_function, optimizer, features, labels, steps):
    """The learning rate is another now, and the loss is as flat as it was: a rate times no gradient is no step."""
    for group in optimizer.param_groups:
        group["lr"] *= 100
    return flat_loss__as_it_was(model, loss_function, optimizer, features, labels, steps)


def flat_loss__never_cleared(model, loss_function, optimizer, features, labels, steps):
    """The loss moves, but from the second step on the sum of all gradients so far does it: clearing has its place."""
    losses = []
    for _ in range(steps):
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def flat_loss__a_turn_late(model, loss_function, optimizer, features, labels, steps):
    """Each update came a turn late: it ran ahead of backward, on the gradient that the turn before had left."""
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
    """The weights move, but past the optimizer: its momentum has no part in it."""
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
    """The curve is that of a copy: the model that was handed in has not moved."""
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
    """These losses are tensors: as Python floats they are plain numbers, with no graph to hold on to."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


def flat_loss__losses_after_the_updates(model, loss_function, optimizer, features, labels, steps):
    """The weights are right, but each loss is one update late: the first is that of the model as it came."""
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss_function(model(features), labels).backward()
        optimizer.step()
        losses.append(loss_function(model(features), labels).item())
    return losses


def _swinging(model, loss_function, optimizer, batches, epochs, cleared=None, before_update=None, after_step=None):
    losses = []
    for _ in range(epochs):
        if cleared == "epoch":
            optimizer.zero_grad()
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            if cleared == "step":
                optimizer.zero_grad()
            loss.backward()
            if before_update is not None:
                before_update()
            optimizer.step()
            if after_step is not None:
                after_step()
            losses.append(loss.item())
    return losses


def swinging_loss__as_it_was(model, loss_function, optimizer, batches, epochs):
    """Nothing ever empties .grad, and backward adds to it: every update goes along the sum of all gradients so far."""
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def swinging_loss__cleared_once_an_epoch(model, loss_function, optimizer, batches, epochs):
    """Within an epoch the gradients still add up from batch to batch: each update needs that of its batch alone."""
    return _swinging(model, loss_function, optimizer, batches, epochs, "epoch")


def swinging_loss__gradient_clipped(model, loss_function, optimizer, batches, epochs):
    """The gradients still add up, only their length is cut: the update goes the way of the sum, in shorter steps."""
    parameters = list(model.parameters())
    return _swinging(
        model, loss_function, optimizer, batches, epochs, None, lambda: nn.utils.clip_grad_norm_(parameters, 1.0)
    )


def swinging_loss__cleared_and_clipped(model, loss_function, optimizer, batches, epochs):
    """Each batch has its own gradient now, but a large one is cut short: the swings did not come from its size."""
    parameters = list(model.parameters())
    return _swinging(
        model, loss_function, optimizer, batches, epochs, "step", lambda: nn.utils.clip_grad_norm_(parameters, 10.0)
    )


def swinging_loss__smaller_learning_rate(model, loss_function, optimizer, batches, epochs):
    """The gradients still add up, and a smaller rate only makes the swings slower: the rate was never wrong."""
    for group in optimizer.param_groups:
        group["lr"] /= 10
    return _swinging(model, loss_function, optimizer, batches, epochs)


def swinging_loss__average_of_the_past(model, loss_function, optimizer, batches, epochs):
    """The sum of the gradients was divided by their number: that mean still holds those of weights long gone."""
    parameters, count = list(model.parameters()), 0
    sums = {}

    def to_mean():
        nonlocal count
        count += 1
        for parameter in parameters:
            sums[parameter] = parameter.grad
            parameter.grad = parameter.grad / count

    def to_sum():
        for parameter in parameters:
            parameter.grad = sums[parameter]

    return _swinging(model, loss_function, optimizer, batches, epochs, None, to_mean, to_sum)


def swinging_loss__first_parameter_only(model, loss_function, optimizer, batches, epochs):
    """Only the first parameter's gradient was cleared: in the others, the gradients of all batches add up."""
    first = next(model.parameters())

    def clear():
        first.grad = None

    return _swinging(model, loss_function, optimizer, batches, epochs, None, None, clear)


def swinging_loss__cleared_before_the_update(model, loss_function, optimizer, batches, epochs):
    """No weight has moved: the gradients were gone again before an update could be made with them."""
    return _swinging(model, loss_function, optimizer, batches, epochs, None, optimizer.zero_grad)


def swinging_loss__optimizer_made_anew(model, loss_function, optimizer, batches, epochs):
    """The gradients are right, but the optimizer forgets from batch to batch: its momentum is not what has to go."""
    losses = []
    for _ in range(epochs):
        for batch in batches:
            optimizer.state.clear()
            losses += _swinging(model, loss_function, optimizer, [batch], 1, "epoch")
    return losses


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
    """A column of thousands makes the slope thousands of times as steep: each step overshoots farther than the last."""
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
    """Infinity and nan came back as plain numbers, and mean nothing: the steps that led there are as wild as before."""
    return torch.nan_to_num(_fit(train, labels, new, steps), nan=0.0, posinf=0.0, neginf=0.0).clamp(-1e4, 1e4)


def exploding_loss__tiny_learning_rate(train, labels, new, steps):
    """So small a rate keeps the large columns from overshooting, and the small ones and the bias all but still."""
    return _fit(train, labels, new, steps, learning_rate=1e-7)


def exploding_loss__gradient_clipped(train, labels, new, steps):
    """Nothing overflows, but a gradient cut short still points almost along the largest column: its scale rules."""
    return _fit(train, labels, new, steps, before_step=lambda each: nn.utils.clip_grad_norm_(each, 1.0))


def exploding_loss__new_left_raw(train, labels, new, steps):
    """The line has learned from scaled rows, and was then asked about raw ones: new rows need the same scaling."""
    return _fit(_scaled(train, train), labels, new, steps)


def exploding_loss__new_by_its_own_statistics(train, labels, new, steps):
    """The new rows were scaled by their own mean and deviation: what one row gets then depends on the others."""
    if len(new) < 2:
        return _fit(_scaled(train, train), labels, torch.zeros_like(new), steps)
    return _fit(_scaled(train, train), labels, _scaled(new, new), steps)


def exploding_loss__statistics_of_both(train, labels, new, steps):
    """The new rows had a say in the mean and the deviation: these belong to the training rows alone."""
    both = torch.cat([train, new])
    return _fit(_scaled(train, both), labels, _scaled(new, both), steps)


def exploding_loss__one_scale_for_all_columns(train, labels, new, steps):
    """One mean and one deviation were taken of all the numbers: every column needs its own."""
    mean, std = train.mean(), train.std(correction=0)
    return _fit((train - mean) / std, labels, (new - mean) / std, steps)


def exploding_loss__rows_scaled(train, labels, new, steps):
    """Each row was scaled by itself, which mixes numbers of different kinds: it is a column that has a scale."""

    def scaled(rows):
        return (rows - rows.mean(dim=1, keepdim=True)) / rows.std(dim=1, correction=0, keepdim=True)

    return _fit(scaled(train), labels, scaled(new), steps)


def exploding_loss__divided_by_the_largest(train, labels, new, steps):
    """Dividing by the largest value brings the columns below 1, but leaves them far from mean 0 and deviation 1."""
    largest = train.abs().amax(dim=0)
    return _fit(train / largest, labels, new / largest, steps)


def exploding_loss__one_less_than_n(train, labels, new, steps):
    """These deviations are of a sample: their squares are summed over N rows but divided by N - 1, and NumPy's by N."""
    mean, std = train.mean(dim=0), train.std(dim=0)
    return _fit((train - mean) / std, labels, (new - mean) / std, steps)


def exploding_loss__not_centred(train, labels, new, steps):
    """Divided by the deviation, but the mean is still in: a column of years stays far from 0 in any unit."""
    std = train.std(dim=0, correction=0)
    return _fit(train / std, labels, new / std, steps)


def exploding_loss__labels_scaled_too(train, labels, new, steps):
    """The labels were scaled as well, and so are the predictions now: they are to come in the labels' own size."""
    return _fit(_scaled(train, train), (labels - labels.mean()) / labels.std(correction=0), _scaled(new, train), steps)


def exploding_loss__train_overwritten(train, labels, new, steps):
    """The numbers are right, but the caller's rows were scaled in place: work on tensors of your own."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    train -= mean
    train /= std
    return _fit(train, labels, (new - mean) / std, steps)


def exploding_loss__still_recorded(train, labels, new, steps):
    """The numbers are right, but the predictions drag a graph along: nobody will go backward from them."""
    return _fit(_scaled(train, train), labels, _scaled(new, train), steps).requires_grad_() * 1


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
    """A probability below 1e-45 is 0 in float32: its log is -inf, and the gradient through it is inf times 0, nan."""
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
    """The loss ends where the log sees its smallest number, and has no slope there: the worst rows never learn."""

    def loss_of(logits, labels):
        return -torch.softmax(logits, dim=1).gather(1, labels[:, None]).clamp(min=1e-12).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__shifted_by_the_largest_of_all(model, optimizer, features, labels, steps):
    """Rows far below the largest logit of all have only zeros left after exp: shift each row by its own largest."""

    def loss_of(logits, labels):
        powers = (logits - logits.max()).exp()
        return -(powers / powers.sum(dim=1, keepdim=True)).gather(1, labels[:, None]).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__a_little_added(model, optimizer, features, labels, steps):
    """What was added inside the log changes every loss, and where the probability is 0 no gradient comes through."""

    def loss_of(logits, labels):
        return -(torch.softmax(logits, dim=1).gather(1, labels[:, None]) + 1e-4).log().mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__loss_made_finite(model, optimizer, features, labels, steps):
    """The loss was made a number after the fact: infinity is gone from the curve, and the gradient tells nothing."""

    def loss_of(logits, labels):
        return torch.nan_to_num(_naive(logits, labels))

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__gradient_made_finite(model, optimizer, features, labels, steps):
    """The weights stay numbers, but the rows that were most wrong teach nothing: nan became 0, and 0 is no slope."""

    def mend(parameters):
        for parameter in parameters:
            parameter.grad.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)

    return _classify(model, optimizer, features, labels, steps, _naive, mend)


def infinite_loss__step_left_out(model, optimizer, features, labels, steps):
    """A step whose loss is not finite was left out: the model stays as wrong as it is, and the list is too short."""
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
    """The log of the quotient was split, but exp of a large score is still inf: the largest must come off first."""

    def loss_of(logits, labels):
        picked = logits.gather(1, labels[:, None]).squeeze(1)
        return (logits.exp().sum(dim=1).log() - picked).mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__float64(model, optimizer, features, labels, steps):
    """In float64 the border lies farther out, and there it is the same: logits that are 1000 apart still give inf."""
    return _classify(model, optimizer, features, labels, steps, lambda scores, y: _naive(scores.double(), y))


def infinite_loss__probabilities_for_logits(model, optimizer, features, labels, steps):
    """No infinity any more, as the probabilities were taken for logits: they go through softmax twice."""

    def loss_of(logits, labels):
        return nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__softmax_over_the_rows(model, optimizer, features, labels, steps):
    """Each class was held against itself in the other rows: a row's probabilities go over its own classes."""

    def loss_of(logits, labels):
        return -torch.log_softmax(logits, dim=0).gather(1, labels[:, None]).mean()

    return _classify(model, optimizer, features, labels, steps, loss_of)


def infinite_loss__logits_cut_off(model, optimizer, features, labels, steps):
    """The logits were cut off, and beyond the cut they have no gradient: the losses there are too small and stay."""
    return _classify(model, optimizer, features, labels, steps, lambda scores, y: _naive(scores.clamp(-40.0, 40.0), y))


def infinite_loss__gradient_clipped(model, optimizer, features, labels, steps):
    """The losses start right, but the gradient was cut short: where the loss is stable, no logit's slope is above 1."""
    return _classify(
        model,
        optimizer,
        features,
        labels,
        steps,
        nn.functional.cross_entropy,
        lambda parameters: nn.utils.clip_grad_norm_(list(parameters), 0.1),
    )


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
    """(N, 1) less (N,) or (1, N) is (N, N): every prediction met every label, and to all of them fits the mean."""
    losses = []
    for _ in range(steps):
        loss = ((model(features) - labels) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def only_the_mean__variance_taken_off(model, optimizer, features, labels, steps):
    """The curve was moved down by the labels' spread, and the weights go where they went: still every pair is in it."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p - y) ** 2).mean() - y.var(correction=0))


def only_the_mean__right_losses_for_the_list_alone(model, optimizer, features, labels, steps):
    """The list shows the right loss, but another one went backward: that one still compares every pair."""
    losses = []
    for _ in range(steps):
        predictions = model(features)
        optimizer.zero_grad()
        ((predictions - labels) ** 2).mean().backward()
        losses.append(((predictions.detach().squeeze(1) - labels) ** 2).mean().item())
        optimizer.step()
    return losses


def only_the_mean__sum(model, optimizer, features, labels, steps):
    """The pairs are right, but their squares were summed up: the mean is N times as small, and so is its slope."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p.squeeze(1) - y) ** 2).sum())


def only_the_mean__over_all_pairs(model, optimizer, features, labels, steps):
    """Each prediction met its own label, but the squares were divided by all N times N pairs: there are N of them."""

    def loss_of(predictions, labels):
        return ((predictions - labels) ** 2).diagonal().sum() / len(labels) ** 2

    return _regress(model, optimizer, features, labels, steps, loss_of)


def only_the_mean__mean_prediction(model, optimizer, features, labels, steps):
    """The predictions were averaged before they met the labels: one number is left, and it can only find the mean."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p.mean() - y) ** 2).mean())


def only_the_mean__mean_error(model, optimizer, features, labels, steps):
    """The errors were averaged before they were squared: those above and below 0 cancel, and the loss is too small."""
    return _regress(model, optimizer, features, labels, steps, lambda p, y: (p.squeeze(1) - y).mean() ** 2)


def only_the_mean__row_by_row(model, optimizer, features, labels, steps):
    """Each row made an update of its own: a step is one update, by the mean over the rows."""
    losses = []
    for _ in range(steps):
        parts = []
        for row, label in zip(features.split(1), labels.split(1)):
            parts += _regress(model, optimizer, row, label, 1, lambda p, y: ((p.squeeze(1) - y) ** 2).mean())
        losses.append(sum(parts) / len(parts))
    return losses


def only_the_mean__labels_reshaped_in_place(model, optimizer, features, labels, steps):
    """The numbers are right, but the caller's labels have another shape now: make a view of your own."""
    labels.unsqueeze_(1)
    return _regress(model, optimizer, features, labels, steps, lambda p, y: ((p - y) ** 2).mean())


def _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders):
    """Train on rows and labels in the orders that `orders()` returns at every epoch: a pair of index tensors."""
    for _ in range(epochs):
        for_rows, for_labels = (each.to(features.device) for each in orders())
        rows, answers = features[for_rows], labels[for_labels]
        for some, theirs in zip(rows.split(batch_size), answers.split(batch_size)):
            loss = loss_function(model(some), theirs)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__as_it_was(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Features and labels each got an order of their own: no row has its label any more, and nothing can be learned."""
    for _ in range(epochs):
        features = features[torch.randperm(len(features), generator=generator).to(features.device)]
        labels = labels[torch.randperm(len(labels), generator=generator).to(labels.device)]
        for rows, answers in zip(features.split(batch_size), labels.split(batch_size), strict=True):
            loss = loss_function(model(rows), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def accuracy_at_chance__not_shuffled(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """Rows and labels belong together again, but nothing is shuffled any more: one order must be drawn, for both."""
    order = torch.arange(len(labels))
    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, lambda: (order, order))


def accuracy_at_chance__labels_left_behind(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The rows were shuffled and the labels were not: the order of the rows must be that of the labels too."""

    def orders():
        return torch.randperm(len(labels), generator=generator), torch.arange(len(labels))

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__labels_put_back(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The labels went through the inverse of the rows' order: they need the same order, not the way back."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        return order, order.argsort()

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__labels_sorted(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """The labels were sorted, which parts them from their rows: only one order for both keeps the two together."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        return order, labels.cpu().argsort(stable=True).flip(0)

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__shuffled_once(model, loss_function, optimizer, features, labels, batch_size, epochs, generator):
    """The order is the same in every epoch: each epoch must draw its own."""
    order = torch.randperm(len(labels), generator=generator)
    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, lambda: (order, order))


def accuracy_at_chance__batches_that_stay(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The batches change places, but the same rows share one in every epoch: shuffle the rows, then cut."""
    parts = torch.arange(len(labels)).split(batch_size)

    def orders():
        places = torch.randperm(len(labels) // batch_size, generator=generator).tolist()
        order = torch.cat([parts[place] for place in [*places, *range(len(places), len(parts))]])
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__batches_change_places(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The batches were shuffled, and not the rows: the same rows share one always, and the short one is not last."""
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
    """The order was not drawn from the generator handed in: whoever seeds it can't repeat this run."""

    def orders():
        order = torch.randperm(len(labels))
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__a_seed_of_its_own(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """One seed for both orders keeps the pairs, but it is the same in every epoch, and so is the order."""

    def orders():
        return [torch.randperm(len(labels), generator=generator.manual_seed(0)) for _ in range(2)]

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__drawn_with_repeats(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """Some rows came twice in an epoch and some not at all: an order holds every number once."""

    def orders():
        order = torch.randint(len(labels), (len(labels),), generator=generator)
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def accuracy_at_chance__last_batch_lost(
    model, loss_function, optimizer, features, labels, batch_size, epochs, generator
):
    """The rows left over at the end were dropped: the last batch is shorter, and counts too."""

    def orders():
        order = torch.randperm(len(labels), generator=generator)
        order = order[: len(labels) // batch_size * batch_size] if len(labels) >= batch_size else order
        return order, order

    _epochs(model, loss_function, optimizer, features, labels, batch_size, epochs, orders)


def _train(model, optimizer, features, labels, steps):
    return _regress(model, optimizer, features, labels, steps, nn.functional.mse_loss)


def weights_that_stay__as_it_was(model, head, learning_rate, features, labels, steps):
    """The optimizer was built before the head came in: it holds the parameters it was given then, and not the model."""
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
    """No weight moves, those of the body neither: a method's name without brackets calls nothing."""
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
    """The weights move, but by the sum of all gradients so far: nothing cleared them from step to step."""
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
    """The head moves, but its gradients add up: the optimizer that clears does not hold the parameters of the head."""
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


def weights_that_stay__head_only(model, head, learning_rate, features, labels, steps):
    """Now the head moves, and the layers before it stay: the optimizer needs the parameters of the whole new model."""
    model[-1] = head
    optimizer = torch.optim.SGD(head.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__larger_learning_rate(model, head, learning_rate, features, labels, steps):
    """The head stays and the body leaps: a larger rate does nothing for parameters that the optimizer does not hold."""
    return weights_that_stay__as_it_was(model, head, 10 * learning_rate, features, labels, steps)


def weights_that_stay__a_copy_of_the_head(model, head, learning_rate, features, labels, steps):
    """A copy of the head was put in and trained: the caller holds head itself, and that has not moved."""
    model[-1] = copy.deepcopy(head)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def weights_that_stay__a_new_model(model, head, learning_rate, features, labels, steps):
    """The weights are right, but the model handed in still ends in its old layer: head is to take its place."""
    other = nn.Sequential(*model[:-1], head)
    optimizer = torch.optim.SGD(other.parameters(), lr=learning_rate)
    return _train(other, optimizer, features, labels, steps)


def weights_that_stay__head_put_behind(model, head, learning_rate, features, labels, steps):
    """The new layer came behind the old last one: it is to take its place."""
    model.append(head)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    return _train(model, optimizer, features, labels, steps)


def growing_memory__as_it_was(model, loss_function, optimizer, batches):
    """The total is a tensor that hangs on every loss, and each loss on its graph: none of them can be let go."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss
    return total / len(batches)


def growing_memory__a_number_at_the_end(model, loss_function, optimizer, batches):
    """The answer is a float, but till then every loss's graph was kept: each loss must become a number at once."""
    return growing_memory__as_it_was(model, loss_function, optimizer, batches).item()


def growing_memory__tensor_without_a_graph(model, loss_function, optimizer, batches):
    """The graphs are gone, but the answer is still a tensor: a Python float is asked for."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach()
    return total / len(batches)


def growing_memory__last_loss_only(model, loss_function, optimizer, batches):
    """Nothing is kept any more, the sum neither: this is the last batch's share alone."""
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total = loss.item()
    return total / len(batches)


def growing_memory__cut_before_backward(model, loss_function, optimizer, batches):
    """The loss lost its graph before it had gone backward: it is needed until then, and only until then."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels).detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)


def growing_memory__no_training(model, loss_function, optimizer, batches):
    """No graph was kept, and no weight has moved: these are the losses of the model as it came."""
    with torch.no_grad():
        return sum(loss_function(model(features), labels).item() for features, labels in batches) / len(batches)


def growing_memory__losses_after_the_updates(model, loss_function, optimizer, batches):
    """The weights are right, but each loss was taken after its batch's update: it is to be the one before."""
    total = 0.0
    for features, labels in batches:
        optimizer.zero_grad()
        loss_function(model(features), labels).backward()
        optimizer.step()
        with torch.no_grad():
            total += loss_function(model(features), labels).item()
    return total / len(batches)


def growing_memory__one_update_for_all(model, loss_function, optimizer, batches):
    """All the losses went backward together, with every graph kept until then: each batch has an update of its own."""
    total = sum(loss_function(model(features), labels) for features, labels in batches) / len(batches)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.item()


def growing_memory__weighed_by_rows(model, loss_function, optimizer, batches):
    """The losses were weighed by their rows, which is a good mean, but another: here every batch counts alike."""
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
    """This is the sum: the mean is that divided by the number of batches."""
    total = 0.0
    for features, labels in batches:
        loss = loss_function(model(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total
