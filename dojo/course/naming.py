"""The meaning of a name that a person types: a lesson, a kata or a step, by its name or by a part of its path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from dojo.support.errors import UnclearName
from dojo.support.text import clean

_Same = Callable[[str, str], bool]


@dataclasses.dataclass(frozen=True)
class Thing:
    """A lesson, a kata or a step.

    id: its current id. levels: the spellings of the lesson, then of the kata, then of the step. A suggestion uses the
    first spelling. is_old: the levels belong to an id that the step no longer has.
    """

    id: str
    levels: tuple[tuple[str, ...], ...]
    is_old: bool = False

    def is_meant_by(self, parts: Sequence[str], same: _Same) -> bool:
        """Whether the parts of a path mean this thing. The last part is its name. The others name what contains it."""
        waiting = list(self.levels)
        for number, part in enumerate(reversed(parts)):
            level = waiting.pop() if waiting else ()
            # Between a lesson and a step, the kata may be left out.
            while number and waiting and not _is_in(part, level, same):
                level = waiting.pop()
            if not _is_in(part, level, same):
                return False
        return True

    def spellings(self) -> list[str]:
        """The ways to write this thing. The shortest is first, and the id is last."""
        *above, name = (level[0] for level in self.levels)
        return [name, *(f"{each}/{name}" for each in above), self.id]


class Names:
    """Finds things by their names."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = list(things)

    def find(self, name: str) -> list[Thing]:
        """The things that a name can mean. Case counts, unless nothing has the name in this case.

        In both comparisons, an old name of a step counts only if no current name fits.
        """
        plain = spoken(name)
        for same in (_equal, _equal_but_for_case):
            for is_old in (False, True):
                for path in dict.fromkeys([plain, plain.replace(".", "/")]):
                    parts = path.split("/")
                    found = [each for each in self._things if each.is_old == is_old and each.is_meant_by(parts, same)]
                    if found:
                        # Several old ids may lead to one step.
                        return list({each.id: each for each in found}.values())
        return []

    def the_one(self, name: str, what: str) -> Thing:
        """The one thing that a name means; `what` is its kind. Raises UnclearName unless there is exactly one."""
        found = self.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            raise UnclearName(
                f"{clean(name)} could mean any of these:", name, [self.spelling(each.id) for each in found]
            )
        said = f"There is no {what} named {clean(name)}."
        close = self._nearest(name)
        raise UnclearName(f"{said} " + ("Did you mean:" if close else "dojo list shows all names."), name, close)

    def spelling(self, thing_id: str) -> str:
        """The shortest way to write the thing that has this id now. Only this thing is meant by it."""
        thing = next(each for each in self._things if each.id == thing_id and not each.is_old)
        return next((each for each in thing.spellings() if self.find(each) == [thing]), thing_id)

    def _nearest(self, name: str) -> list[str]:
        import difflib  # only an error needs it

        now = [thing for thing in self._things if not thing.is_old]
        last = spoken(name).rpartition("/")[2]
        names = {name: name.casefold() for thing in now for name in thing.levels[-1]}
        close = difflib.get_close_matches(last.casefold(), set(names.values()), n=3, cutoff=0.6)
        found = [
            self.spelling(thing.id)
            for wanted in close
            for thing in now
            if any(names[name] == wanted for name in thing.levels[-1])
        ]
        return list(dict.fromkeys(found))[:5]


def spoken(name: str) -> str:
    """A name as in an id, without the folder of a tree, a file extension, or parentheses."""
    plain = name.strip().removesuffix("()").replace("\\", "/").strip("/").replace(".py", "").replace("::", "/")
    return plain.removeprefix("./").removeprefix("katas/").removeprefix("tests/")


def _is_in(part: str, spellings: Iterable[str], same: _Same) -> bool:
    return any(same(part, each) for each in spellings)


def _equal(a: str, b: str) -> bool:
    return a == b


def _equal_but_for_case(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()
