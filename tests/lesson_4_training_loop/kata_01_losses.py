"""The specification of katas/lesson_4_training_loop/kata_01_losses.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_raises,
    assert_tensor,
    assert_unchanged,
    forbid,
)
from katas import foundations
from katas.lesson_4_training_loop import kata_01_losses as kata

CORE = ("squared_loss", "cross_entropy", "class_loss", "one_unit_loss")

# Scores of +-1000 are known in float32 to some 6e-5 only.
LARGE = {"rtol": 1e-4, "atol": 2e-3}


def drawn(seed, *shape):
    """Numbers around 0, in eighths, which float32 holds exactly, as float64."""
    return np.round(np.random.default_rng(seed).normal(0, 2, shape) * 8) / 8 + 0.0


def drawn_labels(seed, classes, *shape):
    return np.random.default_rng(seed).integers(0, classes, shape)


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def labels_on(device, values, dtype=torch.int64):
    return on(device, values, dtype)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def log_shares(scores):
    """The logarithm of softmax along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def from_table(scores, table):
    """The mean cross-entropy of tables of probabilities."""
    return float32(0.0 - (table * log_shares(scores)).sum(axis=-1).mean())


def from_labels(scores, labels):
    return from_table(scores, one_hot(labels, scores.shape[-1]))


def from_bits(scores, targets):
    """The mean binary cross-entropy."""
    return float32((np.logaddexp(scores, 0) - targets * scores).mean())


def bit_share(scores):
    return foundations.softmax(np.stack([np.zeros_like(scores), scores], axis=1))[:, 1]


def gradient_of(loss, inputs, *others):
    """The gradient of 3 times the loss with respect to `inputs`, divided by 3."""
    leaf = inputs.clone().requires_grad_()
    answer = loss(leaf, *others)
    if not isinstance(answer, torch.Tensor):
        raise Mismatch("type", "The loss is no tensor: no gradient can flow back from it.", actual=answer)
    assert_has_graph(answer, name="the loss")
    (3 * answer.sum()).backward()
    if leaf.grad is None:
        raise Mismatch("graph", "No gradient came back to the input: the way from it to the loss is cut.")
    return leaf.grad / 3


@pytest.mark.parametrize("shape", [(4,), (2, 3), (5, 1), (2, 3, 2), ()])
def test_squared_loss__is_the_mean_square_of_the_differences(device, shape):
    predictions, targets = drawn(1, *shape), drawn(2, *shape)
    expected = float32(((predictions - targets) ** 2).mean())
    assert_tensor(kata.squared_loss(on(device, predictions), on(device, targets)), expected, device=device)
    assert_tensor(kata.squared_loss(on(device, predictions), on(device, targets), "mean"), expected, device=device)


@pytest.mark.parametrize("shape", [(4,), (3, 2)])
def test_squared_loss__sums_where_asked_to(device, shape):
    predictions, targets = drawn(3, *shape), drawn(4, *shape)
    actual = kata.squared_loss(on(device, predictions), on(device, targets), reduction="sum")
    assert_tensor(actual, float32(((predictions - targets) ** 2).sum()), device=device)


@pytest.mark.parametrize("shape", [(4,), (3, 2)])
def test_squared_loss__keeps_each_square_where_asked_to(device, shape):
    predictions, targets = drawn(5, *shape), drawn(6, *shape)
    actual = kata.squared_loss(on(device, predictions), on(device, targets), reduction="none")
    assert_tensor(actual, float32((predictions - targets) ** 2), device=device)


@pytest.mark.parametrize(("shape", "reduction"), [((4,), "mean"), ((3, 2), "mean"), ((4,), "sum")])
def test_squared_loss__sends_the_gradient_back(device, shape, reduction):
    predictions, targets = drawn(7, *shape), drawn(8, *shape)
    count = predictions.size if reduction == "mean" else 1
    actual = gradient_of(kata.squared_loss, on(device, predictions), on(device, targets), reduction)
    assert_tensor(actual, float32(2 * (predictions - targets) / count), device=device, name="the gradient")


@pytest.mark.parametrize(
    ("predicted", "wanted", "reduction"),
    [
        ((4, 1), (4,), "mean"),
        ((4,), (4, 1), "sum"),
        ((2, 3), (3,), "mean"),
        ((2, 3), (3, 2), "none"),
        ((3, 1), (3, 2), "none"),
        ((3,), (), "mean"),
        ((5, 1), (5,), "none"),
    ],
)
def test_squared_loss__refuses_shapes_that_differ(device, predicted, wanted, reduction):
    predictions, targets = on(device, drawn(1, *predicted)), on(device, drawn(2, *wanted))
    because = f"Predictions of shape {predicted} and targets of shape {wanted} passed for a pair: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.squared_loss(predictions, targets, reduction)


def test_squared_loss__names_both_shapes_in_its_message(device):
    message = ""
    with assert_raises(ValueError, because="Shapes (5, 1) and (5,) differ: raise a ValueError."):
        try:
            kata.squared_loss(on(device, drawn(1, 5, 1)), on(device, drawn(2, 5)))
        except ValueError as error:
            message = str(error)
            raise
    for shape in [(5, 1), (5,)]:
        if str(shape) not in message and str(list(shape)) not in message:
            raise Mismatch("statement", f"The message of the ValueError does not hold the shape {shape}: {message!r}.")


def test_squared_loss__leaves_the_inputs_as_they_are(device):
    predictions, targets = on(device, drawn(1, 3)), on(device, drawn(2, 3))
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.squared_loss(predictions, targets)


def test_squared_loss__is_not_the_ready_made_one(device):
    because = "PyTorch's own loss is the whole answer: this step is to build it from a difference and a square."
    with forbid("torch.nn.functional.mse_loss", "torch.nn.MSELoss", because=because):
        kata.squared_loss(on(device, drawn(1, 3)), on(device, drawn(2, 3)))


READY_MADE = [
    "torch.nn.functional.cross_entropy",
    "torch.nn.CrossEntropyLoss",
    "torch.nn.functional.nll_loss",
    "torch.nn.NLLLoss",
    *(
        f"{place}.{name}"
        for place in ("torch", "torch.Tensor", "torch.nn.functional", "torch.special")
        for name in ("softmax", "log_softmax")
    ),
    "torch.nn.Softmax",
    "torch.nn.LogSoftmax",
]


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (2, 5), (3, 3), (1, 4), (3, 1)])
def test_cross_entropy__is_the_mean_of_minus_log_of_the_labels_share(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(classes, classes, rows)
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize("labels", [[0, 0], [1, 2], [2, 1]])
def test_cross_entropy__bears_logits_of_any_size(device, labels):
    logits = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]])
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, np.array(labels)), device=device, **LARGE)


def test_cross_entropy__bears_small_and_large_rows_together(device):
    logits, labels = np.array([[800.0, 801.0], [-3.0, -2.5], [-900.0, -902.0]]), np.array([0, 0, 1])
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device, **LARGE)


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (1, 2)])
def test_cross_entropy__has_softmax_less_one_hot_as_gradient(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows, classes, rows)
    actual = gradient_of(kata.cross_entropy, on(device, logits), labels_on(device, labels))
    expected = float32((foundations.softmax(logits) - one_hot(labels, classes)) / rows)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_cross_entropy__has_a_gradient_at_logits_of_any_size(device):
    logits, labels = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]]), np.array([2, 1])
    actual = gradient_of(kata.cross_entropy, on(device, logits), labels_on(device, labels))
    expected = float32((foundations.softmax(logits) - one_hot(labels, 3)) / 2)
    assert_tensor(actual, expected, device=device, name="the gradient", rtol=1e-3, atol=1e-4)


def test_cross_entropy__leaves_the_inputs_as_they_are(device):
    logits, labels = on(device, drawn(1, 2, 3)), labels_on(device, [2, 0])
    with assert_unchanged(logits=logits, labels=labels):
        kata.cross_entropy(logits, labels)


def test_cross_entropy__is_not_the_ready_made_one(device):
    because = "PyTorch's own is the whole answer, or half of it: this step is to build it from exp, a sum and log."
    with forbid(*READY_MADE, because=because):
        kata.cross_entropy(on(device, drawn(1, 2, 3)), labels_on(device, [2, 0]))


def smoothed(labels, classes, smoothing):
    return (1 - smoothing) * one_hot(labels, classes) + smoothing / classes


@pytest.mark.parametrize(
    ("rows", "classes", "smoothing"), [(4, 3, 0.1), (2, 5, 0.25), (3, 3, 0.5), (1, 2, 0.1), (5, 4, 1.0)]
)
def test_smoothed_cross_entropy__gives_every_class_a_share_of_the_target(device, rows, classes, smoothing):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows + 1, classes, rows)
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), smoothing)
    assert_tensor(actual, from_table(logits, smoothed(labels, classes, smoothing)), device=device)


def test_smoothed_cross_entropy__is_the_plain_one_where_nothing_is_smoothed(device):
    logits, labels = drawn(9, 4, 3), np.array([2, 0, 1, 1])
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), 0.0)
    assert_tensor(actual, from_labels(logits, labels), device=device)


def test_smoothed_cross_entropy__bears_logits_of_any_size(device):
    logits, labels = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]]), np.array([0, 2])
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), 0.25)
    assert_tensor(actual, from_table(logits, smoothed(labels, 3, 0.25)), device=device, **LARGE)


def test_smoothed_cross_entropy__has_softmax_less_target_as_gradient(device):
    logits, labels = drawn(6, 4, 3), np.array([1, 1, 0, 2])
    actual = gradient_of(kata.smoothed_cross_entropy, on(device, logits), labels_on(device, labels), 0.2)
    expected = float32((foundations.softmax(logits) - smoothed(labels, 3, 0.2)) / 4)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_smoothed_cross_entropy__leaves_the_inputs_as_they_are(device):
    logits, labels = on(device, drawn(1, 2, 3)), labels_on(device, [2, 0])
    with assert_unchanged(logits=logits, labels=labels):
        kata.smoothed_cross_entropy(logits, labels, 0.1)


def test_smoothed_cross_entropy__is_not_the_ready_made_one(device):
    because = "PyTorch's own does the smoothing for you: this step is to build it from your cross_entropy and a mean."
    with forbid(*READY_MADE, because=because):
        kata.smoothed_cross_entropy(on(device, drawn(1, 2, 3)), labels_on(device, [2, 0]), 0.1)


@pytest.mark.parametrize("targets", [[1, 0, 0, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1], [0.25, 1, 0.5, 0], [0]])
def test_binary_cross_entropy__is_the_mean_over_all_targets(device, targets):
    logits = drawn(len(targets), len(targets))
    actual = kata.binary_cross_entropy(on(device, logits), on(device, targets))
    assert_tensor(actual, from_bits(logits, np.array(targets)), device=device)


@pytest.mark.parametrize("targets", [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.5, 0.25, 1.0, 0.0]])
def test_binary_cross_entropy__bears_logits_of_any_size(device, targets):
    logits = np.array([1000.0, -1000.0, 50.0, -200.0])
    actual = kata.binary_cross_entropy(on(device, logits), on(device, targets))
    assert_tensor(actual, from_bits(logits, np.array(targets)), device=device)


def test_binary_cross_entropy__has_sigmoid_less_target_as_gradient(device):
    logits, targets = np.array([1.5, -2.0, 0.25, -0.5, 3.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.25])
    actual = gradient_of(kata.binary_cross_entropy, on(device, logits), on(device, targets))
    assert_tensor(actual, float32((bit_share(logits) - targets) / 5), device=device, name="the gradient")


def test_binary_cross_entropy__has_a_gradient_at_logits_of_any_size(device):
    logits, targets = np.array([1000.0, -1000.0, 1000.0, -1000.0]), np.array([1.0, 0.0, 0.0, 1.0])
    actual = gradient_of(kata.binary_cross_entropy, on(device, logits), on(device, targets))
    assert_tensor(actual, float32([0, 0, 0.25, -0.25]), device=device, name="the gradient")


def test_binary_cross_entropy__has_the_right_gradient_at_0(device):
    actual = gradient_of(kata.binary_cross_entropy, on(device, [0.0, 0.0]), on(device, [1.0, 0.0]))
    assert_tensor(actual, float32([-0.25, 0.25]), device=device, name="the gradient")


@pytest.mark.parametrize(
    ("given", "wanted"), [((4, 1), (4,)), ((4,), (4, 1)), ((3,), (1,)), ((3,), ()), ((6,), (2, 3))]
)
def test_binary_cross_entropy__refuses_shapes_that_differ(device, given, wanted):
    logits, targets = on(device, drawn(1, *given)), on(device, np.ones(wanted))
    because = f"Logits of shape {given} and targets of shape {wanted} passed for a pair: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.binary_cross_entropy(logits, targets)


def test_binary_cross_entropy__leaves_the_inputs_as_they_are(device):
    logits, targets = on(device, drawn(1, 3)), on(device, [0.0, 1.0, 1.0])
    with assert_unchanged(logits=logits, targets=targets):
        kata.binary_cross_entropy(logits, targets)


def test_binary_cross_entropy__is_not_the_ready_made_one(device):
    ready_made = [
        "torch.nn.functional.binary_cross_entropy",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "torch.nn.BCELoss",
        "torch.nn.BCEWithLogitsLoss",
    ]
    with forbid(*ready_made, because="PyTorch's own loss is the whole answer: this step is to build it by hand."):
        kata.binary_cross_entropy(on(device, drawn(1, 3)), on(device, [0.0, 1.0, 1.0]))


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (2, 5), (3, 3), (1, 4)])
def test_class_loss__is_the_mean_over_the_rows(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows, classes, rows)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize(("items", "length", "classes"), [(2, 4, 3), (3, 2, 5), (4, 1, 2), (1, 3, 4)])
def test_class_loss__takes_sequences_with_the_classes_last(device, items, length, classes):
    logits, labels = drawn(items, items, length, classes), drawn_labels(length, classes, items, length)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize(("items", "length", "classes"), [(2, 3, 3), (3, 3, 3), (3, 2, 3)])
def test_class_loss__is_right_where_two_sizes_are_equal(device, items, length, classes):
    logits, labels = drawn(items, items, length, classes), drawn_labels(length + 1, classes, items, length)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8], ids=["int32", "uint8"])
@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)], ids=["rows", "sequences"])
def test_class_loss__takes_labels_of_other_integer_dtypes(device, dtype, shape):
    logits, labels = drawn(5, *shape), drawn_labels(6, 3, *shape[:-1])
    actual = kata.class_loss(on(device, logits), labels_on(device, labels, dtype))
    assert_tensor(actual, from_labels(logits, labels), device=device)


def test_class_loss__takes_logits_that_are_not_contiguous(device):
    logits, labels = drawn(7, 3, 4, 2), drawn_labels(8, 2, 3, 4)
    turned = on(device, logits.transpose(1, 0, 2)).transpose(0, 1)
    assert_tensor(kata.class_loss(turned, labels_on(device, labels)), from_labels(logits, labels), device=device)


@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)], ids=["rows", "sequences"])
def test_class_loss__sends_the_gradient_back(device, shape):
    logits, labels = drawn(9, *shape), drawn_labels(4, 3, *shape[:-1])
    actual = gradient_of(kata.class_loss, on(device, logits), labels_on(device, labels))
    expected = float32((np.exp(log_shares(logits)) - one_hot(labels, 3)) / labels.size)
    assert_tensor(actual, expected, device=device, name="the gradient")


@pytest.mark.parametrize("labels", [[1, 0, 0, 1, 1], [1, 1, 1], [0, 1]])
def test_one_unit_loss__is_the_binary_cross_entropy(device, labels):
    outputs = drawn(len(labels) + 1, len(labels), 1)
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, labels))
    assert_tensor(actual, from_bits(outputs[:, 0], np.array(labels)), device=device)


def test_one_unit_loss__is_above_0_where_all_labels_are_0(device):
    outputs = drawn(3, 4, 1)
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, [0, 0, 0, 0]))
    assert_tensor(actual, from_bits(outputs[:, 0], np.zeros(4)), device=device)


@pytest.mark.parametrize("label", [0, 1])
def test_one_unit_loss__takes_a_single_row(device, label):
    actual = kata.one_unit_loss(on(device, [[1.5]]), labels_on(device, [label]))
    assert_tensor(actual, from_bits(np.array([1.5]), np.array([label])), device=device)


def test_one_unit_loss__bears_outputs_of_any_size(device):
    outputs, labels = np.array([[1000.0], [-1000.0], [50.0]]), np.array([0, 1, 1])
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, labels))
    assert_tensor(actual, from_bits(outputs[:, 0], labels), device=device)


@pytest.mark.parametrize("labels", [[1, 0, 0, 1], [0, 0, 0, 0]])
def test_one_unit_loss__has_sigmoid_less_label_as_gradient(device, labels):
    outputs = drawn(6, 4, 1)
    actual = gradient_of(kata.one_unit_loss, on(device, outputs), labels_on(device, labels))
    expected = float32((bit_share(outputs[:, 0]) - np.array(labels))[:, None] / 4)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_one_unit_loss__leaves_the_inputs_as_they_are(device):
    outputs, labels = on(device, drawn(1, 3, 1)), labels_on(device, [0, 1, 1])
    with assert_unchanged(outputs=outputs, labels=labels):
        kata.one_unit_loss(outputs, labels)


def table(seed, rows, classes):
    """Rows of probabilities."""
    shares = np.random.default_rng(seed).uniform(0.1, 1, (rows, classes))
    return shares / shares.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (2, 5), (3, 3), (1, 4)])
def test_soft_target_loss__is_the_mean_over_the_rows(device, rows, classes):
    logits, targets = drawn(rows, rows, classes), table(rows, rows, classes)
    actual = kata.soft_target_loss(on(device, logits), on(device, targets))
    assert_tensor(actual, from_table(logits, targets), device=device)


def test_soft_target_loss__takes_0_and_1_for_targets(device):
    logits, labels = drawn(4, 3, 4), np.array([3, 0, 0])
    actual = kata.soft_target_loss(on(device, logits), on(device, one_hot(labels, 4)))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize("targets", [[[0.1] * 10], [[0.3333] * 3, [0.5, 0.5, 0.0]]], ids=["tenths", "thirds"])
def test_soft_target_loss__forgives_rounding(device, targets):
    logits = drawn(5, len(targets), len(targets[0]))
    actual = kata.soft_target_loss(on(device, logits), on(device, targets))
    assert_tensor(actual, from_table(logits, np.array(targets)), device=device)


def test_soft_target_loss__bears_logits_of_any_size(device):
    logits, targets = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, 0.0]]), table(3, 2, 3)
    actual = kata.soft_target_loss(on(device, logits), on(device, targets))
    assert_tensor(actual, from_table(logits, targets), device=device, **LARGE)


@pytest.mark.parametrize(
    "targets",
    [
        [[0.5, 0.25, 0.25], [0.5, 0.25, 0.23]],
        [[0.5, 0.25, 0.27], [0.25, 0.25, 0.5]],
        [[0.5, 0.0, 0.0], [0.5, 0.5, 0.5]],
        [[7.0, 7.0, 7.0], [7.0, 7.0, 7.0]],
        [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
    ],
    ids=["below 1", "above 1", "both", "sevens", "zeros"],
)
def test_soft_target_loss__refuses_rows_that_do_not_sum_to_1(device, targets):
    logits = on(device, drawn(1, 2, 3))
    sums = [round(sum(row), 2) for row in targets]
    because = f"The rows of the targets sum to {sums}, so these are no probabilities: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.soft_target_loss(logits, on(device, targets))


def test_soft_target_loss__refuses_a_square_whose_columns_sum_to_1(device):
    because = "The columns of the targets sum to 1, but the rows don't: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.soft_target_loss(on(device, drawn(1, 2, 2)), on(device, [[0.25, 0.5], [0.75, 0.5]]))


@pytest.mark.parametrize("row", [[1.5, -0.5, 0.0], [0.75, 0.5, -0.25]])
def test_soft_target_loss__refuses_targets_below_0(device, row):
    because = f"The targets {row} sum to 1, but one is below 0, and no probability is: raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.soft_target_loss(on(device, drawn(1, 2, 3)), on(device, [[0.5, 0.25, 0.25], row]))


def test_soft_target_loss__has_softmax_less_target_as_gradient(device):
    logits, targets = drawn(8, 4, 3), table(9, 4, 3)
    actual = gradient_of(kata.soft_target_loss, on(device, logits), on(device, targets))
    expected = float32((foundations.softmax(logits) - on("cpu", targets).double().numpy()) / 4)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_soft_target_loss__leaves_the_inputs_as_they_are(device):
    logits, targets = on(device, drawn(1, 2, 3)), on(device, [[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
    with assert_unchanged(logits=logits, targets=targets):
        kata.soft_target_loss(logits, targets)
