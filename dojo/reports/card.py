"""A step's card and a kata's introduction as lines. They are shown as written if the width allows, else wrapped."""

from __future__ import annotations

import textwrap

from dojo.course.cards import WITH_ENTRIES, Section, is_in_sections, sections_of
from dojo.course.curriculum import Step
from dojo.course.definitions import Definition
from dojo.course.introductions import Introduction
from dojo.support.styled_lines import WIDTH, Line, Piece

_INDENT = 6


def card_lines(step: Step, definition: Definition | None, shared: str, width: int = WIDTH) -> list[Line]:
    """The signature and the card of a step: the learner's task.

    Args:
        step: the step.
        definition: its definition with the card; None if there is no card.
        shared: what all steps of the kata share. It is shown dim below the card.
        width: the columns of the screen. If there are at least 80, a card in sections is shown as written.
    """
    if definition is None:
        return [[Piece("  "), Piece("It is not written yet.", "bad")]]
    width = min(width, WIDTH)
    lines: list[Line] = [[Piece(f"  {text}", "bold")] for text in _head(step, definition, width - 4)]
    lines += _indented(_laid_out(definition.docstring, width - _INDENT))
    if shared:
        lines += [[], *_indented(_filled(shared, width - _INDENT), "dim")]
    return lines


def introduction_lines(introduction: Introduction, width: int = WIDTH) -> list[Line]:
    """A kata's introduction, its first line bold. A paragraph that is too wide is wrapped, unless it is code."""
    width = min(width, WIDTH)
    title, *text = introduction.lines
    if any(len(line) > width for line in text):
        text = _wrapped_paragraphs("\n".join(text), width)
    return [*([Piece(line, "bold")] for line in _filled(title, width)), *([Piece(line)] for line in text)]


def _head(step: Step, definition: Definition, width: int) -> list[str]:
    """The first line of the stub, and how a class is called."""
    if not definition.is_class:
        return textwrap.wrap(f"def {step.name}({definition.signature}):", width, subsequent_indent=" " * 8)
    bases, _, methods = definition.signature.partition(") ")
    made_by = next((each for each in methods.split("; ") if each.startswith("__init__(self, ")), "")
    call = made_by.replace("__init__(self, ", f"{step.name}(")
    head = f"class {step.name}{bases})".removesuffix("()") + ":"
    return [head, *textwrap.wrap(call, width, initial_indent=" " * 4, subsequent_indent=" " * 8)]


def _indented(texts: list[str], style: str = "plain") -> list[Line]:
    return [[Piece(f"{' ' * _INDENT}{text}", style)] if text else [] for text in texts]


def _laid_out(card: str, width: int) -> list[str]:
    """A card in lines of at most `width` columns. Lines of code are never wrapped."""
    if not is_in_sections(card):
        return _wrapped_paragraphs(card, width)
    if all(len(line) <= width for line in card.splitlines()):
        return card.splitlines()
    lines: list[str] = []
    for section in sections_of(card):
        lines += [*_wrapped_section(section, width), ""]
    return lines[:-1]


def _wrapped_section(section: Section, width: int) -> list[str]:
    """A section whose lines are wrapped, each entry of a list by itself."""
    if section.name == "Example":
        return list(section.lines)
    if not section.name:
        return _wrapped_paragraphs("\n".join(section.lines), width)
    heading = [line for line in section.lines[:1] if line == f"{section.name}:"]
    blocks: list[list[str]] = []
    rest = section.lines[len(heading) :]
    for line in rest:
        begins = section.name in WITH_ENTRIES and _indent_of(line) == _indent_of(rest[0])
        if begins or not line or not blocks or not blocks[-1][-1]:
            blocks.append([])
        blocks[-1].append(line)
    return heading + [line for block in blocks for line in _wrapped_block(block, section, width)]


def _wrapped_block(block: list[str], section: Section, width: int) -> list[str]:
    """The lines of one entry or paragraph, wrapped."""
    first = " " * _indent_of(block[0])
    more = 0 if section.name not in WITH_ENTRIES else 2 if block[0].lstrip().startswith("- ") else 4
    return _filled(" ".join(" ".join(block).split()), width, first, first + " " * more) or [""]


def _wrapped_paragraphs(text: str, width: int) -> list[str]:
    """The paragraphs of a text, each wrapped. Examples and indented listings keep their lines."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        code = paragraph.lstrip().startswith(">>>") or all(line[:2] in ("  ", "") for line in paragraph.splitlines())
        lines += [*(paragraph.splitlines() if code else _filled(" ".join(paragraph.split()), width)), ""]
    return lines[:-1]


def _filled(text: str, width: int, first: str = "", following: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=following, break_on_hyphens=False, break_long_words=False
    )


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())
