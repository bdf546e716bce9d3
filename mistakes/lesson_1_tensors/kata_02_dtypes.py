"""Wrong answers to katas/lesson_1_tensors/kata_02_dtypes.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def to_float32__numpys_astype(values):
    """NumPy's astype does not exist on a tensor: PyTorch converts with a method of another name."""
    return values.astype(torch.float32)


def to_float32__numpys_dtype(values):
    """A NumPy dtype means nothing to PyTorch: it has dtypes of its own, under the same names."""
    return values.to(np.float32)


def to_float32__pythons_float(values):
    """These came out as float64, which is what Python and NumPy call float: PyTorch's everyday float is float32."""
    return values.to(float)


def to_float32__left_to_promotion(values):
    """Whole numbers became float32, but other float dtypes stayed as they were, as they do beside a Python float."""
    return values * 1.0


def to_float32__bits_reinterpreted(values):
    """The same bytes were read as if they were float32: the bits were kept, and the numbers should have been."""
    return values.view(torch.float32)


def to_float32__result_dropped(values):
    """The input came back with its old dtype: a conversion makes a new tensor and never changes the old one."""
    values.to(torch.float32)
    return values


def to_float32__back_on_the_cpu(values):
    """Numbers taken out of a tensor and put into a new one land on the CPU, wherever they lived before."""
    return torch.tensor(values.tolist(), dtype=torch.float32).reshape(values.shape)


def mean_of_integers__of_int64(counts):
    """PyTorch refuses to average whole numbers, as the mean of int64 could not be int64: convert first."""
    return counts.mean()


def mean_of_integers__size_without_parentheses(counts):
    """A tensor's size is a method, and you divided by the method itself. The count of elements is numel()."""
    return counts.sum() / counts.size


def mean_of_integers__size_as_a_number(counts):
    """What size() answers is the shape, and a sum can't be divided by a shape: the count of elements is numel()."""
    return counts.sum() / counts.size()


def mean_of_integers__rounded_down(counts):
    """What stands behind the point is gone, and a later conversion can't bring it back: divide without rounding."""
    return (counts.sum() // counts.numel()).to(torch.float32)


def mean_of_integers__int64_again(counts):
    """A mean in int64 has lost what stands behind the point: // between whole numbers gives a whole number."""
    return counts.sum() // counts.numel()


def mean_of_integers__rows_for_elements(counts):
    """The length of a tensor is its number of rows: with two dimensions there are more elements than that."""
    return counts.sum() / (len(counts) if counts.dim() else 1)


def mean_of_integers__float64(counts):
    """This is NumPy's habit: the mean of whole numbers in float64. PyTorch computes in float32."""
    return counts.to(torch.float64).mean()


def mean_of_integers__a_python_number(counts):
    """A Python number has left PyTorch, and its device: a tensor of shape () holds one number just as well."""
    return counts.to(torch.float32).mean().item()


def fraction_true__mean_of_bool(mask):
    """To NumPy True is also 1; to PyTorch a mask is truth values only, and those have no mean: convert first."""
    return mask.mean()


def fraction_true__mean_of_int(mask):
    """Whole numbers have no mean in PyTorch either: make the mask float32 rather than int."""
    return mask.to(torch.int64).mean()


def fraction_true__the_count(mask):
    """The sum of a mask is how many are True, in int64: the share is that, divided by how many there are."""
    return mask.sum()


def fraction_true__mean_of_the_selected(mask):
    """You averaged only where the mask is True: those are all 1, and where there are none the mean is nan."""
    return mask[mask].to(torch.float32).mean()


def fraction_true__rows_for_elements(mask):
    """A share above 1 can't be: you divided by the number of rows, and each row has more than one element."""
    return mask.sum() / len(mask)


def fraction_true__share_of_false(mask):
    """This is the share of False: the two together make 1."""
    return 1 - mask.to(torch.float32).mean()


def fraction_true__rounded_down(mask):
    """Every share below 1 came out as 0: whole-number division does that, as there is no int between 0 and 1."""
    return (mask.sum() // mask.numel()).to(torch.float32)


def fraction_true__one_minus_a_mask(mask):
    """Nothing can be subtracted from or by a mask: PyTorch negates one with ~, and counts with it once converted."""
    return 1 - (1 - mask).to(torch.float32).mean()


def within__and(x, low, high):
    """`and`, `if` and low < x < high each want a single truth value, and a mask holds many: masks are joined by &."""
    return x > low and x < high


def within__no_parentheses(x, low, high):
    """& binds more tightly than < and >, so it joined a number and x before anything was compared: use parentheses."""
    return x > low & x < high


def within__or(x, low, high):
    """Every number is above the one or below the other: both must hold, not either."""
    return (x > low) | (x < high)


def within__ends_included(x, low, high):
    """Numbers that are exactly low or high came out True, but the ends do not lie between the ends."""
    return (x >= low) & (x <= high)


def within__low_included(x, low, high):
    """This is Python's habit for ranges, to let the start in and leave the stop out: here both ends are out."""
    return (x >= low) & (x < high)


def within__the_numbers(x, low, high):
    """These are the numbers that the mask selects; asked for is the mask itself, one truth value for each number."""
    return x[(x > low) & (x < high)]


def within__zeros_and_ones(x, low, high):
    """A mask of 0. and 1. is no mask: PyTorch selects by bool only, which is what a comparison answers."""
    return ((x > low) & (x < high)).to(torch.float32)


def whole_and_rest__true_division(total, size):
    """A single / divides as on paper: whole numbers come out as float32, with what stands behind the point."""
    return total / size, total % size


def whole_and_rest__toward_zero(total, size):
    """For negative numbers this rounded toward zero, so the rest came out negative: round down, also below zero."""
    return torch.div(total, size, rounding_mode="trunc"), torch.fmod(total, size)


def whole_and_rest__c_like_rest(total, size):
    """The two do not fit: whole was rounded down, but the rest has the sign of total, as fmod and C would have it."""
    return total // size, torch.fmod(total, size)


def whole_and_rest__through_float32(total, size):
    """float32 holds about 7 digits: a large whole number that passes through it comes back as another one."""
    whole = (total / size).floor().to(torch.int64)
    return whole, total - whole * size


def whole_and_rest__through_float64(total, size):
    """Even float64 is exact only up to about 16 digits, and int64 has 19: whole numbers must never become floats."""
    whole = (total.cpu().to(torch.float64) / size).floor().to(torch.int64).to(total.device)
    return whole, total - whole * size


def whole_and_rest__rest_first(total, size):
    """The right two tensors in the wrong order: the whole pieces come first, as from Python's divmod."""
    return total % size, total // size


def whole_and_rest__pythons_divmod(total, size):
    """Python's divmod does not know tensors, but the two operators that it stands for do."""
    return divmod(total, size)


def whole_and_rest__total_used_up(total, size):
    """You took the whole pieces off total itself: the caller's numbers are gone, and only the rest is left there."""
    whole = total // size
    total -= whole * size
    return whole, total


def sum_dtype__added(a, b):
    """These two can't be added, since their shapes do not fit; the dtype can be known all the same."""
    return (a + b).dtype


def sum_dtype__of_the_dtypes_alone(a, b):
    """Two dtypes alone do not settle it: a tensor of shape () widens no other tensor of its own sort."""
    return torch.promote_types(a.dtype, b.dtype)


def sum_dtype__of_the_first(a, b):
    """The first does not decide: addition is the same both ways round, and so is the dtype of the sum."""
    return a.dtype


def sum_dtype__numpys_rule(a, b):
    """NumPy answers float64 for int64 with float32, so as to lose no digit; in PyTorch float32 stays float32."""
    return getattr(torch, np.result_type(a.cpu().numpy(), b.cpu().numpy()).name)


def sum_dtype__more_bytes_win(a, b):
    """More bytes do not win: a number with a point beats every whole number, even a longer one."""
    return max(a.dtype, b.dtype, key=lambda dtype: dtype.itemsize)


def sum_dtype__always_float32(a, b):
    """Not every sum is float32: whole numbers stay whole, and other float dtypes keep theirs."""
    return torch.float32


def to_bytes__cast_alone(pixels):
    """A cast does not round and does not clip: it cuts off what stands behind the point, and 256 begins again at 0."""
    # By way of int64, since what a cast from float to uint8 makes of 300 is left to the processor.
    return (pixels * 255).to(torch.int64).to(torch.uint8)


def to_bytes__cut_off(pixels):
    """Everything came out rounded down: a cast to whole numbers cuts off what stands behind the point."""
    return (pixels * 255).clamp(0, 255).to(torch.uint8)


def to_bytes__wrapped_around(pixels):
    """uint8 counts to 255 and begins again at 0: a pixel slightly too bright came out black. Clip before the cast."""
    return (pixels * 255).round().to(torch.int64).to(torch.uint8)


def to_bytes__clipped_after_the_cast(pixels):
    """What was above 255 had already begun again at 0 when you clipped it: after the cast there is nothing to clip."""
    return (pixels * 255 + 0.5).floor().to(torch.int64).to(torch.uint8).clamp(0, 255)


def to_bytes__cast_first(pixels):
    """Between 0 and 1 there is no other whole number: pixels that become uint8 first are black or white for good."""
    return pixels.clamp(0, 1).to(torch.uint8) * 255


def to_bytes__times_256(pixels):
    """There are 256 steps, but the highest is 255: white times 256 is too much, and grey comes out too bright."""
    return (pixels * 256).round().clamp(0, 255).to(torch.uint8)


def to_bytes__still_float(pixels):
    """Rounded numbers are still float32: what an image file keeps is uint8, one byte for each."""
    return (pixels * 255).round().clamp(0, 255)


def to_bytes__stretched(pixels):
    """The darkest pixel need not be black, nor the brightest white: you stretched the range instead of clipping it."""
    if not pixels.numel():
        return pixels.to(torch.uint8)
    scaled = (pixels - pixels.min()) / (pixels.max() - pixels.min())
    return (scaled * 255).round().to(torch.uint8)


def to_bytes__in_place(pixels):
    """You rounded the caller's own pixels: an underscore at the end of a method's name means in place."""
    return pixels.mul_(255).round_().clamp_(0, 255).to(torch.uint8)


def to_bytes__scaled_in_place(pixels):
    """The caller's own pixels are 255 times brighter now: *= writes into the tensor that it was given."""
    pixels *= 255
    return pixels.round().clamp(0, 255).to(torch.uint8)


def same_tensor__torch_equal(a, b):
    """You compared values alone, as torch.equal does: it pays no attention to the dtype, and to it nan is not nan."""
    return torch.equal(a, b)


def same_tensor__nan_differs(a, b):
    """nan is equal to nothing, not even to itself, so a tensor that holds one came out different from its own copy."""
    return a.dtype == b.dtype and torch.equal(a, b)


def same_tensor__equal_nan(a, b):
    """equal_nan belongs to NumPy's array_equal: torch.equal takes no such argument, and to it nan is never nan."""
    return a.dtype == b.dtype and torch.equal(a, b, equal_nan=True)


def same_tensor__dtype_ignored(a, b):
    """1 and 1. and True are equal as values, so a comparison of values says nothing of the dtype."""
    return a.shape == b.shape and bool(((a == b) | (a.isnan() & b.isnan())).all())


def same_tensor__a_tensor_of_truth(a, b):
    """What all() answers is still a tensor, of shape (); asked for is Python's own True or False."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return torch.tensor(False)
    return ((a == b) | (a.isnan() & b.isnan())).all()


def same_tensor__stretched_to_fit(a, b):
    """To compare two shapes, the smaller is stretched to fit or an error is raised: the shapes come first."""
    return a.dtype == b.dtype and bool(((a == b) | (a.isnan() & b.isnan())).all())


def same_tensor__close_enough(a, b):
    """Close is not the same: numbers that differ in a late digit were taken for equal."""
    return a.shape == b.shape and a.dtype == b.dtype and torch.allclose(a.float(), b.float(), equal_nan=True)


def same_tensor__nan_is_zero(a, b):
    """A nan that is replaced by a number can't be told from that number any more."""
    return a.dtype == b.dtype and torch.equal(a.nan_to_num(), b.nan_to_num())


def same_tensor__nan_matches_anything(a, b):
    """A nan on one side was enough: it is the same only if there is a nan in that place on both sides."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | a.isnan() | b.isnan()).all())


def same_tensor__one_element_is_enough(a, b):
    """One element that is the same was enough for you, and an empty tensor has none: no element may differ."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return bool(((a == b) | (a.isnan() & b.isnan())).any())


def same_tensor__the_same_object(a, b):
    """You said False of a tensor and its copy. `is` does so: it asks whether there is one tensor under two names."""
    return a is b
