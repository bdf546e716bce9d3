"""Every private name of PyTorch that `sim` is built from, from PyTorch 2.6 on. None of them has a public counterpart.

Importing this module raises AttributeError with the full name if one is missing. `dojo.sim.install` then leaves `sim`
out of the run, with the name in its reason, and everything else goes on.
"""

from __future__ import annotations

import operator
from typing import Any

import torch
import torch.utils.backend_registration  # not loaded by torch itself

# Every name that is looked up below.
NAMES: list[str] = []


def _find(name: str) -> Any:
    NAMES.append(name)
    try:
        return operator.attrgetter(name.removeprefix("torch."))(torch)
    except AttributeError:
        raise AttributeError(name) from None


def _operator(name: str) -> str:
    """The name of a private operator in `torch.ops.aten`."""
    _find(f"torch.ops.aten.{name}")
    return name


backend_name = _find("torch._C._get_privateuse1_backend_name")
register_backend = _find("torch.utils.backend_registration._setup_privateuseone_for_python_backend")
registrations = _find("torch._C._dispatch_get_registrations_for_dispatch_key")

Generator = _find("torch._C.Generator")
without_torch_functions = _find("torch._C.DisableTorchFunction")
without_keys = _find("torch._C._ExcludeDispatchKeyGuard")
_KeySet = _find("torch._C.DispatchKeySet")
CPU_KEY = _KeySet(_find("torch._C.DispatchKey.CPU"))
AUTOCAST_KEY = _KeySet(_find("torch._C.DispatchKey.AutocastPrivateUse1"))

create_empty = _find("torch._C._acc.create_empty_tensor")
storage_at = _find("torch._C._construct_storage_from_data_pointer")
negative_view = _find("torch._neg_view")

# What `patches` replaces: each owner, with the name in the owner.
StorageBase = _find("torch.storage._StorageBase")
run_backward = _find("torch.autograd.graph._engine_run_backward")
# torch.autograd holds its own reference to the function.
RUN_BACKWARD = ((torch.autograd.graph, "_engine_run_backward"), (torch.autograd, "_engine_run_backward"))
_find("torch.autograd._engine_run_backward")
MODULE_APPLY = (torch.nn.Module, "_apply")
_find("torch.nn.Module._apply")

COPY_FROM = _operator("_copy_from")
INDEXING = {_operator(name) for name in ("_index_put_impl_", "_unsafe_index", "_unsafe_index_put")}
ITEM = _operator("_local_scalar_dense")
GRU_CELL = _operator("_thnn_fused_gru_cell")
LSTM_CELL = _operator("_thnn_fused_lstm_cell")
PIN_MEMORY = _operator("_pin_memory")
RESHAPE_ALIAS = _operator("_reshape_alias")

for _name in ("torch._C.Generator._cdata", "torch.UntypedStorage._cdata"):
    _find(_name)
_find("torch.Tensor._is_zerotensor")
_find("torch.ops.aten.add.Tensor._schema")


def address(made_in_cpp: Any) -> int:
    """The address of the C++ object behind a generator or a storage."""
    found: int = made_in_cpp._cdata
    return found


def is_zeros(tensor: torch.Tensor) -> bool:
    """Whether a tensor stands for zeros and has no memory."""
    return tensor._is_zerotensor()


def schema_of(overload: Any) -> Any:
    """The schema of an operator's overload."""
    return overload._schema
