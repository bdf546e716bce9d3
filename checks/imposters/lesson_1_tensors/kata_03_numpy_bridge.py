"""Wrong answers to katas/lesson_1_tensors/kata_03_numpy_bridge.py that get the why of a mistake, for another cause."""

import numpy as np
import torch


def shared_tensor__copied__array_copied(array):
    """The array is copied before from_numpy."""
    return torch.from_numpy(np.array(array))


def shared_tensor__made_contiguous_first__tensor_made_contiguous(array):
    """The tensor is made contiguous, not the array."""
    return torch.from_numpy(array).contiguous()


def own_tensor__shares_float32__array_converted(array):
    """The array is converted, without a copy if it is float32 already."""
    return torch.from_numpy(array.astype(np.float32, copy=False))


def to_array__through_a_list__converted(tensor):
    """The array is converted to NumPy's default dtypes, and no list is made."""
    array = tensor.detach().cpu().numpy()
    return array.astype({"f": np.float64, "u": np.int64}.get(array.dtype.kind, array.dtype))


def to_array__always_float32__array_converted(tensor):
    """The array is converted, not the tensor."""
    return tensor.detach().cpu().numpy().astype(np.float32)


def snapshot__shared_on_the_cpu__asarray(tensor):
    """np.asarray makes the array."""
    return np.asarray(tensor.detach().cpu())


def median__lower_of_the_two__kthvalue(x):
    """The lower value comes from kthvalue."""
    return x.kthvalue((len(x) + 1) // 2).values


def median__equal_values_once__set_of_values(x):
    """A Python set drops equal values."""
    ordered = torch.tensor(sorted(set(x.tolist())), device=x.device)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median__sorted_in_place__overwritten(x):
    """x is overwritten by its sorted values through an out argument."""
    torch.sort(x.clone(), out=(x, torch.empty(0, dtype=torch.int64, device=x.device)))
    return x.quantile(0.5)


def weigh__float64_kept__result_converted(x, weights):
    """The result is converted to float64 at the end."""
    return (x * torch.from_numpy(weights).to(x)).double()


def weigh__computed_in_numpy__detached(x, weights):
    """x is detached, and PyTorch multiplies."""
    return x.detach() * torch.from_numpy(weights).to(x)


def weigh__weights_tracked__parameter(x, weights):
    """x is made a parameter, which requires grad."""
    return torch.nn.Parameter(x.detach()) * torch.from_numpy(weights).to(x)


def weigh__in_place__augmented(x, weights):
    """*= changes x."""
    x *= torch.from_numpy(weights).to(x)
    return x


def shared_tensor__made_contiguous_first__copied_if_needed(array):
    """A non-contiguous array is copied, without a function for contiguous memory."""
    return torch.from_numpy(array if array.flags["C_CONTIGUOUS"] else array.copy())


def snapshot__clone_still_tracked__array_copied(tensor):
    """No clone(): the array is copied."""
    return tensor.cpu().numpy().copy()


def median__one_place_too_low__kthvalue(x):
    """kthvalue counts from 1."""
    return x.kthvalue(max(len(x) // 2, 1)).values


def median__not_sorted__result_dropped(x):
    """sort() is called, but its result is dropped."""
    x.sort()
    return (x[(len(x) - 1) // 2] + x[len(x) // 2]) / 2


def weigh__computed_in_numpy__not_recorded(x, weights):
    """The product of two tensors is not recorded."""
    with torch.no_grad():
        return x * torch.from_numpy(weights).to(x)
