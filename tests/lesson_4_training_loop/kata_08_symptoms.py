"""The specification of katas/lesson_4_training_loop/kata_08_symptoms.py."""

import collections
import weakref

import numpy as np
import pytest
import torch
from torch import nn

from dojo.expect import Mismatch, assert_no_graph, assert_tensor, assert_unchanged, assert_value
from katas import foundations
from katas.lesson_4_training_loop import kata_08_symptoms as kata

CORE = ("flat_loss", "weights_that_stay", "only_the_mean", "accuracy_at_chance", "infinite_loss", "growing_memory")

# float32 after a few updates, against Foundations in float64.
NEAR = 1e-5


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _drawn(seed, *sizes, columns=2):
    """Batches of these sizes, as pairs of arrays: features (N, columns) and targets (N,), multiples of 1/4."""
    rng = np.random.default_rng(seed)
    return [(rng.integers(-6, 7, (n, columns)) / 4 + 0.125, rng.integers(-8, 9, n) / 4 + 0.5) for n in sizes]


def _tensors(device, batches):
    """The same batches as tensors. The targets have the shape (N, 1), like the output of an nn.Linear."""
    return [(on(device, features), on(device, targets[:, None])) for features, targets in batches]


def _linear(device, weight, bias=None):
    """An nn.Linear with these weights, (O, I), and this bias, (O,), if there is one."""
    outputs, inputs = np.shape(weight)
    layer = nn.Linear(inputs, outputs, bias=bias is not None, device=device)
    with torch.no_grad():
        layer.weight.copy_(on(device, weight))
        if bias is not None:
            layer.bias.copy_(on(device, bias))
    return layer


def _line(device, weights, bias):
    return _linear(device, [weights], [bias])


def _sgd(model, learning_rate, momentum=0.0):
    return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)


class _ByHand:
    """The line of Foundations, trained on one batch after another, with momentum."""

    def __init__(self, weights, bias, learning_rate, momentum=0.0):
        self.weights, self.bias = np.array(weights, dtype=float), float(bias)
        self.learning_rate, self.momentum = learning_rate, momentum
        self.speed, self.bias_speed = np.zeros(len(self.weights)), 0.0

    def step(self, features, targets):
        predictions = foundations.predict(features, self.weights, self.bias)
        slope, bias_slope = foundations.gradients(features, predictions, targets)
        self.speed = self.momentum * self.speed + slope
        self.bias_speed = self.momentum * self.bias_speed + bias_slope
        self.weights = self.weights - self.learning_rate * self.speed
        self.bias = self.bias - self.learning_rate * self.bias_speed
        return float(foundations.mean_squared_error(predictions, targets))

    def losses(self, batches, epochs=1):
        return [self.step(*batch) for _ in range(epochs) for batch in batches]


def _assert_losses(actual, expected):
    """Check that actual is a list of Python floats, each close to the expected one."""
    if isinstance(actual, list):
        for each in actual:
            if type(each) is not float:
                assert_value(each, 0.0, name="an entry of the list of losses")
    assert_value(actual, [float(each) for each in expected], tolerance=NEAR, name="the list of losses")


def _assert_parameter(parameter, expected, device, name):
    assert_tensor(parameter.detach(), float32(expected), device=device, rtol=1e-4, atol=NEAR, name=name)


def _assert_line(layer, by_hand, device):
    _assert_parameter(layer.weight, [by_hand.weights], device, "the weight afterwards")
    _assert_parameter(layer.bias, [by_hand.bias], device, "the bias afterwards")


def _assert_settings(optimizer, learning_rate):
    rates = [group["lr"] for group in optimizer.param_groups]
    assert_value(rates, [learning_rate] * len(rates), name="the optimizer's learning rate afterwards")


@pytest.mark.parametrize(("rows", "columns", "steps"), [(5, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_flat_loss__matches_descend_from_foundations(device, rows, columns, steps):
    [(features, targets)] = _drawn(rows, rows, columns=columns)
    start = np.arange(1.0, columns + 1) / 4
    weights, biases, losses = foundations.descend(features, targets, start, 0.5, 0.1, steps)
    model = _line(device, start, 0.5)
    [batch] = _tensors(device, [(features, targets)])
    actual = kata.flat_loss(model, nn.MSELoss(), _sgd(model, 0.1), *batch, steps)
    _assert_losses(actual, losses[:-1])
    _assert_parameter(model.weight, [weights[-1]], device, "the weight afterwards")
    _assert_parameter(model.bias, [biases[-1]], device, "the bias afterwards")


def test_flat_loss__lets_the_optimizer_make_the_updates(device):
    batches, model, by_hand = _drawn(7, 4), _line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.05, 0.9)
    optimizer = _sgd(model, 0.05, momentum=0.9)
    actual = kata.flat_loss(model, nn.MSELoss(), optimizer, *_tensors(device, batches)[0], 3)
    _assert_losses(actual, by_hand.losses(batches, 3))
    _assert_line(model, by_hand, device)


def test_flat_loss__uses_the_given_loss_function(device):
    # The gradient of the mean of 3 * (w * x - y) with respect to w is 3 * the mean of x, for every w.
    model, features = _linear(device, [[2.0]]), on(device, [[1.0], [2.0], [6.0]])
    labels = on(device, [[0.5], [0.0], [1.0]])
    actual = kata.flat_loss(model, lambda p, y: 3 * (p - y).mean(), _sgd(model, 0.1), features, labels, 2)
    _assert_losses(actual, [3 * (2.0 * 3 - 0.5), 3 * (1.1 * 3 - 0.5)])


def test_flat_loss__leaves_the_learning_rate_unchanged(device):
    [batch] = _tensors(device, _drawn(8, 3))
    model = _line(device, [0.5, -1.0], 0.25)
    optimizer = _sgd(model, 0.125)
    kata.flat_loss(model, nn.MSELoss(), optimizer, *batch, 2)
    _assert_settings(optimizer, 0.125)


def test_flat_loss__changes_nothing_for_zero_steps(device):
    [batch] = _tensors(device, _drawn(9, 3))
    model = _line(device, [0.5, -1.0], 0.25)
    with assert_unchanged(weight=model.weight, bias=model.bias):
        actual = kata.flat_loss(model, nn.MSELoss(), _sgd(model, 0.1), *batch, 0)
    assert_value(actual, [], name="the list of losses")


def test_flat_loss__does_not_modify_the_data(device):
    [(x, y)] = _tensors(device, _drawn(8, 3))
    model = _line(device, [0.5, -1.0], 0.25)
    with assert_unchanged(features=x, labels=y):
        kata.flat_loss(model, nn.MSELoss(), _sgd(model, 0.1), x, y, 2)


def test_flat_loss__does_what_its_example_shows(example):
    example.check(kata)


def _net(device, seed, rows=5):
    """A net of Foundations with an old head, its new head, a batch, and the same numbers as arrays."""
    rng = np.random.default_rng(seed)
    features, targets = rng.normal(size=(rows, 2)), rng.normal(size=rows)
    body, bias, weights, last = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=3), 0.25
    model = nn.Sequential(_linear(device, body.T, bias), nn.Tanh(), _linear(device, rng.normal(size=(4, 3)), [1.0] * 4))
    head = _linear(device, [weights], [last])
    batch = on(device, features), on(device, targets[:, None])
    return model, head, batch, (features, targets, (body, bias, weights, last))


@pytest.mark.parametrize("steps", [1, 3])
def test_weights_that_stay__trains_the_head_and_the_other_layers(device, steps):
    model, head, batch, by_hand = _net(device, 60 + steps)
    states, losses = foundations.net_descend(*by_hand, 0.1, steps)
    body, bias, weights, last = states[-1]
    _assert_losses(kata.weights_that_stay(model, head, 0.1, *batch, steps), losses[:-1])
    _assert_parameter(head.weight, [weights], device, "the head's weight afterwards")
    _assert_parameter(head.bias, [last], device, "the head's bias afterwards")
    _assert_parameter(model[0].weight, body.T, device, "the first layer's weight afterwards")
    _assert_parameter(model[0].bias, bias, device, "the first layer's bias afterwards")


def test_weights_that_stay__puts_the_head_itself_last(device):
    model, head, batch, _ = _net(device, 64)
    first = model[0]
    kata.weights_that_stay(model, head, 0.1, *batch, 1)
    if len(model) != 3 or model[0] is not first or model[-1] is not head:
        raise Mismatch(
            "statement", "Afterwards the model must have its own layers, except that its last layer is head."
        )


def test_weights_that_stay__uses_the_given_learning_rate(device):
    # The loss is (2w - 6)**2. Its gradient at w = 1 is 4 * (2w - 6) = -16.
    head = _linear(device, [[1.0]])
    model = nn.Sequential(nn.Identity(), _linear(device, [[5.0]]))
    kata.weights_that_stay(model, head, 0.03125, on(device, [[2.0]]), on(device, [[6.0]]), 1)
    _assert_parameter(head.weight, [[1.5]], device, "the head's weight afterwards")


def test_weights_that_stay__changes_nothing_for_zero_steps(device):
    model, head, batch, _ = _net(device, 65)
    with assert_unchanged(weight=head.weight, bias=head.bias, first=model[0].weight):
        actual = kata.weights_that_stay(model, head, 0.1, *batch, 0)
    assert_value(actual, [], name="the list of losses")


def test_weights_that_stay__does_not_modify_the_data(device):
    model, head, (x, y), _ = _net(device, 66)
    with assert_unchanged(features=x, labels=y):
        kata.weights_that_stay(model, head, 0.1, x, y, 2)


def test_weights_that_stay__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("rows", "columns", "steps"), [(5, 2, 3), (4, 1, 2), (3, 3, 1)])
def test_only_the_mean__matches_descend_from_foundations(device, rows, columns, steps):
    [(features, targets)] = _drawn(40 + rows, rows, columns=columns)
    start = np.arange(1.0, columns + 1) / 4
    weights, biases, losses = foundations.descend(features, targets, start, 0.5, 0.1, steps)
    model = _line(device, start, 0.5)
    actual = kata.only_the_mean(model, _sgd(model, 0.1), on(device, features), on(device, targets), steps)
    _assert_losses(actual, losses[:-1])
    _assert_parameter(model.weight, [weights[-1]], device, "the weight afterwards")
    _assert_parameter(model.bias, [biases[-1]], device, "the bias afterwards")


def test_only_the_mean__accepts_a_single_row(device):
    model = _linear(device, [[1.0]])
    actual = kata.only_the_mean(model, _sgd(model, 0.25), on(device, [[1.0]]), on(device, [3.0]), 2)
    _assert_losses(actual, [4.0, 1.0])


def test_only_the_mean__makes_one_update_per_step(device):
    [(features, targets)] = _drawn(46, 4)
    model, updates = _line(device, [0.5, -1.0], 0.25), []
    optimizer = _sgd(model, 0.1)
    optimizer.register_step_post_hook(lambda *_: updates.append("update"))
    kata.only_the_mean(model, optimizer, on(device, features), on(device, targets), 3)
    assert_value(len(updates), 3, name="the number of updates in 3 steps")


def test_only_the_mean__does_not_modify_the_data(device):
    [(features, targets)] = _drawn(45, 4)
    model, x, y = _line(device, [0.5, -1.0], 0.25), on(device, features), on(device, targets)
    with assert_unchanged(features=x, labels=y):
        kata.only_the_mean(model, _sgd(model, 0.1), x, y, 2)


def test_only_the_mean__does_what_its_example_shows(example):
    example.check(kata)


class _Pairs:
    """A model and a loss function that record which rows they get, and which labels come with these rows.

    Row i is (i, 1), its label is 100 + i, and the learning rate is 0, so that the model returns i for row i.
    """

    def __init__(self, device, count):
        self.features = on(device, [[i, 1.0] for i in range(count)])
        self.labels = on(device, [100 + i for i in range(count)], torch.int64)
        self.model = _linear(device, [[1.0, 0.0]])
        self.optimizer = _sgd(self.model, 0.0)
        self.batches = []

    def loss_function(self, answers, labels):
        rows = [round(number) for number in answers.detach().flatten().tolist()]
        self.batches.append(list(zip(rows, labels.tolist(), strict=True)))
        return answers.mean()

    def run(self, batch_size, epochs, generator):
        """Train, and return the batches of all epochs: each one is a list of pairs (row, label)."""
        kata.accuracy_at_chance(
            self.model, self.loss_function, self.optimizer, self.features, self.labels, batch_size, epochs, generator
        )
        return self.batches


def _generator(seed):
    return torch.Generator().manual_seed(seed)


def _orders(count, batch_size, epochs, generator):
    """The indices of the rows in the order in which they were used: a list for each epoch."""
    flat = [row for batch in _Pairs("cpu", count).run(batch_size, epochs, generator) for row, _ in batch]
    return [flat[start : start + count] for start in range(0, len(flat), count)]


@pytest.mark.parametrize(("count", "batch_size", "epochs"), [(11, 4, 2), (6, 3, 1), (7, 1, 3), (5, 8, 2)])
def test_accuracy_at_chance__pairs_each_row_with_its_own_label(device, count, batch_size, epochs):
    found = _Pairs(device, count).run(batch_size, epochs, _generator(count))
    pairs = [pair for batch in found for pair in batch]
    wrong = [pair for pair in pairs if pair[1] != 100 + pair[0]]
    if wrong:
        row, label = wrong[0]
        raise Mismatch(
            "value",
            f"{len(wrong)} of {len(pairs)} rows came with the label of another row. "
            f"For example, row {row} came with the label of row {label - 100}.",
            actual=pairs,
            expected=[(row, 100 + row) for row, _ in pairs],
        )


@pytest.mark.parametrize(("count", "batch_size", "epochs"), [(11, 4, 2), (6, 3, 1), (5, 8, 2), (5, 4, 2)])
def test_accuracy_at_chance__uses_each_row_once_in_each_epoch(device, count, batch_size, epochs):
    found = _Pairs(device, count).run(batch_size, epochs, _generator(1))
    sizes = [min(batch_size, count - start) for start in range(0, count, batch_size)] * epochs
    assert_value([len(batch) for batch in found], sizes, name="the list of batch sizes")
    per_epoch = len(sizes) // epochs
    for epoch in range(epochs):
        rows = [row for batch in found[epoch * per_epoch :][:per_epoch] for row, _ in batch]
        assert_value(sorted(rows), list(range(count)), name=f"the sorted list of the rows of epoch {epoch + 1}")


def test_accuracy_at_chance__trains_on_its_batches(device):
    # One batch has all rows, so the order does not affect the numbers.
    rng = np.random.default_rng(50)
    weight, features, labels = rng.normal(size=(3, 2)), rng.normal(size=(6, 2)), [2, 0, 1, 1, 0, 0]
    _, after = _classify(weight, features, labels, 0.5, 3, momentum=0.5)
    model, optimizer, x, y = _classifier(device, weight, features, labels, 0.5, momentum=0.5)
    kata.accuracy_at_chance(model, nn.CrossEntropyLoss(), optimizer, x, y, 6, 3, _generator(2))
    _assert_parameter(model.weight, after, device, "the weight after 3 epochs of one batch")


def test_accuracy_at_chance__shuffles_the_rows():
    # By chance, 20 rows keep their order once in 20! calls, which is about 2e18.
    if _orders(20, 6, 1, _generator(3))[0] == list(range(20)):
        raise Mismatch("value", "The rows came in the given order. Shuffle them.")


def test_accuracy_at_chance__draws_a_new_order_for_each_epoch():
    first, second = _orders(20, 6, 2, _generator(4))
    if first == second:
        raise Mismatch("value", "The second epoch had the same order as the first. Draw a new order for each epoch.")


def test_accuracy_at_chance__draws_later_orders_at_random():
    # An order of two rows that is applied twice is always [0, 1].
    second = {tuple(_orders(2, 2, 2, _generator(seed))[1]) for seed in range(40)}
    if len(second) < 2:
        raise Mismatch("value", "In the second epoch, two rows had the same order with each of 40 generators.")


def test_accuracy_at_chance__mixes_the_rows_of_different_batches():
    first, second = (
        {frozenset(order[start : start + 5]) for start in range(0, 20, 5)} for order in _orders(20, 5, 2, _generator(5))
    )
    if first == second:
        raise Mismatch(
            "value", "The batches of the second epoch have the same rows as those of the first. Shuffle single rows."
        )


def test_accuracy_at_chance__takes_all_randomness_from_the_generator():
    first = _orders(20, 6, 2, _generator(6))
    torch.rand(3)  # other code draws in between
    if _orders(20, 6, 2, _generator(6)) != first:
        raise Mismatch("value", "Two generators in the same state gave different orders.")
    if _orders(20, 6, 2, _generator(7)) == first:
        raise Mismatch("value", "Generators with the seeds 6 and 7 gave the same order.")


def test_accuracy_at_chance__does_not_modify_the_data(device):
    pairs = _Pairs(device, 9)
    with assert_unchanged(features=pairs.features, labels=pairs.labels):
        pairs.run(4, 2, _generator(8))


def test_accuracy_at_chance__does_what_its_example_shows(example):
    example.check(kata)


def _classifier(device, weight, features, labels, learning_rate, momentum=0.0):
    model = _linear(device, weight)
    return model, _sgd(model, learning_rate, momentum), on(device, features), on(device, labels, torch.int64)


def _classify(weight, features, labels, learning_rate, steps, momentum=0.0):
    """The losses, and the weights afterwards, of a softmax classifier trained by hand in float64."""
    weight, features = np.array(weight, dtype=float), np.array(features, dtype=float)
    losses, speed = [], 0.0
    for _ in range(steps):
        scores = features @ weight.T
        shifted = scores - scores.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-logs[np.arange(len(labels)), labels].mean())
        errors = (np.exp(logs) - np.eye(len(weight))[labels]) / len(labels)
        speed = momentum * speed + errors.T @ features
        weight = weight - learning_rate * speed
    return losses, weight


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_infinite_loss__matches_cross_entropy_for_small_logits(device, momentum):
    rng = np.random.default_rng(30)
    weight, features, labels = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), [1, 3, 0, 3, 2]
    losses, after = _classify(weight, features, labels, 0.5, 3, momentum)
    model, *rest = _classifier(device, weight, features, labels, 0.5, momentum)
    _assert_losses(kata.infinite_loss(model, *rest, 3), losses)
    _assert_parameter(model.weight, after, device, "the weight afterwards")


def test_infinite_loss__depends_only_on_differences_of_logits(device):
    model, *rest = _classifier(device, [[60.5], [60.0]], [[1.0]], [1], 8.0)
    _assert_losses(kata.infinite_loss(model, *rest, 1), [float(np.log(1 + np.exp(0.5)))])


def test_infinite_loss__grows_with_the_error(device):
    found = []
    for size in (200.0, 400.0):
        model, *rest = _classifier(device, [[size], [0.0]], [[1.0]], [1], 8.0)
        losses = kata.infinite_loss(model, *rest, 1)
        if not np.isfinite(losses).all() or len(losses) != 1:
            _assert_losses(losses, [size])
        if not model.weight.isfinite().all():
            _assert_parameter(model.weight, [[size - 8], [8.0]], device, "the weight afterwards")
        found += losses
    if not found[1] > found[0]:
        raise Mismatch(
            "statement", "The loss for logits that differ by 400 is not larger than for logits that differ by 200."
        )


@pytest.mark.parametrize("size", [60.0, 200.0, 1000.0])
def test_infinite_loss__learns_from_a_probability_of_0(device, size):
    weight, features, labels = [[size], [0.0], [-size / 2]], [[1.0], [-1.0]], [1, 0]
    losses, after = _classify(weight, features, labels, 8.0, 3)
    model, *rest = _classifier(device, weight, features, labels, 8.0)
    _assert_losses(kata.infinite_loss(model, *rest, 3), losses)
    _assert_parameter(model.weight, after, device, "the weight afterwards")


def test_infinite_loss__accepts_rows_with_very_different_logits(device):
    weight, features, labels = [[100.0], [99.0]], [[1.0], [-1.0]], [1, 1]
    losses, after = _classify(weight, features, labels, 8.0, 1)
    model, *rest = _classifier(device, weight, features, labels, 8.0)
    _assert_losses(kata.infinite_loss(model, *rest, 1), losses)
    _assert_parameter(model.weight, after, device, "the weight afterwards")


def test_infinite_loss__is_0_if_the_probability_is_1(device):
    model, *rest = _classifier(device, [[1000.0], [-1000.0]], [[1.0]], [0], 8.0)
    _assert_losses(kata.infinite_loss(model, *rest, 2), [0.0, 0.0])
    _assert_parameter(model.weight, [[1000.0], [-1000.0]], device, "the weight afterwards")


def test_infinite_loss__leaves_a_large_gradient_unchanged(device):
    # The logits are 800 and 0 or -800 and 0, and the gradients have a norm above 200.
    weight, features, labels = [[2.0], [0.0]], [[400.0], [-400.0]], [1, 1]
    losses, after = _classify(weight, features, labels, 0.001, 1)
    model, *rest = _classifier(device, weight, features, labels, 0.001)
    actual = kata.infinite_loss(model, *rest, 1)
    update, expected = model.weight.detach().cpu().numpy() - np.array(weight), after - np.array(weight)
    if np.linalg.norm(update) < 0.9 * np.linalg.norm(expected):
        raise Mismatch("statement", "The gradient is large, and your update is shorter than learning rate * gradient.")
    _assert_losses(actual, losses)
    _assert_parameter(model.weight, after, device, "the weight afterwards")


def test_infinite_loss__does_not_modify_the_data(device):
    model, optimizer, x, y = _classifier(device, [[60.5], [60.0]], [[1.0]], [1], 8.0)
    with assert_unchanged(features=x, labels=y):
        kata.infinite_loss(model, optimizer, x, y, 2)


def test_infinite_loss__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("sizes", [(3, 2, 3), (1, 4), (2,)])
def test_growing_memory__returns_the_mean_of_the_losses(device, sizes):
    batches, model, by_hand = _drawn(70, *sizes), _line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.05)
    actual = kata.growing_memory(model, nn.MSELoss(), _sgd(model, 0.05), _tensors(device, batches))
    assert_value(actual, float(np.mean(by_hand.losses(batches))), tolerance=NEAR)
    _assert_line(model, by_hand, device)


def test_growing_memory__uses_the_given_loss_function(device):
    # The gradient of the mean of 3 * (w * x - y) with respect to w is 3 * the mean of x, for every w.
    model, batches = _linear(device, [[2.0]]), [(on(device, [[3.0]]), on(device, [[0.5]]))] * 2
    actual = kata.growing_memory(model, lambda p, y: 3 * (p - y).mean(), _sgd(model, 0.1), batches)
    assert_value(actual, (3 * (2.0 * 3 - 0.5) + 3 * (1.1 * 3 - 0.5)) / 2, tolerance=NEAR)


def test_growing_memory__keeps_the_momentum_of_the_optimizer(device):
    batches, model = _drawn(71, 2, 3, 1), _line(device, [0.5, -1.0], 0.25)
    by_hand = _ByHand([0.5, -1.0], 0.25, 0.05, momentum=0.5)
    optimizer = _sgd(model, 0.05, momentum=0.5)
    actual = kata.growing_memory(model, nn.MSELoss(), optimizer, _tensors(device, batches))
    assert_value(actual, float(np.mean(by_hand.losses(batches))), tolerance=NEAR)
    _assert_line(model, by_hand, device)


class _Token:
    """An object that lives as long as the node of the graph that holds it."""


class _Held(torch.autograd.Function):
    """The identity. Its node in the graph holds a token."""

    @staticmethod
    def forward(ctx, x, tokens):
        ctx.token = _Token()
        tokens.append(weakref.ref(ctx.token))
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def test_growing_memory__frees_the_graph_of_each_batch(device):
    model, alive = _line(device, [0.5, -1.0], 0.25), []
    # The tokens in the graph of each batch, of the model's part and of the loss's.
    graphs = collections.defaultdict(list)

    def alive_before(batch):
        return sum(any(token() is not None for token in graphs[earlier]) for earlier in range(batch))

    def loss_function(predictions, labels):
        batch = len(alive)
        alive.append(alive_before(batch))
        return _Held.apply(((predictions - labels) ** 2).mean(), graphs[batch])

    model.register_forward_hook(lambda module, inputs, outputs: _Held.apply(outputs, graphs[len(alive)]))
    answer = kata.growing_memory(model, loss_function, _sgd(model, 0.05), _tensors(device, _drawn(72, *[2] * 6)))
    if alive and max(alive) > 1:
        raise Mismatch(
            "graph",
            f"When the loss of the last of {len(alive)} batches was computed, the graphs of {max(alive)} earlier "
            "batches were still in memory.",
        )
    if left := alive_before(len(alive) + 1):
        raise Mismatch("graph", f"At the end, the graphs of {left} batches are still in memory.", actual=answer)


def test_growing_memory__does_not_modify_the_data(device):
    model, [(x, y), *rest] = _line(device, [0.5, -1.0], 0.25), _tensors(device, _drawn(73, 2, 3))
    with assert_unchanged(features=x, labels=y):
        kata.growing_memory(model, nn.MSELoss(), _sgd(model, 0.05), [(x, y), *rest])


def test_growing_memory__does_what_its_example_shows(example):
    example.check(kata)


def _flats(seed, count, new):
    """Flats: area, number of rooms and year, their prices, and new flats with other ranges, all as arrays."""
    rng = np.random.default_rng(seed)
    area = 800 + 50.0 * rng.permutation(40)[: count + new]
    rooms = rng.integers(1, 6, count + new) + np.arange(count + new) % 2 / 2
    year = 1950.0 + rng.permutation(70)[: count + new]
    features = np.stack([area, rooms, year], axis=1)
    features[count:] += [500.0, 1.0, 30.0]
    return features[:count], np.round(area[:count] / 8 + 20 * rooms[:count]), features[count:]


def _prices(train, labels, new, steps):
    """The predictions for the new rows by a line that Foundations fits to standardized rows."""
    weights, biases, _ = foundations.descend(foundations.standardize(train), labels, np.zeros(3), 0.0, 0.1, steps)
    return foundations.predict((new - train.mean(axis=0)) / train.std(axis=0), weights[-1], biases[-1])


def _assert_prices(actual, train, labels, new, steps, device):
    expected = float32(_prices(train, labels, new, steps))
    assert_tensor(actual, expected, device=device, rtol=2e-4, atol=1e-3)


@pytest.mark.parametrize(("count", "new", "steps"), [(6, 3, 1), (5, 4, 3), (9, 2, 2)])
def test_exploding_loss__matches_the_predictions_of_foundations(device, count, new, steps):
    train, labels, new = _flats(count, count, new)
    actual = kata.exploding_loss(on(device, train), on(device, labels), on(device, new), steps)
    _assert_prices(actual, train, labels, new, steps, device)


def test_exploding_loss__stays_finite_for_many_steps(device):
    train, labels, new = _flats(20, 7, 3)
    actual = kata.exploding_loss(on(device, train), on(device, labels), on(device, new), 12)
    _assert_prices(actual, train, labels, new, 12, device)


@pytest.mark.parametrize("rows", [1, 0])
def test_exploding_loss__predicts_for_each_new_row_by_itself(device, rows):
    train, labels, new = _flats(21, 6, rows)
    actual = kata.exploding_loss(on(device, train), on(device, labels), on(device, new), 2)
    _assert_prices(actual, train, labels, new, 2, device)


def test_exploding_loss__returns_a_tensor_without_a_graph(device):
    train, labels, new = (on(device, each) for each in _flats(22, 5, 2))
    assert_no_graph(kata.exploding_loss(train, labels, new, 1))


def test_exploding_loss__does_not_modify_the_data(device):
    train, labels, new = (on(device, each) for each in _flats(23, 5, 2))
    with assert_unchanged(train=train, labels=labels, new=new):
        kata.exploding_loss(train, labels, new, 2)


def test_exploding_loss__does_what_its_example_shows(example):
    example.check(kata)


class _Samples(torch.utils.data.Dataset):
    """A dataset of pairs (features, target)."""

    def __init__(self, pairs):
        self.pairs = pairs

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        if not 0 <= index < len(self.pairs):
            raise IndexError(index)
        return self.pairs[index]


# The name that a report shows.
_Samples.__name__ = "SmallDataset"


def _samples(device, count):
    """A dataset of different samples."""
    [(features, targets)] = _drawn(82, count)
    x, y = on(device, features), on(device, targets[:, None])
    return _Samples([(x[i], y[i]) for i in range(count)])


def _random_line():
    return nn.Linear(2, 1)


def _constant_line():
    return _line("cpu", [0.5, -1.0], 0.25)


def _run_and_watch(make_model, samples, batch_size, epochs, seed):
    """Return the losses of a run, and the indices of the samples that the model got, in order."""
    indices = {tuple(features.tolist()): index for index, (features, _) in enumerate(samples.pairs)}
    met = []

    def make_watched_model():
        model = make_model()
        model.register_forward_pre_hook(
            lambda module, inputs: met.extend(indices[tuple(x)] for x in inputs[0].tolist())
        )
        return model

    return kata.runs_that_differ(make_watched_model, samples, batch_size, epochs, seed), met


def _assert_repeats(make_model, dataset, message, batch_size=4, epochs=2):
    torch.rand(3)
    first = kata.runs_that_differ(make_model, dataset, batch_size, epochs, 5)
    torch.rand(5)  # other code draws in between
    second = kata.runs_that_differ(make_model, dataset, batch_size, epochs, 5)
    if first != second:
        raise Mismatch("value", f"Two calls with the seed 5 returned different losses. {message}")


def test_runs_that_differ__trains_as_given(device):
    batches = _drawn(81, 5)
    data = torch.utils.data.TensorDataset(*_tensors(device, batches)[0])
    by_hand, made = _ByHand([0.5, -1.0], 0.25, 0.1), []

    def make_model():
        made.append(_line(device, [0.5, -1.0], 0.25))
        return made[-1]

    actual = kata.runs_that_differ(make_model, data, 5, 3, 0)
    _assert_losses(actual, by_hand.losses(batches, 3))
    assert_value(len(made), 1, name="the number of calls of make_model")
    _assert_line(made[0], by_hand, device)


def test_runs_that_differ__repeats_the_random_parameters():
    # A batch of all samples has no order that could matter.
    _assert_repeats(_random_line, _samples("cpu", 6), "Here only the model's parameters are random.", batch_size=6)


def test_runs_that_differ__repeats_the_order_of_the_samples():
    _assert_repeats(_constant_line, _samples("cpu", 12), "Here only the order of the samples is random.")


def test_runs_that_differ__repeats_dropout(device):
    def make_model():
        return nn.Sequential(nn.Dropout(0.5), _line(device, [0.5, -1.0], 0.25))

    _assert_repeats(make_model, _samples(device, 6), "Here the model has dropout.", batch_size=6, epochs=4)


def test_runs_that_differ__leaves_dropout_on():
    def make_model():
        return nn.Sequential(nn.Dropout(0.5), _constant_line())

    data = _samples("cpu", 6)
    losses = kata.runs_that_differ(make_model, data, 6, 2, 5)
    without = kata.runs_that_differ(_constant_line, data, 6, 2, 5)
    if losses == without:
        raise Mismatch("value", "A model with dropout has the losses of the same model without dropout.")


def test_runs_that_differ__gives_another_run_for_another_seed():
    data = _samples("cpu", 6)
    if kata.runs_that_differ(_random_line, data, 6, 1, 5) == kata.runs_that_differ(_random_line, data, 6, 1, 6):
        raise Mismatch("value", "The seeds 5 and 6 gave the same loss for a model with random parameters.")
    data = _samples("cpu", 20)
    (_, one), (_, other) = (_run_and_watch(_constant_line, data, 4, 1, seed) for seed in (5, 6))
    if one == other:
        raise Mismatch("value", "The seeds 5 and 6 gave the same order of the samples.")


def test_runs_that_differ__uses_each_sample_once_in_each_epoch():
    data = _samples("cpu", 10)
    losses, met = _run_and_watch(_random_line, data, 4, 3, 5)
    assert_value(len(losses), 9, name="the number of losses for 3 epochs of 3 batches")
    for epoch in range(3):
        used = sorted(met[10 * epoch :][:10])
        assert_value(used, list(range(10)), name=f"the sorted list of the samples of epoch {epoch + 1}")


def test_runs_that_differ__draws_a_new_order_for_each_epoch():
    _, met = _run_and_watch(_random_line, _samples("cpu", 20), 4, 2, 5)
    first, second = met[:20], met[20:]
    if first == list(range(20)):
        raise Mismatch("value", "The samples came in the order of the dataset. Shuffle them.")
    if first == second:
        raise Mismatch("value", "The second epoch had the same order as the first. Draw a new order for each epoch.")


def test_runs_that_differ__does_what_its_example_shows(example):
    example.check(kata)
