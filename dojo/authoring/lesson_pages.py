"""The part of a lesson's page that comes from its katas: for each kata its example, its steps, and what to read.

An author puts two comments on the page, `<!-- kata_01_creating -->` and `<!-- end of kata_01_creating -->`, and
`dojo sync-cards` writes the lines between them. So the author writes the example of an introduction only once.
"""

from __future__ import annotations

import re
from pathlib import Path

from dojo.course.curriculum import Kata, Lesson, Step
from dojo.course.documentation import pages_of_kata
from dojo.course.introductions import read_introduction
from dojo.support.text import one_line

# The minutes for a core step and for a practice step. A sum is rounded to a multiple of the last number.
_CORE, _PRACTICE, _ROUNDED_TO = 8, 7, 5


def with_katas(root: Path, page: str, lesson: Lesson) -> str:
    """The text of a lesson's page with the current parts of its katas. A kata without its comments is left out."""
    for kata in lesson.katas:
        begin, end = f"<!-- {kata.file} -->\n", f"<!-- end of {kata.file} -->"
        block = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        text = f"{begin}{_block(root, kata)}{end}"
        page = block.sub(lambda match, text=text: text, page)  # type: ignore[misc]
    return page


def _minutes(steps: tuple[Step, ...], each: int) -> int:
    """The minutes that steps take, rounded. `each`: the minutes for one step."""
    return max(_ROUNDED_TO * round(len(steps) * each / _ROUNDED_TO), _ROUNDED_TO)


def _block(root: Path, kata: Kata) -> str:
    introduction = read_introduction(root, kata.id)
    title = one_line(introduction.lines[0]).rstrip(".") if introduction.lines else kata.title
    parts = [f"### {kata.number} {kata.title}: {_after_a_colon(title)}", _time(kata)]
    example = _example(introduction.lines)
    if example:
        parts.append(f"```python\n{example}\n```")
    for word, steps in (("Core", kata.core), ("Practice", kata.practice)):
        if steps:
            parts.append(f"{word}: {', '.join(f'`{step.name}`' for step in steps)}.")
    pages = pages_of_kata(root, kata.id)
    if pages:
        parts.append("Read: " + ", ".join(f"[{page.title}]({page.address})" for page in pages) + ".")
    return "\n\n".join(parts) + "\n\n"


def _after_a_colon(title: str) -> str:
    """A title as it is written after a colon. A word with other capitals, like PyTorch, keeps its first letter."""
    first = title.split(" ")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def _time(kata: Kata) -> str:
    link = f"[{kata.file}.py]({kata.file}.py)"
    if not kata.core:
        return f"{link}, about {_minutes(kata.practice, _PRACTICE)} minutes, all of it practice"
    practice = f", and {_minutes(kata.practice, _PRACTICE)} for the practice" if kata.practice else ""
    return f"{link}, about {_minutes(kata.core, _CORE)} minutes for the core steps{practice}"


def _example(lines: tuple[str, ...]) -> str:
    """The first worked example of an introduction: the indented lines that begin with the first `>>>`."""
    start = next((number for number, line in enumerate(lines) if line.startswith("    >>> ")), None)
    if start is None:
        return ""
    end = next((number for number in range(start, len(lines)) if not lines[number].startswith("    ")), len(lines))
    return "\n".join(line[4:] for line in lines[start:end])
