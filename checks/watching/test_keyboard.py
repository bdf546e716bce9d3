"""Keys on Windows, with a stand-in for its module `msvcrt`, which returns one key at a time."""

from __future__ import annotations

import os
import queue
import sys
import types

from dojo.watching.keyboard import Key, keys


def test_keys_of_a_windows_console(monkeypatch):
    typed = ["h", "\r", "\x1b", "\xe0", "H", "\x00", "Q", "\xe0", "?", "q"]
    console = types.SimpleNamespace(kbhit=lambda: bool(typed), getwch=lambda: typed.pop(0))
    monkeypatch.setitem(sys.modules, "msvcrt", console)
    events: queue.SimpleQueue[Key] = queue.SimpleQueue()
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        with keys(events):
            pressed = [events.get(timeout=5).name for _ in range(7)]
    assert pressed == ["h", "enter", "escape", "up", "page down", "", "q"]
