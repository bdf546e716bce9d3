"""The devices that tests run on: the CPU, every accelerator that PyTorch reports, and `sim`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from dojo import sim
from dojo.support.errors import DojoError

# The factor on all tolerances. Accelerators sum in a different order than the CPU, and some with less precision.
_LOOSER = {"cuda": 10.0, "xpu": 10.0, "mps": 100.0}
# According to PyTorch's documentation.
_NO_FLOAT64 = {"mps"}


@dataclasses.dataclass(frozen=True)
class Device:
    """A device type by its name in PyTorch. `left_out` says why no test runs on it; empty if tests do."""

    name: str
    left_out: str = ""

    @property
    def has_float64(self) -> bool:
        return self.name not in _NO_FLOAT64


def looser(device_type: str) -> float:
    """The factor on all tolerances for a device; 1 on the CPU."""
    return _LOOSER.get(device_type, 1.0)


def find_devices(asked: list[str]) -> list[Device]:
    """The CPU, each accelerator that this PyTorch reports as available, and `sim`. Imports torch and installs `sim`.

    `sim` is left out with a reason if it can't be installed. If there is a real accelerator, `sim` is installed only
    if `asked`, the values of --device, names it.
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
        sim.install(with_accelerator="sim" in asked_names(asked))
        simulated = Device("sim")
    except sim.SimUnavailable as error:
        simulated = Device("sim", str(error))
    return [*map(Device, names), simulated]


def choose_devices(found: list[Device], asked: list[str]) -> list[Device]:
    """The devices `found`, marked as left out unless `asked`, the values of --device, names them or is empty.

    Raises DojoError for a name that is not in `found`, and for a device that is already left out.
    """
    able = [device.name for device in found if not device.left_out]
    reasons = {device.name: device.left_out for device in found if device.left_out}
    wanted = asked_names(asked)
    for name in wanted:
        if name in reasons:
            raise DojoError(f"--device {name}: this device can't be used here: {reasons[name]}.")
        if name not in able:
            raise DojoError(f"--device {name}: there is no such device here. Choose one of: {', '.join(able)}.")
    if not wanted:
        return found
    return [
        device
        if device.name in wanted or device.left_out
        else dataclasses.replace(device, left_out="left out by --device")
        for device in found
    ]


def asked_names(asked: Iterable[str]) -> list[str]:
    """The names in the values of --device, without the index of a device."""
    return [name.strip().partition(":")[0] for each in asked for name in each.split(",") if name.strip()]
