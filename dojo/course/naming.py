"""What a name that a person types can mean: a lesson, a kata or a step, by its name alone or by a part of its path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from dojo.support.errors import UnclearName
from dojo.support.text import clean

_Same = Callable[[str, str], bool]


@dataclasses.dataclass(frozen=True)
class Thing:
    """A lesson, a kata or a step.

    id: the id that it has now. levels: for the lesson, the kata and the step in turn, how each may be written; the
    first is how it is written in a suggestion. is_old: the levels are those of an id that the step no longer has.
    """

    id: str
    levels: tuple[tuple[str, ...], ...]
    is_old: bool = False

    def is_meant_by(self, parts: Sequence[str], same: _Same) -> bool:
        """Whether the parts of a path mean this: the last part names it, and the parts before name what it is in."""
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
        """Ways to write this, the shortest first; the last one is the id."""
        *above, name = (level[0] for level in self.levels)
        return [name, *(f"{each}/{name}" for each in above), self.id]


class Names:
    """The names of these things."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = list(things)

    def find(self, name: str) -> list[Thing]:
        """What a name can mean: things whose name is spelled alike, and only if there are none, without regard to case.

        A name that a step has now wins over an old one.
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
        """What a name means. Raises UnclearName, in which `what` says what was looked for, if that is not one thing."""
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
        """The shortest way to write the thing that has this id now, of those that mean nothing else."""
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
    """A name as in an id: without the folder of a tree, an ending, or brackets."""
    plain = name.strip().removesuffix("()").replace("\\", "/").strip("/").replace(".py", "").replace("::", "/")
    return plain.removeprefix("./").removeprefix("katas/").removeprefix("tests/")


def _is_in(part: str, spellings: Iterable[str], same: _Same) -> bool:
    return any(same(part, each) for each in spellings)


def _equal(a: str, b: str) -> bool:
    return a == b


def _equal_but_for_case(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()
