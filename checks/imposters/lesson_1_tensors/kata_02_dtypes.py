"""Answers that fail like a mistake of kata_02_dtypes, for another reason: its why must be true of them too."""

import torch


def to_float32__pythons_float__double(values):
    """No word float: the method double()."""
    return values.double()


def to_float32__left_to_promotion__only_if_no_float(values):
    """A condition, and no arithmetic."""
    return values if values.is_floating_point() else values.float()


def to_float32__result_dropped__nothing_converted(values):
    """Nothing was converted."""
    return values


def to_float32__back_on_the_cpu__moved(values):
    """The tensor was moved to the CPU, and not built anew."""
    return values.cpu().float()


def mean_of_integers__size_without_parentheses__numel(counts):
    """Another method that was not called."""
    return counts.sum() / counts.numel


def mean_of_integers__size_as_a_number__attribute(counts):
    """The attribute shape, and not the method size."""
    return counts.sum() / counts.shape


def mean_of_integers__rounded_down__converted(counts):
    """No //: the mean was converted to int64 and back."""
    return counts.float().mean().long().float()


def mean_of_integers__rounded_down__floor(counts):
    """No //: floor."""
    return counts.float().mean().floor()


def mean_of_integers__rounded_down__rounded(counts):
    """No //: round."""
    return counts.float().mean().round()


def mean_of_integers__int64_again__converted(counts):
    """No //: the mean was converted to int64."""
    return counts.float().mean().floor().long()


def mean_of_integers__float64__by_argument(counts):
    """Python's float as the dtype of the mean."""
    return counts.mean(dtype=float)


def fraction_true__fraction_of_false__inverted(mask):
    """No subtraction: the mask was inverted."""
    return (~mask).float().mean()


def fraction_true__rounded_down__converted(mask):
    """No //: the fraction was converted to int64 and back."""
    return mask.float().mean().long().float()


def within__and__chained(x, low, high):
    """A chained comparison, without the word `and`."""
    return low < x < high


def within__nan_inside__compared_with_false(x, low, high):
    """No ~: the masks were added and compared with 0."""
    return ((x <= low).int() + (x >= high).int()) == 0


def within__ends_included__clamped(x, low, high):
    """No comparison with the ends: the numbers that clamp does not change."""
    return x.clamp(low, high) == x


def same_tensor__torch_equal__by_hand(a, b):
    """No torch.equal: the elements were compared with ==."""
    return a.shape == b.shape and bool((a == b).all())


def same_tensor__nan_differs__by_hand(a, b):
    """No torch.equal: the elements were compared with ==."""
    return a.shape == b.shape and a.dtype == b.dtype and bool((a == b).all())


def same_tensor__nan_of_a_alone__differs_from_itself(a, b):
    """No isnan: nan was found as the number that differs from itself."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | (a != a)).all())


def same_tensor__the_same_object__the_same_memory(a, b):
    """The addresses of the numbers were compared."""
    return a.data_ptr() == b.data_ptr() and a.shape == b.shape and a.numel() > 0


def whole_and_rest__through_float32__floor_of_a_float(total, size):
    """The total was converted before the division."""
    whole = (total.float() / size).floor().long()
    return whole, total - whole * size


def whole_and_rest__toward_zero__without_the_sign(total, size):
    """No torch.div: the absolute values were divided, and the sign came back afterwards."""
    whole = total.sign() * (total.abs() // size)
    return whole, total - whole * size


def sum_dtype__of_the_tensors_dtypes__of_empty_tensors(a, b):
    """No promote_types: empty tensors with one dimension were added."""
    if not isinstance(b, torch.Tensor):
        return torch.result_type(a, b)
    return (torch.empty(0, dtype=a.dtype) + torch.empty(0, dtype=b.dtype)).dtype


def to_bytes__cut_off__floor(pixels):
    """floor cut the fractions off, and not the conversion."""
    return (pixels * 255).floor().clamp(0, 255).to(torch.uint8)


def to_bytes__wrapped_around__clamped_afterwards(pixels):
    """The numbers were clamped, but after the conversion."""
    return (pixels * 255).round().to(torch.int64).to(torch.uint8).clamp(0, 255)


def to_bytes__wrapped_around__half_added(pixels):
    """The numbers were rounded by adding a half, and clamped after the conversion."""
    return (pixels * 255 + 0.5).floor().to(torch.int64).to(torch.uint8).clamp(0, 255)


def to_bytes__times_256_cut_off__one_more_step(pixels):
    """No 256: the pixel itself was added."""
    return (pixels * 255 + pixels).floor().clamp(0, 255).to(torch.uint8)


def to_bytes__scaled_in_place__by_mul(pixels):
    """mul_ and not *=."""
    return pixels.mul_(255).round().clamp(0, 255).to(torch.uint8)


def within__zeros_and_ones__ends_included_too(x, low, high):
    """The ends are wrong too, which a later test shows."""
    return ((x >= low) & (x <= high)).float()


def same_tensor__nan_is_zero__replaced_by_where(a, b):
    """torch.where and not nan_to_num, which leaves inf as it is."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return torch.equal(torch.where(a.isnan(), 0, a), torch.where(b.isnan(), 0, b))


def sum_dtype__number_as_a_large_tensor__in_a_list(a, b):
    """The number became a tensor with one dimension."""
    return torch.result_type(a, b if isinstance(b, torch.Tensor) else torch.tensor([b]))


def to_bytes__still_float__not_clamped(pixels):
    """The numbers are not limited either, which a later test shows."""
    return (pixels * 255).round()


def to_bytes__converted_first__floor(pixels):
    """No conversion before the multiplication: floor."""
    return (pixels.clamp(0, 1).floor() * 255).to(torch.uint8)


def to_float32__result_dropped__capital_tensor(values):
    """torch.Tensor returns a tensor as it is."""
    return torch.Tensor(values)
