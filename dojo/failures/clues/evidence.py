"""What a clue is computed from, and what its sentence calls the parts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence

import numpy as np

from dojo.failures.clues.arrays import array_of
from dojo.support.text import is_plural, sentence_start


@dataclasses.dataclass(frozen=True)
class Size:
    """A size that occurs among the arguments, and how a learner writes it: `len(x)`, `x.shape[1]`."""

    value: int
    written: str


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What a clue may be computed from: copies of values, taken while the red test ran.

    Attributes:
        actual, expected: the two values that the test compared.
        rtol, atol: the tolerances of the test.
        name: what the test calls `actual`, for example "the gradient".
        arguments: the arguments of the call, as they were before the call, by the names that a learner knows
            ("x", "w.grad", "model.weight").
        results: what the call returned, item by item, by names such as "entry [1] of your result".
        returned: whether `actual` is all that the call returned, not a part of it or something computed from it.
        same_as: the names of the arguments that are the very object `actual`.
        place: where `actual` is in the value that `name` names, for example "[0]['loss']"; empty if it is the whole.
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
    place: str = ""

    @property
    def it(self) -> str:
        """What a sentence calls the wrong value, inside the sentence: "your result", "the gradient"."""
        name = "your result" if self.returned else "your value"
        fits = 0 < len(self.name) <= 40 and "," not in self.name and self.name != "your result"
        # A whole with a plural name would need another verb.
        if fits and (self.place or not is_plural(self.name)):
            name = self.name
        return f"entry {self.place} of {name}" if self.place else name

    @property
    def start(self) -> str:
        """The same at the beginning of a sentence."""
        return sentence_start(self.it)

    def unit(self, dimensions: int, along: int = 0) -> str:
        """What a value with this many dimensions is made of along one of them: "entry", "row", "column", "slice"."""
        if dimensions <= 1 or (along == 0 and isinstance(self.actual, (list, tuple))):
            return "entry"
        return ("row", "column")[along] if dimensions == 2 else "slice"

    @functools.cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arguments that are made of numbers or booleans, as NumPy arrays."""
        found = {name: array_of(value) for name, value in self.arguments.items()}
        return {name: array for name, array in found.items() if array is not None and array.size}

    @property
    def numbers(self) -> dict[str, float]:
        """The arguments that are one number, for example a learning rate."""
        return {name: float(each) for name, each in self.arrays.items() if each.ndim == 0 and each.dtype.kind != "b"}

    @functools.cached_property
    def sizes(self) -> list[Size]:
        """The sizes above 1 with one meaning: each is the first size of all arguments that have it, or occurs once.

        The number of entries of an argument with two or more dimensions counts too, unless it equals a size. It must
        not be 10, 100 or 1000, because such a factor is just as often a learning rate.
        """
        places: dict[int, list[tuple[str, int]]] = {}
        counts: dict[int, str] = {}
        for name, value in self.arguments.items():
            length = (len(value),) if isinstance(value, (list, tuple, dict)) else ()
            shape = self.arrays[name].shape if name in self.arrays else length
            for dimension, size in enumerate(shape):
                places.setdefault(size, []).append((name, dimension))
            if len(shape) > 1:
                counts.setdefault(int(np.prod(shape)), f"{name}.numel()")
        found = []
        for size, where in places.items():
            if size > 1 and (len(where) == 1 or all(dimension == 0 for _, dimension in where)):
                name, dimension = where[0]
                found.append(Size(size, f"{name}.shape[{dimension}]" if dimension else f"len({name})"))
        return found + [Size(size, text) for size, text in counts.items() if size not in (*places, 10, 100, 1000)]


def plural(noun: str) -> str:
    """`entries` for `entry`, `rows` for `row`."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`; the name itself if there is only one."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
