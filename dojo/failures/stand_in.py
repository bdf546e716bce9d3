"""Puts another answer in place of the learner's."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import types
from collections.abc import Iterator

from dojo.course.kept_answers import Answer
from dojo.support.errors import DojoError
from dojo.testbed.kata_import import is_withheld
from dojo.testbed.tracebacks import ANSWERS


def load_answer(answer: Answer) -> object:
    """Import an answer's file, once per process, and return its function or class, renamed after the step.

    Raises DojoError if the file does not import.
    """
    module_name = ANSWERS + ".".join(answer.path.with_suffix("").parts[-3:])
    module = sys.modules.get(module_name)
    if module is None:
        spec = importlib.util.spec_from_file_location(module_name, answer.path)
        if spec is None or spec.loader is None:
            raise DojoError(f"{answer.path} is not a Python file.")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise DojoError(f"{answer.path} does not import: {type(error).__name__}: {error}") from error
        sys.modules[module_name] = module
    found = getattr(module, answer.name)
    # With the step's name, reprs and error messages are the same as those of a learner's own code.
    found.__name__ = found.__qualname__ = answer.step
    return found


@contextlib.contextmanager
def standing_in(module: types.ModuleType, answer: Answer) -> Iterator[None]:
    """Replace the learner's answer in its kata's module inside the block. Raises DojoError as load_answer does."""
    if not is_withheld(module):
        getattr(module, answer.step, None)  # a kata that ran only later would undo the replacement
    namespace = module.__dict__
    before = namespace.get(answer.step, ...)
    namespace[answer.step] = load_answer(answer)
    try:
        yield
    finally:
        if before is ...:
            del namespace[answer.step]
        else:
            namespace[answer.step] = before
