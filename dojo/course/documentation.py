"""The pages of PyTorch's documentation that a hint file links to: at its top for the kata, below for each hint."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from dojo.course.curriculum import Step
from dojo.course.hints import read_hints
from dojo.course.layout import file_in
from dojo.support.files import read_text_or_empty
from dojo.support.text import one_line

HOST = "docs.pytorch.org"
_LINK = re.compile(rf"\[([^\]]+)\]\((https://{re.escape(HOST)}/[^\s)]+)\)")
# A page that documents one object has the object's name.
_OBJECT = re.compile(rf"https://{re.escape(HOST)}/docs/stable/generated/([\w.]+)\.html(?:#.*)?")


@dataclasses.dataclass(frozen=True)
class Page:
    """A page of PyTorch's documentation: its title, without the markup of code, and its address."""

    title: str
    address: str

    @property
    def documents(self) -> str:
        """The full name of the object that the page documents, for example `torch.full`; "" for any other page."""
        match = _OBJECT.fullmatch(self.address)
        return match[1] if match else ""


def pages_in(markdown: str) -> list[Page]:
    """The pages that a text links to, without repeats."""
    pages = [Page(one_line(title.replace("`", "")), address) for title, address in _LINK.findall(markdown)]
    return list({page.address: page for page in pages}.values())


def pages_of_kata(root: Path, kata_id: str) -> list[Page]:
    """The pages about a kata: the links above the first step in its hint file."""
    return pages_in(read_text_or_empty(root / file_in("hints", kata_id)).partition("\n## ")[0])


def pages_of_hints(root: Path, step: Step, revealed: list[str]) -> list[Page]:
    """The pages that the revealed hints of a step link to. Raises DojoError if the step has no hints."""
    return pages_in("\n".join(hint.text for hint in read_hints(root, step) if hint.key in revealed))
