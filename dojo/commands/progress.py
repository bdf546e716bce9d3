"""`dojo progress`: the learner's progress, shown in the terminal or written for others to see."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.layout import find_root
from dojo.pictures.kept_curves import read_curves
from dojo.progress.history import History, read_history
from dojo.progress.reading import read_progress
from dojo.reports.badge import badge
from dojo.reports.in_terminal import terminal_lines
from dojo.reports.junit import junit
from dojo.reports.markdown import markdown
from dojo.reports.page import page
from dojo.reports.rich_lines import styled
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Marks


def show_progress(
    *,
    source: Path | None = None,
    previous: Path | None = None,
    history: Path | None = None,
    curves: Path | None = None,
    as_markdown: bool = False,
    html: Path | None = None,
    badge_file: Path | None = None,
    junit_file: Path | None = None,
) -> int:
    """Show the progress in `source`; without one, run every step of the learner's first. Return 0, also where red.

    The views asked for are written, each file whole or not at all; where none is asked for, the terminal shows it.
    Raises DojoError for a file that can't be read or written, or is no progress file.
    """
    # What was given is read before anything runs, so that a wrong name costs nobody a run.
    before = read_progress(previous) if previous else None
    pushes = _history(history)
    if curves is not None and not curves.is_file():
        raise DojoError(f"{curves}: there is no such file. dojo show keeps curves in .dojo/curves.json.")
    if source is not None:
        progress = read_progress(source)
    else:
        root = find_root()
        progress = _run_everything(root)
        curves = curves or root / ".dojo" / "curves.json"
    drawn = read_curves(curves) if html and curves else {}
    views: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: page(progress, pushes, drawn)),
        (badge_file, lambda: badge(progress)),
        (junit_file, lambda: junit(progress)),
    ]
    for path, view in views:
        if path is not None:
            _write(path, view())
            print(f"written: {path}", file=sys.stderr)
    if as_markdown:
        # Bytes, as the terminal's encoding may have no bars.
        sys.stdout.buffer.write(markdown(progress, before).encode())
        sys.stdout.flush()
    elif not any(path for path, _ in views):
        console = Console(highlight=False)
        for line in terminal_lines(progress, before, Marks.for_encoding(console.encoding)):
            console.print(styled(line), no_wrap=True, crop=True)
    return 0


def _history(path: Path | None) -> History:
    if path is None:
        return History()
    try:
        return read_history(path.read_bytes())
    except OSError as error:
        raise DojoError(f"{path} can't be read ({error.strerror}).") from None


def _run_everything(root: Path) -> dict[str, Any]:
    """The progress of `pytest --all` on the learner's katas, run in a process of its own."""
    console = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="dojo-progress-") as folder:
        path = Path(folder) / "progress.json"
        command = [sys.executable, "-m", "pytest", "--all", "--tb=no", "-q", "--progress-json", str(path)]
        says = "Running every step (pytest --all) …"
        if not console.is_terminal:
            console.print(says)
        with console.status(says):
            ran = subprocess.run(
                command,
                cwd=root,
                env=os.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if not path.exists():
            words = ran.stdout.decode(errors="replace").strip().splitlines()
            raise DojoError(
                f"pytest did not come to an end (exit status {ran.returncode}): "
                f"{words[-1] if words else 'it said nothing'}\nRun pytest --all to see all of it."
            )
        return read_progress(path)


def _write(path: Path, text: str) -> None:
    """Write text whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise DojoError(f"{path} could not be written ({error.strerror}).") from None


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", metavar="FILE", help="what pytest --progress-json wrote; run nothing")
    parser.add_argument("--previous", metavar="FILE", help="an earlier progress file: say what went green or red")
    parser.add_argument("--history", metavar="FILE", help="one line of JSON a push: the page's time line")
    parser.add_argument(
        "--curves", metavar="FILE", help="the page's loss curves (default: .dojo/curves.json; none with --from)"
    )
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as a CI service shows it")
    parser.add_argument("--html", metavar="FILE", help="write a page that stands by itself")
    parser.add_argument("--badge", metavar="FILE", help="write a badge (SVG)")
    parser.add_argument("--junit", metavar="FILE", help="write a JUnit file (XML), a testcase a step")


def _run(arguments: argparse.Namespace) -> int:
    def path(name: str | None) -> Path | None:
        return Path(name) if name else None

    return show_progress(
        source=path(arguments.source),
        previous=path(arguments.previous),
        history=path(arguments.history),
        curves=path(arguments.curves),
        as_markdown=arguments.markdown,
        html=path(arguments.html),
        badge_file=path(arguments.badge),
        junit_file=path(arguments.junit),
    )


COMMANDS = {
    "progress": Command(
        "Run every step of yours (pytest --all, in a process of its own) and show what came of it: lessons with "
        "bars, devices, the step in focus. With --from nothing is run: the file is read. Exit status 0 also where"
        " steps are red.",
        "dojo progress    or, from a file: dojo progress --from progress.json --html page.html",
        _options,
        _run,
    ),
}
