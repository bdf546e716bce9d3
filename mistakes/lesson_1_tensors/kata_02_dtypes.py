"""Wrong answers to katas/lesson_1_tensors/kata_02_dtypes.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def to_float32__numpys_astype(values):
    """A tensor has no method astype, which is NumPy's. Call its method to, with the dtype."""
    return values.astype(torch.float32)


def to_float32__numpys_dtype(values):
    """You passed a class as the dtype that is not one of PyTorch's, for example np.float32. Pass torch.float32."""
    return values.to(np.float32)


def to_float32__old_constructor(values):
    """torch.FloatTensor raises an error for a tensor of another dtype. Call the method to, with the dtype."""
    return torch.FloatTensor(values)


def to_float32__dtype_as_text(values):
    """PyTorch read your text as the name of a device. Pass the dtype itself: torch.float32, without quotes."""
    return values.to("float32")


def to_float32__pythons_float(values):
    """Your result is float64, which is what Python and NumPy call float. Ask for torch.float32."""
    return values.to(float)


def to_float32__left_to_promotion(values):
    """Integers became float32, but other float dtypes did not change. Convert every dtype, with to(torch.float32)."""
    return values * 1.0


def to_float32__bits_reinterpreted(values):
    """You kept the bits and read them as other numbers, as view(dtype) does. Convert the numbers, with to(dtype)."""
    return values.view(torch.float32)


def to_float32__result_dropped(values):
    """Your result still has the old dtype. Return the result of to(torch.float32), because this call does not change
    the tensor itself."""
    values.to(torch.float32)
    return values


def to_float32__back_on_the_cpu(values):
    """Your result is on the CPU. Convert the tensor itself, then it stays on its device."""
    return torch.tensor(values.tolist(), dtype=torch.float32).reshape(values.shape)


def mean_of_integers__of_int64(counts):
    """You called mean() on integers, which PyTorch refuses. Convert them to float32 first."""
    return counts.mean()


def mean_of_integers__size_without_parentheses(counts):
    """You divided by a method that you did not call, for example counts.size. Divide by counts.numel()."""
    return counts.sum() / counts.size


def mean_of_integers__size_as_a_number(counts):
    """You divided by the shape, which is not a number. The number of elements is counts.numel()."""
    return counts.sum() / counts.size()


def mean_of_integers__rounded_down(counts):
    """Your mean has lost its fraction. Divide with / and not with //, and neither round nor convert the mean."""
    return (counts.sum() // counts.numel()).to(torch.float32)


def mean_of_integers__int64_again(counts):
    """Your mean is int64, so it has lost its fraction. Return float32: neither divide with // nor convert the mean to
    integers."""
    return counts.sum() // counts.numel()


def mean_of_integers__rows_for_elements(counts):
    """You divided by the number of rows. Divide by the number of all elements, which is counts.numel()."""
    return counts.sum() / (len(counts) if counts.dim() else 1)


def mean_of_integers__float64(counts):
    """Your mean is float64, which is NumPy's choice. Convert the integers to torch.float32 instead."""
    return counts.to(torch.float64).mean()


def mean_of_integers__a_python_number(counts):
    """You returned a Python number, which has no dtype and no device. Return a tensor of shape ()."""
    return counts.to(torch.float32).mean().item()


def mean_of_integers__back_on_the_cpu(counts):
    """Your mean is on the CPU. Return it on the device of counts."""
    return torch.tensor(counts.to(torch.float32).mean().item())


def fraction_true__mean_of_bool(mask):
    """You called mean() on bools, which PyTorch refuses. Convert the mask to float32 first."""
    return mask.mean()


def fraction_true__mean_of_int(mask):
    """You called mean() on integers, which PyTorch refuses. Convert the mask to float32 instead."""
    return mask.to(torch.int64).mean()


def fraction_true__the_count(mask):
    """Your result is the number of True, as int64. Divide it by the number of elements."""
    return mask.sum()


def fraction_true__mean_of_the_selected(mask):
    """Your result is 1 if any element is True, and nan otherwise. Average all elements, not only those that are
    True."""
    return mask[mask].to(torch.float32).mean()


def fraction_true__rows_for_elements(mask):
    """You divided by the number of rows. Divide by the number of all elements, which is mask.numel()."""
    return mask.sum() / len(mask)


def fraction_true__of_each_row(mask):
    """If the mask has two or more dimensions, your result is not of shape (). Average over all of its dimensions."""
    return mask.to(torch.float32).mean(dim=-1)


def fraction_true__fraction_of_false(mask):
    """Your result is the fraction of False. Subtract it from 1, or average the mask itself."""
    return 1 - mask.to(torch.float32).mean()


def fraction_true__rounded_down(mask):
    """Every fraction below 1 became 0. Divide with / and not with //, and never convert the fraction to an integer."""
    return (mask.sum() // mask.numel()).to(torch.float32)


def fraction_true__one_minus_a_mask(mask):
    """You subtracted a mask, which PyTorch refuses. Invert a mask with ~, or convert it to float32 first."""
    return 1 - (1 - mask).to(torch.float32).mean()


def within__and(x, low, high):
    """You used a mask as a single bool, for example with `and` or low < x < high. Combine two masks with &."""
    return x > low and x < high


def within__no_parentheses(x, low, high):
    """Your code computes & before < and >, so it combines a number and x. Put parentheses around each comparison."""
    return x > low & x < high


def within__or(x, low, high):
    """Your mask is True if one of the two comparisons is true. Both must be true, so combine them with &."""
    return (x > low) | (x < high)


def within__ends_included(x, low, high):
    """Your mask is True for low and high themselves. Compare with < and >, which exclude the ends."""
    return (x >= low) & (x <= high)


def within__low_included(x, low, high):
    """Your mask is True for low itself. Unlike a range, it excludes both ends."""
    return (x >= low) & (x < high)


def within__high_included(x, low, high):
    """Your mask is True for high itself. Compare with < and >, which exclude the ends."""
    return (x > low) & (x <= high)


def within__nan_inside(x, low, high):
    """Your mask is True for nan. Combine x > low and x < high with &, because both are False for nan."""
    return ~((x <= low) | (x >= high))


def within__outside(x, low, high):
    """Your mask is True outside of low and high, and False between them. Swap True and False."""
    return ~((x > low) & (x < high))


def within__the_numbers(x, low, high):
    """You returned the numbers that the mask selects. Return the mask itself, with one bool for each element."""
    return x[(x > low) & (x < high)]


def within__zeros_and_ones(x, low, high):
    """The dtype of your mask is float32. Return bools, as a comparison does."""
    return ((x > low) & (x < high)).to(torch.float32)


def same_tensor__torch_equal(a, b):
    """Your result ignores the dtypes, and it is False for two nans. Compare the dtypes, and find nan with isnan()."""
    return torch.equal(a, b)


def same_tensor__nan_differs(a, b):
    """Your result is False for a copy that contains nan, because nan == nan is False. Also accept two nans."""
    return a.dtype == b.dtype and torch.equal(a, b)


def same_tensor__equal_nan(a, b):
    """torch.equal has no argument equal_nan, which is NumPy's. Find nan with isnan()."""
    return a.dtype == b.dtype and torch.equal(a, b, equal_nan=True)


def same_tensor__dtype_ignored(a, b):
    """Your result is True for tensors of different dtypes, because 1 == 1.0 is True. Compare the dtypes too."""
    return a.shape == b.shape and bool(((a == b) | (a.isnan() & b.isnan())).all())


def same_tensor__a_bool_tensor(a, b):
    """You returned a bool tensor of shape (). Return a Python bool, with bool(…) or item()."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return torch.tensor(False)
    return ((a == b) | (a.isnan() & b.isnan())).all()


def same_tensor__stretched_to_fit(a, b):
    """Your result is True for different shapes that broadcast to each other. Compare the shapes before the values."""
    return a.dtype == b.dtype and bool(((a == b) | (a.isnan() & b.isnan())).all())


def same_tensor__flattened(a, b):
    """Your result is True for different shapes with equally many elements. Compare the shapes before the values."""
    return a.dtype == b.dtype and a.numel() == b.numel() and same_tensor__dtype_ignored(a.flatten(), b.flatten())


def same_tensor__values_ignored(a, b):
    """Your result is True for equal shapes and dtypes, whatever the values are. Compare every element too."""
    return a.shape == b.shape and a.dtype == b.dtype


def same_tensor__one_bool_per_element(a, b):
    """You returned one bool for each element. Return a single Python bool: are all elements equal?"""
    return a == b


def same_tensor__as_text(a, b):
    """Your result is True if the difference is too small to be printed. Compare the numbers and not their text."""
    return str(a) == str(b)


def same_tensor__close_enough(a, b):
    """Your result is True for values that are close but not equal. Compare exactly, without a tolerance."""
    return a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a.float(), b.float(), equal_nan=True)


def same_tensor__nan_is_zero(a, b):
    """Your result is True for nan and 0. Leave nan in the tensors, and find it in both with isnan()."""
    return a.dtype == b.dtype and torch.equal(a.nan_to_num(), b.nan_to_num())


def same_tensor__nan_matches_anything(a, b):
    """Your result is True for nan in one tensor and a number in the other. Both elements must be nan."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | a.isnan() | b.isnan()).all())


def same_tensor__nan_of_a_alone(a, b):
    """Your result is True for nan in a and a number in b. Both elements must be nan, so check b too."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | a.isnan()).all())


def same_tensor__nan_removed(a, b):
    """Your result is True although nan is in different places. Compare element by element, without removing nan."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return torch.equal(a[~a.isnan()], b[~b.isnan()])


def same_tensor__one_element_is_enough(a, b):
    """Your result is True if only one pair of elements is equal, and False for empty tensors. All pairs must be
    equal."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | (a.isnan() & b.isnan())).any())


def same_tensor__the_same_object(a, b):
    """Your result is False for a tensor and its copy. Compare shape, dtype and values, not the objects."""
    return a is b


def whole_and_rest__true_division(total, size):
    """whole is float32, because a single / does not round. Divide with //, which keeps int64."""
    return total / size, total % size


def whole_and_rest__toward_zero(total, size):
    """For negative numbers, whole is rounded toward zero. Round it down, then the rest is never negative."""
    return torch.div(total, size, rounding_mode="trunc"), torch.fmod(total, size)


def whole_and_rest__c_like_rest(total, size):
    """whole is right, but your rest can be negative, as fmod's can. Use the operator %."""
    return total // size, torch.fmod(total, size)


def whole_and_rest__through_float32(total, size):
    """Your result is wrong for large numbers. float32 has only about 7 digits, so compute with integers alone."""
    whole = (total / size).floor().to(torch.int64)
    return whole, total - whole * size


def whole_and_rest__through_float64(total, size):
    """Your result is wrong for numbers above 2**53. Even float64 is not exact there, so compute with integers alone."""
    whole = (total.cpu().to(torch.float64) / size).floor().to(torch.int64).to(total.device)
    return whole, total - whole * size


def whole_and_rest__rest_first(total, size):
    """Your tuple has the rest first. Return (whole, rest), in this order."""
    return total % size, total // size


def whole_and_rest__pythons_divmod(total, size):
    """Python's divmod does not accept tensors. Use its two operators instead, // and %."""
    return divmod(total, size)


def whole_and_rest__total_used_up(total, size):
    """You changed the argument total, which now holds the rest. Compute the rest as a new tensor."""
    whole = total // size
    total -= whole * size
    return whole, total


def whole_and_rest__total_divided_in_place(total, size):
    """You changed the argument total, which now holds the quotients. Compute them as a new tensor."""
    rest = total % size
    total //= size
    return total, rest


def sum_dtype__added(a, b):
    """You combined tensors whose shapes don't fit. Find the dtype without computing the sum."""
    return (a + b).dtype


def sum_dtype__of_the_dtypes_alone(a, b):
    """You used the dtype of b, which a Python number does not have. Pass a and b themselves to torch.result_type."""
    return torch.promote_types(a.dtype, b.dtype)


def sum_dtype__number_as_a_large_tensor(a, b):
    """You treated a Python number like a tensor with dimensions. A number changes the dtype only if its kind is higher
    than the tensor's."""
    both = isinstance(b, torch.Tensor)
    return torch.result_type(a, b) if both else torch.promote_types(a.dtype, torch.tensor(b).dtype)


def sum_dtype__number_ignored(a, b):
    """Your result ignores the Python number. For int64 and 0.5, the sum is float32, because float is a higher kind."""
    return torch.result_type(a, b) if isinstance(b, torch.Tensor) else a.dtype


def sum_dtype__of_the_tensors_dtypes(a, b):
    """Your result depends only on the dtypes of a and b. Their shapes matter too, so pass a and b themselves to
    torch.result_type."""
    both = isinstance(b, torch.Tensor)
    return torch.promote_types(a.dtype, b.dtype) if both else torch.result_type(a, b)


def sum_dtype__of_the_first(a, b):
    """Your result is the dtype of a. The dtype of a + b also depends on b."""
    return a.dtype


def sum_dtype__of_the_second(a, b):
    """Your result is the dtype of b. The dtype of a + b also depends on a."""
    return b.dtype


def sum_dtype__numpys_rule(a, b):
    """Your result is float64 for int64 and float32, as in NumPy. In PyTorch, the float dtype decides: float32."""
    return getattr(torch, np.result_type(a.cpu().numpy(), b.cpu().numpy()).name)


def sum_dtype__more_bytes_win(a, b):
    """Your result is the dtype with more bytes. A float dtype comes before every integer dtype, even a larger one."""
    return max(a.dtype, b.dtype, key=lambda dtype: dtype.itemsize)


def sum_dtype__always_float32(a, b):
    """Your result is always float32. A sum of integers has an integer dtype, and other float dtypes exist."""
    return torch.float32


def sum_dtype__number_as_a_tensor(a, b):
    """For float16 of shape () and 0.5, your result is float32. A Python number of the same kind never changes the
    dtype, so don't make it a tensor."""
    return torch.result_type(a, torch.as_tensor(b))


def to_bytes__cut_off_and_wrapped(pixels):
    """Your code cuts fractions off, and numbers above 255 start again at 0. Round and clamp before you convert."""
    # Through int64, because the conversion of 300.0 to uint8 depends on the processor.
    return (pixels * 255).to(torch.int64).to(torch.uint8)


def to_bytes__cut_off(pixels):
    """Your code rounds down, as floor() and the conversion to integers do. Call round() before you convert."""
    return (pixels * 255).clamp(0, 255).to(torch.uint8)


def to_bytes__wrapped_around(pixels):
    """Pixels above 1 start again at black, because uint8 ends at 255. Clamp the numbers before you convert them."""
    return (pixels * 255).round().to(torch.int64).to(torch.uint8)


def to_bytes__rounded_up(pixels):
    """Your code rounds up: 51.1 became 52. Round to the nearest integer."""
    return (pixels * 255).ceil().clamp(0, 255).to(torch.uint8)


def to_bytes__converted_first(pixels):
    """Your result has only 0 and 255, because the fractions were lost before the multiplication. Multiply by 255
    first."""
    return pixels.clamp(0, 1).to(torch.uint8) * 255


def to_bytes__rounded_first(pixels):
    """Your result has only 0 and 255, because you rounded before the multiplication. Multiply by 255 first."""
    return (pixels.clamp(0, 1).round() * 255).to(torch.uint8)


def to_bytes__times_256(pixels):
    """Your bright pixels are too bright: you multiplied by 256. White is 255, so multiply by 255."""
    return (pixels * 256).round().clamp(0, 255).to(torch.uint8)


def to_bytes__times_256_cut_off(pixels):
    """For 0.75 your result is 192, which is 0.75 * 256. Multiply by 255, then round to the nearest integer."""
    return (pixels * 256).clamp(0, 255).to(torch.uint8)


def to_bytes__still_float(pixels):
    """Your result is float32. Convert it to uint8, one byte per pixel."""
    return (pixels * 255).round().clamp(0, 255)


def to_bytes__stretched(pixels):
    """Your darkest pixel is 0 and your brightest is 255, in every image. Don't stretch the range: clamp it."""
    if not pixels.numel():
        return pixels.to(torch.uint8)
    scaled = (pixels - pixels.min()) / (pixels.max() - pixels.min())
    return (scaled * 255).round().to(torch.uint8)


def to_bytes__in_place(pixels):
    """You rounded the argument pixels itself. A method that ends in _ works in place, so use the one without _."""
    return pixels.mul_(255).round_().clamp_(0, 255).to(torch.uint8)


def to_bytes__scaled_in_place(pixels):
    """You multiplied the argument pixels itself by 255, for example with *=. Compute a new tensor: pixels * 255."""
    pixels *= 255
    return pixels.round().clamp(0, 255).to(torch.uint8)
