"""Cards, and the rules that all steps of a kata share. Both are read as text.

A card is the docstring of a step: a first line, and then sections such as `Args:` and `Returns:`.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.definitions import Definition, read_definitions
from dojo.course.introductions import read_introduction
from dojo.support.files import read_text_or_empty
from dojo.support.text import one_line

# The sections of a card in their order. Within a group, any order is allowed.
SECTIONS = (
    ("Args",),
    ("Attributes", "Methods", "Returns", "Yields"),
    ("Must",),
    ("Symptom",),
    ("Example",),
    ("Foundations", "Grows from"),
)
# The sections with entries. An entry begins with a line that is not indented further.
WITH_ENTRIES = ("Args", "Attributes", "Methods", "Must")
# The widest line of a card, without its indentation.
WIDEST = 72
_EVERY_STEP = "Every step:"
_HEADING = re.compile(rf"({'|'.join(name for group in SECTIONS for name in group)}):(?: .*)?")


@dataclasses.dataclass(frozen=True)
class Section:
    """A section of a card: its name, and its lines with the heading. The part above the first heading has the name "".

    There are no blank lines at the start or the end of `lines`.
    """

    name: str
    lines: tuple[str, ...]


def sections_of(card: str) -> list[Section]:
    """The sections of a card. The first one is the part above the first heading."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in card.splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            found.append((heading[1], []))
        found[-1][1].append(line.rstrip())
    return [Section(name, tuple("\n".join(lines).strip("\n").split("\n"))) for name, lines in found]


def is_in_sections(card: str) -> bool:
    """Whether a card has sections, and is narrow enough to be shown as written."""
    return len(sections_of(card)) > 1 and all(len(line) <= WIDEST for line in card.splitlines())


def definition_with_card(root: Path, step: Step, judged: Path | None = None) -> Definition | None:
    """The learner's definition of a step, or the solution's if the learner's has no docstring.

    judged: the folder of the learner's katas (default: katas/). Returns None if neither definition has a docstring.
    """
    for tree in (judged or root / "katas", root / "solutions"):
        definition = read_definitions(tree / f"{step.kata_id}.py").get(step.name)
        if definition is not None and definition.docstring:
            return definition
    return None


def every_step(root: Path, kata_id: str) -> str:
    """The rules that all steps of a kata share, on one line: the paragraph that begins with "Every step:".

    The paragraph is in the kata's introduction, or else on the lesson's page. "" if neither has such a paragraph.
    """
    page = root / "katas" / kata_id.partition("/")[0] / "README.md"
    for text in ("\n".join(read_introduction(root, kata_id).lines), read_text_or_empty(page)):
        for paragraph in text.split("\n\n"):
            if paragraph.startswith(_EVERY_STEP):
                return one_line(paragraph)
    return ""
