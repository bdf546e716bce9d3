"""The specification of katas/lesson_4_training_loop/kata_03_batches.py."""

import collections
import itertools

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from dojo.expect import Mismatch, assert_no_graph, assert_raises, assert_tensor, assert_unchanged, assert_value, kind_of
from katas import foundations
from katas.lesson_4_training_loop import kata_03_batches as kata

CORE = ("minibatches", "Table", "loader", "split", "standardize_by_training")


def samples(count, device):
    """Sample i has the features [10i, 10i + 1] and the label 3i + 2, so each label tells its sample."""
    numbers = np.arange(count)
    features = np.stack([10 * numbers, 10 * numbers + 1], axis=1)
    return torch.tensor(features, dtype=torch.float32, device=device), torch.tensor(3 * numbers + 2, device=device)


def generator(seed):
    return torch.Generator().manual_seed(seed)


def two(answer, names):
    """The two parts of an answer that must be a tuple of two."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Mismatch("type", f"The result must be a tuple of two: {names}.", actual=answer)
    return answer


def check_batches(batches, sizes, device):
    """Check that the batches have these sizes, that each label comes with its features, and each sample once."""
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
        assert_tensor(features, matching, device=device, name="the features that belong to the labels in this batch")
        assert_tensor(labels, own * 3 + 2, device=device, name="the labels")
        seen.extend(own.tolist())
    if len(set(seen)) < len(seen):
        raise Mismatch("value", "Some samples came more than once in one epoch, and others did not come at all.")
    assert_value(sorted(seen), list(range(sum(sizes))), name="the sorted list of the samples in all batches")


def numbers_in(batches):
    """The indices of the samples in the batches, in order."""
    return [(label - 2) // 3 for _, labels in batches for label in labels.reshape(-1).tolist()]


def order_of(count, batch_size, source):
    return numbers_in(kata.minibatches(*samples(count, "cpu"), batch_size, source))


SIZES = [(7, 3, [3, 3, 1]), (6, 2, [2, 2, 2]), (12, 20, [12]), (1, 2, [1]), (8, 5, [5, 3])]


@pytest.mark.parametrize(("count", "batch_size", "sizes"), SIZES)
def test_minibatches__uses_every_sample_once_with_its_own_label(device, count, batch_size, sizes):
    answer = kata.minibatches(*samples(count, device), batch_size, generator(count))
    check_batches([two(batch, "features and labels") for batch in answer], sizes, device)


def test_minibatches__yields_one_batch_after_another(device):
    answer = kata.minibatches(*samples(5, device), 2, generator(0))
    if not isinstance(answer, collections.abc.Iterator):
        raise Mismatch("type", "All batches were created at once. Yield them one at a time.")
    assert_value(len(next(answer)[1]), 2, name="the size of the first batch")


@pytest.mark.parametrize("batch_size", [4, 20, 32])
def test_minibatches__shuffles_the_samples(batch_size):
    if order_of(20, batch_size, generator(3)) == list(range(20)):
        raise Mismatch("value", "The samples came in the given order. Shuffle them.")


def test_minibatches__mixes_the_samples_of_different_batches():
    source = generator(5)
    first, second = (
        {frozenset(numbers_in([batch])) for batch in kata.minibatches(*samples(20, "cpu"), 4, source)} for _ in range(2)
    )
    if first == second:
        raise Mismatch(
            "value",
            "The batches of the second epoch have the same samples as those of the first. Shuffle single samples.",
        )


def test_minibatches__draws_a_new_order_on_each_call():
    source = generator(3)
    if order_of(20, 4, source) == order_of(20, 4, source):
        raise Mismatch("value", "Two calls with the same generator gave the same order. Draw a new order on each call.")


def test_minibatches__takes_all_randomness_from_the_generator():
    first = order_of(20, 4, generator(3))
    torch.rand(3)  # other code draws in between
    if order_of(20, 4, generator(3)) != first:
        raise Mismatch("value", "Two generators in the same state gave different orders.")


def test_minibatches__gives_different_orders_for_different_seeds():
    if order_of(20, 4, generator(3)) == order_of(20, 4, generator(4)):
        raise Mismatch("value", "Generators with the seeds 3 and 4 gave the same order.")


def test_minibatches__makes_every_order_equally_likely():
    source = generator(0)
    counts = collections.Counter(tuple(order_of(3, 2, source)) for _ in range(120))
    if any(len(set(order)) < 3 for order in counts):
        raise Mismatch("value", "Some samples came more than once in one epoch, and others did not come at all.")
    # Three samples have six orders: 20 of 120 each, with a standard deviation of 4.1.
    if len(counts) < 6 or min(counts.values()) < 4:
        raise Mismatch(
            "value",
            "In 120 calls with three samples, each of the 6 orders should come about 20 times. "
            f"Your code gave {len(counts)} orders, the most common one {max(counts.values())} times.",
        )


def test_minibatches__leaves_the_global_generator_unchanged(device):
    torch.rand(3)  # a draw before, so that resetting the seed does not restore the state
    before = torch.get_rng_state()
    list(kata.minibatches(*samples(5, device), 2, generator(0)))
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "Your code has changed the state of PyTorch's global generator.")


def test_minibatches__does_not_modify_the_samples(device):
    features, labels = samples(6, device)
    with assert_unchanged(features=features, labels=labels):
        list(kata.minibatches(features, labels, 4, generator(1)))


def test_minibatches__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("count", [5, 2, 1])
def test_Table__has_the_number_of_samples_as_its_length(device, count):
    features = torch.arange(3.0 * count, device=device).reshape(count, 3)
    assert_value(len(kata.Table(features, samples(count, device)[1])), count, name="len(table)")


@pytest.mark.parametrize(("count", "index"), [(5, 0), (5, 3), (2, 1)])
def test_Table__returns_a_sample_for_its_index(device, count, index):
    features, label = two(kata.Table(*samples(count, device))[index], "features and label")
    assert_tensor(features, np.float32([10 * index, 10 * index + 1]), device=device, name="the features")
    assert_tensor(label, np.int64(3 * index + 2), dtype=torch.int64, device=device, name="the label")


def test_Table__keeps_the_dtypes(device):
    features = torch.tensor([[1, 2], [3, 4], [5, 6]], dtype=torch.uint8, device=device)
    labels = torch.tensor([0.5, 1.5, 2.5], device=device)
    row, label = kata.Table(features, labels)[1]
    assert_tensor(row, np.uint8([3, 4]), device=device, name="the features")
    assert_tensor(label, np.float32(1.5), dtype=torch.float32, device=device, name="the label")


def test_Table__accepts_negative_indices(device):
    table = kata.Table(*samples(4, device))
    for index, number in [(-1, 3), (-4, 0)]:
        assert_tensor(table[index][1], np.int64(3 * number + 2), device=device, name=f"the label of table[{index}]")


def test_Table__works_in_several_for_loops(device):
    table = kata.Table(*samples(4, device))
    for epoch in ("first", "second"):
        # islice stops a loop that would not end.
        labels = [label.tolist() for _, label in itertools.islice(table, 9)]
        assert_value(labels, [2, 5, 8, 11], name=f"the list of the labels in the {epoch} loop")


@pytest.mark.parametrize("index", [4, 9, -5])
def test_Table__raises_an_index_error_for_an_invalid_index(device, index):
    table = kata.Table(*samples(4, device))
    with assert_raises(IndexError, because=f"table[{index}] of a table of 4 samples must raise an IndexError."):
        table[index]


def test_Table__does_not_modify_the_samples(device):
    features, labels = samples(4, device)
    with assert_unchanged(features=features, labels=labels):
        list(itertools.islice(kata.Table(features, labels), 9))


def test_Table__works_with_a_data_loader(device):
    batches = DataLoader(kata.Table(*samples(7, device)), batch_size=3, shuffle=True, generator=generator(2))
    for _ in range(2):
        check_batches(list(batches), [3, 3, 1], device)


def test_Table__does_what_its_example_shows(example):
    example.check(kata)


def load(count, batch_size, seed, device="cpu"):
    answer = kata.loader(TensorDataset(*samples(count, device)), batch_size, seed)
    if not isinstance(answer, DataLoader):
        raise Mismatch("type", f"Your result is {kind_of(answer)}. It must be a DataLoader.")
    return answer


@pytest.mark.parametrize(("count", "batch_size", "sizes"), SIZES)
def test_loader__uses_every_sample_once_in_each_epoch(device, count, batch_size, sizes):
    batches = load(count, batch_size, 4, device)
    for _ in range(2):
        check_batches(list(batches), sizes, device)
    assert_value(len(batches), len(sizes), name="len(loader)")


@pytest.mark.parametrize("batch_size", [4, 20, 32])
def test_loader__shuffles_the_samples(batch_size):
    if numbers_in(load(20, batch_size, 3)) == list(range(20)):
        raise Mismatch("value", "The samples came in the order of the dataset. Shuffle them.")


def test_loader__draws_a_new_order_for_each_epoch():
    batches = load(20, 4, 3)
    if numbers_in(batches) == numbers_in(batches):
        raise Mismatch("value", "The second epoch had the same order as the first. Draw a new order for each epoch.")


def test_loader__gives_the_same_epochs_for_the_same_seed():
    first, second = load(20, 4, 3), load(20, 4, 3)
    for epoch in ("first", "second"):
        if numbers_in(first) != numbers_in(second):
            raise Mismatch("value", f"Two loaders with the seed 3 had different orders in the {epoch} epoch.")


def test_loader__gives_different_orders_for_different_seeds():
    if numbers_in(load(20, 4, 3)) == numbers_in(load(20, 4, 4)):
        raise Mismatch("value", "Seed 3 and seed 4 gave the same first epoch.")


def test_loader__does_not_depend_on_what_other_code_draws():
    alone = load(20, 4, 3)
    expected = [numbers_in(alone), numbers_in(alone)]
    batches = load(20, 4, 3)
    found = [numbers_in(batches)]
    list(DataLoader([1, 2, 3]))  # a validation between two epochs, by a loader without a generator
    torch.rand(5)
    found.append(numbers_in(batches))
    if found != expected:
        raise Mismatch("value", "Other code drew from the global generator between two epochs, and your order changed.")


def test_loader__leaves_the_global_generator_unchanged_when_it_is_created():
    torch.rand(3)
    before = torch.get_rng_state()
    load(5, 2, 3)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "Creating the loader has changed the state of PyTorch's global generator.")


def test_loader__leaves_the_global_generator_unchanged_in_an_epoch():
    batches = load(5, 2, 3)
    torch.rand(3)
    before = torch.get_rng_state()
    list(batches)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "An epoch has changed the state of PyTorch's global generator.")


def test_loader__does_what_its_example_shows(example):
    example.check(kata)


def parts_of(count, fraction, source):
    """The two parts, as sorted lists."""
    parts = two(kata.split(count, fraction, source), "training and validation")
    return [sorted(part.tolist()) for part in parts]


CUTS = [(7, 0.25, 1), (8, 0.5, 4), (11, 0.125, 1), (10, 0.75, 7)]


@pytest.mark.parametrize(("count", "fraction", "size"), CUTS)
def test_split__gives_validation_its_fraction_rounded_down(count, fraction, size):
    parts = two(kata.split(count, fraction, generator(count)), "training and validation")
    for part, name in zip(parts, ("training", "validation"), strict=True):
        # Another test checks the indices. This one checks type, device, dtype and shape.
        numbers = np.array(part.tolist() if isinstance(part, torch.Tensor) else [0], dtype=np.int64)
        assert_tensor(part, numbers.reshape(-1), device="cpu", name=name)
    sizes = (len(parts[0]), len(parts[1]))
    assert_value(sizes, (count - size, size), name="the pair of sizes (training, validation)")


@pytest.mark.parametrize(("count", "fraction"), [(7, 0.25), (8, 0.5), (12, 0.25), (10, 0.75)])
def test_split__uses_each_index_in_one_part(count, fraction):
    training, validation = parts_of(count, fraction, generator(count))
    assert_value(sorted(set(training) & set(validation)), [], name="the list of the indices that are in both parts")
    assert_value(sorted(training + validation), list(range(count)), name="the sorted list of all indices")


def test_split__can_leave_a_part_empty():
    for count, fraction, sizes in [(5, 0.0, (5, 0)), (3, 0.25, (3, 0)), (4, 1.0, (0, 4)), (1, 0.5, (1, 0))]:
        training, validation = parts = two(kata.split(count, fraction, generator(1)), "training and validation")
        assert_value(
            (len(training), len(validation)), sizes, name=f"the pair of sizes for split({count}, {fraction}, ...)"
        )
        for part, name in zip(parts, ("training", "validation"), strict=True):
            indices = np.array(part.tolist() if isinstance(part, torch.Tensor) else [0], dtype=np.int64)
            assert_tensor(part, indices.reshape(-1), device="cpu", name=name)


def test_split__chooses_at_random():
    if parts_of(20, 0.5, generator(0))[1] in (list(range(10)), list(range(10, 20))):
        raise Mismatch(
            "value", "One part has all the first indices. If the samples are sorted by label, it misses some labels."
        )


def test_split__takes_all_randomness_from_the_generator():
    source = generator(3)
    first = parts_of(20, 0.5, source)
    torch.rand(3)
    if parts_of(20, 0.5, generator(3)) != first:
        raise Mismatch("value", "Two generators in the same state gave different parts.")
    if parts_of(20, 0.5, source) == first:
        raise Mismatch(
            "value", "Two calls with the same generator made the same choice. Make a new choice on each call."
        )


def test_split__makes_every_choice_equally_likely():
    source = generator(0)
    counts = collections.Counter(tuple(parts_of(5, 0.4, source)[1]) for _ in range(200))
    # Two of five: ten choices, each about 20 times. That one of them comes less than twice has a probability of 2e-7.
    if len(counts) < 10 or min(counts.values()) < 2:
        raise Mismatch(
            "value",
            "In 200 calls, each of the 10 choices of 2 out of 5 samples should come about 20 times. "
            f"Your code made {len(counts)} choices, the most common one {max(counts.values())} times.",
        )


def test_split__leaves_the_global_generator_unchanged():
    torch.rand(3)
    before = torch.get_rng_state()
    kata.split(6, 0.5, generator(0))
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "Your code has changed the state of PyTorch's global generator.")


def test_split__does_what_its_example_shows(example):
    example.check(kata)


def drawn(seed, *shape):
    """Random float64 numbers, with a different mean and standard deviation in each column."""
    numbers = np.random.default_rng(seed).normal(size=shape)
    return 100 * (numbers * np.arange(1, shape[1] + 1) + seed)


def check_standardized(train, validation, device):
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, validation)]
    parts = two(kata.standardize_by_training(*tensors), "train and validation")
    std = np.where(train.std(axis=0) == 0, 1, train.std(axis=0))
    expected = ((train - train.mean(axis=0)) / std, (validation - train.mean(axis=0)) / std)
    for part, wanted, name in zip(parts, expected, ("train", "validation"), strict=True):
        assert_tensor(part, np.float32(wanted), device=device, atol=2e-5, name=name)


@pytest.mark.parametrize(("n", "m", "d"), [(5, 3, 2), (4, 6, 3), (3, 3, 4)])
def test_standardize_by_training__gives_train_mean_0_and_standard_deviation_1(device, n, m, d):
    train = drawn(1, n, d)
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, drawn(3, m, d))]
    answer = two(kata.standardize_by_training(*tensors), "train and validation")[0]
    assert_tensor(answer, np.float32(foundations.standardize(train)), device=device, atol=2e-5, name="train")


@pytest.mark.parametrize(("n", "m", "d"), [(5, 3, 2), (4, 6, 3), (3, 3, 3)])
def test_standardize_by_training__uses_the_same_numbers_for_validation(device, n, m, d):
    check_standardized(drawn(1, n, d), drawn(3, m, d), device)


def test_standardize_by_training__divides_a_constant_column_by_1(device):
    train = np.array([[1.0, 5.0, 0.0], [4.0, 5.0, 0.0], [1.0, 5.0, 0.0]])
    validation = np.array([[2.0, 5.0, 0.0], [6.0, 7.5, -2.0]])
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, validation)]
    first, second = two(kata.standardize_by_training(*tensors), "train and validation")
    if isinstance(first, torch.Tensor) and bool(first.isnan().any()):
        raise Mismatch("value", "A constant column of train is nan in your result.")
    if isinstance(second, torch.Tensor) and second.shape == (2, 3) and bool((second[1, 1:].abs() > 25).all()):
        raise Mismatch("value", "Columns that are constant in train are more than 10 times too large in validation.")
    check_standardized(train, validation, device)


def test_standardize_by_training__divides_by_a_small_standard_deviation(device):
    train, validation = np.array([[-0.0005, 0.25], [0.0005, -0.5], [0.0010, 0.0]]), np.array([[0.002, 0.25]])
    tensors = [torch.tensor(each, dtype=torch.float32, device=device) for each in (train, validation)]
    first = two(kata.standardize_by_training(*tensors), "train and validation")[0]
    if isinstance(first, torch.Tensor) and first.shape == (3, 2) and float(first[:, 0].std(correction=0)) < 0.9:
        raise Mismatch(
            "value", "A column with a small standard deviation must have the standard deviation 1 afterwards."
        )
    check_standardized(train, validation, device)


def test_standardize_by_training__accepts_a_single_training_sample(device):
    check_standardized(np.array([[3.0, -2.0]]), np.array([[5.0, 1.0], [3.0, -2.5]]), device)


def test_standardize_by_training__accepts_0_or_1_validation_samples(device):
    check_standardized(drawn(2, 4, 3), np.zeros((0, 3)), device)
    check_standardized(drawn(2, 4, 3), np.array([[1.0, 2.0, 4.0]]), device)


def test_standardize_by_training__does_not_modify_the_inputs(device):
    train, validation = (torch.tensor(drawn(seed, 3, 2), dtype=torch.float32, device=device) for seed in (1, 2))
    with assert_unchanged(train=train, validation=validation):
        kata.standardize_by_training(train, validation)


def test_standardize_by_training__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("losses", "sizes", "mean"),
    [([1.5, 2.5, 8.0], [4, 4, 2], 3.2), ([0.5, 2.0], [3, 1], 0.875), ([3.0, 1.0, 2.0, 8.0], [1, 5, 2, 2], 2.8)],
)
def test_mean_over_batches__weights_batches_by_size(losses, sizes, mean):
    assert_value(kata.mean_over_batches(list(losses), list(sizes)), mean)


def test_mean_over_batches__is_the_mean_of_all_samples():
    each = np.array([4.0, 1.0, 1.0, 6.0, 2.0, 0.5, 30.0])
    parts = [each[:3], each[3:6], each[6:]]
    answer = kata.mean_over_batches([float(part.mean()) for part in parts], [len(part) for part in parts])
    assert_value(answer, float(each.mean()))


def test_mean_over_batches__accepts_a_single_batch():
    assert_value(kata.mean_over_batches([2.5], [4]), 2.5)


def test_mean_over_batches__accepts_tensors(device):
    losses = [torch.tensor(value, device=device) for value in (1.5, 0.25, 8.0)]
    assert_value(kata.mean_over_batches(losses, [4, 4, 1]), 5 / 3)


def test_mean_over_batches__keeps_no_graph(device):
    w = torch.tensor(2.0, device=device, requires_grad=True)
    answer = kata.mean_over_batches([w * 3, w * w], [3, 1])
    if isinstance(answer, torch.Tensor):
        assert_no_graph(answer)
    assert_value(answer, 5.5)


def test_mean_over_batches__does_not_modify_the_lists():
    losses, sizes = [1.0, 4.0], [3, 1]
    kata.mean_over_batches(losses, sizes)
    if losses != [1.0, 4.0] or sizes != [3, 1]:
        raise Mismatch("mutated", "You changed one of the given lists.")


def test_mean_over_batches__does_what_its_example_shows(example):
    example.check(kata)


def check_padded(answer, rows, lengths, device, dtype=np.int64):
    batch, counted = two(answer, "batch and lengths")
    assert_tensor(batch, np.array(rows, dtype=dtype), device=device, name="the batch")
    assert_tensor(counted, np.array(lengths, dtype=np.int64), device=device, name="the tensor of lengths")


def on(device, *sequences, dtype=torch.int64):
    return [torch.tensor(each, dtype=dtype, device=device) for each in sequences]


def test_pad__adds_zeros_at_the_end(device):
    answer = kata.pad(on(device, [4, 7], [5, 6, 9, 8], [3]))
    check_padded(answer, [[4, 7, 0, 0], [5, 6, 9, 8], [3, 0, 0, 0]], [2, 4, 1], device)
    answer = kata.pad(on(device, [1, 2, 3], [9]))
    check_padded(answer, [[1, 2, 3], [9, 0, 0]], [3, 1], device)


def test_pad__keeps_the_dtype(device):
    answer = kata.pad(on(device, [0.5], [1.5, -2.0], dtype=torch.float32))
    check_padded(answer, [[0.5, 0.0], [1.5, -2.0]], [1, 2], device, np.float32)


def test_pad__counts_zeros_inside_a_sequence(device):
    answer = kata.pad(on(device, [0, 7, 0], [5, 6, 9, 8]))
    check_padded(answer, [[0, 7, 0, 0], [5, 6, 9, 8]], [3, 4], device)


def test_pad__accepts_a_single_sequence(device):
    check_padded(kata.pad(on(device, [6, 2, 4])), [[6, 2, 4]], [3], device)


def test_pad__accepts_an_empty_sequence(device):
    check_padded(kata.pad(on(device, [], [3, 8])), [[0, 0], [3, 8]], [0, 2], device)
    check_padded(kata.pad(on(device, [], [])), np.zeros((2, 0)), [0, 0], device)


def test_pad__does_not_modify_the_sequences(device):
    first, second = on(device, [4, 7], [5, 6, 9])
    given = [first, second]
    with assert_unchanged(first=first, second=second):
        batch, _ = two(kata.pad(given), "batch and lengths")
        batch.zero_()
    if len(given) != 2 or given[0] is not first or given[1] is not second:
        raise Mismatch("mutated", "You changed the given list.")


def test_pad__works_as_the_collate_fn_of_a_data_loader(device):
    batches = DataLoader(on(device, [4], [7, 5], [1, 2, 3]), batch_size=2, collate_fn=kata.pad)
    first, second = batches
    check_padded(tuple(first), [[4, 0], [7, 5]], [1, 2], device)
    check_padded(tuple(second), [[1, 2, 3]], [3], device)


def test_pad__does_what_its_example_shows(example):
    example.check(kata)
