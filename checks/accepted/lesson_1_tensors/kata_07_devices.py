"""Other right answers to katas/lesson_1_tensors/kata_07_devices.py: the tests must accept them."""

import functools

import numpy as np
import torch


def best_device__sorted(available):
    rank = ["cuda", "xpu", "mps"]
    found = sorted((name for name in available if name in rank), key=rank.index)
    return torch.device(found[0] if found else "cpu")


def best_device__with_a_number(available):
    return next((torch.device(name, 0) for name in ("cuda", "xpu", "mps") if name in available), torch.device("cpu", 0))


def row_numbers__moved(x):
    return torch.arange(x.shape[0]).float().to(x.device)


def row_numbers__from_a_list(x):
    return torch.tensor([float(i) for i in range(x.size(0))], device=x.device)


def row_numbers__running_sum(x):
    return torch.ones(x.shape[0], device=x.device).cumsum(0) - 1


def row_numbers__new_tensor(x):
    return x.new_tensor(range(len(x)), dtype=torch.float32)


def to_number__float(loss):
    return float(loss.detach())


def to_number__through_numpy(loss):
    return loss.detach().cpu().numpy().item()


def to_number__out_of_its_list(loss):
    return loss.reshape(1).tolist()[0]


def move_batch__one_container_at_a_time(batch, device):
    move = functools.partial(move_batch__one_container_at_a_time, device=device)
    if isinstance(batch, dict):
        return dict(zip(batch, map(move, batch.values()), strict=True))
    if isinstance(batch, tuple):
        return tuple(map(move, batch))
    if isinstance(batch, list):
        return [*map(move, batch)]
    return batch.to(device) if torch.is_tensor(batch) else batch


def move_batch__asks_for_the_method(batch, device):
    if hasattr(batch, "to"):
        return batch.to(device, copy=True)
    if isinstance(batch, dict):
        answer = {}
        for key in batch:
            answer[key] = move_batch__asks_for_the_method(batch[key], device)
        return answer
    if isinstance(batch, (list, tuple)):
        answer = []
        for each in batch:
            answer.append(move_batch__asks_for_the_method(each, device))
        return answer if isinstance(batch, list) else tuple(answer)
    return batch


def meet__b_like_a(a, b):
    return torch.add(b.to(a), a)


def meet__copied_before(a, b):
    return b.to(a.device, copy=True).add_(a)


def meet__over_the_cpu(a, b):
    return (a.cpu() + b.cpu()).to(a.device)


def largest_on_host__sorted_and_cut(x, k):
    return np.array(torch.sort(x.detach().reshape(-1), descending=True).values[:k].cpu())


def largest_on_host__from_a_list(x, k):
    return np.array(x.detach().ravel().topk(k)[0].tolist(), dtype=np.float32)


def largest_on_host__one_by_one(x, k):
    rest = x.detach().flatten().clone()
    found = []
    for _ in range(k):
        place = rest.argmax()
        found.append(rest.max().item())
        rest = torch.where(torch.arange(len(rest), device=x.device) == place, float("-inf"), rest)
    return np.array(found, dtype=np.float32)


def history_of__clone_then_cpu(w, updates):
    history = []
    for update in updates:
        w.add_(update)
        history.append(w.detach().clone().cpu())
    return history


def history_of__cpu_then_clone(w, updates):
    history = []
    for update in updates:
        w[...] = w + update
        history.append(w.cpu().clone())
    return history


def history_of__rows_of_one_tensor(w, updates):
    rows = torch.empty(len(updates), *w.shape, dtype=w.dtype)
    for row, update in zip(rows, updates, strict=True):
        w += update
        row.copy_(w)
    return list(rows)


def history_of__comprehension(w, updates):
    return [torch.tensor(w.add_(update).tolist()) for update in updates]
