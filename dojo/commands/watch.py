"""`dojo watch`: judges the learner's code each time a file is saved."""

from __future__ import annotations

import argparse
import contextlib
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.console import Console

from dojo.commands.parser import Command
from dojo.course.layout import Course, find_root
from dojo.course.practice import practice_choice
from dojo.reports.rich_lines import styled
from dojo.support.errors import DojoError
from dojo.support.styled_lines import Line, Symbols
from dojo.support.versions import check_torch
from dojo.updating.old_forks import finish_old_fork
from dojo.watching.drawing import Drawn, StepDrawn, start_drawing
from dojo.watching.keyboard import Key, keys
from dojo.watching.runner import Finished, Red, Runner
from dojo.watching.saves import Polling, Saved, Saves
from dojo.watching.screen import Screen
from dojo.watching.session import Watching
from dojo.watching.view import View


def _run(arguments: argparse.Namespace) -> int:
    """Watch the learner's files until `q` or Ctrl-C; return 0.

    On a terminal this is a screen with keys. Elsewhere, or with --plain, the reports are printed one after another.
    Raises DojoError if PyTorch is missing, or if nothing has the given name.
    """
    root, console = find_root(), Console(highlight=False)
    check_torch()
    finished = finish_old_fork(root)
    if finished:
        console.print(finished, style="dim", markup=False, soft_wrap=True)
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with contextlib.suppress(OSError):
        (root / ".dojo").mkdir(exist_ok=True)
    runner = Runner(root, events, arguments.isolation)
    watching = Watching(
        Course.at(root),
        runner,
        devices=arguments.device or (),
        fresh=arguments.fresh,
        start=arguments.step,
        practice=practice_choice(root, option=arguments.practice).practice,
    )
    view = View(watching, Symbols.for_encoding(console.encoding))
    saves = Saves(root, events, poll=True if arguments.poll else None)
    interactive = console.is_terminal and sys.stdin.isatty() and not arguments.plain
    with _on_signals(events, "stop", "SIGINT", "SIGTERM", "SIGHUP"):
        runner.start()
        saves.start()
        try:
            if interactive:
                _on_a_screen(view, events, console)
            else:
                _in_lines(view, events, console)
        finally:
            saves.close()
            runner.close()
    console.print(view.farewell(), soft_wrap=True)
    return 0


def _on_a_screen(view: View, events: queue.SimpleQueue[Any], console: Console) -> None:
    watching = view.watching
    with Screen(console) as screen, keys(events), _on_signals(events, "resized", "SIGWINCH"):
        watching.begin()
        while True:
            screen.draw(view.screen(*screen.size))
            watching.runner.prepare()
            if not _handle(watching, events.get(), events):
                return
            # Before drawing again, handle every event that has arrived in the meantime.
            while not events.empty():
                if not _handle(watching, events.get(), events):
                    return


def _in_lines(view: View, events: queue.SimpleQueue[Any], console: Console) -> None:
    """Print the reports one after another, for a pipe, a log, or a terminal that can't show a screen."""
    watching = view.watching
    console.print("Watching katas/. When you save a file, its verdict is printed here. Ctrl-C ends this.", style="dim")
    watching.begin()
    while True:
        watching.runner.prepare()
        event = events.get()
        before = watching.verdicts
        if not _handle(watching, event, events):
            return
        if isinstance(event, Polling):
            console.print(watching.message, style="dim")
        if isinstance(event, Drawn):
            _print([*view.picture(), []], console)
        if watching.verdicts > before and not watching.busy:
            console.print(f"{datetime.now():%H:%M:%S}", style="dim")
            _print([*view.report(), []], console)


def _print(lines: list[Line], console: Console) -> None:
    for line in lines:
        console.print(styled(line), soft_wrap=True)


def _handle(watching: Watching, event: object, events: queue.SimpleQueue[Any]) -> bool:
    """Pass an event on; return False if it ends the watch. Raises a DojoError that a thread has put into the queue."""
    if isinstance(event, Key):
        return watching.pressed(event.name)
    if isinstance(event, Saved):
        watching.saved(event)
    elif isinstance(event, Red):
        watching.is_red(event)
    elif isinstance(event, Finished):
        before = watching.milestone.lesson
        watching.ended(event)
        lesson = watching.milestone.lesson
        if lesson is not None and lesson != before:
            start_drawing(watching.course, lesson, events)
    elif isinstance(event, Drawn):
        watching.drawn(event)
    elif isinstance(event, StepDrawn):
        watching.drawing = event
    elif isinstance(event, Polling):
        watching.message = f"Files are checked four times a second: {event.reason}."
    elif isinstance(event, DojoError):
        raise event
    elif event == "stop":
        return False
    return True


@contextlib.contextmanager
def _on_signals(events: queue.SimpleQueue[Any], event: str, *names: str) -> Iterator[None]:
    """During the block, put `event` into `events` for each of these signals. Does nothing outside the main thread."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, lambda *_: events.put(event)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _options(parser: argparse.ArgumentParser) -> None:
    says = "the step, kata or lesson to start at (default: the first step that is not green)"
    parser.add_argument("step", nargs="?", help=says)
    parser.add_argument("--practice", action="store_true", help="go through the practice steps too")
    parser.add_argument("--device", action="append", metavar="NAME", help="run on this device only; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="run green steps too, even if nothing has changed")
    parser.add_argument("--poll", action="store_true", help="check the files regularly instead of waiting for events")
    parser.add_argument("--plain", action="store_true", help="print reports one after another instead of a screen")
    says = "how runs start: as forks of a warm process, or as new processes (default: auto)"
    parser.add_argument("--isolation", choices=["auto", "fork", "spawn"], default="auto", help=says)


COMMANDS = {
    "watch": Command(
        "Watch your files. Each time you save, judge the step that you work on. The key ? shows what the keys do. "
        "If the output is not a terminal, the reports are printed one after another.",
        "dojo watch\ndojo watch lesson_2    # start at the first open step of this lesson",
        _options,
        _run,
    ),
}
