"""Tensors on `sim` and their CPU aliases: two views of the same host memory, so that no value is copied."""

from __future__ import annotations

from typing import Any

import torch

from dojo.sim import private

# The name of the slot before it is registered as `sim`.
DEVICE = torch.device("privateuseone:0")
CPU = torch.device("cpu")

set_tensor = torch.ops.aten.set_.source_Storage_storage_offset


def is_sim(tensor: torch.Tensor) -> bool:
    """Whether a tensor lives on the simulated device."""
    return tensor.device.type == "sim"


def sim_storage(host: Any) -> Any:
    """A storage on `sim` that shares the memory of a CPU storage.

    An attribute keeps the CPU storage alive. PyTorch keeps a storage's Python object, with its attributes, as long as
    the C++ storage lives, and so for as long as a Parameter, a view or `.data` uses it. The object's class must not be
    changed.
    """
    storage = private.storage_at(host.data_ptr(), DEVICE, host.nbytes())
    storage._cpu = host
    return storage


def host_storage(storage: Any) -> Any:
    """The CPU storage that shares its memory with a sim storage."""
    try:
        return storage._cpu
    except AttributeError:
        # Made in C++ over the same memory, as torch.save does: borrow the pointer for this call.
        if storage.nbytes() and not storage.data_ptr():
            raise RuntimeError("this sim tensor has no memory") from None
        return private.storage_at(storage.data_ptr(), CPU, storage.nbytes())


def view_on(storage: Any, like: torch.Tensor) -> torch.Tensor:
    """A sim tensor on a sim storage, with the dtype, shape, strides and offset of the tensor `like`."""
    tensor = private.create_empty((0,), like.dtype)
    made: torch.Tensor = set_tensor.redispatch(
        private.CPU_KEY, tensor, storage, like.storage_offset(), like.shape, like.stride()
    )
    return made


def to_sim(tensor: torch.Tensor) -> torch.Tensor:
    """A sim tensor that shares memory with a CPU tensor."""
    return view_on(sim_storage(tensor.untyped_storage()), tensor)


def to_host(tensor: torch.Tensor) -> torch.Tensor:
    """A CPU tensor that shares memory with a sim tensor."""
    if private.is_zeros(tensor):
        return torch.zeros(tensor.shape, dtype=tensor.dtype, device=CPU)
    host = torch.empty(0, dtype=tensor.dtype, device=CPU)
    host.set_(host_storage(tensor.untyped_storage()), tensor.storage_offset(), tensor.shape, tensor.stride())
    return host


def follow(tensor: torch.Tensor, host: torch.Tensor) -> None:
    """Give a sim tensor the shape, strides and memory that an operator gave its CPU alias, for example with `out=`."""
    there, here = host.untyped_storage(), tensor.untyped_storage()
    same = private.address(host_storage(here)) == private.address(there) and here.nbytes() == there.nbytes()
    now = (tensor.shape, tensor.stride(), tensor.storage_offset())
    if same and now == (host.shape, host.stride(), host.storage_offset()):
        return
    storage = here if same else sim_storage(there)
    set_tensor.redispatch(private.CPU_KEY, tensor, storage, host.storage_offset(), host.shape, host.stride())
