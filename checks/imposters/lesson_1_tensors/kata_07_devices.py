"""Wrong answers that behave like a mistake of kata_07_devices.py for another reason."""

import numpy as np
import torch


def best_device__argument_ignored__names_with_an_index(available):
    """It looks for names with an index, which the list never has."""
    for name in ("cuda:0", "xpu:0", "mps:0"):
        if name in available:
            return torch.device(name)
    return torch.device("cpu")


def best_device__cuda_or_nothing__first_name_of_the_ranking_only(available):
    """Only the first name of the ranking is looked up."""
    best, *_ = ("cuda", "xpu", "mps")
    return torch.device(best if best in available else "cpu")


def row_numbers__numpys_float64__double(x):
    """There is no NumPy here: the dtype is asked for."""
    return torch.arange(len(x), dtype=torch.float64, device=x.device)


def row_numbers__whole_numbers__cast(x):
    """The floats are converted to integers at the end."""
    return (torch.ones(len(x), device=x.device).cumsum(0) - 1).long()


def row_numbers__cuda__by_name(x):
    """The device is given when the tensor is created."""
    return torch.arange(len(x), dtype=torch.float32, device="cuda")


def to_number__numpys_number__array_scalar(loss):
    """The number is computed by NumPy, and not taken from an array."""
    return np.float32(loss.item())


def move_batch__into_the_given_one__returned_if_it_is_there(batch, device):
    """Nothing is written: a container whose tensors are on the device already is returned itself."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        moved = {key: move_batch__into_the_given_one__returned_if_it_is_there(batch[key], device) for key in batch}
        return batch if all(moved[key] is batch[key] for key in batch) else moved
    if isinstance(batch, (list, tuple)):
        moved = [move_batch__into_the_given_one__returned_if_it_is_there(each, device) for each in batch]
        return batch if all(map(lambda new, old: new is old, moved, batch)) else type(batch)(moved)
    return batch


def move_batch__tuples_become_lists__sorted(batch, device):
    """Lists stay lists because sorted() returns a list, of tuples too."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__tuples_become_lists__sorted(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return sorted((move_batch__tuples_become_lists__sorted(each, device) for each in batch), key=lambda each: 0)
    return batch


def meet__moved_and_not_kept__nothing_moved(a, b):
    """There is no call of .to at all."""
    return a + b


def meet__into_a__out(a, b):
    """The sum is written into a by the argument out."""
    return torch.add(a, b.to(a.device), out=a)


def history_of__one_tensor_many_times__detached(w, updates):
    """detach() makes a new tensor object, which shares the memory."""
    history = []
    for update in updates:
        w += update
        history.append(w.detach().to("cpu"))
    return history


def history_of__w_not_changed__a_copy_is_changed(w, updates):
    """A copy of w is changed in place."""
    w = w.clone()
    history = []
    for update in updates:
        w += update
        history.append(w.to("cpu", copy=True))
    return history


def history_of__left_on_the_device__detached(w, updates):
    """detach() before clone() changes nothing about the device."""
    history = []
    for update in updates:
        w += update
        history.append(w.detach().clone())
    return history


def best_device__cuda_or_nothing__returned_in_the_loop(available):
    """All names are in the loop, which returns the CPU in its first round."""
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            return torch.device(name)
        return torch.device("cpu")
    return None
