"""The specification of katas/lesson_4_training_loop/kata_03_batches.py."""

import collections
import itertools

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from dojo.expect import Mismatch, assert_no_graph, assert_raises, assert_tensor, assert_unchanged, assert_value
from katas import foundations
from katas.lesson_4_training_loop import kata_03_batches as kata

CORE = ("minibatches", "Table", "loader", "split", "standardize_by_training")


def samples(count, device):
    """Sample i has features [10i, 10i + 1] and the label 3i + 2, so that each label tells whose it is."""
    numbers = np.arange(count)
    features = np.stack([10 * numbers, 10 * numbers + 1], axis=1)
    return torch.tensor(features, dtype=torch.float32, device=device), torch.tensor(3 * numbers + 2, device=device)


def generator(seed):
    return torch.Generator().manual_seed(seed)


def two(answer, names):
    """The two parts of an answer that must be a tuple of two."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Mismatch("type", f"It must be a tuple of two: {names}.", actual=answer)
    return answer


def check_batches(batches, sizes, device):
    """Check that the batches have these sizes, that labels sit beside their features, and all are there once."""
    assert_value([len(features) for features, _ in batches], sizes, name="the list of the batches' sizes")
    seen = []
    for (features, labels), size in zip(batches, sizes, strict=True):
        if not (isinstance(features, torch.Tensor) and isinstance(labels, torch.Tensor)):
            raise Mismatch("type", "The features and the labels of a batch must be tensors.", actual=(features, labels))
        if labels.shape != (size,):
            raise Mismatch(
                "shape", f"A batch of size {size} has labels of shape {tuple(labels.shape)}; it must be ({size},)."
            )
        own = ((labels.cpu().numpy() - 2) // 3).astype(np.int64)
        matching = np.stack([10 * own, 10 * own + 1], axis=1).astype(np.float32)
        assert_tensor(features, matching, device=device, name="the features that belong to the labels beside them")
        assert_tensor(labels, own * 3 + 2, device=device, name="the labels")
        seen.extend(own.tolist())
    assert_value(sorted(seen), list(range(sum(sizes))), name="the sorted list of the samples seen")


def numbers_in(batches):
    """Which samples the batches hold, in their order."""
    return [(label - 2) // 3 for _, labels in batches for label in labels.reshape(-1).tolist()]


def order_of(count, batch_size, source):
    return numbers_in(kata.minibatches(*samples(count, "cpu"), batch_size, source))


SIZES = [(7, 3, [3, 3, 1]), (6, 2, [2, 2, 2]), (4, 9, [4]), (1, 2, [1]), (8, 5, [5, 3])]


@pytest.mark.parametrize(("count", "batch_size", "sizes"), SIZES)
def test_minibatches__has_every_sample_once_and_beside_its_label(device, count, batch_size, sizes):
    answer = kata.minibatches(*samples(count, device), batch_size, generator(count))
    check_batches([two(batch, "features and labels") for batch in answer], sizes, device)


def test_minibatches__yields_one_batch_after_another(device):
    answer = kata.minibatches(*samples(5, device), 2, generator(0))
    if not isinstance(answer, collections.abc.Iterator):
        raise Mismatch("type", "The batches are all there at once: a Python generator yields them one by one.")
    assert_value(len(next(answer)[1]), 2, name="the size of the first batch")


@pytest.mark.parametrize("batch_size", [4, 20, 32])
def test_minibatches__changes_the_order(batch_size):
    if order_of(20, batch_size, generator(3)) == list(range(20)):
        raise Mismatch("value", "The samples came out in the order in which they went in.")


def test_minibatches__mixes_the_samples_of_different_batches():
    source = generator(5)
    first, second = (
        {frozenset(numbers_in([batch])) for batch in kata.minibatches(*samples(20, "cpu"), 4, source)} for _ in range(2)
    )
    if first == second:
        raise Mismatch("value", "In the second epoch the same samples share a batch as in the first.")


def test_minibatches__draws_another_order_on_the_next_call():
    source = generator(3)
    if order_of(20, 4, source) == order_of(20, 4, source):
        raise Mismatch("value", "Two epochs with one generator had the same order: each call must draw its own.")


def test_minibatches__gives_the_same_order_for_a_generator_in_the_same_state():
    first = order_of(20, 4, generator(3))
    torch.rand(3)  # someone else draws in between
    assert_value(order_of(20, 4, generator(3)), first, name="the order for a generator seeded alike")


def test_minibatches__gives_another_order_for_another_seed():
    if order_of(20, 4, generator(3)) == order_of(20, 4, generator(4)):
        raise Mismatch("value", "Generators seeded with 3 and 4 led to the same order.")


def test_minibatches__makes_every_order_equally_likely():
    source = generator(0)
    counts = collections.Counter(tuple(order_of(3, 2, source)) for _ in range(120))
    # Three samples have six orders: 20 of 120 each, with a standard deviation of 4.1.
    if len(counts) < 6 or min(counts.values()) < 4:
        raise Mismatch(
            "value",
            "In 120 epochs, three samples in batches of 2 should take each of their 6 orders some 20 times. "
            f"They took {len(counts)} of them, the most frequent {max(counts.values())} times.",
        )


def test_minibatches__leaves_the_global_generator_alone(device):
    torch.rand(3)  # someone has drawn before: putting back the seed is not putting back the state
    before = torch.get_rng_state()
    list(kata.minibatches(*samples(5, device), 2, generator(0)))
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: the next to draw from it gets other numbers.")


def test_minibatches__leaves_the_samples_as_they_are(device):
    features, labels = samples(6, device)
    with assert_unchanged(features=features, labels=labels):
        list(kata.minibatches(features, labels, 4, generator(1)))


@pytest.mark.parametrize("count", [5, 2, 1])
def test_Table__tells_how_many_samples_it_has(device, count):
    features = torch.arange(3.0 * count, device=device).reshape(count, 3)
    assert_value(len(kata.Table(features, samples(count, device)[1])), count, name="len(table)")


@pytest.mark.parametrize(("count", "index"), [(5, 0), (5, 3), (2, 1)])
def test_Table__gives_a_sample_by_its_number(device, count, index):
    features, label = two(kata.Table(*samples(count, device))[index], "features and label")
    assert_tensor(features, np.float32([10 * index, 10 * index + 1]), device=device, name="the features")
    assert_tensor(label, np.int64(3 * index + 2), dtype=torch.int64, device=device, name="the label")


def test_Table__keeps_the_dtypes(device):
    features = torch.tensor([[1, 2], [3, 4], [5, 6]], dtype=torch.uint8, device=device)
    labels = torch.tensor([0.5, 1.5, 2.5], device=device)
    row, label = kata.Table(features, labels)[1]
    assert_tensor(row, np.uint8([3, 4]), device=device, name="the features")
    assert_tensor(label, np.float32(1.5), dtype=torch.float32, device=device, name="the label")


def test_Table__counts_backwards_from_the_end(device):
    table = kata.Table(*samples(4, device))
    for index, number in [(-1, 3), (-4, 0)]:
        assert_tensor(table[index][1], np.int64(3 * number + 2), device=device, name=f"the label of table[{index}]")


def test_Table__ends_a_plain_for_loop_every_time(device):
    table = kata.Table(*samples(4, device))
    for epoch in ("first", "second"):
        # A loop that doesn't end is cut off.
        labels = [label.tolist() for _, label in itertools.islice(table, 9)]
        assert_value(labels, [2, 5, 8, 11], name=f"the list of the labels in the {epoch} loop")


@pytest.mark.parametrize("index", [4, 9, -5])
def test_Table__refuses_a_number_that_no_sample_has(device, index):
    table = kata.Table(*samples(4, device))
    with assert_raises(IndexError, because=f"table[{index}] of a table of 4 samples must raise an IndexError."):
        table[index]


def test_Table__can_be_batched_by_a_dataloader(device):
    batches = DataLoader(kata.Table(*samples(7, device)), batch_size=3, shuffle=True, generator=generator(2))
    for _ in range(2):
        check_batches(list(batches), [3, 3, 1], device)


def load(count, batch_size, seed, device="cpu"):
    answer = kata.loader(TensorDataset(*samples(count, device)), batch_size, seed)
    if not isinstance(answer, DataLoader):
        raise Mismatch("type", f"The answer is of type {type(answer).__name__}; it must be a DataLoader.")
    return answer


@pytest.mark.parametrize(("count", "batch_size", "sizes"), SIZES)
def test_loader__has_every_sample_once_an_epoch(device, count, batch_size, sizes):
    batches = load(count, batch_size, 4, device)
    for _ in range(2):
        check_batches(list(batches), sizes, device)
    assert_value(len(batches), len(sizes), name="len(loader)")


@pytest.mark.parametrize("batch_size", [4, 20, 32])
def test_loader__changes_the_order(batch_size):
    if numbers_in(load(20, batch_size, 3)) == list(range(20)):
        raise Mismatch("value", "The samples came out in the order in which they stand in the dataset.")


def test_loader__shuffles_anew_in_every_epoch():
    batches = load(20, 4, 3)
    if numbers_in(batches) == numbers_in(batches):
        raise Mismatch("value", "The second epoch had the order of the first.")


def test_loader__gives_the_same_epochs_for_the_same_seed():
    first, second = load(20, 4, 3), load(20, 4, 3)
    for epoch in ("first", "second"):
        expected = numbers_in(first)
        assert_value(numbers_in(second), expected, name=f"the order of the {epoch} epoch of a loader with that seed")


def test_loader__gives_other_epochs_for_another_seed():
    if numbers_in(load(20, 4, 3)) == numbers_in(load(20, 4, 4)):
        raise Mismatch("value", "Seed 3 and seed 4 gave the same first epoch.")


def test_loader__is_not_disturbed_by_what_others_draw():
    alone = load(20, 4, 3)
    expected = [numbers_in(alone), numbers_in(alone)]
    batches = load(20, 4, 3)
    found = [numbers_in(batches)]
    list(DataLoader([1, 2, 3]))  # validation between two epochs: a loader with no generator of its own
    torch.rand(5)
    found.append(numbers_in(batches))
    assert_value(found, expected, name="the list of the orders, with a validation between them,")


def test_loader__leaves_the_global_generator_alone_when_it_is_made():
    torch.rand(3)
    before = torch.get_rng_state()
    load(5, 2, 3)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: making the loader must not touch it.")


def test_loader__leaves_the_global_generator_alone_in_an_epoch():
    batches = load(5, 2, 3)
    torch.rand(3)
    before = torch.get_rng_state()
    list(batches)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: whoever trains beside gets other numbers.")


def parts_of(count, fraction, source):
    """The two parts, as sorted lists."""
    parts = two(kata.split(count, fraction, source), "training and validation")
    return [sorted(part.tolist()) for part in parts]


CUTS = [(7, 0.25, 1), (8, 0.5, 4), (11, 0.125, 1), (10, 0.75, 7)]


@pytest.mark.parametrize(("count", "fraction", "size"), CUTS)
def test_split__gives_validation_its_share_rounded_down(count, fraction, size):
    parts = two(kata.split(count, fraction, generator(count)), "training and validation")
    for part, name in zip(parts, ("training", "validation"), strict=True):
        # The numbers are another test's affair: here it is type, device, dtype and shape.
        numbers = np.array(part.tolist() if isinstance(part, torch.Tensor) else [0], dtype=np.int64)
        assert_tensor(part, numbers.reshape(-1), device="cpu", name=name)
    sizes = (len(parts[0]), len(parts[1]))
    assert_value(sizes, (count - size, size), name="the pair of the sizes, of training and of validation,")


@pytest.mark.parametrize(("count", "fraction"), [(7, 0.25), (8, 0.5), (12, 0.25), (10, 0.75)])
def test_split__has_each_sample_in_one_part_once(count, fraction):
    training, validation = parts_of(count, fraction, generator(count))
    assert_value(sorted(set(training) & set(validation)), [], name="the list of the numbers that are in both parts")
    assert_value(sorted(training + validation), list(range(count)), name="the sorted list of all numbers")


def test_split__can_leave_a_part_empty():
    for count, fraction, sizes in [(5, 0.0, (5, 0)), (3, 0.25, (3, 0)), (4, 1.0, (0, 4))]:
        training, validation = parts_of(count, fraction, generator(1))
        assert_value(
            (len(training), len(validation)), sizes, name=f"the pair of sizes for split({count}, {fraction}, ...)"
        )


def test_split__cuts_at_random():
    if parts_of(20, 0.5, generator(0))[1] in (list(range(10)), list(range(10, 20))):
        raise Mismatch("value", "All of one part stood before the other: of samples sorted by label, it misses some.")


def test_split__takes_its_chance_from_the_generator():
    source = generator(3)
    first = parts_of(20, 0.5, source)
    torch.rand(3)
    assert_value(parts_of(20, 0.5, generator(3)), first, name="the list of the parts for a generator seeded alike")
    if parts_of(20, 0.5, source) == first:
        raise Mismatch("value", "A second call with the same generator chose the same: it must draw anew.")


def test_split__makes_every_choice_equally_likely():
    source = generator(0)
    counts = collections.Counter(tuple(parts_of(5, 0.4, source)[1]) for _ in range(200))
    # Two of five: ten choices, 20 of 200 each. That a given one comes once or never has a chance of 2e-8.
    if len(counts) < 10 or min(counts.values()) < 2:
        raise Mismatch(
            "value",
            "In 200 calls, each of the 10 ways to choose 2 of 5 samples should come some 20 times. "
            f"{len(counts)} came, the most frequent {max(counts.values())} times.",
        )


def test_split__leaves_the_global_generator_alone():
    torch.rand(3)
    before = torch.get_rng_state()
    kata.split(6, 0.5, generator(0))
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: the next to draw from it gets other numbers.")


def drawn(seed, *shape):
    """Numbers with a mean and a spread of their own in each column, as float64."""
    numbers = np.random.default_rng(seed).normal(size=shape)
    return numbers * np.arange(1, shape[1] + 1) + seed


def check_standardized(train, validation, device):
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, validation)]
    parts = two(kata.standardize_by_training(*tensors), "train and validation")
    std = np.where(train.std(axis=0) == 0, 1, train.std(axis=0))
    expected = ((train - train.mean(axis=0)) / std, (validation - train.mean(axis=0)) / std)
    for part, wanted, name in zip(parts, expected, ("train", "validation"), strict=True):
        assert_tensor(part, np.float32(wanted), device=device, atol=2e-5, name=name)


@pytest.mark.parametrize(("n", "m", "d"), [(5, 3, 2), (4, 6, 3), (3, 3, 4)])
def test_standardize_by_training__gives_the_training_part_mean_0_and_deviation_1(device, n, m, d):
    train = drawn(1, n, d)
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, drawn(3, m, d))]
    answer = two(kata.standardize_by_training(*tensors), "train and validation")[0]
    assert_tensor(answer, np.float32(foundations.standardize(train)), device=device, atol=2e-5, name="train")


@pytest.mark.parametrize(("n", "m", "d"), [(5, 3, 2), (4, 6, 3), (3, 3, 3)])
def test_standardize_by_training__treats_validation_in_the_same_way(device, n, m, d):
    check_standardized(drawn(1, n, d), drawn(3, m, d), device)


def test_standardize_by_training__does_not_divide_by_zero(device):
    train = np.array([[1.0, 5.0, 0.0], [4.0, 5.0, 0.0], [1.0, 5.0, 0.0]])
    check_standardized(train, np.array([[2.0, 5.0, 0.0], [6.0, 7.5, -2.0]]), device)


def test_standardize_by_training__divides_by_small_deviations_too(device):
    train = np.array([[-0.0005, 0.25], [0.0005, -0.5], [0.0010, 0.0]])
    check_standardized(train, np.array([[0.002, 0.25]]), device)


def test_standardize_by_training__takes_a_single_training_sample(device):
    check_standardized(np.array([[3.0, -2.0]]), np.array([[5.0, 1.0], [3.0, -2.5]]), device)


def test_standardize_by_training__takes_no_validation_samples_or_one(device):
    check_standardized(drawn(2, 4, 3), np.zeros((0, 3)), device)
    check_standardized(drawn(2, 4, 3), np.array([[1.0, 2.0, 4.0]]), device)


def test_standardize_by_training__leaves_the_inputs_as_they_are(device):
    train, validation = (torch.tensor(drawn(seed, 3, 2), dtype=torch.float32, device=device) for seed in (1, 2))
    with assert_unchanged(train=train, validation=validation):
        kata.standardize_by_training(train, validation)


@pytest.mark.parametrize(
    ("losses", "sizes", "mean"),
    [([1.0, 1.0, 9.0], [4, 4, 2], 2.6), ([0.5, 2.0], [3, 1], 0.875), ([3.0, 1.0, 2.0, 8.0], [1, 5, 2, 2], 2.8)],
)
def test_mean_over_batches__counts_every_sample_alike(losses, sizes, mean):
    assert_value(kata.mean_over_batches(list(losses), list(sizes)), mean)


def test_mean_over_batches__is_the_mean_of_all_samples():
    each = np.array([4.0, 1.0, 1.0, 6.0, 2.0, 0.5, 30.0])
    parts = [each[:3], each[3:6], each[6:]]
    answer = kata.mean_over_batches([float(part.mean()) for part in parts], [len(part) for part in parts])
    assert_value(answer, float(each.mean()))


def test_mean_over_batches__takes_a_single_batch():
    assert_value(kata.mean_over_batches([2.5], [4]), 2.5)


def test_mean_over_batches__takes_tensors(device):
    losses = [torch.tensor(value, device=device) for value in (1.5, 0.25, 8.0)]
    assert_value(kata.mean_over_batches(losses, [4, 4, 1]), 5 / 3)


def test_mean_over_batches__keeps_no_graph(device):
    w = torch.tensor(2.0, device=device, requires_grad=True)
    answer = kata.mean_over_batches([w * 3, w * w], [3, 1])
    if isinstance(answer, torch.Tensor):
        assert_no_graph(answer)
    assert_value(answer, 5.5)


def test_mean_over_batches__takes_floats_and_tensors_mixed(device):
    w = torch.tensor(2.0, device=device, requires_grad=True)
    losses = [3.0, w * 2, torch.tensor(0.5, device=device)]
    assert_value(kata.mean_over_batches(losses, [2, 2, 1]), 2.9)


def test_mean_over_batches__leaves_the_lists_as_they_are():
    losses, sizes = [1.0, 4.0], [3, 1]
    kata.mean_over_batches(losses, sizes)
    if losses != [1.0, 4.0] or sizes != [3, 1]:
        raise Mismatch("mutated", "One of the lists given was changed: whoever passed it in has lost what it held.")


def check_padded(answer, rows, lengths, device, dtype=np.int64):
    batch, counted = two(answer, "batch and lengths")
    assert_tensor(batch, np.array(rows, dtype=dtype), device=device, name="the batch")
    assert_tensor(counted, np.array(lengths, dtype=np.int64), device=device, name="the tensor of lengths")


def on(device, *sequences, dtype=torch.int64):
    return [torch.tensor(each, dtype=dtype, device=device) for each in sequences]


def test_pad__fills_up_with_zeros_behind_the_end(device):
    answer = kata.pad(on(device, [4, 7], [5, 6, 9, 8], [3]))
    check_padded(answer, [[4, 7, 0, 0], [5, 6, 9, 8], [3, 0, 0, 0]], [2, 4, 1], device)
    answer = kata.pad(on(device, [1, 2, 3], [9]))
    check_padded(answer, [[1, 2, 3], [9, 0, 0]], [3, 1], device)


def test_pad__keeps_the_dtype(device):
    answer = kata.pad(on(device, [0.5], [1.5, -2.0], dtype=torch.float32))
    check_padded(answer, [[0.5, 0.0], [1.5, -2.0]], [1, 2], device, np.float32)


def test_pad__counts_a_zero_in_a_sequence(device):
    answer = kata.pad(on(device, [0, 7, 0], [5, 6, 9, 8]))
    check_padded(answer, [[0, 7, 0, 0], [5, 6, 9, 8]], [3, 4], device)


def test_pad__takes_a_single_sequence(device):
    check_padded(kata.pad(on(device, [6, 2, 4])), [[6, 2, 4]], [3], device)


def test_pad__takes_an_empty_sequence(device):
    check_padded(kata.pad(on(device, [], [3, 8])), [[0, 0], [3, 8]], [0, 2], device)
    check_padded(kata.pad(on(device, [], [])), np.zeros((2, 0)), [0, 0], device)


def test_pad__leaves_the_sequences_as_they_are(device):
    first, second = on(device, [4, 7], [5, 6, 9])
    given = [first, second]
    with assert_unchanged(first=first, second=second):
        batch, _ = two(kata.pad(given), "batch and lengths")
        batch.zero_()
    if len(given) != 2 or given[0] is not first or given[1] is not second:
        raise Mismatch("mutated", "The list given was changed: whoever passed it in has lost what it held.")


def test_pad__makes_the_batches_of_a_dataloader(device):
    batches = DataLoader(on(device, [4], [7, 5], [1, 2, 3]), batch_size=2, collate_fn=kata.pad)
    first, second = batches
    check_padded(tuple(first), [[4, 0], [7, 5]], [1, 2], device)
    check_padded(tuple(second), [[1, 2, 3]], [3], device)
