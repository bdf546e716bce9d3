"""The messages between the watch and its warm process: JSON lines over pipes."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from typing import Literal

from dojo.failures.foresight import Foreseen
from dojo.support.plain_data import from_data
from dojo.support.processes import send


@dataclasses.dataclass(frozen=True)
class Request:
    """A request to the warm process about the run with this number.

    do: `run` it, `prepare` it (go as far as possible without reading a kata, and wait), let a prepared run `go`, or
    `cancel` it. `forget` concerns all runs: drop what they have foreseen.
    arguments: pytest's. log: the file for its output.
    """

    do: Literal["run", "prepare", "go", "cancel", "forget"]
    run: int
    arguments: list[str] = dataclasses.field(default_factory=list)
    log: str = ""


@dataclasses.dataclass(frozen=True)
class Answer:
    """An event: the process is `ready`, a test of a run is `red`, the run has `ended`, or it is `lost`.

    Only the warm process hears `foreseen`: a prepared run knows the verdict on a mistake.

    Attributes:
        step, kind, report: of a red test. It is sent before its diagnosis is known, and again with the diagnosis.
        status: the run's exit status; a negative number is the signal that ended it.
        learned: what the run remembered of steps, as in .dojo/steps.json; None if it was killed.
        foreseen: the mistake and its verdict.
    """

    what: Literal["ready", "red", "ended", "lost", "foreseen"]
    run: int = 0
    step: str = ""
    kind: str = ""
    report: list[list[list[str]]] = dataclasses.field(default_factory=list)
    status: int = 0
    learned: dict[str, dict[str, str]] | None = None
    foreseen: Foreseen | None = None


def send_request(descriptor: int, request: Request) -> None:
    """Send a request. Raises OSError if nobody listens."""
    send(descriptor, dataclasses.asdict(request))


def send_answer(descriptor: int, answer: Answer) -> None:
    """Send an answer. Does nothing if nobody listens."""
    with contextlib.suppress(BrokenPipeError):
        send(descriptor, dataclasses.asdict(answer))


def request_from(line: bytes | str) -> Request:
    """The request in a line."""
    return from_data(Request, json.loads(line))


def answer_from(line: bytes | str) -> Answer:
    """The answer in a line. Raises ValueError, TypeError, KeyError or AttributeError for any other line."""
    return from_data(Answer, json.loads(line))
