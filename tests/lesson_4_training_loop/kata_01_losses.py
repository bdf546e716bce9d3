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

# float32 represents a score near 1000 only to about 6e-5.
LARGE = {"rtol": 1e-4, "atol": 2e-3}


def drawn(seed, *shape):
    """Random multiples of 1/8 around 0, as float64. float32 represents them exactly."""
    return np.round(np.random.default_rng(seed).normal(0, 2, shape) * 8) / 8 + 0.0


def drawn_labels(seed, classes, *shape):
    return np.random.default_rng(seed).integers(0, classes, shape)


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def labels_on(device, values, dtype=torch.int64):
    return on(device, values, dtype)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def log_softmax(scores):
    """The logarithm of softmax along the last axis, in float64."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def from_table(scores, table):
    """The mean cross-entropy of tables of probabilities."""
    return float32(0.0 - (table * log_softmax(scores)).sum(axis=-1).mean())


def from_labels(scores, labels):
    return from_table(scores, one_hot(labels, scores.shape[-1]))


def from_bits(scores, targets):
    """The mean binary cross-entropy."""
    return float32((np.logaddexp(scores, 0) - targets * scores).mean())


def sigmoid(scores):
    return foundations.softmax(np.stack([np.zeros_like(scores), scores], axis=1))[:, 1]


def gradient_of(loss, inputs, *others):
    """The gradient of 3 times the loss with respect to `inputs`, divided by 3."""
    leaf = inputs.clone().requires_grad_()
    answer = loss(leaf, *others)
    if not isinstance(answer, torch.Tensor):
        raise Mismatch("type", "The loss is not a tensor, so no gradient can flow back from it.", actual=answer)
    assert_has_graph(answer, name="the loss")
    (3 * answer.sum()).backward()
    if leaf.grad is None:
        raise Mismatch("graph", "The gradient of the input is None. The graph between the input and the loss is cut.")
    return leaf.grad / 3


def assert_no_upper_limit(loss, expected):
    """Check that the loss of a very wrong answer has no limit far below the expected value of some 1000."""
    __tracebackhide__ = True
    actual = loss.item() if isinstance(loss, torch.Tensor) and loss.numel() == 1 else None
    # A constant inside the logarithm or a clamp makes a limit: -log(1e-2) is 4.6, and -log(1e-38) is 87.5.
    if actual is not None and 4 < actual < expected / 4:
        raise Mismatch(
            "statement", f"A score is wrong by 1000, but the loss is below {expected / 4:g}. It must be {expected:g}."
        )


# A row whose label has a score that is lower by 1000 than the other one.
VERY_WRONG = [[500.0, -500.0]]


@pytest.mark.parametrize("shape", [(4,), (2, 3), (5, 1), (2, 3, 2), ()])
def test_squared_loss__returns_the_mean_of_the_squares(device, shape):
    predictions, targets = drawn(1, *shape), drawn(2, *shape)
    expected = float32(((predictions - targets) ** 2).mean())
    assert_tensor(kata.squared_loss(on(device, predictions), on(device, targets)), expected, device=device)
    assert_tensor(kata.squared_loss(on(device, predictions), on(device, targets), "mean"), expected, device=device)


@pytest.mark.parametrize("shape", [(4,), (3, 2)])
def test_squared_loss__returns_the_sum(device, shape):
    predictions, targets = drawn(3, *shape), drawn(4, *shape)
    actual = kata.squared_loss(on(device, predictions), on(device, targets), reduction="sum")
    assert_tensor(actual, float32(((predictions - targets) ** 2).sum()), device=device)


@pytest.mark.parametrize("shape", [(4,), (3, 2)])
def test_squared_loss__returns_every_square(device, shape):
    predictions, targets = drawn(5, *shape), drawn(6, *shape)
    actual = kata.squared_loss(on(device, predictions), on(device, targets), reduction="none")
    assert_tensor(actual, float32((predictions - targets) ** 2), device=device)


@pytest.mark.parametrize(("shape", "reduction"), [((4,), "mean"), ((3, 2), "mean"), ((4,), "sum")])
def test_squared_loss__has_the_right_gradient(device, shape, reduction):
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
def test_squared_loss__raises_a_value_error_if_the_shapes_differ(device, predicted, wanted, reduction):
    predictions, targets = on(device, drawn(1, *predicted)), on(device, drawn(2, *wanted))
    because = f"The predictions have shape {predicted} and the targets {wanted}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.squared_loss(predictions, targets, reduction)


def test_squared_loss__names_both_shapes_in_the_message(device):
    message = ""
    with assert_raises(
        ValueError, because="The predictions have shape (5, 1) and the targets (5,). Raise a ValueError."
    ):
        try:
            kata.squared_loss(on(device, drawn(1, 5, 1)), on(device, drawn(2, 5)))
        except ValueError as error:
            message = str(error)
            raise
    for shape in [(5, 1), (5,)]:
        if str(shape) not in message and str(list(shape)) not in message:
            raise Mismatch(
                "statement", f"The message of your ValueError does not contain the shape {shape}: {message!r}"
            )


def test_squared_loss__does_not_modify_the_inputs(device):
    predictions, targets = on(device, drawn(1, 3)), on(device, drawn(2, 3))
    with assert_unchanged(predictions=predictions, targets=targets):
        kata.squared_loss(predictions, targets)


def test_squared_loss__is_built_by_hand(device):
    because = "PyTorch's own loss is not allowed here. Build the loss from a difference and a square."
    with forbid("torch.nn.functional.mse_loss", "torch.nn.MSELoss", because=because):
        kata.squared_loss(on(device, drawn(1, 3)), on(device, drawn(2, 3)))


def test_squared_loss__does_what_its_example_shows(example):
    example.check(kata)


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


def test_cross_entropy__has_no_upper_limit(device):
    assert_no_upper_limit(kata.cross_entropy(on(device, VERY_WRONG), labels_on(device, [1])), 1000)


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (2, 5), (3, 3), (1, 4), (3, 1)])
def test_cross_entropy__is_the_mean_of_minus_log_of_the_probability_of_the_label(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(classes, classes, rows)
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize("labels", [[0, 0], [1, 0], [1, 1]])
def test_cross_entropy__works_if_no_label_is_the_last_class(device, labels):
    logits = drawn(11, 2, 3)
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, np.array(labels)), device=device)


@pytest.mark.parametrize("labels", [[0, 0], [1, 2], [2, 1]])
def test_cross_entropy__is_accurate_for_large_scores(device, labels):
    logits = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]])
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, np.array(labels)), device=device, **LARGE)


def test_cross_entropy__is_accurate_if_rows_differ_in_size(device):
    logits, labels = np.array([[800.0, 801.0], [-3.0, -2.5], [-900.0, -902.0]]), np.array([0, 0, 1])
    actual = kata.cross_entropy(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device, **LARGE)


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (1, 2)])
def test_cross_entropy__has_the_gradient_softmax_minus_one_hot(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows, classes, rows)
    actual = gradient_of(kata.cross_entropy, on(device, logits), labels_on(device, labels))
    expected = float32((foundations.softmax(logits) - one_hot(labels, classes)) / rows)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_cross_entropy__has_the_right_gradient_for_large_scores(device):
    logits, labels = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]]), np.array([2, 1])
    actual = gradient_of(kata.cross_entropy, on(device, logits), labels_on(device, labels))
    expected = float32((foundations.softmax(logits) - one_hot(labels, 3)) / 2)
    assert_tensor(actual, expected, device=device, name="the gradient", rtol=1e-3, atol=1e-4)


def test_cross_entropy__does_not_modify_the_inputs(device):
    logits, labels = on(device, drawn(1, 2, 3)), labels_on(device, [2, 0])
    with assert_unchanged(logits=logits, labels=labels):
        kata.cross_entropy(logits, labels)


def test_cross_entropy__is_built_by_hand(device):
    because = "PyTorch's losses and softmax are not allowed here. Build the loss from exp, a sum and log."
    with forbid(*READY_MADE, because=because):
        kata.cross_entropy(on(device, drawn(1, 2, 3)), labels_on(device, [2, 0]))


def test_cross_entropy__does_what_its_example_shows(example):
    example.check(kata)


def test_class_loss__has_a_graph(device):
    leaf = on(device, drawn(1, 2, 3)).requires_grad_()
    actual = kata.class_loss(leaf, labels_on(device, [2, 0]))
    if isinstance(actual, torch.Tensor):
        assert_has_graph(actual, name="the loss")


@pytest.mark.parametrize(("rows", "classes"), [(4, 3), (2, 5), (3, 3), (1, 4)])
def test_class_loss__is_the_mean_over_the_rows(device, rows, classes):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows, classes, rows)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize(("items", "length", "classes"), [(2, 4, 3), (3, 2, 5), (4, 1, 2), (1, 3, 4)])
def test_class_loss__accepts_sequences_with_the_classes_last(device, items, length, classes):
    logits, labels = drawn(items, items, length, classes), drawn_labels(length, classes, items, length)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize(("items", "length", "classes"), [(2, 3, 3), (3, 3, 3), (3, 2, 3)])
def test_class_loss__is_right_if_two_sizes_are_equal(device, items, length, classes):
    logits, labels = drawn(items, items, length, classes), drawn_labels(length + 1, classes, items, length)
    actual = kata.class_loss(on(device, logits), labels_on(device, labels))
    assert_tensor(actual, from_labels(logits, labels), device=device)


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8], ids=["int32", "uint8"])
@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)], ids=["rows", "sequences"])
def test_class_loss__accepts_labels_of_other_integer_dtypes(device, dtype, shape):
    logits, labels = drawn(5, *shape), drawn_labels(6, 3, *shape[:-1])
    actual = kata.class_loss(on(device, logits), labels_on(device, labels, dtype))
    assert_tensor(actual, from_labels(logits, labels), device=device)


def test_class_loss__accepts_non_contiguous_logits(device):
    logits, labels = drawn(7, 3, 4, 2), drawn_labels(8, 2, 3, 4)
    turned = on(device, logits.transpose(1, 0, 2)).transpose(0, 1)
    assert_tensor(kata.class_loss(turned, labels_on(device, labels)), from_labels(logits, labels), device=device)


@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)], ids=["rows", "sequences"])
def test_class_loss__has_the_right_gradient(device, shape):
    logits, labels = drawn(9, *shape), drawn_labels(4, 3, *shape[:-1])
    actual = gradient_of(kata.class_loss, on(device, logits), labels_on(device, labels))
    expected = float32((np.exp(log_softmax(logits)) - one_hot(labels, 3)) / labels.size)
    assert_tensor(actual, expected, device=device, name="the gradient")


@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)], ids=["rows", "sequences"])
def test_class_loss__does_not_modify_the_inputs(device, shape):
    logits, labels = on(device, drawn(1, *shape)), labels_on(device, drawn_labels(2, 3, *shape[:-1]))
    with assert_unchanged(logits=logits, labels=labels):
        kata.class_loss(logits, labels)


def test_class_loss__does_what_its_example_shows(example):
    example.check(kata)


def test_one_unit_loss__has_no_upper_limit(device):
    assert_no_upper_limit(kata.one_unit_loss(on(device, [[-1000.0]]), labels_on(device, [1])), 1000)


@pytest.mark.parametrize("labels", [[1, 0, 0, 1, 1], [1, 1, 1], [0, 1]])
def test_one_unit_loss__is_the_binary_cross_entropy(device, labels):
    outputs = drawn(len(labels) + 1, len(labels), 1)
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, labels))
    assert_tensor(actual, from_bits(outputs[:, 0], np.array(labels)), device=device)


def test_one_unit_loss__is_above_0_if_all_labels_are_0(device):
    outputs = drawn(3, 4, 1)
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, [0, 0, 0, 0]))
    assert_tensor(actual, from_bits(outputs[:, 0], np.zeros(4)), device=device)


@pytest.mark.parametrize("label", [0, 1])
def test_one_unit_loss__accepts_a_single_row(device, label):
    actual = kata.one_unit_loss(on(device, [[1.5]]), labels_on(device, [label]))
    assert_tensor(actual, from_bits(np.array([1.5]), np.array([label])), device=device)


def test_one_unit_loss__is_accurate_for_large_outputs(device):
    outputs, labels = np.array([[1000.0], [-1000.0], [50.0]]), np.array([0, 1, 1])
    actual = kata.one_unit_loss(on(device, outputs), labels_on(device, labels))
    assert_tensor(actual, from_bits(outputs[:, 0], labels), device=device)


@pytest.mark.parametrize("labels", [[1, 0, 0, 1], [0, 0, 0, 0]])
def test_one_unit_loss__has_the_gradient_sigmoid_minus_label(device, labels):
    outputs = drawn(6, 4, 1)
    actual = gradient_of(kata.one_unit_loss, on(device, outputs), labels_on(device, labels))
    expected = float32((sigmoid(outputs[:, 0]) - np.array(labels))[:, None] / 4)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_one_unit_loss__does_not_modify_the_inputs(device):
    outputs, labels = on(device, drawn(1, 3, 1)), labels_on(device, [0, 1, 1])
    with assert_unchanged(outputs=outputs, labels=labels):
        kata.one_unit_loss(outputs, labels)


def test_one_unit_loss__does_what_its_example_shows(example):
    example.check(kata)


def smoothed(labels, classes, smoothing):
    return (1 - smoothing) * one_hot(labels, classes) + smoothing / classes


def test_smoothed_cross_entropy__has_no_upper_limit(device):
    actual = kata.smoothed_cross_entropy(on(device, VERY_WRONG), labels_on(device, [1]), 0.5)
    assert_no_upper_limit(actual, 750)


@pytest.mark.parametrize("labels", [[0, 0], [1, 0]])
def test_smoothed_cross_entropy__works_if_no_label_is_the_last_class(device, labels):
    logits = drawn(12, 2, 3)
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), 0.25)
    assert_tensor(actual, from_table(logits, smoothed(np.array(labels), 3, 0.25)), device=device)


@pytest.mark.parametrize(
    ("rows", "classes", "smoothing"), [(4, 3, 0.1), (2, 5, 0.25), (3, 3, 0.5), (1, 2, 0.1), (5, 4, 1.0)]
)
def test_smoothed_cross_entropy__gives_every_class_a_part_of_the_target(device, rows, classes, smoothing):
    logits, labels = drawn(rows, rows, classes), drawn_labels(rows + 1, classes, rows)
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), smoothing)
    assert_tensor(actual, from_table(logits, smoothed(labels, classes, smoothing)), device=device)


def test_smoothed_cross_entropy__equals_the_cross_entropy_for_smoothing_0(device):
    logits, labels = drawn(9, 4, 3), np.array([2, 0, 1, 1])
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), 0.0)
    assert_tensor(actual, from_labels(logits, labels), device=device)


def test_smoothed_cross_entropy__is_accurate_for_large_scores(device):
    logits, labels = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1002.0]]), np.array([0, 2])
    actual = kata.smoothed_cross_entropy(on(device, logits), labels_on(device, labels), 0.25)
    assert_tensor(actual, from_table(logits, smoothed(labels, 3, 0.25)), device=device, **LARGE)


def test_smoothed_cross_entropy__has_the_gradient_softmax_minus_target(device):
    logits, labels = drawn(6, 4, 3), np.array([1, 1, 0, 2])
    actual = gradient_of(kata.smoothed_cross_entropy, on(device, logits), labels_on(device, labels), 0.2)
    expected = float32((foundations.softmax(logits) - smoothed(labels, 3, 0.2)) / 4)
    assert_tensor(actual, expected, device=device, name="the gradient")


def test_smoothed_cross_entropy__does_not_modify_the_inputs(device):
    logits, labels = on(device, drawn(1, 2, 3)), labels_on(device, [2, 0])
    with assert_unchanged(logits=logits, labels=labels):
        kata.smoothed_cross_entropy(logits, labels, 0.1)


def test_smoothed_cross_entropy__is_built_by_hand(device):
    because = "PyTorch's losses and softmax are not allowed here. Your own cross_entropy is."
    with forbid(*READY_MADE, because=because):
        kata.smoothed_cross_entropy(on(device, drawn(1, 2, 3)), labels_on(device, [2, 0]), 0.1)


def test_smoothed_cross_entropy__does_what_its_example_shows(example):
    example.check(kata)


def test_binary_cross_entropy__has_no_upper_limit(device):
    actual = kata.binary_cross_entropy(on(device, [-1000.0]), on(device, [1.0]))
    assert_no_upper_limit(actual, 1000)


@pytest.mark.parametrize("targets", [[1, 0, 0, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1], [0.25, 1, 0.5, 0], [0]])
def test_binary_cross_entropy__is_the_mean_over_all_targets(device, targets):
    logits = drawn(len(targets), len(targets))
    actual = kata.binary_cross_entropy(on(device, logits), on(device, targets))
    assert_tensor(actual, from_bits(logits, np.array(targets)), device=device)


@pytest.mark.parametrize("targets", [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.5, 0.25, 1.0, 0.0]])
def test_binary_cross_entropy__is_accurate_for_large_logits(device, targets):
    logits = np.array([1000.0, -1000.0, 50.0, -200.0])
    actual = kata.binary_cross_entropy(on(device, logits), on(device, targets))
    assert_tensor(actual, from_bits(logits, np.array(targets)), device=device)


def test_binary_cross_entropy__has_the_gradient_sigmoid_minus_target(device):
    logits, targets = np.array([1.5, -2.0, 0.25, -0.5, 3.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.25])
    actual = gradient_of(kata.binary_cross_entropy, on(device, logits), on(device, targets))
    assert_tensor(actual, float32((sigmoid(logits) - targets) / 5), device=device, name="the gradient")


def test_binary_cross_entropy__has_the_right_gradient_for_large_logits(device):
    logits, targets = np.array([1000.0, -1000.0, 1000.0, -1000.0]), np.array([1.0, 0.0, 0.0, 1.0])
    actual = gradient_of(kata.binary_cross_entropy, on(device, logits), on(device, targets))
    assert_tensor(actual, float32([0, 0, 0.25, -0.25]), device=device, name="the gradient")


def test_binary_cross_entropy__has_the_right_gradient_at_0(device):
    actual = gradient_of(kata.binary_cross_entropy, on(device, [0.0, 0.0]), on(device, [1.0, 0.0]))
    assert_tensor(actual, float32([-0.25, 0.25]), device=device, name="the gradient")


@pytest.mark.parametrize(
    ("given", "wanted"), [((4, 1), (4,)), ((4,), (4, 1)), ((3,), (1,)), ((3,), ()), ((6,), (2, 3))]
)
def test_binary_cross_entropy__raises_a_value_error_if_the_shapes_differ(device, given, wanted):
    logits, targets = on(device, drawn(1, *given)), on(device, np.ones(wanted))
    because = f"The logits have shape {given} and the targets {wanted}. Raise a ValueError."
    with assert_raises(ValueError, because=because):
        kata.binary_cross_entropy(logits, targets)


def test_binary_cross_entropy__does_not_modify_the_inputs(device):
    logits, targets = on(device, drawn(1, 3)), on(device, [0.0, 1.0, 1.0])
    with assert_unchanged(logits=logits, targets=targets):
        kata.binary_cross_entropy(logits, targets)


def test_binary_cross_entropy__is_built_by_hand(device):
    ready_made = [
        "torch.nn.functional.binary_cross_entropy",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "torch.nn.BCELoss",
        "torch.nn.BCEWithLogitsLoss",
    ]
    with forbid(*ready_made, because="PyTorch's own loss is not allowed here. Build it by hand."):
        kata.binary_cross_entropy(on(device, drawn(1, 3)), on(device, [0.0, 1.0, 1.0]))


def test_binary_cross_entropy__does_what_its_example_shows(example):
    example.check(kata)


# Two sequences of four items each: the first is shorter by one item, the second by two.
REAL = np.array([[True, True, True, False], [True, True, False, False]])


def padded(seed, classes, padding, real=REAL):
    """Labels that are `padding` where `real` is False. No other label is equal to it."""
    others = [label for label in range(classes) if label != padding]
    return np.where(real, np.random.default_rng(seed).choice(others, real.shape), padding)


def over_real_items(logits, labels, padding):
    real = labels != padding
    return from_labels(logits[real], labels[real])


@pytest.mark.parametrize("padding", [-100, -1, 0, 3])
def test_padded_loss__leaves_padded_items_out_of_the_mean(device, padding):
    logits, labels = drawn(3, 2, 4, 3), padded(5, 3, padding)
    actual = kata.padded_loss(on(device, logits), labels_on(device, labels), padding)
    assert_tensor(actual, over_real_items(logits, labels, padding), device=device)


def test_padded_loss__counts_every_label_if_nothing_is_padded(device):
    logits, labels = drawn(4, 3, 3, 3), padded(6, 3, -1, np.ones((3, 3), bool))
    actual = kata.padded_loss(on(device, logits), labels_on(device, labels), -1)
    assert_tensor(actual, over_real_items(logits, labels, -1), device=device)


@pytest.mark.parametrize("real", [[[1, 1], [0, 0]], [[0, 1], [1, 0], [0, 0]]], ids=["a whole sequence", "at the start"])
def test_padded_loss__accepts_padding_anywhere(device, real):
    real = np.array(real, bool)
    logits, labels = drawn(7, *real.shape, 2), padded(8, 2, -100, real)
    actual = kata.padded_loss(on(device, logits), labels_on(device, labels), -100)
    assert_tensor(actual, over_real_items(logits, labels, -100), device=device)


def test_padded_loss__counts_an_item_with_a_loss_of_0(device):
    logits, labels = np.array([[[30.0, 0.0], [0.0, 0.0], [1.0, 2.0]]]), np.array([[0, 1, -100]])
    actual = kata.padded_loss(on(device, logits), labels_on(device, labels), -100)
    assert_tensor(actual, over_real_items(logits, labels, -100), device=device)


def test_padded_loss__gives_padded_items_a_gradient_of_0(device):
    logits, labels = drawn(9, 2, 4, 3), padded(10, 3, -1)
    actual = gradient_of(kata.padded_loss, on(device, logits), labels_on(device, labels), -1)
    expected = (np.exp(log_softmax(logits)) - one_hot(labels, 3)) * REAL[..., None] / REAL.sum()
    assert_tensor(actual, float32(expected), device=device, name="the gradient")


def test_padded_loss__does_not_modify_the_inputs(device):
    logits, labels = on(device, drawn(1, 2, 4, 3)), labels_on(device, padded(2, 3, -1))
    with assert_unchanged(logits=logits, labels=labels):
        kata.padded_loss(logits, labels, -1)


def test_padded_loss__does_what_its_example_shows(example):
    example.check(kata)
