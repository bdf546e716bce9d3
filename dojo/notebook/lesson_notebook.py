"""The notebook of a lesson, made from the given code: for each step its card, a cell for the answer, and its hints."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import v4

from dojo.course.cards import every_step, sections_of
from dojo.course.curriculum import Curriculum, Kata, Lesson, Step
from dojo.course.definitions import Definition, Source, parse_source, read_source
from dojo.course.layout import file_in
from dojo.course.notebooks import ABOUT, digest_of
from dojo.course.stubs import cards_of
from dojo.pictures.win import win_file

FOLDER = "notebooks"
_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_ON_COLAB = "https://colab.research.google.com/github"
# Characters that have a meaning in Markdown or start a formula in a notebook.
_MARKUP = re.compile(r"([\\`*_<|$\[\]#])")

_START = """\
# Run this cell first. It fetches the course if the course is not here yet, installs missing packages, and names the
# device. If PyTorch is installed already, the cell does not change it.
COURSE = "{address}"  # the address of the course, or of your own fork of it

import sys
from pathlib import Path

_folders = [Path.cwd(), *Path.cwd().parents]
_root = next((each for each in _folders if (each / "katas").is_dir() and (each / "tests").is_dir()), None)
if _root is None:
    if not COURSE:
        raise RuntimeError("The course is not here. Set COURSE above to its address, or to the address of your fork.")
    _root = Path.cwd() / COURSE.rstrip("/").rpartition("/")[2].removesuffix(".git")
    if not _root.exists():
        !git clone --quiet "{{COURSE}}" "{{_root}}"
sys.path.insert(0, str(_root))

from dojo.notebook.start import start

start(_root)"""

_WELCOME = """\
# Lesson {number}: {title}

{badge}Read the [page of this lesson]({page}) first. Then run the first cell below.

Each step has a card, which says what to write, and a cell for your answer. Run that cell: `%%kata` writes your answer
into `katas/` and shows what the tests of the course say. A cell that still holds the given code never replaces an
answer that you have in `katas/`. If your answer needs another import than the kata's file has, write it into your cell.
About half of the steps are core. The others are practice, which you may skip.

| Cell | What it does |
| --- | --- |
| `%hint STEP` | shows the next hint |
| `%diff STEP` | shows your answer next to the reference answer, if the step is green |
| `%graph STEP` | draws the graph that your own code recorded |
| `%show STEP` | draws what your own training did |
| `%progress` | shows where you stand |
| `%progress --push` | pushes your answers to your fork |
| `%progress --save` | writes your answers into a file to download. `%progress --load FILE` brings them back. |
| `%dojo COMMAND` | runs another command of the course, for example `%dojo docs STEP` or `%dojo reset STEP` |

Your answers are in `katas/` alone, so you lose nothing if the kernel restarts. After a restart, run the first cell
again. On Colab and Kaggle, the machine and its files are deleted when you leave. Push or download your answers
first."""


@dataclasses.dataclass(frozen=True)
class Links:
    """The repository that links in notebooks lead to: its address in a browser, or "", and its main branch."""

    address: str = ""
    branch: str = "main"

    def to(self, path: str) -> str:
        """The address of a file of the course; without a repository, the path from the folder of the notebooks."""
        return f"{self.address}/blob/{self.branch}/{quote(path)}" if self.address else f"../{path}"

    def badge(self, path: str) -> str:
        """The link that opens a notebook in Colab; "" if the repository is not on GitHub."""
        host, _, repository = self.address.removeprefix("https://").partition("/")
        if host != "github.com":
            return ""
        return f"[![Open in Colab]({_BADGE})]({_ON_COLAB}/{repository}/blob/{self.branch}/{path})\n\n"


def path_of(lesson: Lesson) -> str:
    """The path of a lesson's notebook, from the root of the course."""
    return f"{FOLDER}/lesson_{lesson.number}.ipynb"


def notebook_of(root: Path, curriculum: Curriculum, lesson: Lesson, links: Links) -> str:
    """The text of a lesson's notebook. Nothing in it comes from a learner's answers.

    Raises DojoError if a kata has no solution to take its stubs from.
    """
    page = links.to(f"katas/{lesson.id}/README.md")
    title = _escaped(lesson.title)
    welcome = _WELCOME.format(number=lesson.number, title=title, badge=links.badge(path_of(lesson)), page=page)
    cells = [("markdown", welcome), ("code", _START.format(address=links.address))]
    for kata in lesson.katas:
        cells += _cells_of_kata(root, curriculum, kata)
    if win_file(root, lesson).is_file():
        cells += [("markdown", "## What your code has made"), ("code", f"%show lesson_{lesson.number}")]
    cells += [("markdown", "## Where you stand"), ("code", "%progress")]
    cells += [("markdown", _next(each, links)) for each in curriculum.lessons if each.number == lesson.number + 1]
    made = [
        (v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell)(text, id=f"cell-{number}")
        for number, (kind, text) in enumerate(cells, start=1)
    ]
    about = dataclasses.asdict(links) | {"digest": digest_of(text for _, text in cells)}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {ABOUT: about, "kernelspec": kernel, "language_info": {"name": "python"}}
    return str(nbformat.writes(v4.new_notebook(cells=made, metadata=metadata), version=4)) + "\n"


def _next(lesson: Lesson, links: Links) -> str:
    path = path_of(lesson)
    return (
        f"## What comes next\n\n{links.badge(path)}[Lesson {lesson.number}: {_escaped(lesson.title)}]({links.to(path)})"
    )


def _cells_of_kata(root: Path, curriculum: Curriculum, kata: Kata) -> Iterator[tuple[str, str]]:
    given = parse_source(cards_of(root, kata.id))
    title, _, introduction = (ast.get_docstring(given.tree) or "").partition("\n")
    parts = [f"## Kata {kata.number}: {_escaped(kata.title)}", f"**{_escaped(title)}**" if title else ""]
    imports = _imports(root, kata, given)
    parts.append(_prose(introduction.strip("\n")))
    parts += [f"The kata's file begins with:\n\n```python\n{imports}\n```"] if imports else []
    yield "markdown", "\n\n".join(filter(None, parts))
    shared = _escaped(every_step(root, kata.id))
    definitions = given.by_name()
    for step in kata.steps:
        stub = definitions[step.name]
        name = curriculum.spelling_of(step)
        yield "markdown", _card(step, kata, stub, shared)
        yield "code", f"%%kata {name}\n" + "\n".join(stub.code)
        yield "code", f"%hint {name}"


def _card(step: Step, kata: Kata, stub: Definition, shared: str) -> str:
    kind, alike = ("core", kata.core) if step.is_core else ("practice", kata.practice)
    place = f"*{kind} step {alike.index(step) + 1} of {len(alike)}*"
    sections = ["\n".join(section.lines) for section in sections_of(stub.docstring)]
    card = "\n\n".join(sections)
    parts = [f"### {_escaped(step.name)}", place, f"```text\n{card}\n```", f"*{shared}*" if shared else ""]
    return "\n\n".join(filter(None, parts))


def _imports(root: Path, kata: Kata, given: Source) -> str:
    """The imports at the top of a kata's file as the course gives it: those of the solution that the file has too."""
    try:
        own = read_source((root / file_in("katas", kata.id)).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        own = None
    imports = [each for each in given.header_statements() if isinstance(each, (ast.Import, ast.ImportFrom))]
    have = {ast.unparse(each) for each in (own or given).header_statements()}
    return "\n".join(text for text in map(ast.unparse, imports) if text in have)


def _prose(text: str) -> str:
    """Running text with blocks of code, which are indented, as Markdown."""
    return "\n".join(line if line.startswith("    ") else _escaped(line) for line in text.split("\n"))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
