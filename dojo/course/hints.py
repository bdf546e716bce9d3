"""The hints of a step: a ladder of rungs, revealed one at a time.

hints/lesson/kata.md has a section a step (`## full_of`) and in it a rung a heading: `### Hint 1`. A rung headed by a
symptom, `### Hint 2: wrong shape`, is offered first when that is how the step's test fails. A symptom is one of
failure.KINDS' phrases, or the behaviour that a test's name states.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step, behaviour_of_test
from dojo.course.failure_kinds import KINDS
from dojo.support.errors import DojoError

_RUNG = re.compile(r"### Hint (\d+)(?:: *(.+))?")


@dataclasses.dataclass(frozen=True)
class Rung:
    """One hint: its number from 1, the symptom that it is for (or nothing), and its markdown."""

    number: int
    symptom: str
    text: str


def read_hints(root: Path, step: Step) -> list[Rung]:
    """The rungs of a step, in the file's order.

    Raises DojoError where there is no hint file for the kata, no section for the step, or no rung in it.
    """
    path = root / "hints" / f"{step.kata_id}.md"
    shown = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DojoError(f"There are no hints for {step.kata_id}: {shown} is missing.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DojoError(f"{shown} can't be read: {error}.") from None
    sections = sections_of(text)
    if step.name not in sections:
        raise DojoError(f"{shown} has no section '## {step.name}', so {step.name} has no hints.")
    rungs = sections[step.name]
    if not rungs:
        raise DojoError(f"{shown}: the section '## {step.name}' has no '### Hint 1' in it.")
    return rungs


def sections_of(text: str) -> dict[str, list[Rung]]:
    """The rungs of every step in the text of a hint file. Headings inside code fences do not count."""
    sections: dict[str, list[Rung]] = {}
    rungs: list[Rung] | None = None
    lines: list[str] | None = None
    heading: re.Match[str] | None = None
    fenced = False

    def close() -> None:
        if rungs is not None and heading is not None and lines is not None:
            rungs.append(Rung(int(heading[1]), (heading[2] or "").strip(), "\n".join(lines).strip()))

    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        found = None if fenced else _RUNG.fullmatch(line.rstrip())
        if not fenced and line.startswith("## "):
            close()
            heading, lines = None, None
            rungs = sections.setdefault(line[3:].strip().strip("`"), [])
        elif found:
            close()
            heading, lines = found, []
        elif lines is not None:
            lines.append(line)
    close()
    return sections


def next_rung(rungs: list[Rung], revealed: list[str], kind: str, test: str) -> Rung | None:
    """The rung to show next: the first not yet revealed whose symptom fits, else the first not yet revealed.

    None when all are revealed.
    """
    waiting = [rung for rung in rungs if key_of(rung) not in revealed]
    return next((rung for rung in waiting if fits(rung, kind, test)), waiting[0] if waiting else None)


def fits(rung: Rung, kind: str, test: str) -> bool:
    """Whether a rung's symptom is how the step's test failed: the kind of failure, or the behaviour it checks."""
    return bool(rung.symptom) and rung.symptom.casefold() in (KINDS.get(kind), behaviour_of_test(test))


def key_of(rung: Rung) -> str:
    """What the memory calls a rung."""
    return str(rung.number)
