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
from typing import Any, NamedTuple

from dojo import sim
from dojo.testbed import debugging, tampering
from dojo.testbed.process_state import ProcessState

SEED = 1234
_INPUT = builtins.input


class InputRefused(RuntimeError):
    """Code under test called `input()`."""


class EndsPytest(Exception):
    """Code under test raised `error`, an exception that pytest itself uses to end a test or the whole run."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@dataclasses.dataclass
class Watch:
    """The side effects of a guarded block.

    notes: a sentence about each changed setting.
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

    thorough: look for every replaced function. If the block raises, this is done in any case.
    """
    watch = Watch()
    _seed()
    before = _settings()
    process = ProcessState()
    typed, builtins.input = builtins.input, _refuse_input
    folder = os.getcwd()
    try:
        with debugging.without_breakpoints(), warnings.catch_warnings(record=True) as caught:
            try:
                yield watch
            except BaseException:
                thorough = True
                raise
    finally:
        builtins.input = typed
        # This comes first, because the following lines use functions that may have been replaced.
        watch.replaced = tampering.put_back(thorough)
        if _folder() != folder:
            os.chdir(folder)
            watch.notes.append("Your code changed the current folder. The old folder was restored.")
        watch.notes.extend(process.put_back(thorough))
        watch.altered = process.altered or bool(watch.replaced)
        watch.notes.extend(note for setting in before for note in setting.put_back())
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
        # The debugger calls it.
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
        # The same as torch.manual_seed, without its record of the call stack for a GPU, which takes 1 ms.
        torch.default_generator.manual_seed(SEED)
        if sim.is_installed():
            torch.sim.manual_seed_all(SEED)


class _Setting(NamedTuple):
    """One of PyTorch's global settings: its name in a message, how it is read and set, and its value before a test."""

    name: str
    get: Callable[[], Any]
    set: Callable[[Any], None]
    before: Any

    def put_back(self) -> list[str]:
        """Put the setting back; return a sentence if it was changed."""
        value = self.get()
        if value == self.before:
            return []
        self.set(self.before)
        return [f"Your code changed {self.name} to {value} for the whole process. {self.before} was restored."]


def _settings() -> list[_Setting]:
    """PyTorch's global settings as they are now."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return []
    # PyTorch raises many warnings only once per process. A learner needs them in every test that causes them.
    torch.set_warn_always(True)
    settings = [
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
    return [_Setting(name, read, put, read()) for name, read, put in settings]


def _default_device(torch: Any) -> Any:
    try:
        return torch.get_default_device()
    except AttributeError:
        # PyTorch 2.6, after set_default_device(None).
        return torch.device("cpu")
