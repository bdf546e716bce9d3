"""The operators for which the fallback is not enough, each with the reason."""

from __future__ import annotations

import functools
from typing import Any

import torch

from dojo.sim import private
from dojo.sim.fallback import run
from dojo.sim.storage import is_sim, set_tensor, to_host

aten = torch.ops.aten
_KEY = "PrivateUse1"
# A registration ends when its Library object is deleted.
_libraries: list[torch.library.Library] = []

# These use only sizes, strides and storage, so PyTorch's CPU kernel can work on the sim tensor itself. `alias` is not
# among them: its default implementation records views for autograd.
_ON_SHAPES = (
    "as_strided",
    "view",
    private.RESHAPE_ALIAS,
    "unfold",
    "set_.source_Storage_storage_offset",
    "set_.source_Tensor",
    "is_set_to",
)

# The operators that autocast runs in lower precision on other devices.
_LOWERED = ("linear", "matmul", "mm", "bmm", "addmm", "conv2d", "conv1d", "baddbmm")


def register() -> None:
    """Register the fallback, and every kernel of this module."""
    everything = torch.library.Library("_", "IMPL")
    everything.fallback(run, _KEY)
    autocast = torch.library.Library("_", "IMPL")
    autocast.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
    library = torch.library.Library("aten", "IMPL")
    _libraries.extend([everything, autocast, library])

    library.impl(private.COPY_FROM, _copy_from, _KEY)
    # Otherwise resolve_conj, clone, copy_ and _copy_from call each other until the C stack overflows.
    for key in ("Conjugate", "Negative"):
        library.impl(private.COPY_FROM, torch.library.fallthrough_kernel, key)
    library.impl(private.ITEM, _local_scalar_dense, _KEY)
    for name in _ON_SHAPES:
        library.impl(name, functools.partial(_operator(name).redispatch, private.CPU_KEY), _KEY)
    library.impl("set_.source_Storage", _set_storage, _KEY)

    # PyTorch calls these two for a device that it does not know, but does not define them.
    library.impl("convolution_overrideable", functools.partial(run, aten.convolution.default), _KEY)
    library.impl("convolution_backward_overrideable", _convolution_backward, _KEY)
    # PyTorch chooses the fused cells for this device. Here they are compositions that autograd can differentiate.
    for key in (_KEY, "AutogradPrivateUse1"):
        library.impl(private.LSTM_CELL, _lstm_cell, key)
        library.impl(private.GRU_CELL, _gru_cell, key)
    # DataLoader(pin_memory=True) finds an accelerator now, but `sim` has no pinned memory and needs none.
    library.impl(private.PIN_MEMORY, lambda tensor, device=None: tensor.clone(), "CPU")
    for name in _LOWERED:
        library.impl(name, _lowered(getattr(aten, name).default), "AutocastPrivateUse1")
    # These decompose into `empty` and `op.out`, which costs twice the time and raises a warning about resizing.
    for full in private.registrations("CompositeExplicitAutogradNonFunctional"):
        if full.startswith("aten::"):
            name = full.removeprefix("aten::")
            library.impl(name, functools.partial(run, _operator(name)), _KEY)


def _operator(name: str) -> Any:
    base, _, overload = name.partition(".")
    return getattr(getattr(aten, base), overload or "default")


def _copy_from(source: torch.Tensor, target: torch.Tensor, non_blocking: bool = False) -> torch.Tensor:
    """Copy between devices. Every other copy ends here."""
    with private.without_torch_functions():
        from_host = _with_bits(source) if is_sim(source) else source
        into_host = _with_bits(target) if is_sim(target) else target
        into_host.copy_(from_host)
        return target


def _with_bits(tensor: torch.Tensor) -> torch.Tensor:
    """The CPU alias, with the lazy conjugation and negation of the sim tensor."""
    host = to_host(tensor)
    host = host.conj() if tensor.is_conj() else host
    return private.negative_view(host) if tensor.is_neg() else host


def _local_scalar_dense(tensor: torch.Tensor) -> Any:
    with private.without_torch_functions():
        return to_host(tensor).item()


def _set_storage(tensor: torch.Tensor, source: Any) -> Any:
    return set_tensor.redispatch(private.CPU_KEY, tensor, source, 0, (source.nbytes() // tensor.element_size(),), (1,))


def _convolution_backward(
    gradient: torch.Tensor,
    x: torch.Tensor,
    weight: torch.Tensor,
    stride: Any,
    padding: Any,
    dilation: Any,
    transposed: bool,
    output_padding: Any,
    groups: int,
    wanted: Any,
) -> Any:
    bias_sizes = [weight.shape[1] * groups if transposed else weight.shape[0]]
    rest = (stride, padding, dilation, transposed, output_padding, groups, wanted)
    return run(aten.convolution_backward.default, gradient, x, weight, bias_sizes, *rest)


def _lstm_cell(
    from_input: torch.Tensor,
    from_hidden: torch.Tensor,
    cell: torch.Tensor,
    input_bias: torch.Tensor | None = None,
    hidden_bias: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    gates = from_input + from_hidden
    if input_bias is not None and hidden_bias is not None:
        gates = gates + input_bias + hidden_bias
    enter, forget, new, leave = gates.chunk(4, 1)
    cell = forget.sigmoid() * cell + enter.sigmoid() * new.tanh()
    return leave.sigmoid() * cell.tanh(), cell, gates.detach()


def _gru_cell(
    from_input: torch.Tensor,
    from_hidden: torch.Tensor,
    hidden: torch.Tensor,
    input_bias: torch.Tensor | None = None,
    hidden_bias: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    if input_bias is not None and hidden_bias is not None:
        from_input, from_hidden = from_input + input_bias, from_hidden + hidden_bias
    input_reset, input_update, input_new = from_input.chunk(3, 1)
    hidden_reset, hidden_update, hidden_new = from_hidden.chunk(3, 1)
    reset, update = (input_reset + hidden_reset).sigmoid(), (input_update + hidden_update).sigmoid()
    new = (input_new + reset * hidden_new).tanh()
    return new + update * (hidden - new), from_input.detach()


def _lowered(operator: Any) -> Any:
    """A kernel that runs an operator in autocast's lower precision."""

    def kernel(*args: Any, **kwargs: Any) -> Any:
        with private.without_keys(private.AUTOCAST_KEY):
            dtype = torch.get_autocast_dtype("sim")
            return operator(*[_cast(value, dtype) for value in args], **kwargs)

    return kernel


def _cast(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, torch.Tensor) and is_sim(value) and value.is_floating_point() and value.dtype != torch.float64:
        return value.to(dtype)
    return value
