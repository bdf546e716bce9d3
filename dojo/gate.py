"""Where a run that has been made ready before anybody asked for it waits until somebody does."""

from __future__ import annotations

import os


class Gate:
    """Closed until its one byte arrives on `descriptor`. Where the other end is closed first, this process ends."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def wait(self) -> None:
        """Return when the gate is opened."""
        if not os.read(self.descriptor, 1):
            os._exit(0)
        os.close(self.descriptor)


class _Held:
    gate: Gate | None = None


def hold(descriptor: int) -> None:
    """Have this process's next run wait before its first test until a byte arrives on `descriptor`.

    A fork that is made while it waits takes a byte of its own.
    """
    _Held.gate = Gate(descriptor)


def held() -> int | None:
    """The descriptor that this process's run is to wait for; None where it need not wait."""
    return _Held.gate.descriptor if _Held.gate is not None else None


def pass_through() -> bool:
    """Wait where this process's run is held; tell whether it was."""
    gate, _Held.gate = _Held.gate, None
    if gate is not None:
        gate.wait()
    return gate is not None
