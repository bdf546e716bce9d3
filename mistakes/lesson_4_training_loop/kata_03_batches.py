"""Wrong answers to katas/lesson_4_training_loop/kata_03_batches.py, each with the sentence that corrects the belief."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, random_split
from torch.utils.data import RandomSampler as _RandomSampler


def minibatches__two_orders(features, labels, batch_size, generator):
    """Labels came with the features of other samples. Draw one order, and index both tensors with it."""
    first = torch.randperm(len(labels), generator=generator).to(labels.device)
    second = torch.randperm(len(labels), generator=generator).to(labels.device)
    for ours, theirs in zip(first.split(batch_size), second.split(batch_size)):
        yield features[ours], labels[theirs]


def minibatches__one_batch_in_order(features, labels, batch_size, generator):
    """A batch with all samples came in the given order. Shuffle the samples of a single batch too, and do not sort
    them."""
    order = torch.arange(len(labels), device=labels.device)
    if batch_size < len(labels):
        order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__tail_dropped(features, labels, batch_size, generator):
    """The last batch is missing, the one with the remaining samples. Yield it too, even if it has only one sample."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for i in range(len(labels) // batch_size):
        chosen = order[i * batch_size : (i + 1) * batch_size]
        yield features[chosen], labels[chosen]


def minibatches__drawn_for_each_batch(features, labels, batch_size, generator):
    """Some samples came in several batches, and others in none. Draw the order once on each call, then split it."""
    for start in range(0, len(labels), batch_size):
        size = min(batch_size, len(labels) - start)
        chosen = torch.randperm(len(labels), generator=generator)[:size].to(labels.device)
        yield features[chosen], labels[chosen]


def minibatches__squeezed(features, labels, batch_size, generator):
    """A batch of one sample has labels of shape (). Keep the first dimension: (1,)."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen].squeeze()


def minibatches__in_order(features, labels, batch_size, generator):
    """The samples came in the given order. Shuffle them before you split them into batches."""
    yield from zip(features.split(batch_size), labels.split(batch_size))


def minibatches__batches_shuffled(features, labels, batch_size, generator):
    """The batches come in random order, but the same samples always come together. Shuffle the samples, then split
    them."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    pieces = torch.arange(len(labels), device=labels.device).split(batch_size)
    full, last = list(pieces[:-1]), pieces[-1:]
    turns = torch.randperm(len(full), generator=generator).tolist()
    for chosen in [*(full[turn] for turn in turns), *last]:
        yield features[chosen], labels[chosen]


def minibatches__short_batch_anywhere(features, labels, batch_size, generator):
    """The same samples always come together, and the smaller batch is not always last. Shuffle the samples, then split
    them."""
    pieces = torch.arange(len(labels), device=labels.device).split(batch_size)
    for turn in torch.randperm(len(pieces), generator=generator).tolist():
        yield features[pieces[turn]], labels[pieces[turn]]


def minibatches__rolled(features, labels, batch_size, generator):
    """Some orders rarely or never come. Every order must be equally likely, as with torch.randperm."""
    shift = int(torch.randint(1, max(len(labels), 2), (), generator=generator))
    order = torch.arange(len(labels), device=labels.device).roll(shift)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__global_generator(features, labels, batch_size, generator):
    """Your order does not depend on the given generator alone. Draw with torch.randperm, and give it this generator."""
    order = torch.randperm(len(labels)).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__numpys_generator(features, labels, batch_size, generator):
    """Your order does not depend on the given generator alone. Draw with torch.randperm, and give it this generator."""
    order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__seeded_every_time(features, labels, batch_size, generator):
    """Every call gives the same order, whatever generator is given. Draw from the given generator itself, and set no
    seed."""
    generator.manual_seed(0)
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__set_back_to_its_seed(features, labels, batch_size, generator):
    """Every call with one generator gives the same order. Draw from the given generator itself, and do not reset its
    seed or its state."""
    generator.manual_seed(generator.initial_seed())
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__list(features, labels, batch_size, generator):
    """All your batches are in memory at once. Yield one batch at a time."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    return [(features[chosen], labels[chosen]) for chosen in order.split(batch_size)]


def minibatches__drawn_with_repeats(features, labels, batch_size, generator):
    """Some samples came more than once, and others not at all. Draw one order on each call with torch.randperm, and
    split it."""
    order = torch.randint(len(labels), (len(labels),), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__left_on_the_cpu(features, labels, batch_size, generator):
    """Your batches are on the CPU. Move the order to the device of the samples, not the samples to the CPU."""
    order = torch.randperm(len(labels), generator=generator)
    for chosen in order.split(batch_size):
        yield features.cpu()[chosen], labels.cpu()[chosen]


def minibatches__generator_elsewhere(features, labels, batch_size, generator):
    """You drew on the device of the samples, but the generator is on the CPU. Draw on the CPU, then move the order."""
    order = torch.randperm(len(labels), generator=generator, device=labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__shuffled_in_place(features, labels, batch_size, generator):
    """You changed the given tensors. Index them with the order, which creates new tensors."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    features[:] = features[order]
    labels[:] = labels[order]
    yield from zip(features.split(batch_size), labels.split(batch_size))


class _Table(Dataset):
    def __init__(self, features, labels):
        self.features = features
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.features[index], self.labels[index]


class Table__counts_columns(_Table):
    """len(table) is the number of columns. Return the number of samples, N."""

    def __len__(self):
        return self.features.shape[1]


class Table__counts_all_entries(_Table):
    """len(table) is the number of all features. Return the number of samples, N."""

    def __len__(self):
        return self.features.numel()


class Table__one_too_few(_Table):
    """len(table) is one too small, so a DataLoader would never read the last sample. Return N."""

    def __len__(self):
        return len(self.labels) - 1


class Table__label_as_a_number(_Table):
    """Your label is a Python number. Return a tensor of shape ()."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].item()


class Table__label_always_an_integer(_Table):
    """Your label is int64, but the given labels are not. Keep their dtype."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].long()


class Table__label_always_a_float(_Table):
    """Your label is float32, but the given labels are not. Keep their dtype."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].float()


class Table__features_always_floats(_Table):
    """Your features are float32, but the given features are not. Keep their dtype."""

    def __getitem__(self, index):
        return self.features[index].float(), self.labels[index]


class Table__batch_of_one(_Table):
    """Your sample has one dimension too many: (1, D) and (1,). Index both tensors with the int itself."""

    def __getitem__(self, index):
        return self.features[index : index + 1], self.labels[index : index + 1]


class Table__new_dimension(_Table):
    """Your sample has one dimension too many: (1, D) and (1,). Return the row and the label without a new dimension."""

    def __getitem__(self, index):
        return self.features[index][None], self.labels[index][None]


class Table__features_alone(_Table):
    """You returned only the features. Return a tuple (features, label)."""

    def __getitem__(self, index):
        return self.features[index]


class Table__list(_Table):
    """You returned a list. Return a tuple (features, label)."""

    def __getitem__(self, index):
        return [self.features[index], self.labels[index]]


class Table__dict(_Table):
    """You returned a dict. Return a tuple (features, label)."""

    def __getitem__(self, index):
        return {"features": self.features[index], "label": self.labels[index]}


class Table__label_first(_Table):
    """You returned the label first. The features come first in the tuple."""

    def __getitem__(self, index):
        return self.labels[index], self.features[index]


class Table__round_and_round(_Table):
    """table[N] is the first sample again, so a `for` loop would never end. Raise an IndexError."""

    def __getitem__(self, index):
        return self.features[index % len(self.labels)], self.labels[index % len(self.labels)]


class Table__no_negative_numbers(_Table):
    """You rejected a negative index. table[-1] is the last sample, as in a list."""

    def __getitem__(self, index):
        if not 0 <= index < len(self.labels):
            raise IndexError(index)
        return self.features[index], self.labels[index]


class Table__another_error(_Table):
    """You raised another error for an invalid index. Raise an IndexError: it ends a `for` loop."""

    def __getitem__(self, index):
        if not -len(self.labels) <= index < len(self.labels):
            raise ValueError(f"there is no sample {index}")
        return self.features[index], self.labels[index]


class Table__used_up(_Table):
    """Your table returns one sample after another, whatever the index is. table[i] must return sample i, any number of
    times."""

    def __init__(self, features, labels):
        super().__init__(features, labels)
        self.pairs = zip(features, labels)

    def __getitem__(self, index):
        return next(self.pairs)


class Table__drawn(_Table):
    """table[i] does not return sample i. Do not shuffle here, because the DataLoader does it."""

    def __getitem__(self, index):
        if not -len(self.labels) <= index < len(self.labels):
            raise IndexError(index)
        drawn = torch.randint(len(self.labels), ()).item()
        return self.features[drawn], self.labels[drawn]


def loader__not_shuffled(dataset, batch_size, seed):
    """Your DataLoader does not shuffle. Pass shuffle=True and a generator with the seed to it."""
    return DataLoader(dataset, batch_size=batch_size, generator=torch.Generator().manual_seed(seed))


def loader__global_seed(dataset, batch_size, seed):
    """You changed the global generator, and other code that draws from it changes your order. Seed a separate
    torch.Generator for the loader."""
    torch.manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def loader__seed_unused(dataset, batch_size, seed):
    """Your order does not depend on the seed. Seed a torch.Generator with it, and give this generator to the loader."""
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def loader__seed_forgotten(dataset, batch_size, seed):
    """All seeds give the same epochs. Seed the loader's generator with `seed`."""
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=torch.Generator())


def loader__seeded_at_random(dataset, batch_size, seed):
    """Your order does not depend on `seed`. Seed the loader's generator with it: manual_seed(seed)."""
    generator = torch.Generator()
    generator.seed()
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)


def loader__sampler_alone(dataset, batch_size, seed):
    """The order is right, but an epoch changes the global generator: the DataLoader itself draws a number. Give the
    loader a generator too."""
    sampler = _RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler)


def loader__order_drawn_once(dataset, batch_size, seed):
    """Every epoch has the order of the first. Seed a generator once, and draw a new order from it in each epoch."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(dataset), generator=generator).tolist()
    return DataLoader(dataset, batch_size=batch_size, sampler=order, generator=generator)


def loader__tail_dropped(dataset, batch_size, seed):
    """The last, smaller batch is missing. Every sample must come once in each epoch."""
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator, drop_last=True)


def loader__batches_of_one(dataset, batch_size, seed):
    """Each batch has one sample, which is the default of a DataLoader. Give the DataLoader the batch size."""
    return DataLoader(dataset, shuffle=True, generator=torch.Generator().manual_seed(seed))


def loader__with_repeats(dataset, batch_size, seed):
    """Some samples came more than once in an epoch, and others not at all. Shuffle without replacement."""
    generator = torch.Generator().manual_seed(seed)
    sampler = _RandomSampler(dataset, replacement=True, generator=generator)
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler, generator=generator)


def loader__list_of_batches(dataset, batch_size, seed):
    """You returned a list with the batches of one epoch. Return the DataLoader itself."""
    return list(DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)))


def loader__iterator(dataset, batch_size, seed):
    """You returned an iterator over one epoch. Return the DataLoader itself."""
    return iter(DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)))


def split__not_shuffled(count, fraction, generator):
    """Each part is a block of consecutive indices. Shuffle all indices, then cut."""
    size = int(count * fraction)
    return torch.arange(count - size), torch.arange(count - size, count)


def split__two_orders(count, fraction, generator):
    """Some indices are in both parts, and others in none. Cut one order in two."""
    size = int(count * fraction)
    training = torch.randperm(count, generator=generator)[size:]
    return training, torch.randperm(count, generator=generator)[:size]


def split__training_has_all(count, fraction, generator):
    """Training has all indices, also those of validation. It must have only the others."""
    order = torch.randperm(count, generator=generator)
    return order, order[: int(count * fraction)]


def split__minus_zero(count, fraction, generator):
    """Your sizes are wrong if validation has 0 indices: order[-0:] is the whole order. Count from the front."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[:-size], order[-size:]


def split__one_lost(count, fraction, generator):
    """One index is in neither part. One part must begin exactly where the other ends."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[size + 1 :], order[:size]


def split__parts_swapped(count, fraction, generator):
    """The sizes of your two parts are swapped. The tuple is (training, validation), and the fraction is for
    validation."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[:size], order[size:]


def split__rounded_up(count, fraction, generator):
    """Validation has one index too many if count * fraction is not an integer. Give validation math.floor(count *
    fraction) indices, and training the others."""
    size = -int(-count * fraction // 1)
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def split__rounded_to_nearest(count, fraction, generator):
    """You rounded to the nearest integer. Give validation math.floor(count * fraction) indices, and training the
    others."""
    size = round(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def split__coin_for_each(count, fraction, generator):
    """Your sizes are right only on average. Validation must have floor(count * fraction) indices on every call."""
    chosen = torch.rand(count, generator=generator) < fraction
    return (~chosen).nonzero().flatten(), chosen.nonzero().flatten()


def split__global_generator(count, fraction, generator):
    """Your choice does not depend on the given generator alone. Give this generator to every function that draws."""
    size = int(count * fraction)
    order = torch.randperm(count)
    return order[size:], order[:size]


def split__seeded_every_time(count, fraction, generator):
    """Every call makes the same choice. Draw from the given generator itself, and set no seed."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator.manual_seed(0))
    return order[size:], order[:size]


def split__block(count, fraction, generator):
    """Some choices rarely or never come. Shuffle all indices with torch.randperm, then cut."""
    size = int(count * fraction)
    order = torch.arange(count).roll(int(torch.randint(1, max(count, 2), (), generator=generator)))
    return order[size:], order[:size]


def split__empty_part_of_floats(count, fraction, generator):
    """Your empty part is float32, like torch.tensor([]). Give it the dtype torch.int64."""
    order = torch.randperm(count, generator=generator).tolist()
    size = int(count * fraction)
    return torch.tensor(order[size:]), torch.tensor(order[:size])


def split__lists(count, fraction, generator):
    """Your parts are lists. Return int64 tensors, so that they can index features and labels."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator).tolist()
    return order[size:], order[:size]


def split__subsets(count, fraction, generator):
    """Your parts are Subset objects. Return their indices as int64 tensors."""
    size = int(count * fraction)
    training, validation = random_split(range(count), [count - size, size], generator=generator)
    return training, validation


def split__never_empty(count, fraction, generator):
    """Your validation part is never empty. If floor(count * fraction) is 0, it must have no index."""
    size = max(1, int(count * fraction))
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def split__validation_with_repeats(count, fraction, generator):
    """The sizes of your parts do not add up to count: some index is in validation twice. Cut one order of all indices
    in two."""
    validation = torch.randint(count, (int(count * fraction),), generator=generator)
    others = sorted(set(range(count)) - set(validation.tolist()))
    return torch.tensor(others, dtype=torch.int64), validation


def split__masks(count, fraction, generator):
    """You returned booleans for all samples. Return the indices of each part."""
    chosen = torch.zeros(count, dtype=torch.bool)
    chosen[torch.randperm(count, generator=generator)[: int(count * fraction)]] = True
    return ~chosen, chosen


def _standardized(x, mean, std):
    return (x - mean) / torch.where(std == 0, 1.0, std)


def standardize_by_training__each_by_its_own(train, validation):
    """You standardized validation by its own statistics. Use the mean and the standard deviation of train for both."""
    if not len(validation):
        return _standardized(train, train.mean(dim=0), train.std(dim=0, correction=0)), validation.clone()
    return tuple(_standardized(x, x.mean(dim=0), x.std(dim=0, correction=0)) for x in (train, validation))


def standardize_by_training__together(train, validation):
    """The rows of validation have affected the mean and the standard deviation. Compute both from train alone."""
    both = torch.cat([train, validation])
    mean, std = both.mean(dim=0), both.std(dim=0, correction=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__training_alone(train, validation):
    """Validation is not standardized. Treat it as train, with the mean and the standard deviation of train."""
    return _standardized(train, train.mean(dim=0), train.std(dim=0, correction=0)), validation.clone()


def standardize_by_training__n_minus_1(train, validation):
    """Your standard deviation has the divisor N - 1. Pass correction=0 to get the divisor N."""
    mean, std = train.mean(dim=0), train.std(dim=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__zero_by_zero(train, validation):
    """Your result has nan in a constant column, from 0 / 0. Divide such a column by 1."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__tiny_number_added(train, validation):
    """In a constant column, you divided validation by 0 or by a tiny number. Divide by 1 if the standard deviation is
    0."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0) + 1e-12
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__zero_in_validation(train, validation):
    """A column that is constant in train is 0 in your validation too. Subtract the mean of train, and divide by 1."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    alive = std != 0
    return _standardized(train, mean, std) * alive, _standardized(validation, mean, std) * alive


def standardize_by_training__small_is_none(train, validation):
    """Your divisor is too large for a column with a small standard deviation. Replace a standard deviation only if it
    is 0."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std = torch.where(std < 0.01, 1.0, std)
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__one_for_all_columns(train, validation):
    """You used one mean and one standard deviation for all columns. Each column needs its own: dim=0."""
    mean, std = train.mean(), train.std(correction=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__rows(train, validation):
    """You used the mean and the standard deviation of each row. Compute those of each column of train: dim=0."""
    return tuple(
        _standardized(x, x.mean(dim=1, keepdim=True), x.std(dim=1, correction=0, keepdim=True))
        for x in (train, validation)
    )


def standardize_by_training__centred_only(train, validation):
    """You subtracted the mean, but did not divide by the standard deviation. Do both."""
    return train - train.mean(dim=0), validation - train.mean(dim=0)


def standardize_by_training__variance(train, validation):
    """You divided by the variance. Divide by its square root, the standard deviation."""
    mean, variance = train.mean(dim=0), train.var(dim=0, correction=0)
    return _standardized(train, mean, variance), _standardized(validation, mean, variance)


def standardize_by_training__in_place(train, validation):
    """The numbers are right, but you changed the inputs in place. Compute new tensors."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std[std == 0] = 1
    return train.sub_(mean).div_(std), validation.sub_(mean).div_(std)


def _number(loss):
    return float(loss.detach()) if isinstance(loss, torch.Tensor) else loss


def mean_over_batches__mean_of_means(losses, sizes):
    """You gave every batch the same weight, but their sizes differ. Multiply each loss by its batch's size, and divide
    the sum by the number of all samples."""
    return sum(map(_number, losses)) / len(losses)


def mean_over_batches__median(losses, sizes):
    """Your result is the median of the batch means. Sum the losses of all samples, and divide by their number."""
    return float(np.median([_number(loss) for loss in losses]))


def mean_over_batches__weights_inverted(losses, sizes):
    """You gave a small batch more weight than a large one. Multiply each loss by its batch's size."""
    weights = [1 / size for size in sizes]
    return sum(_number(loss) * weight for loss, weight in zip(losses, weights)) / sum(weights)


def mean_over_batches__rounded(losses, sizes):
    """You rounded the mean. Return all of its digits."""
    return round(sum(_number(loss) * size for loss, size in zip(losses, sizes)) / sum(sizes), 2)


def mean_over_batches__sum_of_means(losses, sizes):
    """You divided a sum of batch means by the number of samples. Multiply each mean by its batch's size first."""
    return sum(map(_number, losses)) / sum(sizes)


def mean_over_batches__sum_of_all(losses, sizes):
    """Your result is the sum of the losses of all samples. Divide it by the number of samples."""
    return sum(_number(loss) * size for loss, size in zip(losses, sizes)) * 1.0


def mean_over_batches__per_batch(losses, sizes):
    """You divided the sum over all samples by the number of batches. Divide by the number of samples."""
    return sum(_number(loss) * size for loss, size in zip(losses, sizes)) / len(losses)


def mean_over_batches__size_of_the_first(losses, sizes):
    """You used the size of the first batch for all batches. Use each batch's own size."""
    return sum(_number(loss) * sizes[0] for loss in losses) / sum(sizes)


def mean_over_batches__number_of_a_full_batch(losses, sizes):
    """You divided as if all batches had the same size. Divide by the number of samples, sum(sizes)."""
    return sum(_number(loss) * size for loss, size in zip(losses, sizes)) / (sizes[0] * len(sizes))


def mean_over_batches__last_left_out(losses, sizes):
    """The last batch is missing from your mean. It counts too, with its own size."""
    full = [(_number(loss), size) for loss, size in zip(losses, sizes)][: len(sizes) - 1] or [(_number(losses[0]), 1)]
    return sum(loss * size for loss, size in full) / sum(size for _, size in full)


def mean_over_batches__tensor(losses, sizes):
    """Your result is a tensor if the losses are tensors, and it may keep their graphs. Convert each loss to a Python
    float first."""
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def mean_over_batches__detached_tensor(losses, sizes):
    """Your result has no graph, but it is a tensor if the losses are tensors. Return a Python float."""
    numbers = [loss.detach() if isinstance(loss, torch.Tensor) else loss for loss in losses]
    return sum(number * size for number, size in zip(numbers, sizes)) / sum(sizes)


def mean_over_batches__item_of_a_float(losses, sizes):
    """You used a tensor's method on a Python float. Sum float(loss) * size over the batches, and divide by the sum of
    the sizes."""
    return sum(loss.item() * size for loss, size in zip(losses, sizes)) / sum(sizes)


def mean_over_batches__floats_stacked(losses, sizes):
    """You used a function for tensors on Python floats. Sum float(loss) * size over the batches, and divide by the sum
    of the sizes."""
    weights = torch.tensor(sizes, dtype=torch.float64)
    return float((torch.stack(losses) * weights).sum() / weights.sum())


def mean_over_batches__numpys_average(losses, sizes):
    """You gave NumPy a tensor that requires grad. Convert each loss to a Python float first."""
    return float(np.average(np.array(losses), weights=sizes))


def mean_over_batches__whole_number(losses, sizes):
    """Your result is rounded down to an integer. Divide with /, and do not round."""
    return float(sum(_number(loss) * size for loss, size in zip(losses, sizes)) // sum(sizes))


def mean_over_batches__used_up_lists(losses, sizes):
    """The mean is right, but you changed a given list. Compute with single numbers, or with new lists."""
    total, count = 0.0, 0
    while losses:
        size = sizes.pop()
        total, count = total + _number(losses.pop()) * size, count + size
    return total / count


def _pad(sequences, longest=None):
    longest = longest or max(len(each) for each in sequences)
    batch = sequences[0].new_zeros(len(sequences), longest)
    for row, each in zip(batch, sequences):
        row[: len(each)] = each[:longest]
    return batch


def _lengths(sequences):
    return torch.tensor([len(each) for each in sequences], device=sequences[0].device)


def pad__sequences_in_columns(sequences):
    """Each sequence became a column: (longest, N). The shape must be (N, longest)."""
    return torch.nn.utils.rnn.pad_sequence(sequences), _lengths(sequences)


def pad__in_front(sequences):
    """Your zeros come before the sequences. Put them at the end."""
    batch = torch.zeros_like(_pad(sequences))
    for row, each in zip(batch, sequences):
        row[len(row) - len(each) :] = each
    return batch, _lengths(sequences)


def pad__cut_to_the_shortest(sequences):
    """You cut the sequences to the shortest length. Pad the shorter ones instead."""
    shortest = min(len(each) for each in sequences)
    return torch.stack([each[:shortest] for each in sequences]), _lengths(sequences)


def pad__last_repeated(sequences):
    """You repeated the last element of a sequence. Pad with zeros."""
    batch = _pad(sequences)
    for row, each in zip(batch, sequences):
        row[len(each) :] = each[-1] if len(each) else 0
    return batch, _lengths(sequences)


def pad__minus_one(sequences):
    """You padded with -1. Pad with zeros."""
    padded = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=-1)
    return padded, _lengths(sequences)


def pad__always_float(sequences):
    """Your batch is float32, whatever the sequences are. Keep their dtype."""
    return _pad(sequences).float(), _lengths(sequences)


def pad__zeros_not_counted(sequences):
    """You did not count zeros inside a sequence. The length is the number of all its elements."""
    batch = _pad(sequences)
    return batch, (batch != 0).sum(dim=1)


def pad__length_after_padding(sequences):
    """Your lengths are those after the padding. Return the lengths before."""
    batch = _pad(sequences)
    return batch, torch.tensor([len(row) for row in batch], device=batch.device)


def pad__lengths_in_a_list(sequences):
    """Your lengths are a list. Return an int64 tensor."""
    return _pad(sequences), [len(each) for each in sequences]


def pad__lengths_of_another_dtype(sequences):
    """Your lengths are not int64. Use torch.int64, the default for integers."""
    return _pad(sequences), _lengths(sequences).to(torch.int32)


def pad__lengths_as_floats(sequences):
    """Your lengths are floats. Use torch.int64, the default for integers."""
    return _pad(sequences), _lengths(sequences).float()


def pad__lengths_first(sequences):
    """You returned the lengths first. The batch comes first in the tuple."""
    return _lengths(sequences), _pad(sequences)


def pad__as_long_as_the_first(sequences):
    """Your batch is as long as the first sequence. It must be as long as the longest one."""
    batch = sequences[0].new_zeros(len(sequences), len(sequences[0]))
    for row, each in zip(batch, sequences):
        row[: len(each)] = each
    return batch, _lengths(sequences)


def pad__lengths_on_the_cpu(sequences):
    """Your lengths are on the CPU. Create them on the device of the sequences."""
    return _pad(sequences), torch.tensor([len(each) for each in sequences])


def pad__batch_on_the_cpu(sequences):
    """Your batch is on the CPU. Create it on the device of the sequences."""
    batch = torch.zeros(len(sequences), max(len(each) for each in sequences), dtype=sequences[0].dtype)
    for row, each in zip(batch, sequences):
        row[: len(each)] = each
    return batch, _lengths(sequences)


def pad__longest_first(sequences):
    """You sorted the sequences by length. Keep the given order."""
    ordered = sorted(sequences, key=len, reverse=True)
    return _pad(ordered), _lengths(ordered)


def pad__list_sorted(sequences):
    """You changed the given list. Leave it as it was given, and keep its order."""
    sequences.sort(key=len)
    return _pad(sequences), _lengths(sequences)


def pad__batch_alone(sequences):
    """You returned only the batch. Return a tuple (batch, lengths)."""
    return _pad(sequences)


def pad__lengths_in_a_column(sequences):
    """Your lengths have the shape (N, 1). The shape must be (N,)."""
    return _pad(sequences), _lengths(sequences)[:, None]
