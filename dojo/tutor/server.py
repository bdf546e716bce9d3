"""The server for the Model Context Protocol, on standard input and output.

No tool shows a solution, the code of a mistake, or a hint that has not been reached. The learner's code runs only in
other processes.
"""

from __future__ import annotations

import dataclasses
import functools
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from dojo import __version__
from dojo.course.cards import definition_with_card, every_step
from dojo.course.introductions import read_introduction
from dojo.progress.asked_step import asked_step
from dojo.progress.memory import Memory
from dojo.reports.card import card_lines
from dojo.reports.documentation import page_lines, pages_for
from dojo.support.errors import DojoError
from dojo.support.processes import end_group
from dojo.support.styled_lines import text_of
from dojo.tutor.as_json import read_run
from dojo.tutor.hint_answer import HintAnswer, next_hint
from dojo.tutor.place import KnownProgress, Place, known_progress, place_of
from dojo.tutor.run_answer import RunAnswer

_P = ParamSpec("_P")
_T = TypeVar("_T")

# The limit of a run, in seconds. Each test has its own limit, which is much shorter.
LIMIT = 300.0

INSTRUCTIONS = """\
This is a course of PyTorch exercises. Its user is a learner, and you are the tutor. The file AGENTS.md in the course is
binding. In short: ask what the learner has tried, run the step, explain the report, and give one hint at a time, only
if the learner asks for one. Never write the answer to a step, in part or in other words. Never open the folders
solutions, mistakes, hints or checks for the learner. The argument `step` is the name of a step. If you leave it
out, a tool is about the step that the learner is working on."""


def _says_why(tool: Callable[_P, _T]) -> Callable[_P, _T]:
    """The tool with its DojoErrors turned into errors that the assistant gets as sentences."""

    @functools.wraps(tool)
    def called(*arguments: _P.args, **named: _P.kwargs) -> _T:
        try:
            return tool(*arguments, **named)
        except DojoError as error:
            raise ToolError(str(error)) from None

    return called


@dataclasses.dataclass
class Tools:
    """The tools, for the course at `root`. An assistant reads their docstrings."""

    root: Path
    limit: float = LIMIT
    # Only one run at a time writes what is known about the steps. A hint is remembered before the next one is chosen.
    one_run: anyio.Lock = dataclasses.field(default_factory=anyio.Lock)
    one_hint: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def where(self, step: str | None = None) -> Place:
        """Where the learner is: the step, its place in katas/, its last status and failure, and the hints shown."""
        return place_of(self.root, step)

    def card(self, step: str | None = None) -> str:
        """The card of a step: what the learner has to write, with an example. The kata's introduction follows."""
        found = asked_step(self.root, step, "To see a card anyway, name the step.")
        card = card_lines(found, definition_with_card(self.root, found), every_step(self.root, found.kata_id))
        return "\n".join([*map(text_of, card), "", *read_introduction(self.root, found.kata_id).lines])

    async def run(self, step: str | None = None) -> RunAnswer:
        """Run the tests of a step on the learner's code. The report says what failed; `why` or `clue` say more."""
        try:
            found = asked_step(self.root, step, "To run a step anyway, name it.")
            async with self.one_run:
                return read_run(await self._command("run", found.id, "--json"))
        except DojoError as error:
            raise ToolError(str(error)) from None

    def hint(self, step: str | None = None) -> HintAnswer:
        """Show the next hint for a step, one at a time. It counts as shown, so call this only if the learner asks."""
        with self.one_hint:
            return next_hint(self.root, step)

    def docs(self, step: str | None = None) -> str:
        """The pages of PyTorch's documentation for a step: the pages of its kata, and those that shown hints name."""
        memory = Memory(self.root)
        found = asked_step(self.root, step, "To see the documentation anyway, name the step.", memory)
        return "\n".join(map(text_of, page_lines(found, pages_for(self.root, memory, found))))

    def progress(self, name: str | None = None) -> KnownProgress:
        """The counts of green steps in each lesson, and the steps of a lesson or kata (default: the kata in focus)."""
        return known_progress(self.root, name)

    async def _command(self, *words: str) -> str:
        """The output of `dojo WORDS`. The command is ended if it takes too long or if nobody waits for it."""
        # Into files: a process that outlives the command would keep a pipe open.
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as errors:
            process = await anyio.open_process(
                [sys.executable, "-m", "dojo", *words],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=errors,
                start_new_session=True,
            )
            try:
                with anyio.fail_after(self.limit):
                    status = await process.wait()
            except TimeoutError:
                raise DojoError(f"The run took longer than {self.limit:g} s, so it was ended.") from None
            finally:
                if process.returncode is None:
                    end_group(process.pid)
                    with anyio.CancelScope(shield=True):
                        await process.wait()
            for file in (printed, errors):
                file.seek(0)
            if status not in (0, 1):
                raise DojoError(errors.read().decode("utf-8", errors="replace").strip())
            return printed.read().decode("utf-8")


def server_for(tools: Tools) -> MCPServer:
    """The server with these tools."""
    server = MCPServer("pytorch-dojo", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    for tool in (tools.where, tools.card, tools.hint, tools.docs, tools.progress):
        server.add_tool(_says_why(tool))
    server.add_tool(tools.run)
    return server
