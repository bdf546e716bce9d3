"""Wrong answers to katas/lesson_1_tensors/kata_01_creating.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def full_of__dtype_follows_the_value(shape, value):
    """Whole numbers come out as int64 unless another dtype is asked for, and int64 is for counting and indexing."""
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


def full_of__numpys_dtype(shape, value):
    """A NumPy dtype means nothing to PyTorch: it has dtypes of its own, under the same names."""
    return torch.full(shape, value, dtype=np.float32)


def from_rows__capital_tensor(rows):
    """Everything came out as float32, whole numbers too, and large ones lose digits: let the numbers decide."""
    return torch.Tensor(rows)


def from_rows__through_numpy(rows):
    """np.array makes float64 of numbers with a point, and the tensor inherits that: PyTorch's own float is float32."""
    return torch.from_numpy(np.array(rows))


def from_rows__dtype_of_the_first_number(rows):
    """The first number does not speak for the others: one number with a point makes the whole tensor float32."""
    return torch.tensor(rows, dtype=torch.int64 if isinstance(rows[0][0], int) else torch.float32)


def from_rows__dtype_of_the_first_row(rows):
    """The first row does not speak for the others: one number with a point makes the whole tensor float32."""
    with_point = any(isinstance(number, float) for number in rows[0])
    return torch.tensor(rows, dtype=torch.float32 if with_point else torch.int64)


def from_rows__always_int(rows):
    """Forcing a whole-number dtype cuts off everything behind the point, without a word."""
    return torch.tensor(rows, dtype=torch.int64)


def single_number__size_instead_of_value(value):
    """Your number was read as a size: these are that many numbers which nobody has set. torch.Tensor does this."""
    return torch.full((int(value),), float("nan"))


def single_number__in_a_list(value):
    """Brackets around a number are a dimension: [3.] is a vector with one element, and 3. has no dimension."""
    return torch.tensor([value], dtype=torch.float32)


def single_number__whole_number_stays_int(value):
    """A whole number makes an int64 tensor, which can be neither averaged nor differentiated: ask for float32."""
    return torch.tensor(value)


def zeros_matching__shape_only(x):
    """These came out as float32, the default: a shape alone says nothing of the dtype or the device of x."""
    return torch.zeros(x.shape)


def zeros_matching__shape_and_dtype(x):
    """A new tensor starts on the CPU unless told otherwise, wherever x lives: it must be made on x's own device."""
    return torch.zeros(x.shape, dtype=x.dtype)


def zeros_matching__times_zero(x):
    """Zeros computed from old values inherit their troubles: nan stays nan, and arithmetic makes ints of bools."""
    return x * 0


def zeros_matching__emptied_in_place(x):
    """You changed x itself: the caller's own x is now zeros. Make new zeros, and leave alone what you were given."""
    return x.zero_()


def by_step__end_included(start, stop, step):
    """A range ends before its stop, as in Python and NumPy; here the stop itself came out too."""
    return torch.arange(start, stop + 1, step)


def by_step__count_for_step(start, stop, step):
    """The third number is the distance between neighbours here, not how many there are."""
    return torch.linspace(start, stop, step)


def by_step__stop_left_out_twice(start, stop, step):
    """A number below the stop is missing: a range leaves its stop out by itself, so nothing need be taken off."""
    return torch.arange(start, stop - 1, step)


def by_step__torch_range(start, stop, step):
    """torch.range keeps its stop and answers in float32; it is deprecated, as Python's and NumPy's end before."""
    return torch.range(start, stop, step)


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


def by_count__numpys_keyword(start, stop, count):
    """NumPy's num= has another name here; the three arguments stand in the same order, so no name is needed."""
    return torch.linspace(start, stop, num=count)


def one_hot_rows__squeezed(labels, classes):
    """A batch of one lost its first dimension: squeeze drops every size of 1, also one that counts samples."""
    return torch.nn.functional.one_hot(labels, classes).to(torch.float32).squeeze()


def one_hot_rows__whole_numbers(labels, classes):
    """one_hot counts in int64; to be subtracted from probabilities and averaged, the rows must be float32."""
    return torch.nn.functional.one_hot(labels, classes)


def one_hot_rows__classes_guessed(labels, classes):
    """As many columns as the largest label needs is too few whenever the last class does not occur in a batch."""
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


def one_hot_rows__back_on_the_cpu(labels, classes):
    """A result lives where its inputs live: a tensor left on the CPU can't meet the others on the accelerator."""
    return torch.eye(classes)[labels.cpu()]


def one_hot_rows__made_on_the_cpu(labels, classes):
    """What you create yourself starts on the CPU, and labels on another device can't index it."""
    return torch.eye(classes)[labels]


def seeded_normal__global_seed(shape, seed):
    """You have set the generator that everybody shares: whoever draws next gets other numbers than without you."""
    torch.manual_seed(seed)
    return torch.randn(shape)


def seeded_normal__seed_unused(shape, seed):
    """A seed that no generator is given changes nothing: the numbers come from the global one."""
    return torch.randn(shape)


def seeded_normal__seed_as_device(shape, seed):
    """What torch.Generator takes is a device, not a seed: a generator is made first, and seeded afterwards."""
    return torch.randn(shape, generator=torch.Generator(seed))


def seeded_normal__seed_draws_its_own(shape, seed):
    """A generator's seed() takes no number, for it draws one of its own: manual_seed is what takes yours."""
    generator = torch.Generator()
    generator.seed(seed)
    return torch.randn(shape, generator=generator)


def seeded_normal__uniform(shape, seed):
    """rand draws evenly between 0 and 1; the bell curve around 0 is randn, with the n of normal."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def seeded_normal__seed_forgotten(shape, seed):
    """All seeds give the same numbers: whatever draws them never hears of the seed."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def seeded_normal__numpys_float64(shape, seed):
    """NumPy draws in float64, and the tensor inherits it: weights of that dtype meet float32 data only to fail."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))
