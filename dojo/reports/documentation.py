"""The pages of PyTorch's documentation for a step, as lines."""

from __future__ import annotations

import contextlib
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.documentation import Page, pages_of_hints, pages_of_kata
from dojo.progress.memory import Memory
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line, Piece, address_line


def pages_for(root: Path, memory: Memory, step: Step) -> list[Page]:
    """The pages of the step's kata, and the pages that the hints shown so far link to."""
    pages = pages_of_kata(root, step.kata_id)
    with contextlib.suppress(DojoError):
        pages += pages_of_hints(root, step, memory.revealed.get(step.id, []))
    return list({page.address: page for page in pages}.values())


def page_lines(step: Step, pages: list[Page]) -> list[Line]:
    """A heading, and for each page its title and its address. An address stands alone on its line, to be clicked."""
    if not pages:
        return [[Piece(f"  {step.name} has no page yet. Its hints name pages: dojo hint {step.name}")]]
    lines: list[Line] = [[Piece("  PyTorch's documentation for "), Piece(step.name, "bold")]]
    for page in pages:
        lines += [[], [Piece(f"  {page.title}")], address_line(page.address, "  ")]
    return lines
