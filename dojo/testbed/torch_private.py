"""Every private name of PyTorch that the dojo uses, except in `dojo/sim/`: from 2.6 on, and what is lost without it.

PyTorch is not imported until a name is needed.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
import types
from collections.abc import Iterator
from typing import Any

from dojo.support.private_names import PrivateName, find

# The module of the classes that are written in C++.
EXTENSION = "torch._C"
# The compiler. The first optimizer of a process imports it, which takes about 1.5 s.
COMPILER = "torch._dynamo"
# The package in which some versions define the functions of torch.func.
FUNCTION_TRANSFORMS = "torch._functorch"

_NO_FUNCTIONS = PrivateName(
    "torch",
    EXTENSION,
    "DisableTorchFunction",
    "what a report does to show a tensor may count as your own calls.",
)
_NO_MODES = PrivateName(
    "torch",
    "torch.utils._python_dispatch",
    "_disable_current_modes",
    "what a report does to show a tensor may count as your own operations.",
)
_DISPATCH_MODE = PrivateName(
    "torch",
    "torch.utils._python_dispatch",
    "TorchDispatchMode",
    "tensor operations are not counted.",
)
_COMPILER = PrivateName("torch", COMPILER, "", "the first optimizer of a run may take longer.")
_BACKWARD = PrivateName(
    "torch",
    "torch.autograd.graph",
    "_engine_run_backward",
    "a report does not say that an error was raised in a backward pass.",
)
NAMES = (_NO_FUNCTIONS, _NO_MODES, _DISPATCH_MODE, _COMPILER, _BACKWARD)


def missing() -> list[str]:
    """A sentence about each private name that this PyTorch lacks; [] if PyTorch is not imported."""
    return [says for name in NAMES if (says := name.missing())] if "torch" in sys.modules else []


def import_compiler() -> None:
    """Import the compiler, if there is one."""
    find(_COMPILER)


def without_torch_functions() -> contextlib.AbstractContextManager[Any]:
    """A context in which PyTorch calls no `__torch_function__` of a subclass or a mode."""
    disable = find(_NO_FUNCTIONS)
    return disable() if disable is not None else contextlib.nullcontext()


def without_modes() -> contextlib.AbstractContextManager[Any]:
    """A context in which no TorchFunctionMode and no TorchDispatchMode is active."""
    disable = find(_NO_MODES)
    return disable() if disable is not None else contextlib.nullcontext()


@contextlib.contextmanager
def unobserved() -> Iterator[None]:
    """Hide what happens in the block from tests that count operators or forbid functions."""
    if "torch" not in sys.modules:
        yield
        return
    with without_torch_functions(), without_modes():
        yield


def in_backward_pass(tb: types.TracebackType | None) -> bool:
    """Whether an exception with this traceback was raised while a backward pass ran."""
    if "torch" not in sys.modules:
        return False
    code = getattr(find(_BACKWARD), "__code__", None)
    return code is not None and any(frame.f_code is code for frame, _ in traceback.walk_tb(tb))


def operator_mode() -> type[Any]:
    """The base class of modes that see every operator. If PyTorch lacks it, a mode can be entered but sees nothing."""
    base: Any = find(_DISPATCH_MODE) or contextlib.nullcontext

    class OperatorMode(base):  # type: ignore[misc]
        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            """Keep PyTorch from importing the compiler when the mode is first used: nothing is compiled here."""
            return False

    return OperatorMode
