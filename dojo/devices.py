"""The devices that tests run on: the CPU, and every accelerator that PyTorch reports."""

from __future__ import annotations

import dataclasses

from dojo.course import DojoError

# Accelerators sum in another order than the CPU, and some in less precision: how much wider to compare.
_LOOSER = {"cuda": 10.0, "xpu": 10.0, "mps": 100.0}
# Devices without float64, as PyTorch documents them.
_NO_FLOAT64 = {"mps"}


@dataclasses.dataclass(frozen=True)
class Device:
    """A device type by its PyTorch name. `left_out` says why it does not run, and is empty where it does."""

    name: str
    left_out: str = ""

    @property
    def has_float64(self) -> bool:
        return self.name not in _NO_FLOAT64


def looser(device_type: str) -> float:
    """The factor by which tolerances widen on a device; 1 on the CPU."""
    return _LOOSER.get(device_type, 1.0)


def find_devices() -> list[Device]:
    """The CPU, then each accelerator that this PyTorch reports as available. Imports torch."""
    import torch

    names = ["cpu"]
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if accelerator is not None:
        names.append(accelerator.type)
    for name in ("cuda", "xpu", "mps"):
        module = getattr(torch, name, None)
        if name not in names and module is not None and module.is_available():
            names.append(name)
    return [Device(name) for name in names]


def choose_devices(found: list[Device], asked: list[str]) -> list[Device]:
    """`found`, each marked as left out where `asked` (from --device; empty: all) does not name it.

    Raises DojoError for a name that is not among `found`, with the list of those that are.
    """
    names = [device.name for device in found]
    wanted = [name.strip().partition(":")[0] for each in asked for name in each.split(",") if name.strip()]
    for name in wanted:
        if name not in names:
            raise DojoError(f"--device {name}: there is no such device here. There are: {', '.join(names)}.")
    if not wanted:
        return found
    return [
        device if device.name in wanted else dataclasses.replace(device, left_out="left out by --device")
        for device in found
    ]
