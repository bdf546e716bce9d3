"""The example on a step's card as a test: the learner's code must do what the course's own card shows."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import math
import re
import sys
import types
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.definitions import parse_source
from dojo.course.layout import CARDS
from dojo.expect import Mismatch
from dojo.support.text import cut

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)(?!\w)")
# How a tensor got its value is not its value.
_HISTORY = re.compile(r",\s*(?:grad_fn=<[^>]*>|requires_grad=True)(?=[,)])|Parameter containing:\s*")
_MOST = 200


class CardExample:
    """The example on the course's own card of a step. The learner may have changed their copy of the card.

    The learner's code can find what this object holds. So the object holds no answer from the file with the card.
    """

    def __init__(self, root: Path, step: Step) -> None:
        places = [root / tree / f"{step.kata_id}.py" for tree in ("solutions", CARDS)]
        text = next((path for path in places if path.is_file()), places[0]).read_text(encoding="utf-8")
        source = parse_source(text)
        self._statements = doctest.DocTestParser().get_examples(source.by_name()[step.name].docstring)
        self._steps = {each.name for each in source.definitions}
        self._imports = [node for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom))]

    def check(self, kata: types.ModuleType) -> None:
        """Run the example with the kata's definitions, on the CPU. Raises Mismatch if the output differs from the card.

        White space does not count, and numbers may differ by the card's rounding. Exceptions must have the same class.
        """
        namespace: dict[str, object] = {"__name__": "example"}
        exec(compile(ast.Module([*self._imports], []), "<imports of the example>", "exec"), namespace)
        used = {name for each in self._statements for name in re.findall(r"\w+", each.source)}
        for name in used & self._steps:
            namespace[name] = getattr(kata, name)
        for number, statement in enumerate(self._statements, start=1):
            shown = _shown_by(statement, namespace, f"<statement {number} of the example>")
            if not _is_alike(shown, statement):
                raise Mismatch("value", _difference(statement, shown))


def _shown_by(statement: doctest.Example, namespace: dict[str, object], name: str) -> str:
    """What a statement prints at Python's prompt. If the card shows an exception: the name of the exception's class."""
    printed = io.StringIO()
    hook, sys.displayhook = sys.displayhook, lambda value: print(repr(value)) if value is not None else None
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(statement.source, name, "single"), namespace)
    except Exception as error:
        if statement.exc_msg is None or isinstance(error, NotImplementedError):
            raise
        return type(error).__name__
    finally:
        sys.displayhook = hook
    return printed.getvalue()


def _is_alike(shown: str, statement: doctest.Example) -> bool:
    """Whether an output has the words of the card, and numbers that agree in the digits that the card shows."""
    if statement.exc_msg is not None:
        return shown == statement.exc_msg.partition(":")[0].strip().rpartition(".")[2]
    texts = [_HISTORY.sub("", text) for text in (shown, statement.want)]
    words, wanted_words = ("".join(_NUMBER.sub(" 0 ", text).split()) for text in texts)
    numbers, wanted = (_NUMBER.findall(text) for text in texts)
    return words == wanted_words and all(map(_is_close, numbers, wanted))


def _is_close(number: str, wanted: str) -> bool:
    value, aim = float(number), float(wanted)
    if math.isnan(aim) or math.isinf(aim):
        return math.isnan(value) if math.isnan(aim) else value == aim
    mantissa, _, exponent = wanted.partition("e")
    decimals = len(mantissa.partition(".")[2])
    # The last digit may be rounded either way. PyTorch shows "2." only if all entries are integers.
    rounding = 0.6 * 10.0 ** (int(exponent or 0) - decimals) if decimals else 1e-5 * abs(aim)
    return value == aim or ("." in mantissa and abs(value - aim) <= rounding)


def _difference(statement: doctest.Example, shown: str) -> str:
    source, want, own = (
        cut(" ".join(text.split()), _MOST) for text in (statement.source, statement.exc_msg or statement.want, shown)
    )
    if not want:
        return f"The example on the card runs `{source}`. With your code it shows {own}, but it must show nothing."
    return (
        f"The example on the card runs `{source}`. It must show {want}, but with your code it shows {own or 'nothing'}."
    )
