"""`dojo progress`: shows the learner's progress in the terminal, or writes it for others to see."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import find_root
from dojo.pictures.kept_curves import read_curves
from dojo.progress.data import Progress
from dojo.progress.history import History, read_history
from dojo.progress.reading import read_progress, take_marks
from dojo.reports.badge import badge
from dojo.reports.in_terminal import terminal_lines
from dojo.reports.junit import junit
from dojo.reports.markdown import markdown
from dojo.reports.page import page
from dojo.reports.rich_lines import styled
from dojo.running.progress_of_run import progress_of_run
from dojo.support.errors import DojoError
from dojo.support.files import write_or_refuse
from dojo.support.styled_lines import Symbols


def _run(arguments: argparse.Namespace) -> int:
    """Show the progress in a file. Without a file, first run the steps that are not known to be green.

    Writes the views that the options ask for, each file whole or not at all. Without such an option, shows the
    progress in the terminal. Returns 0, even if steps are red. Raises DojoError if a file can't be read or written, or
    is not a progress file.
    """
    # The files are read first, so that a wrong name does not cost a run.
    before = read_progress(arguments.previous) if arguments.previous else None
    pushes = _history(arguments.history)
    curves: Path | None = arguments.curves
    if curves is not None and not curves.is_file():
        raise DojoError(f"{curves}: there is no such file. dojo show keeps curves in .dojo/curves.json.")
    if arguments.source:
        progress = read_progress(arguments.source)
        _take_marks(progress)
    else:
        root = find_root()
        progress = _run_everything(root, arguments.fresh)
        curves = curves or root / ".dojo" / "curves.json"
    # The views that are files. They are made only if they are asked for.
    files: list[tuple[Path | None, Callable[[], str]]] = [
        (arguments.html, lambda: page(progress, pushes, read_curves(curves) if curves else {})),
        (arguments.badge, lambda: badge(progress)),
        (arguments.junit, lambda: junit(progress)),
    ]
    wanted = [(path, view) for path, view in files if path]
    for path, view in wanted:
        _write(path, view())
    if arguments.markdown:
        # Written as bytes, because the terminal's encoding may lack the characters of the bars.
        sys.stdout.buffer.write(markdown(progress, before).encode())
        sys.stdout.flush()
    elif not wanted:
        _print(progress, before)
    return 0


def _print(progress: Progress, before: Progress | None) -> None:
    console = Console(highlight=False)
    for line in terminal_lines(progress, before, Symbols.for_encoding(console.encoding)):
        console.print(styled(line))


def _take_marks(progress: Progress) -> None:
    """If the progress does not say which steps are core, take this from the course around the working directory."""
    with contextlib.suppress(DojoError):
        take_marks(progress, read_curriculum(find_root()))


def _history(path: Path | None) -> History:
    if path is None:
        return History()
    try:
        return read_history(path.read_bytes())
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None


def _run_everything(root: Path, fresh: bool) -> Progress:
    """Run the steps that are not known to be green, or with `fresh` all steps, in another process."""
    console = Console(stderr=True, highlight=False)
    options = ["--all", "--tb=no", "-q", *([] if fresh else ["--dojo-remember"])]
    says = "Running every step (pytest --all) …" if fresh else "Running the steps that are not known to be green …"
    if not console.is_terminal:
        console.print(says)
    with console.status(says):
        return progress_of_run(root, options, "pytest --all")


def _write(path: Path, text: str) -> None:
    write_or_refuse(path, text)
    print(f"written: {path}", file=sys.stderr)


def _options(parser: argparse.ArgumentParser) -> None:
    def path(text: str) -> Path | None:
        return Path(text) if text else None

    def file(option: str, says: str) -> None:
        parser.add_argument(option, dest=option[2:].replace("from", "source"), metavar="FILE", type=path, help=says)

    file("--from", "show this file of pytest --progress-json, and run nothing")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")
    file("--previous", "compare with this earlier progress file")
    file("--history", "the file for the timeline of the page, with one line of JSON for each push")
    file("--curves", "the file for the loss curves of the page (default: .dojo/curves.json; with --from: none)")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    file("--html", "write a web page")
    file("--badge", "write a badge (SVG)")
    file("--junit", "write a JUnit file (XML) with one test case for each step")


COMMANDS = {
    "progress": Command(
        "Run the steps that are not known to be green, and show your progress: the lessons, and the step to work on "
        "next. With --from, show a progress file and run nothing. The exit status is 0 even if steps are red.",
        "dojo progress\ndojo progress --html page.html\ndojo progress --from progress.json --html page.html",
        _options,
        _run,
    ),
}
