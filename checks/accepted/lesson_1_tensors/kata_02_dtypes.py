"""Other right answers to katas/lesson_1_tensors/kata_02_dtypes.py: the tests must accept them."""

import numpy as np
import torch


def to_float32__float(values):
    return values.float()


def to_float32__copied_into_zeros(values):
    return torch.zeros(values.shape, device=values.device).copy_(values)


def to_float32__by_type(values):
    return values.type(torch.float)


def mean_of_integers__dtype_of_the_mean(counts):
    return counts.mean(dtype=torch.float32)


def mean_of_integers__sum_over_count(counts):
    return counts.sum() / counts.numel()


def mean_of_integers__counted_in_python(counts):
    numbers = counts.flatten().tolist()
    return torch.tensor(sum(numbers) / len(numbers), device=counts.device)


def fraction_true__sum_over_count(mask):
    return mask.sum() / mask.numel()


def fraction_true__counted(mask):
    return torch.count_nonzero(mask) / mask.numel()


def fraction_true__one_less_the_others(mask):
    return 1 - (~mask).float().mean()


def fraction_true__looped(mask):
    found = sum(1 for each in mask.flatten() if each)
    return torch.tensor(found / mask.numel(), device=mask.device)


def within__logical_and(x, low, high):
    return torch.logical_and(low < x, high > x)


def within__product(x, low, high):
    return (x > low) * (x < high)


def within__distance_to_the_middle(x, low, high):
    return (x - (low + high) / 2).abs() < (high - low) / 2


def within__looped(x, low, high):
    inside = [low < number < high for number in x.flatten().tolist()]
    return torch.tensor(inside, dtype=torch.bool, device=x.device).reshape(x.shape)


def same_tensor__no_tolerance(a, b):
    alike = a.shape == b.shape and a.dtype == b.dtype
    return alike and torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)


def same_tensor__by_numpy(a, b):
    left, right = a.cpu().numpy(), b.cpu().numpy()
    return a.dtype == b.dtype and np.array_equal(left, right, equal_nan=True)


def same_tensor__torch_testing(a, b):
    try:
        torch.testing.assert_close(a, b, rtol=0, atol=0, equal_nan=True)
    except AssertionError:
        return False
    return True


def same_tensor__equal_or_unequal_to_itself(a, b):
    if (a.shape, a.dtype) != (b.shape, b.dtype):
        return False
    return not ((a != b) & ~((a != a) & (b != b))).any().item()


def whole_and_rest__by_name(total, size):
    return torch.div(total, size, rounding_mode="floor"), torch.remainder(total, size)


def whole_and_rest__rest_by_subtraction(total, size):
    whole = torch.floor_divide(total, size)
    return whole, total - whole * size


def whole_and_rest__whole_from_the_rest(total, size):
    rest = total % size
    return torch.div(total - rest, size, rounding_mode="trunc"), rest


def whole_and_rest__looped(total, size):
    pairs = [divmod(number, size) for number in total.flatten().tolist()]
    whole, rest = torch.tensor(pairs, device=total.device).T
    return whole.reshape(total.shape), rest.reshape(total.shape)


def sum_dtype__of_a_sum_of_nothing(a, b):
    def nothing(x):
        return torch.empty((0,) * x.dim(), dtype=x.dtype) if isinstance(x, torch.Tensor) else x

    return (nothing(a) + nothing(b)).dtype


def sum_dtype__by_the_rule(a, b):
    def kind(dtype):
        return 2 if dtype.is_floating_point else 1 if dtype != torch.bool else 0

    def rank(x):
        return 0 if not isinstance(x, torch.Tensor) else 1 if x.dim() == 0 else 2

    of_a, of_b = a.dtype, b.dtype if isinstance(b, torch.Tensor) else torch.tensor(b).dtype
    if rank(a) == rank(b):
        return torch.promote_types(of_a, of_b)
    if kind(of_a) != kind(of_b):
        return of_a if kind(of_a) > kind(of_b) else of_b
    return of_a if rank(a) > rank(b) else of_b


def to_bytes__clipped_first(pixels):
    return torch.round(pixels.clamp(0, 1) * 255).to(torch.uint8)


def to_bytes__half_added(pixels):
    return pixels.mul(255).add_(0.5).clamp_(0, 255).to(torch.uint8)


def to_bytes__clipped_as_whole_numbers(pixels):
    return (pixels * 255).round().to(torch.int64).clamp(0, 255).byte()
