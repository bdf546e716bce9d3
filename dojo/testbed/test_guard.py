"""Runs each test with fixed seeds, refuses `input()`, and puts PyTorch's global settings back afterwards."""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from dojo import sim
from dojo.testbed import debugging, tampering
from dojo.testbed.process_state import ProcessState

SEED = 1234
_INPUT = builtins.input


class InputRefused(RuntimeError):
    """Code under test called `input()`."""


class EndsPytest(Exception):
    """Code under test raised `error`, with which pytest itself ends a test or the whole run."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@dataclasses.dataclass
class Watch:
    """The side effects of a guarded block.

    notes: a sentence on each changed setting.
    replaced: the full names of guarded functions that the block replaced.
    altered: whether the process may differ from before, although everything was put back.
    warned: the warnings of the learner's code.
    """

    notes: list[str] = dataclasses.field(default_factory=list)
    replaced: list[str] = dataclasses.field(default_factory=list)
    altered: bool = False
    warned: list[str] = dataclasses.field(default_factory=list)


@contextlib.contextmanager
def guarded(is_learners: Callable[[str], bool], thorough: bool = True) -> Iterator[Watch]:
    """Run a block as every test runs. `is_learners(file)` tells whether a warning comes from the learner's code.

    thorough: look for every replaced function. A block that raises is always looked at thoroughly.
    """
    watch = Watch()
    _seed()
    before = _settings()
    process = ProcessState()
    typed, builtins.input = builtins.input, _refuse_input
    stops = debugging.refuse_breakpoints()
    folder = os.getcwd()
    try:
        with warnings.catch_warnings(record=True) as caught:
            try:
                yield watch
            except BaseException:
                thorough = True
                raise
    finally:
        builtins.input = typed
        debugging.allow_breakpoints(stops)
        # First, because the following lines use them.
        watch.replaced = tampering.put_back(thorough)
        if _folder() != folder:
            os.chdir(folder)
            watch.notes.append("Your code changed the current folder. The old one was restored.")
        watch.notes.extend(process.put_back(thorough))
        watch.altered = process.altered or bool(watch.replaced)
        watch.notes.extend(_put_back(before))
        for warning in caught:
            if is_learners(warning.filename):
                watch.warned.append(f"{warning.category.__name__}: {str(warning.message).partition(chr(10))[0]}")
            # pytest has its own filters and its own summary of warnings.
            with contextlib.suppress(Warning):
                warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        # The folder was deleted.
        return ""


def _refuse_input(prompt: object = "") -> str:
    if debugging.was_opened():
        # The debugger asks.
        return _INPUT(prompt)
    raise InputRefused("Your code calls input(), but nobody can type while tests run. Use the arguments instead.")


def _seed() -> None:
    random.seed(SEED)
    numpy: Any = sys.modules.get("numpy")
    torch: Any = sys.modules.get("torch")
    if numpy is not None:
        numpy.random.seed(SEED % 2**32)
    if torch is None:
        return
    if any(module.is_available() for module in (torch.cuda, torch.xpu, torch.mps)):
        torch.manual_seed(SEED)
    else:
        # As torch.manual_seed does, without its record of the call stack for a GPU, which takes 1 ms.
        torch.default_generator.manual_seed(SEED)
        if sim.is_installed():
            torch.sim.manual_seed_all(SEED)


def _settings() -> dict[str, Any]:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return {}
    # PyTorch raises many warnings once a process; a learner needs them in every test that causes them.
    torch.set_warn_always(True)
    return {name: get() for name, get, _ in _global_settings(torch)}


def _put_back(before: dict[str, Any]) -> list[str]:
    torch: Any = sys.modules.get("torch")
    if torch is None or not before:
        return []
    notes = []
    for name, get, put in _global_settings(torch):
        value = get()
        if value != before[name]:
            notes.append(f"Your code changed {name} to {value} for the whole process. {before[name]} was restored.")
            put(before[name])
    return notes


def _global_settings(torch: Any) -> list[tuple[str, Callable[[], Any], Callable[[Any], None]]]:
    """PyTorch's global settings: the name for a message, the function that reads it, and the function that sets it."""
    return [
        ("the default dtype", torch.get_default_dtype, torch.set_default_dtype),
        (
            "the default device",
            lambda: _default_device(torch),
            lambda d: torch.set_default_device(None if d.type == "cpu" else d),
        ),
        ("gradient recording (grad mode)", torch.is_grad_enabled, torch.set_grad_enabled),
        ("the number of threads", torch.get_num_threads, torch.set_num_threads),
        (
            "deterministic algorithms",
            torch.are_deterministic_algorithms_enabled,
            torch.use_deterministic_algorithms,
        ),
        ("anomaly detection", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
        ("float32 matmul precision", torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
        (
            "autocast on the CPU",
            lambda: torch.is_autocast_enabled("cpu"),
            lambda on: torch.set_autocast_enabled("cpu", on),
        ),
    ]


def _default_device(torch: Any) -> Any:
    try:
        return torch.get_default_device()
    except AttributeError:
        # PyTorch 2.6, after set_default_device(None).
        return torch.device("cpu")
