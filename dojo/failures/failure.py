"""Why a test of a step is red: an exception turned into data that every view (terminal, JSON, …) is made from."""

from __future__ import annotations

import dataclasses
import math
import re
import traceback
from pathlib import Path
from typing import Any

from dojo.course.curriculum import Step
from dojo.course.definitions import read_definitions
from dojo.course.failure_kinds import KINDS
from dojo.course.layout import Course
from dojo.failures.calls import Call
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.failing_line import unreached
from dojo.failures.device_mixups import mixed_devices
from dojo.failures.values import Shown, show
from dojo.support.text import harmless
from dojo.testbed.file_access import Cheating
from dojo.testbed.kata_import import BrokenKata, MissingStep
from dojo.testbed.test_guard import EndsPytest, InputRefused
from dojo.testbed.time_limit import TookTooLong
from dojo.testbed.tracebacks import Frame, frames_within, innermost_line

# More values than this are not kept to tell two failures apart; the first and the shape must do.
_KEPT = 4096
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@dataclasses.dataclass(frozen=True)
class Fingerprint:
    """What makes two failures the same: the test's line, the kind, the words, and the values that came back."""

    line: int
    kind: str
    text: str
    attributes: str = ""
    values: tuple[float | str, ...] = ()

    def same_as(self, other: Fingerprint) -> bool:
        """Whether `other`, a mistake's, failed in the same way; numbers may differ by rounding.

        Where a mistake's values are all nan and the failure is not about values, any values will do: they stand for
        memory that nobody has set.
        """
        if (self.line, self.kind, self.attributes) != (other.line, other.kind, other.attributes):
            return False
        # Sentences about values carry rounded numbers; the values themselves are compared instead.
        if self.kind != "value":
            if self.text != other.text:
                return False
            if other.values and all(value != value for value in other.values):
                return True
        return len(self.values) == len(other.values) and all(map(_near, self.values, other.values))


@dataclasses.dataclass
class Failure:
    """One red test. `says` is what is wrong, in the learner's terms; `file`/`line` where to look first."""

    kind: str
    says: list[str]
    test: str
    file: str = ""
    line: int = 0
    raised: str = ""
    frames: list[Frame] = dataclasses.field(default_factory=list)
    actual: Shown | None = None
    expected: Shown | None = None
    calls: list[Call] = dataclasses.field(default_factory=list)
    printed: str = ""
    warned: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    mistake: str = ""
    diagnosis: str = ""
    clue: Clue | None = None

    def as_data(self) -> dict[str, Any]:
        """As plain lists, dicts and strings: JSON, or a message between processes."""
        return dataclasses.asdict(self)

    def harmless(self) -> Failure:
        """The same, and nothing in its texts that a terminal obeys."""
        return Failure.from_data(_harmless(self.as_data()))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Failure:
        fields = dict(data)
        fields["frames"] = [Frame(**frame) for frame in data["frames"]]
        fields["calls"] = [Call.from_data(call) for call in data["calls"]]
        for name in ("actual", "expected"):
            fields[name] = Shown.from_data(data[name])
        fields["clue"] = Clue(**data["clue"]) if data["clue"] else None
        return cls(**fields)


def explain(
    error: BaseException, test: str, test_file: Path, course: Course, step: Step
) -> tuple[Failure, Fingerprint]:
    """The failure that `error`, raised while `test` (a function of `test_file`) ran, means to the learner."""
    frames = frames_within(error.__traceback__, course.judged)
    line = innermost_line(error.__traceback__, test_file)
    failure = _classify(error, test, frames, course.judged)
    path = course.judged / f"{step.kata_id}.py"
    if frames and not failure.file:
        frame = _of_step(frames, path, step.name)
        failure.file, failure.line = frame.file, frame.line
    elif not failure.file:
        definition = read_definitions(path).get(step.name)
        failure.file, failure.line = str(path), definition.line if definition else 0
    actual = getattr(error, "actual", ...) if failure.kind not in ("broken", "missing") else ...
    # What an error says is PyTorch's or Python's; the sentences around it may name the learner's own variables.
    text = failure.raised or " ".join(failure.says)
    print_of = Fingerprint(line, failure.kind, _ADDRESS.sub("0x", text), *_values(actual))
    return failure, print_of


def _harmless(data: Any) -> Any:
    if isinstance(data, str):
        return harmless(data)
    if isinstance(data, (list, tuple)):
        return [_harmless(each) for each in data]
    return {key: _harmless(value) for key, value in data.items()} if isinstance(data, dict) else data


def _classify(error: BaseException, test: str, frames: list[Frame], folder: Path) -> Failure:
    if isinstance(error, BrokenKata):
        broken = error.broken
        return Failure(
            "broken",
            [part for part in (broken.says, broken.remedy) if part],
            test,
            file=str(broken.path),
            line=broken.line,
            frames=list(broken.frames),
        )
    if isinstance(error, MissingStep):
        return Failure("missing", [error.says, error.remedy], test, file=str(error.path))
    if isinstance(error, TookTooLong):
        where = f" It was on line {frames[-1].line}: {frames[-1].source}" if frames else ""
        return Failure("timeout", [f"It was still running after {error.seconds:g} s.{where}"], test, frames=frames)
    if isinstance(error, NotImplementedError) and frames and frames[-1].source.startswith("raise NotImplementedError"):
        return _not_written(test, frames)
    if isinstance(error, InputRefused):
        return Failure("error", [str(error)], test, frames=frames)
    if isinstance(error, EndsPytest):
        error = error.error
    if isinstance(error, Cheating) and error.frame is not None:
        frame = error.frame
        return Failure("cheating", [str(error)], test, file=frame.file, line=frame.line, frames=[frame])
    kind = getattr(error, "kind", None)
    if isinstance(error, AssertionError) and kind in KINDS:
        failure = Failure(kind, [str(error)], test, frames=frames)
        for name in ("actual", "expected"):
            value = getattr(error, name, ...)
            if value is not ...:
                setattr(failure, name, show(value))
        return failure
    if isinstance(error, AssertionError) and not frames:
        return Failure("statement", [_first_line(error) or "A condition of the test does not hold."], test)
    raised = f"{type(error).__name__}: {_first_line(error)}".removesuffix(": ")
    if frames:
        clue = mixed_devices(error, folder)
        says = [_headline(error), *([clue] if clue else [])]
        return Failure("error", says, test, raised=raised, frames=frames)
    if any(frame.f_code.co_name == "_engine_run_backward" for frame, _ in traceback.walk_tb(error.__traceback__)):
        return Failure("error", ["The backward pass through your result raises an error."], test, raised=raised)
    if isinstance(error, TypeError) and re.search("positional argument|keyword argument|keyword-only", str(error)):
        return Failure("signature", ["The test can't call it as its docstring says."], test, raised=raised)
    return Failure("unusable", ["The test can't use what came back."], test, raised=raised)


def _not_written(test: str, frames: list[Frame]) -> Failure:
    """A `raise NotImplementedError` that was reached; an answer may stand below it."""
    failure = Failure("not_written", ["It is not written yet."], test, frames=frames)
    if unreached(frames[-1].file, frames[-1].line):
        says = "`raise NotImplementedError` still comes first, so Python never reaches your code below it."
        failure.clue = Clue("unreached", says)
    return failure


def _headline(error: BaseException) -> str:
    """What to say of an error that the answer raised: the one that the test expected, if it expected another."""
    expected = getattr(error, "expected_instead", "")
    if not expected:
        return "Your code raises an error."
    return f"Expected {expected}, but your code raised {type(error).__name__}."


def _of_step(frames: list[Frame], path: Path, name: str) -> Frame:
    """The innermost frame in the step itself or a helper of it: a step that it calls is another matter."""
    definitions = read_definitions(path).values()
    for frame in reversed(frames):
        if frame.file == str(path):
            inside = [each.name for each in definitions if each.first_line <= frame.line <= each.end_line]
            if inside in ([], [name]) or inside[0].startswith("_"):
                return frame
    return frames[-1]


def _first_line(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        return ""
    first, _, rest = text.strip().partition("\n")
    if not first.endswith(":") or not rest:
        return first
    # "…, but expected one of:" is half a sentence.
    second, _, further = rest.strip().partition("\n")
    return f"{first} {second}{' …' if further.strip() else ''}"


def _values(actual: object) -> tuple[str, tuple[float | str, ...]]:
    """The attributes and the values of an answer that tell one wrong answer from another."""
    if actual is ...:
        return "", ()
    try:
        return _read_values(actual)
    except BaseException:
        # A sparse tensor, or an object whose own methods fail: told apart by its type alone.
        return type(actual).__name__, ()


def _read_values(actual: object) -> tuple[str, tuple[float | str, ...]]:
    import torch

    if isinstance(actual, torch.Tensor):
        attributes = f"{type(actual).__name__} {actual.device.type} {actual.dtype} {tuple(actual.shape)}"
        if actual.numel() > _KEPT and not actual.is_contiguous():
            # Flattening would copy all of it, and of an expanded tensor much more.
            return attributes, ()
        flat = actual.detach().to("cpu").reshape(-1)[:_KEPT]
        flat = flat if not flat.is_complex() else torch.view_as_real(flat).reshape(-1)
        return attributes, tuple(flat.to(torch.float64).tolist())
    return type(actual).__name__, tuple(_flat(actual))


def _flat(value: object) -> list[float | str]:
    if isinstance(value, (bool, int, float)):
        return [float(value)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _flat(item)][:_KEPT]
    if isinstance(value, dict):
        return [leaf for key in value for leaf in (str(key), *_flat(value[key]))][:_KEPT]
    return [_ADDRESS.sub("0x", show(value).summary)]


def _near(left: float | str, right: float | str) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    return (
        left == right
        or (math.isnan(left) and math.isnan(right))
        or math.isclose(left, right, rel_tol=1e-4, abs_tol=1e-6)
    )
