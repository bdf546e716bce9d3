"""Wrong answers to katas/lesson_1_tensors/kata_01_creating.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def full_of__dtype_follows_the_value(shape, value):
    """PyTorch takes the dtype from the fill value: a whole number makes int64. The dtype you want has to be said."""
    return torch.full(shape, value)


def full_of__numpys_float64(shape, value):
    """NumPy computes in float64, PyTorch in float32: an array carried over keeps its float64 until you convert it."""
    return torch.from_numpy(np.full(shape, float(value)))


def full_of__ones_plus_value(shape, value):
    """Adding the value to ones gives one too many: start from zeros, or multiply."""
    return torch.ones(shape) + value


def full_of__a_numpy_array(shape, value):
    """This is still NumPy: it looks the same when printed, but nothing of PyTorch works on it."""
    return np.full(shape, value, dtype=np.float32)


def from_rows__capital_tensor(rows):
    """torch.Tensor makes float32 of everything, so large whole numbers change. torch.tensor looks at the values."""
    return torch.Tensor(rows)


def from_rows__through_numpy(rows):
    """np.array makes float64 of numbers with a point, and the tensor inherits that: PyTorch's own float is float32."""
    return torch.from_numpy(np.array(rows))


def from_rows__dtype_of_the_first_number(rows):
    """The first number does not speak for the others: one number with a point makes the whole tensor float32."""
    return torch.tensor(rows, dtype=torch.int64 if isinstance(rows[0][0], int) else torch.float32)


def from_rows__always_int(rows):
    """Forcing a whole-number dtype cuts off everything behind the point, without a word."""
    return torch.tensor(rows, dtype=torch.int64)


def single_number__size_instead_of_value(value):
    """torch.Tensor(3) reads 3 as a size: three numbers that nobody has set. The lower-case function takes values."""
    return torch.zeros(int(abs(value)))


def single_number__in_a_list(value):
    """Brackets around a number are a dimension: [3.] is a vector with one element, and 3. has no dimension."""
    return torch.tensor([value], dtype=torch.float32)


def single_number__whole_number_stays_int(value):
    """A whole number makes an int64 tensor, which can be neither averaged nor differentiated: ask for float32."""
    return torch.tensor(value)


def zeros_matching__shape_only(x):
    """A shape says nothing of dtype or device: zeros of that shape are float32 on the CPU, whatever x is."""
    return torch.zeros(x.shape)


def zeros_matching__times_zero(x):
    """Nan and infinity times 0 are nan, not 0: zeros are made, not computed from old values."""
    return x * 0


def zeros_matching__emptied_in_place(x):
    """A trailing underscore means in place: the caller's own x is now zeros, and you have handed x itself back."""
    return x.zero_()


def zeros_matching__ones(x):
    """These are ones. The gradient accumulator that this is for has to start from nothing."""
    return torch.ones_like(x)


def by_step__end_included(start, stop, step):
    """A range ends before its stop, as in Python and NumPy. The function torch.range, which keeps it, is deprecated."""
    return torch.arange(start, stop + 1, step)


def by_step__count_for_step(start, stop, step):
    """The third number is the distance between neighbours here, not how many there are."""
    return torch.linspace(start, stop, step).to(torch.int64)


def by_step__float_numbers(start, stop, step):
    """Positions are counted in whole numbers: with a float dtype the result can't be used as an index."""
    return torch.arange(start, stop, step, dtype=torch.float32)


def by_count__panels_for_posts(start, stop, count):
    """Five numbers have four gaps between them: dividing the length by count leaves the last end out."""
    return start + (stop - start) / count * torch.arange(count, dtype=torch.float32)


def by_count__arange_over_count(start, stop, count):
    """A range by step leaves its end out, so the last number is missing."""
    return torch.arange(start, stop, (stop - start) / (count - 1), dtype=torch.float32)


def by_count__count_less_one(start, stop, count):
    """How many numbers and how many gaps differ by one: you were asked for the numbers."""
    return torch.linspace(start, stop, count - 1)


def one_hot_rows__whole_numbers(labels, classes):
    """one_hot counts in int64; to be subtracted from probabilities and averaged, the rows must be float32."""
    return torch.nn.functional.one_hot(labels, classes)


def one_hot_rows__classes_guessed(labels, classes):
    """Left to guess, one_hot makes as many columns as the largest label needs: a batch without it comes out narrow."""
    found = int(labels.max()) + 1 if labels.numel() else 0
    return torch.nn.functional.one_hot(labels, found).to(torch.float32)


def one_hot_rows__every_row_and_label(labels, classes):
    """A slice : means every row, so all rows get all the labels: pair row i with label i by giving both indices."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    rows[:, labels] = 1.0
    return rows


def one_hot_rows__label_as_value(labels, classes):
    """The label says in which column, not which number: the entry itself is 1."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    rows[torch.arange(len(labels), device=labels.device), labels] = labels.to(torch.float32)
    return rows


def seeded_normal__global_seed(shape, seed):
    """torch.manual_seed sets the generator that everybody shares: all draws after yours are now decided by you."""
    torch.manual_seed(seed)
    return torch.randn(shape)


def seeded_normal__seed_unused(shape, seed):
    """A seed that no generator is given changes nothing: the numbers come from the global one."""
    return torch.randn(shape)


def seeded_normal__uniform(shape, seed):
    """rand draws evenly between 0 and 1; the bell curve around 0 is randn, with the n of normal."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def seeded_normal__seed_forgotten(shape, seed):
    """A generator made without your seed starts the same every time: all seeds give the same numbers."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def seeded_normal__numpys_float64(shape, seed):
    """NumPy draws in float64, and the tensor inherits it: weights of that dtype meet float32 data only to fail."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))
