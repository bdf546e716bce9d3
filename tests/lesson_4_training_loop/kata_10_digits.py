"""The specification of katas/lesson_4_training_loop/kata_10_digits.py."""

import contextlib

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dojo.expect import Mismatch, assert_tensor, assert_unchanged, assert_value
from dojo.pictures import data as picture
from katas import digits, foundations
from katas.lesson_4_training_loop import kata_10_digits as kata

CORE = ("prepare_digits", "DigitNet", "train_digits", "recognize")

# float32 after a few updates, against NumPy in float64.
NEAR = 1e-4


def on(device, values, dtype=torch.float32):
    return torch.tensor(np.array(values, order="C"), dtype=dtype, device=device)


def _classes(device, values):
    return on(device, values, torch.int64)


def _seeded(seed):
    return torch.Generator().manual_seed(seed)


@contextlib.contextmanager
def _one_thread():
    """Small products are quickest in one thread; on a busy machine, many threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _mean_cross_entropy(logits, labels):
    return float(-np.log(foundations.softmax(np.float64(logits))[np.arange(len(labels)), labels]).mean())


def _marked(n, largest=16):
    """Images that tell their number: (n, 8, 8) in whole numbers from 0 to 16, and labels that go with them."""
    images = np.random.default_rng(n).integers(0, largest, (n, 8, 8)).astype(np.float64)
    images[:, 0, 0] = 0
    images[:, 0, 1], images[:, 7, 3] = np.arange(n) % largest, np.arange(n) // largest
    images[0, 2, 5] = largest
    return images, np.arange(n) * 7 % 10


def _rows_of(images):
    """Each image's row of 64 numbers, as the model is to see it, and which image it is."""
    return {row.tobytes(): number for number, row in enumerate(np.float32(images.reshape(len(images), 64) / 16))}


def _numbers(inputs, images):
    """Which images stand in the rows of `inputs`."""
    known = _rows_of(images)
    found = [known.get(row.tobytes()) for row in np.ascontiguousarray(inputs.detach().cpu().numpy())]
    if None in found:
        raise Mismatch("value", f"Row {found.index(None)} is no image of those given, row after row, divided by 16.")
    return found


def _prepared(images, labels, generator):
    """What prepare_digits returns, after a look at its types and shapes."""
    answer = kata.prepare_digits(images, labels, generator)
    assert_value(isinstance(answer, tuple) and len(answer), 2, name="the number of parts in the tuple")
    held_out = len(images) // 5
    for name, part, count in zip(("training", "held_out"), answer, (len(images) - held_out, held_out), strict=True):
        assert_value(isinstance(part, tuple) and len(part), 2, name=f"the number of tensors in {name}, a tuple,")
        for kind, tensor, dtype, shape in zip(
            ("inputs", "labels"), part, (torch.float32, torch.int64), ((count, 64), (count,)), strict=True
        ):
            like = tensor if isinstance(tensor, torch.Tensor) and tensor.shape == shape else torch.zeros(shape)
            wanted = like.detach().cpu().to(dtype)
            assert_tensor(tensor, wanted, name=f"the {name} part's tensor of {kind}")
    return answer


@pytest.mark.parametrize(("n", "largest"), [(20, 16), (13, 16), (24, 8)])
def test_prepare_digits__makes_a_row_of_each_image_and_1_of_ink(n, largest):
    images, labels = _marked(n, largest)
    training, held_out = _prepared(images, labels, _seeded(n))
    inputs = torch.cat([training[0], held_out[0]])
    expected = np.float32(images.reshape(n, 64) / 16)
    # In order of what they hold: how they are divided is looked at below.
    actual, expected = (rows[np.lexsort(rows.T[::-1])] for rows in (inputs.numpy(), expected))
    assert_tensor(torch.from_numpy(actual), expected, name="the tensor of all inputs, put in order of their numbers,")


@pytest.mark.parametrize("n", [20, 13, 57])
def test_prepare_digits__puts_each_image_in_one_part_once(n):
    images, labels = _marked(n)
    training, held_out = (_numbers(part[0], images) for part in _prepared(images, labels, _seeded(n)))
    both = sorted(set(training) & set(held_out))
    if both:
        raise Mismatch("statement", f"Of {n} images, {len(both)} are in both parts, such as image {both[0]}.")
    assert_value(sorted(training + held_out), list(range(n)), name="the images that are in a part")


@pytest.mark.parametrize("n", [20, 57])
def test_prepare_digits__keeps_each_label_beside_its_image(n):
    images, labels = _marked(n)
    for name, part in zip(("training", "held_out"), _prepared(images, labels, _seeded(n + 1)), strict=True):
        expected = labels[_numbers(part[0], images)]
        assert_tensor(part[1], expected, name=f"the {name} part's tensor of labels")


def test_prepare_digits__holds_out_images_from_everywhere():
    images, labels = _marked(100)[0], np.repeat(np.arange(10), 10)
    _, held_out = _prepared(images, labels, _seeded(3))
    # 20 of 100 images drawn at random have fewer than four digits among them with a chance below 1e-11.
    found = sorted(set(held_out[1].tolist()))
    if len(found) < 4:
        raise Mismatch("statement", f"Of 100 images sorted by digit, the held-out ones show the digits {found} alone.")


def test_prepare_digits__draws_from_the_generator_alone():
    images, labels = _marked(57)

    def held_out(seed, before=0, repeat=1):
        torch.manual_seed(before)
        generator = _seeded(seed)
        return [sorted(_numbers(_prepared(images, labels, generator)[1][0], images)) for _ in range(repeat)][-1]

    first = held_out(1)
    if held_out(1, before=5) != first:
        raise Mismatch("statement", "With a generator of the same seed, other images were held out.")
    # Two draws of 11 from 57 are the same with a chance below 1e-10.
    if held_out(2) == first:
        raise Mismatch("statement", "Generators of two seeds held the same images out.")
    if held_out(1, repeat=2) == first:
        raise Mismatch("statement", "A generator used again held the same images out: it did not run on.")
    torch.manual_seed(7)
    before = torch.get_rng_state()
    kata.prepare_digits(images, labels, _seeded(1))
    if not torch.equal(before, torch.get_rng_state()):
        raise Mismatch("statement", "torch.get_rng_state() has changed: something was drawn from, or set in, it.")


def test_prepare_digits__leaves_the_arrays_as_they_are():
    images, labels = _marked(20)
    with assert_unchanged(images=images, labels=labels):
        for inputs, targets in kata.prepare_digits(images, labels, _seeded(0)):
            inputs.add_(1)
            targets.add_(1)


_NAMES = ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]


def _filled(device, hidden, seed=0):
    """A DigitNet with weights drawn by NumPy, and these weights."""
    net, rng = kata.DigitNet(hidden).to(device), np.random.default_rng(seed)
    shapes = [(hidden, 64), (hidden,), (10, hidden), (10,)]
    weights = {name: rng.normal(size=shape) / 4 for name, shape in zip(_NAMES, shapes, strict=True)}
    net.load_state_dict({name: on(device, value) for name, value in weights.items()})
    return net, weights


def _logits(weights, inputs):
    hidden = np.maximum(inputs @ weights["hidden.weight"].T + weights["hidden.bias"], 0)
    return hidden @ weights["output.weight"].T + weights["output.bias"]


@pytest.mark.parametrize("hidden", [16, 5])
def test_DigitNet__has_two_layers_by_name(hidden):
    net = kata.DigitNet(hidden)
    shapes = [(hidden, 64), (hidden,), (10, hidden), (10,)]
    found = {name: tuple(parameter.shape) for name, parameter in net.named_parameters()}
    assert_value(found, dict(zip(_NAMES, shapes, strict=True)), name="the dict of parameter names and shapes")
    assert_value(list(net.state_dict()), _NAMES, name="the list of names in state_dict")
    assert_value([type(each).__name__ for each in net.children()][:2], ["Linear"] * 2, name="the first two children")


@pytest.mark.parametrize(("hidden", "expected"), [(32, 2410), (1, 85)])
def test_DigitNet__has_as_many_parameters_as_its_layers(hidden, expected):
    net = kata.DigitNet(hidden)
    assert_value(sum(each.numel() for each in net.parameters()), expected, name="the number of parameters")


@pytest.mark.parametrize(("n", "hidden"), [(3, 6), (1, 16), (5, 2)])
def test_DigitNet__computes_ten_logits_for_each_image(device, n, hidden):
    net, weights = _filled(device, hidden, n)
    inputs = np.random.default_rng(n).random((n, 64))
    assert_tensor(net(on(device, inputs)).detach(), np.float32(_logits(weights, inputs)), device=device, atol=NEAR)


def test_DigitNet__has_no_softmax_in_it(device):
    net, _ = _filled(device, 4)
    net.output.bias.data.fill_(-30.0)
    sums = net(on(device, np.random.default_rng(1).random((3, 64)))).detach().cpu().sum(dim=1)
    if (sums > -50).any():
        raise Mismatch("value", "With biases of -30 in output, logits are far below 0; these are not.")


def test_DigitNet__starts_with_units_that_differ():
    net = kata.DigitNet(6)
    if torch.equal(net.hidden.weight[0], net.hidden.weight[1]):
        raise Mismatch("value", "Two hidden units start alike: they get the same gradients, and stay alike for ever.")


def test_DigitNet__starts_as_linear_layers_do():
    net = kata.DigitNet(100)
    for name, parameter in net.named_parameters():
        bound = 0.125 if name.startswith("hidden") else 0.1
        largest = parameter.abs().max().item()
        # nn.Linear draws evenly between -bound and bound: ten or more numbers, one above 0.2 of it at the least.
        if not 0.2 * bound < largest <= bound:
            raise Mismatch(
                "value", f"The largest size in {name} is {largest:.4g}; nn.Linear draws sizes up to {bound:.4g}."
            )


def test_DigitNet__answers_alike_every_time(device):
    net, _ = _filled(device, 6)
    inputs = on(device, np.random.default_rng(2).random((4, 64)))
    assert_tensor(net(inputs).detach(), net(inputs).detach(), name="the second answer to the same images")


class _Watched(nn.Module):
    """A linear layer that writes down the rows of each call, and whether all of it was in train mode."""

    def __init__(self, device, features=3, classes=4):
        super().__init__()
        rng = np.random.default_rng(17)
        self.weight, self.bias = rng.normal(size=(classes, features)), rng.normal(size=classes)
        self.parts = nn.Sequential(nn.Linear(features, classes), nn.Identity()).to(device)
        with torch.no_grad():
            self.parts[0].weight.copy_(on(device, self.weight))
            self.parts[0].bias.copy_(on(device, self.bias))
        self.batches, self.modes = [], []

    def forward(self, inputs):
        self.batches.append([tuple(row) for row in inputs.tolist()])
        self.modes.append({each.training for each in self.modules()})
        return self.parts(inputs)

    def order(self):
        return [row for batch in self.batches for row in batch]


# The name that a report shows.
_Watched.__name__ = "SmallNet"


def _samples(n, seed=0):
    """n rows of three quarters, no two alike, and labels from 0 to 3."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-6, 7, (n, 3)) / 4
    rows[:, 0] = rng.permutation(n) / 4 - n / 8
    return rows, rng.integers(0, 4, n)


def _sgd(model, learning_rate=0.5, momentum=0.0):
    return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)


def _train(model, optimizer, device, samples, epochs, batch_size, generator=None):
    rows, labels = samples
    generator = generator or _seeded(len(rows))
    return kata.train_digits(
        model, optimizer, on(device, rows), _classes(device, labels), epochs, batch_size, generator
    )


def _by_hand(model, samples, epochs, learning_rate=0.5, momentum=0.0):
    """Train in NumPy on the batches that the model has seen: the mean loss of each epoch, weight and bias."""
    known = {tuple(row): label for row, label in zip(samples[0].tolist(), samples[1], strict=True)}
    if not model.batches or len(model.batches) % epochs:
        raise Mismatch("statement", f"The model was called {len(model.batches)} times in {epochs} epochs.")
    weight, bias, speed, bias_speed = model.weight, model.bias, 0.0, 0.0
    losses = []
    for batch in model.batches:
        x, y = np.array(batch), np.array([known[row] for row in batch])
        probabilities = foundations.softmax(x @ weight.T + bias)
        losses.append(-np.log(probabilities[np.arange(len(y)), y]).mean())
        errors = (probabilities - np.eye(4)[y]) / len(y)
        speed, bias_speed = momentum * speed + errors.T @ x, momentum * bias_speed + errors.sum(axis=0)
        weight, bias = weight - learning_rate * speed, bias - learning_rate * bias_speed
    counts = np.array([len(batch) for batch in model.batches]).reshape(epochs, -1)
    means = np.average(np.reshape(losses, (epochs, -1)), axis=1, weights=counts)
    return [float(mean) for mean in means], weight, bias


@pytest.mark.parametrize(("n", "batch_size", "epochs"), [(7, 3, 2), (5, 8, 2)])
def test_train_digits__returns_the_mean_loss_of_each_epoch(device, n, batch_size, epochs):
    model, samples = _Watched(device), _samples(n, n)
    actual = _train(model, _sgd(model), device, samples, epochs, batch_size)
    if isinstance(actual, list):
        for each in actual:
            assert_value(each, 0.0, tolerance=float("inf"), name="an item of the list")
    assert_value(actual, _by_hand(model, samples, epochs)[0], tolerance=NEAR)


@pytest.mark.parametrize(("n", "batch_size", "momentum"), [(5, 3, 0.0), (5, 2, 0.9)])
def test_train_digits__moves_the_weights_once_a_batch(device, n, batch_size, momentum):
    model, samples = _Watched(device), _samples(n, n)
    _train(model, _sgd(model, 0.1, momentum), device, samples, 2, batch_size)
    _, weight, bias = _by_hand(model, samples, 2, 0.1, momentum)
    assert_tensor(model.parts[0].weight.detach(), np.float32(weight), device=device, name="the weight", atol=NEAR)
    assert_tensor(model.parts[0].bias.detach(), np.float32(bias), device=device, name="the bias", atol=NEAR)


def test_train_digits__runs_the_optimizer_once_a_batch(device):
    model, updates = _Watched(device), []
    optimizer = _sgd(model)
    optimizer.register_step_post_hook(lambda *_: updates.append(len(model.batches)))
    _train(model, optimizer, device, _samples(5), 2, 3)
    assert_value(updates, [1, 2, 3, 4], name="the list of which batches an update followed")


def test_train_digits__lets_old_gradients_have_no_part(device):
    model, samples = _Watched(device), _samples(6)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 100.0)
    _train(model, _sgd(model), device, samples, 1, 3)
    weight = np.float32(_by_hand(model, samples, 1)[1])
    assert_tensor(model.parts[0].weight.detach(), weight, device=device, name="the weight", atol=NEAR)


@pytest.mark.parametrize(("n", "batch_size"), [(7, 4), (3, 8)])
def test_train_digits__shows_every_image_once_an_epoch(device, n, batch_size):
    model, samples = _Watched(device), _samples(n, n)
    _train(model, _sgd(model), device, samples, 2, batch_size)
    order, wanted = model.order(), sorted(map(tuple, samples[0].tolist()))
    assert_value(len(order), 2 * n, name=f"the number of images shown in 2 epochs of {n}")
    for epoch in range(2):
        if sorted(order[epoch * n : (epoch + 1) * n]) != wanted:
            raise Mismatch("statement", f"In epoch {epoch + 1}, some images were shown more than once, and some never.")


@pytest.mark.parametrize(("n", "batch_size", "sizes"), [(7, 3, [3, 3, 1]), (5, 8, [5]), (5, 4, [4, 1])])
def test_train_digits__cuts_an_epoch_into_batches(device, n, batch_size, sizes):
    model = _Watched(device)
    _train(model, _sgd(model), device, _samples(n), 2, batch_size)
    assert_value([len(batch) for batch in model.batches], sizes * 2, name="the list of the batches' sizes")


def test_train_digits__draws_a_new_order_for_each_epoch(device):
    model, samples = _Watched(device), _samples(20)
    _train(model, _sgd(model), device, samples, 3, 20)
    order = model.order()
    orders = [order[start : start + 20] for start in (0, 20, 40)]
    # One order in 20! is any given one.
    if list(map(tuple, samples[0].tolist())) in orders:
        raise Mismatch("statement", "The images were shown in the order in which they came: shuffle them.")
    if orders[0] in orders[1:]:
        raise Mismatch("statement", "Two epochs showed the images in one and the same order: draw anew in each.")


def test_train_digits__draws_from_the_generator_alone():
    samples = _samples(20)

    def order(seed, before, repeat=1):
        generator = _seeded(seed)
        torch.manual_seed(before)
        for _ in range(repeat):
            model = _Watched("cpu")
            state = torch.get_rng_state()
            _train(model, _sgd(model), "cpu", samples, 1, 20, generator)
            if not torch.equal(state, torch.get_rng_state()):
                raise Mismatch("statement", "torch.get_rng_state() has changed: the global generator was used, or set.")
        return model.order()

    if order(1, before=5) != order(1, before=6):
        raise Mismatch("statement", "With a generator of the same seed, the order was another.")
    if order(1, before=5) == order(2, before=5):
        raise Mismatch("statement", "Generators of two seeds gave the same order.")
    if order(1, before=5) == order(1, before=5, repeat=2):
        raise Mismatch("statement", "A generator used again gave the same order: it did not run on.")


def test_train_digits__is_in_train_mode_for_every_batch(device):
    model = _Watched(device).eval()
    _train(model, _sgd(model), device, _samples(5), 2, 3)
    if set().union(*model.modes) != {True}:
        raise Mismatch("statement", "The model came in eval mode; while it was trained, some of it was in eval mode.")


def test_train_digits__leaves_images_and_labels_as_they_are(device):
    model, (rows, labels) = _Watched(device), _samples(7)
    inputs, labels = on(device, rows), _classes(device, labels)
    with assert_unchanged(inputs=inputs, labels=labels):
        kata.train_digits(model, _sgd(model), inputs, labels, 2, 3, _seeded(0))


class _Looked(nn.Module):
    """Hands its input on, and writes down mode and recording."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.seen = []

    def forward(self, inputs):
        answer = inputs * self.scale
        self.seen.append((self.training, answer.requires_grad))
        return answer


# The name that a report shows.
_Looked.__name__ = "Scale"


def _partly_right(n, classes, right, seed=0):
    """Logits of which the first `right` rows have their largest one at the label, and the labels; shuffled."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    predicted = np.where(np.arange(n) < right, labels, (labels + 1 + rng.integers(0, classes - 1, n)) % classes)
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), predicted] = logits.max(axis=1) + rng.random(n) + 0.25
    order = rng.permutation(n)
    return logits[order] - 2, labels[order]


@pytest.mark.parametrize(("n", "classes", "right"), [(8, 3, 5), (4, 10, 1), (30, 10, 27), (1, 4, 1), (5, 5, 0)])
def test_held_out_accuracy__is_the_fraction_read_right(device, n, classes, right):
    logits, labels = _partly_right(n, classes, right)
    actual = kata.held_out_accuracy(nn.Identity(), on(device, logits), _classes(device, labels))
    assert_value(actual, right / n)


def test_held_out_accuracy__answers_in_eval_mode(device):
    labels = np.arange(60) % 4
    # A dropped largest logit leaves another one largest: in train mode, 60 rows all right have a chance of 1e-10.
    logits = np.eye(4)[labels] + np.eye(4)[(labels + 1) % 4] / 2
    model = nn.Sequential(nn.Dropout(0.5), _Looked()).to(device).train()
    actual = kata.held_out_accuracy(model, on(device, logits), _classes(device, labels))
    assert_value(actual, 1.0, name="the accuracy of a model with dropout, all right in eval mode,")


@pytest.mark.parametrize("training", [True, False])
def test_held_out_accuracy__leaves_the_model_in_its_mode(device, training):
    model = nn.Sequential(nn.Dropout(0.5), _Looked()).to(device).train(training)
    logits, labels = _partly_right(6, 3, 4)
    kata.held_out_accuracy(model, on(device, logits), _classes(device, labels))
    found = {each.training for each in model.modules()}
    if found != {training}:
        was = "train" if training else "eval"
        raise Mismatch("statement", f"The model came in {was} mode, and is not, or not all of it, in {was} mode now.")


def test_held_out_accuracy__records_nothing(device):
    model = _Looked().to(device)
    logits, labels = _partly_right(6, 3, 4)
    kata.held_out_accuracy(model, on(device, logits), _classes(device, labels))
    if any(recorded for _, recorded in model.seen):
        raise Mismatch("graph", "Autograd recorded while the model answered: a graph was built for nothing.")
    if not (torch.is_grad_enabled() and model.scale.requires_grad):
        raise Mismatch("graph", "Autograd was recording before, and does not any more.")


def test_held_out_accuracy__leaves_weights_and_statistics_as_they_are(device):
    model = nn.BatchNorm1d(3).to(device).train()
    logits, labels = _partly_right(6, 3, 4)
    inputs, labels = on(device, logits), _classes(device, labels)
    with assert_unchanged(inputs=inputs, labels=labels, **model.state_dict()):
        kata.held_out_accuracy(model, inputs, labels)


def _reading(device, read, seed=1):
    """Inputs (N, 64) and a linear model in eval mode that reads from them the digits given."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((len(read), 64)) / 16
    inputs[np.arange(len(read)), 3 * np.array(read, dtype=int)] = 1 + rng.permutation(len(read)) / 8
    model = nn.Linear(64, 10).to(device)
    with torch.no_grad():
        model.weight.copy_(on(device, np.eye(64)[3 * np.arange(10)]))
        model.bias.zero_()
    return model.eval(), inputs


def _counted(read, labels):
    counts = np.zeros((10, 10), np.int64)
    np.add.at(counts, (labels, read), 1)
    return counts


@pytest.mark.parametrize("n", [40, 25])
def test_confusion__counts_what_was_read_as_what(device, n):
    rng = np.random.default_rng(n)
    labels = rng.integers(0, 10, n)
    read = np.where(rng.random(n) < 0.5, labels, rng.integers(0, 10, n) // 2)
    model, inputs = _reading(device, read)
    actual = kata.confusion(model, on(device, inputs), _classes(device, labels))
    assert_tensor(actual, _counted(read, labels), device=device)


def test_confusion__has_a_row_for_what_an_image_shows(device):
    model, inputs = _reading(device, [9, 9, 9, 3])
    labels = np.array([4, 4, 9, 8])
    actual = kata.confusion(model, on(device, inputs), _classes(device, labels))
    assert_tensor(actual, _counted([9, 9, 9, 3], labels), device=device)


def test_confusion__has_room_for_digits_that_do_not_occur(device):
    model, inputs = _reading(device, [1, 0, 1])
    labels = np.array([1, 0, 0])
    actual = kata.confusion(model, on(device, inputs), _classes(device, labels))
    assert_tensor(actual, _counted([1, 0, 1], labels), device=device)


def test_confusion__is_all_zeros_without_images(device):
    model, inputs = _reading(device, [])
    actual = kata.confusion(model, on(device, inputs), _classes(device, []))
    assert_tensor(actual, np.zeros((10, 10), np.int64), device=device)


def test_confusion__leaves_the_inputs_as_they_are(device):
    model, inputs = _reading(device, [1, 0, 1])
    inputs, labels = on(device, inputs), _classes(device, [1, 5, 0])
    with assert_unchanged(inputs=inputs, labels=labels):
        kata.confusion(model, inputs, labels)


def test_confusion__records_nothing(device):
    model = _Looked().to(device).eval()
    kata.confusion(model, on(device, np.eye(10)), _classes(device, np.arange(10)))
    if any(recorded for _, recorded in model.seen):
        raise Mismatch("graph", "Autograd recorded while the model answered: a graph was built for nothing.")


# Misread are places 1, 2, 4, 5 and 7.
_READ = [3, 3, 8, 0, 1, 9, 6, 9]
_SHOWN = [3, 8, 3, 0, 7, 4, 6, 5]


def _sureness(inputs):
    """How sure the model of _reading is of each image."""
    return foundations.softmax(np.float64(inputs[:, 3 * np.arange(10)])).max(axis=1)


def _assert_misread(actual, inputs, expected, device):
    assert_value(isinstance(actual, tuple) and len(actual), 3, name="the number of tensors in the tuple")
    images, shown, read = actual
    wanted = np.float32(inputs[expected].reshape(-1, 8, 8))
    assert_tensor(images, wanted, device=device, name="images")
    assert_tensor(shown, np.array(_SHOWN)[expected], device=device, name="what they show")
    assert_tensor(read, np.array(_READ)[expected], device=device, name="what they were read as")


def _surest(inputs):
    wrong = np.flatnonzero(np.array(_READ) != np.array(_SHOWN))
    return wrong[np.argsort(-_sureness(inputs)[wrong])]


@pytest.mark.parametrize("most", [3, 5, 1])
def test_misread__puts_first_what_the_model_is_surest_of(device, most):
    model, inputs = _reading(device, _READ)
    actual = kata.misread(model, on(device, inputs), _classes(device, _SHOWN), most)
    _assert_misread(actual, inputs, _surest(inputs)[:most], device)


def test_misread__goes_by_probability_and_not_by_size(device):
    model, inputs = _reading(device, _READ)
    # More ink in all ten places of some images: larger logits, the same probabilities.
    inputs[:, 3 * np.arange(10)] += np.random.default_rng(4).permutation(8)[:, None] / 2
    actual = kata.misread(model, on(device, inputs), _classes(device, _SHOWN), 5)
    _assert_misread(actual, inputs, _surest(inputs), device)


def test_misread__goes_by_the_digit_that_was_read(device):
    model, inputs = _reading(device, _READ)
    # What they do show is unlikely to another degree in each, in another order.
    inputs[np.arange(8), 3 * np.array(_SHOWN)] -= (np.array(_READ) != _SHOWN) * np.array([0, 8, 3, 0, 1, 5, 0, 9])
    actual = kata.misread(model, on(device, inputs), _classes(device, _SHOWN), 4)
    _assert_misread(actual, inputs, _surest(inputs)[:4], device)


def test_misread__gives_fewer_where_fewer_are_wrong(device):
    model, inputs = _reading(device, _READ)
    actual = kata.misread(model, on(device, inputs[:3]), _classes(device, _SHOWN[:3]), 9)
    _assert_misread(actual, inputs, [each for each in _surest(inputs) if each < 3], device)


@pytest.mark.parametrize("most", [4, 1])
def test_misread__keeps_its_shapes_where_one_alone_is_wrong(device, most):
    model, inputs = _reading(device, _READ)
    actual = kata.misread(model, on(device, inputs[:2]), _classes(device, _SHOWN[:2]), most)
    _assert_misread(actual, inputs, [1], device)


@pytest.mark.parametrize("n", [1, 0])
def test_misread__is_empty_where_nothing_is_wrong(device, n):
    model, inputs = _reading(device, _READ)
    actual = kata.misread(model, on(device, inputs[:n]), _classes(device, _SHOWN[:n]), 4)
    _assert_misread(actual, inputs, np.zeros(0, np.int64), device)


def test_misread__records_nothing(device):
    model, inputs = _reading(device, _READ)
    looked = nn.Sequential(_Looked(), model).to(device).eval()
    answer = kata.misread(looked, on(device, inputs), _classes(device, _SHOWN), 3)
    if any(recorded for _, recorded in looked[0].seen) or any(each.requires_grad for each in answer):
        raise Mismatch("graph", "Autograd recorded while the model answered: a graph was built for nothing.")


def test_misread__leaves_the_inputs_as_they_are(device):
    model, inputs = _reading(device, _READ)
    inputs, labels = on(device, inputs), _classes(device, _SHOWN)
    with assert_unchanged(inputs=inputs, labels=labels):
        kata.misread(model, inputs, labels, 3)


class _Run:
    """A small run of recognize, and what its model was shown meanwhile: call after call."""

    def __init__(self, device, epochs, n=60, seed=0):
        images, labels = digits.load()
        self.images, self.labels, self.n = images[:n], labels[:n], n
        calls = []

        def look(module, arguments, answer):
            if arguments and isinstance(answer, torch.Tensor) and answer.shape[-1:] == (10,):
                state = {name: each.detach().cpu().numpy().copy() for name, each in module.state_dict().items()}
                calls.append((module, arguments[0], answer.detach().cpu().numpy(), answer.requires_grad, state))

        watch = nn.modules.module.register_module_forward_hook(look)
        try:
            with _one_thread():
                answer = kata.recognize(self.images, self.labels, epochs, device, _seeded(seed))
        finally:
            watch.remove()
        assert_value(isinstance(answer, tuple) and len(answer), 3, name="the number of things returned in a tuple")
        self.model, self.history, self.accuracy = answer
        if not isinstance(self.model, nn.Module):
            raise Mismatch("type", f"The model is a {type(self.model).__name__}; it must be an nn.Module, a DigitNet.")
        self.calls = [call for call in calls if call[0] is self.model]
        if not any(call[3] for call in self.calls):
            raise Mismatch("statement", "The model that was returned was never called in a training step.")
        self.training = [(_numbers(call[1], self.images), *call[2:]) for call in self.calls if call[3]]

    def learnt(self):
        """The images that the model learnt from, each as often as it was shown."""
        return [number for numbers, *_ in self.training for number in numbers]

    def held_out(self):
        return sorted(set(range(self.n)) - set(self.learnt()))

    def state_after(self, epoch):
        """The weights after an epoch, counted from 0."""
        seen = 0
        for numbers, _, _, state in self.training:
            if seen >= (epoch + 1) * (self.n - self.n // 5):
                return state
            seen += len(numbers)
        return {name: each.detach().cpu().numpy() for name, each in self.model.state_dict().items()}

    def answers(self, state):
        """Logits for the held-out images, by NumPy, and their labels."""
        rows = self.held_out()
        weights = {name: value.astype(np.float64) for name, value in state.items()}
        return _logits(weights, self.images[rows].reshape(-1, 64) / 16), self.labels[rows]


def _assert_kind(run, epochs):
    assert_value(list(run.model.state_dict()), _NAMES, name="the list of names in the model's state_dict")
    assert_value(sorted(run.history), ["train", "validation"], name="the sorted list of history's keys")
    for name, losses in run.history.items():
        whole = isinstance(losses, list) and all(isinstance(loss, float) for loss in losses)
        if not whole:
            raise Mismatch("type", f'history["{name}"] must be a list of floats.')
        assert_value(len(losses), epochs, name=f'the number of losses in history["{name}"]')
    assert_value(run.accuracy, 0.0, tolerance=float("inf"), name="the accuracy")


@pytest.mark.parametrize("epochs", [3, 1])
def test_recognize__returns_a_model_two_histories_and_an_accuracy(device, epochs):
    run = _Run(device, epochs)
    _assert_kind(run, epochs)
    places = {parameter.device.type for parameter in run.model.parameters()}
    if places != {device.type}:
        raise Mismatch("device", f"The model lives on {' and '.join(sorted(places))}; it must live on {device.type}.")


@pytest.mark.parametrize(("n", "epochs"), [(60, 2), (43, 3)])
def test_recognize__never_learns_from_a_held_out_image(device, n, epochs):
    learnt = _Run(device, epochs, n).learnt()
    assert_value(len(set(learnt)), n - n // 5, name=f"the number of images of {n} that the model learnt from")
    assert_value(len(learnt), epochs * (n - n // 5), name=f"the number of images shown in {epochs} epochs")


def test_recognize__keeps_the_training_losses(device):
    run = _Run(device, 3)
    _assert_kind(run, 3)
    losses = []
    for numbers, logits, *_ in run.training:
        losses += [_mean_cross_entropy(logits[i : i + 1], run.labels[[number]]) for i, number in enumerate(numbers)]
    expected = [float(each) for each in np.reshape(losses, (3, -1)).mean(axis=1)]
    assert_value(run.history["train"], expected, tolerance=NEAR, name='history["train"]')


def test_recognize__keeps_the_loss_on_held_out_images_after_each_epoch(device):
    run = _Run(device, 3)
    _assert_kind(run, 3)
    expected = [_mean_cross_entropy(*run.answers(run.state_after(epoch))) for epoch in range(3)]
    assert_value(run.history["validation"], expected, tolerance=NEAR, name='history["validation"]')


def test_recognize__moves_every_parameter(device):
    run = _Run(device, 2)
    before, after = run.training[0][-1], run.state_after(2)
    still = [name for name in _NAMES if np.array_equal(before[name], after[name])]
    assert_value(still, [], name="the list of parameters that have not moved in 2 epochs")


@pytest.mark.parametrize(("n", "epochs"), [(60, 4), (43, 2), (57, 1)])
def test_recognize__measures_at_the_end_on_held_out_images(device, n, epochs):
    run = _Run(device, epochs, n)
    logits, labels = run.answers(run.state_after(epochs))
    learnt = sorted(set(run.learnt()))
    weights = {name: value.astype(np.float64) for name, value in run.state_after(epochs).items()}
    read = _logits(weights, run.images[learnt].reshape(-1, 64) / 16).argmax(axis=1)
    on_held_out, on_learnt = np.mean(logits.argmax(axis=1) == labels), np.mean(read == run.labels[learnt])
    if run.accuracy == on_learnt != on_held_out:
        raise Mismatch("statement", "The accuracy is that on the images that were learnt from, not on the others.")
    assert_value(run.accuracy, float(np.mean(logits.argmax(axis=1) == labels)), name="the accuracy")


def test_recognize__draws_the_split_from_the_generator(device):
    if _Run(device, 1, seed=1).held_out() == _Run(device, 1, seed=2).held_out():
        raise Mismatch("statement", "Generators of two seeds held the same images out.")


@pytest.mark.timeout(30)
def test_recognize__reads_95_of_100_digits_never_seen():
    images, labels = digits.load()
    with _one_thread():
        model, history, accuracy = kata.recognize(images, labels, 30, "cpu", _seeded(2))
    before, after = np.array(history["train"][-11:-1]), np.array(history["train"][-10:])
    if accuracy < 0.95 and (after < before).all():
        raise Mismatch(
            "statement", "Fewer than 95% of the held-out images are read right, and the training loss is still falling."
        )
    if accuracy < 0.95 and not (after < 1.25 * before).all():
        raise Mismatch(
            "statement", "Fewer than 95% of the held-out images are read right, and the training loss jumps up again."
        )
    if accuracy < 0.95:
        raise Mismatch(
            "value", f"After 30 epochs, {accuracy:.1%} of the held-out images are read right; 95% can be reached."
        )
    weights = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    right = np.mean(_logits(weights, images.reshape(-1, 64) / 16).argmax(axis=1) == labels)
    assert right > 0.95, f"Of all the images, the model that came back reads {right:.1%} right, and not 95%."


def _first_digits(n):
    """The first n digits, as tensors."""
    images, labels = digits.load()
    return on("cpu", images[:n].reshape(n, 64) / 16), _classes("cpu", labels[:n])


def _trained(inputs, labels):
    """A model that has learnt a little, to be looked at."""
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(30):
        optimizer.zero_grad()
        F.cross_entropy(model(inputs), labels).backward()
        optimizer.step()
    return model.eval()


def show_train_digits():
    """The loss on 400 digits, by epoch."""
    inputs, labels = _first_digits(400)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    with _one_thread():
        losses = kata.train_digits(model, optimizer, inputs, labels, 15, 32, _seeded(0))
    return picture.Curves("400 digits, learnt in batches of 32", {"train": losses})


def show_confusion():
    """What a model that has seen 300 digits takes 1,200 others for."""
    inputs, labels = _first_digits(1500)
    with _one_thread():
        counts = kata.confusion(_trained(inputs[:300], labels[:300]), inputs[300:], labels[300:])
    return picture.Matrix("1,200 digits never seen: what they show, and what they are read as", counts.tolist())


def show_misread():
    """The digits that a model which has seen 300 of them misreads most surely."""
    inputs, labels = _first_digits(1500)
    with _one_thread():
        images, shown, read = kata.misread(_trained(inputs[:300], labels[:300]), inputs[300:], labels[300:], 8)
    return picture.Images("Misread, the surest first", images.tolist(), shown.tolist(), read.tolist())


def show_recognize():
    """Both losses by epoch, and some digits with what they are read as."""
    images, labels = digits.load()
    with _one_thread():
        model, history, accuracy = kata.recognize(images, labels, 20, "cpu", _seeded(0))
        with torch.no_grad():
            read = model(on("cpu", images[:8].reshape(8, 64) / 16)).argmax(dim=1)
    curves = picture.Curves(f"Digits: {accuracy:.1%} of the held-out images read right", history)
    return [
        curves,
        picture.Images(
            "The first eight digits; four in five of all were learnt from",
            images[:8].tolist(),
            labels[:8].tolist(),
            read.tolist(),
        ),
    ]
