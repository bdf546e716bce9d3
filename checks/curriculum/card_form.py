"""The form of cards, whys, hints and introductions, as rules. Each function returns what is wrong, [] if nothing is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection

from dojo.course.cards import SECTIONS, WIDEST, sections_of

MOST_LINES = 24
MOST_LINES_OF_A_CLASS = 30
MOST_WORDS = 25
MOST_WORDS_OF_A_WHY = 20
MOST_CHARACTERS_OF_A_WHY = 200
MOST_LINES_OF_AN_INTRODUCTION = 22
WIDEST_OF_AN_INTRODUCTION = 76

# Expressions that are wrong in every use, as patterns.
OLD_EXPRESSIONS = (
    "an own",
    "and said",
    "answers with",
    "change[sd]? places",
    "commonest",
    "dearest",
    "every turn",
    "goe?s? backward",
    "has its reason",
    "holds? on to",
    "lies? in order in memory",
    "mend(s|ed|ing)?",
    "numbers with a point",
    "(memory |tensors? )?of (its|their) own",
    "sen[dt]s? backward",
    "shall",
    "stays? as (it is|they are)",
    "(is|are) left alone",
    "something from before",
    "such a one",
    "that of the one that",
    "tracked (leaf|leaves)",
    "truth values?",
    "turned round",
    "what came out",
    "what stands there",
    "what was there before",
    "whole numbers?",
    "without spread",
    "work(s|ed|ing)? out",
)
_OLD = re.compile(rf"\b({'|'.join(OLD_EXPRESSIONS)})\b".replace(" ", r"\s+"), re.IGNORECASE)
_FORMULA = re.compile(r"\S+(?: (?:[-+*/@=]|\*\*|[<>]=?) \S+)+")
_IN_BACKQUOTES = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"([A-Z][A-Za-z ]*):(?: .*)?")
_LINK = re.compile(r"\]\(https://(docs\.)?pytorch\.org/\S+\)")
_RANK = {name: rank for rank, group in enumerate(SECTIONS) for name in group}
_LAST = SECTIONS[-1]


def card_problems(card: str, names: Collection[str] = (), *, is_class: bool = False) -> list[str]:
    """What is wrong with a card. names: those of the steps, which no rule about words is for."""
    lines = card.splitlines()
    most = MOST_LINES_OF_A_CLASS if is_class else MOST_LINES
    found = [f"{len(line)} columns, at most {WIDEST}: {line}" for line in lines if len(line) > WIDEST]
    if len(lines) > most:
        found.append(f"{len(lines)} lines, at most {most}")
    found += _section_problems(card)
    for section in sections_of(card):
        if section.name not in ("Args", "Example"):
            for entry in _entries(section.lines):
                found += _sentence_problems(entry, MOST_WORDS)
    return found + old_expressions(card, names)


def why_problems(why: str, names: Collection[str] = ()) -> list[str]:
    """What is wrong with a why."""
    found = _sentence_problems(why, MOST_WORDS_OF_A_WHY)
    if len(sentences(why)) > 2:
        found.append(f"{len(sentences(why))} sentences, at most 2")
    if len(why) > MOST_CHARACTERS_OF_A_WHY:
        found.append(f"{len(why)} characters, at most {MOST_CHARACTERS_OF_A_WHY}")
    return found + old_expressions(why, names)


def hint_problems(hints: str, names: Collection[str] = ()) -> list[str]:
    """What is wrong with the hints of a step, given as one text."""
    found = [] if _LINK.search(hints) else ["no link to a page of PyTorch's documentation"]
    text = re.sub(r"```.*?```", "", hints, flags=re.DOTALL)
    for paragraph in text.split("\n\n"):
        found += _sentence_problems(paragraph, MOST_WORDS)
    return found + old_expressions(hints, names)


def introduction_problems(introduction: str, names: Collection[str] = ()) -> list[str]:
    """What is wrong with a kata's introduction."""
    lines = introduction.splitlines()
    widest = WIDEST_OF_AN_INTRODUCTION
    found = [f"{len(line)} columns, at most {widest}: {line}" for line in lines if len(line) > widest]
    if len(lines) > MOST_LINES_OF_AN_INTRODUCTION:
        found.append(f"{len(lines)} lines, at most {MOST_LINES_OF_AN_INTRODUCTION}")
    if not lines or not lines[0].endswith(".") or lines[1:2] not in ([], [""]):
        found.append("the title is not a sentence on a line of its own")
    if ">>> " not in introduction:
        found.append("no worked example")
    paragraphs = introduction.split("\n\n")
    if not paragraphs[-1].startswith("Afterwards you can "):
        found.append('the last sentence does not begin with "Afterwards you can"')
    for paragraph in paragraphs:
        if paragraph.startswith("Every step:") and len(paragraph.splitlines()) > 2:
            found.append('the paragraph "Every step:" has more than two lines')
        if not paragraph.startswith(" "):
            found += _sentence_problems(paragraph, MOST_WORDS)
    return found + old_expressions(introduction, names)


def old_expressions(text: str, names: Collection[str] = ()) -> list[str]:
    """The old expressions in a text. What is in backquotes, and names of steps, are not counted."""
    found = [" ".join(match[0].split()) for match in _OLD.finditer(_IN_BACKQUOTES.sub("`", text))]
    return [f"an old expression: {each}" for each in found if each not in names]


def sentences(text: str) -> list[str]:
    """The sentences of a text without line breaks. A sentence may begin with code, so with a small letter."""
    return [each for each in re.split(r"(?<=[.!?])[`\"')]*\s+", " ".join(text.split())) if each]


def words(sentence: str) -> int:
    """The number of words. A formula and a piece of code count as one word each."""
    return len(_FORMULA.sub("formula", _IN_BACKQUOTES.sub("code", sentence)).split())


def _section_problems(card: str) -> list[str]:
    """What is wrong with the sections and their order."""
    found = []
    for before, line in itertools.pairwise(card.splitlines()):
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] not in _RANK:
            found.append(f"there is no section {heading[1]}")
        elif heading and before:
            found.append(f"no blank line before {heading[1]}")
    sections = sections_of(card)
    names = [section.name for section in sections[1:]]
    found += [f"the section {name} is there twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if [_RANK[name] for name in names] != sorted(_RANK[name] for name in names):
        found.append(f"the order of the sections is wrong: {', '.join(names)}")
    if {"Returns", "Yields"} <= set(names):
        found.append("both Returns and Yields")
    if sum(name in _LAST for name in names) != 1:
        found.append("a card ends in Foundations or in Grows from, not in both")
    example = [line for section in sections if section.name == "Example" for line in section.lines]
    if not any(line.startswith("    >>> ") for line in example):
        found.append("no Example with >>>")
    if len(sections[0].lines) != 1 or not sections[0].lines[0].endswith("."):
        found.append("before the first section stands one sentence on one line")
    found += [f"{each.name} is empty" for each in sections[1:] if each.lines == (f"{each.name}:",)]
    return found


def _entries(lines: Collection[str]) -> list[str]:
    """The texts of a section: each item of a list by itself, without headings and names of entries."""
    found: list[str] = []
    for line in lines:
        text = line.strip()
        if not found or not text or text.startswith("- ") or re.match(r"    \S.*?: ", line):
            found.append("")
        found[-1] += f" {text.removeprefix('- ')}"
    return found


def _sentence_problems(text: str, most: int) -> list[str]:
    return [
        f"{words(sentence)} words, at most {most}: {sentence}" for sentence in sentences(text) if words(sentence) > most
    ]
