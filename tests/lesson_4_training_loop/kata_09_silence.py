"""The specification of katas/lesson_4_training_loop/kata_09_silence.py."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import Mismatch, assert_has_graph, assert_tensor, assert_unchanged, assert_value, kind_of
from katas import foundations
from katas.lesson_4_training_loop import kata_09_silence as kata

CORE = ("prepare", "keep_best", "DropoutNet")

# float32 after a few updates, against NumPy in float64.
NEAR = 1e-5


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def linear(device, weight, bias=None):
    """An nn.Linear with these weights, (O, I), and this bias, (O,)."""
    weight = np.array(weight, dtype=float)
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None).to(device)
    with torch.no_grad():
        layer.weight.copy_(on(device, weight))
        if bias is not None:
            layer.bias.copy_(on(device, bias))
    return layer


def sgd(model, rate, momentum=0.0):
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)


def assert_weights(layer, weight, bias, device, when="after the update"):
    assert_tensor(layer.weight.detach(), float32(weight), device=device, atol=NEAR, name=f"the weight {when}")
    if bias is not None:
        assert_tensor(layer.bias.detach(), float32(bias), device=device, atol=NEAR, name=f"the bias {when}")


def _doubled(predictions, labels):
    """The mean squared error of twice the labels. It changes if the two arguments are swapped."""
    return ((predictions - 2 * labels) ** 2).mean()


# The name that a report shows.
_doubled.__name__ = "loss_function"


def assert_floats(actual, expected, name):
    """Check that `actual` is a list of Python floats, each near the expected one."""
    if isinstance(actual, list):
        for place, each in enumerate(actual):
            if type(each) is not float:
                says = f"Entry [{place}] of {name} is {kind_of(each)}. It must be a Python float."
                raise Mismatch("type", says)
    assert_value(actual, [float(each) for each in expected], tolerance=NEAR, name=name)


# ---------------------------------------------------------------------------------------------------------------------


def _samples(rows, columns):
    """Features in eighths, with a different scale and mean in each column. The label of a row is its index."""
    rng = np.random.default_rng(rows)
    features = rng.integers(-40, 40, (rows, columns)) / 8 * np.arange(1, columns + 1) + 10 * np.arange(columns)
    return features + np.arange(rows)[:, None] / 2, np.arange(rows)


PARTS = "features", "labels"


def _prepared(device, features, labels, count, seed=0):
    """The two returned sets, after a check of their types and shapes."""
    answer = kata.prepare(
        on(device, features), on(device, labels, torch.int64), count, torch.Generator().manual_seed(seed)
    )
    if not isinstance(answer, (tuple, list)) or len(answer) != 2 or any(len(part) != 2 for part in answer):
        raise Mismatch("type", "Return two tuples: (features, labels) twice.", actual=answer)
    for name, rows, (x, y) in zip(("training", "validation"), (count, len(labels) - count), answer, strict=True):
        shapes = (rows, features.shape[1]), (rows,)
        for each, shape, dtype, what in zip((x, y), shapes, (torch.float32, torch.int64), PARTS, strict=True):
            if not isinstance(each, torch.Tensor):
                raise Mismatch("type", f"The {name} {what} must be a tensor.", actual=each)
            assert_value(tuple(each.shape), shape, name=f"the shape of the {name} {what}")
            assert_value(str(each.dtype), str(dtype), name=f"the dtype of the {name} {what}")
            assert_value(each.device.type, torch.device(device).type, name=f"the device of the {name} {what}")
        if x.isnan().any():
            raise Mismatch("statement", f"The {name} features contain nan.")
    return answer


def _numbers(part):
    return part[1].tolist()


@pytest.mark.parametrize(("rows", "count"), [(11, 7), (20, 8), (6, 5)])
def test_prepare__puts_every_sample_into_one_set_only(device, rows, count):
    features, labels = _samples(rows, 3)
    training, validation = _prepared(device, features, labels, count)
    for name, part in (("training", training), ("validation", validation)):
        if len(set(_numbers(part))) < len(_numbers(part)):
            raise Mismatch("statement", f"Some samples are in the {name} set more than once.")
    if set(_numbers(training)) & set(_numbers(validation)):
        raise Mismatch("statement", "Some samples are in both sets, so the validation set is not unseen data.")
    assert_value(sorted(_numbers(training) + _numbers(validation)), list(range(rows)), name="the list of all samples")


@pytest.mark.parametrize(("rows", "columns", "count"), [(11, 3, 7), (20, 1, 8), (6, 6, 5)])
def test_prepare__scales_training_by_its_own_samples(device, rows, columns, count):
    features, labels = _samples(rows, columns)
    training, _ = _prepared(device, features, labels, count)
    own = features[_numbers(training)]
    expected = float32((own - own.mean(axis=0)) / own.std(axis=0, ddof=1))
    assert_tensor(training[0], expected, device=device, atol=NEAR, name="the features for training")


@pytest.mark.parametrize(("rows", "columns", "count"), [(11, 3, 7), (20, 1, 8), (6, 6, 5)])
def test_prepare__scales_validation_by_the_training_samples(device, rows, columns, count):
    features, labels = _samples(rows, columns)
    training, validation = _prepared(device, features, labels, count)
    own = features[_numbers(training)]
    expected = float32((features[_numbers(validation)] - own.mean(axis=0)) / own.std(axis=0, ddof=1))
    assert_tensor(validation[0], expected, device=device, atol=NEAR, name="the features for validation")


def test_prepare__draws_the_training_samples(device):
    features, labels = _samples(12, 2)
    # 6 draws of 6 samples out of 12: that a drawn split is the same all six times has a chance of 924 ** -5.
    drawn = {frozenset(_numbers(_prepared(device, features, labels, 6, seed)[0])) for seed in range(6)}
    if len(drawn) == 1:
        raise Mismatch("statement", "The same samples are in training for six generators with different seeds.")


def test_prepare__draws_from_the_generator_alone(device):
    features, labels = _samples(15, 2)
    torch.manual_seed(1)
    first = _numbers(_prepared(device, features, labels, 8, seed=3)[0])
    torch.manual_seed(2)
    second = _numbers(_prepared(device, features, labels, 8, seed=3)[0])
    assert_value(sorted(second), sorted(first), name="the list of training samples of the second draw with this seed")


def test_prepare__does_not_modify_its_inputs(device):
    features, labels = _samples(7, 2)
    x, y = on(device, features), on(device, labels, torch.int64)
    with assert_unchanged(features=x, labels=y):
        kata.prepare(x, y, 4, torch.Generator().manual_seed(0))


def test_prepare__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


class _Run:
    """A model whose values all grow by 1 in each epoch, from 0, and a validation with the given losses."""

    def __init__(self, device, losses):
        self.model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).to(device)
        self._change(self.model, lambda each: each.fill_(0))
        self.losses, self.log = losses, []

    def train_epoch(self, model):
        self.log.append("train")
        self._change(model, lambda each: each.add_(1))

    def validate(self, model):
        self.log.append("validate")
        return self.losses[self.log.count("validate") - 1]

    def _change(self, model, change):
        with torch.no_grad():
            for each in model.state_dict().values():
                change(each)

    def keep_best(self):
        return kata.keep_best(self.model, self.train_epoch, self.validate, len(self.losses))


LOSSES = [
    ([2.0, 3.0, 2.5, 1.0, 1.5], 4),
    ([3.0, 1.0, 2.0], 2),
    ([5.0, 4.0, 6.0, 2.5, 3.0, 2.75], 4),
    ([1.0, 4.0], 1),
    ([3.0, 2.0], 2),
]


@pytest.mark.parametrize(("losses", "best"), LOSSES)
def test_keep_best__ends_with_the_best_parameters(device, losses, best):
    run = _Run(device, losses)
    run.keep_best()
    for name, parameter in run.model.named_parameters():
        expected = np.full(tuple(parameter.shape), best, np.float32)
        assert_tensor(parameter.detach(), expected, device=device, name=f"the parameter {name}")


@pytest.mark.parametrize(("losses", "best"), LOSSES)
def test_keep_best__ends_with_the_buffers_of_the_same_epoch(device, losses, best):
    run = _Run(device, losses)
    run.keep_best()
    for name, buffer in run.model.named_buffers():
        expected = torch.full(tuple(buffer.shape), best, dtype=buffer.dtype)
        assert_tensor(buffer, expected.numpy(), device=device, name=f"the buffer {name}")


@pytest.mark.parametrize(("losses", "best"), LOSSES)
def test_keep_best__returns_the_lowest_loss(device, losses, best):
    assert_value(_Run(device, losses).keep_best(), losses[best - 1])


def test_keep_best__keeps_the_first_of_equal_losses(device):
    run = _Run(device, [3.0, 1.0, 2.0, 1.0])
    run.keep_best()
    assert_tensor(run.model[0].bias.detach(), np.full(3, 2, np.float32), device=device, name="the bias")


def test_keep_best__ignores_a_loss_of_nan(device):
    run = _Run(device, [math.nan, 2.0, math.nan, 4.0])
    assert_value(run.keep_best(), 2.0)
    assert_tensor(run.model[0].bias.detach(), np.full(3, 2, np.float32), device=device, name="the bias")


def test_keep_best__trains_and_validates_once_per_epoch(device):
    run = _Run(device, [3.0, 1.0, 2.0, 0.5])
    run.keep_best()
    if run.log != ["train", "validate"] * 4:
        raise Mismatch(
            "statement", f"In each of 4 epochs, train and then validate. Your code ran: {', '.join(run.log)}."
        )


def test_keep_best__keeps_the_same_parameter_objects(device):
    run = _Run(device, [3.0, 1.0, 2.0])
    held = list(run.model.parameters())
    run.keep_best()
    if any(now is not before for now, before in zip(run.model.parameters(), held, strict=True)):
        raise Mismatch("memory", "A parameter is a new object now. An optimizer would still change the old one.")


def test_keep_best__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


def test_DropoutNet__drops_nothing_in_eval_mode(device):
    x = torch.ones(20, 10, device=device)
    if not torch.equal(kata.DropoutNet(nn.Identity(), nn.Identity()).to(device).eval()(x), x):
        raise Mismatch("statement", "In eval mode your net changes the body's output. It must drop nothing.")
    body, head = linear(device, [[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]), linear(device, [[2.0, -3.0, 1.0]], [0.25])
    net = kata.DropoutNet(body, head).to(device).eval()
    x = np.array([[1.0, 2.0], [-3.0, 0.5], [4.0, 1.0], [0.0, 7.0]])
    hidden = x @ np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]).T
    expected = float32(hidden @ np.array([[2.0, -3.0, 1.0]]).T + 0.25)
    for call in (1, 2):
        assert_tensor(net(on(device, x)).detach(), expected, device=device, name=f"the result of call {call}")


def test_DropoutNet__drops_half_in_train_mode(device):
    net = kata.DropoutNet(nn.Identity(), nn.Identity()).to(device)
    kept = (net(torch.ones(100, 100, device=device)) != 0).float().mean().item()
    # 10,000 drawn at 0.5: a standard deviation of 0.005, so 0.03 is six of them, by chance once in 1e8.
    if kept == 1:
        raise Mismatch("statement", "In train mode, your net drops nothing. It must drop about half of the elements.")
    if abs(kept - 0.5) > 0.03:
        raise Mismatch(
            "statement", f"In train mode, your net kept {kept:.3f} of the elements. It must keep about half of them."
        )


def test_DropoutNet__doubles_the_elements_that_it_keeps(device):
    net = kata.DropoutNet(nn.Identity(), nn.Identity()).to(device)
    actual = net(torch.ones(20, 10, device=device))
    left = actual[actual != 0]
    assert_tensor(
        left,
        np.full(len(left), 2, np.float32),
        device=device,
        name="the tensor of the kept elements of an input of ones",
    )


def test_DropoutNet__drops_between_body_and_head(device):
    # The body's output is (1, 1). The head adds its bias, 100, to 1 and 10 times the elements that it gets, so these
    # are all possible outputs. With one of its two elements dropped, the body's input would make 111.
    body = linear(device, [[0.5, 0.5], [0.5, 0.5]])
    net = kata.DropoutNet(body, linear(device, [[1.0, 10.0]], [100.0])).to(device)
    actual = set(net(torch.ones(200, 2, device=device)).detach().flatten().tolist())
    if actual != {100.0, 102.0, 120.0, 122.0}:
        raise Mismatch("value", "The head must get the body's output with elements dropped.", actual=sorted(actual))


def test_DropoutNet__drops_nothing_in_validate(device):
    ones = torch.ones(20, 10, device=device)
    loss = kata.DropoutNet(nn.Identity(), nn.Identity()).to(device).validate(nn.MSELoss(), ones, ones)
    if isinstance(loss, float) and loss != 0:
        raise Mismatch("statement", "validate() changes the body's output before the head. It must drop nothing.")
    net = kata.DropoutNet(nn.Identity(), linear(device, [[1.0, -2.0, 3.0]])).to(device)
    x, labels = on(device, [[1.0, 2.0, 3.0], [4.0, 0.0, -1.0]]), on(device, [[5.0], [4.0]])
    for _ in range(3):  # the outputs are 6 and 1, and twice the labels are 10 and 8
        assert_value(net.validate(_doubled, x, labels), (4.0**2 + 7.0**2) / 2)


def test_DropoutNet__validates_with_body_and_head_in_eval_mode(device):
    net = kata.DropoutNet(nn.Dropout(0.5), nn.Sequential(linear(device, [[1.0, -2.0, 3.0]]), nn.Dropout(0.9)))
    x, labels = on(device, [[1.0, 2.0, 3.0], [4.0, 0.0, -1.0]]), on(device, [[5.0], [4.0]])
    for _ in range(3):  # as above
        assert_value(net.to(device).validate(nn.MSELoss(), x, labels), 5.0)


def test_DropoutNet__is_in_train_mode_again_after_validate(device):
    net = kata.DropoutNet(nn.Sequential(nn.Dropout(0.5)), nn.Identity()).to(device)
    x = torch.ones(30, 10, device=device)
    for when in ("the first", "the second"):
        net.validate(nn.MSELoss(), x, x)
        if not all(each.training for each in net.modules()):
            raise Mismatch(
                "statement",
                f"The net was in train mode. After {when} call of validate(), at least a part of it is in eval mode.",
            )
        if (net(x) != 0).all():
            raise Mismatch("statement", "After validate(), the net is in train mode, but it no longer drops elements.")


def test_DropoutNet__is_in_eval_mode_again_after_validate(device):
    net = kata.DropoutNet(nn.Sequential(nn.Dropout(0.5)), nn.Identity()).to(device).eval()
    x = torch.ones(3, 2, device=device)
    net.validate(nn.MSELoss(), x, x)
    if any(each.training for each in net.modules()):
        raise Mismatch(
            "statement", "The net was in eval mode. After validate(), at least a part of it is in train mode."
        )


def test_DropoutNet__records_and_changes_nothing_in_validate(device):
    net = kata.DropoutNet(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)), nn.Linear(3, 1)).to(device)
    before = {name: each.detach().clone() for name, each in net.state_dict().items()}
    inside, recorded = [], []
    net.head.register_forward_hook(lambda module, inputs, outputs: inside.append(outputs.requires_grad))

    def loss_function(outputs, labels):
        recorded.append(outputs.requires_grad)
        return (outputs - labels).square().mean()

    net.validate(loss_function, on(device, [[1.0, 2.0], [3.0, 5.0]]), on(device, [[0.0], [1.0]]))
    for name, each in net.state_dict().items():
        assert_tensor(each, before[name], name=f"{name} after the validation")
    if recorded != [False] or any(inside):
        raise Mismatch("graph", "Compute self(x) and the loss once, and without a graph.")


def test_DropoutNet__has_the_parameters_of_body_and_head(device):
    net = kata.DropoutNet(nn.Linear(2, 3), nn.Linear(3, 1)).to(device)
    names = [name for name, _ in net.named_parameters()]
    assert_value(names, ["body.weight", "body.bias", "head.weight", "head.bias"], name="the list of parameters")


def test_DropoutNet__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


def _classes(seed, rows, columns, classes):
    rng = np.random.default_rng(seed)
    features, weight = rng.normal(size=(rows, columns)), rng.normal(size=(classes, columns))
    return features, weight, rng.normal(size=classes), rng.integers(0, classes, rows)


def _class_update(features, weight, bias, labels, rate):
    """The loss before, and weight and bias after an update by hand: the gradient is probabilities less one-hot."""
    probabilities = foundations.softmax(features @ weight.T + bias)
    loss = -np.log(probabilities[np.arange(len(labels)), labels]).mean()
    errors = (probabilities - np.eye(len(weight))[labels]) / len(labels)
    return loss, weight - rate * errors.T @ features, bias - rate * errors.sum(axis=0)


@pytest.mark.parametrize(("rows", "columns", "classes"), [(5, 3, 4), (4, 2, 10), (3, 3, 2)])
def test_class_step__updates_by_the_gradient_of_the_scores(device, rows, columns, classes):
    features, weight, bias, labels = _classes(rows, rows, columns, classes)
    model = linear(device, weight, bias)
    kata.class_step(model, sgd(model, 0.5), on(device, features), on(device, labels, torch.int64))
    assert_weights(model, *_class_update(features, weight, bias, labels, 0.5)[1:], device)


@pytest.mark.parametrize(("rows", "columns", "classes"), [(5, 3, 4), (4, 2, 10)])
def test_class_step__returns_the_loss_before_the_update(device, rows, columns, classes):
    features, weight, bias, labels = _classes(rows, rows, columns, classes)
    model = linear(device, weight, bias)
    actual = kata.class_step(model, sgd(model, 0.5), on(device, features), on(device, labels, torch.int64))
    assert_value(actual, float(_class_update(features, weight, bias, labels, 0.5)[0]), tolerance=NEAR)


@pytest.mark.parametrize("classes", [3, 10])
def test_class_step__has_a_loss_of_0_if_the_scores_are_sure_and_right(device, classes):
    model = linear(device, 50 * np.eye(classes))
    labels = on(device, np.arange(classes), torch.int64)
    actual = kata.class_step(model, sgd(model, 0.1), on(device, np.eye(classes)), labels)
    assert_value(actual, 0.0, tolerance=NEAR)


def test_class_step__is_right_for_scores_of_1000_that_are_wrong(device):
    # Each row's score is 1000 at its own class and 0 at the others; the labels are the classes next to it.
    weight, labels = 1000 * np.eye(3), np.array([1, 2, 0])
    model = linear(device, weight, np.zeros(3))
    actual = kata.class_step(model, sgd(model, 3.0), on(device, np.eye(3)), on(device, labels, torch.int64))
    assert_value(actual, 1000.0, tolerance=NEAR)
    # A row pulls its own class down by rate / N, and the right one up by as much: the biases' changes cancel out.
    assert_weights(model, weight - np.eye(3) + np.eye(3)[labels].T, np.zeros(3), device)


def test_class_step__is_right_for_rows_with_very_different_scores(device):
    features, weight, labels = np.array([[1.0], [-1.0]]), np.array([[128.0], [127.0]]), np.array([0, 1])
    model = linear(device, weight, np.zeros(2))
    actual = kata.class_step(model, sgd(model, 0.5), on(device, features), on(device, labels, torch.int64))
    loss, *after = _class_update(features, weight, np.zeros(2), labels, 0.5)
    assert_value(actual, float(loss), tolerance=1e-3)  # a score of 128 ends at 1e-5
    assert_weights(model, *after, device)


def test_class_step__ignores_old_gradients(device):
    features, weight, bias, labels = _classes(8, 4, 3, 5)
    model = linear(device, weight, bias)
    optimizer = sgd(model, 0.5)
    model.weight.grad = torch.full_like(model.weight, 100.0)
    for _ in range(2):
        kata.class_step(model, optimizer, on(device, features), on(device, labels, torch.int64))
        _, weight, bias = _class_update(features, weight, bias, labels, 0.5)
    assert_weights(model, weight, bias, device, "after two updates")


def test_class_step__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


def _sequences(seed, lengths, classes, padding):
    """Scores, (N, L, K), and labels, (N, L), of sequences that are padded to the longest; each has every real label."""
    rng = np.random.default_rng(seed)
    real = [label for label in range(classes) if label != padding]
    scores = rng.integers(-8, 9, (len(lengths), max(lengths), classes)) / 4
    labels = np.full((len(lengths), max(lengths)), padding)
    for row, length in enumerate(lengths):
        labels[row, :length] = [real[(row + i) % len(real)] for i in range(length)]
    return scores, labels


def _padded_by_hand(scores, labels, padding):
    """The mean loss of the real labels, and its gradient for the scores."""
    n, length, classes = scores.shape
    probabilities = foundations.softmax(scores.reshape(-1, classes))
    one_hot = np.eye(classes)[labels.ravel()]
    real = (labels.ravel() != padding).astype(float)
    losses = -np.log((probabilities * one_hot).sum(axis=1))
    slopes = (probabilities - one_hot) * real[:, None] / real.sum()
    return (losses * real).sum() / real.sum(), slopes.reshape(n, length, classes)


PADDED = [((4, 2), 3, 0), ((1, 5, 3), 4, 3), ((2, 2, 4), 4, 1), ((3, 1), 2, 0)]


def _loss_of(device, scores, labels, padding):
    actual = kata.padded_mean(on(device, scores), on(device, labels, torch.int64), padding)
    loss, _ = _padded_by_hand(scores, labels, padding)
    assert_tensor(actual, float32(loss), device=device, rtol=NEAR)


@pytest.mark.parametrize(("lengths", "classes", "padding"), PADDED)
def test_padded_mean__is_the_mean_over_all_real_labels(device, lengths, classes, padding):
    _loss_of(device, *_sequences(20 + len(lengths), lengths, classes, padding), padding)


@pytest.mark.parametrize(("lengths", "classes", "padding"), PADDED)
def test_padded_mean__has_the_gradient_of_that_mean(device, lengths, classes, padding):
    scores, labels = _sequences(7, lengths, classes, padding)
    leaf = on(device, scores).requires_grad_()
    loss = kata.padded_mean(leaf, on(device, labels, torch.int64), padding)
    assert_has_graph(loss)
    loss.backward()
    _, slopes = _padded_by_hand(scores, labels, padding)
    assert_tensor(leaf.grad, float32(slopes), device=device, atol=NEAR, name="the gradient for the scores")


def test_padded_mean__does_not_change_with_more_padding(device):
    scores, labels = _sequences(9, (3, 1), 3, 0)
    more = np.concatenate([scores, np.full((2, 5, 3), 0.25)], axis=1), np.pad(labels, ((0, 0), (0, 5)))
    _loss_of(device, *more, 0)


def test_padded_mean__counts_real_labels_whose_loss_is_0(device):
    # The right score is 100 above the others at all real labels but one, so these losses are 0 in float32.
    scores, labels = _sequences(11, (3, 2), 3, 2)
    scores = np.where(np.eye(3, dtype=bool)[labels], 100.0, scores)
    scores[0, 0] = [1.0, 1.0, 1.0]
    _loss_of(device, scores, labels, 2)


def test_padded_mean__accepts_sequences_without_padding(device):
    _loss_of(device, *_sequences(13, (3, 3), 4, 0), 0)


def test_padded_mean__does_not_modify_its_inputs(device):
    scores, labels = _sequences(15, (3, 1), 3, 0)
    x, y = on(device, scores), on(device, labels, torch.int64)
    with assert_unchanged(scores=x, labels=y):
        kata.padded_mean(x, y, 0)


def test_padded_mean__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


def _with_momentum(batches, weight, rate, momentum, epochs):
    """By hand, for a line through 0: the slope after all updates, and the loss before each update."""
    speed, losses = 0.0, []
    for x, y in batches * epochs:
        losses.append(((weight * x - y) ** 2).mean())
        speed = momentum * speed + (2 * (weight * x - y) * x).mean()
        weight -= rate * speed
    return weight, losses


def _column(device, values):
    return on(device, np.array(values)[:, None])


UNEVEN = [(np.array([1.0, 2.0, -1.0]), np.array([2.0, 1.0, 0.5])), (np.array([0.5]), np.array([-3.0]))]


def _train_on(device, make_optimizer, batches, epochs, model=None):
    model = linear(device, [[0.0]]) if model is None else model
    pairs = [(_column(device, x), _column(device, y / 2)) for x, y in batches]
    losses = kata.train_on(model, _doubled, make_optimizer, pairs, epochs)
    return model, losses


@pytest.mark.parametrize(("epochs", "expected"), [(1, 0.02), (2, 0.0576), (3, 0.110288)])
def test_train_on__keeps_the_momentum_between_epochs(device, epochs, expected):
    one = [(np.array([1.0]), np.array([1.0]))]
    model, _ = _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.01, momentum=0.9), one, epochs)
    assert_weights(model, [[expected]], None, device, "after 1 update" if epochs == 1 else f"after {epochs} updates")


@pytest.mark.parametrize("epochs", [1, 3])
def test_train_on__keeps_the_momentum_between_batches(device, epochs):
    model, _ = _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.02, momentum=0.5), UNEVEN, epochs)
    weight, _ = _with_momentum(UNEVEN, 0.0, 0.02, 0.5, epochs)
    assert_weights(
        model,
        [[weight]],
        None,
        device,
        f"after {epochs} {'epoch' if epochs == 1 else 'epochs'} of two batches",
    )


def test_train_on__keeps_the_memory_of_adam(device):
    # Adam by hand, on the loss (w - 1) ** 2, with the defaults for all but the rate.
    weight, mean, square = 0.0, 0.0, 0.0
    for t in range(1, 5):
        slope = 2 * (weight - 1)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weight -= 0.5 * (mean / (1 - 0.9**t)) / (math.sqrt(square / (1 - 0.999**t)) + 1e-8)
    one = [(np.array([1.0]), np.array([1.0]))]
    model, _ = _train_on(device, lambda ps: torch.optim.Adam(ps, lr=0.5), one, 4)
    assert_weights(model, [[weight]], None, device, "after 4 epochs with Adam")


def test_train_on__trains_with_plain_sgd_too(device):
    model, _ = _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.1), UNEVEN, 2)
    assert_weights(model, [[_with_momentum(UNEVEN, 0.0, 0.1, 0.0, 2)[0]]], None, device, "after 2 epochs")


def test_train_on__trains_the_bias_too(device):
    weight, bias = 0.0, 0.0
    model = linear(device, [[weight]], [bias])
    _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.1), [(np.array([2.0]), np.array([1.0]))], 2, model)
    for _ in range(2):
        error = 2 * weight + bias - 1
        weight, bias = weight - 0.1 * 2 * error * 2, bias - 0.1 * 2 * error
    assert_weights(model, [[weight]], [bias], device, "after 2 updates")


def test_train_on__returns_the_losses_of_all_epochs(device):
    _, losses = _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.5), UNEVEN, 3)
    assert_floats(losses, _with_momentum(UNEVEN, 0.0, 0.1, 0.5, 3)[1], "the list of losses")


def test_train_on__ignores_old_gradients(device):
    model = linear(device, [[0.0]])
    model.weight.grad = on(device, [[500.0]])
    _train_on(device, lambda ps: torch.optim.SGD(ps, lr=0.1), UNEVEN, 1, model)
    assert_weights(model, [[_with_momentum(UNEVEN, 0.0, 0.1, 0.0, 1)[0]]], None, device, "after an epoch")


def test_train_on__does_what_its_example_shows(example):
    example.check(kata)


# ---------------------------------------------------------------------------------------------------------------------


class _Net(nn.Sequential):
    """The two-layer net of Foundations, whose gradients are known."""

    def __init__(self, device, weights_1, bias_1, weights_2, bias_2):
        super().__init__(
            linear(device, np.transpose(weights_1), bias_1), nn.Tanh(), linear(device, [weights_2], [bias_2])
        )


# The names that a report shows.
_Net.__name__ = "TwoLayerNet"


def _net_case(seed, rows, columns, hidden):
    rng = np.random.default_rng(seed)
    features, targets = rng.normal(size=(rows, columns)), rng.normal(size=rows)
    layers = rng.normal(size=(columns, hidden)), rng.normal(size=hidden), rng.normal(size=hidden), float(rng.normal())
    slopes = foundations.net_gradients(features, targets, *layers)
    norms = [float(np.sqrt(np.square(slope).sum())) for slope in slopes]
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    return features, targets, layers, dict(zip(names, norms, strict=True))


def _assert_norms(actual, expected):
    if isinstance(actual, dict):
        assert_value(sorted(actual), sorted(expected), name="the list of names")
        for name, each in actual.items():
            assert_value(each, expected[name], tolerance=NEAR, name=f"the norm for {name}")
    else:
        assert_value(actual, expected)


@pytest.mark.parametrize(("rows", "columns", "hidden"), [(5, 3, 4), (1, 2, 3), (7, 2, 2)])
def test_gradient_norms__measures_every_parameter(device, rows, columns, hidden):
    features, targets, layers, expected = _net_case(rows, rows, columns, hidden)
    actual = kata.gradient_norms(_Net(device, *layers), _doubled, on(device, features), _column(device, targets / 2))
    _assert_norms(actual, expected)


def test_gradient_norms__ignores_old_gradients(device):
    features, targets, layers, expected = _net_case(2, 4, 3, 2)
    model = _Net(device, *layers)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 30.0)
    for _ in range(2):
        _assert_norms(
            kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets)), expected
        )


def test_gradient_norms__leaves_a_grad_of_none(device):
    features, targets, layers, _ = _net_case(3, 4, 3, 2)
    model = _Net(device, *layers)
    kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets))
    left = [name for name, parameter in model.named_parameters() if parameter.grad is not None]
    if left:
        raise Mismatch("statement", f"Every .grad was None before the call. It is not None now for {', '.join(left)}.")


def test_gradient_norms__leaves_old_gradients_unchanged(device):
    features, targets, layers, _ = _net_case(4, 4, 3, 2)
    model = _Net(device, *layers)
    model[0].weight.grad = torch.full_like(model[0].weight, 30.0)
    model[2].bias.grad = torch.full_like(model[2].bias, -7.0)
    kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets))
    name = "the old gradient of 0.weight"
    assert_tensor(model[0].weight.grad, np.full((2, 3), 30, np.float32), device=device, name=name)
    name = "the old gradient of 2.bias"
    assert_tensor(model[2].bias.grad, np.full(1, -7, np.float32), device=device, name=name)
    if model[0].bias.grad is not None or model[2].weight.grad is not None:
        raise Mismatch("statement", "The .grad of a parameter was None before the call. It is not None now.")


def test_gradient_norms__is_0_for_a_dead_layer(device):
    # Every unit of the ReLU is 0, so all outputs are the last bias, 0.5, whose gradient is 2 * (0.5 - 2).
    first, last = linear(device, [[1.0, 2.0], [3.0, 4.0]], [-100.0, -100.0]), linear(device, [[5.0, 6.0]], [0.5])
    model = nn.Sequential(first, nn.ReLU(), last)
    features, labels = on(device, [[1.0, 2.0], [-3.0, 1.0]]), on(device, [[2.0], [2.0]])
    expected = {"0.weight": 0.0, "0.bias": 0.0, "2.weight": 0.0, "2.bias": 3.0}
    _assert_norms(kata.gradient_norms(model, nn.MSELoss(), features, labels), expected)


def test_gradient_norms__is_0_for_a_frozen_parameter(device):
    features, targets, layers, expected = _net_case(5, 4, 3, 2)
    model = _Net(device, *layers)
    model[0].weight.requires_grad_(False)
    actual = kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets))
    _assert_norms(actual, {**expected, "0.weight": 0.0})
    if model[0].weight.requires_grad:
        raise Mismatch("statement", "The parameter was frozen before the call, and is not frozen now.")


def test_gradient_norms__is_0_for_an_unused_parameter(device):
    features, targets, layers, expected = _net_case(6, 4, 3, 2)
    model = _Net(device, *layers)
    model[1].spare = nn.Parameter(torch.ones(3, device=device))
    actual = kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets))
    _assert_norms(actual, {**expected, "1.spare": 0.0})


def test_gradient_norms__leaves_the_parameters_unchanged(device):
    features, targets, layers, _ = _net_case(7, 4, 3, 2)
    model = _Net(device, *layers)
    with assert_unchanged(**{name.replace(".", "_"): parameter for name, parameter in model.named_parameters()}):
        kata.gradient_norms(model, nn.MSELoss(), on(device, features), _column(device, targets))


def test_gradient_norms__does_what_its_example_shows(example):
    example.check(kata)


#
