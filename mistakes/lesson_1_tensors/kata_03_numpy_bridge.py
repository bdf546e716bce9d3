"""Wrong answers to katas/lesson_1_tensors/kata_03_numpy_bridge.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def shared_tensor__copied(array):
    """This is a copy: it holds the same numbers today, and later changes of the array pass it by."""
    return torch.tensor(array)


def shared_tensor__converted_to_float32(array):
    """Another dtype needs other bytes, so a converted float64 array can't share: the dtype must stay the array's."""
    return torch.from_numpy(array).float()


def shared_tensor__made_contiguous_first(array):
    """A slice or a transpose was copied to lie in one row: a tensor has strides of its own and needs no such help."""
    return torch.from_numpy(np.ascontiguousarray(array))


def shared_tensor__another_name(array):
    """This is still the NumPy array: it shares its memory, to be sure, but nothing of PyTorch works on it."""
    return array


def own_tensor__dtype_kept(array):
    """NumPy's float64 came along: a copy keeps the array's dtype until you ask for another."""
    return torch.tensor(array)


def own_tensor__shares_float32(array):
    """A conversion copies only where something changes: a float32 array needs none, and its memory is shared."""
    return torch.from_numpy(array).float()


def own_tensor__shared_as_it_is(array):
    """Nothing was copied or converted: this is the array's own memory, in the array's own dtype."""
    return torch.from_numpy(array)


def own_tensor__an_array(array):
    """This is still NumPy: the dtype is right, but an array of float32 is no tensor."""
    return array.astype(np.float32)


def own_tensor__numpys_dtype(array):
    """A NumPy dtype means nothing to PyTorch: it has dtypes of its own, under the same names."""
    return torch.tensor(array, dtype=np.float32)


def own_tensor__bytes_read_anew(array):
    """The old bytes were read as if they were float32: that makes two meaningless numbers of each float64."""
    return torch.from_numpy(np.ascontiguousarray(array)).view(torch.float32)


def to_array__still_on_the_device(tensor):
    """NumPy reads the CPU's memory and no other: a tensor on an accelerator must come over first."""
    return tensor.detach().numpy()


def to_array__still_tracked(tensor):
    """NumPy takes no tracked tensor, and being on the CPU does not change that: get an untracked one first."""
    return tensor.cpu().numpy()


def to_array__through_a_list(tensor):
    """The numbers came out as float64, NumPy's own choice: keep the tensor's dtype, which a list, for one, forgets."""
    return np.array(tensor.tolist())


def to_array__always_float32(tensor):
    """Everything became float32: whole numbers and truth values have dtypes of their own in NumPy too."""
    return tensor.detach().float().cpu().numpy()


def to_array__a_list(tensor):
    """This is a Python list: it knows neither dtype nor shape, and no arithmetic works on it; NumPy was asked for."""
    return tensor.tolist()


def to_array__a_detached_tensor(tensor):
    """This is still a tensor, untracked and on the CPU: the step to NumPy itself is missing."""
    return tensor.detach().cpu()


def to_array__tracking_ended(tensor):
    """The caller's own tensor has lost its tracking: take an untracked view of it, and leave the tensor as it was."""
    return tensor.detach_().cpu().numpy()


def snapshot__shared_on_the_cpu(tensor):
    """Going to NumPy copies nothing on the CPU: the array is the tensor's own memory and changes with it."""
    return tensor.detach().cpu().numpy()


def snapshot__a_tensor(tensor):
    """This is a copy, but still a tensor; what is asked for is a NumPy array."""
    return tensor.detach().clone()


def snapshot__clone_still_tracked(tensor):
    """NumPy takes no tracked tensor: it must be untracked first, and neither moving nor copying it does that."""
    return tensor.clone().cpu().numpy()


def snapshot__clone_on_the_device(tensor):
    """NumPy reads the CPU's memory and no other: bring the tensor over first; a copy alone stays where it is."""
    return tensor.detach().clone().numpy()


def snapshot__through_a_list(tensor):
    """The copy came out as float64, NumPy's own choice: keep the tensor's dtype, which a list, for one, forgets."""
    return np.array(tensor.tolist())


def snapshot__tracking_ended(tensor):
    """The numbers are kept, but the caller's own tensor has lost its tracking: leave the tensor as it was."""
    return tensor.detach_().cpu().numpy().copy()


def mean_along__axis_dropped(x, axis):
    """The averaged axis is gone: PyTorch drops it, as NumPy does, unless you ask to keep it with size 1."""
    return x.mean(dim=axis)


def mean_along__mean_of_everything(x, axis):
    """This is the mean of all the numbers: the axis along which to average never came into it."""
    return x.mean()


def mean_along__axis_kept(x, axis):
    """The axis named is the one that is averaged away to size 1, not the one that keeps its size."""
    return x.mean(dim=[d for d in range(x.dim()) if d != axis % x.dim()], keepdim=True)


def mean_along__new_axis_in_front(x, axis):
    """The 1 always stands in front: it belongs in the place of the axis that was averaged."""
    return x.mean(dim=axis).unsqueeze(0)


def mean_along__sum(x, axis):
    """This is the sum along the axis: it has not been divided by the count."""
    return x.sum(dim=axis, keepdim=True)


def mean_along__numpy_on_the_cpu(x, axis):
    """A result lives where its input lives: this one was left on the CPU, where every way through NumPy ends."""
    return torch.from_numpy(x.cpu().numpy().mean(axis=axis, keepdims=True))


def mean_along__misspelled(x, axis):
    """There is no keep_dim: PyTorch's word for NumPy's keepdims has no underscore in it."""
    return x.mean(dim=axis, keep_dim=True)


def median__lower_of_the_two(x):
    """Of two middle values this takes the lower, as torch.median does; NumPy takes the mean of both."""
    return x.median()


def median__upper_of_the_two(x):
    """For an even count two values stand in the middle: this takes the upper, NumPy takes the mean of both."""
    return x.sort().values[len(x) // 2]


def median__not_sorted(x):
    """The middle of the list is not the middle of the values: they come in no order, so sort them first."""
    return (x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2


def median__pair_indexed(x):
    """What you indexed is a pair of tensors, the sorted values and where they stood; NumPy's sort gives the values."""
    ordered = x.sort()
    return (ordered[(len(x) - 1) // 2] + ordered[len(x) // 2]) / 2


def median__equal_values_once(x):
    """A value that occurs several times was counted once: unique drops repeats, and the middle moves."""
    ordered = x.unique()
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median__python_number(x):
    """This is a number of Python's: it has left PyTorch, its dtype and its device; keep it a tensor of shape ()."""
    return x.quantile(0.5).item()


def median__in_brackets(x):
    """One number in brackets is a vector with one element; a single number has shape ()."""
    return x.quantile(0.5, dim=0, keepdim=True)


def median__sorted_in_place(x):
    """You sorted the caller's own x: the values are right, but their order is lost. Leave alone what you were given."""
    x[:] = x.sort().values
    return (x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2


def median__left_on_the_cpu(x):
    """A result lives where its input lives: this one was left on the CPU, where every way through NumPy ends."""
    return torch.tensor(np.median(x.cpu().numpy()), dtype=torch.float32)


def standardize__divided_by_one_less(features):
    """PyTorch's standard deviation divides by N - 1 unless told otherwise, NumPy's by N: the results are too small."""
    return (features - features.mean(dim=0)) / features.std(dim=0)


def standardize__ddof(features):
    """NumPy's ddof goes by the name of correction here, and with the same meaning: what is taken off N."""
    return (features - features.mean(dim=0)) / features.std(dim=0, ddof=0)


def standardize__over_everything(features):
    """Without an axis mean and deviation are those of the whole table: each column has its own (and N, not N - 1)."""
    return (features - features.mean()) / features.std()


def standardize__over_everything_by_n(features):
    """Without an axis mean and deviation are those of the whole table: each column has its own."""
    return (features - features.mean()) / features.std(correction=0)


def standardize__row_by_row(features):
    """Each row came out standardized: a feature is a column, so average over the rows, which are axis 0."""
    mean, std = features.mean(dim=1, keepdim=True), features.std(dim=1, keepdim=True, correction=0)
    return (features - mean) / std


def standardize__axis_1_dropped(features):
    """Axis 1 gives a number for each row, and those don't fit the columns: a feature's numbers run along axis 0."""
    return (features - features.mean(dim=1)) / features.std(dim=1, correction=0)


def standardize__by_the_variance(features):
    """You divided by the variance: the standard deviation is its square root."""
    return (features - features.mean(dim=0)) / features.var(dim=0, correction=0)


def standardize__in_place(features):
    """You changed the features themselves, as -= and /= do: whoever passed them in has lost the raw values."""
    features -= features.mean(dim=0)
    features /= features.std(dim=0, correction=0)
    return features


def standardize__shifted_only(features):
    """The means are 0, but the columns keep their spreads: they have not been divided by their standard deviation."""
    return features - features.mean(dim=0)


def weigh__mixed(x, weights):
    """NumPy computed this, in float64 and without tracking, as it does whenever a tensor meets an array: make the
    array a tensor first."""
    return x * weights


def weigh__array_first(x, weights):
    """An array on the left asks NumPy to multiply, and NumPy doesn't know tensors: make the array a tensor first."""
    return weights * x


def weigh__float64_kept(x, weights):
    """float32 times float64 is float64: the weights brought NumPy's dtype along, so they must take the dtype of x."""
    return x * torch.from_numpy(weights).to(x.device)


def weigh__weights_on_the_cpu(x, weights):
    """The weights have the right dtype but stay on the CPU: only tensors on one device can be multiplied."""
    return x * torch.tensor(weights, dtype=torch.float32)


def weigh__computed_in_numpy(x, weights):
    """The numbers are right, but the tracking of x is lost, as it is wherever NumPy computes or x is detached."""
    return torch.from_numpy(x.detach().cpu().numpy() * weights).to(x)


def weigh__weights_tracked(x, weights):
    """The weights were tracked: then the answer has a graph even where x is untracked. They are numbers, no leaf."""
    return x * torch.tensor(weights, dtype=x.dtype, device=x.device, requires_grad=True)


def weigh__tracked_anew(x, weights):
    """A copy was tracked in the place of x: the answer has a graph, but it ends in the copy, and x learns nothing."""
    copy = x.detach().clone().requires_grad_(x.requires_grad)
    return copy * torch.tensor(weights, dtype=x.dtype, device=x.device)


def weigh__in_place(x, weights):
    """You multiplied x itself: the caller's own x now holds the products. Make a new tensor for them."""
    return x.mul_(torch.as_tensor(weights, dtype=x.dtype, device=x.device))


def weigh__moved_to_the_cpu(x, weights):
    """The result lives on the CPU, and x does not: bring the weights to x, not x to the weights."""
    return x.cpu() * torch.tensor(weights, dtype=torch.float32)
