"""Wrong answers that behave like a mistake of lesson 4, kata 5, for another reason."""

import copy
import math

import torch
from torch import nn


def accuracy__sigmoid_first__clamped(logits, labels):
    """The logits are clamped to the range from -20 to 20."""
    return (logits.clamp(-20, 20).argmax(dim=1) == labels).double().mean().item()


def accuracy__count__as_a_loop(logits, labels):
    """A loop adds 1 for each right prediction."""
    return float(sum(int(row.argmax() == label) for row, label in zip(logits, labels, strict=True)))


def _measure(model, loss_function, batches):
    loss, right, samples = 0.0, 0, 0
    for features, labels in batches:
        logits = model(features)
        loss += loss_function(logits, labels).item() * len(labels)
        right += (logits.argmax(dim=1) == labels).sum().item()
        samples += len(labels)
    return loss / samples, right / samples


def evaluate_model__left_in_eval__modes_read_too_late(model, loss_function, batches):
    """The modes are read after eval()."""
    model.eval()
    modes = {module: module.training for module in model.modules()}
    with torch.no_grad():
        found = _measure(model, loss_function, batches)
    for module, training in modes.items():
        module.training = training
    return found


def evaluate_model__mode_of_the_top_for_all__train_with_each(model, loss_function, batches):
    """train(mode) of the model itself comes last and reaches all modules."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            return _measure(model, loss_function, batches)
    finally:
        for module, training in reversed(modes.items()):
            module.train(training)


def evaluate_model__not_after_an_error__except(model, loss_function, batches):
    """The modes are restored after errors of one kind only."""
    modes = {module: module.training for module in model.modules()}

    def restore():
        for module, training in modes.items():
            module.training = training

    model.eval()
    try:
        with torch.no_grad():
            found = _measure(model, loss_function, batches)
    except RuntimeError:
        restore()
        raise
    restore()
    return found


def confusion_matrix__once_for_each_pair__index_put(predicted, labels, classes):
    """index_put_ without accumulate sets the entry to 1."""
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    return matrix.index_put_((labels, predicted), torch.ones_like(labels))


class EarlyStopping__state_follows_training__shallow_copy:
    """copy.copy copies the dict and not its tensors."""

    def __init__(self, patience):
        self.patience, self.waited, self.best_loss = patience, 0, math.inf

    def update(self, model, validation_loss):
        self.waited += 1
        if float(validation_loss) < self.best_loss:
            self.best_loss, self.waited = float(validation_loss), 0
            self.state = copy.copy(model.state_dict())
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.state)


class EarlyStopping__state_follows_training__nothing_restored:
    """restore() gives another model to a local name."""

    def __init__(self, patience):
        self.patience, self.waited, self.best_loss = patience, 0, math.inf

    def update(self, model, validation_loss):
        self.waited += 1
        if float(validation_loss) < self.best_loss:
            self.best_loss, self.waited = float(validation_loss), 0
            self.kept = copy.deepcopy(model)
        return self.waited >= self.patience

    def restore(self, model):
        model = self.kept  # noqa: F841


class EarlyStopping__says_stop_once__counts_from_0_again:
    """The count begins again after each True."""

    def __init__(self, patience):
        self.patience, self.failed, self.best_loss = patience, 0, math.inf

    def update(self, model, validation_loss):
        self.failed += 1
        if float(validation_loss) < self.best_loss:
            self.best_loss, self.failed = float(validation_loss), 0
            self.state = copy.deepcopy(model.state_dict())
        if self.failed == self.patience:
            self.failed = 0
            return True
        return False

    def restore(self, model):
        model.load_state_dict(self.state)


class EarlyStopping__parameters_replaced__new_parameters:
    """restore() makes new nn.Parameter objects."""

    def __init__(self, patience):
        self.patience, self.waited, self.best_loss = patience, 0, math.inf

    def update(self, model, validation_loss):
        self.waited += 1
        if float(validation_loss) < self.best_loss:
            self.best_loss, self.waited = float(validation_loss), 0
            self.state = copy.deepcopy(model.state_dict())
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.state)
        for module in model.modules():
            for name, parameter in list(module.named_parameters(recurse=False)):
                setattr(module, name, nn.Parameter(parameter.detach().clone()))


def misclassified__largest_logit_first__sigmoid(model, features, labels, most):
    """The sigmoid of a logit does not depend on the other logits of the row."""
    with torch.no_grad():
        surest, predicted = model(features).sigmoid().max(dim=1)
    wrong = (predicted != labels).nonzero().flatten()
    return wrong[surest[wrong].argsort(descending=True)[:most]]


def undisturbed__seeded_before__a_new_seed(evaluate):
    """A seed that nobody knows."""
    with torch.random.fork_rng():
        torch.seed()
        return evaluate()


def undisturbed__seeded_before__a_number_drawn(evaluate):
    """A number is drawn before the call."""
    with torch.random.fork_rng():
        torch.rand(1)
        return evaluate()


def undisturbed__nothing_restored__state_taken_too_late(evaluate):
    """The state is taken after the call."""
    try:
        return evaluate()
    finally:
        torch.set_rng_state(torch.get_rng_state())


def accuracy__rounded_probabilities__above_0(logits, labels):
    """The logits are compared with 0 first, and nothing is rounded."""
    return ((logits > 0).int().argmax(dim=1) == labels).float().mean().item()


def accuracy__absolute_values__squares(logits, labels):
    """The squares of the logits are compared."""
    return ((logits**2).argmax(dim=1) == labels).float().mean().item()


def accuracy__kept_dimension__labels_in_a_column(logits, labels):
    """The labels have the additional dimension."""
    return (logits.argmax(dim=1) == labels[:, None]).float().mean().item()


def evaluate_model__error_lost__return_in_finally(model, loss_function, batches):
    """Nothing is caught: a return in the finally block drops the error."""
    modes = {module: module.training for module in model.modules()}
    found = None
    model.eval()
    try:
        with torch.no_grad():
            found = _measure(model, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training
        return found  # noqa: B012


class EarlyStopping__starts_at_nan__upside_down:
    """best_loss starts with inf, but only a loss above it would count."""

    def __init__(self, patience):
        self.patience, self.waited, self.best_loss, self.state = patience, 0, math.inf, None

    def update(self, model, validation_loss):
        self.waited += 1
        if float(validation_loss) > self.best_loss:
            self.best_loss, self.waited = float(validation_loss), 0
            self.state = copy.deepcopy(model.state_dict())
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.state)


def binary_accuracy__largest_of_one__int_of_the_sigmoid(outputs, labels):
    """The probability is cut to an integer."""
    return (outputs.reshape(-1).sigmoid().int() == labels).float().mean().item()


def binary_accuracy__probability_above_0__softmax(outputs, labels):
    """A softmax over one number is 1, which is compared with 0.5."""
    return ((outputs.reshape(-1, 1).softmax(dim=1)[:, 0] > 0.5) == labels).float().mean().item()


def undisturbed__nothing_restored__a_fixed_seed(evaluate):
    """A fixed seed is set afterwards."""
    try:
        return evaluate()
    finally:
        torch.manual_seed(0)


def undisturbed__error_lost__return_in_finally(evaluate):
    """Nothing is caught: a return in the finally block drops the error."""
    before, found = torch.get_rng_state(), None
    try:
        found = evaluate()
    finally:
        torch.set_rng_state(before)
        return found  # noqa: B012


class _Stopping:
    def __init__(self, patience):
        self.patience, self.waited, self.best_loss, self.state = patience, 0, math.inf, None

    def update(self, model, validation_loss):
        loss = float(validation_loss)
        if loss < self.best_loss:
            self.best_loss, self.waited = loss, 0
            self.state = copy.deepcopy(model.state_dict())
        elif self.failed(loss):
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, model):
        model.load_state_dict(self.state)


class EarlyStopping__one_too_late__never(_Stopping):
    """No update is counted."""

    def failed(self, loss):
        return False


class EarlyStopping__equal_is_better__neither(_Stopping):
    """An equal loss is neither better nor counted."""

    def failed(self, loss):
        return loss > self.best_loss


class EarlyStopping__nan_is_better__neither(_Stopping):
    """A loss of nan is neither better nor counted."""

    def failed(self, loss):
        return loss >= self.best_loss


def accuracy__sigmoid_first__softmax_by_hand(logits, labels):
    """exp of a large logit is inf, and inf / inf is nan."""
    shares = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return (shares.argmax(dim=1) == labels).float().mean().item()


def accuracy__probability_above_half_first__rounded(logits, labels):
    """The probabilities are rounded."""
    return (logits.softmax(dim=1).round().argmax(dim=1) == labels).float().mean().item()


def evaluate_model__recorded__only_in_the_loss(model, loss_function, batches):
    """The model runs under no_grad(), but the loss function does not."""
    modes = {module: module.training for module in model.modules()}

    def predict(features):
        with torch.no_grad():
            return model(features)

    model.eval()
    try:
        return _measure(predict, loss_function, batches)
    finally:
        for module, training in modes.items():
            module.training = training


def binary_accuracy__half_of_a_logit__softmax_over_the_samples(outputs, labels):
    """A softmax over the samples is compared with 0.5."""
    return ((outputs.reshape(-1).softmax(dim=0) > 0.5) == labels).float().mean().item()


def binary_accuracy__rounded_logits__cut(outputs, labels):
    """The logits are cut to integers, not rounded."""
    return (outputs.reshape(-1).int() == labels).float().mean().item()


def misclassified__places_among_the_wrong__mask_in_another_order(model, features, labels, most):
    """The sorted indices of all samples are selected by a mask that is not sorted."""
    with torch.no_grad():
        surest, predicted = model(features).softmax(dim=1).max(dim=1)
    return surest.argsort(descending=True)[predicted != labels][:most]
