"""Runs the example in a step's docstring with the learner's own code."""

from __future__ import annotations

import contextlib
import doctest
import io
import signal
import types
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from dojo.course.curriculum import Step
from dojo.course.definitions import name_at, read_definitions
from dojo.course.layout import Course
from dojo.support.errors import DojoError
from dojo.testbed.kata_import import BrokenKata, KataFinder, MissingStep, kata_module
from dojo.testbed.test_guard import guarded
from dojo.testbed.time_limit import TookTooLong, start_limit
from dojo.testbed.tracebacks import frames_within

_SECONDS = 20.0


def run_example(course: Course, step: Step, inside: AbstractContextManager[Any]) -> dict[str, Any]:
    """Run the `>>>` lines of a step's docstring. What they print is dropped.

    Args:
        course: the course, with the folder of the code to run.
        step: the step.
        inside: a context in which the lines run.

    Returns:
        The kata's global variables after the run, and the value of the last expression as `_`.

    Raises DojoError if the step has no example or the example does not run.
    """
    examples = doctest.DocTestParser().get_examples(_docstring(course, step))
    if not examples:
        raise DojoError(f"The card of {step.name} has no example (a line that begins with >>>).")
    with own_code(course, step, f"the example of {step.name}") as kata, inside:
        for example in examples:
            _run(example.source, vars(kata))
    return vars(kata)


@contextlib.contextmanager
def own_code(course: Course, step: Step, what: str) -> Iterator[types.ModuleType]:
    """Run a block as own_katas does, after loading the step's kata. The block gets the module of the kata."""
    with own_katas(course, what, step):
        kata = kata_module(step.kata_id)
        getattr(kata, step.name)
        yield kata


@contextlib.contextmanager
def own_katas(course: Course, what: str, step: Step | None = None) -> Iterator[None]:
    """Run a block in which `katas` is the code that is judged. What the block prints is dropped.

    Args:
        course: the course, with the folder of the code to run.
        what: what the block runs, as the subject of a sentence.
        step: the step whose code the block runs; None if it runs the code of several steps.

    Raises DojoError if a kata does not load, or if the block raises an error or takes longer than 20 s.
    """
    finder = KataFinder(course)
    finder.install()
    cancel = start_limit(_SECONDS, "signal" if hasattr(signal, "SIGALRM") else "thread", lambda: False)
    try:
        with guarded(lambda file: False), contextlib.redirect_stdout(io.StringIO()):
            yield
    except TookTooLong:
        raise DojoError(f"{what} was still running after {_SECONDS:g} s.") from None
    except BrokenKata as error:
        raise DojoError(_broken(course, error)) from None
    except MissingStep as error:
        raise DojoError(f"{course.shown(error.path)}: {error.says} {error.remedy}") from None
    except DojoError:
        raise
    except Exception as error:
        raise DojoError(_stopped(course, step, error, what)) from None
    finally:
        cancel()
        finder.uninstall()


def _docstring(course: Course, step: Step) -> str:
    """The docstring with the example: the judged code's, the learner's, or the solution's; empty if none has one."""
    for tree in (course.judged, course.root / "katas", course.root / "solutions"):
        definition = read_definitions(tree / f"{step.kata_id}.py").get(step.name)
        if definition is not None and ">>>" in definition.docstring:
            return definition.docstring
    return ""


def _run(source: str, names: dict[str, Any]) -> None:
    """Run one line of an example, and keep the value of an expression as `_`, as Python's prompt does."""
    try:
        code = compile(source, "<example>", "eval")
    except SyntaxError:
        exec(compile(source, "<example>", "exec"), names)
        return
    value = eval(code, names)
    if value is not None:
        names["_"] = value


def _broken(course: Course, error: BrokenKata) -> str:
    broken = error.broken
    where = course.shown(broken.path) + (f":{broken.line}" if broken.line else "")
    return f"{where}: {broken.says} {broken.remedy}".strip()


def _stopped(course: Course, step: Step | None, error: Exception, what: str) -> str:
    frames = frames_within(error.__traceback__, course.judged)
    where = f"{course.shown(Path(frames[-1].file))}:{frames[-1].line}: " if frames else ""
    if isinstance(error, NotImplementedError) and frames and frames[-1].source.startswith("raise NotImplementedError"):
        name = name_at(Path(frames[-1].file), frames[-1].line)
        return f"{where}{name} is not written yet, and {what[:1].lower()}{what[1:]} needs it. Write {name} first."
    first = str(error).strip().partition("\n")[0]
    return f"{where}{what} raised {type(error).__name__}: {first}"
