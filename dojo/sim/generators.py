"""Random numbers on `sim`, independent of the CPU's.

PyTorch can't make a torch.Generator on a device that is written in Python, so a subclass takes over its name.
A sim generator is a CPU generator whose `device` is `sim:0`.
"""

from __future__ import annotations

import weakref
from typing import Any

import torch

from dojo.sim import private
from dojo.sim.storage import DEVICE

_Base: Any = private.Generator

# The addresses of sim's generators. C++ returns such a generator as a plain one, so only the address tells.
_ours: set[int] = set()


class _AnyGenerator(type(_Base)):  # type: ignore[misc]
    """Makes isinstance(g, torch.Generator) True for every generator, even for one that was made in C++."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _Base)


class Generator(_Base, metaclass=_AnyGenerator):  # type: ignore[misc]
    """torch.Generator, with the device `sim` added."""

    def __new__(cls, device: Any = "cpu") -> Any:
        place = torch.device(device)
        if place.type != "sim":
            return _Base(device)
        if place.index not in (None, 0):
            raise RuntimeError(f"invalid device ordinal: there is no {place}. The simulated GPU is sim:0.")
        made = _Base.__new__(cls)
        _ours.add(private.address(made))
        weakref.finalize(made, _ours.discard, private.address(made))
        return made

    def __init__(self, device: Any = "cpu") -> None:
        """Do nothing: __new__ has made the generator."""

    @property
    def device(self) -> torch.device:
        return DEVICE

    def clone_state(self) -> Any:
        return _with_state(self.get_state())

    def __reduce__(self) -> tuple[Any, tuple[Any]]:
        return _with_state, (self.get_state(),)


def _with_state(state: Any) -> Any:
    made = Generator("sim")
    made.set_state(state)
    return made


def is_ours(generator: Any) -> bool:
    """Whether a generator belongs to `sim`."""
    return private.address(generator) in _ours


_default: Any = None


def default() -> Any:
    """The generator that `sim` uses if no generator is given. torch.manual_seed seeds it, as it does for a GPU."""
    global _default
    if _default is None:
        _default = Generator("sim")
        _default.manual_seed(torch.initial_seed() & (2**63 - 1))
    return _default
