"""Wrong answers to katas/lesson_1_tensors/kata_07_devices.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def best_device__its_name(available):
    """This is only the name. Many functions would take it, but it has no .type and equals no tensor's .device."""
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            return name
    return "cpu"


def best_device__order_of_the_list(available):
    """The list is in no order that means anything: the ranking is yours to make, not the list's."""
    for name in available:
        if name in ("cuda", "xpu", "mps"):
            return torch.device(name)
    return torch.device("cpu")


def best_device__cuda_or_nothing(available):
    """Not every accelerator is called cuda: a machine with another one is left computing on its CPU here."""
    return torch.device("cuda" if "cuda" in available else "cpu")


def best_device__last_one_found(available):
    """A later name in your ranking overwrites an earlier one: the search has to end at the first that is there."""
    best = "cpu"
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            best = name
    return torch.device(best)


def best_device__no_way_back(available):
    """A machine without an accelerator still has its CPU: without one of the three names nothing comes back here."""
    for name in ("cuda", "xpu", "mps"):
        if name in available:
            return torch.device(name)
    return None


def row_numbers__made_on_the_cpu(x):
    """What you create starts on the CPU unless told otherwise, and these numbers stayed there."""
    return torch.arange(len(x), dtype=torch.float32)


def row_numbers__whole_numbers(x):
    """Counting in whole numbers gives int64; to be computed with beside float32 data, float32 must be asked for."""
    return torch.arange(len(x), device=x.device)


def row_numbers__dtype_of_the_input(x):
    """Only the device is to be that of x: x may hold whole numbers, or bools, and these are to be float32."""
    return torch.arange(len(x), device=x.device).to(x.dtype)


def row_numbers__from_one(x):
    """Rows are counted from 0, in Python as in NumPy and PyTorch: these begin at 1."""
    return torch.arange(1, len(x) + 1, dtype=torch.float32, device=x.device)


def row_numbers__counts_the_columns(x):
    """The first size of (N, D) counts the rows, the second the columns: these numbers count columns."""
    return torch.arange(x.shape[1], dtype=torch.float32, device=x.device)


def row_numbers__counts_the_elements(x):
    """One number for each element of x came out: a row is one place along the first dimension, however wide it is."""
    return torch.arange(x.numel(), dtype=torch.float32, device=x.device)


def add_offsets__made_on_the_cpu(x, offsets):
    """A tensor made from a list starts on the CPU, and can't meet an x that lives elsewhere."""
    return x + torch.tensor(offsets, dtype=torch.float32)


def add_offsets__result_left_on_the_cpu(x, offsets):
    """The sum is right and in the wrong place: whoever goes on computing with x expects it where x lives."""
    return x.cpu() + torch.tensor(offsets, dtype=torch.float32)


def add_offsets__into_the_input(x, offsets):
    """You changed x itself, and whoever passed it in has lost the old values: a sum can be a new tensor."""
    x += torch.tensor(offsets, dtype=torch.float32, device=x.device)
    return x


def add_offsets__numpys_float64(x, offsets):
    """The offsets came in as float64, NumPy's own float, and made float64 of the whole sum: float32 was asked for."""
    return x + torch.from_numpy(np.array(offsets, dtype=np.float64)).to(x.device)


def add_offsets__all_to_every_column(x, offsets):
    """Every column got the sum of all the offsets; each offset belongs to one column alone."""
    answer = x.clone()
    for offset in offsets:
        answer += offset
    return answer


def add_offsets__one_for_each_row(x, offsets):
    """As a column, (D, 1), the offsets go with the rows: broadcasting gives a plain vector of D to the columns."""
    return x + torch.tensor(offsets, dtype=torch.float32, device=x.device)[:, None]


def add_offsets__whole_numbers(x, offsets):
    """Whatever stands behind the point of an offset was cut off: offsets need not be whole numbers."""
    return x + torch.tensor([int(offset) for offset in offsets], device=x.device)


def meet__moved_and_not_kept(a, b):
    """Tensors on two devices can't meet, and .to moves nothing by itself: it returns another tensor, to be kept."""
    b.to(a.device)
    return a + b


def meet__where_b_lives(a, b):
    """The sum lives with b; the first of the two decides where it must be, and a should not have to travel."""
    return a.to(b.device) + b


def meet__always_on_the_cpu(a, b):
    """The CPU is not a neutral place to meet: a sum left there can't meet the others of an a on an accelerator."""
    return a.cpu() + b.cpu()


def meet__into_a(a, b):
    """You added into a itself: the sum has taken the place of the caller's values."""
    a += b.to(a.device)
    return a


def meet__into_what_was_moved(a, b):
    """You changed b: where nothing has to be moved, .to makes no copy and returns b itself."""
    return b.to(a.device).add_(a)


def move_batch__one_level_deep(batch, device):
    """Only the outermost level was taken care of: a container within a container is a batch again, and so on down."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: value.to(device) if isinstance(value, torch.Tensor) else value for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(each.to(device) if isinstance(each, torch.Tensor) else each for each in batch)
    return batch


def move_batch__lists_and_tuples_forgotten(batch, device):
    """A dict is not the only container: the tensors in lists and tuples stayed where they were."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__lists_and_tuples_forgotten(value, device) for key, value in batch.items()}
    return batch


def move_batch__tuples_become_lists(batch, device):
    """A tuple came back as a list: the container must be of the type that it was."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move_batch__tuples_become_lists(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return [move_batch__tuples_become_lists(each, device) for each in batch]
    return batch


def move_batch__into_the_given_one(batch, device):
    """You wrote into the containers that you were given: the caller's own batch has changed with yours."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device)
    if isinstance(batch, tuple):
        return tuple(move_batch__into_the_given_one(each, device) for each in batch)
    if isinstance(batch, (dict, list)):
        for key in batch if isinstance(batch, dict) else range(len(batch)):
            batch[key] = move_batch__into_the_given_one(batch[key], device)
    return batch


def move_batch__moved_and_not_kept(batch, device):
    """No tensor was moved: .to leaves a tensor where it is and returns another, which has to be kept."""
    if isinstance(batch, torch.Tensor):
        batch.to(device)
        return batch
    if isinstance(batch, dict):
        return {key: move_batch__moved_and_not_kept(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__moved_and_not_kept(each, device) for each in batch)
    return batch


def move_batch__everything_has_to(batch, device):
    """Not everything in a batch is a tensor, and only tensors have .to: strings, numbers and None must pass through."""
    if isinstance(batch, dict):
        return {key: move_batch__everything_has_to(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__everything_has_to(each, device) for each in batch)
    return batch.to(device)


def move_batch__numbers_become_tensors(batch, device):
    """A number that stood in the batch came back as a tensor: only what is a tensor already is to be moved."""
    if isinstance(batch, (torch.Tensor, int, float)):
        return torch.as_tensor(batch, device=device)
    if isinstance(batch, dict):
        return {key: move_batch__numbers_become_tensors(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__numbers_become_tensors(each, device) for each in batch)
    return batch


def move_batch__all_float32(batch, device):
    """Moving is no reason to convert: labels are whole numbers and masks are bools on every device."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, torch.float32)
    if isinstance(batch, dict):
        return {key: move_batch__all_float32(value, device) for key, value in batch.items()}
    if isinstance(batch, (list, tuple)):
        return type(batch)(move_batch__all_float32(each, device) for each in batch)
    return batch


def to_number__still_a_tensor(loss):
    """A tensor with one element on the CPU is still a tensor, not a Python number: its value has to be taken out."""
    return loss.detach().cpu()


def to_number__a_list(loss):
    """The brackets of the shape came back as a list: a single number was asked for, whatever the shape around it."""
    return loss.tolist()


def to_number__numpys_number(loss):
    """This is NumPy's own kind of number: it prints like a float, but is not Python's."""
    return loss.detach().cpu().numpy().reshape(-1)[0]


def to_number__rounded(loss):
    """Rounding is for printing: a number to compute with keeps its digits, and a tiny one is not 0."""
    return round(loss.item(), 4)


def to_number__whole(loss):
    """An int has nothing behind the point: most of a loss below 1 is lost."""
    return int(loss)


def to_number__numpy_on_the_device(loss):
    """NumPy knows only the CPU's memory: a tensor that lives elsewhere has to be brought over first."""
    return loss.detach().numpy().item()


def to_number__numpy_with_requires_grad(loss):
    """NumPy can't record gradients, so a tensor with requires_grad is refused: a number can be had without NumPy."""
    return loss.cpu().numpy().item()


def largest_on_host__numpy_on_the_device(x, k):
    """NumPy knows only the CPU's memory: what lives elsewhere has to be brought over before it can be an array."""
    return torch.topk(x.flatten(), k).values.detach().numpy()


def largest_on_host__numpy_with_requires_grad(x, k):
    """NumPy can't record gradients, and PyTorch won't drop them unasked: it has to be told that you do without."""
    return torch.topk(x.flatten(), k).values.cpu().numpy()


def largest_on_host__all_of_them_travel(x, k):
    """Right, but all of x came over to the CPU so that a few could stay: select first, and move what is left."""
    return np.sort(x.detach().cpu().numpy(), axis=None)[::-1][:k].copy()


def largest_on_host__still_a_tensor(x, k):
    """On the CPU a tensor is still a tensor: to be a NumPy array it has to be converted as well as brought over."""
    return torch.topk(x.flatten(), k).values.detach().cpu()


def largest_on_host__positions(x, k):
    """These are whole numbers that say where the largest stand; the numbers themselves were asked for."""
    return torch.topk(x.flatten(), k).indices.cpu().numpy()


def largest_on_host__smallest_first(x, k):
    """These go up from the smallest number: sorting does, unless told otherwise."""
    return torch.sort(x.flatten()).values[:k].detach().cpu().numpy()


def largest_on_host__by_size_without_sign(x, k):
    """The sign was lost on the way: -9 is smaller than -1, and a negative number stays negative."""
    return torch.topk(x.flatten().abs(), k).values.detach().cpu().numpy()


def history_of__one_tensor_many_times(w, updates):
    """Every entry shows the last w: a list makes no copies, nor does .cpu() of a tensor on the CPU, nor .detach()."""
    history = []
    for update in updates:
        w += update
        history.append(w.cpu())
    return history


def history_of__a_list_multiplied(w, updates):
    """All entries are one tensor: a list times a number repeats that tensor, and a write into it shows in all."""
    history = [torch.zeros(w.shape)] * len(updates)
    for entry, update in zip(history, updates, strict=True):
        w += update
        entry.copy_(w)
    return history


def history_of__left_on_the_device(w, updates):
    """The entries are copies, but where w lives: a history kept on the accelerator fills its memory step by step."""
    history = []
    for update in updates:
        w += update
        history.append(w.clone())
    return history


def history_of__w_not_changed(w, updates):
    """The w that was passed in has not changed: w = w + … makes another tensor and leaves the caller's alone."""
    history = []
    for update in updates:
        w = w + update
        history.append(w.to("cpu", copy=True))
    return history


def history_of__before_the_update(w, updates):
    """Each entry is one update too early: the first is what w was at the start, and the last update is missing."""
    history = []
    for update in updates:
        history.append(w.to("cpu", copy=True))
        w += update
    return history


def history_of__the_start_too(w, updates):
    """What w was before the first update is among the entries: one for each update was asked for, and no more."""
    history = [w.to("cpu", copy=True)]
    for update in updates:
        w += update
        history.append(w.to("cpu", copy=True))
    return history
