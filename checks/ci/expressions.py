"""The conditions of workflow files: GitHub's expressions and GitLab's rules, as far as the files use them.

Anything else is an error, so that no check passes because a condition was not understood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(r"\s*(?:(&&|\|\||==|!=|!|>|\(|\))|'([^']*)'|\"([^\"]*)\"|(\$?[\w][\w.-]*)|(\S))")


def evaluate(text: str, look_up: Callable[[str], Any]) -> Any:
    """The value of an expression. `look_up` gives the value of a name, with `()` behind it for a function."""
    return _Parser(text, look_up).whole()


def is_true(value: Any) -> bool:
    return value not in (None, False, 0, "")


class _Parser:
    """or, and, comparison, not, value: each method parses what binds closer than the one before it."""

    def __init__(self, text: str, look_up: Callable[[str], Any]) -> None:
        self.text, self.look_up = text, look_up
        self.tokens = [match.groups() for match in _TOKEN.finditer(text)]
        assert not any(token[4] for token in self.tokens), text

    def whole(self) -> Any:
        value = self.either()
        assert not self.tokens, f"not understood: {self.text}"
        return value

    def next_is(self, *signs: str) -> str:
        found = self.tokens[0][0] if self.tokens else None
        return self.tokens.pop(0)[0] if found in signs else ""

    def either(self) -> Any:
        value = self.both()
        while self.next_is("||"):
            other = self.both()
            value = value if is_true(value) else other
        return value

    def both(self) -> Any:
        value = self.comparison()
        while self.next_is("&&"):
            other = self.comparison()
            value = other if is_true(value) else value
        return value

    def comparison(self) -> Any:
        value = self.negation()
        sign = self.next_is("==", "!=", ">")
        if not sign:
            return value
        other = self.negation()
        if sign == ">":
            return _number(value) > _number(other)
        return _equal(value, other) == (sign == "==")

    def negation(self) -> Any:
        return not is_true(self.negation()) if self.next_is("!") else self.value()

    def value(self) -> Any:
        if self.next_is("("):
            value = self.either()
            assert self.next_is(")"), self.text
            return value
        _, single, double, name, _ = self.tokens.pop(0)
        if name is None:
            return single if single is not None else double
        if name in ("null", "true", "false"):
            return {"null": None, "true": True, "false": False}[name]
        if name.isdigit():
            return int(name)
        if self.next_is("("):
            assert self.next_is(")"), self.text
            name += "()"
        return self.look_up(name)


def _equal(one: Any, other: Any) -> bool:
    """As GitHub compares: texts without regard to case, and everything else of different types as numbers."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one == other if type(one) is type(other) else _number(one) == _number(other)


def _number(value: Any) -> float:
    if isinstance(value, str):
        try:
            return float(value or 0)
        except ValueError:
            return math.nan
    return float(value or 0)
