"""Changes to PyTorch's Python code that knows only the built-in devices."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

from dojo.sim import private
from dojo.sim.generators import Generator, default
from dojo.sim.storage import host_storage, is_sim, sim_storage


def before_registering() -> None:
    """Let the autograd engine count the devices before `sim` is registered.

    At the first backward pass the engine starts a thread for each device, and a process with such a thread can't run
    a backward pass in a fork. Without a thread, `sim` computes on the calling thread (see apply).
    """
    torch.zeros(1, requires_grad=True).sum().backward()


def apply() -> None:
    """Patch everything. Call it once in a process."""
    _keep_backward_on_the_calling_thread()
    torch.Generator = Generator  # type: ignore[misc]
    default()
    _wrap(private.StorageBase, "clone", _clone_storage)  # copy.deepcopy
    _wrap(private.StorageBase, "to", _move_storage)  # torch.load(map_location="sim")
    _wrap(*private.MODULE_APPLY, _apply_to_module)
    # The original asks the device's C++ code for a stream, and `sim` has neither.
    torch.accelerator.synchronize = lambda device=None, /: None


def _wrap(owner: Any, name: str, replacement: Callable[..., Any]) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    setattr(owner, name, patched)


def _keep_backward_on_the_calling_thread() -> None:
    original = private.run_backward

    @functools.wraps(original)
    def run_backward(*args: Any, **kwargs: Any) -> Any:
        with torch.autograd.set_multithreading_enabled(False):
            return original(*args, **kwargs)

    for owner, name in private.RUN_BACKWARD:
        setattr(owner, name, run_backward)


def _clone_storage(original: Any, storage: Any) -> Any:
    return sim_storage(host_storage(storage).clone()) if is_sim(storage) else original(storage)


def _move_storage(original: Any, storage: Any, *, device: Any, non_blocking: bool = False) -> Any:
    if torch.device(device).type != "sim":
        return original(storage, device=device, non_blocking=non_blocking)
    return storage if is_sim(storage) else sim_storage(storage.clone())


def _apply_to_module(original: Any, module: Any, fn: Callable[[Any], Any], recurse: bool = True) -> Any:
    """Keep every Parameter object when a module moves to or from `sim`, as a move to a GPU does.

    For a device in this slot PyTorch makes new Parameters, which would break tied weights and optimizers made before
    the move. Swapping the contents in place keeps the objects, so it is switched on for these moves only.
    """
    parameter = next(module.parameters(), None)
    if parameter is None:
        return original(module, fn, recurse)
    before = {each.device.type for each in module.parameters()}
    with torch.no_grad():
        after = fn(torch.empty(0, dtype=parameter.dtype, device=parameter.device)).device.type
    moves = "sim" in before | {after} and before != {after}
    kept = torch.__future__.get_swap_module_params_on_conversion()
    torch.__future__.set_swap_module_params_on_conversion(kept or moves)
    try:
        return original(module, fn, recurse)
    finally:
        torch.__future__.set_swap_module_params_on_conversion(kept)
