"""Why a test of a step is red: an exception turned into data. Every view (terminal, JSON, …) is made from this data."""

from __future__ import annotations

import dataclasses
import math
import re
import sys
from pathlib import Path
from typing import Any

from dojo.course.curriculum import Step, step_of_test
from dojo.course.definitions import defined_twice, name_at, read_definitions
from dojo.course.failure_kinds import KINDS
from dojo.course.layout import Course
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.failing_line import unreached
from dojo.failures.device_mixups import mixed_devices
from dojo.failures.values import Shown, show, show_both
from dojo.support.plain_data import from_data
from dojo.support.text import harmless
from dojo.testbed import torch_private
from dojo.testbed.debugging import BreakpointRefused
from dojo.testbed.file_access import Cheating
from dojo.testbed.kata_import import BrokenKata, MissingStep
from dojo.testbed.test_guard import EndsPytest, InputRefused
from dojo.testbed.time_limit import TookTooLong
from dojo.testbed.tracebacks import Frame, frames_within, innermost_line

# A signature holds at most this many values. Of a larger answer, it holds the first values and the shape.
_MOST_VALUES = 4096
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
# A folder of the fixture tmp_path has a different number in each run.
_TEMPORARY = re.compile(r"pytest-of-[^/\\]+[/\\]pytest-\d+[/\\]\w+")

# The sentence about a repair step that nobody has begun.
NOT_FIXED = "It is not fixed yet: the code is as given."


class GivenCode(Exception):
    """The code of a repair step is as given, and this run does not run it."""


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a step by a test, in words.

    Attributes:
        text: the call as it would be typed.
        details: the arguments that are too long for `text`, each with its name.
        returned: the returned value; None if the call raised or creates an object.
        result_id: the `id()` of the returned value.
        creates: whether the call creates an object of the step's class.
    """

    text: str
    details: tuple[Shown, ...] = ()
    returned: Shown | None = None
    result_id: int = 0
    creates: bool = False


@dataclasses.dataclass(frozen=True)
class FailureSignature:
    """What two failures are compared by. Answers with the same mistake have the same signature, except for rounding.

    Attributes:
        line: the line of the test's file that was running.
        kind: one of KINDS.
        text: the first line of the error, or the failure's sentences, without memory addresses and temporary folders.
        attributes: the refused value's type, and a tensor's device, dtype and shape.
        values: the refused value's elements, the first 4096.
    """

    line: int
    kind: str
    text: str
    attributes: str = ""
    values: tuple[float | str, ...] = ()

    def same_as(self, mistake: FailureSignature) -> bool:
        """Whether a mistake with this other signature failed in the same way.

        If the mistake's values are all nan and the failure is not about values, any values match. Then the mistake
        stands for memory that was never initialized.
        """
        if (self.line, self.kind, self.attributes) != (mistake.line, mistake.kind, mistake.attributes):
            return False
        # Sentences about values contain rounded numbers. If there are values, the values are compared instead, except
        # for a bool, which says too little.
        if self.kind != "value" or self.attributes in ("", "bool"):
            if self.text != mistake.text:
                return False
            if mistake.values and all(value != value for value in mistake.values):
                return True
        return len(self.values) == len(mistake.values) and all(map(_near, self.values, mistake.values))


@dataclasses.dataclass
class Failure:
    """Why one test is red.

    Attributes:
        kind: one of KINDS.
        says: sentences that tell the learner what is wrong.
        test: the test function's name.
        file, line: where the learner should look first; an absolute path, and 0 if no line is known.
        raised: the type and the first line of the error that the learner's code raised.
        frames: the learner's own frames, the innermost last.
        actual, expected: the values that the test compared, if it compared values.
        calls: the calls worth showing; if one creates an object, it comes first.
        printed: the end of what the learner's code printed.
        warned: the warnings that the learner's code caused.
        notes: what else the learner should know about this run.
        mistake, diagnosis: the name and the sentence of the known mistake that fails in the same way.
        is_given_code: whether the code that failed is the given code of a repair step.
        clue: a fact about the wrong value or the error, if no known mistake fits.
    """

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
    is_given_code: bool = False
    clue: Clue | None = None

    @property
    def counts_as(self) -> str:
        """The kind of failure that is remembered for the step. Given code is not written yet, whatever it does."""
        return "not_written" if self.is_given_code else self.kind

    def harmless(self) -> Failure:
        """A copy whose texts contain no control characters, so that a terminal may print them."""
        return from_data(Failure, _harmless(dataclasses.asdict(self)))


@dataclasses.dataclass
class TestResult:
    """The result of one test of a step on one device: the step's id, the test function's name, and the failure.

    `failure` is None unless the test ran and is red. `notes` says what else the learner should know about this run.
    """

    __test__ = False

    step: str
    test: str
    device: str
    failure: Failure | None = None
    notes: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Explanation:
    """An exception, explained: the failure, its signature, and the value that the test refused (`...` if none)."""

    failure: Failure
    signature: FailureSignature
    actual: object = ...


def explain(error: BaseException, test: str, test_file: Path, course: Course, step: Step) -> Explanation:
    """Turn the exception that made a test red into a failure.

    Args:
        error: the exception, with its traceback.
        test: the name of the test function.
        test_file: the file of the test function.
        course: the course, with the folder that is judged.
        step: the step that the test tests.
    """
    frames = frames_within(error.__traceback__, course.judged)
    failure = _failure_of(error, test, frames, course.judged)
    if isinstance(error, BreakpointRefused):
        failure.says.append(f"In a terminal, this command stops there: dojo run {step.name}")
    path = course.judged / f"{step.kata_id}.py"
    if frames and not failure.file:
        frame = _frame_of_step(frames, path, step.name)
        failure.file, failure.line = frame.file, frame.line
    elif not failure.file:
        definition = read_definitions(path).get(step.name)
        failure.file, failure.line = str(path), definition.line if definition else 0
    twice = defined_twice(path, step.name)
    failure.notes += [twice] if twice else []
    # An error's text comes from PyTorch or Python; the sentences around it may name the learner's own variables.
    text = _TEMPORARY.sub("tmp", _ADDRESS.sub("0x", failure.raised or " ".join(failure.says)))
    actual = getattr(error, "actual", ...)
    compared = actual if failure.kind not in ("broken", "missing") else ...
    line = innermost_line(error.__traceback__, test_file)
    return Explanation(failure, FailureSignature(line, failure.kind, text, *_attributes_and_values(compared)), actual)


def _harmless(data: Any) -> Any:
    if isinstance(data, str):
        return harmless(data)
    if isinstance(data, (list, tuple)):
        return [_harmless(each) for each in data]
    return {key: _harmless(value) for key, value in data.items()} if isinstance(data, dict) else data


def _failure_of(error: BaseException, test: str, frames: list[Frame], folder: Path) -> Failure:
    failure = _stopped_by_the_testbed(error, test, frames)
    if failure is not None:
        return failure
    if isinstance(error, EndsPytest):
        error = error.error
    if isinstance(error, AssertionError):
        failure = _failed_assertion(error, test, frames)
    return failure or _raised_error(error, test, frames, folder)


def _stopped_by_the_testbed(error: BaseException, test: str, frames: list[Frame]) -> Failure | None:
    """The failure behind an exception that says why the code could not run, or was not allowed to go on."""
    if isinstance(error, BrokenKata):
        broken = error.broken
        says = [part for part in (broken.says, broken.remedy) if part]
        return Failure("broken", says, test, str(broken.path), broken.line, frames=list(broken.frames))
    if isinstance(error, MissingStep):
        return Failure("missing", [error.says, error.remedy], test, str(error.path))
    if isinstance(error, TookTooLong):
        where = f" It was on line {frames[-1].line}: {frames[-1].source}" if frames else ""
        return Failure("timeout", [f"It was still running after {error.seconds:g} s.{where}"], test, frames=frames)
    if isinstance(error, NotImplementedError) and frames and frames[-1].source.startswith("raise NotImplementedError"):
        return _calls_unwritten(test, frames) or _not_written(test, frames)
    if isinstance(error, GivenCode):
        return Failure("not_written", [NOT_FIXED], test)
    if isinstance(error, (InputRefused, BreakpointRefused)):
        return Failure("error", [str(error)], test, frames=frames)
    if isinstance(error, Cheating) and error.frame is not None:
        frame = error.frame
        return Failure("cheating", [str(error)], test, frame.file, frame.line, frames=[frame])
    return None


def _failed_assertion(error: AssertionError, test: str, frames: list[Frame]) -> Failure | None:
    """The failure behind a test's own assertion; None if the learner's code asserts."""
    kind = getattr(error, "kind", None)
    if kind in KINDS:
        actual, expected = (getattr(error, name, ...) for name in ("actual", "expected"))
        both = show_both(actual, expected, getattr(error, "rtol", 0), getattr(error, "atol", 0))
        shown = [None if value is ... else words for value, words in zip((actual, expected), both, strict=True)]
        return Failure(kind, [str(error)], test, frames=frames, actual=shown[0], expected=shown[1])
    if frames:
        return None
    return Failure("statement", [_first_line(error) or "A condition of the test does not hold."], test)


def _raised_error(error: BaseException, test: str, frames: list[Frame], folder: Path) -> Failure:
    """The failure behind an error of the learner's code, or of a test that can't use the learner's code."""
    raised = f"{type(error).__name__}: {_first_line(error)}".removesuffix(": ")
    if frames:
        devices = mixed_devices(error, folder)
        says = [_headline(error), *([devices] if devices else [])]
        return Failure("error", says, test, raised=raised, frames=frames)
    if torch_private.in_backward_pass(error.__traceback__):
        return Failure("error", ["The backward pass through your result raises an error."], test, raised=raised)
    if isinstance(error, TypeError) and re.search("positional argument|keyword argument|keyword-only", str(error)):
        return Failure("signature", ["The test can't call your code as the card says."], test, raised=raised)
    return Failure("unusable", ["The test can't use your result."], test, raised=raised)


def _calls_unwritten(test: str, frames: list[Frame]) -> Failure | None:
    """The failure of a step that is written, but calls another step that is not; None if the step is not written."""
    *callers, stub = (name_at(Path(frame.file), frame.line) for frame in frames)
    if stub == step_of_test(test) or step_of_test(test) not in callers:
        return None
    says = f"Your code calls {stub}, which is not written yet. Write {stub} first."
    return Failure("error", [says], test, raised="NotImplementedError", frames=frames)


def _not_written(test: str, frames: list[Frame]) -> Failure:
    """The failure of a step that reached its `raise NotImplementedError`, with a clue if an answer stands below it."""
    failure = Failure("not_written", ["It is not written yet."], test, frames=frames)
    if unreached(frames[-1].file, frames[-1].line):
        says = "`raise NotImplementedError` still comes first, so Python never reaches your code below it."
        failure.clue = Clue("unreached", says)
    return failure


def _headline(error: BaseException) -> str:
    """The sentence about an error that the learner's code raised. It names the error that the test expected, if any."""
    expected = getattr(error, "expected_instead", "")
    if not expected:
        return "Your code raises an error."
    return f"Expected {expected}, but your code raised {type(error).__name__}."


def _frame_of_step(frames: list[Frame], path: Path, name: str) -> Frame:
    """The innermost frame in the step or in a helper of it, but not in another step that it calls."""
    for frame in reversed(frames):
        if frame.file == str(path):
            inside = name_at(path, frame.line)
            if inside in ("", name) or inside.startswith("_"):
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
    # A line such as "…, but expected one of:" is half a sentence.
    second, _, further = rest.strip().partition("\n")
    return f"{first} {second}{' …' if further.strip() else ''}"


def _attributes_and_values(actual: object) -> tuple[str, tuple[float | str, ...]]:
    """The attributes and values of a signature. A value that can't be read is described by its type alone."""
    if actual is ...:
        return "", ()
    try:
        return _read_attributes_and_values(actual)
    except BaseException:
        # The value is a sparse tensor, or an object whose own methods fail.
        return type(actual).__name__, ()


def _read_attributes_and_values(actual: object) -> tuple[str, tuple[float | str, ...]]:
    import torch

    if not isinstance(actual, torch.Tensor):
        return type(actual).__name__, tuple(_flat(actual))
    attributes = f"{type(actual).__name__} {actual.device.type} {actual.dtype} {tuple(actual.shape)}"
    if actual.numel() > _MOST_VALUES and not actual.is_contiguous():
        # Flattening would copy the whole tensor, and an expanded tensor has far more elements than memory.
        return attributes, ()
    flat = actual.detach().to("cpu").reshape(-1)[:_MOST_VALUES]
    flat = flat if not flat.is_complex() else torch.view_as_real(flat).reshape(-1)
    return attributes, tuple(flat.to(torch.float64).tolist())


def _flat(value: object) -> list[float | str]:
    if isinstance(value, (bool, int, float)):
        return [float(value)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in _flat(item)][:_MOST_VALUES]
    if isinstance(value, dict):
        return [leaf for key in value for leaf in (str(key), *_flat(value[key]))][:_MOST_VALUES]
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)) and value.dtype.kind in "biuf":
        entries = numpy.asarray(value).reshape(-1)[:_MOST_VALUES].astype(numpy.float64)
        return [f"{type(value).__name__} {value.dtype} {value.shape}", *entries.tolist()]
    return [_ADDRESS.sub("0x", show(value).summary)]


def _near(left: float | str, right: float | str) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return left == right
    return (
        left == right
        or (math.isnan(left) and math.isnan(right))
        or math.isclose(left, right, rel_tol=1e-4, abs_tol=1e-6)
    )
