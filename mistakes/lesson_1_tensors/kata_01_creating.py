"""Wrong answers to katas/lesson_1_tensors/kata_01_creating.py, each with the sentence that corrects the belief."""

import math

import numpy as np
import torch


def full_of__dtype_follows_the_value(shape, value):
    """For an int, your result has dtype int64. Ask for float32, with dtype=torch.float32."""
    return torch.full(shape, value)


def full_of__numpys_float64(shape, value):
    """Your result is float64, which is what Python and NumPy call float. Ask for torch.float32."""
    return torch.from_numpy(np.full(shape, float(value)))


def full_of__ones_plus_value(shape, value):
    """Every element of your result is value + 1. If you add the value to a tensor, start from zeros, not from ones."""
    return torch.ones(shape) + value


def full_of__a_numpy_array(shape, value):
    """You returned a NumPy array, which prints almost like a tensor. Create a tensor, with a function of PyTorch."""
    return np.full(shape, value, dtype=np.float32)


def full_of__numpys_dtype(shape, value):
    """You passed a class as the dtype that is not one of PyTorch's, for example np.float32. Pass torch.float32."""
    return torch.full(shape, value, dtype=np.float32)


def full_of__dtype_as_text(shape, value):
    """You passed the dtype as text, which NumPy accepts. Pass PyTorch's own object, torch.float32."""
    return torch.full(shape, value, dtype="float32")


def full_of__sizes_unpacked(shape, value):
    """For shape (), your result has shape (0,). Pass the shape as one argument, for example to torch.full."""
    return torch.Tensor(*shape).fill_(value)


def from_rows__capital_tensor(rows):
    """Your result is float32 although all numbers are ints. Let torch.tensor choose the dtype: it keeps ints as
    int64."""
    return torch.Tensor(rows)


def from_rows__through_numpy(rows):
    """Your floats became float64, which is NumPy's choice. Let torch.tensor choose the dtype from the list itself."""
    return torch.from_numpy(np.array(rows))


def from_rows__dtype_of_the_first_number(rows):
    """Your result is int64 although one of the numbers is a float. A single float makes the whole result float32."""
    return torch.tensor(rows, dtype=torch.int64 if isinstance(rows[0][0], int) else torch.float32)


def from_rows__dtype_of_the_first_row(rows):
    """Your result is int64 although the second row contains a float. The numbers of all rows decide, not the first
    row."""
    with_float = any(isinstance(number, float) for number in rows[0])
    return torch.tensor(rows, dtype=torch.float32 if with_float else torch.int64)


def from_rows__always_int(rows):
    """Your result is int64 even for floats, which then lose their fractions. Let torch.tensor choose the dtype."""
    return torch.tensor(rows, dtype=torch.int64)


def from_rows__one_dimension(rows):
    """Your result has one dimension, without the rows. Pass the nested list as it is to torch.tensor."""
    return torch.tensor([number for row in rows for number in row])


def zeros_matching__shape_only(x):
    """Your zeros are float32, whatever the dtype of x. They need the dtype and the device of x."""
    return torch.zeros(x.shape)


def zeros_matching__shape_and_dtype(x):
    """Your zeros are on the CPU, whatever the device of x. Create them on x.device."""
    return torch.zeros(x.shape, dtype=x.dtype)


def zeros_matching__times_zero(x):
    """For bools your result is int64, and for nan it is nan. Create new zeros, and don't compute them from x."""
    return x * 0


def zeros_matching__nan_kept(x):
    """For nan your result is nan, because nan * 0 is nan. Create new zeros, and don't compute them from x."""
    return (x * 0).to(x.dtype)


def zeros_matching__minus_itself(x):
    """You subtracted x from itself, which fails for bools and gives nan for nan. Create new zeros instead."""
    return x - x


def zeros_matching__like_a_shape(x):
    """You passed a shape to a function that needs a tensor as its example. Pass x itself."""
    return torch.zeros_like(x.shape)


def zeros_matching__emptied_in_place(x):
    """You set x itself to zeros, but the caller still needs its values. Create new zeros."""
    return x.zero_()


def seeded_normal__seed_unused(shape, seed):
    """The same seed gave different numbers. Seed a generator in each call, and draw from this generator."""
    return torch.randn(shape)


def seeded_normal__seeded_at_random(shape, seed):
    """The same seed gave different numbers. Give `seed` to your generator, with its method manual_seed."""
    generator = torch.Generator()
    generator.seed()
    return torch.randn(shape, generator=generator)


def seeded_normal__seed_as_device(shape, seed):
    """torch.Generator accepts a device, not a seed. Create one without arguments, then call manual_seed(seed)."""
    return torch.randn(shape, generator=torch.Generator(seed))


def seeded_normal__seed_draws_its_own(shape, seed):
    """The method seed() of a generator accepts no number, because it chooses one at random. Call manual_seed(seed)."""
    generator = torch.Generator()
    generator.seed(seed)
    return torch.randn(shape, generator=generator)


def seeded_normal__seed_forgotten(shape, seed):
    """Different seeds gave the same numbers. Pass `seed` to the generator from which you draw."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def seeded_normal__global_seed(shape, seed):
    """Your code changed the global generator, so other code gets other numbers. Draw from a new torch.Generator()."""
    torch.manual_seed(seed)
    return torch.randn(shape)


def seeded_normal__uniform(shape, seed):
    """Your numbers lie between 0 and 1, and their mean is 0.5. Draw them with torch.randn, where n stands for
    normal."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def seeded_normal__float64(shape, seed):
    """Your numbers are float64. Draw them as float32, which is PyTorch's default."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def seeded_normal__numpys_float64(shape, seed):
    """Your numbers are float64, which is NumPy's default. Convert them to float32, or draw with PyTorch."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


def single_number__size_instead_of_value(value):
    """For 3, your result has 3 elements: the number was used as a size. torch.tensor uses it as a value."""
    # torch.Tensor leaves the elements uninitialized.
    return torch.Tensor(value).fill_(math.nan)


def single_number__in_a_list(value):
    """Your result has shape (1,), which is one dimension. For shape (), pass the number itself to torch.tensor, without
    brackets, and add no dimension."""
    return torch.tensor([value], dtype=torch.float32)


def single_number__int_stays_int(value):
    """For an int, your result has dtype int64. Ask for float32, with dtype=torch.float32."""
    return torch.tensor(value)


def single_number__a_python_number(value):
    """You returned a Python number. Return a tensor of shape (), which holds one number and is still a tensor."""
    return float(value)


def by_step__stop_included(start, stop, step):
    """Your result contains stop. Like Python's range, it must end before stop."""
    return torch.arange(start, stop + 1, step)


def by_step__count_for_step(start, stop, step):
    """Your result has as many elements as `step` says. The step is the distance from one element to the next."""
    return torch.linspace(start, stop, step)


def by_step__stop_left_out_twice(start, stop, step):
    """Your result lacks the last number below stop. arange excludes stop itself, so pass stop and not stop - 1."""
    return torch.arange(start, stop - 1, step)


def by_step__torch_range(start, stop, step):
    """Your result contains stop and is float32, like that of the deprecated torch.range. Use torch.arange."""
    return torch.range(start, stop, step)


def by_step__floats(start, stop, step):
    """Your result is float32, which can't hold every large integer. Make the numbers int64 from the start."""
    return torch.arange(start, stop, step, dtype=torch.float32)


def by_step__through_float32(start, stop, step):
    """Large integers have changed, because float32 is exact only up to 2**24. Use int64 from the start."""
    return torch.arange(start, stop, step, dtype=torch.float32).to(torch.int64)


def by_step__through_a_list(start, stop, step):
    """If start == stop, your result is not int64. Without elements, PyTorch chooses float32, so pass
    dtype=torch.int64."""
    return torch.tensor(list(range(start, stop, step)))


def by_count__distance_over_count(start, stop, count):
    """Your steps are (stop - start) / count long, so the end is missing. There are only count - 1 steps."""
    return start + (stop - start) / count * torch.arange(count, dtype=torch.float32)


def by_count__arange_over_count(start, stop, count):
    """Your result ends before stop, as a range does. Both ends belong to the result."""
    return torch.arange(start, stop, (stop - start) / (count - 1), dtype=torch.float32)


def by_count__count_less_one(start, stop, count):
    """Your result has only count - 1 elements. There are count - 1 steps from start to stop, but count elements."""
    return torch.linspace(start, stop, count - 1)


def by_count__arange_past_stop(start, stop, count):
    """For some inputs, your result has one element too many, because steps are rounded. Set the number of elements."""
    step = (stop - start) / (count - 1)
    return torch.arange(start, stop + step, step) if step else torch.full((count,), float(start))


def by_count__numpys_keyword(start, stop, count):
    """torch.linspace calls this argument steps, not num. Without a name, the order is the same as in NumPy."""
    return torch.linspace(start, stop, num=count)


def one_hot_rows__squeezed(labels, classes):
    """For one label, your result has shape (classes,) and not (1, classes). If you used squeeze(), leave it out."""
    return torch.nn.functional.one_hot(labels, classes).to(torch.float32).squeeze()


def one_hot_rows__int64(labels, classes):
    """The dtype of your rows is int64. Convert them to float32, the dtype of the probabilities."""
    return torch.nn.functional.one_hot(labels, classes)


def one_hot_rows__classes_guessed(labels, classes):
    """Your result ends at the column of the largest label. Make `classes` columns, because a class may not occur."""
    found = int(labels.max()) + 1 if labels.numel() else 0
    return torch.nn.functional.one_hot(labels, found).to(torch.float32)


def one_hot_rows__every_row_and_label(labels, classes):
    """Every row has a 1 in the columns of all labels. Row i needs a 1 only in column labels[i]."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    rows[:, labels] = 1.0
    return rows


def one_hot_rows__label_as_value(labels, classes):
    """You stored the label in its column. Store a 1 there, because the label only says which column it is."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    rows[torch.arange(len(labels), device=labels.device), labels] = labels.to(torch.float32)
    return rows


def one_hot_rows__back_on_the_cpu(labels, classes):
    """Your result is on the CPU. Return it on the device of the labels."""
    return torch.eye(classes)[labels.cpu()]


def one_hot_rows__made_on_the_cpu(labels, classes):
    """You indexed a tensor on the CPU with labels on another device. Create this tensor with device=labels.device."""
    return torch.eye(classes)[labels]


def one_hot_rows__labels_reshaped_in_place(labels, classes):
    """Your code changed the shape of the labels. A method that ends in _ works in place, so use the one without _."""
    return torch.zeros(len(labels), classes, device=labels.device).scatter_(1, labels.unsqueeze_(1), 1.0)
