"""Training sees one batch at a time.

In Foundations, you sliced a shuffled array into batches. Here you do it
again, and then a DataLoader does it. An epoch is over when each sample has
been used once. Most mistakes here are silent: labels next to the wrong
features, a missing last batch, an order that never changes, statistics
computed from validation data. So count the samples, and ask where each
random number comes from:

    >>> drawn = torch.tensor([2, 0, 2])  # three draws from three samples
    >>> torch.bincount(drawn, minlength=3)  # sample 1 was never used
    tensor([1, 0, 2])

A torch.Generator has a state, which every draw changes. Two generators with
the same seed give the same numbers.

Every step: results are on the device of the samples. The inputs are not
modified.

Afterwards you can feed your data to a training loop and repeat the run.
"""

import torch
from torch.utils.data import DataLoader, Dataset


def minibatches(features, labels, batch_size, generator):
    """Yield the samples in random order, one batch at a time.

    Args:
        features, labels: tensors (N, D) and (N,) on one device, N >= 1.
        batch_size: at least 1; may be larger than N.
        generator: a torch.Generator on the CPU. All randomness comes from
            it, and all orders are equally likely.

    Yields:
        Tuples (features, labels) with shapes (batch_size, D) and
        (batch_size,). The last batch may be smaller. It holds the
        remaining samples, at least one.

    Must:
        - use every sample exactly once, together with its own label
        - draw a new order on each call, even if one batch holds all samples

    Example:
        >>> x, y = torch.rand(3, 1), torch.tensor([1, 2, 3])
        >>> g = torch.Generator().manual_seed(0)
        >>> [len(labels) for _, labels in minibatches(x, y, 2, g)]
        [2, 1]

    Foundations: rows of features and labels, in one shuffled order.
    """
    raise NotImplementedError


class Table(Dataset):
    """A dataset of features and labels that a DataLoader can read.

    Args:
        features, labels: tensors (N, D) and (N,) of any dtype, on one
            device, N >= 1.

    Methods:
        len(table): the number of samples, N.
        table[i]: the tuple (features, label) of sample i, two tensors of
            shapes (D,) and (), with the dtypes and device of the inputs.

    Must:
        - accept every int from -N to N - 1; table[-1] is the last sample
        - raise an IndexError for any other int. A `for` loop needs this.

    Example:
        >>> table = Table(torch.ones(2, 1), torch.tensor([7, 8]))
        >>> len(table)
        2
        >>> table[1]
        (tensor([1.]), tensor(8))

    Foundations: features[i] and labels[i]. PyTorch has such a class too,
    TensorDataset.
    """

    def __init__(self, features, labels):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError

    def __getitem__(self, index):
        raise NotImplementedError


def loader(dataset, batch_size, seed):
    """Return a DataLoader whose random order depends only on a seed.

    Args:
        dataset: a dataset with a length, for example a Table.
        batch_size: at least 1; may be larger than the dataset.
        seed: an int. Two loaders with the same seed give the same sequence
            of epochs, even if other code draws random numbers. Different
            seeds give different orders.

    Returns:
        A torch.utils.data.DataLoader. Each `for` loop over it is an epoch:
        every sample once, in a new order. The last batch may be smaller.

    Must:
        - leave the global generator unchanged, even during an epoch

    Example:
        >>> batches = loader([10, 20, 30], 2, seed=5)
        >>> [len(batch) for batch in batches]
        [2, 1]
        >>> sorted(torch.cat(list(batches)).tolist())
        [10, 20, 30]

    Grows from: minibatches, for a dataset.
    """
    raise NotImplementedError


def split(count, fraction, generator):
    """Split the indices of `count` samples at random into two parts.

    Args:
        count: the number of samples, at least 1.
        fraction: the fraction for validation, from 0 to 1.
        generator: a torch.Generator on the CPU. All randomness comes from
            it, and all choices are equally likely.

    Returns:
        A tuple (training, validation): two int64 tensors of one dimension
        on the CPU. validation has math.floor(count * fraction) indices
        and training has the others, in any order. Either may be empty.

    Must:
        - use each index from 0 to count - 1 exactly once
        - make a new choice on each call

    Example:
        >>> g = torch.Generator().manual_seed(0)
        >>> training, validation = split(7, 0.25, g)
        >>> [len(training), len(validation)]
        [6, 1]

    Foundations: `rng.permutation`, cut in two. PyTorch has random_split.
    """
    raise NotImplementedError


def standardize_by_training(train, validation):
    """Standardize the columns of both parts with the statistics of train.

    Args:
        train: a float32 tensor (N, D), N >= 1.
        validation: a float32 tensor (M, D). M may be 0.

    Returns:
        A tuple (train, validation): (x - mean) / std for each column, with
        the mean and the standard deviation of train (divisor N). If the
        standard deviation is exactly 0, divide by 1 instead.

    Example:
        >>> train = torch.tensor([[1.0, 5.0], [3.0, 5.0]])
        >>> validation = torch.tensor([[6.0, 7.0]])
        >>> standardize_by_training(train, validation)[1]
        tensor([[4., 2.]])

    Foundations: `foundations.standardize`. The validation rows stand for
    data that nobody has seen yet, so their statistics are not known.
    """
    raise NotImplementedError


def mean_over_batches(losses, sizes):
    """Return the mean loss over all samples, from the mean of each batch.

    Args:
        losses: a non-empty list: the mean loss of each batch. They are
            Python floats, or tensors of shape () that may require grad.
        sizes: a list of ints: the number of samples in each batch, at
            least 1.

    Returns:
        A Python float.

    Example:
        >>> mean_over_batches([1.5, 2.5, 8.0], [4, 4, 2])
        3.2

    Foundations: the mean is the sum over all samples, divided by their
    number.
    """
    raise NotImplementedError


def pad(sequences):
    """Stack sequences of different lengths, padded with zeros at the end.

    Args:
        sequences: a non-empty list of N tensors of shape (L,), of one
            dtype and on one device. L may differ, and may be 0.

    Returns:
        A tuple (batch, lengths). batch has the shape (N, longest L), and
        the dtype and the order of the sequences. lengths is an int64
        tensor (N,): the length of each sequence before the padding.

    Example:
        >>> batch, lengths = pad([torch.tensor([5, 6]), torch.tensor([7])])
        >>> batch
        tensor([[5, 6],
                [7, 0]])
        >>> lengths
        tensor([2, 1])

    Foundations: `np.zeros((N, longest))`, filled row by row. A DataLoader
    accepts such a function as its collate_fn.
    """
    raise NotImplementedError
