"""Other right answers to katas/lesson_1_tensors/kata_03_numpy_bridge.py: the tests must accept them."""

import numpy as np
import torch


def shared_tensor__as_tensor(array):
    return torch.as_tensor(array)


def shared_tensor__asarray(array):
    return torch.asarray(array, copy=False)


def own_tensor__array_copied_first(array):
    return torch.from_numpy(np.array(array, dtype=np.float32))


def own_tensor__converted_then_cloned(array):
    return torch.from_numpy(array).float().clone()


def own_tensor__to_with_copy(array):
    return torch.as_tensor(array).to(torch.float32, copy=True)


def own_tensor__filled(array):
    tensor = torch.zeros(array.shape)
    tensor[...] = torch.from_numpy(array)
    return tensor


def mean_along__numpys_names(x, axis):
    return x.mean(axis=axis, keepdims=True)


def mean_along__axis_put_back(x, axis):
    return torch.mean(x, axis).unsqueeze(axis)


def mean_along__sum_over_count(x, axis):
    return x.sum(axis, keepdim=True) / x.shape[axis]


def to_array__force(tensor):
    return tensor.numpy(force=True)


def to_array__cpu_first(tensor):
    return np.asarray(tensor.cpu().detach())


def to_array__no_grad_and_clone(tensor):
    with torch.no_grad():
        return tensor.clone().cpu().numpy()


def snapshot__clone_first(tensor):
    return tensor.detach().clone().cpu().numpy()


def snapshot__np_array(tensor):
    return np.array(tensor.detach().cpu())


def snapshot__force_then_copy(tensor):
    return tensor.numpy(force=True).copy()


def snapshot__from_a_list(tensor):
    dtype = str(tensor.dtype).removeprefix("torch.")
    return np.array(tensor.tolist(), dtype=dtype).reshape(tensor.shape)


def median__two_middle_values(x):
    ordered = x.sort().values
    return (ordered[(len(x) - 1) // 2] + ordered[len(x) // 2]) / 2


def median__lower_and_upper(x):
    return (x.median() - (-x).median()) / 2


def median__through_numpy(x):
    return torch.tensor(np.median(x.numpy(force=True)), dtype=x.dtype, device=x.device)


def weigh__tensor_with_arguments(x, weights):
    return torch.tensor(weights, dtype=torch.float32, device=x.device) * x


def weigh__to_match(x, weights):
    return torch.from_numpy(weights).to(x).mul(x)


def weigh__float32_array_first(x, weights):
    return x * torch.from_numpy(weights.astype(np.float32)).to(x.device)
