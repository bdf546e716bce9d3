"""`sim`: a simulated accelerator in pure Python, so that device mistakes go red on a machine without a GPU.

A sim tensor is an ordinary torch.Tensor with real values in host memory, but it says that it lives on `sim:0`, and
PyTorch itself refuses to mix it with CPU tensors or to hand it to NumPy, in the words that it uses for a GPU.

    import dojo.sim
    dojo.sim.install()
    x = torch.ones(3, device="sim")

How: PyTorch keeps one device slot (PrivateUse1) for backends from outside. `storage` makes tensors on it whose memory
is that of a CPU tensor; `fallback` runs every operator on their CPU aliases; `kernels` are the operators that need
more; `generators` are its random numbers; `backend` is `torch.sim`; `patches` are the places in PyTorch's own Python
that know only of the devices it was built with. Known limits are in docs/sim.md.
"""

from __future__ import annotations

_installed = False


class SimUnavailable(Exception):
    """The simulated device can't be had here. The text says why, in one line."""


def is_installed() -> bool:
    """Whether `sim` is a device of this process."""
    return _installed


def install(*, beside_accelerator: bool = False) -> None:
    """Make `sim` a device of this process, for its whole life; imports torch. A second call does nothing.

    From then on torch.accelerator.current_accelerator() is `sim`. On a machine with a real accelerator this is
    refused unless `beside_accelerator`: the real one finds the same mistakes.

    Raises SimUnavailable; the process goes on with the devices that it had.
    """
    global _installed
    if _installed:
        return
    import torch

    try:
        from dojo.sim import private
    except (ImportError, AttributeError) as error:
        raise SimUnavailable(f"PyTorch {torch.__version__} lacks what it is built from ({error})") from None
    taken = private.backend_name()
    if taken != "privateuseone":
        raise SimUnavailable(f"another backend ({taken}) has taken PyTorch's one slot for devices from outside")
    if torch.accelerator.is_available() and not beside_accelerator:
        real = torch.accelerator.current_accelerator()
        raise SimUnavailable(f"a real accelerator ({real.type if real else '?'}) is here and finds the same mistakes")
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
        raise SimUnavailable(f"PyTorch {torch.__version__} does not carry it ({reason})") from error
    _installed = True
