"""What the course asks of a step: its card, and what all steps of its kata share. All of it is read as text.

A card is the docstring of a step: a first line, and then sections such as `Args:` and `Returns:`.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.definitions import Definition, read_definitions
from dojo.course.introductions import read_introduction

# The sections of a card in their order. Sections in one group may be in any order.
SECTIONS = (
    ("Args",),
    ("Attributes", "Methods", "Returns", "Yields"),
    ("Must",),
    ("Symptom",),
    ("Example",),
    ("Foundations", "Grows from"),
)
# A section of these has entries: a line that is not indented further begins one.
WITH_ENTRIES = ("Args", "Attributes", "Methods", "Must")
# The widest line of a card, without its indentation.
WIDEST = 72
_EVERY_STEP = "Every step:"
_HEADING = re.compile(rf"({'|'.join(name for group in SECTIONS for name in group)}):(?: .*)?")


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of a card: its name, "" for the part before the first section, and its lines with the heading.

    No blank line is at the start or the end of `lines`.
    """

    name: str
    lines: tuple[str, ...]


def sections_of(card: str) -> list[Section]:
    """The sections of a card, the first line with whatever follows it included."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in card.splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            found.append((heading[1], []))
        found[-1][1].append(line.rstrip())
    return [Section(name, tuple("\n".join(lines).strip("\n").split("\n"))) for name, lines in found]


def is_in_sections(card: str) -> bool:
    """Whether a card has sections and is narrow enough to be shown as it is written."""
    return len(sections_of(card)) > 1 and all(len(line) <= WIDEST for line in card.splitlines())


def definition_with_card(root: Path, step: Step, judged: Path | None = None) -> Definition | None:
    """The definition of a step that has its card: the learner's, or the solution's if the learner's has no docstring.

    judged: the folder of the learner's katas (default: katas/). None if neither file has a docstring for the step.
    """
    for tree in (judged or root / "katas", root / "solutions"):
        definition = read_definitions(tree / f"{step.kata_id}.py").get(step.name)
        if definition is not None and definition.docstring:
            return definition
    return None


def every_step(root: Path, kata_id: str) -> str:
    """What all steps of a kata share, on one line: the paragraph that begins with "Every step:".

    The paragraph is in the kata's introduction, or otherwise on the lesson's page; "" if neither has one.
    """
    page = root / "katas" / kata_id.partition("/")[0] / "README.md"
    for text in ("\n".join(read_introduction(root, kata_id).lines), _text_of(page)):
        for paragraph in text.split("\n\n"):
            if paragraph.startswith(_EVERY_STEP):
                return " ".join(paragraph.split())
    return ""


def _text_of(path: Path) -> str:
    """The text of a file; "" if the file cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""
