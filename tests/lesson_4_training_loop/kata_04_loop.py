"""The specification of katas/lesson_4_training_loop/kata_04_loop.py."""

import weakref

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from dojo.expect import Mismatch, assert_no_graph, assert_tensor, assert_unchanged, assert_value, kind_of
from dojo.pictures import data as picture
from katas import foundations
from katas.lesson_4_training_loop import kata_04_loop as kata

CORE = (
    "train_step",
    "train_epoch",
    "train_on_device",
    "fit_epochs",
    "fit_line",
    "train_and_validate",
    "overfit_one_batch",
)

# float32 after a few updates, against Foundations in float64.
NEAR = 1e-5


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def float32(values):
    return np.asarray(values, dtype=np.float32)


def _drawn(seed, *sizes, columns=2):
    """Batches of the given sizes, as pairs of arrays: features (N, columns) and targets (N,), in quarters."""
    rng = np.random.default_rng(seed)
    return [(rng.integers(-6, 7, (n, columns)) / 4 + 0.125, rng.integers(-8, 9, n) / 4 + 0.5) for n in sizes]


def _tensors(device, batches):
    """The same batches as tensors. The targets are a column, like the predictions of an nn.Linear."""
    return [(on(device, features), on(device, targets[:, None])) for features, targets in batches]


def _unchanged(batches):
    """Check that the tensors of these batches have the same values after the block as before."""
    named = {f"{name}_{i}": each for i, batch in enumerate(batches) for name, each in zip("xy", batch, strict=True)}
    return assert_unchanged(**named)


class _ByHand:
    """Foundations' line, trained batch after batch, with momentum."""

    def __init__(self, weights, bias, learning_rate, momentum=0.0):
        self.weights, self.bias = np.array(weights, dtype=float), float(bias)
        self.learning_rate, self.momentum = learning_rate, momentum
        self.speed, self.bias_speed = np.zeros(len(self.weights)), 0.0

    def losses(self, batches):
        return [foundations.mean_squared_error(self.predict(x), y) for x, y in batches]

    def predict(self, features):
        return foundations.predict(features, self.weights, self.bias)

    def validate(self, batches):
        rows = [len(x) for x, _ in batches]
        return float(np.average(self.losses(batches), weights=rows))

    def epoch(self, batches):
        total = 0.0
        for x, y in batches:
            total += self.losses([(x, y)])[0] * len(x)
            slope, bias_slope = foundations.gradients(x, self.predict(x), y)
            self.speed = self.momentum * self.speed + slope
            self.bias_speed = self.momentum * self.bias_speed + bias_slope
            self.weights = self.weights - self.learning_rate * self.speed
            self.bias = self.bias - self.learning_rate * self.bias_speed
        return total / sum(len(x) for x, _ in batches)


class _Line(nn.Module):
    """A line that keeps a record of each call: the rows, their device, the modes of all modules, and requires_grad."""

    def __init__(self, device, weights, bias=None):
        super().__init__()
        linear = nn.Linear(len(weights), 1, bias=bias is not None, device=device)
        with torch.no_grad():
            linear.weight.copy_(on(device, [weights]))
            if bias is not None:
                linear.bias.fill_(bias)
        self.parts = nn.Sequential(linear, nn.Identity())
        self.rows, self.devices, self.modes, self.recorded, self.log = [], [], [], [], []

    def __repr__(self):
        return "a linear model"

    @property
    def linear(self):
        return self.parts[0]

    def forward(self, features):
        answer = self.parts(features)
        self.log.append("forward")
        self.rows.append(features.tolist())
        self.devices.append(features.device)
        self.modes.append({each.training for each in self.modules()})
        self.recorded.append(answer.requires_grad)
        return answer


# The name that a report shows.
_Line.__name__ = "LinearModel"


def _sgd(model, learning_rate, momentum=0.0):
    return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)


def _quadratic(device, learning_rate, momentum=0.0):
    """The loss (w - 1) ** 2, starting at w = 0: a model, its optimizer and its only batch."""
    model = _Line(device, [0.0])
    return model, _sgd(model, learning_rate, momentum), on(device, [[1.0]]), on(device, [[1.0]])


def _assert_weights(model, weights, bias, device, when):
    assert_tensor(model.linear.weight.detach(), float32([weights]), device=device, name=f"the weight {when}")
    assert_tensor(model.linear.bias.detach(), float32([bias]), device=device, name=f"the bias {when}")


def _assert_floats(actual, expected, name):
    """Check that `actual` is a list of Python floats, each near the expected one."""
    if isinstance(actual, list):
        for place, each in enumerate(actual):
            if type(each) is not float:
                says = f"Entry [{place}] of {name} is {kind_of(each)}. It must be a Python float."
                raise Mismatch("type", says)
    assert_value(actual, [float(each) for each in expected], tolerance=NEAR, name=name)


@pytest.mark.parametrize(("learning_rate", "expected"), [(0.1, [0.2, 0.36, 0.488]), (0.25, [0.5, 0.75, 0.875])])
def test_train_step__moves_the_weight_against_its_gradient(device, learning_rate, expected):
    model, optimizer, features, labels = _quadratic(device, learning_rate)
    found = []
    for _ in expected:
        kata.train_step(model, nn.MSELoss(), optimizer, features, labels)
        found.append(model.linear.weight.item())
    _assert_floats(found, expected, "the list of weights after each step")


@pytest.mark.parametrize("rows", [4, 3])
def test_train_step__updates_every_parameter(device, rows):
    batches, model, by_hand = _drawn(rows, rows), _Line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.1)
    by_hand.epoch(batches)
    kata.train_step(model, nn.MSELoss(), _sgd(model, 0.1), *_tensors(device, batches)[0])
    _assert_weights(model, by_hand.weights, by_hand.bias, device, "after a step")


def test_train_step__returns_the_loss_before_the_update(device):
    model, optimizer, features, labels = _quadratic(device, 0.1)
    features, labels = features.repeat(3, 1), labels.repeat(3, 1)
    for expected in (1.0, 0.64, 0.4096):
        actual = kata.train_step(model, nn.MSELoss(), optimizer, features, labels)
        assert_value(actual, expected, tolerance=NEAR)


@pytest.mark.parametrize("held", ["all parameters", "the last parameter"])
def test_train_step__ignores_old_gradients(device, held):
    model = _Line(device, [0.0, 1.0], 0.5)
    for parameter in list(model.parameters())[0 if held == "all parameters" else -1 :]:
        parameter.grad = torch.full_like(parameter, 100.0)
    batches = _drawn(1, 3)
    by_hand = _ByHand([0.0, 1.0], 0.5, 0.1)
    by_hand.epoch(batches)
    kata.train_step(model, nn.MSELoss(), _sgd(model, 0.1), *_tensors(device, batches)[0])
    _assert_weights(model, by_hand.weights, by_hand.bias, device, f"after a step, with .grad = 100 in {held} before,")


def test_train_step__keeps_the_momentum_of_the_optimizer(device):
    model, optimizer, features, labels = _quadratic(device, 0.01, momentum=0.9)
    found = []
    for _ in range(3):
        kata.train_step(model, nn.MSELoss(), optimizer, features, labels)
        found.append(model.linear.weight.item())
    _assert_floats(found, [0.02, 0.0576, 0.110288], "the list of weights, with momentum 0.9,")


def test_train_step__trains_a_classifier(device):
    rng = np.random.default_rng(2)
    weight, bias, features = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(5, 3))
    classes = np.array([1, 3, 0, 3, 2])
    # The gradient of softmax and cross-entropy: the probabilities, less 1 at the right class.
    errors = (foundations.softmax(features @ weight.T + bias) - np.eye(4)[classes]) / len(classes)
    model = nn.Linear(3, 4).to(device)
    with torch.no_grad():
        model.weight.copy_(on(device, weight))
        model.bias.copy_(on(device, bias))
    labels = on(device, classes, torch.int64)
    kata.train_step(model, nn.CrossEntropyLoss(), _sgd(model, 0.5), on(device, features), labels)
    expected = float32(weight - 0.5 * errors.T @ features)
    assert_tensor(model.weight.detach(), expected, device=device, name="the weight", atol=NEAR)
    assert_tensor(model.bias.detach(), float32(bias - 0.5 * errors.sum(axis=0)), device=device, name="the bias")


def test_train_step__does_each_thing_once_and_in_order(device):
    model, optimizer, features, labels = _quadratic(device, 0.1)

    def loss_function(predictions, labels):
        model.log.append("loss")
        return ((predictions - labels) ** 2).mean()

    model.linear.weight.register_hook(lambda gradient: model.log.append("backward"))
    optimizer.register_step_post_hook(lambda *_: model.log.append("update"))
    kata.train_step(model, loss_function, optimizer, features, labels)
    wanted = ["forward", "loss", "backward", "update"]
    if model.log != wanted:
        raise Mismatch(
            "statement",
            "One step must run forward, loss, backward, update, each once and in this order. "
            f"Your step ran: {', '.join(model.log) or 'nothing'}.",
            actual=model.log,
            expected=wanted,
        )


def test_train_step__does_not_modify_the_batch(device):
    model = _Line(device, [0.0, 1.0], 0.5)
    [(features, labels)] = _tensors(device, _drawn(1, 3))
    with assert_unchanged(features=features, labels=labels):
        kata.train_step(model, nn.MSELoss(), _sgd(model, 0.1), features, labels)


@pytest.mark.parametrize("mode", [True, False])
def test_train_step__leaves_the_mode_unchanged(device, mode):
    model = _Line(device, [0.0, 1.0], 0.5).train(mode)
    kata.train_step(model, nn.MSELoss(), _sgd(model, 0.1), *_tensors(device, _drawn(1, 3))[0])
    words = {True: "train mode", False: "eval mode"}
    if set().union(*model.modes) != {mode}:
        raise Mismatch("statement", f"The model was in {words[mode]}, but you called it in {words[not mode]}.")
    if {each.training for each in model.modules()} != {mode}:
        raise Mismatch("statement", f"The model was in {words[mode]}. After your step it is in {words[not mode]}.")


def test_train_step__leaves_a_part_in_eval_mode(device):
    model = _Line(device, [0.0, 1.0], 0.5).train()
    model.parts.eval()
    kata.train_step(model, nn.MSELoss(), _sgd(model, 0.1), *_tensors(device, _drawn(1, 3))[0])
    if set(model.modes[0]) != {True, False} or any(each.training for each in model.parts.modules()):
        raise Mismatch("statement", "One part of the model was in eval mode. Your step put it into train mode.")


def test_train_step__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("sizes", [(2, 2, 1), (3, 1, 2, 3)])
def test_train_epoch__updates_after_every_batch(device, sizes):
    batches, model, by_hand = _drawn(3, *sizes), _Line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.1)
    by_hand.epoch(batches)
    kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.1), _tensors(device, batches))
    _assert_weights(model, by_hand.weights, by_hand.bias, device, "after the epoch")


def test_train_epoch__returns_the_mean_over_all_samples(device):
    # The weight is 0 and stays, so the losses are the squares of the labels: 1, 1, 1, 1 and 9.
    model = _Line(device, [0.0])
    batches = [(on(device, [[1.0]] * n), on(device, [[label]] * n)) for n, label in ((2, 1.0), (2, -1.0), (1, 3.0))]
    actual = kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.0), batches)
    assert_value(actual, 2.6, tolerance=NEAR)


@pytest.mark.parametrize("sizes", [(3, 3, 2), (1, 4), (2,)])
def test_train_epoch__takes_each_loss_before_its_own_update(device, sizes):
    batches, model, by_hand = _drawn(4, *sizes), _Line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.1)
    actual = kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.1), _tensors(device, batches))
    assert_value(actual, float(by_hand.epoch(batches)), tolerance=NEAR)


def test_train_epoch__trains_in_train_mode(device):
    model = _Line(device, [0.5, -1.0], 0.25).eval()
    kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.1), _tensors(device, _drawn(5, 2, 2, 1)))
    if set().union(*model.modes) != {True}:
        raise Mismatch(
            "statement",
            "The model was in eval mode before the call. During your epoch, at least a part of it still was.",
        )


def test_train_epoch__reads_a_generator_once(device):
    batches, model = _drawn(6, 2, 3, 1), _Line(device, [0.5, -1.0], 0.25)
    actual = kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.1), iter(_tensors(device, batches)))
    wanted = [features.tolist() for features, _ in batches]
    if model.rows != wanted:
        raise Mismatch(
            "statement",
            "Call the model once for every batch, in the given order. "
            f"A generator made {len(wanted)} batches, and you called the model {len(model.rows)} times.",
            actual=model.rows,
            expected=wanted,
        )
    assert_value(actual, float(_ByHand([0.5, -1.0], 0.25, 0.1).epoch(batches)), tolerance=NEAR)


def test_train_epoch__does_not_modify_the_batches(device):
    model, batches = _Line(device, [0.5, -1.0], 0.25), _tensors(device, _drawn(6, 2, 1))
    with _unchanged(batches):
        kata.train_epoch(model, nn.MSELoss(), _sgd(model, 0.1), batches)


class _Token:
    """Lives as long as the node of the graph that holds it."""


class _Held(torch.autograd.Function):
    """Passes its input on, and holds a token."""

    @staticmethod
    def forward(ctx, x, tokens):
        ctx.token = _Token()
        tokens.append(weakref.ref(ctx.token))
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def test_train_epoch__keeps_at_most_one_old_graph(device):
    model, tokens, alive = _Line(device, [0.5, -1.0], 0.25), [], []

    def loss_function(predictions, labels):
        alive.append(sum(token() is not None for token in tokens))
        return _Held.apply(((predictions - labels) ** 2).mean(), tokens)

    kata.train_epoch(model, loss_function, _sgd(model, 0.1), _tensors(device, _drawn(7, 2, 2, 2, 2, 2, 1)))
    if alive and max(alive) > 1:
        raise Mismatch(
            "graph",
            f"At the last of {len(alive)} batches, the graphs of {alive[-1]} earlier batches were still in memory. "
            "A loss tensor keeps its graph, so keep only numbers.",
        )


def test_train_epoch__does_what_its_example_shows(example):
    example.check(kata)


def _cpu_batches(seed, *sizes):
    """Batches as arrays, and the same batches as tensors on the CPU."""
    batches = _drawn(seed, *sizes)
    return batches, _tensors("cpu", batches)


@pytest.mark.parametrize("size", [2, 5])
def test_train_on_device__trains_with_the_batches_of_a_data_loader(device, size):
    [(features, targets)], [tensors] = _cpu_batches(30, 5)
    model, by_hand = _Line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.1)
    loader = DataLoader(TensorDataset(*tensors), batch_size=size)
    actual = kata.train_on_device(model, nn.MSELoss(), _sgd(model, 0.1), loader, device)
    expected = by_hand.epoch([(features[i : i + size], targets[i : i + size]) for i in range(0, 5, size)])
    assert_value(actual, float(expected), tolerance=NEAR)
    _assert_weights(model, by_hand.weights, by_hand.bias, device, "after the epoch")


def test_train_on_device__computes_on_the_device(device):
    _, batches = _cpu_batches(31, 2, 1)
    model, devices = _Line(device, [0.5, -1.0], 0.25), []

    def loss_function(predictions, labels):
        devices.extend([predictions.device, labels.device])
        return ((predictions - labels) ** 2).mean()

    kata.train_on_device(model, loss_function, _sgd(model, 0.1), batches, device)
    for found, name in (
        (model.devices, "the model's inputs"),
        (devices[::2], "the predictions"),
        (devices[1::2], "the labels"),
    ):
        wrong = [each for each in found if each.type != device.type]
        if wrong:
            says = f"In the loop, {name} were on {wrong[0].type}. They must be on `device`, {device.type}."
            raise Mismatch("device", says)
    place = model.linear.weight.device.type
    if place != device.type:
        raise Mismatch("device", f"After the call the model is on {place}. Leave it on `device`, {device.type}.")


def test_train_on_device__moves_one_batch_at_a_time(device):
    _, batches = _cpu_batches(32, 2, 2, 1)
    model, read, at_calls = _Line(device, [0.5, -1.0], 0.25), [], []

    def loader():
        for batch in batches:
            read.append(batch)
            yield batch

    def loss_function(predictions, labels):
        at_calls.append(len(read))
        return ((predictions - labels) ** 2).mean()

    kata.train_on_device(model, loss_function, _sgd(model, 0.1), loader(), device)
    if at_calls != [1, 2, 3]:
        raise Mismatch(
            "statement",
            "Before updates 1, 2 and 3, your code must have read 1, 2 and 3 batches from the loader. "
            f"It had read: {', '.join(map(str, at_calls)) or 'none'}.",
            actual=at_calls,
            expected=[1, 2, 3],
        )


def test_train_on_device__trains_in_train_mode(device):
    _, batches = _cpu_batches(33, 2, 1)
    model = _Line(device, [0.5, -1.0], 0.25).eval()
    kata.train_on_device(model, nn.MSELoss(), _sgd(model, 0.1), batches, device)
    if set().union(*model.modes) != {True}:
        raise Mismatch("statement", "The model was in eval mode before the call, and you trained it in eval mode.")


def test_train_on_device__does_not_modify_the_batches(device):
    _, batches = _cpu_batches(34, 2, 1)
    model = _Line(device, [0.5, -1.0], 0.25)
    with _unchanged(batches):
        kata.train_on_device(model, nn.MSELoss(), _sgd(model, 0.1), batches, device)


def test_train_on_device__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("epochs", [3, 1])
def test_fit_epochs__returns_the_mean_loss_of_each_epoch(device, epochs):
    batches, model, by_hand = _drawn(8, 2, 3, 1), _Line(device, [0.5, -1.0], 0.25), _ByHand([0.5, -1.0], 0.25, 0.1)
    tensors = _tensors(device, batches)
    actual = kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.1), lambda: iter(tensors), epochs)
    _assert_floats(actual, [by_hand.epoch(batches) for _ in range(epochs)], "your result")
    _assert_weights(model, by_hand.weights, by_hand.bias, device, "after the last epoch")


def test_fit_epochs__keeps_the_momentum_of_the_optimizer(device):
    batches, model = _drawn(9, 2, 1), _Line(device, [0.5, -1.0], 0.25)
    by_hand, tensors = _ByHand([0.5, -1.0], 0.25, 0.05, momentum=0.9), _tensors(device, batches)
    actual = kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.05, 0.9), lambda: tensors, 3)
    _assert_floats(actual, [by_hand.epoch(batches) for _ in range(3)], "the list of losses, with momentum 0.9,")


def test_fit_epochs__calls_make_batches_once_per_epoch(device):
    model, calls = _Line(device, [0.5, -1.0], 0.25), []
    epochs = [_drawn(seed, 2, 1) for seed in (10, 11, 12)]

    def make_batches():
        calls.append(len(calls))
        return iter(_tensors(device, epochs[calls[-1] % 3]))

    kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.1), make_batches, 3)
    assert_value(len(calls), 3, name="the number of calls of make_batches in 3 epochs")
    wanted = [features.tolist() for batches in epochs for features, _ in batches]
    if model.rows != wanted:
        raise Mismatch("statement", "Call the model once for each batch of each epoch, in the order of make_batches.")


def test_fit_epochs__sets_no_seed(device):
    model, rows = _Line(device, [0.5], 0.25), torch.arange(1.0, 9.0)[:, None]

    def make_batches():
        shuffled = rows[torch.randperm(len(rows))]
        return [(part.to(device), part.to(device)) for part in shuffled.split(3)]

    torch.manual_seed(5)
    orders = [[float(i) + 1 for i in torch.randperm(len(rows))] for _ in range(3)]
    torch.manual_seed(5)
    kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.01), make_batches, 3)
    seen = [row[0] for part in model.rows for row in part]
    if seen != [row for order in orders for row in order]:
        alike = seen[:8] == seen[8:16]
        says = "Every epoch had its rows in the same order." if alike else "The rows had a different order."
        raise Mismatch("statement", f"{says} make_batches shuffles in each call, from the seed that the caller set.")


def test_fit_epochs__trains_in_train_mode(device):
    model, tensors = _Line(device, [0.5, -1.0], 0.25).eval(), _tensors(device, _drawn(13, 2, 1))
    kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.1), lambda: tensors, 2)
    if set().union(*model.modes) != {True}:
        raise Mismatch("statement", "The model was in eval mode before the call, and you trained it in eval mode.")


def test_fit_epochs__does_not_modify_the_batches(device):
    model, tensors = _Line(device, [0.5, -1.0], 0.25), _tensors(device, _drawn(13, 2, 1))
    with _unchanged(tensors):
        kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.1), lambda: tensors, 2)


def test_fit_epochs__returns_an_empty_list_for_zero_epochs(device):
    model, tensors = _Line(device, [0.5, -1.0], 0.25), _tensors(device, _drawn(13, 2, 1))
    assert_value(kata.fit_epochs(model, nn.MSELoss(), _sgd(model, 0.1), lambda: tensors, 0), [])
    _assert_weights(model, [0.5, -1.0], 0.25, device, "after no epoch")


def test_fit_epochs__does_what_its_example_shows(example):
    example.check(kata)


def _assert_line(actual, features, targets, learning_rate, steps, device):
    start = np.zeros(features.shape[1])
    weights, biases, losses = foundations.descend(features, targets, start, 0.0, learning_rate, steps)
    if not isinstance(actual, tuple) or len(actual) != 3:
        raise Mismatch("type", "Return a tuple of three: the weights, the bias and the list of losses.")
    for each, expected, name in zip(actual, (weights[-1], biases[-1]), ("tensor of weights", "bias"), strict=False):
        assert_tensor(each, float32(expected), device=device, name=f"the {name}", rtol=NEAR)
    _assert_floats(actual[2], losses[:-1], "the list of losses")


@pytest.mark.parametrize(("rows", "columns", "steps"), [(5, 2, 3), (4, 3, 5), (3, 3, 1)])
def test_fit_line__matches_descend_from_foundations(device, rows, columns, steps):
    [(features, targets)] = _drawn(rows, rows, columns=columns)
    actual = kata.fit_line(on(device, features), on(device, targets), 0.1, steps)
    _assert_line(actual, features, targets, 0.1, steps, device)


def test_fit_line__finds_the_line_behind_the_data(device):
    features = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [-1.0, -1.0]])
    weights, bias, _ = kata.fit_line(on(device, features), on(device, features @ [3.0, -2.0] + 1), 0.3, 60)
    assert_tensor(weights, float32([3, -2]), device=device, atol=1e-3, name="the tensor of weights")
    assert_tensor(bias, float32(1), device=device, atol=1e-3, name="the bias")


def test_fit_line__returns_no_graph(device):
    [(features, targets)] = _drawn(14, 4)
    weights, bias, _ = kata.fit_line(on(device, features), on(device, targets), 0.1, 2)
    assert_no_graph(weights, name="the tensor of weights")
    assert_no_graph(bias, name="the bias")


@pytest.mark.parametrize(("rows", "columns"), [(1, 2), (3, 1), (1, 1)])
def test_fit_line__accepts_a_single_row_or_column(device, rows, columns):
    [(features, targets)] = _drawn(15, rows, columns=columns)
    actual = kata.fit_line(on(device, features), on(device, targets), 0.1, 2)
    _assert_line(actual, features, targets, 0.1, 2, device)


def test_fit_line__starts_at_zero(device):
    [(features, targets)] = _drawn(16, 4, columns=3)
    actual = kata.fit_line(on(device, features), on(device, targets), 0.1, 0)
    _assert_line(actual, features, targets, 0.1, 0, device)


def test_fit_line__makes_all_updates_after_the_loss_is_0(device):
    # From zeros, one update with the rate 0.5 finds this line exactly.
    weights, bias, losses = kata.fit_line(on(device, [[1.0], [-1.0]]), on(device, [3.0, -1.0]), 0.5, 5)
    _assert_floats(losses, [5, 0, 0, 0, 0], "the list of losses")
    assert_tensor(weights, float32([2]), device=device, name="the tensor of weights")
    assert_tensor(bias, float32(1), device=device, name="the bias")


def test_fit_line__does_not_modify_the_data(device):
    [(features, targets)] = _drawn(17, 4, columns=3)
    features, targets = on(device, features), on(device, targets)
    with assert_unchanged(features=features, targets=targets):
        kata.fit_line(features, targets, 0.1, 2)


def test_fit_line__does_what_its_example_shows(example):
    example.check(kata)


def _assert_history(actual, expected):
    if not isinstance(actual, dict):
        raise Mismatch("type", f"Your result is {kind_of(actual)}. It must be a dict.")
    assert_value(sorted(map(str, actual)), sorted(expected), name="the list of keys")
    for key, losses in expected.items():
        _assert_floats(actual[key], losses, f"the list of {key} losses")


def _run(device, *, momentum=0.0, epochs=3):
    """Train a line on 3 batches and validate it on 2: the history, the model, and the arrays of the batches."""
    model, train, validation = _Line(device, [0.5, -1.0], 0.25), _drawn(18, 2, 3, 1), _drawn(19, 3, 1)
    optimizer = _sgd(model, 0.05, momentum)
    batches = _tensors(device, train), _tensors(device, validation)
    return kata.train_and_validate(model, nn.MSELoss(), optimizer, *batches, epochs), model, train, validation


@pytest.mark.parametrize("epochs", [3, 1])
def test_train_and_validate__returns_both_losses_of_each_epoch(device, epochs):
    history, _, train, validation = _run(device, epochs=epochs)
    by_hand, expected = _ByHand([0.5, -1.0], 0.25, 0.05), {"train": [], "validation": []}
    for _ in range(epochs):
        expected["train"].append(by_hand.epoch(train))
        expected["validation"].append(by_hand.validate(validation))
    _assert_history(history, expected)


def test_train_and_validate__does_not_update_in_validation(device):
    _, model, train, _ = _run(device, momentum=0.9)
    by_hand = _ByHand([0.5, -1.0], 0.25, 0.05, momentum=0.9)
    for _ in range(3):
        by_hand.epoch(train)
    _assert_weights(model, by_hand.weights, by_hand.bias, device, "after 3 epochs")


def _validating(model, validation):
    """For each call of the model, whether its rows belong to the validation batches."""
    rows = [row for features, _ in validation for row in features.tolist()]
    return [all(row in rows for row in each) for each in model.rows]


def test_train_and_validate__trains_in_train_mode_in_every_epoch(device):
    _, model, _, validation = _run(device)
    for seen, modes in zip(_validating(model, validation), model.modes, strict=True):
        if not seen and modes != {True}:
            raise Mismatch("statement", "On a training batch, at least a part of the model was in eval mode.")


def test_train_and_validate__validates_in_eval_mode(device):
    _, model, _, validation = _run(device)
    for seen, modes in zip(_validating(model, validation), model.modes, strict=True):
        if seen and modes != {False}:
            raise Mismatch("statement", "On a validation batch, at least a part of the model was in train mode.")


def test_train_and_validate__records_no_graph_in_validation(device):
    _, model, _, validation = _run(device)
    for seen, recorded in zip(_validating(model, validation), model.recorded, strict=True):
        if seen and recorded:
            raise Mismatch("graph", "Autograd recorded a graph for a validation batch.")


def test_train_and_validate__validates_after_the_updates_of_each_epoch(device):
    _, model, train, validation = _run(device)
    wanted = ([False] * len(train) + [True] * len(validation)) * 3
    found = _validating(model, validation)
    if found != wanted:
        words = ["validation" if seen else "train" for seen in found]
        raise Mismatch(
            "statement",
            "Each epoch must train on 3 batches and then validate on 2. "
            f"In 3 epochs you called the model on: {', '.join(words) or 'nothing'}.",
        )


def test_train_and_validate__updates_batch_norm_by_training_batches_alone(device):
    train, validation = _drawn(20, 3, 2), _drawn(21, 4)
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1)).to(device)
    batches = _tensors(device, train), _tensors(device, validation)
    kata.train_and_validate(model, nn.MSELoss(), _sgd(model, 0.01), *batches, 2)
    expected = np.zeros(2)
    for features, _ in train * 2:
        expected = 0.9 * expected + 0.1 * features.mean(axis=0)
    actual = model[0].running_mean
    assert_tensor(actual, float32(expected), device=device, name="the running mean of a batch norm layer")


def test_train_and_validate__does_not_modify_the_batches(device):
    model, train, new = (
        _Line(device, [0.5, -1.0], 0.25),
        _tensors(device, _drawn(18, 2)),
        _tensors(device, _drawn(19, 3)),
    )
    with _unchanged([*train, *new]):
        kata.train_and_validate(model, nn.MSELoss(), _sgd(model, 0.05), train, new, 1)


def _thrice(predictions, labels):
    """A loss that changes if its two arguments are swapped."""
    return ((predictions - 3 * labels) ** 2).mean()


def test_train_and_validate__passes_predictions_and_then_labels_to_the_loss(device):
    train, validation = _drawn(24, 2, 3), _drawn(25, 3, 1)
    model = _Line(device, [0.5, -1.0], 0.25)
    batches = _tensors(device, train), _tensors(device, validation)
    history = kata.train_and_validate(model, _thrice, _sgd(model, 0.05), *batches, 1)
    by_hand = _ByHand([0.5, -1.0], 0.25, 0.05)
    train, validation = ([(features, 3 * labels) for features, labels in each] for each in (train, validation))
    _assert_history(history, {"train": [by_hand.epoch(train)], "validation": [by_hand.validate(validation)]})


def test_train_and_validate__does_what_its_example_shows(example):
    example.check(kata)


class _Maker:
    """make_model, with a record of the models that it made, and of the number of rows in each of their calls."""

    def __init__(self, make):
        self.make = make
        self.models, self.rows = [], []

    def __repr__(self):
        return "make_model"

    def __call__(self):
        model = self.make()
        model.register_forward_hook(lambda model, inputs, output: self.rows.append(len(inputs[0])))
        self.models.append(model)
        return model


_Maker.__name__ = "function"


def _column(device, values):
    return on(device, np.array(values)[:, None])


def _overfit(device, x, y, steps, *, rate, momentum=0.0, make=None):
    """Overfit on the batch (x, y), a line without a bias that starts at 0.5 if no other model is given."""
    maker = _Maker(make or (lambda: _Line(device, [0.5])))
    make_optimizer = lambda ps: torch.optim.SGD(ps, lr=rate, momentum=momentum)  # noqa: E731
    losses = kata.overfit_one_batch(maker, nn.MSELoss(), make_optimizer, _column(device, x), _column(device, y), steps)
    return maker, losses


def _slope_by_hand(x, y, rate, steps, momentum=0.0):
    """The slope after the updates of a line through 0 that starts at 0.5, and the losses before each."""
    x, y, slope, speed, losses = np.array(x), np.array(y), 0.5, 0.0, []
    for _ in range(steps):
        losses.append(((slope * x - y) ** 2).mean())
        speed = momentum * speed + (2 * (slope * x - y) * x).mean()
        slope -= rate * speed
    return slope, losses


@pytest.mark.parametrize(("rate", "steps"), [(0.25, 4), (0.1, 6), (0.5, 2)])
def test_overfit_one_batch__returns_the_loss_before_each_update(device, rate, steps):
    batch = [1.0, -0.5, 0.75], [2.0, 1.0, -1.0]
    _, losses = _overfit(device, *batch, steps, rate=rate)
    _assert_floats(losses, _slope_by_hand(*batch, rate, steps)[1], "the list of losses")


def test_overfit_one_batch__comes_near_0_and_goes_on(device):
    _, losses = _overfit(device, [1.0, -1.0], [3.0, 1.0], 20, rate=0.25, make=lambda: _Line(device, [0.0], 0.0))
    # Each gradient is twice the distance, so each update halves the distance: the losses 5, 5 / 4, 5 / 16, ...
    _assert_floats(losses, [5 / 4**step for step in range(20)], "the list of losses")


def test_overfit_one_batch__keeps_one_optimizer(device):
    maker, losses = _overfit(device, [1.0], [1.0], 3, rate=0.01, momentum=0.9)
    slope, expected = _slope_by_hand([1.0], [1.0], 0.01, 3, momentum=0.9)
    _assert_floats(losses, expected, "the list of losses, with momentum 0.9,")
    actual = maker.models[0].linear.weight.detach()
    assert_tensor(actual, float32([[slope]]), device=device, name="the weight after three updates")


def test_overfit_one_batch__makes_one_model(device):
    maker, _ = _overfit(device, [1.0, 2.0], [1.0, 3.0], 5, rate=0.1)
    assert_value(len(maker.models), 1, name="the number of models made")


def test_overfit_one_batch__uses_the_whole_batch_in_every_update(device):
    maker, _ = _overfit(device, [1.0, 2.0, 4.0], [1.0, 1.0, 1.0], 5, rate=0.1)
    assert_value(maker.rows, [3] * 5, name="the list of the number of rows in each call of the model")


def test_overfit_one_batch__starts_again_in_each_call(device):
    batch = [1.0, -0.5], [2.0, 1.0]
    for _ in range(2):
        _, losses = _overfit(device, *batch, 3, rate=0.1)
        _assert_floats(losses, _slope_by_hand(*batch, 0.1, 3)[1], "the list of losses")


def test_overfit_one_batch__reveals_a_model_that_cannot_learn(device):
    # Every unit of the ReLU is 0. Only the last bias changes, so the loss comes near 4, the variance of the labels.
    def make():
        model = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1)).to(device)
        with torch.no_grad():
            for parameter, value in zip(model.parameters(), (1.0, -100.0, 5.0, 0.0), strict=True):
                parameter.fill_(value)
        return model

    _, losses = _overfit(device, [1.0, 2.0], [-1.0, 3.0], 8, rate=0.25, make=make)
    _assert_floats(losses, [4 + 1 / 4**step for step in range(8)], "the list of losses")


def test_overfit_one_batch__returns_an_empty_list_for_zero_steps(device):
    _, losses = _overfit(device, [1.0], [2.0], 0, rate=0.1)
    assert_value(losses, [])


def test_overfit_one_batch__does_not_modify_the_batch(device):
    features, labels = _column(device, [1.0, 2.0]), _column(device, [3.0, -1.0])
    make_sgd = lambda ps: torch.optim.SGD(ps, lr=0.1)  # noqa: E731
    with assert_unchanged(features=features, labels=labels):
        kata.overfit_one_batch(lambda: _Line(device, [0.5]), nn.MSELoss(), make_sgd, features, labels, 3)


def test_overfit_one_batch__does_what_its_example_shows(example):
    example.check(kata)


def show_fit_line():
    """The losses of a fit to noisy points."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 2))
    targets = features @ [1.5, -2.0] + 0.5 + 0.3 * rng.normal(size=60)
    weights, bias, losses = kata.fit_line(on("cpu", features), on("cpu", targets), 0.1, 40)
    found = ", ".join(f"{number:.2f}" for number in [*weights.tolist(), float(bias)])
    return picture.Curves(
        f"Weights and bias found: {found}; the data was made with 1.5, -2, 0.5", {"loss": losses}, "step"
    )


def show_train_and_validate():
    """Two interleaved moons, separated by a small net: both losses, and the boundary between the classes."""
    rng = np.random.default_rng(0)
    labels = np.arange(240) % 2
    angles = rng.uniform(0, np.pi, 240)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points[labels == 1] = [1.0, 0.5] - points[labels == 1]
    points += 0.15 * rng.normal(size=(240, 2))
    x, y = on("cpu", points), on("cpu", labels[:, None])
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    batches = list(zip(x[:160].split(32), y[:160].split(32), strict=True))
    history = kata.train_and_validate(model, nn.BCEWithLogitsLoss(), optimizer, batches, [(x[160:], y[160:])], 60)
    return [
        picture.Curves("Two moons: the losses of training and validation", history),
        picture.boundary("What the net predicts in the plane", x, y[:, 0], lambda grid: model(grid)[:, 0]),
    ]
