"""`torch.sim`: the module that PyTorch expects for a device, and the registration of the device."""

from __future__ import annotations

import contextlib
from typing import Any

import torch

from dojo.sim import private
from dojo.sim.generators import default


class SimModule:
    """One device, which is always there and works synchronously."""

    # `with torch.sim.device(0):` does nothing, because there is only one device.
    device = contextlib.nullcontext

    def is_initialized(self) -> bool:
        return True

    def is_available(self) -> bool:
        return True

    def _lazy_init(self) -> None:
        """Do nothing: there is nothing to initialize."""

    def _is_in_bad_fork(self) -> bool:
        return False

    def device_count(self) -> int:
        return 1

    def current_device(self) -> int:
        return 0

    def set_device(self, device: Any) -> None:
        """Do nothing: there is only one device."""

    def synchronize(self, device: Any = None) -> None:
        """Do nothing: every operation is finished when its call returns."""

    def manual_seed(self, seed: int) -> None:
        default().manual_seed(seed)

    manual_seed_all = manual_seed

    def get_rng_state(self, device: Any = "sim") -> torch.Tensor:
        state: torch.Tensor = default().get_state()
        return state

    def set_rng_state(self, state: torch.Tensor, device: Any = "sim") -> None:
        default().set_state(state)

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16, torch.float16]


def register() -> None:
    """Name PyTorch's free device slot `sim`, which also defines `torch.sim` and `x.sim()`."""
    private.register_backend("sim", backend_module=SimModule())
