"""Other right answers to katas/lesson_1_tensors/kata_01_creating.py: the tests must accept them."""

import numpy as np
import torch


def full_of__zeros_plus(shape, value):
    return torch.zeros(shape) + value


def full_of__empty_then_fill(shape, value):
    tensor = torch.empty(shape)
    tensor.fill_(value)
    return tensor


def full_of__expanded(shape, value):
    return torch.tensor(float(value)).expand(shape)


def full_of__converted(shape, value):
    return torch.full(shape, value).float()


def from_rows__dtype_of_all_numbers(rows):
    has_float = any(isinstance(number, float) for row in rows for number in row)
    return torch.tensor(rows, dtype=torch.float32 if has_float else torch.int64)


def from_rows__stacked_tensors(rows):
    return torch.stack([torch.tensor(row) for row in rows])


def from_rows__stacked(rows):
    return torch.as_tensor([list(row) for row in rows])


def from_rows__through_numpy_with_dtype(rows):
    array = np.array(rows)
    return torch.from_numpy(array if array.dtype.kind == "i" else array.astype(np.float32))


def zeros_matching__all_arguments(x):
    return torch.zeros(x.shape, dtype=x.dtype, device=x.device)


def zeros_matching__new_zeros(x):
    return x.new_zeros(x.size())


def zeros_matching__full_like(x):
    return torch.full_like(x, 0)


def zeros_matching__clone_then_zero(x):
    return x.clone().zero_()


def seeded_normal__state_put_back(shape, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.randn(shape)


def seeded_normal__numpy_generator(shape, seed):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape).astype(np.float32))


def seeded_normal__filled_in_place(shape, seed):
    return torch.empty(shape).normal_(generator=torch.Generator().manual_seed(seed))


def single_number__float_first(value):
    return torch.tensor(float(value))


def single_number__full(value):
    return torch.full((), value, dtype=torch.float32)


def single_number__first_of_a_list(value):
    return torch.Tensor([value])[0]


def by_step__every_so_many(start, stop, step):
    return torch.arange(start, stop)[::step]


def by_step__from_range(start, stop, step):
    return torch.tensor(list(range(start, stop, step)), dtype=torch.int64)


def by_step__keywords(start, stop, step):
    return torch.arange(start=start, end=stop, step=step, dtype=torch.long)


def by_count__scaled(start, stop, count):
    return start + (stop - start) * torch.arange(count) / (count - 1)


def by_count__comprehension(start, stop, count):
    return torch.tensor([start + (stop - start) * i / (count - 1) for i in range(count)], dtype=torch.float32)


def one_hot_rows__eye(labels, classes):
    return torch.eye(classes, device=labels.device)[labels]


def one_hot_rows__compared(labels, classes):
    return (labels[:, None] == torch.arange(classes, device=labels.device)).float()


def one_hot_rows__looped(labels, classes):
    rows = torch.zeros(len(labels), classes, device=labels.device)
    for row, label in zip(rows, labels.tolist(), strict=True):
        row[label] = 1.0
    return rows


def one_hot_rows__scatter(labels, classes):
    return torch.zeros(labels.shape[0], classes, device=labels.device).scatter(1, labels[:, None], 1.0)
