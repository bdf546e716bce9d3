"""The two counts of every view: the core steps that are green, and the practice steps that are green."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dojo.support.text import counted


class Counts(NamedTuple):
    """The numbers of green steps and of all steps, for the core and for the practice."""

    core_green: int = 0
    core: int = 0
    practice_green: int = 0
    practice: int = 0

    @classmethod
    def of(cls, steps: Iterable[tuple[bool, bool]]) -> Counts:
        """Count steps, each given as a pair: whether it is core, and whether it is green."""
        found = list(steps)
        core = [green for is_core, green in found if is_core]
        practice = [green for is_core, green in found if not is_core]
        return cls(sum(core), len(core), sum(practice), len(practice))

    def says(self, dot: str = "·") -> str:
        """`12 of 110 core steps · 3 of 140 practice`. A group without a step is left out."""
        if not self.practice:
            return f"{self.core_green} of {counted(self.core, 'step')} green"
        parts = [f"{self.core_green} of {counted(self.core, 'core step')}"] if self.core else []
        return f" {dot} ".join([*parts, f"{self.practice_green} of {self.practice} practice"])

    def are_green(self) -> str:
        """The same as a clause: `57 of 231 steps are green`."""
        return f"{self.says().removesuffix(' green')} are green"

    def short(self, dot: str = "·") -> str:
        """`12 of 29 core · 3 of 32 practice`; without practice steps `12 of 29 green`."""
        if not self.practice:
            return f"{self.core_green} of {self.core} green"
        return self.says(dot).replace(" core steps", " core").replace(" core step", " core")

    def filled(self, width: int, *, with_practice: bool = False) -> int:
        """The number of full characters in a bar of `width`.

        The bar shows the core (the practice if there is no core), or with `with_practice` both together.
        One green step already fills a character, but the bar is full only if all steps are green.
        """
        green, steps = (self.core_green, self.core) if self.core else (self.practice_green, self.practice)
        if with_practice:
            green, steps = self.core_green + self.practice_green, self.core + self.practice
        return max(green * width // max(steps, 1), 1) if green else 0
