"""A few operations that fail at once if `sim` does not work with this version of PyTorch."""

from __future__ import annotations

import torch


def check() -> None:
    """Raise RuntimeError, or what PyTorch raises, if `sim` does not behave as a device."""
    x = torch.arange(3.0, device="sim", requires_grad=True)
    (x * x).sum().backward()
    gradient = x.grad
    if gradient is None or gradient.device.type != "sim" or gradient.tolist() != [0.0, 2.0, 4.0]:
        raise RuntimeError("a gradient is wrong")
    try:
        _ = x + torch.ones(3, device="cpu")
    except RuntimeError as error:
        if "same device" not in str(error):
            raise
    else:
        raise RuntimeError("it accepts CPU tensors")
