"""`dojo notebooks`: writes the notebook of each lesson from the given code."""

from __future__ import annotations

import argparse
from pathlib import Path

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import beside, find_root
from dojo.course.notebooks import is_unedited
from dojo.support.errors import DojoError
from dojo.support.files import write_or_refuse
from dojo.support.git import Repository, web_address


def write_notebooks(root: Path, address: str | None) -> int:
    """Write the notebook of each lesson. If somebody has edited a notebook, the new one is put next to it.

    address: the repository that links lead to (default: the remote `origin`). Raises DojoError if a notebook can't be
    made or written.
    """
    try:
        from dojo.notebook.lesson_notebook import Links, notebook_of, path_of
    except ImportError:
        raise DojoError('nbformat is not installed: pip install -c constraints.txt -e ".[notebook]"') from None
    repository = Repository(root)
    links = Links(web_address(address or repository.address_of("origin")), repository.main_branch("origin"))
    if address and not links.address:
        raise DojoError(
            f"--for {address}: this is not the address of a repository. An example: https://github.com/NAME/COURSE"
        )
    curriculum = read_curriculum(root)
    for lesson in curriculum.lessons:
        path, text = path_of(lesson), notebook_of(root, curriculum, lesson, links)
        file = root / path
        old = file.read_bytes() if file.exists() else None
        if old == text.encode():
            print(f"{path}: nothing has changed")
            continue
        edited = old is not None and not is_unedited(old)
        written = beside(path) if edited else path
        write_or_refuse(root / written, text)
        print(f"{path}: you have edited it, so the new one is {written}" if edited else f"{path}: written")
    no_links = "No links to Colab: there is no remote origin with a web address."
    print(f"Links lead to {links.address}." if links.address else no_links)
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    says = "the repository that links lead to (default: the remote origin)"
    parser.add_argument("--for", dest="address", metavar="URL", help=says)


COMMANDS = {
    "notebooks": Command(
        "Write the notebooks of the lessons, notebooks/lesson_N.ipynb, from the stubs of the course. Each has a link "
        "that opens it in Colab. If you have edited a notebook, the new one is put next to it.",
        "dojo notebooks\ndojo notebooks --for https://github.com/NAME/COURSE    # links to another repository",
        _options,
        lambda arguments: write_notebooks(find_root(), arguments.address),
    ),
}
