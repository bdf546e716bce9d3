"""Wrong answers to katas/lesson_1_tensors/kata_03_numpy_bridge.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def shared_tensor__copied(array):
    """Your tensor is a copy, so a change in the array does not show in it. Use torch.from_numpy, which shares
    memory."""
    return torch.tensor(array)


def shared_tensor__converted_to_float32(array):
    """Your tensor does not have the dtype of the array. Another dtype needs new memory, so don't convert."""
    return torch.from_numpy(array).float()


def shared_tensor__made_contiguous_first(array):
    """For some slices and for a transpose, your tensor is a copy. torch.from_numpy can share memory with these too, so
    don't copy anything or make it contiguous."""
    return torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))


def shared_tensor__another_name(array):
    """You returned the NumPy array. Make a tensor from it."""
    return array


def own_tensor__dtype_kept(array):
    """For a float64 array, your tensor is not float32. Ask for float32."""
    return torch.tensor(array)


def own_tensor__shares_float32(array):
    """For a float32 array, your tensor shares memory with it. A conversion copies only if the dtype changes, so ask
    for a copy."""
    return torch.from_numpy(array).float()


def own_tensor__shared_as_it_is(array):
    """Your tensor has the dtype of the array and shares memory with it. Make a float32 copy, for example with
    torch.tensor."""
    return torch.from_numpy(array)


def own_tensor__through_a_list(array):
    """For an array without elements, your tensor has another shape. Convert the array itself: a list of Python numbers
    loses the shape."""
    return torch.tensor(array.tolist())


def own_tensor__an_array(array):
    """You returned a NumPy array. Make a tensor from it."""
    return array.astype(np.float32)


def own_tensor__numpys_dtype(array):
    """You passed a NumPy dtype to PyTorch, which has its own dtypes. Write torch.float32."""
    return torch.tensor(array, dtype=np.float32)


def own_tensor__bytes_read_anew(array):
    """Your tensor has two numbers for each float64: view with a dtype reads the bytes again and converts nothing. Use
    torch.tensor or to."""
    return torch.from_numpy(np.ascontiguousarray(array)).view(torch.float32)


def mean_along__axis_dropped(x, axis):
    """Your result has lost the axis. Pass keepdim=True, so that it stays with size 1."""
    return x.mean(dim=axis)


def mean_along__mean_of_everything(x, axis):
    """Your result has shape (). Take the mean along one axis only, with dim=axis."""
    return x.mean()


def mean_along__axis_kept(x, axis):
    """Your result has size 1 for all axes except the given one. It must have size 1 for the given axis only."""
    return x.mean(dim=[d for d in range(x.dim()) if d != axis % x.dim()], keepdim=True)


def mean_along__new_axis_in_front(x, axis):
    """The axis of size 1 is always the first one in your result. Keep it in its place, with keepdim=True."""
    return x.mean(dim=axis).unsqueeze(0)


def mean_along__sum(x, axis):
    """Your result is the sum along the axis. Divide it by the size of the axis, or use mean."""
    return x.sum(dim=axis, keepdim=True)


def mean_along__divided_by_the_first_size(x, axis):
    """You divided by the size of the first axis. Divide by the size of the given axis, or use mean."""
    return x.sum(dim=axis, keepdim=True) / len(x)


def mean_along__numpy_on_the_cpu(x, axis):
    """Your result is on the CPU, but x is on another device. Compute with PyTorch, on the device of x."""
    return torch.from_numpy(x.cpu().numpy().mean(axis=axis, keepdims=True))


def mean_along__misspelled(x, axis):
    """You wrote keep_dim, which does not exist. In PyTorch it is keepdim, without an underscore."""
    return x.mean(dim=axis, keep_dim=True)


def to_array__still_on_the_device(tensor):
    """You converted a tensor that is not on the CPU to NumPy. Call cpu() before numpy()."""
    return tensor.detach().numpy()


def to_array__still_tracked(tensor):
    """You converted a tensor that requires grad to NumPy. Call detach() before numpy()."""
    return tensor.cpu().numpy()


def to_array__through_a_list(tensor):
    """Your array is float64, but the tensor is float32. Use numpy(), which keeps the dtype, and don't convert to a list
    or to float."""
    return np.array(tensor.tolist())


def to_array__always_float32(tensor):
    """Your array is float32, but the tensor is not. Keep the dtype of the tensor, also of integers and booleans."""
    return tensor.detach().float().cpu().numpy()


def to_array__a_list(tensor):
    """You returned a Python list or number. Return a NumPy array."""
    return tensor.tolist()


def to_array__a_detached_tensor(tensor):
    """You returned a tensor. Convert it with numpy() at the end."""
    return tensor.detach().cpu()


def to_array__tracking_ended(tensor):
    """The array is right, but the given tensor no longer requires grad. Use detach(), which returns a new tensor."""
    return tensor.detach_().cpu().numpy()


def snapshot__shared_on_the_cpu(tensor):
    """Your array shares memory with a tensor on the CPU. numpy() copies nothing there, so ask for a copy: copy() or
    clone()."""
    return tensor.detach().cpu().numpy()


def snapshot__a_tensor(tensor):
    """You returned a tensor. Convert it to a NumPy array."""
    return tensor.detach().clone()


def snapshot__clone_still_tracked(tensor):
    """You converted a tensor that requires grad to NumPy. Call detach() before numpy(): clone() and cpu() keep the
    graph."""
    return tensor.clone().cpu().numpy()


def snapshot__clone_on_the_device(tensor):
    """You converted a tensor that is not on the CPU to NumPy. Call cpu() before numpy()."""
    return tensor.detach().clone().numpy()


def snapshot__through_a_list(tensor):
    """Your array is float64, but the tensor is float32. Use numpy(), which keeps the dtype, and don't convert to a list
    or to float."""
    return np.array(tensor.tolist())


def snapshot__tracking_ended(tensor):
    """The array is right, but the given tensor no longer requires grad. Use detach(), which returns a new tensor."""
    return tensor.detach_().cpu().numpy().copy()


def median__lower_of_the_two(x):
    """If N is even, you returned the lower of the two middle values, as torch.median does. Return their mean."""
    return x.median()


def median__upper_of_the_two(x):
    """If N is even, you returned the upper of the two middle values. Return their mean."""
    return x.sort().values[len(x) // 2]


def median__one_place_too_low(x):
    """If N is odd, you returned the value before the middle one. In the sorted values, the middle one has the index N
    // 2."""
    return x.sort().values[len(x) // 2 - 1]


def median__not_sorted(x):
    """Your result is the middle of x in the given order. Sort x first, and use the sorted values."""
    return (x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2


def median__pair_indexed(x):
    """Your code used an index past the end of a tuple. x.sort() returns a pair, so use its values."""
    ordered = x.sort()
    return (ordered[(len(x) - 1) // 2] + ordered[len(x) // 2]) / 2


def median__equal_values_once(x):
    """Your result counts equal values only once. Keep all values: use sort, not unique."""
    ordered = x.unique()
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median__mean_of_all(x):
    """Your result is the mean of all values. Sort them, and take only the middle value or the mean of the two middle
    values."""
    return x.mean()


def median__rounded_down(x):
    """Your result is rounded down to an integer. Divide with /, because // rounds down for floats too."""
    ordered = x.sort().values
    if len(x) % 2:
        return ordered[len(x) // 2]
    return (ordered[len(x) // 2 - 1] + ordered[len(x) // 2]) // 2


def median__python_number(x):
    """You returned a Python number. Return a tensor of shape () on the device of x."""
    return x.quantile(0.5).item()


def median__in_brackets(x):
    """Your result has shape (1,). A single number has shape (), so keep no dimension."""
    return x.quantile(0.5, dim=0, keepdim=True)


def median__sorted_in_place(x):
    """The result is right, but you changed the argument x. x.sort() returns new sorted values and leaves x
    unchanged."""
    x[:] = x.sort().values
    return (x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2


def median__left_on_the_cpu(x):
    """Your result is on the CPU, but x is on another device. Compute with PyTorch, on the device of x."""
    return torch.tensor(np.median(x.cpu().numpy()), dtype=torch.float32)


def weigh__mixed(x, weights):
    """Your result is float64, because NumPy computed it. Make a float32 tensor of the weights, and multiply x by this
    tensor."""
    return x * weights


def weigh__array_first(x, weights):
    """You wrote array * tensor, which raises an error. Make a float32 tensor of the weights first."""
    return weights * x


def weigh__float64_kept(x, weights):
    """Your result is float64. Convert the weights to the dtype of x before you multiply."""
    return x * torch.from_numpy(weights).to(x.device)


def weigh__weights_on_the_cpu(x, weights):
    """You multiplied tensors on two devices. Put the weights on the device of x."""
    return x * torch.tensor(weights, dtype=torch.float32)


def weigh__computed_in_numpy(x, weights):
    """The numbers are right, but your result has no graph, so no gradient can reach x. Multiply x itself, without
    detach(), no_grad() or NumPy."""
    return torch.from_numpy(np.asarray(x.detach().cpu().numpy() * weights)).to(x)


def weigh__weights_tracked(x, weights):
    """Your result requires grad, but x does not. Multiply x itself by weights that do not require grad."""
    return x * torch.tensor(weights, dtype=x.dtype, device=x.device, requires_grad=True)


def weigh__new_leaf(x, weights):
    """Your result requires grad, but no gradient can reach x. Multiply x itself by a float32 tensor of the weights."""
    product = x.detach().cpu().numpy() * weights
    return torch.tensor(product, dtype=torch.float32, device=x.device, requires_grad=True)


def weigh__tracked_anew(x, weights):
    """Your result has a graph, but the gradient does not reach x. Multiply x itself, not a detached copy of it."""
    copy = x.detach().clone().requires_grad_(x.requires_grad)
    return copy * torch.tensor(weights, dtype=x.dtype, device=x.device)


def weigh__in_place(x, weights):
    """You changed the argument x. Return a new tensor, and don't write to x."""
    return x.mul_(torch.as_tensor(weights, dtype=x.dtype, device=x.device))


def weigh__moved_to_the_cpu(x, weights):
    """Your result is on the CPU, but x is on another device. Move the weights to x, not x to the weights."""
    return x.cpu() * torch.tensor(weights, dtype=torch.float32)
