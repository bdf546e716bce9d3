"""Wrong answers to katas/lesson_4_training_loop/kata_03_batches.py, each with the sentence that corrects the belief."""

import torch
from torch.utils.data import DataLoader, Dataset
from torch.utils.data import RandomSampler as _RandomSampler


def minibatches__two_orders(features, labels, batch_size, generator):
    """Features and labels came in different orders, and a label now sits beside another's features: one for both."""
    first = torch.randperm(len(labels), generator=generator).to(labels.device)
    second = torch.randperm(len(labels), generator=generator).to(labels.device)
    for ours, theirs in zip(first.split(batch_size), second.split(batch_size)):
        yield features[ours], labels[theirs]


def minibatches__one_batch_in_order(features, labels, batch_size, generator):
    """A batch that holds all the samples came in their own order: each call draws an order, however few batches."""
    order = torch.arange(len(labels), device=labels.device)
    if batch_size < len(labels):
        order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__tail_dropped(features, labels, batch_size, generator):
    """The samples left over for a short last batch never came: count how many are seen in an epoch."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for i in range(len(labels) // batch_size):
        chosen = order[i * batch_size : (i + 1) * batch_size]
        yield features[chosen], labels[chosen]


def minibatches__first_batch_again(features, labels, batch_size, generator):
    """Some samples came in several batches and others in none: each batch goes on where the last one ended."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for piece in order.split(batch_size):
        chosen = order[: len(piece)]
        yield features[chosen], labels[chosen]


def minibatches__drawn_for_each_batch(features, labels, batch_size, generator):
    """A sample came again in a later batch, others never did: an order is drawn once an epoch, and then cut."""
    for start in range(0, len(labels), batch_size):
        size = min(batch_size, len(labels) - start)
        chosen = torch.randperm(len(labels), generator=generator)[:size].to(labels.device)
        yield features[chosen], labels[chosen]


def minibatches__squeezed(features, labels, batch_size, generator):
    """A batch of one sample has lost its first dimension: it is a batch all the same, (1, D) and (1,)."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen].squeeze()


def minibatches__in_order(features, labels, batch_size, generator):
    """The samples came in the order in which they lie: cut into batches they are, shuffled they are not."""
    yield from zip(features.split(batch_size), labels.split(batch_size))


def minibatches__batches_shuffled(features, labels, batch_size, generator):
    """The batches came in random order, but the same samples are always together: shuffle the samples, then cut."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    pieces = torch.arange(len(labels), device=labels.device).split(batch_size)
    full, last = list(pieces[:-1]), pieces[-1:]
    turns = torch.randperm(len(full), generator=generator).tolist()
    for chosen in [*(full[turn] for turn in turns), *last]:
        yield features[chosen], labels[chosen]


def minibatches__short_batch_anywhere(features, labels, batch_size, generator):
    """Whole batches changed places, the short one too, and the same samples always meet: shuffle the samples."""
    pieces = torch.arange(len(labels), device=labels.device).split(batch_size)
    for turn in torch.randperm(len(pieces), generator=generator).tolist():
        yield features[pieces[turn]], labels[pieces[turn]]


def minibatches__rolled(features, labels, batch_size, generator):
    """Some orders never come, as where only the place to begin is random: a shuffle must be able to give every
    order."""
    shift = int(torch.randint(1, max(len(labels), 2), (), generator=generator))
    order = torch.arange(len(labels), device=labels.device).roll(shift)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__global_generator(features, labels, batch_size, generator):
    """The order was drawn from the generator that everybody shares, and not from the one that was handed to you."""
    order = torch.randperm(len(labels)).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__seeded_every_time(features, labels, batch_size, generator):
    """Every epoch has one order, whatever generator is given: who seeds it anew on each call draws the same again."""
    generator.manual_seed(0)
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__set_back_to_its_seed(features, labels, batch_size, generator):
    """The generator's own seed began anew on each call, so all epochs have one order: let it go on from where it is."""
    generator.manual_seed(generator.initial_seed())
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__list(features, labels, batch_size, generator):
    """A second copy of all the data was made before the first step: yield a batch when it is asked for."""
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    return [(features[chosen], labels[chosen]) for chosen in order.split(batch_size)]


def minibatches__drawn_with_repeats(features, labels, batch_size, generator):
    """Numbers drawn one by one repeat: some samples came twice, others not at all. An order has each once."""
    order = torch.randint(len(labels), (len(labels),), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__left_on_the_cpu(features, labels, batch_size, generator):
    """The batches live on the CPU, wherever the samples are: it is the drawn order that must move to them."""
    order = torch.randperm(len(labels), generator=generator)
    for chosen in order.split(batch_size):
        yield features.cpu()[chosen], labels.cpu()[chosen]


def minibatches__generator_elsewhere(features, labels, batch_size, generator):
    """A generator draws on its own device only, and this one is the CPU's: draw there, and move what was drawn."""
    order = torch.randperm(len(labels), generator=generator, device=labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


def minibatches__shuffled_in_place(features, labels, batch_size, generator):
    """The caller's own tensors are in another order now: take batches out of them, and write nothing into them."""
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
    """The length is the number of columns, or of all numbers: a table is as long as it has samples."""

    def __len__(self):
        return self.features.shape[1]


class Table__one_too_few(_Table):
    """The last sample's number is N - 1, but the length is N: a DataLoader would never ask for the last one."""

    def __len__(self):
        return len(self.labels) - 1


class Table__label_as_a_number(_Table):
    """The label came out as a Python number: it is to stay a tensor of shape (), with the dtype that it had."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].item()


class Table__label_always_an_integer(_Table):
    """Every label was made int64: right for classes, but a label such as 0.5 has lost its fraction. Leave its dtype."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].long()


class Table__label_always_a_float(_Table):
    """Every label was made float32: right for a regression, but a class is to stay the int64 that it was."""

    def __getitem__(self, index):
        return self.features[index], self.labels[index].float()


class Table__batch_of_one(_Table):
    """A sample has one dimension less than the table: this is a batch of one, and beyond the end an empty batch."""

    def __getitem__(self, index):
        return self.features[index : index + 1], self.labels[index : index + 1]


class Table__features_alone(_Table):
    """Only the features came out: a sample is a tuple of two, and its label is the second."""

    def __getitem__(self, index):
        return self.features[index]


class Table__list(_Table):
    """Features and label came in a list: it is to be a tuple, round brackets or none."""

    def __getitem__(self, index):
        return [self.features[index], self.labels[index]]


class Table__label_first(_Table):
    """Label and features have changed places: the features come first."""

    def __getitem__(self, index):
        return self.labels[index], self.features[index]


class Table__round_and_round(_Table):
    """After the last sample the first comes again, and a for loop never ends: beyond the last is an IndexError."""

    def __getitem__(self, index):
        return self.features[index % len(self.labels)], self.labels[index % len(self.labels)]


class Table__no_negative_numbers(_Table):
    """A number below 0 was refused, though it counts backwards from the end here, as it does in a list."""

    def __getitem__(self, index):
        if not 0 <= index < len(self.labels):
            raise IndexError(index)
        return self.features[index], self.labels[index]


class Table__another_error(_Table):
    """The error for a number without a sample is not an IndexError: a for loop ends at that one, and at no other."""

    def __getitem__(self, index):
        if not -len(self.labels) <= index < len(self.labels):
            raise ValueError(f"there is no sample {index}")
        return self.features[index], self.labels[index]


class Table__used_up(_Table):
    """The samples come one after the other whatever number is asked for, and only once: the second epoch is empty."""

    def __init__(self, features, labels):
        super().__init__(features, labels)
        self.pairs = zip(features, labels)

    def __getitem__(self, index):
        return next(self.pairs)


class Table__drawn(_Table):
    """Whatever number was asked for, a random sample came: shuffling is the loader's work, and sample i is sample i."""

    def __getitem__(self, index):
        if not -len(self.labels) <= index < len(self.labels):
            raise IndexError(index)
        drawn = torch.randint(len(self.labels), ()).item()
        return self.features[drawn], self.labels[drawn]


def loader__not_shuffled(dataset, batch_size, seed):
    """The samples came in the order of the dataset: a DataLoader doesn't shuffle unless it is told to."""
    return DataLoader(dataset, batch_size=batch_size, generator=torch.Generator().manual_seed(seed))


def loader__global_seed(dataset, batch_size, seed):
    """The generator that everybody shares was seeded, and whoever draws from it changes your order: use your own."""
    torch.manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def loader__seed_unused(dataset, batch_size, seed):
    """Nothing here depends on the seed: each epoch's order is drawn from the generator that everybody shares."""
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def loader__seed_forgotten(dataset, batch_size, seed):
    """All seeds give the same epochs: the loader has a generator of its own, but that never heard of the seed."""
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=torch.Generator())


def loader__sampler_alone(dataset, batch_size, seed):
    """The order is right, but at the start of an epoch the loader itself draws a number, from the global generator."""
    sampler = _RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler)


def loader__order_drawn_once(dataset, batch_size, seed):
    """Every epoch has the order of the first: a generator is seeded once, and then goes on from epoch to epoch."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(dataset), generator=generator).tolist()
    return DataLoader(dataset, batch_size=batch_size, sampler=order, generator=generator)


def loader__tail_dropped(dataset, batch_size, seed):
    """The short last batch was left out, and its samples with it: every sample comes once an epoch."""
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator, drop_last=True)


def loader__batches_of_one(dataset, batch_size, seed):
    """Each sample came alone: a DataLoader makes batches of 1 unless it is told their size."""
    return DataLoader(dataset, shuffle=True, generator=torch.Generator().manual_seed(seed))


def loader__with_repeats(dataset, batch_size, seed):
    """Some samples came twice in an epoch and others not at all: an epoch is every sample once, without replacement."""
    generator = torch.Generator().manual_seed(seed)
    sampler = _RandomSampler(dataset, replacement=True, generator=generator)
    return DataLoader(dataset, batch_size=batch_size, sampler=sampler, generator=generator)


def loader__list_of_batches(dataset, batch_size, seed):
    """These are the batches of one epoch, and a second one would be the same: return the loader itself."""
    return list(DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)))


def loader__iterator(dataset, batch_size, seed):
    """This is one epoch that has begun, and then it is used up: return the loader, with which each for begins anew."""
    return iter(DataLoader(dataset, batch_size, shuffle=True, generator=torch.Generator().manual_seed(seed)))


def split__not_shuffled(count, fraction, generator):
    """They were cut as they lie: of samples sorted by label, validation gets only a few labels: permute first."""
    size = int(count * fraction)
    return torch.arange(count - size), torch.arange(count - size, count)


def split__two_orders(count, fraction, generator):
    """The parts were cut from two different orders: some numbers are in both, and others in none."""
    size = int(count * fraction)
    training = torch.randperm(count, generator=generator)[size:]
    return training, torch.randperm(count, generator=generator)[:size]


def split__training_has_all(count, fraction, generator):
    """Validation was drawn, but its numbers are still in training: what has been trained on can't be validated on."""
    order = torch.randperm(count, generator=generator)
    return order, order[: int(count * fraction)]


def split__minus_zero(count, fraction, generator):
    """When validation is empty, -0 is 0, and a cut that is counted from the end is at the very beginning."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[:-size], order[-size:]


def split__one_lost(count, fraction, generator):
    """One number is in neither part: where one part ends, the other begins, with no step between them."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[size + 1 :], order[:size]


def split__parts_swapped(count, fraction, generator):
    """The two parts have changed places, or the fraction was taken for training's: it is the share of validation."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[:size], order[size:]


def split__rounded_up(count, fraction, generator):
    """Validation has one number too many where its share is no whole number: it is rounded down."""
    size = -int(-count * fraction // 1)
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def split__rounded_to_nearest(count, fraction, generator):
    """A share such as 1.75 became 2, though 1.375 became 1: rounding to the nearest is not rounding down."""
    size = round(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def split__coin_for_each(count, fraction, generator):
    """A coin was thrown for each sample, so the sizes are right on average only: they must be right every time."""
    chosen = torch.rand(count, generator=generator) < fraction
    return (~chosen).nonzero().flatten(), chosen.nonzero().flatten()


def split__global_generator(count, fraction, generator):
    """The order was drawn from the generator that everybody shares, and not from the one that was handed to you."""
    size = int(count * fraction)
    order = torch.randperm(count)
    return order[size:], order[:size]


def split__seeded_every_time(count, fraction, generator):
    """Every call makes the same choice: seeding the generator that you are given throws away where it stood."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator.manual_seed(0))
    return order[size:], order[:size]


def split__block(count, fraction, generator):
    """Validation is always a row of neighbours: only where it begins is random. Permute all the numbers, then cut."""
    size = int(count * fraction)
    order = torch.arange(count).roll(int(torch.randint(1, max(count, 2), (), generator=generator)))
    return order[size:], order[:size]


def split__lists(count, fraction, generator):
    """The numbers came in lists: they are to be int64 tensors, by which features and labels can be indexed."""
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator).tolist()
    return order[size:], order[:size]


def split__masks(count, fraction, generator):
    """True and False for every sample came out: asked for are the numbers of those that are in the part."""
    chosen = torch.zeros(count, dtype=torch.bool)
    chosen[torch.randperm(count, generator=generator)[: int(count * fraction)]] = True
    return ~chosen, chosen


def _standardized(x, mean, std):
    return (x - mean) / torch.where(std == 0, 1.0, std)


def standardize_by_training__each_by_its_own(train, validation):
    """Validation was standardized by numbers of its own: the same input must become the same in both parts."""
    if not len(validation):
        return _standardized(train, train.mean(dim=0), train.std(dim=0, correction=0)), validation.clone()
    return tuple(_standardized(x, x.mean(dim=0), x.std(dim=0, correction=0)) for x in (train, validation))


def standardize_by_training__together(train, validation):
    """Validation's numbers have gone into the mean and the deviation: that is a look at data you must not know."""
    both = torch.cat([train, validation])
    mean, std = both.mean(dim=0), both.std(dim=0, correction=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__training_alone(train, validation):
    """Validation came out as it went in: a model that has learned from standardized numbers must be given such."""
    return _standardized(train, train.mean(dim=0), train.std(dim=0, correction=0)), validation.clone()


def standardize_by_training__n_minus_1(train, validation):
    """All is too close to 0, and nan for a single sample: the squares were averaged over N - 1, PyTorch's custom."""
    mean, std = train.mean(dim=0), train.std(dim=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__zero_by_zero(train, validation):
    """A column that is constant has deviation 0, and 0 / 0 is nan: one such column would make every loss nan."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__tiny_number_added(train, validation):
    """Train's constant column is 0, but validation's difference there was divided by next to nothing: use 1."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0) + 1e-8
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__nan_made_zero(train, validation):
    """Mended afterwards, 0 / 0 is 0, but validation's difference divided by 0 is inf, not nan: mend the divisor."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    return ((train - mean) / std).nan_to_num(), ((validation - mean) / std).nan_to_num()


def standardize_by_training__zero_in_validation(train, validation):
    """A column constant in train came out as 0 in validation too, though validation may differ there: divide by 1."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    alive = std != 0
    return _standardized(train, mean, std) * alive, _standardized(validation, mean, std) * alive


def standardize_by_training__small_is_none(train, validation):
    """A small deviation was taken for none, or made larger: only a deviation of 0 is to be replaced."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std = torch.where(std < 0.01, 1.0, std)
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__one_for_all_columns(train, validation):
    """One mean and one deviation were taken of all the numbers: each column has its own."""
    mean, std = train.mean(), train.std(correction=0)
    return _standardized(train, mean, std), _standardized(validation, mean, std)


def standardize_by_training__centred_only(train, validation):
    """The means are gone, but the columns still spread as before: divide by the deviations, too."""
    return train - train.mean(dim=0), validation - train.mean(dim=0)


def standardize_by_training__variance(train, validation):
    """The divisor was the mean square, not its root: a deviation has the unit of the numbers themselves."""
    mean, variance = train.mean(dim=0), train.var(dim=0, correction=0)
    return _standardized(train, mean, variance), _standardized(validation, mean, variance)


def standardize_by_training__in_place(train, validation):
    """The numbers are right, but the inputs have changed: an in-place operation writes to the caller's tensors."""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std[std == 0] = 1
    return train.sub_(mean).div_(std), validation.sub_(mean).div_(std)


def _number(loss):
    return float(loss.detach()) if isinstance(loss, torch.Tensor) else loss


def mean_over_batches__mean_of_means(losses, sizes):
    """A short batch counted as much as a full one: the mean of the means is the mean only if all sizes are equal."""
    return sum(map(_number, losses)) / len(losses)


def mean_over_batches__sum_of_means(losses, sizes):
    """Means of batches were divided by the number of samples: each must first be made a sum, by its size."""
    return sum(map(_number, losses)) / sum(sizes)


def mean_over_batches__sum_of_all(losses, sizes):
    """This is the sum of all the samples' losses: divide by how many samples there are."""
    return sum(_number(loss) * size for loss, size in zip(losses, sizes)) * 1.0


def mean_over_batches__per_batch(losses, sizes):
    """The sum over all samples was divided by the number of batches: divide by the number of samples."""
    return sum(_number(loss) * size for loss, size in zip(losses, sizes)) / len(losses)


def mean_over_batches__size_of_the_first(losses, sizes):
    """Every batch was taken to be as large as the first: the last one often is smaller."""
    return sum(_number(loss) * sizes[0] for loss in losses) / sum(sizes)


def mean_over_batches__last_left_out(losses, sizes):
    """The last batch was left out: a short one counts too, with as many samples as it has."""
    full = [(_number(loss), size) for loss, size in zip(losses, sizes)][: len(sizes) - 1] or [(_number(losses[0]), 1)]
    return sum(loss * size for loss, size in full) / sum(size for _, size in full)


def mean_over_batches__tensor(losses, sizes):
    """From tensors a tensor was computed: it holds on to the graphs of all the batches. Take the numbers out first."""
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def mean_over_batches__detached_tensor(losses, sizes):
    """No graph is kept, but a tensor of shape () is no Python float yet: take the number out of it."""
    numbers = [loss.detach() if isinstance(loss, torch.Tensor) else loss for loss in losses]
    return sum(number * size for number, size in zip(numbers, sizes)) / sum(sizes)


def mean_over_batches__item_of_a_float(losses, sizes):
    """Only tensors have the method item: a loss that is a Python float already has no such thing."""
    return sum(loss.item() * size for loss, size in zip(losses, sizes)) / sum(sizes)


def mean_over_batches__decided_by_the_first(losses, sizes):
    """The first loss was a float, and the others were taken to be floats too: ask each one what it is."""
    if isinstance(losses[0], torch.Tensor):
        losses = [_number(loss) for loss in losses]
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def mean_over_batches__whole_number(losses, sizes):
    """The fraction is gone: a division with // rounds down, and a loss is seldom a whole number."""
    return float(sum(_number(loss) * size for loss, size in zip(losses, sizes)) // sum(sizes))


def mean_over_batches__used_up_lists(losses, sizes):
    """The mean is right, but the lists that were given are empty now: pop takes the element away from the caller."""
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
    """Each sequence became a column: (longest, N). The first dimension is to be that of the batch."""
    return torch.nn.utils.rnn.pad_sequence(sequences), _lengths(sequences)


def pad__in_front(sequences):
    """The zeros stand in front of the shorter sequences: they belong behind their ends."""
    batch = torch.zeros_like(_pad(sequences))
    for row, each in zip(batch, sequences):
        row[len(row) - len(each) :] = each
    return batch, _lengths(sequences)


def pad__cut_to_the_shortest(sequences):
    """The sequences were cut to the length of the shortest: nothing may be lost, so the shorter ones are filled up."""
    shortest = min(len(each) for each in sequences)
    return torch.stack([each[:shortest] for each in sequences]), _lengths(sequences)


def pad__last_repeated(sequences):
    """The last number of a short sequence was repeated to its right: fill up with zeros."""
    batch = _pad(sequences)
    for row, each in zip(batch, sequences):
        row[len(each) :] = each[-1] if len(each) else 0
    return batch, _lengths(sequences)


def pad__minus_one(sequences):
    """The places behind the ends hold -1: fill up with zeros."""
    padded = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=-1)
    return padded, _lengths(sequences)


def pad__always_float(sequences):
    """The batch is float32 whatever the sequences are: fresh zeros have that dtype, unless you ask for another."""
    return _pad(sequences).float(), _lengths(sequences)


def pad__zeros_not_counted(sequences):
    """A zero inside a sequence was not counted, as if it were padding: the length is how long the sequence was."""
    batch = _pad(sequences)
    return batch, (batch != 0).sum(dim=1)


def pad__length_after_padding(sequences):
    """After padding all rows are equally long: the lengths asked for are those from before."""
    batch = _pad(sequences)
    return batch, torch.tensor([len(row) for row in batch], device=batch.device)


def pad__lengths_in_a_list(sequences):
    """The lengths are in a list: a tensor is asked for, which can be moved to where the batch is."""
    return _pad(sequences), [len(each) for each in sequences]


def pad__lengths_of_another_dtype(sequences):
    """The lengths are not int64: that is what whole numbers become when no dtype is named."""
    return _pad(sequences), _lengths(sequences).to(torch.int32)


def pad__lengths_on_the_cpu(sequences):
    """Lengths made from Python numbers live on the CPU unless you say where: they are to be where the sequences are."""
    return _pad(sequences), torch.tensor([len(each) for each in sequences])


def pad__batch_on_the_cpu(sequences):
    """The batch is on the CPU, wherever the sequences are: zeros are made there unless you say where."""
    batch = torch.zeros(len(sequences), max(len(each) for each in sequences), dtype=sequences[0].dtype)
    for row, each in zip(batch, sequences):
        row[: len(each)] = each
    return batch, _lengths(sequences)


def pad__longest_first(sequences):
    """The sequences were sorted by length: batch and lengths keep the order in which the sequences came."""
    ordered = sorted(sequences, key=len, reverse=True)
    return _pad(ordered), _lengths(ordered)


def pad__list_sorted(sequences):
    """The caller's own list was sorted: sort() changes the list itself, and no order but the given one is asked for."""
    sequences.sort(key=len)
    return _pad(sequences), _lengths(sequences)


def pad__batch_alone(sequences):
    """Only the batch came out: without the lengths, nobody can tell where a sequence ends. Return a tuple of both."""
    return _pad(sequences)


def pad__lengths_in_a_column(sequences):
    """The lengths have shape (N, 1): one number for each sequence, and no dimension besides."""
    return _pad(sequences), _lengths(sequences)[:, None]
