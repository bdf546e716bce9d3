"""The specification of katas/lesson_4_training_loop/kata_05_evaluating.py."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from dojo.expect import (
    Mismatch,
    assert_operators,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    assert_value,
    count_operators,
)
from katas import foundations
from katas.lesson_4_training_loop import kata_05_evaluating as kata

CORE = ("accuracy", "evaluate_model", "confusion_matrix", "EarlyStopping")


def _draw(seed, *shape):
    """Different multiples of 0.25 around 0, shuffled with `seed`."""
    count = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(np.arange(count) - count // 2).reshape(shape) / 4


def _on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def _labels(device, values):
    return _on(device, values, torch.int64)


def _partly_right(seed, n, k, right):
    """Logits (n, k), and labels of which `right` are those of the largest logits."""
    rng = np.random.default_rng(seed)
    logits = _draw(seed, n, k)
    labels = logits.argmax(axis=1)
    wrong = rng.permutation(n)[right:]
    labels[wrong] = (labels[wrong] + rng.integers(1, k, len(wrong))) % k
    return logits, labels


@pytest.mark.parametrize(("n", "k", "right"), [(12, 4, 2), (8, 3, 2), (5, 4, 3), (4, 7, 3), (12, 5, 1)])
def test_accuracy__is_the_fraction_of_right_predictions(device, n, k, right):
    logits, labels = _partly_right(n, n, k, right)
    assert_value(kata.accuracy(_on(device, logits), _labels(device, labels)), right / n)


@pytest.mark.parametrize(("size", "right"), [(4, 1), (5, 3)])
def test_accuracy__is_right_for_as_many_samples_as_classes(device, size, right):
    logits, labels = _partly_right(size + 7, size, size, right)
    assert_value(kata.accuracy(_on(device, logits), _labels(device, labels)), right / size)


@pytest.mark.parametrize(("right", "expected"), [(6, 1.0), (0, 0.0)])
def test_accuracy__is_1_if_all_are_right_and_0_if_none_is(device, right, expected):
    logits, labels = _partly_right(3, 6, 4, right)
    assert_value(kata.accuracy(_on(device, logits), _labels(device, labels)), expected)


def test_accuracy__accepts_negative_logits(device):
    logits = _on(device, [[-3.0, -1.0, -2.0], [-9.0, -8.0, -7.5], [-0.5, -4.0, -6.0], [0.125, 0.25, 0.375]])
    assert_value(kata.accuracy(logits, _labels(device, [1, 2, 0, 0])), 0.75)


def test_accuracy__tells_large_logits_apart(device):
    logits = _on(device, [[200.0, 300.0, 250.0], [-300.0, -250.0, -200.0], [400.0, 150.0, 90.0]])
    assert_value(kata.accuracy(logits, _labels(device, [1, 2, 0])), 1.0)


def test_accuracy__counts_only_the_first_of_equal_logits(device):
    logits = _on(device, [[0.0, 0.0, 0.0], [2.0, 5.0, 5.0], [-1.0, -1.0, -4.0], [3.0, 3.0, 3.0]])
    assert_value(kata.accuracy(logits, _labels(device, [0, 2, 1, 2])), 0.25)


def test_accuracy__accepts_a_single_sample(device):
    logits = _on(device, [[1.0, 4.0, 2.0]])
    assert_value(kata.accuracy(logits, _labels(device, [1])), 1.0)
    assert_value(kata.accuracy(logits, _labels(device, [2])), 0.0)


def test_accuracy__does_not_modify_the_inputs(device):
    logits, labels = _partly_right(2, 6, 3, 4)
    logits, labels = _on(device, logits), _labels(device, labels)
    with assert_unchanged(logits=logits, labels=labels):
        kata.accuracy(logits, labels)


def test_accuracy__does_what_its_example_shows(example):
    example.check(kata)


class _Notes(list):
    """A list that a copied model shares with its original."""

    def __deepcopy__(self, memo):
        return self


class Net(nn.Module):
    """Returns its input, and keeps its mode, whether autograd records, and the number of rows.

    With `fails_at`, it raises an error once it has been called with this many rows.
    """

    def __init__(self, fails_at=0):
        super().__init__()
        self.seen = _Notes()
        self.fails_at = fails_at

    def forward(self, x):
        self.seen.append((self.training, torch.is_grad_enabled(), len(x)))
        if self.fails_at and sum(rows for _, _, rows in self.seen) >= self.fails_at:
            raise ArithmeticError("this model fails")
        return x


def _batches(device, logits, labels, sizes):
    """The samples in batches of these sizes."""
    ends = np.cumsum(sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    return [(_on(device, logits[part]), _labels(device, labels[part])) for part in parts]


def _cross_entropy(logits, labels):
    return -np.log(foundations.softmax(logits)[np.arange(len(labels)), labels]).mean()


def _tree(device, spy):
    """A model with modules in both modes, with parameters, batch norm, dropout and a spy deep inside."""
    model = nn.Sequential(
        nn.Linear(3, 3),
        nn.Sequential(nn.BatchNorm1d(3), nn.Sequential(nn.Dropout(0.5), spy)),
        nn.BatchNorm1d(3),
    ).to(device)
    model[1][0].eval()
    model[2].eval()
    return model


def _flags(model):
    return {name: module.training for name, module in model.named_modules()}


def _assert_flags(model, before):
    after = _flags(model)
    for mode, words in ((True, "train"), (False, "eval")):
        lost = [f'"{name}"' if name else "the model itself" for name in before if before[name] == mode != after[name]]
        if lost:
            says = f"{'This module is' if len(lost) == 1 else 'These modules are'} no longer in {words} mode"
            raise Mismatch("statement", f"{says}: {', '.join(lost)}.")


def _three_batches(device):
    logits, labels = _partly_right(4, 8, 3, 5)
    return _batches(device, logits, labels, [3, 3, 2])


@pytest.mark.parametrize(("sizes", "right"), [([4, 4, 1], 6), ([5, 2], 2), ([1, 3, 6], 7), ([7], 3)])
def test_evaluate_model__gives_every_sample_the_same_weight(device, sizes, right):
    logits, labels = _partly_right(len(sizes), sum(sizes), 3, right)
    batches = _batches(device, logits, labels, sizes)
    actual = kata.evaluate_model(nn.Identity(), nn.CrossEntropyLoss(), batches)
    assert_value(actual, (float(_cross_entropy(logits, labels)), right / sum(sizes)), tolerance=1e-5)


def test_evaluate_model__uses_the_given_loss_function(device):
    logits, labels = _partly_right(5, 7, 4, 3)
    batches = _batches(device, logits, labels, [4, 3])
    actual = kata.evaluate_model(nn.Identity(), lambda logits, labels: (logits.sum(dim=1) - labels).mean(), batches)
    assert_value(actual, (float((logits.sum(axis=1) - labels).mean()), 3 / 7), tolerance=1e-5)


def test_evaluate_model__predicts_in_eval_mode(device):
    norm = nn.BatchNorm1d(3, eps=1e-9).to(device)
    norm.running_mean.copy_(_on(device, [0.25, -0.5, 0.75]))
    norm.running_var.copy_(_on(device, [4.0, 16.0, 0.25]))
    features, labels = _draw(6, 7, 3), np.array([0, 2, 1, 1, 0, 2, 2])
    logits = (features - [0.25, -0.5, 0.75]) / [2, 4, 0.5]
    model = nn.Sequential(nn.Sequential(norm, nn.Dropout(0.5)))
    actual = kata.evaluate_model(model, nn.CrossEntropyLoss(), _batches(device, features, labels, [4, 3]))
    expected = float(_cross_entropy(logits, labels)), float((logits.argmax(axis=1) == labels).mean())
    assert_value(actual, expected, tolerance=1e-5)


def test_evaluate_model__has_inner_modules_in_eval_mode(device):
    spy = Net()
    kata.evaluate_model(_tree(device, spy), nn.CrossEntropyLoss(), _three_batches(device))
    if any(training for training, _, _ in spy.seen):
        raise Mismatch("statement", "A module inside the model was in train mode during a call of the model.")


def test_evaluate_model__has_the_model_itself_in_eval_mode(device):
    spy = Net()
    kata.evaluate_model(spy, nn.CrossEntropyLoss(), _three_batches(device))
    if any(training for training, _, _ in spy.seen):
        raise Mismatch("statement", "The model itself was in train mode during a call.")


def test_evaluate_model__accepts_a_generator(device):
    spy = Net()
    batches = iter(_three_batches(device))  # It can be read only once.
    kata.evaluate_model(_tree(device, spy), nn.CrossEntropyLoss(), batches)
    samples = sum(rows for _, _, rows in spy.seen)
    assert_value(samples, 8, name="the number of samples that the model was called with")


def test_evaluate_model__records_no_graph(device):
    spy = Net()
    recording = []

    def loss_function(logits, labels):
        recording.append(torch.is_grad_enabled())
        return nn.functional.cross_entropy(logits, labels)

    kata.evaluate_model(_tree(device, spy), loss_function, _three_batches(device))
    if any(each for _, each, _ in spy.seen) or any(recording):
        raise Mismatch("graph", "Autograd recorded a graph during the evaluation. Nobody needs this graph.")


def test_evaluate_model__accepts_a_loader(device):
    logits, labels = _partly_right(9, 7, 3, 4)
    loader = DataLoader(TensorDataset(_on(device, logits), _labels(device, labels)), batch_size=3)
    actual = kata.evaluate_model(nn.Identity(), nn.CrossEntropyLoss(), loader)
    assert_value(actual, (float(_cross_entropy(logits, labels)), 4 / 7), tolerance=1e-5)


@pytest.mark.parametrize("before", [True, False])
def test_evaluate_model__does_not_change_the_grad_mode(device, before):
    with torch.set_grad_enabled(before):
        kata.evaluate_model(nn.Identity(), nn.CrossEntropyLoss(), _three_batches(device))
        if torch.is_grad_enabled() != before:
            raise Mismatch(
                "graph",
                f"Gradient recording was {'on' if before else 'off'} before the call. Leave it as it was.",
            )


def test_evaluate_model__restores_the_mode_of_each_module(device):
    model = _tree(device, Net())
    before = _flags(model)
    kata.evaluate_model(model, nn.CrossEntropyLoss(), _three_batches(device))
    _assert_flags(model, before)


@pytest.mark.parametrize("training", [True, False])
def test_evaluate_model__restores_the_mode_of_a_whole_model(device, training):
    model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5)).to(device).train(training)
    before = _flags(model)
    kata.evaluate_model(model, nn.CrossEntropyLoss(), _three_batches(device))
    _assert_flags(model, before)


# The first batch has three samples.
@pytest.mark.parametrize("fails_at", [1, 4])
def test_evaluate_model__restores_the_modes_after_an_error(device, fails_at):
    model = _tree(device, Net(fails_at))
    before = _flags(model)
    with assert_raises(ArithmeticError, because="The model raised an error. Pass it on."):
        kata.evaluate_model(model, nn.CrossEntropyLoss(), _three_batches(device))
    _assert_flags(model, before)


def test_evaluate_model__does_not_change_weights_or_buffers(device):
    model = _tree(device, Net())
    with assert_unchanged(**{name.replace(".", "_"): each for name, each in model.state_dict().items()}):
        kata.evaluate_model(model, nn.CrossEntropyLoss(), _three_batches(device))


def test_evaluate_model__does_not_change_gradients(device):
    model = _tree(device, Net())
    model[0].weight.grad = _on(device, _draw(8, 3, 3))
    model[0].bias.requires_grad_(False)
    kata.evaluate_model(model, nn.CrossEntropyLoss(), _three_batches(device))
    assert_tensor(model[0].weight.grad, np.float32(_draw(8, 3, 3)), device=device, name="the gradient of a weight")
    assert model[2].weight.grad is None, "A parameter that had no gradient has one now."
    tracked = [model[0].weight.requires_grad, model[0].bias.requires_grad]
    assert tracked == [True, False], f"requires_grad was [True, False], and it is {tracked} now."


def test_evaluate_model__does_what_its_example_shows(example):
    example.check(kata)


def _counted(predicted, labels, classes):
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (labels, predicted), 1)
    return matrix


def _pairs(seed, n, classes):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    return np.where(rng.random(n) < 0.5, labels, rng.integers(0, classes, n) // 2), labels


@pytest.mark.parametrize(("n", "classes"), [(20, 3), (30, 4), (12, 2)])
def test_confusion_matrix__counts_every_pair(device, n, classes):
    predicted, labels = _pairs(n, n, classes)
    actual = kata.confusion_matrix(_labels(device, predicted), _labels(device, labels), classes)
    assert_tensor(actual, _counted(predicted, labels, classes), device=device)


def test_confusion_matrix__has_a_row_for_each_label(device):
    predicted, labels = _labels(device, [2, 2, 2, 1]), _labels(device, [0, 0, 1, 1])
    expected = np.array([[0, 0, 2], [0, 1, 1], [0, 0, 0]])
    assert_tensor(kata.confusion_matrix(predicted, labels, 3), expected, device=device)


@pytest.mark.parametrize("classes", [3, 5])
def test_confusion_matrix__has_room_for_classes_that_do_not_occur(device, classes):
    predicted, labels = np.array([1, 0, 0, 1, 0]), np.array([1, 1, 0, 1, 0])
    actual = kata.confusion_matrix(_labels(device, predicted), _labels(device, labels), classes)
    assert_tensor(actual, _counted(predicted, labels, classes), device=device)


def test_confusion_matrix__accepts_non_contiguous_tensors(device):
    table = np.array([[2, 0], [1, 2], [2, 2], [2, 0], [0, 1]])
    pairs = _labels(device, table)
    actual = kata.confusion_matrix(pairs[:, 0], pairs[:, 1], 3)
    assert_tensor(actual, _counted(table[:, 0], table[:, 1], 3), device=device)


def test_confusion_matrix__is_all_zeros_without_samples(device):
    none = _labels(device, [])
    assert_tensor(kata.confusion_matrix(none, none, 3), np.zeros((3, 3), np.int64), device=device)


def test_confusion_matrix__needs_no_loop_over_the_samples(device):
    predicted, labels = _pairs(1, 400, 3)
    predicted, labels = _labels(device, predicted), _labels(device, labels)
    with count_operators() as operators:
        kata.confusion_matrix(predicted, labels, 3)
    assert_operators(operators, 100, "The number of operations must not grow with the number of samples.")


def test_confusion_matrix__does_not_modify_the_inputs(device):
    predicted, labels = (_labels(device, each) for each in _pairs(2, 9, 3))
    with assert_unchanged(predicted=predicted, labels=labels):
        kata.confusion_matrix(predicted, labels, 3)


def test_confusion_matrix__does_what_its_example_shows(example):
    example.check(kata)


def _marked(device):
    """A small model with a parameter and buffers, on `device`."""
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).to(device)


def _mark(model, number):
    """Fill all parameters and buffers with `number`, in place, as an optimizer and batch norm do."""
    with torch.no_grad():
        for each in model.state_dict().values():
            each.fill_(number)


def _assert_marked(model, number, losses, when="After restore()"):
    """Check that all parameters and buffers are `number` after these losses."""
    __tracebackhide__ = True
    for name, each in model.state_dict().items():
        wanted = torch.full_like(each, number)
        if each.dtype == wanted.dtype and each.shape == wanted.shape and not torch.equal(each, wanted):
            found = each.unique().tolist()
            says = f"all {found[0]:g}" if len(found) == 1 else "something else"
            raise Mismatch(
                "value",
                f"{when}, {name} is {says}. It must be all {number}. With the losses {losses}, it was all 1 at the"
                " first loss, all 2 at the second, and so on.",
                actual=each,
                expected=wanted,
            )
        assert_tensor(each, wanted, name=name)


def _script(device, patience, losses):
    """The model and the object after these losses. All weights are 1 at the first loss, 2 at the second."""
    model, stopping = _marked(device), kata.EarlyStopping(patience)
    for number, loss in enumerate(losses, start=1):
        _mark(model, number)
        stopping.update(model, loss)
    return model, stopping


def _assert_said(device, patience, losses, expected):
    """Check what update returns for each of these losses; return what _script does."""
    __tracebackhide__ = True
    model, stopping = _marked(device), kata.EarlyStopping(patience)
    for number, (loss, stop) in enumerate(zip(losses, expected, strict=True), start=1):
        _mark(model, number)
        said = stopping.update(model, loss)
        assert_value(said, stop, name=f"the result of update for the last of the losses {losses[:number]}")
    return model, stopping


@pytest.mark.parametrize(
    ("patience", "losses", "expected"),
    [
        (2, [3.0, 1.0, 2.0, 4.0], [False, False, False, True]),
        (1, [3.0, 1.0, 2.0], [False, False, True]),
        (3, [5.0, 6.0, 7.0, 4.0, 5.0, 4.5, 4.25], [False, False, False, False, False, False, True]),
    ],
)
def test_EarlyStopping__says_stop_after_as_many_failures_as_patience(device, patience, losses, expected):
    _assert_said(device, patience, losses, expected)


def test_EarlyStopping__counts_from_0_again_after_a_lower_loss(device):
    _assert_said(device, 2, [3.0, 4.0, 2.0, 5.0, 1.0, 1.5, 1.25], [False] * 6 + [True])


def test_EarlyStopping__compares_with_the_lowest_loss(device):
    _assert_said(device, 3, [1.0, 4.0, 3.0, 2.0], [False, False, False, True])


@pytest.mark.parametrize(
    ("losses", "best"), [([3.0, 1.0, 2.0, 4.0], 2), ([0.5, 3.0], 1), ([5e6, 6e6], 1), ([5e6, 4e6, 3.0, -1.0, 0.0], 4)]
)
def test_EarlyStopping__restores_the_best_weights_and_buffers(device, losses, best):
    model, stopping = _script(device, 2, losses)
    stopping.restore(model)
    _assert_marked(model, best, losses)


def test_EarlyStopping__keeps_a_copy_of_the_weights(device):
    model, stopping = _script(device, 2, [3.0, 1.0])
    _mark(model, 7)
    stopping.restore(model)
    _assert_marked(model, 2, [3.0, 1.0])


def test_EarlyStopping__does_not_change_the_model_in_update(device):
    losses = [3.0, 1.0, 2.0, 4.0]
    _assert_marked(_script(device, 2, losses)[0], 4, losses, when="After the updates")


def test_EarlyStopping__counts_an_equal_loss_as_failed(device):
    model, stopping = _assert_said(device, 2, [2.0, 2.0, 2.0], [False, False, True])
    stopping.restore(model)
    _assert_marked(model, 1, [2.0, 2.0, 2.0])


def test_EarlyStopping__says_stop_again_after_more_failures(device):
    _assert_said(device, 2, [1.0, 2.0, 2.0, 2.0, 0.5], [False, False, True, True, False])


def test_EarlyStopping__has_the_lowest_loss_as_an_attribute(device):
    assert_value(kata.EarlyStopping(2).best_loss, math.inf, name="the attribute best_loss at first")
    stopping = _script(device, 2, [3.0, 1.0, 2.0, 4.0])[1]
    assert_value(stopping.best_loss, 1.0, name="the attribute best_loss after the losses 3.0, 1.0, 2.0, 4.0")


def test_EarlyStopping__accepts_a_tensor_and_keeps_a_float(device):
    model, stopping = _marked(device), kata.EarlyStopping(2)
    for loss, best, stop in ((3.0, 3.0, False), (1.5, 1.5, False), (6.0, 1.5, False), (7.5, 1.5, True)):
        said = stopping.update(model, _on(device, loss))
        assert_value(stopping.best_loss, best, name="the attribute best_loss")
        assert_value(said, stop, name=f"the result of update for the loss {loss}")


def test_EarlyStopping__counts_nan_as_failed(device):
    losses = [2.0, math.nan, 1.0, math.nan, math.nan]
    model, stopping = _assert_said(device, 2, losses, [False, False, False, False, True])
    assert_value(stopping.best_loss, 1.0, name=f"the attribute best_loss after the losses {losses}")
    stopping.restore(model)
    _assert_marked(model, 3, losses)


def test_EarlyStopping__counts_a_first_loss_of_nan_as_failed(device):
    _, stopping = _assert_said(device, 2, [math.nan], [False])
    assert_value(stopping.best_loss, math.inf, name="the attribute best_loss after a first loss of nan")
    _assert_said(device, 2, [math.nan, math.nan, 3.0], [False, True, False])


def test_EarlyStopping__restores_into_the_same_parameters(device):
    model, stopping = _script(device, 2, [3.0, 1.0, 2.0])
    before = list(model.parameters())
    assert_value(stopping.restore(model), None, name="the result of restore")
    if any(one is not other for one, other in zip(before, model.parameters(), strict=True)):
        raise Mismatch("statement", "restore() replaced a parameter. An optimizer would still update the old one.")
    assert all(each.requires_grad for each in before), "After restore(), a parameter no longer requires grad."


def test_EarlyStopping__restores_more_than_once(device):
    model, stopping = _script(device, 2, [3.0, 1.0, 2.0])
    for _ in range(2):
        stopping.restore(model)
        _assert_marked(model, 2, [3.0, 1.0, 2.0])
        _mark(model, 9)


def test_EarlyStopping__does_what_its_example_shows(example):
    example.check(kata)


# Logits and labels: 5 of 8 predictions are right. Three logits are between 0 and 1.
_OUTPUTS = [0.25, -2.0, 0.75, 3.0, -0.25, -5.0, 0.375, 7.0]
_CLASSES = [1, 0, 0, 1, 1, 0, 1, 0]


# Each common mistake gives another fraction here.
@pytest.mark.parametrize("shape", [(9, 1), (9,)])
def test_binary_accuracy__is_the_fraction_of_right_predictions(device, shape):
    outputs = _on(device, np.reshape([0.25, 0.75, 3.0, -0.5, 2.0, -2.0, -4.0, -1.0, -0.75], shape))
    assert_value(kata.binary_accuracy(outputs, _labels(device, [1, 1, 1, 1, 0, 0, 0, 0, 0])), 7 / 9)


@pytest.mark.parametrize("shape", [(8, 1), (8,)])
def test_binary_accuracy__counts_both_classes(device, shape):
    outputs = _on(device, np.reshape(_OUTPUTS, shape))
    assert_value(kata.binary_accuracy(outputs, _labels(device, _CLASSES)), 0.625)


@pytest.mark.parametrize("shape", [(5, 1), (5,)])
def test_binary_accuracy__predicts_class_1_above_a_probability_of_a_half(device, shape):
    outputs = _on(device, np.reshape([0.125, 0.25, 0.375, -0.125, 0.4375], shape))
    assert_value(kata.binary_accuracy(outputs, _labels(device, [1, 1, 1, 0, 0])), 0.8)


@pytest.mark.parametrize("shape", [(7, 1), (7,)])
def test_binary_accuracy__is_1_for_a_perfect_model(device, shape):
    outputs = _on(device, np.reshape([4.0, -3.0, 2.0, 9.0, -1.0, -6.0, 5.0], shape))
    assert_value(kata.binary_accuracy(outputs, _labels(device, [1, 0, 1, 1, 0, 0, 1])), 1.0)
    assert_value(kata.binary_accuracy(-outputs, _labels(device, [1, 0, 1, 1, 0, 0, 1])), 0.0)


def test_binary_accuracy__predicts_class_0_for_a_logit_of_0(device):
    outputs = _on(device, [[0.0], [0.0], [0.0], [2.0]])
    assert_value(kata.binary_accuracy(outputs, _labels(device, [0, 0, 1, 1])), 0.75)


def test_binary_accuracy__accepts_a_single_sample(device):
    for outputs in ([[3.0]], [3.0]):
        assert_value(kata.binary_accuracy(_on(device, outputs), _labels(device, [1])), 1.0)
        assert_value(kata.binary_accuracy(_on(device, outputs), _labels(device, [0])), 0.0)


def test_binary_accuracy__does_not_modify_the_inputs(device):
    outputs, labels = _on(device, np.reshape(_OUTPUTS, (8, 1))), _labels(device, _CLASSES)
    with assert_unchanged(outputs=outputs, labels=labels):
        kata.binary_accuracy(outputs, labels)


def test_binary_accuracy__does_what_its_example_shows(example):
    example.check(kata)


def _sure(device, table):
    """Logits from (class predicted, how far it is above the other two, a shift that changes no probability)."""
    rows = []
    for predicted, lead, shift in table:
        row = np.full(3, float(shift))
        row[predicted] += lead
        rows.append(row)
    return _on(device, np.array(rows).reshape(-1, 3))


# Wrong are 0, 2, 3, 5 and 6. Sorted by probability: 5, 2, 6, 0, 3.
_TABLE = [(0, 1.0, 4), (1, 5.0, 0), (2, 3.0, -2), (1, 0.5, 6), (0, 2.5, 0), (1, 4.0, -5), (2, 2.0, 0)]
_TRUE = [1, 1, 0, 2, 0, 2, 1]


def _model():
    return nn.Identity().eval()


def test_misclassified__sorts_four_samples(device):
    actual = kata.misclassified(_model(), _sure(device, _TABLE[:4]), _labels(device, _TRUE[:4]), 2)
    assert_tensor(actual, np.array([2, 0]), device=device)


@pytest.mark.parametrize("most", [3, 5, 1])
def test_misclassified__puts_the_surest_predictions_first(device, most):
    actual = kata.misclassified(_model(), _sure(device, _TABLE), _labels(device, _TRUE), most)
    assert_tensor(actual, np.array([5, 2, 6, 0, 3][:most]), device=device)


def test_misclassified__calls_the_model(device):
    features, labels = _draw(1, 6, 2), np.array([0, 1, 2, 0, 1, 2])
    model = nn.Linear(2, 3).to(device).eval()
    weight, bias = np.array([[1.0, -0.5], [-0.75, 0.5], [0.25, 1.0]]), np.array([0.5, -0.25, 0.0])
    with torch.no_grad():
        model.weight.copy_(_on(device, weight))
        model.bias.copy_(_on(device, bias))
    probabilities = foundations.softmax(features @ weight.T + bias)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    expected = wrong[np.argsort(-probabilities.max(axis=1)[wrong])]
    assert_tensor(
        kata.misclassified(model, _on(device, features), _labels(device, labels), 10), expected, device=device
    )


def test_misclassified__sorts_by_the_predicted_class(device):
    # The model is surest at index 1. The probability of the label is lowest at index 0.
    logits = _on(device, [[3.0, 2.5, -9.0], [-1.0, 3.0, 0.5], [0.0, 0.25, -0.5]])
    actual = kata.misclassified(_model(), logits, _labels(device, [2, 2, 2]), 3)
    assert_tensor(actual, np.array([1, 0, 2]), device=device)


def test_misclassified__sorts_by_the_probability(device):
    # By the difference of the two largest logits, index 0 would come first: 3 against 2.9.
    logits = _on(device, [[3.0, 0.0, 0.0], [2.9, 0.0, -9.0]])
    assert_tensor(kata.misclassified(_model(), logits, _labels(device, [2, 2]), 2), np.array([1, 0]), device=device)


def test_misclassified__returns_fewer_if_fewer_are_wrong(device):
    actual = kata.misclassified(_model(), _sure(device, _TABLE[:4]), _labels(device, [0, 1, 1, 0]), 3)
    assert_tensor(actual, np.array([2, 3]), device=device)
    actual = kata.misclassified(_model(), _sure(device, _TABLE[:2]), _labels(device, [0, 2]), 4)
    assert_tensor(actual, np.array([1]), device=device)


@pytest.mark.parametrize("n", [3, 0])
def test_misclassified__is_empty_if_nothing_is_wrong(device, n):
    labels = [each[0] for each in _TABLE[:n]]
    actual = kata.misclassified(_model(), _sure(device, _TABLE[:n]), _labels(device, labels), 4)
    assert_tensor(actual, np.zeros(0, np.int64), device=device)


def test_misclassified__records_no_graph(device):
    spy = Net().eval()
    kata.misclassified(spy, _sure(device, _TABLE), _labels(device, _TRUE), 3)
    if any(recording for _, recording, _ in spy.seen):
        raise Mismatch("graph", "Autograd recorded a graph during the call of the model. Nobody needs this graph.")
    if any(training for training, _, _ in spy.seen) or spy.training:
        raise Mismatch("statement", "You put the model into train mode. Leave it in eval mode.")
    if not torch.is_grad_enabled():
        raise Mismatch("graph", "Gradient recording was on before the call, and it is off now.")


def test_misclassified__does_not_modify_the_inputs(device):
    features, labels = _sure(device, _TABLE), _labels(device, _TRUE)
    with assert_unchanged(features=features, labels=labels):
        kata.misclassified(_model(), features, labels, 3)


def test_misclassified__does_what_its_example_shows(example):
    example.check(kata)


def _batches_of(shuffle):
    """A function that loops over a DataLoader of seven samples and returns the sizes of the batches."""
    loader = DataLoader(TensorDataset(torch.arange(7.0)), batch_size=3, shuffle=shuffle)
    return lambda: [len(values) for (values,) in loader]


def _failing():
    torch.rand(3)
    raise ArithmeticError("this evaluation fails")


def _started():
    """The state of the global generator after some numbers."""
    torch.manual_seed(2024)
    torch.rand(5)
    return torch.get_rng_state()


def _assert_state(before):
    if not torch.equal(before, torch.get_rng_state()):
        raise Mismatch("statement", "The state of the global generator is not the one from before the call.")


@pytest.mark.parametrize("shuffle", [False, True])
def test_undisturbed__restores_the_state_after_a_loader(shuffle):
    before = _started()
    assert_value(kata.undisturbed(_batches_of(shuffle)), [3, 3, 1])
    _assert_state(before)


def test_undisturbed__restores_the_state_after_other_draws():
    before = _started()
    kata.undisturbed(lambda: torch.rand(4))
    _assert_state(before)


def test_undisturbed__returns_what_evaluate_returns():
    for value in (0.25, None, ("loss", [1, 2])):
        assert_value(kata.undisturbed(lambda value=value: value), value)


def test_undisturbed__lets_evaluate_draw_the_same_numbers():
    _started()
    expected = torch.rand(4)
    _started()
    if not torch.equal(kata.undisturbed(lambda: torch.rand(4)), expected):
        raise Mismatch("statement", "evaluate drew other random numbers than it would draw without you.")


def test_undisturbed__calls_evaluate_once():
    calls = []
    kata.undisturbed(lambda: calls.append(torch.rand(1)))
    assert_value(len(calls), 1, name="the number of calls of evaluate")


def test_undisturbed__restores_the_state_after_an_error():
    before = _started()
    with assert_raises(ArithmeticError, because="evaluate raised an error. Pass it on."):
        kata.undisturbed(_failing)
    _assert_state(before)


def test_undisturbed__does_what_its_example_shows(example):
    example.check(kata)
