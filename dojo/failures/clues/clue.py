"""What a clue is, and what it is computed from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from dojo.support.text import is_plural, sentence_start


@dataclasses.dataclass(frozen=True)
class Clue:
    """A fact about a wrong answer: `kind` is the name of the relation, `sentence` what the learner reads."""

    kind: str
    sentence: str


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What a clue may be computed from: copies of values, taken while the red test ran.

    actual, expected: the two values that the test compared.
    rtol, atol: within these tolerances the test would have accepted `actual`.
    name: what the test calls `actual`, such as "the gradient".
    arguments: the arguments of the call, as they were before the call, by the names that a learner knows
        ("x", "w.grad", "model.weight").
    results: what the call returned, item by item, by names such as "entry [1] of your result".
    returned: whether `actual` is all that the call returned, not a part of it or something computed from it.
    same_as: the names of the arguments that are the very object `actual`.
    """

    actual: object
    expected: object
    rtol: float = 1.3e-6
    atol: float = 1e-5
    name: str = ""
    arguments: Mapping[str, object] = dataclasses.field(default_factory=dict)
    results: Mapping[str, object] = dataclasses.field(default_factory=dict)
    returned: bool = True
    same_as: tuple[str, ...] = ()

    @property
    def it(self) -> str:
        """What a sentence calls the wrong value, inside the sentence: "your result", "the gradient"."""
        if self.name and self.name != "your result" and len(self.name) <= 40 and "," not in self.name:
            # A plural would need another verb.
            return "your value" if is_plural(self.name) else self.name
        return "your result" if self.returned else "your value"

    def unit(self, dimensions: int) -> str:
        """What a value with this many dimensions is made of along its first one: entries or rows."""
        return "entry" if dimensions <= 1 or isinstance(self.actual, (list, tuple)) else "row"

    @property
    def start(self) -> str:
        """The same at the beginning of a sentence."""
        return sentence_start(self.it)
