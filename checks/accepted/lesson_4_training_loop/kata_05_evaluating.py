"""Other right answers to katas/lesson_4_training_loop/kata_05_evaluating.py: the tests must accept them."""

import copy
import math

import torch


def accuracy__counted_in_a_loop(logits, labels):
    right = 0
    for row, label in zip(logits, labels, strict=True):
        right += int(row.argmax() == label)
    return right / len(labels)


def accuracy__places_of_the_pair(logits, labels):
    _, predicted = torch.max(logits, 1)
    return float(torch.mean((predicted == labels).double()))


def accuracy__lists(logits, labels):
    pairs = zip(logits.tolist(), labels.tolist(), strict=True)
    right = [max(range(len(row)), key=row.__getitem__) == label for row, label in pairs]
    return sum(right) / len(right)


def evaluate_model__modes_in_a_list(model, loss_function, batches):
    modes = [module.training for module in model.modules()]
    losses, right = [], []
    try:
        model.eval()
        with torch.inference_mode():
            for features, labels in batches:
                logits = model(features)
                losses += [float(loss_function(logits, labels))] * len(labels)
                right += (logits.argmax(1) == labels).tolist()
    finally:
        for module, training in zip(model.modules(), modes, strict=True):
            module.train(training) if not list(module.children()) else setattr(module, "training", training)
    return math.fsum(losses) / len(losses), sum(right) / len(right)


@torch.no_grad()
def evaluate_model__decorated(model, loss_function, batches):
    training = {name for name, module in model.named_modules() if module.training}
    try:
        batches = list(batches)
        model.train(False)
        answers = [model(features) for features, _ in batches]
        sizes = [len(labels) for _, labels in batches]
        pairs = [(logits, labels) for logits, (_, labels) in zip(answers, batches, strict=True)]
        loss = sum(n * loss_function(*pair).item() for n, pair in zip(sizes, pairs, strict=True)) / sum(sizes)
        right = sum(int((logits.argmax(-1) == labels).sum()) for logits, labels in pairs)
        return loss, right / sum(sizes)
    finally:
        for name, module in model.named_modules():
            module.training = name in training


def evaluate_model__running_mean(model, loss_function, batches):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    loss = accuracy = 0.0
    samples = 0
    try:
        with torch.set_grad_enabled(False):
            for features, labels in batches:
                logits = model(features)
                samples += len(labels)
                share = len(labels) / samples
                loss += share * (loss_function(logits, labels).item() - loss)
                accuracy += share * ((logits.argmax(dim=1) == labels).double().mean().item() - accuracy)
    finally:
        for module, mode in modes:
            module.training = mode
    return loss, accuracy


def evaluate_model__copied(model, loss_function, batches):
    twin = copy.deepcopy(model).eval()
    with torch.inference_mode():
        pairs = [(twin(features), labels) for features, labels in batches]
        logits, labels = torch.cat([each for each, _ in pairs]), torch.cat([each for _, each in pairs])
        return loss_function(logits, labels).item(), accuracy__places_of_the_pair(logits, labels)


def evaluate_model__one_large_batch(model, loss_function, batches):
    features, labels = (torch.cat(each) for each in zip(*batches, strict=True))
    modes = [(module, module.training) for module in model.modules()]
    try:
        with torch.no_grad():
            logits = model.eval()(features)
            return loss_function(logits, labels).item(), accuracy__places_of_the_pair(logits, labels)
    finally:
        for module, mode in modes:
            module.training = mode


def confusion_matrix__accumulated(predicted, labels, classes):
    matrix = torch.zeros(classes, classes, dtype=torch.int64, device=labels.device)
    return matrix.index_put_((labels, predicted), torch.ones_like(labels), accumulate=True)


def confusion_matrix__one_hot_product(predicted, labels, classes):
    rows = torch.nn.functional.one_hot(labels, classes).double()
    columns = torch.nn.functional.one_hot(predicted, classes).double()
    return (rows.T @ columns).long()


def confusion_matrix__class_by_class(predicted, labels, classes):
    rows = [torch.bincount(predicted[labels == label], minlength=classes) for label in range(classes)]
    return torch.stack(rows)


def confusion_matrix__flat_additions(predicted, labels, classes):
    flat = labels.new_zeros(classes * classes)
    return flat.scatter_add(0, classes * labels + predicted, torch.ones_like(labels)).view(classes, classes)


def confusion_matrix__a_tensor_of_a_number(predicted, labels, classes):
    k = torch.tensor(classes, device=labels.device)
    counts = labels.new_zeros(classes * classes)
    return counts.scatter_add_(0, labels * k + predicted, torch.ones_like(labels)).reshape(classes, classes)


class EarlyStopping__losses_remembered:
    def __init__(self, patience):
        self.patience, self.losses, self.best = patience, [], {}

    @property
    def best_loss(self):
        return min((loss for loss in self.losses if loss == loss), default=math.inf)

    def update(self, model, validation_loss):
        validation_loss = float(validation_loss)
        if validation_loss < self.best_loss:
            self.best = {name: each.detach().clone() for name, each in model.state_dict().items()}
            self.losses = []
        self.losses.append(validation_loss)
        return len(self.losses) > self.patience if self.best else len(self.losses) >= self.patience

    def restore(self, model):
        with torch.no_grad():
            for name, each in model.state_dict().items():
                each.copy_(self.best[name])


class EarlyStopping__whole_model_kept:
    def __init__(self, patience):
        self.left = self.patience = patience
        self.best_loss = float("inf")

    def update(self, model, validation_loss):
        if isinstance(validation_loss, torch.Tensor):
            validation_loss = validation_loss.item()
        if validation_loss < self.best_loss:
            self.best_loss, self.best_model, self.left = validation_loss, copy.deepcopy(model), self.patience
            return False
        self.left -= 1
        return self.left <= 0

    def restore(self, model):
        model.load_state_dict(self.best_model.state_dict())


def binary_accuracy__sigmoid(outputs, labels):
    predicted = (torch.sigmoid(outputs.flatten()) > 0.5).long()
    return (predicted == labels).sum().item() / len(labels)


def binary_accuracy__labels_as_the_outputs(outputs, labels):
    return ((outputs > 0) == labels.view(outputs.shape)).float().mean().item()


def binary_accuracy__squeezed(outputs, labels):
    return float((outputs.squeeze().gt(0) == labels).double().mean())


def binary_accuracy__rounded_probabilities(outputs, labels):
    return (outputs.ravel().sigmoid().round() == labels).float().mean().item()


def misclassified__sorted_first(model, features, labels, most):
    with torch.no_grad():
        probabilities = torch.softmax(model(features), dim=-1)
    order = probabilities.amax(dim=1).argsort(descending=True)
    wrong = probabilities.argmax(dim=1) != labels
    return order[wrong[order]][:most]


def misclassified__topk(model, features, labels, most):
    with torch.inference_mode():
        surest, predicted = torch.softmax(model(features), 1).max(1)
        wrong = torch.where(predicted != labels)[0]
        return wrong[torch.topk(surest[wrong], min(most, len(wrong))).indices]


def misclassified__lists(model, features, labels, most):
    with torch.no_grad():
        logits = model(features)
    surest = (logits.amax(dim=1) - logits.logsumexp(dim=1)).tolist()
    predicted = logits.argmax(dim=1).tolist()
    wrong = [i for i, label in enumerate(labels.tolist()) if predicted[i] != label]
    places = sorted(wrong, key=lambda i: -surest[i])[:most]
    return torch.tensor(places, dtype=torch.int64, device=labels.device)


def undisturbed__forked(evaluate):
    with torch.random.fork_rng():
        return evaluate()


def undisturbed__generator_state(evaluate):
    generator = torch.default_generator
    state = generator.get_state()
    try:
        found = evaluate()
    except BaseException:
        generator.set_state(state)
        raise
    generator.set_state(state)
    return found
