"""A bar on the terminal that shows how much of a long command is done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextlib.contextmanager
def bar(console: Console) -> Iterator[Progress]:
    """A bar that is shown during the block. If `console` is not a terminal, nothing is printed."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    # Up to rich 14.2 a disabled bar prints an empty line at its end.
    with progress if console.is_terminal else contextlib.nullcontext():
        yield progress
