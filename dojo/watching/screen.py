"""Draws styled lines as a full screen of the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from dojo.reports.rich_lines import styled
from dojo.support.styled_lines import Line


class _Page:
    """Lines, cut to the height and the width of the terminal."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        lines = [styled(line) for line in self.lines[:height]]
        for number, text in enumerate(lines):
            text.truncate(options.max_width, overflow="ellipsis")
            yield text
            if number < len(lines) - 1:
                yield Text("\n", end="")


class Screen:
    """The alternate screen of a terminal during a block. Afterwards the terminal shows what it showed before."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live = Live(console=console, screen=True, auto_refresh=False, transient=True)

    def __enter__(self) -> Screen:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._live.stop()

    @property
    def size(self) -> tuple[int, int]:
        """The present number of columns and of rows."""
        return self.console.width, self.console.height

    def draw(self, lines: Sequence[Line]) -> None:
        """Show lines; the first is at the top."""
        self._live.update(_Page(lines), refresh=True)
