"""Batches.

In Foundations every step of gradient descent saw all the samples. From here on it sees a few, the next step
sees a few others, and an epoch is over when each sample has been seen once. Most mistakes on the way are
silent: a label beside another's features, a tail that never comes, an order that never changes, a look at the
validation data. So count the samples, and ask where each random number came from.
"""

import torch
from torch.utils.data import DataLoader, Dataset


def minibatches(features, labels, batch_size, generator):
    """Yield (features, labels) of the next batch_size samples, until each sample was in a batch once.

    features: (N, D), labels: (N,), on one device, N at least 1; both stay as they are. The last batch has
    what is left, be it one sample: (1, D) and (1,).  generator: on the CPU: each call draws a new order from
    it, all equally likely; the global generator stays as it is.  Returns: a Python generator of tuples of
    two tensors, on the samples' device.

    >>> rows, classes = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1, 2, 3])
    >>> [len(b) for a, b in minibatches(rows, classes, 2, torch.Generator().manual_seed(0))]
    [2, 1]

    In Foundations: rng.permutation(N), cut into pieces.
    """
    order = torch.randperm(len(labels), generator=generator).to(labels.device)
    for chosen in order.split(batch_size):
        yield features[chosen], labels[chosen]


class Table(Dataset):
    """Samples by their number: what a DataLoader asks for len(table), and for table[0], table[7], ...

    Table(features, labels): (N, D) and (N,), any dtypes, on one device.  len(table): N.  table[i]: the tuple
    (features, label) of sample i, tensors of shape (D,) and (), of the dtypes given. i is an int; -1 is the
    last sample, as in a list; below -N, and from N on, there is an IndexError: so a plain `for sample in
    table` knows where to end, any number of times.

    >>> table = Table(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([7, 8]))
    >>> len(table), table[1]
    (2, (tensor([3., 4.]), tensor(8)))

    In Foundations: features[i], labels[i].
    """

    def __init__(self, features, labels):
        self.features = features
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.features[index], self.labels[index]


def loader(dataset, batch_size, seed):
    """Return a DataLoader of the dataset that shuffles anew in every epoch, in orders that `seed` decides.

    dataset: has a length and samples by number, as Table.  Each `for` over the loader is an epoch: all
    samples once, batch_size at a time, the last batch with what is left.  seed: an int. Two loaders of one
    seed give the same first epoch, second epoch, ..., whatever others draw meanwhile. Neither making a
    loader nor an epoch touches the global generator.

    >>> table = [(torch.tensor([1.0, 2.0]), 0), (torch.tensor([3.0, 4.0]), 1), (torch.tensor([5.0, 6.0]), 1)]
    >>> [features.shape for features, labels in loader(table, 2, 5)]
    [torch.Size([2, 2]), torch.Size([1, 2])]

    Grows from: minibatches, for a dataset.
    """
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)


def split(count, fraction, generator):
    """Divide the numbers of `count` samples at random: return the tuple (training, validation).

    count: an int, at least 1.  fraction: validation's share, from 0 to 1.  generator: on the CPU: all chance
    comes from it, every choice is equally likely.  Returns: two int64 tensors of one dimension, on the CPU.
    Validation has count * fraction numbers, rounded down, training the others; either may be empty. Each
    number from 0 to count - 1 is in one of them, once, at any place.

    >>> training, validation = split(7, 0.25, torch.Generator().manual_seed(0))
    >>> len(training), len(validation)
    (6, 1)

    In Foundations: rng.permutation, cut in two.
    """
    size = int(count * fraction)
    order = torch.randperm(count, generator=generator)
    return order[size:], order[:size]


def standardize_by_training(train, validation):
    """Standardize both by the means and standard deviations of train's columns: return (train, validation).

    train: (N, D), N at least 1.  validation: (M, D), M at least 0.  Both float32, on one device; they stay as
    they are, and validation has no say in a mean or a deviation. The squares are averaged over N, not N - 1.
    A column of train with deviation 0 is divided by 1 instead, in both: so it is 0 in train.

    >>> standardize_by_training(torch.tensor([[1.0, 5.0], [3.0, 5.0]]), torch.tensor([[6.0, 7.0]]))
    (tensor([[-1.,  0.],
            [ 1.,  0.]]), tensor([[4., 2.]]))

    In Foundations: standardize, with nothing looked at that you will be tested on.
    """
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std = torch.where(std == 0, 1.0, std)
    return (train - mean) / std, (validation - mean) / std


def mean_over_batches(losses, sizes):
    """Return the mean loss of all samples, from the mean loss of each batch and its number of samples.

    losses: a list of one or more floats or tensors of shape (), tracked or not, even mixed.  sizes: a list of
    as many ints, at least 1 each; the last is often smaller.  Both lists stay as they are.  Returns: a Python
    float, which keeps no graph.

    >>> mean_over_batches([1.0, 1.0, 9.0], [4, 4, 2])
    2.6

    In Foundations: a mean is the sum over all samples, divided by how many they are.
    """
    numbers = [loss.item() if isinstance(loss, torch.Tensor) else loss for loss in losses]
    return sum(number * size for number, size in zip(numbers, sizes, strict=True)) / sum(sizes)


def pad(sequences):
    """Stack sequences of different lengths, filled up with zeros behind their ends: return (batch, lengths).

    sequences: a list of N tensors of shape (L,), N at least 1, each with an L of its own, 0 too; one dtype,
    one device; they stay as they are.  Returns: a tuple: batch, (N, longest L), of their dtype, in their
    order; lengths, (N,), int64: how long each was. Both are new, on their device. A DataLoader uses such a
    function as its collate_fn.

    >>> pad([torch.tensor([5, 6]), torch.tensor([7])])
    (tensor([[5, 6],
            [7, 0]]), tensor([2, 1]))

    In Foundations: np.zeros((N, longest)), filled row by row.
    """
    lengths = torch.tensor([len(sequence) for sequence in sequences], device=sequences[0].device)
    return torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True), lengths
