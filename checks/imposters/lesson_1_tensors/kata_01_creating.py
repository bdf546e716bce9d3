"""Answers that fail like a mistake of kata_01_creating, for another reason: its why must be true of them too."""

import numpy as np
import torch


def full_of__dtype_follows_the_value__from_a_list(shape, value):
    """The value, not torch.full, chose the dtype: torch.tensor makes int64 of an int."""
    return torch.tensor(value).repeat(shape)


def full_of__numpys_float64__pythons_float(shape, value):
    """No NumPy: the dtype is Python's float, which PyTorch reads as float64."""
    return torch.full(shape, value, dtype=float)


def full_of__ones_plus_value__value_plus_one(shape, value):
    """Nothing was added to ones: the value itself is one too large."""
    return torch.full(shape, value + 1.0)


def full_of__numpys_dtype__another_class(shape, value):
    """Another class of NumPy."""
    return torch.full(shape, value, dtype=np.single)


def full_of__sizes_unpacked__a_list_of_values(shape, value):
    """No sizes were unpacked: for shape () there are no values."""
    return torch.tensor([float(value)] * (0 if shape == () else int(np.prod(shape)))).reshape(shape or (0,))


def from_rows__capital_tensor__float32_named(rows):
    """The dtype was named, with the function and not the class."""
    return torch.tensor(rows, dtype=torch.float32)


def from_rows__through_numpy__float64_named(rows):
    """No NumPy: the dtype was named."""
    has_float = any(isinstance(number, float) for row in rows for number in row)
    return torch.tensor(rows, dtype=torch.float64 if has_float else torch.int64)


def from_rows__dtype_of_the_first_number__only_if_all_are_floats(rows):
    """All numbers were looked at, and all had to be floats."""
    floats = all(isinstance(number, float) for row in rows for number in row)
    return torch.tensor(rows, dtype=torch.float32 if floats else torch.int64)


def zeros_matching__shape_only__like_with_a_dtype(x):
    """The device is that of x, and the dtype was named."""
    return torch.zeros_like(x, dtype=torch.float32)


def zeros_matching__shape_and_dtype__through_numpy(x):
    """NumPy made the zeros."""
    return torch.from_numpy(np.zeros_like(x.cpu().numpy()))


def zeros_matching__nan_kept__minus_itself(x):
    """Not nan * 0 but nan - nan."""
    return x - x if x.dtype != torch.bool else x & ~x


def zeros_matching__emptied_in_place__through_a_view(x):
    """The zeros were written through another tensor with the memory of x."""
    other = x.detach()
    other[...] = 0
    return other


def seeded_normal__seed_unused__normal(shape, seed):
    """A generator was seeded, and not used."""
    torch.Generator().manual_seed(seed)
    return torch.normal(0.0, 1.0, shape)


def seeded_normal__global_seed__restored(shape, seed):
    """The global generator was seeded again afterwards, which does not restore its state."""
    before = torch.initial_seed()
    torch.manual_seed(seed)
    numbers = torch.randn(shape)
    torch.manual_seed(before)
    return numbers


def single_number__size_instead_of_value__empty(value):
    """torch.empty and not torch.Tensor."""
    return torch.empty(value)


def single_number__in_a_list__of_ones(value):
    """No brackets: a tensor of size 1 was multiplied."""
    return torch.ones(1) * value


def by_step__torch_range__one_more(start, stop, step):
    """torch.arange with a larger end and a named dtype."""
    return torch.arange(start, stop + 1, step, dtype=torch.float32)


def by_step__floats__from_a_list(start, stop, step):
    """The class torch.Tensor made the numbers float32."""
    return torch.Tensor(list(range(start, stop, step)))


def by_count__distance_over_count__cut(start, stop, count):
    """The distance was not divided: the last of count + 1 numbers was cut off."""
    return torch.linspace(start, stop, count + 1)[:-1]


def by_count__arange_over_count__cut(start, stop, count):
    """No range: the last number was cut off."""
    return torch.linspace(start, stop, count)[:-1]


def one_hot_rows__classes_guessed__by_one_hot(labels, classes):
    """one_hot counted the classes."""
    return torch.nn.functional.one_hot(labels).to(torch.float32)


def one_hot_rows__squeezed__first_row(labels, classes):
    """No squeeze: the only row was taken out."""
    rows = torch.eye(classes, device=labels.device)[labels]
    return rows[0] if len(rows) == 1 else rows


def one_hot_rows__back_on_the_cpu__never_left(labels, classes):
    """The rows were created on the CPU."""
    rows = torch.zeros(len(labels), classes)
    rows[torch.arange(len(labels)), labels.cpu()] = 1.0
    return rows


def one_hot_rows__labels_reshaped_in_place__compared(labels, classes):
    """unsqueeze_ in another way of building the rows."""
    labels.unsqueeze_(1)
    return (labels == torch.arange(classes, device=labels.device)).float()


def seeded_normal__uniform__in_place(shape, seed):
    """uniform_ and not rand."""
    return torch.empty(shape).uniform_(generator=torch.Generator().manual_seed(seed))


def single_number__in_a_list__full(value):
    """The brackets are around the size, not around the number."""
    return torch.full((1,), value, dtype=torch.float32)


def by_step__floats__converted(start, stop, step):
    """The integers were exact, and then converted."""
    return torch.arange(start, stop, step).float()


def one_hot_rows__int64__classes_guessed_too(labels, classes):
    """The number of classes is wrong too, which a later test shows."""
    return torch.nn.functional.one_hot(labels)


def single_number__in_a_list__unsqueezed(value):
    """The number was passed without brackets, and a dimension was added."""
    return torch.tensor(float(value)).unsqueeze(0)
