"""Wrong answers to katas/lesson_4_training_loop/kata_05_evaluating.py, each with the sentence that corrects it."""

import copy
import math

import torch


def accuracy__values_for_classes(logits, labels):
    """Logits were compared with labels: a label is a place in the row, so the place of the largest counts."""
    return (logits.max(dim=1).values == labels).float().mean().item()


def accuracy__sigmoid_first(logits, labels):
    """Large logits all became 1, and the first of equals was taken: compare the logits, which no sigmoid flattens."""
    return (logits.sigmoid().argmax(dim=1) == labels).double().mean().item()


def accuracy__one_place_for_all(logits, labels):
    """One place in the whole table was compared with every label: each row has a largest logit of its own."""
    return (logits.argmax() == labels).float().mean().item()


def accuracy__largest_of_each_column(logits, labels):
    """The largest was looked for in each column, so you have K places: the classes lie along the other dimension."""
    return (logits.argmax(dim=0) == labels).float().mean().item()


def accuracy__count(logits, labels):
    """This is how many are right: for the fraction, it is still to be divided by the number of samples."""
    return float((logits.argmax(dim=1) == labels).sum())


def accuracy__percent(logits, labels):
    """The answers were counted out of a hundred: a fraction goes from 0.0 to 1.0."""
    return 100 * (logits.argmax(dim=1) == labels).float().mean().item()


def accuracy__error_rate(logits, labels):
    """This is the fraction of the wrong answers: a perfect model must get 1.0, not 0.0."""
    return (logits.argmax(dim=1) != labels).float().mean().item()


def accuracy__divided_by_all_logits(logits, labels):
    """The count was divided by N times K: a sample has K logits, but only one answer."""
    return (logits.argmax(dim=1) == labels).sum().item() / max(logits.numel(), 1)


def accuracy__all_or_nothing(logits, labels):
    """One wrong answer made the whole result 0.0: every sample is to be compared by itself."""
    return float(torch.equal(logits.argmax(dim=1), labels))


def accuracy__tensor(logits, labels):
    """The number is right, but it is still in a tensor: a plain float is asked for."""
    return (logits.argmax(dim=1) == labels).float().mean()


def accuracy__half_for_a_cut(logits, labels):
    """A logit is no probability, and the largest of a row may well be below zero: only the order in the row counts."""
    return ((logits > 0.5).float().argmax(dim=1) == labels).float().mean().item()


def accuracy__equals_all_right(logits, labels):
    """A model that gives every class the same logit got 1.0: of equal logits only the first is the model's answer."""
    own = logits.gather(1, labels[:, None])[:, 0]
    return (own == logits.amax(dim=1)).float().mean().item()


def accuracy__mean_of_bools(logits, labels):
    """PyTorch refuses the mean of True and False: a mask must be brought to a dtype of numbers with a point first."""
    return (logits.argmax(dim=1) == labels).mean().item()


def accuracy__fails_without_samples(logits, labels):
    """Without samples you divided by 0, which is an error in Python, while nan is asked for."""
    return (logits.argmax(dim=1) == labels).sum().item() / len(labels)


def accuracy__0_without_samples(logits, labels):
    """Without samples you say 0.0, as if all had been wrong: nothing was measured, and nan says so."""
    return (logits.argmax(dim=1) == labels).sum().item() / max(len(labels), 1)


def binary_accuracy__half_of_a_logit(outputs, labels):
    """The logits were cut at 0.5, where the probability is 0.62 already: a probability of 0.5 is the logit 0."""
    return ((outputs.reshape(-1) > 0.5) == labels).float().mean().item()


def binary_accuracy__every_answer_against_every_label(outputs, labels):
    """(N, 1) against (N,) makes (N, N): every answer was compared with every label. Give both one shape first."""
    return ((outputs > 0) == labels).float().mean().item()


def binary_accuracy__more_right_than_samples(outputs, labels):
    """An accuracy above 1: (N, 1) against (N,) makes N times N comparisons, and you divided by N."""
    return ((outputs > 0) == labels).sum().item() / len(labels)


def binary_accuracy__largest_of_one(outputs, labels):
    """Class 0 came out for every sample: in a row of one output, the largest always stands at place 0."""
    return (outputs.reshape(-1, 1).argmax(dim=1) == labels).float().mean().item()


def binary_accuracy__probability_above_0(outputs, labels):
    """Class 1 came out for every sample: a probability is always above 0, so the cut is to be at 0.5."""
    return ((outputs.reshape(-1).sigmoid() > 0) == labels).float().mean().item()


def binary_accuracy__rounded_logits(outputs, labels):
    """A logit of 3 was taken for neither class: rounding gives a class only where numbers go from 0 to 1."""
    return (outputs.reshape(-1).round() == labels).float().mean().item()


def binary_accuracy__two_dimensions_only(outputs, labels):
    """An output may come as (N,) too: a second dimension is not always there."""
    return ((outputs[:, 0] > 0) == labels).float().mean().item()


def binary_accuracy__0_for_class_1(outputs, labels):
    """A logit of exactly 0 was taken for class 1: there the probability is 0.5, which is not above 0.5."""
    return ((outputs.reshape(-1) >= 0) == labels).float().mean().item()


def binary_accuracy__classes_swapped(outputs, labels):
    """The classes are swapped: a large logit says class 1, and not class 0."""
    return ((outputs.reshape(-1) < 0) == labels).float().mean().item()


def binary_accuracy__tensor(outputs, labels):
    """The number is right, but it is still in a tensor: a plain float is asked for."""
    return ((outputs.reshape(-1) > 0) == labels).float().mean()


def _sums(model, loss_function, batches):
    loss, right, samples = 0.0, 0, 0
    for features, labels in batches:
        logits = model(features)
        loss += loss_function(logits, labels).item() * len(labels)
        right += (logits.argmax(dim=1) == labels).sum().item()
        samples += len(labels)
    return loss / samples, right / samples


def _means(model, loss_function, batches):
    losses, accuracies, sizes = [], [], []
    for features, labels in batches:
        logits = model(features)
        losses.append(loss_function(logits, labels).item())
        accuracies.append((logits.argmax(dim=1) == labels).float().mean().item())
        sizes.append(len(labels))
    return losses, accuracies, sizes


def _careful(model, batches, measure):
    """What `measure` finds, with the model in eval mode and everything put back."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng():
            return measure(batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__mean_of_means(model, loss_function, batches):
    """The mean of the batches' means lets a sample of a short last batch count for more than the others."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) / len(sizes), sum(accuracies) / len(sizes)

    return _careful(model, batches, measure)


def evaluate_model__means_divided_by_samples(model, loss_function, batches):
    """The loss is too small: each batch gave its mean, which is to be multiplied with its size before it is added."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) / sum(sizes), sum(a * n for a, n in zip(accuracies, sizes, strict=True)) / sum(sizes)

    return _careful(model, batches, measure)


def evaluate_model__first_size_for_all(model, loss_function, batches):
    """Every batch was taken to be as large as the first: the last one is often shorter, so ask each for its size."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) * sizes[0] / sum(sizes), sum(accuracies) * sizes[0] / sum(sizes)

    return _careful(model, batches, measure)


def evaluate_model__last_batch_only(model, loss_function, batches):
    """These are the numbers of the last batch alone: they must be added up from batch to batch."""

    def measure(batches):
        losses, accuracies, _ = _means(model, loss_function, batches)
        return losses[-1], accuracies[-1]

    return _careful(model, batches, measure)


def evaluate_model__sums(model, loss_function, batches):
    """These are sums over the samples: divide both by how many samples there were."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return tuple(float(sum(a * n for a, n in zip(each, sizes, strict=True))) for each in (losses, accuracies))

    return _careful(model, batches, measure)


def evaluate_model__cross_entropy_always(model, loss_function, batches):
    """Another loss function was given, and the loss is not its: use the one that is passed in."""
    return _careful(model, batches, lambda batches: _sums(model, torch.nn.functional.cross_entropy, batches))


def evaluate_model__in_training(model, loss_function, batches):
    """The model answered in training, with dropout on: switching off the recording does not change any mode."""
    with torch.no_grad(), torch.random.fork_rng():
        return _sums(model, loss_function, batches)


def evaluate_model__eval_not_called(model, loss_function, batches):
    """The model answered in training, and all of it is in training now: model.eval without brackets calls nothing."""
    with torch.no_grad(), torch.random.fork_rng():
        found = _sums(model, loss_function, batches)
    model.train()
    return found


def evaluate_model__flag_of_the_top_alone(model, loss_function, batches):
    """The parts of the model answered in training: setting the model's own flag does not reach what is in it."""
    before, model.training = model.training, False
    try:
        with torch.no_grad(), torch.random.fork_rng():
            return _sums(model, loss_function, batches)
    finally:
        model.training = before


def evaluate_model__left_in_eval(model, loss_function, batches):
    """A mode stays until it is changed: from here on the model would train without dropout, in eval."""
    model.eval()
    with torch.no_grad(), torch.random.fork_rng():
        return _sums(model, loss_function, batches)


def evaluate_model__all_in_training_afterwards(model, loss_function, batches):
    """Everything is in training afterwards, even what was in eval before: each module must get its own mode back."""
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng():
            return _sums(model, loss_function, batches)
    finally:
        model.train()


def evaluate_model__mode_of_the_top_for_all(model, loss_function, batches):
    """All modules got the mode of the model itself: a part may have been in another, so remember each one's."""
    before = model.training
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng():
            return _sums(model, loss_function, batches)
    finally:
        model.train(before)


def evaluate_model__model_itself_forgotten(model, loss_function, batches):
    """Some modules have their mode back, but not all: the model itself is one too, and parts have parts."""
    modes = {module: module.training for module in model.children()}
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng():
            return _sums(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__not_after_an_error(model, loss_function, batches):
    """When the model raises an error, the lines behind the loop are never reached, and it stays in eval mode."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    with torch.no_grad(), torch.random.fork_rng():
        found = _sums(model, loss_function, batches)
    for module, training in modes.items():
        module.training = training
    return found


def evaluate_model__recorded(model, loss_function, batches):
    """The numbers are right, but autograd recorded for each batch: eval mode does not switch that off."""

    def measure(batches):
        with torch.enable_grad():
            return _sums(model, loss_function, batches)

    return _careful(model, batches, measure)


def evaluate_model__recording_left_off(model, loss_function, batches):
    """Nothing is recorded any more, not even in training: the switch must go back to where it was."""
    found = _careful(model, batches, lambda batches: _sums(model, loss_function, batches))
    torch.set_grad_enabled(False)
    return found


def evaluate_model__loss_a_tensor(model, loss_function, batches):
    """The loss is a tensor, and where autograd records, it drags the graphs of all batches along: take its number."""

    def measure(batches):
        loss, right, samples = 0.0, 0, 0
        for features, labels in batches:
            logits = model(features)
            loss = loss + loss_function(logits, labels) * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            samples += len(labels)
        return loss / samples, right / samples

    return _careful(model, batches, measure)


def evaluate_model__random_numbers_used_up(model, loss_function, batches):
    """Going through a loader drew from the global generator, so training would go on with other random numbers."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__random_state_put_back_too_soon(model, loss_function, batches):
    """Random numbers were drawn after the state was put back: a loader that shuffles draws again at its first batch,
    and a model may draw whenever it answers."""
    state = torch.get_rng_state()
    batches = iter(batches)
    torch.set_rng_state(state)
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__draws_of_the_model_kept(model, loss_function, batches):
    """What the loader drew was put back, but not what the model drew: it may use chance in eval, too."""
    with torch.random.fork_rng():
        batches = list(batches)
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__random_state_not_after_an_error(model, loss_function, batches):
    """When the model raises an error, the random state is not put back: that must happen whatever comes."""
    modes = {module: module.training for module in model.modules()}
    state = torch.get_rng_state()
    model.eval()
    try:
        with torch.no_grad():
            found = _sums(model, loss_function, batches)
        torch.set_rng_state(state)
        return found
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__gradients_cleared(model, loss_function, batches):
    """The gradients were cleared, though evaluation makes none: someone may still want those that were there."""
    model.zero_grad()
    return _careful(model, batches, lambda batches: _sums(model, loss_function, batches))


def evaluate_model__parameters_frozen(model, loss_function, batches):
    """Weights no longer require a gradient: whether autograd records is one switch, requires_grad is another."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return _careful(model, batches, lambda batches: _sums(model, loss_function, batches))


def evaluate_model__batches_gone_through_twice(model, loss_function, batches):
    """The batches were used up by a first pass, and nothing was left for the model: one pass must do for all."""
    samples = sum(len(labels) for _, labels in batches)
    loss, right = 0.0, 0

    def measure(batches):
        nonlocal loss, right
        for features, labels in batches:
            logits = model(features)
            loss += loss_function(logits, labels).item() * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
        return loss / samples, right / samples

    return _careful(model, batches, measure)


def confusion_matrix__rows_and_columns_swapped(predicted, labels, classes):
    """Rows and columns are swapped: what a sample is names the row, and what the model says the column."""
    return torch.bincount(predicted * classes + labels, minlength=classes**2).reshape(classes, classes)


def confusion_matrix__once_for_each_pair(predicted, labels, classes):
    """No pair was counted more than once: adding 1 at repeated places writes the same sum again, as in NumPy."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    matrix[labels, predicted] += 1
    return matrix


def confusion_matrix__no_room_for_the_absent(predicted, labels, classes):
    """Counting ended at the largest pair that occurs: there must be room for pairs that do not."""
    return torch.bincount(labels * classes + predicted).reshape(classes, classes)


def confusion_matrix__as_many_classes_as_occur(predicted, labels, classes):
    """The table is as large as the largest class that occurs asks for: classes says how large it is to be."""
    size = int(torch.cat([labels, predicted]).max()) + 1 if len(labels) else 0
    return torch.bincount(labels * size + predicted, minlength=size * size).reshape(size, size)


def confusion_matrix__float(predicted, labels, classes):
    """The counts are right, but they came in a float dtype: counts are whole numbers."""
    matrix = torch.zeros(classes, classes, device=labels.device)
    return matrix.index_put_((labels, predicted), torch.ones(len(labels), device=labels.device), accumulate=True)


def confusion_matrix__right_ones_only(predicted, labels, classes):
    """Only right answers were counted: which classes are taken for each other is what the table is for."""
    return torch.diag(torch.bincount(labels[predicted == labels], minlength=classes))


def confusion_matrix__wrong_ones_only(predicted, labels, classes):
    """Only wrong answers were counted: right ones belong in the table too, on its diagonal."""
    counts = torch.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)
    return counts - torch.diag(counts.diagonal())


def confusion_matrix__flat(predicted, labels, classes):
    """The counts are all there, but in one long row: the table is still to be made of them."""
    return torch.bincount(labels * classes + predicted, minlength=classes**2)


def confusion_matrix__sample_by_sample(predicted, labels, classes):
    """The counts are right, but a loop made them one by one: the whole table can be counted at once."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    for said, label in zip(predicted, labels, strict=True):
        matrix[label, said] += 1
    return matrix


def class_recalls__precision(matrix):
    """You divided by how often a class was predicted, which gives the precision: recall asks how many there are."""
    return matrix.diagonal() / matrix.sum(dim=0)


def class_recalls__share_of_all_samples(matrix):
    """You divided by all the samples: each class is to be measured by its own samples alone."""
    return matrix.diagonal() / matrix.sum()


def class_recalls__whole_table(matrix):
    """The rows have become fractions, but a whole table came out: what was found is its diagonal alone."""
    return matrix / matrix.sum(dim=1, keepdim=True)


def class_recalls__counts(matrix):
    """This is how many were found of each class: it is still to be divided by how many there are."""
    return matrix.diagonal().float()


def class_recalls__missed(matrix):
    """This is the fraction that was missed: the diagonal holds those that were found."""
    return 1 - matrix.diagonal() / matrix.sum(dim=1)


def class_recalls__found_to_missed(matrix):
    """Those found were divided by those missed: they belong to the class too, and so to what you divide by."""
    found = matrix.diagonal()
    return found / (matrix.sum(dim=1) - found)


def class_recalls__0_without_samples(matrix):
    """A class without samples got 0, as if it had been looked for and never found: nan says that nobody knows."""
    return matrix.diagonal() / matrix.sum(dim=1).clamp(min=1)


def class_recalls__1_without_samples(matrix):
    """A class without samples got 1, as if all of it had been found: nan says that nobody knows."""
    return (matrix.diagonal() / matrix.sum(dim=1)).nan_to_num(1.0)


def class_recalls__left_out(matrix):
    """The class without samples is left out, so the places no longer tell the class: it must keep its place."""
    found, there = matrix.diagonal(), matrix.sum(dim=1)
    return found[there > 0] / there[there > 0]


def class_recalls__divided_in_whole(matrix):
    """The division kept whole numbers alone, and fails where there are no samples: a fraction is asked for, or nan."""
    return matrix.diagonal() // matrix.sum(dim=1)


def class_recalls__whole_numbers(matrix):
    """The fractions were cut off to whole numbers: divide so that what is behind the point stays."""
    return (matrix.diagonal() / matrix.sum(dim=1).clamp(min=1)).long()


class _Stopping:
    """What is right about them all: mistakes change a method or two."""

    start = math.inf

    def __init__(self, patience):
        self.patience = patience
        self.best_loss = self.start
        self.best_state = None
        self.waited = 0

    def better(self, loss):
        return loss < self.best_loss

    def keep(self, model):
        return copy.deepcopy(model.state_dict())

    def update(self, model, validation_loss):
        validation_loss = float(validation_loss)
        self.waited += 1
        if self.better(validation_loss):
            self.best_loss = validation_loss
            self.best_state = self.keep(model)
            self.waited = 0
        return self.stop()

    def stop(self):
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.best_state)


class EarlyStopping__state_follows_training(_Stopping):
    """The last weights came back: state_dict gives the model's own tensors, which training goes on to change."""

    def keep(self, model):
        return model.state_dict()


class EarlyStopping__last_always_kept(_Stopping):
    """The weights of the last update came back: they are to be kept only where the loss is the lowest so far."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        self.best_state = self.keep(model)
        return stop


class EarlyStopping__only_first_kept(_Stopping):
    """The first weights came back: at every lower loss, what was kept is to be replaced by the new ones."""

    def keep(self, model):
        return self.best_state or super().keep(model)


class EarlyStopping__starts_at_nan(_Stopping):
    """Nothing is ever below nan, so no loss was the best: begin with a number that every loss is below."""

    start = math.nan


class EarlyStopping__starts_at_0(_Stopping):
    """A loss is hardly ever below 0, so none was the best: begin with a number that every loss is below."""

    start = 0.0


class EarlyStopping__starts_at_a_large_number(_Stopping):
    """A loss may be above any large number that you think of: there is one that every loss is below."""

    start = 1e6


class EarlyStopping__higher_is_better(_Stopping):
    """A higher loss was taken for a better one: that would be right for accuracy, but a loss is to fall."""

    start = -math.inf

    def better(self, loss):
        return loss > self.best_loss


class EarlyStopping__equal_is_better(_Stopping):
    """An equal loss was taken for progress: a loss that stays where it is would never stop the training."""

    def better(self, loss):
        return loss <= self.best_loss


class EarlyStopping__nan_is_better(_Stopping):
    """A loss of nan was not counted as a failure: every comparison with nan is False, so ask for lower, not for not
    higher."""

    def better(self, loss):
        return not loss >= self.best_loss


class EarlyStopping__measured_against_the_last(_Stopping):
    """Each loss was compared with the one before: a loss that comes down from a peak is not yet the lowest."""

    def __init__(self, patience):
        super().__init__(patience)
        self.last_loss = math.inf

    def better(self, loss):
        better, self.last_loss = loss < self.last_loss, loss
        return better


class EarlyStopping__count_never_cleared(_Stopping):
    """All updates without progress were added up: only those in a row count, from the lowest loss on."""

    def __init__(self, patience):
        super().__init__(patience)
        self.failed = 0

    def update(self, model, validation_loss):
        before = self.best_loss
        super().update(model, validation_loss)
        self.failed += self.best_loss == before
        return self.failed >= self.patience


class EarlyStopping__one_too_late(_Stopping):
    """It stops one update too late: where as many have failed as patience says, it has run out."""

    def stop(self):
        return self.waited > self.patience


class EarlyStopping__one_too_soon(_Stopping):
    """It stops one update too soon: as many as patience says must fail, and one that lowers the loss has not failed."""

    def stop(self):
        return self.waited >= self.patience - 1


class EarlyStopping__at_once(_Stopping):
    """It stops at the first update that brings no progress: patience says how many of these are borne."""

    def stop(self):
        return self.waited > 0


class EarlyStopping__says_stop_once(_Stopping):
    """It says stop once, and then go on, though nothing got better: more failures than patience are enough too."""

    def stop(self):
        return self.waited == self.patience


class EarlyStopping__count_for_bool(_Stopping):
    """A number came out of update: whether to stop is True or False."""

    def stop(self):
        return self.waited


class EarlyStopping__tensor_kept(_Stopping):
    """best_loss became a tensor, with whatever graph hangs on it: a float is asked for."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        if isinstance(validation_loss, torch.Tensor) and self.waited == 0:
            self.best_loss = validation_loss
        return stop


class EarlyStopping__parameters_only(_Stopping):
    """The parameters came back, but the buffers did not: the running numbers of batch norm belong to the best too."""

    def keep(self, model):
        return {name: each.detach().clone() for name, each in model.named_parameters()}

    def restore(self, model):
        model.load_state_dict(self.best_state, strict=False)


class EarlyStopping__kept_copy_handed_over(_Stopping):
    """The model now works on the kept tensors themselves, so training changes them: restore must copy them over."""

    def restore(self, model):
        for name, each in [*model.named_parameters(), *model.named_buffers()]:
            each.data = self.best_state[name]


class EarlyStopping__parameters_replaced(_Stopping):
    """The model has new parameters, and an optimizer still holds the old ones: write into those that are there."""

    def restore(self, model):
        model.load_state_dict(copy.deepcopy(self.best_state), assign=True)


class EarlyStopping__restored_at_the_stop(_Stopping):
    """update changed the model: going back is what restore is for, and whoever trains says when."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        if stop and self.best_state is not None:
            self.restore(model)
        return stop


def _ranked(model, features, labels):
    with torch.no_grad():
        logits = model(features)
        surest, predicted = logits.softmax(dim=1).max(dim=1)
    return logits, surest, (predicted != labels).nonzero().flatten()


def misclassified__largest_logit_first(model, features, labels, most):
    """The samples stand in the order of their largest logits: how sure the model is shows in probabilities alone."""
    logits, _, wrong = _ranked(model, features, labels)
    return wrong[logits[wrong].max(dim=1).values.argsort(descending=True)[:most]] if len(wrong) else wrong


def misclassified__lead_of_the_largest_logit(model, features, labels, most):
    """The samples stand in the order of the largest logit's lead over the next: how sure the model is depends on all
    classes."""
    logits, _, wrong = _ranked(model, features, labels)
    ordered = logits[wrong].sort(dim=1, descending=True).values
    return wrong[(ordered[:, 0] - ordered[:, 1]).argsort(descending=True)[:most]]


def misclassified__least_sure_first(model, features, labels, most):
    """Those come first of which the model is least sure: it is asked for the other way round."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort()[:most]]


def misclassified__places_among_the_wrong(model, features, labels, most):
    """These are places among the wrong ones only: they must lead back to the places among all samples."""
    _, surest, wrong = _ranked(model, features, labels)
    return surest[wrong].argsort(descending=True)[:most]


def misclassified__right_ones(model, features, labels, most):
    """These samples were classified rightly: asked for are those where prediction and label differ."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    right = (predicted == labels).nonzero().flatten()
    return right[surest[right].argsort(descending=True)[:most]]


def misclassified__all_samples(model, features, labels, most):
    """Samples that the model gets right are among them: only the wrong ones are asked for."""
    _, surest, _ = _ranked(model, features, labels)
    return surest.argsort(descending=True)[:most]


def misclassified__in_the_order_they_came(model, features, labels, most):
    """They stand in the order in which they came: how sure the model is of each must put them in order."""
    return _ranked(model, features, labels)[2][:most]


def misclassified__cut_before_sorting(model, features, labels, most):
    """The first wrong ones were taken, and only then put in order: the surest may come later, so order them all."""
    _, surest, wrong = _ranked(model, features, labels)
    wrong = wrong[:most]
    return wrong[surest[wrong].argsort(descending=True)]


def misclassified__cut_before_the_wrong_are_picked(model, features, labels, most):
    """Too few came: the surest of all samples were taken first, and those that are right used up places."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    order = surest.argsort(descending=True)[:most]
    return order[(predicted != labels)[order]]


def misclassified__softmax_over_the_samples(model, features, labels, most):
    """The probabilities were shared out over the samples: they are to add up to 1 over the classes of each sample."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=0).max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def misclassified__column_for_places(model, features, labels, most):
    """Two dimensions too many: nonzero gives a table, a row for each place, and indexing with it added dimensions."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def misclassified__true_class_least_likely(model, features, labels, most):
    """This order goes by how unlikely the true class is: asked for is how sure the model is of its own answer."""
    logits, _, wrong = _ranked(model, features, labels)
    true = logits.softmax(dim=1)[wrong, labels[wrong]]
    return wrong[true.argsort()[:most]]


def misclassified__never_cut(model, features, labels, most):
    """There are more than asked for: `most` is how many come back at most."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)]


def misclassified__fails_where_fewer_are_wrong(model, features, labels, most):
    """Where fewer are wrong than `most`, an error came: topk wants as many as it is asked for, so ask for no more."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].topk(most).indices]


def misclassified__places_in_a_column(model, features, labels, most):
    """Each place came in a row of its own, (M, 1), which is how nonzero gives them: a flat row is asked for."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)[:most]].reshape(-1, 1)


def misclassified__list(model, features, labels, most):
    """The places are right, but they came in a list: a tensor is asked for, on the device of the samples."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)[:most]].tolist()


def misclassified__recorded(model, features, labels, most):
    """The places are right, but autograd recorded how the model answered: nobody goes back from here."""
    surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    return wrong[surest[wrong].argsort(descending=True)[:most]]
