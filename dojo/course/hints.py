"""The hints of a step, shown one at a time.

hints/lesson/kata.md has a section for each step (`## full_of`), and the section has a heading for each hint
(`### Hint 1`). If a heading names a symptom (`### Hint 2: wrong shape`), the hint comes first when the step fails in
this way. A symptom is one of the phrases in failure_kinds.KINDS, or the behaviour in a test's name.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step, behaviour_of_test
from dojo.course.failure_kinds import KINDS
from dojo.course.layout import file_in
from dojo.support.errors import DojoError

_SECTION = re.compile(r"## (.*)")
_HINT = re.compile(r"### Hint (\d+)(?:: *(\S.*?))?\s*")


@dataclasses.dataclass(frozen=True)
class Hint:
    """A hint: its number from 1, its symptom or "", and its Markdown."""

    number: int
    symptom: str
    text: str

    @property
    def key(self) -> str:
        """The name under which the hint is remembered."""
        return str(self.number)

    def fits(self, kind: str, test: str) -> bool:
        """Whether the hint's symptom is this kind of failure, or the behaviour of this test."""
        return bool(self.symptom) and self.symptom.casefold() in (KINDS.get(kind), behaviour_of_test(test))


def read_hints(root: Path, step: Step) -> list[Hint]:
    """The hints of a step, in the file's order.

    Raises DojoError if the hint file is missing, or if it has no section or no hints for the step.
    """
    shown = file_in("hints", step.kata_id)
    try:
        text = (root / shown).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DojoError(f"There are no hints for {step.kata_id}: {shown} is missing.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read: {error}.") from None
    sections = hints_by_step(text)
    if step.name not in sections:
        raise DojoError(f"{shown} has no section '## {step.name}', so {step.name} has no hints.")
    hints = sections[step.name]
    if not hints:
        raise DojoError(f"{shown}: the section '## {step.name}' has no '### Hint 1' in it.")
    return hints


def hints_by_step(text: str) -> dict[str, list[Hint]]:
    """The hints of every step in the text of a hint file."""
    lines = text.splitlines()
    found: dict[str, list[Hint]] = {}
    for name, first, end in sections_of(lines):
        section = lines[first:end]
        found.setdefault(name, []).extend(
            Hint(int(heading[1]), (heading[2] or "").strip(), "\n".join(section[start + 1 : stop]).strip())
            for heading, start, stop in _cut(section, _HINT)
        )
    return found


def sections_of(lines: list[str]) -> list[tuple[str, int, int]]:
    """The sections of a hint file: each with its step's name and its lines as [first, end)."""
    return [(heading[1].strip().strip("`"), first, end) for heading, first, end in _cut(lines, _SECTION)]


def _cut(lines: list[str], heading: re.Pattern[str]) -> list[tuple[re.Match[str], int, int]]:
    """The pieces of a text, each with its heading and its lines as [first, end). A heading is never in a code fence."""
    starts = []
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        found = None if fenced else heading.fullmatch(line)
        if found:
            starts.append((found, number))
    ends = [number for _, number in starts[1:]] + [len(lines)]
    return [(found, first, end) for (found, first), end in zip(starts, ends, strict=False)]


def next_hint(hints: list[Hint], revealed: list[str], kind: str, test: str) -> Hint | None:
    """The next hint to show: of those not revealed, the first that fits the failure, or else the first.

    None if all hints are revealed. `revealed` holds the keys of hints.
    """
    waiting = [hint for hint in hints if hint.key not in revealed]
    return next((hint for hint in waiting if hint.fits(kind, test)), waiting[0] if waiting else None)
