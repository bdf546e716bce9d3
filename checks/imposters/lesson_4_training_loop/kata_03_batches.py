"""Wrong answers that behave like a mistake of lesson_4_training_loop/kata_03_batches.py for another reason."""

import torch
from torch.utils.data import DataLoader, RandomSampler, random_split


def minibatches__drawn_with_repeats__for_each_batch(features, labels, batch_size, generator):
    """A new order is drawn for each batch."""
    for start in range(0, len(labels), batch_size):
        size = min(batch_size, len(labels) - start)
        chosen = torch.randint(len(labels), (size,), generator=generator).to(labels.device)
        yield features[chosen], labels[chosen]


def minibatches__drawn_with_repeats__multinomial(features, labels, batch_size, generator):
    """torch.multinomial draws with replacement."""
    order = torch.multinomial(torch.ones(len(labels)), len(labels), replacement=True, generator=generator)
    for chosen in order.to(labels.device).split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__drawn_for_each_batch__first_again(features, labels, batch_size, generator):
    """Every batch begins at the start of the same order."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for piece in order.split(batch_size):
        chosen = order[: len(piece)]
        yield features[chosen], labels[chosen]


def loader__with_repeats__num_samples(dataset, batch_size, seed):
    """The sampler draws indices itself."""
    generator = torch.Generator().manual_seed(seed)

    class Sampler:
        def __len__(self):
            return len(dataset)

        def __iter__(self):
            return iter(torch.randint(len(dataset), (len(dataset),), generator=generator).tolist())

    return DataLoader(dataset, batch_size, sampler=Sampler(), generator=generator)


def loader__seed_unused__sampler(dataset, batch_size, seed):
    """A sampler without a generator decides the order."""
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset))


def split__global_generator__random_split(count, fraction, generator):
    """random_split is called without the generator."""
    size = int(fraction * count)
    parts = random_split(range(count), [count - size, size])
    return tuple(torch.tensor(part.indices, dtype=torch.int64) for part in parts)


def _standardized(train, validation, std):
    mean = train.mean(dim=0)
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__tiny_number_added__larger(train, validation):
    """The number is 1e-5."""
    return _standardized(train, validation, train.std(dim=0, correction=0) + 1e-5)


def standardize_by_training__tiny_number_added__clamped(train, validation):
    """The standard deviation is limited from below."""
    return _standardized(train, validation, train.std(dim=0, correction=0).clamp(min=1e-8))


def standardize_by_training__tiny_number_added__nan_made_zero(train, validation):
    """It divides by 0, and replaces nan and inf afterwards."""
    parts = _standardized(train, validation, train.std(dim=0, correction=0))
    return tuple(part.nan_to_num() for part in parts)


def standardize_by_training__small_is_none__clamped(train, validation):
    """The standard deviation is limited from below, and 0 is replaced by 1."""
    std = train.std(dim=0, correction=0)
    return _standardized(train, validation, torch.where(std == 0, 1.0, std.clamp(min=0.1)))


def mean_over_batches__used_up_lists__overwritten(losses, sizes):
    """The losses are replaced by sums in the given list."""
    for i, size in enumerate(sizes):
        losses[i] = float(losses[i]) * size
    return sum(losses) / sum(sizes)


def mean_over_batches__number_of_a_full_batch__the_largest(losses, sizes):
    """The size of the largest batch."""
    total = sum(float(loss) * size for loss, size in zip(losses, sizes, strict=True))
    return total / (max(sizes) * len(sizes))


def mean_over_batches__floats_stacked__concatenated(losses, sizes):
    """torch.cat gets the losses."""
    return float(torch.cat(losses) @ torch.tensor(sizes) / sum(sizes))


def pad__lengths_first__of_another_order(sequences):
    """The tuple is reversed at the end."""
    padded = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    return tuple(reversed((padded, torch.tensor([len(each) for each in sequences], device=padded.device))))


def minibatches__list__tuple(features, labels, batch_size, generator):
    """A tuple of all batches."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    return tuple((features[chosen], labels[chosen]) for chosen in order.split(batch_size))


def minibatches__two_orders__labels_in_order(features, labels, batch_size, generator):
    """Only the features are shuffled."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    yield from zip(features[order].split(batch_size), labels.split(batch_size), strict=True)


def split__seeded_every_time__another_generator(count, fraction, generator):
    """A new generator with a fixed seed draws."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    return order[size:], order[:size]


def split__empty_part_of_floats__empty(count, fraction, generator):
    """torch.empty makes the empty part."""
    order, size = torch.randperm(count, generator=generator), int(count * fraction)
    return tuple(part if len(part) else torch.empty(0) for part in (order[size:], order[:size]))


def minibatches__global_generator__both(features, labels, batch_size, generator):
    """The order is drawn from the given generator, and shuffled again by the global one."""
    order = torch.randperm(len(labels), generator=generator)[torch.randperm(len(labels))].to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__numpys_generator__seeded_at_random(features, labels, batch_size, generator):
    """The given generator draws, but it got a random seed before."""
    generator.seed()
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def split__global_generator__both(count, fraction, generator):
    """The order is drawn from the given generator, and shuffled again by the global one."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)[torch.randperm(count)]
    return order[size:], order[:size]
