"""The devices that tests run on: the CPU, every accelerator that PyTorch reports, and `sim`."""

from __future__ import annotations

import dataclasses

from dojo import sim
from dojo.support.errors import DojoError

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


def find_devices(asked: list[str]) -> list[Device]:
    """The CPU, each accelerator that this PyTorch reports as available, and `sim`. Imports torch.

    `sim` is installed here, and left out with a reason where it can't be; beside a real accelerator it is there only
    if `asked` (from --device) names it.
    """
    import torch

    names = ["cpu"]
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if accelerator is not None and accelerator.type != "sim":
        names.append(accelerator.type)
    for name in ("cuda", "xpu", "mps"):
        module = getattr(torch, name, None)
        if name not in names and module is not None and module.is_available():
            names.append(name)
    try:
        sim.install(beside_accelerator="sim" in _names(asked))
        simulated = Device("sim")
    except sim.SimUnavailable as error:
        simulated = Device("sim", str(error))
    return [*map(Device, names), simulated]


def choose_devices(found: list[Device], asked: list[str]) -> list[Device]:
    """`found`, each marked as left out where `asked` (from --device; empty: all) does not name it.

    Raises DojoError for a name that is not among `found`, with the list of those that are, and for a device that is
    left out already, with the reason.
    """
    able = [device.name for device in found if not device.left_out]
    reasons = {device.name: device.left_out for device in found if device.left_out}
    wanted = _names(asked)
    for name in wanted:
        if name in reasons:
            raise DojoError(f"--device {name}: it can't be used here: {reasons[name]}.")
        if name not in able:
            raise DojoError(f"--device {name}: there is no such device here. There are: {', '.join(able)}.")
    if not wanted:
        return found
    return [
        device
        if device.name in wanted or device.left_out
        else dataclasses.replace(device, left_out="left out by --device")
        for device in found
    ]


def _names(asked: list[str]) -> list[str]:
    return [name.strip().partition(":")[0] for each in asked for name in each.split(",") if name.strip()]
