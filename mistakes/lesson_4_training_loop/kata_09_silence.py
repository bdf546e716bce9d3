"""Wrong answers to katas/lesson_4_training_loop/kata_09_silence.py, each with the sentence that corrects the belief."""

import copy

import torch
from torch import nn


def _update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _parts(features, labels, training, validation):
    return (features[training], labels[training]), (features[validation], labels[validation])


def _order(features, generator):
    return torch.randperm(len(features), generator=generator).to(features.device)


def _scaled(features, by):
    return (features - by.mean(dim=0)) / by.std(dim=0)


def prepare__as_it_was(features, labels, count, generator):
    """Some samples are in both sets, and the scaling used all samples. Take validation from the rest of `order`, and
    mean and std from training."""
    features = (features - features.mean(dim=0)) / features.std(dim=0)
    order = torch.randperm(len(features), generator=generator)
    order = order.to(features.device)
    training = features[order[:count]], labels[order[:count]]
    validation = features[count:], labels[count:]
    return training, validation


def prepare__scaled_by_all(features, labels, count, generator):
    """Each sample is in one set now, but you scaled by the mean and std of all samples. Use those of the training
    samples."""
    order = _order(features, generator)
    return _parts(_scaled(features, features), labels, order[:count], order[count:])


def prepare__scaled_by_validation(features, labels, count, generator):
    """You scaled by the mean and std of the validation samples. Use those of the training samples."""
    order = _order(features, generator)
    return _parts(_scaled(features, features[order[count:]]), labels, order[:count], order[count:])


def prepare__samples_in_both(features, labels, count, generator):
    """The scaling is right now, but some samples are in both sets. Validation must get the samples that training does
    not have."""
    order = _order(features, generator)
    last = torch.arange(count, len(features), device=features.device)
    return _parts(_scaled(features, features[order[:count]]), labels, order[:count], last)


def prepare__scaled_by_the_first_rows(features, labels, count, generator):
    """You scaled by the mean and std of the first `count` rows. Use those of the rows that were drawn for training."""
    order = _order(features, generator)
    return _parts(_scaled(features, features[:count]), labels, order[:count], order[count:])


def prepare__each_by_itself(features, labels, count, generator):
    """You scaled validation by its own mean and std. Use the mean and std of the training samples for both sets."""
    order = _order(features, generator)
    (x, y), (other_x, other_y) = _parts(features, labels, order[:count], order[count:])
    return (_scaled(x, x), y), (_scaled(other_x, other_x), other_y)


def prepare__validation_not_scaled(features, labels, count, generator):
    """Your validation features have their old values. Scale them by the mean and std that training had before you
    scaled it."""
    order = _order(features, generator)
    (x, y), validation = _parts(features, labels, order[:count], order[count:])
    return (_scaled(x, x), y), validation


def prepare__not_drawn(features, labels, count, generator):
    """The same samples go into training for every generator. Draw them with torch.randperm and the generator, and don't
    set a seed."""
    order = torch.arange(len(features), device=features.device)
    return _parts(_scaled(features, features[:count]), labels, order[:count], order[count:])


def prepare__drawn_with_replacement(features, labels, count, generator):
    """Some samples are in a set more than once. Draw an order of all rows, in which each row comes once."""
    order = torch.randint(len(features), (len(features),), generator=generator).to(features.device)
    return _parts(_scaled(features, features[order[:count]]), labels, order[:count], order[count:])


def prepare__drawn_elsewhere(features, labels, count, generator):
    """With the same seed, other samples go into training the next time. Draw with the given generator."""
    order = _order(features, None)
    return _parts(_scaled(features, features[order[:count]]), labels, order[:count], order[count:])


def prepare__labels_left_behind(features, labels, count, generator):
    """Your features do not match your labels. Index both with the same rows."""
    order = _order(features, generator)
    scaled = _scaled(features, features[order[:count]])[order]
    return (scaled[:count], labels[:count]), (scaled[count:], labels[count:])


def prepare__in_place(features, labels, count, generator):
    """The numbers are right, but you changed the argument features. Return new tensors, without -= or /=."""
    order = _order(features, generator)
    mean, std = features[order[:count]].mean(dim=0), features[order[:count]].std(dim=0)
    features -= mean
    features /= std
    return _parts(features, labels, order[:count], order[count:])


def prepare__std_over_n(features, labels, count, generator):
    """Each training column has the mean 0, but its torch.std is not 1. Divide by torch.std, whose divisor is N - 1."""
    order = _order(features, generator)
    own = features[order[:count]]
    scaled = (features - own.mean(dim=0)) / own.std(dim=0, unbiased=False)
    return _parts(scaled, labels, order[:count], order[count:])


def prepare__variance(features, labels, count, generator):
    """You divided by the variance. Divide by its square root, torch.std."""
    order = _order(features, generator)
    own = features[order[:count]]
    return _parts((features - own.mean(dim=0)) / own.var(dim=0), labels, order[:count], order[count:])


def prepare__validation_first(features, labels, count, generator):
    """Your first set is the validation set. Return `count` samples for training first, and then the others."""
    order = _order(features, generator)
    training, validation = _parts(_scaled(features, features[order[:count]]), labels, order[:count], order[count:])
    return validation, training


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
    """The model is in its last state. At the lowest loss, copy its tensors, and at the end load the copies into this
    model itself."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, model.state_dict()
    model.load_state_dict(best)
    return best_loss


def keep_best__state_before_training(model, train_epoch, validate, epochs):
    """The model is in the state before the training of its best epoch. Copy the state that you validated."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        before = copy.deepcopy(model.state_dict())
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, before
    model.load_state_dict(best)
    return best_loss


def keep_best__highest_loss(model, train_epoch, validate, epochs):
    """The model is in the state of the epoch with the highest loss. Keep the state with the lowest loss."""
    best_loss, best = -float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss > best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__last_loss(model, train_epoch, validate, epochs):
    """You returned the last loss and left the model in its last state. Return the lowest loss, and load the state of
    its epoch."""
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
    return loss


def keep_best__buffers_not_copied(model, train_epoch, validate, epochs):
    """The parameters are those of the best epoch, but the buffers are the last ones. Keep copies of the buffers too."""
    return _keep(
        model,
        train_epoch,
        validate,
        epochs,
        lambda model: {name: each.detach().clone() for name, each in model.named_parameters()},
    )


def keep_best__parameters_not_copied(model, train_epoch, validate, epochs):
    """The buffers are those of the best epoch, but the parameters are the last ones. Keep copies of the parameters
    too."""
    return _keep(
        model, train_epoch, validate, epochs, lambda model: {name: each.clone() for name, each in model.named_buffers()}
    )


def keep_best__later_of_equals(model, train_epoch, validate, epochs):
    """Of two equal losses, you kept the later epoch. Keep the first: replace it only if a loss is lower."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss <= best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__better_than_the_last_one(model, train_epoch, validate, epochs):
    """You kept an epoch whose loss is lower than the loss before it. Compare with the lowest loss so far."""
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
    """You stopped when a loss was not lower. Train for all epochs: a later loss may be lower."""
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
    """You called validate more often than once per epoch. Call it once in each epoch, and keep the loss that it
    returns."""
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
    """The values are right, but the parameters are new objects. An optimizer holds the old ones, so copy values into
    them."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best, assign=True)
    return best_loss


def keep_best__starts_at_nan(model, train_epoch, validate, epochs):
    """With nan as the first loss, your result is not the lowest loss. No number is lower than nan, so don't let it be
    the best."""
    best_loss, best = None, None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if best_loss is None or loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return best_loss


def keep_best__loss_of_the_last_epoch(model, train_epoch, validate, epochs):
    """The model is right, but you returned the loss of the last epoch. Return the lowest loss."""
    losses = []

    def noted(model):
        losses.append(validate(model))
        return losses[-1]

    _keep(model, train_epoch, noted, epochs, lambda model: copy.deepcopy(model.state_dict()))
    return losses[-1]


def keep_best__goes_back_in_the_loop(model, train_epoch, validate, epochs):
    """After an epoch that was not the best, the next epoch did not go on from it. Let it do so, and restore the best
    state only after the loop."""
    best_loss, best = float("inf"), None
    for _ in range(epochs):
        train_epoch(model)
        loss = validate(model)
        if loss < best_loss:
            best_loss, best = loss, copy.deepcopy(model.state_dict())
        elif best is not None:
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
    """In eval mode your net drops elements, and validate() leaves it in eval mode. Tell the dropout the net's mode, and
    restore the old mode."""

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
    """The dropout is right now, but after validate() the net is in eval mode. Restore the mode that it had before."""

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            return loss_function(self(x), labels).item()


class DropoutNet__dropout_never_stops(_DropoutNet):
    """The modes are right now, but in eval mode your net drops elements. The dropout in forward() must know the net's
    mode."""

    def forward(self, x):
        return self.head(nn.Dropout(0.5)(self.body(x)))


class DropoutNet__never_in_eval(_DropoutNet):
    """validate() dropped elements, although eval mode by itself is right. Put the net into eval mode before you call
    it."""

    def validate(self, loss_function, x, labels):
        with torch.no_grad():
            return loss_function(self(x), labels).item()


class DropoutNet__always_back_to_training(_DropoutNet):
    """The net was in eval mode, and validate() left it in train mode. Restore the mode that it had before."""

    def validate(self, loss_function, x, labels):
        self.eval()
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.train()
        return loss


class DropoutNet__only_the_top(_DropoutNet):
    """In validate(), the body and the head were in train mode. Call eval() on the net itself, which sets the mode of
    all modules inside."""

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.training = False
        with torch.no_grad():
            loss = loss_function(self(x), labels).item()
        self.training = was_training
        return loss


class DropoutNet__no_dropout(_DropoutNet):
    """Your net drops nothing in train mode. In train mode, half of the body's output must become 0."""

    def forward(self, x):
        return self.head(self.body(x))


class DropoutNet__not_doubled(_DropoutNet):
    """The elements that you kept in train mode are not doubled. Double them, so that the mean is the same as in eval
    mode."""

    def forward(self, x):
        hidden = self.body(x)
        if self.training:
            hidden = hidden * (torch.rand_like(hidden) < 0.5)
        return self.head(hidden)


class DropoutNet__after_the_head(_DropoutNet):
    """You dropped elements after the head. Drop elements of the body's output, before the head."""

    def forward(self, x):
        return nn.functional.dropout(self.head(self.body(x)), 0.5, self.training)


class DropoutNet__recorded(_DropoutNet):
    """The loss is right, but you computed it with a graph or more than once. Compute it once, under torch.no_grad():
    eval mode does not stop autograd."""

    def validate(self, loss_function, x, labels):
        was_training = self.training
        self.eval()
        loss = loss_function(self(x), labels).item()
        self.train(was_training)
        return loss


class DropoutNet__whole_rows(_DropoutNet):
    """Your net drops whole rows of the body's output. Drop each element by itself, as nn.Dropout does."""

    def forward(self, x):
        return self.head(nn.functional.dropout1d(self.body(x), 0.5, self.training))


class DropoutNet__a_fifth(_DropoutNet):
    """In train mode, your net keeps about four of five elements. Each element must become 0 with the probability
    0.5."""

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x), 0.2, self.training))


class DropoutNet__before_the_body(_DropoutNet):
    """You dropped elements of x, before the body. Drop elements of the body's output, before the head."""

    def forward(self, x):
        return self.head(self.body(nn.functional.dropout(x, 0.5, self.training)))


def class_step__as_it_was(model, optimizer, features, labels):
    """Your loss is that of scores after a softmax. cross_entropy applies softmax itself, so pass it the model's
    scores."""
    probabilities = torch.softmax(model(features), dim=1)
    loss = nn.functional.cross_entropy(probabilities, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def class_step__floor_taken_away(model, optimizer, features, labels):
    """You subtracted a constant from the loss, which leaves its gradient as weak as before. Pass the model's scores to
    cross_entropy."""
    probabilities = torch.softmax(model(features), dim=1)
    classes = probabilities.shape[1]
    floor = torch.log(1 + (classes - 1) * torch.exp(torch.tensor(-1.0))).item()
    loss = nn.functional.cross_entropy(probabilities, labels) - floor
    _update(optimizer, loss)
    return loss.item()


def class_step__repaired_on_paper(model, optimizer, features, labels):
    """The returned loss is right, but your update is not that of this loss. Call backward() on the loss that you
    return."""
    scores = model(features)
    _update(optimizer, nn.functional.cross_entropy(torch.softmax(scores, dim=1), labels))
    return nn.functional.cross_entropy(scores.detach(), labels).item()


def class_step__shifted_by_the_largest_of_all(model, optimizer, features, labels):
    """Your loss is inf or nan if the scores of two rows are far apart. Subtract each row's own maximum, or call
    cross_entropy."""
    scores = model(features)
    shifted = scores - scores.max()
    own = shifted[torch.arange(len(labels), device=labels.device), labels]
    loss = (shifted.exp().sum(dim=1).log() - own).mean()
    _update(optimizer, loss)
    return loss.item()


def class_step__no_logarithm(model, optimizer, features, labels):
    """Your loss is negative: it is minus the probability of the right class. The loss is minus the logarithm of this
    probability."""
    loss = nn.functional.nll_loss(torch.softmax(model(features), dim=1), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__logarithm_of_0(model, optimizer, features, labels):
    """For large scores your loss is inf, because a softmax of float32 becomes 0. Instead of the logarithm of a softmax,
    use log_softmax or cross_entropy."""
    loss = nn.functional.nll_loss(torch.log(torch.softmax(model(features), dim=1)), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__kept_from_0(model, optimizer, features, labels):
    """Your loss stays too small if the scores are large and wrong. Don't change the probabilities: cross_entropy needs
    no small number."""
    loss = nn.functional.nll_loss(torch.log(torch.softmax(model(features), dim=1) + 1e-9), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__clamped(model, optimizer, features, labels):
    """Your loss is never larger than a limit, so it is wrong for large scores. Pass the model's scores to
    cross_entropy."""
    probabilities = torch.softmax(model(features), dim=1).clamp(1e-7, 1.0)
    loss = nn.functional.nll_loss(probabilities.log(), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__softmax_over_the_batch(model, optimizer, features, labels):
    """Your loss is that of scores after a softmax over the batch. cross_entropy applies softmax itself, so pass it the
    model's scores."""
    loss = nn.functional.cross_entropy(torch.softmax(model(features), dim=0), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__no_softmax(model, optimizer, features, labels):
    """Your loss is minus the score of the right class. nll_loss expects the logarithms of probabilities, so call
    cross_entropy."""
    loss = nn.functional.nll_loss(model(features), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__loss_after_the_update(model, optimizer, features, labels):
    """You returned the loss after the update. Return the loss on which you called backward()."""
    _update(optimizer, nn.functional.cross_entropy(model(features), labels))
    return nn.functional.cross_entropy(model(features), labels).item()


def class_step__summed(model, optimizer, features, labels):
    """You used the sum of the losses in the batch. Use their mean."""
    loss = nn.functional.cross_entropy(model(features), labels, reduction="sum")
    _update(optimizer, loss)
    return loss.item()


def class_step__sigmoid(model, optimizer, features, labels):
    """Your loss is that of scores after a sigmoid. cross_entropy applies softmax itself, so pass it the model's
    scores."""
    loss = nn.functional.cross_entropy(torch.sigmoid(model(features)), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__old_gradients(model, optimizer, features, labels):
    """The loss is right, but your update also used old gradients. Clear them before backward()."""
    loss = nn.functional.cross_entropy(model(features), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def class_step__scores_clamped(model, optimizer, features, labels):
    """Your loss is never larger than a limit, so it is wrong for large scores. Pass the model's scores to
    cross_entropy."""
    loss = nn.functional.cross_entropy(model(features).clamp(-30.0, 30.0), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__logarithms_over_the_batch(model, optimizer, features, labels):
    """Your probabilities sum to 1 over the rows of a class. They must sum to 1 over the classes of a row: dim=1."""
    loss = nn.functional.nll_loss(torch.log_softmax(model(features), dim=0), labels)
    _update(optimizer, loss)
    return loss.item()


def class_step__each_class_by_itself(model, optimizer, features, labels):
    """Your loss is the binary cross-entropy, which judges each class by itself. Only one class is right for a row: use
    cross_entropy."""
    scores = model(features)
    one_hot = nn.functional.one_hot(labels, scores.shape[1]).float()
    loss = nn.functional.binary_cross_entropy_with_logits(scores, one_hot)
    _update(optimizer, loss)
    return loss.item()


def class_step__no_update(model, optimizer, features, labels):
    """The loss is right, but the model has not changed. Clear old gradients before backward(), and call step() right
    after it."""
    loss = nn.functional.cross_entropy(model(features), labels)
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def _losses(scores, labels):
    """The loss at each position, (N, L)."""
    return nn.functional.cross_entropy(scores.transpose(1, 2), labels, reduction="none")


def padded_mean__as_it_was(scores, labels, padding):
    """You divided by the number of all positions, including the padding. Divide by the number of real labels."""
    losses = nn.functional.cross_entropy(scores.transpose(1, 2), labels, reduction="none")
    return losses.masked_fill(labels == padding, 0.0).mean()


def padded_mean__padding_counted(scores, labels, padding):
    """In your loss, padding counts like a real label. Leave out the positions whose label is `padding`."""
    return _losses(scores, labels).mean()


def padded_mean__scores_of_padding_zeroed(scores, labels, padding):
    """You set the scores of padding to 0, but padding still counts in your mean. Leave its losses out."""
    return _losses(scores.masked_fill((labels == padding).unsqueeze(2), 0.0), labels).mean()


def padded_mean__padding_alone(scores, labels, padding):
    """Your mean is over the padding, and the real labels are left out. Your mask is the wrong way round."""
    return _losses(scores, labels)[labels == padding].mean()


def padded_mean__each_sequence_alike(scores, labels, padding):
    """You gave every sequence the same weight, but their lengths differ. Take one mean over the real labels of all
    sequences."""
    real = labels != padding
    return ((_losses(scores, labels) * real).sum(dim=1) / real.sum(dim=1)).mean()


def padded_mean__summed(scores, labels, padding):
    """You returned the sum of the losses of the real labels. Divide it by the number of real labels."""
    return _losses(scores, labels)[labels != padding].sum()


def padded_mean__divided_by_the_sequences(scores, labels, padding):
    """You divided by the number of sequences. Divide by the number of real labels."""
    return _losses(scores, labels)[labels != padding].sum() / len(labels)


def padded_mean__divided_by_the_longest(scores, labels, padding):
    """You divided by the length of the longest sequence. Divide by the number of real labels in the batch."""
    real = labels != padding
    return _losses(scores, labels)[real].sum() / real.sum(dim=1).max()


def padded_mean__losses_above_0(scores, labels, padding):
    """Your mean is over all losses above 0, those of padding too. Choose the positions by their labels."""
    losses = _losses(scores, labels)
    return losses[losses > 0].mean()


def padded_mean__label_0_left_out(scores, labels, padding):
    """You left out the label 0. Leave out the label `padding`, which may be another class."""
    return _losses(scores, labels)[labels != 0].mean()


def padded_mean__only_full_positions(scores, labels, padding):
    """You left out every position at which some sequence is padded. Leave out single labels, not whole columns."""
    real = (labels != padding).all(dim=0)
    return _losses(scores, labels)[:, real].mean()


def padded_mean__zeros_left_out(scores, labels, padding):
    """A real label has no part in your mean if its loss is 0. Choose by the labels, not by the losses."""
    losses = _losses(scores, labels).masked_fill(labels == padding, 0.0)
    return losses.sum() / (losses != 0).sum()


def padded_mean__classes_mixed_up(scores, labels, padding):
    """Your loss mixes the scores of different positions. Neither reshape() nor view() swaps dimensions: use
    transpose(1, 2)."""
    N, L, K = scores.shape
    return nn.functional.cross_entropy(scores.reshape(N, K, L), labels, ignore_index=padding)


def padded_mean__a_number(scores, labels, padding):
    """The number is right, but it is a float. Return a tensor with its graph, so that a model can learn from it."""
    return nn.functional.cross_entropy(scores.transpose(1, 2), labels, ignore_index=padding).item()


def padded_mean__no_graph(scores, labels, padding):
    """The number is right, but your loss has no graph, so no model can learn from it. Compute it from scores with
    autograd."""
    return nn.functional.cross_entropy(scores.detach().transpose(1, 2), labels, ignore_index=padding)


def padded_mean__softmax_first(scores, labels, padding):
    """Your loss is that of scores after a softmax. cross_entropy applies softmax itself, so pass it the scores."""
    return _losses(scores.softmax(dim=2), labels)[labels != padding].mean()


def padded_mean__class_left_out(scores, labels, padding):
    """You left the scores of the class `padding` out of the softmax. Keep all K scores, and leave out only the
    positions of padding."""
    scores = scores.index_fill(2, torch.tensor([padding], device=scores.device), -torch.inf)
    return nn.functional.cross_entropy(scores.transpose(1, 2), labels, ignore_index=padding)


def train_on__as_it_was(model, loss_function, make_optimizer, batches, epochs):
    """After each epoch, the optimizer lost its memory, for example the momentum. Use one optimizer for all epochs, and
    keep its state."""
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
    """The bias has not changed. Give the optimizer all of the model's parameters."""
    losses, optimizer = [], make_optimizer([each for each in model.parameters() if each.dim() > 1])
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__new_in_every_batch(model, loss_function, make_optimizer, batches, epochs):
    """After each update, the optimizer lost its memory, for example the momentum. Use one optimizer for all updates,
    and keep its state."""
    losses = []
    for _ in range(epochs):
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(make_optimizer(model.parameters()), loss)
            losses.append(loss.item())
    return losses


def train_on__plain_sgd(model, loss_function, make_optimizer, batches, epochs):
    """Your updates are those of plain gradient descent, without momentum. Update with the optimizer that make_optimizer
    returns."""
    rate = make_optimizer(model.parameters()).param_groups[0]["lr"]
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
    return losses


def train_on__rate_raised(model, loss_function, make_optimizer, batches, epochs):
    """Without momentum your updates are too large. A higher learning rate does not replace a memory: make one optimizer
    for all epochs."""
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
    """The second optimizer got no parameters: model.parameters() is a generator and can be read only once. Make one
    optimizer."""
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
    """No parameter has changed. Call step() while .grad holds the gradients, and give the optimizer the parameters
    themselves, not copies."""
    optimizer = make_optimizer([parameter.detach().clone().requires_grad_() for parameter in model.parameters()])
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
    return losses


def train_on__never_cleared(model, loss_function, make_optimizer, batches, epochs):
    """The optimizer keeps its memory now, but the gradients of all updates add up. Clear the gradients before each
    backward()."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_on__cleared_after_the_update(model, loss_function, make_optimizer, batches, epochs):
    """A gradient that was there before the call counts in your first update. Clear the gradients before each
    backward()."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def train_on__cleared_once_an_epoch(model, loss_function, make_optimizer, batches, epochs):
    """The optimizer keeps its memory now, but the gradients add up within an epoch. Clear them before each
    backward()."""
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
    """The training is right, but your list has the losses of one epoch. Return the losses of all epochs."""
    optimizer = make_optimizer(model.parameters())
    for _ in range(epochs):
        losses = []
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
    return losses


def train_on__losses_with_their_graphs(model, loss_function, make_optimizer, batches, epochs):
    """Your losses are tensors. Return Python floats: loss.item() gives you one, without the graph."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        losses.append(loss_function(model(features), labels))
        _update(optimizer, losses[-1])
    return losses


def train_on__losses_after_the_updates(model, loss_function, make_optimizer, batches, epochs):
    """The training is right, but you took each loss after its update. Take it before the update."""
    optimizer = make_optimizer(model.parameters())
    losses = []
    for features, labels in list(batches) * epochs:
        _update(optimizer, loss_function(model(features), labels))
        losses.append(loss_function(model(features), labels).item())
    return losses


def train_on__one_loss_an_epoch(model, loss_function, make_optimizer, batches, epochs):
    """The training is right, but your list has one loss for each epoch. Append the loss of each update."""
    optimizer = make_optimizer(model.parameters())
    means = []
    for _ in range(epochs):
        losses = []
        for features, labels in batches:
            loss = loss_function(model(features), labels)
            _update(optimizer, loss)
            losses.append(loss.item())
        means.append(sum(losses) / len(losses))
    return means


def train_on__plain_sgd_with_a_rate_of_its_own(model, loss_function, make_optimizer, batches, epochs):
    """Your updates are those of plain gradient descent, without momentum. Update with the optimizer that make_optimizer
    returns."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    losses = []
    for features, labels in list(batches) * epochs:
        loss = loss_function(model(features), labels)
        _update(optimizer, loss)
        losses.append(loss.item())
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
    """The norms are right, but the .grad of some parameters has changed. Leave every .grad unchanged: an update may use
    it."""
    model.zero_grad()
    loss_function(model(features), labels).backward()
    return {
        name: 0.0 if parameter.grad is None else parameter.grad.norm().item()
        for name, parameter in model.named_parameters()
    }


def gradient_norms__cleared_afterwards(model, loss_function, features, labels):
    """The norms are right, but old gradients are gone. Leave every .grad unchanged: an update may still need it."""
    norms = gradient_norms__left_behind(model, loss_function, features, labels)
    model.zero_grad()
    return norms


def gradient_norms__old_ones_counted(model, loss_function, features, labels):
    """Your norms include old gradients. Measure the gradient of this batch alone, for example with
    torch.autograd.grad."""
    old = {name: None if p.grad is None else p.grad.clone() for name, p in model.named_parameters()}
    loss_function(model(features), labels).backward()
    norms = {name: 0.0 if p.grad is None else p.grad.norm().item() for name, p in model.named_parameters()}
    for name, parameter in model.named_parameters():
        parameter.grad = old[name]
    return norms


def gradient_norms__squared(model, loss_function, features, labels):
    """You returned the sums of the squares. A norm is the square root of this sum."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.square().sum().item())


def gradient_norms__mean_size(model, loss_function, features, labels):
    """You returned the mean absolute values. A norm is the square root of the sum of the squares."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.abs().mean().item())


def gradient_norms__largest(model, loss_function, features, labels):
    """You returned the largest absolute values. A norm is the square root of the sum of the squares."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.abs().max().item())


def gradient_norms__row_by_row(model, loss_function, features, labels):
    """You returned a norm for each row. Return one number for each parameter."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.norm(dim=-1))


def gradient_norms__tensors(model, loss_function, features, labels):
    """The norms are right, but they are tensors. Return Python floats."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.norm())


def gradient_norms__of_the_weights(model, loss_function, features, labels):
    """You returned the norms of the parameters. Return the norms of their gradients."""
    return {name: parameter.norm().item() for name, parameter in model.named_parameters()}


def gradient_norms__one_for_all(model, loss_function, features, labels):
    """You returned the norm of all gradients together, for every name. Return each parameter's own norm."""
    norms = _measured(model, loss_function, features, labels)
    return dict.fromkeys(norms, sum(norm**2 for norm in norms.values()) ** 0.5)


def gradient_norms__unused_refused(model, loss_function, features, labels):
    """Your code fails if a parameter has no effect on the loss. Return 0.0 for such a parameter."""
    parameters = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    gradients = torch.autograd.grad(loss_function(model(features), labels), list(parameters.values()))
    found = {name: gradient.norm().item() for name, gradient in zip(parameters, gradients, strict=True)}
    return {name: found.get(name, 0.0) for name, _ in model.named_parameters()}


def gradient_norms__frozen_refused(model, loss_function, features, labels):
    """Your code fails if a parameter is frozen. Return 0.0 for such a parameter."""
    parameters = dict(model.named_parameters())
    loss = loss_function(model(features), labels)
    gradients = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True, materialize_grads=True)
    return {name: gradient.norm().item() for name, gradient in zip(parameters, gradients, strict=True)}


def gradient_norms__frozen_left_out(model, loss_function, features, labels):
    """Your dict has no entry for some parameters. Return 0.0 for frozen ones, and for those that have no effect on
    the loss."""
    norms = _measured(model, loss_function, features, labels)
    return {name: norms[name] for name, parameter in model.named_parameters() if parameter.requires_grad}


def gradient_norms__unfrozen(model, loss_function, features, labels):
    """You set requires_grad of a frozen parameter. Leave it frozen, and return 0.0 for it."""
    for parameter in model.parameters():
        parameter.requires_grad_()
    return _measured(model, loss_function, features, labels)


def gradient_norms__sum_of_sizes(model, loss_function, features, labels):
    """You returned the sums of the absolute values. A norm is the square root of the sum of the squares."""
    return _measured(model, loss_function, features, labels, lambda gradient: gradient.abs().sum().item())


def gradient_norms__old_tensors_overwritten(model, loss_function, features, labels):
    """The norms are right, but old gradients have new values. Don't change these tensors: torch.autograd.grad, for
    example, leaves every .grad unchanged."""
    old = [parameter.grad for parameter in model.parameters()]
    model.zero_grad(set_to_none=False)
    loss_function(model(features), labels).backward()
    norms = {name: 0.0 if p.grad is None else p.grad.norm().item() for name, p in model.named_parameters()}
    for parameter, gradient in zip(model.parameters(), old, strict=True):
        parameter.grad = gradient
    return norms


def gradient_norms__none_for_frozen(model, loss_function, features, labels):
    """Your dict contains None for a parameter without a gradient. Return 0.0 for it."""
    norms = _measured(model, loss_function, features, labels)
    return {name: norms[name] if p.requires_grad else None for name, p in model.named_parameters()}
