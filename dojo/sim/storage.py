"""Tensors on `sim` and their CPU aliases: two views of the same host memory, so nothing is ever copied."""

from __future__ import annotations

from typing import Any

import torch

from dojo.sim import private

# PrivateUse1 by its own name: `sim` is what it is called once it is registered.
DEVICE = torch.device("privateuseone:0")
CPU = torch.device("cpu")

set_tensor = torch.ops.aten.set_.source_Storage_storage_offset


def is_sim(tensor: torch.Tensor) -> bool:
    """Whether a tensor lives on the simulated device."""
    return tensor.device.type == "sim"


def sim_storage(host: Any) -> Any:
    """A storage on `sim` over the memory of a CPU storage.

    The CPU storage is kept alive as an attribute: PyTorch keeps a storage's Python object, and so its attributes, as
    long as the C++ storage lives, and with it Parameters, views and `.data`. The object's class must stay as it is.
    """
    storage = private.storage_at(host.data_ptr(), DEVICE, host.nbytes())
    storage._cpu = host
    return storage


def host_storage(storage: Any) -> Any:
    """The CPU storage whose memory a sim storage stands on."""
    try:
        return storage._cpu
    except AttributeError:
        # Made in C++ over our memory (torch.save does): borrow the pointer for the moment.
        if storage.nbytes() and not storage.data_ptr():
            raise RuntimeError("this sim tensor has no memory") from None
        return private.storage_at(storage.data_ptr(), CPU, storage.nbytes())


def view_on(storage: Any, like: torch.Tensor) -> torch.Tensor:
    """A sim tensor over a sim storage, with the dtype, shape, strides and offset of another tensor."""
    tensor = private.create_empty((0,), like.dtype)
    made: torch.Tensor = set_tensor.redispatch(
        private.CPU_KEY, tensor, storage, like.storage_offset(), like.shape, like.stride()
    )
    return made


def to_sim(tensor: torch.Tensor) -> torch.Tensor:
    """The sim tensor over the memory of a CPU tensor."""
    return view_on(sim_storage(tensor.untyped_storage()), tensor)


def to_host(tensor: torch.Tensor) -> torch.Tensor:
    """The CPU tensor over the memory of a sim tensor."""
    if private.is_zeros(tensor):  # stands for zeros without having any memory
        return torch.zeros(tensor.shape, dtype=tensor.dtype, device=CPU)
    host = torch.empty(0, dtype=tensor.dtype, device=CPU)
    host.set_(host_storage(tensor.untyped_storage()), tensor.storage_offset(), tensor.shape, tensor.stride())
    return host


def follow(tensor: torch.Tensor, host: torch.Tensor) -> None:
    """Give a sim tensor the shape, strides and memory that an operator has just given its CPU alias (`out=`, …)."""
    there, here = host.untyped_storage(), tensor.untyped_storage()
    same = private.address(host_storage(here)) == private.address(there) and here.nbytes() == there.nbytes()
    now = (tensor.shape, tensor.stride(), tensor.storage_offset())
    if same and now == (host.shape, host.stride(), host.storage_offset()):
        return
    storage = here if same else sim_storage(there)
    set_tensor.redispatch(private.CPU_KEY, tensor, storage, host.storage_offset(), host.shape, host.stride())
