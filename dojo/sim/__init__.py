"""`sim`: a simulated accelerator in pure Python, so that device mistakes go red on a machine without a GPU.

A sim tensor is an ordinary torch.Tensor with real values in host memory. Its device is `sim:0`, so PyTorch itself
refuses to mix it with CPU tensors or to convert it to NumPy, with the errors of a GPU.

    import dojo.sim
    dojo.sim.install()
    x = torch.ones(3, device="sim")

PyTorch has one free device slot (PrivateUse1) for external backends. `storage` makes tensors on this device that
share their memory with a CPU tensor. `fallback` runs every operator on these CPU aliases, and `kernels` holds the
operators that need more. `generators` holds the random numbers, and `backend` is `torch.sim`. `patches` changes
PyTorch's Python code that knows only the built-in devices. `private` holds every private name. docs/sim.md lists
the known limits.
"""

from __future__ import annotations

_installed = False


class SimUnavailable(Exception):
    """The simulated device can't be installed. The text says why, in one line."""


def is_installed() -> bool:
    """Whether `sim` is a device of this process."""
    return _installed


def install(*, with_accelerator: bool = False) -> None:
    """Make `sim` a device of this process until it ends. Imports torch. A second call does nothing.

    Afterwards torch.accelerator.current_accelerator() is `sim`. A real accelerator finds the same mistakes, so on a
    machine that has one, you need `with_accelerator=True`.

    Raises SimUnavailable if `sim` can't be installed. The process can go on with its other devices.
    """
    global _installed
    if _installed:
        return
    import torch

    try:
        from dojo.sim import private
    except (ImportError, AttributeError) as error:
        raise SimUnavailable(f"PyTorch {torch.__version__} lacks what `sim` is built from ({error})") from None
    taken = private.backend_name()
    if taken != "privateuseone":
        raise SimUnavailable(f"another backend ({taken}) has taken PyTorch's one slot for external devices")
    if torch.accelerator.is_available() and not with_accelerator:
        real = torch.accelerator.current_accelerator()
        raise SimUnavailable(f"a real accelerator ({real.type if real else '?'}) finds the same mistakes here")
    try:
        from dojo.sim import backend, kernels, patches
        from dojo.sim.smoke import check

        patches.before_registering()
        backend.register()
        kernels.register()
        patches.apply()
        check()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise SimUnavailable(f"`sim` does not work with PyTorch {torch.__version__} ({reason})") from error
    _installed = True
