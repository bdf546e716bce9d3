"""Other right answers to katas/lesson_4_training_loop/kata_03_batches.py: the tests must accept them."""

import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, random_split


def minibatches__slices_of_the_order(features, labels, batch_size, generator):
    order = torch.randperm(len(features), generator=generator)
    for start in range(0, len(features), batch_size):
        chosen = order[start : start + batch_size].to(features.device)
        yield features[chosen], labels[chosen]


def minibatches__shuffled_first(features, labels, batch_size, generator):
    order = torch.randperm(labels.shape[0], generator=generator).tolist()
    features, labels = features[order], labels[order]
    yield from zip(features.split(batch_size), labels.split(batch_size), strict=True)


def minibatches__by_sorting(features, labels, batch_size, generator):
    order = torch.rand(len(labels), generator=generator).argsort().to(features.device)
    count = -(-len(labels) // batch_size)
    return (
        (features[order[i * batch_size : (i + 1) * batch_size]], labels[order[i * batch_size : (i + 1) * batch_size]])
        for i in range(count)
    )


class Table__list_of_pairs(Dataset):
    def __init__(self, features, labels):
        self.pairs = list(zip(features, labels, strict=True))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]


class Table__checks_by_itself(Dataset):
    def __init__(self, features, labels):
        self.both = features.clone(), labels.clone()

    def __len__(self):
        return self.both[0].shape[0]

    def __getitem__(self, index):
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no sample {index}")
        return tuple(each[index % len(self)].clone() for each in self.both)


def loader__own_sampler(dataset, batch_size, seed):
    source = torch.Generator()
    source.manual_seed(seed)
    sampler = RandomSampler(dataset, generator=source)
    return DataLoader(dataset, batch_size, sampler=sampler, generator=source)


def loader__batch_sampler(dataset, batch_size, seed):
    sampler = RandomSampler(dataset, generator=torch.Generator().manual_seed(seed))
    batches = BatchSampler(sampler, batch_size, drop_last=False)
    return DataLoader(dataset, batch_sampler=batches, generator=torch.Generator())


class _Orders:
    def __init__(self, count, seed):
        self.count = count
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter(torch.randperm(self.count, generator=self.generator).tolist())


def loader__sampler_written_by_hand(dataset, batch_size, seed):
    return DataLoader(dataset, batch_size, sampler=_Orders(len(dataset), seed), generator=torch.Generator())


def split__random_split(count, fraction, generator):
    size = int(fraction * count)
    parts = random_split(range(count), [count - size, size], generator=generator)
    return tuple(torch.tensor(part.indices, dtype=torch.int64) for part in parts)


def split__pieces(count, fraction, generator):
    size = int(fraction * count)
    return torch.randperm(count, generator=generator).split([count - size, size])


def split__mask(count, fraction, generator):
    chosen = torch.zeros(count, dtype=torch.bool)
    chosen[torch.randperm(count, generator=generator)[: int(count * fraction)]] = True
    numbers = torch.arange(count)
    return numbers[~chosen], numbers[chosen]


def standardize_by_training__variance(train, validation):
    mean = train.sum(dim=0) / len(train)
    std = ((train - mean) ** 2).mean(dim=0).sqrt()
    std[std == 0] = 1
    return (train - mean) / std, (validation - mean) / std


def standardize_by_training__column_by_column(train, validation):
    parts = ([], [])
    for ours, theirs in zip(train.T, validation.T, strict=True):
        mean, std = ours.mean(), ours.std(correction=0)
        divisor = std if std > 0 else 1.0
        parts[0].append((ours - mean) / divisor)
        parts[1].append((theirs - mean) / divisor)
    return torch.stack(parts[0], dim=1), torch.stack(parts[1], dim=1)


def standardize_by_training__var_mean(train, validation):
    var, mean = torch.var_mean(train, dim=0, keepdim=True, correction=0)
    std = var.sqrt().masked_fill(var == 0, 1.0)
    return tuple((each - mean) / std for each in (train, validation))


def mean_over_batches__running_total(losses, sizes):
    total = 0.0
    count = 0
    for loss, size in zip(losses, sizes, strict=True):
        total += float(loss.detach() if isinstance(loss, torch.Tensor) else loss) * size
        count += size
    return total / count


def mean_over_batches__running_mean(losses, sizes):
    mean, count = 0.0, 0
    for loss, size in zip(losses, sizes, strict=True):
        count += size
        mean += (float(loss) - mean) * size / count
    return mean


def mean_over_batches__dot_product(losses, sizes):
    values = torch.tensor([float(loss) for loss in losses], dtype=torch.float64)
    weights = torch.tensor(sizes, dtype=torch.float64)
    return (values @ weights / weights.sum()).item()


def pad__row_by_row(sequences):
    lengths = [len(sequence) for sequence in sequences]
    batch = sequences[0].new_zeros(len(sequences), max(lengths))
    for row, sequence in zip(batch, sequences, strict=True):
        row[: len(sequence)] = sequence
    return batch, torch.tensor(lengths, device=batch.device)


def pad__joined(sequences):
    longest = max(sequence.numel() for sequence in sequences)
    rows = [torch.cat([each, each.new_zeros(longest - each.numel())]) for each in sequences]
    lengths = [each.numel() for each in sequences]
    return torch.stack(rows), torch.tensor(lengths, dtype=torch.long, device=rows[0].device)


def pad__functional(sequences):
    longest = max(map(len, sequences))
    rows = [torch.nn.functional.pad(each, (0, longest - len(each))) for each in sequences]
    return torch.stack(rows), torch.tensor([len(each) for each in sequences]).to(sequences[0].device)
