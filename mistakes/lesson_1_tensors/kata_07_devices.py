"""Wrong answers to katas/lesson_1_tensors/kata_07_devices.py, each with the sentence that corrects it."""

import numpy as np
import torch


def best_device__its_name(available):
    """You returned a string. Make a device from it: a string has no .type, for example."""
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            return name
    return "cpu"


def best_device__order_of_the_list(available):
    """Your result depends on the order of the list. Go through the ranking instead: "cuda", "xpu", "mps"."""
    for name in available:
        if name in ("cuda", "xpu", "mps"):
            return torch.device(name)
    return torch.device("cpu")


def best_device__cuda_or_nothing(available):
    """You returned the CPU although the list has an accelerator. Look for "xpu" and "mps" too before you return the
    CPU."""
    return torch.device("cuda" if "cuda" in available else "cpu")


def best_device__last_one_found(available):
    """You returned the accelerator that ranks lowest in the list. Return the first one of the ranking that you find."""
    best = "cpu"
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            best = name
    return torch.device(best)


def best_device__no_way_back(available):
    """You returned None if the list has no accelerator. Return the CPU then."""
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            return torch.device(name)
    return None


def best_device__argument_ignored(available):
    """Your result is the same for every list. Decide from `available`, not from this machine."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def best_device__first_of_the_list(available):
    """You returned the first entry of the list. Its order means nothing: go through "cuda", "xpu" and "mps" instead."""
    return torch.device(available[0] if available else "cpu")


def best_device__mps_before_xpu(available):
    """You preferred "mps" to "xpu". The ranking is "cuda", "xpu", "mps"."""
    found = [name for name in ("cuda", "mps", "xpu") if name in available]
    return torch.device(found[0] if found else "cpu")


def best_device__none_for_an_empty_list(available):
    """You returned None for an empty list. Return the CPU then."""
    found = [name for name in ("cuda", "xpu", "mps", "cpu") if name in available]
    return torch.device(found[0]) if found else None


def best_device__first_of_the_alphabet(available):
    """You returned the CPU although the list has an accelerator, perhaps because "cpu" comes first. Follow the ranking:
    "cuda", "xpu", "mps"."""
    return torch.device(min(available, default="cpu"))


def best_device__always_cuda(available):
    """Your result is "cuda" for every list. Ask for each name by itself whether it is in the list."""
    if "cuda" or "xpu" in available:
        return torch.device("cuda")
    return torch.device("cpu")


def row_numbers__made_on_the_cpu(x):
    """Your numbers are on the CPU. Create them on the device of x."""
    return torch.arange(len(x), dtype=torch.float32)


def row_numbers__whole_numbers(x):
    """Your numbers are integers. Create them with dtype=torch.float32."""
    return torch.arange(len(x), device=x.device)


def row_numbers__dtype_of_the_input(x):
    """Your result has the dtype of x. Make it float32 for any dtype of x."""
    return torch.arange(len(x), device=x.device).to(x.dtype)


def row_numbers__from_one(x):
    """Your numbers start at 1. Start at 0, like Python's indices."""
    return torch.arange(1, len(x) + 1, dtype=torch.float32, device=x.device)


def row_numbers__counts_the_columns(x):
    """You numbered the columns. The rows are the first dimension of (N, D)."""
    return torch.arange(x.shape[1], dtype=torch.float32, device=x.device)


def row_numbers__counts_the_elements(x):
    """You returned one number for each element of x. Return one for each row, x.shape[0] in all."""
    return torch.arange(x.numel(), dtype=torch.float32, device=x.device)


def row_numbers__counted_in_the_dtype_of_x(x):
    """You counted in the dtype of x, which may be too small for the row numbers. Count in float32 from the start."""
    return torch.arange(len(x), dtype=x.dtype, device=x.device).float()


def row_numbers__numpys_float64(x):
    """Your numbers are float64, NumPy's dtype for floats. Make them float32."""
    return torch.from_numpy(np.arange(len(x), dtype=float)).to(x.device)


def row_numbers__cuda(x):
    """Your code asks for a GPU, but x may be on any device. Create the numbers on x.device."""
    return torch.arange(len(x), dtype=torch.float32).cuda()


def row_numbers__summed_in_the_dtype_of_x(x):
    """Your code sums in the dtype of x, which may be too small for the row numbers. Use float32 from the start."""
    return torch.ones(len(x), dtype=x.dtype, device=x.device).cumsum(0).float() - 1


def to_number__still_a_tensor(loss):
    """You returned a tensor. Take the element out as a Python float."""
    return loss.detach().cpu()


def to_number__a_list(loss):
    """You returned a list if the shape is (1,). Return a float for each of the three shapes."""
    return loss.tolist()


def to_number__numpys_number(loss):
    """You returned one of NumPy's numbers. Return a Python float."""
    return loss.detach().cpu().numpy().reshape(-1)[0]


def to_number__rounded(loss):
    """You rounded the value. Return all of its digits."""
    return round(loss.item(), 4)


def to_number__whole(loss):
    """You returned an int, which drops the fraction. Return a float."""
    return int(loss)


def to_number__numpy_on_the_device(loss):
    """You called .numpy() on a tensor that is not on the CPU. Transfer it first, or don't use NumPy."""
    return loss.detach().numpy().item()


def to_number__numpy_with_requires_grad(loss):
    """You called .numpy() on a tensor that requires grad. Call .detach() first, or don't use NumPy."""
    return loss.cpu().numpy().item()


def to_number__grad_switched_off(loss):
    """The value is right, but the loss no longer requires grad. Do not change the loss: item() needs no preparation."""
    return loss.requires_grad_(False).item()


def to_number__formatted(loss):
    """You rounded the value to 6 decimals. Return all of its digits."""
    return float(f"{loss.item():.6f}")


def to_number__indexed(loss):
    """You indexed a tensor of shape (). It has no dimension, so use a method that works for every shape."""
    return loss[0].item()


def to_number__dtype_called(loss):
    """You called torch.float, but it is a dtype. Use Python's float or a method of the tensor."""
    return torch.float(loss)


def move_batch__one_level_deep(batch, device):
    """Tensors in inner containers have not moved. An inner container is a batch too, so call move_batch on it."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: value.to(device) if isinstance(value, torch.Tensor) else value for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(each.to(device) if isinstance(each, torch.Tensor) else each for each in batch)
    return batch


def move_batch__lists_and_tuples_forgotten(batch, device):
    """Your code does not go through every list and tuple. Make a new container of the same type, and move each of its
    entries."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__lists_and_tuples_forgotten(value, device) for key, value in batch.items()}
    return batch


def move_batch__tuples_become_lists(batch, device):
    """You returned a list for a tuple. Build each container with the type of the given one."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__tuples_become_lists(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return [move_batch__tuples_become_lists(each, device) for each in batch]
    return batch


def move_batch__into_the_given_one(batch, device):
    """Your result contains the given containers themselves. Build new dicts and lists, and do not change the given
    ones."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, tuple):
        return tuple(move_batch__into_the_given_one(each, device) for each in batch)
    if isinstance(batch, (dict, list)):
        for key in batch if isinstance(batch, dict) else range(len(batch)):
            batch[key] = move_batch__into_the_given_one(batch[key], device)
    return batch


def move_batch__moved_and_not_kept(batch, device):
    """No tensor has moved. .to does not move the tensor itself, so keep what .to returns."""
    if isinstance(batch, torch.Tensor):
        batch.to(device)
        return batch
    if isinstance(batch, dict):
        return {key: move_batch__moved_and_not_kept(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__moved_and_not_kept(each, device) for each in batch)
    return batch


def move_batch__everything_has_to(batch, device):
    """You called .to on an object that is not a tensor. Return strings, numbers and None unchanged."""
    if isinstance(batch, dict):
        return {key: move_batch__everything_has_to(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__everything_has_to(each, device) for each in batch)
    return batch.to(device)


def move_batch__numbers_become_tensors(batch, device):
    """You turned a number into a tensor. Move only tensors, and return everything else unchanged."""
    if isinstance(batch, (torch.Tensor, int, float)):
        return torch.as_tensor(batch, device=device)
    if isinstance(batch, dict):
        return {key: move_batch__numbers_become_tensors(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__numbers_become_tensors(each, device) for each in batch)
    return batch


def move_batch__all_float32(batch, device):
    """You changed the dtype of a tensor. Pass only the device to .to."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, torch.float32)
    if isinstance(batch, dict):
        return {key: move_batch__all_float32(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__all_float32(each, device) for each in batch)
    return batch


def move_batch__lists_become_tuples(batch, device):
    """You returned a tuple for a list. Build each container with the type of the given one."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__lists_become_tuples(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return tuple(move_batch__lists_become_tuples(each, device) for each in batch)
    return batch


def move_batch__rest_becomes_none(batch, device):
    """You returned None for an object that is neither a tensor nor a container. Return it unchanged."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__rest_becomes_none(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__rest_becomes_none(each, device) for each in batch)
    return None


def meet__moved_and_not_kept(a, b):
    """You added tensors on two devices. .to returns a tensor on the device and does not move b itself, so add what it
    returns."""
    b.to(a.device)
    return a + b


def meet__where_b_lives(a, b):
    """Your sum is on the device of b. Move b to the device of a instead."""
    return a.to(b.device) + b


def meet__always_on_the_cpu(a, b):
    """Your sum is on the CPU. Return it on the device of a."""
    return a.cpu() + b.cpu()


def meet__into_a(a, b):
    """You changed a. Compute a new tensor with +, not with += or add_."""
    a += b.to(a.device)
    return a


def meet__into_what_was_moved(a, b):
    """You changed b. If b is on the device already, .to returns b itself, so don't add in place."""
    return b.to(a.device).add_(a)


def largest_on_host__numpy_on_the_device(x, k):
    """You called .numpy() on a tensor that is not on the CPU. Transfer it first."""
    return torch.topk(x.flatten(), k).values.detach().numpy()


def largest_on_host__all_of_them_travel(x, k):
    """The result is right, but you transferred more than k elements. Select them first, and transfer only these."""
    return np.sort(x.detach().cpu().numpy(), axis=None)[::-1][:k].copy()


def largest_on_host__still_a_tensor(x, k):
    """You returned a tensor. Convert it to a NumPy array."""
    return torch.topk(x.flatten(), k).values.detach().cpu()


def largest_on_host__positions(x, k):
    """You returned integers, for example indices. Return the k largest elements themselves."""
    return torch.topk(x.flatten(), k).indices.cpu().numpy()


def largest_on_host__smallest_first(x, k):
    """You returned the k smallest elements. Sort in descending order, or use topk."""
    return torch.sort(x.flatten()).values[:k].detach().cpu().numpy()


def largest_on_host__by_size_without_sign(x, k):
    """You compared absolute values. Compare the elements with their signs."""
    return torch.topk(x.flatten().abs(), k).values.detach().cpu().numpy()


def largest_on_host__not_flattened(x, k):
    """You looked for the largest elements along one dimension only. Flatten x first, so that all elements compete."""
    return torch.topk(x, k).values.cpu().numpy()


def largest_on_host__duplicates_dropped(x, k):
    """Your result has equal elements only once. Keep all of them."""
    return x.unique().flip(0)[:k].cpu().numpy()


def history_of__one_tensor_many_times(w, updates):
    """Your entries share memory with w, so they show later updates too. Append copies: on the CPU, .cpu() and detach()
    copy nothing."""
    history = []
    for update in updates:
        w += update
        history.append(w.cpu())
    return history


def history_of__a_list_multiplied(w, updates):
    """Your entries share memory with each other, so all show the last value. Make a new tensor for each update."""
    history = [torch.zeros(w.shape)] * len(updates)
    for entry, update in zip(history, updates, strict=True):
        w += update
        entry.copy_(w)
    return history


def history_of__left_on_the_device(w, updates):
    """Your entries are on the device of w. Return copies on the CPU."""
    history = []
    for update in updates:
        w += update
        history.append(w.clone())
    return history


def history_of__w_not_changed(w, updates):
    """The given w has not changed. Change it in place: w = w + … makes a new tensor, and w += … does not."""
    history = []
    for update in updates:
        w = w + update
        history.append(w.to("cpu", copy=True))
    return history


def history_of__before_the_update(w, updates):
    """Each entry is one update too early. Add the update first, then copy w."""
    history = []
    for update in updates:
        history.append(w.to("cpu", copy=True))
        w += update
    return history


def history_of__the_start_too(w, updates):
    """Your list also has w from before the first update. Return one entry per update."""
    history = [w.to("cpu", copy=True)]
    for update in updates:
        w += update
        history.append(w.to("cpu", copy=True))
    return history
