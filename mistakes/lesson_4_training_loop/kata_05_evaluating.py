"""Wrong answers to katas/lesson_4_training_loop/kata_05_evaluating.py, each with the sentence that corrects it."""

import copy
import math

import torch


def accuracy__values_for_classes(logits, labels):
    """You compared the largest logits with the labels. Compare their positions in the row, which argmax returns."""
    return (logits.max(dim=1).values == labels).float().mean().item()


def accuracy__sigmoid_first(logits, labels):
    """Large logits became equal or nan before you compared them. Compare the logits themselves."""
    return (logits.sigmoid().argmax(dim=1) == labels).double().mean().item()


def accuracy__one_place_for_all(logits, labels):
    """Your accuracy uses one position for all samples. Find the largest logit of each row, with dim=1."""
    return (logits.argmax() == labels).float().mean().item()


def accuracy__largest_of_each_column(logits, labels):
    """You looked for the largest logit of each column. A sample is a row, so use the other dimension."""
    return (logits.argmax(dim=0) == labels).float().mean().item()


def accuracy__count(logits, labels):
    """You returned the number of right predictions. Divide it by the number of samples."""
    return float((logits.argmax(dim=1) == labels).sum())


def accuracy__count_as_an_int(logits, labels):
    """You returned the number of right predictions. Divide it by the number of samples."""
    return (logits.argmax(dim=1) == labels).sum().item()


def accuracy__percent(logits, labels):
    """Your result is 100 times too large. Return a fraction from 0.0 to 1.0."""
    return 100 * (logits.argmax(dim=1) == labels).float().mean().item()


def accuracy__error_rate(logits, labels):
    """You returned the fraction of wrong predictions. A perfect model must get 1.0."""
    return (logits.argmax(dim=1) != labels).float().mean().item()


def accuracy__divided_by_all_logits(logits, labels):
    """You divided by the number of logits. Divide by the number of samples, N."""
    return (logits.argmax(dim=1) == labels).sum().item() / max(logits.numel(), 1)


def accuracy__all_or_nothing(logits, labels):
    """Your result is 0.0 as soon as one prediction is wrong. Compare each sample with its own label."""
    return float(torch.equal(logits.argmax(dim=1), labels))


def accuracy__tensor(logits, labels):
    """Your result is a tensor. Return a float: item() gives you one."""
    return (logits.argmax(dim=1) == labels).float().mean()


def accuracy__half_for_a_cut(logits, labels):
    """You compared logits with 0.5, but they can have any size and sign. Only their order within a row matters."""
    return ((logits > 0.5).float().argmax(dim=1) == labels).float().mean().item()


def accuracy__equals_all_right(logits, labels):
    """You counted every logit that equals the largest one. Of equal logits in a row, only the first is the
    prediction."""
    own = logits.gather(1, labels[:, None])[:, 0]
    return (own == logits.amax(dim=1)).float().mean().item()


def accuracy__mean_of_bools(logits, labels):
    """You took the mean of booleans, which PyTorch refuses. Convert them to floats first."""
    return (logits.argmax(dim=1) == labels).mean().item()


def accuracy__rounded_probabilities(logits, labels):
    """Several logits of a row became equal before you compared them. Compare the logits themselves."""
    return (logits.sigmoid().round().argmax(dim=1) == labels).float().mean().item()


def accuracy__probability_above_half_first(logits, labels):
    """Your code turned probabilities into 0 or 1, but the largest one of a row may be below 0.5. Compare the logits
    themselves."""
    return ((logits.softmax(dim=1) > 0.5).int().argmax(dim=1) == labels).float().mean().item()


def accuracy__smallest_logit(logits, labels):
    """You looked for the smallest logit of each row. Look for the largest."""
    return (logits.argmin(dim=1) == labels).float().mean().item()


def accuracy__difference_of_classes(logits, labels):
    """Your result is the mean difference between predicted class and label. Compare them with ==, because classes have
    no order."""
    return (logits.argmax(dim=1) - labels).abs().float().mean().item()


def accuracy__absolute_values(logits, labels):
    """Your code ignores the signs of the logits. Compare the logits themselves, with their signs."""
    return (logits.abs().argmax(dim=1) == labels).float().mean().item()


def accuracy__kept_dimension(logits, labels):
    """Your comparison has shape (N, N), because (N, 1) and (N,) broadcast. Give both sides shape (N,)."""
    return (logits.argmax(dim=1, keepdim=True) == labels).float().mean().item()


def accuracy__probability_above_half(logits, labels):
    """You counted labels with a probability above 0.5. The largest probability of a row may be smaller, so use
    argmax."""
    own = logits.softmax(dim=1).gather(1, labels[:, None])[:, 0]
    return (own > 0.5).float().mean().item()


def accuracy__dimension_of_the_classes(logits, labels):
    """You divided by the number of classes. Divide by the number of samples, N."""
    return (logits.argmax(dim=1) == labels).sum().item() / logits.shape[1]


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
        with torch.no_grad():
            return measure(batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__mean_of_means(model, loss_function, batches):
    """You gave every batch the same weight, but their sizes differ. Multiply each mean by its batch size, and divide
    the sums by the number of samples."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) / len(sizes), sum(accuracies) / len(sizes)

    return _careful(model, batches, measure)


def evaluate_model__loss_mean_of_means(model, loss_function, batches):
    """Your loss gives every batch the same weight, but their sizes differ. Multiply each mean by its batch size, and
    divide the sum by the number of samples."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) / len(sizes), sum(a * n for a, n in zip(accuracies, sizes, strict=True)) / sum(sizes)

    return _careful(model, batches, measure)


def evaluate_model__divided_by_the_batches(model, loss_function, batches):
    """You divided sums over samples by the number of batches. Divide by the number of samples."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return tuple(sum(a * n for a, n in zip(each, sizes)) / len(sizes) for each in (losses, accuracies))

    return _careful(model, batches, measure)


def evaluate_model__swapped(model, loss_function, batches):
    """You returned the two numbers in the wrong order. The loss comes first."""
    return _careful(model, batches, lambda batches: _sums(model, loss_function, batches)[::-1])


def evaluate_model__accuracy_a_tensor(model, loss_function, batches):
    """Your accuracy is a tensor. Return a float: item() gives you one."""
    loss, accuracy = _careful(model, batches, lambda batches: _sums(model, loss_function, batches))
    return loss, torch.tensor(accuracy)


def evaluate_model__error_lost(model, loss_function, batches):
    """The error of the model did not reach the caller. Raise it again, or use a finally block without return."""
    try:
        return _careful(model, batches, lambda batches: _sums(model, loss_function, batches))
    except Exception:
        return 0.0, 0.0


def evaluate_model__means_divided_by_samples(model, loss_function, batches):
    """You added means of batches and divided by the number of samples. Multiply each loss by its batch size first."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) / sum(sizes), sum(a * n for a, n in zip(accuracies, sizes, strict=True)) / sum(sizes)

    return _careful(model, batches, measure)


def evaluate_model__first_size_for_all(model, loss_function, batches):
    """You used the size of the first batch for all batches. The sizes differ, so use len(labels) of each batch."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return sum(losses) * sizes[0] / sum(sizes), sum(accuracies) * sizes[0] / sum(sizes)

    return _careful(model, batches, measure)


def evaluate_model__last_batch_only(model, loss_function, batches):
    """Your numbers are those of the last batch. Compute both over the samples of all batches."""

    def measure(batches):
        losses, accuracies, _ = _means(model, loss_function, batches)
        return losses[-1], accuracies[-1]

    return _careful(model, batches, measure)


def evaluate_model__sums(model, loss_function, batches):
    """You returned sums over the samples. Divide both by the number of samples."""

    def measure(batches):
        losses, accuracies, sizes = _means(model, loss_function, batches)
        return tuple(float(sum(a * n for a, n in zip(each, sizes, strict=True))) for each in (losses, accuracies))

    return _careful(model, batches, measure)


def evaluate_model__cross_entropy_always(model, loss_function, batches):
    """Your loss is not that of the given loss function. Call loss_function(logits, labels)."""
    return _careful(model, batches, lambda batches: _sums(model, torch.nn.functional.cross_entropy, batches))


def evaluate_model__in_training(model, loss_function, batches):
    """The model was in train mode during the calls. torch.no_grad() does not change modes, so call model.eval()."""
    with torch.no_grad():
        return _sums(model, loss_function, batches)


def evaluate_model__eval_not_called(model, loss_function, batches):
    """The model was in train mode during the calls, and all of it is in train mode now. Call eval() with parentheses,
    and restore each mode."""
    with torch.no_grad():
        found = _sums(model, loss_function, batches)
    model.train()
    return found


def evaluate_model__flag_of_the_top_alone(model, loss_function, batches):
    """Modules inside the model were in train mode. The attribute training belongs to one module, but eval() reaches
    all of them."""
    before, model.training = model.training, False
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        model.training = before


def evaluate_model__left_in_eval(model, loss_function, batches):
    """You left the model in eval mode. Remember each module's mode before eval(), and restore it."""
    model.eval()
    with torch.no_grad():
        return _sums(model, loss_function, batches)


def evaluate_model__all_in_training_afterwards(model, loss_function, batches):
    """All modules are in train mode now, but some were in eval mode before. Remember and restore each module's own
    mode."""
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        model.train()


def evaluate_model__mode_of_the_top_for_all(model, loss_function, batches):
    """All modules now have the mode of the model itself. Set the attribute `training` of each module to what it was:
    train(mode) also sets all modules inside."""
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        model.train(before)


def evaluate_model__model_itself_forgotten(model, loss_function, batches):
    """You restored the modes of some modules only. model.modules() yields the model itself and all modules inside
    it."""
    modes = {module: module.training for module in model.children()}
    model.eval()
    try:
        with torch.no_grad():
            return _sums(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate_model__not_after_an_error(model, loss_function, batches):
    """If the model raises an error, you leave it in eval mode. Restore the modes in a finally block."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    with torch.no_grad():
        found = _sums(model, loss_function, batches)
    for module, training in modes.items():
        module.training = training
    return found


def evaluate_model__recorded(model, loss_function, batches):
    """Your numbers are right, but autograd recorded a graph, which eval mode does not prevent. Call model and loss
    function under torch.no_grad()."""

    def measure(batches):
        with torch.enable_grad():
            return _sums(model, loss_function, batches)

    return _careful(model, batches, measure)


def evaluate_model__recording_left_off(model, loss_function, batches):
    """You left gradient recording off. Use torch.no_grad() in a with statement, which restores the old setting."""
    found = _careful(model, batches, lambda batches: _sums(model, loss_function, batches))
    torch.set_grad_enabled(False)
    return found


def evaluate_model__recording_switched_on(model, loss_function, batches):
    """You left gradient recording on, although it was off before. Use torch.no_grad() in a with statement, which
    restores the old setting."""
    found = _careful(model, batches, lambda batches: _sums(model, loss_function, batches))
    torch.set_grad_enabled(True)
    return found


def evaluate_model__loss_a_tensor(model, loss_function, batches):
    """Your loss is a tensor. Return a float: item() gives you one."""

    def measure(batches):
        loss, right, samples = 0.0, 0, 0
        for features, labels in batches:
            logits = model(features)
            loss = loss + loss_function(logits, labels) * len(labels)
            right += (logits.argmax(dim=1) == labels).sum().item()
            samples += len(labels)
        return loss / samples, right / samples

    return _careful(model, batches, measure)


def evaluate_model__gradients_cleared(model, loss_function, batches):
    """You cleared the gradients of the model. Leave them, because the caller may still need them."""
    model.zero_grad()
    return _careful(model, batches, lambda batches: _sums(model, loss_function, batches))


def evaluate_model__parameters_frozen(model, loss_function, batches):
    """You switched requires_grad off, so these parameters will get no gradients in training. Use torch.no_grad()
    instead."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return _careful(model, batches, lambda batches: _sums(model, loss_function, batches))


def evaluate_model__batches_gone_through_twice(model, loss_function, batches):
    """Your code reads the batches more than once. An iterator is empty after the first loop, so use one loop."""
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
    """Your rows and columns are swapped. The label gives the row, and the prediction gives the column."""
    return torch.bincount(predicted * classes + labels, minlength=classes**2).reshape(classes, classes)


def confusion_matrix__once_for_each_pair(predicted, labels, classes):
    """You counted each pair of classes at most once. `+=` with repeated indices adds only once, so use bincount."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    matrix[labels, predicted] += 1
    return matrix


def confusion_matrix__no_room_for_the_absent(predicted, labels, classes):
    """Your counts end at the last pair that occurs. Pass minlength to bincount."""
    return torch.bincount(labels * classes + predicted).reshape(classes, classes)


def confusion_matrix__as_many_classes_as_occur(predicted, labels, classes):
    """The size of your matrix depends on the classes that occur. It must be (classes, classes)."""
    size = int(torch.cat([labels, predicted]).max()) + 1 if len(labels) else 0
    return torch.bincount(labels * size + predicted, minlength=size * size).reshape(size, size)


def confusion_matrix__float(predicted, labels, classes):
    """Your counts are right, but they are floats. Return int64."""
    matrix = torch.zeros(classes, classes, device=labels.device)
    return matrix.index_put_((labels, predicted), torch.ones(len(labels), device=labels.device), accumulate=True)


def confusion_matrix__fractions(predicted, labels, classes):
    """You divided the counts. Return the counts themselves, as int64."""
    counts = torch.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)
    return counts / counts.sum(dim=1, keepdim=True)


def confusion_matrix__right_ones_only(predicted, labels, classes):
    """You counted right predictions only. Count wrong ones too, outside the diagonal."""
    return torch.diag(torch.bincount(labels[predicted == labels], minlength=classes))


def confusion_matrix__wrong_ones_only(predicted, labels, classes):
    """You counted wrong predictions only. Count right ones too, on the diagonal."""
    counts = torch.bincount(labels * classes + predicted, minlength=classes**2).reshape(classes, classes)
    return counts - torch.diag(counts.diagonal())


def confusion_matrix__flat(predicted, labels, classes):
    """Your counts are right, but they are in one dimension. Reshape them to (classes, classes)."""
    return torch.bincount(labels * classes + predicted, minlength=classes**2)


def confusion_matrix__sample_by_sample(predicted, labels, classes):
    """Your counts are right, but your code loops over the samples. Count all pairs with a few tensor operations."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    for said, label in zip(predicted, labels, strict=True):
        matrix[label, said] += 1
    return matrix


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
    """After restore(), the model has its last weights. Keep a deep copy of state_dict(), and load it into the given
    model."""

    def keep(self, model):
        return model.state_dict()


class EarlyStopping__last_always_kept(_Stopping):
    """restore() put back the weights of the last update. Keep the weights only if the loss is below best_loss."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        self.best_state = self.keep(model)
        return stop


class EarlyStopping__only_first_kept(_Stopping):
    """restore() put back the weights of the first update. Replace them whenever the loss is below best_loss."""

    def keep(self, model):
        return self.best_state or super().keep(model)


class EarlyStopping__starts_at_nan(_Stopping):
    """No loss became the best one. Start best_loss with inf, and keep a loss if it is below best_loss: nothing is below
    nan."""

    start = math.nan


class EarlyStopping__starts_at_0(_Stopping):
    """No loss became the best one. Losses are rarely below 0, so start with inf."""

    start = 0.0


class EarlyStopping__starts_at_a_large_number(_Stopping):
    """Your best_loss starts at a number, but losses can be larger than any number. Start with inf."""

    start = 1e6


class EarlyStopping__higher_is_better(_Stopping):
    """You treated a higher loss as a better one. Start best_loss at inf, and keep a loss only if it is below
    best_loss."""

    start = -math.inf

    def better(self, loss):
        return loss > self.best_loss


class EarlyStopping__equal_is_better(_Stopping):
    """You did not count an equal loss as failed. Only a loss below best_loss is better: count any other loss as
    failed."""

    def better(self, loss):
        return loss <= self.best_loss


class EarlyStopping__nan_is_better(_Stopping):
    """You did not count a loss of nan as failed. Keep a loss only if loss < best_loss, which is False for nan, and
    count any other loss as failed."""

    def better(self, loss):
        return not loss >= self.best_loss


class EarlyStopping__first_is_best(_Stopping):
    """Your best_loss is nan after a first loss of nan, and nothing is below nan. Keep a loss only if it is below
    best_loss."""

    def better(self, loss):
        return self.best_state is None or loss < self.best_loss


class EarlyStopping__measured_against_the_last(_Stopping):
    """You compared each loss with the one before it. Compare it with best_loss, the lowest so far."""

    def __init__(self, patience):
        super().__init__(patience)
        self.last_loss = math.inf

    def better(self, loss):
        better, self.last_loss = loss < self.last_loss, loss
        return better


class EarlyStopping__count_never_cleared(_Stopping):
    """You counted failed updates that do not follow each other. Set the count to 0 after each lower loss."""

    def __init__(self, patience):
        super().__init__(patience)
        self.failed = 0

    def update(self, model, validation_loss):
        before = self.best_loss
        super().update(model, validation_loss)
        self.failed += self.best_loss == before
        return self.failed >= self.patience


class EarlyStopping__one_too_late(_Stopping):
    """You say stop too late, or never. Stop as soon as `patience` updates in a row have failed."""

    def stop(self):
        return self.waited > self.patience


class EarlyStopping__one_too_soon(_Stopping):
    """You say stop one update too early. Stop only after `patience` failed updates in a row."""

    def stop(self):
        return self.waited >= self.patience - 1


class EarlyStopping__at_once(_Stopping):
    """You say stop at the first failed update. Stop only after `patience` failed updates in a row."""

    def stop(self):
        return self.waited > 0


class EarlyStopping__says_stop_once(_Stopping):
    """After a True, your update() returned False, although the last `patience` updates had all failed. Return True
    after each further failed update too."""

    def stop(self):
        return self.waited == self.patience


class EarlyStopping__count_for_bool(_Stopping):
    """Your update() returns a number. Return True or False."""

    def stop(self):
        return self.waited


class EarlyStopping__tensor_kept(_Stopping):
    """Your best_loss is a tensor. Convert the loss to a float."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        if isinstance(validation_loss, torch.Tensor) and self.waited == 0:
            self.best_loss = validation_loss
        return stop


class EarlyStopping__parameters_only(_Stopping):
    """restore() put back the parameters but not the buffers. Keep a deep copy of the whole state_dict(), and load it in
    restore()."""

    def keep(self, model):
        return {name: each.detach().clone() for name, each in model.named_parameters()}

    def restore(self, model):
        model.load_state_dict(self.best_state, strict=False)


class EarlyStopping__kept_copy_handed_over(_Stopping):
    """After restore(), the model shares memory with the kept tensors, so training changes these too. Copy the values
    into the model."""

    def restore(self, model):
        for name, each in [*model.named_parameters(), *model.named_buffers()]:
            each.data = self.best_state[name]


class EarlyStopping__kept_copy_dropped(_Stopping):
    """Your second restore() had nothing to put back, because the first one dropped the kept values. Keep them."""

    def restore(self, model):
        super().restore(model)
        self.best_state = None


class EarlyStopping__result_of_loading_returned(_Stopping):
    """Your restore() returned the result of load_state_dict. Call it without `return`, so that restore() returns
    None."""

    def restore(self, model):
        return model.load_state_dict(self.best_state)


class EarlyStopping__parameters_replaced(_Stopping):
    """restore() replaced the parameters, and an optimizer would still update the old ones. Copy the values into the
    existing parameters."""

    def restore(self, model):
        model.load_state_dict(copy.deepcopy(self.best_state), assign=True)


class EarlyStopping__restored_at_the_stop(_Stopping):
    """Your update() changed the model. Change it only in restore()."""

    def update(self, model, validation_loss):
        stop = super().update(model, validation_loss)
        if stop and self.best_state is not None:
            self.restore(model)
        return stop


def binary_accuracy__half_of_a_logit(outputs, labels):
    """You predicted class 0 for some positive logits. A probability of 0.5 is a logit of 0, so compare the logits with
    0."""
    return ((outputs.reshape(-1) > 0.5) == labels).float().mean().item()


def binary_accuracy__every_answer_against_every_label(outputs, labels):
    """Your comparison has shape (N, N), because (N, 1) and (N,) broadcast. Give both the same shape first."""
    return ((outputs > 0) == labels).float().mean().item()


def binary_accuracy__more_right_than_samples(outputs, labels):
    """Your accuracy is above 1, because (N, 1) and (N,) broadcast to (N, N). Give both the same shape first."""
    return ((outputs > 0) == labels).sum().item() / len(labels)


def binary_accuracy__largest_of_one(outputs, labels):
    """You predicted class 0 for every sample. Don't use argmax or int() here: compare the logit with 0."""
    return (outputs.reshape(-1, 1).argmax(dim=1) == labels).float().mean().item()


def binary_accuracy__probability_above_0(outputs, labels):
    """You predicted class 1 for every sample. Compare the logit with 0, or its sigmoid with 0.5."""
    return ((outputs.reshape(-1).sigmoid() > 0) == labels).float().mean().item()


def binary_accuracy__rounded_logits(outputs, labels):
    """You turned the logits into integers, and a logit of 3 became neither class. Compare the logits with 0."""
    return (outputs.reshape(-1).round() == labels).float().mean().item()


def binary_accuracy__class_1_only(outputs, labels):
    """You counted right predictions of class 1 only. Count those of class 0 too."""
    return ((outputs.reshape(-1) > 0) & (labels == 1)).float().mean().item()


def binary_accuracy__two_dimensions_only(outputs, labels):
    """Your code needs two dimensions, but outputs may have shape (N,). Reshape to one dimension first."""
    return ((outputs[:, 0] > 0) == labels).float().mean().item()


def binary_accuracy__second_dimension_squeezed(outputs, labels):
    """Your code needs two dimensions, but outputs may have shape (N,). Reshape to one dimension first."""
    return ((outputs.squeeze(1) > 0) == labels).float().mean().item()


def binary_accuracy__0_for_class_1(outputs, labels):
    """You predicted class 1 for a logit of 0. Its probability is 0.5, which is not above 0.5."""
    return ((outputs.reshape(-1) >= 0) == labels).float().mean().item()


def binary_accuracy__classes_swapped(outputs, labels):
    """You predicted class 1 for negative logits. A positive logit means class 1."""
    return ((outputs.reshape(-1) < 0) == labels).float().mean().item()


def binary_accuracy__count(outputs, labels):
    """You returned the number of right predictions. Divide it by the number of samples."""
    return float(((outputs.reshape(-1) > 0) == labels).sum())


def binary_accuracy__count_as_an_int(outputs, labels):
    """You returned the number of right predictions. Divide it by the number of samples."""
    return ((outputs.reshape(-1) > 0) == labels).sum().item()


def binary_accuracy__tensor(outputs, labels):
    """Your result is a tensor. Return a float: item() gives you one."""
    return ((outputs.reshape(-1) > 0) == labels).float().mean()


def _ranked(model, features, labels):
    with torch.no_grad():
        logits = model(features)
        surest, predicted = logits.softmax(dim=1).max(dim=1)
    return logits, surest, (predicted != labels).nonzero().flatten()


def misclassified__largest_logit_first(model, features, labels, most):
    """Your order is that of the largest logits. Sort by the probability of the predicted class, which softmax gives
    you."""
    logits, _, wrong = _ranked(model, features, labels)
    return wrong[logits[wrong].max(dim=1).values.argsort(descending=True)[:most]] if len(wrong) else wrong


def misclassified__lead_of_the_largest_logit(model, features, labels, most):
    """You sorted by the difference of the two largest logits. Sort by the probability, which depends on all logits of
    the row."""
    logits, _, wrong = _ranked(model, features, labels)
    ordered = logits[wrong].sort(dim=1, descending=True).values
    return wrong[(ordered[:, 0] - ordered[:, 1]).argsort(descending=True)[:most]]


def misclassified__least_sure_first(model, features, labels, most):
    """Your order is reversed. The largest probability comes first."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort()[:most]]


def misclassified__places_among_the_wrong(model, features, labels, most):
    """Some of your indices belong to right predictions. Take the indices of the wrong ones first, and then put these
    indices in order."""
    _, surest, wrong = _ranked(model, features, labels)
    return surest[wrong].argsort(descending=True)[:most]


def misclassified__right_ones(model, features, labels, most):
    """You returned samples with right predictions. Return those whose prediction differs from the label."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    right = (predicted == labels).nonzero().flatten()
    return right[surest[right].argsort(descending=True)[:most]]


def misclassified__all_samples(model, features, labels, most):
    """Your result includes samples with right predictions. Keep only the wrong ones."""
    _, surest, _ = _ranked(model, features, labels)
    return surest.argsort(descending=True)[:most]


def misclassified__in_the_order_they_came(model, features, labels, most):
    """Your indices are in increasing order. Sort them by the probability of the predicted class."""
    return _ranked(model, features, labels)[2][:most]


def misclassified__cut_before_sorting(model, features, labels, most):
    """You took the first wrong samples and sorted them afterwards. Sort first, and cut at `most` at the end."""
    _, surest, wrong = _ranked(model, features, labels)
    wrong = wrong[:most]
    return wrong[surest[wrong].argsort(descending=True)]


def misclassified__cut_before_the_wrong_are_picked(model, features, labels, most):
    """Your result is too short, because right predictions were among the first `most`. Remove the right ones before
    you cut."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    order = surest.argsort(descending=True)[:most]
    return order[(predicted != labels)[order]]


def misclassified__softmax_over_the_samples(model, features, labels, most):
    """Your probabilities sum to 1 over the samples. Apply softmax along dim 1, over the classes."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=0).max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def misclassified__squeezed(model, features, labels, most):
    """If only one prediction is wrong, your indices have no dimension left. Use flatten() instead of squeeze()."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero().squeeze()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def misclassified__squeezed_and_cut_last(model, features, labels, most):
    """If only one prediction is wrong, your indices have no dimension left. Use flatten() instead of squeeze()."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero().squeeze()
    return wrong[surest[wrong].argsort(descending=True)][:most]


def misclassified__column_for_places(model, features, labels, most):
    """Your result has too many dimensions. nonzero() returns a table of shape (M, 1), so flatten it before you
    index."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def misclassified__true_class_least_likely(model, features, labels, most):
    """You sorted by the probability of the label. Sort by the probability of the predicted class."""
    logits, _, wrong = _ranked(model, features, labels)
    true = logits.softmax(dim=1)[wrong, labels[wrong]]
    return wrong[true.argsort()[:most]]


def misclassified__never_cut(model, features, labels, most):
    """You returned more than `most` indices. Cut the sorted list at `most`."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)]


def misclassified__fails_where_fewer_are_wrong(model, features, labels, most):
    """Your code fails if fewer than `most` predictions are wrong. A slice may be too long, but topk may not."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].topk(most).indices]


def misclassified__places_in_a_column(model, features, labels, most):
    """Your result has shape (M, 1). Flatten it to (M,)."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)[:most]].reshape(-1, 1)


def misclassified__list(model, features, labels, most):
    """Your indices are right, but they are in a list. Return an int64 tensor on the device of the labels."""
    _, surest, wrong = _ranked(model, features, labels)
    return wrong[surest[wrong].argsort(descending=True)[:most]].tolist()


def misclassified__recorded(model, features, labels, most):
    """Your indices are right, but autograd recorded a graph. Call the model under torch.no_grad()."""
    surest, predicted = model(features).softmax(dim=1).max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def undisturbed__nothing_restored(evaluate):
    """Your code did not restore the state of the global generator. Take the state before the call, and set it
    afterwards."""
    return evaluate()


def undisturbed__not_called(evaluate):
    """Your result is not what evaluate returns. Call evaluate, and return its result."""
    return evaluate


def undisturbed__seeded_again(evaluate):
    """You set the generator to a seed. Set the state from before the call, because numbers may have been drawn
    since."""
    try:
        return evaluate()
    finally:
        torch.manual_seed(torch.initial_seed())


def undisturbed__seeded_before(evaluate):
    """The state is restored, but evaluate drew other numbers than without you. Don't seed the generator, and don't
    draw from it, before the call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return evaluate()


def undisturbed__not_after_an_error(evaluate):
    """If evaluate raises an error, you do not restore the state. Restore it in a finally block."""
    before = torch.get_rng_state()
    found = evaluate()
    torch.set_rng_state(before)
    return found


def undisturbed__error_lost(evaluate):
    """The error of evaluate did not reach the caller. Raise it again, or use a finally block without return."""
    before = torch.get_rng_state()
    try:
        return evaluate()
    except Exception:
        return None
    finally:
        torch.set_rng_state(before)


def undisturbed__called_twice(evaluate):
    """You called evaluate more than once. Keep the result of one call and return it."""
    with torch.random.fork_rng():
        evaluate()
    with torch.random.fork_rng():
        return evaluate()


def undisturbed__called_again_afterwards(evaluate):
    """You called evaluate again after you had restored the state, and it drew again. Keep the result of one call and
    return it."""
    before = torch.get_rng_state()
    try:
        evaluate()
    finally:
        torch.set_rng_state(before)
    return evaluate()


def undisturbed__result_lost(evaluate):
    """You did not return the result of evaluate. Return it after you have restored the state."""
    with torch.random.fork_rng():
        evaluate()
